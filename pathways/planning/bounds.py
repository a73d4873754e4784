"""What holds of every plan before time is looked at: the least load, the least cost, the fewest terms, the longest chain.

A relaxation: an item may count before it lapses or after, ``none`` inside prerequisites forbids nothing, and terms are a sum of
room. So its optimum bounds every plan from below, and a selection it finds may or may not fit into terms.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from pathways.planning.problem import Problem
from pathways.planning.relaxed import NEVER, earliest_terms, goal_term, open_terms
from pathways.planning.scaling import Scaled, scaled
from pathways.planning.solving import Clock, Solved, solve
from pathways.planning.trees import Leaves, Literal, Trees

#: A sum of weights up to here stays exact in the solver's floating-point relaxation.
LARGEST_SUM = 2**50
#: Deterministic seconds for the least load within a budget.
BUDGET_WORK = 0.3
#: Deterministic seconds for a selection without presolve, which most need less of than presolve takes (measured: half to a ninth).
QUICK_WORK = 0.3
#: More kinds of items (by load and by terms they may stand in) than this are not dealt out to terms.
MOST_KINDS = 150


class Selection:
    """Which items, without when.

    Parameters
    ----------
    problem : Problem
    ids : sequence of str
        Items that may be placed.
    times : mapping of str to float
        First term each could be done in (:func:`earliest_terms`).
    sums : bool
        Whether budget, caps, pins and required items are respected.
    """

    def __init__(self, problem: Problem, ids: Sequence[str], times: Mapping[str, float], *, sums: bool = True) -> None:
        self.problem, self.times = problem, times
        self.ids = [name for name in ids if times[name] < NEVER]
        self.model = cp_model.CpModel()
        self.amounts: Scaled = scaled(problem, self.ids)
        self._one, self._zero = self.model.new_constant(1), self.model.new_constant(0)
        self.chosen: dict[str, Literal] = {name: self.model.new_bool_var(name) for name in self.ids}
        self._trees()
        if sums:
            self._sums()

    def _literal(self, name: str) -> Literal:
        return self._one if name in self.problem.held else self.chosen.get(name, self._zero)

    def _trees(self) -> None:
        problem = self.problem
        trees = Trees(self.model, self.amounts.load, self.amounts.load_scale)
        lapses = bool(problem.held_until) or any(problem.items[name].valid_terms is not None for name in self.ids)
        trees.require(problem.goal, Leaves(self._literal, reads_none=not lapses), self._one)
        anytime = Leaves(self._literal, reads_none=False)
        for name in self.ids:
            trees.require(problem.items[name].requires, anytime, self.chosen[name])
            trees.require(problem.items[name].corequisites, anytime, self.chosen[name])

    def _sums(self) -> None:
        problem, amounts = self.problem, self.amounts
        for name in sorted((problem.required - problem.held) | problem.pins.keys()):
            self._add(self.chosen.get(name, self._zero) == 1)
        if problem.budget is not None:
            self._add(self.total(amounts.usd) <= math.floor(Fraction(problem.budget) * amounts.usd_scale))
        for cap in problem.caps:
            members = [name for name in self.ids if problem.items[name].group == cap.group]
            self._add(self.total(amounts.load, members) <= math.floor(cap.most * amounts.load_scale))

    def _add(self, row: Any) -> None:
        self.model.add(row)

    def total(self, amounts: Mapping[str, int], names: Sequence[str] | None = None) -> Any:
        """Sum of an amount over what is chosen."""
        names = [name for name in (self.ids if names is None else names) if amounts.get(name)]
        return cp_model.LinearExpr.weighted_sum([self.chosen[name] for name in names], [amounts[name] for name in names])

    def fit_into(self, count: int) -> None:
        """Keep only selections whose load and hours have room in the first terms."""
        amounts = self.amounts
        for name in self.ids:
            if self.times[name] >= count:
                self._add(self.chosen[name] == 0)
        self._add(self.total(amounts.load) <= math.floor(room(self.problem, count) * amounts.load_scale))
        hours = hours_room(self.problem, count)
        if hours is not None:
            self._add(self.total(amounts.hours) <= math.floor(hours * amounts.hours_scale))

    def least(self, amounts: Mapping[str, int], clock: Clock, stage: str, work: float | None = None) -> Solved:
        """Make the sum of an amount small, within so many deterministic seconds if named."""
        return self._solve(self.total(amounts), clock, stage, work=work)

    def _solve(
        self, minimize: Any, clock: Clock, stage: str, *, unit: int = 1, weight: int = 1, work: float | None = None
    ) -> Solved:
        quick = QUICK_WORK if work is None else min(work, QUICK_WORK)
        solved = solve(self.model, clock, stage=stage, minimize=minimize, unit=unit, weight=weight, work=quick, presolve=False)
        if solved.status in {"optimal", "infeasible"} or clock.is_over:
            return solved
        again = solve(self.model, clock, stage=stage, minimize=minimize, unit=unit, weight=weight, work=work)
        return again if again.status != "unknown" else solved

    def least_of(self, amounts: Mapping[str, int], clock: Clock, stage: str, unit: int) -> Solved:
        """As :meth:`least`, told in its unit."""
        return self._solve(self.total(amounts), clock, stage, unit=unit)

    def forbid(self, names: Sequence[str]) -> None:
        """Not exactly this selection again."""
        chosen = set(names)
        self.model.add_bool_or([self.chosen[name].negated() if name in chosen else self.chosen[name] for name in self.ids])

    def without(self, names: Iterable[str], least: int) -> None:
        """Do without at least so many of these, of which those that cannot be chosen count."""
        every = set(names)
        here = sorted(every & self.chosen.keys())
        self.model.add(sum(1 - self.chosen[name] for name in here) >= least - len(every) + len(here))

    def deal_out(self, count: int) -> None:
        """Keep only selections whose items, by load and by the terms they may stand in, can be dealt out to the first terms.

        Chains are left out but for the first term each item could be done in, so this still bounds every plan.
        """
        kinds: dict[tuple[int, tuple[int, ...]], list[str]] = {}
        for name in self.ids:
            load = self.amounts.load.get(name, 0)
            if load > 0 and self.times[name] < count:
                slots = tuple(term for term in open_terms(self.problem, name) if self.times[name] <= term < count)
                kinds.setdefault((load, slots), []).append(name)
        if len(kinds) > MOST_KINDS:
            return
        inside: list[list[tuple[int, Any]]] = [[] for _ in range(count)]
        for (load, slots), names in kinds.items():
            dealt = []
            for term in slots:
                most = min(len(names), self._most(term) // load)
                dealt.append(self.model.new_int_var(0, most, ""))
                inside[term].append((load, dealt[-1]))
            self.model.add(sum(dealt) == sum(self.chosen[name] for name in names))
        least = math.ceil(self.problem.load_min * self.amounts.load_scale)
        for term, row in enumerate(inside):
            total = cp_model.LinearExpr.weighted_sum([part for _, part in row], [size for size, _ in row])
            used = self.model.new_bool_var("")
            self.model.add(total <= self._most(term) * used)
            self.model.add(total >= least * used)

    def _most(self, term: int) -> int:
        return math.floor(self.problem.load_of_term.get(term, self.problem.load_max) * self.amounts.load_scale)

    def in_order(self, order: Sequence[Mapping[str, int]], clock: Clock, stage: str, unit: int = 1) -> tuple[Solved, int] | None:
        """Make several sums small, each holding those before it, in one solve: measured two to five times as fast as one by one.

        Returns
        -------
        (Solved, int) or None
            With the weight of the first sum; None where the weights would be too large.
        """
        weights, first = dict.fromkeys(self.ids, 0), 1
        for place, amounts in enumerate(order):
            top = sum(amounts.get(name, 0) for name in self.ids) + 1
            weights = {name: weights[name] * top + amounts.get(name, 0) for name in self.ids}
            first = first * top if place else 1
        if sum(weights.values()) > LARGEST_SUM:
            return None
        return self._solve(self.total(weights), clock, stage, unit=unit, weight=first), first

    def names(self, solved: Solved) -> list[str]:
        """What a solution chooses."""
        return [name for name in self.ids if solved.is_true(self.chosen[name])]


def room(problem: Problem, count: int) -> Fraction:
    """Load that the first terms hold together."""
    return sum((problem.load_of_term.get(term, problem.load_max) for term in range(count)), Fraction(0))


def hours_room(problem: Problem, count: int) -> Fraction | None:
    """Hours that the first terms hold together; None without a limit."""
    if problem.hours_per_week is None:
        return None
    return sum((problem.hours_per_week * term.weeks for term in problem.terms[:count]), Fraction(0))


def term_count(problem: Problem) -> int:
    """How many terms may be used at all."""
    last = len(problem.terms) - 1
    return 1 + (last if problem.deadline is None else min(problem.deadline, last))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What every plan costs at least.

    ``terms`` is infinite where the goal is out of reach; ``load`` is None where no bound was found in time; ``is_possible`` is
    False where no selection meets goal, budget and caps even without time.
    """

    times: dict[str, float]
    terms: float
    load: Fraction | None
    is_possible: bool


def bounds(problem: Problem, ids: Sequence[str], clock: Clock) -> Bounds:
    """Bounds of a problem over the items that may be placed."""
    times = earliest_terms(problem, ids)
    asked = [times.get(name, NEVER) for name in (problem.required - problem.held) | problem.pins.keys()]
    chain = max([goal_term(problem, times), *asked]) + 1
    if chain == math.inf:
        return Bounds(times, math.inf, None, is_possible=False)
    within = _within_budget(problem, ids, times, clock)
    if within is False:
        return Bounds(times, math.inf, None, is_possible=False)
    if within and sum((problem.items[name].load for name in ids), Fraction(0)) <= room(
        problem, min(int(chain), term_count(problem))
    ):
        return Bounds(times, chain, None, is_possible=True)
    selection = Selection(problem, ids, times)
    # Just within a budget the least load can take long to prove; the bound found by then is still one.
    work = None if problem.budget is None else BUDGET_WORK
    solved = selection.least(selection.amounts.load, clock, "load", work)
    if solved.status == "infeasible":
        return Bounds(times, math.inf, None, is_possible=False)
    if not solved.has_plan:
        return Bounds(times, chain, None, is_possible=True)
    load = Fraction(solved.bound, selection.amounts.load_scale)
    return Bounds(times, _terms_for(problem, load, int(chain)), load, is_possible=True)


def _within_budget(problem: Problem, ids: Sequence[str], times: Mapping[str, float], clock: Clock) -> bool | None:
    """Whether a selection keeps to the budget; None without one, or where time ran out.

    Looking for the least cost is far faster than for a selection just under a limit.
    """
    if problem.budget is None:
        return None
    selection = Selection(replace(problem, budget=None), ids, times)
    solved = selection.least(selection.amounts.usd, clock, "least cost")
    most = problem.budget * selection.amounts.usd_scale
    if solved.status == "infeasible" or (solved.has_plan and solved.bound > most):
        return False
    return True if solved.has_plan and solved.value <= most else None


def _terms_for(problem: Problem, load: Fraction, least: int) -> float:
    fits = (count for count in range(least, term_count(problem) + 1) if room(problem, count) >= load)
    return next(fits, math.inf)
