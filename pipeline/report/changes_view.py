"""A comparison of two editions in a clerk's words: the one view that page, workbook, document and terminal show. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.alignment import value_proofs
from pipeline.changes import ELSEWHERE
from pipeline.language import Language, say
from pipeline.report import words
from pipeline.report.redline import Sort, Stretch, redline
from schemas.changes import EFFECTS, WEIGHTS, Change, Changes, Edition, Effect, Label, Link, Passage, Weight, review_of
from schemas.document import Section
from schemas.ruleset import ContactRule, Evidence, MaterialRule, Reference, RuleBase, Ruleset

_LONGEST = 260
"""A sentence that is longer is shown from a little before its quote to a little behind it."""
_AROUND = 90
_MOST_PLACES = 3


@dataclass(frozen=True)
class SideView:
    """One edition's side of a change: what it says, where, and its sentence with what the other side has not marked."""

    value: str
    clause: str
    page: str
    sentence: tuple[Stretch, ...]
    start: int
    """Where the first quote begins in the edition's text."""

    @property
    def text(self) -> str:
        return "".join(stretch.text for stretch in self.sentence)


@dataclass(frozen=True)
class RowView:
    """A change. A side is null where that edition does not state the rule."""

    id: str
    number: int
    key: str
    kind: str
    kind_label: str
    subject: str
    chips: tuple[words.Chip, ...]
    weight: Weight
    weight_label: str
    effect: Effect
    effect_label: str
    labels: tuple[tuple[Label, str], ...]
    old: SideView | None
    new: SideView | None
    basis: str
    reviewer: str
    link: str
    proposed: bool
    sure: str
    sure_level: str
    folded: bool

    @property
    def label_words(self) -> str:
        return "、".join(label for _, label in self.labels)


@dataclass(frozen=True)
class PassageView:
    """A sentence that differs and that no change tells."""

    old_clause: str
    old: tuple[Stretch, ...]
    new_clause: str
    new: tuple[Stretch, ...]


@dataclass(frozen=True)
class ChangesView:
    """Everything that is shown, in words of one language."""

    language: Language
    title: str
    old: Edition
    new: Edition
    old_name: str
    new_name: str
    counts: tuple[tuple[str, tuple[int, ...]], ...]
    """A row a weight, a column an effect, then their sum."""
    effects: tuple[str, ...]
    unaligned: int
    unchanged: int
    years: int
    rows: tuple[RowView, ...]
    """By weight, then in the order of the text; none that is folded away."""
    folded: tuple[RowView, ...]
    passages: tuple[PassageView, ...]

    @property
    def proposed(self) -> int:
        return sum(row.proposed for row in (*self.rows, *self.folded))

    @property
    def rolled(self) -> int:
        return sum(any(code == "rolled_over" for code, _ in row.labels) for row in self.folded)


def view(changes: Changes, old: Ruleset, new: Ruleset, language: Language) -> ChangesView:
    """The view of a comparison with the rulesets that it compares, whose texts the sentences are taken from."""
    rows = tuple(_row(number, key, change, old, new, language) for number, (key, change) in enumerate(changes.changes.items(), 1))
    told = [row for row in rows if not row.folded]
    counted = Counter((row.weight, row.effect) for row in told)
    counts = []
    for weight in WEIGHTS:
        numbers = tuple(counted[weight, effect] for effect in EFFECTS)
        counts.append((say(f"weight.{weight}", language), (*numbers, sum(numbers))))
    totals = tuple(sum(numbers[i] for _, numbers in counts) for i in range(len(EFFECTS) + 1))
    ours, theirs = edition_names(changes.old, changes.new)
    return ChangesView(
        language=language,
        title=say("changes.title", language, old=ours, new=theirs),
        old=changes.old,
        new=changes.new,
        old_name=ours,
        new_name=theirs,
        counts=(*counts, (say("changes.total", language), totals)),
        effects=(*(say(f"effect.{effect}", language) for effect in EFFECTS), say("changes.total", language)),
        unaligned=changes.unaligned.count,
        unchanged=changes.unchanged,
        years=changes.years,
        rows=tuple(told),
        folded=tuple(row for row in rows if row.folded),
        passages=tuple(_passage(passage, old, new) for passage in changes.untold),
    )


def edition_names(old: Edition, new: Edition) -> tuple[str, str]:
    """2023-2, else the year, else the file; where both would have one name, their files'."""
    ours, theirs = (edition.edition or str(edition.cycle or edition.file) for edition in (old, new))
    return (ours, theirs) if ours != theirs else (f"{ours} {old.file}", f"{theirs} {new.file}")


def _row(number: int, key: str, change: Change, old: Ruleset, new: Ruleset, language: Language) -> RowView:
    newest = (change.new or change.old)[0]
    before, after = _sentences(change.old, old), _sentences(change.new, new)
    marked = redline(_joined(before), _joined(after)) if change.old and change.new else (_alone(before, "gone"), _alone(after, "come"))
    level = words.confidence_level(change.confidence)
    reviewed = review_of(change)
    return RowView(
        id=f"c{number}",
        number=number,
        key=key,
        kind=change.kind,
        kind_label=say(f"kind.{change.kind}", language),
        subject=newest.subject if isinstance(newest, RuleBase) else words.reference_name(newest),
        chips=words.scope_chips(newest.scope, language) if isinstance(newest, RuleBase) else (),
        weight=change.weight,
        weight_label=say(f"weight.{change.weight}", language),
        effect=change.effect,
        effect_label=say(f"effect.{change.effect}", language),
        labels=tuple((label, _label(label, change, language)) for label in change.labels),
        old=_side(change.old, old, marked[0], language),
        new=_side(change.new, new, marked[1], language),
        basis="；".join(dict.fromkeys(_basis(side) for side in (*change.new, *change.old) if _basis(side))),
        reviewer="；".join((say(f"status.{reviewed.status}", language), *reviewed.decisions)),
        link=link_words(change.link, language),
        proposed=change.link is not None and change.link.status == "proposed",
        sure=words.confidence_words(change.confidence, language),
        sure_level=level,
        folded=change.folded,
    )


def _label(label: Label, change: Change, language: Language) -> str:
    told = say(f"change.{label}", language)
    if label != "details_changed":
        return told
    fields = "、".join(words.word(f"field.{name}", words.word(f"column.{name}", name, language), language) for name in change.fields)
    return say("changes.fields", language, label=told, fields=fields)


def link_words(link: Link | None, language: Language) -> str:
    """Why two sides are taken for one rule, in words; empty where there is one side only."""
    return "、".join(say(f"link.{reason}", language) for reason in link.reasons) if link else ""


def _basis(side: RuleBase | Reference) -> str:
    if isinstance(side, Reference):
        return side.document_number or side.title or ""
    return "；".join(f"{cite.reference} {'、'.join(cite.articles)}".strip() for cite in side.cites)


def _side(side: Sequence[RuleBase | Reference], ruleset: Ruleset, sentence: tuple[Stretch, ...], language: Language) -> SideView | None:
    if not side:
        return None
    proofs = [proof for one in side for proof in value_proofs(one.evidence)]
    sections = {section.id: section for section in ruleset.sections}
    clauses = dict.fromkeys(clause_words(proof.section, sections) for proof in proofs)
    pages = dict.fromkeys(str(proof.page) for proof in proofs if proof.page is not None)
    return SideView(
        value="；".join(value_of(one, language) for one in side),
        clause="；".join(list(clauses)[:_MOST_PLACES]),
        page="、".join(pages),
        sentence=sentence,
        start=min(proof.start for proof in proofs),
    )


def value_of(one: RuleBase | Reference, language: Language) -> str:
    """What a side says in a few words; a kind whose words are its value says the condition, or nothing."""
    if isinstance(one, Reference):
        return words.reference_name(one)
    if one.value is not None and not isinstance(one.value, ELSEWHERE) and one.kind in ("date", "fee", "threshold", "score"):
        return words.rule_words(one, language)
    if isinstance(one, MaterialRule | ContactRule) or isinstance(one.value, ELSEWHERE):
        return words.rule_words(one, language)
    return words.condition_words(one.condition, language) or words.rule_words(one, language)


def clause_words(section: str, sections: dict[str, Section]) -> str:
    """五/六 收费标准: the printed numbers and the heading, where it is short."""
    heading = sections[section].heading if section in sections else ""
    short = heading if len(heading) <= 16 and heading != section else ""
    return f"{section} {short}".strip()


@dataclass(frozen=True)
class _Quoted:
    """A sentence cut around its quote."""

    before: str
    quote: str
    after: str


def _sentences(side: Sequence[RuleBase | Reference], ruleset: Ruleset) -> list[_Quoted]:
    """The sentences that a side is quoted from, in order, each once and not more than people want to read."""
    found: dict[tuple[int, int], _Quoted] = {}
    for proof in sorted((proof for one in side for proof in value_proofs(one.evidence)), key=lambda proof: proof.start):
        start, end = next(((s.start, s.end) for s in ruleset.statements if s.start <= proof.start < s.end), (proof.start, proof.end))
        found.setdefault((start, max(end, proof.end)), _cut(proof, start, max(end, proof.end), ruleset.text))
    return list(found.values())[:_MOST_PLACES]


def _cut(proof: Evidence, start: int, end: int, text: str) -> _Quoted:
    low, high = (max(start, proof.start - _AROUND), min(end, proof.end + _AROUND)) if end - start > _LONGEST else (start, end)
    before, after = _one_line(text[low : proof.start]), _one_line(text[proof.end : high])
    return _Quoted(("…" if low > start else "") + before, _one_line(text[proof.start : proof.end]), after + ("…" if high < end else ""))


def _joined(sentences: Sequence[_Quoted]) -> str:
    return "\n".join(one.before + one.quote + one.after for one in sentences)


def _alone(sentences: Sequence[_Quoted], sort: Sort) -> tuple[Stretch, ...]:
    """What only one edition states: the quotes marked, not the sentences around them, which the other may have too."""
    out: list[Stretch] = []
    for number, one in enumerate(sentences):
        before = f"\n{one.before}" if number else one.before
        out += [Stretch("same", before), Stretch(sort, one.quote), Stretch("same", one.after)]
    return tuple(stretch for stretch in out if stretch.text)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _passage(passage: Passage, old: Ruleset, new: Ruleset) -> PassageView:
    before, after = (_one_line(said.quote) if said else "" for said in (passage.old, passage.new))
    marked = redline(before, after) if before and after else ((Stretch("gone", before),), (Stretch("come", after),))
    ours, theirs = ({section.id: section for section in ruleset.sections} for ruleset in (old, new))
    return PassageView(
        old_clause=clause_words(passage.old.section, ours) if passage.old else "",
        old=marked[0] if before else (),
        new_clause=clause_words(passage.new.section, theirs) if passage.new else "",
        new=marked[1] if after else (),
    )
