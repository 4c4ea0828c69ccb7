"""Notices that amend one: 延期, 更正, 补充. Which notice they amend, and that they are no notice of a new year."""

from collections.abc import Sequence

from extractors.pattern import compiled, fold
from schemas.ruleset import Reference

_NOTICE = r"(?:通知|公告|通告|说明|函|启事)"
# 补充通知, 更正公告; 关于延长…申报时间的通知; 调整 amends only where it names a time, for 关于调整收费标准的通知 stands on its own
_AMENDING = (
    rf"(?:补充|更正|延期|延长|推迟|顺延|勘误|变更)(?:的)?{_NOTICE}$"
    rf"|(?:延长|延期|推迟|顺延|更正|勘误|变更).{{0,60}}{_NOTICE}$"
    rf"|调整.{{0,40}}(?:时间|日期|期限|时限).{{0,8}}{_NOTICE}$"
)
_AMENDED = rf"{_NOTICE}$"
_ORIGINAL = r"原(?:通知|公告|文件|计划)|(?:上述|前述|此前发布的)(?:通知|公告)"


def is_amending(title: str | None) -> bool:
    """Whether a title is that of a notice that amends another."""
    return title is not None and compiled(_AMENDING).search("".join(fold(title).split())) is not None


def amended(title: str | None, text: str, references: Sequence[Reference]) -> tuple[str, ...]:
    """What an amending notice amends: the id of the notice that it cites first, else 原通知 as it says; empty for every other notice."""
    if not is_amending(title):
        return ()
    cited = sorted(references, key=lambda reference: reference.evidence[0].start)
    named = [one.id for one in cited if one.title and compiled(_AMENDED).search(fold(one.title)) and not is_amending(one.title)]
    if named:
        return (named[0],)
    original = compiled(_ORIGINAL).search(fold(text))
    return (original.group(),) if original else ()
