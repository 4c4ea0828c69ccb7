"""Whom a duty is laid on and what it is said of, by what its subject lets duties differ in: one 材料质量 from another by the thing, one 审核责任 by who acts."""

from dataclasses import replace

from extractors.pattern import compiled, fold
from extractors.terms import find_levels, find_routes
from pipeline.rules.duties import OTHER, Clause
from pipeline.rules.themes import Spoken, Theme
from pipeline.rules.whose import whose
from pipeline.scope import Scoped, scope_of
from pipeline.statements import Reading, Sentence
from schemas.ruleset import Modality, Scope

THINGS: dict[str, tuple[str, ...]] = {
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
    "依据执行": ("label", "defined"),
    "面试答辩": ("object",),
    "审核责任": ("subject", "guarded"),
}
_ONLY = {"网上申报": r"档案", "组织实施": r"账号"}  # of these subjects only such things are told
_SCIENCE = r"(?:一般|行业)?公需[科目]{2}|专业科目"
_ROUTED = frozenset(("依据执行", "业绩不重复", "评审规则", "审核责任", "网上申报", OTHER))
_ORGANISATION = r"(?:单位|部门|机构|委员会|评委|学校|局|^各?[市县区])(?:[（(][^（）()]*[）)])?$"


def duty_scope(
    reading: Reading, sentence: Sentence, clause: Clause, subject: str, spoken: Spoken, modality: Modality | None
) -> tuple[Scoped, Theme | None]:
    """The scope of a clause under a subject, and the thing that it is said of."""
    scoped = scope_of(reading, replace(sentence, span=reading.segment(sentence, clause.span.start)), clause.span)
    laid = whose(reading, sentence, clause.span)
    theme = _theme(clause.text, spoken, subject, modality)
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
    return Scoped(scope, scoped.reasons), theme


def _only_quoted(reading: Reading, sentence: Sentence, clause: Clause) -> bool:
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
    return spoken.thing(THINGS.get(subject, ()), _ONLY.get(subject, ""))


def _things(
    reading: Reading, sentence: Sentence, clause: Clause, spoken: Spoken, subject: str, theme: Theme | None, acting: tuple[str, ...]
) -> tuple[str, ...]:
    """The things of a duty that its scope names."""
    if subject == "继续教育":
        named = [m.group().replace("公需目科", "公需科目") for m in compiled(_SCIENCE).finditer(clause.text)]
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


def _routes(reading: Reading, sentence: Sentence, clause: Clause) -> tuple[str, ...] | None:
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
