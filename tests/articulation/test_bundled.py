"""Real questions on the bundled catalog: what is claimable, what an item is worth, what renewal still asks."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest

from pathways.articulation.renewal import RenewalProgress, load_for, parse_renewal_target, progress, ways
from pathways.articulation.transfer import Offers, count_inside, offers
from pathways.articulation.value import ValueHere, value_here
from pathways.catalog.entities import Catalog
from pathways.catalog.folder import bundled_folder
from pathways.catalog.load import load
from pathways.errors import UnitError
from pathways.places import STATES, parse_place
from pathways.record import EarnedCredential, LearnerRecord
from pathways.units import CreditValue
from tests.builders import TODAY, dollars, earned, record

pytestmark = pytest.mark.skipif(not bundled_folder().is_dir(), reason="the bundled catalog (data/catalog) is absent")


@pytest.fixture(scope="module")
def bundled() -> Catalog:
    return load()


def claims(bundled: Catalog, *items: str | EarnedCredential) -> tuple[LearnerRecord, Offers]:
    held = record(*items)
    return held, offers(held, bundled, bundled.agreements, on=TODAY)


def worth(bundled: Catalog, item: str, place: str, district: str | None = None) -> ValueHere:
    where = parse_place(place, district=district)
    return value_here(bundled.credentials[item], record(), bundled, bundled.agreements, bundled.policies, place=where, on=TODAY)


def renewal(bundled: Catalog, target: str, held: LearnerRecord) -> RenewalProgress:
    found = load_for(parse_renewal_target(target), bundled.policies)
    assert found is not None
    return progress(found, held, bundled, bundled.agreements, bundled.policies, on=TODAY)


def ways_to_close(bundled: Catalog, found: RenewalProgress) -> list[str]:
    return [way.sentence for way in ways(found, bundled.policies, bundled.agreements, facts=bundled)]


def amounts(amount: int, unit: str) -> tuple[CreditValue, ...]:
    return (CreditValue(Fraction(amount), unit),)


class TestTennessee:
    """48 of 60 points."""

    def test_two_micro_credentials_or_twelve_sessions_or_two_credits(self, bundled: Catalog) -> None:
        found = renewal(bundled, "renewal:US-TN", record(progress=amounts(48, "PDP")))
        assert (str(found.remaining), str(found.load.option.load)) == ("12 PDP", "60 PDP")
        assert ways_to_close(bundled, found) == [
            "2 approved micro-credentials (6 PDP each)",
            "12 hours of professional learning, for example 12 one-hour sessions (1 PDP each)",
            "2 graduate or semester credits (10 PDP each; 8 spare)",
        ]

    def test_the_figure_of_2017_is_told_and_does_not_count(self, bundled: Catalog) -> None:
        found = renewal(bundled, "renewal:US-TN", record(progress=amounts(48, "PDP")))
        first = ways(found, bundled.policies, bundled.agreements, facts=bundled)[0]
        assert any("2017" in note and "superseded" in note for note in first.notes)
        ledger = worth(bundled, "nea-mc-generic", "US-TN").renewal
        assert str(ledger.amount) == "6 PDP"
        assert "5 PDP" in ledger.note

    def test_ceus_are_not_points(self, bundled: Catalog) -> None:
        with pytest.raises(UnitError, match="PDP"):
            renewal(bundled, "renewal:US-TN", record(progress=amounts(48, "CEU")))


class TestPennsylvania:
    """Act 48: 180 hours in five years."""

    def test_one_badge_adds_twenty_and_a_college_credit_thirty(self, bundled: Catalog) -> None:
        found = renewal(bundled, "renewal:US-PA", record(earned("nea-mc-generic", name="one")))
        assert str(found.load) == "180 Act 48 hours per 5 years"
        assert (str(found.done), str(found.remaining)) == ("20 Act 48 hours", "160 Act 48 hours")
        closing = ways_to_close(bundled, found)
        assert "8 NEA micro-credentials attained (20 Act 48 hours each)" in closing
        assert "6 college credits (30 Act 48 hours each; 20 spare)" in closing

    def test_fifteen_for_one_completed_but_not_attained_is_told(self, bundled: Catalog) -> None:
        ledger = worth(bundled, "nea-mc-generic", "US-PA").renewal
        assert (ledger.answer, str(ledger.amount)) == ("yes", "20 Act 48 hours")
        assert "15 Act 48 hours" in ledger.note


class TestOregonAndAugustana:
    """Ten NEA badges, and a degree that takes nine credits of them."""

    badges = tuple(earned("nea-mc-generic", name=f"nea-mc-generic #{number}") for number in range(1, 11))

    def test_ten_credits_are_claimable_at_fifty_dollars_each(self, bundled: Catalog) -> None:
        _, found = claims(bundled, *self.badges)
        mine = [offer for offer in found.accepted if offer.to_id == "augie-nea-credit"]
        assert len(mine) == 10
        assert {(str(offer.credits), offer.fee_usd, offer.fee_per) for offer in mine} == {
            ("1 graduate semester credit", dollars("50"), "item")
        }

    def test_the_tenth_is_spare_in_the_degree(self, bundled: Catalog) -> None:
        held, found = claims(bundled, *self.badges)
        count = count_inside(held, found, "augie-med", bundled.agreements, bundled.policies)
        assert (str(count.applied), str(count.spare)) == ("9 graduate semester credits", "1 graduate semester credit")
        assert count.source is not None
        assert "augie.edu" in count.source.url
        assert count.spare_items == ("nea-mc-generic #10",)

    def test_the_degree_itself_is_never_claimable(self, bundled: Catalog) -> None:
        _, found = claims(bundled, *self.badges)
        assert all(offer.to_id != "augie-med" for offer in found.accepted)
        assert [row.reason for row in found.refused if row.to_id == "augie-med"] == ["contributes"]


class TestWalshAndLetrs:
    """LETRS units 1-8 make four courses claimable after sign-off."""

    def test_eight_units_make_four_courses_claimable(self, bundled: Catalog) -> None:
        _, found = claims(bundled, *(f"letrs-u{number}" for number in range(1, 9)))
        courses = {offer.to_id: offer for offer in found.accepted if offer.institution == "Walsh University"}
        assert set(courses) == {"walsh-edt650", "walsh-edt652", "walsh-edt654", "walsh-edt655"}
        assert all(offer.approval_first for offer in courses.values())
        assert all("verified" in offer.conditions for offer in courses.values())
        assert courses["walsh-edt654"].uses == (4, 5, 6)

    def test_each_course_then_counts_inside_the_master_s_after_it_is_claimed(self, bundled: Catalog) -> None:
        _, found = claims(bundled, *(f"letrs-u{number}" for number in range(1, 9)))
        inside = [row for row in found.refused if row.to_id == "walsh-maed"]
        assert Counter(row.reason for row in inside) == {"contributes": 4}
        assert all(len(row.via) == 1 for row in inside)

    def test_a_unit_short_is_named(self, bundled: Catalog) -> None:
        _, found = claims(bundled, "letrs-u5", "letrs-u6")
        (missing,) = [row for row in found.refused if row.reason == "item missing"]
        assert (missing.to_id, missing.missing) == ("walsh-edt654", ("letrs-u7",))


class TestCeriEndDates:
    """What CERI accepts, and until when."""

    def test_undated_training_whose_years_have_passed_is_unknown(self, bundled: Catalog) -> None:
        _, found = claims(bundled, "oga-certified")
        verdicts = {(row.to_id, row.reason, row.unknown) for row in found.refused if row.to_id in {"ceri-di", "ceri-ds"}}
        assert verdicts == {("ceri-di", "training date not stated", True), ("ceri-ds", "training date not stated", True)}
        assert any("accepted until 2023-12-31" in row.sentence for row in found.refused)

    @pytest.mark.parametrize(("day", "reason"), [(date(2022, 5, 1), "contributes"), (date(2025, 5, 1), "window ended")])
    def test_the_date_of_the_training_decides(self, bundled: Catalog, day: date, reason: str) -> None:
        _, found = claims(bundled, earned("alta-calt", earned_on=day))
        assert {row.reason for row in found.refused if row.to_id == "ceri-ds"} == {reason}

    def test_wilson_level_two_is_still_accepted(self, bundled: Catalog) -> None:
        assert worth(bundled, "wilson-wrs-l2", "US-OH").degree.answer == "yes"
        assert worth(bundled, "oga-certified", "US-OH").degree.answer == "no rule found"


class TestUtah:
    def test_half_a_credit_toward_renewal_and_nothing_said_of_pay(self, bundled: Catalog) -> None:
        found = worth(bundled, "ut-mc-generic", "US-UT")
        assert (found.renewal.answer, found.renewal.amount) == ("yes", CreditValue(Fraction(1, 2), "USBE credit"))
        assert found.pay.answer == "no rule found"

    def test_the_old_load_is_flagged_unverified(self, bundled: Catalog) -> None:
        found = load_for(parse_renewal_target("renewal:US-UT"), bundled.policies)
        assert found is not None
        assert found.option.unverified


class TestPlaces:
    @pytest.mark.parametrize(
        ("place", "district", "amount", "answer"),
        [
            ("US-CO", "Aurora Public Schools", "10 salary advancement hours", "yes"),
            ("US-IL", "Troy 30-C School District", "1 board credit", "yes, with prior approval"),
        ],
    )
    def test_districts_that_pay_for_a_badge(self, bundled: Catalog, place: str, district: str, amount: str, answer: str) -> None:
        ledger = worth(bundled, "nea-mc-generic", place, district).pay
        assert (str(ledger.amount), ledger.answer) == (amount, answer)

    @pytest.mark.parametrize("state", sorted(STATES))
    def test_no_state_alone_answers_pay(self, bundled: Catalog, state: str) -> None:
        assert worth(bundled, "nea-mc-generic", state).pay.answer == "no rule found"

    def test_kent_state_s_series_leads_to_no_license(self, bundled: Catalog) -> None:
        ledger = worth(bundled, "kent-kcs", "US-OH").degree
        assert (ledger.answer, ledger.amount) == ("no", None)
        assert "licensure" in " ".join(ledger.conditions)

    def test_washington_says_a_badge_is_not_an_endorsement(self, bundled: Catalog) -> None:
        lines = worth(bundled, "nea-mc-generic", "US-WA").degree.lines
        assert any(line.answer == "no" and line.where == "Washington" for line in lines)

    def test_pacific_s_units_never_count_in_its_degrees(self, bundled: Catalog) -> None:
        assert worth(bundled, "pdln-badge", "US-CA").degree.answer == "no"
        assert worth(bundled, "uop-pdu", "US-CA").degree.answer == "no"

    def test_missouri_s_fifteen_count_at_home_and_are_elsewhere_in_kansas(self, bundled: Catalog) -> None:
        assert worth(bundled, "mo-mlds-15", "US-MO").degree.answer == "yes"
        away = worth(bundled, "mo-mlds-15", "US-KS").degree
        assert away.answer == "no rule found"
        assert "Elsewhere: Missouri DESE" in away.note

    @pytest.mark.parametrize("item", ["nea-mc-generic", "ut-mc-generic", "nb-certification", "mo-mlds-15", "letrs-u1"])
    def test_an_unknown_place_never_gets_a_yes(self, bundled: Catalog, item: str) -> None:
        found = worth(bundled, item, "IS")
        assert {found.renewal.answer, found.pay.answer} == {"no rule found"}
        assert not found.degree.answer.startswith("yes")


class TestLoads:
    def test_georgia_states_its_load_in_several_units(self, bundled: Catalog) -> None:
        found = load_for(parse_renewal_target("renewal:US-GA"), bundled.policies)
        assert found is not None
        stated = {str(option.load) for option in (found.option, *found.alternatives)}
        assert {"6 semester credits", "10 PLU", "10 CEU"} <= stated
        assert not found.option.unverified

    def test_florida_counts_in_credits_or_points(self, bundled: Catalog) -> None:
        held = record(progress=amounts(60, "in-service points"))
        assert str(renewal(bundled, "renewal:US-FL", held).remaining) == "60 in-service points"

    def test_north_carolina_s_mix_adds_up_to_eight_ceu(self, bundled: Catalog) -> None:
        found = load_for(parse_renewal_target("renewal:US-NC:grades K-5 teachers"), bundled.policies)
        assert found is not None
        assert str(found) == "8 CEU"
        assert {"subject", "literacy", "digital learning competencies"} <= {part.category for part in found.parts}

    def test_texas_caps_independent_study(self, bundled: Catalog) -> None:
        found = load_for(parse_renewal_target("renewal:US-TX"), bundled.policies)
        assert found is not None
        assert any(part.category == "independent study" and not part.minimum for part in found.parts)

    def test_virginia_s_ten_year_figures_are_not_settled(self, bundled: Catalog) -> None:
        found = load_for(parse_renewal_target("renewal:US-VA:ten-year"), bundled.policies)
        assert found is not None
        assert {str(option.load.amount) for option in (found.option, *found.alternatives)} == {"270", "360"}
        assert all(option.unverified for option in (found.option, *found.alternatives))

    @pytest.mark.parametrize("state", sorted(STATES))
    def test_every_state_answers_without_an_error(self, bundled: Catalog, state: str) -> None:
        found = load_for(parse_renewal_target(f"renewal:{state}"), bundled.policies)
        if found is None:
            assert not any(
                row.kind == "renewal_load" and row.place.state == state and row.category is None and not row.applies_to
                and row.load is not None and row.place.institution is None and row.place.district is None
                for row in bundled.policies
            )  # fmt: skip
            return
        closed = progress(found, record(), bundled, bundled.agreements, bundled.policies, on=TODAY)
        assert closed.remaining == found.option.load
