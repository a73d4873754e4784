"""Ways to the targets, side by side, the degree route among them as the baseline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pathways.graph.routes import compare, routes
from pathways.recommendation.answer import TargetRoutes
from pathways.recommendation.targets import TargetState

if TYPE_CHECKING:
    from models.base import IntArray
    from pathways.recommendation.engine import Engine

ROUTES_SHOWN = 4
NOTES = {
    "unreachable": "No route in this catalog: something it needs is closed, not listed here, or ruled out by what you hold.",
    "listed parts only": "Counts the listed parts; the full list is not published, or its pages disagree.",
    "requirements not in this catalog": "Requirements not in this catalog: ask the issuer before you plan on a number of steps.",
    "bounds": "The shortest found; not proven shortest.",
    "proven": "",
}


def target_routes(engine: Engine, held: IntArray, states: tuple[TargetState, ...]) -> tuple[TargetRoutes, ...]:
    """Routes to each target that was asked for, and to what an authority grants where the goal points at it.

    Parameters
    ----------
    engine : Engine
    held : int array
        Nodes held.
    states : tuple of TargetState
        All targets worked toward. A program or stack that the goal only implied gets no routes.

    Returns
    -------
    tuple of TargetRoutes
    """
    found = []
    for state in states:
        if state.asked or engine.columns.place_bound[state.node]:
            reachable = state.left.reachable
            ways = routes(engine.graph, engine.catalog, held, state.node, ROUTES_SHOWN, on=engine.on) if reachable else ()
            comparison = compare(ways) if ways else None
            found.append(TargetRoutes(state.id, state.name, state.steps_left, state.proof, ways, comparison, NOTES[state.proof]))
    return tuple(found)
