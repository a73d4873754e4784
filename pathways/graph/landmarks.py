"""A lower bound on remaining steps: landmarks, then cuts.

With monotone requirements nothing earned is ever lost, so the least number of steps is the delete-relaxation cost h+ of planning,
and its bounds apply. Three sound pieces are added up, each paid from the cost that the earlier ones left:

1. an atom that every way to the target contains is paid in full;
2. a threshold that every way contains needs at least so many of its atoms;
3. LM-cut (Helmert and Domshlak 2009): a set of atoms of which every way contains one. A k-of-n threshold becomes "one of the
   n - k + 1 children that are hardest to reach", since any k children include one of those.
"""

from __future__ import annotations

from pathways.graph.arrays import UNREACHABLE
from pathways.graph.cones import Cone, node_costs


def lower_bound(cone: Cone) -> int:
    """Steps that no way to the target can do without.

    Returns
    -------
    int
        At most the true least number of steps; ``UNREACHABLE`` where there is no way at all.
    """
    if cone.target < 0:
        return 0
    cost = list(cone.cost)
    reach = node_costs(cone, cost, add=False)
    if reach[cone.target] >= UNREACHABLE:
        return int(UNREACHABLE)
    possible = [value < UNREACHABLE for value in reach]
    total = _necessary(cone, cost, possible)
    while True:
        reach = node_costs(cone, cost, add=False)
        if reach[cone.target] == 0:
            return total
        cut = _cut(cone, cost, reach)
        paid = min(cost[node] for node in cut)
        total += paid
        for node in cut:
            cost[node] -= paid


def _necessary(cone: Cone, cost: list[int], possible: list[bool]) -> int:
    """Pay for the atoms every way contains, then for the thresholds every way contains."""
    forced = {cone.target}
    stack = [cone.target]
    total = 0
    gates = []
    while stack:
        node = stack.pop()
        total, cost[node] = total + cost[node], 0
        row = [(child, weight) for child, weight in cone.children[node] if possible[child]]
        spare = sum(weight for _, weight in row) - cone.need[node]
        if spare >= 0 and any(weight <= spare for _, weight in row):
            gates.append(node)
        fresh = [child for child, weight in row if weight > spare and child not in forced]
        forced.update(fresh)
        stack.extend(fresh)
    return total + sum(_counted(cone, cost, possible, gate) for gate in sorted(gates))


def _counted(cone: Cone, cost: list[int], possible: list[bool], gate: int) -> int:
    """At least so many of a threshold's unpaid atoms are needed, even if all its other children come free."""
    row = [(child, weight) for child, weight in cone.children[gate] if possible[child]]
    atoms = [(child, weight) for child, weight in row if cost[child] > 0]
    open_need = cone.need[gate] - sum(weight for child, weight in row if cost[child] == 0)
    needed = 0
    for weight in sorted((weight for _, weight in atoms), reverse=True):
        if open_need <= 0:
            break
        open_need -= weight
        needed += 1
    if needed < 2:  # a single one is a plain cut, which LM-cut finds with fewer atoms
        return 0
    paid = min(cost[child] for child, _ in atoms)
    for child, _ in atoms:
        cost[child] -= paid
    return needed * paid


def _cut(cone: Cone, cost: list[int], reach: list[int]) -> set[int]:
    """Atoms with unpaid cost met first when walking back from the target along the hardest children."""
    cut: set[int] = set()
    seen = {cone.target}
    stack = [cone.target]
    while stack:
        node = stack.pop()
        if cost[node] > 0:
            cut.add(node)
            continue
        for child in _hardest(cone, node, reach):
            if child not in seen:
                seen.add(child)
                stack.append(child)
    return cut


def _hardest(cone: Cone, node: int, reach: list[int]) -> list[int]:
    """The fewest hardest children of which at least one must be true."""
    row = [(child, weight) for child, weight in cone.children[node] if reach[child] < UNREACHABLE]
    left = sum(weight for _, weight in row)
    chosen = []
    for child, weight in sorted(row, key=lambda pair: (-reach[pair[0]], pair[0])):
        if left < cone.need[node]:
            break
        chosen.append(child)
        left -= weight
    return chosen
