"""Findings: each one on a notice that has its fault, and silent on near misses that are in order."""

from importlib.resources import files

import pytest

from pipeline.build import build_from_bytes, build_from_document
from pipeline.readers.txt import read_txt
from schemas.ruleset import Finding

HEAD = "关于做好2023年度职称评审工作的通知\n\n各有关单位：\n\n现将有关事项通知如下：\n\n"
TAIL = "\n\n某市人力资源和社会保障局\n\n2023年8月2日\n"


def findings(code: str, text: str, *, title: str = HEAD, tail: str = TAIL) -> list[Finding]:
    body = "\n\n".join(text.split("\n"))
    return [f for f in build_from_bytes((title + body + tail).encode(), "notice.txt", series="series").findings if f.code == code]


def annexes(*titles: str) -> str:
    return "\n" + "\n".join(f"{'附件：' if i == 1 else ''}{i}.{title}" for i, title in enumerate(titles, 1))


FAULTS = [
    ("contradiction", "一、费用\n评审费每人180元。\n二、其他\n评审费每人200元。", ["每人180元", "每人200元"]),
    (
        "two-numbers",
        "一、依据\n按照《职称评审办法》（浙人社发〔2020〕1号）执行。\n二、其他\n见《职称评审办法》（浙人社发〔2020〕2号）。",
        ["〔2020〕1号", "〔2020〕2号"],
    ),
    ("backward-window", "一、时间\n个人申报时间为2023年9月15日至2023年8月15日。", ["2023年9月15日"]),
    ("opens-before-issue", "一、时间\n个人申报时间为2022年9月1日至2023年9月15日。", ["2022年9月1日", "2023年8月2日"]),
    ("opens-without-closes", "一、时间\n个人申报开始时间为2023年8月10日。", ["2023年8月10日"]),
    ("deadline-elsewhere", "一、时间\n个人申报截止时间以计划显示为准。", ["以计划显示为准"]),
    ("year-off-cycle", "一、时间\n个人申报截止时间为2021年9月15日。", ["2021年9月15日", "2023年度"]),
    ("last-years", "一、继续教育\n提供近3年（2018-2021年）的继续教育学时证明。", ["近3年", "2018-2021年"]),
    ("fee-by-reference", "一、费用\n评审费按照浙价费〔2002〕229号文件执行。", ["浙价费〔2002〕229号"]),
    ("unbalanced-title", "一、依据\n按照《职称评审办法执行。", ["《职称评审办法"]),
    ("annex-missing", "一、材料\n材料要求见附件1，表格见附件4。" + annexes("材料要求", "申报表"), ["附件4", "1.材料要求"]),
    ("annex-uncited", "一、材料\n材料要求见附件1。" + annexes("材料要求", "专业参考目录"), ["2.专业参考目录"]),
    ("article-order", "一、条件\n符合《职称评价标准》（浙人社发〔2020〕1号）第五条第一、四、二款规定。", ["第五条第一、四、二款"]),
    ("alias-undefined", "一、条件\n符合《评价条件》规定的可以申报。", ["《评价条件》"]),
    ("earlier-basis", "一、依据\n根据《某省关于做好2022年度职称评审工作的通知》（浙人社发〔2022〕1号）要求执行。", ["2022年度", "2023年度"]),
    ("value-unused", "一、待遇\n对博士研究生，按照1200元/月标准发放住房补贴。", ["1200元/月"]),
    ("value-unused", "一、窗口\n（工作日9:00—11:30，13:00—17:00）可拨打上述号码。", ["9:00—11:30", "13:00—17:00"]),
]

IN_ORDER = [
    # the same amount for another level, two cases of one paragraph, a second bound
    ("contradiction", "一、费用\n中级评审费每人180元。\n二、其他\n高级评审费每人280元。"),
    ("contradiction", "一、条件\n年龄不超过25周岁，具有研究生学历的不超过28周岁。"),
    ("contradiction", "一、条件\n公示不少于5个工作日。\n二、其他\n公示5个工作日。"),
    ("contradiction", "一、考试\n5月20日上午9:30—11:30考试。\n二、下午\n5月20日下午14:00—17:00考试。"),
    ("two-numbers", "一、依据\n按照《职称评审办法》（浙人社发〔2020〕1号）执行。\n二、其他\n见《职称评审办法》第五条。"),
    ("backward-window", "一、时间\n个人申报时间为2023年8月15日至9月15日。"),
    # a window may open before the notice is signed, and what is counted from long ago opens nothing
    ("opens-before-issue", "一、时间\n个人申报时间为2023年7月10日至9月15日。"),
    ("opens-before-issue", "一、要求\n从2009年起开展公需科目培训。"),
    ("opens-before-issue", "一、业绩\n业绩取得时间为2018年1月1日至2022年12月31日。"),
    ("opens-without-closes", "一、时间\n个人申报时间为8月10日至9月15日。"),
    ("opens-without-closes", "一、时间\n个人申报开始时间自发文之日起，截止时间为9月15日。"),
    ("opens-without-closes", "一、要求\n今年起职称申报需先完善个人信息。"),
    ("opens-without-closes", "一、成绩\n2023年12月1日起可查询成绩。"),
    ("deadline-elsewhere", "一、面试\n面试时间另行通知。"),
    ("deadline-elsewhere", "一、时间\n个人申报截止时间为9月15日。"),
    ("year-off-cycle", "一、时间\n个人申报截止时间为2024年1月15日。"),
    ("year-off-cycle", "一、条件\n2001年以后取得学历的可自动提取。"),
    ("last-years", "一、继续教育\n提供近4年（2019-2022年）的继续教育学时证明。"),
    ("last-years", "一、继续教育\n近3年考核合格。公需科目提供2018-2022年度证书。"),
    ("fee-by-reference", "一、费用\n按照浙价费〔2002〕229号文件，评审费每人180元。"),
    ("unbalanced-title", "一、依据\n按照《转发〈职称评审办法〉的通知》执行。"),
    ("annex-missing", "一、材料\n材料要求见附件1、2。" + annexes("材料要求", "申报表")),
    ("annex-missing", "一、材料\n填写附件2第3项。" + annexes("材料要求", "申报表")),
    ("annex-missing", "一、材料\n附件大小不超过5M，上传附件3个。" + annexes("材料要求", "申报表")),
    ("annex-uncited", "一、材料\n材料要求见附件1，填写《申报表》。" + annexes("材料要求", "申报表")),
    ("annex-uncited", "一、材料\n有关表格见附件1-2。" + annexes("材料要求", "申报表")),
    ("annex-uncited", "一、材料\n有关表格见附件。" + annexes("材料要求", "申报表")),
    ("article-order", "一、条件\n符合《职称评价标准》（浙人社发〔2020〕1号）第五条第一、二、四款规定。"),
    ("article-order", "一、条件\n符合《职称评价标准》（浙人社发〔2020〕1号）第十一条或第八条第三款规定。"),
    ("alias-undefined", "一、条件\n符合《某省职称评价条件》（浙人社发〔2020〕1号，以下简称《评价条件》）。\n二、其他\n按《评价条件》第五条执行。"),
    ("alias-undefined", "一、依据\n遵守《劳动合同法》规定。"),
    ("earlier-basis", "一、依据\n根据《某省关于做好2023年度职称评审工作的通知》（浙人社发〔2023〕1号）要求执行。"),
    ("earlier-basis", "一、依据\n根据《某省关于印发职称评价标准（2019年版）的通知》（浙人社发〔2019〕1号）要求执行。"),
    ("value-unused", "一、费用\n评审费每人180元，9月15日前缴纳。"),
    ("value-unused", "一、材料\n2023年度业绩一项，共三页。"),
    ("value-unused", "一、材料\n准考证样张：\n考试时间：____年____月____日9:00"),
]


ELSEWHERE = {
    "date-without-year",  # tested below on a notice that gives no year at all
    "only-ner",  # and "names-cut": tests/test_names.py, which says what the model saw
    "names-cut",
}


def test_every_finding_has_a_fault_and_a_near_miss() -> None:
    messages = (files("pipeline") / "messages.tsv").read_text(encoding="utf-8").splitlines()
    codes = {line.split("\t")[0].removeprefix("finding.") for line in messages if line.startswith("finding.")} - ELSEWHERE
    assert codes == {code for code, *_ in FAULTS} == {code for code, _ in IN_ORDER}


@pytest.mark.parametrize(("code", "text", "quotes"), FAULTS, ids=[code for code, *_ in FAULTS])
def test_a_fault_is_found_with_its_words(code: str, text: str, quotes: list[str]) -> None:
    (found,) = findings(code, text)
    assert len(found.evidence) >= len(quotes)
    assert all(quote in piece.quote for quote, piece in zip(quotes, found.evidence, strict=False))
    assert found.message.endswith("。")


@pytest.mark.parametrize(("code", "text"), IN_ORDER)
def test_text_in_order_has_no_finding(code: str, text: str) -> None:
    assert findings(code, text) == []


def test_an_alias_that_is_not_defined_is_shown_beside_the_title_that_it_may_mean() -> None:
    text = "一、条件\n符合《某省水利专业评价条件》（浙人社发〔2020〕1号）。\n二、其他\n按《评价条件》第五条执行。"
    (found,) = findings("alias-undefined", text)
    assert ["《评价条件》" in found.evidence[0].quote, "某省水利专业评价条件" in found.evidence[1].quote] == [True, True]


def test_a_level_without_a_deadline_of_its_own_is_found() -> None:
    text = (
        "一、时间\n（一）工程师网上申报。个人申报时间为8月10日至9月15日。\n"
        "（二）高级工程师网上申报。个人申报开始时间为2023年8月10日；单位审核截止时间为9月20日。"
    )
    (found,) = findings("opens-without-closes", text, title="关于做好2023年度工程师、高级工程师职称评审工作的通知\n\n")
    assert found.evidence[0].quote == "2023年8月10日"


def test_what_the_reader_could_not_read_is_a_finding() -> None:
    document = read_txt("附件：\n申报时间为5月1日。".encode(), "2023.txt")
    warnings = (
        "read.scan_pages pages=2,5 part=附件 1.pdf",
        "read.set_aside pages=1 text=样本 请勿=外传",
        "read.part_skipped part=附件 2.et code=read.unsupported",
    )
    found = [f for f in build_from_document(document.model_copy(update={"warnings": warnings})).findings if not f.evidence]
    assert [(f.code, f.severity) for f in found] == [("part-skipped", "warning"), ("scan-pages", "warning"), ("set-aside", "note")]
    assert "附件 2.et 未能读出（read.unsupported）" in found[0].message
    assert found[1].message == "附件 1.pdf：第 2,5 页是扫描图，没有文字；请对照原件补充。"
    assert "“样本 请勿=外传”" in found[2].message


def test_a_date_that_no_year_can_be_found_for_is_a_finding_and_no_rule() -> None:
    text = "关于考试的通知\n\n报名时间为4月1日至4月30日。{}\n\n请按时缴费。\n"
    bare, dated = (build_from_bytes(text.format(more).encode(), "notice.txt") for more in ("", "缴费时间为2023年5月1日。"))
    assert [(f.code, f.evidence[0].quote) for f in bare.findings] == [("date-without-year", "4月1日至4月30日")]
    assert not [rule for rule in bare.rules if rule.kind == "date"]
    assert ["date-without-year" in {f.code for f in dated.findings}, {rule.value.at for rule in dated.rules if rule.kind == "date"}] == [
        True,
        {"2023-05-01"},
    ]
