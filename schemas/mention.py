"""A mention: a stretch of text that a pattern recognised, and what it read there. Mentions know nothing of rules."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from schemas.document import Span
from schemas.values import Op, Relation

NameKind = Literal["organisation", "person", "place", "rank", "speciality", "certificate", "award", "system", "form"]
MentionKind = Literal["title", "number", "url", "email", "phone", "code", "date", "money", "quantity", "document"] | NameKind


@dataclass(frozen=True, slots=True)
class Mention:
    """`quote` is the slice of the source, never the folded string; the type of `value` goes with the kind: see below and in each extractor."""

    kind: MentionKind
    span: Span
    quote: str
    value: Any
    pattern: str


@dataclass(frozen=True, slots=True)
class Point:
    """A time as far as it is printed: parts that are not are null. `part` is 上旬 中旬 下旬 底 初 of a month or 底 初 of a year.

    `after` is 1 where the year is told as the next one (次年1月31日).
    """

    year: int | None = None
    month: int | None = None
    day: int | None = None
    hour: int | None = None
    minute: int | None = None
    part: str | None = None
    after: int = 0

    def completed(self, other: "Point") -> "Point":
        """This point, its missing larger units taken from `other`: 17日 after 11月9日 is 11月17日."""
        year = self.year if self.year is not None else other.year
        month = self.month if self.month is not None else other.month
        day = self.day if self.day is not None or self.hour is None else other.day
        return replace(self, year=year, month=month, day=day)


@dataclass(frozen=True, slots=True)
class Range:
    """`elided`: the year of the end is not printed and was taken from the start."""

    start: Point
    end: Point
    elided: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Years:
    """Windows of whole years, as listed: 2020-2023、2019-2023年度 is two, 2021、2022年度 is one."""

    windows: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Last:
    """近3年, with the years where they are printed beside it."""

    length: Decimal
    unit: str
    window: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Offset:
    """A time told from an event: 自发文之日起, 5个工作日内, 任现职以来."""

    relation: Relation
    event: str | None = None
    offset: Decimal | None = None
    length: Decimal | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A time that something else will tell: 另行通知."""

    text: str


@dataclass(frozen=True, slots=True)
class Amount:
    """Money. `per` is the word behind 每 or the slash."""

    amount: Decimal
    per: str | None = None
    former: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its unit. `op` is null for a bare number; `upper` closes a range; `lead` and `trail` are the comparators as printed."""

    number: Decimal
    unit: str
    op: Op | None = None
    upper: Decimal | None = None
    upper_op: Op | None = None
    fraction: str | None = None


@dataclass(frozen=True, slots=True)
class Title:
    """Words in 《》, or a document named without them beside its address. `also` holds further numbers of a joint document, `alias` what it
    shall be called from here on."""

    title: str
    number: str | None = None
    also: tuple[str, ...] = ()
    alias: str | None = None
    url: str | None = None
    articles: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Number:
    """文号 in one spelling: 浙人社发〔2019〕31号, or 人力资源社会保障部令第25号."""

    text: str
    issuer_code: str
    year: int | None
    serial: int | None
    articles: tuple[str, ...] = field(default=())
