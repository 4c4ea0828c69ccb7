"""One edition against the next, rule by rule: what changed, what that means for an applicant, how much it weighs and how sure it is. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pipeline import __version__
from pipeline.alignment import ALIKE, TOPICAL, Entry, Match, align, alike, stated_scope, value_proofs
from pipeline.compare import canonical, fold, fold_number, fold_title, fold_unit
from pipeline.passages import untold
from pipeline.rollover import minutes_between, moment_moved, words_told, years_between
from schemas.changes import LABELS, MIRROR, Change, Changes, Edition, Effect, Label, Unaligned, Weight, name_of
from schemas.ruleset import Condition, Confidence, DateRule, FeeRule, Reference, RuleBase, Ruleset, ThresholdRule
from schemas.values import ByReference, External, Instant, Money, Quantity, Relative, Window

FOLDED: frozenset[Label] = frozenset({"rolled_over", "moved"})
"""Labels that need nobody's attention where they stand alone."""
DETAILS = (
    "per",
    "payer",
    "payee",
    "of_whom",
    "purpose",
    "outcome",
    "form",
    "copies",
    "actor",
    "system",
    "url",
    "persons",
    "phones",
    "emails",
    "address",
)
"""Fields of single kinds that `details_changed` speaks of."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
ELSEWHERE = (ByReference, External)
"""Values that another document states, now or later."""
SENSE = ("不", "无需", "无须", "免", "除外", "须", "必须", "应", "可", "严禁", "禁止", "暂", "原则上", "至少", "以上", "以下")
"""Words that turn a sentence around. Where a re-worded one gains or loses such a word or a number, its effect is not taken for none."""
DUTIES = frozenset({"fee", "threshold", "material", "step", "requirement", "penalty"})
"""Kinds that burden those whom they reach; of the others, `eligibility` and `exemption` let in and let off."""

_TURNED: dict[Effect, Effect] = {"stricter": "looser", "looser": "stricter", "neutral": "neutral", "unclear": "unclear"}


def compare_editions(old: Ruleset, new: Ruleset, aliases: Sequence[tuple[str, str]] = ()) -> Changes:
    """Every rule and cited document that two editions do not state alike, older first.

    `aliases`: pairs of keys of two years that a person said are one rule. Swapping the editions mirrors every label.
    """
    years = years_between(old.notice, new.notice)
    matches = align(old, new, aliases)
    judge = _Judge(old, new, years, _raised(matches))
    found = [change for match in matches if (change := judge.change(match)) is not None]
    found = list(_windows(found))
    changes: dict[str, Change] = {}
    for change in sorted(found, key=lambda c: _place(c, old, new)):
        name = _name(change)
        changes[name if name not in changes else f"{name}#old"] = change
    gone = tuple(name_of(m.old[0].stated) for m in matches if m.link is None and m.old)
    come = tuple(name_of(m.new[0].stated) for m in matches if m.link is None and m.new)
    return Changes(
        program=f"noticerules {__version__}",
        old=edition_of(old),
        new=edition_of(new),
        years=years,
        changes=changes,
        unchanged=len(matches) - len(found),
        unaligned=Unaligned(old=gone, new=come, proposed=tuple(name for name, c in changes.items() if c.link and c.link.status == "proposed")),
        untold=untold(old, new, (c for c in changes.values() if not c.folded)),
    )


def edition_of(ruleset: Ruleset) -> Edition:
    """What names an edition in a comparison."""
    notice, source = ruleset.notice, ruleset.source
    return Edition(
        title=notice.title,
        document_number=notice.document_number,
        issued_on=notice.issued_on,
        cycle=notice.cycle,
        series=notice.series,
        edition=notice.edition,
        file=source.file,
        sha256=source.sha256,
        text_sha256=source.text_sha256,
        made=source.made,
        rules=len(ruleset.rules),
        references=len(ruleset.references),
    )


def _name(change: Change) -> str:
    """The key in the newer edition; in the older where the rule is no longer stated or is split."""
    side = change.new if len(change.new) == 1 else change.old
    return name_of(side[0])


def _place(change: Change, old: Ruleset, new: Ruleset) -> tuple[bool, str, float, str]:
    """By weight, then in the order of the newer text; what only the older has goes where it stood there."""
    side, text = (change.new, new.text) if change.new else (change.old, old.text)
    start = min(proof.start for proof in value_proofs(side[0].evidence))
    return change.folded, change.weight, start / max(len(text), 1), _name(change)


def _raised(matches: Iterable[Match]) -> frozenset[tuple[str, str]]:
    """The pairs of numbers by which a linked threshold moved: the tree of conditions that it is part of need not say it again."""
    pairs = set()
    for match in matches:
        for old, new in ((o.stated, n.stated) for o in match.old for n in match.new):
            if isinstance(old, RuleBase) and isinstance(new, RuleBase) and isinstance(old.value, Quantity) and isinstance(new.value, Quantity):
                pairs.add((old.value.number, new.value.number))
    return frozenset(pairs)


@dataclass(frozen=True)
class _Told:
    """Labels of a pair, the fields that they speak of, and what each means for an applicant."""

    labels: frozenset[Label] = frozenset()
    fields: tuple[str, ...] = ()
    effects: frozenset[Effect] = frozenset()
    sense: bool = False
    """A re-worded text may mean something else."""

    def __or__(self, other: "_Told") -> "_Told":
        fields = tuple(dict.fromkeys((*self.fields, *other.fields)))
        return _Told(self.labels | other.labels, fields, self.effects | other.effects, self.sense or other.sense)


def _told(label: Label, effect: Effect | None = None, **more: object) -> _Told:
    return replace(_Told(frozenset({label}), effects=frozenset({effect} if effect else ())), **more)  # type: ignore[arg-type]  # fields of _Told


class _Judge:
    """What a match of two editions amounts to."""

    def __init__(self, old: Ruleset, new: Ruleset, years: int, raised: frozenset[tuple[str, str]]) -> None:
        self._years, self._raised = years, raised
        self._contradicted = _contradicted(old), _contradicted(new)
        self._citing = _citing(old), _citing(new)

    def change(self, match: Match) -> Change | None:
        """Null where both sides say the same in the same place."""
        old, new = tuple(e.stated for e in match.old), tuple(e.stated for e in match.new)
        told = self._alone(match) if match.link is None else self._linked(match)
        if not told.labels:
            return None
        labels = tuple(label for label in LABELS if label in told.labels)
        folded = told.labels <= FOLDED
        return Change(
            kind=(match.old or match.new)[0].kind,
            old=old,
            new=new,
            labels=labels,
            fields=told.fields,
            effect="neutral" if folded else _together(told.effects),
            weight=_weight(old, new, told, self._citing),
            link=match.link,
            confidence=_confidence(old, new, match),
            folded=folded,
        )

    def _alone(self, match: Match) -> _Told:
        if match.new:
            told = _told("added", _effect_of_adding(match.new[0].stated))
            return told | _told("contradiction_appears", "unclear") if match.new[0].key in self._contradicted[1] else told
        told = _told("no_longer_stated", "unclear")  # silence repeals nothing
        return told | _told("contradiction_resolved", "neutral") if match.old[0].key in self._contradicted[0] else told

    def _linked(self, match: Match) -> _Told:
        told = _Told()
        if len(match.new) > 1:
            told |= _told("split", "neutral")
        elif len(match.old) > 1:
            told |= _told("joined", "neutral")
        for old in match.old:
            for new in match.new:
                told |= self._pair(old, new, whole=len(match.old) == len(match.new) == 1)
        if told.labels - FOLDED:
            return told  # other words because something else changed
        if any(old.subject != new.subject and old.kind not in TOPICAL for old in match.old for new in match.new):
            told |= _told("reworded", "neutral")  # the same under another name
        for before, after in ((o.stated, n.stated) for o in match.old for n in match.new):
            if isinstance(before, RuleBase) and isinstance(after, RuleBase):
                told |= self._words(before, after)
        return told

    def _pair(self, old: Entry, new: Entry, *, whole: bool) -> _Told:
        told = self._moved(old, new)
        if isinstance(old.stated, Reference) and isinstance(new.stated, Reference):
            return told | _references(old.stated, new.stated, self._years)
        assert isinstance(old.stated, RuleBase) and isinstance(new.stated, RuleBase), "a link joins what is of one kind"
        told |= _values(old.stated, new.stated, self._years)
        if whole:
            told |= _scopes(old, new) | self._conditions(old.stated, new.stated)
        return told | _modality(old.stated, new.stated) | self._details(old.stated, new.stated) | self._contradictions(old, new)

    @staticmethod
    def _moved(old: Entry, new: Entry) -> _Told:
        ours, theirs = ({proof.section for proof in value_proofs(e.stated.evidence)} for e in (old, new))
        return _Told() if ours == theirs else _told("moved", "neutral")

    def _words(self, old: RuleBase, new: RuleBase) -> _Told:
        ours, theirs = _quoted(old), _quoted(new)
        match words_told(ours, theirs, self._years):
            case "same":
                return _Told()
            case "rolled":
                return _told("rolled_over", "neutral")
        if canonical(old.value) != canonical(new.value):
            return _Told()  # a date that rolled on, and its words with it
        turned = any((word in ours) != (word in theirs) for word in SENSE) or self._other_numbers(ours, theirs) or alike(ours, theirs) < ALIKE
        turned = turned and old.kind not in ("date", "fee", "threshold")  # whose value says all that counts
        return _told("reworded", "unclear" if turned else "neutral", sense=turned)

    def _other_numbers(self, ours: str, theirs: str) -> bool:
        """Whether numbers differ that no threshold of its own tells."""
        before, after = Counter(_NUMBER.findall(ours)), Counter(_NUMBER.findall(theirs))
        lost, won = list((before - after).elements()), list((after - before).elements())
        return len(lost) != len(won) or any((a, b) not in self._raised for a, b in zip(lost, won, strict=True))

    def _conditions(self, old: RuleBase, new: RuleBase) -> _Told:
        ours, theirs = (self._leaves(rule.condition) for rule in (old, new))
        if ours == theirs and _shape(old.condition) == _shape(new.condition):
            return _Told()
        lost, won = ours - theirs, theirs - ours
        if len(lost) == len(won) and all(any(self._is_raised(a, b) for b in won) for a in lost) and _shape(old.condition) == _shape(new.condition):
            return _Told()
        if old.condition is not None and new.condition is not None and (lost and won or not lost and not won):
            return _told("condition_changed", "unclear")
        label: Label = "condition_added" if won else "condition_removed"
        tree, leaves = (new.condition, won) if won else (old.condition, lost)
        added: Effect = "stricter" if leaves <= self._leaves(tree, required=True) and old.modality != "must_not" else "unclear"
        if old.kind == "penalty":
            added = _TURNED[added]  # one more condition spares people
        return _told(label, added if won else _TURNED[added])

    def _leaves(self, condition: Condition | None, *, required: bool = False) -> frozenset[tuple[object, ...]]:
        """The tests of a tree and the words that no parser could read; `required`: only those that nothing else can stand in for."""
        if condition is None or required and (condition.any is not None or condition.not_ is not None):
            return frozenset()
        if condition.test is not None:
            test = condition.test
            return frozenset({(test.fact, test.op, tuple(sorted(map(fold, test.value))), fold_unit(test.unit))})
        if condition.opaque is not None:
            return frozenset({("opaque", fold(condition.opaque))})
        parts = condition.all or condition.any or ((condition.not_,) if condition.not_ else ())
        return frozenset(leaf for part in parts for leaf in self._leaves(part, required=required))

    def _is_raised(self, old: tuple[object, ...], new: tuple[object, ...]) -> bool:
        """The same test with another number, which a threshold of its own tells; or with a year that rolled on."""
        if len(old) != 4 or len(new) != 4:
            return len(old) == len(new) == 2 and words_told(str(old[1]), str(new[1]), self._years) == "rolled"
        if (old[0], old[1], old[3]) != (new[0], new[1], new[3]):
            return False
        before, after = old[2], new[2]
        assert isinstance(before, tuple) and isinstance(after, tuple), "the values of a test"
        if len(before) == len(after) == 1 and (before[0], after[0]) in self._raised:
            return True
        return words_told("\n".join(before), "\n".join(after), self._years) == "rolled"

    def _details(self, old: RuleBase, new: RuleBase) -> _Told:
        differing = tuple(name for name in DETAILS if self._detail(old, name) != self._detail(new, name) and not self._rolled(old, new, name))
        if not differing:
            return _Told()
        return _told(
            "details_changed", "unclear" if {"per", "purpose", "of_whom", "outcome", "copies"} & set(differing) else "neutral", fields=differing
        )

    @staticmethod
    def _detail(rule: RuleBase, name: str) -> str:
        value = getattr(rule, name, None)
        return "、".join(sorted(map(fold, value))) if isinstance(value, tuple) else fold(value)

    def _rolled(self, old: RuleBase, new: RuleBase, name: str) -> bool:
        return words_told(self._detail(old, name), self._detail(new, name), self._years) == "rolled"

    def _contradictions(self, old: Entry, new: Entry) -> _Told:
        before, after = old.key in self._contradicted[0], new.key in self._contradicted[1]
        if before == after:
            return _Told()
        return _told("contradiction_appears", "unclear") if after else _told("contradiction_resolved", "neutral")


def _contradicted(ruleset: Ruleset) -> frozenset[str]:
    """Keys of the rules whose evidence a finding of contradiction quotes."""
    starts = {proof.start for finding in ruleset.findings if finding.code == "contradiction" for proof in finding.evidence}
    return frozenset(rule.key for rule in ruleset.rules if starts & {proof.start for proof in rule.evidence})


def _citing(ruleset: Ruleset) -> frozenset[str]:
    return frozenset(cite.reference for rule in ruleset.rules for cite in rule.cites)


def _quoted(rule: RuleBase) -> str:
    return "\n".join(sorted({fold(proof.quote) for proof in value_proofs(rule.evidence)}))


def _shape(condition: Condition | None) -> str:
    """How a tree is put together, without what its leaves say."""
    if condition is None:
        return ""
    if condition.not_ is not None:
        return f"!({_shape(condition.not_)})"
    glue, parts = ("&", condition.all) if condition.all is not None else ("|", condition.any or ())
    return f"({glue.join(sorted(map(_shape, parts)))})" if parts else "."


# -- values


def _values(old: RuleBase, new: RuleBase, years: int) -> _Told:
    before, after = old.value, new.value
    if canonical(before) == canonical(after):
        return _Told()
    if isinstance(before, ELSEWHERE) != isinstance(after, ELSEWHERE) and before is not None and after is not None:
        return _told("now_by_reference" if isinstance(after, ELSEWHERE) else "now_stated", "unclear")
    if isinstance(before, Money) and isinstance(after, Money):
        return _money(before, after)
    if isinstance(before, Quantity) and isinstance(after, Quantity):
        return _quantity(before, after, old)
    if isinstance(before, Instant | Window) and isinstance(after, Instant | Window):
        return _dates(before, after, old, years)
    if isinstance(before, Relative) and isinstance(after, Relative):
        return _relative(before, after, old)
    told = words_told(str(canonical(before)), str(canonical(after)), years)
    return _told("rolled_over", "neutral") if told == "rolled" else _told("value_changed", "unclear")


def _money(before: Money, after: Money) -> _Told:
    told = _Told()
    if before.currency != after.currency:
        told |= _told("unit_changed", "unclear")
    if Fraction(before.amount) != Fraction(after.amount):
        up = Fraction(after.amount) > Fraction(before.amount)
        told |= _told("value_up", "stricter") if up else _told("value_down", "looser")
    return told


def _quantity(before: Quantity, after: Quantity, rule: RuleBase) -> _Told:
    told = _Told()
    if fold_unit(before.unit) != fold_unit(after.unit):
        told |= _told("unit_changed", "unclear")
    if before.op != after.op:
        told |= _told("value_changed", "unclear")
    if Fraction(before.number) != Fraction(after.number):
        up = Fraction(after.number) > Fraction(before.number)
        raised: Effect = "unclear" if isinstance(rule, ThresholdRule) and rule.purpose == "trigger" or rule.scope.actors else "stricter"
        if after.op in ("<", "<="):
            raised = _TURNED[raised]
        told |= _told("value_up", raised) if up else _told("value_down", _TURNED[raised])
    return told


def _dates(before: Instant | Window, after: Instant | Window, rule: RuleBase, years: int) -> _Told:
    role = rule.role if isinstance(rule, DateRule) else ""
    if isinstance(before, Instant) and isinstance(after, Instant):
        moved = moment_moved(before.at, after.at, years, end=role in ("closes", "expires", "cutoff"))
        return _shifted(moved, role) if moved else _told("rolled_over", "neutral")
    ours, theirs = _ends(before), _ends(after)
    if (ours[0] is None, ours[1] is None) != (theirs[0] is None, theirs[1] is None):
        return _told("value_changed", "unclear")
    stays = not (ours[0] and ours[1])  # of two ends, one that stays while the other rolls on makes the window another
    starts = moment_moved(ours[0], theirs[0], years, end=False, stays=stays) if ours[0] and theirs[0] else 0
    ends = moment_moved(ours[1], theirs[1], years, end=True, stays=stays) if ours[1] and theirs[1] else 0
    if not starts and not ends:
        return _told("rolled_over", "neutral")
    if starts == ends or not ours[0] or not ours[1]:
        return _shifted(starts or ends, role)
    return _lasting(ends > starts, role)


def _ends(value: Instant | Window) -> tuple[str | None, str | None]:
    return (value.at, value.at) if isinstance(value, Instant) else (value.start, value.end)


def _shifted(moved: int, role: str) -> _Told:
    """A later end and a later 资历 cutoff leave more time; a later beginning leaves less."""
    later: dict[str, Effect] = {"closes": "looser", "cutoff": "looser", "expires": "looser", "opens": "stricter"}
    effect = later.get(role, "neutral" if role in ("issued", "printed", "held") else "unclear")
    return _told("later", effect) if moved > 0 else _told("earlier", _TURNED[effect])


def _lasting(longer: bool, role: str) -> _Told:
    """More years that records must cover, or for which one is barred, are stricter; more time to act is looser."""
    effect: Effect = "stricter" if role == "period" else "looser" if role in ("closes", "opens", "expires") else "unclear"
    return _told("window_longer", effect) if longer else _told("window_shorter", _TURNED[effect])


def _relative(before: Relative, after: Relative, rule: RuleBase) -> _Told:
    role = rule.role if isinstance(rule, DateRule) else ""
    same = (fold(before.event), before.relation, fold_unit(before.unit)) == (fold(after.event), after.relation, fold_unit(after.unit))
    if same and before.length != after.length and before.length and after.length and before.offset == after.offset:
        return _lasting(Fraction(after.length) > Fraction(before.length), role)
    if same and before.offset != after.offset and before.offset and after.offset and before.length == after.length:
        return _shifted(1 if Fraction(after.offset) > Fraction(before.offset) else -1, role)
    return _told("value_changed", "unclear")


def _windows(changes: Sequence[Change]) -> Iterator[Change]:
    """The changes, those of a time to act told whether it is longer: its two ends are two rules, and only together they say so."""
    ends: dict[tuple[object, ...], dict[str, Change]] = defaultdict(dict)
    for change in changes:
        if len(change.old) == len(change.new) == 1 and isinstance(change.old[0], DateRule) and isinstance(change.new[0], DateRule):
            ours, theirs = change.old[0], change.new[0]
            if ours.role in ("opens", "closes") and isinstance(ours.value, Instant) and isinstance(theirs.value, Instant):
                ends["name", str(sorted(theirs.scope.stated().items())), _repeat(theirs)][ours.role] = change
                # 10月7日至10月24日: one quote proves both ends, whatever they are called
                ends["quote", value_proofs(ours.evidence)[0].start, value_proofs(theirs.evidence)[0].start][ours.role] = change
    lengths: dict[int, int] = {}
    for pair in ends.values():
        if len(pair) == 2:
            before, after = (minutes_between(*(_at(getattr(pair[role], side)[0]) for role in ("opens", "closes"))) for side in ("old", "new"))
            lengths |= {id(change): (after > before) - (after < before) for change in pair.values()}
    for change in changes:
        longer = lengths.get(id(change), 0)
        if not longer or not {"earlier", "later"} & set(change.labels):
            yield change
            continue
        told = _lasting(longer > 0, "closes")
        labels = set(change.labels) | told.labels
        opens = isinstance(change.new[0], DateRule) and change.new[0].role == "opens"
        # A beginning that moves matters only by how much time is left.
        effect = _together(told.effects if opens else told.effects | {change.effect})
        yield change.model_copy(update={"labels": tuple(label for label in LABELS if label in labels), "effect": effect})


def _repeat(rule: DateRule) -> str:
    """The subject of a date with the `#2` that its key may end in."""
    return f"{rule.subject}#{rule.key.partition('#')[2]}"


def _at(rule: DateRule) -> str:
    assert isinstance(rule.value, Instant), "only instants are held against each other"
    return rule.value.at


# -- scope, modality, documents


def _scopes(before_entry: Entry, after_entry: Entry) -> _Told:
    old, new = before_entry.stated, after_entry.stated
    assert isinstance(old, RuleBase) and isinstance(new, RuleBase), "documents have no scope"
    ours, theirs = (stated_scope(rule) for rule in (old, new))
    told, wider, narrower, shifted = _Told(), False, False, False
    for name in ours.keys() | theirs.keys():
        before, after = ours.get(name), theirs.get(name)
        if before == after or name.startswith("~"):  # the condition is told on its own
            continue
        if before_entry.scope.get(name) == after_entry.scope.get(name):
            told |= _told("rolled_over", "neutral")
            continue
        if before is not None and after is not None and not (before < after or after < before):
            shifted = shifted or not ({"all"} in (before, after))
        grown = before is not None and (after is None or before < after or "all" in after)
        shrunk = after is not None and (before is None or after < before or "all" in before)
        wider, narrower = wider or grown, narrower or shrunk
    if not (wider or narrower or shifted):
        return told
    if shifted or wider and narrower:
        return told | _told("scope_shifted", "unclear")
    lets_in = old.kind in ("eligibility", "exemption")
    effect: Effect = "stricter" if old.kind in DUTIES or old.modality == "must_not" else "looser" if lets_in else "unclear"
    return told | (_told("scope_wider", effect) if wider else _told("scope_narrower", _TURNED[effect]))


_BINDING = {"may": 1, "in_principle": 2, "must": 3, "must_not": 3}


def _modality(old: RuleBase, new: RuleBase) -> _Told:
    before, after = old.modality, new.modality
    if before == after or before is None or after is None:
        return _Told()  # where only one edition says how binding it is, the words tell
    if _BINDING[before] == _BINDING[after]:
        return _told("modality_changed", "unclear")
    return _told("modality_changed", "stricter" if _BINDING[after] > _BINDING[before] else "looser")


def _references(old: Reference, new: Reference, years: int) -> _Told:
    ours, theirs = (fold_number(r.document_number) for r in (old, new)), (fold_title(r.title) for r in (old, new))
    (number, next_number), (title, next_title) = tuple(ours), tuple(theirs)
    told = _Told()
    if sorted(map(fold, old.articles)) != sorted(map(fold, new.articles)):
        told |= _told("details_changed", "unclear", fields=("articles",))
    if number == next_number and title == next_title or number and number == next_number and not (title and next_title):
        return told
    if not (number and next_number) and title == next_title:
        return told | _told("details_changed", "neutral", fields=("document_number",))
    same_title = title and words_told(title, next_title, years) != "other" or _any_years(title) == _any_years(next_title) != ""
    if same_title:
        return told | _told("basis_redated", "neutral")
    if number and number == next_number:
        return told | _told("reworded", "neutral")
    return told | _told("basis_replaced", "unclear")


def _any_years(title: str) -> str:
    return "".join("0" if c.isdigit() else c for c in title)


# -- effect, weight, sureness


def _effect_of_adding(stated: RuleBase | Reference) -> Effect:
    if isinstance(stated, Reference) or stated.kind in ("contact", "score"):
        return "neutral" if isinstance(stated, Reference) or stated.kind == "contact" else "unclear"
    if stated.kind == "date":
        return "neutral" if getattr(stated, "role", "") in ("issued", "printed") else "unclear"
    if stated.kind == "exemption":
        return "looser"
    if stated.kind == "eligibility":
        return "stricter" if stated.modality in ("must", "must_not") else "looser"
    if stated.kind == "requirement":
        return "stricter" if stated.modality in ("must", "must_not") else "looser" if stated.modality == "may" else "unclear"
    return "unclear" if isinstance(stated.value, ELSEWHERE) else "stricter"


def _together(effects: Iterable[Effect]) -> Effect:
    """Stricter and looser at once, or anything unclear, is unclear; what is neutral adds nothing."""
    told = set(effects) - {"neutral"}
    if not told:
        return "neutral"
    return told.pop() if len(told) == 1 else "unclear"


def _weight(
    old: Sequence[RuleBase | Reference], new: Sequence[RuleBase | Reference], told: _Told, citing: tuple[frozenset[str], frozenset[str]]
) -> Weight:
    if told.labels <= FOLDED | {"reworded"}:
        return "B" if told.sense else "C"
    if told.labels <= FOLDED | {"basis_redated"}:
        return "C"
    if told.labels <= FOLDED | {"details_changed", "modality_changed"} and told.effects <= {"neutral"}:
        return "C"
    stated: list[RuleBase | Reference] = [*old, *new]
    return min(_weight_of(one, citing) for one in stated)


def _weight_of(stated: RuleBase | Reference, citing: tuple[frozenset[str], frozenset[str]]) -> Weight:
    """A: it can disqualify or costs money. B: something is to be done or handed in. C: the rest."""
    if isinstance(stated, Reference):
        return "B" if stated.relation in ("basis", "criteria", "fee") or any(stated.id in ids for ids in citing) else "C"
    if isinstance(stated, DateRule):
        return "A" if stated.role in ("closes", "cutoff", "condition") else "C" if stated.role in ("issued", "printed") else "B"
    if isinstance(stated, FeeRule) or stated.kind in ("eligibility", "penalty", "threshold"):
        return "A"
    if stated.kind in ("material", "exemption", "score"):
        return "B"
    return "B" if stated.kind in ("requirement", "step") and stated.modality in ("must", "must_not") else "C"


def _confidence(old: Sequence[RuleBase | Reference], new: Sequence[RuleBase | Reference], match: Match) -> Confidence:
    """The link's score times the less sure side's; what only one edition states is as sure as its reading."""
    sides = [Decimal(one.confidence.score) for one in (*old, *new) if isinstance(one, RuleBase)]
    score = min(sides, default=Decimal(1)) * Decimal(match.link.score if match.link else 1)
    return Confidence(score=str(score.quantize(Decimal("0.01"))), reasons=match.link.reasons if match.link else ("not-aligned",))


def mirrored(labels: Iterable[Label]) -> tuple[Label, ...]:
    """The labels as they are with the editions swapped."""
    turned = {MIRROR[label] for label in labels}
    return tuple(label for label in LABELS if label in turned)
