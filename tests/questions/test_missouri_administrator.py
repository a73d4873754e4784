"""A Missouri assistant principal: the certificate held decides, then fifteen badges or a specialist degree, and experience."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import Attestation, ExperienceDone
from pathways.requirements.rules import AtLeast, Manual
from pathways.requirements.rules import Experience as ExperienceRule
from pathways.requirements.verdicts import Truth
from tests.questions.asking import Desk, administrator, ids, mentioned, nodes, rule_of_kind, sentences, step_of, urls

GOAL = "I am an assistant principal and want the career administrator certificate; I have no specialist degree"
TARGET = "mo-career-admin"
RULE_630 = "https://regulations.justia.com/states/missouri/title-5/division-20/chapter-400/section-5-csr-20-400-630/"
DUTIES = (
    "two years of district mentoring in the first two years as an administrator",
    "yearly performance-based building-level administrator evaluation",
    "30 contact hours of professional development each year",
)
ATTESTED = tuple(Attestation(text, "district") for text in DUTIES)


@pytest.fixture(scope="module")
def with_initial(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner("mo-initial-admin", place="US-MO"), TARGET)


@pytest.fixture(scope="module")
def with_transition(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner("mo-initial-admin", "mo-transition-admin", place="US-MO"), TARGET)


class TestWhichCertificateIsHeld:
    def test_with_the_initial_certificate_the_transition_certificate_is_shown(self, with_initial: Recommendation) -> None:
        assert "mo-transition-admin" in ids(with_initial)
        assert "mo-initial-admin" not in ids(with_initial)

    def test_with_the_transition_certificate_it_is_not_recommended_again(self, with_transition: Recommendation) -> None:
        assert {"mo-initial-admin", "mo-transition-admin"}.isdisjoint(mentioned(with_transition))

    def test_the_usual_order_is_said_where_the_career_certificate_is_asked_for(self, desk: Desk) -> None:
        shown = desk.ask(GOAL, desk.learner(place="US-MO"), TARGET)
        assert any("Transition Administrator Certificate" in text for text in sentences(shown))

    def test_the_order_never_blocks(self, desk: Desk) -> None:
        found = desk.audit(TARGET, desk.learner(place="US-MO"))
        assert found.requires is None

    def test_transition_asks_three_badges_or_120_hours_or_eight_credits(self, desk: Desk) -> None:
        found = desk.audit("mo-transition-admin", desk.learner(place="US-MO")).composed_of
        rules = [node.rule for node in nodes(found)]
        assert any(isinstance(rule, Manual) and "120 contact hours" in rule.text for rule in rules)
        assert any(isinstance(rule, AtLeast) and rule.n == 3 and rule.distinct for rule in rules)
        assert any(node.need == 8 and node.unit == "semester" for node in nodes(found))

    def test_three_badges_meet_that_part_of_transition(self, desk: Desk) -> None:
        found = desk.audit("mo-transition-admin", desk.learner("mo-mlds-mc*3", place="US-MO")).composed_of
        node = rule_of_kind(found, AtLeast)
        assert (node.truth, node.have, node.need) == (Truth.MET, Fraction(3), Fraction(3))


class TestFifteenOrADegree:
    def test_fifteen_different_badges_complete_the_set(self, desk: Desk) -> None:
        node = rule_of_kind(desk.audit("mo-mlds-15", desk.learner("mo-mlds-mc*15", place="US-MO")).composed_of, AtLeast)
        assert (node.truth, node.have) == (Truth.MET, Fraction(15))

    def test_fourteen_do_not(self, desk: Desk) -> None:
        node = rule_of_kind(desk.audit("mo-mlds-15", desk.learner("mo-mlds-mc*14", place="US-MO")).composed_of, AtLeast)
        assert (node.truth, node.have, node.need) == (Truth.UNMET, Fraction(14), Fraction(15))

    def test_the_same_badge_fifteen_times_is_one(self, desk: Desk) -> None:
        same = ["mo-mlds-mc"] * 15
        node = rule_of_kind(desk.audit("mo-mlds-15", desk.learner(*same, place="US-MO")).composed_of, AtLeast)
        assert (node.truth, node.have) == (Truth.UNMET, Fraction(1))

    def test_the_completed_set_can_be_claimed_and_is_named_in_the_audit_of_the_certificate(self, desk: Desk) -> None:
        found = desk.audit(TARGET, desk.learner("mo-mlds-mc*15", place="US-MO"))
        assert "mo-mlds-15" in {offer.to_id for offer in found.offers}

    def test_both_routes_stand_side_by_side_the_degree_as_the_baseline(self, with_transition: Recommendation) -> None:
        (ways,) = with_transition.routes
        by_degree = [route for route in ways.routes if route.uses_degree]
        by_badges = [route for route in ways.routes if not route.uses_degree]
        assert any("mo-edleader-eds" in {step.id for step in route.steps} for route in by_degree)
        assert any([step.id for step in route.steps].count("mo-mlds-mc") == 15 for route in by_badges)

    def test_neither_route_is_called_cheapest_or_fastest(self, with_transition: Recommendation) -> None:
        (ways,) = with_transition.routes
        assert ways.comparison is not None
        assert (ways.comparison.cheapest, ways.comparison.fastest) == (None, None)

    def test_a_first_badge_is_a_step_and_nothing_listed_stands_before_it(self, desk: Desk) -> None:
        shown = desk.ask(GOAL, desk.learner("mo-transition-admin", place="US-MO"), TARGET, k=8)
        assert step_of(shown, "mo-mlds-mc").ready == "unknown", "no page read says what it requires, so nobody calls it ready"

    def test_the_specialist_degree_is_not_called_ready(self, with_transition: Recommendation) -> None:
        assert step_of(with_transition, "mo-edleader-eds").ready == "unknown"

    def test_the_rule_is_cited(self, with_transition: Recommendation) -> None:
        assert RULE_630 in urls(with_transition)


class TestExperienceAndMentoring:
    @pytest.mark.parametrize("way", ["mo-mlds-15", "mo-edleader-eds"])
    def test_either_way_with_four_years_mentoring_evaluation_and_hours_is_enough(self, desk: Desk, way: str) -> None:
        record = desk.learner(way, place="US-MO", experience=(administrator(4),), attestations=ATTESTED)
        assert desk.audit(TARGET, record).truth is Truth.MET

    def test_three_years_are_not_enough(self, desk: Desk) -> None:
        record = desk.learner("mo-mlds-15", place="US-MO", experience=(administrator(3),), attestations=ATTESTED)
        assert desk.audit(TARGET, record).truth is Truth.UNMET

    def test_without_mentoring_confirmed_it_stays_open(self, desk: Desk) -> None:
        record = desk.learner("mo-mlds-15", place="US-MO", experience=(administrator(4),), attestations=ATTESTED[1:])
        assert desk.audit(TARGET, record).truth is Truth.UNKNOWN

    def test_years_as_assistant_principal_are_for_the_authority_to_judge(self, desk: Desk) -> None:
        done = ExperienceDone("assistant principal", years=Fraction(5))
        node = rule_of_kind(desk.audit(TARGET, desk.learner(place="US-MO", experience=(done,))).composed_of, ExperienceRule)
        assert node.truth is Truth.UNKNOWN
        assert any("assistant principal" in note for note in node.notes)

    def test_experience_mentoring_evaluation_and_hours_are_all_asked_about(self, with_transition: Recommendation) -> None:
        asked = " ".join(ask.question for ask in with_transition.ask if ask.about == TARGET)
        assert "4 years" in asked
        assert all(duty in asked for duty in DUTIES)
