"""Does confidence mean something? The share of rules that are right, by score.

    python -m benchmarks.confidence DIR [--list]

DIR holds NAME.txt with NAME.facts.jsonl, as for benchmarks.unseen: a rule is right where the facts know its value, level and role. Or it holds notices
with gold beside them (corpus): a rule is right where value, scope and subject are gold's. A rule of which neither tells is not counted. --list prints the rules that are wrong.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.facts import outcomes
from benchmarks.unseen import extract, notices, read_lines

BINS = tuple(Decimal(bound) for bound in ("1.00", "0.95", "0.90", "0.80", "0.60", "0.00"))
"""Lower bounds."""


class Judged(NamedTuple):
    """A rule that was held against what a reader noted."""

    notice: str
    key: str
    score: Decimal
    reasons: tuple[str, ...]
    right: bool


def by_facts(folder: Path) -> Iterator[Judged]:
    """The rules that the facts of a folder can judge; one with several points is right where all of them are."""
    for notice, facts in notices(folder):
        ruleset = extract(notice)
        right: dict[str, bool] = {}
        for key, ok in outcomes(ruleset, read_lines(facts)):
            right[key] = ok and right.get(key, True)
        yield from (_judged(notice.stem, rule, right[rule["key"]]) for rule in ruleset["rules"] if rule["key"] in right)


def by_gold(folder: Path) -> Iterator[Judged]:
    """The rules of the notices of a folder that have gold."""
    from pipeline import batch
    from pipeline.gold import find_gold
    from pipeline.scores import check, verdict

    for job in batch.plan([str(folder)]).jobs:
        gold = find_gold(job.source) if job.source else None
        if gold is None:
            continue
        ruleset = batch.build(job, names=None)
        said = {pair.right.key: verdict(pair) for pair in check(gold, ruleset).pairs if pair.right is not None}
        yield from (_judged(job.shown, rule.model_dump(), said[rule.key] == "right") for rule in ruleset.rules if rule.key in said)


def _judged(notice: str, rule: Any, right: bool) -> Judged:
    confidence = rule["confidence"]
    return Judged(notice, rule["key"], Decimal(confidence["score"]), tuple(confidence["reasons"]), right)


def table(judged: Sequence[Judged]) -> Iterator[str]:
    """A row a bin, in Markdown: from which score on, how many rules, how many right, the share; then the same for each reason."""
    yield from ("| score | rules | right | share right |", "| --- | ---: | ---: | ---: |")
    for low, high in zip(BINS, (None, *BINS), strict=False):
        yield _row(
            f"{low}" if high is None else f"{low} to {high - Decimal('0.01')}",
            [j for j in judged if low <= j.score and (high is None or j.score < high)],
        )
    yield _row("all", judged)
    yield from ("", "| reason | rules | right | share right |", "| --- | ---: | ---: | ---: |")
    counted = Counter(reason for j in judged for reason in j.reasons)
    for reason, _ in counted.most_common():
        yield _row(f"`{reason}`", [j for j in judged if reason in j.reasons])


def _row(title: str, judged: Iterable[Judged]) -> str:
    group = list(judged)
    right = sum(j.right for j in group)
    return f"| {title} | {len(group)} | {right} | {f'{right / len(group):.3f}' if group else ''} |"


def main(argv: Sequence[str]) -> int:
    """Print the tables; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.confidence", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="NAME.txt with NAME.facts.jsonl, or notices with gold")
    parser.add_argument("--list", action="store_true", help="print the rules that are wrong")
    options = parser.parse_args(argv)
    judged = [*(by_facts(options.folder) if any(notices(options.folder)) else by_gold(options.folder))]
    print(*table(judged), sep="\n")
    for j in judged if options.list else ():
        if not j.right:
            print(f"  {j.score} {j.notice} {j.key} {' '.join(j.reasons)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
