"""Anchors only save time: with and without them every pattern finds the same, in whole notices and in texts made from the pattern itself."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from extractors import contacts, dates, money, quantities, references
from extractors.pattern import Anchors, Pattern, fold, matches

TESTS = Path(__file__).parent
ANCHORED = [
    pattern for pattern in (*contacts.PATTERNS, *references.NUMBERS, *dates.PATTERNS, *money.PATTERNS, *quantities.patterns()) if pattern.anchor
]
NAMES = [pattern.name for pattern in ANCHORED]
HAN = "[自从在于任现职取得评审申报考试公示通知规定材料开始结束提前近后内起年月日第的和]"  # what a made text has for any Han character
LOOK = re.compile(r"\(\?(?P<behind><)?(?P<sign>[=!])")
UNSEEN = 5  # of so many made texts at least one is matched


def spans(pattern: Pattern, folded: str) -> list[tuple[int, int]]:
    return [found.span() for found in matches(pattern, Anchors(folded))]


def everywhere(pattern: Pattern) -> Pattern:
    return replace(pattern, anchor=None)


@cache
def notices() -> str:
    files = [*TESTS.parent.glob("corpus/*/*.txt"), *TESTS.glob("data/**/*.txt"), *TESTS.glob("cases/*.txt")]
    return fold("\n".join(file.read_text(encoding="utf-8", errors="replace") for file in sorted(files)))


@pytest.mark.parametrize("pattern", ANCHORED, ids=NAMES)
def test_in_notices_nothing_is_lost_or_won(pattern: Pattern) -> None:
    assert spans(pattern, notices()) == spans(everywhere(pattern), notices())


def closing(expression: str, start: int) -> int:
    """Where the group that opens at `start` closes."""
    depth = 0
    for found in re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()]").finditer(expression, start):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if not depth:
            return found.end()
    raise ValueError(expression)


def spoken(expression: str) -> str:
    """An expression as `re` reads it, which says what is matched and perhaps what must stand around: `(?<!…)` is left out, `(?<=…)` may be there."""
    expression = expression.replace(r"[\p{Han}", HAN[:-1]).replace(r"\p{Han}", HAN)
    while look := LOOK.search(expression):
        end = closing(expression, look.start())
        inner = f"(?:{expression[look.end() : end - 1]})?" if look["sign"] == "=" else ""
        expression = expression[: look.start()] + inner + expression[end:]
    again = set(re.findall(r"\(\?P=(\w+)\)", expression))
    return re.sub(r"\(\?P<(\w+)>", lambda found: found.group() if found[1] in again else "(?:", expression)


@pytest.mark.parametrize("pattern", ANCHORED, ids=NAMES)
def test_in_made_texts_nothing_is_lost_or_won(pattern: Pattern) -> None:
    hits = 0
    piece = st.from_regex(re.compile(spoken(pattern.regex), re.VERBOSE), fullmatch=True)
    words = st.sampled_from(("", "。", "，", " ", "在", "自", "第", "3", "年", "月", "前", "以上", "不", "（", "\n", "申报"))

    @given(st.lists(st.one_of(piece, words), max_size=8).map("".join))
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None, phases=[Phase.generate])
    def check(text: str) -> None:
        nonlocal hits
        folded = fold(text)
        found = spans(everywhere(pattern), folded)
        hits += bool(found)
        assert spans(pattern, folded) == found

    check()
    assert hits >= UNSEEN, "the made texts hold too little of what the pattern reads"
