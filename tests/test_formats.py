"""Three formats, one ruleset: the TXT, the DOCX and the PDF of a notice give the same rules and the same references."""

import json
from functools import cache
from pathlib import Path

import pytest

from pipeline.build import build_ruleset
from schemas.ruleset import Ruleset

CORPUS = Path(__file__).parent.parent / "corpus"
EDITIONS = sorted(path.with_suffix("") for path in CORPUS.glob("*/*.docx"))
IDS = [edition.relative_to(CORPUS).as_posix() for edition in EDITIONS]
FORMATS = ("docx", "pdf")

Facts = dict[str, dict[str, str]]
"""Key or reference id → field → what it says there."""


@cache
def ruleset(path: Path) -> Ruleset:
    return build_ruleset(path, series=path.parent.relative_to(CORPUS).as_posix())


def facts(found: Ruleset) -> Facts:
    """What must not depend on the format: every field but those that speak of one reading, its quotes and how sure it is of them."""
    rules = {rule.key: rule.model_dump_json(exclude={"evidence", "confidence", "review"}) for rule in found.rules}
    references = {f"reference/{one.id}": one.model_dump_json(exclude={"evidence"}) for one in found.references}
    return {key: {field: str(value) for field, value in json.loads(dump).items()} for key, dump in (rules | references).items()}


def quotes(found: Ruleset, name: str) -> str:
    """Where a rule or reference stands, for the reader of a failure."""
    named = [(rule.key, rule.evidence) for rule in found.rules] + [(f"reference/{one.id}", one.evidence) for one in found.references]
    return " · ".join(f"{e.section}: …{e.prefix[-12:]}【{e.quote}】{e.suffix[:12]}…" for key, evidence in named if key == name for e in evidence)


def differences(left: Ruleset, right: Ruleset, name: str) -> list[str]:
    """A line for each thing that only one format states, and for each field in which they differ."""
    ours, theirs = facts(left), facts(right)
    lines = [f"only txt: {key}\n    {quotes(left, key)}" for key in ours if key not in theirs]
    lines += [f"only {name}: {key}\n    {quotes(right, key)}" for key in theirs if key not in ours]
    for key in ours.keys() & theirs.keys():
        lines += [
            f"{field} of {key}: txt {ours[key][field]}, {name} {theirs[key][field]}\n    txt {quotes(left, key)}\n    {name} {quotes(right, key)}"
            for field in ours[key]
            if ours[key][field] != theirs[key][field]
        ]
    return lines


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_the_formats_of_a_notice_give_the_same_rules_and_references(edition: Path, name: str) -> None:
    text, other = ruleset(edition.with_suffix(".txt")), ruleset(edition.with_suffix(f".{name}"))
    assert text.rules
    found = differences(text, other, name)
    assert not found, "\n".join([f"{len(found)} difference(s)", *found])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_the_formats_of_a_notice_give_the_same_head_and_tail(edition: Path, name: str) -> None:
    text, other = ruleset(edition.with_suffix(".txt")), ruleset(edition.with_suffix(f".{name}"))
    assert other.notice.model_dump() == text.notice.model_dump()


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_each_edition_stands_in_three_formats(edition: Path) -> None:
    assert all(edition.with_suffix(suffix).is_file() for suffix in (".txt", ".docx", ".pdf"))
    assert len(EDITIONS) == 5
