"""How fast a notice is read.

    python -m benchmarks.extract [FILE.txt ...] [--runs N] [--patterns]

Prints characters per second of extraction alone (`find_mentions` on plain text) and of text to finished ruleset, what starting up costs apart from
both, and the whole command on one TXT from shell to files, each the median of several runs: in processor time, the command also by the clock, for its
names are looked for in a second process. Modules are compiled beforehand, as an installation leaves them. A machine is slow or fast as a whole, so every
figure is also set beside a baseline measured in the same run: one regular expression over the same texts, and an interpreter that starts and does nothing.
Without files it takes the published notices of corpus/; the command runs on the first file. --patterns prints what each pattern costs instead.
"""

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median

from pipeline.processes import set_up
from schemas.document import Document

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "corpus"
RUNS = 9
TARGET_SPEED, TARGET_SECONDS, TARGET_SECONDS_NAMED = 1_000_000, 0.7, 2.0  # characters a second, seconds a command; on two cores
BASELINE = re.compile(r"\d+|[一二三四五六七八九十]+")
START_UP = "import time; begun = time.process_time(); {}; print(time.process_time() - begun)"
EXTRACTORS = "from extractors.find import find_mentions; find_mentions('2023年1月1日')"
WHOLE = "from pathlib import Path; from pipeline.build import build_from_bytes; build_from_bytes('申报截止时间为2023年1月1日。'.encode(), 'a.txt', names=None)"
NAMES = "from extractors.names import prepare; prepare()"
START_UPS = (("extractors", EXTRACTORS), ("readers and rules", WHOLE), ("names, in a process beside the others", NAMES))


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median processor time of a piece of work, once done before the clock runs."""
    work()
    return median(timed(work) for _ in range(runs))


def timed(work: Callable[[], object]) -> float:
    """Processor seconds of this process and those that it waited for: other work on the machine disturbs them least."""
    begun = os.times()
    start = time.process_time()
    work()
    ended = os.times()
    return time.process_time() - start + (ended.children_user + ended.children_system) - (begun.children_user + begun.children_system)


def in_new_process(code: str, environment: Mapping[str, str]) -> float:
    """The processor seconds that a new interpreter says it took for a line of code."""
    done = subprocess.run([sys.executable, "-c", START_UP.format(code)], capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return float(done.stdout)


def command(notice: Path, environment: Mapping[str, str], *more: str) -> tuple[float, float]:
    """`noticerules extract` on one notice, with the formats that it writes by itself: seconds by the clock, and of processors."""
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-c", "from pipeline.cli import app; app()", "extract", str(notice), "-o", folder, *more]
        begun = time.perf_counter()
        took = timed(lambda: subprocess.run(run, capture_output=True, check=True, cwd=ROOT, env=environment))
        return time.perf_counter() - begun, took


def _as_installed(folder: str) -> dict[str, str]:
    """The environment of a program whose modules are compiled: they come into the folder with the first run."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {"PYTHONPYCACHEPREFIX": folder}


def _proposals(document: Document) -> Callable[[], object]:
    """What a notice asks the model of names."""
    from extractors.find import find_mentions
    from extractors.names import find_proposals
    from pipeline.findings import proposable
    from pipeline.outline import outline
    from pipeline.statements import read_statements

    asked = proposable(read_statements(document, outline(document), find_mentions(document.text)))
    return lambda: find_proposals(document.text, asked)


def published() -> list[Path]:
    from pipeline.batch import published_files

    return sorted(CORPUS / name for name in published_files(CORPUS))


def figures(notices: Sequence[Path], runs: int) -> list[tuple[str, str, str]]:
    """Rows of (what, figure, in proportion to the baseline of this run)."""
    from extractors.find import find_mentions
    from pipeline.build import build_from_document
    from pipeline.readers.read import read

    documents = [read(path) for path in notices]
    texts = [document.text for document in documents]
    size = sum(map(len, texts))
    pass_over = seconds(lambda: [BASELINE.findall(text) for text in texts], runs)
    mentions = seconds(lambda: [find_mentions(text) for text in texts], runs)
    rulesets = seconds(lambda: [build_from_document(document, names=None) for document in documents], runs)
    proposals = [_proposals(document) for document in documents]
    named = seconds(lambda: [find() for find in proposals], runs)
    idle = median(timed(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(runs))
    with tempfile.TemporaryDirectory() as folder:
        environment = _as_installed(folder)
        whole, without = (
            tuple(map(median, zip(*[command(notices[0], environment, *more) for _ in range(runs + 1)][1:], strict=True)))
            for more in ((), ("--no-ner",))
        )
        start_up = {what: median([in_new_process(code, environment) for _ in range(runs + 1)][1:]) for what, code in START_UPS}

    def speed(what: str, took: float) -> tuple[str, str, str]:
        return what, f"{size / took:12,.0f} characters/s", f"{took / pass_over:8.1f} × one regex pass"

    def duration(what: str, took: float) -> tuple[str, str, str]:
        return what, f"{took:12.3f} s", f"{took / idle:8.1f} × an idle interpreter"

    return [
        speed("baseline: one regex pass", pass_over),
        speed("extraction alone: text → mentions", mentions),
        speed("text → finished ruleset, without names", rulesets),
        speed("text → finished ruleset, with names", rulesets + named),
        duration("baseline: an interpreter that does nothing", idle),
        *(duration(f"start-up: {what}, loaded and compiled", took) for what, took in start_up.items()),
        duration(f"whole command on {notices[0].name}, {len(texts[0]):,} characters, by the clock", whole[0]),
        duration("the same, of processors", whole[1]),
        duration("the same with --no-ner, by the clock", without[0]),
        duration("the same, of processors", without[1]),
        ("target: extraction alone", f"{TARGET_SPEED:12,} characters/s", "  reached" if size / mentions >= TARGET_SPEED else "  missed"),
        ("target: whole command on one TXT", f"{TARGET_SECONDS_NAMED:12} s", "  reached" if whole[0] <= TARGET_SECONDS_NAMED else "  missed"),
        ("target: the same with --no-ner", f"{TARGET_SECONDS:12} s", "  reached" if without[0] <= TARGET_SECONDS else "  missed"),
    ]


def patterns(notices: Sequence[Path], runs: int) -> list[tuple[str, str, str]]:
    """Rows of (pattern, its time over all the texts, its share), the costliest first."""
    from extractors import contacts, dates, money, quantities, references
    from extractors.pattern import Anchors, Pattern, fold, matches
    from pipeline.readers.read import read

    folded = [fold(read(path).text) for path in notices]

    def cost(pattern: Pattern) -> float:
        return seconds(lambda: [sum(1 for _ in matches(pattern, Anchors(text))) for text in folded], runs)

    every = (*contacts.PATTERNS, *references.NUMBERS, *dates.PATTERNS, *money.PATTERNS, *quantities.patterns())
    costs = sorted(((cost(pattern), pattern.name) for pattern in every), reverse=True)
    total = sum(took for took, _ in costs)
    return [(name, f"{1000 * took:8.2f} ms", f"{took / total:6.1%}") for took, name in costs]


def main(argv: Sequence[str]) -> int:
    """Measure and print; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.extract", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE.txt", help="default: the published notices of corpus/")
    parser.add_argument("--runs", type=int, default=RUNS, help=f"runs of which the median counts (default {RUNS})")
    parser.add_argument("--patterns", action="store_true", help="print what each pattern costs instead")
    options = parser.parse_args(argv)
    set_up()
    notices = [path.resolve() for path in options.files] or published()
    print(f"{len(notices)} notice(s), median of {options.runs} runs")
    rows = (patterns if options.patterns else figures)(notices, options.runs)
    width = max(len(what) for what, _, _ in rows)
    for what, figure, proportion in rows:
        print(f"{what:{width}}  {figure:28}{proportion}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
