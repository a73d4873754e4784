"""Plans in ``local.sqlite``: every version is kept, none is ever changed.

A version is written only as the successor of the one its author saw, so two people cannot overwrite each other unseen. A
connection lives for one call: any process of any server may answer the next request. Leaves out what is inside a plan.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.store.errors import StalePlanError, StoreError, UnknownPlanError

FILE = "local.sqlite"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of a plan id: none that is read as another (I, L, O, U)."""
ID_LENGTH = 8
MOST_TRIES = 5
WAIT_SECONDS = 10.0
_TABLE = """
create table if not exists plans (
    id text not null,
    version integer not null,
    body text not null,
    kept_at text not null,
    primary key (id, version)
) without rowid
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of one plan, as JSON text."""

    id: str
    version: int
    body: str


@dataclass(frozen=True, slots=True)
class PlanStore:
    """Plans of one machine.

    Parameters
    ----------
    path : Path
        The file; it and its folder are made by the first plan that is kept.
    """

    path: Path

    def add(self, write: Callable[[str], str]) -> Kept:
        """Keep a new plan.

        Parameters
        ----------
        write : callable
            Gets the new id, returns the body.

        Raises
        ------
        StoreError
            If the file cannot be written.
        """
        for _ in range(MOST_TRIES):
            plan_id = "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH))
            kept = Kept(plan_id, 1, write(plan_id))
            if self._insert(kept):
                return kept
        raise StoreError(self.path, "no new id was free")

    def get(self, plan_id: str) -> Kept:
        """The last version of a plan.

        Raises
        ------
        UnknownPlanError
            If there is no such plan.
        StoreError
            If the file cannot be read.
        """
        if not self.path.is_file():
            raise UnknownPlanError(plan_id)
        with self._open() as opened:
            row = opened.execute(
                "select version, body from plans where id = ? order by version desc limit 1", (plan_id.upper(),)
            ).fetchone()
        if row is None:
            raise UnknownPlanError(plan_id)
        return Kept(plan_id.upper(), int(row[0]), str(row[1]))

    def follow(self, seen: Kept, body: str) -> Kept:
        """Keep the next version of a plan.

        Parameters
        ----------
        seen : Kept
            The version the change was made for.
        body : str
            The new one.

        Raises
        ------
        StalePlanError
            If somebody else kept a newer version meanwhile.
        """
        after = Kept(seen.id, seen.version + 1, body)
        if not self._insert(after):
            raise StalePlanError(seen.id, f"version {seen.version}", self.get(seen.id).version)
        return after

    def _insert(self, kept: Kept) -> bool:
        """Write one row; False where that version is there already."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        with self._open() as opened:
            try:
                with opened:
                    opened.execute("insert into plans values (?, ?, ?, ?)", (kept.id, kept.version, kept.body, now))
            except sqlite3.IntegrityError:
                return False
        return True

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=WAIT_SECONDS)) as opened:
                opened.execute("pragma journal_mode = wal")
                opened.execute(_TABLE)
                yield opened
        except (sqlite3.Error, OSError) as error:
            raise StoreError(self.path, " ".join(str(error).split())[:200]) from error
