"""An audit names the page of every requirement row, lists what is held, and repeats nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api import service
from api.audit_schemas import AuditOut, NodeOut
from api.console.audits import write_audit
from api.console.paper import Paper
from api.report import audit_report
from api.schemas import AuditIn
from api.world import World

TARGETS = ["oh-reading-endorsement", "letrs-v1", "walsh-edt650", "nb-certification", "apple-teacher", "renewal:US-TN"]


def ask(world: World, target: str, **asked: Any) -> AuditOut:
    return service.audit(world, AuditIn(target=target, **asked))


def nodes(root: NodeOut) -> Iterator[NodeOut]:
    yield root
    for child in root.children:
        yield from nodes(child)


def trees(found: AuditOut) -> list[NodeOut]:
    return [tree.root for tree in (found.requires, found.composed_of) if tree is not None]


def test_each_row_of_every_credential_shows_the_page_it_was_read_on(world: World) -> None:
    catalog = world.catalog
    for target in catalog.rows_by_credential:
        told = {fact.source_url for root in trees(ask(world, target)) for node in nodes(root) for fact in node.facts}
        kinds = {"prerequisite", "component"}
        assert {row.source.url for row in catalog.rows_by_credential[target] if row.kind in kinds} == told, target


def test_rows_of_different_pages_are_marked_apart(world: World) -> None:
    whole = ask(world, "oh-reading-endorsement", place="US-OH").composed_of
    assert whole is not None
    assert len({child.facts[0].source_url for child in whole.root.children}) == 2
    assert not whole.root.facts


@pytest.mark.parametrize("target", TARGETS)
def test_every_source_listed_is_cited_in_the_terminal_and_in_the_report(world: World, target: str) -> None:
    found = ask(world, target, have=["letrs-u1", "letrs-u2"], place="US-OH", progress=[] if "renewal" not in target else ["48 PDP"])
    paper = Paper(None)
    write_audit(paper, found)
    body, _, listed = paper.text().rpartition("\nSources\n")
    marks = set(re.findall(r"^\[(\d+)\]", listed, re.MULTILINE))
    assert marks
    assert set(re.findall(r"\[(\d+)\]", body)) == marks
    body, _, listed = audit_report(found).rpartition("<h2>Sources</h2>")
    assert set(re.findall(r" \[(\d+)\]", body)) == set(re.findall(r'<li value="(\d+)"', listed)) != set()


def test_what_a_person_must_confirm_is_said_once(client: TestClient) -> None:
    text = client.post("/v1/audits", json={"target": "oh-reading-endorsement", "place": "US-OH"}).text
    assert "confirmed by a person" in text
    assert "a person must confirm this" not in text


def test_an_audit_lists_what_the_record_holds(client: TestClient) -> None:
    record = {
        "achievements": [{"id": "letrs-u1", "earned_on": "2025-10-04", "grade": "A", "credits": "3", "credit_unit": "semester"}],
        "licenses": [{"place": "US-OH", "kind": "teaching", "grades": "K-3"}],
        "degrees": [{"level": "bachelor", "field": "education"}],
        "exams": [{"name": "OAE Reading 038", "score": "220"}],
        "progress": [{"amount": "48", "unit": "PDP"}],
    }
    holds = client.post("/v1/audits", json={"target": "letrs-v1", "record": record}).json()["holds"]
    assert [(held["kind"], held["id"], held["text"]) for held in holds] == [
        ("credential", "letrs-u1", "LETRS Unit 1 (on 2025-10-04, grade A, 3 semester credits)"),
        ("license", None, "license of US-OH: teaching (K-3)"),
        ("degree", None, "degree: bachelor in education"),
        ("exam", None, "exam OAE Reading 038 (score 220)"),
        ("progress", None, "reported: 48 PDP"),
    ]


def test_a_renewal_names_the_pages_behind_its_load_and_what_was_reported_once(client: TestClient) -> None:
    asked = {"targets": ["renewal:US-TN"], "place": "US-TN", "progress": ["48 PDP"]}
    (renewal,) = client.post("/v1/recommendations", json=asked).json()["renewals"]
    notes = {note["text"]: note for note in renewal["notes"]}
    assert "Reported: 48 PDP" in notes
    assert notes["Load: 60 PDP."]["source_url"].startswith("http")
    audited = client.post("/v1/audits", json={"target": "renewal:US-TN", "progress": ["48 PDP"]}).json()
    assert audited["composed_of"]["root"]["facts"] == audited["sources"] != []


def test_a_copy_is_called_a_copy_in_every_fact_that_rests_on_it(world: World, client: TestClient) -> None:
    copies = [item for item in world.catalog.credentials.values() if item.source.note]
    assert copies
    for item in copies:
        (fact,) = client.get(f"/v1/credentials/{item.id}").json()["facts"]
        assert fact["note"] == item.source.note
    assert client.get("/v1/credentials/letrs-u1").json()["facts"][0]["note"] == ""
