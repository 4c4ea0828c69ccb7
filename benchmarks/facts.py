"""Scores a ruleset against the facts that a reader noted of the same notice: NAME.facts.jsonl, one fact a line, kinds as below.

Both sides are cut into points: a window is its start and its end, a range its two bounds. What a rule says is a `Claim`, what the reader noted is
a `Fact`. A fact is *found* where a claim has the same value and one of the claim's quotes covers the words of the fact; each quote of a claim
proves one fact. It is *right* where level and, for dates, role agree too. A claim that proves nothing is spurious, unless it says again, for
another level or stage or in another place, what the facts know. Dates and fees that the notice leaves open have kinds of their own, which do
not count in the sum and have no spurious claims.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from typing import Any, NamedTuple

KINDS = ("reference", "date", "date open", "fee", "fee open", "threshold")
OPEN = ("date open", "fee open")

Json = Mapping[str, Any]
Number = Decimal | str
"""A number that is none stays the string that it was."""
PointValue = tuple[str, Number, str] | Number

LEVELS = frozenset({"员级", "助理级", "中级", "副高级", "正高级"})
VAGUE = {"高级": frozenset({"高级", "副高级", "正高级"}), "初级": frozenset({"初级", "员级", "助理级"})}
STAGED = frozenset({"period", "cutoff", "issued", "printed", "held", "condition", "effective", "expires", "other"})
"""Roles that both ends of a window keep; any other window opens and closes."""

UNITS = {
    **dict.fromkeys(("人", "位"), "名"),
    **dict.fromkeys(("个", "比"), ""),
    **dict.fromkeys(("年度", "考试年度", "周年"), "年"),
    **dict.fromkeys(("㎡", "m²"), "平方米"),
    "字符": "字",
    "百分比": "%",
    "日": "天",
    "工作天": "工作日",
    "周岁": "岁",
    "学时/年": "学时",
    "KB": "K",
    "MB": "M",
    "px": "像素",
}
SCALES = {"千": 1_000, "万": 10_000, "亿": 100_000_000}
UNSCALED = ("千伏", "千米")

_HALF_WIDTH = str.maketrans({chr(c): chr(c - 0xFEE0) for c in range(0xFF01, 0xFF5F)})
_YEAR = re.compile(r"[\[({【〔﹝〖](\d{4})[\])}】〕﹞〗]")
_TITLE_MARKS = re.compile(r"[《》〈〉<>「」“”\"'‘’()\[\]、,，]")
_COUNTERS = re.compile(r"^[个位名次]+(?=.)")
_LEVEL_WORDS = re.compile(
    r"(?P<正高级>正高级?(?:工程师)?)|(?P<副高级>副高级?)|(?P<高级>高级(?:工程师|职称|职务)?)|(?P<助理级>助理级?(?:工程师)?|助级)"
    r"|(?P<员级>技术员|员级)|(?P<初级>初级)|(?P<中级>中级|工程师)"
)
_MEASURE = re.compile(r"([\d.]+)\s*([^\s\d.\"',\]]*)")

LONGEST_PROOF = 200
"""Longer quotes prove nothing."""
SHORTEST_OVERLAP = 4
TITLE_LIKENESS = 0.95


class Point(NamedTuple):
    """One thing stated; "" is the value of what is left open. `role` is a date's, `title` a reference's.

    Values: a threshold's (op, number, unit), a fee's amount, a date in ISO 8601, a reference's 文号 or, where it has none, `title ` and its title.
    """

    kind: str
    value: PointValue
    role: str | None = None
    title: str = ""


@dataclass(frozen=True)
class Claim:
    """A point of a ruleset. `quotes` null: it needs no proof. `spare`: it may prove a fact and is never spurious."""

    point: Point
    levels: frozenset[str]
    quotes: tuple[str, ...] | None
    label: str
    spare: bool = False

    @property
    def slots(self) -> tuple[str | None, ...]:
        """The quotes, each of which can prove one fact."""
        return (None,) if self.quotes is None else self.quotes


@dataclass(frozen=True)
class Fact:
    """A point that the reader noted, with all the quotes under which it was noted."""

    point: Point
    levels: frozenset[str]
    quotes: tuple[str, ...]
    label: str


@dataclass
class Score:
    """Counts by kind: right (of the found), found, missing, spurious; and what went wrong, a line each."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})
    misses: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        """Take the other's counts and misses in."""
        for kind, counts in other.counts.items():
            self.counts[kind].update(counts)
        self.misses += other.misses

    @property
    def core(self) -> Counter[str]:
        """The sum over the kinds that state a value."""
        return sum((counts for kind, counts in self.counts.items() if kind not in OPEN), Counter())


def precision_recall_f1(counts: Mapping[str, int]) -> tuple[float, float, float]:
    """Of the right ones, not of the found ones; 0 where there is nothing."""
    right, found = counts.get("right", 0), counts.get("found", 0)
    precision = _share(right, found + counts.get("spurious", 0))
    recall = _share(right, found + counts.get("missing", 0))
    return precision, recall, _share(2 * precision * recall, precision + recall)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def score(ruleset: Json, facts: Iterable[Json]) -> Score:
    """Score one ruleset (as JSON data) against the facts of its notice (a mapping a line)."""
    held = _held_against(ruleset, facts)
    result = Score()
    for fact, claim in zip(held.noted, held.found, strict=True):
        _count_fact(result, fact, held.claims[claim] if claim is not None else None)
    for index, claim in enumerate(held.claims):
        if held.is_spurious(index):
            result.counts[claim.point.kind]["spurious"] += 1
            result.misses.append(f"spurious {_words(claim.point, claim.label)} 「{(claim.quotes or ('',))[0]}」")
    return result


def outcomes(ruleset: Json, facts: Iterable[Json]) -> Iterator[tuple[str, bool]]:
    """The label of each claim that the facts can judge, and whether it is right; not of those that only say again what the facts know."""
    held = _held_against(ruleset, facts)
    for index, claim in enumerate(held.claims):
        proven = [fact for fact, found in zip(held.noted, held.found, strict=True) if found == index]
        if proven or held.is_spurious(index):
            yield claim.label, any(_is_right(claim, fact) for fact in proven)


@dataclass(frozen=True)
class _Held:
    """Claims beside facts: `found` has for each fact the index of the claim that proves it."""

    claims: Sequence[Claim]
    noted: Sequence[Fact]
    found: Sequence[int | None]
    proven: set[tuple[object, ...]]

    def is_spurious(self, index: int) -> bool:
        return index not in self.found and _is_spurious(self.claims[index], self.noted, self.proven)


def _held_against(ruleset: Json, facts: Iterable[Json]) -> _Held:
    claims, noted = read_claims(ruleset), read_facts(facts)
    slots = [(claim, quote) for claim in claims for quote in claim.slots]
    owners = [index for index, claim in enumerate(claims) for _ in claim.slots]
    proof = _match([_candidates(fact, slots) for fact in noted])
    found = [owners[proof[index]] if index in proof else None for index in range(len(noted))]
    return _Held(claims, noted, found, {_said(*slots[slot]) for slot in proof.values()})


def _count_fact(result: Score, fact: Fact, claim: Claim | None) -> None:
    counts = result.counts[fact.point.kind]
    if claim is None:
        counts["missing"] += 1
        outcome = "missing"
    else:
        counts["found"] += 1
        if _is_right(claim, fact):
            counts["right"] += 1
            return
        outcome = f"wrong level or role ({claim.label})"
    result.misses.append(f"{outcome:8} {_words(fact.point, fact.label)} 「{fact.quotes[0]}」")


def _words(point: Point, label: str) -> str:
    parts = point.value if isinstance(point.value, tuple) else (point.value,)
    value = " ".join(f"{part:f}" if isinstance(part, Decimal) else part for part in parts)
    return " ".join(filter(None, (f"{point.kind:9}", label, point.title, value, point.role)))


def read_claims(ruleset: Json) -> list[Claim]:
    """The points of a ruleset: references, the date of issue where no rule gives it, then the rules in order."""
    rules = ruleset.get("rules", [])
    claims = [Claim(_reference_point(r, "document_number"), frozenset(), None, "") for r in ruleset.get("references", [])]
    issued = (ruleset.get("notice") or {}).get("issued_on")
    if issued and not any(rule.get("kind") == "date" and rule.get("role") == "issued" for rule in rules):
        claims.append(Claim(Point("date", _moment(issued), "issued"), frozenset(), None, "issued_on"))
    return claims + [claim for rule in rules for claim in _rule_claims(rule)]


def _rule_claims(rule: Json) -> Iterator[Claim]:
    stated = (rule.get("scope") or {}).get("levels")
    levels = LEVELS if stated == "all" else frozenset().union(*(level_names(words) for words in stated or ()))
    evidence = rule.get("evidence", [])
    proof = [e for e in evidence if e.get("role", "value") == "value"]
    quotes = tuple(e.get("quote", "") for e in proof or evidence)
    for point, spare in _rule_points(rule):
        yield Claim(point, levels, quotes, rule.get("key", ""), spare)


def _rule_points(rule: Json) -> Iterator[tuple[Point, bool]]:
    """The points of a rule, each with whether it is spare."""
    kind, value = rule.get("kind"), rule.get("value") or {}
    sort = value.get("type")
    if kind == "date":
        for moment, role in _moments(value, rule.get("role")):
            yield Point("date", moment, role), sort == "relative"
        if sort in ("relative", "external", "text", "by_reference"):
            yield Point("date open", ""), False
    elif kind == "fee":
        yield (Point("fee", quantity(value.get("amount"), "")[0]) if sort == "money" else Point("fee open", "")), False
    elif kind == "threshold" and sort == "one_of":
        for number, unit in _MEASURE.findall(" ".join(str(choice) for choice in value.get("values", []))):
            yield Point("threshold", ("=", *quantity(number, unit))), True
    elif kind in ("threshold", "score") and sort == "quantity":
        for bound in _bounds(value):
            yield Point("threshold", bound), kind == "score"


def _moments(value: Json, role: str | None) -> list[tuple[str, str | None]]:
    """The distinct moments of a date's value with their roles."""
    match value.get("type"):
        case "instant":
            ends = [(value.get("at"), role)]
        case "window":
            ends = [(value.get(end), role if role in STAGED else stage) for end, stage in (("start", "opens"), ("end", "closes"))]
        case "relative":
            ends = [(value.get("resolved"), role)]
        case _:
            ends = []
    return list(dict.fromkeys((_moment(moment[:16]), stage) for moment, stage in ends if isinstance(moment, str) and moment))


def read_facts(facts: Iterable[Json]) -> list[Fact]:
    """The points of the facts, each once: what is noted again under the same value, item and scope is one more quote."""
    noted: dict[tuple[object, ...], list[tuple[Point, Json]]] = {}
    for fact in facts:
        for point in _fact_points(fact):
            # What is left open, and an amount of 0, has no value to be told apart by, so its words are taken.
            words = "" if point.value else fact["quote"]
            key = (point.kind, point.value, point.title, _item(fact), fact.get("scope") or "", words)
            noted.setdefault(key, []).append((point, fact))
    return [_fact(places) for places in noted.values()]


def _fact(places: list[tuple[Point, Json]]) -> Fact:
    """Role, levels and item are those of the first place."""
    point, first = places[0]
    return Fact(point, level_names(first.get("scope")), tuple(fact["quote"] for _, fact in places), _item(first))


def _item(fact: Json) -> str:
    return fact.get("item") or fact.get("measure") or fact.get("event") or ""


def _fact_points(fact: Json) -> Iterator[Point]:
    kind, role = fact["kind"], fact.get("role")
    if kind == "reference":
        yield _reference_point(fact, "number")
    elif kind == "date":
        ends = [(fact.get("start"), "opens"), (fact.get("end"), "closes")]
        paired = role in ("window", "opens", "closes")
        yield from (Point(kind, _moment(moment), stage if paired else role) for moment, stage in ends if moment)
        if not any(moment for moment, _ in ends):
            yield Point("date open", "", role)
    elif kind == "fee":
        yield Point(kind, quantity(fact["amount"], "")[0]) if fact.get("amount") else Point("fee open", "")
    elif kind == "threshold":
        yield from (Point(kind, bound) for bound in _bounds(fact))


def _bounds(stated: Json) -> list[tuple[str, Number, str]]:
    """The bounds of a quantity; `between` has two."""
    op, number, unit = stated.get("op"), stated.get("number"), stated.get("unit")
    if op == "between":
        return [(">=", *quantity(number, unit)), ("<=", *quantity(stated.get("upper"), unit))]
    return [(op or "=", *quantity(number, unit))]


def _reference_point(reference: Json, number: str) -> Point:
    """A reference goes by its number, and by its title only where it has none."""
    name = title(reference.get("title"))
    return Point("reference", document_number(reference.get(number)) or f"title {name}", None, name)


def squeeze(text: str | None) -> str:
    """Without white space, in half-width forms."""
    return "".join((text or "").translate(_HALF_WIDTH).split())


def document_number(text: str | None) -> str:
    """浙人社发〔2019〕31号, without a 第 before the serial."""
    return re.sub(r"第(?=\d+号)", "", _YEAR.sub(r"〔\1〕", squeeze(text)))


def title(text: str | None) -> str:
    """Without brackets, quotation marks and commas."""
    return _TITLE_MARKS.sub("", squeeze(text))


def quantity(number: object, unit: str | None) -> tuple[Number, str]:
    """Number and unit in one spelling, 万 and the like multiplied out: 2 万元 → 20000 元."""
    name = _COUNTERS.sub("", squeeze(unit))
    try:
        amount = Decimal(str(number).replace(",", "").rstrip("%"))
    except InvalidOperation:
        return str(number), name
    while len(name) > 1 and name[0] in SCALES and name not in UNSCALED:
        amount, name = amount * SCALES[name[0]], name[1:]
    return amount.normalize(), UNITS.get(name, name)


def level_names(text: str | None) -> frozenset[str]:
    """The levels that words speak of: 高级工程师、工程师 → 高级, 中级."""
    return frozenset(match.lastgroup or "" for match in _LEVEL_WORDS.finditer(squeeze(text)))


def _moment(text: str) -> str:
    """A time to the minute, a date as it is."""
    return text[:16] if "T" in text else text


def covers(quote: str, claimed: str) -> bool:
    """Do the claim's words lie on the fact's? One holds the other, or they share half of the shorter and at least four characters."""
    noted, words = squeeze(quote), squeeze(claimed)
    if not words or len(words) > LONGEST_PROOF:
        return False
    if noted in words:
        return True
    if len(words) < 2:
        return False
    shared = SequenceMatcher(None, noted, words, autojunk=False).find_longest_match().size
    return words in noted or shared >= max(SHORTEST_OVERLAP, min(len(noted), len(words)) // 2)


def _same(claim: Claim, fact: Fact) -> bool:
    return claim.point.kind == fact.point.kind and claim.point.value == fact.point.value


def _agree(noted: frozenset[str], claimed: frozenset[str]) -> bool:
    """Levels agree where none is noted, or one side, 高级 and 初级 spread out, holds the other."""
    if not noted or not claimed:
        return not noted
    a, b = _spread(noted), _spread(claimed)
    return a <= b or b <= a


def _spread(levels: frozenset[str]) -> frozenset[str]:
    return frozenset().union(*(VAGUE.get(level, {level}) for level in levels))


def _is_right(claim: Claim, fact: Fact) -> bool:
    """Of a claim that found the fact: does the rest agree?"""
    ours, noted = claim.point, fact.point
    if noted.kind == "reference":
        return _same_title(ours.title, noted.title)
    role_agrees = noted.kind != "date" or noted.role in (None, "other", ours.role) or ours.role == "held"
    return role_agrees and _agree(fact.levels, claim.levels)


def _same_title(claimed: str, noted: str) -> bool:
    """No title noted, the same, or all but the same."""
    return not noted or claimed == noted or SequenceMatcher(None, claimed, noted, autojunk=False).ratio() >= TITLE_LIKENESS


def _candidates(fact: Fact, slots: Sequence[tuple[Claim, str | None]]) -> list[int]:
    """Slots that prove the fact, in order, those that are right first."""
    proving = [
        index
        for index, (claim, quote) in enumerate(slots)
        if _same(claim, fact) and (quote is None or any(covers(words, quote) for words in fact.quotes))
    ]
    return sorted(proving, key=lambda index: not _is_right(slots[index][0], fact))


def _match(candidates: Sequence[Sequence[int]]) -> dict[int, int]:
    """Fact → slot, as many as can be, each slot once (augmenting paths; facts with few candidates go first)."""
    holder: dict[int, int] = {}

    def settle(fact: int, tried: set[int]) -> bool:
        for slot in candidates[fact]:
            if slot not in tried:
                tried.add(slot)
                if slot not in holder or settle(holder[slot], tried):
                    holder[slot] = fact
                    return True
        return False

    for fact in sorted(range(len(candidates)), key=lambda index: len(candidates[index])):
        settle(fact, set())
    return {fact: slot for slot, fact in holder.items()}


def _said(claim: Claim, quote: str | None) -> tuple[object, ...]:
    return claim.point, claim.levels, quote


def _is_spurious(claim: Claim, noted: Sequence[Fact], proven: set[tuple[object, ...]]) -> bool:
    """Of a claim that proved nothing: unknown to the facts, or the same words read the same way a second time."""
    if claim.spare or claim.point.kind in OPEN:
        return False
    known = any(
        _same(claim, fact) and (claim.quotes is None or any(covers(words, quote) for words in fact.quotes for quote in claim.quotes))
        for fact in noted
    )
    return not known or any(_said(claim, quote) in proven for quote in claim.quotes or ())
