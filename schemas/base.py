"""The one model configuration that all schemas share."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: never edited after it was made, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)
