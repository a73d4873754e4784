"""The radar names every date that can undo a plan, what rests on it, and whether the plan already misses it."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from pathways.catalog.entities import Catalog
from pathways.planning.from_catalog import problem_for
from pathways.planning.radar import DeadlineWarning, radar
from pathways.planning.terms import parse_terms
from pathways.record import ApprovalGiven, LearnerRecord, LicenseHeld
from pathways.requirements.rules import AllOf, Approved, Held, Window
from tests.builders import SOURCE, TODAY, agreement, catalog, course, credential, earned, record, row
from tests.planning.oracle import best, plan_of

TERMS = parse_terms("Spring 2027..Fall 2027")


def watched(target: str, small: Catalog, learner: LearnerRecord | None = None, **limits: Any) -> tuple[DeadlineWarning, ...]:
    problem = problem_for(target, learner or record(), small, terms=TERMS, load_max=Fraction(3), on=TODAY, **limits)
    plan = best(problem)
    assert plan is not None
    return radar(problem, plan, learner or record(), small, TODAY)


def pair(*rules: Any, **changes: Any) -> Catalog:
    """b after a."""
    return catalog(course("a", **changes), course("b"), rows=(row("b", Held("a"), "prerequisite"), *rules))


def test_a_quiet_plan_has_no_warnings_and_neither_has_an_empty_one() -> None:
    assert watched("b", pair()) == ()
    problem = problem_for("b", record("b"), pair(), terms=TERMS, load_max=Fraction(3), on=TODAY)
    assert radar(problem, plan_of(problem, {}), record("b"), pair(), TODAY) == ()


def test_a_license_that_ends_before_the_plan_does_is_named_with_what_comes_after() -> None:
    learner = record(licenses=(LicenseHeld("US-OH", "teaching", expires_on=date(2027, 6, 30)),))
    (found,) = watched("b", pair(), learner)
    assert (found.kind, found.day, found.endangers, found.is_late) == ("license", date(2027, 6, 30), ("b",), True)
    assert "June 30, 2027" in found.text
    later = record(licenses=(LicenseHeld("US-OH", "teaching", expires_on=date(2028, 6, 30)),))
    assert watched("b", pair(), later) == ()


def test_an_achievement_that_expires_on_the_way_is_named() -> None:
    both = catalog(course("a"), course("b"), course("c"), rows=(row("c", AllOf((Held("a"), Held("b"))), "prerequisite"),))
    learner = record(earned("a", expires_on=date(2027, 8, 10)))
    (found,) = watched("c", both, learner)
    assert (found.kind, found.day, found.about, found.endangers) == ("expiry", date(2027, 8, 10), "a", ("c",))
    assert found.sources == (SOURCE,)


def test_offers_that_end_and_teach_outs_are_named_with_what_needs_them() -> None:
    (ends,) = watched("b", pair(offer_until=date(2027, 7, 1)))
    assert (ends.kind, ends.day, ends.endangers, ends.is_late) == ("offer ends", date(2027, 7, 1), ("a", "b"), False)
    (taught_out,) = watched("b", pair(retired_on=date(2027, 9, 1)))
    assert (taught_out.kind, taught_out.about, taught_out.is_late) == ("teach-out", "a", False)


def test_a_plan_moved_past_an_end_is_late() -> None:
    small = pair(offer_until=date(2027, 7, 1))
    problem = problem_for("b", record(), small, terms=TERMS, load_max=Fraction(3), on=TODAY)
    (found,) = radar(problem, plan_of(problem, {"a": 1, "b": 2}), record(), small, TODAY)
    assert found.is_late


def test_an_agreement_that_ends_is_named_with_the_claim() -> None:
    way = agreement("badge", "a", id="ag-1", effective_until=date(2027, 12, 31))
    small = catalog(course("a", status="retired"), credential("badge"), agreements=(way,))
    (found,) = watched("a", small)
    assert (found.kind, found.about, found.endangers) == ("agreement ends", "ag-1", ("claim:ag-1",))


def test_a_window_before_an_event_says_by_when_the_event_must_come() -> None:
    small = catalog(course("a"), course("b"), rows=(row("b", Held("a", within=Window(3, "application")), "prerequisite"),))
    (found,) = watched("b", small)
    assert (found.kind, found.day, found.is_late) == ("window", date(2027, 8, 15), False)
    (late,) = watched("b", small, record(events=(("application", date(2027, 9, 1)),)))
    assert late.is_late


def test_an_approval_before_the_start_is_named_until_it_is_given_in_time() -> None:
    small = catalog(course("a"), rows=(row("a", Approved("the district", "start"), "prerequisite"),))
    (found,) = watched("a", small)
    assert (found.kind, found.day, found.is_late) == ("approval", date(2027, 1, 15), False)
    given = record(approvals=(ApprovalGiven("the district", date(2026, 11, 1)),), events=(("start", date(2027, 1, 20)),))
    assert watched("a", small, given) == ()


def test_warnings_come_in_the_order_of_their_days() -> None:
    learner = record(licenses=(LicenseHeld("US-OH", "teaching", expires_on=date(2027, 6, 30)),))
    days = [found.day for found in watched("b", pair(offer_until=date(2027, 7, 1), retired_on=date(2027, 6, 1)), learner)]
    assert days == [date(2027, 6, 1), date(2027, 6, 30), date(2027, 7, 1)]
