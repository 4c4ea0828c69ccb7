"""The page of a series through the years: a row a rule, a column an edition, each change where it came in."""

from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from pipeline.changes import FOLDED
from pipeline.language import Language, say
from pipeline.report import words
from pipeline.report.changes_page import STYLES, policy_of
from pipeline.report.changes_view import value_of
from pipeline.report.templates import asset, template
from schemas.changes import History, Label, Thread
from schemas.ruleset import RuleBase


@dataclass(frozen=True)
class Cell:
    """What an edition says of a rule; `value` is null where it does not state it."""

    value: str | None
    labels: tuple[tuple[Label, str], ...]


@dataclass(frozen=True)
class Row:
    key: str
    kind: str
    kind_label: str
    subject: str
    chips: tuple[words.Chip, ...]
    cells: tuple[Cell, ...]


def render_history(found: History, language: Language = "zh") -> str:
    """The page. Rules that only rolled on or moved in all years are counted and not shown."""
    rows = [_row(key, thread, language) for key, thread in found.rules.items() if _changed(thread)]
    styles = [asset(name) for name in STYLES]
    return template("history.html.j2").render(
        rows=sorted(rows, key=lambda row: words.KINDS.index(row.kind)),
        editions=found.editions,
        names=tuple(edition.edition or str(edition.cycle or edition.file) for edition in found.editions),
        standing=len(found.rules) - len(rows),
        t=partial(say, language=language),
        language={"zh": "zh-CN", "en": "en"}[language],
        styles=tuple(Markup(style) for style in styles),
        policy=policy_of(styles),
    )


def _changed(thread: Thread) -> bool:
    return any(set(labels) - FOLDED for labels in thread.labels)


def _row(key: str, thread: Thread, language: Language) -> Row:
    stated = [one for one in thread.stated if one is not None]
    last = stated[-1]
    labels = ((), *thread.labels)
    return Row(
        key=key,
        kind=last.kind if isinstance(last, RuleBase) else "reference",
        kind_label=say(f"kind.{last.kind if isinstance(last, RuleBase) else 'reference'}", language),
        subject=last.subject if isinstance(last, RuleBase) else words.reference_name(last),
        chips=words.scope_chips(last.scope, language) if isinstance(last, RuleBase) else (),
        cells=tuple(
            Cell(value_of(one, language) if one is not None else None, tuple((label, say(f"change.{label}", language)) for label in told))
            for one, told in zip(thread.stated, labels, strict=True)
        ),
    )
