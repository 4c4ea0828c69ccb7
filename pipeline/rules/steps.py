"""Who does what in which order: the main chain 个人申报→单位审核→…, the sections that tell its steps, lists of operating instructions, and steps told in passing."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from extractors.numerals import parse
from extractors.pattern import compiled, fold
from extractors.terms import find_subjects
from pipeline.outline import Outline
from pipeline.rules.clauses import Covered, actor_at, in_body, in_form, joined, parts, printed, system_in, trimmed, url_in
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, is_heading, is_heading_line
from schemas.document import Section, Span

_KNOWN: tuple[tuple[str, str], ...] = (
    # what several words of the vocabulary could claim; the first that fits decides
    ("单位公示", r"(?<!资格)公示(?!表|栏)"),
    ("评审", r"(?:评委会?|评审委员会|专家组)[^,;。]{0,8}(?:评审|评议|评价|推荐)|评审$|召开评审会|^评审"),
    ("主管部门审核", r"(?:主管|人社|人力社保|人力资源|社保|职改|呈报|上级|政府|职称)[^,;。]{0,8}(?:单位|部门|机构|办|局)(?:[^,;。]{0,24}(?:审核|审查|推荐|复核|复审|终审)|等?$)"),
    ("单位审核", r"(?:用人|所在|本|基层|推荐|申报|工作|聘用)?单位[^,;。]{0,24}(?:审核|审查|推荐|初审|核实)|^单位推荐|业绩档案审核"),
    ("主管部门审核", r"资格(?:审查|复审|审核)"),
    ("证件照上传", r"证件照|上传照片|照片采集"),
    ("承诺签署", r"承诺书?|保证书"),
    ("附件上传", r"上传[^,;。]{0,8}(?:附件|材料|资料)"),
    ("业绩维护", r"(?:提取|选择)[^,;。]{0,6}业绩|业绩档案"),
    ("缴费", r"缴费|费用缴纳|缴纳[^,;。]{0,8}费|支付[^,;。]{0,6}费"),
    ("材料报送", r"报送|(?<!网)上报(?!名)|寄送|送交|递交"),
    ("账号注册", r"注册|登录系统"),
    ("信息填写", r"(?:完善|填写|填报|录入|维护)[^,;。]{0,8}(?:信息|材料|内容|表)|信息(?:录入|填写|采集|维护)"),
    ("个人申报", r"(?:职称|网上|个人|自主|线上|在线|我要)(?:申报|报名|申请)|报名$|申报$"),
    ("面试答辩", r"面试|答辩"),
    ("证书领取", r"(?:打印|下载|领取|发放|查询)[^,;。]{0,12}证书?|电子证书"),
    ("提交", r"^(?:预览|确认)[^,;。]{0,8}(?:提交|信息)?|提交$"),
)  # fmt: skip
_CHAIN = r"(?:通过|经过?|按照?|履行|遵循|采取|采用|实行|包括|分为|即)(?P<items>[^,;。:]{4,120}?)(?:等)?(?:的)?(?:程序|步骤|环节|流程|方式|阶段|四个|三个|(?=,(?:报送|上报)|上报|报送))"
_ARROWS = r"(?P<items>\p{Han}{2,16}(?:[ ]?(?:→|-+>|➔|⇒|>)[ ]?[\p{Han}()、]{2,20}){2,})"
_PROCEDURE = r"程序|流程|步骤|方式|办法|操作|指引|指南|(?:报名|申报|审核|推荐|评审)(?:工作)?$"
_MANUAL = r"操作|指引|指南|(?:申报|报名|审核|填报)办法|步骤$|流程$"
_NO_STEP = r"(?:要求|规定|条件|标准|纪律|时间|安排|事项|范围|对象|须知|(?<!(?:填写|上传|报送|提交|准备)[^,]{0,6})材料|方式|收费|费|日期|联系)$"
_ORGANS = frozenset(("单位审核", "主管部门审核", "评审"))  # who acts is named in the heading: a step wherever it stands
_DOING = r"登录|登陆|进入|点击|选择|填写|填报|录入|上传|下载|打印|导出|提交|确认|核对|查看|查询|签署|扫描|扫码|绑定|保存|预览|完善|完成|注册|提取|缴纳|支付|报送|审核|审查|推荐|受理|接收|公示|评审|复核|汇总|组织|开展|进行|领取|收集|采集|维护|报名|申报|申请"
_BINDS_MORE = r"应(?!届|试|聘|用)|须|需(?!求)|负责|作出承诺|未经|无法|[前后]$|^如|^若|^系统|必须|务必|不得|严禁|禁止|不宜|不予|不超过|不少于|以内|突出|否则|无法"
_TOLD: tuple[tuple[str, str], ...] = (
    # steps that a sentence tells in passing: what it says of them
    ("单位公示", r"(?:进行|予以|开展)?(?:不少于|为期)?[^,;。]{0,8}的?公示(?!期|材料|情况|结果|栏|表|首日|无|天|时间)"),
    ("材料报送", r"(?:将|把)?[^,;。]{0,24}(?:报送|寄送|送交|上报|递交|报)(?:至|到|给|往)\p{Han}"),
    ("证书领取", r"(?:下载打印|下载|打印|领取)[^,;。]{0,10}证书(?!上)"),
    ("补正", r"(?<!\")(?:退回|补正)[^,;。\"]{0,10}(?:修改|重新)|修改后(?:再次)?(?:提交|上报)"),
    ("账号注册", r"自行注册|注册[^,;。]{0,8}账号"),
    ("缴费", r"(?:登录|网上|线上)[^,;。]{0,12}(?:缴费|缴纳[^,;。]{0,10}费)"),
    ("信息填写", r"(?:登录|在)[^,;。]{2,50}(?:完善|填写|填报|维护|录入)[^,;。]{0,8}(?:信息|材料)"),
)
_ONCE = frozenset(("单位公示", "账号注册", "补正"))  # told again, whatever the words, it is the same step


def step_rules(reading: Reading) -> Iterator[Draft]:
    """The main procedure, one rule a step, chain and section of one step folded together; then instructions, item by item; then what is told in passing."""
    chain = list(_chains(reading))
    manual: list[Draft] = []
    main: list[Draft] = []
    for section, instruct in _told_sections(reading):
        draft = _of_section(reading, section, instruct)
        if draft is not None:
            (manual if instruct else main).append(draft)
    folded = _folded(chain, main)
    yield from folded
    yield from manual
    yield from _in_passing(reading, Covered((proof.span for draft in (*folded, *manual) for proof in draft.proofs), gap=0))


def step_subject(words: str) -> str | None:
    """The vocabulary's word for a step, by the words of a heading, a link of a chain or a clause; null where it is none."""
    bare = compiled(r"\([^()]*\)").sub("", words).strip()
    for subject, expression in _KNOWN:
        if compiled(expression).search(bare):
            return subject
    named = find_subjects("step", bare)
    return max(named, key=lambda term: term.end - term.start).words[0] if named else None


# -- the chain


def _chains(reading: Reading) -> Iterator[Draft]:
    seen: set[str] = set()
    for sentence in reading.sentences:
        if sentence.cell is not None or not in_body(reading, sentence):
            continue
        text = reading.masked[sentence.span.start : sentence.span.end]
        for expression in (_ARROWS, _CHAIN):
            found = compiled(expression).search(text)
            links = list(_links(text, found.start("items"), found.end("items"))) if found else []
            named = [(link, step_subject(text[link.start : link.end])) for link in links]
            if len([s for _, s in named if s]) < 2 or len(named) > 12:
                continue
            for order, (link, subject) in enumerate(named, start=1):
                words = printed(reading, Span(sentence.span.start + link.start, sentence.span.start + link.end))
                name = subject or compiled(r"[（(][^）)]*[）)]").sub("", words)
                if name not in seen:
                    seen.add(name)
                    span = Span(sentence.span.start + link.start, sentence.span.start + link.end)
                    reasons = () if subject else ("subject-free",)
                    yield Draft(
                        "step", name, None, (Proof(span, "step.chain"),), reasons=reasons, own={"actor": None, "action": words, "order": order}
                    )
            break


def _links(text: str, start: int, end: int) -> Iterator[Span]:
    """The links of a chain, at 、 , → and 和 outside brackets."""
    depth, begin = 0, start
    for i in range(start, end):
        depth += (text[i] == "(") - (text[i] == ")")
        if (
            depth == 0
            and text[i] in "、,→➔⇒>-"
            or depth == 0
            and text[i] == "和"
            and step_subject(text[begin:i])
            and not compiled(r"(?:部门|单位|主管)$").search(text[begin:i])
        ):
            if text[begin:i].strip():
                yield Span(begin, i)
            begin = i + 1
    if text[begin:end].strip():
        yield Span(begin, end)


# -- sections


def _told_sections(reading: Reading) -> Iterator[tuple[Section, bool]]:
    """Sections that are a step each, and whether they belong to a list of instructions."""
    told: set[str] = set()
    for section in reading.outline.sections:
        if section.level == 0 or section.id in ("落款", "版记") or not section.parent or section.parent in told:
            continue
        above = [fold(s.heading) for s in reading.outline.path(section)[1:]]
        if any(compiled(r"(?:注意事项|要求|条件|说明)$").search(heading) for heading in above) and section.id.startswith("附"):
            instruct = False
        else:
            instruct = section.id.startswith("附") and any(compiled(_MANUAL).search(heading) for heading in (above[0], above[-1]))
        if _is_step_heading(reading.outline, section, instruct):
            if not instruct:
                told.add(section.id)
            yield section, instruct


def _is_step_heading(outline: Outline, section: Section, instruct: bool) -> bool:
    heading = fold(section.heading)
    if instruct:
        opens = is_heading(section.heading) or compiled(rf"^(?:{_DOING}|所有|确定)").search(heading) is not None
        return opens and not compiled(r"^[如若\"(《]|(?:须知|事项|要求|条件|时间|安排|说明)$").search(heading)
    if not is_heading(section.heading) or len(heading) > 28 or compiled(_NO_STEP).search(heading):
        return False
    above, subject = fold(outline.path(section)[1].heading), step_subject(heading)
    return subject in _ORGANS or subject is not None and compiled(_PROCEDURE).search(above) is not None


def _of_section(reading: Reading, section: Section, instruct: bool) -> Draft | None:
    """A section that tells a step: actor, action, system from its first sentence that acts; in instructions the item's heading is the action."""
    sentences = [s for s in reading.sentences_of(section) if s.cell is None]
    if not sentences:
        return None
    lead = sentences[0]
    headed = is_heading(section.heading) and fold("".join(reading.document.quote(lead.span).split())).endswith(fold(section.heading))
    body = sentences[1:] if headed else sentences
    acting = next((s for s in body if compiled(_DOING).search(reading.masked[s.span.start : s.span.end]) and not in_form(reading, s)), None)
    subject = step_subject(fold(section.heading)) if headed else None
    if acting is None and not (instruct and headed and subject):
        return None
    told = _acts(reading, acting) if acting is not None else None
    manual = instruct and headed and not compiled(_MANUAL).search(fold(section.heading))  # 上传证件照 is a step, 网上审核操作办法 the name of a list
    if instruct and not manual and told is None:
        return None
    subject = _in_its_list(reading, section, subject, instruct) or (step_subject((told.actor or "") + told.action) if told else None)
    reasons: tuple[str, ...] = ()
    if subject is None:
        if not headed:
            return None
        subject, reasons = section.heading, ("subject-free",)
    title = trimmed(reading, lead.span)
    spans = [title] if manual else []
    for sentence in body:
        said = [told.span] if told is not None and sentence is acting and not manual else []
        spans += joined(_apart(said + (_clicks(reading, sentence) if instruct else [])), gap=1)
    scoped = scope_of(reading, lead, title, routed=False)
    where = Span(section.start, max(s.span.end for s in sentences)) if instruct or acting is None else acting.span
    return Draft(
        "step",
        subject,
        None,
        tuple(Proof(span, "step.section") for span in spans or [title]),
        scoped.scope,
        modality=modality_of(reading, acting, told.span) if acting is not None and told is not None else None,
        reasons=(*reasons, *scoped.reasons),
        own={
            "actor": told.actor if told else None,
            "action": section.heading if manual or told is None else told.action,
            "order": _printed_number(section) if instruct else None,
            "system": system_in(reading, where),
            "url": url_in(reading, where),
        },
    )


def _in_its_list(reading: Reading, section: Section, subject: str | None, instruct: bool) -> str | None:
    """资格审核 in a list of what the applicant's own employer does is the employer's step; an item without a heading is a step of whom the list is for."""
    above = fold(reading.outline.path(section)[1].heading)
    if subject == "主管部门审核" and compiled(r"用人单位|所在单位|申报单位").search(above):
        return "单位审核"
    if subject is None and instruct and (listed := step_subject(above)) in _ORGANS:
        return listed
    return subject


def _apart(spans: list[Span]) -> list[Span]:
    """The spans without those that another one holds or overlaps from before."""
    out: list[Span] = []
    for span in sorted(dict.fromkeys(spans), key=lambda s: (s.start, -s.end)):
        if out and out[-1].overlaps(span):
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


def _printed_number(section: Section) -> int | None:
    value = parse(section.id.rpartition("/")[2].partition("#")[0])
    return int(value) if value is not None else None


@dataclass(frozen=True)
class _Acting:
    actor: str | None
    action: str
    span: Span


def _acts(reading: Reading, sentence: Sentence) -> _Acting:
    """Actor and action of a sentence: behind the actor, the first clause that does more than log in."""
    clauses = parts(reading, sentence.span)
    doing = [c for c in clauses if compiled(_DOING).search(reading.masked[c.start : c.end])]
    plain = [c for c in doing if not compiled(r"真实性[^,;]{0,8}负责|承诺").search(reading.masked[c.start : c.end])]
    saying = [c for c in plain if not compiled(r"^点击|[前后]$").search(reading.masked[c.start : c.end])]
    first = (saying or plain or doing or clauses)[0]
    who = next((found for c in clauses[: clauses.index(first) + 1] if (found := actor_at(reading, c)) is not None), None)
    start = who[1].end if who is not None and first.start <= who[1].end <= first.end else first.start
    span = Span(start, first.end)
    later = clauses[clauses.index(first) + 1 :]
    words = _without_log_in(reading, span)
    if len(words) < 3 and later:
        span = Span(start, later[0].end)
        words = _without_log_in(reading, later[0])
    begin = who[1].start if who is not None and who[1].end <= span.start + 1 else span.start
    return _Acting(who[0] if who else None, words or printed(reading, span), Span(begin, span.end))


def _without_log_in(reading: Reading, span: Span) -> str:
    """登录“…平台”（网址：…）进行个人申报 → 进行个人申报; brackets and modals fall away."""
    words = compiled(r"[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]").sub("", printed(reading, span))
    words = compiled(r"^(?:应当?|须|需|要|可|请|均|并|再|最后|同时|负责|自行|在系统上|,|，)+").sub("", words)
    words = compiled(r"^(?:登录|登陆|进入|通过|在)[“\"]?[\p{Han}A-Za-z]{2,40}?(?:平台|系统|网站|网)[”\"]?(?:后|上|，|,)?").sub("", words)
    return words.strip("，,。；")


def _clicks(reading: Reading, sentence: Sentence) -> list[Span]:
    """The clauses of an instruction that only say how it is done; what binds beyond that is another rule's."""
    if in_form(reading, sentence):
        return []
    clauses = parts(reading, sentence.span)
    doing = [
        c
        for c in clauses
        if compiled(_DOING).search(reading.masked[c.start : c.end]) and not compiled(_BINDS_MORE).search(reading.masked[c.start : c.end])
    ]
    return joined(doing)


def _folded(chain: list[Draft], told: list[Draft]) -> list[Draft]:
    """Links of the chain with the sections that tell them: order from the chain, the rest from the section. Without a chain the sections are counted."""
    if not chain:
        return [replace(draft, own={**draft.own, "order": place}) for place, draft in enumerate(told, start=1)] if len(told) > 1 else told
    out = list(chain)
    for draft in told:
        at = next((i for i, link in enumerate(chain) if link.subject == draft.subject and out[i] is link), None)
        if at is None:
            out.append(draft)
        else:
            out[at] = replace(draft, proofs=(*chain[at].proofs, *draft.proofs), own={**draft.own, "order": chain[at].own["order"]})
    return out


# -- in passing


def _in_passing(reading: Reading, taken: Covered) -> Iterator[Draft]:
    kept: list[Draft] = []
    for sentence in reading.sentences:
        if sentence.cell is not None or not in_body(reading, sentence) or in_form(reading, sentence) or is_heading_line(reading, sentence):
            continue
        for clause in parts(reading, sentence.span):
            if taken.touches(clause):
                continue
            text = reading.masked[clause.start : clause.end]
            subject = next((name for name, expression in _TOLD if compiled(expression).search(text)), None)
            if subject is None or compiled(r"未|不|逾期|如|若").search(text[:2]) or compiled(r"以来$|后$|期间").search(text):
                continue
            kept.append(_passing(reading, sentence, clause, subject))
    yield from _restated(kept)


def _passing(reading: Reading, sentence: Sentence, clause: Span, subject: str) -> Draft:
    who = next(
        (found for part in reversed(parts(reading, Span(sentence.span.start, clause.end))) if (found := actor_at(reading, part)) is not None), None
    )
    start = who[1].end if who is not None and clause.start <= who[1].start < clause.end else clause.start
    scoped = scope_of(reading, sentence, clause, routed=False)
    return Draft(
        "step",
        subject,
        None,
        (Proof(clause, "step.passing"),),
        scoped.scope,
        modality=modality_of(reading, sentence, clause),
        reasons=scoped.reasons,
        own={
            "actor": who[0] if who else None,
            "action": _without_log_in(reading, Span(start, clause.end)) or printed(reading, clause),
            "system": system_in(reading, sentence.span),
            "url": url_in(reading, sentence.span),
        },
    )


def _restated(drafts: list[Draft]) -> list[Draft]:
    """A step told again in the same scope is one more proof: 各单位…公示5个工作日 behind 各推荐单位…公示."""
    out: list[Draft] = []
    for draft in drafts:
        twin = next((i for i, other in enumerate(out) if _same(other, draft)), None)
        if twin is None:
            out.append(draft)
        else:
            out[twin] = replace(out[twin], proofs=(*out[twin].proofs, *draft.proofs))
    return out


def _same(a: Draft, b: Draft) -> bool:
    return (a.subject, a.scope) == (b.subject, b.scope) and (a.subject in _ONCE or a.own["action"] == b.own["action"])
