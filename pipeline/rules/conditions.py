"""The tests that stand before a number of years: 大专毕业，从事专业工作满3年 → education = 大专."""

from collections.abc import Iterator

from extractors.pattern import compiled
from pipeline.scope import SKILL_CERTIFICATES, outcome_branch
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.mention import Count, Mention
from schemas.ruleset import Condition, Test

EDUCATION = {
    "博士研究生": "博士", "硕士研究生": "硕士", "研究生": "研究生", "大学本科": "本科", "本科": "本科", "大学专科": "大专", "专科": "大专", "大专": "大专",
    "高职": "大专", "中等专业学校": "中专", "中专": "中专", "中职": "中专", "高中": "高中", "初中": "初中",
}  # fmt: skip
_NAMES = "|".join(sorted(EDUCATION, key=len, reverse=True))
_EDUCATION = rf"(?P<names>(?:{_NAMES})(?:、(?:{_NAMES}))*)(?P<side>及以上|以上|及以下|以下)?[^,;。或和、]{{0,3}}(?:毕业|学历)"
_DEGREE = r"(?P<name>第二学士|博士|硕士|学士)学位"
_SKILLS = "|".join(SKILL_CERTIFICATES)
_LICENCE = r"(?:[一二]级)?(?:注册)?\p{Han}{2,5}(?<!工程|专业)师"
_CERTIFICATE = rf"(?:获得|取得|具有|持有)(?:相应|本专业)?(?P<names>(?:{_SKILLS})|(?:[一二]级\p{{Han}}{{2,8}}?师|注册\p{{Han}}{{2,8}}?师)(?:、(?:[一二]级\p{{Han}}{{2,8}}?师|注册\p{{Han}}{{2,8}}?师))*)(?:专业)?的?(?:执业|职业)?(?:资格|技能等级|证书)"


def condition_of(reading: Reading, sentence: Sentence, mention: Mention) -> Condition | None:
    """The non-numeric tests of the branch that a number belongs to; null where there are none."""
    branch = _branch(reading, sentence, mention)
    text = reading.masked[branch.start : branch.end]
    found = sorted(_tests(text), key=lambda pair: pair[0])
    tests = [Condition(test=test) for _, test in found]
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    facts = {test.fact for _, test in found}
    between = text[found[0][0] : found[-1][0]]
    if facts <= {"education", "degree"} and "或" in between:
        return Condition(any=tuple(tests))
    return Condition(all=tuple(tests))


def _branch(reading: Reading, sentence: Sentence, mention: Mention) -> Span:
    """From the last ；, outcome or number of years to the mention."""
    segment = reading.segment(sentence, mention.span.start)
    outcome = outcome_branch(reading, sentence, mention.span.start)
    start = max(segment.start, outcome.start)
    for other in reading.mentions_in(Span(start, mention.span.start)):
        if other.kind == "quantity" and isinstance(other.value, Count) and other.value.unit == "年":
            start = other.span.end
    return Span(start, mention.span.start)


def _tests(text: str) -> Iterator[tuple[int, Test]]:
    for found in compiled(_EDUCATION).finditer(text):
        op = {"及以上": ">=", "以上": ">=", "及以下": "<=", "以下": "<="}.get(found["side"] or "", "=")
        yield found.start(), Test(fact="education", op=op, value=tuple(EDUCATION[name] for name in found["names"].split("、")))
    for found in compiled(_DEGREE).finditer(text):
        yield found.start(), Test(fact="degree", value=(found["name"],))
    for found in compiled(_CERTIFICATE).finditer(text):
        yield found.start(), Test(fact="certificate", value=tuple(found["names"].split("、")))
