"""What the words of a step say: its subject in the vocabulary, who acts, what is done. Shared by the builders of steps."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from extractors.pattern import compiled
from extractors.terms import find_subjects
from pipeline.rules.clauses import actor_at, parts, printed
from pipeline.rules.draft import Draft
from pipeline.statements import Reading, Sentence, once_a_reading
from schemas.document import Section, Span

_KNOWN: tuple[tuple[str, str], ...] = (
    # what several words of the vocabulary could claim; the first that fits decides
    ("材料报送", r"^(?:统一|再|并)?(?:报送|寄送|送交|上报)(?!名)"),
    ("提交", r"^提交[^,;。]{2,30}(?:审核|审查|评审)"),
    ("补正", r"修改[^,;。]{0,8}(?:重新|再次)(?:提交|上报)"),
    ("单位审核", r"^(?:用人|所在|基层|工作|聘用)?单位(?:审核|审查)"),
    ("单位公示", r"(?<!资格|结果[^,;。]{0,4})公示(?!表|栏|聘用|录用|录取|后|之日)"),
    ("主管部门审核", r"^[^,;。]{0,10}主管(?:部门|单位)(?:[和及与、]|审核|审查|推荐)"),
    ("评审", r"(?:评委会?|评审委员会|专家组)[^,;。]{0,8}(?:评审|评议|评价|推荐)|评审$|召开评审会|^评审"),
    ("主管部门审核", r"(?:主管|人社|人力社保|人力资源|社保|职改|呈报|上级|政府|职称)[^,;。]{0,8}(?:单位|部门|机构|办|局)(?:[^,;。]{0,24}(?:审核|审查|推荐|复核|复审|终审)|等?$)"),
    ("单位审核", r"(?:用人|所在|本|基层|推荐|申报|工作|聘用)?单位[^,;。]{0,24}(?:审核|审查|推荐|初审|核实)|^单位推荐|业绩档案审核"),
    ("主管部门审核", r"资格(?:审查|复审|审核)"),
    ("证件照上传", r"证件照|上传照片|照片采集"),
    ("承诺签署", r"承诺书?|保证书"),
    ("附件上传", r"上传[^,;。]{0,8}(?:附件|材料|资料)"),
    ("信息填写", r"(?:完善|填写|填报|录入|维护)[^,;。]{0,4}信息"),
    ("业绩维护", r"(?:提取|选择)[^,;。]{0,6}业绩|业绩档案"),
    ("缴费", r"缴费|费用缴纳|缴纳[^,;。]{0,8}费|支付[^,;。]{0,6}费"),
    ("材料报送", r"报送|(?<!网)上报(?!名)|寄送|送交|递交"),
    ("账号注册", r"注册|登录系统"),
    ("信息填写", r"(?:完善|填写|填报|录入|维护)[^,;。]{0,8}(?:信息|材料|内容|表)|信息(?:录入|填写|采集|维护)"),
    ("个人申报", r"(?:职称|网上|个人|自主|线上|在线|我要)(?:申报|报名|申请)|报名$|申报$"),
    ("面试答辩", r"面试|答辩"),
    ("证书领取", r"(?:打印|下载|领取|发放|查询)[^,;。]{0,12}证书?|电子证书"),
    ("提交", r"^(?:预览|确认)[^,;。]{0,8}(?:提交|信息)?|提交$"),
)  # fmt: skip
DOING = r"登录|登陆|进入|点击|选择|填写|填报|录入|上传|下载|打印|导出|提交|确认|核对|查看|查询|签署|扫描|扫码|绑定|保存|预览|完善|完成|注册|提取|缴纳|支付|报送|审核|审查|推荐|受理|接收|公示|评审|复核|汇总|组织|开展|进行|领取|收集|采集|维护|报名|申报|申请"

_NOT_DONE = (
    r"真实性[^,;]{0,8}负责|承诺|^点击|[前后的]$|(?:时间|期限|日期)(?:从|为|是|自|:|延长|调整|顺延)|截止(?:时间|日期)|分为"
    r"|^\p{Han}{2,10}:(?=[^,;]*\d)(?![^,;]*(?:提交|登录|填|上传|应|须|需|进行))"
)


@dataclass(frozen=True)
class Told:
    """A step with where it is told: as a link of the chain, by a section, by an item of instructions or in passing; `span` holds the words that act."""

    draft: Draft
    sort: Literal["chain", "section", "item", "passing"]
    section: Section
    sentence: Sentence
    span: Span


@lru_cache(4096)  # headings and clauses, which several builders of steps ask about
def step_subject(words: str) -> str | None:
    """The vocabulary's word for a step, by the words of a heading, a link of a chain or a clause; null where it is none."""
    bare = compiled(r"\([^()]*\)").sub("", words).strip()
    for subject, expression in _KNOWN:
        if compiled(expression).search(bare):
            return subject
    named = find_subjects("step", bare)
    return max(named, key=lambda term: term.end - term.start).words[0] if named else None


@dataclass(frozen=True)
class Acting:
    """Who does what; `span` holds the words that say so."""

    actor: str | None
    action: str
    span: Span


@once_a_reading
def saying(reading: Reading, sentence: Sentence) -> list[Span]:
    """The clauses of a sentence that tell what is done: no bare click, no condition, no time, no word that one answers for it."""
    return [
        c
        for c in parts(reading, sentence.span)
        if compiled(DOING).search(words := reading.masked[c.start : c.end]) and compiled(_NOT_DONE).search(words) is None
    ]


def acts(reading: Reading, sentence: Sentence, subject: str | None = None) -> Acting:
    """Actor and action of a sentence: behind the actor, the first clause that does more than log in, or than register where that is not the step's `subject`."""
    clauses = parts(reading, sentence.span)
    telling = saying(reading, sentence)
    if subject != "账号注册":
        telling = [c for c in telling if "注册" not in reading.masked[c.start : c.end]] or telling
    first = next(iter(telling), None) or next((c for c in clauses if compiled(DOING).search(reading.masked[c.start : c.end])), clauses[0])
    who = next((found for c in clauses[: clauses.index(first) + 1] if (found := actor_at(reading, c)) is not None), None)
    start = who[1].end if who is not None and first.start <= who[1].end <= first.end else first.start
    span = Span(start, first.end)
    later = [c for c in clauses[clauses.index(first) + 1 :] if not telling or c in telling]
    words = without_log_in(reading, span)
    if len(words) < 3 and later:
        span = Span(start, later[0].end)
        words = without_log_in(reading, later[0])
    begin = who[1].start if who is not None and who[1].end <= span.start + 1 else span.start
    return Acting(who[0] if who else None, words or printed(reading, span), Span(begin, span.end))


def without_log_in(reading: Reading, span: Span) -> str:
    """登录“…平台”（网址：…）进行个人申报 → 进行个人申报; brackets and modals fall away."""
    words = compiled(r"[（(][^（）()]*(?:[（(][^（）()]*[）)][^（）()]*)*[）)]").sub("", printed(reading, span))
    words = compiled(r"^(?:应当?|须|需|要|可|请|均|并|再|最后|同时|负责|自行|在系统上|,|，)+").sub("", words)
    words = compiled(
        r"^(?:[\p{Han}、]{0,16}?(?:可|应|须|需)(?:提前|以)?)?(?:登录|登陆|进入|通过|在)[“\"]?[\p{Han}A-Za-z]{0,40}?(?:平台|系统|网站|网)[”\"]?(?:中|后|上|，|,)?"
    ).sub("", words)
    return words.strip("，,。；")
