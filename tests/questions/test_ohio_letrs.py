"""An Ohio K-3 teacher finishing LETRS: four Walsh courses to claim, an endorsement whose own pages disagree."""

from __future__ import annotations

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import Attestation, ExamTaken
from pathways.requirements.rules import held_ids
from pathways.requirements.verdicts import Truth
from tests.questions.asking import Desk, disagreement, ids, sentences, step_of, urls

GOAL = "I teach grades K-3 and am finishing LETRS; I want to become a reading specialist"
UNITS = tuple(f"letrs-u{number}" for number in range(1, 9))
WALSH = {
    "walsh-edt650": {"letrs-u1", "letrs-u2"},
    "walsh-edt652": {"letrs-u3", "letrs-u4"},
    "walsh-edt654": {"letrs-u5", "letrs-u6", "letrs-u7"},
    "walsh-edt655": {"letrs-u8"},
}
LETRS_PAGE = "http://catalog.walsh.edu/graduate/ma-education/letrs/"
LIST_OF_SIX = ("walsh-edt650", "walsh-edt651", "walsh-edt652", "walsh-edt653", "walsh-edt654", "walsh-edf655")
TESTS = (ExamTaken("OAE Reading 038"), ExamTaken("OAE Reading 039"))
EARLIER = Attestation("an earlier literacy course, undergraduate accepted", "registrar")


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner(*UNITS, place="US-OH"), "oh-reading-endorsement")


class TestTheFourCourses:
    def test_units_one_to_eight_make_four_walsh_courses_claimable_each_from_its_own_units(
        self, desk: Desk, answer: Recommendation
    ) -> None:
        held = [item.id for item in answer.question.record.achievements]
        found = {claim.to_id: {held[at] for at in claim.uses} for claim in answer.claims if claim.institution == "Walsh University"}
        assert found == WALSH

    def test_each_course_waits_for_a_sign_off_and_says_whose(self, answer: Recommendation) -> None:
        walsh = [claim for claim in answer.claims if claim.to_id in WALSH]
        assert all(claim.approval_first for claim in walsh)
        assert all("principal or supervisor" in claim.conditions for claim in walsh)

    def test_each_course_shows_the_page_that_says_so(self, answer: Recommendation) -> None:
        walsh = [claim for claim in answer.claims if claim.to_id in WALSH]
        assert {(claim.source.url, claim.source.confidence) for claim in walsh} == {(LETRS_PAGE, "stated")}

    def test_the_fourth_course_asks_for_more_than_the_unit(self, answer: Recommendation) -> None:
        (claim,) = [claim for claim in answer.claims if claim.to_id == "walsh-edt655"]
        assert "15 field hours" in claim.conditions
        assert claim.credits is None

    def test_the_courses_are_claimed_and_not_taken_again(self, desk: Desk) -> None:
        shown = desk.ask(GOAL, desk.learner(*UNITS, place="US-OH"), "oh-reading-endorsement", k=12)
        for course in WALSH:
            step = step_of(shown, course)
            assert (step.action, step.ready) == ("claim", "yes")
            assert any(warning.kind == "approval first" for warning in step.warnings)

    def test_the_registrar_of_walsh_is_to_be_asked_about_all_four(self, desk: Desk, answer: Recommendation) -> None:
        asked = {ask.about for ask in answer.ask if "Walsh" in ask.whom and ask.about in WALSH}
        assert asked == set(WALSH)

    def test_a_teacher_still_at_unit_four_can_claim_two(self, desk: Desk) -> None:
        shown = desk.ask(GOAL, desk.learner(*UNITS[:4], place="US-OH"), "oh-reading-endorsement")
        assert {claim.to_id for claim in shown.claims} & set(WALSH) == {"walsh-edt650", "walsh-edt652"}

    def test_each_claimed_course_then_counts_inside_the_master_s(self, desk: Desk) -> None:
        found = desk.audit("walsh-maed", desk.learner(*UNITS, place="US-OH"))
        inside = [refusal for refusal in found.refused if refusal.to_id == "walsh-maed"]
        assert {refusal.reason for refusal in inside} == {"contributes"}
        assert {refusal.via[-1] for refusal in inside} == set(WALSH)
        assert found.truth is not Truth.MET


class TestTheEndorsement:
    def test_it_is_not_done_by_letrs(self, desk: Desk) -> None:
        found = desk.audit("oh-reading-endorsement", desk.learner(*UNITS, place="US-OH"))
        assert found.truth is not Truth.MET
        assert found.composed_of is not None
        assert found.composed_of.truth is not Truth.MET

    def test_both_of_walsh_s_lists_are_shown(self, desk: Desk) -> None:
        node = disagreement(desk.audit("oh-reading-endorsement", desk.learner(*UNITS, place="US-OH")).composed_of)
        first, second = node.children
        assert set(held_ids(first.rule)) == set(LIST_OF_SIX)
        assert set(held_ids(second.rule)) == {"walsh-edf655"}

    def test_the_question_to_send_names_what_only_one_list_has(self, answer: Recommendation) -> None:
        both = [ask for ask in answer.ask if "EDT 651" in ask.question and "earlier literacy course" in ask.question]
        assert [ask.about for ask in both] == ["oh-reading-endorsement"]

    def test_with_the_first_list_done_it_stays_unresolved(self, desk: Desk) -> None:
        found = desk.audit("oh-reading-endorsement", desk.learner(*LIST_OF_SIX, place="US-OH", exams=TESTS)).composed_of
        node = disagreement(found)
        assert [child.truth for child in node.children] == [Truth.MET, Truth.UNKNOWN]
        assert node.truth is Truth.UNKNOWN

    def test_with_the_second_list_done_it_stays_unresolved(self, desk: Desk) -> None:
        record = desk.learner("walsh-edf655", place="US-OH", exams=TESTS, attestations=(EARLIER,))
        node = disagreement(desk.audit("oh-reading-endorsement", record).composed_of)
        assert [child.truth for child in node.children] == [Truth.UNMET, Truth.MET]
        assert node.truth is Truth.UNKNOWN

    def test_with_both_lists_done_it_is_still_not_called_complete(self, desk: Desk) -> None:
        record = desk.learner(*LIST_OF_SIX, place="US-OH", exams=TESTS, attestations=(EARLIER,))
        found = desk.audit("oh-reading-endorsement", record).composed_of
        assert disagreement(found).truth is Truth.MET
        assert found is not None
        assert found.truth is Truth.UNKNOWN

    def test_the_practicum_that_letrs_does_not_give_is_a_step(self, answer: Recommendation) -> None:
        assert step_of(answer, "walsh-edf655").action == "earn"

    def test_no_step_is_said_to_be_the_last_one_proven(self, answer: Recommendation) -> None:
        (ways,) = answer.routes
        assert (ways.id, ways.proof) == ("oh-reading-endorsement", "listed parts only")

    def test_the_license_and_the_earlier_reading_hours_are_to_be_confirmed(self, answer: Recommendation) -> None:
        text = " ".join(sentences(answer))
        assert "12 earlier semester hours of reading courses" in text
        assert "OAE Reading 038" in text

    def test_the_pages_behind_the_list_are_cited(self, answer: Recommendation) -> None:
        assert "http://catalog.walsh.edu/graduate/ma-education/endorsement-programs/" in urls(answer)


def test_what_studies_found_about_letrs_is_shown_a_null_result_included(desk: Desk) -> None:
    shown = desk.ask("LETRS science of reading training", desk.learner(place="US-OH"), "letrs-v1")
    studies = [fact for fact in shown.notes if "null" in fact.text]
    assert studies
    assert all(fact.source is not None for fact in studies)


def test_letrs_units_already_finished_are_not_recommended_again(answer: Recommendation) -> None:
    assert set(UNITS).isdisjoint(ids(answer))
