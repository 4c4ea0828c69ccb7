"""HTML elements → the lines and tables that a browser shows, in reading order.

What this module knows: which elements show nothing, which begin a line of their own, where white space collapses, when a <br> ends a paragraph
and when it only breaks a line, how list numbers are printed, and which tables hold data and which only lay out a page.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from lxml import etree
from lxml.etree import _Element as Element

from pipeline.readers.numbering import format_number
from pipeline.readers.symbols import is_symbol_font, unveil

MAX_LINES = 40_000  # paragraphs, those in cells too
MAX_CELLS = 60_000
MAX_SLOTS = 2_000_000  # grid positions that the cells of the tables cover
_MAX_SPAN = 1000  # what HTML allows a colspan
_FEW_CELLS = 20  # a layout has no more
_LAYOUT_SHARE, _LAYOUT_BLOCKS = 0.6, 8  # a cell with so much of its table's text, in so many blocks, is a page's column


def words(names: str) -> frozenset[str]:
    """The set of names parted by spaces."""
    return frozenset(names.split())


_SILENT = words(
    "script style noscript template title meta link base iframe frame frameset object embed applet svg canvas audio video map select"
    " datalist button textarea rt rp del dialog"
)
_BLOCKS = words(
    "address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4"
    " h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre section summary table tbody td tfoot th thead tr"
    " ul xmp"
)
_TITLES = frozenset(["h1", "h2", "h3", "center"])
_FILES = words("doc docx docm dot xls xlsx ppt pptx pdf ofd wps et dps rtf odt ods zip rar 7z txt csv")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?<![\w-])opacity\s*:\s*0*\.?0*\s*(?:;|!|$)", re.IGNORECASE)
_ALIGN = re.compile(r"text-align\s*:\s*(\w+)", re.IGNORECASE)
_FONT = re.compile(r"font-family\s*:\s*[\"']?([\w ]+)", re.IGNORECASE)
_LIST_STYLE = re.compile(
    r"list-style(?:-type)?\s*:[^;]*?\b(none|[a-z-]*(?:decimal|latin|alpha|roman|ideographic|chinese-\w+)[a-z-]*)\b", re.IGNORECASE
)
_BORDER = re.compile(r"border[\w-]*\s*:[^;]*(?:solid|double|dashed|dotted)", re.IGNORECASE)
_RULE, _MEDIA, _COMMENT = (
    re.compile(r"([^{}]+)\{([^{}]*)\}"),
    re.compile(r"@media[^{}]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}"),
    re.compile(r"/\*.*?\*/", re.DOTALL),
)
_SELECTOR = re.compile(r"\s*(\w*)([.#])([\w-]+)\s*")
_MAX_CSS = 200_000

_LIST_FORMATS = {  # CSS list-style-type, or the type of an <ol> → Word's format and what surrounds the number
    "decimal": ("decimal", "{}."),
    "decimal-leading-zero": ("decimalZero", "{}."),
    "1": ("decimal", "{}."),
    "a": ("lowerLetter", "{}."),
    "A": ("upperLetter", "{}."),
    "i": ("lowerRoman", "{}."),
    "I": ("upperRoman", "{}."),
    "lower-alpha": ("lowerLetter", "{}."),
    "lower-latin": ("lowerLetter", "{}."),
    "upper-alpha": ("upperLetter", "{}."),
    "upper-latin": ("upperLetter", "{}."),
    "lower-roman": ("lowerRoman", "{}."),
    "upper-roman": ("upperRoman", "{}."),
    "cjk-ideographic": ("chineseCountingThousand", "{}、"),
    "simp-chinese-informal": ("chineseCountingThousand", "{}、"),
    "trad-chinese-informal": ("taiwaneseCountingThousand", "{}、"),
    "simp-chinese-formal": ("chineseLegalSimplified", "{}、"),
    # the classes by which UEditor, the editor of most government sites, draws numbers as pictures
    "custom_num": ("decimal", "{}、"),
    "custom_num1": ("decimal", "{}）"),
    "custom_num2": ("decimal", "（{}）"),
    "custom_cn": ("chineseCountingThousand", "{}、"),
    "custom_cn1": ("chineseCountingThousand", "{}）"),
    "custom_cn2": ("chineseCountingThousand", "（{}）"),
}
_UNMARKED = frozenset(["none", "disc", "circle", "square", "custom_dash", "custom_dot"])
_SUPERSCRIPT = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_SUBSCRIPT = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")

_UNSEEN = dict.fromkeys(
    [*range(9), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF]
)
_TOKEN = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")
_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")
_EDGE = " \t\n\xa0\u2002\u2003\u2009\u3000"
_STARTS = re.compile(
    r"(?:第[一二三四五六七八九十百]+[章节条]|[一二三四五六七八九十]+、|[（(](?:[一二三四五六七八九十]+|\d{1,2})[)）]|\d{1,2}(?:[．、]|\.(?!\d)|[)）])"
    r"|[①-⑳★☆●■◆※]|附件|附[:：]|注[:：]|\S{1,8}[：:])"
)
_FINAL = "。！？；：!?;:”’）)》"
_LONG = 25  # characters: a line of prose that a <br> breaks is at least as long


@dataclass(slots=True)
class Line:
    """A paragraph, never empty, which line of the source each stretch of it comes from, and the block element that holds it.

    `linked` counts its characters that are links; `files`: it links to a file.
    """

    text: str
    stretches: list[tuple[int, int, int]]
    element: Element
    linked: int = 0
    files: bool = False
    centred: bool = False


@dataclass(slots=True)
class GridCell:
    row: int
    column: int
    rows: int
    columns: int
    lines: list[Line] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table of data with each merged cell once."""

    cells: list[GridCell]
    element: Element


Item = Line | Grid


class TooMuch(Exception):
    """More lines or cells than any notice has: the limit."""


class _Look(NamedTuple):
    """What an element hands down to what it holds."""

    owner: Element
    linked: bool = False
    files: bool = False
    pre: bool = False
    font: str = ""
    script: str = ""
    centred: bool = False
    label: bool = False


class _Piece(NamedTuple):
    """A stretch of text as it stands in the file; a null text is a line break."""

    text: str | None
    line: int
    look: _Look


def items_of(root: Element) -> list[Item]:
    """The lines and tables below an element, hidden ones left out. Raises TooMuch."""
    return _Walk(_Hidden(root), _layout_tables(root)).items(root)


class _Hidden:
    """Knows by attributes and by the page's own simple style rules what is not shown."""

    def __init__(self, root: Element) -> None:
        self._classes: set[tuple[str, str]] = set()
        self._ids: set[tuple[str, str]] = set()
        sheets = "".join(style.text or "" for style in root.getroottree().iter("style"))[:_MAX_CSS]
        for selectors, body in _RULE.findall(_MEDIA.sub("", _COMMENT.sub("", sheets))) if "none" in sheets else ():
            if re.search(r"display\s*:\s*none", body):
                for match in filter(None, map(_SELECTOR.fullmatch, selectors.split(","))):
                    (self._classes if match[2] == "." else self._ids).add((match[1].lower(), match[3]))

    def __call__(self, element: Element) -> bool:
        if element.get("hidden") is not None or _HIDDEN.search(element.get("style", "")):
            return True
        if not self._classes and not self._ids:
            return False
        name = element.get("id")
        if name and not self._ids.isdisjoint((("", name), (element.tag, name))):
            return True
        return any(not self._classes.isdisjoint((("", word), (element.tag, word))) for word in element.get("class", "").split())


class _Walk:
    """Walks elements in document order, without recursion but for the cells of a table, whose own tables are taken as lines."""

    def __init__(self, hidden: _Hidden, layout: set[Element]) -> None:
        self._hidden, self._layout = hidden, layout
        self._lines_left, self._cells_left, self._slots_left = MAX_LINES, MAX_CELLS, MAX_SLOTS
        self._counts: dict[Element, int] = {}
        self._begin([])

    def _begin(self, out: list[Item]) -> None:
        self._out = out
        self._pieces: list[_Piece] = []
        self._marker = ""

    def items(self, root: Element, *, in_cell: bool = False) -> list[Item]:
        outer = self._out, self._pieces, self._marker
        self._begin([])
        look = _Look(root, centred=_centred(root, False))
        self._add(root.text, root, look)
        if len(root):  # most cells hold no elements
            self._below(root, look, in_cell=in_cell)
        self._flush()
        found = self._out
        self._out, self._pieces, self._marker = outer
        return found

    def _below(self, root: Element, look: _Look, *, in_cell: bool) -> None:
        looks = [look]
        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if element is root:
                continue
            if event == "start":
                looks.append(self._enter(element, looks[-1]))
                if self._is_closed(element, in_cell=in_cell):
                    walk.skip_subtree()
                else:
                    self._add(element.text, element, looks[-1])
                continue
            if event == "end":
                self._leave(element)
                looks.pop()
            self._add(element.tail, element, looks[-1])

    def _enter(self, element: Element, above: _Look) -> _Look:
        """Begin a line where the element does; the look of what it holds."""
        tag, style = element.tag, element.get("style", "")
        block = tag in _BLOCKS or "display:block" in style.replace(" ", "")
        if block:
            self._flush()
        look = above
        if block:
            look = look._replace(owner=element, centred=_centred(element, above.centred))
        if tag == "a" and element.get("href"):
            look = look._replace(linked=True, files=_is_file(element))
        elif tag == "li":
            self._marker = self._number(element)
        elif tag in ("sup", "sub"):
            look = look._replace(script=tag)
        if tag in ("pre", "listing", "xmp") or "white-space:pre" in style.replace(" ", ""):
            look = look._replace(pre=True)
        font = _FONT.search(style) if style else None
        name = font[1].strip() if font else element.get("face", "")
        if name:
            look = look._replace(font=name if is_symbol_font(name) else "")
        if "mso-list:ignore" in style.replace(" ", "").lower():
            look = look._replace(label=True)
        return look

    def _is_closed(self, element: Element, *, in_cell: bool) -> bool:
        """Whether nothing below the element is to be walked: it is hidden, or it is a table, which has been read."""
        tag = element.tag
        if tag in _SILENT or self._hidden(element):
            return True
        if tag == "br":
            self._pieces.append(_Piece(None, 0, _Look(element)))
        elif tag == "input" and element.get("type", "").lower() in ("checkbox", "radio"):
            self._pieces.append(_Piece("☐" if element.get("checked") is None else "☑", _source_line(element), _Look(element)))
        elif tag == "table" and not in_cell and element not in self._layout:
            grid = self._grid(element)
            if any(cell.lines for cell in grid.cells):
                self._out.append(grid)
            return True
        return False

    def _leave(self, element: Element) -> None:
        if element.tag in _BLOCKS or "display:block" in element.get("style", "").replace(" ", ""):
            self._flush()
        if element.tag == "li":
            self._marker = ""

    def _add(self, text: str | None, element: Element, look: _Look) -> None:
        """Text that stands in an element, or behind one."""
        if not text:
            return
        text = text.translate(_UNSEEN)
        if look.label and not text.strip(_EDGE):
            return
        if look.font:
            text = unveil(text.strip(), look.font)
        if look.script:
            text = _script(text, look.script)
        line = _source_line(element)
        if look.pre:
            for number, row in enumerate(text.replace("\r\n", "\n").split("\n")):
                if number:
                    self._pieces.append(_Piece(None, 0, look))
                self._pieces.append(_Piece(row, line + number, look))
        else:
            self._pieces.append(_Piece(text, line, look))

    def _flush(self) -> None:
        """End a block: its pieces become lines."""
        if not self._pieces:
            return
        pieces, self._pieces = self._pieces, []
        segments: list[Line | None] = []
        begin = 0
        for end, piece in enumerate([*pieces, None]):
            if piece is None or piece.text is None:
                segments.append(_segment(pieces[begin:end]))
                begin = end + 1
        for line in _joined(segments):
            self._lines_left -= 1
            if self._lines_left < 0:
                raise TooMuch(MAX_LINES)
            if self._marker:
                _prefix(line, self._marker)
                self._marker = ""
            self._out.append(line)

    def _number(self, item: Element) -> str:
        """What stands before a list item: its number; nothing in an unordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol":
            return ""
        before = self._counts.get(parent)
        if before is None:
            start = _whole(parent.get("start"))
            length = sum(child.tag == "li" for child in parent) if parent.get("reversed") is not None else 0
            before = (start if start is not None else length or 1) + (1 if length else -1)
        step = 1 if parent.get("reversed") is None else -1
        value = _whole(item.get("value"))
        number = self._counts[parent] = before + step if value is None else value
        kind = _list_type(item, parent)
        if kind in _UNMARKED:
            return ""
        word_format, around = _LIST_FORMATS.get(kind, _LIST_FORMATS["decimal"])
        return around.format(format_number(number, word_format))

    def _spend(self, cells: int, slots: int) -> None:
        self._cells_left -= cells
        self._slots_left -= slots
        if self._cells_left < 0 or self._slots_left < 0:
            raise TooMuch(MAX_CELLS)

    def _grid(self, table: Element) -> Grid:
        """A table's cells at their places in the grid (HTML, 4.9.12)."""
        rows = [row for row in _nearest(table, ("tr",)) if not self._hidden(row)]
        cells: list[GridCell] = []
        covered: dict[int, int] = {}  # by column: rows below that a cell still covers
        for index, row in enumerate(rows):
            covered = {column: left - 1 for column, left in covered.items() if left > 1}
            self._spend(0, len(covered))
            below: dict[int, int] = {}
            column = 0
            for element in _nearest(row, ("td", "th")):
                if self._hidden(element):
                    continue
                while column in covered:
                    column += 1
                columns = min(max(_whole(element.get("colspan")) or 1, 1), _MAX_SPAN)
                span = _whole(element.get("rowspan"))
                height = len(rows) - index if span == 0 else min(max(span or 1, 1), len(rows) - index)
                self._spend(1, columns)
                lines = [item for item in self.items(element, in_cell=True) if isinstance(item, Line)]
                cells.append(GridCell(index, column, height, columns, lines))
                below.update(dict.fromkeys(range(column, column + columns), height))
                column += columns
            covered |= below
        return Grid(cells, table)


def _nearest(parent: Element, wanted: tuple[str, ...]) -> Iterator[Element]:
    """The nearest descendants of these names, through whatever wraps them, but not through cells or tables."""
    open_elements = [iter(parent)]
    while open_elements:
        for child in open_elements[-1]:
            if child.tag in wanted:
                yield child
            elif isinstance(child.tag, str) and child.tag not in ("table", "td", "th", "caption", *_SILENT):
                open_elements.append(iter(child))
                break
        else:
            open_elements.pop()


def _layout_tables(root: Element) -> set[Element]:
    """The tables that lay out a page: their cells are read as blocks of it."""
    if next(root.iter("table"), None) is None:
        return set()
    size: dict[Element, int] = {}
    blocks: dict[Element, int] = {}
    nested: dict[Element, int] = {}  # by table: text in the tables that it holds
    for element in reversed(list(root.iter(etree.Element))):
        if element.tag in _SILENT:
            continue
        own = len("".join((element.text or "").split())) + size.get(element, 0)
        parent = element.getparent()
        if element.tag == "table":
            above = next(element.iterancestors("table"), None)
            if above is not None:
                nested[above] = nested.get(above, 0) + own
        size[element] = own
        if parent is not None:
            size[parent] = size.get(parent, 0) + own + len("".join((element.tail or "").split()))
            blocks[parent] = blocks.get(parent, 0) + blocks.get(element, 0) + (element.tag in _BLOCKS or element.tag == "br")
    if sum(1 for _ in root.iter("td", "th")) > MAX_CELLS:
        raise TooMuch(MAX_CELLS)
    return {table for table in root.iter("table") if _is_layout(table, size, blocks, nested.get(table, 0))}


def _is_layout(table: Element, size: dict[Element, int], blocks: dict[Element, int], nested: int) -> bool:
    rows = [list(_nearest(row, ("td", "th"))) for row in _nearest(table, ("tr",))]
    cells = [cell for row in rows for cell in row]
    text = size.get(table, 0)
    if len(cells) <= 1 or table.get("role") == "presentation" or 2 * nested >= max(text, 1):
        return True
    if (table.get("border") or "0") != "0" or _BORDER.search(table.get("style", "") + ";" + cells[0].get("style", "")):
        return False
    large = max(cells, key=lambda cell: size.get(cell, 0))
    column = size.get(large, 0) >= _LAYOUT_SHARE * text and blocks.get(large, 0) >= _LAYOUT_BLOCKS
    titled = any(next(cell.iter("h1", "h2", "h3"), None) is not None for cell in cells[:_FEW_CELLS])
    return column or titled or sum(bool(row) for row in rows) == 1 or all(len(row) <= 1 for row in rows)


# --- pieces → lines --------------------------------------------------------------------------------------------------------------------


def _segment(pieces: Sequence[_Piece]) -> Line | None:
    """The text between two line breaks as it is shown: white space collapsed, none at its ends; None where nothing is left.

    A line end in the file between two Han characters is no space: programs that save HTML wrap there.
    """
    out: list[str] = []
    stretches: list[tuple[int, int, int]] = []
    length = linked = 0
    pending, last = "", ""
    for piece in pieces:
        for token in _TOKEN.findall(piece.text or ""):
            if token[0] in " \t\n\r\f" and not piece.look.pre:
                pending += token
                continue
            if pending and out and not (("\n" in pending or "\r" in pending) and _WIDE.match(last) and _WIDE.match(token)):
                token = " " + token
            pending, last = "", token[-1]
            out.append(token)
            stretches.append((length, length + len(token), piece.line))
            length += len(token)
            linked += len(token) if piece.look.linked else 0
    text = "".join(out)
    bare = text.strip(_EDGE)
    if not bare:
        return None
    before = len(text) - len(text.lstrip(_EDGE))
    kept = [(max(start - before, 0), min(end - before, len(bare)), line) for start, end, line in stretches]
    first = next(piece.look for piece in pieces if (piece.text or "").strip(_EDGE))
    line = Line(bare.replace("\xa0", " "), [], first.owner, linked, any(piece.look.files for piece in pieces), first.centred)
    for start, end, number in kept:
        if start < end:
            if line.stretches and line.stretches[-1][2] == number:
                line.stretches[-1] = (line.stretches[-1][0], end, number)
            else:
                line.stretches.append((start, end, number))
    return line


def _joined(segments: Sequence[Line | None]) -> Iterator[Line]:
    """The paragraphs of a block that <br> breaks: most are one each; those that break a title or a sentence are its further lines."""
    whole: Line | None = None
    for before, segment in pairwise([None, *segments]):
        if segment is None:
            continue
        if whole and before and _goes_on(before, segment):
            offset = len(whole.text) + 1
            whole.text += "\n" + segment.text
            whole.stretches += [(start + offset, end + offset, line) for start, end, line in segment.stretches]
            whole.linked += segment.linked
            whole.files |= segment.files
        else:
            if whole:
                yield whole
            whole = segment
    if whole:
        yield whole


def _goes_on(before: Line, after: Line) -> bool:
    """Whether a <br> between two lines breaks one paragraph."""
    if before.text[-1] in _FINAL or _STARTS.match(after.text):
        return False
    return after.centred or after.element.tag in _TITLES or len(before.text) >= _LONG


def _prefix(line: Line, marker: str) -> None:
    """Write a list number before a line that does not print it itself."""
    if line.text.startswith(marker):
        return
    line.text = marker + line.text
    moved = [(start + len(marker), end + len(marker), number) for start, end, number in line.stretches]
    line.stretches = [(0, *moved[0][1:]), *moved[1:]]


# --- attributes ------------------------------------------------------------------------------------------------------------------------


def _source_line(element: Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _centred(element: Element, inherited: bool) -> bool:
    if element.tag == "center":
        return True
    stated = _ALIGN.search(element.get("style", ""))
    align = stated[1] if stated else element.get("align", "")
    return align.lower() == "center" if align and element.tag != "table" else inherited


def _is_file(link: Element) -> bool:
    try:
        path = urlsplit(link.get("href", "")).path
    except ValueError:  # an address that is none
        return False
    return path.rpartition(".")[2].lower() in _FILES or link.get("download") is not None


def _list_type(item: Element, parent: Element) -> str:
    """The type of a list item's number, as _LIST_FORMATS names it."""
    for element in (item, parent):
        stated = _LIST_STYLE.search(element.get("style", ""))
        if stated:
            return stated[1].lower()
        drawn = next((word for word in element.get("class", "").split() if word in _LIST_FORMATS or word in _UNMARKED), None)
        kind = drawn or element.get("type")
        if kind:
            return kind
    return "decimal"


def _whole(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\s*-?\d{1,9}\s*", text) else None


def _script(text: str, kind: str) -> str:
    """A superscript or subscript as such where Unicode has its characters: 10⁴ is not 104."""
    table = _SUPERSCRIPT if kind == "sup" else _SUBSCRIPT
    return text.translate(table) if text.strip() and all(ord(character) in table for character in text.strip()) else text
