"""A small ruleset written by hand, for tests of everything that shows one. Offsets are found by the quote, so nobody types them."""

import hashlib

from pipeline.keys import Named, assign_keys
from schemas.document import Section, Source
from schemas.ruleset import (
    Citation,
    Condition,
    Confidence,
    DateRole,
    DateRule,
    Evidence,
    FeeRule,
    Finding,
    Notice,
    Reference,
    Rule,
    RuleBase,
    Ruleset,
    Run,
    Scope,
    Test,
    ThresholdRule,
    make_uid,
)
from schemas.values import Instant, Money, Quantity, Relative, Value

TEXT = """甲水人〔2023〕8号
关于开展2023年度甲市水利专业工程师评审工作的通知
各有关单位：
根据《甲省职称评审办法》（甲人社发〔2022〕77号，以下简称《办法》），现通知如下：
一、申报时间
个人申报时间为8月5日10:00至8月31日20:00，逾期不予受理。
二、申报条件
（一）学历。大专毕业，从事专业工作满3年，可申报助理工程师；每年继续教育不少于90学时。
（二）推荐。提交材料后5个工作日内审核，由2名高级工程师推荐，按《办法》第五条执行。
三、收费
评审费：高级工程师每人280元、工程师每人180元。
附件1
项目\t分值\t说明
论文\t≥2篇\t独著
甲市水利局
2023年7月1日"""

SECTIONS = (
    ("前言", "", 0, None, "甲水人"),
    ("一", "申报时间", 1, None, "一、申报时间"),
    ("二", "申报条件", 1, None, "二、申报条件"),
    ("二/一", "学历", 2, "二", "（一）学历"),
    ("二/二", "推荐", 2, "二", "（二）推荐"),
    ("三", "收费", 1, None, "三、收费"),
    ("附件1", "附件1", 1, None, "附件1\n"),
    ("落款", "", 1, None, "甲市水利局\n2023"),
)


class Maker:
    """Builds evidence and rules over one text; `sections` are (id, heading, level, parent, words that it begins with)."""

    def __init__(self, text: str, sections: tuple[tuple[str, str, int, str | None, str], ...]) -> None:
        self.text = text
        starts = [text.index(begin) for *_, begin in sections]
        ends = [*starts[1:], len(text)]
        self.sections = tuple(
            Section(id=name, heading=heading, level=level, parent=parent, start=start, end=end)
            for (name, heading, level, parent, _), start, end in zip(sections, starts, ends, strict=True)
        )

    def evidence(self, quote: str, role: str = "value", nth: int = 0) -> Evidence:
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(quote, start + 1)
        end = start + len(quote)
        section = next((s.id for s in reversed(self.sections) if s.start <= start), "前言")
        return Evidence.model_validate(
            {
                "role": role,
                "start": start,
                "end": end,
                "quote": quote,
                "prefix": self.text[max(0, start - 32) : start],
                "suffix": self.text[end : end + 32],
                "section": section,
                "pattern": "test.by_hand",
            }
        )

    def reference(self, title: str, number: str, *evidence: Evidence, **more: object) -> Reference:
        return Reference.model_validate({"id": number or title, "title": title, "document_number": number, "evidence": evidence, **more})

    def ruleset(self, rules: list[RuleBase], references: tuple[Reference, ...] = (), findings: tuple[Finding, ...] = (), **notice: object) -> Ruleset:
        """The ruleset with keys and uids as the builder assigns them."""
        digest = hashlib.sha256(self.text.encode()).hexdigest()
        keys = assign_keys([Named(r.kind, r.subject, getattr(r, "role", None), r.value, r.condition, r.scope) for r in rules])
        named: list[Rule] = []
        for rule, key in zip(rules, keys, strict=True):
            assert isinstance(rule, DateRule | FeeRule | ThresholdRule)
            named.append(rule.model_copy(update={"key": key, "uid": make_uid(key, None, digest)}))
        return Ruleset(
            notice=Notice.model_validate(notice),
            source=Source(file="notice.txt", media_type="text/plain", sha256=digest, text_sha256=digest, reader="txt"),
            text=self.text,
            sections=self.sections,
            rules=tuple(named),
            references=references,
            findings=findings,
            run=Run(program="noticerules test", vocabulary="0" * 64),
        )


def _confidence(score: str, *reasons: str) -> Confidence:
    return Confidence(score=score, reasons=reasons)


def date(subject: str, role: DateRole, value: Value, *evidence: Evidence, score: str = "0.95", reasons: tuple[str, ...] = ()) -> DateRule:
    return DateRule(key="", uid="", subject=subject, role=role, value=value, evidence=evidence, confidence=_confidence(score, *reasons))


def fee(subject: str, value: Value, *evidence: Evidence, scope: Scope | None = None, per: str | None = None, payee: str | None = None) -> FeeRule:
    return FeeRule(
        key="", uid="", subject=subject, value=value, evidence=evidence, scope=scope or Scope(), per=per, payee=payee, confidence=_confidence("0.95")
    )


def threshold(subject: str, value: Value, *evidence: Evidence, score: str = "0.95", reasons: tuple[str, ...] = (), **more: object) -> ThresholdRule:
    fields = {"key": "", "uid": "", "subject": subject, "value": value, "evidence": evidence, "confidence": _confidence(score, *reasons)}
    return ThresholdRule.model_validate(fields | more)


def small_ruleset() -> Ruleset:
    """Every kind, a nested and an overlapping mark, a table, two findings."""
    make = Maker(TEXT, SECTIONS)
    say = make.evidence
    rules: list[RuleBase] = [
        date("个人申报", "opens", Instant(at="2023-08-05T10:00", inferred=("year",)), say("8月5日10:00"), score="0.8", reasons=("year-inferred",)),
        date("个人申报", "closes", Instant(at="2023-08-31T20:00", inferred=("year",)), say("8月31日20:00"), score="0.8", reasons=("year-inferred",)),
        date("资格审核", "closes", Relative(event="提交材料", relation="within", length="5", unit="工作日"), say("提交材料后5个工作日内")),
        date("通知", "issued", Instant(at="2023-07-01"), say("2023年7月1日")),
        threshold(
            "专业工作年限",
            Quantity(op=">=", number="3", unit="年"),
            say("从事专业工作满3年"),
            say("大专毕业", "condition"),
            say("可申报助理工程师", "scope"),
            scope=Scope(levels=("助理级",)),
            condition=Condition(test=Test(fact="education", value=("大专",))),
        ),
        threshold("继续教育学时", Quantity(op=">=", number="90", unit="学时"), say("每年继续教育不少于90学时"), per="年"),
        threshold("审核时限", Quantity(op="<=", number="5", unit="工作日"), say("5个工作日内"), score="0.6", reasons=("subject-free", "only-ner")),
        threshold(
            "推荐专家人数",
            Quantity(op="=", number="2", unit="名"),
            say("2名高级工程师推荐"),
            of_whom="高级工程师",
            cites=(Citation(reference="甲人社发〔2022〕77号"),),
        ),
        threshold("论文篇数", Quantity(op=">=", number="2", unit="篇"), say("≥2篇"), reasons=("table-cell",)),
        fee("评审费", Money(amount="280"), say("高级工程师每人280元"), scope=Scope(levels=("副高级",)), per="人", payee="评委会"),
        fee("评审费", Money(amount="180"), say("工程师每人180元"), scope=Scope(levels=("中级",)), per="人"),
    ]
    basis = make.reference(
        "甲省职称评审办法",
        "甲人社发〔2022〕77号",
        say("《甲省职称评审办法》（甲人社发〔2022〕77号"),
        say("《办法》第五条"),
        aliases=("办法",),
        articles=("第五条",),
        relation="basis",
        url="https://example.org/a?b=1&c=2",
    )
    findings = (
        Finding(code="limit-unclear", severity="warning", message="审核时限没有写明从哪一天起算。", evidence=(say("5个工作日内"),)),
        Finding(code="no-payee", severity="note", message="中级评审费没有写明由谁收取。"),
    )
    return make.ruleset(
        rules,
        (basis,),
        findings,
        title="关于开展2023年度甲市水利专业工程师评审工作的通知",
        document_number="甲水人〔2023〕8号",
        issuers=("甲市水利局",),
        addressees=("各有关单位",),
        issued_on="2023-07-01",
        cycle=2023,
    )
