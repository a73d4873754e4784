"""Sourced conversions: nothing else turns one unit into another."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.articulation.conversion import binds_here, conversions, same_unit
from pathways.articulation.policies import Policy
from pathways.credential import Credential
from pathways.places import ANYWHERE, Place
from pathways.units import CreditValue
from tests.articulation.places import AURORA, BADGES, OHIO, TENNESSEE, TENNESSEE_ROWS, converts
from tests.builders import catalog, course, credential

SOUTH_CAROLINA = Place("US", "US-SC")


def worth(item: Credential, rows: tuple[Policy, ...], place: Place, own: CreditValue | None = None) -> list[tuple[str, str]]:
    found = conversions(item.id, catalog(item), rows, place=place, credits=own)
    return [(str(each.value), each.policy.id) for each in found]


def test_hours_and_credits_become_points_by_the_rows_of_the_place() -> None:
    assert worth(credential("talk", type="course", hours=Fraction(8)), TENNESSEE_ROWS, TENNESSEE) == [("8 PDP", "tn-hour")]
    assert worth(course("edu-500", 3), TENNESSEE_ROWS, TENNESSEE) == [("30 PDP", "tn-credit")]


def test_a_row_on_the_item_itself_takes_the_place_of_its_hours() -> None:
    found = worth(credential("badge", hours=Fraction(15)), TENNESSEE_ROWS, TENNESSEE)
    assert found == [("6 PDP", "tn-badge"), ("5 PDP", "tn-old")]


def test_the_rows_of_another_place_convert_nothing() -> None:
    assert worth(credential("badge", hours=Fraction(15)), TENNESSEE_ROWS, OHIO) == []


def test_a_quarter_credit_uses_its_own_row_where_there_is_one_and_two_thirds_of_a_semester_credit_otherwise() -> None:
    semester = converts("s", SOUTH_CAROLINA, "One semester hour", "semester", "renewal credit", 20)
    quarter = converts("q", SOUTH_CAROLINA, "One quarter hour", "quarter", "renewal credit", 13)
    assert worth(course("c", 3, "quarter"), (semester, quarter), SOUTH_CAROLINA) == [("39 renewal credits", "q")]
    assert worth(course("c", 3, "quarter"), (semester,), SOUTH_CAROLINA) == [("40 renewal credits", "s")]


def test_the_learner_s_own_credits_come_before_the_catalog_s() -> None:
    own = CreditValue(Fraction(4), "semester")
    assert worth(course("edu-500", 3), TENNESSEE_ROWS, TENNESSEE, own) == [("40 PDP", "tn-credit")]


def test_a_row_naming_other_items_does_not_apply() -> None:
    row = converts("named", TENNESSEE, "Points per badge", "item", "PDP", 6, applies_to=("some-badge",))
    assert worth(credential("other"), (row,), TENNESSEE) == []
    assert worth(credential("some-badge"), (row,), TENNESSEE) == [("6 PDP", "named")]


def test_a_row_naming_a_generic_id_applies_to_what_it_stands_for() -> None:
    row = converts("named", TENNESSEE, "Points per badge", "item", "PDP", 6, applies_to=("any-badge",))
    world = catalog(credential("any-badge", generic=True, stands_for=BADGES), credential("x"))
    assert [each.policy.id for each in conversions("x", world, (row,), place=TENNESSEE)] == ["named"]


def test_a_row_that_is_not_computable_is_never_computed() -> None:
    row = converts("words", TENNESSEE, "Points", "item", "PDP", 6, applies_to=BADGES, computable=False)
    assert worth(credential("badge"), (row,), TENNESSEE) == []


def test_an_item_without_hours_or_credits_is_worth_nothing_known() -> None:
    assert worth(credential("talk", type="course"), TENNESSEE_ROWS, TENNESSEE) == []


@pytest.mark.parametrize(
    ("rule", "here", "bound"),
    [
        (TENNESSEE, TENNESSEE, True),
        (TENNESSEE, Place("US", "US-TN", "Metro"), True),
        (TENNESSEE, Place("US"), False),
        (ANYWHERE, TENNESSEE, False),
        (Place("US"), TENNESSEE, False),
        (AURORA, Place("US", "US-CO"), False),
        (AURORA, AURORA, True),
        (Place("CA"), Place("CA", "CA-ON"), True),
        (Place("US", "US-TN", institution="College"), TENNESSEE, False),
    ],
)
def test_a_rule_binds_only_the_place_it_names(rule: Place, here: Place, bound: bool) -> None:
    assert binds_here(rule, here) is bound


def test_unit_names_are_compared_without_case_and_plural() -> None:
    assert same_unit("Act 48 hours", "act 48 hour")
    assert same_unit("semester credits", "semester")
    assert not same_unit("CEU", "PDP")
    assert not same_unit("renewal credit", "recertification credit")


@given(
    amount=st.fractions(0, 100, max_denominator=8),
    unit=st.sampled_from(["semester", "quarter", "CEU", "PLU", "renewal credit", "Act 48 hour"]),
)
def test_only_units_a_row_starts_from_are_ever_converted(amount: Fraction, unit: str) -> None:
    item = credential("c", type="course", credits=CreditValue(amount, unit))
    found = conversions("c", catalog(item), TENNESSEE_ROWS, place=TENNESSEE)
    assert bool(found) == (unit in {"semester", "quarter"})
    assert all(each.value.unit == "PDP" for each in found)
