"""Renewal as a target: the load, what of it is done, what closes the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.articulation.policies import Policy
from pathways.articulation.renewal import RenewalProgress, load_for, parse_renewal_target, progress, ways
from pathways.articulation.renewal_load import RenewalLoad
from pathways.catalog.entities import Catalog
from pathways.errors import QuestionError, UnitError
from pathways.places import Place
from pathways.record import EarnedCredential, LearnerRecord
from pathways.units import CreditValue
from tests.articulation.places import BADGES, OHIO, TENNESSEE_ROWS, converts, load, policy
from tests.builders import TODAY, agreement, catalog, course, credential, earned, record

GEORGIA = Place("US", "US-GA")
CAROLINA = Place("US", "US-NC")


def world(*rows: Policy, agreements: tuple[Any, ...] = ()) -> Catalog:
    return catalog(
        credential("badge", name="Badge", generic=True),
        credential("talk", type="course", hours=Fraction(4)),
        credential("silent", type="course"),
        course("edu-500", 3),
        agreements=agreements,
        policies=rows or TENNESSEE_ROWS,
    )


def load_of(text: str, facts: Catalog, unit: str | None = None) -> RenewalLoad:
    found = load_for(parse_renewal_target(text), facts.policies, unit=unit)
    assert found is not None
    return found


def done(text: str, held: LearnerRecord, facts: Catalog) -> RenewalProgress:
    return progress(load_of(text, facts), held, facts, facts.agreements, facts.policies, on=TODAY)


def reported(*amounts: tuple[str, str]) -> tuple[CreditValue, ...]:
    return tuple(CreditValue(Fraction(number), unit) for number, unit in amounts)


def sentences(found: RenewalProgress, facts: Catalog) -> list[str]:
    return [way.sentence for way in ways(found, facts.policies, facts.agreements, facts=facts)]


class TestTarget:
    def test_a_place_and_an_audience(self) -> None:
        target = parse_renewal_target("renewal:US-IL:administrators")
        assert (target.place.state, target.audience, str(target)) == ("US-IL", "administrators", "renewal:US-IL:administrators")

    def test_a_state_s_name_will_do(self) -> None:
        assert str(parse_renewal_target(" renewal:Tennessee ")) == "renewal:US-TN"

    @pytest.mark.parametrize("text", ["US-TN", "renewal:", "renewal:US-ZZ", "", "renewal:nowhere at all"])
    def test_anything_else_is_a_question_error(self, text: str) -> None:
        with pytest.raises(QuestionError):
            parse_renewal_target(text)


class TestLoad:
    def test_the_load_of_a_place(self) -> None:
        found = load_of("renewal:US-TN", world())
        assert (str(found), found.option.unverified, found.alternatives) == ("60 PDP", False, ())

    def test_a_place_without_a_load_has_none(self) -> None:
        assert load_for(parse_renewal_target("renewal:US-OH"), TENNESSEE_ROWS) is None

    def test_several_units_are_alternatives_and_one_may_be_asked_for(self) -> None:
        rows = world(load("a", GEORGIA, 6, "semester"), load("b", GEORGIA, 10, "PLU"), load("c", GEORGIA, 10, "CEU"))
        found = load_of("renewal:US-GA", rows)
        assert [str(option.load) for option in (found.option, *found.alternatives)] == ["6 semester credits", "10 PLU", "10 CEU"]
        assert load_of("renewal:US-GA", rows, "plu").unit == "PLU"

    def test_a_current_row_comes_before_an_unverified_one_and_a_superseded_one_goes(self) -> None:
        rows = world(
            load("old", OHIO, 5, "CEU", standing="superseded"),
            load("table", OHIO, 7, "CEU", standing="unverified"),
            load("page", OHIO, 9, "CEU"),
        )
        found = load_of("renewal:US-OH", rows)
        assert [(str(item.load), item.unverified) for item in (found.option, *found.alternatives)] == [
            ("9 CEU", False),
            ("7 CEU", True),
        ]

    def test_a_load_from_a_secondary_table_alone_is_flagged(self) -> None:
        assert load_of("renewal:US-OH", world(load("t", OHIO, 7, "CEU", standing="unverified"))).option.unverified

    def test_who_renews_decides(self) -> None:
        rows = world(
            load("t", OHIO, 120, "clock hour", audience="teachers", period_months=60),
            load("a", OHIO, 100, "clock hour", audience="administrators", period_months=60),
        )
        assert str(load_of("renewal:US-OH:administrators", rows)) == "100 clock hours per 5 years"
        told = done("renewal:US-OH", record(), rows).effects
        assert told == ("This is the load for teachers; others apply to administrators.",)

    def test_a_mix_by_category_adds_up_to_the_load_of_its_audience(self) -> None:
        parts = {"subject": 3, "literacy": 3, "digital learning": 2}
        rows = [load(name, CAROLINA, size, "CEU", category=name, audience="K-5") for name, size in parts.items()]
        found = load_of("renewal:US-NC", world(*rows))
        assert str(found) == "8 CEU"
        assert [(part.category, part.minimum) for part in found.parts] == [(name, True) for name in parts]

    def test_a_single_share_is_no_load(self) -> None:
        row = load("ma", OHIO, 10, "hour", category="fewest on one topic")
        assert load_for(parse_renewal_target("renewal:US-OH"), (row,)) is None

    def test_the_upkeep_of_one_credential_is_not_the_state_s_load(self) -> None:
        row = load("mo", OHIO, 30, "hour", applies_to=("career-admin",), audience="holders of the Career certificate")
        assert load_for(parse_renewal_target("renewal:US-OH"), (row,)) is None
        assert load_for(parse_renewal_target("renewal:US-OH:career"), (row,)) is not None


class TestProgress:
    def test_twelve_of_sixty_points_remain(self) -> None:
        found = done("renewal:US-TN", record(progress=reported(("48", "PDP"))), world())
        assert (str(found.done), str(found.remaining), str(found.surplus)) == ("48 PDP", "12 PDP", "0 PDP")

    def test_items_count_by_the_rows_of_the_place_each_once(self) -> None:
        held = record(earned("badge", name="x"), earned("badge", name="y"), earned("badge", name="y"), "edu-500", "talk", "silent")
        found = done("renewal:US-TN", held, world())
        assert [(item.achievement, str(item.amount)) for item in found.counted] == [
            (0, "6 PDP"), (1, "6 PDP"), (3, "30 PDP"), (4, "4 PDP"),
        ]  # fmt: skip
        assert [(item.achievement, item.reason) for item in found.uncounted] == [(2, "same item twice"), (5, "no rule found")]
        assert str(found.remaining) == "14 PDP"

    def test_a_reported_sum_in_credits_is_converted_by_its_row(self) -> None:
        found = done("renewal:US-TN", record(progress=reported(("3", "quarter"))), world())
        assert str(found.done) == "20 PDP"
        assert found.counted[0].sources

    def test_a_wrong_unit_is_an_error_that_names_the_right_one(self) -> None:
        with pytest.raises(UnitError, match=r"48 CEU cannot count toward renewal:US-TN.*60 PDP.*Give the amount in PDP"):
            done("renewal:US-TN", record(progress=reported(("48", "CEU"))), world())

    def test_points_and_hours_are_taken_as_the_place_s_own(self) -> None:
        rows = world(load("va", OHIO, 180, "recertification point"))
        assert (
            str(done("renewal:US-OH", record(progress=reported(("90", "points"))), rows).remaining) == "90 recertification points"
        )

    def test_the_stated_unit_picks_among_the_alternatives(self) -> None:
        rows = world(load("a", GEORGIA, 6, "semester"), load("b", GEORGIA, 10, "PLU"))
        found = done("renewal:US-GA", record(progress=reported(("4", "PLU"))), rows)
        assert (found.unit, str(found.remaining)) == ("PLU", "6 PLU")

    def test_two_units_that_nothing_converts_are_never_added(self) -> None:
        rows = world(load("a", GEORGIA, 6, "semester"), load("b", GEORGIA, 10, "PLU"))
        found = done("renewal:US-GA", record(progress=reported(("4", "PLU"), ("3", "semester"))), rows)
        assert len(found.counted) == 1
        assert [item.reason for item in found.uncounted] == ["other unit"]

    @pytest.mark.parametrize("stage", ["applied", "eligible"])
    def test_what_is_not_granted_yet_does_not_count(self, stage: Any) -> None:
        found = done("renewal:US-TN", record(earned("badge", stage=stage)), world())
        assert [item.reason for item in found.uncounted] == ["not granted yet"]

    @pytest.mark.parametrize(
        ("day", "reason"),
        [(date(2024, 6, 30), "outside the cycle"), (date(2029, 7, 1), "outside the cycle"), (None, "date not stated")],
    )
    def test_the_cycle_bounds_what_counts(self, day: date | None, reason: str) -> None:
        cycle = (("cycle start", date(2024, 7, 1)), ("cycle end", date(2029, 6, 30)))
        held = record(earned("badge", name="in", earned_on=date(2024, 7, 1)), earned("badge", earned_on=day), events=cycle)
        found = done("renewal:US-TN", held, world())
        assert [item.achievement for item in found.counted] == [0]
        assert [item.reason for item in found.uncounted] == [reason]

    def test_a_cap_cuts_and_says_so(self) -> None:
        row = converts("cap", OHIO, "Points per badge", "item", "CEU", 5, applies_to=BADGES, cap=Fraction(8), cap_unit="CEU")
        rows = world(load("l", OHIO, 20, "CEU"), row)
        found = done("renewal:US-OH", record(earned("badge", name="a"), earned("badge", name="b")), rows)
        assert str(found.done) == "8 CEU"
        assert found.effects[0].startswith("b: 2 over the cap")

    def test_shares_of_the_load_are_told_because_the_record_cannot_show_them(self) -> None:
        rows = world(
            load("l", OHIO, 100, "clock hour"),
            load("e", OHIO, 15, "clock hour", category="equity"),
            policy("c", OHIO, "renewal_load", "Cap", category="independent study", cap=Fraction(30), cap_unit="clock hour"),
        )
        effects = done("renewal:US-OH", record(), rows).effects
        assert "Of it at least 15 clock hours in equity: check yours, the record does not say." in effects
        assert "Of it at most 30 clock hours in independent study: check yours, the record does not say." in effects

    @pytest.mark.parametrize(("carry", "words"), [(True, "carries over."), (False, "does not"), (None, "no rule found")])
    def test_what_becomes_of_a_surplus(self, carry: bool | None, words: str) -> None:
        rows = world(load("l", OHIO, 10, "CEU", carry_over=carry))
        found = done("renewal:US-OH", record(progress=reported(("12", "CEU"))), rows)
        assert (str(found.remaining), str(found.surplus)) == ("0 CEU", "2 CEU")
        assert words in found.effects[-1]

    def test_a_certificate_that_meets_the_whole_load_leaves_nothing(self) -> None:
        whole = policy(
            "wa", OHIO, "renewal_conversion", "Meets it", value="accepted", category="meets the whole load", applies_to=("silent",)
        )
        rows = world(load("l", OHIO, 100, "clock hour"), whole)
        assert done("renewal:US-OH", record("silent"), rows).remaining.amount == 0
        lapsed = record(earned("silent", expires_on=date(2020, 1, 1)))
        assert done("renewal:US-OH", lapsed, rows).remaining.amount == 100

    def test_an_agreement_of_another_state_adds_nothing(self) -> None:
        row = agreement("talk", "x", kind="renewal", mode=None, place=GEORGIA, credits=CreditValue(Fraction(9), "PDP"))
        assert str(done("renewal:US-TN", record("talk"), world(agreements=(row,))).done) == "4 PDP"
        at_home = replace(row, place=Place("US", "US-TN"))
        assert str(done("renewal:US-TN", record("talk"), world(agreements=(at_home,))).done) == "9 PDP"


class TestWays:
    def test_twelve_points_in_three_ways_with_what_is_spare(self) -> None:
        found = done("renewal:US-TN", record(progress=reported(("48", "PDP"))), world())
        assert sentences(found, world()) == [
            "2 approved micro-credentials (6 PDP each)",
            "12 hours of professional learning, for example 12 one-hour sessions (1 PDP each)",
            "2 graduate or semester credits (10 PDP each; 8 spare)",
        ]

    def test_the_older_figure_is_a_note_on_the_way_it_concerns(self) -> None:
        found = done("renewal:US-TN", record(), world())
        first, *rest = ways(found, TENNESSEE_ROWS, (), facts=world(), candidates=("talk", "badge"))
        assert "superseded" in first.notes[0]
        assert first.items == ("badge",)
        assert first.approved_only
        assert all(way.notes == () for way in rest)

    def test_nothing_left_needs_no_way(self) -> None:
        assert sentences(done("renewal:US-TN", record(progress=reported(("60", "PDP"))), world()), world()) == []

    def test_rows_of_another_place_or_another_unit_are_no_way(self) -> None:
        rows = world(load("l", OHIO, 10, "CEU"), converts("o", OHIO, "Points per badge", "item", "PDP", 5), *TENNESSEE_ROWS)
        assert sentences(done("renewal:US-OH", record(), rows), rows) == []

    def test_one_cataloged_item_is_a_way_only_where_once_is_enough(self) -> None:
        row = agreement("talk", "x", kind="renewal", mode=None, place=OHIO, credits=CreditValue(Fraction(6), "CEU"))
        rows = world(load("l", OHIO, 10, "CEU"), agreements=(row,))
        assert sentences(done("renewal:US-OH", record(), rows), rows) == []
        nearly = done("renewal:US-OH", record(progress=reported(("5", "CEU"))), rows)
        assert sentences(nearly, rows) == ["1 of: Talk (6 CEU each; 1 spare)"]


AMOUNTS = st.fractions(0, 80, max_denominator=4)
ITEMS = st.sampled_from(["badge", "talk", "silent", "edu-500"])
HELD = st.lists(st.builds(lambda key, name: earned(key, name=name), ITEMS, st.sampled_from(["1", "2", "3"])), max_size=8)


def total(amounts: list[Fraction], items: list[EarnedCredential]) -> RenewalProgress:
    held = record(*items, progress=tuple(CreditValue(number, "PDP") for number in amounts))
    return done("renewal:US-TN", held, world())


@given(amounts=st.lists(AMOUNTS, max_size=3), more=AMOUNTS, items=HELD, extra=ITEMS)
def test_more_progress_never_raises_what_remains(
    amounts: list[Fraction], more: Fraction, items: list[EarnedCredential], extra: str
) -> None:
    before = total(amounts, items)
    assert total([*amounts, more], items).remaining.amount <= before.remaining.amount
    assert total(amounts, [*items, earned(extra, name="new")]).remaining.amount <= before.remaining.amount


@given(amounts=st.lists(AMOUNTS, max_size=3), items=HELD)
def test_done_is_the_sum_of_what_is_counted_and_everything_held_is_counted_or_explained(
    amounts: list[Fraction], items: list[EarnedCredential]
) -> None:
    found = total(amounts, items)
    assert found.done.amount == sum((entry.amount.amount for entry in found.counted), Fraction(0))
    assert {entry.amount.unit for entry in found.counted} <= {"PDP"}
    assert found.remaining.amount - found.surplus.amount == 60 - found.done.amount
    assert min(found.remaining.amount, found.surplus.amount) == 0
    counted = [entry.achievement for entry in found.counted if entry.achievement is not None]
    explained = [entry.achievement for entry in found.uncounted if entry.achievement is not None]
    assert sorted(counted + explained) == list(range(len(items)))


@given(amounts=st.lists(AMOUNTS, max_size=2))
def test_every_way_closes_the_rest_and_one_fewer_would_not(amounts: list[Fraction]) -> None:
    found = total(amounts, [])
    for way in ways(found, TENNESSEE_ROWS, (), facts=world()):
        assert way.count * way.each.amount == found.remaining.amount + way.surplus.amount
        assert (way.count - 1) * way.each.amount < found.remaining.amount
