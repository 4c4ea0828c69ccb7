"""The check against gold in the terminal: a table of scores a notice, and under it what differs, gold beside produced."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from pipeline.language import current, say
from pipeline.report.check_page import BindingView, DifferenceView, ResultView, Row, view
from pipeline.scores import Check, Fallen

GOLD, PRODUCED = "yellow", "cyan"


def render_check(console: Console, results: Sequence[Check]) -> None:
    """Print checks in the current language: scores and differences of each, then the scores of all where there are several."""
    shown = view(results, current())
    for result in shown.results:
        console.print(_scores(result, shown.columns))
        console.print(f"[dim]{escape(result.file)} · {say('check.sha256')} {result.sha256}[/dim]", highlight=False)
        for difference in result.differences:
            console.print(_difference(difference), highlight=False)
        _print_binding(console, result.binding)
        if not result.differences:
            console.print(say("check.no_differences"), style="green")
        console.print()
    if shown.total:
        console.print(_scores(shown.total, shown.columns))
        _print_binding(console, shown.total.binding)


def _print_binding(console: Console, binding: BindingView) -> None:
    """Recall and coverage of what binds, then the sentences that fall short of them."""
    console.print(Text(binding.line, style="bold"))
    for label, line in binding.lines:
        console.print(Text.assemble((label, "bold red"), f"  {line.section}  {line.quote}"), highlight=False)


def render_floor(console: Console, fallen: Sequence[Fallen]) -> None:
    """Print what fell below its floor, a line a figure, or that nothing did."""
    for fall in fallen:
        kind = say(f"kind.{fall.kind}")
        line = say("check.fallen", edition=fall.edition, kind=kind, metric=say(f"check.{fall.metric}"), reached=fall.reached, floor=fall.floor)
        console.print(Text(line, style="bold red"))
    if not fallen:
        console.print(say("check.floors_held"), style="green")


def _scores(result: ResultView, columns: Sequence[str]) -> Table:
    table = Table(title=Text(result.title), title_justify="left")
    for index, column in enumerate(columns):
        table.add_column(column, justify="right" if index else "left")
    for row in result.scores:
        table.add_row(row.label, *row.cells, style="bold" if row is result.scores[-1] else None)
    return table


def _difference(difference: DifferenceView) -> Text:
    """A heading, then a line a side for what differs and one line for what is the same."""
    text = Text.assemble(
        (difference.category, "red"),
        " ",
        (difference.verdict_label, "bold red"),
        f"  {difference.kind_label}  ",
        (difference.key, "bold"),
        f"  {difference.section}",
    )
    for row in difference.rows:
        text.append_text(_row(row))
    return text


def _row(row: Row) -> Text:
    sides = ((f"− {say('check.gold')}", row.gold, GOLD), (f"+ {say('check.produced')}", row.produced, PRODUCED))
    if row.gold == row.produced:
        return Text(f"\n    {row.label}  {row.gold}", style="dim")
    style = "bold {}" if row.differs else "{}"
    lines = (Text(f"\n  {sign}  {row.label}  {words}", style=style.format(colour)) for sign, words, colour in sides if words)
    return Text().join(lines)
