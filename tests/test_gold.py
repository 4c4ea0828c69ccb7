"""Gold files: what is refused and why, where quotes are found, and how the scores come out."""

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipeline.gold import GoldError, compile_gold, find_gold, load, locate, problems, to_json, write
from pipeline.language import choose
from pipeline.scores import Binding, Check, Counts, Floor, align, binding, check, check_floor, load_floor, score, total, verdict
from schemas.document import Section, Source, Span
from schemas.gold import Gold
from schemas.ruleset import (
    RULE_KINDS,
    Confidence,
    Evidence,
    Notice,
    Reference,
    Rule,
    Ruleset,
    Run,
    Statement,
)

TEXT = """关于评审的通知
根据《评价条件》（浙人社发〔2019〕31号）和浙价费〔2002〕229号文件。
一、时间
个人申报截止时间为8月31日，过期不再
受理。审核截止时间为8月31日。
二、费用
（一）中级
每人180元，由中评委收取。
（二）高级
每人280元。一式2份。
专业\t规定分值\t系数
技术开发\t78.4\t78.4
规划设计\t78.4\t10
"""
SECTIONS = (("前言", "根据", "一、"), ("一", "一、", "二、"), ("二", "二、", None), ("二/一", "（一）", "（二）"), ("二/二", "（二）", None))

RAW: dict[str, Any] = {
    "notice": {"title": "关于评审的通知", "series": "x", "cycle": 2022},
    "rules": [
        {
            "kind": "date",
            "subject": "个人申报",
            "role": "closes",
            "value": {"type": "instant", "at": "2022-08-31", "inferred": ["year"]},
            "quotes": [{"section": "一", "quote": "个人申报截止时间为8月31日"}],
        },
        {
            "kind": "fee",
            "subject": "评审费",
            "scope": {"levels": ["中级"]},
            "value": {"type": "money", "amount": "180"},
            "per": "人",
            "payee": "中评委",
            "quotes": [{"section": "二/一", "quote": "每人180元"}],
        },
        {
            "kind": "fee",
            "subject": "评审费",
            "scope": {"levels": ["高级"]},
            "value": {"type": "money", "amount": "280"},
            "per": "人",
            "quotes": [{"section": "二", "quote": "每人280元"}],
        },
        {
            "kind": "threshold",
            "subject": "份数",
            "condition": [{"fact": "education", "value": ["本科"]}, {"fact": "degree", "value": ["学士"]}],
            "value": {"type": "quantity", "op": "=", "number": "2", "unit": "份"},
            "quotes": [{"section": "二/二", "quote": "一式2份"}],
        },
    ],
    "references": [
        {
            "title": "评价条件",
            "document_number": "浙人社发〔2019〕31号",
            "quotes": [{"section": "前言", "quote": "《评价条件》（浙人社发〔2019〕31号）"}],
        },
        {"document_number": "浙价费〔2002〕229号", "relation": "fee", "quotes": [{"section": "前言", "quote": "浙价费〔2002〕229号"}]},
    ],
}
FILE = "corpus/x/2022.gold.json"


@pytest.fixture(autouse=True)
def english() -> Any:
    choose("en")
    yield
    choose(None)


def evidence(span: Span) -> Evidence:
    return Evidence(start=span.start, end=span.end, quote=TEXT[span.start : span.end], prefix="", suffix="", section="二", pattern="p")


def sections() -> tuple[Section, ...]:
    found = []
    for name, first, last in SECTIONS:
        end = TEXT.index(last, TEXT.index(first)) if last else len(TEXT)
        found.append(Section(id=name, heading="", level=1, parent=None, start=TEXT.index(first), end=end))
    return tuple(found)


def produced(gold: Gold, change: Callable[[dict[str, Any]], None] | None = None) -> Ruleset:
    """The ruleset that says what the gold says, at the places that the gold quotes; `change` may edit its rules and references as JSON."""
    empty = Ruleset(
        notice=Notice(),
        source=Source(file="x.txt", media_type="text/plain", sha256="0", text_sha256="0", reader="txt"),
        text=TEXT,
        sections=sections(),
        rules=(),
        references=(),
        run=Run(program="0", vocabulary="0"),
    )
    spans = locate(gold, empty, FILE)
    rules: list[Rule] = []
    for rule in gold.rules:
        own = {
            name
            for name in RULE_KINDS[rule.kind].model_fields
            if name not in ("evidence", "cites", "review") and getattr(rule, name, None) is not None
        }
        proof = tuple(evidence(span) for span in spans[rule.key])
        made = {name: getattr(rule, name) for name in own} | {"uid": "0", "evidence": proof, "confidence": Confidence(score="1")}
        rules.append(RULE_KINDS[rule.kind].model_validate(made))  # type: ignore[arg-type]  # one of the three kinds
    references = [
        Reference(
            id=r.id,
            title=r.title,
            document_number=r.document_number,
            articles=r.articles,
            evidence=tuple(evidence(s) for s in spans[f"reference/{r.id}"]),
        )
        for r in gold.references
    ]
    data = empty.model_copy(update={"rules": tuple(rules), "references": tuple(references)}).model_dump(by_alias=True)
    data["rules"], data["references"] = list(data["rules"]), list(data["references"])
    if change:
        change(data)
    return Ruleset.model_validate(data)


def gold_file(tmp_path: Path, change: Callable[[dict[str, Any]], None] | None = None) -> Path:
    """RAW compiled, edited as JSON and written."""
    data = json.loads(to_json(compile_gold(RAW)))
    if change:
        change(data)
    path = tmp_path / "2022.gold.json"
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return path


def with_quote(**quote: str) -> Gold:
    """Gold of one fee with one quote."""
    return compile_gold({**RAW, "rules": [{**RAW["rules"][1], "quotes": [quote]}], "references": []})


def test_keys_and_ids_are_computed() -> None:
    gold = compile_gold(RAW)
    assert [rule.key for rule in gold.rules] == [
        "date/个人申报.closes",
        "fee/评审费@level=中级",
        "fee/评审费@level=高级",
        "threshold/份数~degree=学士;education=本科",
    ]
    assert [reference.id for reference in gold.references] == ["浙人社发〔2019〕31号", "浙价费〔2002〕229号"]


def test_a_list_of_tests_is_any_of_them() -> None:
    condition = compile_gold(RAW).rules[3].condition
    assert condition is not None and condition.any is not None and [test.fact for test in condition.tests()] == ["education", "degree"]


def test_writing_and_reading_gives_the_same_gold_and_bytes(tmp_path: Path) -> None:
    gold, path = compile_gold(RAW), tmp_path / "2022.gold.json"
    write(gold, path)
    first = path.read_bytes()
    assert load(path) == gold
    write(load(path), path)
    assert path.read_bytes() == first
    assert [file.name for file in tmp_path.iterdir()] == ["2022.gold.json"]


def test_canonical_json_leaves_out_what_is_empty_and_keeps_an_open_end() -> None:
    raw = {**RAW["rules"][0], "role": "condition", "value": {"type": "window", "start": "2001", "end": None}}
    text = to_json(compile_gold({**RAW, "rules": [raw]}))
    assert '"end": null' in text
    assert text.count("null") == 1 and "[]" not in text and "{}" not in text
    assert "个人申报" in text and text.endswith("}\n")


def test_gold_stands_beside_its_notice(tmp_path: Path) -> None:
    path = gold_file(tmp_path)
    assert find_gold(tmp_path / "2022.docx") == path
    assert find_gold(tmp_path / "2023.docx") is None


def set_to(*place: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    """An edit: the value at a place of the JSON."""

    def change(data: Any) -> None:
        for step in place[:-1]:
            data = data[step]
        data[place[-1]] = value

    return change


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        (
            set_to("rules", 1, "key", value="fee/评审费"),
            "gold.key",
            'rule 2: key "fee/评审费" is not what its fields give; write "fee/评审费@level=中级"',
        ),
        (set_to("references", 0, "id", value="评价条件"), "gold.id", 'reference 1: id "评价条件"'),
        (set_to("rules", 1, "quotes", value=[]), "gold.no_quote", "rule fee/评审费@level=中级: has no quote"),
        (set_to("rules", 0, "value", "at", value="8月31日"), "gold.schema", "rules/0/value/instant/at"),
        (set_to("rules", 0, "colour", value="red"), "gold.schema", "rules/0/colour"),
        (lambda data: data["references"].append(data["references"][0]), "gold.twice", "浙人社发〔2019〕31号 stands 2 times"),
    ],
)
def test_a_file_that_is_no_gold_is_refused(tmp_path: Path, change: Callable[[dict[str, Any]], None], code: str, words: str) -> None:
    path = gold_file(tmp_path, change)
    with pytest.raises(GoldError) as caught:
        load(path)
    assert caught.value.code == code
    assert str(caught.value).startswith(f"{path}: ") and words in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "code"), [(b'{"rules": [}', "gold.json"), (b"", "gold.json"), ("评审".encode("gb18030"), "gold.encoding"), (b"[]", "gold.schema")]
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "2022.gold.json"
    path.write_bytes(content)
    with pytest.raises(GoldError) as caught:
        load(path)
    assert caught.value.code == code


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r"cannot be opened"):
        load(tmp_path / "2022.gold.json")


def test_compiling_what_is_no_gold_names_the_place() -> None:
    with pytest.raises(ValidationError, match=r"rules\.0\.role"):
        compile_gold({**RAW, "rules": [{**RAW["rules"][0], "role": "ends"}]})


def located(**quote: str) -> str:
    (spans,) = locate(with_quote(**quote), produced(compile_gold(RAW)), FILE).values()
    return TEXT[spans[0].start : spans[0].end] + f"@{TEXT.count(chr(10), 0, spans[0].start)}"


def test_quotes_are_found_by_their_words() -> None:
    assert located(section="一", quote="过期不再受理") == "过期不再\n受理@3"  # over a line break
    assert located(section="二", quote="每 人 180 元") == "每人180元@7"  # in a subsection
    assert located(section="一", quote="8月31日", suffix="，") == "8月31日@3"
    assert located(section="一", quote="8月31日", prefix="审核截止时间为") == "8月31日@4"
    assert located(section="二/二", quote="78.4", row="规划设计") == "78.4@12"
    assert located(section="二/二", quote="78.4", row="技术开发", column="系数", suffix="规划") == "78.4@11"


def test_a_cell_is_found_by_row_and_column() -> None:
    gold = with_quote(section="二/二", quote="78.4", row="技术开发", column="规定分值")
    assert locate(gold, produced(compile_gold(RAW)), FILE)["fee/评审费@level=中级"] == (Span(start := TEXT.index("78.4"), start + 4),)


def test_a_cell_of_a_flattened_table_is_found_by_the_label_before_it() -> None:
    flat = produced(compile_gold(RAW))
    flat = flat.model_copy(update={"text": TEXT.replace("\t", "\n\t")})
    (spans,) = locate(with_quote(section="二/二", quote="78.4", row="规划设计", suffix="10"), flat, FILE).values()
    assert spans[0].start == flat.text.rindex("78.4")
    (spans,) = locate(with_quote(section="二", quote="78.4", row="规划设计"), flat.model_copy(update={"sections": everything(flat)}), FILE).values()
    assert spans[0].start == flat.text.rindex("78.4")


def everything(ruleset: Ruleset) -> tuple[Section, ...]:
    return (Section(id="二", heading="", level=1, parent=None, start=0, end=len(ruleset.text)),)


def test_a_quote_that_the_text_has_once_needs_no_section() -> None:
    assert located(section="九", quote="每人180元") == "每人180元@7"
    assert located(section="一", quote="每人180元") == "每人180元@7"


@pytest.mark.parametrize(
    ("quote", "message"),
    [
        ({"section": "一", "quote": "每人190元"}, 'quote "每人190元" does not occur in section 一; copy it from the text.'),
        ({"section": "一", "quote": "每人180元", "prefix": "另"}, 'quote "每人180元" does not occur in section 一; copy it from the text.'),
        ({"section": "一", "quote": "8月31日"}, 'quote "8月31日" occurs 2 times in section 一; add prefix or suffix.'),
        ({"section": "二/一", "quote": "8月31日"}, 'quote "8月31日" does not occur in section 二/一, but 2 times elsewhere; correct the section.'),
        (
            {"section": "九", "quote": "8月31日"},
            "names section 九, which the notice does not have (the whole text has it 2 times); correct the section.",
        ),
    ],
)
def test_a_quote_that_cannot_be_found_is_refused(quote: dict[str, str], message: str) -> None:
    with pytest.raises(GoldError) as caught:
        locate(with_quote(**quote), produced(compile_gold(RAW)), FILE)
    assert str(caught.value).startswith(f"{FILE}: rule fee/评审费@level=中级: quote ")
    assert str(caught.value).endswith(message)


def test_all_problems_are_told_at_once() -> None:
    bad = [{**rule, "quotes": [{"section": "一", "quote": "没有"}]} for rule in RAW["rules"][:2]]
    gold = compile_gold({**RAW, "rules": bad, "normative": [{"section": "一", "quote": "也没有"}]})
    found = problems(gold, produced(compile_gold(RAW)), FILE)
    assert [problem.details["rule"] for problem in found] == ["date/个人申报.closes", "fee/评审费@level=中级", "normative/1"]
    assert problems(compile_gold(RAW), produced(compile_gold(RAW)), FILE) == []


def outcome(change: Callable[[dict[str, Any]], None]) -> dict[str, str]:
    """What is not right after a change of the output: key → verdict."""
    gold = compile_gold(RAW)
    return {pair.item.key: verdict(pair) for pair in align(gold, produced(gold, change), FILE) if verdict(pair) != "right"}


def test_saying_the_same_is_all_right() -> None:
    gold = compile_gold(RAW)
    found = {kind: counts for kind, counts in score(gold, produced(gold), FILE).items() if counts != Counts()}
    assert found == {"date": Counts(1), "fee": Counts(2), "threshold": Counts(1), "reference": Counts(2)}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (set_to("rules", 0, "value", "at", value="2022-09-01"), {"date/个人申报.closes": "wrong_value"}),
        (lambda d: d["rules"][0].update(role="opens", key="date/个人申报.opens"), {"date/个人申报.closes": "wrong_subject"}),
        (lambda d: d["rules"][0].update(subject="审核", key="date/审核.closes"), {"date/个人申报.closes": "wrong_subject"}),
        (lambda d: d["rules"][1].update(scope={"levels": ["初级"]}, key="fee/评审费@level=初级"), {"fee/评审费@level=中级": "wrong_scope"}),
        (lambda d: d["rules"][3].update(condition=None, key="threshold/份数"), {"threshold/份数~degree=学士;education=本科": "wrong_scope"}),
        (set_to("rules", 1, "payee", value=None), {"fee/评审费@level=中级": "wrong_value"}),
        (set_to("rules", 1, "per", value="科目"), {"fee/评审费@level=中级": "wrong_value"}),
        (set_to("rules", 1, "payer", value="申报人员"), {}),
        (set_to("rules", 3, "of_whom", value="专家"), {}),
        (lambda d: d["rules"].pop(0), {"date/个人申报.closes": "missing"}),
        (lambda d: d["rules"].append({**d["rules"][0], "key": "date/个人申报.closes#2"}), {"date/个人申报.closes#2": "spurious"}),
        (set_to("references", 0, "title", value="评价 《条件》"), {}),
        (set_to("references", 0, "title", value="评价办法"), {"reference/浙人社发〔2019〕31号": "wrong_value"}),
        (set_to("references", 0, "articles", value=("第五条",)), {"reference/浙人社发〔2019〕31号": "wrong_value"}),
        (set_to("references", 0, "document_number", value="浙人社发〔2019〕13号"), {"reference/浙人社发〔2019〕31号": "wrong_value"}),
    ],
)
def test_each_fault_has_its_name(change: Callable[[dict[str, Any]], None], expected: dict[str, str]) -> None:
    assert outcome(change) == expected


def test_figures() -> None:
    counts = Counts(right=6, wrong_value=1, missing=1, spurious=2)
    assert (counts.gold, counts.produced) == (8, 9)
    assert (counts.precision, counts.recall, counts.f1) == (Decimal("0.6666"), Decimal("0.7500"), Decimal("0.7058"))
    assert Counts().f1 is None
    assert Counts(missing=1).f1 == 0 and Counts(missing=1).precision is None
    assert total([{"date": counts, "fee": counts, "threshold": counts, "reference": Counts()}] * 2)["fee"].right == 12


@given(st.integers(0, 2), st.integers(1, 9999).map(str).filter(lambda amount: amount not in ("180", "280")))
def test_a_changed_value_is_exactly_one_wrong_value(index: int, amount: str) -> None:
    value = {"type": "money", "amount": amount}
    assert list(outcome(set_to("rules", index, "value", value=value)).values()) == ["wrong_value"]


def test_a_check_names_its_gold(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    path = gold_file(tmp_path / "x")
    result = check(path, produced(compile_gold(RAW)))
    assert isinstance(result, Check)
    assert (result.edition, len(result.sha256), result.file) == ("x/2022", 64, str(path))


def stated(text: str, *, normative: bool = True, covered_by: tuple[str, ...] = ()) -> Statement:
    start = TEXT.index(text)
    return Statement(section="一", start=start, end=start + len(text), normative=normative, covered_by=covered_by)


def test_recall_and_coverage_of_what_binds() -> None:
    quotes = [{"section": "一", "quote": "个人申报截止时间"}, {"section": "一", "quote": "审核截止时间"}, {"section": "二/二", "quote": "一式2份"}]
    gold = compile_gold({**RAW, "normative": quotes})
    ruleset = produced(gold)
    ids = [document.id for document in ruleset.references]
    told = (
        stated("根据《评价条件》（浙人社发〔2019〕31号）和浙价费〔2002〕229号文件", covered_by=tuple(ids)),  # cites, and no rule says what it demands
        stated("个人申报截止时间为8月31日，过期不再\n受理", covered_by=(ruleset.rules[0].uid,)),
        stated("审核截止时间为8月31日", normative=False),
        stated("每人280元"),
    )
    found = binding(gold, ruleset.model_copy(update={"statements": told}), "x.gold.json")
    assert (found.gold, found.found, found.recall) == (3, 1, Decimal("0.3333"))
    assert (found.normative, found.covered, found.coverage) == (3, 1, Decimal("0.3333"))
    assert [line.quote for line in found.missed] == ["审核截止时间", "一式2份"]
    assert [line.quote[:4] for line in found.uncovered] == ["根据《评", "每人28"]
    assert (Binding().recall, Binding().coverage, (found + found).covered) == (None, None, 2)


def test_a_floor_holds_what_binds_too() -> None:
    scores = {"x/2022": {"normative": Binding(gold=20, found=19, normative=10, covered=9)}}
    assert check_floor(scores, {"x/2022": {"normative": {"recall": "0.95", "coverage": "0.9"}}}) == []
    (fallen,) = check_floor(scores, {"x/2022": {"normative": {"coverage": "0.95"}}})
    assert (fallen.kind, fallen.metric, fallen.reached) == ("normative", "coverage", Decimal("0.9"))


def floor(**least: str) -> Floor:
    return {"x/2022": {"fee": {"f1": least["f1"]}}}


def test_a_figure_may_not_fall_below_its_floor() -> None:
    scores = {"x/2022": {"fee": Counts(right=97, missing=3, spurious=3)}}
    assert check_floor(scores, floor(f1="0.97")) == []
    (fallen,) = check_floor(scores, floor(f1="0.9701"))
    assert (fallen.edition, fallen.kind, fallen.metric, fallen.floor, fallen.reached) == ("x/2022", "fee", "f1", Decimal("0.9701"), Decimal("0.97"))


def test_what_was_not_scored_and_what_has_nothing_to_find_has_not_fallen() -> None:
    assert check_floor({}, floor(f1="1")) == []
    assert check_floor({"x/2022": {"fee": Counts()}}, floor(f1="1")) == []


def test_a_broken_floor_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "floor.json"
    path.write_text('{"x/2022": {"fee": {"f1": "0.97"}}}', encoding="utf-8")
    assert load_floor(path) == floor(f1="0.97")
    path.write_text('{"x/2022": {"fee": {"f1": "high"}}}', encoding="utf-8")
    with pytest.raises(GoldError, match=r"x/2022/fee/f1"):
        load_floor(path)
