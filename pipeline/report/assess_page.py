"""The page on which a person sees what a notice asks, answers it, and sees which routes are open. View data here, markup in `assess.html.j2`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from pipeline.assess import assess
from pipeline.evaluate import Stated
from pipeline.language import Language, say
from pipeline.report.assess_terminal import MARKS, common_following
from pipeline.report.templates import template
from schemas.assessment import Assessment, Question
from schemas.ruleset import Ruleset


@dataclass(frozen=True)
class Field:
    """A question with what was answered: `chosen` words, `other` words of a set that are not in the list, `none` where the person has none of them."""

    question: Question
    chosen: tuple[str, ...]
    other: str
    none: bool


def render_assess(
    name: str, ruleset: Ruleset, facts: Mapping[str, Stated], found: Assessment | None, language: Language = "zh", problems: Sequence[str] = ()
) -> str:
    """The form for a ruleset; with `found` the answer above it. `problems`: names of facts whose answer could not be read."""
    asked = assess(ruleset, {}, language).questions
    fields = [_field(question, facts.get(question.name)) for question in asked]
    return template("assess.html.j2").render(
        name=name,
        title=ruleset.notice.title or name,
        found=found,
        common=common_following(found.routes) if found else [],
        facts=[field for field in fields if not field.question.name.startswith("q_")],
        questions=[field for field in fields if field.question.name.startswith("q_")],
        problems=problems,
        marks=MARKS,
        t=partial(say, language=language),
        language={"zh": "zh-CN", "en": "en"}[language],
    )


def _field(question: Question, stated: Stated) -> Field:
    if stated is None:
        return Field(question, (), "", False)
    if isinstance(stated, bool):
        return Field(question, ("true" if stated else "false",), "", False)
    if isinstance(stated, list | tuple):
        return Field(question, tuple(stated), "、".join(word for word in stated if word not in question.values), not stated)
    return Field(question, (str(stated),), "", False)
