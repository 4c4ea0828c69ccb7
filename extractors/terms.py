"""Words of the vocabularies in a text: levels, routes, subjects. They are found on demand, sentence by sentence, for scope and subject."""

from dataclasses import dataclass
from functools import cache, lru_cache

from extractors.pattern import Match, compiled
from extractors.vocabulary import Entry, routes, rows, subjects


@dataclass(frozen=True, slots=True)
class Term:
    """A vocabulary word at [start, end) of the text that was searched; `words` are the controlled words it stands for."""

    start: int
    end: int
    words: tuple[str, ...]


_SHORT = {"高": "高级", "中": "中级", "初": "初级"}
# 高级技师 and 高级工 are skill certificates, 注册…工程师 and 建造师 are licences: no levels of this ladder
_NO_LEVEL_BEFORE = r"(?<!注册\p{Han}{0,6}|造价|监理|咨询|建造|消防|安全|总|结构|省|国家|[一二三四]级)"
_NO_LEVEL_AFTER = r"(?!技师|技工|工(?!程师)|研修|中学|中等|人才|技能|人民|合伙|管理人员|班|法院|专家库)"


@cache
def _levels() -> dict[str, str]:
    return {spelling: row["level"] for row in rows("levels.tsv") for spelling in row["spellings"].split("|")}


@cache
def _level_pattern() -> str:
    names = "|".join(sorted(_levels(), key=len, reverse=True))
    # 一级 is a level where it is applied for or held as a 职务, and beside its fee; a 一级教师 has a name of its own, a 一级项目 is none
    rung = r"(?:(?<=申报|晋升|评聘|参评|取得|任)(?P<rung>[一二三四]级)(?=职务|职称|演奏员|演员|编剧|导演|美术师|作曲|指挥|舞美|摄影师)|(?P<rung>[一二三四]级)(?=(?:每人|[为:])[ ]?\d{2,4}[ ]?元))"
    return rf"{rung}|(?P<several>(?P<short>[高中初])(?:[、,和及与/或]?(?P<short>[高中初]))+)级(?!人民|中学)|{_NO_LEVEL_BEFORE}(?P<name>{names}){_NO_LEVEL_AFTER}"


@cache
def holds(level: str) -> tuple[str, ...]:
    """The levels that a wide word holds: 高级 → 副高级, 正高级; nothing for others."""
    for row in rows("levels.tsv"):
        if row["level"] == level:
            return tuple(part for part in row["holds"].split("|") if part)
    return ()


@cache
def below(level: str) -> tuple[str, ...]:
    """The single levels under one, nearest first: 中级 → 助理级, 员级; 高级 and 副高级 → 中级 and on."""
    ranks = {row["level"]: int(row["rank"]) for row in rows("levels.tsv") if row["rank"]}
    lowest = min((ranks[part] for part in holds(level) or (level,) if part in ranks), default=0)
    return tuple(sorted((name for name, rank in ranks.items() if rank < lowest), key=lambda name: -ranks[name]))


_SENTENCES = 4096  # whose words are remembered: the rules of every kind ask the same ones


def _of_several(found: Match, folded: str) -> tuple[str, ...]:
    """中高级工程师 are the levels of 中级 and 高级工程师; 中高级职称 leaves open which 高级."""
    title = compiled(r"\p{Han}{2,6}?(?<=师|员)").match(folded, found.end())
    named = (_levels().get(f"{c}级{title.group()}" if title else "") or _SHORT[c] for c in (_SHORT[s][0] for s in found.captures("short")))
    return tuple(dict.fromkeys(named))


@lru_cache(_SENTENCES)
def find_levels(folded: str) -> tuple[Term, ...]:
    """中、高级 → 中级 and 高级 in one term; 高级工程师 → 副高级."""
    out = []
    for found in compiled(_level_pattern()).finditer(folded):
        words = _of_several(found, folded) if found["several"] else (found["rung"] or _levels()[found["name"]],)
        out.append(Term(found.start(), found.end(), words))
    return tuple(out)


def _find(entries: tuple[Entry, ...], folded: str) -> tuple[Term, ...]:
    pattern, owners = _entries(entries)
    return tuple(Term(found.start(), found.end(), owners[found.group()]) for found in compiled(pattern).finditer(folded))


@cache
def _entries(entries: tuple[Entry, ...]) -> tuple[str, dict[str, tuple[str, ...]]]:
    owners: dict[str, list[str]] = {}
    for entry in entries:
        for spelling in entry.spellings:
            owners.setdefault(spelling, []).append(entry.word)
    pattern = "|".join(compiled(r"([\\.\[\](){}*+?^$|\#\s])").sub(r"\\\1", s) for s in sorted(owners, key=len, reverse=True))
    return pattern, {spelling: tuple(dict.fromkeys(words)) for spelling, words in owners.items()}


@lru_cache(_SENTENCES)
def find_routes(folded: str) -> tuple[Term, ...]:
    return _find(routes(), folded)


@lru_cache(_SENTENCES)
def find_subjects(kind: str, folded: str) -> tuple[Term, ...]:
    """Subjects of a kind of rule; a spelling that several subjects share gives all of them."""
    return _find(subjects(kind), folded)
