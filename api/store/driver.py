"""What differs between SQLite and PostgreSQL: how connections are set up, how a transaction begins, and what errors mean.

The only module that knows the drivers. Leaves out the tables: both databases have the same.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from api.store.errors import ConstraintError, StoreBusyError, StoreError, StoreFullError
from api.store.location import Location

CONNECT_SECONDS = 10
_BUSY_WORDS = ("database is locked", "database table is locked", "database schema is locked")
_FULL_WORDS = ("disk is full", "disk i/o error", "no space left")
#: SQLSTATE: lock not available, deadlock, serialization failure, canceled by a timeout.
_BUSY_STATES = frozenset({"55P03", "40P01", "40001", "57014"})
_FULL_STATES = frozenset({"53100"})


def make_engine(location: Location, wait_seconds: float) -> Engine:
    """An engine whose transactions behave as :class:`~api.store.database.Database` promises.

    Raises
    ------
    StoreError
        If the address is none, or the driver of that database is not installed.
    """
    if location.path is not None:
        return _sqlite(location, wait_seconds)
    try:
        # A server may have been restarted since a connection was last used: ask before each use, connect again where it was.
        engine = create_engine(location.url, pool_pre_ping=True, pool_recycle=1800, connect_args={"timeout": CONNECT_SECONDS})
    except ModuleNotFoundError as error:
        why = f'the package {error.name} is missing: pip install "pathways[server]"'
        raise StoreError(location.name, why) from error
    except (SQLAlchemyError, NoSuchModuleError) as error:
        raise StoreError(location.name, _first_line(error)) from error

    @event.listens_for(engine, "connect")
    def _set_up(raw: Any, _: object) -> None:
        cursor = raw.cursor()
        cursor.execute(f"set lock_timeout = {int(wait_seconds * 1000)}")
        raw.commit()
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if not connection.get_execution_options().get("writes"):
            connection.exec_driver_sql("set transaction isolation level repeatable read read only")

    return engine


def _sqlite(location: Location, wait_seconds: float) -> Engine:
    # A connection lives for one transaction: none is carried over to another thread or to a forked process.
    engine = create_engine(location.url, poolclass=NullPool, connect_args={"timeout": wait_seconds})

    @event.listens_for(engine, "connect")
    def _set_up(raw: sqlite3.Connection, _: object) -> None:
        # The driver's own way to begin transactions is too late for reads and too weak for writes.
        raw.isolation_level = None
        _wal(raw, wait_seconds)
        raw.execute("pragma foreign_keys = on")
        # What is acknowledged must survive the loss of power, not only the end of the process.
        raw.execute("pragma synchronous = full")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("pragma query_only = " + ("off" if writes else "on"))
        connection.exec_driver_sql("begin immediate" if writes else "begin")

    return engine


def _wal(raw: sqlite3.Connection, wait_seconds: float) -> None:
    """Switch to write-ahead logging: readers and the writer do not wait for each other.

    SQLite does not wait for its turn while two connections make the switch at once, so this does.
    """
    ends = time.monotonic() + wait_seconds
    while True:
        try:
            raw.execute("pragma journal_mode = wal")
        except sqlite3.OperationalError as error:
            if not _has(str(error), _BUSY_WORDS) or time.monotonic() > ends:
                raise
            time.sleep(0.02)
        else:
            return


def serialize(connection: Connection, name: str) -> None:
    """Let one transaction at a time pass here, by name, until it ends.

    On SQLite a write transaction is alone anyway. For chains and counters: read the last row, add the next.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


@contextmanager
def translated(location: Location) -> Iterator[None]:
    """Let errors of the database out as errors of this project."""
    try:
        yield
    except DBAPIError as error:
        raise meaning(error, location) from error
    except SQLAlchemyError as error:
        raise StoreError(location.name, _first_line(error)) from error
    except (sqlite3.Error, OSError) as error:
        raise StoreError(location.name, _first_line(error)) from error


def meaning(error: DBAPIError, location: Location) -> Exception:
    """What an error of the database means for whoever asked."""
    said = _first_line(error.orig)
    state = _state(error.orig)
    if isinstance(error, IntegrityError) or state.startswith("23"):
        return ConstraintError(said)
    if state in _BUSY_STATES or _has(said, _BUSY_WORDS):
        return StoreBusyError(location.name, said)
    if state in _FULL_STATES or _has(said, _FULL_WORDS):
        return StoreFullError(location.name, said)
    return StoreError(location.name, said)


def _has(said: str, words: tuple[str, ...]) -> bool:
    return any(word in said.casefold() for word in words)


def _state(error: BaseException | None) -> str:
    facts = _facts(error)
    return str(facts.get("C", "")) if facts else ""


def _facts(error: BaseException | None) -> dict[str, Any] | None:
    first = error.args[0] if error is not None and error.args else None
    return first if isinstance(first, dict) else None


def _first_line(error: BaseException | None) -> str:
    facts = _facts(error)
    said = str(facts.get("M", "")) if facts else str(error)
    return " ".join(said.split())[:200]
