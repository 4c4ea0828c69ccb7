"""The ways to apply that a notice opens, each one tree of conditions: which level, by which route, and what all the eligibility rules ask together.

How rules that stand apart in a notice combine:
- a rule that opens (可申报) is an alternative to the others of the same scope;
- a rule that demands (须, 方可, 才能) must be met, one that bars (不得申报) must not;
- a rule for wider circles (凡…可参加评审) is asked as well. Where it is not met the notice does not say whether the narrower rule opens all the same,
  so this is put as a question and closes nothing by itself;
- what a rule says of certain persons, employers, specialities or regions holds for them only: whether one is meant is a question too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.terms import holds
from extractors.vocabulary import rows
from schemas.assessment import Effect
from schemas.ruleset import Condition, EligibilityRule, Notice, RuleBase, Ruleset, Stated

_ONLY_THEN = ("方", "才", "须", "需", "应")  # 方可申报, 才能参评: what stands before is demanded
_GUARDS = {"applicants": "申报人属于", "employers": "申报人所在单位属于", "specialties": "申报人的专业属于", "regions": "申报人所在地区属于"}
_QUOTED = 60


@dataclass(frozen=True)
class Part:
    """Eligibility rules that stand together in a route, and the condition they make. Every part of a route must be true."""

    effect: Effect
    rules: tuple[EligibilityRule, ...]
    condition: Condition


@dataclass(frozen=True)
class Route:
    """A level and a route that a notice names; null where it names none. `condition` is true: open, false: closed, unknown: undecided."""

    level: str | None
    route: str | None
    parts: tuple[Part, ...]

    @property
    def condition(self) -> Condition:
        return Condition(all=tuple(part.condition for part in self.parts))


def routes(ruleset: Ruleset) -> tuple[Route, ...]:
    """Every level and route that the eligibility rules name, lowest level first; nothing for a notice without eligibility rules."""
    rules = [rule for rule in ruleset.rules if isinstance(rule, EligibilityRule)]
    named = [rule for rule in rules if rule.modality != "must_not"]
    if not named:
        return ()
    levels = _levels(named)
    found: list[Route] = []
    for level in levels or (None,):
        here = [rule for rule in named if applies(rule.scope.levels, level)]
        ways = list(dict.fromkeys(way for rule in here for way in _values(rule.scope.routes)))
        if not ways or any(_opens(rule) and not _values(rule.scope.routes) and _values(rule.scope.levels) for rule in here):
            ways.insert(0, "")
        found += (_route(ruleset.notice, rules, level, way or None, levels) for way in ways)
    return tuple(found)


def when(rule: RuleBase, notice: Notice) -> Condition | None:
    """Under what condition a rule holds for a person whose level and route it is for; null where it holds without any."""
    guards = _guards(rule, notice)
    parts = (*guards, rule.condition) if rule.condition is not None else guards
    return None if not parts else parts[0] if len(parts) == 1 else Condition(all=parts)


def applies(stated: Stated, value: str | None) -> bool:
    """Whether a scope's levels or routes leave in the value: 高级 leaves in 副高级, unstated and all leave in everything."""
    return not _values(stated) or value in _values(stated) or any(value in holds(wide) for wide in _values(stated))


def may_apply(stated: Stated, value: str | None) -> bool:
    """Whether they leave in a part of it: 副高级 a part of 高级, anything a part of what is not named."""
    return applies(stated, value) or value is None or any(part in _values(stated) for part in holds(value))


def _values(stated: Stated) -> tuple[str, ...]:
    return stated if isinstance(stated, tuple) else ()


@cache
def _rank() -> dict[str, int]:
    return {row["level"]: int(row["rank"] or 0) for row in rows("levels.tsv")}


def _levels(rules: Iterable[EligibilityRule]) -> tuple[str, ...]:
    """The levels named; a wide one (高级) gives way to those that it holds where one of them is named too."""
    named = {level for rule in rules for level in _values(rule.scope.levels)}
    apart = {level: holds(level) if named & set(holds(level)) else (level,) for level in named}
    return tuple(sorted({part for parts in apart.values() for part in parts}, key=lambda level: (_rank().get(level, 0), level)))


def _demands(rule: EligibilityRule) -> bool:
    return rule.modality == "must" or rule.outcome.startswith(_ONLY_THEN)


def _opens(rule: EligibilityRule) -> bool:
    return rule.modality != "must_not" and not _demands(rule)


def _covered(rule: EligibilityRule, levels: Sequence[str]) -> frozenset[str]:
    return frozenset(level for level in levels if applies(rule.scope.levels, level))


def _route(notice: Notice, rules: Sequence[EligibilityRule], level: str | None, way: str | None, levels: Sequence[str]) -> Route:
    here = [rule for rule in rules if applies(rule.scope.levels, level) and applies(rule.scope.routes, way)]
    demands = [Part("requires", (rule,), _unless_meant(rule, notice)) for rule in here if rule.modality != "must_not" and _demands(rule)]
    bars = [Part("bars", (rule,), Condition.model_validate({"not": _asked(rule, notice)})) for rule in here if rule.modality == "must_not"]
    groups: dict[tuple[bool, bool, frozenset[str]], list[EligibilityRule]] = {}
    for rule in filter(_opens, here):
        routed, reach = bool(_values(rule.scope.routes)), _covered(rule, levels)
        if routed or way is None or len(reach) == len(levels):  # what opens one level only, without a route, is no demand on the level's other routes
            groups.setdefault((not routed, not _values(rule.scope.levels), reach), []).append(rule)
    narrowest, *wider = [groups[key] for key in sorted(groups, key=lambda key: (key[0], key[1], len(key[2])))] or [[]]
    opens = _any([_asked(rule, notice) for rule in narrowest] or [Condition(opaque=_no_opening(level, way))])
    general = [Part("general", tuple(group), _any([*(_asked(rule, notice) for rule in group), _even_so(group)])) for group in wider]
    return Route(level, way, (Part("opens", tuple(narrowest), opens), *general, *demands, *bars))


def _any(parts: Sequence[Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else Condition(any=tuple(parts))


def _asked(rule: EligibilityRule, notice: Notice) -> Condition:
    """What an opening or a bar asks; its words where no condition was read from them."""
    return when(rule, notice) or Condition(opaque=_quote(rule))


def _unless_meant(rule: EligibilityRule, notice: Notice) -> Condition:
    """A demand on certain persons is met by everybody else."""
    demand = rule.condition or Condition(opaque=_quote(rule))
    others = tuple(Condition.model_validate({"not": guard}) for guard in _guards(rule, notice))
    return _any((demand, *others))


def _guards(rule: RuleBase, notice: Notice) -> tuple[Condition, ...]:
    """Questions whether the rule's persons, employers, specialities and regions are the applicant's; what the whole notice is for is none."""
    known = {"specialties": set(notice.specialties), "regions": set(notice.regions)}
    stated = {name: _values(getattr(rule.scope, name)) for name in _GUARDS}
    return tuple(
        Condition(opaque=f"{_GUARDS[name]}：{'、'.join(values)}")
        for name, values in stated.items()
        if values and not set(values) <= known.get(name, set())
    )


def _quote(rule: RuleBase) -> str:
    words = "".join(next((e.quote for e in rule.evidence if e.role == "value"), rule.subject).split())
    return words if len(words) <= _QUOTED else f"{words[:_QUOTED]}…"


def _name(level: str | None, way: str | None) -> str:
    return "·".join(part for part in (level, way) if part) or "申报"


def _no_opening(level: str | None, way: str | None) -> str:
    return f"通知没有写明谁可以申报（{_name(level, way)}），而本人可以申报"


def _even_so(group: Sequence[EligibilityRule]) -> Condition:
    return Condition(opaque=f"即使不符合“{'；'.join(map(_quote, group))}”，也可以申报")
