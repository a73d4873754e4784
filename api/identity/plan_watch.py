"""Plans of the asker's institution, as the asker may open them.

Advisors and administrators open every plan of their institution, everybody else the plans they made. Opening one that was made
for a learner is a view of that learner's record.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, delete, func, insert, select
from starlette.requests import Request

from api.identity.asker import LOCAL_ASKER, Asker
from api.identity.errors import NotAllowedError, UnknownHereError
from api.identity.gate import identity_of
from api.identity.learners import Learners
from api.identity.tables import plan_owners
from api.store.errors import UnknownPlanError
from api.store.plans import Kept, Listed, PlanStore
from api.store.tables import plans

_LEARNER = re.compile(r'"learner":\s*"(l-[0-9a-z]{20})"')


@dataclass(frozen=True, slots=True)
class WatchedPlans(PlanStore):
    """Plans as one asker may open them.

    Parameters
    ----------
    asker : Asker
    learners : Learners or None
        Where learners are looked up; None where there can be none.
    """

    asker: Asker = LOCAL_ASKER
    learners: Learners | None = None

    @property
    def opens_all(self) -> bool:
        """Whether every plan of the institution is open to the asker."""
        return self.asker.how == "local" or self.asker.is_any("advisor", "administrator")

    def add(self, write: Callable[[str], str]) -> Kept:
        """As :meth:`PlanStore.add`; the asker is its maker."""
        kept = PlanStore.add(self, write)
        if self.asker.how != "local":
            # A process that dies before this leaves a plan that only staff can open.
            own = {"institution_id": self.institution, "plan_id": kept.id, "person_id": self.asker.person_id}
            with self.database.begin() as connection:
                connection.execute(insert(plan_owners).values(**own))
        return kept

    def get(self, plan_id: str, version: int | None = None) -> Kept:
        """As :meth:`PlanStore.get`; a plan that the asker may not open does not exist for them."""
        kept = PlanStore.get(self, plan_id, version)
        if not self.opens_all and not self._is_own(kept.id):
            self._refused(kept.id)
            raise UnknownPlanError(plan_id)
        for learner_id in sorted(set(_LEARNER.findall(kept.body))):
            self._note(learner_id, kept.id)
        return kept

    def listed(self, limit: int, after: tuple[str, str] | None = None) -> list[Listed]:
        """As :meth:`PlanStore.listed`, of the plans that the asker may open."""
        if self.opens_all:
            return PlanStore.listed(self, limit, after)
        made = func.min(plans.c.kept_at)
        mine = (plan_owners.c.institution_id == self.institution) & (plan_owners.c.person_id == self.asker.person_id)
        query = select(plans.c.id, made.label("made_at"), func.max(plans.c.kept_at).label("changed_at")).group_by(plans.c.id)
        query = query.where(plans.c.institution_id == self.institution, plans.c.id.in_(select(plan_owners.c.plan_id).where(mine)))
        if after is not None:
            query = query.having((made < after[0]) | ((made == after[0]) & (plans.c.id > after[1])))
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(made.desc(), plans.c.id).limit(limit)).all()
        return [Listed(row.id, row.made_at, row.changed_at) for row in rows]

    def remove(self, seen: Kept) -> None:
        """As :meth:`PlanStore.remove`, with who made it."""
        PlanStore.remove(self, seen)
        with self.database.begin() as connection:
            connection.execute(delete(plan_owners).where(self._owner_of(seen.id)))

    def _owner_of(self, plan_id: str) -> ColumnElement[bool]:
        return (plan_owners.c.institution_id == self.institution) & (plan_owners.c.plan_id == plan_id)

    def _is_own(self, plan_id: str) -> bool:
        with self.database.read() as connection:
            owner = connection.execute(select(plan_owners.c.person_id).where(self._owner_of(plan_id))).scalar_one_or_none()
        return owner == self.asker.person_id

    def _refused(self, plan_id: str) -> None:
        if self.learners is not None and self.asker.how != "anyone":
            roles = sorted(self.asker.roles)
            self.learners.log.record(self.database, self.asker, "refused", plan_id, tried="open a plan", roles=roles)

    def _note(self, learner_id: str, plan_id: str) -> None:
        if self.learners is None or not self.learners.is_known(self.asker, learner_id):
            return
        try:
            self.learners.note_plan(self.asker, learner_id, plan_id)
        except (UnknownHereError, NotAllowedError):
            raise UnknownPlanError(plan_id) from None


def plans_of(request: Request) -> PlanStore:
    """The plans that whoever sent a request may open."""
    store: PlanStore = request.app.state.plans
    asker: Asker = request.state.asker
    identity = identity_of(request)
    if asker is LOCAL_ASKER and not store.database.is_there:
        return replace(store, institution=asker.institution_id)
    return WatchedPlans(store.database, asker.institution_id, asker, Learners(identity.database, identity.log))
