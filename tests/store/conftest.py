"""Every store test runs twice: on an SQLite file, and on a PostgreSQL server that the tests start themselves."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from api.store.database import Database, open_database
from tests.store.postgres import Server, binaries, start_server

_COUNT = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The server, started by the first test that needs one."""
    found = binaries()
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL is not installed, and in continuous integration the store must be tested on it")
        pytest.skip("PostgreSQL is not installed")
    # Not under pytest's own folder: that one is closed to the user the server runs as.
    folder = Path(tempfile.mkdtemp(prefix="pathways-pg-"))
    server = start_server(folder, found)
    yield server
    server.stop()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a store can be made: a file that does not exist yet, then an empty database."""
    if request.param == "sqlite":
        return tmp_path / "store" / "local.sqlite"
    server: Server = request.getfixturevalue("postgres")
    return server.make(f"store{next(_COUNT)}")


@pytest.fixture
def reopened(address: Path | str) -> Iterator[Callable[[], Database]]:
    """Opens the same store once more, as another process would."""
    opened: list[Database] = []

    def again() -> Database:
        opened.append(open_database(address, wait_seconds=2))
        return opened[-1]

    yield again
    for database in opened:
        database.close()


@pytest.fixture
def database(reopened: Callable[[], Database]) -> Database:
    """An open store, up to date and empty."""
    return reopened()
