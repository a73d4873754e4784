"""What an evaluator works at: the world, the store, who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from api.identity.asker import Asker
from api.identity.audit_log import AuditLog
from api.identity.errors import UnknownHereError
from api.review.agreements import Agreements
from api.review.courses import CourseStore
from api.review.matches import MatchStore
from api.store.database import Database
from api.store.overlays import OverlayStore
from api.store.tables import institutions
from api.world import World
from pathways.matching.proposal import CourseText


@dataclass(frozen=True, slots=True)
class Desk:
    """What an evaluator works at."""

    world: World
    database: Database
    asker: Asker
    log: AuditLog

    @property
    def matches(self) -> MatchStore:
        """The queue."""
        return MatchStore(self.database, self.asker, self.log)

    @property
    def courses(self) -> CourseStore:
        """The institution's courses."""
        return CourseStore(self.database, self.asker.institution_id)

    def institution_name(self) -> str:
        """The name learners read where a course names none.

        Raises
        ------
        UnknownHereError
            If there is no such institution.
        """
        with self.database.read() as connection:
            mine = institutions.c.id == self.asker.institution_id
            name = connection.execute(select(institutions.c.name).where(mine)).scalar_one_or_none()
        if name is None:
            advice = "pathways admin institutions list shows those there are."
            raise UnknownHereError("institution", self.asker.institution_id, advice)
        return str(name)

    def agreements(self, courses: Mapping[str, CourseText]) -> Agreements:
        """What keeps the catalog in step with decisions."""
        return Agreements(OverlayStore(self.database, self.asker.institution_id), self.world.catalog, courses)
