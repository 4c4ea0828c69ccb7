"""What people get of a comparison: page, workbook, document and timeline show the same changes; text stays text."""

import io
import zipfile
from functools import cache
from pathlib import Path

import docx
import jsonschema
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock

from pipeline.build import build_ruleset
from pipeline.changes import compare_editions
from pipeline.compared import WRITERS, Compared
from pipeline.report.redline import redline
from pipeline.report.timeline import WIDTH, timeline
from schemas.changes import Changes

ROOT = Path(__file__).parent.parent
OLD = ROOT / "corpus/shaoxing-ecology-engineer/2022.txt"
NEW = ROOT / "tests/data/editions/shaoxing-ecology-engineer/2023.txt"


@cache
def compared() -> Compared:
    old, new = build_ruleset(OLD), build_ruleset(NEW)
    return Compared(old, new, compare_editions(old, new))


TEXT = st.text("评审费每人180元2023年8月31日不少于（）〔2019〕号 ", max_size=40)


@given(TEXT, TEXT)
def test_the_stretches_of_a_redline_are_the_texts(old: str, new: str) -> None:
    lost, won = redline(old, new)
    assert "".join(s.text for s in lost) == old
    assert "".join(s.text for s in won) == new
    assert "".join(s.text for s in lost if s.sort == "same") == "".join(s.text for s in won if s.sort == "same")


def test_a_redline_changes_whole_atoms() -> None:
    lost, won = redline("截止时间为2022年8月31日，每人180元。", "截止时间为2023年8月30日，每人200元。")
    assert [s.text for s in lost if s.sort == "gone"] == ["2022年8月31日", "180元"]
    assert [s.text for s in won if s.sort == "come"] == ["2023年8月30日", "200元"]


def test_the_json_keeps_its_schema_and_comes_back() -> None:
    data = WRITERS["json"](compared(), "zh")
    schema = Changes.model_json_schema(mode="serialization")
    jsonschema.validate(Changes.model_validate_json(data).model_dump(mode="json", by_alias=True), schema)
    assert Changes.model_validate_json(data) == compared().changes


def test_the_workbook_has_a_row_a_change_with_filters_and_redline() -> None:
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["xlsx"](compared(), "zh")), rich_text=True)
    shown = compared().view("zh")
    sheet = book["对照表"]
    head = [cell.value for cell in sheet[1]]
    rows = [dict(zip(head, (cell.value for cell in line), strict=True)) for line in sheet.iter_rows(min_row=2)]
    assert [row["规则键"] for row in rows] == [row.key for row in shown.rows]
    assert [row["变化"] for row in rows] == [row.label_words for row in shown.rows]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B2", sheet.dimensions)
    fee = next(row for row in rows if row["规则"] == "评审费")
    assert (fee["2022 规定"], fee["2023 规定"], fee["轻重"], fee["对申报人影响"]) == ("180 元/人", "200 元/人", "A", "从严")
    marked = fee["2023 原文"]
    assert isinstance(marked, CellRichText)
    assert [part.text for part in marked if isinstance(part, TextBlock)] == ["200元"]
    assert len(list(book["已折叠"].iter_rows(min_row=2))) == len(shown.folded)


def test_no_cell_of_the_workbook_is_a_formula() -> None:
    data = WRITERS["xlsx"](compared(), "zh")
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not [name for name in package.namelist() if name.startswith("xl/worksheets/") and b"<f>" in package.read(name)]


def test_the_document_has_a_row_a_change_and_places_to_sign() -> None:
    document = docx.Document(io.BytesIO(WRITERS["docx"](compared(), "zh")))
    shown = compared().view("zh")
    rows = [row for table in document.tables for row in table.rows[1:]]
    assert [row.cells[0].text for row in rows] == [str(row.number) for row in shown.rows]
    fee = next(row for row in rows if "评审费" in row.cells[1].text)
    struck = [run.text for p in fee.cells[2].paragraphs for run in p.runs if run.font.strike]
    underlined = [run.text for p in fee.cells[3].paragraphs for run in p.runs if run.font.underline]
    assert (struck, underlined) == (["180元"], ["200元"])
    assert document.sections[0].page_width > document.sections[0].page_height
    assert "签发" in document.paragraphs[-1].text


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_comparison_gives_the_same_bytes(name: str) -> None:
    assert WRITERS[name](compared(), "zh") == WRITERS[name](compared(), "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_says_how_much_and_what_could_not_be_aligned(language: str) -> None:
    page = WRITERS["html"](compared(), language).decode()  # type: ignore[arg-type]  # one of the two languages
    shown = compared().view(language)  # type: ignore[arg-type]
    assert page.count('<tr class="change ') == len(shown.rows) + len(shown.folded)
    assert shown.unaligned == 1
    assert ("未能对应的规则：1 条" if language == "zh" else "Not aligned: 1 (0 of them") in page
    assert "<del>180元</del>" in page
    assert "<ins>200元</ins>" in page
    assert page.count(compared().old.source.sha256) == 1
    assert "http-equiv" in page
    assert "<script src" not in page


def test_what_only_one_year_states_is_marked_and_not_the_sentence_around_it() -> None:
    row = next(row for row in compared().view("zh").rows if row.labels[0][0] == "no_longer_stated")
    assert row.new is None
    assert [s.text for s in row.old.sentence if s.sort == "gone"] == ["满3年"]  # type: ignore[union-attr]  # the side is there


def test_the_timeline_lays_the_older_year_where_it_falls_in_the_newer() -> None:
    drawn = timeline(compared().old, compared().new, 1, "zh")
    assert drawn is not None
    lanes = {lane.label: lane.bars for lane in drawn.lanes}
    same, later = lanes["个人申报"], lanes["单位审核"]
    assert [bar.side for bar in same] == ["old", "new"]
    assert same[0].x == same[1].x
    assert later[0].x < later[1].x <= WIDTH
    assert later[0].words == "2022-09-15 及以前"
