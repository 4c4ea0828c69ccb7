"""The one comparison engine: which item of one side speaks of the same thing as which of the other, and where the two part.

Pure: it knows no files and no words for people. Gold, a reviewer's rules and last year's ruleset are all made into `Item`s first.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Sequence
from decimal import Decimal

from schemas.comparison import FIELDS, Cited, Difference, How, Item, Pair
from schemas.document import Span
from schemas.ruleset import Condition, Evidence, Reference, RuleBase, Scope
from schemas.values import Value

Gate = Callable[[Item, Item], bool]
"""May these two, of one kind but under different keys, speak of the same thing?"""

UNITS = {"人": "名", "位": "名", "日": "天", "KB": "K", "kb": "K", "k": "K", "MB": "M"}
"""Units that mean the same, each with the one that stands for all."""

_YEAR_IN_BRACKETS = re.compile(r"[\[({【〔〖](\d{4})[\])}】〕〗]")
_TITLE_MARKS = re.compile(r"[《》〈〉<>]")
_REPEAT = re.compile(r"#\d+$")
_BOUND = re.compile(r"^([^.~@]*)\.(?:min|max)(?=[~@]|$)")

# What speaks for two items being one, in falling order; each outweighs all that follow.
VALUE, SUBJECT, SCOPE, ROLE, OWN_FIELDS, SORT_OF_VALUE, SHARED_EVIDENCE, SAME_KEY = 6400, 3200, 1600, 800, 400, 200, 100, 1


def fold(text: str | None) -> str:
    """The text without white space, in half-width forms; for comparing only, offsets do not survive it."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text or ""))


def fold_unit(unit: str | None) -> str:
    """One spelling a unit: 人 and 位 are 名, 日 is 天, KB is K."""
    folded = fold(unit)
    return UNITS.get(folded, folded)


def fold_number(number: str | None) -> str:
    """A 文号 with 〔〕 and without blanks."""
    return _YEAR_IN_BRACKETS.sub(r"〔\1〕", fold(number))


def fold_title(title: str | None) -> str:
    """A title without its title marks, inner ones included."""
    return _TITLE_MARKS.sub("", fold(title))


def reference_key(title: str | None, number: str | None) -> str:
    """The key under which references meet: 文号, else title."""
    return f"reference/{fold_number(number) or fold_title(title)}"


def canonical(value: Value | Cited | None) -> tuple[object, ...]:
    """What a value says, equal for values that say the same. Left out: how it was found (`inferred`) and what follows from it (`resolved`, `to`)."""
    if value is None:
        return ()
    if isinstance(value, Cited):
        return ("cited", fold_title(value.title), fold_number(value.document_number), tuple(sorted({fold(a) for a in value.articles})))
    match value.type:
        case "money":
            said: tuple[object, ...] = (_decimal(value.amount), value.currency, _decimal(value.former))
        case "quantity":
            said = (value.op, _decimal(value.number), fold_unit(value.unit))
        case "one_of":
            said = tuple(sorted(fold(v) for v in value.values))
        case "banded":
            said = tuple((_decimal(b.start), _decimal(b.end), fold_unit(b.unit), _decimal(b.result), fold_unit(b.result_unit)) for b in value.bands)
        case "instant":
            said = (value.at,)
        case "window":
            said = (value.start, value.end)
        case "relative":
            said = (fold(value.event), value.relation, _decimal(value.offset), _decimal(value.length), fold_unit(value.unit))
        case "by_reference":
            said = (fold_title(fold_number(value.reference)),)
        case "external" | "text":
            said = (fold(value.text),)
        case "adjustment":
            said = (_decimal(value.adds), fold_unit(value.unit))
        case "prohibited" | "not_stated":
            said = ()
    return (value.type, *said)


def _decimal(number: str | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def branch(condition: Condition | None) -> dict[str, tuple[str, ...]]:
    """The non-numeric tests of a condition, as a key holds them: fact and operator → values."""
    tests: dict[str, set[str]] = defaultdict(set)
    for test in condition.tests() if condition else ():
        if test.unit is None:
            tests[test.fact + test.op].update(fold(v) for v in test.value)
    return {name: tuple(sorted(values)) for name, values in tests.items()}


def _stated(scope: Scope) -> dict[str, tuple[str, ...]]:
    return {name: tuple(sorted({fold(v) for v in values})) for name, values in scope.stated().items()}


def field_of(item: Item, name: str) -> str:
    """A kind's own field in one spelling; a purpose left out is `reach`."""
    if name == "purpose":
        return item.purpose or "reach"
    return fold_unit(getattr(item, name))


def differences(left: Item, right: Item) -> tuple[Difference, ...]:
    """In what two items part, empty where they say the same. The condition's branch belongs to the scope."""
    found: list[Difference] = []
    if canonical(left.value) != canonical(right.value):
        found.append("value")
    if _stated(left.scope) != _stated(right.scope) or branch(left.condition) != branch(right.condition):
        found.append("scope")
    if fold(left.subject) != fold(right.subject):
        found.append("subject")
    if left.role != right.role:
        found.append("role")
    if any(field_of(left, name) != field_of(right, name) for name in FIELDS):
        found.append("fields")
    return tuple(found)


def rule_item(rule: RuleBase) -> Item:
    """A produced rule as the comparison sees it."""
    quotes, spans, section = _proof(rule.evidence)
    return Item(
        key=rule.key,
        kind=rule.kind,
        subject=rule.subject,
        role=getattr(rule, "role", None),
        scope=rule.scope,
        value=rule.value,
        condition=rule.condition,
        per=getattr(rule, "per", None),
        payee=getattr(rule, "payee", None),
        payer=getattr(rule, "payer", None),
        of_whom=getattr(rule, "of_whom", None),
        purpose=getattr(rule, "purpose", None),
        quotes=quotes,
        spans=spans,
        section=section,
    )


def reference_item(reference: Reference) -> Item:
    """A produced reference as the comparison sees it."""
    quotes, spans, section = _proof(reference.evidence)
    return Item(
        key=reference_key(reference.title, reference.document_number),
        kind="reference",
        value=Cited(reference.title, reference.document_number, reference.articles),
        quotes=quotes,
        spans=spans,
        section=section,
    )


def _proof(evidence: Sequence[Evidence]) -> tuple[tuple[str, ...], tuple[Span, ...], str]:
    """Quotes, spans and first section of the evidence for the value, of all evidence where none is for the value."""
    proof = [e for e in evidence if e.role == "value"] or list(evidence)
    return tuple(e.quote for e in proof), tuple(Span(e.start, e.end) for e in proof), proof[0].section if proof else ""


def shared_evidence(left: Item, right: Item) -> int:
    """How many characters prove both: of overlapping spans, or of a quote that holds the other where a side has no spans."""
    if left.spans and right.spans:
        return sum(max(0, min(a.end, b.end) - max(a.start, b.start)) for a in left.spans for b in right.spans)
    pairs = [(fold(a), fold(b)) for a in left.quotes for b in right.quotes]
    return sum(min(len(a), len(b)) for a, b in pairs if a in b or b in a)


def overlapping(left: Item, right: Item) -> bool:
    """The gate for two readings of one text: some characters prove both."""
    return shared_evidence(left, right) > 0


def compare(left: Sequence[Item], right: Sequence[Item], gate: Gate = overlapping) -> tuple[Pair, ...]:
    """Align two sides, older or truer first.

    In: items of each side; the gate that two items of one kind under different keys must pass.
    Out: every item of both sides in exactly one pair: those of the left in their order, then what only the right has in its order.
    Swapping the sides swaps every pair and changes nothing else.
    """
    found: dict[int, tuple[int, How]] = {}
    for ours, theirs in _groups(left, right):
        found |= {i: (j, "key") for i, j in _assign(left, right, ours, theirs, lambda a, b: True)}
    taken = {j for j, _ in found.values()}
    rest = [i for i in range(len(left)) if i not in found], [j for j in range(len(right)) if j not in taken]
    found |= {i: (j, "evidence") for i, j in _assign(left, right, *rest, lambda a, b: a.kind == b.kind and gate(a, b))}
    taken = {j for j, _ in found.values()}
    pairs = [_pair(item, right[found[i][0]], found[i][1]) if i in found else Pair(item, None) for i, item in enumerate(left)]
    return (*pairs, *(Pair(None, item) for j, item in enumerate(right) if j not in taken))


def _pair(left: Item, right: Item, how: How) -> Pair:
    return Pair(left, right, how, differences(left, right))


def _topic(key: str) -> str:
    """A key without what depends on its neighbours: `#2`, and `.min` and `.max`, which stand only where both bounds are stated."""
    return _BOUND.sub(r"\1", without_repeat(key))


def without_repeat(key: str) -> str:
    """A key without the `#2` that tells it from an equal one."""
    return _REPEAT.sub("", key)


def _groups(left: Sequence[Item], right: Sequence[Item]) -> list[tuple[list[int], list[int]]]:
    """Indices of both sides that share a topic, for each topic that both sides have."""
    groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, items in enumerate((left, right)):
        for index, item in enumerate(items):
            groups[_topic(item.key)][side].append(index)
    return [group for group in groups.values() if group[0] and group[1]]


def _assign(left: Sequence[Item], right: Sequence[Item], ours: list[int], theirs: list[int], gate: Gate) -> list[tuple[int, int]]:
    """The pairs of indices with the greatest total likeness; pairs that the gate refuses are never made."""
    if len(ours) == 1 == len(theirs):
        return [(ours[0], theirs[0])] if gate(left[ours[0]], right[theirs[0]]) else []
    likeness = [[_likeness(left[i], right[j]) if gate(left[i], right[j]) else 0 for j in theirs] for i in ours]
    return [(ours[r], theirs[c]) for r, c in best_pairs(likeness, [repr(left[i]) for i in ours], [repr(right[j]) for j in theirs])]


def best_pairs(likeness: Sequence[Sequence[float]], left: Sequence[str], right: Sequence[str]) -> list[tuple[int, int]]:
    """Rows and columns with the greatest total likeness; a likeness of 0 is never a pair.

    `left` and `right` are what rows and columns say. They are sorted by it, and the side that sorts first goes on the rows: equally good
    alignments then do not depend on the order of a side or on which side is which.
    """
    if not any(map(any, likeness)):
        return []
    rows, columns = sorted(range(len(left)), key=left.__getitem__), sorted(range(len(right)), key=right.__getitem__)
    turned = sorted(right) < sorted(left)
    if turned:
        found = [(r, c) for c, r in zip(*_best([[likeness[r][c] for r in rows] for c in columns]), strict=True)]
    else:
        found = list(zip(*_best([[likeness[r][c] for c in columns] for r in rows]), strict=True))
    return [(rows[r], columns[c]) for r, c in found if likeness[rows[r]][columns[c]]]


def _best(likeness: list[list[float]]) -> tuple[list[int], list[int]]:
    """Rows and columns of the assignment with the greatest sum."""
    from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]  # scipy ships no types; imported late: it is slow to load

    rows, columns = linear_sum_assignment(likeness, maximize=True)
    return rows.tolist(), columns.tolist()


def _likeness(left: Item, right: Item) -> int:
    """How much speaks for two items being one; at least 1."""
    differs = differences(left, right)
    weights: dict[Difference, int] = {"value": VALUE, "subject": SUBJECT, "scope": SCOPE, "role": ROLE, "fields": OWN_FIELDS}
    points = sum(weight for name, weight in weights.items() if name not in differs)
    if _sort_of(left.value) == _sort_of(right.value):
        points += SORT_OF_VALUE
    shared, whole = shared_evidence(left, right), max(shared_evidence(left, left), shared_evidence(right, right), 1)
    return 1 + points + min(SHARED_EVIDENCE * shared // whole, SHARED_EVIDENCE) + (SAME_KEY if left.key == right.key else 0)


def _sort_of(value: Value | Cited | None) -> tuple[str | None, str | None]:
    """Type of a value and, of a bound, its direction: a lower bound is rather a changed lower bound than an upper one."""
    return getattr(value, "type", None), getattr(value, "op", "").strip("=")
