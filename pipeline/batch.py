"""Which inputs make which outputs (`plan`, which writes nothing), and the extraction of one of them (`extract`). Many at once: `pipeline.many`.

A file's name below the output folder is its stem. Where two inputs would meet there, or an input would be overwritten, it keeps its extension;
loose files of one name go below the names of their folders.
"""

import csv
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.atomic import write_atomic
from pipeline.errors import NoticeError, readable
from pipeline.language import Language
from pipeline.naming import Namer, in_process

if TYPE_CHECKING:
    from schemas.ruleset import Ruleset

NOTICE_SUFFIXES = (".txt", ".md", ".docx", ".pdf", ".html", ".htm", ".mht", ".doc", ".wps", ".rtf", ".odt", ".zip")
"""What a folder is searched for. A file that is named is read whatever its name."""

STANDARD_INPUT = "-"
CORPUS, OUTPUTS, SOURCES, FLOOR = "corpus", "outputs", "SOURCES.csv", "floor.json"
DECISIONS = ".decisions.jsonl"
"""Behind a notice's stem: what reviewers have decided on it."""


@dataclass(frozen=True)
class Job:
    """One notice to read. `target` is the output's folder and stem; `shown` is what people call the input."""

    source: Path | None
    """Null: standard input, or the address `url` in a shared file system."""
    shown: str
    target: Path
    series: str | None = None
    url: str | None = None

    @property
    def name(self) -> str | None:
        """The name of its file, where it has one."""
        return self.source.name if self.source else PurePosixPath(self.url).name if self.url else None

    def output(self, suffix: str) -> Path:
        return self.target.with_name(self.target.name + suffix)


@dataclass(frozen=True)
class Plan:
    jobs: tuple[Job, ...]
    problems: tuple[NoticeError, ...]
    """Inputs of which nothing can come, each with the reason and the mend."""
    manifest_in: Path | None = None
    """Where a folder is read: the folder of its outputs, which keeps the manifest."""


def plan(inputs: Sequence[str], out: Path | None = None) -> Plan:
    """Inputs (files, folders, `-`) → what is to be read and where its outputs go.

    A folder keeps its shape below the output folder. Without `out`, what lies in a folder named corpus goes to the outputs/ beside it and
    everything else to the current folder. Of an edition of the corpus only the published format is taken, unless a file is named.
    """
    jobs: list[Job] = []
    problems: list[NoticeError] = []
    for given in dict.fromkeys(inputs):
        path = Path(given)
        if given == STANDARD_INPUT:
            jobs.append(Job(None, "stdin", (out or Path()) / "stdin"))
        elif "://" in given:
            _plan_address(given, out, jobs, problems)
        elif path.is_dir():
            _plan_folder(path, out, jobs, problems)
        elif path.exists():
            jobs.append(_file_job(path, out))
        else:
            problems.append(NoticeError("plan.missing", given))
    jobs = _apart(_once(jobs))
    refused = [job for group in _meeting(jobs) for job in group]
    problems += [NoticeError("plan.same_target", job.shown, target=job.target) for job in refused]
    jobs = [job for job in jobs if job not in refused]
    folders = any("://" in given or Path(given).is_dir() for given in inputs)
    return Plan(tuple(jobs), tuple(problems), (out or reports_folder(jobs)) if folders and jobs else None)


def is_address(folder: Path) -> bool:
    """Whether s3://somewhere was given for a folder: as a path it is s3:/somewhere."""
    scheme, colon, _ = folder.as_posix().partition(":/")
    return bool(colon) and len(scheme) > 1 and scheme.isalnum() and not folder.exists()


def _plan_address(address: str, out: Path | None, jobs: list[Job], problems: list[NoticeError]) -> None:
    """A file or folder of a file system that `fsspec` reaches, known by its address (s3://, hdfs://, file://)."""
    try:
        import fsspec  # only where an address is given

        system, root = fsspec.core.url_to_fs(address)
        found = sorted(system.find(root)) if system.isdir(root) else [root] if system.exists(root) else []
    except ImportError as error:
        problems.append(NoticeError("plan.no_fsspec", address, reason=str(error)))
    except Exception as error:  # noqa: BLE001  each file system has errors of its own
        problems.append(NoticeError("plan.no_address", address, reason=f"{type(error).__name__}: {error}"))
    else:
        names = [
            name for name in found if name == root or name.lower().endswith(NOTICE_SUFFIXES) and not PurePosixPath(name).name.startswith((".", "~$"))
        ]
        if not names:
            problems.append(NoticeError("plan.missing", address))
        for name in names:
            below = PurePosixPath(name).relative_to(root) if name != root else PurePosixPath(PurePosixPath(name).name)
            url = system.unstrip_protocol(name)
            jobs.append(Job(None, url, (out or Path()) / Path(below).with_suffix(""), url=url))


def _plan_folder(folder: Path, out: Path | None, jobs: list[Job], problems: list[NoticeError]) -> None:
    found = sorted(_notices(folder))
    if not found:
        problems.append(NoticeError("plan.empty_folder", str(folder), suffixes=" ".join(NOTICE_SUFFIXES)))
    corpus = corpus_of(folder)
    if corpus is not None:
        found = list(_published_only(corpus, found, problems))
    for path in found:
        below = path.relative_to(folder).with_suffix("")
        target = out / below if out else _in_outputs(corpus, path, path.stem) if corpus else below
        jobs.append(Job(path, readable(str(path)), target, _series(corpus, path)))


def _notices(folder: Path) -> Iterator[Path]:
    """Files of the folder and below that may be notices; hidden files and an office program's lock files are none."""
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.lower().endswith(NOTICE_SUFFIXES) and not name.startswith((".", "~$")):
                yield Path(where, name)


def _file_job(path: Path, out: Path | None) -> Job:
    corpus = corpus_of(path.parent)
    if out is not None or corpus is None:
        return Job(path, readable(str(path)), (out or Path()) / path.stem, _series(corpus, path))
    formats = [other for other in path.parent.iterdir() if other.stem == path.stem and other.suffix.lower() in NOTICE_SUFFIXES]
    published = len(formats) <= 1 or _below(corpus, path).as_posix() in published_files(corpus)
    return Job(path, readable(str(path)), _in_outputs(corpus, path, path.stem if published else path.name), _series(corpus, path))


def _whole(path: Path) -> Path:
    return Path(os.path.abspath(path))


def _below(folder: Path, path: Path) -> Path:
    return _whole(path).relative_to(folder)


def corpus_of(path: Path) -> Path | None:
    """The corpus that a path is or lies in, as an absolute path: a folder of that name with a SOURCES.csv, or in the current folder."""
    whole = _whole(path)
    return next((f for f in (whole, *whole.parents) if f.name == CORPUS and (f.parent == Path.cwd() or (f / SOURCES).is_file())), None)


def _series(corpus: Path | None, path: Path) -> str | None:
    """The series is the folder of the corpus that holds the file."""
    series = _below(corpus, path).parent.as_posix() if corpus else "."
    return None if series == "." else readable(series)


def _in_outputs(corpus: Path, path: Path, name: str) -> Path:
    """The target in the outputs/ beside the corpus."""
    return near(corpus.parent / OUTPUTS / _below(corpus, path).with_name(name))


def near(path: Path) -> Path:
    """The path from the current folder, where it lies below that."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def reports_folder(jobs: Iterable[Job]) -> Path:
    """Where reports over several notices go: the outputs/ of their corpus, else the current folder."""
    corpus = next(filter(None, (corpus_of(job.source) for job in jobs if job.source)), None)
    return near(corpus.parent / OUTPUTS) if corpus else Path()


def floor_of(job: Job) -> Path | None:
    """The floor.json of the corpus that a job's notice lies in, where there is one."""
    corpus = corpus_of(job.source) if job.source else None
    return corpus / FLOOR if corpus and (corpus / FLOOR).is_file() else None


def _sources(corpus: Path) -> Mapping[str, dict[str, str]]:
    """The rows of SOURCES.csv by `file` (path from the corpus): `published` (yes or no), `url`, `retrieved_on`, `note`; white space does not count."""
    table = corpus / SOURCES
    return _rows_of(table, table.stat().st_mtime_ns) if table.is_file() else {}


@lru_cache(8)
def _rows_of(table: Path, changed: int) -> Mapping[str, dict[str, str]]:
    """Read once as long as it does not change: each notice of a corpus asks for its row."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = [{name: (cell or "").strip() for name, cell in row.items() if isinstance(name, str)} for row in csv.DictReader(file)]
    return {row["file"]: row for row in reversed(rows)}


def published_files(corpus: Path) -> set[str]:
    """The files, as paths from the corpus, that SOURCES.csv calls published."""
    return {row["file"] for row in _sources(corpus).values() if row.get("published", "").lower() == "yes"}


def origin_of(path: Path) -> dict[str, object]:
    """Where a file was found and when, and whether it is a test edition that no authority issued (`made`), as far as a SOURCES.csv above it says."""
    whole = _whole(path)
    folder = next((folder for folder in whole.parents[:3] if (folder / SOURCES).is_file()), None)
    row = _sources(folder).get(whole.relative_to(folder).as_posix(), {}) if folder else {}
    found: dict[str, object] = {field: row[field] for field in ("url", "retrieved_on") if row.get(field)}
    return found | ({"made": True} if row.get("made", "").lower() == "yes" else {})


def _published_only(corpus: Path, found: Sequence[Path], problems: list[NoticeError]) -> Iterator[Path]:
    """One file an edition; where several formats stand and not exactly one is named as published, a problem and none."""
    published = published_files(corpus)
    editions: dict[Path, list[Path]] = {}
    for path in found:
        editions.setdefault(path.with_suffix(""), []).append(path)
    for edition, formats in editions.items():
        chosen = [path for path in formats if len(formats) == 1 or _below(corpus, path).as_posix() in published]
        if len(chosen) == 1:
            yield chosen[0]
        else:
            problems.append(NoticeError("plan.unpublished", str(edition), formats=" ".join(path.name for path in formats), sources=SOURCES))


def _once(jobs: Sequence[Job]) -> list[Job]:
    """Every source once, where it was named first."""
    return list({job.source.resolve() if job.source else job.url: job for job in reversed(jobs)}.values())[::-1]


def _folded(path: Path) -> str:
    return str(path.absolute()).casefold()


def _meeting(jobs: Sequence[Job]) -> list[list[Job]]:
    """The jobs that would write to the same place, in groups."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(_folded(job.target), []).append(job)
    return [group for group in groups.values() if len(group) > 1]


def _apart(jobs: Sequence[Job]) -> list[Job]:
    """Targets that would meet moved apart: files of one name into their folders' names, then files of one stem with their extensions.

    A target that would overwrite an input keeps its extension too.
    """
    namesakes = [job for group in _meeting(jobs) if len({job.name.casefold() for job in group if job.name}) < len(group) for job in group]
    jobs = [_into_folder(job) if job in namesakes else job for job in jobs]
    sources = {_folded(job.source) for job in jobs if job.source}
    alike = [job for group in _meeting(jobs) for job in group]
    alike += [job for job in jobs if any(_folded(job.output(writer.suffix)) in sources for writer in WRITERS)]
    return [_with_extension(job) if job in alike else job for job in jobs]


def _into_folder(job: Job) -> Job:
    return replace(job, target=job.target.parent / _whole(job.source).parent.name / job.target.name) if job.source else job


def _with_extension(job: Job) -> Job:
    return replace(job, target=job.target.with_name(job.name)) if job.name else job


@dataclass(frozen=True)
class Writer:
    """An output format: how it is asked for, what its files end in, and the bytes of a ruleset in it."""

    name: str
    suffix: str
    render: Callable[["Ruleset", Language], bytes]


def _json(ruleset: "Ruleset", language: Language) -> bytes:
    return ruleset.to_json().encode()


def _html(ruleset: "Ruleset", language: Language) -> bytes:
    from pipeline.report.desk_page import offline_data
    from pipeline.report.notice_page import render_notice  # loads jinja2

    return render_notice(ruleset, language, offline_data(ruleset, language)).encode()


def _xlsx(ruleset: "Ruleset", language: Language) -> bytes:
    from pipeline.export.xlsx import workbook_bytes  # loads openpyxl

    return workbook_bytes(ruleset, language)


WRITERS = (Writer("json", ".ruleset.json", _json), Writer("html", ".html", _html), Writer("xlsx", ".xlsx", _xlsx))
DEFAULT_FORMATS = ("json", "html")


def build(job: Job, password: str | None = None, names: Namer | None = in_process) -> "Ruleset":
    """The ruleset of a job's notice, with what a namer sees beside the patterns. Raises NoticeError where the input cannot be used."""
    from pipeline.build import build_from_bytes, build_ruleset  # loads readers and extractors

    if job.source is None:
        return build_from_bytes(sys.stdin.buffer.read(), job.shown, password=password, names=names)
    ruleset = build_ruleset(job.source, password=password, series=job.series, names=names)
    origin = origin_of(job.source)
    return ruleset.model_copy(update={"source": ruleset.source.model_copy(update=origin)}) if origin else ruleset


@dataclass(frozen=True)
class Outcome:
    """What came of a job: counts by kind, findings and files, or the error."""

    job: Job
    seconds: float
    counts: Counter[str]
    findings: int = 0
    written: tuple[Path, ...] = ()
    error: Exception | None = None
    characters: int = 0
    skipped: bool = False
    """Extracted by an earlier run, by the same program from the same bytes."""


def is_decided(job: Job) -> bool:
    """Whether reviewers have decided anything on a job's notice."""
    return job.source is not None and job.source.with_name(job.source.stem + DECISIONS).is_file()


def _decided(job: Job, ruleset: "Ruleset") -> "Ruleset":
    """The ruleset with what reviewers have decided on its notice: no extraction writes an undecided value over a decided one."""
    if not is_decided(job):
        return ruleset
    from pipeline.review.desk import apply_decisions  # loads the comparison engine

    return apply_decisions(job, ruleset)


def extract(job: Job, formats: Iterable[str], language: Language, password: str | None = None, names: Namer | None = in_process) -> Outcome:
    """Read one notice and write its outputs, all of them rendered before the first is written. Errors are handed back, not raised."""
    start = time.perf_counter()
    try:
        ruleset = _decided(job, build(job, password, names))
        made = [(job.output(writer.suffix), writer.render(ruleset, language)) for writer in WRITERS if writer.name in set(formats)]
        for path, data in made:
            write_atomic(path, data)
    except Exception as error:  # noqa: BLE001  one bad notice never ends a batch; the caller reports it
        return Outcome(job, time.perf_counter() - start, Counter(), error=error)
    written = tuple(path for path, _ in made)
    return Outcome(job, time.perf_counter() - start, counts_of(ruleset), len(ruleset.findings), written, characters=len(ruleset.text))


def counts_of(ruleset: "Ruleset") -> Counter[str]:
    """Rules by kind, and references."""
    return Counter(rule.kind for rule in ruleset.rules) + Counter({"reference": len(ruleset.references)})
