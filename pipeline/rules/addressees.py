"""Whom and what a duty to hand in or to do something is put on: the group, kind of employer or thing that stands as the subject of its clause or of the one before."""

from extractors.pattern import compiled, fold
from extractors.terms import find_levels, find_routes
from pipeline.rules.clauses import parts, printed, trimmed
from pipeline.rules.condition_parser import parse
from pipeline.rules.words import words_of
from pipeline.scope import Scoped, level_uses, scope_of
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.ruleset import Condition, Scope

_LEADS = r"^(?:[(]|适用于|如果?|若|凡是?|对于?|其中|同时|并且?|且|另外|此外|注意:?|请)+"
_PERSONS = r"(?:人员|人才|者|员工|职工|申报人|申报对象|推荐对象|考生|教师|毕业生|公务员)"
_DUTY = r"(?:(?:也|均|还|都|另|则|一律|同时|本人)*(?:应|须|需|必须|要|可|请|由|凭|提供|提交|上传|出具|附|填写|检查))"
_GROUP = rf"^(?P<who>(?:[^,;。:()]|\([^()]{{0,12}}\)){{1,40}}?{_PERSONS})(?={_DUTY}|$)"
_ALL = (
    # who applies at all: no group of its own
    r"^(?:参加|拟|本年度?|\d{4}年度?|每[个位名]|各位?|所有|全体|我[省市区县]|全[省市区县]|申报|参评|评审|报名|报考|应聘|应试|招聘|考试|考核|职称|专业技术|有关|相关|上述|该类?|其他|符合(?:[^,;。]{0,6}条件)?的?|的|水平|技术|人才|材料)*"
    r"(?:人员|人才|申报人|申报者|申报对象|推荐对象|考生|推荐者|参评者|教师)$"
)
_EMPLOYERS = r"机关事业单位|事业单位|国有企业|民营企业|非公有制(?:企业|单位|经济组织)|企业|社会组织|基层单位|乡镇单位|高等学校|高校|中小学|医疗机构"
_EMPLOYED = (
    rf"^(?:全[省市区县]|我[省市区县]|各)?(?P<kind>{_EMPLOYERS})的?(?:在编|在职|编内|编制内)?(?:申报|专业技术)?(?:人员|员工|职工|申报人|工作人员)$"
)
_WORKFORCE = rf"^(?:全[省市区县]|我[省市区县]|各)(?P<kind>{_EMPLOYERS})(?:申报|专业技术)?(?:人员|职工)"
_OFFICIALS = r"(?:经办|负责|工作|管理|审核|推荐|举荐|验证|值班|监考)(?:人员?|者)$|专家|(?:通过|合格|入围|无异议)的?(?:申报)?(?:人员?|者|对象)$"
_MATTER = r"(?:项目|工程|课题|论文|著作|译著|译作|作品|专利|成果|业绩|奖项|荣誉|标准|工法|软件)"
_THING = rf"^(?:申报人员?的?|申报者的?|本人|个人|所有)?(?P<thing>[^,;。:]{{0,40}}?{_MATTER})等?(?:(?:也|均|还|都)?(?:必须|应|须|需))"
_ISSUED = (
    rf"^(?:在[^,;。]{{2,12}}[前后])?(?:如果?|若)?(?P<thing>[^,;。:]{{0,20}}?(?:{_MATTER}|资格|职称|学历|学位))"
    r"(?:已经?|正式|尚未|未|被|在[^,;。]{1,12}?){1,3}(?:录用|发表|出版|刊出|见刊|授权|结题|验收|取得|获得|评定)"
)
_FILLED = r"^(?:[^,;。]{0,8}在)?(?:填写|填报|录入)(?P<things>[^,;。]{2,60})时$"
_DURING = r"^(?P<who>(?:参加|援|挂职|支援|赴)[^,;。]{1,40}?)期间"
_LACKING = r"^(?P<who>[无没]有?[^,;。]{2,12}(?:资料|材料|证书|证明|学历|单位|档案))的"
_LABEL = r"^[ \t]*(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.．][ ]*)?(?P<label>[^:,;。]{2,14}?)(?:情况|材料)?:"
_IF = r"^(?:如|若|如果)(?!有$|下)"
_CONDITION = rf"{_IF}|(?<!目)的$"
_CONDITION_TOO = rf"{_IF}|^(?:取得|获得|具有|具备|从事|符合|[且或])|(?:后|期间内?|以上|的)$"
_ORDERS = r"应(?!届|试|聘|用)|须|(?<!无|不|必)需(?!求)|必须|请|不得|可[先将由在以]|^[并且]?(?:上传|提供|提交|填写|点击|登录|选择)|承诺$|负责$"
_PREDICATE = r"(?:人员?|者|对象)$"
_BEHIND = r"[,]但"


def addressed(reading: Reading, sentence: Sentence, span: Span, *, routed: bool = True) -> Scoped:
    """The scope of a duty: what `scope_of` reads, narrowed by the subject of the clause that the span stands in, else of the nearest one before it that names one."""
    scoped = scope_of(reading, sentence, span, routed=routed)
    scope = _by_outcome(reading, sentence, span, scoped.scope)
    if scope.applicants is None and scope.employers is None:
        scope = _merged(scope, _subject(reading, sentence, span.start))
    if scope.applicants is None and scope.employers is None and scope.items is None:
        scope = _merged(scope, spoken_of(reading, sentence))
    return Scoped(scope, scoped.reasons)


def labelled(reading: Reading, sentence: Sentence) -> tuple[str, ...] | None:
    """著（译）作情况：…需上传相关印证资料: the label that a paragraph begins with, which says of what a document named in general words is."""
    found = compiled(_LABEL).match(reading.folded[sentence.paragraph.start : sentence.span.end])
    if found is None:
        return None
    start = sentence.paragraph.start
    return (printed(reading, Span(start + found.start("label"), start + found.end("label"))),)


def named_group(words: str) -> Scope:
    """事业单位在编人员 is a kind of employer, 学信网上无法查询学历信息人员 a group, 申报人员 nobody in particular; routes are found by their words."""
    folded = fold(words)
    routes = tuple(sorted({w for term in find_routes(folded) for w in term.words}))
    if routes:
        return Scope(routes=routes)
    if employed := compiled(_EMPLOYED).match(folded):
        return Scope(employers=(employed["kind"],))
    named_by_level = find_levels(folded) and compiled(r"^(?:申报|参评|晋升|评审)|(?:申报|参评)(?:人员?|者|对象)$").search(folded)
    if compiled(_ALL).match(folded) or compiled(_OFFICIALS).search(folded) or named_by_level:
        return Scope()
    return Scope(applicants=("".join(words.split()),))


def condition_before(reading: Reading, sentence: Sentence, position: int, scope: Scope) -> Condition | None:
    """若社保记录获取不完整的，需提供…: the clauses in words of condition right before a duty; null where they name a group, a level or a route, which the scope says."""
    segment = reading.segment(sentence, position)
    clauses = parts(reading, Span(segment.start, position))
    subject = bool(clauses) and position - clauses[-1].start < 3  # 有在职学历的材料也可上传: the document is its clause's own subject
    before = [clause for clause in clauses if clause.end < position]
    while not subject and before and compiled(_ORDERS).search(reading.folded[before[-1].start : before[-1].end]):
        before.pop()
    stretch: list[Span] = []
    while before and compiled(_CONDITION if not stretch else _CONDITION_TOO).search(reading.folded[before[-1].start : before[-1].end]):
        stretch.insert(0, before.pop())
        if compiled(_IF).match(reading.folded[stretch[0].start : stretch[0].end]):
            break
    if not stretch or scope.applicants:
        return None
    span = Span(stretch[0].start, stretch[-1].end)
    text = reading.folded[span.start : span.end]
    told = [use.role for use in level_uses(reading.masked[span.start : span.end])]
    if find_routes(text) or "topic" in told or "outcome" in told:
        return None
    return parse(words_of(reading.document.text, span, reading.mentions_in(span)))


def _merged(scope: Scope, other: Scope) -> Scope:
    """The scope, and of the other only whom and what: where a route is told, the sentence's own words have told it."""
    return scope.merged(other.model_copy(update={"routes": None}))


def _by_outcome(reading: Reading, sentence: Sentence, span: Span, scope: Scope) -> Scope:
    """…可申报高级工程师，需上传情况说明: the outcome before a duty says its level."""
    start = sentence.span.start
    text = reading.masked[start : span.start]
    outcomes = [use.term for use in level_uses(text) if use.role == "outcome"]
    if not outcomes:
        return scope
    levels = scope.levels or tuple(sorted(outcomes[-1].words))
    return without_predicate(reading, sentence, scope.model_copy(update={"levels": levels}))


def without_predicate(reading: Reading, sentence: Sentence, scope: Scope) -> Scope:
    """申报人员不具备…，但…，可申报…: what is said of everybody is the condition of the outcome and names no group."""
    if not scope.applicants or scope.applicants == "all":
        return scope
    text = reading.folded[sentence.span.start : sentence.span.end]
    at = text.find(fold(scope.applicants[0]))
    if at > 0 and compiled(_PREDICATE).search(text[:at]) and compiled(_BEHIND).match(text, at + len(scope.applicants[0])):
        return scope.model_copy(update={"applicants": None})
    return scope


def _subject(reading: Reading, sentence: Sentence, position: int) -> Scope:
    """What the nearest clause before a position names as its subject; a subject that is everybody ends the search."""
    start = reading.segment(sentence, position).start
    end = position
    while end > start:
        clause = reading.clause(sentence, end - 1)
        begin = max(clause.start, start)
        named = _named(reading, Span(begin, end))
        if named is not None:
            return named
        end = begin - 1
    return Scope()


def _named(reading: Reading, span: Span) -> Scope | None:
    """The group, employer or thing that a clause begins with; null where it begins with none."""
    span = trimmed(reading, _innermost(reading, span))
    text = reading.folded[span.start : span.end]
    lead = compiled(_LEADS).match(text)
    begin = lead.end() if lead else 0
    at = span.start + begin

    def words(found_start: int, found_end: int) -> str:
        return printed(reading, Span(at + found_start, at + found_end))

    rest = text[begin:]
    if during := compiled(_DURING).match(rest):
        whole = words(*during.span("who"))
        return Scope(applicants=tuple(sorted(compiled(r"或(?=参加|援|挂职|支援|赴)").split(whole))))
    if lacking := compiled(_LACKING).match(rest):
        return Scope(applicants=(words(*lacking.span("who")),))
    if filled := compiled(_FILLED).match(rest):
        return Scope(items=_listed(words(*filled.span("things")), "、"))
    if issued := compiled(_ISSUED).match(rest):
        return Scope(items=_listed(words(*issued.span("thing")), "或"))
    if thing_found := compiled(_THING).match(rest):
        return Scope(items=(words(*thing_found.span("thing")),))
    if group := compiled(_GROUP).match(rest):
        return named_group(words(*group.span("who")))
    return None


def _innermost(reading: Reading, span: Span) -> Span:
    """The part of a span behind a bracket that it opens and does not close."""
    found = compiled(r"\([^()]*$").search(reading.folded[span.start : span.end])
    return Span(span.start + found.start() + 1, span.end) if found else span


def _listed(words: str, mark: str) -> tuple[str, ...]:
    """The parts of an enumeration; a mark inside brackets parts nothing."""
    return tuple(sorted(part for part in compiled(rf"{mark}(?![^（(]*[）)])").split(words) if part))


def spoken_of(reading: Reading, sentence: Sentence) -> Scope:
    """全市事业单位专业技术人员职称评审应…。推荐单位需…: the kind of employer that a paragraph speaks of from its beginning, a run-in heading left aside."""
    for first in reading.paragraph_of(sentence)[:2]:
        if first.span.start > sentence.span.start:
            break
        begin = trimmed(reading, first.span)
        found = compiled(_WORKFORCE).match(reading.folded[begin.start : begin.end])
        if found:
            return Scope(employers=(found["kind"],))
    return Scope()
