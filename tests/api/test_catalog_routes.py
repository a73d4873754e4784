"""Lists and single entries of the catalog: filters, pages, cursors."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from api.world import World

LEXIA = "lexia%20/%20voyager%20sopris%20(letrs)"


def pages(client: TestClient, path: str) -> list[dict[str, Any]]:
    found = []
    address = path
    while address:
        answer = client.get(address)
        assert answer.status_code == 200
        found.append(answer.json())
        address = answer.links["next"]["url"] if "next" in answer.links else ""
        assert bool(address) == (found[-1]["next_cursor"] is not None)
    return found


def test_pages_hold_every_credential_once_in_order(client: TestClient, world: World) -> None:
    found = pages(client, "/v1/credentials?limit=200")
    assert [item["id"] for page in found for item in page["items"]] == list(world.catalog.credentials)
    assert {len(page["items"]) for page in found[:-1]} == {200}


def test_a_list_shows_50_unless_told_otherwise(client: TestClient) -> None:
    assert len(client.get("/v1/credentials").json()["items"]) == 50


def test_filters_hold_together(client: TestClient, world: World) -> None:
    found = pages(client, f"/v1/credentials?type=course&issuer={LEXIA}&q=LETRS%20unit")
    ids = [item["id"] for page in found for item in page["items"]]
    assert [f"letrs-u{n}" for n in range(1, 9)] == ids
    assert {world.catalog.credentials[key].type for key in ids} == {"course"}


def test_what_binds_elsewhere_is_left_out(client: TestClient, world: World) -> None:
    found = pages(client, "/v1/credentials?place=Ohio&limit=200")
    states = {world.catalog.credentials[item["id"]].place.state for page in found for item in page["items"]}
    assert states == {None, "US-OH"}


def test_a_cursor_keeps_the_filters(client: TestClient) -> None:
    found = pages(client, f"/v1/credentials?type=course&issuer={LEXIA}&limit=3")
    assert [len(page["items"]) for page in found] == [3, 3, 2]


def test_targets_are_what_the_catalog_knows_the_list_of(client: TestClient, world: World) -> None:
    found = [item for page in pages(client, "/v1/targets?limit=200") for item in page["items"]]
    composed = [item["id"] for item in found if item["type"] != "renewal"]
    assert composed == [key for key in world.catalog.credentials if world.catalog.has_requirements(key)]
    assert "renewal:US-TN" in [item["id"] for item in found]


def test_one_credential_names_what_it_leads_to(client: TestClient) -> None:
    body = client.get("/v1/credentials/letrs-u1").json()
    assert "letrs-v1" in [item["id"] for item in body["part_of"]]
    assert "walsh-edt650" in [row["to_id"] for row in body["agreements_out"]]
    assert body["facts"][0]["source_url"].startswith("http")


def test_no_study_is_said(client: TestClient) -> None:
    assert client.get("/v1/credentials/letrs-u1").json()["evidence"][0]["text"] == "no outcome study found"
    assert client.get("/v1/credentials/letrs-v1").json()["evidence"][0]["text"] != "no outcome study found"


def test_every_tenth_credential_can_be_shown_and_audited(client: TestClient, world: World) -> None:
    for key in list(world.catalog.credentials)[::10]:
        assert client.get(f"/credentials/{key}").status_code == 200
        assert client.get(f"/targets/{key}?have=letrs-u1&place=OH").status_code == 200
        assert client.get(f"/v1/credentials/{key}").json()["id"] == key
