"""The compiled loops themselves (extra ``fast``); :mod:`.fast` decides when to use them.

Each call marks only what it touches in scratch arrays as long as the graph, and clears the marks before it returns. Scratch belongs
to one graph and one thread.
"""

# ruff: noqa: PLR0913, PLR0917 - compiled functions take arrays, not objects

from __future__ import annotations

import heapq
import threading
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numba import njit

from pathways.graph.arrays import UNREACHABLE, FloatArray, IntArray
from pathways.graph.compiled import NEVER, CompiledGraph

_local = threading.local()


def readiness(graph: CompiledGraph, held: IntArray) -> tuple[IntArray, IntArray]:
    """Atoms with fewer missing items than for an empty record, and how many; see :mod:`.readiness`."""
    scratch, mark, flat = _scratch(graph)
    levels = graph.height
    nodes, values = _readiness(
        held, graph.parent_ptr, graph.parent, graph.ptr, graph.child, graph.weight, graph.need, graph.level,
        graph.base_missing, graph.n_atoms, levels, scratch, mark, flat,
    )  # fmt: skip
    order = np.argsort(nodes, kind="stable")
    return nodes[order], values[order].astype(np.int64)


def costs(graph: CompiledGraph, held: IntArray) -> tuple[IntArray, FloatArray]:
    """Nodes whose additive cost fell, and to what; see :mod:`.costs`."""
    scratch, mark, _ = _scratch(graph)
    nodes, values = _costs(
        held, graph.parent_ptr, graph.parent, graph.ptr, graph.child, graph.weight, graph.need, graph.cost,
        graph.rank, graph.base_cost, scratch, mark,
    )  # fmt: skip
    order = np.argsort(nodes, kind="stable")
    return nodes[order], values[order]


def _scratch(graph: CompiledGraph) -> tuple[Any, Any, Any]:
    kept: WeakKeyDictionary[CompiledGraph, tuple[Any, Any, Any]] | None = getattr(_local, "kept", None)
    if kept is None:
        kept = _local.kept = WeakKeyDictionary()
    if graph not in kept:
        kept[graph] = (np.full(len(graph), -1.0), np.zeros(len(graph), np.int64), _flat(graph))
    return kept[graph]


def _flat(graph: CompiledGraph) -> Any:
    """Gates over atoms alone, one count each, that can be reached at all: held children are all that matters."""
    counts = np.diff(graph.ptr)
    owner = np.repeat(np.arange(len(graph)), counts)
    plain = np.ones(len(graph), np.bool_)
    plain[owner[(graph.child >= graph.n_atoms) | (graph.weight != 1)]] = False
    return plain & (counts >= graph.need)


@njit(cache=True)
def _reach(values, weights, wanted, share):  # type: ignore[no-untyped-def]
    """Cheapest sufficient sum of children; the loop of :func:`pathways.graph.arrays.threshold_values` for one node."""
    if wanted == 0:
        return 0.0
    if weights.sum() < wanted:
        return UNREACHABLE
    if wanted == len(values):
        if weights.max() == 1:
            return min(values.sum(), UNREACHABLE)
    elif wanted == 1 and weights.max() == 1:
        return min(values.min(), UNREACHABLE)
    total, reached = 0.0, 0
    for at in np.argsort(values / weights, kind="mergesort"):
        if reached >= wanted:
            break
        part = min(wanted - reached, weights[at]) / weights[at] if share and values[at] < UNREACHABLE else 1.0
        total += values[at] * part
        reached += weights[at]
    return min(total, UNREACHABLE)


@njit(cache=True)
def _missing(node, ptr, child, weight, need, n_atoms, base, scratch):  # type: ignore[no-untyped-def]
    start, end = ptr[node], ptr[node + 1]
    values = np.empty(end - start)
    for at in range(start, end):
        below = child[at]
        value = scratch[below]
        if value < 0:
            value = 1.0 if below < n_atoms else float(base[below])
        values[at - start] = value
    return min(_reach(values, weight[start:end], need[node], False), float(NEVER))


@njit(cache=True)
def _see(node, parent_ptr, parent, mark, seen):  # type: ignore[no-untyped-def]
    for at in range(parent_ptr[node], parent_ptr[node + 1]):
        above = parent[at]
        if mark[above] == 0:
            seen.append(above)
        mark[above] += 1


@njit(cache=True)
def _readiness(  # type: ignore[no-untyped-def]
    held, parent_ptr, parent, ptr, child, weight, need, level, base, n_atoms, levels, scratch, mark, flat
):
    seen = [np.int64(0) for _ in range(0)]
    touched = [np.int64(0) for _ in range(0)]
    for node in held:
        scratch[node] = 0.0
        touched.append(node)
        _see(node, parent_ptr, parent, mark, seen)
    for height in range(1, levels + 1):
        number = 0
        while number < len(seen):
            node = seen[number]
            number += 1
            if level[node] != height or scratch[node] == 0.0:
                continue
            if flat[node]:
                value = float(max(0, need[node] - mark[node]))
            else:
                value = _missing(node, ptr, child, weight, need, n_atoms, base, scratch)
            if value < base[node]:
                scratch[node] = value
                touched.append(node)
                _see(node, parent_ptr, parent, mark, seen)
    atoms = [node for node in seen if node < n_atoms]
    values = np.empty(len(atoms))
    for number, node in enumerate(atoms):
        values[number] = _missing(node, ptr, child, weight, need, n_atoms, base, scratch)
    for node in seen:
        mark[node] = 0
    for node in touched:
        scratch[node] = -1.0
    return np.array(atoms, dtype=np.int64), values


@njit(cache=True)
def _enabling(node, ptr, child, weight, need, base, scratch):  # type: ignore[no-untyped-def]
    start, end = ptr[node], ptr[node + 1]
    values = np.empty(end - start)
    for at in range(start, end):
        value = scratch[child[at]]
        values[at - start] = base[child[at]] if value < 0 else value
    return _reach(values, weight[start:end], need[node], True)


@njit(cache=True)
def _costs(  # type: ignore[no-untyped-def]
    held, parent_ptr, parent, ptr, child, weight, need, cost, rank, base, scratch, mark
):
    touched = [np.int64(0) for _ in range(0)]
    queue = [(np.int64(0), np.int64(0)) for _ in range(0)]
    for node in held:
        scratch[node] = 0.0
        touched.append(node)
    for node in held:
        for at in range(parent_ptr[node], parent_ptr[node + 1]):
            above = parent[at]
            if mark[above] == 0 and scratch[above] != 0.0:
                mark[above] = 1
                heapq.heappush(queue, (rank[above], above))
    while len(queue) > 0:
        node = heapq.heappop(queue)[1]
        mark[node] = 0
        before = base[node] if scratch[node] < 0 else scratch[node]
        after = min(_enabling(node, ptr, child, weight, need, base, scratch) + cost[node], UNREACHABLE)
        if after < before:
            if scratch[node] < 0:
                touched.append(node)
            scratch[node] = after
            for at in range(parent_ptr[node], parent_ptr[node + 1]):
                above = parent[at]
                if mark[above] == 0 and scratch[above] != 0.0:
                    mark[above] = 1
                    heapq.heappush(queue, (rank[above], above))
    values = np.empty(len(touched))
    for number, node in enumerate(touched):
        values[number] = scratch[node]
        scratch[node] = -1.0
    return np.array(touched, dtype=np.int64), values
