"""The server: what it shows, and whom it turns away."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from make_ruleset import small_ruleset

from pipeline.errors import NoticeError
from pipeline.report.notice_page import policy
from pipeline.safety import POLICY, host_allowed
from pipeline.serve import create_app

HERE = "http://127.0.0.1:8765"


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    folder = tmp_path / "outputs"
    (folder / "water").mkdir(parents=True)
    (folder / "water/2023.ruleset.json").write_text(small_ruleset().to_json(), encoding="utf-8")
    (tmp_path / "secret.ruleset.json").write_text(small_ruleset().to_json(), encoding="utf-8")
    return folder


@pytest.fixture
def client(outputs: Path) -> TestClient:
    return TestClient(create_app(outputs), base_url=HERE)


def test_the_start_page_lists_series_and_editions(client: TestClient) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert ">water<" in page.text
    assert 'href="/notices/water/2023"' in page.text
    assert page.headers["content-security-policy"] == POLICY


def test_an_edition_has_its_page_under_its_own_policy(client: TestClient) -> None:
    page = client.get("/notices/water/2023")
    assert page.status_code == 200
    assert small_ruleset().notice.title in page.text
    assert page.headers["content-security-policy"] == policy()


@pytest.mark.parametrize(
    "path", ["/notices/nothing/2020", "/notices/..%2Fsecret", "/notices/%2e%2e/secret", "/assets/..%2Fcli.py", "/notices/water/../../secret"]
)
def test_paths_never_leave_the_folder(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "", "[::1].evil"])
def test_a_host_that_is_not_ours_is_refused(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1:8765", "[::1]:8765"])
def test_the_loopback_names_are_ours(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).status_code == 200


def test_all_addresses_take_figures_but_no_foreign_name() -> None:
    assert host_allowed("192.168.1.7:8765", "0.0.0.0")
    assert not host_allowed("rebound.example", "0.0.0.0")
    assert not host_allowed("192.168.1.7", "127.0.0.1")


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:9", "http://127.0.0.1:8765.evil.example"])
def test_a_post_of_another_site_is_refused(client: TestClient, origin: str) -> None:
    assert client.post("/", headers={"origin": origin}).status_code == 403


def test_a_post_that_the_browser_calls_cross_site_is_refused(client: TestClient) -> None:
    assert client.post("/", headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/", headers={"origin": HERE, "sec-fetch-site": "same-origin"}).status_code == 405


def test_a_link_from_elsewhere_leads_here(client: TestClient) -> None:
    assert client.get("/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


def test_beyond_this_machine_a_token_is_needed(outputs: Path) -> None:
    with pytest.raises(NoticeError) as refused:
        create_app(outputs, host="0.0.0.0")
    assert refused.value.code == "serve.token"


def test_with_a_token_nothing_is_shown_without_it(outputs: Path) -> None:
    client = TestClient(create_app(outputs, token="s3cret 口令"), base_url=HERE, follow_redirects=False)
    assert client.get("/").status_code == 401
    assert client.get("/?token=wrong").status_code == 401
    first = client.get("/?token=s3cret%20口令&x=1")
    assert (first.status_code, first.headers["location"]) == (303, "/?x=1")
    assert "HttpOnly; SameSite=Strict" in first.headers["set-cookie"]
    assert client.get("/").status_code == 200, "the cookie lets in"
    elsewhere = TestClient(create_app(outputs, token="s3cret"), base_url=HERE, follow_redirects=False)
    assert elsewhere.get("/", headers={"authorization": "Bearer s3cret"}).status_code == 200
    assert elsewhere.get(f"{HERE}//evil.example/?token=s3cret").headers["location"].startswith("/evil.example")


def test_a_body_is_bounded(client: TestClient) -> None:
    assert client.post("/", headers={"content-length": str(2**40)}).status_code == 413
