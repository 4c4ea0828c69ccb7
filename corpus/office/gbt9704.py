"""The layout of Chinese official documents, GB/T 9704-2012, on python-docx.

Knows paper, margins, fonts, spacing, the red head, automatic numbering, tables with merged cells, annexes, the signature block and
page numbers. Knows no notice: a notice is a sequence of calls on `Notice`, one call a paragraph or table, made in its own module.
"""

import io
import math
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Literal

from docx import Document
from docx.enum.section import WD_HEADER_FOOTER_INDEX
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

SONG_TITLE = "方正小标宋简体"
FANG_SONG = "仿宋_GB2312"
KAI = "楷体_GB2312"
HEI = "黑体"
SONG = "宋体"
LATIN = "Times New Roman"

NO_2, NO_3, NO_4, NO_5 = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 二号 三号 四号 五号
LINE = Pt(28)
EM = NO_3  # the width of one character of the body
TEXT_WIDTH = Mm(156)
RED = RGBColor(0xE6, 0x00, 0x12)
ZIP_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that a ZIP entry can hold

# What follows these two in the properties of a paragraph: the schema fixes the order.
AFTER_OVERFLOW = ("w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN", "w:snapToGrid", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")
AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:overflowPunct", *AFTER_OVERFLOW)

# Parts of python-docx's template that a document does without.
UNUSED_PARTS = (
    RELATIONSHIP_TYPE.THUMBNAIL,
    RELATIONSHIP_TYPE.CUSTOM_XML,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
)

Align = Literal["left", "center", "right"]
ALIGNMENT = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its paragraphs ("\\n" between them) and how many units of width and how many rows it covers.

    `numbered` has Word number the cell (1、 2、 …): cells that follow row by row count on, any other begins again.
    """

    text: str
    span: int = 1
    rows: int = 1
    align: Align = "center"
    numbered: bool = False


@dataclass(frozen=True)
class Level:
    """One level of a numbering: Word's number format, the printed form with %n for the number, the font of the number."""

    number_format: str
    text: str
    font: str
    first_line: int


OUTLINE = (
    Level("chineseCounting", "%1、", HEI, 2),
    Level("chineseCounting", "（%2）", KAI, 2),
    Level("decimal", "%3.", FANG_SONG, 2),
    Level("decimal", "（%4）", FANG_SONG, 2),
)
CELL_NUMBERS = (Level("decimal", "%1、", FANG_SONG, 0),)


class Notice:
    """A notice in the making. Each call appends what it names, in the order in which it is printed.

    `gap` is what stands between an item's number and its text: "nothing" (1.个人申报) or "space" (1. 个人申报).
    """

    def __init__(self, *, title: str, author: str, issued: date, gap: Literal["nothing", "space"] = "nothing") -> None:
        self.issued = issued
        self._document = Document()
        self._drop_template_content()
        self._describe(title, author)
        self._set_page()
        self._set_styles()
        self._outline = self._add_numbering(OUTLINE, gap)
        self._cells = self._add_numbering(CELL_NUMBERS, "nothing")
        self._outline_list = self._start_list(self._outline, len(OUTLINE))

    # Head

    def red_head(self, issuer: str, number: str) -> None:
        """发文机关标志, the document number below it and the red line that parts them from the text."""
        head = self._paragraph("公文红头", issuer)
        head.paragraph_format.space_before = Mm(30)
        below = self._paragraph("公文发文字号", number)
        below.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _border(below, {"bottom": ("E60012", 18, 11)})

    def document_number(self, number: str) -> None:
        """发文字号 of a letter (函): no red head, flush right above the title."""
        self._paragraph("公文发文字号", number).alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def title(self, *lines: str) -> None:
        """One title, broken into lines where the office broke it."""
        paragraph = self._paragraph("公文标题", "\n".join(lines))
        tight = _tightening(lines, NO_2)
        if tight:
            spacing = _element("w:spacing", val=str(-tight))
            paragraph.runs[0]._r.get_or_add_rPr().insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz")

    def subtitle(self, text: str) -> None:
        self._paragraph("公文副标题", text)

    def addressee(self, text: str) -> None:
        """主送机关."""
        self._paragraph("公文正文", text).paragraph_format.first_line_indent = Pt(0)

    # Body

    def h1(self, text: str) -> None:
        """一、"""
        self._number(self._paragraph("公文一级标题", text), self._outline_list, 0)

    def h2(self, lead: str, text: str = "") -> None:
        """（一）, with its heading and the text that follows on the same line; without a heading, lead is empty."""
        paragraph = self._paragraph("公文正文", "")
        self._number(paragraph, self._outline_list, 1)
        if lead:
            _run(paragraph, lead, KAI)
        if text:
            _run(paragraph, text)
        else:
            paragraph.paragraph_format.keep_with_next = True

    def h3(self, text: str) -> None:
        """1."""
        self._number(self._paragraph("公文正文", text), self._outline_list, 2)

    def h4(self, text: str) -> None:
        """（1）"""
        self._number(self._paragraph("公文正文", text), self._outline_list, 3)

    def p(self, text: str) -> None:
        self._paragraph("公文正文", text)

    def right(self, text: str, *, indent: int = 0) -> None:
        """A line set to the right, `indent` characters from the margin."""
        paragraph = self._paragraph("公文正文", text)
        paragraph.paragraph_format.first_line_indent = Pt(0)
        paragraph.paragraph_format.right_indent = EM * indent
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT

    def table(self, rows: Sequence[Sequence[Cell]], *, size: float = 10.5, height: float = 7.5, heading_rows: int = 0) -> None:
        """A table over the whole width: rows of cells, which share the width by their spans.

        A cell that covers further rows is not repeated in these. size is in points, height (the least of a row) in millimetres;
        heading_rows repeat on every page.
        """
        placed = _place(rows)
        edges = sorted({edge for cell in placed for edge in (cell.start, cell.end)})
        units = edges[-1]
        table = self._document.add_table(0, len(edges) - 1)
        _set_table(table, [int(TEXT_WIDTH.twips * (right - left) / units) for left, right in pairwise(edges)])
        number, numbered_row = 0, -2
        for index in range(len(rows)):
            row = table.add_row()
            row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
            _flag(row._tr.get_or_add_trPr(), "w:cantSplit")
            if index < heading_rows:
                _flag(row._tr.get_or_add_trPr(), "w:tblHeader")
            slots = list(row._tr.tc_lst)
            for item in placed:
                if not item.row <= index < item.row + item.cell.rows:
                    continue
                first, last = edges.index(item.start), edges.index(item.end)
                slot = slots[first]
                for extra in slots[first + 1 : last]:
                    row._tr.remove(extra)
                slot.grid_span = last - first
                slot.width = Mm(156 * (item.end - item.start) / units)
                if item.cell.rows > 1:
                    slot.vMerge = "restart" if index == item.row else "continue"
                _Cell(slot, table).vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
                self._fill(_Cell(slot, table), item.cell if index == item.row else Cell(""), Pt(size))
                if item.cell.numbered:
                    if index > numbered_row + 1:
                        number = self._start_list(self._cells, len(CELL_NUMBERS))
                    numbered_row = index
                    self._number(_Cell(slot, table).paragraphs[0], number, 0)

    # Tail

    def annexes(self, first: str, *others: str) -> None:
        """附件 list. The numbers are typed, as the first one stands behind the word 附件."""
        for index, text in enumerate((first, *others)):
            paragraph = self._paragraph("公文正文", text)
            paragraph.paragraph_format.left_indent = EM * 6
            paragraph.paragraph_format.first_line_indent = EM * (-1 if index else -4)
            paragraph.paragraph_format.keep_with_next = index == len(others)
            if not index:
                paragraph.paragraph_format.space_before = LINE

    def signature(self, issuers: str, on: str) -> None:
        """落款: the issuers (empty where none is printed) and the date, to the right."""
        for index, text in enumerate(filter(None, (issuers, on))):
            self.right(text, indent=4 if text == on else 2)
            if not index:
                self._document.paragraphs[-1].paragraph_format.space_before = LINE * 2
                self._document.paragraphs[-1].paragraph_format.keep_with_next = bool(issuers)

    def annex(self, label: str, *title: str) -> None:
        """An annex: on a new page, its label, its title, and numbers that begin again."""
        self.annex_label(label)
        self._document.paragraphs[-1].paragraph_format.page_break_before = True
        self.title(*title)
        self._outline_list = self._start_list(self._outline, len(OUTLINE))

    def annex_label(self, label: str) -> None:
        self._paragraph("公文附件", label)

    def imprint(self, office: str, printed: str) -> None:
        """版记: the office that printed the document and the day, between two lines."""
        paragraph = self._paragraph("公文版记", f"{office}\t{printed}")
        paragraph.paragraph_format.tab_stops.add_tab_stop(TEXT_WIDTH - NO_4, WD_TAB_ALIGNMENT.RIGHT)
        paragraph.paragraph_format.left_indent = NO_4
        _border(paragraph, {"top": ("000000", 8, 4), "bottom": ("000000", 8, 4)})

    # File

    def save(self, path: Path) -> None:
        """Write the DOCX. The same calls give the same bytes: no clock goes into the file."""
        written = io.BytesIO()
        self._document.save(written)
        with zipfile.ZipFile(written) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in source.namelist():
                entry = zipfile.ZipInfo(name, ZIP_DATE)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 0
                target.writestr(entry, source.read(name))

    # Set-up

    def _drop_template_content(self) -> None:
        """python-docx starts from a template with a thumbnail, a hundred styles and lists: none of these is an office's."""
        kept = {"Normal", "DefaultParagraphFont", "TableNormal", "NoList", "TableGrid", "Header", "Footer"}
        styles = self._document.styles.element
        for style in styles.findall(qn("w:style")):
            if style.get(qn("w:styleId")) not in kept:
                styles.remove(style)
            else:
                for link in style.findall(qn("w:link")):
                    style.remove(link)
        numbering = self._document.part.numbering_part.element
        for child in list(numbering):
            numbering.remove(child)
        for relations in (self._document.part.package.rels, self._document.part.rels):
            for key in [key for key, relation in relations.items() if relation.reltype in UNUSED_PARTS]:
                del relations[key]

    def _describe(self, title: str, author: str) -> None:
        noon = datetime(self.issued.year, self.issued.month, self.issued.day, 12)
        core = self._document.core_properties
        core.title, core.author, core.last_modified_by, core.language = title, author, author, "zh-CN"
        core.comments, core.keywords = "", ""
        core.created = core.modified = noon
        core.revision = 1

    def _set_page(self) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.header_distance, section.footer_distance = Mm(15), Mm(24)
        self._document.settings.odd_and_even_pages_header_footer = True
        for which, align in ((WD_HEADER_FOOTER_INDEX.PRIMARY, "right"), (WD_HEADER_FOOTER_INDEX.EVEN_PAGE, "left")):
            footer = section.footer if which is WD_HEADER_FOOTER_INDEX.PRIMARY else section.even_page_footer
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = ALIGNMENT[align]
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = NO_4
            _page_number(paragraph)

    def _set_styles(self) -> None:
        defaults = self._document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
        language = defaults.find(qn("w:lang"))
        language.set(qn("w:val"), "en-US")
        language.set(qn("w:eastAsia"), "zh-CN")
        normal = self._document.styles["Normal"]
        assert isinstance(normal, ParagraphStyle)
        _set_font(normal, FANG_SONG, NO_3)
        normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
        normal.paragraph_format.widow_control = False
        body = self._style("公文正文", FANG_SONG, NO_3, LINE, "justify")
        body.paragraph_format.first_line_indent = EM * 2
        heading = self._style("公文一级标题", HEI, NO_3, LINE, "justify")
        heading.paragraph_format.first_line_indent = EM * 2
        heading.paragraph_format.keep_with_next = True
        title = self._style("公文标题", SONG_TITLE, NO_2, Pt(36), "center")
        title.paragraph_format.space_before = title.paragraph_format.space_after = LINE
        title.paragraph_format.keep_with_next = True
        subtitle = self._style("公文副标题", KAI, NO_3, LINE, "center")
        subtitle.paragraph_format.space_after = LINE
        head = self._style("公文红头", SONG_TITLE, Pt(29), Pt(50), "center")
        head.font.color.rgb = RED
        head.paragraph_format.space_after = LINE
        self._style("公文发文字号", FANG_SONG, NO_3, LINE, "center").paragraph_format.space_after = LINE
        self._style("公文附件", HEI, NO_3, LINE, "left")
        self._style("公文版记", FANG_SONG, NO_4, Pt(24), "left").paragraph_format.space_before = LINE * 2
        self._style("公文表格", FANG_SONG, NO_5, None, "center").paragraph_format.line_spacing = 1.0

    def _style(self, name: str, font: str, size: Pt, line: Pt | None, align: Literal["left", "center", "justify"]) -> ParagraphStyle:
        style = self._document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = self._document.styles["Normal"]
        style.quick_style = True
        _set_font(style, font, size)
        # A mark may hang over the end of a line, which is Word's default. LibreOffice 7.4 reads the flag the wrong way round, and that is
        # needed: where it hangs marks itself, it leaves some out of the PDF.
        overflow = _element("w:overflowPunct", val="1")
        style.element.get_or_add_pPr().insert_element_before(overflow, *AFTER_OVERFLOW)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if align == "justify" else ALIGNMENT[align]
        if line is not None:
            style.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
            style.paragraph_format.line_spacing = line
        return style

    # Numbering

    def _add_numbering(self, levels: Sequence[Level], gap: str) -> int:
        """Define a numbering (w:abstractNum); its id. Word wants all of them before the first w:num."""
        numbering = self._document.part.numbering_part.element
        known = numbering.findall(qn("w:abstractNum"))
        abstract = _element("w:abstractNum", abstractNumId=str(len(known)))
        abstract.append(_element("w:nsid", val=f"{0x97042012 + len(known):08X}"))
        abstract.append(_element("w:multiLevelType", val="multilevel" if len(levels) > 1 else "singleLevel"))
        for index, level in enumerate(levels):
            item = _element("w:lvl", ilvl=str(index))
            item.append(_element("w:start", val="1"))
            item.append(_element("w:numFmt", val=level.number_format))
            item.append(_element("w:suff", val=gap if level.text.endswith(".") else "nothing"))
            item.append(_element("w:lvlText", val=level.text))
            item.append(_element("w:lvlJc", val="left"))
            properties = _element("w:pPr")
            properties.append(
                _element("w:ind", left="0", firstLineChars=str(level.first_line * 100), firstLine=str(int(EM.twips * level.first_line)))
            )
            item.append(properties)
            run = _element("w:rPr")
            run.append(_element("w:rFonts", hint="eastAsia", ascii=LATIN, hAnsi=LATIN, eastAsia=level.font))
            item.append(run)
            abstract.append(item)
        numbering.insert(len(known), abstract)
        return len(known)

    def _start_list(self, abstract: int, levels: int) -> int:
        """Begin a list that counts from 1 on every level (w:num with startOverride); its id."""
        numbering = self._document.part.numbering_part.element
        number = len(numbering.findall(qn("w:num"))) + 1
        num = _element("w:num", numId=str(number))
        num.append(_element("w:abstractNumId", val=str(abstract)))
        for level in range(levels):
            override = _element("w:lvlOverride", ilvl=str(level))
            override.append(_element("w:startOverride", val="1"))
            num.append(override)
        numbering.append(num)
        return number

    def _number(self, paragraph: Paragraph, number: int, level: int) -> None:
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = level
        properties.get_or_add_numId().val = number

    # Paragraphs

    def _paragraph(self, style: str, text: str) -> Paragraph:
        paragraph = self._document.add_paragraph(style=style)
        if text:
            _run(paragraph, text)
        return paragraph

    def _fill(self, cell: _Cell, content: Cell, size: Pt) -> None:
        for index, text in enumerate(content.text.split("\n")):
            paragraph = cell.add_paragraph() if index else cell.paragraphs[0]
            paragraph.style = self._document.styles["公文表格"]
            paragraph.alignment = ALIGNMENT[content.align]
            if text:
                _run(paragraph, text).font.size = size


@dataclass(frozen=True)
class _Placed:
    """A cell with the row and the units of width where it begins and ends."""

    cell: Cell
    row: int
    start: int
    end: int


def _place(rows: Sequence[Sequence[Cell]]) -> list[_Placed]:
    """Lay cells out from left to right around those that reach down from above; a row that does not fill the width is an error."""
    width = sum(cell.span for cell in rows[0])
    placed: list[_Placed] = []
    for index, row in enumerate(rows):
        taken = {unit for item in placed if item.row + item.cell.rows > index for unit in range(item.start, item.end)}
        unit = 0
        for cell in row:
            while unit in taken:
                unit += 1
            placed.append(_Placed(cell, index, unit, unit + cell.span))
            unit += cell.span
        while unit in taken:
            unit += 1
        covered = sum(item.end - item.start for item in placed if item.row <= index < item.row + item.cell.rows)
        if unit != width or covered != width:
            raise ValueError(f"table row {index} ({row[0].text!r} …) covers {covered} units and ends at {unit}, not {width}")
    return placed


def _set_table(table: Table, widths: Sequence[int]) -> None:
    """Fixed column widths (twentieths of a point), ruled, narrow margins in the cells."""
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table._tbl.tblGrid.gridCol_lst, widths, strict=True):
        column.set(qn("w:w"), str(width))
    properties = table._tbl.tblPr
    size = properties.find(qn("w:tblW"))
    size.set(qn("w:type"), "dxa")
    size.set(qn("w:w"), str(sum(widths)))
    margins = _element("w:tblCellMar")
    for side, width in (("top", 17), ("left", 57), ("bottom", 17), ("right", 57)):
        margins.append(_element(f"w:{side}", w=str(width), type="dxa"))
    properties.find(qn("w:tblLook")).addprevious(margins)


def _tightening(lines: Sequence[str], size: Pt) -> int:
    """By how much (twentieths of a point) characters must close up for each line to fit; 0 where that would be over a tenth of their width."""
    most = 0
    for line in lines:
        ems = sum(0.5 if character.isascii() else 1 for character in line)
        ems += sum(0.25 for left, right in pairwise(line) if left.isdecimal() != right.isdecimal() and " " not in (left, right))
        natural = ems * size.twips  # with the quarter that Word sets between a character and a number
        most = max(most, math.ceil((natural - TEXT_WIDTH.twips) / len(line)) + 2)
    return most if 2 < most <= size.twips / 10 else 0


def _page_number(paragraph: Paragraph) -> None:
    """— 1 — with the number as a PAGE field."""
    _run(paragraph, "— ", SONG).font.size = NO_4
    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = _run(paragraph, "1" if kind == "shown" else "", SONG)
        run.font.size = NO_4
        if kind == "instruction":
            instruction = _element("w:instrText")
            instruction.text = " PAGE "
            run._r.append(instruction)
        elif kind != "shown":
            run._r.append(_element("w:fldChar", fldCharType=kind))
    _run(paragraph, " —", SONG).font.size = NO_4


def _run(paragraph: Paragraph, text: str, font: str | None = None) -> Run:
    """Append text. The hint has Word set “ ” and — in the Chinese font."""
    run = paragraph.add_run(text)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:hint"), "eastAsia")
    if font:
        fonts.set(qn("w:eastAsia"), font)
    return run


def _set_font(style: ParagraphStyle, font: str, size: Pt) -> None:
    style.font.name = LATIN
    style.font.size = size
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _border(paragraph: Paragraph, sides: dict[str, tuple[str, int, int]]) -> None:
    """Lines above or below a paragraph: side → colour, thickness in eighths of a point, distance in points."""
    properties = paragraph._p.get_or_add_pPr()
    borders = _element("w:pBdr")
    for side, (color, thickness, space) in sides.items():
        borders.append(_element(f"w:{side}", val="single", sz=str(thickness), space=str(space), color=color))
    properties.insert_element_before(borders, *AFTER_BORDERS)


def _flag(properties: BaseOxmlElement, tag: str) -> None:
    properties.append(_element(tag))


def _element(tag: str, **attributes: str) -> BaseOxmlElement:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
