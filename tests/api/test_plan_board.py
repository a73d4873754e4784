"""Plans arranged by hand: nothing blocks, everything broken is named, undo leads back to exactly what was there."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

ASKED = {"target": "oh-reading-endorsement", "place": "US-OH", "have": ["letrs-u1"]}
Body = dict[str, Any]


@pytest.fixture
def made(client: TestClient) -> Body:
    answer = client.post("/v1/plans", json=ASKED)
    assert answer.status_code == 201
    found: Body = answer.json()
    return found


def arranged(client: TestClient, plan: Body, **wanted: Any) -> Body:
    tag = f'"{plan["id"]}-{plan["version"]}"'
    answer = client.post(f"/v1/plans/{plan['id']}/arrangements", json=wanted, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    found: Body = answer.json()
    return found


def same(one: Body, other: Body) -> bool:
    numbers = {"version": 0, "follows": 0}
    return {**one, **numbers} == {**other, **numbers}


def where(plan: Body) -> dict[str, str]:
    return {item["id"]: term["name"] for term in plan["terms"] for item in term["items"]}


def test_a_step_goes_where_the_advisor_puts_it_and_what_needs_it_earlier_is_warned_about(client: TestClient, made: Body) -> None:
    after = arranged(client, made, move={"item": "letrs-u2", "term": made["horizon"][3]})
    assert where(after) == {**where(made), "letrs-u2": made["horizon"][3]}
    assert after["by_hand"]
    assert [(one["about"], one["text"]) for one in after["warnings"]] == [
        ("claim:ag-034", "Needs LETRS Unit 2 in the same term or an earlier one.")
    ]
    assert "nothing is proven" in after["proof"]["text"]
    assert after["proof"]["objectives"] == []


def test_moving_it_back_leaves_no_warning(client: TestClient, made: Body) -> None:
    away = arranged(client, made, move={"item": "letrs-u2", "term": made["horizon"][3]})
    back = arranged(client, away, move={"item": "letrs-u2", "term": where(made)["letrs-u2"]})
    assert back["warnings"] == []
    assert where(back) == where(made)


def test_undo_leads_back_step_by_step_to_exactly_what_was_there(client: TestClient, made: Body) -> None:
    states = [made]
    for number, item in enumerate(("letrs-u2", "letrs-u3", "letrs-u4"), 2):
        states.append(arranged(client, states[-1], move={"item": item, "term": made["horizon"][number]}))
    now = arranged(client, states[-1], pin={"item": "letrs-u3"})
    for former in reversed(states):
        now = arranged(client, now, undo=True)
        assert same(now, former)
    refused = client.post(f"/v1/plans/{made['id']}/arrangements", json={"undo": True}, headers={"If-Match": "*"})
    assert (refused.status_code, "nothing to undo" in refused.text) == (422, True)


def test_a_pinned_step_stays_when_the_plan_is_made_again(client: TestClient, made: Body) -> None:
    away = arranged(client, made, move={"item": "letrs-u4", "term": made["horizon"][2]})
    pinned = arranged(client, away, pin={"item": "letrs-u4"})
    tag = f'"{pinned["id"]}-{pinned["version"]}"'
    answer = client.patch(f"/v1/plans/{made['id']}", json={"pins": pinned["asked"]["pins"]}, headers={"If-Match": tag})
    again = answer.json()
    assert where(again)["letrs-u4"] == made["horizon"][2]
    assert (again["by_hand"], again["warnings"]) == (False, [])


def test_a_warning_left_for_a_reason_stays_visible_and_is_never_called_met(client: TestClient, made: Body) -> None:
    away = arranged(client, made, move={"item": "letrs-u2", "term": made["horizon"][3]})
    about = {"about": "claim:ag-034", "rule": "corequisite"}
    accepted = arranged(client, away, accept={**about, "reason": "The registrar agreed by telephone"})
    assert accepted["warnings"][0]["accepted"] == "The registrar agreed by telephone"
    assert "Advisor accepts, pending the registrar" in accepted["changed"]
    further = arranged(client, accepted, move={"item": "letrs-u3", "term": made["horizon"][1]})
    assert next(one for one in further["warnings"] if one["about"] == "claim:ag-034")["accepted"]


def test_another_plan_of_the_same_target_is_taken_over_and_given_back(client: TestClient, made: Body) -> None:
    other = client.post("/v1/plans", json={**ASKED, "load": "0..3"}).json()
    taken = arranged(client, made, use=other["id"])
    assert where(taken) == where(other)
    assert same(arranged(client, taken, undo=True), made)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        ({"move": {"item": "nobody", "term": "Fall 2027"}}, "is not a step of this plan"),
        ({"move": {"item": "letrs-u2", "term": "Fall 1999"}}, "is not a term of this plan"),
        ({"pin": {"item": "nobody"}}, "is not a step of this plan"),
        ({"accept": {"about": "letrs-u2", "rule": "load", "reason": "because"}}, "no such warning"),
        ({"accept": {"about": "letrs-u2", "rule": "load", "reason": " "}}, "at least 3"),
        ({}, "exactly one"),
        ({"undo": True, "use": "X"}, "exactly one"),
    ],
)
def test_what_cannot_be_done_is_said(client: TestClient, made: Body, wanted: Body, said: str) -> None:
    answer = client.post(f"/v1/plans/{made['id']}/arrangements", json=wanted, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_stale_arrangement_changes_nothing(client: TestClient, made: Body) -> None:
    arranged(client, made, move={"item": "letrs-u2", "term": made["horizon"][3]})
    path, late = f"/v1/plans/{made['id']}/arrangements", {"move": {"item": "letrs-u3", "term": made["horizon"][3]}}
    assert client.post(path, json=late, headers={"If-Match": f'"{made["id"]}-1"'}).status_code == 412
    assert client.post(path, json=late).status_code == 428
    assert where(client.get(f"/v1/plans/{made['id']}").json())["letrs-u3"] == where(made)["letrs-u3"]
