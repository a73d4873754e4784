"""Pennsylvania's Act 48: what one badge adds to a load of 180 hours in five years."""

from __future__ import annotations

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import EarnedCredential
from tests.questions.asking import Desk, ids

TARGET = "renewal:US-PA"
PSEA = "https://www.psea.org/for-members/professional-practice/center-for-professional-learning/Microcredentials/"
STATE = "https://www.education.pa.gov/Educators/ContinuinEd/Act%2048%20and%20PERMS/ApprovedProvider/Pages/ApprovedProviderGuidelines.aspx"


@pytest.fixture(scope="module")
def one_badge(desk: Desk) -> Recommendation:
    return desk.ask("", desk.learner("nea-mc-generic", place="US-PA"), TARGET)


def test_the_load_is_180_hours_in_five_years(one_badge: Recommendation) -> None:
    (renewal,) = one_badge.renewals
    assert renewal.load == "180 Act 48 hours per 5 years"


def test_one_attained_badge_adds_twenty_and_leaves_160(one_badge: Recommendation) -> None:
    (renewal,) = one_badge.renewals
    assert (renewal.done, renewal.remaining) == ("20 Act 48 hours", "160 Act 48 hours")


def test_the_page_of_the_twenty_hours_is_cited(one_badge: Recommendation) -> None:
    (renewal,) = one_badge.renewals
    counted = [fact for fact in renewal.notes if "20 Act 48 hours" in fact.text]
    assert [fact.source.url for fact in counted if fact.source] == [PSEA]


def test_completed_but_not_attained_is_said_to_add_fifteen(one_badge: Recommendation) -> None:
    (renewal,) = one_badge.renewals
    (way,) = [way for way in renewal.ways if "attained" in way.text]
    assert "15 Act 48 hours" in way.text
    assert "not attained" in way.text
    assert way.source is not None
    assert way.source.url == PSEA


def test_the_rest_takes_eight_badges_or_six_college_credits(one_badge: Recommendation) -> None:
    (renewal,) = one_badge.renewals
    said = [way.text for way in renewal.ways]
    assert any(text.startswith("8 NEA micro-credentials") and "20 Act 48 hours each" in text for text in said)
    assert any(text.startswith("6 college credits") and "30 Act 48 hours each" in text for text in said)


def test_nine_badges_close_it(desk: Desk) -> None:
    (renewal,) = desk.ask("", desk.learner("nea-mc-generic*9", place="US-PA"), TARGET).renewals
    assert (renewal.done, renewal.remaining, renewal.ways) == ("180 Act 48 hours", "0 Act 48 hours", ())


def test_the_same_badge_twice_adds_twenty_once(desk: Desk) -> None:
    (renewal,) = desk.ask("", desk.learner("nea-mc-generic", "nea-mc-generic", place="US-PA"), TARGET).renewals
    assert renewal.done == "20 Act 48 hours"


def test_a_badge_not_granted_yet_adds_nothing(desk: Desk) -> None:
    record = desk.learner(EarnedCredential("nea-mc-generic", "one", stage="applied"), place="US-PA")
    (renewal,) = desk.ask("", record, TARGET).renewals
    assert renewal.done == "0 Act 48 hours"


def test_the_load_is_shown_with_the_state_s_own_page(one_badge: Recommendation) -> None:
    (renewal,) = one_badge.renewals
    assert STATE in {fact.source.url for fact in (*renewal.notes, *renewal.ways) if fact.source}


def test_a_badge_is_worth_twenty_hours_here_and_nothing_is_said_of_pay(desk: Desk) -> None:
    found = desk.worth("nea-mc-generic", desk.learner(place="US-PA"))
    assert (found.renewal.answer, str(found.renewal.amount)) == ("yes", "20 Act 48 hours")
    assert found.pay.answer == "no rule found"


def test_a_further_badge_is_among_the_steps(one_badge: Recommendation) -> None:
    assert any(item.startswith("nea-mc-") for item in ids(one_badge))
