"""The best plan of a small problem by trying every placement: slow, and plainly right."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product

from pathways.planning.problem import Objective, Placed, Plan, Problem, Proof
from pathways.planning.verify import violations
from pathways.requirements.rules import held_ids


def plan_of(problem: Problem, term_of: Mapping[str, int]) -> Plan:
    """Placements as a plan, with totals and a claim to be the best that only its values back."""
    placed = tuple(sorted((Placed(name, term) for name, term in term_of.items()), key=lambda one: (one.term, one.item)))
    items = [problem.items[one.item] for one in placed]
    values = tuple(value_of(problem, term_of, goal) for goal in problem.objective)
    return Plan(
        placed,
        max((one.term for one in placed), default=-1) + 1,
        sum((item.usd for item in items if item.usd is not None), Decimal(0)),
        sum((item.hours for item in items if item.hours is not None), Fraction(0)),
        sum((item.load for item in items), Fraction(0)),
        Proof(
            "optimal",
            problem.objective,
            values,
            values,
            unpriced=sum(item.is_unpriced for item in items),
            untimed=sum(item.is_untimed for item in items),
            method="every placement",
        ),
    )


def value_of(problem: Problem, term_of: Mapping[str, int], goal: Objective) -> Fraction:
    """What placements reach in one objective."""
    items = [problem.items[name] for name in term_of]
    if goal == "terms":
        return Fraction(max(term_of.values(), default=-1) + 1)
    if goal == "cost":
        return Fraction(sum((item.usd for item in items if item.usd is not None), Decimal(0)))
    if goal == "hours":
        return sum((item.hours for item in items if item.hours is not None), Fraction(0))
    loads = [
        sum((problem.items[name].load for name, at in term_of.items() if at == term), Fraction(0)) for term in set(term_of.values())
    ]
    return max(loads, default=Fraction(0)) - min(loads, default=Fraction(0))


def placements(problem: Problem) -> list[dict[str, int]]:
    """Every way to place the free items in any term, or nowhere, but for terms an item alone shows to be wrong."""
    free = needed(problem)
    ways = product(*(_places(problem, name) for name in free))
    return [{name: term for name, term in zip(free, way, strict=True) if term is not None} for way in ways]


def needed(problem: Problem) -> list[str]:
    """Items that the goal, a pin or a required item names, directly or through what those name.

    Others are never planned: an item nobody needs does not fill a term up to its least load. What is held for good takes no place.
    """
    lasting = problem.held - problem.held_until.keys()
    found: set[str] = set()
    queue = [*held_ids(problem.goal), *problem.pins, *problem.required, *problem.optional]
    while queue:
        name = queue.pop()
        if name in problem.items and name not in found | lasting:
            found.add(name)
            queue += [*held_ids(problem.items[name].requires), *held_ids(problem.items[name].corequisites)]
    return sorted(found)


def _places(problem: Problem, name: str) -> list[int | None]:
    if name in problem.pins:
        return [problem.pins[name]]
    if name in problem.excluded:
        return [None]
    offered = problem.items[name].offered
    return [None, *(term for term in range(len(problem.terms)) if offered is None or term in offered)]


def best(problem: Problem) -> Plan | None:
    """The plan with the least values in the order of the objective, or None where no placement respects the problem."""
    ranked = sorted(
        (
            (tuple(value_of(problem, way, goal) for goal in problem.objective), number, way)
            for number, way in enumerate(placements(problem))
        ),
        key=lambda entry: entry[:2],
    )
    return next((plan for _, _, way in ranked if not violations(problem, plan := plan_of(problem, way))), None)
