"""Documents that a notice cites: 《title》（文号，以下简称《alias》）第五条第一款, 文号 alone, and later uses of an alias."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from extractors.atoms import ARTICLES, CLOSE_YEAR, HAN, HAN_OR_DIGIT, OPEN_YEAR, YEAR, S
from extractors.numerals import parse, to_han
from extractors.pattern import Anchor, Anchors, Match, Pattern, compiled, fold, matches, settle
from extractors.vocabulary import words
from schemas.document import Span
from schemas.mention import Mention, Number, Title

_CITING = r"根据|依据|依照|按照|参照|遵照|比照|对照|执行|贯彻|落实|转发|印发|下发|符合|属于|规定|文件|通知|精神|以及|关于|及其|仍按|均按|详见|按|经|由|和|与|及|或|见|即|在|以|的|对"
_ORGAN_START = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼滇黔陇秦国人财教中发建科卫内外兵水交农林工环自住文体民税市省区县"


def issuer_code(run: str) -> str | None:
    """机关代字 at the end of a run of Han characters: 根据浙人社发 → 浙人社发, 省财政厅浙价费 → 浙价费. Null where nothing is left."""
    cut = 0
    for found in compiled(_CITING).finditer(run):
        if len(run) - found.end() >= 2:
            cut = found.end()
    run = compiled(r"^(?:原|和|与|及)(?=\p{Han}{2})").sub("", run[cut:])
    for i in range(len(run) - 2, 2, -1):  # an organ's full name before the code: 省财政厅|浙价费
        if (run[i - 1] in "厅局委部办院会署" or run[:i].endswith(("小组", "中心"))) and run[i] in _ORGAN_START:
            return run[i:]
    return run or None


def articles_of(text: str) -> tuple[str, ...]:
    """Every pin whole, in Chinese numerals: 第五条第一、二款 → 第五条第一款, 第五条第二款; 第五条第（三）款 → 第五条第三款."""
    out: dict[str, None] = {}
    if not text:
        return ()
    for found in compiled(
        rf"第(?P<articles>{HAN_OR_DIGIT}(?:[、,]{HAN_OR_DIGIT})*)条(?P<rest>(?:{S}第?[(]?{HAN_OR_DIGIT}[)]?(?:[、,]第?[(]?{HAN_OR_DIGIT}[)]?)*[款项])*)"
    ).finditer(text):
        names = [f"第{_han(a)}条" for a in compiled(HAN_OR_DIGIT).findall(found["articles"])]
        for clauses, unit in compiled(rf"第?((?:[(]?{HAN_OR_DIGIT}[)]?[、,]?第?)+)([款项])").findall(found["rest"]):
            names = [f"{name}第{_han(c)}{unit}" for name in names for c in compiled(HAN_OR_DIGIT).findall(clauses)]
        out |= dict.fromkeys(names)
    return tuple(out)


def _han(number: str) -> str:
    value = parse(number)
    return to_han(int(value)) if value is not None and 0 < value < 1000 else number


def _number(found: Match) -> Number | None:
    code = issuer_code("".join(found["code"].split()))
    if code and code[0] in "年月日" and found.string[: found.start("code")][-1:].isdigit():
        code = code[1:]  # 1996年6月17日财会字〔1996〕19号
    if code is None or len(code) < 2:
        return None
    year, serial = int("".join(found["year"].split())), int("".join(found["serial"].split()))
    return Number(f"{code}〔{year}〕{serial}号", code, year, serial, articles_of(found["pins"] or ""))


def _order(found: Match) -> Number | None:
    code = "".join(found["code"].split())
    code = compiled(r"^.*?(?:根据|依据|依照|按照|参照|遵照|执行|贯彻|符合|以及|按|经|见)(?=\p{Han}{3})|^(?:原|和|与|及)(?=\p{Han}{3})").sub("", code)
    serial = parse(found["serial"])
    if serial is None or len(code) < 2:
        return None
    year = int(found["year"]) if found["year"] else None
    return Number(
        f"{code}{found['name']}{f'{year}年' if year else ''}第{serial}号", code + found["name"], year, int(serial), articles_of(found["pins"] or "")
    )


NUMBERS = (
    Pattern(
        name="reference.number",
        kind="number",
        anchor=Anchor(rf"{OPEN_YEAR}{S}{YEAR}{S}{CLOSE_YEAR}", 50, 110),
        # 浙人社发〔2019〕31号, 浙人社发[2020] 47 号, 沪价费(2003)第69号, 财会〔2018 〕 10号
        regex=rf"(?P<code>(?:{HAN}[ ]?){{1,24}}+){S}{OPEN_YEAR}{S}(?P<year>{YEAR}){S}{CLOSE_YEAR}{S}第?{S}(?P<serial>\d(?:[ ]?\d){{0,4}}){S}号(?P<pins>{S}(?:文件?)?{S}{ARTICLES})?",
        value=_number,
        examples=(
            ("浙人社发〔2019〕31号", Number("浙人社发〔2019〕31号", "浙人社发", 2019, 31)),
            ("浙人社发﹝2020﹞ 47号", Number("浙人社发〔2020〕47号", "浙人社发", 2020, 47)),
            ("浙价费（2008）185号", Number("浙价费〔2008〕185号", "浙价费", 2008, 185)),
            ("财会〔2018 } 10号", Number("财会〔2018〕10号", "财会", 2018, 10)),
            ("苏会考〔2014〕5号", Number("苏会考〔2014〕5号", "苏会考", 2014, 5)),
            ("国人厅发〔2003〕17号", Number("国人厅发〔2003〕17号", "国人厅发", 2003, 17)),
        ),
        rejects=("共有（2023）31项",),
    ),
    Pattern(
        name="reference.order",
        kind="number",
        anchor=Anchor("令|公告|通告", 44, 110),
        # 人力资源社会保障部令第25号, 国务院令第652号, 财政部公告2021年第3号
        regex=rf"(?P<code>(?:{HAN}[ ]?){{2,20}}?)(?P<name>令|公告|通告)(?:[〔(]?(?P<year>{YEAR})[〕)]?年?)?{S}(?:第|(?<=令)){S}(?P<serial>{HAN_OR_DIGIT}){S}号(?P<pins>{S}{ARTICLES})?",
        value=_order,
        examples=(("人力资源社会保障部令第25号", Number("人力资源社会保障部令第25号", "人力资源社会保障部令", None, 25)),),
        rejects=("第25号窗口",),
    ),
    Pattern(
        name="reference.order_numbered",
        kind="number",
        anchor=Anchor("号令", 60, 90),
        # 国务院第652号令, 卫生部、人力资源社会保障部第74号令
        regex=rf"(?P<code>(?:{HAN}{{2,14}}[部委局署厅院]、)?(?:{HAN}[ ]?){{2,20}}?(?<=[部委局署厅院府会]))第?{S}(?P<serial>{HAN_OR_DIGIT}){S}号(?P<name>令)(?P<year>)(?P<pins>{S}{ARTICLES})?",
        value=_order,
        examples=(
            ("国务院第652号令", Number("国务院令第652号", "国务院令", None, 652)),
            ("卫生部、人力资源社会保障部第74号令", Number("卫生部、人力资源社会保障部令第74号", "卫生部、人力资源社会保障部令", None, 74)),
        ),
        rejects=("第652号令", "可按第40号令第38条"),
    ),
)


def _documents() -> str:
    return "|".join(words("documents.tsv"))


@cache
def _document_name() -> str:
    return rf"(?:{_documents()})(?:[(〔][^()《》]{{1,12}}[)〕])*$"


def is_document(title: str) -> bool:
    """Whether a title names a regulation or policy document: by its last noun, （试行） and the like left aside. Forms and certificates are materials."""
    name = fold(title).strip("《》 ")
    return compiled(_document_name()).search(name) is not None and compiled(_PAPER).search(name) is None


_PAPER = r"(?:情况|填表|填写|填报|使用)说明$|(?:推荐|证明|商调|介绍|申请|同意)函$"
"""What an applicant writes or is given, though its noun is that of a document."""


def _titles(folded: str) -> Iterator[tuple[int, int]]:
    """Spans of 《…》, nesting understood; an opening that is never closed within its paragraph is closed by the last 》 that is left."""
    depth, start, last = 0, 0, -1
    for mark in compiled(r"[《》\n]").finditer(folded):
        i, c = mark.start(), mark.group()
        if c == "《":
            if depth == 0:
                start = i
            depth += 1
        elif c == "》" and depth:
            depth -= 1
            last = i
            if depth == 0:
                yield start, i + 1
                last = -1
        elif c == "\n" and depth:
            if last > start:
                yield start, last + 1
            depth, last = 0, -1
    if depth and last > start:
        yield start, last + 1


_BEHIND = rf"""
    (?P<tail>{S}[(〔](?:试行|暂行|修订|修订版|试用|修正|征求意见稿|20\d\d年?版?|20\d\d年修订)[)〕])?      # 《…标准》（试行）
    (?:{S}\((?P<inside>(?:[^()\n]|\([^()\n]{{0,40}}\)){{2,160}})\))?                                  # （浙环发〔2019〕15号，以下简称《评价条件》，可登录http://…查询）
    (?:{S}(?P<more>\((?:以下|下|简)[^()\n]{{2,30}}\)))?
    (?P<pins>{S}(?:中)?(?:的)?{S}{ARTICLES})?
"""
_ALIAS = r'(?:以下)?(?:简称|统称|下称|以下称|以下统称)[为:]?[ ]*["「]?[《]?(?P<alias>[^《》"」,。()、]{2,20})[》]?["」]?'
_URL = r"(?:https?:?//|www\.)[A-Za-z0-9\-._~:/?\#@!$&'*+,;=%]+[A-Za-z0-9/\#=]"


def _squeezed(title: str) -> str:
    """Spaces between Han characters are layout, those beside Latin words are not."""
    return compiled(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])").sub("", title.strip())


def _behind(folded: str, end: int) -> tuple[int, dict[str, str]]:
    """What stands behind a title and belongs to it: number, alias, address, pins. Returns where it ends and the parts that were found."""
    found = compiled(_BEHIND).match(folded, end)
    parts: dict[str, str] = {}
    if found is None:
        return end, parts
    inside = (found["inside"] or "") + (found["more"] or "")
    for name, expression in (("alias", _ALIAS), ("url", _URL)) if inside else ():
        hit = compiled(expression).search(inside)
        if hit:
            parts[name] = hit["alias"] if name == "alias" else hit.group()
    for pattern in NUMBERS if inside else ():
        numbers = [number.text for hit in compiled(pattern.regex).finditer(inside) if (number := pattern.value(hit)) is not None]
        if numbers:
            parts["number"], parts["also"] = numbers[0], "\n".join(numbers[1:])
            break
    if found["tail"]:
        parts["tail"] = found["tail"].strip()
    if found["pins"]:
        parts["pins"] = found["pins"]
    kept = bool({"alias", "url", "number"} & parts.keys())
    if kept or not found["inside"]:
        return found.end(), parts
    return (found.end("tail") if found["tail"] else end), parts


def _title_mentions(text: str, folded: str) -> Iterator[Mention]:
    for start, end in _titles(folded):
        inner = text[start + 1 : end - 1]
        stop, parts = _behind(folded, end)
        title = _squeezed(inner) + parts.get("tail", "").replace("(", "（").replace(")", "）")
        if not title:
            continue
        also = tuple(filter(None, parts.get("also", "").split("\n")))
        value = Title(title, parts.get("number"), also, parts.get("alias"), parts.get("url"), articles_of(parts.get("pins", "")))
        yield Mention("title", Span(start, stop), text[start:stop], value, "reference.title")


@cache
def _unbracketed() -> str:
    # 查阅水利专业评审条件（https://…）: a document without 《》 is one only beside its own address
    addressed = rf"(?:查阅|查看|详见|参见|参照|按照|根据|见)(?={HAN}{{3,60}}+\()(?P<quote>(?P<title>{HAN}{{2,24}}(?:{_documents()}))\((?:网址|链接)?:?{S}(?P<url>{_URL})\))"
    # 符合我校研究生招生简章规定的报考条件: a prospectus rarely has its name in 《》
    prospectus = rf"(?:我校|本校|学校|各校|该校|院校)(?:的)?(?P<quote>(?P<title>(?!的)(?:20\d\d年)?{HAN}{{2,12}}招生简章))(?=的?(?:规定|要求))"
    return rf"{addressed}|{prospectus}"


def _addressed(text: str, folded: str) -> Iterator[Mention]:
    for found in compiled(_unbracketed()).finditer(folded):
        start, end = found.span("quote")
        yield Mention("title", Span(start, end), text[start:end], Title(found["title"], url=found["url"]), "reference.addressed")


def _numbers(text: str, folded: str) -> Iterator[Mention]:
    """Numbers from their issuer code on: the run of Han characters before the bracket also holds words that only lead to it."""
    anchors = Anchors(folded)
    for pattern in NUMBERS:
        for found in matches(pattern, anchors):
            value = pattern.value(found)
            if value is None:
                continue
            start, left = found.end("code"), len(value.issuer_code) - (len(found["name"]) if "name" in found.re.groupindex else 0)
            while left:
                start -= 1
                left -= not folded[start].isspace()
            yield Mention("number", Span(start, found.end()), text[start : found.end()], value, pattern.name)


def _paired(text: str, mentions: list[Mention]) -> list[Mention]:
    """浙价费〔2002〕229号《关于…的通知》: a number right before a title is the title's."""
    out: list[Mention] = []
    for mention in mentions:
        last = out[-1] if out else None
        if (
            last
            and last.kind == "number"
            and mention.kind == "title"
            and mention.value.number is None
            and text[last.span.end : mention.span.start].strip() in ("", "文", "文件")
        ):
            span = Span(last.span.start, mention.span.end)
            value = replace(mention.value, number=last.value.text)
            out[-1] = Mention("title", span, text[span.start : span.end], value, mention.pattern)
        else:
            out.append(mention)
    return out


def find(text: str, folded: str) -> list[Mention]:
    """Titles (also of forms: their words are claimed, `is_document` tells them apart) and document numbers that stand without a title."""
    return _paired(text, settle([_title_mentions(text, folded), _addressed(text, folded), _numbers(text, folded)]))
