"""A least load of a term is met by what the target can use, refused with that reason, or filled on request and said so."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from pathways.planning.check import check
from pathways.planning.errors import ProblemError
from pathways.planning.fillers import PREFIX, with_fillers
from pathways.planning.problem import Infeasible, Plan, Problem
from pathways.planning.remarks import told
from pathways.planning.solver import plan, search
from pathways.planning.solving import Clock
from pathways.planning.verify import violations
from tests.planning.makers import asked, item, within_cone
from tests.planning.oracle import best
from tests.planning.worlds import problems

CHAIN = (item("a", 3), item("b", 3, "held(a)"), item("c", 6, "held(b)"))


def chain(least: int) -> Problem:
    """Three courses one after the other, of 3, 3 and 6 credits."""
    return asked("held(c)", *CHAIN, load_min=Fraction(least))


def test_a_least_load_that_the_target_cannot_fill_is_the_reason_and_says_so() -> None:
    found = plan(chain(5))
    assert isinstance(found, Infeasible)
    text = next(fact.text for fact in found.facts if fact.kind == "minimum load")
    assert text == "Each term that is used must carry at least 5 semester credits, and what the target can use does not fill them"
    assert "let other courses of your choice fill the terms (option fill)" in [change.text for change in found.changes]
    assert all(not violations(change.problem, change.plan) for change in found.changes)


def test_filling_takes_no_more_credits_than_a_term_lacks() -> None:
    problem = with_fillers(chain(5))
    found = plan(problem)
    assert isinstance(found, Plan)
    assert violations(problem, found) == ()
    assert [(one.item, one.term) for one in found.placed if one.item.startswith(PREFIX)] == [
        ("choice:Fall 2026#002", 0), ("choice:Spring 2027#002", 1),
    ]  # fmt: skip
    assert found.proof.unpriced == 5, "what other courses cost is not known"
    (note,) = told(problem.remarks, {one.item for one in found.placed})
    assert note.startswith("2 entries only fill terms up to the least load and count for nothing here")
    assert note.endswith("2 other credits of your choice in Fall 2026; 2 other credits of your choice in Spring 2027")


def test_where_the_target_fills_its_terms_nothing_is_added() -> None:
    problem = with_fillers(chain(3))
    found = plan(problem)
    assert isinstance(found, Plan)
    assert [one.item for one in found.placed] == ["a", "b", "c"]
    assert with_fillers(chain(0)) == chain(0)
    assert with_fillers(problem) == problem


def test_a_target_without_credits_can_be_filled() -> None:
    badges = asked("held(x)", item("x", 0), load_min=Fraction(6))
    assert isinstance(plan(badges), Infeasible)
    found = plan(with_fillers(badges))
    assert isinstance(found, Plan)
    assert found.load == 6


def test_a_reason_of_a_filled_problem_does_not_say_that_nothing_fills() -> None:
    odd = with_fillers(asked("held(x)", item("x", 2), load_min=Fraction(3), load_max=Fraction(3), terms=1))
    assert isinstance(plan(odd), Plan), "one other credit makes it three"
    broken = plan(replace(odd, excluded=odd.optional))
    assert isinstance(broken, Infeasible)
    assert not any("can use does not fill" in fact.text for fact in broken.facts)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(most_ways=81))
def test_a_filled_plan_is_as_good_as_trying_everything(world: Problem) -> None:
    problem = with_fillers(replace(within_cone(world), load_min=Fraction(1), load_max=max(world.load_max, Fraction(1))))
    problem = replace(problem, objective=("terms", "cost"))
    try:
        check(problem)
    except ProblemError:
        assume(False)
    exact, made = best(problem), search(problem, Clock(10.0))
    assert isinstance(made, Plan) == (exact is not None)
    if isinstance(made, Plan) and exact is not None:
        assert violations(problem, made) == ()
        assert made.proof.values == exact.proof.values
