"""Restatements: the same requirement said again is more evidence for one rule; equal numbers alone never merge rules."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from pipeline.rules.draft import Draft
from schemas.ruleset import DIMENSIONS, Scope
from schemas.values import Instant, Quantity, Relative, Window


def merged(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts in order of the text, restatements folded into the first or the fuller statement."""
    out: list[Draft] = []
    restated: dict[int, list[Draft]] = defaultdict(list)
    places: dict[object, list[int]] = defaultdict(list)
    for draft in drafts:
        here = places[_topic(draft)]
        twin = next((i for i in here if _same(out[i], draft)), None)
        if twin is None:
            here.append(len(out))
            out.append(draft)
        else:
            out[twin] = _filled(out[twin], draft)
            restated[twin].append(draft)
    for i, drafts_again in restated.items():
        out[i] = _proven(out[i], drafts_again)
    return _fold_into_fuller(out)


def _same(a: Draft, b: Draft) -> bool:
    if (a.kind, a.subject, a.role, a.purpose, a.condition, a.scope) != (b.kind, b.subject, b.role, b.purpose, b.condition, b.scope):
        return False
    return a.own == b.own and _plain(a) == _plain(b) and all(_agree(getattr(a, f), getattr(b, f)) for f in ("per", "payee", "payer", "of_whom"))


def _plain(draft: Draft) -> object:
    """The value without what it owes to its printing: inferred parts."""
    value = draft.value
    return value.model_copy(update={"inferred": ()}) if isinstance(value, (Instant, Window)) else value


def _agree(a: str | None, b: str | None) -> bool:
    return a is None or b is None or a == b


def _joined(a: Draft, b: Draft) -> Draft:
    """One rule with the proofs of both; what one leaves open the other fills."""
    return _proven(_filled(a, b), [b])


def _filled(a: Draft, b: Draft) -> Draft:
    return replace(a, **{f: getattr(a, f) or getattr(b, f) for f in ("per", "payee", "payer", "of_whom", "modality")})


def _proven(a: Draft, others: Iterable[Draft]) -> Draft:
    return replace(a, proofs=tuple(dict.fromkeys((*a.proofs, *(proof for other in others for proof in other.proofs)))))


def _fold_into_fuller(drafts: list[Draft]) -> list[Draft]:
    """近4年 into the window of four years; 公示5个工作日 into 不少于5个工作日; 未满足90学时的 into 满足90学时."""
    out = dict(enumerate(drafts))
    alike: dict[object, list[int]] = defaultdict(list)
    for i, draft in out.items():
        alike[_topic(draft)].append(i)
    for i, draft in enumerate(drafts):
        same = alike[_topic(draft)]
        if len(same) == 1 or out[i] is not draft:
            continue
        tests = (_window_of, _bound_of, _complement_of, _said_shorter)
        fuller = [j for j in same if j != i and any(test(draft, out[j]) for test in tests)]
        target = [j for j in fuller if out[j].scope == draft.scope] or fuller
        if len(target) == 1:
            out[target[0]] = _joined(out[target[0]], draft)
            same.remove(i)
            del out[i]
    return list(out.values())


def _topic(draft: Draft) -> tuple[str, str, str | None]:
    return draft.kind, draft.subject, draft.role


def _about_the_same(draft: Draft, other: Draft) -> bool:
    return (draft.kind, draft.subject, draft.role, draft.condition) == (other.kind, other.subject, other.role, other.condition)


def _narrower(scope: Scope, other: Scope) -> bool:
    """`scope` states nothing that `other` contradicts: what both state is equal, and `scope` states no dimension that `other` leaves out."""
    return all(getattr(scope, name) is None or getattr(scope, name) == getattr(other, name) for name in DIMENSIONS)


def _window_of(draft: Draft, other: Draft) -> bool:
    value, window = draft.value, other.value
    if not (
        isinstance(value, Relative) and value.relation == "last" and value.unit == "年" and isinstance(window, Window) and window.start and window.end
    ):
        return False
    years = int(window.end[:4]) - int(window.start[:4]) + 1
    return _about_the_same(draft, other) and _narrower(draft.scope, other.scope) and Decimal(value.length or 0) == years


def _bound_of(draft: Draft, other: Draft) -> bool:
    a, b = draft.value, other.value
    return (
        isinstance(a, Quantity)
        and isinstance(b, Quantity)
        and a.op == "="
        and b.op in (">=", "<=")
        and (a.number, a.unit) == (b.number, b.unit)
        and _about_the_same(draft, other)
        and draft.scope == other.scope
        and draft.purpose == other.purpose
    )


def _said_shorter(draft: Draft, other: Draft) -> bool:
    """An annex's instructions say again what the main text says in full: 自评分需达到95分才能申报."""
    return (
        draft.in_annex
        and not other.in_annex
        and draft.kind == "threshold"
        and draft.value == other.value
        and _about_the_same(draft, other)
        and _narrower(draft.scope, other.scope)
    )


def _complement_of(draft: Draft, other: Draft) -> bool:
    a, b = draft.value, other.value
    return (
        isinstance(a, Quantity)
        and isinstance(b, Quantity)
        and (a.op, b.op) in (("<", ">="), (">", "<="))
        and (a.number, a.unit) == (b.number, b.unit)
        and _about_the_same(draft, other)
        and draft.scope.model_copy(update={"applicants": None}) == other.scope
    )
