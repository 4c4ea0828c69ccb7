"""Sentences that only one edition has and that no change tells: what the rules do not see stays visible. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pipeline.alignment import all_alike, value_proofs
from pipeline.compare import best_pairs, fold
from pipeline.rollover import without_near_years, words_told, years_between
from schemas.changes import Change, Passage, Said
from schemas.ruleset import Reference, RuleBase, Ruleset, Statement

NEAR = 0.5
"""Two sentences that share so many of their words are one sentence, re-worded."""
_PRINTED_NUMBER = "0123456789一二三四五六七八九十()、.①②③④⑤⑥⑦⑧⑨⑩"


def untold(old: Ruleset, new: Ruleset, changes: Iterable[Change]) -> tuple[Passage, ...]:
    """Old sentences with the new ones that they became, then what only one side has; white space, printed numbers and years that roll do not count."""
    changes = list(changes)
    ours, theirs = _only(old, new, _starts(c.old for c in changes)), _only(new, old, _starts(c.new for c in changes))
    left, right = [_words(old, s) for s in ours], [_words(new, s) for s in theirs]
    likeness = [[near if near >= NEAR else 0.0 for near in row] for row in all_alike(left, right)] if left and right else []
    pairs = dict(best_pairs(likeness, left, right))
    taken = set(pairs.values())
    years = years_between(old.notice, new.notice)
    found = [
        Passage(old=_said(old, s), new=_said(new, theirs[pairs[i]]) if i in pairs else None)
        for i, s in enumerate(ours)
        if i not in pairs or words_told(_bare(old, s), _bare(new, theirs[pairs[i]]), years) == "other"
    ]
    return (*found, *(Passage(old=None, new=_said(new, s)) for j, s in enumerate(theirs) if j not in taken))


def _starts(sides: Iterable[Sequence[RuleBase | Reference]]) -> list[int]:
    return [proof.start for side in sides for one in side for proof in value_proofs(one.evidence)]


def _only(ruleset: Ruleset, other: Ruleset, told: Sequence[int]) -> list[Statement]:
    """Sentences that the other edition has not, or not so often, and in which no change is quoted."""
    number = fold(ruleset.notice.document_number)  # which every notice has of its own
    there = Counter(_words(other, statement) for statement in other.statements)
    out = []
    for statement in ruleset.statements:
        words = _words(ruleset, statement)
        there[words] -= 1
        if words and there[words] < 0 and _bare(ruleset, statement) != number and not any(statement.start <= start < statement.end for start in told):
            out.append(statement)
    return out


def _words(ruleset: Ruleset, statement: Statement) -> str:
    return without_near_years(_bare(ruleset, statement), ruleset.notice.cycle)


def _bare(ruleset: Ruleset, statement: Statement) -> str:
    """Its characters without white space and without the printed number that it begins with."""
    return fold(ruleset.text[statement.start : statement.end]).lstrip(_PRINTED_NUMBER)


def _said(ruleset: Ruleset, statement: Statement) -> Said:
    return Said(section=statement.section, start=statement.start, end=statement.end, quote=ruleset.text[statement.start : statement.end].strip())
