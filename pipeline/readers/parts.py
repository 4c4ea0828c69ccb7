"""Pieces of several Documents laid out one below the other in one text: what moves with them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from schemas.document import Block, Document, Place, Table

Refile = Callable[[Place], Place]


@dataclass
class Assembly:
    """A text that grows block by block, blocks parted by one line feed; offsets of what is added move along."""

    texts: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    end: int = 0

    @property
    def text(self) -> str:
        return "\n".join(self.texts)

    def add(self, document: Document, blocks: Iterable[Block], refile: Refile = lambda place: place) -> None:
        """Append blocks of a document, in their order, with their tables; `refile` gives each place its new file or part."""
        tables = {table.start: table for table in document.tables}
        for block in blocks:
            by = self.end - block.start
            places = tuple(refile(place.model_copy(update={"start": place.start + by, "end": place.end + by})) for place in block.places)
            self.blocks.append(block.model_copy(update={"start": block.start + by, "end": block.end + by, "places": places}))
            if block.kind == "table" and block.start in tables:
                self.tables.append(_moved(tables[block.start], by))
            self.texts.append(document.text[block.start : block.end])
            self.end += block.end - block.start + 1

    def add_line(self, text: str, place: Place) -> None:
        """Append a paragraph of its own that stands at a place of a file; the place's offsets are set here."""
        end = self.end + len(text)
        self.blocks.append(Block(start=self.end, end=end, places=(place.model_copy(update={"start": self.end, "end": end}),)))
        self.texts.append(text)
        self.end = end + 1


def _moved(table: Table, by: int) -> Table:
    cells = tuple(cell.model_copy(update={"start": cell.start + by, "end": cell.end + by}) for cell in table.cells)
    return table.model_copy(update={"start": table.start + by, "end": table.end + by, "cells": cells})
