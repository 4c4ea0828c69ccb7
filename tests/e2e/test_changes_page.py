"""The page of a comparison in a real browser: effects hidden and shown, clauses found in the texts, both texts scrolled together."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline.build import build_ruleset
from pipeline.changes import compare_editions
from pipeline.report.changes_page import render_changes_page

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    old = build_ruleset(ROOT / "corpus/shaoxing-ecology-engineer/2022.txt")
    new = build_ruleset(ROOT / "tests/data/editions/shaoxing-ecology-engineer/2023.txt")
    path = tmp_path_factory.mktemp("page") / "changes.html"
    path.write_text(render_changes_page(compare_editions(old, new), old, new), encoding="utf-8")
    return path


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    page.locator("details").evaluate_all("all => all.forEach(one => one.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_number_that_could_not_be_aligned_is_in_sight(page: Page) -> None:
    expect(page.locator(".unaligned").first).to_be_in_viewport()
    expect(page.locator(".unaligned").first).to_contain_text("未能对应的规则：1 条")


def test_what_rolled_on_is_folded_away_and_opens(page: Page) -> None:
    fold = page.locator("details.fold", has_text="按年顺延").first
    row = fold.locator(".change", has_text="2023-08-31").first
    expect(row).to_be_hidden()
    fold.locator("summary").click()
    expect(row).to_be_visible()


def test_an_effect_is_hidden_and_shown_again(page: Page) -> None:
    fee = page.locator(".change", has_text="200 元/人")
    button = page.locator(".filter[data-effect=stricter]")
    expect(fee).to_be_visible()
    button.click()
    expect(fee).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    expect(fee).to_be_visible()


def test_a_clause_leads_to_its_words_and_the_words_back_to_the_change(page: Page) -> None:
    fee = page.locator(".change", has_text="200 元/人")
    fee.locator("td.new .clause").click()
    mark = page.locator("#new-text .m.on")
    expect(mark).to_have_text("每人200元")
    expect(mark).to_be_in_viewport()
    mark.click()
    expect(fee).to_be_in_viewport()
    expect(fee).to_be_focused()


def scrolled(page: Page, pane: Locator) -> float:
    """How far a pane is scrolled once it has come to rest; the page's policy forbids to wait for an expression."""
    places = [-1.0, pane.evaluate("pane => pane.scrollTop")]
    while places[-1] != places[-2] or not places[-1]:
        page.wait_for_timeout(120)
        places.append(pane.evaluate("pane => pane.scrollTop"))
        assert len(places) < 50, "the pane never moved, or never rests"
    return places[-1]


def test_both_texts_scroll_together_unless_told_not_to(page: Page) -> None:
    old, new = page.locator("#old-text"), page.locator("#new-text")
    old.scroll_into_view_if_needed()
    old.hover()
    page.mouse.wheel(0, 1500)
    assert scrolled(page, new) > 700
    moved = new.evaluate("pane => pane.scrollTop")
    page.locator("#together").uncheck()
    old.hover()
    page.mouse.wheel(0, 1500)
    assert scrolled(page, old) > 2000
    assert new.evaluate("pane => pane.scrollTop") == moved
