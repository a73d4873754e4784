"""Plans of the asker's institution; opening one that was made for a learner is a view of that learner's record."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from starlette.requests import Request

from api.identity.asker import LOCAL_ASKER, Asker
from api.identity.errors import UnknownHereError
from api.identity.gate import identity_of
from api.identity.learners import Learners
from api.store.errors import UnknownPlanError
from api.store.plans import Kept, PlanStore

_LEARNER = re.compile(r'"learner":\s*"(l-[0-9a-z]{20})"')


@dataclass(frozen=True, slots=True)
class WatchedPlans(PlanStore):
    """Plans as one asker may open them.

    Parameters
    ----------
    asker : Asker
    learners : Learners or None
        Where learners are looked up.
    """

    asker: Asker = LOCAL_ASKER
    learners: Learners | None = None

    def get(self, plan_id: str, version: int | None = None) -> Kept:
        """As :meth:`PlanStore.get`; a plan of a learner whom the asker may not see does not exist for them."""
        kept = PlanStore.get(self, plan_id, version)
        for learner_id in sorted(set(_LEARNER.findall(kept.body))):
            self._note(learner_id, kept.id)
        return kept

    def _note(self, learner_id: str, plan_id: str) -> None:
        if self.learners is None or not self.learners.is_known(self.asker, learner_id):
            return
        try:
            self.learners.note_plan(self.asker, learner_id, plan_id)
        except UnknownHereError:
            raise UnknownPlanError(plan_id) from None


def plans_of(request: Request) -> PlanStore:
    """The plans that whoever sent a request may open."""
    store: PlanStore = request.app.state.plans
    asker: Asker = request.state.asker
    identity = identity_of(request)
    if asker is LOCAL_ASKER and not store.database.is_there:
        return replace(store, institution=asker.institution_id)
    learners = Learners(identity.database, identity.log)
    return WatchedPlans(store.database, asker.institution_id, asker, learners)
