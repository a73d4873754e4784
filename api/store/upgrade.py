"""Bringing a store to the present tables: once, whoever opens it first, whole or not at all.

Both databases change tables inside a transaction, so a process that is killed in the middle leaves the former version, and the
next one begins again. Leaves out what changes: :mod:`api.store.migrations`.
"""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from api.store.errors import StoreError
from api.store.location import Location, head, known

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_ONE = Lock()
"""Alembic keeps the migration that runs in a global of the process."""
UPGRADE_KEY = 5_704_227
"""Names the lock on PostgreSQL under which tables change; any number that nothing else uses."""


def upgrade(engine: Engine, location: Location) -> None:
    """Bring the tables to :func:`~api.store.location.head`; quick where they are.

    Raises
    ------
    StoreError
        If a newer program than this one made the tables.
    """
    with engine.connect() as connection:
        if _is_done(connection, location):
            return
    with _ONE, engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            # A table that is rebuilt loses its references for a moment; SQLite only lets that be switched before a transaction.
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.cursor().execute("pragma foreign_keys = off")
        connection.execution_options(writes=True)
        with connection.begin():
            if not is_sqlite:
                connection.execute(text("select pg_advisory_xact_lock(:key)"), {"key": UPGRADE_KEY})
            # Another process may have done it while this one waited for the lock.
            if not _is_done(connection, location):
                _run(connection)


def _is_done(connection: Connection, location: Location) -> bool:
    if not inspect(connection).has_table("alembic_version"):
        return False
    found = connection.execute(text("select version_num from alembic_version")).scalar()
    if found is not None and found not in known():
        why = f"its tables are of version {found[:40]}, newer than this program, which knows {head()}: install that newer program"
        raise StoreError(location.name, why)
    return bool(found == head())


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    folder = str(Path(__file__).parent / "migrations").replace("%", "%%")
    config = Config()
    config.set_main_option("script_location", f"{folder}/running")
    config.set_main_option("version_locations", f"{folder}/versions")
    config.set_main_option("path_separator", "newline")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
