"""The page of one notice: its text with every piece of evidence marked, its rules as cards, one self-contained HTML file.

View data first (`view`), then one template; no text of the notice reaches the page but through the template's escaping.
"""

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup

from pipeline.language import Language, say
from pipeline.report import words
from pipeline.report.overview import in_text_order, source_rows
from pipeline.report.templates import asset, csp_hash, template
from schemas.document import Section
from schemas.ruleset import Evidence, Finding, Reference, RuleBase, Ruleset, Statement

_LEAD_REACH = 14
"""A section's heading is its line's lead when it begins within the first characters, after the number."""
_HEADING_LENGTH = 36
"""A longer line is no heading, whatever the outline says."""


class Mark(NamedTuple):
    """A piece of evidence in the text, and the card that it belongs to."""

    id: str
    item: str
    kind: str
    role: str
    start: int
    end: int
    label: str


class Piece(NamedTuple):
    """A stretch of text under the same marks, the shortest mark first; `begins` where one of them starts."""

    start: int
    text: str
    marks: tuple[Mark, ...]
    begins: bool

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(mark.kind for mark in self.marks))

    @property
    def quiet(self) -> bool:
        """Only a scope or a condition is read here, no value."""
        return all(mark.role != "value" for mark in self.marks)


class Row(NamedTuple):
    """Cells of a table's row; `span` is how many columns the last one takes, for a merged cell stands once."""

    cells: tuple[tuple[Piece, ...], ...]
    span: int = 1


class Block(NamedTuple):
    """A paragraph, heading or table of the page. `lead` is the heading that a paragraph begins with."""

    kind: str
    anchor: str
    level: int = 0
    lead: tuple[Piece, ...] = ()
    pieces: tuple[Piece, ...] = ()
    rows: tuple[Row, ...] = ()


class Proof(NamedTuple):
    """A quote on a card: where it stands in the text and in which clause."""

    id: str
    anchor: str
    quote: str
    role: str
    section: str
    section_anchor: str | None
    heading: str


class Card(NamedTuple):
    """A rule, a reference or a finding as people read it."""

    id: str
    kind: str
    title: str
    value: str
    chips: tuple[words.Chip, ...]
    proofs: tuple[Proof, ...]
    links: tuple[words.Chip, ...] = ()
    level: str = "high"
    confidence: str = ""
    reasons: tuple[str, ...] = ()
    url: str | None = None
    severity: str = ""


class Group(NamedTuple):
    kind: str
    title: str
    cards: tuple[Card, ...]


class Line(NamedTuple):
    start: int
    end: int
    text: str


class View(NamedTuple):
    """Everything that the template shows."""

    ruleset: Ruleset
    title: str
    blocks: tuple[Block, ...]
    contents: tuple[tuple[str, Section], ...]
    groups: tuple[Group, ...]
    uncovered: tuple[Card, ...]
    findings: tuple[Card, ...]
    source: tuple[tuple[str, str], ...]


def render_notice(ruleset: Ruleset, language: Language = "zh", desk: Mapping[str, Any] | None = None) -> str:
    """One HTML page that needs no network. The same ruleset and language give the same characters.

    With `desk`, the data of a review, the page can be switched to the desk; decisions then stay in the browser until they are saved as a file.
    """
    data = json.dumps(desk, ensure_ascii=False, separators=(",", ":")) if desk else None
    return _render(ruleset, language, desk=data, api=None, policy=policy(), style=Markup(_style()), script=Markup(_script()))


def render_desk(ruleset: Ruleset, api: str, reviewer: str, language: Language = "zh") -> str:
    """The same page as the server's desk: style, script and data come from the server, `api` says where."""
    return _render(ruleset, language, desk=None, api=api, reviewer=reviewer)


def _render(ruleset: Ruleset, language: Language, **more: Any) -> str:
    return template("notice.html.j2").render(
        view=view(ruleset, language), t=partial(say, language=language), language={"zh": "zh-CN", "en": "en"}[language], **more
    )


def policy() -> str:
    """The content security policy of the page without a server: its own style and script, nothing else."""
    style, script = csp_hash(_style()), csp_hash(_script())
    return f"default-src 'none'; style-src 'sha256-{style}'; script-src 'sha256-{script}'; base-uri 'none'; form-action 'none'"


def _style() -> str:
    return asset("notice.css") + asset("desk.css")


def _script() -> str:
    return asset("notice.js") + asset("desk.js")


def view(ruleset: Ruleset, language: Language = "zh") -> View:
    """The page's data: blocks of text cut at the marks, cards grouped by kind in the order of the text."""
    lines = tuple(_lines(ruleset.text))
    anchors = _section_anchors(ruleset.sections, lines)
    headings = {section.id: section.heading for section in ruleset.sections}
    marks: list[Mark] = []

    def proofs(item: str, kind: str, label: str, evidence: Sequence[Evidence]) -> tuple[Proof, ...]:
        out = []
        for number, piece in enumerate(evidence):
            mark = Mark(f"{item}-e{number}", item, kind, piece.role, piece.start, piece.end, label)
            marks.append(mark)
            section = anchors.get(piece.section)
            out.append(Proof(mark.id, f"t{piece.start}", piece.quote, piece.role, piece.section, section, headings.get(piece.section, "")))
        return tuple(out)

    def rule_card(number: int, rule: RuleBase) -> Card:
        value = words.rule_words(rule, language)
        return Card(
            id=f"r{number}",
            kind=rule.kind,
            title=rule.subject,
            value=value,
            chips=words.rule_chips(rule, language),
            proofs=proofs(f"r{number}", rule.kind, f"{say(f'kind.{rule.kind}', language)} {rule.subject} {value}", rule.evidence),
            links=tuple(words.Chip(cite.reference, "、".join(cite.articles)) for cite in rule.cites),
            level=words.confidence_level(rule.confidence),
            confidence=words.confidence_words(rule.confidence, language),
            reasons=words.reason_words(rule.confidence, language),
        )

    def reference_card(number: int, reference: Reference) -> Card:
        chips = [words.Chip(say("field.relation", language), say(f"relation.{reference.relation}", language))]
        for name, values in (("aliases", reference.aliases), ("articles", reference.articles)):
            if values:
                chips.append(words.Chip(say(f"field.{name}", language), "、".join(values)))
        label = f"{say('kind.reference', language)} {words.reference_name(reference)}"
        return Card(
            id=f"d{number}",
            kind="reference",
            title=f"《{reference.title}》" if reference.title else reference.document_number or reference.id,
            value=reference.document_number or "" if reference.title else "",
            chips=tuple(chips),
            proofs=proofs(f"d{number}", "reference", label, reference.evidence),
            url=reference.url,
        )

    def finding_card(number: int, finding: Finding) -> Card:
        return Card(
            id=f"f{number}",
            kind="finding",
            title=finding.message,
            value=say(f"severity.{finding.severity}", language),
            chips=(),
            proofs=proofs(f"f{number}", "finding", finding.message, finding.evidence),
            severity=finding.severity,
        )

    def uncovered_card(number: int, statement: Statement) -> Card:
        told = " ".join(ruleset.text[statement.start : statement.end].split())
        mark = Mark(f"u{number}-e0", f"u{number}", "uncovered", "value", statement.start, statement.end, say("page.uncovered", language))
        marks.append(mark)
        section = anchors.get(statement.section)
        quote = Proof(mark.id, f"t{statement.start}", told, "value", statement.section, section, headings.get(statement.section, ""))
        return Card(id=f"u{number}", kind="uncovered", title="", value="", chips=(), proofs=(quote,))

    cards = [rule_card(number, rule) for number, rule in enumerate(in_text_order(ruleset.rules), 1)]
    cards += [reference_card(number, reference) for number, reference in enumerate(in_text_order(ruleset.references), 1)]
    findings = tuple(finding_card(number, finding) for number, finding in enumerate(ruleset.findings, 1))
    uncovered = tuple(uncovered_card(number, statement) for number, statement in enumerate(ruleset.uncovered(), 1))
    shown = [kind for kind in words.KINDS if kind in words.CORE or any(card.kind == kind for card in cards)]
    title = ruleset.notice.title or ruleset.source.file or say("page.untitled", language)
    return View(
        ruleset=ruleset,
        title=title,
        blocks=tuple(_blocks(ruleset, lines, Cutter(ruleset.text, marks))),
        contents=tuple((anchors[s.id], s) for s in ruleset.sections if s.id in anchors and s.level <= 2 and s.heading and len(s.heading) <= 40),
        groups=tuple(Group(kind, say(f"kind.{kind}", language), tuple(card for card in cards if card.kind == kind)) for kind in shown),
        uncovered=uncovered,
        findings=findings,
        source=tuple(source_rows(ruleset, language)),
    )


def text_blocks(ruleset: Ruleset, marks: Sequence[Mark]) -> tuple[Block, ...]:
    """A notice's text as the page shows it, cut at the marks."""
    return tuple(_blocks(ruleset, tuple(_lines(ruleset.text)), Cutter(ruleset.text, marks)))


def _lines(text: str) -> Iterator[Line]:
    start = 0
    for line in text.split("\n"):
        yield Line(start, start + len(line), line)
        start += len(line) + 1


def _section_anchors(sections: Sequence[Section], lines: Sequence[Line]) -> dict[str, str]:
    """Section id → id of the page's block in which the section begins."""
    filled = [line for line in lines if line.text.strip()]
    starts = [line.end for line in filled]
    return {s.id: f"p{filled[min(bisect_right(starts, s.start), len(filled) - 1)].start}" for s in sections} if filled else {}


class Cutter:
    """A text cut wherever a mark begins or ends; call with a stretch to have its pieces."""

    def __init__(self, text: str, marks: Sequence[Mark]) -> None:
        self._text = text
        self._starts = sorted({0, len(text)} | {point for mark in marks for point in (mark.start, mark.end)})
        self._marks: list[tuple[Mark, ...]] = []
        begins = sorted(marks, key=lambda mark: mark.start)
        active: list[Mark] = []
        following = 0
        for point in self._starts:
            active = [mark for mark in active if mark.end > point]
            while following < len(begins) and begins[following].start <= point:
                if begins[following].end > point:
                    active.append(begins[following])
                following += 1
            self._marks.append(tuple(sorted(active, key=lambda mark: (mark.role != "value", mark.kind == "finding", mark.end - mark.start, mark.id))))

    def __call__(self, start: int, end: int) -> tuple[Piece, ...]:
        out = []
        index = bisect_right(self._starts, start) - 1
        while start < end:
            until = min(end, self._starts[index + 1]) if index + 1 < len(self._starts) else end
            marks = self._marks[index]
            out.append(Piece(start, self._text[start:until], marks, any(mark.start == start for mark in marks)))
            start, index = until, index + 1
        return tuple(out)


def _plain(text: str) -> str:
    return "".join(text.split())


def _blocks(ruleset: Ruleset, lines: Sequence[Line], cut: Cutter) -> Iterator[Block]:
    """Headings, paragraphs and runs of table rows in the order of the text; empty lines only part them."""
    starts = {section.start: section for section in ruleset.sections}
    first = min((s.start for s in ruleset.sections if s.level > 0 and s.id != "前言"), default=len(ruleset.text))
    close = next((s for s in ruleset.sections if s.id == "落款"), None)
    titles = {_plain(s.heading) for s in ruleset.sections if s.id.startswith("附件") and "/" not in s.id}
    filled = (line for line in lines if line.text.strip() or "\t" in line.text)
    for tabbed, run in groupby(filled, key=lambda line: "\t" in line.text):
        if tabbed:
            yield from _table(list(run), cut)
            continue
        for line in run:
            section = starts.get(line.start) or starts.get(line.start + len(line.text) - len(line.text.lstrip()))
            if section is not None and section.heading and section.id not in ("前言", "落款"):
                yield _headed(line, section, cut)
            elif _plain(line.text) in titles:
                yield Block("title", f"p{line.start}", pieces=cut(line.start, line.end))
            else:
                closing = close is not None and close.start <= line.start < close.end
                yield Block(_place(line, ruleset, line.start < first, closing), f"p{line.start}", pieces=cut(line.start, line.end))


def _headed(line: Line, section: Section, cut: Cutter) -> Block:
    """A numbered line: a heading where nothing else stands on it, a paragraph with a lead where text follows, else a paragraph."""
    at = line.text.find(section.heading)
    end = line.start + at + len(section.heading)
    rest = line.text[at + len(section.heading) :].strip()
    anchor = f"p{line.start}"
    if _plain(line.text) == section.id:  # 附件3 alone on its line, its title below
        return Block("heading", anchor, level=1, pieces=cut(line.start, line.end))
    if not rest and 0 <= at <= _LEAD_REACH and len(line.text) <= _HEADING_LENGTH and section.heading[-1] not in "；;。，,":
        return Block("heading", anchor, level=max(1, min(section.level, 4)), pieces=cut(line.start, line.end))
    if len(rest) > 1 and rest[0] in "。：:." and 0 <= at <= _LEAD_REACH and len(section.heading) <= _HEADING_LENGTH:
        return Block("paragraph", anchor, lead=cut(line.start, end), pieces=cut(end, line.end))
    return Block("paragraph", anchor, pieces=cut(line.start, line.end))


def _place(line: Line, ruleset: Ruleset, before_headings: bool, closing: bool) -> str:
    """How an unnumbered line is set: red head, title and 文号 centred, 主送 without indent, 落款 to the right, as the office prints them."""
    notice, text = ruleset.notice, _plain(line.text)
    if before_headings and len(text) >= 4 and text in _plain(notice.title or ""):
        return "title"
    if before_headings and text.endswith("文件") and text.removesuffix("文件") in map(_plain, notice.issuers):
        return "redhead"
    if before_headings and notice.document_number and text == _plain(notice.document_number):
        return "number"
    if before_headings and notice.addressees and text.startswith(_plain(notice.addressees[0])):
        return "to"
    if closing and (text in map(_plain, notice.issuers) or (len(text) <= 12 and text.endswith("日"))):
        return "closing"
    return "paragraph"


def _table(lines: Sequence[Line], cut: Cutter) -> Iterator[Block]:
    """Rows of a table; where no line has more than one filled cell (a table that a TXT has flattened), one list of cells."""
    anchor = f"p{lines[0].start}"
    rows = [_cells(line) for line in lines]
    if not any(end > start for row in rows for start, end in row):
        return
    if max(sum(end > start for start, end in row) for row in rows) <= 1:
        filled = tuple(Row((cut(start, end),)) for row in rows for start, end in row if end > start)
        yield Block("cells", anchor, rows=filled)
        return
    skip = 1 if all(row[0][0] == row[0][1] for row in rows) else 0
    width = max(map(len, rows))
    yield Block("table", anchor, rows=tuple(Row(tuple(cut(start, end) for start, end in row[skip:]), width - len(row) + 1) for row in rows))


def _cells(line: Line) -> list[tuple[int, int]]:
    """Start and end of each cell of a line, surrounding blanks left out."""
    out = []
    start = line.start
    for cell in line.text.split("\t"):
        filled = cell.strip()
        begin = start + (cell.index(filled) if filled else 0)
        out.append((begin, begin + len(filled)))
        start += len(cell) + 1
    return out
