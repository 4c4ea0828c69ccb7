"""ZIP: every file of a notice is a part of one document, the notice first."""

import io
import zipfile
import zlib
from collections.abc import Mapping

import pytest
from test_read_docx import make

from pipeline.errors import ReadError
from pipeline.readers import archive
from pipeline.readers.read import read_bytes
from schemas.document import Document, Span

NOTICE = "关于开展2023年度职称评审工作的通知\n各有关单位：\n评审费每人280元。"
TABLE = "附件2\n汇总表\n姓名\t单位\t学历\n张三\t某局\t本科\n李四\t某局\t硕士"


def zipped(files: Mapping[str, str | bytes], encoding: str = "utf-8", method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP of files; in another encoding than UTF-8 the names are not marked, as Windows writes them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as made:
        for name, content in files.items():
            made.writestr(_Raw(name, encoding) if encoding != "utf-8" else name, content)
    return buffer.getvalue()


class _Raw(zipfile.ZipInfo):
    def __init__(self, name: str, encoding: str) -> None:
        super().__init__(name)
        self._name = name.encode(encoding)

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self._name, self.flag_bits


def read(files: Mapping[str, str | bytes]) -> Document:
    return read_bytes(zipped(files), "通知.zip")


def parts(document: Document) -> list[tuple[str | None, str]]:
    return [(block.places[0].part, document.quote(Span(block.start, block.end))) for block in document.blocks]


def test_the_notice_first_then_its_annexes_by_their_numbers() -> None:
    body = "<w:p><w:r><w:t>附件10</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>表</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    document = read(
        {"材料/附件10：表.docx": make(body), "材料/附件2 汇总表.txt": TABLE, "材料/附件一.html": "<p>附件1</p>", "材料/关于评审的通知.txt": NOTICE}
    )
    assert document.source.parts == ("材料/关于评审的通知.txt", "材料/附件一.html", "材料/附件2 汇总表.txt", "材料/附件10：表.docx")
    assert (document.source.media_type, document.source.reader) == ("application/zip", "zip")
    assert document.text == f"{NOTICE}\n附件1\n{TABLE}\n附件10\n表"
    assert "\n".join(text for _, text in parts(document)) == document.text
    assert {part for part, _ in parts(document)} == set(document.source.parts)
    assert [document.quote(Span(table.start, table.end)) for table in document.tables][-1] == "表"
    for block in document.blocks:
        assert all(block.start <= place.start <= place.end <= block.end for place in block.places)


def test_an_annex_that_does_not_say_so_is_headed_by_its_name() -> None:
    assert parts(read({"通知.txt": NOTICE, "附件1：推荐表.txt": "推荐表\n姓名"}))[3:] == [
        ("附件1：推荐表.txt", "附件1：推荐表"),
        ("附件1：推荐表.txt", "推荐表"),
        ("附件1：推荐表.txt", "姓名"),
    ]


@pytest.mark.parametrize("first", ["a", "z"])
def test_the_notice_is_known_by_its_text_where_no_name_says(first: str) -> None:
    assert read({f"{first}.txt": NOTICE, "m.txt": "推荐表\n姓名"}).source.parts[0] == f"{first}.txt"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_chinese_names(encoding: str) -> None:
    data = zipped({"通知.txt": NOTICE, "附件①镕.txt": "附件"}, encoding)
    assert read_bytes(data, "x.zip").source.parts == ("通知.txt", "附件①镕.txt")


def test_names_lead_nowhere() -> None:
    assert read({"../../etc/通知.txt": NOTICE, "C:\\x\\附件1.txt": "附件1"}).source.parts == ("etc/通知.txt", "C:/x/附件1.txt")


def test_one_text_in_two_formats_is_read_once() -> None:
    paragraphs = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in NOTICE.split("\n"))
    document = read({"通知.txt": NOTICE, "通知.docx": make(paragraphs)})
    assert (document.text, document.source.parts) == (NOTICE, ("通知.docx",))
    assert document.warnings == ("read.part_repeated part=通知.txt",)


def test_what_cannot_be_read_is_told() -> None:
    document = read(
        {"通知.txt": NOTICE, "附件.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "__MACOSX/._x": "x", "~$通知.docx": "x", "空.txt": ""}
    )
    assert document.text == NOTICE
    assert document.warnings == ("read.part_skipped part=附件.xls code=read.unsupported", "read.part_skipped part=空.txt code=read.empty")


def test_a_warning_of_a_member_names_it() -> None:
    assert read({"通知.docx": NOTICE}).warnings == ("read.extension suffix=.docx format=txt part=通知.docx",)


def test_an_archive_within() -> None:
    inner = zipped({"附件1.txt": "附件1"})
    assert read({"通知.txt": NOTICE, "附件.zip": inner}).source.parts == ("通知.txt", "附件.zip/附件1.txt")
    deep = read({"通知.txt": NOTICE, "a.zip": zipped({"b.zip": inner})})
    assert deep.warnings == ("read.part_skipped part=a.zip/b.zip code=read.too_large",)


def encrypted() -> bytes:
    """通知.txt (密) with the password `secret`, by the ZIP format's own old cipher."""
    content, name = NOTICE.encode(), "通知.txt".encode()
    keys = _Cipher(b"secret")
    crc = zlib.crc32(content)
    body = keys.encrypt(bytes(11) + bytes([crc >> 24]) + content)
    head = (20).to_bytes(2, "little") + (0x801).to_bytes(2, "little") + bytes(6) + crc.to_bytes(4, "little")
    sizes = len(body).to_bytes(4, "little") + len(content).to_bytes(4, "little") + len(name).to_bytes(2, "little") + bytes(2)
    local = b"PK\x03\x04" + head + sizes + name + body
    directory = b"PK\x01\x02" + (20).to_bytes(2, "little") + head + sizes + bytes(14) + name
    end = b"PK\x05\x06" + bytes(4) + b"\1\0\1\0" + len(directory).to_bytes(4, "little") + len(local).to_bytes(4, "little") + bytes(2)
    return local + directory + end


class _Cipher:
    """The traditional encryption of ZIP (APPNOTE 6.1)."""

    def __init__(self, password: bytes) -> None:
        self._keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def _update(self, byte: int) -> None:
        one, two, three = self._keys
        one = _crc(one, byte)
        two = ((two + (one & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        self._keys = [one, two, _crc(three, two >> 24)]

    def encrypt(self, data: bytes) -> bytes:
        out = bytearray()
        for byte in data:
            mixed = self._keys[2] | 2
            out.append(byte ^ ((mixed * (mixed ^ 1)) >> 8) & 0xFF)
            self._update(byte)
        return bytes(out)


def _crc(value: int, byte: int) -> int:
    value ^= byte
    for _ in range(8):
        value = (value >> 1) ^ (0xEDB88320 if value & 1 else 0)
    return value


def test_a_password() -> None:
    assert read_bytes(encrypted(), "x.zip", "secret").text == NOTICE
    for password, code in ((None, "read.encrypted"), ("wrong", "read.wrong_password")):
        with pytest.raises(ReadError) as caught:
            read_bytes(encrypted(), "x.zip", password)
        assert caught.value.code == code


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (zipped({"通知.txt": NOTICE})[:60], "read.truncated"),
        (zipped({"a.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)}), "read.no_member"),
        (zipped({}), "read.no_member"),
        (zipped({f"{n}.txt": "x" for n in range(archive.MAX_MEMBERS + 1)}), "read.too_large"),
        (zipped({"通知.txt": NOTICE}, method=zipfile.ZIP_LZMA), "read.no_member"),
        (zipped({"通知.txt": "0" * 2**24}), "read.no_member"),  # a thousandfold
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "x.zip")
    assert caught.value.code == code


def test_a_member_larger_than_it_says_is_damaged() -> None:
    data = zipped({"通知.txt": NOTICE * 100})
    size = len((NOTICE * 100).encode()).to_bytes(4, "little")
    with pytest.raises(ReadError) as caught:
        read_bytes(data.replace(size, (100).to_bytes(4, "little")), "x.zip")
    assert caught.value.details["reasons"] == "part=通知.txt code=read.damaged"
