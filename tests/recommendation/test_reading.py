"""What a goal says besides its subject is told back, never put into the record."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.places import parse_place
from pathways.recommendation.answer import Question, Recommendation
from pathways.recommendation.pipeline import recommend
from pathways.record import LearnerRecord
from pathways.units import CreditValue
from tests.benchmarks.engines import ON, bundled_engine


def ask(goal: str, place: str | None = None, *targets: str, progress: tuple[CreditValue, ...] = ()) -> Recommendation:
    record = LearnerRecord(place=parse_place(place), progress=progress) if place else LearnerRecord(progress=progress)
    return recommend(Question(goal, record, ON, targets=targets), bundled_engine())


@pytest.mark.parametrize("goal", ["I need 12 more points to renew my license", "recertification this year", "I am short of PDPs"])
def test_a_goal_about_renewing_shows_the_load_of_the_state(goal: str) -> None:
    answer = ask(goal, "US-TN")
    assert [renewal.load for renewal in answer.renewals] == ["60 PDP"]


def test_a_goal_about_renewing_without_a_state_asks_for_the_state() -> None:
    answer = ask("I need PD hours to renew")
    assert answer.renewals == ()
    assert any("state" in note.text for note in answer.notes)


def test_a_goal_about_pay_says_that_the_district_decides() -> None:
    assert any("district" in note.text for note in ask("move to a higher salary lane", "US-OH").notes)


def test_a_credential_the_goal_says_is_held_is_not_recommended_and_is_asked_for() -> None:
    answer = ask("from paraeducator to teacher with a CDA", "US-WA")
    assert "cda" not in {step.credential.id for step in answer.steps}
    assert any("cda" in note.text for note in answer.notes)


def test_a_renewal_target_gives_the_place() -> None:
    assert ask("", None, "renewal:TN").question.record.place.state == "US-TN"


def test_a_load_that_is_reached_needs_nothing_more() -> None:
    answer = ask("", None, "renewal:US-TN", progress=(CreditValue(Fraction(61), "PDP"),))
    assert answer.steps == ()
    assert answer.renewals[0].is_done
    assert answer.message
