"""Names: where they stand, that the same text gives the same names, what is made of a proposal, and when spaCy is loaded at all."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from extractors import names
from extractors.find import find_mentions
from extractors.names import Marked, find_names, find_proposals, may_hold_a_name, names_of
from extractors.vocabulary import digest_of
from pipeline.build import build_from_bytes
from pipeline.findings import _only_ner, proposable
from pipeline.naming import Beside, in_process
from pipeline.outline import outline
from pipeline.readers.read import read_bytes
from pipeline.statements import read_statements
from pipeline.training import marked_notices
from schemas.document import Span
from schemas.mention import Mention

NER = Path(__file__).parents[1] / "corpus" / "ner"
NOTICE = """关于做好2024年度青岛市会计专业高级职称评审工作的通知

各区（市）人力资源和社会保障局，各有关单位：

一、申报时间

个人申报截止时间为2024年8月31日，{}，逾期不再受理。

联系人：王建国，联系电话：0532-85911746

青岛市人力资源和社会保障局

2024年6月1日
"""


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """Sentences of the marked notices that reach the model."""
    every = [marked.text for notice in marked_notices(NER).values() for marked in notice]
    return list(dict.fromkeys(sentence for sentence in every if may_hold_a_name(sentence)))


def seen(text: str) -> list[tuple[str, str]]:
    return [(m.quote, m.kind) for m in find_names(text, [Span(0, len(text))]) if m.pattern == "name.model"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("请于2025年3月1日前报送淄博市教育局人事科", ("淄博市教育局人事科", "organisation")),
        ("联系人：周海燕，联系电话：0533-2791234", ("周海燕", "person")),
        ("申报人员登录山东省职称评审管理系统进行申报", ("山东省职称评审管理系统", "system")),
        ("并上传《专业技术人员年度考核登记表》", ("专业技术人员年度考核登记表", "form")),
        ("须提供职业资格证书和聘书", ("职业资格证书", "certificate")),
    ],
)
def test_names_that_were_never_marked_are_seen(text: str, name: tuple[str, str]) -> None:
    assert name in seen(text)


def test_a_name_stands_where_it_is_printed_whatever_the_white_space() -> None:
    text = "请报送 淄博市\n教育局 人事科（联系电话：2791234）"
    found = find_names(text, [Span(0, len(text))])
    assert all(text[m.span.start : m.span.end] == m.quote for m in found)
    office = next(m for m in found if m.kind == "organisation")
    assert (office.quote, office.value) == ("淄博市\n教育局 人事科", "淄博市教育局人事科")


def test_a_name_that_stands_twice_is_found_twice() -> None:
    text = "联系人：周海燕\n联系人：周海燕"
    people = [m.span for m in find_names(text, [Span(0, 7), Span(8, 15)]) if m.kind == "person"]
    assert people == [Span(4, 7), Span(12, 15)]


def test_sentences_without_a_sign_of_a_name_do_not_reach_the_model() -> None:
    assert not may_hold_a_name("否则,后果自负")
    unsent = [m for notice in marked_notices(NER).values() for m in notice if not may_hold_a_name(m.text)]
    assert len(unsent) > 50
    assert {label for m in unsent for *_, label in m.spans} == {"speciality"}  # a line of a list of specialities: nothing tells it from other words


def test_a_sentence_gives_the_same_names_alone_and_among_others(sentences: Sequence[str]) -> None:
    some = sentences[::9]
    assert names_of(some) == [names_of([sentence])[0] for sentence in some]
    assert names_of(some[::-1])[::-1] == names_of(some)


def test_the_last_digits_of_a_weight_flip_no_name(sentences: Sequence[str]) -> None:
    """Machines round differently; what is published must not hang on that."""
    some, chance = sentences[::2], np.random.default_rng(7)
    shaken = names.load(names.MODEL)
    for component in names.COMPONENTS:
        for node in shaken.get_pipe(component).model.walk():  # type: ignore[attr-defined]  # every trained component has one
            for name in node.param_names:
                if node.has_param(name):
                    weights = node.get_param(name)
                    node.set_param(name, (weights * (1 + chance.uniform(-1e-5, 1e-5, weights.shape))).astype("f"))
    assert [list(names.seen(doc)) for doc in shaken.pipe(some)] == names_of(some)


def test_training_twice_writes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "_ROUNDS", 2)
    some = [Marked("联系人:周海燕", ((4, 7, "person"),)), Marked("报送淄博市教育局", ((2, 8, "organisation"), (2, 5, "place")))] * 4
    for folder in ("one", "other"):
        names.train(some, tmp_path / folder)
    assert digest_of(tmp_path / "one") == digest_of(tmp_path / "other")


def test_the_digest_covers_the_model_and_its_place(tmp_path: Path) -> None:
    (tmp_path / "names").mkdir()
    (tmp_path / "units.tsv").write_text("unit\n")
    (tmp_path / "names" / "model").write_bytes(b"1")
    before = digest_of(tmp_path)
    (tmp_path / "names" / "model").write_bytes(b"2")
    changed = digest_of(tmp_path)
    (tmp_path / "names" / "model").rename(tmp_path / "model")
    assert len({before, changed, digest_of(tmp_path)}) == 3


def test_the_model_is_small_and_no_file_of_it_is_a_pickle() -> None:
    files = [file for file in names.MODEL.rglob("*") if file.is_file()]
    assert sum(file.stat().st_size for file in files) < 8 * 2**20
    assert {file.name for file in files} == {"segments.txt", "model", "cfg", "moves"}
    assert not any(file.read_bytes().startswith(b"\x80") and b"\x94." in file.read_bytes()[-2:] for file in files)


# -- what comes of a proposal


def proposing(kind: str, words: str) -> Callable[[str, Sequence[Span]], Callable[[], list[Mention]]]:
    """A Namer that sees just this."""

    def namer(text: str, stretches: Sequence[Span]) -> Callable[[], list[Mention]]:
        at = text.index(words)
        return lambda: [Mention(kind, Span(at, at + len(words)), words, words, "name.model")]  # type: ignore[arg-type]

    return namer


def only_ner(more: str, kind: str, words: str) -> list[tuple[str, str]]:
    ruleset = build_from_bytes(NOTICE.format(more).encode(), "notice.txt", names=proposing(kind, words))
    return [(f.severity, f.evidence[0].quote) for f in ruleset.findings if f.code == "only-ner"]


def test_what_only_the_model_saw_is_a_note_for_review_and_no_rule() -> None:
    with_it = build_from_bytes(NOTICE.format("评审费三百来元").encode(), "notice.txt", names=proposing("money", "三百来元"))
    without = build_from_bytes(NOTICE.format("评审费三百来元").encode(), "notice.txt", names=None)
    assert only_ner("评审费三百来元", "money", "三百来元") == [("note", "三百来元")]
    assert with_it.rules == without.rules
    assert "三百来元" in next(f.message for f in with_it.findings if f.code == "only-ner")


def test_where_a_pattern_has_read_the_words_there_is_nothing_to_review() -> None:
    assert only_ner("用时不限", "date", "2024年8月31日") == []
    assert only_ner("用时不限", "quantity", "85911746") == []  # a telephone number, which a pattern knows


def test_a_proposal_without_the_sign_of_its_kind_is_nothing_to_review() -> None:
    assert only_ner("自年  月  日起", "date", "年  月  日") == []  # a blank to be filled in
    assert only_ner("须为三好学生", "quantity", "三好") == []
    assert only_ner("由人社厅有关", "document", "人社厅有关") == []


def test_words_that_stand_twice_make_one_note() -> None:
    both = NOTICE.format("评审费三百来元，答辩费三百来元")

    def namer(text: str, stretches: Sequence[Span]) -> Callable[[], list[Mention]]:
        at = [i for i in range(len(text)) if text.startswith("三百来元", i)]
        return lambda: [Mention("money", Span(i, i + 4), "三百来元", "三百来元", "name.model") for i in at]

    notes = [f for f in build_from_bytes(both.encode(), "notice.txt", names=namer).findings if f.code == "only-ner"]
    assert [len(note.evidence) for note in notes] == [2]


def test_a_notice_that_is_longer_than_names_are_looked_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def codes() -> list[str]:
        return [f.code for f in build_from_bytes(NOTICE.encode(), "notice.txt", names=proposing("person", "王建国")).findings]

    assert "names-cut" not in codes()
    monkeypatch.setattr("pipeline.findings.MOST", 50)
    assert "names-cut" in codes()


def test_a_name_is_nothing_to_review() -> None:
    assert only_ner("用时不限", "person", "王建国") == []


@pytest.mark.parametrize("unread", [True, False])
def test_no_finding_is_lost_by_asking_only_for_sentences_that_can_have_one(unread: bool) -> None:
    every = list(marked_notices(NER).values())
    texts = ["\n\n".join(marked.text for marked in notice[:60]) for notice in every]
    found = 0
    for text in texts:
        document = read_bytes(text.encode(), "notice.txt")
        reading = read_statements(document, outline(document), [] if unread else find_mentions(document.text))
        some = proposable(reading)
        assert len(some) < len(reading.sentences)
        asked = [
            list(_only_ner(reading, [], names))
            for names in (find_names(document.text, [s.span for s in reading.sentences]), find_proposals(document.text, some))
        ]
        assert asked[0] == asked[1]
        found += len(asked[0])
    assert found > 50 or not unread


# -- when spaCy is loaded


def loaded(code: str) -> str:
    """What a process has imported of spaCy and jieba when it ends."""
    tell = "import sys; print(sorted({'spacy', 'jieba'} & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", f"{code}; {tell}"], capture_output=True, text=True, encoding="utf-8", check=True).stdout.strip()


def test_spacy_is_loaded_only_where_a_name_is_asked_for() -> None:
    build = "from pipeline.build import build_from_bytes; build_from_bytes('申报截止时间为2023年1月1日。'.encode(), 'a.txt', names={})"
    assert loaded("import pipeline.cli, pipeline.batch, extractors.names") == "[]"
    assert loaded(build.format("None")) == "[]"
    assert loaded(build.replace(", names={}", "")) == "[]"  # a pattern has read all that the model could propose
    assert loaded(build.replace(", names={}", "").replace("。", "，评审费三百来元。")) == "['jieba', 'spacy']"


def test_a_process_beside_answers_the_same_and_its_death_costs_no_name() -> None:
    text = "联系人：周海燕，地址：淄博市人民路12号"
    spans = [Span(0, len(text))]
    here = in_process(text, spans)()
    with Beside() as beside:
        assert beside(text, spans)() == here
        for worker in beside._workers:
            worker.terminate()
            worker.join()
        assert beside(text, spans)() == here
