"""Who does what in which order: the main chain 个人申报→单位审核→…, the sections that tell its steps, lists of operating instructions, and steps told in passing."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from extractors.numerals import parse
from extractors.pattern import compiled, fold
from extractors.terms import find_routes
from pipeline.outline import Outline
from pipeline.rules.clauses import Covered, actor_at, in_body, in_form, joined, parts, printed, system_in, trimmed, url_in
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.rules.step_words import DOING, Told, acts, saying, step_subject, without_log_in
from pipeline.rules.steps_apart import things_of, told_apart
from pipeline.rules.steps_in_passing import ONCE, SUBMITTED, restated, steps_in_passing
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, is_heading
from schemas.document import Section, Span

_CHAIN = r"(?:通过|经过?|按照?|履行|遵循|采取|采用|实行|包括|分为|即)(?P<items>[^,;。:]{4,120}?)(?:等)?(?:的)?(?:程序|步骤|环节|流程|方式|阶段|四个|三个|(?=,(?:报送|上报)|上报|报送))"
_ARROWS = r"(?P<items>\p{Han}{2,16}(?:[ ]?(?:→|-+>|➔|⇒|>)[ ]?[\p{Han}()、]{2,20}){2,})"
_ARROW = r"[→➔⇒>]"
_CHAIN_ENDS = r"程序|步骤|环节|流程|方式|阶段|[三四]个|上报|报送"
_PROCEDURE = r"程序|流程|步骤|方式|办法|操作|指引|指南|(?:报名|申报|审核|推荐|评审)(?:工作)?$"
_MANUAL = r"操作|指引|指南|(?:申报|报名|审核|填报)办法|步骤$|流程$"
_NO_STEP = r"(?:要求|规定|条件|标准|纪律|时间|安排|事项|范围|对象|须知|(?<!(?:填写|上传|报送|提交|准备)[^,]{0,6})材料|方式|收费|费|日期|联系|理念|原则|导向|重点|监督)$"
_ORGANS = frozenset(("单位审核", "主管部门审核", "评审"))  # who acts is named in the heading: a step wherever it stands
_MANNER = r"^(?:应|须|要|需)?(?:严格|认真|如实)?(?:按|按照|根据)?(?:有关|相关|规定)?(?:要求|规定)(?:进行)?(?:整理|填写|填报|执行|办理|[、和及])+$"
_LIST_OF = r"^(?P<who>[^,;。]{2,24}?(?:人员|个人|单位|部门|机构))(?:网上|在线|线上|申报|审核|操作|用户)"
_BRANCH = r"^(?P<if>如果?|若)?选择(?P<route>.+)|^(?P<route>\p{Han}{2,12}申报)选择"
_BINDS_MORE = r"应(?!届|试|聘|用)|须|需(?!求)|负责|作出承诺|未经|无法|[前后]$|^如|^若|^系统|必须|务必|不得|严禁|禁止|不宜|不予|不超过|不少于|以内|突出|否则|无法"


def step_rules(reading: Reading) -> Iterator[Draft]:
    """The main procedure, one rule a step, chain and section of one step folded together; then instructions, item by item; then what is told in passing."""
    sections: list[Told] = []
    items: list[Told] = []
    for section, instruct in _told_sections(reading):
        (items if instruct else sections).extend(_of_section(reading, section, instruct))
    items += [branch for item in items for branch in _branches(reading, item)]
    known = [*_folded(list(_chains(reading)), sections), *items]
    passing = list(steps_in_passing(reading, Covered((proof.span for step in known for proof in step.draft.proofs), gap=0)))
    known, passing = restated(
        passing, known, lambda step: step.draft.subject in ONCE and not (step.draft.subject == "账号注册" and things_of(reading, step))
    )
    told = told_apart(reading, [*known, *passing])
    known, passing = restated(told[len(known) :], told[: len(known)], lambda step: True)
    yield from (step.draft for step in (*known, *passing))


# -- the chain


def _chains(reading: Reading) -> Iterator[Told]:
    seen: set[str] = set()
    for sentence in reading.holding(rf"{_ARROW}|{_CHAIN_ENDS}"):
        if sentence.cell is not None or not in_body(reading, sentence):
            continue
        text = reading.masked[sentence.span.start : sentence.span.end]
        for expression, needed in ((_ARROWS, _ARROW), (_CHAIN, _CHAIN_ENDS)):
            found = compiled(expression).search(text) if compiled(needed).search(text) else None
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
                    own = {"actor": None, "action": words, "order": order}
                    draft = Draft("step", name, None, (Proof(span, "step.chain"),), reasons=reasons, own=own)
                    yield Told(draft, "chain", sentence.section, sentence, span)
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
        instruct = section.id.startswith("附") and _in_manual(reading.outline, section)
        if instruct and compiled(_MANUAL).search(fold(section.heading)) and reading.sections_below(section):
            continue  # 用人单位网上审核操作办法: the name of a list
        if _is_step_heading(reading.outline, section, instruct):
            if not instruct:
                told.add(section.id)
            yield section, instruct


def _in_manual(outline: Outline, section: Section) -> bool:
    """Whether the headings above a section are those of a list of instructions, none of them one of requirements."""
    above = [fold(s.heading) for s in outline.path(section)[1:]]
    if any(compiled(r"(?:注意事项|要求|条件|说明)$").search(heading) for heading in above):
        return False
    return any(compiled(_MANUAL).search(heading) for heading in (above[0], above[-1]))


def _is_step_heading(outline: Outline, section: Section, instruct: bool) -> bool:
    heading = fold(section.heading)
    if instruct:
        opens = is_heading(section.heading) or compiled(rf"^(?:{DOING}|所有|确定)").search(heading) is not None
        return opens and not compiled(r"^[如若\"(《]|(?:须知|事项|要求|条件|时间|安排|说明)$").search(heading)
    if not is_heading(section.heading) or len(heading) > 28 or compiled(_NO_STEP).search(heading):
        return False
    above, subject = fold(outline.path(section)[1].heading), step_subject(heading)
    return subject in _ORGANS or subject is not None and compiled(_PROCEDURE).search(above) is not None


def _of_section(reading: Reading, section: Section, instruct: bool) -> Iterator[Told]:
    """The step that a section tells: actor, action, system from its first sentence that acts; in instructions the item's heading is the action.

    资格公示并报送 is the heading of two, where a clause of its own tells the second.
    """
    sentences = [s for s in reading.sentences_of(section) if s.cell is None]
    if not sentences:
        return
    lead = sentences[0]
    headed = is_heading(section.heading) and fold("".join(reading.document.quote(lead.span).split())).endswith(fold(section.heading))
    body = sentences[1:] if headed else sentences
    doing = [s for s in body if compiled(DOING).search(reading.masked[s.span.start : s.span.end]) and not in_form(reading, s)]
    acting = next((s for s in doing if saying(reading, s)), doing[0] if doing and instruct else None)
    subject = step_subject(fold(section.heading)) if headed else None
    if acting is None and not (instruct and headed and subject):
        return
    told = acts(reading, acting, subject) if acting is not None else None
    if told is not None and not instruct and compiled(_MANNER).search(fold(told.action)):
        return
    manual = instruct and headed and not compiled(_MANUAL).search(fold(section.heading))
    if instruct and not manual and told is None:
        return
    own = step_subject((told.actor or "") + told.action) if told else None
    subject = _in_its_list(reading, section, subject, own, instruct) or own
    reasons: tuple[str, ...] = ()
    if subject is None:
        if not headed:
            return
        subject, reasons = section.heading, ("subject-free",)
    title = trimmed(reading, lead.span)
    second = _second(reading, section, body) if instruct and headed else None
    if second is not None:
        subject = second[0]
    spans = [title] if manual else []
    for sentence in body:
        if (
            sentence is not acting
            and instruct
            and subject != "提交"
            and compiled(SUBMITTED).search(reading.masked[sentence.span.start : sentence.span.end])
        ):
            continue  # a sentence of its own: 确认无误后，提交所在单位审核
        said = [told.span] if told is not None and sentence is acting and not manual else []
        clicks = [c for c in (_clicks(reading, sentence) if instruct else []) if second is None or not c.overlaps(second[2])]
        spans += joined(_apart(said + clicks), gap=1)
    scoped = scope_of(reading, lead, title, routed=False)
    where = Span(section.start, max(s.span.end for s in sentences)) if instruct or acting is None else acting.span
    draft = Draft(
        "step",
        subject,
        None,
        tuple(Proof(span, "step.section") for span in spans or [title]),
        scoped.scope,
        modality=modality_of(reading, acting, told.span) if acting is not None and told is not None else None,
        reasons=(*reasons, *scoped.reasons),
        own={
            "actor": (told.actor if told else None) or (_listed_actor(reading, section) if instruct else None),
            "action": section.heading if manual or told is None else told.action,
            "order": _printed_number(section) if instruct else None,
            "system": system_in(reading, where),
            "url": url_in(reading, where),
        },
    )
    sort: Literal["item", "section"] = "item" if instruct else "section"
    yield Told(draft, sort, section, acting or lead, told.span if told is not None else title)
    if second is not None:
        _, name, span = second
        more = {**draft.own, "action": without_log_in(reading, span)}
        yield Told(
            replace(draft, subject=name, proofs=(Proof(span, "step.section"),), own=more), sort, section, reading.sentence_at(span.start), span
        )


def _second(reading: Reading, section: Section, body: Sequence[Sentence]) -> tuple[str, str, Span] | None:
    """The two steps that a heading names, with the clause that tells the second."""
    first, _, then = fold(section.heading).partition("并")
    one, other = step_subject(first), step_subject(then)
    if one is None or other is None or one == other:
        return None
    for sentence in body:
        for clause in parts(reading, sentence.span)[1:]:
            if step_subject(reading.masked[clause.start : clause.end]) == other:
                return one, other, clause
    return None


def _listed_actor(reading: Reading, section: Section) -> str | None:
    """Whom a list of instructions is for: who acts in the sentence above its items, or is named in its heading."""
    for above in reading.outline.path(section)[1:]:
        for sentence in reading.sentences_of(above):
            if sentence.cell is None and (who := actor_at(reading, sentence.span)) is not None:
                return who[0]
        found = compiled(_LIST_OF).match(fold(above.heading))
        if found is not None:
            return above.heading[: found.end("who")]
    return None


def _branches(reading: Reading, item: Told) -> Iterator[Told]:
    """（1）若选择“转评”，需在相应选择项打钩: what each route does at one step of a list."""
    for below in reading.sections_below(item.section):
        sentence = next(iter(reading.sentences_of(below)), None)
        if sentence is None or sentence.cell is not None:
            continue
        clauses = parts(reading, sentence.span)
        found = compiled(_BRANCH).match(reading.folded[clauses[0].start : clauses[0].end]) if clauses else None
        routes = tuple(sorted({word for term in find_routes(found["route"]) for word in term.words})) if found else ()
        if not routes:
            continue
        act = clauses[1] if found and found["if"] and len(clauses) > 1 else clauses[0]
        draft = replace(
            item.draft,
            proofs=(Proof(act, "step.branch"),),
            scope=item.draft.scope.model_copy(update={"routes": routes}),
            modality=modality_of(reading, replace(sentence, span=act), act),
            own={**item.draft.own, "action": without_log_in(reading, act), "order": None},
        )
        yield Told(draft, "item", below, sentence, act)


def _in_its_list(reading: Reading, section: Section, subject: str | None, own: str | None, instruct: bool) -> str | None:
    """资格审核 in a list of what the applicant's own employer does is the employer's step; an item without a heading is, unless it says another one (`own`),
    a step of whom the list is for."""
    above = fold(reading.outline.path(section)[1].heading)
    if subject == "主管部门审核" and compiled(r"用人单位|所在单位|申报单位").search(above):
        return "单位审核"
    if subject is None and instruct and (own is None or own in _ORGANS) and (listed := step_subject(above)) in _ORGANS:
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


def _clicks(reading: Reading, sentence: Sentence) -> list[Span]:
    """The clauses of an instruction that only say how it is done; what binds beyond that is another rule's."""
    if in_form(reading, sentence):
        return []
    clauses = parts(reading, sentence.span)
    doing = [
        c
        for c in clauses
        if compiled(DOING).search(reading.masked[c.start : c.end]) and not compiled(_BINDS_MORE).search(reading.masked[c.start : c.end])
    ]
    return joined(doing)


def _folded(chain: list[Told], told: list[Told]) -> list[Told]:
    """Links of the chain with the sections that tell them: order from the chain, the rest from the section. Without a chain the sections are counted."""
    if not chain:
        return [_with(step, order=place) for place, step in enumerate(told, start=1)] if len(told) > 1 else told
    out = list(chain)
    for step in told:
        at = next((i for i, link in enumerate(chain) if link.draft.subject == step.draft.subject and out[i] is link), None)
        if at is None:
            out.append(step)
        else:
            link = chain[at].draft
            out[at] = replace(_with(step, order=link.own["order"], before=link.proofs), sort="chain")
    return out


def _with(step: Told, *, order: object, before: tuple[Proof, ...] = ()) -> Told:
    draft = replace(step.draft, proofs=(*before, *step.draft.proofs), own={**step.draft.own, "order": order})
    return replace(step, draft=draft)
