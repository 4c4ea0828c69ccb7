"""What the model of names learns from: sentences of notices marked by hand, and sentences made of templates and vocabularies (corpus/ner).

    ⟦⟦温州市|place⟧水利局|organisation⟧：⟦韩超伦|person⟧

A `.marked` file holds one sentence a line, without white space. In templates.marked a word in braces stands for what words.tsv lists under it, which
may name further ones; a word that is a label marks what it becomes.
"""

import csv
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from extractors.names import MODEL, PROPOSALS, Marked, train
from extractors.pattern import fold
from extractors.vocabulary import rows
from pipeline.errors import NoticeError
from schemas.mention import NameKind

LABELS = (*get_args(NameKind), *PROPOSALS)
MADE = 1500
"""Sentences made of the templates."""

_TEMPLATES, _WORDS, _SUFFIX = "templates.marked", "words.tsv", ".marked"
_SEED = 4
_MARKS = re.compile(r"⟦|\|(?P<label>[a-z]+)⟧")
_SLOT = re.compile(r"\{(\w+)\}")


class MarkError(ValueError):
    """A line whose marks cannot be read."""


@dataclass(frozen=True)
class Learnt:
    """What a model was made of and where it lies."""

    notices: int
    marked: int
    spans: int
    made: int
    folder: Path


def train_names(corpus: Path, out: Path | None = None, tell: Callable[[int, int], None] = lambda *_: None) -> Learnt:
    """Train on everything that the folder holds and write the model, into the package without `out`. Raises NoticeError for what cannot be learnt."""
    notices, made = marked_notices(corpus), made_sentences(corpus)
    marked = [sentence for sentences in notices.values() for sentence in sentences]
    if not marked:
        raise NoticeError("train.nothing", str(corpus))
    train([*marked, *made], out or MODEL, tell)
    return Learnt(len(notices), len(marked), sum(len(sentence.spans) for sentence in marked), len(made), out or MODEL)


def marked_notices(folder: Path) -> dict[str, list[Marked]]:
    """The sentences that people marked, by notice, in order of name. Raises NoticeError."""
    return {path.stem: read_marked(path) for path in sorted(folder.glob(f"*{_SUFFIX}")) if path.name != _TEMPLATES}


def read_marked(path: Path) -> list[Marked]:
    """The sentences of a marked file. Raises NoticeError with file and line."""
    out = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            out.append(parse(line))
        except MarkError as error:
            raise NoticeError("train.mark", str(path), line=number, reason=error) from None
    return out


def parse(line: str) -> Marked:
    """A line with marks → the folded sentence and its spans. Raises MarkError where a bracket is left over or a label is not known."""
    text, at, opened, spans = "", 0, [], []
    for found in _MARKS.finditer(line):
        text += line[at : found.start()]
        at = found.end()
        if found["label"] is None:
            opened.append(len(text))
        elif not opened:
            raise MarkError(f"|{found['label']}⟧ closes nothing")
        elif found["label"] not in LABELS:
            raise MarkError(f"{found['label']} is no label; known: {', '.join(LABELS)}")
        else:
            spans.append((opened.pop(), len(text), found["label"]))
    if opened:
        raise MarkError("⟦ is never closed")
    return Marked(fold(text + line[at:]), tuple(sorted(spans)))


def made_sentences(folder: Path, count: int = MADE) -> list[Marked]:
    """Different sentences of so many turns through the templates of a folder; the same ones each time. Raises NoticeError with the template's line."""
    if not (folder / _TEMPLATES).is_file():
        return []
    words = _words(folder / _WORDS)
    templates = (folder / _TEMPLATES).read_text(encoding="utf-8").splitlines()
    chance = random.Random(_SEED)
    made: dict[str, Marked] = {}
    for turn in range(count):
        try:
            line = _filled(templates[turn % len(templates)], words, chance)
            made.setdefault(line, parse(line))
        except MarkError as error:
            raise NoticeError("train.mark", str(folder / _TEMPLATES), line=turn % len(templates) + 1, reason=error) from None
    return list(made.values())


def _filled(template: str, words: Mapping[str, Sequence[str]], chance: random.Random) -> str:
    def fill(found: re.Match[str]) -> str:
        slot = found[1]
        if slot not in words:
            raise MarkError(f"{{{slot}}}: {_WORDS} has no such slot")
        inner = _filled(chance.choice(words[slot]), words, chance)
        return f"⟦{inner}|{slot}⟧" if slot in LABELS else inner

    return _SLOT.sub(fill, template)


def _words(path: Path) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            for word in row["words"].split("|"):
                out.setdefault(row["slot"], []).extend(_of_vocabulary(word) if word.startswith("{vocabulary:") else [word])
    return out


def _of_vocabulary(source: str) -> list[str]:
    """{vocabulary:subjects.tsv:fee}: the words of a vocabulary file: a column of it, or the subjects of a kind, or its first column."""
    _, name, *which = source.strip("{}").split(":")
    table = rows(name)
    columns = list(table[0])
    if not which:
        return [row[columns[0]] for row in table]
    if which[0] in columns:
        return [word for row in table for word in row[which[0]].split("|")]
    return [row[columns[0]] for row in table if row["kind"] == which[0]]
