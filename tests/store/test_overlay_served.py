"""A running server takes in what people decide: the next audit, plan and ranking use it, without a restart."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store.database import Database, database_of, open_database
from api.store.overlays import OverlayStore
from api.world import world_of
from pathways.catalog.formats.imported import Imported
from pathways.catalog.formats.read import read_json
from pathways.catalog.overlay import Approved
from pathways.requirements.parse import parse
from tests.builders import TODAY, agreement, catalog, course, credential, row

SMALL = catalog(
    credential("badge", name="Phonics badge", description="Teaching phonics to young readers."),
    course("read-101", name="Foundations of reading", description="How children learn to read."),
    course("read-102", name="Reading practice", description="A practicum in reading."),
    credential("reading", name="Reading endorsement", type="endorsement"),
    rows=(row("reading", parse("all(read-101, read-102)")),),
)


@pytest.fixture
def settings(tmp_path: Path, warm_home: Path, address: Path | str) -> Iterator[Settings]:
    where = None if isinstance(address, Path) else address
    found = Settings(home=warm_home, data=tmp_path / "store", today=TODAY, database=where)
    yield found
    database_of(found).close()


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    app: FastAPI = create_app(settings, world_of(SMALL, settings))
    with TestClient(app) as opened:
        yield opened


@pytest.fixture
def elsewhere(address: Path | str, client: TestClient) -> Iterator[Database]:
    """The store as another process has it open."""
    opened = open_database(address)
    yield opened
    opened.close()


def ask(client: TestClient, path: str, **body: Any) -> Any:
    answer = client.post(path, json=body)
    assert answer.status_code in {200, 201}, answer.text
    return answer.json()


def worth(client: TestClient, wish: dict[str, Any]) -> dict[str, float]:
    """What the ranking says for the badge, part by part."""
    [step] = [step for step in ask(client, "/v1/recommendations", **wish)["steps"] if step["credential"]["id"] == "badge"]
    return {part["name"]: part["value"] for part in step["score"]}


def approve(database: Database) -> None:
    entry = Approved(agreement("badge", "read-101", institution="State College"))
    with database.begin() as connection:
        OverlayStore(database).put_agreement(connection, entry)


def test_an_approved_agreement_is_in_the_next_audit_plan_and_ranking(client: TestClient, elsewhere: Database) -> None:
    held = {"target": "reading", "have": ["badge"]}
    plan = {**held, "terms": "Spring 2027..Fall 2027"}
    wish = {"goal": "teach phonics", "targets": ["reading"]}
    assert ask(client, "/v1/audits", **held)["offers"] == []
    before = ask(client, "/v1/plans", **plan)
    assert worth(client, wish)["target"] == 0

    approve(elsewhere)

    [offer] = ask(client, "/v1/audits", **held)["offers"]
    assert (offer["to_id"], offer["institution"]) == ("read-101", "State College")
    after = ask(client, "/v1/plans", **plan)
    assert after["data_version"] != before["data_version"]
    items = [item["id"] for term in after["terms"] for item in term["items"]]
    assert sorted(items) == ["claim:ag-badge-read-101", "read-102", "reading"], "claimed by the agreement, not taken"
    found = worth(client, wish)
    assert found["target"] > 0
    assert found["recognition"] > 0


def test_the_catalog_goes_out_as_linked_data_and_says_when_it_changed(client: TestClient, elsewhere: Database) -> None:
    first = client.get("/v1/catalog.jsonld")
    assert first.headers["content-type"].startswith("application/ld+json")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/v1/catalog.jsonld", headers=tag).status_code == 304
    approve(elsewhere)
    second = client.get("/v1/catalog.jsonld", headers=tag)
    assert second.status_code == 200
    found = read_json(json.loads(second.text))
    assert [(item.from_ids, item.to_id) for item in found.agreements] == [(("badge",), "read-101")]
    assert {item.id for item in found.credentials} == set(SMALL.credentials)
    assert [(item.credential_id, item.rule) for item in found.requirements] == [("reading", parse("all(read-101, read-102)"))]


def test_a_part_of_the_catalog_goes_out_and_an_unknown_part_is_named(client: TestClient) -> None:
    part: Imported = read_json(json.loads(client.get("/v1/catalog.jsonld", params={"id": "badge"}).text))
    assert [item.id for item in part.credentials] == ["badge"]
    answer = client.get("/v1/catalog.jsonld", params={"id": "bage"})
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")
    assert client.get("/v1/catalog.jsonld", params={"ids": "badge"}).status_code == 422
