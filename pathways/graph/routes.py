"""Different ways to one target, each with its steps, hours, dollars and credits; and what may be said when they are compared.

"Cheapest" and "fastest" are said only when true whatever the unpublished figures turn out to be. A figure missing on a step that
two routes share is the same number in both, so it does not stand in the way of comparing them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathways.catalog.entities import Catalog
from pathways.graph.arrays import IntArray
from pathways.graph.bounds import support_flags, truth_of
from pathways.graph.compiled import CompiledGraph
from pathways.graph.figures import Step, Total, credits_by_unit, dollars_of, fee_of, hours_of, total
from pathways.graph.flags import words
from pathways.graph.ways import different_ways
from pathways.requirements.rules import Degree
from pathways.units import Amount


@dataclass(frozen=True, slots=True)
class Route:
    """One way to a target.

    Parameters
    ----------
    steps : tuple of Step
        In an order they can be taken in; the target is last.
    hours, usd : Amount
        Known sum, items without a published figure, items in all. Conditions (a license, an exam) have none.
    unpriced, untimed : frozenset of int
        Nodes of the steps without a published price or hours.
    credits : tuple of (str, Fraction)
        Published credits by unit, of the items earned.
    credits_unknown : int
        Items earned without published credits.
    flags : tuple of str
        What the route leaves out or assumes.
    uses_degree : bool
        Whether a degree has to be earned on the way.
    proven : bool
        Whether no way is shorter among those that make the same choice and differ from the routes found before it.
    """

    steps: tuple[Step, ...]
    hours: Amount
    usd: Amount
    unpriced: frozenset[int]
    untimed: frozenset[int]
    credits: tuple[tuple[str, Fraction], ...]
    credits_unknown: int
    flags: tuple[str, ...]
    uses_degree: bool
    proven: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """What may be said about several routes (positions in the list given).

    ``cheapest`` and ``fastest`` are None where unpublished figures could change the answer.
    """

    cheapest: int | None
    fastest: int | None
    fewest_steps: int | None
    note: str


def routes(
    graph: CompiledGraph,
    catalog: Catalog,
    held: IntArray | Iterable[int],
    target: int,
    k: int = 4,
    *,
    on: date,
    limit: float = 1.0,
) -> tuple[Route, ...]:
    """Up to ``k`` different ways to a target.

    Parameters
    ----------
    graph : CompiledGraph
    catalog : Catalog
        The catalog the graph was compiled from.
    held : int array
        Nodes held.
    target : int
    k : int
        At most this many. First the shortest way; then the shortest way through each other top-level choice of the target's rules
        (an ``any`` option, an agreement); then ways that leave out at least one item of every way before and name a new one.
    on : date
        Agreements whose window is past by then are not claimed.
    limit : float
        Deterministic solver time for all ways together.

    Returns
    -------
    tuple of Route
        Ordered by unpriced items, then known dollars, then number of steps. Empty where the target is held or cannot be reached.
    """
    owned = {int(node) for node in held}
    cone, found = different_ways(graph, owned, target, k, limit=limit)
    world = _World(graph, catalog, owned, on)
    made = [_describe(world, [cone.nodes[node] for node in way.steps], proven=way.proven) for way in found]
    return tuple(sorted(made, key=_order))


def _order(route: Route) -> tuple[int, Fraction, int, tuple[int, ...]]:
    return (route.usd.unknown_items, route.usd.known, len(route.steps), tuple(step.node for step in route.steps))


# One route


@dataclass(frozen=True, slots=True)
class _World:
    graph: CompiledGraph
    catalog: Catalog
    owned: set[int]
    on: date


def _describe(world: _World, nodes: list[int], *, proven: bool) -> Route:
    graph, catalog = world.graph, world.catalog
    steps = tuple(_step(world, nodes[:at], node) for at, node in enumerate(nodes))
    held = frozenset(name for name, node in graph.index.items() if node in world.owned)
    fees = {agreement.id: fee_of(agreement) for agreement in catalog.agreements}
    usd: Total = total(steps, catalog, held, dollars_of, fees)
    hours: Total = total(steps, catalog, held, hours_of, dict.fromkeys(fees, Fraction(0)))
    published, unpublished = credits_by_unit(steps, catalog)
    return Route(
        steps, hours.amount, usd.amount, usd.unknown, hours.unknown, published, unpublished,
        words(support_flags(graph, world.owned, nodes[-1], nodes)), any(_is_degree(world, step) for step in steps[:-1]), proven,
    )  # fmt: skip


def _step(world: _World, before: Sequence[int], node: int) -> Step:
    graph = world.graph
    item, area = graph.item_of.get(node, (None, None))
    if item is None:
        return Step(node, None, graph.name(node), "condition" if node in graph.condition_of else "item")
    name = world.catalog.credentials[item].name
    claimed = _how(graph, world.owned, before, graph.index[item])
    live = [label for label in claimed if not _is_past(world, label)]
    # Where both are open, asking for what an agreement names costs nothing but the asking.
    if not live:
        return Step(node, item, name, "item", None, area)
    return Step(node, item, name, "claim", live[0], area)


def _how(graph: CompiledGraph, owned: set[int], before: Sequence[int], item: int) -> list[str]:
    """Which agreements grant an item by then."""
    ways = graph.options.get(item, ())
    if len(ways) <= 1:
        return []
    is_true = truth_of(graph, owned.union(before))
    return [way.agreement_id for way in ways if way.agreement_id is not None and is_true(way.node)]


def _is_past(world: _World, agreement_id: str) -> bool:
    ends = next((item.effective_until for item in world.catalog.agreements if item.id == agreement_id), None)
    return ends is not None and ends < world.on


def _is_degree(world: _World, step: Step) -> bool:
    if step.id is not None:
        return world.catalog.credentials[step.id].type == "degree"
    return isinstance(world.graph.condition_of.get(step.node), Degree)


# Several routes


def compare(several: Sequence[Route]) -> Comparison:
    """Say which route is cheapest, fastest or shortest, as far as it is true.

    Parameters
    ----------
    several : sequence of Route
        To one target.

    Returns
    -------
    Comparison
        A superlative is given where the route's own unknown steps are also unknown steps of every other route, and its known sum is
        not above theirs. Where two routes tie, neither has it.
    """
    if not several:
        return Comparison(None, None, None, "no route in this catalog")
    if len(several) == 1:
        return Comparison(None, None, 0, "the only route found in this catalog")
    cheapest = _best([(route.unpriced, route.usd.known) for route in several])
    fastest = _best([(route.untimed, route.hours.known) for route in several])
    shortest = min(range(len(several)), key=lambda at: (len(several[at].steps), at))
    said = [name for name, at in (("cheapest", cheapest), ("fastest", fastest)) if at is not None]
    if said:
        return Comparison(cheapest, fastest, shortest, f"{' and '.join(said)} whatever the unpublished figures are")
    if any("unlisted_requirements" in route.flags for route in several):
        return Comparison(
            None, None, shortest, "fewest listed steps; not all requirements are in this catalog; prices not comparable"
        )
    tied = all(not route.unpriced for route in several)
    return Comparison(None, None, shortest, "fewest steps; prices are equal" if tied else "fewest steps; prices not comparable")


def _best(figures: Sequence[tuple[frozenset[int], Fraction]]) -> int | None:
    winners = [
        at for at, (unknown, known) in enumerate(figures) if all(unknown <= other and known <= amount for other, amount in figures)
    ]
    return winners[0] if len(winners) == 1 else None
