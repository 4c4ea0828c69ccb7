"""What every report needs before it comes to a single rule: facts of the notice and its file as (label, text), and the order of the rules."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from pipeline.language import Language, say
from schemas.ruleset import Reference, RuleBase, Ruleset

Stated = TypeVar("Stated", bound=RuleBase | Reference)


def in_text_order(items: Iterable[Stated]) -> list[Stated]:
    """Rules or references in the order in which the notice states their values."""
    return sorted(items, key=lambda item: min((e.start for e in item.evidence if e.role == "value"), default=0))


def notice_rows(ruleset: Ruleset, language: Language | None = None) -> Iterator[tuple[str, str]]:
    """Title, 文号, issuers …, as (label, text)."""
    for name in ("title", "document_number", "issuers", "addressees", "issued_on", "cycle", "regions", "specialties", "levels"):
        value = getattr(ruleset.notice, name)
        if value:
            yield say(f"notice.{name}", language), "、".join(value) if isinstance(value, tuple) else str(value)


def source_rows(ruleset: Ruleset, language: Language | None = None) -> Iterator[tuple[str, str]]:
    """File, hashes, reader, program …, as (label, text)."""
    source, run = ruleset.source, ruleset.run
    rows = {
        "file": source.file,
        "parts": "、".join(source.parts),
        "media_type": source.media_type,
        "pages": source.pages,
        "url": source.url,
        "retrieved_on": source.retrieved_on,
        "reader": source.reader,
        "sha256": source.sha256,
        "text_sha256": source.text_sha256,
        "program": run.program,
        "vocabulary": run.vocabulary,
        "schema": ruleset.schema_version,
    }
    for name, value in rows.items():
        if value:
            yield say(f"page.source.{name}", language), str(value)
