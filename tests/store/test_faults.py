"""What can happen to a store while it works: killed writers, twenty at once, a full disk, a lock, a server that is gone."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from api.app import create_app
from api.overlay_schemas import ImportOut
from api.overlay_service import import_file
from api.overlay_shelf import Shelf
from api.settings import Settings
from api.store.database import Database
from api.store.driver import meaning
from api.store.errors import StoreBusyError, StoreError, StoreFullError
from api.store.location import Location, location_of
from api.store.overlays import OverlayStore
from api.store.plans import PlanStore
from api.world import world_of
from pathways.requirements.parse import parse
from tests.builders import TODAY, catalog, course, credential, row
from tests.store.killing import SIZE, ctdl, import_one, imports_are_whole, kill_rounds, published
from tests.store.postgres import Server

PLAN = {"target": "goal", "terms": "Spring 2027..Fall 2027"}


def test_writers_killed_at_random_moments_leave_nothing_by_half(tmp_path: Path) -> None:
    """A slice; the whole is ``python -m tests.store.kill --count 200``."""
    found = kill_rounds(import_one, imports_are_whole, count=8, seed=1, folder=tmp_path)
    assert found.killed > 0


def test_the_same_file_twenty_times_at_once_is_applied_once(tmp_path: Path, address: Path | str) -> None:
    path = tmp_path / "file.json"
    path.write_text(json.dumps(ctdl(1)), encoding="utf-8")
    stores = [Database(location_of(address)) for _ in range(20)]

    def put(store: Database) -> ImportOut:
        return import_file(Shelf(published(), OverlayStore(store), TODAY), path)

    with ThreadPoolExecutor(20) as pool:
        done = list(pool.map(put, stores))
    assert [item.outcome for item in done] == ["import_ok"] * 20
    assert sum(item.applied for item in done) == 1
    version, overlay = OverlayStore(stores[0]).load()
    assert (version, [len(item.credentials) for item in overlay.imports]) == (1, [SIZE])
    for store in stores:
        store.close()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as opened:
        opened.execute("begin immediate")
        yield
        opened.execute("rollback")


@pytest.fixture
def settings(tmp_path: Path, warm_home: Path) -> Settings:
    return Settings(home=warm_home, data=tmp_path / "data", today=TODAY)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with served(settings) as client:
        yield client


@contextmanager
def served(settings: Settings) -> Iterator[TestClient]:
    small = catalog(credential("goal"), course("a"), course("b"), rows=(row("goal", parse("all(a, b)")),))
    app = create_app(settings, world_of(small, settings))
    database: Database = app.state.database
    database.wait_seconds = 0.3
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client
    database.close()


def refused(answer: Any) -> bool:
    """Whether an answer says plainly that the store cannot be used now, and when to try again."""
    body = answer.json()
    assert "sqlite" not in answer.text.casefold()
    assert "postgres" not in answer.text.casefold()
    return bool(
        answer.status_code == 503 and body["type"] == "/problems/store-unavailable" and int(answer.headers["Retry-After"]) > 0
    )


def test_a_writer_that_holds_the_store_means_try_again_and_reads_go_on(client: TestClient, settings: Settings) -> None:
    plan = client.post("/v1/plans", json=PLAN).json()
    assert settings.data is not None
    with locked(settings.data / "local.sqlite"):
        assert refused(client.post("/v1/plans", json=PLAN))
        assert client.get(f"/v1/plans/{plan['id']}").status_code == 200
        assert client.post("/v1/audits", json={"target": "goal"}).status_code == 200
        assert client.get("/healthz").status_code == 200
    assert client.post("/v1/plans", json=PLAN).status_code == 201


def test_a_store_that_is_no_database_means_unavailable_not_an_error_of_ours(client: TestClient, settings: Settings) -> None:
    assert settings.data is not None
    settings.data.mkdir(parents=True)
    (settings.data / "local.sqlite").write_bytes(b"not a database " * 100)
    assert refused(client.post("/v1/plans", json=PLAN))
    assert refused(client.get("/v1/plans/ABCD1234"))


def test_a_server_that_is_gone_for_a_while_means_try_again_and_comes_back(
    postgres: Server, settings: Settings, tmp_path: Path
) -> None:
    where = Settings(home=settings.home, data=settings.data, today=TODAY, database=postgres.make("gone"))
    with served(where) as client:
        plan = client.post("/v1/plans", json=PLAN).json()
        postgres.stop()
        try:
            assert refused(client.post("/v1/plans", json=PLAN))
            assert refused(client.get(f"/v1/plans/{plan['id']}"))
            assert client.post("/v1/audits", json={"target": "goal"}).status_code == 200, "questions need no store"
            assert client.get("/readyz").json()["store"] == "unavailable"
        finally:
            postgres.start()
        began = time.monotonic()
        while client.get(f"/v1/plans/{plan['id']}").status_code == 503:
            assert time.monotonic() - began < 10
        assert client.get(f"/v1/plans/{plan['id']}").json() == plan
        assert client.post("/v1/plans", json=PLAN).status_code == 201
        assert client.get("/readyz").json()["store"] == "ready"


FILL = """
import resource, sys
from pathlib import Path
from api.store.database import open_database
from api.store.errors import StoreError
from api.store.plans import PlanStore
store = PlanStore(open_database(Path(sys.argv[1])))
first = store.add(lambda _: "small")
import signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    while True:
        store.add(lambda _: "x" * 50_000)
except StoreError as error:
    print(type(error).__name__)
    print(store.get(first.id).body)
"""


def test_a_disk_without_room_means_a_plain_word_and_what_was_kept_stays(tmp_path: Path) -> None:
    """A file that may not grow any more fails as a full disk does: in the middle of a write."""
    path = tmp_path / "local.sqlite"
    done = subprocess.run([sys.executable, "-c", FILL, str(path)], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split() == ["StoreFullError", "small"], done.stderr
    with closing(sqlite3.connect(path)) as opened:
        assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
        assert opened.execute("select count(*) from plans where body = 'small'").fetchone() == (1,)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small file system")
def test_a_full_file_system_leaves_the_store_whole(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk], check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        store = PlanStore(Database(location_of(disk / "local.sqlite")))
        kept = store.add(lambda _: "small")

        def fill() -> None:
            for _ in range(100):
                store.add(lambda _: "x" * 100_000)

        with pytest.raises(StoreFullError) as caught:
            fill()
        assert "Make room" in str(caught.value)
        assert store.get(kept.id).body == "small"
        with closing(sqlite3.connect(disk / "local.sqlite")) as opened:
            assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
    finally:
        subprocess.run(["umount", disk], check=True)


@pytest.mark.parametrize(
    ("state", "kind"), [("55P03", StoreBusyError), ("40P01", StoreBusyError), ("53100", StoreFullError), ("42P01", StoreError)]
)
def test_each_state_of_a_database_server_has_its_word(state: str, kind: type[StoreError]) -> None:
    from sqlalchemy.exc import DBAPIError

    error = DBAPIError("select", None, Exception({"C": state, "M": "what the server says"}))
    found = meaning(error, Location("postgresql+pg8000://me:secret@host/db"))
    assert type(found) is kind
    assert "what the server says" in str(found)
    assert "secret" not in str(found)


def test_a_question_after_a_store_vanished_makes_a_new_one(tmp_path: Path) -> None:
    path = tmp_path / "local.sqlite"
    store = Database(location_of(path)).open()
    for item in tmp_path.iterdir():
        item.unlink()
    with store.begin() as connection:
        assert connection.execute(text("select count(*) from institutions")).scalar() == 1
