"""Plans: every version is kept, none is ever changed.

A version is written only as the successor of the one its author saw, so two people cannot overwrite each other unseen. Any process
of any server may answer the next request. Leaves out what is inside a plan.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from api.store.database import Database
from api.store.errors import ConstraintError, StalePlanError, StoreError, UnknownPlanError
from api.store.location import FILE, LOCAL

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Letters of a plan id: none that is read as another (I, L, O, U)."""
ID_LENGTH = 8
MOST_TRIES = 5

__all__ = ["FILE", "ID_LENGTH", "LETTERS", "MOST_TRIES", "Kept", "Listed", "PlanStore"]


@dataclass(frozen=True, slots=True)
class Kept:
    """One version of one plan, as JSON text."""

    id: str
    version: int
    body: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One plan of a list: its id, and when its first and its last version were kept."""

    id: str
    made_at: str
    changed_at: str


@dataclass(frozen=True, slots=True)
class PlanStore:
    """Plans of one institution.

    Parameters
    ----------
    database : Database
        A file is made by the first plan that is kept.
    institution : str
        Whose plans: another institution's id is unknown here.
    """

    database: Database
    institution: str = LOCAL

    def add(self, write: Callable[[str], str]) -> Kept:
        """Keep a new plan.

        Parameters
        ----------
        write : callable
            Gets the new id, returns the body.

        Raises
        ------
        StoreError
            If it cannot be written.
        """
        for _ in range(MOST_TRIES):
            plan_id = "".join(secrets.choice(LETTERS) for _ in range(ID_LENGTH))
            kept = Kept(plan_id, 1, write(plan_id))
            if self._insert(kept):
                return kept
        raise StoreError(self.database.location.name, "no new id was free")

    def get(self, plan_id: str, version: int | None = None) -> Kept:
        """One version of a plan, by default the last.

        Raises
        ------
        UnknownPlanError
            If there is no such plan or version.
        StoreError
            If it cannot be read.
        """
        if not self.database.is_there:
            raise UnknownPlanError(plan_id)
        from sqlalchemy import select

        from api.store.tables import plans

        mine = (plans.c.institution_id == self.institution) & (plans.c.id == plan_id.upper())
        if version is not None:
            mine &= plans.c.version == version
        last = select(plans.c.version, plans.c.body).where(mine).order_by(plans.c.version.desc()).limit(1)
        with self.database.read() as connection:
            row = connection.execute(last).one_or_none()
        if row is None:
            raise UnknownPlanError(plan_id)
        return Kept(plan_id.upper(), row.version, row.body)

    def listed(self, limit: int, after: tuple[str, str] | None = None) -> list[Listed]:
        """Plans, those made last first.

        Parameters
        ----------
        limit : int
        after : (str, str), optional
            When the last plan seen was made, and its id.

        Raises
        ------
        StoreError
            If they cannot be read.
        """
        if not self.database.is_there:
            return []
        from sqlalchemy import func, select

        from api.store.tables import plans

        made = func.min(plans.c.kept_at)
        query = select(plans.c.id, made.label("made_at"), func.max(plans.c.kept_at).label("changed_at"))
        query = query.where(plans.c.institution_id == self.institution).group_by(plans.c.id)
        if after is not None:
            query = query.having((made < after[0]) | ((made == after[0]) & (plans.c.id > after[1])))
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(made.desc(), plans.c.id).limit(limit)).all()
        return [Listed(row.id, row.made_at, row.changed_at) for row in rows]

    def remove(self, seen: Kept) -> None:
        """Take a plan out, with all its versions.

        Raises
        ------
        StalePlanError
            If somebody else kept a newer version meanwhile.
        StoreError
            If it cannot be written.
        """
        from sqlalchemy import delete, func, select

        from api.store.tables import plans

        mine = (plans.c.institution_id == self.institution) & (plans.c.id == seen.id)
        with self.database.begin() as connection:
            now = connection.execute(select(func.max(plans.c.version)).where(mine)).scalar()
            if now is not None and now != seen.version:
                raise StalePlanError(seen.id, f"version {seen.version}", now)
            connection.execute(delete(plans).where(mine))

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
        from sqlalchemy import insert

        from api.store.tables import plans

        now = datetime.now(UTC).isoformat(timespec="seconds")
        row = {"institution_id": self.institution, "id": kept.id, "version": kept.version, "body": kept.body, "kept_at": now}
        try:
            with self.database.begin() as connection:
                connection.execute(insert(plans).values(row))
        except ConstraintError:
            return False
        return True
