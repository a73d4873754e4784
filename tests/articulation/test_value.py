"""What an item counts for in one place: three ledgers, four answers, and never more than a source says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.articulation.value import ValueHere, value_here, values_here
from pathways.catalog.entities import Catalog
from pathways.credential import Select
from pathways.places import ANYWHERE, Place
from pathways.record import ApprovalGiven, LearnerRecord
from pathways.units import CreditValue
from tests.articulation.places import AURORA, BADGES, OHIO, TENNESSEE, TENNESSEE_ROWS, converts, policy
from tests.builders import TODAY, agreement, catalog, credential, dollars, earned, record

COLORADO = Place("US", "US-CO")
PENNSYLVANIA = Place("US", "US-PA")
NO_RECORD = record()


def worth(world: Catalog, place: Place, item: str = "badge", held: LearnerRecord = NO_RECORD, on: date = TODAY) -> ValueHere:
    return value_here(world.credentials[item], held, world, world.agreements, world.policies, place=place, on=on)


def value(amount: int, unit: str) -> CreditValue:
    return CreditValue(Fraction(amount), unit)


def badge_world(*rows: Any) -> Catalog:
    """One badge; agreements and policies as given."""
    return catalog(
        credential("badge", name="Badge", issuer="Kent State University"),
        credential("course", name="Course"),
        credential("degree", name="Degree", type="degree"),
        agreements=tuple(row for row in rows if hasattr(row, "from_ids")),
        policies=tuple(row for row in rows if not hasattr(row, "from_ids")),
    )


class TestRenewal:
    def test_a_badge_is_worth_what_the_state_s_row_says(self) -> None:
        ledger = worth(badge_world(*TENNESSEE_ROWS), TENNESSEE).renewal
        assert (ledger.answer, ledger.amount) == ("yes, with prior approval", value(6, "PDP"))
        assert ledger.sources[0].url
        assert "Tennessee" in ledger.ask

    def test_a_superseded_figure_is_a_note_beside_the_current_one(self) -> None:
        ledger = worth(badge_world(*TENNESSEE_ROWS), TENNESSEE).renewal
        assert [line.amount for line in ledger.lines] == [value(6, "PDP")]
        assert "superseded" in ledger.note

    @pytest.mark.parametrize("standing", ["superseded", "unverified"])
    def test_a_row_that_is_not_current_never_says_yes_alone(self, standing: Any) -> None:
        old = [replace(row, standing=standing) for row in TENNESSEE_ROWS]
        ledger = worth(badge_world(*old), TENNESSEE).renewal
        assert (ledger.answer, ledger.amount, ledger.sources) == ("no rule found", None, ())
        assert standing in ledger.note

    def test_an_agreement_and_a_row_that_say_the_same_are_one_statement_with_both_sources(self) -> None:
        other = agreement(
            "badge", "course", kind="renewal", mode=None, place=PENNSYLVANIA, credits=value(20, "Act 48 hour"),
            source=replace(TENNESSEE_ROWS[0].source, url="https://example.org/union"),
        )  # fmt: skip
        row = converts("pa", PENNSYLVANIA, "Hours for one badge", "item", "Act 48 hours", 20, applies_to=("badge",))
        ledger = worth(badge_world(other, replace(row, to_unit="Act 48 hour")), PENNSYLVANIA).renewal
        assert ledger.amount == value(20, "Act 48 hour")
        assert len(ledger.lines) == 1
        assert len(ledger.sources) == 2

    def test_two_units_are_two_statements_and_never_a_sum(self) -> None:
        rows = (
            converts("ceu", OHIO, "CEU for one badge", "item", "CEU", 1, applies_to=BADGES),
            converts("pts", OHIO, "Points for one badge", "item", "PDP", 5, applies_to=BADGES),
        )
        ledger = worth(badge_world(*rows), OHIO).renewal
        assert [line.amount for line in ledger.lines] == [value(1, "CEU"), value(5, "PDP")]

    def test_a_state_s_approval_rule_turns_yes_into_yes_with_prior_approval(self) -> None:
        row = converts("oh", OHIO, "Hours for one badge", "item", "clock hour", 5, applies_to=BADGES)
        asks = policy("oh-approval", OHIO, "approval", "Badges from outside need approval", value="required", unit="rule")
        assert worth(badge_world(row), OHIO).renewal.answer == "yes"
        assert worth(badge_world(row, asks), OHIO).renewal.answer == "yes, with prior approval"

    def test_an_approval_given_already_is_not_asked_again(self) -> None:
        row = agreement(
            "badge", "course", kind="renewal", mode=None, place=OHIO, institution="Ohio office", approval_first=True,
            credits=value(5, "clock hour"),
        )  # fmt: skip
        given_ = record(approvals=(ApprovalGiven("ohio office"),))
        assert worth(badge_world(row), OHIO).renewal.answer == "yes, with prior approval"
        assert worth(badge_world(row), OHIO, held=given_).renewal.answer == "yes"

    def test_acceptance_without_an_amount_is_yes_without_an_amount(self) -> None:
        row = policy("wa", OHIO, "renewal_conversion", "Meets the duty", value="accepted", applies_to=("badge",))
        ledger = worth(badge_world(row), OHIO).renewal
        assert (ledger.answer, ledger.amount) == ("yes", None)

    def test_two_items_asked_together_are_said_to_be_two(self) -> None:
        row = agreement("badge;badge", "course", kind="renewal", mode=None, place=OHIO, credits=value(10, "PDP"))
        assert "for 2 items together, not for one alone" in worth(badge_world(row), OHIO).renewal.conditions

    def test_a_pilot_that_has_ended_counts_only_for_those_who_took_part(self) -> None:
        row = agreement(
            "badge", "course", kind="renewal", mode=None, place=OHIO, credits=value(5, "PDP"), effective_until=date(2022, 1, 21)
        )
        world = badge_world(row)
        late = worth(world, OHIO).renewal
        assert late.answer == "no rule found"
        assert "2022-01-21" in late.note
        in_time = record(earned("badge", earned_on=date(2021, 12, 1)))
        assert worth(world, OHIO, held=in_time).renewal.answer == "yes"


class TestPay:
    row = agreement(
        "badge", "course", kind="pay", mode=None, place=AURORA, institution="Aurora Public Schools",
        credits=value(10, "salary advancement hour"),
    )  # fmt: skip

    def test_the_named_district_answers(self) -> None:
        ledger = worth(badge_world(self.row), AURORA).pay
        assert (ledger.answer, ledger.amount) == ("yes", value(10, "salary advancement hour"))
        assert "Aurora Public Schools" in ledger.ask

    def test_a_state_alone_never_answers_but_the_districts_known_there_are_named(self) -> None:
        ledger = worth(badge_world(self.row), COLORADO).pay
        assert ledger.answer == "no rule found"
        assert "Aurora Public Schools" in ledger.note
        assert "district" in ledger.ask

    @pytest.mark.parametrize("place", [Place("US", "US-CO", "Denver"), Place("US", "US-IL", "Aurora Public Schools")])
    def test_another_district_or_the_same_name_in_another_state_gets_no_answer(self, place: Place) -> None:
        assert worth(badge_world(self.row), place).pay.answer == "no rule found"

    def test_a_state_row_on_pay_is_a_note_only(self) -> None:
        row = policy("hi", COLORADO, "lane", "Reclassification credit", value="pilot", unit="status", applies_to=("badge",))
        ledger = worth(badge_world(row), COLORADO).pay
        assert ledger.answer == "no rule found"
        assert "only a district can answer" in ledger.note

    def test_a_renewal_row_says_nothing_about_pay(self) -> None:
        here = replace(TENNESSEE, district="Metro Nashville")
        assert worth(badge_world(*TENNESSEE_ROWS), here).pay.answer == "no rule found"

    def test_the_district_s_approval_rule_and_lanes_are_told(self) -> None:
        asks = policy("a", AURORA, "approval", "Approval must come before starting", value="required", unit="rule")
        lane = policy("l", AURORA, "lane", "Credits to move a lane", value="36", unit="board credits", load=Fraction(36))
        ledger = worth(badge_world(self.row, asks, lane), AURORA).pay
        assert ledger.answer == "yes, with prior approval"
        assert "Credits to move a lane: 36 board credits." in ledger.note

    def test_a_district_that_asks_approval_for_this_very_item_counts_it_with_approval(self) -> None:
        asks = policy("a", AURORA, "approval", "From the approved list, before enrollment", value="required", applies_to=BADGES)
        ledger = worth(badge_world(asks), AURORA).pay
        assert (ledger.answer, ledger.amount) == ("yes, with prior approval", None)


class TestDegree:
    posts = agreement(
        "badge", "course", institution="Augustana", place=Place("US", "US-SD"), credits=CreditValue(Fraction(1), "semester"),
        fee_usd=dollars("50"), fee_per="item",
    )  # fmt: skip

    def test_a_university_answers_for_itself_with_amount_and_fee_wherever_one_works(self) -> None:
        ledger = worth(badge_world(self.posts), OHIO).degree
        assert (ledger.answer, ledger.amount, ledger.money, ledger.money_per) == (
            "yes",
            value(1, "semester"),
            dollars("50"),
            "item",
        )
        assert [line.where for line in ledger.lines] == ["Augustana"]
        assert "Augustana" in ledger.ask

    def test_what_the_posted_credit_then_counts_inside_is_told(self) -> None:
        onward = agreement(
            "course", "degree", institution="Augustana", kind="applies_inside", mode="contributes", maximum=True,
            credits=CreditValue(Fraction(9), "semester"),
        )  # fmt: skip
        conditions = worth(badge_world(self.posts, onward), OHIO).degree.conditions
        assert "then counts inside Degree (at most 9 semester credits)" in conditions

    def test_a_state_authority_answers_only_in_its_own_state(self) -> None:
        row = agreement(
            "badge", "degree", institution="Missouri Department of Education", place=Place("US", "US-MO"), kind="applies_inside"
        )
        assert worth(badge_world(row), Place("US", "US-MO")).degree.answer == "yes"
        elsewhere = worth(badge_world(row), OHIO).degree
        assert elsewhere.answer == "no rule found"
        assert "Elsewhere: Missouri Department of Education" in elsewhere.note

    def test_an_agreement_of_another_nation_is_elsewhere(self) -> None:
        assert worth(badge_world(self.posts), Place("CA", "CA-ON")).degree.answer == "no rule found"

    def test_being_put_forward_is_a_note_and_not_a_yes(self) -> None:
        row = agreement("badge", "degree", institution="State board", kind="recommends", mode=None)
        ledger = worth(badge_world(row), OHIO).degree
        assert (ledger.answer, ledger.note) == ("no rule found", "It puts you forward for Degree; State board decides.")

    def test_the_issuer_s_own_no_is_a_sourced_no(self) -> None:
        row = policy(
            "kent", Place("US", "US-OH", institution="Kent State University"), "other", "These lead to a license", value="no",
            unit="rule",
        )  # fmt: skip
        ledger = worth(badge_world(row), OHIO).degree
        assert ledger.answer == "no"
        assert ledger.conditions == ("These lead to a license: no.",)
        assert ledger.sources == (row.source,)

    def test_a_state_s_no_holds_in_that_state_and_leaves_a_university_s_yes_standing(self) -> None:
        row = policy("wa", Place("US", "US-WA"), "other", "A badge as endorsement", value="not an endorsement", applies_to=BADGES)
        at_home = worth(badge_world(self.posts, row), Place("US", "US-WA")).degree
        assert [(line.answer, line.where) for line in at_home.lines] == [("yes", "Augustana"), ("no", "Washington")]
        assert [line.answer for line in worth(badge_world(self.posts, row), OHIO).degree.lines] == ["yes"]

    def test_credit_the_same_institution_keeps_out_of_its_degrees_is_a_no(self) -> None:
        pacific = replace(self.posts, institution="University of the Pacific (College)")
        row = policy(
            "uop", Place("US", "US-CA", institution="University of the Pacific"), "transfer_cap", "Credit inside a degree",
            value="not counted", applies_to=("course",),
        )  # fmt: skip
        ledger = worth(badge_world(pacific, row), OHIO).degree
        assert (ledger.answer, ledger.amount) == ("no", None)
        assert len(ledger.sources) >= 1
        other = replace(row, place=Place("US", "US-CA", institution="Another University"))
        assert worth(badge_world(pacific, other), OHIO).degree.answer == "yes"

    def test_a_cap_of_zero_on_what_comes_in_is_no_verdict_on_what_goes_out(self) -> None:
        row = policy(
            "zero", Place("US", "US-NJ", institution="Kent State University"), "transfer_cap", "Transfer into the badge", value="0",
            cap=Fraction(0), cap_unit="semester", applies_to=("badge",),
        )  # fmt: skip
        assert worth(badge_world(self.posts, row), OHIO).degree.answer == "yes"

    def test_a_university_that_asks_approval_gets_it_named(self) -> None:
        asks = policy("a", Place("US", "US-SD", institution="Augustana"), "approval", "Council approves", value="required")
        assert worth(badge_world(self.posts, asks), OHIO).degree.answer == "yes, with prior approval"

    def test_other_items_needed_together_are_named(self) -> None:
        row = agreement("badge;course", "degree", institution="Walsh")
        assert "together with Course" in worth(badge_world(row), OHIO).degree.conditions


def everything() -> Catalog:
    """Every kind of rule that could say yes."""
    return badge_world(
        *TENNESSEE_ROWS,
        TestPay.row,
        TestDegree.posts,
        agreement("badge", "course", kind="renewal", mode=None, place=OHIO, credits=value(3, "clock hour")),
        agreement("badge", "course", kind="renewal", mode=None, credits=value(3, "clock hour")),
        agreement("badge", "course", kind="pay", mode=None, place=COLORADO),
        converts("any", ANYWHERE, "Points for one badge", "item", "PDP", 9, applies_to=Select(type="badge")),
        converts("us", Place("US"), "Points for one badge", "item", "PDP", 9, applies_to=Select(type="badge")),
    )


@pytest.mark.parametrize("place", [ANYWHERE, Place("US"), Place("ZZ"), Place("US", None, "Aurora Public Schools")])
def test_an_unknown_place_never_gets_a_yes_and_is_told_whom_to_ask(place: Place) -> None:
    found = worth(everything(), place)
    for ledger in (found.renewal, found.pay, found.degree):
        assert ledger.answer == "no rule found"
        assert ledger.amount is None
        assert ledger.ask


STATES_TRIED = ["US-TN", "US-OH", "US-CO", "US-IL", "US-WY"]


@given(state=st.sampled_from(STATES_TRIED), district=st.sampled_from([None, "Aurora Public Schools", "Metro Nashville"]))
def test_a_yes_always_has_a_source_and_comes_from_a_rule_of_that_place(state: str, district: str | None) -> None:
    found = worth(everything(), Place("US", state, district))
    assert (found.renewal.answer != "no rule found") == (state in {"US-TN", "US-OH"})
    assert (found.pay.answer != "no rule found") == ((state, district) == ("US-CO", "Aurora Public Schools"))
    for ledger in (found.renewal, found.pay, found.degree):
        assert bool(ledger.sources) == (ledger.answer != "no rule found")
        units = [line.amount.unit for line in ledger.lines if line.amount]
        assert ledger.amount is None or ledger.amount.unit in units


@pytest.mark.parametrize("place", [ANYWHERE, TENNESSEE, OHIO, AURORA])
def test_many_items_at_once_get_the_answers_each_gets_alone(place: Place) -> None:
    world = everything()
    items = tuple(world.credentials.values())
    together = values_here(items, NO_RECORD, world, world.agreements, world.policies, place=place, on=TODAY)
    assert together == tuple(worth(world, place, item.id) for item in items)
