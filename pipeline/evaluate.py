"""Does a person meet a condition? In three values: yes, no, and not to be said from what is known.

In: a condition and a person's facts by their names in schemas/facts.py: a word for an ordered fact, words for a set (all that the person has),
a number in the fact's unit, true or false. A fact that is missing or null makes its tests unknown, and words that no parser could read are
unknown until they are answered under their `question_name`: None, never true and never false. Facts that are added later never turn an answer
that was given round.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import cache
from typing import TypeVar

from extractors.pattern import fold
from extractors.terms import find_levels, holds
from extractors.vocabulary import rows
from pipeline.errors import NoticeError
from schemas.facts import FACTS_BY_NAME, Fact, question_name
from schemas.ruleset import Condition, Test
from schemas.values import Op

Answer = bool | None
Stated = str | bool | int | float | Decimal | Iterable[str] | None
_Ordered = TypeVar("_Ordered", int, Fraction)

_MAGNITUDE = 30  # powers of ten; a larger number would be no fact and fill the memory as a fraction
TITLES = frozenset(("title_held", "recommender_title"))
_NESTED = frozenset(("region", "speciality", "major"))
"""One lies in another (柯桥区 in 绍兴市, 水利水电 in 水利), so that another word is no refusal."""
OPEN_ENDED = TITLES | _NESTED
"""Sets whose words say more than a list of words can tell: a word that a list does not hold may still meet a test."""


def evaluate(condition: Condition, facts: Mapping[str, Stated]) -> Answer:
    """True, False or None (unknown). Raises NoticeError where a fact's value is not of its kind."""
    if condition.test is not None:
        return _test(condition.test, facts.get(condition.test.fact))
    if condition.not_ is not None:
        return negation(evaluate(condition.not_, facts))
    if condition.all is not None:
        return conjunction(evaluate(part, facts) for part in condition.all)
    if condition.any is not None:
        return disjunction(evaluate(part, facts) for part in condition.any)
    return _answered(condition.opaque, facts) if condition.opaque is not None else None


def negation(answer: Answer) -> Answer:
    """What is unknown stays unknown."""
    return None if answer is None else not answer


def conjunction(answers: Iterable[Answer]) -> Answer:
    """False where one is false, else unknown where one is unknown."""
    found = set(answers)
    return False if False in found else None if None in found else True


def disjunction(answers: Iterable[Answer]) -> Answer:
    """True where one is true, else unknown where one is unknown."""
    found = set(answers)
    return True if True in found else None if None in found else False


def _answered(words: str, facts: Mapping[str, Stated]) -> Answer:
    name = question_name(words)
    answer = facts.get(name)
    if answer is not None and not isinstance(answer, bool):
        raise NoticeError("evaluate.fact", name, kind="boolean", value=str(answer))
    return answer


def _test(test: Test, stated: Stated) -> Answer:
    fact = FACTS_BY_NAME.get(test.fact)
    if fact is None or stated is None:
        return None
    match fact.kind:
        case "boolean":
            if not isinstance(stated, bool):
                raise _wrong(fact, stated)
            return stated == (test.value == ("true",))
        case "number":
            return _number(fact, test, stated)
        case "ordered":
            return _ordered(fact, test, stated)
        case "set":
            return _member(fact, test, stated)


def _wrong(fact: Fact, stated: object) -> NoticeError:
    return NoticeError("evaluate.fact", fact.name, kind=fact.kind, value=str(stated))


def _compare(op: Op, left: _Ordered, right: _Ordered) -> bool:
    match op:
        case ">=":
            return left >= right
        case ">":
            return left > right
        case "<=":
            return left <= right
        case "<":
            return left < right
        case "=":
            return left == right


def _number(fact: Fact, test: Test, stated: Stated) -> Answer:
    """Unknown where the test counts in a unit that the fact is not counted in."""
    if isinstance(stated, bool) or not isinstance(stated, int | float | Decimal | str):
        raise _wrong(fact, stated)
    try:
        number = Decimal(str(stated))
    except InvalidOperation:
        raise _wrong(fact, stated) from None
    if not number.is_finite() or abs(number.adjusted()) > _MAGNITUDE:
        raise _wrong(fact, stated)
    asked = bound(test)
    return None if asked is None else _compare(test.op, Fraction(number), asked)


def bound(test: Test) -> Fraction | None:
    """The number that a test of a number asks for, in the fact's own unit: 1 年 of social insurance is 12. None where it counts in another unit."""
    fact = FACTS_BY_NAME[test.fact]
    scale = 1 if test.unit in (None, fact.unit) else fact.also.get(test.unit or "")
    return None if scale is None else Fraction(test.value[0]) * scale


def _ordered(fact: Fact, test: Test, stated: Stated) -> Answer:
    """Along the fact's values. A wide word (研究生) may be any of those that it covers, so the answer may stay open."""
    if not isinstance(stated, str) or stated not in fact.values:
        raise _wrong(fact, stated)
    asked = [fact.values.index(leaf) for value in test.value if value in fact.values for leaf in _leaves(fact, value)]
    if not asked:
        return None
    answers = {_places(test.op, fact.values.index(leaf), asked) for leaf in _leaves(fact, stated)}
    return answers.pop() if len(answers) == 1 else None


def _places(op: Op, place: int, asked: list[int]) -> bool:
    """硕士 is >= 研究生, whose lowest is 硕士."""
    if op == "=":
        return place in asked
    return _compare(op, place, min(asked) if op in (">=", "<") else max(asked))


def _leaves(fact: Fact, value: str) -> tuple[str, ...]:
    return fact.covers.get(value, (value,))


def _member(fact: Fact, test: Test, stated: Stated) -> Answer:
    """Does the person have one of the words? A word that the person states wider than the test asks leaves it open."""
    if isinstance(stated, str) or not isinstance(stated, Iterable):
        raise _wrong(fact, stated)
    owned = tuple(stated)
    if not all(isinstance(word, str) for word in owned):
        raise _wrong(fact, stated)
    return disjunction(_is(fact, word, asked) for word in owned for asked in test.value)


def _is(fact: Fact, owned: str, asked: str) -> Answer:
    if owned == asked:
        return True
    if fact.name in TITLES:
        return _title(owned, asked)
    if owned in fact.covers.get(asked, ()):
        return True
    return None if fact.name in _NESTED or asked in fact.covers.get(owned, ()) else False


def _title(owned: str, asked: str) -> Answer:
    """Who is 工程师 is 中级; who says only 中级 may be 工程师, and who says only 高级工程师 may be one of 本专业."""
    mine, theirs = _levels(owned), _levels(asked)
    if not mine & theirs:
        return False
    if _is_level(asked):
        return True if mine <= theirs else None
    if owned.endswith(asked):
        return True
    return None if _is_level(owned) or asked.endswith(owned) else False


@cache
def _levels(title: str) -> frozenset[str]:
    """The levels that a title may stand for: 工程师 → 中级, 高级 → 副高级, 正高级."""
    words = [word for term in find_levels(fold(title)) for word in term.words]
    return frozenset(part for word in words for part in (holds(word) or (word,)))


@cache
def _is_level(title: str) -> bool:
    """Whether the word is a level by itself, of any profession: 中级, 副高, 高级职称."""
    return any(
        title == row["level"] or title in row["spellings"].split("|") and "级" in title and title.endswith(("级", "职称", "职务"))
        for row in rows("levels.tsv")
    )
