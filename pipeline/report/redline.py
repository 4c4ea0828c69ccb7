"""Two wordings beside each other: the older with what it lost marked, the newer with what it gained."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from pipeline import redline as wordings

Sort = Literal["same", "gone", "come"]


@dataclass(frozen=True)
class Stretch:
    """A stretch of one side: kept, or lost by the older text, or gained by the newer."""

    sort: Sort
    text: str


def redline(old: str, new: str) -> tuple[tuple[Stretch, ...], tuple[Stretch, ...]]:
    """The older text with what is gone marked, and the newer with what has come. Joined again, the stretches are the texts."""
    pieces = wordings.redline(old, new)
    lost = [Stretch("same" if piece.change == "same" else "gone", piece.text) for piece in pieces if piece.change != "new"]
    won = [Stretch("same" if piece.change == "same" else "come", piece.text) for piece in pieces if piece.change != "old"]
    return _joined(lost), _joined(won)


def _joined(stretches: Iterable[Stretch]) -> tuple[Stretch, ...]:
    return tuple(Stretch(sort, "".join(one.text for one in run)) for sort, run in groupby(stretches, key=lambda one: one.sort))
