"""A DOCX package opened under limits: its text-bearing parts, inflated with a bound and parsed by python-docx.

`docx.Document` itself inflates every part without limit and stops at the first relationship that leads nowhere, at a macro-enabled file
and at a Strict one; so python-docx is given one part at a time. Nothing that the file points to outside itself is followed.
"""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml.etree import _Element as Element

from pipeline.errors import ReadError

MAX_PARTS = 10_000
MAX_PART = 32 * 2**20  # bytes of one part, inflated
MAX_TEXT = 48 * 2**20  # bytes of all the parts that are read
MAX_ALL = 2**30  # bytes of all parts together, as the directory declares them
MAX_RATIO, RATIO_FROM = 250, 2**20  # inflated : deflated, for parts above a mebibyte; real documents stay below 100
MAX_ELEMENTS = 400_000  # in one part; up to 700 bytes of memory each once it is walked

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LOCAL_HEADER, _DIRECTORY_ENTRY, _DIRECTORY_END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_DIRECTORY_END_SIZE = 22
_RESOURCE_LIMIT = 114  # libxml2's XML_ERR_RESOURCE_LIMIT: nesting above 256, entities that multiply

_RELATED = ("styles", "numbering", "footnotes", "endnotes")
# ISO 29500 Strict → the namespaces that Word itself and python-docx use.
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
    (b"http://purl.oclc.org/ooxml/officeDocument/relationships", b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """An XML part of the package: its name (word/document.xml) and its root."""

    name: str
    root: Element


@dataclass(frozen=True, slots=True)
class Package:
    """The body's part; by kind (styles, numbering, footnotes, endnotes) the parts that it refers to; by id the addresses outside."""

    main: Part
    related: Mapping[str, Part]
    links: Mapping[str, str]

    def root(self, kind: str) -> Element | None:
        return self.related[kind].root if kind in self.related else None


def open_package(data: bytes, file: str) -> Package:
    """The package of a DOCX (also macro-enabled, template and Strict). Raises ReadError, also for any other kind of package."""
    with _archive(data, file) as archive:
        parts = _Parts(archive, file)
        name = _targets(parts, "").get("officeDocument", "word/document.xml")
        main = parts.read(name)
        if main is None or main.root.tag != qn("w:document"):
            raise ReadError("read.not_docx", file)
        related = {kind: parts.read(target) for kind, target in _targets(parts, main.name).items() if kind in _RELATED}
        return Package(main, {kind: part for kind, part in related.items() if part}, _addresses(parts, main.name))


def _archive(data: bytes, file: str) -> zipfile.ZipFile:
    """The zip directory of a file, or the reason why it has none that can be used."""
    if not data:
        raise ReadError("read.empty", file)
    if data.startswith(_OLE):
        raise ReadError("read.encrypted" if _OLE_ENCRYPTED in data else "read.not_docx", file)
    end = data.rfind(_DIRECTORY_END)
    if end < 0:
        raise ReadError("read.truncated" if data.startswith(_LOCAL_HEADER[: len(data)]) else "read.not_docx", file)
    if data.count(_DIRECTORY_ENTRY) > MAX_PARTS:
        raise ReadError("read.too_large", file, limit=MAX_PARTS)
    comment = int.from_bytes(data[end + _DIRECTORY_END_SIZE - 2 : end + _DIRECTORY_END_SIZE], "little")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data[: end + _DIRECTORY_END_SIZE + comment]))
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError) as error:
        raise ReadError("read.damaged", file) from error
    if sum(info.file_size for info in archive.infolist()) > MAX_ALL:
        raise ReadError("read.too_large", file, limit=MAX_ALL)
    return archive


class _Parts:
    """Reads single parts of an archive, none beyond what the directory declares and the limits allow."""

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self._archive, self._file = archive, file
        self._infos = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}
        self._left = MAX_TEXT

    def read(self, name: str) -> Part | None:
        """A part, parsed; None where the package has none of that name."""
        info = self._infos.get(name.lower())
        if info is None:
            return None
        try:
            return Part(name, parse_xml(self._inflate(info, name)))
        except SyntaxError as error:  # lxml's XMLSyntaxError is one
            code = "read.too_large" if getattr(error, "code", None) == _RESOURCE_LIMIT else "read.damaged"
            raise ReadError(code, self._file, part=name) from error

    def _inflate(self, info: zipfile.ZipInfo, name: str) -> bytes:
        """The bytes of a part; Strict namespaces become the usual ones."""
        self._check(info, name)
        try:
            with self._archive.open(info) as stream:
                blob = stream.read(info.file_size + 1)  # bounds zlib too, whatever the stream holds
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError) as error:
            raise ReadError("read.damaged", self._file, part=name) from error
        if len(blob) != info.file_size or b"<!DOCTYPE" in blob:  # a document type has no business in a package: it only serves attacks
            raise ReadError("read.damaged", self._file, part=name)
        if blob.count(b"<") - blob.count(b"</") > MAX_ELEMENTS:
            raise ReadError("read.too_large", self._file, part=name, limit=MAX_ELEMENTS)
        self._left -= len(blob)
        if b"http://purl.oclc.org/ooxml/" in blob:
            for strict, usual in _STRICT:
                blob = blob.replace(strict, usual)
        return blob

    def _check(self, info: zipfile.ZipInfo, name: str) -> None:
        if info.flag_bits & 1:
            raise ReadError("read.encrypted", self._file, part=name)
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others cannot be inflated with a bound
            raise ReadError("read.damaged", self._file, part=name)
        if info.file_size > min(MAX_PART, self._left) or (info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * info.compress_size):
            raise ReadError("read.too_large", self._file, part=name, limit=MAX_PART)


def _targets(parts: _Parts, source: str) -> dict[str, str]:
    """The first target inside the package of each kind of relationship of a part ("" is the package itself)."""
    folder, _ = posixpath.split(source)
    targets: dict[str, str] = {}
    for rel in _relationships(parts, source):
        if rel.get("TargetMode") != "External":
            target = posixpath.join("/", folder, unquote(rel.get("Target", "")).replace("\\", "/"))
            targets.setdefault(posixpath.basename(rel.get("Type", "")), posixpath.normpath(target).lstrip("/"))
    return targets


def _addresses(parts: _Parts, source: str) -> dict[str, str]:
    """The addresses outside the package that a part's links lead to, by relationship. They are kept as text and never opened."""
    outside = [rel for rel in _relationships(parts, source) if rel.get("TargetMode") == "External"]
    return {rel.get("Id", ""): rel.get("Target", "") for rel in outside if rel.get("Type", "").endswith("/hyperlink")}


def _relationships(parts: _Parts, source: str) -> Iterator[Element]:
    folder, name = posixpath.split(source)
    rels = parts.read(posixpath.join(folder, "_rels", f"{name}.rels"))
    yield from () if rels is None else rels.root.iterchildren("{*}Relationship")
