"""Credentials the learner is close to without having asked: stacks already begun, fewest steps left first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

import numpy as np

from pathways.graph.bounds import remaining
from pathways.graph.readiness import Readiness
from pathways.recommendation.answer import Near
from pathways.recommendation.missing import missing_of
from pathways.recommendation.targets import proof_of
from pathways.record import LearnerRecord, ids_held
from pathways.requirements.audit import audit

if TYPE_CHECKING:
    from pathways.recommendation.engine import Engine

#: Not "near" any more with more steps than this, and at most so many shown.
MOST_STEPS, SHOWN = 3, 4


def near_stacks(
    engine: Engine, record: LearnerRecord, ready: Readiness, *, left_out: Collection[str], name_of: Callable[[str], str]
) -> tuple[Near, ...]:
    """Find composed credentials that name something on the record and are at most :data:`MOST_STEPS` steps away.

    ``left_out`` names what is shown elsewhere in the answer: targets, and what can be claimed already.

    Returns
    -------
    tuple of Near
        Fewest steps first, then catalog order. Retired ones are dead ends, not near.
    """
    catalog, on, held = engine.catalog, engine.on, ready.held
    owned = dict.fromkeys(ids_held(record, on))
    generics = [generic for item in owned for generic in catalog.generics_of(item)]
    begun = dict.fromkeys(parent for item in (*owned, *generics) for parent in catalog.named_by.get(item, ()))
    wanted = [
        engine.graph.index[credential_id]
        for credential_id in begun
        if credential_id in catalog.parts and credential_id not in owned and credential_id not in left_out
    ]
    rows = np.array([row for row in wanted if not engine.columns.retired[row]], dtype=np.int64)
    # What lacks more items directly than the limit is further away still: no bound has to be computed for it.
    rows = rows[ready.missing_of(rows) < MOST_STEPS] if len(rows) else rows
    bounds = [(remaining(engine.graph, held, row, exact=False), row) for row in rows.tolist()]
    close = sorted((left.upper, row, left) for left, row in bounds if left.reachable and left.upper <= MOST_STEPS)
    found = []
    for steps, row, left in close[:SHOWN]:
        item = catalog.credentials[engine.ids[row]]
        verdict = audit(catalog.composed_of(item.id), record, catalog, (), on=on)
        found.append(Near(item, steps, tuple(entry.text for entry in missing_of(verdict, name_of, None)), proof_of(left)))
    return tuple(found)
