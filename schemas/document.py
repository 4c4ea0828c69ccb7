"""A notice as a reader hands it on: one text, and for each piece of it the place in the file that it came from."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from operator import attrgetter
from typing import Literal

from pydantic import Field

from schemas.base import Composed, Frozen


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open interval [start, end) in code points of `Document.text`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: "Span") -> bool:
        return self.start < other.end and other.start < self.end

    def contains(self, other: "Span") -> bool:
        return self.start <= other.start and other.end <= self.end


class Place(Frozen):
    """Where a stretch of text stands in the file. Fields that the format does not know stay null: a DOCX has no pages."""

    start: int = Field(description="First code point of the stretch in Document.text")
    end: int
    part: str | None = Field(None, description="File of a notice with several files, or part of the package (word/document.xml)")
    paragraph: int | None = Field(None, description="0-based index of the paragraph in its part (DOCX)")
    page: int | None = Field(None, description="1-based page (PDF)")
    bbox: tuple[int, int, int, int] | None = Field(None, description="x0, top, x1, bottom in 1/100 point from the upper left corner of the page")
    line: int | None = Field(None, description="1-based line (TXT)")


class Cell(Frozen):
    """A table cell; a merged cell stands once, at its upper left position."""

    start: int
    end: int
    row: int
    column: int
    rows: int = 1
    columns: int = 1


class Table(Frozen):
    """A table; its cells in reading order. In the text cells of a row are parted by a tab, rows by a line feed."""

    start: int
    end: int
    cells: tuple[Cell, ...]

    def covering(self, row: int, column: int) -> Cell | None:
        """The cell that covers a grid position, merged ones included."""
        behind = bisect_right(self.cells, (row, column), key=lambda cell: (cell.row, cell.column))
        for at in range(behind - 1, -1, -1):  # mostly the first: a cell that reaches down from a row above comes later
            cell = self.cells[at]
            if row < cell.row + cell.rows and cell.column <= column < cell.column + cell.columns:
                return cell
        return None

    @property
    def height(self) -> int:
        return max((c.row + c.rows for c in self.cells), default=0)

    @property
    def width(self) -> int:
        return max((c.column + c.columns for c in self.cells), default=0)


class Block(Frozen):
    """A paragraph or a whole table, in document order; blocks never overlap and are parted by one line feed."""

    start: int
    end: int
    kind: Literal["paragraph", "table", "note"] = "paragraph"
    centred: bool = Field(False, description="The layout centres the paragraph (titles)")
    ocr: bool = Field(False, description="Recognised from a picture of the page, not stored as text")
    places: tuple[Place, ...] = ()


class Source(Frozen):
    """The file that was read."""

    file: str = Field(description="Name of the file, never its path")
    media_type: str
    sha256: str
    text_sha256: str
    reader: str
    pages: int | None = None
    parts: tuple[str, ...] = ()
    made: bool = Field(False, description="A test edition that no authority issued")
    url: str | None = None
    retrieved_on: str | None = None


class Annotation(Composed):
    """What a file says of its text beside it: words that a tracked change put in or took out, or where a link leads. Never fetched."""

    kind: Literal["insertion", "deletion", "link"]
    text: str = Field(
        description="The words; a paragraph's mark is a line feed. Those of an insertion or a link stand in the text, those of a deletion do not"
    )
    url: str | None = Field(None, description="Address of a link")
    author: str | None = None
    on: str | None = Field(None, description="When the change was made, as the file has it")
    part: str | None = None
    paragraph: int | None = Field(None, description="0-based index of the paragraph in its part (DOCX)")


_START = attrgetter("start")


class Document(Composed):
    """What a reader made of a file. `text` is made once; every offset of a ruleset points into it."""

    text: str
    blocks: tuple[Block, ...]
    tables: tuple[Table, ...] = ()
    source: Source
    annotations: tuple[Annotation, ...] = ()
    warnings: tuple[str, ...] = ()

    def quote(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def places(self, span: Span) -> Iterator[Place]:
        """The places of the file that a span came from, in order."""
        first = max(bisect_right(self.blocks, span.start, key=_START) - 1, 0)
        for at in range(first, len(self.blocks)):  # a slice of all that follow would cost more the longer the text is
            block = self.blocks[at]
            if block.start >= span.end:
                break
            first_place = bisect_right(block.places, span.start, key=lambda place: place.end)
            yield from takewhile(lambda place: place.start < span.end, islice(block.places, first_place, None))

    def cell_at(self, position: int) -> tuple[Table, Cell] | None:
        """The table cell that holds a position of the text, if one does."""
        at = bisect_right(self.tables, position, key=_START) - 1
        if at < 0 or position >= self.tables[at].end:
            return None
        table = self.tables[at]
        at = bisect_right(table.cells, position, key=_START) - 1
        if at < 0 or position >= max(table.cells[at].end, table.cells[at].start + 1):
            return None
        return table, table.cells[at]


class Section(Frozen):
    """A node of the outline. `id` is the printed numbers joined by `/`: 附件3/二/1; 前言 before the first heading, 落款 after the last."""

    id: str
    heading: str
    level: int
    parent: str | None
    start: int
    end: int
