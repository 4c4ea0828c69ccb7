"""The scorer of unseen notices: expected figures, each the figure that the shared scorer gives for the same input."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import unseen
from benchmarks.facts import covers, document_number, level_names, precision_recall_f1, quantity, read_claims, read_facts, score, title
from pipeline.errors import NoticeError

Json = dict[str, Any]


def rule(kind: str, value: Json, *quotes: str, levels: Any = None, **more: Any) -> Json:
    proof = [{"role": "value", "quote": quote} for quote in quotes]
    return {"key": f"{kind}/x", "kind": kind, "value": value, "evidence": proof, "scope": {"levels": levels}, **more}


def money(amount: str) -> Json:
    return {"type": "money", "amount": amount}


def at_least(number: str, unit: str) -> Json:
    return {"type": "quantity", "op": ">=", "number": number, "unit": unit}


def fee(amount: str | None, quote: str, scope: str | None = None) -> Json:
    return {"kind": "fee", "item": "评审费", "amount": amount, "scope": scope, "quote": quote}


def hours(number: str, unit: str = "学时", upper: str | None = None, quote: str = "每年不少于90学时") -> Json:
    return {
        "kind": "threshold",
        "measure": "继续教育",
        "op": "between" if upper else ">=",
        "number": number,
        "upper": upper,
        "unit": unit,
        "quote": quote,
    }


def date(start: str | None, end: str | None, role: str, quote: str, scope: str | None = None) -> Json:
    return {"kind": "date", "event": "申报", "role": role, "start": start, "end": end, "scope": scope, "quote": quote}


def reference(name: str | None, number: str | None) -> Json:
    return {"kind": "reference", "title": name, "number": number, "quote": "《x》"}


def counts(rules: list[Json], facts: list[Json], references: list[Json] | None = None, issued: str | None = None) -> dict[str, str]:
    """kind → right/found/missing/spurious, for the kinds that have any."""
    ruleset = {"rules": rules, "references": references or [], "notice": {"issued_on": issued}}
    found = score(ruleset, facts).counts
    return {kind: "/".join(str(c[name]) for name in ("right", "found", "missing", "spurious")) for kind, c in found.items() if +c}


def test_a_value_without_its_words_proves_nothing() -> None:
    facts = [fee("180", "中级每人180元", "中级")]
    assert counts([rule("fee", money("180"), "每人180元", levels=["中级"])], facts) == {"fee": "1/1/0/0"}
    assert counts([rule("fee", money("180"), "另收费用180")], facts) == {"fee": "0/0/1/1"}
    assert counts([rule("fee", money("180"))], facts) == {"fee": "0/0/1/1"}
    assert counts([rule("fee", money("280"), "每人180元")], facts) == {"fee": "0/0/1/1"}


def test_a_wrong_level_is_found_and_not_right() -> None:
    facts = [fee("180", "中级每人180元", "中级")]
    for levels, expected in ((["副高级"], "0/1/0/0"), (None, "0/1/0/0"), ("all", "1/1/0/0")):
        assert counts([rule("fee", money("180"), "每人180元", levels=levels)], facts) == {"fee": expected}


def test_a_vague_level_agrees_with_what_it_holds() -> None:
    facts = [fee("280", "高级每人280元", "高级")]
    assert counts([rule("fee", money("280"), "每人280元", levels=["副高级"])], facts) == {"fee": "1/1/0/0"}
    assert counts([rule("fee", money("280"), "每人280元", levels=["中级"])], facts) == {"fee": "0/1/0/0"}


def test_a_window_is_two_points() -> None:
    facts = [date("2022-08-05", "2022-08-31", "window", "8月5日至8月31日")]
    opens = rule("date", {"type": "instant", "at": "2022-08-05"}, "8月5日至8月31日", role="opens")
    assert counts([opens], facts) == {"date": "1/1/1/0"}
    both = {"type": "window", "start": "2022-08-05", "end": "2022-08-31"}
    assert counts([rule("date", both, "8月5日至8月31日", role="x")], facts) == {"date": "2/2/0/0"}
    assert counts([{**opens, "role": "closes"}], facts) == {"date": "0/1/1/0"}
    assert counts([{**opens, "role": "held"}], facts) == {"date": "1/1/1/0"}


def test_a_period_keeps_its_role_at_both_ends() -> None:
    facts = [date("2019", "2021", "period", "2019-2021年")]
    window = {"type": "window", "start": "2019", "end": "2021"}
    assert counts([rule("date", window, "2019-2021年", role="period")], facts) == {"date": "2/2/0/0"}
    assert counts([rule("date", window, "2019-2021年", role="opens")], facts) == {"date": "0/2/0/0"}


def test_what_is_left_open_is_counted_apart() -> None:
    facts = [date(None, None, "other", "时间另行通知"), fee(None, "按浙价费〔2002〕229号执行")]
    rules = [
        rule("date", {"type": "external", "text": "另行通知"}, "另行通知", role="held"),
        rule("fee", {"type": "by_reference"}, "浙价费〔2002〕229号"),
    ]
    assert counts(rules, facts) == {"date open": "1/1/0/0", "fee open": "1/1/0/0"}
    assert counts(rules, []) == {}
    assert score({"rules": rules}, facts).core == Counter()


def test_units_scales_and_numbers_have_one_spelling() -> None:
    assert quantity("2", "万元") == quantity("20,000.0", "元")
    assert quantity("5", "个工作日") == quantity(5, "工作天")
    assert quantity("65%", "") != quantity("65", "%")
    assert quantity("10", "千伏")[1] == "千伏"
    assert quantity(None, "个人") == ("None", "人")
    assert counts([rule("threshold", at_least("90.0", "学时/年"), "不少于90学时")], [hours("90")]) == {"threshold": "1/1/0/0"}


def test_between_is_two_bounds() -> None:
    facts = [hours("3", "分钟", "5", quote="时长3-5分钟")]
    assert counts([rule("threshold", at_least("3", "分钟"), "3-5分钟")], facts) == {"threshold": "1/1/1/0"}


def test_choices_and_scores_prove_and_are_never_spurious() -> None:
    spare = [rule("threshold", {"type": "one_of", "values": ["1寸", "2寸"]}, "1寸或2寸照片"), rule("score", at_least("8", "分"), "博士8分")]
    assert counts(spare, []) == {}
    fact = {"kind": "threshold", "measure": "照片", "op": "=", "number": "1", "unit": "寸", "quote": "1寸或2寸照片"}
    assert counts(spare, [fact]) == {"threshold": "1/1/0/0"}


def test_a_fact_noted_twice_is_one_with_two_quotes() -> None:
    facts = [hours("90"), hours("90", quote="学时证明应达到90学时")]
    assert len(read_facts(facts)) == 1
    assert counts([rule("threshold", at_least("90", "学时"), "应达到90学时")], facts) == {"threshold": "1/1/0/0"}


def test_one_quote_proves_one_fact_and_facts_are_shared_out() -> None:
    facts = [{**hours("90"), "measure": measure} for measure in ("公需", "专业")]
    once = rule("threshold", at_least("90", "学时"), "每年不少于90学时")
    assert counts([once], facts) == {"threshold": "1/1/1/0"}
    assert counts([once, once], facts) == {"threshold": "2/2/0/0"}


def test_saying_it_again_of_the_same_words_is_spurious_and_elsewhere_or_for_another_level_is_not() -> None:
    facts = [hours("90")]
    once = rule("threshold", at_least("90", "学时"), "每年不少于90学时")
    assert counts([once, once], facts) == {"threshold": "1/1/0/1"}
    assert counts([once, {**once, "scope": {"levels": ["中级"]}}], facts) == {"threshold": "1/1/0/0"}
    assert counts([once, rule("threshold", at_least("90", "学时"), "不少于90学时")], facts) == {"threshold": "1/1/0/0"}


def test_references_go_by_number_and_by_title_without_one() -> None:
    made: list[Json] = [{"title": "关于《评价条件》的通知", "document_number": "浙人社发[2019]第31号"}, {"title": "会计法", "document_number": None}]
    assert counts([], [reference("关于〈评价条件〉的通知", "浙人社发〔2019〕31号"), reference("《会计法》", None)], made) == {"reference": "2/2/0/0"}
    assert counts([], [reference("另一个办法", "浙人社发〔2019〕31号"), reference("预算法", None)], made) == {"reference": "0/1/1/1"}
    assert counts([], [reference(None, "浙人社发〔2019〕31号"), reference("会计法", "x")], made) == {"reference": "1/1/1/1"}


def test_the_date_of_issue_counts_without_a_rule() -> None:
    facts = [date(None, "2022-07-01", "issued", "2022年7月1日")]
    assert counts([], facts, issued="2022-07-01") == {"date": "1/1/0/0"}
    issued = rule("date", {"type": "instant", "at": "2022-07-01"}, "2022年7月1日", role="issued")
    assert counts([issued], facts, issued="2022-07-01") == {"date": "1/1/0/0"}
    assert counts([], [], issued="2022-07-01") == {"date": "0/0/0/1"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("高级工程师、工程师", {"高级", "中级"}),
        ("副高级工程师", {"副高级", "中级"}),
        ("助理工程师", {"助理级"}),
        ("技术员和正高", {"员级", "正高级"}),
        (None, set()),
    ],
)
def test_levels_that_words_speak_of(words: str | None, names: set[str]) -> None:
    assert level_names(words) == names


def test_spellings() -> None:
    assert document_number("浙人社发﹝2019﹞ 第31号") == "浙人社发〔2019〕31号"
    assert title("《关于“评价 条件”（试行）的通知》") == "关于评价条件试行的通知"


def test_covering() -> None:
    assert covers("每年不少于90学时", "不少于 90学时")
    assert covers("甲乙丙丁戊", "乙丙丁戊己庚")
    assert not covers("甲乙丙丁戊", "丙丁戊己庚")
    assert not covers("甲", "乙") and covers("甲", "甲乙") and not covers("甲乙", "甲") and not covers("甲乙", "")
    assert not covers("甲" * 201, "甲" * 201)


AMOUNTS = st.sampled_from(["100", "180", "280"])
WORDS = st.sampled_from(["中级每人180元", "高级每人280元", "每人100元、180元"])
LEVELS = st.sampled_from([None, "中级", "副高级"])


@given(st.lists(st.builds(fee, AMOUNTS, WORDS, LEVELS), max_size=8))
def test_rules_made_from_the_facts_find_them_all(facts: list[Json]) -> None:
    made = [rule("fee", money(str(f.point.value)), *f.quotes, levels=sorted(f.levels)) for f in read_facts(facts)]
    counted = score({"rules": made}, facts).counts["fee"]
    assert counted["found"] == len(read_facts(facts))
    assert not counted["missing"] and not counted["spurious"]


@given(
    st.lists(st.builds(lambda a, w, v: rule("fee", money(a), w, levels=[v] if v else None), AMOUNTS, WORDS, LEVELS), max_size=8),
    st.lists(st.builds(fee, AMOUNTS, WORDS, LEVELS), max_size=8),
)
def test_counts_add_up(rules: list[Json], facts: list[Json]) -> None:
    counted = score({"rules": rules}, facts).counts["fee"]
    assert counted["found"] + counted["missing"] == len(read_facts(facts))
    assert counted["found"] + counted["spurious"] <= len(read_claims({"rules": rules}))
    assert counted["right"] <= counted["found"]


def test_figures() -> None:
    assert precision_recall_f1(Counter(right=3, found=4, missing=1, spurious=2)) == pytest.approx((0.5, 0.6, 6 / 11))
    assert precision_recall_f1(Counter()) == (0, 0, 0)


def test_a_folder_is_scored(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.txt").write_text("通知", encoding="utf-8")
    for name in ("a", "b"):
        (tmp_path / f"{name}.facts.jsonl").write_text(json.dumps(fee("180", "每人180元")) + "\n\n", encoding="utf-8")

    def extract(notice: Path) -> Json:
        if notice.stem == "b":
            raise NoticeError("read.empty", notice.name)
        return {"rules": [rule("fee", money("180"), "每人180元")]}

    monkeypatch.setattr(unseen, "extract", extract)
    assert unseen.main([str(tmp_path), "--list"]) == 1
    out, err = capsys.readouterr()
    assert "b.txt: " in err
    assert out.splitlines()[:3] == ["a.txt", "b.txt", "  missing  fee       评审费 180 「每人180元」"]
    assert out.splitlines()[-1].split() == ["all", "1", "1", "1", "0", "1.000", "0.500", "0.667"]
