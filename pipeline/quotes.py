"""Finding a quote in a text by its words alone: white space does not count, neighbours and table labels tell equal words apart."""

from collections.abc import Iterable
from dataclasses import dataclass

from schemas.document import Section, Span

_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


def squeeze(text: str) -> str:
    """The text without white space and characters that show nothing."""
    return "".join(c for c in text if not c.isspace() and c not in _INVISIBLE)


@dataclass(frozen=True)
class Squeezed:
    """A text without white space; `at[i]` is the offset in the source of its character i."""

    source: str
    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, source: str) -> "Squeezed":
        at = tuple(i for i, c in enumerate(source) if not c.isspace() and c not in _INVISIBLE)
        return cls(source, "".join(source[i] for i in at), at)

    def find(self, quote: str, prefix: str = "", suffix: str = "") -> list[Span]:
        """All places of a quote, in order and in offsets of the source; prefix and suffix are words directly before and after it."""
        quote, prefix, suffix = squeeze(quote), squeeze(prefix), squeeze(suffix)
        found = []
        start = self.text.find(quote) if quote else -1
        while start >= 0:
            end = start + len(quote)
            if self.text.endswith(prefix, 0, start) and self.text.startswith(suffix, end):
                found.append(Span(self.at[start], self.at[end - 1] + 1))
            start = self.text.find(quote, start + 1)
        return found


def section_spans(sections: Iterable[Section], section: str) -> list[Span]:
    """The stretches of a section and its subsections; empty for an unknown one."""
    below = f"{section}/"
    return [Span(s.start, s.end) for s in sections if s.id == section or s.id.startswith(below)]


def within(spans: Iterable[Span], stretches: list[Span]) -> list[Span]:
    """The spans that lie in one of the stretches."""
    return [span for span in spans if any(stretch.contains(span) for stretch in stretches)]


def in_row(text: Squeezed, spans: list[Span], label: str) -> list[Span]:
    """The spans whose line holds the row's label; where no line holds both, the nearest span after the label: a flattened table has a cell a line."""
    beside = [span for span in spans if squeeze(label) in squeeze(_line(text.source, span.start))]
    if beside:
        return beside
    behind = [(span.start - row.end, span) for row in text.find(label) for span in spans if row.end <= span.start]
    return [min(behind)[1]] if behind else []


def in_column(text: Squeezed, spans: list[Span], label: str) -> list[Span]:
    """The spans that stand in a cell below the column's label; cells are parted by tabs, rows by line feeds."""
    heads = {_cell_index(text.source, span.start): span.start for span in reversed(text.find(label))}
    return [span for span in spans if heads.get(_cell_index(text.source, span.start), span.start) < span.start]


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line(text: str, position: int) -> str:
    end = text.find("\n", position)
    return text[_line_start(text, position) : end if end >= 0 else len(text)]


def _cell_index(text: str, position: int) -> int:
    return text.count("\t", _line_start(text, position), position)
