"""Additive cost updated from the held items is what a sweep of the whole graph finds."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.entities import Catalog, RequirementRow
from pathways.credential import Credential
from pathways.graph.arrays import UNREACHABLE
from pathways.graph.compiled import CompiledGraph, compile_graph
from pathways.graph.costs import costs
from pathways.requirements.rules import CreditsFrom, Held
from tests.builders import TODAY, catalog, course, credential, row
from tests.graph.small_worlds import IDS, fewest, worlds

held_sets = st.frozensets(st.sampled_from(IDS), max_size=5)


def swept(graph: CompiledGraph, held: set[int]) -> list[float]:
    """Every node again and again until nothing changes."""
    values = [0.0 if node in held else UNREACHABLE for node in range(len(graph))]
    while True:
        before = list(values)
        for node in range(len(graph)):
            if node not in held:
                values[node] = min(_enabling(graph, node, values) + graph.cost[node], UNREACHABLE)
        if values == before:
            return values


def _enabling(graph: CompiledGraph, node: int, values: list[float]) -> float:
    row = range(graph.ptr[node], graph.ptr[node + 1])
    ranked = sorted((values[graph.child[at]] / graph.weight[at], at) for at in row)
    reached, total = 0, 0.0
    for _, at in ranked:
        if reached < graph.need[node]:
            part = min(1.0, (graph.need[node] - reached) / graph.weight[at]) if values[graph.child[at]] < UNREACHABLE else 1.0
            reached, total = reached + int(graph.weight[at]), total + part * values[graph.child[at]]
    return min(total, UNREACHABLE) if reached >= graph.need[node] else UNREACHABLE


@settings(max_examples=60, deadline=None)
@given(worlds(), held_sets)
def test_incremental_cost_equals_a_sweep(world: Catalog, holds: frozenset[str]) -> None:
    graph = compile_graph(world, TODAY)
    held = {graph.index[name] for name in holds}
    answer = costs(graph, np.array(sorted(held), np.int64), fast=False)
    assert answer.of(np.arange(len(graph))).tolist() == pytest.approx(swept(graph, held))


@settings(max_examples=60, deadline=None)
@given(worlds(), held_sets)
def test_compiled_loops_give_the_same_cost(world: Catalog, holds: frozenset[str]) -> None:
    pytest.importorskip("numba", reason="the extra `fast` is not installed")
    graph = compile_graph(world, TODAY)
    held = np.array([graph.index[name] for name in holds], np.int64)
    everything = np.arange(len(graph))
    plain, fast = costs(graph, held, fast=False), costs(graph, held, fast=True)
    assert plain.of(everything).tolist() == fast.of(everything).tolist()


@settings(max_examples=60, deadline=None)
@given(worlds(), held_sets, st.sampled_from(IDS))
def test_cost_is_finite_exactly_where_there_is_a_way(world: Catalog, holds: frozenset[str], target: str) -> None:
    graph = compile_graph(world, TODAY)
    answer = costs(graph, np.array([graph.index[name] for name in holds], np.int64))
    assert (answer.of(np.array([graph.index[target]]))[0] < UNREACHABLE) == (fewest(world, target, holds) is not None)


def chain(name: str, length: int) -> tuple[list[Credential], list[RequirementRow]]:
    """A credential behind ``length`` others, each asking for the one before."""
    names = [f"{name}{number}" for number in range(length)] + [name]
    return [credential(one) for one in names[:-1]], [row(after, Held(one)) for one, after in pairwise(names)]


def test_holding_more_never_raises_the_estimate_of_a_credit_rule() -> None:
    (few, to_x), (more, to_y) = chain("x", 3), chain("y", 4)
    rule = CreditsFrom(Fraction(4), (Held("x"), Held("y")), "semester")
    world = catalog(*few, *more, course("x", 3), course("y", 4), credential("t"), rows=(*to_x, *to_y, row("t", rule)))
    graph = compile_graph(world, TODAY)
    target = np.array([graph.index["t"]])
    before = costs(graph, np.empty(0, np.int64)).of(target)[0]
    after = costs(graph, np.array([graph.index["x0"]])).of(target)[0]
    assert (before, after) == (6.0, pytest.approx(1 + 3 + 5 / 4))
