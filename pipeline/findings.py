"""Where the notice contradicts itself or leaves a hole. A finding names the words and what to do; it must not fire on text that is in order."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Literal

from pipeline.evidence import evidence
from pipeline.language import say
from pipeline.rules.draft import Proof
from pipeline.statements import Reading
from schemas.document import Span
from schemas.ruleset import DateRule, Evidence, FeeRule, Finding, Reference, RuleBase

Severity = Literal["error", "warning", "note"]


def find_findings(reading: Reading, rules: Sequence[RuleBase], documents: Sequence[Reference]) -> tuple[Finding, ...]:
    """Every finding, errors first, each group in order of the text."""
    found = [*_contradictions(rules), *_two_numbers(documents), *_backward_windows(rules), *_open_fees(rules), *_unbalanced(reading)]
    rank = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda f: (rank[f.severity], f.evidence[0].start if f.evidence else 0, f.code)))


def _finding(code: str, severity: Severity, evidence: Sequence[Evidence], **blanks: object) -> Finding:
    return Finding(code=code, severity=severity, message=say(f"finding.{code}", "zh", **blanks), evidence=tuple(evidence))


def _contradictions(rules: Sequence[RuleBase]) -> Iterator[Finding]:
    by_key: dict[str, list[RuleBase]] = defaultdict(list)
    for rule in rules:
        by_key[rule.key.partition("#")[0]].append(rule)
    for key, same in by_key.items():
        if len(same) > 1:
            yield _finding("contradiction", "warning", [rule.evidence[0] for rule in same], key=key, count=len(same))


def _two_numbers(documents: Sequence[Reference]) -> Iterator[Finding]:
    by_title: dict[str, list[Reference]] = defaultdict(list)
    for document in documents:
        if document.title and document.document_number:
            by_title[document.title].append(document)
    for title, same in by_title.items():
        if len({d.evidence[0].start for d in same}) > 1:  # a joint document names all its numbers in one place
            yield _finding(
                "two-numbers", "warning", [d.evidence[0] for d in same], title=title, numbers="、".join(d.document_number or "" for d in same)
            )


def _backward_windows(rules: Sequence[RuleBase]) -> Iterator[Finding]:
    ends: dict[tuple[str, object], dict[str, DateRule]] = defaultdict(dict)
    for rule in rules:
        if (
            isinstance(rule, DateRule)
            and rule.role in ("opens", "closes")
            and rule.value is not None
            and rule.value.type == "instant"
            and "#" not in rule.key
        ):
            ends[rule.subject, rule.scope][rule.role] = rule
    for (subject, _), pair in ends.items():
        if len(pair) == 2:
            opens, closes = pair["opens"].value, pair["closes"].value
            if opens is not None and closes is not None and opens.type == closes.type == "instant" and closes.at < opens.at[: len(closes.at)]:
                yield _finding("backward-window", "error", [pair["opens"].evidence[0], pair["closes"].evidence[0]], subject=subject)


def _open_fees(rules: Sequence[RuleBase]) -> Iterator[Finding]:
    for rule in rules:
        if isinstance(rule, FeeRule) and rule.value is not None and rule.value.type == "by_reference":
            yield _finding("fee-by-reference", "note", [rule.evidence[0]], subject=rule.subject, reference=rule.value.reference)


def _unbalanced(reading: Reading) -> Iterator[Finding]:
    for block in reading.document.blocks:
        text = reading.document.text[block.start : block.end]
        if text.count("《") != text.count("》"):
            depth = 0
            at = next((i for i, c in enumerate(text) if c in "《》" and (depth := depth + (1 if c == "《" else -1)) < 0), text.rfind("《"))
            span = Span(block.start + at, min(block.start + at + 12, block.end))
            yield _finding("unbalanced-title", "warning", [evidence(reading, Proof(span, "finding.unbalanced"))])
