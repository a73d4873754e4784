"""Lipscomb's M.Ed. from two certificates: 27 of 30 hours, and a research course whose hours no page states."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import EarnedCredential
from pathways.requirements.verdicts import Truth
from pathways.units import CreditValue
from tests.questions.asking import Desk, credit_rule, step_of, urls

TARGET = "lipscomb-med-stackable"
TWO = ("lipscomb-cert-gifted", "lipscomb-cert-ell")
PAGE = "https://catalog.lipscomb.edu/preview_program.php?catoid=29&poid=9765"


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Recommendation:
    return desk.ask("finish the stackable master's at Lipscomb", desk.learner(*TWO, place="US-TN"), TARGET)


def test_gifted_and_english_learning_make_27_of_30_hours(desk: Desk) -> None:
    node = credit_rule(desk.audit(TARGET, desk.learner(*TWO)).composed_of, 30)
    assert (node.have, node.need, node.unit) == (Fraction(27), Fraction(30), "semester")


def test_the_research_course_is_the_next_step(answer: Recommendation) -> None:
    step = step_of(answer, "lipscomb-eg5083")
    assert (step.action, step.ready) == ("earn", "unknown"), "its own requirements are not in the catalog"


def test_after_the_research_course_the_last_step_is_unverified_not_done(desk: Desk) -> None:
    found = desk.audit(TARGET, desk.learner(*TWO, "lipscomb-eg5083"))
    node = credit_rule(found.composed_of, 30)
    assert (node.truth, node.have) == (Truth.UNKNOWN, Fraction(27))
    assert [spare.reason for spare in node.spare] == ["credits not stated"]
    assert found.truth is Truth.UNKNOWN


def test_then_lipscomb_is_asked_about_the_hours(desk: Desk) -> None:
    shown = desk.ask("", desk.learner(*TWO, "lipscomb-eg5083", place="US-TN"), TARGET)
    asked = [ask for ask in shown.ask if ask.about == TARGET and "Lipscomb" in ask.whom]
    assert any("30" in ask.question for ask in asked)


def test_then_the_degree_is_not_claimable_nor_completed_by_a_step(desk: Desk) -> None:
    shown = desk.ask("", desk.learner(*TWO, "lipscomb-eg5083", place="US-TN"), TARGET)
    assert TARGET not in {claim.to_id for claim in shown.claims}
    assert all(step.ready != "yes" for step in shown.steps if step.credential.id == TARGET)


def test_a_statement_of_three_hours_by_the_learner_settles_it(desk: Desk) -> None:
    course = EarnedCredential("lipscomb-eg5083", credits=CreditValue(Fraction(3), "semester", "graduate"))
    found = desk.audit(TARGET, desk.learner(*TWO, course))
    assert credit_rule(found.composed_of, 30).have == 30
    assert found.truth is Truth.MET


def test_two_larger_certificates_reach_thirty_by_themselves(desk: Desk) -> None:
    pair = ("lipscomb-cert-sped", "lipscomb-cert-gifted", "lipscomb-eg5083")
    found = desk.audit(TARGET, desk.learner(*pair))
    assert credit_rule(found.composed_of, 30).truth is Truth.MET
    assert found.truth is Truth.MET


def test_the_number_of_steps_left_is_not_called_proven(answer: Recommendation) -> None:
    (ways,) = answer.routes
    assert ways.proof == "listed parts only"
    assert all("lipscomb-eg5083" in {step.id for step in route.steps} for route in ways.routes)


def test_the_degree_does_not_close_itself_while_the_research_course_is_missing(answer: Recommendation) -> None:
    closing = {step.credential.id for step in answer.steps if any(reason.kind == "closes" for reason in step.reasons)}
    assert TARGET not in closing


def test_lipscomb_s_page_is_cited(answer: Recommendation) -> None:
    assert PAGE in urls(answer)
