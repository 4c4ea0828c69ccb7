"""The tests that stand before a number of years or an age: 大专毕业，从事专业工作满3年 → education = 大专."""

from collections.abc import Iterator
from typing import Literal

from extractors.pattern import Match, compiled
from pipeline.scope import SKILL_CERTIFICATES, outcome_branch
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.mention import Count, Mention
from schemas.ruleset import Condition, Test

TestOp = Literal["=", ">=", "<=", ">", "<"]

EDUCATION = {
    "博士研究生": "博士", "硕士研究生": "硕士", "研究生": "研究生", "大学本科": "本科", "本科": "本科", "大学专科": "大专", "专科": "大专", "大专": "大专",
    "高职": "大专", "中等专业学校": "中专", "中专": "中专", "中职": "中专", "高中": "高中", "初中": "初中",
}  # fmt: skip
_GRADES = {**EDUCATION, "博士": "博士", "硕士": "硕士"}
_NAMES = "|".join(sorted(_GRADES, key=len, reverse=True))
_JOINED = r"(?:、|或者?|和|及|/)"
_SCHOOLS = rf"(?P<names>(?:{_NAMES})(?:{_JOINED}(?:{_NAMES}))*)"
_EDUCATION = rf"{_SCHOOLS}(?P<side>及以上|以上|及以下|以下)?[^,;。或和、位]{{0,3}}(?:毕业|学历)"
_GRADUATE = r"(?:的|毕业|应届|研究|大学|报考|应聘|申报)*(?:生|者|人员|考生|岗位|的)?"
_AGED = (
    rf"^(?:、|其中|对|具有|取得|报考|应聘)*{_SCHOOLS}(?P<side>及以上|以上|及以下|以下)?(?P<degree>学位)?(?:学历|{_JOINED}?学位)?{_GRADUATE}"
    r"(?:年龄|要求|一般|原则上|应|须|需|可以?|适当|放宽|延长|至|到|为|在)*$"
)
"""本科25周岁以下、硕士研究生30周岁以下, 博士学位的年龄可放宽至|: nothing else stands between the last mark and the age."""
_DEGREES = "第二学士|博士|硕士|学士"
_DEGREE = rf"(?P<names>(?:{_DEGREES})(?:{_JOINED}(?:{_DEGREES}))*)(?P<side>及以上|以上)?学位"
_SIDES: dict[str, TestOp] = {"及以上": ">=", "以上": ">=", "及以下": "<=", "以下": "<="}
_SKILLS = "|".join(SKILL_CERTIFICATES)
_LICENCE = r"(?:[一二]级)?(?:注册)?\p{Han}{2,5}(?<!工程|专业)师"
_CERTIFICATE = rf"(?:获得|取得|具有|持有)(?:相应|本专业)?(?P<names>(?:{_SKILLS})|(?:[一二]级\p{{Han}}{{2,8}}?师|注册\p{{Han}}{{2,8}}?师)(?:、(?:[一二]级\p{{Han}}{{2,8}}?师|注册\p{{Han}}{{2,8}}?师))*)(?:专业)?的?(?:执业|职业)?(?:资格|技能等级|证书)"


def condition_of(reading: Reading, sentence: Sentence, mention: Mention) -> Condition | None:
    """The non-numeric tests of the branch that a number belongs to; null where there are none. 满6年，其中从事本专业工作满4年 asks both numbers of the same."""
    branch, previous = _branch(reading, sentence, mention)
    text = reading.masked[branch.start : branch.end]
    found = sorted(_tests(text), key=lambda pair: pair[0])
    tests = list(dict.fromkeys(Condition(test=test) for _, test in found))
    if not tests:
        return condition_of(reading, sentence, previous) if previous is not None and compiled(_OF_THE_SAME).search(text) else None
    if len(tests) == 1:
        return tests[0]
    facts = {test.fact for _, test in found}
    between = text[found[0][0] : found[-1][0]]
    if facts <= {"education", "degree"} and "或" in between:
        return Condition(any=tuple(tests))
    return Condition(all=tuple(tests))


# 其中录用到乡镇的, 其中博士须: another group than the one before it
_OF_THE_SAME = r"^[^,;。或]{0,10}[,、]?[ ]?(?:其中|且|并且?|同时)(?![^;。]*(?:或|者|的[,须应需满]|人员|博士|硕士|学士|本科|专科))"


def condition_of_age(reading: Reading, sentence: Sentence, mention: Mention) -> Condition | None:
    """The schooling right before an age: 本科25周岁以下、硕士研究生30周岁以下. Null where another word stands between, which may widen or narrow it."""
    start = reading.clause(sentence, mention.span.start).start
    for other in reading.mentions_in(Span(start, mention.span.start)):
        if other.kind == "quantity":
            start = other.span.end
    before = reading.masked[start : mention.span.start]
    found = compiled(_AGED).search("".join(before[before.rfind("(") + 1 :].split()))
    if found is None:
        return None
    return Condition(test=_schooling(found, "degree" if found["degree"] else "education"))


def _branch(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[Span, Mention | None]:
    """From the last ；, outcome or number of years to the mention, and that number of years."""
    segment = reading.segment(sentence, mention.span.start)
    outcome = outcome_branch(reading, sentence, mention.span.start)
    start, previous = max(segment.start, outcome.start), None
    for other in reading.mentions_in(Span(start, mention.span.start)):
        if other.kind == "quantity" and isinstance(other.value, Count) and other.value.unit == "年":
            start, previous = other.span.end, other
    return Span(start, mention.span.start), previous


def _tests(text: str) -> Iterator[tuple[int, Test]]:
    for found in compiled(_EDUCATION).finditer(text):
        yield found.start(), _schooling(found, "education")
    for found in compiled(_DEGREE).finditer(text):
        yield found.start(), Test(fact="degree", op=_SIDES.get(found["side"] or "", "="), value=tuple(compiled(_JOINED).split(found["names"])))
    for found in compiled(_CERTIFICATE).finditer(text):
        yield found.start(), Test(fact="certificate", value=tuple(found["names"].split("、")))


def _schooling(found: Match, fact: str) -> Test:
    """The test of a match of `_SCHOOLS` and its side: 大专及以上 → education >= 大专."""
    op: TestOp = _SIDES.get(found["side"] or "", "=")
    return Test(fact=fact, op=op, value=tuple(dict.fromkeys(_GRADES[name] for name in compiled(_JOINED).split(found["names"]))))
