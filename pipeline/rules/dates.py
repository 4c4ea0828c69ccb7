"""Times that the notice states: when to act, what records must cover, up to when seniority counts, when something is held."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.dates import find as find_dates
from extractors.numerals import plain
from extractors.pattern import compiled, fold
from extractors.terms import find_subjects
from pipeline.calendar import Calendar, Completed, calendar_of, nearest_full_date
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.scope import level_uses, scope_of, topic_groups
from pipeline.statements import Reading, Sentence, binds
from schemas.document import Span
from schemas.mention import Elsewhere, Last, Mention, Offset, Point, Range, Years
from schemas.ruleset import DateRole, Scope
from schemas.values import External, Instant, Relative, Text, Value, Window

HELD = frozenset(("考试", "面试答辩", "评审", "培训", "报到"))
RECORDS = frozenset(("成绩有效", "继续教育", "年度考核", "业绩取得", "社保缴纳", "工作简历", "工作总结", "照片拍摄", "学历取得"))
ACTS = frozenset(["材料报送", "备案", "缴费", "登记", "受理", "报名", "补学", "资格审核", "评审", "考试", "公示", "准考证打印", "补正", "证书发放"])
COUNTED = frozenset(("资历计算", "年龄计算", "业绩取得", "学历取得", "社保缴纳", "继续教育", "年度考核"))
LABEL = r"(?:时间|日期|期限|时限|截止|截至|起止|时段|日程|日)[\"）)]{0,2}[ ]?(?:均|都|统一|分别|一律)?(?:自|从|到|至|截止|截至|为|是|:|于|在|即日起|安排|初定|暂定|定|延长|延期|推迟|顺延|调整|变更|改)*[ ]*$"
PERSONNEL = r"[\p{Han}、()]{0,20}"


@dataclass(frozen=True)
class Event:
    """What happens at a time: subjects (several where one deadline serves several steps) and the reason for the choice."""

    subjects: tuple[str, ...]
    reason: str | None = None
    takes_place: bool = False
    """A label without a word for an act (项目时间, 会期) names what takes place then, and nothing to be done by then."""


def date_rules(reading: Reading) -> Iterator[Draft]:
    """Every date rule of a notice, in order of the text."""
    calendar = calendar_of(reading)
    yield from _own_dates(reading)
    carried: dict[int, tuple[str, ...]] = {}
    for mention in _with_hours(reading):
        if _is_own(reading, mention) or _in_title(reading, mention) or _in_blank(reading, mention):
            continue
        yield from _of_mention(reading, calendar, reading.sentence_at(mention.span.start), mention, carried)


NEAR = 40  # characters between a day and the hours that belong to it


def _with_hours(reading: Reading) -> Iterator[Mention]:
    """The date mentions, hours joined to their days.

    下午14:00—17:00 under 9月9日 is a session of that day; behind 4月8日—4月26日 hours are those of every day: the first opens the window, the last closes it.
    Hours without a day are no date.
    """
    kept: list[Mention] = []
    header: Point | None = None
    told: Mention | None = None  # the last time with a month
    for mention in (m for m in reading.mentions if m.kind == "date"):
        if mention.pattern == "date.bare_day":
            of_month = _of_month(reading, mention, told)
            if of_month is not None:
                header = of_month.value.start if isinstance(of_month.value, Range) else None
                kept.append(of_month)
            continue
        if (
            isinstance(mention.value, (Point, Range))
            and (mention.value.start if isinstance(mention.value, Range) else mention.value).month is not None
        ):
            told = mention
        value, last = mention.value, kept[-1] if kept else None
        hours = isinstance(value, Range) and value.start.month is None and value.start.year is None
        if not hours:
            header = None
            kept.append(mention)
            continue
        assert isinstance(value, Range)
        near = last is not None and mention.span.start - last.span.end <= NEAR and "。" not in reading.folded[last.span.end : mention.span.start]
        if near and last is not None and isinstance(last.value, Range) and _days(last.value) and last.value.start.month is not None:
            start = (
                last.value.start if last.value.start.hour is not None else replace(last.value.start, hour=value.start.hour, minute=value.start.minute)
            )
            end = replace(last.value.end, hour=value.end.hour, minute=value.end.minute)
            kept[-1] = replace(last, value=Range(start, end, last.value.elided))
            continue
        day = _day_in_labels(reading, reading.sentence_at(mention.span.start)) or header
        if day is None and last is not None and isinstance(last.value, Point) and last.value.day is not None and near and last.value.hour is None:
            day = last.value
            kept.pop()  # a heading of a timetable, and no date of its own
        if day is None and last is not None and near:
            day = _session_day(last.value)
        if day is not None:
            header = day
            start, end = (Point(day.year, day.month, day.day, p.hour, p.minute) for p in (value.start, value.end))
            kept.append(replace(mention, value=Range(start, end)))
    return iter(kept)


MONTH_TOLD = 200  # characters between a day and the month that it belongs to


def _of_month(reading: Reading, mention: Mention, told: Mention | None) -> Mention | None:
    """报送时间为11月6日至7日，理工科6日上午: a day without a month, within the days told before it or behind the day; null where none are."""
    if told is None or mention.span.start - told.span.end > MONTH_TOLD:
        return None
    first, last = (told.value.start, told.value.end) if isinstance(told.value, Range) else (told.value, None)
    start = mention.value.start if isinstance(mention.value, Range) else mention.value
    assert isinstance(first, Point) and isinstance(start, Point) and start.day is not None
    if first.day is None:
        return None
    within = last is None or last.month in (None, first.month) and first.day <= start.day <= (last.day or 31)
    if not within or start.day < first.day:
        return None
    dated = (
        replace(point, year=first.year, month=first.month) for point in ((start, mention.value.end) if isinstance(mention.value, Range) else (start,))
    )
    points = tuple(dated)
    return replace(mention, value=Range(points[0], points[1]) if len(points) > 1 else points[0])


def _days(window: Range) -> bool:
    return (window.start.month, window.start.day) != (window.end.month, window.end.day)


def _session_day(value: object) -> Point | None:
    """The day of a session with hours (5月20日上午9:30—11:30), which a next line may leave out."""
    if isinstance(value, Range) and value.start.hour is not None and (value.start.month, value.start.day) == (value.end.month, value.end.day):
        return value.start
    return None


def _day_in_labels(reading: Reading, sentence: Sentence) -> Point | None:
    """The day in the header of a timetable's cell."""
    for label in reversed(sentence.labels):
        for mention in find_dates(label, fold(label)):
            if isinstance(mention.value, Point) and mention.value.day is not None:
                return mention.value
    return None


def _own_dates(reading: Reading) -> Iterator[Draft]:
    """成文日期 and 印发日期."""
    roles: tuple[tuple[DateRole, Span | None], ...] = (("issued", reading.outline.issued), ("printed", reading.outline.printed))
    for role, span in roles:
        mention = next((m for m in reading.mentions if span and m.kind == "date" and m.span.overlaps(span)), None)
        if span is None or mention is None or not isinstance(mention.value, Point) or mention.value.year is None:
            continue
        done = Calendar(None, None).complete(mention.value)
        if done:
            yield Draft("date", "通知", Instant(at=done.at), (Proof(span, mention.pattern),), role=role)


def _is_own(reading: Reading, mention: Mention) -> bool:
    return any(span is not None and span.overlaps(mention.span) for span in (reading.outline.issued, reading.outline.printed))


def _in_title(reading: Reading, mention: Mention) -> bool:
    """Inside the notice's own title."""
    span = reading.outline.title_span
    return span is not None and span.contains(mention.span)


def _in_blank(reading: Reading, mention: Mention) -> bool:
    """A blank to fill in: 2022年×月×日, 年 月 日."""
    around = reading.folded[mention.span.end : mention.span.end + 8]
    return compiled(r"^[ ]*(?:[×xX_Ｘ*]|\.{2,}|_+|[ ]{2,}月)").search(around) is not None


def _of_mention(reading: Reading, calendar: Calendar, sentence: Sentence, mention: Mention, carried: dict[int, tuple[str, ...]]) -> Iterator[Draft]:
    value = mention.value
    if isinstance(value, (Point, Range, Years)) and reading.masked[mention.span.start] == "□":
        return  # in the name of a document or plan
    if isinstance(value, Range):
        yield from _range(reading, calendar, sentence, mention, value, carried)
    elif isinstance(value, Point) and value.month is None and value.year is None:
        return  # an hour without a day
    elif isinstance(value, Point) and value.month is None and value.part is None:
        yield from _bare_year(reading, sentence, mention, value)
    elif isinstance(value, Point):
        yield from _point(reading, calendar, sentence, mention, value, carried)
    elif isinstance(value, Years):
        yield from _years(reading, sentence, mention, value)
    elif isinstance(value, Last):
        yield from _last(reading, sentence, mention, value)
    elif isinstance(value, Offset):
        yield from _offset(reading, calendar, sentence, mention, value, carried)
    elif isinstance(value, Elsewhere):
        yield from _elsewhere(reading, sentence, mention, value, carried)


# -- what happens then


def _words(text: str) -> list[tuple[int, int, str]]:
    return [(t.start, t.end, t.words[0]) for t in find_subjects("date", text) if t.words[0] != "通知"]


def event_of(reading: Reading, sentence: Sentence, mention: Mention, carried: dict[int, tuple[str, ...]]) -> Event:
    """The event of a time: before a label (…截止时间为), behind it (…前报送), else the nearest word, the heading, the last event of the sentence."""
    segment = reading.segment(sentence, mention.span.start)
    previous = [
        m.span.end
        for m in reading.mentions_in(Span(segment.start, mention.span.start))
        if m.kind == "date" and not isinstance(m.value, (Last, Years))
    ]
    low = previous[-1] if previous else segment.start
    before = reading.masked[low : mention.span.start]
    if compiled(LABEL).search(before) or compiled(r":[ ]*$").search(before):
        named = _labelled(before)
        if named:
            return Event(named)
        if sentence.span.start in carried:
            return Event(carried[sentence.span.start], "subject-carried")
        return _from_surroundings(reading, sentence, mention, before)
    if (
        compiled(r"^[ ]?(?:起)?,?(?:至|到|-|~)[ ]?$|^\)?[,、;]第[\d一二三四五六七八九十]+[期批场次轮组]:?[ ]?$").search(before)
        and sentence.span.start in carried
    ):
        return Event(carried[sentence.span.start], "subject-carried")  # 即日起至6月30日, 第一期5月18日至25日，第二期6月8日至15日
    if acted := _by_actor(reading, sentence, mention):
        return Event((acted,))
    if compiled(r"成绩[^,;。]{0,8}$").search(before) and compiled(r"^[^,;。]{0,6}(?:发布|公布|揭晓|查询)").search(
        reading.masked[mention.span.end : sentence.span.end]
    ):
        return Event(("成绩查询",))
    if (behind := _behind(reading, sentence, mention)) and (behind.adjoins or not _ends_in_event(before)):
        return Event((behind.subject,))
    event = _from_surroundings(reading, sentence, mention, before)
    if mention.pattern in ("date.bare_day", "date.hours") and carried and event.reason == "subject-from-title":
        return Event(next(reversed(carried.values())), "subject-carried")  # the step of the day that was told with its month
    return event


_LEAD = r"(?:将|拟|预?计|初步|暂?定|安排|[自从于在至到])*[ ]?$"


def _ends_in_event(before: str) -> bool:
    """准考证5月25日起打印, 考试拟于5月20日举行: the step is named right before the time."""
    lead = compiled(_LEAD).search(before)
    words = _words(before)
    return bool(words) and lead is not None and words[-1][1] == lead.start()


def _untitled(event: Event) -> Event:
    """A limit to an act that the sentence does not name is no limit to what the title speaks of."""
    return Event(("其他事项",), "subject-free") if event.reason == "subject-from-title" else event


_ACTORS = (
    ("单位审核", r"(?:用人|所在|申报|推荐|各)?单位(?!名称)|学校|医院|企业", r"审核|审查|推荐|公示|报送|上报|提交"),
    (
        "主管部门审核",
        r"主管部门|人社(?:局|部门|厅)|人力(?:资源|社保)|职改办|教育局|卫健委|住建局|水利局|财政局|行政部门|区县|各市|各县|市州|地市",
        r"审核|审查|复核|推荐|上报|汇总",
    ),
    ("资格审核", r"评委会|评委办|评委会办公室|职称办|办公室", r"审核|审查|复核|受理|反馈"),
)


def _by_actor(reading: Reading, sentence: Sentence, mention: Mention) -> str | None:
    """用人单位须于10月25日前完成审核: whose step it is, told by who acts before the time and what he does behind it."""
    clause = reading.clause(sentence, mention.span.start)
    before, behind = reading.masked[clause.start : mention.span.start], reading.masked[mention.span.end : clause.end]
    if not compiled(r"(?:须|应|需|请|要)?(?:在|于)[ ]?$").search(before):
        return None
    for subject, actor, action in _ACTORS:
        if compiled(rf"(?:{actor})[^,;。]{{0,8}}$").search(before) and compiled(rf"^(?:之?前)?[^,;。]{{0,12}}?(?:{action})").search(behind):
            return subject
    return None


def _labelled(before: str) -> tuple[str, ...]:
    """The steps named right before a label: the last one, and those coordinated with it (个人申报、单位审核推荐时间为)."""
    words = _words(before)
    if not words:
        return ()
    kept = [words[-1]]
    for word in reversed(words[:-1]):
        gap = before[word[1] : kept[0][0]]
        if not gap:  # 单位审核|报送 is one step
            kept[0] = word
            continue
        joined = compiled(r"^(?:截止时间|截止日期|时间|报送|推荐)?(?:[、/]|和|与|及|以及)\p{Han}{0,8}$").search(gap) or (
            compiled(rf"^,{PERSONNEL}$").search(gap) and compiled(r"(?:审核|推荐|报送|审查|申报)$").search(before[: word[1]])
        )
        if not joined and not compiled(r"^\p{Han}{0,3}$").search(gap):
            break
        if joined or word[2] == kept[0][2]:
            kept.insert(0, word)
        else:
            break
    return tuple(dict.fromkeys(word[2] for word in kept))


_HANDED_ON = r"^(?:之?前)?(?:统一|逐级|集中|及时)?将[^,;。]{2,24}?(?:报(?!名|考|销|到|告|表|刊)|发至|发送至?|交至|送至|送到|寄至)"


@dataclass(frozen=True)
class Told:
    """A step told behind a time; `adjoins` where it stands in the clause of the time."""

    subject: str
    adjoins: bool = True


def _behind(reading: Reading, sentence: Sentence, mention: Mention) -> Told | None:
    """The step told behind the time, in its own item: 9月30日前报水利厅, 将于8月25日至9月15日集中审核反馈."""
    end = min(reading.segment(sentence, mention.span.start).end, mention.span.end + 80)
    following = next((m.span.start for m in reading.mentions_in(Span(mention.span.end, end)) if m.kind == "date"), None)
    text = reading.masked[mention.span.end : end if following is None else following]
    if compiled(r"^(?:之?前)?(?:统一|逐级|集中|及时)?报(?!名|考|销|到|告|表|刊)\p{Han}").search(text) or compiled(_HANDED_ON).search(text):
        return Told("材料报送")
    clauses = compiled(r"[,:]").split(text)
    for i, clause in enumerate(clauses[:3]):
        words = _words(clause)
        if words and i and following is not None and i == len(clauses) - 1 and _ends_in_event(clause):
            break  # …起打印，缴费5月10日前完成: the next time's
        if words:
            acting = [w for w in words if w[2] in ACTS]
            return Told((acting or words)[0][2] if i == 0 else words[0][2], adjoins=i == 0)
        if i == 0 and len(compiled(r"^(?:之?前|止|起|期间)|\([^()]*\)?").sub("", clause)) > 2:
            break
    return None


_TAKES_PLACE = r"^(?:本[次期届]|具体)?(?P<what>(?!时间|日期|安排|具体|相关|有关|截止|起止|注意|重要|工作|办理|受理|服务)\p{Han}{2,6}?)(?:的)?(?:起止|举办)?(?:时间|日期)(?:[和及与、]地点)?$"


def _from_surroundings(reading: Reading, sentence: Sentence, mention: Mention, before: str) -> Event:
    words = _words(before)
    if words:
        return Event((words[-1][2],))
    for label in reversed(sentence.labels):
        if found := _words(fold(label)):
            return Event((found[-1][2],), "subject-from-table")
    for above in reading.true_headings(sentence.section):
        if found := _words(fold(above.heading)):
            return Event((found[-1][2],), "subject-from-heading")
        if "咨询" in above.heading:
            return Event(("咨询服务",), "subject-from-heading")
    earlier = [s for s in reading.paragraph_of(sentence) if s.span.start < sentence.span.start]
    for other in reversed(earlier):
        if found := _words(reading.masked[other.span.start : other.span.end]):
            return Event((found[-1][2],), "subject-from-paragraph")
    if found := _words(reading.masked[mention.span.end : sentence.span.end]):
        return Event((found[0][2],), "subject-far")
    heading = next((fold(above.heading) for above in reading.true_headings(sentence.section)), "")
    if labelled := compiled(_TAKES_PLACE).search(heading.strip()):
        return Event((labelled["what"],), "subject-free", takes_place=True)
    if found := _words(fold(reading.outline.title or "")):
        return Event((found[-1][2],), "subject-from-title")
    return Event(("其他事项",), "subject-free")


# -- values


def _draft(
    reading: Reading,
    sentence: Sentence,
    mention: Mention,
    subject: str,
    role: DateRole,
    value: Value,
    *reasons: str | None,
    scope: Scope | None = None,
    since: int | None = None,
) -> Draft:
    scoped = scope_of(reading, sentence, mention.span, since=since, routed=role not in ("held",))
    return Draft(
        "date",
        subject,
        value,
        (Proof(mention.span, mention.pattern),),
        scope if scope is not None else scoped.scope,
        role,
        modality=modality_of(reading, sentence, mention.span),
        reasons=tuple(dict.fromkeys((*(r for r in reasons if r), *(scoped.reasons if scope is None else ())))),
    )


def _context(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, str]:
    """What stands before (in its segment) and behind (in its sentence) a mention."""
    segment = reading.segment(sentence, mention.span.start)
    return reading.masked[segment.start : mention.span.start], reading.masked[mention.span.end : sentence.span.end]


def _range(
    reading: Reading, calendar: Calendar, sentence: Sentence, mention: Mention, value: Range, carried: dict[int, tuple[str, ...]]
) -> Iterator[Draft]:
    done = calendar.complete_range(value, nearest_full_date(reading, sentence.span, mention.span.start))
    if done is None:
        return
    opens, closes = done
    event = event_of(reading, sentence, mention, carried)
    vague = [(end.part or "").endswith("旬") for end in (value.start, value.end)]
    if any(vague) and (all(vague) or event.takes_place):
        for subject in event.subjects:
            yield _draft(reading, sentence, mention, subject, "held", Text(text="".join(mention.quote.split())))
        return
    before, behind = _context(reading, sentence, mention)
    if state := _state_of(before, behind):
        window = Window(start=opens.at, end=closes.at, inferred=tuple(dict.fromkeys(opens.inferred + closes.inferred)))
        yield _draft(reading, sentence, mention, state.subjects[0], "period", window, state.reason, opens.reason)
        return
    if _superseded(before, behind):
        for subject in event.subjects:
            window = Window(start=opens.at, end=closes.at, inferred=opens.inferred)
            yield _draft(reading, sentence, mention, subject, "held", window, event.reason, opens.reason, "superseded")
        carried[sentence.span.start] = event.subjects
        return
    inferred = tuple(dict.fromkeys(opens.inferred + closes.inferred))
    for subject in event.subjects:
        whole_day = value.start.hour is None or value.start.day != value.end.day
        if (
            event.takes_place
            or subject in HELD
            and compiled(r"进行|举行|召开|考试时间|面试时间|答辩时间|《|^[ ]*\p{Han}{0,6}□").search(before[-14:] + "|" + behind[:14])
            or not whole_day
            or subject == "咨询服务"
        ):
            yield _draft(
                reading, sentence, mention, subject, "held", Window(start=opens.at, end=closes.at, inferred=inferred), event.reason, opens.reason
            )
        elif _covers_records(subject, before, behind, sentence.labels):
            yield _draft(
                reading, sentence, mention, subject, "period", Window(start=opens.at, end=closes.at, inferred=inferred), event.reason, opens.reason
            )
        else:
            # 9月下旬至12月20日 has one end that is a day
            first, last = (
                Text(text=compiled(r"至|到|—|-|~").split("".join(mention.quote.split()))[side])
                if open_ended
                else Instant(at=end.at, inferred=end.inferred)
                for side, end, open_ended in ((0, opens, vague[0]), (-1, closes, vague[1]))
            )
            yield _draft(reading, sentence, mention, subject, "opens", first, event.reason, opens.reason)
            yield _draft(reading, sentence, mention, subject, "closes", last, event.reason, closes.reason)
    carried[sentence.span.start] = event.subjects


def _superseded(before: str, behind: str) -> bool:
    """原定于4月9日举行…延期至6月11日, 由6月1日至15日调整为6月10日至25日: a time that holds no longer is none to act by."""
    return (
        compiled(r"原(?:定|计划|安排|公告|通知)?(?:的|于|在|为|时间|日期|截止)*[ ]?$").search(before[-12:]) is not None
        or compiled(r"(?:由|从)(?:\p{Han}{0,4}的)?[ ]?$").search(before[-8:]) is not None
        and compiled(r"^[^,;。]{0,6}(?:调整|延期|延长|推迟|顺延|变更|更改|改)(?:为|至|到)").search(behind) is not None
    )


def _covers_records(subject: str, before: str, behind: str, labels: tuple[str, ...]) -> bool:
    """A stretch of days that records must cover (统计时间为…, …期间取得的) and no time to act."""
    if compiled(r"(?:统计|计算|考核|执行|服务|聘任|有效)(?:时间|期限?|周期|年度)[:为是]?[ ]*$").search(before):
        return True
    if subject not in RECORDS:
        return False
    acting = r"(?:申报|报名|登记|报送|审核|办理|学习|培训|开课|上课|缴费|提交|填报|补学|认定)(?:\p{Han}{0,4})?时间"
    return (
        compiled(acting).search("|".join((*labels, before[-16:]))) is None
        and compiled(r"^[^,;。]{0,12}(?:登录|提交|报送|办理|补学|进行申报)").search(behind) is None
    )


_CLOSES_BEFORE = r"(?:截止|截至|不晚于|不迟于|最迟|最晚|逾期|终止)[^,;。]{0,14}$|(?:至|到)[ ]?$"
_CLOSES_BEHIND = r"^(?:\([^()]*\))?(?:前|之前|以前|止|截止|为止|下班前|结束|\d{1,2}时前|[^,;。 ]{0,8}?(?:系统|通道|平台|网站)(?:自动|准时|正式)?关闭|(?:自动|准时)?关闭)"
_BARRED_AFTER = r"^(?:\([^()]*\))?(?:之|以)?后(?!续),?[^,;。]{0,4}?(?:未|尚未|不再|不予|不得|不能|不可|无法|停止|关闭|视为|逾期|(?:提交|报送|报名)的?,?(?:一律)?(?:不予|不再|视为))"
_OPENS_BEFORE = r"(?:开始|起始|启动|开通|开放)[^,;。]{0,8}$|自[ ]?$|从[ ]?$"
_OPENS_BEHIND = r"^(?:\([^()]*\))?(?:起|开始|开通|启动|开放|以后|之后|后(?!续))"
# what somebody is or has become by then, and no step of a procedure: 2023年6月15日前迁入, 年底前能被发展为预备党员, 期间出生
_STATE = r"""出生|取得|获得|毕业|参加工作|入职|注册(?!登录|账号|并)|迁入|落户|(?:户籍|户口)(?!簿|证明|本|页)|发展为|转为|转正|成为|届满|期满|到期|退休
    |在职|在岗|受聘|参保|(?:参加|缴纳)[^,;。]{0,6}(?:保险|社保)|[缓欠停]缴"""
_HOLDS = r"符合|具备|具有|年满|满\d"
_ALREADY = r"(?:必须|须|应当?|需|能够?|可以?|已经?|曾经?|尚|未|方|将)*(?:被|在|于)?"
_STATED = rf"""^[ ]?(?:及|或|\(含\))?(?:
    (?P<side>以后|之后|以来|后|起|以前|之前|前)?[ ]?(?:期间|之间)?{_ALREADY}(?:{_STATE})
    |(?:以前|之前|前),?{_ALREADY}(?:{_HOLDS})
    |(?:期间|之间),?(?P<did>\p{{Han}}{{2,14}})的(?=[,)]|人员|职工|企业|单位|个人))"""


def _state_of(before: str, behind: str) -> Event | None:
    """What was so at a time or in it, where the time decides to whom something applies."""
    found = compiled(_STATED).search(behind)
    if found is None or found["did"] and any(w[2] in ACTS for w in _words(found["did"])):
        return None
    said, around = found.group(), before[-24:] + behind[: found.end() + 12]
    for subject, told, words in _STATES:
        if compiled(words).search(said if told else around):
            return Event((subject,))
    return Event(("其他事项",), "subject-free")


# whether the word of the state itself must say so, or what stands around it may
_STATES = (
    ("年龄计算", True, r"出生|年满"),
    ("户籍", False, r"户籍|户口|迁入|落户"),
    ("社保缴纳", True, r"保险|社保|参保|[缓欠停]缴"),
    ("业绩取得", False, r"业绩|成果|论文|奖"),
    ("学历取得", True, r"取得|获得|毕业|参加工作|入职|注册"),
    ("成绩有效", False, r"有效期"),
)


def _stretch_of(before: str, behind: str, at: Completed) -> Window:
    """The time that a state is bound to: 以前 ends with the day, 以后 begins with it; without either it is the day itself."""
    found = compiled(_STATED).search(behind)
    side = found["side"] if found else None
    if side is None and found is not None and compiled(r"^[^,;。]{0,5}前").search(found.group()):
        side = "前"
    if side is None and compiled(r"(?:自|从)[ ]?$").search(before):
        side = "起"
    return Window(
        start=None if side and side.endswith("前") else at.at, end=at.at if side is None or side.endswith("前") else None, inferred=at.inferred
    )


def _point(
    reading: Reading, calendar: Calendar, sentence: Sentence, mention: Mention, value: Point, carried: dict[int, tuple[str, ...]]
) -> Iterator[Draft]:
    done = calendar.complete(value, nearest_full_date(reading, sentence.span, mention.span.start))
    if done is None:
        return
    before, behind = _context(reading, sentence, mention)
    event = event_of(reading, sentence, mention, carried)
    instant: Value = (
        Text(text="".join(mention.quote.split())) if value.part and value.part.endswith("旬") else Instant(at=done.at, inferred=done.inferred)
    )
    if compiled(r"^[ ]?以来").search(behind) and (record := _record_subject(reading, sentence, mention)):
        yield _draft(reading, sentence, mention, record[0], "period", Window(start=done.at, end=None, inferred=done.inferred), done.reason, record[1])
        return
    if state := _state_of(before, behind):
        subject = state.subjects[0]
        ends = compiled(r"(?:至|到|截止)[ ]?$|(?:须|应|必须|需)(?:在|于)?[ ]?$").search(before) is not None or compiled(
            r"^.?前(?:必须|须|应|需)"
        ).search(behind)
        role: DateRole = "cutoff" if ends else "period" if subject == "业绩取得" else "condition"
        yield _draft(reading, sentence, mention, subject, role, instant if ends else _stretch_of(before, behind, done), state.reason, done.reason)
        return
    if _restates_issue(calendar, before, done.at):
        return
    if _over_the_text(reading, sentence, before):
        if calendar.issued is None:
            yield Draft("date", "通知", instant, (Proof(mention.span, mention.pattern),), role="issued", reasons=("role-default",))
        return
    if _superseded(before, behind):
        for subject in event.subjects:
            yield _draft(reading, sentence, mention, subject, "held", instant, event.reason, done.reason, "superseded")
        carried[sentence.span.start] = event.subjects
        return
    counted = _counted(before, behind)
    if counted:
        yield _draft(reading, sentence, mention, counted, "cutoff", instant, done.reason)
        return
    if compiled(_CLOSES_BEHIND).search(behind) and not compiled(LABEL).search(before):
        event = _untitled(event)
        if event.reason == "subject-from-heading" and _under_conditions(reading, sentence):
            event = Event(("其他事项",), "subject-free")
    for subject in event.subjects:
        bounded, reason = _role(subject, before, behind)
        if bounded == "closes" and subject == "禁止申报":
            subject = "受理"  # 8月14日后提交的不予受理
        if bounded == "closes" and subject in ("资历计算", "年龄计算", "业绩取得", "学历取得", "户籍"):
            bounded = "cutoff"
        if bounded == "closes" and subject == "其他事项" and _under_conditions(reading, sentence):
            until = Window(start=None, end=done.at, inferred=done.inferred)
            yield _draft(reading, sentence, mention, subject, "condition", until, event.reason, done.reason, reason)
            continue
        yield _draft(reading, sentence, mention, subject, bounded, instant, event.reason, done.reason, reason)
    carried[sentence.span.start] = event.subjects


def _under_conditions(reading: Reading, sentence: Sentence) -> bool:
    """Under a heading that names whom the notice is for, and no time to act."""
    heading = next((above.heading for above in reading.true_headings(sentence.section)), "")
    return compiled(r"(?:条件|资格|对象|范围)$").search(heading.strip()) is not None


_PUBLISHED = r"(?:发布|公布|印发|成文|更新)(?:时间|日期)[:为]?[ ]*$"


def _restates_issue(calendar: Calendar, before: str, at: str) -> bool:
    """发布时间 of the site where it is the day of 落款."""
    return compiled(_PUBLISHED).search(before) is not None and calendar.issued is not None and calendar.issued.isoformat() == at[:10]


def _over_the_text(reading: Reading, sentence: Sentence, before: str) -> bool:
    """In the line that a site prints over a text: 来源：…  发布时间：…  浏览：…次."""
    line = reading.folded[sentence.span.start : sentence.span.end]
    return (
        compiled(_PUBLISHED).search(before) is not None
        and compiled(r"(?:来源|浏览|阅读|点击|访问|字号|字体|作者)[^,;。]{0,6}:").search(line) is not None
    )


def _counted(before: str, behind: str) -> str | None:
    """The counting that ends on the day: 资历计算时间截止到…, 截至2025年11月30日年满18周岁."""
    cut = compiled(r"(?:截[止至][\p{Han}]{0,5}(?:均|统一)?[至到于为是:]*|(?:计算|算)[至到]|以)[ ]?$").search(before)
    if not cut:
        return None
    if compiled(r"(?:以上|以内|满|年|月|次)\(截[止至][^()]{0,4}$").search(before):  # 连续半年以上（截至2025年11月30日）
        return "资历计算"
    clause = compiled(r"[,。(]").split(before[: cut.start()])[-1]
    every = _words(clause)
    words = [w for w in every if w[2] in COUNTED]
    if words and every[-1][2] in COUNTED:
        return words[-1][2]
    if words and compiled(r"计算|年限|资历|年龄|取得|任职|工龄|缴纳|学时").search(clause):
        return words[-1][2]
    if compiled(r"^(?:前|止)?,?(?:年满|未满|不满|年龄|\d+周岁)").search(behind):
        return "年龄计算"
    if compiled(r"计算|年限|资历").search(before[: cut.start()]):
        return "资历计算"
    return None


def _role(subject: str, before: str, behind: str) -> tuple[DateRole, str | None]:
    if compiled(_CLOSES_BEHIND).search(behind):
        return "closes", "bound-前" if behind.lstrip("(）)").startswith(("前", "之前", "以前")) else None
    if compiled(_BARRED_AFTER).search(behind):
        return "closes", None
    if compiled(_OPENS_BEHIND).search(behind) and not compiled(r"截止").search(before[-8:]):
        return "opens", None
    if compiled(_CLOSES_BEFORE).search(before):
        return "closes", None
    if compiled(_OPENS_BEFORE).search(before):
        return "opens", None
    if subject in HELD or compiled(r"^[^,;。]{0,4}(?:进行|举行|召开|开展|举办)").search(behind):
        return "held", None
    return "held", "role-default"


_SIDE = r"^(?:年)?[ ]?(?:\([^()]*\))?(?:及|或)?(?P<side>以后|之后|以来|以前|之前|起|开始)"


def _bare_year(reading: Reading, sentence: Sentence, mention: Mention, value: Point) -> Iterator[Draft]:
    """A year alone is a rule only where it bounds something: 2001年以后取得…, 从2009年起, 2019年每年不少于24学时, 2021年连续六个月."""
    assert value.year is not None
    at, (before, behind) = f"{value.year}", _context(reading, sentence, mention)
    side = compiled(_SIDE).search(behind)
    if side and side["side"] in ("起", "开始"):
        subject = _last_act(reading, sentence, mention)
        yield _draft(reading, sentence, mention, subject or "其他事项", "opens", Instant(at=at), None if subject else "subject-free")
    elif papers := _papers(reading, sentence, mention) or _left_over(reading, sentence, mention):
        yield _draft(reading, sentence, mention, papers[0], "period", Window(start=at, end=at), papers[1])
    elif side and side["side"] == "以来" or side and _achieved(before, behind):
        words = [w for w in _words(behind[:30]) if w[2] in RECORDS] or [w for w in _words(before[-20:]) if w[2] in RECORDS]
        if words:
            yield _draft(reading, sentence, mention, words[0][2], "period", Window(start=at, end=None))
    elif side:
        subject = _condition_subject(reading, sentence, behind[side.end() :])
        if subject:
            until = side["side"] in ("以前", "之前")
            yield _draft(reading, sentence, mention, subject, "condition", Window(start=None, end=at) if until else Window(start=at, end=None))
    elif compiled(r"^(?:内|度|期间)?(?:连续|每年|累计|全年|不少于|不低于|须|应|需|必须|未完成)").search(behind):
        words = [w for w in _words(behind[:40]) if w[2] in RECORDS] or [w for w in _words(before) if w[2] in RECORDS]
        subject = words[0][2] if words else "继续教育" if compiled(r"学时|学分|公需").search(behind[:20]) else None
        if subject:
            yield _draft(reading, sentence, mention, subject, "period", Window(start=at, end=at))


def _achieved(before: str, behind: str) -> bool:
    return (
        compiled(r"业绩|成果|论文").search(before[-16:]) is not None
        and compiled(r"^.{0,3}(?:以后|之后).{0,4}(?:取得|完成|发表)").search(behind) is not None
    )


def _last_act(reading: Reading, sentence: Sentence, mention: Mention) -> str | None:
    """今年起职称申报需先完善个人信息: what is done from then on stands last in the clause."""
    words = _words(compiled(r"[,;。(]").split(reading.masked[mention.span.end : sentence.span.end])[0])
    return words[-1][2] if words else None


def _condition_subject(reading: Reading, sentence: Sentence, behind: str) -> str | None:
    for text in (behind[:16], reading.masked[sentence.span.start : sentence.span.end]):
        if compiled(r"出生").search(text):
            return "年龄计算"
        if compiled(r"(?:取得|获得|毕业|学历|学位|自动提取)").search(text):
            return "学历取得"
    return None


def _record_subject(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, str | None] | None:
    """Whose records a stretch of years covers: the word behind it, before it in the clause, in the heading, in the sentence."""
    clause = reading.clause(sentence, mention.span.start)
    behind = reading.masked[mention.span.end : min(sentence.span.end, mention.span.end + 40)]
    for text, take in ((compiled(r"[,;。]").split(behind)[0], 0), (reading.masked[clause.start : mention.span.start], -1)):
        words = [w for w in _words(text) if w[2] in RECORDS]
        if words:
            return words[take][2], None
    for above in reading.true_headings(sentence.section):
        words = [w for w in _words(fold(above.heading)) if w[2] in RECORDS]
        if words:
            return words[-1][2], "subject-from-heading"
    words = [w for w in _words(reading.masked[sentence.span.start : sentence.span.end]) if w[2] in RECORDS]
    return (words[-1][2], "subject-far") if words else None


def _all_records(reading: Reading, sentence: Sentence, mention: Mention) -> list[tuple[str, str | None]]:
    """近4年的继续教育学时情况和年度考核情况 speaks of both."""
    first = _record_subject(reading, sentence, mention)
    if first is None:
        behind = reading.masked[mention.span.end : sentence.span.end]
        bound = binds(behind) or compiled(r"^[^,;。]{0,4}(?:无|未|没有|均|获|每|累计|连续|发表|主持|完成|担任|取得|授权)").search(behind)
        return [("其他事项", "subject-free")] if bound else []
    behind = compiled(r"[,;。]").split(reading.masked[mention.span.end : sentence.span.end])[0]
    also = [w[2] for w in _words(behind) if w[2] in RECORDS and w[2] != first[0] and compiled(r"(?:和|与|及|、)\p{Han}{0,4}$").search(behind[: w[0]])]
    return [first, *((word, None) for word in dict.fromkeys(also))]


def _left_over(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, str | None] | None:
    """2020、2021年度尚未完成的可补学, 2016年取得的成绩有效: years told by what was done in them."""
    behind = reading.masked[mention.span.end : sentence.span.end]
    if compiled(r"^[^,;。]{0,20}成绩[^,;。]{0,6}有效").search(behind):
        return "成绩有效", None
    if not compiled(r"^度?的?[^,;。]{0,8}(?:未完成|未达到|未修满|不足)").search(behind):
        return None
    words = [w for w in _words(reading.masked[sentence.span.start : sentence.span.end]) if w[2] in RECORDS]
    titled = [w for s in reading.true_headings(sentence.section) for w in _words(fold(s.heading)) if w[2] in RECORDS]
    title = [w for w in _words(fold(reading.outline.title or "")) if w[2] in RECORDS]
    found = words or titled or title
    return (found[0][2], "subject-far") if found else None


def _years(reading: Reading, sentence: Sentence, mention: Mention, value: Years) -> Iterator[Draft]:
    subject = _record_subject(reading, sentence, mention) or _papers(reading, sentence, mention) or _left_over(reading, sentence, mention)
    if subject is None:
        return
    if compiled(r"^度?(?:全市|全省|全区|职称|工作|评审|计划)").search(reading.masked[mention.span.end : mention.span.end + 6]):
        return
    shares = _shared_out(reading, sentence, mention, len(value.windows))
    for i, (start, end) in enumerate(value.windows):
        scoped = scope_of(reading, sentence, mention.span, levels=(shares[i],) if shares else None)
        scope = scoped.scope.model_copy(update={"items": items_near(reading, sentence, mention.span)})
        draft = _draft(reading, sentence, mention, subject[0], "period", Window(start=str(start), end=str(end)), subject[1], scope=scope)
        yield draft.why(*scoped.reasons)


def _papers(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, str | None] | None:
    """2018年至2022年连续5年审验合格证明: papers that no vocabulary knows, by their own name."""
    behind = reading.masked[mention.span.end : sentence.span.end]
    found = compiled(r"^(?:连续)?(?:\d[ ]?个?年)?度?的?(?P<name>\p{Han}{2,10}?(?:证明|证书|成绩单|登记表|考核表|报告|凭证|审验))").search(behind)
    return (found["name"], "subject-free") if found else None


def _shared_out(reading: Reading, sentence: Sentence, mention: Mention, count: int) -> tuple[str, ...] | None:
    """分别: as many levels before as windows here."""
    if count < 2:
        return None
    text = reading.masked[sentence.span.start : mention.span.start]
    groups = topic_groups(text, level_uses(text))
    return groups[-1].words if groups and len(groups[-1].words) == count else None


def items_near(reading: Reading, sentence: Sentence, span: Span) -> tuple[str, ...] | None:
    """公需科目, 专业科目: what kind of subject matter the clause speaks of."""
    clause = reading.clause(sentence, span.start)
    found = compiled(r"(?:行业|一般)?公需科?目|专业科目").findall(reading.masked[clause.start : clause.end])
    return (found[0],) if len(set(found)) == 1 else None


def _last(reading: Reading, sentence: Sentence, mention: Mention, value: Last) -> Iterator[Draft]:
    stated: Value = (
        Window(start=str(value.window[0]), end=str(value.window[1]))
        if value.window
        else Relative(relation="last", length=plain(value.length), unit=value.unit)
    )
    for subject, reason in _all_records(reading, sentence, mention):
        draft = _draft(reading, sentence, mention, subject, "period", stated, reason)
        items = items_near(reading, sentence, mention.span) if subject == "继续教育" else None
        yield replace(draft, scope=draft.scope.model_copy(update={"items": items})) if items else draft


def _offset(
    reading: Reading, calendar: Calendar, sentence: Sentence, mention: Mention, value: Offset, carried: dict[int, tuple[str, ...]]
) -> Iterator[Draft]:
    relative = Relative(
        event=value.event,
        relation=value.relation,
        offset=plain(value.offset) if value.offset is not None else None,
        length=plain(value.length) if value.length is not None else None,
        unit=value.unit,
    )
    before, behind = _context(reading, sentence, mention)
    name = mention.pattern.removeprefix("date.")
    if name in ("penalty", "ban"):
        if compiled(r"^[ ]?,?[^,;。]{0,12}(?:不得|不予|不能|不受理|不接受|禁止|停止|暂停|取消|不再)").search(behind):
            yield _draft(reading, sentence, mention, "禁止申报", "period", relative)
    elif name in ("since", "within_term"):
        subject, item, reason = _since_subject(reading, sentence, mention)
        draft = _draft(reading, sentence, mention, subject, "period", relative, reason)
        yield replace(draft, scope=draft.scope.model_copy(update={"items": (item,)})) if item else draft
    elif name == "counted_from":
        yield _draft(reading, sentence, mention, "资历计算", "period", relative)
    elif name in ("same_year", "valid"):
        yield _draft(reading, sentence, mention, "成绩有效", "expires" if name == "same_year" else "period", relative)
    elif name == "after_start":
        barred = not mention.quote.endswith("内") and compiled(
            r"^[^,;。]{0,6}(?:不得|不能|不准|禁止|不允许|停止|严禁)|^[^,;。]{0,4}(?:视为|取消)"
        ).search(behind)
        yield _draft(reading, sentence, mention, "考试", "closes" if barred else "opens", relative)
    elif name == "this_year":
        if calendar.year is not None:
            act = _last_act(reading, sentence, mention)
            yield _draft(
                reading, sentence, mention, act or "其他事项", "opens", Instant(at=str(calendar.year), inferred=("year",)), "year-from-issue-date"
            )
    elif name == "until_event":
        for counted in _counted_all(before):
            yield _draft(reading, sentence, mention, counted, "cutoff", relative)
    elif name == "ahead_of_event":
        told, bound = _behind(reading, sentence, mention), mention.quote.endswith("内")
        act = told.subject if told else "其他事项"
        role: DateRole = "opens" if behind.startswith("起") else "period" if bound else "held"
        yield _draft(
            reading, sentence, mention, act, role, relative, "role-default" if role == "held" else None, "subject-free" if act == "其他事项" else None
        )
    else:
        yield from _limit(reading, sentence, mention, value, relative, before, behind, carried)


def _counted_all(before: str) -> tuple[str, ...]:
    """学历、业绩材料等取得时间截止至…: every counting that ends there."""
    words = [w[2] for w in _words(before) if w[2] in COUNTED]
    text = before[-24:]
    if compiled(r"学历").search(text) and compiled(r"业绩").search(text):
        return ("学历取得", "业绩取得")
    return tuple(dict.fromkeys(words[-1:])) or ("资历计算",)


def _limit(
    reading: Reading,
    sentence: Sentence,
    mention: Mention,
    value: Offset,
    relative: Relative,
    before: str,
    behind: str,
    carried: dict[int, tuple[str, ...]],
) -> Iterator[Draft]:
    """An act bound to an event: before it, within days of it, from it on."""
    if mention.pattern in ("date.from_event", "date.from_now", "date.from_next_year"):
        for subject in event_of(reading, sentence, mention, carried).subjects:
            yield _draft(reading, sentence, mention, subject, "opens", relative)
            carried[sentence.span.start] = (subject,)
        return
    told = _behind(reading, sentence, mention)
    event = Event((told.subject,)) if told else event_of(reading, sentence, mention, carried)
    for name in event.subjects:
        if value.relation == "before" and name in COUNTED:
            draft = _draft(reading, sentence, mention, name, "cutoff", relative, event.reason)
            papers = compiled(r"论文|著作|专利|课题").findall(behind[:24]) if name == "业绩取得" else []
            yield replace(draft, scope=draft.scope.model_copy(update={"items": tuple(sorted(set(papers)))})) if papers else draft
        elif event.reason not in ("subject-free", "subject-from-title") or value.event is not None or mention.pattern == "date.ahead":
            named = "其他事项" if event.reason == "subject-from-title" else name
            reason = "subject-free" if named == "其他事项" else event.reason
            yield _draft(reading, sentence, mention, named, "opens" if value.relation == "after" else "closes", relative, reason)


def _since_subject(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, str | None, str | None]:
    """Subject, item and reason of 任现职以来…: the word behind it, else the heading's; a heading that is no subject is the item."""
    behind = reading.masked[mention.span.end : min(sentence.span.end, mention.span.end + 24)]
    words = [w for w in _words(compiled(r"[,;。:]").split(behind)[0]) if w[2] in RECORDS]
    heading = next((s.heading for s in reading.true_headings(sentence.section)), "")
    titled = [w[2] for w in _words(fold(heading)) if w[2] in RECORDS]
    if titled and titled[-1] in ("工作简历", "工作总结"):
        return titled[-1], None, None
    subject = words[0][2] if words else titled[-1] if titled else "业绩取得"
    item = None
    if not titled and heading and reading.folded[sentence.span.start : mention.span.start].find(":") >= 0 and subject == "业绩取得":
        item = compiled(r"^(?:获得的|取得的|主要)|(?:情况|材料|要求|内容|经历)$").sub("", heading)
    return subject, item, None if words else "subject-from-heading"


_TIMED = r"时间|日期|安排|日程|地点|考期|截止|开始"


def _elsewhere(reading: Reading, sentence: Sentence, mention: Mention, value: Elsewhere, carried: dict[int, tuple[str, ...]]) -> Iterator[Draft]:
    if mention.pattern in ("date.recurring", "date.until_full"):
        told = _behind(reading, sentence, mention)
        own = _words(reading.masked[reading.clause(sentence, mention.span.start).start : mention.span.start])
        if mention.pattern == "date.until_full":
            event = Event(("报名",))
        else:
            event = Event((told.subject,)) if told else Event((own[-1][2],)) if own else Event(("其他事项",), "subject-free")
        for subject in event.subjects:
            yield _draft(reading, sentence, mention, subject, "closes", Text(text=value.text), event.reason)
        return
    clause = reading.clause(sentence, mention.span.start)
    segment = reading.segment(sentence, mention.span.start)
    text = reading.masked[segment.start : mention.span.start]
    if not compiled(_TIMED).search(text):
        return
    closes = compiled(r"截止").search(text) is not None and value.text.startswith("以")
    named = _labelled(compiled(rf"(?:{_TIMED}|、|,|均|都|和|[ ]|具体|,?根据\p{{Han}}+)+$").sub("", text)) if closes else ()
    if not named:
        own = _words(reading.masked[clause.start : mention.span.start])
        titled = [w for s in reading.true_headings(sentence.section) for w in _words(fold(s.heading))]
        topic = _words(reading.masked[sentence.paragraph.start : mention.span.start]) or _words(fold(sentence.section.heading))
        nearest = own or titled or _words(text) or topic
        named = (nearest[-1 if nearest is own else 0][2],) if nearest else ("其他事项",)
    for subject in named:
        yield _draft(reading, sentence, mention, subject, "closes" if closes else "held", External(text=value.text))
