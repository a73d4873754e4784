"""The plain ways to the same answers, to measure against: objects that point at objects, and networkx."""

from __future__ import annotations

import itertools
from collections.abc import Iterable

import networkx as nx
import numpy as np
import numpy.typing as npt

from pathways.graph.arrays import UNREACHABLE
from pathways.graph.compiled import NEVER, CompiledGraph, node_values


class Thing:
    """A credential or gate that points at what it needs."""

    __slots__ = ("below", "held", "is_item", "need", "unit")

    def __init__(self, need: int, *, is_item: bool) -> None:
        self.need, self.is_item, self.held, self.unit = need, is_item, False, True
        self.below: list[tuple[Thing, int]] = []


def things_of(graph: CompiledGraph) -> list[Thing]:
    """The graph as objects."""
    things = [Thing(int(need), is_item=number < graph.n_atoms) for number, need in enumerate(graph.need)]
    for number, thing in enumerate(things):
        row = slice(graph.ptr[number], graph.ptr[number + 1])
        thing.below = [(things[c], w) for c, w in zip(graph.child[row].tolist(), graph.weight[row].tolist(), strict=True)]
        thing.unit = all(weight == 1 for _, weight in thing.below)
    return things


def missing(thing: Thing) -> int:
    """Directly missing items of one thing; "all" and "any" take the short way."""
    need, below = thing.need, thing.below
    if need == 0:
        return 0
    if thing.unit:
        values = [0 if child.held else 1 if child.is_item else missing(child) for child, _ in below]
        if need == len(values):
            return sum(values)
        if need == 1:
            return min(values)
        return sum(sorted(values)[:need]) if need < len(values) else NEVER
    reached, total = 0, 0
    for _, value, weight in sorted(_asked(child, weight) for child, weight in below):
        if reached >= need:
            break
        reached, total = reached + weight, total + value
    return total if reached >= need else NEVER


def _asked(thing: Thing, weight: int) -> tuple[float, int, int]:
    value = 0 if thing.held else 1 if thing.is_item else missing(thing)
    return value / weight, value, weight


def object_walk(things: list[Thing], n: int, held: Iterable[int]) -> list[int]:
    """Missing items of every credential for one learner."""
    owned = list(held)
    for number in owned:
        things[number].held = True
    found = [missing(thing) for thing in things[:n]]
    for number in owned:
        things[number].held = False
    return found


def networkx_of(graph: CompiledGraph) -> nx.DiGraph[int]:
    """The graph in networkx, edges from need to what is needed."""
    made: nx.DiGraph[int] = nx.DiGraph()
    made.add_nodes_from((number, {"need": int(need)}) for number, need in enumerate(graph.need))
    owner = np.repeat(np.arange(len(graph)), np.diff(graph.ptr))
    made.add_weighted_edges_from(zip(owner.tolist(), graph.child.tolist(), graph.weight.tolist(), strict=True))
    return made


def networkx_walk(made: nx.DiGraph[int], n: int, held: set[int]) -> list[int]:
    """Missing items of every credential for one learner, by walking edges."""

    def cost(node: int) -> int:
        if node in held:
            return 0
        return 1 if node < n else reach(node)

    def reach(node: int) -> int:
        need = made.nodes[node]["need"]
        ranked = sorted((cost(child) / data["weight"], cost(child), data["weight"]) for child, data in made.adj[node].items())
        reached, total = 0, 0
        for _, value, weight in ranked:
            if reached >= need:
                break
            reached, total = reached + weight, total + value
        return total if reached >= need else NEVER

    return [reach(node) for node in range(n)]


def full_sweep(graph: CompiledGraph, held: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Missing items of every credential, every gate computed with arrays, nothing reused."""
    values = np.ones(len(graph))
    values[held] = 0
    for level in range(1, int(graph.level.max(initial=0)) + 1):
        nodes = np.flatnonzero(graph.level == level)
        values[nodes] = node_values(graph, nodes, values)
    return np.minimum(node_values(graph, np.arange(graph.n_credentials), values), NEVER).astype(np.int64)


def full_costs(graph: CompiledGraph, held: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Additive cost of every node, swept in rank order."""
    values = np.zeros(len(graph))
    order = np.argsort(graph.rank, kind="stable")
    bounds = np.searchsorted(graph.rank[order], np.arange(int(graph.rank.max()) + 2))
    for start, end in itertools.pairwise(bounds):
        nodes = order[start:end]
        values[nodes] = np.minimum(node_values(graph, nodes, values, reading="share") + graph.cost[nodes], UNREACHABLE)
        values[held[np.isin(held, nodes)]] = 0
    return values
