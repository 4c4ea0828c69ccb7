"""Conditions in three values: what is known decides, what is not stays open."""

import json
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.errors import NoticeError
from pipeline.evaluate import Answer, Stated, conjunction, disjunction, evaluate, negation
from pipeline.language import say
from pipeline.rules.condition_atoms import is_
from pipeline.rules.condition_parser import parse
from pipeline.rules.words import words_of_text
from schemas.facts import FACTS, Fact, facts_schema
from schemas.ruleset import Condition

ANSWERS: tuple[Answer, ...] = (True, False, None)


def met(text: str, **facts: Stated) -> Answer:
    condition = parse(words_of_text(text))
    assert condition is not None
    return evaluate(condition, facts)


# -- one fact


@pytest.mark.parametrize(
    ("text", "facts", "answer"),
    [
        ("大专及以上学历", {"education": "本科"}, True),
        ("大专及以上学历", {"education": "中专"}, False),
        ("高中及以下学历", {"education": "初中"}, True),
        ("大专毕业", {"education": "本科"}, False),
        ("大专毕业", {}, None),
        ("大专毕业", {"education": None}, None),
        ("研究生学历", {"education": "硕士"}, True),
        ("研究生学历", {"education": "本科"}, False),
        ("硕士研究生学历", {"education": "研究生"}, None),
        ("本科及以上学历", {"education": "研究生"}, True),
        ("博士研究生学历", {"education": "研究生"}, None),
        ("从事专业工作满3年", {"years_in_speciality": 3}, True),
        ("从事专业工作满3年", {"years_in_speciality": 2.5}, False),
        ("从事专业工作满3年", {"years_in_speciality": Decimal("3.0")}, True),
        ("缴纳社会保险满1年", {"social_insurance_months": 12}, True),
        ("缴纳社会保险满1年", {"social_insurance_months": 11}, False),
        ("缴纳社会保险满6个月", {"social_insurance_months": "6"}, True),
        ("考试合格", {"exam_passed": True}, True),
        ("考试合格", {"exam_passed": False}, False),
        ("年度考核合格以上", {"yearly_assessment": "优秀"}, True),
        ("年度考核合格以上", {"yearly_assessment": "基本合格"}, False),
        ("企事业单位在职人员", {"employment": ["民营企业"], "in_service": True}, True),
        ("公务员", {"employment": []}, False),
        ("取得中级职称", {"title_held": ["工程师"]}, True),
        ("取得中级职称", {"title_held": ["助理工程师"]}, False),
        ("取得工程师职称", {"title_held": ["中级"]}, None),
        ("取得工程师职称", {"title_held": ["水利专业工程师"]}, True),
        ("取得工程师职称", {"title_held": ["助理工程师", "经济师"]}, False),
        ("取得水利专业工程师职称", {"title_held": ["工程师"]}, None),
        ("具有中级及以上职称", {"title_held": ["高级工程师"]}, True),
        ("取得副高级职称", {"title_held": ["高级"]}, None),
        ("取得高级职称", {"title_held": ["高级工程师"]}, True),
        ("未取得中级职称", {"title_held": ["高级工程师"]}, False),
        ("未取得中级职称", {"title_held": []}, True),
        ("由2名高级工程师推荐", {"recommenders": 2, "recommender_title": ["高级工程师"]}, True),
        ("由2名水利高级工程师推荐", {"recommenders": 2, "recommender_title": ["高级工程师"]}, None),
        ("公务员、离退休人员", {"retired": True}, True),
        ("公务员、离退休人员", {"retired": False}, None),
        ("业绩突出", {"education": "博士"}, None),
    ],
)
def test_a_condition_is_met_or_not_or_open(text: str, facts: dict[str, Stated], answer: Answer) -> None:
    assert met(text, **facts) is answer


def test_a_branch_that_is_met_decides_and_words_that_stay_words_leave_it_open() -> None:
    branches = "大学本科毕业或具备学士学位，从事专业工作满1年；大专毕业，从事专业工作满3年"
    assert met(branches, education="大专", years_in_speciality=4) is True
    assert met(branches, education="大专", years_in_speciality=2) is None
    assert met(branches, education="大专", years_in_speciality=2, degree="博士") is False
    assert met("大专毕业，业绩突出", education="大专") is None
    assert met("大专毕业，业绩突出", education="中专") is False


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("education", "大学"),
        ("education", 3),
        ("years_in_speciality", "三"),
        ("years_in_speciality", True),
        ("years_in_speciality", float("nan")),
        ("exam_passed", "true"),
        ("title_held", "工程师"),
        ("title_held", [1]),
    ],
)
def test_a_fact_of_another_kind_is_refused(fact: str, value: Any) -> None:
    with pytest.raises(NoticeError, match=fact):
        evaluate(is_(fact, "1", unit="年") if fact == "years_in_speciality" else is_(fact, "本科"), {fact: value})


def test_a_unit_or_a_fact_that_is_not_known_leaves_it_open() -> None:
    assert evaluate(is_("years_in_post", "3", op=">=", unit="学时"), {"years_in_post": 9}) is None
    assert evaluate(is_("height", "170", op=">=", unit="厘米"), {"height": 180}) is None
    assert evaluate(is_("education", "幼儿园"), {"education": "本科"}) is None


# -- the laws of Kleene's logic

THREE = st.sampled_from(ANSWERS)


@pytest.mark.parametrize(("a", "b"), list(product(ANSWERS, ANSWERS)))
def test_tables_of_two(a: Answer, b: Answer) -> None:
    rank: dict[Answer, int] = {False: 0, None: 1, True: 2}
    assert rank[conjunction((a, b))] == min(rank[a], rank[b])
    assert rank[disjunction((a, b))] == max(rank[a], rank[b])
    assert rank[negation(a)] == 2 - rank[a]


@given(st.lists(THREE), THREE, THREE)
def test_laws(answers: list[Answer], a: Answer, b: Answer) -> None:
    assert negation(negation(a)) is a
    assert conjunction(answers) is negation(disjunction(map(negation, answers)))
    assert conjunction((a, disjunction(answers))) is disjunction([False, *(conjunction((a, b)) for b in answers)])
    assert conjunction((a, disjunction((a, b)))) is a
    assert disjunction((a, conjunction((a, b)))) is a
    assert conjunction(answers) is conjunction(reversed(answers))


# -- over made-up conditions and persons

WORDS = ("员级", "助理级", "中级", "工程师", "高级工程师", "本专业高级工程师", "高级", "企业", "民营企业", "公务员", "奖")


def values(fact: Fact) -> st.SearchStrategy[Stated]:
    match fact.kind:
        case "boolean":
            return st.booleans()
        case "number":
            return st.integers(0, 20)
        case "ordered":
            return st.sampled_from(fact.values)
        case "set":
            return st.lists(st.sampled_from((*fact.values, *WORDS)), max_size=3)


def leaves(fact: Fact) -> st.SearchStrategy[Condition]:
    match fact.kind:
        case "boolean":
            return st.sampled_from(("true", "false")).map(lambda word: is_(fact.name, word))
        case "number":
            units = st.sampled_from((fact.unit, *fact.also))
            ops = st.sampled_from((">=", ">", "<=", "<", "="))
            return st.builds(lambda number, op, unit: is_(fact.name, str(number), op=op, unit=unit), st.integers(0, 20), ops, units)
        case "ordered":
            ops = st.sampled_from((">=", ">", "<=", "<", "="))
            return st.builds(lambda word, op: is_(fact.name, word, op=op), st.sampled_from(fact.values), ops)
        case "set":
            return st.lists(st.sampled_from((*fact.values, *WORDS)), min_size=1, max_size=3).map(lambda words: is_(fact.name, *words))


PERSONS = st.fixed_dictionaries({}, optional={fact.name: values(fact) for fact in FACTS})
TREES = st.recursive(
    st.one_of(*(leaves(fact) for fact in FACTS), st.just(Condition(opaque="业绩突出"))),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=4).map(lambda found: Condition(all=tuple(found))),
        st.lists(parts, min_size=1, max_size=4).map(lambda found: Condition(any=tuple(found))),
        parts.map(lambda part: Condition.model_validate({"not": part})),
    ),
    max_leaves=12,
)


@given(TREES, PERSONS, PERSONS)
def test_facts_added_later_never_turn_an_answer_round(tree: Condition, known: dict[str, Stated], more: dict[str, Stated]) -> None:
    answer = evaluate(tree, known)
    assert answer is None or evaluate(tree, {**more, **known}) is answer


@given(TREES)
def test_without_facts_only_logic_decides(tree: Condition) -> None:
    assert evaluate(tree, {}) is None


@given(TREES, PERSONS)
def test_not_is_the_other_answer(tree: Condition, known: dict[str, Stated]) -> None:
    assert evaluate(Condition.model_validate({"not": tree}), known) is negation(evaluate(tree, known))


# -- the vocabulary


def test_the_schema_of_the_facts_takes_a_person() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    person = {"education": "本科", "title_held": ["工程师"], "years_in_post": 5, "exam_passed": True}
    jsonschema.Draft202012Validator.check_schema(facts_schema())
    jsonschema.validate(person, facts_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"education": "大学"}, facts_schema())


def test_every_fact_has_a_name_in_both_languages() -> None:
    assert all(say(f"fact.{fact.name}", language) for fact in FACTS for language in ("zh", "en"))


def test_the_command_prints_the_schema_of_the_facts() -> None:
    result = CliRunner().invoke(app, ["schema", "--facts"])
    assert (result.exit_code, json.loads(result.stdout)) == (0, facts_schema())
