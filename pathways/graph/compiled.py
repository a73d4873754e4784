"""The graph as arrays: compiled once from a catalog, then read by readiness, bounds and routes.

Nodes are numbered credentials first (catalog order), then other atoms, then gates. Node ``v`` is enabled when the weights of its
true children reach ``need[v]``; a gate is true when enabled, an atom when it is held, or enabled and paid for (``cost[v]`` steps).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType

import numpy as np

from pathways.catalog.entities import Catalog
from pathways.graph.arrays import (
    UNREACHABLE,
    BoolArray,
    FloatArray,
    IntArray,
    Reading,
    ranges,
    threshold_values,
    topological_ranks,
    transpose,
)  # fmt: skip
from pathways.graph.expand import expand
from pathways.graph.flags import Flag
from pathways.graph.gates import Exotic, Expansion, OpenItem, Option, Ref
from pathways.requirements.rules import Condition, CreditsFrom
from pathways.units import CreditValue

#: ``missing`` of what no number of items can open.
NEVER = 2**30


@dataclass(frozen=True, eq=False)
class CompiledGraph:
    """Everything the hot path reads.

    Parameters
    ----------
    names : tuple of str
        Name of each atom; empty for generated graphs.
    n_credentials, n_atoms : int
        Nodes ``0 .. n_credentials`` are credentials, those below ``n_atoms`` atoms, the rest gates.
    ptr, child, weight : int arrays
        Children of each node in compressed rows, and what each child's truth counts.
    parent_ptr, parent : int arrays
        The same edges the other way.
    need, cost : int arrays, shape (n,)
        Threshold; steps to take once it is reached (0 for gates).
    flags : int array, shape (n,)
        Bits of :class:`~pathways.graph.flags.Flag`.
    rank : int array, shape (n,)
        Topological rank, children first; all nodes of a cycle share one.
    cyclic : bool array, shape (n,)
        Nodes on a cycle (two agreements that stand for each other, for example).
    level : int array, shape (n,)
        0 for atoms; a gate stands one above its highest child gate.
    base_missing : int array, shape (n,)
        Items missing directly, for someone who holds nothing (:mod:`.readiness`).
    base_cost : float array, shape (n,)
        Additive cost for someone who holds nothing (:mod:`.costs`).
    index, area_nodes, copy_nodes, condition_nodes : mappings
        Node of each credential id, (id, area) pair, item under a generic id, and condition.
    open_items : tuple of OpenItem
        What courses outside the catalog may fill.
    options : mapping
        The ways to earn each credential: its own rules, and agreements.
    rules, exotic : mappings
        Credit rule of a gate; rule of a gate that only the exact solver reads in full.
    at_least_as : mapping
        Gates "this condition or a stronger one", with the node of the condition itself.
    credits : mapping
        Published credits of each credential id.
    """

    names: tuple[str, ...]
    n_credentials: int
    n_atoms: int
    ptr: IntArray
    child: IntArray
    weight: IntArray
    parent_ptr: IntArray
    parent: IntArray
    need: IntArray
    cost: IntArray
    flags: IntArray
    rank: IntArray
    cyclic: BoolArray
    level: IntArray
    base_missing: IntArray
    base_cost: FloatArray
    index: Mapping[str, int] = field(default_factory=dict)
    area_nodes: Mapping[tuple[str, str], int] = field(default_factory=dict)
    copy_nodes: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    condition_nodes: Mapping[Condition, int] = field(default_factory=dict)
    open_items: tuple[OpenItem, ...] = ()
    options: Mapping[int, tuple[Option, ...]] = field(default_factory=dict)
    rules: Mapping[int, CreditsFrom] = field(default_factory=dict)
    exotic: Mapping[int, Exotic] = field(default_factory=dict)
    at_least_as: Mapping[int, int] = field(default_factory=dict)
    credits: Mapping[str, CreditValue] = field(default_factory=dict)

    def __len__(self) -> int:
        """Number of nodes."""
        return len(self.need)

    def children(self, node: int) -> IntArray:
        """Children of one node."""
        return self.child[self.ptr[node] : self.ptr[node + 1]]

    def name(self, node: int) -> str:
        """Name of an atom, or its number where the graph has no names."""
        return self.names[node] if node < len(self.names) else f"node {node}"

    def can_earn(self, node: int) -> bool:
        """Whether someone who holds nothing could ever come to hold it."""
        return bool(self.base_cost[node] < UNREACHABLE)

    @cached_property
    def item_of(self) -> dict[int, tuple[str, str | None]]:
        """Credential id, and area where there is one, of each node that is a version of a credential."""
        found: dict[int, tuple[str, str | None]] = {node: (name, None) for name, node in self.index.items()}
        found.update({node: (name, None) for name, nodes in self.copy_nodes.items() for node in nodes})
        found.update({node: key for key, node in self.area_nodes.items()})
        return found

    @cached_property
    def condition_of(self) -> dict[int, Condition]:
        """Condition of each condition node."""
        return {node: condition for condition, node in self.condition_nodes.items()}

    @cached_property
    def rules_known(self) -> BoolArray:
        """Whether each credential's requirements are in the catalog at all."""
        known: BoolArray = (self.flags[: self.n_credentials] & Flag.UNLISTED_REQUIREMENTS) == 0
        return known

    @cached_property
    def height(self) -> int:
        """Highest level of any gate."""
        return int(self.level.max(initial=0))

    @property
    def stats(self) -> dict[str, int]:
        """Sizes, safe for JSON."""
        return {
            "credentials": self.n_credentials,
            "atoms": self.n_atoms,
            "gates": len(self) - self.n_atoms,
            "edges": len(self.child),
            "on_cycles": int(self.cyclic.sum()),
            "unreachable": int((self.base_cost[: self.n_credentials] >= UNREACHABLE).sum()),
            "bytes": sum(value.nbytes for value in vars(self).values() if isinstance(value, np.ndarray)),
        }


def node_values(graph: CompiledGraph, nodes: IntArray, values: FloatArray, *, reading: Reading = "sum") -> FloatArray:
    """Cost of enabling some nodes when every node of the graph costs ``values``.

    Returns
    -------
    float array, shape (len(nodes),)
    """
    starts, counts = graph.ptr[nodes], graph.ptr[nodes + 1] - graph.ptr[nodes]
    at = ranges(starts, counts)
    return threshold_values(counts, graph.weight[at], values[graph.child[at]], graph.need[nodes], reading=reading)


def from_arrays(
    n_credentials: int,
    ptr: IntArray,
    child: IntArray,
    need: IntArray,
    *,
    n_atoms: int | None = None,
    weight: IntArray | None = None,
    flags: IntArray | None = None,
    names: tuple[str, ...] = (),
) -> CompiledGraph:
    """A graph from its rows alone (generated worlds; :func:`compile_graph` ends here too).

    Parameters
    ----------
    n_credentials : int
        The first nodes are credentials.
    ptr, child, need : int arrays
        Compressed rows and thresholds, as in :class:`CompiledGraph`.
    n_atoms : int, optional
        Atoms cost one step each, gates nothing. By default only credentials are atoms.
    weight : int array, optional
        One for every child by default.

    Returns
    -------
    CompiledGraph
    """
    n = len(need)
    atoms = n_credentials if n_atoms is None else n_atoms
    cost = np.zeros(n, np.int64)
    cost[:atoms] = 1
    parent_ptr, parent = transpose(ptr, child)
    rank, cyclic = topological_ranks(ptr, child, parent_ptr, parent)
    graph = CompiledGraph(
        names, n_credentials, atoms, ptr, child, np.ones(len(child), np.int64) if weight is None else weight,
        parent_ptr, parent, need, cost, np.zeros(n, np.int64) if flags is None else flags, rank, cyclic,
        _levels(ptr, child, atoms), np.empty(0, np.int64), np.empty(0),
    )  # fmt: skip
    return replace(graph, base_missing=_base_missing(graph), base_cost=_base_cost(graph))


def compile_graph(catalog: Catalog, on: date) -> CompiledGraph:
    """Compile a catalog as it stands on one day.

    Parameters
    ----------
    catalog : Catalog
        A loaded catalog. Ids that no row defines are never reachable (:mod:`.checks` names them).
    on : date
        Agreements past their window and credentials retired by then earn nothing.

    Returns
    -------
    CompiledGraph
        ``index`` maps each credential id to its node.
    """
    made = expand(catalog, on)
    atoms = len(made.names)
    ptr, child, need, weight = _rows(made)
    graph = from_arrays(
        len(catalog.credentials), ptr, child, need, n_atoms=atoms, weight=weight, names=tuple(made.names),
        flags=np.array([*made.atom_flags, *(flags for _, _, flags in made.gates)], np.int64),
    )  # fmt: skip
    ids = catalog.credentials
    return replace(
        graph,
        index=MappingProxyType({name: number for number, name in enumerate(ids)}),
        area_nodes=MappingProxyType(dict(made.area_nodes)),
        copy_nodes=MappingProxyType({name: tuple(numbers) for name, numbers in made.copy_nodes.items()}),
        condition_nodes=MappingProxyType(dict(made.condition_nodes)),
        open_items=tuple(
            OpenItem(selections, nodes, -1 if gate is None else _number(gate, atoms), amount, unit)
            for selections, nodes, gate, amount, unit in made.open_items
        ),
        options=MappingProxyType(
            {number: tuple(Option(_number(ref, atoms), label) for ref, label in refs) for number, refs in made.options.items()}
        ),
        rules=MappingProxyType({atoms + number: rule for number, rule in made.rules.items()}),
        exotic=MappingProxyType(
            {
                atoms + number: replace(rule, parts=tuple(_number(ref, atoms) for ref in parts))
                for number, (rule, parts) in made.exotic.items()
            }
        ),
        credits=MappingProxyType({name: item.credits for name, item in ids.items() if item.credits is not None}),
        at_least_as=MappingProxyType({atoms + number: node for number, node in made.at_least_as.items()}),
    )


def _number(ref: Ref, atoms: int) -> int:
    return atoms + ref.number if ref.gate else ref.number


def _rows(made: Expansion) -> tuple[IntArray, IntArray, IntArray, IntArray]:
    """Compressed rows ``(ptr, child, need, weight)``: atoms with what they are earned from, then gates.

    An atom without a way to be earned needs one child and has none; one that is earned directly needs nothing.
    """
    atoms = len(made.names)
    need = np.zeros(atoms + len(made.gates), np.int64)
    edges: list[tuple[int, int]] = []
    counts: list[int] = []
    for number, below in enumerate(made.below):
        always = below is not None and below.gate and made.gates[below.number][0] == 0 and not made.gates[below.number][2]
        need[number] = 0 if always or (below is None and made.earnable[number]) else 1
        counts.append(0 if below is None or always else 1)
        if counts[-1] and below is not None:
            edges.append((_number(below, atoms), 1))
    for number, (wanted, children, _) in enumerate(made.gates):
        need[atoms + number] = wanted
        counts.append(len(children))
        edges.extend((_number(ref, atoms), weight) for ref, weight in children)
    ptr = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(counts, np.int64))])
    pairs = np.array(edges, np.int64).reshape(-1, 2)
    return ptr, pairs[:, 0].copy(), need, pairs[:, 1].copy()


def _levels(ptr: IntArray, child: IntArray, atoms: int) -> IntArray:
    """Height of gates over atoms, through gates only; requirement trees are finite, so this has no cycles."""
    owner = np.repeat(np.arange(len(ptr) - 1, dtype=np.int64), np.diff(ptr))
    inside = (owner >= atoms) & (child >= atoms)
    level = np.zeros(len(ptr) - 1, np.int64)
    level[atoms:] = 1
    while inside.any():
        before = level.copy()
        np.maximum.at(level, owner[inside], level[child[inside]] + 1)
        if np.array_equal(before, level):
            break
    return level


def _base_missing(graph: CompiledGraph) -> IntArray:
    """Directly missing items of every node for an empty record: an atom asked for is one item."""
    values = np.ones(len(graph))
    for level in range(1, int(graph.level.max(initial=0)) + 1):
        nodes = np.flatnonzero(graph.level == level)
        values[nodes] = node_values(graph, nodes, values)
    atoms = np.arange(graph.n_atoms, dtype=np.int64)
    values[atoms] = node_values(graph, atoms, values)
    return np.minimum(values, NEVER).astype(np.int64)


def _base_cost(graph: CompiledGraph) -> FloatArray:
    """Additive cost of every node for an empty record, swept in rank order; cycles are swept until nothing changes."""
    values = np.full(len(graph), UNREACHABLE)
    order = np.argsort(graph.rank, kind="stable")
    bounds = np.searchsorted(graph.rank[order], np.arange(int(graph.rank.max(initial=-1)) + 2))
    for start, end in itertools.pairwise(bounds):
        nodes = order[start:end]
        settled = False
        while not settled:
            new = np.minimum(node_values(graph, nodes, values, reading="share") + graph.cost[nodes], UNREACHABLE)
            settled = not graph.cyclic[nodes].any() or np.array_equal(new, values[nodes])
            values[nodes] = new
    return values
