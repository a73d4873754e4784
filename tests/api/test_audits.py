"""``POST /v1/audits`` and ``/v1/letters``."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient


def audit(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.post("/v1/audits", json=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_progress_is_shown_node_by_node(client: TestClient) -> None:
    body = audit(client, target="letrs-v1", have=["letrs-u1", "letrs-u2"])
    assert body["verdict"] == "unmet"
    root = body["composed_of"]["root"]
    assert [child["truth"] for child in root["children"]] == ["met", "met", "unmet", "unmet"]
    assert root["children"][0]["uses"][0]["id"] == "letrs-u1"
    assert root["in_progress"]


def test_a_list_that_is_not_in_the_catalog_is_never_ready(client: TestClient) -> None:
    body = audit(client, target="letrs-u1")
    assert (body["verdict"], body["composed_of"]) == ("unknown", None)
    assert "requirements not in this catalog" in body["summary"]


def test_what_can_be_claimed_is_offered_with_its_source(client: TestClient) -> None:
    body = audit(client, target="walsh-edt650", have=["letrs-u1", "letrs-u2"], place="OH")
    assert [claim["to_id"] for claim in body["offers"]] == ["walsh-edt650"]
    assert body["offers"][0]["facts"][0]["source_url"].startswith("http")
    assert body["verdict"] != "met"


def test_an_unknown_target_is_422_with_the_nearest(client: TestClient) -> None:
    answer = client.post("/v1/audits", json={"target": "letrs-volume1"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["pointer"] == "/target"
    assert "letrs-v1" in error["detail"]


def test_a_pin_on_something_not_held_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/audits", json={"target": "letrs-v1", "pins": [{"id": "letrs-u1", "group": "1"}]})
    assert [entry["pointer"] for entry in answer.json()["errors"]] == ["/pins/0/id"]


def test_each_office_gets_one_letter_with_its_questions(client: TestClient) -> None:
    asked = {"target": "oh-reading-endorsement", "have": [f"letrs-u{n}" for n in range(1, 9)], "place": "US-OH"}
    questions = audit(client, **asked)["ask"]
    letters = client.post("/v1/letters", json=asked).json()["letters"]
    assert questions
    assert [letter["to"] for letter in letters] == list(dict.fromkeys(ask["whom"] for ask in questions))
    for letter in letters:
        assert all(ask["question"] in letter["text"] for ask in letter["questions"])


def test_a_renewal_is_audited_like_a_target(client: TestClient) -> None:
    body = audit(client, target="renewal:US-TN", progress=["48 PDP"])
    assert body["verdict"] == "unmet"
    root = body["composed_of"]["root"]
    assert (root["have"], root["need"], root["unit"], root["in_progress"]) == (48, 60, "PDP", True)
    assert "12 PDP left" in body["summary"]
    assert body["sources"]


def test_a_renewal_nobody_published_is_unknown(client: TestClient) -> None:
    body = audit(client, target="renewal:US-AS")
    assert (body["verdict"], body["composed_of"]) == ("unknown", None)
    assert "no rule found" in body["summary"]


def test_progress_in_a_unit_the_load_does_not_use_is_refused(client: TestClient) -> None:
    for path, target in (("/v1/audits", {"target": "renewal:US-TN"}), ("/v1/recommendations", {"targets": ["renewal:US-TN"]})):
        answer = client.post(path, json={**target, "progress": ["3 USBE credits"]})
        assert answer.status_code == 422
        assert [entry["pointer"] for entry in answer.json()["errors"]] == ["/progress"]


def test_a_renewal_without_a_place_is_refused(client: TestClient) -> None:
    answer = client.post("/v1/audits", json={"target": "renewal:Atlantis"})
    assert [entry["pointer"] for entry in answer.json()["errors"]] == ["/target"]
