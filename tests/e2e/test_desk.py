"""The desk in a real browser: a clerk's round by keyboard, two clerks at once, the page without a server, and a notice that means harm."""

import json
import os
import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from make_ruleset import small_ruleset
from playwright.sync_api import Browser, Page, Request, expect
from typer.testing import CliRunner

from pipeline import gold as gold_files
from pipeline.cli import app as command_line
from pipeline.report.desk_page import offline_data
from pipeline.report.notice_page import render_notice
from pipeline.review import log
from pipeline.serve import create_app
from schemas.ruleset import Ruleset
from schemas.values import Instant

expect.set_options(timeout=20_000)  # other people's work on the machine is no failure of the page
WIDTHS = {"desk": (1440, 900), "tablet": (900, 1100), "phone": (390, 844)}
PICTURES = os.environ.get("NOTICERULES_PICTURES")
"""Where the pictures of the documentation go; none are kept where it is not set."""


class Office:
    """A server over a folder; `url` is its start page."""

    def __init__(self, folder: Path, inputs: tuple[str, ...] = (), reviewer: str = "甲") -> None:
        application = create_app(folder, review=True, reviewer=reviewer, inputs=inputs)
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.server = uvicorn.Server(uvicorn.Config(application, log_level="warning"))
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True)
        self.thread.start()
        while not self.server.started:
            time.sleep(0.02)

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.listening.close()


def without(ruleset: Ruleset, key: str) -> Ruleset:
    return ruleset.model_copy(update={"rules": tuple(rule for rule in ruleset.rules if rule.key != key)})


MISSED = "fee/评审费@level=中级"


@pytest.fixture
def ruleset_file(tmp_path: Path) -> Path:
    """A ruleset in which the extractor has missed a fee."""
    (tmp_path / "corpus").mkdir()
    path = tmp_path / "corpus/2023.ruleset.json"
    path.write_text(without(small_ruleset(), MISSED).to_json(), encoding="utf-8")
    return path


@pytest.fixture
def office(ruleset_file: Path) -> Iterator[Office]:
    office = Office(ruleset_file.parent, (str(ruleset_file),))
    yield office
    office.close()


def open_desk(browser: Browser, url: str, width: str = "desk", reviewer: str | None = None) -> Page:
    """A page of the desk; whatever it says on the console or asks of another host is an error, see `done`."""
    size = WIDTHS[width]
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, reduced_motion="reduce", locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(20_000)
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda asked: trouble.append(asked.url) if not asked.url.startswith((url.rsplit("/review", 1)[0], "blob:")) else None)
    page.goto(url)
    page.__dict__["trouble"] = trouble
    if reviewer:
        page.locator("#reviewer").fill(reviewer)
        page.locator("#reviewer").blur()
    return page


def done(page: Page) -> None:
    trouble = page.__dict__["trouble"]
    page.context.close()
    assert not trouble, trouble


def rules(folder: Path) -> dict[str, dict[str, object]]:
    path = folder / "2023.gold.json"
    return {rule["key"]: rule for rule in json.loads(path.read_text(encoding="utf-8"))["rules"]} if path.exists() else {}


def go_to(page: Page, title: str, value: str) -> None:
    """Press J until the card is reached, from the first one on."""
    row = page.locator(".row", has_text=title).filter(has_text=value)
    expect(row.first).to_be_visible()
    for key in ["k"] * 40 + ["j"] * 40:
        if row.first.get_attribute("aria-current") == "true":
            return
        page.keyboard.press(key)
    pytest.fail(f"{title} is not reached by the keyboard")


def settled(page: Page) -> None:
    """Wait until what was decided is on the disk."""
    page.wait_for_load_state("networkidle")


def select_words(page: Page, words: str) -> None:
    """Select words of the notice as the mouse would."""
    page.evaluate(
        """words => {
            const walker = document.createTreeWalker(document.getElementById("text"), NodeFilter.SHOW_TEXT);
            const nodes = []; let all = "";
            while (walker.nextNode()) { if (!walker.currentNode.parentElement.closest("[data-s]")) continue; nodes.push([all.length, walker.currentNode]); all += walker.currentNode.data; }
            const at = all.lastIndexOf(words), range = new Range();
            const place = (point) => { const [start, node] = nodes.filter(([start]) => start <= point).at(-1); return [node, point - start]; };
            range.setStart(...place(at)); const [node, offset] = place(at + words.length - 1); range.setEnd(node, offset + 1);
            getSelection().removeAllRanges(); getSelection().addRange(range);
        }""",
        words,
    )


def test_a_round_by_keyboard(browser: Browser, office: Office, ruleset_file: Path) -> None:
    folder = ruleset_file.parent
    page = open_desk(browser, f"{office.url}/review/2023")
    closes = "date/个人申报.closes"

    go_to(page, "个人申报", "截止")
    page.keyboard.press("e")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2023-09-15 18:00")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("已保存：修正")
    assert rules(folder)[closes]["value"] == {"type": "instant", "at": "2023-09-15T18:00", "inferred": ["year"]}

    go_to(page, "论文篇数", "2")
    page.keyboard.press("x")
    page.keyboard.type("评分表的内容")
    page.keyboard.press("Enter")
    expect(page.locator(".row.rejected", has_text="论文篇数")).to_have_count(1)

    select_words(page, "工程师每人180元")
    page.keyboard.press("n")
    expect(page.locator(".form [name=amount]")).to_have_value("180")
    expect(page.locator(".form [name=subject]")).to_have_value("评审费")
    page.keyboard.press("Enter")
    expect(page.locator(".row.k-fee.done")).to_have_count(1)
    settled(page)
    added = rules(folder)["fee/评审费"]
    assert added["value"] == {"type": "money", "amount": "180", "currency": "CNY"}
    assert added["origin"] == "review"

    before = (folder / "2023.gold.json").read_bytes()
    go_to(page, "继续教育学时", "90")
    page.keyboard.press("a")
    expect(page.locator(".row.done", has_text="继续教育学时")).to_have_count(1)
    settled(page)
    assert (folder / "2023.gold.json").read_bytes() != before
    page.keyboard.press("u")
    expect(page.locator("#say")).to_have_text("已撤销。")
    settled(page)
    assert (folder / "2023.gold.json").read_bytes() == before

    page.reload()
    expect(page.locator(".row.done", has_text="2023-09-15 18:00")).to_have_count(1)
    expect(page.locator(".row.rejected", has_text="论文篇数")).to_have_count(1)

    changed = small_ruleset()  # now the fee is found, and the deadline read in another way
    moved = tuple(rule.model_copy(update={"value": Instant(at="2023-08-30")}) if rule.key == closes else rule for rule in changed.rules)
    ruleset_file.write_text(changed.model_copy(update={"rules": moved}).to_json(), encoding="utf-8")
    page.reload()
    conflict = page.locator(".row.conflict", has_text="个人申报")
    expect(conflict).to_contain_text("2023-09-15 18:00")
    expect(page.locator(".row.rejected", has_text="论文篇数")).to_have_count(1)
    assert (folder / "2023.gold.json").read_bytes() == before
    conflict.click()
    expect(page.locator(".diff .conflict del")).to_have_text("2023-09-15 18:00")
    expect(page.locator(".diff .conflict ins")).to_have_text("2023-08-30")
    expect(page.locator(".history")).to_contain_text("甲 修正")
    page.keyboard.press("a")
    expect(page.locator(".row.done", has_text="2023-09-15 18:00")).to_have_count(1)
    assert rules(folder)[closes]["value"] == {"type": "instant", "at": "2023-09-15T18:00", "inferred": ["year"]}
    done(page)


def test_a_quote_grows_and_shrinks(browser: Browser, office: Office, ruleset_file: Path) -> None:
    page = open_desk(browser, f"{office.url}/review/2023")
    go_to(page, "继续教育学时", "90")
    for key in ("[", "[", "]", "]", "]"):
        page.keyboard.press(key)
    expect(page.locator("#say")).to_contain_text("每年继续教育不少于90学时。")
    page.keyboard.press("Enter")
    expect(page.locator("#say")).to_have_text("已保存：修正")
    assert [quote["quote"] for quote in rules(ruleset_file.parent)["threshold/继续教育学时"]["quotes"]] == ["每年继续教育不少于90学时。"]  # type: ignore[attr-defined]
    done(page)


def test_keys_rest_while_an_input_method_composes_and_in_fields(browser: Browser, office: Office, ruleset_file: Path) -> None:
    page = open_desk(browser, f"{office.url}/review/2023")
    expect(page.locator(".row[aria-current]")).to_have_count(1)
    for init in ("{isComposing: true}", "{keyCode: 229}", "{ctrlKey: true}"):
        page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: 'a', bubbles: true, ...{init}}}))")
    page.keyboard.press("c")
    page.keyboard.type("aju?")
    assert page.locator(".form [name=reason]").input_value() == "aju?"
    page.keyboard.press("Escape")
    expect(page.locator(".form")).to_have_count(0)
    settled(page)
    assert not (ruleset_file.parent / "2023.decisions.jsonl").exists()
    done(page)


def test_tab_goes_through_the_open_ones_and_help_opens(browser: Browser, office: Office) -> None:
    page = open_desk(browser, f"{office.url}/review/2023")
    expect(page.locator("#detail .kind")).to_contain_text("问题")
    seen = []
    for _ in range(5):
        seen.append(page.locator(".row[aria-current]").get_attribute("data-uid"))
        page.keyboard.press("Tab")
    assert len(set(seen)) == 5
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    done(page)


def test_two_clerks_a_dispute_and_a_third(browser: Browser, office: Office, ruleset_file: Path) -> None:
    url = f"{office.url}/review/2023"
    first, second = open_desk(browser, url, reviewer="甲"), open_desk(browser, url, reviewer="乙")
    for page, amount in ((first, "300"), (second, "310")):
        page.locator(".row.k-fee").click()
        page.keyboard.press("e")
        page.keyboard.type(amount)
        page.keyboard.press("Enter")
        settled(page)
    expect(first.locator(".row.disputed", has_text="评审费")).to_have_count(1)
    expect(first.locator("#say")).to_contain_text("乙")
    refused = CliRunner().invoke(command_line, ["--lang", "zh", "publish", str(ruleset_file)])
    assert refused.exit_code == 1
    third = open_desk(browser, url, reviewer="丙")
    third.locator(".row.disputed").click()
    third.locator("[data-do=resolve-take]").click()
    expect(third.locator(".row.disputed")).to_have_count(0)
    settled(third)
    (fee,) = (rule for key, rule in rules(ruleset_file.parent).items() if key.startswith("fee/"))
    assert fee["value"] == {"type": "money", "amount": "310", "currency": "CNY"}
    for page in (first, second, third):
        done(page)


def test_a_notice_that_means_harm_is_shown_as_text(browser: Browser, tmp_path: Path) -> None:
    harm = "</script><img src=x onerror=alert(1)>=HYPERLINK(1)"
    plain = small_ruleset()
    text = plain.text.replace("逾期不予受理。", harm + "。"[: len("逾期不予受理。")])
    (tmp_path / "corpus").mkdir()
    path = tmp_path / "corpus/2023.ruleset.json"
    renamed = tuple(rule.model_copy(update={"subject": harm}) if rule.kind == "fee" else rule for rule in plain.rules)
    path.write_text(plain.model_copy(update={"text": text, "rules": renamed}).to_json(), encoding="utf-8")
    office = Office(path.parent, (str(path),))
    try:
        page = open_desk(browser, f"{office.url}/review/2023")
        page.on("dialog", lambda dialog: pytest.fail(dialog.message))
        page.locator(".row.k-fee").first.click()
        expect(page.locator("#detail h2")).to_have_text(harm)
        expect(page.locator("#text")).to_contain_text(harm)
        assert page.locator("img").count() == 0
        done(page)
    finally:
        office.close()
    offline = tmp_path / "2023.html"
    ruleset = plain.model_copy(update={"text": text, "rules": renamed})
    offline.write_text(render_notice(ruleset, "zh", offline_data(ruleset, "zh")), encoding="utf-8")
    assert f"{harm}" not in offline.read_text(encoding="utf-8")


def test_the_page_without_a_server(browser: Browser, tmp_path: Path) -> None:
    ruleset = without(small_ruleset(), MISSED)
    stored = tmp_path / "2023.ruleset.json"
    stored.write_text(ruleset.to_json(), encoding="utf-8")
    path = tmp_path / "2023.html"
    path.write_text(render_notice(ruleset, "zh", offline_data(ruleset, "zh")), encoding="utf-8")
    page = open_desk(browser, path.as_uri())
    page.__dict__["trouble"].clear()
    page.locator("#to-review").click()
    page.locator("#reviewer").fill("丁")
    page.locator("#reviewer").blur()
    go_to(page, "个人申报", "截止")
    page.keyboard.press("e")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("2023-09-15")
    page.keyboard.press("Enter")
    go_to(page, "评审费", "280")
    page.keyboard.press("a")
    select_words(page, "工程师每人180元")
    page.keyboard.press("n")
    page.locator(".form [name=kind]").select_option("fee")
    page.locator(".form [name=subject]").fill("评审费")
    page.locator(".form [name=type]").select_option("money")
    page.locator(".form [name=amount]").fill("180")
    page.keyboard.press("Enter")
    go_to(page, "论文篇数", "2")
    page.keyboard.press("a")
    page.keyboard.press("u")
    page.reload()
    page.locator("#to-review").click()
    expect(page.locator(".row.done", has_text="2023-09-15")).to_have_count(1)
    with page.expect_download() as saved:
        page.locator("[data-do=export]").click()
    file = tmp_path / "saved.decisions.jsonl"
    saved.value.save_as(file)
    taken = CliRunner().invoke(command_line, ["--lang", "zh", "review", str(stored), "--import", str(file)])
    assert taken.exit_code == 0, taken.output
    assert "收入决定 5 条" in taken.output
    held = rules(tmp_path)
    assert held["date/个人申报.closes"]["value"]["at"] == "2023-09-15"  # type: ignore[index]
    assert {key for key in held if key.startswith("fee/")} == {"fee/评审费", "fee/评审费@level=副高级"}
    assert "threshold/论文篇数" not in held
    again = CliRunner().invoke(command_line, ["--lang", "zh", "review", str(stored), "--import", str(file)])
    assert "收入决定 0 条（已有 5 条）" in again.output
    assert {decision.who for decision in log.read(tmp_path / "2023.decisions.jsonl").decisions} == {"丁", "noticerules"}
    gold_files.load(tmp_path / "2023.gold.json")
    page.context.close()


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of one notice without gold."""
    folder = tmp_path_factory.mktemp("house") / "corpus"
    (folder / "wenzhou-water-engineer").mkdir(parents=True)
    (folder / "SOURCES.csv").write_text("file,published,url,retrieved_on,note\nwenzhou-water-engineer/2023.txt,yes,,,\n", encoding="utf-8")
    shutil.copy("corpus/wenzhou-water-engineer/2023.txt", folder / "wenzhou-water-engineer")
    outputs = folder.parent / "outputs/wenzhou-water-engineer"
    outputs.mkdir(parents=True)
    shutil.copy("outputs/wenzhou-water-engineer/2023.ruleset.json", outputs)
    return folder


@pytest.fixture(scope="module")
def house(corpus: Path) -> Iterator[Office]:
    office = Office(corpus, reviewer="甲")
    yield office
    office.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_window(browser: Browser, house: Office, width: str) -> None:
    page = open_desk(browser, f"{house.url}/review/wenzhou-water-engineer/2023", width)
    row = page.locator(".row.k-fee").first
    row.click()
    expect(page.locator("#detail h2")).not_to_be_empty()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if PICTURES:
        page.wait_for_timeout(300)
        page.screenshot(path=Path(PICTURES) / f"review-{width}.png")
    done(page)


def test_words_stand_out_from_what_is_behind_them(browser: Browser, house: Office) -> None:
    """Contrast of at least 4.5 (WCAG AA) for every word of the page, and a name for everything that can be operated."""
    page = open_desk(browser, f"{house.url}/review/wenzhou-water-engineer/2023")
    page.locator(".row.k-fee").first.click()
    page.keyboard.press("x")
    poor = page.evaluate(
        """() => {
            const channels = (color) => color.match(/[\\d.]+/g).map(Number);
            const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
            const behind = (element) => { for (let e = element; e; e = e.parentElement) { const c = channels(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] > .99) return c; } return [255, 255, 255]; };
            const found = [];
            for (const element of document.querySelectorAll("body *")) {
                if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim()) || !element.checkVisibility({visibilityProperty: true, opacityProperty: true})) continue;
                const a = light(channels(getComputedStyle(element).color)), b = light(behind(element));
                const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
                if (ratio < 4.5) found.push([element.className, element.textContent.slice(0, 20), ratio.toFixed(2)]);
            }
            return found;
        }"""
    )
    assert not poor
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("button, input, select, a[href], summary")].filter((e) => e.checkVisibility() && !(e.textContent.trim() || e.getAttribute("aria-label") || e.labels?.length)).map((e) => e.outerHTML)"""
    )
    assert not nameless
    page.context.close()


def test_a_hundred_rules_accepted(browser: Browser, house: Office, corpus: Path) -> None:
    page = open_desk(browser, f"{house.url}/review/wenzhou-water-engineer/2023")
    times: list[float] = []

    def finished(request: Request) -> None:
        if request.url.endswith("/decide"):
            times.append(request.timing["responseEnd"])

    page.on("requestfinished", finished)
    expect(page.locator(".row[aria-current]")).to_have_count(1)
    began = time.perf_counter()
    for number in range(100):
        page.keyboard.press("a")
        page.wait_for_function("number => Number(document.getElementById('progress').value) > number", arg=number)
    took = time.perf_counter() - began
    settled(page)
    slow = sorted(times)
    print(
        f"\n100 rules accepted in {took:.1f} s; a call took {slow[50]:.0f} ms in the middle, {slow[-1]:.0f} ms at most, {sum(t > 100 for t in slow)} over 100 ms"
    )
    assert len(times) == 100
    assert sum(d.action == "accept" and d.target != "gold" for d in log.read(corpus / "wenzhou-water-engineer/2023.decisions.jsonl").decisions) == 100
    done(page)


def test_a_new_notice_is_dropped_on_the_start_page(browser: Browser, house: Office, corpus: Path, tmp_path: Path) -> None:
    page = open_desk(browser, f"{house.url}/")
    expect(page.locator(".state").first).not_to_be_empty(timeout=20_000)
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / "start.png")
    text = Path("corpus/wenzhou-water-engineer/2023.txt").read_text(encoding="utf-8").replace("2023", "2024").replace("65.5", "70")
    fresh = tmp_path / "新通知.txt"
    fresh.write_text(text, encoding="utf-8")
    page.locator("#file").set_input_files(fresh)
    expect(page.locator("#series")).to_have_value("wenzhou-water-engineer")
    expect(page.locator("#year")).to_have_value("2024")
    page.keyboard.press("Enter")
    expect(page.locator("#message")).to_contain_text("与 2023 相比")
    assert (corpus / "wenzhou-water-engineer/2024.txt").read_text(encoding="utf-8") == text
    page.locator("#message a").click()
    expect(page.locator("#told-progress")).to_contain_text("已完成 0 /")
    page.locator(".row", has_text="自评分").first.click()
    expect(page.locator("#detail")).to_contain_text("上年")
    done(page)
