"""One edition against the next: made editions give the edits that they were made with, and nothing else; the laws of a comparison hold."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.build import build_from_bytes, build_ruleset
from pipeline.changes import compare_editions, mirrored
from pipeline.compare import fold
from schemas.changes import MIRROR, Change, Changes, Label
from schemas.ruleset import Reference, Rule, Ruleset

ROOT = Path(__file__).parent.parent
EDITIONS = ROOT / "tests" / "data" / "editions"
MADE = sorted(EDITIONS.glob("*/*.edits.json"))
IDS = [path.relative_to(EDITIONS).as_posix() for path in MADE]
MEASURED = ("date", "fee", "threshold", "reference", "eligibility", "exemption", "score")
"""Kinds whose changes the edits foresee one by one; the others only quote words that were edited."""
CORPUS = sorted((ROOT / "corpus").glob("*/*.txt"))


@cache
def ruleset(path: Path) -> Ruleset:
    return build_ruleset(path)


@dataclass(frozen=True)
class Made:
    """A made edition: the text that it was made of, the edits, and what the comparison says."""

    old: Ruleset
    new: Ruleset
    edits: list[dict[str, object]]
    changes: Changes


@cache
def made(path: Path) -> Made:
    told = json.loads(path.read_text(encoding="utf-8"))
    old, new = ruleset(ROOT / told["base"]), ruleset(path.with_name(path.name.replace(".edits.json", ".txt")))
    return Made(old, new, told["edits"], compare_editions(old, new))


def quotes(side: tuple[Rule | Reference, ...], words: str) -> bool:
    return any(fold(words) in fold(proof.quote) for one in side for proof in one.evidence)


def answers(change: Change, expected: dict[str, object]) -> bool:
    """Whether a change is of the kind that an edit foresees, on its words."""
    sides = ((change.old, expected["old"]), (change.new, expected["new"]))
    return change.kind == expected["kind"] and all(quotes(side, str(words)) if words else not side for side, words in sides)


@pytest.mark.parametrize("path", MADE, ids=IDS)
def test_a_made_edition_is_its_base_with_the_edits(path: Path) -> None:
    told = json.loads(path.read_text(encoding="utf-8"))
    text = (ROOT / told["base"]).read_text(encoding="utf-8")
    for edit in told["edits"]:
        assert text.count(edit["old"]) == edit.get("times", 1), edit["why"]
        text = text.replace(edit["old"], edit["new"])
    assert text == path.with_name(path.name.replace(".edits.json", ".txt")).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", MADE, ids=IDS)
def test_every_edit_is_told_as_expected(path: Path) -> None:
    edition = made(path)
    for edit in edition.edits:
        for expected in edit["expect"]:  # type: ignore[attr-defined]  # a list, by the file's form
            found = [c for c in edition.changes.changes.values() if answers(c, expected)]
            said = [(set(c.labels), c.effect, c.weight) for c in found]
            assert (set(expected["labels"]), expected["effect"], expected["weight"]) in said, f"{edit['why']}: {said}"


@pytest.mark.parametrize("path", MADE, ids=IDS)
def test_nothing_else_is_told(path: Path) -> None:
    edition = made(path)
    foreseen = [expected for edit in edition.edits for expected in edit["expect"]]  # type: ignore[attr-defined]  # a list, by the file's form
    old, new = (fold("\n".join(str(edit[side]) for edit in edition.edits)) for side in ("old", "new"))
    for name, change in edition.changes.changes.items():
        if change.folded or change.labels == ("reworded",):
            continue
        if change.kind in MEASURED:
            assert any(answers(change, expected) for expected in foreseen), f"{name}: {change.labels}"
        else:
            assert touches(change.old, old) or touches(change.new, new), f"{name}: {change.labels}"
    assert edition.changes.unaligned.proposed == ()
    for passage in edition.changes.untold:
        said = [(said.quote, edited) for said, edited in ((passage.old, old), (passage.new, new)) if said is not None]
        assert any(shares(fold(quote), edited) for quote, edited in said), passage


def touches(side: tuple[Rule | Reference, ...], edited: str) -> bool:
    """Whether what a side quotes was edited."""
    return shares(fold("\n".join(proof.quote for one in side for proof in one.evidence)), edited)


def shares(text: str, edited: str) -> bool:
    """Whether a text and the edited words share a stretch of eight characters."""
    return any(text[i : i + 8] in edited for i in range(max(1, len(text) - 7)))


@pytest.mark.parametrize("path", MADE, ids=IDS)
def test_swapping_the_editions_mirrors_every_label(path: Path) -> None:
    edition = made(path)
    back = compare_editions(edition.new, edition.old)
    there = sorted((c.kind, sides(c), c.labels) for c in edition.changes.changes.values())
    assert there == sorted((c.kind, sides(c)[::-1], mirrored(c.labels)) for c in back.changes.values())
    assert (back.years, back.unchanged) == (-edition.changes.years, edition.changes.unchanged)


def sides(change: Change) -> tuple[list[str], list[str]]:
    old, new = ([one.key if not isinstance(one, Reference) else one.id for one in side] for side in (change.old, change.new))
    return old, new


def test_a_mirror_of_a_mirror_is_the_label() -> None:
    assert all(MIRROR[MIRROR[label]] == label for label in MIRROR)


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("suffix", [".txt", ".docx"])
def test_a_notice_and_its_other_formats_are_the_same(path: Path, suffix: str) -> None:
    found = compare_editions(ruleset(path), ruleset(path.with_suffix(suffix)))
    assert (found.changes, found.unaligned.count) == ({}, 0)
    if suffix == ".txt":
        assert found.untold == ()


CLAUSES = (
    ("收费标准", "评审费每人{fee}元。"),
    ("申报时间", "个人申报截止时间为{year}年8月31日，逾期不再受理。"),
    ("继续教育", "申报人员每年继续教育不少于{hours}学时。"),
    ("社会保险", "申报人员须连续缴纳社会保险满{months}个月。"),
    ("材料要求", "申报人员须提交《专业技术资格评审表》一式3份。"),
    ("公示要求", "所在单位须进行不少于5个工作日的公示。"),
)
NUMERALS = "一二三四五六七八"


def notice(year: int, order: tuple[int, ...] | list[int], width: int = 0, fee: int = 180, hours: int = 90, months: int = 12) -> Ruleset:
    """A notice of self-contained clauses in an order of their own, wrapped at a width or not at all."""
    body = [
        f"{NUMERALS[place]}、{CLAUSES[i][0]}\n{CLAUSES[i][1].format(year=year, fee=fee, hours=hours, months=months)}" for place, i in enumerate(order)
    ]
    head = f"关于开展{year}年度甲市水利专业工程师评审工作的通知\n\n各有关单位：\n\n根据《甲省职称评审办法》（甲人社发〔2020〕77号），现将有关事项通知如下：\n\n"
    text = head + "\n".join(body) + f"\n\n甲市水利局\n{year}年7月1日\n"
    if width:
        text = "\n\n".join("\n".join(re.findall(f".{{1,{width}}}", line)) for line in text.split("\n") if line)
    return build_from_bytes(text.encode(), "notice.txt")


ORDERS = st.permutations(range(len(CLAUSES)))


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS, ORDERS)
def test_shuffled_and_renumbered_clauses_have_only_moved(first: list[int], second: list[int]) -> None:
    found = compare_editions(notice(2022, first), notice(2022, second))
    assert {label for c in found.changes.values() for label in c.labels} <= {"moved"}
    assert (found.unaligned.count, found.untold) == (0, ())


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS, st.integers(28, 60))
def test_a_wrapped_copy_is_the_same(order: list[int], width: int) -> None:
    found = compare_editions(notice(2022, order), notice(2022, order, width))
    assert found.changes == {}


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ORDERS, st.integers(1, 4), st.integers(100, 300), st.integers(72, 120))
def test_a_year_later_only_what_was_changed_is_told(order: list[int], years: int, fee: int, hours: int) -> None:
    found = compare_editions(notice(2022, order), notice(2022 + years, order, fee=fee, hours=hours))
    told = {label for c in found.changes.values() for label in c.labels if not c.folded}
    expected: set[Label] = {"value_up" if fee > 180 else "value_down"} if fee != 180 else set()
    expected |= {"value_up" if hours > 90 else "value_down"} if hours != 90 else set()
    assert found.years == years
    assert told - {"reworded"} == expected
