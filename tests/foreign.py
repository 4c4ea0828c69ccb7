"""Other people's engines, to run exports in: json-logic-js and feelin in Node, SpiffWorkflow in Python; and generated rulesets and persons to run."""

import json
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine, TaskDataEnvironment
from SpiffWorkflow.dmn.engine.DMNEngine import DMNEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser
from test_evaluate import TREES

from pipeline.export.dmn import MODEL
from pipeline.export.vocabulary import asked_schema
from schemas.document import Source
from schemas.ruleset import Condition, Confidence, EligibilityRule, Evidence, FeeRule, Notice, Rule, Ruleset, Run, Scope, ThresholdRule
from schemas.values import Money, Quantity

ENGINES = Path(__file__).parent / "engines"
ROOT = Path(__file__).parent.parent
PUBLISHED = sorted((ROOT / "outputs").glob("*/*.ruleset.json"))


@cache
def _node() -> subprocess.Popen[str]:
    node = shutil.which("node")
    if node is None or not (ENGINES / "node_modules" / "feelin").is_dir():
        pytest.fail("no engines: run tests/setup_system.sh (Node, and npm ci in tests/engines)")
    return subprocess.Popen([node, "run.mjs"], cwd=ENGINES, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")


def in_node(**asked: object) -> Any:
    """What tests/engines/run.mjs answers."""
    process = _node()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


# -- DMN


class _Task:
    """As much of a workflow's task as SpiffWorkflow's engine asks for. Cells are FEEL, whose constants Python does not have."""

    def __init__(self, data: dict[str, object]) -> None:
        self.data = data
        self.workflow = self
        self.script_engine = PythonScriptEngine(TaskDataEnvironment({"null": None, "true": True, "false": False}))


def tables(dmn: bytes) -> dict[str, Any]:
    """The decisions of a file by id, each as a file of its own, for SpiffWorkflow takes one decision a file."""
    root = etree.fromstring(dmn)
    found = {}
    for decision in root.iterfind(f"{{{MODEL}}}decision"):
        alone = etree.fromstring(dmn)
        for other in alone.findall(f"{{{MODEL}}}decision"):
            if other.get("id") != decision.get("id"):
                alone.remove(other)
        found[decision.get("id")] = alone
    return found


def in_spiff(decision: Any, facts: Mapping[str, object]) -> list[dict[str, object]]:
    """The outputs of the rows that SpiffWorkflow hits. Facts that are missing are given as None."""
    parser = BpmnDmnParser()
    parser.add_dmn_xml(decision)
    reader = parser.dmn_parsers[decision.find(f"{{{MODEL}}}decision").get("id")]
    reader.parse()
    table = reader.decision.decisionTables[0]
    names = [one.expression for one in table.inputs if one.expression != "true"]
    task = _Task({name: facts.get(name) for name in names})
    return [dict(rule.output_as_dict(task)) for rule in DMNEngine(table).decide(task)]


def in_feelin(decision: Any, facts: Mapping[str, object]) -> list[dict[str, object]]:
    """The outputs of the rows all of whose cells feelin finds hit."""
    table = decision.find(f".//{{{MODEL}}}decisionTable")

    def texts(parent: Any, path: str) -> list[str]:
        return [node.text for node in parent.iterfind("/".join(f"{{{MODEL}}}{step}" for step in path.split("/")))]

    inputs = texts(table, "input/inputExpression/text")
    names = [output.get("name") for output in table.iterfind(f"{{{MODEL}}}output")]
    rules = list(table.iterfind(f"{{{MODEL}}}rule"))
    known = {name: facts.get(name) for name in inputs if name != "true"}
    hits = in_node(inputs=inputs, rows=[texts(rule, "inputEntry/text") for rule in rules], facts=known)
    return [dict(zip(names, map(json.loads, texts(rule, "outputEntry/text")), strict=True)) for rule, hit in zip(rules, hits, strict=True) if hit]


# -- generated rulesets and persons

_TEXT = "申报人员符合下列条件的，可申报。"
LEVELS, ROUTES = ("助理级", "中级", "高级", "副高级"), ("正常申报", "技能人才申报")
_SCOPES = st.builds(
    Scope,
    levels=st.none() | st.lists(st.sampled_from(LEVELS), min_size=1, max_size=2, unique=True).map(tuple),
    routes=st.none() | st.lists(st.sampled_from(ROUTES), min_size=1, max_size=2, unique=True).map(tuple),
    applicants=st.none() | st.just(("公务员",)),
)


def _evidence(draw: Any) -> Evidence:
    start = draw(st.integers(0, 4))
    quote = _TEXT[start : start + 6]
    return Evidence(start=start, end=start + 6, quote=quote, prefix="", suffix="", section="一", pattern="test.generated")


@st.composite
def _rule(draw: Any, number: int) -> Rule:
    common: dict[str, Any] = {
        "key": f"rule/{number}",
        "uid": f"{number:016x}",
        "scope": draw(_SCOPES),
        "condition": draw(st.none() | TREES),
        "evidence": (_evidence(draw),),
        "confidence": Confidence(score="1.00"),
    }
    kind = draw(st.sampled_from(("eligibility", "eligibility", "eligibility", "fee", "threshold")))
    if kind == "fee":
        return FeeRule(subject="评审费", value=Money(amount=draw(st.sampled_from(("180", "280.50")))), per="人", **common)
    if kind == "threshold":
        return ThresholdRule(subject="继续教育", value=Quantity(op=">=", number="90", unit="学时"), **common)
    modality = draw(st.sampled_from((None, "may", "must", "must_not")))
    return EligibilityRule(subject="申报资格", outcome=draw(st.sampled_from(("可申报", "方可申报", "不得申报"))), modality=modality, **common)


@st.composite
def rulesets(draw: Any) -> Ruleset:
    """Rulesets of up to five rules with any conditions and scopes."""
    rules = tuple(draw(_rule(number)) for number in range(draw(st.integers(1, 5))))
    return ruleset_of(*rules)


def ruleset_of(*rules: Rule) -> Ruleset:
    """A ruleset of these rules over a short text."""
    return Ruleset(
        notice=Notice(title="关于甲市工程师评审的通知", series="series", edition="2023", cycle=2023, issued_on="2023-07-01"),
        source=Source(file="notice.txt", media_type="text/plain", sha256="0" * 64, text_sha256="0" * 64, reader="txt"),
        text=_TEXT,
        sections=(),
        rules=rules,
        references=(),
        run=Run(program="noticerules test", vocabulary="0" * 64),
    )


def opening(condition: Condition | None, *, uid: str = "f" * 16, outcome: str = "可申报", scope: Scope | None = None, **more: Any) -> EligibilityRule:
    """A rule that opens by a condition."""
    evidence = Evidence(start=0, end=4, quote=_TEXT[:4], prefix="", suffix="", section="一", pattern="test.generated")
    return EligibilityRule(
        key=f"eligibility/{uid}",
        uid=uid,
        subject="申报资格",
        outcome=outcome,
        condition=condition,
        scope=scope or Scope(),
        evidence=(evidence,),
        confidence=Confidence(score="1.00"),
        **more,
    )


def persons(conditions: list[Condition]) -> st.SearchStrategy[dict[str, Any]]:
    """Facts by the schema that goes with the conditions: each is stated, null or missing."""
    properties = asked_schema(conditions)["properties"]
    return st.fixed_dictionaries({}, optional={name: st.none() | _values(described) for name, described in properties.items()})


def _values(described: Mapping[str, Any]) -> st.SearchStrategy[Any]:
    plain = next(one for one in described["type"] if one != "null")
    if plain == "array":
        words = described.get("items", {}).get("enum") or described["examples"][0]
        return st.lists(st.sampled_from(words) if "enum" in described["items"] else st.sampled_from((*words, "别的")), max_size=3)
    if "enum" in described:
        return st.sampled_from([word for word in described["enum"] if word is not None])
    return st.booleans() if plain == "boolean" else st.integers(0, 20) | st.integers(0, 200).map(lambda tenths: tenths / 10)
