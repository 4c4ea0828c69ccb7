"""What a new year is expected to change: dates and years roll on, everything else is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_ruleset import Maker, date, fee, threshold

from pipeline.changes import compare_editions
from pipeline.rollover import minutes_between, moment_moved, words_told
from schemas.changes import Change
from schemas.ruleset import RuleBase, Scope
from schemas.values import ByReference, External, Instant, Money, Quantity, Relative, Value, Window


@pytest.mark.parametrize(
    ("old", "new", "years", "end", "moved"),
    [
        ("2022-08-31", "2023-08-31", 1, True, 0),
        ("2022-08-31", "2023-09-01", 1, True, 1),
        ("2022-08-31", "2023-08-30", 1, True, -1),
        ("2022-08-31", "2022-08-31", 1, True, 0),  # history stays
        ("2024-02-29", "2025-02-28", 1, True, 0),
        ("2022-08-31", "2023-08-31T24:00", 1, True, 0),
        ("2022-08-31", "2023-08-31T17:00", 1, True, -1),
        ("2022-08-31", "2023-08-31T00:00", 1, False, 0),
        ("2022-08-31", "2023-08-31T09:00", 1, False, 1),
        ("2022", "2023", 1, True, 0),
        ("2022-08", "2024-08", 1, False, 1),
    ],
)
def test_a_moment_is_held_against_the_older_one_rolled_on(old: str, new: str, years: int, end: bool, moved: int) -> None:
    assert moment_moved(old, new, years, end=end) == moved
    assert moment_moved(new, old, -years, end=end) == -moved


@given(st.dates(), st.dates(), st.integers(-5, 5), st.booleans())
def test_swapped_moments_move_the_other_way(old: object, new: object, years: int, end: bool) -> None:
    assert moment_moved(str(old), str(new), years, end=end) == -moment_moved(str(new), str(old), -years, end=end)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("2022年度评审表", "2023 年度评审表", "rolled"),
        ("2001年以后 2022年", "2001年以后2023年", "rolled"),
        ("2022年度评审表", "2024年度评审表", "other"),
        ("截止 时间", "截止时间", "same"),
        ("满3年", "满4年", "other"),
    ],
)
def test_only_years_roll_in_words(old: str, new: str, told: str) -> None:
    assert words_told(old, new, 1) == told


def test_a_window_lasts_from_its_first_minute_to_its_last() -> None:
    assert minutes_between("2023-08-01", "2023-08-01") == 24 * 60
    assert minutes_between("2023-08-01T09:00", "2023-08-02T10:30") == 25 * 60 + 30


TEXT = "评审费按规定执行。个人申报时间另行安排。继续教育学时照旧。"
SECTIONS = (("一", "要求", 1, None, "评审费"),)


def one_change(old: list[RuleBase], new: list[RuleBase], years: int = 1) -> Change:
    """The one change between two editions of hand-made rules."""
    make = Maker(TEXT, SECTIONS)
    found = compare_editions(make.ruleset(old, cycle=2022, levels=("中级", "高级")), make.ruleset(new, cycle=2022 + years, levels=("中级", "高级")))
    assert len(found.changes) == 1, list(found.changes.items())
    return next(iter(found.changes.values()))


def a_fee(value: Value, levels: tuple[str, ...] | None = None, per: str | None = "人") -> RuleBase:
    return fee("评审费", value, Maker(TEXT, SECTIONS).evidence("评审费"), scope=Scope(levels=levels), per=per)


def a_date(role: str, value: Value) -> RuleBase:
    return date("个人申报", role, value, Maker(TEXT, SECTIONS).evidence("个人申报时间"))  # type: ignore[arg-type]  # one of the roles


def a_threshold(value: Value, **more: object) -> RuleBase:
    return threshold("继续教育学时", value, Maker(TEXT, SECTIONS).evidence("继续教育学时"), **more)  # type: ignore[arg-type]  # fields of the rule


def hours(number: str, op: str = ">=", unit: str = "学时") -> Quantity:
    return Quantity.model_validate({"op": op, "number": number, "unit": unit})


@pytest.mark.parametrize(
    ("old", "new", "labels", "effect"),
    [
        (a_fee(Money(amount="180")), a_fee(Money(amount="200")), ("value_up",), "stricter"),
        (a_fee(Money(amount="180")), a_fee(Money(amount="150")), ("value_down",), "looser"),
        (a_fee(Money(amount="180")), a_fee(ByReference(reference="浙价费〔2002〕229号")), ("now_by_reference",), "unclear"),
        (a_fee(External(text="另行通知")), a_fee(Money(amount="180")), ("now_stated",), "unclear"),
        (a_fee(Money(amount="180")), a_fee(Money(amount="180"), per="科目"), ("details_changed",), "unclear"),
        (a_threshold(hours("90")), a_threshold(hours("72")), ("value_down",), "looser"),
        (a_threshold(hours("90", "<=")), a_threshold(hours("72", "<=")), ("value_down",), "stricter"),
        (a_threshold(hours("90")), a_threshold(hours("90", unit="课时")), ("unit_changed",), "unclear"),
        (a_threshold(hours("90"), purpose="trigger"), a_threshold(hours("99"), purpose="trigger"), ("value_up",), "unclear"),
        (a_threshold(hours("90"), modality="must"), a_threshold(hours("90"), modality="may"), ("modality_changed",), "looser"),
        (a_date("closes", Instant(at="2022-08-31")), a_date("closes", Instant(at="2023-08-25")), ("earlier",), "stricter"),
        (a_date("opens", Instant(at="2022-08-01")), a_date("opens", Instant(at="2023-07-25")), ("earlier",), "looser"),
        (a_date("closes", Instant(at="2022-08-31")), a_date("closes", Instant(at="2023-08-31")), ("rolled_over",), "neutral"),
        (a_date("period", Window(start="2019", end="2021")), a_date("period", Window(start="2019", end="2022")), ("window_longer",), "stricter"),
        (a_date("period", Window(start="2019", end="2021")), a_date("period", Window(start="2020", end="2022")), ("rolled_over",), "neutral"),
        (
            a_date("closes", Relative(event="公示", relation="within", length="5", unit="工作日")),
            a_date("closes", Relative(event="公示", relation="within", length="3", unit="工作日")),
            ("window_shorter",),
            "stricter",
        ),
    ],
)
def test_a_change_of_value_has_its_label_and_effect(old: RuleBase, new: RuleBase, labels: tuple[str, ...], effect: str) -> None:
    change = one_change([old], [new])
    assert (change.labels, change.effect) == (labels, effect)


@pytest.mark.parametrize(
    ("old", "new", "label", "effect"),
    [
        (("中级",), ("中级", "副高级"), "scope_wider", "stricter"),
        (("高级",), ("副高级",), "scope_narrower", "looser"),
        (("中级",), ("正高级",), "scope_shifted", "unclear"),
    ],
)
def test_a_fee_for_others_is_the_same_fee_of_another_scope(old: tuple[str, ...], new: tuple[str, ...], label: str, effect: str) -> None:
    change = one_change([a_fee(Money(amount="180"), old)], [a_fee(Money(amount="180"), new)])
    assert (change.labels, change.effect) == ((label,), effect)
    assert change.link is not None
    assert change.link.how == "assignment"


def test_a_fee_of_a_wide_level_is_split_into_what_it_holds() -> None:
    parts = [a_fee(Money(amount="280"), ("副高级",)), a_fee(Money(amount="300"), ("正高级",))]
    change = one_change([a_fee(Money(amount="280"), ("高级",))], parts)
    assert (change.labels, len(change.old), len(change.new)) == (("value_up", "split"), 1, 2)
    assert one_change(parts, [a_fee(Money(amount="280"), ("高级",))]).labels == ("value_down", "joined")


def test_two_ends_of_a_time_to_act_tell_together_whether_it_is_longer() -> None:
    make = Maker(TEXT, SECTIONS)
    old = make.ruleset([a_date("opens", Instant(at="2022-08-01")), a_date("closes", Instant(at="2022-08-31"))], cycle=2022)
    new = make.ruleset([a_date("opens", Instant(at="2023-08-05")), a_date("closes", Instant(at="2023-09-10"))], cycle=2023)
    told = {c.new[0].role: (c.labels, c.effect) for c in compare_editions(old, new).changes.values()}  # type: ignore[union-attr]  # dates
    assert told == {"opens": (("later", "window_longer"), "looser"), "closes": (("later", "window_longer"), "looser")}
