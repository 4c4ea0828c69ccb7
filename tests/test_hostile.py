"""Files that mean harm, made in code: each one is read or refused within ten seconds and 512 MB, and never kills its worker.

The seconds are the worker's own: a busy machine fails nothing.
"""

import io
import itertools
import os
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from test_read_docx import NAMESPACES, OFFICE, make, package, relationships

from pipeline.errors import ReadError
from pipeline.readers.guard import Guard, Limits

SECONDS = 10
REFUSED = {"read.too_large", "read.damaged", "read.truncated", "read.no_text", "read.no_member", "read.too_long", "read.encoding", "read.encrypted"}
WORD = "关于评审的通知"


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(Limits(seconds=100, memory=512 * 2**20)) as shared:
        shared.read_bytes(make(f"<w:p><w:r><w:t>{WORD}</w:t></w:r></w:p>"), "a.docx")
        shared.read_bytes(pdf("BT /F 9 Tf (notice) Tj ET"), "a.pdf")  # what is loaded once is not timed
        yield shared


def pdf(content: str, *objects: str, resources: str = "", pages: str = "<</Type/Pages/Kids[3 0 R]/Count 1>>") -> bytes:
    """A PDF of one page: its content, further objects from number 6 on, and further resources."""
    page = f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>{resources}>>>>"
    stream = f"<</Length {len(content)}>>stream\n{content}\nendstream"
    bodies = ["<</Type/Catalog/Pages 2 0 R>>", pages, page, stream, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>", *objects]
    out, starts = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(bodies, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{start:010} 00000 n \n" for start in starts)
    xref = len(out)
    out += (
        f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n{table}trailer\n<</Root 1 0 R/Size {len(bodies) + 1}>>\nstartxref\n{xref}\n%%EOF".encode()
    )
    return bytes(out)


def form(number: int, content: str, calls: int) -> str:
    return f"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length {len(content)}/Resources<</XObject<</X {calls} 0 R>>>>>>stream\n{content}\nendstream"


def forms(levels: int) -> bytes:
    """Forms that each draw the next ten times."""
    bodies = [form(6 + level, "/X Do " * 10, 7 + level) for level in range(levels)]
    last = "<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Length 40/Resources<</Font<</F 5 0 R>>>>>>stream\nBT /F 9 Tf (notice) Tj ET              \nendstream"
    return pdf("/X Do BT /F 9 Tf (notice) Tj ET", *bodies, last, resources="/XObject<</X 6 0 R>>")


def deflated(content: bytes) -> str:
    return zlib.compress(content, 9).decode("latin-1")


def stream_bomb() -> bytes:
    packed = deflated(b"0 0 m 9 9 l S " * 10_000_000)
    data = pdf("x")
    return data.replace(b"<</Length 1>>stream\nx\n", f"<</Filter/FlateDecode/Length {len(packed)}>>stream\n{packed}\n".encode("latin-1"))


def zipped(**files: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def matryoshka(levels: int) -> bytes:
    data = zipped(x_txt=WORD.encode())
    for _ in range(levels):
        data = zipped(**{f"{n}_zip": data for n in range(4)})
    return data


def zip_of_everything_at_once() -> bytes:
    """Ten thousand directory entries for one member of ten megabytes (a flat bomb)."""
    one = zipped(a_txt=bytes(10**7))
    directory = one.index(b"PK\x01\x02")
    end = one.rindex(b"PK\x05\x06")
    entry = one[directory:end]
    count = 10_000
    tail = bytearray(one[end:])
    tail[8:12] = count.to_bytes(2, "little") * 2
    tail[12:16] = (len(entry) * count).to_bytes(4, "little")
    return one[:directory] + entry * count + bytes(tail)


def million_entries() -> bytes:
    entry = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"a"
    count = 1_000_000
    end = (
        b"PK\x06\x06"
        + (44).to_bytes(8, "little")
        + bytes(12)
        + count.to_bytes(8, "little") * 2
        + (len(entry) * count).to_bytes(8, "little")
        + bytes(8)
    )
    locator = b"PK\x06\x07" + bytes(4) + (len(entry) * count).to_bytes(8, "little") + (1).to_bytes(4, "little")
    return b"PK\x03\x04" + (entry * count)[4:] + end + locator + b"PK\x05\x06" + bytes(4) + b"\xff" * 12 + bytes(2)


def document(inner: str, before: str = "") -> bytes:
    return package(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
            "word/document.xml": f"{before}<w:document {NAMESPACES}><w:body>{inner}</w:body></w:document>",
        }
    )


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "notice"}">' for n in range(10))
    return document("<w:p><w:r><w:t>&l9;</w:t></w:r></w:p>", f"<!DOCTYPE w:document [{entities}]>")


def external_entity() -> bytes:
    return document("<w:p><w:r><w:t>x&e;</w:t></w:r></w:p>", '<!DOCTYPE w:document [<!ENTITY e SYSTEM "file:///etc/passwd">]>')


def external_relationships() -> bytes:
    rels = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="{OFFICE}/attachedTemplate"'
        f' Target="http://127.0.0.1:9/x.dotm" TargetMode="External"/><Relationship Id="b" Type="{OFFICE}/styles" Target="file:///etc/passwd"/>'
        f'<Relationship Id="c" Type="{OFFICE}/numbering" Target="../../../../etc/passwd"/></Relationships>'
    )
    body = f"<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>{WORD}</w:t></w:r></w:p></w:body></w:document>"
    main = relationships(("officeDocument", "word/document.xml"))
    return package({"_rels/.rels": main, "word/document.xml": body, "word/_rels/document.xml.rels": rels})


CELL = "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>"
SPANNED = '<w:tc><w:tcPr><w:gridSpan w:val="1000000"/></w:tcPr><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>'
NESTED = 200
HOSTILE: dict[str, Callable[[], bytes]] = {
    "bomb.docx": lambda: package({"word/document.xml": b" " * 500_000_000}),
    "bomb of many parts.docx": lambda: package({f"word/{n}.xml": bytes(10_000_000) for n in ("document", *range(40))}),
    "bomb.zip": lambda: zipped(a_txt=bytes(300_000_000)),
    "flat bomb.zip": zip_of_everything_at_once,
    "million entries.zip": million_entries,
    "nested.zip": lambda: matryoshka(6),
    "trailing bytes.zip": lambda: zipped(a_txt=WORD.encode()) + b"x" * 10_000,
    "trailing bytes.docx": lambda: make(f"<w:p><w:r><w:t>{WORD}</w:t></w:r></w:p>") + bytes(70_000),
    "entities.docx": laughs,
    "external entity.docx": external_entity,
    "external relationships.docx": external_relationships,
    "million columns.docx": lambda: document(f"<w:tbl><w:tr>{CELL * 1_000_000}</w:tr></w:tbl>"),
    "wide spans.docx": lambda: document(f"<w:tbl>{f'<w:tr>{SPANNED * 50}</w:tr>' * 200}</w:tbl>"),
    "nested tables.docx": lambda: document("<w:tbl><w:tr><w:tc>" * NESTED + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * NESTED),
    "deep.docx": lambda: document("<w:sdt>" * 100_000 + "</w:sdt>" * 100_000),
    "self.pdf": lambda: pdf("/X Do BT /F 9 Tf 9 99 Td (notice) Tj ET", form(6, "/X Do", 6), resources="/XObject<</X 6 0 R>>"),
    "self twice.pdf": lambda: pdf("/X Do BT /F 9 Tf (notice) Tj ET", form(6, "/X Do /X Do", 6), resources="/XObject<</X 6 0 R>>"),
    "each other.pdf": lambda: pdf("/X Do", form(6, "/X Do /X Do", 7), form(7, "/X Do /X Do", 6), resources="/XObject<</X 6 0 R>>"),
    "forms in forms.pdf": lambda: forms(9),
    "page tree.pdf": lambda: pdf("x", pages="<</Type/Pages/Kids[2 0 R 2 0 R 3 0 R]/Count 3>>"),
    "billion pages.pdf": lambda: pdf("x", pages="<</Type/Pages/Kids[3 0 R]/Count 999999999>>"),
    "stream bomb.pdf": stream_bomb,
    "lines.pdf": lambda: pdf(" ".join(f"{x} {y} m {x} {y + 9} l S" for x, y in itertools.product(range(0, 595, 2), range(0, 842, 3)))),
    "letters.pdf": lambda: pdf("BT /F 1 Tf " + "(notice) Tj " * 300_000 + "ET"),
    "junk before.pdf": lambda: bytes(range(256)) * 3 + pdf("BT /F 9 Tf 9 99 Td (notice) Tj ET"),
    "tail.pdf": lambda: pdf("BT /F 9 Tf 9 99 Td (notice) Tj ET", *["<</A(x)>>"] * 5000)[:-60_000],
    "deep arrays.pdf": lambda: pdf("x", "[" * 1_000_000),
    "deep.html": lambda: b"<div>" * 1_000_000 + WORD.encode(),
    "deep tables.html": lambda: b"<table><tr><td>" * 90_000 + WORD.encode(),
    "formats.html": lambda: b"<b><i><a href=x>" * 90_000 + WORD.encode(),
    "million columns.html": lambda: b"<table border=1><tr>" + b"<td>x" * 1_000_000,
    "many cells.html": lambda: b"<table border=1>" + (b"<tr>" + b"<td>x" * 9) * 6_000,
    "wide spans.html": lambda: b"<table border=1>" + (b"<tr>" + b"<td colspan=1000 rowspan=60000>x" * 99) * 500,
    "lists.html": lambda: b"<ol start=2147483647>" + b"<li>x" * 90_000,
    "links.html": lambda: b"<div>" * 200 + b"<p><a href=x>x</a> 1</p>" * 30_000,
    "line.html": lambda: b"<p>" + "通知，".encode() * 4_000_000,
    "attribute.html": lambda: b"<p style='" + b"display:" * 2_000_000 + b"'>" + WORD.encode(),
    "style sheet.html": lambda: b"<style>" + b"@media{a{}" * 500_000 + b"</style><p>" + WORD.encode(),
    "comment.html": lambda: b"<p>" + WORD.encode() + b"<!--" * 300_000,
    "entities.html": lambda: b"<p>" + b"&nbsp;&amp;nbsp;" * 500_000 + WORD.encode(),
    "line.txt": lambda: "通知，".encode() * 4_000_000,
    "lines.txt": lambda: "通\n".encode() * 2_000_000,
    "tabs.txt": lambda: b"a\t" * 5_000_000,
    "brackets.txt": lambda: b"[" * 3_000_000 + b"](" * 1_000_000,
    "cut.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "WordDocument".encode("utf-16-le") + bytes(50),
}


def spent(guard: Guard) -> float:
    """Processor seconds that the guard's worker has taken so far; where they cannot be had, those of the clock."""
    try:
        fields = Path(f"/proc/{guard._worker.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return time.monotonic()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("name", HOSTILE)
def test_read_or_refused_in_time_and_memory(name: str, guard: Guard) -> None:
    data = HOSTILE[name]()
    if name.endswith(".txt"):
        data = data.ljust(2**20 + 1)  # small texts are read without a worker
    start = spent(guard)
    code = "ok"
    try:
        assert guard.read_bytes(data, name).text
    except ReadError as error:
        code = error.code
    assert code in {"ok", *REFUSED, "read.needs_libreoffice"}
    assert spent(guard) - start < SECONDS


def test_what_is_harmless_in_them_is_read(guard: Guard) -> None:
    for name in ("external relationships.docx", "trailing bytes.docx", "trailing bytes.zip", "style sheet.html", "attribute.html"):
        assert guard.read_bytes(HOSTILE[name](), name).text == WORD
    for name in ("self.pdf", "junk before.pdf", "tail.pdf"):
        assert "notice" in guard.read_bytes(HOSTILE[name](), name).text
