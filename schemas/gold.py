"""Gold: what a person says that the notice states. No offsets; quotes find their place by their words."""

from typing import Literal

from schemas.base import Composed, Frozen
from schemas.ruleset import Condition, DateRole, Modality, Notice, Relation, Scope
from schemas.values import Value


class GoldQuote(Frozen):
    """Words of the notice. Unique in the section, or made so by prefix or suffix; white space does not count."""

    section: str
    quote: str
    prefix: str | None = None
    suffix: str | None = None
    row: str | None = None
    column: str | None = None


class GoldRule(Composed):
    key: str
    kind: str
    subject: str
    role: DateRole | None = None
    scope: Scope = Scope()
    modality: Modality | None = None
    condition: Condition | None = None
    value: Value | None = None
    per: str | None = None
    payer: str | None = None
    payee: str | None = None
    of_whom: str | None = None
    purpose: Literal["reach", "trigger"] | None = None
    outcome: str | None = None
    form: str | None = None
    copies: str | None = None
    actor: str | None = None
    action: str | None = None
    order: int | None = None
    system: str | None = None
    url: str | None = None
    conduct: str | None = None
    consequence: str | None = None
    organisation: str | None = None
    persons: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str | None = None
    quotes: tuple[GoldQuote, ...]
    origin: Literal["read", "review"] = "read"


class GoldReference(Composed):
    id: str
    title: str | None = None
    document_number: str | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    articles: tuple[str, ...] = ()
    relation: Relation = "other"
    quotes: tuple[GoldQuote, ...]
    origin: Literal["read", "review"] = "read"


class Gold(Composed):
    notice: Notice
    rules: tuple[GoldRule, ...]
    references: tuple[GoldReference, ...]
    normative: tuple[GoldQuote, ...] = ()
