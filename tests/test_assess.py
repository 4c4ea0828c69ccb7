"""May I apply? Open, closed and undecided, why, what would decide it, what follows; and the command that says so."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from foreign import PUBLISHED, opening, persons, ruleset_of, rulesets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from pipeline.assess import assess, holds_for
from pipeline.cli import app
from pipeline.errors import NoticeError
from pipeline.evaluate import evaluate
from pipeline.facts import LARGEST, checked_facts, read_facts
from pipeline.language import choose
from pipeline.report.assess_terminal import read_answer
from schemas.assessment import Assessment, Question
from schemas.facts import FACTS, facts_schema, question_name
from schemas.ruleset import Condition, DateRule, FeeRule, Ruleset, Scope
from schemas.values import Instant, Money

QUIET = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(autouse=True)
def english() -> Any:
    choose("en")
    yield
    choose(None)


def years(number: int) -> Condition:
    return Condition.model_validate({"test": {"fact": "years_in_post", "op": ">=", "value": [str(number)], "unit": "年"}})


def member(fact: str, *words: str) -> Condition:
    return Condition.model_validate({"test": {"fact": fact, "value": list(words)}})


def statuses(ruleset: Ruleset, **facts: Any) -> dict[tuple[str | None, str | None], str]:
    return {(route.level, route.route): route.status for route in assess(ruleset, facts).routes}


def only(ruleset: Ruleset, **facts: Any) -> str:
    (status,) = statuses(ruleset, **facts).values()
    return status


# -- how rules stand together


def test_one_opening_decides_where_what_it_asks_is_known() -> None:
    ruleset = ruleset_of(opening(years(4)))
    assert (only(ruleset), only(ruleset, years_in_post=4), only(ruleset, years_in_post=3)) == ("undecided", "open", "closed")


def test_openings_of_one_scope_are_alternatives() -> None:
    ruleset = ruleset_of(opening(years(4), uid="a" * 16), opening(member("award", "奖"), uid="b" * 16))
    assert only(ruleset, years_in_post=1, award=["奖"]) == "open"
    assert only(ruleset, years_in_post=1) == "undecided"
    assert only(ruleset, years_in_post=1, award=[]) == "closed"


@pytest.mark.parametrize("demand", [{"modality": "must"}, {"outcome": "方可申报"}, {"outcome": "才能参评"}])
def test_a_demand_must_be_met(demand: dict[str, str]) -> None:
    ruleset = ruleset_of(opening(years(4), uid="a" * 16), opening(member("award", "奖"), uid="b" * 16, **demand))
    assert only(ruleset, years_in_post=4, award=["奖"]) == "open"
    assert only(ruleset, years_in_post=4) == "undecided"
    assert only(ruleset, years_in_post=4, award=[]) == "closed"


def test_a_bar_closes_whatever_else_is_met() -> None:
    ruleset = ruleset_of(
        opening(years(4), uid="a" * 16), opening(member("employment", "公务员"), uid="b" * 16, modality="must_not", outcome="不得申报")
    )
    assert only(ruleset, years_in_post=9, employment=["公务员"]) == "closed"
    assert only(ruleset, years_in_post=9) == "undecided"
    assert only(ruleset, years_in_post=9, employment=["企业"]) == "open"


def test_a_rule_for_everybody_is_asked_too_and_closes_nothing_by_itself() -> None:
    ruleset = ruleset_of(
        opening(member("employment", "企业"), uid="a" * 16),
        opening(years(4), uid="b" * 16, scope=Scope(levels=("中级",))),
        opening(years(2), uid="c" * 16, scope=Scope(levels=("助理级",))),
    )
    assert statuses(ruleset, years_in_post=4, employment=["企业"]) == {("助理级", None): "open", ("中级", None): "open"}
    assert statuses(ruleset, years_in_post=3, employment=["企业"]) == {("助理级", None): "open", ("中级", None): "closed"}
    assert statuses(ruleset, years_in_post=4, employment=["公务员"])["中级", None] == "undecided"
    even_so = next(q for q in assess(ruleset, {"years_in_post": 4, "employment": ["公务员"]}).questions if "即使" in q.words)
    assert statuses(ruleset, years_in_post=4, employment=["公务员"], **{even_so.name: True})["中级", None] == "open"


def test_what_opens_a_route_is_no_demand_on_another() -> None:
    ruleset = ruleset_of(
        opening(years(4), uid="a" * 16, scope=Scope(levels=("中级",))),
        opening(years(2), uid="b" * 16, scope=Scope(levels=("助理级",))),
        opening(member("certificate", "技师"), uid="c" * 16, scope=Scope(levels=("中级",), routes=("技能人才申报",))),
    )
    found = statuses(ruleset, years_in_post=0, certificate=["技师"])
    assert found == {("助理级", None): "closed", ("中级", None): "closed", ("中级", "技能人才申报"): "open"}


def test_a_wide_level_gives_way_to_those_that_it_holds() -> None:
    ruleset = ruleset_of(
        opening(years(4), uid="a" * 16, scope=Scope(levels=("高级",))), opening(years(9), uid="b" * 16, scope=Scope(levels=("正高级",)))
    )
    assert statuses(ruleset, years_in_post=5) == {("副高级", None): "open", ("正高级", None): "closed"}


def test_what_is_said_of_certain_persons_is_asked_first() -> None:
    demand = opening(member("award", "奖"), uid="b" * 16, modality="must", scope=Scope(applicants=("公务员",)))
    ruleset = ruleset_of(opening(years(4), uid="a" * 16), demand)
    assert only(ruleset, years_in_post=4, award=[]) == "undecided"
    assert only(ruleset, years_in_post=4, award=[], **{question_name("申报人属于：公务员"): False}) == "open"
    assert only(ruleset, years_in_post=4, award=[], **{question_name("申报人属于：公务员"): True}) == "closed"


def test_unread_words_are_questions_and_a_rule_without_condition_opens_nothing_by_itself() -> None:
    ruleset = ruleset_of(opening(Condition(opaque="业绩突出")))
    assert [(q.words, q.kind, q.decides) for q in assess(ruleset, {}).questions] == [("业绩突出", "boolean", True)]
    assert (only(ruleset), only(ruleset, **{question_name("业绩突出"): True})) == ("undecided", "open")
    assert only(ruleset_of(opening(None))) == "undecided"


def test_a_notice_without_eligibility_has_no_routes() -> None:
    assert assess(ruleset_of(), {}).routes == ()


def test_another_place_or_speciality_is_no_refusal() -> None:
    ruleset = ruleset_of(opening(member("region", "我市")))
    assert (only(ruleset, region=["柯桥区"]), only(ruleset, region=["我市"]), only(ruleset, region=[])) == ("undecided", "open", "closed")


# -- why, and what would decide


def test_the_lines_name_rule_clause_quote_and_every_test() -> None:
    tree = Condition(all=(years(4), member("award", "奖")))
    (route,) = assess(ruleset_of(opening(tree)), {"years_in_post": 3}).routes
    (line,) = route.lines
    assert (line.uid, line.effect, line.answer, line.decides) == ("f" * 16, "opens", False, True)
    assert (line.proof.clause, line.proof.quote) == ("一", "申报人员")
    assert [(test.fact, test.answer) for test in line.tests] == [("years_in_post", False), ("award", None)]


def test_the_status_rests_on_the_opening_that_is_met_not_on_the_others() -> None:
    ruleset = ruleset_of(opening(years(4), uid="a" * 16), opening(years(9), uid="b" * 16))
    (route,) = assess(ruleset, {"years_in_post": 5}).routes
    assert {line.uid[0]: line.decides for line in route.lines} == {"a": True, "b": False}


@QUIET
@given(st.data(), rulesets())
def test_a_question_that_decides_alone_does_so_and_no_other_fact_matters(data: st.DataObject, ruleset: Ruleset) -> None:
    facts = data.draw(persons([route.condition for route in assess(ruleset, {}).routes]))
    for route in assess(ruleset, facts).routes:
        assert (route.status == "undecided") == (evaluate(route.condition, facts) is None)
        asked = {question.name for question in route.questions}
        if route.status == "undecided":
            names = {leaf.test.fact if leaf.test else question_name(leaf.opaque or "") for leaf in route.condition.leaves()}
            more = data.draw(persons([route.condition]))
            irrelevant = {name: value for name, value in more.items() if name in names - asked and facts.get(name) is None}
            assert evaluate(route.condition, {**facts, **irrelevant}) is None
        else:
            assert not asked


@QUIET
@given(st.data(), rulesets())
def test_facts_added_later_never_turn_a_route_round(data: st.DataObject, ruleset: Ruleset) -> None:
    facts = data.draw(persons([route.condition for route in assess(ruleset, {}).routes]))
    more = {**data.draw(persons([route.condition for route in assess(ruleset, {}).routes])), **{k: v for k, v in facts.items() if v is not None}}
    later = statuses(ruleset, **more)
    assert all(status in ("undecided", later[way]) for way, status in statuses(ruleset, **facts).items())


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.parent.name)
def test_nothing_is_concluded_of_whom_nothing_is_known(file: Path) -> None:
    found = assess(Ruleset.from_json(file.read_bytes()), {})
    assert found.routes
    assert {route.status for route in found.routes} == {"undecided"}
    assert all(line.proof.quote and line.proof.clause for route in found.routes for line in route.lines)
    assert Assessment.model_validate_json(found.model_dump_json(by_alias=True)) == found


# -- what follows


def fee(amount: str, uid: str, scope: Scope, condition: Condition | None = None) -> FeeRule:
    base = opening(condition, scope=scope)
    return FeeRule(
        key=f"fee/{uid}",
        uid=uid * 16,
        subject="评审费",
        value=Money(amount=amount),
        scope=scope,
        condition=condition,
        evidence=base.evidence,
        confidence=base.confidence,
    )


def test_fees_follow_by_level_and_condition_and_say_what_they_hang_on() -> None:
    rules = (
        opening(years(4), uid="0" * 16, scope=Scope(levels=("中级",))),
        fee("180", "a", Scope(levels=("中级",))),
        fee("280", "b", Scope(levels=("副高级",))),
        fee("100", "c", Scope(applicants=("技师",))),
        fee("50", "d", Scope(), member("award", "奖")),
    )
    (route,) = assess(ruleset_of(*rules), {"years_in_post": 4}).routes
    found = {follow.words: (follow.answer, follow.given) for follow in route.follows}
    assert found == {"180 元": (True, ()), "100 元": (None, ("申报人属于：技师",)), "50 元": (None, ("award or honour: 奖",))}
    (route,) = assess(ruleset_of(*rules), {"years_in_post": 4, "award": []}).routes
    assert [follow.words for follow in route.follows] == ["180 元", "100 元"]
    assert holds_for(rules[2], ruleset_of(*rules), "高级", None, {}) is None


def test_nothing_follows_on_a_closed_route_and_only_dates_to_act_on_follow() -> None:
    base = opening(years(4))
    dates = [
        DateRule(
            key=role, uid=role[:1] * 16, subject="申报", role=role, value=Instant(at="2023-01-01"), evidence=base.evidence, confidence=base.confidence
        )
        for role in ("closes", "issued")
    ]
    (route,) = assess(ruleset_of(base, *dates), {"years_in_post": 4}).routes
    assert [follow.key for follow in route.follows] == ["closes"]
    (closed,) = assess(ruleset_of(base, *dates), {"years_in_post": 1}).routes
    assert closed.follows == ()


# -- facts


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1, 2]", "no table"),
        ('{"education": ', "no correct JSON at 1:15"),
        ("education: [本科", "no correct YAML at"),
        ("eduction: 本科", "did you mean education?"),
        ("education: 大学", "kind ordered: 大学"),
        ("years_in_post: 2023-01-01", "kind number"),
        ("years_in_post: .nan", "kind number"),
        ("years_in_post: 1e999999", "kind number"),
        ("title_held: 工程师", "kind set"),
        ("title_held: {工程师: 1}", "kind set"),
        ("exam_passed: 是", "kind boolean"),
        ("q_00000000: 1", "kind boolean"),
        ("1: 2", "no fact “1”"),
        ("!!python/object/apply:os.system [ls]", "no correct YAML"),
    ],
)
def test_facts_that_are_none_are_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(NoticeError) as caught:
        read_facts(text.encode(), "person.yaml")
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_facts_that_are_too_large_or_no_text_are_refused() -> None:
    for data in (b" " * (LARGEST + 1), b"\xff\xfe\x00"):
        with pytest.raises(NoticeError):
            read_facts(data, "person.yaml")


def test_json_and_yaml_say_the_same() -> None:
    person = {"education": "本科", "title_held": ["工程师"], "years_in_post": 2.5, "exam_passed": None, "q_0123abcd": True}
    assert read_facts(json.dumps(person).encode(), "-") == read_facts(yaml.safe_dump(person, allow_unicode=True).encode("utf-8-sig"), "-") == person
    assert read_facts(b"", "-") == {}


@QUIET
@given(st.dictionaries(st.sampled_from([fact.name for fact in FACTS]), st.none() | st.booleans() | st.floats() | st.text() | st.lists(st.text())))
def test_facts_that_pass_never_fail_later(stated: dict[Any, Any]) -> None:
    try:
        facts = checked_facts(stated, "-")
    except NoticeError:
        return
    assess(ruleset_of(opening(Condition(any=(years(4), member("title_held", "工程师"), member("education", "本科"))))), facts)


def test_the_schema_of_facts_knows_questions() -> None:
    import jsonschema

    jsonschema.validate({"q_0123abcd": True}, facts_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"q_0123abcd": "yes"}, facts_schema())


# -- the command


@pytest.fixture
def ruleset_file(tmp_path: Path) -> Path:
    path = tmp_path / "2023.ruleset.json"
    ordered = Condition.model_validate({"test": {"fact": "education", "op": ">=", "value": ["本科"]}})
    path.write_text(ruleset_of(opening(Condition(all=(years(4), ordered, member("award", "奖"), Condition(opaque="业绩突出"))))).to_json(), "utf-8")
    return path


def run(*args: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, args, input=stdin, prog_name="noticerules")


def test_the_command_says_why_and_what_is_missing(ruleset_file: Path) -> None:
    said = run("assess", str(ruleset_file), "-", "--lang", "zh", stdin="years_in_post: 5")
    assert said.exit_code == 0
    for words in ("尚未确定", "可申报：情况不明", "“申报人员”（一）", "✓ 聘任现职年限 ≥ 4 年", "还需要知道", "业绩突出", "以受理机关的审核为准"):
        assert words in said.output
    assert "不能申报" in run("assess", str(ruleset_file), "-", "--lang", "zh", stdin="years_in_post: 3").output


def test_the_command_asks_until_it_is_decided(ruleset_file: Path) -> None:
    said = run("assess", str(ruleset_file), "--interactive", "--json", stdin="x\n3\n")
    assert json.loads(said.stdout)["routes"][0]["status"] == "closed"
    said = run("assess", str(ruleset_file), "--interactive", "--lang", "zh", stdin="5\n本科\n1\n是\n")
    assert "可以申报" in said.output
    assert "尚未确定" in run("assess", str(ruleset_file), "--interactive", "--lang", "zh", stdin="\n\n\n\n").output


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["assess"], 2),
        (["assess", "2023.ruleset.json"], 2),
        (["assess", "missing.ruleset.json", "-"], 1),
        (["assess", "{file}", "missing.yaml"], 1),
        (["assess", "{file}", "-"], 1),
    ],
)
def test_wrong_use_is_one_line(args: list[str], code: int, ruleset_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path / "..")
    said = run(*(arg.format(file=ruleset_file) for arg in args), stdin="nonsense: 1")
    assert said.exit_code == code
    assert len(said.stderr.strip().splitlines()) == 1
    assert "Traceback" not in said.output


@pytest.mark.parametrize(
    ("kind", "said", "answer"),
    [
        ("boolean", "是", True),
        ("boolean", "N", False),
        ("number", "3", 3),
        ("number", "2.5", 2.5),
        ("ordered", "2", "乙"),
        ("ordered", "甲", "甲"),
        ("set", "1、丙，2", ["甲", "丙", "乙"]),
        ("set", "无", []),
    ],
)
def test_answers_as_people_type_them(kind: Any, said: str, answer: object) -> None:
    assert read_answer(Question(name="x", words="x", kind=kind, values=("甲", "乙"), decides=False), said) == answer


@pytest.mark.parametrize(("kind", "said"), [("boolean", "也许"), ("number", "nan"), ("number", "三"), ("ordered", "丁"), ("ordered", "3")])
def test_answers_that_cannot_be_read_are_asked_again(kind: Any, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_answer(Question(name="x", words="x", kind=kind, values=("甲", "乙"), decides=False), said)
