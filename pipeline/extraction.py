"""The pure function that many notices go through, here or on another machine: a parcel (one notice) and options → the files to write.

Here it runs in guarded workers (`pipeline.readers.guard`), one a thread, so that a notice that kills or hangs its worker costs nothing else. On a
cluster whose workers may not have children it runs in the cluster's worker itself, and the cluster starts that anew.
"""

import base64
import hashlib
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from pipeline.batch import WRITERS, counts_of
from pipeline.errors import ReadError
from pipeline.language import Language
from pipeline.readers.guard import Guard, Limits
from pipeline.readers.read import MAX_BYTES, read_bytes

LIMITS = Limits(seconds=300)  # ten megabytes of text take two minutes on a slow machine


@dataclass(frozen=True)
class Parcel:
    """One notice on its way: its bytes, or the address in a shared file system where whoever reads it finds them. `origin`: fields of its source."""

    file: str
    data: bytes | None = None
    url: str | None = None
    series: str | None = None
    origin: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Options:
    formats: tuple[str, ...]
    language: Language
    password: str | None = None
    ner: bool = True


@dataclass(frozen=True)
class Made:
    """What came of a parcel: the bytes of each output by its suffix, and what is counted of them."""

    outputs: dict[str, bytes]
    sha256: str
    characters: int
    counts: Counter[str]
    findings: int
    seconds: float


def extract_parcel(parcel: Parcel, options: Options) -> Made:
    """One notice read and rendered. Raises ReadError for what cannot be used, read.timed_out, read.out_of_memory and read.crashed among it."""
    start = time.perf_counter()
    data = parcel.data if parcel.data is not None else _fetched(parcel)
    if len(data) > MAX_BYTES:
        raise ReadError("read.too_large", parcel.file, limit=f"{MAX_BYTES // 2**20} MB")
    question = {"file": parcel.file, "series": parcel.series, "origin": dict(parcel.origin), **asdict(options)}
    if multiprocessing.current_process().daemon:  # which may have no children
        answer = _extracted(question, data)
    else:
        answer = _guard().ask(question, data, parcel.file)
    return Made(
        outputs={suffix: base64.b64decode(text) for suffix, text in answer["outputs"].items()},
        sha256=hashlib.sha256(data).hexdigest(),
        characters=answer["characters"],
        counts=Counter(answer["counts"]),
        findings=answer["findings"],
        seconds=time.perf_counter() - start,
    )


def abort() -> None:
    """End all guarded workers of this process, those that are at work too."""
    for guard in _guards():
        guard.abort()
    for guard in _guards():
        guard.close()
    _guards().clear()
    _of_thread().__dict__.clear()


def _fetched(parcel: Parcel) -> bytes:
    import fsspec  # only where documents travel as addresses

    with fsspec.open(parcel.url, "rb") as file:
        data: bytes = file.read(MAX_BYTES + 1)
        return data


@cache
def _of_thread() -> threading.local:
    return threading.local()


@cache
def _guards() -> list[Guard]:
    return []


def _guard() -> Guard:
    """The guard of this thread."""
    here = _of_thread()
    if not hasattr(here, "guard"):
        here.guard = Guard(LIMITS, _extracted)
        _guards().append(here.guard)
    guard: Guard = here.guard
    return guard


def _extracted(question: dict[str, Any], data: bytes) -> dict[str, Any]:
    """The whole way of one notice in one process; question and answer are JSON."""
    from extractors.expressions import keep
    from pipeline.build import build_from_document
    from pipeline.naming import in_process

    file, series = question["file"], question["series"]
    document = read_bytes(data, file, question["password"])
    names = in_process if question["ner"] else None
    ruleset = build_from_document(document, series=series, edition=PurePosixPath(file).stem if series else None, names=names)
    if question["origin"]:
        ruleset = ruleset.model_copy(update={"source": ruleset.source.model_copy(update=question["origin"])})
    outputs = {
        writer.suffix: base64.b64encode(writer.render(ruleset, question["language"])).decode()
        for writer in WRITERS
        if writer.name in question["formats"]
    }
    keep()
    return {"outputs": outputs, "characters": len(ruleset.text), "counts": counts_of(ruleset), "findings": len(ruleset.findings)}
