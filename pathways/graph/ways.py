"""Different ways to one target, shortest first, each proven by bounds where they meet and by the solver only where they do not.

The constraint solver takes longer to import than most questions take to answer, so it is asked last. Which of the two answered a
question depends on the question alone, so the same question gives the same ways.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pathways.graph.arrays import UNREACHABLE
from pathways.graph.compiled import CompiledGraph
from pathways.graph.cones import Cone, cone_of
from pathways.graph.landmarks import lower_bound
from pathways.graph.relaxed_plan import additive, relaxed_plan

#: Options of one target looked at before the cheapest few are kept.
MAX_OPTIONS = 16
#: Ways looked at in search of further ones.
MAX_TRIES = 60


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """Local numbers of the steps, in an order they can be taken in, and whether nothing shorter makes the same choices."""

    length: int
    steps: tuple[int, ...]
    proven: bool


@dataclass(eq=False)
class Search:
    """One target's cone and what finds ways in it.

    Parameters
    ----------
    graph : CompiledGraph
    owned : frozenset of int
        Nodes held.
    cone : Cone
    limit : float
        Deterministic solver time for all ways together. Once it is spent the solver is not asked again, so a rule over hundreds
        of courses does not keep a person waiting for its fourth way.
    spent : float
        Deterministic solver time taken so far.
    """

    graph: CompiledGraph
    owned: frozenset[int]
    cone: Cone
    limit: float
    spent: float = 0.0

    def shortest(self, without: frozenset[int] = frozenset(), option: tuple[int, int] | None = None) -> Way | None:
        """The shortest way that leaves some items out, and perhaps makes one top-level choice (a gate and the child chosen)."""
        cone = _restricted(self.cone, without, option)
        plan = relaxed_plan(cone, thin=False)
        if plan is None:
            return None
        exotic = not self.graph.exotic.keys().isdisjoint(cone.nodes)
        bound = -1 if exotic else lower_bound(cone)
        if bound != len(plan):  # looking for steps to drop costs a pass for each, and none can be dropped of a shortest way
            plan = relaxed_plan(cone) or plan
        if bound == len(plan):
            return Way(len(plan), tuple(plan), proven=True)
        return self._solved(without, option, plan)

    def _solved(self, without: frozenset[int], option: tuple[int, int] | None, plan: list[int]) -> Way | None:
        from pathways.graph.exact import solve

        left = self.limit - self.spent
        if left <= 0:
            return None
        force = () if option is None else (option[1],)
        found = solve(self.graph, self.cone, set(self.owned), hint=plan, force=force, without=without, limit=left)
        self.spent += found.spent
        return None if found.steps is None else Way(len(found.steps), found.steps, found.proven)

    def named(self, way: Way) -> frozenset[int]:
        """Steps that the catalog names: one more nameless item under a generic id is not another way."""
        nodes, graph = self.cone.nodes, self.graph
        return frozenset(step for step in way.steps if nodes[step] < graph.n_credentials or nodes[step] in graph.condition_of)


def different_ways(graph: CompiledGraph, held: Iterable[int], target: int, k: int, *, limit: float) -> tuple[Cone, list[Way]]:
    """Up to k ways: the shortest, then the shortest for each other top-level choice, then others.

    Returns
    -------
    cone : Cone
        Its numbers are those of the ways.
    ways : list of Way
        Empty where the target is held or out of reach. Each leaves out at least one item of every way before it, and names one
        that the way does not.
    """
    owned = frozenset(int(node) for node in held)
    cone = cone_of(graph, owned, target)
    if cone.target < 0 or k < 1 or additive(cone)[cone.target] >= UNREACHABLE:
        return cone, []
    search = Search(graph, owned, cone, limit)
    first = search.shortest()
    if first is None:
        return cone, []
    found = [first]
    options = [option for option in choices(graph, cone)[:MAX_OPTIONS] if k > 1 and not _has(cone, option[1], first.steps)]
    others = [way for option in options if (way := search.shortest(option=option)) is not None]
    for way in sorted(others):
        if len(found) < k and _is_new(search, way, found):
            found.append(way)
    return cone, _with_more(search, found, k)


def _is_new(search: Search, way: Way, found: list[Way]) -> bool:
    """Whether a way leaves something out of every way found, and names something new."""
    steps, named = set(way.steps), search.named(way)
    return all(set(known.steps) - steps and named - search.named(known) for known in found)


def _with_more(search: Search, found: list[Way], k: int) -> list[Way]:
    """Leave out one item after another of what was found, and keep the shortest ways that remain."""
    queue: list[tuple[Way, tuple[int, ...]]] = []
    tried: set[frozenset[int]] = set()

    def leave_out(way: Way, without: frozenset[int]) -> None:
        for item in sorted(search.named(way) - {search.cone.target}):
            less = without | {item}
            if less not in tried and len(tried) < MAX_TRIES:
                tried.add(less)
                other = search.shortest(less)
                if other is not None:
                    heapq.heappush(queue, (other, tuple(sorted(less))))

    if len(found) < k:
        for way in list(found):
            leave_out(way, frozenset())
    while queue and len(found) < k:
        way, without = heapq.heappop(queue)
        if _is_new(search, way, found):
            found.append(way)
        if len(found) < k:
            leave_out(way, frozenset(without))
    return found


def choices(graph: CompiledGraph, cone: Cone) -> list[tuple[int, int]]:
    """Every top-level ``any`` of the target with each of its options, as local numbers, options in catalog order.

    "This degree or a higher one" is one condition, not a choice.
    """
    found: dict[int, int] = {}
    stack = [cone.target]
    while stack:
        node = stack.pop()
        row = [child for child, _ in cone.children[node]]
        if cone.need[node] == 1 and len(row) > 1 and cone.nodes[node] not in graph.at_least_as:
            found.update((option, node) for option in row if option not in found)
        elif cone.need[node] == len(row) and (node == cone.target or cone.cost[node] == 0):
            stack.extend(row)
    return [(found[option], option) for option in sorted(found, key=lambda node: cone.nodes[node])]


def _restricted(cone: Cone, without: frozenset[int], option: tuple[int, int] | None) -> Cone:
    """The cone without some items, and with one option in place of the others beside it."""
    if not without and option is None:
        return cone
    children, need = list(cone.children), list(cone.need)
    for item in without:
        children[item], need[item] = [], 1
    if option is not None:
        gate, chosen = option
        children[gate] = [pair for pair in children[gate] if pair[0] == chosen]
    parents: list[list[tuple[int, int]]] = [[] for _ in children]
    for number, row in enumerate(children):
        for child, weight in row:
            parents[child].append((number, weight))
    return replace(cone, children=children, need=need, parents=parents)


def _has(cone: Cone, node: int, steps: Iterable[int]) -> bool:
    """Whether a node is true after some steps."""
    true: set[int] = set(steps)
    for number in range(len(cone)):
        reached = sum(weight for child, weight in cone.children[number] if child in true) >= cone.need[number]
        if cone.cost[number] == 0 and reached:
            true.add(number)
    return node in true
