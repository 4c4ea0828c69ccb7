"""The page of a comparison: what changed, clause beside clause, the windows of both years, both texts. One self-contained HTML file."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from pipeline.alignment import value_proofs
from pipeline.language import Language, say
from pipeline.report.changes_view import ChangesView, RowView, view
from pipeline.report.notice_page import Block, Mark, text_blocks
from pipeline.report.overview import source_rows
from pipeline.report.templates import asset, csp_hash, template
from pipeline.report.timeline import WIDTH, timeline
from schemas.changes import EFFECTS, WEIGHTS, Changes
from schemas.ruleset import Ruleset

STYLES, SCRIPT = ("notice.css", "changes.css"), "changes.js"


@dataclass(frozen=True)
class Group:
    """The changes of one weight."""

    weight: str
    label: str
    rows: tuple[RowView, ...]


@dataclass(frozen=True)
class Text:
    """One edition as it stands, with the words marked that a change quotes."""

    side: str
    name: str
    title: str
    blocks: tuple[Block, ...]
    source: tuple[tuple[str, str], ...]


def render_changes_page(changes: Changes, old: Ruleset, new: Ruleset, language: Language = "zh") -> str:
    """The page. The same comparison and language give the same characters."""
    shown = view(changes, old, new, language)
    styles, script = [asset(name) for name in STYLES], asset(SCRIPT)
    return template("changes.html.j2").render(
        view=shown,
        groups=tuple(Group(w, say(f"weight.{w}", language), tuple(row for row in shown.rows if row.weight == w)) for w in WEIGHTS),
        folded=_folded(shown),
        citations=tuple(row for row in shown.rows if row.kind == "reference"),
        timeline=timeline(old, new, changes.years, language),
        width=WIDTH,
        texts=(_text("old", shown.old_name, old, changes, language), _text("new", shown.new_name, new, changes, language)),
        gone=changes.unaligned.old,
        come=changes.unaligned.new,
        effects=EFFECTS,
        t=partial(say, language=language),
        language={"zh": "zh-CN", "en": "en"}[language],
        styles=tuple(Markup(style) for style in styles),
        script=Markup(script),
        policy=policy_of(styles, script),
    )


def policy_of(styles: Sequence[str], script: str | None = None) -> str:
    """The content security policy of a page that holds these styles and this script and fetches nothing."""
    allowed = " ".join(f"'sha256-{csp_hash(style)}'" for style in styles)
    scripts = f" script-src 'sha256-{csp_hash(script)}';" if script else ""
    return f"default-src 'none'; style-src {allowed};{scripts} base-uri 'none'; form-action 'none'"


def _folded(shown: ChangesView) -> tuple[Group, ...]:
    """What the year rolled on, then what only moved."""
    groups = []
    for label in ("rolled_over", "moved"):
        rows = tuple(row for row in shown.folded if row.labels[-1][0] == label)
        groups.append(Group(label, say(f"change.{label}", shown.language), rows))
    return tuple(groups)


def _text(side: str, name: str, ruleset: Ruleset, changes: Changes, language: Language) -> Text:
    marks = []
    for number, change in enumerate(changes.changes.values(), 1):
        if change.folded:
            continue
        for one in change.old if side == "old" else change.new:
            for place, proof in enumerate(value_proofs(one.evidence)):
                label = "、".join(say(f"change.{label}", language) for label in change.labels)
                marks.append(Mark(f"{side}-c{number}-{place}", f"c{number}", change.kind, "value", proof.start, proof.end, label))
    title = ruleset.notice.title or ruleset.source.file
    return Text(side, name, title, text_blocks(ruleset, marks), tuple(source_rows(ruleset, language)))
