"""A new notice comes in: what series and year it is of, into the corpus with it, and what it brings."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.atomic import write_atomic
from pipeline.batch import NOTICE_SUFFIXES, OUTPUTS, SOURCES, Job, build
from pipeline.changes import compare_editions
from pipeline.errors import NoticeError
from schemas.changes import Changes
from schemas.ruleset import Notice, Ruleset

_SERIES = re.compile(r"\w[\w-]{0,79}")
_YEAR = re.compile(r"(?:19|20)\d\d(?:-\d{1,2})?")
_BARE = re.compile(r"\d{4}|[年度第号（）()〔〕\[\]《》、，。\s]|关于|(?:组织)?(?:开展|做好)|通知|工作")


@dataclass(frozen=True)
class Proposal:
    """Where a notice belongs, as far as it says itself. `known` where the corpus has the series already."""

    series: str
    year: str
    known: bool


@dataclass(frozen=True)
class Ingested:
    """A notice in the corpus: its job, what was extracted, and the series' edition before it with the changes since."""

    job: Job
    ruleset: Ruleset
    previous: str | None = None
    changes: Changes | None = None
    """Null where it is the first of its series."""


def propose(ruleset: Ruleset, corpus: Path) -> Proposal:
    """Series and year of a notice: the series of the corpus whose last notice is of the same region, speciality and wording; else one named by those."""
    notice = ruleset.notice
    year = str(notice.cycle or (notice.issued_on or "")[:4])
    best = max(((_likeness(notice, other), series) for series, other in _last_notices(corpus)), default=(0, ""))
    if best[0] > 0:
        return Proposal(best[1], _free(corpus, best[1], year), True)
    name = "-".join([*notice.regions, *notice.specialties, *notice.levels[:1]]) or "-".join(_BARE.sub("", notice.title or "").split())[:24]
    return Proposal(name or "unnamed", year, False)


def _likeness(notice: Notice, other: Notice) -> int:
    """How surely two notices are editions of one series: region and speciality must not part, and one of them must be told. 0: they are none."""
    if not notice.title or not other.title:
        return 0
    shared = 0
    for ours, theirs in ((notice.regions, other.regions), (notice.specialties, other.specialties)):
        if ours and theirs and set(ours).isdisjoint(theirs):
            return 0
        shared += bool(ours and theirs)
    same_title = _BARE.sub("", notice.title) == _BARE.sub("", other.title)
    same_issuer = bool(set(notice.issuers) & set(other.issuers))
    return 4 * same_title + shared + same_issuer if same_title or (shared == 2 or (shared and same_issuer)) else 0


def _last_notices(corpus: Path) -> Iterator[tuple[str, Notice]]:
    """Series → the head of its last edition, from the published rulesets."""
    outputs = corpus.parent / OUTPUTS
    for folder in sorted(path for path in outputs.rglob("*") if path.is_dir()):
        files = sorted(folder.glob("*.ruleset.json"))
        if files and (corpus / folder.relative_to(outputs)).is_dir():
            yield folder.relative_to(outputs).as_posix(), Ruleset.from_json(files[-1].read_bytes()).notice


def _free(corpus: Path, series: str, year: str) -> str:
    """The year, or year-2, year-3 … where the corpus has an edition of that year."""
    taken = {path.name.split(".")[0] for path in (corpus / series).glob("*")}
    return next(name for name in (year, *(f"{year}-{n}" for n in range(2, 100))) if name not in taken)


def checked(series: str, year: str, name: str) -> str:
    """The suffix of a notice's file. Raises NoticeError where series, year or file name cannot stand in the corpus: nothing ever leaves it."""
    if not _SERIES.fullmatch(series):
        raise NoticeError("ingest.series", name, series=series)
    if not _YEAR.fullmatch(year):
        raise NoticeError("ingest.year", name, year=year)
    suffix = Path(name).suffix.lower()
    if suffix not in NOTICE_SUFFIXES:
        raise NoticeError("ingest.suffix", name, suffixes=" ".join(NOTICE_SUFFIXES))
    return suffix


def ingest(data: bytes, name: str, corpus: Path, series: str, year: str, password: str | None = None) -> Ingested:
    """Store a notice as corpus/<series>/<year>, extract it, compare it with the series' last edition.

    Raises NoticeError where the place is taken or the file cannot be read; then nothing is kept.
    """
    suffix = checked(series, year, name)
    path = corpus / series / f"{year}{suffix}"
    if any(other.suffix.lower() in NOTICE_SUFFIXES and other.stem == year for other in (corpus / series).glob(f"{year}.*")):
        raise NoticeError("ingest.taken", name, edition=f"{series}/{year}")
    before = max(
        (p.name.removesuffix(".ruleset.json") for p in (corpus.parent / OUTPUTS / series).glob("*.ruleset.json") if p.name < year), default=None
    )
    write_atomic(path, data)
    try:
        job = Job(path, str(path), corpus.parent / OUTPUTS / series / year, series)
        ruleset = build(job, password)
    except BaseException:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
        raise
    _note_source(corpus, f"{series}/{year}{suffix}")
    write_atomic(job.output(".ruleset.json"), ruleset.to_json().encode())
    if before is None:
        return Ingested(job, ruleset)
    previous = Ruleset.from_json((corpus.parent / OUTPUTS / series / f"{before}.ruleset.json").read_bytes())
    return Ingested(job, ruleset, before, compare_editions(previous, ruleset))


def _note_source(corpus: Path, file: str) -> None:
    """A row of SOURCES.csv for the file, as the one that is published of its edition."""
    table = corpus / SOURCES
    text = table.read_text(encoding="utf-8-sig") if table.is_file() else "file,published,url,retrieved_on,note\n"
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([file, "yes", "", "", ""])
    write_atomic(table, (text.rstrip("\n") + "\n" + line.getvalue()).encode())
