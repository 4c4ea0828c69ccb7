"""Executable exports in engines that are not ours, over generated rulesets, the published ones, and persons of whom something is not known."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from foreign import PUBLISHED, in_feelin, in_node, in_spiff, opening, persons, ruleset_of, rulesets, tables
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from json_logic import jsonLogic
from lxml import etree
from SpiffWorkflow.dmn.parser.BpmnDmnParser import XSD_DIR
from test_evaluate import TREES

from pipeline.assess import assess, holds_for
from pipeline.evaluate import evaluate
from pipeline.export.dmn import FORMULA, MODEL, dmn_bytes
from pipeline.export.jsonlogic import jsonlogic_bytes, logic
from pipeline.routes import routes, when
from schemas.ruleset import Condition, EligibilityRule, FeeRule, Ruleset, ThresholdRule

OFTEN = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
STATUS = {True: "open", False: "closed", None: "undecided"}


def conditions(ruleset: Ruleset) -> list[Condition]:
    asked = [
        *(rule.condition for rule in ruleset.rules),
        *(way.condition for way in routes(ruleset)),
        *(when(r, ruleset.notice) for r in ruleset.rules),
    ]
    return [condition for condition in asked if condition is not None]


@st.composite
def cases(draw: Any) -> tuple[Ruleset, dict[str, Any]]:
    ruleset = draw(rulesets())
    return ruleset, draw(persons(conditions(ruleset)))


# -- JsonLogic


@OFTEN
@given(st.data(), TREES)
def test_a_condition_says_the_same_in_json_logic(data: st.DataObject, tree: Condition) -> None:
    facts = data.draw(persons([tree]))
    expected = evaluate(tree, facts)
    assert jsonLogic(logic(tree), facts) is expected
    assert in_node(logic=logic(tree), data=facts) is expected


def agrees_in_json_logic(ruleset: Ruleset, facts: dict[str, Any]) -> None:
    document = json.loads(jsonlogic_bytes(ruleset))
    jsonschema.validate(facts, document["facts"])
    assessed = {(route.level, route.route): route for route in assess(ruleset, facts).routes}
    assert len(document["routes"]) == len(assessed)
    for way in document["routes"]:
        status = assessed[way["level"], way["route"]].status
        assert STATUS[jsonLogic(way["logic"], facts)] == status
        assert STATUS[in_node(logic=way["logic"], data=facts)] == status
    answers = {line.uid: line.answer for route in assessed.values() for line in route.lines}
    for rule in document["rules"]:
        own = next(one for one in ruleset.rules if one.uid == rule["uid"])
        expected = answers.get(rule["uid"], evaluate(own.condition, facts) if own.condition else None)
        assert jsonLogic(rule["logic"], facts) is expected
        assert in_node(logic=rule["logic"], data=facts) is expected


@OFTEN
@given(cases())
def test_json_logic_agrees_with_assess(case: tuple[Ruleset, dict[str, Any]]) -> None:
    agrees_in_json_logic(*case)


def test_without_the_guard_a_missing_fact_would_be_met() -> None:
    tree = Condition.model_validate({"test": {"fact": "contest_rank", "op": "<=", "value": ["4"], "unit": "名"}})
    unguarded = {"<=": [{"var": "contest_rank"}, 4]}
    assert jsonLogic(unguarded, {}) is True
    assert jsonLogic(logic(tree), {}) is None
    assert in_node(logic=logic(tree), data={}) is None


def test_a_title_that_no_list_holds_stays_open() -> None:
    tree = Condition.model_validate({"test": {"fact": "title_held", "value": ["工程师"]}})
    person = {"title_held": ["水利专业工程师"]}
    assert evaluate(tree, person) is True
    assert jsonLogic(logic(tree), person) is None


# -- DMN


def agrees_in_dmn(ruleset: Ruleset, facts: dict[str, Any]) -> None:
    decisions = tables(dmn_bytes(ruleset))
    for engine in (in_spiff, in_feelin):
        _eligibility_agrees(ruleset, facts, {row["rule"]: row["answer"] for row in _hits(engine, decisions, "eligibility", facts)})
        opened = {(row["level"], row["route"]): row["open"] for row in _hits(engine, decisions, "routes", facts)}
        for route in assess(ruleset, facts).routes:
            assert opened.get((route.level, route.route)) == {"open": "yes", "closed": "no", "undecided": None}[route.status]
            asked = {**facts, "level": route.level, "route": route.route}
            hit = {row["rule"] for name in ("fees", "thresholds") for row in _hits(engine, decisions, name, asked)}
            surely = {
                rule.uid
                for rule in ruleset.rules
                if isinstance(rule, FeeRule | ThresholdRule) and holds_for(rule, ruleset, route.level, route.route, facts)
            }
            assert hit == surely


def _hits(engine: Any, decisions: dict[str, Any], name: str, facts: dict[str, Any]) -> list[dict[str, Any]]:
    return engine(decisions[name], facts) if name in decisions else []


def _eligibility_agrees(ruleset: Ruleset, facts: dict[str, Any], answers: dict[str, str]) -> None:
    for rule in ruleset.rules:
        if isinstance(rule, EligibilityRule) and rule.condition is not None:
            assert answers.get(rule.uid) == {True: "yes", False: "no", None: None}[evaluate(rule.condition, facts)]


@OFTEN
@given(cases())
def test_dmn_agrees_with_assess(case: tuple[Ruleset, dict[str, Any]]) -> None:
    agrees_in_dmn(*case)


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.parent.name)
def test_published_rulesets_agree(file: Path, data: st.DataObject) -> None:
    ruleset = Ruleset.from_json(file.read_bytes())
    facts = data.draw(persons(conditions(ruleset)))
    agrees_in_json_logic(ruleset, facts)
    agrees_in_dmn(ruleset, facts)


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.parent.name)
def test_dmn_is_valid_and_every_row_names_its_clause(file: Path) -> None:
    root = etree.fromstring(dmn_bytes(Ruleset.from_json(file.read_bytes())))
    etree.XMLSchema(etree.parse(Path(XSD_DIR) / "DMN13.xsd")).assertValid(root)
    rows = root.findall(f".//{{{MODEL}}}rule")
    assert rows
    for row in rows:
        said = row.findtext(f"{{{MODEL}}}annotationEntry/{{{MODEL}}}text")
        assert said == row.findtext(f"{{{MODEL}}}description")
        assert "：" in said


@pytest.mark.parametrize("fact", ["region", "speciality", "title_held", "award", "employment"])
def test_a_word_that_no_test_asks_for(fact: str) -> None:
    tree = Condition.model_validate({"test": {"fact": fact, "value": ["中级"]}})
    for held in ([], ["中级"], ["员级"], ["中级", "员级"], None):
        agrees_in_dmn(ruleset_of(opening(tree)), {fact: held})
        agrees_in_json_logic(ruleset_of(opening(tree)), {fact: held})


def test_many_branches_become_a_formula_that_says_the_same() -> None:
    units = {"years_in_post": "年", "years_with_title": "年", "years_skilled": "年", "age": "岁", "recommenders": "名"}
    branches = [[{"test": {"fact": fact, "op": op, "value": ["4"], "unit": unit}} for op in (">=", "<", "=")] for fact, unit in units.items()]
    tree = Condition.model_validate({"all": [{"any": branch} for branch in branches]})
    ruleset = ruleset_of(opening(tree))
    assert f'_{FORMULA}"'.encode() in dmn_bytes(ruleset)
    for facts in ({}, dict.fromkeys(units, 4), dict.fromkeys(units, 5), {**dict.fromkeys(units, 4), "age": None}):
        agrees_in_dmn(ruleset, facts)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@example("""a" or true or "b ' ? \\ </text> 甲\x01""")
@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_words_of_a_notice_cannot_break_out_of_a_cell(words: str) -> None:
    tree = Condition.model_validate({"any": [{"test": {"fact": "award", "value": [words]}}, {"opaque": words}]})
    for facts in ({}, {"award": [words]}, {"award": ["a"]}):
        agrees_in_dmn(ruleset_of(opening(tree)), facts)
        agrees_in_json_logic(ruleset_of(opening(tree)), facts)
