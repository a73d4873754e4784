"""The least number of steps to one target, by a constraint solver over its cone.

One solver worker, a fixed seed and a deterministic time limit: the same question gives the same answer. Among equally short ways
the one is taken whose steps come first in the catalog (smallest sum of positions). Caps, ``none`` and exclusive groups, which the
bounds leave out, are stated here in full (:mod:`.exotic`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ortools.sat.python import cp_model

from pathways.graph.compiled import CompiledGraph
from pathways.graph.cones import Cone, earning_order
from pathways.graph.exotic import Exotics


@dataclass(frozen=True, slots=True)
class Solution:
    """What the solver found.

    Parameters
    ----------
    steps : tuple of int or None
        Local numbers in an order they can be earned in; None where nothing was found in time.
    lower : int
        No way is shorter.
    proven : bool
        Whether ``steps`` is a shortest way.
    infeasible : bool
        Whether it was proven that there is no way.
    spent : float
        Deterministic time taken.
    """

    steps: tuple[int, ...] | None
    lower: int
    proven: bool
    infeasible: bool
    spent: float = 0.0


def solve(
    graph: CompiledGraph,
    cone: Cone,
    owned: set[int],
    *,
    hint: Sequence[int] = (),
    lower: int = 0,
    limit: float = 5.0,
    force: Iterable[int] = (),
    without: Iterable[int] = (),
) -> Solution:
    """Solve one cone.

    Parameters
    ----------
    graph, cone, owned
        The graph, the target's cone (:func:`pathways.graph.cones.cone_of`) and the nodes held.
    hint : sequence of int
        Local numbers of a way that is known, to start from.
    lower : int
        A known lower bound.
    limit : float
        Deterministic time.
    force : iterable of int
        Local numbers of nodes that must become true.
    without : iterable of int
        Local numbers of atoms that may not be taken.

    Returns
    -------
    Solution
    """
    model = cp_model.CpModel()
    true = _state(model, graph, cone, owned)
    model.add_bool_and([true[cone.target], *(true[node] for node in force)])
    for node in without:
        model.add(true[node] == 0)
    atoms = [node for node in range(len(cone)) if cone.cost[node] > 0]
    model.add(sum(true[node] for node in atoms) >= lower)
    place = {node: at + 1 for at, node in enumerate(sorted(atoms, key=lambda node: cone.nodes[node]))}
    scale = 1 + sum(place.values())
    model.minimize(sum((scale * cone.cost[node] + place[node]) * true[node] for node in atoms))
    hinted = set(hint)
    for node in atoms if hinted else ():
        model.add_hint(true[node], node in hinted)
    return _run(model, cone, true, atoms, scale=scale, limit=limit)


def _run(
    model: cp_model.CpModel, cone: Cone, true: Sequence[cp_model.IntVar], atoms: Sequence[int], *, scale: int, limit: float
) -> Solution:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = limit
    status = solver.solve(model)
    spent = float(solver.response_proto.deterministic_time)
    if status == cp_model.INFEASIBLE:
        return Solution(None, 0, proven=False, infeasible=True, spent=spent)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Solution(None, 0, proven=False, infeasible=False, spent=spent)
    taken = {node for node in atoms if solver.boolean_value(true[node])}
    steps = tuple(earning_order(cone, taken))
    lower = int(solver.best_objective_bound + 1e-6) // scale
    proven = status == cp_model.OPTIMAL or lower >= len(steps)
    return Solution(steps, lower, proven=proven, infeasible=False, spent=spent)


def _state(model: cp_model.CpModel, graph: CompiledGraph, cone: Cone, owned: set[int]) -> list[Any]:
    """One literal for each node, with what makes it true; on cycles also an order, so that nothing rests on itself."""
    true = [model.new_bool_var(f"n{node}") for node in range(len(cone))]
    position: dict[int, Any] = {}
    if cone.cyclic:
        position = {
            node: model.new_int_var(0, len(cone), f"p{node}") for node in range(len(cone)) if graph.cyclic[cone.nodes[node]]
        }
    exotic = Exotics(model, graph, cone, owned, true)
    for node in range(len(cone)):
        if cone.nodes[node] in graph.exotic:
            exotic.state(node)
            continue
        if cone.need[node] == 0:
            if cone.cost[node] == 0:
                model.add(true[node] == 1)
            continue
        supports = [(_support(model, true, position, node, child), weight) for child, weight in cone.children[node]]
        _reach(model, true[node], supports, cone.need[node])
    _order_copies(model, graph, cone, true)
    return true


def _support(model: cp_model.CpModel, true: list[Any], position: dict[int, Any], node: int, child: int) -> Any:
    """The child's literal; where both stand on a cycle, a literal that also puts the child first."""
    if node not in position or child not in position:
        return true[child]
    rests = model.new_bool_var(f"s{node}_{child}")
    model.add_implication(rests, true[child])
    model.add(position[node] >= position[child] + 1).only_enforce_if(rests)
    return rests


def _reach(model: cp_model.CpModel, goal: Any, supports: Sequence[tuple[Any, int]], need: int) -> None:
    if sum(weight for _, weight in supports) < need:
        model.add(goal == 0)
    elif need == 1:
        model.add_bool_or([goal.negated(), *(literal for literal, _ in supports)])
    elif all(weight == 1 for _, weight in supports) and need == len(supports):
        for literal, _ in supports:
            model.add_implication(goal, literal)
    else:
        model.add(sum(literal * weight for literal, weight in supports) >= need * goal)


def _order_copies(model: cp_model.CpModel, graph: CompiledGraph, cone: Cone, true: list[Any]) -> None:
    """Copies under one generic id are alike: take them in order, so that equal ways are one way."""
    local = {node: number for number, node in enumerate(cone.nodes)}
    for copies in graph.copy_nodes.values():
        here = [local[node] for node in copies if node in local]
        for first, second in itertools.pairwise(here):
            model.add_implication(true[second], true[first])
