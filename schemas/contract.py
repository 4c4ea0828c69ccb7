"""The contract as JSON Schema: what is published in `schemas/json/`, one file a minor version, and what would break those who read an older one.

A minor version may add fields, kinds of rules and types of values; a reader passes over those that it does not know, so the published schemas do not
forbid further fields. Everything else (a field gone, renamed, of another type, with further words to choose from) needs a new major version.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from schemas.assessment import ASSESSMENT_VERSION, Assessment
from schemas.changes import CHANGES_VERSION, Changes, Effective, History
from schemas.facts import FACTS_VERSION, facts_schema
from schemas.ruleset import SCHEMA_VERSION, Ruleset

DIALECT = "https://json-schema.org/draft/2020-12/schema"
Schema = Mapping[str, Any]
_WORDS_FOR_PEOPLE = ("title", "description", "examples")


def _of(model: type[BaseModel]) -> Callable[[], dict[str, Any]]:
    return lambda: {"$schema": DIALECT, **_open(model.model_json_schema(mode="serialization"))}


def _open(node: Any) -> Any:
    """Without the ban on further fields, which is for what we write and not for what others read."""
    if isinstance(node, dict):
        return {name: _open(part) for name, part in node.items() if name != "additionalProperties" or part is not False}
    return [_open(part) for part in node] if isinstance(node, list) else node


SCHEMAS: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "ruleset": (SCHEMA_VERSION, _of(Ruleset)),
    "facts": (FACTS_VERSION, facts_schema),
    "assessment": (ASSESSMENT_VERSION, _of(Assessment)),
    "changes": (CHANGES_VERSION, _of(Changes)),
    "history": (CHANGES_VERSION, _of(History)),
    "effective": (CHANGES_VERSION, _of(Effective)),
}
"""Each schema with its version."""


def schema(name: str) -> dict[str, Any]:
    """The schema of a name in SCHEMAS as it is now."""
    return SCHEMAS[name][1]()


def file_name(name: str) -> str:
    """Where the schema is published: ruleset-1.0.schema.json."""
    major, minor, _ = SCHEMAS[name][0].split(".")
    return f"{name}-{major}.{minor}.schema.json"


def same(left: Any, right: Any) -> bool:
    """Whether two schemas say the same, whatever words they have for people."""
    return bool(_bare(left) == _bare(right))


def _bare(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _bare(part) for name, part in node.items() if name not in _WORDS_FOR_PEOPLE or not isinstance(part, str | list)}
    return [_bare(part) for part in node] if isinstance(node, list) else node


def breaks(old: Schema, new: Schema) -> list[str]:
    """What a reader of the old schema would trip over in files of the new one, a line each with its place."""
    return list(dict.fromkeys(_Comparison(old, new).of(old, new, "")))


class _Comparison:
    """Two documents with their definitions; remembers which pairs it has seen, for conditions hold conditions."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old, self.new = old, new
        self.seen: set[tuple[str, str]] = set()

    def of(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        pair = str(old.get("$ref", "")), str(new.get("$ref", ""))
        if all(pair):
            if pair in self.seen:
                return
            self.seen.add(pair)
        old, new = _resolved(old, self.old), _resolved(new, self.new)
        if "anyOf" in old or "oneOf" in old or "anyOf" in new or "oneOf" in new:
            yield from self._choices(old, new, place)
            return
        yield from _values(old, new, place)
        yield from self._fields(old, new, place)
        if "items" in old and "items" in new:
            yield from self.of(old["items"], new["items"], f"{place}[]")

    def _fields(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        for name, was in old.get("properties", {}).items():
            now = new.get("properties", {}).get(name)
            if now is None:
                yield f"{place}/{name}: gone"
                continue
            if name in old.get("required", ()) and name not in new.get("required", ()):
                yield f"{place}/{name}: may be missing"
            yield from self.of(was, now, f"{place}/{name}")

    def _choices(self, old: Schema, new: Schema, place: str) -> Iterator[str]:
        """Each new alternative has an old one that it is a case of; a union told apart by a word may grow."""
        before = {_mark(_resolved(one, self.old)): one for one in _alternatives(old)}
        after = {_mark(_resolved(one, self.new)): one for one in _alternatives(new)}
        for mark, now in after.items():
            if mark in before:
                yield from self.of(before[mark], now, f"{place}({mark})")
            elif "discriminator" not in old:
                yield f"{place}: may be {mark}"
        yield from (f"{place}({mark}): gone" for mark in before if mark not in after and mark != "null")


def _resolved(node: Schema, document: Schema) -> Schema:
    while "$ref" in node:
        node = document["$defs"][str(node["$ref"]).rpartition("/")[2]]
    return node


def _alternatives(node: Schema) -> list[Schema]:
    return [part for name in ("anyOf", "oneOf") for part in node.get(name, ())] or [node]


def _mark(node: Schema) -> str:
    """What tells an alternative: the word of its kind or type, else its JSON type."""
    for name in ("kind", "type"):
        word = node.get("properties", {}).get(name, {}).get("const")
        if word is not None:
            return str(word)
    if "anyOf" in node or "oneOf" in node:
        return "union"
    return str(node.get("type", "anything"))


def _values(old: Schema, new: Schema, place: str) -> Iterator[str]:
    """Types, words to choose from and patterns."""
    was, now = _types(old), _types(new)
    if was and not (now and now <= was):
        yield f"{place}: {'/'.join(sorted(now)) or 'anything'} instead of {'/'.join(sorted(was))}"
    words, further = _words(old), _words(new)
    if words is not None and (further is None or not further <= words):
        yield f"{place}: may be {'/'.join(sorted((further or set()) - words)) or 'any text'}"
    if "pattern" in old and old["pattern"] != new.get("pattern") and further is None:
        yield f"{place}: pattern {new.get('pattern')} instead of {old['pattern']}"


def _types(node: Schema) -> set[str]:
    stated = node.get("type", [])
    return {stated} if isinstance(stated, str) else set(stated)


def _words(node: Schema) -> set[str] | None:
    return {str(node["const"])} if "const" in node else {str(word) for word in node["enum"]} if "enum" in node else None
