"""What every workbook is made with: a header that stays, cells whose text is always text, and the same bytes for the same contents."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.cell.rich_text import CellRichText
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

LONGEST_CELL = 32_767
"""More characters a cell of a workbook cannot hold."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = datetime(1980, 1, 1)  # the earliest time that a zip archive can hold
_HEAD = Font(bold=True, color="FFFFFF")
_HEAD_FILL = PatternFill("solid", fgColor="7A2A22")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_HAIR = Border(bottom=Side(style="hair", color="BBBBBB"))

Content = str | Decimal | CellRichText | None


def head(sheet: Worksheet, columns: Sequence[tuple[str, int]]) -> None:
    """The header row: bold, frozen together with the first column, columns as wide as asked for."""
    for number, (label, width) in enumerate(columns, 1):
        cell = sheet.cell(1, number)
        put(cell, label)
        cell.font, cell.fill = _HEAD, _HEAD_FILL
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "B2"


def put(cell: Any, content: Content) -> None:
    """Write a number as a number and text as text, also text that looks like a formula."""
    if content is None or content == "":
        return
    if isinstance(content, str):
        content = printable(content)
    cell.value = content
    cell.alignment, cell.border = _WRAPPED, _HAIR
    if isinstance(content, str):
        cell.data_type = "s"
        cell.quotePrefix = content.startswith(_FORMULA_STARTS)


def printable(text: str) -> str:
    """The text without what a workbook cannot hold, cut where a cell must cut it."""
    return ILLEGAL_CHARACTERS_RE.sub("\N{REPLACEMENT CHARACTER}", text)[:LONGEST_CELL]


def saved(book: Workbook) -> bytes:
    """The saved workbook without the times at which it was made."""
    book.properties.created = _EPOCH
    made = io.BytesIO()
    book.save(made)
    return same_package(made.getvalue())


def same_package(data: bytes) -> bytes:
    """An office package (.xlsx, .docx) without the times at which it was made."""
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = source.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + _EPOCH.strftime("%Y-%m-%dT%H:%M:%SZ").encode(), part)
            entry = zipfile.ZipInfo(name, _EPOCH.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, part)
    return fixed.getvalue()
