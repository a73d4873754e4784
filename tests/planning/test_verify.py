"""The verifier names every rule a plan breaks, and finds nothing wrong with a right plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pathways.planning.problem import Cap, Placed, Plan, PlanItem, PlanTerm, Problem
from pathways.planning.verify import violations
from pathways.planning.verify_trees import holds
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    CreditsFrom,
    Exam,
    Groups,
    Held,
    NoneOf,
    Share,
)
from tests.planning.oracle import best, placements, plan_of
from tests.planning.worlds import problems

TERMS = (
    PlanTerm("Fall 2026", "fall", date(2026, 8, 20), date(2026, 12, 15)),
    PlanTerm("Spring 2027", "spring", date(2027, 1, 15), date(2027, 5, 15)),
    PlanTerm("Fall 2027", "fall", date(2027, 8, 20), date(2027, 12, 15)),
)


def item(name: str, load: int = 3, **changes: object) -> PlanItem:
    fields: dict[str, object] = {"load": Fraction(load), "usd": Decimal(100), "hours": Fraction(40)} | changes
    return PlanItem(name, name.title(), **fields)  # type: ignore[arg-type]


def degree(**changes: object) -> Problem:
    """Four courses: b after a, c beside b, d only in Fall 2027; a and b belong to one cap group."""
    items = [
        item("a", group="articulated"),
        item("b", requires=Held("a"), group="articulated"),
        item("c", corequisites=Held("b")),
        item("d", offered=frozenset({2})),
        item("e", usd=None, hours=None),
    ]
    fields: dict[str, object] = {
        "goal": AllOf((Held("b"), Held("c"), Held("d"))), "items": {one.id: one for one in items},
        "terms": TERMS, "load_max": Fraction(6), "caps": (Cap("articulated", Fraction(6)),),
    }  # fmt: skip
    return Problem(**(fields | changes))  # type: ignore[arg-type]


GOOD = {"a": 0, "b": 1, "c": 1, "d": 2}


def broken(problem: Problem, term_of: dict[str, int]) -> set[tuple[str, str, int | None]]:
    return {(found.rule, found.item, found.term) for found in violations(problem, plan_of(problem, term_of))}


def test_a_right_plan_breaks_nothing() -> None:
    assert violations(degree(), plan_of(degree(), GOOD)) == ()


@pytest.mark.parametrize(
    ("problem", "term_of", "named"),
    [
        (degree(), GOOD | {"a": 1}, ("prerequisite", "b", 1)),
        (degree(), GOOD | {"c": 0}, ("corequisite", "c", 0)),
        (degree(), GOOD | {"d": 1}, ("offered", "d", 1)),
        (degree(), {"a": 0, "b": 1, "c": 1}, ("goal", "", None)),
        (degree(deadline=1), GOOD, ("deadline", "d", 2)),
        (degree(load_max=Fraction(5)), GOOD, ("load", "", 1)),
        (degree(load_of_term={2: Fraction(2)}), GOOD, ("load", "", 2)),
        (degree(load_min=Fraction(4)), GOOD, ("minimum load", "", 0)),
        (degree(hours_per_week=Fraction(3)), GOOD, ("hours", "", 1)),
        (degree(budget=Decimal(399)), GOOD, ("budget", "", None)),
        (degree(caps=(Cap("articulated", Fraction(5)),)), GOOD, ("cap", "articulated", None)),
        (degree(pins={"a": 1}), GOOD, ("pin", "a", 1)),
        (degree(pins={"e": 0}), GOOD, ("pin", "e", 0)),
        (degree(excluded=frozenset({"c"})), GOOD, ("excluded", "c", 1)),
        (degree(required=frozenset({"e"})), GOOD, ("required", "e", None)),
        (degree(held=frozenset({"e"})), GOOD | {"e": 0}, ("held already", "e", 0)),
        (degree(goal=Groups((Held("a"), AnyOf((Held("a"), Held("e")))), ("1", "2"))), GOOD, ("groups", "", None)),
    ],
)  # fmt: skip
def test_each_planted_fault_is_named(problem: Problem, term_of: dict[str, int], named: tuple[str, str, int | None]) -> None:
    assert named in broken(problem, term_of)


def test_what_lapsed_is_told_from_what_is_missing() -> None:
    items = dict(degree().items) | {"a": item("a", valid_terms=1)}
    late = GOOD | {"b": 2, "c": 2, "d": 2}
    assert ("expiry", "b", 2) in broken(degree(items=items, load_max=Fraction(9)), late)
    assert ("expiry", "", None) in broken(degree(items=items, goal=Held("a")), GOOD)
    held = degree(goal=Held("before"), held=frozenset({"before"}), held_until={"before": 1})
    assert ("expiry", "", None) in broken(held, GOOD)
    assert broken(held, {"a": 0, "b": 1, "c": 1}) == set()


def test_unknown_items_terms_and_repeats_are_named() -> None:
    plan = plan_of(degree(), GOOD)
    wrong = replace(plan, placed=(*plan.placed, Placed("nobody", 2), Placed("e", 7), Placed("a", 2)))
    rules = {(found.rule, found.item) for found in violations(degree(), wrong)}
    assert {("unknown item", "nobody"), ("unknown term", "e"), ("placed twice", "a"), ("order", "")} <= rules


@pytest.mark.parametrize(
    ("wrong", "total"),
    [
        (lambda plan: replace(plan, usd=plan.usd + 1), "usd"),
        (lambda plan: replace(plan, hours=plan.hours + 1), "hours"),
        (lambda plan: replace(plan, load=plan.load - 1), "load"),
        (lambda plan: replace(plan, terms_used=2), "terms_used"),
        (lambda plan: replace(plan, proof=replace(plan.proof, unpriced=1)), "unpriced"),
        (lambda plan: replace(plan, proof=replace(plan.proof, untimed=1)), "untimed"),
        (lambda plan: replace(plan, proof=replace(plan.proof, values=plan.proof.values[::-1])), "values"),
        (lambda plan: replace(plan, proof=replace(plan.proof, objective=("cost", "terms", "hours"))), "objective"),
        (lambda plan: replace(plan, proof=replace(plan.proof, bounds=(Fraction(2), *plan.proof.bounds[1:]))), "status"),
        (lambda plan: replace(plan, proof=replace(plan.proof, bounds=(Fraction(9), *plan.proof.bounds[1:]))), "bounds"),
        (lambda plan: replace(plan, proof=replace(plan.proof, bounds=())), "bounds"),
    ],
)
def test_wrong_totals_of_the_plan_itself_are_named(wrong: Callable[[Plan], Plan], total: str) -> None:
    found = violations(degree(), wrong(plan_of(degree(), GOOD)))
    assert ("totals", total) in {(one.rule, one.item) for one in found}


def test_a_credit_rule_counts_each_item_once_and_no_more_than_its_cap() -> None:
    loads = {name: Fraction(3) for name in "abc"}
    rule = CreditsFrom(Fraction(7), (Held("a"), Held("a"), AtMostCredits(Fraction(4), (Held("b"), Held("c")))))
    assert holds(rule, frozenset("abc"), loads)
    assert not holds(replace(rule, min_credits=Fraction(8)), frozenset("abc"), loads)
    assert not holds(rule, frozenset("ab"), loads)


def test_none_reads_everything_also_inside_groups() -> None:
    rule = Groups((Held("a"), AllOf((Held("b"), NoneOf(Held("c"))))), ("1", "2"))
    assert holds(rule, frozenset("ab"), {})
    assert not holds(rule, frozenset("abc"), {})


def test_a_share_lets_groups_count_so_much_together() -> None:
    rule = Groups((AtLeast(2, (Held("a"), Held("b"))), AtLeast(2, (Held("a"), Held("b"), Held("c")))), ("1", "2"))
    done, loads = frozenset("abc"), dict.fromkeys("abc", Fraction(3))
    assert not holds(rule, done, loads)
    assert holds(replace(rule, shares=(Share(Fraction(1), "item", ("1", "2")),)), done, loads)
    assert holds(replace(rule, shares=(Share(Fraction(3), "semester", ("1", "2")),)), done, loads)
    assert not holds(replace(rule, shares=(Share(Fraction(4), "quarter", ("1", "2")),)), done, loads)


def test_conditions_are_refused_in_words() -> None:
    with pytest.raises(TypeError, match="conditions are items"):
        holds(Exam("Praxis"), frozenset(), {})


ids = st.sampled_from("abcd").map(Held)
lists = st.lists(ids, min_size=1, max_size=3, unique=True).map(tuple)
children = st.one_of(
    ids,
    lists.map(AllOf),
    lists.map(AnyOf),
    lists.map(lambda some: AtLeast(min(2, len(some)), some)),
    lists.map(lambda some: CreditsFrom(Fraction(4), some)),
    st.tuples(lists.map(AnyOf), lists.map(AnyOf)).map(AllOf),
)


@given(st.lists(children, min_size=2, max_size=3), st.frozensets(st.sampled_from("abcd")))
def test_groups_agree_with_trying_every_way_to_deal_the_items_out(parts: list[AllOf], done: frozenset[str]) -> None:
    loads = {name: Fraction(number + 1) for number, name in enumerate("abcd")}
    rule = Groups(tuple(parts), tuple(str(number) for number in range(len(parts))))
    names = sorted(done)
    ways = product(range(len(parts)), repeat=len(names))
    dealt = (
        [frozenset(name for name, to in zip(names, way, strict=True) if to == group) for group in range(len(parts))] for way in ways
    )
    every_way = any(all(holds(part, mine, loads) for part, mine in zip(parts, way, strict=True)) for way in dealt)
    assert holds(rule, done, loads) == every_way


@settings(max_examples=40)
@given(problems(most_ways=128))
def test_the_best_plan_found_by_trying_all_breaks_nothing_and_is_no_worse_than_any_valid_one(problem: Problem) -> None:
    found = best(problem)
    valid = [plan for way in placements(problem) if not violations(problem, plan := plan_of(problem, way))]
    assert (found is None) == (not valid)
    if found is not None:
        assert violations(problem, found) == ()
        assert found.proof.values == min(plan.proof.values for plan in valid)


@settings(max_examples=40)
@given(problems(most_ways=128), st.data())
def test_taking_a_needed_item_out_of_a_least_plan_is_noticed(problem: Problem, data: st.DataObject) -> None:
    """In a plan that no valid plan undercuts by leaving items out, each item is there for a reason."""
    found = best(
        replace(problem, items={name: replace(one, usd=Decimal(1)) for name, one in problem.items.items()}, objective=("cost",))
    )
    if found is None or not found.placed:
        return
    gone = data.draw(st.sampled_from(found.placed))
    rest = {one.item: one.term for one in found.placed if one != gone}
    assert violations(problem, plan_of(problem, rest))
