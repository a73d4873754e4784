"""Caps, ``none`` and exclusive groups are counted in full by the exact solver."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.catalog.entities import Catalog
from pathways.graph.bounds import Remaining, remaining
from pathways.graph.compiled import compile_graph
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, AtMostCredits, CreditsFrom, Groups, Held, NoneOf, Requirement, Share
from tests.builders import TODAY, catalog, course, row


def left(rule: Requirement, holds: str = "", *, exact: bool = True) -> Remaining:
    world = catalog(*(course(name) for name in "abcdet"), rows=(row("t", rule),))
    return solved(world, holds, exact=exact)


def solved(world: Catalog, holds: str = "", *, exact: bool = True) -> Remaining:
    graph = compile_graph(world, TODAY)
    return remaining(graph, [graph.index[name] for name in holds], graph.index["t"], exact=exact)


def each(names: str) -> tuple[Held, ...]:
    return tuple(Held(name) for name in names)


def test_what_must_not_be_held_is_not_taken_and_cannot_be_undone() -> None:
    rule = AllOf((AnyOf((Held("a"), AllOf(each("bc")))), NoneOf(Held("a"))))
    assert left(rule).exact == 3
    assert not left(rule, "a").reachable
    assert left(rule, "b").exact == 2


def test_a_cap_asks_for_more_from_elsewhere() -> None:
    capped = CreditsFrom(Fraction(9), (*each("ab"), AtMostCredits(Fraction(3), each("cde"))), "semester")
    assert left(capped).exact == 4, "two free courses, one of the capped ones, and the credential itself"
    assert left(capped, "cde").exact == 3, "only three of nine capped credits count"
    assert left(capped, "cde", exact=False).lower <= 3
    tight = CreditsFrom(Fraction(12), (*each("ab"), AtMostCredits(Fraction(3), each("cde"))), "semester")
    assert not left(tight).reachable


def test_one_course_does_not_count_in_two_groups_unless_shared() -> None:
    two = (AtLeast(1, each("ab")), AtLeast(1, each("bc")))
    assert left(Groups(two, ("1", "2"))).exact == 3
    assert left(Groups(two, ("1", "2")), "b").exact == 2
    assert left(Groups(two, ("1", "2"), (Share(Fraction(1), "item", ("1", "2")),))).exact == 2
    assert left(Groups(two, ("1", "2"), (Share(Fraction(3), "semester", ("1", "2")),))).exact == 2
    assert left(Groups(two, ("1", "2"), (Share(Fraction(2), "semester", ("1", "2")),))).exact == 3


def test_without_the_solver_only_the_lower_bound_is_claimed() -> None:
    answer = left(Groups((AtLeast(1, each("ab")), AtLeast(1, each("bc"))), ("1", "2")), exact=False)
    assert (answer.exact, answer.proof, "exact_needed" in answer.flags) == (None, "bounds", True)
    assert answer.lower <= 3


@settings(max_examples=60, deadline=None)
@given(
    st.sets(st.sampled_from("abcde")),
    st.sets(st.sampled_from("abcde"), min_size=1),
    st.sets(st.sampled_from("abcde"), min_size=1),
    st.integers(1, 2),
    st.integers(1, 2),
)
def test_groups_cost_what_trying_every_assignment_finds(
    holds: set[str], one: set[str], two: set[str], need_one: int, need_two: int
) -> None:
    first, second = (
        AtLeast(min(need_one, len(one)), each("".join(sorted(one)))),
        AtLeast(min(need_two, len(two)), each("".join(sorted(two)))),
    )
    answer = left(Groups((first, second), ("1", "2")), "".join(sorted(holds)))
    truth = least(holds, one, two, first.n, second.n)
    assert (answer.exact if answer.reachable else None) == truth


def least(holds: set[str], one: set[str], two: set[str], need_one: int, need_two: int) -> int | None:
    """Every way to give each course to no group, the first or the second."""
    best: int | None = None
    for code in range(3**5):
        places = {name: code // 3**at % 3 for at, name in enumerate("abcde")}
        in_one = {name for name, place in places.items() if place == 1 and name in one}
        in_two = {name for name, place in places.items() if place == 2 and name in two}
        if len(in_one) >= need_one and len(in_two) >= need_two:
            cost = len((in_one | in_two) - holds) + 1
            best = cost if best is None else min(best, cost)
    return best
