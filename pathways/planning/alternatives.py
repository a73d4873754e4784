"""Other plans worth a look beside the best one, and what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import term_count
from pathways.planning.parts import Cut, Prepared
from pathways.planning.problem import Objective, Plan, PlanProgress, Problem
from pathways.planning.solver import is_feasible, plan_from, prepared, search
from pathways.planning.solving import Clock

#: What the named alternatives make small first.
FASTEST: tuple[Objective, ...] = ("terms", "cost", "hours")
CHEAPEST: tuple[Objective, ...] = ("cost", "terms", "hours")
#: Share of the time each named alternative may take, so that those that differ get theirs.
NAMED_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Compared:
    """One plan beside others.

    ``unpriced`` and ``untimed`` count items whose figure nobody published; ``usd`` and ``hours`` are without them. ``only`` are
    the items no other plan of the table has.
    """

    method: str
    terms: int
    load: Fraction
    largest_load: Fraction
    usd: Decimal
    unpriced: int
    hours: Fraction
    untimed: int
    only: tuple[str, ...]


def alternatives(
    problem: Problem,
    first: Plan,
    *,
    count: int,
    differ_in: int = 2,
    seconds: float = 10.0,
    progress: Callable[[PlanProgress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Plan, ...]:
    """The fastest plan, the cheapest, the one with the lightest terms, and more that use other items.

    Parameters
    ----------
    problem : Problem
        Checked.
    first : Plan
        Its best plan. A named alternative that is the same schedule as one before it is left out.
    count : int
        How many more, each the best that does without at least ``differ_in`` items of ``first`` and of every one found before.
    differ_in : int
        At least 1.
    seconds : float
        For all of them together.
    progress, cancelled : callable, optional
        As in :func:`pathways.planning.solver.plan`.

    Returns
    -------
    tuple of Plan
        ``proof.method`` says what each is. Values are in the problem's own objective order; they are not proven best in it.
    """
    clock = Clock(seconds, progress, cancelled)
    ready = prepared(problem, clock)
    if ready is None:
        return ()
    found: list[Plan] = []
    # Half the time at most: proving how light a load can be takes long, and is no reason to have fewer plans.
    part = Clock(seconds / 4, progress, cancelled)
    named = _named(problem, first, part, ready)
    part = Clock(seconds / 4, progress, cancelled)
    for label, changed in named:
        made = search(changed, part)
        if isinstance(made, Plan):
            found += _new(_as(problem, made, label, first), [first, *found])
    return (*found, *different(problem, [first, *found], clock, count=count, differ_in=differ_in, ready=ready))


def different(
    problem: Problem, others: Sequence[Plan], clock: Clock, *, count: int, differ_in: int = 2, ready: Prepared | None = None
) -> tuple[Plan, ...]:
    """More plans, each the best that does without at least ``differ_in`` items of every other and of each found before.

    Parameters
    ----------
    problem : Problem
        Checked.
    others : sequence of Plan
        Its best plan first.
    clock : Clock
    count : int
        How many at most.
    differ_in : int
        At least 1.
    ready : Prepared, optional
        Of the same problem.
    """
    ready = ready or prepared(problem, clock)
    found: list[Plan] = []
    cuts: list[Cut] = [_cut(one, differ_in) for one in others]
    for _ in range(count):
        other = search(problem, clock, cuts, ready) if ready is not None and all(names for names, _ in cuts) else None
        if not isinstance(other, Plan):
            break
        found.append(_as(problem, other, f"without {differ_in} items of each other plan", others[0]))
        cuts.append(_cut(other, differ_in))
    return tuple(found)


def _named(problem: Problem, first: Plan, clock: Clock, ready: Prepared) -> list[tuple[str, Problem]]:
    """Problems whose best plans have names; the first plan already is the one its first objective names."""
    leads = problem.objective[:1]
    named = [] if leads == ("terms",) else [("fastest", replace(problem, objective=FASTEST))]
    named += [] if leads == ("cost",) else [("cheapest", replace(problem, objective=CHEAPEST))]
    return [*named, ("lightest load", _lightest(problem, first, clock, ready))]


def _lightest(problem: Problem, first: Plan, clock: Clock, ready: Prepared) -> Problem:
    """The problem with the smallest load maximum, in whole credits, that leaves a plan."""

    def at_most(load: int) -> Problem:
        most = Fraction(load)
        lower = {term: min(most, own) for term, own in problem.load_of_term.items()}
        return replace(problem, load_max=min(most, problem.load_max), load_of_term=lower)

    least = ready.known.load or Fraction(0)
    low, high = max(int(problem.load_min), -int(-least / term_count(problem) // 1)), -int(-_largest_load(problem, first) // 1)
    # The least that the sum of loads allows often leaves a plan.
    if low < high and is_feasible(at_most(low), clock):
        return at_most(low)
    while low < high:
        middle = (low + high) // 2
        if is_feasible(at_most(middle), clock):
            high = middle
        else:
            low = middle + 1
    return at_most(high)


def _cut(plan: Plan, differ_in: int) -> Cut:
    names = frozenset(one.item for one in plan.placed)
    return names, min(max(differ_in, 1), len(names))


def _new(plan: Plan, others: Sequence[Plan]) -> list[Plan]:
    return [] if any(plan.placed == other.placed for other in others) else [plan]


def _as(problem: Problem, plan: Plan, label: str, first: Plan) -> Plan:
    """A plan with its values in the order of the problem; only what is proven of the first objective bounds it."""
    made = plan_from(problem, {one.item: one.term for one in plan.placed}, label)
    bounds = list(made.proof.bounds)
    if bounds:
        bounds[0] = min(first.proof.bounds[0], made.proof.values[0])
    return replace(made, proof=replace(made.proof, bounds=tuple(bounds)))


def _largest_load(problem: Problem, plan: Plan) -> Fraction:
    loads: dict[int, Fraction] = {}
    for one in plan.placed:
        loads[one.term] = loads.get(one.term, Fraction(0)) + problem.items[one.item].load
    return max(loads.values(), default=Fraction(0))


def compare(problem: Problem, plans: Sequence[Plan]) -> tuple[Compared, ...]:
    """A table of differences, one row for each plan in the order given."""
    names = [frozenset(one.item for one in plan.placed) for plan in plans]
    rows = []
    for place, plan in enumerate(plans):
        others = frozenset().union(*(other for number, other in enumerate(names) if number != place))
        rows.append(
            Compared(
                plan.proof.method,
                plan.terms_used,
                plan.load,
                _largest_load(problem, plan),
                plan.usd,
                plan.proof.unpriced,
                plan.hours,
                plan.proof.untimed,
                tuple(sorted(names[place] - others)),
            )
        )
    return tuple(rows)
