"""Dates, fees and thresholds in sentences as notices of several provinces and bodies word them: what the rule says, not only what the words are.

A case is the text and its rules of one kind, drawn in one line each: subject, what is bound, and the levels where the rule is not for all.
A near miss has none.
"""

from typing import Any

import pytest

from pipeline.build import build_from_bytes
from pipeline.report.words import value_words

HEAD = "关于做好2023年度职称评审工作的通知\n\n各有关单位：\n\n现将有关事项通知如下：\n\n"
TAIL = "\n\n浙江省人力资源和社会保障厅\n2023年5月10日\n"


def drawn(kind: str, text: str) -> list[str]:
    """The rules of a kind, without the notice's own date; a line that begins with a tab is a row of a table."""
    body = "\n".join(line if line.startswith("\t") or not line else f"\n{line}\n" for line in text.split("\n"))
    rules: list[Any] = [r for r in build_from_bytes((HEAD + body + TAIL).encode(), "notice.txt").rules if r.kind == kind and r.subject != "通知"]
    return [draw(rule) for rule in rules]


def draw(rule: Any) -> str:
    levels = f" @{'、'.join(rule.scope.levels)}" if isinstance(rule.scope.levels, tuple) else ""
    role = f" {rule.role}" if rule.kind == "date" else ""
    said = value_words(rule.value, rule, "zh")
    if rule.value.type == "quantity":
        said = f"{rule.value.op} {rule.value.number} {rule.value.unit}".rstrip()
    elif rule.value.type == "instant":
        said = rule.value.at
    elif rule.value.type == "window":
        said = f"{rule.value.start or ''}/{rule.value.end or ''}"
    elif rule.value.type == "money":
        said = rule.value.amount
    return f"{rule.subject}{role} {said}{levels}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # weights, also of a subject whose name ends in 分
        ("业绩积分占60%，专家评审占40%。", ["权重 = 60 %", "权重 = 40 %"]),
        ("笔试成绩折算成百分制后占60%。", ["权重 = 60 %"]),
        # lines of points
        ("合格分数线为60分。", ["考试成绩 >= 60 分"]),
        ("笔试最低控制分数线为80分。", ["考试成绩 >= 80 分"]),
        ("满分100分，总分60分合格。", ["考试成绩 >= 60 分"]),
        ("乡镇工作人员成绩可放宽至55分。", ["考试成绩 >= 55 分"]),
        ("取得国家合格线（60分）以上成绩。", ["考试成绩 >= 60 分"]),
        ("面试设合格分60分。", ["考试成绩 >= 60 分"]),
        ("复试成绩低于60分（满分100分）者不予录取。", ["考试成绩 >= 60 分"]),
        ("论文满分10分，业绩满分20分。", []),
        ("分3个阶段进行，分设5个专业组。", []),
        # two publicities are two rules
        ("单位公示不少于5个工作日。评审结果在网站公示5个工作日。", ["公示天数 >= 5 工作日", "结果公示天数 = 5 工作日"]),
        # what a correction quotes holds
        ("“年龄”栏更正为“40周岁以下（1981年4月6日以后出生）”。", ["年龄 <= 40 岁"]),
        # places for applicants
        ("开考比例：1:3，经批准可放宽到1：2。", ["招录比例 >= 3 比", "招录比例 >= 2 比"]),
        ("从高到低分按1∶3的比例确定人选。", ["面试比例 = 3 比"]),
        # who comes to a number is refused: it must not be reached
        ("迟到15分钟以上取消当次测试资格。", ["迟到 < 15 分钟"]),
        ("在研省级项目达到2项的不得申报。", ["在研省级项目 < 2 项"]),
        ("年满60周岁的男性、55周岁的女性不再申报。", ["年龄 < 60 岁", "年龄 < 55 岁"]),
        ("满60周岁不再受理。", ["年龄 < 60 岁"]),
        ("再次未通过的，须间隔1年方可申报。", ["间隔 >= 1 年"]),
        ("任工程师5年以上的，不再要求提供学历证明。", ["任职年限 >= 5 年"]),
        # limits ahead of and behind an event
        ("应提前20分钟到候考室报到。", ["提前时间 >= 20 分钟"]),
        ("应于开班15日前备案。", ["提前时间 >= 15 日"]),
        ("开考30分钟后不得入场，开考60分钟后方可交卷。", ["开考后时间 <= 30 分钟", "开考后时间 >= 60 分钟"]),
        ("须持考前48小时内核酸检测阴性证明。", ["提前时间 <= 48 小时"]),
        ("开考2小时内不得交卷离场。", ["开考后时间 >= 2 小时"]),
        ("考前一周内打印准考证。", []),
        ("复制比超过25%的不予受理。", ["复制比 <= 25 %"]),
        ("每位专家推荐人数超过1人的，推荐表无效。", ["推荐名额 > 1 名"]),
        ("脱贫县申报人员评审费按80%收取。", []),
        ("自取得资格证书之日起5年内提出申请。", ["办理期限 <= 5 年"]),
        # terms
        ("学制2.5年，试用期12个月，档案至少保存5年。", ["学制 = 2.5 年", "试用期 = 12 月", "保存期限 >= 5 年"]),
        ("每人有3次考试机会。", ["每人有 <= 3 次"]),
        ("评审费由学校承担一次。", []),
        ("考生只填报一个招生单位。", ["申报项数 <= 1 个"]),
    ],
)  # fmt: skip
def test_thresholds(text: str, expected: list[str]) -> None:
    assert drawn("threshold", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("注册资金不低于100万元。", ["注册资金 >= 100 万元"]),
        ("每项支持经费不超过50万元。", ["每项支持经费 <= 50 万元"]),
        ("每项资助10—20万元。", ["每项资助 >= 10 万元", "每项资助 <= 20 万元"]),
        ("单跨30米及以上或合同额1亿元以上。", ["单跨 >= 30 米", "合同额 >= 1 亿元"]),
        ("评审费不超过500元。", []),  # a fee
        ("上年度收入2000万元。", []),  # told, not asked
    ],
)
def test_amounts_to_reach(text: str, expected: list[str]) -> None:
    assert drawn("threshold", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # lines that a conversion has set one below another
        ("评审费\n高级\n380元\n中级\n260元", ["评审费 380 @高级", "评审费 260 @中级"]),
        ("收费标准（元/人）\n高级职称评审费\n380\n中级职称评审费\n１２０", ["评审费 380 @高级", "评审费 120 @中级"]),
        ("学费\n8000元/学年\n住宿费\n1200元/学年", ["学费 8000", "住宿费 1200"]),
        ("按等级收取认定费：\n\t等级\n\t理论（元/人）\n\t操作（元/人）\n\n\t五级\n\t60\n\t220", ["理论 60", "操作 220"]),
        ("评审收费标准（元/人）：高级480，中级320。", ["费用 480 @高级", "费用 320 @中级"]),
        ("资助标准（元）\n一等奖\n5000", []),
        ("招聘人数\n3\n联系电话\n88880000", []),
        # nothing, or a part of it
        ("初定不收费。", ["费用 0"]),
        ("同一年度复审的不再收费。", ["费用 0"]),
        ("脱贫户家庭考生免缴笔试考务费。", ["考务费 0"]),
        ("学费减半收取。", ["学费 减半收取"]),
        # what other amounts come to
        ("报名费10元，考务费每科61元、面试费20元，共计91元。", ["报名费 10", "考务费 61", "答辩费 20"]),
    ],
)
def test_fees(text: str, expected: list[str]) -> None:
    assert drawn("fee", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("网上报名\n6月1日至6月30日\n资格审核\n7月5日前", ["报名 opens 2023-06-01", "报名 closes 2023-06-30", "资格审核 closes 2023-07-05"]),
        ("考试定于2023年5月20日、21日举行。", ["考试 held 2023-05-20/2023-05-21"]),
        ("材料于6月12日、13日集中报送。", ["材料报送 opens 2023-06-12", "材料报送 closes 2023-06-13"]),
        ("各单位应于次年1月31日前报送学习情况。", ["单位审核 closes 2024-01-31"]),
        ("评审费应于九月三十日前汇入指定账户。", ["缴费 closes 2023-09-30"]),
        ("工作年限均截止到2012年底。", ["资历计算 cutoff 2012-12-31"]),
        ("6月30日24:00报名系统关闭。", ["报名 closes 2023-06-30T24:00"]),
        ("请于5月20日前将汇总表发至邮箱。", ["材料报送 closes 2023-05-20"]),
        ("须提供2022年1月1日以来的社保缴纳记录。", ["社保缴纳 period 2022-01-01/"]),
        # a time that the notice has changed is none to act by
        ("原定于4月9日举行的考试延期至2023年6月11日举行。", ["考试 held 2023-04-09", "考试 closes 2023-06-11"]),
        ("2021、2022年度尚未完成继续教育的，可于6月底前补学。", ["继续教育 period 2021/2022", "补学 closes 2023-06-30"]),
        ("证书数据每月25日前上传。", ["其他事项 closes 每月25日前"]),
        ("成绩3年内有效。", ["成绩有效 period 3 年内"]),
    ],
)
def test_dates(text: str, expected: list[str]) -> None:
    assert drawn("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a label that names no act says when something takes place; the title's 评审 is not its deadline
        ("二、项目时间\n2023年7月30日～8月11日", ["项目 held 2023-07-30/2023-08-11"]),
        ("二、研讨会时间和地点\n2023年7月30日至8月1日，杭州。", ["研讨会 held 2023-07-30/2023-08-01"]),
        ("二、报名时间\n2023年7月3日至7月11日", ["报名 opens 2023-07-03", "报名 closes 2023-07-11"]),
        # one end is a day, the other a part of a month
        ("报名时间为2023年9月下旬至2023年12月20日。", ["报名 opens 2023年9月下旬", "报名 closes 2023-12-20"]),
    ],
)
def test_what_a_time_is_said_of(text: str, expected: list[str]) -> None:
    assert drawn("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # each item of a list has a time of its own; what stands behind ；is said of the next
        (
            "网上报名1月11日至1月15日；现场审核1月26日至1月28日。",
            ["报名 opens 2023-01-11", "报名 closes 2023-01-15", "资格审核 opens 2023-01-26", "资格审核 closes 2023-01-28"],
        ),
        ("报名自9月1日起至9月20日止；评审拟于12月上旬进行。", ["报名 opens 2023-09-01", "报名 closes 2023-09-20", "评审 held 12月上旬"]),
        # the step right before a time wins over one of a later clause, and the next time keeps its own
        ("准考证5月25日起打印，缴费5月10日前完成。", ["准考证打印 opens 2023-05-25", "缴费 closes 2023-05-10"]),
        ("考试于6月20日举行，准考证另行发放。", ["考试 held 2023-06-20"]),
        ("考试成绩拟于7月上旬公布。", ["成绩查询 held 7月上旬"]),
        ("继续教育培训时间：第一期5月18日至25日，第二期6月8日至15日。", [
            "继续教育 opens 2023-05-18", "继续教育 closes 2023-05-25", "继续教育 period 2023-06-08/2023-06-15",
        ]),
        # near misses: one step in two clauses, the step behind the time
        ("请于5月20日前，将汇总表报送至人事处。", ["材料报送 closes 2023-05-20"]),
        ("申报人员应于5月20日前缴纳评审费。", ["缴费 closes 2023-05-20"]),
    ],
)  # fmt: skip
def test_which_step_a_time_belongs_to(text: str, expected: list[str]) -> None:
    assert drawn("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # what somebody is by then decides to whom the notice applies
        ("报考人员应为2025年年底前能被发展为预备党员的学生。", ["其他事项 condition /2025-12-31"]),
        ("一、报名条件\n2022年12月31日前办理退休手续的不在此列。", ["其他事项 condition /2022-12-31"]),
        ("2011年12月31日前，符合规定条件的，可免试考试科目。", ["其他事项 condition /2011-12-31"]),
        ("2022年6月15日前落户本市的人员可以报名。", ["户籍 condition /2022-06-15"]),
        ("户籍迁入须在2022年6月15日前。", ["户籍 cutoff 2022-06-15"]),
        ("应届毕业生须于2023年7月31日前取得毕业证书。", ["学历取得 cutoff 2023-07-31"]),
        ("年龄在18周岁以上（1994年8月15日至2004年8月15日期间出生）。", ["年龄计算 period 1994-08-15/2004-08-15"]),
        ("2020年1月1日至2021年12月31日期间取得职业资格证书的可申报。", ["学历取得 period 2020-01-01/2021-12-31"]),
        ("社保连续缴费不少于3个月（2020年2月至4月缓缴的提供证明）。", ["社保缴纳 period 2020-02/2020-04"]),
        ("业绩须为任现职以来至2022年9月30日取得。", ["业绩取得 period 任现职以来", "业绩取得 cutoff 2022-09-30"]),
        # a time named in passing is none to apply by
        ("一、网上缴费\n电子发票开具至2023年12月31日。", ["发票 closes 2023-12-31"]),
        ("一、网上报名\n咨询热线开放时间为6月1日9:00至6月20日17:00。", ["咨询服务 held 2023-06-01T09:00/2023-06-20T17:00"]),
        ("来源：人事考试中心  发布时间：2023-05-10  浏览：120次", []),
        # near misses: acts
        ("请于6月15日前缴纳考试费。", ["缴费 closes 2023-06-15"]),
        ("报名时间为6月1日至6月20日。", ["报名 opens 2023-06-01", "报名 closes 2023-06-20"]),
        ("请于6月1日至6月20日登录系统报名。", ["报名 opens 2023-06-01", "报名 closes 2023-06-20"]),
    ],
)  # fmt: skip
def test_a_time_in_a_condition_or_in_passing_is_no_deadline(text: str, expected: list[str]) -> None:
    assert drawn("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # days in figures
        ("现场审核8.14-8.25。", ["资格审核 opens 2023-08-14", "资格审核 closes 2023-08-25"]),
        ("网上报名2024.3.5—3.9。", ["报名 opens 2024-03-05", "报名 closes 2024-03-09"]),
        ("报名时间：2024.3.5 9:00至2024.3.9 17:00。", ["报名 opens 2024-03-05T09:00", "报名 closes 2024-03-09T17:00"]),
        ("报名3/5-3/9。", ["报名 opens 2023-03-05", "报名 closes 2023-03-09"]),
        ("评审费为3.5-4.2，绩点3.5-4.0。", []),
        # hours behind a label
        ("6月9日：09:00-11:30考试。", ["考试 held 2023-06-09T09:00/2023-06-09T11:30"]),
        ("面试比例：1:10-1:20。", []),
        # told without a month, or without a day
        ("培训机构应于次月15日前报送材料。", ["材料报送 closes 次月15日前"]),
        ("年龄不超过五十周岁，每班120人，报满即止。", ["报名 closes 报满即止"]),
        ("公示无异议的，次月15日前拨付。", ["其他事项 closes 次月15日前"]),
        ("弄虚作假的，五年内不受理其申报。", ["禁止申报 period 自处理之日起 5 年内"]),
        # days of a month told before
        (
            "报送时间为11月6日至7日，理工科6日上午，其余7日。",
            ["材料报送 opens 2023-11-06", "材料报送 closes 2023-11-07", "材料报送 held 2023-11-06"],
        ),
        (
            "报名时间9月25日至29日，29日18时截止。",
            ["报名 opens 2023-09-25", "报名 closes 2023-09-29", "报名 closes 2023-09-29T18:00"],
        ),
        ("公示7日，每月5日上午办理。", []),
        # which year the next one is stands nowhere: no length of one year
        ("成绩在本年度和下一个考试年度内有效。", []),
    ],
)  # fmt: skip
def test_times_in_short_forms(text: str, expected: list[str]) -> None:
    assert drawn("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8月14日17:00后未缴费的，视为报名未成功。", ["缴费 closes 2023-08-14T17:00"]),
        ("8月14日后不再受理。", ["受理 closes 2023-08-14"]),
        ("8月14日以后提交的，一律不予受理。", ["受理 closes 2023-08-14"]),
        # what becomes possible then
        ("8月14日后打印准考证。", ["准考证打印 opens 2023-08-14"]),
    ],
)
def test_what_is_barred_after_a_time_ends_with_it(text: str, expected: list[str]) -> None:
    assert drawn("date", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("相关费用：签证费1500元/人；国际旅费（往返机票费用）14500元/人；个人餐费约2000元/人。", ["签证费 1500", "国际旅费 14500", "个人餐费 2000"]),
        ("中途退出的，须扣除3000元手续费。", ["手续费 3000"]),
        # the vocabulary's word goes before the notice's own; 收费 and 缴费 are no name of a fee
        ("考试费每人60元，报名费10元。", ["考务费 60", "报名费 10"]),
        ("每人每科收费60元。", ["费用 60"]),
        ("申报人员须缴费100元。", ["费用 100"]),
    ],
)
def test_what_an_amount_is_for(text: str, expected: list[str]) -> None:
    assert drawn("fee", text) == expected


def test_what_shortens_something_else_is_no_year_of_service() -> None:
    assert drawn("threshold", "每多缴纳1年可减少1个月待遇等待期。") == []


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        # the last line of a list is no heading of what follows
        ("threshold", "一、标准\n（1）初级1000元；\n（2）高级2000元。\n继续教育不少于90学时。", ["继续教育学时 >= 90 学时"]),
        ("threshold", "一、标准\n（1）申报中级；\n（2）申报高级；\n继续教育不少于90学时。", ["继续教育学时 >= 90 学时"]),
        ("threshold", "一、标准\n（1）申报高级\n继续教育不少于90学时。", ["继续教育学时 >= 90 学时 @高级"]),
        # a paragraph that names two levels in one sentence speaks of both
        ("threshold", "申报高级的须公示；申报中级的不须公示。继续教育不少于90学时。", ["继续教育学时 >= 90 学时"]),
        ("fee", "评审费初级免收；复审评审费每次80元。", ["评审费 0 @初级", "评审费 80"]),
    ],
)
def test_a_level_governs_no_more_than_what_it_is_said_of(kind: str, text: str, expected: list[str]) -> None:
    assert drawn(kind, text) == expected
