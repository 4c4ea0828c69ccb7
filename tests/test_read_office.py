"""DOC, WPS, RTF and ODT: what LibreOffice hands on; without it, the message that says what to install."""

import hashlib
import io
import socket
import struct
import subprocess
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.errors import ReadError
from pipeline.readers import office
from pipeline.readers.read import read_bytes
from schemas.document import Document, Span

INSTALLED = office.program() is not None


def rtf(body: str) -> bytes:
    """An RTF of a body whose Chinese is written as \\uN."""
    written = "".join(c if ord(c) < 128 else f"\\u{ord(c) if ord(c) < 0x8000 else ord(c) - 0x10000}?" for c in body)
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff0{{\\fonttbl{{\\f0 SimSun;}}}}{{\\revtbl{{Unknown;}}}}\\f0 {written}}}".encode()


def odt(*paragraphs: str) -> bytes:
    names = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    body = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    content = f'<office:document-content {names} office:version="1.2"><office:body><office:text>{body}</office:text></office:body></office:document-content>'
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/"'
        ' manifest:media-type="application/vnd.oasis.opendocument.text"/><manifest:file-entry manifest:full-path="content.xml"'
        ' manifest:media-type="text/xml"/></manifest:manifest>'
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr("content.xml", content)
        package.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def ole(flags: int = 0) -> bytes:
    """The skeleton of a DOC: header, directory with a Word stream, and that stream's head."""
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(22) + struct.pack("<H", 9) + bytes(480)
    entry = "WordDocument".encode("utf-16-le").ljust(116, b"\0") + struct.pack("<I", 1) + bytes(8)
    return header + entry.ljust(512, b"\0") + struct.pack("<HHIHH", 0xA5EC, 0xC1, 0, 0, flags) + bytes(500)


def expect(make: Callable[[], Document]) -> Document | None:
    """The document; where LibreOffice is not installed, None after a look at what is said then."""
    if INSTALLED:
        return make()
    with pytest.raises(ReadError) as caught:
        make()
    assert caught.value.code == "read.needs_libreoffice"
    assert "libreoffice-writer" in str(caught.value)
    return None


def test_rtf_as_accepted_with_its_tables() -> None:
    row = r"\trowd\cellx3000\cellx6000\intbl 级别\cell 费用\cell\row\trowd\cellx3000\cellx6000\intbl 中级\cell 180\cell\row\pard "
    data = rtf(rf"\pard\qc 关于评审的通知\par\pard 每人{{\deleted 80}}{{\revised 90}}元。{{\v 隐藏}}\par {row}完\par")
    document = expect(lambda: read_bytes(data, "通知.rtf"))
    if document:
        assert document.text == "关于评审的通知\n每人90元。\n级别\t费用\n中级\t180\n完"
        assert [block.centred for block in document.blocks][:2] == [True, False]
        assert document.source.media_type == "application/rtf"
        assert document.source.reader == "office+docx"
        assert document.source.sha256 == hashlib.sha256(data).hexdigest()
        (table,) = document.tables
        assert document.quote(Span(table.cells[3].start, table.cells[3].end)) == "180"
        assert document.warnings == ("read.tracked_changes insertions=1 deletions=1",)
        assert [(a.kind, a.text.strip()) for a in document.annotations] == [("deletion", "80"), ("insertion", "90")]


def test_odt() -> None:
    document = expect(lambda: read_bytes(odt("关于评审的通知", "每人180元。"), "通知.odt"))
    if document:
        assert (document.text, document.source.media_type) == ("关于评审的通知\n每人180元。", "application/vnd.oasis.opendocument.text")


def test_doc_and_wps(tmp_path: Path) -> None:
    program = office.program()
    data = ole()
    if program:
        row = r"\trowd\cellx3000\cellx6000\intbl 中级\cell 180\cell\row\pard "
        notice = tmp_path / "2023.rtf"
        notice.write_bytes(rtf(rf"\pard\qc 关于评审的通知\par\pard 一、每人{{\deleted 80}}{{\revised 90}}元。\par {row}完\par"))
        profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        command = [program, profile, "--headless", "--convert-to", "doc", "--outdir", str(tmp_path), str(notice)]
        subprocess.run(command, check=True, capture_output=True)
        data = (tmp_path / "2023.doc").read_bytes()
    document = expect(lambda: read_bytes(data, "2023.wps"))
    if document:
        assert document.text == "关于评审的通知\n一、每人90元。\n中级\t180\n完"
        assert (document.source.file, document.source.media_type, len(document.tables)) == ("2023.wps", "application/msword", 1)


def test_nothing_is_fetched() -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        def listen() -> None:
            try:
                asked.append(server.accept()[1])
            except OSError:
                return

        thread = threading.Thread(target=listen)
        thread.start()
        address = f"http://127.0.0.1:{server.getsockname()[1]}/x"
        picture = rf'{{\field{{\*\fldinst INCLUDEPICTURE "{address}.png" \\d}}{{\fldrslt }}}}'
        text = rf'{{\field{{\*\fldinst INCLUDETEXT "{address}.txt"}}{{\fldrslt }}}}'
        document = expect(lambda: read_bytes(rtf(rf"{picture}{text}{{\*\template {address}.dot}}通知\par"), "x.rtf"))
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
    assert asked == []
    assert document is None or document.text == "通知"


@pytest.mark.parametrize(
    ("data", "code"),
    [(ole(0x0100), "read.encrypted"), (rtf("通知")[:-1] + b" " * 5000, "read.truncated"), (b"{\\rtf1 }", "read.no_text"), (ole(), "read.damaged")],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "x")
    assert caught.value.code == (code if INSTALLED or code in ("read.encrypted", "read.truncated") else "read.needs_libreoffice")


def test_without_libreoffice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office, "PROGRAMS", ())
    monkeypatch.setattr(office, "_ELSEWHERE", ())
    with pytest.raises(ReadError) as caught:
        read_bytes(rtf("通知"), "x.rtf")
    assert caught.value.code == "read.needs_libreoffice"


def test_a_conversion_that_does_not_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    slow = tmp_path / "soffice"
    slow.write_text("#!/bin/sh\nsleep 60\n", encoding="ascii")
    slow.chmod(0o755)
    monkeypatch.setattr(office, "program", lambda: str(slow))
    monkeypatch.setattr(office, "SECONDS", 0.2)
    with pytest.raises(ReadError) as caught:
        read_bytes(rtf("通知"), "x.rtf")
    assert caught.value.code == "read.timed_out"
