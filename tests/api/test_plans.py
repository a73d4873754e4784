"""``/v1/plans``: a plan or a reason, kept by version, changed with as little moved as possible, drawn, compared."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from api import plan_service
from api.app import create_app
from api.plan_bodies import Made, plan_body
from api.plan_changes import BrokenPlanError, checked
from api.plan_questions import plan_question
from api.plan_schemas import PlanIn, PlanOut
from api.settings import Settings
from api.store.plans import FILE
from api.world import World
from pathways.planning.problem import Placed, Plan
from pathways.planning.solver import plan as solve
from pathways.planning.solver import plan_from
from pathways.planning.verify import violations

TARGETS = ["mo-career-admin", "la-llas", "oh-reading-endorsement", "va-cs-addon", "nb-certification", "ut-stack-sci-3d"]
TERMS = "Spring 2027..Fall 2028"
READING: dict[str, Any] = {"target": "oh-reading-endorsement", "have": ["letrs-u1"], "place": "US-OH", "terms": TERMS}
STACK: dict[str, Any] = {"target": "ut-stack-sci-3d", "terms": TERMS}


def made(client: TestClient, **asked: Any) -> dict[str, Any]:
    answer = client.post("/v1/plans", json=asked)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def refused(client: TestClient, **asked: Any) -> list[dict[str, str]]:
    answer = client.post("/v1/plans", json=asked)
    assert answer.status_code == 422, answer.text
    found: list[dict[str, str]] = answer.json()["errors"]
    return found


def changed(client: TestClient, plan: dict[str, Any], **change: Any) -> dict[str, Any]:
    tag = client.get(f"/v1/plans/{plan['id']}").headers["etag"]
    answer = client.patch(f"/v1/plans/{plan['id']}", json=change, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def plain_tag(answer: Response) -> str:
    """The tag without the mark of a compressed answer."""
    return answer.headers["etag"].replace('-gzip"', '"')


def stands(plan: dict[str, Any]) -> dict[str, str]:
    return {item["id"]: term["name"] for term in plan["terms"] for item in term["items"]}


@pytest.mark.parametrize("target", TARGETS)
def test_each_real_target_is_planned_and_its_plan_keeps_every_rule(world: World, target: str) -> None:
    asked = plan_question(PlanIn(target=target, terms=TERMS, load="0..18"), world.catalog, world.today)
    body = plan_service.make(world, PlanIn(target=target, terms=TERMS, load="0..18"))
    assert body.outcome == "plan"
    index = {term.name: number for number, term in enumerate(asked.problem.terms)}
    at = {item.id: index[term.name] for term in body.terms for item in term.items}
    assert violations(asked.problem, plan_from(asked.problem, at, "as shown")) == ()
    assert target in at
    assert body.proof is not None
    assert body.proof.status == "optimal"
    assert body.data_version in body.proof.text


@pytest.mark.parametrize("target", TARGETS)
def test_sums_of_a_plan_are_those_of_its_items(client: TestClient, target: str) -> None:
    body = made(client, target=target, terms=TERMS, load="0..18")
    items = [item for term in body["terms"] for item in term["items"]]
    totals = body["totals"]
    assert totals["items"] == len(items)
    assert totals["cost_usd"]["known"] == pytest.approx(sum(item["usd"] or 0 for item in items))
    steps = [item for item in items if item["kind"] != "condition"]
    assert totals["cost_usd"]["unknown_items"] == sum(item["usd"] is None for item in steps) == body["proof"]["unpriced"]
    assert totals["hours"]["unknown_items"] == sum(item["hours"] is None for item in steps) == body["proof"]["untimed"]
    assert totals["load"] == pytest.approx(sum(item["load"] for item in items))
    assert totals["ends"] == body["terms"][-1]["name"]


def test_the_contract_of_the_answer(client: TestClient) -> None:
    answer = client.post("/v1/plans", json=READING)
    body = answer.json()
    assert answer.headers["location"] == f"/v1/plans/{body['id']}"
    assert plain_tag(answer) == f'"{body["id"]}-1"'
    assert body["version"] == 1
    for term in body["terms"]:
        assert {"name", "start", "end", "load", "load_unknown", "cost_usd", "hours", "items"} == set(term)
        for item in term["items"]:
            assert set(item) >= {"id", "name", "kind", "load", "usd", "hours", "needs", "leads_to", "facts"}
    claim = next(item for term in body["terms"] for item in term["items"] if item["kind"] == "claim")
    assert "oh-reading-endorsement" in claim["leads_to"]
    assert claim["facts"][0]["source_url"].startswith("http")
    assert [entry["id"] for entry in body["held"]] == ["letrs-u1"]


def test_parts_stand_before_the_whole(client: TestClient) -> None:
    for term in made(client, **READING)["terms"]:
        order = [item["id"] for item in term["items"]]
        for item in term["items"]:
            assert all(order.index(part) < order.index(item["id"]) for part in item["alongside"] if part in order)


def test_the_same_question_gives_the_same_plan(client: TestClient) -> None:
    one, other = made(client, **READING), made(client, **READING)
    assert one.pop("id") != other.pop("id")
    assert one == other


def test_what_is_held_takes_no_place(client: TestClient) -> None:
    assert "letrs-u1" not in stands(made(client, **READING))


def test_load_is_kept_in_every_term(client: TestClient) -> None:
    body = made(client, **{**READING, "load": "0..3"})
    assert body["totals"]["most_load"] <= 3
    assert body["totals"]["terms"] > made(client, **{**READING, "load": "0..9"})["totals"]["terms"]


def test_a_pin_is_kept_and_an_exclusion_too(client: TestClient) -> None:
    body = made(client, **STACK, pins={"ut-mc-seps": "fall 2027"})
    assert stands(body)["ut-mc-seps"] == "Fall 2027"
    assert next(item["pinned"] for term in body["terms"] for item in term["items"] if item["id"] == "ut-mc-seps")
    without = made(client, target="nb-certification", terms=TERMS, exclude=[next(iter(_areas(client)))])
    assert not set(stands(without)) & {next(iter(_areas(client)))}


def _areas(client: TestClient) -> list[str]:
    plan = made(client, target="nb-certification", terms=TERMS)
    return [key for key in stands(plan) if key.startswith("nb-") and "@" not in key and key != "nb-certification"]


def test_no_plan_is_an_answer_with_its_reason_and_what_would_help(client: TestClient) -> None:
    body = made(client, target="nb-certification", terms=TERMS, budget_usd=1000)
    assert (body["outcome"], body["terms"], body["totals"], body["proof"]) == ("infeasible", [], None, None)
    reason = body["reason"]
    assert "budget" in {fact["kind"] for fact in reason["facts"]}
    assert any(fact["facts"] and fact["facts"][0]["source_url"] for fact in reason["facts"])
    (change, *_) = reason["changes"]
    assert change["kind"] == "budget"
    helped = made(client, target="nb-certification", terms=TERMS, budget_usd=1000 + change["gives_up"])
    assert helped["outcome"] == "plan"
    assert client.get(f"/v1/plans/{body['id']}").json() == body


def test_terms_are_three_years_from_the_next_where_none_are_named(client: TestClient) -> None:
    body = made(client, target="la-llas")
    assert (body["horizon"][0], body["horizon"][-1]) == ("Spring 2027", "Fall 2029")
    assert body["asked"]["terms"] == "Spring 2027..Fall 2029"


@pytest.mark.parametrize(
    ("asked", "pointer", "says"),
    [
        ({"terms": "Autum 2027"}, "/terms", "is not a term"),
        ({"terms": "Fall 2028..Spring 2027"}, "/terms", "runs backward"),
        ({"terms": "Fall 2027, Fall 2027"}, "/terms", "named twice"),
        ({"terms": "Spring 2025..Fall 2027"}, "/terms", "Spring 2025 is over"),
        ({"terms": "Spring 2027..Fall 2099"}, "/terms", "at most"),
        ({"load": "9..3"}, "/load", "above the most"),
        ({"load": "0"}, "/load", "more than 0"),
        ({"load": "-3..9"}, "/load", "is not a load"),
        ({"load": "lots"}, "/load", "is not a load"),
        ({"by": "2026-01"}, "/by", "is over"),
        ({"by": "2026-12"}, "/by", "before the end of the first term"),
        ({"by": "soon"}, "/by", "a month such as 2027-06"),
        ({"pins": {"letrs-u2": "Fall 2040"}}, "/pins/letrs-u2", "outside the plan"),
        ({"pins": {"letrs-u2": "someday"}}, "/pins/letrs-u2", "is not a term"),
        ({"pins": {"letrs-x": "Fall 2027"}}, "/pins/letrs-x", "letrs-x"),
        ({"pins": {"letrs-u2": "Fall 2027"}, "exclude": ["letrs-u2"]}, "/pins/letrs-u2", "Choose one"),
        ({"require": ["letrs-u2"], "exclude": ["letrs-u2"]}, "/require", "Choose one"),
        ({"exclude": ["letrs-unit2"]}, "/exclude/0", "letrs-u2"),
        ({"require": ["letrs-unit2"]}, "/require/0", "letrs-u2"),
        ({"have": ["letrs-unit2"]}, "/have/0", "letrs-u2"),
        ({"target": "letrs-unit2"}, "/target", "letrs-u2"),
        ({"target": "renewal:US-OH"}, "/target", "renewal"),
        ({"have": ["oh-reading-endorsement"]}, "/target", "held already"),
        ({"budget_usd": -1}, "/budget_usd", "greater than or equal"),
        ({"objective": []}, "/objective", "at least 1"),
        ({"seconds": 31}, "/seconds", "less than or equal to 30"),
    ],
)
def test_what_cannot_be_planned_as_asked_is_named(client: TestClient, asked: dict[str, Any], pointer: str, says: str) -> None:
    errors = refused(client, **{"target": "oh-reading-endorsement", "terms": TERMS, **asked})
    assert any(entry["pointer"] == pointer and says in entry["detail"] for entry in errors), errors


def test_every_wrong_part_is_named_at_once(client: TestClient) -> None:
    errors = refused(client, target="letrs-unit2", terms="never", load="9..3", by="2020-01")
    assert [entry["pointer"] for entry in errors] == ["/target", "/terms", "/by", "/load"]


def test_a_pin_against_a_prerequisite_is_refused_or_explained(client: TestClient) -> None:
    """The whole pinned before its part: no plan, and the pins are in the reason."""
    pins = {"ut-stack-sci-3d": "Spring 2027", "ut-mc-seps": "Fall 2027"}
    body = made(client, **STACK, pins=pins)
    assert body["outcome"] == "infeasible"
    assert {fact["about"] for fact in body["reason"]["facts"] if fact["kind"] == "pin"} <= set(pins)


def test_a_version_has_a_tag_and_304_where_it_is_known(client: TestClient) -> None:
    plan = made(client, **STACK)
    first = client.get(f"/v1/plans/{plan['id']}")
    assert first.json() == plan
    tag = first.headers["etag"]
    again = client.get(f"/v1/plans/{plan['id'].lower()}", headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    packed = client.get(f"/v1/plans/{plan['id']}", headers={"Accept-Encoding": "gzip"}).headers["etag"]
    assert client.get(f"/v1/plans/{plan['id']}", headers={"If-None-Match": packed}).status_code == 304


def test_a_change_needs_the_version_it_is_for(client: TestClient) -> None:
    plan = made(client, **STACK)
    path, change = f"/v1/plans/{plan['id']}", {"load": "0..6"}
    missing = client.patch(path, json=change)
    assert (missing.status_code, missing.json()["type"]) == (428, "/problems/precondition-required")
    tag = client.get(path).headers["etag"]
    assert client.patch(path, json=change, headers={"If-Match": f"W/{tag}"}).status_code == 412
    after = client.patch(path, json=change, headers={"If-Match": tag})
    assert (after.status_code, after.json()["version"], plain_tag(after)) == (200, 2, f'"{plan["id"]}-2"')
    stale = client.patch(path, json=change, headers={"If-Match": tag})
    assert (stale.status_code, stale.json()["type"]) == (412, "/problems/stale")
    assert client.get(path).json() == after.json()
    for problem in (missing, stale):
        assert client.get(problem.json()["type"]).status_code == 200


def test_a_change_that_clashes_with_nothing_moves_nothing(client: TestClient) -> None:
    plan = made(client, **READING, load="0..3")
    after = changed(client, plan, budget_usd=100_000)
    assert after["moved"] == []
    assert stands(after) == stands(plan)
    assert "stay in their term" in after["changed"]


def test_a_pin_moves_what_it_must_and_leaves_the_rest(client: TestClient) -> None:
    plan = made(client, **STACK)
    after = changed(client, plan, pins={"ut-mc-seps": "Fall 2027"})
    assert stands(after)["ut-mc-seps"] == "Fall 2027"
    moved = {move["id"]: move for move in after["moved"]}
    assert set(moved) == {"ut-mc-seps", "ut-stack-sci-3d"}
    assert (moved["ut-mc-seps"]["from_term"], moved["ut-mc-seps"]["to_term"]) == ("Spring 2027", "Fall 2027")
    assert all(move["why"] for move in moved.values())
    still = changed(client, after, pins=None)
    assert still["asked"]["pins"] == {}
    assert stands(still)["ut-mc-seps"] == "Fall 2027"


def test_what_is_done_leaves_the_plan(client: TestClient) -> None:
    plan = made(client, **STACK)
    after = changed(client, plan, have=["ut-mc-seps", "ut-mc-dcis"])
    gone = {move["id"]: move["why"] for move in after["moved"] if move["to_term"] is None}
    assert gone == {"ut-mc-seps": "it is done", "ut-mc-dcis": "it is done"}
    assert set(stands(after)) == set(stands(plan)) - set(gone)


def test_what_nothing_needs_any_more_is_let_go(client: TestClient) -> None:
    plan = made(client, target="nb-certification", terms=TERMS)
    area = next(iter(_areas(client)))
    after = changed(client, plan, exclude=[area])
    assert area not in stands(after)
    assert after["totals"]["items"] == plan["totals"]["items"]
    assert after["outcome"] == "plan"


def test_a_change_that_leaves_no_plan_says_why(client: TestClient) -> None:
    plan = made(client, target="nb-certification", terms=TERMS)
    after = changed(client, plan, budget_usd=10)
    assert (after["outcome"], after["version"]) == ("infeasible", 2)
    assert after["reason"]["facts"]
    back = changed(client, after, budget_usd=None)
    assert back["outcome"] == "plan"


@pytest.mark.parametrize("change", [{}, {"target": "la-llas"}, {"load": "9..3"}, {"terms": "x"}, {"exclude": ["nope-nope"]}])
def test_a_change_that_cannot_be_read_changes_nothing(client: TestClient, change: dict[str, Any]) -> None:
    plan = made(client, **STACK)
    answer = client.patch(f"/v1/plans/{plan['id']}", json=change, headers={"If-Match": "*"})
    assert answer.status_code == 422
    assert client.get(f"/v1/plans/{plan['id']}").json() == plan


def test_alternatives_differ_and_are_kept(client: TestClient) -> None:
    plan = made(client, target="nb-certification", terms=TERMS)
    answer = client.post(f"/v1/plans/{plan['id']}/alternatives", json={"count": 2, "differ_in": 3})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    rows = [row for row in body["alternatives"] if row["label"] not in {"fastest", "cheapest", "lightest load"}]
    assert len(rows) == 2
    sets = [set(stands(plan)), *(set(stands(row["plan"])) for row in rows)]
    assert all(len(one - other) >= 3 for one in sets for other in sets if one is not other)
    assert body["comparison"]["plans"][0] == "this plan"
    for row in body["alternatives"]:
        assert client.get(f"/v1/plans/{row['plan']['id']}").json() == row["plan"]


def test_a_named_alternative_is_what_its_name_says(client: TestClient) -> None:
    plan = made(client, **{**READING, "load": "0..9"})
    rows = client.post(f"/v1/plans/{plan['id']}/alternatives", json={"count": 1}).json()["alternatives"]
    lightest = next(row["plan"]["totals"] for row in rows if row["label"] == "lightest load")
    assert lightest["most_load"] < plan["totals"]["most_load"]
    assert "cheapest" not in [row["label"] for row in rows] or all(
        row["plan"]["totals"]["cost_usd"]["known"] < plan["totals"]["cost_usd"]["known"]
        for row in rows
        if row["label"] == "cheapest"
    )


def test_there_is_no_alternative_to_no_plan(client: TestClient) -> None:
    plan = made(client, target="nb-certification", terms=TERMS, budget_usd=10)
    assert client.post(f"/v1/plans/{plan['id']}/alternatives", json={}).status_code == 422


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"add": "ut-mc-seps"}, "is held"),
        ({"pin": {"ut-mc-seps": "Fall 2027"}}, "stands in Fall 2027"),
        ({"terms": "Fall 2027..Fall 2028"}, "Fall 2027"),
        ({"place": "US-UT"}, "the place is US-UT"),
        ({"budget_usd": 10}, "budget"),
        ({"drop": "ut-mc-seps"}, "is not used"),
    ],
)
def test_what_if_shows_both_plans_and_keeps_nothing(client: TestClient, change: dict[str, Any], says: str) -> None:
    plan = made(client, **STACK)
    answer = client.post("/v1/whatifs", json={"plan": plan["id"], "change": change})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert body["before"] == plan
    assert says in body["text"]
    assert body["after"]["id"] is None
    if body["after"]["outcome"] == "plan":
        before, after = stands(plan), stands(body["after"])
        assert {move["id"] for move in body["moved"]} == {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert client.get(f"/v1/plans/{plan['id']}").json() == plan


@pytest.mark.parametrize("change", [{}, {"add": "ut-mc-seps", "by": "2028-06"}])
def test_what_if_takes_one_change(client: TestClient, change: dict[str, Any]) -> None:
    plan = made(client, **STACK)
    answer = client.post("/v1/whatifs", json={"plan": plan["id"], "change": change})
    assert answer.status_code == 422
    assert "exactly one change" in answer.text


def test_what_if_of_no_plan_at_all_is_404(client: TestClient) -> None:
    assert client.post("/v1/whatifs", json={"plan": "NOSUCH00", "change": {"by": "2028-06"}}).status_code == 404


def test_a_plan_is_drawn_in_every_form(client: TestClient) -> None:
    plan = made(client, **READING)
    names = {item["id"]: item["name"] for term in plan["terms"] for item in term["items"]}

    def file(form: str) -> str:
        answer = client.get(f"/v1/plans/{plan['id']}.{form}")
        assert answer.status_code == 200, answer.text
        again = client.get(f"/v1/plans/{plan['id']}.{form}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
        return answer.text

    assert ET.fromstring(file("svg")).tag.endswith("svg")
    assert file("mmd").count("flowchart") == 1
    assert file("dot").startswith("digraph")
    rows = list(csv.DictReader(io.StringIO(file("csv"))))
    assert {row["step"] for row in rows} >= set(names.values())
    assert json.loads(file("json")) == plan
    assert all(name.split(" (")[0].replace("&", "&amp;") in file("html") for name in names.values())


def test_a_png_is_one_or_says_which_package_it_needs(client: TestClient) -> None:
    plan = made(client, **STACK)
    answer = client.get(f"/v1/plans/{plan['id']}.png")
    if answer.status_code == 200:
        assert answer.content.startswith(b"\x89PNG")
    else:
        assert (answer.status_code, answer.json()["type"]) == (501, "/problems/not-offered")
        assert "resvg-py" in answer.json()["detail"]


def test_a_plan_that_is_none_is_not_drawn(client: TestClient) -> None:
    plan = made(client, target="nb-certification", terms=TERMS, budget_usd=10)
    assert client.get(f"/v1/plans/{plan['id']}.svg").status_code == 422
    assert client.get(f"/v1/plans/{plan['id']}.json").json() == plan


def test_a_plan_that_breaks_a_rule_is_never_shown(world: World) -> None:
    asked = plan_question(PlanIn(**STACK), world.catalog, world.today)
    right = solve(asked.problem)
    assert isinstance(right, Plan)
    wrong = plan_from(asked.problem, {one.item: one.term for one in right.placed[1:]}, "broken")
    assert Placed(right.placed[0].item, 0) not in wrong.placed
    with pytest.raises(BrokenPlanError):
        checked(asked.problem, wrong)
    assert checked(asked.problem, right) is right


def test_a_body_holds_the_question_it_answers(world: World) -> None:
    """Solving the question of a body again gives the body."""
    first = plan_service.make(world, PlanIn(**READING))
    again = plan_service.make(world, PlanOut.model_validate_json(first.model_dump_json()).asked)
    assert again == first


def test_a_proof_that_is_open_says_how_far(world: World) -> None:
    from dataclasses import replace
    from fractions import Fraction

    asked = plan_question(PlanIn(**STACK), world.catalog, world.today)
    best = solve(asked.problem)
    assert isinstance(best, Plan)
    bounds = (best.proof.bounds[0], Fraction(100), best.proof.bounds[2])
    body = plan_body(Made(asked, replace(best, proof=replace(best.proof, status="feasible", bounds=bounds))), world.catalog, "")
    assert body.proof is not None
    assert "Not proven best" in body.proof.text
    assert "$160, within $60 of the bound $100" in body.proof.text


@pytest.fixture
def second_worker(settings: Settings, world: World) -> Iterator[TestClient]:
    app: FastAPI = create_app(settings, world)
    with TestClient(app) as opened:
        yield opened


def test_any_worker_answers_for_any_plan(client: TestClient, second_worker: TestClient) -> None:
    plan = made(client, **STACK)
    assert second_worker.get(f"/v1/plans/{plan['id']}").json() == plan
    after = changed(second_worker, plan, load="0..6")
    assert client.get(f"/v1/plans/{plan['id']}").json() == after


def test_plans_live_in_the_data_folder(client: TestClient, settings: Settings) -> None:
    made(client, **STACK)
    assert settings.data is not None
    assert (settings.data / FILE).is_file()


def test_a_target_that_only_joins_its_parts_is_drawn_once_in_the_goal_column(client: TestClient) -> None:
    plan = made(client, **STACK)
    rows = list(csv.DictReader(io.StringIO(client.get(f"/v1/plans/{plan['id']}.csv").text)))
    assert [row["term"] for row in rows if row["step"] == plan["target"]["name"]] == ["Goal"]
    parts = [row for row in rows if row["term"] != "Goal"]
    assert all(plan["target"]["name"] in row["leads_to"] for row in parts)
