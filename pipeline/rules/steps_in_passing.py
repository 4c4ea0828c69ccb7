"""Steps that a sentence tells in passing: 经两名高级工程师推荐, 在本单位公示, 将材料报送至市职称办."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extractors.pattern import compiled
from pipeline.rules.addressees import spoken_of, without_predicate
from pipeline.rules.clauses import Covered, actor_at, in_body, in_form, parts, printed, system_in, url_in
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.rules.step_words import Told, without_log_in
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, is_heading_line
from schemas.document import Span
from schemas.ruleset import Scope

_OFFICE = r"(?:办公室|委员会|评委会?|中心|厅|局|部门|科|处|职称办|职改办|学会|协会|单位)"
SUBMITTED = rf"提交(?:至|到|给)?[^,;。□]{{0,30}}?{_OFFICE}(?:进行)?(?:审核|审查|推荐|评审)+(?!意见|表|通过|后)"
_TOLD: tuple[tuple[str, str], ...] = (
    ("补正", r"(?<!\")(?:被退回|补正)[^,;。\"]{0,10}(?:修改|重新)|修改[^,;。]{0,4}后(?:再次|重新)?(?:提交|上报)|修改[^,;。]{0,8}(?:重新|再次)(?:提交|上报)"),
    ("单位公示", r"(?<!一经|结果[^,;。]{0,12}|通过人员[^,;。]{0,12}|名单[^,;。]{0,12})公示(?!期|之日|材料|情况|结果|栏|表|首日|无|天|时间|制度)"),
    ("专家推荐", r"(?:经|由)[^,;。]{0,12}[一二两三四五六\d][ ]?[名位个][^,;。]{0,24}?(?:推荐|举荐)(?!表|书|意见|名额)"),
    ("材料报送", rf"(?:报送|寄送|送交|上报|递交|(?:逐级|统一)提交|报)(?:至|给|往)(?=\p{{Han}})|(?:报送|寄送|送交|上报|递交|提交)到(?=\p{{Han}})|(?<!办理)报到(?=[^,;。]{{2,40}}{_OFFICE})(?!后|并)|(?:上报|报送|报)(?=[省市区县州厅自水主各][^,;。]{{1,40}}{_OFFICE}(?:终审|审[核查])?$|水?\p{{Han}}{{1,6}}[厅局](?:终审)?$)"),
    ("终审", r"最终审核|集中审核反馈|终审人员"),
    ("提交", rf"{SUBMITTED}|进入[^,;。]{{0,4}}预览确认提交"),
    ("证书领取", r"(?:下载打印|下载|打印|领取)[^,;。]{0,10}证书(?!上)"),
    ("账号注册", r"自行注册|注册[^,;。]{0,8}账号|进行(?:个人)?注册"),
    ("缴费", r"(?:登录|网上|线上)[^,;。]{0,12}(?:缴费|缴纳[^,;。]{0,10}费)(?!时间|期限|日期|截止|:)|按[^;。]{2,60}标准(?:的)?缴纳[^,;。]{0,6}费"),
    ("承诺签署", r"在[^,;。]{1,16}(?:栏目?|页面?)(?:中|内|上)?[做作]出承诺"),
    ("微信绑定", r"绑定微信|微信绑定"),
    ("遮盖处理", r"遮盖工作|进行[^,;。]{0,2}遮盖"),
    ("面试答辩", r"进入[^,;。]{0,4}(?:答辩|面试)(?:会场|考场|会议|室)"),
    ("信息填写", r"(?:登录|在|进入)[^,;。]{2,50}(?:完善|填写|填报|维护|录入)[^,;。]{0,8}(?:信息|材料)|填写自评分"),
    ("主管部门审核", r"对申报人员的[^,;。]{0,8}进行(?:审核|审查)|完成[^,;。]{0,6}资格(?:审查|审核)"),
)  # fmt: skip
_IN_SYSTEM: tuple[tuple[str, str], ...] = (
    # what is a step where a system is named that it is done in
    ("查阅评审条件", r"(?:查阅|查看|查询)[^,;。]{0,12}(?:评审|评价|申报)条件"),
    ("补学", r"补学|补修"),
    ("在线学习", r"(?:在线|网络|网上|线上)学习"),
    ("岗位核定", r"(?:完成|办理|进行)[^,;。]{0,4}岗位(?:核定|核准)"),
)
_WORDS = (
    # one of them is in every clause that tells a step
    r"补正|退回|修改|公示|推荐|举荐|报(?!名|考)|寄送|送交|递交|提交|终审|最终审核|集中审核|证书|注册|缴费|缴纳|出承诺|微信|遮盖|进入|完善|填写|填报|维护|录入"
    r"|对申报人员的|资格审[查核]|查[阅看询]|补[学修]|[线络上]学习|岗位核"
)
_LEARNT = r"(?P<what>(?:一般|行业)?(?:公需|专业)(?:科目|课程?))(?:的?学习)?,?(?:可|应|须|需)(?:以|自行)?(?:登录|通过|在)"
_FILLED = r"(?:填写|填报|完善|录入)[^,;。]{0,10}(?:档案|信息)"  # a step where handing it in is told behind it
_NONE = r"以来$|后$|期间|^(?:未|不|逾期|如|若|凡)|[前后](?:方|才)?可"
_BY_WHOM = r"(?:主管|人社|人力|职改|职称)[^,;。]{0,16}(?:部门|单位|机构|局|办)"
_BY_ROUTE = frozenset(("专家推荐", "提交", "信息填写"))  # what each route has its own of
ONCE = frozenset(("单位公示", "账号注册", "补正", "终审", "主管部门审核", "遮盖处理"))  # told again, whatever the words, it is the same step


def steps_in_passing(reading: Reading, taken: Covered) -> Iterator[Told]:
    """The steps that clauses tell which no step of `taken` quotes, one a place."""
    for sentence in reading.holding(_WORDS):
        if sentence.cell is not None or not in_body(reading, sentence) or in_form(reading, sentence) or is_heading_line(reading, sentence):
            continue
        for clause in parts(reading, sentence.span):
            if taken.touches(clause):
                continue
            subject = _subject(reading, sentence, clause)
            if subject is not None:
                draft = _draft(reading, sentence, clause, subject)
                if subject != "主管部门审核" or draft.own["actor"] and compiled(_BY_WHOM).search(str(draft.own["actor"])):
                    yield Told(draft, "passing", sentence.section, sentence, clause)


def _subject(reading: Reading, sentence: Sentence, clause: Span) -> str | None:
    text = reading.masked[clause.start : clause.end]
    if not reading.holds(clause, _WORDS) or compiled(_NONE).search(text):
        return None
    if named := next((name for name, expression in _TOLD if compiled(expression).search(text)), None):
        return named
    if compiled(_FILLED).search(text) and compiled(SUBMITTED).search(reading.masked[clause.end : sentence.span.end]):
        return "信息填写"
    words = reading.folded[clause.start : clause.end]  # with the titles: 查阅评审条件 may name a document
    named = next((name for name, expression in _IN_SYSTEM if compiled(expression).search(words)), None)
    return named if named and system_in(reading, Span(sentence.span.start, clause.end)) is not None else None


def _draft(reading: Reading, sentence: Sentence, clause: Span, subject: str) -> Draft:
    before = Span(sentence.span.start, clause.end)
    who = next((found for part in reversed(parts(reading, before)) if (found := actor_at(reading, part)) is not None), None)
    start = who[1].end if who is not None and clause.start <= who[1].start < clause.end else clause.start
    at = Span(clause.end - 1, clause.end) if subject == "缴费" else clause  # 按高级工程师每人500元…的标准缴纳: the amounts' levels are not the step's
    scope, reasons = _scope(reading, sentence, at, subject)
    return Draft(
        "step",
        subject,
        None,
        (Proof(clause, "step.passing"),),
        scope,
        modality=modality_of(reading, sentence, clause),
        reasons=reasons,
        own={
            "actor": _recommender(reading, clause) if subject == "专家推荐" else who[0] if who else None,
            "action": without_log_in(reading, Span(start, clause.end)) or printed(reading, clause),
            "system": system_in(reading, sentence.span),
            "url": url_in(reading, sentence.span),
        },
    )


def _scope(reading: Reading, sentence: Sentence, at: Span, subject: str) -> tuple[Scope, tuple[str, ...]]:
    """Levels, routes and groups; the kind of employer that the paragraph speaks of; of learning what is learnt, which is a subject of its own."""
    if subject == "在线学习":
        learnt = compiled(_LEARNT).search(reading.masked[sentence.span.start : at.end])
        if learnt is not None:
            begin = sentence.span.start
            return Scope(items=(printed(reading, Span(begin + learnt.start("what"), begin + learnt.end("what"))),)), ("scope-from-sentence",)
    scoped = scope_of(reading, sentence, at, routed=subject in _BY_ROUTE)
    scope = without_predicate(reading, sentence, scoped.scope)
    if subject not in ONCE and scope.employers is None and scope.applicants is None:
        scope = scope.merged(spoken_of(reading, sentence))
    return scope, scoped.reasons


def _recommender(reading: Reading, clause: Span) -> str | None:
    """经两名水利高级工程师实名推荐: who recommends stands behind the number."""
    found = compiled(r"[名位个](?:及?以上)?(?:具有|具备)?(?P<who>[^,;。]{2,24}?)(?:实名|共同|联名|书面)*(?:推荐|举荐)").search(
        reading.masked[clause.start : clause.end]
    )
    return printed(reading, Span(clause.start + found.start("who"), clause.start + found.end("who"))) if found else None


def restated(passing: Sequence[Told], known: Sequence[Told], again: Callable[[Told], bool]) -> tuple[list[Told], list[Told]]:
    """`known` steps and those told in passing, where one that is told `again` in the same scope is one more proof: 各单位…公示5个工作日 behind 各推荐单位…公示."""
    out = list(known)
    by_subject: dict[str, list[int]] = defaultdict(list)
    for i, step in enumerate(out):
        by_subject[step.draft.subject].append(i)
    for step in passing:
        alike = by_subject[step.draft.subject]
        twin = next((i for i in alike if _same(out[i], step)), None) if again(step) else None
        if twin is None:
            alike.append(len(out))
            out.append(step)
        else:
            out[twin] = replace(out[twin], draft=replace(out[twin].draft, proofs=(*out[twin].draft.proofs, *step.draft.proofs)))
    return out[: len(known)], out[len(known) :]


def _same(a: Told, b: Told) -> bool:
    return (a.draft.subject, a.draft.scope) == (b.draft.subject, b.draft.scope) and (a.sort != "item" or a.section == b.section)
