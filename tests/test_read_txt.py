"""TXT and Markdown → Document: each snippet has the shape of a real notice, its expected paragraphs or cells beside it."""

import hashlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.readers.txt import decode, plausibility, read_txt
from schemas.document import Document, Span

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("*/*.txt"))


def read(text: str) -> Document:
    return read_txt(text.encode(), "通知.txt")


def paragraphs(document: Document) -> list[str]:
    return [document.text[block.start : block.end] for block in document.blocks]


def rows(document: Document, number: int = 0) -> list[list[str]]:
    """The cells of a table as their texts, row by row."""
    found: dict[int, list[str]] = {}
    for cell in document.tables[number].cells:
        found.setdefault(cell.row, []).append(document.text[cell.start : cell.end])
    return [found[row] for row in sorted(found)]


def assert_whole(document: Document) -> None:
    """Blocks tile the text with one line feed between them; places and cells lie inside their block; hashes fit."""
    position = 0
    for block in document.blocks:
        assert block.start == position
        assert block.end > block.start
        assert all(block.start <= place.start < place.end <= block.end for place in block.places)
        assert [place.start for place in block.places] == sorted(place.start for place in block.places)
        position = block.end + 1
        assert document.text[block.end : position] in ("\n", "")
    assert position == len(document.text) + 1
    tables = {(table.start, table.end): table for table in document.tables}
    assert list(tables) == [(block.start, block.end) for block in document.blocks if block.kind == "table"]
    for table in document.tables:
        for cell, after in zip(table.cells, table.cells[1:], strict=False):
            assert document.text[cell.end : after.start] == ("\t" if cell.row == after.row else "\n")
    assert document.source.text_sha256 == hashlib.sha256(document.text.encode()).hexdigest()


# --- source and places ------------------------------------------------------------------------------------------------------------------


def test_source_and_places() -> None:
    data = "\n  一、申报条件  \r\n\n　　根据文件精神，\n\n为做好工作，现通知如下：\n".encode()
    document = read_txt(data, "2023.txt")
    assert document.text == "一、申报条件\n根据文件精神，为做好工作，现通知如下："
    assert document.source.model_dump(exclude_none=True) == {
        "file": "2023.txt",
        "media_type": "text/plain",
        "sha256": hashlib.sha256(data).hexdigest(),
        "text_sha256": hashlib.sha256(document.text.encode()).hexdigest(),
        "reader": "txt",
        "parts": (),
        "made": False,
    }
    assert [(document.text[place.start : place.end], place.line) for block in document.blocks for place in block.places] == [
        ("一、申报条件", 2),
        ("根据文件精神，", 4),
        ("为做好工作，现通知如下：", 6),
    ]
    start = document.text.index("精神，为做好")
    assert [place.line for place in document.places(Span(start, start + 6))] == [4, 6]
    assert_whole(document)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "read.empty"),
        (b"\n \t\r\n", "read.no_text"),
        (b"\xef\xbb\xbf", "read.no_text"),
        ("\u200b\f\n".encode(), "read.no_text"),
        (bytes(range(256)) * 8, "read.binary"),
        (b"\0" * 1000, "read.binary"),
        (b"MZ\x90\0\x03\0\0\0" + bytes(range(32)) * 50, "read.binary"),
        (b"\xff" * 50, "read.encoding"),
        (b"a\n" * 100_001, "read.too_long"),
        (b"\t" * 100_001, "read.too_long"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_txt(data, "x.txt")
    assert (caught.value.code, caught.value.file) == (code, "x.txt")


# --- encodings --------------------------------------------------------------------------------------------------------------------------

NOTICE = (
    "关于开展2023年度职称评审工作的通知\n各有关单位：\n一、个人申报截止时间为8月31日20:00，评审费每人280元。\n网址：https://zcps.rlsbt.zj.gov.cn\n"
)
TRADITIONAL = "關於開展2023年度職稱評審工作的通知\n各有關單位：\n一、個人申報截止時間為8月31日，評審費每人280元，逾期不再受理。\n"
ENCODINGS = ("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends(encoding: str, end: str) -> None:
    document = read_txt(NOTICE.replace("\n", end).encode(encoding), "x.txt")
    assert document.text == NOTICE.strip()
    assert [place.line for block in document.blocks for place in block.places] == [1, 2, 3, 4]
    assert document.warnings == ()


@pytest.mark.parametrize("encoding", ["cp950", "gb18030", "utf-8", "utf-16-be"])
def test_traditional_characters(encoding: str) -> None:
    assert read_txt(TRADITIONAL.encode(encoding), "x.txt").text == TRADITIONAL.strip()


def test_plausibility_tells_big5_from_gb18030() -> None:
    assert plausibility(NOTICE) > 0.6
    assert plausibility(TRADITIONAL.encode("cp950").decode("gb18030", "replace")) < 0.2
    assert plausibility("plain ASCII，、。①") == 1.0


@pytest.mark.parametrize(("encoding", "bad"), [("utf-8", b"\xff"), ("utf-8", "申".encode()[:2]), ("gb18030", b"\xff"), ("utf-8-sig", b"\x80")])
def test_a_bad_byte_costs_one_character_and_names_its_line(encoding: str, bad: bytes) -> None:
    good = NOTICE.encode(encoding)
    place = good.index("一、个人".encode(encoding.removesuffix("-sig")))
    document = read_txt(good[:place] + bad + good[place:], "x.txt")
    assert document.text.replace("\ufffd", "") == NOTICE.strip()
    assert document.warnings == (f"read.bad_bytes encoding={encoding.removesuffix('-sig')} lines=3",)


def test_a_tail_cut_in_mid_character() -> None:
    assert read_txt(NOTICE.strip().encode("utf-16")[:-1], "x.txt").warnings == ("read.bad_bytes encoding=utf-16-le lines=4",)
    assert read_txt("一、申报时间".encode()[:-1], "x.txt").text == "一、申报时\ufffd"


def test_lines_of_two_encodings() -> None:
    data = NOTICE.encode() * 3 + "联系电话：82818137，地址：人力资源大楼。\n".encode("gb18030")
    document = read_txt(data, "x.txt")
    assert document.text.endswith("联系电话：82818137，地址：人力资源大楼。")
    assert document.warnings == ("read.bad_bytes encoding=utf-8 lines=13",)


def test_ascii_is_utf_8_and_a_stray_nul_is_dropped() -> None:
    assert decode(b"plain") == ("plain", "utf-8", ())
    assert read_txt(NOTICE.encode() + b"\0", "x.txt").text == NOTICE.strip()


# --- debris -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[bookmark: _GoBack]×××同志申报材料已公示", ["×××同志申报材料已公示"]),
        ("甲[image: 公章.png]乙", ["甲乙"]),
        ("![](media/image1.png)\n一、总则", ["一、总则"]),
        ("2022年7月25 日\n\n (\n10\n)\n附件1：", ["2022年7月25 日", "附件1："]),
        ("第一段。\n— 10 —\n第二段。\n- 11 -\n第三段。\n第 12 页 共 30 页\n末段。", ["第一段。", "第二段。", "第三段。", "末段。"]),
        ("— 1 —\n首段。", ["首段。"]),
        ("职\u200b称\ufeff评\u00ad审\x07", ["职称评审"]),
        ("上页。\f下页。", ["上页。", "下页。"]),
        ("软回车\u2028后，\v行\x85末\u2029完", ["软回车", "后，行", "末", "完"]),
        ("（1）\n(10)", ["（1）", "(10)"]),  # a list may be printed so: no page number
        ("照片大于215*300（宽*高）像素，见index.jsp#", ["照片大于215*300（宽*高）像素，见index.jsp#"]),
        ("张**，李**，330682********1234", ["张**，李**，330682********1234"]),
        ("张**和李**为公示对象", ["张**和李**为公示对象"]),
        ("我的主页>我的申请书>【遮盖】", ["我的主页>我的申请书>【遮盖】"]),
        ("经对__________的自评表审核", ["经对__________的自评表审核"]),
    ],
)
def test_debris(text: str, expected: list[str]) -> None:
    assert paragraphs(read(text)) == expected


def test_bare_page_numbers_that_run_through_the_file_are_dropped() -> None:
    page = "为做好二〇二三年度全市水利专业工程师任职资格评审工作，现就有关申报事项通\n知如下，请各单位按规定组织实施，并做好宣传。\n" * 6
    document = read("".join(f"{number}\n{page}" for number in (1, 2, 3)))
    assert len(document.blocks) == 18
    assert document.text.count("事项通知如下") == 18
    assert paragraphs(read("1\n甲\n2\n乙\n3\n丙"))[0::2] == ["1", "2", "3"]  # too close to each other: a list


# --- wrapped lines ----------------------------------------------------------------------------------------------------------------------

LONG = "申报人员应按规定提交业绩材料，各单位须认真审核材料的真实性。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据《通知》文件精神，\n\n为做好评审工作，现通知如下：", ["根据《通知》文件精神，为做好评审工作，现通知如下："]),
        (
            f"{LONG}\n（七）纪律要求。凡是发现申报材料中存在冒用他人业绩、 \n伪造继续教育记录、伪造公章及工程业绩证明等职称评审弄虚 \n"
            f"作假行为，当即取消其评审资格，并从次年起 3 年内不得再次申报。" + f"\n{LONG}" * 9,
            [
                LONG,
                "（七）纪律要求。凡是发现申报材料中存在冒用他人业绩、伪造继续教育记录、伪造公章及工程业绩证明等职称评审弄虚作假行为，当即取消其评审资格，并从次年起 3 年内不得再次申报。",
                *[LONG] * 9,
            ],
        ),
        (
            "符合《人力社保局关于贯彻《人力社保厅关于进一步加强高技能人才与专业\n\n《技术人才职业发展贯通的实施办法》的通知》（绍市人社发〔2023〕3号）的，可申报。",
            [
                "符合《人力社保局关于贯彻《人力社保厅关于进一步加强高技能人才与专业《技术人才职业发展贯通的实施办法》的通知》（绍市人社发〔2023〕3号）的，可申报。"
            ],
        ),
        ("持有证书（含预备党员\n）或已列为对象。", ["持有证书（含预备党员）或已列为对象。"]),
        ("一、申报对象\n\n全市专业技术人员。\n二、时间\n8月31日截止", ["一、申报对象", "全市专业技术人员。", "二、时间", "8月31日截止"]),
        ("提交以下材料，\n1.身份证，\n2.学历证书，\n（3）照片", ["提交以下材料，", "1.身份证，", "2.学历证书，", "（3）照片"]),
        (
            "绍兴市生态环境局关于做好2022年度全市\n生态环境工程专业中、\n任职资格评审工作的通知\n各区分局，\n有关单位、部门：\n正文。",
            ["绍兴市生态环境局关于做好2022年度全市", "生态环境工程专业中、", "任职资格评审工作的通知", "各区分局，有关单位、部门：", "正文。"],
        ),
        ("特此通知。\n\n绍兴市生态环境局\n\n2022年8月2日", ["特此通知。", "绍兴市生态环境局", "2022年8月2日"]),
        ("附件：1.推荐表\n2.2023年规定分值\n3.操作指引", ["附件：1.推荐表", "2.2023年规定分值", "3.操作指引"]),
        ("A person may use Microsoft，\nWord 2010", ["A person may use Microsoft，Word 2010"]),
        ("（本通知自\nJanuary\nFirst 起执行）", ["（本通知自January First 起执行）"]),
        ("登录平台（https://zcps.rlsbt\nzj.gov.cn）申报。", ["登录平台（https://zcps.rlsbtzj.gov.cn）申报。"]),
        ("签名：\n年   月   日", ["签名：", "年   月   日"]),
        (
            f"{LONG}\n注：一人一份，同一单位申报人员较多的，不可以罗列全部人员姓名\n\n某同志申报材料已公示，期间无异议。\n{LONG}\n{LONG}\n{LONG}",
            [LONG, "注：一人一份，同一单位申报人员较多的，不可以罗列全部人员姓名", "某同志申报材料已公示，期间无异议。", LONG, LONG, LONG],
        ),
    ],
)
def test_lines_joined_and_lines_kept(text: str, expected: list[str]) -> None:
    document = read(text)
    assert paragraphs(document) == expected
    assert_whole(document)


BODY = [
    "一、申报条件",
    "（一）申报人员应遵守宪法和法律法规，具有良好的职业道德和敬业精神，作风端正，热爱本职工作，认真履行岗位职责，年度考核为合格以上。",
    "（二）大学本科毕业或具备学士学位，从事专业工作满1年；大专毕业，从事专业工作满3年；中专毕业，从事专业工作满5年，可申报助理工程师资格。",
    "二、申报时间",
    "个人申报开始时间为2023年10月11日，截止时间为11月5日20:00；用人单位审核报送，水行政主管部门审核推荐截止日期为11月13日，逾期不再受理。",
    "三、收费标准",
    "根据《关于调整专业技术职务任职资格评审收费标准的通知》（浙价费〔2002〕229号）规定，中级职务评审费每人180元，高级职务评审费每人280元，高级职务推荐费每人150元。",
    "四、其他事项",
    "申报人员对提交的所有材料真实性负责并作出承诺，扫描页面上的二维码，在线签署《专业技术资格申报材料真实性保证书》，字迹要求清晰。签署成功后进入申报页面。",
    "温州市水利局",
    "2023年10月24日",
]


def wrap(paragraph: str, columns: int, indent: str = "") -> list[str]:
    """Lines of at most so many columns; closing punctuation does not begin a line."""
    lines = [indent]
    for character in paragraph:
        if len((lines[-1] + character).encode("gb18030")) > columns and character not in "，。、；：）》”":
            lines.append("")
        lines[-1] += character
    return lines


@pytest.mark.parametrize("columns", [56, 66, 76])
@pytest.mark.parametrize("style", ["indented", "parted", "plain"])
def test_a_wrapped_file_reads_as_the_one_that_is_not(columns: int, style: str) -> None:
    lines = [line for paragraph in BODY for line in (*wrap(paragraph, columns, "　　" if style == "indented" else ""), *[""] * (style == "parted"))]
    assert paragraphs(read("\n".join(lines))) == BODY
    assert paragraphs(read("\n".join(BODY))) == BODY


# --- tables -----------------------------------------------------------------------------------------------------------------------------


def test_flattened_table() -> None:
    document = read(
        "附件2\n规定如下：\n\t专业类别\n\t规定分值\n\n\t技术开发\n\t78.4\n\n\t\n\t专业技术\n岗位总数\n\n\n\t代表性业绩：\n其余4项：\n\t\n\n\t\n\t   \n\n\n注：本表由申报人填写。\n附件3"
    )
    assert rows(document) == [["专业类别", "规定分值"], ["技术开发", "78.4"], ["", "专业技术\n岗位总数"], ["代表性业绩：\n其余4项：", ""], ["", ""]]
    assert [block.kind for block in document.blocks] == ["paragraph", "paragraph", "table", "paragraph", "paragraph"]
    assert paragraphs(document)[-2:] == ["注：本表由申报人填写。", "附件3"]
    assert document.text[document.tables[0].start : document.tables[0].end].startswith("专业类别\t规定分值\n技术开发\t78.4\n\t专业技术\n岗位总数\n")
    assert all((cell.rows, cell.columns) == (1, 1) for cell in document.tables[0].cells)
    start = document.text.index("岗位总数")
    assert [place.line for place in document.places(Span(start, start + 4))] == [11]
    assert_whole(document)


def test_text_without_a_tab_ends_a_table() -> None:
    document = read("\t最终得分\n\t\n\n\n      年  月  日\n\n\t推荐专家1\n\t推荐专家2\n\n\t姓名\n\t\n附件3\n正文。")
    assert [block.kind for block in document.blocks] == ["table", "paragraph", "table", "paragraph", "paragraph"]
    assert rows(document, 1) == [["推荐专家1", "推荐专家2"], ["姓名", ""]]


def test_several_cells_on_a_line() -> None:
    assert rows(read("\t级别\t金额\n\t中级\t180\n")) == [["级别", "金额"], ["中级", "180"]]
    assert rows(read("级别\t评审费\t推荐费\n中级\t180\t\n高级\t280\t150\n")) == [
        ["级别", "评审费", "推荐费"],
        ["中级", "180", ""],
        ["高级", "280", "150"],
    ]
    assert rows(read("\t中级\t高级\n评审费\t180\t280\n")) == [["", "中级", "高级"], ["评审费", "180", "280"]]
    assert rows(read("\t姓名\t单位\n\t张三\n李四\n")) == [["姓名", "单位", "张三\n李四"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\t根据文件精神，现将有关事项通知如下：\n\t一、申报条件应符合评价条件的有关规定要求。\n", 2),
        ("一、\t申报条件\n二、\t申报时间\n", 2),
        ("正文。\n\t\t\t绍兴市生态环境局\n\t\t\t2022年8月2日\n", 3),
        ("正文。\n\t绍兴市生态环境局\n\t2022年8月2日\n", 3),
        ("正文。\n\t\n\t\n又一段。", 2),
        ("5月20日上午\t《笔译实务》", 1),
    ],
)
def test_tabs_that_make_no_table(text: str, expected: int) -> None:
    document = read(text)
    assert document.tables == ()
    assert len(document.blocks) == expected


def test_prose_indented_by_tabs_around_a_table() -> None:
    document = read(
        "\t申报人员须按照本通知规定的时间提交全部材料。\n\n\t级别\n\t金额\n\n\t中级\n\t180\n\n\t以上费用由中评委收取，逾期不缴纳的视为自动放弃。\n"
    )
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph"]
    assert rows(document) == [["级别", "金额"], ["中级", "180"]]


# --- Markdown ---------------------------------------------------------------------------------------------------------------------------


def test_markdown() -> None:
    document = read(
        "# 2022年报名公告\n\n一、**申报**对象\n登录平台（网址：<https://zcps.rlsbt.zj.gov.cn>）申报。\n"
        "见[操作指南](https://a.cn/b)和[https://c.cn](https://c.cn)，大于215*300（宽*高）。\n"
        "- 附件：1. 操作办法\n2. 审核办法\n* 1式2份\n---\n1\\. 转义\n首行<br>次行\n## 附件正文 ##\n末段"
    )
    assert document.source.media_type == "text/markdown"
    assert paragraphs(document) == [
        "2022年报名公告",
        "一、申报对象",
        "登录平台（网址：https://zcps.rlsbt.zj.gov.cn）申报。",
        "见操作指南（https://a.cn/b）和https://c.cn，大于215*300（宽*高）。",
        "附件：1. 操作办法",
        "2. 审核办法",
        "1式2份",
        "1. 转义",
        "首行",
        "次行",
        "附件正文",
        "末段",
    ]


def test_pipe_table() -> None:
    document = read("收费：\n\n| 级别 | **评审费** |\n|:---|---:|\n| 中级 | 180元<br>每人 |\n| 高级\\|副高 |  |\n\n完。")
    assert rows(document) == [["级别", "评审费"], ["中级", "180元\n每人"], ["高级|副高", ""]]
    assert paragraphs(document)[0] == "收费："
    assert paragraphs(document)[-1] == "完。"
    assert_whole(document)


def test_a_heading_is_joined_to_nothing() -> None:
    assert len(read("# 申报人员应当提交的材料，包括，\n身份证，学历证书。").blocks) == 2


def test_plain_text_is_no_markdown() -> None:
    assert read("附件#1\n215*300\n[2019]21号(31)\n- 一项").source.media_type == "text/plain"


# --- a notice on one line ---------------------------------------------------------------------------------------------------------------

FILLER = "申报人员对本人申报材料的真实性负责，按规定要求填写并上传个人签字的承诺书，逾期不予受理。" * 12


def test_one_line_with_blanks_for_line_ends() -> None:
    expected = [
        "一、申报范围",
        f"（一）企事业单位人员。{FILLER}",
        f"（二）二、三级《实务》科目符合第五条第（三）款的。{FILLER}",
        "二、申报程序",
        f"个人申报分为两步：{FILLER}",
        f"特别提醒：{FILLER}",
        "某市人事局 2025年11月21日",
    ]
    document = read(" ".join(expected))
    assert paragraphs(document) == expected
    assert {place.line for block in document.blocks for place in block.places} == {1}
    assert_whole(document)


def test_one_line_without_blanks() -> None:
    expected = [
        f"省财政厅关于继续教育的通知各市财政局:为促进知识更新，{FILLER}现通知如下:",
        f"一、对象范围为会计人员。{FILLER}",
        "二、内容和形式",
        f"(一)内容有:《会计法》、《预算法》。{FILLER}",
        f"(二)形式有两种。{FILLER}",
        "1.网络培训，每年不少于60学分。",
        f"2.面授培训于2021年12月31日前完成，比例为1:1.5。{FILLER}",
    ]
    assert paragraphs(read("".join(expected))) == expected


def test_a_short_line_is_not_split() -> None:
    assert len(read("如下：一、甲。二、乙。 （一）丙。（二）丁。").blocks) == 1


# --- the notices of the corpus ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_corpus_loses_nothing(path: Path) -> None:
    document = read_txt(path.read_bytes(), path.name)
    assert_whole(document)
    assert document.warnings == ()
    printed = path.read_text(encoding="utf-8")
    for debris in ("[bookmark: _GoBack]", " (\n10\n)\n", "<", ">", "\n- "):
        if debris not in "<>" or document.source.media_type == "text/markdown":
            printed = printed.replace(debris, "\n")
    kept = document.text
    if document.source.media_type == "text/markdown":
        kept = kept.replace("<", "").replace(">", "")
    assert "".join(kept.split()) == "".join(printed.split())


# --- properties -------------------------------------------------------------------------------------------------------------------------

HAN = "申报人员应当按照规定提交材料评审工作通知单位职称时间费用"
WORDS = st.text(alphabet=HAN, min_size=1, max_size=30)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(lambda words: "，".join(words) + "。")
PARAGRAPHS = st.one_of(SENTENCES, st.tuples(st.sampled_from(["一、", "（二）", "3.", "附件1："]), WORDS).map("".join))
NOTICES = st.lists(PARAGRAPHS, min_size=1, max_size=25)


@given(NOTICES, st.sampled_from(ENCODINGS), st.sampled_from(["\n", "\r\n", "\n\n", "\u2028"]))
@settings(deadline=None)
def test_paragraph_lines_survive_every_encoding(lines: list[str], encoding: str, end: str) -> None:
    document = read_txt(end.join(lines).encode(encoding), "x.txt")
    assert document.text == "\n".join(lines)
    assert_whole(document)


@given(st.text(alphabet=HAN + "，。：；（）《》“”、 \t\n\u3000|-1234.一二三#*abc", min_size=1, max_size=400))
@settings(deadline=None, max_examples=3000)
def test_nothing_is_lost_and_blocks_tile(text: str) -> None:
    try:
        document = read(text)
    except ReadError as error:
        assert error.code == "read.no_text"
        return
    assert_whole(document)
    if document.source.media_type == "text/plain" and "-" not in text:  # dashes around a number are a page number
        assert "".join(document.text.split()) == "".join(text.split())
    for block in document.blocks:
        for place in block.places:
            assert place.line is not None
            assert 1 <= place.line <= text.count("\n") + 1


@given(NOTICES, st.integers(40, 90), st.booleans())
@settings(deadline=None)
def test_reading_its_own_text_changes_nothing(lines: list[str], columns: int, parted: bool) -> None:
    wrapped = "\n".join("\n".join(wrap(line, columns)) + "\n" * parted for line in lines)
    text = read(wrapped).text
    assert "".join(text.split()) == "".join(wrapped.split())
    assert read(text).text == text


@given(st.binary(min_size=1, max_size=600))
@settings(deadline=None, max_examples=300)
def test_any_bytes_end_in_a_document_or_a_refusal(data: bytes) -> None:
    try:
        assert_whole(read_txt(data, "x.txt"))
    except ReadError as error:
        assert error.code in {"read.no_text", "read.binary", "read.encoding"}
