"""Institutions, the people who sign in, and their roles."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from api.identity.asker import ROLES, Asker, Role
from api.identity.audit_log import AuditLog, now_text
from api.identity.digests import random_id
from api.identity.errors import AdminError, UnknownHereError
from api.identity.tables import memberships, people
from api.store.database import Database
from api.store.errors import ConstraintError
from api.store.tables import institutions

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
MOST_LETTERS = 400


@dataclass(frozen=True, slots=True)
class Institution:
    """A university, district or provider whose rows stay its own."""

    id: str
    name: str
    made_at: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in: a pseudonym, who vouches for them, and what they may do."""

    id: str
    institution_id: str
    issuer: str | None
    subject: str | None
    roles: tuple[Role, ...]
    session_epoch: int
    made_at: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True)
class People:
    """Institutions and people of one store; every change is in the audit log."""

    database: Database
    log: AuditLog

    def add_institution(self, asker: Asker, institution_id: str, name: str) -> Institution:
        """Add an institution.

        Raises
        ------
        AdminError
            If the id is no short name or is taken.
        """
        if not _SLUG.fullmatch(institution_id):
            message = f'"{institution_id[:80]}" is no id: expected lower-case letters, digits and hyphens, such as "state-college".'
            raise AdminError(message)
        if not name.strip() or len(name) > MOST_LETTERS:
            message = f"An institution needs a name of at most {MOST_LETTERS} letters."
            raise AdminError(message)
        made = Institution(institution_id, name.strip(), now_text())
        try:
            with self.database.begin() as connection:
                connection.execute(insert(institutions).values(id=made.id, name=made.name, made_at=made.made_at))
                self.log.append(connection, replace(asker, institution_id=made.id), "institution.added", made.id)
        except ConstraintError as error:
            message = f'There is an institution "{institution_id}" already.'
            raise AdminError(message) from error
        return made

    def list_institutions(self) -> list[Institution]:
        """All institutions, by id."""
        with self.database.read() as connection:
            rows = connection.execute(select(institutions).order_by(institutions.c.id)).all()
        return [Institution(row.id, row.name, row.made_at) for row in rows]

    def add(
        self, asker: Asker, institution_id: str, roles: tuple[str, ...], *, issuer: str | None = None, subject: str | None = None
    ) -> Person:
        """Add a person of an institution.

        Parameters
        ----------
        issuer, subject : str, optional
            Who they are at the sign-in provider; both or neither.

        Raises
        ------
        UnknownHereError, AdminError
        """
        given = tuple(dict.fromkeys(known_role(role) for role in roles))
        if (issuer is None) != (subject is None):
            raise AdminError("Give both the provider's address (issuer) and the person's subject there, or neither.")
        try:
            with self.database.begin() as connection:
                must_be_institution(connection, institution_id)
                person_id = random_id("p")
                made = now_text()
                connection.execute(
                    insert(people).values(
                        institution_id=institution_id, id=person_id, issuer=issuer, subject=subject, session_epoch=0, made_at=made
                    )
                )
                _give(connection, institution_id, person_id, given)
                within = replace(asker, institution_id=institution_id)
                self.log.append(connection, within, "person.added", person_id, {"roles": sorted(given)})
        except ConstraintError as error:
            raise AdminError("That subject of that provider is a person here already.") from error
        return Person(person_id, institution_id, issuer, subject, tuple(sorted(given)), 0, made, None)

    def listed(self, institution_id: str | None = None) -> list[Person]:
        """People, of one institution or all, oldest first."""
        asked = select(people).order_by(people.c.made_at, people.c.id)
        with self.database.read() as connection:
            if institution_id is not None:
                must_be_institution(connection, institution_id)
                asked = asked.where(people.c.institution_id == institution_id)
            return [_person(row, _roles(connection, row.id)) for row in connection.execute(asked).all()]

    def set_roles(self, asker: Asker, person_id: str, roles: tuple[str, ...]) -> Person:
        """Give a person exactly these roles, from the next request on.

        Raises
        ------
        UnknownHereError, AdminError
        """
        given = tuple(dict.fromkeys(known_role(role) for role in roles))
        with self.database.begin() as connection:
            found = _found(connection, person_id)
            before = found.roles
            connection.execute(delete(memberships).where(memberships.c.person_id == person_id))
            _give(connection, found.institution_id, person_id, given)
            within = replace(asker, institution_id=found.institution_id)
            self.log.append(connection, within, "person.roles", person_id, {"before": sorted(before), "after": sorted(given)})
            return _found(connection, person_id)

    def revoke(self, asker: Asker, person_id: str) -> Person:
        """Shut a person out, at once and with every open session; what they did stays recorded.

        Raises
        ------
        UnknownHereError
        """
        with self.database.begin() as connection:
            found = _found(connection, person_id)
            if found.revoked_at is None:
                values = {"revoked_at": now_text(), "session_epoch": found.session_epoch + 1}
                connection.execute(update(people).where(people.c.id == person_id).values(**values))
                self.log.append(connection, replace(asker, institution_id=found.institution_id), "person.revoked", person_id)
            return _found(connection, person_id)

    def by_subject(self, issuer: str, subject: str) -> Person | None:
        """Who a sign-in provider vouches for; None where nobody here is that."""
        with self.database.read() as connection:
            row = connection.execute(select(people).where(people.c.issuer == issuer, people.c.subject == subject)).one_or_none()
            return None if row is None else _person(row, _roles(connection, row.id))

    def get(self, person_id: str) -> Person | None:
        """A person as they are now."""
        with self.database.read() as connection:
            row = connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
            return None if row is None else _person(row, _roles(connection, row.id))

    def end_sessions(self, person_id: str) -> None:
        """End every session of a person."""
        with self.database.begin() as connection:
            connection.execute(update(people).where(people.c.id == person_id).values(session_epoch=people.c.session_epoch + 1))


def known_role(text: str) -> Role:
    """A role by its name.

    Raises
    ------
    AdminError
    """
    found = next((role for role in ROLES if role == text), None)
    if found is None:
        message = f'There is no role "{text[:80]}". Expected one of {", ".join(ROLES)}.'
        raise AdminError(message)
    return found


def must_be_institution(connection: Connection, institution_id: str) -> None:
    """Refuse an id that is no institution's.

    Raises
    ------
    UnknownHereError
    """
    if connection.execute(select(institutions.c.id).where(institutions.c.id == institution_id)).first() is None:
        raise UnknownHereError("institution", institution_id, "List them: pathways admin institutions list")


def _give(connection: Connection, institution_id: str, person_id: str, roles: tuple[Role, ...]) -> None:
    made = now_text()
    for role in roles:
        connection.execute(insert(memberships).values(institution_id=institution_id, person_id=person_id, role=role, made_at=made))


def _roles(connection: Connection, person_id: str) -> tuple[Role, ...]:
    found = set(connection.execute(select(memberships.c.role).where(memberships.c.person_id == person_id)).scalars())
    return tuple(role for role in sorted(ROLES) if role in found)


def _found(connection: Connection, person_id: str) -> Person:
    row = connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
    if row is None:
        raise UnknownHereError("person", person_id, "List them: pathways admin people list")
    return _person(row, _roles(connection, row.id))


def _person(row: Any, roles: tuple[Role, ...]) -> Person:
    return Person(**{name: getattr(row, name) for name in Person.__slots__ if name != "roles"}, roles=roles)
