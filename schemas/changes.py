"""What changed between two editions of a notice, rule by rule, and what is in force after notices that amend one. Older first."""

from typing import Annotated, Literal, get_args

from pydantic import Field

from schemas.base import Composed
from schemas.ruleset import Confidence, Reference, Review, Rule, RuleBase
from schemas.values import Decimal, Moment

CHANGES_VERSION = "1.0.0"

Label = Literal[
    "added",
    "no_longer_stated",
    "value_up",
    "value_down",
    "value_changed",
    "unit_changed",
    "earlier",
    "later",
    "window_longer",
    "window_shorter",
    "scope_wider",
    "scope_narrower",
    "scope_shifted",
    "condition_added",
    "condition_removed",
    "condition_changed",
    "modality_changed",
    "basis_replaced",
    "basis_redated",
    "now_by_reference",
    "now_stated",
    "details_changed",
    "split",
    "joined",
    "contradiction_appears",
    "contradiction_resolved",
    "moved",
    "reworded",
    "rolled_over",
]
LABELS: tuple[Label, ...] = get_args(Label)
"""In the order in which a change names them."""

_OPPOSITES: tuple[tuple[Label, Label], ...] = (
    ("added", "no_longer_stated"),
    ("value_up", "value_down"),
    ("earlier", "later"),
    ("window_longer", "window_shorter"),
    ("scope_wider", "scope_narrower"),
    ("condition_added", "condition_removed"),
    ("now_by_reference", "now_stated"),
    ("split", "joined"),
    ("contradiction_appears", "contradiction_resolved"),
)
MIRROR: dict[Label, Label] = {name: name for name in LABELS} | dict(_OPPOSITES) | {b: a for a, b in _OPPOSITES}
"""What a label becomes when the older and the newer edition change places."""

Effect = Literal["stricter", "looser", "neutral", "unclear"]
EFFECTS: tuple[Effect, ...] = get_args(Effect)
Weight = Literal["A", "B", "C"]
WEIGHTS: tuple[Weight, ...] = get_args(Weight)

Stated = Annotated[Rule, Field()] | Reference


class Link(Composed):
    """Why two sides are taken for one rule. A proposed link waits for a person, whose confirmation is an alias."""

    status: Literal["made", "proposed"]
    how: Literal["key", "rolled_key", "alias", "partition", "assignment"]
    score: Decimal
    reasons: tuple[str, ...]


class Change(Composed):
    """One rule or cited document that is not the same in both editions. A split has one old side and several new ones, a join the reverse."""

    kind: str
    old: tuple[Stated, ...]
    new: tuple[Stated, ...]
    labels: tuple[Label, ...]
    fields: tuple[str, ...] = Field((), description="The fields that `details_changed` speaks of")
    effect: Effect = Field(description="For the applicant")
    weight: Weight = Field(description="A: can disqualify or costs money")
    link: Link | None = Field(description="Null where only one edition states the rule")
    confidence: Confidence
    folded: bool = Field(description="Expected or without weight: the year rolled on, the clause moved")


class Edition(Composed):
    """One side of a comparison."""

    title: str | None
    document_number: str | None
    issued_on: Moment | None
    cycle: int | None
    series: str | None
    edition: str | None
    file: str
    sha256: str
    text_sha256: str
    made: bool
    rules: int
    references: int


class Said(Composed):
    """A sentence of an edition and where it stands."""

    section: str
    start: int
    end: int
    quote: str


class Passage(Composed):
    """A sentence that is not the same in both editions and that no change tells; null where an edition has none that is like it."""

    old: Said | None
    new: Said | None


class Unaligned(Composed):
    """Keys of what no link holds, and of what only a proposed one does."""

    old: tuple[str, ...]
    new: tuple[str, ...]
    proposed: tuple[str, ...]

    @property
    def count(self) -> int:
        return len(self.old) + len(self.new) + len(self.proposed)


class Changes(Composed):
    """`changes` is keyed by the rule: its key in the newer edition, in the older where it is no longer stated or is split.

    Where the key of a rule that is no longer stated now names another rule, it ends in `#old`.
    """

    schema_version: str = CHANGES_VERSION
    program: str
    old: Edition
    new: Edition
    years: int = Field(description="By how many years dates are expected to roll on")
    changes: dict[str, Change]
    unchanged: int = Field(description="Rules and documents that both editions state alike")
    unaligned: Unaligned
    untold: tuple[Passage, ...] = Field(description="Sentences that differ and from which no rule came that says so")

    def to_json(self) -> str:
        """Canonical JSON, as a ruleset is written."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


class Thread(Composed):
    """A rule through the years: as each edition states it, null where it does not, and the labels of each step to the next."""

    stated: tuple[Stated | None, ...]
    labels: tuple[tuple[Label, ...], ...]


class History(Composed):
    """A series, oldest edition first, keyed by the latest key of each rule."""

    schema_version: str = CHANGES_VERSION
    program: str
    editions: tuple[Edition, ...]
    rules: dict[str, Thread]

    def to_json(self) -> str:
        """Canonical JSON, as a ruleset is written."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


class Former(Composed):
    """A rule as an edition stated it before another one replaced it."""

    edition: str
    rule: Rule


class InForce(Composed):
    """A rule that is in force, the edition that states it, and what it replaced, latest first."""

    edition: str
    rule: Rule
    replaced: tuple[Former, ...] = ()
    link: Link | None = Field(None, description="Why it is taken to replace that; null where it replaces nothing")


class Effective(Composed):
    """The fold of an edition and the notices that amend it, keyed by rule."""

    schema_version: str = CHANGES_VERSION
    program: str
    series: str
    year: str
    editions: tuple[Edition, ...] = Field(description="The edition, then what amends it, in order of issue")
    rules: dict[str, InForce]
    open: tuple[Change, ...] = Field((), description="What an amending notice may replace, where no link is sure: nothing of it is applied")

    def to_json(self) -> str:
        """Canonical JSON, as a ruleset is written."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"


def name_of(stated: RuleBase | Reference) -> str:
    """The key of a rule; of a document, `reference/` and its id."""
    return stated.key if isinstance(stated, RuleBase) else f"reference/{stated.id}"


def review_of(change: Change) -> Review:
    """The newest review that a side carries."""
    sides = [side for side in (*change.new, *change.old) if isinstance(side, RuleBase)]
    return next((side.review for side in sides if side.review.status != "unreviewed"), Review())
