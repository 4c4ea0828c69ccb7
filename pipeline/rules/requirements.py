"""Every other duty, permission or prohibition: what a normative sentence says and no rule of another kind covers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from extractors.pattern import compiled, fold
from extractors.terms import find_levels, find_routes
from pipeline.rules.clauses import Covered, in_body, in_form, joined, parts, printed, trimmed
from pipeline.rules.condition_atoms import any_of
from pipeline.rules.condition_parser import parse
from pipeline.rules.draft import Draft, Proof
from pipeline.rules.duties import OTHER, cue, duty_subject, is_duty_by_document
from pipeline.rules.themes import Spoken, Theme, Themes
from pipeline.rules.whose import whose
from pipeline.rules.words import words_of
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, binds, is_normative
from schemas.document import Span
from schemas.ruleset import Condition, Modality, Scope

_ORDERS = (
    r"(?<![相对适反供响])应(?!届|试|聘|用|考|急|邀|对)|须(?!知)|必须|务必|(?<![无不公必所急])需(?!求)|(?<![需主重必只纲摘简首概])要(?!求|点|件|素|闻|事|领|旨|害|义|约|价)|要求(?!的)(?=[\p{Han}\"])|不得|不准|不宜|不要|不可|不能|严禁|禁止"
    r"|不予|切勿|请勿|方[可能]|(?<!人)才[可能]|(?<![许认])可(?!能|靠|行性|持续|信|供|观|评审)|原则上|请(?!示|书|表|人|联)|坚持|严格|实行|鼓励|支持|不再"
)
_LEADS_ON = (
    # what goes with a duty and is none, whatever its words: times, conditions, pointers, bare clicks, logging in
    r"(?:的|时|后|前|者|之日|外|的学习|的要求|如下)$|^(?:适用于|以下[简统]称|原则上$|按(?:系统)?提示|申报[^,;。]*(?:人员|者|对象)$|对[^,;。]*人员$)|^[^,;。]{0,6}进入|点击|单击|填写[此该本]表|(?:需|须|应|请)?登录[^,;。]*(?:平台|系统|网站?|栏目|□)$|^凡[^,;。]*(?:人员|行为|情况|问题|信息|材料)$"
    r"|(?:详见|参见|见)(?:附件|附表|平台|网站|评审计划|[^,;。]{0,6}链接)[^,;。]{0,16}$|^(?:具体)?[^,;。]{0,16}(?:详见|查阅)|^(?:具体|相关|面试|答辩|考试|评审|报名|工作)*(?:安排|时间|地点)$"
)
_EXPLAINS = r"^(?:以防|以便|便于|避免|防止|为便于|从而|作为体现|即为|(?:是|即|均)?指)|^系统(?:会|将|自动|默认)?"  # purposes and what a system does
_BY_RULES = r"^(?:但|申报[^,;。]{2,16})?[须应需]?(?:按照?|根据|对应|依据|结合)[^,;。]*(?:提示|专业|要求|规定|条件|标准|精神|文件)$"  # leads on where more follows
_NOUN = r"(?:证明|扫描件|复印件|学历|人员|院校|证书|课题|考生|成果|费)$"  # a member of a list, where nothing is ordered
_LEADS_IN = r":[ ]*$|(?:下列|以下|如下)[^,;。]{0,12}$"
_BESIDE = {
    # what a clause says beside the years that a record covers, before the outcome that somebody may apply, what a fee is paid by, how a step is done
    "period": r"合格|称职|录入|挂钩",
    "eligibility": r"[应须][^,;。]{0,4}(?:参加|由)|实行|按照?[^,;。]*进行",
    "fee": r"采用[^,;。]*方式",
    "step": r"通过后(?:方|才)[能可]|选择[^,;。]{0,6}(?:方式|类型|专业|委员会)|内容为|主要填写|录入[^,;。]*情况",
}
_SEVERAL_TIMES = "单位公示"  # a step that is told of all applicants, and again of some of them


class _Said:
    """What earlier rules quote, to be asked clause by clause."""

    def __init__(self, drafts: Sequence[Draft]) -> None:
        spans = {
            sort: [proof.span for draft in drafts for proof in draft.proofs if _sort_of(draft) == sort] for sort in ("", _SEVERAL_TIMES, *_BESIDE)
        }
        self._whole = {sort: Covered(found) for sort, found in spans.items()}
        self._ends = {sort: Covered((Span(at, at + 1) for s in found for at in (s.start, s.end - 1)), gap=0) for sort, found in spans.items()}

    def in_full(self, reading: Reading, sentence: Sentence, clause: "_Clause") -> bool:
        """Whether a rule quotes words of a clause, and the clause says no more than that rule does. A quote that runs over a bracket says nothing of what
        stands in it."""
        text = clause.text(reading)
        held = self._ends if clause.aside else self._whole
        quoting = [sort for sort, covered in held.items() if any(covered.touches(piece) for piece in clause.bare)]
        return any(not (sort and self._says_more(reading, sentence, clause, text, sort)) for sort in quoting)

    def _says_more(self, reading: Reading, sentence: Sentence, clause: "_Clause", text: str, sort: str) -> bool:
        if sort == _SEVERAL_TIMES:  # 事业单位…应…，并在单位内公示 is laid on them beside the step that all applicants go through
            return whose(reading, sentence, clause.span).employers is not None
        return compiled(_BESIDE[sort]).search(text) is not None


def _sort_of(draft: Draft) -> str:
    if (draft.kind, draft.subject, draft.scope.employers) == ("step", _SEVERAL_TIMES, None):
        return _SEVERAL_TIMES
    return next((sort for sort in (draft.role, draft.kind) if sort in _BESIDE), "")


@dataclass(frozen=True)
class _Clause:
    """A clause without its brackets, or the content of a bracket in it: the pieces that it is made of, and the stretch that it belongs to."""

    span: Span
    bare: tuple[Span, ...]
    within: Span
    aside: bool = False

    def text(self, reading: Reading) -> str:
        """The words as patterns see them; a short quotation counts for its words."""
        out = ""
        for piece in self.bare:
            masked = reading.masked[piece.start : piece.end]
            for quoted in compiled(r'"[^"]{9,12}"').finditer(reading.folded[piece.start : piece.end]):
                masked = masked[: quoted.start()] + quoted.group() + masked[quoted.end() :]
            out += masked
        opened = out.rfind('"') if out.count('"') % 2 else len(out)  # a quotation that goes on behind the sentence
        return out[:opened].strip()


@dataclass(frozen=True)
class _Duty:
    subject: str
    sentence: Sentence
    clauses: tuple[Span, ...]
    scope: Scope
    modality: Modality | None
    reasons: tuple[str, ...]
    theme: Theme | None
    condition: Condition | None = None
    listed: tuple[Span, ...] = ()

    @property
    def section(self) -> str:
        return self.sentence.section.id


def requirement_rules(reading: Reading, drafts: Sequence[Draft]) -> Iterator[Draft]:
    """One rule a duty: clauses of one subject and scope that stand in one section, or that say it again elsewhere, are one rule."""
    said = _Said(drafts)
    kept: list[_Duty] = []
    listed: set[Span] = set()
    for sentence in reading.sentences:
        if not in_body(reading, sentence) or in_form(reading, sentence) or sentence.span in listed or not is_normative(reading, sentence):
            continue
        for duty in _duties(reading, sentence, said):
            listed |= {reading.sentence_at(span.start).span for span in duty.listed}
            _take(reading, kept, duty)
    for duty in kept:
        yield _draft(duty)


def _draft(duty: _Duty) -> Draft:
    items = tuple(Proof(span, "requirement.clause", "condition") for span in duty.listed)
    return Draft(
        "requirement",
        duty.subject,
        None,
        (*(Proof(span, "requirement.clause") for span in duty.clauses), *items),
        duty.scope,
        condition=duty.condition,
        modality=duty.modality,
        reasons=duty.reasons,
    )


# -- restatements


def _take(reading: Reading, kept: list[_Duty], duty: _Duty) -> None:
    """A duty under the same subject and scope is one more proof where it stands in the same section or says the same; else the things tell the two apart."""
    for told in (None, *(((duty.theme.things), (duty.theme.fuller,)) if duty.theme else ())):
        if told is not None:
            duty = replace(duty, scope=duty.scope.model_copy(update={"items": tuple(sorted(told))}))
        place = next((i for i, other in enumerate(kept) if _under_one_key(other, duty)), None)
        if place is None:
            break
        if _says_the_same(reading, kept[place], duty):
            kept[place] = _joined(kept[place], duty)
            return
    kept.append(duty)


def _under_one_key(one: _Duty, other: _Duty) -> bool:
    """Of one subject and scope; a thing that is told of again to one of those who were told before."""
    if one.subject != other.subject:
        return False
    shared = set(one.scope.actors or ()) & set(other.scope.actors or ())
    return one.scope == other.scope or bool(shared and one.scope.items and one.scope.items == other.scope.items)


def _says_the_same(reading: Reading, one: _Duty, other: _Duty) -> bool:
    if other.section.startswith(f"{one.section}/"):
        return True
    if one.section == other.section:
        told_apart = one.subject in _THINGS and one.theme and other.theme and one.theme.fuller != other.theme.fuller
        return one.sentence == other.sentence or not told_apart
    words, again = (_pairs("".join(printed(reading, span) for span in duty.clauses)) for duty in (one, other))
    return bool(one.scope.items) or len(words & again) * 10 > min(len(words), len(again)) * 7


def _joined(one: _Duty, other: _Duty) -> _Duty:
    return replace(
        one,
        clauses=tuple(joined((*one.clauses, *other.clauses), gap=1)),
        modality=one.modality or other.modality,
        condition=one.condition or other.condition,
        listed=(*one.listed, *other.listed),
    )


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


# -- the clauses of a sentence


def _clauses(reading: Reading, span: Span) -> Iterator[_Clause]:
    """Clauses in order, without their labels; the content of a bracket is told behind the clause that it stands in."""
    for part in parts(reading, span):
        label = compiled(r"[^,;:。()]{1,24}:(?=.{4})").match(reading.masked[part.start : part.end])
        if label and not compiled(_ORDERS).search(label.group()):
            part = trimmed(reading, Span(part.start + label.end(), part.end))
        brackets = [
            Span(part.start + m.start(), part.start + m.end()) for m in compiled(r"\([^()]*\)").finditer(reading.masked[part.start : part.end])
        ]
        bare, start = [], part.start
        for bracket in brackets:
            bare.append(Span(start, bracket.start))
            start = bracket.end
        kept = tuple(piece for piece in (*bare, Span(start, part.end)) if len(piece))
        if kept:
            yield _Clause(trimmed(reading, Span(part.start, kept[-1].end)), kept, span)
        for bracket in brackets:
            inside = Span(bracket.start + 1, bracket.end - 1)
            for inner in parts(reading, inside):
                yield _Clause(inner, (inner,), inside, aside=True)


def _duties(reading: Reading, sentence: Sentence, said: _Said) -> Iterator[_Duty]:
    """The duties of a sentence; a clause that names no subject of its own goes on with the one before it."""
    clauses = list(_clauses(reading, sentence.span))
    untouched = not any(said.in_full(reading, sentence, clause) for clause in clauses)
    themes = Themes(reading, sentence)
    open_: _Duty | None = None
    modality: Modality | None = None
    for place, clause in enumerate(clauses):
        spoken = themes.of(clause.span)
        text = clause.text(reading)
        modality = _modality(text) or (None if modality == "must_not" or any(theme.source == "subject" for theme in spoken.own) else modality)
        if said.in_full(reading, sentence, clause):
            if open_ is not None:
                yield open_
            open_ = None
            continue
        sort = _sort(text, last=place + 1 == len(clauses), aside=clause.aside)
        if sort == "goes on" and open_ is not None:
            open_ = replace(open_, clauses=tuple(joined((*open_.clauses, clause.span), gap=1)))
        elif sort == "duty" or sort == "goes on" and untouched:
            duty = _duty(reading, sentence, clause, spoken, modality)
            if open_ is not None and (
                (open_.subject, open_.scope) == (duty.subject, duty.scope) or _goes_on(text, spoken) and not _apart(open_, duty, spoken)
            ):
                open_ = _joined(open_, duty)
                continue
            if open_ is not None:
                yield open_
            open_ = duty
    if open_ is not None:
        yield open_


def _goes_on(text: str, spoken: Spoken) -> bool:
    """Whether a duty names no subject of its own, or only that something is noted down (注明验证时间)."""
    named = cue(text)
    return named is None or named == "信息录入" and not compiled(_ORDERS).search(text) and not any(t.source in ("subject", "put") for t in spoken.own)


def _apart(one: _Duty, other: _Duty, spoken: Spoken) -> bool:
    """Whether a clause without a subject of its own is laid on somebody else, is said of another thing or is done by a document."""
    whose = ("employers", "regions", "specialties", "applicants", "routes")
    told_apart = one.subject in _THINGS and other.theme in spoken.own and other.scope.items and one.scope.items != other.scope.items
    return (
        bool(told_apart) or other.subject == "依据执行" or any(getattr(other.scope, name) not in (None, getattr(one.scope, name)) for name in whose)
    )


def _sort(text: str, *, last: bool, aside: bool) -> Literal["duty", "goes on", "none"]:
    """Whether a clause (masked) binds by itself, goes on with the duty before it, or is none."""
    if compiled(_LEADS_ON).search(text) or compiled(_EXPLAINS).search(text) or not last and compiled(_BY_RULES).search(text):
        return "none"
    orders = compiled(_ORDERS).search(compiled(r"^(?:如果?|若)[需应可要]?").sub("", text))
    if compiled(r"^(?:如果?|若)").search(text) and not orders:
        return "none"
    if compiled(_NOUN).search(text) and not orders:
        return "none"
    if cue(text) is None and compiled(r"^(?:也|均)?可(?:以|同时|一并)?(?:上传|提交|提供)").search(text):
        return "goes on"
    if cue(text) or is_duty_by_document(text) or orders and not (aside and orders.group().startswith("可")):
        return "duty"
    return "goes on" if binds(text) and not aside else "none"


_MODALITIES: tuple[tuple[Modality, str], ...] = (
    ("must_not", r"不得|严禁|禁止|不予|不准|不能|不可|不要|不允许|切勿|请勿|无法|不作为"),
    ("in_principle", r"原则上|一般(?:应|不|为)"),
    (
        "must",
        r"必须|务必|(?<![相对适反供响])应当?(?!届|试|聘|考|用)|须(?!知)|(?<![无不公必所急])需(?!求)|要(?!点|件|素)|请(?!示|书)|方[可能]|才[可能]",
    ),
    ("may", r"(?<![许认])可(?!能|靠|评审)|允许"),
)


def _modality(text: str) -> Modality | None:
    return next((modality for modality, words in _MODALITIES if compiled(words).search(text)), None)


# -- scope

_THINGS: dict[str, tuple[str, ...]] = {
    # subjects whose duties differ by the thing that they are said of, and where that thing may stand, the likeliest first
    "材料质量": ("subject", "put", "towards", "object", "named", "label", "defined"),
    "材料真实": ("subject", "towards", "object"),
    "材料范围": ("published", "subject", "object", "named", "label", "defined"),
    "信息录入": ("filling", "quoted", "put", "subject", "defined", "object", "label", "heading", "into"),
    "专业选择": ("quoted", "subject"),
    "评审规则": ("vetoed", "subject", "put"),
    "证书效力": ("object", "subject"),
    "网上申报": ("quoted", "subject"),
    "组织实施": ("subject",),
    "收费管理": ("subject",),
    OTHER: ("subject",),
    "依据执行": (
        "label",
        "defined",
    ),
    "面试答辩": ("object",),
    "审核责任": ("subject", "guarded"),
}
_ONLY = {"网上申报": r"档案", "组织实施": r"账号"}  # of these subjects only such things are told
_SCIENCE = r"(?:一般|行业)?公需[科目]{2}|专业科目"
_ROUTED = frozenset(("依据执行", "业绩不重复", "评审规则", "审核责任", "网上申报", OTHER))
_ORGANISATION = r"(?:单位|部门|机构|委员会|评委|学校|局|^各?[市县区])(?:[（(][^（）()]*[）)])?$"


def _duty(reading: Reading, sentence: Sentence, clause: _Clause, spoken: Spoken, modality: Modality | None) -> _Duty:
    subject, reason = duty_subject(reading, sentence, clause.text(reading))
    scoped = scope_of(reading, replace(sentence, span=reading.segment(sentence, clause.span.start)), clause.span)
    laid = whose(reading, sentence, clause.span)
    theme = _theme(clause.text(reading), spoken, subject, modality)
    acting = _acting(subject, spoken, theme)
    items = _things(reading, sentence, clause, spoken, subject, theme, acting)
    if set(items) & set(laid.regions or ()):  # 南疆四地州实行…: the region is no thing
        items = ()
    scope = Scope(
        levels=None if subject == "信息录入" and _only_quoted(reading, sentence, clause) else scoped.scope.levels,
        routes=_routes(reading, sentence, clause) if subject in _ROUTED else None,
        applicants=laid.applicants,
        items=tuple(sorted(items)) or None,
        actors=acting or None,
        specialties=laid.specialties,
        employers=laid.employers or scoped.scope.employers,
        regions=laid.regions,
    )
    listed, condition = _items(reading, sentence)
    reasons = tuple(r for r in (reason, *scoped.reasons) if r)
    return _Duty(subject, sentence, (clause.span,), scope, modality, reasons, theme, condition, listed)


def _only_quoted(reading: Reading, sentence: Sentence, clause: _Clause) -> bool:
    """统一按“技术员”和“助理工程师”选择: levels that a clause names in quotation marks are what is to be written, and nobody's."""
    text = reading.masked[sentence.span.start : clause.span.end]
    return bool(find_levels(text)) and not find_levels(compiled(r'"[^"]*"').sub("", text))


def _acting(subject: str, spoken: Spoken, theme: Theme | None) -> tuple[str, ...]:
    """Who acts, where the duties of a subject differ by that."""
    if subject in ("审核责任", "材料质量"):
        return tuple(sorted(actor for actor in spoken.actors if compiled(_ORGANISATION).search(actor)))
    if subject == "材料真实" and theme and theme.source == "subject" and theme in spoken.own or subject == "组织实施" and theme is None:
        return ()
    return tuple(sorted(spoken.actors)) if subject in ("材料真实", "组织实施", OTHER) else ()


def _theme(text: str, spoken: Spoken, subject: str, modality: Modality | None) -> Theme | None:
    """The thing that a duty is said of."""
    if "不在此" in text and (label := next((t for t in spoken.above if t.source in ("label", "defined")), None)):
        return label
    if subject == "信息录入" and modality == "must_not" and (into := next((t for t in spoken.own if t.source == "into"), None)):
        return into
    return spoken.thing(_THINGS.get(subject, ()), _ONLY.get(subject, ""))


def _things(
    reading: Reading, sentence: Sentence, clause: _Clause, spoken: Spoken, subject: str, theme: Theme | None, acting: tuple[str, ...]
) -> tuple[str, ...]:
    """The things of a duty that its scope names."""
    if subject == "继续教育":
        named = [m.group().replace("公需目科", "公需科目") for m in compiled(_SCIENCE).finditer(clause.text(reading))]
        heading = next((fold(s.heading) for s in reading.true_headings(sentence.section)), "")
        return tuple(dict.fromkeys(heading if heading.endswith(name) and compiled(_SCIENCE).fullmatch(heading) else name for name in named))
    if subject == "材料真实" and acting:
        return ()
    if subject == "审核责任" and acting and (theme is None or theme.source == "subject" and theme not in spoken.own):
        theme = next((t for themes in spoken.before for t in themes if t.source == "object"), None) if not spoken.own else None
    elif subject == "审核责任" and not acting:
        theme = theme or spoken.thing(("object", "quoted"))
    if theme is None or "范围以外" in theme.fuller:
        return ()
    return tuple(compiled(r"^(?:相关)?业绩(?:内容|情况)?$").sub("业绩材料", name) for name in theme.things) if subject == "材料质量" else theme.things


def _routes(reading: Reading, sentence: Sentence, clause: _Clause) -> tuple[str, ...] | None:
    """The one or two routes that the words around a clause name, else its heading."""
    around = reading.folded[clause.within.start : clause.span.end]
    if not clause.aside:
        around = compiled(r"\([^()]{8,}\)").sub("", around)
    around = compiled(r"(?:参照|按照|按)\p{Han}{2,6}(?=执行|办理)").sub("", around)
    for text in (around, *(fold(s.heading) for s in reading.true_headings(sentence.section))):
        named = {word for term in find_routes(text) for word in term.words} - {"直接申报"}
        if named:
            return tuple(sorted(named)) if len(named) < 3 else None
    return None


def _items(reading: Reading, sentence: Sentence) -> tuple[tuple[Span, ...], Condition | None]:
    """The items of the list that a sentence leads in (有下列情形之一的，应参加面试：), and the condition that they are."""
    text = reading.folded[sentence.span.start : sentence.paragraph.end]
    if not compiled(_LEADS_IN).search(text.rstrip()) or "。" in text:
        return (), None
    below = [section for section in reading.sections_below(sentence.section) if section.start > sentence.span.end]
    spans = tuple(trimmed(reading, other.span) for section in below for other in reading.sentences_of(section))
    trees = [parse(words_of(reading.document.text, span, reading.mentions_in(span))) for span in spans]
    return spans, any_of(*(tree for tree in trees if tree is not None)) if "之一" in text else None
