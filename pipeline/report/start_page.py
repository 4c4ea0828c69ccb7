"""The start page of the server: series and editions, and where a new notice is dropped."""

from collections.abc import Container, Sequence
from functools import partial
from itertools import groupby

from pipeline.language import Language, say
from pipeline.report.templates import template


def render_start(editions: Sequence[str], review: bool, language: Language = "zh", published: Container[str] = ()) -> str:
    """One page over `series/year` names in order; with `review` their states are asked for and files may be dropped.

    Who may apply can be asked of those that are `published`.
    """
    series = [(name, list(group)) for name, group in groupby(editions, key=lambda edition: edition.rpartition("/")[0])]
    return template("start.html.j2").render(
        series=series, review=review, published=published, t=partial(say, language=language), language={"zh": "zh-CN", "en": "en"}[language]
    )
