"""What may be claimed, and why the rest may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.articulation.acceptance import Offers, Refusal
from pathways.articulation.agreements import Agreement
from pathways.articulation.transfer import offers
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Select
from pathways.record import EarnedCredential
from pathways.requirements.verdicts import Truth
from pathways.units import CreditValue
from tests.builders import TODAY, agreement, catalog, course, credential, dollars, earned, record


def offered(
    world: Catalog, *items: str | EarnedCredential, lists: list[tuple[str, Truth]] | None = None, on: date = TODAY
) -> Offers:
    return offers(record(*items), world, world.agreements, on=on, lists=lists)


def only_refusal(found: Offers) -> Refusal:
    assert found.accepted == ()
    (refusal,) = found.refused
    return refusal


def two_units(**changes: Any) -> Catalog:
    """Units 1 and 2 together post one graduate course at the university."""
    return catalog(
        credential("unit-1", name="Unit 1"),
        credential("unit-2", name="Unit 2"),
        course("edt-650", name="EDT 650"),
        agreements=(agreement("unit-1;unit-2", "edt-650", institution="Walsh", **changes),),
    )


def test_units_held_together_make_the_course_claimable_with_its_terms() -> None:
    world = two_units(approval_first=True, fee_usd=dollars("50"), fee_per="credit", conditions="verified by the principal")
    (offer,) = offered(world, "unit-2", "unit-1").accepted
    assert (offer.to_id, offer.institution, set(offer.uses)) == ("edt-650", "Walsh", {0, 1})
    assert (offer.approval_first, offer.fee_usd, offer.fee_per) == (True, dollars("50"), "credit")
    assert offer.conditions == "verified by the principal"
    assert offer.via == ()


def test_a_missing_unit_is_named() -> None:
    refusal = only_refusal(offered(two_units(), "unit-1"))
    assert refusal.reason == "item missing"
    assert refusal.missing == ("unit-2",)
    assert "Unit 2" in refusal.sentence
    assert "EDT 650" in refusal.sentence


def test_agreements_that_touch_nothing_held_are_not_mentioned() -> None:
    assert offered(two_units()) == Offers((), (), TODAY)


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (earned("unit-2", stage="applied"), "item not granted yet"),
        (earned("unit-2", stage="eligible"), "item not granted yet"),
        (earned("unit-2", expires_on=date(2026, 11, 20)), "item expired"),
    ],
)
def test_an_item_not_granted_or_expired_is_refused_with_that_reason(item: EarnedCredential, reason: str) -> None:
    refusal = only_refusal(offered(two_units(), "unit-1", item))
    assert refusal.reason == reason
    assert refusal.uses == (1,)


def test_an_item_still_counts_on_its_last_day() -> None:
    assert offered(two_units(), "unit-1", earned("unit-2", expires_on=TODAY)).accepted


@pytest.mark.parametrize(
    ("grade", "reason", "unknown"),
    [("C+", "grade too low", False), (None, "grade not stated", True), ("P", "grade not stated", True)],
)
def test_a_minimum_grade_is_asked_of_every_item(grade: str | None, reason: str, unknown: bool) -> None:
    found = offered(two_units(min_grade="B"), earned("unit-1", grade="A"), earned("unit-2", grade=grade))
    refusal = only_refusal(found)
    assert (refusal.reason, refusal.unknown) == (reason, unknown)
    assert "B or better" in refusal.sentence


def test_of_two_records_of_one_item_the_better_grade_is_used() -> None:
    world = two_units(min_grade="B")
    found = offered(world, earned("unit-1", grade="A"), earned("unit-2", grade="C"), earned("unit-2", grade="B"))
    assert set(found.accepted[0].uses) == {0, 2}


class TestWindow:
    """The years in which a training was accepted."""

    world = catalog(
        credential("training", name="Therapist training"),
        credential("specialist", name="Dyslexia Specialist", type="certification"),
        agreements=(agreement("training", "specialist", effective_from=date(2015, 1, 1), effective_until=date(2023, 12, 31)),),
    )

    @pytest.mark.parametrize("day", [date(2015, 1, 1), date(2023, 12, 31)])
    def test_training_on_the_first_and_last_day_is_accepted_long_after(self, day: date) -> None:
        assert offered(self.world, earned("training", earned_on=day)).accepted

    @pytest.mark.parametrize(("day", "reason"), [(date(2014, 12, 31), "window not open"), (date(2024, 1, 1), "window ended")])
    def test_training_outside_is_refused(self, day: date, reason: str) -> None:
        assert only_refusal(offered(self.world, earned("training", earned_on=day))).reason == reason

    def test_undated_training_is_unknown_once_the_window_has_ended(self) -> None:
        refusal = only_refusal(offered(self.world, "training"))
        assert (refusal.reason, refusal.unknown) == ("training date not stated", True)
        assert refusal.sentence == ("Therapist training was accepted until 2023-12-31; the date of your training is not recorded.")

    def test_undated_training_is_accepted_while_the_window_is_open(self) -> None:
        assert offered(self.world, "training", on=date(2020, 5, 1)).accepted

    def test_undated_training_is_refused_before_the_window_opens(self) -> None:
        assert only_refusal(offered(self.world, "training", on=date(2014, 5, 1))).reason == "window not open"


@pytest.mark.parametrize(
    ("kind", "reason", "words"),
    [("recommends", "recommends", "Institution decides"), ("prepares_for", "prepares", "never counts toward it")],
)
def test_preparation_and_recommendation_never_complete_anything(kind: str, reason: str, words: str) -> None:
    world = catalog(credential("a"), credential("b"), agreements=(agreement("a", "b", kind=kind, mode=None),))
    refusal = only_refusal(offered(world, "a"))
    assert refusal.reason == reason
    assert words in refusal.sentence


@pytest.mark.parametrize("kind", ["renewal", "pay"])
def test_renewal_and_pay_are_not_offers(kind: str) -> None:
    world = catalog(credential("a"), credential("b"), agreements=(agreement("a", "b", kind=kind, mode=None),))
    assert offered(world, "a") == Offers((), (), TODAY)


def test_a_contributing_agreement_counts_inside_and_does_not_complete() -> None:
    world = catalog(
        credential("cert"),
        credential("med", name="M.Ed.", type="degree"),
        agreements=(
            agreement("cert", "med", kind="applies_inside", mode="contributes", credits=CreditValue(Fraction(12), "semester")),
        ),
    )
    refusal = only_refusal(offered(world, "cert"))
    assert refusal.reason == "contributes"
    assert refusal.sentence == "It counts inside M.Ed. (12 semester credits) and does not complete it."


def test_credit_posted_inside_a_degree_is_claimable_without_claiming_the_degree() -> None:
    twelve = CreditValue(Fraction(12), "semester")
    world = catalog(
        credential("cda"),
        credential("bs", name="B.S.", type="degree"),
        agreements=(agreement("cda", "bs", mode="contributes", credits=twelve),),
    )
    found = offered(world, "cda")
    assert [(offer.to_id, offer.to_text, offer.credits) for offer in found.accepted] == [(None, "credit inside B.S.", twelve)]
    assert [refusal.reason for refusal in found.refused] == ["contributes"]


def test_credit_named_only_in_words_is_claimable() -> None:
    in_words = replace(agreement("a", "x", mode=None), to_id=None, to_text="graduate credit")
    world = catalog(credential("a"), agreements=(in_words,))
    found = offered(world, "a")
    assert [offer.to_text for offer in found.accepted] == ["graduate credit"]
    assert found.refused == ()


@pytest.mark.parametrize(
    ("stage", "reason"), [("posted", "already held"), ("earned", "already held"), ("applied", "already applied for")]
)
def test_what_is_held_or_applied_for_is_not_offered_again(stage: Any, reason: str) -> None:
    found = offered(two_units(), "unit-1", "unit-2", earned("edt-650", stage=stage))
    assert only_refusal(found).reason == reason


def test_an_expired_target_is_offered_again() -> None:
    found = offered(two_units(), "unit-1", "unit-2", earned("edt-650", stage="posted", expires_on=date(2020, 1, 1)))
    assert [offer.to_id for offer in found.accepted] == ["edt-650"]


@pytest.mark.parametrize(
    "closing",
    [
        {"status": "retired", "retired_on": date(2025, 6, 1)},
        {"status": "retired"},
        {"offer_until": date(2026, 1, 1)},
    ],
)
def test_a_closed_target_is_refused(closing: dict[str, Any]) -> None:
    world = catalog(credential("a"), credential("b", **closing), agreements=(agreement("a", "b"),))
    assert only_refusal(offered(world, "a")).reason == "closed"


def test_a_target_that_closes_later_is_still_offered() -> None:
    later = credential("b", status="active", retired_on=date(2027, 6, 1))
    assert offered(catalog(credential("a"), later, agreements=(agreement("a", "b"),)), "a").accepted


def chain() -> Catalog:
    """a posts b, b posts c, c counts inside d."""
    return catalog(
        *(credential(name) for name in "abcd"),
        agreements=(
            agreement("c", "d", kind="applies_inside", mode="contributes"),
            agreement("b", "c"),
            agreement("a", "b"),
        ),
    )


def test_a_chain_of_claims_names_what_must_be_claimed_first_nearest_last() -> None:
    found = offered(chain(), "a")
    assert {offer.to_id: offer.via for offer in found.accepted} == {"b": (), "c": ("b",)}
    assert all(offer.uses == (0,) for offer in found.accepted)
    (inside,) = found.refused
    assert (inside.reason, inside.to_id, inside.via) == ("contributes", "d", ("b", "c"))


def test_agreements_in_a_circle_end_and_offer_each_thing_once() -> None:
    circle = catalog(
        *(credential(name) for name in "abc"), agreements=(agreement("a", "b"), agreement("b", "c"), agreement("c", "b"))
    )
    found = offered(circle, "a")
    assert [(offer.to_id, offer.via) for offer in found.accepted] == [("b", ()), ("c", ("b",))]


class TestGenericItems:
    """One posting for each differently named or cataloged item a generic id stands for."""

    world = catalog(
        credential("nea-any", generic=True, stands_for=Select(issuer="NEA"), issuer="NEA"),
        credential("nea-equity", issuer="NEA"),
        credential("other-badge"),
        course("augie", 1, generic=True),
        agreements=(agreement("nea-any", "augie", fee_usd=dollars("50"), fee_per="item"),),
    )

    def test_each_item_is_offered_once(self) -> None:
        items = [earned("nea-any", name="one"), earned("nea-any", name="two"), earned("nea-equity"), earned("other-badge")]
        found = offered(self.world, *items)
        assert [(offer.name, offer.uses) for offer in found.accepted] == [("one", (0,)), ("two", (1,)), ("nea-equity", (2,))]

    def test_the_same_item_listed_twice_is_one_item(self) -> None:
        found = offered(self.world, earned("nea-any", name="one"), earned("nea-any", name="one"))
        assert len(found.accepted) == 1

    def test_an_item_posted_already_is_not_offered_again(self) -> None:
        posted = earned("augie", name="one", stage="posted")
        found = offered(self.world, earned("nea-any", name="one"), earned("nea-any", name="two"), posted)
        assert [offer.name for offer in found.accepted] == ["two"]
        assert [refusal.reason for refusal in found.refused] == ["already held"]

    def test_a_posting_that_names_no_item_uses_one_up(self) -> None:
        posted = earned("augie", stage="posted")
        found = offered(self.world, earned("nea-any", name="one"), earned("nea-any", name="two"), posted)
        assert len(found.accepted) == 1

    def test_one_expired_item_does_not_hide_the_others(self) -> None:
        old = earned("nea-any", name="old", expires_on=date(2020, 1, 1))
        found = offered(self.world, old, earned("nea-any", name="new"))
        assert [offer.name for offer in found.accepted] == ["new"]
        assert [refusal.reason for refusal in found.refused] == ["item expired"]

    def test_two_of_one_generic_id_are_taken_in_pairs(self) -> None:
        pair = catalog(
            credential("badge-any", generic=True), credential("unit"), agreements=(agreement("badge-any;badge-any", "unit"),)
        )
        items = [earned("badge-any", name=str(number)) for number in range(5)]
        assert [offer.uses for offer in offered(pair, *items).accepted] == [(0, 1), (2, 3)]
        assert offered(pair, items[0]).refused[0].reason == "item missing"

    @given(count=st.integers(0, 12), posted=st.integers(0, 12))
    def test_items_and_postings_are_never_more_than_the_items_held(self, count: int, posted: int) -> None:
        items = [earned("nea-any", name=f"#{number}") for number in range(count)]
        done = [earned("augie", name=f"posting {number}", stage="posted") for number in range(posted)]
        found = offered(self.world, *items, *done)
        assert len(found.accepted) == max(0, count - posted)


class TestCompleteLists:
    """The awarder's own list is complete: claim it."""

    world = catalog(
        credential("stack", name="Stack", type="stack"),
        course("credit-for-stack"),
        credential("old-stack", status="retired", retired_on=date(2025, 6, 1)),
        agreements=(agreement("stack", "credit-for-stack"),),
    )

    def test_a_complete_list_is_claimable_and_starts_chains(self) -> None:
        found = offered(self.world, lists=[("stack", Truth.MET)])
        assert [(offer.to_id, offer.agreement_id, offer.via) for offer in found.accepted] == [
            ("stack", None, ()),
            ("credit-for-stack", "ag-stack-credit-for-stack", ("stack",)),
        ]

    @pytest.mark.parametrize("truth", [Truth.UNMET, Truth.UNKNOWN])
    def test_an_incomplete_list_is_not(self, truth: Truth) -> None:
        assert offered(self.world, lists=[("stack", truth)]) == Offers((), (), TODAY)

    def test_a_held_credential_is_not_offered_again(self) -> None:
        found = offered(self.world, "stack", lists=[("stack", Truth.MET)])
        assert [offer.to_id for offer in found.accepted] == ["credit-for-stack"]

    def test_a_closed_one_says_since_when(self) -> None:
        refusal = only_refusal(offered(self.world, lists=[("old-stack", Truth.MET)]))
        assert (refusal.reason, "2025-06-01" in refusal.sentence) == ("closed", True)


IDS = ["a", "b", "c", "d", "e"]
AGREEMENTS = st.lists(
    st.builds(
        lambda sources, target, number: agreement(";".join(sorted(sources)), target, id=f"ag-{number}"),
        st.sets(st.sampled_from(IDS), min_size=1, max_size=3),
        st.sampled_from(IDS),
        st.integers(0, 10**6),
    ),
    max_size=7,
)


def closure(held: set[str], agreements: list[Agreement]) -> set[str]:
    """Everything reachable, by the plainest loop there is."""
    reached = set(held)
    for _ in IDS:
        for row in agreements:
            if set(row.from_ids) <= reached:
                reached.add(str(row.to_id))
    return reached - held


@given(held=st.sets(st.sampled_from(IDS)), rows=AGREEMENTS)
def test_offers_are_exactly_what_the_agreements_reach(held: set[str], rows: list[Agreement]) -> None:
    items: list[Credential] = [credential(name) for name in IDS]
    world = catalog(*items, agreements=tuple(rows))
    found = offered(world, *sorted(held))
    assert {offer.to_id for offer in found.accepted} == closure(held, rows)
    for offer in found.accepted:
        assert set(offer.via) <= closure(held, rows)
        assert offer.to_id not in offer.via


@given(held=st.sets(st.sampled_from(IDS)), extra=st.sampled_from(IDS), rows=AGREEMENTS)
def test_one_more_item_never_takes_an_offer_away_unless_it_is_that_item(held: set[str], extra: str, rows: list[Agreement]) -> None:
    world = catalog(*(credential(name) for name in IDS), agreements=tuple(rows))
    before = {offer.to_id for offer in offered(world, *sorted(held)).accepted}
    after = {offer.to_id for offer in offered(world, *sorted(held | {extra})).accepted}
    assert before - {extra} <= after
