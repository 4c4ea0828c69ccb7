"""How the extractors fare on notices that they were not written for.

    python -m benchmarks.unseen DIR [--list]

Extracts every NAME.txt of a folder that has NAME.facts.jsonl beside it, scores it and prints a table by kind; --list prints every miss. A notice
that cannot be read counts as one in which nothing was found, and makes the exit code 1.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.facts import Score, precision_recall_f1, score
from pipeline.errors import NoticeError

FACTS_ENDING = ".facts.jsonl"


def notices(folder: Path) -> Iterator[tuple[Path, Path]]:
    """Each NAME.txt with its NAME.facts.jsonl, by name."""
    for notice in sorted(folder.glob("*.txt")):
        facts = notice.with_name(notice.stem + FACTS_ENDING)
        if facts.is_file():
            yield notice, facts


def read_lines(facts: Path) -> list[dict[str, Any]]:
    """The facts of a file, a JSON object a line."""
    return [json.loads(line) for line in facts.read_text(encoding="utf-8").split("\n") if line.strip()]


def extract(notice: Path) -> dict[str, Any]:
    """The ruleset of a notice as JSON data. Raises NoticeError where the notice cannot be read."""
    from pipeline.build import build_ruleset  # imported late: --help and the scorer need no extractor

    data: dict[str, Any] = json.loads(build_ruleset(notice, names=None).to_json())  # names make no rules
    return data


def table(total: Score) -> str:
    """Counts and figures, a line a kind; the last line sums the kinds that state a value."""
    lines = [f"{'kind':10}{'right':>7}{'found':>7}{'missing':>9}{'spurious':>10}{'precision':>11}{'recall':>8}{'F1':>8}"]
    for kind, counts in [*total.counts.items(), ("all", total.core)]:
        precision, recall, f1 = precision_recall_f1(counts)
        numbers = f"{counts['right']:7}{counts['found']:7}{counts['missing']:9}{counts['spurious']:10}"
        lines.append(f"{kind:10}{numbers}{precision:11.3f}{recall:8.3f}{f1:8.3f}")
    return "\n".join(lines)


def main(argv: Sequence[str]) -> int:
    """Score a folder; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.unseen", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="NAME.txt with NAME.facts.jsonl beside it")
    parser.add_argument("--list", action="store_true", help="print every miss")
    options = parser.parse_args(argv)
    total, unread = Score(), 0
    for notice, facts in notices(options.folder):
        try:
            ruleset = extract(notice)
        except NoticeError as error:
            print(error, file=sys.stderr)
            ruleset, unread = {}, unread + 1
        scored = score(ruleset, read_lines(facts))
        total.add(scored)
        if options.list:
            print(notice.name, *(f"  {miss}" for miss in scored.misses), sep="\n")
    print(table(total))
    return 1 if unread else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
