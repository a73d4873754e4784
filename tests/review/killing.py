"""What a killed evaluator leaves: decisions and imports of courses, cut off at random moments, on SQLite or PostgreSQL.

Each thing that was acknowledged is written to a file before the next begins, so that what was told is known after the blow.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import select

from api import review_service
from api.errors import InputError
from api.identity.audit_log import AuditLog
from api.identity.tables import audit_log
from api.review.agreements import Agreements
from api.review.matches import Match, Wanted
from api.review.state import replayed
from api.review.tables import matches as match_table
from api.review_schemas import DecisionIn
from api.review_service import Desk
from api.settings import Settings
from api.store.database import Database, open_database
from api.store.location import FILE
from api.store.overlay_bodies import approved_text
from api.store.overlay_tables import overlay_agreements
from api.store.overlays import OverlayStore
from api.world import world_of
from tests.builders import TODAY, catalog, credential
from tests.review.makers import evaluator, proposed
from tests.store.killing import is_whole
from tests.store.postgres import Server

SECRET = b"a key of thirty-two bytes, no mo"
SERVER = "server.json"
"""Beside the stores, where they are databases of a PostgreSQL server: how to reach it."""
COURSES = 12
STEPS = 10
KINDS = ("approve", "reject", "skip", "undo", "dissent", "import")
BADGES = tuple(f"badge-{number}" for number in range(COURSES))
CATALOG = catalog(*(credential(name) for name in BADGES))


def on_server(folder: Path, server: Server) -> None:
    """Let the stores under a folder be databases of a server."""
    fields = {name: str(value) for name, value in asdict(server).items()}
    (folder / SERVER).write_text(json.dumps(fields), encoding="utf-8")


def address_of(folder: Path) -> Path | str:
    """Where the store of a folder is; a database is made for it once."""
    about = folder.parent / SERVER
    if not about.exists():
        return folder / FILE
    kept = folder / "address"
    if not kept.exists():
        fields = json.loads(about.read_text(encoding="utf-8"))
        server = Server(Path(fields["bin"]), Path(fields["folder"]), int(fields["port"]), fields["user"])
        kept.write_text(server.make(f"{folder.parent.name}-{folder.name}".lower()), encoding="utf-8")
    return kept.read_text(encoding="utf-8")


@contextmanager
def desk_at(folder: Path, person: str = "ann") -> Iterator[Desk]:
    """The desk of a person at the store of a folder."""
    address = address_of(folder)
    settings = Settings(home=folder, data=folder, today=TODAY)
    with closing(open_database(address)) as database:
        yield Desk(world_of(CATALOG, settings), database, evaluator(person), AuditLog(SECRET))


def courses_csv(number: int) -> str:
    """All courses, each with the number of the import in its text: every import opens every match again."""
    rows = (f"EDU-{course},Course {course},as of import {number},3" for course in range(COURSES))
    return "\n".join(["id,title,description,credits", *rows]) + "\n"


def review_some(folder: Path, number: int, pipe: Connection) -> None:
    """Decide and import, at random, noting each thing that is acknowledged."""
    chance = random.Random(number)
    people = [chance.choice("abc") for _ in range(STEPS)]
    with desk_at(folder) as desk:
        if not (folder / "begun").exists():
            review_service.import_courses(desk, courses_csv(-1), "courses.csv")
            desk.matches.add([proposed(badge, f"EDU-{place}") for place, badge in enumerate(BADGES)])
            (folder / "begun").touch()
        names = sorted(one.id for one in desk.matches.full(Wanted()))
        desks = {name: Desk(desk.world, desk.database, evaluator(name), desk.log) for name in "abc"}
        pipe.send("ready")
        with (folder / "acknowledged.jsonl").open("a", encoding="utf-8") as acknowledged:
            for person in people:
                said = _step(desks[person], chance, names, number)
                acknowledged.write(json.dumps(said) + "\n")
                acknowledged.flush()
    pipe.send("done")


def _step(desk: Desk, chance: random.Random, names: list[str], number: int) -> dict[str, Any]:
    kind = chance.choices(KINDS, weights=(6, 2, 1, 3, 1, 1))[0]
    if kind == "import":
        review_service.import_courses(desk, courses_csv(number), "courses.csv")
        return {"kind": kind, "import": number}
    name = chance.choice(names)
    try:
        asked = DecisionIn.model_validate({"kind": kind, "reason_code": "other", "reason": "as drawn"})
        found = review_service.decide(desk, name, ["*"], asked)
    except InputError:
        return {"kind": "refused"}
    last = found.history[-1]
    return {"kind": kind, "match": name, "number": last.number, "by": last.person}


def reviews_are_whole(folder: Path, _: dict[int, Any]) -> int:
    """Decision, state, agreement and audit row are there together or not at all, and what was acknowledged is there."""
    is_whole(folder)
    with desk_at(folder) as desk:
        assert desk.log.verify(desk.database).fault is None
        matches = {one.id: one for one in desk.matches.full(Wanted())}
        _states_are_what_decisions_come_to(desk.database, matches)
        _agreements_are_those_of_approved_matches(desk, list(matches.values()))
        log = _log(desk.database)
        _decisions_are_on_record(matches, log)
        _courses_are_of_one_import(desk, matches, log)
        _acknowledged_is_kept(folder, desk, matches)
    return sum(one.standing.count for one in matches.values())


def _states_are_what_decisions_come_to(database: Database, matches: dict[str, Match]) -> None:
    with database.read() as connection:
        rows = connection.execute(select(match_table)).all()
    assert len(rows) == COURSES
    for row in (dict(one._mapping) for one in rows):
        history = matches[row["id"]].history
        now = replayed(history)
        assert [one.number for one in history] == list(range(1, row["count"] + 1))
        kept = (row["state"], row["current"], row["disputed"], row["count"])
        assert kept == (now.state, now.current, len(now.disputed), now.count)
        assert row["version"] == 1 + sum(one.kind == "reopen" for one in history)


def _agreements_are_those_of_approved_matches(desk: Desk, matches: list[Match]) -> None:
    courses = {one.id: one for one in desk.courses.all()}
    made = Agreements(OverlayStore(desk.database), CATALOG, courses)
    wanted = {entry.agreement.id: approved_text(entry) for match in matches for entry in made.of(match)}
    with desk.database.read() as connection:
        kept = {row.id: row.body for row in connection.execute(select(overlay_agreements))}
    assert kept == wanted


def _log(database: Database) -> list[Any]:
    with database.read() as connection:
        return list(connection.execute(select(audit_log).order_by(audit_log.c.seq)).all())


def _decisions_are_on_record(matches: dict[str, Match], log: list[Any]) -> None:
    logged = Counter(
        (row.subject, json.loads(row.detail)["number"], json.loads(row.detail)["kind"], row.actor)
        for row in log
        if row.action == "match.decided"
    )
    made = Counter(
        (match.id, one.number, one.kind, one.person_id)
        for match in matches.values()
        for one in match.history
        if one.kind != "reopen"
    )
    assert logged == made


def _courses_are_of_one_import(desk: Desk, matches: dict[str, Match], log: list[Any]) -> None:
    courses = desk.courses.all()
    assert len(courses) == COURSES
    assert len({one.description for one in courses}) == 1, "courses of two imports at once"
    reopened = sum(json.loads(row.detail)["reopened"] for row in log if row.action in {"courses.imported", "matches.reopened"})
    assert reopened == sum(one.kind == "reopen" for match in matches.values() for one in match.history)


def _acknowledged_is_kept(folder: Path, desk: Desk, matches: dict[str, Match]) -> None:
    path = folder / "acknowledged.jsonl"
    said = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []
    last_import = -1
    for one in said:
        last_import = one.get("import", last_import)
        if "match" in one:
            history = matches[one["match"]].history
            assert len(history) >= one["number"], f"acknowledged and lost: {one}"
            kept = history[one["number"] - 1]
            assert (kept.kind, kept.person_id) == (one["kind"], one["by"]), f"acknowledged and lost: {one}"
    now = int(desk.courses.all()[0].description.rpartition(" ")[2])
    assert now >= last_import, f"acknowledged and lost: import {last_import}"


def acknowledged_in(folder: Path) -> int:
    """How many things were acknowledged in all stores under a folder, refusals left out."""
    lines = [line for path in folder.glob("*/acknowledged.jsonl") for line in path.read_text(encoding="utf-8").splitlines()]
    return sum(json.loads(line)["kind"] != "refused" for line in lines)
