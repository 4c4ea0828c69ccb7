"""Every other duty, permission or prohibition: what a normative sentence says and no rule of another kind covers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extractors.pattern import compiled
from pipeline.rules.clauses import Covered, in_body, in_form, joined, printed, trimmed
from pipeline.rules.condition_atoms import any_of
from pipeline.rules.condition_parser import parse
from pipeline.rules.draft import Draft, Proof
from pipeline.rules.duties import ORDERS, Clause, clause_modality, clauses_of, cue, duty_subject, sort_of_clause
from pipeline.rules.duty_scope import THINGS, duty_scope
from pipeline.rules.themes import Spoken, Theme, Themes
from pipeline.rules.whose import whose
from pipeline.rules.words import words_of
from pipeline.statements import Reading, Sentence, is_normative
from schemas.document import Span
from schemas.ruleset import Condition, Modality, Scope, Stated

_LEADS_IN = r":[ ]*$|(?:下列|以下|如下)[^,;。]{0,12}$"
_BESIDE = {
    # what a clause says beside the years that a record covers, before the outcome that somebody may apply, what a fee is paid by, how a step is done
    "period": r"合格|称职|录入|挂钩",
    "eligibility": r"[应须][^,;。]{0,4}(?:参加|由)|实行|按照?[^,;。]*进行",
    "fee": r"采用[^,;。]*方式",
    "step": r"通过后(?:方|才)[能可]|选择[^,;。]{0,6}(?:方式|类型|专业|委员会)|内容为|主要填写|录入[^,;。]*情况",
}
_SEVERAL_TIMES = "单位公示"  # a step that is told of all applicants, and again of some of them


class _Said:
    """What earlier rules quote, to be asked clause by clause."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        spans: dict[str, list[Span]] = {"": []}
        for draft in drafts:
            spans.setdefault(_sort_of(draft), []).extend(proof.span for proof in draft.proofs)
        self._anything = Covered(span for found in spans.values() for span in found)
        self._whole = {sort: Covered(found) for sort, found in spans.items()}
        self._spans = spans

    @cached_property
    def _ends(self) -> dict[str, Covered]:
        return {sort: Covered((Span(at, at + 1) for s in found for at in (s.start, s.end - 1)), gap=0) for sort, found in self._spans.items()}

    def in_full(self, reading: Reading, sentence: Sentence, clause: Clause) -> bool:
        """Whether a rule quotes words of a clause, and the clause says no more than that rule does. A quote that runs over a bracket says nothing of what
        stands in it."""
        if not any(self._anything.touches(piece) for piece in clause.bare):
            return False
        held = self._ends if clause.aside else self._whole
        return any(
            any(covered.touches(piece) for piece in clause.bare) and not (sort and self._says_more(reading, sentence, clause, sort))
            for sort, covered in held.items()
        )

    def _says_more(self, reading: Reading, sentence: Sentence, clause: Clause, sort: str) -> bool:
        if sort == _SEVERAL_TIMES:  # 事业单位…应…，并在单位内公示 is laid on them beside the step that all applicants go through
            return whose(reading, sentence, clause.span).employers is not None
        return compiled(_BESIDE[sort]).search(clause.text) is not None


def _sort_of(draft: Draft) -> str:
    if (draft.kind, draft.subject, draft.scope.employers) == ("step", _SEVERAL_TIMES, None):
        return _SEVERAL_TIMES
    return next((sort for sort in (draft.role, draft.kind) if sort in _BESIDE), "")


@dataclass(frozen=True)
class _Duty:
    subject: str
    sentence: Sentence
    clauses: tuple[Span, ...]
    scope: Scope
    modality: Modality | None
    reasons: tuple[str, ...]
    theme: Theme | None
    condition: Condition | None = None
    listed: tuple[Span, ...] = ()

    @property
    def section(self) -> str:
        return self.sentence.section.id


def requirement_rules(reading: Reading, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """One rule a duty: clauses of one subject and scope that stand in one section, or that say it again elsewhere, are one rule."""
    said = _Said(drafts)
    kept = _Kept(reading)
    listed: set[Span] = set()
    for sentence in reading.sentences:
        if not in_body(reading, sentence) or in_form(reading, sentence) or sentence.span in listed or not is_normative(reading, sentence):
            continue
        for duty in _duties(reading, sentence, said):
            listed |= {reading.sentence_at(span.start).span for span in duty.listed}
            kept.take(duty)
    for duties in kept.duties:
        yield _draft(duties)


def _draft(duties: Sequence[_Duty]) -> Draft:
    """Of one duty, said once or more often."""
    first = duties[0]
    clauses = joined((span for duty in duties for span in duty.clauses), gap=1)
    items = [span for duty in duties for span in duty.listed]
    return Draft(
        "requirement",
        first.subject,
        None,
        (*(Proof(span, "requirement.clause") for span in clauses), *(Proof(span, "requirement.clause", "condition") for span in items)),
        first.scope,
        condition=next((duty.condition for duty in duties if duty.condition), None),
        modality=next((duty.modality for duty in duties if duty.modality), None),
        reasons=first.reasons,
    )


# -- restatements


class _Kept:
    """The duties found so far, each with what says it again. A duty under a subject and scope that is there already is one more proof where it stands in the
    same section or says the same; else the things that they are said of tell the two apart."""

    def __init__(self, reading: Reading) -> None:
        self.duties: list[list[_Duty]] = []
        self._reading = reading
        self._by_scope: dict[tuple[str, Scope], int] = {}
        self._by_thing: dict[tuple[str, Stated, str], int] = {}

    def take(self, duty: _Duty) -> None:
        for told in (None, *((duty.theme.things, (duty.theme.fuller,)) if duty.theme else ())):
            if told is not None:
                duty = replace(duty, scope=duty.scope.model_copy(update={"items": tuple(sorted(told))}))
            place = self._place(duty)
            if place is None:
                break
            if _says_the_same(self._reading, self.duties[place][0], duty):
                self.duties[place].append(duty)
                return
        self._by_scope.setdefault((duty.subject, duty.scope), len(self.duties))
        for actor in _those_acting(duty):
            self._by_thing.setdefault((duty.subject, duty.scope.items, actor), len(self.duties))
        self.duties.append([duty])

    def _place(self, duty: _Duty) -> int | None:
        """Of one subject and scope; or the same thing told again to one of those who were told before."""
        places = [self._by_thing.get((duty.subject, duty.scope.items, actor)) for actor in _those_acting(duty)]
        return self._by_scope.get((duty.subject, duty.scope), next((place for place in places if place is not None), None))


def _those_acting(duty: _Duty) -> Sequence[str]:
    return duty.scope.actors or () if duty.scope.items else ()


def _says_the_same(reading: Reading, one: _Duty, other: _Duty) -> bool:
    if other.section.startswith(f"{one.section}/"):
        return True
    if one.section == other.section:
        told_apart = one.subject in THINGS and one.theme and other.theme and one.theme.fuller != other.theme.fuller
        return one.sentence == other.sentence or not told_apart
    words, again = (_pairs("".join(printed(reading, span) for span in duty.clauses)) for duty in (one, other))
    return bool(one.scope.items) or len(words & again) * 10 > min(len(words), len(again)) * 7


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


# -- the clauses of a sentence


def _duties(reading: Reading, sentence: Sentence, said: _Said) -> Iterator[_Duty]:
    """The duties of a sentence; a clause that names no subject of its own goes on with the one before it."""
    clauses = list(clauses_of(reading, sentence.span))
    told = [said.in_full(reading, sentence, clause) for clause in clauses]
    sorts = [
        "told" if told[place] else sort_of_clause(clause.text, last=place + 1 == len(clauses), aside=clause.aside)
        for place, clause in enumerate(clauses)
    ]
    if "duty" not in sorts and ("goes on" not in sorts or any(told)):
        return
    themes = Themes(reading, sentence, [clause.span for clause in clauses])
    listed, condition = _items(reading, sentence)
    open_: _Duty | None = None
    modality: Modality | None = None
    for place, (sort, clause) in enumerate(zip(sorts, clauses, strict=True)):
        spoken = themes.of(place)
        text = clause.text
        modality = clause_modality(text) or (None if modality == "must_not" or any(t.source == "subject" for t in spoken.own) else modality)
        if sort == "told":
            if open_ is not None:
                yield open_
            open_ = None
        elif sort == "goes on" and open_ is not None:
            open_ = replace(open_, clauses=(*open_.clauses, clause.span))
        elif sort == "duty" or sort == "goes on" and not any(told):
            duty = replace(_duty(reading, sentence, clause, spoken, modality), listed=listed, condition=condition)
            if open_ is not None and (_alike(open_, duty) or _goes_on(text, spoken) and not _apart(open_, duty, spoken)):
                open_ = replace(open_, clauses=(*open_.clauses, *duty.clauses), modality=open_.modality or duty.modality)
                continue
            if open_ is not None:
                yield open_
            open_ = duty
            listed, condition = (), None
    if open_ is not None:
        yield open_


def _alike(one: _Duty, other: _Duty) -> bool:
    return (one.subject, one.scope) == (other.subject, other.scope)


def _goes_on(text: str, spoken: Spoken) -> bool:
    """Whether a duty names no subject of its own, or only that something is noted down (注明验证时间)."""
    named = cue(text)
    return named is None or named == "信息录入" and not compiled(ORDERS).search(text) and not any(t.source in ("subject", "put") for t in spoken.own)


def _apart(one: _Duty, other: _Duty, spoken: Spoken) -> bool:
    """Whether a clause without a subject of its own is laid on somebody else, is said of another thing or is done by a document."""
    whose = ("employers", "regions", "specialties", "applicants", "routes")
    told_apart = one.subject in THINGS and other.theme in spoken.own and other.scope.items and one.scope.items != other.scope.items
    return (
        bool(told_apart) or other.subject == "依据执行" or any(getattr(other.scope, name) not in (None, getattr(one.scope, name)) for name in whose)
    )


def _duty(reading: Reading, sentence: Sentence, clause: Clause, spoken: Spoken, modality: Modality | None) -> _Duty:
    subject, reason = duty_subject(reading, sentence, clause.text)
    scoped, theme = duty_scope(reading, sentence, clause, subject, spoken, modality)
    return _Duty(subject, sentence, (clause.span,), scoped.scope, modality, tuple(r for r in (reason, *scoped.reasons) if r), theme)


def _items(reading: Reading, sentence: Sentence) -> tuple[tuple[Span, ...], Condition | None]:
    """The items of the list that a sentence leads in (有下列情形之一的，应参加面试：), and the condition that they are."""
    text = reading.folded[sentence.span.start : sentence.span.end]
    last = reading.paragraph_of(sentence)[-1] == sentence
    if not last or not compiled(_LEADS_IN).search(text.rstrip()):
        return (), None
    below = [section for section in reading.sections_below(sentence.section) if section.start > sentence.span.end]
    spans = tuple(trimmed(reading, other.span) for section in below for other in reading.sentences_of(section))
    trees = [parse(words_of(reading.document.text, span, reading.mentions_in(span))) for span in spans]
    return spans, any_of(*(tree for tree in trees if tree is not None)) if "之一" in text else None
