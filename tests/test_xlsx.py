"""The workbook: a sheet a kind, a row a rule, text that stays text."""

import datetime
import io
from types import SimpleNamespace

import openpyxl
import pytest
from make_ruleset import Maker, small_ruleset, threshold

from pipeline.export import sheets as made_with
from pipeline.export.xlsx import workbook_bytes
from schemas.ruleset import Ruleset
from schemas.values import Quantity


def sheets(ruleset: Ruleset) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(workbook_bytes(ruleset)))


def rows(sheet: object) -> list[dict[str, object]]:
    head, *body = sheet.iter_rows(values_only=True)  # type: ignore[attr-defined]
    return [{str(name): value for name, value in zip(head, row, strict=True) if value is not None} for row in body]


def test_a_sheet_a_kind_and_a_row_a_rule() -> None:
    book = sheets(small_ruleset())
    assert book.sheetnames == ["概况", "日期", "费用", "门槛", "依据文件", "问题"]
    assert [len(rows(book[name])) for name in book.sheetnames[1:]] == [4, 2, 5, 1, 2]
    first = rows(book["费用"])[0]
    assert (first["事项"], first["金额"], first["每"], first["适用范围"]) == ("评审费", 280, "人", "级别：副高级")
    assert (first["原文"], first["条款"], first["规则键"]) == ("高级工程师每人280元", "三", "fee/评审费@level=副高级")
    closes = rows(book["日期"])[1]
    assert (closes["性质"], closes["止"]) == ("截止", "2023-08-31 20:00")
    assert "起" not in closes
    assert rows(book["依据文件"])[0]["其他出处"] == "二/二：《办法》第五条"


def test_heads_are_frozen_and_filtered() -> None:
    sheet = sheets(small_ruleset())["门槛"]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert (sheet.column_dimensions["A"].width or 0) >= 15


def test_what_looks_like_a_formula_is_text() -> None:
    text = '=HYPERLINK("http://x","3年")\n+1\n@SUM(A1)\x07'
    make = Maker(text, (("前言", "", 0, None, "="),))
    rules = [threshold(line, Quantity(op="=", number="3", unit="=1+1"), make.evidence(line)) for line in text.split("\n")]
    sheet = sheets(make.ruleset([*rules]))["门槛"]
    body = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
    assert [cell.value for cell in sheet["A"][1:]] == ['=HYPERLINK("http://x","3年")', "+1", "@SUM(A1)\N{REPLACEMENT CHARACTER}"]
    assert not [cell.coordinate for cell in body if cell.data_type == "f"]
    assert all(cell.quotePrefix for cell in body if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "@")))


def test_the_same_ruleset_gives_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    one = workbook_bytes(small_ruleset())
    later = SimpleNamespace(now=lambda tz: datetime.datetime(2040, 1, 1, tzinfo=tz))
    monkeypatch.setattr("openpyxl.writer.excel.datetime", SimpleNamespace(datetime=later, timezone=datetime.timezone))
    assert workbook_bytes(small_ruleset()) == one


def test_a_cell_is_cut_where_a_workbook_must_cut_it() -> None:
    text = "满" * 40_000 + "3年"
    make = Maker(text, (("前言", "", 0, None, "满"),))
    sheet = sheets(make.ruleset([threshold("年限", Quantity(op=">=", number="3", unit="年"), make.evidence(text))]))["门槛"]
    assert max(len(str(cell.value)) for cell in sheet[2]) == made_with.LONGEST_CELL
