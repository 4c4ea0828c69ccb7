"""Names for rules: the key says what a rule is about, and the same rule has the same key next year."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.ruleset import Condition, Scope, make_key
from schemas.values import Value


@dataclass(frozen=True)
class Named:
    """What a key is made of. `role` is a date's role, null for other kinds."""

    kind: str
    subject: str
    role: str | None
    value: Value | None
    condition: Condition | None
    scope: Scope


def _bound(value: Value | None) -> str | None:
    if value is not None and value.type == "quantity":
        return {">": "min", ">=": "min", "<": "max", "<=": "max"}.get(value.op)
    return None


def _date_suffix(role: str, value: Value | None) -> str:
    """The role; a condition open at one end says at which, for 2001年以后 and 2001年以前 are two rules and no contradiction."""
    if role == "condition" and value is not None and value.type == "window" and (value.start is None) != (value.end is None):
        return f"{role}.{'until' if value.start is None else 'from'}"
    return role


def assign_keys(rules: Sequence[Named]) -> list[str]:
    """One key a rule, in order, all different.

    `.min` and `.max` stand only where both bounds are stated of one thing, so that a bound re-worded as a bare number keeps its key.
    A second value under one key ends in `#2`.
    """
    bounds: dict[str, set[str]] = defaultdict(set)
    plain = [make_key(r.kind, r.subject, _date_suffix(r.role, r.value) if r.role else None, r.condition, r.scope) for r in rules]
    for rule, key in zip(rules, plain, strict=True):
        if bound := _bound(rule.value):
            bounds[key].add(bound)
    seen: Counter[str] = Counter()
    keys = []
    for rule, key in zip(rules, plain, strict=True):
        bound = _bound(rule.value)
        if bound and len(bounds[key]) == 2:
            key = make_key(rule.kind, rule.subject, bound, rule.condition, rule.scope)
        seen[key] += 1
        keys.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return keys
