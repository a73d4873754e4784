"""The plan whose heaviest term is lightest: the smallest load maximum, in whole credits, that leaves a plan.

A large problem is asked by scheduling cheap selections, a small one whole. A maximum for which that neither finds a plan nor rules
one out is passed over, and then nothing is proven.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pathways.planning.bounds import term_count
from pathways.planning.parts import Places, Prepared, fitted
from pathways.planning.problem import Plan, Problem
from pathways.planning.solver import ONE_PIECE, is_feasible, plan_from, search
from pathways.planning.solving import Clock

#: Deterministic seconds for one schedule, and selections tried for one load.
LIGHT_WORK, LIGHT_TRIES = 0.15, 2


@dataclass(frozen=True, slots=True)
class Lightest:
    """A plan with light terms; ``is_proven`` where no plan has a smaller heaviest term, in whole credits."""

    plan: Plan
    is_proven: bool


def lightest(problem: Problem, first: Plan, clock: Clock, ready: Prepared) -> Lightest | None:
    """The plan with the smallest load maximum in whole credits; None where none smaller than that of the first plan was found."""
    low, high = _least(problem, ready), math.ceil(largest_load(problem, first))
    if len(ready.ids) <= ONE_PIECE:
        return _small(problem, low, high, clock)
    is_proven = True
    for load in range(low, high):
        if clock.is_over:
            return None
        changed = at_most(problem, load)
        ids = [name for name in ready.ids if problem.items[name].load <= load]
        answer, places = fitted(changed, ids, ready.known, clock, tries=LIGHT_TRIES, work=LIGHT_WORK, cheap=True)
        if places is not None:
            return Lightest(plan_from(problem, places, ""), is_proven)
        is_proven = is_proven and answer is False
    return None


def _least(problem: Problem, ready: Prepared) -> int:
    """No plan has a smaller heaviest term than this: what is left over the terms, and the load each must carry."""
    least = ready.known.load or Fraction(0)
    return max(math.ceil(problem.load_min), math.ceil(least / term_count(problem)))


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
