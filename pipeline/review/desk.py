"""The desk of one edition: its extraction, its log, its gold. Every decision passes through `decide`, under the log's lock, and rewrites gold."""

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, JsonValue, ValidationError
from pydantic.dataclasses import dataclass

from pipeline import gold as gold_files
from pipeline.atomic import write_atomic
from pipeline.batch import DECISIONS, Job, build, plan
from pipeline.editions import ruleset_of
from pipeline.errors import NoticeError
from pipeline.review import log
from pipeline.review.apply import apply
from pipeline.review.contents import Extraction, gold_quote, section_of
from pipeline.review.merge import Card, Merged, merge
from pipeline.review.replay import HEAD, State, advanced, by_hand, replay
from schemas.document import Span
from schemas.gold import GoldRule
from schemas.review import Action, Content, Decision
from schemas.ruleset import Ruleset

PROGRAM = "noticerules"
STALE = 20
"""How many decisions back a gold file may lag behind its log, as a crash between the two leaves it, and not be taken for edited."""


class ReviewError(NoticeError):
    """A decision that cannot be taken; nothing was written."""


def now() -> str:
    """The time of a decision, with the offset of the place."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Wish:
    """What a reviewer asks for, before it is a decision. `stamp` says what stood on his page."""

    action: Action
    uid: str = ""
    field: str | None = None
    value: JsonValue = None
    reason: str | None = None
    into: str | None = None
    stamp: str | None = None


class Desk:
    """`job` is a notice or a ruleset; log and gold lie beside it, under its stem. Raises NoticeError where the input cannot be used."""

    def __init__(self, job: Job, read: Callable[[Job], Ruleset] = build, clock: Callable[[], str] = now) -> None:
        assert job.source is not None, "a desk is for a file"
        self.job, self.source, self._read, self._clock = job, job.source, read, clock
        stem = self.source.name.removesuffix(".ruleset.json") if self.source.name.endswith(".ruleset.json") else self.source.stem
        self.log_path = self.source.with_name(stem + DECISIONS)
        self.gold_path = self.source.with_name(stem + gold_files.ENDING)
        self.name = f"{job.series}/{stem}" if job.series else stem
        self._extraction: tuple[tuple[int, int], Extraction] | None = None
        self._state: tuple[object, log.Log, State] | None = None
        self._unwritten: list[Decision] = []
        self._merged: tuple[object, Extraction, Merged] | None = None

    @classmethod
    def of(cls, path: str) -> "Desk":
        """The desk of one notice, or of a `*.ruleset.json` that was extracted before."""
        return next(iter(desks_of(path)))

    @property
    def extraction(self) -> Extraction:
        """The extraction of the notice as it is now on the disk, made once."""
        at = self.source.stat()
        mark = (at.st_mtime_ns, at.st_size)
        if self._extraction is None or self._extraction[0] != mark:
            self._extraction = (mark, Extraction(self._read(self.job)))
        return self._extraction[1]

    def extract_again(self) -> None:
        """Forget the extraction: the program may have changed, or the vocabulary."""
        self._extraction = None

    def current(self) -> tuple[log.Log, State]:
        """The log with what was edited by hand, and the state that both come to. Edits are written to a log that there is, and kept in mind else."""
        mark = (_mark(self.log_path), _mark(self.gold_path))
        if self._state is None or self._state[0] != mark:
            if mark[0] is not None and self._taken_in(log.read(self.log_path)):
                with log.held(self.log_path) as held:
                    held.append(self._taken_in(held.read()))
                mark = (_mark(self.log_path), mark[1])
            found = log.read(self.log_path)
            self._unwritten = self._taken_in(found)
            decisions = (*found.decisions, *self._unwritten)
            self._state = (mark, log.Log(decisions, found.lost), replay(decisions))
        return self._state[1], self._state[2]

    def _taken_in(self, found: log.Log) -> list[Decision]:
        """What stands in the gold file and in no decision; nothing where the file only lags behind the log."""
        if not self.gold_path.is_file():
            return []
        written = gold_files.load(self.gold_path)
        text = gold_files.to_json(written)
        state = replay(found.decisions)
        if gold_files.to_json(state.gold) == text:
            return []
        edits = by_hand(state, written, self.gold_path.name, self._clock())
        if edits and any(self._gold_text(found.decisions[:-back]) == text for back in range(1, min(STALE, len(found.decisions)))):
            return []
        return edits

    @staticmethod
    def _gold_text(decisions: Sequence[Decision]) -> str:
        return gold_files.to_json(replay(decisions).gold)

    def merged(self) -> Merged:
        """The decisions set beside the extraction."""
        _, state = self.current()
        extraction = self.extraction
        if self._merged is None or self._merged[0] is not state or self._merged[1] is not extraction:
            self._merged = (state, extraction, merge(state, extraction))
        return self._merged[2]

    @property
    def version(self) -> int:
        """Grows with every decision of anybody."""
        return len(self.current()[0].decisions)

    def card(self, uid: str) -> Card | None:
        return next((card for card in self.merged().cards if card.uid == uid), None)

    def decide(self, wish: Wish, who: str) -> Decision:
        """Take one decision and rewrite gold. Raises ReviewError where it does not hold, OSError where the disk is full."""
        if wish.action == "undo":
            decision = self._undo(who)
        else:
            decision = self._decision(wish, who)
        self._write([decision])
        return decision

    def take_in(self, decisions: Sequence[Decision]) -> int:
        """Add decisions that were taken elsewhere, on the page without a server; those that are known are passed over. → how many were new."""
        known = {decision.id for decision in self.current()[0].decisions}
        new = [decision for decision in decisions if decision.id not in known]
        if new:
            self._write(new)
        return len(new)

    def _write(self, new: Sequence[Decision]) -> None:
        """Log first, gold after: what a crash leaves undone between the two, the next start does."""
        with log.held(self.log_path) as held:
            if self._state is None or self._state[0] != (_mark(self.log_path), _mark(self.gold_path)):
                found = held.read()
                edits = self._taken_in(found)
                before, state = (*found.decisions, *edits), replay((*found.decisions, *edits))
            else:  # nobody has written since it was read
                found, state = self._state[1], self._state[2]
                before, edits = found.decisions, self._unwritten
            if not before:
                edits = [self._head()]
                before, state = tuple(edits), replay(edits)
            state = self._checked(state, before, new)
            held.append([*edits, *new])
            write_atomic(self.gold_path, gold_files.to_json(state.gold).encode())
        self._state = ((_mark(self.log_path), _mark(self.gold_path)), log.Log((*before, *new), found.lost), state)
        self._unwritten = []

    def _head(self) -> Decision:
        """The head of gold that is begun at the desk: the notice's own, as it was extracted."""
        notice = self.extraction.ruleset.notice.model_copy(update={"series": None, "edition": None})
        return self._made(Wish("accept", HEAD, HEAD), PROGRAM, "gold", value=gold_files.plain(notice))

    def _checked(self, state: State, before: Sequence[Decision], new: Sequence[Decision]) -> State:
        """The state after the decisions. Raises ReviewError where it would be no gold: a value that is none, two documents of one name, no quote."""
        try:
            state = advanced(state, before, new)
            gold = state.gold
        except (ValidationError, AssertionError) as error:
            first = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
            raise ReviewError("review.invalid", self.name, reason=first) from error
        ids = [reference.id for reference in gold.references]
        doubled = next((name for name in ids if ids.count(name) > 1 or not name), None)
        if doubled is not None:
            raise ReviewError("review.twice", self.name, id=doubled)
        for decision in new:
            entry = state.entries.get(decision.uid)
            if entry is not None and entry.content is not None and not entry.content.quotes:
                raise ReviewError("review.no_quote", self.name)
        return state

    def _undo(self, who: str) -> Decision:
        """Take back the reviewer's own last decision that still stands."""
        decisions = self.current()[0].decisions
        undone = {decision.of for decision in decisions if decision.action == "undo"}
        last = next((d for d in reversed(decisions) if d.who == who and d.action != "undo" and not d.by_hand and d.id not in undone), None)
        if last is None:
            raise ReviewError("review.nothing_to_undo", self.name)
        return self._made(Wish("undo", last.uid, last.field), who, last.target, of=last.id)

    def _decision(self, wish: Wish, who: str) -> Decision:
        if wish.action == "add":
            return self._added(wish, who)
        card = self.card(wish.uid)
        if card is None:
            raise ReviewError("review.unknown", self.name, uid=wish.uid)
        if wish.action in ("accept", "resolve") and wish.stamp is not None and wish.stamp != stamp(card):
            raise ReviewError("review.changed", self.name)
        dispute = card.entry.dispute if card.entry else None
        if wish.action == "resolve" and (dispute is None or who in dispute.parties):
            raise ReviewError("review.third", self.name)
        if wish.action == "reject" and card.target in ("rule", "reference") and not wish.reason:
            raise ReviewError("review.reason", self.name)
        value: JsonValue = wish.value
        if wish.action == "accept" and card.content is not None:
            value = gold_files.plain(card.content)
        elif wish.field is not None and (card.content is None or wish.field not in type(card.content).model_fields):
            raise ReviewError("review.invalid", self.name, reason=wish.field)
        elif wish.field is None and isinstance(value, dict):
            value = {**value, "origin": "review"}
        return self._made(wish, who, card.target, seen=card.new, value=value, after=self._behind(card.spans))

    def _added(self, wish: Wish, who: str) -> Decision:
        """A rule that the extraction has missed: its value, and the quote that the reviewer selected."""
        if not isinstance(wish.value, dict):
            raise ReviewError("review.invalid", self.name, reason="value")
        wanted = {**wish.value, "key": "", "origin": "review"}
        try:
            rule = GoldRule.model_validate(wanted)
        except ValidationError as error:
            first = error.errors()[0]
            raise ReviewError("review.invalid", self.name, reason=f"{'/'.join(map(str, first['loc']))}: {first['msg']}") from error
        spans = tuple(span for quote in rule.quotes if (span := self.extraction.find(quote)))
        if len(spans) < len(rule.quotes) or not spans:
            raise ReviewError("review.no_quote", self.name)
        return self._made(Wish("add", secrets.token_hex(8)), who, "rule", value=gold_files.plain(rule), after=self._behind(spans))

    def quote(self, start: int, end: int) -> dict[str, Any]:
        """The quote of a stretch of the text. Raises ReviewError where no neighbours tell it from others like it."""
        ruleset = self.extraction.ruleset
        if not 0 <= start < end <= len(ruleset.text):
            raise ReviewError("review.no_quote", self.name)
        found = gold_quote(self.extraction.text, ruleset, Span(start, end), section_of(ruleset, start))
        if found is None:
            raise ReviewError("review.no_quote", self.name)
        plain: dict[str, Any] = gold_files.plain(found)
        return plain

    def _behind(self, spans: Sequence[Span]) -> str | None:
        """uid of the rule of gold that stands nearest in front of a place in the text; empty for the beginning."""
        start = min((span.start for span in spans), default=None)
        if start is None:
            return None
        held = [card for card in self.merged().cards if card.gold is not None and card.spans]
        before = [card for card in held if min(span.start for span in card.spans) <= start]
        return before[-1].uid if before else ""

    def _made(self, wish: Wish, who: str, target: Any, seen: Content | None = None, **more: Any) -> Decision:
        ruleset = self.extraction.ruleset
        return Decision(
            id=secrets.token_hex(8),
            at=self._clock(),
            who=who,
            text_sha256=ruleset.source.text_sha256,
            run=ruleset.run,
            target=target,
            uid=wish.uid,
            action=wish.action,
            field=wish.field,
            seen=seen,
            reason=wish.reason or None,
            into=wish.into,
            **{"value": wish.value, **more},
        )


def desks_of(path: str) -> list[Desk]:
    """A desk for each notice of a file or folder, or for a `*.ruleset.json`. Raises NoticeError where there is none."""
    if not path.endswith(".json"):
        planned = plan([path])
        for problem in planned.problems:
            raise problem
        return [Desk(job) for job in planned.jobs]
    source = Path(path)
    if not source.is_file():
        raise NoticeError("plan.missing", path)
    return [Desk(Job(source, path, source.with_suffix("")), lambda job: ruleset_of(path))]


def conflicts(job: Job, ruleset: Ruleset) -> list[str]:
    """Keys of gold on which an extraction has moved since a clerk decided and disagrees; none where nothing was decided."""
    if job.source is None or not (desk := Desk(job, lambda _: ruleset)).log_path.is_file():
        return []
    return [card.gold.key for card in desk.merged().with_standing("conflict") if isinstance(card.gold, GoldRule)]


def apply_decisions(job: Job, ruleset: Ruleset) -> Ruleset:
    """A fresh extraction with the decisions on its notice applied."""
    desk = Desk(job, lambda _: ruleset)
    return apply(desk.current()[1], desk.extraction)


def stamp(card: Card) -> str:
    """Changes with everything that a reviewer sees of a card when he accepts it."""
    parts = [repr(card.gold), repr(card.new), card.standing, str(card.entry.dispute if card.entry else "")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _mark(path: Path) -> tuple[int, int] | None:
    """What tells one state of a file from another, null where there is none."""
    try:
        at = path.stat()
    except FileNotFoundError:
        return None
    return at.st_mtime_ns, at.st_size
