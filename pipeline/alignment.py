"""Which rule of the older edition is which of the newer: by key, by aliases that a person confirmed, by scopes that make a whole, then by likeness.

Deterministic, and every link says why. Sure links are made; unsure ones are proposed and wait for a person. Swapping the editions swaps the links.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from typing import Literal

from extractors.terms import holds
from extractors.vocabulary import rows
from pipeline.compare import best_pairs, branch, canonical, fold, fold_number, fold_title, without_repeat
from pipeline.rollover import without_near_years
from schemas.changes import Link, name_of
from schemas.comparison import Cited
from schemas.ruleset import DateRule, Evidence, Reference, RuleBase, Ruleset
from schemas.values import Value

SURE, PROPOSED = 0.74, 0.52
"""The least likeness of a link that is made, and of one that is proposed."""
MARGIN = 0.05
"""By how much a made link must be likelier than every other that either side could have."""
ALIKE = 0.25
"""A rule whose subject is no more than a topic (材料要求) is the same under the same key only if so many of its words are."""
REPEATED_ALIKE = 0.35
"""Of several values under one key, those may be one whose sentences share so many words."""
NAMED_ALIKE = 0.6
"""Rules of such kinds under different subjects may be one if so many of their words are the same."""
TOPICAL = frozenset({"requirement", "step", "penalty", "eligibility", "exemption", "contact", "score"})
"""Kinds whose subject names a topic, under which a notice says several things."""


@dataclass(frozen=True)
class Entry:
    """A rule or a cited document with what the alignment looks at, made once."""

    stated: RuleBase | Reference
    kind: str
    key: str
    topic: str
    """The key without `#2`, near years as their distance from the notice's."""
    subject: str
    role: str | None
    family: str | None
    """What the value is measured in; null where it holds no measure and may become any."""
    value: tuple[object, ...]
    scope: Mapping[str, frozenset[str]]
    """Stated dimensions and the tests of the condition's branch, wide words as what they hold."""
    words: str
    """What is quoted for it."""
    around: str
    """The sentences that it is quoted from."""
    headings: str

    @property
    def name(self) -> str:
        """What it says, for an order that does not depend on where it stands."""
        return f"{self.topic}\n{self.words}\n{self.value}\n{self.around}"


@dataclass(frozen=True)
class Match:
    """Entries that are linked; one side may hold several (split, join). Without a link one side is empty."""

    old: tuple[Entry, ...]
    new: tuple[Entry, ...]
    link: Link | None = None


Linked = tuple[tuple[int, ...], tuple[int, ...], Link]


def align(old: Ruleset, new: Ruleset, aliases: Sequence[tuple[str, str]] = ()) -> tuple[Match, ...]:
    """Every rule and cited document of both editions in exactly one match: those of the older in its order, then what only the newer has.

    `aliases`: pairs of keys of two years that a person said are one rule, in either direction.
    """
    left, right = entries(old), entries(new)
    levels = frozenset(_wide((*old.notice.levels, *new.notice.levels)))
    links: list[Linked] = []
    rest: tuple[list[int], list[int]] = (list(range(len(left))), list(range(len(right))))

    def take(found: Iterable[Linked]) -> None:
        nonlocal rest
        links.extend(found)
        done = {i for ours, _, _ in links for i in ours}, {j for _, theirs, _ in links for j in theirs}
        rest = [i for i in rest[0] if i not in done[0]], [j for j in rest[1] if j not in done[1]]

    take(_by_alias(left, right, aliases))
    take(_by_name(left, right, *rest, lambda entry: without_repeat(entry.key), "key"))
    take(_by_name(left, right, *rest, lambda entry: entry.topic, "rolled_key"))
    take(_by_partition(left, right, *rest, levels))
    take(_by_likeness(left, right, *rest))
    by_old = {min(ours): (ours, theirs, link) for ours, theirs, link in links}
    held = {i for ours, _, _ in links for i in ours}
    matches = []
    for i in range(len(left)):
        if i in by_old:
            ours, theirs, link = by_old[i]
            matches.append(Match(tuple(left[n] for n in ours), tuple(right[n] for n in theirs), link))
        elif i not in held:
            matches.append(Match((left[i],), ()))
    return (*matches, *(Match((), (right[j],)) for j in rest[1]))


def entries(ruleset: Ruleset) -> tuple[Entry, ...]:
    """The rules of a ruleset in order, then its references."""
    context = _Context(ruleset)
    return tuple(context.rule(rule) for rule in ruleset.rules) + tuple(context.reference(reference) for reference in ruleset.references)


class _Context:
    """A ruleset's texts, headings and year, looked up for each of its rules."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._text, self._cycle = ruleset.text, ruleset.notice.cycle
        self._sections = {section.id: section for section in ruleset.sections}
        self._statements = sorted((s.start, s.end) for s in ruleset.statements)

    def rule(self, rule: RuleBase) -> Entry:
        proofs = value_proofs(rule.evidence)
        return Entry(
            stated=rule,
            kind=rule.kind,
            key=rule.key,
            topic=without_repeat(without_near_years(rule.key, self._cycle)),
            subject=without_near_years(rule.subject, self._cycle),
            role=rule.role if isinstance(rule, DateRule) else None,
            family=family_of(rule),
            value=tuple(without_near_years(part, self._cycle) if isinstance(part, str) else part for part in canonical(rule.value)),
            scope=stated_scope(rule, self._cycle),
            words=self._joined(proof.quote for proof in proofs),
            around=self._joined(self._sentence(proof) for proof in proofs),
            headings=self._headings(proofs),
        )

    def reference(self, reference: Reference) -> Entry:
        title, number = fold_title(reference.title), fold_number(reference.document_number)
        return Entry(
            stated=reference,
            kind="reference",
            key=f"reference/{number or title}",
            topic=f"reference/{without_near_years(title, self._cycle) or number}",
            subject=without_near_years(title, self._cycle),
            role=reference.relation,
            family="reference",
            value=canonical(Cited(reference.title, reference.document_number, reference.articles)),
            scope={},
            words=without_near_years(title or number, self._cycle),
            around=reference.issuer_code or "",
            headings=self._headings(value_proofs(reference.evidence)),
        )

    def _joined(self, texts: Iterable[str]) -> str:
        return "\n".join(sorted({without_near_years(text, self._cycle) for text in texts}))

    def _sentence(self, proof: Evidence) -> str:
        return next((self._text[start:end] for start, end in self._statements if start <= proof.start < end), proof.quote)

    def _headings(self, proofs: Sequence[Evidence]) -> str:
        out: list[str] = []
        section = self._sections.get(proofs[0].section) if proofs else None
        while section is not None:
            out.append(without_near_years(section.heading, self._cycle)[:24])
            section = self._sections.get(section.parent) if section.parent is not None else None
        return "/".join(reversed(out))


def value_proofs(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The evidence of the value, all of it where none is for the value."""
    return tuple(e for e in evidence if e.role == "value") or tuple(evidence)


def stated_scope(rule: RuleBase, cycle: int | None = None) -> dict[str, frozenset[str]]:
    """Dimension, or fact and operator of the condition's branch → values in one spelling, wide levels as what they hold.

    With the year that a notice is for, years near it stand as their distance from it.
    """
    stated = {name: [part for value in values for part in value.split("、")] for name, values in rule.scope.stated().items()}
    stated |= {f"~{name}": list(values) for name, values in branch(rule.condition).items()}
    scope = {name: frozenset(without_near_years(value, cycle) for value in values) for name, values in stated.items()}
    return scope | {"levels": frozenset(_wide(scope["levels"]))} if "levels" in scope else scope


def _wide(levels: Iterable[str]) -> Iterator[str]:
    for level in levels:
        yield from holds(level) or (level,)


@cache
def _families() -> dict[str, str]:
    return {fold(row["unit"]): row["family"] for row in rows("units.tsv")}


def family_of(rule: RuleBase) -> str | None:
    """The family of the value's unit; null where the value is none that is measured."""
    value: Value | None = rule.value
    if rule.kind == "date":
        return "date"
    if value is None or value.type not in ("money", "quantity", "adjustment", "banded"):
        return None
    if value.type == "money":
        return "money"
    unit = fold(value.bands[0].result_unit if value.type == "banded" and value.bands else getattr(value, "unit", ""))
    return _families().get(unit, unit)


# -- exact


def _link(how: Literal["key", "rolled_key", "alias", "partition", "assignment"], score: float, *reasons: str, made: bool = True) -> Link:
    return Link(status="made" if made else "proposed", how=how, score=str(Decimal(score).quantize(Decimal("0.01"))), reasons=reasons)


def _by_alias(left: Sequence[Entry], right: Sequence[Entry], aliases: Sequence[tuple[str, str]]) -> Iterator[Linked]:
    ours, theirs = {name_of(e.stated): i for i, e in enumerate(left)}, {name_of(e.stated): j for j, e in enumerate(right)}
    for pair in aliases:
        for old, new in (pair, pair[::-1]):
            if old in ours and new in theirs and new not in ours and old not in theirs:
                yield (ours.pop(old),), (theirs.pop(new),), _link("alias", 1, "confirmed-alias")


def _by_name(
    left: Sequence[Entry],
    right: Sequence[Entry],
    ours: Sequence[int],
    theirs: Sequence[int],
    name: Callable[[Entry], str],
    how: Literal["key", "rolled_key"],
) -> Iterator[Linked]:
    """Under one name the nearest meet; a topic alone does not make two texts one rule."""
    groups: dict[str, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for i in ours:
        groups[name(left[i])][0].append(i)
    for j in theirs:
        groups[name(right[j])][1].append(j)
    first = "same-key" if how == "key" else "rolled-key"
    for old, new in groups.values():
        if len(old) == 1 == len(new):
            several = "#" in left[old[0]].key + right[new[0]].key
            if (_may_repeat if several else _same_topic)(left[old[0]], right[new[0]]):
                yield (old[0],), (new[0],), _link(how, 1, first)
        elif old and new:
            likeness = [[_likeness(left[i], right[j]) if _may_repeat(left[i], right[j]) else 0.0 for j in new] for i in old]
            for r, c in best_pairs(likeness, [left[i].name for i in old], [right[j].name for j in new]):
                score = 1.0 if left[old[r]].words == right[new[c]].words else 0.9
                yield (old[r],), (new[c],), _link(how, score, first, "nearest-of-several")


def _same_topic(old: Entry, new: Entry) -> bool:
    return old.kind not in TOPICAL or alike(old.words, new.words) >= ALIKE


def _may_repeat(old: Entry, new: Entry) -> bool:
    """Among several under one key, two that neither say the same nor stand in like sentences are not each other's."""
    return _same_topic(old, new) and (old.kind in TOPICAL or old.value == new.value or alike(old.around, new.around) >= REPEATED_ALIKE)


# -- split and join


def _by_partition(left: Sequence[Entry], right: Sequence[Entry], ours: list[int], theirs: list[int], levels: frozenset[str]) -> Iterator[Linked]:
    """One rule of a side is several of the other whose scopes, in one dimension, make up its own and do not overlap."""
    taken: set[tuple[str, int]] = set()
    for side, wholes, parts, whole_at, part_at in (("old", left, right, ours, theirs), ("new", right, left, theirs, ours)):
        other = "new" if side == "old" else "old"
        for i in sorted(whole_at, key=lambda n: wholes[n].name):
            free = [j for j in part_at if (other, j) not in taken]
            found = () if (side, i) in taken else _parts_of(wholes[i], [(j, parts[j]) for j in free], levels)
            if found:
                taken |= {(side, i), *((other, j) for j in found)}
                link = _link("partition", 0.95, "parts-make-whole")
                yield ((i,), found, link) if side == "old" else (found, (i,), link)


def _parts_of(whole: Entry, candidates: Sequence[tuple[int, Entry]], levels: frozenset[str]) -> tuple[int, ...]:
    """The candidates that make up the whole; empty where none do."""
    by_dimension: dict[str, list[tuple[int, frozenset[str]]]] = defaultdict(list)
    for j, part in candidates:
        if (
            (part.kind, part.subject, part.role) != (whole.kind, whole.subject, whole.role)
            or not _one_family(whole, part)
            or whole.kind == "reference"
        ):
            continue
        differing = [name for name in whole.scope.keys() | part.scope.keys() if whole.scope.get(name) != part.scope.get(name)]
        if len(differing) == 1 and differing[0] in part.scope:
            by_dimension[differing[0]].append((j, part.scope[differing[0]]))
    for name in sorted(by_dimension):
        # A notice that states no level says nothing of all; only parts that name every level of the two titles are taken for its parts.
        all_of_it = whole.scope.get(name, levels if name == "levels" else frozenset())
        parts = [(j, values) for j, values in by_dimension[name] if values < all_of_it or (values <= all_of_it and name not in whole.scope)]
        counted = Counter(value for _, values in parts for value in values)
        if len(parts) > 1 and set(counted) == all_of_it and max(counted.values()) == 1:
            return tuple(sorted(j for j, _ in parts))
    return ()


# -- likeness


def _by_likeness(left: Sequence[Entry], right: Sequence[Entry], ours: list[int], theirs: list[int]) -> Iterator[Linked]:
    """One assignment of all that is left, behind the gates: same kind, one family of unit, one family of subject."""
    if not ours or not theirs:
        return
    likeness = [[_likeness(left[i], right[j]) if _may_be_one(left[i], right[j]) else 0.0 for j in theirs] for i in ours]
    likeness = [[score if score >= PROPOSED else 0.0 for score in row] for row in likeness]
    for r, c in best_pairs(likeness, [left[i].name for i in ours], [right[j].name for j in theirs]):
        score = likeness[r][c]
        rivals = max([0.0, *likeness[r][:c], *likeness[r][c + 1 :], *(row[c] for n, row in enumerate(likeness) if n != r)])
        old, new = left[ours[r]], right[theirs[c]]
        # Two measures of one sentence are two rules: under different subjects a value is only ever proposed.
        named = old.kind in TOPICAL or old.kind == "reference" or _one_subject(old.subject, new.subject)
        sure = score >= SURE and score - rivals >= MARGIN and named
        reasons = [*_reasons(old, new), *(["only-candidate"] if not rivals else [])]
        yield (ours[r],), (theirs[c],), _link("assignment", score, *reasons, made=sure)


def _may_be_one(old: Entry, new: Entry) -> bool:
    if old.kind != new.kind or not _one_family(old, new):
        return False
    if old.kind == "reference":
        return True
    if old.role != new.role:
        return False
    if _one_subject(old.subject, new.subject):
        return True
    if old.kind in TOPICAL or old.kind == "material":
        return alike(old.words, new.words) >= NAMED_ALIKE
    return alike(old.around, new.around) >= NAMED_ALIKE


def _one_family(old: Entry, new: Entry) -> bool:
    return old.family is None or new.family is None or old.family == new.family


@lru_cache(65536)
def _one_subject(old: str, new: str) -> bool:
    """The same subject, or one that holds the other, as 评审费 does 高级职务评审费."""
    return old == new or (min(len(old), len(new)) >= 2 and (old in new or new in old))


def _likeness(old: Entry, new: Entry) -> float:
    """How much speaks for two entries being one, between 0 and 1."""
    if old.kind == "reference":
        return 0.8 * alike(old.words, new.words) + 0.15 * (old.role == new.role) + 0.05 * (old.around == new.around)
    words = alike(old.words, new.words) if old.kind in TOPICAL else alike(old.around, new.around)
    share = 0.45 if old.kind in TOPICAL else 0.3
    rest = (1 - share) / 0.7
    return (
        share * words
        + rest * 0.25 * _scopes_alike(old, new)
        + rest * 0.15 * alike(old.headings, new.headings)
        + rest * 0.15 * _values_alike(old, new)
        + rest * 0.15 * (1.0 if old.subject == new.subject else 0.5 if _one_subject(old.subject, new.subject) else 0.0)
    )


def _scopes_alike(old: Entry, new: Entry) -> float:
    names = old.scope.keys() | new.scope.keys()
    return sum(_dimension_alike(old.scope.get(name), new.scope.get(name)) for name in names) / len(names) if names else 1.0


def _dimension_alike(old: frozenset[str] | None, new: frozenset[str] | None) -> float:
    if old is None or new is None:
        return 0.4  # unstated is neither all nor none
    if old == new:
        return 1.0
    return 0.7 * len(old & new) / len(old | new) + (0.2 if old < new or new < old else 0.0)


def _values_alike(old: Entry, new: Entry) -> float:
    if old.value == new.value:
        return 1.0
    return 0.5 if old.value[:1] == new.value[:1] else 0.0


def _reasons(old: Entry, new: Entry) -> Iterator[str]:
    if old.words == new.words:
        yield "same-words"
    elif alike(old.around, new.around) >= NAMED_ALIKE or alike(old.words, new.words) >= NAMED_ALIKE:
        yield "like-words"
    for name in ("subject", "scope", "value", "headings"):
        if getattr(old, name) and getattr(old, name) == getattr(new, name):
            yield f"same-{name}"


@lru_cache(4096)
def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(text[i : i + 2] for i in range(len(text) - 1)) or frozenset({text})


def alike(old: str, new: str) -> float:
    """How many pairs of neighbouring characters two texts share (Dice)."""
    if old == new:
        return 1.0
    ours, theirs = _pairs_of(old), _pairs_of(new)
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def all_alike(left: Sequence[str], right: Sequence[str]) -> list[list[float]]:
    """`alike` of each of one side with each of the other."""
    import numpy as np  # only where many are held against many

    numbers = {pair: n for n, pair in enumerate(sorted({pair for text in (*left, *right) for pair in _pairs_of(text)}))}
    ours, theirs = (np.zeros((len(texts), len(numbers)), dtype=np.float32) for texts in (left, right))
    for table, texts in ((ours, left), (theirs, right)):
        for row, text in enumerate(texts):
            table[row, [numbers[pair] for pair in _pairs_of(text)]] = 1
    sizes = ours.sum(axis=1)[:, None] + theirs.sum(axis=1)[None, :]
    shared: list[list[float]] = (2 * (ours @ theirs.T) / sizes).tolist()
    return shared
