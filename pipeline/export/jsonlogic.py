"""Conditions as JsonLogic, for engines that know nothing of three values: each answers true, false, or null where what is known does not decide.

JsonLogic compares a missing fact like a number (`null <= 4` is true in most engines), so every test is guarded. A condition is written twice, with
plain `and`, `or`, `!`: once with unknown tests counted as false (what is certain) and once with them counted as true (what is possible).
`{"if": [certain, true, {"!": possible}, false, null]}` is then the answer.
"""

import json
from typing import Any

from pipeline.assess import proof
from pipeline.evaluate import bound
from pipeline.export.vocabulary import Words, asked_schema, words_of
from pipeline.routes import routes
from schemas.facts import FACTS_BY_NAME, Fact, question_name
from schemas.ruleset import Condition, Ruleset, Test

Logic = Any
"""A JsonLogic expression: what json can say."""


def jsonlogic_bytes(ruleset: Ruleset) -> bytes:
    """A JSON document: the schema of the facts, then for every rule with a condition and for every route its logic."""
    rules = [rule for rule in ruleset.rules if rule.condition is not None]
    ways = routes(ruleset)
    conditions = [*(rule.condition for rule in rules if rule.condition is not None), *(way.condition for way in ways)]
    document = {
        "schema_version": ruleset.schema_version,
        "notice": {name: getattr(ruleset.notice, name) for name in ("title", "series", "edition", "cycle", "document_number")},
        "facts": asked_schema(conditions),
        "routes": [{"level": way.level, "route": way.route, "logic": logic(way.condition)} for way in ways],
        "rules": [
            {
                "uid": rule.uid,
                "key": rule.key,
                "kind": rule.kind,
                "outcome": getattr(rule, "outcome", None),
                "modality": rule.modality,
                **proof(rule).model_dump(),
                "logic": logic(rule.condition),
            }
            for rule in rules
            if rule.condition is not None
        ],
    }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode()


def logic(condition: Condition) -> Logic:
    """true, false or null, whatever is missing."""
    return {"if": [_holds(condition, False), True, {"!": [_holds(condition, True)]}, False, None]}


def _holds(condition: Condition, unknown: bool) -> Logic:
    """True or false, with unknown tests counted as `unknown`."""
    if condition.test is not None:
        return _test(condition.test, unknown)
    if condition.opaque is not None:
        return _is_true(question_name(condition.opaque), unknown)
    if condition.not_ is not None:
        return {"!": [_holds(condition.not_, not unknown)]}
    parts = condition.all if condition.all is not None else condition.any
    if not parts:
        return condition.all is not None if parts is not None else unknown
    return {"and" if condition.all is not None else "or": [_holds(part, unknown) for part in parts]}


def _guarded(name: str, known: Logic, unknown: bool) -> Logic:
    missing = {"===": [{"var": name}, None]}
    return {"or": [missing, known]} if unknown else {"and": [{"!": [missing]}, known]}


def _is_true(name: str, unknown: bool, value: bool = True) -> Logic:
    return _guarded(name, {"===": [{"var": name}, value]}, unknown)


def _test(test: Test, unknown: bool) -> Logic:
    fact = FACTS_BY_NAME.get(test.fact)
    if fact is None:
        return unknown
    match fact.kind:
        case "boolean":
            return _is_true(fact.name, unknown, test.value == ("true",))
        case "number":
            return _number(fact, test, unknown)
        case "ordered" | "set":
            return _words(fact, test, words_of(test), unknown)


def _number(fact: Fact, test: Test, unknown: bool) -> Logic:
    asked = bound(test)
    if asked is None:
        return unknown
    number = int(asked) if asked.denominator == 1 else float(asked)
    return _guarded(fact.name, {"===" if test.op == "=" else test.op: [{"var": fact.name}, number]}, unknown)


def _words(fact: Fact, test: Test, words: Words, unknown: bool) -> Logic:
    """By lists of the words that meet the test, and of those that leave it open."""
    one = {"var": fact.name} if fact.kind == "ordered" else {"var": ""}
    known: Logic = {"in": [one, list(words.met)]}
    if unknown:
        known = {"!": [{"in": [one, list(words.refused)]}]} if words.others is None else {"in": [one, [*words.met, *words.open]]}
    return _guarded(fact.name, known if fact.kind == "ordered" else {"some": [{"var": fact.name}, known]}, unknown)
