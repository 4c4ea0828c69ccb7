"""The page that asks a person, in a real browser at a real server: filled in by keyboard and mouse, answered without losing what was filled in."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from foreign import opening, ruleset_of
from playwright.sync_api import Browser, Page, expect

from pipeline.serve import create_app
from schemas.ruleset import Condition

DESK, PHONE = (1280, 800), (390, 844)
CONDITIONS = [
    {"test": {"fact": "education", "op": ">=", "value": ["本科"]}},
    {"test": {"fact": "years_in_post", "op": ">=", "value": ["4"], "unit": "年"}},
    {"test": {"fact": "award", "value": ["省科技奖", "市科技奖"]}},
    {"opaque": "业绩突出"},
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("outputs")
    (folder / "water").mkdir()
    ruleset = ruleset_of(opening(Condition.model_validate({"all": CONDITIONS})))
    (folder / "water/2023.ruleset.json").write_text(ruleset.to_json(), "utf-8")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(folder, language="zh"), log_level="error"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@pytest.fixture(params=[DESK, PHONE], ids=["desk", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The form at both widths; whatever breaks the page's policy or asks another server is an error."""
    context = browser.new_context(viewport={"width": request.param[0], "height": request.param[1]}, reduced_motion="reduce")
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: None if "favicon" in str(message.location) else trouble.append(message.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else trouble.append(asked.url))
    page.goto(f"{address}/assess/water/2023")
    yield page
    context.close()
    assert not trouble


def ask(page: Page) -> None:
    page.get_by_role("button", name="看结果").first.click()


def test_what_is_known_decides_and_stays_filled_in(page: Page) -> None:
    page.get_by_label("学历").select_option("博士")
    page.get_by_label("聘任现职年限（年）").fill("3")
    ask(page)
    expect(page.locator(".route.closed .status")).to_have_text("不能申报")
    expect(page.locator(".route .tests li", has_text="聘任现职年限")).to_contain_text("不符合")
    expect(page.get_by_label("聘任现职年限（年）")).to_have_value("3")
    expect(page.get_by_label("学历")).to_have_value("博士")


def test_what_is_missing_is_asked_and_leads_to_its_field(page: Page) -> None:
    page.get_by_label("学历").select_option("本科")
    page.get_by_label("聘任现职年限（年）").fill("4.5")
    page.get_by_label("市科技奖").check()
    ask(page)
    expect(page.locator(".route.undecided .status")).to_have_text("尚未确定")
    page.locator(".missing a", has_text="业绩突出").click()
    expect(page.get_by_label("业绩突出")).to_be_in_viewport()
    page.get_by_label("业绩突出").select_option("是")
    page.get_by_label("业绩突出").press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".route.open .status")).to_have_text("可以申报")
    expect(page.locator(".route .proof").first).to_contain_text("申报人员")


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    ask(page)
    expect(page.locator(".route")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
