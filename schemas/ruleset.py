"""The contract: what the notice states, rule by rule, each tied to the characters that say so."""

import hashlib
import json
from typing import Annotated, Any, Literal, Self, get_args
from urllib.parse import quote as percent_encode

from pydantic import Field, ValidationError

from schemas.base import Composed, Frozen
from schemas.document import Section, Source
from schemas.values import Decimal, Moment, Value

SCHEMA_VERSION = "1.0.0"

DIMENSIONS = {
    "levels": "level",
    "routes": "route",
    "applicants": "applicant",
    "items": "item",
    "actors": "actor",
    "specialties": "specialty",
    "employers": "employer",
    "regions": "region",
}
"""Scope dimensions in the order in which a key names them, with their singular."""

Stated = tuple[str, ...] | Literal["all"] | None
"""Values of a scope dimension; "all" where the notice says all, null where it says nothing."""


class Scope(Frozen):
    """Whom or what a rule speaks of. Unstated (null) is never all."""

    levels: Stated = None
    routes: Stated = None
    applicants: Stated = None
    items: Stated = None
    actors: Stated = None
    specialties: Stated = None
    employers: Stated = None
    regions: Stated = None

    def stated(self) -> dict[str, tuple[str, ...]]:
        """The stated dimensions in schema order, "all" as one value."""
        out = {}
        for name in DIMENSIONS:
            values = getattr(self, name)
            if values is not None:
                out[name] = ("all",) if values == "all" else tuple(sorted(values))
        return out

    def merged(self, other: "Scope") -> "Scope":
        """This scope, with what it leaves unstated taken from `other`."""
        filled = {name: getattr(other, name) for name in DIMENSIONS if getattr(self, name) is None and getattr(other, name) is not None}
        return self.model_copy(update=filled) if filled else self


class Test(Frozen):
    """A leaf of a condition: `fact op value`, a missing fact makes it unknown."""

    __test__ = False  # pytest: this is no test class

    fact: str
    op: Literal["=", ">=", "<=", ">", "<"] = "="
    value: tuple[str, ...]
    unit: str | None = None


class Condition(Frozen):
    """A tree of tests in three-valued logic. Exactly one field is set."""

    all: tuple["Condition", ...] | None = None
    any: tuple["Condition", ...] | None = None
    not_: "Condition | None" = Field(None, alias="not")
    test: Test | None = None
    opaque: str | None = Field(None, description="Words that no parser could read; never a guess")

    model_config = Frozen.model_config | {"populate_by_name": True}

    def parts(self) -> tuple["Condition", ...]:
        """The conditions that it is made of, none for a leaf."""
        return self.all or self.any or ((self.not_,) if self.not_ is not None else ())

    def leaves(self) -> tuple["Condition", ...]:
        """Tests and unread words, in order."""
        own = (self,) if self.test is not None or self.opaque is not None else ()
        return own + tuple(leaf for part in self.parts() for leaf in part.leaves())

    def tests(self) -> tuple[Test, ...]:
        """The tests, in order."""
        return tuple(leaf.test for leaf in self.leaves() if leaf.test is not None)

    def unread(self) -> tuple[str, ...]:
        """The words that no parser could read, in order."""
        return tuple(leaf.opaque for leaf in self.leaves() if leaf.opaque is not None)


class Evidence(Frozen):
    """The characters that say so. prefix and suffix (32 characters each) find the quote again in another reading (W3C Web Annotation)."""

    role: Literal["value", "scope", "condition"] = "value"
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    section: str
    pattern: str
    part: str | None = None
    page: int | None = None
    bbox: tuple[int, int, int, int] | None = Field(None, description="In 1/100 point")
    cell: tuple[int, int] | None = Field(None, description="Row and column of the table cell, 0-based")


class Citation(Frozen):
    reference: str
    articles: tuple[str, ...] = ()


class Confidence(Frozen):
    score: Decimal
    reasons: tuple[str, ...] = ()


class Review(Frozen):
    status: Literal["unreviewed", "accepted", "fixed", "added", "disputed"] = "unreviewed"
    decisions: tuple[str, ...] = ()


DateRole = Literal["opens", "closes", "period", "held", "cutoff", "condition", "issued", "printed", "effective", "expires"]
Modality = Literal["must", "may", "must_not", "in_principle"]


class RuleBase(Composed):
    """What every kind of rule has."""

    key: str = Field(description="What the rule is about, never its value, clause or year: kind/subject[.role or bound][~branch]@scope")
    uid: str
    kind: str
    subject: str
    scope: Scope = Scope()
    modality: Modality | None = None
    value: Value | None = None
    condition: Condition | None = None
    evidence: tuple[Evidence, ...]
    cites: tuple[Citation, ...] = ()
    confidence: Confidence
    review: Review = Review()
    part_of: str | None = None


class DateRule(RuleBase):
    kind: Literal["date"] = "date"
    role: DateRole


class FeeRule(RuleBase):
    kind: Literal["fee"] = "fee"
    per: str | None = None
    payer: str | None = None
    payee: str | None = None


class ThresholdRule(RuleBase):
    kind: Literal["threshold"] = "threshold"
    per: str | None = None
    of_whom: str | None = Field(None, description="2名*正高级工程师*推荐")
    purpose: Literal["reach", "trigger"] = "reach"


class EligibilityRule(RuleBase):
    """Who may apply for what: `condition` is the tree, `value` is null."""

    kind: Literal["eligibility"] = "eligibility"
    outcome: str = Field(description="What the condition opens: 可申报, 可直接申报, 可参加评审, 不得申报 …, as printed without the level")


class MaterialRule(RuleBase):
    """A document to be handed in or uploaded; `subject` is its name without 《》."""

    kind: Literal["material"] = "material"
    form: str | None = Field(None, description="扫描件, 复印件, 原件, 纸质, 电子版 …")
    copies: str | None = None


class StepRule(RuleBase):
    """One step of the procedure: who does what, in which system, in which order."""

    kind: Literal["step"] = "step"
    actor: str | None = None
    action: str
    order: int | None = Field(None, description="1-based place among the steps, where the notice gives an order")
    system: str | None = None
    url: str | None = None


class PenaltyRule(RuleBase):
    kind: Literal["penalty"] = "penalty"
    conduct: str
    consequence: str


class ExemptionRule(RuleBase):
    """What somebody need not do or have: `subject` is the duty that falls away."""

    kind: Literal["exemption"] = "exemption"


class ContactRule(RuleBase):
    kind: Literal["contact"] = "contact"
    organisation: str | None = None
    persons: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    address: str | None = None


class ScoreRule(RuleBase):
    """Points of a scoring form; `scope.items` names the line."""

    kind: Literal["score"] = "score"


class RequirementRule(RuleBase):
    """Any other duty, permission or prohibition."""

    kind: Literal["requirement"] = "requirement"


Rule = Annotated[
    DateRule
    | FeeRule
    | ThresholdRule
    | EligibilityRule
    | MaterialRule
    | StepRule
    | PenaltyRule
    | ExemptionRule
    | ContactRule
    | ScoreRule
    | RequirementRule,
    Field(discriminator="kind"),
]
RULE_KINDS: dict[str, type[RuleBase]] = {
    "date": DateRule,
    "fee": FeeRule,
    "threshold": ThresholdRule,
    "eligibility": EligibilityRule,
    "material": MaterialRule,
    "step": StepRule,
    "penalty": PenaltyRule,
    "exemption": ExemptionRule,
    "contact": ContactRule,
    "score": ScoreRule,
    "requirement": RequirementRule,
}

VALUE_TYPES = frozenset(get_args(one.model_fields["type"].annotation)[0] for one in get_args(get_args(Value)[0]))

Relation = Literal["basis", "criteria", "procedure", "fee", "forwarded", "other"]


class Reference(Frozen):
    """A document that the notice cites. One title under two 文号 is two references."""

    id: str = Field(description="文号, or the title where there is none")
    title: str | None = None
    document_number: str | None = None
    issuer_code: str | None = Field(None, description="浙人社发 of 浙人社发〔2019〕31号")
    year: int | None = None
    serial: int | None = None
    aliases: tuple[str, ...] = ()
    url: str | None = None
    articles: tuple[str, ...] = ()
    relation: Relation = "other"
    evidence: tuple[Evidence, ...]


class Statement(Frozen):
    """A sentence, list item or table row of the notice."""

    section: str
    start: int
    end: int
    normative: bool
    covered_by: tuple[str, ...] = ()
    reason: str | None = Field(None, description="Why the statement needs no rule")


class Finding(Frozen):
    code: str
    severity: Literal["error", "warning", "note"]
    message: str
    evidence: tuple[Evidence, ...] = ()


class Notice(Frozen):
    title: str | None = None
    document_number: str | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    issued_on: Moment | None = None
    cycle: int | None = Field(None, description="The year that the notice is for")
    edition: str | None = None
    series: str | None = None
    amends: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()


class Run(Frozen):
    """What made the ruleset; no clock, host or path, so that the same input gives the same bytes."""

    program: str
    vocabulary: str = Field(description="SHA-256 of extractors/data")


class Ruleset(Composed):
    schema_version: str = Field(SCHEMA_VERSION, pattern=rf"^{SCHEMA_VERSION.partition('.')[0]}\.\d+\.\d+$")
    notice: Notice
    source: Source
    text: str
    sections: tuple[Section, ...]
    rules: tuple[Rule, ...]
    references: tuple[Reference, ...]
    statements: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()
    run: Run

    def to_json(self) -> str:
        """Canonical JSON: fields in schema order, two blanks of indent, unescaped Han characters, one line feed at the end."""
        return self.model_dump_json(indent=2, by_alias=True) + "\n"

    def uncovered(self) -> tuple[Statement, ...]:
        """The statements that bind and from which no rule came, in order of the text; that one cites a document says nothing of what it demands."""
        documents = {document.id for document in self.references}
        return tuple(statement for statement in self.statements if statement.normative and not set(statement.covered_by) - documents)

    @classmethod
    def from_json(cls, text: str | bytes) -> Self:
        """The ruleset of a file. One of a later minor version is read as far as it is known here: further fields are passed over, rules of further kinds
        or with further types of values too, and a finding says how many. Raises pydantic.ValidationError where the text is no ruleset."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            later = _of_a_later_minor(text)
            if later is None:
                raise
            return cls.model_validate_json(json.dumps(later), extra="ignore")


def _of_a_later_minor(text: str | bytes) -> dict[str, Any] | None:
    """The JSON of a ruleset of this major and a later minor version without the rules that are not known here; None for everything else."""
    try:
        found = json.loads(text)
        major, minor = (int(part) for part in str(found["schema_version"]).split(".")[:2])
        known = [rule for rule in found["rules"] if _is_known(rule)]
        dropped = len(found["rules"]) - len(known)
        findings = [*found["findings"], *([_not_read(found["schema_version"], dropped)] if dropped else [])]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    own_major, own_minor = (int(part) for part in SCHEMA_VERSION.split(".")[:2])
    return {**found, "rules": known, "findings": findings} if (major, minor > own_minor) == (own_major, True) else None


def _is_known(rule: dict[str, Any]) -> bool:
    return rule["kind"] in RULE_KINDS and (rule["value"] is None or rule["value"]["type"] in VALUE_TYPES)


def _not_read(version: str, count: int) -> dict[str, Any]:
    message = f"此文件由更新的版本（{version}）写成，其中 {count} 条规则本程序还不认识，未列出；请升级程序后查看。"
    return {"code": "newer-schema", "severity": "warning", "message": message, "evidence": []}


_SIGNS = str.maketrans({c: percent_encode(c, safe="") for c in "%/.~@=,;#"})


def _encoded(text: str) -> str:
    return text.translate(_SIGNS)


def make_key(kind: str, subject: str, suffix: str | None = None, condition: Condition | None = None, scope: Scope | None = None) -> str:
    """kind/subject[.role or bound][~branch]@scope: `threshold/专业工作年限~education=大专@level=助理级`.

    The branch holds the non-numeric tests of the condition; `#2` for a second value under one key is the builder's to add.
    """
    key = f"{kind}/{_encoded(subject)}" + (f".{suffix}" if suffix else "")
    branch: dict[str, set[str]] = {}
    for test in condition.tests() if condition else ():
        if test.unit is None:
            branch.setdefault(test.fact + test.op, set()).update(_encoded(v) for v in test.value)
    if branch:
        key += "~" + ";".join(f"{fact}{','.join(sorted(values))}" for fact, values in sorted(branch.items()))
    stated = scope.stated() if scope else {}
    if stated:
        key += "@" + ";".join(f"{DIMENSIONS[name]}={','.join(map(_encoded, values))}" for name, values in stated.items())
    return key


def make_uid(key: str, series: str | None, file_sha256: str) -> str:
    """First 16 hex digits of SHA-256(series + line feed + key), with the file's hash where there is no series."""
    return hashlib.sha256(f"{series or file_sha256}\n{key}".encode()).hexdigest()[:16]
