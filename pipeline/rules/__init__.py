"""Statements and mentions → rules. One file a kind; a new kind is a file here and a line in BUILDERS."""

from collections.abc import Callable, Iterator

from pipeline.rules.dates import date_rules
from pipeline.rules.draft import Draft
from pipeline.rules.fees import fee_rules
from pipeline.rules.thresholds import threshold_rules
from pipeline.statements import Reading

BUILDERS: tuple[Callable[[Reading], Iterator[Draft]], ...] = (date_rules, fee_rules, threshold_rules)
