"""Two texts with what one lost and the other gained marked, in tokens that people read as one: a date, an amount with its unit, a 文号, a word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_ATOM = re.compile(
    r"""\d{4}\ ?年(?:\ ?\d{1,2}\ ?月(?:\ ?\d{1,2}\ ?日)?)?      # 2022年8月31日
      | \d{1,2}\ ?月\ ?\d{1,2}\ ?日 | \d{1,2}[:：]\d{2}          # 8月31日, 17:00
      | [〔(（\[]\d{4}[〕)）\]]\ ?\d+\ ?号                         # 〔2019〕31号
      | \d+(?:[.,]\d+)*\ ?(?:%|工作日|学时|小时|个月|[元年月日天名人项分份篇岁次张页字])?   # 90学时, 180元
      | [A-Za-z][\w.@-]* | \s+ | .""",
    re.VERBOSE | re.DOTALL,
)

Sort = Literal["same", "gone", "come"]


@dataclass(frozen=True)
class Stretch:
    """A stretch of one side: kept, or lost by the older text, or gained by the newer."""

    sort: Sort
    text: str


def redline(old: str, new: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """The older text with what is gone marked, and the newer with what has come. Joined again, the stretches are the texts."""
    ours, theirs = _ATOM.findall(old), _ATOM.findall(new)
    lost: list[Stretch] = []
    won: list[Stretch] = []
    for same, (a, b), (c, d) in _runs(ours, theirs):
        lost.append(Stretch("same" if same else "gone", "".join(ours[a:b])))
        won.append(Stretch("same" if same else "come", "".join(theirs[c:d])))
    return _joined(lost), _joined(won)


def _runs(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[bool, tuple[int, int], tuple[int, int]]]:
    """Runs of atoms that are the same or not; one character that happens to be the same between two changes belongs to the change."""
    codes = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    for number, (code, a, b, c, d) in enumerate(codes):
        alone = 0 < number < len(codes) - 1 and len("".join(ours[a:b])) == 1
        yield code == "equal" and not alone, (a, b), (c, d)


def _joined(stretches: Sequence[Stretch]) -> tuple[Stretch, ...]:
    out: list[Stretch] = []
    for one in stretches:
        if out and out[-1].sort == one.sort:
            out[-1] = Stretch(one.sort, out[-1].text + one.text)
        elif one.text:
            out.append(one)
    return tuple(out)
