"""Steps of one subject told apart: by what they are done to (业绩档案审核 and 资格审核), else by whose list of instructions they stand in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from extractors.pattern import compiled, fold
from pipeline.rules.addressees import addressed
from pipeline.rules.clauses import parts, printed
from pipeline.rules.step_words import Told
from pipeline.statements import Reading, is_heading
from schemas.document import Span
from schemas.ruleset import Scope

_MENU = r"(?P<things>\"[^\"]{2,12}\"(?:[和、及]\"[^\"]{2,12}\")*)(?:菜单|栏目|模块|页面)"
_FILLED = r"(?:完善|填写|填报|录入|维护)(?:各项|各类|相关|有关|必要的?)?(?P<things>[^,;。()\"]{2,24})"
_REVIEWED = r"^(?P<things>[^,;。]{2,10}?)(?:审[核查]|复核)$"
_REVIEWING = r"对(?P<things>[^,;。]{2,16}?(?:材料|信息|档案|业绩|情况))进行"
_SENT = r"《(?P<things>[^《》]{2,40})》|(?P<things>[^,;。]{2,20}?)由[^,;。]{2,30}(?:收集|汇总|收取)"
_SHOWN = r"将(?P<things>[^,;。]{2,16}?)(?:以|在|进行|予以)"
_REGISTERED = r"注册(?P<things>\p{Han}{2,8}账号)"
_EVERYBODY = r"^(?:各?位?申报人员?|个人|考生|专业技术人员|申报者)$"
_SHARED = r"^(?:各级|各类|有关|相关|所在地?|上级|申报)"


def told_apart(reading: Reading, steps: Sequence[Told]) -> list[Told]:
    """The steps in their order, those that share subject and scope narrowed where the notice tells in what they differ.

    A link of the chain keeps the scope it has, else the first of them that is told outside a list of instructions or has nothing to differ in;
    信息填写 is nothing without what is filled in, and never does.
    """
    groups: dict[tuple[str, Scope], list[int]] = defaultdict(list)
    for i, step in enumerate(steps):
        groups[step.draft.subject, step.draft.scope].append(i)
    out = list(steps)
    for members in groups.values():
        members.sort(key=lambda i: (steps[i].sort != "chain", steps[i].draft.proofs[0].span.start))
        kept = next((i for i in members if _may_stay(reading, steps[i])), None)
        for i in members if len(members) > 1 else ():
            if i != kept:
                out[i] = replace(out[i], draft=replace(out[i].draft, scope=out[i].draft.scope.merged(_difference(reading, out[i]))))
    return out


def _may_stay(reading: Reading, step: Told) -> bool:
    if step.sort == "chain":
        return True
    return step.draft.subject != "信息填写" and (step.sort != "item" or not things_of(reading, step))


def _difference(reading: Reading, step: Told) -> Scope:
    """What sets a step apart: its thing; for one told in passing the group that its words name; else who does it."""
    if things := things_of(reading, step):
        return Scope(items=things)
    if step.sort == "passing":
        named = addressed(reading, step.sentence, Span(step.span.end - 1, step.span.end), routed=False).scope
        if named.items or named.applicants or named.employers:
            return Scope(items=named.items, applicants=named.applicants, employers=named.employers)
    actor = step.draft.own["actor"]
    if not isinstance(actor, str) or compiled(_EVERYBODY).match(fold(actor)):
        return Scope()
    return Scope(actors=(actor,) if compiled(_SHARED).match(actor) else tuple(sorted(compiled(r"或(?![^（(]*[）)])").split(actor))))


def things_of(reading: Reading, step: Told) -> tuple[str, ...]:
    """What the step is done to, as its own words or its heading say."""
    heading = step.section.heading if step.sort == "item" and is_heading(step.section.heading) else ""
    if step.draft.subject == "个人申报" and step.sort == "item" and heading:
        return (heading,)
    sentence = step.sentence.span
    match step.draft.subject:
        case "信息填写":
            return _found(reading, sentence, _MENU) or _found(reading, sentence, _FILLED)
        case "单位审核" | "主管部门审核":
            reviewed = compiled(_REVIEWED).match(fold(heading))
            if reviewed and not compiled(r"网上|单位|部门").search(reviewed["things"]):
                return (heading[: reviewed.end("things")],)
            if found := _found(reading, sentence, _REVIEWING):
                return found
            return ("申报资格",) if compiled(r"资格审[查核]").search(reading.masked[sentence.start : sentence.end]) else ()
        case "材料报送":
            return _found(reading, sentence, _SENT, last=step.span)
        case "单位公示":
            return _found(reading, sentence, _SHOWN)
        case "账号注册":
            return _found(reading, sentence, _REGISTERED)
    return ()


def _found(reading: Reading, sentence: Span, expression: str, *, last: Span | None = None) -> tuple[str, ...]:
    """The things that the first clause which has them names, parted at 和 and 、; with `last` the nearest one from there back."""
    clauses = parts(reading, sentence)
    for clause in clauses if last is None else reversed([c for c in clauses if c.start <= last.start]):
        found = compiled(expression).search(reading.folded[clause.start : clause.end])
        if found is not None:
            words = printed(reading, Span(clause.start + found.start("things"), clause.start + found.end("things")))
            return tuple(sorted(part.strip('“”"') for part in compiled(r"[和、及]").split(words)))
    return ()
