"""manifest.jsonl: what became of every notice of a folder, a line each, the basis on which a run that was cut off goes on.

While a run goes on, a line is added as soon as a notice is done, so that a killed run loses no line but the one it was writing. At the end
the file is written anew in order, one line a notice. Fields: `file` and `target` (paths, the latter from the manifest's folder), `status` (extracted |
refused: the notice cannot be used | failed: its worker or the disk), `reason`, `seconds`, `finished`, `sha256` of the notice, `recipe` (see `recipe`),
`program`, `vocabulary`, `characters`, `counts`, `findings`, `outputs` (path → size and SHA-256).
"""

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, BinaryIO, Self

from pipeline.atomic import remove_unfinished
from pipeline.errors import NoticeError

NAME = "manifest.jsonl"
PACKAGES = ("schemas", "extractors", "pipeline")


@cache
def fingerprint_of_program() -> str:
    """SHA-256 over all code and data of the program: another byte may mean another ruleset."""
    digest = hashlib.sha256()
    for package in PACKAGES:
        root = Path(str(files(package)))
        for path in sorted(p for p in root.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
            digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def recipe(**asked: object) -> str:
    """SHA-256 over all but the notice itself that its outputs depend on: the program and what it was asked for."""
    return hashlib.sha256(json.dumps([fingerprint_of_program(), asked], sort_keys=True).encode()).hexdigest()


class Manifest:
    """The manifest of a folder; a context manager that holds the folder against a second run. Raises NoticeError batch.locked, and OSError."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.path = folder, folder / NAME
        self._lines: dict[str, int] = {}
        """Target → where its last line begins; the lines themselves stay in the file, however many they are."""

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.folder)
        try:
            self._file: BinaryIO = self.path.open("a+b")
            self._load()
            remove_unfinished(self.folder)
        except BaseException:
            os.close(self._lock)
            raise
        return self

    def __exit__(self, *error: object) -> None:
        try:
            self._in_order()
        finally:
            self._file.close()
            os.close(self._lock)

    def row(self, target: str) -> Mapping[str, Any] | None:
        """What the last line says of a target."""
        at = self._lines.get(target)
        return None if at is None else _row(self._line(at))

    def is_done(self, target: str, sha256: str, made_by: str) -> bool:
        """Whether a target was extracted from this very notice by this recipe, and its files are still there."""
        row = self.row(target)
        if row is None or (row["status"], row["sha256"], row["recipe"]) != ("extracted", sha256, made_by):
            return False
        with contextlib.suppress(OSError):
            return all((self.folder / name).stat().st_size == made["bytes"] for name, made in row["outputs"].items())
        return False

    def add(self, row: Mapping[str, Any]) -> None:
        """A line for a notice, in the file before this returns. Raises OSError."""
        self._lines[row["target"]] = self._file.seek(0, os.SEEK_END)
        self._file.write(_json(row) + b"\n")
        self._file.flush()

    def _load(self) -> None:
        self._file.seek(0)
        at = 0
        line = b"\n"
        for line in self._file:
            row = _row(line)
            if row is not None:
                self._lines[row["target"]] = at
            at += len(line)
        if not line.endswith(b"\n"):  # a run was killed while it wrote
            self._file.write(b"\n")

    def _line(self, at: int) -> bytes:
        self._file.seek(at)
        return self._file.readline()

    def _in_order(self) -> None:
        unfinished = self.path.with_name(f".{NAME}.{os.getpid()}.part")
        try:
            with unfinished.open("wb") as file:
                for target in sorted(self._lines):
                    file.write(self._line(self._lines[target]))
            os.replace(unfinished, self.path)
        finally:
            unfinished.unlink(missing_ok=True)


def rows(path: Path) -> Iterator[Mapping[str, Any]]:
    """The lines of a manifest that are whole. Raises OSError."""
    with path.open("rb") as file:
        yield from filter(None, map(_row, file))


def _json(row: Mapping[str, Any]) -> bytes:
    """A line. Half a character of a file name that the locale cannot decode is written as JSON escapes it, and comes back as the same name."""
    try:
        return json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return json.dumps(row).encode()


def _row(line: bytes) -> dict[str, Any] | None:
    with contextlib.suppress(ValueError):
        row = json.loads(line)
        if isinstance(row, dict) and {"target", "status", "sha256", "recipe", "outputs"} <= row.keys() and isinstance(row["outputs"], dict):
            return row
    return None


def _locked(folder: Path) -> int:
    """A handle on the folder that keeps a second run out for as long as this process lives. Windows can lock no folder: there it keeps nobody out."""
    if sys.platform == "win32":
        return os.open(os.devnull, os.O_RDONLY)
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise NoticeError("batch.locked", str(folder)) from None
    except OSError:  # a file system without locks
        pass
    return handle
