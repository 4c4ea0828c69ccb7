"""The ledger: every sentence, list item and table row, whether it binds, which rules came from it, and why one needs none."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from extractors.pattern import compiled, fold
from pipeline.rules.clauses import in_form
from pipeline.statements import Reading, Sentence, in_preamble, is_heading_line, is_normative
from schemas.document import Span
from schemas.ruleset import DateRule, Reference, RuleBase, Statement


def ledger(reading: Reading, rules: Sequence[RuleBase], documents: Sequence[Reference]) -> tuple[Statement, ...]:
    """Statements in order of the text. A statement that a rule quotes binds, whatever its words; telephone numbers and the date of the notice bind nobody."""
    proofs = sorted(
        [(e.start, e.end, rule.uid, _binding(rule)) for rule in rules for e in rule.evidence]
        + [(e.start, e.end, document.id, False) for document in documents for e in document.evidence]
    )
    contacts = {rule.uid for rule in rules if rule.kind == "contact"}
    following, open_ = 0, list[tuple[int, int, str, bool]]()
    out = []
    for sentences in _units(reading):
        first, span = sentences[0], Span(sentences[0].span.start, sentences[-1].span.end)
        while following < len(proofs) and proofs[following][0] < span.end:
            open_.append(proofs[following])
            following += 1
        open_ = [proof for proof in open_ if proof[1] > span.start]
        held = [proof for proof in open_ if any(proof[0] < s.span.end and s.span.start < proof[1] for s in sentences)] if open_ else []
        normative = any(proof[3] for proof in held) or any(is_normative(reading, s) and not in_form(reading, s) for s in sentences)
        out.append(
            Statement(
                section=first.section.id,
                start=span.start,
                end=span.end,
                normative=normative,
                covered_by=tuple(dict.fromkeys(name for _, _, name, _ in held)),
                reason=None if normative else _reason(reading, first, contact=any(name in contacts for _, _, name, _ in held)),
            )
        )
    return tuple(out)


def _binding(rule: RuleBase) -> bool:
    return rule.kind != "contact" and not (isinstance(rule, DateRule) and rule.role in ("issued", "printed"))


def _units(reading: Reading) -> Iterator[list[Sentence]]:
    """Sentences one by one, the cells of a table's row together."""
    for _, group in groupby(reading.sentences, key=lambda s: (s.table.start, s.cell.row) if s.table and s.cell else (s.span.start, -1)):
        yield list(group)


def _reason(reading: Reading, sentence: Sentence, *, contact: bool) -> str:
    """Why a statement needs no rule, the first that fits."""
    text = fold(reading.document.text[sentence.span.start : sentence.span.end]).strip()
    outline, span = reading.outline, sentence.span
    if sentence.section.id in ("落款", "版记"):
        listed = any(annex.span.overlaps(span) for annex in outline.annexes) or compiled(r"^附[ ]?件").match(text)
        return "annex-list" if listed else "imprint"
    if outline.title_span is not None and outline.title_span.overlaps(span):
        return "title"
    if sentence.cell is not None or in_form(reading, sentence):
        return "form-field"
    if sentence.section.id == "前言" and in_preamble(reading, sentence):
        title = outline.title_span
        if title is not None and span.start < title.start or outline.document_number is not None and outline.document_number.overlaps(span):
            return "imprint"
        return "greeting" if compiled(r"^[^。]{2,200}:$").match(text) and not compiled(r"如下:$|^根据|^为").search(text) else "preamble"
    if is_heading_line(reading, sentence) or compiled(r"^附[ ]?[件表录][ ]?[\d一二三四五六七八九十]*:?$").match(text):
        return "heading"
    if contact:
        return "contact"
    if compiled(r":[ ]*$").search(text):
        return "lead-in"
    if compiled(r"^(?:签[名字章]|.{0,8}(?:年[ ]*月[ ]*日|\(盖章\)|\(公章\)))").match(text) or len(text) < 4:
        return "form-field"
    return "explanation"
