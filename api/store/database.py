"""One store, SQLite or PostgreSQL: opened when first used, brought up to date, read and written in transactions.

A write transaction is one writer at a time on SQLite (``begin immediate``) and waits a while for its turn; a read sees one state
of the store from its first question to its end. What the database refuses comes out as an error of :mod:`api.store.errors`, so
that callers know no driver. Leaves out tables (:mod:`api.store.tables`) and what is kept in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from api.settings import Settings
from api.store.errors import StoreError
from api.store.location import Location, location_of

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

WAIT_SECONDS = 10.0
"""How long a writer waits for another before it gives up."""


class Database:
    """One store.

    Parameters
    ----------
    location : Location
    wait_seconds : float
        How long a transaction waits for another one before it fails with :class:`~api.store.errors.StoreBusyError`.
    """

    def __init__(self, location: Location, *, wait_seconds: float = WAIT_SECONDS) -> None:
        self.location = location
        self.wait_seconds = wait_seconds
        self._lock = Lock()
        self._engine: Engine | None = None

    def __repr__(self) -> str:
        return f"Database({self.location.name})"

    @property
    def is_there(self) -> bool:
        """Whether anything can have been kept: False only for a file that nobody has made yet."""
        return self.location.path is None or self.location.path.is_file()

    def open(self) -> Database:
        """Open it and bring its tables up to date; every transaction does so by itself.

        Raises
        ------
        StoreError
            If it cannot be opened, or a newer program made it.
        """
        self._opened()
        return self

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A write transaction: all of it is kept when the block ends, nothing of it where the block raises.

        Raises
        ------
        ConstraintError
            If an id is taken, or a row belongs to nothing.
        StoreError
            If the store cannot be written: busy, full, or not there.
        """
        from api.store.driver import translated

        with translated(self.location), self._opened().execution_options(writes=True).begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A read transaction: one state of the store, whatever others write meanwhile.

        Raises
        ------
        StoreError
            If the store cannot be read.
        """
        from api.store.driver import translated

        with translated(self.location), self._opened().begin() as connection:
            yield connection

    def answers(self) -> bool:
        """Whether it can be read now; a file that nobody has made yet counts as one that can."""
        from sqlalchemy import text

        try:
            if self.is_there:
                with self.read() as connection:
                    connection.execute(text("select version_num from alembic_version"))
        except StoreError:
            return False
        return True

    def close(self) -> None:
        """Give back every connection; the next transaction opens the store again."""
        with self._lock:
            if self._engine is not None:
                self._engine.dispose()
                self._engine = None

    def _opened(self) -> Engine:
        with self._lock:
            if self._engine is None or not self.is_there:
                self._engine = self._open()
            return self._engine

    def _open(self) -> Engine:
        from api.store.driver import make_engine, translated
        from api.store.upgrade import upgrade

        path = self.location.path
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(self.location.name, str(error)) from error
        engine = make_engine(self.location, self.wait_seconds)
        try:
            with translated(self.location):
                upgrade(engine, self.location)
        except BaseException:
            engine.dispose()
            raise
        return engine


def database_of(where: Settings | Path | str) -> Database:
    """The store that settings, a file or an address name: one for the whole process, opened by its first transaction."""
    return _shared(location_of(where))


@lru_cache(maxsize=64)
def _shared(location: Location) -> Database:
    return Database(location)


def open_database(where: Settings | Path | str, *, wait_seconds: float = WAIT_SECONDS) -> Database:
    """A store of its own connections, opened and up to date; for whoever closes it again.

    Raises
    ------
    StoreError
        If it cannot be opened.
    """
    return Database(location_of(where), wait_seconds=wait_seconds).open()
