"""What `noticerules export` writes and where: one row a format. Each module is imported only when it is asked for."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from pipeline.atomic import write_atomic
from pipeline.editions import RULESET_ENDING
from pipeline.errors import NoticeError
from pipeline.language import Language
from schemas.ruleset import Ruleset


@dataclass(frozen=True)
class Format:
    """How a format is asked for, what its files end in, what the feed calls it, where its bytes are made, whether they speak a language."""

    name: str
    suffix: str
    media_type: str
    module: str
    function: str
    worded: bool = True

    def render(self, ruleset: Ruleset, language: Language) -> bytes:
        """The bytes of the ruleset in this format."""
        made: Callable[..., bytes] = getattr(import_module(f"pipeline.export.{self.module}"), self.function)
        return made(ruleset, language) if self.worded else made(ruleset)


FORMATS = (
    Format("jsonlogic", ".jsonlogic.json", "application/json", "jsonlogic", "jsonlogic_bytes", worded=False),
    Format("dmn", ".dmn", "application/xml", "dmn", "dmn_bytes", worded=False),
    Format("ics", ".ics", "text/calendar; charset=utf-8", "ics", "calendar_bytes"),
    Format("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "workbook_bytes"),
    Format("csv", ".csv", "text/csv; charset=utf-8", "csv", "csv_bytes"),
    Format("parquet", ".parquet", "application/vnd.apache.parquet", "parquet", "parquet_bytes"),
    Format("md", ".md", "text/markdown; charset=utf-8", "md", "markdown_bytes"),
)


def format_named(name: str) -> Format | None:
    """The format of a name, null where there is none."""
    return next((one for one in FORMATS if one.name == name), None)


STANDARD_OUTPUT = "-"


@dataclass(frozen=True)
class Target:
    """A file to export: as it was named, what to read, where to write; `path` is null for standard output."""

    given: str
    source: str
    path: Path | None


def targets(paths: Sequence[str], form: Format, out: str | None) -> list[Target]:
    """What comes of the files and folders named. A folder is searched for rulesets and keeps its shape below `out`.

    One file goes to `out`, or to standard output (`-`); several go into the folder `out`. Without `out` everything stands beside its ruleset.
    Raises NoticeError where several would go into one file. A folder without rulesets gives no target.
    """
    found = [(given, source, below) for given in dict.fromkeys(paths) for source, below in _sources(given)]
    several = len(found) > 1 or any(Path(given).is_dir() for given in paths)
    if several and out is not None and (out == STANDARD_OUTPUT or Path(out).is_file()):
        raise NoticeError("export.several", out, out=out)
    made = []
    for given, source, below in found:
        if out == STANDARD_OUTPUT:
            path = None
        elif out is None:
            path = _named(source, form)
        else:
            path = Path(out) / _named(below, form) if several or Path(out).is_dir() else Path(out)
        made.append(Target(given, source.as_posix(), path))
    meeting = [target for target in made if target.path is not None and sum(other.path == target.path for other in made) > 1]
    if meeting:
        raise NoticeError("export.meet", meeting[0].source, path=meeting[0].path)
    return made


def _sources(given: str) -> list[tuple[Path, Path]]:
    """Each file with its path below the folder that was named; a file stands below the name of its own folder."""
    path = Path(given)
    if not path.is_dir():
        return [(path, Path(path.absolute().parent.name) / path.name)]
    return [(file, file.relative_to(path)) for file in sorted(path.rglob(f"*{RULESET_ENDING}"))]


def _named(path: Path, form: Format) -> Path:
    stem = path.name.removesuffix(RULESET_ENDING) if path.name.endswith(RULESET_ENDING) else path.stem
    return path.with_name(stem + form.suffix)


def write(target: Target, data: bytes) -> None:
    """To the file, whole or not at all, or to standard output. Raises OSError."""
    if target.path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    else:
        write_atomic(target.path, data)
