"""The plan whose heaviest term is lightest: the smallest load maximum, in whole credits, that leaves a plan.

A small problem is asked whole. In a large one the items of the first plan are spread, and where that does not come near the least
maximum that its bounds allow, one other selection is; a larger maximum than that is not proven.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pathways.planning.bounds import BUDGET_WORK, Selection, bounds, term_count
from pathways.planning.evenly import evenly
from pathways.planning.nearby import Places
from pathways.planning.parts import Prepared, scheduled
from pathways.planning.problem import Plan, Problem
from pathways.planning.solver import ONE_PIECE, is_feasible, plan_from, search
from pathways.planning.solving import Clock, solve

#: Deterministic seconds for one selection and for one schedule in a large problem.
SELECT_WORK, LIGHT_WORK = 0.06, 0.05
#: Credits above the least maximum that nobody would look longer for.
NEAR = 1


@dataclass(frozen=True, slots=True)
class Lightest:
    """A plan with light terms; ``is_proven`` where no plan has a smaller heaviest term, in whole credits."""

    plan: Plan
    is_proven: bool


def lightest(problem: Problem, first: Plan, clock: Clock, ready: Prepared) -> Lightest | None:
    """The plan with the smallest load maximum in whole credits; None where none smaller than that of the first plan was found."""
    if len(ready.ids) <= ONE_PIECE:
        least = bounds(problem, ready.ids, clock).load
        return _small(problem, _least(problem, least), math.ceil(largest_load(problem, first)), clock)
    return _Large(problem, first, clock, ready).run()


def _least(problem: Problem, load: Fraction | None) -> int:
    """No plan has a smaller heaviest term than this: what is left over the terms, and the load each must carry."""
    return max(math.ceil(problem.load_min), math.ceil((load or Fraction(0)) / term_count(problem)))


class _Large:
    """The first plan's items spread evenly; where that stays above the least, a cheap selection that can be dealt out to it."""

    def __init__(self, problem: Problem, first: Plan, clock: Clock, ready: Prepared) -> None:
        self._problem, self._first, self._clock, self._ready = problem, first, clock, ready

    def run(self) -> Lightest | None:
        """A plan with a smaller heaviest term, proven where its maximum is the least."""
        problem, every = self._problem, self._ready.anytime(self._problem)
        solved = every.least(every.amounts.load, self._clock, "load", BUDGET_WORK)
        bound = Fraction(solved.bound, every.amounts.load_scale) if solved.has_plan else None
        low, high = _least(problem, bound), math.ceil(largest_load(problem, self._first))
        most, places = self._spread(low, high)
        if most > low + NEAR:
            other = self._other(at_most(problem, low))
            most, places = (low, other) if other is not None else (most, places)
        return None if places is None else Lightest(plan_from(problem, places, ""), is_proven=most == low)

    def _spread(self, low: int, high: int) -> tuple[int, Places | None]:
        """What the first plan uses, in lighter terms: the least maximum for which a simple rule works out."""
        chosen = [one.item for one in self._first.placed]
        for most in range(max(low, math.ceil(max(self._problem.items[name].load for name in chosen))), high):
            places = evenly(at_most(self._problem, most), chosen)
            if places is not None:
                return most, places
        return high, None

    def _other(self, changed: Problem) -> Places | None:
        """A cheap selection that can be dealt out to lighter terms."""
        count, problem = term_count(changed), self._problem
        ids = [name for name in self._ready.ids if problem.items[name].load <= changed.load_max]
        selection = Selection(changed, ids, self._ready.known.times)
        selection.fit_into(count)
        selection.deal_out(count)
        amounts = selection.total(selection.amounts.usd)
        solved = solve(selection.model, self._clock, stage="selection: light terms", minimize=amounts, work=SELECT_WORK)
        chosen = selection.names(solved) if solved.has_plan else []
        if not chosen:
            return None
        return (
            evenly(changed, chosen)
            or scheduled(changed, chosen, count, self._clock, exactly=False, early=False, work=LIGHT_WORK)[1]
        )


def _small(problem: Problem, low: int, high: int, clock: Clock) -> Lightest | None:
    is_proven, most = True, high
    while low < high:
        middle = (low + high) // 2
        answer = is_feasible(at_most(problem, middle), clock)
        is_proven = is_proven and answer is not None
        if answer:
            high = middle
        else:
            low = middle + 1
    if high == most:
        return None
    made = search(at_most(problem, high), clock)
    return Lightest(made, is_proven) if isinstance(made, Plan) else None


def at_most(problem: Problem, load: int) -> Problem:
    """The problem with a smaller load maximum."""
    most = Fraction(load)
    lower = {term: min(most, own) for term, own in problem.load_of_term.items()}
    return replace(problem, load_max=min(most, problem.load_max), load_of_term=lower)


def largest_load(problem: Problem, plan: Plan) -> Fraction:
    """Load of the heaviest term."""
    return max(loads(problem, {one.item: one.term for one in plan.placed}), default=Fraction(0))


def loads(problem: Problem, places: Places) -> Sequence[Fraction]:
    """Load of every term that holds something."""
    found: dict[int, Fraction] = {}
    for name, term in places.items():
        found[term] = found.get(term, Fraction(0)) + problem.items[name].load
    return tuple(found.values())
