"""Kept plans are listed page by page and taken out by the version one saw; a creating request sent twice creates once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import plan_service
from api.plan_schemas import PlanOut
from api.store.answers import Answer, AnswerStore
from api.store.database import database_of

STACK: dict[str, Any] = {"target": "ut-stack-sci-3d", "terms": "Spring 2027..Fall 2028"}
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


def made(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.post("/v1/plans", json={**STACK, **asked})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def listed(client: TestClient, **wanted: Any) -> dict[str, Any]:
    answer = client.get("/v1/plans", params=wanted)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_every_plan_is_on_exactly_one_page(client: TestClient) -> None:
    ids = {made(client)["id"] for _ in range(3)}
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = client.get("/v1/plans", params={"limit": 2, **cursor})
        page = answer.json()
        seen += [row["id"] for row in page["items"]]
        if page["next_cursor"] is None:
            assert "link" not in answer.headers
            break
        assert answer.headers["link"].endswith('rel="next"')
        cursor = {"cursor": page["next_cursor"]}
    assert ids <= set(seen)
    assert len(seen) == len(set(seen))


def test_a_row_says_what_its_plan_says(client: TestClient) -> None:
    plan = made(client)
    row = next(row for row in listed(client, limit=200)["items"] if row["id"] == plan["id"])
    assert (row["version"], row["outcome"], row["target"]) == (1, "plan", plan["target"])
    assert (row["ends"], row["items"], row["cost"]) == ("Spring 2027", plan["totals"]["items"], plan["totals"]["cost_usd"]["text"])
    none = made(client, budget_usd=1)
    row = next(row for row in listed(client, limit=200)["items"] if row["id"] == none["id"])
    assert (row["outcome"], row["ends"], row["items"]) == ("infeasible", None, 0)


@pytest.mark.parametrize(
    "wanted", [{"cursor": "x"}, {"cursor": "WzFd"}, {"cursor": "WzEsMl0"}, {"limit": 0}, {"limit": 201}, {"page": 2}]
)
def test_a_page_that_cannot_be_read_is_refused(client: TestClient, wanted: dict[str, Any]) -> None:
    assert client.get("/v1/plans", params=wanted).status_code == 422


def test_a_plan_is_taken_out_by_the_version_one_saw(client: TestClient) -> None:
    plan, other = made(client), made(client)
    path = f"/v1/plans/{plan['id']}"
    assert client.delete(path).status_code == 428
    tag = client.get(path).headers["etag"]
    assert client.patch(path, json={"load": "0..6"}, headers={"If-Match": tag}).status_code == 200
    assert client.delete(path, headers={"If-Match": tag}).status_code == 412
    gone = client.delete(path, headers={"If-Match": client.get(path).headers["etag"]})
    assert (gone.status_code, gone.content) == (204, b"")
    assert client.get(path).status_code == 404
    assert client.delete(path, headers={"If-Match": "*"}).status_code == 404
    ids = [row["id"] for row in listed(client, limit=200)["items"]]
    assert plan["id"] not in ids
    assert other["id"] in ids


def test_the_same_request_with_its_key_is_answered_as_the_first(client: TestClient) -> None:
    before = len(listed(client, limit=200)["items"])
    headers = {"Idempotency-Key": "key-replay"}
    first = client.post("/v1/plans", json=STACK, headers=headers)
    again = client.post("/v1/plans", json=dict(reversed(STACK.items())), headers=headers)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert [first.headers[name] for name in ("location", "etag")] == [again.headers[name] for name in ("location", "etag")]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert len(listed(client, limit=200)["items"]) == before + 1
    alone = client.post("/v1/plans", json=STACK)
    assert alone.json()["id"] != first.json()["id"]


def test_a_key_of_another_request_is_refused(client: TestClient) -> None:
    headers = {"Idempotency-Key": "key-other"}
    assert client.post("/v1/plans", json=STACK, headers=headers).status_code == 201
    other = client.post("/v1/plans", json={**STACK, "load": "0..6"}, headers=headers)
    assert (other.status_code, other.json()["errors"][0]["pointer"]) == (422, "Idempotency-Key")
    plan = made(client)
    path = f"/v1/plans/{plan['id']}/alternatives"
    assert client.post(path, json={"count": 0}, headers=headers).status_code == 200, "a key of one operation only"


@pytest.mark.parametrize("key", [b"", b"two words", b"x" * 201, "caf\u00e9".encode()])
def test_a_key_that_is_none_is_refused(client: TestClient, key: bytes) -> None:
    answer = client.post("/v1/plans", json=STACK, headers={b"Idempotency-Key": key})
    assert answer.status_code == 422


def test_a_request_that_cannot_be_answered_leaves_its_key_free(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    headers = {"Idempotency-Key": "key-free"}
    assert client.post("/v1/plans", json={**STACK, "load": "lots"}, headers=headers).status_code == 422
    with monkeypatch.context() as patch:
        patch.setattr(plan_service, "make_kept", lambda *_: 1 / 0)
        assert client.post("/v1/plans", json=STACK, headers=headers).status_code == 500
    assert client.post("/v1/plans", json=STACK, headers=headers).status_code == 201


def test_while_the_first_is_being_answered_the_second_is_told_so(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    headers, seen = {"Idempotency-Key": "key-twice"}, []
    make_kept = plan_service.make_kept

    def slow(*given: Any) -> PlanOut:
        seen.append(client.post("/v1/plans", json=STACK, headers=headers))
        return make_kept(*given)

    monkeypatch.setattr(plan_service, "make_kept", slow)
    assert client.post("/v1/plans", json=STACK, headers=headers).status_code == 201
    (second,) = seen
    assert (second.status_code, second.json()["type"]) == (409, "/problems/still-running")
    assert second.headers["retry-after"] == "1"


def test_an_answer_is_kept_a_day_and_a_dead_request_frees_its_key(tmp_path: Path) -> None:
    store = AnswerStore(database_of(tmp_path / "local.sqlite"))
    answer = Answer(201, {"location": "/x"}, "{}")
    assert store.begin("make", "k", "aa", NOON) == "new"
    assert store.begin("make", "k", "aa", NOON + timedelta(minutes=9)) == "running"
    assert store.begin("make", "k", "aa", NOON + timedelta(minutes=11)) == "new", "the first died"
    store.finish("make", "k", answer)
    assert store.begin("make", "k", "aa", NOON + timedelta(hours=23)) == answer
    assert store.begin("make", "k", "bb", NOON + timedelta(hours=23)) == "other request"
    assert store.begin("make", "k", "bb", NOON + timedelta(hours=25)) == "new", "after a day the key is free"
    store.release("make", "k")
    assert store.begin("make", "k", "cc", NOON + timedelta(hours=25)) == "new"
    assert store.begin("other", "k", "cc", NOON) == "new"
