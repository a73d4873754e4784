"""What browsers without sign-in keep: one JSON object each, forgotten after thirty days without a change.

Leaves out what is inside (:mod:`api.pages.kept`) and how a browser is known (:mod:`api.pages.session`).
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from api.store.database import Database
from api.store.location import LOCAL

DAYS = 30
Body = dict[str, Any]


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PageSessions:
    """What the browsers of one institution keep.

    Parameters
    ----------
    database : Database
    institution : str
    clock : callable
        The present instant.
    """

    database: Database
    institution: str = LOCAL
    clock: Callable[[], datetime] = _now

    def get(self, session_id: str) -> Body:
        """What one browser keeps; nothing where it never kept anything, or too long ago.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        if not self.database.is_there:
            return {}
        from sqlalchemy import select

        from api.store.page_session_tables import page_sessions as table

        fresh = self._mine(session_id) & (table.c.changed_at >= self._oldest())
        with self.database.read() as connection:
            body = connection.execute(select(table.c.body).where(fresh)).scalar()
        return {} if body is None else dict(json.loads(body))

    def change(self, session_id: str, work: Callable[[Body], Body]) -> Body:
        """Replace what one browser keeps by what ``work`` makes of it; two changes at once happen one after the other.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        from sqlalchemy import delete, insert, select

        from api.store.page_session_tables import page_sessions as table

        with self.database.begin() as connection:
            connection.execute(delete(table).where(table.c.changed_at < self._oldest()))
            mine = self._mine(session_id)
            body = connection.execute(select(table.c.body).where(mine).with_for_update()).scalar()
            after = work({} if body is None else dict(json.loads(body)))
            connection.execute(delete(table).where(mine))
            if after:
                row = {"institution_id": self.institution, "id": _digest(session_id), "body": json.dumps(after)}
                connection.execute(insert(table).values(**row, changed_at=self.clock().isoformat(timespec="seconds")))
        return after

    def forget(self, session_id: str) -> None:
        """Remove everything that one browser keeps.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        if self.database.is_there:
            self.change(session_id, lambda _: {})

    def _mine(self, session_id: str) -> Any:
        from api.store.page_session_tables import page_sessions as table

        return (table.c.institution_id == self.institution) & (table.c.id == _digest(session_id))

    def _oldest(self) -> str:
        return (self.clock() - timedelta(days=DAYS)).isoformat(timespec="seconds")


def _digest(session_id: str) -> str:
    return sha256(session_id.encode()).hexdigest()
