"""``none``, credit caps and exclusive groups as solver constraints: what thresholds over arrays cannot hold.

Read at the end of the way, like an audit: the target's rules must hold for everything held by then. A group counts whole items; an
item that two groups may share counts in both while the shared amount lasts.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations
from math import lcm
from typing import Any

from ortools.sat.python import cp_model

from pathways.graph.compiled import CompiledGraph
from pathways.graph.cones import Cone
from pathways.graph.gates import Exotic
from pathways.requirements.rules import Share
from pathways.units import convert, converts


class Exotics:
    """Adds the constraints of exotic gates to one model.

    Parameters
    ----------
    model : CpModel
    graph, cone, owned
        As in :func:`pathways.graph.exact.solve`.
    true : sequence of literals
        One for each local node.
    """

    def __init__(self, model: cp_model.CpModel, graph: CompiledGraph, cone: Cone, owned: set[int], true: Sequence[Any]) -> None:
        self.model, self.graph, self.cone, self.owned, self.true = model, graph, cone, owned, true
        self._local = {node: number for number, node in enumerate(cone.nodes)}
        self._truth: dict[int, Any] = {}

    def state(self, number: int) -> None:
        """State one gate, by its local number."""
        rule, goal = self.graph.exotic[self.cone.nodes[number]], self.true[number]
        if rule.forbids:
            self.model.add_implication(goal, self.truth(rule.parts[0]).negated())
        elif rule.parts:
            self._groups(rule, goal)
        else:
            self._capped(rule, goal)

    def truth(self, node: int) -> Any:
        """A literal equal to a node's truth at the end of the way."""
        if node not in self._truth:
            self._truth[node] = self._new_truth(node)
        return self._truth[node]

    def _new_truth(self, node: int) -> Any:
        if node in self.owned or node < self.graph.n_atoms:
            return self._atom(node)
        literal = self.model.new_bool_var(f"t{node}")
        row = range(int(self.graph.ptr[node]), int(self.graph.ptr[node + 1]))
        total = sum(self.truth(int(self.graph.child[at])) * int(self.graph.weight[at]) for at in row)
        need = int(self.graph.need[node])
        if need == 0:
            self.model.add(literal == 1)
        else:
            self.model.add(total >= need).only_enforce_if(literal)
            self.model.add(total < need).only_enforce_if(literal.negated())
        return literal

    def _atom(self, node: int) -> Any:
        if node in self.owned:
            return self.model.new_constant(1)
        return self.true[self._local[node]] if node in self._local else self.model.new_constant(0)

    def _capped(self, rule: Exotic, goal: Any) -> None:
        """An item under several caps supplies its credits once, and they take room under each of them."""
        total = sum(self._atom(node) * weight for node, weight in rule.free)
        counted: dict[int, Any] = {}
        for node, weight in dict(pair for _, items in rule.caps for pair in items).items():
            counted[node] = self.model.new_int_var(0, weight, f"counted{node}")
            self.model.add(counted[node] <= self._atom(node) * weight)
        for limit, items in rule.caps:
            self.model.add(sum(counted[node] for node, _ in items) <= limit)
        self.model.add(total + sum(counted.values()) >= rule.need).only_enforce_if(goal)

    # Groups

    def _groups(self, rule: Exotic, goal: Any) -> None:
        """Each group is reached by the items assigned to it; an item is assigned to one group, or to more within a share."""
        counts: list[dict[int, Any]] = [{} for _ in rule.parts]
        for part, assigned in zip(rule.parts, counts, strict=True):
            self.model.add_implication(goal, self._counted(part, assigned))
        both = {
            pair: [share for share in rule.shares if {rule.names[pair[0]], rule.names[pair[1]]} <= set(share.names)]
            for pair in combinations(range(len(rule.parts)), 2)
        }
        used: dict[tuple[int, int], Any] = {}
        for (one, other), shares in both.items():
            for node in sorted(counts[one].keys() & counts[other].keys()):
                extra = [self._share(used, rule.shares.index(share), node) for share in shares]
                self.model.add(counts[one][node] + counts[other][node] <= 1 + sum(extra))
        for number, share in enumerate(rule.shares):
            self._limit(share, {node: literal for (at, node), literal in used.items() if at == number})

    def _limit(self, share: Share, taken: dict[int, Any]) -> None:
        """What several groups count together stays within the share; items of unpublished size are not shared."""
        sizes = {node: self._size(node, share.unit) for node in taken}
        scale = lcm(share.amount.denominator, *(size.denominator for size in sizes.values() if size is not None))
        known = [taken[node] * int(size * scale) for node, size in sizes.items() if size is not None]
        self.model.add(sum(known) <= int(share.amount * scale))
        for node, size in sizes.items():
            if size is None:
                self.model.add(taken[node] == 0)

    def _share(self, used: dict[tuple[int, int], Any], number: int, node: int) -> Any:
        if (number, node) not in used:
            used[number, node] = self.model.new_bool_var(f"share{number}_{node}")
        return used[number, node]

    def _counted(self, node: int, assigned: dict[int, Any]) -> Any:
        """A literal that is true only if the node is reached by what is assigned to this group."""
        if node in self.graph.condition_of:
            return self._atom(node)  # a condition is not used up
        if node < self.graph.n_atoms:
            if node not in assigned:
                assigned[node] = self.model.new_bool_var(f"use{node}")
                self.model.add_implication(assigned[node], self._atom(node))
            return assigned[node]
        literal = self.model.new_bool_var(f"group{node}")
        row = range(int(self.graph.ptr[node]), int(self.graph.ptr[node + 1]))
        total = sum(self._counted(int(self.graph.child[at]), assigned) * int(self.graph.weight[at]) for at in row)
        need = int(self.graph.need[node])
        if need > 0:
            self.model.add(total >= need).only_enforce_if(literal)
        return literal

    def _size(self, node: int, unit: str) -> Fraction | None:
        """How much of a share one item takes; None where its credits are not published in that unit."""
        if unit == "item":
            return Fraction(1)
        value = self.graph.credits.get(self.graph.item_of.get(node, ("", None))[0])
        return convert(value.amount, value.unit, unit) if value is not None and converts(value.unit, unit) else None
