"""TXT and Markdown → Document.

What this module knows: in which encoding Chinese text files come, which marks a conversion leaves behind, how a table looks that was
flattened to lines with tabs, and where a line end is a paragraph's end and where it only wraps a sentence. It decides by evidence in the
file itself, and where there is none the lines stay as they are.

The steps, each from frozen values to new ones: bytes → text (`decode`) → lines without debris → runs of prose and tables → paragraphs →
Document. Line numbers are those of an editor: CR, LF and CRLF count, the softer line ends inside a line do not.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, pairwise, takewhile
from typing import NamedTuple

from pipeline.errors import ReadError
from schemas.document import Document, Source

# --- bytes → text ---------------------------------------------------------------------------------------------------------------------

BYTE_ORDER_MARKS = (  # UTF-32 before UTF-16, whose mark begins its own
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
BYTE_ENCODINGS = ("utf-8", "gb18030", "cp950")  # in the order of the rule; Big5 as Windows writes it
WIDE_ENCODINGS = ("utf-16-le", "utf-16-be")
SAMPLE = 65536  # bytes or characters that are enough to tell an encoding
PLAUSIBLE = 0.25  # share of common characters; Chinese in its own encoding has 0.6 and more, in another's below 0.1

# The commonest characters of Chinese prose and of notices, with their traditional forms: plausibility, not frequency.
COMMON = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起"
    "看定天分还进好小部其些主样理心本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政"
    "美相见被利什二等产或新己制身果加西月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活更别打四神总"
    "何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展科司五基书非则听却界达光放强即像难且权思完设式色路记南"
    "品住告类求据程北边死该交规万取格望术领共确传师观清今切院让识候带导争运笔申请职称评审材料格级附件单位副省县局厅委办党组织人考试录网址填写登录平台截止"
    "证书专技能聘岗企业务编号印章签推荐绩条符合标准费缴元查公示六七八九"
    "這個們來國時會對學發後種經過現當動還進從實軍無與長機業兩間問應戰頭體見產說為開關點將並話給門員論處義幾條氣題總電數報結務場計資許統區隊決則聽達強難權設"
    "記類據規萬術領確傳師觀讓識帶導爭運請職稱評審級單縣廳辦黨組織試錄網寫檯證書專聘編號簽薦績標費繳"
)
_ODD = re.compile("[^\x00-\x7f\xa0\xa7\xb0\xb1\xb7\xd7\xf7\u2000-\u206f\u2100-\u2bff\u3000-\u303f\uff00-\uffef]")
_BINARY = bytes(code for code in (*range(0x20), 0x7F) if code not in b"\t\n\v\f\r\x1a\x1b")


class Decoded(NamedTuple):
    """A file's text, its encoding, and the 1-based lines where bytes had to be replaced by U+FFFD or read in another encoding."""

    text: str
    encoding: str
    bad_lines: tuple[int, ...]


def looks_like_text(data: bytes) -> bool:
    """Whether bytes can be text: they begin with a byte order mark, hold next to no control bytes, or are UTF-16."""
    if any(data.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        return True
    return _controls(data) <= max(3, len(data) // 100) or _wide(data) is not None


def _controls(data: bytes) -> int:
    """How many control bytes there are that text has none of."""
    return len(data) - len(data.translate(None, _BINARY))


def decode(data: bytes) -> Decoded | None:
    """The text of a file by the rule BOM, UTF-16 (where there are NULs or other control bytes: 。is 02 30), UTF-8, GB18030, Big5; None if it
    is in none of them."""
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding)
    if _controls(data) and (wide := _wide(data)):
        return _decode_as(data, wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", ())
    except UnicodeDecodeError as error:
        found = _guess(data, error.start)
    return None if found is None else _decode_as(data, found)


def _guess(data: bytes, first_odd: int) -> str | None:
    """The encoding of bytes that are not clean UTF-8: the first plausible one; else the likeliest of those without a fault; else None."""
    start = data.rfind(b"\n", 0, first_odd) + 1
    sample = data[:SAMPLE] if start < SAMPLE else data[: data.rfind(b"\n", 0, SAMPLE) + 1] + data[start : start + SAMPLE]
    for encoding in BYTE_ENCODINGS:
        if plausibility(sample.decode(encoding, "replace")) >= PLAUSIBLE:
            return encoding
    if wide := _wide(data):
        return wide
    scores = {encoding: plausibility(sample.decode(encoding, "replace")) for encoding in BYTE_ENCODINGS if _clean(data, encoding)}
    if scores:
        return max(scores, key=lambda encoding: scores[encoding])
    replaced = sample.decode("utf-8", "replace")
    return "utf-8" if replaced.count("\ufffd") * 50 <= len(replaced) else None


def _wide(data: bytes) -> str | None:
    """Which UTF-16 makes plausible text of the bytes, if either does."""
    read = {encoding: data[:SAMPLE].decode(encoding, "replace") for encoding in WIDE_ENCODINGS}
    best = max(read, key=lambda encoding: plausibility(read[encoding]))
    controls = len(re.findall("[\x00-\x08\x0e-\x1f]", read[best]))
    return best if plausibility(read[best]) >= PLAUSIBLE and controls * 100 <= len(read[best]) else None


def plausibility(text: str) -> float:
    """Share of common Chinese characters among those outside ASCII, Chinese punctuation and symbols; 1 where there are none."""
    odd = _ODD.findall(text)
    return sum(character in COMMON for character in odd) / len(odd) if odd else 1.0


def _clean(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decode_as(data: bytes, encoding: str) -> Decoded:
    """Decode in one encoding; where that fails, line by line, so that a bad byte costs one character of one line."""
    try:
        return Decoded(data.decode(encoding), encoding, ())
    except UnicodeDecodeError:
        pass
    if encoding not in BYTE_ENCODINGS:
        lines = _end_lines(data.decode(encoding, "replace")).split("\n")
        return Decoded("\n".join(lines), encoding, tuple(number for number, line in enumerate(lines, 1) if "\ufffd" in line))
    decoded, bad, number = [], [], 1
    for raw in re.split(rb"(?<=\n)|(?<=\r)(?!\n)", data):
        clean = _clean(raw, encoding)
        decoded.append(raw.decode(encoding) if clean else _decode_line(raw, encoding))
        if not clean:
            bad.append(number)
        number += 1
    return Decoded("".join(decoded), encoding, tuple(bad))


def _decode_line(raw: bytes, encoding: str) -> str:
    """A line that is not in the file's encoding: in the other one if that makes good sense of it, else with U+FFFD for what is bad."""
    replaced = raw.decode(encoding, "replace")
    other = "gb18030" if encoding == "utf-8" else "utf-8"
    if _clean(raw, other) and (read := raw.decode(other)) and plausibility(read) >= max(2 * PLAUSIBLE, plausibility(replaced)):
        return read
    return replaced


# --- text → lines ---------------------------------------------------------------------------------------------------------------------

_SOFT_END = re.compile("[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffc]")
_LEFTOVER = re.compile(r"\[(?:[Bb]ookmark|[Ii]mage):[^\]\n]{0,200}\]|!\[[^\]\n]{0,200}\]\([^()\s]{0,2000}\)|<!--[^\n]{0,200}?-->")
_PAGE_NUMBER = re.compile(  # the line feed in front lets the search skip from line to line
    r"\n_(?:"
    r"[(（]_\n\s*\d{1,4}\s*\n_[)）]"  # (⏎10⏎)
    r"|[-—–－─]{1,2}_\d{1,4}_[-—–－─]{1,2}"  # — 10 —
    r"|第_\d{1,4}_页(?:[，,/]?_共_\d{1,4}_页)?"  # 第3页 共10页
    r")_(?=\n|\Z)".replace("_", r"[^\S\n]*")
)
PAGE_LINES = 10  # a page of running numbers has at least so many lines


class Line(NamedTuple):
    """A line of the file: `raw` with its indent and tabs, `text` stripped. A fresh one begins a paragraph, after a closed one begins another."""

    number: int
    raw: str
    text: str
    fresh: bool = False
    closed: bool = False


def _end_lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _without_debris(text: str) -> str:
    """The text without what conversions leave: zero-width and control characters, bookmarks, images, page numbers. Line numbers stay."""
    if _INVISIBLE.search(text):
        text = _INVISIBLE.sub("", text)
    if "[" in text or "<!--" in text:
        text = _LEFTOVER.sub("", text)
    return _PAGE_NUMBER.sub(lambda match: "\n" * match[0].count("\n"), "\n" + text)[1:]


def _lines(text: str, marked: bool) -> list[Line]:
    """The lines; a line with soft ends inside gives several of one number, an overlong line its paragraphs. Blank lines are kept where there
    may be tables, whose rows they end."""
    soft = _SOFT_END.search(text) is not None
    blanks = "\t" in text or "|" in text
    lines: list[Line] = []
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip()
        if len(raw) > OVERLONG or (soft and _SOFT_END.search(raw)):
            for piece in _SOFT_END.split(raw):
                lines += _read_line(number, piece, marked)
        elif marked and (stripped[:1] in _LINE_MARKS or not _MARKS.isdisjoint(raw)):
            lines += _without_marks(number, raw)
        elif stripped or blanks:
            lines.append(Line(number, raw, stripped))
    return _without_running_numbers(lines)


def _read_line(number: int, raw: str, marked: bool) -> Iterable[Line]:
    if OVERLONG < len(raw) < NO_NOTICE:
        return [Line(number, part, part, fresh=True) for part in _split_overlong(raw)]
    return _without_marks(number, raw) if marked else [Line(number, raw, raw.strip())]


def _without_running_numbers(lines: list[Line]) -> list[Line]:
    """Drop bare page numbers: lines that hold only 1, 2, 3 … in turn, at least three, a page apart."""
    bare = [index for index, line in enumerate(lines) if line.text.isdecimal() and len(line.text) <= 3 and "\t" not in line.raw]
    if len(bare) < 3:
        return lines
    written = list(accumulate((bool(line.text) for line in lines), initial=0))
    runs: list[list[int]] = [[]]
    for index in bare:
        run, value = runs[-1], int(lines[index].text)
        if run and value == int(lines[run[-1]].text) + 1 and written[index] - written[run[-1]] >= PAGE_LINES:
            run.append(index)
        elif value in (1, 2):
            runs.append([index])
    pages = {index for run in runs if len(run) >= 3 for index in run}
    return [line for index, line in enumerate(lines) if index not in pages]


# --- an overlong line: a whole notice without line ends ---------------------------------------------------------------------------------

OVERLONG = 1500  # characters
NO_NOTICE = 200_000  # characters that no notice has
_HAN_NUMBER = "[一二三四五六七八九十]{1,3}"
_HEADINGS = (  # what stands before the number is part of the evidence; few files have such a line, so that none of these is compiled beforehand
    rf"(?:^|(?<=[。；：！？:;!?])|(?<=\s))({_HAN_NUMBER})\s*、",  # 。二、
    rf"(?<![第条款项、和及或至])[（(]\s*({_HAN_NUMBER})\s*[)）](?![款项、和及或至])",  # 形式(一)继续教育内容
    r"(?:^|(?<=[。；：！？:;!?])|(?<=[^件]\s))(\d(?:\s?\d)?)\s?[、．.](?!\d)",  # 。1.  ； 1 2 、
)
_SHORT_HEADING = rf"(?:{_HAN_NUMBER}、|[（(]{_HAN_NUMBER}[)）])[^\s，。；：、（(]{{2,20}}\s"
STRAY_BLANKS = 15  # so many blanks between Han characters stand for no words: a page's inline elements were joined with them
_STRAY_HAN = r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])"
_WIDE = r"\u3001-\u303f\u4e00-\u9fff\uff01-\uff5e“”‘’—"
_STRAY = rf"(?<=[{_WIDE}])[ \u00a0](?=[{_WIDE}\d])|(?<=\d)[ \u00a0](?=[{_WIDE}])|(?<=\d)[ \u00a0](?=\d{{1,6}}(?!\d))|(?<=-)[ \u00a0](?=\d)"
_SENTENCE_GAP = r"(?<=[。！？])\s+|\u3000{2,}"
_DIGITS = {character: value for value, character in enumerate("一二三四五六七八九十", 1)}


def _split_overlong(text: str) -> list[str]:
    """Paragraphs of a line that holds a whole notice: cut before heading numbers that run 1, 2, …; where blanks follow some full stops and
    not others, at those blanks; and where blanks stand for line ends throughout, after a short heading too."""
    headings = {0}
    for heading in _HEADINGS:
        headings.update(_series((match.start(), _number(match[1])) for match in re.finditer(heading, text) if not _inside_title(text, match.start())))
    cuts = {*headings, len(text)}
    gaps = [match.end() for match in re.finditer(_SENTENCE_GAP, text)]
    if len(gaps) <= 0.8 * len(re.findall("[。！？]", text)):
        cuts.update(gaps)
        if 2 * len(gaps) >= len(re.findall(r"\s+", text)):
            short = re.compile(_SHORT_HEADING)
            cuts.update(match.end() for start in headings if (match := short.match(text, start)))
    parts = (text[start:end].strip() for start, end in pairwise(sorted(cuts)))
    stray = len(re.findall(_STRAY_HAN, text))
    if stray >= STRAY_BLANKS and stray * 100 >= len(text):
        parts = (re.sub(_STRAY, "", part) for part in parts)
    return [part for part in parts if part]


def _series(numbered: Iterable[tuple[int, int]]) -> list[int]:
    """Positions of the numbers that run 1, 2, … in text order, of (position, number) pairs. A 1 begins a new run, a number goes on with
    the latest run that waits for it, so that a stray 1 ends no run; a run of one is none."""
    runs: list[list[int]] = []
    for position, number in numbered:
        waiting = next((run for run in reversed(runs[-3:]) if len(run) + 1 == number), None)
        if waiting is not None:
            waiting.append(position)
        elif number == 1:
            runs.append([position])
    return [position for run in runs if len(run) > 1 for position in run]


def _number(printed: str) -> int:
    """三 → 3, 十二 → 12, 1 2 → 12."""
    if printed[0] in "0123456789":
        return int(re.sub(r"\s", "", printed))
    tens, ten, ones = printed.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _inside_title(text: str, position: int) -> bool:
    window = text[max(0, position - 100) : position]
    return any(window.rfind(opening) > window.rfind(closing) for opening, closing in ("《》", "“”"))


# --- Markdown ---------------------------------------------------------------------------------------------------------------------------

_ADDRESS = r"(?:https?://|ftp://|mailto:|www\.)[^\s<>()]+(?:\([^\s<>()]*\)[^\s<>()]*)*"
_AUTOLINK = re.compile(r"<(?:mailto:)?((?:https?|ftp)://[^<>\s]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)>")
_LINK = re.compile(rf"\[([^\[\]\n]+)\]\(\s*<?({_ADDRESS}|\.{{0,2}}/[^\s()]*|#[^\s()]*|[^\s()/]+\.\w{{2,4}})>?(?:\s+\"[^\"\n]*\")?\s*\)")
_BOLD = re.compile(r"(?<!\*)(\*{2,3})(?=\S)([^*\n]*[^*\s])\1(?!\*)")
_BOLD_APART = re.compile(rf"(?:^|(?<=[^\w*])){_BOLD.pattern}", re.MULTILINE)  # 张**和李** is two masked names
_ATX = re.compile(r"^ {0,3}#{1,6}[ \t]+(?=\S)", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*+][ \t]+(?=\S)")
_TWO_BULLETS = re.compile(r"^ *([-*+]) +\S.*\n(?: *\n)?(?: *\1 +\S.*(?:\n|\Z))", re.MULTILINE)
_DELIMITER = re.compile(r"^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*$|^ {0,3}\|[ \t]*:?-+:?[ \t]*\|[ \t]*$", re.MULTILINE)
_MARKS = frozenset("<[*\\|")  # a Markdown line has one of these, or begins with one of the next
_LINE_MARKS = frozenset("#-*+=")
_RULE = re.compile(r" {0,3}(?:-{3,}|\*{3,}|={3,})\s*")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|<>~-])")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def _is_marked(text: str) -> bool:
    """Whether the text is Markdown: a heading, a link, a bold piece, a table or two bullets in a row say so."""
    return bool(
        ("# " in text or "#\t" in text)
        and _ATX.search(text)
        or ("](" in text and _LINK.search(text))
        or ("<" in text and _AUTOLINK.search(text))
        or ("**" in text and _BOLD_APART.search(text))
        or ("|" in text and _DELIMITER.search(text))
        or (("- " in text or "* " in text or "+ " in text) and _TWO_BULLETS.search(text))
    )


def _without_marks(number: int, raw: str) -> Iterator[Line]:
    """A line of a Markdown text as Lines without its marks. Table rows keep theirs: they are read as tables."""
    if raw.lstrip().startswith("|") or _DELIMITER.match(raw):
        yield Line(number, raw, raw.strip())
        return
    if _RULE.fullmatch(raw):
        raw = ""
    heading = _ATX.match(raw)
    if heading:
        raw = raw[heading.end() :].strip()
        closing = raw.rstrip("#")
        raw = closing if closing[-1:].isspace() else raw
    bullet = None if heading else _BULLET.match(raw)
    if bullet:
        raw = raw[bullet.end() :]
    for piece in _BREAK.split(raw):
        piece = _inline(piece)
        yield Line(number, piece, piece.strip(), fresh=bool(heading or bullet), closed=bool(heading))


def _inline(raw: str) -> str:
    """Links as text（address）, the address once; bold and escapes as the bare text."""
    if "<" in raw:
        raw = _AUTOLINK.sub(r"\1", raw)
    if "](" in raw:
        raw = _LINK.sub(_spell_link, raw)
    if "**" in raw:
        raw = _BOLD.sub(r"\2", raw)
    return _ESCAPE.sub(r"\1", raw) if "\\" in raw else raw


def _spell_link(match: re.Match[str]) -> str:
    shown, address = match[1], match[2]
    elsewhere = match.string[: match.start()] + shown + match.string[match.end() :]
    return shown if address.removeprefix("mailto:") in elsewhere or address.startswith("#") else f"{shown}（{address}）"


# --- tables -----------------------------------------------------------------------------------------------------------------------------


class Piece(NamedTuple):
    """A stretch of text from one line of the file."""

    text: str
    number: int


Row = list[list[Piece]]  # a piece a printed line of a cell


class Grid(NamedTuple):
    """A table before it has its place in the text."""

    rows: list[Row]


_ANNEX = re.compile(r"附\s{0,4}件\s{0,4}[\d一二三四五六七八九十]{0,3}\s{0,4}[：:]?")
_PUSHED = re.compile(r"\t{2,}[^\t]+")  # tabs that push a signature to the right
_ITEM_MARK = re.compile(rf"(?:{_HAN_NUMBER}|\d{{1,2}})[、.．]?|[（(](?:{_HAN_NUMBER}|\d{{1,2}})[)）]|附件\d*|第.{{1,3}}[条章节]")


def _runs(lines: list[Line]) -> Iterator[list[Line] | Grid]:
    """Split lines into runs of prose (blank lines left out) and tables, in order."""
    prose: list[Line] = []
    index = 0
    while index < len(lines):
        grid, after = _table_at(lines, index)
        if grid is None:
            prose += (line for line in lines[index:after] if line.text)
        else:
            yield prose
            yield grid
            prose = []
        index = after
    yield prose


def _table_at(lines: list[Line], start: int) -> tuple[Grid | None, int]:
    """The table that begins at a line, and the line after it; None and the line after what has turned out not to be one."""
    raw = lines[start].raw
    if "|" in raw and start + 1 < len(lines) and _DELIMITER.match(lines[start + 1].raw):
        return _pipe_table(lines, start)
    if "\t" not in raw:
        return None, start + 1
    rows, after = _tab_separated(lines, start)
    if not rows and raw.startswith("\t"):
        rows, after = _flattened(lines, start)
    return (Grid(rows), after) if rows else (None, after)


def _pipe_table(lines: list[Line], start: int) -> tuple[Grid, int]:
    """| a | b | over |---|---|: header row, delimiter row, then rows as long as lines have a bar."""
    end = start + 2
    while end < len(lines) and "|" in lines[end].text:
        end += 1
    rows = []
    for line in [lines[start], *lines[start + 2 : end]]:
        inner = line.text.removeprefix("|")
        inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
        rows.append([_cell(_BREAK.split(_inline(printed)), line.number) for printed in re.split(r"(?<!\\)\|", inner)])
    return Grid(rows), end


def _cell(printed: Iterable[str], number: int) -> list[Piece]:
    return [Piece(text, number) for text in map(str.strip, printed) if text]


def _tab_separated(lines: list[Line], start: int) -> tuple[list[Row], int]:
    """Rows of lines with one row a line, as copied from a spreadsheet: the same number of tabs on at least two lines running."""
    tabs = lines[start].raw.count("\t")
    rows, end = [lines[start]], start + 1
    for index in range(start + 1, len(lines)):
        if lines[index].raw.count("\t") == tabs:
            rows.append(lines[index])
            end = index + 1
        elif lines[index].raw.strip(" "):
            break
    indented = all(line.raw.startswith("\t") for line in rows)
    if len(rows) < 2 or (indented and tabs == 1):
        return [], start + 1
    cells = [[_cell([printed], line.number) for printed in line.raw.split("\t")[indented:]] for line in rows]
    numbered = all(row[0] and _ITEM_MARK.fullmatch(row[0][0].text) for row in cells) and tabs == 1
    aligned = not any(any(row[:-1]) for row in cells)
    return ([] if numbered or aligned or not _tabular(cells) else cells), end


def _flattened(lines: list[Line], start: int) -> tuple[list[Row], int]:
    """A table flattened to lines: a tab starts a cell, a line without one continues it, a blank line ends the row. Rows that are prose
    indented by a tab are no part of it."""
    groups = _row_groups(lines, start)
    begun = [line.raw for line in lines[start : groups[-1].stop] if line.text and "\t" in line.raw]
    if all(_PUSHED.fullmatch(raw) for raw in begun):  # also where nothing stands after any tab
        return [], groups[-1].stop
    rows = [_row(lines[group.start : group.stop]) for group in groups]
    prose = sum(1 for _ in takewhile(_is_prose, rows))
    if prose:
        return [], groups[prose - 1].stop
    while _is_prose(rows[-1]):
        rows.pop()
        groups.pop()
    return (rows if _tabular(rows) else []), groups[-1].stop


def _row_groups(lines: list[Line], start: int) -> list[range]:
    """The lines of each row of a flattened table that begins at `start`; it ends where a line after a blank one has no tab."""
    groups: list[range] = []
    begun: int | None = None
    for index in range(start, len(lines)):
        line = lines[index]
        if not line.text and "\t" not in line.raw:
            begun = None
        elif not line.raw.startswith("\t") and (begun is None or _ANNEX.fullmatch(line.text)):
            break
        elif begun is None:
            groups.append(range(index, index + 1))
            begun = index
        else:
            groups[-1] = range(begun, index + 1)
    return groups


def _row(lines: Iterable[Line]) -> Row:
    cells: Row = []
    for line in lines:
        before, *starting = line.raw.split("\t")
        if cells:
            cells[-1] += _cell([before], line.number)
        cells += (_cell([printed], line.number) for printed in starting)
    return cells


def _is_prose(row: Row) -> bool:
    """Whether all that a row holds are whole sentences or numbered clauses."""
    texts = [cell[-1].text for cell in row if cell]
    return bool(texts) and all(len(text) >= 20 and (text[-1] in FINAL or _STARTS.match(text)) for text in texts)


def _tabular(rows: list[Row]) -> bool:
    """Whether cells make a table: something in them, and more than a line or two that a tab indents."""
    cells = [cell for row in rows for cell in row]
    filled = [cell for cell in cells if cell]
    if not filled or len(cells) < 2 or all(_is_prose([cell]) for cell in filled):
        return False
    return len(rows) > 1 or len(cells) > 2 or len(filled) < len(cells)


# --- lines → paragraphs -----------------------------------------------------------------------------------------------------------------

FINAL = "。！？；：…!?;:"  # what a paragraph may end with
_OPEN_END = "，、,（(《“〈〔【"  # what it cannot end with
_QUOTE_ENDS = "”’）)》"
_INNER = re.compile("[，。；、：]")
_DATE = re.compile(r"(?:\d{4}|[〇○零一二三四五六七八九]{4})\s*年\s*[\d一二三四五六七八九十×xX]{1,3}\s*月\s*[\d一二三四五六七八九十×xX]{1,3}\s*日")
_STARTS = re.compile(
    rf"{_HAN_NUMBER}\s{{0,4}}[、.．]|[（(]\s{{0,4}}(?:{_HAN_NUMBER}|[\d０-９]{{1,2}})\s{{0,4}}[)）]"
    r"|[\d０-９]{1,2}\s{0,4}(?:[、．)）]|\.(?!\d)|\.(?=\d{4}\s{0,4}年))"
    rf"|第(?:{_HAN_NUMBER}|\d{{1,3}})[章节条编][\s　]"
    r"|[①-⑳⑴-⒛㈠-㈩❶-❿➀-➓ⓐ-ⓩⅠ-Ⅻ●○◆◇■□▲△★☆※►▪•☐☑☒]|[-*+]\s"
    r"|附\s{0,4}件?\s{0,4}[\d一二三四五六七八九十]{0,3}\s{0,4}(?:[：:]|$)|抄\s{0,4}送|主\s{0,4}送"
)
_LABEL = re.compile("[注备]注?[：:]|特此|[\u4e00-\u9fff]{2,8}[：:]")  # 注： 联系电话： what may begin a paragraph, and may stand in one
_UNSTOPPED = re.compile(r"^[注备]注?[：:]|\d\s*[年月日]$")  # what often ends without a stop: a note, a date
_SIGNER = re.compile(r"[^，。；：]*(?:局|厅|部|委|会|室|中心|政府|院|校|处|办|站|公司|大学|所)(?:[（(].{1,8}[)）])?")
_ADDRESSEE = re.compile(
    r"(?:各|全[体市区省县校]|有关|[市省区县]直|尊敬|致)[^。]*[：:]|[^。]*(?:局|处|厅|办|委|会|科|单位|部门|公司|学校|学院|人员?|教师|老师|家长|中心)[：:]"
)
_BRACKETS = re.compile("[《》“”()]")
_CLOSING = {"《": "》", "“": "”", "(": ")"}
_TOKEN = re.compile(r"[!-~]+|.")
_HEAD_LINES = 15  # title, number and addressee stand within so many lines
MIN_WRAP = 40  # columns; text is not wrapped narrower
EVIDENCE = 2000  # lines; more say nothing new about the layout
NEAR = 6  # columns within which widths count as the same; first lines may have lost an indent of four


class Layout(NamedTuple):
    """What the file shows of its line ends.

    `width`: columns at which lines are wrapped, None if they are not. `margin`: columns by which every line is indented. `indented`: wrapped
    paragraphs begin with an indent that their further lines lack. `parted`: wrapped paragraphs are parted by blank lines. `finished`:
    paragraphs end with a full stop or the like, so that one which does not is a broken one.
    """

    width: int | None
    margin: int
    indented: bool
    parted: bool
    finished: bool


def _columns(text: str) -> int:
    """Display width: an ASCII character takes one column, a Chinese one, of three bytes, two."""
    return (len(text.encode()) + len(text)) // 2


def _indent(line: Line) -> int:
    """Columns of white space before a line that is not blank."""
    if not line.raw[0].isspace():
        return 0
    return _columns(line.raw[: len(line.raw) - len(line.raw.lstrip())].replace("\t", "    "))


def _is_final(text: str) -> bool:
    return text[-1] in FINAL or (text[-1] in _QUOTE_ENDS and text[-2:-1] in FINAL)


def _is_open(text: str) -> bool:
    """Whether a line is prose that stops in mid-sentence: long, with punctuation inside and none at its end."""
    return not _is_final(text) and _INNER.search(text) is not None and _columns(text) >= MIN_WRAP


def _layout(lines: Sequence[Line]) -> Layout:
    """The layout that the prose lines of a file speak for."""
    margin = 0 if any(not line.raw[0].isspace() for line in lines) else min(map(_indent, lines), default=0)
    width = _wrap_width(lines, margin)
    if width is None:
        long = [line.text for line in lines if len(line.text) >= MIN_WRAP // 2 and _INNER.search(line.text)]
        finished = sum(_is_final(text) or text[-1] in _QUOTE_ENDS or text[-1].isascii() for text in long)
        return Layout(None, margin, False, False, finished >= 0.8 * len(long))
    wrapped = [(line, after) for line, after in pairwise(lines) if _is_open(line.text) and _is_full(line, after, width, margin)]
    inner = sum(_indent(after) - margin < 3 for _, after in wrapped)
    begun = sum(_indent(line) - margin >= 3 for line in lines)
    blank = sum(after.number - line.number > 1 for line, after in wrapped)
    blanks = sum(after.number - line.number > 1 for line, after in pairwise(lines))
    indented = begun >= 0.1 * len(lines) and inner >= 0.9 * len(wrapped)
    return Layout(width, margin, indented, blank <= 0.1 * len(wrapped) and blanks >= 0.1 * len(lines), False)


def _wrap_width(lines: Sequence[Line], margin: int) -> int | None:
    """The columns at which the file is wrapped: next to no line is wider, many are about as wide, and most of those stop in mid-sentence."""
    widths = [_columns(line.raw.rstrip()) - margin for line in lines]
    counts = Counter(widths)
    counts.subtract(width for width, line in zip(widths, lines, strict=True) if "://" in line.text)  # an address cannot be wrapped
    total = counts.total()
    wider = 0
    for width in sorted(counts, reverse=True):
        if width < MIN_WRAP or wider > 0.04 * total:
            return None
        near = range(width - NEAR + 1, width + 1)
        if sum(counts[columns] for columns in near) >= max(4, 0.15 * total):
            ends = [_is_open(line.text) for columns, line in zip(widths, lines, strict=True) if columns in near]
            return max(near, key=lambda columns: counts[columns]) if 2 * sum(ends) >= len(ends) else None
        wider += counts[width]
    return None


def _is_full(line: Line, after: Line, width: int, margin: int, slack: int = NEAR) -> bool:
    """Whether the first word of the next line would not have fitted on this one; a line far too wide has not been wrapped at all."""
    columns = _columns(line.raw.rstrip()) - margin
    token = _TOKEN.match(after.text)
    return width - slack - (_columns(token[0]) if token else 0) < columns <= width + NEAR


def _head_length(lines: Sequence[Line]) -> int:
    """How many lines stand before the addressee (各…单位：), whose lines of title are never joined; 0 if there is none."""
    for index, line in enumerate(lines[:_HEAD_LINES]):
        if _ADDRESSEE.fullmatch(line.text) and not _STARTS.match(line.text):
            while index and (lines[index - 1].text.startswith("各") or lines[index - 1].text[-1] in "，、"):
                index -= 1
            return index
        if "。" in line.text:
            break
    return 0


def _paragraphs(lines: Sequence[Line], layout: Layout, head: int) -> list[list[Line]]:
    """Lines grouped into paragraphs; the first `head` lines and the one after them each begin one."""
    found: list[list[Line]] = []
    for index, line in enumerate(lines):
        settled = index <= head or (layout.width is None and found[-1][-1].text[-1] in FINAL)  # most lines; the rest costs time
        if settled or not _continues(found, line, lines[index + 1 : index + 4], layout):
            found.append([line])
        else:
            found[-1].append(line)
    return found


def _continues(found: Sequence[Sequence[Line]], line: Line, following: Sequence[Line], layout: Layout) -> bool:
    """Whether a line goes on with the last paragraph found."""
    before = found[-1][-1]
    final = _is_final(before.text)
    if line.fresh or before.closed or (final and layout.width is None):
        return False
    if _DATE.fullmatch(line.text) or _is_signature(line, following):
        return False
    if _STARTS.match(line.text) and not _cuts_number(before, line, layout):
        return False
    indented = _indent(line) - layout.margin >= 3
    if final:
        inside = before.text[-1] in "；：;:" and _closes(_unclosed(found[-1]), [line, *following])  # （网址：⏎https://…）
        return not indented and (inside or _goes_on_after_stop(found[-1], line, layout))
    if before.text[-1] in _OPEN_END:
        return True
    if not indented and (layout.finished and _is_broken(found, line) if layout.width is None else _is_wrapped(before, line, layout)):
        return True
    return _closes(_unclosed(found[-1]), [line, *following])


def _is_wrapped(before: Line, line: Line, layout: Layout, slack: int = NEAR) -> bool:
    """Whether the wrap of the file parts two lines; where blank lines part paragraphs, they part these."""
    parted = layout.parted and line.number - before.number > 1
    return not parted and _columns(before.text) >= MIN_WRAP // 2 and _is_full(before, line, layout.width or 0, layout.margin, slack)


def _cuts_number(before: Line, line: Line, layout: Layout) -> bool:
    """202⏎1、2022年度: a number that the wrap has cut is no item's."""
    return layout.width is not None and before.text[-1].isdecimal() and line.text[0].isdecimal() and _is_wrapped(before, line, layout)


def _goes_on_after_stop(paragraph: Sequence[Line], line: Line, layout: Layout) -> bool:
    """In a wrapped file, whether a paragraph goes on after a line that ends with a full stop: an indent or a blank line would have said that
    it does not; where the file has neither, only if the line is full to the last column."""
    before = paragraph[-1]
    if layout.indented or layout.parted:
        return _is_wrapped(before, line, layout)
    if line.number - before.number > 1 or before.text[-1] in "：:" or _LABEL.match(line.text):
        return False
    return _is_wrapped(before, line, layout, NEAR if len(paragraph) == 1 else 2)


def _is_signature(line: Line, following: Sequence[Line]) -> bool:
    return bool(following and _DATE.fullmatch(following[0].text) and _SIGNER.fullmatch(line.text))


def _unclosed(lines: Sequence[Line]) -> str | None:
    """The innermost bracket or quote that a paragraph has opened and not closed, within its last 200 characters."""
    text = "".join(line.text for line in lines[-8:])
    stack: list[str] = []
    for mark in _marks(text[-200:]):
        if mark in _CLOSING:
            stack.append(mark)
        elif stack and mark == _CLOSING[stack[-1]]:
            stack.pop()
    return stack[-1] if stack else None


def _closes(opening: str | None, lines: Sequence[Line]) -> bool:
    """Whether the next lines close a bracket that was open before them, ahead of any line that begins a new item."""
    depth = 1
    for line in lines if opening else ():
        if line.fresh or _STARTS.match(line.text):
            return False
        for mark in _marks(line.text):
            depth += (mark == opening) - (mark == _CLOSING[opening or ""])
            if not depth:
                return True
    return False


def _marks(text: str) -> list[str]:
    """The brackets and quotes of a text, round ones as half-width."""
    return _BRACKETS.findall(text.replace("（", "(").replace("）", ")"))


def _is_broken(found: Sequence[Sequence[Line]], line: Line) -> bool:
    """In a file that is not wrapped: whether the last paragraph stops in mid-sentence and the line is prose that can go on with it."""
    text = found[-1][-1].text
    if _LABEL.match(line.text) or not ("\u4e00" <= text[-1] <= "\u9fff" and _is_open(text) and _INNER.search(line.text)) or _UNSTOPPED.search(text):
        return False
    if _STARTS.match(text) and not re.search("[，。；]", text):  # a heading's only mark is the one after its number
        return False
    sibling = found[-2][-1].text if len(found) > 1 and _STARTS.match(found[-1][0].text) else ""
    return not (_STARTS.match(sibling) and not _is_final(sibling))  # a list whose items end without a stop


# --- paragraphs and tables → Document ---------------------------------------------------------------------------------------------------

_LATIN_END = re.compile(r"[!-~]*[A-Za-z]$")
_LATIN_START = re.compile(r"[A-Za-z][!-~]*")
_ADDRESS_MARK = re.compile(r"://|@|www\.")


MAX_PIECES = 100_000  # lines and cells; each becomes objects, which a hostile file could have in millions
_PIECE_MARKS = "\n\t|\x0b\x0c\x85\u2028\u2029"


def read_txt(data: bytes, file: str) -> Document:
    """Bytes of a text file → Document; `file` is its name.

    Raises ReadError: read.empty, read.binary (no text at all), read.encoding (text in no encoding that we know), read.too_long (more
    lines or table cells than any notice), read.no_text.
    Warnings: `read.bad_bytes encoding=utf-8 lines=3,17` for the lines where bytes had to be replaced.
    """
    if not data:
        raise ReadError("read.empty", file)
    if not looks_like_text(data):
        raise ReadError("read.binary", file)
    decoded = decode(data)
    if decoded is None:
        raise ReadError("read.encoding", file)
    plain = _without_debris(_end_lines(decoded.text))
    if sum(map(plain.count, _PIECE_MARKS)) > MAX_PIECES:
        raise ReadError("read.too_long", file, limit=MAX_PIECES)
    marked = _is_marked(plain)
    text, blocks, tables = _set_out(_content(_lines(plain, marked), "\t" in plain or "|" in plain))
    if not text.strip():
        raise ReadError("read.no_text", file)
    bad = ",".join(map(str, decoded.bad_lines))
    source = Source(
        file=file,
        media_type="text/markdown" if marked else "text/plain",
        sha256=hashlib.sha256(data).hexdigest(),
        text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        reader="txt",
    )
    warnings = (f"read.bad_bytes encoding={decoded.encoding} lines={bad}",) if bad else ()
    # one validation of plain values: making the models one by one takes longer than all the reading
    return Document.model_validate({"text": text, "blocks": blocks, "tables": tables, "source": source, "warnings": warnings})


def _content(lines: list[Line], tabular: bool) -> Iterator[list[Line] | Grid]:
    """Paragraphs and tables in document order; `tabular` says whether there may be tables."""
    runs = list(_runs(lines)) if tabular else [[line for line in lines if line.text]]
    prose = [line for run in runs if not isinstance(run, Grid) for line in run]
    layout = _layout(prose[:EVIDENCE])
    head = _head_length(prose)
    for run in runs:
        if isinstance(run, Grid):
            yield run
        else:
            yield from _paragraphs(run, layout, head)
            head = max(0, head - len(run))


Values = dict[str, object]  # the fields of a model of schemas.document


def _set_out(content: Iterable[list[Line] | Grid]) -> tuple[str, list[Values], list[Values]]:
    """Lay paragraphs and tables out in one text, blocks parted by one line feed: the text, its blocks, its tables."""
    parts: list[str] = []
    blocks: list[Values] = []
    tables: list[Values] = []
    start = 0
    for item in content:
        if isinstance(item, Grid):
            text, places, cells = _set_table(item, start)
            tables.append({"start": start, "end": start + len(text), "cells": cells})
        else:
            text, places = _set_paragraph(item, start)
        blocks.append({"start": start, "end": start + len(text), "kind": "table" if isinstance(item, Grid) else "paragraph", "places": places})
        parts.append(text)
        start += len(text) + 1
    return "\n".join(parts), blocks, tables


def _set_paragraph(lines: list[Line], start: int) -> tuple[str, list[Values]]:
    """A paragraph's text, its lines joined without a blank but between two Latin words, and the place of each line."""
    text = lines[0].text
    places: list[Values] = [{"start": start, "end": start + len(text), "line": lines[0].number}]
    for line in lines[1:]:
        if _parts_words(text, line.text):
            text += " "
        begin = start + len(text)
        text += line.text
        places.append({"start": begin, "end": start + len(text), "line": line.number})
    return text, places


def _parts_words(before: str, after: str) -> bool:
    """Whether the wrap between two texts stands for a blank: between Latin words, not inside an address."""
    end, start = _LATIN_END.search(before[-200:]), _LATIN_START.match(after)
    return end is not None and start is not None and not _ADDRESS_MARK.search(end[0] + start[0])


def _set_table(grid: Grid, start: int) -> tuple[str, list[Values], list[Values]]:
    """A table's text (tab between cells, line feed between rows and between the lines of a cell), its places and its cells."""
    parts: list[str] = []
    places: list[Values] = []
    cells: list[Values] = []
    position = start
    for row, printed in enumerate(grid.rows):
        for column, pieces in enumerate(printed):
            parts.append("\t" if column else "\n" if row else "")
            position += len(parts[-1])
            begin = position
            for index, piece in enumerate(pieces):
                parts += ["\n" if index else "", piece.text]
                position += bool(index)
                places.append({"start": position, "end": position + len(piece.text), "line": piece.number})
                position += len(piece.text)
            cells.append({"start": begin, "end": position, "row": row, "column": column})
    return "".join(parts), places, cells
