"""Answers of creating requests, kept for a day under the key their sender chose: the same request again gets the same answer.

A key belongs to one institution and one operation (which names the person too). Its row is written before the work starts, so of
two equal requests at once one works and the other is told so. Leaves out what a request and an answer are (:mod:`api.idempotency`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from api.store.database import Database
from api.store.errors import ConstraintError
from api.store.location import LOCAL

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement

KEPT = timedelta(hours=24)
"""How long an answer is kept."""
GIVEN_UP = timedelta(minutes=10)
"""After so long without an answer the first request is taken to have died with its process."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered: status, headers and body."""

    status: int
    headers: Mapping[str, str]
    body: str


Begun = Answer | Literal["new", "running", "other request"]


@dataclass(frozen=True, slots=True)
class AnswerStore:
    """Answers of one institution.

    Parameters
    ----------
    database : Database
    institution : str
    """

    database: Database
    institution: str = LOCAL

    def begin(self, operation: str, key: str, request_sha256: str, now: datetime | None = None) -> Begun:
        """Take a key for a request that starts.

        Returns
        -------
        Answer, or ``new``, ``running``, ``other request``
            ``new``: do the work, then :meth:`finish` or :meth:`release`. An answer: it was done before.

        Raises
        ------
        StoreError
        """
        from sqlalchemy import delete, insert, select

        from api.store.tables import idempotency as table

        now = now or datetime.now(UTC)
        mine = self._mine(operation, key)
        row = {"institution_id": self.institution, "operation": operation, "key": key, "request_sha256": request_sha256}
        try:
            with self.database.begin() as connection:
                connection.execute(delete(table).where(table.c.started_at < _text(now - KEPT)))
                dead = mine & table.c.status.is_(None) & (table.c.started_at < _text(now - GIVEN_UP))
                connection.execute(delete(table).where(dead))
                connection.execute(insert(table).values({**row, "started_at": _text(now)}))
        except ConstraintError:
            with self.database.read() as connection:
                found = connection.execute(select(table).where(mine)).one_or_none()
        else:
            return "new"
        if found is None:
            return "running"
        if found.request_sha256 != request_sha256:
            return "other request"
        return "running" if found.status is None else Answer(found.status, json.loads(found.headers), found.body)

    def finish(self, operation: str, key: str, answer: Answer) -> None:
        """Keep the answer of the work a key was taken for."""
        from sqlalchemy import update

        from api.store.tables import idempotency as table

        values = {"status": answer.status, "headers": json.dumps(dict(answer.headers)), "body": answer.body}
        with self.database.begin() as connection:
            connection.execute(update(table).where(self._mine(operation, key)).values(values))

    def release(self, operation: str, key: str) -> None:
        """Give a key back whose work failed, so that the same request may be tried again."""
        from sqlalchemy import delete

        from api.store.tables import idempotency as table

        with self.database.begin() as connection:
            connection.execute(delete(table).where(self._mine(operation, key), table.c.status.is_(None)))

    def _mine(self, operation: str, key: str) -> ColumnElement[bool]:
        from api.store.tables import idempotency as table

        return (table.c.institution_id == self.institution) & (table.c.operation == operation) & (table.c.key == key)


def _text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat(timespec="seconds")
