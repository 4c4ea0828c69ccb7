"""Series, aliases, amending notices and what is in force, from the command line and beneath it."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner, Result

from pipeline.amending import is_amending
from pipeline.build import build_ruleset
from pipeline.cli import app
from pipeline.editions import editions_of, load_aliases, year_of
from pipeline.effective import in_force
from pipeline.errors import NoticeError
from pipeline.language import choose
from pipeline.serve import create_app
from schemas.changes import Changes, Effective, History

EDITIONS = Path(__file__).parent / "data" / "editions"
WENZHOU = EDITIONS / "wenzhou-water-engineer"
CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    choose(None)
    return tmp_path


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], prog_name="noticerules")


def changes(path: str = "changes.json") -> Changes:
    return Changes.model_validate_json(Path(path).read_bytes())


def test_editions_stand_in_the_order_of_years_and_numbers(tmp_path: Path) -> None:
    for name in ("2023-10.txt", "2023.txt", "2023-2.txt", "2022.ruleset.json", "2022.txt", "2020.ruleset.json", "notes.txt", "2021.html"):
        (tmp_path / name).touch()
    assert {name: path.name for name, path in editions_of(tmp_path).items()} == {
        "2020": "2020.ruleset.json",
        "2021": "2021.html",
        "2022": "2022.txt",
        "2023": "2023.txt",
        "2023-2": "2023-2.txt",
        "2023-10": "2023-10.txt",
    }


def test_two_files_are_compared_and_everything_is_written(tmp_path: Path) -> None:
    result = run("compare", CORPUS / "wenzhou-water-engineer/2023.txt", WENZHOU / "2024.txt", "-o", "out")
    assert result.exit_code == 0
    assert sorted(path.name for path in Path("out").iterdir()) == ["changes.docx", "changes.html", "changes.json", "changes.xlsx"]
    assert "Not aligned: 2" in result.stdout
    assert changes("out/changes.json").new.made


def test_a_made_edition_is_marked_and_the_real_one_is_not() -> None:
    run("compare", CORPUS / "wenzhou-water-engineer/2023.txt", WENZHOU / "2024.txt", "--format", "json")
    assert (changes().old.made, changes().new.made) == (False, True)


def test_a_series_with_its_history(tmp_path: Path) -> None:
    result = run("compare", "--series", WENZHOU, "--history", "-o", "out", "--format", "json")
    assert result.exit_code == 0
    assert sorted(path.relative_to("out").as_posix() for path in Path("out").rglob("*.json")) == ["2024-2025/changes.json", "history.json"]
    assert changes("out/2024-2025/changes.json").old.series == "wenzhou-water-engineer"


def test_a_history_follows_each_rule_through_the_years() -> None:
    files = (CORPUS / "wenzhou-water-engineer/2023.txt", WENZHOU / "2024.txt", WENZHOU / "2025.txt")
    assert run("compare", "--history", *files, "--format", "json", "--format", "html").exit_code == 0
    assert sorted(path.as_posix() for path in Path().rglob("*.*")) == [
        *(f"{pair}/changes.{form}" for pair in ("2023-2024", "2024-2025") for form in ("html", "json")),
        "history.html",
        "history.json",
    ]
    found = History.model_validate_json(Path("history.json").read_bytes())
    score = next(thread for key, thread in found.rules.items() if key.startswith("threshold/自评分@level=中级"))
    assert [one.value.number for one in score.stated] == ["65.5", "68", "68"]  # type: ignore[union-attr]  # quantities
    assert score.labels == (("value_up",), ())
    months = next(thread for key, thread in found.rules.items() if key.startswith("threshold/社保缴纳时长"))
    assert [one is not None for one in months.stated] == [True, False, False]
    assert months.labels == (("no_longer_stated",), ())
    split = [thread for thread in found.rules.values() if "split" in thread.labels[1]]
    assert len(split) == 2
    assert all(len(thread.stated) == 3 and len(thread.labels) == 2 for thread in found.rules.values())
    page = Path("history.html").read_text(encoding="utf-8")
    assert page.count("<tr class=") == sum(any(set(labels) - {"rolled_over", "moved"} for labels in t.labels) for t in found.rules.values())


def test_no_made_edition_is_served_or_found(tmp_path: Path) -> None:
    ruleset = build_ruleset(WENZHOU / "2024.txt")
    folder = tmp_path / "wenzhou"
    folder.mkdir()
    for year, made in (("2023", False), ("2024", True)):
        source = ruleset.source.model_copy(update={"made": made})
        (folder / f"{year}.ruleset.json").write_text(ruleset.model_copy(update={"source": source}).to_json(), encoding="utf-8")
    client = TestClient(create_app(tmp_path), base_url="http://127.0.0.1:8765")
    assert [client.get(f"/notices/wenzhou/{year}").status_code for year in ("2023", "2024")] == [200, 404]
    found = run("find", "--in", tmp_path, "--sql", "SELECT edition FROM notices")
    assert ("2023" in found.stdout, "2024" in found.stdout) == (True, False)


def test_different_series_are_refused_unless_forced() -> None:
    arguments = ("compare", CORPUS / "wenzhou-water-engineer/2023.txt", CORPUS / "huzhou-construction-engineer/2020.txt", "--format", "json")
    refused = run(*arguments)
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert not Path("changes.json").exists()
    assert run(*arguments, "--force").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("a.txt",), 2, "needs two"),
        (("a.txt", "b.txt"), 1, "a.txt: there is no such file"),
        (("--series", "nowhere", "2022", "2023"), 1, "nowhere: there is no folder of this series"),
        (("--series", str(WENZHOU), "2024", "2031"), 1, "there are: 2024、2024-2、2024-3、2025"),
        (("a.txt", "b.txt", "--confirm", "x", "y"), 2, "--series or --aliases"),
        (("a.txt", "b.txt", "--format", "ppt"), 2, "ppt"),
    ],
)
def test_what_cannot_be_compared_is_one_clear_line(arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run("compare", *arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not list(Path().iterdir())


DAYS = next(rule.key for rule in build_ruleset(WENZHOU / "2024.txt").rules if rule.kind == "threshold" and rule.subject == "公示天数")
OLD_KEY, NEW_KEY = DAYS, DAYS.replace("公示天数", "公告天数")


@pytest.fixture
def renamed(tmp_path: Path) -> tuple[Path, Path]:
    """Two rulesets, in the later of which a threshold has another name."""
    ruleset = build_ruleset(WENZHOU / "2024.txt")
    rules = [rule.model_copy(update={"key": NEW_KEY, "subject": "公告天数"}) if rule.key == OLD_KEY else rule for rule in ruleset.rules]
    old, new = tmp_path / "2024.ruleset.json", tmp_path / "2025.ruleset.json"
    old.write_text(ruleset.to_json(), encoding="utf-8")
    new.write_text(ruleset.model_copy(update={"rules": tuple(rules)}).to_json(), encoding="utf-8")
    return old, new


def test_an_unsure_link_is_proposed_and_exact_once_it_is_confirmed(renamed: tuple[Path, Path]) -> None:
    run("compare", *renamed, "--format", "json")
    assert changes().unaligned.proposed == (NEW_KEY,)
    assert changes().changes[NEW_KEY].link.reasons[:2] == ("same-words", "same-value")  # type: ignore[union-attr]  # a link is there
    result = run("compare", *renamed, "--format", "json", "--aliases", "aliases.jsonl", "--confirm", OLD_KEY, NEW_KEY)
    assert result.exit_code == 0
    assert load_aliases(Path("aliases.jsonl")) == ((OLD_KEY, NEW_KEY),)
    assert changes().unaligned.count == 0
    assert changes().changes[NEW_KEY].link.how == "alias"  # type: ignore[union-attr]


def test_only_keys_that_are_there_can_be_confirmed(renamed: tuple[Path, Path]) -> None:
    result = run("compare", *renamed, "--aliases", "aliases.jsonl", "--confirm", OLD_KEY, "threshold/没有")
    assert result.exit_code == 1
    assert "threshold/没有" in result.stderr
    assert not Path("aliases.jsonl").exists()


def test_a_broken_line_of_aliases_is_named(tmp_path: Path) -> None:
    Path("aliases.jsonl").write_text('{"old": "a", "new": "b"}\n{"old": 1\n', encoding="utf-8")
    with pytest.raises(NoticeError, match="line 2"):
        load_aliases(Path("aliases.jsonl"))


@pytest.mark.parametrize(
    ("title", "amending"),
    [
        ("关于延长2024年度水利专业职称申报时间的通知", True),
        ("关于2023年度职称评审工作的补充通知", True),
        ("关于职称评审公告的更正公告", True),
        ("关于2022年考试延期的公告", True),
        ("关于调整2023年职称申报时间的通知", True),
        ("关于调整专业技术职务任职资格评审收费标准的通知", False),
        ("关于做好2023年度职称评审工作的通知", False),
        ("关于做好2023年第二次职称评审工作的通知", False),
        (None, False),
    ],
)
def test_a_title_tells_whether_a_notice_amends(title: str | None, amending: bool) -> None:
    assert is_amending(title) is amending


def test_an_amending_notice_names_what_it_amends() -> None:
    title = "关于开展2024年度温州市水利专业中高级工程师职务任职资格评审推荐工作的通知"
    assert build_ruleset(WENZHOU / "2024-2.txt").notice.amends == (title,)
    assert build_ruleset(WENZHOU / "2024.txt").notice.amends == ()


def test_what_is_in_force_says_which_notice_each_value_comes_from() -> None:
    found = in_force(year_of(str(WENZHOU), "2024"))
    assert [edition.edition for edition in found.editions] == ["2024", "2024-2", "2024-3"]
    closes = found.rules["date/个人申报.closes@level=中级"]
    assert (closes.edition, closes.rule.value.at) == ("2024-2", "2024-11-20")  # type: ignore[union-attr]  # an instant
    assert [(was.edition, was.rule.value.at) for was in closes.replaced] == [("2024", "2024-11-12")]  # type: ignore[union-attr]
    days = next(one for one in found.rules.values() if one.rule.kind == "threshold" and one.rule.subject == "公示天数")
    assert (days.edition, days.rule.value.number) == ("2024-3", "10")  # type: ignore[union-attr]  # a quantity
    assert found.rules["threshold/自评分@level=中级;route=自评分申报"].edition == "2024"
    assert not [key for key, rule in found.rules.items() if rule.edition != "2024" and ".issued" in key]


def test_the_command_writes_what_is_in_force() -> None:
    result = run("effective", WENZHOU, "2024")
    assert result.exit_code == 0
    assert "2024-2" in result.stdout
    data = json.loads(Path("effective.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, json.loads(run("schema", "--effective").stdout))
    assert Effective.model_validate(data).year == "2024"
    missing = run("effective", WENZHOU, "1999")
    assert (missing.exit_code, len(missing.stderr.strip().splitlines())) == (1, 1)


def test_a_second_round_of_a_year_amends_nothing(tmp_path: Path) -> None:
    for name in ("2024.txt", "2024-2.txt"):
        shutil.copy(WENZHOU / "2024.txt", tmp_path / name)
    assert len(year_of(str(tmp_path), "2024")) == 1


def test_the_schema_of_changes_holds_for_what_is_written() -> None:
    run("compare", "--series", WENZHOU, "2024", "2025", "--format", "json")
    jsonschema.validate(json.loads(Path("changes.json").read_text(encoding="utf-8")), json.loads(run("schema", "--changes").stdout))
