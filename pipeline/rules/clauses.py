"""Sentences cut at their marks, and what a clause is made of: who acts, in which system. Shared by the builders of the further kinds."""

from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from extractors.pattern import compiled
from pipeline.statements import Reading, Sentence, once_a_reading
from schemas.document import Span

NUMBERING = r"^[ \t]*(?:(?:[(]?[一二三四五六七八九十\d]{1,3}[)、.．]|第[一二三四五六七八九十\d]{1,3}[条步]|[①-⑳⒈-⒛]|[-●◆■•〇◇◎▲★▪►✓]|(?:备)?注[ ]?\d?:|说明:)[ \t]*)+"
_NUMBERS = "一二三四五六七八九十第备注说"  # words that a number may begin with
_MARKS = ",;:、。"
ACTING = r"(?:人员|申报人|推荐人|报名人|负责人|代理人|考生|教师|老师|专家|者|对象|学员|毕业生|个人|单位|部门|机构|企业|学校|委员会|评委会|[初中高]评委|职改办|职称办|办公室|中心|主管|厅|局)"
_ACTOR = (
    rf"(?:请|凡|各位|由)?(?P<who>[[\p{{Han}}、()]--[对将把经向被]]{{0,40}}?{ACTING})(?:\([^()]{{1,12}}\))?"
    r"(?=应|须|需|要|可|请|在|登录|登陆|进入|负责|对|将|按|通过|根据|凭|于|持|进行|提交|填写|填报|上传|报送|完成|选择|查看|认真|严把|严格|统一|自行|双面|修改|经|组织|开展|审核|点击|下载|打印|必须|务必|不得|,)"
)
_SYSTEM_NAME = r"(?:(?!登录|登陆|登入|进入|通过|访问|使用|下载|安装|需|应|可|至|时|的|或)[\p{Han}A-Za-z0-9()·]){2,40}?(?:平台|系统|网站|[^上联]网|A[ ]?P[ ]?P|小程序|公众号|客户端)"
_SYSTEM = rf"(?:登录|登陆|登入|进入|通过|访问|使用|下载(?:并安装)?|(?<!所|存)在|至)[ ]?[\"《]?(?P<name>{_SYSTEM_NAME})(?=[\"》(,;。]|进行|完成|完善|填|选择|上传|自主|提交|查|下载|打印|缴|中|上|$|后|报名|在线|补|办理|注册|学习)"


@once_a_reading
def parts(reading: Reading, span: Span, marks: str = ",;") -> tuple[Span, ...]:
    """The parts of a span between marks that stand outside brackets and quotations, without blanks and list numbers."""
    out: list[Span] = []
    start, depth, quoted = span.start, 0, False
    masked = reading.masked
    balanced = masked.count("(", span.start, span.end) == masked.count(")", span.start, span.end)
    for found in compiled(rf'[()〔〕"{marks}]').finditer(masked, span.start, span.end):
        i, c = found.start(), found.group()
        if c in "(〔":
            depth += 1
        elif c in ")〕":
            depth = max(depth - 1, 0)
        elif c == '"':
            quoted = reading.document.text[i] != "”" and not quoted
        elif not quoted and not (balanced and depth) and not _in_number(masked, i):
            out.append(Span(start, i))
            start = i + 1
    out.append(Span(start, span.end))
    return tuple(kept for part in out if len(kept := trimmed(reading, part)))


def _in_number(text: str, i: int) -> bool:
    """The mark of 1,286 and 7:30 parts nothing."""
    return text[i] in ",:" and text[i - 1 : i].isdigit() and text[i + 1 : i + 3].isdigit()


def trimmed(reading: Reading, span: Span) -> Span:
    """The span without the list number, blanks and marks at its ends."""
    text = reading.folded
    start, end = span.start, span.end
    if start < end and not ("\u4e00" <= text[start] <= "\u9fff" and text[start] not in _NUMBERS):  # most begin with a word
        number = compiled(NUMBERING).match(text[start:end])
        start += number.end() if number else 0
        while start < end and (text[start] in _MARKS or text[start].isspace()):
            start += 1
    while end > start and (text[end - 1] in _MARKS or text[end - 1].isspace()):
        end -= 1
    return Span(start, end)


def joined(spans: Iterable[Span], gap: int = 2) -> list[Span]:
    """Spans in order, neighbours that only a mark parts made one."""
    out: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, span.end)):
        if out and span.start - out[-1].end <= gap:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        else:
            out.append(span)
    return out


class Covered:
    """Stretches of the text that something has taken, to be asked whether they touch another. Those no further apart than `gap` count as one."""

    def __init__(self, spans: Iterable[Span], gap: int = 2) -> None:
        self._spans = joined(spans, gap)
        self._ends = [span.end for span in self._spans]

    def touches(self, span: Span) -> bool:
        i = bisect_left(self._ends, span.start + 1)
        return i < len(self._spans) and self._spans[i].start < span.end


def printed(reading: Reading, span: Span) -> str:
    """The words of a span as printed, without layout blanks."""
    return "".join(reading.document.quote(span).split())


def actor_at(reading: Reading, span: Span) -> tuple[str, Span] | None:
    """Who acts at the beginning of a span (申报人员所在单位负责…), or behind 由; with where the words stand."""
    text = reading.masked[span.start : span.end]
    found = compiled(_ACTOR).match(text) or compiled(rf"由{_ACTOR}").search(text)
    if found is None or compiled(r"^(?:根据|按照|通过|为|如|若|因|提交|报送|上报|送)").match(found["who"]):
        return None
    who = Span(span.start + found.start("who"), span.start + found.end("who"))
    return printed(reading, who), who


def system_in(reading: Reading, span: Span) -> str | None:
    """The platform or system that the words name: 登录“浙江省…服务平台”（以下简称…）."""
    found = compiled(_SYSTEM).search(reading.folded[span.start : span.end])
    return printed(reading, Span(span.start + found.start("name"), span.start + found.end("name"))) if found else None


def url_in(reading: Reading, span: Span) -> str | None:
    """The first address of a span, as printed."""
    return next((m.quote for m in reading.mentions_in(span) if m.kind == "url"), None)


_BLANK = r"[×xX*]{2,}|_{3,}|(?<=\p{Han})[ ]{4,}\p{Han}|[ ]{3,}月[ ]{2,}|×[^\d]|\(签[字名章]\)"
_NOTE = r"^(?:备?注[ ]?\d?:|\p{Han}{2,12}:[ ]?\((?:包括|突出|简要|应|须|需|请|填写|说明|如实))"  # how to fill it in, printed in the form
_MODEL = r"模板|样式|样表|样本|范本|格式|承诺书$|保证书$"


def is_form_note(reading: Reading, sentence: Sentence) -> bool:
    """注：…不可罗列姓名; 业绩成果：（简要描述…）: what a form or model text says to whoever fills it in."""
    heading = reading.outline.path(sentence.section)[-1].heading
    model = sentence.section.id.startswith("附") and _is_model(heading)
    return model and compiled(_NOTE).match(reading.folded[sentence.span.start : sentence.span.end].strip()) is not None


@once_a_reading
def in_form(reading: Reading, sentence: Sentence) -> bool:
    """In a form to be filled in or a model text: its words bind nobody until somebody signs them."""
    text = reading.document.text[sentence.span.start : sentence.span.end].replace("×", "××")
    if compiled(_BLANK).search(text):
        return True
    if is_form_note(reading, sentence):
        return False
    return sentence.section.id.startswith("附") and _is_model(reading.outline.path(sentence.section)[-1].heading)


@lru_cache(1024)
def _is_model(heading: str) -> bool:
    return compiled(_MODEL).search(heading) is not None


def in_body(reading: Reading, sentence: Sentence) -> bool:
    """Neither title nor head nor tail, nor a question (问：哪些人可以申报？), which says nothing by itself."""
    title = reading.outline.title_span
    if reading.folded[sentence.span.end : sentence.span.end + 1] == "?":
        return False
    return sentence.section.id not in ("落款", "版记") and not (title is not None and title.overlaps(sentence.span))
