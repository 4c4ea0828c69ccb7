"""What need not be done, had or handed in: 无需再提供社保缴纳证明, 免去当年的继续教育, 不要求答辩, 不作为必备条件."""

from collections.abc import Iterator
from dataclasses import replace

from extractors.pattern import Match, compiled
from extractors.terms import find_subjects
from pipeline.rules.clauses import in_body, in_form, parts, printed, trimmed
from pipeline.rules.draft import Draft, Proof
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, is_heading_line
from schemas.document import Span
from schemas.ruleset import Scope

_VERB = r"(?P<verb>提供|提交|上传|报送|缴纳|缴交|参加|填写|填报|办理|携带|审核|出具|安排|邮寄|寄送|注册|报名|申报(?!人|材料|对象)|认定|评审|答辩|考试|打印|采集|填|交)"
_ACTS = frozenset(("注册", "报名", "申报", "认定", "评审", "答辩", "考试", "打印", "采集"))  # what needs no object to be a duty
_EXEMPT = (
    # 无需再提供X, 无须提交, 不用上传, 不必缴纳, 无需重复注册
    rf"(?:无需|无须|毋需|毋须|不需|不须|不必|不用)(?:再次?|另行|重复|另|要)?[^,;。()]{{0,6}}?{_VERB}(?P<what>[^,;。()]{{0,24}})",
    # 不再要求申报人员提供, 不要求答辩
    rf"不(?:再)?要求(?:[^,;。()]{{0,12}}?{_VERB})?(?P<what>[^,;。()]{{0,16}})",
    rf"不再{_VERB}(?P<what>[^,;。()]{{0,16}}(?:证明|材料|证书|原件|复印件|表))",
    # 免去当年的继续教育, 免于答辩, 免予考试, 免试《笔译综合能力》科目, 免提交
    r"(?<!减)免(?:去|于|予|除|交|提交|试|考|(?=答辩)|修|参加|学)(?!审批|条件|费|学费|票|考试(?:录取|入学))(?P<what>[^,;。()]{0,16})",
    # 不作为必备条件, 不作硬性要求, 不做统一要求, 不限制报名条件, 不受学历限制
    r"不(?:再)?(?:作为|作|做)[^,;。()]{0,8}(?:必备条件|必要条件|限制性?(?:条件|要求)|(?:硬性|统一|刚性)?(?:要求|规定|限制)|前置条件)(?P<what>)",
    r"不(?:受(?P<what>[^,;。()]{1,16})限制|限制(?P<what>[^,;。()]{1,10}))",
    # 获奖情况可不填, 可不提供, 可自动提取相关信息
    rf"可(?:以)?不(?:再)?(?:作答|{_VERB})(?P<what>[^,;。()]{{0,12}})",
    r"可(?:由系统)?自动(?:提取|获取|采集|关联|生成)(?P<what>[^,;。()]{0,12})",
)  # fmt: skip
_EXEMPT_WORDS = r"[无毋][需须]|不[需须必用再要作做受限]|免|可以?不|自动"  # one of them is in every exemption
_NOT = r"如(?:果)?(?:图片|页面)?(?:无需|不需)|是否(?:需|无需)|以免|避免|难免|未免|免费|免冠|免得|不免|免税|减免"
_WORDS = (
    # the duty by words that any wording of it has
    ("社保证明", r"(?<!人力)社保(?!系统|部门|局|厅|科)|社会保险|养老保险|参保"),
    ("外语计算机论文", r"外语|计算机|论文"),
    ("继续教育", r"继续教育|公需|学时|学分"),
    ("面试答辩", r"答辩|面试"),
    ("学历证明", r"学历|学位|学信网|毕业证"),
)


def exemption_rules(reading: Reading) -> Iterator[Draft]:
    """One rule a duty that falls away; the same said again is one more proof."""
    kept: list[Draft] = []
    for sentence in reading.holding(_EXEMPT_WORDS):
        if not in_body(reading, sentence) or in_form(reading, sentence) or is_heading_line(reading, sentence):
            continue
        for draft in _of_sentence(reading, sentence):
            twin = next((i for i, other in enumerate(kept) if (other.subject, other.scope) == (draft.subject, draft.scope)), None)
            if twin is None:
                kept.append(draft)
            else:
                kept[twin] = replace(kept[twin], proofs=(*kept[twin].proofs, *draft.proofs))
    yield from kept


def _of_sentence(reading: Reading, sentence: Sentence) -> Iterator[Draft]:
    text, start = reading.masked[sentence.span.start : sentence.span.end], sentence.span.start
    taken = 0
    for found in sorted((m for expression in _EXEMPT for m in compiled(expression).finditer(text)), key=lambda m: (m.start(), -m.end())):
        around = text[max(0, found.start() - 6) : found.end()]
        if found.start() < taken or compiled(_NOT).search(around):
            continue
        taken = found.end()
        clause = _clause(reading, sentence, start + found.start())
        subject, reason = _subject(reading, sentence, clause, found)
        scoped = scope_of(reading, sentence, Span(start + found.start(), start + found.end()), routed=False)
        yield Draft(
            "exemption",
            subject,
            None,
            (Proof(clause, "exemption.duty"),),
            scoped.scope.merged(_whose(reading, sentence, clause, start + found.start(), subject)),
            modality="may" if found.group().startswith("可") else None,
            reasons=tuple(r for r in (reason, *scoped.reasons) if r),
        )


_EVERYBODY = r"^(?:申报人员?|申报对象|考生|报考人员|应试人员|专业技术人员|个人|单位)$"


def _whose(reading: Reading, sentence: Sentence, clause: Span, position: int, subject: str) -> Scope:
    """Who is exempt (本省内申报人员无需…), and of several things which (职称外语、计算机应用能力和论文不作为…)."""
    before = reading.document.text[clause.start : position]
    who = compiled(r"(?P<who>[^，；。（）、]{2,24}(?:人员|者|对象|考生|教师|学员))(?:原则上|一般|可|也)?$").search(before)
    during = compiled(r"^(?P<who>(?:参加|从事|承担)[^，；。（）]{2,40}?)(?:期间|的)").search(before)  # 参加援疆或参加驻村期间可免去…
    applicants: tuple[str, ...] | None = (who["who"],) if who and not compiled(_EVERYBODY).match(who["who"]) else None
    if applicants is None and during:
        applicants = tuple(sorted(compiled(r"或者?(?=参加|从事|承担)").split(during["who"])))
    things: tuple[str, ...] | None = None
    if compiled(r"^(?:此|该|本)(?:项目?|栏目?|项材料)(?:中|内)?的?").search(before) and (label := _label(reading, sentence)):
        things = (label,)
    if subject == "外语计算机论文":
        named = (
            compiled(r"[可均都也]+(?:以)?$").sub("", before)
            if compiled(r"外语|计算机|论文").search(before)
            else next((s.heading for s in reading.true_headings(sentence.section)), "")
        )
        things = tuple(sorted(part for part in compiled(r"[、和及与，]").split(named) if compiled(r"外语|计算机|论文").search(part))) or None
    return Scope(applicants=applicants, items=things)


def _label(reading: Reading, sentence: Sentence) -> str | None:
    """15.其他附件材料：…。此项中的…可不填: what the paragraph is about."""
    begins = trimmed(reading, sentence.paragraph)
    found = compiled(r"(?P<label>\p{Han}{2,12}):").match(reading.masked[begins.start : begins.end])
    return found["label"] if found else None


def _clause(reading: Reading, sentence: Sentence, position: int) -> Span:
    """The clause of a position; inside a bracket only what stands there."""
    clause = next(part for part in parts(reading, sentence.span) if part.start <= position < part.end)
    text = reading.masked[clause.start : position]
    if text.count("(") == text.count(")"):
        return clause
    start = clause.start + max(text.rfind("("), text.rfind(",")) + 1
    end = reading.masked.find(")", position, clause.end)
    return Span(start, end if end > 0 else clause.end)


def _subject(reading: Reading, sentence: Sentence, clause: Span, found: Match) -> tuple[str, str | None]:
    """The vocabulary's word for the duty, by what the verb governs, then by the clause and the sentence before it; else the notice's own noun."""
    start = sentence.span.start
    before = reading.masked[start : start + found.start()]
    if named := find_subjects("exemption", reading.masked[clause.start : clause.end]):
        return named[-1].words[0], None
    what = _noun(printed(reading, Span(start + found.start("what"), start + found.end("what"))))
    for text in (what,) if len(what) > 1 else (before[before.rfind(",") + 1 :], before):
        for subject, expression in _WORDS:
            if compiled(expression).search(text):
                return subject, None
    if len(what) < 2 and found.groupdict().get("verb") in _ACTS:
        what = found["verb"]
    if len(what) < 2 and compiled(r"免[试考]").match(found.group()):
        what = "考试"
    for earlier in (Span(clause.start, start + found.start()), Span(start, start + found.start())):
        if len(what) < 2:
            what = _noun(printed(reading, earlier).rstrip("，").split("，")[-1])
    if len(what) < 2 or compiled(_PERSONS).search(what):  # 县以下人员不作要求: who is exempt, not from what
        what = "其他"
    return what, "subject-free"


_PERSONS = r"(?:人员|人才|考生|对象|教师|学员|者)$"


def _noun(words: str) -> str:
    words = compiled(r"^(?:再|相关|相应|有关|的|申报人员|申报人|考生|凡|对|在|其|此项目中的|本省内)+").sub("", words)
    return compiled(r"(?:的|均|都|也|一律|原则上|可|已|阶段|期间)+$").sub("", words)
