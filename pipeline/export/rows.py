"""A ruleset as one flat table, for CSV and Parquet: a row for each rule and cell of its scope, so that a rule for two levels and three routes is six rows.

Unstated dimensions are empty, never "all". Numbers are exact decimals; what a decimal cannot say (2/3) stays in `value` only.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from pipeline.assess import proof
from pipeline.language import Language
from pipeline.report import words
from schemas.ruleset import DIMENSIONS, RuleBase, Ruleset
from schemas.values import ByReference, Instant, Money, Quantity, Relative, Window

Cell = str | Decimal | int | None
OWN = (
    "role",
    "per",
    "payer",
    "payee",
    "of_whom",
    "purpose",
    "outcome",
    "form",
    "copies",
    "action",
    "system",
    "url",
    "conduct",
    "consequence",
)
LISTS = ("persons", "phones", "emails")
TEXTS: tuple[str, ...] = (
    *("series", "edition", "title", "document_number", "issued_on"),
    *("uid", "key", "kind", "subject"),
    *DIMENSIONS.values(),
    *("modality", "value_type", "value", "op", "unit", "currency", "starts", "ends", "reference"),
    *OWN,
    *("done_by", "organisation", "address", *LISTS),
    *("condition", "condition_json", "part_of", "clause", "quote", "cites", "confidence", "reasons", "review"),
)
NUMBERS = ("number", "amount")
COLUMNS: tuple[str, ...] = ("cycle", *TEXTS, *NUMBERS, "page", "start", "end")
"""Names of the columns in order. `cycle`, `page`, `start` and `end` are whole numbers, `number` and `amount` decimals, the others text."""


@dataclass(frozen=True)
class _Said:
    """What a value says, column by column."""

    op: str | None = None
    number: Decimal | None = None
    unit: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    starts: str | None = None
    ends: str | None = None
    reference: str | None = None


def rows(ruleset: Ruleset, language: Language = "zh") -> Iterator[dict[str, Cell]]:
    """The rows in the ruleset's order, every column in each."""
    for rule in ruleset.rules:
        common = _common(rule, ruleset, language)
        stated = [(("all",) if values == "all" else values) or (None,) for values in (getattr(rule.scope, name) for name in DIMENSIONS)]
        for cell in itertools.product(*stated):
            row = {**common, **dict(zip(DIMENSIONS.values(), cell, strict=True))}
            yield {name: row[name] for name in COLUMNS}


def _common(rule: RuleBase, ruleset: Ruleset, language: Language) -> dict[str, Cell]:
    notice, said, shown, where = ruleset.notice, _said(rule), proof(rule), rule.evidence[0]
    return {
        **{name: getattr(notice, name) for name in ("series", "edition", "title", "document_number", "issued_on", "cycle")},
        **{name: getattr(rule, name) for name in ("uid", "key", "kind", "subject", "modality", "part_of")},
        **{name: getattr(rule, name, None) for name in (*OWN, "organisation", "address")},
        **{name: words.own_words(rule, name) or None for name in LISTS},
        **vars(said),
        "done_by": getattr(rule, "actor", None),  # `actor` is the scope's: whose duty it is
        "value_type": rule.value.type if rule.value is not None else None,
        "value": words.value_words(rule.value, rule, language) if rule.value is not None else None,
        "condition": words.condition_words(rule.condition, language) or None,
        "condition_json": rule.condition.model_dump_json(by_alias=True, exclude_none=True) if rule.condition is not None else None,
        "clause": shown.clause,
        "quote": shown.quote,
        "cites": "；".join(f"{cite.reference} {'、'.join(cite.articles)}".strip() for cite in rule.cites) or None,
        "confidence": rule.confidence.score,
        "reasons": "、".join(rule.confidence.reasons) or None,
        "review": rule.review.status,
        "page": where.page,
        "start": where.start,
        "end": where.end,
    }


def _said(rule: RuleBase) -> _Said:
    match rule.value:
        case Money(amount=amount, currency=currency):
            return _Said(amount=_decimal(amount), currency=currency)
        case Quantity(op=op, number=number, unit=unit):
            return _Said(op=op, number=_decimal(number), unit=unit)
        case Instant(at=at):
            return _Said(starts=None if getattr(rule, "role", None) == "closes" else at, ends=at if getattr(rule, "role", None) == "closes" else None)
        case Window(start=start, end=end):
            return _Said(starts=start, ends=end)
        case Relative(length=length, unit=unit, resolved=resolved):
            return _Said(number=_decimal(length), unit=unit, ends=resolved)
        case ByReference(reference=reference):
            return _Said(reference=reference)
        case _:
            return _Said()


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None
