"""The notice is its own clock: completing times that are printed without a year or a day. The machine's clock is never read."""

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from extractors.pattern import compiled, fold
from pipeline.statements import Reading
from schemas.document import Span
from schemas.mention import Point, Range

BACK = 150  # days that a time may lie before the notice and still belong to its year: a window that opened before the notice came out


@dataclass(frozen=True)
class Completed:
    """ISO 8601 at the precision printed; `inferred` names the parts that are not printed, `reason` where they come from."""

    at: str
    inferred: tuple[str, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Calendar:
    """What the notice says of its own time: 落款, else the year of 文号 or title."""

    issued: date | None
    year: int | None

    def complete(self, point: Point, near: Point | None = None) -> Completed | None:
        """The time with its year: printed, else by the nearest full date of its sentence, else by 落款. Null where no year can be known."""
        if point.year is not None:
            return Completed(iso(point))
        if point.month is None:
            return None
        if point.after:
            base = near.year if near is not None and near.year is not None else self.issued.year if self.issued else self.year
            return None if base is None else Completed(iso(replace(point, year=base + point.after)), ("year",), "year-from-issue-date")
        if near is not None and near.year is not None:
            anchor, reason = _day(near), "year-from-sentence"
        elif self.issued is not None:
            anchor, reason = self.issued, "year-from-issue-date"
        elif self.year is not None:
            return Completed(iso(replace(point, year=self.year)), ("year",), "year-from-title")
        else:
            return None
        candidate = _day(replace(point, year=anchor.year))
        late = (anchor - candidate).days > BACK
        return Completed(iso(replace(point, year=anchor.year + late)), ("year",), reason)

    def complete_range(self, window: Range, near: Point | None = None) -> tuple[Completed, Completed] | None:
        """Both ends; an end takes its year from the start and lies behind it."""
        start = self.complete(window.start, near)
        if start is None:
            return None
        if window.end.year is not None:
            return start, Completed(iso(window.end), ("year",) if window.elided else ())
        first = _day(replace(window.start, year=int(start.at[:4])))
        last = replace(window.end, year=first.year)
        if _day(last) < first:
            last = replace(last, year=first.year + 1)
        return start, Completed(iso(last), ("year",), start.reason)


def _day(point: Point) -> date:
    year, month = point.year or 2000, point.month or 1
    return date(year, month, min(point.day or 1, monthrange(year, month)[1]))


def iso(point: Point) -> str:
    """Point → ISO 8601 at its precision; 月底 is the month's last day, 年底 the year's."""
    assert point.year is not None
    text = f"{point.year:04d}"
    month, day = point.month, point.day
    if month is None and point.part == "底":
        return f"{text}-12-31"
    if month is None:
        return text
    text += f"-{month:02d}"
    if day is None and point.part == "底":
        day = monthrange(point.year, month)[1]
    if day is None:
        return text
    text += f"-{day:02d}"
    return text if point.hour is None else f"{text}T{point.hour:02d}:{point.minute or 0:02d}"


def calendar_of(reading: Reading) -> Calendar:
    """落款, then the year of 文号, then that of the title."""
    outline = reading.outline
    issued = issue_date(reading)
    if issued is not None:
        return Calendar(issued, issued.year)
    for text in (reading.document.quote(outline.document_number) if outline.document_number else "", outline.title or ""):
        found = compiled(r"(?<!\d)(?:19|20)\d\d(?!\d)").search(fold(text))
        if found:
            return Calendar(None, int(found.group()))
    return Calendar(None, None)


def issue_date(reading: Reading) -> date | None:
    """成文日期 as a date; null where it is not printed or is no day of the calendar."""
    span = reading.outline.issued
    if span is None:
        return None
    mention = next((m for m in reading.mentions if m.kind == "date" and isinstance(m.value, Point) and m.span.overlaps(span)), None)
    if mention is None or mention.value.day is None or mention.value.year is None:
        return None
    try:
        return date(mention.value.year, mention.value.month, mention.value.day)
    except ValueError:
        return None


def nearest_full_date(reading: Reading, within: Span, before: int) -> Point | None:
    """The last date with a year that stands in `within` before a position."""
    last = None
    for mention in reading.mentions_in(within):
        if mention.kind != "date" or mention.span.start >= before:
            continue
        point = mention.value.start if isinstance(mention.value, Range) else mention.value
        if isinstance(point, Point) and point.year is not None and point.month is not None:
            last = point
    return last
