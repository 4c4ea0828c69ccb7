"""Every message that the code asks for exists, in both languages, with the same blanks."""

import re
import string
from pathlib import Path

import pytest

from pipeline import language
from pipeline.language import choose, current, say

ROWS = language._messages()
SOURCES = sorted((Path(__file__).parent.parent / "pipeline").rglob("*.py"))
ASKED_FOR = re.compile(r"""(?:\bsay|Error|Refusal)\(\s*"([a-z_]+(?:\.[a-z_]+)+)\"""")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_message_exists(path: Path) -> None:
    assert [name for name in ASKED_FOR.findall(path.read_text(encoding="utf-8")) if name not in ROWS] == []


@pytest.mark.parametrize("name", ROWS)
def test_both_languages_have_the_same_blanks(name: str) -> None:
    assert ROWS[name]["zh"]
    assert blanks(ROWS[name]["zh"]) == blanks(ROWS[name]["en"])


@pytest.mark.parametrize(
    ("environment", "chosen"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "zh_TW"}, "zh"),
        ({"LANG": "de_DE"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], chosen: str, monkeypatch: pytest.MonkeyPatch) -> None:
    choose(None)
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert current() == chosen


def test_say_fills_the_blanks() -> None:
    assert say("page.cycle", "zh", year=2023) == "2023 年度"
