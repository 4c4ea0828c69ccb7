"""A ruleset as Markdown (CommonMark with tables), for wikis and archives: the notice, a table a kind with clause and quote, documents cited, findings.

What a notice says never becomes markup: every character that Markdown or HTML reads within a line is escaped, and no line begins with its words.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.assess import proof
from pipeline.language import Language, say
from pipeline.report import words
from pipeline.report.overview import in_text_order, notice_rows, source_rows
from schemas.ruleset import RuleBase, Ruleset

_MARKUP = re.compile(r"([\\`*_{}\[\]<>|~&$^])")


def markdown_bytes(ruleset: Ruleset, language: Language = "zh") -> bytes:
    """The document in UTF-8."""
    return ("\n".join(_document(ruleset, language)).rstrip("\n") + "\n").encode()


def plain(text: str) -> str:
    """The text on one line, nothing in it read as markup."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _document(ruleset: Ruleset, language: Language) -> Iterator[str]:
    yield f"# {plain(ruleset.notice.title or ruleset.source.file)}"
    yield ""
    yield from _table([say("column.item", language), say("column.content", language)], notice_rows(ruleset, language))
    for kind in words.KINDS:
        rules = in_text_order(rule for rule in ruleset.rules if rule.kind == kind)
        if rules:
            yield f"## {say(f'kind.{kind}', language)}"
            yield ""
            head = [say(f"column.{name}", language) for name in ("subject", "content", "scope", "section", "quote", "review")]
            yield from _table(head, (_row(rule, language) for rule in rules))
    if ruleset.references:
        yield f"## {say('kind.reference', language)}"
        yield ""
        head = [say(f"column.{name}", language) for name in ("title", "relation", "section", "quote")]
        yield from _table(
            head,
            (
                (words.reference_name(r), say(f"relation.{r.relation}", language), r.evidence[0].section, r.evidence[0].quote)
                for r in ruleset.references
            ),
        )
    if ruleset.findings:
        yield f"## {say('kind.finding', language)}"
        yield ""
        yield from (f"- {plain(say(f'severity.{finding.severity}', language))} {plain(finding.message)}" for finding in ruleset.findings)
        yield ""
    yield f"## {say('page.source', language)}"
    yield ""
    yield from _table([say("column.item", language), say("column.content", language)], source_rows(ruleset, language))


def _row(rule: RuleBase, language: Language) -> tuple[str, ...]:
    chips = "；".join(f"{chip.label}：{chip.text}" for chip in words.rule_chips(rule, language))
    shown = proof(rule)
    return rule.subject, words.rule_words(rule, language), chips, shown.clause, shown.quote, say(f"status.{rule.review.status}", language)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(map(plain, head))} |"
    yield f"|{' --- |' * len(head)}"
    yield from (f"| {' | '.join(map(plain, row))} |" for row in rows)
    yield ""
