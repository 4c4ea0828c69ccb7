"""Amounts of money: 每人180元, 128元/人, 由80元调整为90元. Whether they are a fee is the rules' to say."""

from decimal import Decimal

from extractors.atoms import NUMBER, S
from extractors.numerals import parse
from extractors.pattern import Anchor, Match, Pattern, match_all
from schemas.mention import Amount, Mention

PER = r"(?:生[·./]?学年|学年|生|人[·.]次|人次|人科|科次|人|科目|科|门|篇|次|项|件|份|年|月|学期|学时|课时|单元|半天|天|名|位|套|本|张)"
YUAN = r"(?:元|圆)(?:整|人民币)?"


def _per(found: Match) -> str | None:
    groups = found.groupdict()
    per = groups.get("per") or groups.get("slash") or ("人" if found.group().startswith("人均") else None)
    per = "人次" if per and per.startswith("人") and per.endswith("次") else per
    if per and per.startswith("生"):
        return "人"
    return {"名": "人", "位": "人", "门": "科目", "科": "科目"}.get(per, per) if per else None


def _amount(found: Match) -> Amount | None:
    amount = parse(found["amount"])
    former = parse(found["former"]) if found.groupdict().get("former") else None
    return None if amount is None else Amount(amount, _per(found), former)


AMOUNT = rf"(?:人均)?(?:人民币|RMB|￥|¥)?{S}(?P<amount>{NUMBER}){S}{YUAN}"
SLASH = rf"(?:{S}[/／每](?:每)?{S}(?P<slash>{PER})(?:/{PER})?|{S}\(每(?P<slash>{PER})\))"

PATTERNS = (
    Pattern(
        name="money.changed",
        kind="money",
        anchor=Anchor("元|圆", 140, 20),
        # 由80元调整为90元, 由每人80元提高到90元
        regex=rf"(?:由|从)(?:原来?的?|现行的?)?(?:每{S}(?P<per>{PER}))?{S}(?P<former>{NUMBER}){S}元?(?:/{PER})?(?:(?:调整|提高|降低|下调|上调|增加|改)(?:为|至|到|成)|[降升涨减增][至到为])(?:每{S}(?P<per>{PER}))?{S}{AMOUNT}{SLASH}?",
        value=_amount,
        examples=(("由80元调整为90元", Amount(Decimal(90), None, parse("80"))),),
    ),
    Pattern(
        name="money.per_head",
        kind="money",
        anchor=Anchor("元|圆", 90, 20),
        # 每人180元, 每科目30元, 每人每科61元; 每人收取考务费61元 (the words between belong to the sentence, the quote begins at 每)
        regex=rf"(?P<quote>每{S}(?P<per>{PER})(?:每{S}(?:科目?|门|次|篇|学年|学期|年|月|期))?{S}[^\d。;,，、\n]{{0,12}}?{AMOUNT}){SLASH}?",
        value=_amount,
        examples=(
            ("每人180元", Amount(Decimal(180), "人")),
            ("每人１８０元", Amount(Decimal(180), "人")),
            ("每科目30元", Amount(Decimal(30), "科目")),
            ("每人收取考务费61元", Amount(Decimal(61), "人")),
            ("每单元65元", Amount(Decimal(65), "单元")),
            ("每生每年8000元", Amount(Decimal(8000), "人")),
        ),
        rejects=("每人1科",),
    ),
    Pattern(
        name="money.slash",
        kind="money",
        anchor=Anchor("元|圆", 60, 20),
        regex=rf"{AMOUNT}{SLASH}",
        value=_amount,
        examples=(
            ("420元/人", Amount(Decimal(420), "人")),
            ("500元每人", Amount(Decimal(500), "人")),
            ("2200元/生·学年", Amount(Decimal(2200), "人")),
        ),
    ),
    Pattern(
        name="money.plain",
        kind="money",
        anchor=Anchor("元|圆", 60, 20),
        regex=rf"{AMOUNT}(?!旦|素|件|月|宵|结构|化|论|一体|制)",
        value=_amount,
        examples=(("350元", Amount(Decimal(350))), ("１５万元", Amount(Decimal(150000))), ("壹佰元", Amount(Decimal(100)))),
        rejects=("2元旦", "单元"),
    ),
)


def find(text: str, folded: str) -> list[Mention]:
    """Mentions of money; the value is an Amount."""
    return match_all(PATTERNS, text, folded)
