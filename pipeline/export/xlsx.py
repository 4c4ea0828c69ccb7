"""A ruleset as a workbook for those who live in spreadsheets: one sheet a kind, one row a rule with its quote and clause.

Text is always text: nothing that a notice says can become a formula. The same ruleset and language give the same bytes.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.export.sheets import Content, head, put, saved
from pipeline.language import Language, say
from pipeline.report import words
from pipeline.report.overview import in_text_order, notice_rows, source_rows
from schemas.ruleset import Evidence, Finding, Reference, RuleBase, Ruleset, Statement


@dataclass(frozen=True)
class Column:
    """A column: its message, its width in characters, and what stands in it for an item."""

    name: str
    width: int
    content: Callable[[Any, Language], Content]


def workbook_bytes(ruleset: Ruleset, language: Language = "zh") -> bytes:
    """The workbook as the bytes of an .xlsx file."""
    book = Workbook()
    overview = book.worksheets[0]
    _fill_overview(overview, ruleset, language)
    for kind in SHEETS:
        items = _items(ruleset, kind)
        if items or kind in ALWAYS:
            _fill(book.create_sheet(say(f"sheet.{kind}", language)), COLUMNS.get(kind, PLAIN), items, language)
    return saved(book)


@dataclass(frozen=True)
class _Told:
    """A statement with the ruleset that holds its words and the names of its rules."""

    ruleset: Ruleset
    statement: Statement


def _told_words(told: _Told, language: Language) -> Content:
    return " ".join(told.ruleset.text[told.statement.start : told.statement.end].split())


def _told_rules(told: _Told, language: Language) -> Content:
    names = {rule.uid: rule.key for rule in told.ruleset.rules}
    return "\n".join(names.get(name, name) for name in told.statement.covered_by)


def _told_reason(told: _Told, language: Language) -> Content:
    reason = told.statement.reason
    return words.word(f"statement.{reason}", reason, language) if reason else None


def _items(ruleset: Ruleset, kind: str) -> Sequence[RuleBase | Reference | Finding | _Told]:
    if kind == "finding":
        return ruleset.findings
    if kind == "statement":
        return [_Told(ruleset, statement) for statement in ruleset.statements]
    if kind == "reference":
        return in_text_order(ruleset.references)
    return in_text_order(rule for rule in ruleset.rules if rule.kind == kind)


def _fill_overview(sheet: Worksheet, ruleset: Ruleset, language: Language) -> None:
    sheet.title = say("sheet.overview", language)
    counts = [(say(f"sheet.{kind}", language), str(len(_items(ruleset, kind)))) for kind in SHEETS if kind in ALWAYS or _items(ruleset, kind)]
    head(sheet, [(say("column.item", language), 22), (say("column.content", language), 90)])
    rows = [*notice_rows(ruleset, language), *counts, *source_rows(ruleset, language)]
    for number, row in enumerate(rows, 2):
        for column, content in enumerate(row, 1):
            put(sheet.cell(number, column), content)


def _fill(sheet: Worksheet, columns: Sequence[Column], items: Iterable[object], language: Language) -> None:
    head(sheet, [(say(f"column.{column.name}", language), column.width) for column in columns])
    last = 1
    for last, item in enumerate(items, 2):
        for number, column in enumerate(columns, 1):
            put(sheet.cell(last, number), column.content(item, language))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"


def _field(name: str) -> Callable[[Any, Language], Content]:
    return lambda item, language: getattr(item, name, None)


def _of_value(name: str) -> Callable[[Any, Language], Content]:
    return lambda rule, language: getattr(rule.value, name, None)


def _number(name: str) -> Callable[[Any, Language], Content]:
    def content(rule: RuleBase, language: Language) -> Content:
        text = getattr(rule.value, name, None)
        return None if text is None else Decimal(text)

    return content


def _start(rule: RuleBase, language: Language) -> Content:
    at = getattr(rule.value, "at", None) if getattr(rule, "role", None) != "closes" else None
    return words.moment(at or getattr(rule.value, "start", None) or "")


def _end(rule: RuleBase, language: Language) -> Content:
    at = getattr(rule.value, "at", None) if getattr(rule, "role", None) == "closes" else None
    return words.moment(at or getattr(rule.value, "end", None) or "")


def _scope(rule: RuleBase, language: Language) -> Content:
    return "；".join(f"{chip.label}：{chip.text}" for chip in words.scope_chips(rule.scope, language))


def _joined(name: str) -> Callable[[Any, Language], Content]:
    return lambda item, language: "、".join(getattr(item, name))


def _message(prefix: str, name: str) -> Callable[[Any, Language], Content]:
    def content(item: object, language: Language) -> Content:
        value = getattr(item, name)
        return say(f"{prefix}.{value}", language) if value else None

    return content


def _values(item: Any) -> list[Evidence]:
    """The evidence of the value, of all where none is for the value."""
    return [e for e in item.evidence if e.role == "value"] or list(item.evidence)


def _quote(item: Any, language: Language) -> Content:
    return next((e.quote for e in _values(item)), None)


def _section(item: Any, language: Language) -> Content:
    return next((e.section for e in _values(item)), None)


def _more(item: Any, language: Language) -> Content:
    return "\n".join(f"{e.section}：{e.quote}" for e in _values(item)[1:])


def _cites(rule: RuleBase, language: Language) -> Content:
    return "；".join(f"{cite.reference} {'、'.join(cite.articles)}".strip() for cite in rule.cites)


def _own(name: str) -> Callable[[Any, Language], Content]:
    return lambda rule, language: words.own_words(rule, name)


def _own_columns(**widths: int) -> tuple[Column, ...]:
    return tuple(Column(name, width, _own(name)) for name, width in widths.items())


QUOTE = Column("quote", 46, _quote)
CLAUSE = Column("section", 12, _section)
MORE = Column("more", 36, _more)

_WHO = (
    Column("scope", 30, _scope),
    Column("condition", 26, lambda rule, language: words.condition_words(rule.condition, language)),
    Column("modality", 9, _message("modality", "modality")),
)
_PROOF = (
    QUOTE,
    CLAUSE,
    MORE,
    Column("cites", 26, _cites),
    Column("confidence", 9, lambda rule, language: Decimal(rule.confidence.score)),
    Column("reasons", 34, lambda rule, language: "；".join(words.reason_words(rule.confidence, language))),
    Column("review", 10, lambda rule, language: say(f"status.{rule.review.status}", language)),
    Column("key", 40, _field("key")),
    Column("uid", 18, _field("uid")),
)

SUBJECT = Column("subject", 20, _field("subject"))

COLUMNS: dict[str, tuple[Column, ...]] = {
    "date": (
        Column("subject", 20, _field("subject")),
        Column("role", 10, _message("role", "role")),
        Column("value", 30, lambda rule, language: words.value_words(rule.value, rule, language)),
        Column("start", 17, _start),
        Column("end", 17, _end),
        *_WHO,
        *_PROOF,
    ),
    "fee": (
        Column("subject", 20, _field("subject")),
        Column("value", 22, lambda rule, language: words.value_words(rule.value, rule, language)),
        Column("amount", 10, _number("amount")),
        Column("currency", 8, _of_value("currency")),
        Column("per", 8, _field("per")),
        Column("payer", 14, _field("payer")),
        Column("payee", 18, _field("payee")),
        *_WHO,
        *_PROOF,
    ),
    "threshold": (
        Column("subject", 20, _field("subject")),
        Column("value", 22, lambda rule, language: words.value_words(rule.value, rule, language)),
        Column(
            "op", 8, lambda rule, language: words.SIGNS.get(getattr(rule.value, "op", ""), None) or ("＝" if getattr(rule.value, "op", "") else None)
        ),
        Column("number", 10, _number("number")),
        Column("unit", 10, _of_value("unit")),
        Column("per", 8, _field("per")),
        Column("of_whom", 18, _field("of_whom")),
        *_WHO,
        *_PROOF,
    ),
    "eligibility": (SUBJECT, *_own_columns(outcome=16), *_WHO, *_PROOF),
    "material": (SUBJECT, *_own_columns(form=14, copies=8), *_WHO, *_PROOF),
    "step": (*_own_columns(order=8), SUBJECT, *_own_columns(actor=22, action=40, system=26, url=26), *_WHO, *_PROOF),
    "penalty": (SUBJECT, *_own_columns(conduct=36, consequence=36), *_WHO, *_PROOF),
    "contact": (SUBJECT, *_own_columns(organisation=28, persons=16, phones=20, emails=22, address=30), *_PROOF),
    "score": (
        Column("items", 36, lambda rule, language: " / ".join(rule.scope.items) if isinstance(rule.scope.items, tuple) else None),
        Column("value", 22, lambda rule, language: words.value_words(rule.value, rule, language)),
        Column("number", 10, _number("number")),
        *_PROOF,
    ),
    "reference": (
        Column("title", 50, _field("title")),
        Column("document_number", 24, _field("document_number")),
        Column("relation", 12, _message("relation", "relation")),
        Column("aliases", 20, _joined("aliases")),
        Column("articles", 30, _joined("articles")),
        Column("url", 30, _field("url")),
        QUOTE,
        CLAUSE,
        MORE,
    ),
    "finding": (
        Column("severity", 10, _message("severity", "severity")),
        Column("message", 60, _field("message")),
        QUOTE,
        CLAUSE,
        MORE,
        Column("code", 20, _field("code")),
    ),
    "statement": (
        Column("section", 12, lambda told, language: told.statement.section),
        Column("statement", 70, _told_words),
        Column("normative", 10, lambda told, language: say("statement.yes", language) if told.statement.normative else None),
        Column("covered", 46, _told_rules),
        Column("reason", 18, _told_reason),
    ),
}
"""The columns of a sheet by its kind."""
PLAIN = (SUBJECT, *_WHO, *_PROOF)
"""Of a kind that has no columns of its own."""
SHEETS = (*words.KINDS, "finding", "statement")
"""In order."""

ALWAYS = (*words.CORE, "finding")
"""Sheets that stand there also where a notice has nothing for them."""
