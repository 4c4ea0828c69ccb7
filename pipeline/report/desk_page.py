"""The desk as data for its page: every card in words of one language, with what a reviewer needs to decide on it."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from extractors.vocabulary import subjects
from pipeline.gold import plain
from pipeline.language import Language, say, texts
from pipeline.redline import redline
from pipeline.report import words
from pipeline.review.apply import made_rule
from pipeline.review.contents import Extraction
from pipeline.review.log import Log
from pipeline.review.merge import Card, FieldMerge, Merged, coverage, merge
from pipeline.review.replay import Entry, State
from schemas.gold import GoldReference, GoldRule
from schemas.review import Content, Decision
from schemas.ruleset import DIMENSIONS, Condition, Evidence, RuleBase, Ruleset, Scope

OWN = (
    *("outcome", "form", "copies", "actor", "action", "order", "system", "url", "conduct", "consequence", "organisation"),
    *("persons", "phones", "emails", "address", "per", "payer", "payee", "of_whom", "purpose"),
    *("title", "document_number", "articles", "aliases", "relation"),
)
"""Fields of single kinds, in the order in which the detail shows them."""


def desk_data(
    merged: Merged, extraction: Extraction, log: Log, stamps: Mapping[str, str], last: Mapping[str, str], language: Language
) -> dict[str, Any]:
    """Everything that the page shows of an edition. `stamps` and `last` are by uid: what tells that a card has changed, and last year's rule in words."""
    ruleset = extraction.ruleset
    return {
        "cards": [card_data(card, extraction, stamps.get(card.uid, ""), last.get(card.produced or card.uid, ""), language) for card in merged.cards],
        "gone": [_gone(entry, language) for entry in merged.gone],
        **progress(merged, extraction, log),
        "text": ruleset.text,
        "sections": [[section.id, section.start, section.end] for section in ruleset.sections],
        "text_sha256": ruleset.source.text_sha256,
        "run": ruleset.run.model_dump(),
        "subjects": _subjects(),
        "dimensions": [[name, say(f"dimension.{name}", language)] for name in DIMENSIONS],
        "kinds": [[kind, say(f"kind.{kind}", language)] for kind in words.KINDS if kind != "reference"],
        "roles": [
            [role, say(f"role.{role}", language)]
            for role in ("opens", "closes", "period", "held", "cutoff", "condition", "issued", "printed", "effective", "expires")
        ],
        "words": texts("desk.", language),
    }


def progress(merged: Merged, extraction: Extraction, log: Log) -> dict[str, Any]:
    """How far the review is: what changes with every decision."""
    open_cards = [card for card in merged.cards if card.open]
    return {
        "version": len(log.decisions),
        "lost": list(log.lost),
        "queue": [card.uid for card in merged.queue()],
        "total": len(merged.cards),
        "done": len(merged.cards) - len(open_cards),
        "findings": sum(card.target == "finding" and card.open for card in merged.cards),
        "conflicts": sum(card.standing in ("conflict", "disputed") for card in merged.cards),
        "coverage": [list(row) for row in coverage(merged, extraction.ruleset)],
    }


@cache
def _subjects() -> dict[str, list[str]]:
    """Kind → its subjects of the vocabulary."""
    return {kind: [entry.word for entry in subjects(kind)] for kind in words.KINDS if kind != "reference"}


def card_data(card: Card, extraction: Extraction, stamp: str, last: str, language: Language) -> dict[str, Any]:
    """One card in words, with its contents as gold holds them."""
    content = card.content
    kind = "finding" if card.finding else "statement" if card.statement else content.kind if isinstance(content, GoldRule) else "reference"
    produced = extraction.rules.get(card.produced) if card.produced else None
    data: dict[str, Any] = {
        "uid": card.uid,
        "target": card.target,
        "kind": kind,
        "label": say(f"kind.{kind}", language) if kind != "statement" else say("desk.statement", language),
        "stamp": stamp,
        "standing": card.standing,
        "status": card.entry.status if card.entry else "unreviewed",
        "open": card.open,
        "category": card.category,
        "why": [say(f"desk.why.{reason}", language) for reason in card.why],
        "spans": [[span.start, span.end] for span in card.spans],
        "sentences": list(_sentences(card, extraction)),
        "orphans": list(card.orphans),
        "gold": plain(card.gold) if card.gold else None,
        "new": plain(card.new) if card.new else None,
        "fields": [_field(one, language) for one in card.fields],
        "last": last,
        "history": [_told(decision, language) for decision in card.entry.decisions] if card.entry else [],
        "origin": getattr(card.gold, "origin", None),
        "former": list(card.entry.former) if card.entry else [],
        "dispute": _dispute(card.entry, language),
        **_shown(content, language),
    }
    if card.finding:
        data |= {"title": card.finding.message, "value": say(f"severity.{card.finding.severity}", language)}
    if card.statement:
        data |= {"title": " ".join(extraction.ruleset.text[card.statement.start : card.statement.end].split()), "value": ""}
    if produced:
        data["confidence"] = words.confidence_words(produced.confidence, language)
        data["level"] = words.confidence_level(produced.confidence)
        data["reasons"] = list(words.reason_words(produced.confidence, language))
        data["patterns"] = list(dict.fromkeys(e.pattern for e in produced.evidence))
        data["page"] = next((e.page for e in produced.evidence if e.page), None)
    return data


def _shown(content: Content | None, language: Language) -> dict[str, Any]:
    """What a rule says, in words: for the list and for the detail's rows."""
    if content is None:
        return {"title": "", "value": "", "chips": [], "rows": [], "key": "", "section": ""}
    section = content.quotes[0].section if content.quotes else ""
    if isinstance(content, GoldReference):
        title = f"《{content.title}》" if content.title else content.document_number or ""
        rows = [
            [name, _label(name, language), _words(name, getattr(content, name), content, language)] for name in OWN if getattr(content, name, None)
        ]
        return {
            "title": title,
            "value": content.document_number or "" if content.title else "",
            "chips": [],
            "rows": rows,
            "key": content.id,
            "section": section,
        }
    rule = made_rule(content, "", _evidence(content))
    rows = []
    for name in ("subject", "role", "value", "scope", "condition", "modality", *OWN):
        if name in type(rule).model_fields or name == "value":
            value = getattr(content, name, None)
            if name in ("subject", "scope") or value not in (None, ()):
                rows.append([name, _label(name, language), _words(name, value, content, language)])
    return {
        "title": content.subject,
        "value": words.rule_words(rule, language),
        "chips": [[chip.label, chip.text] for chip in words.scope_chips(content.scope, language)],
        "rows": rows,
        "key": content.key,
        "section": section,
    }


def _evidence(content: GoldRule) -> tuple[Evidence, ...]:
    """Quotes as evidence without a place, for words that are made of a whole rule."""
    return tuple(Evidence(start=0, end=0, quote=q.quote, prefix="", suffix="", section=q.section, pattern="review") for q in content.quotes)


def _label(name: str, language: Language) -> str:
    return words.word(f"field.{name}", words.word(f"desk.field.{name}", name, language), language)


def _words(name: str, value: Any, content: Content, language: Language) -> str:
    """A field in words; JSON only for what has none."""
    if value is None or value == ():
        return ""
    if name == "value" and isinstance(content, GoldRule):
        return words.value_words(content.value, made_rule(content, "", _evidence(content)), language)
    if isinstance(value, Scope):
        return "；".join(f"{chip.label} {chip.text}" for chip in words.scope_chips(value, language)) or say("desk.unstated", language)
    if isinstance(value, Condition):
        return words.condition_words(value, language)
    if name in ("role", "modality", "purpose", "relation"):
        return words.word(f"{name}.{value}", str(value), language)
    return "、".join(value) if isinstance(value, tuple) else str(value)


def _field(one: FieldMerge, language: Language) -> dict[str, Any]:
    """A field on both sides in words, with what changed between them."""
    gold, new, seen = (_side(one.name, value, language) for value in (one.gold, one.new, one.seen))
    return {
        "name": one.name,
        "label": _label(one.name, language),
        "gold": gold,
        "new": new,
        "seen": seen,
        "verdict": one.verdict,
        "verdict_label": say(f"desk.verdict.{one.verdict}", language),
        "redline": [asdict(piece) for piece in redline(gold, new)],
    }


def _side(name: str, value: Any, language: Language) -> str:
    """A field's JSON in words."""
    if value is None:
        return ""
    if name in ("value", "scope", "condition"):
        held = GoldRule.model_validate({"key": "", "kind": "requirement", "subject": "", "quotes": [], name: value})
        return _words(name, getattr(held, name), held, language)
    if isinstance(value, list):
        return "、".join(map(str, value))
    return words.word(f"{name}.{value}", str(value), language) if name in ("role", "modality", "purpose", "relation") else str(value)


def _sentences(card: Card, extraction: Extraction) -> Iterator[list[Any]]:
    """The sentences that hold the quotes: start and end of each, its section."""
    seen: set[tuple[int, int]] = set()
    statements = extraction.ruleset.statements
    for span in card.spans:
        at = bisect_right(statements, span.start, key=lambda statement: statement.start) - 1
        around = statements[at] if at >= 0 and span.start < statements[at].end else None
        start, end = (around.start, max(around.end, span.end)) if around else (span.start, span.end)
        if (start, end) not in seen:
            seen.add((start, end))
            yield [start, end, around.section if around else ""]


def _dispute(entry: Entry | None, language: Language) -> dict[str, Any] | None:
    if entry is None or entry.dispute is None:
        return None
    dispute = entry.dispute
    offered = dispute.offered
    told = _side(dispute.field, offered, language) if dispute.field else say("desk.dispute.whole", language)
    return {
        "parties": list(dispute.parties),
        "field": dispute.field,
        "label": _label(dispute.field, language) if dispute.field else "",
        "offered": offered,
        "told": told,
        "reason": dispute.reason,
    }


def _told(decision: Decision, language: Language) -> dict[str, Any]:
    """A decision in the history of its rule."""
    told = _side(decision.field, decision.value, language) if decision.field and decision.action != "reject" and decision.field != "quotes" else ""
    return {
        "id": decision.id,
        "who": decision.who,
        "at": decision.at.replace("T", " ")[:16],
        "action": say(f"desk.action.{decision.action}", language),
        "field": _label(decision.field, language) if decision.field else "",
        "value": told,
        "reason": decision.reason or "",
    }


def _gone(entry: Entry, language: Language) -> dict[str, Any]:
    """What was rejected, split or merged and is no longer produced."""
    shown = _shown(entry.content or entry.seen, language)
    return {
        "uid": entry.uid,
        "status": entry.status,
        "title": shown["title"],
        "value": shown["value"],
        "history": [_told(decision, language) for decision in entry.decisions],
    }


def reviewed_by(decisions: Sequence[Decision]) -> str:
    """Who decided on a rule at the desk, in order, and when last: 王五、李四 2023-11-05 10:20."""
    own = [decision for decision in decisions if not decision.by_hand and decision.action != "comment"]
    return f"{'、'.join(dict.fromkeys(d.who for d in own))} {own[-1].at.replace('T', ' ')[:16]}" if own else ""


def last_year(old: Ruleset, new: Ruleset, language: Language) -> dict[str, str]:
    """uid of a rule → what the edition before says of the same thing, in words, with how the two were linked where that is not certain."""
    from pipeline.alignment import align  # where there is no year before, there is nothing to align

    found: dict[str, str] = {}
    for match in align(old, new):
        if match.link is None:
            continue
        told = "；".join(words.rule_words(entry.stated, language) for entry in match.old if isinstance(entry.stated, RuleBase))
        if told and match.link.status == "proposed":
            told = say("desk.last.proposed", language, words=told)
        found |= {entry.stated.uid: told for entry in match.new if told and isinstance(entry.stated, RuleBase)}
    return found


def offline_data(ruleset: Ruleset, language: Language) -> dict[str, Any]:
    """The data of a desk without a server: nothing decided but what the ruleset itself says was reviewed."""
    extraction = Extraction(ruleset)
    return desk_data(merge(State(), extraction), extraction, Log(), {}, {}, language)
