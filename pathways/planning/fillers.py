"""Other courses of the learner's choice, which fill terms up to their least load and count for nothing the target needs.

A plan uses them only where it is asked to: whoever needs a least load for a visa, aid or a contract takes such courses anyway,
everybody else would pay for what no target wants. What they cost is not known.
"""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

from pathways.planning.problem import PlanItem, Problem, Remark

PREFIX = "choice:"


def with_fillers(problem: Problem) -> Problem:
    """The problem with other courses to fill each term up to its least load; itself where there is none.

    Each term has one item for each whole number of credits up to that load, so a plan takes one of them and no more than it lacks.
    """
    if problem.load_min <= 0 or problem.optional:
        return problem
    last = len(problem.terms) - 1 if problem.deadline is None else min(problem.deadline, len(problem.terms) - 1)
    amounts = range(1, math.ceil(problem.load_min) + 1)
    made = [_filler(problem, term, amount) for term in range(last + 1) for amount in amounts]
    remark = Remark(
        "{names} only fills the term up to the least load and counts for nothing here; choose what serves you",
        "{count} entries only fill terms up to the least load and count for nothing here; choose what serves you: {names}",
        tuple((one.id, f"{one.name} in {problem.terms[min(one.offered or {0})].name}") for one in made),
    )
    return replace(
        problem,
        items={**problem.items, **{one.id: one for one in made}},
        optional=frozenset(one.id for one in made),
        remarks=(*problem.remarks, remark),
    )


def _filler(problem: Problem, term: int, amount: int) -> PlanItem:
    words = "another credit" if amount == 1 else f"{amount} other credits"
    # Numbers of one width, so that of plans with as few items the one with the fewest credits comes first.
    name = f"{PREFIX}{problem.terms[term].name}#{amount:03d}"
    return PlanItem(name, f"{words} of your choice", load=Fraction(amount), offered=frozenset({term}))
