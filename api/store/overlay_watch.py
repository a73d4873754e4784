"""Whether what lies on the catalog has changed: asked before every answer, so it must cost next to nothing.

For a file it asks SQLite whether anybody committed anything (a few microseconds) before it reads the version. A database server
is asked each time. One that does not answer leaves the catalog as it is: questions are answered, changes wait.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from threading import Lock
from weakref import finalize

from api.store.database import Database
from api.store.errors import StoreError
from api.store.overlays import VERSION_SQL, OverlayStore

Mark = tuple[int, int]
"""Which file it is, counted as they were seen, and the version of the overlay in it: 0 where nothing lies on the catalog."""
PAUSE_SECONDS = 2.0
"""How long a database server that did not answer is left alone."""


class OverlayWatch:
    """What state the overlay is in, as of now.

    Parameters
    ----------
    database : Database
    """

    def __init__(self, database: Database) -> None:
        self._store = OverlayStore(database)
        self._path = database.location.path
        self._lock = Lock()
        self._opened: sqlite3.Connection | None = None
        self._file: tuple[int, int] | None = None
        self._commits = -1
        self._version: int | None = None
        self._not_before = 0.0
        self._files = 0

    def mark(self) -> Mark:
        """Names the present state; the last one known where the store cannot be asked.

        Raises
        ------
        StoreError
            If the store is there, cannot be asked, and never could be: nobody knows what lies on the catalog.
        """
        with self._lock:
            version = self._of_server() if self._path is None else self._of_file(self._path)
            return self._files, version

    def close(self) -> None:
        """Give back the connection; the next question opens it again."""
        with self._lock:
            self._forget()

    def _of_server(self) -> int:
        if self._version is None or time.monotonic() >= self._not_before:
            try:
                self._version = self._store.version()
            except StoreError:
                if self._version is None:
                    raise
                self._not_before = time.monotonic() + PAUSE_SECONDS
        return self._version

    def _of_file(self, path: Path) -> int:
        try:
            found = os.stat(path)
        except OSError:
            self._forget()
            self._version = 0
            return 0
        try:
            # A store that was put back from a backup is another file under the same name.
            if self._opened is None or self._file != (found.st_dev, found.st_ino):
                self._forget()
                self._opened = sqlite3.connect(f"file:{path.resolve().as_posix()}?mode=ro", uri=True, check_same_thread=False)
                finalize(self, self._opened.close)
                self._files += 1
                self._file, self._commits = (found.st_dev, found.st_ino), -1
            commits = int(self._opened.execute("pragma data_version").fetchone()[0])
            if commits != self._commits:
                self._version = self._read(self._opened)
                self._commits = commits
        except sqlite3.Error as error:
            if self._version is None:
                raise StoreError(path, str(error)) from error
            # Busy: ask again at the next question.
            self._commits = -1
        return self._version or 0

    @staticmethod
    def _read(opened: sqlite3.Connection) -> int:
        if opened.execute("select 1 from sqlite_master where name = 'overlay_state'").fetchone() is None:
            return 0
        return int(opened.execute(VERSION_SQL).fetchone()[0])

    def _forget(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
