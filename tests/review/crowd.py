"""``python -m tests.review.crowd``: many evaluators with keys of their own decide the same matches at once over HTTP.

Each of them looks at the queue, then decides every match under the version they saw, in an order of their own. Whoever comes second
must be told (412). At the end each match has one decision, and every attempt is in the audit log.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import httpx
from sqlalchemy import select

from api.identity.asker import LOCAL_ASKER, Asker
from api.identity.audit_log import AuditLog
from api.identity.keys import Keys
from api.identity.people import People
from api.identity.tables import audit_log
from api.review.matches import MatchStore, NewMatch, Wanted
from api.secret_key import key_of
from api.settings import Settings
from api.store.database import Database, open_database

COLLEGE = "state-college"
BADGE = "letrs-u1"
START = (
    "import os, socket, sys, uvicorn\n"
    "from api.app import create_app\n"
    "from api.settings import read_settings\n"
    "server = uvicorn.Server(uvicorn.Config(create_app(read_settings(os.environ)), log_level='error', access_log=False))\n"
    "listening = socket.create_server(('127.0.0.1', 0), backlog=512)\n"
    "print(listening.getsockname()[1], flush=True)\n"
    "server.run(sockets=[listening])\n"
)
SECONDS_TO_START = 120


@dataclass(frozen=True, slots=True)
class Came:
    """What came of it: answers by status, seconds, and milliseconds of the slowest and the usual decision."""

    statuses: Counter[int]
    seconds: float
    usual_ms: float
    slowest_ms: float


def crowd(folder: Path, home: Path, *, people: int, matches: int, seed: int = 1) -> Came:
    """Let a crowd decide, and check what is left."""
    settings = Settings(home=home, data=folder, sign_in="required", requests_per_minute=0)
    log = AuditLog(key_of(settings))
    with closing(open_database(settings)) as database:
        People(database, log).add_institution(LOCAL_ASKER, COLLEGE, "State College")
        keys = Keys(database, log, key_of(settings))
        made = [keys.create(LOCAL_ASKER, COLLEGE, "evaluator") for _ in range(people)]
        owner = Asker("planted", COLLEGE, frozenset({"evaluator"}), "session")
        store = MatchStore(database, owner, log)
        store.add([NewMatch((BADGE,), (f"EDU-{number}",), {}, 0.5, {}, "model") for number in range(matches)])
        with _server(folder, home) as address:
            came = _decide_all(address, [shown.text for _, shown in made], seed)
        _check(database, store, log, [f"key:{key.id}" for key, _ in made], matches, came)
    return came


@contextmanager
def _server(folder: Path, home: Path) -> Iterator[str]:
    """A server process of its own on a free port of this machine."""
    own = {
        "PATHWAYS_HOME": str(home),
        "PATHWAYS_DATA": str(folder),
        "PATHWAYS_SIGN_IN": "required",
        "PATHWAYS_REQUESTS_PER_MINUTE": "0",
    }
    process = subprocess.Popen([sys.executable, "-c", START], env={**os.environ, **own}, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        address = f"http://127.0.0.1:{int(process.stdout.readline())}"
        _wait(address)
        yield address
    finally:
        process.terminate()
        process.wait(30)
        if process.stdout is not None:
            process.stdout.close()


def _wait(address: str) -> None:
    last = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < last:
        try:
            if httpx.get(f"{address}/readyz", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    message = "the server did not start in time"
    raise TimeoutError(message)


def _decide_all(address: str, keys: Sequence[str], seed: int) -> Came:
    began, looked = time.monotonic(), Barrier(len(keys))
    with ThreadPoolExecutor(len(keys)) as pool:
        answers = pool.map(lambda row: _one(address, row[1], seed + row[0], looked), enumerate(keys))
        found = [one for each in answers for one in each]
    times = sorted(took for _, took in found)
    statuses = Counter(status for status, _ in found)
    return Came(statuses, time.monotonic() - began, 1000 * times[len(times) // 2], 1000 * times[-1])


def _one(address: str, key: str, seed: int, looked: Barrier) -> list[tuple[int, float]]:
    """One evaluator: look at the whole queue, then decide each match under the version that was shown."""
    chance, found = random.Random(seed), []
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {key}"}, timeout=120, trust_env=False) as client:
        seen = client.get("/v1/matches", params={"limit": 200}).json()["items"]
        chance.shuffle(seen)
        # Nobody decides before everybody has seen the queue undecided.
        looked.wait(SECONDS_TO_START)
        for match in seen:
            body = {"kind": chance.choice(["approve", "reject"]), "reason_code": "other", "reason": "as drawn"}
            began = time.monotonic()
            answer = client.post(f"/v1/matches/{match['id']}/decisions", json=body, headers={"If-Match": match["tag"]})
            found.append((answer.status_code, time.monotonic() - began))
    return found


def _check(database: Database, store: MatchStore, log: AuditLog, actors: Sequence[str], matches: int, came: Came) -> None:
    """One decision in force each, the others told so, every attempt of everybody on record, the chain unbroken."""
    assert came.statuses == {200: matches, 412: matches * (len(actors) - 1)}, came.statuses
    for match in store.full(Wanted()):
        assert (match.standing.count, len(match.history), match.standing.current) == (1, 1, 1)
        assert match.standing.state in {"approved", "rejected"}
        assert match.history[0].person_id in actors
    with database.read() as connection:
        rows = connection.execute(select(audit_log).where(audit_log.c.action.in_(("match.decided", "match.refused")))).all()
    assert Counter(row.actor for row in rows) == dict.fromkeys(actors, matches)
    assert sum(row.action == "match.decided" for row in rows) == matches
    assert {json.loads(row.detail)["why"] for row in rows if row.action == "match.refused"} == {"StaleMatchError"}
    assert log.verify(database).fault is None


def main() -> None:
    """Run it and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--matches", type=int, default=100)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        came = crowd(Path(folder) / "data", Path(folder) / "home", people=asked.people, matches=asked.matches)
    stale = came.statuses[412]
    said = f"{came.statuses[200]} decided, {stale} told that they came second, every attempt on record, chain unbroken"
    sys.stdout.write(f"{asked.people} evaluators on {asked.matches} matches: {said}; ")
    sys.stdout.write(f"{came.seconds:.1f} s, {came.usual_ms:.0f} ms usually, {came.slowest_ms:.0f} ms at most\n")


if __name__ == "__main__":
    main()
