"""The part of the graph that one target depends on, as small Python lists numbered children first.

What is held is already counted: it is taken off the thresholds and out of the lists, and nothing below a reached threshold is kept.
Cones are small (tens to hundreds of nodes) whatever the catalog, so plain lists beat arrays here.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Set
from dataclasses import dataclass

from pathways.graph.arrays import UNREACHABLE
from pathways.graph.compiled import CompiledGraph


@dataclass(frozen=True, eq=False)
class Cone:
    """One target's dependencies that are still open.

    Parameters
    ----------
    nodes : list of int
        Graph node of each local node; children before parents except on cycles, the target last unless it is on one.
    children : list of lists of (int, int)
        Local number and weight of each child.
    parents : list of lists of (int, int)
        The same edges the other way.
    need, cost : lists of int
        What is still needed; steps.
    target : int
        Local number of the target; -1 when it is already held.
    cyclic : bool
        Whether any cycle is inside.
    """

    nodes: list[int]
    children: list[list[tuple[int, int]]]
    parents: list[list[tuple[int, int]]]
    need: list[int]
    cost: list[int]
    target: int
    cyclic: bool

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.nodes)


def cone_of(graph: CompiledGraph, held: Collection[int], target: int) -> Cone:
    """Walk down from a target to what is still open.

    Parameters
    ----------
    graph : CompiledGraph
    held : collection of int
        Nodes held, best as a set.
    target : int
        Any node, usually a credential.
    """
    owned = held if isinstance(held, set | frozenset) else {int(node) for node in held}
    below, need = _open(graph, owned, target, prune=True)
    if graph.exotic and not graph.exotic.keys().isdisjoint(below):
        below, need = _open(graph, owned, target, prune=False)  # what is held may count elsewhere, or count against it
    for node in graph.at_least_as.keys() & below.keys():  # a stronger condition counts where something asks for it anyway
        below[node] = [pair for pair in below[node] if pair[0] in below]
    return _number(graph, target, below, need)


def _open(
    graph: CompiledGraph, owned: Set[int], target: int, *, prune: bool
) -> tuple[dict[int, list[tuple[int, int]]], dict[int, int]]:
    """Children that are not held, and what is still needed, of each node below the target."""
    below: dict[int, list[tuple[int, int]]] = {}
    need: dict[int, int] = {}
    stack = [] if target in owned else [target]
    while stack:
        node = stack.pop()
        if node in below:
            continue
        start, end = int(graph.ptr[node]), int(graph.ptr[node + 1])
        pairs = list(zip(graph.child[start:end].tolist(), graph.weight[start:end].tolist(), strict=True))
        need[node] = int(graph.need[node]) - sum(weight for child, weight in pairs if child in owned)
        below[node] = [pair for pair in pairs if pair[0] not in owned] if need[node] > 0 or not prune else []
        first = graph.at_least_as.get(node)
        stack.extend(child for child, _ in below[node] if child not in below and first in (None, child))
    return below, need


def _number(graph: CompiledGraph, target: int, below: dict[int, list[tuple[int, int]]], need: dict[int, int]) -> Cone:
    ranks = graph.rank
    nodes = sorted(below, key=lambda node: (int(ranks[node]), node))
    local = {node: number for number, node in enumerate(nodes)}
    children = [[(local[child], weight) for child, weight in below[node]] for node in nodes]
    parents: list[list[tuple[int, int]]] = [[] for _ in nodes]
    for number, row in enumerate(children):
        for child, weight in row:
            parents[child].append((number, weight))
    return Cone(
        nodes,
        children,
        parents,
        [max(0, need[node]) for node in nodes],
        graph.cost[nodes].tolist() if nodes else [],
        local.get(target, -1),
        bool(graph.cyclic[nodes].any()) if nodes else False,
    )


def earning_order(cone: Cone, chosen: Collection[int]) -> list[int]:
    """Which of the chosen atoms can be earned, in an order that works: each as soon as it may, smallest number first.

    Parameters
    ----------
    cone : Cone
    chosen : collection of int
        Local numbers of atoms that would be earned.

    Returns
    -------
    list of int
        Local numbers; shorter than ``chosen`` where some can never start.
    """
    wanted = chosen if isinstance(chosen, set | frozenset) else set(chosen)
    count = [0] * len(cone)
    order: list[int] = []
    ready = [node for node in wanted if cone.need[node] == 0]
    heapq.heapify(ready)
    true = [node for node in range(len(cone)) if cone.cost[node] == 0 and cone.need[node] == 0]
    while true or ready:
        if not true:
            order.append(heapq.heappop(ready))
            true.append(order[-1])
        for parent, weight in cone.parents[true.pop()]:
            before, count[parent] = count[parent], count[parent] + weight
            if before < cone.need[parent] <= count[parent]:
                if cone.cost[parent] == 0:
                    true.append(parent)
                elif parent in wanted:
                    heapq.heappush(ready, parent)
    return order


def threshold(cone: Cone, node: int, values: list[int], *, add: bool) -> int:
    """Cost of enabling a node from its children's costs: their cheapest sufficient sum, or the dearest of them.

    Unequal weights are taken by cost for each unit of weight when adding (an estimate), by cost otherwise (exact).
    """
    need, row = cone.need[node], cone.children[node]
    if need == 0:
        return 0
    if len(row) < need and all(weight == 1 for _, weight in row):
        return int(UNREACHABLE)
    if need == 1:
        return min((values[child] for child, _ in row), default=int(UNREACHABLE))
    if add:
        pairs = sorted((values[child] / weight, values[child], weight) for child, weight in row)
    else:
        pairs = sorted((values[child], values[child], weight) for child, weight in row)
    total, reached = 0, 0
    for _, value, weight in pairs:
        total = total + value if add else max(total, value)
        reached += weight
        if reached >= need:
            return min(total, int(UNREACHABLE))
    return int(UNREACHABLE)


def node_costs(cone: Cone, cost: list[int], *, add: bool) -> list[int]:
    """Additive or maximum cost of every node of a cone (h_add, h_max); swept again until stable where there are cycles."""
    values = [int(UNREACHABLE)] * len(cone)
    settled = False
    while not settled:
        settled = True
        for node in range(len(cone)):
            value = min(threshold(cone, node, values, add=add) + cost[node], int(UNREACHABLE))
            if value != values[node]:
                values[node] = value
                settled = not cone.cyclic
    return values
