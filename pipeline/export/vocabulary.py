"""Conditions for engines that cannot read Chinese titles: every word that a fact may hold, and what each answers to a test.

The answers are `pipeline.evaluate`'s own, word by word, so that an engine that looks words up in lists says the same as `assess`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from extractors.vocabulary import rows
from pipeline.evaluate import OPEN_ENDED, TITLES, Answer, evaluate
from schemas.facts import FACTS_BY_NAME, Fact, fact_schema, question_name
from schemas.ruleset import Condition, Test


@dataclass(frozen=True)
class Words:
    """What the words of a fact answer to a test. `others`: what a word outside the lists answers."""

    met: tuple[str, ...]
    open: tuple[str, ...]
    refused: tuple[str, ...]
    others: Answer


@cache
def words_of(test: Test) -> Words:
    """For a test of an ordered fact or a set."""
    fact = FACTS_BY_NAME[test.fact]
    answers = {word: evaluate(Condition(test=test), {fact.name: word if fact.kind == "ordered" else [word]}) for word in _known(fact, (test,))}
    met, left, refused = (tuple(word for word, answer in answers.items() if answer is wanted) for wanted in (True, None, False))
    return Words(met, left, refused, None if fact.name in OPEN_ENDED else False)


@cache
def _titles() -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for row in rows("levels.tsv") for word in (row["level"], *row["spellings"].split("|"))))


def _known(fact: Fact, tests: Iterable[Test]) -> tuple[str, ...]:
    """Words that a fact may hold: its own, those that the tests ask for, of titles also all that the vocabulary of levels knows."""
    if fact.kind == "ordered":
        return fact.values
    asked = (word for test in tests for word in test.value)
    covered = (word for wide, narrow in fact.covers.items() for word in (wide, *narrow))
    return tuple(dict.fromkeys((*asked, *fact.values, *covered, *(_titles() if fact.name in TITLES else ()))))


def asked_schema(conditions: Iterable[Condition]) -> dict[str, Any]:
    """JSON Schema (2020-12) of what the conditions ask, none of it required; of a set, words to choose from. Unread words are questions."""
    tests: dict[str, list[Test]] = {}
    questions: dict[str, Any] = {}
    for leaf in (leaf for condition in conditions for leaf in condition.leaves()):
        if leaf.test is None:
            questions[question_name(leaf.opaque or "")] = {"type": ["boolean", "null"], "title": leaf.opaque, "x-question": True}
        elif leaf.test.fact in FACTS_BY_NAME:
            tests.setdefault(leaf.test.fact, []).append(leaf.test)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts about an applicant",
        "description": "A fact that is missing or null is unknown, and so is what hangs on it. `examples` of a set are the words that the notice asks for.",
        "type": "object",
        "properties": {**{name: _property(FACTS_BY_NAME[name], asked) for name, asked in sorted(tests.items())}, **dict(sorted(questions.items()))},
    }


def _property(fact: Fact, tests: Iterable[Test]) -> dict[str, Any]:
    described = fact_schema(fact)
    described["type"] = [described["type"], "null"]
    if fact.kind == "ordered":
        described["enum"] = [*described["enum"], None]
    if fact.name in TITLES:  # an engine cannot read a title that is not listed: it stays open
        described["items"] = {"type": "string", "enum": list(_known(fact, tests))}
        described.pop("examples", None)
    elif fact.kind == "set":
        described["examples"] = [list(_known(fact, tests))]
    return described
