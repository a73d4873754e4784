"""Plans side by side: length, load, price, dates to watch, and where each item stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from api.plan_changes import places
from api.plan_schemas import ComparisonOut, DifferenceOut, PlanOut

NOWHERE = "-"
_NO_PLAN = "no plan"


def comparison(plans: Sequence[PlanOut], heads: Sequence[str]) -> ComparisonOut:
    """A table of plans, one column each: totals first, then every item that does not stand in the same term in all of them.

    Parameters
    ----------
    plans : sequence of PlanOut
    heads : sequence of str
        What each column is called.
    """
    rows = [_row(what, [say(plan) for plan in plans]) for what, say in _TOTALS]
    if len({plan.target.id for plan in plans}) > 1:
        rows.insert(0, _row("target", [plan.target.name for plan in plans]))
    stands = [places(plan) for plan in plans]
    names = {item.id: item.name for plan in plans for term in plan.terms for item in term.items}
    items = [_row(name, [where.get(key, NOWHERE) for where in stands]) for key, name in names.items()]
    return ComparisonOut(plans=list(heads), rows=[*rows, *(row for row in items if row.differs)])


def _row(what: str, values: list[str]) -> DifferenceOut:
    return DifferenceOut(what=what, values=values, differs=len(set(values)) > 1)


def _finish(plan: PlanOut) -> str:
    if plan.totals is None:
        return _NO_PLAN
    return plan.totals.ends or "nothing left to do"


def _total(say: Callable[[PlanOut], str]) -> Callable[[PlanOut], str]:
    return lambda plan: NOWHERE if plan.totals is None else say(plan)


def _terms(plan: PlanOut) -> str:
    return f"{sum(bool(term.items) for term in plan.terms)} of {len(plan.terms)}"


def _load(plan: PlanOut) -> str:
    assert plan.totals is not None
    unknown = plan.totals.load_unknown
    return f"at least {plan.totals.load:g}; {unknown} of {plan.totals.items} not published" if unknown else f"{plan.totals.load:g}"


def _most(plan: PlanOut) -> str:
    assert plan.totals is not None
    return f"{'at least ' if plan.totals.load_unknown else ''}{plan.totals.most_load:g}"


def _items(plan: PlanOut) -> str:
    assert plan.totals is not None
    return str(plan.totals.items)


def _cost(plan: PlanOut) -> str:
    assert plan.totals is not None
    return plan.totals.cost_usd.text


def _hours(plan: PlanOut) -> str:
    assert plan.totals is not None
    return plan.totals.hours.text


def _warnings(plan: PlanOut) -> str:
    late = sum(entry.late for entry in plan.radar)
    return f"{len(plan.radar)}, {late} too early" if late else str(len(plan.radar))


_TOTALS: tuple[tuple[str, Callable[[PlanOut], str]], ...] = (
    ("finish", _finish),
    ("terms in use", _total(_terms)),
    ("items", _total(_items)),
    ("credits", _total(_load)),
    ("heaviest term", _total(_most)),
    ("known cost", _total(_cost)),
    ("known hours", _total(_hours)),
    ("dates to watch", _total(_warnings)),
)
