"""What a clerk decides about an extraction: one line a decision, added to a log and never changed."""

from typing import Literal

from pydantic import Field, JsonValue

from schemas.base import Composed
from schemas.gold import GoldReference, GoldRule
from schemas.ruleset import Run

Action = Literal["accept", "fix", "reject", "add", "split", "merge", "rename", "dispute", "resolve", "comment", "undo"]
Target = Literal["rule", "reference", "finding", "statement", "gold"]

Content = GoldRule | GoldReference
"""What gold holds of one rule or one document cited."""


class Decision(Composed):
    """Who decided what about which rule, and what stood before him when he did."""

    id: str
    at: str = Field(description="ISO 8601 with the offset of the place")
    who: str
    text_sha256: str | None = Field(None, description="The text that was read; null where a gold file was edited by hand")
    run: Run | None = Field(None, description="The extraction that was seen; null where a gold file was edited by hand")
    target: Target = "rule"
    uid: str = Field(description="Of the rule when it was first decided on; it stays when the key changes")
    action: Action
    field: str | None = Field(None, description="The one field that is meant; null for the rule as a whole")
    seen: GoldRule | GoldReference | None = Field(None, description="What the extraction said, as gold would hold it; null where it said nothing")
    value: JsonValue = Field(None, description="The field's value, the rule as a whole, or for a split the list of them")
    reason: str | None = None
    after: str | None = Field(None, description="uid of the rule in gold that an added one stands behind; null: at the end")
    into: str | None = Field(None, description="uid of the rule that this one is merged into")
    of: str | None = Field(None, description="id of the decision that is undone")

    @property
    def by_hand(self) -> bool:
        """Taken from a gold file that somebody edited, not made at the desk."""
        return self.run is None
