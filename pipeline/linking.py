"""What rules are to each other, once all of them have names: a threshold that is one condition of an eligibility rule, an adjustment and what it adjusts."""

from bisect import bisect_left
from collections.abc import Sequence

from schemas.ruleset import EligibilityRule, RuleBase, ThresholdRule
from schemas.values import Adjustment


def linked(rules: Sequence[RuleBase]) -> tuple[RuleBase, ...]:
    """The rules in their order with `part_of` and `adjustment.to` filled."""
    wholes = sorted((held.start, held.end, rule.uid) for rule in rules if isinstance(rule, EligibilityRule) for held in rule.evidence)
    longest = max((end - start for start, end, _ in wholes), default=0)
    return tuple(_adjusting(rule, rules) if isinstance(rule.value, Adjustment) else _part(rule, wholes, longest) for rule in rules)


def _part(rule: RuleBase, wholes: Sequence[tuple[int, int, str]], longest: int) -> RuleBase:
    """A threshold whose number stands in the words of an eligibility rule, of the closest one where several quote it.

    `wholes` are the quotes of eligibility rules in order, start, end and uid, none longer than `longest`.
    """
    if not isinstance(rule, ThresholdRule):
        return rule
    around = []
    for own in rule.evidence:
        near = wholes[bisect_left(wholes, (own.end - longest,)) : bisect_left(wholes, (own.start + 1,))]
        around += [(end - start, uid) for start, end, uid in near if own.end <= end]
    return rule.model_copy(update={"part_of": min(around)[1]}) if around else rule


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
