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
