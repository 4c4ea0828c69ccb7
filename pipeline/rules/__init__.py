"""Statements and mentions → rules. One file a kind; a new kind is a file here and a line in BUILDERS or, where it settles its own restatements, in FURTHER."""

from collections.abc import Callable, Iterator

from pipeline.rules.contacts import contact_rules
from pipeline.rules.dates import date_rules
from pipeline.rules.draft import Draft
from pipeline.rules.eligibility import eligibility_rules
from pipeline.rules.exemptions import exemption_rules
from pipeline.rules.fees import fee_rules
from pipeline.rules.materials import material_rules
from pipeline.rules.penalties import penalty_rules
from pipeline.rules.requirements import requirement_rules
from pipeline.rules.scores import score_rules
from pipeline.rules.steps import step_rules
from pipeline.rules.thresholds import threshold_rules
from pipeline.statements import Reading

Builder = Callable[[Reading], Iterator[Draft]]

BUILDERS: tuple[Builder, ...] = (date_rules, fee_rules, threshold_rules, eligibility_rules)
"""Restatements among what these yield are merged by value, scope and condition (pipeline.merge)."""

FURTHER: tuple[Builder, ...] = (material_rules, step_rules, penalty_rules, exemption_rules, contact_rules, score_rules)
"""Rules without a value to be merged by: each builder knows when one of its kind is said again."""

REST = requirement_rules
"""Runs last and is given all other drafts: what they leave uncovered."""
