"""A server that asks for sign-in answers nobody else, at once also when a key, a role or a person is taken back."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from api.app import create_app
from api.identity.asker import LOCAL_ASKER, ROLES, STRANGER
from api.identity.digests import new_key
from api.identity.errors import AdminError, UnknownHereError
from api.identity.keys import Keys
from api.identity.people import People
from api.identity.sessions import COOKIE, Session
from api.identity.tables import api_keys
from api.settings import Settings
from api.world import World
from tests.identity.served import OURS, THEIRS, Served, serving

OPEN = {"/healthz", "/readyz"}


@pytest.fixture
def served(tmp_path: Path, world: World, settings: Settings) -> Iterator[Served]:
    with serving(replace(settings, data=tmp_path / "data"), world) as found:
        yield found


def test_nobody_is_answered_without_a_key_but_health_checks(served: Served) -> None:
    for path, methods in served.app.openapi()["paths"].items():
        for method in methods:
            answer = served.client.request(method, path.format(id="x", form="svg"), json={})
            if path in OPEN:
                assert answer.status_code == 200
            else:
                assert answer.status_code == 401, path
                assert answer.headers["www-authenticate"].startswith("Bearer")
                assert answer.json()["type"] == "/problems/sign-in-needed"


def test_pages_are_no_way_around(served: Served) -> None:
    for path in ("/", "/next", "/credentials", "/plans", "/targets"):
        assert served.client.get(path, headers={"Accept": "text/html"}).status_code in {401, 404}, path


def test_a_key_says_whose_it_is(served: Served) -> None:
    for role in ROLES:
        me = served.ask(OURS, role, "GET", "/v1/me").json()
        assert (me["institution_id"], me["roles"]) == (OURS, [role])


NO_KEYS = ("", "Bearer", "Basic YTpi", "Bearer pw_", "Bearer \u00e9", "bearer " + "x" * 9000, f"Bearer {new_key().text}")


def test_what_is_no_key_is_refused_without_saying_why(served: Served) -> None:
    for shown in NO_KEYS:
        answer = served.client.get("/v1/me", headers={b"Authorization": shown.encode()})
        assert answer.status_code == 401
        assert answer.json()["detail"] == served.client.get("/v1/me").json()["detail"]


def test_a_key_ends_at_once(served: Served) -> None:
    assert served.ask(OURS, "advisor", "GET", "/v1/me").status_code == 200
    served.identity.keys.revoke(LOCAL_ASKER, served.key_ids[OURS, "advisor"])
    assert served.ask(OURS, "advisor", "GET", "/v1/me").status_code == 401
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat(timespec="seconds")
    with served.identity.database.begin() as connection:
        connection.execute(update(api_keys).where(api_keys.c.id == served.key_ids[OURS, "learner"]).values(expires_at=past))
    assert served.ask(OURS, "learner", "GET", "/v1/me").status_code == 401


def test_a_key_of_another_server_is_none_here(served: Served, tmp_path: Path) -> None:
    identity = served.identity
    other = Keys(identity.database, identity.log, b"another server's key, 32 bytes..")
    assert other.owner(served.keys[OURS, "advisor"]) is None
    assert identity.keys.owner(served.keys[OURS, "advisor"]) is not None


def test_the_store_holds_no_key_that_could_be_sent(served: Served) -> None:
    with served.identity.database.read() as connection:
        rows = str(connection.exec_driver_sql("select * from api_keys").all())
    for text in served.keys.values():
        assert text.split("_", 2)[2] not in rows


def signed_in(served: Served, *roles: str) -> tuple[str, dict[str, str]]:
    """A person with a session, as the sign-in provider's return leaves it."""
    subject = f"subject-{len(served.identity.people.listed())}"
    person = served.identity.people.add(LOCAL_ASKER, OURS, roles, issuer="https://id.example.edu", subject=subject)
    value = served.identity.sessions._open.dumps([person.id, person.session_epoch])
    return person.id, {"Cookie": f"{COOKIE}={value}"}


def test_a_changed_role_counts_from_the_next_request_on(served: Served) -> None:
    person, cookie = signed_in(served, "learner")
    assert served.client.get("/v1/me", headers=cookie).json()["roles"] == ["learner"]
    served.identity.people.set_roles(LOCAL_ASKER, person, ("advisor", "evaluator"))
    assert served.client.get("/v1/me", headers=cookie).json()["roles"] == ["advisor", "evaluator"]
    served.identity.people.revoke(LOCAL_ASKER, person)
    assert served.client.get("/v1/me", headers=cookie).status_code == 401


def test_signing_out_ends_every_session_of_the_person(served: Served) -> None:
    _, cookie = signed_in(served, "learner")
    other = dict(cookie)
    assert served.client.post("/sign-out", headers=cookie).status_code == 303
    assert served.client.get("/v1/me", headers=other).status_code == 401


def test_a_session_is_no_older_than_the_setting_and_signed_by_this_server(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    person, cookie = signed_in(served, "learner")
    forged = served.identity.sessions._signing_in.dumps([person, 0])
    assert served.client.get("/v1/me", headers={"Cookie": f"{COOKIE}={forged}"}).status_code == 401
    assert served.client.get("/v1/me", headers={"Cookie": f"{COOKIE}=[1]"}).status_code == 401
    now = time.time
    monkeypatch.setattr(time, "time", lambda: now() + 12 * 3600 + 1)
    assert served.client.get("/v1/me", headers=cookie).status_code == 401


def test_another_site_cannot_make_a_browser_change_anything(served: Served) -> None:
    _, cookie = signed_in(served, "learner")
    body: dict[str, object] = {"record": {}}
    for foreign in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
        answer = served.client.post("/v1/learners", json=body, headers={**cookie, **foreign})
        assert answer.status_code == 403
    assert served.client.get("/v1/me", headers={**cookie, "Origin": "https://elsewhere.example"}).status_code == 200
    own = {**cookie, "Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-origin"}
    assert served.client.post("/v1/learners", json=body, headers=own).status_code == 201


def test_a_thousand_guesses_meet_a_wait_and_leave_one_line_in_the_log(served: Served) -> None:
    good = served.ask(OURS, "advisor", "GET", "/v1/me")
    assert good.status_code == 200
    answers = [served.client.get("/v1/me", headers={"Authorization": f"Bearer {new_key().text}"}) for _ in range(1000)]
    counts = {status: sum(answer.status_code == status for answer in answers) for status in (401, 429)}
    assert counts == {401: 10, 429: 990}
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 30
    assert served.ask(OURS, "advisor", "GET", "/v1/me").status_code == 200
    assert served.ask(OURS, "learner", "GET", "/v1/me").status_code == 429
    assert [action for _, action, _ in served.actions()].count("sign-in.locked") == 1


def test_one_key_that_asks_too_often_waits_and_others_do_not(tmp_path: Path, world: World, settings: Settings) -> None:
    with serving(replace(settings, data=tmp_path / "data"), world, requests_per_minute=5) as served:
        answers = [served.ask(OURS, "advisor", "GET", "/v1/me") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert int(answers[-1].headers["retry-after"]) >= 1
        assert answers[-1].json()["type"] == "/problems/too-many-requests"
        assert served.ask(THEIRS, "advisor", "GET", "/v1/me").status_code == 200


def test_a_key_that_does_not_exist_takes_as_long_as_a_wrong_one(served: Served) -> None:
    keys = served.identity.keys
    wrong = f"pw_{served.key_ids[OURS, 'advisor']}_{'A' * 43}"
    missing = f"pw_{'0' * 12}_{'A' * 43}"
    times: dict[str, list[float]] = {wrong: [], missing: []}
    for turn in range(400):
        for text in (wrong, missing) if turn % 2 else (missing, wrong):
            begin = time.perf_counter()
            assert keys.owner(text) is None
            times[text].append(time.perf_counter() - begin)
    # Medians of alternating tries: a machine that is busy elsewhere slows both.
    ratio = statistics.median(times[wrong]) / statistics.median(times[missing])
    assert 0.8 < ratio < 1.25


def test_strangers_are_answered_only_where_that_is_set_and_see_no_record(tmp_path: Path, world: World, settings: Settings) -> None:
    with serving(replace(settings, data=tmp_path / "data"), world, sign_in="anyone", host="0.0.0.0") as served:
        assert served.client.get("/v1/me").json()["roles"] == []
        assert served.client.get("/v1/credentials/letrs-u1").status_code == 200
        before = len(served.actions())
        assert served.client.get("/v1/learners").status_code == 403
        assert served.client.post("/v1/learners", json={"record": {}}).status_code == 403
        assert len(served.actions()) == before
        made = served.ask("state-college", "advisor", "POST", "/v1/learners", json={"record": {}})
        assert made.status_code == 201
        assert served.client.get(f"/v1/learners/{made.json()['id']}").status_code == 404
        assert STRANGER.roles == frozenset()


def test_the_person_at_this_machine_needs_no_sign_in_but_other_sites_get_nothing(world: World, settings: Settings) -> None:
    with TestClient(create_app(settings, world), base_url="http://localhost:8000") as client:
        assert client.get("/v1/me").json() == {"person_id": "local", "institution_id": "local", "roles": sorted(ROLES)}
        # A page elsewhere that lets its own name lead to 127.0.0.1 still sends that name.
        assert client.get("/v1/me", headers={"Host": "rebound.example:8000"}).status_code == 403
        assert client.get("/v1/me", headers={"Host": "[::1]:8000"}).status_code == 200
        foreign = {"Origin": "https://elsewhere.example"}
        assert client.post("/v1/learners", json={"record": {}}, headers=foreign).status_code == 403


def test_people_are_added_with_care(people: People) -> None:
    people.add_institution(LOCAL_ASKER, "a-college", "A")
    for wrong in ("A College", "", "a-college", "-", "x" * 70):
        with pytest.raises(AdminError):
            people.add_institution(LOCAL_ASKER, wrong, "Name")
    with pytest.raises(AdminError):
        people.add(LOCAL_ASKER, "a-college", ("boss",))
    with pytest.raises(AdminError):
        people.add(LOCAL_ASKER, "a-college", ("learner",), issuer="https://id.example.edu")
    with pytest.raises(UnknownHereError):
        people.add(LOCAL_ASKER, "b-college", ("learner",))
    made = people.add(LOCAL_ASKER, "a-college", ("learner", "learner"), issuer="https://id.example.edu", subject="s")
    assert made.roles == ("learner",)
    with pytest.raises(AdminError):
        people.add(LOCAL_ASKER, "a-college", (), issuer="https://id.example.edu", subject="s")
    assert people.by_subject("https://id.example.edu", "s") == made
    assert people.set_roles(LOCAL_ASKER, made.id, ()).roles == ()
    assert people.listed("a-college")[0].id == made.id


def test_keys_work_on_both_databases(keys: Keys) -> None:
    key, shown = keys.create(LOCAL_ASKER, "local", "evaluator", note="import", days=1)
    found = keys.owner(shown.text)
    assert found is not None
    assert (found.institution_id, found.roles) == ("local", frozenset({"evaluator"}))
    assert keys.listed("local")[0].used_at is not None
    assert keys.revoke(LOCAL_ASKER, key.id).revoked_at is not None
    assert keys.owner(shown.text) is None
    with pytest.raises(UnknownHereError):
        keys.revoke(LOCAL_ASKER, "nosuchkey000")
    with pytest.raises(AdminError):
        keys.create(LOCAL_ASKER, "local", "evaluator", days=0)


def test_a_session_cookie_is_kept_from_scripts_and_from_other_sites(served: Served) -> None:
    from starlette.requests import Request
    from starlette.responses import Response

    for scheme, is_secure in (("http", False), ("https", True)):
        scope = {"type": "http", "scheme": scheme, "path": "/", "headers": [], "server": ("127.0.0.1", 8000), "query_string": b""}
        answer = Response()
        served.identity.sessions.start(Request(scope), answer, Session("p-1", 0))
        cookie = next(value for value in answer.headers.getlist("set-cookie") if value.startswith(COOKIE))
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert ("Secure" in cookie) == is_secure
