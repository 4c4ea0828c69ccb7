"""Made notices whose truth is known, and files that something has gnawed at: no wrong answer, no crash, no time without end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path

import fuzz
import pytest
from fuzz import FOUND, GNAWS, LIMITS, SUFFIXES, Gnaw, examine, fault, gnawed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.find import find_mentions
from pipeline.build import build_from_document
from pipeline.errors import ReadError
from pipeline.readers.guard import Guard
from pipeline.readers.txt import read_txt
from schemas.ruleset import Ruleset

BOUNDED = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
SEEDS = range(5)
NUMBERS = "一二三四五六七八九十"
HAN = "零一二三四五六七八九"


@dataclass(frozen=True)
class Truth:
    """A made notice and what it says."""

    text: str
    closes: date
    fee: int
    years: int


def han_date(day: date) -> str:
    return "".join(HAN[int(c)].replace("零", "〇") for c in str(day.year)) + f"年{day.month}月{day.day}日"


def wide(text: str) -> str:
    return text.translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789"})


@st.composite
def truths(draw: st.DrawFn) -> Truth:
    """Numbering, dates, an amount, brackets, layout and noise drawn apart from what the notice means."""
    closes = draw(st.dates(date(2015, 1, 1), date(2029, 12, 31)))
    fee, years = draw(st.integers(20, 2000)), draw(st.integers(2, 15))
    day = draw(
        st.sampled_from([f"{closes.year}年{closes.month}月{closes.day}日", f"{closes.year} 年 {closes.month} 月 {closes.day} 日", han_date(closes)])
    )
    money = draw(st.sampled_from([f"每人{fee}元", f"每人{wide(str(fee))}元", f"{fee}元/人", f"每人 {fee} 元"]))
    heading = draw(st.sampled_from(["{n}、{h}", "（{n}）{h}", "{d}. {h}", "第{n}条 {h}"]))
    paragraphs = [
        ("申报时间", f"个人申报截止时间为{day}。"),
        ("评审费", f"评审费{money}。"),
        ("申报条件", f"申报工程师须从事本专业工作满{years}年。"),
        (
            "其他",
            draw(st.sampled_from(["请各单位认真做好组织工作。", "联系电话：0577-88960000。", "本通知由市人力社保局负责解释（以下简称“市局”）。"])),
        ),
    ]
    paragraphs = draw(st.permutations(paragraphs))
    body = "\n".join(f"{heading.format(n=NUMBERS[i], d=i + 1, h=h)}\n{text}" for i, (h, text) in enumerate(paragraphs))
    noise = draw(st.sampled_from(["", "\n\n—1—\n", "\u3000\u3000", "\n【】（）\n"]))
    title = f"关于开展{closes.year}年度水利专业工程师评审工作的通知\n各县（市、区）人力社保局：\n"
    text = title + noise + body + "\n"
    return Truth(draw(st.sampled_from([text, text.replace("\n", "\r\n")])), closes, fee, years)


def ruleset_of(text: str) -> Ruleset:
    return build_from_document(read_txt(text.encode(), "a.txt"))


@given(truths())
@BOUNDED
def test_a_made_notice_gives_what_it_says_and_no_other_value(truth: Truth) -> None:
    ruleset = ruleset_of(truth.text)
    values = {(rule.kind, getattr(rule.value, "at", None) or getattr(rule.value, "amount", None)) for rule in ruleset.rules}
    assert {value for kind, value in values if kind == "date" and value} == {truth.closes.isoformat()}
    assert {value for kind, value in values if kind == "fee" and value} == {str(truth.fee)}
    years = {rule.value.number for rule in ruleset.rules if rule.kind == "threshold" and getattr(rule.value, "unit", None) == "年"}
    assert years == {str(truth.years)}


PIECES = [
    *"（）〔〕《》“”、，。；：/—~%①",
    "2023年",
    "5月",
    "3日",
    "前",
    "以上",
    "不少于",
    "每人",
    "180元",
    "第二条",
    "附件1",
    "一、",
    "\n",
    "\t",
    " ",
    "工程师",
    "的",
    "或者",
]


@given(st.lists(st.sampled_from(PIECES), max_size=300).map("".join))
@settings(BOUNDED, max_examples=60)
def test_any_heap_of_pieces_keeps_its_offsets(text: str) -> None:
    found = find_mentions(text)
    assert all(text[mention.span.start : mention.span.end] == mention.quote for mention in found)
    assert all(a.span.end <= b.span.start for a, b in pairwise(found))
    try:
        ruleset = ruleset_of(text)
    except ReadError:
        return
    assert all(ruleset.text[e.start : e.end] == e.quote for rule in ruleset.rules for e in rule.evidence)


@pytest.fixture(scope="module")
def guard() -> Iterator[Guard]:
    with Guard(LIMITS, examine) as shared:
        yield shared


@pytest.mark.parametrize("gnaw", GNAWS, ids=lambda gnaw: gnaw.__name__)
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_gnawed_file_is_read_or_refused_with_a_reason(guard: Guard, suffix: str, gnaw: Gnaw) -> None:
    for seed in SEEDS:
        data = gnawed(seed, suffix, gnaw)
        assert fault(guard, data, f"a{suffix}") is None, f"python tests/fuzz.py knows it as gnawed({seed}, {suffix!r}, {gnaw.__name__})"


@pytest.mark.parametrize("path", sorted(FOUND.iterdir()), ids=lambda path: path.name)
def test_what_once_broke_something_breaks_nothing(guard: Guard, path: Path) -> None:
    assert fault(guard, path.read_bytes(), path.name) is None


def test_the_fuzzer_keeps_what_breaks_something(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(fuzz, "SLOW", (-1.0, 0.0))  # everything is too slow
    monkeypatch.setattr(fuzz, "SUFFIXES", (".txt",))
    assert fuzz.main(["--seconds", "3", "--seed", "5", "--keep", str(tmp_path)]) == 1
    kept = sorted(tmp_path.iterdir())
    assert kept
    assert all(path.suffix == ".txt" for path in kept)
    assert gnawed("5/0", ".txt", GNAWS[0]) in [path.read_bytes() for path in kept]
    assert str(kept[0]) in capsys.readouterr().out
