"""After rows are removed, their bytes: the free pages of an SQLite file and its write-ahead log still hold them.

The file is written anew without free pages and the log is emptied. PostgreSQL keeps removed rows on disk until its own vacuum runs;
its backups and archived logs are for whoever runs it. Blocks that the disk itself keeps are beyond any program's reach.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from api.store.database import Database

WAIT_SECONDS = 20.0
FOLDER = "learners"
"""Files that belong to one learner lie in ``learners/ID`` of the data folder."""


def shred_rows(database: Database, *, wait_seconds: float = WAIT_SECONDS) -> bool:
    """Overwrite what was removed.

    Parameters
    ----------
    wait_seconds : float
        How long readers of the former state may hold it up.

    Returns
    -------
    bool
        Whether no byte of removed rows is left in the store's files; False also where that is the database server's business.
    """
    path = database.location.path
    if path is None:
        return False
    ends = time.monotonic() + wait_seconds
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=max(0.1, ends - time.monotonic()), isolation_level=None)) as opened:
                opened.execute("pragma secure_delete = on")
                opened.execute("vacuum")
                busy = opened.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        except sqlite3.OperationalError:
            busy = 1
        if not busy:
            return True
        if time.monotonic() > ends:
            return False
        time.sleep(0.1)


def shred_files(data: Path, learner_id: str) -> int:
    """Overwrite and remove the files of a learner; how many there were."""
    folder = data / FOLDER / learner_id
    if not folder.is_dir():
        return 0
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    for path in files:
        with path.open("r+b") as stream:
            stream.write(b"\0" * path.stat().st_size)
            stream.flush()
    shutil.rmtree(folder)
    return len(files)
