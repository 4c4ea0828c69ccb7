"""The check's page, JSON and terminal output say what differs, escaped and in the language asked for."""

import io
import json
from collections.abc import Iterator

import pytest
from rich.console import Console

from pipeline.compare import compare
from pipeline.language import choose
from pipeline.report.check_page import check_json, page, view
from pipeline.report.check_terminal import render_check, render_floor
from pipeline.scores import Binding, Check, Line, check_floor
from schemas.comparison import Cited, Item
from schemas.document import Span
from schemas.ruleset import Scope
from schemas.values import Money, Quantity

SPAN = (Span(0, 9),)
LEFT = (
    Item(
        "fee/评审费@level=中级",
        "fee",
        "评审费",
        scope=Scope(levels=("中级",)),
        value=Money(amount="180"),
        per="人",
        quotes=("每人180元",),
        spans=SPAN,
        section="二",
    ),
    Item("threshold/份数", "threshold", "份数", value=Quantity(op="=", number="2", unit="份"), quotes=("2份",), spans=SPAN, section="三"),
    Item("reference/x", "reference", value=Cited("办法", "浙人〔2019〕1号", ("第五条",)), quotes=("《办法》",), spans=SPAN, section="前言"),
)
RIGHT = (
    Item(
        "fee/评审费@level=中级", "fee", "评审费", scope=Scope(levels=("中级",)), value=Money(amount="280"), quotes=("每人180元</script>",), spans=SPAN
    ),
    LEFT[2],
    Item("date/<b>.closes", "date", "<b>", role="closes", quotes=("8月",), spans=SPAN),
)
WRONG = Check("x/2022", "corpus/x/2022.gold.json", "0" * 64, compare(LEFT, RIGHT))
GOOD = Check("x/2023", "corpus/x/2023.gold.json", "1" * 64, compare(LEFT, LEFT))


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    choose("zh")
    yield
    choose(None)


def test_view_shows_what_differs_and_only_that_as_differing() -> None:
    shown = view([WRONG], "zh")
    assert shown.total is None
    assert [(d.verdict, d.key) for d in shown.results[0].differences] == [
        ("wrong_value", "fee/评审费@level=中级"),
        ("missing", "threshold/份数"),
        ("spurious", "date/<b>.closes"),
    ]
    rows = {row.name: row for row in shown.results[0].differences[0].rows}
    assert [name for name, row in rows.items() if row.differs] == ["value", "per"]
    assert (rows["value"].gold, rows["value"].produced) == ("180 元", "280 元")
    assert (rows["per"].gold, rows["per"].produced) == ("人", None)


def test_view_sums_several_notices() -> None:
    shown = view([WRONG, GOOD], "en")
    assert shown.total is not None
    assert shown.total.scores[-1].cells == ("4", "1", "0", "0", "1", "1", "0.6666", "0.6666", "0.6666")
    assert shown.results[1].differences == ()
    assert shown.results[0].scores[0].cells[-3:] == ("0.0000", "–", "0.0000")


def test_page_is_self_contained_and_escaped() -> None:
    html = page([WRONG, GOOD])
    assert '<html lang="zh-CN">' in html and "值错" in html and "与标准答案一致" in html
    assert "&lt;/script&gt;" in html and "<script" not in html and "<b>" not in html
    assert "http" not in html and "src=" not in html
    assert "wrong value" in page([WRONG], "en")


def test_json_holds_both_sides() -> None:
    data = json.loads(check_json([WRONG, GOOD]))
    assert data["results"][0]["gold_sha256"] == "0" * 64
    assert data["results"][0]["scores"]["fee"] == {
        "right": 0,
        "wrong_value": 1,
        "wrong_scope": 0,
        "wrong_subject": 0,
        "missing": 0,
        "spurious": 0,
        "precision": "0.0000",
        "recall": "0.0000",
        "f1": "0.0000",
    }
    first = data["results"][0]["differences"][0]
    assert (first["verdict"], first["gold"]["value"]["amount"], first["produced"]["value"]["amount"]) == ("wrong_value", "180", "280")
    assert data["results"][0]["differences"][1]["produced"] is None
    assert data["total"]["all"]["right"] == 4


def printed(width: int = 160) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None)
    render_check(console, [WRONG, GOOD])
    render_floor(console, check_floor({"x/2022": WRONG.counts}, {"x/2022": {"fee": {"f1": "0.97"}}}))
    render_floor(console, [])
    return out.getvalue()


BINDING = Binding(20, 19, 10, 9, (Line("二", "应参加面试<b>"),), (Line("三", "严禁弄虚作假"),))
BOUND = Check("x/2024", "corpus/x/2024.gold.json", "2" * 64, (), BINDING)


def test_what_binds_is_shown_with_the_sentences_that_fall_short() -> None:
    line = "标准 20 句，认出 19 句，召回率 0.9500；抽取认定 10 句，其中 9 句有规则，覆盖率 0.9000"
    html = page([BOUND])
    assert line in html and "应参加面试&lt;b&gt;" in html and html.index("无规则") < html.index("严禁弄虚作假")
    out = io.StringIO()
    render_check(Console(file=out, width=160, color_system=None), [BOUND, BOUND])
    assert out.getvalue().count(line) == 2 and "标准 40 句，认出 38 句" in out.getvalue()
    assert "未认出  二  应参加面试<b>" in out.getvalue()
    data = json.loads(check_json([BOUND]))
    assert data["results"][0]["normative"] == data["normative"]
    assert (data["normative"]["coverage"], data["normative"]["uncovered"]) == ("0.9000", [{"section": "三", "quote": "严禁弄虚作假"}])


def test_terminal_shows_both_sides_and_the_floor() -> None:
    text = printed()
    assert "− 标准  值  180 元" in text and "+ 抽取  值  280 元" in text
    assert "值错" in text and "漏抽" in text and "多抽" in text
    assert "x/2022 费用 的 F1 为 0.0000，低于底线 0.97" in text
    assert "没有低于底线的指标" in text and "全部通知" in text
