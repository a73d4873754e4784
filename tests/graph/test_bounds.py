"""What is said about remaining steps is true of the rules as written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.entities import Catalog
from pathways.graph.bounds import marginal, remaining
from pathways.graph.compiled import NEVER, CompiledGraph, compile_graph
from pathways.graph.cones import cone_of
from pathways.graph.exact import solve
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, Held
from tests.builders import TODAY, agreement, catalog, credential, row
from tests.graph.small_worlds import IDS, fewest, takes_all, worlds

held_sets = st.frozensets(st.sampled_from(IDS), max_size=4)
quick = settings(max_examples=60, deadline=None)


def nodes_of(graph: CompiledGraph, names: frozenset[str]) -> list[int]:
    return [graph.index[name] for name in sorted(names)]


@quick
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_bounds_hold_and_the_exact_number_is_what_trying_everything_finds(
    world: Catalog, holds: frozenset[str], target: str
) -> None:
    graph = compile_graph(world, TODAY)
    truth = fewest(world, target, holds)
    rough = remaining(graph, nodes_of(graph, holds), graph.index[target], exact=False)
    answer = remaining(graph, nodes_of(graph, holds), graph.index[target])
    if truth is None:
        assert not rough.reachable
        assert not answer.reachable
        return
    assert rough.lower <= truth <= rough.upper
    assert answer.exact == truth == answer.lower == answer.upper
    assert answer.proof == "proven"


@quick
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_the_solver_alone_finds_the_same_number_rings_included(world: Catalog, holds: frozenset[str], target: str) -> None:
    graph = compile_graph(world, TODAY)
    cone = cone_of(graph, nodes_of(graph, holds), graph.index[target])
    if cone.target < 0:
        return
    truth = fewest(world, target, holds)
    answer = solve(graph, cone, set(nodes_of(graph, holds)))
    assert answer.infeasible == (truth is None)
    assert truth is None or (answer.proven and answer.steps is not None and len(answer.steps) == truth)


@pytest.mark.parametrize("ring", [("a", "b"), ("a", "b", "c")])
def test_the_solver_lets_nothing_in_a_ring_rest_on_itself(ring: tuple[str, ...]) -> None:
    deals = tuple(agreement(one, other) for one, other in zip(ring, (*ring[1:], ring[0]), strict=True))
    world = catalog(
        *(credential(name) for name in (*ring, "way-in")), rows=tuple(row(name, Held("way-in")) for name in ring), agreements=deals
    )
    graph = compile_graph(world, TODAY)
    answer = solve(graph, cone_of(graph, set(), graph.index["b"]), set())
    assert answer.steps is not None
    assert len(answer.steps) == 2
    closed = catalog(*(credential(name) for name in ring), rows=tuple(row(name, Held("ghost")) for name in ring), agreements=deals)
    shut = compile_graph(closed, TODAY)
    assert solve(shut, cone_of(shut, set(), shut.index["b"]), set()).infeasible


@quick
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_the_steps_given_can_be_taken_in_the_order_given(world: Catalog, holds: frozenset[str], target: str) -> None:
    graph = compile_graph(world, TODAY)
    answer = remaining(graph, nodes_of(graph, holds), graph.index[target])
    names = [graph.name(step) for step in answer.steps]
    assert all(takes_all(world, frozenset(names[: at + 1]), holds) for at in range(len(names)))
    assert not answer.reachable or target in holds or target in names


@quick
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_holding_one_thing_more_never_puts_a_target_further_away(world: Catalog, holds: frozenset[str], target: str) -> None:
    graph = compile_graph(world, TODAY)
    held = nodes_of(graph, holds)
    before = remaining(graph, held, graph.index[target])
    others = np.arange(graph.n_atoms)
    after = marginal(graph, held, graph.index[target], others, before=before)
    assert (after <= before.upper).all()
    for node, claimed in zip(others.tolist(), after.tolist(), strict=True):
        name = graph.name(node)
        truth = fewest(world, target, holds | {name})
        assert claimed >= (NEVER if truth is None else truth)


@quick
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_an_item_ready_now_saves_at_most_one_step_and_a_step_of_a_shortest_way_saves_it(
    world: Catalog, holds: frozenset[str], target: str
) -> None:
    graph = compile_graph(world, TODAY)
    held = nodes_of(graph, holds)
    before = remaining(graph, held, graph.index[target])
    if not before.steps:
        return
    first = before.steps[0]
    after = marginal(graph, held, graph.index[target], np.array([first]), before=before)
    assert after[0] == before.upper - 1


@quick
@given(worlds(), held_sets, st.sampled_from(IDS), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_number(world: Catalog, holds: frozenset[str], target: str, random: object) -> None:
    items = list(world.credentials.values())
    random.shuffle(items)  # type: ignore[attr-defined]
    other = catalog(*items, rows=tuple(reversed(world.requirements)), agreements=tuple(reversed(world.agreements)))
    one, two = compile_graph(world, TODAY), compile_graph(other, TODAY)
    first = remaining(one, nodes_of(one, holds), one.index[target])
    second = remaining(two, nodes_of(two, holds), two.index[target])
    assert (first.exact, first.reachable) == (second.exact, second.reachable)


@quick
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_taking_an_agreement_away_never_makes_a_target_nearer(world: Catalog, holds: frozenset[str], target: str) -> None:
    if not world.agreements:
        return
    fewer = catalog(*world.credentials.values(), rows=world.requirements, agreements=world.agreements[1:])
    one, two = compile_graph(world, TODAY), compile_graph(fewer, TODAY)
    assert (
        remaining(one, nodes_of(one, holds), one.index[target]).upper
        <= remaining(two, nodes_of(two, holds), two.index[target]).upper
    )


def test_what_is_held_needs_nothing_and_what_is_retired_cannot_be_reached() -> None:
    graph = compile_graph(catalog(credential("a"), credential("old", status="retired")), TODAY)
    assert remaining(graph, [graph.index["old"]], graph.index["old"]).exact == 0
    gone = remaining(graph, [], graph.index["old"])
    assert (gone.reachable, gone.exact, gone.lower) == (False, None, NEVER)


def test_fifteen_of_twenty_is_proven_without_the_solver() -> None:
    names = [f"m{number}" for number in range(20)]
    world = catalog(
        *(credential(name) for name in names),
        credential("stack"),
        rows=(row("stack", AtLeast(15, tuple(Held(name) for name in names))),),
    )
    graph = compile_graph(world, TODAY)
    answer = remaining(graph, [graph.index["m3"]], graph.index["stack"], exact=False)
    assert (answer.lower, answer.upper, answer.proof) == (15, 15, "proven")


def test_two_agreements_that_stand_for_each_other_do_not_conjure_either() -> None:
    world = catalog(
        *(credential(name) for name in "abc"),
        rows=(row("a", Held("c")), row("b", Held("c"))),
        agreements=(agreement("a", "b"), agreement("b", "a")),
    )
    graph = compile_graph(world, TODAY)
    assert graph.stats["on_cycles"] > 0
    answer = remaining(graph, [], graph.index["b"])
    assert [graph.name(step) for step in answer.steps] == ["c", "b"]


def test_a_target_with_its_parts_needs_each_of_them_and_itself() -> None:
    world = catalog(*(credential(name) for name in "abt"), rows=(row("t", AllOf((Held("a"), AnyOf((Held("b"), Held("a")))))),))
    graph = compile_graph(world, TODAY)
    assert remaining(graph, [], graph.index["t"]).exact == 2
