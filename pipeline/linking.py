"""What rules are to each other, once all of them have names: a threshold that is one condition of an eligibility rule, an adjustment and what it adjusts."""

from collections.abc import Sequence

from schemas.ruleset import EligibilityRule, Evidence, RuleBase, ThresholdRule
from schemas.values import Adjustment


def linked(rules: Sequence[RuleBase]) -> tuple[RuleBase, ...]:
    """The rules in their order with `part_of` and `adjustment.to` filled."""
    wholes = [rule for rule in rules if isinstance(rule, EligibilityRule)]
    return tuple(_adjusting(rule, rules) if isinstance(rule.value, Adjustment) else _part(rule, wholes) for rule in rules)


def _part(rule: RuleBase, wholes: Sequence[EligibilityRule]) -> RuleBase:
    """A threshold whose number stands in the words of an eligibility rule, of the closest one where several quote it."""
    if not isinstance(rule, ThresholdRule):
        return rule
    around = [(held.end - held.start, whole.uid) for whole in wholes for held in whole.evidence for own in rule.evidence if _holds(held, own)]
    return rule.model_copy(update={"part_of": min(around)[1]}) if around else rule


def _holds(outer: Evidence, inner: Evidence) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _adjusting(rule: RuleBase, rules: Sequence[RuleBase]) -> RuleBase:
    """在上述工作年限基础上顺延一年 adjusts the thresholds of its subject that stand before it in its list."""
    first = rule.evidence[0]
    to = tuple(
        other.uid
        for other in rules
        if isinstance(other, ThresholdRule)
        and other.subject == rule.subject
        and not isinstance(other.value, Adjustment)
        and any(e.end <= first.start and _list_of(e.section) == _list_of(first.section) for e in other.evidence)
    )
    return rule.model_copy(update={"value": rule.value.model_copy(update={"to": to})}) if isinstance(rule.value, Adjustment) else rule


def _list_of(section: str) -> str:
    """The section whose items a section is one of: 二/二 of 二/二/3."""
    return section.rpartition("/")[0] or section
