"""Decisions applied to an extraction: what is published says what the reviewers said, and of every rule who has looked at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.evidence import CONTEXT
from pipeline.keys import Named, assign_keys
from pipeline.review.contents import Extraction
from pipeline.review.merge import Card, merge
from pipeline.review.replay import Entry, State
from schemas.document import Span
from schemas.gold import GoldQuote, GoldReference, GoldRule
from schemas.ruleset import RULE_KINDS, Confidence, Evidence, Reference, Review, RuleBase, Ruleset, make_uid
from schemas.values import Adjustment, ByReference

PATTERN = "review"
"""What stands as the pattern of evidence that a person pointed at."""


@dataclass(frozen=True)
class _Named:
    """A rule on its way out and the uid that others know it by."""

    rule: RuleBase
    known_as: str


def apply(state: State, extraction: Extraction, *, reviewed_only: bool = False) -> Ruleset:
    """The ruleset with the reviewers' decisions in place of what was extracted.

    What no clerk has decided on stays as it was extracted, gold that was read from the text included: it is there to judge by.
    `reviewed_only` leaves out every rule that no clerk has decided on or that is disputed.
    """
    ruleset = extraction.ruleset
    merged = merge(state, extraction)
    by_name = {card.produced: card for card in merged.cards if card.produced and card.entry is not None and _speaks(card.entry)}
    gone = {card.produced for card in by_name.values() if card.gold is None and card.entry is not None and not card.entry.dispute}
    rules = [_Named(_rule(rule, by_name.get(rule.uid), extraction), rule.uid) for rule in ruleset.rules if rule.uid not in gone]
    standing = [r for r in ruleset.references if f"reference/{r.id}" not in gone]
    references = [_reference(r, by_name.get(f"reference/{r.id}")) for r in standing]
    ids = {old.id: new.id for old, new in zip(standing, references, strict=True)}
    for card in merged.cards:
        if card.produced or card.gold is None or card.entry is None or not _speaks(card.entry) or not card.spans:
            continue
        if isinstance(card.gold, GoldRule):
            rules.append(_Named(made_rule(card.gold, card.uid, evidence_at(extraction, card.gold.quotes), review_of(card.entry)), card.uid))
        else:
            references.append(_made_reference(card.gold, extraction))
    if reviewed_only:
        rules = [named for named in rules if named.rule.review.status in ("accepted", "fixed", "added")]
        decided = {card.produced or f"reference/{getattr(card.gold, 'id', '')}" for card in merged.cards if card.entry and _speaks(card.entry)}
        references = [reference for reference in references if f"reference/{reference.id}" in decided]
    rules.sort(key=lambda named: min((e.start for e in named.rule.evidence), default=0))
    changed = by_name or reviewed_only or (len(rules), len(references)) != (len(ruleset.rules), len(ruleset.references))
    return _renamed(ruleset, rules, references, ids) if changed else ruleset


def _speaks(entry: Entry) -> bool:
    """Has a clerk decided, or was gold of a review edited by hand? What was read for gold alone says nothing to readers of rulesets."""
    return entry.decided or getattr(entry.content, "origin", "") == "review"


def review_of(entry: Entry) -> Review:
    """The standing of an entry as a ruleset tells it, with the ids of the decisions that led there."""
    status = "disputed" if entry.dispute else entry.status
    known = status if status in ("accepted", "fixed", "added", "disputed") else "added" if status == "gold" else "unreviewed"
    return Review.model_validate({"status": known, "decisions": tuple(d.id for d in entry.decisions)})


def _rule(rule: RuleBase, card: Card | None, extraction: Extraction) -> RuleBase:
    """A produced rule with what gold says of it; as it was where nobody has decided."""
    if card is None or card.entry is None:
        return rule
    review = review_of(card.entry)
    if not isinstance(card.gold, GoldRule):
        return rule.model_copy(update={"review": review})
    changed = {one.name for one in card.fields}
    same_quotes = {squeezed(q) for q in card.gold.quotes} == {squeezed(q) for q in extraction.produced[rule.uid].quotes}
    if not changed and same_quotes:
        return rule.model_copy(update={"review": review})
    proof = rule.evidence
    if not same_quotes and card.spans:
        proof = (*evidence_at(extraction, card.gold.quotes), *(e for e in rule.evidence if e.role != "value"))
    made = made_rule(card.gold, rule.uid, proof, review)
    if made.kind != rule.kind:
        return made
    kept = {name: getattr(rule, name) for name in ("cites", "part_of", "confidence")}
    if "value" not in changed:
        kept["value"] = rule.value  # with what was reckoned from other rules
    return made.model_copy(update=kept)


def squeezed(quote: GoldQuote) -> tuple[str, str]:
    """A quote by its section and words alone."""
    return quote.section, "".join(quote.quote.split())


def made_rule(content: GoldRule, uid: str, evidence: tuple[Evidence, ...], review: Review | None = None) -> RuleBase:
    """A rule of what gold holds."""
    model, in_gold = RULE_KINDS[content.kind], GoldRule.model_fields
    own: dict[str, Any] = {name: getattr(content, name) for name in model.model_fields if name in in_gold and name not in ("key", "purpose")}
    for name in ("outcome", "action", "conduct", "consequence"):
        if name in own and own[name] is None:
            own[name] = ""  # required of its kind, and not written in gold
    if content.purpose:
        own["purpose"] = content.purpose
    sure = Confidence(score="1.00", reasons=("reviewed",))
    return model(**{**own, "key": content.key, "uid": uid, "evidence": evidence, "confidence": sure, "review": review or Review()})


def evidence_at(extraction: Extraction, quotes: Sequence[GoldQuote]) -> tuple[Evidence, ...]:
    """Evidence for the quotes that have a place in the text."""
    return tuple(_evidence(extraction.ruleset.text, span, quote) for quote in quotes if (span := extraction.find(quote)) is not None)


def _evidence(text: str, span: Span, quote: GoldQuote) -> Evidence:
    return Evidence(
        start=span.start,
        end=span.end,
        quote=text[span.start : span.end],
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
        section=quote.section,
        pattern=PATTERN,
    )


def _reference(reference: Reference, card: Card | None) -> Reference:
    if card is None or not isinstance(card.gold, GoldReference) or not card.fields:
        return reference
    held = card.gold
    return reference.model_copy(
        update={name: getattr(held, name) for name in ("id", "title", "document_number", "aliases", "url", "articles", "relation")}
    )


def _made_reference(content: GoldReference, extraction: Extraction) -> Reference:
    shared = {name: getattr(content, name) for name in ("id", "title", "document_number", "aliases", "url", "articles", "relation")}
    return Reference(**shared, evidence=evidence_at(extraction, content.quotes))


def _renamed(ruleset: Ruleset, rules: Sequence[_Named], references: Sequence[Reference], ids: Mapping[str, str]) -> Ruleset:
    """The ruleset with other rules: keys and uids computed anew, and everything that names a rule, or a document by its former id, following it."""
    keys = assign_keys(
        [Named(n.rule.kind, n.rule.subject, getattr(n.rule, "role", None), n.rule.value, n.rule.condition, n.rule.scope) for n in rules]
    )
    uids = {named.known_as: make_uid(key, ruleset.notice.series, ruleset.source.sha256) for named, key in zip(rules, keys, strict=True)}
    kept = {reference.id for reference in references}
    made = []
    for named, key in zip(rules, keys, strict=True):
        update: dict[str, Any] = {"key": key, "uid": uids[named.known_as], "part_of": uids.get(named.rule.part_of or "")}
        cites = (c.model_copy(update={"reference": ids.get(c.reference, c.reference)}) for c in named.rule.cites)
        update["cites"] = tuple(cite for cite in cites if cite.reference in kept)
        if isinstance(named.rule.value, ByReference):
            update["value"] = named.rule.value.model_copy(update={"reference": ids.get(named.rule.value.reference, named.rule.value.reference)})
        if isinstance(named.rule.value, Adjustment):
            update["value"] = named.rule.value.model_copy(update={"to": tuple(uids[uid] for uid in named.rule.value.to if uid in uids)})
        made.append(named.rule.model_copy(update=update))
    return ruleset.model_copy(
        update={"rules": tuple(made), "references": tuple(references), "statements": tuple(_covered(ruleset, made, references, {**ids, **uids}))}
    )


def _covered(ruleset: Ruleset, rules: Sequence[RuleBase], references: Sequence[Reference], uids: Mapping[str, str]) -> list[Any]:
    """The statements with the rules that came of them, those that a clerk added included."""
    out = []
    proofs = [(rule.uid, e.start, e.end) for rule in rules for e in rule.evidence if e.pattern == PATTERN]
    ids = {reference.id for reference in references}
    for statement in ruleset.statements:
        names = [uids.get(name, name if name in ids else "") for name in statement.covered_by]
        names += [uid for uid, start, end in proofs if start < statement.end and end > statement.start]
        out.append(statement.model_copy(update={"covered_by": tuple(dict.fromkeys(filter(None, names)))}))
    return out
