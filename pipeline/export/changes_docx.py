"""A comparison as a 对照表 to hand in for approval: a Word document on A4 across, a row a change, places to sign."""

import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from pipeline.export.sheets import same_package
from pipeline.language import say
from pipeline.report.changes_view import ChangesView, RowView, SideView
from pipeline.report.redline import Stretch
from schemas.changes import WEIGHTS

_FONT = "仿宋"  # what office documents are printed in; a machine without it takes its own
_WIDTHS = (10, 36, 82, 82, 32, 25)  # millimetres, together what A4 across leaves between its margins
_COLUMNS = ("number", "rule", "old_sentence", "new_sentence", "change", "basis")
_COLOURS = {"gone": RGBColor(0x8F, 0x1D, 0x15), "come": RGBColor(0x14, 0x53, 0x2D)}


def changes_document(shown: ChangesView) -> bytes:
    """The document as the bytes of a .docx file. The same comparison gives the same bytes."""
    document = docx.Document()
    document.core_properties.created = document.core_properties.modified = datetime(1980, 1, 1)
    document.core_properties.title = shown.title
    document.core_properties.author = ""
    _page(document)
    _font(document.styles["Normal"], 10)
    heading = document.add_heading(say("changes.document", shown.language, title=shown.title), level=1)
    for run in heading.runs:
        run.font.color.rgb = RGBColor(0, 0, 0)
        _east_asian(run.font, _FONT)
    for name, edition in ((shown.old_name, shown.old), (shown.new_name, shown.new)):
        number = f"（{edition.document_number}）" if edition.document_number else ""
        made = f" {say('page.made', shown.language)}" if edition.made else ""
        document.add_paragraph(f"{name}：{edition.title or edition.file}{number}{made}")
    document.add_paragraph(say("changes.unaligned", shown.language, count=shown.unaligned, proposed=shown.proposed))
    if shown.passages:
        document.add_paragraph(say("changes.untold", shown.language, count=len(shown.passages)))
    for weight in WEIGHTS:
        rows = [row for row in shown.rows if row.weight == weight]
        if rows:
            document.add_paragraph().add_run(f"{say(f'weight.{weight}', shown.language)}（{len(rows)}）").bold = True
            _table(document, rows, shown)
    document.add_paragraph(say("changes.summary", shown.language, folded=len(shown.folded), rolled=shown.rolled, unchanged=shown.unchanged))
    document.add_paragraph(say("changes.sign", shown.language))
    made_bytes = io.BytesIO()
    document.save(made_bytes)
    return same_package(made_bytes.getvalue())


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)


def _font(style: Any, size: int) -> None:
    style.font.name, style.font.size = _FONT, Pt(size)
    _east_asian(style.font, _FONT)


def _east_asian(font: Any, name: str) -> None:
    font.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def _table(document: Any, rows: Sequence[RowView], shown: ChangesView) -> None:
    table = document.add_table(rows=1, cols=len(_COLUMNS), style="Table Grid")
    table.autofit = False
    blanks = {"old": shown.old_name, "new": shown.new_name}
    for cell, name in zip(table.rows[0].cells, _COLUMNS, strict=True):
        cell.paragraphs[0].add_run(say(f"changes.column.{name}", shown.language, **blanks)).bold = True
    _repeat_head(table.rows[0])
    for row in rows:
        cells = table.add_row().cells
        cells[0].text = str(row.number)
        cells[1].text = "\n".join((f"{row.kind_label} {row.subject}", *(f"{chip.label}：{chip.text}" for chip in row.chips)))
        _side(cells[2], row.old, shown)
        _side(cells[3], row.new, shown)
        proposed = [say("changes.proposed", shown.language)] if row.proposed else []
        cells[4].text = "\n".join((row.label_words, row.effect_label, *proposed))
        cells[5].text = "\n".join(filter(None, (row.basis, row.reviewer)))
    for column, width in zip(table.columns, _WIDTHS, strict=True):
        column.width = Mm(width)
    for line in table.rows:
        for cell, width in zip(line.cells, _WIDTHS, strict=True):
            cell.width = Mm(width)


def _repeat_head(row: Any) -> None:
    """The header stands on every page that the table reaches."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:tblHeader"))


def _side(cell: Any, side: SideView | None, shown: ChangesView) -> None:
    if side is None:
        cell.text = say("changes.absent", shown.language)
        return
    page = f" {say('changes.page', shown.language, page=side.page)}" if side.page else ""
    cell.paragraphs[0].add_run(f"{side.clause}{page}").bold = True
    _redline(cell.add_paragraph(), side.sentence)


def _redline(paragraph: Any, stretches: Sequence[Stretch]) -> None:
    for stretch in stretches:
        run = paragraph.add_run("".join(c if c.isprintable() or c == "\n" else " " for c in stretch.text))
        if stretch.sort != "same":
            run.font.strike, run.font.underline = stretch.sort == "gone", stretch.sort == "come"
            run.font.color.rgb = _COLOURS[stretch.sort]
