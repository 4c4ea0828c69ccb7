"""A ruleset and a batch as tables in the terminal.

What a notice or a file name says is always shown as text: it is never read as markup, and its control characters never reach the terminal.
"""

import os
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from pipeline.batch import WRITERS, Outcome
from pipeline.errors import readable
from pipeline.language import current, one_line, say
from pipeline.report import words
from pipeline.report.overview import in_text_order, notice_rows
from schemas.ruleset import Evidence, RuleBase, Ruleset

STYLES = {"date": "cyan", "fee": "yellow", "threshold": "green", "reference": "magenta", "finding": "red", "penalty": "red", "requirement": "white"}
"""Colours of kinds; blue for the others."""
FURTHER = tuple(kind for kind in words.KINDS if kind not in words.CORE)


def _cell(text: str | None) -> Text:
    return Text("\n".join(map(one_line, (text or "").split("\n"))))


def print_ruleset(console: Console, ruleset: Ruleset) -> None:
    """The notice's facts, the sentences that demand something without a rule, a table a kind, then the findings."""
    head = Table.grid(padding=(0, 2))
    for label, content in notice_rows(ruleset):
        head.add_row(Text(label, style="dim"), _cell(content))
    console.print(head)
    uncovered = ruleset.uncovered()
    if uncovered:
        console.print(Text(f"{say('page.uncovered')} {len(uncovered)}", style=f"bold {STYLES['finding']}"))
    for statement in uncovered:
        console.print(Text.assemble(one_line(ruleset.text[statement.start : statement.end]), (f"  {one_line(statement.section)}", "dim")))
    for kind, rules in groupby(sorted(ruleset.rules, key=lambda rule: words.KINDS.index(rule.kind)), key=lambda rule: rule.kind):
        console.print(_rules(kind, in_text_order(rules)))
    if ruleset.references:
        console.print(_references(ruleset))
    for finding in ruleset.findings:
        console.print(Text(one_line(f"{say(f'severity.{finding.severity}')}  {finding.message}"), style=STYLES["finding"]))


def _table(kind: str, *columns: str) -> Table:
    style = STYLES.get(kind, "blue")
    table = Table(title=Text(say(f"kind.{kind}"), style=f"bold {style}"), title_justify="left", header_style=style, expand=True)
    for column in columns:
        table.add_column(say(f"column.{column}"), ratio=3 if column in ("quote", "title") else 2, overflow="fold")
    return table


def _rules(kind: str, rules: Sequence[RuleBase]) -> Table:
    table = _table(kind, "subject", "value", "scope", "quote")
    for rule in rules:
        narrowed = "\n".join(f"{chip.label} {chip.text}" for chip in words.rule_chips(rule))
        table.add_row(_cell(rule.subject), _cell(words.rule_words(rule)), _cell(narrowed), _quote(rule.evidence))
    return table


def _references(ruleset: Ruleset) -> Table:
    table = _table("reference", "title", "document_number", "relation", "articles")
    for reference in in_text_order(ruleset.references):
        relation = say(f"relation.{reference.relation}")
        table.add_row(_cell(reference.title), _cell(reference.document_number), _cell(relation), _cell("、".join(reference.articles)))
    return table


def _quote(evidence: Sequence[Evidence]) -> RenderableType:
    quotes = [e for e in evidence if e.role == "value"]
    return Group(*(Text.assemble(one_line(e.quote), (f"  {one_line(e.section)}", "dim")) for e in quotes))


ROWS = 50


def batch_table(outcomes: Sequence[Outcome]) -> Table:
    """A row a notice: rules of the core kinds and of the others together, findings, time; the sum where there are several.

    Of very many, only those that failed, as far as a person may read them.
    """
    table = Table()
    table.add_column(say("cli.table.notice"), overflow="fold")
    for kind in words.CORE:
        table.add_column(say(f"kind.{kind}"), justify="right")
    table.add_column(say("cli.table.further"), justify="right")
    table.add_column(say("cli.table.findings"), justify="right")
    table.add_column(say("cli.table.time"), justify="right", no_wrap=True)
    shown = outcomes if len(outcomes) <= ROWS else [outcome for outcome in outcomes if outcome.error][:ROWS]
    for outcome in shown:
        table.add_row(_cell(one_line(outcome.job.shown)), *_cells([outcome]), style="red" if outcome.error else None)
    if len(outcomes) > 1:
        table.add_section()
        table.add_row(say("cli.table.total"), *_cells(outcomes), style="bold")
    return table


def _cells(outcomes: Sequence[Outcome]) -> list[str]:
    seconds = say("cli.table.seconds", seconds=f"{sum(outcome.seconds for outcome in outcomes):.2f}")
    if all(outcome.error for outcome in outcomes):
        return [*("–" for _ in (*words.CORE, "further")), say("cli.table.failed"), seconds]
    groups = (*((kind,) for kind in words.CORE), FURTHER)
    counts = [str(sum(outcome.counts[kind] for outcome in outcomes for kind in kinds)) for kinds in groups]
    return [*counts, str(sum(outcome.findings for outcome in outcomes)), seconds]


def where_line(outcomes: Sequence[Outcome]) -> str:
    """Which formats were written, and the folder that holds them all: 规则集、网页：outputs/."""
    files = [path for outcome in outcomes for path in outcome.written]
    made = [writer.name for writer in WRITERS if any(path.name.endswith(writer.suffix) for path in files)]
    folder = os.path.commonpath([path.parent for path in files]) or "."
    joint = "、" if current() == "zh" else ", "
    return say("cli.where", names=joint.join(say(f"cli.where.{name}") for name in made), folder=readable(os.path.join(folder, "")))


def print_rows(console: Console, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """An answer to a question across notices, and how many rows it has."""
    table = Table(expand=True)
    for column in columns:
        table.add_column(Text(one_line(column)), overflow="fold")
    for row in rows:
        table.add_row(*(_cell("" if content is None else str(content)) for content in row))
    if rows:
        console.print(table)
    console.print(say("find.rows", None, count=len(rows)))
