"""Whom a statement speaks of: levels, routes, applicants and employers, from the sentence, its list, the headings above it and the table's headers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from extractors.pattern import compiled, fold
from extractors.terms import Term, below, find_levels, find_routes, holds
from pipeline.statements import Reading, Sentence, once_a_reading
from schemas.document import Section, Span
from schemas.ruleset import Condition, Scope

_RECOMMENDER_BEFORE = r"(?:[一二两三四五六\d]+[ ]?[名位个]|由|经)[^,;。]{0,16}$"
_RECOMMENDER_AFTER = r"^[^,;。、]{0,14}(?:推荐|举荐|认可|专家|同行|担任|的同志|实名|同意)"
_HELD_BEFORE = r"(?:取得|聘任|受聘|聘为|具有|具备|获得|持有|担任|现任|评聘|上传|晋升至|任)[^,;。]{0,10}$"
_HELD_AFTER = r"^[^,;。申可]{0,6}(?:任职资格|资格|职称|职务|职称证书)?(?:证书|后|满|以来|之日|[0-9一二三四五]+ ?年|的,)"
_OUTCOME_BEFORE = r"(?:可|可以|方可|才能|能够?|允许)(?:直接|优先|按规定|破格)?(?:参加)?(?:申报|申请|评审|参评|认定|评定|晋升|初定|取得|推荐)+[^,;。]{0,16}$|(?:初定|考核认定|认定为|定为)[^,;。]{0,8}$"
_HELD_POST_BEFORE = r"(?:在|任|从事)[^,;。]{0,6}$"
_HELD_POST_AFTER = r"^(?:岗位|职务)?[^,;。]{0,6}(?:任教|任职|工作|满|[0-9一二三四五六七八九十]+[ ]?年)"
_CONNECT = r"^(?:职称|职务|资格|任职资格|专业技术职务)?[ ]?(?:[、/]|和|及|与|或|以及|或者)[ ]?\p{Han}{0,8}$"


@dataclass(frozen=True)
class Scoped:
    """A scope with the reasons it was read from."""

    scope: Scope
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Use:
    """A level word of a sentence and what it does there: topic (申报X的), outcome (可申报X), held, recommender."""

    term: Term
    role: str


@lru_cache(4096)  # sentences: the rules of every kind ask the same ones
def level_uses(text: str) -> tuple[_Use, ...]:
    """The level words of a masked text with their roles; offsets into that text."""
    uses = []
    for term in find_levels(text):
        before, after = text[max(0, term.start - 30) : term.start], text[term.end : term.end + 24]
        if compiled(_OUTCOME_BEFORE).search(before):
            role = "outcome"
        elif compiled(_RECOMMENDER_BEFORE).search(before) and compiled(_RECOMMENDER_AFTER).search(after):
            role = "recommender"
        elif (
            compiled(_HELD_BEFORE).search(before)
            and not compiled(r"(?:申报|评审|参评|推荐)[^,;:。]{0,10}$").search(before)
            or compiled(_HELD_POST_BEFORE).search(before)
            and compiled(_HELD_POST_AFTER).search(after)
        ):
            role = "held"
        else:
            role = "topic"
        uses.append(_Use(term, role))
    return tuple(uses)


def topic_groups(text: str, uses: Sequence[_Use]) -> list[Term]:
    """Topics in a row (工程师、高级工程师申报人员) are one group."""
    groups: list[Term] = []
    for use in uses:
        if use.role != "topic":
            continue
        if groups and compiled(_CONNECT).search(text[groups[-1].end : use.term.start]):
            last = groups[-1]
            groups[-1] = Term(last.start, use.term.end, tuple(dict.fromkeys(last.words + use.term.words)))
        else:
            groups.append(use.term)
    return groups


def levels_of(reading: Reading, sentence: Sentence, position: int, since: int | None = None) -> tuple[tuple[str, ...], str] | None:
    """The levels that govern a position of a sentence, with the reason; null where nothing says any.

    `since` cuts off what stands before: an enumeration's item is not governed by the item before it.
    """
    text = reading.masked[sentence.span.start : sentence.span.end]
    uses = level_uses(text)
    if uses and (own := _own_levels(reading, sentence, text, uses, position, since)):
        return own
    for label in reversed(sentence.labels):
        if found := find_levels(fold(label)):
            return tuple(dict.fromkeys(w for term in found for w in term.words)), "scope-from-table"
    if carried := _carried(reading, sentence):
        return carried, "scope-from-paragraph"
    if led := _led_in(reading, sentence):
        return led, "scope-from-lead-in"
    return _from_headings(reading, sentence.section)


def _own_levels(
    reading: Reading, sentence: Sentence, text: str, uses: Sequence[_Use], position: int, since: int | None
) -> tuple[tuple[str, ...], str] | None:
    """The levels that the sentence itself names for a position; `text` and `uses` are its masked words and their levels."""
    start = sentence.span.start
    at = position - start
    floor = (since - start) if since is not None else 0
    groups = topic_groups(text, uses)
    outcomes = [u.term for u in uses if u.role == "outcome"]
    before = [g for g in groups if g.end <= at and not _belongs_elsewhere(text, g, at)]
    ahead = next((o for o in outcomes if o.start >= at), None)
    last_outcome = max((o.end for o in outcomes if o.end <= at), default=0)
    if since is not None and (near := [g for g in before if g.start >= floor]):
        return near[-1].words, "scope-from-sentence"
    if ahead is not None and not any(g.start >= last_outcome for g in before):
        return ahead.words, "scope-from-outcome"
    if before:
        return before[-1].words, "scope-from-sentence"
    behind = _named_behind(reading, sentence, position, groups)
    return (behind, "scope-from-sentence") if behind else None


def _belongs_elsewhere(text: str, group: Term, at: int) -> bool:
    """高级工程师每人500元 and 初级免收 are said of the amount and of nothing behind it; in 甲的，或者以乙直接申报高级工程师的，应… the level is only the second case's."""
    amount = compiled(r"[^,;。、]{0,10}?(?:\d+[ ]?元|免[收缴费])").match(text, group.end)
    if amount and amount.end() <= at:
        return True
    alternative = compiled(r"的,或者?[^,;。]{0,24}$").search(text[: group.start])
    return alternative is not None and compiled(r"^[^,;。]{0,14}的,").search(text[group.end : at]) is not None


def _named_behind(reading: Reading, sentence: Sentence, position: int, groups: list[Term]) -> tuple[str, ...] | None:
    """A level named behind the position: in its clause (7月30日前将中、高级材料送…), or as the whole of the next one (不满2年，申报高级工程师评审的)."""
    start, at = sentence.span.start, position - sentence.span.start
    group = next((group for group in groups if group.start >= at), None)
    if group is None:
        return None
    if start + group.end <= reading.clause(sentence, position).end:
        return group.words
    segment = reading.segment(sentence, position)
    between = reading.masked[position : start + group.start]
    next_clause = compiled(r"^[^,;。]{0,32},(?:申报|参评|晋升)[^,;。]{0,14}$").match(between)
    return group.words if start + group.end <= segment.end and next_clause else None


def _carried(reading: Reading, sentence: Sentence) -> tuple[str, ...] | None:
    """The topic of the paragraph's earlier sentences, when they have only one: a second one shows that the paragraph speaks of several."""
    if sentence.span.start == sentence.paragraph.start:
        return None
    seen: list[tuple[str, ...]] = []
    begins = r"^[（(]?[\d一二三四五六七八九十、.)）\s]*(?:凡|对|对于)?(?:申报|晋升|参评)[^,;。]{0,14}$"
    for earlier in reading.paragraph_of(sentence):
        if earlier.span.start >= sentence.span.start:
            break
        text = reading.masked[earlier.span.start : earlier.span.end]
        uses = level_uses(text)
        if not uses:
            continue
        heading = earlier.span.start == earlier.paragraph.start and len(earlier.span) < 40
        groups = topic_groups(text, uses)
        if heading or any(compiled(begins).search(text[: group.start]) for group in groups):
            seen += (group.words for group in groups if group.words not in seen)
    return seen[0] if len(seen) == 1 else None


def _led_in(reading: Reading, sentence: Sentence) -> tuple[str, ...] | None:
    """The level of the words that lead a list in: 申报工程师须具备下列条件之一：."""
    leads = _leads(reading)
    for above in reading.outline.path(sentence.section) if leads else ():
        if above.id in leads and leads[above.id][0] != sentence.paragraph:
            return leads[above.id][1]
    return None


@once_a_reading
def _leads(reading: Reading) -> dict[str, tuple[Span, tuple[str, ...]]]:
    """By the id of a section whose first paragraph ends in a colon and names levels: that paragraph and the levels."""
    out = {}
    for section in reading.outline.sections:
        lead = reading.sentence_at(section.start)
        last = reading.paragraph_of(lead)[-1]
        text = reading.masked[last.span.start : last.paragraph.end]
        uses = [u for u in level_uses(text) if u.role in ("topic", "outcome")] if text.rstrip().endswith(":") else []
        if uses:
            groups = topic_groups(text, uses)
            out[section.id] = lead.paragraph, groups[-1].words if groups else uses[-1].term.words
    return out


def _from_headings(reading: Reading, section: Section) -> tuple[tuple[str, ...], str] | None:
    for above in reading.true_headings(section):
        found = find_levels(fold(above.heading))
        if found:
            return tuple(dict.fromkeys(w for term in found for w in term.words)), "scope-from-heading"
    return None


@once_a_reading
def notice_levels(reading: Reading) -> tuple[str, ...]:
    """The levels that the notice's title names; 中级及以下 holds those below as well."""
    title = fold(reading.outline.title or "")
    named: list[str] = []
    for term in find_levels(title):
        named += term.words
        if compiled(r"(?:职称|职务|资格)?(?:及以下|以下)").match(title, term.end):
            named += [level for word in term.words for level in below(word)]
    return tuple(dict.fromkeys(named))


def says_no_more_than_title(levels: tuple[str, ...], title: tuple[str, ...]) -> bool:
    """Whether levels name all that the title does: 工程师、高级工程师 under a title of 中高级 narrows nothing."""
    if len(title) < 2 or len(levels) < len(title):
        return bool(title) and set(levels) == set(title)
    return all(level in levels or any(part in levels for part in holds(level)) for level in title)


# -- routes


def routes_of(reading: Reading, sentence: Sentence, position: int, condition: Condition | None = None) -> tuple[tuple[str, ...], str] | None:
    """The routes of application that a position speaks of."""
    if condition is not None and any(t.fact == "certificate" and set(t.value) & set(SKILL_CERTIFICATES) for t in condition.tests()):
        return ("技能人才申报",), "scope-from-condition"
    text = reading.folded[sentence.span.start : sentence.span.end]
    words = _own_routes(reading, sentence, position) if find_routes(text) else ()
    if "直接" in text and compiled(r"可(?:以)?直接(?:申报|认定|参评)").search(
        reading.masked, position, outcome_branch(reading, sentence, position).end
    ):
        strong = tuple(w for w in words if w != "技能人才申报")
        return (strong or ("直接申报",)), "scope-from-sentence"
    if len(words) > 2:  # a list of all routes says nothing of one
        words = ()
    if words:
        return words, "scope-from-sentence"
    for above in reading.true_headings(sentence.section):
        terms = find_routes(fold(above.heading))
        if terms and len({t.words for t in terms}) < 3:
            return tuple(dict.fromkeys(w for term in terms for w in term.words)), "scope-from-heading"
    return None


def _own_routes(reading: Reading, sentence: Sentence, position: int) -> tuple[str, ...]:
    """The routes that the sentence itself names around a position."""
    branch, segment, clause = outcome_branch(reading, sentence, position), reading.segment(sentence, position), reading.clause(sentence, position)
    text = reading.folded[max(branch.start, segment.start) : max(min(branch.end, segment.end, clause.end), position)]
    found = [t for t in find_routes(text) if not compiled(r"(?:不得|无法|不能)(?:参加|通过)?$").search(text[: t.start])]
    return tuple(dict.fromkeys(w for term in found for w in term.words if w not in ("直接申报", "委托评审")))


_SAID_HERE = ("scope-from-list", "scope-from-sentence", "scope-from-outcome", "scope-from-table")
SKILL_CERTIFICATES = ("高级技师", "技师", "高级工", "中级工", "特级技师", "首席技师")


def outcome_branch(reading: Reading, sentence: Sentence, position: int) -> Span:
    """The part of a sentence that leads to one outcome: from behind the last 可申报X to the next one."""
    start = sentence.span.start
    text = reading.masked[start : sentence.span.end]
    low, high = 0, len(text)
    for found in compiled(r"可(?:以)?(?:直接)?(?:申报|认定|参评|评审)+[^,;。]{0,24}").finditer(text):
        if found.end() > position - start:
            high = found.end()
            break
        low = found.end()
    return Span(start + low, start + high)


# -- applicants, employers

_APPLICANTS = (
    r"(?P<a>不(?:具备|符合)[^,;。]{0,18}?(?:学历|资历|条件)(?:(?:和|或|或者|、|及)(?:学历|资历))?)(?:的|且|,|并|但)",
    r"(?P<a>未(?:满足|达到|取得|参加)[^,;。]{2,16}?)的[,申人]",
    r"(?P<a>公务员)(?=满|转任|调入|调到)",
    r"但(?P<a>[^,;。]{2,16}不对口(?:的?人员)?)",
    r"(?:审核|审查)(?P<a>不通过)需要",
)


@once_a_reading
def _restricting(reading: Reading) -> frozenset[int]:
    """Where the sentences begin that hold words without which nobody is restricted."""
    return frozenset(sentence.span.start for sentence in reading.holding(r"不[具符]|未[满达取参]|公务员|不对口|不通过"))


@cache
def _applicants() -> str:
    return "|".join(f"(?:{p})" for p in _APPLICANTS)


def applicants_of(reading: Reading, sentence: Sentence, position: int) -> tuple[str, ...] | None:
    """A group that the words before a position name in words of restriction, the last one; a sentence that begins with one governs its paragraph."""
    own = _restriction(reading, sentence, position)
    if own is None and sentence.span.start > sentence.paragraph.start:
        for earlier in reading.paragraph_of(sentence):
            if (
                earlier.span.start < sentence.span.start
                and earlier.span.start in _restricting(reading)
                and compiled(r"[^,;。]{0,4}(?:对|凡)?不(?:具备|符合)").match(reading.folded, earlier.span.start, earlier.span.end)
            ):
                own = _restriction(reading, earlier, earlier.span.end)
    return (own,) if own else None


def _restriction(reading: Reading, sentence: Sentence, position: int) -> str | None:
    start = sentence.span.start
    last = None
    if reading.sentence_at(start).span.start not in _restricting(reading):
        return None
    for found in compiled(_applicants()).finditer(reading.folded[start : sentence.span.end]):
        if found.start() <= position - start:
            last = found
    if last is None:
        return None
    begin, end = last.span("a")
    return "".join(reading.document.text[start + begin : start + end].split())


_OF_THE_STATE = (
    r"(?:中央|国家|部|省|市)(?:[、和及与]?(?:部|省|市))*(?:级|直|属|直属|部属)*(?:驻|在|属)\p{Han}{0,2}?(?:企[、]?事业|事业|企业)?(?:单位|企业)"
)
_EMPLOYER = (
    rf"(?P<e>县及县以下单位|县级?及以下单位|乡镇(?:及以下)?单位|基层单位|事业单位|民营企业|非公有制单位|国有企业|企业|部队|{_OF_THE_STATE})"
    r"的?(?:申报人员?|人员|工作人员|专业技术人[员才]|申报对象)"
)


_EMPLOYED = rf"[（(\d一二三四五六七八九十、.)）\s]*(?:对|凡)?{_EMPLOYER}"


def employers_of(reading: Reading, sentence: Sentence) -> tuple[str, ...] | None:
    """县及县以下单位的申报人…, 中央、省驻市单位工作人员…: the kind of employer that a sentence begins with."""
    found = compiled(_EMPLOYED).match(reading.masked, sentence.span.start, sentence.span.end)
    return (found["e"],) if found else None


def scope_of(
    reading: Reading,
    sentence: Sentence,
    span: Span,
    *,
    since: int | None = None,
    condition: Condition | None = None,
    levels: tuple[str, ...] | None = None,
    routed: bool = True,
) -> Scoped:
    """Levels, routes, applicants and employers of a mention. `levels` given by a list (分别) go before what the words around say."""
    reasons: list[str] = []
    found = (levels, "scope-from-list") if levels else levels_of(reading, sentence, span.start, since)
    stated: tuple[str, ...] | None = None
    if found and (found[1] in _SAID_HERE or not says_no_more_than_title(found[0], notice_levels(reading))):
        stated = tuple(sorted(found[0]))
        reasons.append(found[1])
    routes = routes_of(reading, sentence, span.start, condition) if routed else None
    if routes:
        reasons.append(routes[1])
    return Scoped(
        _scope(
            stated,
            tuple(sorted(routes[0])) if routes else None,
            applicants_of(reading, sentence, span.start),
            employers_of(reading, sentence),
        ),
        tuple(dict.fromkeys(reasons)),
    )


@lru_cache(1024)
def _scope(
    levels: tuple[str, ...] | None, routes: tuple[str, ...] | None, applicants: tuple[str, ...] | None, employers: tuple[str, ...] | None
) -> Scope:
    """One scope for all that state the same: most rules of a notice share a few."""
    return Scope(levels=levels, routes=routes, applicants=applicants, employers=employers)
