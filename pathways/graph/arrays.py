"""Compressed sparse rows, topological ranks and threshold sums: the array work under the compiled graph.

Every node of the graph is a threshold: it is enabled when the weights of its true children reach its need. "All" is a need
equal to the number of children, "any" a need of one. Nothing here knows what a credential is.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

#: Cost of what cannot be reached. Finite, so that sums of it stay ordered and free of NaN.
UNREACHABLE = 1e15

Reading = Literal["sum", "share"]


def ranges(starts: IntArray, counts: IntArray) -> IntArray:
    """Concatenate ``arange(start, start + count)`` for each pair.

    Examples
    --------
    >>> ranges(np.array([5, 9]), np.array([2, 3])).tolist()
    [5, 6, 9, 10, 11]
    """
    total = int(counts.sum())
    if total == 0:
        return np.empty(0, np.int64)
    ends = np.cumsum(counts)
    at: IntArray = np.arange(total, dtype=np.int64) + np.repeat(starts - (ends - counts), counts)
    return at


def transpose(ptr: IntArray, child: IntArray) -> tuple[IntArray, IntArray]:
    """Parents of each node: ``(parent_ptr, parent)`` of the same shape conventions, parents ascending."""
    n = len(ptr) - 1
    owner = np.repeat(np.arange(n, dtype=np.int64), np.diff(ptr))
    order = np.argsort(child, kind="stable")
    counts = np.bincount(child, minlength=n).astype(np.int64)
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)]), owner[order]


def topological_ranks(ptr: IntArray, child: IntArray, parent_ptr: IntArray, parent: IntArray) -> tuple[IntArray, BoolArray]:
    """Rank of each node, children before parents, and which nodes stand on a cycle.

    Parameters
    ----------
    ptr, child, parent_ptr, parent : int arrays
        The graph and its transpose.

    Returns
    -------
    rank : int array, shape (n,)
        Larger than the rank of every child, except that all nodes of one cycle share a rank.
    cyclic : bool array, shape (n,)
    """
    n = len(ptr) - 1
    rank = np.full(n, -1, np.int64)
    waiting = np.diff(ptr).astype(np.int64)
    ready = np.flatnonzero(waiting == 0)
    level = 0
    while ready.size:
        rank[ready] = level
        above = parent[ranges(parent_ptr[ready], parent_ptr[ready + 1] - parent_ptr[ready])]
        touched, hits = np.unique(above, return_counts=True)
        waiting[touched] -= hits
        ready = touched[waiting[touched] == 0]
        level += 1
    cyclic = np.zeros(n, np.bool_)
    left = np.flatnonzero(rank < 0)
    if left.size:
        for component in _components(left.tolist(), ptr, child, rank):
            rank[component] = level
            level += 1
            loops = component[0] in child[ptr[component[0]] : ptr[component[0] + 1]]
            cyclic[component] = len(component) > 1 or loops
    return rank, cyclic


def _components(nodes: list[int], ptr: IntArray, child: IntArray, rank: IntArray) -> list[list[int]]:
    """Strongly connected components among nodes without a rank, children first (Tarjan 1972, without recursion)."""
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    found: list[list[int]] = []
    below = {node: [int(c) for c in child[ptr[node] : ptr[node + 1]] if rank[c] < 0] for node in nodes}
    for root in nodes:
        if root in number:
            continue
        work = [(root, 0)]
        while work:
            node, at = work.pop()
            if at == 0:
                number[node] = low[node] = len(number)
                stack.append(node)
                on_stack.add(node)
            elif below[node][at - 1] in on_stack:
                low[node] = min(low[node], low[below[node][at - 1]])
            if at < len(below[node]):
                work.append((node, at + 1))
                if below[node][at] not in number:
                    work.append((below[node][at], 0))
            elif low[node] == number[node]:
                cut = stack.index(node)
                found.append(sorted(stack[cut:]))
                on_stack.difference_update(stack[cut:])
                del stack[cut:]
    return found


def threshold_values(
    counts: IntArray, weights: IntArray, values: FloatArray, need: IntArray, *, reading: Reading = "sum"
) -> FloatArray:
    """Cost of reaching each threshold when its children cost so much each.

    Parameters
    ----------
    counts : int array, shape (n,)
        Number of children of each node; the next two arrays hold them one node after another.
    weights, values : arrays, shape (sum(counts),)
        Weight and cost of each child.
    need : int array, shape (n,)
    reading : {"sum", "share"}
        Children are taken in order of cost for each unit of weight, each in full (``sum``), or the last one only as far as it is
        needed (``share``). The second never rises when a child gets cheaper, also with unequal weights.

    Returns
    -------
    float array, shape (n,)
        0 where nothing is needed, at least :data:`UNREACHABLE` where even all children are not enough.
    """
    n = len(counts)
    out = np.where(need > 0, UNREACHABLE, 0.0)
    if not len(values):
        return out
    node = np.repeat(np.arange(n, dtype=np.int64), counts)
    order = np.lexsort((values / weights, node))
    sorted_weights, sorted_values = weights[order], values[order]
    ends = np.cumsum(counts)
    before = np.cumsum(sorted_weights) - sorted_weights
    filled = np.flatnonzero(counts)
    first = np.zeros(n, np.int64)
    first[filled] = before[(ends - counts)[filled]]
    taken = np.clip(need[node] - (before - first[node]), 0, sorted_weights)
    part = taken / sorted_weights if reading == "share" else (taken > 0).astype(np.float64)
    part[(taken > 0) & (sorted_values >= UNREACHABLE)] = 1.0
    reached = np.bincount(node, weights=sorted_weights, minlength=n) >= need
    total = np.bincount(node, weights=sorted_values * part, minlength=n)
    return np.where(reached & (need > 0), np.minimum(total, UNREACHABLE), out)
