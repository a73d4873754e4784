"""Remaining steps to a target: bounds, a proof where they meet, the exact solver where they do not.

A step is an item not yet held. Hours and dollars are for :mod:`.routes`; here every answer is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Set
from dataclasses import dataclass
from typing import Literal

import numpy as np

from pathways.graph.arrays import IntArray
from pathways.graph.compiled import NEVER, CompiledGraph
from pathways.graph.cones import Cone, cone_of
from pathways.graph.flags import Flag, words
from pathways.graph.landmarks import lower_bound
from pathways.graph.relaxed_plan import relaxed_plan

Proof = Literal["proven", "bounds"]


@dataclass(frozen=True, slots=True)
class Remaining:
    """How many steps are left to one target.

    Parameters
    ----------
    lower, upper : int
        Bounds on the least number of steps; :data:`~pathways.graph.compiled.NEVER` where there is no way.
    exact : int or None
        The least number, where proven.
    proof : {"proven", "bounds"}
    steps : tuple of int
        Nodes of one cheapest way (of length ``upper``), in an order they can be earned in. The same question gives the same way.
    flags : tuple of str
        What the number leaves out or assumes (:class:`~pathways.graph.flags.Flag`, lower case).
    reachable : bool
        Whether any way exists in this catalog.
    """

    lower: int
    upper: int
    exact: int | None
    proof: Proof
    steps: tuple[int, ...]
    flags: tuple[str, ...]
    reachable: bool


def remaining(
    graph: CompiledGraph, held: IntArray | Iterable[int], target: int, *, exact: bool = True, limit: float = 5.0
) -> Remaining:
    """Steps left to a target.

    Parameters
    ----------
    graph : CompiledGraph
    held : int array
        From :func:`pathways.graph.held.held_nodes`.
    target : int
        A node, usually ``graph.index[credential_id]``.
    exact : bool
        Whether to ask the exact solver where the bounds differ, or where the target's rules need it (``none``, caps, groups).
    limit : float
        Deterministic time for the solver, in its own units (about seconds on a plain machine).

    Returns
    -------
    Remaining
        ``lower <= exact <= upper``. For rules that need the exact solver, and are not given to it, both bounds are for the rule
        without ``none``, caps and exclusivity: ``lower`` is sound, ``upper`` may be too low, and ``exact_needed`` is flagged.
    """
    owned = {int(node) for node in held}
    cone = cone_of(graph, owned, target)
    if cone.target < 0:
        return Remaining(0, 0, 0, "proven", (), (), True)
    plan = relaxed_plan(cone, thin=False)
    if plan is None:
        return Remaining(NEVER, NEVER, None, "proven", (), _flags(graph, owned, cone, None), False)
    lower = lower_bound(cone)
    if len(plan) > lower:
        plan = relaxed_plan(cone) or plan
    exotic = bool(graph.exotic) and any(node in graph.exotic for node in cone.nodes)
    if len(plan) == lower and not exotic:
        return _answer(graph, owned, cone, plan, lower)
    if exact:
        return _solved(graph, owned, cone, plan, lower=lower, limit=limit)
    return _answer(graph, owned, cone, plan, lower, closed=False)


def _solved(graph: CompiledGraph, owned: set[int], cone: Cone, plan: list[int], *, lower: int, limit: float) -> Remaining:
    from pathways.graph.exact import solve

    solution = solve(graph, cone, owned, hint=plan, lower=lower, limit=limit)
    if solution.infeasible:
        return Remaining(NEVER, NEVER, None, "proven", (), _flags(graph, owned, cone, None), False)
    best = list(solution.steps) if solution.steps is not None else plan
    return _answer(graph, owned, cone, best, max(lower, solution.lower), closed=solution.proven)


def _answer(graph: CompiledGraph, owned: set[int], cone: Cone, plan: list[int], lower: int, *, closed: bool = True) -> Remaining:
    steps = tuple(cone.nodes[node] for node in plan)
    return Remaining(
        lower,
        len(steps),
        len(steps) if closed else None,
        "proven" if closed else "bounds",
        steps,
        _flags(graph, owned, cone, steps),
        reachable=True,
    )


def _flags(graph: CompiledGraph, owned: set[int], cone: Cone, steps: tuple[int, ...] | None) -> tuple[str, ...]:
    """Flags of the rules that the steps rest on, or of the whole cone where there are no steps."""
    bits = 0
    for node in cone.nodes:
        bits |= int(graph.flags[node]) & (int(Flag.EXACT_NEEDED) if steps is not None else -1)
    return words(bits | (support_flags(graph, owned, cone.nodes[cone.target], steps) if steps is not None else 0))


def support_flags(graph: CompiledGraph, owned: set[int], target: int, steps: Iterable[int]) -> int:
    """Flag bits of the atoms taken and of the gates they go through, from the target down; below what was held nobody looks."""
    is_true = truth_of(graph, {*owned, *(int(step) for step in steps)})
    bits = 0
    seen: set[int] = set()
    stack = [target]
    while stack:
        node = stack.pop()
        if node in seen or node in owned or not is_true(node):
            continue
        seen.add(node)
        bits |= int(graph.flags[node])
        stack.extend(graph.children(node).tolist())
    return bits


def truth_of(graph: CompiledGraph, true: Set[int]) -> Callable[[int], bool]:
    """Reads whether a node is true when exactly these nodes are held; gates are read from their children, each once."""
    known: dict[int, bool] = {}

    def is_true(node: int) -> bool:
        if node in true:
            return True
        if node < graph.n_atoms:
            return False
        if node not in known:
            row = slice(graph.ptr[node], graph.ptr[node + 1])
            pairs = zip(graph.child[row].tolist(), graph.weight[row].tolist(), strict=True)
            known[node] = sum(weight for child, weight in pairs if is_true(child)) >= graph.need[node]
        return known[node]

    return is_true


def marginal(
    graph: CompiledGraph,
    held: IntArray | Iterable[int],
    target: int,
    candidates: IntArray,
    *,
    before: Remaining | None = None,
) -> IntArray:
    """Steps left to a target if each candidate were held too, one at a time.

    Parameters
    ----------
    graph, held, target
        As for :func:`remaining`.
    candidates : int array, shape (n,)
        Atoms.
    before : Remaining, optional
        The answer for the record as it is, if already known; otherwise bounds are computed here without the solver.

    Returns
    -------
    int array, shape (n,)
        Never above ``before.upper``: holding more undoes nothing. Where ``before`` is proven, the drop of an item that can be
        started now is at most one step, so ``before.upper - 1`` is exact. All :data:`NEVER` where the target is out of reach and
        the candidate does not change that.
    """
    owned = {int(node) for node in held}
    known = before or remaining(graph, sorted(owned), target, exact=False)
    after = np.full(len(candidates), known.upper, np.int64)
    cone = cone_of(graph, owned, target)
    if cone.target < 0:
        return after
    local = {node: number for number, node in enumerate(cone.nodes)}
    steps = set(known.steps)
    alike: dict[tuple[object, ...], int] = {}
    for at, candidate in enumerate(np.asarray(candidates, np.int64).tolist()):
        if candidate in local:
            free, on_way = local[candidate], candidate in steps
            # Atoms under the same rules, over the same ones, are worth the same: one of them is looked at.
            key = (on_way, cone.need[free], cone.cost[free], tuple(cone.parents[free]), tuple(cone.children[free]))
            if key not in alike:
                alike[key] = min(known.upper - on_way, _after(cone, free, known, on_way=on_way))
            after[at] = alike[key]
    return after


def _after(cone: Cone, free: int, known: Remaining, *, on_way: bool) -> int:
    """Upper bound with one more atom held; a step that can be taken now and lies on a proven way needs no search."""
    saves_one = cone.need[free] == 0 and known.exact is not None
    if saves_one and on_way:
        return known.upper - 1
    plan = relaxed_plan(cone, thin=False, free=free)
    if plan is not None and not (saves_one and len(plan) == known.upper - 1):
        plan = relaxed_plan(cone, free=free)
    return NEVER if plan is None else len(plan)
