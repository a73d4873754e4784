"""Badge files and transcripts sent to the server: the broken are named, the others count, and nothing is fetched or kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.badge_service import MAX_FILES, InTime, fetcher
from api.settings import Settings
from api.world import World
from pathways.badges.entities import Fetched
from pathways.badges.errors import FetchError
from tests.badges.makers import assertion, badge, baked, encoded, record_of, signed, svg


@pytest.fixture(scope="module")
def client(settings: Settings, world: World) -> Iterator[TestClient]:
    with TestClient(create_app(settings, world), raise_server_exceptions=False) as opened:
        yield opened


def send(client: TestClient, *files: tuple[str, bytes], **fields: str) -> dict[str, Any]:
    answer = client.post("/v1/badges:read", files=[("files", file) for file in files], data=fields)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def numbered(number: int) -> bytes:
    return encoded(signed(badge(id=f"https://issuer.example/credentials/{number}", achievement={"name": f"Skill {number}"})))


def test_of_a_hundred_badges_three_are_broken_and_ninety_seven_count(client: TestClient) -> None:
    files = [(f"badge-{number}.json", numbered(number)) for number in range(100)]
    files[3] = ("broken.json", files[3][1][:-5])
    files[50] = ("tampered.json", files[50][1].replace(b"Skill 50", b"Skill 51"))
    files[99] = ("empty.png", b"")
    body = send(client, *files)
    assert (len(body["badges"]), body["count"]) == (100, 97)
    broken = {one["file"]: [problem["code"] for problem in one["problems"]] for one in body["badges"] if not one["counts"]}
    assert broken == {"broken.json": ["not_json"], "tampered.json": ["signature"], "empty.png": ["empty"]}
    assert all(one["why_not"] for one in body["badges"] if not one["counts"])
    assert all(one["why_not"] == "" and one["entry"] for one in body["badges"] if one["counts"])


def test_an_entry_goes_straight_into_a_record(client: TestClient) -> None:
    aligned = badge(achievement={"id": "urn:pathways:credential:letrs-u1", "name": "Unit one"})
    [one] = send(client, ("unit.png", baked(signed(aligned))))["badges"]
    assert (one["method"], one["credential"]["id"], one["verdict"], one["issuer"]) == ("id", "letrs-u1", "valid", "verified")
    assert one["entry"] == {"id": "letrs-u1", "earned_on": "2025-03-01", "verification": "unverified", "stage": "earned"}
    question = {"targets": ["letrs-v1"], "record": {"achievements": [one["entry"]]}}
    answer = client.post("/v1/recommendations", json=question)
    assert answer.status_code == 200
    assert "letrs-u1" not in [step["credential"]["id"] for step in answer.json()["steps"]]


def test_a_badge_that_no_rule_settles_asks_with_scores(client: TestClient) -> None:
    unlike = badge(achievement={"name": "LETRS Unit 1", "description": "Science of reading, unit one."}, issuer={
        "id": "https://issuer.example/profile", "type": ["Profile"], "name": "Somebody Else"})  # fmt: skip
    [one] = send(client, ("unit.json", encoded(signed(unlike))))["badges"]
    assert (one["method"], one["credential"]) == ("ask", None)
    assert one["candidates"][0]["credential"]["id"] == "letrs-u1"
    assert 0 <= one["candidates"][-1]["score"] <= one["candidates"][0]["score"] <= 1
    assert one["entry"]["id"].startswith("own:badge-")
    far = badge(achievement={"name": "qwxz", "description": ""})
    [one] = send(client, ("far.json", encoded(signed(far))))["badges"]
    assert one["method"] in {"none", "ask"}


def test_the_badges_of_a_learner_record_each_stand_for_themselves(client: TestClient) -> None:
    inside = [badge(id=f"urn:uuid:{number}", achievement={"name": f"Course {number}"}) for number in range(2)]
    record = signed(record_of(signed(inside[0]), signed(inside[1]) | {"validFrom": "2020-01-01T00:00:00Z"}))
    body = send(client, ("record.json", encoded(record)))
    assert [(one["file"], one["counts"]) for one in body["badges"]] == [("record.json#1", True), ("record.json#2", False)]


def test_the_newer_of_two_copies_counts(client: TestClient) -> None:
    newer = signed(badge(validFrom="2026-01-01T00:00:00Z"))
    body = send(client, ("old.json", encoded(signed(badge()))), ("new.json", encoded([newer])), ("same.png", baked(newer)))
    assert [one["counts"] for one in body["badges"]] == [False, True, False]
    assert "newer copy" in body["badges"][0]["why_not"]


def test_another_person_s_badge_does_not_count(client: TestClient) -> None:
    plain = [{"type": "IdentityObject", "identityHash": "me@school.example", "identityType": "emailAddress", "hashed": False}]
    mine = signed(badge(subject={"id": None, "identifier": plain}))
    [one] = send(client, ("mine.json", encoded(mine)), recipient="me@school.example")["badges"]
    [other] = send(client, ("mine.json", encoded(mine)), recipient="you@school.example")["badges"]
    assert (one["counts"], other["counts"]) == (True, False)
    assert "you@school.example" not in json.dumps(other)


def test_nothing_is_fetched(client: TestClient) -> None:
    """An older badge that only points at its award cannot be checked without the network: said, not fetched."""
    [one] = send(client, ("hosted.json", encoded(assertion(badge="http://127.0.0.1:9/badge"))))["badges"]
    assert one["verdict"] == "unverified"


def test_the_network_is_off_and_where_it_is_on_its_time_ends(settings: Settings) -> None:
    assert fetcher(settings) is None
    allowed = fetcher(replace(settings, fetch=True))
    assert allowed is not None
    with pytest.raises(FetchError):  # a loopback address: refused before anything is looked up
        allowed("https://127.0.0.1/badge.json")
    asked: list[str] = []

    def answer(url: str) -> Fetched:
        asked.append(url)
        return Fetched(b"{}")

    assert InTime(answer, 60)("https://a.example").content == b"{}"
    with pytest.raises(FetchError, match="time"):
        InTime(answer, -1)("https://b.example")
    assert asked == ["https://a.example"]


@pytest.mark.parametrize(
    ("content", "status", "words"),
    [
        ({"files": [("files", (f"{number}.json", b"{}")) for number in range(MAX_FILES + 1)]}, 422, "at most 200"),
        ({"data": {"recipient": "me@school.example"}}, 422, "files"),
        ({"files": [("files", ("a.json", b"{}"))], "data": {"recipient": "x" * 400}}, 422, "recipient"),
        ({"content": b"--x", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 422, ""),
        ({"content": b"{", "headers": {"Content-Type": "multipart/form-data"}}, 422, "a form with files"),
        ({"data": {"files": "{}"}, "files": [("other", ("a", b""))]}, 422, "Expected a file, with its name."),
        ({"files": [("files", (f"{number}.json", b"{}")) for number in range(1001)]}, 422, "Send the rest in another request."),
    ],
)
def test_a_form_that_is_none_is_refused(client: TestClient, content: dict[str, Any], status: int, words: str) -> None:
    answer = client.post("/v1/badges:read", **content)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert words in answer.text


def test_too_much_at_once_is_refused_before_it_is_read(world: World, settings: Settings) -> None:
    small = Settings(home=settings.home, today=settings.today, data=settings.data, max_body_bytes=2048)
    with TestClient(create_app(small, world)) as client:
        assert client.post("/v1/badges:read", files=[("files", ("a.svg", svg(" " * 20_000)))]).status_code == 200
        assert client.post("/v1/badges:read", files=[("files", ("a.svg", svg(" " * 40_000)))]).status_code == 413
        answer = client.post("/v1/transcripts:read", files={"file": ("a.csv", b"x" * 4000)})
        assert answer.status_code == 413


def test_one_file_too_long_is_its_own_problem(client: TestClient) -> None:
    body = send(client, ("long.png", baked(badge()) + bytes(9_000_000)), ("good.json", numbered(1)))
    assert [one["counts"] for one in body["badges"]] == [False, True]
    assert [problem["code"] for problem in body["badges"][0]["problems"]] == ["too_large"]


def test_a_transcript_becomes_a_record_that_a_question_takes(client: TestClient) -> None:
    table = b"course,title,credits,grade,institution\nEDU 1,Reading,3,A,College\nEDU 2,Art,3,F,College\n"
    answer = client.post("/v1/transcripts:read", files={"file": ("transcript.csv", table)})
    assert answer.status_code == 200
    assert [entry["id"] for entry in answer.json()["record"]["achievements"]] == ["own:college-edu-1"]
    assert "the grade" in answer.json()["notes"][1]
    question = {"goal": "teach reading", "record": answer.json()["record"]}
    assert client.post("/v1/recommendations", json=question).status_code == 200


@pytest.mark.parametrize(("data", "words"), [(b"no transcript", "PESC XML"), (b"title,credits\nReading,many", "a number")])
def test_a_transcript_that_cannot_be_read_says_where(client: TestClient, data: bytes, words: str) -> None:
    answer = client.post("/v1/transcripts:read", files={"file": ("transcript.csv", data)})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/file"
    assert words in answer.text
