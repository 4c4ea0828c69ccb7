"""Scans and pictures: what the engine finds becomes paragraphs with pages and boxes; without the engine, the message says how to get it."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from PIL import Image, ImageDraw

from pipeline.errors import ReadError
from pipeline.readers import ocr
from pipeline.readers.read import read_bytes
from schemas.document import Document, Span

INSTALLED = ocr.is_installed()
A4 = (1131, 1600)  # pixels, as pages are rendered
Found = list[tuple[list[tuple[float, float]], str, float]]


def line(x: float, y: float, text: str, height: float = 30) -> tuple[list[tuple[float, float]], str, float]:
    """A line of type as RapidOCR gives it: corners in pixels, text, score."""
    width = sum(1.0 if ord(c) > 255 else 0.5 for c in text) * height
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)], text, 0.98


PAGE: Found = [
    line(380, 100, "关于评审的通知", 44),
    line(160, 200, "　　一、各单位应当认真组织申报，并于五月三十一日前将材料".strip()),
    line(100, 245, "报送至市人力资源和社会保障局专业技术人员管理处，逾期不再"),
    line(100, 290, "受理。"),
    line(160, 335, "二、评审费：中级"),
    line(600, 337, "180元"),
]


def picture(pages: int = 1, kind: str = "PNG") -> bytes:
    """Blank pages with a mark each; as PDF, a scan."""
    frames = [Image.new("RGB", A4, "white") for _ in range(pages)]
    for frame in frames:
        ImageDraw.Draw(frame).rectangle((300, 300, 500, 310), fill="black")
    buffer = io.BytesIO()
    frames[0].save(buffer, kind, **({"save_all": True, "append_images": frames[1:], "resolution": 137} if kind == "PDF" else {"dpi": (137, 137)}))
    return buffer.getvalue()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts an engine in place that finds these lines, page by page."""

    def install(*pages: Found) -> None:
        left = list(pages)

        def read(array: Any) -> tuple[Found | None, list[float]]:
            assert array.shape[2] == 3
            return left.pop(0) or None, [0.1]

        monkeypatch.setattr(ocr, "is_installed", lambda: True)
        monkeypatch.setattr(ocr, "_engine", lambda: read)

    return install


def paragraphs(document: Document) -> list[str]:
    return [document.quote(Span(block.start, block.end)) for block in document.blocks]


def test_lines_become_paragraphs_with_page_and_box(engine: Callable[..., None]) -> None:
    engine(PAGE)
    document = read_bytes(picture(kind="PDF"), "通知.pdf")
    assert paragraphs(document) == [
        "关于评审的通知",
        "一、各单位应当认真组织申报，并于五月三十一日前将材料报送至市人力资源和社会保障局专业技术人员管理处，逾期不再受理。",
        "二、评审费：中级\t180元",
    ]
    assert [block.ocr for block in document.blocks] == [True] * 3
    assert [len(block.places) for block in document.blocks] == [1, 3, 1]
    assert document.blocks[0].centred
    (place,) = document.blocks[0].places
    assert place.page == 1
    assert place.bbox
    assert [round(value / 100) for value in place.bbox] == pytest.approx([380 * 72 / 137, 100 * 72 / 137, 688 * 72 / 137, 144 * 72 / 137], abs=2)
    assert (document.source.reader, document.source.media_type, document.source.pages) == ("ocr", "application/pdf", 1)
    assert document.warnings == ("read.ocr pages=1",)


def test_a_picture_is_a_page(engine: Callable[..., None]) -> None:
    engine([line(100, 100, "通知")])
    document = read_bytes(picture(), "通知.png")
    assert (document.text, document.source.media_type, document.source.pages) == ("通知", "image/png", 1)


def test_page_numbers_are_dropped_and_pages_run_on(engine: Callable[..., None]) -> None:
    pages = [[line(100, 200 + 45 * row, f"第{page}页的第{row}行文字，写满了整整一行，直到右边的页边为止") for row in range(30)] for page in (1, 2, 3)]
    engine(*([*lines, line(540, 1540, f"— {page} —")] for page, lines in enumerate(pages, 1)))
    assert "—" not in read_bytes(picture(3, "PDF"), "x.pdf").text


def test_scanned_pages_among_others(engine: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    from pypdfium2 import PdfDocument
    from test_hostile import pdf

    written = PdfDocument(pdf("BT /F 12 Tf 100 700 Td (page one) Tj ET"))
    written.import_pages(PdfDocument(picture(kind="PDF")))
    written.import_pages(PdfDocument(pdf("BT /F 12 Tf 100 700 Td (page three) Tj ET")))
    buffer = io.BytesIO()
    written.save(buffer)
    engine([line(100, 200, "第二页")])
    document = read_bytes(buffer.getvalue(), "x.pdf")
    assert paragraphs(document) == ["page one", "第二页", "page three"]
    assert [block.ocr for block in document.blocks] == [False, True, False]
    assert [block.places[0].page for block in document.blocks] == [1, 2, 3]
    assert (document.source.reader, document.source.pages, document.warnings) == ("pdf+ocr", 3, ("read.ocr pages=2",))
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    assert read_bytes(buffer.getvalue(), "x.pdf").warnings == ("read.scan_pages pages=2",)


def test_nothing_found(engine: Callable[..., None]) -> None:
    engine([])
    with pytest.raises(ReadError) as caught:
        read_bytes(picture(), "x.png")
    assert caught.value.code == "read.no_text"


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(50), picture()[:200], b"\0\0\0\x18ftypheic" + bytes(50)])
def test_damaged_pictures(data: bytes, engine: Callable[..., None]) -> None:
    engine([])
    with pytest.raises(ReadError) as caught:
        read_bytes(data, "x.png")
    assert caught.value.code == "read.damaged"


def test_a_picture_of_too_many_pixels(engine: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    engine([])
    monkeypatch.setattr(ocr, "MAX_PIXELS", 1000)
    with pytest.raises(ReadError) as caught:
        read_bytes(picture(), "x.png")
    assert caught.value.code == "read.too_large"


@pytest.mark.parametrize(("kind", "code"), [("PNG", "read.image"), ("PDF", "read.scan")])
def test_without_the_engine(kind: str, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "is_installed", lambda: False)
    with pytest.raises(ReadError) as caught:
        read_bytes(picture(kind=kind), "x")
    assert caught.value.code == code
    assert "noticerules[ocr]" in str(caught.value)


def test_the_engine_itself() -> None:
    """Where it is installed, it reads; where it is not, that is said."""
    from pypdfium2 import PdfDocument
    from test_hostile import pdf

    page = PdfDocument(pdf("BT /F 24 Tf 100 700 Td (NOTICE 2023) Tj ET"))[0].render(scale=2).to_pil()
    buffer = io.BytesIO()
    page.convert("RGB").save(buffer, "PNG", dpi=(144, 144))
    if not INSTALLED:
        with pytest.raises(ReadError) as caught:
            read_bytes(buffer.getvalue(), "x.png")
        assert caught.value.code == "read.image"
        return
    document = read_bytes(buffer.getvalue(), "x.png")
    assert "".join(document.text.split()) == "NOTICE2023"
