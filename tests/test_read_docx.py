"""The DOCX reader: what must stay and what must not leak, numbering, tables, offsets, and files that mean harm."""

import io
import random
import zipfile
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from docx.oxml.parser import parse_xml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ReadError
from pipeline.readers import docx_package
from pipeline.readers.docx import read_docx
from pipeline.readers.numbering import Numbering, format_number
from schemas.document import Document, Span

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
)
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LISTED = ("styles", "numbering", "footnotes", "endnotes", "header", "comments")


# ---- making files


def make(body: str, **parts: str) -> bytes:
    """A DOCX from the inner XML of its body and of further parts (styles, numbering, footnotes, endnotes, header, comments)."""
    roots = {"footnotes": "footnotes", "endnotes": "endnotes", "header": "hdr"}
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": relationships(("officeDocument", "word/document.xml")),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": relationships(*((kind, f"{kind}.xml") for kind in parts)),
    }
    for kind, inner in parts.items():
        root = roots.get(kind, kind)
        files[f"word/{kind}.xml"] = f"<w:{root} {NAMESPACES}>{inner}</w:{root}>"
    return package(files)


def relationships(*pairs: tuple[str, str]) -> str:
    entries = "".join(f'<Relationship Id="r{i}" Type="{OFFICE}/{kind}" Target="{target}"/>' for i, (kind, target) in enumerate(pairs))
    return f'<Relationships xmlns="{RELATIONSHIPS}">{entries}</Relationships>'


def package(files: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def read(body: str, **parts: str) -> Document:
    return read_docx(make(body, **parts), "notice.docx")


def run(text: str, look: str = "") -> str:
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inner: str, properties: str = "") -> str:
    """A paragraph; plain text becomes a run."""
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner if inner.startswith('<') or not inner else run(inner)}</w:p>"


def numbered(text: str, num: int = 1, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def style(name: str, inner: str, kind: str = "paragraph", attributes: str = "") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}" {attributes}>{inner}</w:style>'


def level(index: int, number_format: str, text: str, more: str = "", start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{number_format}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def abstract(number: int, *inner: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(inner)}</w:abstractNum>'


def num(number: int, abstract_number: int, inner: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{abstract_number}"/>{inner}</w:num>'


def cell(*paragraphs: str, span: int = 1, merge: str = "", more: str = "") -> str:
    merged = f'<w:vMerge w:val="{merge}"/>' if merge else ""
    inner = "".join(x if x.startswith("<") else p(x) for x in paragraphs) or "<w:p/>"
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merged}{more}</w:tcPr>{inner}</w:tc>'


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr><w:trPr>{properties}</w:trPr>{''.join(cells)}</w:tr>"


def table(*rows: str) -> str:
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(rows)}</w:tbl>"


def control(inner: str, properties: str = "") -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>"


def mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def field(instruction: str, result: str | None = None, begin: str = "") -> str:
    """A complex field; without a result it has no separator either."""
    opening = f'<w:r><w:fldChar w:fldCharType="begin">{begin}</w:fldChar></w:r><w:r><w:instrText>{instruction}</w:instrText></w:r>'
    return opening + (mark("separate") + result if result is not None else "") + mark("end")


def text_box(inner: str) -> str:
    return f"<w:drawing><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></w:drawing>"


def vml_box(inner: str) -> str:
    return f"<w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict>"


def choice(first: str, fallback: str) -> str:
    return f'<mc:AlternateContent><mc:Choice Requires="wps">{first}</mc:Choice><mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>'


# ---- the torture document: items marked 留NN must stand in the text once each, items marked 漏NN nowhere

DELETED_MARK = "<w:rPr><w:del/></w:rPr>"
HIDDEN = "<w:vanish/>"
TORTURE_STYLES = (
    "<w:docDefaults><w:rPrDefault><w:rPr/></w:rPrDefault></w:docDefaults>"
    + style("a", "", attributes='w:default="1"')
    + style("Secret", f"<w:rPr>{HIDDEN}</w:rPr>")
    + style("SecretChild", '<w:basedOn w:val="Secret"/>')
    + style("SecretRun", f"<w:rPr>{HIDDEN}</w:rPr>", kind="character")
    + style("Loop", '<w:basedOn w:val="Loop"/>')
)
TORTURE = "".join(
    [
        p("留01普通段落"),
        p(f"<w:ins>{run('留02插入')}</w:ins><w:del><w:r><w:delText>漏01删除</w:delText></w:r></w:del>"),
        p(f"<w:ins><w:del><w:r><w:delText>漏02插入后删除</w:delText></w:r></w:del>{run('留03')}</w:ins>"),
        p(f"<w:del>{run('漏03删除里的w:t')}</w:del>{run('留04')}"),
        p(f"<w:moveFrom>{run('漏04移走')}</w:moveFrom>{run('留05')}"),
        p(f"<w:moveTo>{run('留06移来')}</w:moveTo>"),
        p("留07段落标记已删", DELETED_MARK),
        p("留08接上段"),
        p("留09普通", "<w:rPr><w:ins/></w:rPr>"),
        p(run("漏05隐藏", HIDDEN) + run("留10")),
        p(run("留11关闭隐藏", '<w:vanish w:val="0"/>')),
        p("漏06样式隐藏", '<w:pStyle w:val="Secret"/>'),
        p("漏07基于隐藏样式", '<w:pStyle w:val="SecretChild"/>'),
        p(run("留12直接取消样式的隐藏", '<w:vanish w:val="false"/>'), '<w:pStyle w:val="Secret"/>'),
        p(run("漏08字符样式隐藏", '<w:rStyle w:val="SecretRun"/>') + run("留13")),
        p(run("留14两层样式相抵", '<w:rStyle w:val="SecretRun"/>'), '<w:pStyle w:val="Secret"/>'),
        p(run("留15网页隐藏不算", "<w:webHidden/>")),
        p(f'<w:hyperlink r:id="rX">{run("留16超链接")}</w:hyperlink>'),
        p(control(run("留17行内控件"), '<w:alias w:val="漏09控件名"/>')),
        control(p("留18块级控件")),
        control(control(p("留19嵌套控件"))),
        p(f'<w:smartTag w:element="date"><w:smartTag>{run("留20智能标记")}</w:smartTag></w:smartTag>'),
        p(f"<w:customXml>{run('留21自定义标记')}</w:customXml>"),
        f"<w:customXml>{p('留22块级自定义标记')}</w:customXml>",
        p(f'<w:fldSimple w:instr="DATE 漏10">{run("留23简单域")}</w:fldSimple>'),
        p(field("HYPERLINK 漏11", run("留24域结果"))),
        p(field("IF 漏12 ", run("留25外层") + field("DATE 漏13", run("留26内层")))),
        p(
            '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF </w:instrText></w:r>'
            + field("MERGEFIELD 漏14", run("漏15指令里的结果"))
            + mark("separate")
            + run("留27条件域")
            + mark("end")
        ),
        p(field("TOC", run("留28目录第一行")).removesuffix(mark("end"))),
        p(f"{run('留29目录第二行')}{mark('end')}"),
        p(f"<w:r><w:ruby><w:rubyPr/><w:rt>{run('漏16注音')}</w:rt><w:rubyBase>{run('留30基文')}</w:rubyBase></w:ruby></w:r>"),
        p(f"<w:r>{choice(text_box(p('留31文本框')), vml_box(p('漏17文本框的后备')))}</w:r>{run('留32框的锚')}"),
        p(f"<w:r>{vml_box(p('留33旧式文本框'))}</w:r>"),
        p(f"<w:r>{text_box(p('留34框一') + p('留35框二'))}</w:r>"),
        p('<w:r><w:pict><v:shape><v:textpath string="留36艺术字"/></v:shape></w:pict></w:r>'),
        p(f"{run('留37')}<w:r><w:br/></w:r>{run('留38软回车')}"),
        p(f"{run('留39')}<w:r><w:tab/></w:r>{run('留40制表')}"),
        p(f"{run('留41')}<w:r><w:noBreakHyphen/></w:r>{run('连字符')}<w:r><w:softHyphen/></w:r>{run('软连字')}"),
        p('<w:r><w:br w:type="page"/><w:lastRenderedPageBreak/></w:r>' + run("留42分页之后")),
        p(run("留43") + '<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>' + run("未选")),
        p(run("留44") + '<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>' + run("已选")),
        p(run("留45") + '<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>' + run("已选")),
        p(run("留46") + run("R£", '<w:rFonts w:ascii="Wingdings 2" w:hAnsi="Wingdings 2"/>') + run("字体框")),
        p(control(run("☒"), '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>') + run("留47")),
        p(control(run("☐"), '<w14:checkbox><w14:checked w14:val="0"/></w14:checkbox>') + run("留48")),
        p(field("FORMCHECKBOX", None, "<w:ffData><w:checkBox><w:default w:val='1'/></w:checkBox></w:ffData>") + run("留49旧式复选框")),
        p(field(r"eq \o\ac(○,3)") + run("留50带圈字符")),
        p(run("留51") + "<m:oMath><m:f><m:num><m:r><m:t>a</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f></m:oMath>"),
        p(
            run("留52脚注")
            + '<w:r><w:footnoteReference w:id="2"/></w:r>'
            + run("引用", "")
            + '<w:r><w:rPr><w:vanish/></w:rPr><w:footnoteReference w:id="3"/></w:r>'
        ),
        p(run("留53尾注") + '<w:r><w:endnoteReference w:id="2"/></w:r>'),
        '<w:altChunk r:id="rX"/>',
        p(run("留54批注") + '<w:r><w:commentReference w:id="1"/></w:r>'),
        p("留55改过格式", "<w:pPrChange><w:pPr><w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr></w:pPr></w:pPrChange>"),
        numbered("留56自动编号"),
        p("留57编号关闭", "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='0'/></w:numPr>"),
        table(
            row(cell("留58表"), cell(p("留59段一"), p("留60段二"))),
            row(cell("漏18删除的行"), properties="<w:del/>"),
            row(cell("留61横并", span=2)),
            row(cell("漏19删除的格", more="<w:cellDel/>"), cell("留62")),
            row(cell(p("留63外"), table(row(cell("留64嵌套"), cell("留65嵌套"))), p("留66外后"))),
            control(row(control(cell("留67控件里的行与格")))),
            row(cell(p(f"{run('留68格内框')}<w:r>{choice(text_box(p('留69格内文本框')), vml_box(p('漏20')))}</w:r>"))),
        ),
        choice(p("留70块级选择"), p("漏21块级后备")),
        p("<!--漏22注释--><?pi 漏23?>" + run("留71")),
        p("<w:bdo>" + run("留72双向") + "</w:bdo>"),
        p("留73循环样式", '<w:pStyle w:val="Loop"/>'),
        "<w:p><w:r><w:t> 留74不保留外空格 </w:t></w:r><w:r><w:t>甲</w:t></w:r></w:p>",
        p(
            field(
                "FORMDROPDOWN",
                None,
                "<w:ffData><w:ddList><w:result w:val='1'/><w:listEntry w:val='漏24'/><w:listEntry w:val='留75'/></w:ddList></w:ffData>",
            )
        ),
        "<w:sectPr><w:headerReference r:id='r4'/></w:sectPr>",
    ]
)
TORTURE_PARTS = {
    "styles": TORTURE_STYLES,
    "numbering": abstract(0, level(0, "chineseCounting", "%1、")) + num(1, 0),
    "footnotes": '<w:footnote w:type="separator" w:id="0"><w:p><w:r><w:t>漏31</w:t></w:r></w:p></w:footnote>'
    + f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/></w:r>{run(" 留81脚注文字")}</w:p>{p("留82脚注次段")}</w:footnote>'
    + f'<w:footnote w:id="3">{p("漏32引用已隐藏的脚注")}</w:footnote>',
    "endnotes": f'<w:endnote w:id="2">{p("留83尾注文字")}</w:endnote>',
    "header": p("漏33页眉"),
    "comments": f'<w:comment w:id="1">{p("漏34批注")}</w:comment>',
}


@pytest.fixture(scope="module")
def torture() -> Document:
    return read(TORTURE, **TORTURE_PARTS)


def test_torture_keeps_every_item_once(torture: Document) -> None:
    kept = [f"留{number:02d}" for number in (*range(1, 76), 81, 82, 83)]
    assert {item: torture.text.count(item) for item in kept} == dict.fromkeys(kept, 1)


def test_torture_leaks_nothing(torture: Document) -> None:
    assert "漏" not in torture.text


@pytest.mark.parametrize(
    "line",
    [
        "留02插入",
        "留07段落标记已删留08接上段",
        "留25外层留26内层",
        "留37\n留38软回车",
        "留39\t留40制表",
        "留41-连字符软连字",
        "留43☐未选",
        "留44☑已选",
        "留45☑已选",
        "留46☑☐字体框",
        "☑留47",
        "☐留48",
        "☑留49旧式复选框",
        "③留50带圈字符",
        "留51a/b",
        "留52脚注引用",
        "留55改过格式",
        "一、留56自动编号",
        "留57编号关闭",
        "留58表\t留59段一\n留60段二",
        "留63外\n留64嵌套\n留65嵌套\n留66外后",
        "留68格内框\n留69格内文本框",
        "留74不保留外空格甲",
    ],
)
def test_torture_lines(torture: Document, line: str) -> None:
    assert f"\n{line}\n" in f"\n{torture.text}\n"


def test_text_boxes_follow_their_paragraph(torture: Document) -> None:
    assert "留32框的锚\n留31文本框\n留33旧式文本框\n留34框一\n留35框二\n留36艺术字\n留37" in torture.text


def test_notes_stand_at_the_end(torture: Document) -> None:
    notes = [block for block in torture.blocks if block.kind == "note"]
    assert [torture.text[block.start : block.end] for block in notes] == ["留81脚注文字", "留82脚注次段", "留83尾注文字"]
    assert notes == list(torture.blocks[-3:])
    assert [(block.places[0].part, block.places[0].paragraph) for block in notes] == [
        ("word/footnotes.xml", 1),
        ("word/footnotes.xml", 2),
        ("word/endnotes.xml", 0),
    ]


# ---- offsets


def check_offsets(document: Document) -> None:
    """Blocks tile the text, one line feed apart; cells lie in their table; places lie in their block."""
    end = -1
    for block in document.blocks:
        assert block.start == end + 1 and block.end > block.start
        end = block.end
        assert all(block.start <= place.start < place.end <= block.end for place in block.places)
        if block.kind != "table":
            text = document.text[block.start : block.end]
            assert text == text.strip() and "\n\n" not in text
    assert end == len(document.text)
    assert [(table.start, table.end) for table in document.tables] == [(b.start, b.end) for b in document.blocks if b.kind == "table"]
    for found in document.tables:
        check_table(document, found.start, found.end, [(c.start, c.end, c.row) for c in found.cells])


def check_table(document: Document, start: int, end: int, cells: list[tuple[int, int, int]]) -> None:
    """Cells joined by a tab in a row and by a line feed between rows are the whole table."""
    pieces = [document.text[cells[0][0] : cells[0][1]]]
    for (_, _, before), (first, last, line) in pairwise(cells):
        pieces += ["\t" if line == before else "\n", document.text[first:last]]
    assert "".join(pieces) == document.text[start:end]


def test_torture_offsets(torture: Document) -> None:
    check_offsets(torture)


def test_places_name_the_paragraph_of_the_body() -> None:
    document = read(p("甲") + p("") + p("乙", DELETED_MARK) + p(" 丙丁 ") + table(row(cell("戊"), cell("己"))))
    quotes = [(document.text[x.start : x.end], x.part, x.paragraph) for block in document.blocks for x in block.places]
    part = "word/document.xml"
    assert quotes == [("甲", part, 0), ("乙", part, 2), (" 丙丁", part, 3), ("戊", part, 4), ("己", part, 5)]
    assert [place.paragraph for place in document.places(Span(2, 4))] == [2, 3]


simple_texts = st.text("甲乙 \t丙，12（）", max_size=8)


@given(st.lists(st.one_of(simple_texts, st.lists(st.lists(simple_texts, min_size=1, max_size=3), min_size=1, max_size=3)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_offsets_hold_for_any_layout(items: list[str | list[list[str]]]) -> None:
    body = p("题") + "".join(p(x) if isinstance(x, str) else table(*(row(*map(cell, line)) for line in x)) for x in items)
    document = read(body)
    check_offsets(document)
    texts = [x.strip() for x in _strings(items)]
    for found in document.tables:
        assert all(document.text[c.start : c.end] in texts for c in found.cells)


def _strings(items: Iterable[object]) -> Iterable[str]:
    for item in items:
        if isinstance(item, str):
            yield item
        elif isinstance(item, list):
            yield from _strings(item)


# ---- tables


def extents(document: Document, index: int = 0) -> dict[str, tuple[int, int, int, int]]:
    return {document.text[c.start : c.end]: (c.row, c.column, c.rows, c.columns) for c in document.tables[index].cells}


def test_merged_cells_stand_once_with_their_extent() -> None:
    document = read(
        table(
            row(cell("甲", merge="restart"), cell("乙", span=2)),
            row(cell("", merge="continue"), cell("丙"), cell("丁", merge="restart")),
            row(cell("", merge="continue"), cell("戊"), cell("漏", merge="continue")),
        )
    )
    assert extents(document) == {"甲": (0, 0, 3, 1), "乙": (0, 1, 1, 2), "丙": (1, 1, 1, 1), "丁": (1, 2, 2, 1), "戊": (2, 1, 1, 1)}
    assert document.text == "甲\t乙\n丙\t丁\n戊"
    check_offsets(document)


def test_equal_texts_are_not_merged() -> None:
    assert len(read(table(row(cell("同"), cell("同")), row(cell("同"), cell("同")))).tables[0].cells) == 4


def test_rows_that_begin_further_right_and_old_horizontal_merges() -> None:
    document = read(
        table(
            row(cell("甲"), cell("乙"), cell("丙")),
            row(cell("丁"), properties='<w:gridBefore w:val="2"/>'),
            row(cell("戊", more='<w:hMerge w:val="restart"/>'), cell("", more="<w:hMerge/>"), cell("己")),
        )
    )
    assert extents(document)["丁"] == (1, 2, 1, 1)
    assert extents(document)["戊"] == (2, 0, 1, 2) and extents(document)["己"] == (2, 2, 1, 1)


def test_old_merges_in_both_directions() -> None:
    wide = '<w:hMerge w:val="restart"/>'
    rows = [
        row(cell(text, merge=merge, more=wide), cell(merge=merge, more="<w:hMerge/>"), cell("乙"))
        for text, merge in (("甲", "restart"), ("", "continue"))
    ]
    assert extents(read(table(*rows)))["甲"] == (0, 0, 2, 2)


def test_a_row_that_only_continues_others_counts_but_has_no_line() -> None:
    document = read(
        table(
            row(cell("甲", merge="restart"), cell("乙", merge="restart")),
            row(cell(merge="continue"), cell(merge="continue")),
            row(cell("丙"), cell("丁")),
        )
    )
    assert document.text == "甲\t乙\n丙\t丁"
    assert extents(document)["丙"] == (2, 0, 1, 1)


def test_a_merge_whose_first_row_was_deleted_begins_in_the_next() -> None:
    document = read(table(row(cell("漏", merge="restart"), properties="<w:del/>"), row(cell("甲", merge="continue")), row(cell(merge="continue"))))
    assert extents(document) == {"甲": (0, 0, 2, 1)}


def test_empty_cells_keep_their_place_and_empty_tables_vanish() -> None:
    document = read(p("前") + table(row(cell(), cell())) + table(row(cell(), cell("甲")), row(cell("乙"), cell())))
    assert document.text == "前\n\t甲\n乙\t"
    check_offsets(document)


def test_numbered_cells_without_text_keep_their_number() -> None:
    document = read(table(*(row(cell(numbered("")), cell(name)) for name in "甲乙")), numbering=abstract(0, level(0, "decimal", "%1")) + num(1, 0))
    assert document.text == "1\t甲\n2\t乙"
    assert document.blocks[0].places[0].paragraph == 0


# ---- paragraphs


def test_a_hidden_paragraph_mark_runs_on_and_does_not_count() -> None:
    hidden_mark = "<w:rPr><w:vanish/></w:rPr>"
    list_one = "<w:numPr><w:ilvl w:val='0'/><w:numId w:val='1'/></w:numPr>"
    body = (
        p(run("漏", HIDDEN), list_one + hidden_mark)
        + numbered("甲")
        + p("乙", list_one + hidden_mark)
        + p("接")
        + p("删", list_one + DELETED_MARK)
        + p("丙")
    )
    assert read(body, numbering=abstract(0, level(0, "decimal", "%1.")) + num(1, 0)).text == "1.甲\n2.乙接\n删丙"


def test_breaks_part_lines_and_leave_no_empty_ones() -> None:
    body = p(f'{run("甲 ")}<w:r><w:br/><w:br/></w:r>{run("　乙")}<w:r><w:br w:type="page"/></w:r>{run("丙")}<w:r><w:cr/></w:r>')
    assert read(body).text == "甲\n乙\n丙"


def test_centred_is_direct_or_from_the_style() -> None:
    styles = style("Title", '<w:pPr><w:jc w:val="center"/></w:pPr>') + style("Sub", '<w:basedOn w:val="Title"/>')
    body = p("甲", '<w:jc w:val="center"/>') + p("乙", '<w:pStyle w:val="Sub"/>') + p("丙", '<w:pStyle w:val="Sub"/><w:jc w:val="left"/>') + p("丁")
    assert [block.centred for block in read(body, styles=styles).blocks] == [True, True, False, False]


def test_a_field_that_never_ends_swallows_nothing() -> None:
    assert read(p(mark("begin") + "<w:r><w:instrText>漏</w:instrText></w:r>" + run("甲")) + p("乙")).text == "甲\n乙"


@pytest.mark.parametrize(
    ("instruction", "shown"),
    [
        (r"eq \o\ac(○,12)", "⑫"),
        (r"EQ \o\ac(□,√)", "☑"),
        (r"EQ \* jc2 \* hps10 \o\ad(\s\up 9(pīn),拼)", "拼"),
        (r"SYMBOL 168 \f Wingdings \s 12", "☐"),
        ("PAGE", ""),
    ],
)
def test_fields_without_a_result(instruction: str, shown: str) -> None:
    assert read(p(run("前") + field(instruction) + run("后"))).text == f"前{shown}后"


def test_symbol_font_over_private_characters() -> None:
    look = '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'
    assert read(p(run("\uf0b3", look) + run("60学时") + run("\uf0a8", '<w:rFonts w:ascii="Wingdings"/>'))).text == "≥60学时☐"


# ---- numbering


@pytest.mark.parametrize(
    ("number_format", "numbers"),
    [
        ("decimal", {1: "1", 12: "12"}),
        ("decimalZero", {1: "01", 9: "09", 10: "10"}),
        ("decimalFullWidth", {1: "１", 10: "１０"}),
        ("decimalFullWidth2", {25: "２５"}),
        ("decimalHalfWidth", {7: "7"}),
        ("decimalEnclosedCircle", {1: "①", 20: "⑳", 21: "21"}),
        ("decimalEnclosedCircleChinese", {1: "①", 10: "⑩"}),
        ("decimalEnclosedParen", {1: "⑴", 20: "⒇"}),
        ("decimalEnclosedFullstop", {1: "⒈", 20: "⒛"}),
        ("upperRoman", {1: "I", 4: "IV", 9: "IX", 14: "XIV", 40: "XL", 1994: "MCMXCIV"}),
        ("lowerRoman", {3: "iii", 88: "lxxxviii"}),
        ("upperLetter", {1: "A", 26: "Z", 27: "AA", 53: "AAA"}),
        ("lowerLetter", {2: "b", 28: "bb"}),
        ("chineseCounting", {1: "一", 10: "十", 11: "十一", 20: "二十", 99: "九十九", 100: "一○○", 105: "一○五"}),
        (
            "chineseCountingThousand",
            {10: "十", 15: "十五", 21: "二十一", 100: "一百", 101: "一百零一", 110: "一百一十", 1010: "一千零一十", 10001: "一万零一"},
        ),
        ("chineseLegalSimplified", {1: "壹", 3: "叁", 10: "壹拾", 12: "壹拾贰", 206: "贰佰零陆"}),
        ("taiwaneseCounting", {12: "十二"}),
        ("taiwaneseCountingThousand", {10: "十", 101: "一百零一"}),
        ("ideographDigital", {1: "一", 10: "一〇", 21: "二一"}),
        ("ideographLegalTraditional", {2: "貳", 11: "壹拾壹"}),
        ("ideographTraditional", {1: "甲", 10: "癸", 11: "11"}),
        ("ideographZodiac", {1: "子", 12: "亥", 13: "13"}),
        ("ideographZodiacTraditional", {1: "甲子", 11: "甲戌", 60: "癸亥"}),
        ("ideographEnclosedCircle", {1: "㊀", 10: "㊉", 11: "11"}),
        ("japaneseCounting", {10: "十", 100: "百", 101: "百一", 111: "百十一"}),
        ("japaneseDigitalTenThousand", {10: "一〇"}),
        ("koreanDigital", {10: "일영"}),
        ("numberInDash", {3: "- 3 -"}),
        ("ordinal", {1: "1st", 12: "12th", 23: "23rd"}),
        ("none", {1: "", 0: ""}),
        ("001", {7: "007", 1234: "1234"}),
        ("hebrew1", {5: "5"}),
        ("lowerLetter", {0: "0", 10**8: "100000000"}),
    ],
)
def test_number_formats(number_format: str, numbers: dict[int, str]) -> None:
    assert {number: format_number(number, number_format) for number in numbers} == numbers


def labels(numbering: str, *calls: tuple[str, int]) -> list[str]:
    """The numbers of paragraphs given as (list, level)."""
    lists = Numbering(parse_xml(f"<w:numbering {NAMESPACES}>{numbering}</w:numbering>"), {"ListStyle": "7"}.get)
    return [lists.label(num_id, index) for num_id, index in calls]


OUTLINE = abstract(
    0, level(0, "chineseCounting", "%1、"), level(1, "chineseCounting", "（%2）"), level(2, "decimal", "%3."), level(3, "decimal", "%3.%4")
)


def test_levels_begin_again_below_a_higher_one() -> None:
    calls = [("1", 0), ("1", 1), ("1", 1), ("1", 2), ("1", 3), ("1", 3), ("1", 1), ("1", 2), ("1", 0), ("1", 1)]
    assert labels(OUTLINE + num(1, 0), *calls) == ["一、", "（一）", "（二）", "1.", "1.1", "1.2", "（三）", "1.", "二、", "（一）"]


def test_lists_of_one_abstract_share_its_counter() -> None:
    assert labels(OUTLINE + num(1, 0) + num(2, 0), ("1", 0), ("2", 0), ("1", 0)) == ["一、", "二、", "三、"]


def test_start_override_holds_at_the_first_use_only() -> None:
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    calls = [("1", 0), ("1", 0), ("2", 0), ("2", 0), ("1", 0), ("2", 0)]
    assert labels(OUTLINE + num(1, 0) + num(2, 0, override), *calls) == ["一、", "二、", "一、", "二、", "三、", "四、"]


def test_level_override_replaces_the_level() -> None:
    override = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1.")}</w:lvlOverride>'
    assert labels(OUTLINE + num(1, 0) + num(2, 0, override), ("1", 0), ("2", 0)) == ["一、", "II."]


def test_level_restart() -> None:
    never = abstract(0, level(0, "decimal", "%1"), level(1, "decimal", "%2", '<w:lvlRestart w:val="0"/>'))
    assert labels(never + num(1, 0), ("1", 0), ("1", 1), ("1", 0), ("1", 1)) == ["1", "1", "2", "2"]
    top_only = abstract(0, level(0, "decimal", "%1"), level(1, "decimal", "%2"), level(2, "decimal", "%3", '<w:lvlRestart w:val="1"/>'))
    calls = [("1", 0), ("1", 1), ("1", 2), ("1", 1), ("1", 2), ("1", 0), ("1", 2)]
    assert labels(top_only + num(1, 0), *calls) == ["1", "1", "1", "2", "2", "2", "1"]


def test_legal_levels_are_decimal_throughout() -> None:
    legal = abstract(0, level(0, "chineseCounting", "第%1章"), level(1, "decimal", "%1.%2", "<w:isLgl/>"))
    assert labels(legal + num(1, 0), ("1", 0), ("1", 1)) == ["第一章", "1.1"]


def test_a_level_used_before_its_parent_counts_the_parent_as_begun() -> None:
    """Microsoft's article Q110380; LibreOffice does the same."""
    both = abstract(0, level(0, "decimal", "%1."), level(1, "decimal", "%1.%2"))
    assert labels(both + num(1, 0), ("1", 1), ("1", 1), ("1", 0), ("1", 1)) == ["1.1", "1.2", "2.", "2.1"]


def test_starts_suffixes_and_missing_things() -> None:
    spaced = abstract(0, level(0, "decimal", "%1. ", '<w:suff w:val="space"/>', start=5), level(1, "none", "附："), level(2, "decimal", "%9%3"))
    assert labels(spaced + num(1, 0), ("1", 0), ("1", 1), ("1", 2), ("1", 8), ("9", 0)) == ["5. ", "附：", "1", "", ""]


def test_bullets() -> None:
    look = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    bullets = abstract(
        0,
        level(0, "bullet", "\uf06c", look),
        level(1, "bullet", "●"),
        level(2, "bullet", "\uf0ff"),
        level(3, "bullet", "", '<w:lvlPicBulletId w:val="0"/>'),
    )
    assert labels(bullets + num(1, 0), ("1", 0), ("1", 1), ("1", 2), ("1", 3)) == ["●", "●", "•", "•"]


def test_list_styles_are_followed_and_loops_are_not() -> None:
    linked = abstract(0, '<w:numStyleLink w:val="ListStyle"/>') + abstract(1, '<w:styleLink w:val="ListStyle"/>', level(0, "decimal", "%1）"))
    assert labels(linked + num(1, 0) + num(7, 1), ("1", 0), ("7", 0)) == ["1）", "2）"]
    looped = abstract(0, '<w:numStyleLink w:val="ListStyle"/>')
    assert labels(looped + num(7, 0), ("7", 0)) == [""]


def test_custom_formats() -> None:
    custom = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><mc:AlternateContent><mc:Choice Requires="w14"><w:numFmt w:val="custom" w:format="{}"/></mc:Choice>'
        '<mc:Fallback><w:numFmt w:val="upperLetter"/></mc:Fallback></mc:AlternateContent><w:lvlText w:val="%1"/></w:lvl>'
    )
    assert labels(abstract(0, custom.format("001, 002, 003, ...")) + num(1, 0), ("1", 0)) == ["001"]
    assert labels(abstract(0, custom.format("α, β, ...")) + num(1, 0), ("1", 0)) == ["A"]


STYLED = abstract(0, level(0, "chineseCounting", "%1、", '<w:pStyle w:val="H1"/>'), level(1, "chineseCounting", "（%2）", '<w:pStyle w:val="H2"/>'))
HEADINGS = (
    style("H1", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>')
    + style("H2", '<w:basedOn w:val="H1"/><w:pPr><w:numPr><w:ilvl w:val="1"/></w:numPr></w:pPr>')
    + style("H1Child", '<w:basedOn w:val="H1"/>')
    + style("Off", '<w:basedOn w:val="H1"/><w:pPr><w:numPr><w:numId w:val="0"/></w:numPr></w:pPr>')
)


def test_numbering_from_styles() -> None:
    off = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr>'
    names = ["H1", "H2", "H2", "H1Child", "Off", "H1", "Unknown"]
    body = "".join(p("文", f'<w:pStyle w:val="{name}"/>{off if i == 5 else ""}') for i, name in enumerate(names))
    assert read(body, styles=HEADINGS, numbering=STYLED + num(1, 0)).text.split("\n") == [
        "一、文",
        "（一）文",
        "（二）文",
        "二、文",
        "文",
        "文",
        "文",
    ]


def test_a_paragraph_that_its_style_hides_does_not_count() -> None:
    styles = style("Gone", "<w:rPr><w:vanish/></w:rPr>")
    hidden = p("漏", '<w:pStyle w:val="Gone"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    assert read(numbered("甲") + hidden + numbered("乙"), styles=styles, numbering=STYLED + num(1, 0)).text == "一、甲\n二、乙"


def test_default_style_numbers_paragraphs_without_a_style() -> None:
    styles = style("Normal", '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>', attributes='w:default="1"')
    assert read(p("甲") + p("　乙"), styles=styles, numbering=STYLED + num(1, 0)).text == "一、甲\n二、乙"


# ---- the package


def code(data: bytes) -> str:
    with pytest.raises(ReadError) as caught:
        read_docx(data, "notice.docx")
    assert caught.value.file == "notice.docx"
    return caught.value.code


GOOD = make(p("正文"))


def test_source() -> None:
    source = read_docx(GOOD, "notice.docx").source
    assert (source.file, source.reader, source.pages, len(source.sha256), len(source.text_sha256)) == ("notice.docx", "docx", None, 64, 64)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "read.empty"),
        (GOOD[: len(GOOD) // 2], "read.truncated"),
        (GOOD[:-30], "read.truncated"),
        (GOOD[:3], "read.truncated"),
        (b"%PDF-1.7 not a zip", "read.not_docx"),
        ("职称评审通知".encode(), "read.not_docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "read.encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le"), "read.not_docx"),
        (package({"a.txt": "x"}), "read.not_docx"),
        (GOOD.replace(b"PK\x01\x02", b"PK\x01\x03"), "read.damaged"),
        (package({"_rels/.rels": relationships(("officeDocument", "xl/workbook.xml")), "xl/workbook.xml": "<workbook/>"}), "read.not_docx"),
        (make("<w:p/>"), "read.no_text"),
        (package({"word/document.xml": f"<w:document {NAMESPACES}/>"}), "read.no_text"),
        (package({"word/document.xml": f"<w:document {NAMESPACES}><w:body>"}), "read.damaged"),
        (package({"word/document.xml": f"<w:document {NAMESPACES}/>"}, zipfile.ZIP_LZMA), "read.damaged"),
        (make(p("一") * 10, styles="<w:style"), "read.damaged"),
    ],
)
def test_bad_files(data: bytes, expected: str) -> None:
    assert code(data) == expected


def test_damaged_and_encrypted_parts() -> None:
    stored = package({"word/document.xml": f"<w:document {NAMESPACES}><w:body>{p('正文')}</w:body></w:document>"}, zipfile.ZIP_STORED)
    assert code(stored.replace("正文".encode(), "反文".encode(), 1)) == "read.damaged"  # the checksum no longer holds
    locked = bytearray(stored)
    locked[stored.index(b"PK\x01\x02") + 8] |= 1
    assert code(bytes(locked)) == "read.encrypted"


def test_entities_are_refused() -> None:
    bomb = '<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9))
    for doctype, entity in ((f"<!DOCTYPE x [{bomb}]>", "&j;"), ('<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>', "&e;")):
        xml = f"{doctype}<w:document {NAMESPACES}><w:body><w:p><w:r><w:t>{entity}</w:t></w:r></w:p></w:body></w:document>"
        assert code(package({"word/document.xml": xml})) == "read.damaged"
        assert code(package({"word/document.xml": xml.encode("utf-16")})) in ("read.damaged", "read.too_large", "read.no_text")


def test_bombs_are_refused_from_the_directory() -> None:
    assert code(make(p("正文") + " " * (4 * 2**20))) == "read.too_large"  # ratio
    noise = random.Random(0).randbytes(docx_package.MAX_PART // 2 + 1).hex()
    assert code(make(p(noise))) == "read.too_large"  # size
    assert code(make("<w:p/>" * (docx_package.MAX_ELEMENTS + 1))) == "read.too_large"
    assert code(package({f"word/{i}": "" for i in range(docx_package.MAX_PARTS + 1)} | {"word/document.xml": "<x/>"})) == "read.too_large"


def test_a_directory_that_lies_does_not_inflate_more_than_it_declares() -> None:
    bomb = make(p("正文") + " " * (64 * 2**20))
    entry = bomb.rindex(b"PK\x01\x02", 0, bomb.rindex(b"word/document.xml"))
    lying = bytearray(bomb)
    lying[entry + 24 : entry + 28] = (5000).to_bytes(4, "little")
    assert code(bytes(lying)) == "read.damaged"


def test_deep_nesting() -> None:
    assert code(make("<w:sdt>" * 2000 + "</w:sdt>" * 2000)) == "read.too_large"
    nested = p("底")
    for _ in range(60):
        nested = table(row(cell(nested, p("层"))))
    assert read(nested).text.startswith("底\n层")
    for name in ("w:hyperlink", "w:sdt", "w:unknown"):
        assert read(p(f"<{name}>" * 240 + run("底") + f"</{name}>" * 240)).text == "底"
    inner = p("底")
    for _ in range(40):
        inner = p(f"<w:r>{text_box(inner)}</w:r>")
    assert read(inner).text == "底"


def test_spans_and_numbers_out_of_bounds() -> None:
    wild = table(row(cell("甲", span=10**8), cell("乙")), row(cell("丙"), properties='<w:gridBefore w:val="-5"/>'))
    document = read(
        wild + numbered("丁", level=99) + numbered("戊") + p("己", "<w:numPr><w:ilvl w:val='x'/><w:numId w:val='1'/></w:numPr>"),
        numbering=abstract(0, level(0, "lowerLetter", "%1" * 5000, start=999_999_999)) + num(1, 0),
    )
    assert document.tables[0].width <= 2001
    assert len(document.text) < 5000


def test_too_many_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.readers.docx.MAX_CELLS", 50)
    assert code(make(table(row(*(cell("甲") for _ in range(51)))))) == "read.too_large"


def test_package_quirks_are_tolerated() -> None:
    assert read_docx(GOOD + b"\0" * 100_000, "notice.docx").text == "正文"  # trailing bytes
    assert read_docx(b"junk" * 10 + GOOD, "notice.docx").text == "正文"
    xml = f"<w:document {NAMESPACES}><w:body>{p('正文')}</w:body></w:document>"
    assert read_docx(package({"word/document.xml": xml}), "notice.docx").text == "正文"  # no relationships at all
    rels = relationships(("officeDocument", "/WORD/document2.xml"))
    document = read_docx(package({"_rels/.rels": rels, "word/document2.xml": xml}), "notice.docx")
    assert document.text == "正文" and document.blocks[0].places[0].part == "WORD/document2.xml"
    broken = relationships(("styles", "NULL"), ("image", "media/none.png"), ("header", "header1.xml"))
    assert read_docx(package({"word/document.xml": xml, "word/_rels/document.xml.rels": broken, "word/header1.xml": "<"}), "x").text == "正文"
    external = relationships(("styles", "http://192.0.2.1/styles.xml")).replace("/>", ' TargetMode="External"/>')
    assert read_docx(package({"word/document.xml": xml, "word/_rels/document.xml.rels": external}), "x").text == "正文"


def test_strict_documents() -> None:
    strict = {
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{p('正文')}</w:body></w:document>".replace(
            W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
        )
    }
    rels = relationships(("officeDocument", "word/document.xml")).replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
    assert read_docx(package({"_rels/.rels": rels, **strict}), "notice.docx").text == "正文"


# ---- the notices


NOTICES = sorted(Path(__file__).parent.parent.glob("corpus/*/20*.docx"))


@pytest.mark.parametrize("path", NOTICES, ids=lambda path: path.parent.name)
def test_notices_say_what_their_txt_says(path: Path) -> None:
    document = read_docx(path.read_bytes(), path.name)
    check_offsets(document)
    debris = str.maketrans("", "", "<>- \t\n\r\f\u3000\xa0()01[]bokmar:_GoBack")
    published = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert document.text.translate(debris) == published.translate(debris).replace("\ufeff", "")


# ---- beside the text


def test_tracked_changes_and_the_addresses_of_links_are_kept_beside_the_text() -> None:
    by = 'w:author="张三" w:date="2023-05-01T09:00:00Z"'
    body = (
        p("第一段")
        + p(f"甲<w:del {by}><w:r><w:delText>5月1日</w:delText></w:r></w:del><w:ins {by}>{run('6月1日')}</w:ins>".replace("甲", run("甲"), 1))
        + p(f'<w:hyperlink r:id="rX">{run("附件下载")}</w:hyperlink><w:hyperlink w:anchor="b">{run("见上")}</w:hyperlink>')
        + f"<w:p><w:pPr><w:rPr><w:del {by}/></w:rPr></w:pPr>{run('并段')}</w:p>"
        + p("之后")
        + f"<w:tbl><w:tr><w:trPr><w:del {by}/></w:trPr><w:tc>{p('删行')}</w:tc></w:tr><w:tr><w:tc>{p('留行')}</w:tc></w:tr></w:tbl>"
    )
    rels = (
        f'<Relationships xmlns="{RELATIONSHIPS}"><Relationship Id="rX" Type="{OFFICE}/hyperlink" Target="https://example.org/a.doc"'
        ' TargetMode="External"/></Relationships>'
    )
    with zipfile.ZipFile(io.BytesIO(make(body))) as archive:
        files = {name: archive.read(name) for name in archive.namelist()} | {"word/_rels/document.xml.rels": rels.encode()}
    document = read_docx(package(files), "notice.docx")
    assert document.text == "第一段\n甲6月1日\n附件下载见上\n并段之后\n留行"
    assert [(a.kind, a.text, a.url, a.paragraph) for a in document.annotations] == [
        ("deletion", "5月1日", None, 1),
        ("insertion", "6月1日", None, 1),
        ("link", "附件下载", "https://example.org/a.doc", 2),
        ("deletion", "\n", None, 3),
        ("deletion", "删行", None, 5),
    ]
    assert {(a.author, a.on) for a in document.annotations if a.kind != "link"} == {("张三", "2023-05-01T09:00:00Z")}
    assert document.warnings == ("read.tracked_changes insertions=1 deletions=3",)
    assert not read(p("没有修订")).annotations
