"""The least amount for so many terms, found by the time-indexed model in narrow steps upward from a bound.

A model that may only cost a little more than the bound is small once its relaxation has done its work, and either holds the best
plan or raises the bound by the whole step; without a ceiling it does neither in any useful time (measured).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pathways.planning.model import TimeModel
from pathways.planning.nearby import Places
from pathways.planning.problem import Objective, Problem
from pathways.planning.solving import Clock, Solved, solve

#: Deterministic seconds for one step, how wide it is as a part of the bound, and how many there are at most.
STEP_WORK, STEP_PART, MOST_STEPS = 3.0, 300, 6

#: Items of another plan, and how many of them a plan must do without.
Cut = tuple[frozenset[str], int]


def least_in_steps(
    problem: Problem,
    ids: Sequence[str],
    clock: Clock,
    *,
    count: int,
    order: Sequence[Objective],
    start: int,
    ceiling: int | None = None,
    cuts: Sequence[Cut] = (),
) -> tuple[list[int], Places] | None:
    """Proven least values in the order asked for a plan of exactly so many terms, and where it has its items; None otherwise.

    Parameters
    ----------
    problem : Problem
    ids : sequence of str
        Items that may be placed.
    clock : Clock
    count : int
    order : sequence of str
        Objectives after the terms; the first is looked for in steps.
    start : int
        No plan has less of the first, in whole numbers of the model.
    ceiling : int, optional
        What a known plan comes to.
    cuts : sequence of (frozenset of str, int)
    """
    shorter, width = replace(problem, deadline=count - 1), max(start // STEP_PART, 1)
    top = start + width * MOST_STEPS - 1
    top = top if ceiling is None else min(top, ceiling)
    for low in range(start, top + 1, width):
        model = TimeModel(shorter, ids)
        model.model.add(model.objective("terms") == count)
        model.model.add_linear_constraint(model.objective(order[0]), low, min(low + width - 1, top))
        for names, least in cuts:
            here = sorted(names & set(model.ids))
            model.model.add(sum(1 - model.placed(name) for name in here) >= least - len(names) + len(here))
        solved = _least(model, order[0], clock)
        if solved.status == "optimal":
            return _settled(model, order, solved, clock)
        if solved.status != "infeasible":
            return None
    return None


def _least(model: TimeModel, name: Objective, clock: Clock) -> Solved:
    return solve(model.model, clock, stage=f"steps: {name}", minimize=model.objective(name), unit=model.unit(name), work=STEP_WORK)


def _settled(model: TimeModel, order: Sequence[Objective], first: Solved, clock: Clock) -> tuple[list[int], Places] | None:
    """The objectives after the first, each with those before it held."""
    values, solved = [first.value], first
    for name, before in zip(order[1:], order[:-1], strict=True):
        model.model.add(model.objective(before) <= values[-1])
        solved = _least(model, name, clock)
        if solved.status != "optimal":
            return None
        values.append(solved.value)
    places = {name: term for name in model.ids for term, literal in model.place[name].items() if solved.is_true(literal)}
    return values, places
