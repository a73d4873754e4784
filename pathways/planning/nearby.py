"""A schedule for a selection that is nearly one already scheduled: what both share stays, the rest is put where there is room.

Some milliseconds instead of a model, and whoever compares the plans finds most things in the same place. None says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from pathways.planning.problem import Problem
from pathways.planning.relaxed import BEFORE, NEVER, earliest, earliest_terms, loads_of, open_terms
from pathways.requirements.rules import held_ids, is_monotone

Places = dict[str, int]
#: How often items that no longer stand right are put elsewhere.
ROUNDS = 3


def is_plain(problem: Problem, chosen: Iterable[str]) -> bool:
    """Whether an item stands right as soon as its trees hold by the terms of others: nothing lapses, no hours, no choice."""
    items = [problem.items[name] for name in chosen]
    if problem.held_until or problem.hours_per_week is not None or any(item.valid_terms is not None for item in items):
        return False
    trees = [tree for item in items for tree in (item.requires, item.corequisites)]
    return all(is_monotone(tree) for tree in trees)


def nearby(problem: Problem, chosen: Sequence[str], known: Mapping[str, int], count: int) -> Places | None:
    """All of a selection in exactly so many terms, near to where a schedule of another selection has them.

    Parameters
    ----------
    problem : Problem
    chosen : sequence of str
        A selection that meets goal, caps and budget.
    known : mapping of str to int
        The other schedule.
    count : int
    """
    if not is_plain(problem, chosen):
        return None
    mover = _Mover(problem, chosen, count, {name: known[name] for name in chosen if name in known})
    return mover.run()


class _Mover:
    def __init__(self, problem: Problem, chosen: Sequence[str], count: int, places: Places) -> None:
        self._problem, self._chosen, self._count, self._places = problem, list(chosen), count, places
        self._loads, self._carried = loads_of(problem), [Fraction(0)] * count
        self._slots = {name: [term for term in open_terms(problem, name) if term < count] for name in chosen}
        self._users: dict[str, list[str]] = {}
        for name in chosen:
            item = problem.items[name]
            for used in {*held_ids(item.requires), *held_ids(item.corequisites)}:
                self._users.setdefault(used, []).append(name)
        for name, term in list(places.items()):
            if term in self._slots[name]:
                self._carried[term] += problem.items[name].load
            else:
                del places[name]

    def run(self) -> Places | None:
        """Put what is left out, then what no longer stands right, until all does."""
        first = earliest_terms(self._problem, self._chosen, slots=self._slots)
        for _ in range(ROUNDS):
            for name in [one for one in self._places if not self._stands(one)]:
                self._take(name)
            left = [name for name in self._chosen if name not in self._places]
            if not left:
                return self._places if self._is_within_limits() else None
            for name in sorted(left, key=lambda one: (first[one], one)):
                if not self._put(name):
                    return None
        return None

    def _when(self, name: str) -> float:
        return BEFORE if name in self._problem.held else float(self._places.get(name, NEVER))

    def _from(self, name: str) -> float:
        """First term an item could stand in, by where the others are."""
        item = self._problem.items[name]
        after = earliest(item.requires, self._when, self._loads)
        return max(after + 1, earliest(item.corequisites, self._when, self._loads))

    def _stands(self, name: str) -> bool:
        return self._from(name) <= self._places[name]

    def _most(self, term: int) -> Fraction:
        return self._problem.load_of_term.get(term, self._problem.load_max)

    def _take(self, name: str) -> None:
        self._carried[self._places.pop(name)] -= self._problem.items[name].load

    def _set(self, name: str, term: int) -> None:
        self._places[name] = term
        self._carried[term] += self._problem.items[name].load

    def _put(self, name: str) -> bool:
        """Where there is room, or where one other item can make room by going elsewhere."""
        load, start = self._problem.items[name].load, self._from(name)
        terms = [term for term in self._slots[name] if term >= start]
        for term in terms:
            if self._carried[term] + load <= self._most(term):
                self._set(name, term)
                return True
        return any(self._swap(name, term) for term in terms)

    def _swap(self, name: str, term: int) -> bool:
        over = self._carried[term] + self._problem.items[name].load - self._most(term)
        for other in [one for one, place in self._places.items() if place == term]:
            size = self._problem.items[other].load
            if size < over:
                continue
            for place in self._slots[other]:
                if place != term and self._carried[place] + size <= self._most(place) and self._moves(other, place):
                    self._set(name, term)
                    return True
        return False

    def _moves(self, name: str, term: int) -> bool:
        """Move an item where neither it nor what needs it suffers by that."""
        before = self._places[name]
        stood = [user for user in self._users.get(name, ()) if user in self._places and self._stands(user)]
        self._take(name)
        self._set(name, term)
        if self._stands(name) and all(map(self._stands, stood)):
            return True
        self._take(name)
        self._set(name, before)
        return False

    def _is_within_limits(self) -> bool:
        used = [load for term, load in enumerate(self._carried) if term in set(self._places.values())]
        is_light = any(load < self._problem.load_min for load in used)
        is_heavy = any(load > self._most(term) for term, load in enumerate(self._carried))
        ends = max(self._places.values(), default=-1) + 1 == self._count
        return ends and not is_light and not is_heavy and all(map(self._stands, self._chosen))
