"""What rules ask only of sentences and clauses that hold certain words comes out the same where they ask it of all: no words are missing among them."""

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import regex

from pipeline.build import build_from_document
from pipeline.readers.txt import read_txt
from pipeline.statements import Reading

TESTS = Path(__file__).parent
NOTICES = sorted((TESTS.parent / "corpus").glob("*/*.txt"))
CASES = [TESTS / f"test_{name}.py" for name in ("rules_core", "rules_further", "eligibility", "findings", "facts")]


def lines_of_cases() -> list[str]:
    """The Chinese sentences that the tests of rules are about."""
    strings = [node.value for path in CASES for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Constant)]
    said = [
        line.strip("\n") for value in strings if isinstance(value, str) and len(regex.findall(r"\p{Han}", value)) >= 6 for line in value.split("\n")
    ]
    return list(dict.fromkeys(line for line in said if line.strip()))


def made_up(chance: random.Random, sentences: int) -> Iterator[str]:
    """Sentences of clauses of the corpus and of the cases, put together by chance: words meet that no notice has side by side."""
    told = lines_of_cases() + [line for path in NOTICES for line in path.read_text().split("\n")]
    clauses = [clause for line in told for clause in regex.split(r"[，；。：]", line) if 1 < len(clause) < 60]
    for number in range(sentences):
        marks = chance.choices("，，，；、：", k=chance.randint(0, 5))
        heading = f"{number % 9 + 1}." if number % 5 == 0 else ""
        yield heading + "".join(chance.choice(clauses) + mark for mark in marks) + chance.choice(clauses) + "。"


TEXTS = {
    **{f"{path.parent.name}/{path.stem}": path.read_text() for path in NOTICES},
    "cases": "\n\n".join(lines_of_cases()),
    "made up": "\n\n".join(made_up(random.Random(8), 300)),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_is_not_asked_would_have_said_nothing(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    document = read_txt(text.encode(), "notice.txt")
    asked_by_words = build_from_document(document, names=None)
    monkeypatch.setattr(Reading, "holding", lambda reading, words: iter(reading.sentences))
    monkeypatch.setattr(Reading, "holds", lambda reading, span, words: True)
    assert asked_by_words == build_from_document(document, names=None)
