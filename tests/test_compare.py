"""The comparison engine on hand-made items, and its laws on random ones."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.compare import canonical, compare, differences, fold_number, fold_title, fold_unit, reference_key, rule_item
from schemas.comparison import Cited, Item, Pair
from schemas.document import Span
from schemas.ruleset import Condition, Confidence, Evidence, FeeRule, Scope, Test, make_key
from schemas.values import ByReference, Instant, Money, OneOf, Quantity, Relative, Value, Window


def item(subject: str = "评审费", value: Value | None = None, at: int = 0, level: str | None = None, kind: str = "fee", **more: object) -> Item:
    """An item whose evidence is the five characters from `at`."""
    scope = Scope(levels=(level,)) if level else Scope()
    made = Item(make_key(kind, subject, None, None, scope), kind, subject, scope=scope, value=value, spans=(Span(at, at + 5),), quotes=("x" * 5,))
    return replace(made, **more)  # type: ignore[arg-type]  # tests name any field


def test_same_key_is_one_rule_wherever_it_stands() -> None:
    (pair,) = compare([item(value=Money(amount="180"), at=0)], [item(value=Money(amount="280"), at=900)])
    assert pair.how == "key"
    assert pair.differs == ("value",)


def test_wrong_scope_on_the_same_words_is_one_pair() -> None:
    (pair,) = compare([item(value=Money(amount="180"), level="中级")], [item(value=Money(amount="180"), level="副高级", at=3)])
    assert (pair.how, pair.differs) == ("evidence", ("scope",))


def test_other_words_or_another_kind_are_no_pair() -> None:
    gold = item(value=Money(amount="180"), level="中级")
    for other in (item(value=Money(amount="180"), at=5), item(value=Money(amount="180"), kind="threshold")):
        assert compare([gold], [other]) == (Pair(gold, None), Pair(None, other))


def test_the_value_decides_among_rules_read_from_the_same_words() -> None:
    gold = [item("照片宽度", Quantity(op=">", number="215", unit="像素"), kind="threshold")]
    gold += [item("照片高度", Quantity(op=">", number="300", unit="像素"), kind="threshold")]
    made = [item("高", Quantity(op=">", number="300", unit="像素"), kind="threshold")]
    made += [item("宽", Quantity(op=">", number="215", unit="像素"), kind="threshold")]
    assert [(p.left and p.left.subject, p.right and p.right.subject) for p in compare(gold, made)] == [("照片宽度", "宽"), ("照片高度", "高")]


def test_two_values_under_one_key_are_paired_by_value() -> None:
    first, second = item(value=Money(amount="180")), replace(item(value=Money(amount="280")), key="fee/评审费#2")
    swapped = [replace(second, key=first.key), replace(first, key=second.key)]
    assert all(not pair.differs for pair in compare([first, second], swapped))


def test_a_bound_alone_keeps_its_topic() -> None:
    low = item("时长", Quantity(op=">=", number="3", unit="分钟"), kind="threshold", key="threshold/时长.min")
    high = item("时长", Quantity(op="<=", number="5", unit="分钟"), kind="threshold", key="threshold/时长.max")
    alone = item("时长", Quantity(op="<=", number="6", unit="分钟"), kind="threshold", at=700)
    assert compare([low, high], [alone]) == (Pair(low, None), Pair(high, alone, "key", ("value",)))


def test_without_spans_the_quotes_decide() -> None:
    gold = item(value=Money(amount="180"), level="中级", spans=(), quotes=("每人 180元",))
    assert compare([gold], [item(value=Money(amount="180"), quotes=("每人180元，由中评委",))])[0].how == "evidence"
    assert len(compare([gold], [item(value=Money(amount="180"), quotes=("每人280元",))])) == 2


def test_another_gate_serves_another_comparison() -> None:
    old = item("评审费", Money(amount="180"), level="中级")
    new = item("评审费", Money(amount="200"), level="中级", at=500, key="fee/评审费@level=工程师")
    assert compare([old], [new], gate=lambda a, b: a.subject == b.subject) == (Pair(old, new, "evidence", ("value",)),)


def test_branch_of_the_condition_is_scope_and_numbers_are_none_of_it() -> None:
    degree = Condition(test=Test(fact="education", value=("大专",)))
    years = Condition(test=Test(fact="专业工作年限", op=">=", value=("3",), unit="年"))
    assert differences(item(condition=degree), item()) == ("scope",)
    assert differences(item(condition=years), item()) == ()


def test_own_fields_differ_and_reach_is_the_default_purpose() -> None:
    assert differences(item(per="人"), item(per="名")) == ()
    assert differences(item(per="人"), item(per="科目")) == ("fields",)
    assert differences(item(purpose="reach"), item()) == ()
    assert differences(item(role="opens"), item(role="closes")) == ("role",)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Money(amount="280"), Money(amount="280.00")),
        (Quantity(op=">=", number="2", unit="名"), Quantity(op=">=", number="2.0", unit="位")),
        (Quantity(op="<=", number="30", unit="KB"), Quantity(op="<=", number="30", unit="Ｋ")),
        (Quantity(op="=", number="5", unit="天"), Quantity(op="=", number="5", unit="日")),
        (OneOf(values=("1寸", "2寸")), OneOf(values=("2 寸", "1寸"))),
        (Instant(at="2022-08-31", inferred=("year",)), Instant(at="2022-08-31")),
        (Relative(event="发文之日", relation="from", resolved="2022-08-31"), Relative(event="发文之日", relation="from")),
        (ByReference(reference="浙价费（2002）229号"), ByReference(reference="浙价费〔2002〕 229号")),
        (
            Cited("关于印发〈办法〉的通知", "浙人〔2019〕1号", ("第五条", "第六条")),
            Cited("关于印发《办法》的通知", "浙人[2019]1号", ("第六条", "第五条")),
        ),
    ],
)
def test_values_that_say_the_same(left: Value | Cited, right: Value | Cited) -> None:
    assert canonical(left) == canonical(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Money(amount="90", former="80"), Money(amount="90")),
        (Quantity(op=">=", number="2", unit="名"), Quantity(op=">", number="2", unit="名")),
        (Instant(at="2022-08-31"), Instant(at="2022-08-31T20:00")),
        (Instant(at="2022"), Window(start="2022", end="2022")),
        (Cited("办法", "浙人〔2019〕1号"), Cited("办法", "浙人〔2019〕1号", ("第五条",))),
        (Cited(None, "浙人〔2019〕1号"), Cited("办法", "浙人〔2019〕1号")),
    ],
)
def test_values_that_do_not(left: Value | Cited, right: Value | Cited) -> None:
    assert canonical(left) != canonical(right)


def test_spellings() -> None:
    assert fold_number("浙人社发﹝2019﹞ 31号") == "浙人社发〔2019〕31号"
    assert fold_title("《关于 印发〈办法〉的通知》") == "关于印发办法的通知"
    assert fold_unit("人") == fold_unit("位") == "名"
    assert reference_key("办法", None) == reference_key("《办法》", "")


def test_a_rule_is_proven_by_the_evidence_of_its_value() -> None:
    def evidence(role: str, start: int) -> Evidence:
        return Evidence.model_validate(
            {"role": role, "start": start, "end": start + 2, "quote": "引文", "prefix": "", "suffix": "", "section": "一", "pattern": "p"}
        )

    rule = FeeRule(
        key="fee/评审费", uid="u", subject="评审费", evidence=(evidence("scope", 0), evidence("value", 9)), confidence=Confidence(score="1")
    )
    assert rule_item(rule).spans == (Span(9, 11),)
    assert rule_item(rule.model_copy(update={"evidence": rule.evidence[:1]})).spans == (Span(0, 2),)


def quantities() -> st.SearchStrategy[Value]:
    return st.builds(Quantity, op=st.sampled_from([">=", "<=", "="]), number=st.sampled_from(["1", "2", "3"]), unit=st.just("名"))


def items() -> st.SearchStrategy[list[Item]]:
    """Few subjects, levels and places, so that keys repeat and evidence overlaps; keys as the builder gives them, with #2 and bounds."""
    made = st.builds(
        item,
        st.sampled_from(["推荐", "份数"]),
        quantities(),
        st.integers(0, 12),
        st.sampled_from([None, "中级", "副高级"]),
        st.sampled_from(["threshold", "fee"]),
    )
    return st.lists(made, max_size=7).map(numbered)


def numbered(made: list[Item]) -> list[Item]:
    keys: list[str] = []
    for one in made:
        keys.append(one.key + (f"#{times + 1}" if (times := sum(k.split("#")[0] == one.key for k in keys)) else ""))
    return [replace(one, key=key) for one, key in zip(made, keys, strict=True)]


@given(items())
def test_a_thing_is_like_itself(made: list[Item]) -> None:
    pairs = compare(made, made)
    assert len(pairs) == len(made)
    assert all(pair.how == "key" and not pair.differs for pair in pairs)


@given(items(), items())
def test_swapping_the_sides_swaps_the_pairs(left: list[Item], right: list[Item]) -> None:
    there, back = compare(left, right), compare(right, left)
    assert sorted(map(repr, there)) == sorted(repr(Pair(pair.right, pair.left, pair.how, pair.differs)) for pair in back)


@given(items(), items())
def test_every_item_stands_in_one_pair(left: list[Item], right: list[Item]) -> None:
    pairs = compare(left, right)
    assert [pair.left for pair in pairs if pair.left] == left
    assert sorted(repr(pair.right) for pair in pairs if pair.right) == sorted(map(repr, right))


@given(items(), items(), st.randoms(use_true_random=False))
def test_the_order_of_a_side_does_not_matter(left: list[Item], right: list[Item], random: object) -> None:
    mixed = list(right)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a Random
    assert sorted(map(repr, compare(left, mixed))) == sorted(map(repr, compare(left, right)))


@given(items(), st.data())
def test_a_changed_value_is_one_changed_value(made: list[Item], data: st.DataObject) -> None:
    if made:
        index = data.draw(st.integers(0, len(made) - 1))
        changed = [replace(one, value=Money(amount="7")) if i == index else one for i, one in enumerate(made)]
        assert [pair.differs for pair in compare(made, changed) if pair.differs] == [("value",)]
