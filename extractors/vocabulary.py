"""The vocabulary files of extractors/data, read once at first use. A new spelling is a line there and no code."""

import csv
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a .tsv as dictionaries; empty cells are empty strings."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return tuple({k: v or "" for k, v in row.items()} for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True, slots=True)
class Entry:
    """A word with its spellings. `units` (thresholds): the units that it is counted in; `implies`: a scope that goes with it, `routes=自评分申报`."""

    word: str
    kind: str
    spellings: tuple[str, ...]
    units: tuple[str, ...] = ()
    implies: str = ""


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split("|") if part)


@cache
def subjects(kind: str) -> tuple[Entry, ...]:
    """The subjects of a kind of rule, in the order of the file; a subject is its own first spelling."""
    return tuple(
        Entry(row["subject"], kind, (row["subject"], *_split(row["synonyms"])), _split(row["units"]), row["implies"])
        for row in rows("subjects.tsv")
        if row["kind"] == kind
    )


@cache
def routes() -> tuple[Entry, ...]:
    return tuple(Entry(row["route"], "route", (row["route"], *_split(row["synonyms"]))) for row in rows("routes.tsv"))


@cache
def words(name: str) -> tuple[str, ...]:
    """The first column of a vocabulary file."""
    return tuple(next(iter(row.values())) for row in rows(name))


@cache
def fingerprint() -> str:
    """What the vocabularies and the model of names are, in 64 digits."""
    return digest_of(DATA)


def digest_of(folder: Path) -> str:
    """SHA-256 over the paths and bytes of all files of a folder and below, in order of path; the same on every machine."""
    digest = hashlib.sha256()
    for name in sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()):
        digest.update(name.encode() + b"\0" + (folder / name).read_bytes())
    return digest.hexdigest()
