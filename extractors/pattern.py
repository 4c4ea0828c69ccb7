"""A pattern is a record with its own proof; matching keeps the offsets of the source."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeVar

import regex

from extractors.expressions import compile_once
from schemas.document import Span
from schemas.mention import Mention, MentionKind

Match = regex.Match[str]
T = TypeVar("T")


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
    return _fold_short(text) if len(text) <= SHORT else _fold_long(text)


@lru_cache(8192)
def _fold_short(text: str) -> str:
    return text.translate(FOLD)


def _fold_long(text: str) -> str:
    """As `translate` does it, variant by variant: a search for one character is faster than a look at each."""
    for code, plain in FOLD.items():
        if (variant := chr(code)) in text:
            text = text.replace(variant, plain)
    return text


@dataclass(frozen=True)
class Anchor:
    """Something rare that every match holds, so that the rest of a text is not searched: an expression, or words parted by |.

    A match begins at most `before` characters ahead of where an anchor begins, and what it cannot do without, also to look at, ends at most `behind`
    characters from there. Where `before` is 0, each match begins at an anchor.
    """

    regex: str
    before: int = 0
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


class Anchors:
    """Where the anchors of one text are. Each expression is looked for once, however many patterns share it."""

    def __init__(self, folded: str) -> None:
        self.folded = folded
        self._starts: dict[str, list[int]] = {}

    def starts(self, expression: str) -> list[int]:
        """Offsets of an expression, or of words parted by |, in order."""
        found = self._starts.get(expression)
        if found is None:
            words = _words(expression)
            if words:
                found = sorted(start for word in words for start in _starts_of(word, self.folded))
            else:
                found = [hit.start() for hit in compiled(expression).finditer(self.folded)]
            self._starts[expression] = found
        return found

    def windows(self, anchor: Anchor) -> Iterator[tuple[int, int]]:
        """Stretches of the text around the anchors, those that touch made one."""
        start, end = 0, -1
        for at in self.starts(anchor.regex):
            if at - anchor.before > end:
                if end >= 0:
                    yield start, end
                start = at - anchor.before
            end = at + anchor.behind
        if end >= 0:
            yield start, end


@cache
def _words(expression: str) -> tuple[str, ...]:
    """The words of an expression that is nothing but words: to find them wants no expression."""
    words = expression.split("|")
    return tuple(words) if all(word.isalpha() for word in words) else ()


@cache
def _is_quoted(expression: str) -> bool:
    return "quote" in compiled(expression).groupindex


def _starts_of(word: str, folded: str) -> Iterator[int]:
    at = folded.find(word)
    while at >= 0:
        yield at
        at = folded.find(word, at + 1)


def matches(pattern: Pattern, anchors: Anchors) -> Iterator[Match]:
    """All matches of a pattern in a text, left to right, none overlapping another; sought only around the pattern's anchors where it has one."""
    expression, anchor = compiled(pattern.regex), pattern.anchor
    if anchor is None:
        yield from expression.finditer(anchors.folded)
        return
    at = 0
    if not anchor.before:
        for start in anchors.starts(anchor.regex):
            if start >= at and (found := expression.match(anchors.folded, start)):
                at = found.end()
                yield found
        return
    for start, end in anchors.windows(anchor):
        at = max(start, at)
        while hit := expression.search(anchors.folded, at, end):
            at = hit.start() + 1
            if found := expression.match(anchors.folded, hit.start()):  # a match that the end of the window does not cut
                at = max(at, found.end())
                yield found


_Claim = tuple[int, int, tuple[int, int, int], T]
"""Start, end, place in the order of claiming, and what a mention is made of."""


def match_all(patterns: Iterable[Pattern], text: str, folded: str) -> list[Mention]:
    """The mentions of several patterns of one rank, in order of the text: the longest wins, then the earlier pattern. `folded` is `fold(text)`."""
    anchors = Anchors(folded)
    claims: list[_Claim[tuple[Pattern, Match]]] = []
    for rank, pattern in enumerate(patterns):
        quoted = _is_quoted(pattern.regex)
        for found in matches(pattern, anchors):
            start, end = found.span("quote") if quoted else found.span()
            if start < end:
                claims.append((start, end, (start - end, rank, start), (pattern, found)))

    def mention(start: int, end: int, claim: tuple[Pattern, Match]) -> Mention | None:
        pattern, found = claim
        value = pattern.value(found)
        return None if value is None else Mention(pattern.kind, Span(start, end), text[start:end], value, pattern.name)

    return _settled(claims, mention)


def settle(ranks: Iterable[Iterable[Mention]]) -> list[Mention]:
    """What an earlier rank has claimed is closed to later ones. Result in order of the text."""
    claims = [(m.span.start, m.span.end, (rank, i, 0), m) for rank, found in enumerate(ranks) for i, m in enumerate(found)]
    return _settled(claims, lambda start, end, mention: mention)


def _settled(claims: list[_Claim[T]], mention_of: Callable[[int, int, T], Mention | None]) -> list[Mention]:
    """Overlaps are settled here and nowhere else: of claims that overlap, the first in the order that makes a mention. Result in order of the text."""
    kept: list[Mention] = []
    for group in _overlapping(sorted(claims, key=itemgetter(0))):
        if len(group) == 1:
            start, end, _, claim = group[0]
            if mention := mention_of(start, end, claim):
                kept.append(mention)
            continue
        starts: list[int] = []
        ends: list[int] = []
        won: list[Mention] = []
        for start, end, _, claim in sorted(group, key=itemgetter(2)):
            i = bisect_left(starts, end)
            if not (i and ends[i - 1] > start) and (mention := mention_of(start, end, claim)):
                starts.insert(i, start)
                ends.insert(i, end)
                won.insert(i, mention)
        kept += won
    return kept


def _overlapping(claims: Iterable[_Claim[T]]) -> Iterator[list[_Claim[T]]]:
    """Groups of claims, sorted by start, that overlap none of another group: what is settled in one group does not touch the next."""
    group: list[_Claim[T]] = []
    until = 0
    for claim in claims:
        if group and claim[0] >= until:
            yield group
            group = []
        group.append(claim)
        until = max(until, claim[1])
    if group:
        yield group
