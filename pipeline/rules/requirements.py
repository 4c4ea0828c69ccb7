"""Every other duty, permission or prohibition: what a normative sentence says and no rule of another kind covers."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from extractors.pattern import compiled, fold
from extractors.terms import Term, find_subjects
from pipeline.rules.clauses import Covered, in_body, in_form, joined, parts
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, binds, is_normative
from schemas.document import Span

OTHER = "其他"
_IMPLIED: tuple[tuple[str, str], ...] = (
    # words that speak of a subject where no synonym of the vocabulary does; the first that fits
    ("继续教育", r"公需|专业科目|学时|学分|补学"),
    ("纪律", r"严肃|违纪|廉洁"),
    ("证书效力", r"电子证书|证书与|证书具有"),
    ("收费管理", r"收费|缴费|缴款|费用"),
    ("评审规则", r"赋分|评分|成绩|计作|计分|重要依据|作为评价|作为(?:年度)?考核"),
    ("评聘结合", r"岗位|聘任|聘用|竞聘"),
    ("隶属关系", r"隶属|委托评审|所属地|所在地申报|管理权限"),
    ("面试答辩", r"答辩|面试"),
    ("审核责任", r"审核|审查|核对|核实|查验|把关|举荐行为|推荐"),
    ("材料质量", r"清晰|清楚|规范|格式|字迹|扫描|复印件|公章|签[名字]|详实|代表性|重复上传"),
    ("材料范围", r"上传(?:相关)?(?:材料|资料)|作为附件|有效材料"),
    ("专业选择", r"选择|专业类别"),
    ("信息录入", r"录入|填入|填写|填报|注明|打钩|栏目|栏内|表述|信息|账号"),
    ("网上申报", r"登录|点击|单击|网上|平台|系统|微信|APP"),
    ("组织实施", r"组织|上报|报送|汇总|分配|收集|评审(?:委员会)?$|负责"),
    ("依据执行", r"(?:按照?|参照|依照|根据)[^,;。]*(?:执行|办理|进行)|(?:应当?|须|必须)符合□"),
)  # fmt: skip
_OFFICES = r"人力社保(?:部门|局|厅|系统|科)?|社保(?:部门|局|厅|科|所)"  # names that hold the words of a subject
_LEADS_IN = r":[ ]*$|(?:下列|以下|如下)[^,;。]{0,12}$"


def requirement_rules(reading: Reading, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """One rule a sentence and subject, for the clauses that bind and that none of `drafts` (the rules of all other kinds) quotes."""
    covered = Covered(proof.span for draft in drafts for proof in draft.proofs)
    kept: list[Draft] = []
    said: dict[tuple[str, str], int] = {}
    for sentence in reading.sentences:
        if not in_body(reading, sentence) or in_form(reading, sentence) or not is_normative(reading, sentence):
            continue
        for subject, reason, spans in _open(reading, sentence, covered):
            words = "".join("".join(reading.folded[s.start : s.end].split()) for s in spans)
            if (subject, words) in said:  # the same sentence again is one more proof
                place = said[subject, words]
                kept[place] = _with_proofs(kept[place], spans, "value")
                continue
            said[subject, words] = len(kept)
            draft = _draft(reading, sentence, subject, reason, spans)
            kept.append(_with_proofs(draft, _items(reading, sentence, covered), "condition"))
    yield from kept


def _with_proofs(draft: Draft, spans: Sequence[Span], role: str) -> Draft:
    more = tuple(Proof(span, "requirement.clause", "condition" if role == "condition" else "value") for span in spans)
    return replace(draft, proofs=(*draft.proofs, *more))


def _draft(reading: Reading, sentence: Sentence, subject: str, reason: str | None, spans: Sequence[Span]) -> Draft:
    scoped = scope_of(reading, sentence, spans[0])
    return Draft(
        "requirement",
        subject,
        None,
        tuple(Proof(span, "requirement.clause") for span in spans),
        scoped.scope,
        modality=modality_of(reading, replace(sentence, span=spans[0]), spans[0]),
        reasons=tuple(r for r in (reason, *scoped.reasons) if r),
    )


def _open(reading: Reading, sentence: Sentence, covered: Covered) -> Iterator[tuple[str, str | None, list[Span]]]:
    """The uncovered binding clauses of a sentence by subject, clauses side by side made one quote."""
    groups: dict[str, tuple[str | None, list[Span]]] = {}
    for run in joined((c for c in parts(reading, sentence.span) if binds(reading.masked[c.start : c.end]) and not covered.touches(c)), gap=1):
        run = _without_label(reading, run)
        subject, reason = _subject(reading, sentence, run)
        known = groups.setdefault(subject, (reason, []))
        known[1].append(run)
    for subject, (reason, spans) in groups.items():
        yield subject, reason, spans


def _without_label(reading: Reading, span: Span) -> Span:
    """基本信息：专业技术人员…填报 begins behind its label."""
    label = compiled(r"[^,;:。]{1,16}:(?=.{4})").match(reading.masked[span.start : span.end])
    return Span(span.start + label.end(), span.end) if label else span


def _subject(reading: Reading, sentence: Sentence, span: Span) -> tuple[str, str | None]:
    """The vocabulary's word by its synonyms in the clause, then in the heading, then in the sentence; 其他 where none fits.

    The longest synonym speaks loudest; among equals the one that the heading names too, then the first.
    """
    headings = [fold(s.heading) for s in reading.true_headings(sentence.section)]
    named = {word for heading in headings[:1] for word in _words(heading)}
    clause, whole = (compiled(_OFFICES).sub("", reading.masked[s.start : s.end]) for s in (span, sentence.span))
    if terms := _terms(clause):
        return _loudest(terms, named, clause), None
    for heading in headings:
        if terms := _terms(heading):
            return _loudest(terms, named, heading), "subject-from-heading"
    for subject, expression in _IMPLIED:
        if compiled(expression).search(clause):
            return subject, None
    if terms := _terms(whole):
        return _loudest(terms, named, whole), "subject-carried"
    return OTHER, "subject-free"


def _terms(text: str) -> tuple[Term, ...]:
    return find_subjects("requirement", text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for term in _terms(text) for word in term.words)


def _loudest(terms: Sequence[Term], named: set[str], text: str) -> str:
    best = max(terms, key=lambda term: (bool(named & set(term.words)), term.end - term.start, -term.start))
    if text[best.start : best.end] == "负责":  # 对材料真实性负责, but 负责本地区的评审
        return "组织实施" if text[best.end :].strip() else "材料真实"
    return next((word for word in best.words if word in named), best.words[0])


def _items(reading: Reading, sentence: Sentence, covered: Covered) -> list[Span]:
    """The items of the list that a sentence leads in (有下列情形之一的，应参加面试：), where no rule quotes them."""
    text = reading.folded[sentence.span.start : sentence.paragraph.end]
    if not compiled(_LEADS_IN).search(text.rstrip()) or "。" in text:
        return []
    out = []
    for below in reading.sections_below(sentence.section):
        for other in reading.sentences_of(below) if below.start > sentence.span.end else ():
            span = next(iter(parts(reading, other.span, "。")), other.span)
            if not covered.touches(span):
                out.append(span)
    return out
