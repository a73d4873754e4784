"""How much credit counts inside one target, and what is spare."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from pathways.articulation.policies import Policy
from pathways.articulation.transfer import InsideCount, count_inside, offers
from pathways.catalog.entities import Catalog
from pathways.places import Place
from pathways.record import EarnedCredential
from pathways.units import CreditValue
from tests.builders import SOURCE, TODAY, agreement, catalog, course, credential, earned, record


def semester(amount: int | Fraction) -> CreditValue:
    return CreditValue(Fraction(amount), "semester", "graduate")


def cap(amount: int, unit: str = "semester", *, institution: str = "Augustana", target: tuple[str, ...] = ("med",)) -> Policy:
    return Policy(
        "po-cap", Place("US", "US-SD", institution=institution), "At most", "transfer_cap", str(amount), unit, SOURCE,
        cap=Fraction(amount), cap_unit=unit, applies_to=target, computable=True,
    )  # fmt: skip


def augustana(*policies: Policy) -> Catalog:
    """One graduate credit for each badge; at most nine of them inside the degree."""
    return catalog(
        credential("badge", generic=True),
        course("credit", 1, generic=True),
        credential("med", name="M.Ed.", type="degree"),
        agreements=(
            agreement("badge", "credit", institution="Augustana", credits=semester(1)),
            agreement(
                "credit",
                "med",
                institution="Augustana",
                kind="applies_inside",
                mode="contributes",
                credits=semester(9),
                maximum=True,
            ),
        ),
        policies=policies,
    )  # fmt: skip


def inside(world: Catalog, *items: EarnedCredential, target: str = "med") -> InsideCount:
    held = record(*items)
    found = offers(held, world, world.agreements, on=TODAY)
    return count_inside(held, found, target, world.agreements, world.policies)


def badges(count: int) -> list[EarnedCredential]:
    return [earned("badge", name=f"badge #{number}") for number in range(1, count + 1)]


def test_ten_badges_give_nine_credits_and_the_tenth_is_spare() -> None:
    count = inside(augustana(cap(9)), *badges(10))
    assert (count.applied, count.spare, count.cap) == (semester(9), semester(1), semester(9))
    assert count.spare_items == ("badge #10",)
    assert count.posted == 0
    assert count.sentence == (
        "9 graduate semester credits would count of at most 9; 1 graduate semester credit spare there (badge #10)."
    )


def test_the_agreement_s_own_maximum_is_a_cap_where_no_policy_repeats_it() -> None:
    assert inside(augustana(), *badges(10)).applied == semester(9)


def test_a_cap_of_another_institution_or_another_target_changes_nothing() -> None:
    world = augustana(cap(3, institution="Elsewhere"), cap(2, target=("other-degree",)))
    assert inside(world, *badges(10)).applied == semester(9)


def test_a_cap_in_quarter_credit_is_converted() -> None:
    assert inside(augustana(cap(6, "quarter")), *badges(10)).applied == semester(4)


def test_posted_credit_counts_before_what_is_still_to_be_claimed() -> None:
    posted = earned("credit", name="badge #9", stage="posted")
    count = inside(augustana(cap(2)), *badges(9), posted)
    assert count.applied == semester(2)
    assert count.posted == Fraction(1)
    assert "badge #9" not in count.spare_items


def test_without_a_published_cap_all_counts_and_that_is_said() -> None:
    world = catalog(
        credential("gifted"),
        credential("ell"),
        credential("med", type="degree"),
        agreements=(
            agreement("gifted", "med", kind="applies_inside", mode="contributes", credits=semester(12)),
            agreement("ell", "med", kind="applies_inside", mode="contributes", credits=semester(15)),
        ),
    )
    count = inside(world, earned("gifted"), earned("ell"))
    assert (count.applied, count.cap, count.spare) == (semester(27), None, semester(0))
    assert count.sentence == "27 graduate semester credits would count; no source states a cap."


def test_an_amount_nobody_published_is_unknown_not_zero() -> None:
    world = catalog(
        credential("cert"), credential("med"), agreements=(agreement("cert", "med", kind="applies_inside", mode="contributes"),)
    )
    count = inside(world, earned("cert"))
    assert (count.applied, count.unknown_items) == (None, 1)
    assert "no source states an amount" in count.sentence


def test_credit_in_a_unit_nothing_converts_is_never_added() -> None:
    ceu = agreement("a", "med", kind="applies_inside", mode="contributes", credits=CreditValue(Fraction(5), "CEU"))
    world = catalog(
        credential("a"), credential("b"), credential("med"),
        agreements=(agreement("b", "med", kind="applies_inside", mode="contributes", credits=semester(3)), ceu),
    )  # fmt: skip
    count = inside(world, earned("b"), earned("a"))
    assert (count.applied, count.unknown_items) == (semester(3), 1)


def test_nothing_held_counts_for_nothing() -> None:
    assert "no agreement" in inside(augustana(cap(9))).sentence


@given(held=st.integers(0, 25), limit=st.integers(0, 20))
def test_applied_and_spare_make_up_what_is_held_and_applied_never_passes_the_cap(held: int, limit: int) -> None:
    count = inside(augustana(cap(limit)), *badges(held))
    if held == 0:
        assert count.applied is None
        return
    assert count.applied == semester(min(held, limit, 9))
    assert count.spare == semester(held - min(held, limit, 9))
    assert len(count.spare_items) == held - min(held, limit, 9)


def test_standing_in_for_a_test_supplies_no_credit() -> None:
    row = agreement("test", "med", kind="meets_exam", mode="contributes")
    count = inside(catalog(credential("test"), credential("med"), agreements=(row,)), earned("test"))
    assert (count.applied, count.unknown_items) == (None, 0)


def test_a_long_list_of_spare_items_is_counted_not_recited() -> None:
    assert "(badge #10, badge #11, badge #12, badge #13, badge #14 and 6 more)" in inside(augustana(cap(9)), *badges(20)).sentence
