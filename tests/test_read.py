"""What a file is, by its bytes and structure and never by its name; what is refused, and with which code."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.errors import ReadError
from pipeline.readers import read as module
from pipeline.readers.read import READERS, REFUSALS, Format, Refusal, read, read_bytes, recognise
from schemas.document import Document

NOTICE = "关于开展2023年度职称评审工作的通知\n各有关单位：\n评审费每人280元。\n"


def package(*names: str, first: tuple[str, str] | None = None) -> bytes:
    """A ZIP of parts with these names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr(zipfile.ZipInfo(first[0]), first[1])
        for name in names:
            made.writestr(name, "<x/>" * 50)
    return buffer.getvalue()


DOCX = package("[Content_Types].xml", "_rels/.rels", "word/document.xml")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf"),
        (b"\0\0junk before\0\n%PDF-1.4\n1 0 obj", "pdf"),
        (b"mail header\n%PDF-1.4\n1 0 obj\n%%EOF\n", "pdf"),
        (DOCX, "docx"),
        (DOCX[: len(DOCX) * 2 // 3], "docx"),  # truncated: its reader says so
        (DOCX + b"trailing", "docx"),
        (NOTICE.encode(), "txt"),
        (NOTICE.encode("gb18030"), "txt"),
        (NOTICE.encode("utf-16-le"), "txt"),
        ("通知说：文件以 %PDF- 开头的是 PDF。".encode(), "txt"),
        ("BM公司职称评审".encode(), "txt"),
        ("网页以 <html> 开头".encode(), "txt"),
        (OLE + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(100), "doc"),
        (rb"{\rtf1\ansi\ansicpg936 \'d6\'b0}", "rtf"),
        (package("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.text")), "odt"),
        (b"\n<!DOCTYPE html PUBLIC>\n<html><body>x</body></html>", "html"),
        (b'<div class="TRS"><p>x</p></div>', "html"),
        ("<html><head></head></html>".encode("utf-16"), "html"),
        (b'<?xml version="1.0"?>\n<html xmlns="x">', "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", "mhtml"),
        (package("附件1.txt"), "zip"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "image"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "image"),
        (b"GIF89a" + bytes(50), "image"),
        (b"II*\0" + bytes(50), "image"),
        (b"BM\x36\x10\0\0\0\0\0\0\x36\0" + bytes(50), "image"),
        (b"RIFF\x10\0\0\0WEBPVP8 " + bytes(50), "image"),
        (b"\0\0\0\x18ftypheic" + bytes(50), "image"),
    ],
)
def test_recognised(data: bytes, name: str) -> None:
    found = recognise(data)
    assert isinstance(found, Format)
    assert found.name == name


@pytest.mark.parametrize(
    ("data", "code", "name"),
    [
        (OLE + bytes(600), "read.unsupported", "XLS/PPT"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "read.encrypted", "DOCX"),
        (package("[Content_Types].xml", "xl/workbook.xml"), "read.unsupported", "XLSX"),
        (package("[Content_Types].xml", "ppt/presentation.xml"), "read.unsupported", "PPTX"),
        (package("OFD.xml", "Doc_0/Document.xml"), "read.unsupported", "OFD"),
        (package("content.xml", first=("mimetype", "application/vnd.oasis.opendocument.spreadsheet")), "read.unsupported", "ODS/ODP"),
        (package("x.opf", first=("mimetype", "application/epub+zip")), "read.unsupported", "ZIP"),
        (b"Rar!\x1a\x07\x01\0" + bytes(50), "read.archive", "RAR/7Z/GZ"),
        (b'<?xml version="1.0"?>\n<w:wordDocument>', "read.unsupported", "XML"),
    ],
)
def test_refused_with_its_name(data: bytes, code: str, name: str) -> None:
    found = recognise(data)
    assert isinstance(found, Refusal)
    assert (found.code, found.format) == (code, name)
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "通知.txt")
    assert (caught.value.code, caught.value.file, caught.value.details) == (code, "通知.txt", {"format": name})


@pytest.mark.parametrize(
    ("file", "code"), [("通知.txt", "read.binary"), ("通知.MD", "read.binary"), ("通知.docx", "read.unknown_format"), ("通知", "read.unknown_format")]
)
def test_bytes_of_no_kind(file: str, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(bytes(range(256)) * 20, file)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("file", "warnings"),
    [
        ("通知.txt", ()),
        ("通知.TXT", ()),
        ("通知.md", ()),
        ("通知", ()),
        ("-", ()),
        ("通知.docx", ("read.extension suffix=.docx format=txt",)),
        ("通知.doc", ("read.extension suffix=.doc format=txt",)),
    ],
)
def test_a_wrong_extension_is_mentioned_and_decides_nothing(file: str, warnings: tuple[str, ...]) -> None:
    document = read_bytes(NOTICE.encode(), file)
    assert document.text == NOTICE.strip()
    assert document.source.file == file
    assert document.warnings == warnings


def test_warnings_of_the_reader_stay() -> None:
    document = read_bytes(NOTICE.encode() + b"\xff", "通知.pdf")
    assert document.warnings == ("read.bad_bytes encoding=utf-8 lines=4", "read.extension suffix=.pdf format=txt")


def test_the_password_goes_to_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str | None] = []
    document = read_bytes(NOTICE.encode(), "x.txt")

    def reader(data: bytes, file: str, password: str | None) -> Document:
        seen.append(password)
        return document

    monkeypatch.setattr(module, "READERS", (READERS[0]._replace(read=reader), *READERS[1:]))
    assert read_bytes(b"%PDF-1.7\n", "x.pdf", "geheim") is document
    assert seen == ["geheim"]


def test_read_a_file(tmp_path: Path) -> None:
    path = tmp_path / "2023.txt"
    path.write_text(NOTICE, encoding="gb18030")
    document = read(path)
    assert document.text == NOTICE.strip()
    assert document.source.file == "2023.txt"  # never the path


def test_files_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def code(path: Path) -> str:
        with pytest.raises(ReadError) as caught:
            read(path)
        return caught.value.code

    empty = tmp_path / "empty.txt"
    empty.touch()
    assert code(tmp_path / "missing.txt") == "read.not_found"
    assert code(tmp_path) == "read.not_a_file"
    assert code(empty) == "read.empty"
    large = tmp_path / "large.txt"
    large.write_bytes(b"a" * 100)
    monkeypatch.setattr(module, "MAX_BYTES", 99)
    assert code(large) == "read.too_large"
    with pytest.raises(ReadError) as caught:
        read_bytes(b"a" * 100, "x.txt")
    assert caught.value.code == "read.too_large"

    def broken(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", broken)
    monkeypatch.setattr(module, "MAX_BYTES", 1000)
    with pytest.raises(ReadError) as caught:
        read(large)
    assert (caught.value.code, caught.value.details) == ("read.unreadable", {"reason": "permission denied"})


def test_each_format_once_and_text_last() -> None:
    assert [reader.name for reader in READERS] == ["pdf", "docx", "doc", "rtf", "odt", "html", "mhtml", "image", "zip", "txt"]
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert len({refusal.format for refusal in REFUSALS}) >= len(REFUSALS) - 1  # DOCX with a password is no format of its own


def test_a_text_does_not_wait_for_the_libraries_of_other_formats() -> None:
    program = (
        "import sys; from pipeline.readers.read import read_bytes; read_bytes('通知'.encode(), 'x.txt');"
        "print([name for name in ('docx', 'lxml', 'pdfplumber', 'pypdfium2', 'numpy', 'spacy', 'jieba') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1])
    assert done.stdout.strip() == "[]"
