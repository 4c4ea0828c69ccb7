"""What a single test of a condition looks like: 大专及以上学历, 从事专业工作满3年, 聘任助理工程师职务4年以上, 国家级一类技能竞赛前五名.

An atom reads its words whole or refuses them. Whatever stands in them is in the test, so that nothing that narrows a condition is lost.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Literal

from extractors.numerals import parse, plain
from extractors.pattern import Match, compiled
from extractors.terms import find_levels, holds
from extractors.vocabulary import rows
from pipeline.rules.conditions import EDUCATION
from pipeline.rules.words import Words
from schemas.mention import Count, Title
from schemas.ruleset import Condition, Test
from schemas.values import Op

Family = Literal["schooling", "match", "title", "certificate", "honour", "years", "person", "other"]
Read = Callable[[Words, Match], Condition | None]


@dataclass(frozen=True)
class Atom:
    """`regex` is matched against `Words.text`; every example is read whole and means its condition, a reject is not read whole.

    `holds` are characters of which every match has one: a stretch with none of them is not asked.
    """

    name: str
    family: Family
    regex: str
    read: Read
    examples: tuple[tuple[str, Condition], ...]
    rejects: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset()


def is_(fact: str, *values: str, op: Op = "=", unit: str | None = None) -> Condition:
    """One test."""
    return Condition(test=Test(fact=fact, op=op, value=values, unit=unit))


def all_of(*parts: Condition | None) -> Condition | None:
    """All of the parts, flattened and each once; null where there are none."""
    return _joined("all", parts)


def any_of(*parts: Condition | None) -> Condition | None:
    """Any of the parts, flattened and each once; tests that ask a fact for one of several words are one test."""
    return _joined("any", parts)


def _joined(kind: Literal["all", "any"], parts: tuple[Condition | None, ...]) -> Condition | None:
    flat: list[Condition] = []
    for part in parts:
        if part is not None:
            flat.extend(getattr(part, kind) or (part,))
    flat = list(dict.fromkeys(flat))
    if kind == "any":
        flat = _gathered(flat)
    if len(flat) < 2:
        return flat[0] if flat else None
    return Condition(any=tuple(flat)) if kind == "any" else Condition(all=tuple(flat))


def _gathered(parts: list[Condition]) -> list[Condition]:
    """award = A or award = B → award = A, B."""
    out: list[Condition] = []
    places: dict[str, int] = {}
    for part in parts:
        test = part.test
        if test is None or test.op != "=" or test.unit is not None:
            out.append(part)
        elif test.fact not in places:
            places[test.fact] = len(out)
            out.append(part)
        else:
            place = places[test.fact]
            before = out[place].test
            assert before is not None
            out[place] = is_(test.fact, *dict.fromkeys((*before.value, *test.value)))
    return out


# -- pieces

_Q = r"(?P<q>№·*)"
_HAS = r"(?:具有|具备|取得|获得|持有|拥有|荣获|系|为)?(?:了)?"
_UP = r"及以上|或以上|以上"
_DOWN = r"及以下|或以下|以下"
_SIDE: dict[str, Op] = {**dict.fromkeys(_UP.split("|"), ">="), **dict.fromkeys(_DOWN.split("|"), "<=")}
_SCHOOLS = {**EDUCATION, "中等专科学校": "中专", "中等专科": "中专", "中等专业": "中专", "高等专科": "大专", "高职高专": "大专", "高级中学": "高中"}
_SCHOOL = "(?:" + "|".join(sorted(_SCHOOLS, key=len, reverse=True)) + ")"
_SCHOOL_LIST = rf"(?P<names>{_SCHOOL}(?:(?:、|或者?|/|\(){_SCHOOL}\)?)*)"
_SCHOOLING = r"(?P<schooling>全日制(?:普通高校|普通高等院校)?|国家承认的?|国民教育系列)?的?"
# words of a name: no mark, no number, no document, no verb or negation that would make it more than a name
_NAME = r"(?:(?!获得|取得|荣获|具有|具备|从事|担任|聘任|享受|满|及?以上|职称|学历|学位|毕业|推荐|除外)[^,;:、()№□※·的后并且或和及与以不未无非者])"
_LIST = r"(?:、|或者?|和|及|与|以及|,)"


def _count(words: Words, found: Match, unit: str) -> tuple[Op, str] | None:
    """Bound and number of the quantity at group `q`; null where it has another unit, no bound or two."""
    count: Count = words.counts[found.start("q")]
    return (count.op, plain(count.number)) if count.unit == unit and count.op is not None and count.upper is None else None


def _number(fact: str, unit: str) -> Read:
    def read(words: Words, found: Match) -> Condition | None:
        counted = _count(words, found, unit)
        return is_(fact, counted[1], op=counted[0], unit=unit) if counted else None

    return read


def _split(text: str) -> list[str]:
    return [part for part in compiled(r"、|或者?|/|[()]|和|及|与").split(text) if part]


# -- schooling


def _education(words: Words, found: Match) -> Condition | None:
    names = [_SCHOOLS[name] for name in compiled(r"、|或者?|/|[()]").split(found["names"]) if name]
    side = found["side"]
    if side and len(names) > 1:  # 大专、本科及以上: which of them is the bound?
        return None
    school = is_("education", *dict.fromkeys(names), op=_SIDE[side] if side else "=")
    return all_of(_schooling(found["schooling"]), school, _since(words, found))


def _schooling(word: str | None) -> Condition | None:
    return is_("schooling", "全日制" if word.startswith("全日制") else "国家承认") if word else None


def _since(words: Words, found: Match) -> Condition | None:
    return _number("years_since_education", "年")(words, found) if found["q"] else None


def _degree(words: Words, found: Match) -> Condition | None:
    names = _split(found["names"])
    side = found["side"]
    if side and len(names) > 1:
        return None
    degree = is_("degree", *names, op=_SIDE[side] if side else "=")
    return all_of(degree, _since(words, found))


_MATCHES = {"对口": ("对口",), "相近": ("相近",), "相关": ("对口", "相近"), "不对口": ("不对口",), "本": ("对口",)}


def _match(words: Words, found: Match) -> Condition | None:
    named = [value for word in compiled(r"不对口|对口|相近|相关|本(?=专业)").findall(found.group()) for value in _MATCHES[word]]
    return is_("major_match", *dict.fromkeys(named))


_MAJOR = rf"(?:{_NAME}|与(?=工程|计算机)){{2,12}}?(?:门类|类|专业)(?:专业)?"  # 管理科学与工程类 is one name


def _major(words: Words, found: Match) -> Condition | None:
    return is_("major", *(part for part in compiled(r"、|或者?").split(found["majors"]) if part))


# -- years


_GENERAL = r"(?:本专业或|本专业及|本专业、|本职业或者?|本职业及|本职业、)?(?:本|相[近关]|本职业|相关职业)?(?:专业)?(?:技术)?(?:管理)?(?:相关)?"


_WHICH = r"(?:新|现|原|该|此|其|所|上述|以上)"


def _years(words: Words, found: Match) -> Condition | None:
    counted = _count(words, found, "年")
    if counted is None:
        return None
    years = is_("years_in_speciality", counted[1], op=counted[0], unit="年")
    what = words.quote(*found.span("what"))
    if find_levels(what) or compiled(_WHICH).match(what):  # 从事中级技术职务工作: years in post; 从事新岗位工作: in which one?
        return None
    return years if compiled(_GENERAL).fullmatch(what) else all_of(is_("speciality", _speciality(what)), years)


def _speciality(what: str) -> str:
    """生态环境工程专业技术 → 生态环境工程."""
    return compiled(r"(?:专业(?:技术)?)?(?:相关)?(?:岗位)?的?$").sub("", what) or what


def _named_speciality(words: Words, found: Match) -> Condition | None:
    """从事水利专业工作; 从事专业技术工作 names none and stays words."""
    what = words.quote(*found.span("what"))
    if compiled(rf"{_GENERAL}|(?:技术)?技能").fullmatch(what) or compiled(_WHICH).match(what) or find_levels(what):
        return Condition(opaque=compiled(r"的$").sub("", words.quote(*found.span())))
    return is_("speciality", _speciality(what))


# -- titles

LADDER = ("员级", "助理级", "中级", "副高级", "正高级")


@cache
def _titles() -> str:
    """The titles of the vocabulary, longest first; 研究员, 教授 and the like are whole words only."""
    names = {spelling for row in rows("levels.tsv") for spelling in row["spellings"].split("|")}
    return "(?:" + "|".join(sorted(names, key=len, reverse=True)) + ")"


_FIELD = r"(?:\p{Han}{1,10}?(?:专业|系列|类)(?:的)?|相应|同级|其他)?"
_RANK = r"(?:系列)?(?:专业)?(?:技术)?(?:职务)?(?:任职)?(?:职称|资格|职务|岗位|职级|证书)*"


def _title_atom(verb: str, tail: str) -> str:
    return rf"{verb}(?P<title>{_FIELD}{_titles()}(?:(?:、|或者?){_titles()})*)(?!级|人才)(?P<side>{_UP})?{_RANK}{tail}"


def _title(words: Words, found: Match) -> Condition | None:
    printed = words.quote(*found.span("title"))
    titles = _split(printed)
    if compiled(r"注册|[一二三]级|造价|监理|咨询|建造|消防|安全|结构").search(printed):  # a licence, no title of this ladder
        return None
    if not found["side"]:
        return is_("title_held", *(compiled(r"(?<=.)职称$").sub("", title) for title in titles))
    above = _and_above(printed) if len(titles) == 1 and compiled(_titles()).fullmatch(printed) else ()
    return is_("title_held", *above) if above else None


def _and_above(title: str) -> tuple[str, ...]:
    """The levels from that of a title upwards: 工程师 → 中级, 副高级, 正高级, 高级."""
    levels = [part for term in find_levels(title) for level in term.words for part in (holds(level) or (level,))]
    lowest = min((LADDER.index(level) for level in levels), default=None)
    if lowest is None:
        return ()
    return (*LADDER[lowest:], *(("高级",) if lowest <= LADDER.index("副高级") else ()))


def _title_years(fact: str) -> Read:
    def read(words: Words, found: Match) -> Condition | None:
        title = _title(words, found)
        if not found["q"]:
            return title
        years = _number(fact, "年")(words, found)
        return all_of(title, years) if title and years else None

    return read


def lacking(condition: Condition) -> Condition:
    """未取得中级职称, 不具备本科学历: neither that nor what is above it."""
    test = condition.test
    if test is not None and test.fact in ("education", "degree") and test.op == "=":
        condition = is_(test.fact, *test.value, op=">=")
    if test is not None and test.fact == "title_held" and len(test.value) == 1 and (above := _and_above(test.value[0])):
        condition = is_("title_held", *dict.fromkeys((*test.value, *above)))
    return Condition.model_validate({"not": condition})


# -- certificates

SKILLS = ("初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师")
_SKILL = "(?:" + "|".join(sorted(SKILLS, key=len, reverse=True)) + ")"
_LICENCE = r"(?:(?:[一二三]级|(?:[一二三]级)?注册)\p{Han}{2,8}?师|\p{Han}{2,6}?(?<!工程|专业)师)"


def _certificate(words: Words, found: Match) -> Condition | None:
    names = _split(words.quote(*found.span("names")))
    if any(find_levels(name) and "注册" not in name for name in names):
        return None
    if "side" in found.groupdict() and found["side"]:
        if len(names) > 1 or names[0] not in SKILLS:
            return None
        names = list(SKILLS[SKILLS.index(names[0]) :])
    held = is_("certificate", *names)
    if not found["q"]:
        return held
    years = _number("years_with_certificate", "年")(words, found)
    return all_of(held, years) if years else None


# -- honours


def _contest(words: Words, found: Match) -> Condition | None:
    count = words.counts[found.start("q")]
    if count.unit not in ("名", "等奖") or count.op != "<=" or count.unit == "等奖":
        return None
    return all_of(is_("contest", words.quote(*found.span("contest"))), is_("contest_rank", plain(count.number), op="<=", unit="名"))


def _placed(words: Words, found: Match) -> Condition | None:
    place = parse(found["n"])
    if place is None:
        return None
    return all_of(is_("contest", words.quote(*found.span("contest"))), is_("contest_rank", plain(place), op="<=", unit="名"))


def _unquoted(text: str) -> str:
    return compiled(r"[\"“”]").sub("", text)


def _award(words: Words, found: Match) -> Condition | None:
    """世界技能大赛银牌铜牌获得者 is two medals."""
    name = _unquoted(words.quote(*found.span("award")))
    medals = compiled(r"(?P<of>.+?)(?P<medal>金牌|银牌|铜牌){2,}").fullmatch(name)
    return is_("award", *(medals["of"] + medal for medal in medals.captures("medal"))) if medals else is_("award", name)


def _programme(words: Words, found: Match) -> Condition | None:
    named = "".join(words.quote(*found.span(name)) for name in ("programme", "place") if found[name])
    return is_("talent_programme", _unquoted(named)) if "入选" in found.group() or "人选" in found.group() else None


# -- the rest


def _recommenders(words: Words, found: Match) -> Condition | None:
    count = words.counts[found.start("q")]
    if count.unit != "名" or count.upper is not None:
        return None
    who = words.quote(*found.span("field")) + words.quote(*found.span("who"))
    return all_of(is_("recommenders", plain(count.number), op=count.op or "=", unit="名"), is_("recommender_title", who))


_GRADES = {"称职": "合格", "合格": "合格", "基本称职": "基本合格", "基本合格": "基本合格", "优秀": "优秀"}


def _assessment(words: Words, found: Match) -> Condition | None:
    """考核合格 asks for no less; 以上 and 以下 are said of a grade."""
    grade, side = _GRADES[found["grade"]], found["side"]
    return is_("yearly_assessment", grade, op=_SIDE[side] if side else "=" if grade == "优秀" else ">=")


def _assessed_below(words: Words, found: Match) -> Condition | None:
    """考核有合格以下等次: 合格 itself bars nobody. The years that are looked at stay words."""
    years = Condition(opaque=words.quote(*found.span("years"))) if found["years"] else None
    return all_of(years, is_("yearly_assessment", _GRADES[found["grade"]], op="<"))


def _insurance(words: Words, found: Match) -> Condition | None:
    count = words.counts[found.start("q")]
    if count.unit not in ("年", "月") or count.op is None or count.upper is not None:
        return None
    running = "_running" if "连续" in found.group() else ""
    return is_(f"social_insurance_months{running}", plain(count.number), op=count.op, unit=count.unit)


def _age(words: Words, found: Match) -> Condition | None:
    count = words.counts[found.start("q")]
    if count.unit != "岁" or count.op is None:
        return None
    upper = is_("age", plain(count.upper), op=count.upper_op or "<=", unit="岁") if count.upper is not None else None
    return all_of(is_("age", plain(count.number), op=count.op, unit="岁"), upper)


_EMPLOYERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"公务员\(含参照公务员法管理的?(?:工作人员|人员|单位工作人员)\)", ("公务员", "参公管理")),
    (r"(?:公务员(?:和|及|、|或))参照公务员法管理的?(?:事业单位)?(?:机关|单位)?的?(?:工作人员|人员)?", ("公务员", "参公管理")),
    (r"参照公务员法管理的?(?:事业单位|机关|单位)?的?(?:工作人员|人员)?|参公(?:管理)?(?:单位)?(?:工作)?人员", ("参公管理",)),
    (r"公务员", ("公务员",)),
    (r"企[、]?事业单位", ("企业", "事业单位")),
    (r"国有企业", ("国有企业",)),
    (r"(?:民营|私营|非公有制)(?:经济组织|企业|单位|经济企业)", ("民营企业",)),
    (r"事业单位", ("事业单位",)),
    (r"(?<!国有|民营|私营|外资|非公有制)企业", ("企业",)),
    (r"社会(?:团体|组织)", ("社会团体",)),
    (r"个体经济组织|个体工商户", ("个体经济组织",)),
    (r"自由职业(?:者|人员)|灵活就业人员", ("自由职业",)),
)
_EMPLOYER = "(?:" + "|".join(words for words, _ in _EMPLOYERS) + ")"


def _employment(words: Words, found: Match) -> Condition | None:
    kinds: list[str] = []
    for name in found.captures("name"):
        kinds.extend(next(values for pattern, values in _EMPLOYERS if compiled(pattern).fullmatch(name)))
    return is_("employment", *dict.fromkeys(kinds))


def _permit(words: Words, found: Match) -> Condition | None:
    held = is_("nationality_permit", *_split(words.quote(*found.span("permits"))))
    return all_of(held, Condition(opaque=words.quote(*found.span("who"))) if found["who"] else None)


def _criteria(words: Words, found: Match) -> Condition | None:
    """符合《评价条件》第五条第一、二款规定 names the articles, each a test; a document without articles stays words, under its 文号 where it has one."""
    documents = [words.documents[at] for at in sorted(words.documents) if found.start() <= at < found.end()]
    articles = tuple(dict.fromkeys(article for document in documents for article in document.articles))
    if not articles:
        return Condition(opaque=_by_number(words, found))
    if compiled(r"条或第|款或第|项或第").search(words.quote(*found.span())):
        return is_("criteria_met", *articles)
    return all_of(*(is_("criteria_met", article) for article in articles))


def _by_number(words: Words, found: Match) -> str:
    """符合《…通知》（绍市人社发〔2021〕11号）文件相关要求 → 符合绍市人社发〔2021〕11号文件相关要求; as printed where it has none or there are several."""
    printed = words.quote(*found.span())
    places = [at for at in words.documents if found.start() <= at < found.end()]
    document = words.documents[places[0]]
    if len(places) > 1 or not isinstance(document, Title) or document.number is None:
        return printed
    behind = compiled(r"·*(?:等)?(?P<rest>.*)").match(words.text, places[0] + 1, found.end())
    assert behind is not None
    if not compiled(r"号(?:[,，]?以下简称.*)?[)）]").search(words.quote(places[0], behind.start("rest"))):
        return printed
    return words.quote(found.start(), places[0]) + document.number + words.quote(*behind.span("rest"))


_DOCUMENTS = r"(?:□·*(?:\(□·*\))?(?:(?:、|和|及|与|以及|或者?)(?=□))?)+"


@cache
def atoms() -> tuple[Atom, ...]:
    """The atoms; the longest match wins, then the earlier. Made at first use, for titles come from a file."""
    return (
        Atom(
            "education",
            "schooling",
            rf"{_HAS}{_SCHOOLING}{_SCHOOL_LIST}(?P<side>{_UP}|{_DOWN})?(?:文化程度|学历|毕业|层次){{1,2}}(?P<side>{_UP}|{_DOWN})?(?:证书)?(?:毕业)?(?:后)?{_Q}?",
            _education,
            (
                ("大学本科毕业", is_("education", "本科")),
                ("大专、中专毕业", is_("education", "大专", "中专")),
                ("高中及以下学历毕业", is_("education", "高中", op="<=")),
                ("大学专科以上学历", is_("education", "大专", op=">=")),
                ("具备研究生学历", is_("education", "研究生")),
            ),
            ("非全日制大专学历", "大专、本科及以上学历", "本科院校"),
            holds=frozenset("历业层度"),
        ),
        Atom(
            "degree",
            "schooling",
            rf"{_HAS}(?P<names>(?:第二学士|博士|硕士|学士)(?:(?:、|或者?|和|/)(?:第二学士|博士|硕士|学士))*)(?P<side>{_UP})?学位(?P<side>{_UP})?(?:证书)?(?:后)?{_Q}?",
            _degree,
            (
                ("具备学士学位", is_("degree", "学士")),
                ("硕士及以上学位", is_("degree", "硕士", op=">=")),
                ("博士学位", is_("degree", "博士")),
            ),
            ("双学士学位",),
            holds=frozenset("位"),
        ),
        Atom(
            "major_match",
            "match",
            rf"(?:{_HAS}(?:本专业(?:(?:或者?|和|、|及)相[近关]专业)?|相[近关]专业)的?(?={_SCHOOLING}(?:{_SCHOOL}|博士|硕士|学士))"
            r"|所学专业与(?:所)?(?:现)?(?:从事|申报)(?:的)?(?:工作)?(?:的)?(?:专业)?(?:工作)?(?:专业)?(?:不对口|(?:对口|相近|相关)(?:(?:和|或者?|、)(?:相近|相关))?))",
            _match,
            (
                ("所学专业与从事工作专业对口和相近", is_("major_match", "对口", "相近")),
                ("所学专业与从事工作专业不对口", is_("major_match", "不对口")),
            ),
            holds=frozenset("专"),
        ),
        Atom(
            "major",
            "match",
            rf"{_HAS}(?P<majors>{_MAJOR}(?:(?:或者?|、)(?!相[近关]){_MAJOR})*)(?<!本专业|其他专业|其它专业|相[近关]专业|应专业|关专业)(?:专业)?的?"
            rf"(?={_SCHOOLING}(?:{_SCHOOL}|博士|硕士|学士))",
            _major,
            (),  # says what only a schooling behind it makes a condition
            holds=frozenset("研科专职中博硕学"),
        ),
        Atom(
            "years_skilled",
            "years",
            rf"从事(?:本职业|相关职业)?(?:技术)?技能(?:岗位)?工作(?:累计)?{_Q}",
            _number("years_skilled", "年"),
            (("从事技术技能工作满3年", is_("years_skilled", "3", op=">=", unit="年")),),
            ("从事技术技能工作3年",),
            holds=frozenset("№"),
        ),
        Atom(
            "years_in_speciality",
            "years",
            rf"(?:累计|实际)?(?:从事|具有|具备|有)(?P<what>(?:本(?:专业|职业)(?:或者?|及|、)相[关近](?:专业|职业))?{_NAME}{{0,24}}?)(?:工作|岗位)(?:岗位)?(?:经历|经验|年限)?(?:累计|已|实际)?{_Q}",
            _years,
            (
                ("从事专业工作满1年", is_("years_in_speciality", "1", op=">=", unit="年")),
                ("从事本专业技术工作五年以上", is_("years_in_speciality", "5", op=">=", unit="年")),
            ),
            ("从事专业工作1年", "连续从事专业工作满1年"),
            holds=frozenset("№"),
        ),
        Atom(
            "years_in_speciality.behind",
            "years",
            rf"(?:具有|具备|有)?{_Q}的?(?P<what>{_NAME}{{2,16}}?)工作(?:经历|经验|年限)",
            _years,
            (("具有5年以上本专业工作经历", is_("years_in_speciality", "5", op=">=", unit="年")),),
            holds=frozenset("№"),
        ),
        Atom(
            "years_of_work",
            "years",
            rf"(?:参加)?工作{_Q}",
            _number("years_of_work", "年"),
            (("工作满六年", is_("years_of_work", "6", op=">=", unit="年")),),
            holds=frozenset("№"),
        ),
        Atom(
            "speciality",
            "person",
            rf"从事(?P<what>{_NAME}{{2,16}}?)(?:相关)?工作(?:的)?",
            _named_speciality,
            (
                ("从事生态环境工程专业技术工作的", is_("speciality", "生态环境工程")),
                ("从事专业技术工作", Condition(opaque="从事专业技术工作")),
            ),
            holds=frozenset("从"),
        ),
        Atom(
            "title",
            "title",
            _title_atom(r"(?:取得|获得|具有|具备|持有|拥有|获)(?:了|的)?", rf"(?:后|已)?{_Q}?"),
            _title_years("years_with_title"),
            (
                ("取得助理工程师资格", is_("title_held", "助理工程师")),
                ("取得其他专业中级职称", is_("title_held", "其他专业中级")),
                ("具有中级及以上职称", is_("title_held", "中级", "副高级", "正高级", "高级")),
            ),
            ("取得注册消防工程师资格", "未取得中级职称"),
        ),
        Atom(
            "post",
            "title",
            _title_atom(
                r"(?:取得并)?(?:实际|被|现)*(?:聘任(?:为|在|到)?|受聘(?:为|担任|在)?|聘为|聘(?:在)?|评聘|担任|从事|任)(?:了|的)?",
                rf"(?:工作)?(?:累计|已|实际)?{_Q}?",
            ),
            _title_years("years_in_post"),
            (
                ("聘任工程师职务", is_("title_held", "工程师")),
                ("未评聘工程师职务"[1:], is_("title_held", "工程师")),
            ),
        ),
        Atom(
            "years_in_post",
            "years",
            rf"(?:实际)?(?:被)?(?:聘任|受聘|任职|任现职|担任现职|聘任现职|现职聘任)(?:累计|已|实际)?{_Q}",
            _number("years_in_post", "年"),
            (("任现职满5年", is_("years_in_post", "5", op=">=", unit="年")),),
            holds=frozenset("№"),
        ),
        Atom(
            "skill",
            "certificate",
            rf"{_HAS}(?:相应|本职业)?的?(?P<names>{_SKILL}(?:(?:、|或者?){_SKILL})*)(?P<side>{_UP})?"
            rf"(?:(?:国家)?(?:职业)?(?:资格|技能等级)(?:(?:或者?|、|\()(?:国家)?(?:职业)?(?:资格|技能等级)\)?)?|资格|证书)(?:证书)?(?:后)?{_Q}?",
            _certificate,
            (
                ("获得技师职业资格或职业技能等级", is_("certificate", "技师")),
                ("高级工及以上职业资格证书", is_("certificate", *SKILLS[2:])),
            ),
            holds=frozenset("技工"),
        ),
        Atom(
            "licence",
            "certificate",
            rf"(?:取得|获得|具有|具备|持有)(?P<names>{_LICENCE}(?:(?:、|或者?){_LICENCE})*)(?:专业)?的?(?:国家)?(?:执业|职业|从业)?资格(?:证书)?(?:后)?{_Q}?",
            _certificate,
            (
                ("取得二级建造师、二级注册结构工程师专业的职业资格", is_("certificate", "二级建造师", "二级注册结构工程师")),
                ("取得注册会计师执业资格证书", is_("certificate", "注册会计师")),
            ),
            ("取得助理工程师资格",),
            holds=frozenset("资"),
        ),
        Atom(
            "contest",
            "honour",
            rf"(?:获得?|取得|荣获)?(?P<contest>{_NAME}{{2,24}}?(?:竞赛|大赛|比赛|锦标赛))(?:个人)?(?:赛项)?{_Q}",
            _contest,
            (("国家级一类技能竞赛前五名", Condition(all=(is_("contest", "国家级一类技能竞赛"), is_("contest_rank", "5", op="<=", unit="名")))),),
            ("全国技能竞赛优秀组织奖5名",),
            holds=frozenset("赛"),
        ),
        Atom(
            "contest.first",
            "honour",
            rf"(?:获得?|取得|荣获)?(?P<contest>{_NAME}{{2,24}}?(?:竞赛|大赛|比赛|锦标赛))第(?P<n>[一二三四五六七八九十]|\d{{1,2}})名",
            _placed,
            (("全国职业技能大赛第一名", Condition(all=(is_("contest", "全国职业技能大赛"), is_("contest_rank", "1", op="<=", unit="名")))),),
            holds=frozenset("赛"),
        ),
        Atom(
            "award",
            "honour",
            rf"(?:获得?|取得|荣获|享受|被授予)?(?P<award>{_NAME}{{0,24}}?(?:奖(?!励|项)|金牌|银牌|铜牌|能手|工匠|津贴|领办人|首席技师|劳动模范|先进工作者|技术标兵)"
            rf"(?:银牌|铜牌|[一二三]等奖|奖)*)(?:获得者|称号|荣誉称号|荣誉|证书)?(?!项目)",
            _award,
            (
                ("全国技术能手", is_("award", "全国技术能手")),
                ("获得世界技能大赛优胜奖", is_("award", "世界技能大赛优胜奖")),
                ("享受国务院政府特殊津贴", is_("award", "国务院政府特殊津贴")),
                ("省级技能大师工作室领办人", is_("award", "省级技能大师工作室领办人")),
            ),
            ("未获得省级科技奖", "获得国家科技进步奖二等奖以上", "省级奖项"),
            holds=frozenset("奖牌能工津办首劳先标"),
        ),
        Atom(
            "winner",
            "honour",
            rf"(?P<award>{_NAME}{{2,24}}?(?:大赛|竞赛|奖章|勋章|荣誉)获得者)",
            _award,
            (("钱江技能大赛获得者", is_("award", "钱江技能大赛获得者")),),
            holds=frozenset("赛章誉"),
        ),
        Atom(
            "talent_programme",
            "honour",
            rf"(?:入选)?(?P<programme>(?:{_NAME}|\"){{2,28}}?(?:工程|计划|人才库))(?:中)?(?:入选(?:为)?|的)?(?P<place>\"{_NAME}{{2,14}}\"|第?[一二三]层次|{_NAME}{{2,8}}人选)?(?:人才|人选|入选者|培养人选|培养对象)?",
            _programme,
            (
                ("省“百千万”高技能领军人才培养工程中入选“拔尖技能人才”", is_("talent_programme", "省百千万高技能领军人才培养工程拔尖技能人才")),
                ("入选省“151”人才工程第二层次", is_("talent_programme", "省151人才工程第二层次")),
            ),
            ("参与重点工程",),
            holds=frozenset("程划库"),
        ),
        Atom(
            "continuing_education_per_year",
            "other",
            rf"(?:每年|年均)(?:度)?(?:参加)?(?:继续教育)?(?:培训|学习|学时)*{_Q}(?:继续教育)?",
            _number("continuing_education_hours_per_year", "学时"),
            (("每年参加继续教育培训达到90学时", is_("continuing_education_hours_per_year", "90", op=">=", unit="学时")),),
            holds=frozenset("№"),
        ),
        Atom(
            "continuing_education",
            "other",
            rf"(?:参加)?继续教育(?:培训|学习|学时)*{_Q}",
            _number("continuing_education_hours", "学时"),
            (("继续教育不少于90学时", is_("continuing_education_hours", "90", op=">=", unit="学时")),),
            holds=frozenset("№"),
        ),
        Atom(
            "self_assessed_score",
            "other",
            rf"(?:其)?(?:量化评价|量化)?自评(?:得)?分(?:须|应|需)?{_Q}",
            _number("self_assessed_score", "分"),
            (("其自评分达到95分以上", is_("self_assessed_score", "95", op=">=", unit="分")),),
            ("自评分达到规定分值",),
            holds=frozenset("№"),
        ),
        Atom(
            "recommenders",
            "other",
            rf"(?:须|需|应)?(?:由|经|有)(?P<field>本专业|同专业|同行)?{_Q}(?:\(含[^()]*\))?(?:具有|具备)?(?P<who>[^,;()№□※]{{2,24}}?)(?:技术职务任职资格|任职资格|专业技术职务|职称)?的?(?:同志|人员)?(?:实名|书面|联名|共同)?(?:推荐|举荐)",
            _recommenders,
            (
                (
                    "经两名水利高级工程师实名推荐",
                    Condition(all=(is_("recommenders", "2", unit="名"), is_("recommender_title", "水利高级工程师"))),
                ),
                (
                    "需由本专业2名正高级专家举荐",
                    Condition(all=(is_("recommenders", "2", unit="名"), is_("recommender_title", "本专业正高级专家"))),
                ),
            ),
            ("经单位推荐",),
            holds=frozenset("№"),
        ),
        Atom(
            "yearly_assessment",
            "other",
            rf"(?:专业技术人员)?(?:年度|任期)考核(?:结果|等次|成绩)?(?:均|都)?(?:须|应|需)?(?:为|在|达到|达)?\"?(?P<grade>优秀|基本合格|基本称职|合格|称职)\"?(?:\((?:或)?(?:基本)?(?:称职|合格)\))?(?:等次)?(?P<side>{_UP}|{_DOWN})?(?:等次)?",
            _assessment,
            (
                ("年度考核合格以上", is_("yearly_assessment", "合格", op=">=")),
                ("年度考核为合格（或称职）以上", is_("yearly_assessment", "合格", op=">=")),
                ("年度考核基本合格及以下", is_("yearly_assessment", "基本合格", op="<=")),
            ),
            ("近3年年度考核合格以上", "培训考核合格"),
            holds=frozenset("核"),
        ),
        Atom(
            "yearly_assessment.below",
            "other",
            r"(?:专业技术人员)?(?P<years>近(?:№·*|[几一二两三四五\d]年))?(?:年度|任期)?考核(?:结果|等次)?(?:中)?(?:有|出现|存在)(?:过)?\"?(?P<grade>合格|称职)\"?(?:等次)?以下(?:的?(?:等次|情况))?",
            _assessed_below,
            (("年度考核有合格以下等次", is_("yearly_assessment", "合格", op="<")),),
            ("考核为合格以下",),
            holds=frozenset("核"),
        ),
        Atom(
            "exam_passed",
            "other",
            r"(?:(?:经|参加)?(?:专业|业务|统一)?(?:水平|能力)?(?:考试|测试)(?:成绩)?(?:合格|通过)|通过(?:专业|业务|统一)?(?:水平|能力)?(?:考试|测试))",
            lambda words, found: is_("exam_passed", "true"),
            (("考试合格", is_("exam_passed", "true")), ("通过业务考试", is_("exam_passed", "true"))),
            holds=frozenset("试"),
        ),
        Atom(
            "social_insurance",
            "other",
            rf"(?:连续|累计)?(?:正常)?(?:缴纳|参加|交纳|缴)(?:社会保险费?|社保|基本养老保险|养老保险)(?:连续|累计)?(?:时间)?{_Q}",
            _insurance,
            (
                ("连续缴纳社会保险一年以上", is_("social_insurance_months_running", "1", op=">=", unit="年")),
                ("缴纳社保满6个月", is_("social_insurance_months", "6", op=">=", unit="月")),
            ),
            ("在本地缴纳社保满6个月",),
            holds=frozenset("№"),
        ),
        Atom(
            "age",
            "other",
            rf"(?:年龄)?(?:在|须|应|一般)?{_Q}(?:及?以前)?(?:\((?:即)?\d{{4}}年\d{{1,2}}月\d{{1,2}}日(?:\(含\))?(?:以|之|及以)?[前后]出生\))?",
            _age,
            (("年满18周岁", is_("age", "18", op=">=", unit="岁")), ("年龄不超过55周岁", is_("age", "55", op="<=", unit="岁"))),
            ("年龄55岁", "男年满60周岁"),
            holds=frozenset("№"),
        ),
        Atom(
            "employment",
            "person",
            rf"(?:在)?(?:各类|各级)?(?P<name>{_EMPLOYER})(?:{_LIST}(?:各类)?(?P<name>{_EMPLOYER}))*(?:中|内)?",
            _employment,
            (
                ("各类企事业单位", is_("employment", "企业", "事业单位")),
                ("公务员（含参照公务员法管理的工作人员）", is_("employment", "公务员", "参公管理")),
                ("企业、社会团体、个体经济组织", is_("employment", "企业", "社会团体", "个体经济组织")),
                ("参照公务员法管理单位", is_("employment", "参公管理")),
            ),
            ("外资企业", "水利事业单位"),
        ),
        Atom(
            "in_service",
            "person",
            r"(?:在职在岗|在职|在岗)(?:的)?(?:专业技术|工程技术|专业技术职务)?(?:人员|人才|职工)",
            lambda words, found: is_("in_service", "true"),
            (("在职专业技术人员", is_("in_service", "true")), ("在职在岗人员", is_("in_service", "true"))),
            holds=frozenset("岗职"),
        ),
        Atom(
            "retired",
            "person",
            r"(?:已)?(?:离退休|离休|退休|达到法定退休年龄)(?:的)?(?:人员|专业技术人员)",
            lambda words, found: is_("retired", "true"),
            (("离退休人员", is_("retired", "true")),),
            ("返聘退休人员",),
            holds=frozenset("休"),
        ),
        Atom(
            "nationality_permit",
            "person",
            r"(?:持有)?(?P<permits>(?:外国人永久居留证|海外高层次人才居住证|港澳台居民居住证)(?:(?:、|或者?|和)(?:外国人永久居留证|海外高层次人才居住证|港澳台居民居住证))*)(?:的)?"
            r"(?P<who>(?:外籍(?:和|、|及)港澳台|外籍|港澳台)(?:\p{Han}{2,6}?(?:专业)?)?(?:技术)(?:人才|人员))?",
            _permit,
            (
                (
                    "持有外国人永久居留证、海外高层次人才居住证的外籍和港澳台工程专业技术人才",
                    Condition(
                        all=(is_("nationality_permit", "外国人永久居留证", "海外高层次人才居住证"), Condition(opaque="外籍和港澳台工程专业技术人才"))
                    ),
                ),
            ),
            holds=frozenset("证"),
        ),
        Atom(
            "region",
            "person",
            r"(?:在)?(?P<region>[我本全](?:省|市|区|县|州|自治区))(?:范围内|行政区域内|辖区内|区域内|内)?(?:就业|注册)?的?(?:各类|各级)?"
            r"(?=企|事业|国有|民营|非公|社会|个体|从事|在职|在岗|公务员)",
            lambda words, found: is_("region", found["region"]),
            (),
            holds=frozenset("我本全"),
        ),
        Atom(
            "criteria_met",
            "other",
            rf"(?:符合|达到|满足|按照?|依据|根据)(?:{_NAME}{{2,20}}(?:部|厅|局|委|办公室|委员会))?{_DOCUMENTS}(?:等)?(?:文件)?(?:中)?(?:的)?(?:有关|相关|明确)*(?:的)?(?:规定|要求|条件|精神)*(?:的)?(?:报考|申报|评审|参评)?(?:条件|要求)?",
            _criteria,
            (
                ("符合《评价条件》第六条规定", is_("criteria_met", "第六条")),
                ("符合《实施细则（试行）》及《评价条件》等有关规定", Condition(opaque="符合《实施细则（试行）》及《评价条件》等有关规定")),
                (
                    "符合《评价条件》第五条第一、二款规定",
                    Condition(all=(is_("criteria_met", "第五条第一款"), is_("criteria_met", "第五条第二款"))),
                ),
            ),
            holds=frozenset("□"),
        ),
    )


def read_atom(words: Words, start: int, end: int) -> tuple[Atom, int, Condition] | None:
    """The longest atom at a place that reads its words, with its end."""
    best: tuple[Atom, int, Condition] | None = None
    there = set(words.text[start:end])
    for atom in atoms():
        if atom.holds and atom.holds.isdisjoint(there):
            continue
        found = compiled(atom.regex).match(words.text, start, end)
        if found and found.end() > start and (best is None or found.end() > best[1]):
            condition = atom.read(words, found)
            if condition is not None:
                best = (atom, found.end(), condition)
    return best
