"""Gold: what a person says that a notice states. Gold files are read, checked and written here, and their quotes found in a text."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pipeline.atomic import write_atomic
from pipeline.errors import NoticeError, reason_of
from pipeline.keys import Named, assign_keys
from pipeline.quotes import Squeezed, in_column, in_row, section_spans, within
from schemas.document import Span
from schemas.gold import Gold, GoldQuote, GoldReference, GoldRule
from schemas.ruleset import Ruleset

T = TypeVar("T")
ENDING = ".gold.json"


class GoldError(NoticeError):
    """A gold or floor file that cannot be trusted: broken, or it quotes what the notice does not say."""


def find_gold(notice: Path) -> Path | None:
    """The gold beside a corpus file, corpus/<series>/<year>.gold.json, where there is one."""
    gold = notice.with_name(notice.stem + ENDING)
    return gold if gold.is_file() else None


def load(path: Path) -> Gold:
    """Read a gold file. Raises GoldError where it is no JSON, no gold, a rule has no quote, or a key or id is not the computed one."""
    gold = read_json(path, Gold.model_validate)
    for index, (rule, key) in enumerate(zip(gold.rules, _keys(gold.rules), strict=True), start=1):
        if rule.key != key:
            raise GoldError("gold.key", str(path), number=index, key=rule.key, computed=key)
    for index, reference in enumerate(gold.references, start=1):
        if not reference.id or reference.id != _reference_id(reference):
            raise GoldError("gold.id", str(path), number=index, id=reference.id, computed=_reference_id(reference))
    for name, times in Counter(reference.id for reference in gold.references).items():
        if times > 1:
            raise GoldError("gold.twice", str(path), id=name, times=times)
    for name, quotes in _quoted(gold):
        if not quotes:
            raise GoldError("gold.no_quote", str(path), rule=name)
    return gold


def read_json(path: Path, validate: Callable[[Any], T]) -> T:
    """The checked content of a JSON file. Raises GoldError for each way of being broken; `validate` raises pydantic.ValidationError."""
    try:
        return validate(json.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise GoldError("gold.unreadable", str(path), reason=reason_of(error)) from error
    except UnicodeDecodeError as error:
        raise GoldError("gold.encoding", str(path), position=error.start) from error
    except json.JSONDecodeError as error:
        raise GoldError("gold.json", str(path), line=error.lineno, column=error.colno, reason=error.msg) from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "/".join(str(part) for part in first["loc"])
        raise GoldError("gold.schema", str(path), place=place, reason=first["msg"]) from error


def compile_gold(raw: Mapping[str, Any]) -> Gold:
    """Gold from what a reader wrote by hand: keys and reference ids are computed.

    In: the fields of Gold, rules without `key`, references without `id`; a condition may be a list of tests, of which any one suffices
    (本科毕业或具备学士学位). Raises pydantic.ValidationError, with the place, where the rest is no gold.
    """
    rules = [{**rule, "key": "", "condition": _condition(rule.get("condition"))} for rule in raw.get("rules", ())]
    references = [{**reference, "id": ""} for reference in raw.get("references", ())]
    return named(Gold.model_validate({**raw, "rules": rules, "references": references}))


def named(gold: Gold) -> Gold:
    """The same with the computed keys and ids, which depend on a rule's neighbours."""
    keyed = [rule.model_copy(update={"key": key}) for rule, key in zip(gold.rules, _keys(gold.rules), strict=True)]
    cited = [reference.model_copy(update={"id": _reference_id(reference)}) for reference in gold.references]
    return gold.model_copy(update={"rules": tuple(keyed), "references": tuple(cited)})


def _condition(condition: Any) -> Any:
    """A list of tests as a tree; anything else as it is."""
    if not isinstance(condition, list):
        return condition
    tests = [{"test": test} for test in condition]
    return tests[0] if len(tests) == 1 else {"any": tests} if tests else None


def _keys(rules: Sequence[GoldRule]) -> list[str]:
    return assign_keys([Named(r.kind, r.subject, r.role, r.value, r.condition, r.scope) for r in rules])


def _reference_id(reference: GoldReference) -> str:
    return reference.document_number or reference.title or ""


def to_json(gold: Gold) -> str:
    """Canonical JSON: fields in schema order, entries in their own order, what is null or empty left out, Han characters as they are."""
    return json.dumps(plain(gold), ensure_ascii=False, indent=2) + "\n"


def plain(value: Any) -> Any:
    """A model as JSON data without its empty optional fields; a required field stays, also when it is null (the open end of a window)."""
    if isinstance(value, tuple):
        return [plain(part) for part in value]
    if not isinstance(value, BaseModel):
        return value
    told = ((shown, required, plain(getattr(value, name))) for name, shown, required in _fields(type(value)))
    return {shown: part for shown, required, part in told if required or part not in (None, [], {})}


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, str, bool], ...]:
    """The fields of a model: its name, what it is called in JSON, whether it must be stated."""
    return tuple((name, field.alias or name, field.is_required()) for name, field in model.model_fields.items())


def write(gold: Gold, path: Path) -> None:
    """Write canonical JSON, whole or not at all."""
    write_atomic(path, to_json(gold).encode())


def _quoted(gold: Gold) -> Iterator[tuple[str, tuple[GoldQuote, ...]]]:
    """Key or id and quotes of everything that must be proven, in order; rules and references may not share a name."""
    yield from ((rule.key, rule.quotes) for rule in gold.rules)
    yield from ((f"reference/{reference.id}", reference.quotes) for reference in gold.references)


def problems(gold: Gold, ruleset: Ruleset, file: str) -> list[GoldError]:
    """Every quote that the text does not bear out, normative statements included, in the gold's order; `file` is named in the errors."""
    text = Squeezed.of(ruleset.text)
    named = [*_quoted(gold), *((f"normative/{number}", (quote,)) for number, quote in enumerate(gold.normative, start=1))]
    found = []
    for name, quotes in named:
        for quote in quotes:
            try:
                place_of(quote, text, ruleset, name, file)
            except GoldError as error:
                found.append(error)
    return found


def locate(gold: Gold, ruleset: Ruleset, file: str) -> dict[str, tuple[Span, ...]]:
    """Where the quotes stand in the ruleset's text, by rule key and by `reference/` + id. Raises the first of `problems`."""
    text = Squeezed.of(ruleset.text)
    return {name: tuple(place_of(quote, text, ruleset, name, file) for quote in quotes) for name, quotes in _quoted(gold)}


def locate_normative(gold: Gold, ruleset: Ruleset, file: str) -> tuple[Span, ...]:
    """Where the normative statements stand in the ruleset's text, in gold's order. Raises the first of `problems`."""
    text = Squeezed.of(ruleset.text)
    return tuple(place_of(quote, text, ruleset, f"normative/{number}", file) for number, quote in enumerate(gold.normative, start=1))


def place_of(quote: GoldQuote, text: Squeezed, ruleset: Ruleset, rule: str, file: str) -> Span:
    """The one place of a quote: in its section, else in the whole text where it stands there once. Raises GoldError where there is none or several."""
    everywhere = text.find(quote.quote, quote.prefix or "", quote.suffix or "")
    if len(everywhere) == 1:
        return everywhere[0]
    section = section_spans(ruleset.sections, quote.section)
    here = within(everywhere, section)
    if len(here) > 1 and quote.row:
        here = in_row(text, here, quote.row)
    if len(here) > 1 and quote.column:
        here = in_column(text, here, quote.column)
    if len(here) == 1:
        return here[0]
    details = {"rule": rule, "quote": quote.quote, "section": quote.section}
    if here:
        raise GoldError("gold.quote_ambiguous", file, **details, times=len(here))
    if not section:
        raise GoldError("gold.section_unknown", file, **details, times=len(everywhere))
    if everywhere:
        raise GoldError("gold.quote_elsewhere", file, **details, times=len(everywhere))
    raise GoldError("gold.quote_absent", file, **details)
