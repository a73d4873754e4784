"""Which approved agreements anybody uses: in the last version of a plan, or posted in a learner's record."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from sqlalchemy import and_, func, select

from api.identity.tables import learners
from api.store.database import Database
from api.store.tables import plans

CLAIM = "claim:"


def uses(database: Database, institution: str) -> Counter[str]:
    """Times each agreement is used by an institution's plans; a record uses it where it holds the course as posted by it.

    Parameters
    ----------
    database : Database
    institution : str

    Returns
    -------
    Counter of str
        By agreement id.
    """
    found: Counter[str] = Counter()
    last = select(plans.c.id, func.max(plans.c.version).label("version")).where(plans.c.institution_id == institution)
    newest = last.group_by(plans.c.id).subquery()
    same = and_(plans.c.id == newest.c.id, plans.c.version == newest.c.version, plans.c.institution_id == institution)
    with database.read() as connection:
        for row in connection.execute(select(plans.c.body).join(newest, same)):
            found.update(_claims(json.loads(row.body)))
        for record in connection.execute(select(learners.c.record).where(learners.c.institution_id == institution)):
            found.update({name for name in _words(json.loads(record.record)) if name.startswith("match-")})
    return found


def _claims(plan: dict[str, Any]) -> set[str]:
    return {
        item["id"].removeprefix(CLAIM)
        for term in plan.get("terms", ())
        for item in term.get("items", ())
        if item["id"].startswith(CLAIM)
    }


def _words(value: Any) -> list[str]:
    """Every text in a record."""
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [word for part in parts for word in _words(part)]
