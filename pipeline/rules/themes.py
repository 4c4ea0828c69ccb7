"""Whom and what a clause speaks of: who acts and the thing that is spoken of, said before the verb, behind it, in a clause before or in the label of the item."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extractors.pattern import Match, compiled
from extractors.terms import find_levels
from pipeline.rules.clauses import ACTING, NUMBERING, printed
from pipeline.statements import Reading, Sentence
from schemas.document import Span

_GOVERNS = (
    # what the subject of a clause stands before: a modal, or a verb or preposition that begins the predicate
    r"(?<![相对适反供响])应(?!届|试|聘|用|考)|须(?!知)|(?<![无不公必所急])需(?!求)|必须|务必|不得|请勿|切勿|不宜|不可|不能|不再|不予|不作为|不在此|未经|(?<![需主重必只纲摘简首概不])要(?!求|点|件|素)|要求(?!的)"
    r"|(?<![许认])可(?!能)|(?<![理自缘])由|按照?|根据|参照|采用|采取|纳入|突出|实行|作为|在填写|与[^,;。]{1,12}(?:具有|同等|相同|挂钩)|包括|栏目?(?:主要)?填写|内容为|一定|分别|(?<!人)才可|负责|将"
    r"|(?<![相针])对(?!口|应|象)|进行|填写审核意见|统一|自行|严把|严格|认真|完成|确保|保证|本着|如实"
)
_DOES = r"登录|登陆|登入|提交|填写|填报|上传|选择|注册|报送|参加|办理|使用|提供|打印|下载|携带|签署|在[^,;。]{2,40}(?:前|内|期间|中)|通过|于|根据"
_HANDS = r"登录|登陆|提交|填写|填报|上传|选择|提供|打印|下载|携带|签署|录入|保存|经(?!办|济|验|营|历)"
_FIRST = rf"^(?:同时|其中|此外|另外|并且?|且|但|还|虽|请|今年|目前|今后|凡|每[位名]|[,:]|注:)*(?!{_GOVERNS}|{_HANDS})"
_BEFORE = rf"{_FIRST}(?P<np>[^,;。]{{1,44}}?)(?:均|都|一律|也|还|主要|原则上|一般|既|全部|保存后|正式|每年|当前|今年|已经?|仍|尽快|只|现|另行?|不)*(?={_GOVERNS})"
_ACTING = rf"(?:{ACTING}|经办人|员工|职工|毕业生|评委|局|科|各?(?:县\(市、区\)|[市区县]))(?:\([^()]{{1,8}}\))?"
_WHO = rf"{_FIRST}(?P<np>[[\p{{Han}}、()]--[对将把经向被]]{{0,40}}?{_ACTING})(?:每年|均|都|一律|也)*(?={_GOVERNS}|{_DOES}|申报材料进行)"
_REACH = 8  # clauses back that a thing is still spoken of
_APPLICANT = r"(?:申报人员?|申报对象|申报者|专业技术人员|考生|报考人员)"
_AGENT = r"(?:需|须|应|由)(?!经)(?:当地|本)?(?P<np>[^,;。]{2,20}?(?:部门|单位|委员会|机构|中心))(?=核对|审核|审查|核实|复核|认定|确认)"
_ACCOUNTS = r"^(?P<who>[^,;。]{2,30}?)的?(?P<np>账号)(?=由|统一|须|应)|分配的(?P<np>账号)"
_DOCUMENTS = ("聘书", "证书", "证明", "材料", "表")
_PLACES: tuple[tuple[str, str], ...] = (
    # where a thing stands in a clause
    ("put", r"(?:将|把)(?P<np>[^,;。]{2,40}?)(?:维护|全部|一并|如实|统一|逐级|及时|作为|录入|填[入写]|上传|报送|纳入|堆砌|放|合成|打包|提交|汇总|寄送|发送)"),
    ("towards", r"(?<![相针])对(?P<np>[^,;。]{2,60}?)的?(?:真实性|完整性|准确性|进行|作出|做出|负责|承诺)"),
    ("guarded", r"(?:严把|把好|把严)(?P<np>[^,;。]{4,12}?)(?<!审核|质量)(?:质量|审核|审查)?关"),
    ("vetoed", r"实行(?P<np>[^,;。]{2,8}?)一票否决"),
    (
        "object",
        rf"(?:提交|提供|上传|签署|提取|选择|录入|填[写报]|留意|保持|出现|完善|发放|撰写|递交|导出)(?!的)(?:相应的?|有关|相关)?(?P<np>[^,;。()]{{2,40}}?)(?={_GOVERNS}|[,;。()]|$)",
    ),
    ("into", r"(?:填入|录入|堆砌到|写入|体现在)(?P<np>[^,;。]{2,16}?)(?:栏目)?[中内里]"),
    ("published", r"若(?P<np>[^,;。]{2,16}?)(?:正式)?(?:发表|出版|刊出)"),
    ("filling", r"在?(?:填写|填报|撰写)(?P<np>[^,;。]{2,60}?)时$"),
    ("named", rf"^(?:累计[^,;。]{{1,3}}年)?(?P<np>(?:(?!{_GOVERNS}|视)[^,;。]){{4,30}}(?:{'|'.join(_DOCUMENTS)}))$"),
)  # fmt: skip
_LEADING = r"^(?:凡|对于?|和|与|及|(?:上传|提交|填写|提供|参加)(?=[^的]*$)|各(?!区|县|市|级|类|项)|其(?!他|它|余)|本|重点|认真|准确|如实|严格|按要求|个人签字的|材料中|今年|近[\d一二三四五六]+年的?|全部)+(?=.{2})"
_UNFIT = (
    # no thing that is spoken of: conditions, adverbs, acts
    r"如有|若有|^(?:如|若|以及|并|或|继续|逾期|原则上|通过|按|因|为|且|该|此|被|同时|关于|没有|无法|每|组织|未(?!刊|发))|(?:[的和及与仍已、不]|之前|以前|时间?内)$"
    r"|^(?:申报|报考|申请|晋升|参评)(?!人|对象|者|材料|表|信息|类别|专业|方式|类型|书|条件)|(?:教师|企业|人员|考生)(?:申报|申请|备案|报考|合作)"
)
_TAIL = r"(?:等(?:必要|相关|有关|方面)?(?:的)?(?:基础)?(?:信息|材料|情况|内容|工作)?|安静|畅通|通畅|整洁|良好)$"
_GENERAL = r"(?:所有|全部|相关|有关|各项|上述|以上|起止|开始和(?:截止|结束))*(?:材料|内容|信息|时间|情况|资料|申报材料|工作|部分|事项|要求)?"  # 提交的所有材料 is not 所有材料
_ATTRIBUTE = r"^(?:字迹|文字|文字描述|语言|内容|内容表述|格式|最后一页|首页|页面|签名|等次|系统|首次|该项|此项|本人|个人|其.?|填写|录入|上传|.*[时前后]|.*期间|.*当年)$"  # said of the thing that was spoken of before


@dataclass(frozen=True)
class Theme:
    """A thing that a clause speaks of, as printed: `things` are its shortest names, `fuller` has what is said of it."""

    things: tuple[str, ...]
    fuller: str
    source: str
    """Where it stands: subject, quoted, label, defined (a label that is explained), heading, or a place of `_PLACES`."""


class Themes:
    """What the clauses of a sentence speak of, each read when it is asked for."""

    def __init__(self, reading: Reading, sentence: Sentence, clauses: Sequence[Span]) -> None:
        self.clauses = clauses
        self.own = cache(lambda place: tuple(_own(reading, clauses[place])))
        self.actors = cache(lambda place: _actors(reading, clauses[place]))
        self.above = cache(lambda: tuple(_above(reading, sentence)))

    def of(self, place: int) -> "Spoken":
        """Of the clause that has this place in the sentence."""
        return Spoken(self, place)


@dataclass(frozen=True)
class Spoken:
    """What a clause may speak of: its own things, those of the clauses before it (latest first), the label and heading of its item; and who acts."""

    _themes: Themes
    _place: int

    @property
    def actors(self) -> tuple[str, ...]:
        """Who acts goes on until somebody else does."""
        return next((acting for place in range(self._place, -1, -1) if (acting := self._themes.actors(place))), ())

    @property
    def own(self) -> tuple[Theme, ...]:
        return self._themes.own(self._place)

    @property
    def before(self) -> Iterator[tuple[Theme, ...]]:
        for place in range(self._place - 1, max(self._place - _REACH, 0) - 1, -1):
            yield tuple(theme for theme in self._themes.own(place) if theme.source != "into")

    @property
    def above(self) -> tuple[Theme, ...]:
        return self._themes.above()

    def thing(self, sources: tuple[str, ...], only: str = "") -> Theme | None:
        """The nearest thing that stands where one of `sources` says and that `only` fits; of one clause the first of these. What is being filled in goes on."""
        if "filling" in sources and (filling := next((t for themes in self._near() for t in themes if t.source == "filling"), None)):
            return filling
        for themes in self._near() if sources else ():
            if fitting := [theme for theme in themes if theme.source in sources and compiled(only).search(theme.fuller)]:
                return min(fitting, key=lambda theme: sources.index(theme.source))
        return None

    def _near(self) -> Iterator[tuple[Theme, ...]]:
        yield (*self.own, *(theme for theme in self.above if theme.source == "defined"))
        yield from self.before
        yield self.above


def _at(span: Span, found: Match, group: str = "np") -> Span:
    return Span(span.start + found.start(group), span.start + found.end(group))


def _actors(reading: Reading, span: Span) -> tuple[str, ...]:
    text = reading.masked[span.start : span.end]
    accounts = compiled(_ACCOUNTS).search(text) if "账号" in text else None
    if accounts and accounts["who"]:
        return acting_names(printed(reading, _at(span, accounts, "who")))
    acting = compiled(_ACTING).search(text) is not None
    found = acting and compiled(_WHO).match(text) or compiled(_AGENT).search(text)
    if found is None or compiled(r"^(?:为|如|若|因|所有|一般)").match(found["np"]):
        return ()
    return acting_names(printed(reading, _at(span, found)))


def acting_names(words: str) -> tuple[str, ...]:
    """有关主管部门和中评委 → 主管部门, 中评委."""
    names = _listed(compiled(r"^(?:有关|相关|各有关|请|每[位名]|由)+").sub("", words), of=r"各[类项]")
    return tuple(name for part in names if (name := compiled(r"^(?:有关|相关)").sub("", part)))


def _own(reading: Reading, span: Span) -> Iterator[Theme]:
    text = reading.masked[span.start : span.end]
    if "账号" in text and (accounts := compiled(_ACCOUNTS).search(text)):
        yield Theme(("账号",), printed(reading, _at(span, accounts)), "subject")
        return
    found = compiled(_BEFORE).match(text) if compiled(_GOVERNS).search(text, 1) else None
    acting = found is None or compiled(rf"{_ACTING}$").search(found["np"]) or compiled(r"^(?:如|若)").match(text)
    if found and not acting and (theme := _thing(printed(reading, _at(span, found)), "subject")):
        yield theme
    for source, expression in _PLACES:
        found = compiled(expression).search(text) if source != "named" or text.endswith(_DOCUMENTS) else None
        if found and (theme := _thing(printed(reading, _at(span, found)), source)):
            yield theme


def _thing(words: str, source: str) -> Theme | None:
    """上传到系统中的佐证材料 → 佐证材料; a list is its members, unless something is said of them all."""
    if title := compiled(r"^《(?P<name>[^《》]+)》").match(words):
        return Theme((title["name"],), title["name"], source)
    if compiled(_UNFIT).search(words) or any(words.count(a) != words.count(b) for a, b in ("（）", "()", "“”", "《》")):
        return None
    words = compiled(_LEADING).sub("", words)
    quoted = compiled(r"[“\"「](?P<name>[^”\"」]{1,20})[”\"」]").search(words)
    if quoted:
        return Theme((quoted["name"],), quoted["name"], "quoted")
    words = compiled(_TAIL).sub("", words.strip('《》“”"'))
    before, _, last = words.rpartition("的")
    if before and compiled(_GENERAL).fullmatch(last):
        last, before = compiled(rf"^{_APPLICANT}(?=.{{4}})").sub("", words), ""
        things: tuple[str, ...] = (last,)
    else:
        last = compiled(rf"^(?:材料中|{_APPLICANT}(?=\p{{Han}}{{2,6}}$))").sub("", last)
        last = compiled(r"(?<=\p{Han}{2})(?:安静|畅通|通畅|整洁)(?=、)").sub("", last)
        things = (last,) if before else _listed(last)
    if len(last) < 2 or compiled(_ATTRIBUTE).search(last):
        return None
    return Theme(things, words, source)


def _listed(words: str, of: str = r"各[类项]|的") -> tuple[str, ...]:
    """The members of A、B和C; 各类证书、材料 is one thing."""
    if compiled(rf"^{of}").search(words) or "的" in words:
        return (words,)
    outside = r"(?![^（(]*[）)])"
    return tuple(part for part in compiled(rf"、{outside}|(?<=[^、]{{2}})(?:和|及|与|或者?|以及)(?=[^、]{{2}}){outside}").split(words) if part)


def _above(reading: Reading, sentence: Sentence) -> Iterator[Theme]:
    """The label that the paragraph begins with (4.工作简历：), then the object of the item's heading (网上填写申报材料)."""
    text = reading.masked[sentence.paragraph.start : min(sentence.paragraph.start + 60, sentence.paragraph.end)]
    number = compiled(NUMBERING).match(text)
    label = compiled(r"(?P<label>(?:[^,;:。()□\"]|\([^()]{1,8}\)){2,24}):(?!\d)").match(text, number.end() if number else 0)
    if label and not find_levels(label["label"]) and not compiled(r"(?:申报|报名|审核|报送|缴费|注意|要求|说明)$").search(label["label"]):
        words = compiled(r"^任[^,;。]{0,6}以来").sub("", printed(reading, _at(sentence.paragraph, label, "label")))
        defined = compiled(r"(?:是|即|均)?(?:指|为)").match(text, label.end()) is not None  # 专业工作年限：是指…，须填写…
        yield Theme(_listed(words), words, "defined" if defined else "label")
    for section in reading.true_headings(sentence.section)[:1]:
        heading = "".join(section.heading.split())
        words = compiled(r"^(?:网上|在线|线上)?(?:填写|录入|上传|提交|提取|选择|完善|报送)(?:相关|有关)?").sub("", heading)
        if words != heading:
            yield Theme((words,), words, "heading")
