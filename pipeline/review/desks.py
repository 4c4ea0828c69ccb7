"""The desks of one server: which editions lie on them, and what their pages show."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pipeline.batch import plan
from pipeline.build import build_from_bytes
from pipeline.errors import NoticeError
from pipeline.ingest import Ingested, Proposal, ingest, propose
from pipeline.language import Language
from pipeline.report.desk_page import card_data, desk_data, last_year, progress
from pipeline.review.contents import Extraction
from pipeline.review.desk import Desk, Wish, desks_of, stamp
from pipeline.review.publish import is_published
from schemas.ruleset import Ruleset

Stage = Literal["extracted", "reviewing", "reviewed", "published"]


class Desks:
    """Desks by `series/year`. One decision of an edition is taken at a time. Raises NoticeError where one of `inputs` cannot be used."""

    def __init__(self, corpus: Path | None, inputs: Iterable[str] = (), language: Language = "zh") -> None:
        self.corpus, self.language = corpus, language
        self._desks: dict[str, Desk] = {}
        self._locks: dict[str, threading.Lock] = {}
        self._last: dict[str, tuple[Extraction, Extraction, dict[str, str]]] = {}
        for desk in (desk for given in inputs for desk in desks_of(given)):
            _ = desk.extraction  # what cannot be read is told now, not on the page
            self._lay(desk)
        self._named_only = bool(self._desks)
        self.refresh()

    def refresh(self) -> None:
        """Lay out what the corpus has come to hold."""
        if self.corpus is None or self._named_only:
            return
        try:
            jobs = plan([str(self.corpus)]).jobs
        except NoticeError:
            jobs = ()
        for job in jobs:
            desk = Desk(job)
            if desk.name not in self._desks:
                self._lay(desk)

    def _lay(self, desk: Desk) -> None:
        self._desks[desk.name] = desk
        self._locks[desk.name] = threading.Lock()

    def names(self) -> list[str]:
        return sorted(self._desks)

    @contextmanager
    def at(self, name: str) -> Iterator[Desk]:
        """The desk of an edition, for one request at a time. Raises KeyError for one that is not here."""
        desk = self._desks[name]
        with self._locks[name]:
            yield desk

    def page_data(self, desk: Desk) -> dict[str, Any]:
        """Everything that the page of a desk shows."""
        log, _ = desk.current()
        merged = desk.merged()
        stamps = {card.uid: stamp(card) for card in merged.cards}
        return desk_data(merged, desk.extraction, log, stamps, self._last_year(desk), self.language) | {"edition": desk.name}

    def decide(self, desk: Desk, wish: Wish, who: str) -> dict[str, Any]:
        """Take a decision; → what has changed on the page: the card, how far the review is."""
        before = {card.uid for card in desk.merged().cards}
        decision = desk.decide(wish, who)
        merged = desk.merged()
        changed = [card for card in merged.cards if card.uid == decision.uid or card.uid not in before]
        last = self._last_year(desk)
        cards = [card_data(card, desk.extraction, stamp(card), last.get(card.produced or card.uid, ""), self.language) for card in changed]
        return {
            "decision": decision.id,
            "action": decision.action,
            "uid": decision.uid,
            "cards": cards,
            "order": [card.uid for card in merged.cards],
            "open": [card.uid for card in merged.cards if card.open],
            **progress(merged, desk.extraction, desk.current()[0]),
        }

    def stage(self, desk: Desk) -> dict[str, Any]:
        """Where an edition stands: extracted, in review (n of m), reviewed, published."""
        log, state = desk.current()
        merged = desk.merged()
        total = len(merged.cards)
        done = total - sum(card.open for card in merged.cards)
        decided = any(not decision.by_hand for decision in log.decisions)
        stage: Stage = "extracted" if not decided else "reviewing" if done < total or state.disputed else "reviewed"
        if decided and is_published(desk):
            stage = "published"
        return {"stage": stage, "done": done, "total": total}

    def propose(self, data: bytes, name: str) -> tuple[Ruleset, Proposal]:
        """What a file that was dropped is, and where it belongs. Raises NoticeError for one that cannot be read."""
        ruleset = build_from_bytes(data, Path(name).name)
        return ruleset, propose(ruleset, self._corpus())

    def ingest(self, data: bytes, name: str, series: str, year: str) -> Ingested:
        """Take a file into the corpus and lay out its desk. Raises NoticeError where it cannot be."""
        found = ingest(data, Path(name).name, self._corpus(), series, year)
        self._lay(Desk(found.job))
        return found

    def _corpus(self) -> Path:
        if self.corpus is None:
            raise NoticeError("ingest.corpus", "corpus")
        return self.corpus

    def _last_year(self, desk: Desk) -> dict[str, str]:
        """uid → what the series' edition before says of the same thing, in words."""
        series, _, year = desk.name.rpartition("/")
        before = [name for name in self._desks if series and name.rpartition("/")[0] == series and name.rpartition("/")[2] < year]
        if not before:
            return {}
        old, new = self._desks[max(before)].extraction, desk.extraction
        known = self._last.get(desk.name)
        if known is None or known[:2] != (old, new):
            known = self._last[desk.name] = (old, new, last_year(old.ruleset, new.ruleset, self.language))
        return known[2]
