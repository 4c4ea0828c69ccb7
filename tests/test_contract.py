"""The contract: schemas in git are those of the code, a change that would trip a reader of an older minor version is told, old rulesets still load."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from foreign import PUBLISHED, ROOT
from make_ruleset import small_ruleset
from pydantic import ValidationError
from typer.testing import CliRunner

from pipeline.cli import app
from schemas.contract import SCHEMAS, breaks, file_name, same, schema
from schemas.ruleset import SCHEMA_VERSION, Ruleset

FOLDER = ROOT / "schemas" / "json"
SAMPLES = sorted((Path(__file__).parent / "data" / "rulesets").glob("*/*.ruleset.json"))
MAJOR, MINOR = (int(part) for part in SCHEMA_VERSION.split(".")[:2])


def published(name: str) -> dict[tuple[int, int], Any]:
    """The schemas in git under a name, by version."""
    found = {}
    for path in FOLDER.glob(f"{name}-*.schema.json"):
        major, minor = path.name.removeprefix(f"{name}-").removesuffix(".schema.json").split(".")
        found[int(major), int(minor)] = json.loads(path.read_bytes())
    return found


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schema_in_git_is_that_of_the_code(name: str) -> None:
    path = FOLDER / file_name(name)
    assert path.is_file(), "a new version: noticerules schema -o schemas/json"
    assert same(json.loads(path.read_bytes()), schema(name)), f"{path.name} is published: raise its version, then noticerules schema -o schemas/json"


@pytest.mark.parametrize("name", SCHEMAS)
def test_readers_of_every_older_minor_version_can_go_on(name: str) -> None:
    major = int(SCHEMAS[name][0].split(".")[0])
    assert {version: breaks(old, schema(name)) for version, old in published(name).items() if version[0] == major} == {
        version: [] for version in published(name) if version[0] == major
    }


def test_the_published_rulesets_pass_every_older_schema() -> None:
    for version, old in published("ruleset").items():
        if version[0] == MAJOR:
            for file in PUBLISHED:
                jsonschema.validate(json.loads(file.read_bytes()), old)


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_old_rulesets_load_and_keep_what_they_say(file: Path) -> None:
    raw = json.loads(file.read_bytes())
    ruleset = Ruleset.from_json(file.read_bytes())
    assert [rule.key for rule in ruleset.rules] == [rule["key"] for rule in raw["rules"]]
    again = json.loads(ruleset.to_json())
    assert _holds(again, raw)


def test_every_minor_version_has_samples() -> None:
    assert {tuple(map(int, file.parent.name.split("."))) for file in SAMPLES} == {version for version in published("ruleset") if version[0] == MAJOR}


def _holds(new: Any, old: Any) -> bool:
    """Whether everything that the old says stands in the new too."""
    if isinstance(old, dict):
        return isinstance(new, dict) and all(name in new and _holds(new[name], part) for name, part in old.items())
    if isinstance(old, list):
        return isinstance(new, list) and len(new) == len(old) and all(map(_holds, new, old))
    return bool(new == old)


# -- a change that breaks readers is told


def renamed(schema: Any) -> None:
    fee = schema["$defs"]["FeeRule"]
    fee["properties"]["unit"] = fee["properties"].pop("per")
    fee["required"] = ["unit" if name == "per" else name for name in fee["required"]]


def optional(schema: Any) -> None:
    schema["$defs"]["Evidence"]["required"].remove("quote")


def retyped(schema: Any) -> None:
    schema["$defs"]["Evidence"]["properties"]["start"] = {"type": "string"}


def nullable(schema: Any) -> None:
    schema["$defs"]["Evidence"]["properties"]["quote"] = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def another_word(schema: Any) -> None:
    schema["$defs"]["DateRule"]["properties"]["role"]["enum"].append("paused")


def any_text(schema: Any) -> None:
    del schema["$defs"]["DateRule"]["properties"]["role"]["enum"]


def another_pattern(schema: Any) -> None:
    schema["$defs"]["Money"]["properties"]["amount"]["pattern"] = ".*"


def a_kind_gone(schema: Any) -> None:
    union = schema["properties"]["rules"]["items"]["oneOf"]
    union[:] = [one for one in union if not one["$ref"].endswith("FeeRule")]


def deep_in_conditions(schema: Any) -> None:
    schema["$defs"]["Test"]["properties"]["value"] = {"type": "string"}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (renamed, "/rules[](fee)/per: gone"),
        (optional, "quote: may be missing"),
        (retyped, "start: string instead of integer"),
        (nullable, "quote: may be null"),
        (another_word, "role: may be paused"),
        (any_text, "role: may be any text"),
        (another_pattern, "amount: pattern"),
        (a_kind_gone, "/rules[](fee): gone"),
        (deep_in_conditions, "value: string instead of array"),
    ],
)
def test_what_would_break_a_reader_is_told(change: Callable[[Any], None], said: str) -> None:
    old = schema("ruleset")
    new = copy.deepcopy(old)
    change(new)
    assert any(said in line for line in breaks(old, new)), breaks(old, new)
    assert not same(old, new)


def test_what_only_adds_breaks_nobody() -> None:
    old = schema("ruleset")
    new = copy.deepcopy(old)
    new["$defs"]["QuotaRule"] = {
        **new["$defs"]["FeeRule"],
        "properties": {**new["$defs"]["FeeRule"]["properties"], "kind": {"const": "quota", "type": "string"}},
    }
    new["properties"]["rules"]["items"]["oneOf"].append({"$ref": "#/$defs/QuotaRule"})
    new["properties"]["further"] = {"type": "string"}
    new["$defs"]["Evidence"]["description"] = "other words"
    assert breaks(old, new) == []
    assert not same(old, new)


# -- files of other versions


def later(**changes: Any) -> bytes:
    raw = json.loads(small_ruleset().to_json())
    return json.dumps({**raw, "schema_version": f"{MAJOR}.{MINOR + 1}.0", **changes}).encode()


def test_a_file_of_a_later_minor_version_is_read_as_far_as_it_is_known() -> None:
    raw = json.loads(small_ruleset().to_json())
    quota = {**raw["rules"][0], "kind": "quota", "seats": "3"}
    ranged = {**raw["rules"][1], "value": {"type": "range", "from": "1"}}
    found = Ruleset.from_json(later(rules=[{**raw["rules"][0], "weather": "fair"}, quota, ranged], further=True))
    assert [rule.key for rule in found.rules] == [raw["rules"][0]["key"]]
    assert [(finding.code, "2 条" in finding.message) for finding in found.findings if finding.code == "newer-schema"] == [("newer-schema", True)]
    assert Ruleset.from_json(later()).rules == small_ruleset().rules


@pytest.mark.parametrize("data", [later(schema_version=f"{MAJOR + 1}.0.0"), later(schema_version="1"), later(text=None), b"{}", b"[]", b"1", b"{"])
def test_what_is_no_ruleset_of_this_major_version_is_refused(data: bytes) -> None:
    with pytest.raises(ValidationError):
        Ruleset.from_json(data)


def test_a_file_of_this_version_may_not_have_fields_that_it_does_not_know() -> None:
    with pytest.raises(ValidationError):
        Ruleset.from_json(json.dumps({**json.loads(small_ruleset().to_json()), "further": True}))


# -- the command


def test_the_command_writes_all_and_never_changes_what_is_published(tmp_path: Path) -> None:
    run = CliRunner().invoke(app, ["schema", "-o", str(tmp_path)])
    assert (run.exit_code, len(run.output.splitlines())) == (0, len(SCHEMAS))
    path = tmp_path / file_name("ruleset")
    changed = json.loads(path.read_bytes())
    del changed["properties"]["text"]
    path.write_text(json.dumps(changed), "utf-8")
    refused = CliRunner().invoke(app, ["schema", "-o", str(tmp_path), "--lang", "en"])
    assert refused.exit_code == 1
    assert "raise the version" in refused.stderr
    assert json.loads(path.read_bytes()) == changed
