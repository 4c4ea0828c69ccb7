"""What is expected to change from one year's notice to the next: years in dates and in words roll on, and nothing else does."""

import re
from calendar import monthrange
from datetime import datetime, timedelta
from typing import Literal

from pipeline.compare import fold
from schemas.ruleset import Notice

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BLANK = "〇"  # stands for a year in the words of two editions that are held against each other; no notice writes it beside digits
NEAR = 6
"""A year at most so far from the notice's own is one that rolls on; 2001年以后取得学历 is history and stays."""

Told = Literal["same", "rolled", "other"]


def years_between(old: Notice, new: Notice) -> int:
    """By how many years dates are expected to roll on: from the years that the notices are for, else from when they were issued, else 0."""
    ours, theirs = _year_of(old), _year_of(new)
    return theirs - ours if ours is not None and theirs is not None else 0


def _year_of(notice: Notice) -> int | None:
    if notice.cycle is not None:
        return notice.cycle
    return int(notice.issued_on[:4]) if notice.issued_on else None


def words_told(old: str, new: str, years: int) -> Told:
    """Whether two texts say the same but for white space and for years that rolled on. Every year must be the same or roll; one rolled is enough."""
    old, new = fold(old), fold(new)
    if old == new:
        return "same"
    if not years or _YEAR.sub(_BLANK, old) != _YEAR.sub(_BLANK, new):
        return "other"
    pairs = zip(_YEAR.findall(old), _YEAR.findall(new), strict=True)
    return "rolled" if all(int(b) - int(a) in (0, years) for a, b in pairs) else "other"


def without_near_years(text: str, cycle: int | None) -> str:
    """The folded text with each year near the notice's own as its distance from it, so that next year's words are the same."""
    if cycle is None:
        return fold(text)
    return _YEAR.sub(lambda m: f"{_BLANK}{int(m.group()) - cycle:+d}" if abs(int(m.group()) - cycle) <= NEAR else m.group(), fold(text))


def moment_moved(old: str, new: str, years: int, *, end: bool, stays: bool = True) -> int:
    """-1 where the newer moment is earlier than the older one rolled on, 0 where it is as expected, 1 where it is later.

    `stays`: a moment that is the same in both is history and as expected, as 2001年 in 2001年以后取得学历. `end`: a day without a time lasts until midnight; otherwise it begins at midnight. 29 February rolls to 28 February.
    """
    if stays and old == new:
        return 0
    ours, theirs = _placed(old, 0, end), _placed(new, years, end)
    return (theirs > ours) - (theirs < ours)


Placed = tuple[int, int, int, int]


def _placed(moment: str, years: int, end: bool) -> Placed:
    """Year less what it rolled on by, month, day, minute; what is not stated is the first or the last that it can be."""
    day, _, time = moment.partition("T")
    parts = [int(part) for part in day.split("-")]
    year = parts[0]
    month = parts[1] if len(parts) > 1 else (12 if end else 1)
    date = parts[2] if len(parts) > 2 else (monthrange(year, month)[1] if end else 1)
    if (month, date) == (2, 29):
        date = 28
    hour, minute = (int(part) for part in time.split(":")) if time else (24 if end else 0, 0)
    return year - years, month, date, hour * 60 + minute


def minutes_between(start: str, end: str) -> int:
    """How long a window lasts, in minutes; the start from its first minute, the end to its last."""
    return int((_instant(end, True) - _instant(start, False)) / timedelta(minutes=1))


def _instant(moment: str, end: bool) -> datetime:
    year, month, date, minutes = _placed(moment, 0, end)
    return datetime(year, month, date) + timedelta(minutes=minutes)
