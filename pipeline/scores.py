"""How good a ruleset is: set beside its gold, counted by kind, and held against the floors that it may not fall below."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Literal, get_args

from pydantic import TypeAdapter

from pipeline.compare import compare, field_of, reference_item, reference_key, rule_item, shared_evidence
from pipeline.gold import ENDING, load, locate, locate_normative, read_json
from schemas.comparison import Cited, Item, Pair
from schemas.document import Span
from schemas.gold import Gold, GoldReference, GoldRule
from schemas.ruleset import Ruleset
from schemas.values import Decimal as DecimalString

Kind = Literal["date", "fee", "threshold", "reference", "eligibility", "material", "step", "penalty", "exemption", "contact", "score", "requirement"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""The kinds for which gold is complete, and which are scored; the four core kinds first."""

Verdict = Literal["right", "wrong_value", "wrong_scope", "wrong_subject", "missing", "spurious"]


Category = Literal["NEW", "VALUE", "SCOPE", "EVIDENCE-ONLY", "LOST", "CONFLICT"]
"""What a difference is to a reviewer; VALUE, LOST and CONFLICT fail a strict check."""
CATEGORIES: dict[Verdict, Category] = {"wrong_value": "VALUE", "wrong_scope": "SCOPE", "wrong_subject": "SCOPE", "missing": "LOST", "spurious": "NEW"}
FAILING: tuple[Category, ...] = ("VALUE", "LOST", "CONFLICT")


@dataclass(frozen=True)
class Line:
    """Words of a notice with their section."""

    section: str
    quote: str


@dataclass(frozen=True)
class Counts:
    """How the rules of one kind came out. Figures are cut, never rounded up, to four places, and null where there was nothing to find."""

    right: int = 0
    wrong_value: int = 0
    wrong_scope: int = 0
    wrong_subject: int = 0
    missing: int = 0
    spurious: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    @property
    def _wrong(self) -> int:
        return self.wrong_value + self.wrong_scope + self.wrong_subject

    @property
    def gold(self) -> int:
        """How many the gold holds."""
        return self.right + self._wrong + self.missing

    @property
    def produced(self) -> int:
        """How many were produced."""
        return self.right + self._wrong + self.spurious

    @property
    def precision(self) -> Decimal | None:
        return _share(self.right, self.produced)

    @property
    def recall(self) -> Decimal | None:
        return _share(self.right, self.gold)

    @property
    def f1(self) -> Decimal | None:
        return _share(2 * self.right, self.gold + self.produced)


@dataclass(frozen=True)
class Binding:
    """How well the ledger tells what binds: gold's normative statements that it found, and its own that a rule came from."""

    gold: int = 0
    found: int = 0
    normative: int = 0
    covered: int = 0
    missed: tuple[Line, ...] = ()
    """Gold's quotes that stand in no statement that binds."""
    uncovered: tuple[Line, ...] = ()
    """Statements that bind and from which no rule came."""

    def __add__(self, other: "Binding") -> "Binding":
        return Binding(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    @property
    def recall(self) -> Decimal | None:
        return _share(self.found, self.gold)

    @property
    def coverage(self) -> Decimal | None:
        return _share(self.covered, self.normative)


def _share(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) / whole).quantize(Decimal("0.0001"), rounding=ROUND_DOWN) if whole else None


@dataclass(frozen=True)
class Check:
    """One notice set beside its gold."""

    edition: str
    """series/year, as in the corpus."""
    file: str
    """The gold file."""
    sha256: str
    """Of the gold file, so that a score says what it was scored against."""
    pairs: tuple[Pair, ...]
    """Left is gold, right is produced; only of the scored kinds."""
    binding: Binding = Binding()
    reviewed: frozenset[str] = frozenset()
    """Keys of gold that came of a review: whoever saw the machine's answer flatters it, so that they are shown and not counted."""
    conflicts: frozenset[str] = frozenset()
    """Keys of gold on which the extraction has moved since a clerk decided, and disagrees."""

    @property
    def counts(self) -> dict[str, Counts]:
        """Of gold that was read from the text alone; of nothing where there is none of it."""
        read = any(pair.left is not None and pair.left.key not in self.reviewed for pair in self.pairs)
        counted = (pair for pair in self.pairs if (pair.left is None and read) or (pair.left is not None and pair.left.key not in self.reviewed))
        return tally(counted)

    def category(self, pair: Pair) -> Category | None:
        """What kind of difference a pair is, null where the two say the same on the same words."""
        if pair.left is not None and pair.left.key in self.conflicts:
            return "CONFLICT"
        outcome = verdict(pair)
        if outcome == "right":
            assert pair.left is not None and pair.right is not None, "a right pair has both sides"
            return None if shared_evidence(pair.left, pair.right) else "EVIDENCE-ONLY"
        return CATEGORIES[outcome]

    @property
    def failing(self) -> int:
        """How many differences a strict check does not let pass."""
        return sum(self.category(pair) in FAILING for pair in self.pairs)

    @property
    def figures(self) -> dict[str, Counts | Binding]:
        """What a floor may hold: the counts by kind, and what binds under `normative`."""
        return {**self.counts, "normative": self.binding}


def check(path: Path, ruleset: Ruleset, conflicts: Iterable[str] = ()) -> Check:
    """Set a ruleset beside a gold file; `conflicts` are the keys on which it disagrees with a decision. Raises GoldError where the gold is refused."""
    gold = load(path)
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    named = [(rule.key, rule.origin) for rule in gold.rules]
    named += [(reference_key(reference.title, reference.document_number), reference.origin) for reference in gold.references]
    return Check(
        edition=f"{path.absolute().parent.name}/{path.name.removesuffix(ENDING)}",
        file=str(path),
        sha256=sha256,
        pairs=align(gold, ruleset, str(path)),
        binding=binding(gold, ruleset, str(path)),
        reviewed=frozenset(key for key, origin in named if origin == "review"),
        conflicts=frozenset(conflicts),
    )


def binding(gold: Gold, ruleset: Ruleset, file: str) -> Binding:
    """Gold's normative statements beside the ledger. Raises GoldError where the text does not bear the gold out; `file` is named in it."""
    binds = [statement for statement in ruleset.statements if statement.normative]
    bare = ruleset.uncovered()
    spans = locate_normative(gold, ruleset, file)
    missed = [quote for quote, span in zip(gold.normative, spans, strict=True) if not any(s.start < span.end and span.start < s.end for s in binds)]
    return Binding(
        gold=len(gold.normative),
        found=len(gold.normative) - len(missed),
        normative=len(binds),
        covered=len(binds) - len(bare),
        missed=tuple(Line(quote.section, quote.quote) for quote in missed),
        uncovered=tuple(Line(s.section, ruleset.text[s.start : s.end].strip()) for s in bare),
    )


def score(gold: Gold, ruleset: Ruleset, file: str) -> dict[str, Counts]:
    """Counts by kind. Raises GoldError where the text does not bear the gold out; `file` is named in it."""
    return tally(align(gold, ruleset, file))


def align(gold: Gold, ruleset: Ruleset, file: str) -> tuple[Pair, ...]:
    """Gold (left) and produced (right) rules and references of the scored kinds, in pairs."""
    spans = locate(gold, ruleset, file)
    left = [gold_rule_item(rule, spans[rule.key]) for rule in gold.rules if rule.kind in KINDS]
    left += [gold_reference_item(reference, spans[f"reference/{reference.id}"]) for reference in gold.references]
    right = [rule_item(rule) for rule in ruleset.rules if rule.kind in KINDS]
    right += [reference_item(reference) for reference in ruleset.references]
    return compare(left, right)


def gold_rule_item(rule: GoldRule, spans: tuple[Span, ...]) -> Item:
    """A rule of gold, found at `spans`, as the comparison sees it."""
    return Item(
        key=rule.key,
        kind=rule.kind,
        subject=rule.subject,
        role=rule.role,
        scope=rule.scope,
        value=rule.value,
        condition=rule.condition,
        per=rule.per,
        payee=rule.payee,
        payer=rule.payer,
        of_whom=rule.of_whom,
        purpose=rule.purpose,
        quotes=tuple(quote.quote for quote in rule.quotes),
        spans=spans,
        section=rule.quotes[0].section,
    )


def gold_reference_item(reference: GoldReference, spans: tuple[Span, ...]) -> Item:
    """The same of a document that gold cites."""
    return Item(
        key=reference_key(reference.title, reference.document_number),
        kind="reference",
        value=Cited(reference.title, reference.document_number, reference.articles),
        quotes=tuple(quote.quote for quote in reference.quotes),
        spans=spans,
        section=reference.quotes[0].section,
    )


def verdict(pair: Pair) -> Verdict:
    """What a pair of gold (left) and produced (right) counts as.

    A wrong value is worst, then a wrong subject (a date's role belongs to it), then a wrong scope (the branch of a condition belongs to it).
    What a fee is counted by and who takes it are part of its value; the other fields of a kind are shown where they differ, and not counted.
    """
    if pair.right is None:
        return "missing"
    if pair.left is None:
        return "spurious"
    if "value" in pair.differs or (pair.kind == "fee" and any(field_of(pair.left, f) != field_of(pair.right, f) for f in ("per", "payee"))):
        return "wrong_value"
    if "subject" in pair.differs or "role" in pair.differs:
        return "wrong_subject"
    return "wrong_scope" if "scope" in pair.differs else "right"


def tally(pairs: Iterable[Pair]) -> dict[str, Counts]:
    """Counts by kind, for every scored kind."""
    counted = Counter(f"{pair.kind} {verdict(pair)}" for pair in pairs)
    return {kind: Counts(**{field.name: counted[f"{kind} {field.name}"] for field in fields(Counts)}) for kind in KINDS}


def total(scores: Iterable[Mapping[str, Counts]]) -> dict[str, Counts]:
    """Counts of several notices added up, by kind."""
    scores = list(scores)
    return {kind: sum((counts.get(kind, Counts()) for counts in scores), Counts()) for kind in KINDS}


Metric = Literal["precision", "recall", "f1", "coverage"]
Floor = dict[str, dict[Kind | Literal["normative"], dict[Metric, DecimalString]]]
"""series/year → kind, or `normative` for the ledger → figure → the least that it may be."""


@dataclass(frozen=True)
class Fallen:
    """A figure below its floor."""

    edition: str
    kind: str
    metric: Metric
    floor: Decimal
    reached: Decimal


def load_floor(path: Path) -> Floor:
    """The floors in corpus/floor.json. Raises GoldError where it is not what a floor file is."""
    return read_json(path, TypeAdapter(Floor).validate_python)


def check_floor(scores: Mapping[str, Mapping[str, Counts | Binding]], floor: Floor) -> list[Fallen]:
    """What fell, in the floor's order. `scores` is series/year → `Check.figures`; editions that were not scored are passed over.

    A figure that is null, because neither gold nor output holds the kind, has not fallen; nor has one that the kind does not have.
    """
    fallen = []
    for edition, kinds in floor.items():
        for kind, metrics in kinds.items() if edition in scores else ():
            for metric, least in metrics.items():
                reached: Decimal | None = getattr(scores[edition][kind], metric, None)
                if reached is not None and reached < Decimal(least):
                    fallen.append(Fallen(edition, kind, metric, Decimal(least), reached))
    return fallen
