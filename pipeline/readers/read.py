"""What is this file? Decided by its bytes and its structure, never by its name; then handed to the reader of its format.

A new format is one row of READERS. What is known and cannot be read yet is a row of REFUSALS, so that its sender learns what it is.
"""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import NamedTuple

from pipeline.errors import ReadError, readable, reason_of
from pipeline.readers.txt import looks_like_text
from schemas.document import Document

MAX_BYTES = 50 * 1024 * 1024
HEAD = 4096  # bytes in which a text-based format shows itself

ReadBytes = Callable[[bytes, str, str | None], Document]  # data, file name, password


class Format(NamedTuple):
    """A format that is read: how it is recognised, the extensions it goes by, and its reader."""

    name: str
    suffixes: frozenset[str]
    sniff: Callable[[bytes], bool]
    read: ReadBytes


class Refusal(NamedTuple):
    """A format that is recognised and not read: the code of the message, and the format's name in it."""

    code: str
    format: str
    sniff: Callable[[bytes], bool]


# Readers import what they need when they are called: a TXT must not wait for python-docx or pdfplumber.


def _read_docx(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.docx import read_docx

    return read_docx(data, file)


def _read_pdf(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.ocr import read_scan, with_scanned_pages
    from pipeline.readers.pdf import read_pdf

    try:
        document = read_pdf(data, file, password)
    except ReadError as error:
        if error.code == "read.scan":
            return read_scan(data, file, password)
        raise
    return with_scanned_pages(document, data, password)


def _read_txt(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.txt import read_txt

    return read_txt(data, file)


def _read_html(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.html import read_html

    return read_html(data, file)


def _read_mhtml(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.html import read_mhtml

    return read_mhtml(data, file)


def _read_word(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.office import read_word

    return read_word(data, file)


def _read_rtf(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.office import read_rtf

    return read_rtf(data, file)


def _read_odt(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.office import read_odt

    return read_odt(data, file)


def _read_zip(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.archive import read_archive

    return read_archive(data, file, password, lambda member, name: read_bytes(member, name, password))


def _read_image(data: bytes, file: str, password: str | None) -> Document:
    from pipeline.readers.ocr import read_image

    return read_image(data, file)


def _starts(*magic: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(magic)


def _is_zip(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"))


def _zip_has(*folders: str) -> Callable[[bytes], bool]:
    """Whether a ZIP holds a part in one of the folders; a truncated one is judged by the names before its parts."""

    part_header = re.compile(rb"PK\x03\x04.{26}(?:" + b"|".join(re.escape(folder.encode()) for folder in folders) + b")", re.DOTALL)

    def sniff(data: bytes) -> bool:
        if not _is_zip(data):
            return False
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as package:
                return any(name.startswith(folders) for name in package.namelist())
        except (zipfile.BadZipFile, ValueError, OSError):
            return part_header.search(data) is not None

    return sniff


def _is_pdf(data: bytes) -> bool:
    """%PDF- within the first kilobyte, where readers look for it past junk; in a text that speaks of it, it does not begin a line."""
    head = data[:1024]
    return b"%PDF-" in head and (_PDF_LINE.search(head) is not None or not looks_like_text(data) or b"%%EOF" in data[-1024:])


_PDF_LINE = re.compile(rb"(?:\A|[\r\n\0])%PDF-\d")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORD = "WordDocument".encode("utf-16-le") + bytes(2)  # the stream of a DOC, and of a WPS
_ODT = b"mimetypeapplication/vnd.oasis.opendocument.text"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # the stream of a DOCX with a password
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|title|body|meta|link|style|script|div|table|p|h[1-6]|center|font|span|strong|b|ul|ol"
    rb"|article|section|main)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
_MHTML = re.compile(rb"\A\s*(?:From|MIME-Version|Content-Type)\s*:.*multipart/related", re.IGNORECASE | re.DOTALL)


def _is_html(data: bytes) -> bool:
    head = data[:HEAD].removeprefix(b"\xef\xbb\xbf").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff").replace(b"\0", b"")
    return _HTML.match(head) is not None or (head.lstrip().startswith(b"<?xml") and b"<html" in head.lower())


def _is_image(data: bytes) -> bool:
    return (
        data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*"))
        or (data.startswith(b"RIFF") and data[8:12] == b"WEBP")
        or (data.startswith(b"BM") and data[6:10] == b"\0\0\0\0")
        or data[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")
    )


def _is_word(data: bytes) -> bool:
    """Whether an OLE file holds a Word stream, whose name some programs write in capitals, and no DOCX under a password."""
    return data.startswith(_OLE) and _WORD.lower() in data.lower() and _ENCRYPTED not in data


def _is_archive(data: bytes) -> bool:
    """Whether a ZIP holds files of their own, and is no package that some program calls its document."""
    if not _is_zip(data) or data[:HEAD].find(b"mimetypeapplication/") >= 0:
        return False
    return not any(refusal.sniff(data) for refusal in REFUSALS if refusal.format in _PACKAGES)


_PACKAGES = ("XLSX", "PPTX", "OFD")

READERS: tuple[Format, ...] = (  # text last: it takes whatever is text
    Format("pdf", frozenset({".pdf"}), _is_pdf, _read_pdf),
    Format("docx", frozenset({".docx", ".docm", ".dotx", ".dotm"}), _zip_has("word/"), _read_docx),
    Format("doc", frozenset({".doc", ".wps", ".dot", ".wpt"}), _is_word, _read_word),
    Format("rtf", frozenset({".rtf"}), lambda data: data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"), _read_rtf),
    Format("odt", frozenset({".odt"}), lambda data: _is_zip(data) and _ODT in data[:HEAD], _read_odt),
    Format("html", frozenset({".html", ".htm", ".xhtml", ".shtml"}), _is_html, _read_html),
    Format("mhtml", frozenset({".mht", ".mhtml"}), lambda data: _MHTML.match(data[:HEAD]) is not None, _read_mhtml),
    Format("image", frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"}), _is_image, _read_image),
    Format("zip", frozenset({".zip"}), _is_archive, _read_zip),
    Format("txt", frozenset({".txt", ".text", ".md", ".markdown"}), looks_like_text, _read_txt),
)

REFUSALS: tuple[Refusal, ...] = (  # asked after the readers and before text, for some of these are text
    Refusal("read.encrypted", "DOCX", lambda data: data.startswith(_OLE) and _ENCRYPTED in data),
    Refusal("read.unsupported", "XLS/PPT", _starts(_OLE)),
    Refusal("read.unsupported", "XLSX", _zip_has("xl/")),
    Refusal("read.unsupported", "PPTX", _zip_has("ppt/")),
    Refusal("read.unsupported", "OFD", _zip_has("OFD.xml", "Doc_0/")),
    Refusal("read.unsupported", "ODS/ODP", lambda data: _is_zip(data) and b"application/vnd.oasis.opendocument" in data[:HEAD]),
    Refusal("read.unsupported", "ZIP", _is_zip),
    Refusal("read.archive", "RAR/7Z/GZ", _starts(b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")),
    Refusal("read.unsupported", "XML", lambda data: data[:HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml")),
)


def read(path: Path, password: str | None = None) -> Document:
    """A file → Document.

    Raises ReadError: read.not_found, read.not_a_file (a folder, a device), read.unreadable (no permission, a broken disk), read.too_large, and
    what `read_bytes` raises.
    """
    try:
        if not path.exists():
            raise ReadError("read.not_found", str(path))
        if not path.is_file():
            raise ReadError("read.not_a_file", str(path))
        if path.stat().st_size > MAX_BYTES:
            raise _too_large(path.name)
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise ReadError("read.unreadable", str(path), reason=reason_of(error) if isinstance(error, OSError) else str(error)) from error
    return read_bytes(data, readable(path.name), password)


def read_bytes(data: bytes, file: str, password: str | None = None) -> Document:
    """The bytes of a file → Document; `file` is its name and decides nothing.

    Raises ReadError: read.empty, read.too_large, a code of REFUSALS, read.binary (no text although the name says so), read.unknown_format, and
    what the readers raise. Warnings: those of the reader, and `read.extension suffix=.txt format=docx` where the name says otherwise.
    """
    if not data:
        raise ReadError("read.empty", file)
    if len(data) > MAX_BYTES:
        raise _too_large(file)
    suffix = PurePath(file).suffix.lower()
    found = recognise(data)
    if isinstance(found, Refusal):
        raise ReadError(found.code, file, format=found.format)
    if found is None:
        raise ReadError("read.binary" if suffix in READERS[-1].suffixes else "read.unknown_format", file)
    document = found.read(data, file, password)
    if not suffix or suffix in found.suffixes:
        return document
    return document.model_copy(update={"warnings": (*document.warnings, f"read.extension suffix={suffix} format={found.name}")})


def recognise(data: bytes) -> Format | Refusal | None:
    """The format of bytes, a refusal where it is known and not read, None where it is unknown."""
    candidates: tuple[Format | Refusal, ...] = (*READERS[:-1], *REFUSALS, READERS[-1])
    for candidate in candidates:
        if candidate.sniff(data):
            return candidate
    return None


def _too_large(file: str) -> ReadError:
    return ReadError("read.too_large", file, limit=f"{MAX_BYTES // 1024 // 1024} MB")
