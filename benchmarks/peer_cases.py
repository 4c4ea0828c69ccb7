"""Run the extractors on sentences that nobody here wrote: `python -m benchmarks.peer_cases FILE [--list]`.

FILE holds cases `{id, input, ref, tier, spans[{start, end, text, kind, values}]}` from the Chinese specification of Microsoft Recognizers-Text
(it stays out of the repository). A span is right when a mention that overlaps it has one of its values; a case without spans must yield nothing of
its kind. Dates without a year are resolved against `ref`, as a notice's are against its 落款.
"""

import argparse
import itertools
import json
from calendar import monthrange
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from extractors.dates import bound_of
from extractors.find import find_mentions
from extractors.numerals import plain
from extractors.pattern import fold
from pipeline.calendar import Calendar, iso
from schemas.mention import Amount, Count, Last, Mention, Point, Range, Years

# judged wrong for this field, with the reason; they count as misses all the same
NOT_OURS = {
    "2月30日": "no day of the calendar: refused, not resolved to the year 1",
    "三六七年一月一日": "a year before 1900 is a slip of the pen in a notice",
    "1357年6月10日": "a year before 1900 is a slip of the pen in a notice",
    "10/1/2017-11/2/2017": "day and month cannot be told apart, and no office writes so",
}
NEGATIVE = {"PercentModel": "percent", "PhoneNumber": "numrange", "Number": "percent", "Currency": "money", "DateTime": "daterange"}


def predictions(case: dict[str, Any]) -> Iterator[tuple[int, int, str]]:
    """(start, end, value) of every mention, in the spelling of the cases."""
    text = case["input"]
    folded, ref = fold(text), date.fromisoformat(case["ref"])
    counts: list[Mention] = []
    for mention in find_mentions(text):
        span, value = mention.span, mention.value
        if isinstance(value, (Point, Range, Years, Last)):
            for spelled in _dates(value, folded, mention, Calendar(ref, ref.year), ref):
                yield span.start, span.end, spelled
        elif isinstance(value, Amount):
            yield span.start, span.end, f"{plain(value.amount)} CNY"
        elif isinstance(value, Count):
            counts.append(mention)
            for spelled in _count(value):
                yield span.start, span.end, spelled
    yield from _joined(counts, folded)


def _ends(point: Point) -> tuple[str, str]:
    """First and last day that a point may mean."""
    at = iso(point)
    if len(at) == 4:
        return f"{at}-01-01", f"{at}-12-31"
    if len(at) == 7:
        return f"{at}-01", f"{at}-{monthrange(int(at[:4]), int(at[5:7]))[1]:02d}"
    return at, at


def _dates(value: Point | Range | Years | Last, folded: str, mention: Mention, calendar: Calendar, ref: date) -> Iterator[str]:
    if isinstance(value, Last):
        if value.unit == "年":
            yield f"{ref.replace(year=ref.year - int(value.length))}/{ref - timedelta(days=1)}"
        return
    if isinstance(value, Years):
        yield f"{value.windows[0][0]}-01-01/{value.windows[0][1]}-12-31"
        return
    if isinstance(value, Range):
        if value.start.month is None and value.start.hour is not None:
            return
        done = calendar.complete_range(value)
        if done:
            yield f"{_first(done[0].at)}/{_last(done[1].at)}"
        return
    if value.month is None and value.hour is not None:
        clock = f"{value.hour:02d}:{value.minute or 0:02d}:00"
        yield {"before": f"/{clock}", "after": f"{clock}/"}.get(bound_of(folded, mention.span) or "", clock)
        return
    done_point = calendar.complete(value)
    if done_point is None:
        return
    bound = bound_of(folded, mention.span)
    first, last = _first(done_point.at), _last(done_point.at)
    if bound == "before":
        yield f"/{last}" if len(done_point.at) > 4 else f"/{int(done_point.at) - 1}-12-31"
    elif bound == "after":
        yield f"{first}/"
    elif len(done_point.at) < 10:
        yield f"{first}/{last}"
    else:
        yield done_point.at


def _first(at: str) -> str:
    return at + "-01-01"[: 10 - len(at)] if len(at) == 4 else at + "-01" if len(at) == 7 else at


def _last(at: str) -> str:
    return f"{at}-12-31" if len(at) == 4 else f"{at}-{monthrange(int(at[:4]), int(at[5:7]))[1]:02d}" if len(at) == 7 else at


def _count(value: Count) -> Iterator[str]:
    number = plain(value.number)
    if value.unit == "%" and value.upper is not None:
        yield f"{plain(value.upper)}%"
    if value.unit == "%":
        yield f"{number}%"
        yield f"{value.number.normalize():E}%".replace("E-0", "E-").replace("E-", "E-0")
    if value.unit in ("天", "小时", "分钟"):
        yield f"S{plain(value.number * {'天': 86400, '小时': 3600, '分钟': 60}[value.unit])}"
    yield _interval(value.op, number, value.upper)


def _interval(op: str | None, number: str, upper: Decimal | None) -> str:
    if upper is not None:
        return f"[{number},{plain(upper)}]"
    return {">": f"({number},)", ">=": f"[{number},)", "<": f"(,{number})", "<=": f"(,{number}]"}.get(op or "", f"[{number},{number}]")


def _joined(counts: list[Mention], folded: str) -> Iterator[tuple[int, int, str]]:
    """大于10小于20 read as one interval where the two bounds stand side by side and leave room between them."""
    for a, b in itertools.pairwise(counts):
        if folded[a.span.end : b.span.start].strip() not in ("", "并且", "且", "并"):
            continue
        low, high = (a.value, b.value) if str(a.value.op).startswith(">") else (b.value, a.value)
        if str(low.op).startswith(">") and str(high.op).startswith("<") and low.number < high.number:
            opens, closes = "[" if low.op == ">=" else "(", "]" if high.op == "<=" else ")"
            yield a.span.start, b.span.end, f"{opens}{plain(low.number)},{plain(high.number)}{closes}"


def judge(case: dict[str, Any]) -> list[tuple[str, bool, str]]:
    """(kind, right, words) for each span of a case, or one line for a case that must yield nothing."""
    found = list(predictions(case))
    if not case["spans"]:
        kind = NEGATIVE.get(case["id"].split("/")[1].split("#")[0], "none")
        wrong = [v for *_, v in found if (v.endswith("%") if kind == "percent" else v.endswith(" CNY") if kind == "money" else True)]
        return [("none", not wrong, case["input"])]
    out = []
    for span in case["spans"]:
        values = {v for start, end, v in found if start < span["end"] and span["start"] < end}
        out.append(
            (span["kind"], bool(values & set(span["values"])), f"{span['text']} ({case['input']}) wants {span['values']}, read {sorted(values)}")
        )
    return out


def main() -> None:
    """Print right and total by kind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--list", action="store_true", help="show every miss")
    options = parser.parse_args()
    right, total = Counter[str](), Counter[str]()
    for case in json.loads(options.file.read_text(encoding="utf-8")):
        for kind, ok, words in judge(case):
            total[kind] += 1
            right[kind] += ok
            if options.list and not ok:
                reason = next((why for text, why in NOT_OURS.items() if words.startswith(text)), "")
                print(f"  {kind}: {words}{'  [' + reason + ']' if reason else ''}")
    for kind in sorted(total):
        print(f"{kind:10}{right[kind]:5} /{total[kind]:5}")
    print(f"{'all':10}{right.total():5} /{total.total():5}  {right.total() / total.total():.3f}")


if __name__ == "__main__":
    main()
