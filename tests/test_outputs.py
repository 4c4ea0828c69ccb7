"""The published rulesets are what the program makes, and what every ruleset of the corpus must hold of its own text."""

from functools import cache
from pathlib import Path

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.find import find_mentions
from pipeline import batch
from pipeline.evidence import CONTEXT
from schemas.mention import Mention
from schemas.ruleset import Evidence, Ruleset

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
PUBLISHED = batch.plan([str(CORPUS)])
FILES = sorted(path for path in CORPUS.glob("*/*") if path.suffix in batch.NOTICE_SUFFIXES)
REGENERATE = "run `noticerules extract corpus` (or `make run`), look at the difference in git, and say in the commit what was gained and lost"


def name_of(path: Path) -> str:
    return path.relative_to(CORPUS).as_posix()


@cache
def ruleset(path: Path) -> Ruleset:
    """The ruleset of any file of the corpus, published or not, as the command makes it."""
    (job,) = batch.plan([str(path)]).jobs
    return batch.build(job)


every_file = pytest.mark.parametrize("path", FILES, ids=map(name_of, FILES))


# --- published -----------------------------------------------------------------------------------------------------------------------


def published_path(job: batch.Job) -> Path:
    assert job.source is not None
    return (ROOT / batch.OUTPUTS / job.source.relative_to(CORPUS)).with_suffix(".ruleset.json")


@pytest.mark.parametrize("job", PUBLISHED.jobs, ids=lambda job: name_of(job.source))
def test_extracting_again_gives_the_published_bytes(job: batch.Job) -> None:
    path = published_path(job)
    assert path.is_file(), f"{path.relative_to(ROOT)} is missing: {REGENERATE}"
    assert job.source is not None
    same = path.read_bytes() == ruleset(job.source).to_json().encode()
    assert same, f"{path.relative_to(ROOT)} is not what the program makes of {name_of(job.source)} now: {REGENERATE}"


def test_every_edition_has_one_published_file_and_outputs_hold_no_other() -> None:
    assert [str(problem) for problem in PUBLISHED.problems] == []
    expected = {published_path(job) for job in PUBLISHED.jobs}
    stray = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / batch.OUTPUTS).rglob("*.ruleset.json") if path not in expected)
    assert stray == [], "no notice of the corpus makes these any more: remove them"


def test_sources_name_every_file_once() -> None:
    rows = [line.split(",")[0] for line in (CORPUS / batch.SOURCES).read_text(encoding="utf-8").splitlines()[1:]]
    assert sorted(rows) == [name_of(path) for path in FILES]


# --- evidence and statements ---------------------------------------------------------------------------------------------------------


def evidence_of(found: Ruleset) -> list[Evidence]:
    owners = (*found.rules, *found.references, *found.findings)
    return [evidence for owner in owners for evidence in owner.evidence]


@every_file
def test_every_quote_stands_where_its_evidence_says(path: Path) -> None:
    found = ruleset(path)
    for e in evidence_of(found):
        assert found.text[e.start : e.end] == e.quote
        assert e.quote.strip()
        assert found.text[max(0, e.start - CONTEXT) : e.start] == e.prefix
        assert found.text[e.end : e.end + CONTEXT] == e.suffix


@every_file
def test_every_rule_and_reference_has_evidence_in_a_section_that_holds_it(path: Path) -> None:
    found = ruleset(path)
    sections = {section.id: section for section in found.sections}
    assert len(sections) == len(found.sections)
    assert all(owner.evidence for owner in (*found.rules, *found.references))
    for e in evidence_of(found):
        assert sections[e.section].start <= e.start < e.end <= sections[e.section].end, (e.section, e.quote)


@every_file
def test_statements_tile_the_text(path: Path) -> None:
    """In order, none over another, and nothing between them but white space and the marks that end a sentence."""
    found = ruleset(path)
    end, between = 0, ""
    for statement in found.statements:
        assert end <= statement.start < statement.end
        between += found.text[end : statement.start]
        end = statement.end
    between += found.text[end:]
    assert set(between) - set("。！？!?") == {c for c in between if c.isspace()}


@every_file
def test_statements_know_what_covers_them(path: Path) -> None:
    found = ruleset(path)
    known = {rule.uid for rule in found.rules} | {reference.id for reference in found.references}
    covering = {name for statement in found.statements for name in statement.covered_by}
    assert covering == known


# --- what is no date and no number -----------------------------------------------------------------------------------------------------

CLAIMED = {
    "document number": r"\p{Han}{2,}\s?[〔﹝\[（(【]\s?(?:19|20)\d\d\s?[〕﹞\]）)】}]\s?\d+\s?号|第\d+号",
    "address": r"(?:https?:?//|www\.)[\w.:/?=&%#~-]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
    "telephone": r"(?<!\d)0\d{2,3}-\d{7,8}(?!\d)|(?<=电话[:： ]?)[\d，,、-]{7,}|(?<!\d)12333(?!\d)",
    "section number": r"(?m)^[ \t\u3000]*(?:附件[ ]?[\d一二三四五六七八九十]+|[一二三四五六七八九十]+、|[（(][一二三四五六七八九十\d]+[）)]|\d+[.．、](?!\d)|[①-⑳])",
    "blank": r"[×_\u3000 ]{2,}(?:年|月|日|人|个|项|分|天|名)|(?:[×\d]{4})?年[×_\u3000 ]+月[×_\u3000 ]+日",
}
"""Written anew here and not taken from the extractors, so that it can find them wrong."""


def intruders(text: str, mentions: list[Mention]) -> list[str]:
    """Dates and numbers that touch what is none."""
    numbers = [m for m in mentions if m.kind in ("date", "money", "quantity")]
    return [
        f"{what} {found.group()!r}: read as {m.kind} {m.quote!r} by {m.pattern}"
        for what, expression in CLAIMED.items()
        for found in regex.finditer(expression, text)
        for m in numbers
        if m.span.start < found.end() and found.start() < m.span.end
    ]


@every_file
def test_no_date_and_no_number_is_read_inside_what_is_none(path: Path) -> None:
    text = ruleset(path).text
    found = intruders(text, find_mentions(text))
    assert not found, "\n".join(found)


def test_the_corpus_has_all_that_is_no_date_and_no_number() -> None:
    texts = [ruleset(path).text for path in FILES]
    assert [what for what, expression in CLAIMED.items() if not any(regex.search(expression, text) for text in texts)] == []


# --- mentions of made-up texts ---------------------------------------------------------------------------------------------------------

PIECES = st.sampled_from([path.read_text(encoding="utf-8") for path in FILES if path.suffix == ".txt"]).flatmap(
    lambda text: st.integers(0, len(text) - 1).flatmap(lambda start: st.integers(1, 60).map(lambda length: text[start : start + length]))
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6) | st.sampled_from(["𠮷", "\u3000", "１２", "﹝", "\n", "》", "《", "（"]), max_size=8).map("".join))
def test_mentions_quote_their_text_and_never_overlap(text: str) -> None:
    end = 0
    for mention in find_mentions(text):
        assert end <= mention.span.start < mention.span.end
        assert text[mention.span.start : mention.span.end] == mention.quote
        end = mention.span.end
