"""``POST /v1/recommendations``: the contract, and what a question may hold."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from api import recommendation_bodies, service
from api.schemas import RecommendationIn
from api.world import World
from pathways.graph.flags import Flag

GOAL: dict[str, Any] = {"goal": "teach reading better in grades K-3", "have": ["letrs-u1", "letrs-u2"], "place": "US-OH", "k": 3}
STEP = {"rank", "credential", "fit", "ready", "missing", "targets", "value_here", "warnings", "reasons"}


def ask(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.post("/v1/recommendations", json=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: TestClient, **asked: Any) -> list[dict[str, str]]:
    answer = client.post("/v1/recommendations", json=asked)
    assert answer.status_code == 422, answer.text
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


def test_the_contract_of_the_answer(client: TestClient) -> None:
    answer = ask(client, **GOAL)
    assert {"goal", "place", "data_version", "model", "steps", "near", "routes", "dead_ends"} <= set(answer)
    assert [step["rank"] for step in answer["steps"]] == [1, 2, 3]
    for step in answer["steps"]:
        assert set(step) >= STEP
        assert {"id", "name", "type", "issuer"} == set(step["credential"])
        assert {"renewal", "pay", "degree"} <= set(step["value_here"])
        assert 0 <= step["fit"] <= 100
        assert step["reasons"]
        for reason in step["reasons"]:
            assert {"kind", "text", "facts"} == set(reason)
            for fact in reason["facts"]:
                assert {"source_url", "confidence", "date"} <= set(fact)
        for effect in step["targets"]:
            assert {"id", "remaining_before", "remaining_after", "unit", "proof"} <= set(effect)


def test_the_api_prints_what_the_service_answers(client: TestClient, world: World) -> None:
    assert ask(client, **GOAL) == service.next_steps(world, RecommendationIn(**GOAL)).model_dump(mode="json")


def test_nothing_held_is_recommended(client: TestClient) -> None:
    answer = ask(client, **GOAL)
    assert not {"letrs-u1", "letrs-u2"} & {step["credential"]["id"] for step in answer["steps"] if step["action"] == "earn"}


def test_an_excluded_id_is_not_shown(client: TestClient) -> None:
    first = ask(client, **GOAL)["steps"][0]["credential"]["id"]
    assert first not in [step["credential"]["id"] for step in ask(client, **GOAL, exclude=[first])["steps"]]


def test_a_sound_question_without_an_answer_says_so(client: TestClient) -> None:
    answer = ask(client, goal="repair diesel engines of fishing boats")
    assert answer["steps"] == []
    assert answer["message"]


def test_a_target_needs_no_goal(client: TestClient) -> None:
    assert ask(client, targets=["letrs-v1"], have=["letrs-u1"])["steps"]


def test_renewal_is_a_target(client: TestClient) -> None:
    answer = ask(client, targets=["renewal:US-TN"], place="US-TN", progress=["48 PDP"])
    (renewal,) = answer["renewals"]
    assert renewal["id"] == "renewal:US-TN"
    assert "12" in renewal["remaining"]


@pytest.mark.parametrize("goal", ["", "   ", "\u0000\u0007\u001b", "\u202e\u200b", "...!"])
def test_no_goal_and_no_target_is_refused(client: TestClient, goal: str) -> None:
    assert refused(client, goal=goal) == [{"pointer": "/goal", "detail": "Type a goal in words, or name a target."}]


def test_a_goal_of_100_000_characters_is_read(client: TestClient) -> None:
    assert ask(client, goal="reading " * 12_500)["goal"]
    assert refused(client, goal="x" * 100_001)[0]["pointer"] == "/goal"


def test_control_characters_do_not_come_back(client: TestClient) -> None:
    assert ask(client, goal="teach\u001b[31m \u0000reading\u202e")["goal"] == "teach[31m reading"


def test_10_000_held_items_are_read(client: TestClient) -> None:
    assert ask(client, goal="reading", have=["nea-mc-generic*10000"])["steps"]
    assert refused(client, goal="reading", have=["letrs-u1"] * 10_001)[0]["pointer"] == "/have"


def test_10_000_wrong_ids_are_counted_not_listed(client: TestClient) -> None:
    errors = refused(client, goal="reading", have=[f"letrs-unit{n}" for n in range(10_000)])
    assert len(errors) == 21
    assert errors[0]["pointer"] == "/have/0"
    assert "letrs-u" in errors[0]["detail"]
    assert errors[-1]["detail"] == "and 9,980 more problems of this request"


def test_every_wrong_part_is_named_at_once(client: TestClient) -> None:
    errors = refused(
        client, goal="reading", have=["letrs-unit1"], targets=["letrs-volume1", "renewal:Atlantis"], exclude=["nope"],
        place="Atlantis",
        progress=["48 bananas"], by="2020-01", record={"achievements": [{"id": "cda-x"}], "degrees": [{"level": "emperor"}]},
    )  # fmt: skip
    pointers = {entry["pointer"] for entry in errors}
    assert {"/have/0", "/targets/0", "/targets/1", "/exclude/0", "/place", "/progress/0", "/by", "/record"} <= pointers


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"budget_usd": -1}, "/budget_usd"),
        ({"budget_usd": "much"}, "/budget_usd"),
        ({"hours_per_week": 0}, "/hours_per_week"),
        ({"hours_per_week": 169}, "/hours_per_week"),
        ({"by": "2027-13"}, "/by"),
        ({"by": "0000-01"}, "/by"),
        ({"k": 0}, "/k"),
        ({"k": 51}, "/k"),
        ({"have": ["letrs-u1*3"]}, "/have/0"),
        ({"have": ["nea-mc-generic*99999"]}, "/have/0"),
        ({"have": ["nea-mc-generic*-1"]}, "/have/0"),
        ({"progress": ["-5 PDP"]}, "/progress/0"),
        ({"progress": ["1e400 PDP"]}, "/progress/0"),
        ({"record": {"achievements": [{"id": "letrs-u1", "credits": "-3", "credit_unit": "semester"}]}}, "/record"),
        ({"record": {"achievements": [{"id": "letrs-u1", "earned_on": "2026-02-30"}]}}, "/record"),
        ({"record": {"name": "a person"}}, "/record"),
    ],
)
def test_a_limit_that_is_none_is_refused(client: TestClient, asked: dict[str, Any], pointer: str) -> None:
    assert pointer in [entry["pointer"] for entry in refused(client, goal="reading", **asked)]


def test_everything_a_route_leaves_out_has_words() -> None:
    assert {str(flag.name).lower() for flag in Flag} == set(recommendation_bodies._FLAG_WORDS)


def test_what_a_route_leaves_out_is_said_in_words(client: TestClient) -> None:
    (target,) = ask(client, targets=["oh-reading-endorsement"], place="US-OH")["routes"]
    assert "Counts the listed parts; the full list is not published." in target["routes"][0]["notes"]
    assert target["cheapest"] is None  # no price is published, so nothing is called cheapest
