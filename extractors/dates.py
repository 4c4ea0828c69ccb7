"""Times: days, ranges, years, 近N年, times told from an event, times that something else will tell. Completing them is the rules' work, not ours."""

from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Literal

from extractors.atoms import CLOCK, DAY, FIGURE, HAN, LAST_FIGURE, MINUTE, MONTH, NUMBER, TO, YEAR, S
from extractors.numerals import parse
from extractors.pattern import Anchor, Match, Pattern, compiled, match_all
from schemas.document import Span
from schemas.mention import Elsewhere, Last, Mention, Offset, Point, Range, Years
from schemas.values import Relation

# what a time begins with, and the piece of it that is rare
_FIRST = r"[\d〇零一二三四五六七八九十正廿次翌明]"
_MONTH = r"(?<=[\d正一二三四五六七八九十][ \t]?)月"
_YEAR = r"(?<=[\d〇零OoОΟ一二三四五六七八九][ \t]?)年"
_CLOCK = r"(?<=[\d零一二三四五六七八九十][ ]?)[:时点]"
_DIGITS = r"(?<=(?:19|20)\d\d)[-./]\d"  # 2023-11-5
_DONE = (
    "时间|日期|期限|报名|申报|填报|审核|初审|复审|受理|缴费|确认|打印|考试|面试|答辩|公示|评审|报送|推荐|体检|培训|报到|提交|查询|下载"  # and when
)
_LENGTH = r"[天日月年周期时钟]"  # the end of a length of time

WEEKDAY = r"(?:[ ]?\([^()\n]{0,4}(?:周|星期|礼拜)[一二三四五六日天][^()\n]{0,4}\)|[ ]?(?:周|星期)[一二三四五六日天])?"  # （本周四）
HALF = r"(?:上午|下午|晚上|晚|中午|早上|早|凌晨)"


def _time(n: str) -> str:
    return rf"(?:(?P<half{n}>{HALF}){S}:?{S})?(?:(?P<hour{n}>{CLOCK}|[零一二三四五六七八九十]{{1,3}}(?=[点时]))[ ]?(?::[ ]?(?P<minute{n}>{MINUTE})(?::[0-5]\d)?|[时点](?:(?P<minuteb{n}>{MINUTE}|半)分?)?(?!间)))"


def _date(n: str) -> str:
    """年月日 with what may be missing: 2023年11月5日, 11月5日（周日）, 2023-11-05, 2023.11.5; the day may be 底 or 上旬."""
    y, m, d = f"year{n}", f"month{n}", f"day{n}"
    inside = r"\d" if n == "2" else r"[\d\-/.]"  # a second date may stand behind a dash: 2024.3.5-2024.3.9
    return rf"""(?={_FIRST})(?:
        (?:(?P<{y}>{YEAR}){S}年{S}|(?P<next{n}>次年|翌年|明年){S})?(?<!\d|[\d〇零一二三四五六七八九十]{S}年{S}(?<!{YEAR}{S}年{S}))(?P<{m}>{MONTH}){S}月{S}(?:份{S})?(?:(?P<{d}>{DAY}){S}[日号](?!线|楼|令|文)|(?P<part{n}>[上中下]旬|月?底|月?末|月?初))
        | (?P<{y}b>(?<!{inside})(?:19|20)\d\d)(?P<sep{n}>[-./])(?P<{m}b>0?[1-9]|1[0-2])(?P=sep{n})(?P<{d}b>0?[1-9]|[12]\d|3[01])(?!\d|[-./](?!\d{{4}})\d)日?
    ){WEEKDAY}"""


def _day(n: str) -> str:
    """A date and, where it is printed, its time: 11月5日17:00."""
    return rf"{_date(n)}(?:{S},?{S}{_time(n)}(?!{S}{TO}{S}{CLOCK}[ ]?[:时点]))?"


def _int(text: str | None) -> int | None:
    if not text:
        return None
    number = parse("".join(text.split()).replace("正", "一").replace("廿", "二十"))
    return None if number is None else int(number)


def _hour(found: Match, n: str) -> tuple[int | None, int | None]:
    groups = found.groupdict()
    hour, half = _int(groups.get(f"hour{n}")), groups.get(f"half{n}")
    if hour is None:
        return None, None
    late = groups.get(f"minuteb{n}")
    minute = 30 if late == "半" else _int(groups.get(f"minute{n}") or late) or 0
    if half in ("下午", "晚上", "晚") and hour < 12 or half == "中午" and hour < 3:
        hour += 12
    return hour, minute


def _point(found: Match, n: str) -> Point | None:
    """The point of group suffix n; null for a day that no calendar has."""
    g = found.groupdict()
    year, month, day = (_int(g.get(f"{part}{n}") or g.get(f"{part}{n}b")) for part in ("year", "month", "day"))
    hour, minute = _hour(found, n)
    part = g.get(f"part{n}")
    if month is not None and not 1 <= month <= 12 or day is not None and not 1 <= day <= (_LONGEST[month - 1] if month else 31):
        return None
    return Point(year, month, day, hour, minute, part.replace("月", "").replace("末", "底") if part else None, int(bool(g.get(f"next{n}"))))


_LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def _single(found: Match) -> Point | None:
    return _point(found, "")


def _range(found: Match) -> Range | None:
    """Ends as printed; what the second leaves out it takes from the first. A time that follows both is the hours of each day."""
    start, end = _point(found, ""), _point(found, "2")
    if start is None or end is None:
        return None
    end = end.completed(replace(start, hour=None, minute=None)) if end.month is None else end
    groups = found.groupdict()
    elided = end.year is None or groups.get("year2") is None and groups.get("year2b") is None
    if end.year is None and start.year is not None:
        before = (end.month or 0, end.day or 0) < (start.month or 0, start.day or 0)
        end = replace(end, year=start.year + before)
    if groups.get("hour3"):
        last = "6" if groups.get("hour6") else "4"
        open_hour, close_hour = _hour(found, "3"), _afternoon(_hour(found, last), _hour(found, "5" if last == "6" else "3"))
        start, end = replace(start, hour=open_hour[0], minute=open_hour[1]), replace(end, hour=close_hour[0], minute=close_hour[1])
    return Range(start, end, elided)


def _dotted(found: Match) -> Range | None:
    """A range of days told by figures; one that runs backwards is none."""
    window = _range(found)
    if window is None or window.start.year is not None:
        return window
    first, last = ((point.month or 0, point.day or 0) for point in (window.start, window.end))
    return window if first < last else None


def _afternoon(end: tuple[int | None, int | None], start: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
    """下午2:00-5:10: an end that lies before its start is of the same half day."""
    if end[0] is not None and start[0] is not None and end[0] < start[0] and end[0] < 12:
        return end[0] + 12, end[1]
    return end


def _one_day(found: Match) -> Range | None:
    """2026年2月1日下午2:00-5:10, 5月20日上午9:30—11:30."""
    day = _point(found, "")
    return None if day is None else _one_day_of(day, found)


def _day_of_month(found: Match) -> Range | Point:
    day = Point(day=_int(found["day"]))
    if found["hour3"]:
        return _one_day_of(day, found)
    hour, minute = _hour(found, "")
    return replace(day, hour=hour, minute=minute)


def _hours(found: Match) -> Range | None:
    return _one_day_of(Point(), found)


def _one_day_of(day: Point, found: Match) -> Range:
    opens = _hour(found, "3")
    closes = _afternoon(_hour(found, "4"), opens)
    return Range(replace(day, hour=opens[0], minute=opens[1]), replace(day, hour=closes[0], minute=closes[1]))


def _month(found: Match) -> Point | None:
    year, month = _int(found["year"]), _int(found["month"])
    part = found["part"]
    if month is not None and not 1 <= month <= 12:
        return None
    return Point(year, month, part={"年底": "底", "年末": "底", "年初": "初"}.get(part, part) if part else None)


def _month_alone(found: Match) -> Point | None:
    month = _int(found["month"])
    return Point(None, month, after=int(bool(found["next"]))) if month and 1 <= month <= 12 else None


def _months(found: Match) -> Range | None:
    start, end = Point(_int(found["year"]), _int(found["month"])), Point(_int(found["year2"]), _int(found["month2"]))
    if end.year is None and start.year is not None:
        end = replace(end, year=start.year + ((end.month or 0) < (start.month or 0)))
    return Range(start, end)


def _year(found: Match) -> Point | None:
    year = _int(found["year"])
    return Point(year) if year and 1900 <= year <= 2100 else None


def _years(found: Match) -> Years | None:
    """Each listed item is a window; single years in a row are one."""
    windows: list[tuple[int, int]] = []
    single = True
    for item in found.captures("item"):
        ends = [_int(part) for part in _split_years(item)]
        if None in ends:
            return None
        start, end = ends[0], ends[-1]
        assert start is not None and end is not None
        if end < start:
            return None
        single = single and start == end
        windows.append((start, end))
    if single:
        years = [start for start, _ in windows]
        if len(years) < 2 or years != sorted(years):
            return None
        windows = [(years[0], years[-1])]
    return Years(tuple(windows))


def _split_years(item: str) -> list[str]:
    for joint in ("至", "到", "-", "~"):
        if joint in item:
            return [part.replace("年度", "").replace("年", "") for part in item.split(joint) if part]
    return [item.replace("年度", "").replace("年", "")]


def _last(found: Match) -> Last | None:
    length = parse(found["length"])
    if length is None or length > 60:
        return None
    window = (_int(found["from"]) or 0, _int(found["until"]) or 0) if found["from"] else None
    if window and window[1] < window[0]:
        return None
    return Last(length, found["unit"].removeprefix("个").replace("年度", "年").replace("周年", "年").replace("学年", "年"), window)


def _offset(relation: Relation, found: Match) -> Offset | None:
    g = found.groupdict()
    event, length, unit = g.get("event"), g.get("length"), g.get("unit")
    number = parse(length) if length else None
    if length and number is None:
        return None
    if event and (any(word in event for word in _NO_EVENT) or event in _PLAIN_WORDS):
        return None
    return Offset(relation, _event(event), None, number, unit.removeprefix("个").replace("工作天", "工作日") if unit else None)


_NO_EVENT = ("规定", "以上", "目前", "此前", "上述", "不少于", "不超过", "改革开放", "建国", "十八大", "长期", "历年", "一直")
_PLAIN_WORDS = frozenset(("提", "面", "当", "目", "之", "以", "此", "生", "日", "本", "今年", "去年", "近年", "多年", "建立", "公布", "往年"))


def _event(event: str | None) -> str | None:
    if event is None:
        return None
    event = "".join(event.split())
    for lead in ("申报材料经", "材料经", "经", "自", "从", "在", "于", "须", "应", "请", "其", "距", "在", "于"):
        event = event.removeprefix(lead)
    event = compiled(r"^[^在于应须需]{2,10}(?:应当?|须|需|在|于|请)(?:在|于)?(?=\p{Han}{3})").sub("", event)
    return event.removesuffix("之日").removesuffix("后") if event.endswith("后") else event or None


def _before_event(found: Match) -> Offset | None:
    """An event, and no day: 于九月三十日前 is a date, and so is 年底前."""
    return (
        None
        if compiled(r"(?:[\d一二三四五六七八九十]|^)(?:[日号]|月[份底末]?|年[底末]?)$|年[底末]$").search(found["event"])
        else _offset("before", found)
    )


def _penalty(found: Match) -> Offset | None:
    length = parse(found["length"])
    start = found["event"] or ""
    event = {"": "处理之年", "评审": "评审之年"}.get(start, start)
    return None if length is None else Offset("from", event, Decimal(1), length, found["unit"].removeprefix("个"))


def _resumed(found: Match) -> Offset | None:
    length = parse(found["length"])
    return None if length is None else Offset("from", _event(found["event"]) or "处理之日", None, length, found["unit"].removeprefix("个"))


def _elsewhere(found: Match) -> Elsewhere:
    return Elsewhere("".join(found.group().split()))


# the hours of each day behind a stretch of days: 9:00-22:00, （每日8:30-11:30，14:30-17:30）, （法定节假日除外）上午8:30—11:30下午14:30—17:00
HOURS = rf"""{S}[,;]?{S}(?:\([^()\d]{{0,16}}\))?{S}\(?(?:每[天日个工作]*|工作日)?{S}{_time("3")}{S}{TO}{S}{_time("4")}(?:{S}[,、;和]?{S}{_time("5")}{S}{TO}{S}{_time("6")})?\)?"""
YEAR_ITEM = rf"(?P<item>{YEAR}{S}(?:年度?)?{S}(?:{TO}{S}{YEAR}{S}(?:年度?)?)?)"
PERIOD = r"(?:个?工作日|个?工作天|天|日|个?月|年|周|星期|小时)"
_EVENT = r"(?:考|考试|考试时间|开考|面试|评审|会议|培训|召开|举行|开班|开始|认定|实施|开课|入场|上岗|活动|公示|期满|届满|到期)"

PATTERNS = (
    Pattern(
        name="date.range",
        kind="date",
        anchor=Anchor(rf"{TO}{S}{_FIRST}", 70, 160),
        # 8月5日10:00至8月31日20:00, 11月9日至17日, 2009年12月24-28日, 2021年9月24日至27日9:00-22:00, 从11月21日12:00起至12月2日24:00止
        regex=rf"""{_day("").replace("[日号]", "(?:[日号]|(?=[ ]?(?:至|到|-|~)[ ]?(?:[0-2]?[0-9]|3[01])[ ]?[日号]))", 1)}
            {S}(?:起{S}|开始{S},?)?{TO}{S}
            (?:{_day("2")} | (?P<day2>{DAY}){S}[日号]{WEEKDAY}(?:{S}{_time("2")}(?!{S}{TO}{S}{CLOCK}[ ]?[:时点]))? )
            (?:{S}止|{S}结束)?(?:{HOURS})?""",
        value=_range,
        examples=(
            ("8月5日10:00至8月31日20:00", Range(Point(None, 8, 5, 10, 0), Point(None, 8, 31, 20, 0))),
            ("2022年11月9日至17日", Range(Point(2022, 11, 9), Point(2022, 11, 17))),
            ("2009年12月24-28日", Range(Point(2009, 12, 24), Point(2009, 12, 28))),
            ("2021年9月24日至27日9:00-22:00", Range(Point(2021, 9, 24, 9, 0), Point(2021, 9, 27, 22, 0))),
            ("2018年2月28日—3月20日", Range(Point(2018, 2, 28), Point(2018, 3, 20))),
            ("2025年12月20日至1月5日", Range(Point(2025, 12, 20), Point(2026, 1, 5))),
            ("6月30日－7月20日", Range(Point(None, 6, 30), Point(None, 7, 20))),
            ("2024.3.5-2024.3.9", Range(Point(2024, 3, 5), Point(2024, 3, 9))),
            ("2024/3/5 9:00—2024/3/9 17:00", Range(Point(2024, 3, 5, 9, 0), Point(2024, 3, 9, 17, 0))),
            ("2025年11月21日12:00起至12月2日24:00", Range(Point(2025, 11, 21, 12, 0), Point(2025, 12, 2, 24, 0))),
        ),
        rejects=("2月30日至3月1日", "11月"),
    ),
    Pattern(
        name="date.days",
        kind="date",
        anchor=Anchor(rf"[、和及至]{S}{_FIRST}", 40, 140),
        # 5月20日、21日, 6月11日、12日、18日、19日, 5月26日和5月27日: from the first to the last of them
        regex=rf"""{_date("").replace("[日号]", "(?:[日号]|(?=[ ]?(?:、|和|及)[ ]?(?:[12]?[0-9]|3[01])[ ]?(?:[日号]|、)))", 1)}(?:{S}(?:、|和|及|至){S}(?:{MONTH}{S}月{S})?{DAY}{S}[日号]?{WEEKDAY}){{0,8}}
            {S}(?:、|和|及){S}(?:(?P<month2>{MONTH}){S}月{S})?(?P<day2>{DAY}){S}[日号](?!线|楼|令|文){WEEKDAY}(?!{S}(?:之?前|以前|{TO})|\d|[上下]午)(?:{HOURS})?""",
        value=_range,
        examples=(
            ("2023年5月20日、21日", Range(Point(2023, 5, 20), Point(2023, 5, 21))),
            ("9月23、24日", Range(Point(None, 9, 23), Point(None, 9, 24))),
            ("6月11日、12日、18日、19日", Range(Point(None, 6, 11), Point(None, 6, 19))),
            ("5月26日、5月27日（上午9:00-11:30，下午14:00-17:00）", Range(Point(None, 5, 26, 9, 0), Point(None, 5, 27, 17, 0))),
        ),
        rejects=("12月10日前、1月5日前",),
    ),
    Pattern(
        name="date.hours_of_day",
        kind="date",
        anchor=Anchor(_CLOCK, 56, 44),
        regex=rf"{_date('')}{S}[,:]?{S}{_time('3')}{S}{TO}{S}{_time('4')}",
        value=_one_day,
        examples=(
            ("5月20日上午 9:30—11:30", Range(Point(None, 5, 20, 9, 30), Point(None, 5, 20, 11, 30))),
            ("2026年2月1日（星期日）下午2:00—5:10", Range(Point(2026, 2, 1, 14, 0), Point(2026, 2, 1, 17, 10))),
            ("11月9日：09:00-11:30", Range(Point(None, 11, 9, 9, 0), Point(None, 11, 9, 11, 30))),
        ),
    ),
    Pattern(
        name="date.hours",
        kind="date",
        anchor=Anchor(_CLOCK, 8, 44),
        # behind the colon of a label too: 考试时间：9:00-11:30; ratios have colons of their own
        regex=rf"(?<!\d|\d:|比(?:例|率|值)?[ ]?[:为是]?[ ]?){_time('3')}{S}{TO}{S}{_time('4')}(?!\d)",
        value=_hours,
        examples=(
            ("下午 14:00—17:00", Range(Point(hour=14, minute=0), Point(hour=17, minute=0))),
            ("上午：9:00—11:30", Range(Point(hour=9, minute=0), Point(hour=11, minute=30))),
        ),
        rejects=("比例1:10—20", "比例：1:10—1:20"),
    ),
    Pattern(
        name="date.time",
        kind="date",
        anchor=Anchor(_CLOCK, 8, 20),
        # 12:00之前, 8:00的时候; a ratio (1:10) is none
        regex=rf"(?<!\d|\d[:.]){_time('')}(?=[ ]?(?:前|之前|以前|后|之后|以后|开始|起|止|的时候))",
        value=_single,
        examples=(),
        rejects=("比例为1:10",),
    ),
    Pattern(
        name="date.bare_day",
        kind="date",
        anchor=Anchor(rf"(?<=\d[ ]?)日(?=[ ]?(?:{HALF}|全天|{_FIRST}))", 4, 60),
        # 理工科6日上午, 29日18时截止, 7日 9:00～12:00: days of a month that was told before; 6日 alone may be a length
        regex=rf"""(?<![\d月年、和及与至到~\-./每第共满近内][ ]?|\d,)(?P<day>[12]\d|3[01]|0?[1-9])[ ]?日[ ]?
            (?:{_time("3")}{S}{TO}{S}{_time("4")}|{_time("")}(?!{S}{TO})|(?:{HALF}|全天)(?![ ]?\d))""",
        value=_day_of_month,
        examples=(
            ("6日上午", Point(day=6)),
            ("29日18时", Point(day=29, hour=18, minute=0)),
            ("7日 9:00～12:00", Range(Point(day=7, hour=9, minute=0), Point(day=7, hour=12, minute=0))),
        ),
        rejects=("公示7日", "每月5日上午", "11月5日", "工作日9:00"),
    ),
    Pattern(
        name="date.day",
        kind="date",
        anchor=Anchor(rf"{_MONTH}|{_DIGITS}", 16, 60),
        regex=_day(""),
        value=_single,
        examples=(
            ("2023年10月24日", Point(2023, 10, 24)),
            ("2023 年 6 月 30 日", Point(2023, 6, 30)),
            ("2 021年12月31日", Point(2021, 12, 31)),
            ("二〇一〇年六月二十三日", Point(2010, 6, 23)),
            ("11月10日（本周四）17:00", Point(None, 11, 10, 17, 0)),
            ("9月15日", Point(None, 9, 15)),
            ("2021-09-24", Point(2021, 9, 24)),
            ("2021.9.24", Point(2021, 9, 24)),
            ("5月8日下午5时30分", Point(None, 5, 8, 17, 30)),
            ("3月底", Point(None, 3, part="底")),
            ("2026年3月中旬", Point(2026, 3, part="中旬")),
        ),
        rejects=("2月30日", "2022年×月×日", "13月5日"),
    ),
    Pattern(
        name="date.months",
        kind="date",
        anchor=Anchor(_MONTH, 36, 36),
        regex=rf"(?:(?P<year>{YEAR}){S}年{S})?(?P<month>{MONTH}){S}月?{S}(?:{TO}|和(?=[^,;。]{{1,4}}之间)){S}(?:(?P<year2>{YEAR}){S}年{S})?(?P<month2>{MONTH}){S}月(?:份)?(?!{S}{DAY}{S}[日号])",
        value=_months,
        examples=(("2022年9月至2023年2月", Range(Point(2022, 9), Point(2023, 2))), ("2022年3-5月", Range(Point(2022, 3), Point(2022, 5)))),
    ),
    Pattern(
        name="date.month",
        kind="date",
        anchor=Anchor(_YEAR, 10, 20),
        regex=rf"(?P<year>{YEAR}){S}年{S}(?:(?P<month>{MONTH}){S}月(?:份)?(?!{S}{DAY}{S}[日号])|(?P<part>年?[底末初]))(?P<rest>)",
        value=_month,
        examples=(("2018年12月", Point(2018, 12)), ("2026年3月", Point(2026, 3)), ("2025年年底", Point(2025, part="底"))),
    ),
    Pattern(
        name="date.month_alone",
        kind="date",
        anchor=Anchor(_MONTH, 8, 20),
        # 预计9月召开, 答辩安排在8月; only where the words around say that it is a time
        regex=rf"""(?={_FIRST})(?:(?P<quote>(?P<next>次年|翌年|明年){S}(?P<month>{MONTH}){S}月(?:份)?)(?!{S}{DAY}{S}[日号])(?![上中下底末初])
            |(?<=于|在|预计|计划|拟|约|定于|安排在)(?P<quote>(?P<month>{MONTH}){S}月(?:份)?)(?!{S}{DAY}{S}[日号])(?![上中下底末初])
            |(?<![\d月年])(?P<quote>(?P<month>(?:1[0-2]|[1-9])){S}月)(?=[和、及与](?:1[0-2]|[1-9]){S}月(?!{S}[\d一二三]))
            |(?<=月[和、及与])(?P<quote>(?P<month>(?:1[0-2]|[1-9])){S}月(?:份)?)(?!{S}[\d一二三])
            |(?<![\d月年])(?P<quote>(?P<month>(?:1[0-2]|[1-9])){S}月(?:份)?)(?=召开|举行|进行|开展|公布|完成|启动|组织|起(?!草)|开始)
            |(?<=\((?:预计|拟|约)?)(?P<quote>(?P<month>(?:1[0-2]|[1-9])){S}月(?:份)?)(?=\)))""",
        value=_month_alone,
        examples=(),
        rejects=("9月15日", "三个月"),
    ),
    Pattern(
        name="date.dotted_range",
        kind="date",
        anchor=Anchor(rf"{TO}{S}{_FIRST}", 60, 60),
        # 网上报名时间：6.25-7.20, 现场审核8.14-8.25, 2024.3.5—3.9, 2024/3/5-9; without a year only behind what happens then, for 3.5-4.2 may be anything
        regex=rf"""(?<![\d.,/])(?:(?P<year>(?:19|20)\d\d)[./]|(?<=(?:{_DONE})(?:(?![费分线数率比额])\p{{Han}}){{0,3}}[:为( \t\n|│┃]{{0,3}}))
            (?P<month>1[0-2]|0?[1-9])(?P<sep>[./])(?P<day>3[01]|[12]\d|0?[1-9])(?:[ ]?{_time("")})?[ ]?{TO}[ ]?
            (?:(?P<month2>1[0-2]|0?[1-9])(?P=sep)(?P<day2>3[01]|[12]\d|0?[1-9])|(?<=(?:19|20)\d\d[./]\d{{1,2}}[./]\d{{1,2}}[ ]?{TO}[ ]?)(?P<day2>3[01]|[12]\d|0?[1-9])(?=日|[ ]?(?:[,;。)\n]|$)))
            (?:[ ]?{_time("2")})?(?![\d.%‰/:+])(?![ ]?(?:万|亿|元|分|学|课|小时|天|周|月|年|岁|米|倍|篇|级|度|个|名|人|项|份|册|寸|厘|毫|公|平|cm|mm|m|k|K|M|G))日?""",
        value=_dotted,
        examples=(
            ("2024.3.5—3.9", Range(Point(2024, 3, 5), Point(2024, 3, 9), True)),
            ("2024/12/28-1/5", Range(Point(2024, 12, 28), Point(2025, 1, 5), True)),
            ("2024.3.5 9:00-3.9 17:00", Range(Point(2024, 3, 5, 9, 0), Point(2024, 3, 9, 17, 0), True)),
            ("2024.3.5-9", Range(Point(2024, 3, 5), Point(2024, 3, 9), True)),
        ),
        rejects=("3.5-4.2", "评审费为3.5-4.2", "考试3.5-4.5万元", "报名8.25-8.14", "考试1.5-2.5小时", "2024.3.5-2.30"),
    ),
    Pattern(
        name="date.year_end",
        kind="date",
        anchor=Anchor("年底|年末"),
        # 于年底前全额退回
        regex=r"(?<![\d年当每近去])(?P<quote>年[底末])(?=前|之前|止)",
        value=lambda _: Point(None, 12, part="底"),
        examples=(),
        rejects=("去年底",),
    ),
    Pattern(
        name="date.years",
        kind="date",
        anchor=Anchor(r"年", 100, 16),
        # 2019-2021年, 2020年至2023年, 2021、2022年度, 2020-2023、2019-2023年度
        regex=rf"(?<![\d])(?:{YEAR_ITEM}{S}(?:[、,]|和|及){S})*{YEAR_ITEM}(?:(?<=年度?|年{S})(?!{S}[\d一二三四五六七八九十]+{S}月)|(?<=、{S}{YEAR}){S}[两三四五3-5]{S}个?年度?)",
        value=_years,
        examples=(
            ("2019-2021年", Years(((2019, 2021),))),
            ("2020年至2023年", Years(((2020, 2023),))),
            ("2019、2020、2021年度", Years(((2019, 2021),))),
            ("2020-2023、2019-2023年度", Years(((2020, 2023), (2019, 2023)))),
            ("2018-2022年度", Years(((2018, 2022),))),
            ("2017、2018、2019三个年度", Years(((2017, 2019),))),
        ),
        rejects=("2023-2020年", "2019、2020"),
    ),
    Pattern(
        name="date.last",
        kind="date",
        anchor=Anchor(rf"[近去前]{S}{FIGURE}", 3, 110),
        # 近3年（2019-2021年）, 近三个月内, 最近5年
        regex=rf"""(?:最?近|过去|(?<!提)前){S}(?P<length>{NUMBER}){S}(?P<unit>个?月|个?年度|周年|学年|年)(?!级|前|来)
            (?:{S}\({S}(?:即|指)?(?P<from>{YEAR}){S}年?{S}{TO}{S}(?P<until>{YEAR}){S}年度?{S}\)|内|以内|之内)?""",
        value=_last,
        examples=(
            ("近3年（2019-2021年）", Last(Decimal(3), "年", (2019, 2021))),
            ("近三个月内", Last(Decimal(3), "月")),
            ("近4年", Last(Decimal(4), "年")),
        ),
        rejects=("前3名",),
    ),
    Pattern(
        name="date.penalty",
        kind="date",
        anchor=Anchor("次年|下年|下一年|第二年", 12, 70),
        # 从次年起3年内, 从评审次年起3年内, 从申报年度下一年度起3年内
        regex=rf"(?:从|自|于)?(?P<event>评审|申报年度|发现|处理|查实|认定|取消)?(?:之|的)?{S}(?:次年|下一?年度?|第二年){S}(?:开始|起){S},?(?P<length>{NUMBER}){S}(?P<unit>个?年度?|个?月)(?:内|之内|以内)?",
        value=_penalty,
        examples=(
            ("从次年起3年内", Offset("from", "处理之年", Decimal(1), Decimal(3), "年")),
            ("从评审次年起3年内", Offset("from", "评审之年", Decimal(1), Decimal(3), "年")),
            ("从申报年度下一年度起3年内", Offset("from", "申报年度", Decimal(1), Decimal(3), "年")),
        ),
    ),
    Pattern(
        name="date.ban",
        kind="date",
        anchor=Anchor(rf"(?<={_LENGTH}[之以]?)内", 84, 8),
        # 3年内不得申报, 自取消之日起3年内不得
        regex=rf"(?:[自从](?P<event>{HAN}{{2,14}}?)之?日起{S},?)?(?P<length>{NUMBER}){S}(?P<unit>个?年|个?月)(?:内|之内|以内)(?={S},?{S}(?:不得|不予|不能|不再|不受理|不接受|禁止|停止|暂停|取消))",
        value=_resumed,
        examples=(),
    ),
    Pattern(
        name="date.within_from",
        kind="date",
        anchor=Anchor(rf"(?<={_LENGTH}[之以]?)内", 84, 2),
        # 自发文之日起5个工作日内, 各市继续教育结束后的15天内, 取得"两证"15天内, 收到材料后15天内, 请于5个工作日内
        regex=rf"""(?:[自从](?P<event>{HAN}{{2,20}}?)(?:之日)?起{S},?|(?P<event>[\p{{Han}}"]{{2,24}}?)(?:后|之日起|之后){S},?{S}(?:的|请|应|须|需)?{S}(?:在|于)?{S}|(?:在|于|应|须|请){S})?
            (?P<length>{NUMBER}){S}(?P<unit>个?工作日|个?工作天|天|日|小时|个?月|周)(?:内|之内|以内)""",
        value=partial(_offset, "within"),
        examples=(
            ("收到材料后15天内", Offset("within", "收到材料", None, Decimal(15), "天")),
            ("于 5 个工作日内", Offset("within", None, None, Decimal(5), "工作日")),
        ),
        rejects=("规定时间内",),
    ),
    Pattern(
        name="date.within_years",
        kind="date",
        anchor=Anchor("年内|年之内|年以内", 84, 12),
        # 自通过考试之日起3年内提出, 毕业后一年内提出; years without their event (5年内完成) tell a length
        regex=rf"""(?:[自从](?P<event>{HAN}{{2,20}}?)(?:之日)?起{S},?|(?P<event>{HAN}{{2,20}}?)(?:后|之日起|之后){S}的?)
            (?P<length>{NUMBER}){S}个?(?P<unit>年)(?:内|之内|以内)(?!{S},?{S}(?:不得|不予|不能|不再|禁止|停止|取消|有效))""",
        value=partial(_offset, "within"),
        examples=(
            ("自通过考试之日起3年内", Offset("within", "通过考试", None, Decimal(3), "年")),
            ("毕业后一年内", Offset("within", "毕业", None, Decimal(1), "年")),
        ),
        rejects=("近3年内", "3年内"),
    ),
    Pattern(
        name="date.valid",
        kind="date",
        anchor=Anchor("有效|保留", 84, 60),
        # 成绩3年内有效, 自取得之日起3年内有效, 合格成绩三年有效, 单科成绩保留1年
        regex=rf"""(?:[自从](?P<event>{HAN}{{2,20}}?)(?:之日)?起{S},?)?(?<![近下上同该])(?P<quote>(?P<length>{NUMBER}){S}个?(?P<unit>考试年度|年度|年|月)(?:内|之内|以内)?)(?={S}有效(?!期))
            |(?<=成绩|结果|资格|证明)(?:可|予以)?保留(?P<quote>(?P<length>{NUMBER}){S}个?(?P<unit>年|月))""",
        value=partial(_offset, "within"),
        examples=(),
        rejects=("近三年内有效论文",),
    ),
    Pattern(
        name="date.ahead",
        kind="date",
        anchor=Anchor("提前", 6, 70),
        # 提前20分钟, 至少提前3个月, 提前不少于10个工作日
        regex=rf"(?:至少|最少)?(?<!不得|不能|不可)提前(?:至少|不少于)?{S}(?P<length>{NUMBER}){S}(?P<unit>{PERIOD}|分钟)(?!退休|毕业|晋升|(?:申报|参评)(?:高|副|正|中))(?:以上)?",
        value=partial(_offset, "before"),
        examples=(
            ("提前20分钟", Offset("before", None, None, Decimal(20), "分钟")),
            ("至少提前3个月", Offset("before", None, None, Decimal(3), "月")),
        ),
        rejects=("提前一年晋升", "提前批"),
    ),
    Pattern(
        name="date.after_start",
        kind="date",
        anchor=Anchor("开考|开始", 2, 64),
        # 开考30分钟后不得入场, 考试开始60分钟后方可交卷
        regex=rf"(?P<event>开考|考试开始|开始考试)(?:后)?{S}(?P<length>{NUMBER}){S}(?P<unit>分钟|小时)(?:后|之后|以后|内|以内)?",
        value=partial(_offset, "after"),
        examples=(("开考30分钟后", Offset("after", "开考", None, Decimal(30), "分钟")),),
        rejects=("开考前30分钟",),
    ),
    Pattern(
        name="date.after",
        kind="date",
        anchor=Anchor(rf"(?<={_LENGTH}{S}[之以]?)后", 80, 2),
        # 考试结束60天后
        regex=rf"(?P<event>{HAN}{{2,16}}?(?:结束|开始|公布|发布|印发|通过|完成|期满)){S}(?P<length>{NUMBER}){S}(?P<unit>{PERIOD}){S}(?:后|之后|以后)",
        value=partial(_offset, "after"),
        examples=(("考试结束60天后", Offset("after", "考试结束", None, Decimal(60), "天")),),
    ),
    Pattern(
        name="date.from_event",
        kind="date",
        anchor=Anchor("之日起", 20, 20),
        # 自发文之日起, 自本通知印发之日起
        regex=rf"(?:自|从)(?P<event>{HAN}{{1,16}}?之日)起(?!{S}[\d一二三四五六七八九十]+个?(?:工作|日|天|年|月))",
        value=partial(_offset, "from"),
        examples=(("自发文之日起", Offset("from", "发文之日")),),
    ),
    Pattern(
        name="date.from_next_year",
        kind="date",
        anchor=Anchor("次年", 26, 16),
        # 自取得资格次年开始, 自从事会计工作的次年起
        regex=rf"(?:自|从)(?P<event>{HAN}{{2,20}}?)(?:之日)?的?次年度?(?:起|开始)(?!{S}[\d一二三四五六七八九十]+{S}个?年)",
        value=lambda found: Offset("from", _event(found["event"]), Decimal(1), None, "年"),
        examples=(("自取得资格次年开始", Offset("from", "取得资格", Decimal(1), None, "年")),),
        rejects=("从评审次年起3年内",),
    ),
    Pattern(
        name="date.from_now",
        kind="date",
        anchor=Anchor(r"即日", 3, 4),
        regex=r"(?:自|从)?(?P<event>即日)起",
        value=partial(_offset, "from"),
        examples=(("即日起", Offset("from", "即日")),),
    ),
    Pattern(
        name="date.counted_from",
        kind="date",
        anchor=Anchor(r"算", 26, 6),
        # 从聘书起聘时间算起
        regex=rf"(?:自|从|以)(?P<event>{HAN}{{2,16}}?)(?:开始)?(?:算起|起算|开始计算|起计算)",
        value=partial(_offset, "from"),
        examples=(("从聘书起聘时间算起", Offset("from", "聘书起聘时间")),),
    ),
    Pattern(
        name="date.until_event",
        kind="date",
        anchor=Anchor(r"截", 2, 30),
        # 截止至单位公示首日, 截至申报之日
        regex=rf"截(?:止[至到于]|至)(?P<quote>(?P<event>(?!时间|日期){HAN}{{1,12}}?(?:之日|首日|当日|当天|前一日|截止日期?|日)))(?!起|期)",
        value=partial(_offset, "before"),
        examples=(),
        rejects=("截止日期",),
    ),
    Pattern(
        name="date.before_event",
        kind="date",
        anchor=Anchor(r"(?<=截止(?:日期|时间|日)?[之以]?|[在于][\p{Han}\"]{2,23})前", 26, 4),
        # 在申报截止日之前, 在提交申报材料之前, 网上报名截止日期前, 在评审开始前, 在正式材料上报前, 培训前应将
        regex=rf"""(?:(?<![所现存正潜实])(?:在|于)(?P<quote>(?P<event>(?:(?![在于])[\p{{Han}}"]){{2,22}}?)(?:之前|以前|前))(?=[,，应须需将若如由进向经在\p{{Han}}])
            |(?P<quote>(?P<event>(?:"?(?:(?![在于]){HAN}){{2,12}}"?)?(?:截止日期|截止时间|截止日|截止))(?:之前|以前|前)))""",
        value=_before_event,
        examples=(("网上报名截止日期前", Offset("before", "网上报名截止日期")),),
        rejects=("在此前提下", "在目前", "在当前形势下", "于三十日前"),
    ),
    Pattern(
        name="date.ahead_of_event",
        kind="date",
        anchor=Anchor(rf"(?<={_EVENT}{S})前(?={S}{FIGURE})|(?<={LAST_FIGURE}{S}(?:{PERIOD}|分钟))前", 72, 64),
        # 考前十天左右, 统一考试时间前一个月
        regex=rf"(?P<event>{HAN}{{0,10}}{_EVENT}){S}前{S}(?P<length>{NUMBER}){S}(?P<unit>{PERIOD}|分钟)(?:左右|以?内|之内)?|(?P<event>(?:(?![在于应须])\p{{Han}}){{0,8}}(?:开班|开考|召开|举行|开始|届满|期满|到期)){S}(?P<length>{NUMBER}){S}(?P<unit>{PERIOD})前",
        value=partial(_offset, "before"),
        examples=(
            ("统一考试时间前一个月", Offset("before", "统一考试时间", None, Decimal(1), "月")),
            ("考前48小时内", Offset("before", "考", None, Decimal(48), "小时")),
        ),
    ),
    Pattern(
        name="date.since",
        kind="date",
        anchor=Anchor("以来|期间", 26, 6),
        # 任现职以来, 聘任现专业技术职称以来, 最近一次申报以来, 取得工程任职资格以来
        regex=rf"(?P<event>(?:任现|任职|现任|任|取得|获得|获评|聘任|受聘|担任|参加|晋升|最近一次|上一次|上次|入职|就业|毕业){HAN}{{0,14}}?)(?:之日|时)?以来|(?P<event>任(?:现职|职|现任职务|\p{{Han}}{{1,8}}[师员授])(?:职务|资格)?)期间(?!{S}\()",
        value=partial(_offset, "since"),
        examples=(
            ("任现职以来", Offset("since", "任现职")),
            ("聘任现专业技术职称以来", Offset("since", "聘任现专业技术职称")),
            ("最近一次申报以来", Offset("since", "最近一次申报")),
            ("任现职期间", Offset("since", "任现职")),
        ),
        rejects=("改革开放以来", "任务期间"),
    ),
    Pattern(
        name="date.recurring",
        kind="date",
        anchor=Anchor(r"[每次下个本当]月|每[年季]", 2, 24),
        # 每月25日前上传, 每年3月底前: a limit that comes again; 次月15日前, 本月25日前: counted from a month that the reader knows
        regex=rf"(?:每|次|下个?|本|当)(?:月{S}{DAY}{S}[日号])(?:之前|以前|前)|每(?:月{S}{DAY}{S}[日号]|[季年](?:度)?{S}{MONTH}{S}月(?:{S}{DAY}{S}[日号]|底))(?:之前|以前|前)",
        value=_elsewhere,
        examples=(("每月25日前", Elsewhere("每月25日前")), ("每年3月31日前", Elsewhere("每年3月31日前")), ("次月15日前", Elsewhere("次月15日前"))),
        rejects=("每月2000元", "每年3月1日至4月30日"),
    ),
    Pattern(
        name="date.until_full",
        kind="date",
        anchor=Anchor("报满|招满|额满|满员"),
        # 限80人，报满即止
        regex=r"(?:报满|招满|额满|满员)(?:即止|即停|为止|截止)",
        value=_elsewhere,
        examples=(("报满即止", Elsewhere("报满即止")), ("额满为止", Elsewhere("额满为止"))),
        rejects=("报满10人开班",),
    ),
    Pattern(
        name="date.within_term",
        kind="date",
        anchor=Anchor("年限内|任期内|聘期内|周期内", 14, 4),
        # 晋升级别最低年限内
        regex=rf"(?P<quote>(?P<event>(?:晋升|任职|聘任|申报|考核){HAN}{{0,8}}(?:年限|任期|聘期|周期))内)",
        value=partial(_offset, "within"),
        examples=(("晋升级别最低年限内", Offset("within", "晋升级别最低年限")),),
        rejects=("规定年限内",),
    ),
    Pattern(
        name="date.within_stage",
        kind="date",
        anchor=Anchor(r"期", 8, 24),
        # 审核期内被退回的可修改后提交, 报名期间，考生可自行修改
        regex=r"(?P<quote>(?P<event>(?:网上)?(?:审核|报名|受理|补正|反馈)期)(?:间|限)?内?)(?=[^。;\n]{0,12}(?:修改|补充|更正|提交|补正))|(?P<quote>(?P<event>公示期)间?内)(?=[^,;。\n]{0,6}提出)",
        value=partial(_offset, "within"),
        examples=(),
    ),
    Pattern(
        name="date.same_year",
        kind="date",
        anchor=Anchor(r"有效", 8, 2),
        regex=r"(?P<quote>(?P<event>当年(?:度)?))有效",
        value=partial(_offset, "within"),
        examples=(),
    ),
    Pattern(
        name="date.this_year",
        kind="date",
        anchor=Anchor(r"今年|本年", 3, 8),
        # 今年起, 从今年开始
        regex=r"(?:从|自)?(?:今年|本年度?)(?:起|开始)",
        value=lambda _: Offset("from", "今年"),
        examples=(("今年起", Offset("from", "今年")),),
    ),
    Pattern(
        name="date.year",
        kind="date",
        anchor=Anchor(_YEAR, 10, 20),
        regex=rf"(?<!\d)(?P<year>{YEAR}){S}年(?:度|内)?(?!{S}[\d一二三四五六七八九十]+{S}月)(?!龄|级)(?!{S}[*xX_]{{1,4}}{S}月)",
        value=_year,
        examples=(("2001年", Point(2001)), ("二〇二三年度", Point(2023))),
        rejects=("3109年级",),
    ),
    Pattern(
        name="date.elsewhere",
        kind="date",
        anchor=Anchor("另行|再行|届时|适时|为准", 28, 6),
        # 另行通知, 以计划显示为准
        regex=rf"(?:另行|将另行|届时|再行|适时)(?:通知|公布|公告|发布|安排|确定)|以(?:{HAN}|[\"《》]){{2,24}}?(?:为准)",
        value=_elsewhere,
        examples=(("另行通知", Elsewhere("另行通知")), ("以计划显示为准", Elsewhere("以计划显示为准"))),
    ),
)


_BEHIND = r"[ ]?(?:\(含\))?(?:或|及|和)?(?:(?P<before>之前|以前|前(?!后)|止|为止)|(?P<after>之后|以后|以来|后(?!续)|起|开始))"
_AHEAD = r"(?:(?P<after>自从?|从)|(?P<before>截[止至]至?|不晚于|至迟))[ ]?$"


def bound_of(folded: str, span: Span) -> Literal["before", "after"] | None:
    """Whether the words around a time make it a bound: 2010年1月10日或之前, 自2016年9月1日起, 2001年以后."""
    found = compiled(_BEHIND).match(folded, span.end) or compiled(_AHEAD).search(folded[max(0, span.start - 4) : span.start])
    if found is None:
        return None
    return "before" if found["before"] else "after"


def find(text: str, folded: str) -> list[Mention]:
    """Mentions of times; the value is a Point, Range, Years, Last, Offset or Elsewhere."""
    return match_all(PATTERNS, text, folded)
