"""The HTML reader: what a browser shows, in paragraphs and cells, and of a site's page the notice alone."""

from pathlib import Path

import pytest

from pipeline.errors import ReadError
from pipeline.readers.html import read_html, read_mhtml
from schemas.document import Document, Span


def read(markup: str, encoding: str = "utf-8") -> Document:
    return read_html(markup.encode(encoding), "通知.html")


def paragraphs(markup: str) -> list[str]:
    document = read(markup)
    return [document.quote(Span(block.start, block.end)) for block in document.blocks]


def grid(markup: str) -> list[tuple[int, int, int, int, str]]:
    document = read(markup)
    (table,) = document.tables
    return [(c.row, c.column, c.rows, c.columns, document.quote(Span(c.start, c.end))) for c in table.cells]


# ---- what is shown


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<p>各有关\n  单位：</p>", ["各有关单位："]),  # a line end between Han characters is no space
        ("<p>Word\n2007 和 WPS</p>", ["Word 2007 和 WPS"]),
        ("<p>　　为做好&nbsp;&nbsp;工作 ，&lt;通知&gt;&#8220;</p>", ["为做好  工作 ，<通知>“"]),
        ("<p>&amp;nbsp;两次转义&amp;amp;nbsp;的</p>", ["两次转义 的"]),
        ("<p>一</p><div>二<p>三</p>四</div>五", ["一", "二", "三", "四", "五"]),
        ("<p>收费<b>每<i>人</i></b><span>280</span>元</p>", ["收费每人280元"]),
        ("<p>留<!-- 注 -->下<?php x ?>来</p>", ["留下来"]),
        ("<p>面积10<sup>4</sup>m<sup>2</sup>，见<sup>[1]</sup>，CO<sub>2</sub></p>", ["面积10⁴m²，见[1]，CO₂"]),
        ("<p><ruby>拼<rp>(</rp><rt>pīn</rt><rp>)</rp></ruby>音</p>", ["拼音"]),
        ("<p>删<del>旧</del><ins>新</ins></p>", ["删新"]),
        ("<p>零\u200b宽\ufeff</p>", ["零宽"]),
        ("<p><input type=checkbox checked>是 <input type=checkbox>否</p>", ["☑是 ☐否"]),
        ("<p><span style='font-family:Wingdings'>o</span>同意</p>", ["☐同意"]),
        ("<pre>a  b\nc</pre>", ["a  b", "c"]),
        ("<p>前</p></body></html><p>后</p></html>", ["前", "后"]),
        ("<p>见 <a href='/x/a.docx'>附件1：推荐表.docx</a></p>", ["见 附件1：推荐表.docx"]),
    ],
)
def test_shown_as_in_a_browser(markup: str, shown: list[str]) -> None:
    assert paragraphs(markup) == shown


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='display: none'>藏</p>",
        "<p style='color:red;VISIBILITY:hidden'>藏</p>",
        "<span style='mso-hide:all'>藏</span>",
        "<div style='opacity:0'>藏</div>",
        "<p hidden>藏</p>",
        "<p class='x y'>藏</p>",
        "<p id=z>藏</p>",
        "<script>藏</script>",
        "<style>藏</style>",
        "<noscript>藏</noscript>",
        "<textarea>藏</textarea>",
        "<select><option>藏</select>",
        "<button>藏</button>",
        "<svg><text>藏</text></svg>",
        "<iframe>藏</iframe>",
    ],
)
def test_hidden_is_out_and_what_follows_stays(hidden: str) -> None:
    style = "<style>/* . */ .y, p#q {display:none} #z{color:red;display:none} @media print {.v{display:none}}</style>"
    assert paragraphs(f"<head>{style}</head><p class=v>前</p>{hidden}后") == ["前", "后"]


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<p>一、时间<br>二、地点<br>三、费用</p>", ["一、时间", "二、地点", "三、费用"]),
        ("<p>各单位：<br>　　现通知如下。<br><br>落款</p>", ["各单位：", "现通知如下。", "落款"]),
        ("<h1>关于开展2023年度<br>职称评审工作的通知</h1>", ["关于开展2023年度\n职称评审工作的通知"]),
        ("<p align=center>关于开展2023年度<br/>职称评审工作的通知</p>", ["关于开展2023年度\n职称评审工作的通知"]),
        ("<p>联系人：张三<br>电话：1234</p>", ["联系人：张三", "电话：1234"]),
        (
            "<p>经研究，现将2023年全市工程技术人员高级职称评审工作<br>有关事项通知如下。</p>",
            ["经研究，现将2023年全市工程技术人员高级职称评审工作\n有关事项通知如下。"],
        ),
    ],
)
def test_line_breaks(markup: str, shown: list[str]) -> None:
    assert paragraphs(markup) == shown


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ("<ol><li>甲<li>乙</ol>", ["1.甲", "2.乙"]),
        ("<ol start=3><li><p>甲</p><p>又</p></li><li value=9>乙</li><li>丙</ol>", ["3.甲", "又", "9.乙", "10.丙"]),
        ("<ol type=I><li>甲<li>乙</ol><ol type=a><li>丙</ol>", ["I.甲", "II.乙", "a.丙"]),
        ("<ol reversed><li>甲<li>乙</ol>", ["2.甲", "1.乙"]),
        ("<ol style='list-style-type:cjk-ideographic'><li>甲<li>乙</ol>", ["一、甲", "二、乙"]),
        ("<ol class='custom_cn2 list-paddingleft-1'><li><p>甲</p></li></ol>", ["（一）甲"]),
        ("<ol style='list-style:none'><li>一、甲</ol>", ["一、甲"]),
        ("<ol><li>甲<ol><li>子</ol><li>乙</ol>", ["1.甲", "1.子", "2.乙"]),
        ("<ol><li></li><li>1.自带</li></ol>", ["2.1.自带"]),
        ("<ol><li>1.自带</li></ol>", ["1.自带"]),
        ("<ul><li>甲</ul>", ["甲"]),
        (
            "<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>（1）<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>甲</p>",
            ["（1）甲"],
        ),
    ],
)
def test_list_numbers_are_written_out(markup: str, shown: list[str]) -> None:
    assert paragraphs(markup) == shown


def test_centred_by_style_by_attribute_and_by_inheritance() -> None:
    document = read("<div style='text-align:center'><p>甲</p><p style='text-align:left'>乙</p></div><center>丙</center><p align=center>丁<p>戊")
    assert [block.centred for block in document.blocks] == [True, False, True, True, False]


# ---- tables


def test_merged_cells_stand_once_at_their_upper_left() -> None:
    markup = "<table border=1><tr><th rowspan=2>级别<th colspan=2>费用<tr><td>理论<br>（元）<td>面试<tr><td>中级<td>180<td></table>"
    assert grid(markup) == [
        (0, 0, 2, 1, "级别"),
        (0, 1, 1, 2, "费用"),
        (1, 1, 1, 1, "理论\n（元）"),
        (1, 2, 1, 1, "面试"),
        (2, 0, 1, 1, "中级"),
        (2, 1, 1, 1, "180"),
        (2, 2, 1, 1, ""),
    ]
    assert read(markup).text == "级别\t费用\n理论\n（元）\t面试\n中级\t180\t"


@pytest.mark.parametrize(
    ("span", "rows"), [("rowspan=99", 2), ("rowspan=0", 2), ("rowspan=-3", 1), ("rowspan=x", 1), ("rowspan=99999999999999999999", 1)]
)
def test_a_cell_reaches_no_further_than_its_table(span: str, rows: int) -> None:
    assert grid(f"<table border=1><tr><td {span}>甲<td>乙<tr><td>丙</table>")[0][2] == rows


def test_a_table_keeps_its_wrappers_caption_and_nested_tables() -> None:
    document = read(
        "<table border=1><caption>表1</caption><thead><tr><td>项目<td>金额</thead><tbody><form><tr><td><p>甲</p><p>乙</p>"
        "<td><table><tr><td>内1<td>内2</table></form></tbody></table>"
    )
    (table,) = document.tables
    assert document.quote(Span(table.start, table.end)) == "项目\t金额\n甲\n乙\t内1\n内2"


@pytest.mark.parametrize(
    "markup",
    [
        "<table><tr><td><p>甲</p><p>乙</p></td></tr></table>",
        "<table><tr><td>甲</td></tr><tr><td>乙</td></tr></table>",
        "<table><tr><td></td><td><table><tr><td>甲</td></tr><tr><td>乙</td></tr></table></td></tr></table>",
    ],
)
def test_a_table_that_lays_out_a_page_is_none(markup: str) -> None:
    document = read(markup)
    assert (document.text, document.tables) == ("甲\n乙", ())


def test_an_empty_table_and_hidden_rows_are_out() -> None:
    assert paragraphs("<p>甲</p><table border=1><tr><td><td></table>") == ["甲"]
    assert grid("<table border=1><tr><td>甲<td>乙<tr style='display:none'><td>藏<td>藏</table>") == [(0, 0, 1, 1, "甲"), (0, 1, 1, 1, "乙")]


# ---- offsets and places


def test_blocks_tables_and_places_cover_the_text() -> None:
    document = read("<p>甲\n乙</p>\n<table border=1><tr>\n<td>丙<td>丁</table>\n<p>戊<br>\n己</p>")
    assert document.text == "甲乙\n丙\t丁\n戊\n己"
    assert "\n".join(document.quote(Span(block.start, block.end)) for block in document.blocks) == document.text
    assert [block.kind for block in document.blocks] == ["paragraph", "table", "paragraph", "paragraph"]
    assert [[place.line for place in block.places] for block in document.blocks] == [[1], [4, 4], [5], [5]]
    assert all(block.start <= place.start < place.end <= block.end for block in document.blocks for place in block.places)


# ---- encodings


@pytest.mark.parametrize("declared", ["gb2312", "GBK", "gb18030", "utf-8", ""])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-8-sig", "utf-16"])
def test_encoding_by_the_bytes_whatever_is_declared(declared: str, encoding: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    document = read(f"<html><head>{meta}</head><body><p>关于开展职称评审工作的通知，〇镕</p></body></html>", encoding)
    assert document.text == "关于开展职称评审工作的通知，〇镕"


def test_an_encoding_that_only_its_declaration_tells() -> None:
    assert read("<meta charset=big5><p>關於開展職稱評審工作的通知</p>", "big5").text == "關於開展職稱評審工作的通知"
    assert read("<meta charset=windows-1252><p>“Fee” – 10 €</p>", "windows-1252").text == "“Fee” – 10 €"


def test_a_bad_byte_costs_a_character_and_is_reported() -> None:
    document = read_html("<p>关于开展职称评审工作的通知</p>\n<p>各有关单位请认真".encode() + b"\xff" + "组织申报</p>".encode(), "x.html")
    assert document.text.startswith("关于开展职称评审工作的通知\n各有关单位请认真")
    assert document.warnings == ("read.bad_bytes encoding=utf-8 lines=2",)


# ---- a site around the notice

NOTICE = (
    "<p>各有关单位：</p><p>　　为做好2023年度职称评审工作，现将有关事项通知如下：</p><p>一、申报时间。2023年5月1日至5月31日，逾期不再受理。</p>"
    "<p>网址：</p><p><a href='http://zc.example.gov.cn/'>http://zc.example.gov.cn/</a></p><p>二、评审费。中级每人180元，高级每人280元。</p>"
    "<p>附件：<a href='/a/1.doc'>1.推荐表</a></p><p>某市人力资源和社会保障局</p><p>2023年4月1日</p>"
)
SHOWN = [
    "各有关单位：",
    "为做好2023年度职称评审工作，现将有关事项通知如下：",
    "一、申报时间。2023年5月1日至5月31日，逾期不再受理。",
    "网址：",
    "http://zc.example.gov.cn/",
    "二、评审费。中级每人180元，高级每人280元。",
    "附件：1.推荐表",
    "某市人力资源和社会保障局",
    "2023年4月1日",
]
TITLE = "关于做好2023年度职称评审工作的通知"
LINKS = "".join(f"<li><a href='/{n}.html'>栏目{n}</a></li>" for n in range(8))
MENU = f"<div class='nav'><ul>{LINKS}</ul></div>"
RELATED = (
    "<h3>相关阅读</h3><ul>" + "".join(f"<li><a href='/{n}'>关于公布第{n}批名单的通知</a><span>[07-0{n}]</span></li>" for n in range(1, 8)) + "</ul>"
)
FOOTER = "<div id='footer'><p>主办单位：某市人力资源和社会保障局　地址：某市某路1号</p><p>版权所有　浙ICP备12345678号</p></div>"
META = "<div class='info'><span>发布时间：2023-04-03 10:00</span> <span>来源：某市人社局</span> <span>浏览次数：123</span> 字体：[大 中 小]</div>"
AROUND = (
    f"<div>当前位置：<a href='/'>首页</a> &gt; <a href='/tz'>通知公告</a></div><div class=article><h1>{TITLE}</h1>{META}"
    f"<div id=zoom>{NOTICE}</div><div>【<a href='javascript:print()'>打印</a>】【<a href='#'>关闭窗口</a>】</div><div>扫一扫在手机打开当前页</div></div>"
)


@pytest.mark.parametrize(
    "body",
    [
        f"{MENU}{AROUND}<div>{RELATED}</div>{FOOTER}",
        f"<nav><ul>{LINKS}</ul></nav><main>{AROUND}</main><aside>{RELATED}</aside><footer>{FOOTER}</footer>",
        f"<table><tr><td>{LINKS}</td></tr><tr><td width=200>{RELATED}</td><td>{AROUND}</td></tr><tr><td>{FOOTER}</td></tr></table>",
        f"{MENU}</div></body></html>{AROUND}{RELATED}{FOOTER}",
        f"{MENU}<div class=top-wrapper><div class=main-header>{AROUND}</div></div>{FOOTER}",
    ],
    ids=["named", "semantic", "tables", "closed early", "misnamed"],
)
def test_the_site_is_cut_away(body: str) -> None:
    assert paragraphs(f"<html><head><title>{TITLE}_通知公告_某市人社局</title></head><body>{body}</body></html>") == [TITLE, *SHOWN]


def test_what_is_named_as_furniture_inside_the_notice_is_kept_unless_it_is_some() -> None:
    share = "<div class=share>分享到：<a href='#'>微信</a> <a href='#'>微博</a></div>"
    notice = NOTICE.replace("<p>二、", f"{share}<div class='notice-head'><p>二、").replace("<p>附件", "</div><p>附件")
    assert paragraphs(f"<title>{TITLE}</title>{MENU}{AROUND.replace(NOTICE, notice)}{FOOTER}") == [TITLE, *SHOWN]


def test_a_title_that_the_notice_prints_itself_stands_once() -> None:
    body = AROUND.replace("<div id=zoom>", "<div id=zoom><p align=center>关于做好2023年度<br>职称评审工作的通知</p>")
    found = paragraphs(f"<title>{TITLE}</title>{MENU}{body}{FOOTER}")
    assert found == ["关于做好2023年度\n职称评审工作的通知", *SHOWN]


def test_attachments_below_the_article_and_the_number_in_the_index_card_stay() -> None:
    card = "<ul><li>索 引 号：330600/2023-1</li><li>发文字号：某人社发〔2023〕12号</li><li>发布机构：某市人社局</li></ul>"
    files = "<div><p>附件下载：</p><ul><li><a href='/f/1.xls'>附件1：汇总表.xls</a></li></ul></div>"
    body = AROUND.replace(META, META + card).replace("<div>【", files + "<div>【")
    found = paragraphs(f"<title>{TITLE}</title>{MENU}{body}{FOOTER}")
    assert "发文字号：某人社发〔2023〕12号" in found
    assert found[-1] == "附件1：汇总表.xls"
    assert not [line for line in found if "浏览" in line or "打印" in line or "栏目" in line]


def test_a_page_without_a_site_is_kept_whole() -> None:
    sections = (
        f"<div class=WordSection1>{NOTICE}</div><div class=WordSection2><table border=1><tr><td>姓名<td>单位</table><p>版权所有者签字</p></div>"
    )
    assert paragraphs(f"<html><body>{sections}</body></html>") == [*SHOWN, "姓名\t单位", "版权所有者签字"]


# ---- files


def test_mhtml() -> None:
    message = (
        'From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/css\r\n\r\np{}\r\n--b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "<p>=CD=A8=D6=AA=A3=BA280=D4=AA</p>\r\n--b--\r\n"
    )
    document = read_mhtml(message.encode(), "通知.mht")
    assert (document.text, document.source.media_type) == ("通知：280元", "multipart/related")
    with pytest.raises(ReadError) as caught:
        read_mhtml(b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n", "x.mht")
    assert caught.value.code == "read.damaged"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "read.empty"),
        (b"<html></html>", "read.no_text"),
        (b"<!-- -->", "read.no_text"),
        (b"<p>&nbsp;</p><script>x</script>", "read.no_text"),
        (b"<div>" * 400_000, "read.too_large"),
        (b"<div>" * 5000 + b"x", "read.too_large"),
        (b"<table border=1><tr>" + b"<td>x" * 250_000, "read.too_long"),
        (b"<p>x" * 50_000, "read.too_long"),
    ],
)
def test_refused(data: bytes, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_html(data, "x.html")
    assert caught.value.code == code


def test_spans_that_would_cover_millions_of_positions_are_refused() -> None:
    wide = "<tr>" + "<td colspan=1000 rowspan=65534>x" * 200
    with pytest.raises(ReadError) as caught:
        read(f"<table border=1>{wide}{'<tr>' * 50_000}</table>")
    assert caught.value.code == "read.too_long"


def test_the_source_names_file_hash_and_reader(tmp_path: Path) -> None:
    source = read("<p>通知</p>").source
    assert (source.file, source.media_type, source.reader, source.pages) == ("通知.html", "text/html", "html", None)
