"""What a person may send to the pages of an educator by accident or on purpose: named in words, and never served back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store.database import Database
from api.store.page_sessions import PageSessions
from api.world import World
from tests.badges.makers import badge, encoded, signed

HTML = {"Accept": "text/html"}


@pytest.fixture
def client(settings: Settings, world: World) -> Iterator[TestClient]:
    """A browser of its own for each test."""
    with TestClient(create_app(settings, world), raise_server_exceptions=False, headers=HTML) as opened:
        yield opened


def token(text: str) -> str:
    return str(re.findall(r'name="csrf" value="([0-9a-f]+)"', text)[0])


def unit(number: int, **changes: Any) -> bytes:
    about = {"id": f"urn:pathways:credential:letrs-u{number}", "name": f"LETRS Unit {number}"}
    return encoded(signed(badge(id=f"https://issuer.example/credentials/{number}", achievement=about | changes)))


def upload(client: TestClient, *files: tuple[str, bytes]) -> httpx2.Response:
    csrf = token(client.get("/badges").text)
    answer: httpx2.Response = client.post("/badges", data={"csrf": csrf}, files=[("files", file) for file in files])
    return answer


def test_nothing_chosen_is_said_beside_the_field(client: TestClient) -> None:
    csrf = token(client.get("/badges").text)
    answer = client.post("/badges", data={"csrf": csrf}, files=[("files", ("", b""))])
    assert answer.status_code == 422
    assert "Choose one or more badge files first." in answer.text
    assert 'aria-invalid="true"' in answer.text


def test_more_files_than_fit_are_counted(client: TestClient) -> None:
    answer = upload(client, *((f"{number}.json", b"{}") for number in range(201)))
    assert answer.status_code == 422
    assert "There are 201 files. Send at most 200 at once." in answer.text


def test_a_file_of_fifty_megabytes_is_refused_with_the_limit(client: TestClient) -> None:
    answer = upload(client, ("huge.png", b"x" * 50_000_000))
    assert answer.status_code == 413
    assert "<h1>The request body is too long</h1>" in answer.text


def test_a_file_of_another_kind_is_named_and_the_others_count(client: TestClient) -> None:
    answer = upload(client, ("letter.pdf", b"%PDF-1.7"), ("unit.json", unit(1)))
    assert "1 badge read, 1 needs a look" in answer.text
    assert "letter.pdf" in answer.text


def test_names_in_files_are_text_and_marks_of_direction_do_not_turn_the_page(client: TestClient) -> None:
    answer = upload(
        client, ("<b>x\u202e.json", unit(1, id="https://issuer.example/x", name="<script>alert(1)</script> \u202eCoach"))
    )
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert "<b>x" not in answer.text


def test_the_same_file_twice_counts_once(client: TestClient) -> None:
    upload(client, ("unit.json", unit(1)))
    assert "1 badge read" in upload(client, ("unit.json", unit(1))).text


def test_two_windows_do_not_undo_each_other(client: TestClient) -> None:
    page = upload(client, ("unit.json", unit(1))).text
    key = re.findall(r'id="badge-([0-9a-f]+)"', page)[0]
    fields = {"csrf": token(page), "do": "remove"}
    assert client.post(f"/badges/{key}", data=fields).status_code == 200
    again = client.post(f"/badges/{key}", data=fields)
    assert again.status_code == 409
    assert "removed in another window" in again.text


@pytest.mark.parametrize("path", ["/badges", "/badges/forget", "/badges/0123456789abcdef", "/next/steps"])
def test_a_form_of_another_site_or_of_a_lost_session_changes_nothing(client: TestClient, path: str) -> None:
    client.get("/badges")
    assert client.post(path, data={"csrf": "0" * 64, "id": "letrs-u1", "do": "hide"}).status_code == 403
    client.cookies.clear()
    assert client.post(path, data={"csrf": "0" * 64}).status_code == 403


def test_what_was_sent_is_never_served_and_is_forgotten_on_request(client: TestClient) -> None:
    page = upload(client, ("unit.json", unit(1))).text
    assert "proofValue" not in page
    assert "did:example:learner" not in page
    after = client.post("/badges/forget", data={"csrf": token(page)})
    assert "Unit 1" not in after.text


def test_a_browser_sees_only_its_own(client: TestClient, settings: Settings, world: World) -> None:
    upload(client, ("unit.json", unit(1)))
    with TestClient(create_app(settings, world), headers=HTML) as other:
        assert "badge read" not in other.get("/badges").text


@pytest.mark.parametrize("back", ["//elsewhere.example", "goal=a#x", "https://elsewhere.example/next", "\r\nSet-Cookie: a=b"])
def test_a_hidden_step_never_leads_to_another_page(client: TestClient, back: str) -> None:
    csrf = token(client.get("/badges").text)
    fields = {"csrf": csrf, "id": "letrs-u1", "do": "hide", "reason": "x" * 5000, "back": back}
    answer = client.post("/next/steps", data=fields, follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/next?")
    assert "a=b" not in answer.headers.get("set-cookie", "")


def test_an_unknown_step_cannot_be_hidden(client: TestClient) -> None:
    csrf = token(client.get("/badges").text)
    assert client.post("/next/steps", data={"csrf": csrf, "id": "nothing", "do": "hide"}).status_code == 404


@pytest.mark.parametrize("query", ["goal=", "goal=%E2%80%AE%E2%80%AE", f"goal=a&district={'x' * 500}", "goal=a&k=51", "targets=no"])
def test_a_question_that_cannot_be_asked_is_answered_beside_its_field(client: TestClient, query: str) -> None:
    answer = client.get(f"/next?{query}")
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text


@pytest.mark.parametrize(("kind", "start"), [("svg", b"<svg"), ("png", b"\x89PNG"), ("mmd", b"flowchart")])
def test_the_way_can_be_kept_as_a_file(client: TestClient, kind: str, start: bytes) -> None:
    answer = client.get(f"/next/pathway.{kind}?targets=letrs-v1&have=letrs-u1&toward=letrs-v1")
    assert answer.status_code == 200
    assert answer.content.startswith(start) or start in answer.content[:400]
    assert answer.headers["content-disposition"] == f'attachment; filename="pathway.{kind}"'
    assert client.get(f"/next/pathway.{kind}?targets=letrs-v1&toward=nope").status_code == 404


def test_what_a_browser_keeps_goes_after_thirty_days(settings: Settings, world: World) -> None:
    database: Database = create_app(settings, world).state.database
    now = datetime(2026, 1, 1, tzinfo=UTC)
    PageSessions(database, clock=lambda: now).change("someone", lambda _: {"hidden": []})
    assert PageSessions(database, clock=lambda: now + timedelta(days=30)).get("someone") == {"hidden": []}
    late = PageSessions(database, clock=lambda: now + timedelta(days=31))
    assert late.get("someone") == {}
    late.change("somebody else", lambda _: {"hidden": []})
    assert PageSessions(database, clock=lambda: now).get("someone") == {}
