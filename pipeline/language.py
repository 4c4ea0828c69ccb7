"""Messages for people, Chinese first: one row of messages.tsv a message, `id TAB zh TAB en`, with {blanks} to fill."""

import csv
import locale
import os
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]
_chosen: Language | None = None


def choose(language: Language | None) -> None:
    """Fix the language of all messages; None goes back to the locale's."""
    global _chosen
    _chosen = language


def chosen() -> Language | None:
    """The language that was fixed, None where the locale decides."""
    return _chosen


def current() -> Language:
    """The chosen language, else the locale's: Chinese for zh_*, English for everything else."""
    if _chosen:
        return _chosen
    return "zh" if _locale_name().lower().startswith(("zh", "chinese")) else "en"


def _locale_name() -> str:
    """The locale of messages as POSIX names it in the environment; elsewhere (Windows) what the system says."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return next(filter(None, named), None) or locale.getlocale()[0] or ""


@cache
def _messages() -> dict[str, dict[str, str]]:
    with Path(__file__).with_name("messages.tsv").open(encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def say(message: str, language: Language | None = None, **blanks: object) -> str:
    """The message in the language, its blanks filled. Raises KeyError for an unknown message."""
    return _messages()[message][language or current()].format(**blanks)


def texts(prefix: str, language: Language | None = None) -> dict[str, str]:
    """Every message whose id begins so, without the beginning, its blanks unfilled: for a page's own script."""
    return {name.removeprefix(prefix): row[language or current()] for name, row in _messages().items() if name.startswith(prefix)}


def one_line(text: str) -> str:
    """The text with line ends and control characters as blanks."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
