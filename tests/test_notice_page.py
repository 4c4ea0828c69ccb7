"""The page of a notice: everything is on it, and nothing of the notice is ever code."""

import re
from html.parser import HTMLParser

import pytest
from make_ruleset import SECTIONS, TEXT, Maker, date, fee, small_ruleset, threshold

from pipeline.report.notice_page import Cutter, Mark, render_notice, view
from schemas.ruleset import Finding, Ruleset
from schemas.values import External, Money, Quantity

HOSTILE = """</script><script>alert(1)</script>
一、<img src=x onerror=alert(2)> "满3年" 'x' & {{ 7*7 }} {% raw %}
-->]]></style><b>每人5元</b>\t<td>2份</td>\t=cmd
javascript:alert(3)"""


class Page(HTMLParser):
    """What a browser would make of the page: text, elements, ids."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._raw = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._raw += tag in ("script", "style")

    def handle_endtag(self, tag: str) -> None:
        self._raw -= tag in ("script", "style")

    def handle_data(self, data: str) -> None:
        if not self._raw:
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]

    def with_class(self, name: str) -> list[dict[str, str | None]]:
        return [attrs for _, attrs in self.tags if name in (attrs.get("class") or "").split()]


@pytest.fixture(scope="module")
def small() -> Ruleset:
    return small_ruleset()


def hostile_ruleset() -> Ruleset:
    make = Maker(HOSTILE, (("前言", "", 0, None, "</script>"), ("一", "<img src=x onerror=alert(2)>", 1, None, "一、")))
    rules = [
        threshold("<b>年限</b>", Quantity(op=">=", number="3", unit="<i>年"), make.evidence('"满3年"'), per='"><script>'),
        fee("评审费", Money(amount="5"), make.evidence("<b>每人5元</b>"), payee="<svg onload=alert(4)>"),
        threshold("份数", Quantity(op="=", number="2", unit="份"), make.evidence("<td>2份</td>")),
        date("考试", "held", External(text="<script>alert(5)</script>"), make.evidence("</script><script>alert(1)")),
    ]
    reference = make.reference("</title><script>", "", make.evidence("javascript:alert(3)"), url="javascript:alert(6)")
    finding = Finding(code="x", severity="error", message="<script>alert(7)</script>", evidence=(make.evidence("{{ 7*7 }}"),))
    return make.ruleset(
        [*rules], (reference,), (finding,), title="</title><script>alert(8)</script>", issuers=("<hr>",), addressees=('" onclick="x',)
    )


def test_a_hostile_notice_is_text() -> None:
    html = render_notice(hostile_ruleset())
    page = Page(html)
    assert len(page.all("script")) == 1
    assert len(re.findall(r"</script", html, re.IGNORECASE)) == 1
    assert not page.all("img") + page.all("svg") + page.all("hr") + page.all("b") + page.all("i")
    assert not [(tag, name) for tag, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
    assert not [attrs for attrs in page.all("a") if (attrs.get("href") or "").startswith("javascript:")]
    assert "<img src=x onerror=alert(2)> \"满3年\" 'x' & {{ 7*7 }} {% raw %}" in page.text


def test_the_script_knows_no_notice_and_the_policy_allows_only_it() -> None:
    one, other = render_notice(hostile_ruleset()), render_notice(small_ruleset())
    script = re.search(r"<script>(.*)</script>", one, re.DOTALL)
    assert script is not None
    assert f"<script>{script[1]}</script>" in other
    policy = next(attrs["content"] or "" for attrs in Page(one).all("meta") if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy


def test_nothing_is_fetched(small: Ruleset) -> None:
    page = Page(render_notice(small))
    assert not page.all("link") + page.all("img") + page.all("iframe")
    assert not [attrs for _, attrs in page.tags if "src" in attrs]
    assert "url(" not in render_notice(small)


def test_every_evidence_is_marked_in_the_text_and_quoted_on_a_card(small: Ruleset) -> None:
    shown = view(small)
    page = Page(render_notice(small))
    marked = {name for attrs in page.with_class("m") for name in (attrs["data-e"] or "").split()}
    quoted = {attrs["data-e"] for attrs in page.with_class("quote")}
    expected = {proof.id for group in shown.groups for card in group.cards for proof in card.proofs} | {"f1-e0"}
    assert marked == quoted == expected
    assert len(expected) == sum(len(item.evidence) for item in (*small.rules, *small.references, *small.findings))


def test_ids_are_unique_and_links_lead_somewhere(small: Ruleset) -> None:
    page = Page(render_notice(small))
    ids = [attrs["id"] for _, attrs in page.tags if attrs.get("id")]
    assert len(ids) == len(set(ids))
    local = {(attrs.get("href") or "")[1:] for attrs in page.all("a") if (attrs.get("href") or "").startswith("#")}
    assert local <= set(ids)


def test_the_text_is_all_there(small: Ruleset) -> None:
    text = "".join(Page(render_notice(small)).text.split())
    for line in TEXT.split("\n"):
        assert "".join(line.split()) in text


def test_the_text_is_cut_where_marks_nest_and_overlap() -> None:
    marks = [Mark(name, name, "date", "value", start, end, name) for name, start, end in (("a", 2, 8), ("b", 4, 6), ("c", 6, 9))]
    pieces = Cutter("0123456789", marks)(0, 10)
    assert [(p.text, "".join(m.id for m in p.marks), p.begins) for p in pieces] == [
        ("01", "", False),
        ("23", "a", True),
        ("45", "ba", True),
        ("67", "ca", True),
        ("8", "c", False),
        ("9", "", False),
    ]
    assert [p.text for p in Cutter("0123456789", marks)(5, 7)] == ["5", "6"]


def test_lines_are_set_as_the_office_prints_them(small: Ruleset) -> None:
    kinds = [(block.kind, "".join(p.text for p in block.lead + block.pieces)[:8]) for block in view(small).blocks]
    assert kinds[:4] == [("number", "甲水人〔2023"), ("title", "关于开展2023"), ("to", "各有关单位："), ("paragraph", "根据《甲省职称评")]
    assert ("heading", "一、申报时间") in kinds
    assert [kind for kind, _ in kinds[-3:]] == ["table", "closing", "closing"]
    lead = next(block for block in view(small).blocks if block.lead)
    assert "".join(p.text for p in lead.lead) == "（一）学历"


def test_a_table_that_a_txt_has_flattened_is_a_list_of_cells() -> None:
    text = "附件\n\t得分\n\t\n\t8分\n末"
    make = Maker(text, (("前言", "", 0, None, "附件"),))
    blocks = view(make.ruleset([])).blocks
    assert [block.kind for block in blocks] == ["paragraph", "cells", "paragraph"]
    assert [row.cells[0][0].text for row in blocks[1].rows] == ["得分", "8分"]


def test_values_in_plain_chinese(small: Ruleset) -> None:
    cards = {card.id: card for group in view(small).groups for card in group.cards}
    assert [card.value for card in cards.values() if card.kind == "date"] == [
        "开始 2023-08-05 10:00",
        "截止 2023-08-31 20:00",
        "截止 提交材料后 5 工作日内",
        "成文 2023-07-01",
    ]
    assert [card.value for card in cards.values() if card.kind in ("fee", "threshold")] == [
        "280 元/人",
        "180 元/人",
        "≥ 3 年",
        "≥ 90 学时/年",
        "≤ 5 工作日",
        "2 名",
        "≥ 2 篇",
    ]


def test_an_empty_ruleset_has_a_page() -> None:
    make = Maker("无", (("前言", "", 0, None, "无"),))
    page = Page(render_notice(make.ruleset([])))
    assert page.text.count("未发现这一类规则。") == 4


def test_the_same_ruleset_gives_the_same_page_and_english_is_there_too(small: Ruleset) -> None:
    assert render_notice(small) == render_notice(small)
    english = Page(render_notice(small, "en")).text
    assert "Documents cited" in english
    assert SECTIONS[1][4] in english


def test_the_groups_stand_in_the_text_order(small: Ruleset) -> None:
    shuffled = small.model_copy(update={"rules": tuple(reversed(small.rules))})
    cards = {group.kind: [card.title for card in group.cards] for group in view(shuffled).groups}
    assert cards["threshold"] == ["专业工作年限", "继续教育学时", "审核时限", "推荐专家人数", "论文篇数"]
