"""Publishing: outputs/ with the decisions applied, and a sheet to sign: who reviewed each rule, when, and what stays open."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.atomic import write_atomic
from pipeline.batch import WRITERS
from pipeline.errors import NoticeError
from pipeline.language import Language, say
from pipeline.report import words
from pipeline.report.desk_page import reviewed_by
from pipeline.report.templates import template
from pipeline.review.apply import apply
from pipeline.review.desk import Desk
from schemas.ruleset import Ruleset

SIGNOFF = ".signoff.html"
FORMATS = ("json", "html")


@dataclass(frozen=True)
class Line:
    """A rule on the sheet."""

    kind: str
    subject: str
    value: str
    section: str
    quote: str
    status: str
    reviewed: str
    note: str


def published(desk: Desk, *, reviewed_only: bool = False) -> Ruleset:
    """What would be published of an edition now. Raises NoticeError where something is disputed, and for a test edition that no authority issued."""
    if desk.extraction.ruleset.source.made:
        raise NoticeError("publish.made", desk.name)
    state = desk.current()[1]
    if state.disputed:
        raise NoticeError("publish.disputed", desk.name, count=len(state.disputed))
    return apply(state, desk.extraction, reviewed_only=reviewed_only)


def publish(desk: Desk, folder: Path | None = None, *, reviewed_only: bool = False, language: Language = "zh") -> tuple[Path, ...]:
    """Write ruleset, page and sign-off sheet of an edition, all rendered before the first is written. → the files.

    Without a folder they go where `extract` puts them. Raises NoticeError where something is disputed, OSError where nothing can be written.
    """
    ruleset = published(desk, reviewed_only=reviewed_only)
    target = desk.job.target if folder is None else folder / desk.name
    made = [(target.with_name(target.name + w.suffix), w.render(ruleset, language)) for w in WRITERS if w.name in FORMATS]
    made.append((target.with_name(target.name + SIGNOFF), signoff(desk, ruleset, language).encode()))
    for path, data in made:
        write_atomic(path, data)
    return tuple(path for path, _ in made)


def is_published(desk: Desk) -> bool:
    """Do the published files say what the decisions say now?"""
    path = desk.job.output(".ruleset.json")
    if not path.is_file() or not desk.job.output(SIGNOFF).is_file() or desk.current()[1].disputed:
        return False
    return path.read_bytes() == published(desk).to_json().encode()


def signoff(desk: Desk, ruleset: Ruleset, language: Language = "zh") -> str:
    """The sheet: one page to print, rules in the order of the text, then what stays open."""
    log, state = desk.current()
    by_id = {decision.id: decision for decision in log.decisions}
    lines = []
    for rule in ruleset.rules:
        decisions = [by_id[name] for name in rule.review.decisions if name in by_id]
        proof = rule.evidence[0] if rule.evidence else None
        lines.append(
            Line(
                say(f"kind.{rule.kind}", language),
                rule.subject,
                words.rule_words(rule, language),
                proof.section if proof else "",
                proof.quote if proof else "",
                say(f"desk.status.{rule.review.status}", language) if rule.review.status != "disputed" else say("desk.standing.disputed", language),
                reviewed_by(decisions),
                "；".join(d.reason for d in decisions if d.reason),
            )
        )
    open_cards = [card for card in desk.merged().cards if card.open]
    rejected = [entry for entry in state.entries.values() if entry.status == "rejected" and entry.target in ("rule", "reference")]
    return template("signoff.html.j2").render(
        ruleset=ruleset,
        edition=desk.name,
        lines=lines,
        open=[(say(f"desk.why.{card.why[0]}", language) if card.why else "", _title(card)) for card in open_cards],
        rejected=[(getattr(entry.seen, "subject", "") or getattr(entry.seen, "title", "") or "", entry.last) for entry in rejected],
        reviewers=sorted({d.who for d in log.decisions if not d.by_hand and d.target != "gold"}),
        version=len(log.decisions),
        t=partial(say, language=language),
        language={"zh": "zh-CN", "en": "en"}[language],
    )


def _title(card: object) -> str:
    finding, content = getattr(card, "finding", None), getattr(card, "content", None)
    if finding is not None:
        return str(finding.message)
    if content is not None:
        return f"{getattr(content, 'subject', '') or getattr(content, 'title', '') or getattr(content, 'document_number', '')}"
    return ""
