"""Which nodes of the graph a learner's record already holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

import numpy as np

from pathways.catalog.entities import Catalog
from pathways.credential import Select
from pathways.graph.arrays import IntArray
from pathways.graph.compiled import CompiledGraph
from pathways.graph.conditions import implies
from pathways.graph.gates import OpenItem
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.rules import (
    Admitted,
    Approved,
    Condition,
    Degree,
    Employed,
    Exam,
    Experience,
    License,
    Manual,
    Member,
)
from pathways.units import convert, converts

#: Says whether a record meets a condition on a day; only a plain yes makes it held.
ConditionReader = Callable[[Condition, LearnerRecord, date], bool]


def held_nodes(
    graph: CompiledGraph,
    record: LearnerRecord,
    catalog: Catalog,
    on: date,
    *,
    meets: ConditionReader | None = None,
    extra: Iterable[int] = (),
) -> IntArray:
    """Nodes a record holds on a day.

    Parameters
    ----------
    graph : CompiledGraph
    record : LearnerRecord
        Achievements count in stage earned or posted and not expired. One under an area holds that area's version; several
        different items under one generic id hold as many copies of it.
    catalog : Catalog
        Says what an item of the learner's own may be matched by.
    on : date
    meets : callable, optional
        Reads a condition from the record. Without it a condition is held where the record states the very same thing.
    extra : iterable of int
        Nodes known to be met by other means: a credit rule (``graph.rules``) that an audit found met, for example.

    Returns
    -------
    int array
        Ascending, each once.
    """
    current = [item for item in record.achievements if _counts(item, on)]
    found: set[int] = set(extra)
    names: dict[str, set[str | None]] = defaultdict(set)
    for item in current:
        if item.id not in graph.index:
            continue
        if item.area is not None and (item.id, item.area) in graph.area_nodes:
            found.add(graph.area_nodes[item.id, item.area])
            if item.id in graph.copy_nodes:
                names[item.id].add(item.name)
            continue
        found.add(graph.index[item.id])
        names[item.id].add(item.name)
    for generic, copies in graph.copy_nodes.items():
        found.update(copies[: len(names[generic])])
    reader = meets or _states
    found.update(node for condition, node in graph.condition_nodes.items() if reader(condition, record, on))
    own = [item for item in current if item.id not in catalog.credentials or item.type or item.subject or item.issuer]
    for place in graph.open_items:
        found.update(_filled(place, own))
    return np.array(sorted(found), np.int64)


def _counts(item: EarnedCredential, on: date) -> bool:
    return item.stage in {"earned", "posted"} and (item.expires_on is None or item.expires_on >= on)


def _filled(place: OpenItem, own: list[EarnedCredential]) -> tuple[int, ...]:
    fitting = {(item.id, item.name): item for item in own if any(_matches(selection, item) for selection in place.selections)}
    if place.credits is None:
        return place.nodes[: len(fitting)]
    values = (item.credits for item in fitting.values() if item.credits and converts(item.credits.unit, place.unit))
    total = sum((convert(value.amount, value.unit, place.unit) for value in values), Fraction(0))
    return (place.gate,) if total >= place.credits else ()


def _matches(selection: Select, item: EarnedCredential) -> bool:
    wanted = ((selection.issuer, item.issuer), (selection.subject, item.subject), (selection.type, item.type))
    return all(value is None or value == actual for value, actual in wanted)


def _states(condition: Condition, record: LearnerRecord, _: date) -> bool:
    return any(implies(stated, condition) for stated in _statements(record))


def _statements(record: LearnerRecord) -> list[Condition]:
    """What a record says, as conditions, word for word."""
    said: list[Condition] = [License(item.place, item.kind, item.grades, item.subjects) for item in record.licenses or ()]
    said += [Degree(item.level, item.field) for item in record.degrees or ()]
    said += [Exam(item.name, item.score) for item in record.exams or ()]
    said += [Experience(item.role, item.years, item.hours) for item in record.experience or ()]
    said += [Employed(item.role, item.place) for item in record.employment or ()]
    said += [Member(name) for name in record.memberships or ()]
    said += [Approved(item.by) for item in record.approvals or ()]
    said += [Admitted(name) for name in record.admissions or ()]
    said += [Manual(item.text) for item in record.attestations]
    return said
