"""DOCX → Document: the body walked in document order over its XML, as Word shows it with all changes accepted.

Stays: automatic numbers written out, insertions, content controls, text boxes, nested tables, field results, foot- and endnotes.
Goes: deletions, hidden text, field instructions, ruby, comments, headers and footers, the fallback twin of every drawing.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from lxml.etree import _Element as Element

from pipeline.errors import ReadError
from pipeline.readers.docx_annotations import annotations, warnings
from pipeline.readers.docx_package import Package, Part, open_package
from pipeline.readers.numbering import Numbering, flag, qn, value, whole_number
from pipeline.readers.symbols import is_symbol_font, look, unveil
from schemas.document import Block, Cell, Document, Place, Source, Table

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
MAX_CELLS = 200_000
_MAX_SPAN = 1000  # columns; Word itself allows 63

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_TEXTPATH = "{urn:schemas-microsoft-com:vml}textpath"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_P, _PPR, _R, _RPR, _T, _TBL, _TR, _TC = (qn(f"w:{name}") for name in ("p", "pPr", "r", "rPr", "t", "tbl", "tr", "tc"))
_FIELD, _INSTRUCTION, _SYM, _SDT, _BOX, _VANISH = (qn(f"w:{name}") for name in ("fldChar", "instrText", "sym", "sdt", "txbxContent", "vanish"))
_RSTYLE, _FONTS, _DEL, _MOVE_FROM = (qn(f"w:{name}") for name in ("rStyle", "rFonts", "del", "moveFrom"))
_NOTES = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}
_ALTERNATE, _CHOICE, _FALLBACK = f"{_MC}AlternateContent", f"{_MC}Choice", f"{_MC}Fallback"
_CHECKBOX, _DENOMINATOR, _MATH_TEXT = f"{_W14}checkbox", f"{_M}den", f"{_M}t"
_WRITTEN = {
    qn("w:tab"): "\t",
    qn("w:ptab"): "\t",
    qn("w:br"): "\n",  # a page break too: at a paragraph's end it is stripped, amid a text it parts what stands on two pages
    qn("w:cr"): "\n",
    qn("w:noBreakHyphen"): "-",
    _DENOMINATOR: "/",  # before the denominator's own text
}
# What holds no text of the document as accepted; every other element is looked into.
_OUT = frozenset(
    [_PPR, _RPR, _DEL, _MOVE_FROM, *(qn(f"w:{name}") for name in ("sdtPr", "sdtEndPr", "rt", "rubyPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr"))]
)
_CHECKED, _UNCHECKED = "☑", "☐"
_LONGEST_INSTRUCTION = 1000  # code points of a field instruction that are looked at
_LONGEST_CHAIN = 32  # styles based on each other
_ENCLOSED = {("□", "√"): "☑", ("□", "✓"): "☑", ("□", "×"): "☒"}  # EQ \o\ac(□,√)


def read_docx(data: bytes, file: str) -> Document:
    """The bytes of a DOCX → its Document; `file` is the name that messages and Source show.

    A paragraph is a block, a table is a block and a Table, foot- and endnotes are note blocks at the end; places name the part and the
    index of the w:p in it. Raises ReadError: read.empty, .truncated, .encrypted, .not_docx, .damaged, .too_large, .no_text.
    """
    package = open_package(data, file)
    try:
        writer = _written(package, file)
    except RecursionError as error:  # legal XML ends at 256 levels, which fits; a caller deep in its own stack may leave less
        raise ReadError("read.too_large", file, part=package.main.name) from error
    text = "".join(writer.pieces)
    if not text:
        raise ReadError("read.no_text", file)
    beside = annotations(package)
    return Document(
        text=text,
        blocks=tuple(writer.blocks),
        tables=tuple(writer.tables),
        source=Source(
            file=file,
            media_type=MEDIA_TYPE,
            sha256=hashlib.sha256(data).hexdigest(),
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
            reader="docx",
        ),
        annotations=beside,
        warnings=warnings(beside),
    )


def _written(package: Package, file: str) -> "_Writer":
    """The body, then the notes that it cites, laid out."""
    styles = _Styles(package.root("styles"))
    numbering = Numbering(package.root("numbering"), styles.list_of)
    writer = _Writer()
    body = next(package.main.root.iterchildren(qn("w:body")), None)
    if body is None:
        return writer
    story = _Story(Part(package.main.name, body), styles, numbering, file)
    writer.write(story.items(body), package.main.name)
    for kind in _NOTES.values():
        if kind in package.related:
            part = package.related[kind]
            cited = [number for note, number in story.cited if note == kind]
            writer.write(_Story(part, styles, numbering, file).notes(cited), part.name, note=True)
    return writer


@dataclass(slots=True)
class _Paragraph:
    """A paragraph's text, never empty, and which w:p each stretch of it came from: (start, end, index)."""

    text: str
    stretches: list[tuple[int, int, int]]
    centred: bool


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    columns: int
    rows: int = 1
    lines: list[_Paragraph] = field(default_factory=list)


@dataclass(slots=True)
class _Table:
    cells: list[_Cell]


@dataclass(frozen=True, slots=True)
class _Style:
    """What a paragraph or character style says, its ancestors included (nearest first). None: nothing."""

    chain: tuple[str, ...]
    centred: bool | None
    hidden: bool | None
    num_id: str | None
    level: int | None


class _Styles:
    """The styles of styles.xml by id, resolved along basedOn when asked for."""

    def __init__(self, root: Element | None) -> None:
        found = [] if root is None else list(root.iterchildren(qn("w:style")))
        self._elements: dict[str, Element] = {style.get(qn("w:styleId"), ""): style for style in found}
        normal = (style for style in found if style.get(qn("w:type")) == "paragraph" and style.get(qn("w:default")) in ("1", "true", "on"))
        self._default: str = next((style.get(qn("w:styleId"), "") for style in normal), "")
        self._known: dict[str, _Style] = {}
        defaults = None if root is None else next(root.iterchildren(qn("w:docDefaults")), None)
        self.centred = _centred(_below(defaults, "w:pPrDefault", "w:pPr")) or False
        self.hidden = _hidden(_below(defaults, "w:rPrDefault", "w:rPr")) or False

    def paragraph(self, name: str | None) -> _Style:
        return self.named(name if name in self._elements else self._default)

    def named(self, name: str | None) -> _Style:
        """A style, resolved; one that says nothing where there is none of that name."""
        name = name or ""
        if name not in self._known:
            self._known[name] = self._resolve(name)
        return self._known[name]

    def list_of(self, name: str) -> str | None:
        """The list (numId) that a numbering style stands for."""
        return self.named(name).num_id

    def _resolve(self, name: str) -> _Style:
        chain: list[str] = []
        centred: bool | None = None
        hidden: bool | None = None
        num_id: str | None = None
        level: int | None = None
        style = self._elements.get(name)
        while style is not None and name not in chain and len(chain) < _LONGEST_CHAIN:
            chain.append(name)
            properties = _below(style, "w:pPr")
            own_id, own_level = _number_of(properties)
            centred = _centred(properties) if centred is None else centred
            hidden = _hidden(_below(style, "w:rPr")) if hidden is None else hidden
            level = own_level if level is None and num_id is None else level
            num_id = num_id or own_id
            name = value(style, "w:basedOn") or ""
            style = self._elements.get(name)
        return _Style(tuple(chain), centred, hidden, num_id, level)


@dataclass(slots=True)
class _Field:
    """An open complex field: its instruction so far, and where the paragraph's text stood when it or its result began."""

    begin: Element
    out: list[str]
    mark: int
    instruction: str = ""
    has_result: bool = False

    def add(self, instruction: str) -> None:
        if not self.has_result:
            self.instruction = (self.instruction + instruction)[:_LONGEST_INSTRUCTION]

    def is_empty(self, out: list[str]) -> bool:
        return self.out is out and self.mark == len(out)


class _Story:
    """Walks one part in document order: the body, or the notes. `cited` collects the notes that its visible text refers to."""

    def __init__(self, part: Part, styles: _Styles, numbering: Numbering, file: str) -> None:
        self._root, self._styles, self._numbering, self._file = part.root, styles, numbering, file
        self._index = {paragraph: index for index, paragraph in enumerate(part.root.iter(_P))}
        self._cells_left = MAX_CELLS
        self._fields_close = _fields_close(part.root)
        self.cited: dict[tuple[str, str], None] = {}  # in order, each once
        # Of the paragraph that is being read:
        self._out: list[str] = []
        self._boxes: list[Element] = []
        self._hidden = False  # by its style
        self._fields: list[_Field] = []
        self._instructions = 0  # open fields that have not come to their result

    def items(self, container: Element) -> Iterator[_Paragraph | _Table]:
        """The paragraphs and tables of a body, cell, text box or note, with the text boxes after their paragraph."""
        pieces: list[tuple[str, int]] = []  # of paragraphs whose mark is deleted or hidden: they run on into the next
        boxes: list[Element] = []
        label, centred = "", False
        for child in _flat(container, (_P, _TBL)):
            if child.tag == _TBL:
                yield from self._finished(label, pieces, centred, boxes)
                pieces, boxes, label = [], [], ""
                yield from self._table(child)
                continue
            properties = next(child.iterchildren(_PPR), None)
            style = self._styles.paragraph(value(properties, "w:pStyle"))
            text, own_boxes = self._paragraph(child, style)
            pieces.append((text, self._index[child]))
            boxes += own_boxes
            mark = _below(properties, "w:rPr")
            if _has(mark, _DEL, _MOVE_FROM):
                continue
            runs_on = _hidden(mark) or False
            if text.strip() or not (runs_on or style.hidden):
                label = label or self._label(properties, style)
            if not runs_on:
                centred = _first(_centred(properties), style.centred, self._styles.centred)
                yield from self._finished(label, pieces, centred, boxes)
                pieces, boxes, label = [], [], ""
        yield from self._finished(label, pieces, centred, boxes)

    def notes(self, numbers: Iterable[str]) -> Iterator[_Paragraph | _Table]:
        """The items of the notes of these ids."""
        found = {note.get(qn("w:id")): note for note in self._root}
        for number in numbers:
            if number in found:
                yield from self.items(found[number])

    def _finished(self, label: str, pieces: list[tuple[str, int]], centred: bool, boxes: list[Element]) -> Iterator[_Paragraph | _Table]:
        """One block's worth of paragraphs, then their text boxes."""
        paragraph = _joined(label, pieces, centred)
        if paragraph:
            yield paragraph
        for box in boxes:
            outer = self._fields, self._instructions
            self._fields, self._instructions = [], 0
            if box.tag == _BOX:
                yield from self.items(box)
            else:  # WordArt of old documents
                art = _joined("", [(box.get("string", ""), self._index_above(box))], False)
                yield from (art,) if art else ()
            self._fields, self._instructions = outer

    def _index_above(self, element: Element) -> int:
        return next(self._index[above] for above in element.iterancestors(_P))

    def _label(self, properties: Element | None, style: _Style) -> str:
        """The paragraph's automatic number: from its own w:numPr, else from its style's."""
        own_id, own_level = _number_of(properties)
        num_id = own_id or style.num_id
        if num_id is None or num_id == "0":
            return ""
        linked = (self._numbering.level_of_style(num_id, name) for name in style.chain)
        level = own_level if own_level is not None else next((level for level in linked if level is not None), None)
        if level is None:
            level = style.level if own_id is None and style.level is not None else 0
        return self._numbering.label(num_id, level)

    def _paragraph(self, paragraph: Element, style: _Style) -> tuple[str, list[Element]]:
        self._out, self._boxes = [], []
        self._hidden = _first(style.hidden, False)
        self._inline(paragraph)
        return "".join(self._out), self._boxes

    @property
    def _shown(self) -> bool:
        return self._instructions == 0

    def _inline(self, parent: Element) -> None:
        """Whatever stands in a paragraph: runs, and what wraps them."""
        for child in parent:
            tag = child.tag
            if tag == _R:
                self._run(child)
            elif tag not in _OUT:
                self._content(child, tag, "")

    def _run(self, run: Element) -> None:
        shown, font = not self._styles.hidden and not self._hidden, ""
        for child in run:
            tag = child.tag
            if tag == _RPR:
                shown, font = self._look(child)
            elif tag == _FIELD:
                self._field(child, shown)
            elif tag == _INSTRUCTION:
                if self._fields:
                    self._fields[-1].add(child.text or "")
            elif shown and tag not in _OUT:
                self._content(child, tag, font)

    def _content(self, element: Element, tag: object, font: str) -> None:
        """One element of a run or around runs, not hidden: its text to `_out`, its text boxes to `_boxes`."""
        if tag in (_T, _MATH_TEXT):
            if self._shown:
                self._out.append(_text(element, font))
        elif not isinstance(tag, str):  # a comment or processing instruction
            return
        elif tag == _ALTERNATE:
            self._inline(_chosen(element))
        elif tag in (_BOX, _TEXTPATH):
            self._boxes.append(element)
        elif tag == _SDT:
            self._control(element)
        elif tag in _NOTES:
            if self._shown:
                self.cited[_NOTES[tag], element.get(qn("w:id"), "")] = None
        else:
            if self._shown and tag in _WRITTEN:
                self._out.append(_WRITTEN[tag])
            elif self._shown and tag == _SYM:
                self._out.append(_symbol(element))
            self._inline(element)

    def _look(self, properties: Element) -> tuple[bool, str]:
        """Whether a run is shown, and the symbol font that it is set in."""
        direct: bool | None = None
        style: bool | None = None
        font = ""
        for child in properties:
            tag = child.tag
            if tag == _VANISH:
                direct = flag(child)
            elif tag == _RSTYLE:
                style = self._styles.named(value(child)).hidden
            elif tag == _FONTS:
                name = child.get(qn("w:ascii")) or child.get(qn("w:hAnsi")) or ""
                font = name if is_symbol_font(name) else ""
        # w:vanish is a toggle: set by both styles it is off (ECMA-376 Part 1, 17.7.3).
        hidden = direct if direct is not None else self._styles.hidden or self._hidden != bool(style)
        return not hidden, font

    def _control(self, control: Element) -> None:
        """A content control in a line; a check box is written by its state."""
        before = len(self._out)
        self._inline(control)
        state = next((box for properties in control.iterchildren(qn("w:sdtPr")) for box in properties.iterchildren(_CHECKBOX)), None)
        if state is not None and len(self._out) > before:
            checked = any(mark.get(f"{_W14}val") in ("1", "true", "on", None) for mark in state.iterchildren(f"{_W14}checked"))
            self._out[before:] = [_CHECKED if checked else _UNCHECKED]

    def _field(self, mark: Element, shown: bool) -> None:
        """A complex field's begin, separate or end. Fields that do not close are taken as text: nothing may be swallowed by a missing end."""
        kind = mark.get(qn("w:fldCharType"))
        if not self._fields_close:
            return
        if kind == "begin":
            self._fields.append(_Field(mark, self._out, len(self._out)))
            self._instructions += 1
        elif kind == "separate" and self._fields and not self._fields[-1].has_result:
            self._fields[-1].has_result = True
            self._instructions -= 1
        elif kind == "end" and self._fields:
            ended = self._fields.pop()
            self._instructions -= not ended.has_result
            if shown and self._shown and ended.is_empty(self._out):
                self._out.append(_field_text(ended))

    def _table(self, table: Element) -> Iterator[_Table]:
        """A table with each merged cell once; none where no cell has a text."""
        cells: list[_Cell] = []
        above: dict[int, _Cell] = {}  # by column: cells that a vMerge in the next row would go on
        height = 0
        for row in _flat(table, (_TR,)):
            properties = next(row.iterchildren(qn("w:trPr")), None)
            if _has(properties, _DEL):
                continue
            above = self._row(row, height, _span(value(properties, "w:gridBefore"), 0), above, cells)
            height += bool(above)
        if any(cell.lines for cell in cells):
            yield _Table(cells)

    def _row(self, row: Element, index: int, column: int, above: Mapping[int, _Cell], cells: list[_Cell]) -> dict[int, _Cell]:
        """Add a row's cells to the table's; gives by column the cells that reach to this row."""
        reached: dict[int, _Cell] = {}
        last: _Cell | None = None
        for element in _flat(row, (_TC,)):
            self._cells_left -= 1
            if self._cells_left < 0:
                raise ReadError("read.too_large", self._file, limit=MAX_CELLS)
            properties = next(element.iterchildren(qn("w:tcPr")), None)
            if _has(properties, qn("w:cellDel")):
                continue
            columns = _span(value(properties, "w:gridSpan"), 1)
            if last and _merge(properties, "w:hMerge") == "continue":
                last.columns += columns if last.row == index else 0  # one that comes from above has its columns already
            elif column in above and _merge(properties, "w:vMerge") == "continue":
                last = reached[column] = above[column]
                last.rows += 1
            else:
                last = reached[column] = _Cell(index, column, columns)
                last.lines.extend(_lines(self.items(element)))
                cells.append(last)
            column += columns
        return reached


class _Writer:
    """Lays items out one below the other: the pieces of the text, and blocks and tables with their offsets in it."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.blocks: list[Block] = []
        self.tables: list[Table] = []
        self._end = 0

    def write(self, items: Iterable[_Paragraph | _Table], part: str, *, note: bool = False) -> None:
        """Append items; in notes a table's paragraphs stand as paragraphs."""
        for item in _lines(items) if note else items:
            if self.blocks:
                self._put("\n")
            start = self._end
            if isinstance(item, _Table):
                places = self._write_table(item, part)
                self.blocks.append(Block(start=start, end=self._end, kind="table", places=tuple(places)))
            else:
                places = self._write_paragraph(item, part)
                kind: Literal["paragraph", "note"] = "note" if note else "paragraph"
                self.blocks.append(Block(start=start, end=self._end, kind=kind, centred=item.centred, places=tuple(places)))

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self._end += len(text)

    def _write_paragraph(self, paragraph: _Paragraph, part: str) -> list[Place]:
        start = self._end
        self._put(paragraph.text)
        return [Place(start=start + first, end=start + last, part=part, paragraph=index) for first, last, index in paragraph.stretches]

    def _write_table(self, table: _Table, part: str) -> list[Place]:
        start, row = self._end, table.cells[0].row
        cells: list[Cell] = []
        places: list[Place] = []
        for cell in table.cells:
            if cells:
                self._put("\t" if cell.row == row else "\n")
            row = cell.row
            first = self._end
            for number, line in enumerate(cell.lines):
                if number:
                    self._put("\n")
                places += self._write_paragraph(line, part)
            cells.append(Cell(start=first, end=self._end, row=row, column=cell.column, rows=cell.rows, columns=cell.columns))
        self.tables.append(Table(start=start, end=self._end, cells=tuple(cells)))
        return places


def _flat(parent: Element, wanted: tuple[str, ...]) -> Iterator[Element]:
    """The nearest descendants of these names, through content controls, insertions and other wrappers, but not through deletions."""
    open_elements = [iter(parent)]
    while open_elements:
        for child in open_elements[-1]:
            if child.tag in wanted:
                yield child
            elif isinstance(child.tag, str) and child.tag not in _OUT:
                open_elements.append(iter(_chosen(child) if child.tag == _ALTERNATE else child))
                break
        else:
            open_elements.pop()


def _chosen(alternate: Element) -> Element:
    """The branch of an mc:AlternateContent that Word shows: the choice; the fallback only where there is none."""
    return next(alternate.iterchildren(_CHOICE), next(alternate.iterchildren(_FALLBACK), alternate))


def _lines(items: Iterable[_Paragraph | _Table]) -> Iterator[_Paragraph]:
    """The paragraphs of items, those of nested tables in reading order."""
    for item in items:
        if isinstance(item, _Table):
            for cell in item.cells:
                yield from cell.lines
        else:
            yield item


def _joined(label: str, pieces: list[tuple[str, int]], centred: bool) -> _Paragraph | None:
    """Paragraphs that run on into each other, as one: stripped, its number before it; None where nothing is left."""
    cleaned = [(_without_empty_lines(text) if "\n" in text else text, index) for text, index in pieces]
    whole = "".join(text for text, _ in cleaned)
    text = (label + whole.strip()).strip()
    if not text:
        return None
    position = len(label) - (len(whole) - len(whole.lstrip()))
    stretches: list[tuple[int, int, int]] = []
    for piece, index in cleaned:
        start, position = max(position, len(label)), position + len(piece)
        if min(position, len(text)) > start:
            stretches.append((start, min(position, len(text)), index))
    if not stretches:  # a number without text
        return _Paragraph(text, [(0, len(text), pieces[-1][1])], centred)
    stretches[0] = (0, *stretches[0][1:])
    return _Paragraph(text, stretches, centred)


def _without_empty_lines(text: str) -> str:
    """A text without white space around its line feeds, nor lines without text."""
    first, *middle, last = text.split("\n")
    return "\n".join([first.rstrip(), *filter(None, (line.strip() for line in middle)), last.lstrip()])


def _text(element: Element, font: str) -> str:
    """The text of a w:t as Word shows it: outer spaces only where they are to be preserved, line ends as spaces, symbol fonts resolved."""
    text: str = element.text or ""
    if text and (text[0] in " \t\r\n" or text[-1] in " \t\r\n") and element.get(_XML_SPACE) != "preserve":
        text = text.strip(" \t\r\n")
    if "\n" in text or "\r" in text:
        text = re.sub(r"[\r\n]", " ", text)
    return unveil(text, font) if font else text


def _symbol(element: Element) -> str:
    """A w:sym."""
    code = element.get(qn("w:char"), "")
    return look(element.get(qn("w:font"), ""), int(code, 16)) if re.fullmatch("[0-9A-Fa-f]{1,6}", code) else ""


def _field_text(ended: _Field) -> str:
    """What a field shows that keeps no result in the file: form fields, enclosed characters, symbols."""
    form = _below(ended.begin, "w:ffData")
    box, choices = _below(form, "w:checkBox"), _below(form, "w:ddList")
    if box is not None:
        state = next(box.iterchildren(qn("w:checked")), next(box.iterchildren(qn("w:default")), None))
        return _CHECKED if state is not None and flag(state) else _UNCHECKED
    if choices is not None:
        entries = [value(entry) or "" for entry in choices.iterchildren(qn("w:listEntry"))]
        chosen = whole_number(value(choices, "w:result")) or 0
        return entries[chosen] if 0 <= chosen < len(entries) else ""
    symbol = re.match(r'\s*SYMBOL\s+([0-9]{1,5})\b.*\\f\s*"?([^"\\]+)', ended.instruction, re.IGNORECASE)
    if symbol:
        return look(symbol.group(2).strip(), int(symbol.group(1)))
    overstrike = re.match(r"\s*EQ\b.*?\\o\s*(?:\\a[a-z]\s*)?\((.*)\)\s*$", ended.instruction, re.IGNORECASE | re.DOTALL)
    return _overstrike(overstrike.group(1)) if overstrike else ""


def _overstrike(arguments: str) -> str:
    r"""EQ \o\ac(○,1) → ①, EQ \o\ac(□,√) → ☑, EQ \o\ad(\s\up 9(pīn),拼) → 拼: Word's enclosed characters and old ruby."""
    outer, _, inner = (part.strip() for part in re.sub("[，;；]", ",", arguments).rpartition(","))
    if outer in ("○", "〇", "◯") and inner.isascii() and inner.isdigit() and 1 <= int(inner[:3]) <= 20:
        return chr(ord("①") + int(inner) - 1)
    return _ENCLOSED.get((outer, inner), inner)


def _fields_close(root: Element) -> bool:
    """Whether every complex field that begins also ends."""
    kinds = [mark.get(qn("w:fldCharType")) for mark in root.iter(_FIELD)]
    return kinds.count("begin") == kinds.count("end")


def _below(element: Element | None, *names: str) -> Element | None:
    """The child of that name, its child of the next name, and so on."""
    for name in names:
        if element is None:
            return None
        element = next(element.iterchildren(qn(name)), None)
    return element


def _has(element: Element | None, *tags: str) -> bool:
    return element is not None and next(element.iterchildren(*tags), None) is not None


def _first(*values: bool | None) -> bool:
    """The first that says anything."""
    return next((value for value in values if value is not None), False)


def _centred(properties: Element | None) -> bool | None:
    """What a w:pPr says of centring."""
    alignment = value(properties, "w:jc")
    return None if alignment is None else alignment == "center"


def _hidden(look: Element | None) -> bool | None:
    """What a w:rPr says of hiding."""
    vanish = None if look is None else next(look.iterchildren(_VANISH), None)
    return None if vanish is None else flag(vanish)


def _number_of(properties: Element | None) -> tuple[str | None, int | None]:
    """List and level of a w:pPr's own w:numPr, never of the former one that a tracked change keeps."""
    numbered = _below(properties, "w:numPr")
    return value(numbered, "w:numId"), whole_number(value(numbered, "w:ilvl"))


def _span(text: str | None, least: int) -> int:
    return min(max(whole_number(text) or least, least), _MAX_SPAN)


def _merge(properties: Element | None, name: str) -> str | None:
    """`restart` or `continue`; None where the cell is not merged. A tracked merge counts as accepted."""
    tracked = _below(properties, "w:cellMerge")
    if tracked is not None and name == "w:vMerge":
        return "continue" if tracked.get(qn("w:vMerge")) == "cont" else "restart"
    merge = _below(properties, name)
    return None if merge is None else value(merge) or "continue"
