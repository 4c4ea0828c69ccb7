"""Words → condition tree: a recursive descent over atoms and connectives (或 、 且 并 同时 ； 但 不含 除…外).

    branches  parts parted by ；      any, where they are alternatives of one sort
    parts     pieces parted by ，     all; a list of honours is any; 或者… and 以及… join the part before
    piece     groups parted by 且 并  all
    group     operands parted by 或   any
    operand   atoms side by side      all

A piece is read whole or stays words (`opaque`), and where the connectives leave two readings the larger stretch stays words: never a guess.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from extractors.pattern import compiled
from extractors.terms import find_levels
from pipeline.rules.condition_atoms import Family, all_of, any_of, is_, lacking, read_atom
from pipeline.rules.words import LIST, Words
from schemas.ruleset import Condition

_GLUE = (
    r"(?:凡是?|申报(?:人员|对象|者|人)|报考人员|参评人员|应聘人员|评审对象|本人|其中|其|各类|的|后|者|人员|专业技术人[员才]|同志|具有|具备|取得|获得|荣获|属于"
    r"|已|须|需|应当?|必须|均|经|有)"
)
_AND = r"(?:并且|而且|同时|且|并|但|还|又)"
_OR = r"(?:或者|或是|或)"
_WITH = r"(?:以及|和|及|与|、)"
_NOT = r"(?:未曾?|没有|尚未|不)(?=具备|取得|获得|评聘|聘任|具有|持有|参加|担任)|不属于|非(?=公务员|参照)"
_EXCEPT = r"除(?P<what>[^,;外()]{2,30}?)(?:以|之)?外的?"
_OPENS, _CLOSES = '(〔"', ')〕"'

Connective = Literal["or", "with", "and", ""]


@dataclass(frozen=True)
class _Token:
    kind: Literal["atom", "and", "or", "with", "not"]
    condition: Condition | None = None
    family: Family | None = None


@dataclass(frozen=True)
class _Piece:
    """A part between two commas. `read`: nothing of it stayed words."""

    condition: Condition
    read: bool
    families: frozenset[Family]
    lead: Connective
    start: int
    end: int


def parse(words: Words) -> Condition | None:
    """The condition that words state; null where they name only whom it is said of."""
    branches = [(start, end, tree) for start, end in _split(words.text, ";") if (tree := _parts(words.part(start, end)))]
    trees = [tree for _, _, tree in branches]
    if len(trees) < 2:
        return any_of(*trees)
    if any(compiled(_AND).match(words.text, start) for start, _, _ in branches[1:]):
        return all_of(*trees)
    if not _one_sort(trees) and not compiled(_OR).match(words.text, branches[-1][0]):
        return _opaque(words, 0, len(words.text))
    return any_of(*_completed(trees, [_opaque(words, start, end) for start, end, _ in branches]))


_SCHOOLING = frozenset(("education", "degree", "schooling", "major", "major_match"))


def _completed(trees: Sequence[Condition], printed: Sequence[Condition]) -> Iterator[Condition]:
    """本科学历，取得中级职称满5年；硕士学位满4年: the years of a branch that names none of its own are counted as those of the branch before.

    Where it is not clear what else of that branch holds for this one, it stays words (`printed`).
    """
    model: Condition | None = None
    unread = False
    for tree, words in zip(trees, printed, strict=True):
        facts = {test.fact for test in tree.tests()}
        short = facts <= _SCHOOLING | {"years_since_education"} and "years_since_education" in facts
        if not short or model is None and not unread:
            yield tree
            unread = unread or any("年" in part for part in tree.unread())
            if any(fact.startswith("years_") and fact != "years_since_education" for fact in facts):
                model = tree
            continue
        if model is None:
            yield words
            continue
        counted = [test for test in model.tests() if test.unit == "年"]
        own = [part for part in tree.all or () if not (part.test and part.test.fact == "years_since_education")]
        years = [test for test in tree.tests() if test.fact == "years_since_education"]
        rest = [part for part in model.all or (model,) if not {test.fact for test in part.tests()} & _SCHOOLING]
        if len(counted) != 1 or len(years) != 1 or not own or not all(part.test for part in rest):
            yield words
            continue
        asked = is_(counted[0].fact, *years[0].value, op=years[0].op, unit=years[0].unit)
        completed = (asked if part.test == counted[0] else part for part in rest)
        whole = all_of(*own, *completed)
        assert whole is not None
        yield whole


_ALTERNATIVES = (
    frozenset(("education", "degree", "schooling")),
    frozenset(("award", "contest", "talent_programme")),
    frozenset(("certificate",)),
    frozenset(("title_held",)),
    frozenset(("criteria_met",)),
    frozenset(("employment", "retired", "in_service", "region", "nationality_permit")),
)


def _one_sort(trees: Sequence[Condition]) -> bool:
    """Whether branches ask each for another word of one sort (本科…；大专…；中专…): then they are alternatives and no list of demands."""
    facts = [{test.fact for test in tree.tests()} for tree in trees]
    stated = [names for names in facts if names]
    return len(stated) > 1 and any(all(names & sort for names in stated) for sort in _ALTERNATIVES)


# -- parts


_CITED = r"但?(?:根据|依据|依照|按照?|参照)[^,;]*(?:精神|规定|要求|文件|通知|意见|办法|标准|政策)"
_TOPIC = r"(?:凡|对|对于)?(?:申报|晋升|参评|申请|报考)[^,;№□※]{2,40}?(?:的|者|人员)"


def _parts(words: Words) -> Condition | None:
    """One branch: its parts, all of them, but for what 或者, 以及 and a list of honours say."""
    pieces = [piece for span in _clauses(words) if (piece := _piece(words, *span))]
    if not pieces:
        return None
    if any(piece.lead == "or" for piece in pieces[1:]):
        return _either(words, pieces)
    if len(ways := _ways(pieces)) > 1:
        trees = [(tree, _opaque(words, way[0].start, way[-1].end)) for way in ways if (tree := all_of(*(piece.condition for piece in way)))]
        return any_of(*_completed([tree for tree, _ in trees], [printed for _, printed in trees]))
    joined = _persons(words, pieces)
    if joined is None:
        return _opaque(words, pieces[0].start, pieces[-1].end)
    return _honours(words, joined)


def _ways(pieces: Sequence[_Piece]) -> list[list[_Piece]]:
    """本科毕业满1年，大专毕业满3年: nobody is asked for two schoolings by name, so that each begins another way."""
    ways: list[list[_Piece]] = []
    for piece in pieces:
        schools = [test for test in piece.condition.tests() if test.fact == "education" and test.op == "="]
        if not ways or schools and piece.read and not piece.lead and any(t.fact == "education" for p in ways[0] for t in p.condition.tests()):
            ways.append([])
        ways[-1].append(piece)
    return ways


_GROUP = r"(?:人员|人才|者|职工|员工|教师|毕业生)(?:\([^()]*\))?$"


def _clauses(words: Words) -> Iterator[tuple[int, int]]:
    """The parts between commas without those that only cite or name the level; 因…，… stays one."""
    spans = list(_split(words.text, ","))
    held: int | None = None
    for start, end in spans:
        text = words.text[start:end]
        if held is None and compiled(r"因(?!公|病)").match(text) and (start, end) != spans[-1]:
            held = start
            continue
        begin, held = (start if held is None else held), None
        if len(spans) > 1 and begin == start and (_only_cites(words, start, end) or compiled(_TOPIC).fullmatch(text) and find_levels(text)):
            continue
        yield begin, end


def _only_cites(words: Words, start: int, end: int) -> bool:
    articles = any(start <= at < end and document.articles for at, document in words.documents.items())
    return compiled(_CITED).fullmatch(words.text, start, end) is not None and not articles


def _either(words: Words, pieces: Sequence[_Piece]) -> Condition:
    """A，或者B: any, where nothing else stands beside them or both sides ask for the same facts; 本科学历，或学士学位，满5年: the two schoolings."""
    at = next(i for i, piece in enumerate(pieces) if i and piece.lead == "or")
    left, right = pieces[:at], pieces[at:]
    if all(piece.lead == "or" for piece in right) and len(left) == 1 and all(piece.read for piece in pieces):
        either = any_of(*(piece.condition for piece in pieces))
        assert either is not None
        return either
    if len(left) == 1 and len(right) == 1:
        return Condition(any=(left[0].condition, right[0].condition))
    sides = [all_of(*(piece.condition for piece in side)) for side in (left, right)]
    if all(sides) and all(piece.read for piece in pieces) and _same_facts(sides[0], sides[1]) and not any(piece.lead == "or" for piece in right[1:]):
        either = any_of(*sides)
        assert either is not None
        return either
    if left[-1].families == right[0].families == {"schooling"} and left[-1].read and right[0].read and not any(p.lead == "or" for p in right[1:]):
        tree = all_of(*(p.condition for p in left[:-1]), any_of(left[-1].condition, right[0].condition), *(p.condition for p in right[1:]))
        assert tree is not None
        return tree
    return _opaque(words, pieces[0].start, pieces[-1].end)


def _same_facts(left: Condition | None, right: Condition | None) -> bool:
    assert left is not None and right is not None
    schooling = {"education", "degree", "schooling"}
    facts = [{"schooling" if test.fact in schooling else test.fact for test in side.tests()} for side in (left, right)]
    return facts[0] == facts[1]


def _persons(words: Words, pieces: Sequence[_Piece]) -> list[_Piece] | None:
    """…的在职人员，以及持有…的人才，符合…: the group behind 以及 is an alternative to the one before, and to each of several groups (甲人员，乙者，以及丙);
    null where that one is not clear."""
    out: list[_Piece] = []
    for i, piece in enumerate(pieces):
        if piece.lead != "with" or not out:
            out.append(piece)
        elif len(out) == 1 or i == len(pieces) - 1:
            groups = all(compiled(_GROUP).search(words.text[p.start : p.end]) for p in out)
            before = (any_of if groups else all_of)(*(p.condition for p in out))
            tree = any_of(before, piece.condition)
            assert tree is not None
            read = piece.read and all(p.read for p in out)
            families = piece.families.union(*(p.families for p in out))
            out = [_Piece(tree, read, families, "", out[0].start, piece.end)]
        else:
            return None
    return out


def _honours(words: Words, pieces: Sequence[_Piece]) -> Condition:
    """All of the parts; honours in a row are any: 全国技术能手，获得世界技能大赛优胜奖，….

    Where honours stand beside something else without 且, they may be either, and stay words.
    """
    honours = [piece for piece in pieces if piece.read and piece.families == {"honour"} and piece.lead != "and"]
    others = [piece for piece in pieces if piece not in honours]
    if len(honours) > 1 and any(piece.lead != "and" for piece in others):
        return _opaque(words, pieces[0].start, pieces[-1].end)
    conditions = [piece.condition for piece in pieces]
    tree = all_of(any_of(*(p.condition for p in honours)), *(p.condition for p in others)) if len(honours) > 1 else all_of(*conditions)
    assert tree is not None
    return tree


# -- one part


def _piece(words: Words, start: int, end: int) -> _Piece | None:
    """A part with its leading connective; null where it says only of whom."""
    lead: Connective = ""
    found = compiled(rf"(?:(?P<or>{_OR})|(?P<and>{_AND})|(?P<with>以及))").match(words.text, start, end)
    if found:
        lead = "or" if found["or"] else "and" if found["and"] else "with"
        start = found.end()
    read = _exception(words, start, end) or _read(words, start, end)
    if read is not None:
        condition, families = read
        return _Piece(condition, True, families, lead, start, end) if condition else None
    condition = _divided(words, start, end) or _opaque(words, start, end)
    return _Piece(condition, False, frozenset(), lead, start, end)


def _exception(words: Words, start: int, end: int) -> tuple[Condition, frozenset[Family]] | None:
    """除公务员外, 公务员除外, 不含公务员: none of it."""
    found = compiled(rf"{_EXCEPT}|(?:不含|不包括|不包含)(?P<what>[^,;]+)|(?P<what>[^,;()]+?)除外的?").fullmatch(words.text, start, end)
    return (_none_of(words, *found.span("what")), frozenset()) if found else None


def _none_of(words: Words, start: int, end: int) -> Condition:
    return Condition.model_validate({"not": _inner(words, start, end)})


def _inner(words: Words, start: int, end: int) -> Condition:
    read = _read(words, start, end)
    return read[0] if read and read[0] else _opaque(words, start, end)


def _read(words: Words, start: int, end: int) -> tuple[Condition | None, frozenset[Family]] | None:
    """The condition of a stretch that is read whole, null inside where it is glue alone; null where something stays unread or unclear."""
    tokens = _tokens(words, start, end)
    if tokens is None:
        return None
    families = frozenset(token.family for token in tokens if token.family)
    groups = _divide(tokens, "and")
    trees: list[Condition] = []
    for group in groups:
        if not group:
            continue
        operands = _divide(group, "or", "with")
        listed = any(token.kind == "with" for token in group)
        if len(operands) == 1:
            tree = _operand(operands[0])
        elif any(token.kind == "not" for token in group):
            return None
        else:
            tree = _any_group(operands, listed, alone=len(groups) == 1)
        if tree is None:
            return None
        trees.append(tree)
    return all_of(*trees), families


def _divide(tokens: Sequence[_Token], *kinds: str) -> list[list[_Token]]:
    out: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind in kinds:
            out.append([])
        else:
            out[-1].append(token)
    return out


def _operand(tokens: Sequence[_Token]) -> Condition | None:
    """Atoms side by side; 未 is said of the one atom behind it."""
    parts: list[Condition] = []
    negated = False
    for token in tokens:
        if token.kind == "not":
            if negated or token is tokens[-1]:
                return None
            negated = True
        elif token.condition is not None:
            if negated and token is not tokens[-1]:
                return None
            parts.append(lacking(token.condition) if negated else token.condition)
            negated = False
    return all_of(*parts)


def _any_group(operands: Sequence[Sequence[_Token]], listed: bool, alone: bool) -> Condition | None:
    """或 between operands; null where it is not clear what they share. `listed`: 、 or 和 stands between some; `alone`: no 且 beside them."""
    if any(not operand for operand in operands):
        return None
    families = [[token.family for token in operand] for operand in operands]
    if listed and {family for names in families for family in names} not in ({"honour"}, {"person"}):
        return None  # 本科学历、学士学位: both or either?
    alike = all(Counter(names) == Counter(families[0]) for names in families)
    if alike or alone and all(len(names) == 1 for names in families):
        return any_of(*(_operand(operand) for operand in operands)) if listed or _all_numbered(operands) else None
    return _shared(operands, families)


def _all_numbered(operands: Sequence[Sequence[_Token]]) -> bool:
    """Whether all operands have a number or none has: in 大专或本科毕业满3年 the years may be said of both."""
    numbered = [any(test.unit for token in operand if token.condition for test in token.condition.tests()) for operand in operands]
    honours = all(token.family == "honour" for operand in operands for token in operand)
    return honours or all(numbered) or not any(numbered)


def _shared(operands: Sequence[Sequence[_Token]], families: Sequence[Sequence[Family | None]]) -> Condition | None:
    """本专业本科学历或学士学位满5年: the words before the first and behind the last of one family are said of all."""
    middle = families[0][-1]
    if middle not in ("schooling", "certificate", "title") or families[-1][0] != middle or any(list(names) != [middle] for names in families[1:-1]):
        return None
    either = any_of(operands[0][-1].condition, *(operand[0].condition for operand in operands[1:]))
    return all_of(*(token.condition for token in operands[0][:-1]), either, *(token.condition for token in operands[-1][1:]))


def _tokens(words: Words, start: int, end: int) -> list[_Token] | None:
    """Atoms and connectives of a stretch; null where a character belongs to none."""
    tokens: list[_Token] = []
    at = start
    while at < end:
        if words.text[at] == LIST:
            tokens.append(_Token("atom", words.lists[at], "other"))
            at = _sign_end(words.text, at)
            continue
        if atom := read_atom(words, at, end):
            tokens.append(_Token("atom", atom[2], atom[0].family))
            at = atom[1]
            continue
        if found := compiled(_EXCEPT).match(words.text, at, end):
            tokens.append(_Token("atom", _none_of(words, *found.span("what"))))
            at = found.end()
            continue
        if aside := _aside(words, at, end):
            tokens.append(_Token("atom", aside[0], None))
            at = aside[1]
            continue
        found = compiled(rf"(?P<not>{_NOT})|(?P<or>{_OR})|(?P<with>{_WITH})|(?P<and>{_AND})|(?P<glue>{_GLUE})").match(words.text, at, end)
        if found is None:
            return None
        for kind in ("not", "or", "with", "and"):
            if found[kind]:
                tokens.append(_Token(kind))
        at = found.end()
    return tokens


def _aside(words: Words, at: int, end: int) -> tuple[Condition, int] | None:
    """(不含参照公务员法管理单位): none of what the brackets hold; any other brackets are not read."""
    if words.text[at] != "(":
        return None
    close = _closing(words.text, at, end)
    if close is None:
        return None
    exception = _exception(words, at + 1, close)
    return (exception[0], close + 1) if exception else None


def _closing(text: str, at: int, end: int) -> int | None:
    depth = 0
    for i in range(at, end):
        depth += (text[i] == "(") - (text[i] == ")")
        if depth == 0:
            return i
    return None


def _sign_end(text: str, at: int) -> int:
    end = at + 1
    while end < len(text) and text[end] == "·":
        end += 1
    return end


def _divided(words: Words, start: int, end: int) -> Condition | None:
    """A part that is not read whole, cut where 且, 并, 同时, 但 or a list stands in it; null where no piece of it is read."""
    text = words.text[start:end]
    if compiled(r"(?:[不未无没非]|尚未)").match(text):  # what is denied may be all of it
        return None
    cuts = [(c.start(), c.end()) for c in compiled(rf"(?:并且|而且|同时|且|但|(?<![合兼])并(?![购列轨案入]))(?=[^,;]{{2}})|{LIST}·*").finditer(text)]
    pieces: list[Condition] = []
    read_any, at = False, start
    for cut_start, cut_end in [*cuts, (len(text), len(text))]:
        stop = start + cut_start
        if stop > at:
            read = _read(words, at, stop)
            if read and _either_of_several(words, at, stop):
                return None
            read_any = read_any or bool(read and read[0])
            if read is None:
                pieces.append(_opaque(words, at, stop))
            elif read[0] is not None:
                pieces.append(read[0])
        if text[cut_start : cut_start + 1] == LIST:
            pieces.append(words.lists[stop])
            read_any = True
        at = start + cut_end
    return all_of(*pieces) if read_any else None


def _either_of_several(words: Words, start: int, end: int) -> bool:
    """取得中级职称或具有博士学位 beside a 且: what the 且 is said of is not clear."""
    tokens = _tokens(words, start, end) or []
    return any(token.kind == "or" for token in tokens) and len({token.family for token in tokens if token.family}) > 1


def _opaque(words: Words, start: int, end: int) -> Condition:
    """The words as printed, without the connective or subject that leads them in and the 的 or 者 that ends them."""
    printed = words.quote(start, end)
    shown = compiled(
        r"^(?:[,;:，；：、的]|且|并且|并(?!购|列)|同时|但|凡是?|如|若|其中|申报(?:人员|对象|者)|对于?)+|(?:[,;，；、。]|的人员|的)+$"
    ).sub("", printed)
    return Condition(opaque=shown or printed)


def _split(text: str, marks: str) -> Iterator[tuple[int, int]]:
    """The stretches between marks that stand in no brackets and no quotation."""
    depth, quoted, start = 0, False, 0
    for i, char in enumerate(text):
        if char == '"':
            quoted = not quoted
        elif char in _OPENS:
            depth += 1
        elif char in _CLOSES and depth:
            depth -= 1
        elif char in marks and not depth and not quoted:
            if i > start:
                yield start, i
            start = i + 1
    if start < len(text):
        yield start, len(text)
