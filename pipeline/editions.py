"""The editions of a series: which files they are, the ruleset of each, and the keys that a person said are one from year to year."""

import json
import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from pipeline import batch
from pipeline.atomic import write_atomic
from pipeline.errors import NoticeError
from pipeline.naming import Namer
from schemas.ruleset import Ruleset

if TYPE_CHECKING:
    from pipeline.compared import Compared

ALIASES = "aliases.jsonl"
"""Beside the editions of a series: one confirmed pair of keys a line, `{"old": …, "new": …}`; later keys of the object are for people."""
RULESET_ENDING = ".ruleset.json"
_EDITION = re.compile(r"(\d{4})(?:-(\d+))?")

Aliases = tuple[tuple[str, str], ...]


def ruleset_of(file: str, password: str | None = None, names: Namer | None = None) -> Ruleset:
    """A ruleset as it is, a notice after its extraction, with what a namer sees beside the patterns. Raises NoticeError or OSError where the file is neither."""
    if Path(file).suffix != ".json":
        planned = batch.plan([file])
        for problem in planned.problems:
            raise problem
        return batch.build(planned.jobs[0], password, names)
    try:
        return Ruleset.from_json(Path(file).read_bytes())
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(str(part) for part in first["loc"])
        raise NoticeError("cli.no_ruleset", file, reason=f"{place}: {first['msg']}" if place else first["msg"]) from error


def series_folder(series: str) -> Path:
    """The folder of a series: a path, or a name below corpus/. Raises NoticeError where there is none."""
    found = next((folder for folder in (Path(series), Path(batch.CORPUS, series)) if folder.is_dir()), None)
    if found is None:
        raise NoticeError("compare.no_series", series)
    return found


def editions_of(folder: Path) -> dict[str, Path]:
    """Edition (2023, 2023-2) → its file, oldest first. Of several files the notice that is published, else the ruleset."""
    published = {Path(job.shown).name for job in batch.plan([str(folder)]).jobs if job.source is not None and job.source.parent == folder}
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        name = path.name.removesuffix(RULESET_ENDING) if path.name.endswith(RULESET_ENDING) else path.stem
        if _EDITION.fullmatch(name) and (path.name.endswith(RULESET_ENDING) or path.suffix.lower() in batch.NOTICE_SUFFIXES):
            found.setdefault(name, []).append(path)
    return {name: min(found[name], key=lambda p: (p.name not in published, p.suffix != ".json", p.name)) for name in sorted(found, key=_order)}


def _order(edition: str) -> tuple[int, int]:
    found = _EDITION.fullmatch(edition)
    assert found is not None, "only names of editions are ordered"
    return int(found[1]), int(found[2] or 1)


def load_editions(series: str, wanted: Sequence[str], password: str | None = None) -> list[Ruleset]:
    """The rulesets of the wanted editions of a series, where none is named all but those that amend one. Raises NoticeError where one is not there."""
    folder = series_folder(series)
    editions = editions_of(folder)
    for name in wanted:
        if name not in editions:
            raise NoticeError("compare.no_edition", f"{folder}/{name}", editions="、".join(editions) or "-")
    found = [_of_series(ruleset_of(str(editions[name]), password), folder.absolute().name, name) for name in wanted or editions]
    return [ruleset for ruleset in found if wanted or not ruleset.notice.amends]


def _of_series(ruleset: Ruleset, series: str, edition: str) -> Ruleset:
    """The ruleset told which edition of which series it is, where it did not know."""
    notice = ruleset.notice
    named = {"series": notice.series or series, "edition": notice.edition or edition}
    return ruleset.model_copy(update={"notice": notice.model_copy(update=named)})


def load_aliases(file: Path) -> Aliases:
    """The confirmed pairs, oldest first; none where there is no such file. Raises NoticeError where a line is no pair."""
    if not file.is_file():
        return ()
    pairs = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                pairs.append((str(row["old"]), str(row["new"])))
            except (ValueError, KeyError, TypeError) as error:
                raise NoticeError("compare.aliases", str(file), line=number) from error
    return tuple(pairs)


def compare_all(notices: Sequence[Ruleset], file: Path | None, confirmed: tuple[str, str] | None, *, force: bool) -> "list[Compared]":
    """Each edition with the one before it. `confirmed` is noted in `file` first. Raises NoticeError where the series differ, unless forced."""
    from pipeline.changes import compare_editions  # loads scipy
    from pipeline.compared import Compared

    if len(notices) < 2:
        raise NoticeError("compare.history", notices[0].source.file if notices else "")
    for one, other in pairwise(notices):
        ours, theirs = one.notice.series, other.notice.series
        if ours and theirs and ours != theirs and not force:
            raise NoticeError("compare.other_series", other.source.file, series=theirs, other=ours)
    if confirmed and file is not None:
        confirm(file, notices[0], notices[-1], confirmed)
    aliases = load_aliases(file) if file is not None else ()
    return [Compared(old, new, compare_editions(old, new, aliases)) for old, new in pairwise(notices)]


def year_of(series: str, year: str, password: str | None = None) -> list[Ruleset]:
    """The edition of a year and those of the same year that amend it. A second round of the year (2023-2) amends nothing and stands on its own."""
    names = [name for name in editions_of(series_folder(series)) if name == year or name.startswith(f"{year}-")]
    found = load_editions(series, [year, *(name for name in names if name != year)], password)
    return [found[0], *(ruleset for ruleset in found[1:] if ruleset.notice.amends)]


def confirm(file: Path, old: Ruleset, new: Ruleset, pair: tuple[str, str]) -> None:
    """Note that two keys are one rule. Raises NoticeError where an edition has no rule of that key."""
    for ruleset, key in ((old, pair[0]), (new, pair[1])):
        if key not in {rule.key for rule in ruleset.rules} | {f"reference/{reference.id}" for reference in ruleset.references}:
            raise NoticeError("compare.no_rule", ruleset.source.file, key=key)
    if pair in load_aliases(file):
        return
    row = {"old": pair[0], "new": pair[1], "from": old.notice.edition or old.source.file, "to": new.notice.edition or new.source.file}
    former = file.read_text(encoding="utf-8") if file.is_file() else ""
    write_atomic(file, f"{former}{json.dumps(row, ensure_ascii=False)}\n".encode())
