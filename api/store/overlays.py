"""Keeping what lies on the catalog: each change whole, under the version its author saw, with a number that tells it happened.

Leaves out what an overlay means: :mod:`pathways.catalog.overlay`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from api.store.database import Database
from api.store.errors import StaleOverlayError
from api.store.location import LOCAL, peek

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from pathways.catalog.formats.imported import Imported
    from pathways.catalog.overlay import Approved, LocalRule, Overlay

VERSION_SQL = "select version from overlay_state"


@dataclass(frozen=True, slots=True)
class KeptImport:
    """One imported file, as lists show it."""

    id: int
    file: str
    format: str
    sha256: str
    kept_at: str


@dataclass(frozen=True, slots=True)
class OverlayStore:
    """The overlay of one store.

    Parameters
    ----------
    database : Database
    institution : str
        Who adds; what others added is read too, since a server has one catalog.
    """

    database: Database
    institution: str = LOCAL

    def version(self) -> int:
        """How often the overlay was changed; 0 where there is none. Cheap for a file: no database library is loaded for it.

        Raises
        ------
        StoreError
            If a database server cannot be asked.
        """
        path = self.database.location.path
        if path is not None:
            return peek(path, VERSION_SQL) or 0
        from sqlalchemy import select

        from api.store.overlay_tables import overlay_state

        with self.database.read() as connection:
            return int(connection.execute(select(overlay_state.c.version)).scalar_one())

    def load(self) -> tuple[int, Overlay]:
        """The overlay and its version, as one state.

        Raises
        ------
        StoreError
            If it cannot be read.
        """
        from sqlalchemy import select

        from api.store.overlay_bodies import read_approved, read_import, read_rule
        from api.store.overlay_tables import overlay_agreements, overlay_imports, overlay_rules, overlay_state
        from pathways.catalog.overlay import Overlay

        digest = hashlib.sha256()

        def seen(key: object, body: str) -> str:
            digest.update(f"{key} {len(body)}\n{body}\n".encode())
            return body

        with self.database.read() as connection:
            version = int(connection.execute(select(overlay_state.c.version)).scalar_one())
            imports = tuple(
                read_import(str(row.id), row.file, (seen(row.id, body) for body in _parts(connection, row.institution_id, row.id)))
                for row in connection.execute(select(overlay_imports).order_by(overlay_imports.c.id)).all()
            )
            rules = connection.execute(select(overlay_rules).order_by(overlay_rules.c.kept_at, overlay_rules.c.id)).all()
            agreements = connection.execute(select(overlay_agreements).order_by(overlay_agreements.c.id)).all()
        kept_rules = tuple(read_rule(row.id, seen(row.id, row.body)) for row in rules)
        approved = tuple(read_approved(seen(row.id, row.body)) for row in agreements)
        return version, Overlay(digest.hexdigest(), imports, kept_rules, approved)

    def imports(self) -> tuple[KeptImport, ...]:
        """The imported files, oldest first."""
        from sqlalchemy import select

        from api.store.overlay_tables import overlay_imports

        columns = [overlay_imports.c[name] for name in ("id", "file", "format", "sha256", "kept_at")]
        with self.database.read() as connection:
            return tuple(KeptImport(*row) for row in connection.execute(select(*columns).order_by(overlay_imports.c.id)))

    def add_import(self, found: Imported, file: str, sha256: str, *, seen: int) -> int:
        """Put a file on the catalog, last; an earlier import of the same bytes gives way. Returns the new version.

        Raises
        ------
        StaleOverlayError
            If the overlay changed since its version ``seen``, so that what was checked is not what would come out.
        """
        from sqlalchemy import delete, insert

        from api.store.overlay_bodies import import_parts
        from api.store.overlay_tables import overlay_imports as table
        from api.store.overlay_tables import overlay_parts

        row = {"institution_id": self.institution, "sha256": sha256, "file": file, "format": found.format}

        def write(connection: Connection, version: int) -> None:
            connection.execute(delete(table).where(table.c.sha256 == sha256))
            connection.execute(insert(table).values(**row, id=version, kept_at=now()))
            for number, body in enumerate(import_parts(found)):
                part = {"institution_id": self.institution, "import_id": version, "number": number, "body": body}
                connection.execute(insert(overlay_parts).values(part))

        return self.change(write, seen=seen)

    def remove_import(self, key: int, *, seen: int) -> int:
        """Take a file off the catalog again. Returns the new version."""
        from sqlalchemy import delete

        from api.store.overlay_tables import overlay_imports as table

        return self.change(lambda connection, _: connection.execute(delete(table).where(table.c.id == key)), seen=seen)

    def add_rule(self, rule: LocalRule, *, seen: int) -> int:
        """Keep a local rule. Returns the new version."""
        from sqlalchemy import insert

        from api.store.overlay_bodies import rule_text
        from api.store.overlay_tables import overlay_rules as table

        row = {"institution_id": self.institution, "id": rule.id, "body": rule_text(rule), "kept_at": now()}
        return self.change(lambda connection, _: connection.execute(insert(table).values(row)), seen=seen)

    def remove_rule(self, key: str, *, seen: int) -> int:
        """Drop a local rule of this institution. Returns the new version."""
        from sqlalchemy import delete

        from api.store.overlay_tables import overlay_rules as table

        mine = (table.c.institution_id == self.institution) & (table.c.id == key)
        return self.change(lambda connection, _: connection.execute(delete(table).where(mine)), seen=seen)

    def put_agreement(self, connection: Connection, entry: Approved) -> int:
        """Put an approved agreement on the catalog, or its new wording, within the caller's write transaction.

        The decision and its effect are kept together or not at all. Returns the new version.
        """
        from sqlalchemy import insert

        from api.store.overlay_bodies import approved_text
        from api.store.overlay_tables import overlay_agreements as table

        version = self.withdraw_agreement(connection, entry.agreement.id)
        row = {"institution_id": self.institution, "id": entry.agreement.id, "body": approved_text(entry), "kept_at": now()}
        connection.execute(insert(table).values(row))
        return version

    def withdraw_agreement(self, connection: Connection, key: str) -> int:
        """Take an agreement of this institution off the catalog, within the caller's write transaction. Returns the new version."""
        from sqlalchemy import delete

        from api.store.overlay_tables import overlay_agreements as table

        version = grow(connection)
        connection.execute(delete(table).where((table.c.institution_id == self.institution) & (table.c.id == key)))
        return version

    def change(self, write: Callable[[Connection, int], object], *, seen: int) -> int:
        """Change the overlay, if it still is at the version its author saw; all of it or nothing."""
        with self.database.begin() as connection:
            version = grow(connection)
            if version != seen + 1:
                raise StaleOverlayError(seen, version - 1)
            write(connection, version)
        return version


def _parts(connection: Connection, institution: str, key: int) -> Iterator[str]:
    """The texts of one import, one after the other: a big file is never in memory as text."""
    from sqlalchemy import select

    from api.store.overlay_tables import overlay_parts as table

    mine = (table.c.institution_id == institution) & (table.c.import_id == key)
    for number in connection.execute(select(table.c.number).where(mine).order_by(table.c.number)).scalars().all():
        yield connection.execute(select(table.c.body).where(mine & (table.c.number == number))).scalar_one()


def grow(connection: Connection) -> int:
    """Raise the version of the overlay; whoever comes second waits until the first is done."""
    from sqlalchemy import select, update

    from api.store.overlay_tables import overlay_state as table

    connection.execute(update(table).values(version=table.c.version + 1))
    return int(connection.execute(select(table.c.version)).scalar_one())


def now() -> str:
    """The present instant in UTC, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
