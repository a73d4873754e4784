"""API keys: made, shown once, checked on each request, revoked."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from api.identity.asker import Asker, Role
from api.identity.audit_log import AuditLog, now_text
from api.identity.digests import ShownKey, derived, digest, new_key, read_key
from api.identity.errors import AdminError, UnknownHereError
from api.identity.people import known_role, must_be_institution
from api.identity.tables import api_keys
from api.store.database import Database
from api.store.errors import StoreError

DAYS = 365
MOST_DAYS = 3650
MOST_LETTERS = 200
USE_NOTED_EVERY = timedelta(minutes=10)
"""The last use is written down at most so often: a read must not cost a write each time."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as lists show it: its public part, never the secret."""

    id: str
    institution_id: str
    role: Role
    note: str
    made_at: str
    expires_at: str
    revoked_at: str | None
    used_at: str | None


class Keys:
    """The keys of one store.

    Parameters
    ----------
    secret : bytes
        The server's key; what is stored of a key is a digest made with a key derived from it.
    """

    def __init__(self, database: Database, log: AuditLog, secret: bytes) -> None:
        self.database = database
        self.log = log
        self._key = derived(secret, "api keys")

    def create(self, asker: Asker, institution_id: str, role: str, *, note: str = "", days: int = DAYS) -> tuple[Key, ShownKey]:
        """Make a key of one role; its text is shown this once.

        Raises
        ------
        UnknownHereError, AdminError
        """
        if not 1 <= days <= MOST_DAYS:
            message = f"A key is good for 1 to {MOST_DAYS} days, not {days}."
            raise AdminError(message)
        if len(note) > MOST_LETTERS:
            message = f"A note has at most {MOST_LETTERS} letters."
            raise AdminError(message)
        shown = new_key()
        made = datetime.now(UTC)
        key = Key(
            id=shown.id,
            institution_id=institution_id,
            role=known_role(role),
            note=note,
            made_at=made.isoformat(timespec="seconds"),
            expires_at=(made + timedelta(days=days)).isoformat(timespec="seconds"),
            revoked_at=None,
            used_at=None,
        )
        with self.database.begin() as connection:
            must_be_institution(connection, institution_id)
            values = {name: getattr(key, name) for name in Key.__slots__}
            connection.execute(insert(api_keys).values(**values, digest=digest(self._key, shown.secret)))
            self.log.append(connection, replace(asker, institution_id=institution_id), "key.made", key.id, {"role": key.role})
        return key, shown

    def listed(self, institution_id: str | None = None) -> list[Key]:
        """Keys, of one institution or all, oldest first."""
        asked = select(api_keys).order_by(api_keys.c.made_at, api_keys.c.id)
        with self.database.read() as connection:
            if institution_id is not None:
                must_be_institution(connection, institution_id)
                asked = asked.where(api_keys.c.institution_id == institution_id)
            return [_key(row) for row in connection.execute(asked)]

    def revoke(self, asker: Asker, key_id: str) -> Key:
        """End a key, from the next request on.

        Raises
        ------
        UnknownHereError
        """
        with self.database.begin() as connection:
            found = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
            if found is None:
                raise UnknownHereError("key", key_id, "List them: pathways admin keys list")
            if found.revoked_at is None:
                connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(revoked_at=now_text()))
                self.log.append(connection, replace(asker, institution_id=found.institution_id), "key.revoked", key_id)
            return _key(connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one())

    def owner(self, text: str) -> Asker | None:
        """Who sends a key, if it is one that is neither revoked nor expired.

        A key that does not exist takes as long as one with a wrong secret: both are looked up and both compared.
        """
        shown = read_key(text) or ShownKey("0" * 12, text[:100])
        with self.database.read() as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == shown.id)).one_or_none()
        kept = row.digest if row is not None else "0" * 64
        is_right = hmac.compare_digest(digest(self._key, shown.secret), kept)
        if row is None or not is_right:
            return None
        now = datetime.now(UTC)
        if row.revoked_at is not None or datetime.fromisoformat(row.expires_at) <= now:
            return None
        self._note_use(row, now)
        return Asker(f"key:{row.id}", row.institution_id, frozenset({known_role(row.role)}), "key")

    def _note_use(self, row: Any, now: datetime) -> None:
        if row.used_at is not None and now - datetime.fromisoformat(row.used_at) < USE_NOTED_EVERY:
            return
        try:
            with self.database.begin() as connection:
                used = now.isoformat(timespec="seconds")
                connection.execute(update(api_keys).where(api_keys.c.id == row.id).values(used_at=used))
        except StoreError:
            return  # a store that is busy or full still answers reads; the note can wait


def _key(row: Any) -> Key:
    return Key(**{name: getattr(row, name) for name in Key.__slots__})
