"""Who may and who may not apply: a condition tree before each 可申报X, 不得参加评审, 具备报名资格, with the lists that such words lead in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extractors.pattern import Match, compiled, fold
from extractors.terms import find_levels, find_routes
from pipeline.outline import STYLES
from pipeline.rules.clauses import in_body, printed
from pipeline.rules.condition_atoms import all_of, any_of, is_
from pipeline.rules.condition_parser import parse
from pipeline.rules.draft import Draft, Proof
from pipeline.rules.words import Words, words_of
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, is_heading
from pipeline.title import region_of
from schemas.document import Section, Span
from schemas.ruleset import Condition, Modality

SUBJECT = "申报资格"

_MODAL = r"(?:均可以?|也可以?|即可|方可|方能|才可以?|才能|(?<![许认不宁])可以?|不得|不能|不可以?|不予|方(?=按|参加|申报))"
_ADVERB = r"(?:直接|优先|破格|越级|自愿|提前|同时)"
_HOW = r"(?:在[我本][省市区县]|按照?(?:有关条件|规定|□·*(?:第[^,;。]{1,12}[条款项])?(?:规定|要求|条件)?))"
_NO_ACT = r"(?!材料|表|书|系统|信息|时[^间]|工作|费|人|程序|方式|手续|办法|计划|业务|的|条件|结果|会)"
_ACT = r"(?:申报评审|申请评审|申请认定|申报|报考|报名(?!参加|点|网|成功)|参评|考核认定|认定|初定|评定|转评|晋升)"
_JOINED = r"(?:评审|申报|考试|认定|评定|评聘|推荐|报名)(?:(?:和|及)推荐)?"
_OUTCOMES = (
    rf"(?P<modal>{_MODAL})(?P<adverb>{_ADVERB}*)(?P<how>{_HOW})?(?P<verb>{_ACT}){_NO_ACT}(?P<object>[^,;。:]*)",  # 可直接申报工程师
    rf"(?P<modal>{_MODAL})(?P<adverb>{_ADVERB}*)(?P<how>{_HOW})?(?P<verb>(?:报名)?参加)(?P<object>[^,;。:]{{0,40}}?)(?P<noun>{_JOINED}){_NO_ACT}[^,;。:]*",  # 可参加…评审和推荐
    r"(?P<modal>一般|可以?)?(?P<verb>通过(?:初定|考核认定|评审|考试)取得)(?P<object>[^,;。:]*(?:资格|职称|职务)[^,;。:]*)",  # 一般通过初定取得…资格
    r"(?P<verb>具备(?:报名|申报|参评|报考)资格)(?P<object>)",
)
_NEEDS_TITLE = frozenset(("考核认定", "认定", "初定", "评定", "转评", "晋升"))
_SANCTION = r"弄虚作假|造假|伪造|冒用|剽窃|抄袭|虚假|取消|诚信档案"
_PROCEDURE = r"点击|登录|审[核查](?:通过|同意)|缴费|支付|短信|在规定时间|实名认证|(?:须|需|应当?)(?:由|经|报)[^,;]*(?:确认|同意|批准|备案|核准)后?$"
_DUTY = r"(?:且|并)?(?:须|需|应|由|同时须|上传|提供|提交|填写|报送)[^,;]*,"
_CONSEQUENCE = r"顺延|递增|执行|予以|无需|不再|免于|上传|提交|报送|提供"
_NUMBER = "(?:" + "|".join(pattern for _, pattern in STYLES) + ")[.、]*"
_LABEL = r"(?P<label>[^,;:№□※]{1,20}):"
_CITES = r"(?:(?:根据|依据|按照?)[^,;]*(?:精神|规定|要求|文件|通知|意见|办法),)+"
_LEAD = (
    r"(?P<all>同时|均|全部)?(?:须|应当?|需|必须)?(?P<all>同时)?(?:符合|具备|满足|具有|达到|有)?(?:下列|以下|下述|如下)(?:所列)?(?:各项|基本)?"
    r"(?:申报|报名|报考|报考资格|学历[、和]?资历|资格|业绩)?(?P<what>条件|情形|情况|要求|人员)"
    r"(?:(?:中的)?(?P<one>之一|任一|(?:之|其中|任意|任选|任)+一(?:项|条|款|种|个|点))|(?:中的?|之|的|其中|任意|任选|任|至少|不少于)+(?P<several>№·*)(?:及?以上)?|中的)?"
)


@dataclass(frozen=True)
class _Outcome:
    """可直接申报工程师 at [start, end) of the sentence's words: `words` without the level, `object` what may be applied for."""

    start: int
    end: int
    words: str
    object: str
    modality: Modality
    how: tuple[int, int] | None


@dataclass(frozen=True)
class _Listed:
    """What 下列条件之一： leads in, with the spans of the items."""

    condition: Condition
    items: tuple[Span, ...]


def eligibility_rules(reading: Reading) -> Iterator[Draft]:
    """Every rule of who may apply, in order of the text."""
    circles: set[str] = set()
    lists: set[str] = set()
    way: tuple[Sentence, Draft] | None = None
    taken = False
    for sentence in reading.sentences:
        if sentence.cell is not None or not in_body(reading, sentence):
            continue
        words = words_of(reading.document.text, sentence.span, reading.mentions_in(sentence.span))
        if way is not None and way[0].paragraph == sentence.paragraph:
            if demanded := list(_demanded(reading, sentence, words)):
                yield from (_on_the_way(way[1], draft) for draft in demanded)
                taken = True
                continue
        elif way is not None:
            if not taken:
                yield way[1]
            way, taken = None, False
        rules = list(_of_sentence(reading, sentence, words))
        if way is None and len(rules) == 1 and rules[0].own["outcome"] == "可申报" and rules[0].scope.levels is None:
            way = sentence, rules[0]
            continue
        if not rules and (above := _list_heading(reading, sentence)) and above.id not in lists | circles:
            lists.add(above.id)
            if rule := _alternatives(reading, above):
                circles.add(above.id)
                rules = [rule]
        yield from rules
        if not rules and (heading := _circle_heading(reading, sentence)) and heading.id not in circles:
            circles.add(heading.id)
            yield from _circle(reading, heading)
    if way is not None and not taken:
        yield way[1]


def _of_sentence(reading: Reading, sentence: Sentence, words: Words) -> Iterator[Draft]:
    found = list(_outcomes(words))
    if found:
        yield from _stated(reading, sentence, words, found)
    elif demanded := list(_demanded(reading, sentence, words)):
        yield from demanded
    elif rule := _by_criteria(reading, sentence, words) or _led_in(reading, sentence, words):
        yield rule
    elif _under_conditions(reading, sentence):
        yield from _by_level(reading, sentence, words)


def _on_the_way(way: Draft, demanded: Draft) -> Draft:
    """申报人员可按照第五条第三款规定申报。申报工程师的，自评分须达到65.5分: what is asked of all who go that way and what of this level are one condition."""
    return replace(
        demanded,
        proofs=(*way.proofs, *demanded.proofs),
        condition=all_of(way.condition, demanded.condition),
        modality=way.modality,
        reasons=tuple(dict.fromkeys((*way.reasons, *demanded.reasons))),
    )


# -- outcomes


def _outcomes(words: Words) -> Iterator[_Outcome]:
    taken = 0
    found = sorted((m for expression in _OUTCOMES for m in compiled(expression).finditer(words.text)), key=lambda m: (m.start(), -m.end()))
    for match in found:
        if match.start() < taken or match["verb"] in _NEEDS_TITLE and not compiled(r"资格|职称|[师员级]").search(match["object"]):
            continue
        taken = match.end()
        yield _outcome(words, match)


def _outcome(words: Words, found: Match) -> _Outcome:
    groups = found.groupdict()
    said = "".join(groups.get(name) or "" for name in ("modal", "adverb", "verb", "noun"))
    modality: Modality = "must_not" if said.startswith("不") else "may"
    # 按《评价条件》 alone says how, 按《评价条件》第五条 on what terms
    cited = groups.get("how") and any(document.articles for at, document in words.documents.items() if found.start("how") <= at < found.end("how"))
    how = found.span("how") if cited else None
    return _Outcome(found.start(), found.end(), "".join(said.split()), groups["object"] or "", modality, how)


def _stated(reading: Reading, sentence: Sentence, words: Words, outcomes: Sequence[_Outcome]) -> Iterator[Draft]:
    """A rule an outcome: its condition stands between the outcome before it and itself, or in the list that it leads in."""
    behind = 0
    for outcome in outcomes:
        start = _condition_start(words, behind, outcome.start, first=behind == 0)
        behind = outcome.end
        before = words.text[start : outcome.start]
        if compiled(_PROCEDURE).search(before) or outcome.modality == "must_not" and _is_sanction(words, start, outcome):
            continue
        other_way = compiled(r"既可[^,;]*,$").search(before)  # 既可…，也可申报…: the other way is no condition
        end = start + other_way.start() if other_way else outcome.start
        stretch, listed = _with_list(reading, sentence, words, start, end)
        condition = all_of(parse(stretch), parse(words.part(*outcome.how)) if outcome.how else None)
        if condition is None:
            continue
        condition = all_of(condition, *_exceptions(words, outcome)) or condition
        at = words.span(outcome.start, outcome.end)
        yield _draft(reading, sentence, condition, outcome.words, outcome.modality, [words.span(start, outcome.end)], at, outcome.object, listed)


def _exceptions(words: Words, outcome: _Outcome) -> Iterator[Condition | None]:
    """可申报高级工程师（公务员除外）; 不得申报，劳务派遣人员除外: who is left out of it."""
    what = r"(?P<what>[^(),;:。]{2,30}除外|(?:不含|不包括)[^(),;:。]{2,30})"
    for found in (
        compiled(rf"\({what}\)").search(words.text, outcome.start, outcome.end),
        compiled(rf",?\(?但?{what}\)?(?=[,;。]|$)").match(words.text, outcome.end),
    ):
        if found:
            yield parse(words.part(*found.span("what")))


def _is_sanction(words: Words, start: int, outcome: _Outcome) -> bool:
    """不得申报 that punishes is a penalty."""
    before = words.text[start : outcome.start]
    return compiled(_SANCTION).search(words.text) is not None or compiled(r"年(?:度)?内[,]?$|次年起").search(before) is not None


def _condition_start(words: Words, start: int, end: int, *, first: bool) -> int:
    """Behind the number, the label, documents cited, and clauses that have a consequence of their own."""
    text = words.text
    segments = [m.end() for m in compiled(r";").finditer(text, start, end)]
    for cut in reversed(segments):
        segment = text[text.rfind(";", start, cut - 1) + 1 : cut - 1]
        if compiled(_CONSEQUENCE).search(segment):
            start, first = cut, True
            break
    if not first:
        while duty := compiled(_DUTY).match(text, start, end):
            start = duty.end()
    start += _number_length(text[start:end]) if first else 0
    while lead := compiled(r"[,;、。]+").match(text, start, end):
        start = lead.end()
    label = compiled(_LABEL).match(text, start, end)
    if label and not compiled(r"[下以如][列下述]|之一|符合|具备|须|不得").search(label["label"]):
        start = label.end()
    cited = compiled(_CITES).match(text, start, end)
    if cited and not any(start <= at < cited.end() and document.articles for at, document in words.documents.items()):
        start = cited.end()
    return start


def _number_length(text: str) -> int:
    """How long the printed number is that a paragraph begins with."""
    found = compiled(_NUMBER).match(text)
    return found.end() if found else 0


# -- lists


def _with_list(reading: Reading, sentence: Sentence, words: Words, start: int, end: int) -> tuple[Words, _Listed | None]:
    """The stretch with 下列条件之一 standing for what the list says, where the sentence leads one in."""
    lead = compiled(_LEAD).search(words.text, start, end)
    colon = words.text.find(":", end)
    if lead is None or colon < 0:
        return words.part(start, end), None
    listed = _list(reading, sentence, words, colon, lead)
    if listed is None:
        return words.part(start, end), None
    return words.leading(lead.start(), lead.end(), listed.condition).part(start, end), listed


def _list(reading: Reading, sentence: Sentence, words: Words, colon: int, lead: Match) -> _Listed | None:
    spans = _inline_items(reading, words.places[colon] + 1, sentence.paragraph.end) or _items_below(reading, sentence)
    items = [item for span in spans if (item := _item(reading, span))]
    if not items:
        return None
    trees = [tree for _, tree in items]
    several = words.counts[lead.start("several")].number if lead["several"] else 0
    if several > 1:  # so many of them: a tree of all and any cannot say that
        said = "；".join(printed(reading, span).rstrip("；。") for span, _ in items)
        return _Listed(Condition(opaque=f"{words.quote(*lead.span())}：{said}"), tuple(span for span, _ in items))
    persons = lead["what"] in ("人员", "情形", "情况") or all(_names_persons(reading, span) for span, _ in items)
    any_one = bool(lead["one"]) or several == 1 or not lead["all"] and (persons or _each_another_schooling(trees))
    condition = (any_of if any_one else all_of)(*trees)
    assert condition is not None
    return _Listed(condition, tuple(span for span, _ in items))


def _names_persons(reading: Reading, span: Span) -> bool:
    """本市户籍的应届毕业生: nobody is several of such groups."""
    return (
        compiled(r"(?:人员|人才|者|职工|员工|教师|考生|学生|毕业生|应届生|往届生)(?:[(（][^()（）]*[）)])?[;；。]?$").search(printed(reading, span))
        is not None
    )


def _each_another_schooling(trees: Sequence[Condition]) -> bool:
    """Items that each ask for another schooling can only be alternatives."""
    schools = [
        frozenset(v for t in (tree.all or (tree,)) if t.test and t.test.fact in ("education", "degree") and t.test.op == "=" for v in t.test.value)
        for tree in trees
    ]
    return len(trees) > 1 and all(schools) and len(set(schools)) == len(schools)


def _item(reading: Reading, span: Span) -> tuple[Span, Condition] | None:
    """An item without its number: the condition of its first sentence; what else it says stays words."""
    words = words_of(reading.document.text, span, reading.mentions_in(span))
    start, end = _number_length(words.text), len(words.text.rstrip(";。,"))
    if end <= start:
        return None
    stop = words.text.find("。", start, end)
    rest = Condition(opaque=words.quote(stop + 1, end)) if stop > 0 else None
    condition = all_of(parse(words.part(start, stop if stop > 0 else end)), rest)
    return (words.span(start, end), condition) if condition else None


def _inline_items(reading: Reading, start: int, end: int) -> list[Span]:
    """Items in the paragraph itself, parted by ；or by printed numbers."""
    text = fold(reading.document.text[start:end])
    if not text.strip():
        return []
    numbered = [
        m.start() for m in compiled(r"(?:(?<=^|[ ;。])|(?<=:))(?:\(\d{1,2}\)|\([一二三四五六七八九十]+\)|\d{1,2}[.、](?!\d)|[①-⑳])").finditer(text)
    ]
    cuts = numbered if len(numbered) > 1 else [0, *(m.end() for m in compiled(r";").finditer(text))]
    return [Span(start + a, start + b) for a, b in zip(cuts, [*cuts[1:], len(text)], strict=True) if text[a:b].strip(" ;。")]


def _items_below(reading: Reading, sentence: Sentence) -> list[Span]:
    """The paragraphs below that go on with one style of number."""
    outer, style = _style_at(reading, sentence.paragraph.start), None
    spans: list[Span] = []
    for block in reading.document.blocks:
        if block.start < sentence.paragraph.end:
            continue
        own = _style_at(reading, block.start)
        if block.kind != "paragraph" or own in (None, outer) or style not in (None, own):
            break
        style = own
        spans.append(Span(block.start, block.end))
    return spans


def _style_at(reading: Reading, start: int) -> str | None:
    text = "".join(reading.folded[start : start + 24].split())
    return next((name for name, pattern in STYLES if compiled(pattern).match(text)), None)


_APPLY = r"(?P<verb>申报|报名|报考|参评|应聘|选调|晋升)"


def _led_in(reading: Reading, sentence: Sentence, words: Words) -> Draft | None:
    """申报工程师须具备下列条件之一：, without a 可: the list says who may."""
    lead = compiled(_LEAD).search(words.text)
    if lead is None or lead["what"] in ("情况", "人员") or words.text[lead.end() :].lstrip("的,")[:1] != ":":
        return None
    start = _number_length(words.text)
    named = compiled(_APPLY).search(words.text[: lead.end()])
    if named is None or compiled(r"材料|表|附件|流程").search(words.text[start : lead.start()]):
        return None
    topic = compiled(rf"(?:凡|对)?{_APPLY}[^,;]*?(?:的|者|人员|,|须|应当?|必须|需)*$").match(words.text, start, lead.start())
    stretch, listed = _with_list(reading, sentence, words, lead.start() if topic else start, lead.end())
    condition = parse(stretch) if listed else None
    if condition is None:
        return None
    spans, at = [words.span(start, lead.end())], words.span(lead.start(), lead.end())
    return _draft(reading, sentence, condition, f"可{named['verb']}", "may", spans, at, words.text[start : lead.start()], listed, "outcome-implied")


# -- rules without 可


_DEMANDS = r"自评(?:得)?分(?:须|应|需)?(?:达到|不低于|№)|(?:由|经|需|须|有)[^,;]{0,6}№·*[^,;]{0,26}(?<!不|不予|不得|不再|不能|不宜)(?:推荐|举荐)"  # what a route asks of its applicants


def _demanded(reading: Reading, sentence: Sentence, words: Words) -> Iterator[Draft]:
    """申报工程师的，自评分须达到65.5分，…，经两名高级工程师实名推荐: a rule a level, of the clauses that ask for it and those that say of whom."""
    if compiled(_DEMANDS).search(words.text) is None:
        return
    groups: list[list[tuple[int, int]]] = [[]]
    topics: list[str] = [""]
    at = _number_length(words.text)
    for end in [*(m.start() for m in compiled(r"[,;]").finditer(words.text, at)), len(words.text)]:
        clause = words.text[at:end]
        topic = compiled(r"(?:其中)?申报[^,;№]{2,30}的").fullmatch(clause)
        if topic and find_levels(clause):
            groups.append([])
            topics.append(clause)
        elif compiled(_DEMANDS).search(clause):
            if words.text[:at].count('"') % 2:  # in a quotation
                return
            stop = compiled(r"并(?:上传|提交|填写|提供|附)").search(clause)
            groups[-1].append((at, at + stop.start() if stop else end))
        elif compiled(r"(?:申报的|的人员)").search(clause) and compiled(r"不具备|按照?|符合|以").search(clause):
            groups[-1].append((at, end))
        at = end + 1
    for clauses, topic_words in zip(groups, topics, strict=True):
        asked = [span for span in clauses if compiled(_DEMANDS).search(words.text[slice(*span)])]
        if asked:
            condition = all_of(*(parse(_without_topic(words, *span)) for span in clauses))
            assert condition is not None
            named = topic_words or _applicants(words.text[clauses[0][0] :])
            spans = [words.span(*span) for span in clauses]
            yield _draft(reading, sentence, condition, "可申报", "must", spans, words.span(*asked[0]), named, None, "outcome-implied")


def _applicants(text: str) -> str:
    """水利专业高级工程师申报人员 that the text begins with; empty where it does not."""
    found = compiled(r"[^,;№□]{0,24}申报人员").match(text)
    return found.group() if found else ""


def _without_topic(words: Words, start: int, end: int) -> Words:
    """水利专业高级工程师申报人员按照…第六条规定申报的 → 按照…第六条规定."""
    topic = compiled(r"[^,;№□]{2,24}?申报人员(?=按照|符合)").match(words.text, start, end)
    tail = compiled(r"(?<=规定|条件)(?:的)?(?:条件)?申报的$").search(words.text[start:end])
    return words.part(topic.end() if topic else start, start + tail.start() if tail else end)


def _by_criteria(reading: Reading, sentence: Sentence, words: Words) -> Draft | None:
    """符合《评价条件》第五条规定的，… under the heading of a route."""
    found = compiled(r"(?:\p{Han}{2,10}。)?(?:申报人员)?(?P<what>符合□·*[^,;。]*?(?:规定|要求|条件)(?:条件)?)的(?=[,。]|$)").match(
        words.text, _number_length(words.text)
    )
    headings = reading.true_headings(sentence.section)
    if found is None or not headings or not any(found.start("what") < at < found.end("what") for at in words.documents):
        return None
    if not find_routes(fold(headings[0].heading)):
        return None
    condition = parse(words.part(*found.span("what")))
    assert condition is not None
    span = words.span(*found.span("what"))
    return _draft(reading, sentence, condition, "可申报", "may", [span], span, "", None, "outcome-implied")


# -- what a section 申报条件 says of each level


_CONDITIONS = r"(?:条件|资历|学历|年限|资格要求|学历要求)(?:要求|及要求|标准)?$"
_TOPIC = (
    r"(?:^|(?<=[;。,]))(?:其中,?|凡)?(?:"
    r"(?:申报|晋升|参评|报考|评审)(?P<named>[^,;:。№□※]{2,18}?)(?:(?:的|者|人员),?|,|:|(?=(?:一般)?(?:应|须|需|必须|要求|具备|具有|取得|担任|任(?!现职))))"
    r"|(?P<named>[^,;:。№□※]{2,16}?):)"
)
_DECIDES = frozenset(("education", "degree", "title_held", "certificate", "years_in_speciality", "years_with_title", "years_in_post"))


def _under_conditions(reading: Reading, sentence: Sentence) -> bool:
    return any(_names_conditions(s.heading) for s in reading.true_headings(sentence.section))


@lru_cache(1024)
def _names_conditions(heading: str) -> bool:
    return compiled(_CONDITIONS).search(fold(heading).strip()) is not None


def _by_level(reading: Reading, sentence: Sentence, words: Words) -> Iterator[Draft]:
    """申报工程师的，须取得助理工程师职称满4年; 副研究馆员：博士学位，…: a rule a level that is named, where what follows asks for schooling, title or years.

    A level that a run-in heading names counts for the first sentence behind it.
    """
    start, end = _number_length(words.text), len(words.text.rstrip(";。,"))
    if label := compiled(r"(?:学历[、和]?资历|基本(?:条件|年限)|学历|资历|年限)(?:条件|要求)?[。:]").match(words.text, start):
        start = label.end()
    topics = [m for m in compiled(_TOPIC).finditer(words.text[start:end]) if find_levels(m["named"])]
    stops = [*(start + topic.start() for topic in topics[1:]), end]
    stretches = [(topic["named"], start + topic.start(), start + topic.end(), stop) for topic, stop in zip(topics, stops, strict=False)]
    heading = next(iter(reading.true_headings(sentence.section)), None)
    run_in = heading is not None and heading.start == sentence.paragraph.start and reading.paragraph_of(sentence)[1:2] == [sentence]
    if not stretches and heading is not None and run_in and find_levels(fold(heading.heading)):
        stretches = [("", start, start, end)]
    for named, begin, after, stop in stretches:
        rule = _of_level(reading, sentence, words, named, begin, after, stop)
        if rule is not None:
            yield rule


def _of_level(reading: Reading, sentence: Sentence, words: Words, named: str, begin: int, start: int, end: int) -> Draft | None:
    if duty := compiled(r"(?:一般)?(?:应当?|必须|须|需|要求)?(?:同时)?(?=具备|具有|取得|担任|任|符合|获)?").match(words.text, start, end):
        start = duty.end()
    stretch, listed = words.part(start, end), None
    if lead := compiled(_LEAD).search(words.text, start, end):
        stretch, listed = _with_list(reading, sentence, words, start, lead.end())
    elif start >= end and (spans := _items_below(reading, sentence)):
        items = [item for span in spans if (item := _item(reading, span))]
        trees = [tree for _, tree in items]
        condition = (any_of if _each_another_schooling(trees) else all_of)(*trees)
        listed = _Listed(condition, tuple(span for span, _ in items)) if condition else None
    condition = parse(stretch) if start < end else listed.condition if listed else None
    if condition is None or not any(test.fact in _DECIDES for test in condition.tests()):
        return None
    at = words.span(begin, max(end, begin + 1))
    return _draft(reading, sentence, condition, "可申报", "must", [at], at, named, listed, "outcome-implied")


def _alternatives(reading: Reading, section: Section) -> Draft | None:
    """报考条件 with a list whose items each ask for another schooling: who meets one of them may apply."""
    spans = [reading.sentence_at(below.start).paragraph for below in reading.sections_below(section)]
    items = [item for span in spans if (item := _item(reading, span))]
    schools = [tree for _, tree in items if any(test.fact in ("education", "degree") for test in tree.tests())]
    if len(schools) < 2 or len(schools) != len(items) or not _each_another_schooling(schools):
        return None
    condition = any_of(*schools)
    assert condition is not None
    sentence = reading.sentence_at(items[0][0].start)
    proofs = [span for span, _ in items]
    verb = compiled(_APPLY).search(section.heading)
    outcome = f"可{verb['verb'] if verb else '申报'}"
    return _draft(reading, sentence, condition, outcome, "may", proofs, proofs[0], "", None, "outcome-implied")


_CIRCLE = r"(?:申报|参评|报名|报考|评审|招聘|选调|适用)?(?:的)?(?:对象|范围|人员范围|人员)(?:[、和及与]{1,2}(?:对象|范围))?"


def _list_heading(reading: Reading, sentence: Sentence) -> Section | None:
    """The section 报考条件 right above the item that a sentence stands in."""
    above = reading.outline.path(sentence.section)[1:2]
    return above[0] if above and _names_conditions(above[0].heading) and is_heading(above[0].heading) else None


def _circle_heading(reading: Reading, sentence: Sentence) -> Section | None:
    """The section 申报对象 that a sentence stands in."""
    return next((section for section in reading.true_headings(sentence.section) if _names_a_circle(section.heading)), None)


@lru_cache(1024)
def _names_a_circle(heading: str) -> bool:
    return compiled(_CIRCLE).fullmatch(fold(heading).strip()) is not None


def _circle(reading: Reading, circle: Section) -> Iterator[Draft]:
    """全市企事业单位从事水利专业工作的在职在岗专业技术人员: the heading says what for. Several groups are any."""
    found: list[tuple[Sentence, Condition, Span]] = []
    for sentence in reading.sentences_from(circle.start, circle.end):
        if sentence.cell is not None or circle not in reading.outline.path(sentence.section):
            continue
        words = words_of(reading.document.text, sentence.span, reading.mentions_in(sentence.span))
        start = _number_length(words.text)
        label = compiled(_LABEL).match(words.text, start)
        start = label.end() if label else start
        end = len(words.text.rstrip(";。,"))
        if (
            compiled(r".{8,}(?:人员|人才|职工|员工|教师|考生)(?:\([^()]*\))?").fullmatch(words.text[start:end])
            and not compiled(r"应|须|不得|可|负责|组织|由").search(words.text[start:end])
            and (condition := parse(words.part(start, end)))
        ):
            found.append((sentence, condition, words.span(start, end)))
    if found:
        condition = any_of(*(tree for _, tree, _ in found))
        assert condition is not None
        spans = [span for _, _, span in found]
        yield _draft(reading, found[0][0], condition, "可申报", "may", spans, spans[0], "", None, "outcome-implied")


# -- the rule


def _here(condition: Condition, regions: Sequence[str]) -> Condition:
    """我市, 全市 are the 市 that the notice's title names; where it names none, the words stay."""
    if condition.test is not None and condition.test.fact == "region":
        named = (next((r for r in regions if word[0] in "我本全" and r.endswith(word[1:])), word) for word in condition.test.value)
        return is_("region", *named)
    parts = {name: tuple(_here(part, regions) for part in inner) for name in ("all", "any") if (inner := getattr(condition, name))}
    return Condition(**parts) if parts else condition


def _draft(
    reading: Reading,
    sentence: Sentence,
    condition: Condition,
    outcome: str,
    modality: Modality,
    spans: Sequence[Span],
    at: Span,
    named: str,
    listed: _Listed | None,
    *reasons: str,
) -> Draft:
    """`spans` prove it; `named` are the words that name the level; scope is asked at `at`."""
    levels = tuple(dict.fromkeys(word for term in find_levels(named) for word in term.words))
    scoped = scope_of(reading, sentence, at, condition=condition, levels=levels or None)
    why = ["scope-from-outcome" if reason == "scope-from-list" else reason for reason in scoped.reasons]
    proofs = [Proof(span, "eligibility.outcome") for span in spans]
    items = [Proof(span, "eligibility.item", "condition") for span in (listed.items if listed else ())]
    return Draft(
        "eligibility",
        SUBJECT,
        None,
        (*proofs, *items),
        scoped.scope.model_copy(update={"applicants": None}),
        condition=_here(condition, region_of(fold(reading.outline.title or ""))),
        modality=modality,
        reasons=tuple(dict.fromkeys((*reasons, *why, *(("condition-opaque",) if condition.unread() else ())))),
        own={"outcome": outcome},
    )
