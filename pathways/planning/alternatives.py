"""Other plans worth a look beside the best one, and what tells them apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import Bounds, term_count
from pathways.planning.lightest import largest_load, lightest
from pathways.planning.parts import Prepared
from pathways.planning.problem import Objective, Plan, PlanProgress, Problem
from pathways.planning.relaxed import cone, earliest_terms, open_terms
from pathways.planning.solver import ONE_PIECE, plan_from, prepared, search
from pathways.planning.solving import Clock
from pathways.planning.windows import Cut

#: What the named alternatives make small first.
FASTEST: tuple[Objective, ...] = ("terms", "cost", "hours")
CHEAPEST: tuple[Objective, ...] = ("cost", "terms", "hours")
LIGHTEST = "lightest load"
#: What a name ends with where nothing shows that no other plan deserves it more.
UNPROVEN = ", not proven"
#: Share of the time each named alternative may take, so that those that differ get theirs.
NAMED_SHARE = 0.2


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
        Its best plan. A named alternative that is no faster, cheaper or lighter than those before it is left out.
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
        ``proof.method`` says what each is, and ends with :data:`UNPROVEN` where that is not proven. Values are in the problem's own
        objective order; they are not proven best in it.
    """
    clock = Clock(seconds, progress, cancelled)
    ready = _ready(problem, first, clock)
    if ready is None:
        return ()
    found: list[Plan] = []
    for label, lead, changed in _named(problem):
        part = Clock(min(clock.left, seconds * NAMED_SHARE), progress, cancelled)
        made = None if _is_least(problem, first, lead, ready, part) else search(changed, part, ready=ready, whole=False)
        if isinstance(made, Plan) and _is_less(problem, made, [first, *found], lead):
            found.append(_as(problem, made, label, first, is_proven=made.proof.bounds[0] == made.proof.values[0]))
    part = Clock(min(clock.left, seconds * NAMED_SHARE), progress, cancelled)
    light = lightest(problem, first, part, ready)
    if light is not None and _is_less(problem, light.plan, [first, *found], "load"):
        found.append(_as(problem, light.plan, LIGHTEST, first, is_proven=light.is_proven))
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
    ready = ready or _ready(problem, others[0], clock)
    found: list[Plan] = []
    cuts: list[Cut] = [_cut(one, differ_in) for one in others]
    for _ in range(count):
        other = search(problem, clock, cuts, ready, whole=False) if ready is not None and all(names for names, _ in cuts) else None
        if not isinstance(other, Plan):
            break
        is_best = other.proof.status == "optimal"
        found.append(_as(problem, other, f"without {differ_in} items of each other plan", others[0], is_proven=is_best))
        cuts.append(_cut(other, differ_in))
    return tuple(found)


def _ready(problem: Problem, first: Plan, clock: Clock) -> Prepared | None:
    """What every search starts from; where the terms of the first plan are bounded already, without a solve."""
    if problem.objective[:1] != ("terms",) or len(open_ids := _open(problem)) <= ONE_PIECE:
        return prepared(problem, clock)
    times = earliest_terms(problem, open_ids)
    ids = tuple(name for name in open_ids if times[name] < term_count(problem))
    known = Bounds(times, float(first.proof.bounds[0]), None, is_possible=True)
    return Prepared(ids, known, near=[{one.item: one.term for one in first.placed}])


def _open(problem: Problem) -> list[str]:
    return [name for name in cone(problem) if open_terms(problem, name)]


def _is_least(problem: Problem, first: Plan, lead: str, ready: Prepared, clock: Clock) -> bool:
    """Whether one selection shows at once that no plan is cheaper than the first, in a problem too large for one model."""
    if lead != "cost" or len(ready.ids) <= ONE_PIECE:
        return False
    selection = ready.anytime(problem)
    solved = selection.least(selection.amounts.usd, clock, "cheapest")
    return solved.has_plan and Fraction(solved.bound, selection.amounts.usd_scale) >= Fraction(first.usd)


def _named(problem: Problem) -> list[tuple[str, Objective, Problem]]:
    """Problems whose best plans have names; the first plan already is the one its first objective names."""
    named: tuple[tuple[str, Objective, tuple[Objective, ...]], ...] = (
        ("fastest", "terms", FASTEST),
        ("cheapest", "cost", CHEAPEST),
    )
    return [(label, lead, replace(problem, objective=order)) for label, lead, order in named if problem.objective[:1] != (lead,)]


def _is_less(problem: Problem, plan: Plan, others: Sequence[Plan], lead: str) -> bool:
    """Whether a plan is what its name says beside others: as cheap is not cheaper."""

    def amount(one: Plan) -> Fraction:
        amounts = {"terms": Fraction(one.terms_used), "cost": Fraction(one.usd), "load": largest_load(problem, one)}
        return amounts[lead]

    return all(amount(plan) < amount(other) for other in others)


def _cut(plan: Plan, differ_in: int) -> Cut:
    names = frozenset(one.item for one in plan.placed)
    return names, min(max(differ_in, 1), len(names))


def _as(problem: Problem, plan: Plan, label: str, first: Plan, *, is_proven: bool) -> Plan:
    """A plan with its values in the order of the problem; only what is proven of the first objective bounds it."""
    made = plan_from(problem, {one.item: one.term for one in plan.placed}, label if is_proven else label + UNPROVEN)
    bounds = list(made.proof.bounds)
    if bounds:
        bounds[0] = min(first.proof.bounds[0], made.proof.values[0])
    return replace(made, proof=replace(made.proof, bounds=tuple(bounds)))


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
                largest_load(problem, plan),
                plan.usd,
                plan.proof.unpriced,
                plan.hours,
                plan.proof.untimed,
                tuple(sorted(names[place] - others)),
            )
        )
    return tuple(rows)
