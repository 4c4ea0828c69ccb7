"""What a DOCX holds beside its text as accepted: what tracked changes put in and took out, and where links lead."""

from collections import Counter
from collections.abc import Iterator

from lxml.etree import _Element as Element

from pipeline.readers.docx_package import Package, Part
from pipeline.readers.numbering import qn
from schemas.document import Annotation

MOST = 10_000  # annotations that are kept of one file

_KINDS = {qn("w:ins"): "insertion", qn("w:moveTo"): "insertion", qn("w:del"): "deletion", qn("w:moveFrom"): "deletion", qn("w:hyperlink"): "link"}
_P, _TR = qn("w:p"), qn("w:tr")
_WORDS = (qn("w:t"), qn("w:delText"))
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTES = ("footnotes", "endnotes")


def annotations(package: Package) -> tuple[Annotation, ...]:
    """The insertions, deletions and links of the body and the notes, part by part in document order; at most MOST."""
    parts = [package.main, *(package.related[kind] for kind in _NOTES if kind in package.related)]
    found = (one for part in parts for one in _of_part(part, package))
    return tuple(one for one, _ in zip(found, range(MOST), strict=False))


def warnings(found: tuple[Annotation, ...]) -> tuple[str, ...]:
    """The warning that a file is no final version: it holds tracked changes."""
    count = Counter(one.kind for one in found)
    if not count["insertion"] and not count["deletion"]:
        return ()
    return (f"read.tracked_changes insertions={count['insertion']} deletions={count['deletion']}",)


def _of_part(part: Part, package: Package) -> Iterator[Annotation]:
    elements = [element for element in part.root.iter(*_KINDS) if next(element.iterancestors(_FALLBACK), None) is None]
    index = {paragraph: i for i, paragraph in enumerate(part.root.iter(_P))} if elements else {}
    for element in elements:
        kind = _KINDS[str(element.tag)]
        url = _url(element, package) if kind == "link" and part is package.main else None
        if kind == "link" and url is None:
            continue  # leads to a bookmark of the same file
        yield Annotation.model_validate(
            {
                "kind": kind,
                "text": _text(element),
                "url": url,
                "author": element.get(qn("w:author")),
                "on": element.get(qn("w:date")),
                "part": part.name,
                "paragraph": _paragraph(element, index),
            }
        )


def _text(element: Element) -> str:
    """The words that were put in or taken out; a paragraph's mark is a line feed, a table's row the words of its cells."""
    parent = element.getparent()
    if parent is not None and parent.tag == qn("w:trPr"):
        element = next(parent.iterancestors(_TR), element)
    elif parent is not None and parent.tag == qn("w:rPr"):
        return "\n"
    return "".join(words.text or "" for words in element.iter(*_WORDS))


def _paragraph(element: Element, index: dict[Element, int]) -> int | None:
    """The w:p that holds the element, or the first one in it (a row)."""
    holder = next(element.iterancestors(_P), None)
    if holder is None:
        holder = next((below for row in element.iterancestors(_TR) for below in row.iter(_P)), None)
    return None if holder is None else index[holder]


def _url(link: Element, package: Package) -> str | None:
    """The address that a link leads to; null for a place in the file itself."""
    ids = (str(value) for name, value in link.attrib.items() if str(name).endswith("}id"))  # Transitional or Strict
    return next((package.links[value] for value in ids if value in package.links), None)
