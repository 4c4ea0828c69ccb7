"""Who may apply: sentences as notices of several provinces word them, each with its tree drawn.

A test is drawn `fact op value|value unit`, words that stay words 「…」, the rest all(…), any(…), not(…). A rule is drawn `outcome @levels /routes: tree`.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.pattern import compiled
from pipeline.build import build_from_bytes
from pipeline.rules.condition_atoms import Atom, atoms, read_atom
from pipeline.rules.condition_parser import parse
from pipeline.rules.words import words_of_text
from schemas.ruleset import Condition, EligibilityRule, Ruleset, ThresholdRule
from schemas.values import Adjustment


@cache
def lines() -> list[str]:
    """The words of every line of the corpus."""
    texts = (path.read_text() for path in sorted(Path("corpus").glob("**/*.txt")))
    return [words_of_text(line).text for text in texts for line in text.splitlines() if line.strip()]


def draw(condition: Condition | None) -> str:
    if condition is None:
        return "-"
    if condition.test is not None:
        test = condition.test
        return f"{test.fact} {test.op} {'|'.join(test.value)}{test.unit or ''}"
    if condition.opaque is not None:
        return f"「{condition.opaque}」"
    if condition.not_ is not None:
        return f"not({draw(condition.not_)})"
    kind = "all" if condition.all is not None else "any"
    return f"{kind}({', '.join(draw(part) for part in condition.all or condition.any or ())})"


def read(text: str) -> str:
    return draw(parse(words_of_text(text)))


def rules(text: str, title: str = "关于做好2023年度职称评审工作的通知") -> Ruleset:
    """The ruleset of a notice with these paragraphs."""
    paragraphs = [title, "各有关单位：", "现将有关事项通知如下：", *text.split("\n"), ""]
    return build_from_bytes("\n\n".join(paragraphs).encode(), "notice.txt", series="series")


def drawn(text: str) -> list[str]:
    return [_drawn(rule) for rule in rules(text).rules if isinstance(rule, EligibilityRule)]


def _drawn(rule: EligibilityRule) -> str:
    levels = f" @{'、'.join(rule.scope.levels)}" if rule.scope.levels else ""
    routes = f" /{'、'.join(rule.scope.routes)}" if rule.scope.routes else ""
    return f"{rule.outcome}{levels}{routes}: {draw(rule.condition)}"


# -- atoms


@pytest.mark.parametrize("atom", atoms(), ids=lambda atom: atom.name)
def test_an_atom_reads_its_examples_whole(atom: Atom) -> None:
    for example, condition in atom.examples:
        words = words_of_text(example)
        found = read_atom(words, 0, len(words.text))
        assert found is not None
        assert (found[1], draw(found[2])) == (len(words.text), draw(condition))


@pytest.mark.parametrize("atom", atoms(), ids=lambda atom: atom.name)
def test_an_atom_refuses_its_rejects(atom: Atom) -> None:
    for reject in atom.rejects:
        words = words_of_text(reject)
        found = compiled(atom.regex).fullmatch(words.text)
        assert found is None or atom.read(words, found) is None


@pytest.mark.parametrize("atom", [atom for atom in atoms() if atom.holds], ids=lambda atom: atom.name)
def test_every_match_of_an_atom_holds_what_it_is_asked_for_by(atom: Atom) -> None:
    behind = 8  # characters that a lookahead may want
    for line in lines():
        for found in compiled(atom.regex).finditer(line):
            assert found.end() == found.start() or not atom.holds.isdisjoint(line[found.start() : found.end() + behind])


# -- conditions

CONDITIONS = {
    # schooling and years, branches parted by ；
    "大学本科毕业或具备学士学位，从事专业工作满1年；大专毕业，从事专业工作满3年；中专毕业，从事专业工作满5年": "any(all(any(education = 本科, degree = 学士), "
    "years_in_speciality >= 1年), all(education = 大专, years_in_speciality >= 3年), all(education = 中专, years_in_speciality >= 5年))",
    "具备研究生学历或硕士学位或第二学士学位": "any(education = 研究生, degree = 硕士|第二学士)",
    "硕士研究生毕业，从事专业技术工作三年以上": "all(education = 硕士, years_in_speciality >= 3年)",
    "中专(高中)毕业，从事专业技术工作十年以上": "all(education = 中专|高中, years_in_speciality >= 10年)",
    "具备大学本科及以上学历或学士及以上学位，取得工程师职称后，从事本专业技术工作满5年": "all(any(education >= 本科, degree >= 学士), "
    "title_held = 工程师, years_in_speciality >= 5年)",
    "具有全日制硕士研究生学历或博士学位": "any(all(schooling = 全日制, education = 硕士), degree = 博士)",
    "具有中专及以上学历，所学专业与从事工作专业对口和相近人员": "all(education >= 中专, major_match = 对口|相近)",
    "具有中专及以上学历但所学专业与从事工作专业不对口人员": "all(education >= 中专, major_match = 不对口)",
    "大学本科毕业满1年": "all(education = 本科, years_since_education >= 1年)",
    "具有大学本科学历，或学士学位，从事本专业工作满5年": "all(any(education = 本科, degree = 学士), years_in_speciality >= 5年)",
    "具备工程类或工程经济类中专及以上学历并从事建设工程项目施工管理工作满2年": "all(major = 工程类|工程经济类, education >= 中专, "
    "speciality = 建设工程项目施工管理, years_in_speciality >= 2年)",
    "取得工程类或工程经济类大学专科学历，工作满6年，其中从事建设工程项目施工管理工作满4年": "all(major = 工程类|工程经济类, education = 大专, "
    "years_of_work >= 6年, speciality = 建设工程项目施工管理, years_in_speciality >= 4年)",
    # titles and posts
    "申报人员具有本专业或相近专业大学专科及以上学历，取得助理工程师资格后，实际聘任助理工程师职务4年以上": "all(major_match = 对口|相近, education >= 大专, "
    "title_held = 助理工程师, years_in_post >= 4年)",
    "大学专科毕业，取得助级职称并从事助级技术职务工作四年以上": "all(education = 大专, title_held = 助级, years_in_post >= 4年)",
    "理工类博士研究生毕业或取得博士学位后，取得并被聘任工程师2年以上": "all(major = 理工类, any(education = 博士, degree = 博士), "
    "title_held = 工程师, years_in_post >= 2年)",
    "大学本科以上学历，并取得工程师资格满5年以上；或大专学历，取得工程师资格满8年以上": "any(all(education >= 本科, title_held = 工程师, "
    "years_with_title >= 5年), all(education = 大专, title_held = 工程师, years_with_title >= 8年))",
    "取得工程师职称满5年，或取得博士学位后从事专业技术工作满2年": "any(all(title_held = 工程师, years_with_title >= 5年), "
    "all(degree = 博士, years_in_speciality >= 2年))",
    "具有中级及以上职称": "title_held = 中级|副高级|正高级|高级",
    "取得助理工程师或助理经济师资格满4年": "all(title_held = 助理工程师|助理经济师, years_with_title >= 4年)",
    "未取得中级职称，但从事本专业技术工作满15年": "all(not(title_held = 中级|副高级|正高级|高级), years_in_speciality >= 15年)",
    "不具备大学本科学历": "not(education >= 本科)",
    "现任工程师职务满5年": "all(title_held = 工程师, years_in_post >= 5年)",
    # certificates, honours, contests, programmes
    "取得二级建造师、二级注册建筑师、二级注册结构工程师专业的职业资格": "certificate = 二级建造师|二级注册建筑师|二级注册结构工程师",
    "获得技师职业资格或职业技能等级后从事技术技能工作满3年": "all(certificate = 技师, years_skilled >= 3年)",
    "取得高级工及以上职业技能等级证书满2年": "all(certificate = 高级工|技师|高级技师|特级技师|首席技师, years_with_certificate >= 2年)",
    "取得注册会计师资格并从事审计工作满3年": "all(certificate = 注册会计师, speciality = 审计, years_in_speciality >= 3年)",
    "获得浙江省技术能手、省级一类技能竞赛前五名、省级二类技能竞赛前三名的人员，省“百千万”高技能领军人才培养工程中入选“优秀技能人才”的人员": "any("
    "award = 浙江省技术能手, all(contest = 省级一类技能竞赛, contest_rank <= 5名), all(contest = 省级二类技能竞赛, contest_rank <= 3名), "
    "talent_programme = 省百千万高技能领军人才培养工程优秀技能人才)",
    "世界技能大赛银牌铜牌获得者、享受国务院政府特殊津贴的人员": "award = 世界技能大赛银牌|世界技能大赛铜牌|国务院政府特殊津贴",
    "获得国家科学技术进步奖二等奖、省部级科学技术进步奖一等奖": "award = 国家科学技术进步奖二等奖|省部级科学技术进步奖一等奖",
    # recommenders, scores, hours, assessment, insurance, age
    "其自评分达到95分以上，且由2名具有本专业或相近专业高级工程师推荐": "all(self_assessed_score >= 95分, recommenders = 2名, "
    "recommender_title = 本专业或相近专业高级工程师)",
    "年度考核合格以上，且缴纳社会保险满6个月": "all(yearly_assessment >= 合格, social_insurance_months >= 6月)",
    "连续缴纳社会保险一年以上，每年继续教育不少于90学时": "all(social_insurance_months_running >= 1年, continuing_education_hours_per_year >= 90学时)",
    "年龄在55周岁以下，具有5年以上相关工作经历": "all(age <= 55岁, years_in_speciality >= 5年)",
    "具备大专学历满3年，且通过业务考试": "all(education = 大专, years_since_education >= 3年, exam_passed = true)",
    # what a branch does not say again, the one before it says
    "本科学历，取得中级职称满5年；硕士学位满4年；大专学历满10年": "any(all(education = 本科, title_held = 中级, years_with_title >= 5年), "
    "all(degree = 硕士, title_held = 中级, years_with_title >= 4年), all(education = 大专, title_held = 中级, years_with_title >= 10年))",
    "大学本科毕业取得助理工程师资格满4年，大学专科毕业满5年": "any(all(education = 本科, title_held = 助理工程师, years_with_title >= 4年), "
    "all(education = 大专, title_held = 助理工程师, years_with_title >= 5年))",
    "大学本科毕业满1年；大专毕业满3年": "any(all(education = 本科, years_since_education >= 1年), all(education = 大专, years_since_education >= 3年))",
    "博士学位，从事本专业工作满2年；或本科学历，从事本专业工作满5年": "any(all(degree = 博士, years_in_speciality >= 2年), "
    "all(education = 本科, years_in_speciality >= 5年))",
    "取得工学门类、管理科学与工程类专业硕士学位，从事施工管理工作满2年": "all(major = 工学门类|管理科学与工程类专业, degree = 硕士, speciality = 施工管理, "
    "years_in_speciality >= 2年)",
    "年龄在30周岁以下（1994年6月1日（含）以后出生）": "age <= 30岁",
    # whom
    "凡在我市各类企事业单位从事生态环境工程专业技术工作的在职人员，以及持有外国人永久居留证、海外高层次人才居住证的外籍和港澳台工程专业技术人才，符合相应条件": "all(any("
    "all(region = 我市, employment = 企业|事业单位, speciality = 生态环境工程, in_service = true), "
    "all(nationality_permit = 外国人永久居留证|海外高层次人才居住证, 「外籍和港澳台工程专业技术人才」)), 「符合相应条件」)",
    "企事业单位（不含参照公务员法管理单位）在职专业技术人员": "all(employment = 企业|事业单位, not(employment = 参公管理), in_service = true)",
    "企业在职人员，但不含外籍人员": "all(employment = 企业, in_service = true, not(「外籍人员」))",
    "除公务员外的企事业单位在职专业技术人员": "all(not(employment = 公务员), employment = 企业|事业单位, in_service = true)",
    "企事业单位、社会团体、个体经济组织中从事工程技术工作的在职在岗专业技术人员（公务员除外）": "all(employment = 企业|事业单位|社会团体|个体经济组织, "
    "speciality = 工程技术, in_service = true, not(employment = 公务员))",
    "公务员、参照公务员法管理的人员和离退休人员": "any(employment = 公务员|参公管理, retired = true)",
    "大学本科毕业(不含符合见习期满考核定职条件人员),从事本专业技术工作一年以上": "all(education = 本科, not(「符合见习期满考核定职条件人员」), years_in_speciality >= 1年)",
    "符合《评价条件》第五条第一、二、四款规定": "all(criteria_met = 第五条第一款, criteria_met = 第五条第二款, criteria_met = 第五条第四款)",
    "符合《评价条件》第八条第三款或第十一条规定": "criteria_met = 第八条第三款|第十一条",
}

STAY_WORDS = {
    # near misses: one word more, and the test would be a wrong one
    "从事新岗位工作满1年": "「从事新岗位工作满1年」",
    "本科毕业担任班主任满4年；大专毕业满5年": "「本科毕业担任班主任满4年；大专毕业满5年」",
    "非全日制大专学历": "「非全日制大专学历」",
    "大专、本科及以上学历": "「大专、本科及以上学历」",
    "双学士学位": "「双学士学位」",
    "连续从事护理工作满30年": "「连续从事护理工作满30年」",
    "在乡镇从事专业工作满15年": "「在乡镇从事专业工作满15年」",
    "从事专业工作10年": "「从事专业工作10年」",
    "取得注册消防工程师": "「取得注册消防工程师」",
    "近3年年度考核均为合格以上": "「近3年年度考核均为合格以上」",
    "获得省部级科技进步奖三等奖以上": "「获得省部级科技进步奖三等奖以上」",
    "取得工程师资格（或相应职业资格）满5年": "「取得工程师资格（或相应职业资格）满5年」",
    "主持或参与过省部级重点项目": "「主持或参与过省部级重点项目」",
    "符合《深化职称改革的通知》（绍市人社发〔2021〕11号）文件相关要求": "「符合绍市人社发〔2021〕11号文件相关要求」",
    "近3年考核有合格以下等次": "all(「近3年」, yearly_assessment < 合格)",
    "从事水利专业相关工作的公务员满10年转任事业单位": "「从事水利专业相关工作的公务员满10年转任事业单位」",
    # connectives that leave two readings
    "取得中级职称或具有博士学位且从事专业工作满2年": "「取得中级职称或具有博士学位且从事专业工作满2年」",
    "大专毕业或本科毕业满3年": "「大专毕业或本科毕业满3年」",
    "本科学历、学士学位": "「本科学历、学士学位」",
    "从事专业工作满5年；年度考核合格以上；身体健康": "「从事专业工作满5年；年度考核合格以上；身体健康」",
    "全国技术能手，省首席技师，从事专业工作满3年": "「全国技术能手，省首席技师，从事专业工作满3年」",
    "取得中级职称，从事专业工作满5年，或博士学位": "「取得中级职称，从事专业工作满5年，或博士学位」",
    # a part of it is read, the rest stands beside it
    "凡遵纪守法，具有大专学历": "all(「遵纪守法」, education = 大专)",
    "取得中级职称并作出突出贡献": "all(title_held = 中级, 「作出突出贡献」)",
    "因不符合专业和学历要求，无法参加初定，从事专业工作满8年": "all(「因不符合专业和学历要求，无法参加初定」, years_in_speciality >= 8年)",
}


@pytest.mark.parametrize("text", CONDITIONS)
def test_a_condition_is_read(text: str) -> None:
    assert read(text) == CONDITIONS[text]


@pytest.mark.parametrize("text", STAY_WORDS)
def test_what_is_not_clear_stays_words(text: str) -> None:
    assert read(text) == STAY_WORDS[text]


def _with_a_stranger(text: str) -> Iterator[str]:
    return (text[:i] + "鑫" + text[i:] for i in _places(text))


def _places(text: str) -> Iterator[int]:
    """Where a word can be put in: anywhere but in the name of a document, which the rule cites and the test leaves out."""
    return (i for i in range(len(text) + 1) if text.count("《", 0, i) == text.count("》", 0, i))


@pytest.mark.parametrize("text", [*CONDITIONS, *STAY_WORDS])
def test_nothing_of_a_condition_is_lost(text: str) -> None:
    """A character that belongs nowhere is in a test's value or among the words, wherever it is put."""
    assert [odd for odd in _with_a_stranger(text) if "鑫" not in read(odd)] == []


@pytest.mark.parametrize("text", CONDITIONS)
@pytest.mark.parametrize("word", ["不", "未", "非", "无", "近3年"])
def test_no_word_that_turns_or_narrows_a_condition_is_passed_over(text: str, word: str) -> None:
    plain = read(text)
    assert [odd for odd in (text[:i] + word + text[i:] for i in _places(text)) if read(odd) == plain] == []


@given(st.lists(st.sampled_from([*CONDITIONS, "鑫", "，", "；", "或", "且", "、", "（", "）", "的", "满5年", "《", "》", "“", "不"]), max_size=6))
def test_any_text_is_parsed(parts: list[str]) -> None:
    parse(words_of_text("".join(parts)))


# -- rules

RULES = {
    "助理级：大学本科毕业或具备学士学位，从事专业工作满1年；大专毕业，从事专业工作满3年，可申报助理工程师资格。": [
        "可申报 @助理级: any(all(any(education = 本科, degree = 学士), years_in_speciality >= 1年), all(education = 大专, years_in_speciality >= 3年))"
    ],
    "获得技师职业资格后从事技术技能工作满3年可申报评审相应专业工程师，获得高级技师职业资格后从事技术技能工作满4年可申报评审相应专业高级工程师。": [
        "可申报评审 @中级 /技能人才申报: all(certificate = 技师, years_skilled >= 3年)",
        "可申报评审 @副高级 /技能人才申报: all(certificate = 高级技师, years_skilled >= 4年)",
    ],
    "全国技术能手、国家级一类技能竞赛前五名的人员可直接申报工程师，世界技能大赛金牌获得者可直接申报正高级工程师。": [
        "可直接申报 @中级 /直接申报: any(award = 全国技术能手, all(contest = 国家级一类技能竞赛, contest_rank <= 5名))",
        "可直接申报 @正高级 /直接申报: award = 世界技能大赛金牌",
    ],
    "公务员（含参照公务员法管理的工作人员）不得参加专业技术人才职称评审。": ["不得参加评审: employment = 公务员|参公管理"],
    "公务员、离退休人员不得申报。": ["不得申报: any(employment = 公务员, retired = true)"],
    "根据《高技能人才贯通办法》（浙人社发〔2022〕77号）精神，取得高级工职业资格满2年的，可申报助理工程师。": [
        "可申报 @助理级 /技能人才申报: all(certificate = 高级工, years_with_certificate >= 2年)"
    ],
    "考试合格者方可按《评价条件》申报评审。": ["方可申报评审: exam_passed = true"],
    "凡在我市企业从事水利工作的在职人员，均可报名参加中级职称考试。": [
        "均可报名参加考试 @中级: all(region = 我市, employment = 企业, speciality = 水利, in_service = true)"
    ],
    "具有大专及以上学历，并达到上述工作年限要求的，一般通过初定取得相应专业技术资格；高中学历的，在上述工作年限基础上顺延一年；"
    "初中学历的，通过评审取得相应专业技术资格。": [
        "一般通过初定取得 /初定: all(education >= 大专, 「达到上述工作年限要求」)",
        "通过评审取得: education = 初中",
    ],
    "符合下列条件之一者，可以申报中级职称：\n1.大学本科毕业，取得助级职称并从事助级技术职务工作四年以上；\n2.硕士研究生毕业，从事专业技术工作满三年。\n其他事项另行通知。": [
        "可以申报 @中级: any(all(education = 本科, title_held = 助级, years_in_post >= 4年), all(education = 硕士, years_in_speciality >= 3年))"
    ],
    "同时符合下列条件的，可申报高级工程师：\n（1）具有大学本科及以上学历；\n（2）年度考核合格以上；\n（3）业绩突出。": [
        "可申报 @副高级: all(education >= 本科, yearly_assessment >= 合格, 「业绩突出」)"
    ],
    "下列人员不得报名：\n1.公务员；\n2.在校学生；\n3.受党纪政务处分在影响期内的。": [
        "不得报名: any(employment = 公务员, 「在校学生」, 「受党纪政务处分在影响期内」)"
    ],
    "凡遵纪守法并具备下列条件之一者，可以报名参加二级建造师考试：1.具备工程类中专及以上学历并从事本专业工作满2年；2.从事本专业工作满15年。": [
        "可以报名参加考试: all(「遵纪守法」, any(all(major = 工程类, education >= 中专, years_in_speciality >= 2年), years_in_speciality >= 15年))"
    ],
    "满足以下条件之一即可报考：中共党员；具有硕士学位。": ["即可报考: any(「中共党员」, degree = 硕士)"],
    "申报工程师须具备下列条件：\n（1）大学本科毕业，从事专业工作满5年；\n（2）大专毕业，从事专业工作满7年。": [
        "可申报 @中级: any(all(education = 本科, years_in_speciality >= 5年), all(education = 大专, years_in_speciality >= 7年))"
    ],
    "申报水利专业工程师的，自评分须达到65.5分，填写《赋分推荐表》，经两名水利高级工程师实名推荐，提交用人单位审核。": [
        "可申报 @中级 /自评分申报: all(self_assessed_score >= 65.5分, recommenders = 2名, recommender_title = 水利高级工程师)"
    ],
    "一、申报对象\n全市企事业单位从事水利专业工作的在职在岗专业技术人员。\n二、其他\n无。": [
        "可申报: all(region = 全市, employment = 企业|事业单位, speciality = 水利, in_service = true)"
    ],
    # a section of conditions: a rule a level that is named, with what decides it
    "一、申报条件\n（一）申报高级工程师的，须具备大学本科以上学历，取得工程师资格满5年。申报工程师，大学本科毕业取得助理工程师资格满4年。": [
        "可申报 @副高级: all(education >= 本科, title_held = 工程师, years_with_title >= 5年)",
        "可申报 @中级: all(education = 本科, title_held = 助理工程师, years_with_title >= 4年)",
    ],
    "一、申报条件\n（一）副研究馆员。符合下列条件之一：博士学位，取得馆员职称满2年；本科学历，取得馆员职称满5年。": [
        "可申报 @副高级: any(all(degree = 博士, title_held = 馆员, years_with_title >= 2年), all(education = 本科, title_held = 馆员, years_with_title >= 5年))"
    ],
    "一、申报条件\n（一）申报高级经济师：\n①身体健康；\n②取得中级职称满5年。": [
        "可申报 @副高级: all(「身体健康」, title_held = 中级, years_with_title >= 5年)"
    ],
    "一、申报条件\n（一）申报高级工程师的，须提交论文2篇。": [],  # nothing that decides
    "一、收费标准\n（一）高级工程师：取得工程师资格满5年的，评审费300元。": [],  # no section of conditions
    "一、报考条件\n（一）取得大学专科学历，从事施工管理工作满4年；\n（二）取得大学本科学历，从事施工管理工作满3年。": [
        (
            "可报考: any(all(education = 大专, speciality = 施工管理, years_in_speciality >= 4年), "
            "all(education = 本科, speciality = 施工管理, years_in_speciality >= 3年))"
        )
    ],
    "一、报考条件\n（一）取得大学专科学历；\n（二）从事施工管理工作满3年。": [],  # are both asked, or either?
    "一、申报条件\n申报人员应符合《水利专业评价条件》（浙水人〔2023〕33号）要求。": [],  # a requirement
    "申报工程师的人员，如持有的是省外证书，须由调入地人力社保部门确认后才能参评。": [],  # a step that comes before
    "3.自评分申报。申报人员可按照《评价条件》第五条第三款规定申报。申报工程师的，自评分须达到65.5分，经两名高级工程师实名推荐。": [
        "可申报 @中级 /自评分申报: all(criteria_met = 第五条第三款, self_assessed_score >= 65.5分, recommenders = 2名, recommender_title = 高级工程师)"
    ],
}

NO_RULES = (
    "请于8月31日前登录系统，点击“马上申报”即可申报。",
    "有弄虚作假行为的，从次年起3年内不得申报。",
    "伪造学历的，不得参加职称评审。",
    "审核通过后方可申报。",
    "每位举荐专家每年可举荐1位评审对象。",
    "申报人员可登录系统自行下载电子证书。",
    "每人可申报的专业为一个。",
    "代表作可由3名高级工程师认可。",
    "申报人员须上传学历证书扫描件。",
    "推荐人当年度推荐人数超过1人的，推荐表无效。",
    "未按时缴费的不予受理。",
    "有下列情形之一的，应参加业务面试：\n1.自评分申报高级工程师的；\n2.转评高级工程师的。",
)


@pytest.mark.parametrize("text", RULES)
def test_a_rule_is_built(text: str) -> None:
    assert drawn(text) == RULES[text]


@pytest.mark.parametrize("text", NO_RULES)
def test_other_sentences_are_no_eligibility(text: str) -> None:
    assert drawn(text) == []


def test_the_words_prove_the_rule_and_the_list_its_items() -> None:
    (rule,) = (r for r in rules("下列人员不得报名：\n1.公务员；\n2.在校学生。").rules if r.kind == "eligibility")
    assert [(e.role, e.quote) for e in rule.evidence] == [("value", "下列人员不得报名"), ("condition", "公务员"), ("condition", "在校学生")]
    assert (rule.modality, rule.subject, rule.confidence.reasons) == ("must_not", "申报资格", ("condition-opaque",))


# -- what rules are to each other


def test_a_threshold_is_part_of_the_rule_whose_words_hold_it() -> None:
    found = rules("大专毕业，从事专业工作满3年，可申报助理工程师资格。申报人员每年继续教育应达到90学时。").rules
    (whole,) = (rule for rule in found if rule.kind == "eligibility")
    parts = {rule.subject: rule.part_of for rule in found if isinstance(rule, ThresholdRule)}
    assert parts == {"专业工作年限": whole.uid, "继续教育学时": None}


def test_an_adjustment_names_the_thresholds_of_its_list() -> None:
    found = rules(
        "一、工作年限\n1.大专毕业，从事专业工作满3年，可申报助理工程师资格。\n2.中专毕业，从事专业工作满5年，可申报助理工程师资格。\n"
        "3.专业不对口人员，在上述工作年限基础上顺延一年。\n二、转评\n高中毕业，从事专业工作满10年，可申报助理工程师资格。"
    ).rules
    years = {rule.value.number: rule.uid for rule in found if rule.subject == "专业工作年限" and rule.value and rule.value.type == "quantity"}
    (adjustment,) = (rule.value for rule in found if isinstance(rule.value, Adjustment))
    assert adjustment.to == (years["3"], years["5"])


def test_our_region_is_the_one_that_the_title_names() -> None:
    found = rules("全市企事业单位在职人员可申报，本省企业在职人员也可申报。", "关于做好2023年度温州市水利专业高级工程师评审工作的通知")
    tests = [test for rule in found.rules if isinstance(rule, EligibilityRule) and rule.condition for test in rule.condition.tests()]
    assert [test.value for test in tests if test.fact == "region"] == [("温州市",), ("本省",)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # so many of a list: a tree cannot say it, so the list stays words, whole
        (
            "一、条件\n具备下列条件中两项的，可申报高级工程师：\n1.获得省级科技奖；\n2.发表论文2篇。",
            ["可申报 @副高级: 「具备下列条件中两项：获得省级科技奖；发表论文2篇」"],
        ),
        (
            "一、条件\n具备下列条件中的一项的，可申报高级工程师：\n1.获得省级科技奖；\n2.取得博士学位。",
            ["可申报 @副高级: any(award = 省级科技奖, degree = 博士)"],
        ),
        # groups of persons are alternatives
        (
            "一、条件\n符合下列条件的，可报考：\n1.取得学士学位的应届毕业生；\n2.在职专业技术人员。",
            ["可报考: any(「取得学士学位的应届毕业生」, in_service = true)"],
        ),
        (
            "一、条件\n在职专业技术人员，自由职业者，以及离退休人员，可申报。",
            ["可申报: any(in_service = true, employment = 自由职业, retired = true)"],
        ),
        # who is left out of it
        ("一、条件\n取得中级职称的，可申报高级工程师（公务员除外）。", ["可申报 @副高级: all(title_held = 中级, not(employment = 公务员))"]),
        ("一、条件\n取得中级职称的，不得申报，离退休人员除外。", ["不得申报: all(title_held = 中级, not(retired = true))"]),
        # neither a refusal to recommend nor a question says that somebody may
        ("一、条件\n鉴定结论有1个“C”者不予推荐。", []),
        ("一、问答\n问：在职专业技术人员可以申报吗？\n答：取得中级职称的可申报高级工程师。", ["可申报 @副高级: title_held = 中级"]),
    ],
)
def test_who_may_apply_by_some_of_a_list_by_group_and_by_exception(text: str, expected: list[str]) -> None:
    assert drawn(text) == expected
