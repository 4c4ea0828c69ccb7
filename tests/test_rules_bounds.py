"""What a number binds: whether it is asked or refused, of whose schooling it is said, what it counts. A rule is drawn as in test_rules_core, with its
modality and, where it only sets something off, the word trigger."""

from typing import Any

import pytest
from test_rules_core import HEAD, TAIL, draw

from pipeline.build import build_from_bytes


def bounds(text: str) -> list[str]:
    """The thresholds of a paragraph."""
    rules: list[Any] = [r for r in build_from_bytes((HEAD + text + TAIL).encode(), "notice.txt").rules if r.kind == "threshold"]
    return [" ".join(filter(None, (draw(rule), rule.modality, "trigger" if rule.purpose == "trigger" else ""))) for rule in rules]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what is refused below is asked from there on
        ("考试成绩不满60分不予录用。", ["考试成绩 >= 60 分 must"]),
        ("面试成绩低于60分的，不予聘用。", ["考试成绩 >= 60 分 must"]),
        ("论文复制比超过25%的不予受理。", ["论文复制比 <= 25 % must"]),
        ("考生迟到30分钟以上不得进入考场。", ["考生迟到 < 30 分钟 must"]),
        ("考生迟到30分钟（不含）以上不得进入考场。", ["考生迟到 <= 30 分钟 must"]),
        ("年龄超过60周岁的人员不得申报。", ["年龄 <= 60 岁 must"]),
        ("开考30分钟后不得入场。", ["开考后时间 <= 30 分钟 must"]),
        # a bound that must be kept is no ban
        ("每年申报不得超过3次。", ["每年申报 <= 3 次 must"]),
        ("推荐人数不能多于5人。", ["推荐名额 <= 5 名 must"]),
        ("面试成绩不得低于60分。", ["考试成绩 >= 60 分 must"]),
        # what is so may not be, or is left out: the number stands as it is and sets that off
        ("年满65周岁不予注册。", ["年龄 >= 65 岁 must_not trigger"]),
        ("有下列情形之一的不得报考：个人负债超过20万元的。", ["个人负债 > 20 万元 must_not trigger"]),
        ("女性年满50周岁、男性年满60周岁的不在此列。", ["年龄 >= 50 岁 trigger", "年龄 >= 60 岁 trigger"]),
        # another's exception
        ("研发投入占比不低于3%（高校、科研院所除外）。", ["所占比例 >= 3 %"]),
        ("年龄不超过45周岁，不得重复申报。", ["年龄 <= 45 岁"]),
    ],
)  # fmt: skip
def test_whether_a_number_is_asked_or_refused(text: str, expected: list[str]) -> None:
    assert bounds(text) == expected


def schooling(text: str) -> list[str]:
    """The thresholds of a paragraph by their number, with the tests that each one stands under."""
    rules: list[Any] = [r for r in build_from_bytes((HEAD + text + TAIL).encode(), "notice.txt").rules if r.kind == "threshold"]
    return [
        f"{r.value.number} " + ("&".join(f"{t.fact}{t.op}{'/'.join(t.value)}" for t in r.condition.tests()) if r.condition else "all") for r in rules
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one group, two numbers
        ("取得大学专科学历，从事专业工作满6年，其中从事消防安全技术工作满4年。", ["6 education=大专", "4 education=大专"]),
        ("大学专科学历，取得工程师资格后满5年，且从事本专业工作累计满15年。", ["5 education=大专", "15 education=大专"]),
        # another group, another way
        ("大学专科学历，任职满5年，其中取得博士学位者须满2年。", ["5 education=大专", "2 degree=博士"]),
        ("大学本科学历，从事专业工作满5年；中专学历，从事专业工作满8年。", ["5 education=本科", "8 education=中专"]),
        ("大学本科学历，从事专业工作满5年，或者任职满3年。", ["5 education=本科", "3 all"]),
        ("大学本科学历，任职满5年，且大专学历的人员任职满7年。", ["5 education=本科", "7 education=大专"]),
        # several schools
        ("本科或大专学历，取得助理工程师资格后满4年。", ["4 education=本科/大专"]),
        ("具有中专和高中学历，从事专业工作满5年。", ["5 education=中专/高中"]),
        ("具有博士或硕士学位，从事专业工作满2年。", ["2 degree=博士/硕士"]),
        # ages
        ("本科25周岁以下、硕士研究生30周岁以下、博士研究生35周岁以下。", ["25 education=本科", "30 education=硕士", "35 education=博士"]),
        ("年龄在30周岁以下，其中具有博士学位的可放宽至35周岁。", ["30 all", "35 degree=博士"]),
        ("退役士兵、大专以上学历的可放宽到35周岁。", ["35 all"]),  # two kinds of people: not to be told by schooling alone
        ("博士生导师不超过60周岁。", ["60 all"]),
    ],
)  # fmt: skip
def test_of_whose_schooling_a_number_is_said(text: str, expected: list[str]) -> None:
    assert schooling(text) == expected


def copies(text: str) -> list[str]:
    """The numbers of copies of a paragraph, and of what."""
    rules: list[Any] = [r for r in build_from_bytes((HEAD + text + TAIL).encode(), "notice.txt").rules if r.subject == "份数"]
    return [f"{r.value.number} {'、'.join(r.scope.items or ())}".rstrip() for r in rules]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # each item of a list has its own paper, a title only where it has none
        ("《申报表》一式三份，身份证复印件1份；学历证书复印件2份。", ["3 申报表", "1 身份证复印件", "2 学历证书复印件"]),
        ("《申报表》原件1份，《推荐表》复印件2份。", ["1 申报表", "2 推荐表"]),
        ("《申报表》3份、论文原件2份。", ["3 申报表", "2 论文原件"]),
        ("填写《申报表》并打印，一式两份报送。", ["2 申报表"]),
        ("个人业绩报告（3000字以内）15份。", ["15 个人业绩报告"]),
        ("《评审表》高级一式4份，中级一式3份。", ["4 评审表", "3 评审表"]),
        ("双面打印两份《评审表》。", ["2 评审表"]),
        # 各 shares out
        ("《推荐表》、《公示证明》各2份。", ["2 推荐表、公示证明"]),
        ("《申报表》及身份证复印件各一份。", ["1 申报表、身份证复印件"]),
        # nothing says of what
        ("《评审表》须如实填写；纸质版一式两份。", ["2"]),
    ],
)  # fmt: skip
def test_of_what_copies_are_asked(text: str, expected: list[str]) -> None:
    assert copies(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("提交最高学历证书复印件1份。", ["份数 = 1 份"]),
        ("今年合格线原则上为84分。", ["考试成绩 >= 84 分 in_principle"]),
        ("论文查重率＜20%。", ["论文查重率 < 20 %"]),
        # what is told, what is looked back upon, what shortens something else
        ("先后举办培训班20期，学员满意度达98.6%。", []),
        ("学员满意度须达到90%。", ["学员满意度 >= 90 % must"]),
        ("任现职以来，发表论文达到3篇。", ["论文篇数 >= 3 篇"]),
        ("7天内有中高风险地区旅居史的，须提供核酸检测证明。", ["回溯时间 <= 7 天"]),
        ("获得省级奖励的，可提前1年申报。", []),
        ("1.2013-2014学年度至2015-2016学年度考核材料。", []),
    ],
)  # fmt: skip
def test_what_only_looks_like_a_bound(text: str, expected: list[str]) -> None:
    assert bounds(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("报名费每人10元，答辩费减收一半。", ["报名费 10 每人", "答辩费 减收一半"]),
        ("培训费每人1000元，会员单位享受九折优惠。", ["培训费 1000 每人", "培训费 九折优惠"]),
        ("考试费每单元65元。", ["考务费 65 每单元"]),
        ("名额减半数计算。", []),
    ],
)
def test_parts_of_a_fee(text: str, expected: list[str]) -> None:
    rules: list[Any] = [r for r in build_from_bytes((HEAD + text + TAIL).encode(), "notice.txt").rules if r.kind == "fee"]
    assert [f"{draw(r)}{' 每' + r.per if r.per else ''}" for r in rules] == expected


@pytest.mark.parametrize("text", ["获得博士学位的，论文可减少2篇。", "破格申报的须增加论文1篇。", "继续教育学时可减少30学时。"])
def test_a_number_that_only_changes_another_is_no_threshold(text: str) -> None:
    assert bounds(text) == []


@pytest.mark.parametrize(
    ("text", "items"),
    [("报名费10元/人；客观题科目每科90元。", [None, None]), ("公共科目考务费61元/人；专业科目考务费70元/人。", [("公共科目",), ("专业科目",)])],
)
def test_an_amount_takes_the_papers_of_an_examination_from_its_own_clause(text: str, items: list[Any]) -> None:
    found = [r for r in build_from_bytes((HEAD + text + TAIL).encode(), "notice.txt").rules if r.kind == "fee"]
    assert [rule.scope.items for rule in found] == items
