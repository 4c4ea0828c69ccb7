"""Which province a notice is of, for questions across notices: from its own regions, issuers, title and 文号, then from the 文号 that it cites.

A name of a province or of a prefecture decides; where places of two provinces are named on one level, nothing is said.
"""

import csv
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from schemas.ruleset import Ruleset

_SHARE = 2
"""A province that a text names so many times as often as any other is meant."""


def province_of(ruleset: Ruleset) -> str | None:
    """The province without 省 or 自治区: 浙江, 新疆; null where the notice does not tell."""
    notice = ruleset.notice
    own = [notice.document_number] if notice.document_number else []
    cited = [reference.issuer_code for reference in ruleset.references if reference.issuer_code]
    tries = (
        _named(notice.regions),
        _named(notice.issuers),
        _named([notice.title or "", *notice.addressees]),
        _of_numbers(own),
        _of_numbers(cited),
        _named([ruleset.text]),
    )
    return next((found for found in map(_clearest, tries) if found), None)


def _clearest(counts: Counter[str]) -> str | None:
    first, *others = [*counts.most_common(2), ("", 0)]
    return first[0] if first[1] and first[1] >= _SHARE * max((count for _, count in others), default=0) else None


@cache
def _rows() -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    with (files("pipeline") / "provinces.tsv").open(encoding="utf-8") as file:
        return tuple(
            (row["province"], tuple(row["short"].split("|")), tuple(filter(None, (row["prefectures"] or "").split("|"))))
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        )


def _named(texts: Iterable[str]) -> Counter[str]:
    """How often each province or one of its prefectures is named."""
    whole = "\n".join(texts)
    return Counter({province: sum(map(whole.count, (province, *prefectures))) for province, _, prefectures in _rows()})


def _of_numbers(numbers: Iterable[str]) -> Counter[str]:
    """浙人社发 is 浙江's, 湖职指发 is nobody's."""
    found: Counter[str] = Counter()
    for number in numbers:
        found.update(province for province, short, _ in _rows() if number.startswith(short))
    return found
