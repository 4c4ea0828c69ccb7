"""PDF page → lines of text: what stands on a page, where, and in which order it is read.

pdfium gives every character with its box and its baseline; characters that follow each other become runs, the runs on one baseline a line.
Lengths are points; `top` and `bottom` count downwards from the upper edge of the page, which is turned so that its text stands upright.
"""

import ctypes
import math
import re
import unicodedata
from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
import pypdfium2 as pdfium  # type: ignore[import-untyped]  # ships no types
from numpy.typing import NDArray
from pypdfium2 import raw

Box = tuple[float, float, float, float]  # x0, top, x1, bottom
Flags = NDArray[np.bool_]

TAB_GAP = 1.5  # em: a wider gap inside a line is a tab
RUN_GAP = 0.3  # of the character's height: a wider gap ends a run
WORD_GAP = 0.15  # em: a wider gap between two Latin letters is a space
SAME_SPACE = 0.04  # of a space: how exactly a gap is filled by the spaces that the engine left out
SPANNING = 0.15  # of the stretches of text on a page with columns may go across them
ASCENT, DESCENT = 0.85, 0.15  # em: the box of a line about its baseline
PIECES = 5_000  # stretches of text on a page in which columns are looked for
CHARACTERS_ON_A_PAGE = 200_000
SPACE, HYPHEN, LATIN_END = 0x20, 0x2D, 0x250


class TooLarge(Exception):
    """A page that holds more than any notice does: (what, number, limit)."""


@dataclass(slots=True)
class Run:
    """Characters of one size on one baseline without a gap; `cell` is the table cell that they stand in, -1 outside of tables; `index`
    is the engine's number of its first character, `space` the width of the space that it ends in."""

    text: str
    x0: float
    x1: float
    base: float
    size: float
    cell: int
    index: int
    space: float

    @property
    def top(self) -> float:
        return self.base - ASCENT * self.size

    @property
    def bottom(self) -> float:
        return self.base + DESCENT * self.size


@dataclass(slots=True)
class Line:
    """A line as it is read. `frame` names the margins that it keeps to: size of the page and column (0 is the full width)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    base: float
    size: float
    sheet: "Sheet"
    frame: tuple[int, int, int]
    centred: bool = False

    @property
    def page(self) -> int:
        return self.sheet.number

    @property
    def box(self) -> Box:
        return self.x0, self.top, self.x1, self.bottom


@dataclass(slots=True)
class Glyphs:
    """The characters of a page as arrays, in the file's order: codes, boxes as high as the type, and each one's number in the engine."""

    codes: NDArray[np.uint32]
    x0: NDArray[np.float64]
    top: NDArray[np.float64]
    x1: NDArray[np.float64]
    bottom: NDArray[np.float64]
    index: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.codes)


@dataclass(slots=True)
class Sheet:
    """An open page: its handles, its size as it is read, and how it is turned (degrees clockwise) against the file and
    by the viewer. `aside` and `leaning` (by degrees) take the texts that are no part of its lines."""

    number: int
    page: int
    textpage: int
    left: float
    upper: float
    raw_width: float
    raw_height: float
    turn: int
    shown: int
    aside: list[str] = field(default_factory=list)
    leaning: dict[int, list[str]] = field(default_factory=dict)

    @property
    def width(self) -> float:
        return self.raw_height if self.turn % 180 else self.raw_width

    @property
    def height(self) -> float:
        return self.raw_width if self.turn % 180 else self.raw_height

    def on_screen(self, box: Box) -> tuple[int, int, int, int]:
        """A box of the sheet in 1/100 point of the page as a viewer shows it."""
        x0, top, x1, bottom = turned_box(box, (self.shown - self.turn) % 360, self.width, self.height)
        return round(x0 * 100), round(top * 100), round(x1 * 100), round(bottom * 100)


def turned_box(box: Box, degrees: int, width: float, height: float) -> Box:
    """The box after its page of this size was turned clockwise."""
    x0, top, x1, bottom = box
    if degrees == 90:
        return height - bottom, x0, height - top, x1
    if degrees == 180:
        return width - x1, height - bottom, width - x0, height - top
    if degrees == 270:
        return top, width - x1, bottom, width - x0
    return box


# --- pdfium, called without pypdfium2's wrappers: a page has a thousand characters -------------------------------------------------


class Engine(NamedTuple):
    """pdfium functions that are called once a character, a run or an object. Handles and addresses are plain integers."""

    loose_box: Callable[[int, int, int], int]
    origin: Callable[[int, int, int, int], int]
    unicode: Callable[[int, int], int]
    angle: Callable[[int, int], float]
    font_size: Callable[[int, int], float]
    matrix: Callable[[int, int, int], int]
    fill: Callable[[int, int, int, int, int, int], int]
    text_object: Callable[[int, int], int | None]
    render_mode: Callable[[int], int]


@cache
def engine() -> Engine:
    handle, number, real = ctypes.c_void_p, ctypes.c_int, ctypes.c_double
    return Engine(
        bound("FPDFText_GetLooseCharBox", number, handle, number, handle),
        bound("FPDFText_GetCharOrigin", number, handle, number, handle, handle),
        bound("FPDFText_GetUnicode", ctypes.c_uint, handle, number),
        bound("FPDFText_GetCharAngle", ctypes.c_float, handle, number),
        bound("FPDFText_GetFontSize", real, handle, number),
        bound("FPDFText_GetMatrix", number, handle, number, handle),
        bound("FPDFText_GetFillColor", number, handle, number, handle, handle, handle, handle),
        bound("FPDFText_GetTextObject", handle, handle, number),
        bound("FPDFTextObj_GetTextRenderMode", number, handle),
    )


def bound(name: str, result: Any, *arguments: Any) -> Any:
    """The pdfium function of that name, taking and giving plain numbers."""
    return ctypes.PYFUNCTYPE(result, *arguments)(address(getattr(raw, name)))


def address(handle: Any) -> int:
    """The address behind a ctypes handle."""
    return ctypes.cast(handle, ctypes.c_void_p).value or 0


def open_sheet(page: pdfium.PdfPage, textpage: pdfium.PdfTextPage, number: int) -> Sheet:
    """A page made ready for reading; `number` counts from 1."""
    left, bottom, right, upper = page.get_bbox()
    shown = page.get_rotation()
    sheet = Sheet(number, address(page.raw), address(textpage.raw), left, upper, right - left, upper - bottom, shown, shown)
    sheet.turn = _upright(sheet, textpage.count_chars())
    return sheet


def _upright(sheet: Sheet, count: int) -> int:
    """The turn that sets most of the text upright: some printers turn the text of a wide page and not the page.
    The engine counts the angle of a character clockwise."""
    angles = [round(-math.degrees(engine().angle(sheet.textpage, i)) / 90) * 90 % 360 for i in range(0, count, max(1, count // 16))]
    commonest = max(set(angles), key=angles.count, default=sheet.shown)
    return commonest if angles.count(commonest) * 3 > len(angles) * 2 else sheet.shown


# --- characters --------------------------------------------------------------------------------------------------------------------

# PDF fonts often map 人 to the radical ⼈, which looks the same and is another character.
_RADICALS = {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)} | {
    ord(radical): ord(character)
    for radical, character in zip(
        "⺟⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳", "母民虎西见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟", strict=True
    )
}
_DROPPED = (0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF)  # invisible


def read_glyphs(sheet: Sheet, textpage: pdfium.PdfTextPage) -> Glyphs:
    """The characters that are printed on the sheet: without those that the engine made up and those beyond the edge of the page."""
    count = textpage.count_chars()
    if count > CHARACTERS_ON_A_PAGE:
        raise TooLarge("characters", count, CHARACTERS_ON_A_PAGE)
    codes = _codes(sheet, textpage, count)
    boxes = np.zeros((count, 4), np.float32)
    at = boxes.ctypes.data
    deque(map(engine().loose_box, repeat(sheet.textpage), range(count), range(at, at + 16 * count, 16)), maxlen=0)  # no Python loop
    x0, top, x1, bottom = _turned(sheet, boxes.astype(np.float64))
    made_up = (codes == SPACE) & (x1 - x0 < 0.01)  # the engine's own spaces, put wherever two characters stand apart, have no width
    inside = (x1 > 0) & (x0 < sheet.width) & (bottom > 0) & (top < sheet.height)
    kept = inside & ~made_up & (codes >= SPACE) & ~np.isin(codes, _DROPPED)
    return Glyphs(codes[kept], x0[kept], top[kept], x1[kept], bottom[kept], np.flatnonzero(kept))


def _codes(sheet: Sheet, textpage: pdfium.PdfTextPage, count: int) -> NDArray[np.uint32]:
    """The code points of the page's characters, a character that the font does not name as U+FFFD."""
    text = textpage.get_text_range() if count else ""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).copy()
    if len(codes) != count or (codes >> 11 == 0x1B).any() or (codes > 0xFFFF).any():  # its text leaves characters out or spells them in two
        codes = np.array([engine().unicode(sheet.textpage, i) or 0xFFFD for i in range(count)], np.uint32)
    codes[(codes == 2) | (codes == 0xFFFE)] = HYPHEN  # pdfium's mark for a hyphen at the end of a line
    for code in np.unique(codes[(codes >= 0x2E80) & (codes < 0x2FD6)]).tolist():
        codes[codes == code] = _RADICALS.get(code, code)
    return codes


def _turned(sheet: Sheet, boxes: NDArray[np.float64]) -> tuple[NDArray[np.float64], ...]:
    """Boxes of the file (left, top, right, bottom) as x0, top, x1, bottom of the sheet."""
    left, upper, width, height = sheet.left, sheet.upper, sheet.raw_width, sheet.raw_height
    x0, top, x1, bottom = boxes[:, 0] - left, upper - boxes[:, 1], boxes[:, 2] - left, upper - boxes[:, 3]
    if sheet.turn == 90:
        return height - bottom, x0, height - top, x1
    if sheet.turn == 180:
        return width - x1, height - bottom, width - x0, height - top
    if sheet.turn == 270:
        return top, width - x1, bottom, width - x0
    return x0, top, x1, bottom


# --- runs --------------------------------------------------------------------------------------------------------------------------


def read_runs(sheet: Sheet, glyphs: Glyphs, cells: NDArray[np.int64]) -> tuple[list[Run], float]:
    """Glyphs → runs, and the share of the characters that is painted invisibly (the text layer of a scan: above a half it is all there is
    to read). `cells` holds the table cell of each glyph or -1. Watermarks, seals and other slanted, hidden or big pale text goes to
    `sheet.aside`, text turned by a right angle to `sheet.leaning`, except in table cells."""
    if not len(glyphs):
        return [], 0.0
    runs, tilts, hidden = _runs(sheet, glyphs, cells)
    invisible = sum(len(run.text) for run, unseen in zip(runs, hidden, strict=True) if unseen) / len(glyphs)
    usual = sorted(run.size for run in runs)[len(runs) // 2]
    seen: list[Run] = []
    upended: list[Run] = []
    for run, tilt, unseen in zip(runs, tilts, hidden, strict=True):
        if tilt % 90 or (unseen and invisible < 0.5) or (run.size > 1.5 * usual and _pale(sheet, run)):
            sheet.aside.append(run.text)
        elif tilt and run.cell < 0:
            sheet.leaning.setdefault(tilt, []).append(run.text)
        else:
            (upended if tilt else seen).append(run)
    return seen + _stood_up(upended), invisible


def _runs(sheet: Sheet, glyphs: Glyphs, cells: NDArray[np.int64]) -> tuple[list[Run], list[int], list[bool]]:
    """The runs in the file's order; for each, by how many degrees it leans against the upright, and whether it is painted invisibly."""
    call, textpage = engine(), sheet.textpage
    matrix, origin = (ctypes.c_float * 6)(), (ctypes.c_double * 2)()
    at, point = ctypes.addressof(matrix), ctypes.addressof(origin)
    text = glyphs.codes.astype("<u4").tobytes().decode("utf-32-le", "replace")
    bounds = [0, *(np.flatnonzero(_breaks(glyphs, cells)) + 1).tolist(), len(glyphs)]
    starts, lasts = bounds[:-1], [end - 1 for end in bounds[1:]]
    rows = zip(
        starts, bounds[1:], glyphs.index[starts].tolist(), glyphs.x0[starts].tolist(), glyphs.x1[lasts].tolist(),
        cells[starts].tolist(), (glyphs.x1[lasts] - glyphs.x0[lasts]).tolist(), strict=True,
    )  # fmt: skip
    runs: list[Run] = []
    tilts: list[int] = []
    hidden: list[bool] = []
    for start, end, index, x0, x1, cell, last in rows:
        words = text[start:end]
        call.matrix(textpage, index, at)
        a, b, c, d = matrix[:4]
        size = call.font_size(textpage, index) * math.hypot(c, d)
        call.origin(textpage, index, point, point + 8)
        runs.append(Run(words, x0, x1, _baseline(sheet, *origin), max(size, 1.0), cell, index, last if words[-1] == " " else 0.0))
        tilt = (round(math.degrees(math.atan2(b, a))) - sheet.turn) % 360 if b or a < 0 or sheet.turn else 0
        tilts.append(0 if tilt in (1, 359) else tilt)
        thing = call.text_object(textpage, index)
        hidden.append(bool(thing) and call.render_mode(thing or 0) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    return runs, tilts, hidden


def _pale(sheet: Sheet, run: Run) -> bool:
    """Whether a run is painted in a very light colour or half transparent."""
    colour = (ctypes.c_uint * 4)()
    at = ctypes.addressof(colour)
    return bool(engine().fill(sheet.textpage, run.index, at, at + 4, at + 8, at + 12)) and (min(colour[:3]) > 170 or colour[3] < 128)


def _baseline(sheet: Sheet, x: float, y: float) -> float:
    """How far below the upper edge of the sheet a point of the file is."""
    across, down = x - sheet.left, sheet.upper - y
    return {0: down, 90: across, 180: sheet.raw_height - down, 270: sheet.raw_width - across}[sheet.turn]


def _breaks(glyphs: Glyphs, cells: NDArray[np.int64]) -> Flags:
    """Between which neighbours a run ends."""
    height, middle = glyphs.bottom - glyphs.top, glyphs.bottom + glyphs.top
    low, tall = np.minimum(height[:-1], height[1:]), np.maximum(height[:-1], height[1:])
    gap = glyphs.x0[1:] - glyphs.x1[:-1]
    latin = (glyphs.codes > SPACE) & (glyphs.codes < LATIN_END)
    words = latin[1:] & latin[:-1] & (gap > WORD_GAP * tall)
    stretched = (glyphs.codes[:-1] == SPACE) & (gap > 0.1 * tall)
    breaks: Flags = words | stretched | (gap > RUN_GAP * tall) | (gap < -0.5 * tall) | (tall > 1.3 * low) | (cells[1:] != cells[:-1])
    return breaks | (np.abs(np.diff(middle)) > 0.24 * tall)


def _stood_up(upended: Sequence[Run]) -> list[Run]:
    """Text that runs up or down a table cell, as one run a cell in the file's order."""
    kept: dict[int, Run] = {}
    for run in upended:
        if run.cell in kept:
            kept[run.cell].text += run.text
        else:
            kept[run.cell] = run
    return list(kept.values())


# --- lines -------------------------------------------------------------------------------------------------------------------------

_LABEL = re.compile(
    r"(?:\d{1,3}[.．、)）]|[（(](?:\d{1,3}|[一二三四五六七八九十]+)[)）]|[一二三四五六七八九十]+、|[①-⑳]|第[一二三四五六七八九十百]+[章节条])\Z"
)


def rows_of(runs: Iterable[Run]) -> list[list[Run]]:
    """Runs grouped by baseline, from top to bottom, each row from left to right; what is printed twice for boldness stands once."""
    rows: list[list[Run]] = []
    leaders: list[Run] = []  # the largest run of each row; superscripts hang on it
    for run in sorted(runs, key=lambda r: r.base):
        for at in range(len(rows) - 1, max(-1, len(rows) - 3), -1):
            if _on_one_line(leaders[at], run):
                rows[at].append(run)
                if run.size > leaders[at].size:
                    leaders[at] = run
                break
        else:
            rows.append([run])
            leaders.append(run)
    return [_once(sorted(row, key=lambda r: r.x0)) for row in rows]


def _on_one_line(a: Run, b: Run) -> bool:
    big, small = (a, b) if a.size >= b.size else (b, a)
    return big.top < small.base - 0.35 * small.size < big.bottom


def _once(row: list[Run]) -> list[Run]:
    kept: list[Run] = []
    for run in row:
        if not any(run.text == other.text and abs(run.x0 - other.x0) < 0.3 * run.size for other in kept[-2:]):
            kept.append(run)
    return kept


def join_runs(row: Sequence[Run], wide: str = "\t") -> str:
    """The text of a row: `wide` at gaps above 1.5 em, a space between two Latin words that stand apart, nothing elsewhere. Of several spaces
    the engine gives only the first; the gap behind it tells how many there are."""
    text = row[0].text
    for before, run in pairwise(row):
        gap, size = run.x0 - before.x1, max(before.size, run.size)
        more = round(gap / before.space) if before.space > 1 else 0
        if more > 0 and abs(gap - more * before.space) < SAME_SPACE * before.space:
            text += " " * more
        elif gap > TAB_GAP * size and not _LABEL.match(text.strip()):
            text = text.rstrip() + wide
        elif gap > WORD_GAP * size and _latin(text[-1]) and _latin(run.text[0]):
            text += " "
        text += run.text
    return text


def _latin(character: str) -> bool:
    return SPACE < ord(character) < LATIN_END


def line_of(row: Sequence[Run], sheet: Sheet, frame: tuple[int, int, int], wide: str = "\t") -> Line | None:
    """A row of runs as one line, None if it is blank. Its box holds the printed characters, not the spaces around them."""
    text = join_runs(row, wide)
    if not text.strip():
        return None
    inked = [run for run in row if run.text.strip()]
    main = max(inked, key=lambda r: len(r.text) * r.size)
    first, last = inked[0], inked[-1]
    x0 = first.x0 + (len(first.text) - len(first.text.lstrip())) * (first.x1 - first.x0) / len(first.text)
    x1 = max(r.x1 for r in inked) if last.text == last.text.rstrip() else _ink_end(last)
    top, bottom = min(r.top for r in inked), max(r.bottom for r in inked)
    return Line(text, x0, top, x1, bottom, main.base, main.size, sheet, frame)


def _ink_end(run: Run) -> float:
    """Where the last printed character of a run with spaces behind it ends; a full-width space is as wide as the type, another half."""
    behind = run.text[len(run.text.rstrip()) :]
    return run.x1 - sum(run.size if space == "\u3000" else 0.5 * run.size for space in behind)


def lines_of(sheet: Sheet, runs: Sequence[Run]) -> list[Line]:
    """The lines of a page outside of its tables, column by column where the page has several."""
    rows = rows_of(runs)
    gutters = _gutters(sheet, rows)
    lines = [line for row in rows for line in _parted(sheet, row, gutters)]
    return sorted(lines, key=_column_order(lines)) if gutters else lines


def _parted(sheet: Sheet, row: Sequence[Run], gutters: Sequence[float]) -> Iterator[Line]:
    """A row as one line, or as the lines of its columns."""
    parts: dict[int, list[Run]] = {}
    whole = not gutters or any(run.x0 < gutter < run.x1 for run in row for gutter in gutters)
    for run in row:
        parts.setdefault(0 if whole else bisect(gutters, run.x0) + 1, []).append(run)
    for column, part in parts.items():
        line = line_of(part, sheet, (round(sheet.width), round(sheet.height), column))
        if line:
            yield line


def _column_order(lines: Sequence[Line]) -> Callable[[Line], tuple[int, int, float]]:
    """Sort key: what stands between two lines of full width is read by column."""
    spans = [line.top for line in lines if line.frame[2] == 0]

    def key(line: Line) -> tuple[int, int, float]:
        above = sum(top <= line.top for top in spans)
        return above, line.frame[2], line.top

    return key


def _gutters(sheet: Sheet, rows: Sequence[Sequence[Run]]) -> list[float]:
    """The middles of the white strips between the columns of running text, none if the page has one column."""
    pieces = [piece for row in rows for piece in _pieces(row)]
    if not 12 <= len(pieces) <= PIECES:
        return []
    left, right = min(p[0] for p in pieces), max(p[1] for p in pieces)
    near, far = left + 0.15 * (right - left), left + 0.85 * (right - left)
    if right - left < 0.5 * sheet.width or sum(start < near and end > far for start, end in pieces) > SPANNING * len(pieces):
        return []
    x0, x1 = np.array([p[0] for p in pieces]), np.array([p[1] for p in pieces])
    em = float(np.median([run.size for row in rows for run in row]))
    places = np.arange(near, far, 1.0)
    crossing = ((x0[:, None] < places) & (x1[:, None] > places)).sum(axis=0)
    white = np.flatnonzero(crossing <= SPANNING * len(pieces))
    strips = [strip for strip in np.split(white, np.flatnonzero(np.diff(white) > 1) + 1) if len(strip) > 0.8 * em]
    gutters = [float(np.median(places[strip[crossing[strip] == crossing[strip].min()]])) for strip in strips]
    columns = pairwise([-math.inf, *gutters, math.inf])
    return gutters if all(_running(x0[inside], x1[inside], em) for a, b in columns for inside in [(x0 >= a) & (x1 <= b)]) else []


def _pieces(row: Sequence[Run]) -> Iterator[tuple[float, float]]:
    """The stretches of a row without a gap above one em."""
    x0, x1 = row[0].x0, row[0].x1
    for run in row[1:]:
        if run.x0 - x1 > run.size:
            yield x0, x1
            x0 = run.x0
        x1 = max(x1, run.x1)
    yield x0, x1


def _running(x0: NDArray[np.float64], x1: NDArray[np.float64], em: float) -> bool:
    """Whether these stretches are running text: enough of them, most of them filling their column."""
    if len(x0) < 6:
        return False
    width = np.quantile(x1, 0.9) - np.quantile(x0, 0.1)
    return bool(width > 8 * em and ((x1 - x0) > width - 3.5 * em).mean() > 0.5)
