"""A learner sees, corrects, takes along and erases their record, reads who saw it, and nobody sees it unrecorded."""

from __future__ import annotations

import csv
import importlib
import io
import json
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

import api
from api.app import create_app
from api.identity.asker import LOCAL_ASKER, ROLES, Asker
from api.identity.audit_log import AuditLog
from api.identity.errors import NotAllowedError, UnknownHereError
from api.identity.holdings import HOLDINGS, WITHOUT_LEARNERS
from api.identity.learners import Learners
from api.identity.people import People
from api.identity.tables import audit_log
from api.settings import Settings
from api.store.database import Database
from api.store.tables import METADATA
from api.world import World


@pytest.fixture
def learners(database: Database, log: AuditLog, people: People) -> Learners:
    people.add_institution(LOCAL_ASKER, "state-college", "State College")
    return Learners(database, log)


def person(role: str, number: int = 1) -> Asker:
    return Asker(f"p-{role}-{number}", "state-college", frozenset({role}), "session")  # type: ignore[arg-type]


def actions(database: Database) -> list[tuple[str, str]]:
    with database.read() as connection:
        asked = select(audit_log.c.actor, audit_log.c.action).order_by(audit_log.c.seq)
        return [(row.actor, row.action) for row in connection.execute(asked)]


def test_a_learner_reads_their_own_record_and_that_is_no_disclosure(learners: Learners) -> None:
    made = learners.add(person("learner"), record="{}", consents="[]")
    assert learners.get(person("learner"), made.id, "").record == "{}"
    assert learners.disclosures(person("learner"), made.id) == ()
    assert actions(learners.database)[-3:] == [
        ("p-learner-1", "learner.added"),
        ("p-learner-1", "learner.viewed"),
        ("p-learner-1", "learner.disclosures-viewed"),
    ]


def test_everybody_else_who_sees_it_is_on_a_list_that_the_learner_reads(learners: Learners) -> None:
    made = learners.add(person("learner"), record="{}", consents="[]")
    learners.get(person("advisor"), made.id, "advising for spring")
    learners.change(person("advisor"), made.id, 1, record=lambda _: '{"a": 1}', consents="[]")
    learners.export(person("administrator"), made.id, "")
    found = learners.disclosures(person("learner"), made.id)
    assert [(row.person_id, row.action, row.purpose) for row in found] == [
        ("p-advisor-1", "viewed", "advising for spring"),
        ("p-advisor-1", "changed", ""),
        ("p-administrator-1", "exported", ""),
    ]


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("advisor", {"view", "change"}),
        ("evaluator", set()),
        ("administrator", {"view", "change", "export", "erase", "disclosures"}),
    ],
)
def test_a_role_does_what_it_may_and_no_more(learners: Learners, role: str, allowed: set[str]) -> None:
    made = learners.add(person("learner"), record="{}", consents="[]")
    who = person(role)
    tries: dict[str, Callable[[], object]] = {
        "view": lambda: learners.get(who, made.id, ""),
        "change": lambda: learners.change(who, made.id, None, record=str, consents="[]"),
        "disclosures": lambda: learners.disclosures(who, made.id),
        "export": lambda: learners.export(who, made.id, ""),
        "erase": lambda: learners.erase(who, made.id),
    }
    for action, attempt in tries.items():
        if action in allowed:
            attempt()
        else:
            with pytest.raises(NotAllowedError):
                attempt()
            assert actions(learners.database)[-1] == (who.person_id, "refused")


def test_another_learner_does_not_exist_for_a_learner_and_the_attempt_is_recorded(learners: Learners) -> None:
    made = learners.add(person("learner"), record="{}", consents="[]")
    with pytest.raises(UnknownHereError):
        learners.get(person("learner", 2), made.id, "")
    assert actions(learners.database)[-1] == ("p-learner-2", "refused")
    assert learners.ids(person("learner", 2), after="", count=10) == []
    assert [row.id for row in learners.ids(person("learner"), after="", count=10)] == [made.id]


@pytest.mark.parametrize("role", ROLES)
def test_another_institution_does_not_have_it_whatever_the_role(learners: Learners, people: People, role: str) -> None:
    people.add_institution(LOCAL_ASKER, "other", "Other")
    made = learners.add(person("learner"), record="{}", consents="[]")
    other = replace(person(role), institution_id="other")
    for attempt in (learners.get, learners.export):
        with pytest.raises(UnknownHereError):
            attempt(other, made.id, "")
    with pytest.raises(UnknownHereError):
        learners.erase(other, made.id)
    if role != "evaluator":
        assert learners.ids(other, after="", count=10) == []


def test_what_is_recorded_of_a_learner_cannot_be_traced_once_they_are_erased(learners: Learners, log: AuditLog) -> None:
    made = learners.add(person("learner"), record="{}", consents="[]")
    learners.get(person("advisor"), made.id, "")
    learners.erase(person("learner"), made.id)
    with learners.database.read() as connection:
        rows = connection.execute(select(audit_log)).all()
    assert not any(made.id in str(row) for row in rows)
    seen = {row.subject for row in rows if row.action.startswith("learner.")}
    assert len(seen) == 1
    assert log.verify(learners.database).fault is None


def test_every_table_says_whether_it_names_learners() -> None:
    """A new table belongs into ``HOLDINGS`` or ``WITHOUT_LEARNERS``: otherwise an erased learner would live on in it."""
    for found in pkgutil.walk_packages(api.__path__, prefix="api."):
        if found.name.endswith("tables"):
            importlib.import_module(found.name)
    known = {holding.table.name for holding in HOLDINGS} | WITHOUT_LEARNERS
    assert set(METADATA.tables) - known == set()


# --- the whole way, over HTTP, on files of its own ---

PLANTED = [f"planted-{number:02}-{'zqxjkvbw'[number % 8] * 3}" for number in range(20)]


@pytest.fixture
def served(tmp_path: Path, world: World, settings: Settings) -> Iterator[tuple[TestClient, Settings]]:
    own = replace(settings, data=tmp_path / "data")
    app = create_app(own, world)
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield client, own
    app.state.database.close()


def record(strings: list[str]) -> dict[str, Any]:
    named = [{"id": f"own:{text}", "name": text, "type": "course", "grade": "A"} for text in strings[:12]]
    return {"achievements": named, "memberships": strings[12:16], "attestations": [{"text": strings[16], "by": strings[17]}]}


def bytes_on_disk(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_after_erasure_no_byte_of_twenty_planted_strings_is_left(
    served: tuple[TestClient, Settings], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    client, settings = served
    assert settings.data is not None
    consents = [{"purpose": PLANTED[18], "to": PLANTED[19], "given_on": "2026-09-01"}]
    given = {"json": {"record": record(PLANTED), "consents": consents}, "headers": {"Idempotency-Key": "first"}}
    made = client.post("/v1/learners", **given)  # type: ignore[arg-type]
    assert client.post("/v1/learners", **given).json() == made.json()  # type: ignore[arg-type]
    assert made.status_code == 201, made.text
    learner = made.json()["id"]
    for turn in range(3):  # former versions leave free pages behind
        changed = {"record": record(PLANTED[turn:] + PLANTED[:turn]), "consents": consents}
        assert client.put(f"/v1/learners/{learner}", json=changed, headers={"If-Match": "*"}).status_code == 200
    plan = {"target": "oh-reading-endorsement", "place": "US-OH", "record": {"learner": learner, **record(PLANTED)}}
    planned = client.post("/v1/plans", json=plan, headers={"Idempotency-Key": "one"})
    assert planned.status_code == 201, planned.text
    uploads = settings.data / "learners" / learner
    uploads.mkdir(parents=True)
    (uploads / "badge.json").write_text(" ".join(PLANTED))
    assert client.get(f"/v1/learners/{learner}", params={"purpose": PLANTED[3]}).status_code == 200
    before = b"".join(bytes_on_disk(settings.data).values())
    assert all(text.encode() in before for text in PLANTED)

    erased = client.delete(f"/v1/learners/{learner}")
    assert erased.json()["removed"]["plans"] == 1
    assert erased.json()["removed"]["answers"] == 2
    assert erased.json()["removed"]["files"] == 1
    assert erased.json()["overwritten"] is True

    said = capfd.readouterr()
    left = bytes_on_disk(settings.data) | {"log": (caplog.text + said.out + said.err).encode()}
    found = [(name, text) for name, content in left.items() for text in [*PLANTED, learner] if text.encode() in content]
    assert found == []
    assert client.get(f"/v1/learners/{learner}").status_code == 404
    assert client.get(f"/v1/plans/{planned.json()['id']}").status_code == 404
    assert client.app.state.identity.log.verify(client.app.state.database).fault is None  # type: ignore[attr-defined]


def test_after_erasure_no_table_of_either_database_names_the_learner(learners: Learners) -> None:
    from api.store.plans import PlanStore

    made = learners.add(person("learner"), record=json.dumps(PLANTED[:10]), consents=json.dumps(PLANTED[10:]))
    body = json.dumps({"asked": {"record": {"learner": made.id, "names": PLANTED}}})
    kept = PlanStore(learners.database, "state-college").add(lambda _: body)
    PlanStore(learners.database, "state-college").follow(kept, json.dumps({"names": PLANTED}))
    PlanStore(learners.database, "local").add(lambda _: '{"somebody": "else"}')
    learners.get(person("advisor"), made.id, PLANTED[0])
    assert learners.erase(person("learner"), made.id)["plans"] == 2
    with learners.database.read() as connection:
        dump = "".join(str(row) for table in METADATA.sorted_tables for row in connection.execute(select(table)))
    assert [text for text in [*PLANTED, made.id] if text in dump] == []
    assert "somebody" in dump


def test_what_a_learners_account_made_goes_with_them_and_an_advisors_stays(learners: Learners, people: People) -> None:
    from api.identity.plan_watch import WatchedPlans

    named = {"issuer": "https://id.example.edu"}
    one = people.add(LOCAL_ASKER, "state-college", ("learner",), subject=PLANTED[0], **named)
    both = people.add(LOCAL_ASKER, "state-college", ("learner", "advisor"), subject="both", **named)
    for somebody, left in ((one, 0), (both, 1)):
        who = Asker(somebody.id, "state-college", frozenset(somebody.roles), "session")
        plans = WatchedPlans(learners.database, "state-college", who, learners)
        kept = plans.add(lambda _: '{"names": nobody}')
        made = learners.add(who, record="{}", consents="[]", person_id=somebody.id)
        assert learners.export(replace(who, roles=frozenset(ROLES)), made.id, "").held["plans"] == ['{"names": nobody}'] * (
            1 - left
        )
        counts = learners.erase(replace(who, roles=frozenset(ROLES)), made.id)
        assert (counts["plans"], counts["accounts"]) == (1 - left, 1 - left)
        assert len(plans.listed(10)) == left
        assert (people.get(somebody.id) is not None) == bool(left)
        assert kept.id
    with learners.database.read() as connection:
        dump = "".join(str(row) for table in METADATA.sorted_tables for row in connection.execute(select(table)))
    assert PLANTED[0] not in dump


def test_an_export_has_everything_as_json_and_as_a_table(served: tuple[TestClient, Settings]) -> None:
    client, _ = served
    given = {"record": {"achievements": [{"id": "letrs-u1"}], "memberships": ["=1+1"]}, "consents": []}
    learner = client.post("/v1/learners", json=given).json()["id"]
    plan = {"target": "oh-reading-endorsement", "place": "US-OH", "record": {"learner": learner}}
    planned = client.post("/v1/plans", json=plan).json()
    exported = client.get(f"/v1/learners/{learner}/export").json()
    assert exported["learner"]["record"]["learner"] == learner
    assert exported["plans"] == [planned]
    assert [row["action"] for row in exported["disclosures"]] == ["added", "exported"]
    rows = list(csv.DictReader(io.StringIO(client.get(f"/v1/learners/{learner}/export.csv").text)))
    assert {row["part"] for row in rows} >= {"learner", "plans", "disclosures"}
    assert "'=1+1" in {row["value"] for row in rows}


def test_a_plan_of_a_learner_is_opened_under_the_same_rules(served: tuple[TestClient, Settings]) -> None:
    client, _ = served
    learner = client.post("/v1/learners", json={"record": {}}).json()["id"]
    plan = {"target": "oh-reading-endorsement", "place": "US-OH", "record": {"learner": learner}}
    planned = client.post("/v1/plans", json=plan).json()
    assert client.get(f"/v1/plans/{planned['id']}").status_code == 200
    seen = client.get(f"/v1/learners/{learner}/disclosures").json()["items"]
    assert ("plan-viewed", f"plan {planned['id']}") in {(row["action"], row["purpose"]) for row in seen}


def test_two_who_correct_at_once_do_not_overwrite_each_other(served: tuple[TestClient, Settings]) -> None:
    client, _ = served
    made = client.post("/v1/learners", json={"record": {}})
    path, tag = f"/v1/learners/{made.json()['id']}", made.headers["etag"]
    assert client.put(path, json={"record": {}}).status_code == 428
    assert client.put(path, json={"record": {}}, headers={"If-Match": tag}).status_code == 200
    assert client.put(path, json={"record": {}}, headers={"If-Match": tag}).status_code == 412


def test_a_record_has_no_place_for_a_name_or_a_role(served: tuple[TestClient, Settings]) -> None:
    client, _ = served
    for personal in ("name", "email", "birth_date"):
        answer = client.post("/v1/learners", json={"record": {personal: "x"}})
        assert answer.status_code == 422
        assert "/record" in answer.json()["errors"][0]["pointer"]
    for extra in ("institution_id", "role", "status", "verified", "person_id", "id"):
        assert client.post("/v1/learners", json={"record": {}, extra: "x"}).status_code == 422
    made = client.post("/v1/learners", json={"record": {"learner": "somebody-else"}}).json()
    assert made["record"]["learner"] == made["id"]
