"""Former stores become present ones: nothing is lost, whoever comes first, and whatever ends the upgrade half way."""

from __future__ import annotations

import importlib
import os
import pkgutil
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

import api
from api.store.database import Database, database_of, open_database
from api.store.errors import StoreError
from api.store.location import head, known, peek
from api.store.plans import Kept, PlanStore
from api.store.tables import METADATA

OLD_TABLE = """
create table if not exists plans (
    id text not null,
    version integer not null,
    body text not null,
    kept_at text not null,
    primary key (id, version)
) without rowid
"""
"""As version 0.1.0 of this program made it."""


def old_store(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    opened = sqlite3.connect(path)
    opened.execute("pragma journal_mode = wal")
    opened.execute(OLD_TABLE)
    rows = [(f"PLAN{count:04}", version, f'{{"n": {count}}}', "2026-11-01") for count in range(200) for version in (1, 2)]
    with opened:
        opened.executemany("insert into plans values (?, ?, ?, ?)", rows)
    opened.close()


def count_plans(path: Path) -> int | None:
    return peek(path, "select count(*) from plans")


def test_the_tables_are_those_the_program_works_with(database: Database) -> None:
    for found in pkgutil.walk_packages(api.__path__, prefix="api."):
        if found.name.endswith("tables"):
            importlib.import_module(found.name)
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []


def test_versions_follow_each_other_by_name() -> None:
    assert known()[0] == "0001_plans"
    assert head() == known()[-1]
    assert len({name[:4] for name in known()}) == len(known())


def test_plans_of_the_former_file_are_all_there(tmp_path: Path) -> None:
    path = tmp_path / "local.sqlite"
    old_store(path)
    store = PlanStore(database_of(path))
    assert store.get("PLAN0007") == Kept("PLAN0007", 2, '{"n": 7}')
    assert count_plans(path) == 400
    assert peek(path, "select count(*) from sqlite_master where name like 'plans_before%'") == 0
    assert peek(path, "select count(*) from plans where kept_at != '2026-11-01' or institution_id != 'local'") == 0


def test_many_that_open_a_former_file_at_once_upgrade_it_once(tmp_path: Path) -> None:
    path = tmp_path / "local.sqlite"
    old_store(path)
    found: list[str] = []
    gate = threading.Barrier(6)

    def read() -> None:
        gate.wait()
        found.append(PlanStore(database_of(path)).get("PLAN0199").body)

    threads = [threading.Thread(target=read) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ['{"n": 199}'] * 6
    assert count_plans(path) == 400


OPEN = "import sys; from api.store.database import open_database; open_database(__import__('pathlib').Path(sys.argv[1]))"


def test_processes_that_open_a_new_store_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "new" / "local.sqlite"
    started = [subprocess.Popen([sys.executable, "-c", OPEN, str(path)]) for _ in range(3)]
    assert [process.wait(60) for process in started] == [0, 0, 0]
    assert peek(path, "select count(*) from institutions") == 1


@pytest.mark.parametrize("milliseconds", [330, 420, 500, 560, 620])
def test_an_upgrade_that_is_killed_is_done_by_the_next(tmp_path: Path, milliseconds: int) -> None:
    path = tmp_path / "local.sqlite"
    old_store(path)
    process = subprocess.Popen([sys.executable, "-c", OPEN, str(path)])
    threading.Event().wait(milliseconds / 1000)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(60)
    assert PlanStore(database_of(path)).get("PLAN0007").version == 2
    assert count_plans(path) == 400
    opened = sqlite3.connect(path)
    assert opened.execute("pragma integrity_check").fetchone() == ("ok",)
    opened.close()


def test_a_store_of_a_newer_program_is_left_alone(address: Path | str) -> None:
    database = open_database(address)
    with database.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999_later'"))
    database.close()
    with pytest.raises(StoreError) as caught:
        open_database(address)
    assert "9999_later" in str(caught.value)
    assert "newer" in str(caught.value)
