"""Routes: different ways, honest sums, and superlatives only when certain."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.entities import Catalog
from pathways.credential import Credential
from pathways.graph.bounds import truth_of
from pathways.graph.compiled import CompiledGraph, compile_graph
from pathways.graph.cones import Cone, cone_of
from pathways.graph.held import held_nodes
from pathways.graph.routes import Comparison, Route, compare, routes
from pathways.graph.ways import Search, choices
from pathways.record import LearnerRecord
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, Degree, Held, License, OpenAll
from tests.builders import TODAY, agreement, catalog, course, credential, record, row
from tests.graph.small_worlds import IDS, fewest, takes_all, ways, worlds


def ways_to(world: Catalog, holder: LearnerRecord | None = None, target: str = "t", k: int = 4) -> tuple[Route, ...]:
    graph = compile_graph(world, TODAY)
    held = held_nodes(graph, holder or record(), world, TODAY)
    return routes(graph, world, held, graph.index[target], k, on=TODAY)


def names(route: Route) -> list[str]:
    return [step.id or step.name for step in route.steps]


def priced(name: str, usd: str | None, hours: int | None = None) -> Credential:
    cost = None if usd is None else Decimal(usd)
    return credential(name, cost_usd=cost, hours=None if hours is None else Fraction(hours))


def dollars(route: Route) -> tuple[int, int]:
    """Known dollars and items without a price."""
    return int(route.usd.known), route.usd.unknown_items


def test_each_top_level_choice_is_a_route_the_degree_among_them() -> None:
    fifteen = tuple(f"m{number}" for number in range(15))
    rule = AllOf((Held("first"), AnyOf((AtLeast(15, tuple(map(Held, fifteen))), Held("ed-s")))))
    world = catalog(
        *(credential(name) for name in (*fifteen, "first", "t")), credential("ed-s", type="degree"), rows=(row("t", rule),)
    )
    short, long = ways_to(world)
    assert (set(names(short)), short.uses_degree) == ({"ed-s", "first", "t"}, True)
    assert (len(long.steps), long.uses_degree) == (17, False)
    assert short.proven
    assert long.proven


def test_an_agreement_is_a_route_whose_last_step_is_a_claim_with_its_fee() -> None:
    world = catalog(
        *(priced(name, "100") for name in "abc"),
        credential("t"),
        rows=(row("t", AllOf((Held("a"), Held("b")))),),
        agreements=(agreement("c", "t", id="ag-9", fee_usd=Decimal(50)),),
    )
    claim, own = ways_to(world)
    assert (names(claim), claim.steps[-1].kind, claim.steps[-1].agreement_id) == (["c", "t"], "claim", "ag-9")
    assert claim.usd.known == 150
    assert (own.steps[-1].kind, dollars(own)) == ("item", (200, 0))


def test_a_total_is_never_added_to_its_parts() -> None:
    parts = (row("t", AllOf((Held("a"), Held("b")))),)
    known = catalog(priced("a", "10", 5), priced("b", "20", 5), priced("t", "25", 9), rows=parts)
    (route,) = ways_to(known)
    assert (dollars(route), int(route.hours.known)) == ((30, 0), 10)
    partly = catalog(priced("a", "10"), priced("b", None), priced("t", "25"), rows=parts)
    (route,) = ways_to(partly)
    assert dollars(route) == (25, 0)
    (route,) = ways_to(partly, record("a"))
    assert dollars(route) == (0, 1), "the total also covers the part already held"
    (route,) = ways_to(known, record("a", "b"))
    assert (dollars(route), route.usd.items) == ((0, 0), 0), "the total was for what is held already"
    open_list = catalog(priced("a", "10"), priced("t", "25"), rows=(row("t", OpenAll((Held("a"),))),))
    (route,) = ways_to(open_list)
    assert (dollars(route), route.flags) == ((25, 0), ("open_all",))


def test_unknown_prices_stay_unknown_and_conditions_have_none() -> None:
    rule = AllOf((Held("a"), Held("b"), License("US-OH")))
    world = catalog(priced("a", "10"), credential("b"), credential("t"), rows=(row("t", rule),))
    (route,) = ways_to(world)
    assert (dollars(route), route.usd.items) == ((10, 2), 3)
    assert {step.kind for step in route.steps} == {"item", "condition"}


def test_credits_of_different_units_are_not_added_together() -> None:
    rule = AllOf(tuple(map(Held, "abc")))
    world = catalog(
        course("a", 3),
        course("b", 4, "quarter"),
        credential("c"),
        credential("t"),
        rows=(row("t", rule),),
    )
    (route,) = ways_to(world)
    assert (route.credits, route.credits_unknown) == ((("quarter", Fraction(4)), ("semester", Fraction(3))), 1)


def test_a_higher_degree_is_not_offered_as_another_way_to_a_lower_one() -> None:
    world = catalog(credential("t"), credential("u"), rows=(row("t", Degree("bachelor")), row("u", Degree("master"))))
    (route,) = ways_to(world)
    assert (names(route), route.uses_degree) == (["degree: bachelor", "t"], True)


def test_nothing_is_listed_for_a_target_held_or_out_of_reach() -> None:
    world = catalog(credential("t"), credential("old", status="retired"))
    assert ways_to(world, record("t")) == ()
    assert ways_to(world, target="old") == ()
    assert ways_to(world, k=0) == ()


def choice(one: str | None, two: str | None) -> Comparison:
    """Two routes to t, over a and over b, at these prices."""
    world = catalog(
        priced("a", one), priced("b", two), priced("s", None), credential("t"),
        rows=(row("t", Held("s"), "prerequisite"), row("t", AnyOf((Held("a"), Held("b"))))),
    )  # fmt: skip
    return compare(ways_to(world))


def test_cheapest_is_said_only_when_no_unpublished_price_could_change_it() -> None:
    assert choice("10", "20").cheapest == 0, "the unknown price of s is the same on both routes"
    assert choice("10", None).cheapest is None
    assert choice("10", None).note == "fewest steps; prices not comparable"
    assert choice("10", "10").cheapest is None, "equal prices have no cheapest"
    assert choice("0", None).cheapest == 0, "nothing is cheaper than free"
    assert compare(()).note == "no route in this catalog"


@settings(max_examples=60, deadline=None)
@given(worlds(), st.frozensets(st.sampled_from(IDS), max_size=3), st.sampled_from(IDS))
def test_every_route_works_differs_and_one_is_shortest(world: Catalog, holds: frozenset[str], target: str) -> None:
    found = ways_to(world, record(*sorted(holds)), target)
    truth = fewest(world, target, holds)
    assert bool(found) == (truth not in (None, 0))
    sets = [frozenset(names(route)) for route in found]
    assert len(set(sets)) == len(sets)
    assert all(takes_all(world, steps, holds) and target in steps for steps in sets)
    assert not found or min(map(len, sets)) == truth


@settings(max_examples=60, deadline=None)
@given(worlds(), st.frozensets(st.sampled_from(IDS), max_size=3), st.sampled_from(IDS))
def test_a_choice_made_is_kept_and_its_route_is_the_shortest_that_makes_it(
    world: Catalog, holds: frozenset[str], target: str
) -> None:
    graph = compile_graph(world, TODAY)
    held = frozenset(graph.index[name] for name in holds)
    cone = cone_of(graph, held, target=graph.index[target])
    if cone.target < 0:
        return
    search = Search(graph, held, cone, limit=2.0)
    for gate, option in choices(graph, cone):
        way = search.shortest(option=(gate, option))
        lengths = [len(chosen) for chosen in ways(world, target, holds) if reaches(graph, cone, option, holds | chosen)]
        assert (way.length if way else None) == min(lengths, default=None)


def reaches(graph: CompiledGraph, cone: Cone, option: int, holds: frozenset[str]) -> bool:
    atoms = {graph.name(node): node for node in range(graph.n_atoms)}
    return truth_of(graph, {atoms[name] for name in holds if name in atoms})(cone.nodes[option])


@settings(max_examples=40, deadline=None)
@given(worlds(), st.sampled_from(IDS), st.sampled_from(IDS))
def test_leaving_an_item_out_finds_the_shortest_way_without_it(world: Catalog, target: str, item: str) -> None:
    graph = compile_graph(world, TODAY)
    cone = cone_of(graph, frozenset(), target=graph.index[target])
    if item == target or graph.index[item] not in cone.nodes:
        return
    way = Search(graph, frozenset(), cone, limit=2.0).shortest(frozenset([cone.nodes.index(graph.index[item])]))
    lengths = [len(chosen) for chosen in ways(world, target, frozenset()) if item not in chosen]
    assert (way.length if way else None) == min(lengths, default=None)
