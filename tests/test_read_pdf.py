"""The PDF reader on layouts drawn here: what is a paragraph, what is page furniture, what is a table, which file is refused and why."""

import contextlib
import io
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.lib.colors import Color
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import ReadError
from pipeline.readers.pdf import read_pdf
from schemas.document import Document, Span

WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, EM, PITCH = 79.5, 105.0, 16.0, 29.0
RIGHT = LEFT + 27 * EM
SONG = "STSong-Light"
UNIT = re.compile(r"[“《（〔]*(?:[!-~]+|.)[，。、；：！？”》）〕]*")
SENTENCE = "申报人员应当在规定期限内向所在单位人事管理部门提供完整、准确、真实的个人信息和相关材料，逾期不予受理。"


def width(text: str, size: float) -> float:
    return float(pdfmetrics.stringWidth(text, SONG, size))


class Paper:
    """A PDF in the making; positions are points from the upper left corner."""

    def __init__(self, size: tuple[float, float] = (WIDTH, HEIGHT)) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(SONG))
        self.buffer, self.height = io.BytesIO(), size[1]
        self.canvas = Canvas(self.buffer, pagesize=size, invariant=1)
        self.top, self.number = TOP, 1
        self.footer: Callable[[Paper], None] = lambda paper: None

    def put(self, text: str, x: float, top: float, size: float = EM) -> None:
        self.canvas.setFont(SONG, size)
        self.canvas.drawString(x, self.height - top - 0.85 * size, text)

    def page(self) -> None:
        self.footer(self)
        self.canvas.showPage()
        self.top, self.number = TOP, self.number + 1

    def paragraph(self, text: str, left: float = LEFT, right: float = RIGHT) -> None:
        """Text in the official layout: first line indented by two characters, wrapped at the margin, going on over the page."""
        line, x = "", left + 2 * EM
        for unit in UNIT.findall(text):
            if line and x + width(line + unit, EM) > right + 0.01:
                self.line(line, x)
                line, x = "", left
            line += unit
        self.line(line, x)

    def line(self, text: str, x: float, size: float = EM) -> None:
        if self.top > self.height - 110:
            self.page()
        self.put(text, x, self.top, size)
        self.top += PITCH

    def centre(self, text: str, size: float = 22.0) -> None:
        self.line(text, (LEFT + RIGHT - width(text, size)) / 2, size)

    def grid(self, xs: Sequence[float], ys: Sequence[float]) -> None:
        for x in xs:
            self.canvas.line(x, self.height - ys[0], x, self.height - ys[-1])
        for y in ys:
            self.canvas.line(xs[0], self.height - y, xs[-1], self.height - y)

    def table(self, rows: Sequence[Sequence[str]], top: float, xs: Sequence[float], size: float = 10.5) -> float:
        """A table of rows one line high; its lower edge."""
        ys = [top + 20 * i for i in range(len(rows) + 1)]
        self.grid(xs, ys)
        for y, row in zip(ys, rows, strict=False):
            for x, text in zip(xs, row, strict=False):
                self.put(text, x + 5.4, y + 4, size)
        return ys[-1]

    def bytes(self) -> bytes:
        self.page()
        self.canvas.save()
        return self.buffer.getvalue()


def folio(paper: Paper) -> None:
    paper.put(f"— {paper.number} —", 270, HEIGHT - 60, 14)


def read(paper: Paper) -> Document:
    return checked(read_pdf(paper.bytes(), "通知.pdf"))


def checked(document: Document) -> Document:
    """The document, its offsets proved: blocks tile the text, tables hold their cells, places are inside their block and page."""
    position = 0
    for block in document.blocks:
        assert block.start == position and block.end > block.start
        assert all(block.start <= place.start <= place.end <= block.end for place in block.places)
        assert all(place.page and place.bbox and place.bbox[0] < place.bbox[2] and place.bbox[1] < place.bbox[3] for place in block.places)
        position = block.end + 1
    assert position == (len(document.text) + 1 if document.blocks else 0)
    assert all(document.text[block.end : block.end + 1] in ("\n", "") for block in document.blocks)
    for table in document.tables:
        taken = [
            (r, c) for cell in table.cells for r in range(cell.row, cell.row + cell.rows) for c in range(cell.column, cell.column + cell.columns)
        ]
        assert len(taken) == len(set(taken))
        for a, b in pairwise(table.cells):
            assert b.start == a.end + 1 and document.text[a.end] == ("\t" if a.row == b.row else "\n")
        assert (table.start, table.end) == (table.cells[0].start, table.cells[-1].end)
    return document


def paragraphs(document: Document) -> list[str]:
    return [document.text[b.start : b.end] for b in document.blocks if b.kind == "paragraph"]


def code_of(data: bytes, password: str | None = None) -> str:
    with pytest.raises(ReadError) as refused:
        read_pdf(data, "通知.pdf", password)
    assert refused.value.file == "通知.pdf"
    return refused.value.code


# --- paragraphs --------------------------------------------------------------------------------------------------------------------


def test_wrapped_lines_are_one_paragraph() -> None:
    paper = Paper()
    texts = ["一、申报对象", SENTENCE * 3, "（一）个人申报。" + SENTENCE, SENTENCE * 2]
    for text in texts:
        paper.paragraph(text)
    assert paragraphs(read(paper)) == texts


def test_a_paragraph_goes_on_over_the_page_and_page_numbers_are_dropped() -> None:
    paper = Paper()
    paper.footer = folio
    texts = [SENTENCE * n for n in (9, 11, 7, 12)]
    for text in texts:
        paper.paragraph(text)
    document = read(paper)
    assert document.source.pages == 4
    assert paragraphs(document) == texts
    pages = [{place.page for place in block.places} for block in document.blocks]
    assert {1, 2} in pages and {2, 3} in pages


def test_a_title_in_brackets_cut_by_the_page_is_joined() -> None:
    paper = Paper()
    paper.footer = folio
    paper.top = HEIGHT - 130
    text = "根据《浙江省人力资源和社会保障厅关于进一步加强高技能人才与专业技术人才职业发展贯通的实施办法》（浙人社发〔2022〕77号）执行。"
    paper.paragraph(text)
    document = read(paper)
    assert paragraphs(document) == [text]
    title = document.text.index("《"), document.text.index("》") + 1
    assert {place.page for place in document.places(Span(*title))} == {1, 2}


def test_heads_and_feet_are_dropped_and_annexes_kept() -> None:
    paper = Paper()

    def frame(paper: Paper) -> None:
        paper.put("温州市水利局文件汇编", LEFT, 40, 9)
        paper.put(f"第{paper.number}页 共3页", 260, HEIGHT - 50, 9)

    paper.footer = frame
    for number in (1, 2, 3):
        paper.put(f"附件{number}", LEFT, 75)
        paper.paragraph(SENTENCE)
        if number < 3:
            paper.page()
    assert paragraphs(read(paper)) == ["附件1", SENTENCE, "附件2", SENTENCE, "附件3", SENTENCE]


def test_plain_page_numbers_are_dropped_and_plain_numbers_kept() -> None:
    paper = Paper()
    paper.footer = lambda paper: paper.put(str(paper.number), 295, HEIGHT - 50, 10)
    paper.paragraph(SENTENCE)
    paper.line("2023", LEFT + 2 * EM)
    paper.page()
    paper.paragraph(SENTENCE)
    assert paragraphs(read(paper)) == [SENTENCE, "2023", SENTENCE]


def test_each_line_of_a_title_is_a_centred_block() -> None:
    paper = Paper()
    paper.centre("关于开展2023年度温州市水利专业")
    paper.centre("职务任职资格评审推荐工作的通知")
    paper.top += 20
    paper.paragraph(SENTENCE * 3)
    document = read(paper)
    assert [(document.text[b.start : b.end], b.centred) for b in document.blocks] == [
        ("关于开展2023年度温州市水利专业", True),
        ("职务任职资格评审推荐工作的通知", True),
        (SENTENCE * 3, False),
    ]


def test_issuers_on_one_line_are_parted_by_a_tab() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE * 2)
    paper.put("温州市水利局", 150, paper.top)
    paper.line("温州市人力资源和社会保障局", 300)
    paper.line("2023年10月24日", 380)
    assert paragraphs(read(paper))[1:] == ["温州市水利局\t温州市人力资源和社会保障局", "2023年10月24日"]


def test_signature_and_date_of_the_same_width_stay_apart() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE * 2)
    for text in ("温州市水利局办公室文书科", "二〇二三年十月二十四日"):
        paper.line(text, RIGHT - width(text, EM))
    assert paragraphs(read(paper))[1:] == ["温州市水利局办公室文书科", "二〇二三年十月二十四日"]


def test_items_with_hanging_lines() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE * 2)
    first, rest = LEFT + 5 * EM, LEFT + 5.75 * EM
    paper.put("附件：", LEFT + 2 * EM, paper.top)
    paper.line("1.温州市水利专业工程师赋分推荐表", first)
    paper.line("2.水利专业高级工程师任职资格自评分规定分值表", first)
    paper.line("及其说明", rest)
    assert paragraphs(read(paper))[1:] == ["附件：1.温州市水利专业工程师赋分推荐表", "2.水利专业高级工程师任职资格自评分规定分值表及其说明"]


def test_no_space_between_han_and_digits_and_one_between_latin_words() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE * 2)
    x = LEFT + 2 * EM
    for piece, gap in (
        ("截止时间为", 4.0),
        ("2023", 4.0),
        ("年", 4.0),
        ("8", 4.0),
        ("月，文件为", 4.0),
        ("JPG", 5.0),
        ("or", 5.0),
        ("PNG", 4.0),
        ("格式。", 0),
    ):
        paper.put(piece, x, paper.top)
        x += width(piece, EM) + gap
    paper.top += PITCH
    paper.paragraph("2023 年度，大小 30K。")
    assert paragraphs(read(paper))[1:] == ["截止时间为2023年8月，文件为JPG or PNG格式。", "2023 年度，大小 30K。"]


def test_two_columns_are_read_one_after_the_other() -> None:
    paper = Paper()
    paper.centre("关于评审工作的通知")
    top, middle = paper.top + 10, (LEFT + RIGHT) / 2
    left, right = "左栏，" + SENTENCE * 4, "右栏，" + SENTENCE * 4
    paper.top = top
    paper.paragraph(left, LEFT, middle - EM)
    paper.top = top + 7  # columns need not keep the same lines
    paper.paragraph(right, middle + EM, RIGHT + EM)
    assert paragraphs(read(paper)) == ["关于评审工作的通知", left, right]


def test_stamps_and_watermarks_do_not_touch_the_lines() -> None:
    paper = Paper()
    canvas = paper.canvas
    paper.paragraph(SENTENCE * 4)
    canvas.saveState()
    canvas.translate(200, HEIGHT - 220)
    canvas.rotate(45)
    canvas.setFont(SONG, 40)
    canvas.setFillColor(Color(0.9, 0.9, 0.9))
    canvas.drawString(0, 0, "内部资料")
    canvas.restoreState()
    canvas.setFillColor(Color(0.85, 0.85, 0.85))
    paper.put("样张", 250, TOP + 20, 60)
    canvas.drawImage(ImageReader(Image.new("RGB", (40, 40), "red")), 300, HEIGHT - 200, 100, 100)
    document = read(paper)
    assert paragraphs(document) == [SENTENCE * 4]
    assert document.warnings == ("read.set_aside pages=1 text=内部资料样张",)


def test_a_line_printed_twice_for_boldness_stands_once() -> None:
    paper = Paper()
    paper.put("一、申报条件", LEFT + 2 * EM, TOP)
    paper.put("一、申报条件", LEFT + 2 * EM + 0.3, TOP)
    assert paragraphs(read(paper)) == ["一、申报条件"]


def test_a_wide_page_whose_text_is_turned() -> None:
    paper = Paper()
    paper.canvas.translate(WIDTH, 0)
    paper.canvas.rotate(90)
    paper.height = WIDTH
    paper.put("申报材料报送要求", 100, 100)
    paper.put("材料一式两份", 100, 130)
    document = read(paper)
    assert paragraphs(document) == ["申报材料报送要求", "材料一式两份"]
    place = document.blocks[0].places[0]
    assert place.bbox is not None and place.bbox[2] - place.bbox[0] < place.bbox[3] - place.bbox[1]


@pytest.mark.parametrize(
    ("degrees", "box"), [(90, (62600, 10000, 64200, 16400)), (180, (43100, 62600, 49500, 64200)), (270, (20000, 43100, 21600, 49500))]
)
def test_a_page_that_the_file_turns(degrees: int, box: tuple[int, int, int, int]) -> None:
    paper = Paper()
    paper.put("申报条件", 100, 200)
    paper.put("申报材料", 100, 230)
    turned = io.BytesIO()
    with pikepdf.open(io.BytesIO(paper.bytes())) as pdf:
        pdf.pages[0].Rotate = degrees
        pdf.save(turned)
    document = checked(read_pdf(turned.getvalue(), "通知.pdf"))
    assert document.text == "申报条件\n申报材料" and document.blocks[0].places[0].bbox == box


def test_a_block_of_text_that_runs_up_the_page_is_kept() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE * 3)
    paper.canvas.saveState()
    paper.canvas.translate(WIDTH - 200, 100)
    paper.canvas.rotate(90)
    paper.put("填表说明：" + SENTENCE[:22], 0, HEIGHT - 60, 10.5)
    paper.put(SENTENCE[22:44] + "。", 0, HEIGHT - 40, 10.5)
    paper.canvas.restoreState()
    assert paragraphs(read(paper)) == [SENTENCE * 3, "填表说明：" + SENTENCE[:22], SENTENCE[22:44] + "。"]


def test_places_are_in_hundredths_of_a_point_from_the_upper_left_corner() -> None:
    paper = Paper()
    paper.put("申报条件", 100, 200)
    (place,) = read(paper).blocks[0].places
    assert (place.start, place.end, place.page) == (0, 4, 1)
    assert place.bbox == (10000, 20000, 16400, 21600)


# --- tables ------------------------------------------------------------------------------------------------------------------------

COLUMNS = (LEFT, LEFT + 60, LEFT + 240, LEFT + 420)


def test_a_table_is_one_block_and_its_text_is_in_no_paragraph() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE)
    paper.top = 20 + paper.table([("序号", "专业", "分值"), ("1", "规划设计", "78.4"), ("2", "", "74.5")], paper.top, COLUMNS)
    paper.paragraph(SENTENCE)
    document = read(paper)
    assert document.text == f"{SENTENCE}\n序号\t专业\t分值\n1\t规划设计\t78.4\n2\t\t74.5\n{SENTENCE}"
    assert [b.kind for b in document.blocks] == ["paragraph", "table", "paragraph"]
    cell = document.tables[0].covering(1, 2)
    assert cell and document.text[cell.start : cell.end] == "78.4"
    (place,) = document.places(Span(cell.start, cell.end))
    assert place.bbox == (31950, 18300, 49950, 20300)


def test_a_table_over_three_pages_is_stitched_without_its_repeated_head() -> None:
    paper = Paper()
    paper.footer = folio
    rows = [(str(i), f"专业{i}", f"{60 + i}分") for i in range(1, 31)]
    for part in (rows[:10], rows[10:20], rows[20:]):
        paper.table([("序号", "专业", "分值"), *part], TOP, COLUMNS)
        if part[-1] != rows[-1]:
            paper.page()
    document = read(paper)
    (table,) = document.tables
    assert document.text.split("\n") == ["序号\t专业\t分值", *("\t".join(row) for row in rows)]
    assert (table.height, table.width) == (31, 3)
    assert {place.page for place in document.blocks[0].places} == {1, 2, 3}


def test_two_tables_with_words_between_them_are_two() -> None:
    paper = Paper()
    paper.table([("序号", "专业"), ("1", "水利")], TOP, COLUMNS[:3])
    paper.page()
    paper.paragraph("附件2")
    paper.table([("序号", "专业"), ("1", "环保")], paper.top, COLUMNS[:3])
    assert len(read(paper).tables) == 2


def test_a_row_cut_by_the_page_is_one_row() -> None:
    paper = Paper()
    text = "申报人员应当在规定期限内提供完整准确真实的个人信息和相关材料"
    paper.grid(COLUMNS[:3], (700, 720, 760))
    paper.put("序号", LEFT + 5.4, 704, 10.5)
    paper.put("要求", LEFT + 65.4, 704, 10.5)
    paper.put("1", LEFT + 5.4, 724, 10.5)
    paper.put(text[:16], LEFT + 65.4, 724, 10.5)
    paper.page()
    paper.grid(COLUMNS[:3], (TOP, TOP + 20, TOP + 40))
    paper.put(text[16:], LEFT + 65.4, TOP + 4, 10.5)
    paper.put("2", LEFT + 5.4, TOP + 24, 10.5)
    paper.put("无", LEFT + 65.4, TOP + 24, 10.5)
    assert read(paper).text == f"序号\t要求\n1\t{text}\n2\t无"


def test_merged_cells_stand_once_with_their_extents() -> None:
    paper = Paper()
    canvas, (a, b, c, d), ys = paper.canvas, COLUMNS, (100.0, 130.0, 160.0, 190.0)
    for x, y0, y1 in ((a, 0, 3), (b, 1, 3), (c, 1, 2), (d, 0, 3)):
        canvas.line(x, HEIGHT - ys[y0], x, HEIGHT - ys[y1])
    for y, x0, x1 in ((0, a, d), (1, a, d), (2, b, d), (3, a, d)):
        canvas.line(x0, HEIGHT - ys[y], x1, HEIGHT - ys[y])
    for text, x, y in (("自评情况", a, 0), ("能力", a, 1), ("分值", b, 1), ("10", c, 1), ("备注", b, 2)):
        paper.put(text, x + 6, ys[y] + 8, 10.5)
    document = read(paper)
    cells = {document.text[k.start : k.end]: (k.row, k.column, k.rows, k.columns) for k in document.tables[0].cells}
    assert cells == {"自评情况": (0, 0, 1, 3), "能力": (1, 0, 2, 1), "分值": (1, 1, 1, 1), "10": (1, 2, 1, 1), "备注": (2, 1, 1, 2)}
    assert document.text == "自评情况\n能力\t分值\t10\n备注"


def test_lines_in_a_cell_are_joined_where_they_wrap_and_parted_where_they_end() -> None:
    paper = Paper()
    paper.grid((LEFT, LEFT + 116, LEFT + 300), (100, 180))
    for i, text in enumerate(("推荐意见：", "同意推荐该同志参加评", "审并承诺真实。")):
        paper.put(text, LEFT + 5.4, 105 + 14 * i, 10.5)
    for i, text in enumerate("工作业绩"):
        paper.put(text, LEFT + 200, 105 + 14 * i, 10.5)
    assert read(paper).text == "推荐意见：\n同意推荐该同志参加评审并承诺真实。\t工作业绩"


def test_lines_that_make_no_table() -> None:
    paper = Paper()
    paper.canvas.line(LEFT, HEIGHT - 95, RIGHT, HEIGHT - 95)  # the rule below an office's name
    paper.canvas.rect(LEFT - 20, 60, RIGHT - LEFT + 40, HEIGHT - 150)  # a frame around the page
    paper.paragraph(SENTENCE)
    document = read(paper)
    assert paragraphs(document) == [SENTENCE] and not document.tables


def test_tables_drawn_with_thin_boxes_and_white_lines_around_text() -> None:
    paper = Paper()
    for x in COLUMNS[:3]:
        paper.canvas.rect(x, HEIGHT - 140, 0.5, 40, stroke=0, fill=1)
    for y in (100, 120, 140):
        paper.canvas.rect(LEFT, HEIGHT - y, COLUMNS[2] - LEFT, 0.5, stroke=0, fill=1)
    for row, (first, second) in enumerate((("序号", "专业"), ("1", "水利"))):
        paper.put(first, LEFT + 5, 104 + 20 * row, 10.5)
        paper.put(second, LEFT + 65, 104 + 20 * row, 10.5)
    paper.canvas.setStrokeColor(Color(1, 1, 1))
    paper.grid((LEFT, LEFT + 100, LEFT + 200), (195, 220, 245))
    paper.put("申报材料", LEFT + 32, 200)
    document = read(paper)
    assert document.text == "序号\t专业\n1\t水利\n申报材料" and len(document.tables) == 1


def test_a_drawing_of_too_many_lines_is_no_table() -> None:
    paper = Paper()
    paper.grid([LEFT + 4 * i for i in range(100)], [200 + 4 * i for i in range(100)])
    paper.paragraph(SENTENCE)
    document = read(paper)
    assert paragraphs(document) == [SENTENCE] and document.warnings == ("read.dense_lines pages=1",)


# --- files -------------------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plain() -> bytes:
    paper = Paper()
    paper.paragraph(SENTENCE * 12)
    paper.paragraph(SENTENCE * 12)
    return paper.bytes()


def encrypted(data: bytes, user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="主人", user=user, R=6))
    return out.getvalue()


def scanned(words: str = "", mode: int = 3) -> bytes:
    paper = Paper()
    paper.canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, WIDTH, HEIGHT)
    if words:
        text = paper.canvas.beginText(LEFT, HEIGHT - 120)
        text.setFont(SONG, EM)
        text.setTextRenderMode(mode)
        text.textLine(words)
        paper.canvas.drawText(text)
    return paper.bytes()


def test_source(plain: bytes) -> None:
    source = read_pdf(plain, "通知.pdf").source
    assert (source.file, source.media_type, source.reader, source.pages) == ("通知.pdf", "application/pdf", "pdf", 3)
    assert len(source.sha256) == len(source.text_sha256) == 64


def test_refusals(plain: bytes) -> None:
    assert code_of(b"") == "read.empty"
    assert code_of("通知".encode()) == "read.not_pdf"
    assert code_of(plain[:400]) == "read.truncated"
    assert code_of(b"%PDF-1.7\n") == "read.truncated"
    assert code_of(encrypted(plain, "密码")) == "read.encrypted"
    assert code_of(encrypted(plain, "密码"), "别的") == "read.wrong_password"
    assert code_of(scanned()) == "read.scan"
    assert code_of(Paper().bytes()) == "read.no_text"


def test_passwords(plain: bytes) -> None:
    text = read_pdf(plain, "通知.pdf").text
    assert read_pdf(encrypted(plain, ""), "通知.pdf").text == text
    assert read_pdf(encrypted(plain, "密码"), "通知.pdf", "密码").text == text
    assert read_pdf(plain, "通知.pdf", "无用").text == text


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch, plain: bytes) -> None:
    monkeypatch.setattr("pipeline.readers.pdf.PAGES", 1)
    assert code_of(plain) == "read.too_large"


def test_a_text_layer_under_a_scan_is_read_with_a_warning() -> None:
    document = checked(read_pdf(scanned("申报条件"), "通知.pdf"))
    assert document.text == "申报条件" and document.warnings == ("read.ocr_layer pages=1",)


def test_hidden_text_on_a_printed_page_is_left_out() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE)
    text = paper.canvas.beginText(LEFT, 300)
    text.setTextRenderMode(3)
    text.textLine("暗语")
    paper.canvas.drawText(text)
    assert paragraphs(read(paper)) == [SENTENCE]


def test_a_scanned_page_among_others_is_named() -> None:
    paper = Paper()
    paper.paragraph(SENTENCE)
    paper.page()
    paper.canvas.drawImage(ImageReader(Image.new("L", (60, 84), 200)), 0, 0, WIDTH, HEIGHT)
    assert read(paper).warnings == ("read.scan_pages pages=2",)


def test_junk_before_and_after_the_file(plain: bytes) -> None:
    text = read_pdf(plain, "通知.pdf").text
    assert read_pdf(b"HTTP/1.1 200 OK\r\n\r\n" * 100 + plain, "通知.pdf").text == text
    assert read_pdf(plain + b"\0" * 500, "通知.pdf").text == text


def test_a_cut_tail_is_repaired_and_said(plain: bytes) -> None:
    document = read_pdf(plain[: plain.rindex(b"trailer")], "通知.pdf")
    assert document.text == read_pdf(plain, "通知.pdf").text
    assert document.warnings == ("read.repaired",)


@settings(max_examples=60, deadline=2000)
@given(st.data())
def test_no_damage_ends_otherwise_than_read_or_refused(plain: bytes, data: st.DataObject) -> None:
    damaged = bytearray(plain)
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(ReadError):
        checked(read_pdf(bytes(damaged[: data.draw(st.integers(1, len(damaged)))]), "通知.pdf"))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 9), min_size=1, max_size=12))
def test_paragraphs_come_back_as_they_were_set(lengths: list[int]) -> None:
    paper = Paper()
    paper.footer = folio
    texts = [SENTENCE * n for n in lengths]
    for text in texts:
        paper.paragraph(text)
    assert paragraphs(read(paper)) == texts


CORPUS = sorted(Path(__file__).parent.parent.glob("corpus/*/20*.pdf"))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.parent.name)
def test_the_printed_notices_lose_nothing_and_invent_nothing(path: Path) -> None:
    """Compared with the text edition beside it, white space and the debris of its conversion apart."""
    text = checked(read_pdf(path.read_bytes(), path.name)).text
    stated = path.with_suffix(".txt").read_text(encoding="utf-8")
    for debris in (r"\[bookmark: _GoBack\]", r"\s\(\s*10\s*\)\s", r"^- ?(?=附件)", r"<(?=http)|(?<=cn)>", r"(?<=不候。)\s*-"):
        stated = re.sub(debris, "", stated, flags=re.MULTILINE)
    assert re.sub(r"\s", "", text) == re.sub(r"\s", "", stated)
