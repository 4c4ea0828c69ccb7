"""What a notice's rules say of one person: which routes are open, closed or undecided, why, and what follows from it."""

from typing import Literal

from pydantic import Field

from schemas.base import Composed
from schemas.ruleset import Condition

ASSESSMENT_VERSION = "1.0.0"

Status = Literal["open", "closed", "undecided"]
Effect = Literal["opens", "general", "requires", "bars"]


class Proof(Composed):
    """Where the notice says so."""

    clause: str
    quote: str


class TestedFact(Composed):
    """One test of a condition, or one question, with its answer; null: unknown."""

    fact: str
    words: str
    answer: bool | None


class Line(Composed):
    """One eligibility rule in a route: what it does there, whether its condition is met, and why."""

    uid: str
    key: str
    effect: Effect = Field(description="opens; general: asked of everybody; requires: must be met; bars: must not be met")
    answer: bool | None = Field(description="Whether its condition is met; null: unknown")
    decides: bool = Field(description="Whether the route's status rests on it")
    words: str
    tests: tuple[TestedFact, ...]
    proof: Proof


class Question(Composed):
    """What is unknown and would help to decide."""

    name: str = Field(description="Name of the fact, or q_ and 8 hex digits for words that only a person can judge")
    words: str
    kind: Literal["ordered", "set", "number", "boolean"]
    values: tuple[str, ...] = Field((), description="Words to choose from; of a set others may be stated too")
    unit: str | None = None
    decides: bool = Field(description="Whether an answer to it alone can decide")


class Following(Composed):
    """A rule that holds on a route: a fee, a material, a deadline, a step, a threshold, an exemption."""

    uid: str
    key: str
    kind: str
    subject: str
    words: str
    answer: Literal[True] | None = Field(description="true: it holds; null: it holds where `given` is so")
    given: tuple[str, ...] = ()
    proof: Proof


class RouteAssessment(Composed):
    level: str | None
    route: str | None
    status: Status
    lines: tuple[Line, ...]
    questions: tuple[Question, ...]
    follows: tuple[Following, ...] = Field(description="Empty on a closed route")
    condition: Condition = Field(description="All that the route asks, as one tree")


class Assessment(Composed):
    """Every route of a notice for one person. Nothing here is a decision of the authority."""

    schema_version: str = ASSESSMENT_VERSION
    title: str | None
    series: str | None
    edition: str | None
    routes: tuple[RouteAssessment, ...]
    questions: tuple[Question, ...] = Field(description="Of all undecided routes, the most useful first")
