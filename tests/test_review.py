"""Decisions: what they come to, that none is lost, and that an extraction which changes meets them fairly."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_ruleset import small_ruleset
from typer.testing import CliRunner

from pipeline import gold as gold_files
from pipeline.batch import Job
from pipeline.cli import app as command_line
from pipeline.review import log
from pipeline.review.apply import apply
from pipeline.review.contents import Extraction
from pipeline.review.desk import Desk, ReviewError, Wish, stamp
from pipeline.review.desks import Desks
from pipeline.review.merge import Card, merge
from pipeline.review.replay import effective, replay
from pipeline.scores import check
from schemas.ruleset import RuleBase, Ruleset
from schemas.values import Money

CLERKS = ("甲", "乙", "丙")


class Bench:
    """A desk over a ruleset that can be changed as a new extraction would."""

    def __init__(self, folder: Path, ruleset: Ruleset | None = None) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.ruleset = ruleset or small_ruleset()
        source = folder / "2023.txt"
        source.write_text(self.ruleset.text, encoding="utf-8")
        self.ticks = 0
        self.desk = Desk(Job(source, "2023.txt", folder / "2023", "water"), lambda job: self.ruleset, self._clock)

    def _clock(self) -> str:
        self.ticks += 1
        return f"2026-01-01T00:00:{self.ticks % 60:02}+08:00"

    def extract(self, ruleset: Ruleset) -> None:
        self.ruleset = ruleset
        self.desk.extract_again()

    def change(self, key: str, **update: Any) -> None:
        self.extract(with_rules(self.ruleset, lambda rule: rule.model_copy(update=update) if rule.key == key else rule))

    def drop(self, key: str) -> None:
        self.extract(with_rules(self.ruleset, lambda rule: None if rule.key == key else rule))

    def card(self, key: str) -> Card:
        return next(card for card in self.desk.merged().cards if card.content is not None and getattr(card.content, "key", "") == key)

    def decide(self, key: str, action: Any, who: str = "甲", **fields: Any) -> None:
        self.desk.decide(Wish(action, self.card(key).uid, **fields), who)

    def gold(self) -> dict[str, Any]:
        return {rule["key"]: rule for rule in json.loads(self.desk.gold_path.read_text(encoding="utf-8"))["rules"]}


def with_rules(ruleset: Ruleset, change: Callable[[RuleBase], RuleBase | None]) -> Ruleset:
    return ruleset.model_copy(update={"rules": tuple(new for rule in ruleset.rules if (new := change(rule)) is not None)})


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path / "water")


MONEY = {"type": "money", "amount": "200", "currency": "CNY"}


def a_fee(bench: Bench) -> str:
    return next(rule.key for rule in bench.ruleset.rules if rule.kind == "fee")


def test_accepting_writes_gold_of_origin_review(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "accept")
    rule = bench.gold()[key]
    assert rule["origin"] == "review"
    assert gold_files.load(bench.desk.gold_path).notice.title == bench.ruleset.notice.title
    assert bench.card(key).standing == "decided"


def test_a_fix_stands_against_the_same_extraction_and_is_confirmed_by_a_better_one(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "fix", field="value", value=MONEY)
    assert bench.gold()[key]["value"]["amount"] == "200"
    bench.extract(bench.ruleset)
    assert bench.card(key).standing == "decided"
    assert [one.verdict for one in bench.card(key).fields] == ["stands"]
    bench.change(key, value=Money(amount="200"))
    assert bench.card(key).fields == ()
    assert bench.gold()[key]["value"]["amount"] == "200"


def test_a_third_value_is_a_conflict_while_gold_stays(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "fix", field="value", value=MONEY)
    bench.change(key, value=Money(amount="999"))
    card = bench.card(key)
    assert (card.standing, card.category, card.why) == ("conflict", "CONFLICT", ("conflict",))
    assert bench.gold()[key]["value"]["amount"] == "200"
    assert [one.rank for one in bench.desk.merged().queue() if one.uid == card.uid] == [0]
    bench.decide(key, "accept", stamp=stamp(card))
    assert bench.card(key).standing == "decided", "the clerk has seen 999 and kept 200"


def test_a_rule_that_is_no_longer_found_stays_in_gold_and_is_flagged(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "accept")
    bench.drop(key)
    assert (bench.card(key).standing, bench.card(key).category) == ("lost", "LOST")
    assert key in bench.gold()
    bench.decide(key, "accept")
    assert bench.card(key).standing == "decided"


def test_a_rejected_rule_does_not_come_back(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "reject", reason="重复")
    assert key not in bench.gold()
    bench.extract(small_ruleset())
    assert bench.card(key).standing == "rejected"
    assert key not in {rule.key for rule in apply(bench.desk.current()[1], bench.desk.extraction).rules}


def test_a_rejected_rule_that_now_says_something_else_is_shown_and_not_taken(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "reject", reason="错")
    bench.change(key, value=Money(amount="999"))
    assert (bench.card(key).standing, bench.card(key).why) == ("conflict", ("rejected-changed",))
    assert key not in bench.gold()


def test_a_reason_is_needed_to_reject(bench: Bench) -> None:
    with pytest.raises(ReviewError) as refused:
        bench.decide(a_fee(bench), "reject")
    assert refused.value.code == "review.reason"
    assert not bench.desk.log_path.exists()


def test_undo_restores_bytes(bench: Bench) -> None:
    keys = [rule.key for rule in bench.ruleset.rules if rule.kind == "fee"]
    bench.decide(keys[0], "accept")
    before = bench.desk.gold_path.read_bytes()
    bench.decide(keys[1], "fix", field="value", value=MONEY)
    with pytest.raises(ReviewError):
        bench.desk.decide(Wish("undo"), "乙")  # not his
    bench.desk.decide(Wish("undo"), "甲")
    assert bench.desk.gold_path.read_bytes() == before
    assert [d.action for d in log.read(bench.desk.log_path).decisions] == ["accept", "accept", "fix", "undo"]


def test_a_missed_rule_is_added_in_its_place_with_a_quote(bench: Bench) -> None:
    for rule in bench.ruleset.rules:
        if rule.kind in ("fee", "date"):
            bench.decide(rule.key, "accept")
    start = bench.ruleset.text.index("高级工程师每人280元")
    quote = bench.desk.quote(start, start + len("高级工程师"))
    value = {"kind": "fee", "subject": "工本费", "value": MONEY, "quotes": [quote]}
    bench.desk.decide(Wish("add", value=value), "甲")
    assert bench.gold()["fee/工本费"]["origin"] == "review"
    published = apply(bench.desk.current()[1], bench.desk.extraction)
    added = next(rule for rule in published.rules if rule.subject == "工本费")
    assert added.review.status == "added"
    assert published.text[added.evidence[0].start : added.evidence[0].end] == "高级工程师"


def test_a_value_that_is_none_is_refused_and_nothing_is_written(bench: Bench) -> None:
    with pytest.raises(ReviewError) as refused:
        bench.decide(a_fee(bench), "fix", field="value", value={"type": "money", "amount": "abc"})
    assert refused.value.code == "review.invalid"
    assert not bench.desk.gold_path.exists()


def test_two_who_decide_differently_are_a_dispute_that_a_third_resolves(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "accept", "甲")
    before = bench.desk.gold_path.read_bytes()
    bench.decide(key, "fix", "乙", field="value", value=MONEY)
    card = bench.card(key)
    assert card.standing == "disputed"
    assert card.entry is not None and card.entry.dispute is not None
    assert card.entry.dispute.parties == ("甲", "乙")
    assert bench.desk.gold_path.read_bytes() == before, "gold stays"
    wanted = {**gold_files.plain(card.gold), "value": MONEY}
    for party in ("甲", "乙"):
        with pytest.raises(ReviewError) as refused:
            bench.decide(key, "resolve", party, value=wanted)
        assert refused.value.code == "review.third"
    bench.decide(key, "resolve", "丙", value=wanted)
    assert bench.card(key).standing == "decided"
    assert bench.gold()[key]["value"]["amount"] == "200"


def test_two_who_agree_are_none(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "accept", "甲")
    bench.decide(key, "accept", "乙")
    assert bench.card(key).standing == "decided"


def test_who_accepts_something_that_has_changed_meanwhile_is_told(bench: Bench) -> None:
    key = a_fee(bench)
    seen = stamp(bench.card(key))
    bench.decide(key, "fix", "乙", field="value", value=MONEY)
    with pytest.raises(ReviewError) as refused:
        bench.decide(key, "accept", "甲", stamp=seen)
    assert refused.value.code == "review.changed"


def test_a_renamed_rule_is_known_by_its_former_key(bench: Bench) -> None:
    key = a_fee(bench)
    uid = bench.card(key).uid
    bench.decide(key, "rename", field="subject", value="考试费")
    assert bench.desk.current()[1].entries[uid].former == (key,)
    assert any(name.startswith("fee/考试费") for name in bench.gold())
    bench.change(key, value=Money(amount="999"))
    card = next(card for card in bench.desk.merged().cards if card.uid == uid)
    assert card.new is not None, "the extraction still calls it by the former key"
    assert card.standing == "conflict"


def test_who_cites_a_document_follows_its_mended_number(bench: Bench) -> None:
    (reference,) = (card for card in bench.desk.merged().cards if card.target == "reference")
    bench.desk.decide(Wish("fix", reference.uid, "document_number", "甲人社发〔2022〕78号"), "甲")
    published = apply(bench.desk.current()[1], bench.desk.extraction)
    assert [one.id for one in published.references] == ["甲人社发〔2022〕78号"]
    assert [cite.reference for rule in published.rules for cite in rule.cites] == ["甲人社发〔2022〕78号"]


def test_split_and_merge(bench: Bench) -> None:
    key, other = (rule.key for rule in bench.ruleset.rules if rule.kind == "fee")
    base = gold_files.plain(bench.card(key).content)
    bench.decide(key, "split", value=[{**base, "subject": "甲费"}, {**base, "subject": "乙费"}])
    assert {name.split("@")[0] for name in bench.gold()} == {"fee/甲费", "fee/乙费"}
    first = next(card for card in bench.desk.merged().cards if getattr(card.gold, "subject", "") == "甲费")
    bench.decide(other, "merge", into=first.uid)
    merged = next(rule for rule in bench.gold().values() if rule["subject"] == "甲费")
    assert len(merged["quotes"]) == 2


def test_gold_edited_by_hand_is_taken_in(bench: Bench) -> None:
    keys = [rule.key for rule in bench.ruleset.rules if rule.kind == "fee"]
    for key in keys:
        bench.decide(key, "accept")
    data = json.loads(bench.desk.gold_path.read_text(encoding="utf-8"))
    data["rules"][0]["value"]["amount"] = "77"
    del data["rules"][1]
    bench.desk.gold_path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    assert len(bench.desk.current()[0].decisions) == 5
    hand = [d for d in log.read(bench.desk.log_path).decisions if d.by_hand]
    assert [d.action for d in hand] == ["reject", "fix"]
    bench.decide(next(rule.key for rule in bench.ruleset.rules if rule.kind == "date"), "accept")
    assert bench.gold()[data["rules"][0]["key"]]["value"]["amount"] == "77"
    assert keys[1] not in bench.gold() or keys[0] not in bench.gold()


def test_gold_that_was_read_keeps_its_bytes_and_gets_no_log_by_being_looked_at(tmp_path: Path) -> None:
    corpus = Path("corpus/wenzhou-water-engineer")
    for name in ("2023.txt", "2023.gold.json"):
        (tmp_path / name).write_bytes((corpus / name).read_bytes())
    before = (tmp_path / "2023.gold.json").read_bytes()
    desk = Desk.of(str(tmp_path / "2023.txt"))
    desk.merged()
    assert not desk.log_path.exists()
    card = next(card for card in desk.merged().cards if card.standing == "unchanged")
    desk.decide(Wish("accept", card.uid), "甲")
    assert (tmp_path / "2023.gold.json").read_bytes() == before
    assert apply(desk.current()[1], desk.extraction).rules != desk.extraction.ruleset.rules


def test_a_crash_between_log_and_gold_is_made_good(bench: Bench) -> None:
    first, second = (rule.key for rule in bench.ruleset.rules if rule.kind == "fee")
    bench.decide(first, "accept")
    stale = bench.desk.gold_path.read_bytes()
    bench.decide(second, "accept")
    bench.desk.gold_path.write_bytes(stale)
    assert not any(d.by_hand for d in bench.desk.current()[0].decisions)
    bench.decide(second, "comment", reason="再看")
    assert second in bench.gold()


def test_a_log_cut_off_in_mid_line_loses_that_line_and_says_so(bench: Bench) -> None:
    first, second = (rule.key for rule in bench.ruleset.rules if rule.kind == "fee")
    bench.decide(first, "accept")
    bench.decide(second, "accept")
    whole = bench.desk.log_path.read_bytes()
    for cut in (1, 2, 40, 200):
        found = log.parse(whole[:-cut])
        assert len(found.decisions) >= 2
        assert (len(found.decisions) == 3) == (not found.lost)
    bench.desk.log_path.write_bytes(whole[:-40])
    bench.decide(second, "comment", reason="断电后")
    after = log.read(bench.desk.log_path)
    assert after.lost == (3,)
    assert after.decisions[-1].reason == "断电后"


def test_quotes_that_the_text_does_not_hold_are_orphans(bench: Bench) -> None:
    key = a_fee(bench)
    bench.decide(key, "accept")
    quote = bench.gold()[key]["quotes"][0]["quote"]
    text = bench.ruleset.text.replace(quote, "收" * len(quote))
    bench.extract(with_rules(bench.ruleset.model_copy(update={"text": text}), lambda rule: None if rule.key == key else rule))
    card = next(card for card in bench.desk.merged().cards if card.gold is not None)
    assert card.orphans == (quote,)
    assert card.open


@pytest.fixture
def reviewed(tmp_path: Path) -> Path:
    """A corpus of one notice with gold that was read, one of whose deadlines a clerk has fixed after seeing the extraction."""
    folder = tmp_path / "corpus/water"
    folder.mkdir(parents=True)
    (tmp_path / "corpus/SOURCES.csv").write_text("file,published,url,retrieved_on,note\nwater/2023.txt,yes,,,\n", encoding="utf-8")
    for name in ("2023.txt", "2023.gold.json"):
        (folder / name).write_bytes((Path("corpus/wenzhou-water-engineer") / name).read_bytes())
    desk = Desk.of(str(folder / "2023.txt"))
    card = next(card for card in desk.merged().cards if getattr(card.gold, "key", "") == "date/资历计算.cutoff")
    desk.decide(Wish("fix", card.uid, "value", {"type": "instant", "at": "2024-12-31"}), "甲")
    return folder / "2023.txt"


def run(*arguments: str) -> Any:
    return CliRunner().invoke(command_line, ["--lang", "zh", *arguments])


def test_every_extraction_has_the_decisions_applied(reviewed: Path) -> None:
    assert run("extract", str(reviewed), "-o", str(reviewed.parent), "--format", "json").exit_code == 0
    written = Ruleset.from_json((reviewed.parent / "2023.ruleset.json").read_bytes())
    (rule,) = (rule for rule in written.rules if rule.key == "date/资历计算.cutoff")
    assert (rule.value.at, rule.review.status) == ("2024-12-31", "fixed")  # type: ignore[union-attr]
    assert [other.key for other in written.rules if other.review.status != "unreviewed"] == [rule.key], "gold that was read is there to judge by"


def test_figures_count_gold_that_was_read_alone(reviewed: Path) -> None:
    ruleset = Desk.of(str(reviewed)).extraction.ruleset
    gold = reviewed.with_name("2023.gold.json")
    checked = check(gold, ruleset)
    assert {"date/资历计算.cutoff"} == checked.reviewed
    before = check(Path("corpus/wenzhou-water-engineer/2023.gold.json"), ruleset)
    assert checked.counts["date"].gold == before.counts["date"].gold - 1
    assert checked.counts["date"].wrong_value == before.counts["date"].wrong_value, "the clerk's fix is no mistake of the extraction's"
    assert [checked.category(pair) for pair in checked.pairs if pair.left and pair.left.key in checked.reviewed] == ["VALUE"]


def test_a_strict_check_fails_on_what_the_floors_let_pass(reviewed: Path) -> None:
    arguments = ("check", str(reviewed), "-o", str(reviewed.parent))
    assert run(*arguments, "--html").exit_code == 0
    page = (reviewed.parent / "check.html").read_text(encoding="utf-8")
    assert "<del>2023-12-31</del>" in page or "<del>2024-12-31</del><ins>2023-12-31</ins>" in page
    strict = run(*arguments, "--strict", "--no-html")
    assert strict.exit_code == 1
    assert "VALUE、LOST 或 CONFLICT" in strict.output


def test_publishing_writes_a_sheet_that_says_who_and_what_stays_open(reviewed: Path, tmp_path: Path) -> None:
    assert run("publish", str(reviewed), "--reviewed-only").exit_code == 2, "it would leave outputs/ with a part of the rules"
    out = tmp_path / "out"
    assert run("publish", str(reviewed), "--reviewed-only", "-o", str(out)).exit_code == 0
    written = Ruleset.from_json((out / "water/2023.ruleset.json").read_bytes())
    assert [rule.key for rule in written.rules] == ["date/资历计算.cutoff"]
    assert run("publish", str(reviewed)).exit_code == 0
    sheet = (tmp_path / "outputs/water/2023.signoff.html").read_text(encoding="utf-8")
    assert "甲 20" in sheet
    assert "未了事项（" in sheet
    assert Desks(reviewed.parents[1]).stage(Desk.of(str(reviewed)))["stage"] == "published"


def test_a_made_edition_is_not_published(reviewed: Path, tmp_path: Path) -> None:
    (tmp_path / "corpus/SOURCES.csv").write_text("file,published,made\nwater/2023.txt,yes,yes\n", encoding="utf-8")
    refused = run("publish", str(reviewed))
    assert refused.exit_code == 1
    assert "为测试编制" in refused.output
    assert not (tmp_path / "outputs").exists()


def test_a_notice_that_comes_in_finds_its_series(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    (corpus / "wenzhou-water-engineer").mkdir(parents=True)
    (corpus / "SOURCES.csv").write_text("file,published,url,retrieved_on,note\n", encoding="utf-8")
    text = Path("corpus/wenzhou-water-engineer/2023.txt").read_text(encoding="utf-8")
    first, second, other = (tmp_path / name for name in ("a.txt", "b.txt", "c.txt"))
    first.write_text(text, encoding="utf-8")
    second.write_text(text.replace("2023", "2024").replace("65.5", "70"), encoding="utf-8")
    other.write_bytes(Path("corpus/shangyu-junior-engineer/2023.txt").read_bytes())
    told = run("ingest", str(first), "--series", "wenzhou-water-engineer", "--corpus", str(corpus))
    assert told.exit_code == 0, told.output
    assert "第一份" in told.output
    told = run("ingest", str(second), "--corpus", str(corpus))
    assert "wenzhou-water-engineer/2024" in told.output
    assert "与 2023 相比" in told.output
    assert (corpus / "wenzhou-water-engineer/2024.txt").read_bytes() == second.read_bytes()
    assert "wenzhou-water-engineer/2024.txt,yes" in (corpus / "SOURCES.csv").read_text(encoding="utf-8")
    told = run("ingest", str(other), "--corpus", str(corpus))
    assert "wenzhou" not in told.output.splitlines()[0]
    for arguments in (("--series", "../out", "--year", "2024"), ("--series", "a/b", "--year", "2024"), ("--series", "x", "--year", "../1")):
        assert run("ingest", str(first), "--corpus", str(corpus), *arguments).exit_code == 1
    assert run("ingest", str(second), "--series", "wenzhou-water-engineer", "--year", "2024", "--corpus", str(corpus)).exit_code == 1
    broken = tmp_path / "broken.docx"
    broken.write_bytes(b"PK\x03\x04 no document")
    assert run("ingest", str(broken), "--series", "broken", "--year", "2024", "--corpus", str(corpus)).exit_code == 1
    assert not (corpus / "broken").exists()


# -- properties

VALUES = [MONEY, {"type": "money", "amount": "1", "currency": "CNY"}, {"type": "prohibited"}]
_step = st.one_of(
    st.tuples(st.just("accept"), st.integers(0, 30), st.integers(0, 2)),
    st.tuples(st.just("fix"), st.integers(0, 30), st.integers(0, 2), st.sampled_from(VALUES)),
    st.tuples(st.just("rename"), st.integers(0, 30), st.integers(0, 2), st.sampled_from(["甲费", "乙费"])),
    st.tuples(st.sampled_from(["reject", "dispute", "comment"]), st.integers(0, 30), st.integers(0, 2)),
    st.tuples(st.just("resolve"), st.integers(0, 30), st.integers(0, 2)),
    st.tuples(st.just("add"), st.integers(0, 150), st.integers(0, 2)),
    st.tuples(st.just("undo"), st.just(0), st.integers(0, 2)),
    st.tuples(st.just("drop"), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("change"), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("rephrase"), st.integers(0, 150), st.just(0)),
    st.tuples(st.just("fresh"), st.just(0), st.just(0)),
)


def take(bench: Bench, step: tuple[Any, ...]) -> None:
    """One step of a clerk or of the extractor; what the desk refuses changes nothing."""
    action, number, clerk, *more = step
    rules = bench.ruleset.rules
    if action == "fresh":
        return bench.extract(small_ruleset())
    if action in ("drop", "change"):
        key = rules[number % len(rules)].key if rules else ""
        return bench.drop(key) if action == "drop" else bench.change(key, value=Money(amount="999"))
    if action == "rephrase":
        at = number % len(bench.ruleset.text)
        text = bench.ruleset.text
        return bench.extract(bench.ruleset.model_copy(update={"text": text[:at] + ("改" if text[at] not in "\n\t" else text[at]) + text[at + 1 :]}))
    who = CLERKS[clerk]
    cards = [card for card in bench.desk.merged().cards if card.target == "rule"]
    card = cards[number % len(cards)]
    wish = Wish(action, card.uid, reason="试")
    if action == "undo":
        wish = Wish("undo")
    elif action == "fix":
        wish = Wish("fix", card.uid, "value", more[0])
    elif action == "rename":
        wish = Wish("rename", card.uid, "subject", more[0])
    elif action == "resolve":
        wish = Wish("resolve", card.uid, value=gold_files.plain(card.content))
    elif action == "add":
        at = number % (len(bench.ruleset.text) - 6)
        try:
            wish = Wish("add", value={"kind": "fee", "subject": "补", "value": MONEY, "quotes": [bench.desk.quote(at, at + 6)]})
        except ReviewError:
            return None
    try:
        bench.desk.decide(wish, who)
    except ReviewError:
        return None
    return None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=st.lists(_step, min_size=1, max_size=12))
def test_no_decision_is_ever_lost(tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[Any, ...]]) -> None:
    bench = Bench(tmp_path_factory.mktemp("desk"))
    for step in steps:
        written = bench.desk.gold_path.read_bytes() if bench.desk.gold_path.exists() else None
        logged = bench.desk.log_path.read_bytes() if bench.desk.log_path.exists() else b""
        take(bench, step)
        grown = bench.desk.log_path.read_bytes() if bench.desk.log_path.exists() else b""
        assert grown.startswith(logged), "the log only grows"
        found, state = bench.desk.current()
        merged = bench.desk.merged()
        if step[0] in ("drop", "change", "rephrase", "fresh"):
            assert (bench.desk.gold_path.read_bytes() if bench.desk.gold_path.exists() else None) == written, "an extraction never writes gold"
        if bench.desk.gold_path.exists():
            again = replay(log.read(bench.desk.log_path).decisions)
            assert gold_files.to_json(again.gold).encode() == bench.desk.gold_path.read_bytes(), "the log alone gives gold"
        reachable = places(merged)
        for decision in effective(found.decisions):
            if decision.target != "gold":
                assert reachable.get(decision.uid), decision
        if grown != logged and written is not None and step[0] != "undo":
            last = found.decisions[-1]
            bench.desk.decide(Wish("undo"), last.who)
            assert bench.desk.gold_path.read_bytes() == written, "undo restores bytes"
            if effective(bench.desk.current()[0].decisions) != effective(found.decisions[:-1]):
                pytest.fail("undo takes back one decision")
        published = apply(bench.desk.current()[1], bench.desk.extraction)
        assert Ruleset.from_json(published.to_json()) == published
        held = {card.uid for card in bench.desk.merged().cards if card.gold is not None and card.entry and card.entry.decided and card.spans}
        keys = {rule.key for rule in published.rules}
        state = bench.desk.current()[1]
        assert len(held) <= len(keys)
        assert merge(state, Extraction(bench.ruleset)).cards == bench.desk.merged().cards, "what is kept in mind is what is made anew"


def places(merged: Any) -> dict[str, str]:
    """uid → gold, conflict, orphan, rejected or noted."""
    found = {}
    for card in merged.cards:
        if card.standing in ("conflict", "disputed", "lost"):
            found[card.uid] = "conflict"
        elif card.orphans:
            found[card.uid] = "orphan"
        elif card.gold is not None:
            found[card.uid] = "gold"
        else:
            found[card.uid] = "rejected" if card.standing == "rejected" else "noted"
    return found | {entry.uid: "rejected" for entry in merged.gone}


@settings(max_examples=60, deadline=None)
@given(cut=st.integers(0, 5000), lines=st.integers(1, 6))
def test_a_cut_anywhere_loses_one_line_at_most(cut: int, lines: int) -> None:
    template = {"at": "2026-01-01T00:00:00+08:00", "who": "甲", "uid": "u", "action": "comment"}
    whole = "".join(json.dumps({"id": str(number), **template}, ensure_ascii=False) + "\n" for number in range(lines)).encode()
    data = whole[: cut % (len(whole) + 1)]
    found = log.parse(data)
    complete = data.count(b"\n")
    assert len(found.decisions) >= complete
    assert len(found.lost) <= 1
    assert bool(found.lost) == (len(found.decisions) == complete and not data.endswith(b"\n") and data != b"")
