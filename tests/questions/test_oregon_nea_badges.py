"""An Oregon member with ten NEA badges: up to nine graduate credits, if approved, 50 dollars each; the tenth is spare there."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import EarnedCredential
from pathways.requirements.verdicts import Truth
from pathways.units import CreditValue
from tests.questions.asking import Desk, credit_rule, step_of, urls

GOAL = "use my NEA badges for graduate credit"
ONE = CreditValue(Fraction(1), "semester", "graduate")
NINE = CreditValue(Fraction(9), "semester", "graduate")
PAGE = "https://augie.edu/oea-micro-credential-graduate-credits"


def badges(count: int) -> list[EarnedCredential]:
    return [EarnedCredential("nea-mc-generic", f"NEA badge {number}") for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner(*badges(10), place="US-OR"), "augie-med")


def test_each_badge_can_be_posted_as_one_graduate_credit_for_fifty_dollars(answer: Recommendation) -> None:
    posted = [claim for claim in answer.claims if claim.to_id == "augie-nea-credit"]
    assert len(posted) == 10
    assert {claim.uses for claim in posted} == {(at,) for at in range(10)}
    assert {(claim.credits, claim.fee_usd, claim.fee_per) for claim in posted} == {(ONE, Decimal(50), "item")}
    assert {claim.source.url for claim in posted} == {PAGE}


def test_the_step_says_claim_what_it_costs_and_that_approval_comes_first(answer: Recommendation) -> None:
    step = step_of(answer, "augie-nea-credit")
    assert (step.action, step.ready) == ("claim", "yes")
    assert step.offer is not None
    assert step.offer.fee_usd == Decimal(50)
    assert step.value.degree.answer == "yes, with prior approval"
    assert any(warning.kind == "approval first" for warning in step.warnings)


def test_nine_count_inside_the_master_s_and_the_tenth_is_spare_there(desk: Desk) -> None:
    inside = desk.audit("augie-med", desk.learner(*badges(10), place="US-OR")).inside
    assert inside is not None
    assert (inside.applied, inside.cap, inside.spare, inside.spare_items) == (NINE, NINE, ONE, ("NEA badge 10",))
    assert inside.posted == 0


def test_the_spare_badge_is_named_in_the_answer_with_its_source(answer: Recommendation) -> None:
    (spare,) = [end for end in answer.dead_ends if end.kind == "spare"]
    assert spare.id == "augie-med"
    assert "NEA badge 10" in spare.text
    assert spare.source is not None
    assert spare.source.url == PAGE


def test_with_nine_badges_nothing_is_spare(desk: Desk) -> None:
    shown = desk.ask(GOAL, desk.learner(*badges(9), place="US-OR"), "augie-med")
    assert not [end for end in shown.dead_ends if end.kind == "spare"]


def test_the_same_badge_sent_twice_is_one_credit(desk: Desk) -> None:
    twice = [EarnedCredential("nea-mc-generic", "NEA badge 1")] * 2
    shown = desk.ask(GOAL, desk.learner(*twice, place="US-OR"), "augie-med")
    assert len([claim for claim in shown.claims if claim.to_id == "augie-nea-credit"]) == 1


def test_badges_alone_are_not_yet_credit_only_posted_ones_count(desk: Desk) -> None:
    unposted = desk.audit("augie-med", desk.learner(*badges(10), place="US-OR"))
    node = credit_rule(unposted.composed_of, 9)
    assert node.have == 0
    assert node.truth is not Truth.MET
    posted = [EarnedCredential("augie-nea-credit", f"NEA badge {number}", stage="posted") for number in range(1, 11)]
    node = credit_rule(desk.audit("augie-med", desk.learner(*posted, place="US-OR")).composed_of, 9)
    assert (node.have, node.truth) == (Fraction(9), Truth.MET)
    assert [spare.credits for spare in node.spare] == [1]


def test_posted_credit_does_not_complete_the_degree(desk: Desk) -> None:
    posted = [EarnedCredential("augie-nea-credit", f"NEA badge {number}", stage="posted") for number in range(1, 11)]
    found = desk.audit("augie-med", desk.learner(*posted, place="US-OR"))
    assert found.truth is Truth.UNMET


def test_the_way_to_the_degree_takes_nine_claims_for_450_dollars_and_the_seven_courses(answer: Recommendation) -> None:
    (ways,) = answer.routes
    through = [route for route in ways.routes if any(step.id == "augie-nea-credit" for step in route.steps)]
    (route,) = through
    assert sum(step.id == "augie-nea-credit" for step in route.steps) == 9
    assert route.usd.known == 450
    assert route.usd.unknown_items == 7


def test_the_issuer_itself_gives_no_credit_and_that_is_said(answer: Recommendation) -> None:
    ends = [end for end in answer.dead_ends if "NEA" in end.text and end.source is not None]
    assert "http://nea.certificationbank.com/NEA/NEA_MC_Support.aspx" in {end.source.url for end in ends if end.source}


def test_the_degree_is_not_shown_as_its_own_next_step_while_its_courses_are_missing(answer: Recommendation) -> None:
    closing = [step.credential.id for step in answer.steps if any(reason.kind == "closes" for reason in step.reasons)]
    assert "augie-med" not in closing


def test_the_registrar_is_asked_before_any_money_is_paid(answer: Recommendation) -> None:
    asked = [ask for ask in answer.ask if "Augustana" in ask.whom and ask.about == "augie-nea-credit"]
    assert asked
    assert PAGE in urls(answer)


def test_elsewhere_the_same_badges_get_no_renewal_credit_without_a_rule(desk: Desk) -> None:
    found = desk.worth("nea-mc-generic", desk.learner(place="US-OR"))
    assert (found.renewal.answer, found.pay.answer) == ("no rule found", "no rule found")
