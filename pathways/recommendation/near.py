"""Credentials the learner is close to without having asked: stacks already begun, fewest steps left first."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from pathways.graph.bounds import remaining
from pathways.recommendation.answer import Near
from pathways.recommendation.audits import holds
from pathways.recommendation.missing import missing_of
from pathways.recommendation.targets import proof_of
from pathways.record import LearnerRecord
from pathways.requirements.audit import audit

if TYPE_CHECKING:
    from models.base import IntArray
    from pathways.recommendation.engine import Engine

#: Not "near" any more with more steps than this, and at most so many shown.
MOST_STEPS, SHOWN = 4, 5


def near_stacks(
    engine: Engine, record: LearnerRecord, held: IntArray, *, left_out: Collection[str], name_of: Callable[[str], str]
) -> tuple[Near, ...]:
    """Find composed credentials that name something on the record and are at most :data:`MOST_STEPS` steps away.

    ``left_out`` names what is shown elsewhere in the answer: targets, and what can be claimed already.

    Returns
    -------
    tuple of Near
        Fewest steps first, then catalog order. Retired ones are dead ends, not near.
    """
    catalog, on = engine.catalog, engine.on
    owned = dict.fromkeys(item.id for item in record.achievements if holds(record, item.id, on))
    generics = [generic for item in owned for generic in catalog.generics_of(item)]
    begun = dict.fromkeys(parent for item in (*owned, *generics) for parent in catalog.named_by.get(item, ()))
    found = []
    for credential_id in begun:
        item = catalog.credentials[credential_id]
        if credential_id in owned or credential_id in left_out or item.status == "retired" or credential_id not in catalog.parts:
            continue
        left = remaining(engine.graph, held, engine.graph.index[credential_id], exact=False)
        if left.reachable and left.upper <= MOST_STEPS:
            verdict = audit(catalog.composed_of(credential_id), record, catalog, (), on=on)
            texts = tuple(entry.text for entry in missing_of(verdict, name_of, None))
            found.append(Near(item, left.upper, texts, proof_of(left)))
    return tuple(sorted(found, key=lambda entry: entry.remaining)[:SHOWN])
