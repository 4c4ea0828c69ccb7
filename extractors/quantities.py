"""Numbers with units and comparators: 不少于90学时, 3-5分钟, 前五名, 一式2份. Whether somebody must reach them is the rules' to say."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache

from extractors.atoms import FIGURE, HAN_NUMBER, LAST_FIGURE, NUMBER, S
from extractors.numerals import HAN_NUMERAL, parse, plain
from extractors.pattern import Anchor, Match, Pattern, compiled, match_all
from extractors.vocabulary import rows
from schemas.mention import Count, Mention
from schemas.values import Op

# Civil Code, art. 1259: 以上 以下 以内 届满 include the number; 不满 超过 以外 do not
LEADS: dict[Op, str] = {
    "<": r"没有达到|未达到|达不到|未达|未能达到|不满足|未满足|未满|不满|不足|不到|小于(?!等于|或等于)|低于|少于|<(?![ ]?=)|〈(?=[ ]?\d)",
    ">": r"大于(?!等于|或等于)|超过|超出|高于|多于|>(?![ ]?=)|〉(?=[ ]?\d)",
    ">=": r"大于等于|大于或等于|不少于|不低于|不小于|不(?:得|能|可|应)(?:少于|低于|小于)|至少|最少|最低|达到|满足|须满|应满|年满|累计满|满|达|≥|>[ ]?=",
    "<=": r"小于等于|小于或等于|不超过|不超|不(?:得|能|可|应)(?:超过|突破|高于|大于|多于)|不多于|不高于|不大于|至多|最多|最高|最长|控制在|限制在|限报|(?<![期年权时界上下有无局])限(?!于)|仅限|≤|<[ ]?=",
}
TRAILS: dict[Op, str] = {
    ">=": r"及以上|或以上|以上|或者以上",
    "<=": r"及以下|或以下|以下|以内|之内|内(?![容蒙部])|为限|封顶",
}


def _choice(table: dict[Op, str], name: str) -> str:
    return "(?:" + "|".join(f"(?P<{name}{i}>{words})" for i, words in enumerate(table.values())) + ")"


def _op(found: Match, table: dict[Op, str], name: str) -> Op | None:
    groups = found.groupdict()
    for i, op in enumerate(table):
        if groups.get(f"{name}{i}"):
            return op
    return None


_LEADS: dict[Op, str] = {op: LEADS[op] for op in ("<", ">", ">=", "<=")}
LEAD = _choice(_LEADS, "lead")
_LEAD = f"(?={'|'.join(LEADS.values())}|等于)"  # where a comparator may begin, also inside another
TRAIL = _choice(TRAILS, "trail")


def comparator(before: str, behind: str) -> Op | None:
    """The bound that folded words right before and right behind a number set: 不低于|, |以上."""
    lead = compiled(LEAD + r"(?:[了是为][ ]?)?[ ]?$").search(before[-12:])
    trail = compiled(r"[ ]?(?:\([^()]{1,6}\))?" + TRAIL).match(behind)
    return (lead and _op(lead, _LEADS, "lead")) or (trail and _op(trail, TRAILS, "trail")) or None


FILLER = r"(?:推荐|举荐|代领|填报|上传|选报|申报|有|具备|具有|提交|提供|完成|发表|取得|参加|符合|报考|选择|在|为)?"


@cache
def _units() -> dict[str, str]:
    return {row["unit"]: row["canonical"] for row in rows("units.tsv")}


@cache
def _unit_starts() -> str:
    return "[" + "".join(sorted({unit[0] for unit in _units()} | {"个"})) + "]"


@cache
def _unit() -> str:
    names = "|".join(sorted((u for u in _units() if u not in ("分", "部", "票", "支", "名", "人")), key=len, reverse=True))
    things = "岗位|职位|专业|单位|系列|志愿|项目|课题|方向|文件|PDF|考区|考点|级别|机构|工种|职业|以上|招生|模块|渠道|科目|批次|标准|报名"
    return (
        rf"(?={_unit_starts()})(?P<unit>(?:个)?(?:{names}|部(?![分门署长委件])|票(?!否决)|支(?!一扶)|人(?!计划|一[档份])|名(?!师|牌|校|录)|分(?![别类布析钟之管配解批享数工步期段制]))(?:\([篇部项件册套本张次场台集名人]\))?"
        rf"|个考试年度|个(?={things})|(?<=\d)个(?=[^\p{{Han}}]|的|$))"
    )


def canonical(unit: str) -> str:
    """One spelling a unit: 个工作日 → 工作日, 人 → 名, KB → K."""
    unit = unit.strip()
    if unit == "个":
        return unit
    if unit.endswith(")"):  # 3件（套）
        return unit.replace("(", "（").replace(")", "）")
    if unit in _units():
        return _units()[unit]
    return _units().get(unit.removeprefix("个"), unit.removeprefix("个"))


def families() -> dict[str, str]:
    """Canonical unit → family: units of one family measure one thing."""
    return {row["canonical"]: row["family"] for row in rows("units.tsv")}


def _compared(found: Match) -> Count | None:
    number = parse(found["number"])
    if number is None or _is_year(number, found["unit"]):
        return None
    lead, trail = _op(found, _LEADS, "lead"), _op(found, TRAILS, "trail")
    op = lead or trail
    if lead in (">=",) and trail == "<=":  # 达到5天以内: the words disagree
        op = "<="
    return Count(number, canonical(found["unit"]), op)


def _is_year(number: Decimal, unit: str) -> bool:
    """2022年 that no date pattern took is a blank to fill in, and no length of time."""
    return unit in ("年", "学年") and 1900 <= number <= 2100


def _bare(found: Match) -> Count | None:
    number = parse(found["number"])
    return None if number is None or _is_year(number, found["unit"]) else Count(number, canonical(found["unit"]))


def _between(found: Match) -> Count | None:
    low, high = parse(found["number"]), parse(found["upper"])
    if low is None or high is None or low >= high or _is_year(high, found["unit"]):
        return None
    return Count(low, canonical(found["unit"]), ">=", high, "<=")


def _unitless(found: Match) -> Count | None:
    number = parse(found["number"])
    return None if number is None else Count(number, "", _op(found, _LEADS, "lead"))


def _pixels(found: Match) -> tuple[Count, Count] | None:
    width, height = parse(found["number"]), parse(found["height"])
    if width is None or height is None:
        return None
    op = _op(found, _LEADS, "lead") or _op(found, TRAILS, "trail")
    unit = canonical(found["unit"] or "像素")
    return Count(width, unit, op), Count(height, unit, op)


def _rank(found: Match) -> Count | None:
    number = parse(found["number"])
    return (
        None
        if number is None
        else Count(number, {"名": "名", "位": "名", "": "名", "等奖": "等奖"}.get(found["unit"], canonical(found["unit"])), "<=")
    )


def _sizes(found: Match) -> tuple[str, ...] | None:
    numbers = [parse(n) for n in found.captures("number")]
    return None if None in numbers else tuple(f"{plain(n)}寸" for n in numbers if n is not None)


def _copies(found: Match) -> Count | None:
    number = parse(found["number"])
    return None if number is None else Count(number, "份", _op(found, TRAILS, "trail"))


SPACED = rf"(?:[-负]{S})?(?:\d{{1,12}}(?:,\d{{3}}){{0,4}}(?:\.\d{{1,8}})?|(?<![{HAN_NUMERAL}])[{HAN_NUMERAL}万亿](?:[ ]?[{HAN_NUMERAL}万亿点](?![ ]?分)){{0,16}})[kK]?"
SHARES = {"百": 1, "佰": 1, "千": 10, "仟": 10, "万": 100, "千万": 100_000, "百万万": 10_000_000_000 // 100}


def _spaced(text: str) -> Decimal | None:
    """A number whose characters a layout has drawn apart, its sign and a thousand's k."""
    text = "".join(text.split())
    sign = -1 if text[:1] in ("-", "负") else 1
    text = text.lstrip("-负")
    number = parse(text.rstrip("kK"))
    if number is None and text in ("百", "佰"):
        number = Decimal(100)
    return None if number is None else sign * number * (1000 if text[-1:] in "kK" else 1)


def _percent(found: Match) -> Count | None:
    number = _spaced(found["number"])
    if number is None:
        return None
    whole = "".join((found.groupdict().get("whole") or "百").split())
    return Count(number / SHARES[whole], "%", _op(found, _LEADS, "lead") or _op(found, TRAILS, "trail"))


def _ratio(found: Match) -> Count | None:
    left, right = parse(found["number"]), parse(found["upper"])
    return None if not left or right is None else Count((right / left).normalize(), "比", _op(found, _LEADS, "lead"))


def _fraction(found: Match) -> Count | None:
    part, whole = parse(found["upper"]), parse(found["number"])
    if part is None or not whole:
        return None
    op = _op(found, _LEADS, "lead") or _op(found, TRAILS, "trail")
    if whole == 100:
        return Count(part, "%", op)
    return Count(part / whole, "", op, fraction=f"{plain(part)}/{plain(whole)}")


def _tenths(found: Match) -> Count | None:
    number = parse(found["number"])
    return None if number is None else Count(number * 10, "%", _op(found, _LEADS, "lead") or _op(found, TRAILS, "trail"))


def _half(found: Match) -> Count:
    op = ">" if found["over"] else _op(found, _LEADS, "lead") or _op(found, TRAILS, "trail")
    return Count(Decimal("0.5"), "", op, fraction="1/2")


def _lower_of_two(found: Match) -> Count | None:
    number = parse(found["number"])
    return None if number is None else Count(number, canonical(found["unit"]), ">=")


def _once(_: Match) -> Count:
    return Count(Decimal(1), "次")


@cache
def patterns() -> tuple[Pattern, ...]:
    """The patterns; made at first use, for the units come from a file."""
    unit, d = _unit(), Decimal
    no_ordinal = r"(?<![第之同/\d.])"
    counted = rf"{no_ordinal}(?=[\d{HAN_NUMERAL}万亿点., \t]{{1,60}}余?{_unit_starts()})"  # where a number with a unit may begin
    compare: Callable[[str], str] = lambda number: rf"(?:{LEAD}{S}{FILLER}{S})(?P<number>{number}){S}余?{unit}(?:{S}{TRAIL})?"
    return (
        Pattern(
            name="quantity.between",
            kind="quantity",
            anchor=Anchor(rf"[-~至到]{S}{FIGURE}", 52, 64),
            # 3-5分钟, 1至2个工作日, 300K-500K
            regex=rf"{no_ordinal}(?P<number>{NUMBER}){S}(?:个?(?:年|月|天|分|字|项|名|人|K|KB|M|MB|%|学时|周岁|岁)(?!度))?{S}(?:-|~|至|到){S}(?P<upper>{NUMBER}){S}{unit}",
            value=_between,
            examples=(("3-5分钟", Count(d(3), "分钟", ">=", d(5), "<=")), ("300K-500K", Count(d(300), "K", ">=", d(500), "<="))),
            rejects=("第3-5项", "1.2013-2014学年度", "2015-2016学年"),
        ),
        Pattern(
            name="quantity.interval",
            kind="quantity",
            regex=rf"范围[是为在]?{S}(?P<quote>(?P<number>{NUMBER}){S}(?:-|~|至|到){S}(?P<upper>{NUMBER}))(?P<unit>)(?!{S}{unit.replace('(?P<unit>', '(?:')})",
            value=_between,
            examples=(),
        ),
        Pattern(
            name="quantity.pixels",
            kind="quantity",
            anchor=Anchor(rf"(?<=(?:{LAST_FIGURE}|\)){S})[*xX]{S}{FIGURE}", 60, 90),
            regex=rf"(?:{LEAD}{S})?(?P<number>{NUMBER}){S}(?:\(宽\){S})?[*xX]{S}(?P<height>{NUMBER})(?![\d.]*{S}%)(?:{S}\((?:宽{S}[*xX]{S})?高\))?{S}(?P<unit>像素|px|PX|dpi)?(?:\(宽{S}[*xX]{S}高\))?(?:{S}{TRAIL})?",
            value=_pixels,
            examples=(
                ("大于215*300（宽*高）像素", (Count(d(215), "像素", ">"), Count(d(300), "像素", ">"))),
                ("295（宽）×413（高）像素", (Count(d(295), "像素"), Count(d(413), "像素"))),
            ),
            rejects=("笔试成绩÷1.5×60%",),
        ),
        Pattern(
            name="quantity.compared",
            kind="quantity",
            anchor=Anchor(_LEAD),
            regex=compare(NUMBER),
            value=_compared,
            examples=(
                ("不少于5个工作日", Count(d(5), "工作日", ">=")),
                ("应达到90学时"[1:], Count(d(90), "学时", ">=")),
                ("超过1人", Count(d(1), "名", ">")),
                ("至少2项以上", Count(d(2), "项", ">=")),
                ("不得超过3次", Count(d(3), "次", "<=")),
                ("不能多于5人", Count(d(5), "名", "<=")),
                ("不应低于60分", Count(d(60), "分", ">=")),
                ("不满2年", Count(d(2), "年", "<")),
                ("限1000字以内", Count(d(1000), "字", "<=")),
                ("大于30K", Count(d(30), "K", ">")),
                ("不足两次", Count(d(2), "次", "<")),
                ("＜20%", Count(d(20), "%", "<")),
                ("＞5项", Count(d(5), "项", ">")),
                ("没有达到30分", Count(d(30), "分", "<")),
                ("至少具备1项", Count(d(1), "项", ">=")),
                ("满10年", Count(d(10), "年", ">=")),
            ),
            rejects=("满意", "达到要求"),
        ),
        Pattern(
            name="quantity.percent",
            kind="quantity",
            anchor=Anchor(rf"%|分{S}[之点]", 64, 64),
            # 百分之七十五以上, 不低于百分之三十, 千分之五, 12个百分点, 负3.9%
            regex=rf"""(?:{LEAD}{S}(?:了|是|为)?{S})?(?:(?<![{HAN_NUMERAL}\d])(?P<whole>百{S}万{S}万|千{S}万|[百佰千仟万]){S}分{S}之{S}(?P<number>{SPACED})
                |(?P<number>{SPACED})[ ]{{0,4}}(?:个{S}百{S}分{S}点|%))(?:{S}{TRAIL})?""",
            value=_percent,
            examples=(
                ("百分之七十五以上", Count(d(75), "%", ">=")),
                ("千分之五", Count(d("0.5"), "%")),
                ("一 百 五 十 个 百 分 点", Count(d(150), "%")),
                ("-22.2%", Count(d("-22.2"), "%")),
                ("不低于60%", Count(d(60), "%", ">=")),
            ),
            rejects=("百分之二三十", "五百分之2.2"),
        ),
        Pattern(
            name="quantity.tenths",
            kind="quantity",
            anchor=Anchor(rf"(?<=[一二三四五六七八九]{S})成", 10, 8),
            # 不少于三成, 七成以上
            regex=rf"(?:{LEAD}{S}(?P<number>[一二三四五六七八九]){S}成(?:{S}{TRAIL})?|(?<![{HAN_NUMERAL}完])(?P<number>[一二三四五六七八九]){S}成{S}{TRAIL})",
            value=_tenths,
            examples=(("不少于三成", Count(d(30), "%", ">=")), ("七成以上", Count(d(70), "%", ">="))),
            rejects=("一成不变", "完成以上"),
        ),
        Pattern(
            name="quantity.share",
            kind="quantity",
            anchor=Anchor(_LEAD),
            # 不得超过空缺岗位数的120%, 不低于财政资金的2倍
            regex=rf"{LEAD}[^,;。\d]{{2,16}}?的{S}(?P<number>{NUMBER}){S}(?P<unit>%|倍)",
            value=_compared,
            examples=(("不得超过空缺岗位数的120%", Count(d(120), "%", "<=")),),
        ),
        Pattern(
            name="quantity.changed",
            kind="quantity",
            # 最低服务期由3年调整为5年: the new number
            regex=rf"由{S}(?:原来?的?)?{NUMBER}{S}{unit.replace('(?P<unit>', '(?:')}{S}(?:调整|提高|延长|缩短|降低|改|放宽)(?:为|至|到){S}(?P<number>{NUMBER}){S}{unit}",
            value=_bare,
            examples=(("由3年调整为5年", Count(d(5), "年")),),
        ),
        Pattern(
            name="quantity.trailed",
            kind="quantity",
            anchor=Anchor(counted),
            regex=rf"{no_ordinal}(?P<number>{NUMBER}){S}余?{unit}{S}(?:\([^()]{{1,12}}\))?{TRAIL}",
            value=_compared,
            examples=(("4年以上", Count(d(4), "年", ">=")), ("1000字以内", Count(d(1000), "字", "<=")), ("一年及以上", Count(d(1), "年", ">="))),
            rejects=("第四年以上",),
        ),
        Pattern(
            name="quantity.lower_of_two",
            kind="quantity",
            anchor=Anchor("且", 64, 8),
            # 30K且小于1M: what stands before an upper bound is the lower one
            regex=rf"{no_ordinal}(?P<quote>(?P<number>{NUMBER}){S}{unit})(?={S},?且{S}(?:小于|不超过|低于|不大于))",
            value=_lower_of_two,
            examples=(),
        ),
        Pattern(
            name="quantity.unitless",
            kind="quantity",
            anchor=Anchor(_LEAD),
            # 宽高比大于等于0.65
            regex=rf"(?:{LEAD}|(?P<same>等于)){S}(?:了|是|为|有)?{S}(?P<number>{NUMBER})(?!\d|\.\d)(?!{S}{unit})(?={S}(?:[^\p{{Han}}\dA-Za-z%:/*]|[且和及之的并小大不而或]|平方英尺|$))",
            value=_unitless,
            examples=(("大于等于0.65", Count(d("0.65"), "", ">=")), ("小于等于0.8", Count(d("0.8"), "", "<="))),
        ),
        Pattern(
            name="quantity.rank",
            kind="quantity",
            anchor=Anchor("前", 1, 60),
            # 前五名, 排名前3位
            regex=rf"前{S}(?P<number>{NUMBER}){S}(?P<unit>名|位|%|等奖)|(?<=排名|位列|名列|位次|[特一二三][等]奖){S}前{S}(?P<number>{NUMBER})(?P<unit>)(?!{S}[\p{{Han}}--的%\d])",
            value=_rank,
            examples=(("前五名", Count(d(5), "名", "<=")), ("前3位", Count(d(3), "名", "<="))),
            rejects=("前五年",),
        ),
        Pattern(
            name="quantity.sizes",
            kind="quantity",
            anchor=Anchor("寸", 46, 400),
            regex=rf"(?P<number>{NUMBER}){S}寸(?:{S}(?:、|或|和|/){S}(?P<number>{NUMBER}){S}寸)+",
            value=_sizes,
            examples=(("1寸、2寸", ("1寸", "2寸")), ("一寸或二寸", ("1寸", "2寸"))),
        ),
        Pattern(
            name="quantity.copies",
            kind="quantity",
            # 一式三份, 1式2份, 各一式两份
            regex=rf"(?:一|1|壹){S}式{S}(?P<number>{NUMBER}){S}份(?:{TRAIL})?",
            value=_copies,
            examples=(("一式三份", Count(d(3), "份")), ("1 式 3 份", Count(d(3), "份"))),
        ),
        Pattern(
            name="quantity.ratio",
            kind="quantity",
            anchor=Anchor(rf"(?<=[1-5]{S}):{S}\d", 10, 12),
            regex=rf"(?:{LEAD}{S})?(?<!\d|\d[ ]?:)(?P<number>[1-5]){S}:{S}(?P<upper>\d{{1,3}}(?:\.\d+)?)(?![\d:])(?={S}[的比之,、。;)确出进等选入]|$)",
            value=_ratio,
            examples=(("1:1.5", Count(d("1.5"), "比")), ("不低于1:3", Count(d(3), "比", ">="))),
            rejects=("9:30", "10:1:3"),
        ),
        Pattern(
            name="quantity.fraction",
            kind="quantity",
            anchor=Anchor("分之", 48, 60),
            # 三分之二, 百分之七十五以上
            regex=rf"(?:{LEAD}[^,;。\d]{{0,20}}?)?(?<![\d])(?P<number>{HAN_NUMBER})分之(?P<upper>{NUMBER})(?:{S}{TRAIL})?",
            value=_fraction,
            examples=(("三分之二", Count(d(2) / 3, "", None, fraction="2/3")),),
        ),
        Pattern(
            name="quantity.slashed",
            kind="quantity",
            anchor=Anchor(r"(?<=[1-9])/[2-9]", 20, 10),
            # 不少于总人数的2/3, 2/3以上
            regex=rf"(?:{LEAD}[^,;。\d]{{0,12}}?(?P<upper>[1-9])/(?P<number>[2-9])(?:{S}{TRAIL})?|(?<![\d/.])(?P<upper>[1-9])/(?P<number>[2-9]){S}{TRAIL})(?![\d/])",
            value=_fraction,
            examples=(("2/3以上", Count(d(2) / 3, "", ">=", fraction="2/3")),),
            rejects=("5/20",),
        ),
        Pattern(
            name="quantity.half",
            kind="quantity",
            anchor=Anchor("半数", 8, 8),
            regex=rf"(?:(?:{LEAD}|(?P<over>过)){S}半数(?:{S}{TRAIL})?|半数{S}{TRAIL})",
            value=_half,
            examples=(("超过半数", Count(d("0.5"), "", ">", fraction="1/2")), ("半数以上", Count(d("0.5"), "", ">=", fraction="1/2"))),
        ),
        Pattern(
            name="quantity.once",
            kind="quantity",
            regex=r"(?P<quote>一次性)(?=通过)",
            value=_once,
            examples=(),
        ),
        Pattern(
            name="quantity.bare",
            kind="quantity",
            anchor=Anchor(counted),
            regex=rf"{no_ordinal}(?P<number>{NUMBER}){S}{unit}",
            value=_bare,
            examples=(
                ("5项", Count(d(5), "项")),
                ("两名", Count(d(2), "名")),
                ("78.4分", Count(d("78.4"), "分")),
                ("75%", Count(d(75), "%")),
                ("3个月", Count(d(3), "月")),
            ),
            rejects=("第五条", "三分别"),
        ),
    )


def find(text: str, folded: str) -> list[Mention]:
    """Mentions of quantities; the value is a Count, a pair of them (width, height) or a tuple of sizes."""
    return match_all(patterns(), text, folded)
