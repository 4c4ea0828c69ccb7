"""Where the notice contradicts itself or leaves a hole. A finding names the words and what to do; it must not fire on text that is in order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Literal

from extractors.names import MOST, PROPOSALS
from extractors.numerals import parse
from extractors.pattern import compiled, fold
from extractors.vocabulary import words
from pipeline.calendar import calendar_of
from pipeline.evidence import evidence
from pipeline.language import say
from pipeline.rules.clauses import Covered, in_form
from pipeline.rules.draft import Proof
from pipeline.statements import Reading, Sentence
from schemas.document import Document, Span
from schemas.mention import Amount, Count, Last, Mention, Point, Range, Years
from schemas.ruleset import DateRule, Evidence, FeeRule, Finding, Notice, Reference, RuleBase
from schemas.values import External, Instant, Relative

Severity = Literal["error", "warning", "note"]

EARLY = timedelta(days=60)
"""A window may open before the notice is dated: it is signed late, or repeats what is known. By more than this it is a slip."""

ACTED_ON = frozenset(("个人申报", "报名", "缴费", "材料报送", "单位审核", "主管部门审核", "网上确认", "准考证打印", "登记", "受理"))
"""What has an end that somebody may miss."""

WARNING = compiled(r"(?<!\S)(?P<name>[a-z]+)=(?P<value>.*?)(?=\ [a-z]+=|$)")
"""One `name=value` of a warning of a reader (`Document.warnings`); a value may hold blanks."""
HARMLESS = frozenset(("read.extension", "read.part_repeated", "read.set_aside"))


def find_findings(
    reading: Reading, notice: Notice, rules: Sequence[RuleBase], documents: Sequence[Reference], names: Sequence[Mention] | None = None
) -> tuple[Finding, ...]:
    """Every finding, errors first, each group in order of the text. `names` are what the model of names proposes, null where it was not asked."""
    dates = [rule for rule in rules if isinstance(rule, DateRule)]
    found = [
        *_contradictions(reading, rules),
        *_two_numbers(documents),
        *_backward_windows(dates),
        *_early_windows(dates),
        *_endless_windows(dates),
        *_external_deadlines(dates),
        *_years_off_cycle(reading, notice, dates),
        *_dates_without_year(reading, dates),
        *_open_fees(rules),
        *_unbalanced(reading),
        *_last_years(reading),
        *_annexes(reading),
        *_article_order(reading),
        *_undefined_aliases(documents),
        *_earlier_basis(reading, notice, documents),
        *_unused(reading, rules),
        *_only_ner(reading, rules, names),
        *_reader_warnings(reading.document),
    ]
    rank = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda f: (rank[f.severity], f.evidence[0].start if f.evidence else 0, f.code)))


def _finding(code: str, severity: Severity, evidence: Sequence[Evidence], **blanks: object) -> Finding:
    return Finding(code=code, severity=severity, message=say(f"finding.{code}", "zh", **blanks), evidence=tuple(evidence))


def _quoted(reading: Reading, *spans: Span) -> list[Evidence]:
    return [evidence(reading, Proof(span, "finding")) for span in spans]


def _reader_warnings(document: Document) -> Iterator[Finding]:
    """What the reader of the file could not read or left out: without it a rule that is missing would not be seen to be missing."""
    for warning in document.warnings:
        code, _, rest = warning.partition(" ")
        blanks = {match["name"]: match["value"] for match in WARNING.finditer(rest)}
        message = say(code, "zh", **blanks)
        if "part" in blanks and not code.startswith("read.part_"):
            message = f"{blanks['part']}：{message}"
        yield Finding(code=code.removeprefix("read.").replace("_", "-"), severity="note" if code in HARMLESS else "warning", message=message)


def _contradictions(reading: Reading, rules: Sequence[RuleBase]) -> Iterator[Finding]:
    """Different values of one sort under one key, in different paragraphs: a paragraph that tells several cases does not contradict itself."""
    by_key: dict[tuple[str, str], list[RuleBase]] = defaultdict(list)
    for rule in rules:
        several = isinstance(rule, DateRule) and rule.role in ("held", "period", "condition")
        if rule.kind in ("date", "fee", "threshold") and rule.value is not None and not several:
            by_key[rule.key.partition("#")[0], rule.value.type].append(rule)
    for (key, _), same in by_key.items():
        paragraphs = {reading.sentence_at(rule.evidence[0].start).paragraph: rule for rule in reversed(same)}
        if len(paragraphs) > 1:
            told = [rule.evidence[0] for rule in same if rule in paragraphs.values()]
            yield _finding("contradiction", "warning", told, key=key, count=len(same))


def _two_numbers(documents: Sequence[Reference]) -> Iterator[Finding]:
    by_title: dict[str, list[Reference]] = defaultdict(list)
    for document in documents:
        if document.title and document.document_number:
            by_title[document.title].append(document)
    for title, same in by_title.items():
        if len({d.evidence[0].start for d in same}) > 1:  # a joint document names all its numbers in one place
            yield _finding(
                "two-numbers", "warning", [d.evidence[0] for d in same], title=title, numbers="、".join(d.document_number or "" for d in same)
            )


# -- times


def _backward_windows(dates: Sequence[DateRule]) -> Iterator[Finding]:
    ends: dict[tuple[str, object], dict[str, DateRule]] = defaultdict(dict)
    for rule in dates:
        if rule.role in ("opens", "closes") and isinstance(rule.value, Instant) and "#" not in rule.key:
            ends[rule.subject, rule.scope][rule.role] = rule
    for (subject, _), pair in ends.items():
        if len(pair) == 2:
            opens, closes = pair["opens"].value, pair["closes"].value
            if isinstance(opens, Instant) and isinstance(closes, Instant) and closes.at < opens.at[: len(closes.at)]:
                yield _finding("backward-window", "error", [pair["opens"].evidence[0], pair["closes"].evidence[0]], subject=subject)


def _early_windows(dates: Sequence[DateRule]) -> Iterator[Finding]:
    """A time to act that opens long before the notice is dated; only days whose year is printed can tell."""
    issued = next((rule for rule in dates if rule.role == "issued" and _day(rule) is not None), None)
    dated = _day(issued) if issued else None
    for rule in dates:
        opens = _day(rule)
        if issued and dated and opens and rule.role == "opens" and rule.subject in ACTED_ON and opens < dated - EARLY:
            yield _finding(
                "opens-before-issue", "warning", [rule.evidence[0], issued.evidence[0]], subject=rule.subject, opens=str(opens), issued=str(dated)
            )


def _day(rule: DateRule) -> date | None:
    """The day of a rule as printed, null where the year or the day is not."""
    if not isinstance(rule.value, Instant) or "year" in rule.value.inferred or len(rule.value.at) < len("2023-01-01"):
        return None
    return date.fromisoformat(rule.value.at[:10])


def _endless_windows(dates: Sequence[DateRule]) -> Iterator[Finding]:
    """A time to act that opens and has no end for the same people: a level whose applicants get no deadline of their own."""
    closing = [rule for rule in dates if rule.role == "closes"]
    for rule in dates:
        if rule.role != "opens" or rule.subject not in ACTED_ON or not _begins(rule):
            continue
        same = [other for other in closing if other.subject == rule.subject]
        if not any(_meet(rule, other) for other in same):
            yield _finding("opens-without-closes", "warning", [rule.evidence[0], *(other.evidence[0] for other in same[:1])], subject=rule.subject)


def _begins(rule: DateRule) -> bool:
    """A day or an event that opens something; X年起 only says from when a custom holds."""
    return isinstance(rule.value, Instant) and len(rule.value.at) >= len("2023-01-01") or isinstance(rule.value, Relative) and bool(rule.value.event)


def _meet(a: DateRule, b: DateRule) -> bool:
    """Whether two scopes can speak of the same people: no dimension that both state without a common word."""
    one, other = a.scope.stated(), b.scope.stated()
    return all("all" in (*one[name], *other[name]) or set(one[name]) & set(other[name]) for name in one.keys() & other.keys())


def _external_deadlines(dates: Sequence[DateRule]) -> Iterator[Finding]:
    by_place: dict[tuple[int, str], list[DateRule]] = defaultdict(list)
    for rule in dates:
        if rule.role in ("opens", "closes") and isinstance(rule.value, External) and not compiled("另行|通知|公告").search(rule.value.text):
            by_place[rule.evidence[0].start, rule.value.text].append(rule)
    for (_, text), same in by_place.items():
        subjects = "、".join(dict.fromkeys(rule.subject for rule in same))
        yield _finding("deadline-elsewhere", "note", [same[0].evidence[0]], subject=subjects, text=text)


def _years_off_cycle(reading: Reading, notice: Notice, dates: Sequence[DateRule]) -> Iterator[Finding]:
    """A day to act two or more years from the year that the notice is for."""
    title = reading.outline.title_span
    if notice.cycle is None:
        return
    for rule in dates:
        day = _day(rule)
        if (
            rule.role in ("opens", "closes", "held")
            and rule.subject in ACTED_ON | {"考试", "评审", "面试答辩"}
            and day
            and abs(day.year - notice.cycle) > 1
        ):
            quotes = [rule.evidence[0], *(_quoted(reading, title) if title is not None else [])]
            yield _finding("year-off-cycle", "warning", quotes, subject=rule.subject, year=day.year, cycle=notice.cycle)


def _dates_without_year(reading: Reading, dates: Sequence[DateRule]) -> Iterator[Finding]:
    """5月1日 in a text that nowhere prints the year it belongs to: no rule is made of it, and that is said."""
    if calendar_of(reading).year is not None:
        return
    read = [Span(piece.start, piece.end) for rule in dates for piece in rule.evidence]
    for mention in reading.mentions:
        point = mention.value.start if isinstance(mention.value, Range) else mention.value
        if isinstance(point, Point) and point.year is None and point.month is not None and not any(mention.span.overlaps(span) for span in read):
            yield _finding("date-without-year", "warning", _quoted(reading, mention.span), text=reading.document.quote(mention.span))


_TAKING = frozenset(("date", "fee", "threshold", "score", "eligibility", "exemption", "penalty"))
"""Kinds of rules that take a value over; other kinds only quote the words that it stands in."""


def _unused(reading: Reading, rules: Sequence[RuleBase]) -> Iterator[Finding]:
    """A time, an amount or a bound that a pattern has read and no rule took: it may be one that is missing. Those of a sentence are told together."""
    taken = Covered((Span(e.start, e.end) for rule in rules if rule.kind in _TAKING for e in rule.evidence), gap=0)
    title = reading.outline.title_span
    undated = calendar_of(reading).year is None
    unused: dict[Sentence, list[Mention]] = defaultdict(list)
    for mention in reading.mentions:
        if not _wants_a_rule(mention, undated) or taken.touches(mention.span) or title is not None and title.overlaps(mention.span):
            continue
        sentence = reading.sentence_at(mention.span.start)
        if sentence.section.id not in ("落款", "版记") and not in_form(reading, sentence):
            unused[sentence].append(mention)
    for mentions in unused.values():
        yield _finding("value-unused", "note", _quoted(reading, *(m.span for m in mentions)), text="”“".join(m.quote for m in mentions))


def _wants_a_rule(mention: Mention, undated: bool) -> bool:
    """Not 2023年度 alone, a number without a bound, or a day of a year that nothing tells, which is another finding."""
    value = mention.value
    if isinstance(value, Range):
        return not (undated and value.start.year is None)
    if isinstance(value, Point):
        return (value.month, value.day, value.hour) != (None, None, None) and not (undated and value.year is None)
    return isinstance(value, Amount) or isinstance(value, Count) and value.op is not None


def _last_years(reading: Reading) -> Iterator[Finding]:
    """近3年（2018-2021年）: the years beside it are four."""
    for i, mention in enumerate(reading.mentions):
        if mention.kind != "date" or not isinstance(mention.value, Last) or mention.value.unit != "年":
            continue
        window, spans = mention.value.window, [mention.span]
        following = reading.mentions[i + 1] if i + 1 < len(reading.mentions) else None
        if window is None and following is not None and isinstance(following.value, Years) and len(following.value.windows) == 1:
            between = reading.folded[mention.span.end : following.span.start]
            if compiled(r"[ ]*(?:\(|,?即|,?指|,?分别(?:为|是)|:)[ ]*").fullmatch(between):
                window, spans = following.value.windows[0], [mention.span, following.span]
        elif window is not None and (bracket := compiled(r"[(,:即]").search(reading.folded[mention.span.start : mention.span.end])):
            at = mention.span.start + bracket.start()
            spans = [Span(mention.span.start, at), Span(at + 1, mention.span.end)]
        if window is not None and window[1] - window[0] + 1 != mention.value.length:
            count = window[1] - window[0] + 1
            yield _finding("last-years", "warning", _quoted(reading, *spans), stated=f"近{mention.value.length}年", count=count)


# -- money, titles, brackets


def _open_fees(rules: Sequence[RuleBase]) -> Iterator[Finding]:
    for rule in rules:
        if isinstance(rule, FeeRule) and rule.value is not None and rule.value.type == "by_reference":
            yield _finding("fee-by-reference", "note", [rule.evidence[0]], subject=rule.subject, reference=rule.value.reference)


def _unbalanced(reading: Reading) -> Iterator[Finding]:
    for block in reading.document.blocks:
        text = reading.document.text[block.start : block.end]
        if text.count("《") != text.count("》"):
            depth = 0
            at = next((i for i, c in enumerate(text) if c in "《》" and (depth := depth + (1 if c == "《" else -1)) < 0), text.rfind("《"))
            yield _finding("unbalanced-title", "warning", _quoted(reading, Span(block.start + at, min(block.start + at + 12, block.end))))


# -- annexes


def _annexes(reading: Reading) -> Iterator[Finding]:
    """附件5 cited where the list ends with 附件4; an annex of the list that no sentence names, where others are named by number."""
    listed = {annex.number: annex for annex in reading.outline.annexes if annex.number}
    there = {s.id.removeprefix("附件") for s in reading.outline.sections if compiled(r"附件\d+").fullmatch(s.id)}
    if len(listed) < 2:
        return
    cited = _cited_annexes(reading)
    for number, span in cited.items():
        if number not in listed and number not in there:
            quotes = _quoted(reading, span, next(iter(listed.values())).span)
            yield _finding("annex-missing", "warning", quotes, number=number, listed="、".join(listed))
    uncited = [(number, annex) for number, annex in listed.items() if number not in cited] if cited else []
    body = _body(reading) if uncited else ""
    for number, annex in uncited:
        if not _named(annex.title, body):
            yield _finding("annex-uncited", "note", _quoted(reading, annex.span), number=number, title=annex.title)


def _cited_annexes(reading: Reading) -> dict[str, Span]:
    """Numbers of annexes that sentences cite (附件1、2; 附件1-3; 附表2 is none), each with its first place. Lines that are an annex's own head or a line of the list cite nothing."""
    out: dict[str, Span] = {}
    for sentence in reading.holding(r"附[ ]?件"):
        if sentence.section.id in ("落款", "版记") or any(annex.span.overlaps(sentence.span) for annex in reading.outline.annexes):
            continue
        text = reading.folded[sentence.span.start : sentence.span.end]
        for found in compiled(
            r"附[ ]?件[ ]?(?P<run>\d{1,2}[-~至]\d{1,2}|\d{1,2}(?:[ ]?[、,和及与][ ]?(?:附[ ]?件[ ]?)?\d{1,2}(?![\d.、]*[年月日份项]))*)(?![ ]?[\d个份项页张M兆])"
        ).finditer(text):
            if not text[: found.start()].strip(" (") and (not text[found.end() :].strip(" :)") or compiled(r"^[ ]*[:.]").match(text[found.end() :])):
                continue
            numbers = [int(n) for n in compiled(r"\d{1,2}").findall(found["run"])]
            if compiled(r"\d[-~至]\d").search(found["run"]):
                numbers = list(range(numbers[0], numbers[1] + 1)) or numbers[:1]  # 附件2-1 is a part of annex 2
            for number in numbers:
                out.setdefault(str(number), Span(sentence.span.start + found.start(), sentence.span.start + found.end()))
    return out


def _body(reading: Reading) -> str:
    """The words of the sentences, folded and without blanks; no imprint and no annex's title."""
    said = (s.span for s in reading.sentences if s.section.id not in ("落款", "版记") and not _is_title_line(reading, s))
    return "".join("".join(reading.folded[span.start : span.end] for span in said).split())


def _is_title_line(reading: Reading, sentence: Sentence) -> bool:
    section = sentence.section
    return section.id.startswith("附件") and "/" not in section.id and "".join(reading.document.quote(sentence.span).split()) in section.heading


def _named(title: str, body: str) -> bool:
    """Whether the text names an annex by its title, or by the form or document that its title ends with."""
    words = "".join(fold(title).split()).strip("《》")
    core = compiled(r"《(?P<name>[^《》]+)》").search("".join(fold(title).split()))
    return words in body or bool(core and core["name"] in body)


# -- documents


def _article_order(reading: Reading) -> Iterator[Finding]:
    """第五条第一、四、二款: the numbers of one list go down."""
    for mention in reading.mentions:
        articles = getattr(mention.value, "articles", ())
        if len(articles) < 2 or "或" in mention.quote:
            continue
        places = [tuple(int(parse(n) or 0) for n in compiled(r"第(\p{Han}+?)[条款项]").findall(article)) for article in articles]
        if any(later[:-1] == earlier[:-1] and later < earlier for earlier, later in pairwise(places)):
            at = mention.quote.find("第", max(mention.quote.rfind("》"), mention.quote.rfind("号"), 0))
            span = Span(mention.span.start + max(at, 0), mention.span.end)
            yield _finding("article-order", "note", _quoted(reading, span), articles="、".join(articles))


_GENERIC = r"(?:评价|评审|申报|推荐|任职|资格|实施|管理|暂行|评聘|评定|认定|考核|招聘|报名|收费|职称)?(?:条件|办法|标准|细则|规定|意见|通知|方案|规则|规程|公告)"


def _undefined_aliases(documents: Sequence[Reference]) -> Iterator[Finding]:
    """《评价条件》 where no document is 以下简称 so."""
    known = {fold(alias) for document in documents for alias in document.aliases}
    for document in documents:
        title = "".join(fold(document.title or "").split())
        if document.document_number or document.url or title in known or not compiled(_GENERIC).fullmatch(title):
            continue
        full = next((d for d in documents if d is not document and d.title and "".join(fold(d.title).split()).endswith(title)), None)
        yield _finding("alias-undefined", "warning", [document.evidence[0], *([full.evidence[0]] if full else [])], alias=document.title)


def _earlier_basis(reading: Reading, notice: Notice, documents: Sequence[Reference]) -> Iterator[Finding]:
    """A notice for 2022 that rests on 关于做好2021年度…的通知, and on none for 2022."""
    if notice.cycle is None:
        return
    title = reading.outline.title_span
    years = {document.id: _cycle_of(document.title or "") for document in documents if document.relation in ("basis", "forwarded")}
    if notice.cycle in years.values():
        return
    for document in documents:
        year = years.get(document.id)
        if year is not None and year < notice.cycle:
            quotes = [document.evidence[0], *(_quoted(reading, title) if title is not None else [])]
            yield _finding("earlier-basis", "note", quotes, title=document.title, year=year, cycle=notice.cycle)


def _cycle_of(title: str) -> int | None:
    """The year of a yearly notice, 关于做好2021年度…的通知; a year in brackets or of a plan (2021-2025年) is none."""
    found = compiled(r"关于[^()]{0,12}?(?<![\d-])(?P<year>20\d\d)年(?!.*规划)[^()]*(?:通知|公告|安排|工作的意见)").search(fold(title))
    return int(found["year"]) if found else None


# -- what the model saw and no pattern read


_FIGURE = r"(?:\d|[〇零一二两三四五六七八九十百千半壹贰叁肆伍陆柒捌玖拾佰仟])"


@cache
def _signs(end: str = "$") -> dict[str, str]:
    """What a proposal of each core kind must hold to be worth a person's time; a blank form field (年 月 日) holds none of it.

    Where words are looked through in which a proposal may end anywhere, `end` is empty.
    """
    units, nouns = ("|".join(words(name)) for name in ("units.tsv", "documents.tsv"))
    return {
        "date": rf"{_FIGURE}[ ]?(?:年|月|日|号|天|周|时|点|旬)|\d[-.:/]\d|[发成]文|印发|公布",
        "money": rf"{_FIGURE}.*(?:元|块|角|分)",
        "quantity": rf"\d|{_FIGURE}(?:{units})",
        "document": rf"《|\d号|(?:{nouns}){end}",
    }


def proposable(reading: Reading) -> list[Span]:
    """The sentences in which a proposal of the model's would make a finding: some words between what patterns have read bear the sign of a kind."""
    text = reading.folded
    sign = compiled("|".join(f"(?:{sign})" for sign in _signs(end="").values()))
    return [s.span for s in reading.sentences if any(sign.search("".join(text[a:b].split())) for a, b in _unread(reading, s.span))]


def _unread(reading: Reading, span: Span) -> Iterator[tuple[int, int]]:
    """The stretches of a span that no pattern has read."""
    at = span.start
    for mention in reading.mentions_in(span):
        yield at, mention.span.start
        at = mention.span.end
    yield at, span.end


def _only_ner(reading: Reading, rules: Sequence[RuleBase], names: Sequence[Mention] | None) -> Iterator[Finding]:
    """A date, amount, quantity or document of the model's where no pattern has read anything: for a person to judge, never a rule.

    The same words make one finding.
    """
    if names is not None and len(reading.document.text) > MOST:
        yield _finding("names-cut", "note", (), most=MOST)
    if not names:
        return
    read = [Span(e.start, e.end) for rule in rules if rule.kind in ("date", "fee", "threshold", "score") for e in rule.evidence]
    read += [mention.span for mention in reading.mentions]
    proposed: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for name in names:
        if name.kind in PROPOSALS and compiled(_signs()[name.kind]).search(name.value) and not any(span.overlaps(name.span) for span in read):
            proposed[name.kind, name.value].append(name.span)
    for (kind, said), spans in proposed.items():
        yield _finding("only-ner", "note", _quoted(reading, *spans), text=said, kind=say(f"only-ner.{kind}", "zh"))
