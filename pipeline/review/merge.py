"""Three ways meet: what the clerk saw, what gold says, what the new extraction says; rule by rule and field by field.

Agreement is confirmed, a human's fix stands, a true disagreement is a conflict while gold stays. What a quote does not find in the text any more is an
orphan; nothing is matched by likeness.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pipeline.compare import branch, canonical, compare, fold
from pipeline.quotes import squeeze
from pipeline.review.contents import Extraction
from pipeline.review.replay import Entry, State
from pipeline.scores import Category, gold_reference_item, gold_rule_item
from schemas.comparison import Item
from schemas.document import Span
from schemas.gold import GoldReference, GoldRule
from schemas.review import Content, Target
from schemas.ruleset import Finding, Ruleset, Statement

Verdict = Literal["confirmed", "stands", "conflict", "differs"]
"""Of a field: both say the same; the human's word stands against what was seen; both have moved; gold that no clerk has set beside an extraction."""
Standing = Literal["open", "conflict", "disputed", "lost", "orphan", "unchanged", "decided", "rejected"]

OPEN: tuple[Standing, ...] = ("open", "conflict", "disputed", "lost", "orphan")
"""Somebody must look."""
_APART = ("key", "id", "origin", "quotes")
_NARROWING = ("scope", "condition", "subject", "role", "kind")
_MINOR = ("modality", "order", "url", "system", "aliases", "relation")
"""Shown where they differ from gold that no clerk has set beside an extraction; alone they call nobody."""
_CORE = ("date", "fee", "threshold")
_LOW = "0.7"


@dataclass(frozen=True)
class FieldMerge:
    """One field on three sides, as JSON; `seen` is null also where no clerk saw an extraction."""

    name: str
    seen: Any
    gold: Any
    new: Any
    verdict: Verdict


@dataclass(frozen=True)
class Card:
    """A rule, a document, a finding or an uncovered sentence on the desk. `rank` orders the queue, `why` are the reasons why it stands in it."""

    uid: str
    target: Target
    standing: Standing
    rank: int
    why: tuple[str, ...]
    spans: tuple[Span, ...]
    produced: str | None = None
    """uid of the rule, `reference/` and id of the document, in the new extraction."""
    new: Content | None = None
    gold: Content | None = None
    entry: Entry | None = None
    category: Category | None = None
    fields: tuple[FieldMerge, ...] = ()
    orphans: tuple[str, ...] = ()
    """Quotes of gold that have no place in this text."""
    finding: Finding | None = None
    statement: Statement | None = None

    @property
    def content(self) -> Content | None:
        """What the card speaks of: gold before the extraction."""
        return self.gold or self.new

    @property
    def open(self) -> bool:
        return self.standing in OPEN


@dataclass(frozen=True)
class Merged:
    """Cards in the order of the text."""

    cards: tuple[Card, ...]
    gone: tuple[Entry, ...] = ()
    """Entries that gold does not hold and the extraction does not produce: rejected, split or merged before, remembered."""

    def queue(self) -> list[Card]:
        """The open cards, what is most pressing first."""
        return sorted((card for card in self.cards if card.open), key=lambda card: card.rank)

    def with_standing(self, *standings: Standing) -> list[Card]:
        return [card for card in self.cards if card.standing in standings]


def finding_uid(finding: Finding) -> str:
    """The same finding about the same words has the same one in every run."""
    return _uid("finding", finding.code, *(squeeze(e.quote) for e in finding.evidence))


def statement_uid(statement: Statement, text: str) -> str:
    """The same sentence in the same section has the same one in every run."""
    return _uid("statement", statement.section, squeeze(text[statement.start : statement.end]))


def _uid(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def merge(state: State, extraction: Extraction) -> Merged:
    """Set the decisions so far beside an extraction of the same notice."""
    ruleset, produced, spans = extraction.ruleset, extraction.produced, extraction.spans
    keyed = state.keyed
    pairs = _paired(state, keyed, extraction)
    cards: list[Card] = []
    gone: list[Entry] = []
    for uid, entry in state.entries.items():
        if entry.target not in ("rule", "reference"):
            continue
        name = pairs.get(uid)
        held = keyed.get(uid)
        found = {quote.quote: extraction.find(quote) for quote in (held.quotes if held else ())}
        places = tuple(span for span in found.values() if span) or (spans[name] if name else ())
        orphans = tuple(quote for quote, span in found.items() if span is None)
        new = produced[name] if name else None
        if held is None and new is None:
            gone.append(entry)
            continue
        cards.append(_card(entry, held, new, name, places, (spans[name] if name else ()), orphans))
    taken = set(pairs.values())
    for name, new in produced.items():
        if name not in taken:
            score = extraction.confidence[name].score if name in extraction.confidence else "1"
            cards.append(_fresh(name, new, spans[name], score, name in extraction.reviewed))
    cards += _findings(state, ruleset)
    cards += _uncovered(state, ruleset, [span for card in cards if card.entry and card.gold for span in card.spans])
    return Merged(tuple(sorted(cards, key=lambda card: (min((s.start for s in card.spans), default=len(ruleset.text)), card.uid))), tuple(gone))


def _paired(state: State, keyed: Mapping[str, Content], extraction: Extraction) -> dict[str, str]:
    """uid of an entry → name of the produced rule that speaks of the same thing.

    First what was seen and comes again as it was, then gold by the comparison engine, then what was rejected, split or merged.
    """
    found: dict[str, str] = {}
    free = dict(extraction.produced)
    known = [entry for entry in state.entries.values() if entry.target in ("rule", "reference")]
    names = {_name(new): name for name, new in free.items()}
    for entry in known:
        name = names.get(_name(entry.seen), "") if entry.seen is not None else ""
        if name in free and entry.seen is not None and _fields(free[name]) == _fields(entry.seen):
            found[entry.uid] = name
            del free[name]
    for held in (True, False):
        keys = {new.key for new in free.values() if isinstance(new, GoldRule)}
        ours = [entry for entry in known if entry.uid not in found and (entry.content is not None) == held]
        sides = {entry.uid: _item(content, extraction, entry, keys) for entry in ours if (content := keyed.get(entry.uid) or entry.seen) is not None}
        uids, named = {id(item): uid for uid, item in sides.items()}, {id(extraction.items[name]): name for name in free}
        for pair in compare(list(sides.values()), [extraction.items[name] for name in free]):
            if pair.left is None or pair.right is None:
                continue
            if held or pair.how == "key" or not {"value", "scope"} & set(pair.differs):  # what was rejected stands for what it said, and no more
                found[uids[id(pair.left)]] = named[id(pair.right)]
                del free[named[id(pair.right)]]
    return found


def _item(content: Content, extraction: Extraction, entry: Entry, keys: set[str]) -> Item:
    """What gold holds as the comparison sees it, under a former key where the extraction still produces that one."""
    spans = tuple(span for quote in content.quotes if (span := extraction.find(quote)))
    if isinstance(content, GoldReference):
        return gold_reference_item(content, spans)
    former = next((key for key in reversed(entry.former) if key in keys and content.key not in keys), None)
    return gold_rule_item(content.model_copy(update={"key": former}) if former else content, spans)


def _name(content: Content) -> str:
    return content.key if isinstance(content, GoldRule) else content.id


@lru_cache(maxsize=8192)
def _fields(content: Content) -> Mapping[str, Any]:
    """What a rule says, field by field, in one spelling; how it is quoted is left out."""
    if isinstance(content, GoldReference):
        return {name: _spelt(getattr(content, name)) for name in GoldReference.model_fields if name not in _APART}
    own = {name: _spelt(getattr(content, name)) for name in GoldRule.model_fields if name not in (*_APART, "value", "scope", "condition", "purpose")}
    scope = {name: tuple(sorted(map(fold, values))) for name, values in content.scope.stated().items()}
    tree = content.condition.model_dump_json(exclude_none=True) if content.condition else ""
    return own | {
        "value": canonical(content.value),
        "scope": scope,
        "condition": (branch(content.condition), fold(tree)),
        "purpose": content.purpose or "reach",
    }


def _spelt(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(map(_spelt, value))
    return fold(str(value)) if value is not None else None


def _fields_of(seen: Content | None, gold: Content, new: Content) -> Iterator[FieldMerge]:
    """The fields in which gold and the extraction part, and whose word it is."""
    told = {"seen": _fields(seen) if seen else None, "gold": _fields(gold), "new": _fields(new)}
    if told["gold"] == told["new"]:
        return
    shown = {
        name: content.model_dump(mode="json", by_alias=True) if content else {} for name, content in (("seen", seen), ("gold", gold), ("new", new))
    }
    for name, ours in (told["gold"] or {}).items():
        theirs = (told["new"] or {}).get(name)
        if ours == theirs:
            continue
        if told["seen"] is None:
            verdict: Verdict = "differs"
        else:
            verdict = "stands" if told["seen"].get(name) == theirs else "conflict"
        yield FieldMerge(name, shown["seen"].get(name), shown["gold"].get(name), shown["new"].get(name), verdict)


def _category(fields: Iterable[FieldMerge]) -> Category:
    names = {one.name for one in fields}
    if names - set(_NARROWING) - set(_MINOR):
        return "VALUE"
    return "SCOPE" if names else "EVIDENCE-ONLY"


def _card(
    entry: Entry,
    held: Content | None,
    new: Content | None,
    name: str | None,
    places: tuple[Span, ...],
    evidence: tuple[Span, ...],
    orphans: tuple[str, ...],
) -> Card:
    """The card of something that was decided on, or that gold held before."""
    fields: tuple[FieldMerge, ...] = ()
    category: Category | None = None
    why: tuple[str, ...] = ()
    if held is None:
        assert new is not None
        same = entry.seen is not None and _fields(entry.seen) == _fields(new)
        fields = () if same or entry.seen is None else tuple(_fields_of(entry.seen, entry.seen, new))
        again = bool({one.name for one in fields} & {"value", *_NARROWING})
        if entry.status == "unreviewed":
            standing: Standing = "open"
            why, category = ("new",), "NEW"
        elif again:
            standing, why, category = "conflict", ("rejected-changed",), "CONFLICT"
        else:
            standing = "rejected"
    elif new is None:
        expected = entry.seen is not None or not entry.decided  # what a clerk added without the machine was never expected of it
        category = "LOST" if expected else None
        standing = "lost" if expected and not _kept(entry) else "decided"
        why = ("lost",) if standing == "lost" else ()
    else:
        fields = tuple(_fields_of(entry.seen if entry.decided else None, held, new))
        parted = [one for one in fields if one.verdict == "conflict" or (one.verdict == "differs" and one.name not in _MINOR)]
        if any(one.verdict == "conflict" for one in parted):
            standing, category, why = "conflict", "CONFLICT", ("conflict",)
        elif parted:
            standing, category, why = "open", _category(parted), ("differs",)
        else:
            standing = "decided" if entry.decided else "unchanged"
            apart = not any(ours.overlaps(theirs) for ours in places for theirs in evidence)
            category = "EVIDENCE-ONLY" if apart and not fields else None
    if orphans and held is not None and standing in ("decided", "unchanged"):
        standing, why = "orphan", ("orphan",)
    elif orphans:
        why = (*why, "orphan")
    if entry.dispute:
        standing, why = "disputed", ("disputed", *why)
    core = isinstance(held or new, GoldRule) and getattr(held or new, "kind", "") in _CORE
    pressing = standing in ("conflict", "disputed", "orphan") or (standing == "lost" and entry.decided)
    rank = 0 if pressing else 3 if core else 5
    return Card(entry.uid, entry.target, standing, rank, why, places, name, new, held, entry, category, fields, orphans)


def _kept(entry: Entry) -> bool:
    """Did a clerk decide after he had seen that the extraction does not find the rule?"""
    return entry.decided and entry.seen is None


def _fresh(name: str, new: Content, spans: tuple[Span, ...], score: str, reviewed: bool) -> Card:
    """The card of what only the extraction has; `reviewed` where the ruleset itself says that it was published after a review."""
    kind = new.kind if isinstance(new, GoldRule) else "reference"
    core, low = kind in _CORE, score < _LOW and not score.startswith("1")
    why = tuple(reason for reason, holds in (("new", True), ("core", core), ("low", low)) if holds)
    target: Target = "rule" if isinstance(new, GoldRule) else "reference"
    if reviewed:
        return Card(name, target, "decided", 5, (), spans, name, new)
    return Card(name, target, "open", 3 if core else 4 if low else 5, why, spans, name, new, category="NEW")


def _findings(state: State, ruleset: Ruleset) -> Iterator[Card]:
    for finding in ruleset.findings:
        uid = finding_uid(finding)
        entry = state.entries.get(uid)
        done = entry is not None and entry.status != "unreviewed"
        spans = tuple(Span(e.start, e.end) for e in finding.evidence)
        yield Card(uid, "finding", "decided" if done else "open", 0, () if done else ("finding",), spans, entry=entry, finding=finding)


def _uncovered(state: State, ruleset: Ruleset, decided: Sequence[Span]) -> Iterator[Card]:
    """Sentences that bind and from which no rule came, neither by the extraction nor by a clerk."""
    for statement in ruleset.uncovered():
        uid, span = statement_uid(statement, ruleset.text), Span(statement.start, statement.end)
        entry = state.entries.get(uid)
        done = (entry is not None and entry.status != "unreviewed") or any(span.overlaps(one) for one in decided)
        yield Card(uid, "statement", "decided" if done else "open", 2, () if done else ("uncovered",), (span,), entry=entry, statement=statement)


def coverage(merged: Merged, ruleset: Ruleset) -> list[tuple[str, int, int]]:
    """Section of the first level → how many of its cards are done, and how many there are; in order of the text."""
    tops = [section for section in ruleset.sections if "/" not in section.id]
    counts: dict[str, list[int]] = {}
    for card in merged.cards:
        start = min((span.start for span in card.spans), default=0)
        top = next((section.id for section in reversed(tops) if section.start <= start), "")
        done, total = counts.setdefault(top, [0, 0])
        counts[top] = [done + (not card.open), total + 1]
    return [(name, done, total) for name, (done, total) in counts.items()]
