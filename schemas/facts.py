"""The facts about a person that conditions test: the published vocabulary of eligibility. `noticerules schema --facts` prints it as JSON Schema."""

import hashlib
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import Field

from schemas.base import Composed

FACTS_VERSION = "1.0.0"

Ordering = Literal["ordered", "set", "number", "boolean"]


class Fact(Composed):
    """A fact that a test may name.

    `ordered` facts are compared along `values`, low to high; `set` facts by membership; `number` facts with a unit, which may be stated in
    another that `also` gives as a multiple (1 年 is 12 月). `covers`: a wide word holds narrower ones (研究生 is 硕士 or 博士), so who has the
    narrow has the wide, and who states only the wide leaves the narrow open. A value of a set stands as printed, without verbs and quotation marks.
    """

    name: str
    zh: str
    kind: Ordering
    values: tuple[str, ...] = ()
    unit: str | None = None
    also: dict[str, int] = Field(default_factory=dict)
    covers: dict[str, tuple[str, ...]] = Field(default_factory=dict)


FACTS: tuple[Fact, ...] = (
    Fact(
        name="education",
        zh="学历",
        kind="ordered",
        values=("初中", "高中", "中专", "大专", "本科", "研究生", "硕士", "博士"),
        covers={"研究生": ("硕士", "博士")},
    ),
    Fact(name="schooling", zh="学历性质", kind="set", values=("全日制", "国家承认")),
    Fact(name="major", zh="所学专业", kind="set"),
    Fact(name="degree", zh="学位", kind="ordered", values=("学士", "第二学士", "硕士", "博士")),
    Fact(name="major_match", zh="所学专业与从事专业", kind="set", values=("对口", "相近", "不对口")),
    Fact(name="years_in_speciality", zh="从事专业工作年限", kind="number", unit="年"),
    Fact(name="years_skilled", zh="从事技术技能工作年限", kind="number", unit="年"),
    Fact(name="years_of_work", zh="工作年限", kind="number", unit="年"),
    Fact(name="title_held", zh="现有职称", kind="set"),
    Fact(name="years_with_title", zh="取得现职称年限", kind="number", unit="年"),
    Fact(name="years_in_post", zh="聘任现职年限", kind="number", unit="年"),
    Fact(name="certificate", zh="职业资格或技能等级", kind="set"),
    Fact(name="years_with_certificate", zh="取得职业资格年限", kind="number", unit="年"),
    Fact(name="years_since_education", zh="取得学历年限", kind="number", unit="年"),
    Fact(name="award", zh="奖项与称号", kind="set"),
    Fact(name="contest", zh="竞赛", kind="set"),
    Fact(name="contest_rank", zh="竞赛名次", kind="number", unit="名"),
    Fact(name="talent_programme", zh="人才工程入选", kind="set"),
    Fact(name="continuing_education_hours", zh="继续教育学时", kind="number", unit="学时"),
    Fact(name="continuing_education_hours_per_year", zh="每年继续教育学时", kind="number", unit="学时"),
    Fact(name="self_assessed_score", zh="自评分", kind="number", unit="分"),
    Fact(name="exam_passed", zh="业务考试合格", kind="boolean"),
    Fact(name="recommenders", zh="推荐专家人数", kind="number", unit="名"),
    Fact(name="recommender_title", zh="推荐专家职称", kind="set"),
    Fact(name="yearly_assessment", zh="年度考核", kind="ordered", values=("不合格", "基本合格", "合格", "优秀")),
    Fact(name="social_insurance_months", zh="社保累计缴纳月数", kind="number", unit="月", also={"年": 12}),
    Fact(name="social_insurance_months_running", zh="社保连续缴纳月数", kind="number", unit="月", also={"年": 12}),
    Fact(
        name="employment",
        zh="就业单位性质",
        kind="set",
        values=("企业", "国有企业", "民营企业", "事业单位", "社会团体", "个体经济组织", "自由职业", "公务员", "参公管理"),
        covers={"企业": ("国有企业", "民营企业")},
    ),
    Fact(name="in_service", zh="在职在岗", kind="boolean"),
    Fact(name="retired", zh="离退休", kind="boolean"),
    Fact(name="nationality_permit", zh="外籍与港澳台人才证件", kind="set", values=("外国人永久居留证", "海外高层次人才居住证")),
    Fact(name="region", zh="工作地区", kind="set"),
    Fact(name="speciality", zh="从事专业", kind="set"),
    Fact(name="age", zh="年龄", kind="number", unit="岁"),
    Fact(name="criteria_met", zh="符合评价条件条款", kind="set"),
)


FACTS_BY_NAME: dict[str, Fact] = {fact.name: fact for fact in FACTS}

QUESTION = r"^q_[0-9a-f]{8}$"
"""How the names of questions look."""


def question_name(words: str) -> str:
    """The name under which words that no parser could read are answered with true or false, beside the facts: q_ and 8 hex digits of their SHA-256."""
    return f"q_{hashlib.sha256(words.encode()).hexdigest()[:8]}"


def fact_schema(fact: Fact) -> dict[str, Any]:
    """JSON Schema of one fact."""
    types: dict[Ordering, dict[str, Any]] = {
        "ordered": {"type": "string"},
        "set": {"type": "array", "items": {"type": "string"}},
        "number": {"type": "number"},
        "boolean": {"type": "boolean"},
    }
    schema = {**types[fact.kind], "title": fact.zh}
    if fact.kind == "ordered" and fact.values:
        schema["enum"] = list(fact.values)
    if fact.kind == "set" and fact.values:
        schema["examples"] = [list(fact.values)]
    if fact.unit:
        schema["x-unit"] = fact.unit
    return schema


def facts_schema(facts: Iterable[Fact] = FACTS) -> dict[str, Any]:
    """JSON Schema (2020-12) of a person's facts: every one optional, for a missing fact makes an answer unknown and never false."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Facts about an applicant",
        "type": "object",
        "properties": {fact.name: fact_schema(fact) for fact in facts},
        "patternProperties": {QUESTION: {"type": "boolean", "description": "Answer to the question put by words that no parser could read"}},
    }
