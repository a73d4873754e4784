"""Whoever runs the server administers it from the command line; learners' rights have the same answers there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from api.cli import app
from api.identity.audit_log import AuditLog
from api.identity.learners import Learners
from api.secret_key import key_of, secret_key
from api.settings import Settings
from api.store.database import database_of
from api.store.errors import StoreError
from tests.identity.test_learner_rights import PLANTED, person

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("PATHWAYS_DATA", str(tmp_path))

    def go(*arguments: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, list(arguments))
        return done.exit_code, done.stdout, done.stderr

    return go


def read(done: tuple[int, str, str]) -> Any:
    assert done[0] == 0, done[2]
    return json.loads(done[1])


def test_an_institution_gets_people_and_keys_and_loses_them(run: Run) -> None:
    assert run("admin", "institutions", "add", "state-college", "--name", "State College")[0] == 0
    assert [row["id"] for row in read(run("admin", "institutions", "list", "--json"))] == ["local", "state-college"]
    named = ("--issuer", "https://id.example.edu", "--subject", "8f14e45f")
    where = ("--institution", "state-college")
    assert run("admin", "people", "add", *where, "--role", "advisor", *named)[0] == 0
    (somebody,) = read(run("admin", "people", "list", *where, "--json"))
    assert somebody["roles"] == ["advisor"]
    assert "evaluator" in run("admin", "people", "role", somebody["id"], "--role", "evaluator")[1]
    assert "shut out" in run("admin", "people", "revoke", somebody["id"])[1]
    made = read(run("admin", "keys", "create", *where, "--role", "evaluator", "--note", "import", "--json"))
    assert made["secret"].startswith(f"pw_{made['key']['id']}_")
    assert made["secret"].split("_", 2)[2] not in run("admin", "keys", "list", "--json")[1]
    assert "revoked" in run("admin", "keys", "revoke", made["key"]["id"])[1]
    assert "6 rows" in run("audit-log", "verify")[1]


def test_a_new_key_stands_alone_on_its_line_so_that_a_shell_can_take_it(run: Run) -> None:
    code, out, said = run("admin", "keys", "create", "--role", "advisor")
    assert (code, len(out.split())) == (0, 1)
    assert "not shown again" in said


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("admin", "institutions", "add", "No Id", "--name", "x"), 3, "lower-case letters"),
        (("admin", "institutions", "add", "local", "--name", "x"), 3, "already"),
        (("admin", "people", "add", "--role", "boss"), 3, "Expected one of learner"),
        (("admin", "people", "add", "--institution", "nowhere"), 3, "There is no institution"),
        (("admin", "people", "role", "p-nobody"), 3, "pathways admin people list"),
        (("admin", "keys", "create", "--role", "advisor", "--days", "9999"), 3, "1 to 3650"),
        (("admin", "keys", "revoke", "nokey"), 3, "pathways admin keys list"),
        (("audit-log", "verify", "--head", "x"), 2, "ROW:HASH"),
        (("learner", "export", "l-nobody"), 3, "There is no learner"),
        (("learner", "delete", "l-nobody"), 2, "--yes"),
        (("learner", "delete", "l-nobody", "--yes"), 3, "There is no learner"),
    ],
)
def test_what_cannot_be_done_says_what_to_do(run: Run, arguments: tuple[str, ...], code: int, words: str) -> None:
    found, _, said = run(*arguments)
    assert (found, words in said) == (code, True), said


def test_tampering_in_the_file_is_named_with_its_row(run: Run, tmp_path: Path) -> None:
    for number in range(4):
        run("admin", "institutions", "add", f"college-{number}", "--name", "x")
    checked = read(run("audit-log", "verify", "--json"))
    assert (checked["intact"], checked["rows"]) == (True, 4)
    rows = [json.loads(line) for line in run("audit-log", "export")[1].splitlines()]
    assert [row["subject"] for row in rows] == [f"college-{number}" for number in range(4)]
    with sqlite3.connect(tmp_path / "local.sqlite") as opened:
        opened.execute("update audit_log set actor = 'nobody' where seq = 2")
    opened.close()
    code, out, _ = run("audit-log", "verify")
    assert (code, out.startswith("Row 2 of the audit log is not as it was written")) == (3, True)


def test_a_store_that_was_put_back_is_found_out_by_a_head_kept_elsewhere(run: Run, tmp_path: Path) -> None:
    run("admin", "institutions", "add", "a-college", "--name", "x")
    store = tmp_path / "local.sqlite"
    with sqlite3.connect(store) as opened:
        opened.execute("pragma wal_checkpoint(truncate)")
    opened.close()
    old = store.read_bytes()
    run("admin", "institutions", "add", "b-college", "--name", "x")
    head = read(run("audit-log", "verify", "--json"))["head"]
    assert run("audit-log", "verify", "--head", head)[0] == 0
    for path in tmp_path.glob("local.sqlite-*"):
        path.unlink()
    store.write_bytes(old)
    assert run("audit-log", "verify")[0] == 0
    code, out, _ = run("audit-log", "verify", "--head", head)
    assert (code, "put back" in out) == (3, True)


def test_a_learner_is_exported_shown_and_erased(run: Run, tmp_path: Path) -> None:
    database = database_of(Settings(home=tmp_path, data=tmp_path))
    learners = Learners(database, AuditLog(secret_key(tmp_path)))
    run("admin", "institutions", "add", "state-college", "--name", "x")
    made = learners.add(person("learner"), record=json.dumps({"achievements": [], "memberships": PLANTED}), consents="[]")
    where = (made.id, "--institution", "state-college")
    assert run("learner", "export", made.id)[0] == 3
    out = tmp_path / "everything.csv"
    assert run("learner", "export", *where, "--format", "csv", "--purpose", "as asked", "--out", str(out))[0] == 0
    assert PLANTED[7] in out.read_text()
    out.unlink()
    assert read(run("learner", "export", *where))["learner"]["id"] == made.id
    assert "operator" in run("learner", "disclosures", *where)[1]
    assert "No byte of it is left" in run("learner", "delete", *where, "--yes")[1]
    left = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [text for text in [*PLANTED, made.id] if text.encode() in left] == []
    assert "is as it was written" in run("audit-log", "verify")[1]


def test_the_secret_of_a_server_can_lie_elsewhere(tmp_path: Path) -> None:
    shared = tmp_path / "shared.key"
    shared.write_bytes(bytes(range(32)))
    assert key_of(Settings(home=tmp_path, secret_file=shared)) == bytes(range(32))
    assert len(key_of(Settings(home=tmp_path))) == 32
    with pytest.raises(StoreError):
        key_of(Settings(home=tmp_path, secret_file=tmp_path / "none"))
    shared.write_bytes(b"short")
    with pytest.raises(StoreError):
        key_of(Settings(home=tmp_path, secret_file=shared))
