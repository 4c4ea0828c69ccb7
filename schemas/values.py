"""The values that a notice can state: one union, told apart by `type`. Amounts and numbers are decimal strings; nothing is a float."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.base import Frozen

Decimal = Annotated[
    str, Field(pattern=r"^-?\d+(\.\d+)?(/\d+)?$", description="Decimal, or a fraction of whole numbers that no decimal says exactly: 2/3")
]
Moment = Annotated[
    str,
    Field(pattern=r"^\d{4}(-\d{2}(-\d{2}(T\d{2}:\d{2})?)?)?$", description="ISO 8601 at the precision stated, local time +08:00; 24:00 stays 24:00"),
]
Op = Literal[">=", ">", "<=", "<", "="]
Relation = Literal["from", "before", "after", "within", "since", "last"]


class Money(Frozen):
    type: Literal["money"] = "money"
    amount: Decimal
    currency: str = "CNY"
    former: Decimal | None = Field(None, description="由80元调整为90元: 80")


class Quantity(Frozen):
    """A number to reach or not to exceed. 以上 以下 以内 不少于 不超过 达到 至少 满 include the bound, 超过 大于 不满 小于 do not (Civil Code, art. 1259)."""

    type: Literal["quantity"] = "quantity"
    op: Op
    number: Decimal
    unit: str


class OneOf(Frozen):
    type: Literal["one_of"] = "one_of"
    values: tuple[str, ...]


class Band(Frozen):
    start: Decimal | None = None
    end: Decimal | None = None
    unit: str
    result: Decimal
    result_unit: str


class Banded(Frozen):
    """6–10年 → 2分, 11–15年 → 4分."""

    type: Literal["banded"] = "banded"
    bands: tuple[Band, ...]


class Instant(Frozen):
    type: Literal["instant"] = "instant"
    at: Moment
    inferred: tuple[str, ...] = Field((), description="Parts that are not printed but follow from the notice: year, month, day")


class Window(Frozen):
    """Both ends inclusive; an open end is null."""

    type: Literal["window"] = "window"
    start: Moment | None
    end: Moment | None
    inferred: tuple[str, ...] = ()


class Relative(Frozen):
    """自发文之日起: event 发文之日, from. 从次年起3年内: event 处理之年, from, offset 1, length 3, unit 年."""

    type: Literal["relative"] = "relative"
    event: str | None = None
    relation: Relation
    offset: Decimal | None = None
    length: Decimal | None = None
    unit: str | None = None
    resolved: Moment | None = None


class ByReference(Frozen):
    type: Literal["by_reference"] = "by_reference"
    reference: str = Field(description="Id of the reference that states the value")


class External(Frozen):
    """The notice leaves it to something else: 另行通知, 以计划显示为准."""

    type: Literal["external"] = "external"
    text: str


class Adjustment(Frozen):
    """在上述工作年限基础上顺延一年."""

    type: Literal["adjustment"] = "adjustment"
    adds: Decimal
    unit: str
    to: tuple[str, ...] = Field((), description="uids of the rules that it adjusts")


class Prohibited(Frozen):
    type: Literal["prohibited"] = "prohibited"


class NotStated(Frozen):
    type: Literal["not_stated"] = "not_stated"


class Text(Frozen):
    type: Literal["text"] = "text"
    text: str


Value = Annotated[
    Money | Quantity | OneOf | Banded | Instant | Window | Relative | ByReference | External | Adjustment | Prohibited | NotStated | Text,
    Field(discriminator="type"),
]
