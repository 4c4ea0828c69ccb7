"""How fast two editions are compared.

    python -m benchmarks.compare [--rules N] [--runs N]

Makes two rulesets of N rules each (200): half of the keys are the same in both, half have other subjects and are only found by likeness. Prints the median
seconds of alignment alone and of the whole comparison. scipy is loaded before the clock starts.
"""

import argparse
import random
import time
from collections.abc import Callable
from statistics import median

from pipeline.alignment import align
from pipeline.changes import compare_editions
from schemas.document import Section, Source
from schemas.ruleset import Confidence, Evidence, Notice, Rule, Ruleset, Run, Scope, Statement, ThresholdRule, make_key
from schemas.values import Quantity

RULES, RUNS, TARGET = 200, 7, 0.5
LEVELS = ("员级", "助理级", "中级", "副高级", "正高级")
WORDS = "申报人员所在单位须对材料进行审核并公示继续教育学时年限考核业绩论文专利推荐专家举荐评审费用缴纳截止时间报送受理"


def made(rules: int, year: int, seed: int) -> Ruleset:
    """A ruleset of thresholds, each with a sentence of its own; those with odd numbers have a subject that depends on the seed."""
    source, own = random.Random(1), random.Random(seed)
    stated: list[Rule] = []
    statements, text = [], ""
    for number in range(rules):
        level = LEVELS[number % len(LEVELS)]
        words = "".join(source.choices(WORDS, k=24))
        subject = f"事项{number}" if number % 2 == 0 else f"要求{''.join(own.choices(WORDS, k=2))}{number // 2}"
        quote = f"{words}不少于{number + own.randint(0, 1)}学时"
        start = len(text)
        text += quote + "。\n"
        statements.append(Statement(section="一", start=start, end=start + len(quote), normative=True))
        proof = Evidence(start=start, end=start + len(quote), quote=quote, prefix="", suffix="", section="一", pattern="made")
        scope = Scope(levels=(level,))
        value = Quantity(op=">=", number=str(number + 1), unit="学时")
        key = make_key("threshold", subject, None, None, scope)
        stated.append(
            ThresholdRule(key=key, uid=key, subject=subject, scope=scope, value=value, evidence=(proof,), confidence=Confidence(score="0.95"))
        )
    return Ruleset(
        notice=Notice(title="通知", cycle=year),
        source=Source(file=f"{year}.txt", media_type="text/plain", sha256="0", text_sha256="0", reader="made"),
        text=text,
        sections=(Section(id="一", heading="要求", level=1, parent=None, start=0, end=len(text)),),
        rules=tuple(stated),
        references=(),
        statements=tuple(statements),
        run=Run(program="benchmark", vocabulary="0"),
    )


def seconds(work: Callable[[], object], runs: int) -> float:
    """The median of several runs."""
    taken = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return median(taken)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rules", type=int, default=RULES)
    arguments.add_argument("--runs", type=int, default=RUNS)
    asked = arguments.parse_args()
    old, new = made(asked.rules, 2022, 2), made(asked.rules, 2023, 3)
    found = compare_editions(old, new)  # loads scipy
    print(f"{asked.rules} rules against {asked.rules}, {found.unaligned.count} not aligned")
    print(f"alignment  {seconds(lambda: align(old, new), asked.runs):.3f} s")
    print(f"comparison {seconds(lambda: compare_editions(old, new), asked.runs):.3f} s (target {TARGET} s)")


if __name__ == "__main__":
    main()
