"""A series through the years: each rule as every edition states it, and what changed at each step. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline import __version__
from pipeline.alignment import align
from pipeline.changes import edition_of
from schemas.changes import Change, Changes, History, Label, Stated, Thread, name_of
from schemas.ruleset import Reference, RuleBase, Ruleset


@dataclass
class _Thread:
    stated: list[RuleBase | Reference | None]
    labels: list[tuple[Label, ...]] = field(default_factory=list)


def history(rulesets: Sequence[Ruleset], steps: Sequence[Changes], aliases: Sequence[tuple[str, str]] = ()) -> History:
    """`rulesets` oldest first, and the comparisons of each with the one before. A rule that is split goes on in its first part."""
    threads: list[_Thread] = []
    current: dict[str, _Thread] = {}
    for number, ruleset in enumerate(rulesets):
        before, current = current, {}
        begins: dict[str, tuple[Label, ...]] = {}
        if number:
            told = {_sides(change): change.labels for change in steps[number - 1].changes.values()}
            for match in align(rulesets[number - 1], ruleset, aliases):
                made = match.link is not None and match.link.status == "made"
                old, new = [name_of(e.stated) for e in match.old], [name_of(e.stated) for e in match.new]
                labels = told.get((tuple(old), tuple(new)), ())
                for place, name in enumerate(old):
                    goes_on = made and place == 0
                    before[name].stated.append(match.new[0].stated if goes_on else None)
                    before[name].labels.append(labels if made or not new else ("no_longer_stated",))
                    if goes_on:
                        current[new[0]] = before[name]
                        begins |= dict.fromkeys(new[1:], labels)
        for stated in (*ruleset.rules, *ruleset.references):
            if name_of(stated) not in current:
                earlier: list[RuleBase | Reference | None] = [None] * number
                new_labels: list[tuple[Label, ...]] = [()] * (number - 1) + ([begins.get(name_of(stated), ("added",))] if number else [])
                current[name_of(stated)] = _Thread([*earlier, stated], new_labels)
                threads.append(current[name_of(stated)])
        for thread in threads:  # what was no longer stated before stays so
            if len(thread.stated) <= number:
                thread.stated.append(None)
                thread.labels.append(())
    return History(
        program=f"noticerules {__version__}",
        editions=tuple(edition_of(ruleset) for ruleset in rulesets),
        rules=_named(threads),
    )


def _sides(change: Change) -> tuple[tuple[str, ...], tuple[str, ...]]:
    old, new = (tuple(name_of(one) for one in side) for side in (change.old, change.new))
    return old, new


def _named(threads: Sequence[_Thread]) -> dict[str, Thread]:
    """Threads by the latest key of their rule; where two ended under one key, the later one has it and the others a number."""
    out: dict[str, Thread] = {}
    for thread in threads:
        last: Stated = next(one for one in reversed(thread.stated) if one is not None)  # type: ignore[assignment]  # rules are of the union's kinds
        name, times = name_of(last), 1
        while name in out:
            times += 1
            name = f"{name_of(last)}#ended{times}"
        out[name] = Thread.model_validate({"stated": thread.stated, "labels": thread.labels})
    return out
