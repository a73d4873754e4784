"""Caps mean in a route what they mean in an audit, sums do not depend on an order, and wide rules are answered in seconds."""

from __future__ import annotations

import time
from fractions import Fraction
from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.check import check
from pathways.catalog.entities import Catalog
from pathways.graph.bounds import marginal, remaining
from pathways.graph.compiled import compile_graph
from pathways.graph.figures import Step, dollars_of, total
from pathways.graph.routes import routes
from pathways.requirements.audit import audit
from pathways.requirements.rules import AllOf, AtLeast, AtMostCredits, CreditsFrom, Held, NoneOf
from pathways.requirements.verdicts import Truth
from tests.builders import TODAY, catalog, course, credential, dollars, record, row

COURSES = "abcde"


def each(names: str) -> tuple[Held, ...]:
    return tuple(Held(name) for name in names)


def world_of(rule: CreditsFrom) -> Catalog:
    return catalog(*(course(name) for name in COURSES), credential("t"), rows=(row("t", rule),))


def steps_left(world: Catalog, holds: str) -> int | None:
    graph = compile_graph(world, TODAY)
    answer = remaining(graph, [graph.index[name] for name in holds], graph.index["t"])
    return answer.exact if answer.reachable else None


def fewest_that_pass_the_audit(world: Catalog, holds: str) -> int | None:
    """Every set of further courses, the smallest first, until an audit of all that is held says met; and the target itself."""
    others = [name for name in COURSES if name not in holds]
    for count in range(len(others) + 1):
        for more in combinations(others, count):
            if audit(world.composed_of("t"), record(*holds, *more), world, (), on=TODAY).truth is Truth.MET:
                return count + 1
    return None


def test_a_cap_holds_for_a_course_that_is_listed_outside_it_too() -> None:
    world = world_of(CreditsFrom(Fraction(6), (*each("abcd"), AtMostCredits(Fraction(3), each("bcd"))), "semester"))
    assert steps_left(world, "bc") == 2, "two courses under one cap count as one"
    assert steps_left(world, "ab") == 1


def test_a_course_under_two_caps_counts_once() -> None:
    caps = (AtMostCredits(Fraction(3), each("abc")), AtMostCredits(Fraction(3), each("cde")))
    world = world_of(CreditsFrom(Fraction(6), caps, "semester"))
    assert steps_left(world, "c") == 3, "the shared course fills both caps: it takes one from each side instead"
    assert steps_left(world, "ad") == 1


def test_a_total_that_caps_put_out_of_reach_is_an_error_of_the_catalog() -> None:
    rule = CreditsFrom(Fraction(9), (*each("abcd"), AtMostCredits(Fraction(3), each("bcd"))), "semester")
    assert ["items that supply 6" in problem.found for problem in check(world_of(rule))] == [True]


lists = st.sets(st.sampled_from(COURSES), min_size=1).map(lambda names: "".join(sorted(names)))


@settings(max_examples=60, deadline=None)
@given(lists, st.lists(st.tuples(st.sampled_from([1, 3, 4, 6]), lists), min_size=1, max_size=3), st.integers(1, 9), lists)
def test_a_route_ends_where_the_audit_says_met(listed: str, capped: list[tuple[int, str]], need: int, holds: str) -> None:
    caps = tuple(AtMostCredits(Fraction(limit), each(names)) for limit, names in capped)
    world = world_of(CreditsFrom(Fraction(need), (*each(listed), *caps), "semester"))
    assert steps_left(world, holds) == fewest_that_pass_the_audit(world, holds)


def test_a_credential_whose_parts_are_counted_for_another_costs_nothing_more() -> None:
    parts = [course(name, cost_usd=dollars("300")) for name in "ab"]
    world = catalog(
        *parts, credential("one"), credential("two"), credential("t"),
        rows=(
            row("one", AllOf(each("ab"))),
            row("two", AllOf((Held("a"), NoneOf(Held("z"))))),
            row("t", AllOf((Held("one"), Held("two")))),
        ),
    )  # fmt: skip
    for order in (["a", "b", "one", "two", "t"], ["a", "two", "b", "one", "t"]):
        steps = [Step(number, name, name, "item") for number, name in enumerate(order)]
        summed = total(steps, world, frozenset(), dollars_of, {})
        assert (summed.amount.known, summed.amount.unknown_items) == (Fraction(600), 0)


def test_half_of_five_thousand_items_is_answered_in_seconds() -> None:
    """Every item stands under the same one rule, so no way is looked for twice, and none is thinned that is shortest already."""
    items = [credential(f"i{number}") for number in range(5000)]
    world = catalog(*items, credential("t"), rows=(row("t", AtLeast(2500, tuple(Held(item.id) for item in items))),))
    graph = compile_graph(world, TODAY)
    began = time.perf_counter()
    left = remaining(graph, [], graph.index["t"])
    found = routes(graph, world, [], graph.index["t"], 3, on=TODAY)
    after = marginal(graph, [], graph.index["t"], np.arange(5000), before=left)
    assert time.perf_counter() - began < 20
    assert (left.exact, [len(way.steps) for way in found]) == (2501, [2501] * 3)
    assert set(after.tolist()) == {2500}
