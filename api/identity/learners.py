"""Learners' records: who may see or change them, who did, and how they are erased.

Each view and change is written to the audit log in the same transaction, under a pseudonym that only the learner's own key can
make; what others than the learner see is a disclosure too. Leaves out what a record says: :mod:`pathways.record`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from api.identity import holdings
from api.identity.asker import LOCAL_ASKER, Asker, Role
from api.identity.audit_log import AuditLog, now_text
from api.identity.digests import digest, random_id
from api.identity.errors import NotAllowedError, StaleRecordError, UnknownHereError
from api.identity.holdings import Whose
from api.identity.tables import api_keys, disclosures, learner_keys, learners, memberships, people
from api.store.database import Database

RIGHTS: Mapping[str, tuple[Role, ...]] = {
    "view": ("advisor", "administrator"),
    "change": ("advisor", "administrator"),
    "export": ("administrator",),
    "erase": ("administrator",),
    "disclosures": ("administrator",),
}
"""Who may do what with the records of others; a learner may do all of it with their own."""
_DONE = {"view": "viewed", "change": "changed", "export": "exported", "erase": "erased", "disclosures": "disclosures-viewed"}


@dataclass(frozen=True, slots=True)
class Learner:
    """One version of one record; ``record`` and ``consents`` are JSON text."""

    id: str
    person_id: str | None
    version: int
    record: str
    consents: str
    made_at: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """Somebody other than the learner saw or changed the record."""

    at: str
    person_id: str
    roles: str
    action: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Everything:
    """All that is kept of a learner."""

    learner: Learner
    disclosures: tuple[Disclosure, ...]
    held: Mapping[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Learners:
    """Records of one store.

    Raises
    ------
    UnknownHereError
        From every method, for an id that the asker's institution does not have, and for a learner who asks for another's.
    NotAllowedError
        From every method, for a role that may not; the attempt is in the audit log.
    """

    database: Database
    log: AuditLog

    def add(self, asker: Asker, *, record: str, consents: str, person_id: str | None = None) -> Learner:
        """Keep a new record; one that a learner adds is their own."""
        if not asker.is_any("advisor", "administrator"):
            person_id = asker.person_id
            self._must_be(asker, ("learner",), "keep a learner's record")
        now = now_text()
        made = Learner(random_id("l"), person_id, 1, record, consents, now, now)
        key = secrets.token_hex(32)
        with self.database.begin() as connection:
            own = {"institution_id": asker.institution_id}
            values = {name: getattr(made, name) for name in Learner.__slots__}
            connection.execute(insert(learners).values(**own, **values))
            connection.execute(insert(learner_keys).values(**own, learner_id=made.id, key=key))
            self._note(connection, asker, made, "added", "")
        return made

    def ids(self, asker: Asker, *, after: str, count: int) -> list[Learner]:
        """Records that the asker may view, by id; a learner's own only."""
        asked = select(learners).where(learners.c.institution_id == asker.institution_id, learners.c.id > after)
        if not asker.is_any(*RIGHTS["view"]):
            self._must_be(asker, ("learner",), "list learners' records")
            asked = asked.where(learners.c.person_id == asker.person_id)
        with self.database.read() as connection:
            return [_learner(row) for row in connection.execute(asked.order_by(learners.c.id).limit(count))]

    def get(self, asker: Asker, learner_id: str, purpose: str) -> Learner:
        """The record as it is now."""
        self._authorize(asker, learner_id, "view")
        with self.database.begin() as connection:
            found = self._found(connection, asker, learner_id)
            self._note(connection, asker, found, _DONE["view"], purpose)
        return found

    def change(self, asker: Asker, learner_id: str, version: int | None, *, record: Callable[[str], str], consents: str) -> Learner:
        """Put another record in place of the version its author saw; None stands for any.

        Parameters
        ----------
        record : callable
            Gets the former record, returns the new one.

        Raises
        ------
        StaleRecordError
            If it is at another version by now.
        """
        self._authorize(asker, learner_id, "change")
        with self.database.begin() as connection:
            found = self._found(connection, asker, learner_id)
            if version is not None and found.version != version:
                raise StaleRecordError(learner_id, found.version)
            values = {"record": record(found.record), "consents": consents, "version": found.version + 1, "changed_at": now_text()}
            connection.execute(update(learners).where(_is(asker, learner_id)).values(**values))
            changed = self._found(connection, asker, learner_id)
            self._note(connection, asker, changed, _DONE["change"], "")
        return changed

    def export(self, asker: Asker, learner_id: str, purpose: str) -> Everything:
        """All that is kept of a learner, this export included among the disclosures."""
        self._authorize(asker, learner_id, "export")
        with self.database.begin() as connection:
            found = self._found(connection, asker, learner_id)
            self._note(connection, asker, found, _DONE["export"], purpose)
            held = holdings.held(connection, _whose(connection, asker, found))
            return Everything(found, _disclosures(connection, asker, learner_id), held)

    def disclosures(self, asker: Asker, learner_id: str) -> tuple[Disclosure, ...]:
        """Who saw or changed the record, oldest first."""
        self._authorize(asker, learner_id, "disclosures")
        with self.database.begin() as connection:
            found = self._found(connection, asker, learner_id)
            self._note(connection, asker, found, _DONE["disclosures"], "")
            return _disclosures(connection, asker, learner_id)

    def erase(self, asker: Asker, learner_id: str) -> dict[str, int]:
        """Remove the record, everything that names the learner, and the key to their pseudonym; how many rows of each."""
        self._authorize(asker, learner_id, "erase")
        with self.database.begin() as connection:
            found = self._found(connection, asker, learner_id)
            pseudonym = self._pseudonym(connection, found.id)
            whose = _whose(connection, asker, found)
            counts = holdings.erase(connection, whose)
            for name, table in (("disclosures", disclosures), ("keys", learner_keys)):
                counts[name] = connection.execute(delete(table).where(table.c.learner_id == learner_id)).rowcount
            counts["accounts"] = _forget(connection, whose)
            counts["records"] = connection.execute(delete(learners).where(_is(asker, learner_id))).rowcount
            self.log.append(connection, asker, "learner.erased", pseudonym, counts)
        return counts

    def note_plan(self, asker: Asker, learner_id: str, plan_id: str) -> None:
        """Somebody opens a plan that was made for a learner: the same right as viewing the record, and a disclosure."""
        self._authorize(asker, learner_id, "view")
        with self.database.begin() as connection:
            found = self._found(connection, asker, learner_id)
            self._note(connection, asker, found, "plan-viewed", f"plan {plan_id}")

    def is_known(self, asker: Asker, learner_id: str) -> bool:
        """Whether the asker's institution has such a learner."""
        with self.database.read() as connection:
            return connection.execute(select(learners.c.id).where(_is(asker, learner_id))).first() is not None

    def _authorize(self, asker: Asker, learner_id: str, action: str) -> None:
        with self.database.read() as connection:
            found = self._found(connection, asker, learner_id)
            pseudonym = self._pseudonym(connection, found.id)
        if asker.is_any(*RIGHTS[action]) or (asker.is_any("learner") and found.person_id == asker.person_id):
            return
        self._refused(asker, pseudonym, action)
        if asker.is_any("learner"):
            # To a learner, another learner does not exist.
            raise _unknown(learner_id)
        message = f"{action} a learner's record"
        raise NotAllowedError(message, RIGHTS[action])

    def _must_be(self, asker: Asker, roles: tuple[Role, ...], what: str) -> None:
        if not asker.is_any(*roles):
            self._refused(asker, "", what)
            raise NotAllowedError(what, ("learner", "advisor", "administrator"))

    def _refused(self, asker: Asker, pseudonym: str, action: str) -> None:
        if asker.how != "anyone":
            self.log.record(self.database, asker, "refused", pseudonym, tried=action, roles=sorted(asker.roles))

    def _found(self, connection: Connection, asker: Asker, learner_id: str) -> Learner:
        row = connection.execute(select(learners).where(_is(asker, learner_id))).one_or_none()
        if row is None:
            raise _unknown(learner_id)
        return _learner(row)

    def _note(self, connection: Connection, asker: Asker, learner: Learner, done: str, purpose: str) -> None:
        if learner.person_id is None or learner.person_id != asker.person_id:
            connection.execute(
                insert(disclosures).values(
                    institution_id=asker.institution_id,
                    learner_id=learner.id,
                    at=now_text(),
                    person_id=asker.person_id,
                    roles=" ".join(sorted(asker.roles)),
                    action=done,
                    purpose=purpose,
                )
            )
        self.log.append(connection, asker, f"learner.{done}", self._pseudonym(connection, learner.id))

    def _pseudonym(self, connection: Connection, learner_id: str) -> str:
        key = connection.execute(select(learner_keys.c.key).where(learner_keys.c.learner_id == learner_id)).scalar_one()
        return digest(bytes.fromhex(key), learner_id)[:32]


def _whose(connection: Connection, asker: Asker, learner: Learner) -> Whose:
    """Whose data goes with a record: also the account's, where it is a learner's and nothing else."""
    person_id = learner.person_id
    roles = select(memberships.c.role).where(memberships.c.person_id == person_id)
    keys = select(api_keys.c.role).where(api_keys.c.id == (person_id or "").removeprefix("key:"))
    is_staff = set(connection.execute(roles.union(keys)).scalars()) - {"learner"}
    is_shared = person_id == LOCAL_ASKER.person_id
    return Whose(asker.institution_id, learner.id, None if is_staff or is_shared else person_id)


def _forget(connection: Connection, whose: Whose) -> int:
    """Remove a learner's account: whom the sign-in provider knows them as, and every session."""
    connection.execute(delete(memberships).where(memberships.c.person_id == whose.person_id))
    return connection.execute(delete(people).where(people.c.id == whose.person_id)).rowcount


def _is(asker: Asker, learner_id: str) -> Any:
    return (learners.c.institution_id == asker.institution_id) & (learners.c.id == learner_id)


def _unknown(learner_id: str) -> UnknownHereError:
    return UnknownHereError("learner", learner_id)


def _learner(row: Any) -> Learner:
    return Learner(**{name: getattr(row, name) for name in Learner.__slots__})


def _disclosures(connection: Connection, asker: Asker, learner_id: str) -> tuple[Disclosure, ...]:
    mine = (disclosures.c.institution_id == asker.institution_id) & (disclosures.c.learner_id == learner_id)
    rows = connection.execute(select(disclosures).where(mine).order_by(disclosures.c.id))
    return tuple(Disclosure(**{name: getattr(row, name) for name in Disclosure.__slots__}) for row in rows)
