"""A Tennessee teacher with 48 of 60 points: two approved micro-credentials, or twelve one-hour sessions."""

from __future__ import annotations

import pytest

from pathways.errors import UnitError
from pathways.recommendation.answer import Recommendation
from tests.questions.asking import Desk, ids

TARGET = "renewal:US-TN"
PAGE = "https://mnea.com/mnea-blog/licensure-pdp"


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Recommendation:
    return desk.ask("", desk.learner(place="US-TN", progress="48 PDP"), TARGET)


def test_twelve_of_sixty_points_remain(answer: Recommendation) -> None:
    (renewal,) = answer.renewals
    assert (renewal.id, renewal.load, renewal.done, renewal.remaining) == (TARGET, "60 PDP", "48 PDP", "12 PDP")


def test_two_approved_micro_credentials_close_it(answer: Recommendation) -> None:
    (renewal,) = answer.renewals
    (way,) = [way for way in renewal.ways if "micro-credential" in way.text]
    assert way.text.startswith("2 approved")
    assert "6 PDP each" in way.text
    assert way.source is not None
    assert way.source.url == PAGE


def test_so_do_twelve_one_hour_sessions(answer: Recommendation) -> None:
    (renewal,) = answer.renewals
    (way,) = [way for way in renewal.ways if "hours of professional learning" in way.text]
    assert way.text.startswith("12 hours")
    assert "12 one-hour sessions" in way.text
    assert way.source is not None
    assert way.source.url == PAGE


def test_or_two_semester_credits_with_eight_points_to_spare(answer: Recommendation) -> None:
    (renewal,) = answer.renewals
    (way,) = [way for way in renewal.ways if "credits" in way.text and "micro" not in way.text]
    assert way.text.startswith("2 ")
    assert "10 PDP each; 8 spare" in way.text


def test_the_older_figure_of_five_points_is_shown_and_not_used(answer: Recommendation) -> None:
    (renewal,) = answer.renewals
    said = " ".join(way.text for way in renewal.ways)
    assert "superseded" in said
    assert "5 PDP" in said
    assert not any(way.text.startswith("3 ") for way in renewal.ways)


def test_the_load_of_sixty_is_shown_with_its_page(answer: Recommendation) -> None:
    (renewal,) = answer.renewals
    sourced = [fact for fact in renewal.notes if fact.source is not None and "60" in fact.text]
    assert PAGE in {fact.source.url for fact in sourced if fact.source}


def test_the_steps_shown_count_here_six_points_each_after_approval(answer: Recommendation) -> None:
    assert answer.steps
    for step in answer.steps:
        assert step.credential.type == "micro-credential"
        assert (str(step.value.renewal.amount), step.value.renewal.answer) == ("6 PDP", "yes, with prior approval")
        assert any(warning.kind == "approval first" for warning in step.warnings)


def test_tennessee_s_office_is_asked_before_enrolling(answer: Recommendation) -> None:
    assert any("Tennessee" in ask.whom for ask in answer.ask)


def test_with_no_progress_the_whole_load_remains(desk: Desk) -> None:
    (renewal,) = desk.ask("", desk.learner(place="US-TN"), TARGET).renewals
    assert renewal.remaining == "60 PDP"


def test_sixty_points_leave_nothing_to_do(desk: Desk) -> None:
    (renewal,) = desk.ask("", desk.learner(place="US-TN", progress="60 PDP"), TARGET).renewals
    assert (renewal.remaining, renewal.ways) == ("0 PDP", ())


def test_badges_on_the_record_add_six_each(desk: Desk) -> None:
    record = desk.learner("nea-mc-generic*2", place="US-TN", progress="48 PDP")
    (renewal,) = desk.ask("", record, TARGET).renewals
    assert (renewal.done, renewal.remaining) == ("60 PDP", "0 PDP")


@pytest.mark.parametrize("other", ["4.8 CEU", "2 board credits", "20 Act 48 hours"])
def test_progress_in_a_unit_tennessee_has_no_rule_for_is_refused_and_never_added(desk: Desk, other: str) -> None:
    with pytest.raises(UnitError, match="PDP"):
        desk.ask("", desk.learner(place="US-TN", progress=other), TARGET)


def test_closed_items_are_not_offered_for_renewal(desk: Desk) -> None:
    shown = desk.ask("media literacy", desk.learner(place="US-TN", progress="48 PDP"), TARGET, k=50)
    closed = {item for item in ids(shown) if desk.engine.catalog.credentials[item].status == "retired"}
    assert closed == set()


def test_an_item_already_held_is_not_offered_again(desk: Desk) -> None:
    record = desk.learner("excel-ee-sla", "excel-ee-assess", place="US-TN", progress="48 PDP")
    shown = desk.ask("second language acquisition and equitable assessment", record, TARGET, k=50)
    assert {"excel-ee-sla", "excel-ee-assess"}.isdisjoint(ids(shown))


def test_an_item_the_teacher_does_not_want_is_not_shown(desk: Desk) -> None:
    shown = desk.ask("", desk.learner(place="US-TN", progress="48 PDP"), TARGET, excluded=["nea-mc-generic"], k=50)
    assert "nea-mc-generic" not in ids(shown)
