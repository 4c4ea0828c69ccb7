"""What a clause is as a duty: whether it binds by itself, how strictly, and what it is about, by the words that any wording of it has."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from extractors.pattern import compiled, fold
from extractors.terms import find_subjects
from pipeline.rules.clauses import is_form_note, parts, trimmed
from pipeline.statements import Reading, Sentence, binds
from schemas.document import Span
from schemas.ruleset import Modality

OTHER = "其他"
ORDERS = (
    r"(?<![相对适反供响])应(?!届|试|聘|用|考|急|邀|对)|须(?!知)|必须|务必|(?<![无不公必所急])需(?!求)|(?<![需主重必只纲摘简首概])要(?!求|点|件|素|闻|事|领|旨|害|义|约|价)|要求(?!的)(?=[\p{Han}\"])|不得|不准|不宜|不要|不可|不能|严禁|禁止"
    r"|不予|切勿|请勿|方[可能]|(?<!人)才[可能]|(?<![许认])可(?!能|靠|行性|持续|信|供|观|评审)|原则上|请(?!示|书|表|人|联)|坚持|严格|实行|鼓励|支持|不再"
)
# what goes with a duty and is none, whatever its words: times, conditions, pointers, bare clicks, logging in
_LEADS_ON_END = ("的", "时", "后", "前", "者", "之日", "外", "的学习", "的要求", "如下")
_LEADS_ON_START = (
    r"^(?:适用于|以下[简统]称|原则上$|按(?:系统)?提示|申报[^,;。]*(?:人员|者|对象)$|对[^,;。]*人员$)|^[^,;。]{0,6}进入|^凡[^,;。]*(?:人员|行为|情况|问题|信息|材料)$"
    r"|^(?:具体)?[^,;。]{0,16}(?:详见|查阅)|^(?:具体|相关|面试|答辩|考试|评审|报名|工作)*(?:安排|时间|地点)$"
)
_LEADS_ON = r"点击|单击|填写[此该本]表|登录[^,;。]*(?:平台|系统|网站?|栏目|□)$|(?:详见|参见|见)(?:附件|附表|平台|网站|评审计划|[^,;。]{0,6}链接)[^,;。]{0,16}$"
_EXPLAINS = r"^(?:以防|以便|便于|避免|防止|为便于|从而|作为体现|即为|(?:是|即|均)?指)|^系统(?:会|将|自动|默认)?"  # purposes and what a system does
_BY_RULES = r"^(?:但|申报[^,;。]{2,16})?[须应需]?(?:按照?|根据|对应|依据|结合)[^,;。]*(?:提示|专业|要求|规定|条件|标准|精神|文件)$"  # leads on where more follows
_NOUN = r"(?:证明|扫描件|复印件|学历|人员|院校|证书|课题|考生|成果|费)$"  # a member of a list, where nothing is ordered
CUES: tuple[tuple[str, str], ...] = (
    # the first that fits: what is told apart by few words stands before what many clauses have
    # 电子证书与纸质证书具有同等效用, 不再发放纸质证书
    ("证书效力", r"同等效[力用]|证书[^,;。]{0,16}(?:具有|同等)[^,;。]{0,6}(?:效力|效用)|不再(?:发放|印制|制发|核发)[^,;。]{0,6}证书|实行[^,;。]{0,4}电子证书"),
    # 不得凭借相同业绩重复申报
    ("业绩不重复", r"(?:相同|同一|用过的)[^,;。]{0,6}(?:业绩|成果|材料)[^,;。]{0,10}重复|业绩[^,;。]{0,8}不(?:得|能)重复"),
    # 试用期满考核结果可作为年度考核结果, 年度考核为合格以上, 与年度考核相挂钩
    ("年度考核", r"作为年度考核|考核[^,;。]{0,8}(?:合格|称职|优秀)|年度考核[^,;。]{0,4}挂钩"),
    # 事业单位应在核定的岗位结构比例内推荐
    ("评聘结合", r"岗位结构比例|核定的[^,;。]{0,8}岗位|竞聘上岗|评聘结合|空缺岗位|岗位(?:空缺|聘任|聘用)|择优推荐"),
    # 考试成绩作为评价指标之一, 可计作一篇论文, 实行一票否决
    (
        "评审规则",
        r"一票否决|定向(?:评价|使用)|赋分|[计记]作|折算|(?:成绩|结果|分数)[^,;。]{0,12}(?:作为|纳入|计入|记入)|重要依据|评价指标|量化考核|评分(?:标准|办法)|代表作[^,;。]{0,4}(?:评审|送审)",
    ),
    # 省外证书须由调入地的人力社保部门确认
    ("省外证书", r"(?:省外|外省|外地|市外)[^,;。]{0,14}证书|调入地[^,;。]{0,12}确认"),
    ("职称转换", r"转评|改系列|相当于[^,;。]{0,12}学历|同级转换"),
    # 按人事隶属关系, 由社会保险所在单位申报, 按工作单位所属地进行职称申报
    ("隶属关系", r"隶属关系|(?:所属地|所在地|属地)[^,;。]{0,6}申报|属地(?:化|原则|管理)|社会保险所在(?:单位|地)|委托评审"),
    ("社会保险", r"参保|缴纳(?:社会保险|社保|养老保险)|(?:社保|社会保险)[^,;。]{0,4}(?:缴纳|缴费)"),
    ("审核责任", r"真实性?[^,;。]{0,16}(?:审核|审查|核[查实])|查核|是否真实"),
    # 对填报信息真实性作出承诺, 内容必须真实规范; 提供真实的材料
    ("材料真实", r"真实|造假|虚假|属实|(?:材料|内容|信息|资料)[^,;。]{0,12}负责|[作做]出[^,;。]{0,6}承诺"),
    # 上述范围以外的申报材料请勿上传, 未刊出的论文不得作为成果, 即可视作有效业绩材料
    (
        "材料范围",
        r"(?:以外|范围外|无关)的[^,;。]{0,8}(?:材料|证书|资料|成果)|不予认可|不在此(?:范围|列)|不(?:得)?作为[^,;。]{0,6}(?:业绩|成果|材料)|视[作为同][^,;。]{0,4}有效|在[^,;。]{2,16}(?:刊物|期刊)[^,;。]{0,8}发表|须在聘|有效(?:业绩)?材料|^主要指",
    ),
    # 账号由省里统一分配, 由市人社部门组织评审
    ("组织实施", r"账号[^,;。]{0,8}(?:分配|开通)|分配的[^,;。]{0,2}账号|由[^,;。]{2,24}(?:组织评审|组织实施|牵头)|负责[^,;。]{2,40}(?:评审|考试|组织|实施)(?:工作)?$"),
    # 选择相应的评审专业, 单位归属要根据…进行选择
    ("专业选择", r"(?<!双向)选择[^,;。]{0,10}(?:专业|类型|类别|申报方式|归属|级别|系列)|选择[^,;。]{0,4}(?:\"[^\"]*委员会|□)|(?:专业|归属|类别)[^,;。]{0,30}选择(?!填)|选择为"),
    ("评价导向", r"评价首位|政治表现|道德品行|德才兼备|以德为先|破除|唯学历|作为评价的?(?:重要)?内容|注重(?:发现|体现|考察)|客观公正(?:地)?评价|特别关注|倾斜"),
    # 认真审核, 严把质量关, 核对原件, 本着对申报人员负责
    (
        "审核责任",
        r"(?:认真|严格|仔细|逐[一级项])[^,;。]{0,14}(?:审核|审查|初审|把关|核查|查验|复核)|严把|把好|核对原件|[进行予以]*复核|填写审核意见(?!时)|本着对[^,;。]{2,12}负责|重点查核|经[^,;。]{2,20}(?<!账号)(?:审核|审查)(?:$|同意|盖章)|认真履职|审核责任",
    ),
    # 突出代表性，不宜过多过杂; 字迹清晰; 不要用订书钉装订
    ("材料质量", r"(?:突出|具有)[^,;。]{0,6}代表性|过多过杂|清晰|清楚|字迹|详实|精[练炼]|装订|格式规范|完整(?!性)|齐全|整洁|列干条|归纳总结"),
    # 实行网上申报, 审核通过后方能开始申报
    (
        "网上申报",
        r"网上申报|线上申报|网上办理|无纸化|使用[^,;。]{2,20}系统|(?:审核|审查)通过[^,;。]{0,3}[后前],?[^,;。]{0,3}(?:才可|方能|方可|才能)[^,;。]{0,8}(?:申报|提取|填报|报名)|(?:方能|方可|无法)(?:开始|进行)[^,;。]{0,8}(?:申报|填报|报名)",
    ),
    # 对举荐行为负责 answers for an act and for no material
    (OTHER, r"对[^,;。]{2,16}行为负责"),
    # 不可罗列姓名 and 可附页 are said of the form of a notice put up
    ("单位公示", r"(?:单位|内部)[^,;。]{0,6}公示|公示(?:内容|结果|期间)|的公示|罗列姓名"),
    # 公示情况在填写审核意见时录入系统, 如实填写, 不得留有空格
    ("信息录入", r"录入|填[写报入]|注明|栏目?内|表述|词语|留有?空|业绩档案维护|维护[^,;。]{0,6}信息|内容为|堆砌|^包括[^,;。]*(?:经历|成绩|心得|体会|打算)"),
    ("继续教育", r"继续教育|公需科目|专业科目|学时|学分"),
    ("考试合格", r"参加[^,;。]{0,40}(?:考试|测试)|通过(?!人员)[^,;。]{0,16}考试(?!取得|网)"),
    ("面试答辩", r"答辩|面试"),
    ("学历认证", r"学历[^,;。]{0,8}认证|学信网"),
    ("收费管理", r"缴款|收费|收取|缴费|缴纳[^,;。]{0,8}费|违规收"),
    ("纪律", r"严肃|违纪|违规|纪律|廉洁|保密|泄露|打招呼|说情|回避"),
    ("基本条件", r"遵守[^,;。]{0,20}(?:宪法|法律|法规)|职业道德|熟悉|掌握|岗位职责|具有[^,;。]{0,30}(?:能力|水平|知识)"),
)  # fmt: skip
_OF_HEADINGS = frozenset(
    ("继续教育", "面试答辩", "年度考核", "评聘结合", "单位公示", "社会保险", "学历认证", "证书效力", "收费管理", "纪律", "隶属关系", "考试合格", "评价导向", "基本条件")
)  # fmt: skip
_BY_DOCUMENT = r"(?:按照?|参照|依照|遵照|根据|依据)[^,;。]*(?:执行|办理|实施|进行|开展|操作)|符合[^,;。]*□[^,;。]*(?:要求|规定|条件)|按(?:规定|要求)"
_OFFICES = r"人力社保(?:部门|局|厅|系统|科)?|社保(?:部门|局|厅|科|所)|(?:纪检|收费|财务|考试)\p{Han}{0,4}(?:部门|机构|中心)"  # names that hold the words of a subject


@dataclass(frozen=True)
class Clause:
    """A clause without its brackets, or the content of a bracket in it: the pieces that it is made of, and the stretch that it belongs to.

    `text` are its words as patterns see them; a short quotation counts for its words.
    """

    span: Span
    bare: tuple[Span, ...]
    within: Span
    text: str
    aside: bool = False


def _text(reading: Reading, bare: tuple[Span, ...]) -> str:
    out = ""
    for piece in bare:
        masked, folded = reading.masked[piece.start : piece.end], reading.folded[piece.start : piece.end]
        if masked != folded:
            for quoted in compiled(r'"[^"]{9,12}"').finditer(folded):
                masked = masked[: quoted.start()] + quoted.group() + masked[quoted.end() :]
        out += masked
    opened = out.rfind('"') if out.count('"') % 2 else len(out)  # a quotation that goes on behind the sentence
    return out[:opened].strip()


def clauses_of(reading: Reading, span: Span) -> Iterator[Clause]:
    """Clauses in order, without their labels; the content of a bracket is told behind the clause that it stands in."""
    for part in parts(reading, span):
        label = compiled(r"[^,;:。()]{1,24}(?:(?<!\d):|:(?!\d))(?=.{4})").match(reading.masked[part.start : part.end])
        if label and not compiled(ORDERS).search(label.group()):
            part = trimmed(reading, Span(part.start + label.end(), part.end))
        brackets = [Span(*m.span()) for m in compiled(r"\([^()]*\)").finditer(reading.masked, part.start, part.end)]
        bare, start = [], part.start
        for bracket in brackets:
            bare.append(Span(start, bracket.start))
            start = bracket.end
        kept = tuple(piece for piece in (*bare, Span(start, part.end)) if len(piece))
        if kept:
            yield Clause(trimmed(reading, Span(part.start, kept[-1].end)), kept, span, _text(reading, kept))
        for bracket in brackets:
            inside = Span(bracket.start + 1, bracket.end - 1)
            for inner in parts(reading, inside):
                yield Clause(inner, (inner,), inside, _text(reading, (inner,)), aside=True)


@lru_cache(4096)
def cue(text: str) -> str | None:
    """The subject that the words of a clause (masked) name by themselves."""
    bare = compiled(_OFFICES).sub("", text)
    return next((subject for subject, expression in CUES if compiled(expression).search(bare)), None)


def is_duty_by_document(text: str) -> bool:
    """参照正常申报执行, 应符合《…》要求: what is to be done is said by a document."""
    return compiled(_BY_DOCUMENT).search(text) is not None


def duty_subject(reading: Reading, sentence: Sentence, clause: str) -> tuple[str, str | None]:
    """The subject of a clause (masked) and why: by its own words, by the headings, by the vocabulary, by a document that it names; 其他 where nothing says it."""
    if is_form_note(reading, sentence) and (subject := cue(fold(reading.outline.path(sentence.section)[-1].heading))):
        return subject, "subject-from-heading"
    if subject := cue(clause):
        return subject, None
    for section in reading.true_headings(sentence.section):
        if (subject := cue(fold(section.heading))) in _OF_HEADINGS:
            return subject, "subject-from-heading"
    if is_duty_by_document(clause):
        return "依据执行", None
    if terms := find_subjects("requirement", compiled(_OFFICES).sub("", clause)):
        return max(terms, key=lambda term: term.end - term.start).words[0], None
    return OTHER, "subject-free"


def sort_of_clause(text: str, *, last: bool, aside: bool) -> Literal["duty", "goes on", "none"]:
    """Whether a clause (masked) binds by itself, goes on with the duty before it, or is none."""
    if text.endswith(_LEADS_ON_END) or compiled(_LEADS_ON_START).search(text) or compiled(_LEADS_ON).search(text):
        return "none"
    if compiled(_EXPLAINS).search(text) or not last and compiled(_BY_RULES).search(text):
        return "none"
    orders = compiled(ORDERS).search(compiled(r"^(?:如果?|若)[需应可要]?").sub("", text))
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


def clause_modality(text: str) -> Modality | None:
    """Of a clause (masked) its own modal, null where it has none."""
    return next((modality for modality, words in _MODALITIES if compiled(words).search(text)), None)
