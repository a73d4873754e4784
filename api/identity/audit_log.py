"""The audit log in the store: appended in the transaction of what it records, verified, exported.

Leaves out how rows hang together: :mod:`api.identity.chain`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select, update

from api.identity.asker import Asker
from api.identity.chain import Event, Fault, Head, Row, first_fault, head_of, link
from api.identity.digests import derived
from api.identity.tables import audit_head, audit_log
from api.store.driver import serialize

if TYPE_CHECKING:
    from api.store.database import Database

_HEAD = 1
"""The id of the one row of the table of heads."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a check of the log found."""

    rows: int
    fault: Fault | None
    head: Head | None


class AuditLog:
    """The log of one store.

    Parameters
    ----------
    secret : bytes
        The server's key; seals are made with a key derived from it.
    """

    def __init__(self, secret: bytes) -> None:
        self._key = derived(secret, "audit log")

    def append(
        self, connection: Connection, asker: Asker, action: str, subject: str = "", detail: Mapping[str, Any] | None = None
    ) -> Row:
        """Add a row in a write transaction; others wait for its end, so append last.

        Parameters
        ----------
        action : str
            Words of this program: ``learner.viewed``.
        subject : str
            A pseudonym or an id of this program.
        detail : mapping, optional
            Plain facts, never what a person typed.
        """
        serialize(connection, "audit log")
        event = Event(asker.institution_id, now_text(), asker.person_id, action, subject, json.dumps(detail or {}, sort_keys=True))
        before = _head(connection)
        row = link(before, event, self._key)
        connection.execute(insert(audit_log).values(_values(row)))
        end = head_of(row, self._key)
        values = {"seq": end.seq, "hash": end.hash, "seal": end.seal}
        if before is None:
            connection.execute(insert(audit_head).values(id=_HEAD, **values))
        else:
            connection.execute(update(audit_head).where(audit_head.c.id == _HEAD).values(**values))
        return row

    def record(self, database: Database, asker: Asker, action: str, subject: str = "", **detail: Any) -> None:
        """Add a row in a transaction of its own: for what was refused, which has no other."""
        with database.begin() as connection:
            self.append(connection, asker, action, subject, detail)

    def verify(self, database: Database) -> Verified:
        """Check every row, in one state of the store."""
        with database.read() as connection:
            head = _head(connection)
            counted = _Counted(_rows(connection))
            fault = first_fault(counted, head, self._key)
        return Verified(counted.count, fault, head)


def exported(database: Database, institution_id: str | None = None) -> Iterator[str]:
    """The log as JSON Lines, one row each, in order, with hashes and seals; of one institution or of all."""
    with database.read() as connection:
        for row in _rows(connection):
            if institution_id is None or row.event.institution_id == institution_id:
                yield json.dumps(_values(row), sort_keys=True)


def row_hash(database: Database, seq: int) -> str | None:
    """The hash of one row; None where there is no such row."""
    with database.read() as connection:
        found: str | None = connection.execute(select(audit_log.c.hash).where(audit_log.c.seq == seq)).scalar_one_or_none()
    return found


def now_text() -> str:
    """The present instant as the store writes it."""
    return datetime.now(UTC).isoformat(timespec="microseconds")


class _Counted:
    """Rows that are counted as they pass."""

    def __init__(self, rows: Iterator[Row]) -> None:
        self._rows = rows
        self.count = 0

    def __iter__(self) -> Iterator[Row]:
        for row in self._rows:
            self.count += 1
            yield row


def _head(connection: Connection) -> Head | None:
    found = connection.execute(select(audit_head).where(audit_head.c.id == _HEAD)).one_or_none()
    return None if found is None else Head(found.seq, found.hash, found.seal)


def _rows(connection: Connection) -> Iterator[Row]:
    for row in connection.execute(select(audit_log).order_by(audit_log.c.seq).execution_options(yield_per=1000)):
        event = Event(row.institution_id, row.at, row.actor, row.action, row.subject, row.detail)
        yield Row(row.seq, event, row.previous, row.hash, row.seal)


def _values(row: Row) -> dict[str, Any]:
    event = row.event
    return {
        "seq": row.seq,
        "institution_id": event.institution_id,
        "at": event.at,
        "actor": event.actor,
        "action": event.action,
        "subject": event.subject,
        "detail": event.detail,
        "previous": row.previous,
        "hash": row.hash,
        "seal": row.seal,
    }
