"""Bodies of the list of kept plans."""

from __future__ import annotations

from pydantic import Field

from api.plan_schemas import Outcome
from api.schemas import ItemOut, OutBody


class PlanRowOut(OutBody):
    """One kept plan in short."""

    id: str
    version: int
    outcome: Outcome
    target: ItemOut
    ends: str | None = Field(description="The term it ends with; null where there is no plan or nothing left to do.")
    items: int
    cost: str
    made_at: str = Field(description="When its first version was kept, in UTC.")
    changed_at: str = Field(description="When its last version was kept, in UTC.")


class PlanPageOut(OutBody):
    """One page of kept plans; `next_cursor` is null on the last."""

    items: list[PlanRowOut]
    next_cursor: str | None = None
