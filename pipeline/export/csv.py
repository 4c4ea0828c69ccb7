"""A ruleset as CSV (RFC 4180, UTF-8 with a byte order mark, so that spreadsheets read the Han characters): the table of `rows.py`.

A spreadsheet takes a cell that begins with = + - @ for a formula, and Chinese ones take their full-width forms too. Text that begins so gets an
apostrophe in front, which a spreadsheet shows as text; plain numbers stay as they are.
"""

import csv
import io
import re

from pipeline.export.rows import COLUMNS, Cell, rows
from pipeline.language import Language
from schemas.ruleset import Ruleset

_FORMULA = re.compile(r"[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


def csv_bytes(ruleset: Ruleset, language: Language = "zh") -> bytes:
    """The CSV file: a head row, then a row a rule and scope cell."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in row.values()] for row in rows(ruleset, language))
    return out.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> str:
    """The cell as text that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell).replace("\x00", "\N{REPLACEMENT CHARACTER}")
    return f"'{text}" if _FORMULA.match(text) and not _PLAIN_NUMBER.fullmatch(text) else text
