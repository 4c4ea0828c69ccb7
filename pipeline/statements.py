"""The notice cut into sentences, list items and table cells, with what each one needs to be understood: its section, its clauses, its headers."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from extractors.pattern import compiled, fold
from pipeline.outline import Outline
from schemas.document import Block, Cell, Document, Section, Span, Table
from schemas.mention import Mention


@dataclass(frozen=True)
class Sentence:
    """[start, end) without the closing mark; `paragraph` is the span of its paragraph.

    `labels` are the headers over a table cell, row header last; so they are for a line that is only a value under the line that names it.
    """

    span: Span
    paragraph: Span
    section: Section
    table: Table | None = None
    cell: Cell | None = None
    labels: tuple[str, ...] = ()

    def __hash__(self) -> int:
        return self.span.start  # no two sentences of a text share it; hashing a whole table costs much


@dataclass(frozen=True)
class Reading:
    """A document with all that later steps ask of it. `masked` is the folded text with titles, long quotations and addresses blanked out, so that their words count for nothing."""

    document: Document
    outline: Outline
    mentions: tuple[Mention, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def remembered(self) -> dict[object, dict[tuple[object, ...], object]]:
        """What `once_a_reading` keeps: answers by function and question."""
        return {}

    @cached_property
    def folded(self) -> str:
        return fold(self.document.text)

    @cached_property
    def masked(self) -> str:
        return _mask(self.document.text, self.folded, self.mentions)

    @cached_property
    def _starts(self) -> list[int]:
        return [sentence.span.start for sentence in self.sentences]

    def sentence_at(self, position: int) -> Sentence:
        """The sentence that holds a position; the last one before it where it stands between two."""
        return self.sentences[max(bisect_right(self._starts, position) - 1, 0)]

    def sentences_from(self, start: int, end: int) -> Sequence[Sentence]:
        """The sentences that begin in a stretch."""
        return self.sentences[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def holding(self, words: str) -> Iterator[Sentence]:
        """The sentences in which an expression is found, in order: one pass over the text instead of a question to each. The expression wants words
        without which a rule cannot be, none that looks at a sentence's end or start; what the mask hides is found too."""
        search, at = compiled(words).search, 0
        while (found := search(self.folded, at)) is not None:
            sentence = self.sentence_at(found.start())
            if sentence.span.end > at:
                yield sentence
            at = max(sentence.span.end, found.start() + 1)

    def holds(self, span: Span, words: str) -> bool:
        """Whether an expression is found in a span: the same cheap question to a clause, before the dear ones."""
        return compiled(words).search(self.folded, span.start, span.end) is not None

    @cached_property
    def _by_paragraph(self) -> dict[Span, list[Sentence]]:
        out: dict[Span, list[Sentence]] = {}
        for sentence in self.sentences:
            out.setdefault(sentence.paragraph, []).append(sentence)
        return out

    def paragraph_of(self, sentence: Sentence) -> list[Sentence]:
        return self._by_paragraph[sentence.paragraph]

    @cached_property
    def _by_section(self) -> dict[str, list[Sentence]]:
        out: dict[str, list[Sentence]] = {}
        for sentence in self.sentences:
            out.setdefault(sentence.section.id, []).append(sentence)
        return out

    def sentences_of(self, section: Section) -> list[Sentence]:
        """The sentences that stand in a section itself, in none below it."""
        return self._by_section.get(section.id, [])

    @cached_property
    def _below(self) -> dict[str, list[Section]]:
        out: dict[str, list[Section]] = {}
        for section in self.outline.sections:
            out.setdefault(section.parent or "", []).append(section)
        return out

    def sections_below(self, section: Section) -> list[Section]:
        """The sections right below a section."""
        return self._below.get(section.id, [])

    def segment(self, sentence: Sentence, position: int) -> Span:
        """The part of the sentence between two ；."""
        return _between(self._semicolons, sentence, position)

    def clause(self, sentence: Sentence, position: int) -> Span:
        """The part of the sentence between two commas or stronger marks."""
        return _between(self._marks, sentence, position)

    @cached_property
    def _marks(self) -> list[int]:
        """Where the marks between clauses stand; the colon of 17:00 parts none."""
        return [found.start() for found in compiled(r"[,;]|(?<!\d):|:(?!\d)").finditer(self.folded)]

    @cached_property
    def _semicolons(self) -> list[int]:
        return [at for at in self._marks if self.folded[at] == ";"]

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.span.start for mention in self.mentions]

    def mentions_in(self, span: Span) -> list[Mention]:
        return [
            m
            for m in self.mentions[bisect_right(self._mention_starts, span.start - 1) : bisect_right(self._mention_starts, span.end - 1)]
            if m.span.end <= span.end
        ]

    def true_headings(self, section: Section) -> list[Section]:
        """The section and those above it whose heading is one (not the first words of a paragraph), deepest first; the notice's own title is none."""
        found = self._true_headings.get(section.id)
        if found is None:
            found = [s for s in self.outline.path(section) if is_heading(s.heading) and s.heading != self.outline.title and self._is_named(s)]
            self._true_headings[section.id] = found
        return found

    def _is_named(self, section: Section) -> bool:
        """Only an annex has a long heading; elsewhere it is one that ran into its paragraph. Nor is the line of a list (（3）高级2000元；) a heading of what
        stands below it."""
        if section.level == 1 and section.id.startswith("附"):
            return True
        line = "".join(self.folded[section.start : section.start + 2 * _LONG_HEADING].partition("\n")[0].split())
        listed = line.endswith(f"{fold(section.heading)};") or compiled(r"\d[ ]?元").search(section.heading)
        return len(section.heading) <= _LONG_HEADING and not listed

    @cached_property
    def _true_headings(self) -> dict[str, list[Section]]:
        """By the section's id."""
        return {}


_LONG_HEADING = 20
P = ParamSpec("P")
R = TypeVar("R")


def once_a_reading(function: Callable[Concatenate[Reading, P], R]) -> Callable[Concatenate[Reading, P], R]:
    """A pure function of a reading that the rules of every kind ask again: each answer is kept as long as the reading. Its results are never changed."""

    @wraps(function)
    def asked(reading: Reading, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answers = reading.remembered.setdefault(function, {})
        question = (*args, *kwargs.values()) if kwargs else args
        try:
            return cast(R, answers[question])
        except KeyError:
            answers[question] = answer = function(reading, *args, **kwargs)
            return answer

    return asked


def _between(marks: list[int], sentence: Sentence, position: int) -> Span:
    """What lies around a position between two marks, within the sentence. `marks` are positions in order."""
    behind = bisect_left(marks, position)
    start, end = sentence.span.start, sentence.span.end
    if behind and marks[behind - 1] >= start:
        start = marks[behind - 1] + 1
    if behind < len(marks) and marks[behind] < end:
        end = marks[behind]
    return Span(start, end)


@lru_cache(4096)
def is_heading(heading: str) -> bool:
    return bool(heading) and not compiled(r"[,，;；。…!！?？]").search(heading)


def read_statements(document: Document, outline: Outline, mentions: list[Mention]) -> Reading:
    """Document, Outline and mentions → Reading."""
    sentences = tuple(_labelled(document, mentions, [s for block in document.blocks for s in _sentences(document, outline, block)]))
    if not sentences:
        whole = Span(0, len(document.text))
        sentences = (Sentence(whole, whole, outline.sections[0]),)
    return Reading(document, outline, tuple(mentions), sentences)


def _sentences(document: Document, outline: Outline, block: Block) -> Iterator[Sentence]:
    if block.kind == "table":
        table = document.tables[bisect_left(document.tables, block.start, key=lambda table: table.start)]
        yield from _cells(document, outline, table)
        return
    text = document.text[block.start : block.end]
    for found in compiled(r"[^。！？!?\n]+(?:[。！？!?](?=[”」』）)])[^。！？!?\n]*)?").finditer(text):
        for start, end in _bounded(document.text, block.start + found.start(), block.start + found.end()):
            if document.text[start:end].strip():
                yield Sentence(Span(start, end), Span(block.start, block.end), outline.section_at(start))


def _labelled(document: Document, mentions: list[Mention], sentences: list[Sentence]) -> Iterator[Sentence]:
    """Lines of a table that a conversion has set one below another: 评审费 / 高级 / 380元. A line that is only a value has the line above it for
    its label, and a line that names a unit further up for its header."""
    starts = [mention.span.start for mention in mentions]
    for i, sentence in enumerate(sentences):
        if sentence.cell is None and sentence.span.start == sentence.paragraph.start and _is_value(document, mentions, starts, sentence.span):
            names = [s for s in sentences[max(0, i - 12) : i] if _is_name(document, s)]
            above = sentences[i - 1] if i else None
            if above is not None and names and names[-1] is above:
                words = ["".join(document.text[s.span.start : s.span.end].split()) for s in names]
                header = next((w for w in reversed(words[:-1]) if compiled(r"元|费|时间|日期").search(w)), "")
                yield replace(sentence, labels=(header, words[-1]))
                continue
        yield sentence


LABEL = 20  # characters of a line that may name what stands below it


def _is_name(document: Document, sentence: Sentence) -> bool:
    """A short line of words, alone in its paragraph."""
    text = document.text[sentence.span.start : sentence.span.end].strip()
    alone = sentence.span.start == sentence.paragraph.start and sentence.span.end >= sentence.paragraph.end
    return sentence.cell is None and alone and len(text) <= LABEL and compiled(r"[\p{Han}]{2}").search(text) is not None


def _is_value(document: Document, mentions: list[Mention], starts: list[int], span: Span) -> bool:
    """Whether a line is only a number, an amount or a time."""
    text = fold(document.text[span.start : span.end]).strip(" ;.")
    if len(text) > 2 * LABEL or not compiled(r"\d").search(text):
        return False
    if compiled(r"\d{1,6}(?:\.\d+)?").fullmatch(text):
        return True
    inside = [m for m in mentions[bisect_right(starts, span.start - 1) :][:2] if m.span.end <= span.end and m.kind in ("date", "money", "quantity")]
    return bool(inside) and len(inside[0].span) >= len(text) - 2


LONGEST = 1_000  # characters of a sentence; what is longer is no sentence, and every rule looks through the whole of one


def _bounded(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run without a full stop in pieces of bounded length, cut behind a comma where there is one."""
    while end - start > LONGEST:
        cut = max(text.rfind(mark, start + LONGEST // 2, start + LONGEST) for mark in "，；,;、")
        cut = cut + 1 if cut > 0 else start + LONGEST
        yield start, cut
        start = cut
    yield start, end


def _cells(document: Document, outline: Outline, table: Table) -> Iterator[Sentence]:
    text = document.text
    columns, rows = _headers(text, table)
    first = 0  # rows behind this one stand under the header row
    if _is_list_of_values(text, table):
        columns, first = {}, -1
    section = outline.section_at(table.start)  # a table opens none
    for cell in table.cells:
        if text[cell.start : cell.end].strip():
            span = Span(cell.start, cell.end)
            below = cell.row > first
            labels = (columns.get(cell.column, "") if below else "", rows.get(cell.row, "") if cell.column > 0 and below else "")
            yield Sentence(span, span, section, table, cell, labels)


def _is_list_of_values(text: str, table: Table) -> bool:
    """报名时间 | 4月1日至4月30日, 缴费时间 | 5月1日前: two columns, of which the second says what the first names, and no header row. A timetable under a
    day (时间 | 6月10日, 9:00 | 语文) has that day in its header row only."""
    valued = {cell.row for cell in table.cells if cell.column == 1 and compiled(r"\d月\d{1,2}日|\d元").search(text[cell.start : cell.end])}
    return table.width == 2 and 0 in valued and len(valued) > 1


def _headers(text: str, table: Table) -> tuple[dict[int, str], dict[int, str]]:
    """Column → words of the first row; row → words of the first column, a group's name holding for the rows below it that have none."""
    columns: dict[int, str] = {}
    rows: dict[int, str] = {}
    for cell in table.cells:
        words = "".join(text[cell.start : cell.end].split())
        if cell.row == 0:
            columns |= dict.fromkeys(range(cell.column, cell.column + cell.columns), words)
        if cell.column == 0 and words:
            rows |= dict.fromkeys(range(cell.row, cell.row + cell.rows), words)
    group = ""
    for row in range(1, table.height):
        group = rows.setdefault(row, group)
    return columns, rows


_REWORDED = r"(?:更正|修改|调整|变更|修订|改|增加|补充|增补)(?:为)?[:：]?$"
"""更正为“40周岁以下”: what is quoted here is what holds."""


def _mask(text: str, folded: str, mentions: tuple[Mention, ...]) -> str:
    """Titles, addresses and quotations of more than eight characters become blanks of the same length."""
    chars = list(folded)

    def blank(start: int, end: int) -> None:
        chars[start:end] = "□" * (end - start)

    for mention in mentions:
        if mention.kind in ("title", "url", "email", "number"):
            blank(mention.span.start, mention.span.end)
    for found in compiled(r"“[^“”\n]{9,60}”").finditer(text):
        if not compiled(_REWORDED).search(text[max(0, found.start() - 8) : found.start()]):
            blank(*found.span())
    return "".join(chars)


@once_a_reading
def is_heading_line(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence is only the number and heading of its section, and the section goes on behind it; or a line of an annex's title."""
    section = sentence.section
    if sentence.cell is not None or not section.heading or section.end <= sentence.span.end + 2:
        return False
    words = "".join(reading.document.text[sentence.span.start : sentence.span.end].split())
    if section.id.startswith("附") and "/" not in section.id and words in section.heading:
        return True
    return words.endswith(section.heading) and len(words) - len(section.heading) <= 8 and is_heading(section.heading) and len(words) <= 40


LONG_CELL = 20  # characters of a table cell that may say more than a label
_MODAL = (
    r"应(?!届|试|聘|用|考|急|邀|对)|须(?!知)|务必|(?<!无|不)需(?!求)|不得|不准|不宜|不应|不要|不再|不可|不能|严禁|禁止|不予|切勿|勿|可(?!能|靠|行性|持续|信|供|观|评审)|原则上|一般(?:应|不|为|通过)"
    r"|(?<![需主重必只纲摘简首概])要(?!求|点|件|素|闻|事|领|旨|害|义|约|价)|要求(?=[\p{Han}\"])|请(?!示|书|表|人|联)|截止|逾期|免(?!冠)|无需|无须"
    r"|不(?:少|低|高|多|超|迟|晚|早)[于过]|至少|(?:以上|以内|以下)(?!简称|称|方式|附件|材料|事项|条件|任一|述|情形|要求|范围)|达到|满\d|大于|小于|限\d"
)
_ACT = (
    r"负责(?!人)|承担|主要指|无法(?:进行|提交|申报|报名|参加)|不在此(?:范围|列)|实行|采用|采取|坚持|强调|注重|突出|着力|严格|严肃|严把|确保|加强|落实|鼓励|支持|作为|视为|纳入|等同|同等|相当于|按相当|挂钩|为准|有效(?!期|身份|证件)|有误|无效|取消|退回|承诺|统一|负有"
    r"|(?:按照?|参照|依照|根据)[^,;。]{2,60}(?:执行|办理|进行|开展|申报|要求$|规定$)|由[^,;。]{2,40}(?:组织|负责|分配|审核|确认|收取?|统一|汇总|认定|制定|进行|承担|评审|申报|受理|办理)"
    r"|(?:收取|缴纳|提交|提供|上传|报送|填写|填报|录入|登录|点击|选择|确认|签署|导出|打印|下载|携带|出示|公示|评审|审核|审查|推荐|查询|登记|备案|发放|领取|注册|绑定|保存|查看|预览|扫描|完成|提取)(?!表|后$|系统|平台|网|材料$|情况$|办法|条件|委|时间|程序|工作的|数据)"
    r"|另行(?:通知|公布)|组织开展|负责组织|遵守|具有|具备|熟悉|掌握"
)
_EXPLAINS = r"^(?:系统(?:会|将|自动显示)|照片用于|(?:\d[.、])?[\p{Han}()]{2,16}[:]?(?:是|即|均)?指(?!导|引|南|标)|即为|具体[^,]{0,24}(?:详见|见)|(?:\(|注:)?(?:详见|见)附件|网址|注:(?:该|本|此)表)|^现将[^。]*如下:?$"
_POINTS = r"^[^,;。]*(?:详见|参见|(?<=要求|内容|办法|操作|流程|表格|目录|说明)见)(?:附件|平台)[^,;。]{0,12}$"


_LEADS = (
    r"^(?:根据|依据|按照?|遵照|结合|经|为了?|鉴于|由于|因)[^,;。]*(?:要求|规定|精神|文件|通知|安排|情况|评审|提示|有关规定|条件)$|^为(?:防止|做好|进一步|促进|确保|加强|落实|规范)"
    r"|^(?:如果?|若|凡|对于?)[^,;。]{2,40}$|^[\p{Han}、]{2,8}(?:审核|审查|推荐|报送|申报|公示){1,3}$"
)
_LEADS_TO = ("后", "之前", "以前", "前", "时", "期间", "以来", "的", "者", "之日", "通过", "无误")


_CLICK = r'^[^,;。]{0,6}(?:点击|单击)"?(?:下一步|确定|保存|返回)"?$|^进入["□][^,;。]*页面$'  # a bare click, and what it leads to


def binds(text: str) -> bool:
    """Whether a clause (masked) orders, permits, forbids, sets a measure or tells what is done, by its modals, measures and verbs of acting.

    A clause that only leads to another one (根据…要求, 审核通过后, 如…的) does not bind by itself.
    """
    text = text.strip()
    if compiled(_CLICK).search(text):
        return False
    if (text.endswith(_LEADS_TO) or compiled(_LEADS).search(text)) and compiled(
        r"应(?!届|试|聘|用)|必须|不得|严禁|须(?!知)|可(?:以|先|由)|无法"
    ).search(text) is None:
        return False
    return compiled(_MODAL).search(text) is not None or compiled(_ACT).search(text) is not None


@once_a_reading
def in_preamble(reading: Reading, sentence: Sentence) -> bool:
    """Before the first numbered section: title, addressees, and 根据…现将有关事项通知如下."""
    text = reading.folded[sentence.span.start : sentence.span.end]
    if sentence.section.id.startswith("附") and "/" not in sentence.section.id:
        return compiled(r"如下:?[ ]*$").search(text) is not None
    if sentence.section.id != "前言":
        return False
    title = reading.outline.title_span
    if title is not None and sentence.span.start < title.end or compiled(r"(?:通知|公告|通告|说明|安排|公布|告知)如下:?[ ]*$").search(text):
        return True
    leads = compiled(r"^[^;。]{2,200}:[ ]*$|^[ ]*(?:根据|按照|为(?!了?便)|经[^,]{0,6}(?:研究|批准|同意))").search(text)
    return leads is not None and compiled(r"应(?!届|试|聘)|须(?!知)|必须|不得|请|可(?!能)|下列|以下(?!简称)").search(text) is None


@once_a_reading
def is_normative(reading: Reading, sentence: Sentence) -> bool:
    """Whether a statement binds, permits, sets a time, number or consequence or tells a step. Headings alone, head, tail, blanks and explanations do not."""
    if sentence.section.id in ("落款", "版记") or in_preamble(reading, sentence) or is_heading_line(reading, sentence):
        return False
    text = reading.masked[sentence.span.start : sentence.span.end]
    if compiled(_EXPLAINS).search(text.strip()) or "见" in text and compiled(_POINTS).search(text.strip()):
        return compiled(r"应(?!届|试|聘|用)|须(?!知)|必须|不得|严禁|(?<!无|不)需(?!求)").search(text) is not None
    if sentence.cell is not None:
        return len(sentence.span) > LONG_CELL and compiled(_MODAL).search(text) is not None
    return any(binds(clause) for clause in compiled(r"[,;]").split(text))
