"""What the model of names learns from: marks that can be read, sentences of the notices themselves, templates that all fill."""

import json
from pathlib import Path

import pytest

from extractors.names import NESTED, Marked
from extractors.pattern import fold
from pipeline.errors import NoticeError
from pipeline.training import LABELS, MarkError, made_sentences, marked_notices, parse, train_names

ROOT = Path(__file__).parents[1]
NER, OUTPUTS = ROOT / "corpus" / "ner", ROOT / "outputs"


def test_marks_become_spans_also_inside_one_another() -> None:
    marked = parse("⟦⟦温州市|place⟧水利局|organisation⟧：⟦韩超伦|person⟧，")
    assert marked == Marked("温州市水利局:韩超伦,", ((0, 3, "place"), (0, 6, "organisation"), (7, 10, "person")))
    assert marked.outer() == ((0, 6, "organisation"), (7, 10, "person"))


@pytest.mark.parametrize(("line", "says"), [("⟦温州市", "never closed"), ("温州市|place⟧", "closes nothing"), ("⟦温州市|town⟧", "town is no label")])
def test_a_mark_that_cannot_be_read_is_refused(line: str, says: str) -> None:
    with pytest.raises(MarkError, match=says):
        parse(line)


def test_the_line_of_a_bad_mark_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.marked").write_text("单位\n⟦温州市\n", encoding="utf-8")
    with pytest.raises(NoticeError, match=r"a\.marked.*2"):
        marked_notices(tmp_path)


def test_a_folder_without_marks_teaches_nothing(tmp_path: Path) -> None:
    with pytest.raises(NoticeError) as error:
        train_names(tmp_path, tmp_path / "model")
    assert error.value.code == "train.nothing"
    assert not (tmp_path / "model").exists()


def test_a_slot_without_words_is_told(tmp_path: Path) -> None:
    (tmp_path / "words.tsv").write_text("slot\twords\nplace\t温州市\n", encoding="utf-8")
    (tmp_path / "templates.marked").write_text("{place}\n{town}\n", encoding="utf-8")
    with pytest.raises(NoticeError, match=r"templates\.marked.*2"):
        made_sentences(tmp_path)


@pytest.mark.parametrize("series", sorted(marked_notices(NER)))
def test_marked_sentences_are_the_notices_own(series: str) -> None:
    published = next((OUTPUTS / series).glob("*.ruleset.json"))
    text = "".join(fold(json.loads(published.read_text(encoding="utf-8"))["text"]).split())
    sentences = marked_notices(NER)[series]
    assert [m.text for m in sentences if m.text not in text] == []
    assert sum(bool(m.spans) for m in sentences) > 40


def test_every_label_is_marked_and_inside_names_only_what_may_be() -> None:
    every = [m for notice in marked_notices(NER).values() for m in notice]
    assert {label for m in every for *_, label in m.spans} == set(LABELS)
    inside = {s[2] for m in every for s in m.spans if s not in m.outer()}
    assert inside <= set(NESTED)


def test_the_same_sentences_are_made_each_time_and_none_keeps_a_slot() -> None:
    made = made_sentences(NER)
    assert made == made_sentences(NER)
    assert len({m.text for m in made}) == len(made) > 1000
    assert not any("{" in m.text or "⟦" in m.text for m in made)
