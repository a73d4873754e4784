"""Matches, decisions and courses over HTTP: who may, who may not and is on record; the same request twice; whatever people type."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from api.settings import Settings
from api.world import World
from tests.api.conftest import settings, world
from tests.identity.served import OURS, THEIRS, Served, serving

__all__ = ["settings", "world"]

COURSES = "id,title,description,credits\nEDU-101,Teaching Reading,How children learn to read,3\nEDU-102,Assessment,,3\n"
BY_HAND = {"badges": ["letrs-v1"], "courses": ["EDU-101"]}
APPROVE = {"kind": "approve", "reason_code": "outcomes_covered"}
REJECT = {"kind": "reject", "reason_code": "content_gap", "reason": "No assessment of fluency."}
ROUTES = [
    ("GET", "/v1/matches", None),
    ("POST", "/v1/matches", BY_HAND),
    ("POST", "/v1/matches:decide", APPROVE),
    ("GET", "/v1/matches/ID", None),
    ("POST", "/v1/matches/ID/decisions", APPROVE),
    ("GET", "/v1/articulations", None),
    ("GET", "/v1/articulations.csv", None),
    ("GET", "/v1/articulations.jsonld", None),
    ("POST", "/v1/courses", COURSES),
]


@pytest.fixture
def served(settings: Settings, world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(replace(settings, data=tmp_path_factory.mktemp("review")), world, requests_per_minute=0) as found:
        yield found


def send(served: Served, institution: str, role: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
    options: dict[str, Any] = {"headers": headers}
    if isinstance(body, str):
        options["files"] = {"file": ("courses.csv", body.encode())}
    elif body is not None:
        options["json"] = body
    return served.ask(institution, role, method, path, **options)


def a_match(served: Served, institution: str = OURS, role: str = "administrator") -> dict[str, Any]:
    assert send(served, institution, role, "POST", "/v1/courses", COURSES).status_code == 200
    assert send(served, institution, role, "POST", "/v1/matches", BY_HAND).json()["added"] == 1
    found: dict[str, Any] = send(served, institution, role, "GET", "/v1/matches").json()["items"][0]
    return found


@pytest.mark.parametrize("role", ["learner", "advisor"])
def test_learners_and_advisors_are_refused_every_route_and_each_attempt_is_on_record(served: Served, role: str) -> None:
    match = a_match(served)["id"]
    for method, path, body in ROUTES:
        before = served.actions()
        answer = send(served, OURS, role, method, path.replace("ID", match), body, **{"If-Match": "*"})
        assert answer.status_code == 403, (path, answer.text)
        assert "probability" not in answer.text
        ((actor, action, _),) = served.actions()[len(before) :]
        assert (actor, action) == (f"key:{served.key_ids[OURS, role]}", "refused")


@pytest.mark.parametrize("role", ["evaluator", "administrator"])
def test_who_may_review_sees_and_decides_what_is_theirs_and_nothing_of_others(served: Served, role: str) -> None:
    ours = a_match(served)
    for method, path, body in ROUTES:
        if "ID" in path:
            answer = send(served, THEIRS, role, method, path.replace("ID", ours["id"]), body, **{"If-Match": "*"})
            assert answer.status_code == 404
    assert send(served, THEIRS, role, "GET", "/v1/matches").json() == {"items": [], "next_cursor": None, "counts": {}}
    assert send(served, THEIRS, role, "GET", "/v1/articulations").json() == {"items": []}
    assert send(served, OURS, role, "GET", f"/v1/matches/{ours['id']}").json() == ours


def test_a_decision_needs_the_version_it_is_for(served: Served) -> None:
    match = a_match(served)
    path = f"/v1/matches/{match['id']}/decisions"
    assert send(served, OURS, "evaluator", "POST", path, APPROVE).status_code == 428
    done = send(served, OURS, "evaluator", "POST", path, APPROVE, **{"If-Match": match["tag"]})
    assert (done.status_code, done.headers["etag"].replace("-gzip", ""), done.json()["state"]) == (
        200,
        done.json()["tag"],
        "approved",
    )
    stale = send(served, OURS, "administrator", "POST", path, REJECT, **{"If-Match": match["tag"]})
    assert stale.status_code == 412
    assert [action for _, action, _ in served.actions()[-2:]] == ["match.decided", "match.refused"]


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [("/v1/matches", BY_HAND, {**BY_HAND, "k": 2}), ("/v1/courses", COURSES, f"{COURSES}A,B,,1\n")],
)
def test_the_same_request_with_its_key_is_done_once(served: Served, path: str, body: Any, other: Any) -> None:
    assert send(served, OURS, "evaluator", "POST", "/v1/courses", COURSES).status_code == 200
    key = {"Idempotency-Key": "once"}
    first = send(served, OURS, "evaluator", "POST", path, body, **key)
    before = len(served.actions())
    again = send(served, OURS, "evaluator", "POST", path, body, **key)
    assert (again.status_code, again.json(), again.headers["idempotency-replayed"]) == (200, first.json(), "true")
    assert len(served.actions()) == before
    assert send(served, OURS, "evaluator", "POST", path, other, **key).status_code == 422


def test_a_parameter_that_does_not_exist_is_named(served: Served) -> None:
    match = a_match(served)["id"]
    for method, path, body in ROUTES:
        answer = send(served, OURS, "evaluator", method, path.replace("ID", match) + "?colour=red", body, **{"If-Match": "*"})
        assert answer.status_code == 422, (path, answer.text)
        assert "colour" in answer.text
    assert send(served, OURS, "evaluator", "GET", f"/v1/matches/{match}").json()["state"] == "open"


ODD = {
    "long": "x" * 10_000,
    "nul": "a\0b and more",
    "surrogate": "\ud800 and more",
    "right to left": "\u202eno assessment of fluency",
    "emoji": "🧑🏽‍🏫 no assessment of fluency",
    "markup": "<script>alert(1)</script>",
    "formula": "=HYPERLINK(1)",
}


@pytest.mark.parametrize("name", ODD)
def test_any_text_as_a_reason_is_kept_as_typed_or_refused(served: Served, name: str) -> None:
    match = a_match(served)
    body = json.dumps({**REJECT, "reason": ODD[name]}).encode()
    headers = {"If-Match": match["tag"], "Content-Type": "application/json"}
    answer = served.ask(OURS, "evaluator", "POST", f"/v1/matches/{match['id']}/decisions", headers=headers, content=body)
    kept = send(served, OURS, "evaluator", "GET", f"/v1/matches/{match['id']}").json()
    if name in {"long", "nul", "surrogate"}:
        assert (answer.status_code, kept["state"]) == (422, "open"), answer.text
    else:
        assert (answer.status_code, kept["history"][0]["reason"]) == (200, ODD[name]), answer.text


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"credits": -1}, "credits"),
        ({"credits": 1e308}, "credits"),
        ({"expires_on": "2028-02-30"}, "expires_on"),
        ({"expires_on": "2028-2-3"}, "expires_on"),
        ({"expires_on": "٢٠٢٨-٠٦-٣٠"}, "expires_on"),
        ({"min_grade": "Z"}, "min_grade"),
        ({"conditions": "x" * 10_000}, "conditions"),
        ({"conditions": "a\0b"}, "conditions"),
        ({}, "changes"),
    ],
)
def test_changes_that_make_no_sense_are_refused_by_name(served: Served, changes: dict[str, Any], where: str) -> None:
    match = a_match(served)
    body = {**REJECT, "kind": "approve_changed", "changes": changes}
    answer = send(served, OURS, "evaluator", "POST", f"/v1/matches/{match['id']}/decisions", body, **{"If-Match": match["tag"]})
    assert answer.status_code == 422, answer.text
    assert where in answer.json()["errors"][0]["pointer"]


@pytest.mark.parametrize("k", [0, -1, 11, 10**30])
def test_a_senseless_number_of_proposals_is_refused(served: Served, k: int) -> None:
    assert send(served, OURS, "evaluator", "POST", "/v1/matches", {"badges": ["letrs-v1"], "k": k}).status_code == 422


@pytest.mark.parametrize(("words", "number"), [("%", 0), ("_", 0), ("letrs", 1), ("LETRS reading", 1), ("'; drop", 0), ("\\", 0)])
def test_words_of_the_filter_are_words_and_not_patterns(served: Served, words: str, number: int) -> None:
    a_match(served)
    answer = served.ask(OURS, "evaluator", "GET", "/v1/matches", params={"words": words})
    assert (answer.status_code, len(answer.json()["items"])) == (200, number), answer.text


@pytest.mark.parametrize("query", ["cursor=-1", "cursor=x", f"cursor={'9' * 22}", "least=2", "most=nan", "words=%00", "order=x"])
def test_a_senseless_filter_is_refused(served: Served, query: str) -> None:
    assert served.ask(OURS, "evaluator", "GET", f"/v1/matches?{query}").status_code == 422


def test_courses_of_another_institution_are_nobodys_to_import(served: Served) -> None:
    text = "id,institution,title\nEDU-101,Ohio State,Teaching Reading\n"
    answer = send(served, OURS, "evaluator", "POST", "/v1/courses", text)
    assert answer.status_code == 422
    assert "Ohio State" in answer.text
    assert send(served, OURS, "evaluator", "POST", "/v1/courses", text.replace("Ohio State", OURS)).status_code == 200


def test_nothing_of_a_learner_is_in_a_match_or_a_decision(served: Served) -> None:
    """What a learner holds never decides what is on the queue, so that erasing a learner has nothing to do here."""
    from sqlalchemy import select

    from api.review.tables import courses, decisions, matches

    made = send(served, OURS, "advisor", "POST", "/v1/learners", {"record": {"have": ["letrs-u1"], "note": "planted-word"}})
    match = a_match(served)
    send(served, OURS, "evaluator", "POST", f"/v1/matches/{match['id']}/decisions", REJECT, **{"If-Match": "*"})
    learner = made.json().get("id", "no learner")
    with served.identity.database.read() as connection:
        kept = [str(row) for table in (courses, matches, decisions) for row in connection.execute(select(table))]
    assert kept
    assert not [row for row in kept if learner in row or "letrs-u1" in row or "planted-word" in row]
