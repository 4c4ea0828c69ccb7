"""Every pattern matches its examples whole and reads their value, and yields nothing of its rejects."""

import pytest

from extractors import contacts, dates, money, quantities, references
from extractors.pattern import FOLD, Pattern, compiled, fold, match_all

PATTERNS = (*contacts.PATTERNS, *references.NUMBERS, *dates.PATTERNS, *money.PATTERNS, *quantities.patterns())
NAMES = [pattern.name for pattern in PATTERNS]


@pytest.mark.parametrize("pattern", PATTERNS, ids=NAMES)
def test_examples_are_matched_whole_and_mean_their_value(pattern: Pattern) -> None:
    for example, value in pattern.examples:
        assert [(m.quote, m.value) for m in match_all([pattern], example, fold(example))] == [(example, value)]


@pytest.mark.parametrize("pattern", PATTERNS, ids=NAMES)
def test_rejects_yield_nothing(pattern: Pattern) -> None:
    for reject in pattern.rejects:
        assert [m.quote for m in match_all([pattern], reject, fold(reject))] == []


def test_names_are_unique_and_proven() -> None:
    assert len(set(NAMES)) == len(NAMES)
    unproven = [p.name for p in PATTERNS if not p.examples and not any(mark in p.regex for mark in ("(?=", "(?<=", "(?P<quote>"))]
    assert unproven == [], "a pattern that looks at nothing around it can show a whole example"


def test_folding_keeps_every_offset() -> None:
    assert all(len(chr(code)) == 1 and len(plain) == 1 for code, plain in FOLD.items())


def test_long_texts_are_folded_as_short_ones() -> None:
    every = "".join(map(chr, range(0x20, 0x30000)))
    assert fold(every) == every.translate(FOLD) == "".join(map(fold, every))


@pytest.mark.parametrize("pattern", PATTERNS, ids=NAMES)
def test_no_pattern_hangs_on_runs_that_invite_it(pattern: Pattern) -> None:
    """Backtracking without bound would need hours here; the limit is generous, for machines are busy."""
    for unit in ("年", "1", "一", "2023年", "第五条", "《", "（", "申报", "不少于", "每人", "、", "-", "自", "在", "。，", " "):
        text = fold(unit * (8_000 // len(unit)))
        for _ in compiled(pattern.regex).finditer(text, timeout=20):
            pass
