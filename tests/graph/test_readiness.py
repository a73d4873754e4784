"""Readiness of every credential at once says the same as asking about each one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.entities import Catalog
from pathways.graph.compiled import NEVER, CompiledGraph, compile_graph
from pathways.graph.readiness import readiness
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, Held, License
from tests.builders import TODAY, agreement, catalog, credential, row
from tests.graph.small_worlds import IDS, can_take, worlds

held_sets = st.frozensets(st.sampled_from(IDS), max_size=5)


def missing_one_by_one(graph: CompiledGraph, node: int, held: set[int]) -> int:
    """Directly missing items of one node, by walking down its gates."""

    def cost(child: int) -> int:
        if child in held:
            return 0
        return 1 if child < graph.n_atoms else missing_one_by_one(graph, child, held)

    row_of = range(graph.ptr[node], graph.ptr[node + 1])
    options = sorted((cost(int(graph.child[at])) / graph.weight[at], cost(int(graph.child[at])), graph.weight[at]) for at in row_of)
    reached, total = 0, 0
    for _, value, weight in options:
        if reached < graph.need[node]:
            reached, total = reached + weight, total + value
    return min(total, NEVER) if reached >= graph.need[node] else NEVER


@settings(max_examples=60, deadline=None)
@given(worlds(), held_sets)
def test_the_incremental_answer_is_the_answer_of_a_plain_walk(world: Catalog, holds: frozenset[str]) -> None:
    graph = compile_graph(world, TODAY)
    held = {graph.index[name] for name in holds}
    answer = readiness(graph, np.array(sorted(held), np.int64), fast=False)
    assert answer.missing.tolist() == [missing_one_by_one(graph, node, held) for node in range(graph.n_credentials)]
    everything = np.arange(graph.n_atoms)
    assert answer.missing_of(everything)[: graph.n_credentials].tolist() == answer.missing.tolist()


@settings(max_examples=60, deadline=None)
@given(worlds(), held_sets)
def test_ready_means_exactly_that_it_can_be_taken_now(world: Catalog, holds: frozenset[str]) -> None:
    graph = compile_graph(world, TODAY)
    answer = readiness(graph, np.array([graph.index[name] for name in holds], np.int64))
    for name, node in graph.index.items():
        assert answer.ready[node] == (name not in holds and can_take(world, name, holds))


@settings(max_examples=60, deadline=None)
@given(worlds(), held_sets)
def test_compiled_loops_and_plain_arrays_agree(world: Catalog, holds: frozenset[str]) -> None:
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    graph = compile_graph(world, TODAY)
    held = np.array([graph.index[name] for name in holds], np.int64)
    plain, fast = readiness(graph, held, fast=False), readiness(graph, held, fast=True)
    assert plain.missing.tolist() == fast.missing.tolist()
    assert plain.changed.tolist() == fast.changed.tolist()


def test_missing_counts_places_that_are_open() -> None:
    world = catalog(
        *(credential(name) for name in "abcd"),
        credential("stack"),
        credential("either"),
        rows=(row("stack", AtLeast(3, tuple(map(Held, "abcd")))), row("either", AnyOf((AllOf((Held("a"), Held("b"))), Held("c"))))),
    )
    graph = compile_graph(world, TODAY)
    nobody = readiness(graph, np.empty(0, np.int64))
    assert nobody.missing[[graph.index["stack"], graph.index["either"]]].tolist() == [3, 1]
    one = readiness(graph, np.array([graph.index["a"], graph.index["c"]]))
    assert one.missing[[graph.index["stack"], graph.index["either"]]].tolist() == [1, 0]


def test_an_authority_whose_requirements_are_not_in_the_catalog_is_never_called_ready() -> None:
    world = catalog(
        credential("badge"),
        credential("end", type="endorsement"),
        credential("end2", type="endorsement"),
        rows=(row("end2", Held("badge")),),
    )
    graph = compile_graph(world, TODAY)
    answer = readiness(graph, np.array([graph.index["badge"]]))
    assert {name: bool(answer.ready[node]) for name, node in graph.index.items()} == {"badge": False, "end": False, "end2": True}


def test_a_license_not_stated_is_a_missing_item_and_an_agreement_opens_its_target() -> None:
    world = catalog(
        credential("a"),
        credential("t"),
        rows=(row("t", License("US-OH", "teaching"), "prerequisite"),),
        agreements=(agreement("a", "t"),),
    )
    graph = compile_graph(world, TODAY)
    assert readiness(graph, np.empty(0, np.int64)).missing[graph.index["t"]] == 1
    assert readiness(graph, np.array([graph.index["a"]])).ready[graph.index["t"]]
