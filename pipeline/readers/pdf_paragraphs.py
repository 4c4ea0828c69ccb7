"""Lines → paragraphs: which line goes on with the sentence of the line before, which one opens a paragraph, which one is page furniture.

What decides is the layout: a line that leaves room for the first word of the next one was ended by the writer; first lines are indented by two
characters; numbers open paragraphs; titles are centred. Lengths are points, as in pdf_lines.
"""

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from pipeline.readers.pdf_lines import Line

_NUMBER = "[一二三四五六七八九十百]+"
_STARTS = re.compile(
    rf"\s*(?:第{_NUMBER}[章节条]|{_NUMBER}、|[（(](?:{_NUMBER}|\d{{1,2}})[)）]|\d{{1,2}}(?:[．、]|\.(?!\d)|\.(?=(?:19|20)\d\d\D))|\d{{1,2}}[)）]|[①-⑳]|附件|附[:：]|注[:：]"
    r"|\d{4}年\d{1,2}月\d{1,2}日$)"
)
_ALONE = re.compile(r"\s*附件\s*[\d一二三四五六七八九十]*\s*[:：]?\s*$")  # the first line of an annex
_ENDS = re.compile(r"[。！？；：!?;:][”’」』）)》]*\s*$")
_UNIT = re.compile(  # what a line break does not part: opening brackets, a character or a Latin word, closing brackets and stops
    r"\s*[“‘「『（(《〈【〔\[]*(?:[!-~¡-ɏ]+|——|……|.)[，。、；：！？”’」』）)》〉】〕\].,;:!?%‰℃°…—]*", re.DOTALL
)
_OPEN, _SHUT = "《", "》"
ORPHAN = 4  # characters: what a full title leaves for the next line is no line of its own
DEEP = 0.4  # of the width: what starts further right is set to the right and never goes on


@dataclass(slots=True)
class Paragraph:
    """Lines that are one paragraph, with their joints: `joints[i]` stands between line i and line i + 1."""

    lines: list[Line]
    joints: list[str] = field(default_factory=list)

    @property
    def centred(self) -> bool:
        return self.lines[0].centred


@dataclass(frozen=True, slots=True)
class Margins:
    """Where the lines of a column begin and end, the usual size of type, the usual distance of two lines, and whether first lines are
    indented."""

    left: float
    right: float
    size: float
    pitch: float
    indented: bool


def joint(before: str, after: str) -> str:
    """What stands between two lines of one sentence: a space between two Latin words, nothing elsewhere."""
    a, b = before[-1:], after[:1]
    if not (a.isascii() and b.isascii() and a.isprintable() and b.isalnum()) or a in " -/(" or (a.isdigit() and b.isdigit()):
        return ""
    if not a.isalnum() and not (a in ",.;:)" and before[-2:-1].isascii() and b.isalpha()):
        return ""
    word = re.split(r"[^!-~]", before)[-1]
    return "" if "://" in word or word.startswith("www.") or "@" in word else " "


def needed_width(a: Line, b: Line) -> float:
    """How much room at the end of line a shows that b was meant to begin a line of its own: the width of b's first unbreakable piece, which
    for Latin letters is a guess; behind a comma there may be spaces that hang over."""
    unit = _UNIT.match(b.text)
    letters = unit.group().strip() if unit else "一"
    latin = sum(ord(c) < 0x2000 for c in letters)
    width = len(letters) - 0.5 * latin + (0.3 if latin else 0.1)
    return (width + (2 if a.text.rstrip().endswith(("，", ",")) else 0)) * b.size


def ends_sentence(text: str) -> bool:
    return bool(_ENDS.search(text))


def starts_item(text: str) -> bool:
    """一、 （一） 1. ① 第一条 附件 注："""
    return bool(_STARTS.match(text))


# --- margins -----------------------------------------------------------------------------------------------------------------------


def margins_of(lines: Sequence[Line]) -> dict[tuple[int, int, int], Margins]:
    """The margins of each frame (size of page, column) from all of its lines in the document."""
    groups: dict[tuple[int, int, int], list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.frame].append(line)
    return {frame: _margins(frame, group) for frame, group in groups.items()}


def _margins(frame: tuple[int, int, int], lines: Sequence[Line]) -> Margins:
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    size = sizes.most_common(1)[0][0] or 1.0
    left = _edge([line.x0 for line in lines], size)
    right = -_edge([-line.x1 for line in lines], size)
    if frame[2] == 0 and right < frame[0] - left - 3 * size and sum(abs(line.x1 - right) < 0.3 * size for line in lines) < max(6, 0.3 * len(lines)):
        right = frame[0] - left  # too few lines end there: the margins are taken for equal
    body = [(a, b) for a, b in pairwise(lines) if a.page == b.page and b.base > a.base and abs(a.size - b.size) < 0.1 * size]
    inner = [b.base - a.base for a, b in body if right - a.x1 < 1.5 * size and abs(b.x0 - left) < 0.5 * size]
    pitch = median(inner or [b.base - a.base for a, b in body] or [2 * size])
    opening = [b.x0 - left > 1.2 * size for a, b in pairwise(lines) if right - a.x1 > 3 * size and b.x0 - left < 4 * size]
    return Margins(left, right, size, pitch, sum(opening) * 2 > len(opening))


def _edge(values: Sequence[float], size: float) -> float:
    """The smallest value that several lines share, else the smallest."""
    ordered = sorted(values)
    shared = max(2, 0.06 * len(ordered))
    near = 0.3 * size
    return next((v for v in ordered if bisect_left(ordered, v + near) - bisect_right(ordered, v - near) >= shared), ordered[0])


# --- paragraphs --------------------------------------------------------------------------------------------------------------------


def mark_centred(lines: Sequence[Line], margins: Mapping[tuple[int, int, int], Margins]) -> None:
    """Set `centred` on the lines that the layout centres: symmetrical, and set off by more than an indent, by their size or by a neighbour."""
    for line in lines:
        frame = margins[line.frame]
        before, behind = line.x0 - frame.left, frame.right - line.x1
        big = line.size > 1.12 * frame.size
        symmetrical = abs(before - behind) < (1.2 if big else 0.8) * line.size
        line.centred = symmetrical and "\t" not in line.text and (before > 2.6 * frame.size or (big and before > 0.5 * line.size))
    for a, b in pairwise(lines):
        for one, other in ((a, b), (b, a)):
            full = margins[other.frame].size * 1.12 < other.size and abs(other.size - one.size) < 0.5 and a.page == b.page
            if one.centred and full and abs((one.x0 + one.x1) - (other.x0 + other.x1)) < 2.4 * one.size:
                other.centred = True
    for a, b, c in zip(lines, lines[1:], lines[2:], strict=False):  # a list set far in is no row of titles
        if b.centred and b.size <= 1.12 * margins[b.frame].size:
            b.centred = not any(abs(b.x0 - n.x0) < 0.2 * b.size and abs(b.x1 - n.x1) > b.size for n in (a, c))


def paragraphs_of(lines: Iterable[Line], margins: Mapping[tuple[int, int, int], Margins]) -> Iterator[Paragraph]:
    """Lines in reading order → paragraphs. A paragraph goes on over the page, and over a column."""
    paragraph: Paragraph | None = None
    lines = list(lines)
    for line, after in zip(lines, [*lines[1:], None], strict=True):
        if paragraph and _goes_on(paragraph, line, margins[paragraph.lines[-1].frame], margins[line.frame]) and not _opens(line, after, margins):
            paragraph.joints.append(joint(paragraph.lines[-1].text, line.text))
            paragraph.lines.append(line)
        else:
            if paragraph:
                yield paragraph
            paragraph = Paragraph([line])
    if paragraph:
        yield paragraph


def _opens(b: Line, after: Line | None, margins: Mapping[tuple[int, int, int], Margins]) -> bool:
    """Whether line b is indented and full, and the line after it is at the margin: then b is the first line of a paragraph."""
    if after is None or after.frame != b.frame or b.centred or after.centred:
        return False
    frame = margins[b.frame]
    indent, margin = b.x0 - frame.left, after.x0 - frame.left
    full = frame.right - b.x1 < needed_width(b, after)
    return frame.indented and full and 1.2 * b.size < indent < 2.8 * b.size and margin < 0.8 * b.size


def _goes_on(paragraph: Paragraph, b: Line, above: Margins, below: Margins) -> bool:
    """Whether line b goes on with the paragraph: its last line is full, and nothing marks b as the first of another."""
    a = paragraph.lines[-1]
    if a.centred != b.centred or abs(a.size - b.size) > 0.12 * max(a.size, b.size):
        return False
    if a.page == b.page and a.frame == b.frame and b.base - a.base > 1.45 * max(above.pitch, 1.2 * a.size):
        return False
    if _ALONE.match(b.text):
        return False
    room, needed = above.right - a.x1, needed_width(a, b)
    if a.centred:
        return above.right - above.left - (a.x1 - a.x0) < needed and len(b.text.strip()) <= ORPHAN
    if room >= needed:
        return False
    return _follows(paragraph, b, above, below)


def _follows(paragraph: Paragraph, b: Line, above: Margins, below: Margins) -> bool:
    """Whether line b, after a full line, stands where the next line of the paragraph would."""
    a, first = paragraph.lines[-1], paragraph.lines[0]
    indent_a, indent_b = a.x0 - above.left, b.x0 - below.left
    ended = ends_sentence(a.text)
    if indent_b < 0.8 * b.size:
        return below.indented or not (ended and starts_item(b.text))
    if max(indent_a, indent_b) > DEEP * (below.right - below.left):
        return False
    if _title_is_open(paragraph) and _SHUT in b.text:
        return True
    hangs = starts_item(first.text) and indent_b > first.x0 - above.left + 0.6 * b.size if a is first else False
    level = abs(indent_b - indent_a) < 0.6 * b.size
    return (hangs or level) and not ended and not starts_item(b.text)


def _title_is_open(paragraph: Paragraph) -> bool:
    text = "".join(line.text for line in paragraph.lines)
    return text.count(_OPEN) > text.count(_SHUT)


# --- page furniture ----------------------------------------------------------------------------------------------------------------

_FOLIO = re.compile(
    r"[\s—―–\-－_·.•]*(?:第?\s*(?P<number>\d{1,4})\s*页?(?:\s*[,，/／]?\s*(?:共|of|/|／)\s*\d{1,4}\s*页?)?|[Pp]age\s*\d+(?:\s*(?:of|/)\s*\d+)?|[ivxIVX]{1,6})"
    r"[\s—―–\-－_·.•]*"
)
_OWN_NUMBER = re.compile(r"(?<=第)\d+|(?<=第 )\d+|\d+(?=\s*页)|(?<=[/／])\d+|\d+(?=[/／])")
EDGE = 0.12  # of the page's height: heads and feet stand no further in


def furniture(pages: Mapping[int, Sequence[Line]], heights: Mapping[int, float]) -> set[int]:
    """The ids of the lines that are page numbers, running heads or running feet; `pages` holds each page's lines, tables apart."""
    found: set[int] = set()
    for head in (True, False):
        for _ in range(3):  # a head may have several lines
            edge = {page: line for page, lines in pages.items() if (line := _outermost(lines, head, heights[page], found))}
            found |= {id(line) for line in _folios(edge)} or {id(line) for line in _repeated(edge, heights, len(pages))}
    return found


def _outermost(lines: Sequence[Line], head: bool, height: float, found: set[int]) -> Line | None:
    left = [line for line in lines if id(line) not in found]
    if not left:
        return None
    line = min(left, key=lambda n: n.top) if head else max(left, key=lambda n: n.bottom)
    distance = line.bottom if head else height - line.top
    return line if distance < EDGE * height else None


def _folios(edge: Mapping[int, Line]) -> list[Line]:
    """The page numbers: adorned (— 3 —, 第3页), or plain and counting on with the pages."""
    matches = {page: match for page, line in edge.items() if (match := _FOLIO.fullmatch(line.text))}
    offsets = Counter(int(m["number"]) - page for page, m in matches.items() if m["number"])
    return [
        edge[page]
        for page, match in matches.items()
        if not match.group().strip().isdigit() or (len(edge) == 1 and int(match["number"]) == page) or offsets[int(match["number"]) - page] > 1
    ]


def _repeated(edge: Mapping[int, Line], heights: Mapping[int, float], pages: int) -> list[Line]:
    """Lines that stand at the same height with the same words, but for the page's own number, on many of the pages."""
    groups: dict[tuple[str, int], list[tuple[int, Line]]] = defaultdict(list)
    for page, line in edge.items():
        words = _OWN_NUMBER.sub(lambda m, own=(str(page), str(pages)): "#" if m.group() in own else m.group(), line.text.strip())  # type: ignore[misc]
        if not starts_item(words):
            groups[words, round(line.base / 3)].append((page, line))
    many = max(3, 0.4 * pages) if pages > 2 else 2
    tight = 0.09 if pages == 2 else EDGE
    return [
        line
        for group in groups.values()
        if len(group) >= many and all(min(line.bottom, heights[page] - line.top) < tight * heights[page] for page, line in group)
        for _, line in group
    ]
