"""Three formats, one ruleset: the TXT, the DOCX and the PDF of a notice give the same rules and the same references, and so do an HTML page, a
GB18030 text, a text wrapped anew and an old Word file made of it."""

import html
import json
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import docx
import pytest

from pipeline.build import build_ruleset
from pipeline.readers.txt import read_txt
from schemas.document import Block, Document, Table
from schemas.ruleset import Ruleset

CORPUS = Path(__file__).parent.parent / "corpus"
EDITIONS = sorted(path.with_suffix("") for path in CORPUS.glob("*/*.docx"))
IDS = [edition.relative_to(CORPUS).as_posix() for edition in EDITIONS]
FORMATS = ("docx", "pdf")

Facts = dict[str, dict[str, str]]
"""Key or reference id → field → what it says there."""


@cache
def ruleset(path: Path) -> Ruleset:
    return build_ruleset(path, series=path.parent.relative_to(CORPUS).as_posix())


def facts(found: Ruleset) -> Facts:
    """What must not depend on the format: every field but those that speak of one reading, its quotes and how sure it is of them."""
    rules = {rule.key: rule.model_dump_json(exclude={"evidence", "confidence", "review"}) for rule in found.rules}
    references = {f"reference/{one.id}": one.model_dump_json(exclude={"evidence"}) for one in found.references}
    return {key: {field: str(value) for field, value in json.loads(dump).items()} for key, dump in (rules | references).items()}


def quotes(found: Ruleset, name: str) -> str:
    """Where a rule or reference stands, for the reader of a failure."""
    named = [(rule.key, rule.evidence) for rule in found.rules] + [(f"reference/{one.id}", one.evidence) for one in found.references]
    return " · ".join(f"{e.section}: …{e.prefix[-12:]}【{e.quote}】{e.suffix[:12]}…" for key, evidence in named if key == name for e in evidence)


def differences(left: Ruleset, right: Ruleset, name: str) -> list[str]:
    """A line for each thing that only one format states, and for each field in which they differ."""
    ours, theirs = facts(left), facts(right)
    lines = [f"only txt: {key}\n    {quotes(left, key)}" for key in ours if key not in theirs]
    lines += [f"only {name}: {key}\n    {quotes(right, key)}" for key in theirs if key not in ours]
    for key in ours.keys() & theirs.keys():
        lines += [
            f"{field} of {key}: txt {ours[key][field]}, {name} {theirs[key][field]}\n    txt {quotes(left, key)}\n    {name} {quotes(right, key)}"
            for field in ours[key]
            if ours[key][field] != theirs[key][field]
        ]
    return lines


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_the_formats_of_a_notice_give_the_same_rules_and_references(edition: Path, name: str) -> None:
    text, other = ruleset(edition.with_suffix(".txt")), ruleset(edition.with_suffix(f".{name}"))
    assert text.rules
    found = differences(text, other, name)
    assert not found, "\n".join([f"{len(found)} difference(s)", *found])


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_the_formats_of_a_notice_give_the_same_head_and_tail(edition: Path, name: str) -> None:
    text, other = ruleset(edition.with_suffix(".txt")), ruleset(edition.with_suffix(f".{name}"))
    assert other.notice.model_dump() == text.notice.model_dump()


@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_each_edition_stands_in_three_formats(edition: Path) -> None:
    assert all(edition.with_suffix(suffix).is_file() for suffix in (".txt", ".docx", ".pdf"))
    assert len(EDITIONS) == 5


# -- further formats, made of the TXT as it was read


def table_of(document: Document, block: Block) -> Table:
    return next(table for table in document.tables if table.start == block.start)


def rows_of(document: Document, table: Table) -> list[list[str]]:
    rows: list[list[str]] = [[] for _ in range(table.height)]
    for cell in table.cells:
        rows[cell.row].append(document.text[cell.start : cell.end])
    return rows


def as_gb18030(document: Document, path: Path, source: bytes) -> None:
    path.with_suffix(".txt").write_bytes(source.decode("utf-8-sig").encode("gb18030"))


def broken(text: str, columns: int = 72) -> list[str]:
    """``text`` in lines of at most ``columns`` columns, filled as a converter fills them."""
    lines, width = [""], 0
    for character in text:
        wide = 1 if character.isascii() else 2
        if character == "\n" or width + wide > columns:
            lines.append("")
            width = 0
        if character != "\n":
            lines[-1] += character
            width += wide
    return lines


def as_wrapped(document: Document, path: Path, source: bytes) -> None:
    """Every paragraph broken at 72 columns (a Chinese character takes two), with a blank line behind it; tables as office texts
    flatten them."""
    parts = []
    for block in document.blocks:
        if block.kind == "table":
            rows = rows_of(document, table_of(document, block))
            parts.append("\n\n".join("\n".join("\t" + cell for cell in row) for row in rows) + "\n\n")
        else:
            text = document.text[block.start : block.end]
            parts.append("\n".join(broken(text)) + "\n")
    path.with_suffix(".txt").write_text("\n".join(parts), encoding="utf-8")


def as_html(document: Document, path: Path, source: bytes) -> None:
    def lines(text: str) -> str:
        return "<br>".join(html.escape(line).replace("  ", "&nbsp;&nbsp;") for line in text.split("\n"))  # a page keeps blanks only so

    parts = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>通知</title></head><body>"]
    for block in document.blocks:
        if block.kind == "table":
            rows = rows_of(document, table_of(document, block))
            parts.append("<table>" + "".join("<tr>" + "".join(f"<td>{lines(c)}</td>" for c in row) + "</tr>" for row in rows) + "</table>")
        else:
            parts.append(f"<p>{lines(document.text[block.start : block.end])}</p>")
    path.with_suffix(".html").write_text("\n".join([*parts, "</body></html>"]), encoding="utf-8")


def as_doc(document: Document, path: Path, source: bytes) -> None:
    """An old Word file, by LibreOffice, of a DOCX whose numbers are typed."""
    office = docx.Document()
    for block in document.blocks:
        if block.kind == "table":
            rows = rows_of(document, table_of(document, block))
            table = office.add_table(len(rows), max(map(len, rows)))
            for row, texts in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, texts, strict=False):
                    cell.text = text
        else:
            office.add_paragraph(document.text[block.start : block.end])
    office.save(str(path.with_suffix(".docx")))
    program = shutil.which("soffice") or shutil.which("libreoffice")
    assert program, "this test needs LibreOffice: install the package libreoffice-writer"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", "doc", "--outdir", str(path.parent), str(path.with_suffix(".docx"))]
    subprocess.run(command, check=True, timeout=120, capture_output=True)
    path.with_suffix(".docx").unlink()


MADE: dict[str, tuple[Callable[[Document, Path, bytes], None], str]] = {
    "gb18030": (as_gb18030, ".txt"),
    "wrapped": (as_wrapped, ".txt"),
    "html": (as_html, ".html"),
    "doc": (as_doc, ".doc"),
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("edition", EDITIONS, ids=IDS)
def test_further_formats_of_a_notice_give_the_same_rules(edition: Path, name: str, tmp_path: Path) -> None:
    make, suffix = MADE[name]
    source = edition.with_suffix(".txt").read_bytes()
    make(read_txt(source, edition.name), tmp_path / edition.name, source)
    text = ruleset(edition.with_suffix(".txt"))
    other = build_ruleset((tmp_path / edition.name).with_suffix(suffix), series=edition.parent.relative_to(CORPUS).as_posix())
    found = differences(text, other, name)
    assert not found, "\n".join([f"{len(found)} difference(s)", *found])
