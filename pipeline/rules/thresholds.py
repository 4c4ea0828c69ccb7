"""Numbers to reach or not to exceed: scores, hours, years, days, counts, copies, sizes, ratios, ranks, weights, in sentences and in tables."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

from extractors.numerals import parse, plain
from extractors.pattern import compiled, fold
from extractors.quantities import LEAD, canonical, comparator, families
from extractors.terms import find_levels, find_subjects
from extractors.vocabulary import Entry, subjects
from pipeline.rules.conditions import condition_of, condition_of_age
from pipeline.rules.draft import Draft, Proof, modality_of
from pipeline.rules.fees import fee_named
from pipeline.scope import scope_of
from pipeline.statements import Reading, Sentence, once_a_reading
from schemas.document import Span
from schemas.mention import Count, Mention, Offset
from schemas.ruleset import Scope
from schemas.values import Adjustment, OneOf, Op, Quantity, Value

_DESCRIBING = r"(?:从|(?<!提)前|上述|以下|下列|这|该|第|其中|其余|分为|共有|现有|设|包括|共|(?<!以)上|原|另|近|某)[ ]?$"


def threshold_rules(reading: Reading) -> Iterator[Draft]:
    """Every threshold of a notice, in order of the text."""
    for mention in reading.mentions:
        sentence = reading.sentence_at(mention.span.start)
        if mention.kind == "date" and isinstance(mention.value, Offset):
            yield from _time_limit(reading, sentence, mention)
        elif mention.kind == "money" and not _out_of_place(reading, sentence, mention):
            yield from _money(reading, sentence, mention)
        elif mention.kind == "quantity" and not _out_of_place(reading, sentence, mention):
            yield from _of_quantity(reading, sentence, mention)
    yield from _table_numbers(reading)


def _out_of_place(reading: Reading, sentence: Sentence, mention: Mention) -> bool:
    """In the title, in the annex list or 落款, in a masked name, in a form's empty line."""
    title = reading.outline.title_span
    if title is not None and title.overlaps(mention.span) or sentence.section.id in ("落款", "版记"):
        return True
    return reading.masked[mention.span.start] == "□"


def _of_quantity(reading: Reading, sentence: Sentence, mention: Mention) -> Iterator[Draft]:
    value = mention.value
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        yield from _sizes(reading, sentence, mention)
    elif isinstance(value, tuple):
        for count, subject in zip(value, ("照片宽度", "照片高度"), strict=True):
            yield _draft(reading, sentence, mention, subject, _quantity(count))
    elif isinstance(value, Count):
        if sentence.cell is not None and _is_score_form(reading, sentence):
            return
        yield from _count(reading, sentence, mention, value)


def _money(reading: Reading, sentence: Sentence, mention: Mention) -> Iterator[Draft]:
    """注册资金不低于100万元, 每项支持10—20万元, 合同额1亿元以上: an amount to reach or not to exceed that is no fee."""
    if sentence.cell is not None and _is_score_form(reading, sentence) or fee_named(reading, sentence, mention.span):
        return
    printed = compiled(r"(?P<number>\d[\d,.]*|\p{Han}+?)[ ]?(?P<unit>[万亿]?元)").search(fold(mention.quote))
    number = parse(printed["number"]) if printed else None
    if printed is None or number is None:
        return
    before, behind = _around(reading, sentence, mention.span)
    before += fold(mention.quote)[: printed.start()]  # 每项支持经费不超过50万元 is one amount
    low = compiled(r"(?P<number>\d[\d.]*)[ ]?(?:[万亿]?元)?[ ]?(?:-|~|至|到)[ ]?$").search(before)
    bounds: list[tuple[Decimal | None, Op | None]] = [(number, comparator(before, behind))]
    if low:
        bounds = [(parse(low["number"]), ">="), (number, "<=")]
        before = before[: low.start()]
    subject, reason = _free(compiled(rf"(?:{LEAD})?[ ]?$").sub("", before), "", Count(number, printed["unit"])) or ("金额", "subject-free")
    for bound, op in bounds:
        if bound is not None and op is not None:
            yield _draft(reading, sentence, mention, subject, Quantity(op=op, number=plain(bound), unit=printed["unit"]), reason)


def _sizes(reading: Reading, sentence: Sentence, mention: Mention) -> Iterator[Draft]:
    yield _draft(reading, sentence, mention, "照片尺寸", OneOf(values=mention.value))


def _quantity(count: Count, op: Op | None = None) -> Quantity:
    return Quantity(op=op or count.op or "=", number=count.fraction or plain(count.number), unit=count.unit)


def _count(reading: Reading, sentence: Sentence, mention: Mention, value: Count) -> Iterator[Draft]:
    before, behind = _around(reading, sentence, mention.span)
    if compiled(_REACHED).search(fold(mention.quote)) and _is_told(before + behind):
        return
    if adjustment := _adjustment(reading, sentence, mention, value, before):
        yield adjustment
        return
    if value.op is None and compiled(r"(?:减少|增加|核减|追加|少提[交供])[^,;。\d]{0,4}$").search(before):
        return  # 论文可减少2篇 changes a number that is asked elsewhere
    if value.op is None and (
        not _binds(before, behind, value, mention.pattern)
        or compiled(r"(?:满分|总分|卷面|试卷|总计|百分制)(?:为|是|各)?[ ]?$").search(before)
        and not compiled(r"^(?:及)?(?:以上)?(?:为|即为|者)?(?:合格|及格|通过)").search(behind)
    ):
        return
    if value.unit in ("年", "月") and mention.quote.endswith(("年内", "月内")):
        return  # a time to act or a ban, no length to reach
    named = _subject(reading, sentence, mention.span, value, before, behind)
    if named is None:
        return
    subject, reason = named
    if value.unit == "%" and compiled(r"^(?:的标准)?(?:收取|缴纳|缴费|收费|减免|优惠)").search(behind):
        return  # a part of a fee
    if subject == "推荐专家人数" and compiled(r"可(?:以)?(?:推荐|举荐)[ ]?$").search(before):
        subject = "推荐名额"
    bounds = [(value, value.op)]
    if value.upper is not None:
        bounds = [(replace(value, upper=None), ">="), (Count(value.upper, value.unit), "<=")]
    for count, op in bounds:
        stated = op or _bare_op(before, behind, count)
        if compiled(r"^[ ]?\([ ]?不含").search(behind) or "不含" in mention.quote:  # 30岁以下（不含30岁）, 30分钟（不含）以上
            stated = _WITHOUT.get(stated, stated)
        if count.unit == "分" and stated == "<" and compiled(_REFUSED).search(behind):
            stated, reason = ">=", "complement"  # 低于60分的不予聘用: 60 is to be reached
        elif stated in (">=", ">") and compiled(_TOO_OLD if count.unit == "岁" else _BARRED).search(behind):
            stated, reason = _COMPLEMENT[stated], "complement"  # 迟到15分钟以上取消资格: it must not come to 15
        elif stated == ">" and compiled(r"^[ ]?(?:者|的),?(?:一律)?(?:不予|取消|淘汰|退回)").search(behind):
            stated, reason = "<=", "complement"  # 复制比超过25%的不予受理
        yield _draft(reading, sentence, mention, subject, _quantity(count, stated), reason, "bare-number" if op is None else None)


_REACHED = r"^(?:达|超过|突破)"


def _is_told(text: str) -> bool:
    """先后举办培训班20期，学员满意度达98.6%: what has been reached is told, and nothing is asked."""
    return (
        compiled(r"(?:先后|共|已|累计)(?:举办|培训|组织|开展|建成|招录|服务)|多年来|截至目前|\d{4}年以来").search(text) is not None
        and compiled(r"应(?!届|用|急)|须|必须|需|不得|要求|可以?申报|方可|条件|具备|的[,;]|者[,;]").search(text) is None
    )


_WITHOUT: dict[Op, Op] = {">=": ">", "<=": "<"}
_COMPLEMENT: dict[Op, Op] = {">=": "<", ">": "<="}
_REFUSED = (
    r"^[ ]?(?:\([^()]{0,12}\))?(?:者|的)?,?[^,;。]{0,6}(?:一票否决|不通过|不得|不予|不能|不再|不提交|取消|淘汰|视为|无效|不合格|不计|不列入|不进入)"
)


# what is refused to whom the number applies; 不再要求, 不再提供 exempt
_BARRED = r"^[^,;。\d]{0,8}?(?:者|的)?,?(?:一律)?(?:不得|不予|不能|不再|禁止|取消)(?:其)?(?:当[年次])?(?:[^,;。]{0,6}资格|再次?|继续|参加|申请|推荐|报考?|申报|报名|参评|参考|进入|入场|受理|立项|聘用|录用|评审|考试|资格)"


_TOO_OLD = r"^(?:的|者|以上|男性?|女性?|人员|职工|、|和|及|或|年?满|\d+|周?岁|\([^()]{0,20}\))*[^,;。]{0,12}?,?(?:不再|不得|不予|不能)(?:申报|参加|报名|受理|推荐|评审|报考|列入|办理)"


def _bare_op(before: str, behind: str, count: Count) -> Op:
    """每位专家可举荐1位, 只能保留一条, 限报1项: no more than that; 最低…, …为合格: no less; else the number as it is."""
    clause = before[max(before.rfind(mark) for mark in ",;:。(") + 1 :]
    if count.unit == "次" and compiled(r"^[^,;。]{0,4}机会").search(behind):
        return "<="
    if count.unit == "岁" and compiled(r"(?:放宽|延长)[至到][ ]?$").search(clause):
        return "<="
    if count.unit == "岁" or compiled(r"间隔$").search(clause):
        return ">="
    if compiled(r"最多|至多|最高(?!学历|学位|职称|等级)|上限|名额[ ]?$|指标[ ]?$").search(clause[-12:]):
        return "<="
    if (
        count.unit in ("比", "分")
        and compiled(r"(?:放宽|降低|下调|降|调整)[至到为][ ]?$").search(clause)
        or compiled(r"使用标准(?:为)?[ ]?$").search(clause)
        or compiled(r"^\)(?:及)?以上").search(behind)
        or compiled(r"最低(?!学历|学位)|至少|不低于|合格标准|合格线|合格分|及格线|分数线|控制线|开考比例").search(_clause(before)[-18:])
        or count.unit == "分"
        and compiled(r"^(?:为|即为)?(?:合格|及格)").search(behind)
    ):
        return ">="
    if compiled(
        r"(?:可|只能|仅能|只可|仅可|只(?=填报|选择|选报|申报|报|推荐)|(?<![期年权时有])限|限报|最多可)(?:以)?(?:通过|享受|推荐|举荐|申报|报考?|选择?|选报|保留|携带|提交|填报)?[^,;。\d]{0,16}$"
    ).search(before) and not compiled(r"由[^,;。]{0,4}$").search(before):
        return "<="
    return "="


def _around(reading: Reading, sentence: Sentence, span: Span) -> tuple[str, str]:
    """What stands before a span in its sentence and behind it, masked."""
    return reading.masked[sentence.span.start : span.start], reading.masked[span.end : sentence.span.end]


def _binds(before: str, behind: str, value: Count, pattern: str) -> bool:
    """Whether a bare number is a requirement and no description."""
    if pattern in ("quantity.copies", "quantity.once"):
        return True
    if compiled(_DESCRIBING).search(before) or compiled(r"^[ ]?(?:规定|款|条件之|方面|阶段|步骤|环节|问题|方式|部分|类型|左右|多)").search(behind):
        return False
    clause = _clause(before)[-24:]
    near = compiled(r"[,;:。)]").split(behind)[0][:30]
    unit = value.unit.partition("（")[0]
    if compiled(_COUNTED_AS if unit in ("分", "%", "比") else rf"{_COUNTED_AS}|设[^,;。\d]{{0,6}}$").search(clause) or behind[:1] in ('"', "》"):
        return False
    if compiled(r"(?:一人|每人|人手)[ ]?$").search(clause):  # 一人一份 says how a form is used
        return False
    if unit in _ITEMS and compiled(_NOUN).search(clause) and compiled(r"^[ ]?(?:$|[,;。、()])").search(behind):
        return True
    test = _BARE.get(unit)
    return test is not None and (compiled(test[0]).search(clause) is not None or bool(test[1]) and compiled(test[1]).search(near) is not None)


_COUNTED_AS = (
    r"(?:计作|视为|视同|折算[为成]?|算作|作为|相当于|配(?!比)|发放)[^,;。\d占]{0,6}$|(?<![积评得百总加减满学合格])分(?:为|成|别)?(?:设|成|有)?[ ]?$"
)


def _clause(before: str) -> str:
    """The last clause; where it has only begun (国家合格线（60分）, 开考比例：1:3) what leads to it."""
    parts = compiled(r"[,;:。(]").split(before)
    return parts[-2] if len(parts) > 1 and not parts[-1].strip() and before.rstrip().endswith(("(", ":")) else parts[-1]


_ITEMS = frozenset(["份", "套", "张", "册", "项", "篇", "部", "本", "件", "条", "门", "种", "台", "集", "首", "幅", "例", "场", "学期"])
# unit → what stands before (to the end of it) or behind a bare number that binds; an empty behind-test is none
_LISTED = r"(?:提交|提供|上传|报送|申报|具备|符合|满足|选择|选报|限报|只能|仅限|保留|携带|至少|须|需|出版|发表|获得?|主持|完成|主编|撰写|附|交|备|任选|填报|报考)[^,;。\d]{0,16}$|各$"
_TERM = r"(?:试用|服务|见习|有效|聘|任|保存|保管|记录|执行|实施|培养|存放|规培|公告|注册|合同)(?:周?期限?|年限)|学制|保存|为期|期限|年限|周期|限期"
_NOUN = r"[\p{Han}》）)\]][ ]?$"  # 评审表3份, 代表作2篇: a list's item, where nothing but a mark follows
_BY_VERB = (_LISTED, "")
_BARE: dict[str, tuple[str, str]] = {
    "份": (r"(?<!一人|每人|人手)[ ]?$", ""),
    "套": _BY_VERB,
    "张": _BY_VERB,
    "册": _BY_VERB,
    "寸": (r"^$a", r"照|相片|免冠"),
    "学时": (r"(?<!汇总|记录)$", ""),
    "学分": (r"(?<!折算为|折合|计|登记|按)$", ""),
    "名": (r"(?:名额|指标|推荐|举荐|可推荐|安排|代领|限|由|设|送)[^,;。\d]{0,8}$", r"推荐|举荐|认可|同意|评委|签名|实名|组成"),
    "工作日": (r"公示|审核|核实|反馈|受理|办理|公布|提前[^,;。]{0,4}$", r"公示"),
    "天": (r"公示|审核|核实|反馈|受理|办理|公布|提前[^,;。]{0,4}$", r"公示"),
    "年": (rf"(?:连续|累计|支教|锻炼|任职|间隔|见习|{_TERM})内?(?:一般)?(?:为|是|不变|定为|须)?[ ]?$", r"^(?:度)?(?:考核)?[为评获]{0,2}优秀"),
    "月": (rf"(?:连续|累计|间隔|{_TERM})(?:一般)?(?:为|是|须)?[ ]?$|(?:接受|参加|经过?|进行|完成)$", r"^的?[^,;。]{0,6}见习"),
    "次": (r"(?:只|仅|限|不得|最多|获|奖|进行|可)[^,;。\d]{0,12}$", r"^通过|^[^,;。]{0,4}机会"),
    "%": (r"(?:占|按|权重|比例|系数|达|[*×])[^,;。\d]{0,8}$|(?:成绩|业绩|笔试|面试|考试|答辩|评审|测评|评价)$", r"^[^,;。]{0,10}(?:加权|比例)"),
    "比": (r"比例|按|(?:放宽|调整|提高|降低)[至为到]|比[为是]?[ ]?$", r"比例"),
    "小时": (r"前[ ]?$", r"^内"),
    "岁": (r"(?:男性?|女性?)的?、?(?:年)?$|周岁的?(?:男性?|男职工|人员)?、$|(?:放宽|延长)[至到]$", ""),
    "分钟": (r"(?:每科|每门|每场|每人|提前|时长|时间|讲解|答辩|限时|时限|休息|陈述|汇报|试讲|说课|演讲)[^,;。\d]{0,6}$", ""),
    "分": (
        r"(?:分数线|合格标准|合格线|合格分数?|及格线|使用标准|控制线|(?:成绩|分数线?|标准|线)(?:可|可以)?(?:放宽|降低|下调|降|调整)[至到为])(?:原则上|一般)?(?:为|是|定为|:)?[ ]?$",
        r"^(?:[(（][^)）]*[)）])?(?:为|即为|以上)?(?:者)?(?:为)?(?:合格|及格)|^\)(?:及)?以上",
    ),
    "像素": (r"宽|高|分辨率", ""),
    "厘米": (r"(?:宽|高|边长)(?:度)?(?:为)?[ ]?$", ""),
    "毫米": (r"(?:宽|高|边长)(?:度)?(?:为)?[ ]?$", ""),
    "K": (r"大小|限|文件", ""),
    "M": (r"大小|限|文件", ""),
    "字": (r"字数|限|约", ""),
    "家": _BY_VERB,
    "个": (
        r"(?:限|只能|只|仅|可|选择|申报|报考?|填报|选报|取得|通过|合并[为成]|合成)[^,;。\d]{0,12}$|(?:指标|名额|正高级?|副高级?|高级|中级|初级)$",
        "",
    ),
    **dict.fromkeys(("项", "篇", "部", "本", "件", "条", "门", "科", "种", "台", "集", "首", "幅", "例", "场"), _BY_VERB),
}


@cache
def _entries() -> dict[str, Entry]:
    return {entry.word: entry for entry in subjects("threshold")}


def _allows(entry: Entry, unit: str) -> bool:
    if not entry.units:
        return unit == "" if entry.word == "照片宽高比" else True
    return unit in entry.units


def _subject(reading: Reading, sentence: Sentence, span: Span, value: Count, before: str, behind: str) -> tuple[str, str | None] | None:
    """The measure: a subject that is counted in this unit, the nearest before the number in its clause, behind it, in the sentence, the headers, the heading."""

    def fitting(text: str) -> list[tuple[int, int, str]]:
        return [(t.start, t.end, word) for t in find_subjects("threshold", text) for word in t.words if _allows(_entries()[word], value.unit)]

    if fixed := _fixed(reading, sentence, span, value, before, behind):
        return fixed, None
    clause_start = max(before.rfind(mark) for mark in ",;:") + 1
    near = compiled(r"[,;]").split(behind)[0][:24]
    for text, take, reason in ((before[clause_start:], -1, None), (near, 0, None), (before, -1, None), (behind[:60], 0, "subject-far")):
        if found := fitting(text):
            return found[take][2], reason
    for label in reversed(sentence.labels):
        if found := fitting(fold(label)):
            return found[-1][2], "subject-from-table"
    for above in reading.true_headings(sentence.section):
        if found := fitting(fold(above.heading)):
            return found[-1][2], "subject-from-heading"
    return _free(before, behind, value)


def _fixed(reading: Reading, sentence: Sentence, span: Span, value: Count, before: str, behind: str) -> str | None:
    """Where unit and neighbourhood leave no choice."""
    clause = before[max(before.rfind(mark) for mark in ",;:。") + 1 :]
    around = clause[-20:] + "|" + behind[:20]
    unit = value.unit
    if unit == "":
        return "照片宽高比" if compiled(r"宽高比|长宽比").search(before[-40:]) else _voted(before, behind) if value.fraction else None
    if unit in ("%", "比") and compiled(r"(?:占|[*×])[^,;。\d]{0,8}$").search(clause):
        return "权重" if value.op is None else "所占比例"
    if (
        unit == "比"
        and compiled(r"比例|开考|差额|计划|岗位").search(clause[-20:] + behind[:6])
        and not compiled(r"资金|财政|自筹|出资|师生|生师|配比").search(clause)
    ):
        interviewed = compiled(r"面试|入围|复审|确定|进入").search(around) and not compiled(r"开考").search(clause)
        return "面试比例" if interviewed else "招录比例"
    if unit == "个":
        return "申报项数"
    if unit == "分" and compiled(r"分数线|合格|及格").search(around):
        return "考试成绩"
    if (
        unit == "年"
        and compiled(
            r"(?:任|担任|聘任|受聘|聘|取得|获得)[^,;。]{1,16}(?:职务|职称|资格|岗位|教师|讲师|教授|工程师|馆员|医师|会计师|经济师)?[^,;。]{0,6}$"
        ).search(clause)
        and not compiled(r"从事|学历|学位").search(clause)
    ):
        return "任职年限"
    if unit in ("K", "M"):
        return "照片文件大小" if compiled(r"照片|证件照|头像|图像|相片").search(reading.masked[sentence.paragraph.start : span.start]) else "文件大小"
    if unit == "岁":
        return "年龄"
    if unit == "份":
        return "份数"
    if unit == "学时" and not compiled(r"教学|授课|课堂|工作量|课时|讲授|任教").search(before[-40:]):
        return "继续教育学时"
    if unit in ("字", "字符"):
        return "字数"
    if unit == "寸":
        return "照片尺寸"
    if unit == "张":
        return "照片张数" if compiled(r"照").search(around) else None
    if unit == "名":
        if compiled(r"竞赛|大赛|比赛|排名|名次|评选").search(clause[-16:]) and value.op == "<=":
            return "竞赛名次"
        if compiled(r"^[^,;。]{0,26}(?:推荐|举荐|实名)").search(behind):
            return "推荐专家人数"
        if compiled(r"^[^,;。]{0,26}(?:认可|同意)").search(behind):
            return "认可人数"
        if compiled(r"(?:推荐|举荐)(?:人数|对象|名额)?[^,;。]{0,6}$").search(clause):
            return "推荐名额"
    if unit in ("工作日", "天") and compiled(r"公示").search(around):
        return "结果公示天数" if compiled(_OUTCOME).search(clause + "|" + behind[:10]) else "公示天数"
    if unit in ("年", "月") and compiled(r"有效期").search(clause[-10:]):
        return "有效期"
    if unit in ("年", "月") and (term := compiled(r"(?P<term>学制|修业年限|保存|保管|聘期|实施期限|培养期)[^,;。]{0,8}$").search(clause)):
        return {"保存": "保存期限", "保管": "保存期限"}.get(term["term"], term["term"])
    if unit in ("年", "月") and compiled(r"服务(?:期限?|年限)").search(clause[-10:]):
        return "服务年限"
    if unit == "年" and compiled(r"从事[^,;。]{0,14}工作").search(clause):
        return "技术技能工作年限" if "技能" in clause else "专业工作年限"
    return None


_OUTCOME = r"(?<!推荐|审核|考核|测评)结果[^,;。]{0,14}公示|公示[^,;。]{0,6}结果|拟(?:聘|录|立项|通过|认定)[^,;。]{0,14}公示|(?:通过|入选|录取)人员[^,;。]{0,14}公示"
"""What is shown at the end, and by others than the applicant's own unit."""


def _voted(before: str, behind: str) -> str | None:
    return "通过票数" if compiled(r"票|委员|评委|表决|出席|到会").search(before[-30:] + behind[:20]) else "所占比例"


# what stands in front of the noun and belongs to another number or to nobody: 100米以上或|合同额, 近五年|到账经费, 考生须|提前
_NOT_NAMED = r"^.*(?:以上|以下|以内)(?:的|或者?|且|和)?|^(?:最?近|前)?[\d一二三四五六七八九十]{1,3}年(?:内|来)?|^(?:其中)?(?:考生|应试人员?|申报人员?|申请人|应聘人员)?(?:还|均|都)?(?:须|应当?|需|请|可)(?:有)?(?=\p{Han}{2})"


def _free(before: str, behind: str, value: Count) -> tuple[str, str | None] | None:
    """The notice's own noun phrase before the number: a measure that no vocabulary knows."""
    clause = compiled(r"[,;:。、(]").split(before)[-1]
    clause = compiled(_NOT_NAMED).sub("", clause)
    words = compiled(r"(?:须|应|需|要|均|都|得|已|必须|应当|不|为|是|在|达|约|共|累计|年|则|且|由|只|仅|进行|最多|至多)+$").sub("", clause)
    noun = compiled(r"(?P<noun>\p{Han}{2,10})$").search(words)
    if noun is None:
        family = families().get(value.unit)
        return (f"数量（{value.unit}）", "subject-free") if family and value.unit else None
    return noun["noun"], "subject-free"


def _adjustment(reading: Reading, sentence: Sentence, mention: Mention, value: Count, before: str) -> Draft | None:
    """在上述工作年限基础上顺延一年."""
    if value.unit not in ("年", "月") or not compiled(r"(?:基础上|相应)?(?:顺延|延长|增加|缩短|减少|放宽|提前)[ ]?$").search(before):
        return None
    named = _subject(reading, sentence, mention.span, replace(value, op=">="), before, "")
    minus = compiled(r"(?:缩短|减少|提前)[ ]?$").search(before) is not None
    adds = plain(-value.number if minus else value.number)
    if named is None or named[1] == "subject-free":
        if not compiled(r"年限|资历|学制|工作|任职|任期|聘期").search(reading.masked[sentence.span.start : sentence.span.end]):
            return None
        named = "专业工作年限", None
    subject = named[0]
    start = compiled(r"在?[^,;。]{0,12}基础上[^,;。]{0,4}$").search(before)
    span = Span(sentence.span.start + start.start(), mention.span.end) if start else mention.span
    return _draft(reading, sentence, replace(mention, span=span, quote=reading.document.quote(span)), subject, Adjustment(adds=adds, unit=value.unit))


def _time_limit(reading: Reading, sentence: Sentence, mention: Mention) -> Iterator[Draft]:
    """5个工作日内将纸质材料报送, 提前20分钟到场, 开考30分钟后不得入场 bind as a number of days or minutes too."""
    value = mention.value
    name = mention.pattern.removeprefix("date.")
    if value.length is None or value.unit is None or name not in ("within_from", "within_years", "ahead", "ahead_of_event", "after_start"):
        return
    dated = value.unit in ("工作日", "小时", "分钟") or mention.quote.endswith("前") or (value.event or "").endswith(("期满", "届满", "到期"))
    if name == "ahead_of_event" and not dated:
        return  # 考前一周打印准考证 tells when, and sets no number to keep
    behind = reading.masked[mention.span.end : sentence.span.end]
    if name == "ahead" and value.unit == "年" and compiled(r"^(?:申报|参评|评审|晋升|报考)").search(behind):
        return  # 可提前1年申报 shortens the years that are asked elsewhere
    earliest = name.startswith("ahead") and not mention.quote.endswith("内")
    allowed = name == "after_start" and (
        mention.quote.endswith("内")
        and compiled(r"^[^,;。]{0,4}(?:不得|不能|禁止|严禁|不准)").search(behind) is not None
        or compiled(r"^[^,;。]{0,4}(?:方可|才可|方能|才能|可)").search(behind) is not None
    )
    op: Op = ">=" if earliest or allowed else "<="
    subject = {"ahead": "提前时间", "ahead_of_event": "提前时间", "after_start": "开考后时间"}.get(name, "办理期限")
    if compiled(r"^(?:有(?!效|关)|曾|到过|去过|来自|接触)").search(behind):
        subject = "回溯时间"  # 7天内有旅居史: looked back upon, no time to act in
    yield _draft(reading, sentence, mention, subject, Quantity(op=op, number=plain(value.length), unit=value.unit))


# -- scope and the fields of a threshold


def _draft(reading: Reading, sentence: Sentence, mention: Mention, subject: str, value: Value, *reasons: str | None) -> Draft:
    condition = condition_of(reading, sentence, mention) if _is_years(value) else None
    if isinstance(value, Quantity) and value.unit == "岁":
        condition = condition_of_age(reading, sentence, mention)
    scoped = scope_of(reading, sentence, mention.span, condition=condition, routed=subject not in ("公示天数", "办理期限"))
    scope = scoped.scope
    entry = _entries().get(subject)
    if entry is not None and entry.implies:
        name, _, words = entry.implies.partition("=")
        scope = scope.model_copy(update={name: tuple(words.split(","))})
    items = _items(reading, sentence, mention, subject)
    if items:
        scope = scope.model_copy(update={"items": items})
    if condition is not None and scope.applicants and set(scope.applicants) & {v for t in condition.tests() for v in t.value}:
        scope = scope.model_copy(update={"applicants": None})
    before, behind = _around(reading, sentence, mention.span)
    # what is refused below 60 is asked from 60 on; nobody enters when 30 minutes have gone
    turned = "complement" in reasons or mention.pattern == "date.after_start"
    return Draft(
        "threshold",
        subject,
        value,
        (Proof(mention.span, mention.pattern),),
        scope,
        condition=condition,
        per=_per(before, behind),
        of_whom=_of_whom(behind) if subject in ("推荐专家人数", "认可人数") else None,
        purpose="trigger" if not turned and (_sets_off(before, behind) or _refuses(before, fold(mention.quote), behind)) else "reach",
        modality="must" if turned else modality_of(reading, sentence, mention.span),
        reasons=tuple(dict.fromkeys(r for r in (*reasons, *scoped.reasons) if r)),
    )


def _is_years(value: Value) -> bool:
    return isinstance(value, (Quantity, Adjustment)) and value.unit in ("年", "月")


def _per(before: str, behind: str) -> str | None:
    clause = before[max(before.rfind(mark) for mark in ",;:。(") + 1 :]
    found = compiled(r"每(?P<per>[^\d,;。]{0,6}?专家|考生|[位名个]?[^\d,;。年]{0,2}?单位|年度?|学年|人|位|名|篇|科目?|次|月)").search(clause)
    if found is None:
        return None
    per = found["per"].removeprefix("位").removeprefix("名") or "人"
    per = compiled(r"^(?:推荐|举荐)(?=专家)").sub("", per)
    return {"年度": "年", "学年": "年", "科": "科目"}.get(per, per)


def _of_whom(behind: str) -> str | None:
    found = compiled(
        r"^[ ]?(?:以上)?(?:具有|具备)?(?P<who>[^,;。]{2,24}?)(?:技术职务任职资格|任职资格|专业技术职务|职称)?的?(?:同志|人员)?(?:实名|书面|联名|共同)?(?:推荐|举荐|认可|同意)"
    ).search(behind)
    return "".join(found["who"].split()) if found else None


def _sets_off(before: str, behind: str) -> bool:
    """超过1人的，推荐表无效: the number sets something off."""
    return (
        compiled(r"^[ ]?的,").search(behind) is not None
        and compiled(r"如|若|有下列|超过[^,;。]*$|达不到[^,;。]*$|未[^,;。]*$|不足[^,;。]*$|推荐人数[^,;。]*$").search(before[-30:]) is not None
        or (
            compiled(r"^[ ]?(?:的)?,(?:申报|须参加|应参加|取消|不予|无效|视为)").search(behind) is not None
            and compiled(r"不满|不足|超过").search(before[-4:] + "") is not None
        )
    )


_NOT_TO = r"(?:一律|均|则|也|将)?(?:不得|不予|不能|不再|不准|不允许|禁止|严禁)(?!少于|低于|超过|高于|多于|大于|要求|提供|提交)"


def _refuses(before: str, quote: str, behind: str) -> bool:
    """年满65周岁不予注册, 体温高于37.3℃的不得入场, 不得报考:…负债超过20万元的, 年满50岁的不在此列: what is so may not be, or is left out."""
    if compiled(r"^(?:(?:以上|及以上)?的?(?:人员|者)?|[^,;。()]{0,14}的(?:人员)?),?(?:不在此列|不在此限|不受此限|除外)").search(behind):
        return True
    if compiled(rf"^(?:[^,;。]{{0,12}}(?:的|者|人员),?[^,;。不]{{0,6}}|[^,;。不]{{0,10}}){_NOT_TO}").search(behind):
        return quote[:1] not in "不至最" or compiled(r"^不(?:满|足|到)").search(quote) is not None
    return compiled(rf"{_NOT_TO}[^,;。:]{{0,10}}:[^。]*$").search(before) is not None


def _items(reading: Reading, sentence: Sentence, mention: Mention, subject: str) -> tuple[str, ...] | None:
    """What is counted, where the subject alone does not say it."""
    start, text = sentence.span.start, reading.folded
    before = text[start : mention.span.start]
    behind = text[mention.span.end : sentence.span.end]
    if subject == "份数":
        return _copied(reading, sentence, mention)
    if subject == "字数":
        names = compiled(r'"(?P<name>[^"]{2,12})"').findall(before)
        return (names[-1],) if names else None
    if subject == "竞赛名次":
        contest = compiled(r"(?P<name>[^、,;。:]{2,18}?(?:竞赛|大赛|比赛))[^、,;。:]{0,4}$").search(before)
        return (contest["name"],) if contest else None
    if subject in ("继续教育学时", "继续教育学分", "考试成绩"):
        clause = reading.clause(sentence, mention.span.start)
        matter = compiled(r"(?:行业|一般)?公需科目|专业科目|选修科目").findall(reading.masked[clause.start : mention.span.start])
        return (matter[-1],) if matter else None
    if subject == "条件项数":
        quoted = compiled(r'"(?P<name>[^"]{2,8})"[^,;。]{0,8}$').search(before)
        inner = compiled(r"^(?P<name>\p{Han}{2,8}?)内").search(behind)
        name = quoted["name"] if quoted else inner["name"] if inner else None
        if name is None:
            name = next((s.heading for s in reading.true_headings(sentence.section)), None)
        return (name,) if name else None
    if subject == "认可人数":
        work = compiled(r"代表作|论文|业绩成果|成果").search(before)
        return (work.group(),) if work else None
    return None


_COPIED = r"(?P<name>\p{Han}{2,16}?(?:表|书|证|证明|材料|复印件|名册|花名册|报告|照片|原件|扫描件|档案|册|函|合同|批文|总结|论文|申请|代表作))(?!\p{Han})[^,;。、]{0,10}$"


_FOR_A_LEVEL = r"份[,、](?:申报)?(?:正高级?|副高级?|高级|中级|初级|助理级|员级)[^,;。、\p{Han}]*(?:一式)?$"  # 评审表高级一式4份，中级|


def _copied(reading: Reading, sentence: Sentence, mention: Mention) -> tuple[str, ...] | None:
    """The documents of which copies are asked: what the number's own item of a list names; all of a list that 各 shares the number out to; the title
    right behind; else the title before it, where no other number and no other paper stands between."""
    at, titles = mention.span.start, [m for m in reading.mentions_in(sentence.span) if m.kind == "title"]
    behind = [m.value.title for m in titles if not reading.folded[mention.span.end : m.span.start].strip(" 的") and m.span.start >= mention.span.end]
    if behind:
        return (behind[0],)
    start = reading.segment(sentence, at).start
    if compiled(_FOR_A_LEVEL).search(reading.masked[start:at]) is None:
        start = max([start, *(m.span.end for m in reading.mentions_in(Span(start, at)) if m.kind == "quantity" and m.quote.endswith("份"))])
    own = [m for m in titles if start <= m.span.start and m.span.end <= at]
    text = compiled(r"\([^()]*\)").sub(lambda found: " " * len(found.group()), reading.masked[start:at])
    clause = compiled(r"[,:]").split(text.rstrip(" ,:"))[-1]
    if compiled(r"各[ ]?(?:提交|提供|报送|附|打印|复印|制作)?[ ]?$").search(clause):
        listed = [m.value.title for m in own if m.span.start >= at - len(clause)]
        listed += [name for part in compiled(r"[、和及与]").split(compiled(r"各[^各]*$").sub("", clause)) if (name := _paper(part))]
        return tuple(dict.fromkeys(listed)) or None
    item = clause.rpartition("、")[2]
    if "□" not in item[-4:] and (name := _paper(item.rpartition("□")[2])):
        return (name,)
    last = own[-1] if own else None
    return (last.value.title,) if last and not _paper(text[last.span.end - start :].strip(" ,:")) else None


def _paper(words: str) -> str | None:
    """身份证复印件 of 须提交本人身份证复印件: what a list's item calls the paper."""
    found = compiled(_COPIED).search("".join(words.split()))
    if found is None:
        return None
    name: str = compiled(r"^(?:须|需|应|请|另|并|或|和|及|同时|分别|提交|提供|打印|上传|报送|交|将|纸质|本人|携带?|持|附)+").sub("", found["name"])
    return name if name not in ("原件", "材料", "证明") else None


# -- tables


def _is_score_form(reading: Reading, sentence: Sentence) -> bool:
    """Points and bands of a scoring form are scores, not thresholds; its weights are read apart."""
    return sentence.table is not None and sentence.table.start in _score_forms(reading)


@once_a_reading
def _score_forms(reading: Reading) -> frozenset[int]:
    """Where the scoring forms begin."""
    sign = compiled(r"得分|分值|评分|小计|系数|权重")
    return frozenset(table.start for table in reading.document.tables if sign.search(reading.document.text, table.start, table.end))


_WEIGHT = r"^(?:系数|权重|比重|占比|分值占比|所占比例)$"
_DIMENSION = (("specialties", r"专业|类别|系列"), ("levels", r"级别|层级|职称|职务|等级"), ("items", r"项目|科目|内容|指标|材料|类型"))


def _table_numbers(reading: Reading) -> Iterator[Draft]:
    """Cells that are only a number under a header that names a measure (规定分值 78.4), and weights (系数 75%)."""
    for sentence in reading.sentences:
        if sentence.cell is None or sentence.table is None or not sentence.labels:
            continue
        text = reading.folded[sentence.span.start : sentence.span.end].strip()
        number = compiled(r"(?P<n>\d+(?:\.\d+)?)[ ]?(?P<unit>%|分|学时|学分|名|人|年)?").fullmatch(text)
        if number is None:
            continue
        column = fold(_column_header(reading, sentence))
        row = _row_header(reading, sentence)
        lead = len(reading.folded[sentence.span.start : sentence.span.end]) - len(reading.folded[sentence.span.start : sentence.span.end].lstrip())
        span = Span(sentence.span.start + lead, sentence.span.start + lead + len(text))
        if number["unit"] == "%" and _has_weights(reading, sentence):
            yield _cell_draft(
                reading, sentence, span, "权重", Quantity(op="=", number=_plain(number["n"]), unit="%"), {"items": (row,)} if row else {}
            )
            continue
        named = [(word, _entries()[word]) for term in find_subjects("threshold", column) for word in term.words]
        if not named or _is_score_form(reading, sentence) and named[0][0] != "自评分":
            continue
        word, entry = named[-1]
        printed = compiled(r"[(](?P<unit>[^()]{1,4})[)]$").search(column)
        unit = number["unit"] or (canonical(printed["unit"]) if printed else next(iter(entry.units), ""))
        if number["unit"] and not _allows(entry, {"人": "名"}.get(number["unit"], number["unit"])):
            continue
        dimension = next((name for name, words in _DIMENSION if compiled(words).search(fold(_corner(reading, sentence)))), "items")
        op: Op = ">=" if compiled(r"分值|分数|学时|学分|年限|最低|合格|达到").search(column) else "="
        yield _cell_draft(
            reading,
            sentence,
            span,
            word,
            Quantity(op=op, number=_plain(number["n"]), unit={"人": "名"}.get(unit, unit)),
            _of_row(dimension, row),
        )


def _of_row(dimension: str, row: str) -> dict[str, tuple[str, ...]]:
    """What a row's header says of the scope; levels in the words of the vocabulary."""
    levels = tuple(dict.fromkeys(word for term in find_levels(fold(row)) for word in term.words))
    if levels and (dimension == "levels" or len(fold(row)) <= 8):
        return {"levels": tuple(sorted(levels))}
    return {dimension: (row,)} if row else {}


def _plain(number: str) -> str:
    return plain(parse(number) or Decimal(0))


def _has_weights(reading: Reading, sentence: Sentence) -> bool:
    assert sentence.table is not None
    return any(compiled(_WEIGHT).match("".join(reading.folded[c.start : c.end].split())) for c in sentence.table.cells)


def _words(reading: Reading, start: int, end: int) -> str:
    return "".join(reading.document.text[start:end].split())


def _column_header(reading: Reading, sentence: Sentence) -> str:
    assert sentence.table is not None and sentence.cell is not None
    cell = sentence.table.covering(0, sentence.cell.column)
    return _words(reading, cell.start, cell.end) if cell and sentence.cell.row > 0 else ""


def _corner(reading: Reading, sentence: Sentence) -> str:
    assert sentence.table is not None
    cell = sentence.table.covering(0, 0)
    return _words(reading, cell.start, cell.end) if cell else ""


def _row_header(reading: Reading, sentence: Sentence) -> str:
    """The first cell of the row, or the group's name above it."""
    assert sentence.table is not None and sentence.cell is not None
    for r in range(sentence.cell.row, -1, -1):
        cell = sentence.table.covering(r, 0)
        if cell is not None and cell != sentence.cell and (words := _words(reading, cell.start, cell.end)):
            return words
    return ""


def _cell_draft(reading: Reading, sentence: Sentence, span: Span, subject: str, value: Value, stated: dict[str, tuple[str, ...]]) -> Draft:
    scoped = scope_of(reading, sentence, span)
    entry = _entries().get(subject)
    scope: Scope = scoped.scope.model_copy(update=stated)
    if entry is not None and entry.implies:
        name, _, words = entry.implies.partition("=")
        scope = scope.model_copy(update={name: tuple(words.split(","))})
    return Draft("threshold", subject, value, (Proof(span, "threshold.table_cell"),), scope, reasons=("table-cell", *scoped.reasons))
