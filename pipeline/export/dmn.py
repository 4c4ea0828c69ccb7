"""Decision tables in DMN 1.3: who may apply, which routes are open, which fees and thresholds hold, each row with its clause and quote as annotation.

Three values in a two-valued table: the hit policy is COLLECT, a rule has rows that say "yes" and rows that say "no", and one of which neither is hit is
undecided. Every cell asks first whether the fact is known, so that a missing one (null) hits nothing.

Cells are FEEL that Python reads alike (SpiffWorkflow evaluates cells as Python, with null, true and false in its environment): `!=`, `>=`, `in [...]`,
`and`, `or`, `not(...)` and strings in double quotes, with brackets around every `in`. A condition with too many branches for rows stands as one
expression in the column `formula`.
"""

import itertools
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from lxml import etree

from extractors.vocabulary import rows as vocabulary_rows
from pipeline.assess import proof
from pipeline.evaluate import TITLES, bound
from pipeline.export.vocabulary import asked_schema, words_of
from pipeline.routes import applies, routes, when
from schemas.facts import FACTS_BY_NAME, question_name
from schemas.ruleset import Condition, EligibilityRule, FeeRule, RuleBase, Ruleset, Stated, Test, ThresholdRule
from schemas.values import Money, Quantity

MODEL = "https://www.omg.org/spec/DMN/20191111/MODEL/"
MOST_ROWS = 60
"""Of one answer of one rule; what has more branches becomes a formula."""
FORMULA = "formula"
_UNSAFE = re.compile(r"""['"?\\\x00-\x1f\x7f-\x9f\ud800-\udfff][0-9A-Fa-f]*""")
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Case = dict[str, tuple[str, ...]]
"""One branch: for each input the tests on it, each with ? for the input's value. All of them hold together."""


@dataclass(frozen=True)
class Row:
    case: Case
    outputs: tuple[str | Fraction | None, ...]
    clause: str
    quote: str


@dataclass(frozen=True)
class Decision:
    name: str
    label: str
    outputs: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)


def dmn_bytes(ruleset: Ruleset) -> bytes:
    """The definitions with the decisions `eligibility`, `routes`, `fees` and `thresholds`; one that has no rows is left out."""
    decisions = [_eligibility(ruleset), _routes(ruleset), _fees(ruleset), _thresholds(ruleset)]
    return _xml(ruleset, [decision for decision in decisions if decision.rows])


# -- decisions


def _eligibility(ruleset: Ruleset) -> Decision:
    """Is the condition of each eligibility rule met? A rule that bars (modality must_not) bars where the answer is yes."""
    decision = Decision("eligibility", "申报资格", ("rule", "outcome", "modality", "answer"))
    for rule in ruleset.rules:
        if isinstance(rule, EligibilityRule) and rule.condition is not None:
            _add_both(decision, rule.condition, (rule.uid, rule.outcome, rule.modality), *_said(rule))
    return decision


def _routes(ruleset: Ruleset) -> Decision:
    """Is each route open?"""
    decision = Decision("routes", "可否申报", ("level", "route", "open"))
    for way in routes(ruleset):
        clauses = "、".join(dict.fromkeys(proof(rule).clause for part in way.parts for rule in part.rules))
        _add_both(decision, way.condition, (way.level, way.route), clauses, "；".join(proof(rule).quote for rule in way.parts[0].rules))
    return decision


def _add_both(decision: Decision, condition: Condition, outputs: tuple[str | None, ...], clause: str, quote: str) -> None:
    decision.conditions.append(condition)
    for wanted, answer in ((True, "yes"), (False, "no")):
        decision.rows.extend(Row(case, (*outputs, answer), clause, quote) for case in _cases(condition, wanted))


def _fees(ruleset: Ruleset) -> Decision:
    decision = Decision("fees", "收费", ("rule", "subject", "amount", "currency", "per", "value"))
    for rule in ruleset.rules:
        if isinstance(rule, FeeRule):
            money = rule.value if isinstance(rule.value, Money) else None
            stated = (Fraction(money.amount), money.currency) if money else (None, None)
            _add(decision, rule, ruleset, (rule.uid, rule.subject, *stated, rule.per, rule.value.type if rule.value else None))
    return decision


def _thresholds(ruleset: Ruleset) -> Decision:
    decision = Decision("thresholds", "门槛", ("rule", "subject", "op", "number", "unit", "per", "purpose"))
    for rule in ruleset.rules:
        if isinstance(rule, ThresholdRule):
            value = rule.value if isinstance(rule.value, Quantity) else None
            stated = (value.op, Fraction(value.number), value.unit) if value else (None, None, None)
            _add(decision, rule, ruleset, (rule.uid, rule.subject, *stated, rule.per, rule.purpose))
    return decision


def _add(decision: Decision, rule: RuleBase, ruleset: Ruleset, outputs: tuple[str | Fraction | None, ...]) -> None:
    """The rule's rows: for its levels and routes, where its condition and what narrows its scope are surely met."""
    scope = {name: (cell,) for name, cell in (("level", _levels(rule.scope.levels)), ("route", _named(rule.scope.routes))) if cell}
    condition = when(rule, ruleset.notice)
    if condition is not None:
        decision.conditions.append(condition)
    for case in [{}] if condition is None else _cases(condition, True):
        decision.rows.append(Row({**scope, **case}, outputs, *_said(rule)))


def _said(rule: RuleBase) -> tuple[str, str]:
    shown = proof(rule)
    return shown.clause, shown.quote


def _levels(stated: Stated) -> str | None:
    """高级 is asked as 高级, 副高级 or 正高级."""
    if not isinstance(stated, tuple):
        return None
    known = dict.fromkeys((*stated, *(row["level"] for row in vocabulary_rows("levels.tsv"))))
    return _one_of([level for level in known if applies(stated, level)])


def _named(stated: Stated) -> str | None:
    return _one_of(stated) if isinstance(stated, tuple) else None


# -- conditions


def _cases(condition: Condition, wanted: bool) -> list[Case]:
    """The branches in which the answer is surely the wanted one; as one formula where there are too many."""
    try:
        return _branches(condition, wanted)
    except OverflowError:
        return [{FORMULA: (_formula(condition, wanted),)}]


def _branches(condition: Condition, wanted: bool) -> list[Case]:
    """Raises OverflowError beyond MOST_ROWS."""
    if condition.not_ is not None:
        return _branches(condition.not_, not wanted)
    if condition.all is None and condition.any is None:
        return [{name: (test,)} for name, test in _leaf(condition, wanted)]
    parts = [_branches(part, wanted) for part in condition.parts()]
    if (condition.all is not None) is wanted:
        found: list[Case] = [{}]
        for part in parts:
            found = _distinct(_both(left, right) for left, right in itertools.product(found, part))
    else:
        found = _distinct(case for part in parts for case in part)
    return found


def _distinct(cases: Iterable[Case]) -> list[Case]:
    found: list[Case] = []
    for case in cases:
        if case not in found:
            found.append(case)
        if len(found) > MOST_ROWS:
            raise OverflowError
    return found


def _both(left: Case, right: Case) -> Case:
    return {name: tuple(dict.fromkeys((*left.get(name, ()), *right.get(name, ())))) for name in dict.fromkeys((*left, *right))}


def _formula(condition: Condition, wanted: bool) -> str:
    if condition.not_ is not None:
        return _formula(condition.not_, not wanted)
    if condition.all is None and condition.any is None:
        tests = [f"({name} != null and {test.replace('?', name)})" for name, test in _leaf(condition, wanted)]
        return tests[0] if tests else "false"
    parts = [_formula(part, wanted) for part in condition.parts()]
    both = (condition.all is not None) is wanted
    return f"({(' and ' if both else ' or ').join(parts)})" if parts else ("true" if both else "false")


def _leaf(condition: Condition, wanted: bool) -> list[tuple[str, str]]:
    """The input that a test or a question asks and what it must be; nothing where the answer cannot be the wanted one."""
    if condition.opaque is not None:
        return [(question_name(condition.opaque), _is(wanted))]
    test = condition.test
    fact = FACTS_BY_NAME.get(test.fact) if test is not None else None
    if test is None or fact is None:
        return []
    match fact.kind:
        case "boolean":
            text: str | None = _is((test.value == ("true",)) is wanted)
        case "number":
            text = _number(test, wanted)
        case "ordered":
            words = words_of(test)
            text = _one_of(words.met if wanted else words.refused)
        case "set":
            text = _set(test, wanted)
    return [(fact.name, text)] if text else []


def _is(value: bool) -> str:
    return f"(? in [{'true' if value else 'false'}])"


def _one_of(words: Sequence[str]) -> str | None:
    return f"(? in [{', '.join(map(_string, words))}])" if words else None


def _number(test: Test, wanted: bool) -> str | None:
    asked = bound(test)
    if asked is None:
        return None
    text = f"(? in [{_literal(asked)}])" if test.op == "=" else f"(? {test.op} {_literal(asked)})"
    return text if wanted else f"not({text[1:-1]})"


def _set(test: Test, wanted: bool) -> str | None:
    """Has the person one of the words? Surely not, where none is held that meets the test or leaves it open; of places and specialities, which may lie in
    one another, only who has none at all."""
    words = words_of(test)
    if wanted:
        return _holds_any(words.met)
    if words.others is None and test.fact not in TITLES:
        return "(? in [[]])"
    held = _holds_any((*words.met, *words.open))
    return f"not({held})" if held else "(true in [true])"


def _holds_any(words: Sequence[str]) -> str | None:
    return f"({' or '.join(f'({_string(word)} in ?)' for word in words)})" if words else None


def _literal(number: Fraction) -> str:
    if number.denominator == 1:
        return str(number.numerator)
    return repr(float(number))


def _string(text: str) -> str:
    """A string literal of both languages. What either might read otherwise is escaped, and the hex digits after it, which some engines take for a part
    of the escape; quotes and question marks too, for SpiffWorkflow finds the input's ? by counting quotes."""
    return '"' + _UNSAFE.sub(lambda found: "".join(f"\\u{ord(c):04x}" for c in found.group()), text) + '"'


# -- the file


def _xml(ruleset: Ruleset, decisions: Sequence[Decision]) -> bytes:
    schema = asked_schema(condition for decision in decisions for condition in decision.conditions)
    asked: dict[str, Any] = {"level": {"type": "string"}, "route": {"type": "string"}, **schema["properties"]}
    used = [name for name in asked if any(name in row.case for decision in decisions for row in decision.rows)]
    notice = ruleset.notice
    default: dict[str | None, str] = {None: MODEL}
    root = etree.Element(
        f"{{{MODEL}}}definitions",
        {
            "id": "definitions",
            "name": _xml_text(notice.title or ruleset.source.file),
            "namespace": f"urn:noticerules:{notice.series or ruleset.source.sha256[:16]}:{notice.edition or ''}",
        },
        nsmap=default,  # type: ignore[arg-type]  # the stubs know no default namespace
    )
    for name in used:
        _item_definition(root, name, asked[name])
    for decision in decisions:
        _decision(root, decision, [name for name in (*used, FORMULA) if any(name in row.case for row in decision.rows)], asked)
    for name in used:
        data = _add_element(root, "inputData", id=f"input_{name}", name=name)
        _description(data, asked[name].get("title"))
        _add_element(data, "variable", id=f"variable_{name}", name=name, typeRef=_type(asked[name], name))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_element(parent: Any, tag: str, text: str | None = None, **attributes: str) -> Any:
    element = etree.SubElement(parent, f"{{{MODEL}}}{tag}", {name: _xml_text(value) for name, value in attributes.items()})
    if text is not None:
        etree.SubElement(element, f"{{{MODEL}}}text").text = _xml_text(text)
    return element


def _xml_text(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)


def _description(parent: Any, text: str | None) -> None:
    if text:
        etree.SubElement(parent, f"{{{MODEL}}}description").text = _xml_text(text)


def _plain_type(described: dict[str, Any]) -> str:
    types = described.get("type", "string")
    return str(next(name for name in (types if isinstance(types, list) else [types]) if name != "null"))


def _type(described: dict[str, Any], name: str) -> str:
    plain = _plain_type(described)
    return f"t_{name}" if plain == "array" or "enum" in described else plain


def _item_definition(root: Any, name: str, described: dict[str, Any]) -> None:
    """The type of a fact that is a list or has a list of words."""
    plain = _plain_type(described)
    allowed = described.get("enum") or described.get("items", {}).get("enum")
    if plain != "array" and not allowed:
        return
    element = _add_element(root, "itemDefinition", name=f"t_{name}", isCollection=json.dumps(plain == "array"))
    etree.SubElement(element, f"{{{MODEL}}}typeRef").text = "string"
    if allowed:
        _add_element(element, "allowedValues", ", ".join(_string(word) for word in allowed if word is not None))


def _decision(root: Any, decision: Decision, inputs: Sequence[str], asked: dict[str, Any]) -> None:
    element = _add_element(root, "decision", id=decision.name, name=decision.label)
    _add_element(element, "variable", id=f"variable_{decision.name}", name=decision.name)
    for name in (name for name in inputs if name != FORMULA):
        required = _add_element(element, "informationRequirement", id=f"{decision.name}_needs_{name}")
        _add_element(required, "requiredInput", href=f"#input_{name}")
    table = _add_element(element, "decisionTable", id=f"{decision.name}_table", hitPolicy="COLLECT")
    for name in inputs:
        column = _add_element(table, "input", id=f"{decision.name}_{name}", label=asked.get(name, {}).get("title", name))
        type_ref = "boolean" if name == FORMULA else _type(asked[name], name)
        _add_element(column, "inputExpression", "true" if name == FORMULA else name, id=f"{decision.name}_{name}_value", typeRef=type_ref)
    for name in decision.outputs:
        is_number = name in ("amount", "number")
        _add_element(table, "output", id=f"{decision.name}_out_{name}", name=name, label=name, typeRef="number" if is_number else "string")
    for number, row in enumerate(decision.rows, 1):
        _row(table, f"{decision.name}_{number}", row, inputs)


def _row(table: Any, name: str, row: Row, inputs: Sequence[str]) -> None:
    """The clause is annotated twice: editors show the description, other engines read annotation entries."""
    said = f"{row.clause}：{row.quote}"
    rule = _add_element(table, "rule", id=name)
    _description(rule, said)
    for column in inputs:
        _add_element(rule, "inputEntry", _cell(column, row.case.get(column, ())), id=f"{name}_{column}")
    for number, output in enumerate(row.outputs, 1):
        _add_element(rule, "outputEntry", _output(output), id=f"{name}_out{number}")
    _add_element(rule, "annotationEntry", said)


def _cell(column: str, tests: Sequence[str]) -> str:
    if not tests:
        return "-"
    return " and ".join(tests) if column == FORMULA else " and ".join(("? != null", *tests))


def _output(value: str | Fraction | None) -> str:
    if value is None:
        return "null"
    return _string(value) if isinstance(value, str) else _literal(value)
