"""The outline of a notice: its section tree by printed numbers, its head (文号, title, 主送机关) and its tail (annex list, 落款, dates, 版记)."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush

from extractors.atoms import YEAR
from extractors.numerals import parse
from extractors.pattern import compiled, fold
from schemas.document import Document, Section, Span

HAN_NUMBER = "[一二三四五六七八九十百]+"
STYLES: tuple[tuple[str, str], ...] = (
    # style, what it looks like at the start of a paragraph (folded); the group is the printed number
    ("part", rf"第(?P<n>{HAN_NUMBER}|\d+)[章编]|第(?P<n>{HAN_NUMBER})部分"),
    ("article", rf"第(?P<n>{HAN_NUMBER}|\d+)条"),
    ("han", rf"(?P<n>{HAN_NUMBER})[、,.．](?!\d)"),
    ("han_bracket", rf"\((?P<n>{HAN_NUMBER})\)"),
    ("decimal", r"(?P<n>\d{1,2}\.\d{1,2})(?=[ ]|[、.]?\p{Han})(?![ ]?[年月万亿元%分米])"),
    ("arabic", r"(?P<n>\d{1,2})(?:[.．、](?!\d)|[.](?=\d{4}年|\d、))"),
    ("arabic_bracket", r"\((?P<n>\d{1,2})\)|(?P<n>\d{1,2})\)"),
    ("circled", r"(?P<n>[①-⑳])"),
)
TITLE_NOUN = r"(?:通知|公告|通告|意见|办法|公示|简章|方案|说明|须知|事项|报告|决定|指南|流程|细则|规定|函|复函|批复|通报|启事|安排|指引|条件|标准|要求|规程|计划|问答)"
ORGAN = r"(?:厅|局|委|部|会|办|办公室|院|校|学校|大学|学院|中心|政府|处|室|组|公司|协会|学会|集团|所|站|馆|社|法院|检察院|委员会|小组|机构|科|银行|医院|支队|总队)"
DATE_LINE = rf"{YEAR}[ ]?年[ ]?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,2}})[ ]?月[ ]?(?:\d{{1,2}}|[一二三四五六七八九十]{{1,3}})[ ]?日"
FIGURES = r"(?:19|20)\d\d(?P<mark>[-./])\d{1,2}(?P=mark)\d{1,2}"  # 2022.12.5: a date that signs a notice only under the name of an organ


@dataclass(frozen=True)
class Line:
    """A printed line: a paragraph, or a part of one behind a soft break."""

    start: int
    end: int
    text: str  # folded, stripped
    raw: str  # as printed, as long as `text`
    block: int


@dataclass(frozen=True)
class Annex:
    number: str
    title: str
    span: Span


@dataclass(frozen=True)
class Outline:
    """What the outline found. Spans point into Document.text; what is not there is null or empty."""

    sections: tuple[Section, ...]
    title: str | None = None
    title_span: Span | None = None
    document_number: Span | None = None
    addressees: tuple[str, ...] = ()
    issuers: tuple[str, ...] = ()
    issued: Span | None = None
    printed: Span | None = None
    annexes: tuple[Annex, ...] = field(default=())

    @cached_property
    def _stretches(self) -> tuple[list[int], list[Section]]:
        """The text in stretches that one section governs: where each begins, and its section."""
        first = self.sections[0]
        bounds = sorted({bound for s in self.sections for bound in (s.start, max(s.end, s.start + 1))})
        coming = sorted(enumerate(self.sections), key=lambda pair: -pair[1].start)
        holding: list[tuple[int, int, Section]] = []  # a heap, the deepest and of equals the latest on top
        governing = []
        for bound in bounds:
            while coming and coming[-1][1].start <= bound:
                number, section = coming.pop()
                heappush(holding, (-section.level, -number, section))
            while holding and max(holding[0][2].end, holding[0][2].start + 1) <= bound:
                heappop(holding)
            best = holding[0][2] if holding else first
            governing.append(best if best.level >= first.level else first)
        return bounds, governing

    @cached_property
    def _by_id(self) -> dict[str, Section]:
        return {section.id: section for section in self.sections}

    def section_at(self, position: int) -> Section:
        """The deepest section that holds a position, of equals the later."""
        starts, sections = self._stretches
        return sections[max(bisect_right(starts, position) - 1, 0)]

    def path(self, section: Section) -> list[Section]:
        """The section and those above it, deepest first."""
        out = [section]
        while out[-1].parent is not None:
            out.append(self._by_id[out[-1].parent])
        return out


def outline(document: Document) -> Outline:
    """Document → Outline. A text without any numbering is one section, 前言."""
    lines = list(_lines(document))
    annex_at = _annex_starts(lines)
    main_end = _main_end(lines, annex_at)
    printed = _printed(lines)
    head = _head(lines, main_end)
    tail = _tail(lines, main_end, head)
    sections = _sections(document, lines, annex_at, tail, printed)
    return Outline(
        sections=sections,
        title=head.title,
        title_span=head.title_span,
        document_number=head.number,
        addressees=head.addressees,
        issuers=_joined_issuers(tail.issuers, head.title),
        issued=tail.issued or _posted(lines[:main_end]),
        printed=printed[1] if printed else None,
        annexes=tail.annexes,
    )


def _lines(document: Document) -> Iterator[Line]:
    for index, block in enumerate(document.blocks):
        if block.kind == "table":
            yield Line(block.start, block.end, "", "", index)
            continue
        start = block.start
        for part in document.text[block.start : block.end].split("\n"):
            stripped = part.strip()
            lead = len(part) - len(part.lstrip())
            if stripped:
                yield Line(start + lead, start + lead + len(stripped), fold(stripped), stripped, index)
            start += len(part) + 1


# -- annexes


def _annex_starts(lines: list[Line]) -> dict[int, str]:
    """Index of the line that opens an annex → its number (附件1 → 1; 附件 → empty)."""
    out: dict[int, str] = {}
    for i, line in enumerate(lines):
        found = compiled(rf"附[ ]?[件表录][ ]?(?P<n>\d{{1,2}}|{HAN_NUMBER})?(?:-\d+)?[ ]?(?P<colon>:)?[ ]?(?P<rest>.*)").fullmatch(line.text)
        if found is None:
            continue
        number = found["n"] or ""
        if (
            not found["rest"]
            and (number or i + 1 < len(lines) and not compiled(r"1[.．、]|\(1\)|《").match(lines[i + 1].text))
            or number
            and found["colon"]
            and _standalone_annex(lines, i)
        ):
            out[i] = number
    return out


def _standalone_annex(lines: list[Line], i: int) -> bool:
    """附件1：… opens an annex where it follows the 落款, and is a line of the annex list where the next line goes on with 附件2 or 2."""
    dated = any(compiled(rf"{DATE_LINE}\b|{DATE_LINE}$").search(line.text) and len(line.text) < 40 for line in lines[max(0, i - 40) : i])
    following = lines[i + 1].text if i + 1 < len(lines) else ""
    return dated and not compiled(r"附[ ]?件|\d{1,2}[.．、]").match(following)


def _main_end(lines: list[Line], annex_at: dict[int, str]) -> int:
    """Index of the first line behind the main text. A text that begins with 附件N is itself that annex, and its own main text."""
    later = [i for i in annex_at if i > 2]
    return later[0] if later else len(lines)


def _printed(lines: list[Line]) -> tuple[int, Span] | None:
    """版记: …2020年8月28日印发, in the last lines."""
    for i in range(len(lines) - 1, max(-1, len(lines) - 12), -1):
        found = compiled(rf"(?P<date>{DATE_LINE})[ ]?印发").search(lines[i].text)
        if found:
            return i, Span(lines[i].start + found.start("date"), lines[i].start + found.end("date"))
    return None


# -- head


@dataclass(frozen=True)
class _Head:
    title: str | None = None
    title_span: Span | None = None
    number: Span | None = None
    addressees: tuple[str, ...] = ()
    end: int = 0  # index of the first line of the body


NUMBER_LINE = r"(?P<number>\p{Han}{2,16}?[ ]?[〔(][12]\d{3}[〕)][ ]?第?\d{1,5}[ ]?号)"
ADDRESSEE = r"(?:各|全体|全市|全省|市|省|区|县|有关|局|厅|委|部|校|院|处|单位|人员|考生|老师|教师|同学|班主任|家长|企业|公司).{0,200}:"


def _head(lines: list[Line], limit: int) -> _Head:
    number, i = _number_line(lines, limit)
    while i < min(limit, 8):
        text = lines[i].text
        found = compiled(rf"{NUMBER_LINE}$").search(text) if len(text) < 40 else None
        if found:
            number = Span(lines[i].start + found.start("number"), lines[i].start + found.end("number"))
        elif not (
            compiled(r".{2,30}文件$").fullmatch(text)
            or compiled(r"附[ ]?件[ ]?\d*:?").fullmatch(text)
            or compiled(r"索引号|发布(?:时间|日期)|来源|字号|浏览").match(text)
        ):
            break
        i += 1
    if i >= limit:
        return _Head(number=number)
    if len(lines[i].text) > 100:
        return _head_in_one_line(lines[i], number)
    return _head_in_lines(lines, i, limit, number)


def _number_line(lines: list[Line], limit: int) -> tuple[Span | None, int]:
    """文号 on a line of its own near the top, and the index at which the title begins: behind it, unless the title stands above it."""
    for i, line in enumerate(lines[: min(limit, 10)]):
        found = compiled(NUMBER_LINE).fullmatch(line.text)
        if found:
            titled = any(_ends_a_title(above.text) for above in lines[:i])
            return Span(line.start, line.end), 0 if titled else i + 1
    return None, 0


def _head_in_lines(lines: list[Line], i: int, limit: int, number: Span | None) -> _Head:
    title: list[Line] = []
    while i < limit and len(title) < 7 and len(lines[i].text) <= 100:
        text = lines[i].text
        if number is not None and number.start == lines[i].start or not text and not title:  # a table of 索引号 and the like
            i += 1
            continue
        named = _ends_a_title(text)
        if (title or not named) and (not text or _is_addressee(text) or _is_body(text)):
            break
        title.append(lines[i])
        i += 1
        if named:
            if i < limit and compiled(r"\([^()]{2,30}\)").fullmatch(lines[i].text):
                title.append(lines[i])
                i += 1
            break
    if not title:  # an excerpt that begins with its clauses
        return _Head(None, None, number, *_addressees(lines, i, limit))
    joined = _squeezed("".join(line.raw for line in title))
    span = Span(title[0].start, title[-1].end)
    while i < limit and _squeezed(lines[i].text) and _squeezed(lines[i].text) in fold(joined):  # the site's heading, printed again
        i += 1
    return _Head(joined, span, number, *_addressees(lines, i, limit))


def _head_in_one_line(line: Line, number: Span | None) -> _Head:
    """…文件鲁财会〔2021〕13号山东省财政厅关于…的通知各市财政局:为促进…"""
    text = line.text[:400]
    found = compiled(
        rf"(?:.{{0,30}}?文件)?{NUMBER_LINE}?(?P<title>[^。:;]{{0,40}}?关于[^。;]{{4,100}}?的{TITLE_NOUN})(?P<to>[^。;]{{2,120}}?:)?"
    ).match(text)
    if found is None:
        return _Head(number=number)
    if found["number"]:
        number = Span(line.start + found.start("number"), line.start + found.end("number"))
    to = _split_addressees(found["to"][:-1]) if found["to"] else ()
    return _Head(_squeezed(found["title"]), Span(line.start + found.start("title"), line.start + found.end("title")), number, to, 0)


def _ends_a_title(text: str) -> bool:
    """…通知, …公告(2023年版): the noun that a title ends in, and what may stand in brackets behind it."""
    return compiled(rf"{TITLE_NOUN}(?:\([^()]*\))*$").search(text) is not None


def _is_body(text: str) -> bool:
    """A sentence, a numbered clause, a row of a table or a statement with a date or an amount: no line of a title."""
    numbered = compiled("|".join(f"(?:{style})" for _, style in STYLES)).match(text)
    return numbered is not None or text.endswith(("。", ";")) or compiled(r"\d{4}年\d{1,2}月\d{1,2}日|\d元|\S\t\S").search(text) is not None


def _is_addressee(text: str) -> bool:
    return compiled(ADDRESSEE).fullmatch(text) is not None


def _addressees(lines: list[Line], i: int, limit: int) -> tuple[tuple[str, ...], int]:
    for j in range(i, min(i + 4, limit)):
        if _is_addressee(lines[j].text):
            return _split_addressees(lines[j].text[:-1]), j + 1
    return (), i


def _split_addressees(text: str) -> tuple[str, ...]:
    text = text.replace(",", "，").replace("(", "（").replace(")", "）")
    mark = "，" if "，" in text else "、"
    parts = compiled(rf"{mark}(?![^（]*）)").split(text)
    return tuple(part.strip() for part in parts if part.strip())


def _squeezed(text: str) -> str:
    """Layout spaces between Han characters and digits out; brackets as Chinese print has them."""
    text = compiled(r"(?<=[^\x00-\x7f\d])[ \t]+|[ \t]+(?=[^\x00-\x7f])").sub("", text.strip())
    return text.replace("(", "（").replace(")", "）").replace(",", "，")


# -- tail


@dataclass(frozen=True)
class _Tail:
    start: int | None = None  # index of the first line of annex list or 落款
    end: int | None = None  # index of the first line behind the date, where a forwarded or issued document follows
    issuers: tuple[str, ...] = ()
    issued: Span | None = None
    annexes: tuple[Annex, ...] = ()


_TOP = 12  # lines
STATED = r"(?:时间|日期|期限|截止|截至|[为于至到自从在前起:])[ ]*$"
"""In front of a date that is a statement of the text, and not the date of a 落款."""


def _tail(lines: list[Line], limit: int, head: _Head) -> _Tail:
    for i in range(limit - 1, max(head.end - 1, limit - 60, -1), -1):
        text = lines[i].text
        found = compiled(rf"(?P<issuer>[^。;:]{{0,40}}?)[ ]*(?P<date>{DATE_LINE}|{FIGURES})").fullmatch(text)
        if found is None or "印发" in text or compiled(STATED).search(found["issuer"]):
            continue
        issued = Span(lines[i].start + found.start("date"), lines[i].start + found.end("date"))
        names, start = _issuers(lines, i, found["issuer"].strip(), head.end)
        if found["mark"] and not any(compiled(rf"{ORGAN}$").search(name) for name in names):
            continue
        annexes, start = _annex_list(lines, start, head.end, limit)
        return _Tail(start, _behind_tail(lines, i + 1, limit), names, issued, annexes)
    if limit and (glued := _tail_in_one_line(lines[limit - 1])).issued is not None:
        return glued
    annexes, start = _annex_list(lines, limit, head.end, limit)
    return _Tail(start if annexes else None, annexes=annexes)


def _posted(lines: list[Line]) -> Span | None:
    """发布时间：2018-01-05 under the title of a web page: the day of a notice that nobody signed."""
    for line in lines[:_TOP]:
        if found := compiled(rf"(?:发布|发文|公布|印发|成文)(?:日期|时间)[ ]*:?[ ]*(?P<date>{DATE_LINE}|{FIGURES})").search(line.text):
            return Span(line.start + found.start("date"), line.start + found.end("date"))
    return None


def _behind_tail(lines: list[Line], i: int, limit: int) -> int | None:
    """Where the document that a notice of 印发 or 转发 carries begins behind the 落款: its title, then numbered text."""
    body = [line for line in lines[i:limit] if len(line.text) > 40 or _number(line.text)]
    return i if len(body) >= 3 else None


def _tail_in_one_line(line: Line) -> _Tail:
    found = compiled(rf"[。:;)](?P<issuer>[^。;:]{{0,160}}?)[ ]*(?P<date>{DATE_LINE})[ ]*$").search(line.text)
    if found is None or compiled(STATED).search(line.text[: found.start("date")]):
        return _Tail()
    run = compiled(r"[\p{Han}()、 \t]{3,}$").search(found["issuer"])
    names = tuple(part for part in run.group().split() if len(part) > 2) if run else ()
    return _Tail(issuers=names, issued=Span(line.start + found.start("date"), line.start + found.end("date")))


def _issuers(lines: list[Line], dated: int, same_line: str, floor: int) -> tuple[tuple[str, ...], int]:
    """The organs above the date, upwards while lines are short and name organs."""
    names = list(_split_issuers(same_line)) if same_line else []
    i = dated
    while i - 1 >= floor and len(names) < 12:
        text = lines[i - 1].text
        if not text or len(text) > 60 or compiled(r"[。;:!?《》]|^\d|^附件|^\(").search(text):
            break
        if not compiled(rf"{ORGAN}(?:\(代章\)|\(章\)|\(盖章\))?(?:[ \t]+|$)").search(text) and (
            names or not compiled(r"\p{Han}{2,20}").fullmatch(text)
        ):
            break
        names[:0] = _split_issuers(text)
        i -= 1
    return tuple(names), i


def _split_issuers(text: str) -> list[str]:
    parts = [part.strip() for part in compiled(r"[ \t]{2,}|\t").split(text)]
    flat: list[str] = []
    for part in parts:
        words = part.split(" ")
        flat += words if len(words) > 1 and all(compiled(rf"{ORGAN}$").search(word) for word in words) else ["".join(words)]
    return [compiled(r"\((?:代章|章|盖章|公章)\)").sub("", part) for part in flat if part]


def _joined_issuers(names: tuple[str, ...], title: str | None) -> tuple[str, ...]:
    """Two lines that are one name: 重庆市经济和信息化委员会 / 职称改革办公室, when the title has them in one."""
    out: list[str] = []
    for name in names:
        if out and title and out[-1] + name in title:
            out[-1] += name
        else:
            out.append(name)
    return tuple(out)


def _annex_list(lines: list[Line], end: int, floor: int, limit: int) -> tuple[tuple[Annex, ...], int]:
    """附件：1.… 2.… above the 落款 (or below it). Returns the annexes and the index of the first line of the tail."""
    for i in [*range(end - 1, max(floor - 1, end - 30, -1), -1), *range(end, limit)]:
        found = compiled(r"附[ ]?件[ ]?(?P<n>\d{1,2})?[ ]?:[ ]*(?P<rest>.*)").fullmatch(lines[i].text)
        if found is None:
            continue
        annexes = []
        for j in range(i, limit):
            text = lines[j].raw[found.start("rest") :] if j == i else lines[j].raw
            item = compiled(r"(?:附[ ]?件[ ]?)?(?:(?P<n>\d{1,2})[ ]?[.．、:])?[ ]*(?P<title>\S.*)").fullmatch(text)
            if j > i and (item is None or item["n"] is None or j >= end > i):
                break
            if item:
                annexes.append(Annex(item["n"] or found["n"] or "", _squeezed(item["title"]), Span(lines[j].start, lines[j].end)))
        return tuple(annexes), min(i, end)
    return (), end


# -- sections


def _sections(document: Document, lines: list[Line], annex_at: dict[int, str], tail: _Tail, printed: tuple[int, Span] | None) -> tuple[Section, ...]:
    """The tree. A style of number that is not open yet opens a deeper level; one that is open goes back to its level."""
    out: list[_Open] = [_Open("前言", "", 0, None, 0)]
    done: list[_Open] = [out[0]]
    stack: list[_Open] = []
    root: _Open | None = None
    counts: dict[tuple[int, str], int] = {}
    in_tail = False
    used: dict[str, int] = {}

    def open_section(name: str, heading: str, level: int, parent: _Open | None, start: int, style: str) -> _Open:
        full = f"{parent.id}/{name}" if parent else name
        used[full] = used.get(full, 0) + 1
        section = _Open(full if used[full] == 1 else f"{full}#{used[full]}", heading, level, parent.id if parent else None, start, style)
        done.append(section)
        return section

    for i, line in enumerate(lines):
        if i in annex_at:
            in_tail, stack = False, []
            root = open_section(f"附件{annex_at[i]}", _annex_heading(lines, i), 1, None, line.start, "annex")
            continue
        if tail.end is not None and i == tail.end:
            in_tail, stack = False, []
            root = open_section("附文", _annex_heading(lines, i - 1), 1, None, line.start, "annex")
        if tail.start is not None and i == tail.start:
            in_tail, stack, root = True, [], None
            open_section("落款", "", 1, None, line.start, "tail")
        if printed and i == printed[0]:
            in_tail, stack, root = True, [], None
            open_section("版记", "", 1, None, line.start, "tail")
        if in_tail or document.blocks[line.block].kind != "paragraph":
            continue
        number = _number(line.text)
        if number is None:
            continue
        style, printed_number, value, length = number
        depth = next((d for d, s in enumerate(stack) if s.style == style), None)
        if depth is None and not _may_open(style, value, stack):
            continue
        if depth is not None and not (
            value == counts[depth, stack[depth].style] + 1 or value == 1 or style == "article" or value > counts[depth, stack[depth].style]
        ):
            continue
        stack = stack[:depth] if depth is not None else stack
        parent = stack[-1] if stack else root
        base = 1 + (root is not None)
        section = open_section(printed_number, _heading(line.raw[length:]), base + len(stack), parent, line.start, style)
        stack.append(section)
        counts[len(stack) - 1, style] = value
    return _closed(done, len(document.text))


@dataclass
class _Open:
    id: str
    heading: str
    level: int
    parent: str | None
    start: int
    style: str = ""


def _may_open(style: str, value: int, stack: list[_Open]) -> bool:
    """A series begins with 1; inside an open one also an item that a reader lost the beginning of, if it is 2."""
    return value == 1 or style in ("part", "article") or (value == 2 and not stack)


def _number(text: str) -> tuple[str, str, int, int] | None:
    """Style, printed number without punctuation, value and length of what a line begins with."""
    for style, expression in STYLES:
        found = compiled(expression).match(text)
        if found:
            printed = found["n"]
            if style == "decimal":
                return style, printed, int(printed.partition(".")[2]), found.end()
            value = ord(printed) - ord("①") + 1 if style == "circled" else int(parse(printed) or 0)
            name = f"第{printed}条" if style == "article" else found.group() if style == "part" else printed
            return style, name, value, found.end()
    return None


def _heading(text: str) -> str:
    """The heading that runs into its paragraph: up to the first 。 or ： where that is near, else its first words."""
    text = text.strip()
    found = compiled(r"[^。:;,]{1,30}(?=[。:])|[^。:;]{1,24}(?=[。:])").match(fold(text))
    if found:
        return _squeezed(text[: found.end()])
    return _squeezed(text if len(text) <= 40 else text[:40] + "…")


def _annex_heading(lines: list[Line], i: int) -> str:
    """The title behind 附件N: on the same line, or on the next ones up to a number, a sentence or a table."""
    same = compiled(r"附[ ]?[件表录][ ]?[\d一二三四五六七八九十-]*[ ]?:?[ ]*(?P<title>.*)").fullmatch(lines[i].text)
    if same and same["title"]:
        return _squeezed(lines[i].raw[same.start("title") :])
    parts: list[str] = []
    for line in lines[i + 1 : i + 5]:
        if not line.text or len(line.text) > 60 or _number(line.text) or compiled(r"[。:;《]|^注|^详见|^根据|^按照").search(line.text):
            break
        parts.append(line.raw)
    return _squeezed("".join(parts))


def _closed(opened: list[_Open], length: int) -> tuple[Section, ...]:
    """Every section ends where the next of its own or a higher level begins."""
    out = []
    for i, section in enumerate(opened):
        level = max(section.level, 1)
        end = next((later.start for later in opened[i + 1 :] if later.level <= level), length)
        out.append(Section(id=section.id, heading=section.heading, level=section.level, parent=section.parent, start=section.start, end=end))
    return tuple(out)


def is_titled(found: Outline) -> bool:
    """Whether the title says that this is a notice, and is not just the first line of any text."""
    return compiled(rf"{TITLE_NOUN}(?:（[^（）]*）)*$").search(found.title or "") is not None
