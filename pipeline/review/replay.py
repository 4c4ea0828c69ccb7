"""What a log of decisions comes to: gold, what was rejected, what is disputed. The same log always gives the same gold.

Gold has no memory of its own. Whatever stands in a gold file and is in no decision was written there by hand; `by_hand` makes decisions of it.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pydantic import ConfigDict, TypeAdapter

from pipeline.gold import named, plain
from schemas.gold import Gold, GoldQuote, GoldReference, GoldRule
from schemas.review import Content, Decision, Target
from schemas.ruleset import Notice

HEAD = "notice"
"""uid and field of decisions about gold as a whole: its head, and the list of sentences that bind."""
NORMATIVE = "normative"
_DECIDING = ("accept", "fix", "rename", "reject", "add", "split", "merge")
_QUOTES: TypeAdapter[tuple[GoldQuote, ...]] = TypeAdapter(tuple[GoldQuote, ...], config=ConfigDict(defer_build=True))


@dataclass(frozen=True)
class Dispute:
    """Two reviewers who decided one field differently, or one who doubts. `field` null is the rule as a whole. `offered` is what the second wanted."""

    parties: tuple[str, ...]
    field: str | None
    offered: Any = None
    reason: str | None = None


@dataclass(frozen=True)
class Entry:
    """What is known of one rule, document, finding or sentence. `content` is what gold holds, null for what it does not hold."""

    uid: str
    target: Target
    content: Content | None = None
    seen: Content | None = None
    """What the extraction said when a clerk last decided; null where it said nothing."""
    status: str = "unreviewed"
    """unreviewed, gold (stood there before the desk), accepted, fixed, added, rejected, split or merged."""
    decisions: tuple[Decision, ...] = ()
    deciders: Mapping[str | None, str] = field(default_factory=dict)
    """Field (null: all) → who decided on it last at the desk."""
    former: tuple[str, ...] = ()
    """Keys that it had, oldest first."""
    dispute: Dispute | None = None
    into: tuple[str, ...] = ()
    """Where a rule went that was split or merged."""

    @property
    def decided(self) -> bool:
        """Has anybody decided on it at the desk?"""
        return any(not d.by_hand and d.action != "comment" for d in self.decisions)

    @property
    def last(self) -> Decision:
        return self.decisions[-1]


@dataclass(frozen=True)
class State:
    """Entries in gold's order, those without content where they were last."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    notice: Notice = field(default_factory=Notice)
    normative: tuple[GoldQuote, ...] = ()

    @cached_property
    def gold(self) -> Gold:
        """Gold as the decisions have it, keys computed."""
        held = [entry.content for entry in self.entries.values() if entry.content is not None]
        rules = tuple(content for content in held if isinstance(content, GoldRule))
        references = tuple(content for content in held if isinstance(content, GoldReference))
        return named(Gold(notice=self.notice, rules=rules, references=references, normative=self.normative))

    @cached_property
    def keyed(self) -> dict[str, Content]:
        """uid → what gold holds, keys and ids as gold has them."""
        rules, references = iter(self.gold.rules), iter(self.gold.references)
        held = [entry for entry in self.entries.values() if entry.content is not None]
        return {entry.uid: next(rules) if isinstance(entry.content, GoldRule) else next(references) for entry in held}

    @property
    def disputed(self) -> tuple[Entry, ...]:
        return tuple(entry for entry in self.entries.values() if entry.dispute)


def effective(decisions: Sequence[Decision]) -> list[Decision]:
    """The decisions that stand, in order: without those undone by the one who made them, and without the undoing."""
    by_id = {decision.id: decision for decision in decisions}
    undone: set[str] = set()
    for decision in reversed(decisions):
        target = by_id.get(decision.of or "")
        if decision.action == "undo" and decision.id not in undone and target is not None and target.who == decision.who:
            undone.add(target.id)
    return [decision for decision in decisions if decision.action != "undo" and decision.id not in undone]


def replay(decisions: Sequence[Decision]) -> State:
    """The state that a log's decisions come to."""
    return _advanced(State(), effective(decisions))


def advanced(state: State, before: Sequence[Decision], new: Sequence[Decision]) -> State:
    """The state that further decisions lead to: the same as `replay` of all of them, without going through the old ones again where nothing is undone."""
    if any(decision.action == "undo" for decision in new):
        return replay([*before, *new])
    return _advanced(state, new)


def _advanced(state: State, decisions: Iterable[Decision]) -> State:
    entries = dict(state.entries)
    notice, normative = state.notice, state.normative
    for decision in decisions:
        if decision.target == "gold":
            if decision.field == HEAD:
                notice = Notice.model_validate(decision.value or {})
            else:
                normative = _QUOTES.validate_python(decision.value or ())
        else:
            entries = _taken(entries, decision)
    return State(entries, notice, normative)


def _taken(entries: dict[str, Entry], decision: Decision) -> dict[str, Entry]:
    """The entries after a decision."""
    before = entries.get(decision.uid) or Entry(decision.uid, decision.target)
    entry = _decided(before, decision)
    if decision.uid in entries:
        entries[decision.uid] = entry
    else:
        entries = _placed(entries, entry, decision.after)
    if entry.dispute:
        return entries  # nothing else moves until a third has resolved it
    if decision.action == "split":
        for number, part in reversed(list(enumerate(_parts(decision), 1))):
            entries = _placed(entries, Entry(f"{decision.uid}.{number}", decision.target, part, None, "added", (decision,)), decision.uid)
    other = entries.get(decision.into or "") if decision.action == "merge" else None
    merged = before.content or decision.seen
    if other is not None and other.content is not None and merged is not None:
        quotes = tuple(dict.fromkeys((*other.content.quotes, *merged.quotes)))
        content = other.content.model_copy(update={"quotes": quotes})
        entries[other.uid] = replace(other, content=content, decisions=(*other.decisions, decision))
    return entries


def _placed(entries: Mapping[str, Entry], entry: Entry, after: str | None) -> dict[str, Entry]:
    """The entries with a new one behind another; at the end where that is not known, in front where it is empty."""
    if after == "":
        return {entry.uid: entry, **entries}
    if after not in entries:
        return {**entries, entry.uid: entry}
    placed: dict[str, Entry] = {}
    for uid, other in entries.items():
        placed[uid] = other
        if uid == after:
            placed[entry.uid] = entry
    return placed


def _decided(entry: Entry, decision: Decision) -> Entry:
    """The entry after a decision on it."""
    entry = replace(entry, decisions=(*entry.decisions, decision))
    if decision.action == "comment":
        return entry
    if decision.action == "dispute":
        parties = tuple(dict.fromkeys((*(entry.dispute.parties if entry.dispute else entry.deciders.values()), decision.who)))
        return replace(entry, dispute=Dispute(parties, decision.field, None, decision.reason))
    if decision.action == "resolve":
        if entry.dispute is None or decision.who in entry.dispute.parties:
            return entry  # not his to resolve
        content = _content(decision, decision.value) if decision.value is not None else None
        return _settled(replace(entry, dispute=None), decision, content)
    if decision.target in ("finding", "statement"):
        return replace(entry, status="rejected" if decision.action == "reject" else "accepted", deciders={None: decision.who})
    outcome = _outcome(entry, decision)
    if entry.dispute or _contradicts(entry, decision, outcome):
        others = entry.dispute.parties if entry.dispute else (_decider(entry, decision.field),)
        offered = decision.value if decision.field or outcome is None else plain(outcome)
        return replace(entry, dispute=Dispute(tuple(dict.fromkeys((*others, decision.who))), decision.field, offered, decision.reason))
    return _settled(entry, decision, outcome)


def _settled(entry: Entry, decision: Decision, content: Content | None) -> Entry:
    """The entry with what a decision made of it."""
    status = {"accept": "accepted", "add": "added", "reject": "rejected", "split": "split", "merge": "merged"}.get(decision.action, "fixed")
    if decision.action == "resolve":
        status = "rejected" if content is None else "fixed"
    if decision.by_hand:
        status = "rejected" if content is None else "gold" if entry.status == "unreviewed" else entry.status
    elif decision.action == "accept" and entry.status in ("fixed", "added") and content == entry.content:
        status = entry.status  # who confirms a colleague's fix has not made it the machine's
    former = entry.former
    if isinstance(content, GoldRule):
        content = named(Gold(notice=Notice(), rules=(content,), references=())).rules[0]
        keys = [held.key for held in (entry.content, decision.seen) if isinstance(held, GoldRule)]
        former = tuple(dict.fromkeys((*former, *(key for key in keys if key and key != content.key))))
    deciders = entry.deciders if decision.by_hand else {**entry.deciders, decision.field: decision.who}
    into = tuple(f"{entry.uid}.{n}" for n in range(1, len(_parts(decision)) + 1)) if decision.action == "split" else entry.into
    return replace(
        entry,
        content=content,
        seen=entry.seen if decision.by_hand else decision.seen,
        status=status,
        deciders=deciders,
        former=former,
        into=(decision.into,) if decision.action == "merge" and decision.into else into,
    )


def _outcome(entry: Entry, decision: Decision) -> Content | None:
    """What gold would hold of the rule after the decision."""
    if decision.action in ("reject", "split", "merge"):
        return None
    if decision.field is None:
        return _content(decision, decision.value)
    base = entry.content or decision.seen
    assert base is not None, "a field is decided of a rule that was seen"
    changed = {name: value for name, value in plain(base).items() if name != decision.field}
    if decision.value is not None:
        changed[decision.field] = decision.value
    return _content(decision, {**changed, "origin": plain(base).get("origin", "review") if decision.by_hand else "review"})


def _content(decision: Decision, value: Any) -> Content:
    model = GoldReference if decision.target == "reference" else GoldRule
    return model.model_validate(value)


def _parts(decision: Decision) -> list[Content]:
    return [_content(decision, part) for part in decision.value] if isinstance(decision.value, list) else []


def _decider(entry: Entry, name: str | None) -> str:
    """Who decided last on the field, or on the rule as a whole."""
    return entry.deciders.get(name) or entry.deciders.get(None) or next(iter(entry.deciders.values()), "")


def _contradicts(entry: Entry, decision: Decision, outcome: Content | None) -> bool:
    """Has another reviewer decided the same differently?"""
    if decision.by_hand or not any(who != decision.who for who in entry.deciders.values()):
        return False
    if outcome is None or entry.content is None:
        return (outcome is None) != (entry.content is None) and entry.status not in ("split", "merged", "unreviewed")
    now, then = _fields(outcome), _fields(entry.content)
    for name in {name for name in now | then if now.get(name) != then.get(name)}:
        others = entry.deciders.get(name) or entry.deciders.get(None)
        if others and others != decision.who:
            return True
    return False


def _fields(content: Content) -> dict[str, Any]:
    return {name: value for name, value in plain(content).items() if name not in ("key", "id", "origin")}


def by_hand(state: State, gold: Gold, who: str, at: str) -> list[Decision]:
    """The decisions that make a gold file's content of a state: what was written into the file by hand, in its order."""
    decisions: list[Decision] = []
    made = 0

    def add(**fields: Any) -> None:
        nonlocal made
        made += 1
        text = "\n".join([who, at, str(made), repr(sorted(fields.items(), key=lambda item: item[0]))])
        decisions.append(Decision(id=hashlib.sha256(text.encode()).hexdigest()[:16], at=at, who=who, **fields))

    if gold.notice != state.notice:
        add(target="gold", uid=HEAD, action="fix", field=HEAD, value=plain(gold.notice))
    held = {_name(content): (uid, content) for uid, content in state.keyed.items()}
    wanted: Iterable[Content] = (*gold.rules, *gold.references)
    names = {_name(content) for content in wanted}
    for name, (uid, content) in held.items():
        if name not in names:
            add(target=_target(content), uid=uid, action="reject")
    after = ""
    for content in wanted:
        uid, now = held.get(_name(content), ("", None))
        if now is None:
            uid = hashlib.sha256(_name(content).encode()).hexdigest()[:16]  # the same whenever it is taken in
            add(target=_target(content), uid=uid, action="add", value=plain(content), after=after)
        elif now != content:
            add(target=_target(content), uid=uid, action="fix", value=plain(content))
        after = uid
    if gold.normative != state.normative:
        add(target="gold", uid=NORMATIVE, action="fix", field=NORMATIVE, value=[plain(quote) for quote in gold.normative])
    return decisions


def _name(content: Content) -> str:
    return content.key if isinstance(content, GoldRule) else f"reference/{content.id}"


def _target(content: Content) -> Target:
    return "rule" if isinstance(content, GoldRule) else "reference"
