"""What a line of text is by its place: title, signature, header row; an excerpt has none of them, and loses nothing to them."""

import pytest

from pipeline.build import build_from_bytes
from schemas.ruleset import Ruleset
from schemas.values import Window


def ruleset(text: str) -> Ruleset:
    return build_from_bytes(text.encode(), "excerpt.txt")


@pytest.mark.parametrize(
    "text",
    [
        "一、个人申报截止时间为2023年5月1日。",
        "个人申报截止时间为2023年5月1日。评审费每人180元。",
        "个人申报截止时间：2023年5月1日\n资格审核时间：2023年6月1日",
        "（一）个人申报时间截至2023年5月1日；",
    ],
)
def test_an_excerpt_without_a_title_keeps_its_first_line(text: str) -> None:
    found = ruleset(text)
    assert found.notice.title is None
    assert found.rules[0].key == "date/个人申报.closes"


@pytest.mark.parametrize("last", ["资格审核时间：2023年6月1日", "公示期至2023年6月1日", "报名时间为2023年6月1日", "材料报送截止时间 2023年6月1日"])
def test_the_last_date_of_an_excerpt_is_not_the_date_of_the_notice(last: str) -> None:
    found = ruleset(f"关于开展评审工作的通知\n\n各有关单位：\n\n请按时申报。\n\n{last}\n")
    assert found.notice.issued_on is None
    assert [rule.evidence[0].quote for rule in found.rules if rule.kind == "date"] == ["2023年6月1日"]


@pytest.mark.parametrize(
    "last", ["某市人力资源和社会保障局 2023年6月1日", "某市人力资源和社会保障局\n2023年6月1日", "请按时申报。某市教育局2023年6月1日"]
)
def test_the_date_of_a_signature_is_the_date_of_the_notice(last: str) -> None:
    found = ruleset(f"关于开展评审工作的通知\n\n各有关单位：\n\n请按时申报。\n\n{last}\n")
    assert found.notice.issued_on == "2023-06-01"


@pytest.mark.parametrize("date", ["2019.04.26", "2019-4-26", "2019/04/26", "二O一九年四月二十六日", "二0一九年四月二十六日", "二Ｏ一九年4月26日"])
def test_a_signature_is_dated_in_figures_or_with_a_letter_for_nought(date: str) -> None:
    found = ruleset(f"关于开展评审工作的通知\n\n各有关单位：\n\n一、报名时间为5月4日。\n\n某市人力资源和社会保障局\n\n{date}\n")
    assert (found.notice.issued_on, found.notice.issuers) == ("2019-04-26", ("某市人力资源和社会保障局",))
    assert [rule.value.at for rule in found.rules if rule.kind == "date" and rule.role != "issued"] == ["2019-05-04"]


def test_figures_under_no_organ_sign_nothing() -> None:
    found = ruleset("关于开展评审工作的通知\n\n各有关单位：\n\n一、考试时间\n\n第一批\n\n2019.04.26\n")
    assert found.notice.issued_on is None


def test_a_notice_that_nobody_signed_is_of_the_day_that_its_page_names() -> None:
    text = "关于开展评审工作的通知\n\n来源：某市卫健委  发布时间：2018-01-05  浏览：3261次\n\n各有关单位：\n\n一、报名时间为2月4日。\n\n{}"
    posted, signed = (ruleset(text.format(end)) for end in ("", "某市卫生健康委员会\n2018年1月3日\n"))
    assert (posted.notice.issued_on, signed.notice.issued_on) == ("2018-01-05", "2018-01-03")
    assert [rule.value.at for rule in posted.rules if rule.kind == "date" and rule.role != "issued"] == ["2018-02-04"]


def test_the_first_row_of_a_list_of_values_is_no_header_row() -> None:
    rows = "报名时间\t2023年4月1日至4月30日\n缴费时间\t2023年5月6日前\n考试费\t每科60元\n"
    keys = ["date/报名.opens", "date/报名.closes", "date/缴费.closes", "fee/考务费"]
    for text in (rows, f"关于考试的通知\n\n一、时间安排\n\n{rows}"):
        assert [rule.key for rule in ruleset(text).rules] == keys
    assert ruleset(rows).notice.title is None


def test_a_day_in_the_header_row_of_a_timetable_stays_one() -> None:
    found = ruleset("关于考试的通知\n\n一、考试时间\n\n时间\t2023年6月10日\n9:00-11:30\t综合知识考试\n14:00-16:30\t专业实务考试\n")
    windows = [rule.value for rule in found.rules if isinstance(rule.value, Window)]
    assert [(window.start, window.end) for window in windows] == [("2023-06-10T09:00", "2023-06-10T11:30"), ("2023-06-10T14:00", "2023-06-10T16:30")]
