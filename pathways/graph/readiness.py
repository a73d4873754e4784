"""Which credentials are ready now, and how many items each still lacks directly.

``missing`` looks one credential deep: an item that is asked for and not held counts one, whatever it takes to earn it (that is
:mod:`.bounds`). An item listed in two places is counted in each. Only gates above what is held are touched, so the cost depends on
the record and hardly on the catalog; the answer is kept as a difference from the answer for an empty record.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from pathways.graph.arrays import BoolArray, IntArray, ranges, threshold_values
from pathways.graph.compiled import NEVER, CompiledGraph


@dataclass(frozen=True, eq=False)
class Readiness:
    """Readiness of every credential, stored as what the held items changed.

    Parameters
    ----------
    graph : CompiledGraph
    held : int array
        Nodes held, ascending.
    changed : int array
        Atoms with fewer missing items than someone with an empty record, ascending.
    changed_missing : int array
        Their missing items.
    """

    graph: CompiledGraph
    held: IntArray
    changed: IntArray
    changed_missing: IntArray

    @cached_property
    def missing(self) -> IntArray:
        """Items each credential lacks directly, shape ``(n_credentials,)``; :data:`NEVER` where nothing opens it."""
        out = self.graph.base_missing[: self.graph.n_credentials].copy()
        inside = self.changed < self.graph.n_credentials
        out[self.changed[inside]] = self.changed_missing[inside]
        return out

    @cached_property
    def ready(self) -> BoolArray:
        """Not held, nothing missing, and its requirements known, shape ``(n_credentials,)``."""
        out: BoolArray = (self.missing == 0) & self.graph.rules_known
        out[self.held[self.held < self.graph.n_credentials]] = False
        return out

    def missing_of(self, nodes: IntArray) -> IntArray:
        """Missing items of some atoms only, without building the whole array."""
        out = self.graph.base_missing[nodes]
        if self.changed.size:
            at = np.minimum(np.searchsorted(self.changed, nodes), len(self.changed) - 1)
            out = np.where(self.changed[at] == nodes, self.changed_missing[at], out)
        return out


def readiness(graph: CompiledGraph, held: IntArray, *, fast: bool | None = None) -> Readiness:
    """Readiness of all credentials for one record.

    Parameters
    ----------
    graph : CompiledGraph
    held : int array
        Nodes held, from :func:`pathways.graph.held.held_nodes`; any order.
    fast : bool, optional
        Use the compiled loops of the extra ``fast``. By default where it is installed and the graph is large enough to gain.

    Returns
    -------
    Readiness
        The same whichever way it was computed.
    """
    from pathways.graph.fast import use_fast

    kernels = use_fast(graph, fast)
    owned = np.unique(np.asarray(held, np.int64))
    if kernels is not None:
        changed, values = kernels.readiness(graph, owned)
    else:
        changed, values = _incremental(graph, owned)
    return Readiness(graph, owned, changed, values)


def _incremental(graph: CompiledGraph, held: IntArray) -> tuple[IntArray, IntArray]:
    """Level by level upward from the held nodes; a node whose value does not change stops there."""
    nodes = [held]
    values = [np.zeros(len(held), np.int64)]
    known, value_of = held, values[0]
    above = _parents(graph, held)
    for level in range(1, graph.height + 1):
        here = above[(graph.level[above] == level) & ~_isin(above, held)]
        if here.size:
            new = _values(graph, here, known, value_of)
            fell = new < graph.base_missing[here]
            nodes.append(here[fell])
            values.append(new[fell])
            known, value_of = _merge(nodes, values)
            above = np.union1d(above, _parents(graph, here[fell]))
    atoms = above[above < graph.n_atoms]
    return atoms, _values(graph, atoms, known, value_of)


def _parents(graph: CompiledGraph, nodes: IntArray) -> IntArray:
    starts = graph.parent_ptr[nodes]
    return np.unique(graph.parent[ranges(starts, graph.parent_ptr[nodes + 1] - starts)])


def _isin(values: IntArray, ascending: IntArray) -> BoolArray:
    if not ascending.size:
        return np.zeros(len(values), np.bool_)
    at = np.minimum(np.searchsorted(ascending, values), len(ascending) - 1)
    found: BoolArray = ascending[at] == values
    return found


def _merge(nodes: list[IntArray], values: list[IntArray]) -> tuple[IntArray, IntArray]:
    joined = np.concatenate(nodes)
    order = np.argsort(joined, kind="stable")
    return joined[order], np.concatenate(values)[order]


def _values(graph: CompiledGraph, nodes: IntArray, known: IntArray, value_of: IntArray) -> IntArray:
    """Missing items of nodes whose children are as for an empty record, except those known to have changed."""
    starts, counts = graph.ptr[nodes], graph.ptr[nodes + 1] - graph.ptr[nodes]
    at = ranges(starts, counts)
    below = graph.child[at]
    leaf = np.where(below < graph.n_atoms, 1, graph.base_missing[below])
    if known.size and below.size:
        found = np.minimum(np.searchsorted(known, below), len(known) - 1)
        leaf = np.where(known[found] == below, value_of[found], leaf)
    total = threshold_values(counts, graph.weight[at], leaf.astype(np.float64), graph.need[nodes])
    return np.minimum(total, NEVER).astype(np.int64)
