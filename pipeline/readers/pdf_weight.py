"""How much a PDF page unfolds to, before pdfium unfolds it: what would take its memory is refused.

pdfium builds every object of a page when it opens it, and aborts the process where memory ends. Two things make a small file huge: streams that
inflate a thousandfold, and forms that draw each other, which it follows forty deep. qpdf shows both without building anything.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any

import pikepdf

from pipeline.readers.pdf_lines import CHARACTERS_ON_A_PAGE, TooLarge

OBJECTS = 600_000  # that a page unfolds to; pdfium takes up to half a kilobyte for each
CONTENT = 32 * 2**20  # bytes of one stream of instructions
SUSPECT = 2**13  # bytes of a stream as stored: smaller ones do not inflate to so many objects
FORM_DEPTH = 40  # how deep pdfium follows forms in forms
SHOWN = 20_000  # instructions that show text: a page with fewer is not weighed by its letters
_CALL = re.compile(rb"/([^\s/\[\]<>(){}%]+)\s+Do\b")
_PAINTS = re.compile(rb"(?:[SsnBbfF]|[Bbf]\*|sh|EI|T[jJ]|['\"])(?=[\s\[(</]|$)")
_SHOWS = re.compile(rb"\bT[jJ]\b|['\"](?=\s)")
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>", re.DOTALL)
_INFLATING = frozenset(["/FlateDecode", "/Fl", "/LZWDecode", "/LZW", "/RunLengthDecode", "/RL"])

Form = tuple[int, int]  # object and generation number


def weigh(data: bytes, password: str | None) -> None:
    """Raises TooLarge where a page of the PDF unfolds to more than any notice needs. A file that qpdf cannot open is left to others."""
    try:
        with _opened(data, password) as pdf:
            for page in pdf.pages:
                _weigh_page(page.obj)
    except (pikepdf.PdfError, pikepdf.PasswordError, RuntimeError, ValueError, AttributeError, TypeError, KeyError):
        return


def _opened(data: bytes, password: str | None) -> pikepdf.Pdf:
    try:
        return pikepdf.open(io.BytesIO(data))
    except pikepdf.PasswordError:
        return pikepdf.open(io.BytesIO(data), password=password or "")


def _weigh_page(page: Any) -> None:
    streams = list(_streams(page.get("/Contents")))
    forms = dict(_forms(page.get("/Resources") or _inherited(page)))
    stored = sum(_stored(stream) for stream in streams)
    if not forms and stored < SUSPECT:
        return
    content = b"\n".join(map(_inflated, streams))
    _weigh_letters(content)
    _limit(_painted(content) + (_Unfolding().below(content, forms) if forms else 0))


def _weigh_letters(content: bytes) -> None:
    if len(content) > CHARACTERS_ON_A_PAGE and len(_SHOWS.findall(content)) > SHOWN:
        letters = sum((len(text) - 2) // (1 if text[:1] == b"(" else 4) for text in _STRING.findall(content))
        if letters > CHARACTERS_ON_A_PAGE:
            raise TooLarge("characters", letters, CHARACTERS_ON_A_PAGE)


class _Unfolding:
    """How many objects forms draw with all the forms in them, by form and depth."""

    def __init__(self) -> None:
        self._known: dict[tuple[Form, int], int] = {}
        self._read: dict[Form, tuple[int, bytes, dict[bytes, Any]]] = {}

    def below(self, content: bytes, forms: dict[bytes, Any], depth: int = 1) -> int:
        """Objects that the forms which a content draws unfold to."""
        calls: dict[bytes, int] = {}
        for name in _CALL.findall(content):
            calls[name] = calls.get(name, 0) + 1
        return sum(count * self._size(forms[name], forms, depth) for name, count in calls.items() if name in forms)

    def _size(self, form: Any, outer: dict[bytes, Any], depth: int) -> int:
        key = form.objgen
        if depth > FORM_DEPTH:
            return 0
        if (key, depth) not in self._known:
            if key not in self._read:
                content = _inflated(form)
                self._read[key] = _painted(content), content, dict(_forms(form.get("/Resources"))) or outer
            painted, content, forms = self._read[key]
            size = 1 + painted + self.below(content, forms, depth + 1)
            _limit(size)
            self._known[key, depth] = size
        return self._known[key, depth]


def _painted(content: bytes) -> int:
    return sum(1 for _ in _PAINTS.finditer(content))


def _limit(objects: int) -> None:
    if objects > OBJECTS:
        raise TooLarge("objects", objects, OBJECTS)


def _streams(contents: Any) -> Iterator[Any]:
    if isinstance(contents, pikepdf.Array):
        yield from (part for part in contents if isinstance(part, pikepdf.Stream))
    elif isinstance(contents, pikepdf.Stream):
        yield contents


def _inherited(page: Any) -> Any:
    """The resources of the nearest node above that has any."""
    for _ in range(FORM_DEPTH):
        page = page.get("/Parent")
        if page is None or page.get("/Resources") is not None:
            return None if page is None else page.get("/Resources")
    return None


def _forms(resources: Any) -> Iterator[tuple[bytes, Any]]:
    """The forms among the resources, by name without its slash."""
    objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    for name, value in objects.items() if isinstance(objects, pikepdf.Dictionary) else ():
        if isinstance(value, pikepdf.Stream) and value.get("/Subtype") == "/Form":
            yield name[1:].encode("utf-8", "surrogateescape"), value


def _stored(stream: Any) -> int:
    return len(stream.get_raw_stream_buffer())


def _inflated(stream: Any) -> bytes:
    """The content of a stream. Raises TooLarge before all of it stands in memory."""
    filters = stream.get("/Filter")
    names = [str(name) for name in (filters if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else [])]
    if sum(name in _INFLATING for name in names) > 1:
        raise TooLarge("content", CONTENT + 1, CONTENT)
    raw = bytes(stream.get_raw_stream_buffer())
    if names in (["/FlateDecode"], ["/Fl"]):
        try:
            content = zlib.decompressobj().decompress(raw, CONTENT + 1)
        except zlib.error:  # pdfium takes what it can of it
            content = bytes(stream.read_bytes())
    else:
        content = bytes(stream.read_bytes()) if names else raw
    if len(content) > CONTENT:
        raise TooLarge("content", len(content), CONTENT)
    return content
