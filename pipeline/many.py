"""Many notices over many workers: an executor, a bounded queue, a manifest, and outcomes in the order of the plan however many work on them.

The parent reads files, writes outputs and keeps the manifest; what is between is `extract_parcel`, handed to an executor of `concurrent.futures`:
threads that each own a guarded worker process, or a Dask cluster.
"""

import errno
import hashlib
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from extractors.vocabulary import fingerprint
from pipeline import __version__
from pipeline.atomic import write_atomic
from pipeline.batch import Job, Outcome, extract, is_decided, origin_of
from pipeline.errors import NoticeError, ReadError, line_of, readable
from pipeline.extraction import Made, Options, Parcel, abort, extract_parcel
from pipeline.manifest import Manifest, recipe
from pipeline.readers.read import MAX_BYTES

AHEAD = 2  # notices in the queue for each worker: enough that none waits, and few in memory
_NO_USE_GOING_ON = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_OF_THE_WORKER = frozenset({"read.timed_out", "read.out_of_memory", "read.crashed"})


def cores() -> int:
    """The processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def local_workers(count: int) -> Iterator[tuple[Executor, int]]:
    """Guarded worker processes of this machine, and how many notices to keep on their way."""
    executor = ThreadPoolExecutor(count, thread_name_prefix="noticerules")
    try:
        yield executor, count * AHEAD
        executor.shutdown()
    finally:
        executor.shutdown(wait=False, cancel_futures=True)
        abort()
        executor.shutdown()


@contextmanager
def cluster(address: str) -> Iterator[tuple[Executor, int]]:
    """The workers of a Dask cluster. Raises NoticeError where there is none at the address or Dask is not installed."""
    try:
        from distributed import Client as AnyClient
    except ImportError:
        raise NoticeError("batch.no_dask", address) from None
    Client: Any = AnyClient  # has no types
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise NoticeError("batch.no_cluster", address, reason=f"{type(error).__name__}: {error}") from None
    with client:
        threads = sum(client.nthreads().values())
        executor: Executor = client.get_executor(pure=False)
        try:
            yield executor, max(threads, 1) * AHEAD
        finally:
            executor.shutdown(wait=False)


@dataclass
class _Way:
    """A notice on its way."""

    index: int
    job: Job
    sha256: str
    made_by: str
    begun: float


class Batch:
    """One run over jobs. With a manifest, what it says is done is left alone unless `force`."""

    def __init__(self, options: Options, manifest: Manifest | None = None, *, force: bool = False) -> None:
        self.options, self.manifest, self.force = options, manifest, force

    def run(self, jobs: Sequence[Job], executor: Executor, on_the_way: int) -> Iterator[Outcome]:
        """The outcome of each job, in their order. Raises OSError where nothing can be written any more: what is done stays, another run goes on."""
        coming = iter(enumerate(jobs))
        ways: dict[Future[Made], _Way] = {}
        ready: dict[int, Outcome] = {}
        following = 0
        more = True
        try:
            while more or ways:
                while more and len(ways) < on_the_way and len(ready) < 1000:
                    index, job = next(coming, (-1, None))
                    if job is None:
                        more = False
                    else:
                        self._begin(index, job, executor, ways, ready)
                for future in wait(ways, return_when=FIRST_COMPLETED).done if ways else ():
                    way = ways.pop(future)
                    ready[way.index] = self._finish(way, future)
                while following in ready:
                    yield ready.pop(following)
                    following += 1
        finally:
            for future in ways:
                future.cancel()

    def _begin(self, index: int, job: Job, executor: Executor, ways: dict[Future[Made], _Way], ready: dict[int, Outcome]) -> None:
        begun = time.perf_counter()
        if is_decided(job):  # the decisions lie here, beside the notice; few notices have any, and what they say may change
            outcome = extract(job, self.options.formats, self.options.language, self.options.password)
            ready[index] = self._kept(_Way(index, job, "", "", begun), outcome, {path: path.read_bytes() for path in outcome.written})
            return
        try:
            parcel, sha256 = _parcel(job)
        except (OSError, NoticeError) as error:
            ready[index] = self._kept(_Way(index, job, "", "", begun), Outcome(job, time.perf_counter() - begun, Counter(), error=error))
            return
        way = _Way(index, job, sha256, self._recipe(parcel), begun)
        if self.manifest is not None and not self.force and self.manifest.is_done(self._target(job), sha256, way.made_by):
            row = self.manifest.row(self._target(job)) or {}
            ready[index] = Outcome(job, 0.0, Counter(row["counts"]), row["findings"], characters=row["characters"], skipped=True)
        else:
            ways[executor.submit(extract_parcel, parcel, self.options)] = way

    def _finish(self, way: _Way, future: Future[Made]) -> Outcome:
        try:
            made = future.result()
            written = [(way.job.output(suffix), data) for suffix, data in made.outputs.items()]
            for path, data in written:
                write_atomic(path, data)
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _NO_USE_GOING_ON:
                raise
            return self._kept(way, Outcome(way.job, time.perf_counter() - way.begun, Counter(), error=error))
        outcome = Outcome(way.job, made.seconds, made.counts, made.findings, tuple(path for path, _ in written), characters=made.characters)
        return self._kept(way, outcome, dict(written))

    def _kept(self, way: _Way, outcome: Outcome, written: Mapping[Path, bytes] = MappingProxyType({})) -> Outcome:
        """The outcome, once it stands in the manifest."""
        if self.manifest is not None:
            self.manifest.add(
                {
                    "file": way.job.shown,
                    "target": self._target(way.job),
                    "status": _status(outcome.error),
                    "reason": line_of(outcome.error, way.job.shown) if outcome.error else None,
                    "seconds": round(outcome.seconds, 3),
                    "finished": datetime.now(UTC).isoformat(timespec="seconds"),
                    "sha256": way.sha256,
                    "recipe": way.made_by,
                    "program": __version__,
                    "vocabulary": fingerprint(),
                    "characters": outcome.characters,
                    "counts": dict(sorted(outcome.counts.items())),
                    "findings": outcome.findings,
                    "outputs": {self._near(path): {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()} for path, data in written.items()},
                }
            )
        return outcome

    def _recipe(self, parcel: Parcel) -> str:
        asked = self.options
        return recipe(
            file=parcel.file, series=parcel.series, origin=dict(parcel.origin), formats=sorted(asked.formats), language=asked.language, ner=asked.ner
        )

    def _target(self, job: Job) -> str:
        return self._near(job.target)

    def _near(self, path: Path) -> str:
        folder = self.manifest.folder if self.manifest is not None else Path()
        return Path(os.path.relpath(path, folder)).as_posix()


def _parcel(job: Job) -> tuple[Parcel, str]:
    """A job's notice with what tells whether it has changed: SHA-256 of its bytes; of an address, what its file system says of it."""
    if job.url is not None:
        import fsspec

        system, path = fsspec.core.url_to_fs(job.url)
        return Parcel(Path(path).name, url=job.url), str(system.ukey(path))
    if job.source is None:
        data, file = sys.stdin.buffer.read(), job.shown
    else:
        file = readable(job.source.name)
        if job.source.stat().st_size > MAX_BYTES:
            raise ReadError("read.too_large", file, limit=f"{MAX_BYTES // 2**20} MB")
        data = job.source.read_bytes()
    origin = origin_of(job.source) if job.source else {}
    return Parcel(file, data, series=job.series, origin=origin), hashlib.sha256(data).hexdigest()


def _status(error: Exception | None) -> str:
    if error is None:
        return "extracted"
    return "refused" if isinstance(error, NoticeError) and error.code not in _OF_THE_WORKER else "failed"


def outcomes(
    jobs: Sequence[Job], options: Options, *, manifest_in: Path | None, workers: int | None = None, scheduler: str | None = None, force: bool = False
) -> Iterator[Outcome]:
    """The whole of it: the jobs on the workers of this machine or of a cluster, with a manifest where a folder for it is named."""
    count = max(1, min(workers or cores(), len(jobs)))
    with cluster(scheduler) if scheduler else local_workers(count) as (executor, on_the_way):
        if manifest_in is None:
            yield from Batch(options).run(jobs, executor, on_the_way)
            return
        with Manifest(manifest_in) as manifest:
            yield from Batch(options, manifest, force=force).run(jobs, executor, on_the_way)
