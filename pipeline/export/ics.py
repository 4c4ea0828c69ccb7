"""Deadlines as an iCalendar file (RFC 5545) in the time of Asia/Shanghai: one event a date to act on, with its quote and clause.

What has no day of its own (以计划显示为准, 审核通过后5个工作日内, 2022年8月) becomes a to-do without a date, never an event on a made-up day.
The UID is made of the rule and the edition, SEQUENCE counts the reviewers' decisions, DTSTAMP is the date of the notice: the same ruleset gives the
same bytes, and a calendar that has the event takes a later one in its place.
"""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from pipeline.assess import proof
from pipeline.language import Language, say
from pipeline.report import words
from schemas.ruleset import DateRule, Ruleset
from schemas.values import Instant, Relative, Window

ZONE = ZoneInfo("Asia/Shanghai")
ROLES = ("opens", "closes", "held", "expires")
"""Roles of dates that ask somebody to act."""
ALARMS = {"closes": (timedelta(days=-7), timedelta(days=-1)), "held": (timedelta(days=-1),), "expires": (timedelta(days=-7),)}

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2})?")
_NO_DATE = datetime(1970, 1, 1, tzinfo=UTC)

When = date | datetime


def calendar_bytes(ruleset: Ruleset, language: Language = "zh") -> bytes:
    """The calendar: VEVENTs, and VTODOs for what has no day."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//noticerules//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    if ruleset.notice.title:
        calendar.add("x-wr-calname", ruleset.notice.title)
    calendar.add("x-wr-timezone", str(ZONE))
    for rule in deadlines(ruleset):
        days = when(rule)
        calendar.add_component(_todo(rule, ruleset, language) if days is None else _event(rule, days, ruleset, language))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def deadlines(ruleset: Ruleset) -> Iterator[DateRule]:
    """The dates that go into the calendar."""
    yield from (rule for rule in ruleset.rules if isinstance(rule, DateRule) and rule.role in ROLES)


def undated(ruleset: Ruleset) -> list[DateRule]:
    """Those without a day."""
    return [rule for rule in deadlines(ruleset) if when(rule) is None]


def when(rule: DateRule) -> tuple[When, When] | None:
    """Begin and end (as iCalendar has it: the day or moment after) of a date; None where the notice does not say the day."""
    match rule.value:
        case Instant(at=at):
            return _span(at, at)
        case Relative(resolved=str(at)):
            return _span(at, at)
        case Window(start=start, end=end):
            return _span(start or end or "", end or start or "") if rule.role == "held" or start is None or end is None else _span(start, end)
        case _:
            return None


def _span(start: str, end: str) -> tuple[When, When] | None:
    first, last = _moment(start), _moment(end)
    if first is None or last is None:
        return None
    if isinstance(first, datetime) and isinstance(last, datetime):
        return first, last
    first_day = first.date() if isinstance(first, datetime) else first
    last_day = last.date() if isinstance(last, datetime) else last
    return first_day, last_day + timedelta(days=1)


def _moment(text: str) -> When | None:
    """A day, or a moment of it; 24:00 is the whole day, whose end it is. None for what is less exact than a day, or no day."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZONE) if "T" in text and not text.endswith("T24:00") else date.fromisoformat(text[:10])
    except ValueError:
        return None


def _event(rule: DateRule, days: tuple[When, When], ruleset: Ruleset, language: Language) -> icalendar.Event:
    event = icalendar.Event()
    _describe(event, rule, ruleset, language)
    start, end = days
    event.add("dtstart", start)
    if end > start:
        event.add("dtend", end)
    event.add("transp", "TRANSPARENT")
    for before in ALARMS.get(rule.role, ()):
        alarm = icalendar.Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", before)
        alarm.add("description", _summary(rule, language))
        event.add_component(alarm)
    return event


def _todo(rule: DateRule, ruleset: Ruleset, language: Language) -> icalendar.Todo:
    todo = icalendar.Todo()
    _describe(todo, rule, ruleset, language)
    return todo


def _describe(component: icalendar.Component, rule: DateRule, ruleset: Ruleset, language: Language) -> None:
    notice, shown = ruleset.notice, proof(rule)
    component.add("uid", f"{rule.uid}-{notice.edition or notice.cycle or ruleset.source.sha256[:8]}@noticerules")
    component.add("dtstamp", _stamp(notice.issued_on))
    component.add("sequence", len(rule.review.decisions))
    component.add("summary", _summary(rule, language))
    chips = [f"{chip.label}：{chip.text}" for chip in words.rule_chips(rule, language)]
    lines = [words.rule_words(rule, language), *chips, f"“{shown.quote}”（{shown.clause}）", notice.title or ruleset.source.file]
    component.add("description", "\n".join(lines))
    component.add("categories", [say(f"role.{rule.role}", language)])
    if ruleset.source.url:
        component.add("url", ruleset.source.url)


def _summary(rule: DateRule, language: Language) -> str:
    stated = [part for values in (rule.scope.levels, rule.scope.routes) if isinstance(values, tuple) for part in values]
    name = f"{rule.subject} {say(f'role.{rule.role}', language)}"
    return f"{name}（{'、'.join(stated)}）" if stated else name


def _stamp(issued: str | None) -> datetime:
    """Midnight of the date of the notice; no clock is read."""
    day = _moment(issued or "")
    return datetime(day.year, day.month, day.day, tzinfo=ZONE).astimezone(UTC) if day is not None else _NO_DATE
