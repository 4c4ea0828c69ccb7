"""Calendar, tables and Markdown, read back by other people's programs; and the command that writes them."""

import csv
import io
import json
import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import icalendar
import openpyxl
import pytest
from foreign import PUBLISHED, opening, ruleset_of
from hypothesis import given
from hypothesis import strategies as st
from make_ruleset import small_ruleset
from markdown_it import MarkdownIt
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.export.csv import csv_bytes, harmless
from pipeline.export.formats import FORMATS
from pipeline.export.ics import ZONE, calendar_bytes, deadlines, undated
from pipeline.export.md import markdown_bytes
from pipeline.export.parquet import parquet_bytes
from pipeline.export.rows import COLUMNS, rows
from pipeline.export.xlsx import workbook_bytes
from pipeline.language import Language, say
from schemas.ruleset import DateRule, FeeRule, Review, Ruleset, Scope
from schemas.values import External, Instant, Money, Relative, Window

FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1+1", "＠a", " =1", '=HYPERLINK("x")')


def published() -> list[Ruleset]:
    return [Ruleset.from_json(file.read_bytes()) for file in PUBLISHED]


def dated(value: Any, role: Any = "closes", uid: str = "d" * 16, **more: Any) -> DateRule:
    base = opening(None)
    return DateRule(
        key=f"date/{uid}", uid=uid, subject="个人申报", role=role, value=value, evidence=base.evidence, confidence=base.confidence, **more
    )


def components(ruleset: Ruleset, name: str) -> list[Any]:
    return list(icalendar.Calendar.from_ical(calendar_bytes(ruleset)).walk(name))


# -- calendar


@pytest.mark.parametrize(
    ("value", "role", "start", "end"),
    [
        (Instant(at="2022-08-31"), "closes", date(2022, 8, 31), date(2022, 9, 1)),
        (Instant(at="2022-08-31T20:00"), "closes", datetime(2022, 8, 31, 20, tzinfo=ZONE), None),
        (Instant(at="2022-12-31T24:00"), "closes", date(2022, 12, 31), date(2023, 1, 1)),
        (Window(start="2022-10-01", end="2022-10-03"), "held", date(2022, 10, 1), date(2022, 10, 4)),
        (
            Window(start="2022-10-01T09:00", end="2022-10-01T11:30"),
            "held",
            datetime(2022, 10, 1, 9, tzinfo=ZONE),
            datetime(2022, 10, 1, 11, 30, tzinfo=ZONE),
        ),
        (Window(start="2022-10-01", end="2022-10-02T12:00"), "held", date(2022, 10, 1), date(2022, 10, 3)),
        (Relative(event="发文之日", relation="from", resolved="2022-08-02"), "opens", date(2022, 8, 2), date(2022, 8, 3)),
    ],
)
def test_a_date_is_an_event_on_its_day(value: Any, role: Any, start: Any, end: Any) -> None:
    (event,) = components(ruleset_of(dated(value, role)), "VEVENT")
    assert event["DTSTART"].dt == start
    assert (event["DTEND"].dt if "DTEND" in event else None) == end
    if isinstance(start, datetime):
        assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
        assert event["DTSTART"].dt.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    "value",
    [
        Instant(at="2022"),
        Instant(at="2022-08"),
        Instant(at="2022-02-30"),
        External(text="另行通知"),
        Relative(event="审核通过", relation="within", length="5", unit="工作日"),
        Window(start="2022", end="2023"),
    ],
)
def test_what_has_no_day_is_a_to_do_without_a_date(value: Any) -> None:
    ruleset = ruleset_of(dated(value))
    assert components(ruleset, "VEVENT") == []
    (todo,) = components(ruleset, "VTODO")
    assert not {"DTSTART", "DUE", "DURATION"} & set(todo)
    assert undated(ruleset) == list(deadlines(ruleset))


def test_an_event_says_whence_it_comes_and_rings() -> None:
    rule = dated(Instant(at="2022-08-31"), scope=Scope(levels=("中级",)), review=Review(status="fixed", decisions=("one", "two")))
    ruleset = ruleset_of(rule, dated(Instant(at="2023-07-01"), "issued", "e" * 16))
    (event,) = components(ruleset, "VEVENT")
    assert event["UID"] == "dddddddddddddddd-2023@noticerules"
    assert (event["SEQUENCE"], event["SUMMARY"]) == (2, "个人申报 截止（中级）")
    assert "“申报人员”（一）" in event["DESCRIPTION"]
    assert event["DTSTAMP"].dt.isoformat() == "2023-06-30T16:00:00+00:00"
    assert [alarm["TRIGGER"].dt for alarm in event.walk("VALARM")] == [timedelta(days=-7), timedelta(days=-1)]


@pytest.mark.parametrize("ruleset", published(), ids=lambda ruleset: ruleset.notice.series)
def test_every_published_deadline_is_there_once(ruleset: Ruleset) -> None:
    found = [one["UID"] for name in ("VEVENT", "VTODO") for one in components(ruleset, name)]
    assert sorted(found) == sorted(f"{rule.uid}-{ruleset.notice.edition}@noticerules" for rule in deadlines(ruleset))
    assert calendar_bytes(ruleset) == calendar_bytes(ruleset)
    assert all(len(line) <= 75 for line in calendar_bytes(ruleset).split(b"\r\n"))


# -- tables


def test_a_row_a_rule_and_scope_cell() -> None:
    base = opening(None, scope=Scope(levels=("中级", "副高级"), routes=("正常申报", "技能人才申报"), regions="all"))
    fee = FeeRule(
        key="fee/x",
        uid="f" * 16,
        subject="评审费",
        value=Money(amount="280.50"),
        scope=base.scope,
        evidence=base.evidence,
        confidence=base.confidence,
    )
    found = list(rows(ruleset_of(fee)))
    assert [(row["level"], row["route"], row["region"], row["employer"]) for row in found] == [
        ("中级", "正常申报", "all", None),
        ("中级", "技能人才申报", "all", None),
        ("副高级", "正常申报", "all", None),
        ("副高级", "技能人才申报", "all", None),
    ]
    assert {(row["amount"], row["value"], row["clause"], row["quote"]) for row in found} == {(Decimal("280.50"), "280.50 元", "一", "申报人员")}


@pytest.mark.parametrize("ruleset", published(), ids=lambda ruleset: ruleset.notice.series)
def test_csv_parquet_and_rows_say_the_same(ruleset: Ruleset, tmp_path: Path) -> None:
    expected = list(rows(ruleset))
    (tmp_path / "x.parquet").write_bytes(parquet_bytes(ruleset))
    columns = ", ".join(f'"{name}"' for name in COLUMNS)
    read = duckdb.sql(f"SELECT {columns} FROM read_parquet('{tmp_path / 'x.parquet'}')").fetchall()
    assert [dict(zip(COLUMNS, row, strict=True)) for row in read] == expected
    table = list(csv.DictReader(io.StringIO(csv_bytes(ruleset).decode("utf-8-sig"), newline="")))
    assert [list(row.values()) for row in table] == [[harmless(cell) for cell in row.values()] for row in expected]
    assert {row["uid"] for row in expected} == {rule.uid for rule in ruleset.rules}
    amounts = {row["uid"]: row["amount"] for row in expected if row["amount"] is not None}
    assert amounts == {rule.uid: Decimal(rule.value.amount) for rule in ruleset.rules if isinstance(rule.value, Money)}
    assert parquet_bytes(ruleset) == parquet_bytes(ruleset)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_spreadsheet_takes_a_cell_for_a_formula(text: str) -> None:
    base = opening(None)
    subject = ruleset_of(FeeRule(key="k", uid="f" * 16, subject=text, payee=text, evidence=base.evidence, confidence=base.confidence))
    table = list(csv.reader(io.StringIO(csv_bytes(subject).decode("utf-8-sig"), newline="")))
    assert table[1][COLUMNS.index("subject")] == f"'{text}"
    book = openpyxl.load_workbook(io.BytesIO(workbook_bytes(subject)))
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@given(st.text())
def test_no_cell_of_a_csv_begins_like_a_formula(text: str) -> None:
    cell = harmless(text)
    assert (
        not cell.lstrip(" \x00").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))
        or cell.lstrip("+-").replace(".", "", 1).isdigit()
    )


def test_numbers_of_a_csv_stay_numbers() -> None:
    assert [harmless(cell) for cell in (Decimal("-3.5"), "-3", 2023, None, "-3元")] == ["-3.5", "-3", "2023", "", "'-3元"]


# -- Markdown


def test_markdown_has_the_rules_and_no_markup_of_the_notice() -> None:
    hostile = "<script>alert(1)</script> | **粗** [a](javascript:b) `c` &lt; ![x](y) https://example.org"
    base = opening(None)
    rule = FeeRule(key="k", uid="f" * 16, subject=hostile, value=Money(amount="280"), evidence=base.evidence, confidence=base.confidence)
    html = MarkdownIt("commonmark").enable("table").render(markdown_bytes(ruleset_of(rule)).decode())
    assert "280 元" in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | **粗** [a](javascript:b) `c` &amp;lt; ![x](y)" in html
    for tag in ("<script", "<strong", "<a ", "<code", "<img"):
        assert tag not in html


def test_markdown_tables_have_a_row_a_rule() -> None:
    ruleset = small_ruleset()
    html = MarkdownIt("commonmark").enable("table").render(markdown_bytes(ruleset).decode())
    assert "<h1>关于开展2023年度甲市水利专业工程师评审工作的通知</h1>" in html
    assert html.count("<h2>") == 6
    assert all(rule.evidence[0].quote in html for rule in ruleset.rules)


# -- the command


@pytest.fixture
def outputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for series in ("a", "b"):
        path = tmp_path / "outputs" / series / "2023.ruleset.json"
        path.parent.mkdir(parents=True)
        path.write_text(small_ruleset().to_json(), "utf-8")
    return tmp_path / "outputs"


def run(*args: str) -> Result:
    return CliRunner().invoke(app, [*args, "--lang", "en"], prog_name="noticerules")


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_every_format_is_written_beside_the_ruleset_or_where_it_is_asked_for(name: str, outputs: Path) -> None:
    form = next(one for one in FORMATS if one.name == name)
    assert run("export", "outputs/a/2023.ruleset.json", "--to", name).output == f"outputs/a/2023{form.suffix}\n"
    assert run("export", "outputs/a/2023.ruleset.json", "--to", name, "-o", "new/x").exit_code == 0
    assert Path("new/x").read_bytes() == Path(f"outputs/a/2023{form.suffix}").read_bytes() == form.render(small_ruleset(), "en")


def test_a_folder_keeps_its_shape(outputs: Path) -> None:
    assert run("export", "outputs", "--to", "md", "-o", "wiki").output == "wiki/a/2023.md\nwiki/b/2023.md\n"
    assert run("export", "outputs/a/2023.ruleset.json", "outputs/b/2023.ruleset.json", "--to", "ics", "-o", "c").exit_code == 0
    assert sorted(path.as_posix() for path in Path("c").rglob("*.ics")) == ["c/a/2023.ics", "c/b/2023.ics"]


def test_standard_output(outputs: Path) -> None:
    said = run("export", "outputs/a/2023.ruleset.json", "--to", "jsonlogic", "-o", "-")
    assert json.loads(said.stdout)["notice"]["title"] == small_ruleset().notice.title


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (("export",), 2, "nothing to read"),
        (("export", "outputs/a/2023.ruleset.json"), 2, f"--to names no format (there are: {', '.join(form.name for form in FORMATS)})"),
        (("export", "outputs/a/2023.ruleset.json", "--to", "yaml"), 2, 'no format "yaml"'),
        (("export", "outputs", "--to", "csv", "-o", "-"), 2, "name a folder with -o"),
        (("export", "missing.ruleset.json", "--to", "csv"), 1, "missing.ruleset.json"),
        (("export", "empty", "--to", "csv"), 1, "holds no ruleset"),
        (("export", "bad.ruleset.json", "--to", "csv"), 1, "is no ruleset"),
    ],
)
def test_wrong_use_is_one_line(args: tuple[str, ...], code: int, said: str, outputs: Path) -> None:
    Path("empty").mkdir()
    Path("bad.ruleset.json").write_text("{}", "utf-8")
    result = run(*args)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert not list(Path().rglob("*.csv"))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_names_every_format(language: Language) -> None:
    named = re.findall(r"[a-z]+", say("cli.export.to", language).replace("The format", ""))
    assert named == [form.name for form in FORMATS]


def test_one_bad_ruleset_does_not_keep_the_others_back(outputs: Path) -> None:
    (outputs / "a" / "2022.ruleset.json").write_text("{}", "utf-8")
    result = run("export", "outputs", "--to", "csv")
    assert result.exit_code == 1
    assert sorted(path.name for path in outputs.rglob("*.csv")) == ["2023.csv", "2023.csv"]
