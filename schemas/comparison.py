"""What two sets of rules have in common and where they part: gold beside produced, one year beside the next; always older or truer first."""

from dataclasses import dataclass, field
from typing import Literal

from schemas.document import Span
from schemas.ruleset import Condition, Scope
from schemas.values import Value


@dataclass(frozen=True, slots=True)
class Cited:
    """What a reference states, so that a document can be compared as a rule is."""

    title: str | None
    document_number: str | None
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """A rule or reference as the comparison sees it, wherever it came from. `role` is a date's; `section` is its first evidence's."""

    key: str
    kind: str
    subject: str = ""
    role: str | None = None
    scope: Scope = field(default_factory=Scope)
    value: Value | Cited | None = None
    condition: Condition | None = None
    per: str | None = None
    payee: str | None = None
    payer: str | None = None
    of_whom: str | None = None
    purpose: str | None = None
    quotes: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    section: str = ""


FIELDS = ("per", "payee", "payer", "of_whom", "purpose")
"""The fields of an Item that only some kinds have."""

Difference = Literal["value", "scope", "subject", "role", "fields"]
How = Literal["key", "evidence"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that speak of one thing, or one item alone (`how` null). `differs` is empty where they say the same and where one is alone."""

    left: Item | None
    right: Item | None
    how: How | None = None
    differs: tuple[Difference, ...] = ()

    @property
    def item(self) -> Item:
        """The older or truer side, the other where it is alone."""
        item = self.left or self.right
        assert item is not None, "a pair has a side"
        return item

    @property
    def kind(self) -> str:
        """Both sides have the same."""
        return self.item.kind
