"""A proof with everything that finds it again: its words, the words around it, its section, its place in the file."""

from pipeline.rules.draft import Proof
from pipeline.statements import Reading
from schemas.ruleset import Evidence

CONTEXT = 32  # characters of prefix and suffix


def evidence(reading: Reading, proof: Proof) -> Evidence:
    """A proof with its words, the words around it, its section and its place in the file."""
    text, span = reading.document.text, proof.span
    place = next(reading.document.places(span), None)
    cell = reading.document.cell_at(span.start)
    return Evidence(
        role=proof.role,
        start=span.start,
        end=span.end,
        quote=text[span.start : span.end],
        prefix=text[max(0, span.start - CONTEXT) : span.start],
        suffix=text[span.end : span.end + CONTEXT],
        section=reading.outline.section_at(span.start).id,
        pattern=proof.pattern,
        part=place.part if place else None,
        page=place.page if place else None,
        bbox=place.bbox if place else None,
        cell=(cell[1].row, cell[1].column) if cell else None,
    )
