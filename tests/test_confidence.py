"""The table of benchmarks.confidence, and what the facts of a reader can and cannot judge."""

from decimal import Decimal
from itertools import pairwise

import pytest

from benchmarks.confidence import BINS, Judged, main, table
from benchmarks.facts import outcomes

WINDOW = {"kind": "date", "role": "closes", "key": "date/报名.closes", "value": {"type": "instant", "at": "2023-05-01"}}
PROOF = [{"role": "value", "quote": "报名截止时间为2023年5月1日"}]
FACT = {"kind": "date", "event": "报名", "role": "closes", "end": "2023-05-01", "quote": "报名截止时间为2023年5月1日"}


def judged(score: str, right: bool, *reasons: str) -> Judged:
    return Judged("2023", "fee/评审费", Decimal(score), reasons, right)


def test_each_rule_stands_in_one_bin_and_each_reason_in_its_row() -> None:
    rows = list(table([judged("1.00", True), judged("0.98", True, "bound-前"), judged("0.95", False, "bound-前"), judged("0.12", False)]))
    assert rows[2:5] == ["| 1.00 | 1 | 1 | 1.000 |", "| 0.95 to 0.99 | 2 | 1 | 0.500 |", "| 0.90 to 0.94 | 0 | 0 |  |"]
    assert rows[2 + len(BINS) - 1 : 2 + len(BINS) + 1] == ["| 0.00 to 0.59 | 1 | 0 | 0.000 |", "| all | 4 | 2 | 0.500 |"]
    assert rows[-1] == "| `bound-前` | 2 | 1 | 0.500 |"


def test_facts_judge_a_rule_by_value_and_role() -> None:
    assert list(outcomes({"rules": [WINDOW | {"evidence": PROOF}]}, [FACT])) == [("date/报名.closes", True)]
    assert list(outcomes({"rules": [WINDOW | {"role": "opens", "evidence": PROOF}]}, [FACT])) == [("date/报名.closes", False)]
    later = WINDOW | {"value": {"type": "instant", "at": "2024-05-01"}, "evidence": PROOF}
    assert list(outcomes({"rules": [later]}, [FACT])) == [("date/报名.closes", False)]


def test_facts_do_not_judge_what_only_says_again_what_they_know() -> None:
    again = {"role": "value", "quote": "网上报名2023年5月1日截止"}
    rules = [WINDOW | {"evidence": PROOF}, WINDOW | {"key": "date/受理.closes", "evidence": [again | {"quote": "报名截止时间为2023年5月1日止"}]}]
    assert len(list(outcomes({"rules": rules}, [FACT]))) == 1


def test_the_share_right_rises_with_the_score(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corpus"]) == 0
    cells = [[cell.strip() for cell in row.split("|")[1:-1]] for row in capsys.readouterr().out.splitlines()[2 : 2 + len(BINS)]]
    shares = [float(share) for _, rules, _, share in cells if int(rules) >= 15]
    assert len(shares) >= 4
    assert all(higher + 0.02 >= lower for higher, lower in pairwise(shares))  # some bins hold few rules
    assert shares[0] > shares[-1]
