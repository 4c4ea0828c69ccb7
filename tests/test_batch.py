"""Which inputs make which outputs."""

from pathlib import Path

import pytest

from pipeline.atomic import write_atomic
from pipeline.batch import Plan, build, plan, reports_folder


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("通知", encoding="utf-8")


def targets(planned: Plan) -> dict[str, str]:
    return {job.shown: str(job.target) for job in planned.jobs}


def codes(planned: Plan) -> list[tuple[str, str]]:
    return [(problem.file, problem.code) for problem in planned.problems]


def test_a_file_goes_to_the_current_folder_or_the_one_named() -> None:
    touch("in/2023.docx")
    assert targets(plan(["in/2023.docx"])) == {"in/2023.docx": "2023"}
    assert targets(plan(["in/2023.docx"], Path("out"))) == {"in/2023.docx": "out/2023"}


def test_two_loose_inputs_with_one_stem_keep_their_extensions() -> None:
    touch("a/2023.docx", "b/2023.pdf", "b/other.txt")
    assert targets(plan(["a/2023.docx", "b/2023.pdf", "b/other.txt"], Path("out"))) == {
        "a/2023.docx": "out/2023.docx",
        "b/2023.pdf": "out/2023.pdf",
        "b/other.txt": "out/other",
    }


def test_loose_files_of_one_name_go_below_the_names_of_their_folders() -> None:
    touch("a/2023.txt", "b/2023.txt", "b/2023.pdf", "c/2024.txt")
    assert targets(plan(["a/2023.txt", "b/2023.txt", "b/2023.pdf", "c/2024.txt"], Path("out"))) == {
        "a/2023.txt": "out/a/2023",
        "b/2023.txt": "out/b/2023.txt",
        "b/2023.pdf": "out/b/2023.pdf",
        "c/2024.txt": "out/2024",
    }


def test_inputs_that_would_meet_all_the_same_are_refused_and_the_rest_goes_on() -> None:
    touch("x/a/2023.txt", "y/a/2023.txt", "c/2024.txt")
    planned = plan(["x/a/2023.txt", "y/a/2023.txt", "c/2024.txt"], Path("out"))
    assert targets(planned) == {"c/2024.txt": "out/2024"}
    assert codes(planned) == [("x/a/2023.txt", "plan.same_target"), ("y/a/2023.txt", "plan.same_target")]


def test_a_folder_keeps_its_shape() -> None:
    touch("in/x/2022.txt", "in/2023.pdf", "in/x/y/2022.docx", "in/x/y/2022.pdf")
    assert targets(plan(["in"], Path("out"))) == {
        "in/2023.pdf": "out/2023",
        "in/x/2022.txt": "out/x/2022",
        "in/x/y/2022.docx": "out/x/y/2022.docx",
        "in/x/y/2022.pdf": "out/x/y/2022.pdf",
    }
    assert targets(plan(["in/x"])) == {"in/x/2022.txt": "2022", "in/x/y/2022.docx": "y/2022.docx", "in/x/y/2022.pdf": "y/2022.pdf"}


def test_what_is_no_notice_is_passed_over() -> None:
    touch("in/a.txt", "in/a.gold.json", "in/.hidden.txt", "in/~$a.docx", "in/.git/x.txt", "in/picture.png", "in/A.TXT.bak")
    assert targets(plan(["in"])) == {"in/a.txt": "a"}


def test_a_file_that_is_named_is_read_whatever_its_name() -> None:
    touch("scan.bin")
    assert targets(plan(["scan.bin"])) == {"scan.bin": "scan"}


def test_nothing_overwrites_an_input() -> None:
    touch("2023.html")
    assert targets(plan(["2023.html"])) == {"2023.html": "2023.html"}


def test_standard_input() -> None:
    planned = plan(["-"], Path("out"))
    assert [(job.source, job.shown, str(job.target)) for job in planned.jobs] == [(None, "stdin", "out/stdin")]


def test_an_input_named_twice_is_read_once() -> None:
    touch("in/a.txt")
    assert targets(plan(["in/a.txt", "in", "in/../in/a.txt", "in/a.txt"], Path("out"))) == {"in/a.txt": "out/a"}


def test_missing_and_empty_inputs_are_problems() -> None:
    Path("empty").mkdir()
    planned = plan(["nowhere.txt", "empty"])
    assert not planned.jobs
    assert codes(planned) == [("nowhere.txt", "plan.missing"), ("empty", "plan.empty_folder")]


class TestCorpus:
    def test_the_published_format_of_an_edition_goes_to_outputs(self) -> None:
        touch("corpus/water/2023.txt", "corpus/water/2023.docx", "corpus/water/2023.pdf", "corpus/water/2022-2.pdf", "corpus/water/2023.gold.json")
        Path("corpus/SOURCES.csv").write_text("file,published,made\nwater/2023.txt,yes,no\nwater/2023.docx,no,yes\n", encoding="utf-8")
        planned = plan(["corpus"])
        assert targets(planned) == {"corpus/water/2022-2.pdf": "outputs/water/2022-2", "corpus/water/2023.txt": "outputs/water/2023"}
        assert {job.series for job in planned.jobs} == {"water"}
        assert targets(plan(["corpus/water"])) == targets(planned)
        assert targets(plan(["corpus"], Path("out"))) == {"corpus/water/2022-2.pdf": "out/water/2022-2", "corpus/water/2023.txt": "out/water/2023"}
        assert reports_folder(planned.jobs) == Path("outputs")

    def test_a_file_of_the_corpus_that_is_not_published_keeps_its_extension(self) -> None:
        touch("corpus/water/2023.txt", "corpus/water/2023.docx")
        Path("corpus/SOURCES.csv").write_text("file,published\nwater/2023.txt,yes\n", encoding="utf-8")
        assert targets(plan(["corpus/water/2023.docx"])) == {"corpus/water/2023.docx": "outputs/water/2023.docx"}
        assert targets(plan(["corpus/water/2023.txt"])) == {"corpus/water/2023.txt": "outputs/water/2023"}

    def test_several_formats_and_none_published_is_a_problem(self) -> None:
        touch("corpus/water/2023.txt", "corpus/water/2023.docx", "corpus/water/2024.txt")
        planned = plan(["corpus"])
        assert targets(planned) == {"corpus/water/2024.txt": "outputs/water/2024"}
        assert codes(planned) == [("corpus/water/2023", "plan.unpublished")]

    def test_from_elsewhere_the_outputs_lie_beside_the_corpus(self, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        touch("corpus/water/2023.txt", "corpus/SOURCES.csv", "work/note.txt")
        monkeypatch.chdir(here / "work")
        assert targets(plan(["../corpus", "note.txt"])) == {"../corpus/water/2023.txt": str(here / "outputs/water/2023"), "note.txt": "note"}

    def test_where_a_file_was_found_goes_into_its_source(self) -> None:
        touch("corpus/water/2023.txt", "corpus/water/2024.txt")
        Path("corpus/SOURCES.csv").write_text(
            "file,published,url,retrieved_on,note\nwater/2023.txt,yes,https://example.gov.cn/1.html,2024-01-31,\nwater/2024.txt,yes,,,\n",
            encoding="utf-8",
        )
        found = [build(job).source for job in plan(["corpus"]).jobs]
        assert [(source.url, source.retrieved_on) for source in found] == [("https://example.gov.cn/1.html", "2024-01-31"), (None, None)]


class TestWriteAtomic:
    def test_makes_folders_and_replaces(self) -> None:
        write_atomic(Path("a/b/c.json"), b"1")
        write_atomic(Path("a/b/c.json"), b"2")
        assert Path("a/b/c.json").read_bytes() == b"2"
        assert [path.name for path in Path("a/b").iterdir()] == ["c.json"]

    def test_a_failure_leaves_the_former_file_and_nothing_else(self, monkeypatch: pytest.MonkeyPatch) -> None:
        write_atomic(Path("c.json"), b"1")

        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("pipeline.atomic.os.replace", full)
        with pytest.raises(OSError, match="No space"):
            write_atomic(Path("c.json"), b"2")
        assert Path("c.json").read_bytes() == b"1"
        assert [path.name for path in Path().iterdir()] == ["c.json"]
