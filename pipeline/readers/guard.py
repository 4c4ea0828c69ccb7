"""Work on one file under limits, reading above all: in a worker process, whose end by time, by memory or by a crash is this file's error and nothing else's.

A worker serves file after file; only after a death it is started anew (a third of a second). What goes over the pipe is JSON, so that even a
worker that a file has taken over hands back a Document or nothing. A small text is read in this process: its reader is Python alone and
linear, and a worker would cost more than the reading.
"""

import atexit
import contextlib
import json
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from pipeline.errors import ReadError
from pipeline.processes import nobodys_main, set_up
from pipeline.readers.read import MAX_BYTES, READERS, read, read_bytes, recognise
from pipeline.readers.txt import looks_like_text
from schemas.document import Document

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

IN_PROCESS = 2**20  # bytes: a text of at most so many is read without a worker
Task = Callable[[dict[str, Any], bytes], dict[str, Any]]
"""What a worker does: a question and the bytes of a file → an answer, both as JSON knows them. A function of a module, pure."""

_starting = threading.Lock()
_START_SECONDS = 60  # for a worker to come up on a busy machine
_GRACE_SECONDS = 2  # for a worker to end what it has started (LibreOffice)
_OUT_OF_MEMORY = frozenset([-9, -6])  # killed by the system, which is short of memory, or aborted, as C++ does where it gets none
_ARRAY_MEMORY = "_ArrayMemoryError"  # numpy's


@dataclass(frozen=True)
class Limits:
    """What one file may take."""

    seconds: float = 60
    """Without an answer; a scan's page that was recognised counts as one."""
    memory: int = 2 * 2**30
    """Bytes that the worker may fill, by its RLIMIT_DATA, which leaves out what is mapped and never written; not enforced on Windows and macOS."""
    bytes: int = MAX_BYTES
    """Of the file."""


def read_guarded(path: Path, password: str | None = None, limits: Limits | None = None) -> Document:
    """A file → Document, like `read`, under limits.

    Raises ReadError: what `read` raises, and read.timed_out, read.out_of_memory, read.crashed.
    """
    return _shared(limits or Limits()).read(path, password)


@cache
def _shared(limits: Limits) -> "Guard":
    guard = Guard(limits)
    atexit.register(guard.close)
    return guard


class Guard:
    """Reads files, or does another task on them, one after the other in a worker of its own; a context manager, for the worker ends with it.

    Threads wait for each other.
    """

    def __init__(self, limits: Limits | None = None, task: Task | None = None) -> None:
        self.limits = limits or Limits()
        self._task = task or _read
        self._lock = threading.Lock()
        self._worker: Any = None
        self._pipe: Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def read(self, path: Path, password: str | None = None) -> Document:
        """A file → Document; see `read_guarded`."""
        with contextlib.suppress(OSError, ValueError):  # the reader says what is wrong with the path
            if path.is_file():
                if path.stat().st_size > self.limits.bytes:
                    raise _too_large(path.name, self.limits)
                if path.stat().st_size <= IN_PROCESS and _is_plain(data := path.read_bytes()):
                    return read_bytes(data, path.name, password)
        return _document(self.ask({"path": str(path), "password": password}, b"", path.name))

    def read_bytes(self, data: bytes, file: str, password: str | None = None) -> Document:
        """The bytes of a file → Document, like read.read_bytes, under limits."""
        if len(data) > self.limits.bytes:
            raise _too_large(file, self.limits)
        if len(data) <= IN_PROCESS and _is_plain(data):
            return read_bytes(data, file, password)
        return _document(self.ask({"file": file, "password": password}, data, file))

    def close(self) -> None:
        """End the worker; the next file starts another."""
        with self._lock:
            self._kill()

    def abort(self) -> None:
        """End the worker in the middle of a task that another thread waits for; that thread gets ReadError."""
        worker = self._worker
        with contextlib.suppress(ValueError):  # it has ended in the meantime
            if worker is not None:
                worker.terminate()

    def ask(self, question: dict[str, Any], data: bytes, file: str) -> dict[str, Any]:
        """The answer of the task. Raises ReadError: what the task raises, and read.timed_out, read.out_of_memory, read.crashed."""
        with self._lock:
            try:
                pipe = self._started(file)
                pipe.send_bytes(json.dumps(question).encode())
                pipe.send_bytes(data)
                answer = self._answer(pipe, file)
            except BaseException:  # KeyboardInterrupt too: half an answer may stand in the pipe
                self._kill()
                raise
        if "error" in answer:
            raise _error(answer, file)
        return answer

    def _answer(self, pipe: "Connection", file: str) -> dict[str, Any]:
        """The worker's answer. Raises ReadError when none comes."""
        while pipe.poll(self.limits.seconds):
            try:
                message = pipe.recv_bytes()
            except (EOFError, OSError):
                raise self._obituary(file) from None
            if message:
                answer: dict[str, Any] = json.loads(message)
                if answer.get("last"):
                    self._kill()  # it is short of memory
                return answer
        raise ReadError("read.timed_out", file, seconds=f"{self.limits.seconds:g}")

    def _obituary(self, file: str) -> ReadError:
        self._worker.join(_GRACE_SECONDS)
        code = self._worker.exitcode
        if code in _OUT_OF_MEMORY:
            return ReadError("read.out_of_memory", file, limit=f"{self.limits.memory // 2**20} MB")
        return ReadError("read.crashed", file, reason=f"exit code {code}")

    def _started(self, file: str) -> "Connection":
        """The pipe to a living worker."""
        if self._pipe is not None and self._worker.is_alive():
            return self._pipe
        self._kill()
        import multiprocessing  # most texts need no worker

        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        worker = context.Process(target=_work, args=(other, asdict(self.limits), self._task), daemon=True, name="noticerules-reader")
        with _starting, nobodys_main():
            worker.start()
        self._worker = worker
        other.close()
        if not self._pipe.poll(_START_SECONDS):
            raise ReadError("read.timed_out", file, seconds=_START_SECONDS)
        try:
            self._pipe.recv_bytes()
        except (EOFError, OSError):
            raise self._obituary(file) from None
        return self._pipe

    def _kill(self) -> None:
        if self._worker is not None:
            self._worker.terminate()
            self._worker.join(_GRACE_SECONDS)
            self._worker.kill()
            self._worker.join()
            self._worker.close()
        if self._pipe is not None:
            self._pipe.close()
        self._worker = self._pipe = None


def _document(answer: dict[str, Any]) -> Document:
    return Document.model_validate_json(answer["document"])


def _is_plain(data: bytes) -> bool:
    return looks_like_text(data) and recognise(data) is READERS[-1]


def _too_large(file: str, limits: Limits) -> ReadError:
    return ReadError("read.too_large", file, limit=f"{limits.bytes // 2**20} MB")


def _error(answer: dict[str, Any], file: str) -> ReadError:
    error = ReadError(answer["error"], answer.get("file", file), **answer.get("details", {}))
    if answer.get("trace"):
        error.add_note(answer["trace"])
    return error


# --- in the worker ---------------------------------------------------------------------------------------------------------------------


def _work(pipe: "Connection", limits: dict[str, Any], task: Task) -> None:
    """Answer questions until the pipe is closed. An empty message says that reading goes on."""
    import signal

    from pipeline.readers.progress import listen

    set_up()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends the worker
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # by an exception, so that LibreOffice is ended too
    listen(lambda: pipe.send_bytes(b""))
    _limit_memory(limits["memory"])
    pipe.send_bytes(b"ready")
    with contextlib.suppress(EOFError, BrokenPipeError):
        while True:
            question = json.loads(pipe.recv_bytes())
            answer = _answer_to(task, question, pipe.recv_bytes(), limits)
            pipe.send_bytes(json.dumps(answer, default=str).encode())


def _read(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    if question.get("path"):
        document = read(Path(question["path"]), question["password"])
    else:
        document = read_bytes(data, question["file"], question["password"])
    return {"document": document.model_dump_json()}


def _answer_to(task: Task, question: dict[str, Any], data: bytes, limits: dict[str, Any]) -> dict[str, Any]:
    try:
        return task(question, data)
    except ReadError as error:
        return {"error": error.code, "file": error.file, "details": error.details}
    except Exception as error:  # noqa: BLE001  whatever a file makes a library do is this file's error
        if isinstance(error, MemoryError) or type(error).__name__ == _ARRAY_MEMORY:
            return {"error": "read.out_of_memory", "details": {"limit": f"{limits['memory'] // 2**20} MB"}, "last": True}
        return {"error": "read.crashed", "details": {"reason": f"{type(error).__name__}: {error}"[:500]}, "trace": traceback.format_exc()}


def _limit_memory(size: int) -> None:
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (size if hard == resource.RLIM_INFINITY else min(size, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
