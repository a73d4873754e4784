"""Which credentials are considered: matches of the goal, what targets need, what closes a stack, minus what is of no use now."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from pathways.articulation.agreements import CLOSING_KINDS
from pathways.catalog.entities import Catalog
from pathways.recommendation.relevance import Relevance
from pathways.record import LearnerRecord, ids_held
from pathways.requirements.rules import AllOf, Conflict, Held, Node, OpenAll

if TYPE_CHECKING:
    from models.base import IntArray
    from pathways.recommendation.engine import Engine

#: At most so many from the cone of one target.
BY_TARGET = 300
#: Days before an expiry from which renewing is a next step.
RENEW_WITHIN = 180


@dataclass(frozen=True)
class Candidates:
    """Rows to score.

    Parameters
    ----------
    rows : int array, shape (m,)
        Catalog rows, ascending.
    renew : frozenset of int
        Rows that are held but expired, or expire soon.
    """

    rows: IntArray
    renew: frozenset[int]


def candidates(
    engine: Engine, record: LearnerRecord, relevance: Relevance | None, *, targets: Iterable[str], excluded: Collection[str]
) -> Candidates:
    """Choose rows to score.

    Parameters
    ----------
    engine : Engine
    record : LearnerRecord
    relevance : Relevance or None
        Match with the goal; None where only targets were asked for.
    targets : iterable of str
        Catalog ids worked toward.
    excluded : collection of str
        Ids the learner does not want to see.

    Returns
    -------
    Candidates
    """
    catalog, index, on = engine.catalog, engine.graph.index, engine.on
    rows: set[int] = set()
    if relevance is not None and relevance.verdict != "none":
        rows.update(relevance.top.tolist())
    for target in targets:
        rows.update(index[item] for item in cone_ids(catalog, target))
    rows.update(index[item] for item in closing_items(catalog, record, on))
    renew = {index[item] for item in lapsing(record, on) if item in index}
    dropped = {index[item] for item in (*useless(catalog, record, on), *excluded) if item in index}
    kept = {row for row in rows if not engine.columns.retired[row]} - dropped
    wanted_renewals = {row for row in renew if row in rows and not engine.columns.retired[row]}
    return Candidates(np.array(sorted(kept | wanted_renewals), dtype=np.int64), frozenset(wanted_renewals))


def cone_ids(catalog: Catalog, target: str) -> list[str]:
    """Everything a target's requirements name, and what those need in turn, nearest first; the target itself first."""
    seen = {target: None}
    queue = deque([target])
    while queue and len(seen) < BY_TARGET:
        current = queue.popleft()
        below: list[str] = []
        for row in catalog.rows_by_credential.get(current, ()):
            if row.kind != "precedes":
                below.extend(catalog.named_ids(row.rule))
        for agreement in catalog.agreements_to.get(current, ()):
            if agreement.kind in CLOSING_KINDS:
                below.extend(agreement.from_ids)
        for item in below:
            if item not in seen and catalog.item(item) is not None:
                seen[item] = None
                queue.append(item)
    return list(seen)


def needed_always(catalog: Catalog, target: str) -> frozenset[str]:
    """Ids without which no listed route reaches a target: what its complete or open lists name outright, and what those need."""
    found: set[str] = set()
    queue = [target]
    while queue:
        current = queue.pop()
        stack: list[Node] = [row.rule for row in catalog.rows_by_credential.get(current, ()) if row.kind != "precedes"]
        while stack:
            node = stack.pop()
            if isinstance(node, AllOf | OpenAll):
                stack.extend(node.children)
            elif isinstance(node, Conflict):
                stack.extend((node.first, node.second))
            elif isinstance(node, Held) and node.id not in found:
                found.add(node.id)
                queue.append(node.id)
    return frozenset(found)


def closing_items(catalog: Catalog, record: LearnerRecord, on: date) -> list[str]:
    """Items that stacks already begun still miss, and those stacks, for stacks with at most two listed parts left."""
    held = set(ids_held(record, on))
    found: dict[str, None] = {}
    for credential_id in dict.fromkeys(parent for item in sorted(held) for parent in catalog.named_by.get(item, ())):
        left = sorted(catalog.parts.get(credential_id, frozenset()) - held)
        if credential_id not in held and credential_id in catalog.parts and len(left) <= 2:
            found.update(dict.fromkeys([*left, credential_id]))
    return [item for item in found if catalog.item(item) is not None]


def lapsing(record: LearnerRecord, on: date) -> list[str]:
    """Ids held whose last version has expired or expires within :data:`RENEW_WITHIN` days."""
    last: dict[str, date] = {}
    for item in record.achievements:
        if item.stage in {"earned", "posted"}:
            last[item.id] = max(last.get(item.id, date.min), item.expires_on or date.max)
    return [credential_id for credential_id, day in last.items() if day <= on + timedelta(days=RENEW_WITHIN)]


def useless(catalog: Catalog, record: LearnerRecord, on: date) -> list[str]:
    """Ids held (generic ones excepted: there is always another item), and ids whose every use is already there.

    An id counts as equivalent to what is held when agreements post it as something, all of that is held, and it is a listed part of
    nothing the learner lacks.
    """
    held = set(ids_held(record, on))
    found = [item for item in held if (known := catalog.item(item)) is not None and not known.generic]
    sources = {item for target in held for agreement in catalog.agreements_to.get(target, ()) for item in agreement.from_ids}
    for credential_id in sorted(sources - held):
        posted = [
            agreement
            for agreement in catalog.agreements_from[credential_id]
            if agreement.kind in CLOSING_KINDS and agreement.mode == "alternative"
        ]
        all_there = bool(posted) and all(agreement.to_id in held for agreement in posted)
        if all_there and held.issuperset(catalog.named_by.get(credential_id, ())):
            found.append(credential_id)
    return found
