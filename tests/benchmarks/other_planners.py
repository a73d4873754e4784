"""Planners to measure ours against: one time-indexed model solved whole, the same idea written anew for HiGHS, and a greedy one.

The HiGHS model and the greedy planner share nothing with the solver but the problem they read.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from pathways.planning.model import TimeModel
from pathways.planning.problem import PlanItem, Problem
from pathways.planning.relaxed import cone, open_terms
from pathways.planning.solving import Clock, solve
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, CreditsFrom, Groups, Held, Node, Requirement

Status = Literal["optimal", "feasible", "infeasible", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a planner found: values in the order of the problem's objective as far as they are proven, and the placements."""

    status: Status
    values: tuple[Fraction, ...]
    places: Mapping[str, int]


def one_piece(problem: Problem, seconds: float) -> Answer:
    """Our own time-indexed model over the pruned items, objective after objective, without bounds or decomposition."""
    clock = Clock(seconds)
    model = TimeModel(problem, [name for name in cone(problem) if open_terms(problem, name)])
    values: list[Fraction] = []
    places: dict[str, int] = {}
    for name in problem.objective:
        solved = solve(model.model, clock, stage=name, minimize=model.objective(name))
        if solved.status == "infeasible":
            return Answer("infeasible", (), {})
        if not solved.has_plan:
            return Answer("feasible" if places else "unknown", tuple(values), places)
        places = {one: term for one in model.ids for term, bit in model.place[one].items() if solved.is_true(bit)}
        if solved.status != "optimal":
            return Answer("feasible", tuple(values), places)
        values.append(Fraction(solved.value, model.unit(name)))
        model.model.add(model.objective(name) <= solved.value)
    return Answer("optimal", tuple(values), places)


# HiGHS

Terms = dict[int, float]


class _Highs:
    """Rows and columns of a problem: x (stands in a term), d (done before a term), used and after (a later term is used)."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.length = problem, len(problem.terms)
        self.last = self.length - 1 if problem.deadline is None else min(problem.deadline, self.length - 1)
        self._upper: list[float] = []
        self._lower: list[float] = []
        self._whole: list[int] = []
        self._rows: list[tuple[Terms, float, float]] = []
        self.one = self._column(1, 1)
        self.zero = self._column(0, 0)
        self.x: dict[str, dict[int, int]] = {}
        self.d: dict[str, list[int]] = {}
        for name in _reachable(problem):
            self._item(problem.items[name])
        self._terms()
        self._sums()
        self._require(problem.goal, self.length, self.one)
        for name in self.x:
            for term in self.x[name]:
                self._require(problem.items[name].requires, term, self.d[name][term + 1])
                self._require(problem.items[name].corequisites, term + 1, self.d[name][term + 1])

    def _column(self, low: float, high: float, *, whole: bool = False) -> int:
        self._lower.append(low)
        self._upper.append(high)
        self._whole.append(int(whole))
        return len(self._upper) - 1

    def _at_least(self, terms: Sequence[tuple[int, float]], low: float, high: float = math.inf) -> None:
        row: Terms = {}
        for column, weight in terms:
            row[column] = row.get(column, 0.0) + weight
        self._rows.append((row, low, high))

    def _item(self, item: PlanItem) -> None:
        problem, name = self.problem, item.id
        pinned = problem.pins.get(name)
        slots = [
            term
            for term in range(self.last + 1)
            if (item.offered is None or term in item.offered) and pinned in (None, term) and name not in problem.excluded
        ]
        self.x[name] = {term: self._column(0, 1, whole=True) for term in slots}
        self.d[name] = [self.zero]
        for term in range(self.length):
            if term not in self.x[name]:
                self.d[name].append(self.d[name][-1])
                continue
            self.d[name].append(self._column(0, 1))
            self._at_least([(self.d[name][-1], 1), (self.d[name][-2], -1), (self.x[name][term], -1)], 0, 0)
        if name in problem.required or pinned is not None:
            self._at_least([(self.d[name][-1], 1)], 1)

    def _terms(self) -> None:
        problem = self.problem
        self.used = [self._column(0, 1, whole=True) for _ in range(self.length)]
        self.after = [self._column(0, 1, whole=True) for _ in range(self.length)]
        for term, used in enumerate(self.used):
            load = [(self.x[name][term], float(problem.items[name].load)) for name in self.x if term in self.x[name]]
            most = float(problem.load_of_term.get(term, problem.load_max))
            self._at_least([*load, (used, -most)], -math.inf, 0)
            self._at_least([*load, (used, -float(problem.load_min))], 0)
            self._at_least([(self.after[term], 1), (used, -1)], 0)
            if term + 1 < self.length:
                self._at_least([(self.after[term], 1), (self.after[term + 1], -1)], 0)
            # A load minimum of zero leaves a term of weightless items to these rows alone.
            for name in self.x:
                if term in self.x[name]:
                    self._at_least([(used, 1), (self.x[name][term], -1)], 0)

    def _sums(self) -> None:
        problem = self.problem
        if problem.budget is not None:
            self._at_least(self.weighed(lambda item: float(item.usd or 0)), -math.inf, float(problem.budget))
        for cap in problem.caps:
            rows = self.weighed(lambda item, group=cap.group: float(item.load) if item.group == group else 0.0)  # type: ignore[misc]
            self._at_least(rows, -math.inf, float(cap.most))

    def weighed(self, amount: Callable[[PlanItem], float]) -> list[tuple[int, float]]:
        """Columns of placed items with an amount each."""
        return [(self.d[name][-1], amount(self.problem.items[name])) for name in self.x]

    def _leaf(self, name: str, until: int, own: Mapping[str, int] | None) -> int:
        if own is not None and name in own:
            return own[name]
        if name in self.problem.held:
            return self.one
        return self.d[name][until] if name in self.d else self.zero

    def _require(self, node: Node, until: int, guard: int, own: Mapping[str, int] | None = None) -> None:
        """Whatever a guard amounts to, the tree has to hold as much."""
        match node:
            case Held():
                self._at_least([(self._leaf(node.id, until, own), 1), (guard, -1)], 0)
            case AllOf():
                for child in node.children:
                    self._require(child, until, guard, own)
            case AnyOf() | AtLeast():
                count = node.n if isinstance(node, AtLeast) else 1
                bits = [self._bit(child, until, own) for child in dict.fromkeys(node.children)]
                self._at_least([*((bit, 1.0) for bit in bits), (guard, -count)], 0)
            case CreditsFrom():
                names = dict.fromkeys(one.id for one in node.children if isinstance(one, Held))
                weights = [(self._leaf(name, until, own), float(self.problem.items[name].load)) for name in names]
                self._at_least([*weights, (guard, -float(node.min_credits))], 0)
            case Groups():
                self._apart(node, until, guard)
            case _:
                raise NotImplementedError(type(node).__name__)

    def _bit(self, node: Node, until: int, own: Mapping[str, int] | None) -> int:
        if isinstance(node, Held):
            return self._leaf(node.id, until, own)
        bit = self._column(0, 1, whole=True)
        self._require(node, until, bit, own)
        return bit

    def _apart(self, rule: Groups, until: int, guard: int) -> None:
        wants = [_ids(child) for child in rule.children]
        dealt: list[dict[str, int]] = [{} for _ in wants]
        for name in dict.fromkeys(name for wish in wants for name in wish):
            groups = [group for group, wish in enumerate(wants) if name in wish]
            if len(groups) > 1:
                bits = [self._column(0, 1, whole=True) for _ in groups]
                dealt = [{**mine, name: bits[groups.index(group)]} if group in groups else mine for group, mine in enumerate(dealt)]
                self._at_least([(self._leaf(name, until, None), 1.0), *((bit, -1.0) for bit in bits)], 0)
        for child, mine in zip(rule.children, dealt, strict=True):
            self._require(child, until, guard, mine)

    def solve(self, objective: Mapping[int, float], limits: Sequence[tuple[Terms, float]], seconds: float) -> Any:
        """One call; ``limits`` are upper bounds on earlier objectives."""
        rows = [*self._rows, *((terms, -math.inf, most) for terms, most in limits)]
        lengths = [len(terms) for terms, _, _ in rows]
        data = np.array([weight for terms, _, _ in rows for weight in terms.values()])
        columns = np.array([column for terms, _, _ in rows for column in terms])
        matrix = csr_array((data, columns, np.concatenate([[0], np.cumsum(lengths)])), shape=(len(rows), len(self._upper)))
        costs = np.zeros(len(self._upper))
        for column, weight in objective.items():
            costs[column] = weight
        return milp(
            costs,
            integrality=np.array(self._whole),
            bounds=Bounds(np.array(self._lower), np.array(self._upper)),
            constraints=LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows]),
            options={"time_limit": max(seconds, 0.01), "mip_rel_gap": 0.0},
        )


def _ids(node: Node) -> dict[str, None]:
    if isinstance(node, Held):
        return {node.id: None}
    children: Sequence[Node] = getattr(node, "children", ())
    return {name: None for child in children for name in _ids(child)}


def _reachable(problem: Problem) -> list[str]:
    """Items the goal can use, through what they need."""
    found: dict[str, None] = {}
    stack = [*_ids(problem.goal), *problem.pins, *problem.required]
    while stack:
        name = stack.pop()
        if name in problem.items and name not in found and name not in problem.held:
            found[name] = None
            stack += [*_ids(problem.items[name].requires), *_ids(problem.items[name].corequisites)]
    return sorted(found)


def highs(problem: Problem, seconds: float) -> Answer:
    """HiGHS through SciPy, objective after objective. Reads what the generated degrees use: no lapsing, hours limit or shares."""
    began = time.monotonic()
    model = _Highs(problem)
    wanted: dict[str, Mapping[int, float]] = {
        "terms": dict.fromkeys(model.after, 1.0),
        "cost": dict(model.weighed(lambda item: float(item.usd or 0))),
        "hours": dict(model.weighed(lambda item: float(item.hours or 0))),
    }
    limits: list[tuple[Terms, float]] = []
    values: list[Fraction] = []
    places: dict[str, int] = {}
    for name in problem.objective or ("terms",):
        left = seconds - (time.monotonic() - began)
        found = model.solve(wanted[name], limits, left)
        if found.status == 2:
            return Answer("infeasible", (), {})
        if found.x is not None:
            places = {one: term for one, slots in model.x.items() for term, column in slots.items() if found.x[column] > 0.5}
        if found.status != 0:
            return Answer("feasible" if places else "unknown", tuple(values), places)
        values.append(Fraction(round(found.fun)))
        limits.append((dict(wanted[name]), round(found.fun) + 0.5))
    return Answer("optimal", tuple(values), places)


# Greedy


def greedy(problem: Problem, seed: int, tries: int = 40) -> dict[str, int] | None:
    """The best of some randomized runs: the cheapest next item for each group, then terms filled by the longest chains first."""
    chance = random.Random(seed)
    best: tuple[int, Decimal] | None = None
    places: dict[str, int] | None = None
    for number in range(tries):
        chosen = _Choice(problem, chance, 0.0 if number == 0 else 0.4).run()
        found = None if chosen is None else _fill(problem, chosen)
        if found is None:
            continue
        reached = (max(found.values()) + 1, sum((problem.items[name].usd or Decimal(0) for name in found), Decimal(0)))
        if best is None or reached < best:
            best, places = reached, found
    return places


class _Choice:
    """One greedy selection: groups with the fewest spare items first, each item with what it needs, prices shaken a little."""

    def __init__(self, problem: Problem, chance: random.Random, shake: float) -> None:
        self._problem, self._chosen, self._taken = problem, set[str](), set[str]()
        self._price = {
            name: float(item.usd or 0) * (1 + shake * chance.random()) / max(float(item.load), 1)
            for name, item in problem.items.items()
        }

    def run(self) -> set[str] | None:
        """Chosen items, or None where a cap or a list ran out."""
        goal = self._problem.goal
        groups = goal.children if isinstance(goal, Groups) else (goal,)
        for group in sorted(groups, key=lambda one: len(_ids(one)) if not isinstance(one, AllOf) else 0):
            if not self._meet(group):
                return None
        return self._chosen if self._within_caps() else None

    def _within_caps(self, more: str = "") -> bool:
        names, items = self._chosen | ({more} if more else set()), self._problem.items
        return all(
            sum(items[name].load for name in names if items[name].group == cap.group) <= cap.most for cap in self._problem.caps
        )

    def _meet(self, group: Requirement) -> bool:
        items, got = self._problem.items, Fraction(0)
        if isinstance(group, AllOf):
            self._taken |= set(_ids(group))
            return all(self._add(name) for name in _ids(group))
        asked = group.min_credits if isinstance(group, CreditsFrom) else Fraction(group.n if isinstance(group, AtLeast) else 1)
        while got < asked:
            open_ = [name for name in _ids(group) if name not in self._taken and self._within_caps(name)]
            name = min(
                open_, key=lambda one: (one not in self._chosen, sum(self._price[n] for n in self._closure(one)), one), default=""
            )
            if not name or not self._add(name):
                return False
            self._taken.add(name)
            got += items[name].load if isinstance(group, CreditsFrom) else 1
        return True

    def _add(self, name: str) -> bool:
        self._chosen |= self._closure(name)
        return all(item.offered is None or bool(item.offered) for item in (self._problem.items[one] for one in self._chosen))

    def _closure(self, name: str) -> set[str]:
        found: set[str] = set()
        stack = [name]
        while stack:
            one = stack.pop()
            if one not in found and one not in self._chosen:
                found.add(one)
                item = self._problem.items[one]
                stack += [*self._cheapest(item.requires, found), *self._cheapest(item.corequisites, found)]
        return found

    def _cheapest(self, tree: Node, found: set[str]) -> list[str]:
        match tree:
            case Held():
                return [tree.id]
            case AllOf():
                return [name for child in tree.children for name in self._cheapest(child, found)]
            case AnyOf() | AtLeast():
                ways = sorted((self._cheapest(child, found) for child in tree.children), key=lambda way: self._cost(way, found))
                return [name for way in ways[: tree.n if isinstance(tree, AtLeast) else 1] for name in way]
            case _:
                raise NotImplementedError(type(tree).__name__)

    def _cost(self, names: Sequence[str], found: set[str]) -> float:
        return sum(self._price[name] for name in names if name not in self._chosen and name not in found)


def _holds(tree: Node, done: set[str]) -> bool:
    match tree:
        case Held():
            return tree.id in done
        case AllOf():
            return all(_holds(child, done) for child in tree.children)
        case AnyOf():
            return any(_holds(child, done) for child in tree.children)
        case AtLeast():
            return sum(_holds(child, done) for child in tree.children) >= tree.n
        case _:
            raise NotImplementedError(type(tree).__name__)


def _fill(problem: Problem, chosen: set[str]) -> dict[str, int] | None:
    """Terms filled one after the other, up to ever smaller loads until every term carries its minimum."""
    chain = _chains(problem, chosen)
    order = sorted(chosen, key=lambda name: (-chain[name], len(problem.items[name].offered or problem.terms), name))
    for most in range(int(problem.load_max), max(int(problem.load_min), 1) - 1, -1):
        found = _filled(problem, order, Fraction(most))
        if found is not None:
            return found
    return None


def _filled(problem: Problem, order: Sequence[str], most: Fraction) -> dict[str, int] | None:
    places: dict[str, int] = {}
    last = len(problem.terms) if problem.deadline is None else problem.deadline + 1
    for term in range(last):
        before, load, moved = set(places) | set(problem.held), Fraction(0), True
        while moved:
            moved = False
            for name in order:
                item = problem.items[name]
                if name in places or load + item.load > most or not (item.offered is None or term in item.offered):
                    continue
                if _holds(item.requires, before) and _holds(item.corequisites, set(places) | before):
                    places[name], load, moved = term, load + item.load, True
        if 0 < load < problem.load_min:
            return None
        if len(places) == len(order):
            return places
    return None


def _chains(problem: Problem, chosen: set[str]) -> dict[str, int]:
    """Length of the longest chain of chosen items that start with each."""
    followers: dict[str, list[str]] = {name: [] for name in chosen}
    for name in chosen:
        for other in {**_ids(problem.items[name].requires), **_ids(problem.items[name].corequisites)}:
            if other in followers and other != name:
                followers[other].append(name)
    depth: dict[str, int] = {}

    def length(name: str) -> int:
        if name not in depth:
            depth[name] = 0
            depth[name] = 1 + max((length(other) for other in followers[name]), default=0)
        return depth[name]

    for name in chosen:
        length(name)
    return depth
