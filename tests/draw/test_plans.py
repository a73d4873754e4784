"""A plan becomes a picture: terms in use, what was earned before, the goal apart, arrows for what is needed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

from pathways.draw.picture import Arrow, Picture
from pathways.draw.plans import GOAL, picture_of_plan
from pathways.planning.problem import Placed, Plan, PlanItem, PlanTerm, Problem, Proof
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, Held, NoneOf

TERMS = (
    PlanTerm("Fall 2026", "fall", date(2026, 8, 24), date(2026, 12, 11)),
    PlanTerm("Spring 2027", "spring", date(2027, 1, 11), date(2027, 5, 7)),
    PlanTerm("Summer 2027", "summer", date(2027, 6, 1), date(2027, 7, 30)),
    PlanTerm("Fall 2027", "fall", date(2027, 8, 23), date(2027, 12, 10)),
)
ITEMS = {
    "a": PlanItem("a", "Course A", load=Fraction(3), usd=Decimal(1050), hours=Fraction(45), requires=Held("badge")),
    "b": PlanItem("b", "Course B", load=Fraction(3, 2), requires=AnyOf((Held("a"), Held("x")))),
    "c": PlanItem("c", "Course C", load=Fraction(1), usd=Decimal(0), corequisites=Held("b"), requires=NoneOf(Held("d"))),
    "d": PlanItem("d", "Exam D", kind="condition", requires=AllOf((Held("a"), Held("b")))),
    "x": PlanItem("x", "Course X"),
}
PROBLEM = Problem(
    AtLeast(2, (Held("c"), Held("d"), Held("x"), Held("old"))), ITEMS, TERMS, name="Endorsement", held=frozenset({"badge", "spare"})
)
PLAN = Plan(
    (Placed("a", 0), Placed("b", 1), Placed("c", 1), Placed("d", 3)), 4, Decimal(1050), Fraction(45), Fraction(11, 2),
    Proof("optimal", ("terms",), (Fraction(4),), (Fraction(4),)),
)  # fmt: skip


def picture(**more: object) -> Picture:
    return picture_of_plan(PROBLEM, PLAN, title="Plan", names={"badge": "A badge"}, **more)  # type: ignore[arg-type]


def test_columns_are_what_was_earned_and_is_used_the_terms_in_use_and_the_goal() -> None:
    assert [(column.name, column.subtitle) for column in picture().columns] == [
        ("Earned", "1 earned before"),
        ("Fall 2026", "3 credits"),
        ("Spring 2027", "2.5 credits"),
        ("Fall 2027", "0 credits"),
        ("Goal", ""),
    ]


def test_steps_stand_in_their_term_with_status_and_figures() -> None:
    found = {n.id: (n.label, n.column, n.status, n.detail) for n in picture().nodes}
    assert found == {
        "badge": ("A badge", 0, "earned", ()),
        "a": ("Course A", 1, "next", ("3 credits · 45 hours", "$1,050")),
        "b": ("Course B", 2, "planned", ("1.5 credits", "cost not published")),
        "c": ("Course C", 2, "planned", ("1 credit", "no cost of its own")),
        "d": ("Exam D", 3, "planned", ("Condition to be met",)),
        GOAL: ("Endorsement", 4, "target", ()),
    }


def test_arrows_say_what_is_needed_taken_together_and_counted() -> None:
    assert set(picture().arrows) == {
        Arrow("badge", "a"), Arrow("a", "b"), Arrow("b", "c", "with"), Arrow("a", "d"), Arrow("b", "d"),
        Arrow("c", GOAL, "counts"), Arrow("d", GOAL, "counts"),
    }  # fmt: skip


def test_what_was_earned_since_moves_next_to_the_following_term_and_joins_the_earned_column() -> None:
    found = picture(earned=("a", "old"))
    statuses = {n.id: (n.status, n.column) for n in found.nodes}
    assert statuses["a"] == ("earned", 1)
    assert statuses["b"] == ("next", 2)
    assert statuses["old"] == ("earned", 0)
    assert Arrow("old", GOAL, "counts") in found.arrows


def test_a_step_in_the_wrong_place_is_blocked_with_the_reason_and_shows_what_comes_too_late() -> None:
    moved = Plan((Placed("b", 0), Placed("a", 1)), 2, Decimal(0), Fraction(0), Fraction(0), PLAN.proof)
    found = picture_of_plan(PROBLEM, moved, title="Plan", warnings={"b": "Needs Course A in an earlier term"})
    step = next(n for n in found.nodes if n.id == "b")
    assert (step.status, step.detail[-1]) == ("blocked", "Needs Course A in an earlier term")
    assert Arrow("a", "b") in found.arrows
    assert found._repr_svg_().startswith("<svg")


def test_nothing_held_means_no_earned_column_and_addresses_are_kept() -> None:
    plain = Problem(Held("x"), ITEMS, TERMS, held=frozenset({"spare"}), load_unit="quarter")
    plan = Plan((Placed("x", 2),), 3, Decimal(0), Fraction(0), Fraction(0), PLAN.proof)
    found = picture_of_plan(plain, plan, title="Plan", hrefs={"x": "/credentials/x", GOAL: "/targets/t"}, footer="2026")
    assert [(c.name, c.subtitle) for c in found.columns] == [("Summer 2027", "0 quarter credits"), ("Goal", "")]
    assert [n.href for n in found.nodes] == ["/credentials/x", "/targets/t"]
    assert found.footer == "2026"


def test_an_empty_plan_shows_the_goal_and_what_already_meets_it() -> None:
    done = Problem(Held("badge"), ITEMS, TERMS, held=frozenset({"badge"}))
    found = picture_of_plan(done, Plan((), 0, Decimal(0), Fraction(0), Fraction(0), PLAN.proof), title="Plan")
    assert [(n.id, n.column) for n in found.nodes] == [("badge", 0), (GOAL, 1)]
    assert found.arrows == (Arrow("badge", GOAL, "counts"),)
