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
        *("overlay_state", "overlay_imports", "overlay_parts", "overlay_rules", "overlay_agreements", "overlay_parts"),
        *("courses", "matches", "decisions", "jobs"),
        # Known by a browser's cookie alone; nobody can tell whose, and it ends by itself.
        "page_sessions",
    }
)
"""Tables that name no learner, and those that :mod:`api.identity.learners` empties itself."""


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose data is looked for.

    Parameters
    ----------
    person_id : str or None
        The account with which the learner makes plans; None where it is not theirs alone, as that of an advisor.
    """

    institution_id: str
    learner_id: str
    person_id: str | None


def held(connection: Connection, whose: Whose) -> dict[str, list[Any]]:
    """Everything that names a learner or was made by them, by the name of its holding; every version of it."""
    found: dict[str, list[Any]] = {}
    for holding in HOLDINGS:
        rows = [
            row
            for mine in _things(connection, holding, whose)
            for row in connection.execute(select(holding.table.c[holding.kept_in]).where(mine)).scalars()
        ]
        found[holding.name] = [_read(row) for row in rows]
    return found


def erase(connection: Connection, whose: Whose) -> dict[str, int]:
    """Remove everything that names a learner or was made by them; how many rows of each holding."""
    counts: dict[str, int] = {}
    for holding in HOLDINGS:
        things = _things(connection, holding, whose)
        counts[holding.name] = sum(connection.execute(delete(holding.table).where(mine)).rowcount for mine in things)
    left = select(plans.c.id).where(plans.c.institution_id == whose.institution_id)
    own = plan_owners.c.institution_id == whose.institution_id
    connection.execute(delete(plan_owners).where(own, plan_owners.c.plan_id.not_in(left)))
    return counts


def _things(connection: Connection, holding: Holding, whose: Whose) -> list[ColumnElement[bool]]:
    """One condition for each thing that names the learner in any of its rows, or was made by them."""
    columns = holding.table.c
    keys = [columns[name] for name in holding.key]
    named = [columns[name].contains(whose.learner_id, autoescape=True) for name in holding.texts]
    names = or_(*named, *_made_by(holding, whose))
    own = columns.institution_id == whose.institution_id
    rows = connection.execute(select(*keys).where(own, names).distinct().order_by(*keys)).all()
    return [and_(own, *(column == value for column, value in zip(keys, row, strict=True))) for row in rows]


def _made_by(holding: Holding, whose: Whose) -> list[ColumnElement[bool]]:
    """What the learner's own account made, whether it names them or not."""
    if whose.person_id is None:
        return []
    if holding.table is plans:
        mine = (plan_owners.c.institution_id == whose.institution_id) & (plan_owners.c.person_id == whose.person_id)
        return [plans.c.id.in_(select(plan_owners.c.plan_id).where(mine))]
    if holding.table is idempotency:
        return [idempotency.c.operation.endswith(f" {whose.person_id}", autoescape=True)]
    return []


def _read(text: str | None) -> Any:
    try:
        return json.loads(text or "null")
    except ValueError:
        return text
