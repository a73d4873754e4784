"""Planning again: what can stay stays, what has to move says why, what nobody needs is let go, and every rule is kept."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pathways.planning.errors import ProblemError
from pathways.planning.problem import Infeasible, Plan, Problem
from pathways.planning.replan import replan
from pathways.planning.solver import plan
from pathways.planning.verify import violations
from tests.planning.makers import asked, item

CHAIN = (item("a"), item("b", needs="held(a)"), item("c", needs="held(b)"))


def stands(problem: Problem, found: Any) -> dict[str, str]:
    assert isinstance(found, Plan)
    return {one.item: problem.terms[one.term].name for one in found.placed}


def planned(problem: Problem) -> dict[str, str]:
    return stands(problem, plan(problem))


def test_an_unchanged_problem_keeps_every_place_even_an_odd_one() -> None:
    problem = asked("all(a, b)", item("a"), item("b"), terms=4)
    old = {"a": problem.terms[2].name, "b": problem.terms[0].name}
    found = replan(problem, old)
    assert stands(problem, found.result) == old
    assert found.kept == {"a", "b"}
    assert isinstance(found.fresh, Plan)
    assert found.fresh.terms_used == 1


def test_only_what_clashes_moves_and_says_so() -> None:
    problem = asked("all(a, b, d)", CHAIN[0], CHAIN[1], item("d"), terms=4)
    names = [term.name for term in problem.terms]
    old = {"a": names[0], "b": names[1], "d": names[0]}
    later = replace(problem, pins={"a": 1})
    found = replan(later, old)
    assert stands(later, found.result) == {"a": names[1], "b": names[2], "d": names[0]}
    assert "b" in found.why
    assert "d" in found.kept


def test_an_item_that_is_done_excluded_or_out_of_the_horizon_is_not_kept() -> None:
    problem = asked("any(a, b)", item("a"), item("b"), terms=3)
    names = [term.name for term in problem.terms]
    done = replan(replace(problem, held=frozenset({"a"})), {"a": names[0]})
    assert stands(problem, done.result) == {}
    out = replan(replace(problem, excluded=frozenset({"a"})), {"a": names[0]})
    assert stands(problem, out.result) == {"b": names[0]}
    assert "left out" in out.why["a"]
    late = replan(replace(problem, deadline=0), {"a": names[2]})
    assert set(stands(problem, late.result).values()) == {names[0]}
    assert "outside" in late.why["a"]


def test_what_nothing_needs_any_more_is_let_go() -> None:
    problem = asked("any(all(a, b), c)", item("a"), item("b"), item("c"), terms=3)
    names = [term.name for term in problem.terms]
    found = replan(replace(problem, required=frozenset({"c"})), {"a": names[0], "b": names[1]})
    assert stands(problem, found.result) == {"c": names[0]}
    assert set(found.why) == {"a", "b"}


def test_a_lower_load_moves_the_fewest_found() -> None:
    problem = asked("all(a, b)", item("a"), item("b"), terms=3)
    names = [term.name for term in problem.terms]
    found = replan(replace(problem, load_max=Fraction(3)), {"a": names[0], "b": names[0]})
    assert isinstance(found.result, Plan)
    assert violations(found.problem, found.result) == ()
    assert sorted(stands(problem, found.result).values()) == sorted(names[:2])


def test_no_plan_stays_no_plan() -> None:
    problem = asked("all(a, b, c)", *CHAIN, terms=3)
    found = replan(replace(problem, deadline=1), planned(problem))
    assert isinstance(found.result, Infeasible)
    assert found.result is found.fresh


def test_a_problem_that_contradicts_itself_is_refused() -> None:
    problem = asked("all(a, b)", CHAIN[0], CHAIN[1])
    with pytest.raises(ProblemError):
        replan(replace(problem, load_min=Fraction(99)), {})


@given(st.data())
@hypothesis_settings(max_examples=40)
def test_a_plan_made_again_keeps_every_rule_and_never_does_what_cannot_be(data: st.DataObject) -> None:
    names = "abcde"
    items = []
    for place, name in enumerate(names):
        before = data.draw(st.sampled_from(["", *names[:place]]), label=f"needs of {name}")
        items.append(item(name, data.draw(st.integers(1, 4)), needs=f"held({before})" if before else ""))
    goal = data.draw(st.sampled_from(["all(a, c, e)", "any(all(a, b), all(d, e))", "at_least(3, a, b, c, d, e)"]))
    problem = asked(goal, *items, terms=4, load_max=Fraction(data.draw(st.integers(4, 9))))
    first = plan(problem)
    if not isinstance(first, Plan):
        return
    changes: dict[str, Any] = data.draw(
        st.sampled_from(
            [
                {},
                {"load_max": Fraction(4)},
                {"deadline": 1},
                {"pins": {"a": 2}},
                {"excluded": frozenset("b")},
                {"held": frozenset("a")},
            ]
        )
    )
    after = replace(problem, **changes)
    found = replan(after, stands(problem, first))
    assert isinstance(found.result, Plan) == isinstance(found.fresh, Plan)
    if isinstance(found.result, Plan):
        assert violations(after, found.result) == ()
        if not changes:
            assert found.result.placed == first.placed
