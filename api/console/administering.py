"""Institutions, people, keys and the audit log of this machine's store, as the person who runs it administers them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from api.admin_schemas import AuditCheckOut, InstitutionOut, KeyMadeOut, KeyOut, PersonOut
from api.console.exits import OptionError
from api.console.paper import Paper
from api.identity.asker import ROLES, Asker
from api.identity.audit_log import AuditLog, exported, row_hash
from api.identity.keys import Keys
from api.identity.learners import Learners
from api.identity.people import People, Person
from api.secret_key import key_of
from api.settings import read_settings
from api.store.database import Database, database_of
from api.store.location import LOCAL


def operator(institution_id: str = LOCAL) -> Asker:
    """Whoever may run commands on this machine: nobody is above them."""
    return Asker("operator", institution_id, frozenset(ROLES), "local")


class Office:
    """The parts of identity over the store that the environment names."""

    def __init__(self) -> None:
        self.settings = read_settings(os.environ)

    @cached_property
    def database(self) -> Database:
        """The store."""
        return database_of(self.settings)

    @cached_property
    def log(self) -> AuditLog:
        """The audit log."""
        return AuditLog(key_of(self.settings))

    @cached_property
    def people(self) -> People:
        """Institutions and people."""
        return People(self.database, self.log)

    @cached_property
    def keys(self) -> Keys:
        """API keys."""
        return Keys(self.database, self.log, key_of(self.settings))

    @cached_property
    def learners(self) -> Learners:
        """Learners' records."""
        return Learners(self.database, self.log)

    @property
    def data(self) -> Path:
        """Where files are kept."""
        return self.settings.data or self.settings.home


def add_institution(institution_id: str, name: str) -> InstitutionOut:
    """Add an institution."""
    return InstitutionOut(**asdict(Office().people.add_institution(operator(), institution_id, name)))


def institutions() -> list[InstitutionOut]:
    """All institutions."""
    return [InstitutionOut(**asdict(row)) for row in Office().people.list_institutions()]


def add_person(institution_id: str, roles: Sequence[str], issuer: str | None, subject: str | None) -> PersonOut:
    """Add a person."""
    return _person(Office().people.add(operator(), institution_id, tuple(roles), issuer=issuer, subject=subject))


def people(institution_id: str | None) -> list[PersonOut]:
    """People of one institution, or of all."""
    return [_person(row) for row in Office().people.listed(institution_id)]


def set_roles(person_id: str, roles: Sequence[str]) -> PersonOut:
    """Give a person exactly these roles."""
    return _person(Office().people.set_roles(operator(), person_id, tuple(roles)))


def revoke_person(person_id: str) -> PersonOut:
    """Shut a person out."""
    return _person(Office().people.revoke(operator(), person_id))


def create_key(institution_id: str, role: str, note: str, days: int) -> KeyMadeOut:
    """Make a key."""
    key, shown = Office().keys.create(operator(), institution_id, role, note=note, days=days)
    return KeyMadeOut(key=KeyOut(**asdict(key)), secret=shown.text)


def keys(institution_id: str | None) -> list[KeyOut]:
    """Keys of one institution, or of all."""
    return [KeyOut(**asdict(row)) for row in Office().keys.listed(institution_id)]


def revoke_key(key_id: str) -> KeyOut:
    """End a key."""
    return KeyOut(**asdict(Office().keys.revoke(operator(), key_id)))


def check_log(noted: str | None) -> AuditCheckOut:
    """Check the audit log, also against a head that was noted before.

    Raises
    ------
    OptionError
        If the noted head is none.
    """
    office = Office()
    if noted is not None:
        seq, _, wanted = noted.partition(":")
        if not (seq.isascii() and seq.isdigit() and len(wanted) == 64):
            raise OptionError("--head: expected ROW:HASH as this command prints it.")
    found = office.log.verify(office.database)
    bad, what = (found.fault.seq, found.fault.what) if found.fault is not None else (None, None)
    if noted is not None and bad is None and row_hash(office.database, int(seq)) != wanted:
        bad, what = int(seq), "it is not the row that was noted: the log was put back to another state"
    head = f"{found.head.seq}:{found.head.hash}" if found.head is not None else None
    return AuditCheckOut(intact=bad is None, rows=found.rows, head=head, first_bad_row=bad, what=what)


def log_lines(institution_id: str | None) -> str:
    """The audit log as JSON Lines."""
    return "".join(f"{line}\n" for line in exported(Office().database, institution_id))


def write_institutions(paper: Paper, rows: Sequence[InstitutionOut]) -> None:
    """Write institutions, one a line."""
    for row in rows:
        paper.line(f"{row.id}  {row.name}")


def write_people(paper: Paper, rows: Sequence[PersonOut]) -> None:
    """Write people, one a line."""
    for row in rows:
        who = f"{row.subject} of {row.issuer}" if row.subject else "no sign-in"
        standing = "" if row.revoked_at is None else f" · shut out {row.revoked_at[:10]}"
        paper.line(f"{row.id}  {row.institution_id} · {', '.join(row.roles) or 'no role'} · {who}{standing}")


def write_keys(paper: Paper, rows: Sequence[KeyOut]) -> None:
    """Write keys, one a line."""
    for row in rows:
        ends = f"good until {row.expires_at[:10]}" if row.revoked_at is None else f"revoked {row.revoked_at[:10]}"
        used = "never used" if row.used_at is None else f"last used {row.used_at[:10]}"
        note = f" · {row.note}" if row.note else ""
        paper.line(f"{row.id}  {row.institution_id} · {row.role} · {ends} · {used}{note}")


def write_new_key(paper: Paper, answer: KeyMadeOut) -> None:
    """Write a key so that a shell can take it: alone on its line."""
    paper.exact(answer.secret)


def write_check(paper: Paper, answer: AuditCheckOut) -> None:
    """Write what a check found."""
    if answer.intact:
        paper.line(f"The audit log is as it was written: {answer.rows} rows.")
        if answer.head is not None:
            paper.line("It ends at the row below. Keep this line elsewhere; --head checks that the log still has it.")
            paper.exact(answer.head)
        return
    paper.line(f"Row {answer.first_bad_row} of the audit log is not as it was written: {answer.what}.", style="bold")


def one(write: Any) -> Any:
    """A writer of rows, for one row."""
    return lambda paper, answer: write(paper, [answer])


def _person(row: Person) -> PersonOut:
    fields = asdict(row)
    del fields["session_epoch"]
    return PersonOut(**{**fields, "roles": list(row.roles)})
