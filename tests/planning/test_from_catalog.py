"""A catalog target becomes a problem that says the same: what is held counts, what ended is closed, nothing is counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from pathways.catalog.entities import Catalog
from pathways.catalog.folder import bundled_folder
from pathways.catalog.load import load
from pathways.credential import Select
from pathways.errors import QuestionError, UnknownIdError
from pathways.places import Place
from pathways.planning.catalog_cone import base_id
from pathways.planning.from_catalog import problem_for
from pathways.planning.problem import Problem
from pathways.planning.remarks import told
from pathways.planning.terms import parse_terms
from pathways.planning.verify import violations
from pathways.planning.verify_trees import holds
from pathways.record import ExamTaken, LearnerRecord, Limits
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    CreditsFrom,
    Degree,
    Exam,
    Held,
    NoneOf,
    held_ids,
)
from tests.builders import TODAY, agreement, catalog, course, credential, earned, record, row
from tests.planning.oracle import best, plan_of

TERMS = parse_terms("Spring 2027..Fall 2027")


def planned(target: str, small: Catalog, learner: LearnerRecord | None = None, **limits: Any) -> Problem:
    fields: dict[str, Any] = {"terms": TERMS, "load_max": Fraction(9), "on": TODAY}
    return problem_for(target, learner or record(), small, **(fields | limits))


def ids_of(problem: Problem) -> set[str]:
    found = best(problem)
    assert found is not None
    return {one.item for one in found.placed}


def test_credits_nobody_published_weigh_nothing_and_are_named() -> None:
    """A course has credits, so silence is an unknown load; a badge need not, and a whole has those of its parts."""
    small = catalog(
        credential("a", type="course"), course("b"), credential("badge"), credential("stack", type="certificate"),
        rows=(row("stack", AllOf((Held("a"), Held("b"), Held("badge")))),),
    )  # fmt: skip
    problem = planned("stack", small)
    assert {name for name, item in problem.items.items() if item.is_unweighed} == {"a"}
    assert [text for text in told(problem.remarks) if "credits" in text] == [
        f"how many credits {problem.items['a'].name} carries is not published, so it adds none to any load"
    ]


def test_parts_come_no_later_than_the_whole_and_prerequisites_come_before() -> None:
    small = catalog(
        course("a"), course("b"), credential("stack"),
        rows=(row("stack", AllOf((Held("a"), Held("b")))), row("b", Held("a"), "prerequisite")),
    )  # fmt: skip
    problem = planned("stack", small)
    assert violations(problem, plan_of(problem, {"a": 0, "b": 1, "stack": 1})) == ()
    assert {found.rule for found in violations(problem, plan_of(problem, {"a": 0, "b": 0, "stack": 0}))} == {"prerequisite"}


def test_totals_of_a_composed_credential_are_not_added_to_its_parts() -> None:
    parts = (course("a", cost_usd=Decimal(100), hours=Fraction(40)), course("b"))
    whole = course("stack", 6, cost_usd=Decimal(900), hours=Fraction(90))
    problem: Any = planned("stack", catalog(*parts, whole, rows=(row("stack", AllOf((Held("a"), Held("b")))),)))
    assert (problem.items["stack"].load, problem.items["stack"].usd, problem.items["stack"].hours) == (0, 0, 0)
    assert (problem.items["a"].usd, problem.items["b"].usd, problem.items["b"].hours) == (100, None, None)
    alone: Any = planned("stack", catalog(whole, credential("a"), rows=(row("stack", Held("a")),)))
    assert (alone.items["stack"].load, alone.items["stack"].usd) == (6, 900), "no part states its own, so the total stands"


def test_what_the_record_holds_takes_no_place_and_what_lapses_says_when() -> None:
    small = catalog(course("a"), course("b"), credential("stack"), rows=(row("stack", AllOf((Held("a"), Held("b")))),))
    problem = planned("stack", small, record("a"))
    assert ids_of(problem) == {"b", "stack"}
    lapsing = planned("stack", small, record(earned("a", expires_on=date(2027, 6, 1))))
    assert lapsing.held_until == {"a": 0}
    assert ids_of(lapsing) == {"b", "stack"}
    assert "a~again" in lapsing.items
    gone = planned("stack", small, record(earned("a", expires_on=date(2026, 1, 1))))
    assert ids_of(gone) == {"a", "b", "stack"}


def test_a_grade_too_low_means_doing_it_again_for_that_rule_alone() -> None:
    small = catalog(course("a"), credential("plain"), credential("strict"),
                    rows=(row("plain", Held("a")), row("strict", Held("a", min_grade="B"))))  # fmt: skip
    learner = record(earned("a", grade="C"))
    assert ids_of(planned("plain", small, learner)) == {"plain"}
    assert ids_of(planned("strict", small, learner)) == {"a~again", "strict"}


def test_conditions_are_items_unless_the_record_meets_them() -> None:
    small = catalog(course("a"), rows=(row("a", AllOf((Exam("Praxis"), Degree("bachelor"))), "prerequisite"),))
    assert {item.kind for item in planned("a", small).items.values() if item.id != "a"} == {"condition"}
    assert violations(planned("a", small), plan_of(planned("a", small), dict.fromkeys(planned("a", small).items, 0))) == ()
    learner = record(exams=(ExamTaken("Praxis"),))
    assert ids_of(planned("a", small, learner)) == {"a", "condition:degree: bachelor"}


def test_a_stronger_condition_makes_a_weaker_one_true() -> None:
    small = catalog(course("a"), rows=(row("a", Degree("bachelor"), "prerequisite"), row("a", Degree("master"), "prerequisite")))
    assert ids_of(planned("a", small)) == {"a", "condition:degree: master"}


def test_a_condition_beside_a_course_stays_before_the_term() -> None:
    small = catalog(course("a"), course("b"), rows=(row("b", AnyOf((Exam("Praxis"), Held("a"))), "prerequisite"),))
    problem = planned("b", small)
    assert violations(problem, plan_of(problem, {"condition:exam: Praxis": 0, "b": 0}))


def test_an_alternative_agreement_is_a_claim_with_its_fee_window_and_approval() -> None:
    way = agreement("badge", "a", id="ag-1", fee_usd=Decimal(50), approval_first=True, effective_until=date(2027, 6, 1))
    small = catalog(course("a", offer_until=date(2026, 12, 1)), credential("badge"), agreements=(way,))
    problem = planned("a", small)
    claim: Any = problem.items["claim:ag-1"]
    assert (claim.kind, claim.load, claim.usd, claim.offered) == ("claim", 0, 50, frozenset({0}))
    assert problem.items["a"].offered == frozenset()
    approval = next(name for name in problem.items if name.startswith("condition:approval"))
    assert ids_of(problem) == {"badge", "claim:ag-1", approval}
    assert "claim:ag-1" not in planned("a", small, on=date(2027, 7, 1)).items, "an agreement that has ended opens no way"
    contributes = agreement("badge", "a", id="ag-2", mode="contributes")
    assert "claim:ag-2" not in planned("a", catalog(course("a"), credential("badge"), agreements=(contributes,))).items


def test_a_fee_for_each_credit_is_multiplied_by_the_credits() -> None:
    way = agreement("badge", "a", id="ag-1", fee_usd=Decimal(100), fee_per="credit", credits=course("x").credits)
    assert planned("a", catalog(course("a"), credential("badge"), agreements=(way,))).items["claim:ag-1"].usd == 300


def test_nobody_takes_a_course_that_what_they_hold_counts_as_unless_they_ask_for_it() -> None:
    way = agreement("badge", "a", id="ag-1")
    small = catalog(course("a"), credential("badge"), credential("whole"), rows=(row("whole", Held("a")),), agreements=(way,))
    held = record(earned("badge"))
    assert ids_of(planned("whole", small, held)) == {"claim:ag-1", "whole"}
    assert ids_of(planned("whole", small, held, required=("a",))) >= {"a"}
    assert ids_of(planned("whole", small, held, excluded=("claim:ag-1",))) == {"a", "whole"}
    dear = catalog(
        course("a", cost_usd=Decimal(10)), credential("badge"), credential("whole"), rows=(row("whole", Held("a")),),
        agreements=(agreement("badge", "a", id="ag-1", fee_usd=Decimal(500)),),
    )  # fmt: skip
    assert ids_of(planned("whole", dear, held)) == {"a", "whole"}


def test_generic_ids_are_planned_as_so_many_different_items() -> None:
    small = catalog(credential("any", generic=True), credential("stack"), rows=(row("stack", AtLeast(3, (Held("any"),), True)),))
    assert ids_of(planned("stack", small)) == {"any", "any#2", "any#3", "stack"}
    learner = record(earned("any", name="one"), earned("any", name="two"))
    assert ids_of(planned("stack", small, learner)) == {"any#3", "stack"}


def generic_world(*rows: Any, **changes: Any) -> Catalog:
    """Any badge of issuer N for $50; two of N's badges are cataloged, one at $20, one at an unknown price."""
    any_badge = credential("any", generic=True, stands_for=Select(issuer="N"), cost_usd=Decimal(50), **changes)
    parts = (credential("n1", issuer="N", cost_usd=Decimal(20)), credential("n2", issuer="N"), course("credit", 1, generic=True))
    return catalog(
        any_badge, *parts, credential("part"), credential("whole"), rows=rows, agreements=(agreement("any", "credit", id="ag-1"),)
    )


def test_a_planned_item_counts_for_the_generic_id_that_stands_for_it() -> None:
    small = generic_world(row("part", Held("n2")), row("whole", AllOf((Held("part"), Held("any")))))
    assert ids_of(planned("whole", small)) == {"n2", "part", "whole"}
    assert ids_of(planned("whole", generic_world(row("whole", Held("any"))))) == {"any", "whole"}, "none of them is named for it"
    assert ids_of(planned("whole", generic_world(row("whole", Held("any"))), required=["n1"])) == {"n1", "whole"}
    assert ids_of(planned("whole", generic_world(row("whole", Held("any"))), record("n1"))) == {"whole"}


def test_where_a_generic_id_cannot_be_used_any_item_it_stands_for_can() -> None:
    small = generic_world(row("whole", Held("any")))
    assert ids_of(planned("whole", small, excluded=["any", "n2"])) == {"n1", "whole"}
    closed = generic_world(row("whole", Held("any")), status="retired")
    assert ids_of(planned("whole", closed, excluded=["n1"])) == {"n2", "whole"}


def kinds_of(problem: Problem) -> list[str]:
    """Catalog ids of the best plan; which of several nameless items are taken says nothing."""
    return sorted(base_id(name) for name in ids_of(problem))


def test_planned_items_and_numbered_ones_make_up_a_count_of_different_items() -> None:
    rule = AtLeast(3, (Held("n1"), Held("any")), True)
    assert kinds_of(planned("whole", generic_world(row("whole", rule)))) == ["any", "any", "n1", "whole"]
    both = generic_world(row("part", Held("n2")), row("whole", AllOf((Held("part"), rule))))
    assert kinds_of(planned("whole", both)) == ["any", "n1", "n2", "part", "whole"]
    selected = generic_world(row("whole", AtLeast(2, (Select(issuer="N"),), True)))
    assert kinds_of(planned("whole", selected)) == ["n1", "n2", "whole"]


def test_each_claimed_credit_needs_another_item_planned_or_nameless() -> None:
    small = generic_world(row("part", Held("n2")), row("whole", AllOf((Held("part"), AtLeast(2, (Held("credit"),), True)))))
    small = replace(small, credentials={**small.credentials, "credit": replace(small.credentials["credit"], status="retired")})
    claims = {"claim:ag-1", "claim:ag-1#2"}
    found = ids_of(planned("whole", small))
    assert found >= {"n2", "part", "whole"} | claims
    assert len(found & {"any", "any#2"}) == 1, "one claim with the planned badge, one with a nameless one"


def test_each_credit_posted_from_a_generic_item_needs_an_item_of_its_own() -> None:
    small = catalog(
        credential("mc", generic=True), course("credit", 1, generic=True, offer_until=date(2026, 1, 1)), credential("degree"),
        rows=(row("degree", CreditsFrom(Fraction(2), (Held("credit"),))),), agreements=(agreement("mc", "credit", id="ag-1"),),
    )  # fmt: skip
    assert ids_of(planned("degree", small)) == {"mc", "mc#2", "claim:ag-1", "claim:ag-1#2", "degree"}


def test_credits_of_different_size_are_weighed_and_capped() -> None:
    rule = CreditsFrom(Fraction(5), (Held("a"), AtMostCredits(Fraction(3), (Held("b"), Held("c")))))
    small = catalog(course("a", 2), course("b", 3), course("c", 2), credential("whole"), rows=(row("whole", rule),))
    assert ids_of(planned("whole", small)) == {"a", "b", "whole"}


def test_a_program_larger_than_a_term_is_spread_over_terms_and_a_course_is_not() -> None:
    program = course("p", 15, cost_usd=Decimal(900), hours=Fraction(60))
    program = replace(program, type="certificate")
    problem: Any = planned("p", catalog(program, course("big", 12)))
    found: Any = best(problem)
    assert [(one.item, one.term) for one in found.placed] == [("p~part1", 0), ("p", 1)]
    assert (found.load, found.usd, found.hours) == (15, 900, 60)
    assert any("spread over terms" in note for note in told(problem.remarks))
    assert best(planned("big", catalog(course("big", 12)))) is None


def test_a_credit_rule_counts_a_spread_program_in_full() -> None:
    rule = CreditsFrom(Fraction(17), (Held("p"), Held("a")))
    small = catalog(replace(course("p", 15), type="certificate"), course("a", 2), credential("s"), rows=(row("s", rule),))
    assert ids_of(planned("s", small)) == {"p~part1", "p", "a", "s"}


def test_a_whole_of_open_lists_weighs_nothing_beside_the_courses_it_leaves_to_the_learner() -> None:
    rule = CreditsFrom(Fraction(6), (Select(subject="math", open=True),))
    problem = planned("s", catalog(course("s", 6), rows=(row("s", rule),)))
    assert problem.items["s"].load == 0


def test_quarter_credits_weigh_two_thirds_and_other_units_nothing_with_a_note() -> None:
    small = catalog(
        course("a", 3, "quarter"), course("b", 2, "CEU"), credential("s"), rows=(row("s", AllOf((Held("a"), Held("b")))),)
    )
    problem: Any = planned("s", small)
    assert (problem.items["a"].load, problem.items["b"].load) == (2, 0)
    assert any("2 CEU" in note for note in told(problem.remarks))


def test_selections_are_expanded_and_open_ones_leave_a_course_to_the_learner() -> None:
    members = (course("a", subject="math"), course("b", subject="math"), credential("s"))
    closed = planned("s", catalog(*members, rows=(row("s", AtLeast(2, (Select(subject="math"),))),)))
    assert ids_of(closed) == {"a", "b", "s"}
    opened = planned(
        "s", catalog(credential("s"), rows=(row("s", CreditsFrom(Fraction(6), (Select(subject="math", open=True),))),))
    )
    assert ids_of(opened) == {"course:math#1", "course:math#2", "s"}
    assert any("3 semester credits" in note for note in told(opened.remarks))


def test_areas_are_items_of_their_own() -> None:
    small = catalog(credential("part"), credential("whole"), rows=(row("whole", Held("part", area="Art")),))
    assert ids_of(planned("whole", small)) == {"part@Art", "whole"}
    assert ids_of(planned("whole", small, record(earned("part", area="Music")))) == {"part@Art", "whole"}
    assert ids_of(planned("whole", small, record(earned("part", area="Art")))) == {"whole"}


def test_what_must_not_be_held_adds_nothing_to_the_plan() -> None:
    small = catalog(course("a"), course("b"), rows=(row("b", NoneOf(Held("a")), "prerequisite"),))
    assert ids_of(planned("b", small)) == {"b"}
    assert best(planned("b", small, record("a"))) is None


def test_validity_becomes_terms_that_count() -> None:
    small = catalog(course("a", validity_months=5), course("b"), rows=(row("b", Held("a"), "prerequisite"),))
    assert planned("b", small).items["a"].valid_terms == 1
    assert planned("b", small, terms=TERMS[:2]).items["a"].valid_terms is None


def test_retired_items_are_offered_only_up_to_their_last_date() -> None:
    small = catalog(course("a", status="retired", retired_on=date(2027, 8, 31)), course("gone", status="retired"))
    assert planned("a", small).items["a"].offered == frozenset({0, 1})
    assert planned("gone", small).items["gone"].offered == frozenset()


def test_limits_come_from_the_record_where_not_given() -> None:
    limits = Limits(Fraction(10), Decimal(500), date(2027, 8, 15))
    problem: Any = planned("a", catalog(course("a")), record(limits=limits))
    assert (problem.hours_per_week, problem.budget, problem.deadline) == (10, 500, 1)
    assert planned("a", catalog(course("a")), record(limits=limits), budget=Decimal(9)).budget == 9


def test_pins_and_exclusions_are_read_by_name() -> None:
    small = catalog(course("a"), course("b"), credential("s"), rows=(row("s", AnyOf((Held("a"), Held("b")))),))
    problem = planned("s", small, pins=[("b", "Fall 2027")], excluded=["a"])
    assert problem.pins == {"b": 2}
    assert problem.excluded == {"a"}
    found = best(problem)
    assert found is not None
    assert {(one.item, one.term) for one in found.placed} == {("b", 2), ("s", 2)}


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"load_min": Fraction(10)}, "above the most"),
        ({"deadline": date(2026, 1, 1)}, "in the past"),
        ({"deadline": date(2027, 1, 1)}, "before the end of the first term"),
        ({"terms": ()}, "at least one term"),
        ({"pins": [("a", "Fall 2031")]}, "outside the horizon"),
        ({"pins": [("a", 3)]}, "outside the horizon"),
    ],
)
def test_limits_that_contradict_themselves_are_refused_in_words(limits: dict[str, Any], says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        planned("a", catalog(course("a")), **limits)


@pytest.mark.parametrize("limits", [{"pins": [("aa", 0)]}, {"excluded": ["aa"]}, {"required": ["aa"]}])
def test_unknown_ids_are_named_with_the_nearest(limits: dict[str, Any]) -> None:
    with pytest.raises(UnknownIdError, match=r"Did you mean a\?"):
        planned("a", catalog(course("a")), **limits)
    with pytest.raises(UnknownIdError):
        planned("nobody", catalog(course("a")))


@cache
def bundled() -> Catalog:
    return load(bundled_folder())


def reachable(problem: Problem) -> bool:
    """Whether the goal can be met at all, were every term endless: items join as soon as their rules allow."""
    loads = {item.id: item.load for item in problem.items.values()}
    have = problem.held
    while True:
        ready = {name for name, item in problem.items.items() if item.offered != frozenset() and holds(item.requires, have, loads)}
        now = frozenset(have | ready)
        while left := {name for name in now - have if not holds(problem.items[name].corequisites, now, loads)}:
            now -= left
        if now == have:
            return holds(problem.goal, have, loads)
        have = now


def test_every_bundled_credential_is_a_problem_that_can_be_met_or_rests_on_something_no_longer_offered() -> None:
    terms = parse_terms("Spring 2027..Fall 2029")
    for target in bundled().credentials:
        problem = problem_for(target, LearnerRecord(), bundled(), terms=terms, load_max=Fraction(12), on=TODAY)
        trees = [problem.goal, *(tree for item in problem.items.values() for tree in (item.requires, item.corequisites))]
        assert all(name in problem.items for tree in trees for name in held_ids(tree)), target
        closed = any(item.offered == frozenset() for item in problem.items.values())
        assert reachable(problem) or closed, target


def test_items_of_another_state_are_named_in_a_remark() -> None:
    ohio = course("a", place=Place("US", "US-OH"))
    there = planned("a", catalog(ohio), replace(record(), place=Place("US", "US-TN")))
    (text,) = told(there.remarks, {"a"})
    assert text == "A: belongs to Ohio. Its issuer is there; nothing in this catalog says Tennessee accepts it"
    assert planned("a", catalog(ohio), replace(record(), place=Place("US", "US-OH"))).remarks == ()
    assert planned("a", catalog(ohio)).remarks == ()
