"""Sentences with their answers drawn in: tests/cases/<kind>.txt. Whoever reads notices can add a line, without programming.

A line is a sentence. What is to be found is bracketed with its meaning: `中级职务评审费⟦每人180元|180 CNY /人⟧`. Whatever is not bracketed must not be
found as one of the file's kind, so a line without brackets must yield nothing. Lines that begin with # are remarks; empty lines part groups.

How a meaning is written (`render` below):

dates       a time as far as it is printed: `2023-10-24`, `2023-10`, `2023`, with its hour `2023-10-24T17:00`; what is not printed is left out with
            its dash kept: `--10-24`; an hour alone `T14:00`; `2025 底`, `--03 中旬` for parts of a year or month; `--01-31 next year`
            from–to `--08-05T10:00/--08-31T20:00`; whole years `2019/2021`, several windows `2020/2023, 2019/2023`
            `last 3 年`, with the years where they are printed beside it `last 3 年 2019/2021`
            told from an event: relation (from before after within since), event, `+` what is skipped first, length: `from 发文之日`,
            `within 收到材料 15 天`, `within 5 工作日`, `from 处理之年 +1 年, 3 年`
            left to something else: `elsewhere 另行通知`
fees        `180 CNY`, `180 CNY /人`, changed `90 CNY was 80`
thresholds  `>= 90 学时`, a bare number `5 项`, from–to `>= 3 <= 5 分钟`, without unit `>= 0.65`, a part `>= 2/3`, width and height
            `> 215 像素, > 300 像素`, sizes `one of 1寸 2寸`. Limits that run from an event (5个工作日内) are dates.
references  `《title》`, behind it as far as stated its number, `as` its alias, `at` its address, `art.` its articles: `《职称评审管理暂行规定》 第40号 art. 第五条`;
            a number alone is written alone. Titles of forms, certificates and manuals are none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import regex

from extractors.find import find_mentions
from extractors.numerals import plain
from extractors.references import is_document
from schemas.mention import Amount, Count, Elsewhere, Last, Mention, Number, Offset, Point, Range, Title, Years

CASES = Path(__file__).parent / "cases"
KINDS: dict[str, Callable[[Mention], bool]] = {
    "dates": lambda mention: mention.kind == "date",
    "fees": lambda mention: mention.kind == "money",
    "thresholds": lambda mention: mention.kind == "quantity",
    "references": lambda mention: mention.kind == "number" or mention.kind == "title" and is_document(mention.value.title),
}
AT_LEAST = {"dates": 40, "fees": 20, "thresholds": 40, "references": 25}
DRAWN = regex.compile(r"⟦(?P<quote>[^⟦⟧|]+)\|(?P<meaning>[^⟦⟧|]+)⟧")


# --- meanings ------------------------------------------------------------------------------------------------------------------------


def _point(point: Point) -> str:
    year = f"{point.year:04}" if point.year is not None else "-" if point.month is not None else ""
    rest = "".join(f"-{part:02}" for part in (point.month, point.day) if part is not None)
    hour = f"T{point.hour:02}:{point.minute or 0:02}" if point.hour is not None else ""
    return year + rest + hour + (f" {point.part}" if point.part else "") + (" next year" if point.after else "")


def _count(count: Count) -> str:
    number = count.fraction or plain(count.number)
    bounds = [count.op, number] if count.upper is None else [count.op, number, count.upper_op, plain(count.upper)]
    return " ".join(str(part) for part in (*bounds, count.unit) if part)


def _amount(amount: Amount) -> str:
    per, former = amount.per and f"/{amount.per}", amount.former is not None and f"was {plain(amount.former)}"
    return " ".join(filter(None, (plain(amount.amount), "CNY", per, former)))


def _offset(offset: Offset) -> str:
    skipped = offset.offset is not None and f"+{plain(offset.offset)} {offset.unit},"
    length = offset.length is not None and f"{plain(offset.length)} {offset.unit}"
    return " ".join(filter(None, (offset.relation, offset.event, skipped, length)))


def _last(last: Last) -> str:
    return " ".join(filter(None, ("last", plain(last.length), last.unit, last.window and f"{last.window[0]}/{last.window[1]}")))


def _title(title: Title) -> str:
    parts = (f"《{title.title}》", title.number, title.alias and f"as {title.alias}", title.url and f"at {title.url}", _articles(title))
    return " ".join(filter(None, parts))


def _articles(value: Title | Number) -> str:
    return f"art. {' '.join(value.articles)}" if value.articles else ""


def render(value: Any) -> str:
    """What a mention means, as the cases write it."""
    match value:
        case Point():
            return _point(value)
        case Range():
            return f"{_point(value.start)}/{_point(value.end)}"
        case Years():
            return ", ".join(f"{start}/{end}" for start, end in value.windows)
        case Last():
            return _last(value)
        case Offset():
            return _offset(value)
        case Elsewhere():
            return f"elsewhere {value.text}"
        case Amount():
            return _amount(value)
        case Count():
            return _count(value)
        case Title():
            return _title(value)
        case Number():
            return " ".join(filter(None, (value.text, _articles(value))))
        case (Count(), *_):
            return ", ".join(_count(count) for count in value)
        case (str(), *_):
            return f"one of {' '.join(value)}"
        case _:
            raise TypeError(f"no way to write {value!r}")


# --- cases ---------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    kind: str
    line: int
    drawn: str

    @property
    def sentence(self) -> str:
        return DRAWN.sub(r"\g<quote>", self.drawn)


def read_cases(kind: str) -> Iterator[Case]:
    for number, line in enumerate((CASES / f"{kind}.txt").read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            yield Case(kind, number, line)


def draw(sentence: str, kind: str) -> str:
    """The sentence with what the extractors find of a kind drawn in."""
    out, end = "", 0
    for mention in filter(KINDS[kind], find_mentions(sentence)):
        out += f"{sentence[end : mention.span.start]}⟦{mention.quote}|{render(mention.value)}⟧"
        end = mention.span.end
    return out + sentence[end:]


ALL = [case for kind in KINDS for case in read_cases(kind)]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.kind}:{case.line}")
def test_what_is_drawn_is_what_is_found(case: Case) -> None:
    assert draw(case.sentence, case.kind) == case.drawn


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.kind}:{case.line}")
def test_brackets_are_well_formed(case: Case) -> None:
    assert not set("⟦⟧|") & set(case.sentence), "write ⟦words|meaning⟧"


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_enough_cases_and_near_misses(kind: str) -> None:
    cases = list(read_cases(kind))
    assert len({case.sentence for case in cases}) == len(cases), "a sentence stands once"
    assert len(cases) >= AT_LEAST[kind]
    assert sum(not DRAWN.search(case.drawn) for case in cases) >= 5
