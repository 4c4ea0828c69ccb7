"""PDF → Document: characters and boxes from pdfium, tables from the lines that pdfplumber makes cells of, paragraphs from the layout."""

import hashlib
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from pypdfium2 import raw

from pipeline.errors import ReadError
from pipeline.readers.pdf_lines import Line, Sheet, TooLarge, lines_of, open_sheet, read_glyphs, read_runs
from pipeline.readers.pdf_paragraphs import Paragraph, furniture, margins_of, mark_centred, paragraphs_of
from pipeline.readers.pdf_tables import SNAP, Grid, Ruled, Survey, assign, find_tables, grids_of, stitch, survey
from pipeline.readers.pdf_weight import weigh
from schemas.document import Block, Cell, Document, Place, Source, Table

PAGES = 2_000
CHARACTERS = 5_000_000
JUNK = 1 << 20  # bytes before %PDF that are skipped
FULL_PAGE = 0.6  # an image that covers more of a page is a scan of it
LEANING = 40  # characters: less text than that across the page is a mark in its margin
ASIDE = 60  # characters of it are quoted in a warning
UNNAMED = 0.05  # of the characters: above that, a font hides which characters it prints


def read_pdf(data: bytes, file: str, password: str | None = None) -> Document:
    """The bytes of a PDF → Document with pages and boxes as places; `file` is its name for messages.

    Raises ReadError with read.empty, read.not_pdf, read.truncated, read.encrypted, read.wrong_password, read.locked, read.too_large,
    read.scan or read.no_text. Warnings are `code key=value …`: read.repaired, read.pages_lost, read.scan_pages, read.ocr_layer,
    read.set_aside, read.dense_lines, read.unnamed_characters.
    """
    pdf, repaired = _open(data, file, password)
    with pdf:
        pages = len(pdf)
        if pages > PAGES:
            raise ReadError("read.too_large", file, what="pages", number=pages, limit=PAGES)
        content = _Content(repaired=repaired)
        try:
            weigh(data[data.find(b"%PDF-") :], password)
            for number in range(1, pages + 1):
                _read_page(pdf, number, content)
        except TooLarge as error:
            what, number, limit = error.args
            raise ReadError("read.too_large", file, what=what, number=number, limit=limit) from None
    _refuse_textless(content, pages, file)
    text, blocks, tables = _laid_out(_flow(content))
    return Document(
        text=text,
        blocks=tuple(blocks),
        tables=tuple(tables),
        source=Source(
            file=file,
            media_type="application/pdf",
            sha256=hashlib.sha256(data).hexdigest(),
            text_sha256=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
            reader="pdf",
            pages=pages,
        ),
        warnings=tuple(_warnings(content)),
    )


# --- opening -----------------------------------------------------------------------------------------------------------------------


def _open(data: bytes, file: str, password: str | None) -> tuple[pdfium.PdfDocument, bool]:
    """The open document, and whether it had to be repaired."""
    if not data:
        raise ReadError("read.empty", file)
    start = data.find(b"%PDF-", 0, JUNK)
    if start < 0:
        raise ReadError("read.not_pdf", file)
    body = data[start:]
    whole = b"%%EOF" in body[-2048:] or b"startxref" in body[-2048:]
    try:
        pdf = pdfium.PdfDocument(body, password)
        if len(pdf):
            return pdf, not whole
        pdf.close()
    except pdfium.PdfiumError as error:
        if error.err_code == raw.FPDF_ERR_PASSWORD:
            raise ReadError("read.wrong_password" if password else "read.encrypted", file) from None
        if error.err_code == raw.FPDF_ERR_SECURITY:
            raise ReadError("read.locked", file) from None
    return _repaired(body, file, password), True


def _repaired(data: bytes, file: str, password: str | None) -> pdfium.PdfDocument:
    """The document as qpdf, which pikepdf brings, saves it; a lost trailer is written anew from the catalogue."""
    import pikepdf  # only damaged files need it

    for body in (data, _with_trailer(data)):
        saved = io.BytesIO()
        try:
            with pikepdf.open(io.BytesIO(body), password=password or "") as damaged:
                damaged.save(saved)
            pdf = pdfium.PdfDocument(saved.getvalue())
        except pikepdf.PasswordError:
            raise ReadError("read.wrong_password" if password else "read.encrypted", file) from None
        except (pikepdf.PdfError, pdfium.PdfiumError, RuntimeError, ValueError):
            continue
        if len(pdf):
            return pdf
        pdf.close()
    raise ReadError("read.truncated", file)


def _with_trailer(data: bytes) -> bytes:
    catalogue = re.search(rb"(\d+)\s+(\d+)\s+obj\b[^>]{0,2000}?/Type\s*/Catalog\b", data)
    root = catalogue.group(1) + b" " + catalogue.group(2) if catalogue else b"1 0"
    return data + b"\nendobj\ntrailer\n<< /Root " + root + b" R >>\nstartxref\n0\n%%EOF\n"


# --- pages -------------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Content:
    """What the pages hold, and what is to be said of them; lists of numbers are pages."""

    repaired: bool = False
    sheets: dict[int, Sheet] = field(default_factory=dict)
    lines: dict[int, list[Line]] = field(default_factory=dict)
    grids: dict[int, list[Grid]] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)
    scans: list[int] = field(default_factory=list)
    recognised: list[int] = field(default_factory=list)
    dense: list[int] = field(default_factory=list)
    characters: int = 0
    unnamed: int = 0


def _read_page(pdf: pdfium.PdfDocument, number: int, content: _Content) -> None:
    """Add a page to the content."""
    try:
        page = pdf[number - 1]
        textpage = page.get_textpage()
    except pdfium.PdfiumError:
        content.lost.append(number)
        return
    sheet = open_sheet(page, textpage, number)
    glyphs = read_glyphs(sheet, textpage)
    content.characters += len(glyphs)
    content.unnamed += int(((glyphs.codes == 0xFFFD) | (glyphs.codes >= 0xE000) & (glyphs.codes < 0xF900)).sum())
    if content.characters > CHARACTERS:
        raise TooLarge("characters", content.characters, CHARACTERS)
    seen, tables = _surveyed(sheet, content)
    cells = assign(tables, glyphs) if tables else np.full(len(glyphs), -1, np.int64)
    runs, invisible = read_runs(sheet, glyphs, cells)
    if not len(glyphs) and seen.image > 0:
        content.scans.append(number)
    elif invisible >= 0.5 and seen.image > FULL_PAGE:
        content.recognised.append(number)
    content.sheets[number] = sheet
    content.grids[number] = [grid for grid in grids_of(sheet, tables, runs) if any(cell.text for cell in grid.cells)]
    content.lines[number] = lines_of(sheet, [run for run in runs if run.cell < 0])
    content.lines[number] += _leaning_lines(sheet, textpage, glyphs.index[cells >= 0])
    textpage.close()
    page.close()


def _leaning_lines(sheet: Sheet, textpage: pdfium.PdfTextPage, in_tables: NDArray[np.int64]) -> list[Line]:
    """The lines of text that runs up, down or upside down on a page, where there is more of it than a mark in the margin."""
    lines: list[Line] = []
    for degrees, texts in sheet.leaning.items():
        if sum(map(len, texts)) < LEANING:
            sheet.aside += texts
            continue
        turned = replace(sheet, turn=(sheet.turn + degrees) % 360, aside=[], leaning={})
        glyphs = read_glyphs(turned, textpage)
        runs, _ = read_runs(turned, glyphs, np.where(np.isin(glyphs.index, in_tables), 0, -1))
        lines += lines_of(turned, [run for run in runs if run.cell < 0])
    return lines


def _surveyed(sheet: Sheet, content: _Content) -> tuple[Survey, list[Ruled]]:
    """What the page shows besides text, and its tables; a page with too many lines (a map, a plan) has none."""
    try:
        seen = survey(sheet)
        return seen, find_tables(seen.lines)
    except TooLarge:
        content.dense.append(sheet.number)
        return Survey(), []


def _refuse_textless(content: _Content, pages: int, file: str) -> None:
    if len(content.lost) == pages:
        raise ReadError("read.truncated", file)
    if not any(content.lines.values()) and not any(content.grids.values()):
        raise ReadError("read.scan" if content.scans else "read.no_text", file, pages=pages)


def _warnings(content: _Content) -> list[str]:
    """What the reader of the document should know, as `code key=value …`."""
    found = {
        "read.pages_lost": content.lost,
        "read.scan_pages": content.scans,
        "read.ocr_layer": content.recognised,
        "read.dense_lines": content.dense,
    }
    warnings = ["read.repaired"] if content.repaired else []
    warnings += [f"{code} pages={_numbers(pages)}" for code, pages in found.items() if pages]
    if content.unnamed > UNNAMED * content.characters:
        warnings.append(f"read.unnamed_characters number={content.unnamed} of={content.characters}")
    aside: dict[str, list[int]] = {}
    for sheet in content.sheets.values():
        if words := "".join("".join(sheet.aside).split()):
            aside.setdefault(words, []).append(sheet.number)
    return warnings + [f"read.set_aside pages={_numbers(pages)} text={words[:ASIDE]}" for words, pages in aside.items()]


def _numbers(pages: Iterable[int]) -> str:
    return ",".join(map(str, pages))


# --- reading order -----------------------------------------------------------------------------------------------------------------


def _flow(content: _Content) -> list[Paragraph | Grid]:
    """Paragraphs and tables in reading order, those that run over a page put together."""
    heights = {number: sheet.height for number, sheet in content.sheets.items()}
    dropped = furniture(content.lines, heights)
    kept = {number: [line for line in lines if id(line) not in dropped] for number, lines in content.lines.items()}
    every = [line for lines in kept.values() for line in lines]
    margins = margins_of(every)
    mark_centred(every, margins)
    flow: list[Paragraph | Grid] = []
    for is_line, items in groupby(_items(kept, content.grids), key=lambda item: isinstance(item, Line)):
        if is_line:
            flow += paragraphs_of((item for item in items if isinstance(item, Line)), margins)
        else:
            flow += _stitched(item for item in items if isinstance(item, Grid))
    return flow


def _items(lines: dict[int, list[Line]], grids: dict[int, list[Grid]]) -> list[Line | Grid]:
    """Lines and tables, page by page; a table stands after the last line that is above it in its column."""
    items: list[Line | Grid] = []
    for number, on_page in lines.items():
        page: list[Line | Grid] = list(on_page)
        for grid in reversed(grids[number]):
            above = [i for i, item in enumerate(page) if isinstance(item, Line) and item.top < grid.box[1] and _over(item, grid)]
            page.insert(above[-1] + 1 if above else 0, grid)
        items += page
    return items


def _over(line: Line, grid: Grid) -> bool:
    return line.frame[2] == 0 or (line.x0 < grid.box[2] and line.x1 > grid.box[0])


def _stitched(grids: Iterable[Grid]) -> list[Grid]:
    whole: list[Grid] = []
    for grid in grids:
        if not (whole and stitch(whole[-1], grid)):
            whole.append(grid)
    return whole


# --- text --------------------------------------------------------------------------------------------------------------------------


def _laid_out(flow: Sequence[Paragraph | Grid]) -> tuple[str, list[Block], list[Table]]:
    """The text, one block a paragraph or table, parted by line feeds."""
    texts: list[str] = []
    blocks: list[Block] = []
    tables: list[Table] = []
    start = 0
    for item in flow:
        if isinstance(item, Paragraph):
            text, places = _paragraph(item, start)
            blocks.append(Block(start=start, end=start + len(text), centred=item.centred, places=places))
        else:
            text, places, table = _table(item, start)
            blocks.append(Block(start=start, end=start + len(text), kind="table", places=places))
            tables.append(table)
        texts.append(text)
        start += len(text) + 1
    return "\n".join(texts), blocks, tables


def _paragraph(paragraph: Paragraph, start: int) -> tuple[str, tuple[Place, ...]]:
    """The text of a paragraph that begins at `start`, and one place a line."""
    lines, places, text = paragraph.lines, list[Place](), ""
    for i, line in enumerate(lines):
        words = line.text.lstrip() if i == 0 else line.text
        words = words.rstrip() if i == len(lines) - 1 else words
        at = start + len(text)
        places.append(Place(start=at, end=at + len(words), page=line.page, bbox=line.sheet.on_screen(line.box)))
        text += words + (paragraph.joints[i] if i < len(paragraph.joints) else "")
    return text, tuple(places)


def _table(grid: Grid, start: int) -> tuple[str, tuple[Place, ...], Table]:
    """The text of a table that begins at `start`, one place a cell and page, and the table."""
    edges = _columns([x for cell in grid.cells for x in (cell.x0, cell.x1)])
    text, places, cells = "", list[Place](), list[Cell]()
    for _, row in groupby(sorted(grid.cells, key=lambda c: (c.row, c.x0)), key=lambda c: c.row):
        text += "\n" if text or cells else ""
        for i, cell in enumerate(row):
            text += "\t" if i else ""
            at, end = start + len(text), start + len(text) + len(cell.text)
            column = _nearest(edges, cell.x0)
            cells.append(Cell(start=at, end=end, row=cell.row, column=column, rows=cell.rows, columns=_nearest(edges, cell.x1) - column))
            places += [Place(start=at, end=end, page=sheet.number, bbox=sheet.on_screen(box)) for sheet, box in cell.places]
            text += cell.text
    return text, tuple(places), Table(start=start, end=start + len(text), cells=tuple(cells))


def _columns(xs: Iterable[float]) -> list[float]:
    """The columns' edges; on another page of a table they may stand a little aside."""
    edges: list[float] = []
    for x in sorted(xs):
        if not edges or x - edges[-1] > SNAP:
            edges.append(x)
    return edges


def _nearest(edges: Sequence[float], x: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - x))
