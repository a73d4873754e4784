"""The smallest set of facts found that no plan can respect together.

First families of limits that the bounds without time already refute, then the core the solver names from one assumption literal
for each fact; then facts are dropped, in halves and one by one, as long as what is left stays impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import product

from pathways.planning.facts import Fact, extended, extension, facts_of, keeping
from pathways.planning.model import TimeModel
from pathways.planning.problem import FactKind, Problem
from pathways.planning.relaxed import cone
from pathways.planning.solver import is_feasible, is_ruled_out
from pathways.planning.solving import Clock, solve

#: What a goal is made of, apart from all limits: from itself alone to everything it needs.
STRUCTURES: tuple[frozenset[FactKind], ...] = (
    frozenset({"goal"}),
    frozenset({"goal", "groups"}),
    frozenset({"goal", "groups", "prerequisite", "corequisite"}),
)
#: Limits that the bounds can refute, alone or together, in the order they are tried.
FAMILIES: tuple[frozenset[FactKind], ...] = (
    frozenset(),
    frozenset({"offered", "excluded"}),
    frozenset({"deadline", "load"}),
    frozenset({"deadline", "offered", "excluded"}),
    frozenset({"budget"}),
    frozenset({"cap"}),
    frozenset({"deadline", "load", "offered", "excluded", "pin"}),
    frozenset({"budget", "cap", "excluded", "offered", "pin", "deadline"}),
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that are impossible together; ``is_minimal`` where each was shown to be needed."""

    facts: tuple[Fact, ...]
    is_minimal: bool


def conflict(problem: Problem, clock: Clock) -> Conflict:
    """Facts of a problem without a plan that are impossible together, none of them idle if time allows."""
    among = cone(problem)
    shrinking = _Shrinking(problem, among, clock)
    refuted = _refuted(problem, among, clock)
    if refuted is not None:
        return shrinking.run(shrinking.by_bounds(refuted))
    return shrinking.run(_core(problem, among, clock) or facts_of(problem))


def _refuted(problem: Problem, among: Sequence[str], clock: Clock) -> list[Fact] | None:
    everything = facts_of(problem)
    tried: set[tuple[Fact, ...]] = set()
    for structure, family in product(STRUCTURES, FAMILIES):
        kept = [fact for fact in everything if fact[0] in structure | family]
        if tuple(kept) in tried:
            continue
        tried.add(tuple(kept))
        if is_ruled_out(keeping(problem, kept), clock, among):
            return kept
    return None


def _core(problem: Problem, among: Sequence[str], clock: Clock) -> list[Fact] | None:
    """The core the solver names, where solving again confirms it."""
    longer = extended(problem, extension(problem))
    if problem.deadline is None:
        longer = replace(longer, deadline=len(problem.terms) - 1)
    model = TimeModel(longer, among, guarded=True)
    by_index = {literal.index: fact for fact, literal in model.guards.items()}
    solved = solve(model.model, clock, stage="reason", assumptions=list(model.guards.values()))
    if solved.status != "infeasible":
        return None
    named = {by_index[index] for index in solved.solver.sufficient_assumptions_for_infeasibility() if index in by_index}
    found = [fact for fact in facts_of(problem) if fact in named]
    return found if is_feasible(keeping(problem, found), clock, among) is False else None


class _Shrinking:
    """Drops facts while the rest stays impossible."""

    def __init__(self, problem: Problem, among: Sequence[str], clock: Clock) -> None:
        self._problem, self._among, self._clock = problem, among, clock
        self._is_sure = True

    def run(self, start: Sequence[Fact]) -> Conflict:
        """A set of which no fact can be dropped, or the smallest found in time."""
        return Conflict(tuple(self._shrunk(start, self._is_impossible)), self._is_sure)

    def by_bounds(self, start: Sequence[Fact]) -> list[Fact]:
        """A smaller set that the bounds alone still refute: quick, though perhaps not the smallest."""
        return self._shrunk(start, lambda facts, _: is_ruled_out(keeping(self._problem, facts), self._clock, self._among))

    def _shrunk(self, start: Sequence[Fact], is_impossible: Callable[[Sequence[Fact], int], bool]) -> list[Fact]:
        """Drop facts in chunks, then in halves of those, then one by one."""
        facts, size = list(start), max(len(start) // 2, 1)
        while True:
            place = 0
            while place < len(facts):
                rest = facts[:place] + facts[place + size :]
                if is_impossible(rest, size):
                    facts = rest
                else:
                    place += size
            if size == 1:
                return facts
            size = max(min(size, len(facts)) // 2, 1)

    def _is_impossible(self, facts: Sequence[Fact], size: int) -> bool:
        answer = is_feasible(keeping(self._problem, facts), self._clock, self._among)
        if answer is None and size == 1:
            self._is_sure = False
        return answer is False
