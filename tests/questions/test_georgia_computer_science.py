"""A Georgia teacher asked to cover computer science: the micro-endorsement or the full one; Kent State's series gives neither."""

from __future__ import annotations

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import LicenseHeld
from pathways.requirements.verdicts import Truth
from tests.questions.asking import Desk, ids, mentioned, step_of, urls

COVER = "I was asked to cover computer science classes"
PHRASES = (
    COVER,
    "I teach math and was asked to cover computer science classes",
    "which endorsement do I need to teach computer science in Georgia",
)
BOTH = ("ga-cs-micro", "ga-cs-end")
FOUR = {"gcsu-edcs5001", "gcsu-edcs5002", "gcsu-edcs5003", "gcsu-edcs5004"}
KENT = {"kent-kcs", "kent-kcs-1", "kent-kcs-net", "kent-kcs-5"}
RULE_MICRO = (
    "https://casetext.com/regulation/georgia-administrative-code/department-505-professional-standards-commission/"
    "chapter-505-2-certification/rule-505-2-193-computer-science-micro-endorsement"
)
LICENSE = "renewable professional, level 4 or higher, in a P-12 or 6-12 teaching field"


@pytest.fixture(scope="module")
def unprompted(desk: Desk) -> Recommendation:
    """Only the goal and the state; no id."""
    return desk.ask(COVER, desk.learner(place="US-GA"))


@pytest.fixture(scope="module")
def compared(desk: Desk) -> Recommendation:
    return desk.ask(COVER, desk.learner(place="US-GA"), *BOTH, k=10)


@pytest.mark.parametrize("endorsement", BOTH)
def test_both_endorsements_come_up_without_being_named(unprompted: Recommendation, endorsement: str) -> None:
    assert endorsement in mentioned(unprompted)


@pytest.mark.parametrize("goal", PHRASES)
def test_both_come_up_however_it_is_asked(desk: Desk, goal: str) -> None:
    assert set(BOTH) <= mentioned(desk.ask(goal, desk.learner(place="US-GA"), k=8))


def test_one_course_serves_the_micro_endorsement(compared: Recommendation) -> None:
    micro = next(ways for ways in compared.routes if ways.id == "ga-cs-micro")
    items = [{step.id for step in route.steps if step.id is not None and step.id != "ga-cs-micro"} for route in micro.routes]
    assert {"gcsu-edcs5001"} in items


def test_four_courses_serve_the_full_one(compared: Recommendation) -> None:
    full = next(ways for ways in compared.routes if ways.id == "ga-cs-end")
    items = [{step.id for step in route.steps} for route in full.routes]
    assert any(found >= FOUR | {"gcsu-cs", "ga-cs-end"} for found in items)


def test_the_first_course_is_a_step_toward_the_micro_endorsement(compared: Recommendation) -> None:
    step = step_of(compared, "gcsu-edcs5001")
    assert "ga-cs-micro" in {effect.id for effect in step.targets}
    assert step.ready == "unknown", "its own requirements are not in the catalog"


def test_other_approved_providers_are_not_left_out(compared: Recommendation) -> None:
    full = next(ways for ways in compared.routes if ways.id == "ga-cs-end")
    programs = {step.id for route in full.routes for step in route.steps}
    assert {"gcsu-cs", "fdresa-cs", "colstate-cs", "ung-cs"} <= programs


def test_finishing_the_course_only_makes_eligible_the_commission_decides(desk: Desk) -> None:
    found = desk.worth("gcsu-edcs5001", desk.learner(place="US-GA")).degree
    assert not found.answer.startswith("yes")
    assert "Georgia Professional Standards Commission" in found.note
    held = desk.audit("ga-cs-micro", desk.learner("gcsu-edcs5001", place="US-GA"))
    assert held.truth is not Truth.MET
    assert {refusal.reason for refusal in held.refused if refusal.to_id == "ga-cs-micro"} == {"recommends"}


def test_one_course_does_not_give_the_full_endorsement(desk: Desk) -> None:
    licenses = (LicenseHeld("US-GA", LICENSE),)
    one = desk.audit("gcsu-cs", desk.learner("gcsu-edcs5001", place="US-GA", licenses=licenses))
    four = desk.audit("gcsu-cs", desk.learner(*sorted(FOUR), place="US-GA", licenses=licenses))
    assert (one.truth, four.truth) == (Truth.UNMET, Truth.MET)


def test_both_need_a_georgia_license_first(desk: Desk) -> None:
    for target in BOTH:
        none = desk.audit(target, desk.learner(place="US-GA", licenses=()))
        assert none.requires is not None
        assert none.requires.truth is Truth.UNMET
        unstated = desk.audit(target, desk.learner(place="US-GA"))
        assert unstated.requires is not None
        assert unstated.requires.truth is Truth.UNKNOWN
    assert desk.audit("ga-cs-end", desk.learner(licenses=(LicenseHeld("US-GA", LICENSE),))).requires is not None


def test_the_license_in_the_rule_s_own_words_meets_it(desk: Desk) -> None:
    found = desk.audit("ga-cs-end", desk.learner(place="US-GA", licenses=(LicenseHeld("US-GA", LICENSE),)))
    assert found.requires is not None
    assert found.requires.truth is Truth.MET


@pytest.mark.parametrize("item", sorted(KENT))
def test_kent_state_s_series_gives_neither(desk: Desk, item: str) -> None:
    found = desk.worth(item, desk.learner(place="US-GA")).degree
    assert found.answer == "no"
    assert found.lines[0].where.startswith("Kent State University")
    assert found.sources[0].note, "the page is a copy, and says so"


@pytest.mark.parametrize("goal", PHRASES)
def test_kent_state_s_series_is_a_dead_end_here_with_its_source(desk: Desk, goal: str) -> None:
    shown = desk.ask(goal, desk.learner(place="US-GA"))
    ends = [end for end in shown.dead_ends if end.id in KENT or "Kent State" in end.text]
    assert [end.kind for end in ends] == ["no license"]
    assert ends[0].source is not None
    assert "licens" in ends[0].text


def test_holding_kent_state_s_series_changes_nothing_for_either(desk: Desk) -> None:
    for target in BOTH:
        before = desk.ask("", desk.learner(place="US-GA"), target).routes[0].remaining
        after = desk.ask("", desk.learner(*sorted(KENT), place="US-GA"), target).routes[0].remaining
        assert before == after


def test_a_georgia_teacher_is_not_sent_to_kent_state(unprompted: Recommendation, compared: Recommendation) -> None:
    assert KENT.isdisjoint(ids(unprompted))
    assert KENT.isdisjoint(ids(compared))


def test_no_other_state_s_endorsement_is_recommended(compared: Recommendation) -> None:
    bound = [step.credential for step in compared.steps if step.credential.type in {"endorsement", "license"}]
    assert {item.place.state for item in bound} <= {"US-GA", None}


def test_the_state_s_own_rule_is_cited(compared: Recommendation) -> None:
    assert RULE_MICRO in urls(compared)
