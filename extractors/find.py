"""The inventory: which extractors there are, and in what order they claim the text."""

from collections.abc import Callable

from extractors import contacts, dates, money, quantities, references
from extractors.pattern import fold, settle
from schemas.mention import Mention

EXTRACTORS: tuple[Callable[[str, str], list[Mention]], ...] = (
    references.find,  # first: a 文号 holds a year and a number, a title may hold a date
    contacts.find,  # telephone numbers and addresses hold digits of every kind
    dates.find,  # before quantities: 3年 of 2023年, 5日 of 8月5日
    money.find,  # before quantities: 万元, 每人
    quantities.find,
)


def find_mentions(text: str) -> list[Mention]:
    """Every mention of a text, in order, none overlapping another. Offsets are those of the text."""
    folded = fold(text)
    return settle(find(text, folded) for find in EXTRACTORS)
