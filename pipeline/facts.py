"""A person's facts as people hand them in: JSON or YAML, checked against the vocabulary before anything is concluded from them."""

import difflib
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.errors import NoticeError
from pipeline.evaluate import Stated, evaluate
from schemas.facts import FACTS_BY_NAME, QUESTION
from schemas.ruleset import Condition, Test

LARGEST = 1_000_000
"""Bytes of a file of facts; a person has fewer."""


def read_facts(data: bytes, file: str) -> dict[str, Stated]:
    """The facts of a JSON or YAML document. Raises NoticeError with the place and the reason where it is none or states what is no fact."""
    if len(data) > LARGEST:
        raise NoticeError("facts.large", file, limit=LARGEST)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NoticeError("facts.encoding", file) from None
    stated = _parsed(text, file)
    if not isinstance(stated, dict):
        raise NoticeError("facts.no_table", file)
    return checked_facts(stated, file)


def _parsed(text: str, file: str) -> object:
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            place = f"{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else "?"
            raise NoticeError("facts.syntax", file, format="JSON", place=place) from None
    import yaml  # loads slowly, and JSON needs none

    try:
        return {} if not text.strip() else yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise NoticeError("facts.syntax", file, format="YAML", place=f"{mark.line + 1}:{mark.column + 1}" if mark else "?") from None


def checked_facts(stated: Mapping[Any, object], file: str) -> dict[str, Stated]:
    """Facts by name, each of its kind; null where unknown. Raises NoticeError for a name that is no fact's or a value that is not of its kind."""
    facts: dict[str, Stated] = {}
    for name, value in stated.items():
        if not isinstance(name, str) or (name not in FACTS_BY_NAME and not re.fullmatch(QUESTION, name)):
            near = difflib.get_close_matches(str(name), FACTS_BY_NAME, 1)
            raise NoticeError("facts.unknown", file, name=str(name)[:80], near=near[0] if near else "noticerules schema --facts")
        if (reason := _not_of_its_kind(name, value)) is not None:
            raise NoticeError("facts.value", file, name=name, kind=reason, value=str(value)[:80])
        facts[name] = value  # type: ignore[assignment]
    return facts


def _not_of_its_kind(name: str, value: object) -> str | None:
    """The kind that the fact or answer should have, where the value is of another."""
    fact = FACTS_BY_NAME.get(name)
    if fact is None:
        return None if value is None or isinstance(value, bool) else "boolean"
    if fact.kind == "set" and not isinstance(value, list | None):
        return "set"
    probe = Test(fact=name, value=("0",) if fact.kind == "number" else (*fact.values[:1], "true"))
    try:
        evaluate(Condition(test=probe), {name: value})  # type: ignore[dict-item]  # evaluate says whether it is of the kind
    except NoticeError:
        return fact.kind
    return None


def read_form(fields: Mapping[str, Sequence[str]]) -> tuple[dict[str, Stated], list[str]]:
    """The facts of a filled-in form, and the names of those that could not be read, which count as not known.

    A field is named as its fact; `NAME:other` holds further words of a set, parted by commas, and `NAME:none` says that there is none.
    """
    facts: dict[str, Stated] = {}
    problems: list[str] = []
    for name in dict.fromkeys(field.partition(":")[0] for field in fields):
        given = [text.strip() for text in fields.get(name, ()) if text.strip()]
        others = [word.strip() for text in fields.get(f"{name}:other", ()) for word in re.split("[,，、;；]", text) if word.strip()]
        try:
            value = _form_value(name, [*given, *others], none=bool(fields.get(f"{name}:none")))
            facts.update(checked_facts({name: value}, "form") if value is not None else {})
        except (NoticeError, ValueError, KeyError, OverflowError):
            problems.append(name)
    return facts, problems


def _form_value(name: str, given: list[str], *, none: bool) -> Stated:
    """Raises ValueError, KeyError or OverflowError for text that is not of the fact's kind."""
    fact = FACTS_BY_NAME.get(name)
    kind = fact.kind if fact is not None else "boolean"
    if kind == "set":
        return list(dict.fromkeys(given)) if given or none else None
    if not given:
        return None
    if kind == "number":
        number = float(given[0])
        return int(number) if number.is_integer() else number
    return {"true": True, "false": False}[given[0]] if kind == "boolean" else given[0]
