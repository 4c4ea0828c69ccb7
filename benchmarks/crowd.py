"""Many generated notices, some of them hostile, extracted by a run that is killed once: is every one accounted for?

    python -m benchmarks.crowd [--notices 10000] [--jobs 2] [--kill-after 0.4] [--keep DIR]
    python -m benchmarks.crowd --scaling 400

Makes the notices (1 % of them hostile: cut PDFs, broken packages, a zip that unpacks to much, nests of brackets, noise, nothing), runs `noticerules
extract`, kills it and its workers (SIGKILL) when the given part is done, runs it again, and prints from the manifest what became of all; from the
system, the most memory that the run and each process took. Exit code 1 where a notice is missing, was done twice, or a file is not whole.

--scaling extracts so many by one worker and then by two, and prints both as a table.
"""

import argparse
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from pipeline.manifest import NAME, rows

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("温州市", "绍兴市", "湖州市", "宁波市", "金华市", "丽水市", "衢州市")
WORK = ("水利", "建筑", "环境", "林业", "交通", "电力")
NOTICE = """关于开展{year}年度{place}{work}专业工程师评审工作的通知
各县（市、区）人力社保局，市级有关单位：
根据《{place}工程系列职称评审办法》（{place}人社发〔{before}〕{number}号）要求，现将有关事项通知如下：
一、申报条件
申报工程师须具备下列条件：
（一）取得助理工程师资格后，从事本专业工作满{years}年。
（二）近{years}年继续教育学时每年不少于{hours}学时。
二、申报时间
个人申报截止时间为{year}年{month}月{day}日，逾期不再受理。
三、评审费
每人{fee}元，由申报人所在单位缴纳。
四、纪律
弄虚作假的，取消其评审资格。
联系电话：0577-88{number:06d}。

{place}人力资源和社会保障局
{year}年3月1日
"""


def notice(dice: random.Random) -> bytes:
    year = dice.randint(2012, 2026)
    return NOTICE.format(
        year=year,
        before=year - dice.randint(1, 5),
        place=dice.choice(PLACES),
        work=dice.choice(WORK),
        years=dice.randint(2, 6),
        hours=dice.choice((48, 60, 72, 90)),
        month=dice.randint(4, 12),
        day=dice.randint(1, 28),
        fee=dice.choice((150, 180, 280, 420)),
        number=dice.randint(1, 99999),
    ).encode()


def _zip(*parts: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content)
    return data.getvalue()


HOSTILE: tuple[tuple[str, Callable[[random.Random], bytes]], ...] = (
    (
        ".pdf",
        lambda dice: b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Kids[2 0 R]/Count 999999999>>endobj trailer<</Root 1 0 R>>",
    ),
    (".docx", lambda dice: _zip(("word/document.xml", b"<w:document>" + b"<w:p>" * 50_000))),
    (".zip", lambda dice: _zip(("a.txt", b"\0" * 60_000_000))),
    (".txt", lambda dice: ("（" * 200_000).encode()),
    (".txt", lambda dice: ("第一二三四五六七八九十条2023年1、" * 8_000).encode()),
    (".txt", lambda dice: dice.randbytes(50_000)),
    (".html", lambda dice: b"<html><body>" + b"<div>" * 100_000),
    (".doc", lambda dice: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + dice.randbytes(5_000)),
    (".txt", lambda dice: b""),
    (".docx", lambda dice: b"PK\x03\x04" + dice.randbytes(3_000)),
)


def generate(folder: Path, count: int) -> None:
    """Notices in folders of a thousand; every hundredth is hostile."""
    dice = random.Random(8)
    for number in range(count):
        suffix, make = HOSTILE[number // 100 % len(HOSTILE)] if number % 100 == 50 else (".txt", notice)
        path = folder / f"{number // 1000:03d}" / f"{number:06d}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make(dice))


@dataclass
class Watch:
    """The most memory (RSS, bytes) that a process and those below it took, together and each."""

    together: int = 0
    parent: int = 0
    worker: int = 0
    _end: threading.Event = field(default_factory=threading.Event)

    def over(self, process: "subprocess.Popen[bytes]") -> threading.Thread:
        def look() -> None:
            while not self._end.wait(0.5) and process.poll() is None:
                try:
                    root = psutil.Process(process.pid)
                    own, below = root.memory_info().rss, [child.memory_info().rss for child in root.children(recursive=True)]
                except psutil.Error:
                    continue
                self.together = max(self.together, own + sum(below))
                self.parent, self.worker = max(self.parent, own), max([self.worker, *below])

        thread = threading.Thread(target=look, daemon=True)
        thread.start()
        return thread


def extract(source: Path, out: Path, jobs: int) -> "subprocess.Popen[bytes]":
    line = [
        sys.executable,
        "-c",
        "from pipeline.cli import app; app()",
        "extract",
        str(source),
        "-o",
        str(out),
        "--jobs",
        str(jobs),
        "--format",
        "json",
    ]
    return subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)


def done(out: Path) -> int:
    return sum(1 for _ in rows(out / NAME)) if (out / NAME).exists() else 0


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.crowd", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--kill-after", type=float, default=0.4, help="the part of the notices after which the run is killed (default 0.4)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work there and leave everything")
    parser.add_argument("--scaling", type=int, metavar="N", help="instead: N notices by one worker, then by two")
    options = parser.parse_args(argv)
    if options.scaling:
        return scaling(options.scaling)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        source, out = folder / "in", folder / "out"
        generate(source, options.notices)
        watch = Watch()
        begun = time.perf_counter()
        first = extract(source, out, options.jobs)
        watch.over(first)
        while first.poll() is None and done(out) < options.notices * options.kill_after:
            time.sleep(0.5)
        for process in [*psutil.Process(first.pid).children(recursive=True), first] if first.poll() is None else []:
            os.kill(process.pid, signal.SIGKILL)
        first.wait()
        killed_at, before = done(out), time.perf_counter() - begun
        begun = time.perf_counter()
        second = extract(source, out, options.jobs)
        watch.over(second)
        second.wait()
        return report(source, out, options.notices, killed_at, before, time.perf_counter() - begun, watch)


def scaling(count: int) -> int:
    """Print what a second worker brings; 0 where both runs gave the same rulesets."""
    rates: list[float] = []
    made: list[dict[str, bytes]] = []
    print("| workers | seconds | notices/s | beside one |\n| ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "in"
        generate(source, count)
        for jobs in (1, 2):
            out = Path(temporary) / f"out{jobs}"
            begun = time.perf_counter()
            extract(source, out, jobs).wait()
            took = time.perf_counter() - begun
            rates.append(count / took)
            made.append({path.relative_to(out).as_posix(): path.read_bytes() for path in out.rglob("*.json")})
            print(f"| {jobs} | {took:.1f} | {rates[-1]:.1f} | {rates[-1] / rates[0]:.2f} |", flush=True)
    return 0 if made[0] == made[1] else 1


def report(source: Path, out: Path, count: int, killed_at: int, before: float, after: float, watch: Watch) -> int:
    """Print what became of all; 0 where nothing is lost."""
    told = list(rows(out / NAME))
    files = {path.relative_to(source.parent.parent).as_posix() for path in source.rglob("*") if path.is_file()}
    named = [row["target"] for row in told]
    broken = 0
    for path in out.rglob("*.json"):
        try:
            json.loads(path.read_bytes())
        except ValueError:
            broken += 1
    status = Counter(row["status"] for row in told)
    characters = sum(row["characters"] for row in told)
    print(f"notices {len(files):,}; in the manifest {len(named):,}, twice {len(named) - len(set(named))}")
    print("status: " + ", ".join(f"{name} {number:,}" for name, number in sorted(status.items())))
    print(f"rulesets {sum(1 for _ in out.rglob('*.json')):,}, not whole {broken}; unfinished files {sum(1 for _ in out.rglob('.*.part'))}")
    print(f"killed after {killed_at:,} notices and {before:.0f} s; the second run took {after:.0f} s")
    print(f"rate: {count / (before + after):.1f} notices/s, {characters / (before + after):,.0f} characters/s, both runs together")
    print(f"memory at most: run {watch.together / 2**20:.0f} MB, its parent {watch.parent / 2**20:.0f} MB, a worker {watch.worker / 2**20:.0f} MB")
    return 0 if len(set(named)) == len(named) == len(files) == count and not broken else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
