"""A rule before it has a name: what a builder of one kind hands to `build`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from extractors.pattern import compiled
from pipeline.statements import Reading, Sentence
from schemas.document import Span
from schemas.ruleset import Condition, DateRole, Modality, Scope
from schemas.values import Value

EvidenceRole = Literal["value", "scope", "condition"]


@dataclass(frozen=True)
class Proof:
    """A stretch of text that says so, and the pattern that read it."""

    span: Span
    pattern: str
    role: EvidenceRole = "value"


@dataclass(frozen=True)
class Draft:
    """Fields as in the rule. `reasons` lower the confidence or explain it. `own` holds the fields that only the rule's kind has and that no later step reads."""

    kind: str
    subject: str
    value: Value | None
    proofs: tuple[Proof, ...]
    scope: Scope = field(default_factory=Scope)
    role: DateRole | None = None
    condition: Condition | None = None
    per: str | None = None
    payer: str | None = None
    payee: str | None = None
    of_whom: str | None = None
    purpose: Literal["reach", "trigger"] = "reach"
    modality: Modality | None = None
    reasons: tuple[str, ...] = ()
    in_annex: bool = False
    own: Mapping[str, object] = field(default_factory=dict, hash=False)

    def why(self, *reasons: str) -> "Draft":
        return replace(self, reasons=tuple(dict.fromkeys((*self.reasons, *reasons))))


# 不得超过3次 sets a bound that must be kept: it forbids nothing else
_BOUNDS = r"少于|低于|小于|不足|超过|超出|超|高于|多于|大于|突破|早于|晚于|迟于"
_MODALITY: tuple[tuple[Modality, str], ...] = (
    ("must_not", rf"不得(?!{_BOUNDS})|严禁|禁止|不予|不准(?!{_BOUNDS})|不能(?!{_BOUNDS})|不允许(?!{_BOUNDS})"),
    ("in_principle", r"原则上|一般(?:应|不|为)"),
    ("must", rf"不(?:得|准|能|允许)(?:{_BOUNDS})|必须|务必|应当?(?!届|试|聘|考)|须(?!知)|需(?!求)|要求|截止|逾期|请"),
    ("may", r"(?<!许)可(?:以|直接|由|登录|在)?|允许"),
)


def modality_of(reading: Reading, sentence: Sentence, span: Span) -> Modality | None:
    """应 须 必须 / 可 / 不得 严禁 / 原则上: the words of the mention's clause, then of its sentence before it."""
    clause = reading.clause(sentence, span.start)
    for text in (reading.masked[clause.start : clause.end], reading.masked[sentence.span.start : span.end]):
        for modality, words in _MODALITY:
            if compiled(words).search(text):
                return modality
    return None
