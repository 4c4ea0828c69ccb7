"""Which kinds of employers, regions, specialties and groups of persons a duty is laid on, by the words of its sentence."""

from extractors.pattern import compiled, fold
from pipeline.rules.clauses import printed
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.ruleset import Scope

_EMPLOYER = (
    r"(?:(?:自治区|省[属直]?|市[属直]?|县[属直]?|区[属直]|地州|中央|乡镇|基层|国有|事业|机关|县及县以下|县级?及以下|非公有制)单位"
    r"|(?:国有|民营|私营|非公有制|中小(?:微)?)?企业|社会(?:团体|组织)|个体经济组织|民办非企业单位)"
)
_SEVERAL = rf"(?P<names>{_EMPLOYER}(?:(?:、|和|及|与){_EMPLOYER})*)"
_STAFF = rf"(?:^|[,;:、对的]|全[省市区县国]|[我本][省市区县]|各类?|属于){_SEVERAL}(?:等)?的?(?=工作人员|申报人|申报对象|专业技术人员|专技人员|人员|在编|在职|应(?!聘)|须|实行|等?由)"
_EMPLOYER_HEADING = rf"^(?:落实|实行|推进|严格)?{_SEVERAL}(?!人员职称申报岗位|名称)"
_REGION = r"(?:^|[,;:])(?:其中:)?(?P<name>\p{Han}{2,6}(?:地州|自治州|自治县|市|州|县))(?=实行|范围内)"
_OFFICE = r"(?:^|[,;:])各?(?P<name>地州|市州|市县|县市)(?:级)?(?:人社|人力|职称|主管|\p{Han}{0,6}部门)[^,;。]{0,10}负责本"
_SPECIALTY = r"申报(?:二级|相应)?(?:专业为)?(?P<names>[^,;:。]{2,40}?专业)(?:的|[^,;。]{0,2}申报人|人员)"
_GROUPS = (
    # whom a duty is laid on in words that restrict, each behind a word that it cannot do without
    ("对", r"(?:^|[,;])对于?(?P<a>[^;。]{4,40}?(?:人员|人才|毕业生|对象|考生))(?=,)"),
    ("因", r"(?:^|[,;])(?P<a>因[^;。]{4,30}?)的(?=,)"),
    ("毕业生", r"(?:^|[,;])(?P<a>[^,;。]{4,40}毕业生)(?=分别)"),
)


def whose(reading: Reading, sentence: Sentence, clause: Span) -> Scope:
    """Employers, regions, specialties and applicants that the sentence names up to a clause, the last ones; an employer also by the heading."""
    start = sentence.span.start
    text = reading.masked[start : clause.end]
    return Scope(
        employers=_employers(reading, sentence, text),
        regions=_regions(reading, start, text),
        specialties=_specialties(reading, sentence, clause),
        applicants=_applicants(reading, start, text),
    )


def _names(words: str) -> tuple[str, ...]:
    return tuple(sorted(compiled(r"、|(?<=单位|企业|团体|组织|专业)(?:和|及|与)").split(words)))


def _employers(reading: Reading, sentence: Sentence, text: str) -> tuple[str, ...] | None:
    clause = max(text.rfind(","), text.rfind(";"))
    if compiled(r"单位|企业|组织").search(text) and (
        found := [m for m in compiled(_STAFF).finditer(text) if m.start() > clause or text[m.start("names") - 1] != "对"]
    ):
        return _names("".join(found[-1]["names"].split()))
    for section in reading.true_headings(sentence.section)[:1]:
        if named := compiled(_EMPLOYER_HEADING).match(fold(section.heading)):
            return _names("".join(named["names"].split()))
    return None


def _regions(reading: Reading, start: int, text: str) -> tuple[str, ...] | None:
    found = [m for expression in (_REGION, _OFFICE) for m in compiled(expression).finditer(text)] if compiled(r"[州县市]").search(text) else []
    if not found:
        return None
    last = max(found, key=lambda m: m.start())
    return (printed(reading, Span(start + last.start("name"), start + last.end("name"))),)


def _specialties(reading: Reading, sentence: Sentence, clause: Span) -> tuple[str, ...] | None:
    found = compiled(_SPECIALTY).search(reading.masked[clause.start : clause.end])
    if found is None:
        return None
    words = "".join(found["names"].split())
    names = compiled(r"[、和]").split(words)
    return tuple(sorted(name if name == words else name.removesuffix("专业") for name in names))


def _applicants(reading: Reading, start: int, text: str) -> tuple[str, ...] | None:
    """对于…的专业技术人员，; 甲班、乙班毕业生分别: each of a list is named whole."""
    found = [m for word, expression in _GROUPS if word in text for m in compiled(expression).finditer(text)]
    if not found:
        return None
    last = max(found, key=lambda m: m.start())
    words = printed(reading, Span(start + last.start("a"), start + last.end("a")))
    if "，" in words or not words.endswith("毕业生"):
        return (compiled(r"(?<=.{4}资历|.{4}学历|.{4}条件)的?(?:申报)?人员$").sub("", words),)
    return tuple(sorted(name if name.endswith("毕业生") else f"{name}毕业生" for name in words.split("、")))
