"""What a selected stretch of text looks like: the kind of rule and the value, which a reviewer then only has to confirm or mend."""

from typing import Any

from extractors.find import find_mentions
from extractors.vocabulary import subjects
from schemas.mention import Amount, Count, Mention, Point

_BEFORE = 30
"""How far in front of the selection its subject is looked for."""


def suggest(text: str, start: int, end: int, year: int | None = None) -> dict[str, Any]:
    """kind, subject, value and further fields of a rule, as far as the words tell; `year` completes a date that is printed without one."""
    for mention in find_mentions(text[start:end]):
        found = _stated(mention, year)
        if found is not None:
            return {**found, "subject": _subject(str(found["kind"]), text[max(0, start - _BEFORE) : end])}
    return {"kind": "requirement", "subject": _subject("requirement", text[start:end]), "value": None}


def _stated(mention: Mention, year: int | None) -> dict[str, Any] | None:
    value = mention.value
    if isinstance(value, Amount):
        money = {"type": "money", "amount": str(value.amount), "currency": "CNY"}
        return {"kind": "fee", "value": money, **({"per": value.per} if value.per else {})}
    if isinstance(value, Point) and value.month and (value.year or year):
        at = f"{value.year or year:04}-{value.month:02}"
        if value.day:
            at += f"-{value.day:02}"
            at += f"T{value.hour:02}:{value.minute or 0:02}" if value.hour is not None else ""
        inferred = {} if value.year else {"inferred": ["year"]}
        return {"kind": "date", "role": "closes", "value": {"type": "instant", "at": at, **inferred}}
    if isinstance(value, Count):
        return {"kind": "threshold", "value": {"type": "quantity", "op": value.op or "=", "number": str(value.number), "unit": value.unit}}
    return None


def _subject(kind: str, words: str) -> str:
    """The subject of the vocabulary that stands nearest to the end of the words; empty where none does."""
    found = [(words.rfind(spelling), len(spelling), entry.word) for entry in subjects(kind) for spelling in entry.spellings if spelling in words]
    return max(found)[2] if found else ""
