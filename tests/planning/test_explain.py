"""Where there is no plan the reason is true, needs every fact it names, and what it suggests was solved."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from pathways.credential import Source
from pathways.planning.check import check
from pathways.planning.errors import ProblemError
from pathways.planning.facts import extended, keeping
from pathways.planning.problem import Cap, Infeasible, Plan, Problem
from pathways.planning.relaxed import cone
from pathways.planning.solver import is_feasible, plan
from pathways.planning.solving import Clock
from pathways.planning.verify import violations
from tests.planning.makers import asked, item, within_cone
from tests.planning.oracle import best
from tests.planning.worlds import problems


def _reason(problem: Problem) -> Infeasible:
    made = plan(problem)
    assert isinstance(made, Infeasible)
    assert made.minimal
    return made


def _kinds(made: Infeasible) -> list[tuple[str, str]]:
    return [(fact.kind, fact.about) for fact in made.facts]


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(problems(most_ways=729))
def test_the_facts_alone_are_impossible_and_each_is_needed(world: Problem) -> None:
    try:
        check(world)
    except ProblemError:
        assume(False)
    made = plan(world)
    assume(isinstance(made, Infeasible))
    assert isinstance(made, Infeasible)
    assert made.minimal
    facts, among = [(fact.kind, fact.about) for fact in made.facts], cone(world)
    assert is_feasible(keeping(world, facts), Clock(10.0), among) is False
    for fact in facts:
        assert is_feasible(keeping(world, [other for other in facts if other != fact]), Clock(10.0), among)
    if ("deadline", "") in facts:  # without one the horizon is longer than can be tried out
        assert best(keeping(within_cone(world), facts)) is None
    for change in made.changes:
        assert violations(change.problem, change.plan) == ()


def test_too_much_for_the_terms_is_told_as_a_sum() -> None:
    parts = [item(f"c{number}", 6) for number in range(7)]
    held = item("before", 18)
    goal = "all(" + ", ".join(f"held({one.id})" for one in (*parts, held)) + ")"
    problem = asked(goal, *parts, held, held=frozenset({"before"}), load_max=Fraction(9), name="AAS Cybersecurity")
    made = _reason(problem)
    assert made.text.startswith(
        "No plan reaches *AAS Cybersecurity* by Summer 2027. (1) You hold 18 of its 60 semester credits, so at least 42 remain. "
        "(2) At 9 semester credits a term, the 3 terms to Summer 2027 hold 27. So 15 semester credits do not fit."
    )
    assert _kinds(made) == [("goal", ""), ("load", ""), ("deadline", "")]
    assert [(change.kind, change.text) for change in made.changes] == [
        ("load", "take 18 semester credits a term"),
        ("deadline", "finish by Fall 2028"),
    ]


def test_a_budget_below_the_least_cost_says_both_sums() -> None:
    problem = asked("all(held(a), held(b))", item("a", usd=300), item("b", usd=320), budget=Decimal(500))
    made = _reason(problem)
    assert "The budget is $500, and the known prices come to at least $620" in made.text
    assert [(change.text, change.cost) for change in made.changes] == [("raise the budget to $620", Fraction(120))]
    assert made.changes[0].plan.usd == Decimal(620)


def test_a_chain_longer_than_the_horizon_names_its_links() -> None:
    problem = asked("held(c)", item("a"), item("b", needs="held(a)"), item("c", needs="held(b)"), terms=2)
    made = _reason(problem)
    assert _kinds(made) == [("goal", ""), ("prerequisite", "b"), ("prerequisite", "c"), ("deadline", "")]
    assert [change.text for change in made.changes] == ["finish by Fall 2027"]


def test_an_item_without_an_offered_term_is_named_with_its_source() -> None:
    source = Source("https://example.edu/catalog", "stated", "2026-08-01")
    problem = asked("held(a)", item("a", offered=frozenset(), sources=(source,)), goal_sources=(source,))
    made = _reason(problem)
    assert "A is not offered in any term to Summer 2027" in made.text
    assert [fact.sources for fact in made.facts] == [(source,), (source,)]
    assert [change.text for change in made.changes] == ["have A offered in Fall 2026"]


def test_a_cap_is_raised_by_as_little_as_works() -> None:
    items = [item(f"a{number}", group="articulated") for number in range(4)]
    goal = "all(" + ", ".join(f"held({one.id})" for one in items) + ")"
    made = _reason(asked(goal, *items, caps=(Cap("articulated", Fraction(7)),)))
    assert ("cap", "articulated") in _kinds(made)
    assert [(change.text, change.cost) for change in made.changes] == [
        ("have 12 semester credits of articulated count", Fraction(5))
    ]


def test_an_item_is_offered_in_one_term_more_and_keeps_its_others() -> None:
    late = item("b", needs="held(a)", offered=frozenset({0}))
    made = _reason(asked("held(b)", item("a"), late))
    change = next(one for one in made.changes if one.kind == "offered")
    assert change.problem.items["b"].offered == frozenset({0, 1})
    assert violations(change.problem, change.plan) == ()


def test_what_lapses_is_renewed() -> None:
    ends = _reason(
        asked("all(held(x), held(b))", item("a"), item("b", needs="held(a)"), held=frozenset({"x"}), held_until={"x": 0})
    )
    assert "renew x, so that it counts to the end" in [change.text for change in ends.changes]


def test_an_id_nobody_gives_is_said() -> None:
    made = _reason(asked("all(held(a), held(ghost))", item("a")))
    assert "no route to ghost is known here" in made.text


def test_wishes_come_before_limits_among_the_changes() -> None:
    problem = asked("held(a)", item("a", usd=100), item("b", usd=90), budget=Decimal(150), required=frozenset({"b"}))
    made = _reason(problem)
    assert [change.text for change in made.changes] == ["do without B", "raise the budget to $190"]


def test_each_limit_can_be_the_one_that_gives() -> None:
    hours = _reason(asked("held(a)", item("a", hours=100), hours_per_week=Fraction(5)))
    assert hours.changes[0].kind == "hours"
    assert "You have 5 hours a week, so a term holds 87 hours at most, and A takes 100 hours." in hours.text
    full = _reason(asked("all(held(a), held(b))", item("a", hours=60), item("b", hours=60), terms=1, hours_per_week=Fraction(5)))
    assert "so the one term to Fall 2026 holds 87 hours, and it takes at least 120 hours." in full.text
    least = _reason(asked("held(a)", item("a", 2), load_min=Fraction(3)))
    assert [change.text for change in least.changes] == [
        "allow terms of 2 semester credits",
        "let other courses of your choice fill the terms (option fill)",
    ]
    excluded = _reason(asked("held(a)", item("a"), excluded=frozenset({"a"})))
    assert [change.text for change in excluded.changes] == ["allow A"]
    pinned = _reason(asked("held(b)", item("a"), item("b", needs="held(a)"), pins={"b": 0}))
    assert [change.text for change in pinned.changes] == ["let B stand in any term"]


def test_a_lapse_and_a_held_one_that_ends_are_facts() -> None:
    badge = item("badge", 0, valid_terms=0, offered=frozenset({0}))
    made = _reason(asked("all(held(badge), held(b))", badge, item("a"), item("b", needs="held(a)")))
    assert ("expiry", "badge") in _kinds(made)
    ends = _reason(
        asked("all(held(x), held(b))", item("a"), item("b", needs="held(a)"), held=frozenset({"x"}), held_until={"x": 0})
    )
    assert ("expiry", "x") in _kinds(ends)


def test_a_longer_horizon_goes_on_as_its_last_year_did() -> None:
    longer = extended(asked("held(a)", item("a", offered=frozenset({1}))), 4)
    assert [term.name for term in longer.terms[3:]] == ["Fall 2027", "Spring 2028", "Summer 2028", "Fall 2028"]
    assert longer.items["a"].offered == frozenset({1, 4})


def test_a_reason_is_the_same_every_time() -> None:
    problem = asked("held(c)", item("a"), item("b", needs="held(a)"), item("c", needs="held(b)"), terms=2)
    assert plan(problem) == plan(problem)
    assert isinstance(plan(extended(problem, 1)), Plan)
