"""The documents that a notice cites, one entry a document, every use of it gathered: number, title, alias, pins."""

from dataclasses import dataclass, field

from extractors.pattern import compiled, fold
from extractors.references import is_document
from pipeline.rules.draft import Proof
from pipeline.statements import Reading
from schemas.mention import Mention, Number, Title
from schemas.ruleset import Relation


@dataclass(frozen=True)
class Cited:
    """A document with what the notice says of it."""

    id: str
    title: str | None
    number: Number | None
    document_number: str | None
    relation: Relation
    aliases: tuple[str, ...] = ()
    url: str | None = None
    articles: tuple[str, ...] = ()
    proofs: tuple[Proof, ...] = ()


@dataclass
class _Entry:
    title: str | None
    number: str | None
    relation: Relation
    aliases: dict[str, None] = field(default_factory=dict)
    url: str | None = None
    articles: dict[str, None] = field(default_factory=dict)
    proofs: list[Proof] = field(default_factory=list)

    def add(self, mention: Mention, articles: tuple[str, ...]) -> None:
        self.proofs.append(Proof(mention.span, mention.pattern))
        self.articles |= dict.fromkeys(articles)


def references(reading: Reading) -> list[Cited]:
    """Every cited document in order of its first mention. Forms and certificates in 《》 are materials, the notice's own number and title are not citations."""
    entries: list[_Entry] = []
    for mention in reading.mentions:
        if mention.kind == "title":
            _title(reading, entries, mention)
        elif mention.kind == "number" and not _is_own_number(reading, mention):
            value: Number = mention.value
            entry = next((e for e in entries if e.number == value.text), None)
            if entry is None:
                entry = _Entry(None, value.text, _relation(reading, mention, None))
                entries.append(entry)
            entry.add(mention, value.articles)
    return [
        Cited(
            id=e.number or e.title or "",
            title=e.title,
            number=_parsed(e.number),
            document_number=e.number,
            relation=e.relation,
            aliases=tuple(e.aliases),
            url=e.url,
            articles=tuple(e.articles),
            proofs=tuple(e.proofs),
        )
        for e in entries
    ]


def _title(reading: Reading, entries: list[_Entry], mention: Mention) -> None:
    value: Title = mention.value
    entry = _known(entries, value)
    if entry is None:
        if _is_own_title(reading, mention, value) or not (value.number or mention.pattern == "reference.addressed" or is_document(value.title)):
            return
        entry = _Entry(value.title, value.number, _relation(reading, mention, value.title))
        entries.append(entry)
    entry.title = entry.title or value.title
    entry.url = entry.url or value.url
    if value.alias:
        entry.aliases[value.alias] = None
    entry.add(mention, value.articles)
    for number in value.also:  # a joint document has a number of each issuer
        joint = next((e for e in entries if e.number == number), None)
        if joint is None:
            joint = _Entry(value.title, number, entry.relation)
            entries.append(joint)
        joint.add(mention, value.articles)


def _known(entries: list[_Entry], value: Title) -> _Entry | None:
    """The entry of a title: same number, else (without a number) same title or alias."""
    if value.number:
        return next((e for e in entries if e.number == value.number), None)
    squeezed = _squeeze(value.title)
    return next((e for e in entries if value.title in e.aliases), None) or next(
        (e for e in entries if e.title and _squeeze(e.title) == squeezed), None
    )


def _squeeze(title: str) -> str:
    return "".join(fold(title).split())


def _parsed(number: str | None) -> Number | None:
    found = compiled(r"(?P<code>.+?)〔(?P<year>\d{4})〕(?P<serial>\d+)号").fullmatch(number or "")
    return Number(number or "", found["code"], int(found["year"]), int(found["serial"])) if found else None


def _is_own_number(reading: Reading, mention: Mention) -> bool:
    own = reading.outline.document_number
    return own is not None and own.overlaps(mention.span)


def _is_own_title(reading: Reading, mention: Mention, value: Title) -> bool:
    own = reading.outline.title_span
    return bool(own and own.overlaps(mention.span)) or _squeeze(value.title) == _squeeze(reading.outline.title or "")


_RELATIONS: tuple[tuple[Relation, str], ...] = (
    ("fee", r"收费|费用|费标准|物价|价费"),
    ("criteria", r"(?:评价|评审|资格|任职|申报|推荐)[^》]{0,8}(?:条件|标准)"),
    ("procedure", r"(?:办法|细则|规程|规则|程序)(?:（[^）]*）)?(?:〉?的通知)?$"),
)


def _relation(reading: Reading, mention: Mention, title: str | None) -> Relation:
    """What the document is to the notice, by its own name first, then by the words that lead to it."""
    sentence = reading.sentence_at(mention.span.start)
    before = reading.folded[sentence.span.start : mention.span.start]
    if compiled(r"转发[^,。]{0,10}$").search(before) or sentence.section.id == "落款":
        return "forwarded"
    own = fold(title or "").replace("(", "（").replace(")", "）")
    for relation, words in _RELATIONS:
        if (
            compiled(words).search(own)
            or relation == "fee"
            and compiled(words).search(reading.folded[mention.span.start : sentence.span.end] if title is None else "")
        ):
            return relation
    if compiled(r"符合|条件").search(before[-20:]):
        return "criteria"
    if compiled(r"根据|依据|按照|按|遵照|贯彻").search(before):
        return "basis"
    return "other"
