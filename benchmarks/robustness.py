"""Does any file hurt the readers? Reads every file of a folder in guarded workers and tells how each one ended.

`python -m benchmarks.robustness DIR [--seconds 60] [--memory 2048] [--jobs 2] [--suffix .pdf …] [--list]`: a table by format, in Markdown, of
files read, refused with a reason, crashed, timed out and over memory, and files per second. `--list` names the files that were not read.
"""

import argparse
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ReadError
from pipeline.readers.guard import Guard, Limits

OK = "ok"
BAD = {"read.crashed": "crashed", "read.timed_out": "timed out", "read.out_of_memory": "over memory"}
HEADINGS = ("format", "files", OK, "refused", *BAD.values(), "files/s", "slowest")


class Ending(NamedTuple):
    """How the reading of a file ended: `ok` or the code of its error, after how many seconds, and what was said."""

    path: Path
    code: str
    seconds: float
    message: str = ""


def endings(paths: Sequence[Path], limits: Limits, jobs: int) -> list[Ending]:
    """Read the files in as many workers at a time; one Ending a file."""
    with ThreadPoolExecutor(jobs) as pool:
        return [ending for found in pool.map(lambda share: _share(share, limits), _dealt(paths, jobs)) for ending in found]


def _dealt(paths: Sequence[Path], jobs: int) -> list[Sequence[Path]]:
    return [paths[first::jobs] for first in range(jobs)]


def _share(paths: Iterable[Path], limits: Limits) -> list[Ending]:
    with Guard(limits) as guard:
        return [_ending(guard, path) for path in paths]


def _ending(guard: Guard, path: Path) -> Ending:
    start = time.perf_counter()
    try:
        guard.read(path)
    except ReadError as error:
        return Ending(path, error.code, time.perf_counter() - start, "\n".join([str(error), *getattr(error, "__notes__", ())]))
    return Ending(path, OK, time.perf_counter() - start)


def table(found: Sequence[Ending], seconds: float) -> list[str]:
    """The endings by file extension, as the rows of a Markdown table; `seconds` is what all of them took."""
    groups: dict[str, list[Ending]] = defaultdict(list)
    for ending in found:
        groups[ending.path.suffix.lower() or "(none)"].append(ending)
    rows = ["| " + " | ".join(HEADINGS) + " |", "|---" + "|---:" * (len(HEADINGS) - 1) + "|"]
    rows += [_row(name, group, sum(ending.seconds for ending in group)) for name, group in sorted(groups.items())]
    return [*rows, _row("all", found, seconds)]


def _row(name: str, group: Sequence[Ending], seconds: float) -> str:
    bad = Counter(BAD.get(ending.code, "") for ending in group)
    ok = sum(ending.code == OK for ending in group)
    refused = len(group) - ok - sum(bad[kind] for kind in BAD.values())
    slowest = max((ending.seconds for ending in group), default=0.0)
    values = [name, len(group), ok, refused, *(bad[kind] for kind in BAD.values()), f"{len(group) / max(seconds, 0.001):.1f}", f"{slowest:.1f} s"]
    return "| " + " | ".join(map(str, values)) + " |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 where a file crashed its reader, took too long or too much memory."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=Limits.seconds)
    parser.add_argument("--memory", type=int, default=Limits.memory // 2**20, help="MB")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--suffix", action="append", help="only files so named; may be given several times")
    parser.add_argument("--list", action="store_true", help="name the files that were not read, and what was said of those that ended badly")
    given = parser.parse_args(arguments)
    wanted = {suffix.lower() for suffix in given.suffix or ()}
    paths = sorted(path for path in given.folder.rglob("*") if path.is_file() and (not wanted or path.suffix.lower() in wanted))
    start = time.perf_counter()
    found = endings(paths, Limits(seconds=given.seconds, memory=given.memory * 2**20), max(given.jobs, 1))
    print("\n".join(table(found, time.perf_counter() - start)))
    codes = Counter(ending.code for ending in found if ending.code != OK)
    print("\nRefused: " + (", ".join(f"{code} {count}" for code, count in codes.most_common()) or "none"))
    bad = [ending for ending in found if ending.code in BAD]
    for ending in sorted(found, key=lambda ending: (ending.code in BAD, ending.code)) if given.list else ():
        if ending.code != OK:
            said = f"\n{ending.message}\n" if ending.code in BAD else ""
            print(f"{ending.code} {ending.path.relative_to(given.folder)} {ending.seconds:.1f} s{said}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
