"""Bodies nobody should send: each is a clear 4xx, never a 5xx, and a long one is not read to its end."""

from __future__ import annotations

import json
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


def test_utf_16_json_is_read_as_json(client: TestClient) -> None:
    body = json.dumps({"goal": "reading", "k": 1}).encode("utf-16")
    assert client.post("/v1/recommendations", content=body, headers=JSON).status_code == 200


def test_the_last_of_two_equal_keys_counts(client: TestClient) -> None:
    answer = client.post("/v1/recommendations", content=b'{"goal": "reading", "k": 2, "k": 1}', headers=JSON)
    assert answer.status_code == 200
    assert len(answer.json()["steps"]) == 1


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
