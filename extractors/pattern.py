"""A pattern is a record with its own proof; matching keeps the offsets of the source."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import regex

from extractors.expressions import compile_once
from schemas.document import Span
from schemas.mention import Mention, MentionKind

Match = regex.Match[str]


def _fold_table() -> dict[int, str]:
    """One character to one character, so that offsets stay: full-width forms, bracket and dash variants, odd spaces, traditional unit words."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    for variants, plain in (
        ("﹝［【〖｛{[", "〔"),
        ("﹞］】〗｝}]", "〕"),
        ("–—―−﹣－‐‑‒─", "-"),
        ("～〜∼﹏", "~"),
        ("\u00a0\u3000\u2002\u2003\u2009\u200a\u202f", " "),
        ("﹕∶", ":"),
        ("＜〈‹", "〈"),
        ("＞〉›", "〉"),
        ("“”„‟＂", '"'),
        ("○◯", "〇"),
        ("個箇", "个"),
        ("萬", "万"),
        ("億", "亿"),
        ("點", "点"),
        ("號", "号"),
        ("發", "发"),
        ("兩", "两"),
        ("×✕✖＊﹡", "*"),
        ("≧", "≥"),
        ("≦", "≤"),
    ):
        table |= {ord(c): plain for c in variants}
    return table


FOLD = _fold_table()
SHORT = 400  # characters: a heading or a sentence, which is folded again and again


def fold(text: str) -> str:
    """The text that patterns see; as long as the source, character by character."""
    return _fold_short(text) if len(text) <= SHORT else text.translate(FOLD)


@lru_cache(8192)
def _fold_short(text: str) -> str:
    return text.translate(FOLD)


@dataclass(frozen=True)
class Anchor:
    """Characters that every match holds, found fast, and how far a match may reach before and behind the first of them."""

    regex: str
    before: int
    behind: int = 80


@dataclass(frozen=True)
class Pattern:
    """`value` makes the mention's value of a match, or null to refuse it. Every example is matched whole and means its value; a reject yields nothing."""

    name: str
    kind: MentionKind
    regex: str
    value: Callable[[Match], Any]
    examples: tuple[tuple[str, Any], ...]
    rejects: tuple[str, ...] = ()
    anchor: Anchor | None = None


@cache
def compiled(expression: str) -> regex.Pattern[str]:
    """Compiled once, at first use; whitespace and comments in the expression do not count."""
    return compile_once(expression)


def match(pattern: Pattern, text: str, folded: str) -> Iterator[Mention]:
    """The mentions of one pattern, left to right. `folded` is `fold(text)`."""
    for found in matches(pattern, folded):
        start, end = found.span("quote") if "quote" in found.re.groupindex else found.span()
        if start == end:
            continue
        value = pattern.value(found)
        if value is not None:
            yield Mention(pattern.kind, Span(start, end), text[start:end], value, pattern.name)


def matches(pattern: Pattern, folded: str) -> Iterator[Match]:
    """All matches, or only those around the pattern's anchors: most of a text holds none."""
    expression = compiled(pattern.regex)
    if pattern.anchor is None:
        yield from expression.finditer(folded)
        return
    at = 0
    for start, end in _windows(pattern.anchor, folded):
        for found in expression.finditer(folded, max(start, at), end):
            at = found.end()
            yield found


def _windows(anchor: Anchor, folded: str) -> Iterator[tuple[int, int]]:
    """Stretches of the text around the anchors, those that touch made one."""
    start = end = -1
    for found in compiled(anchor.regex).finditer(folded):
        low, high = max(0, found.start() - anchor.before), min(len(folded), found.end() + anchor.behind)
        if low > end:
            if end >= 0:
                yield start, end
            start = low
        end = max(end, high)
    if end >= 0:
        yield start, end


def match_all(patterns: Iterable[Pattern], text: str, folded: str) -> list[Mention]:
    """The mentions of several patterns of one rank: the longest wins, then the earlier pattern."""
    found = [(rank, mention) for rank, pattern in enumerate(patterns) for mention in match(pattern, text, folded)]
    found.sort(key=lambda pair: (-len(pair[1].span), pair[0], pair[1].span.start))
    return settle([[mention for _, mention in found]])


def settle(ranks: Iterable[Iterable[Mention]]) -> list[Mention]:
    """Overlaps are settled here and nowhere else: what an earlier rank has claimed is closed to later ones. Result in order of the text."""
    taken = _Intervals()
    kept = [mention for rank in ranks for mention in rank if taken.claim(mention.span)]
    return sorted(kept, key=lambda mention: (mention.span.start, mention.span.end))


class _Intervals:
    """Disjoint intervals, kept sorted."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def claim(self, span: Span) -> bool:
        """Take the span if it is free."""
        i = bisect_left(self._starts, span.end)
        if i and self._ends[i - 1] > span.start:
            return False
        self._starts.insert(i, span.start)
        self._ends.insert(i, span.end)
        return True
