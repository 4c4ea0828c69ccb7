"""The start page of the server: series and editions, and where a new notice is dropped."""

from collections.abc import Container, Sequence
from functools import cache, partial
from itertools import groupby

import jinja2

from pipeline.language import Language, say


def render_start(editions: Sequence[str], review: bool, language: Language = "zh", published: Container[str] = ()) -> str:
    """One page over `series/year` names in order; with `review` their states are asked for and files may be dropped.

    Who may apply can be asked of those that are `published`.
    """
    series = [(name, list(group)) for name, group in groupby(editions, key=lambda edition: edition.rpartition("/")[0])]
    return _template().render(
        series=series, review=review, published=published, t=partial(say, language=language), language={"zh": "zh-CN", "en": "en"}[language]
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline", "report"), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("start.html.j2")
