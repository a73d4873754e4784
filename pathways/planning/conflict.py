"""The smallest set of facts found that no plan can respect together.

First families of limits that the bounds without time already refute, then the core the solver names from one assumption literal
for each fact; then facts are dropped, in halves and one by one, as long as what is left stays impossible.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pathways.planning.facts import Fact, extended, extension, facts_of, keeping
from pathways.planning.model import TimeModel
from pathways.planning.problem import FactKind, Problem
from pathways.planning.relaxed import cone
from pathways.planning.solver import is_feasible, is_ruled_out
from pathways.planning.solving import Clock, solve

#: What a goal is made of, apart from all limits.
STRUCTURE: frozenset[FactKind] = frozenset({"goal", "prerequisite", "corequisite", "groups"})
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
    start = _refuted(problem, among, clock) or _core(problem, among, clock) or facts_of(problem)
    return _Shrinking(problem, among, clock).run(start)


def _refuted(problem: Problem, among: Sequence[str], clock: Clock) -> list[Fact] | None:
    everything = facts_of(problem)
    for family in FAMILIES:
        kept = [fact for fact in everything if fact[0] in STRUCTURE | family]
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
        facts = list(start)
        size = max(len(facts) // 2, 1)
        while True:
            facts = self._without_chunks(facts, size)
            if size == 1:
                return Conflict(tuple(facts), self._is_sure)
            size = max(min(size, len(facts)) // 2, 1)

    def _without_chunks(self, facts: list[Fact], size: int) -> list[Fact]:
        place = 0
        while place < len(facts):
            rest = facts[:place] + facts[place + size :]
            if self._is_impossible(rest, is_last=size == 1):
                facts = rest
            else:
                place += size
        return facts

    def _is_impossible(self, facts: Sequence[Fact], *, is_last: bool) -> bool:
        answer = is_feasible(keeping(self._problem, facts), self._clock, self._among)
        if answer is None and is_last:
            self._is_sure = False
        return answer is False
