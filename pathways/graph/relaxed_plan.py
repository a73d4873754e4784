"""An upper bound on remaining steps: one concrete way to the target, found quickly.

The FF relaxed plan (Hoffmann and Nebel 2001): walk back from the target, take at each threshold the children that are cheapest by
additive cost, count what is already chosen as free; then drop every step the target can do without.
"""

from __future__ import annotations

from pathways.graph.arrays import UNREACHABLE
from pathways.graph.cones import Cone, earning_order, node_costs


def relaxed_plan(cone: Cone, *, thin: bool = True, free: int | None = None) -> list[int] | None:
    """One way to the target.

    Parameters
    ----------
    cone : Cone
    thin : bool
        Whether to drop steps that turn out not to be needed. Costs one pass over the cone for each step.
    free : int, optional
        Local number of an atom to treat as already held (it is not part of the way).

    Returns
    -------
    list of int or None
        Local numbers of atoms in an order they can be earned in; None where there is no way.
    """
    if cone.target < 0 or cone.target == free:
        return []
    values = additive(cone, free)
    if values[cone.target] >= UNREACHABLE:
        return None
    chosen = _walk_back(cone, values, reuse=True)
    order = _order(cone, chosen, free)
    if cone.target not in order:  # two chosen atoms of a cycle may each count on the other
        order = _order(cone, _walk_back(cone, values, reuse=False), free)
    return _thinned(cone, order, values, free) if thin else order


def additive(cone: Cone, free: int | None = None) -> list[int]:
    """Additive cost of every node of a cone, with one atom perhaps already held."""
    if free is None:
        return node_costs(cone, cone.cost, add=True)
    opened = _with_free(cone, free)
    return node_costs(opened, opened.cost, add=True)


def _with_free(cone: Cone, free: int) -> Cone:
    children, need, cost = list(cone.children), list(cone.need), list(cone.cost)
    children[free], need[free], cost[free] = [], 0, 0
    return Cone(cone.nodes, children, cone.parents, need, cost, cone.target, cone.cyclic)


def _order(cone: Cone, chosen: set[int], free: int | None) -> list[int]:
    if free is None:
        return earning_order(cone, chosen)
    return [node for node in earning_order(_with_free(cone, free), chosen) if node != free]


def _walk_back(cone: Cone, values: list[int], *, reuse: bool) -> set[int]:
    """Atoms needed by the cheapest children, from the target down."""
    chosen: set[int] = set()
    stack = [cone.target]
    while stack:
        node = stack.pop()
        if node in chosen or values[node] == 0:
            continue
        chosen.add(node)
        need = cone.need[node]
        row = cone.children[node]
        if need == 1 or all(weight == 1 for _, weight in row):
            ranked = sorted(row, key=lambda pair: (0 if reuse and pair[0] in chosen else values[pair[0]], pair[0]))
        else:
            ranked = sorted(row, key=lambda pair: (0 if reuse and pair[0] in chosen else values[pair[0]] / pair[1], pair[0]))
        for child, weight in ranked:
            if need <= 0:
                break
            need -= weight
            stack.append(child)
    return {node for node in chosen if cone.cost[node] > 0}


def _thinned(cone: Cone, order: list[int], values: list[int], free: int | None) -> list[int]:
    """Drop steps, dearest first, as long as the target is still reached."""
    best = order
    for node in sorted(order, key=lambda item: (-values[item], -item)):
        if node == cone.target or node not in best:
            continue
        shorter = _order(cone, set(best) - {node}, free)
        if cone.target in shorter:
            best = shorter
    return best
