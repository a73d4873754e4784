"""Bodies nobody should send: each is a clear 4xx, never a 5xx, and a long one is not read to its end."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

PATHS = ("/v1/recommendations", "/v1/audits", "/v1/letters")
JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe\x00",
        b"\x00" * 100,
        b"[" * 20_000 + b"]" * 20_000,
        b'{"record": ' + b'{"a":' * 20_000 + b"1" + b"}" * 20_001,
        b'{"record": ' + b'{"a":' * 900 + b"1" + b"}" * 901,
        b'{"goal": "reading", "budget_usd": NaN}',
        b'{"goal": "reading", "budget_usd": Infinity}',
        b'{"goal": "reading", "budget_usd": 1e999}',
        b'{"goal": "reading", "record": {"limits": {"budget_usd": NaN}}}',
        b'{"goal": "half a \\ud800 character"}',
        b'{"goal": "reading", "record": {"learner": "\\ud800"}}',
        b'{"goal": "reading", "have": ["\\ud800"]}',
        b'{"goal": "reading", "district": "\\udfff"}',
        b'{"goal": 5}',
        b'{"goal": "reading", "k": 1' + b"0" * 5_000 + b"}",
        b'{"goal": "reading", "record": [1]}',
        b'{"goal": "reading", "record": {"achievements": 7}}',
        '{"goal": ""}'.encode("utf-16"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_a_body_that_makes_no_sense_is_422(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(path, content=body, headers=JSON)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/invalid-request"
    assert answer.json()["errors"]
    assert len(answer.content) < 20_000


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b'{"goal": "reading", "k": 2, "k": 1}', 'the field "k" stands twice'),
        (b'{"goal": "reading", "record": {"place": "US-OH", "place": "US-TX"}}', 'the field "place" stands twice'),
        (json.dumps({"goal": "reading"}).encode("utf-16"), "not UTF-8"),
        (b'{"goal": "\xff"}', "not UTF-8"),
        (b'{"goal": "reading", "budget_usd": NaN}', "NaN"),
        (b'{"goal": "reading", "k": ' + b"9" * 5_000 + b"}", "far too long"),
        (b"[" * 20_000 + b"]" * 20_000, "nested too deep"),
        (b'{"goal": "reading"', "delimiter"),
    ],
)
@pytest.mark.parametrize("path", PATHS)
def test_json_that_can_be_read_in_two_ways_or_in_none_is_refused_with_the_reason(
    client: TestClient, path: str, body: bytes, says: str
) -> None:
    answer = client.post(path, content=body, headers=JSON)
    assert answer.status_code == 422
    assert says in answer.json()["errors"][0]["detail"]


def test_a_byte_order_mark_does_no_harm(client: TestClient) -> None:
    assert client.post("/v1/recommendations", content=b'\xef\xbb\xbf{"goal": "reading"}', headers=JSON).status_code == 200


def test_a_body_without_a_content_type_is_422(client: TestClient) -> None:
    assert client.post("/v1/recommendations", content=b'{"goal": "reading"}').status_code == 422


@pytest.mark.parametrize("path", PATHS)
def test_a_long_body_is_413(client: TestClient, path: str) -> None:
    answer = client.post(path, content=b" " * 2_000_000, headers=JSON)
    assert answer.status_code == 413
    assert answer.json()["type"] == "/problems/body-too-large"


def test_a_long_body_of_unknown_length_is_413_and_not_read_on(client: TestClient) -> None:
    sent = 0

    def parts() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(800):
            sent += 1
            yield b" " * 65_536

    answer = client.post("/v1/recommendations", content=parts(), headers=JSON)
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "have", [["nea-mc-generic*10000"] * 2, ["nea-mc-generic*10000"] * 10_000, ["letrs-u1", "nea-mc-generic*10000"]]
)
@pytest.mark.parametrize("path", PATHS)
def test_counts_cannot_multiply_into_more_items_than_may_be_held(client: TestClient, path: str, have: list[str]) -> None:
    body = {"have": have, **({"goal": "reading"} if path == "/v1/recommendations" else {"target": "letrs-v1"})}
    began = time.perf_counter()
    answer = client.post(path, json=body)
    assert time.perf_counter() - began < 5
    assert answer.status_code == 422
    assert "10,000 items" in answer.json()["detail"]


def test_ten_thousand_achievements_of_the_learners_own_are_answered_in_seconds(client: TestClient) -> None:
    own = [{"id": f"own:x{number}", "type": "course", "name": "one"} for number in range(10_000)]
    began = time.perf_counter()
    answer = client.post("/v1/recommendations", json={"goal": "reading", "record": {"achievements": own}})
    assert answer.status_code == 200
    assert time.perf_counter() - began < 5


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)
fields = st.sampled_from(
    [
        "goal",
        "have",
        "record",
        "progress",
        "place",
        "district",
        "license",
        "targets",
        "exclude",
        "budget_usd",
        "by",
        "k",
        "target",
        "pins",
    ]
)


@given(st.sampled_from(PATHS), st.dictionaries(fields, values, max_size=5))
def test_no_body_is_our_fault(client: TestClient, path: str, body: dict[str, object]) -> None:
    answer = client.post(path, content=json.dumps(body), headers=JSON)
    assert answer.status_code in {200, 422}
