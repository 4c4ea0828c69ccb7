"""The contract in a clerk's words: what a kind, role, value, scope, condition or confidence is called on the page, in the workbook and in the terminal.

Every function takes a piece of a ruleset and a language (null: the current one) and returns plain text, never markup.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from pipeline.language import Language, say
from schemas.ruleset import (
    DIMENSIONS,
    RULE_KINDS,
    Condition,
    Confidence,
    ContactRule,
    DateRule,
    EligibilityRule,
    ExemptionRule,
    FeeRule,
    MaterialRule,
    PenaltyRule,
    Reference,
    RequirementRule,
    RuleBase,
    Scope,
    StepRule,
    Test,
    ThresholdRule,
)
from schemas.values import (
    Adjustment,
    Band,
    Banded,
    ByReference,
    External,
    Instant,
    Money,
    NotStated,
    OneOf,
    Prohibited,
    Quantity,
    Relative,
    Text,
    Value,
    Window,
)

CORE = ("date", "fee", "threshold", "reference")
"""Kinds that every report has a place for, also where a notice has none."""

KINDS = (*RULE_KINDS, "reference")
"""Kinds in the order in which everything shows them."""

SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<", "=": ""}


@dataclass(frozen=True)
class Chip:
    """A labelled word or two beside a rule: 级别 高级、中级."""

    label: str
    text: str


def word(name: str, fallback: str, language: Language | None = None) -> str:
    """The message `name`, or the fallback where no message has that name (a reason or fact that came later)."""
    try:
        return say(name, language)
    except KeyError:
        return fallback


def moment(text: str) -> str:
    """2022-08-31T20:00 → 2022-08-31 20:00."""
    return text.replace("T", " ")


def _per(rule: RuleBase | None) -> str:
    per = rule.per if isinstance(rule, FeeRule | ThresholdRule) else None
    return f"/{per}" if per else ""


def _money(value: Money, rule: RuleBase | None, language: Language | None) -> str:
    unit = {"CNY": "元"}.get(value.currency, value.currency)
    now = f"{value.amount} {unit}{_per(rule)}"
    return say("value.former", language, now=now, former=f"{value.former} {unit}") if value.former else now


def _quantity(value: Quantity, rule: RuleBase | None, language: Language | None) -> str:
    return f"{SIGNS[value.op]} {value.number} {value.unit}{_per(rule)}".strip()


def _band(band: Band, language: Language | None) -> str:
    if band.start and band.end:
        reach = f"{band.start}–{band.end}"
    else:
        reach = f"≥ {band.start}" if band.start else f"≤ {band.end}"
    return f"{reach} {band.unit} → {band.result} {band.result_unit}"


def _banded(value: Banded, rule: RuleBase | None, language: Language | None) -> str:
    return "；".join(_band(band, language) for band in value.bands)


def _one_of(value: OneOf, rule: RuleBase | None, language: Language | None) -> str:
    return say("value.or", language).join(value.values)


def _instant(value: Instant, rule: RuleBase | None, language: Language | None) -> str:
    return moment(value.at)


def _window(value: Window, rule: RuleBase | None, language: Language | None) -> str:
    start, end = moment(value.start or ""), moment(value.end or "")
    if start == end:
        return start
    if start and end:
        return say("value.between", language, start=start, end=end)
    return say("value.from", language, start=start) if start else say("value.until", language, end=end)


def _relative(value: Relative, rule: RuleBase | None, language: Language | None) -> str:
    unit = value.unit or ""
    name = f"value.relative.{value.relation}"
    if value.relation == "from" and value.offset:
        name += ".offset"
    if value.length and value.relation in ("from", "before", "after", "within"):
        name += ".length"
    if value.relation == "within" and value.length and not value.event:
        name += ".only"
    words = say(
        name,
        language,
        event=value.event or say("value.the_event", language),
        offset=f"{value.offset} {unit}".strip(),
        length=f"{value.length or ''} {unit}".strip(),
    )
    return say("value.resolved", language, words=words, resolved=moment(value.resolved)) if value.resolved else words


def _by_reference(value: ByReference, rule: RuleBase | None, language: Language | None) -> str:
    return say("value.by_reference", language, reference=value.reference)


def _external(value: External, rule: RuleBase | None, language: Language | None) -> str:
    return say("value.external", language, text=value.text)


def _adjustment(value: Adjustment, rule: RuleBase | None, language: Language | None) -> str:
    return say("value.adjustment", language, adds=f"{value.adds} {value.unit}")


def _prohibited(value: Prohibited, rule: RuleBase | None, language: Language | None) -> str:
    return say("value.prohibited" if isinstance(rule, FeeRule) else "value.prohibited.other", language)


def _not_stated(value: NotStated, rule: RuleBase | None, language: Language | None) -> str:
    return say("value.not_stated", language)


def _text(value: Text, rule: RuleBase | None, language: Language | None) -> str:
    return value.text


_VALUES: dict[str, Callable[..., str]] = {
    "money": _money,
    "quantity": _quantity,
    "banded": _banded,
    "one_of": _one_of,
    "instant": _instant,
    "window": _window,
    "relative": _relative,
    "by_reference": _by_reference,
    "external": _external,
    "adjustment": _adjustment,
    "prohibited": _prohibited,
    "not_stated": _not_stated,
    "text": _text,
}


def value_words(value: Value | None, rule: RuleBase | None = None, language: Language | None = None) -> str:
    """≥ 90 学时/年, 180 元/人, 2022-08-31 20:00; `rule` gives the unit's 每 and tells a forbidden fee from a forbidden act."""
    return say("value.none", language) if value is None else _VALUES[value.type](value, rule, language)


def rule_words(rule: RuleBase, language: Language | None = None) -> str:
    """What a rule says in a few words: 截止 2022-08-31 20:00, 可直接申报, 扫描件 2 份, 取消其评审资格; of a requirement the clause that binds."""
    if isinstance(rule, EligibilityRule):
        return rule.outcome
    if isinstance(rule, MaterialRule):
        copies = say("value.copies", language, copies=rule.copies) if rule.copies else ""
        return " ".join(part for part in (rule.form, copies) if part)
    if isinstance(rule, StepRule):
        return rule.action
    if isinstance(rule, PenaltyRule):
        return rule.consequence
    if isinstance(rule, ExemptionRule):
        return say("value.exempt", language)
    if isinstance(rule, ContactRule):
        return rule.organisation or "、".join(rule.persons) or "、".join(rule.phones)
    if isinstance(rule, RequirementRule):
        return "；".join("".join(e.quote.split()) for e in rule.evidence if e.role == "value")
    value = value_words(rule.value, rule, language)
    return f"{say(f'role.{rule.role}', language)} {value}" if isinstance(rule, DateRule) else value


def scope_chips(scope: Scope, language: Language | None = None) -> tuple[Chip, ...]:
    """One chip a stated dimension, in schema order."""
    chips = []
    for name in DIMENSIONS:
        values = getattr(scope, name)
        if values is not None:
            text = say("scope.all", language) if values == "all" else "、".join(values)
            chips.append(Chip(say(f"dimension.{name}", language), text))
    return tuple(chips)


def _test_words(test: Test, language: Language | None) -> str:
    fact = word(f"fact.{test.fact}", test.fact, language)
    value = say("value.or", language).join(word(f"test.{stated}", stated, language) for stated in test.value)
    if test.unit is not None:
        return f"{fact} {SIGNS[test.op] or '='} {value} {test.unit}"
    return say(f"test.{test.op}", language, fact=fact, value=value)


def condition_words(condition: Condition | None, language: Language | None = None) -> str:
    """学历：本科 或 学位：学士; empty where there is no condition."""
    if condition is None:
        return ""
    if condition.test is not None:
        return _test_words(condition.test, language)
    if condition.opaque is not None:
        return condition.opaque
    if condition.not_ is not None:
        return say("test.not", language, inner=condition_words(condition.not_, language))
    glue = say("test.and" if condition.all is not None else "test.or", language)
    return glue.join(_grouped(part, language) for part in condition.all or condition.any or ())


def _grouped(condition: Condition, language: Language | None) -> str:
    words = condition_words(condition, language)
    return f"（{words}）" if len(condition.all or condition.any or ()) > 1 else words


OWN_FIELDS = ("payer", "payee", "of_whom", "actor", "order", "system", "conduct", "persons", "phones", "emails", "address")
"""Fields of single kinds that stand beside the rule."""


def own_words(rule: RuleBase, name: str) -> str:
    """A field that only some kinds have, empty where this one has none: 水利局人事处; several as 张三、李四."""
    field = getattr(rule, name, None)
    return "、".join(field) if isinstance(field, tuple) else str(field) if field else ""


def rule_chips(rule: RuleBase, language: Language | None = None) -> tuple[Chip, ...]:
    """Everything that narrows or qualifies a rule: scope, condition, the fields of its kind, purpose, modality."""
    chips = list(scope_chips(rule.scope, language))
    if rule.condition is not None:
        chips.append(Chip(say("field.condition", language), condition_words(rule.condition, language)))
    for name in OWN_FIELDS:
        text = own_words(rule, name)
        if text:
            chips.append(Chip(say(f"field.{name}", language), text))
    if isinstance(rule, ThresholdRule) and rule.purpose == "trigger":
        chips.append(Chip(say("field.purpose", language), say("purpose.trigger", language)))
    if rule.modality is not None:
        chips.append(Chip(say("field.modality", language), say(f"modality.{rule.modality}", language)))
    return tuple(chips)


def reference_name(reference: Reference) -> str:
    """《title》（文号), or whichever of the two there is."""
    title = f"《{reference.title}》" if reference.title else ""
    number = reference.document_number or ""
    if title and number:
        return f"{title}（{number}）"
    return title or number or reference.id


def confidence_level(confidence: Confidence) -> str:
    """high, middle or low."""
    score = Decimal(confidence.score)
    return "high" if score >= Decimal("0.9") else "middle" if score >= Decimal("0.7") else "low"


def confidence_words(confidence: Confidence, language: Language | None = None) -> str:
    """把握高 0.95."""
    return say("confidence.words", language, level=say(f"confidence.{confidence_level(confidence)}", language), score=confidence.score)


def reason_words(confidence: Confidence, language: Language | None = None) -> tuple[str, ...]:
    """Why the score is what it is, a sentence a reason."""
    return tuple(word(f"reason.{reason}", reason, language) for reason in confidence.reasons)
