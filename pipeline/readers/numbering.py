"""Word's automatic numbers: the lists that numbering.xml defines, counted in document order and written out as Word prints them."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from docx.oxml import ns
from lxml.etree import _Element as Element

from pipeline.readers.symbols import as_bullet

qn = cache(ns.qn)  # w:val → {namespace}val; asked several times a paragraph

_LARGEST = 32767  # Word counts no further
_LONGEST_TEXT = 255  # code points of a level's text that are used; Word itself allows 31
_LAST_LEVEL = 8
_LONGEST_LINK = 8  # lists that stand for one another

_HAN = "〇一二三四五六七八九"
_RINGED_ZERO = "○一二三四五六七八九"
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_ROMAN_UNITS = ((1000, "M", "", ""), (100, "C", "D", "M"), (10, "X", "L", "C"), (1, "I", "V", "X"))  # one, five, ten of each place


def _run_of(first: str, count: int) -> str:
    """`count` characters that follow each other in Unicode: ① to ⑳."""
    return "".join(chr(ord(first) + step) for step in range(count))


def _listed(characters: str) -> Callable[[int], str]:
    """One character a number, decimal when they run out: 甲 乙 … 癸 11."""
    return lambda number: characters[number - 1] if number <= len(characters) else str(number)


def _repeated(alphabet: str) -> Callable[[int], str]:
    """a … z aa bb … zz aaa."""
    return lambda number: alphabet[(number - 1) % len(alphabet)] * ((number - 1) // len(alphabet) + 1)


def _positional(digits: str) -> Callable[[int], str]:
    """Digit by digit: 一〇, 一一."""
    return lambda number: "".join(digits[int(digit)] for digit in str(number))


def _counted(digits: str) -> Callable[[int], str]:
    """十, 十一, 二十 up to 99, digit by digit above: 一○○."""

    def written(number: int) -> str:
        tens, ones = divmod(number, 10)
        if tens >= 10:
            return _positional(digits)(number)
        return (digits[tens] if tens > 1 else "") + ("十" if tens else "") + (digits[ones] if ones else "")

    return written


def _grouped(digits: str, units: str, *, zero: bool, bare: str) -> Callable[[int], str]:
    """With 十百千万: 一百零一. `zero`: a gap is read 零; `bare`: the units that drop a 一 before them (the first character only at the head)."""
    digits_of = {unit: 10**power for power, unit in zip((4, 3, 2, 1), units[::-1], strict=True)}

    def written(number: int) -> str:
        pieces: list[str] = []
        gap = False
        for unit, size in (*digits_of.items(), ("", 1)):
            count, number = divmod(number, size)
            if count == 0:
                gap = bool(pieces)
                continue
            if gap and zero:
                pieces.append(digits[0])
            gap = False
            alone = count == 1 and unit in bare and unit != "" and (not zero or not pieces)
            pieces.append(("" if alone else digits[count]) + unit)
        return "".join(pieces)

    return written


def _roman(number: int) -> str:
    letters = ""
    for size, one, five, ten in _ROMAN_UNITS:
        count, number = divmod(number, size)
        fives, ones = divmod(count, 5) if five else (0, count)
        letters += one + (ten if fives else five) if five and ones == 4 else five * fives + one * ones
    return letters


def _ordinal(number: int) -> str:
    suffix = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"


def _stem_and_branch(number: int) -> str:
    return _STEMS[(number - 1) % 10] + _BRANCHES[(number - 1) % 12] if number <= 60 else str(number)


# ECMA-376 Part 1, 17.18.59. A format that is not here (words of European languages and other scripts) is written in decimal.
FORMATS: Mapping[str, Callable[[int], str]] = {
    "none": lambda number: "",
    "decimalZero": lambda number: f"{number:02d}",
    "decimalFullWidth": _positional("０１２３４５６７８９"),
    "decimalFullWidth2": _positional("０１２３４５６７８９"),
    "decimalEnclosedCircle": _listed(_run_of("①", 20)),
    "decimalEnclosedCircleChinese": _listed(_run_of("①", 20)),
    "decimalEnclosedParen": _listed(_run_of("⑴", 20)),
    "decimalEnclosedFullstop": _listed(_run_of("⒈", 20)),
    "numberInDash": lambda number: f"- {number} -",
    "hex": lambda number: f"{number:X}",
    "ordinal": _ordinal,
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "upperLetter": _repeated(_run_of("A", 26)),
    "lowerLetter": _repeated(_run_of("a", 26)),
    "chineseCounting": _counted(_RINGED_ZERO),
    "chineseCountingThousand": _grouped("零一二三四五六七八九", "十百千万", zero=True, bare="十"),
    "chineseLegalSimplified": _grouped("零壹贰叁肆伍陆柒捌玖", "拾佰仟万", zero=True, bare=""),
    "taiwaneseCounting": _counted(_RINGED_ZERO),
    "taiwaneseCountingThousand": _grouped("零一二三四五六七八九", "十百千萬", zero=True, bare="十"),
    "taiwaneseDigital": _positional(_RINGED_ZERO),
    "ideographDigital": _positional(_HAN),
    "ideographLegalTraditional": _grouped("零壹貳參肆伍陸柒捌玖", "拾佰仟萬", zero=True, bare=""),
    "ideographTraditional": _listed(_STEMS),
    "ideographZodiac": _listed(_BRANCHES),
    "ideographZodiacTraditional": _stem_and_branch,
    "ideographEnclosedCircle": _listed(_run_of("㊀", 10)),
    "japaneseCounting": _grouped("〇一二三四五六七八九", "十百千万", zero=False, bare="十百千"),
    "japaneseLegal": _grouped("零壱弐参四伍六七八九", "拾百阡萬", zero=False, bare=""),
    "japaneseDigitalTenThousand": _positional(_HAN),
    "koreanDigital": _positional("영일이삼사오육칠팔구"),
    "koreanDigital2": _positional("零一二三四五六七八九"),
    "koreanCounting": _grouped("영일이삼사오육칠팔구", "십백천만", zero=False, bare="십백천"),
    "ganada": _repeated("가나다라마바사아자차카타파하"),
    "chosung": _repeated("ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"),
}


def format_number(number: int, number_format: str) -> str:
    """A number in one of Word's formats, or after an example such as 001; decimal where it cannot be so written."""
    if number_format[:1].isdigit():
        return str(number).zfill(len(number_format))
    if not 1 <= number <= _LARGEST and number_format != "none":
        return str(number)
    return FORMATS.get(number_format, str)(number)


def value(element: Element | None, child: str | None = None) -> str | None:
    """The w:val of an element, or of its child of that name."""
    if element is not None and child is not None:
        element = next(element.iterchildren(qn(child)), None)
    return None if element is None else element.get(qn("w:val"))


def whole_number(text: str | None) -> int | None:
    """An attribute's whole number of at most nine digits; None for anything else."""
    return int(text) if text is not None and re.fullmatch(r"-?[0-9]{1,9}", text) else None


def flag(element: Element) -> bool:
    """An on/off element: on unless it says off."""
    return value(element) not in ("0", "false", "off")


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    number_format: str
    text: str
    restart: int | None
    legal: bool
    style: str | None
    gap: str

    def begins_again(self, own: int, used: int) -> bool:
        """Whether a paragraph at the higher level `used` makes this level `own` begin again."""
        if self.restart is None or self.restart > own:
            return True
        return used < self.restart


@dataclass(frozen=True, slots=True)
class _List:
    """A w:num: the counter it shares, its levels, and where it makes them begin."""

    counter: str
    levels: Mapping[int, _Level]
    starts: Mapping[int, int]

    def start(self, level: int) -> int:
        return self.starts.get(level, self.levels[level].start)


class Numbering:
    """The lists of one document and how far each has counted.

    In: the root of numbering.xml (None: no lists), and which list (numId) a numbering style stands for.
    `label` is called once for each numbered paragraph, in document order, and gives its number as printed: （一）, 1.2., ●.
    """

    def __init__(self, root: Element | None, list_of_style: Callable[[str], str | None]) -> None:
        found = [] if root is None else list(root)
        self._abstract = {child.get(qn("w:abstractNumId")): child for child in found if child.tag == qn("w:abstractNum")}
        self._nums = {child.get(qn("w:numId")): child for child in found if child.tag == qn("w:num")}
        self._list_of_style = list_of_style
        self._lists: dict[str, _List | None] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._used: set[tuple[str, int]] = set()

    def level_of_style(self, num_id: str, style: str) -> int | None:
        """The level of a list that is linked to a paragraph style."""
        known = self._list(num_id)
        return None if known is None else next((index for index, level in known.levels.items() if level.style == style), None)

    def label(self, num_id: str, level: int) -> str:
        """Count one paragraph and give its number; empty where the list or the level does not exist."""
        known = self._list(num_id)
        if known is None or level not in known.levels:
            return ""
        counts = self._counts.setdefault(known.counter, {})
        self._count(known, num_id, level, counts)
        return _written(known, level, counts)

    def _count(self, known: _List, num_id: str, level: int, counts: dict[int, int]) -> None:
        for higher in known.levels.keys() - counts.keys():
            if higher < level:  # Word counts a missing parent as begun: 1.1 before any 1 makes the next one 2 (Q110380)
                counts[higher] = known.start(higher)
        first = (num_id, level) not in self._used
        self._used.add((num_id, level))
        if level not in counts or (first and level in known.starts):
            counts[level] = known.start(level)
        else:
            counts[level] += 1
        for deeper in [index for index in counts if index > level]:
            if deeper not in known.levels or known.levels[deeper].begins_again(deeper, level):
                del counts[deeper]

    def _list(self, num_id: str) -> _List | None:
        if num_id not in self._lists:
            self._lists[num_id] = self._resolve(num_id, frozenset())
        return self._lists[num_id]

    def _resolve(self, num_id: str, seen: frozenset[str]) -> _List | None:
        """A w:num with its overrides over the abstract list, or over the list of the numbering style that this one names."""
        num = self._nums.get(num_id)
        counter = value(num, "w:abstractNumId")
        abstract = self._abstract.get(counter)
        if num is None or counter is None or abstract is None or num_id in seen or len(seen) > _LONGEST_LINK:
            return None
        levels = _levels(abstract)
        link = value(abstract, "w:numStyleLink")
        target = self._list_of_style(link) if link else None
        linked = self._resolve(target, seen | {num_id}) if target else None
        if linked:
            counter, levels = linked.counter, dict(linked.levels)
        starts: dict[int, int] = {}
        for override in num.iterchildren(qn("w:lvlOverride")):
            levels |= _levels(override)
            index, start = whole_number(override.get(qn("w:ilvl"))), whole_number(value(override, "w:startOverride"))
            if index is not None and start is not None:
                starts[index] = start
        return _List(counter, levels, starts)


def _levels(parent: Element) -> dict[int, _Level]:
    """The w:lvl children by index."""
    found = ((whole_number(child.get(qn("w:ilvl"))), child) for child in parent.iterchildren(qn("w:lvl")))
    return {index: _level(child) for index, child in found if index is not None and 0 <= index <= _LAST_LEVEL}


def _level(element: Element) -> _Level:
    number_format = _number_format(element)
    text = (value(element, "w:lvlText") or "")[:_LONGEST_TEXT]
    if number_format == "bullet":
        picture = next(element.iterchildren(qn("w:lvlPicBulletId")), None) is not None
        text = "•" if picture else as_bullet(text, _font(element))
    legal = next(element.iterchildren(qn("w:isLgl")), None)
    hidden = next((mark for look in element.iterchildren(qn("w:rPr")) for mark in look.iterchildren(qn("w:vanish"))), None)
    return _Level(
        start=whole_number(value(element, "w:start")) or 0,
        number_format=number_format,
        text="" if hidden is not None and flag(hidden) else text,
        restart=whole_number(value(element, "w:lvlRestart")),
        legal=legal is not None and flag(legal),
        style=value(element, "w:pStyle"),
        gap=" " if value(element, "w:suff") == "space" else "",
    )


def _number_format(level: Element) -> str:
    """The level's format; for a custom one (001, 002, …) its first example, or what Word names as the stand-in."""
    for element in level.iter(qn("w:numFmt")):
        example = re.match(r"[0-9]{1,9}(?=,|$)", element.get(qn("w:format"), ""))
        if example:
            return example.group()
        if value(element) != "custom":
            return value(element) or "decimal"
    return "decimal"


def _font(level: Element) -> str:
    fonts = next((fonts for look in level.iterchildren(qn("w:rPr")) for fonts in look.iterchildren(qn("w:rFonts"))), None)
    return "" if fonts is None else fonts.get(qn("w:ascii"), "")


def _written(known: _List, level: int, counts: Mapping[int, int]) -> str:
    """The level's text with every %n filled, and the space behind it where the list is set with one; a tab is layout, not text."""
    own = known.levels[level]

    def fill(match: re.Match[str]) -> str:
        index = int(match.group(1)) - 1
        if index > level or index not in known.levels:
            return ""
        number_format = known.levels[index].number_format
        if number_format in ("none", "bullet"):
            return ""
        return format_number(counts[index], "decimal" if own.legal else number_format)

    text = (own.text if own.number_format == "bullet" else re.sub("%([1-9])", fill, own.text)).strip()
    return text and text + own.gap
