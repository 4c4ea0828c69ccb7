"""The command line: what people see, what is written, how it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from make_ruleset import TEXT, small_ruleset
from typer.testing import CliRunner, Result

from pipeline.batch import Job
from pipeline.cli import app
from pipeline.errors import ReadError
from pipeline.language import choose
from pipeline.naming import Namer
from schemas.ruleset import Ruleset

NOTICE = TEXT.replace("\t", "  ")


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return tmp_path


@pytest.fixture(autouse=True)
def language_of_the_locale() -> None:
    choose(None)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Building is faked: a file that says so is empty, broken or locked, every other one gives the small ruleset."""

    def build(job: Job, password: str | None = None, names: Namer | None = None) -> Ruleset:
        said = job.source.read_text(encoding="utf-8") if job.source else sys.stdin.read()
        if said == "empty":
            raise ReadError("read.empty", job.shown)
        if said == "broken":
            raise ZeroDivisionError("division by zero\nand more")
        if said == "locked":
            raise PermissionError(13, "Permission denied", job.shown)
        return small_ruleset()

    monkeypatch.setattr("pipeline.batch.build", build)


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, args, input=stdin, prog_name="noticerules")


def command(*args: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The installed command in a process of its own."""
    program = Path(sys.executable).with_name("noticerules")
    return subprocess.run([program, *args], capture_output=True, text=True, encoding="utf-8", env=os.environ | environment, check=False)


def touch(**files: str) -> None:
    for name, content in files.items():
        path = Path(name.replace("__", "/").replace("_txt", ".txt"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def everything() -> list[str]:
    return sorted(path.as_posix() for path in Path().rglob("*") if path.is_file())


class TestHelp:
    def test_examples_and_exit_codes_in_the_language_asked_for(self) -> None:
        english, chinese = run("--help"), run("--help", "--lang", "zh")
        assert english.exit_code == chinese.exit_code == 0
        assert "noticerules extract corpus" in english.output
        assert "Exit codes: 0 all well" in english.output
        assert "退出码：0 正常" in chinese.output
        assert "选项" in run("extract", "--lang=zh", "--help").output

    @pytest.mark.parametrize("name", ["extract", "schema", "check", "show", "compare", "effective"])
    def test_each_command_has_an_example_and_the_exit_codes(self, name: str) -> None:
        output = run(name, "--help").output
        assert f"noticerules {name}" in output
        assert "Exit codes" in output
        assert "cli." not in output

    def test_the_locale_chooses(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
        assert "示例" in run("--help").output

    def test_version(self) -> None:
        assert run("--version").output.startswith("noticerules ")


SLOW = (
    "asyncio concurrent.futures docx fastapi http.client jieba lxml multiprocessing numpy openpyxl pandas pdfplumber rich.progress scipy spacy yaml"
)
FOR_A_NOTICE = "jinja2 regex rich.table pipeline.build schemas.ruleset"


class TestStart:
    """What a command has imported when it ends: start-up is imports."""

    def imported(self, *args: str) -> set[str]:
        asked = set(f"{SLOW} {FOR_A_NOTICE}".split())
        code = f"import sys; from pipeline.cli import app\ntry: app({list(args)!r})\nexcept SystemExit: print('\\n', *({asked} & sys.modules.keys()))"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, encoding="utf-8", check=True)
        return set(done.stdout.splitlines()[-1].split())

    @pytest.mark.parametrize("args", [("--help",), ("extract", "--help"), ("extract",), ("extract", "missing.txt"), ("nonsense",)])
    def test_help_and_a_slip_wait_for_nothing_that_reads_a_notice(self, args: tuple[str, ...]) -> None:
        assert self.imported(*args) <= {"rich.table"}

    def test_a_text_without_names_waits_for_nothing_of_other_formats_processes_or_servers(self) -> None:
        touch(a_txt=NOTICE)
        assert self.imported("extract", "a.txt", "--no-ner") == set(FOR_A_NOTICE.split())

    def test_what_was_compiled_is_kept_and_read_only_where_it_is_whole_and_nobody_elses(self, tmp_path: Path) -> None:
        touch(a_txt=NOTICE)
        own = tmp_path / "cache" / "noticerules"

        def made() -> bytes:
            done = command("extract", "a.txt", "--no-ner", "-o", "out", XDG_CACHE_HOME=str(own.parent))
            assert done.returncode == 0, done.stderr
            return Path("out/a.html").read_bytes() + Path("out/a.ruleset.json").read_bytes()

        first, kept = made(), sorted(own.iterdir())
        assert [path.name.partition("-")[0] for path in kept] == ["packed", "template"]
        whole = [path.read_bytes() for path in kept]
        for path in kept:
            path.write_bytes(path.read_bytes()[:-9])
        assert made() == first
        assert [path.read_bytes()[:9] for path in kept] == [data[:9] for data in whole]
        own.chmod(0o777)
        for path in kept:
            path.write_bytes(b"another's")
        assert made() == first
        assert [path.read_bytes() for path in kept] == [b"another's"] * len(kept)


class TestWrongUsage:
    @pytest.mark.parametrize(
        "args",
        [("extract",), ("extract", "x.txt", "--format", "doc"), ("extract", "--nonsense"), ("nonsense",), ("show",), ("--lang", "fr", "schema")],
    )
    def test_ends_with_2(self, args: tuple[str, ...]) -> None:
        result = run(*args)
        assert result.exit_code == 2
        assert result.stderr
        assert not result.stdout

    def test_says_what_is_wrong(self) -> None:
        assert run("extract", "x.txt", "--format", "doc", "--lang", "zh").stderr == (
            "用法有误：没有“doc”这种格式（可用：json, html, xlsx, all）。 请看 noticerules --help。\n"
        )


def test_an_address_for_the_results_is_refused_and_no_folder_made_of_it() -> None:
    touch(a_txt=NOTICE)
    result = run("extract", "a.txt", "-o", "s3://bucket/out")
    assert result.exit_code == 2
    assert "not to s3://bucket/out; name a folder with -o" in result.stderr
    assert everything() == ["a.txt"]


def test_bad_files_of_a_folder_among_good_ones() -> None:
    touch(in__a_txt=NOTICE, in__b_txt="", in__d__e_txt=NOTICE)
    Path("in/f.txt").symlink_to("nowhere")
    result = run("extract", "in", "-o", "out", "--format", "json")
    assert result.exit_code == 1
    assert [path for path in everything() if path.startswith("out")] == ["out/a.ruleset.json", "out/d/e.ruleset.json", "out/manifest.jsonl"]
    assert result.stderr.splitlines() == [
        "error in/b.txt: the file is empty; ask the sender for the complete file.",
        "error in/f.txt: there is no such file or folder; check the path, its permissions and the free space.",
        "2 input(s) could not be used; the reasons stand above.",
    ]


@pytest.mark.usefixtures("made")
class TestExtract:
    def test_writes_ruleset_and_page_and_says_where(self) -> None:
        touch(a_txt="x")
        result = run("extract", "a.txt", "-o", "out")
        assert result.exit_code == 0
        assert everything() == ["a.txt", "out/a.html", "out/a.ruleset.json"]
        assert Ruleset.from_json(Path("out/a.ruleset.json").read_bytes()) == small_ruleset()
        assert "Rulesets, pages: out/" in result.stdout
        assert "a.txt" in result.stdout
        assert not result.stderr

    @pytest.mark.parametrize(
        ("formats", "written"),
        [(("xlsx",), ["a.xlsx"]), (("json", "xlsx"), ["a.ruleset.json", "a.xlsx"]), (("all",), ["a.html", "a.ruleset.json", "a.xlsx"])],
    )
    def test_formats(self, formats: tuple[str, ...], written: list[str]) -> None:
        touch(a_txt="x")
        run("extract", "a.txt", *(word for name in formats for word in ("--format", name)))
        assert everything() == ["a.txt", *written] if written[0] > "a.txt" else sorted(["a.txt", *written])

    def test_an_error_of_the_program_is_one_line_and_with_debug_more(self) -> None:
        touch(c_txt="broken")
        line = "error c.txt: internal error (ZeroDivisionError: division by zero); please report it with the file (--debug shows the traceback)."
        assert run("extract", "c.txt").stderr.splitlines()[0] == line
        assert "Traceback" in run("extract", "c.txt", "--debug").stderr

    def test_an_output_that_cannot_be_written_leaves_nothing_half_written(self) -> None:
        touch(a_txt="x", out="a file, no folder")
        result = run("extract", "a.txt", "-o", "out")
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 2
        assert everything() == ["a.txt", "out"]

    def test_a_page_that_cannot_be_made_leaves_no_ruleset_either(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*_: object) -> str:
            raise RuntimeError("no page")

        monkeypatch.setattr("pipeline.report.notice_page.render_notice", fail)
        touch(a_txt="x")
        assert run("extract", "a.txt", "-o", "out").exit_code == 1
        assert everything() == ["a.txt"]

    def test_an_empty_folder_and_a_missing_file(self) -> None:
        Path("empty").mkdir()
        result = run("extract", "empty", "gone.txt", "--lang", "zh")
        assert result.exit_code == 1
        assert [line[:12] for line in result.stderr.splitlines()[:2]] == ["错误 empty: 文件", "错误 gone.txt:"]
        assert not result.stdout

    def test_a_name_cannot_break_the_line_or_the_table(self) -> None:
        Path("a[red]\n\x1b[31m.txt").write_text(NOTICE, encoding="utf-8")
        Path("b[bold]\n.txt").write_text("", encoding="utf-8")
        result = run("extract", ".", "-o", "out", "--format", "json")
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 2
        assert "[red]" in result.stdout
        assert "\x1b[31m" not in result.stdout

    def test_standard_input(self) -> None:
        assert run("extract", "-", stdin="x").exit_code == 0
        assert everything() == ["stdin.html", "stdin.ruleset.json"]

    def test_pages_are_chinese_unless_english_is_asked_for(self) -> None:
        touch(a_txt="x")
        run("extract", "a.txt", "--format", "html")
        assert "依据文件" in Path("a.html").read_text(encoding="utf-8")
        run("--lang", "en", "extract", "a.txt", "--format", "html")
        assert "Documents cited" in Path("a.html").read_text(encoding="utf-8")


class TestSchema:
    def test_a_ruleset_keeps_it(self) -> None:
        schema = json.loads(run("schema").stdout)
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        jsonschema.Draft202012Validator.check_schema(schema)
        jsonschema.validate(json.loads(small_ruleset().to_json()), schema)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(json.loads(small_ruleset().to_json()) | {"rules": [{}]}, schema)


class TestShow:
    def test_a_ruleset(self) -> None:
        Path("a.ruleset.json").write_text(small_ruleset().to_json(), encoding="utf-8")
        result = run("show", "a.ruleset.json", "--lang", "zh")
        assert result.exit_code == 0
        for words in ("截止 2023-08-31 20:00", "280 元/人", "≥ 90 学时/年", "甲人社发〔2022〕77号", "审核时限没有写明"):
            assert words in result.stdout

    @pytest.mark.usefixtures("made")
    def test_a_notice(self) -> None:
        touch(a_txt="x")
        assert "280" in run("show", "a.txt").stdout

    @pytest.mark.parametrize("content", ["", "{}", "[1", '{"schema_version": 3}'])
    def test_what_is_no_ruleset(self, content: str) -> None:
        Path("a.json").write_text(content, encoding="utf-8")
        result = run("show", "a.json")
        assert result.exit_code == 1
        assert result.stderr.startswith("error a.json: is no ruleset")
        assert len(result.stderr.splitlines()) == 1

    def test_a_missing_file(self) -> None:
        assert run("show", "gone.ruleset.json").exit_code == run("show", "gone.txt").exit_code == 1


@pytest.mark.usefixtures("made")
class TestCheck:
    def test_without_gold_there_is_nothing_to_compare(self) -> None:
        touch(in__a_txt="x")
        assert run("check", "in").exit_code == 1
        assert "a.gold.json" in run("check", "in/a.txt").stderr

    def gold(self, **rule: object) -> None:
        """One rule of gold, the 280 yuan, beside the notice."""
        path = Path("corpus/water/2023.gold.json")
        path.parent.mkdir(parents=True)
        path.with_name("2023.txt").write_text("x", encoding="utf-8")
        fee = {"key": "fee/评审费@level=副高级", "kind": "fee", "subject": "评审费", "per": "人", "payee": "评委会", "scope": {"levels": ["副高级"]}}
        fee |= {"value": {"type": "money", "amount": "280"}, "quotes": [{"section": "三", "quote": "每人280元"}]}
        path.write_text(json.dumps({"notice": {}, "rules": [fee | rule], "references": []}), encoding="utf-8")

    def test_prints_and_writes_what_differs(self) -> None:
        self.gold()
        result = run("check")
        assert result.exit_code == 0
        assert json.loads(Path("outputs/check.json").read_text(encoding="utf-8"))["total"]["fee"]["right"] == 1
        assert Path("outputs/check.html").is_file()
        assert "spurious" in result.stdout

    @pytest.mark.parametrize(("floor", "code"), [("0.9", 1), ("0.1", 0)])
    def test_a_score_below_its_floor_fails(self, floor: str, code: int) -> None:
        self.gold()
        Path("corpus/floor.json").write_text(json.dumps({"water/2023": {"fee": {"f1": floor}}}), encoding="utf-8")
        assert run("check", "-o", "out").exit_code == code
        assert Path("out/check.html").is_file()

    def test_gold_that_is_refused_is_one_line(self) -> None:
        self.gold(key="fee/nonsense")
        result = run("check")
        assert result.exit_code == 1
        assert len(result.stderr.splitlines()) == 2


class TestTheInstalledCommand:
    def test_a_notice_from_file_and_from_standard_input(self, here: Path) -> None:
        Path("a.txt").write_text(NOTICE, encoding="utf-8")
        result = command("extract", "a.txt", "--format", "all")
        assert (result.returncode, result.stderr) == (0, "")
        assert everything() == ["a.html", "a.ruleset.json", "a.txt", "a.xlsx"]
        ruleset = Ruleset.from_json(Path("a.ruleset.json").read_bytes())
        assert all(ruleset.text[e.start : e.end] == e.quote for rule in ruleset.rules for e in rule.evidence)

    def test_bad_input_is_one_line_without_a_traceback(self) -> None:
        for name, data in {
            "empty.txt": b"",
            "cut.docx": b"PK\x03\x04\x14",
            "cut.pdf": b"%PDF-1.7\n1 0 obj",
            "binary.txt": bytes(range(256)) * 8,
        }.items():
            Path(name).write_bytes(data)
            result = command("extract", name, "-o", "out", LC_ALL="C.UTF-8")
            assert result.returncode == 1
            first, *rest = result.stderr.splitlines()
            assert first.startswith(f"error {name}: ")
            assert "internal error" not in first
            assert len(rest) == 1
            assert not Path("out").exists()
