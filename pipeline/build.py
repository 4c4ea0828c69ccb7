"""The whole flow on one screen: bytes → Document → outline → mentions → statements → drafts → rules → findings → Ruleset."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path

from extractors.find import find_mentions
from extractors.pattern import compiled, fold
from extractors.vocabulary import fingerprint
from pipeline import __version__
from pipeline.amending import amended
from pipeline.calendar import calendar_of
from pipeline.errors import ReadError
from pipeline.evidence import evidence
from pipeline.findings import find_findings, proposable
from pipeline.keys import Named, assign_keys
from pipeline.ledger import ledger
from pipeline.linking import linked
from pipeline.merge import merged
from pipeline.naming import Namer, in_process
from pipeline.outline import is_titled, outline
from pipeline.readers.guard import Guard, read_guarded
from pipeline.rules import BUILDERS, FURTHER, REST
from pipeline.rules.draft import Draft
from pipeline.rules.references import Cited, references
from pipeline.scope import notice_levels
from pipeline.statements import Reading, read_statements
from pipeline.title import region_of, specialty_of
from schemas.document import Document
from schemas.ruleset import RULE_KINDS, Citation, Confidence, Notice, Reference, RuleBase, Ruleset, Run, make_uid

# what a reason costs: the score is the product; a reason that is not listed only explains
DOUBTS = {
    "year-from-sentence": "0.99",
    "year-from-issue-date": "0.97",
    "year-from-title": "0.85",
    "scope-from-outcome": "0.98",
    "scope-from-paragraph": "0.90",
    "scope-from-heading": "0.95",
    "scope-from-lead-in": "0.95",
    "complement": "0.90",
    "scope-from-payee": "0.95",
    "subject-from-heading": "0.93",
    "subject-from-paragraph": "0.80",
    "subject-from-table": "0.95",
    "subject-from-title": "0.70",
    "subject-carried": "0.93",
    "subject-far": "0.80",
    "subject-free": "0.60",
    "role-default": "0.75",
    "bare-number": "0.85",
    "bound-前": "0.99",
    "superseded": "0.70",
    "per-from-list": "0.97",
    "table-cell": "0.95",
    "fee-by-reference": "0.90",
    "fee-not-stated": "0.80",
    "condition-opaque": "0.85",
    "outcome-implied": "0.85",
    "form-line": "0.85",
    "clause-read": "0.90",
    "left-over": "0.75",
    "told-as-step": "0.65",
}

# how a kind is read, where that is a doubt of its own: the other kinds have patterns for their values
READ_FROM = {
    "score": "form-line",
    "material": "clause-read",
    "step": "told-as-step",
    "penalty": "clause-read",
    "exemption": "clause-read",
    "requirement": "left-over",
}


def build_ruleset(path: Path, *, password: str | None = None, series: str | None = None, names: Namer | None = in_process) -> Ruleset:
    """The ruleset of a file; without names nothing is proposed beside what patterns read. Raises ReadError for a file that no reader can use."""
    return build_from_document(read_guarded(path, password), series=series, edition=path.stem if series else None, names=names)


def build_from_bytes(data: bytes, file: str, *, password: str | None = None, series: str | None = None, names: Namer | None = in_process) -> Ruleset:
    """The same from bytes; `file` is the name that messages and the ruleset's source give."""
    with Guard() as guard:
        return build_from_document(guard.read_bytes(data, file, password), series=series, names=names)


def build_from_document(document: Document, *, series: str | None = None, edition: str | None = None, names: Namer | None = in_process) -> Ruleset:
    """The same from a Document: everything behind the readers."""
    reading = read_statements(document, outline(document), find_mentions(document.text))
    named = names(document.text, proposable(reading)) if names else None
    cited = references(reading)
    stated = merged(_placed(reading, draft) for build in BUILDERS for draft in build(reading))
    further = [draft for build in FURTHER for draft in build(reading)]
    rest = REST(reading, [*stated, *further])
    rules = linked(_rules(reading, [*stated, *further, *rest], cited, series))
    documents = tuple(_reference(reading, one) for one in cited)
    if not stated and not further and not documents and len(reading.outline.sections) < 2 and not is_titled(reading.outline):
        raise ReadError("read.no_notice", document.source.file)
    notice = _notice(reading, series, edition, documents)
    return Ruleset(
        notice=notice,
        source=document.source,
        text=document.text,
        sections=reading.outline.sections,
        rules=rules,
        references=documents,
        statements=ledger(reading, rules, documents),
        findings=find_findings(reading, notice, rules, documents, named() if named else None),
        run=Run(program=f"noticerules {__version__}", vocabulary=fingerprint()),
    )


def _placed(reading: Reading, draft: Draft) -> Draft:
    in_annex = reading.outline.section_at(draft.proofs[0].span.start).id.startswith("附件")
    return replace(draft, in_annex=in_annex) if draft.in_annex != in_annex else draft


def _rules(reading: Reading, drafts: Sequence[Draft], cited: Sequence[Cited], series: str | None) -> tuple[RuleBase, ...]:
    drafts = sorted(drafts, key=lambda draft: min(proof.span.start for proof in draft.proofs))
    keys = assign_keys([Named(d.kind, d.subject, d.role, d.value, d.condition, d.scope) for d in drafts])
    cites = _cites(reading, cited)
    return tuple(
        _rule(reading, draft, key, cites.get(reading.sentence_at(draft.proofs[0].span.start).span.start, ()), series)
        for draft, key in zip(drafts, keys, strict=True)
    )


def _rule(reading: Reading, draft: Draft, key: str, cites: tuple[Citation, ...], series: str | None) -> RuleBase:
    return RULE_KINDS[draft.kind](
        key=key,
        uid=make_uid(key, series, reading.document.source.sha256),
        kind=draft.kind,
        subject=draft.subject,
        scope=draft.scope,
        modality=draft.modality,
        value=draft.value,
        condition=draft.condition,
        evidence=tuple(evidence(reading, proof) for proof in sorted(draft.proofs, key=lambda p: p.span.start)),
        cites=cites,
        confidence=_confidence(draft.kind, draft.reasons),
        **{name: getattr(draft, name) for name in _own_fields(draft.kind)},
        **draft.own,
    )


@cache
def _own_fields(kind: str) -> tuple[str, ...]:
    """The fields of a draft that only rules of its kind have."""
    return tuple(name for name in ("role", "per", "payer", "payee", "of_whom", "purpose") if name in RULE_KINDS[kind].model_fields)


@lru_cache(1024)  # most rules of a notice are read for one of a few reasons
def _confidence(kind: str, reasons: tuple[str, ...]) -> Confidence:
    score = Decimal(1)
    reasons = tuple(dict.fromkeys((*reasons, *([READ_FROM[kind]] if kind in READ_FROM else []))))
    for reason in reasons:
        score *= Decimal(DOUBTS.get(reason, "1"))
    return Confidence(score=str(score.quantize(Decimal("0.01"))), reasons=reasons)


def _cites(reading: Reading, cited: Sequence[Cited]) -> dict[int, tuple[Citation, ...]]:
    """By the start of a sentence the documents that it cites, each with the articles named there."""
    said = {mention.span: mention.value for mention in reading.mentions}
    out: dict[int, tuple[Citation, ...]] = {}
    for one in cited:
        articles: dict[int, dict[str, None]] = defaultdict(dict)
        for proof in one.proofs:
            sentence = reading.sentence_at(proof.span.start).span
            if sentence.contains(proof.span):
                articles[sentence.start] |= dict.fromkeys(said[proof.span].articles)
        for at, named in articles.items():
            out[at] = (*out.get(at, ()), Citation(reference=one.id, articles=tuple(named)))
    return out


def _reference(reading: Reading, one: Cited) -> Reference:
    return Reference(
        id=one.id,
        title=one.title,
        document_number=one.document_number,
        issuer_code=one.number.issuer_code if one.number else None,
        year=one.number.year if one.number else None,
        serial=one.number.serial if one.number else None,
        aliases=one.aliases,
        url=one.url,
        articles=one.articles,
        relation=one.relation,
        evidence=tuple(evidence(reading, proof) for proof in one.proofs),
    )


def _notice(reading: Reading, series: str | None, edition: str | None, documents: Sequence[Reference]) -> Notice:
    found, title = reading.outline, reading.outline.title or ""
    calendar = calendar_of(reading)
    year = compiled(r"(?<!\d)(?:19|20)\d\d(?=[ ]?年)").search(fold(title))
    number = reading.document.quote(found.document_number) if found.document_number else None
    return Notice(
        title=found.title,
        document_number="".join(fold(number).replace("(", "〔").replace(")", "〕").split()) if number else None,
        issuers=found.issuers,
        addressees=found.addressees,
        issued_on=calendar.issued.isoformat() if calendar.issued else None,
        cycle=int(year.group()) if year else calendar.year,
        edition=edition,
        series=series,
        amends=amended(found.title, reading.document.text, documents),
        regions=region_of(title),
        specialties=specialty_of(title),
        levels=notice_levels(reading),
    )
