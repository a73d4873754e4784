"""Where else a learner's data can be: every table whose rows may name a learner.

A row names a learner by their id, which is random and stands nowhere by chance, so looking for it in the row's text finds all. Each
table of the store is either listed here or named in :data:`WITHOUT_LEARNERS`; a test refuses a table that is neither.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, or_, select

from api.identity.tables import plan_owners
from api.jobs.tables import job_rows
from api.store.tables import idempotency, plans


@dataclass(frozen=True, slots=True)
class Holding:
    """One table whose rows may name a learner.

    Parameters
    ----------
    name : str
        What an export calls them.
    table : Table
    texts : tuple of str
        Columns that may hold the id.
    key : tuple of str
        Columns that name the thing a row belongs to: with one version of a plan go all of them.
    kept_in : str
        The column with the JSON that an export shows.
    """

    name: str
    table: Table
    texts: tuple[str, ...]
    key: tuple[str, ...]
    kept_in: str


HOLDINGS = (
    Holding("plans", plans, ("body",), ("id",), "body"),
    Holding("answers", idempotency, ("body", "headers"), ("operation", "key"), "body"),
    Holding("caseload_rows", job_rows, ("given", "result", "problem"), ("job_id", "number"), "result"),
)
WITHOUT_LEARNERS = frozenset(
    {
        *("institutions", "people", "memberships", "api_keys", "audit_log", "audit_head"),
        *("learners", "learner_keys", "disclosures", "plan_owners"),
        *("overlay_state", "overlay_imports", "overlay_rules", "overlay_agreements"),
        *("courses", "matches", "decisions", "jobs"),
    }
)
"""Tables that name no learner, and those that :mod:`api.identity.learners` empties itself."""


def held(connection: Connection, institution_id: str, learner_id: str) -> dict[str, list[Any]]:
    """Everything that names a learner, by the name of its holding; every version of it."""
    found: dict[str, list[Any]] = {}
    for holding in HOLDINGS:
        rows = [
            row
            for mine in _things(connection, holding, institution_id, learner_id)
            for row in connection.execute(select(holding.table.c[holding.kept_in]).where(mine)).scalars()
        ]
        found[holding.name] = [_read(row) for row in rows]
    return found


def erase(connection: Connection, institution_id: str, learner_id: str) -> dict[str, int]:
    """Remove everything that names a learner; how many rows of each holding."""
    counts: dict[str, int] = {}
    for holding in HOLDINGS:
        things = _things(connection, holding, institution_id, learner_id)
        counts[holding.name] = sum(connection.execute(delete(holding.table).where(mine)).rowcount for mine in things)
    left = select(plans.c.id).where(plans.c.institution_id == institution_id)
    own = plan_owners.c.institution_id == institution_id
    connection.execute(delete(plan_owners).where(own, plan_owners.c.plan_id.not_in(left)))
    return counts


def _things(connection: Connection, holding: Holding, institution_id: str, learner_id: str) -> list[ColumnElement[bool]]:
    """One condition for each thing that names the learner in any of its rows."""
    columns = holding.table.c
    keys = [columns[name] for name in holding.key]
    names = or_(*(columns[name].contains(learner_id, autoescape=True) for name in holding.texts))
    own = columns.institution_id == institution_id
    rows = connection.execute(select(*keys).where(own, names).distinct().order_by(*keys)).all()
    return [and_(own, *(column == value for column, value in zip(keys, row, strict=True))) for row in rows]


def _read(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
