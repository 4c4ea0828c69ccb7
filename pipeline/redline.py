"""Two wordings side by side, cut where a reader would cut them: a date, an amount with its unit, a 文号, a word are one piece and change as one."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import regex

from extractors.atoms import CLOCK, DAY, MINUTE, MONTH, NUMBER, YEAR, S
from extractors.expressions import cache_folder
from extractors.pattern import compiled, fold

_NUMBERED = r"[\p{Han}--[按照据和及与依由]]{2,10}[〔(]\d{4}[〕)]\d{1,4}号"  # 浙人社发〔2019〕31号
_TIME = rf"{CLOCK}:{MINUTE}|{CLOCK}[时点](?:{MINUTE}分)?"
_ISO = rf"\d{{4}}-\d{{2}}(?:-\d{{2}}(?:[ ]?(?:{_TIME}))?)?"  # as values are written
_DATE = rf"(?:{YEAR}{S}年度?{S})?{MONTH}{S}月(?:{S}{DAY}{S}[日号](?:{S}(?:{_TIME}))?)?|{YEAR}{S}年度?|(?<![\d月]){DAY}[日号](?!报)(?:{S}(?:{_TIME}))?|{_TIME}"
_UNIT = r"%|[KMG]B?|元|(?:工作|个工作)日|个月|学时|像素|[年月日天名人位篇项份件分岁次期届寸级部本门科个周]"
_AMOUNT = rf"(?:[≥≤<>=][ ]?)?{NUMBER}{S}(?:{_UNIT})?(?:[ ]?/[ ]?\p{{Han}}{{1,4}})?"
_ATOM = rf"{_NUMBERED}|{_ISO}|{_DATE}|{_AMOUNT}|[A-Za-z0-9_.@/:-]+"


@dataclass(frozen=True)
class Piece:
    """A stretch of both wordings, of the old one alone or of the new one alone."""

    change: Literal["same", "old", "new"]
    text: str


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """Old and new wording as one run of pieces; what is old stands before the new that replaces it.

    The pieces that are not new spell the old wording, those that are not old the new one.
    """
    left, right = tokens(old), tokens(new)
    pieces: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(left[a:b])))
            continue
        if b > a:
            pieces.append(Piece("old", "".join(left[a:b])))
        if d > c:
            pieces.append(Piece("new", "".join(right[c:d])))
    return tuple(pieces)


def tokens(text: str) -> list[str]:
    """A wording cut into atoms and words; joined they are the wording again."""
    folded = fold(text)
    out: list[str] = []
    end = 0
    for match in _atoms().finditer(folded):
        if match.end() > match.start():
            out += [*_words(text[end : match.start()]), text[match.start() : match.end()]]
            end = match.end()
    return [*out, *_words(text[end:])]


@cache
def _atoms() -> regex.Pattern[str]:
    return compiled(_ATOM)


def _words(text: str) -> Iterator[str]:
    if text:
        yield from _segmenter().cut(text, HMM=False)


@cache
def _segmenter() -> Any:
    """jieba with its whole dictionary, which it keeps in our cache folder, half as slow to load as its text and nobody else's to write."""
    import jieba  # type: ignore[import-untyped]  # jieba ships no types; imported late: it loads a dictionary

    jieba.setLogLevel("ERROR")
    segmenter = jieba.Tokenizer()
    segmenter.tmp_dir = cache_folder()
    return segmenter
