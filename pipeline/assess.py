"""May I apply? A ruleset and a person's facts → which routes are open, closed or undecided, why, what would decide it, and what follows.

In three values throughout: what is not known stays open, and words that no parser could read are put as questions. Nothing is concluded beyond the
notice's own rules, each with its clause and quote; the authority decides.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.evaluate import Answer, Stated, bound, evaluate
from pipeline.language import Language, say
from pipeline.report.overview import in_text_order
from pipeline.report.words import condition_words, rule_words
from pipeline.routes import Part, Route, may_apply, routes, when
from pipeline.routes import applies as is_for
from schemas.assessment import Assessment, Following, Line, Proof, Question, RouteAssessment, Status, TestedFact
from schemas.facts import FACTS_BY_NAME, question_name
from schemas.ruleset import Condition, DateRule, EligibilityRule, RuleBase, Ruleset, Test

FOLLOWING = ("date", "fee", "material", "step", "threshold", "exemption")
"""Kinds of rules that follow once a route is taken, in the order in which they are shown."""
TO_ACT = ("opens", "closes", "held")
"""Roles of dates that ask something of an applicant."""

Facts = Mapping[str, Stated]
_STATUS: dict[Answer, Status] = {True: "open", False: "closed", None: "undecided"}


def assess(ruleset: Ruleset, facts: Facts, language: Language | None = None) -> Assessment:
    """The assessment of one person. Raises NoticeError where a fact's value is not of its kind (`pipeline.facts.checked_facts` finds all of those)."""
    found = tuple(_assessed(route, ruleset, facts, language) for route in routes(ruleset))
    return Assessment(
        title=ruleset.notice.title,
        series=ruleset.notice.series,
        edition=ruleset.notice.edition,
        routes=found,
        questions=_most_useful(found),
    )


def _assessed(route: Route, ruleset: Ruleset, facts: Facts, language: Language | None) -> RouteAssessment:
    answer = evaluate(route.condition, facts)
    closed = answer is False
    return RouteAssessment(
        level=route.level,
        route=route.route,
        status=_STATUS[answer],
        lines=tuple(line for part in route.parts for line in _lines(part, answer, facts, language)),
        questions=tuple(_questions(route.condition, facts, language)) if answer is None else (),
        follows=() if closed else tuple(following(ruleset, route.level, route.route, facts, language)),
        condition=route.condition,
    )


def _lines(part: Part, status: Answer, facts: Facts, language: Language | None) -> Iterator[Line]:
    """The rules of a part. The status rests on the rules of those parts that have its answer, and among alternatives on those that are met."""
    held = evaluate(part.condition, facts)
    answers = [evaluate(rule.condition, facts) if rule.condition is not None else None for rule in part.rules]
    for rule, answer in zip(part.rules, answers, strict=True):
        helps = True if part.effect in ("requires", "bars") or held is False else answer is held or (held is None and part.effect == "general")
        yield Line(
            uid=rule.uid,
            key=rule.key,
            effect=part.effect,
            answer=answer,
            decides=held is status and helps,
            words=rule.outcome,
            tests=tuple(_tested(rule.condition, facts, language)),
            proof=proof(rule),
        )


def _tested(condition: Condition | None, facts: Facts, language: Language | None) -> Iterator[TestedFact]:
    for leaf in condition.leaves() if condition is not None else ():
        yield TestedFact(fact=_name(leaf), words=condition_words(leaf, language), answer=evaluate(leaf, facts))


def _name(leaf: Condition) -> str:
    return leaf.test.fact if leaf.test is not None else question_name(leaf.opaque or "")


def proof(rule: RuleBase) -> Proof:
    """Clause and quote of what a rule says."""
    shown = next((e for e in rule.evidence if e.role == "value"), rule.evidence[0])
    return Proof(clause=shown.section, quote="".join(shown.quote.split()))


# -- what would decide it


def _open_leaves(condition: Condition, facts: Facts) -> Iterator[Condition]:
    """The leaves that are unknown and on which the answer still hangs."""
    if evaluate(condition, facts) is None:
        if condition.test is not None or condition.opaque is not None:
            yield condition
        for part in condition.parts():
            yield from _open_leaves(part, facts)


def _questions(condition: Condition, facts: Facts, language: Language | None) -> Iterator[Question]:
    """One question a fact that nothing is known of, those first whose answer alone can decide."""
    asked: dict[str, list[Condition]] = {}
    for leaf in _open_leaves(condition, facts):
        if facts.get(_name(leaf)) is None:
            asked.setdefault(_name(leaf), []).append(leaf)
    found = [question(leaves, language, decides=_decides(condition, name, leaves, facts)) for name, leaves in asked.items()]
    yield from sorted((q for q in found if q is not None), key=lambda q: not q.decides)


def question(leaves: Sequence[Condition], language: Language | None = None, *, decides: bool = False) -> Question | None:
    """How to ask for what these leaves (all of one fact) test; null where no fact of the vocabulary is meant."""
    first = leaves[0]
    if first.test is None:
        return Question(name=_name(first), words=first.opaque or "", kind="boolean", decides=decides)
    fact = FACTS_BY_NAME.get(first.test.fact)
    if fact is None:
        return None
    values = fact.values
    if fact.kind == "set":
        values = tuple(dict.fromkeys(word for leaf in leaves if leaf.test is not None for word in (*leaf.test.value, *fact.values)))
    return Question(name=fact.name, words=say(f"fact.{fact.name}", language), kind=fact.kind, values=values, unit=fact.unit, decides=decides)


def _decides(condition: Condition, name: str, leaves: Sequence[Condition], facts: Facts) -> bool:
    return any(evaluate(condition, {**facts, name: value}) is not None for value in _candidates(name, leaves))


def _candidates(name: str, leaves: Sequence[Condition]) -> Iterator[Stated]:
    """Answers among which the deciding ones are, if there are any."""
    fact = FACTS_BY_NAME.get(name)
    tests = [leaf.test for leaf in leaves if leaf.test is not None]
    if fact is None or fact.kind == "boolean":
        yield from (True, False)
    elif fact.kind == "ordered":
        yield from fact.values
    elif fact.kind == "number":
        yield from (float(number) + step for number in _bounds(tests) for step in (-1, 0, 1))
    else:
        words = list(dict.fromkeys(word for test in tests for word in test.value))
        yield from ([], words, *([word] for word in words))


def _bounds(tests: Iterable[Test]) -> Iterator[float]:
    yield from (float(number) for test in tests if (number := bound(test)) is not None)


def _most_useful(found: Sequence[RouteAssessment]) -> tuple[Question, ...]:
    """Each question of the undecided routes once: first what alone can decide most of them, then what most of them ask."""
    asked: dict[str, list[Question]] = {}
    for one in (q for route in found for q in route.questions):
        asked.setdefault(one.name, []).append(one)
    ordered = sorted(asked.values(), key=lambda several: (-sum(q.decides for q in several), -len(several)))
    return tuple(
        several[0].model_copy(
            update={"values": tuple(dict.fromkeys(v for q in several for v in q.values)), "decides": any(q.decides for q in several)}
        )
        for several in ordered
    )


# -- what follows


def following(ruleset: Ruleset, level: str | None, route: str | None, facts: Facts, language: Language | None = None) -> Iterator[Following]:
    """The rules that hold for a level and route; not those whose condition the person does not meet."""
    for kind in FOLLOWING:
        for rule in in_text_order(rule for rule in ruleset.rules if rule.kind == kind and _asks_something(rule)):
            answer = holds_for(rule, ruleset, level, route, facts)
            if answer is not False:
                yield Following(
                    uid=rule.uid,
                    key=rule.key,
                    kind=rule.kind,
                    subject=rule.subject,
                    words=rule_words(rule, language),
                    answer=answer,
                    given=() if answer else tuple(_given(rule, ruleset, level, route, facts, language)),
                    proof=proof(rule),
                )


def _asks_something(rule: RuleBase) -> bool:
    return not isinstance(rule, EligibilityRule) and (not isinstance(rule, DateRule) or rule.role in TO_ACT)


def holds_for(rule: RuleBase, ruleset: Ruleset, level: str | None, route: str | None, facts: Facts) -> Answer:
    """Whether a rule holds for an applicant of this level and route; unknown where its level or route is only a part of what is asked for."""
    scope = rule.scope
    if not may_apply(scope.levels, level) or not may_apply(scope.routes, route):
        return False
    condition = when(rule, ruleset.notice)
    answer = True if condition is None else evaluate(condition, facts)
    within = is_for(scope.levels, level) and is_for(scope.routes, route)
    return answer if within or answer is False else None


def _given(rule: RuleBase, ruleset: Ruleset, level: str | None, route: str | None, facts: Facts, language: Language | None) -> Iterator[str]:
    """What it hangs on: a level or route that is narrower, and the leaves that are unknown."""
    for name, asked in (("levels", level), ("routes", route)):
        stated = getattr(rule.scope, name)
        if not is_for(stated, asked):
            yield f"{say(f'dimension.{name}', language)}：{'、'.join(stated)}"
    condition = when(rule, ruleset.notice)
    if condition is not None:
        yield from (condition_words(leaf, language) for leaf in _open_leaves(condition, facts))
