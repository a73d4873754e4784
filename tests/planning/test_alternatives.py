"""Other plans differ as much as asked, are right themselves, and stand in one table."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, assume, given, settings

from pathways.planning.alternatives import UNPROVEN, alternatives, compare
from pathways.planning.check import check
from pathways.planning.errors import ProblemError
from pathways.planning.problem import Plan, Problem
from pathways.planning.solver import plan
from pathways.planning.verify import violations
from tests.planning.makers import asked, item
from tests.planning.worlds import problems


def _menu() -> Problem:
    items = [item(f"i{number}", usd=100 + number * 10, hours=20) for number in range(8)]
    goal = "at_least(3, " + ", ".join(f"held({one.id})" for one in items) + ")"
    return asked(goal, *items, load_max=Fraction(9))


def _names(made: Plan) -> frozenset[str]:
    return frozenset(one.item for one in made.placed)


def _plan(problem: Problem) -> Plan:
    made = plan(problem)
    assert isinstance(made, Plan)
    return made


def test_each_further_plan_does_without_so_many_items_of_every_other() -> None:
    problem = _menu()
    first = _plan(problem)
    others = alternatives(problem, first, count=3, differ_in=2)
    further = [one for one in others if one.proof.method.startswith("without")]
    assert len(further) == 3
    seen = [first, *(one for one in others if one not in further)]
    for one in further:
        assert violations(problem, one) == ()
        assert all(len(_names(other) - _names(one)) >= 2 for other in seen)
        seen.append(one)


def test_further_plans_come_best_first() -> None:
    problem = _menu()
    first = _plan(problem)
    values = [one.proof.values for one in alternatives(problem, first, count=3) if one.proof.method.startswith("without")]
    assert values == sorted(values)
    assert all(first.proof.values <= value for value in values)


def test_the_cheapest_and_the_lightest_are_named() -> None:
    quick, slow = item("quick", 6, usd=900), item("slow", 3, usd=100, needs="held(start)")
    problem = asked("any(held(quick), held(slow))", quick, slow, item("start", 1, usd=50))
    first = _plan(problem)
    named = {one.proof.method: one for one in alternatives(problem, first, count=0)}
    assert named["cheapest"].usd == Decimal(150)
    rows = compare(problem, [first, named["cheapest"]])
    assert [row.terms for row in rows] == [1, 2]
    assert [row.usd for row in rows] == [Decimal(900), Decimal(150)]
    assert [row.only for row in rows] == [("quick",), ("slow", "start")]
    assert [row.largest_load for row in rows] == [Fraction(6), Fraction(3)]


def test_lighter_terms_take_longer() -> None:
    problem = asked("all(held(a), held(b), held(c))", item("a"), item("b"), item("c"), load_max=Fraction(9))
    first = _plan(problem)
    lightest = next(one for one in alternatives(problem, first, count=0) if one.proof.method == "lightest load")
    assert (first.terms_used, lightest.terms_used) == (1, 3)
    assert compare(problem, [lightest])[0].largest_load == Fraction(3)


def test_unpublished_prices_stay_apart_in_the_table() -> None:
    problem = asked("all(held(a), held(b))", item("a", usd=10), item("b"))
    row = compare(problem, [_plan(problem)])[0]
    assert (row.usd, row.unpriced, row.untimed) == (Decimal(10), 1, 2)


def test_where_nothing_can_be_spared_there_is_no_other_plan() -> None:
    problem = asked("held(a)", item("a"))
    assert alternatives(problem, _plan(problem), count=2) == ()


def _catalog() -> Problem:
    """120 items, of which any eight will do: too many for one model."""
    items = [item(f"i{number:03}", 3 + number % 2, usd=100 + 7 * (number * 37 % 120), hours=20) for number in range(120)]
    goal = "at_least(8, " + ", ".join(f"held({one.id})" for one in items) + ")"
    return asked(goal, *items, terms=4, load_max=Fraction(16))


@pytest.mark.parametrize("problem", [_menu(), _catalog()], ids=["one model", "in parts"])
def test_a_named_alternative_is_what_its_name_says_or_says_that_it_is_not_proven(problem: Problem) -> None:
    first = _plan(problem)
    others = alternatives(problem, first, count=2)
    every = [first, *others]
    loads = [row.largest_load for row in compare(problem, every)]
    for place, one in enumerate(every):
        assert violations(problem, one) == ()
        if one.proof.method.startswith("cheapest"):
            assert one.usd == min(other.usd for other in every)
        if one.proof.method.startswith("lightest load"):
            assert loads[place] == min(loads)
            lighter = replace(problem, load_max=loads[place] - 1)
            assert one.proof.method.endswith(UNPROVEN) or plan_or_none(lighter) is None


def plan_or_none(problem: Problem) -> Plan | None:
    made = plan(problem)
    return made if isinstance(made, Plan) else None


def test_alternatives_are_the_same_every_time() -> None:
    problem = _catalog()
    first = _plan(problem)
    assert alternatives(problem, first, count=2) == alternatives(problem, first, count=2)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(most_ways=729))
def test_every_alternative_respects_the_whole_problem(world: Problem) -> None:
    try:
        check(world)
    except ProblemError:
        assume(False)
    first = plan(world)
    assume(isinstance(first, Plan))
    assert isinstance(first, Plan)
    for one in alternatives(world, first, count=2, differ_in=1):
        assert violations(world, one) == ()
        assert one.proof.values[0] >= first.proof.values[0]
    again = alternatives(replace(world), first, count=2, differ_in=1)
    assert again == alternatives(world, first, count=2, differ_in=1)
