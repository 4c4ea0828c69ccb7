"""The log of decisions: <edition>.decisions.jsonl, one JSON object a line, added under a lock and never rewritten."""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pydantic import ValidationError

from pipeline.gold import plain
from schemas.review import Decision


@dataclass(frozen=True)
class Log:
    """`lost` are the numbers of the lines that are no decision: what a crash in mid-line, or a merge that was not settled, has left."""

    decisions: tuple[Decision, ...] = ()
    lost: tuple[int, ...] = ()


def read(path: Path) -> Log:
    """The log of a file, empty where there is none. Of two lines with one id, as a merge of two branches may leave, the first stands. Raises OSError."""
    try:
        return parse(path.read_bytes())
    except FileNotFoundError:
        return Log()


def parse(data: bytes) -> Log:
    """The log in some bytes; a line that was cut off is lost, and no other."""
    found: dict[str, Decision] = {}
    lost = []
    for number, line in enumerate(data.split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            decision = Decision.model_validate_json(line)
        except ValidationError:
            lost.append(number)
        else:
            found.setdefault(decision.id, decision)
    return Log(tuple(found.values()), tuple(lost))


def line(decision: Decision) -> str:
    """One decision as the log holds it, without the line feed."""
    return json.dumps(plain(decision), ensure_ascii=False, separators=(",", ":"))


def _append(file: BinaryIO, decisions: Sequence[Decision]) -> None:
    end = file.seek(0, os.SEEK_END)
    if end:
        file.seek(end - 1)
        if file.read(1) != b"\n":
            file.write(b"\n")  # behind a line that a crash cut off
    file.write("".join(f"{line(decision)}\n" for decision in decisions).encode())
    file.flush()
    os.fsync(file.fileno())


@dataclass(frozen=True)
class Held:
    """A log that nobody else adds to meanwhile."""

    file: BinaryIO

    def read(self) -> Log:
        self.file.seek(0)
        return parse(self.file.read())

    def append(self, decisions: Sequence[Decision]) -> None:
        """Add decisions behind all others; they are on the disk when this returns. Raises OSError."""
        _append(self.file, decisions)


@contextmanager
def held(path: Path) -> Iterator[Held]:
    """The log, locked against other processes and threads; made where there is none. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        _lock(file)
        try:
            yield Held(file)
        finally:
            _unlock(file)


def _lock(file: BinaryIO) -> None:
    """Wait until the file is ours."""
    try:
        import fcntl
    except ImportError:  # Windows
        _windows(file, "LK_LOCK")
    else:
        fcntl.flock(file, fcntl.LOCK_EX)


def _unlock(file: BinaryIO) -> None:
    try:
        import fcntl
    except ImportError:
        _windows(file, "LK_UNLCK")
    else:
        fcntl.flock(file, fcntl.LOCK_UN)


def _windows(file: BinaryIO, how: str) -> None:
    import importlib

    msvcrt: Any = importlib.import_module("msvcrt")
    file.seek(0)
    msvcrt.locking(file.fileno(), getattr(msvcrt, how), 1)
