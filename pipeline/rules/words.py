"""A stretch of a notice as conditions are read from it: without white space, and every quantity, document and list that stands in it is one sign."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from extractors.find import find_mentions
from extractors.pattern import fold
from schemas.document import Span
from schemas.mention import Count, Mention, Number, Title
from schemas.ruleset import Condition

COUNT, DOCUMENT, LIST, REST = "№", "□", "※", "·"


@dataclass(frozen=True)
class Words:
    """`text` is the folded stretch, as long as `printed`: a quantity is №···, a document □···, a list that the stretch leads in ※···.

    `places` are the offsets of the characters in the document; the mappings give what a sign stands for by its offset in the stretch.
    """

    text: str
    printed: str
    places: Sequence[int]
    counts: Mapping[int, Count] = field(default_factory=dict)
    documents: Mapping[int, Title | Number] = field(default_factory=dict)
    lists: Mapping[int, Condition] = field(default_factory=dict)

    def quote(self, start: int, end: int) -> str:
        """The words of the source, without white space."""
        return self.printed[start:end]

    def span(self, start: int, end: int) -> Span:
        """Where a stretch that is not empty stands in the document."""
        return Span(self.places[start], self.places[end - 1] + 1)

    def part(self, start: int, end: int) -> "Words":
        """A stretch of the stretch."""
        return Words(
            self.text[start:end],
            self.printed[start:end],
            self.places[start:end],
            {at - start: count for at, count in self.counts.items() if start <= at < end},
            {at - start: document for at, document in self.documents.items() if start <= at < end},
            {at - start: tree for at, tree in self.lists.items() if start <= at < end},
        )

    def leading(self, start: int, end: int, items: Condition) -> "Words":
        """The same with 下列条件之一 at [start, end) standing for the condition of the list."""
        sign = LIST + REST * (end - start - 1)
        return Words(self.text[:start] + sign + self.text[end:], self.printed, self.places, self.counts, self.documents, {**self.lists, start: items})


def words_of(text: str, span: Span, mentions: Sequence[Mention]) -> Words:
    """The words of a span of a text, with the mentions that lie in it."""
    source = text[span.start : span.end]
    signed = fold(source)
    printed = "".join(source.split())
    places: Sequence[int] = range(span.start, span.end)
    if len(printed) < len(source):
        places = tuple(at for at, char in enumerate(source, span.start) if not char.isspace())
    counts: dict[int, Count] = {}
    documents: dict[int, Title | Number] = {}
    for mention in mentions:
        value = mention.value
        if not isinstance(value, Count | Title | Number) or not span.contains(mention.span):
            continue
        sign = COUNT if isinstance(value, Count) else DOCUMENT
        start, end = mention.span.start - span.start, mention.span.end - span.start
        signed = signed[:start] + sign + REST * (end - start - 1) + signed[end:]
        at = bisect_left(places, mention.span.start)
        if isinstance(value, Count):
            counts[at] = value
        else:
            documents[at] = value
    if len(printed) < len(source):
        signed = "".join(signed[at - span.start] for at in places)
    return Words(signed, printed, places, counts, documents)


def words_of_text(text: str) -> Words:
    """The words of a text that stands alone."""
    return words_of(text, Span(0, len(text)), find_mentions(text))
