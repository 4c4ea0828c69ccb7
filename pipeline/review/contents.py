"""An extracted rule as gold would hold it: the same fields, quotes in place of offsets."""

from collections.abc import Sequence
from functools import cache

from pipeline.compare import reference_item, rule_item
from pipeline.gold import ENDING, GoldError, place_of
from pipeline.quotes import Squeezed
from schemas.comparison import Item
from schemas.document import Span
from schemas.gold import GoldQuote, GoldReference, GoldRule
from schemas.review import Content
from schemas.ruleset import Evidence, Reference, RuleBase, Ruleset
from schemas.values import Adjustment, Relative, Value

NEIGHBOURS = (0, 4, 8, 16, 32)
"""How many characters before and behind a quote are tried, until it stands for one place alone."""


def section_of(ruleset: Ruleset, start: int) -> str:
    """The innermost section that holds an offset."""
    holding = [s for s in ruleset.sections if s.start <= start < s.end]
    return max(holding, key=lambda s: (s.level, s.start)).id if holding else ""


def gold_quote(text: Squeezed, ruleset: Ruleset, span: Span, section: str) -> GoldQuote | None:
    """The words at a span as a quote that finds its way back: with as many neighbours as it takes; null where no number does, or the span is blank."""
    source = ruleset.text
    quote = " ".join(source[span.start : span.end].split())
    for length in NEIGHBOURS if quote else ():
        before = source[max(0, span.start - length) : span.start].replace("\n", "") or None
        behind = source[span.end : span.end + length].replace("\n", "") or None
        for prefix, suffix in ((before, None), (before, behind)):
            candidate = GoldQuote(section=section, quote=quote, prefix=prefix, suffix=suffix)
            if found_at(text, ruleset, candidate) == span:
                return candidate
    return None


def found_at(text: Squeezed, ruleset: Ruleset, quote: GoldQuote) -> Span | None:
    """The one place of a quote in the text; null where there is none or several: nothing is matched by likeness."""
    try:
        return place_of(quote, text, ruleset, "", ENDING)
    except GoldError:
        return None


def _quotes(text: Squeezed, ruleset: Ruleset, evidence: Sequence[Evidence]) -> tuple[GoldQuote, ...]:
    proof = [e for e in evidence if e.role == "value"] or list(evidence)
    found = [gold_quote(text, ruleset, Span(e.start, e.end), e.section) for e in proof]
    whole = [GoldQuote(section=e.section, quote=e.quote, prefix=e.prefix or None, suffix=e.suffix or None) for e in proof]
    return tuple(dict.fromkeys(quote or other for quote, other in zip(found, whole, strict=True)))


@cache
def _shared(produced: type[RuleBase | Reference]) -> tuple[str, ...]:
    """The fields that gold holds of what was produced."""
    gold = GoldReference if produced is Reference else GoldRule
    return tuple(name for name in gold.model_fields if name in produced.model_fields)


def rule_content(text: Squeezed, ruleset: Ruleset, rule: RuleBase) -> GoldRule:
    """A produced rule as gold would hold it, of origin `review`."""
    own = {name: getattr(rule, name) for name in _shared(type(rule)) if name != "value"}
    if own.get("purpose") == "reach":
        own["purpose"] = None  # gold leaves the usual one out
    return GoldRule(**own, value=_stated(rule.value), quotes=_quotes(text, ruleset, rule.evidence), origin="review")


def _stated(value: Value | None) -> Value | None:
    """The value without what was reckoned from other rules."""
    if isinstance(value, Relative):
        return value.model_copy(update={"resolved": None})
    return value.model_copy(update={"to": ()}) if isinstance(value, Adjustment) else value


def reference_content(text: Squeezed, ruleset: Ruleset, reference: Reference) -> GoldReference:
    """A produced reference as gold would hold it, of origin `review`."""
    return GoldReference(
        **{name: getattr(reference, name) for name in _shared(Reference)}, quotes=_quotes(text, ruleset, reference.evidence), origin="review"
    )


class Extraction:
    """One run over a notice with what the desk asks of it again and again; nothing of it depends on decisions."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.rules = {rule.uid: rule for rule in ruleset.rules}
        self.text = Squeezed.of(ruleset.text)
        self.produced: dict[str, Content] = {rule.uid: rule_content(self.text, ruleset, rule) for rule in ruleset.rules}
        """uid of each rule, `reference/` and id of each document → as gold would hold it, in the ruleset's order."""
        self.items: dict[str, Item] = {rule.uid: rule_item(rule) for rule in ruleset.rules}
        self.spans: dict[str, tuple[Span, ...]] = {rule.uid: _spans(rule.evidence) for rule in ruleset.rules}
        self.confidence = {rule.uid: rule.confidence for rule in ruleset.rules}
        self.reviewed = frozenset(rule.uid for rule in ruleset.rules if rule.review.status in ("accepted", "fixed", "added"))
        for reference in ruleset.references:
            name = f"reference/{reference.id}"
            self.produced[name] = reference_content(self.text, ruleset, reference)
            self.items[name] = reference_item(reference)
            self.spans[name] = _spans(reference.evidence)
        self._found: dict[GoldQuote, Span | None] = {}

    def find(self, quote: GoldQuote) -> Span | None:
        """The one place of a quote, null where there is none or several."""
        if quote not in self._found:
            self._found[quote] = found_at(self.text, self.ruleset, quote)
        return self._found[quote]


def _spans(evidence: Sequence[Evidence]) -> tuple[Span, ...]:
    return tuple(Span(e.start, e.end) for e in evidence)
