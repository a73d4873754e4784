"""A caseload: good rows are answered though others are bad, each once, also after the server was killed in the middle."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.jobs.rows import read_caseload
from api.jobs.store import JobStore
from api.settings import Settings
from api.store.database import database_of
from api.world import load_world
from pathways.errors import DataError

HEADER = "learner,goal,have,place,target\n"
GOOD = "L-{0},become a reading specialist,letrs-u1;letrs-u2,US-OH,oh-reading-endorsement\n"
BAD = [
    "L-90,teach reading,no-such-badge,US-OH,\n",
    "L-91,teach reading,,Atlantis,\n",
    "L-92,,,,no-such-target\n",
    ",teach reading,,,\n",
]
Body = dict[str, Any]


@pytest.fixture
def settings(warm_home: Path, tmp_path: Path) -> Settings:
    return Settings(home=warm_home, data=tmp_path, today=date(2026, 11, 21), workers=1)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(create_app(settings, load_world(settings)), raise_server_exceptions=False) as opened:
        yield opened


def sent(client: TestClient, text: str) -> Body:
    answer = client.post("/v1/jobs", files={"file": ("caseload.csv", text.encode(), "text/csv")})
    assert answer.status_code == 202, answer.text
    found: Body = answer.json()
    return found


def over(client: TestClient, job: Body, seconds: float = 120) -> Body:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        found: Body = client.get(f"/v1/jobs/{job['id']}").json()
        if found["state"] in {"done", "cancelled"}:
            return found
        time.sleep(0.1)
    raise AssertionError(found)


def test_good_rows_are_answered_and_bad_ones_named_by_row_and_column(client: TestClient) -> None:
    job = sent(client, HEADER + "".join(GOOD.format(number) for number in range(6)) + "".join(BAD))
    done = over(client, job)
    assert (done["state"], done["total"], done["done"], done["failed"]) == ("done", 10, 6, 4)
    found = client.get(f"/v1/jobs/{job['id']}/result").json()
    bad = [(row["row"], row["problem_column"]) for row in found["rows"] if row["problem"]]
    assert bad == [(8, "have"), (9, "place"), (10, "target"), (11, "learner")]
    assert all(row["steps"] for row in found["rows"][:6])
    one = client.post(
        "/v1/recommendations",
        json={
            "goal": "become a reading specialist", "have": ["letrs-u1", "letrs-u2"], "place": "US-OH",
            "targets": ["oh-reading-endorsement"], "k": 3,
        },
    ).json()  # fmt: skip
    assert [step["id"] for step in found["rows"][0]["steps"]] == [step["credential"]["id"] for step in one["steps"]]
    failed = list(csv.DictReader(io.StringIO(client.get(f"/v1/jobs/{job['id']}/result?form=failed.csv").text)))
    assert [row["learner"] for row in failed] == ["L-90", "L-91", "L-92", ""]
    table = list(csv.DictReader(io.StringIO(client.get(f"/v1/jobs/{job['id']}/result?form=csv").text)))
    assert len(table) == 10

    events = client.get(f"/v1/jobs/{job['id']}/events").text
    assert "event: end" in events
    assert json.loads(next(line for line in events.splitlines() if line.startswith("data:"))[5:])["done"] == 10

    again = sent(client, HEADER + "".join(GOOD.format(number) for number in range(6)) + "".join(BAD))
    assert again["id"] == job["id"]


def test_a_cancelled_caseload_keeps_what_is_answered_and_asks_no_more(client: TestClient) -> None:
    job = sent(client, HEADER + "".join(GOOD.format(number) for number in range(400)))
    assert client.delete(f"/v1/jobs/{job['id']}").json()["state"] == "cancelled"
    first = client.get(f"/v1/jobs/{job['id']}").json()["done"]
    time.sleep(1)
    assert client.get(f"/v1/jobs/{job['id']}").json()["done"] == first
    assert client.get("/v1/jobs/NOSUCHID").status_code == 404


SERVER = """
import sys, time
from datetime import date
from pathlib import Path
from api.jobs.runner import Runner
from api.settings import Settings
from api.store.database import database_of
settings = Settings(home=Path(sys.argv[1]), data=Path(sys.argv[2]), today=date(2026, 11, 21), workers=1)
if __name__ == "__main__":
    runner = Runner(settings, database_of(settings))
    runner.resume()
    print("started", flush=True)
    while True:
        time.sleep(1)
"""


def test_a_caseload_goes_on_where_a_killed_server_left_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = JobStore(database_of(settings), "local")
    text = HEADER + "".join(GOOD.format(number) for number in range(60))
    job, _ = jobs.add(read_caseload(text, "caseload.csv"), "caseload.csv", "ann", state="queued")
    script = tmp_path / "server.py"
    script.write_text(SERVER)
    command = [sys.executable, str(script), str(settings.home), str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    until(lambda: 0 < jobs.get(job.id).done < 60)
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    left = jobs.get(job.id)
    assert left.state == "running"
    kept = {row.number: row.result for row in jobs.rows(job.id) if row.result is not None}
    assert len(kept) == left.done
    # Its lease runs out: somebody else may take it up.
    from sqlalchemy import update

    from api.jobs.tables import jobs as table

    with jobs.database.begin() as connection:
        connection.execute(update(table).values(lease_until="2026-01-01"))
    second = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, start_new_session=True)
    until(lambda: jobs.get(job.id).state == "done")
    os.killpg(second.pid, signal.SIGKILL)
    second.wait()
    rows = jobs.rows(job.id)
    assert (jobs.get(job.id).done, len([row for row in rows if row.result is not None])) == (60, 60)
    assert all(row.result == kept[row.number] for row in rows if row.number in kept)


def until(said: Any, seconds: float = 120) -> None:
    ends = time.monotonic() + seconds
    while not said():
        assert time.monotonic() < ends
        time.sleep(0.02)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no such column"),
        ("learner,goal\n", "no rows"),
        ("name,goal\nx,y\n", "learner"),
        ("learner,place\nx,y\n", "neither goals nor targets"),
        ("learner,goal,goal\nx,y,z\n", "twice"),
        ('learner,goal\nx,"y\n', "not CSV"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_caseload(text, "caseload.csv")


def test_columns_are_checked_before_anything_is_answered() -> None:
    found = read_caseload("Learner, goal ,email\nL-1,teach reading,x\nL-1,teach reading,x\nL-2,,x\nL-3,a,b,c\n", "caseload.csv")
    assert (found.used, found.ignored) == (("learner", "goal"), ("email",))
    assert [(line.number, line.column) for line in found.lines] == [(2, ""), (3, "learner"), (4, "goal"), (5, "learner")]
    assert "email" not in found.lines[0].given
