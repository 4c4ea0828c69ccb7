"""The page in a real browser: both ways between text and rules, by mouse and by keyboard, on desk and telephone."""

from pathlib import Path

import pytest
from make_ruleset import small_ruleset
from playwright.sync_api import Page, expect

from pipeline.report.notice_page import render_notice


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page whose text is long enough to scroll."""
    ruleset = small_ruleset()
    path = tmp_path_factory.mktemp("page") / "notice.html"
    path.write_text(render_notice(ruleset.model_copy(update={"text": ruleset.text + "\n又一段。" * 150})), encoding="utf-8")
    return path


def is_phone(page: Page) -> bool:
    return bool(page.viewport_size and page.viewport_size["width"] < 600)


def show_rules(page: Page) -> None:
    if is_phone(page):
        page.locator(".tabs [data-show=rules]").click()


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    for _ in range(2):
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        show_rules(page)


def test_a_quote_leads_to_its_words(page: Page) -> None:
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    show_rules(page)
    page.locator(".card", has_text="280 元/人").locator(".quote").click()
    mark = page.locator("#text .m", has_text="高级工程师每人280元")
    expect(mark).to_have_class("m k-fee on")
    expect(mark).to_be_in_viewport()
    expect(mark).to_be_focused()


def test_a_card_leads_to_its_words_too(page: Page) -> None:
    show_rules(page)
    page.locator(".card", has_text="继续教育学时").locator(".what").click()
    expect(page.locator("#text .m.on")).to_have_text("每年继续教育不少于90学时")


def test_words_lead_to_their_rule(page: Page) -> None:
    page.locator("#text .m", has_text="≥2篇").click()
    card = page.locator(".card.on")
    expect(card.locator(".what")).to_have_text("论文篇数")
    expect(card).to_be_in_viewport()
    expect(card).to_be_focused()


def test_words_of_several_rules_lead_to_one_after_the_other(page: Page) -> None:
    mark = page.locator("#text .m", has_text="5个工作日内")
    seen = set()
    for _ in range(2):
        mark.click()
        seen.add(page.evaluate("document.activeElement.querySelector('.what')?.textContent"))
        if is_phone(page):
            page.locator(".tabs [data-show=text]").click()
    assert seen == {"审核时限", "资格审核"}


@pytest.mark.parametrize("key", ["Enter", " "])
def test_the_keyboard_goes_both_ways(page: Page, key: str) -> None:
    page.locator("#text .m", has_text="工程师每人180元").last.focus()
    page.keyboard.press(key)
    card = page.locator(".card.on")
    expect(card).to_be_focused()
    expect(card.locator(".value")).to_have_text("180 元/人")
    page.keyboard.press(key)
    expect(page.locator("#text .m.on")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".on")).to_have_count(0)


def test_a_finding_leads_to_its_words(page: Page) -> None:
    page.locator(".finding .quote").click()
    expect(page.locator("#text .m.on")).to_have_text("5个工作日内")


def test_kinds_can_be_hidden_and_come_back_when_asked_for(page: Page) -> None:
    show_rules(page)
    button = page.locator("[data-filter=fee]")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".group.k-fee")).to_be_hidden()
    if is_phone(page):
        page.locator(".tabs [data-show=text]").click()
    page.locator("#text .m", has_text="高级工程师每人280元").click()
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".card.on .value")).to_have_text("280 元/人")


def test_the_telephone_shows_one_side_at_a_time(page: Page) -> None:
    text, rules = page.locator("#text"), page.locator("#rules")
    expect(text).to_be_visible()
    if not is_phone(page):
        expect(rules).to_be_visible()
        expect(page.locator(".tabs")).to_be_hidden()
        return
    expect(rules).to_be_hidden()
    show_rules(page)
    expect(rules).to_be_visible()
    expect(text).to_be_hidden()


def test_print_puts_all_the_rules_before_the_text(page: Page) -> None:
    page.emulate_media(media="print")
    boxes = {name: page.locator(name).bounding_box() for name in ("#rules", "#text", ".card >> nth=0")}
    rules, text = boxes["#rules"], boxes["#text"]
    assert rules is not None
    assert text is not None
    assert rules["y"] + rules["height"] <= text["y"]
    assert page.locator(".card").first.evaluate("card => getComputedStyle(card).display") == "table-row"
