"""Additive cost (h_add) of every node at once, updated from what is held.

It adds up each part of a rule on its own, so what two parts share counts twice: a quick estimate for ranking many credentials,
neither a lower bound nor the answer (:mod:`.bounds` has those); of the last item of a credit rule only the credits needed count.
Values only fall when more is held, so only nodes above held ones
are visited, children first; a cycle is visited until nothing falls any more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pathways.graph.arrays import UNREACHABLE, BoolArray, FloatArray, IntArray, ranges, threshold_values
from pathways.graph.compiled import CompiledGraph
from pathways.graph.fast import use_fast


@dataclass(frozen=True, eq=False)
class Costs:
    """Additive cost of every node, stored as what the held items changed."""

    graph: CompiledGraph
    changed: IntArray
    changed_cost: FloatArray

    def of(self, nodes: IntArray) -> FloatArray:
        """Cost of some nodes: 0 for what is held, at least ``UNREACHABLE`` for what nothing leads to."""
        return _current(nodes, self.graph.base_cost[nodes], self.changed, self.changed_cost)


def costs(graph: CompiledGraph, held: IntArray, *, fast: bool | None = None) -> Costs:
    """Additive cost of every node for one record.

    Parameters
    ----------
    graph : CompiledGraph
    held : int array
        Nodes held.
    fast : bool, optional
        As in :func:`pathways.graph.readiness.readiness`.
    """
    owned = np.unique(np.asarray(held, np.int64))
    loops = use_fast(graph, fast)
    changed, values = loops.costs(graph, owned) if loops is not None else _incremental(graph, owned)
    return Costs(graph, changed, values)


def _incremental(graph: CompiledGraph, held: IntArray) -> tuple[IntArray, FloatArray]:
    known, value_of = held, np.zeros(len(held))
    waiting: dict[int, list[IntArray]] = {}
    _queue(graph, held, waiting)
    while waiting:
        here = np.unique(np.concatenate(waiting.pop(min(waiting))))
        here = here[~_isin(here, held)]
        if not here.size:
            continue
        before = _current(here, graph.base_cost[here], known, value_of)
        after = np.minimum(_enabling(graph, here, known, value_of) + graph.cost[here], UNREACHABLE)
        fell = after < before
        known, value_of = _updated(known, value_of, here[fell], after[fell])
        _queue(graph, here[fell], waiting)
    return known, value_of


def _queue(graph: CompiledGraph, nodes: IntArray, waiting: dict[int, list[IntArray]]) -> None:
    starts = graph.parent_ptr[nodes]
    above = np.unique(graph.parent[ranges(starts, graph.parent_ptr[nodes + 1] - starts)])
    rank = graph.rank[above]
    for level in np.unique(rank).tolist():
        waiting.setdefault(level, []).append(above[rank == level])


def _enabling(graph: CompiledGraph, nodes: IntArray, known: IntArray, value_of: FloatArray) -> FloatArray:
    starts, counts = graph.ptr[nodes], graph.ptr[nodes + 1] - graph.ptr[nodes]
    at = ranges(starts, counts)
    below = graph.child[at]
    values = _current(below, graph.base_cost[below], known, value_of)
    return threshold_values(counts, graph.weight[at], values, graph.need[nodes], reading="share")


def _current(nodes: IntArray, base: FloatArray, known: IntArray, value_of: FloatArray) -> FloatArray:
    if not known.size:
        return base
    at = np.minimum(np.searchsorted(known, nodes), len(known) - 1)
    return np.where(known[at] == nodes, value_of[at], base)


def _updated(known: IntArray, value_of: FloatArray, nodes: IntArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
    joined, stacked = np.concatenate([nodes, known]), np.concatenate([values, value_of])
    found, first = np.unique(joined, return_index=True)
    return found, stacked[first]


def _isin(nodes: IntArray, ascending: IntArray) -> BoolArray:
    found: BoolArray = np.isin(nodes, ascending)
    return found
