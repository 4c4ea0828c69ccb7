"""HTML and MHTML → Document: the notice of a page as government sites print it, or as Word and WPS save it, without the site around it.

The steps: bytes → text (`_decoded`) → elements → lines and tables (html_text) → those that are the notice (html_page) → Document. Nothing that
the page points to is fetched. trafilatura was tried in this place and lost to the structure: in its default it kept the site's list of
recommended pages in four of seven saved pages, with precision favoured it lost addresses that the notice prints, and it knows no cells.
"""

import codecs
import hashlib
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

from lxml import etree
from lxml import html as lxml_html
from lxml.etree import _Element as Element

from pipeline.errors import ReadError
from pipeline.readers.html_page import notice_of
from pipeline.readers.html_text import Grid, Item, Line, TooMuch, items_of
from pipeline.readers.txt import Decoded, decode, plausibility
from schemas.document import Block, Cell, Document, Place, Source, Table

MAX_TAGS = 300_000
MAX_DEPTH = 2048  # libxml2 goes no deeper

_HEAD = 65536  # bytes in which a page declares its encoding; it should within 1024
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w:.-]+)""", re.IGNORECASE)
_CHINESE = frozenset(["gb2312", "gbk", "gb18030", "gb_2312-80", "x-gbk", "cp936", "ms936", "csgb2312", "euc-cn", "hz-gb-2312", "chinese"])
_ESCAPED_SPACE = re.compile(r"&(?:amp;)*nbsp;", re.IGNORECASE)  # escaped twice by the site's system
_CLOSING = re.compile(r"</(?:html|body)\s*>", re.IGNORECASE)  # pages go on behind them, libxml2 does not
_CONTROLS = dict.fromkeys([*range(9), 0x0B, *range(0x0E, 0x20)])


def read_html(data: bytes, file: str) -> Document:
    """The bytes of a web page → its notice; `file` is the name that messages and Source show.

    A paragraph is a block, a table of data a block and a Table; places name the line of the source. Raises ReadError: read.empty,
    read.encoding, read.too_large, read.too_long, read.no_text. Warnings: `read.bad_bytes encoding=gb18030 lines=3,17`.
    """
    if not data:
        raise ReadError("read.empty", file)
    return _document(_decoded(data, None, file), data, file, "text/html", "html")


def read_mhtml(data: bytes, file: str) -> Document:
    """The bytes of a page saved with its pictures as one file → the notice of its first HTML part; lines count in that part.

    Raises ReadError: read.damaged where there is no such part, and what `read_html` raises.
    """
    message = message_from_bytes(data, _class=EmailMessage, policy=policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body:
                return _document(_decoded(body, part.get_content_charset(), file), data, file, "multipart/related", "html")
    raise ReadError("read.damaged", file, part="text/html")


# --- bytes → text ----------------------------------------------------------------------------------------------------------------------


def _decoded(data: bytes, charset: str | None, file: str) -> Decoded:
    """The text by the strict rule: byte order mark; clean UTF-8, whatever is declared, for browsers save in it; what is declared, if it is clean
    and no less plausible; else what the bytes speak for."""
    if data.startswith(b"\xef\xbb\xbf"):
        found: Decoded | None = decode(data)
    else:
        found = decode(data)
        declared = _encoding(charset or _declared(data))
        if declared and not (found and found.encoding == "utf-8" and not found.bad_lines) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            found = _tried(data, declared, found)
    if found is None:
        raise ReadError("read.encoding", file)
    return found


def _declared(data: bytes) -> str | None:
    match = _CHARSET.search(data[:_HEAD])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None


def _encoding(name: str | None) -> str | None:
    """Python's name of a declared encoding; what calls itself GB2312 is read as GB18030, which holds it."""
    if not name:
        return None
    if name.lower() in _CHINESE:
        return "gb18030"
    try:
        encoding = codecs.lookup(name).name
    except LookupError:
        return None
    return None if encoding.startswith("utf-16") else encoding  # the declaration itself was read as ASCII


def _tried(data: bytes, encoding: str, other: Decoded | None) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError):
        return other
    better = other is None or bool(other.bad_lines) or plausibility(text) >= plausibility(other.text)
    return Decoded(text, encoding, ()) if better else other


# --- text → Document -------------------------------------------------------------------------------------------------------------------


def _document(decoded: Decoded, data: bytes, file: str, media_type: str, reader: str) -> Document:
    root = _root(decoded.text, file)
    try:
        items = [] if root is None else notice_of(items_of(root), root)
    except TooMuch as error:
        raise ReadError("read.too_long", file, limit=error.args[0]) from error
    text, blocks, tables = _laid_out(items)
    if not text.strip():
        raise ReadError("read.no_text", file)
    source = Source(
        file=file,
        media_type=media_type,
        sha256=hashlib.sha256(data).hexdigest(),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        reader=reader,
    )
    bad = ",".join(map(str, decoded.bad_lines))
    warnings = (f"read.bad_bytes encoding={decoded.encoding} lines={bad}",) if bad else ()
    return Document(text=text, blocks=tuple(blocks), tables=tuple(tables), source=source, warnings=warnings)


def _root(text: str, file: str) -> Element | None:
    """The body of the page, or whatever there is; None where there are no elements."""
    if text.count("<") > MAX_TAGS:
        raise ReadError("read.too_large", file, limit=MAX_TAGS)
    text = _CLOSING.sub("", _ESCAPED_SPACE.sub("\xa0", text.translate(_CONTROLS)))
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root: Element = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # nothing but comments
        return None
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise ReadError("read.too_large", file, limit=MAX_DEPTH)
    body = root.find("body")
    return root if body is None else body


def _laid_out(items: list[Item]) -> tuple[str, list[Block], list[Table]]:
    """The items in one text, parted by line feeds: the text, its blocks, its tables."""
    parts: list[str] = []
    blocks: list[Block] = []
    tables: list[Table] = []
    start = 0
    for item in items:
        if isinstance(item, Grid):
            text, places, cells = _table(item, start)
            tables.append(Table(start=start, end=start + len(text), cells=tuple(cells)))
            blocks.append(Block(start=start, end=start + len(text), kind="table", places=tuple(places)))
        else:
            text = item.text
            blocks.append(Block(start=start, end=start + len(text), centred=item.centred, places=tuple(_places(item, start))))
        parts.append(text)
        start += len(text) + 1
    return "\n".join(parts), blocks, tables


def _places(line: Line, start: int) -> list[Place]:
    return [Place(start=start + first, end=start + last, line=number or None) for first, last, number in line.stretches]


def _table(grid: Grid, start: int) -> tuple[str, list[Place], list[Cell]]:
    """A table's text (tab between cells, line feed between rows and between the lines of a cell), its places and its cells."""
    parts: list[str] = []
    places: list[Place] = []
    cells: list[Cell] = []
    position, row = start, grid.cells[0].row
    for cell in grid.cells:
        if cells:
            parts.append("\t" if cell.row == row else "\n")
            position += 1
        row, begin = cell.row, position
        for number, line in enumerate(cell.lines):
            parts += ["\n" if number else "", line.text]
            position += bool(number)
            places += _places(line, position)
            position += len(line.text)
        cells.append(Cell(start=begin, end=position, row=cell.row, column=cell.column, rows=cell.rows, columns=cell.columns))
    return "".join(parts), places, cells
