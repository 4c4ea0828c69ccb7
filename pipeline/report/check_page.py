"""The check against gold as data for people: one view for page and terminal, the page itself, and the same as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from decimal import Decimal
from typing import Any

from pydantic import TypeAdapter

from pipeline.language import Language, say
from pipeline.redline import Piece, redline
from pipeline.report.templates import template
from pipeline.report.words import condition_words, scope_chips, value_words
from pipeline.scores import KINDS, Binding, Category, Check, Counts, Line, Verdict, total, verdict
from schemas.comparison import FIELDS, Cited, Item, Pair
from schemas.values import Value

VERDICTS = tuple(field.name for field in fields(Counts))
FIGURES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Row:
    """One property of a pair, as gold has it and as it was produced; null where that side is absent or says nothing."""

    name: str
    label: str
    gold: str | None
    produced: str | None
    differs: bool
    redline: tuple[Piece, ...] = ()
    """Both sides as one run, where both say something and they differ."""


@dataclass(frozen=True)
class DifferenceView:
    """One pair that is not right. `key` and `section` are gold's where gold has the rule."""

    verdict: Verdict
    verdict_label: str
    category: str
    kind_label: str
    key: str
    section: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class ScoreRow:
    """Counts and figures of a kind, in the order of the columns."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class BindingView:
    """Recall of what binds and coverage by rules in one line; `lines` are the sentences that fall short, each with what it lacks."""

    line: str
    lines: tuple[tuple[str, Line], ...]


@dataclass(frozen=True)
class ResultView:
    """One notice set beside its gold, or all of them together (then without differences)."""

    title: str
    file: str
    sha256: str
    scores: tuple[ScoreRow, ...]
    binding: BindingView
    differences: tuple[DifferenceView, ...]


@dataclass(frozen=True)
class CheckView:
    """Everything that page and terminal show, in words of one language."""

    language: Language
    columns: tuple[str, ...]
    results: tuple[ResultView, ...]
    total: ResultView | None
    """Null where there is one notice only."""


def view(results: Sequence[Check], language: Language) -> CheckView:
    """Checks in the order given; within each, its differences in gold's order, then what only the output has."""
    shown = tuple(
        ResultView(
            title=result.edition,
            file=result.file,
            sha256=result.sha256,
            scores=_score_rows(result.counts, language),
            binding=_binding(result.binding, language),
            differences=tuple(_difference(pair, category, language) for pair in result.pairs if (category := result.category(pair))),
        )
        for result in results
    )
    everything = total(result.counts for result in results)
    bound = _binding(replace(binding_of(results), missed=(), uncovered=()), language)
    return CheckView(
        language=language,
        columns=tuple(say(f"check.{name}", language) for name in ("kind", *VERDICTS, *FIGURES)),
        results=shown,
        total=ResultView(say("check.all_notices", language), "", "", _score_rows(everything, language), bound, ()) if len(shown) > 1 else None,
    )


def _score_rows(counts: Mapping[Any, Counts], language: Language) -> tuple[ScoreRow, ...]:
    rows = [(say(f"kind.{kind}", language), counts[kind]) for kind in KINDS]
    return tuple(ScoreRow(label, _cells(c)) for label, c in [*rows, (say("check.all", language), _sum(counts.values()))])


def binding_of(results: Sequence[Check]) -> Binding:
    """What binds in all of the notices."""
    return sum((result.binding for result in results), Binding())


def _binding(binding: Binding, language: Language) -> BindingView:
    figures = {name: "–" if (figure := getattr(binding, name)) is None else str(figure) for name in ("recall", "coverage")}
    numbers = {name: getattr(binding, name) for name in ("gold", "found", "normative", "covered")}
    lines = [(say(f"check.{name}", language), line) for name in ("missed", "uncovered") for line in getattr(binding, name)]
    return BindingView(say("check.binding", language, **numbers, **figures), tuple(lines))


def _sum(counts: Iterable[Counts]) -> Counts:
    return sum(counts, Counts())


def _cells(counts: Counts) -> tuple[str, ...]:
    """Counts, then figures; – for a figure of nothing."""
    figures: list[Decimal | None] = [getattr(counts, name) for name in FIGURES]
    return (*(str(getattr(counts, name)) for name in VERDICTS), *("–" if figure is None else str(figure) for figure in figures))


def _difference(pair: Pair, category: Category, language: Language) -> DifferenceView:
    gold, produced = (_properties(side, language) if side else {} for side in (pair.left, pair.right))
    rows = tuple(
        _row(name, _label(name, language), gold.get(name), produced.get(name), pair.how is not None and _differs(name, pair, gold, produced))
        for name in ("subject", "role", "value", "scope", "condition", *FIELDS, "quote")
        if gold.get(name) or produced.get(name)
    )
    outcome = verdict(pair)
    label = say(f"check.{outcome}", language) if outcome != "right" else say("check.evidence_only", language)
    return DifferenceView(outcome, label, category, say(f"kind.{pair.kind}", language), pair.item.key, pair.item.section, rows)


def _row(name: str, label: str, gold: str | None, produced: str | None, differs: bool) -> Row:
    marked = redline(gold, produced) if gold and produced and (differs or name == "quote") and gold != produced else ()
    return Row(name, label, gold, produced, differs, marked)


def _properties(item: Item, language: Language) -> dict[str, str | None]:
    """What an item says, property by property, in words."""
    return {
        "subject": item.subject or None,
        "role": say(f"role.{item.role}", language) if item.role else None,
        "value": _value(item.value, language),
        "scope": "；".join(f"{chip.label} {chip.text}" for chip in scope_chips(item.scope, language)) or None,
        "condition": condition_words(item.condition, language) or None,
        **{name: getattr(item, name) for name in FIELDS},
        "purpose": say(f"purpose.{item.purpose}", language) if item.purpose else None,
        "quote": " … ".join(item.quotes) or None,
    }


def _value(value: Value | Cited | None, language: Language) -> str:
    if not isinstance(value, Cited):
        return value_words(value, language=language)
    name = (f"《{value.title}》" if value.title else "") + (f"（{value.document_number}）" if value.document_number else "")
    return name + (f" {'、'.join(value.articles)}" if value.articles else "")


def _label(name: str, language: Language) -> str:
    own = name in ("subject", "role", "value", "scope", "per", "quote")
    return say(f"check.{name}" if own else f"field.{name}", language)


def _differs(name: str, pair: Pair, gold: Mapping[str, str | None], produced: Mapping[str, str | None]) -> bool:
    """Is this property one of those in which the pair parts? Quotes are never counted; of several fields, those with other words are shown."""
    group = {"condition": "scope", **dict.fromkeys(FIELDS, "fields")}.get(name, name)
    return group in pair.differs and (group == name or gold.get(name) != produced.get(name))


def page(results: Sequence[Check], language: Language = "zh") -> str:
    """One self-contained HTML page: scores, then the differences of each notice, gold beside produced."""
    words = {
        name: say(f"check.{name}", language)
        for name in ("title", "gold", "produced", "sha256", "no_differences", "side_absent", "section", "differs")
    }
    return template("check.html.j2").render(check=view(results, language), words=words)


def check_json(results: Sequence[Check]) -> str:
    """The same for programs: figures as decimal strings, null where there was nothing to find; each difference with both sides whole."""
    everything = total(result.counts for result in results)
    data = {
        "results": [
            {
                "edition": result.edition,
                "gold": result.file,
                "gold_sha256": result.sha256,
                "scores": _scores_json(result.counts),
                "normative": _binding_json(result.binding),
                "differences": [_pair_json(pair, category) for pair in result.pairs if (category := result.category(pair))],
            }
            for result in results
        ],
        "total": _scores_json(everything),
        "normative": _binding_json(binding_of(results)),
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _scores_json(counts: Mapping[Any, Counts]) -> dict[str, dict[str, int | str | None]]:
    return {kind: _counts_json(c) for kind, c in [*counts.items(), ("all", _sum(counts.values()))]}


def _counts_json(counts: Counts) -> dict[str, int | str | None]:
    figures: dict[str, Decimal | None] = {name: getattr(counts, name) for name in FIGURES}
    return {name: getattr(counts, name) for name in VERDICTS} | {name: None if f is None else str(f) for name, f in figures.items()}


def _binding_json(binding: Binding) -> dict[str, Any]:
    figures: dict[str, Decimal | None] = {"recall": binding.recall, "coverage": binding.coverage}
    return asdict(binding) | {name: None if figure is None else str(figure) for name, figure in figures.items()}


def _pair_json(pair: Pair, category: Category) -> dict[str, Any]:
    gold, produced = (
        TypeAdapter(Item).dump_python(side, mode="json", by_alias=True, exclude_none=True) if side else None for side in (pair.left, pair.right)
    )
    return {
        "verdict": verdict(pair),
        "category": category,
        "kind": pair.kind,
        "how": pair.how,
        "differs": list(pair.differs),
        "gold": gold,
        "produced": produced,
    }
