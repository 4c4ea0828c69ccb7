"""What follows on misconduct, neglect and lateness: 逾期不再受理, 弄虚作假的…取消其评审资格. A prohibition without a consequence is a requirement."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extractors.pattern import compiled, fold
from extractors.terms import find_subjects
from pipeline.rules.clauses import actor_at, in_body, in_form, joined, parts, printed, trimmed
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.ruleset import Scope

CONDUCTS: tuple[tuple[str, str], ...] = (
    # subject, how its conduct is worded; the first that fits names the penalty
    ("审核失职", r"未(?:能)?(?:严格|认真|按规定)?(?:履行|落实)[^,;。]{0,8}(?:审核|审查|把关|公示)|(?:审核|审查|把关)不(?:严|力|实)|失职|渎职|包庇|徇私|审核过程中[^,;。]{0,8}(?:虚假|造假)"),
    ("弄虚作假", r"弄虚作假|造假|虚假|伪造|冒用|剽窃|抄袭|篡改|变造|作弊|雷同|不真实|不实|隐瞒|骗取|舞弊|替考|学术不端|买卖论文|代写|假(?:证|材料|学历)"),
    ("缺席答辩", r"(?:无故|未)[^,;。]{0,6}(?:参加|出席|到场)[^,;。]{0,10}(?:答辩|面试|考试|评审|体检)|缺席|缺考|迟到|(?:答辩|面试)(?:者|人员)?未到|未参加[^,;。]{0,6}(?:答辩|面试)"),
    ("重复推荐", r"推荐人数超过|重复(?:推荐|举荐)|(?:推荐|举荐)[^,;。]{0,10}超过"),
    ("多报", r"多(?:提交|报|填|传)|超过(?:规定)?次数|超报|重复(?:申报|报名|报考)|多次报名|同时申报[^,;。]{2,12}的"),
    ("逾期", r"逾期|过期|超过(?:规定)?(?:时限|期限|时间)|未(?:在规定|在上述|能?按时|能?按期|如期|及时|按规定时间|在[^,;。]{0,12}(?:前|内|期间))[^,;。]{0,20}"),
    (
        "材料不符",
        r"不符合(?:相应|上述|规定|有关|以上|申报)?(?:要求|条件|规定)|不(?:完整|齐全?|清楚|清晰|规范|完善)|漏报|错报|漏传|错传|不传|有误|有遗漏|条件不够|模糊不清|未(?:按(?:照)?(?:要求|规定))?(?:上传|提供|提交|填写|报送|放)|填(?:写|报)错误",
    ),
    ("违规行为", r"违规|违纪|违反|违法"),
)  # fmt: skip
_CONSEQUENCE = (
    r"不(?:再|予)(?:受理|补充|认可|认定|承认|通过|评审|办理|推荐|上报|补办|补报|接收|聘用|录用|退还|退费|列入|安排|报送|确认)[^,;。()]{0,16}"
    r"|不(?:受理|候|退|补)(?=$|[,;。)])"
    r"|取消[^,;。()]{0,24}(?:资格|成绩|结果|证书|称号|待遇)|撤销[^,;。()]{0,24}|收回[^,;。()]{0,12}证书"
    r"|(?:评审|考核|审核)?不予通过|(?:一律|应|将|均)?(?:予以)?退回[^,;。\"]{0,10}(?!\")"
    r"|(?:一律|均|将|则)?(?:视[为同]|按|作)(?:自动|自愿)?(?:放弃|弃权|无效|无[^,;。()]{0,8}材料|不合格|自动放弃)[^,;。()]{0,12}"
    r"|(?:\p{Han}{0,6}?(?:表|材料|成绩|报名|资格|申报|答卷))?无效(?=$|[,;。)处])(?:处理)?"
    r"|(?:从[^,;。()]{0,16}?|自[^,;。()]{0,16}?)?(?:[一二三两\d]{1,2}[ ]?年(?:之)?内)不得[^,;。()]{2,30}|不得(?:再次)?(?:申报|参评|参加评审|报考)[^,;。()]{0,20}"
    r"|追究[^,;。()]{0,30}(?:责任|人员)|(?:予以)?通报(?:批评)?|(?:给予|予以|进行)[^,;。()]{0,6}(?:处分|处理|处罚|警告)|(?:记|列|纳)入[^,;。()]{0,20}(?:档案|名单|黑名单|记录|系统)"
    r"|后果自负|责任自负|(?:后果|责任|不利影响|损失)[^,;。()]{0,4}由[^,;。()]{2,30}?(?:承担|负责|自负)"
    r"|扣(?:除|减)[^,;。()]{0,16}|无法(?:通过|提交|参加|申报)[^,;。()]{0,10}|停止[^,;。()]{0,16}(?:资格|工作)|暂停[^,;。()]{0,16}|(?:依法|依规|依纪)[^,;。()]{0,10}(?:处理|查处|追责)|移送[^,;。()]{0,12}|淘汰"
)
_CONSEQUENCE_WORDS = (
    # one of them is in every consequence
    r"不[再予得候退补]|不受理|取消|撤销|收回|退回|放弃|弃权|不合格|无效|(?:视[为同]|按|作)(?:自动|自愿)?无|追究|通报|处[分理罚]|警告|[记列纳]入|后果|责任"
    r"|不利影响|损失|扣[除减]|无法|停止|暂停|查处|追责|移送|淘汰"
)
_STRONG = r"取消|撤销|追究|通报|[记列纳]入|不予录用|不予聘用|处分|不再列入"
_LEAD = r"^(?:(?:在)?[^,;。]{0,6}(?:过程中|材料中|工作中)(?:存在|有)?|如果?|若|凡(?:是)?|对于?|因|发现|经查实?|一经(?:查实|发现)|同时|其中|并|且|在评审中|如在评审中|凡是发现|对存在|存在|有|将|应|避免出现|不得出现|,)+"
_TAIL = r"(?:的(?:将|应|及时|一律|由)[^,;]*|的(?:申报人员?|申报对象|人员|单位|情况|电子材料|材料|考生|一切|,)?|者|等情况|等行为|等|、|产生|引起|人员|将|一律|均|由此导致|导致)$"


@dataclass(frozen=True)
class _Conduct:
    subject: str
    words: str
    span: Span


@dataclass(frozen=True)
class _Found:
    subject: str
    conduct: str
    consequences: tuple[str, ...]
    spans: tuple[Span, ...]


def penalty_rules(reading: Reading) -> Iterator[Draft]:
    """One rule a conduct and addressee; several consequences of one conduct are joined by ；. The same penalty said again is one more proof.

    Penalties of one subject and scope for different conducts are told apart by what they are said of, where the words name it.
    """
    kept: list[tuple[Draft, Scope]] = []
    for sentence in reading.holding(_CONSEQUENCE_WORDS):
        if sentence.cell is not None or not in_body(reading, sentence) or in_form(reading, sentence):
            continue
        for found in _found(reading, sentence):
            draft = _draft(reading, sentence, found)
            twin = next((i for i, (other, _) in enumerate(kept) if _same(other, draft)), None)
            if twin is None:
                kept.append((draft, _said_of(reading, sentence, found)))
            else:
                kept[twin] = replace(kept[twin][0], proofs=(*kept[twin][0].proofs, *draft.proofs)), kept[twin][1]
    places = Counter((draft.subject, draft.scope) for draft, _ in kept)
    for draft, said_of in kept:
        if places[draft.subject, draft.scope] > 1 and said_of != Scope():
            draft = replace(draft, scope=draft.scope.merged(said_of))
        yield draft


def _same(a: Draft, b: Draft) -> bool:
    """The same conduct and addressee, and nothing that follows on it but what is said already."""
    if (a.subject, a.scope, a.own["conduct"]) != (b.subject, b.scope, b.own["conduct"]):
        return False
    said, again = (str(draft.own["consequence"]).replace("及", "和").split("；") for draft in (a, b))
    return set(again) <= set(said)


_THING = (
    r"(?:不符合[^,;的]{0,12}|模糊不清|不完整|不清晰|不规范|不齐全?)的(?!予以|应|将|一律)(?P<thing>\p{Han}{2,8}?)(?=应|将|一律|予以|均|要|退回|不予)"
)


def _said_of(reading: Reading, sentence: Sentence, found: _Found) -> Scope:
    """What or whom the words name: 模糊不清的电子材料应退回 → 电子材料, 终审人员…予以退回 → 终审人员; empty where they name none."""
    text = reading.masked[sentence.span.start : sentence.span.end]
    if taken := compiled(r"^(?:根据严重程度)?扣[除减]相应的?(?P<thing>\p{Han}{2,8})$").search(found.consequences[0]):
        return Scope(items=(taken["thing"],))
    if found.spans[0].start == trimmed(reading, sentence.span).start and text.lstrip().startswith("否则"):
        before = _masked(reading, trimmed(reading, reading.sentence_at(sentence.span.start - 1).span))
        named = compiled(r"^(?:申报人员?|考生|报考人员|各单位)?(?P<thing>[^,;。]{2,16}?)(?:必须|应当?|须|需|要)").search(before)
        return Scope(items=(named["thing"],)) if named else Scope()
    if thing := compiled(_THING).search(text):
        return Scope(items=(thing["thing"],)) if not compiled(r"人员|单位|对象|考生").search(thing["thing"]) else Scope()
    if compiled(r"^(?:漏传|错传|不传|未上传|漏报|错报)").match(found.conduct):
        uploaded = list(compiled(r"上传(?P<thing>\p{Han}{4,14}?)(?=[(,;])").finditer(text[: found.spans[0].start - sentence.span.start]))
        return Scope(items=(uploaded[0]["thing"],)) if uploaded else Scope()
    if "退回" in "".join(found.consequences):
        for clause in reversed([c for c in parts(reading, sentence.span) if c.start <= found.spans[0].start]):
            if (actor := actor_at(reading, clause)) and not compiled(r"申报人|考生|报考").search(actor[0]):
                return Scope(actors=tuple(compiled(r"或者?|、(?=.{4})").split(actor[0])))
    heading = next((fold(s.heading) for s in reading.true_headings(sentence.section)), "")
    shown = compiled(r"^(?:上传|提交|填写)(?P<thing>\p{Han}{2,8})$").search(heading.strip("。."))
    return Scope(items=(shown["thing"],)) if shown else Scope()


def _masked(reading: Reading, span: Span) -> str:
    return reading.masked[span.start : span.end]


def _draft(reading: Reading, sentence: Sentence, found: _Found) -> Draft:
    scoped = scope_of(reading, sentence, found.spans[0], routed=False)
    return Draft(
        "penalty",
        found.subject,
        None,
        tuple(Proof(span, "penalty.consequence") for span in found.spans),
        scoped.scope,
        modality=modality_of(reading, sentence, found.spans[-1]),
        reasons=scoped.reasons,
        own={"conduct": found.conduct, "consequence": "；".join(found.consequences)},
    )


def _found(reading: Reading, sentence: Sentence) -> Iterator[_Found]:
    """The penalties of a sentence: each conduct with the consequences behind it, up to the next conduct."""
    open_: _Conduct | None = None
    gathered: list[tuple[str, Span]] = []
    clauses = parts(reading, sentence.span)
    for place, clause in enumerate(clauses):
        text = reading.masked[clause.start : clause.end]
        hit = _consequence(text) if reading.holds(clause, _CONSEQUENCE_WORDS) else None
        conduct = _conduct_in(reading, clause, hit, clauses[place + 1 : place + 2])
        if conduct is not None and gathered and compiled(r"^(?:已|其)").match(text):
            conduct = None  # 已取得资格的取消其资格 goes on with the same conduct
        if conduct is not None:
            if open_ is not None and gathered:
                yield _closed(open_, gathered)
                gathered = []
            elif open_ is not None and open_.subject == "审核失职" and open_.span.end + 1 >= conduct.span.start:
                conduct = _Conduct(open_.subject, f"{open_.words}，{conduct.words}", Span(open_.span.start, conduct.span.end))
            open_ = conduct
        if hit is None:
            continue
        open_ = open_ or _said_before(reading, sentence)
        if open_ is not None:
            span = Span(clause.start + (hit[0] if conduct is not None else 0), clause.start + hit[1])
            gathered.append((_consequence_words(reading, span), span))
    if open_ is not None and gathered:
        yield _closed(open_, gathered)


def _conduct_in(reading: Reading, clause: Span, hit: tuple[int, int] | None, following: Sequence[Span]) -> _Conduct | None:
    """The conduct that a clause tells before its consequence: one of the known ones, or whatever a strong consequence follows (放弃体检的，取消资格)."""
    text = reading.masked[clause.start : clause.start + hit[0] if hit else clause.end].rstrip()
    start = text.rfind("(") + 1 if text.count("(") > text.count(")") else 0
    span = Span(clause.start + start, clause.start + len(text))
    subject = next((name for name, words in CONDUCTS if compiled(words).search(text[start:])), None)
    if subject is None and text.endswith(("的", "者")) and (hit or following):
        behind = clause if hit else following[0]
        if compiled(_STRONG).search(reading.masked[behind.start : behind.end]):
            subject = _shortened(reading, span)
    return _Conduct(subject, _shortened(reading, span), span) if subject and len(span) > 1 else None


def _consequence(text: str) -> tuple[int, int] | None:
    """Where the consequence of a clause begins and ends, 由 its bearer included; null where it tells none."""
    hits = list(compiled(_CONSEQUENCE).finditer(text))
    if not hits or compiled(r'点击"|不得(?:参加)?(?:专业技术人才)').search(text):
        return None
    return hits[0].start(), hits[-1].end()


def _said_before(reading: Reading, sentence: Sentence) -> _Conduct | None:
    """否则，后果自负: the conduct is the sentence before, not done."""
    if not compiled(r"^(?:否则|由此|因此|违者)").match(reading.masked[sentence.span.start : sentence.span.end].strip()):
        return None
    earlier = reading.sentence_at(sentence.span.start - 1)
    if earlier is sentence or earlier.paragraph != sentence.paragraph:
        return None
    before = trimmed(reading, earlier.span)
    words = reading.masked[before.start : before.end]
    subject = next((name for name, expression in CONDUCTS if compiled(expression).search(words)), "材料不符")
    own = trimmed(reading, sentence.span)
    return _Conduct(subject, printed(reading, before), Span(own.start, own.start + 2))


def _consequence_words(reading: Reading, span: Span) -> str:
    words = compiled(r"^(?:则|将|并|且|应|由此产生的|由此导致的|因此所导致的|产生的|导致的|所|的|者|,|一经查实)+").sub("", printed(reading, span))
    return words.strip("，,的")


def _shortened(reading: Reading, span: Span) -> str:
    """The conduct without what leads to it and what closes it: 对申报材料不符合要求及不完善的 → 申报材料不符合要求及不完善."""
    words = compiled(_LEAD).sub("", printed(reading, span))
    while True:
        shorter = compiled(_TAIL).sub("", words)
        if shorter == words or len(shorter) < 2:
            return words
        words = shorter


def _closed(conduct: _Conduct, gathered: list[tuple[str, Span]]) -> _Found:
    consequences = tuple(dict.fromkeys(text for text, _ in gathered if text))
    named = find_subjects("penalty", "；".join(consequences))
    subject = "审核失职" if any("审核失职" in term.words for term in named) else conduct.subject
    return _Found(subject, conduct.words, consequences, tuple(joined([conduct.span, *(span for _, span in gathered)])))
