"""The list of kept plans, page by page, and taking one out.

A plan that the asker may not open is left out of the list as if it were not there, so a page may be shorter than asked for.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence

from api.audit_schemas import PageIn
from api.errors import InputError, InputProblem
from api.plan_list_schemas import PlanPageOut, PlanRowOut
from api.plan_service import read, tag_of
from api.store.errors import StalePlanError, UnknownPlanError
from api.store.plans import Listed, PlanStore
from api.world import World


def listed(world: World, store: PlanStore, wanted: PageIn) -> PlanPageOut:
    """One page of plans, those made last first.

    Raises
    ------
    InputError
        If the cursor is not one of this list.
    StoreError
    """
    after = None if wanted.cursor is None else _after(wanted.cursor)
    found = store.listed(wanted.limit + 1, after)
    page = found[: wanted.limit]
    more = len(found) > len(page)
    rows = [row for one in page if (row := _row(store, one)) is not None]
    return PlanPageOut(items=rows, next_cursor=_cursor(page[-1]) if more else None)


def delete(world: World, store: PlanStore, plan_id: str, tags: Sequence[str]) -> None:
    """Take a plan out, with all its versions.

    Parameters
    ----------
    tags : sequence of str
        Entity tags the caller has; ``*`` stands for any.

    Raises
    ------
    UnknownPlanError, StalePlanError, StoreError
    """
    kept = store.get(plan_id)
    if not {"*", tag_of(kept.id, kept.version)} & set(tags):
        raise StalePlanError(kept.id, ", ".join(tags)[:100], kept.version)
    store.remove(kept)


def _row(store: PlanStore, one: Listed) -> PlanRowOut | None:
    try:
        plan = read(store.get(one.id))
    except UnknownPlanError:
        return None
    totals = plan.totals
    return PlanRowOut(
        id=one.id,
        version=plan.version,
        outcome=plan.outcome,
        target=plan.target,
        ends=totals.ends if totals else None,
        items=totals.items if totals else 0,
        cost=totals.cost_usd.text if totals else "",
        made_at=one.made_at,
        changed_at=one.changed_at,
    )


def _cursor(last: Listed) -> str:
    return base64.urlsafe_b64encode(json.dumps([last.made_at, last.id]).encode()).decode().rstrip("=")


def _after(cursor: str) -> tuple[str, str]:
    detail = "This is not a cursor of this list. Use next_cursor of the page before."
    try:
        made_at, plan_id = json.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError) as error:
        raise InputError((InputProblem("?cursor", detail),)) from error
    if not (isinstance(made_at, str) and isinstance(plan_id, str)):
        raise InputError((InputProblem("?cursor", detail),))
    return made_at, plan_id
