"""The feed: what it answers, ETags, and that nothing its OpenAPI allows makes it fail; the page that asks a person."""

from pathlib import Path

import jsonschema
import pytest
import schemathesis
from fastapi.testclient import TestClient
from foreign import opening, ruleset_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from make_ruleset import small_ruleset
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from pipeline.export.formats import FORMATS
from pipeline.facts import read_form
from pipeline.serve import create_app
from schemas.contract import SCHEMAS, schema
from schemas.ruleset import Condition, Ruleset

HERE = "http://127.0.0.1:8765"


def person_asked() -> Ruleset:
    conditions = [
        {"test": {"fact": "education", "op": ">=", "value": ["本科"]}},
        {"test": {"fact": "years_in_post", "op": ">=", "value": ["4"], "unit": "年"}},
        {"test": {"fact": "award", "value": ["省科技奖"]}},
        {"opaque": "业绩突出 <b>"},
    ]
    return ruleset_of(opening(Condition.model_validate({"all": conditions})))


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("feed") / "outputs"
    older, newer = small_ruleset(), small_ruleset()
    older = older.model_copy(update={"notice": older.notice.model_copy(update={"cycle": 2022, "series": "water", "edition": "2022"})})
    rules = [rule for rule in newer.rules if rule.kind != "fee"]
    newer = newer.model_copy(update={"rules": tuple(rules), "notice": newer.notice.model_copy(update={"series": "water", "edition": "2023"})})
    for name, ruleset in (("water/2022", older), ("water/2023", newer), ("a/b/2023", person_asked())):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.ruleset.json").write_text(ruleset.to_json(), "utf-8")
    (folder / "water/2021.ruleset.json").write_text("{}", "utf-8")
    made = newer.model_copy(update={"source": newer.source.model_copy(update={"made": True})})
    (folder / "water/2024.ruleset.json").write_text(made.to_json(), "utf-8")
    (folder.parent / "secret.ruleset.json").write_text(older.to_json(), "utf-8")
    return folder


@pytest.fixture(scope="module")
def client(outputs: Path) -> TestClient:
    return TestClient(create_app(outputs, language="zh"), base_url=HERE)


def test_the_list_by_series_and_cycle(client: TestClient) -> None:
    everything = client.get("/feed/rulesets").json()
    assert [(item["series"], item["edition"]) for item in everything["items"]] == [("a/b", "2023"), ("water", "2022"), ("water", "2023")]
    assert (everything["total"], everything["unreadable"]) == (3, ["water/2021", "water/2024"])
    assert [item["edition"] for item in client.get("/feed/rulesets?series=water&cycle=2022").json()["items"]] == ["2022"]
    page = client.get("/feed/rulesets?offset=1&limit=1").json()
    assert (page["total"], [item["edition"] for item in page["items"]]) == (3, ["2022"])
    assert all(client.get(item["href"]).status_code == 200 for item in everything["items"])


def test_a_made_edition_is_refused(client: TestClient) -> None:
    assert client.get("/feed/rulesets/water/2024").status_code == 404
    assert client.get("/feed/changes/water/2023/2024").status_code == 404


def test_an_edition_is_its_file(client: TestClient, outputs: Path) -> None:
    answer = client.get("/feed/rulesets/a/b/2023")
    assert answer.content == (outputs / "a/b/2023.ruleset.json").read_bytes()
    jsonschema.validate(answer.json(), client.get("/feed/schemas/ruleset").json())


def test_a_rule_in_every_year(client: TestClient) -> None:
    uid = small_ruleset().rules[0].uid
    assert [found["edition"] for found in client.get(f"/feed/rules/{uid}").json()] == ["2022", "2023"]
    assert client.get("/feed/rules/0000000000000000").status_code == 404


def test_changes_between_two_years(client: TestClient) -> None:
    changes = client.get("/feed/changes/water/2022/2023").json()
    gone = [key for key, change in changes["changes"].items() if "no_longer_stated" in change["labels"]]
    assert [key.partition("@")[0] for key in gone] == ["fee/评审费", "fee/评审费"]
    jsonschema.validate(changes, client.get("/feed/schemas/changes").json())


@pytest.mark.parametrize("name", [one.name for one in FORMATS])
def test_every_export(client: TestClient, outputs: Path, name: str) -> None:
    answer = client.get(f"/feed/exports/{name}/water/2022")
    form = next(one for one in FORMATS if one.name == name)
    assert answer.content == form.render(Ruleset.from_json((outputs / "water/2022.ruleset.json").read_bytes()), "zh")
    assert answer.headers["content-type"] == form.media_type


@pytest.mark.parametrize(
    "path", ["/feed/rulesets", "/feed/rulesets/water/2023", "/feed/schemas/facts", "/feed/changes/water/2022/2023", "/feed/exports/ics/water/2022"]
)
def test_who_has_the_answer_gets_304(client: TestClient, path: str) -> None:
    first = client.get(path)
    tag = first.headers["etag"]
    for held in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = client.get(path, headers={"if-none-match": held})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get(path, headers={"if-none-match": '"other"'}).content == first.content


def test_a_new_file_is_there_at_once_with_another_tag(client: TestClient, outputs: Path) -> None:
    path = outputs / "water/2024.ruleset.json"
    tag = client.get("/feed/rulesets").headers["etag"]
    path.write_text(small_ruleset().to_json(), "utf-8")
    try:
        assert client.get("/feed/rulesets", headers={"if-none-match": tag}).status_code == 200
        assert client.get("/feed/rulesets/water/2024").status_code == 200
    finally:
        path.unlink()
    assert client.get("/feed/rulesets/water/2024").status_code == 404


@pytest.mark.parametrize("path", ["../secret", "%2e%2e/secret", "..%2Fsecret", "water/../../secret", "water/2021", "x/y", "water/2023%00"])
def test_only_rulesets_of_the_folder_are_answered(client: TestClient, path: str) -> None:
    assert client.get(f"/feed/rulesets/{path}").status_code == 404


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema(client: TestClient, name: str) -> None:
    assert client.get(f"/feed/schemas/{name}").json() == schema(name)
    assert client.get(f"/feed/schemas/{name}s").status_code == 404


@pytest.mark.parametrize("method", ["put", "delete", "patch", "post"])
def test_nothing_can_be_written(client: TestClient, method: str) -> None:
    assert client.request(method, "/feed/rulesets/water/2023", json={}).status_code == 405


def test_a_person_is_assessed(client: TestClient) -> None:
    answer = client.post("/feed/assess/a/b/2023", json={"years_in_post": 3})
    assert [route["status"] for route in answer.json()["routes"]] == ["closed"]
    jsonschema.validate(answer.json(), client.get("/feed/schemas/assessment").json())
    refused = client.post("/feed/assess/a/b/2023", json={"years_in_post": "三"})
    assert (refused.status_code, "years_in_post" in refused.json()["detail"]) == (400, True)


# -- whatever its OpenAPI allows


def test_nothing_makes_it_fail(outputs: Path) -> None:
    here = {"host": "localhost"}
    openapi = schemathesis.openapi.from_asgi("/openapi.json", create_app(outputs, language="zh"), headers=here).include(path_regex="^/feed")
    operations = [found.ok() for found in openapi.get_all_operations()]
    assert {operation.label for operation in operations} >= {"GET /feed/rulesets", "POST /feed/assess/{series}/{edition}"}
    for operation in operations:

        @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), database=None)
        @given(operation.as_strategy(), st.booleans())
        def asked(case: schemathesis.Case, known: bool) -> None:
            if known and "edition" in case.path_parameters:
                case.path_parameters.update(series="a/b", edition="2023")
            answer = case.call(base_url=HERE, headers=here)
            assert answer.status_code < 500
            case.validate_response(answer, checks=[status_code_conformance, response_schema_conformance])

        asked()


# -- the page


def test_the_page_asks_and_answers(client: TestClient) -> None:
    form = client.get("/assess/a/b/2023")
    assert form.status_code == 200
    assert "业绩突出 &lt;b&gt;" in form.text
    assert "form-action 'self'" in form.headers["content-security-policy"]
    answered = client.post("/assess/a/b/2023", data={"education": "博士", "years_in_post": "3", "award:none": "1"}, headers={"origin": HERE})
    assert answered.status_code == 200
    assert "不能申报" in answered.text
    assert "<option selected>博士</option>" in answered.text
    assert 'value="3"' in answered.text
    assert client.get("/assess/nothing/2023").status_code == 404


def test_the_start_page_leads_to_it(client: TestClient) -> None:
    assert 'href="/assess/a/b/2023">能不能申报<' in client.get("/").text


def test_a_form_is_read_as_far_as_it_can_be() -> None:
    fields = {
        "education": ["本科"],
        "years_in_post": ["2.5"],
        "award": ["甲"],
        "award:other": ["乙，丙、 甲"],
        "title_held:none": ["1"],
        "exam_passed": ["true"],
        "degree": [" "],
        "age": ["很多"],
        "retired": ["perhaps"],
        "q_0123abcd": ["false"],
        "nonsense": ["1"],
    }
    facts, problems = read_form(fields)
    assert facts == {
        "education": "本科",
        "years_in_post": 2.5,
        "award": ["甲", "乙", "丙"],
        "title_held": [],
        "exam_passed": True,
        "q_0123abcd": False,
    }
    assert problems == ["age", "retired", "nonsense"]


@pytest.mark.parametrize("body", ["years_in_post=inf", "education=%ff", "&" * 3000 + "a=1", "award:other=" + "x" * 9999, "=1", ":=1"])
def test_no_form_makes_the_page_fail(client: TestClient, body: str) -> None:
    answer = client.post("/assess/a/b/2023", content=body, headers={"content-type": "application/x-www-form-urlencoded", "origin": HERE})
    assert answer.status_code in (200, 400)
