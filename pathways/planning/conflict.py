"""The smallest set of facts found that no plan can respect together.

First families of limits that the bounds without time already refute, where only those facts are taken in that a selection would
break; then the core the solver names from one assumption literal for each fact. Then facts are dropped one by one (in halves
first, from a core), as long as what is left stays impossible.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from pathways.planning.bounds import Selection, room, term_count
from pathways.planning.facts import Fact, extended, extension, facts_of, keeping
from pathways.planning.model import TimeModel
from pathways.planning.problem import FactKind, Problem
from pathways.planning.relaxed import cone, could_hold, earliest_terms, goal_term, open_terms
from pathways.planning.solver import is_feasible, is_ruled_out
from pathways.planning.solving import Clock, solve

#: What a goal is made of, apart from all limits.
STRUCTURE: frozenset[FactKind] = frozenset({"goal", "groups", "prerequisite", "corequisite"})
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
#: Facts that are taken in only once a selection breaks them.
LAZY: frozenset[FactKind] = frozenset({"prerequisite", "corequisite", "offered", "excluded"})
#: Shares of the time: for taking facts in, for dropping those the bounds do not need, for showing that each is needed.
TAKING_SHARE, DROPPING_SHARE, NEEDED_SHARE = 0.2, 0.25, 0.4


@dataclass(frozen=True, slots=True)
class Conflict:
    """Facts that are impossible together; ``is_minimal`` where each was shown to be needed."""

    facts: tuple[Fact, ...]
    is_minimal: bool


def conflict(problem: Problem, clock: Clock) -> Conflict:
    """Facts of a problem without a plan that are impossible together, none of them idle if time allows."""
    among = cone(problem)
    refuted = _refuted(problem, among, clock)
    if refuted is None:
        shrinking = _Shrinking(problem, among, clock)
        return shrinking.run(_core(problem, among, clock) or facts_of(problem))
    fewer = _Shrinking(problem, among, _part(clock, DROPPING_SHARE)).by_bounds(refuted)
    # One by one settles it: a fact that is needed beside others is needed beside fewer.
    return _Shrinking(problem, among, _part(clock, NEEDED_SHARE)).run(fewer, size=1)


def _part(clock: Clock, share: float) -> Clock:
    return Clock(min(clock.left, clock.seconds * share), clock.progress, clock.cancelled)


def _refuted(problem: Problem, among: Sequence[str], clock: Clock) -> list[Fact] | None:
    everything = facts_of(problem)
    tried: set[tuple[Fact, ...]] = set()
    for family in FAMILIES:
        kept = [fact for fact in everything if fact[0] in STRUCTURE | family]
        if tuple(kept) not in tried and is_ruled_out(keeping(problem, kept), clock, among):
            return _taken_in(problem, among, kept, _part(clock, TAKING_SHARE))
        tried.add(tuple(kept))
    return None


def _taken_in(problem: Problem, among: Sequence[str], kept: list[Fact], clock: Clock) -> list[Fact]:
    """Facts of a refuted set that refute as well: each solve takes in what its selection breaks, until there is none."""
    taken = {fact for fact in kept if fact[0] not in LAZY}
    while not clock.is_over:
        chosen = _relaxed(keeping(problem, taken), among, clock)
        if chosen is None:
            break
        broken = {fact for fact in kept if fact not in taken and _breaks(problem, fact, chosen)}
        if not broken:
            break
        taken |= broken
    found = [fact for fact in kept if fact in taken]
    return found if is_ruled_out(keeping(problem, found), clock, among) else kept


def _breaks(problem: Problem, fact: Fact, chosen: frozenset[str]) -> bool:
    kind, about = fact
    if kind not in LAZY or about not in chosen:
        return False
    if kind in {"offered", "excluded"}:
        return not open_terms(problem, about)
    item = problem.items[about]
    return not could_hold(item.requires if kind == "prerequisite" else item.corequisites, chosen | problem.held, problem)


def _relaxed(problem: Problem, among: Sequence[str], clock: Clock) -> frozenset[str] | None:
    """A selection without when that respects a problem; None where there is none, or none was found in time."""
    ids, count = [name for name in among if open_terms(problem, name)], term_count(problem)
    times = earliest_terms(problem, ids)
    if goal_term(problem, times) >= count:
        return None
    # A budget to be proven too small is far quicker to measure than to respect.
    selection = Selection(replace(problem, budget=None), ids, times)
    sums = selection.amounts.load if problem.budget is None else selection.amounts.usd
    solved = selection.least(sums, clock, "reason")
    if not solved.has_plan:
        return None
    chosen = frozenset(selection.names(solved))
    if problem.budget is None:
        is_over = sum((problem.items[name].load for name in chosen), Fraction(0)) > room(problem, count)
    else:
        is_over = sum((problem.items[name].usd or Decimal(0) for name in chosen), Decimal(0)) > problem.budget
    return None if is_over and solved.status == "optimal" else chosen


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

    def run(self, start: Sequence[Fact], size: int | None = None) -> Conflict:
        """A set of which no fact can be dropped, or the smallest found in time; chunks of so many are tried first."""
        return Conflict(tuple(self._shrunk(start, self._is_impossible, size)), self._is_sure)

    def by_bounds(self, start: Sequence[Fact]) -> list[Fact]:
        """A smaller set that the bounds alone still refute: quick, though perhaps not the smallest."""
        return self._shrunk(start, lambda facts, _: is_ruled_out(keeping(self._problem, facts), self._clock, self._among))

    def _shrunk(
        self, start: Sequence[Fact], is_impossible: Callable[[Sequence[Fact], int], bool], size: int | None = None
    ) -> list[Fact]:
        """Drop facts in chunks, then in halves of those, then one by one."""
        facts, size = list(start), size or max(len(start) // 2, 1)
        while True:
            place = 0
            while place < len(facts):
                if self._clock.is_over:
                    self._is_sure = False
                    return facts
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
