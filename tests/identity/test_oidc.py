"""People sign in through a real OpenID provider on this machine: code flow with PKCE, state and nonce."""

from __future__ import annotations

import hashlib
import os
import socket
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from api.identity.asker import LOCAL_ASKER
from api.identity.sessions import COOKIE, SIGNING_IN_COOKIE
from api.identity.sign_in import own_path
from api.settings import SettingError, Settings, read_settings
from api.world import World
from tests.identity.served import OURS, Served, serving

SUBJECT = "8f14e45f-ceea-467f"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider of its own process, as any institution runs one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)) as provider:
        address = f"http://127.0.0.1:{port}"
        try:
            _wait(address, provider)
            yield address
        finally:
            provider.terminate()
            provider.wait(10)


def _wait(address: str, provider: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends and provider.poll() is None:
        try:
            httpx.get(f"{address}/.well-known/openid-configuration", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the sign-in provider did not start")


@pytest.fixture
def served(tmp_path: Path, world: World, settings: Settings, issuer: str) -> Iterator[Served]:
    secret = tmp_path / "client-secret"
    secret.write_text("of this client\n")
    named = {"oidc_issuer": issuer, "oidc_client_id": "pathways", "oidc_client_secret_file": secret}
    with serving(replace(settings, data=tmp_path / "data"), world, **named) as found:
        yield found


def authorized(served: Served, *, subject: str = SUBJECT, action: str = "", following: str = "/next") -> str:
    """Go to the provider and say who one is there; the address it sends the browser back to."""
    sent = served.client.get("/sign-in", params={"next": following})
    assert sent.status_code == 302, sent.text
    answer = httpx.post(sent.headers["location"], data={"sub": subject, "action": action}, trust_env=False)
    return answer.headers["location"]


def test_somebody_who_was_added_signs_in_and_is_themselves(served: Served, issuer: str) -> None:
    person = served.identity.people.add(LOCAL_ASKER, OURS, ("advisor",), issuer=issuer, subject=SUBJECT)
    back = served.client.get(authorized(served, following="/v1/me"))
    assert (back.status_code, back.headers["location"]) == (303, "/v1/me")
    me = served.client.get("/v1/me").json()
    assert me == {"person_id": person.id, "institution_id": OURS, "roles": ["advisor"]}
    assert (person.id, "person.signed-in", "{}") in served.actions()
    assert served.client.post("/sign-out").status_code == 303
    assert served.client.get("/v1/me").status_code == 401


def test_what_goes_to_the_provider_is_bound_to_this_browser(served: Served) -> None:
    sent = served.client.get("/sign-in")
    asked = {name: values[0] for name, values in parse_qs(urlsplit(sent.headers["location"]).query).items()}
    cookie = sent.headers["set-cookie"]
    assert SIGNING_IN_COOKIE in cookie
    assert "HttpOnly" in cookie
    kept = served.identity.sessions._signing_in.loads(served.client.cookies[SIGNING_IN_COOKIE])
    data = kept[f"_state_provider_{asked['state']}"]["data"]
    challenge = urlsafe_b64encode(hashlib.sha256(data["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert (asked["code_challenge"], asked["code_challenge_method"]) == (challenge, "S256")
    assert asked["nonce"] == data["nonce"]
    assert (asked["response_type"], asked["scope"]) == ("code", "openid")
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/sign-in/return"


def test_somebody_unknown_is_told_what_to_give_their_administrator_and_gets_no_session(served: Served) -> None:
    back = served.client.get(authorized(served, subject="stranger"))
    assert back.status_code == 403
    assert "stranger" in back.json()["detail"]
    assert COOKIE not in served.client.cookies


def test_somebody_who_was_shut_out_stays_out(served: Served, issuer: str) -> None:
    person = served.identity.people.add(LOCAL_ASKER, OURS, ("advisor",), issuer=issuer, subject=SUBJECT)
    served.identity.people.revoke(LOCAL_ASKER, person.id)
    assert served.client.get(authorized(served)).status_code == 403


def test_the_same_subject_of_another_provider_is_somebody_else(served: Served) -> None:
    served.identity.people.add(LOCAL_ASKER, OURS, ("administrator",), issuer="https://id.example.edu", subject=SUBJECT)
    assert served.client.get(authorized(served)).status_code == 403


@pytest.mark.parametrize("part", ["state", "code"])
def test_a_return_with_another_state_or_code_is_refused(served: Served, issuer: str, part: str) -> None:
    served.identity.people.add(LOCAL_ASKER, OURS, ("advisor",), issuer=issuer, subject=SUBJECT)
    address = urlsplit(authorized(served))
    given = {name: values[0] for name, values in parse_qs(address.query).items()}
    answer = served.client.get("/sign-in/return", params={**given, part: "forged"})
    assert answer.status_code == 403
    assert COOKIE not in served.client.cookies


def test_a_return_counts_once_and_only_in_the_browser_that_left(served: Served, issuer: str) -> None:
    served.identity.people.add(LOCAL_ASKER, OURS, ("advisor",), issuer=issuer, subject=SUBJECT)
    address = authorized(served)
    kept = dict(served.client.cookies)
    served.client.cookies.clear()
    assert served.client.get(address).status_code == 403
    served.client.cookies.update(kept)
    assert served.client.get(address).status_code == 303
    served.client.cookies.clear()
    assert served.client.get(address).status_code == 403


def test_somebody_who_changes_their_mind_at_the_provider_is_not_signed_in(served: Served) -> None:
    answer = served.client.get(authorized(served, action="deny"))
    assert answer.status_code == 403
    assert answer.json()["detail"].startswith("The sign-in was not completed")


def test_returns_that_fail_again_and_again_meet_a_wait(served: Served) -> None:
    found = [served.client.get("/sign-in/return", params={"code": "x", "state": "y"}).status_code for _ in range(15)]
    assert found == [403] * 10 + [429] * 5


def test_where_settings_say_so_somebody_new_joins_as_a_learner(
    tmp_path: Path, world: World, settings: Settings, issuer: str
) -> None:
    secret = tmp_path / "client-secret"
    secret.write_text("of this client\n")
    named = {"oidc_issuer": issuer, "oidc_client_id": "pathways", "oidc_client_secret_file": secret, "oidc_institution": OURS}
    with serving(replace(settings, data=tmp_path / "data"), world, **named) as served:
        assert served.client.get(authorized(served, subject="new")).status_code == 303
        me = served.client.get("/v1/me").json()
        assert (me["institution_id"], me["roles"]) == (OURS, ["learner"])


def test_a_page_sends_to_sign_in_and_the_sign_in_leads_back(served: Served) -> None:
    answer = served.client.get("/next?goal=reading", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fnext%3Fgoal%3Dreading")
    assert served.client.get("/v1/me", headers={"Accept": "text/html"}).status_code == 401


@pytest.mark.parametrize("elsewhere", ["//x.example", "https://x.example", "/\\x.example", "x", "/a\nb", "", "/" + "a" * 2000])
def test_nobody_is_led_elsewhere_after_signing_in(elsewhere: str) -> None:
    assert own_path(elsewhere) == "/"


def test_a_provider_that_is_not_there_is_said_so(tmp_path: Path, world: World, settings: Settings) -> None:
    named = {"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": "pathways"}
    with serving(replace(settings, data=tmp_path / "data"), world, **named) as served:
        answer = served.client.get("/sign-in")
        assert answer.status_code == 501
        assert "does not answer" in answer.json()["detail"]


async def _another(*_: object) -> dict[str, str]:
    return {"issuer": "https://another.example"}


def test_a_provider_that_says_it_is_another_is_not_used(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("authlib.integrations.starlette_client.StarletteOAuth2App.load_server_metadata", _another)
    answer = served.client.get("/sign-in")
    assert answer.status_code == 501
    assert "another one" in answer.json()["detail"]


@pytest.mark.parametrize("address", ["http://id.example.edu", "id.example.edu", "ftp://127.0.0.1", "https://"])
def test_only_an_https_address_is_a_provider(address: str) -> None:
    with pytest.raises(SettingError) as caught:
        read_settings({"PATHWAYS_OIDC_ISSUER": address})
    assert "https" in str(caught.value)
