"""What is in force: an edition with the notices of 延期, 更正 and 补充 that amend it folded over it, each rule with the notice that states it. Pure."""

from collections.abc import Sequence

from pipeline import __version__
from pipeline.alignment import align
from pipeline.changes import compare_editions, edition_of
from schemas.changes import Change, Effective, Former, InForce, Link
from schemas.ruleset import DateRule, RuleBase, Ruleset

_OWN_DATES = ("issued", "printed")
"""Roles of dates that speak of an amending notice itself."""


def in_force(editions: Sequence[Ruleset], aliases: Sequence[tuple[str, str]] = ()) -> Effective:
    """The fold of an edition and of what amends it, in order of issue: `editions` begins with the one that is amended.

    Only sure links replace; what an amending notice may replace is left open and stands as it was.
    """
    base, *later = editions
    rules = {rule.key: InForce(edition=_name(base), rule=rule) for rule in base.rules}
    open_: list[Change] = []
    for amending in sorted(later, key=lambda ruleset: (ruleset.notice.issued_on or "", _name(ruleset))):
        links = {match.new[0].key: (match.old[0].key, match.link) for match in align(base, amending, aliases) if match.link and match.new}
        open_ += [c for c in compare_editions(base, amending, aliases).changes.values() if c.link and c.link.status == "proposed"]
        for rule in amending.rules:
            if isinstance(rule, DateRule) and rule.role in _OWN_DATES:
                continue
            key, link = links.get(rule.key, (rule.key, None))
            if link is not None and link.status == "proposed":
                key, link = rule.key, None
            rules[key] = _over(rules.get(key), amending, rule, link)
    return Effective(
        program=f"noticerules {__version__}",
        series=base.notice.series or "",
        year=base.notice.edition or str(base.notice.cycle or ""),
        editions=tuple(edition_of(ruleset) for ruleset in editions),
        rules=rules,
        open=tuple(open_),
    )


def _over(former: InForce | None, amending: Ruleset, rule: RuleBase, link: Link | None) -> InForce:
    replaced = () if former is None else (Former(edition=former.edition, rule=former.rule), *former.replaced)
    return InForce.model_validate({"edition": _name(amending), "rule": rule, "replaced": replaced, "link": link})


def _name(ruleset: Ruleset) -> str:
    return ruleset.notice.edition or ruleset.source.file
