"""Quick schedules stand right wherever they say anything: near to another plan, and spread evenly."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from pathways.planning.check import check
from pathways.planning.errors import ProblemError
from pathways.planning.evenly import evenly
from pathways.planning.nearby import nearby
from pathways.planning.problem import Plan, Problem
from pathways.planning.solver import plan, plan_from
from pathways.planning.verify import violations
from tests.planning.makers import asked, item
from tests.planning.worlds import problems


def test_what_both_share_stays_where_it_is() -> None:
    problem = asked("all(held(a), held(c))", item("a"), item("b"), item("c"), item("d", needs="held(a)"), load_max=Fraction(3))
    assert nearby(problem, ["a", "c", "d"], {"a": 1, "b": 2, "c": 0}, 3) == {"a": 1, "c": 0, "d": 2}


def test_one_item_makes_room_for_another() -> None:
    problem = asked("all(held(a), held(b))", item("a"), item("b", offered={0}), load_max=Fraction(3))
    assert nearby(problem, ["a", "b"], {"a": 0}, 2) == {"a": 1, "b": 0}


def test_nothing_is_said_where_a_term_would_be_too_heavy() -> None:
    problem = asked("all(held(a), held(b))", item("a", offered={0}), item("b", offered={0}), load_max=Fraction(3))
    assert nearby(problem, ["a", "b"], {"a": 0}, 1) is None
    assert evenly(problem, ["a", "b"]) is None


def test_even_terms_follow_chains() -> None:
    items = [item("a"), item("b", needs="held(a)"), item("c"), item("d")]
    problem = asked("all(held(b), held(c), held(d))", *items, load_max=Fraction(6))
    assert evenly(problem, ["a", "b", "c", "d"]) == {"a": 0, "c": 0, "b": 1, "d": 1}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(most_ways=729))
def test_a_quick_schedule_of_a_plan_respects_the_whole_problem(world: Problem) -> None:
    try:
        check(world)
    except ProblemError:
        assume(False)
    first = plan(world)
    assume(isinstance(first, Plan))
    assert isinstance(first, Plan)
    chosen, known = [one.item for one in first.placed], {one.item: one.term for one in first.placed}
    late = {name: term for name, term in known.items() if name != min(chosen)}
    free = replace(world, objective=())
    for places in (evenly(free, chosen), nearby(free, chosen, late, first.terms_used)):
        if places is not None:
            assert sorted(places) == sorted(chosen)
            assert violations(free, plan_from(free, places, "quick")) == ()
