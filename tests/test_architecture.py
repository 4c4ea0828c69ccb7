"""The drawing and the table of docs/architecture.md name what is there."""

import re
from pathlib import Path

import pytest

from pipeline.export.formats import FORMATS
from pipeline.rules import BUILDERS, FURTHER, REST

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
DRAWING = PAGE[PAGE.index("```mermaid") :].partition("```\n")[0]
IN_DRAWING = sorted(set(re.findall(r"<b>([\w/]+(?:\.py|/))</b>", DRAWING)))
IN_PAGE = sorted(set(re.findall(r"`((?:\w+/)*\w+\.(?:py|toml|js|j2))`", PAGE)))


def stands(name: str) -> bool:
    """Whether a file of that name is there: from the root, from pipeline/, or, named alone, anywhere in the three packages."""
    if any((ROOT / folder / name).exists() for folder in ("", "pipeline")):
        return True
    return "/" not in name and any(next((ROOT / package).rglob(name), None) for package in ("schemas", "extractors", "pipeline"))


@pytest.mark.parametrize("name", IN_DRAWING)
def test_every_module_of_the_drawing_is_there(name: str) -> None:
    assert stands(name)


@pytest.mark.parametrize("name", IN_PAGE)
def test_every_file_of_the_page_is_there(name: str) -> None:
    assert stands(name)


def test_the_drawing_names_every_builder() -> None:
    assert len(IN_DRAWING) > 20
    drawn = {node: re.search(rf'{node}\["(.*?)"\]', DRAWING) for node in ("first", "further", "rest")}
    words = {node: set(re.findall(r"\w+", found[1])) if found else set() for node, found in drawn.items()}
    for node, builders in (("first", BUILDERS), ("further", FURTHER)):
        assert words[node] >= {builder.__module__.rpartition(".")[2] for builder in builders}
    assert REST.__module__.rpartition(".")[2] in words["rest"]
    assert len(FORMATS) == 7, "the drawing says seven formats"


def test_every_arrow_joins_two_nodes() -> None:
    nodes = set(re.findall(r"^\s+(?:subgraph )?(\w+) ?[\[(]", DRAWING, re.MULTILINE))
    arrows = [line.split(" --> ") for line in map(str.strip, DRAWING.splitlines()) if " --> " in line]
    assert {name for arrow in arrows for name in arrow} <= nodes
    assert nodes - {name for arrow in arrows for name in arrow} == {"builders"}
