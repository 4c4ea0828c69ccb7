"""The notice cut into sentences, list items and table cells, with what each one needs to be understood: its section, its clauses, its headers."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from extractors.pattern import compiled, fold
from pipeline.outline import Outline
from schemas.document import Block, Cell, Document, Section, Span, Table
from schemas.mention import Mention


@dataclass(frozen=True)
class Sentence:
    """[start, end) without the closing mark. `labels` are the headers over a table cell, row header last; `paragraph` is the span of its paragraph."""

    span: Span
    paragraph: Span
    section: Section
    table: Table | None = None
    cell: Cell | None = None
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """A document with all that later steps ask of it. `masked` is the folded text with titles, long quotations and addresses blanked out, so that their words count for nothing."""

    document: Document
    outline: Outline
    mentions: tuple[Mention, ...]
    sentences: tuple[Sentence, ...]

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

    @cached_property
    def _by_paragraph(self) -> dict[Span, list[Sentence]]:
        out: dict[Span, list[Sentence]] = {}
        for sentence in self.sentences:
            out.setdefault(sentence.paragraph, []).append(sentence)
        return out

    def paragraph_of(self, sentence: Sentence) -> list[Sentence]:
        return self._by_paragraph[sentence.paragraph]

    def segment(self, sentence: Sentence, position: int) -> Span:
        """The part of the sentence between two ；."""
        return self._between(sentence, position, ";")

    def clause(self, sentence: Sentence, position: int) -> Span:
        """The part of the sentence between two commas or stronger marks."""
        return self._between(sentence, position, ",;:")

    def _between(self, sentence: Sentence, position: int, marks: str) -> Span:
        start, end = sentence.span.start, sentence.span.end
        text = self.folded
        for i in range(position - 1, start - 1, -1):
            if text[i] in marks and not _in_clock(text, i):
                start = i + 1
                break
        for i in range(position, end):
            if text[i] in marks and not _in_clock(text, i):
                end = i
                break
        return Span(start, end)

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
        return [s for s in self.outline.path(section) if is_heading(s.heading) and s.heading != self.outline.title]


def _in_clock(text: str, i: int) -> bool:
    """The colon of 17:00 parts no clauses."""
    return text[i] == ":" and text[i - 1 : i].isdigit() and text[i + 1 : i + 2].isdigit()


def is_heading(heading: str) -> bool:
    return bool(heading) and not compiled(r"[,，;；。…!！?？]").search(heading)


def read_statements(document: Document, outline: Outline, mentions: list[Mention]) -> Reading:
    """Document, Outline and mentions → Reading."""
    sentences = tuple(sentence for block in document.blocks for sentence in _sentences(document, outline, block))
    if not sentences:
        whole = Span(0, len(document.text))
        sentences = (Sentence(whole, whole, outline.sections[0]),)
    return Reading(document, outline, tuple(mentions), sentences)


def _sentences(document: Document, outline: Outline, block: Block) -> Iterator[Sentence]:
    if block.kind == "table":
        table = next(t for t in document.tables if t.start >= block.start and t.end <= block.end)
        yield from _cells(document, outline, table)
        return
    text = document.text[block.start : block.end]
    for found in compiled(r"[^。！？!?\n]+(?:[。！？!?](?=[”」』）)])[^。！？!?\n]*)?").finditer(text):
        start, end = block.start + found.start(), block.start + found.end()
        if document.text[start:end].strip():
            yield Sentence(Span(start, end), Span(block.start, block.end), outline.section_at(start))


def _cells(document: Document, outline: Outline, table: Table) -> Iterator[Sentence]:
    text = document.text
    columns, rows = _headers(text, table)
    section = outline.section_at(table.start)  # a table opens none
    for cell in table.cells:
        if text[cell.start : cell.end].strip():
            span = Span(cell.start, cell.end)
            labels = (columns.get(cell.column, "") if cell.row > 0 else "", rows.get(cell.row, "") if cell.column > 0 and cell.row > 0 else "")
            yield Sentence(span, span, section, table, cell, labels)


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


def _mask(text: str, folded: str, mentions: tuple[Mention, ...]) -> str:
    """Titles, addresses and quotations of more than eight characters become blanks of the same length."""
    chars = list(folded)

    def blank(start: int, end: int) -> None:
        chars[start:end] = "□" * (end - start)

    for mention in mentions:
        if mention.kind in ("title", "url", "email", "number"):
            blank(mention.span.start, mention.span.end)
    for found in compiled(r"“[^“”\n]{9,60}”").finditer(text):
        blank(*found.span())
    return "".join(chars)


def is_heading_line(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence is only the number and heading of its section, and the section goes on behind it."""
    section = sentence.section
    if sentence.cell is not None or not section.heading or section.end <= sentence.span.end + 2:
        return False
    words = "".join(reading.document.text[sentence.span.start : sentence.span.end].split())
    return words.endswith(section.heading) and len(words) - len(section.heading) <= 8 and is_heading(section.heading) and len(words) <= 40


_BINDING = r"应(?!届|试|聘|考|用)|须(?!知)|必须|务必|需(?!求)|不得|严禁|禁止|不予|可(?:以|直接|申报|参加)|原则上|截止|逾期|不少于|不超过|不低于|以上|至少|达到|收取|缴纳|提交|提供|上传|报送|执行|请(?!示)"


def is_normative(reading: Reading, sentence: Sentence) -> bool:
    """Whether a statement binds, permits or sets a time or number: by its modals, deadlines and imperatives."""
    if sentence.section.id in ("落款", "版记"):
        return False
    return compiled(_BINDING).search(reading.masked[sentence.span.start : sentence.span.end]) is not None
