"""A comparison in the terminal: how much changed and for whom, what could not be aligned, then a line a change."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pipeline.language import one_line, say
from pipeline.report.changes_view import ChangesView, RowView
from pipeline.report.words import rule_words, scope_chips
from schemas.changes import Effective

EFFECT_STYLES = {"stricter": "red", "looser": "green", "neutral": "dim", "unclear": "yellow"}
_SHOWN = 60
"""More characters of a value are not shown in a table's cell."""


def render_changes(console: Console, shown: ChangesView) -> None:
    """Counts by weight and effect, the number that could not be aligned, and the changes that are not folded away."""
    table = Table(title=Text(shown.title), title_justify="left")
    table.add_column(say("changes.weight"))
    for effect in shown.effects:
        table.add_column(effect, justify="right")
    for label, numbers in shown.counts:
        table.add_row(label, *map(str, numbers), style="bold" if label == shown.counts[-1][0] else None)
    console.print(table)
    console.print(say("changes.summary", folded=len(shown.folded), rolled=shown.rolled, unchanged=shown.unchanged))
    style = "yellow" if shown.unaligned else "green"
    console.print(say("changes.unaligned", count=shown.unaligned, proposed=shown.proposed), style=style)
    if shown.passages:
        console.print(say("changes.untold", count=len(shown.passages)), style="yellow")
    if shown.rows:
        console.print(_changes(shown))


def _changes(shown: ChangesView) -> Table:
    table = Table(expand=True)
    table.add_column(say("changes.weight"), no_wrap=True)
    for name, ratio in (("rule", 3), ("change", 2), ("old", 3), ("new", 3)):
        table.add_column(say(f"changes.{name}"), ratio=ratio, overflow="fold")
    for row in shown.rows:
        table.add_row(row.weight, _rule(row), _change(row), _value(row, "old"), _value(row, "new"))
    return table


def _rule(row: RowView) -> Text:
    narrowed = " ".join(chip.text for chip in row.chips)
    return Text.assemble((f"{row.kind_label} ", "dim"), one_line(row.subject), (f"\n{one_line(narrowed)}" if narrowed else "", "dim"))


def _change(row: RowView) -> Text:
    effect = f"\n{row.effect_label}" + (f" · {say('changes.proposed')}" if row.proposed else "")
    return Text.assemble(row.label_words, (effect, EFFECT_STYLES[row.effect]))


def _value(row: RowView, side: str) -> Text:
    one = row.old if side == "old" else row.new
    if one is None:
        return Text(say("changes.absent"), style="dim")
    text = one_line(one.value)
    return Text.assemble(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…", (f"\n{one_line(one.clause)}", "dim"))


def render_effective(console: Console, effective: Effective) -> None:
    """What amending notices say anew, each with the notice it comes from, then how many rules stand as they were."""
    table = Table(title=Text(say("effective.title", series=effective.series, year=effective.year)), title_justify="left", expand=True)
    for name, ratio in (("rule", 3), ("value", 3), ("from", 1), ("former", 3)):
        table.add_column(say(f"effective.{name}"), ratio=ratio, overflow="fold")
    base = effective.editions[0].edition or effective.editions[0].file
    amended = {key: one for key, one in effective.rules.items() if one.edition != base}
    for one in amended.values():
        narrowed = " ".join(chip.text for chip in scope_chips(one.rule.scope))
        former = "\n".join(f"{rule_words(was.rule)}（{was.edition}）" for was in one.replaced)
        subject = Text.assemble(one_line(one.rule.subject), (f"\n{one_line(narrowed)}" if narrowed else "", "dim"))
        table.add_row(subject, Text(one_line(rule_words(one.rule))[:_SHOWN]), one.edition, Text(former))
    if amended:
        console.print(table)
    console.print(say("effective.summary", amended=len(amended), standing=len(effective.rules) - len(amended), edition=base))
    if effective.open:
        console.print(say("effective.open", count=len(effective.open)), style="yellow")
