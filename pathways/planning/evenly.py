"""A schedule that spreads a selection evenly, term by term by a simple rule: milliseconds instead of a model.

None says nothing: the rule does not look back.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from pathways.planning.bounds import term_count
from pathways.planning.nearby import Places, is_plain
from pathways.planning.problem import Problem
from pathways.planning.relaxed import BEFORE, NEVER, earliest, loads_of, open_terms
from pathways.requirements.rules import held_ids


def evenly(problem: Problem, chosen: Sequence[str]) -> Places | None:
    """All of a selection within the limits of each term, in as few terms as that works out in."""
    if not is_plain(problem, chosen):
        return None
    total, last = sum((problem.items[name].load for name in chosen), Fraction(0)), term_count(problem)
    most = min(last, math.floor(total / problem.load_min)) if problem.load_min > 0 else last
    ways = (_Spread(problem, chosen).over(count) for count in range(max(math.ceil(total / problem.load_max), 1), most + 1))
    return next((places for places in ways if places is not None), None)


class _Spread:
    def __init__(self, problem: Problem, chosen: Sequence[str]) -> None:
        self._problem, self._chosen, self._loads = problem, chosen, loads_of(problem)
        self._slots = {name: frozenset(open_terms(problem, name)) for name in chosen}
        self._tails: dict[str, int] = {}
        self._users: dict[str, list[str]] = {}
        for name in chosen:
            for used in held_ids(problem.items[name].requires):
                self._users.setdefault(used, []).append(name)
        self._places: Places = {}

    def over(self, count: int) -> Places | None:
        """In so many terms that carry something."""
        self._places = {}
        left = sum((self._problem.items[name].load for name in self._chosen), Fraction(0))
        for term in range(term_count(self._problem)):
            carried = self._fill(term, left / max(count, 1))
            left, count = left - carried, count - (carried > 0)
        return self._places if len(self._places) == len(self._chosen) else None

    def _fill(self, term: int, wanted: Fraction) -> Fraction:
        """What a term carries: those first that most depends on and that come seldom; nothing where that is too little."""
        problem, carried, here = self._problem, Fraction(0), []
        most = problem.load_of_term.get(term, problem.load_max)
        is_changed = True
        while is_changed and carried < wanted:
            is_changed = False
            for name in sorted(self._open(term), key=lambda one: self._rank(one, term)):
                load = problem.items[name].load
                if carried + load <= most and carried < wanted and self._beside(name) <= term:
                    self._places[name], carried, is_changed = term, carried + load, True
                    here.append(name)
        if carried < problem.load_min:
            for name in here:
                del self._places[name]
            return Fraction(0)
        return carried

    def _open(self, term: int) -> list[str]:
        items = self._problem.items
        return [
            name
            for name in self._chosen
            if name not in self._places
            and term in self._slots[name]
            and earliest(items[name].requires, self._when, self._loads) < term
        ]

    def _when(self, name: str) -> float:
        return BEFORE if name in self._problem.held else float(self._places.get(name, NEVER))

    def _beside(self, name: str) -> float:
        return earliest(self._problem.items[name].corequisites, self._when, self._loads)

    def _rank(self, name: str, term: int) -> tuple[int, int, Fraction, str]:
        later = sum(slot > term for slot in self._slots[name])
        return self._tail(name, ()) * -1, later, -self._problem.items[name].load, name

    def _tail(self, name: str, seen: tuple[str, ...]) -> int:
        """How long the longest chain is that starts here."""
        if name not in self._tails:
            users = [user for user in self._users.get(name, ()) if user not in seen]
            self._tails[name] = max((1 + self._tail(user, (*seen, name)) for user in users), default=0)
        return self._tails[name]
