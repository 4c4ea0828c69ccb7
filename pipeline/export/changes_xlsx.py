"""A comparison as a workbook: one row a change, filters, frozen panes, what is gone and what has come marked within the cell."""

from collections.abc import Callable, Sequence

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Color
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.export.sheets import LONGEST_CELL, Content, head, printable, put, saved
from pipeline.language import say
from pipeline.report.changes_view import ChangesView, RowView, SideView
from pipeline.report.redline import Stretch

_FONTS = {"gone": InlineFont(strike=True, color=Color("FF8F1D15")), "come": InlineFont(u="single", color=Color("FF14532D"))}

_COLUMNS: tuple[tuple[str, int, Callable[[RowView], Content]], ...] = (
    ("number", 6, lambda row: str(row.number)),
    ("weight", 9, lambda row: row.weight),
    ("effect", 9, lambda row: row.effect_label),
    ("change", 22, lambda row: row.label_words),
    ("kind", 10, lambda row: row.kind_label),
    ("rule", 24, lambda row: row.subject),
    ("scope", 24, lambda row: "；".join(f"{chip.label}：{chip.text}" for chip in row.chips)),
    ("old_value", 24, lambda row: row.old.value if row.old else None),
    ("new_value", 24, lambda row: row.new.value if row.new else None),
    ("old_sentence", 48, lambda row: _rich(row.old)),
    ("new_sentence", 48, lambda row: _rich(row.new)),
    ("old_clause", 16, lambda row: _where(row.old)),
    ("new_clause", 16, lambda row: _where(row.new)),
    ("basis", 24, lambda row: row.basis),
    ("reviewer", 12, lambda row: row.reviewer),
    ("sure", 16, lambda row: row.sure),
    ("link", 24, lambda row: row.link),
    ("state", 14, lambda row: ""),
    ("key", 40, lambda row: row.key),
)


def changes_workbook(shown: ChangesView) -> bytes:
    """The workbook as the bytes of an .xlsx file: the changes, what is folded away, sentences without a rule, the summary."""
    book = Workbook()
    _summary(book.worksheets[0], shown)
    _changes(book.create_sheet(say("changes.table", shown.language)), shown, shown.rows)
    _changes(book.create_sheet(say("changes.sheet.folded", shown.language)), shown, shown.folded)
    _passages(book.create_sheet(say("changes.sheet.untold", shown.language)), shown)
    book.active = 1
    return saved(book)


def _changes(sheet: Worksheet, shown: ChangesView, rows: Sequence[RowView]) -> None:
    blanks = {"old": shown.old_name, "new": shown.new_name}
    head(sheet, [(say(f"changes.column.{name}", shown.language, **blanks), width) for name, width, _ in _COLUMNS])
    for number, row in enumerate(rows, 2):
        for column, (name, _, content) in enumerate(_COLUMNS, 1):
            put(sheet.cell(number, column), _state(row, shown) if name == "state" else content(row))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(rows) + 1}"


def _state(row: RowView, shown: ChangesView) -> str:
    return say("changes.proposed", shown.language) if row.proposed else ""


def _where(side: SideView | None) -> str | None:
    return None if side is None else f"{side.clause} P{side.page}" if side.page else side.clause


def _rich(side: SideView | None) -> Content:
    return None if side is None else marked(side.sentence)


def marked(stretches: Sequence[Stretch]) -> Content:
    """A sentence as a cell with its changed stretches struck out or underlined; plain where it is too long for that."""
    if sum(len(stretch.text) for stretch in stretches) > LONGEST_CELL:
        return "".join(stretch.text for stretch in stretches)
    cells = [(stretch.sort, printable(stretch.text)) for stretch in stretches if stretch.text]
    return CellRichText([text if sort == "same" else TextBlock(_FONTS[sort], text) for sort, text in cells])


def _summary(sheet: Worksheet, shown: ChangesView) -> None:
    sheet.title = say("changes.counts", shown.language)
    head(sheet, [(say("changes.weight", shown.language), 28), *((effect, 12) for effect in shown.effects)])
    lines: list[tuple[str, ...]] = [(label, *map(str, numbers)) for label, numbers in shown.counts]
    lines += [
        (say("changes.unaligned", shown.language, count=shown.unaligned, proposed=shown.proposed),),
        (say("changes.untold", shown.language, count=len(shown.passages)),),
        (say("changes.summary", shown.language, folded=len(shown.folded), rolled=shown.rolled, unchanged=shown.unchanged),),
        *(
            (f"{name}：{edition.title or edition.file}", edition.sha256)
            for name, edition in ((shown.old_name, shown.old), (shown.new_name, shown.new))
        ),
    ]
    for number, line in enumerate(lines, 2):
        for column, content in enumerate(line, 1):
            put(sheet.cell(number, column), content)


def _passages(sheet: Worksheet, shown: ChangesView) -> None:
    blanks = {"old": shown.old_name, "new": shown.new_name}
    names = ("old_clause", "old_sentence", "new_clause", "new_sentence")
    head(sheet, [(say(f"changes.column.{name}", shown.language, **blanks), 16 if "clause" in name else 60) for name in names])
    for number, passage in enumerate(shown.passages, 2):
        for column, content in enumerate((passage.old_clause, marked(passage.old), passage.new_clause, marked(passage.new)), 1):
            put(sheet.cell(number, column), content or None)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(shown.passages) + 1}"
