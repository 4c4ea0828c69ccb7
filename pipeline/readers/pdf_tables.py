"""PDF page → tables: the ruling lines that pdfium knows, the cells that pdfplumber sees between them, and what stands in each cell.

pdfplumber is asked only where lines cross; its own reading of the page, which is slow, is never used. Lengths are points, as in pdf_lines.
"""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise, repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pypdfium2 import raw  # type: ignore[import-untyped]  # ships no types

from pipeline.readers.pdf_lines import Box, Glyphs, Line, Run, Sheet, TooLarge, bound, line_of, rows_of, turned_box
from pipeline.readers.pdf_paragraphs import ends_sentence, joint, needed_width, starts_item

OBJECTS_ON_A_PAGE = 200_000
FORM_DEPTH = 8  # a form may draw itself
LINES_ON_A_PAGE = 20_000
EDGES_ON_A_PAGE = 2_000  # of one direction, after joining
CROSSINGS_ON_A_PAGE = 2_500  # pdfplumber compares every crossing with every other
THIN = 3.0  # a filled box thinner than that is a line
SNAP = 3.0  # lines closer than that are one
LEAST = 12.0  # a grid smaller than that is a tick box
WHITE = 250


@dataclass(slots=True)
class GridCell:
    """A cell of a table. `full`: its last line leaves no room; `places` are the boxes that it fills, each with its sheet."""

    x0: float
    x1: float
    row: int
    rows: int
    text: str
    full: bool
    size: float
    places: list[tuple[Sheet, Box]]


@dataclass(slots=True)
class Grid:
    """A table in reading order, from page `first` to page `last`; `box` and `head` are the box and the cells of its first part, `foot` the
    cells that reach its last row."""

    first: int
    last: int
    box: Box
    cells: list[GridCell]
    height: int
    head: list[GridCell]
    foot: list[GridCell]


# --- ruling lines ------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Survey:
    """What a page shows besides text: its horizontal and vertical lines, and how much of the page its largest image covers (0 … 1)."""

    lines: list[Box] = field(default_factory=list)
    image: float = 0.0


class _Calls(NamedTuple):
    count: Callable[[int], int]
    item: Callable[[int, int], int | None]
    form_count: Callable[[int], int]
    form_item: Callable[[int, int], int | None]
    kind: Callable[[int], int]
    matrix: Callable[[int, int], int]
    bounds: Callable[[int, int, int, int, int], int]
    mode: Callable[[int, int, int], int]
    stroke: Callable[[int, int, int, int, int], int]
    fill: Callable[[int, int, int, int, int], int]
    segments: Callable[[int], int]
    segment: Callable[[int, int], int | None]
    segment_kind: Callable[[int], int]
    point: Callable[[int, int, int], int]
    closes: Callable[[int], int]


@cache
def _calls() -> _Calls:
    handle, number = ctypes.c_void_p, ctypes.c_int
    four = (handle, handle, handle, handle, handle)
    return _Calls(
        bound("FPDFPage_CountObjects", number, handle),
        bound("FPDFPage_GetObject", handle, handle, number),
        bound("FPDFFormObj_CountObjects", number, handle),
        bound("FPDFFormObj_GetObject", handle, handle, ctypes.c_ulong),
        bound("FPDFPageObj_GetType", number, handle),
        bound("FPDFPageObj_GetMatrix", number, handle, handle),
        bound("FPDFPageObj_GetBounds", number, *four),
        bound("FPDFPath_GetDrawMode", number, handle, handle, handle),
        bound("FPDFPageObj_GetStrokeColor", number, *four),
        bound("FPDFPageObj_GetFillColor", number, *four),
        bound("FPDFPath_CountSegments", number, handle),
        bound("FPDFPath_GetPathSegment", handle, handle, number),
        bound("FPDFPathSegment_GetType", number, handle),
        bound("FPDFPathSegment_GetPoint", number, handle, handle, handle),
        bound("FPDFPathSegment_GetClose", number, handle),
    )


Matrix = NDArray[np.float64]
Point = tuple[float, float]


def survey(sheet: Sheet) -> Survey:
    """The lines and images of a page, forms included."""
    seen, budget = Survey(), [OBJECTS_ON_A_PAGE]
    for kind, thing, matrix in _objects(sheet.page, _calls().count, _calls().item, np.eye(3), FORM_DEPTH, budget):
        if kind == raw.FPDF_PAGEOBJ_PATH:
            seen.lines += _path_lines(sheet, thing, matrix)
            if len(seen.lines) > LINES_ON_A_PAGE:
                raise TooLarge("lines", len(seen.lines), LINES_ON_A_PAGE)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(sheet, thing, matrix)
            seen.lines += _thin(box)
            seen.image = max(seen.image, _area(box, sheet) / (sheet.width * sheet.height))
    return seen


def _objects(
    parent: int, count: Callable[[int], int], item: Callable[[int, int], int | None], outer: Matrix, depth: int, budget: list[int]
) -> Iterator[tuple[int, int, Matrix]]:
    """(type, handle, matrix of the form around it) of all page objects except text."""
    number = count(parent)
    budget[0] -= number
    if budget[0] < 0:
        raise TooLarge("objects", OBJECTS_ON_A_PAGE - budget[0], OBJECTS_ON_A_PAGE)
    things = [thing for thing in map(item, repeat(parent), range(number)) if thing]
    for thing, kind in zip(things, map(_calls().kind, things), strict=True):
        if kind == raw.FPDF_PAGEOBJ_TEXT:
            continue
        if kind == raw.FPDF_PAGEOBJ_FORM and depth:
            inner = _matrix(thing) @ outer
            yield from _objects(thing, _calls().form_count, _calls().form_item, inner, depth - 1, budget)
        else:
            yield kind, thing, outer


def _matrix(thing: int) -> Matrix:
    values = (ctypes.c_float * 6)()
    if not _calls().matrix(thing, ctypes.addressof(values)):
        return np.eye(3)
    a, b, c, d, e, f = values
    return np.array([[a, b, 0], [c, d, 0], [e, f, 1]], float)


def _path_lines(sheet: Sheet, thing: int, outer: Matrix) -> list[Box]:
    """The horizontal and vertical lines of a visible path."""
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    if not _calls().mode(thing, ctypes.addressof(fill), ctypes.addressof(stroke)):
        return []
    stroked = stroke.value and _visible(thing, _calls().stroke)
    filled = fill.value and _visible(thing, _calls().fill)
    if not (stroked or filled):
        return []
    lines: list[Box] = []
    for points in _outlines(sheet, thing, _matrix(thing) @ outer):
        if stroked:
            lines += [line for a, b in pairwise(points) for line in _thin((min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])))]
        elif len(points) > 1:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            lines += _thin((min(xs), min(ys), max(xs), max(ys)))
    return lines


def _visible(thing: int, colour_of: Callable[[int, int, int, int, int], int]) -> bool:
    colour = (ctypes.c_uint * 4)()
    at = ctypes.addressof(colour)
    return not colour_of(thing, at, at + 4, at + 8, at + 12) or (colour[3] > 0 and min(colour[:3]) < WHITE)


def _outlines(sheet: Sheet, thing: int, matrix: Matrix) -> Iterator[list[Point]]:
    """The points of each straight-sided part of a path, on the sheet; a part with curves is left out."""
    call, points, curved = _calls(), list[Point](), False
    number = call.segments(thing)
    if number > LINES_ON_A_PAGE:
        raise TooLarge("lines", number, LINES_ON_A_PAGE)
    x, y = ctypes.c_float(), ctypes.c_float()
    for i in range(number):
        segment = call.segment(thing, i)
        if not segment:
            continue
        kind = call.segment_kind(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if not curved:
                yield points
            points, curved = [], False
        curved |= kind == raw.FPDF_SEGMENT_BEZIERTO
        call.point(segment, ctypes.addressof(x), ctypes.addressof(y))
        points.append(_on_sheet(sheet, matrix, x.value, y.value))
        if call.closes(segment):
            points.append(points[0])
    if not curved:
        yield points


def _on_sheet(sheet: Sheet, matrix: Matrix, x: float, y: float) -> Point:
    u = x * matrix[0, 0] + y * matrix[1, 0] + matrix[2, 0] - sheet.left
    v = sheet.upper - (x * matrix[0, 1] + y * matrix[1, 1] + matrix[2, 1])
    box = turned_box((u, v, u, v), sheet.turn, sheet.raw_width, sheet.raw_height)
    return box[0], box[1]


def _bounds(sheet: Sheet, thing: int, outer: Matrix) -> Box:
    """The box of an object on the sheet."""
    values = (ctypes.c_float * 4)()
    at = ctypes.addressof(values)
    _calls().bounds(thing, at, at + 4, at + 8, at + 12)
    corners = [_on_sheet(sheet, outer, values[i], values[j]) for i in (0, 2) for j in (1, 3)]
    xs, ys = [p[0] for p in corners], [p[1] for p in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _thin(box: Box) -> list[Box]:
    """The box as a line along its middle, nothing if it is no line."""
    x0, top, x1, bottom = box
    width, height = x1 - x0, bottom - top
    if height <= THIN < width:
        return [(x0, (top + bottom) / 2, x1, (top + bottom) / 2)]
    if width <= THIN < height:
        return [((x0 + x1) / 2, top, (x0 + x1) / 2, bottom)]
    return []


def _area(box: Box, sheet: Sheet) -> float:
    """The area of the box that is on the sheet."""
    return max(0.0, min(box[2], sheet.width) - max(box[0], 0.0)) * max(0.0, min(box[3], sheet.height) - max(box[1], 0.0))


# --- cells -------------------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Ruled:
    """The cells of one table, and its grid: `owner[row, column]` is the index of the cell that covers it, -1 for none."""

    cells: list[Box]
    xs: list[float]
    ys: list[float]
    owner: NDArray[np.int64]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]


def find_tables(lines: Sequence[Box]) -> list[Ruled]:
    """Ruling lines → tables of at least two cells, from top to bottom; tables inside a cell are part of that cell. Raises TooLarge."""
    edges = [_edge(line) for line in lines]
    if sum(e["orientation"] == "h" for e in edges) < 2 or sum(e["orientation"] == "v" for e in edges) < 2:
        return []
    from pdfplumber import table as plumber  # takes 0.2 s to import, and most pages have no table

    joined = plumber.merge_edges(edges, SNAP, SNAP, SNAP, SNAP)
    if len(joined) > EDGES_ON_A_PAGE:
        raise TooLarge("edges", len(joined), EDGES_ON_A_PAGE)
    crossings = plumber.edges_to_intersections(joined, SNAP, SNAP)
    if len(crossings) > CROSSINGS_ON_A_PAGE:
        raise TooLarge("crossings", len(crossings), CROSSINGS_ON_A_PAGE)
    groups = plumber.cells_to_tables(plumber.intersections_to_cells(crossings))
    tables = [_ruled([tuple(map(float, cell)) for cell in group]) for group in groups if len(group) > 1]  # type: ignore[misc]  # four numbers
    tables = [t for t in tables if t.box[2] - t.box[0] > LEAST and t.box[3] - t.box[1] > LEAST]
    return sorted(
        (t for t in tables if not any(_inside(t.box, cell) for other in tables if other is not t for cell in other.cells)), key=lambda t: t.box[1]
    )


def _edge(line: Box) -> dict[str, Any]:
    """A line in the shape that pdfplumber gives its edges."""
    x0, top, x1, bottom = line
    level = bottom - top < x1 - x0
    return {"x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top, "orientation": "h" if level else "v"}


def _inside(inner: Box, outer: Box) -> bool:
    return inner[0] >= outer[0] - 1 and inner[1] >= outer[1] - 1 and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1


def _ruled(cells: list[Box]) -> Ruled:
    cells = sorted(cells, key=lambda c: (c[1], c[0]))
    xs = sorted({x for cell in cells for x in (cell[0], cell[2])})
    ys = sorted({y for cell in cells for y in (cell[1], cell[3])})
    owner = np.full((len(ys) - 1, len(xs) - 1), -1, np.int64)
    for i, (x0, top, x1, bottom) in enumerate(cells):
        owner[ys.index(top) : ys.index(bottom), xs.index(x0) : xs.index(x1)] = i
    return Ruled(cells, xs, ys, owner)


def assign(tables: Sequence[Ruled], glyphs: Glyphs) -> NDArray[np.int64]:
    """The cell of each glyph, counted through the tables of the page; -1 outside of them."""
    cells = np.full(len(glyphs), -1, np.int64)
    x, y = (glyphs.x0 + glyphs.x1) / 2, (glyphs.top + glyphs.bottom) / 2
    first = 0
    for table in tables:
        column, row = np.searchsorted(table.xs, x) - 1, np.searchsorted(table.ys, y) - 1
        inside = (column >= 0) & (row >= 0) & (column < len(table.xs) - 1) & (row < len(table.ys) - 1)
        owner = table.owner[row[inside], column[inside]]
        cells[inside] = np.where(owner >= 0, owner + first, -1)
        first += len(table.cells)
    return cells


def grids_of(sheet: Sheet, tables: Sequence[Ruled], runs: Sequence[Run]) -> list[Grid]:
    """The tables of a page with their texts; `run.cell` says where each run stands."""
    inside: dict[int, list[Run]] = {}
    for run in runs:
        inside.setdefault(run.cell, []).append(run)
    grids, first = [], 0
    for table in tables:
        contents = [_lines(sheet, inside.get(first + i, [])) for i in range(len(table.cells))]
        first += len(table.cells)
        padding = _padding(table.cells, contents)
        cells = [_cell(sheet, table, i, lines, padding) for i, lines in enumerate(contents)]
        height = len(table.ys) - 1
        grids.append(Grid(sheet.number, sheet.number, table.box, cells, height, [*cells], _foot(cells, height)))
    return grids


def _lines(sheet: Sheet, runs: Sequence[Run]) -> list[Line]:
    return [line for row in rows_of(runs) if (line := line_of(row, sheet, (0, 0, 0), " "))]


def _padding(cells: Sequence[Box], contents: Sequence[Sequence[Line]]) -> float:
    """The distance between the border of a cell and its text."""
    gaps = [gap for cell, lines in zip(cells, contents, strict=True) for line in lines for gap in (line.x0 - cell[0], cell[2] - line.x1)]
    return min(max(min(gaps, default=0.0), 0.0), 6.0)


def _cell(sheet: Sheet, table: Ruled, index: int, lines: Sequence[Line], padding: float) -> GridCell:
    x0, top, x1, bottom = box = table.cells[index]
    row, rows = table.ys.index(top), table.ys.index(bottom) - table.ys.index(top)
    if not lines:
        return GridCell(x0, x1, row, rows, "", False, 0.0, [(sheet, box)])
    stacked = len(lines) > 1 and all(len(line.text.strip()) == 1 and ord(line.text.strip()) > 0x2E7F for line in lines)
    text = lines[0].text.strip()
    for a, b in pairwise(lines):
        new = not stacked and (_room(a, x0 + padding, x1 - padding) >= needed_width(a, b) + 0.3 * b.size or _new_item(a, b))
        text += "\n" + b.text.strip() if new else joint(text, b.text) + b.text.rstrip()
    last = lines[-1]
    full = _room(last, x0 + padding, x1 - padding) < 1.5 * last.size
    return GridCell(x0, x1, row, rows, text, full, last.size, [(sheet, box)])


def _new_item(a: Line, b: Line) -> bool:
    return ends_sentence(a.text) and starts_item(b.text)


def _room(line: Line, left: float, right: float) -> float:
    """How much more the line could hold; one that is centred or set to the right has room on both sides."""
    before, behind = line.x0 - left, right - line.x1
    return before + behind if abs(before - behind) < line.size or before > 2.5 * line.size else behind


# --- over the page -----------------------------------------------------------------------------------------------------------------


def stitch(upper: Grid, lower: Grid) -> bool:
    """Where `lower`, at the head of the page after `upper`, goes on with it: add it to `upper`, without the rows that repeat its head."""
    if lower.first != upper.last + 1 or abs(lower.box[0] - upper.box[0]) > SNAP or abs(lower.box[2] - upper.box[2]) > SNAP:
        return False
    repeated = _repeated_rows(upper, lower)
    row = [cell for cell in lower.cells if cell.row == repeated]
    continued = _continue_row(upper, row)
    spent = row if continued else _extend_merged(upper, row)
    offset = upper.height - repeated - continued
    cells = [cell for cell in lower.cells if cell.row >= repeated and not any(cell is other for other in spent)]
    for cell in cells:
        cell.row += offset
    upper.cells += cells
    upper.height, upper.last = lower.height + offset, lower.last
    upper.foot = _foot(upper.foot + cells, upper.height)
    return True


def _foot(cells: Sequence[GridCell], height: int) -> list[GridCell]:
    return [cell for cell in cells if cell.row + cell.rows == height]


def _repeated_rows(upper: Grid, lower: Grid) -> int:
    """How many rows at the head of `lower` repeat those at the head of `upper`; a cell over several rows is not cut."""
    number = 0
    while number < lower.height - 1 and (key := _row_key(lower.cells, number)) and key == _row_key(upper.head, number):
        number += 1
    while number and any(cell.row < number < cell.row + cell.rows for cell in lower.cells):
        number -= 1
    return number if any(cell.text for cell in lower.cells if cell.row < number) else 0


def _row_key(cells: Sequence[GridCell], row: int) -> list[tuple[int, int, int, str]]:
    return [(round(c.x0 / SNAP), round(c.x1 / SNAP), c.rows, c.text) for c in cells if c.row == row]


def _counterparts(upper: Grid, row: Sequence[GridCell]) -> list[tuple[GridCell, GridCell | None]]:
    """Each cell of the row with the cell of the same width at the foot of `upper`."""
    return [(c, next((u for u in upper.foot if abs(u.x0 - c.x0) < SNAP and abs(u.x1 - c.x1) < SNAP), None)) for c in row]


def _continue_row(upper: Grid, row: Sequence[GridCell]) -> bool:
    """Where the page cut a row in two: join its cells, and say so. The rest of a cut row goes on in mid-sentence, and leaves a cell empty
    that has its text on the page before."""
    pairs = [(c, u) for c, u in _counterparts(upper, row) if u is not None and c.rows == 1]
    rests = [(c, u) for c, u in pairs if c.text]
    if len(pairs) < len(row) or not rests or not any(u.text and not c.text for c, u in pairs):
        return False
    if not all(u.text and u.full and not ends_sentence(u.text) for _, u in rests):
        return False
    for c, u in pairs:
        u.text += joint(u.text, c.text) + c.text
        u.places += c.places
        u.full = c.full
    return True


def _extend_merged(upper: Grid, row: Sequence[GridCell]) -> list[GridCell]:
    """The empty cells that are the rest of a cell merged over several rows, which grows by them."""
    extended = []
    for c, u in _counterparts(upper, row):
        if u is not None and u.rows > 1 and u.text and not c.text:
            u.rows += c.rows
            u.places += c.places
            extended.append(c)
    return extended
