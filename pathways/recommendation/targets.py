"""What the steps work toward: the targets asked for, or those the goal itself points at, with the steps left to each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pathways.graph.bounds import Remaining, marginal, remaining
from pathways.graph.flags import Flag
from pathways.graph.readiness import Readiness
from pathways.places import Place
from pathways.recommendation.answer import Proof, TargetEffect
from pathways.recommendation.relevance import Relevance, elsewhere

if TYPE_CHECKING:
    from models.base import Float64Array, IntArray
    from pathways.recommendation.engine import Engine

#: At most so many targets are read off a goal, and only those at least this near to the best match.
IMPLIED, IMPLIED_SHARE = 2, 0.75


@dataclass(frozen=True)
class TargetState:
    """One target and what remains of it now.

    ``asked`` is False where the goal implied it; ``listed`` is False where the catalog has no list of what completes it.
    """

    id: str
    name: str
    node: int
    left: Remaining
    asked: bool
    listed: bool

    @property
    def steps_left(self) -> int | None:
        """Steps left: exact where proven, else the shortest plan found; None where no route is in this catalog."""
        if not self.left.reachable:
            return None
        return self.left.upper if self.left.exact is None else self.left.exact

    @property
    def proof(self) -> Proof:
        """What may be said of the number."""
        return proof_of(self.left) if self.listed else "requirements not in this catalog"


def proof_of(left: Remaining) -> Proof:
    """Words for how far a step count is proven.

    A list known to be incomplete or missing is said first: counting what is listed proves nothing about the rest.
    """
    if not left.reachable:
        return "unreachable"
    if not {"unlisted_requirements", "open_all", "conflict", "credits_unknown"}.isdisjoint(left.flags):
        return "listed parts only"
    return "proven" if left.proof == "proven" else "bounds"


def target_states(engine: Engine, held: IntArray, asked: tuple[str, ...], implied: tuple[str, ...]) -> tuple[TargetState, ...]:
    """Steps left to each target: solved exactly for those asked for, bounded for those implied."""
    states = []
    for target in (*asked, *implied):
        node = engine.graph.index[target]
        left = remaining(engine.graph, held, node, exact=target in asked)
        listed = not engine.graph.flags[node] & Flag.UNLISTED_REQUIREMENTS
        states.append(TargetState(target, engine.name_of(target), node, left, target in asked, bool(listed)))
    return tuple(states)


def implied_targets(engine: Engine, relevance: Relevance, held: IntArray, place: Place) -> tuple[str, ...]:
    """Composed credentials that match the goal nearly as well as anything does, can be reached, and are usable here.

    A program is replaced by what it leads to, where that matches as well: people ask for the endorsement, not for one way there.
    """
    columns = engine.columns
    usable = columns.composed & ~columns.retired & ~elsewhere(columns, place)
    usable[held[held < len(usable)]] = False
    usable &= relevance.scores >= IMPLIED_SHARE * relevance.best
    rows = np.flatnonzero(usable)
    found: dict[int, None] = {}
    for row in rows[np.argsort(-relevance.scores[rows], kind="stable")].tolist():
        top = row
        for _ in range(len(rows)):
            parents = columns.parents[columns.parent_starts[top] : columns.parent_starts[top + 1]]
            above = [parent for parent in parents.tolist() if usable[parent] and parent not in (top, row)]
            if not above:
                break
            top = max(above, key=lambda parent: float(relevance.scores[parent]))
        if engine.graph.can_earn(top):
            found[top] = None
        if len(found) == IMPLIED:
            break
    return tuple(engine.ids[row] for row in found)


def left_after(engine: Engine, ready: Readiness, states: tuple[TargetState, ...], rows: IntArray) -> Float64Array:
    """Steps left toward each target after also holding each candidate.

    Returns
    -------
    float array, shape (len(states), len(rows))
        NaN for a target that cannot be reached, and for a candidate that takes more than one step itself.
    """
    after = np.full((len(states), len(rows)), np.nan)
    whole = ready.missing_of(rows) == 0
    # What is granted when its parts are done is no step by itself while parts are missing.
    own = whole | ~engine.columns.granted[rows]
    for number, state in enumerate(states):
        # Holding the target itself would complete it, but it is a step only once its parts are there.
        closes = whole & (state.proof in {"proven", "bounds"})
        counted = own & ((rows != state.node) | closes)
        if state.left.reachable and counted.any():
            after[number, counted] = marginal(engine.graph, ready.held, state.node, rows[counted])
    return after


def effects(states: tuple[TargetState, ...], after: Float64Array) -> tuple[TargetEffect, ...]:
    """What one candidate does for each target; ``after`` has shape (len(states),). Targets it does nothing for are left out."""
    found = []
    for state, value in zip(states, after, strict=True):
        before = state.steps_left
        if before is not None and not np.isnan(value) and value < before:
            found.append(TargetEffect(state.id, state.name, before, int(value), state.proof))
    return tuple(found)
