"""Promises that hold for every operation: a summary, an example, one error shape, stable ids, the same headers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.examples import PLAN_IN
from api.settings import Settings
from api.world import World

SNAPSHOT = Path(__file__).with_name("openapi.json")
PROBLEM = {"type", "title", "status", "detail", "instance", "request_id"}


def operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [(path, method, entry) for path, item in document["paths"].items() for method, entry in item.items()]


def test_the_document_is_the_published_one(app: FastAPI) -> None:
    """A change of the API is a change of this file, seen in review. Write it anew with ``python -m tests.api.snapshot``."""
    assert app.openapi() == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_every_operation_says_what_it_is_for(app: FastAPI) -> None:
    found = operations(app.openapi())
    names = [entry["operationId"] for _, _, entry in found]
    assert len(set(names)) == len(names)
    for _, _, entry in found:
        assert entry["summary"]
        assert entry["description"]


def test_every_error_of_the_document_is_a_problem(app: FastAPI) -> None:
    document = app.openapi()
    for path, _, entry in operations(document):
        errors = {status: answer for status, answer in entry["responses"].items() if status >= "400"}
        assert errors or path == "/healthz"
        for answer in errors.values():
            assert answer["content"]["application/problem+json"]["schema"]["$ref"].endswith("/ProblemOut")
    assert set(document["components"]["schemas"]["ProblemOut"]["properties"]) == PROBLEM | {"errors"}
    assert "HTTPValidationError" not in document["components"]["schemas"]


def a_match(client: TestClient) -> str:
    """The id of a match that nobody has decided on."""
    courses = b"id,title,credits\nEDU-101,Teaching Reading,3\nEDU-102,Assessment,3\n"
    assert client.post("/v1/courses", files={"file": ("courses.csv", courses)}).status_code == 200
    assert client.post("/v1/matches", json={"badges": ["letrs-v1"], "courses": ["EDU-102"]}).status_code == 200
    return str(client.get("/v1/matches").json()["items"][0]["id"])


def test_every_request_body_has_an_example_that_is_answered(app: FastAPI, client: TestClient) -> None:
    document = app.openapi()
    kept = client.post("/v1/plans", json=PLAN_IN).json()["id"]
    match = a_match(client)
    for path, method, entry in operations(document):
        if method not in {"post", "patch"}:
            continue
        if (
            "multipart/form-data" in entry["requestBody"]["content"]
        ):  # a file: tests/badges/test_uploads.py, tests/review/test_routes.py
            continue
        name = entry["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        (example,) = document["components"]["schemas"][name]["examples"]
        asked = {**example, "plan": kept} if "plan" in example else example
        one = match if path.startswith("/v1/matches/") else kept
        answer = client.request(method, path.format(id=one), json=asked, headers={"If-Match": "*"})
        assert answer.status_code == (201 if path in {"/v1/plans", "/v1/learners"} else 200), answer.text


@pytest.mark.parametrize("path", ["/v1/recommendations", "/v1/audits", "/v1/letters", "/v1/plans", "/v1/whatifs"])
def test_every_posted_body_is_checked(client: TestClient, path: str) -> None:
    answer = client.post(path, json={"gaol": "typing error"})
    assert answer.status_code == 422
    body = answer.json()
    assert {"pointer": "/gaol", "detail": 'There is no field "gaol" here. Did you mean "goal"?'} in body[
        "errors"
    ] or path != "/v1/recommendations"
    assert "/gaol" in [entry["pointer"] for entry in body["errors"]]


def test_every_get_answers_with_an_etag_and_304(client: TestClient) -> None:
    for path in ("/v1/credentials", "/v1/credentials/letrs-u1", "/v1/targets"):
        first = client.get(path)
        assert first.status_code == 200
        tag = first.headers["etag"]
        assert tag.startswith('"')
        again = client.get(path, headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
        assert client.get(path, headers={"If-None-Match": '"other"'}).status_code == 200


def test_compressed_bytes_have_a_tag_of_their_own(client: TestClient) -> None:
    plain = client.get("/v1/credentials", headers={"Accept-Encoding": "identity"})
    packed = client.get("/v1/credentials", headers={"Accept-Encoding": "gzip"})
    assert plain.json() == packed.json()
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["etag"] != packed.headers["etag"]
    assert client.get("/v1/credentials", headers={"If-None-Match": packed.headers["etag"]}).status_code == 304


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/credentials/letrs-unit1", 404),
        ("PUT", "/v1/recommendations", 405),
        ("GET", "/v1/recommendations", 405),
        ("GET", "/v1/credentials?color=red", 422),
        ("GET", "/v1/targets?limit=0", 422),
        ("GET", "/v1/credentials?limit=201", 422),
        ("GET", "/v1/credentials?cursor=nonsense", 422),
        ("GET", "/v1/credentials?place=Atlantis", 422),
        ("POST", "/v1/audits", 422),
        ("POST", "/v1/plans", 422),
        ("GET", "/v1/plans/NOSUCH00", 404),
        ("GET", "/v1/plans/NOSUCH00.svg", 404),
        ("GET", "/v1/plans/NOSUCH00.doc", 422),
    ],
)
def test_every_error_has_one_shape(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) - {"errors"} == PROBLEM
    assert body["status"] == status
    assert body["instance"] == path.partition("?")[0]
    assert body["request_id"] == answer.headers["x-request-id"]
    assert client.get(body["type"]).status_code == 200
    if status == 422:
        assert body["errors"][0]["detail"]


def test_an_unknown_id_names_the_nearest(client: TestClient) -> None:
    assert "letrs-u1" in client.get("/v1/credentials/letrs-unit1").json()["detail"]


def test_an_unknown_parameter_names_the_nearest(client: TestClient) -> None:
    body = client.get("/v1/credentials?isuer=nea").json()
    assert body["errors"] == [{"pointer": "?isuer", "detail": 'There is no field "isuer" here. Did you mean "issuer"?'}]


@pytest.mark.parametrize("path", ["/", "/next", "/v1/targets", "/v1/nothing", "/static/style.css", "/healthz", "/docs"])
def test_every_answer_is_guarded(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "access-control-allow-origin" not in headers
    assert "script-src" not in headers["content-security-policy"]


def test_a_request_id_is_kept_where_it_is_one(client: TestClient) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "abc-1"}).headers["x-request-id"] == "abc-1"
    assert client.get("/healthz", headers={"X-Request-Id": "<b>"}).headers["x-request-id"] != "<b>"


def test_an_unexpected_error_is_a_problem_without_a_trace(
    settings: Settings, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(settings, world)

    @app.get("/v1/broken")
    def broken() -> None:
        raise RuntimeError("what the learner typed")

    with TestClient(app) as client:
        answer = client.get("/v1/broken")
    assert answer.status_code == 500
    assert answer.json()["type"] == "/problems/internal"
    assert "what the learner typed" not in answer.text + caplog.text
    assert answer.headers["x-request-id"] in caplog.text
    assert "RuntimeError" in caplog.text
