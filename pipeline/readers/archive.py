"""ZIP of a notice with its annexes → one Document, each file of it a part.

What this module knows: which member is the notice and in which order its annexes follow; that Windows writes Chinese names in GB18030 without
saying so; and what an archive may hold before it is refused. Members are read by `read_bytes`, whatever their format.
"""

import contextlib
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from pipeline.errors import ReadError
from pipeline.readers.parts import Assembly
from pipeline.readers.txt import plausibility
from schemas.document import Document, Place, Source

MAX_MEMBERS = 200
MAX_ENTRIES = 10_000  # folders and what is ignored counted too
MAX_ALL = 200 * 2**20  # bytes of all members together, inflated; also of the archives within
MAX_RATIO, RATIO_FROM = 250, 2**20  # inflated : deflated, for members above a mebibyte
MAX_DEPTH = 2  # archives within archives
ALIKE = 0.9  # of the lines: two members of one name that share so many are one text in two formats

_DIRECTORY_ENTRY = b"PK\x01\x02"
_UTF8_NAME = 0x800
_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others cannot be inflated with a bound
_IGNORED = re.compile(r"(?:^|/)(?:__MACOSX/|\.|~\$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_NOTICE = re.compile("通知|公告|通告|公示|意见|办法|决定|方案|简章|须知")
_ANNEX = re.compile(r"附\s*(?:件|表|录)\s*[:：-]?\s*([0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})?")
_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}
_FORMATS = (".docx", ".docm", ".wps", ".doc", ".pdf", ".html", ".htm", ".txt")  # of one text in several, the first is read
_FEW = 5  # members that an error names
_OPENING = 300  # characters in which a text says what it is

ReadMember = Callable[[bytes, str], Document]


class _Member(NamedTuple):
    """A file of the archive, by its whole name, and what was read of it."""

    name: str
    document: Document


class _Budget:
    """How much may still be inflated, here and in the archives within."""

    def __init__(self, file: str) -> None:
        self.file, self.bytes, self.members = file, MAX_ALL, MAX_MEMBERS

    def take(self, size: int) -> None:
        self.bytes -= size
        self.members -= 1
        if self.bytes < 0 or self.members < 0:
            raise ReadError("read.too_large", self.file, limit=f"{MAX_ALL // 2**20} MB / {MAX_MEMBERS}")


def read_archive(data: bytes, file: str, password: str | None, read_member: ReadMember) -> Document:
    """The bytes of a ZIP → its members as parts of one notice: the notice first, its annexes by their numbers; each part in blocks of its own.

    An annex whose text does not say that it is one is headed by its file name. Places name the member as part; Source.parts lists the
    members that were read. Raises ReadError: read.truncated, read.encrypted, read.wrong_password, read.too_large, read.no_member (with the
    reasons of all). Warnings: `read.part_skipped part=… code=…`, `read.part_repeated part=…`, and those of the members with part=….
    """
    skipped: list[str] = []
    members = list(_members(data, file, password, read_member, _Budget(file), skipped))
    if not members:
        raise ReadError("read.no_member", file, reasons=", ".join([*skipped[:_FEW], *(["…"] if len(skipped) > _FEW else [])]) or "-")
    kept, repeated = _once(_ordered(members))
    warnings = [f"read.part_skipped {reason}" for reason in skipped] + [f"read.part_repeated part={name}" for name in repeated]
    warnings += [f"{warning} part={member.name}" for member in kept for warning in member.document.warnings]
    return _joined(kept, data, file, tuple(warnings))


# --- reading the members ---------------------------------------------------------------------------------------------------------------


def _members(
    data: bytes, file: str, password: str | None, read_member: ReadMember, budget: _Budget, skipped: list[str], depth: int = 1, within: str = ""
) -> Iterator[_Member]:
    """The members that can be read; of the others, name and reason go to `skipped`."""
    if data.count(_DIRECTORY_ENTRY) > MAX_ENTRIES:
        raise ReadError("read.too_large", file, limit=MAX_ENTRIES)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError) as error:
        raise ReadError("read.truncated", file) from error
    with archive:
        for info in archive.infolist():
            name = within + _name(info)
            if info.is_dir() or _IGNORED.search(name):
                continue
            budget.take(info.file_size)
            try:
                content = _inflated(archive, info, name, password, file)
                if _is_archive(content):
                    if depth == MAX_DEPTH:
                        raise ReadError("read.too_large", file, part=name)
                    yield from _members(content, file, password, read_member, budget, skipped, depth + 1, f"{name}/")
                else:
                    yield _Member(name, read_member(content, PurePosixPath(name).name))
            except ReadError as error:
                if error.code in ("read.encrypted", "read.wrong_password") and error.file == file:
                    raise
                skipped.append(f"part={name} code={error.code}")


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name; what is not marked as UTF-8 was written in the code page of a Chinese Windows, or in UTF-8 all the same."""
    name = info.filename
    if not info.flag_bits & _UTF8_NAME:
        readings = []
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeError):
                readings.append(name.encode("cp437").decode(encoding))
        name = max(readings, key=plausibility, default=name)  # 通知 in GB18030 is UTF-8 too, for two Hebrew letters with their points
    return "/".join(part for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def _inflated(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, password: str | None, file: str) -> bytes:
    if info.compress_type not in _DEFLATED:
        raise ReadError("read.encrypted" if info.flag_bits & 1 else "read.damaged", file, part=name)
    if info.flag_bits & 1 and not password:
        raise ReadError("read.encrypted", file, part=name)
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise ReadError("read.too_large", file, part=name)
    try:
        with archive.open(info, pwd=password.encode() if password else None) as stream:
            content = stream.read(info.file_size + 1)
    except RuntimeError as error:  # zipfile's only word for a password that does not fit
        raise ReadError("read.wrong_password", file, part=name) from error
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise ReadError("read.damaged", file, part=name) from error
    if len(content) != info.file_size:
        raise ReadError("read.damaged", file, part=name)
    return content


def _is_archive(content: bytes) -> bool:
    """Whether a member is itself an archive of files, and no document that comes as a package."""
    if not content.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return is_archive(package.namelist())
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError):
        return False


def is_archive(names: Sequence[str]) -> bool:
    """Whether the members of a ZIP are files of their own: it is no office document and no OFD."""
    return not any(name in ("[Content_Types].xml", "mimetype", "OFD.xml") or name.startswith(("word/", "xl/", "ppt/")) for name in names)


# --- order -----------------------------------------------------------------------------------------------------------------------------


def _ordered(members: Sequence[_Member]) -> list[_Member]:
    """The notice first, then what is no annex, then the annexes by their numbers."""
    return sorted(members, key=_rank)


def _rank(member: _Member) -> tuple[int, int, int, str]:
    path = PurePosixPath(member.name)
    annex = _ANNEX.match(path.stem)
    opening = member.document.text[:_OPENING]
    if annex or any(_ANNEX.match(folder) for folder in path.parts[:-1]):
        return 3, _number(annex[1]) if annex and annex[1] else 0, _format(path), member.name
    said = _NOTICE.search(path.stem) is not None
    shown = _NOTICE.search(opening) is not None and not _ANNEX.match(opening)
    return (0 if said else 1 if shown else 2), 0, _format(path), member.name


def _format(path: PurePosixPath) -> int:
    suffix = path.suffix.lower()
    return _FORMATS.index(suffix) if suffix in _FORMATS else len(_FORMATS)


def _number(printed: str) -> int:
    """12, １２, 十二 → 12."""
    if printed[0].isdigit():
        return int(printed)
    tens, ten, ones = printed.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _once(members: Sequence[_Member]) -> tuple[list[_Member], list[str]]:
    """The members without those that are another's text in a second format, and the names of these."""
    kept: list[_Member] = []
    repeated: list[str] = []
    for member in members:
        path = PurePosixPath(member.name)
        twins = [other for other in kept if PurePosixPath(other.name).stem == path.stem]
        if any(_alike(other.document.text, member.document.text) for other in twins):
            repeated.append(member.name)
        else:
            kept.append(member)
    return kept, repeated


def _alike(one: str, other: str) -> bool:
    first, second = ({"".join(line.split()) for line in text.splitlines()} for text in (one, other))
    return len(first & second) >= ALIKE * min(len(first), len(second))


# --- one Document ----------------------------------------------------------------------------------------------------------------------


def _joined(members: Sequence[_Member], data: bytes, file: str, warnings: tuple[str, ...]) -> Document:
    whole = Assembly()
    for member in members:
        heading = _heading(member)
        if heading:
            whole.add_line(heading, Place(start=0, end=0, part=member.name))
        whole.add(member.document, member.document.blocks, partial(_in_member, member.name))
    text = whole.text
    source = Source(
        file=file,
        media_type="application/zip",
        sha256=hashlib.sha256(data).hexdigest(),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        reader="zip",
        parts=tuple(member.name for member in members),
    )
    beside = tuple(one.model_copy(update={"part": _part(member.name, one.part)}) for member in members for one in member.document.annotations)
    return Document(text=text, blocks=tuple(whole.blocks), tables=tuple(whole.tables), source=source, annotations=beside, warnings=warnings)


def _heading(member: _Member) -> str:
    """The name of an annex whose own text does not begin with 附件."""
    stem = PurePosixPath(member.name).stem
    return stem if _ANNEX.match(stem) and not _ANNEX.match(member.document.text) else ""


def _in_member(member: str, place: Place) -> Place:
    """The place in its member."""
    return place.model_copy(update={"part": _part(member, place.part)})


def _part(member: str, part: str | None) -> str:
    """The member; in a part of its package other than the body (footnotes) that too, for paragraphs count in it."""
    return member if part is None or part.endswith("/document.xml") else f"{member}/{part}"
