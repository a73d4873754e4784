"""Plan again after something changed, moving as little as possible.

What stood in the earlier plan is held in its term. Where that is impossible, the smallest set of facts that clash says which items
have to move; those are set free, and so on until a plan fits. Items nothing needs any more are let go. Leaves out what changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pathways.planning.check import check
from pathways.planning.conflict import conflict
from pathways.planning.errors import ProblemError
from pathways.planning.problem import Infeasible, Plan, PlanProgress, Problem, Undecided
from pathways.planning.solver import plan, plan_from, search
from pathways.planning.solving import Clock
from pathways.planning.verify import violations

_PIN = "pin of "


@dataclass(frozen=True, slots=True)
class Replanned:
    """A plan made again.

    Parameters
    ----------
    result : Plan, Infeasible or Undecided
        For ``problem``.
    problem : Problem
        The problem it solves: the one asked, with what was kept as pins.
    fresh : Plan, Infeasible or Undecided
        What the problem comes to where nothing is kept.
    kept : frozenset of str
        Items held in their old term.
    why : mapping of str to str
        Why an item could not stay, where a clash said so.
    """

    result: Plan | Infeasible | Undecided
    problem: Problem
    fresh: Plan | Infeasible | Undecided
    kept: frozenset[str] = frozenset()
    why: Mapping[str, str] = field(default_factory=dict)


def replan(
    problem: Problem,
    old: Mapping[str, str],
    *,
    seconds: float = 10.0,
    progress: Callable[[PlanProgress], None] | None = None,
) -> Replanned:
    """Plan again, keeping items in their terms where that is possible.

    Parameters
    ----------
    problem : Problem
        As it is now.
    old : mapping of str to str
        Item id to the name of the term it stood in.
    seconds : float
        For the fresh plan, and as many again for keeping what can be kept.
    progress : callable, optional

    Returns
    -------
    Replanned

    Raises
    ------
    ProblemError
        If the problem contradicts itself.
    """
    fresh = plan(problem, seconds=seconds, progress=progress)
    if not isinstance(fresh, Plan):
        return Replanned(fresh, problem, fresh)
    keep, why = _still_possible(problem, old)
    clock = Clock(seconds, progress)
    kept = _Keeping(problem, keep, why, clock)
    found = kept.run()
    if found is None:
        return Replanned(fresh, problem, fresh, why=kept.why)
    needless = _needless(problem, found, kept.keep)
    if needless:
        kept.drop(needless, "nothing needs it any more")
        found = (kept.run() or found) if kept.keep else fresh
    return Replanned(found, kept.problem, fresh, frozenset(kept.keep), kept.why)


def _still_possible(problem: Problem, old: Mapping[str, str]) -> tuple[dict[str, int], dict[str, str]]:
    """Old places that the problem still has, and why others are gone."""
    index = {term.name: number for number, term in enumerate(problem.terms)}
    keep: dict[str, int] = {}
    why: dict[str, str] = {}
    for name, term in old.items():
        if name in problem.held:
            why[name] = "it is done"
        elif name in problem.excluded:
            why[name] = "it is left out on request"
        elif name not in problem.items:
            why[name] = "it no longer leads to the target"
        elif name in problem.pins:
            why[name] = f"it is pinned to {problem.terms[problem.pins[name]].name}"
        elif term not in index or (problem.deadline is not None and index[term] > problem.deadline):
            why[name] = f"{term} is outside the plan"
        else:
            keep[name] = index[term]
    return keep, why


class _Keeping:
    """Sets items free until the rest can stay where it stood."""

    def __init__(self, problem: Problem, keep: dict[str, int], why: dict[str, str], clock: Clock) -> None:
        self._asked, self._clock = problem, clock
        self.keep, self.why = keep, why

    @property
    def problem(self) -> Problem:
        """The problem with what is kept as pins."""
        return replace(self._asked, pins={**self.keep, **self._asked.pins})

    def drop(self, names: list[str], why: str) -> None:
        """Set items free."""
        for name in names:
            self.keep.pop(name, None)
            self.why.setdefault(name, why)

    def run(self) -> Plan | None:
        """The plan that keeps the most found; None where nothing can be kept, or time ran out."""
        while self.keep:
            try:
                check(self.problem)
            except ProblemError as error:
                name = error.where.removeprefix(_PIN)
                if name not in self.keep:
                    return None
                self.drop([name], f"{error.found}; {error.expected} is needed")
                continue
            found = search(self.problem, self._clock)
            if found is not None:
                return found if isinstance(found, Plan) else None
            if not self._set_free():
                return None
        return None

    def _set_free(self) -> bool:
        """Drop what clashes; False where no kept item does."""
        facts = conflict(self.problem, self._clock).facts
        names = [about for kind, about in facts if kind == "pin" and about in self.keep]
        kinds = sorted({kind for kind, about in facts if kind not in {"pin", "goal"}})
        also = f" with {', '.join(kinds)}" if kinds else ""
        self.drop(names, f"its old term clashes{also}")
        return bool(names)


def _needless(problem: Problem, found: Plan, keep: Mapping[str, int]) -> list[str]:
    """Kept items without which the plan is as right: last terms first, since what comes late is needed by less."""
    places = {one.item: one.term for one in found.placed}
    gone: list[str] = []
    for name in sorted(keep, key=lambda name: (-keep[name], name)):
        if name in problem.required or name in problem.pins:
            continue
        rest = {other: term for other, term in places.items() if other != name}
        if not violations(problem, plan_from(problem, rest, found.proof.method)):
            places = rest
            gone.append(name)
    return gone
