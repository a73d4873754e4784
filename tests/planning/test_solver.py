"""A plan is the best there is, proven, and the same every time; where there is none, brute force finds none either."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pathways.planning.check import check
from pathways.planning.errors import ProblemError
from pathways.planning.problem import Cap, Infeasible, Placed, Plan, PlanProgress, Problem, Undecided
from pathways.planning.relaxed import cone
from pathways.planning.solver import is_feasible, plan, search
from pathways.planning.solving import Clock
from pathways.planning.verify import violations
from pathways.requirements.rules import AtLeast, Held
from tests.planning.makers import asked, item, within_cone
from tests.planning.oracle import best
from tests.planning.worlds import problems

_RELAXED = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def _clock() -> Clock:
    return Clock(10.0)


def _terms(made: object) -> dict[str, int]:
    assert isinstance(made, Plan)
    return {one.item: one.term for one in made.placed}


def _is_sound(problem: Problem) -> bool:
    try:
        check(problem)
    except ProblemError:
        return False
    return True


@_RELAXED
@given(problems(most_ways=729))
def test_a_plan_is_as_good_as_trying_everything(world: Problem) -> None:
    problem = within_cone(world)
    exact = best(problem)
    if not _is_sound(problem):
        assert exact is None
        return
    made = search(problem, _clock())
    if exact is None:
        assert made is None
        return
    assert isinstance(made, Plan)
    assert violations(problem, made) == ()
    assert made.proof.values == exact.proof.values
    assert made.proof.status == "optimal"


@_RELAXED
@given(problems(most_ways=729), st.sampled_from(["load_max", "load_min", "budget", "hours_per_week", "deadline", "pins", "caps"]))
def test_loosening_a_limit_never_loses_a_plan(world: Problem, limit: str) -> None:
    problem = within_cone(world)
    assume(_is_sound(problem))
    before = search(problem, _clock())
    assume(isinstance(before, Plan))
    looser: dict[str, Any] = {
        "load_max": problem.load_max + 2,
        "load_min": Fraction(0),
        "budget": None,
        "hours_per_week": None,
        "deadline": None,
        "pins": {},
        "caps": (),
    }
    # A pin also says which items are worth placing, so the item stays wanted when it may stand anywhere.
    kept = problem.required | problem.pins.keys() if limit == "pins" else problem.required
    loose = replace(problem, **{limit: looser[limit]}, required=kept)
    after = search(loose, _clock())
    assert isinstance(before, Plan)
    assert isinstance(after, Plan)
    assert after.proof.values[0] <= before.proof.values[0]


@_RELAXED
@given(problems(most_ways=243), st.randoms(use_true_random=False))
def test_the_order_of_items_changes_nothing(world: Problem, chance: random.Random) -> None:
    assume(_is_sound(world))
    names = list(world.items)
    chance.shuffle(names)
    assert plan(world) == plan(replace(world, items={name: world.items[name] for name in names}))


def test_prerequisites_come_in_earlier_terms_and_everything_as_early_as_it_can() -> None:
    problem = asked("all(held(c), held(b))", item("a"), item("b"), item("c", needs="held(a)"))
    assert _terms(plan(problem)) == {"a": 0, "b": 0, "c": 1}


def test_corequisites_may_stand_beside_each_other() -> None:
    lab, lecture = item("lab"), item("lecture")
    lab = replace(lab, corequisites=Held("lecture"))
    lecture = replace(lecture, corequisites=Held("lab"))
    assert _terms(plan(asked("held(lab)", lab, lecture))) == {"lab": 0, "lecture": 0}


def test_a_badge_that_lapses_is_earned_late_enough() -> None:
    badge = item("badge", 0, valid_terms=1)
    chain = (item("a"), item("b", needs="held(a)"), item("c", needs="held(b)"))
    made = plan(asked("all(held(badge), held(c))", badge, *chain, terms=4))
    assert _terms(made) == {"a": 0, "b": 1, "badge": 1, "c": 2}


def test_articulated_credit_is_capped() -> None:
    goal = "credits(9, held(a1), held(a2), held(a3), held(b1), held(b2), held(b3))"
    items = [item(f"a{n}", usd=0, group="articulated") for n in (1, 2, 3)] + [item(f"b{n}", usd=500) for n in (1, 2, 3)]
    made = plan(asked(goal, *items, caps=(Cap("articulated", Fraction(6)),)))
    assert isinstance(made, Plan)
    assert made.usd == Decimal(500)


def test_unpublished_prices_are_counted_not_guessed() -> None:
    made = plan(asked("all(held(a), held(b))", item("a", usd=None, hours=10), item("b", usd=120)))
    assert isinstance(made, Plan)
    assert (made.usd, made.proof.unpriced, made.hours, made.proof.untimed) == (Decimal(120), 1, Fraction(10), 1)


def test_the_order_of_objectives_decides() -> None:
    quick, slow = item("quick", usd=900), item("slow", usd=100, needs="held(start)")
    items = (quick, slow, item("start", usd=50))
    fast = plan(asked("any(held(quick), held(slow))", *items))
    cheap = plan(asked("any(held(quick), held(slow))", *items, objective=("cost", "terms")))
    assert _terms(fast) == {"quick": 0}
    assert _terms(cheap) == {"start": 0, "slow": 1}


def test_what_is_held_already_needs_no_plan() -> None:
    made = plan(asked("held(a)", item("a"), held=frozenset({"a"})))
    assert isinstance(made, Plan)
    assert (made.placed, made.terms_used, made.proof.status) == ((), 0, "optimal")


def test_items_nobody_needs_do_not_fill_a_term() -> None:
    made = plan(asked("held(a)", item("a", 3), item("idle", 3), load_min=Fraction(6)))
    assert isinstance(made, Infeasible)


def test_2_500_of_5_000_items() -> None:
    items = [item(f"b{number:04d}", 1) for number in range(5000)]
    problem = asked("held(b0000)", *items, terms=2, load_max=Fraction(2000))
    problem = replace(problem, goal=AtLeast(2500, tuple(Held(one.id) for one in items), distinct=True))
    made = plan(problem, seconds=20.0)
    assert isinstance(made, Plan)
    assert violations(problem, made) == ()
    assert (len(made.placed), made.terms_used, made.proof.status) == (2500, 2, "optimal")


def _large(seed: int) -> Problem:
    """160 items in five levels: too many for one model."""
    chance = random.Random(seed)
    names = [f"c{number:03d}" for number in range(160)]
    items = []
    for number, name in enumerate(names):
        below = [names[other] for other in range(number) if other % 5 < number % 5]
        needs = f"any({', '.join(f'held({one})' for one in chance.sample(below, 2))})" if len(below) > 1 else ""
        offered = frozenset(range(number % 2, 8, 2))
        items.append(item(name, chance.choice([3, 4]), needs, usd=chance.randint(1, 9) * 100, hours=30, offered=offered))
    lists = [", ".join(f"held({one})" for one in chance.sample(names, 40)) for _ in range(3)]
    goal = f"groups({', '.join(f'at_least(3, {one})' for one in lists)})"
    return asked(goal, *items, terms=8, load_max=Fraction(9))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_degree_in_parts_is_as_good_as_in_one_model(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = _large(seed)
    assert len(cone(problem)) > 80
    parts = plan(problem)
    monkeypatch.setattr("pathways.planning.solver.ONE_PIECE", 10_000)
    whole = plan(problem, seconds=30.0)
    assert isinstance(parts, Plan)
    assert isinstance(whole, Plan)
    assert violations(problem, parts) == ()
    assert parts.proof.status == whole.proof.status == "optimal"
    assert parts.proof.values == whole.proof.values


def test_progress_tells_the_best_so_far_and_the_bound() -> None:
    heard: list[PlanProgress] = []
    made = plan(_large(1), progress=heard.append)
    assert isinstance(made, Plan)
    told = [one for one in heard if one.incumbent is not None and one.bound is not None]
    assert told
    assert all(one.bound <= one.incumbent for one in told if one.bound is not None and one.incumbent is not None)


def test_a_cancelled_search_ends_at_once_and_says_so() -> None:
    start = time.monotonic()
    made = plan(_large(2), seconds=60.0, cancelled=lambda: True)
    assert isinstance(made, Undecided)
    assert time.monotonic() - start < 20


def test_a_search_cancelled_after_its_first_plan_shows_that_plan_and_how_far_it_is_from_the_bound() -> None:
    # Loads that have to be spread evenly: a first plan comes at once, the proof takes long.
    problem = replace(_large(1), objective=("terms", "balance", "cost", "hours"))
    heard: list[PlanProgress] = []

    def is_unwanted() -> bool:
        return any(one.stage == "balance" and one.incumbent is not None for one in heard)

    made = plan(problem, seconds=60.0, progress=heard.append, cancelled=is_unwanted)
    assert isinstance(made, Plan)
    assert violations(problem, made) == ()
    assert made.proof.status == "feasible"
    assert all(bound <= value for bound, value in zip(made.proof.bounds, made.proof.values, strict=True))
    assert made.proof.bounds < made.proof.values


def test_full_terms_are_dealt_out_and_the_next_best_selection_is_tried() -> None:
    # Six terms of 7 hold what is asked exactly, but 4 and 4 do not share one: the cheapest choice cannot be scheduled.
    fours = [item(f"four{number}", 4, usd=100) for number in range(6)]
    threes = [item(f"three{number}", 3, usd=200) for number in range(90)]
    both = ", ".join(f"held({one.id})" for one in (*fours, *threes))
    problem = asked(f"credits(14, {both})", *fours, *threes, terms=2, load_max=Fraction(7), objective=("terms", "cost"))
    made = plan(problem)
    assert isinstance(made, Plan)
    assert violations(problem, made) == ()
    assert made.proof.status == "optimal"
    assert (made.terms_used, made.usd) == (2, Decimal(600))
    assert made.proof.method == "selection, then schedule"


@pytest.mark.parametrize("seed", [1, 2])
def test_equal_problems_have_equal_plans(seed: int) -> None:
    assert plan(_large(seed)) == plan(_large(seed))


def test_no_time_is_undecided_not_impossible() -> None:
    assert isinstance(plan(_large(1), seconds=0.0), Undecided)
    assert is_feasible(_large(1), Clock(0.0)) is None


def test_a_pin_is_kept_and_the_rest_moves() -> None:
    made = plan(asked("held(b)", item("a"), item("b", needs="held(a)"), pins={"a": 1}))
    assert isinstance(made, Plan)
    assert made.placed == (Placed("a", 1), Placed("b", 2))
