"""Every route that takes an id refuses another institution's, for every role, as if it did not exist.

The routes come from the OpenAPI document. A new route with an id must be told here how to make one, or named as open to all:
otherwise the first test fails, so that none is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.examples import PLAN_IN
from api.identity.asker import ROLES, Asker
from api.job_service import read_file
from api.jobs.store import JobStore
from api.review.matches import MatchStore, Wanted
from api.settings import Settings
from api.world import World
from tests.identity.served import OURS, THEIRS, Served, serving
from tests.review.makers import proposed

Maker = Callable[[Served, str], str]
FORBIDDEN = ("institution_id", "role", "roles", "status", "verified", "person_id", "id", "version")


def a_plan(served: Served, institution: str) -> str:
    made = served.ask(institution, "advisor", "POST", "/v1/plans", json=PLAN_IN)
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def a_learner(served: Served, institution: str) -> str:
    made = served.ask(institution, "advisor", "POST", "/v1/learners", json={"record": {}})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def a_job(served: Served, institution: str) -> str:
    """As it is when it is over: none of the processes that work on caseloads is started for it."""
    found = read_file(f"learner,goal\n{institution},reading\n".encode(), "caseload.csv")
    job, _ = JobStore(served.identity.database, institution).add(found, "caseload.csv", "p-1", state="done")
    return job.id


def a_match(served: Served, institution: str) -> str:
    identity = served.identity
    who = Asker("p-1", institution, frozenset({"evaluator"}), "session")
    store = MatchStore(identity.database, who, identity.log)
    store.add([proposed(course=f"EDU-{institution}")])
    return store.full(Wanted())[0].id


OWNED: dict[str, Maker] = {
    "/v1/plans/{id}": a_plan,
    "/v1/learners/{id}": a_learner,
    "/v1/jobs/{id}": a_job,
    "/v1/matches/{id}": a_match,
}
"""How to make one, by the beginning of the routes that take its id."""
OPEN = {"/v1/credentials/{id}"}
"""Ids of the catalog, which belongs to nobody."""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, world: World, settings: Settings) -> Iterator[Served]:
    own = replace(settings, data=tmp_path_factory.mktemp("every-id"))
    with serving(own, world, requests_per_minute=0) as found:
        yield found


def document() -> dict[str, Any]:
    from api.app import create_app

    return create_app(Settings(home=Path("unused"))).openapi()


DOCUMENT = document()
WITH_ID = [(method, path) for path, methods in DOCUMENT["paths"].items() for method in methods if "{" in path]
WITH_BODY = [
    (method, path)
    for path, methods in DOCUMENT["paths"].items()
    for method, entry in methods.items()
    if "application/json" in entry.get("requestBody", {}).get("content", {})
]


def maker_of(path: str) -> Maker:
    found = [maker for start, maker in OWNED.items() if path.startswith(start)]
    assert found, f"{path} takes an id that OWNED does not know: say how to make one, or that it is OPEN"
    return found[0]


_KEPT: dict[tuple[int, Maker, str], str] = {}


def kept(served: Served, make: Maker, institution: str) -> str:
    """One of them for all tests that change nothing."""
    key = (id(served), make, institution)
    if key not in _KEPT:
        _KEPT[key] = make(served, institution)
    return _KEPT[key]


def example(method: str, path: str) -> Any:
    content = DOCUMENT["paths"][path][method].get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return None
    name = content["application/json"]["schema"]["$ref"].rpartition("/")[2]
    return DOCUMENT["components"]["schemas"][name].get("examples", [{}])[0]


def filled(path: str, found: str) -> str:
    form = {"form": "csv"}
    return re.sub(r"\{(\w+)\}", lambda match: form.get(match.group(1), found), path)


@pytest.mark.parametrize(("method", "path"), WITH_ID)
def test_another_institutions_id_does_not_exist_whatever_the_role(served: Served, method: str, path: str) -> None:
    if path in OPEN:
        return
    theirs = kept(served, maker_of(path), THEIRS)
    before = len(served.actions())
    refused: set[str] = set()
    for role in ROLES:
        options: dict[str, Any] = {"headers": {"If-Match": "*"}}
        if (body := example(method, path)) is not None:
            options["json"] = body
        answer = served.ask(OURS, role, method, filled(path, theirs), **options)
        nowhere = theirs[:-1] + ("0" if theirs[-1] != "0" else "1")
        never = served.ask(OURS, role, method, filled(path, nowhere), **options)
        if answer.status_code == 403:  # a role that may do this with no id at all learns nothing from one
            assert never.status_code == 403, (role, answer.text)
            refused.add(role)
        else:
            assert (answer.status_code, never.status_code) == (404, 404), (role, answer.text)
        assert never.json()["detail"].replace(nowhere, "ID") == answer.json()["detail"].replace(theirs, "ID")
    assert "administrator" not in refused
    assert len(served.actions()) == before + 2 * len(refused)
    if method == "get":
        own = served.ask(THEIRS, "administrator", method, filled(path, theirs))
        assert own.status_code == 200, own.text


def test_an_id_inside_a_body_is_no_way_around(served: Served) -> None:
    theirs, ours = a_plan(served, THEIRS), a_plan(served, OURS)
    for role in ROLES:
        asked = {"plan": theirs, "change": {"exclude": ["letrs-u4"]}}
        answer = served.ask(OURS, role, "POST", "/v1/whatifs", json=asked)
        assert answer.status_code in {404, 422}
        assert theirs in answer.text or answer.status_code == 422
        taken = served.ask(OURS, role, "POST", f"/v1/plans/{ours}/arrangements", json={"use": theirs}, headers={"If-Match": "*"})
        assert taken.status_code in {404, 422}, taken.text


@pytest.mark.parametrize(("method", "path"), WITH_BODY)
def test_no_body_can_say_whose_a_row_is_or_what_somebody_may_do(served: Served, method: str, path: str) -> None:
    ours = kept(served, maker_of(path), OURS) if "{" in path else ""
    asked = example(method, path)
    for field in FORBIDDEN:
        if field in DOCUMENT["components"]["schemas"][schema_name(method, path)]["properties"]:
            continue
        body = {**asked, field: THEIRS}
        answer = served.ask(OURS, "administrator", method, filled(path, ours), json=body, headers={"If-Match": "*"})
        assert answer.status_code == 422, (field, answer.text)


def schema_name(method: str, path: str) -> str:
    content = DOCUMENT["paths"][path][method]["requestBody"]["content"]
    return str(content["application/json"]["schema"]["$ref"].rpartition("/")[2])


def test_no_body_has_a_field_that_says_whose_a_row_is() -> None:
    for method, path in WITH_BODY:
        fields = DOCUMENT["components"]["schemas"][schema_name(method, path)]["properties"]
        assert not {"institution_id", "institution", "roles", "role", "person_id", "verified"} & set(fields), path


@pytest.mark.parametrize("role", ROLES)
def test_lists_hold_and_count_only_what_is_the_institutions_own(served: Served, role: str) -> None:
    ours = {a_learner(served, OURS), served.ask(OURS, "learner", "POST", "/v1/learners", json={"record": {}}).json()["id"]}
    theirs = a_learner(served, THEIRS)
    answer = served.ask(OURS, role, "GET", "/v1/learners?limit=200")
    if role == "evaluator":
        assert answer.status_code == 403
        return
    ids = {row["id"] for row in answer.json()["items"]}
    assert theirs not in ids
    assert set(answer.json()) == {"items", "next_cursor"}
    assert ours <= ids if role != "learner" else len(ids & ours) == 1
    beyond = served.ask(OURS, role, "GET", f"/v1/learners?cursor={theirs}&limit=200")
    assert theirs not in {row["id"] for row in beyond.json()["items"]}


@pytest.mark.parametrize(
    ("role", "method", "path"),
    [
        ("evaluator", "GET", "/v1/learners/{id}"),
        ("evaluator", "PUT", "/v1/learners/{id}"),
        ("evaluator", "GET", "/v1/learners/{id}/export"),
        ("evaluator", "GET", "/v1/learners/{id}/disclosures"),
        ("evaluator", "DELETE", "/v1/learners/{id}"),
        ("advisor", "GET", "/v1/learners/{id}/export"),
        ("advisor", "GET", "/v1/learners/{id}/export.csv"),
        ("advisor", "GET", "/v1/learners/{id}/disclosures"),
        ("advisor", "DELETE", "/v1/learners/{id}"),
    ],
)
def test_a_role_that_may_not_is_told_so_and_the_attempt_is_recorded(served: Served, role: str, method: str, path: str) -> None:
    ours = a_learner(served, OURS)
    options: dict[str, Any] = {"json": {"record": {}}, "headers": {"If-Match": "*"}} if method == "PUT" else {}
    answer = served.ask(OURS, role, method, path.format(id=ours), **options)
    assert answer.status_code == 403
    assert answer.json()["type"] == "/problems/not-allowed"
    actor, action, detail = served.actions()[-1]
    assert (actor, action) == (f"key:{served.key_ids[OURS, role]}", "refused")
    assert role in detail
    assert ours not in detail


def test_a_learner_does_not_see_the_record_or_plan_of_another(served: Served) -> None:
    other = a_learner(served, OURS)
    planned = served.ask(OURS, "advisor", "POST", "/v1/plans", json={**PLAN_IN, "record": {"learner": other}}).json()["id"]
    for path in (f"/v1/learners/{other}", f"/v1/learners/{other}/export", f"/v1/plans/{planned}", f"/v1/plans/{planned}.csv"):
        assert served.ask(OURS, "learner", "GET", path).status_code == 404
        assert served.actions()[-1][1] == "refused"
    assert served.ask(OURS, "evaluator", "GET", f"/v1/plans/{planned}").status_code == 404
    assert served.ask(OURS, "advisor", "GET", f"/v1/plans/{planned}").status_code == 200


@pytest.mark.parametrize("role", ["learner", "evaluator"])
def test_somebody_without_a_staff_role_opens_lists_and_deletes_only_the_plans_they_made(served: Served, role: str) -> None:
    other = a_plan(served, OURS)
    own = served.ask(OURS, role, "POST", "/v1/plans", json=PLAN_IN).json()["id"]
    for method in ("GET", "DELETE", "PATCH"):
        options: dict[str, Any] = {"json": {"exclude": []}} if method == "PATCH" else {}
        assert served.ask(OURS, role, method, f"/v1/plans/{other}", headers={"If-Match": "*"}, **options).status_code == 404
    listed = {row["id"] for row in served.ask(OURS, role, "GET", "/v1/plans?limit=200").json()["items"]}
    assert own in listed
    assert other not in listed
    assert served.ask(OURS, role, "GET", f"/v1/plans/{own}").status_code == 200
    assert {own, other} <= {row["id"] for row in served.ask(OURS, "advisor", "GET", "/v1/plans?limit=200").json()["items"]}
    assert served.ask(OURS, role, "DELETE", f"/v1/plans/{own}", headers={"If-Match": "*"}).status_code == 204
    assert served.ask(OURS, role, "GET", f"/v1/plans/{own}").status_code == 404


def test_a_learner_cannot_verify_what_they_hold(served: Served) -> None:
    held = {"achievements": [{"id": "letrs-u1", "verification": "verified"}]}
    made = served.ask(OURS, "learner", "POST", "/v1/learners", json={"record": held}).json()
    assert made["record"]["achievements"][0]["verification"] == "self-reported"
    path = f"/v1/learners/{made['id']}"
    everything = {"json": {"record": held}, "headers": {"If-Match": "*"}}
    assert served.ask(OURS, "learner", "PUT", path, **everything).json()["record"] == made["record"]
    verified = served.ask(OURS, "advisor", "PUT", path, **everything).json()["record"]["achievements"]
    assert verified[0]["verification"] == "verified"
    again = {"achievements": [*held["achievements"], {"id": "letrs-u2", "verification": "verified"}]}
    kept = served.ask(OURS, "learner", "PUT", path, json={"record": again}, headers={"If-Match": "*"}).json()["record"]
    assert [item["verification"] for item in kept["achievements"]] == ["verified", "self-reported"]
