"""The times to act of two editions on one axis: each window of the older year laid where it falls in the newer. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pipeline.language import Language, say
from pipeline.report.words import moment, scope_chips
from schemas.ruleset import DateRule, RuleBase, Ruleset
from schemas.values import Instant

WIDTH = 1000
"""Units of the drawing from its first day to its last."""
_LEAST = 6  # a single day is still to be seen
_DAY = len("2023-01-01")


@dataclass(frozen=True)
class Bar:
    """A window, or a single day where only one end is stated. `x` and `width` in units of the drawing."""

    side: Literal["old", "new"]
    x: int
    width: int
    words: str
    ends: Literal["both", "opens", "closes"]


@dataclass(frozen=True)
class Lane:
    """One time to act in both years."""

    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Timeline:
    """The drawing; `months` are the first days of months with their places."""

    lanes: tuple[Lane, ...]
    first: str
    last: str
    months: tuple[int, ...]


@dataclass(frozen=True)
class _Window:
    side: Literal["old", "new"]
    label: str
    opens: str | None
    closes: str | None


def timeline(old: Ruleset, new: Ruleset, years: int, language: Language) -> Timeline | None:
    """The drawing, days of the older year rolled on by `years`; null where no edition states a day."""
    windows = [*_windows(old.rules, "old", language), *_windows(new.rules, "new", language)]
    days = [_day(at, years if w.side == "old" else 0) for w in windows for at in (w.opens, w.closes) if at]
    if not days:
        return None
    first, last = min(days).replace(day=1), max(days)
    reach = max(1, (last - first).days + 1)
    lanes: dict[str, list[Bar]] = defaultdict(list)
    for window in windows:
        lanes[window.label].append(_bar(window, first, reach, years, language))
    return Timeline(
        lanes=tuple(Lane(label, tuple(bars)) for label, bars in lanes.items()),
        first=first.isoformat(),
        last=last.isoformat(),
        months=tuple((month - first).days * WIDTH // reach for month in _months(first, last)),
    )


def _windows(rules: Sequence[RuleBase], side: Literal["old", "new"], language: Language) -> Iterator[_Window]:
    ends: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for rule in rules:
        if isinstance(rule, DateRule) and rule.role in ("opens", "closes") and isinstance(rule.value, Instant) and len(rule.value.at) >= _DAY:
            chips = " ".join(chip.text for chip in scope_chips(rule.scope, language))
            ends[f"{rule.subject} {chips}".strip(), rule.key.partition("#")[2]][rule.role] = rule.value.at
    for (label, repeat), pair in ends.items():
        yield _Window(side, f"{label} #{repeat}" if repeat else label, pair.get("opens"), pair.get("closes"))


def _bar(window: _Window, first: date, reach: int, years: int, language: Language) -> Bar:
    shift = years if window.side == "old" else 0
    stated = [_day(at, shift) for at in (window.opens, window.closes) if at]
    x = (stated[0] - first).days * WIDTH // reach
    width = max(_LEAST, ((stated[-1] - stated[0]).days + 1) * WIDTH // reach)
    ends: Literal["both", "opens", "closes"] = "both" if len(stated) == 2 else "opens" if window.opens else "closes"
    return Bar(window.side, x, width, _words(window, language), ends)


def _words(window: _Window, language: Language) -> str:
    opens, closes = moment(window.opens or ""), moment(window.closes or "")
    if opens and closes:
        return say("value.between", language, start=opens, end=closes)
    return say("value.from", language, start=opens) if opens else say("value.until", language, end=closes)


def _day(at: str, years: int) -> date:
    year, month, day = (int(part) for part in at[:_DAY].split("-"))
    return date(year + years, month, min(day, 28) if month == 2 else day)


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = date(month.year + month.month // 12, month.month % 12 + 1, 1)
