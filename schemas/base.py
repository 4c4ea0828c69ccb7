"""The one model configuration that all schemas share."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: never edited after it was made, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Composed(Frozen):
    """A value that is made of many others, or that few runs need: pydantic prepares its checks when the first one is made."""

    model_config = ConfigDict(defer_build=True)
