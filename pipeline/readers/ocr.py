"""Pictures of pages → Document, by RapidOCR, whose models come in its wheel; installed with `noticerules[ocr]`.

A scanned page is rendered by pdfium, a picture opened by Pillow; RapidOCR finds lines with their boxes, and the layout makes paragraphs of them,
as it does of a PDF's. Every block is marked `ocr`, every place has its page and box. A PDF that has text on other pages keeps it.
"""

import hashlib
import importlib
import importlib.util
import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from statistics import median
from typing import Any

import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageSequence, UnidentifiedImageError

from pipeline.errors import ReadError
from pipeline.readers.parts import Assembly
from pipeline.readers.pdf_lines import DESCENT, Line, Sheet
from pipeline.readers.pdf_paragraphs import Paragraph, furniture, margins_of, mark_centred, paragraphs_of
from pipeline.readers.progress import step
from schemas.document import Block, Document, Place, Source

MAX_PAGES = 200
MAX_PIXELS = 100_000_000  # of a picture, as it states them
LONG_SIDE = 1600  # pixels: 137 dots an inch for A4; at 2000 the engine takes twice as long and reads the same
_ENGINE = "rapidocr_onnxruntime"
_DPI = 96  # of a picture that does not say
_SAME_SIZE = 0.25  # heights of boxes that differ by less are one size of type
_TAB_GAP, _WORD_GAP = 1.5, 0.25  # em
_SCANS, _LAYER = "read.scan_pages", "read.ocr_layer"

Found = tuple[float, float, float, float, str]  # a line of type: x0, top, x1, bottom in points, text


def is_installed() -> bool:
    return importlib.util.find_spec(_ENGINE) is not None


def read_scan(data: bytes, file: str, password: str | None = None) -> Document:
    """The bytes of a PDF whose pages are pictures → Document. Raises ReadError: read.scan where the engine is not installed, read.too_large,
    read.damaged, read.no_text."""
    with _opened(data, file, password) as pdf:
        pages = len(pdf)
        if not is_installed():
            raise ReadError("read.scan", file, pages=pages)
        return _document(_pages(pdf, range(1, pages + 1), file), data, file, "application/pdf", pages)


def read_image(data: bytes, file: str) -> Document:
    """The bytes of a picture, each frame of it a page → Document. Raises ReadError: read.image where the engine is not installed, read.damaged,
    read.too_large, read.no_text."""
    if not is_installed():
        raise ReadError("read.image", file, format="image")
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise ReadError("read.too_large", file, limit=MAX_PIXELS)
            frames = getattr(picture, "n_frames", 1)
            if frames > MAX_PAGES:
                raise ReadError("read.too_large", file, limit=MAX_PAGES)
            pages = {number: _picture_lines(frame, number) for number, frame in enumerate(ImageSequence.Iterator(picture), 1)}
            kind = Image.MIME.get(picture.format or "", "image/unknown")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise ReadError("read.damaged", file, part="image") from error
    return _document(pages, data, file, kind, len(pages))


def with_scanned_pages(document: Document, data: bytes, password: str | None = None) -> Document:
    """A PDF's Document with the pages read that are pictures, where the engine is installed, and the blocks marked that come from an invisible
    layer of recognised text. What was read is told as `read.ocr pages=…` in place of the reader's warning."""
    scans, layer = (_numbers(document.warnings, code) for code in (_SCANS, _LAYER))
    if layer:
        marked = (block.model_copy(update={"ocr": True}) if _page(block) in layer else block for block in document.blocks)
        document = document.model_copy(update={"blocks": tuple(marked)})
    if not scans or not is_installed():
        return document
    file = document.source.file
    try:
        with _opened(data, file, password) as pdf:
            read = _document(_pages(pdf, scans, file), data, file, document.source.media_type, len(pdf))
    except ReadError:  # nothing on these pages: a picture, a seal
        return document
    return _merged(document, read, scans)


# --- pages → lines ---------------------------------------------------------------------------------------------------------------------


def _opened(data: bytes, file: str, password: str | None) -> Any:
    try:
        return pdfium.PdfDocument(data[max(data.find(b"%PDF-"), 0) :], password)
    except pdfium.PdfiumError as error:
        raise ReadError("read.damaged", file, part="PDF") from error


def _pages(pdf: Any, numbers: Sequence[int], file: str) -> dict[int, list[Line]]:
    if len(numbers) > MAX_PAGES:
        raise ReadError("read.too_large", file, limit=MAX_PAGES)
    pages: dict[int, list[Line]] = {}
    for number in numbers:
        page = pdf[number - 1]
        width, height = page.get_size()
        scale = LONG_SIDE / max(width, height, 1)
        picture = page.render(scale=scale).to_pil()
        page.close()
        pages[number] = _lines(_recognised(picture, 1 / scale), _sheet(number, width, height))
    return pages


def _picture_lines(frame: Image.Image, number: int) -> list[Line]:
    dpi = frame.info.get("dpi", (_DPI, _DPI))[0]
    points = 72 / float(dpi) if 30 <= dpi <= 1200 else 72 / _DPI
    return _lines(_recognised(frame.convert("RGB"), points), _sheet(number, frame.width * points, frame.height * points))


@cache
def _engine() -> Any:
    return importlib.import_module(_ENGINE).RapidOCR()


def _recognised(picture: Image.Image, points: float) -> list[Found]:
    """The lines of type on a picture; `points` is the size of a pixel."""
    import numpy as np

    step()
    result, _ = _engine()(np.asarray(picture.convert("RGB"))[:, :, ::-1])
    found = []
    for corners, text, _score in result or ():
        xs, ys = [x * points for x, _ in corners], [y * points for _, y in corners]
        if text.strip():
            found.append((min(xs), min(ys), max(xs), max(ys), text.strip()))
    return found


def _sheet(number: int, width: float, height: float) -> Sheet:
    return Sheet(number, 0, 0, 0.0, 0.0, width, height, 0, 0)


def _lines(found: Sequence[Found], sheet: Sheet) -> list[Line]:
    """Pieces of type → lines from top to bottom: pieces at one height are one line, wide gaps in it tabs."""
    if not found:
        return []
    usual = median(bottom - top for _, top, _, bottom, _ in found)
    lines = []
    for row in _rows(sorted(found, key=lambda piece: piece[1] + piece[3])):
        row = sorted(row)
        size = max(bottom - top for _, top, _, bottom, _ in row)
        size = usual if abs(size - usual) < _SAME_SIZE * usual else size
        text = row[0][4]
        for before, after in pairwise(row):
            gap = (after[0] - before[2]) / size
            text += ("\t" if gap > _TAB_GAP else " " if gap > _WORD_GAP and before[4].isascii() and after[4].isascii() else "") + after[4]
        top, bottom = min(piece[1] for piece in row), max(piece[3] for piece in row)
        frame = (round(sheet.width), round(sheet.height), 0)
        lines.append(Line(text, row[0][0], top, max(piece[2] for piece in row), bottom, bottom - DESCENT * size, size, sheet, frame))
    return lines


def _rows(found: Sequence[Found]) -> Iterator[list[Found]]:
    """Pieces, sorted by height, in rows: those whose middles stand within each other."""
    row: list[Found] = []
    for piece in found:
        middle = (piece[1] + piece[3]) / 2
        if row and not row[-1][1] < middle < row[-1][3] - 0.2 * (row[-1][3] - row[-1][1]):
            yield row
            row = []
        row.append(piece)
    if row:
        yield row


# --- lines → Document ------------------------------------------------------------------------------------------------------------------


def _document(pages: dict[int, list[Line]], data: bytes, file: str, media_type: str, count: int) -> Document:
    heights = {number: lines[0].sheet.height for number, lines in pages.items() if lines}
    dropped = furniture({number: lines for number, lines in pages.items() if lines}, heights)
    lines = [line for number in sorted(pages) for line in pages[number] if id(line) not in dropped]
    if not lines:
        raise ReadError("read.no_text", file)
    margins = margins_of(lines)
    mark_centred(lines, margins)
    texts: list[str] = []
    blocks: list[Block] = []
    start = 0
    for paragraph in paragraphs_of(lines, margins):
        text, places = _written(paragraph, start)
        blocks.append(Block(start=start, end=start + len(text), centred=paragraph.centred, ocr=True, places=places))
        texts.append(text)
        start += len(text) + 1
    text = "\n".join(texts)
    source = Source(
        file=file,
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        reader="ocr",
        pages=count,
    )
    read = ",".join(str(number) for number in sorted(pages) if pages[number])
    return Document(text=text, blocks=tuple(blocks), source=source, warnings=(f"read.ocr pages={read}",))


def _written(paragraph: Paragraph, start: int) -> tuple[str, tuple[Place, ...]]:
    """A paragraph's text and the place of each of its lines."""
    text, places = "", []
    for line, joint in zip(paragraph.lines, [*paragraph.joints, ""], strict=True):
        begin = start + len(text)
        text += line.text
        places.append(Place(start=begin, end=begin + len(line.text), page=line.page, bbox=line.sheet.on_screen(line.box)))
        text += joint
    return text, tuple(places)


def _merged(document: Document, read: Document, pages: Sequence[int]) -> Document:
    """The blocks of both in the order of their pages."""
    whole = Assembly()
    waiting = {page: [block for block in read.blocks if _page(block) == page] for page in pages}
    for block in document.blocks:
        for page in [page for page in waiting if page < (_page(block) or 0)]:
            whole.add(read, waiting.pop(page))
        whole.add(document, [block])
    for blocks in waiting.values():
        whole.add(read, blocks)
    source = document.source.model_copy(
        update={"text_sha256": hashlib.sha256(whole.text.encode()).hexdigest(), "reader": f"{document.source.reader}+ocr"}
    )
    warnings = (*(warning for warning in document.warnings if not warning.startswith(_SCANS)), *read.warnings)
    return Document(text=whole.text, blocks=tuple(whole.blocks), tables=tuple(whole.tables), source=source, warnings=warnings)


def _page(block: Block) -> int | None:
    return block.places[0].page if block.places else None


def _numbers(warnings: Sequence[str], code: str) -> list[int]:
    """The pages that a warning names."""
    return [int(number) for warning in warnings if warning.startswith(f"{code} ") for number in re.findall(r"\d+", warning)]
