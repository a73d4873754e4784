"""A paraeducator from CDA to associate to bachelor's: credit at named colleges, and lists that are open."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import Attestation, ExamTaken, ExperienceDone
from pathways.requirements.verdicts import Truth
from pathways.units import CreditValue
from tests.questions.asking import Desk, ids, mentioned, sentences, step_of

COLLEGES = {
    "desu-ece-degree": "Delaware State University",
    "dtcc-ece-degree": "Delaware Technical Community College",
    "wilmu-ece-degree": "Wilmington University",
}
TWELVE = CreditValue(Fraction(12), "semester")
DELAWARE = (
    "https://news.delaware.gov/2024/07/31/"
    "early-childhood-professionals-to-earn-up-to-12-college-credits-for-cda-under-new-agreements/?print=print"
)
GOAL = "I am a paraeducator with a CDA and want a degree so that I can become a teacher"
TWO = ("washburn-ed161", "washburn-ed162")
CDA_DUTIES = (
    "120 clock hours of professional education over the eight CDA subject areas",
    "Professional Portfolio prepared within six months before application",
    "family questionnaires",
    "Verification Visit by a CDA Professional Development Specialist",
)


@pytest.fixture(scope="module")
def delaware(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner("cda", place="US-DE"))


@pytest.fixture(scope="module")
def washburn(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner("cda", *TWO, place="US-KS"), "washburn-aa-ece", "washburn-bed")


class TestCreditForTheCda:
    def test_three_delaware_colleges_post_twelve_credits_each(self, delaware: Recommendation) -> None:
        claims = {claim.institution: claim for claim in delaware.claims if claim.institution in COLLEGES.values()}
        assert set(claims) == set(COLLEGES.values())
        assert {claim.credits for claim in claims.values()} == {TWELVE}
        assert {claim.source.url for claim in claims.values()} == {DELAWARE}
        assert all("four named three-credit" in claim.conditions for claim in claims.values())

    def test_cuyahoga_gives_credit_of_an_amount_nobody_states(self, delaware: Recommendation) -> None:
        (claim,) = [claim for claim in delaware.claims if "Cuyahoga" in claim.institution]
        assert claim.credits is None

    @pytest.mark.parametrize("degree", sorted(COLLEGES))
    def test_the_credit_counts_inside_the_degree_and_completes_nothing(self, desk: Desk, degree: str) -> None:
        found = desk.audit(degree, desk.learner("cda", place="US-DE"))
        assert found.truth is Truth.UNKNOWN
        assert not found.has_requirements
        assert found.inside is not None
        assert (found.inside.applied, found.inside.posted) == (TWELVE, Fraction(12))

    def test_no_degree_becomes_claimable(self, delaware: Recommendation) -> None:
        assert not [claim for claim in delaware.claims if claim.to_id is not None]

    def test_a_delaware_college_is_among_the_next_steps_and_not_called_ready(self, delaware: Recommendation) -> None:
        shown = [step for step in delaware.steps if step.credential.id in COLLEGES]
        assert shown
        assert {step.ready for step in shown} == {"unknown"}

    def test_every_one_of_the_colleges_is_to_be_asked(self, delaware: Recommendation) -> None:
        offices = " ".join(ask.whom for ask in delaware.ask)
        assert all(college in offices for college in COLLEGES.values())

    def test_the_cda_itself_is_not_recommended_again(self, delaware: Recommendation, washburn: Recommendation) -> None:
        assert "cda" not in ids(delaware)
        assert "cda" not in ids(washburn)


class TestGettingTheCda:
    def test_it_takes_hours_work_a_portfolio_an_exam_and_a_visit(self, desk: Desk) -> None:
        text = " ".join(sentences(desk.ask("", desk.learner(), "cda")))
        assert "480" in text
        assert "CDA Exam" in text
        assert all(duty in text for duty in CDA_DUTIES)

    def test_all_of_it_confirmed_is_enough_for_the_list(self, desk: Desk) -> None:
        record = desk.learner(
            exams=(ExamTaken("CDA Exam"),),
            experience=(ExperienceDone("work with young children", hours=Fraction(480)),),
            attestations=tuple(Attestation(text, "employer") for text in CDA_DUTIES),
        )
        found = desk.audit("cda", record).composed_of
        assert found is not None
        assert found.truth is Truth.MET

    @pytest.mark.parametrize("way", ["hvcc-ec-mc", "washburn-ed161"])
    def test_college_work_counts_inside_it_without_completing_it(self, desk: Desk, way: str) -> None:
        found = desk.worth(way, desk.learner(place="US-KS")).degree
        toward = [line for line in found.lines if "Child Development Associate" in line.what]
        assert [line.answer for line in toward] == ["yes"]
        assert desk.audit("cda", desk.learner(*TWO, "hvcc-ec-mc")).truth is not Truth.MET


class TestWashburn:
    def test_two_courses_never_complete_the_associate_degree(self, desk: Desk) -> None:
        found = desk.audit("washburn-aa-ece", desk.learner(*TWO, place="US-KS"))
        assert found.truth is Truth.UNKNOWN
        assert "washburn-aa-ece" not in {offer.to_id for offer in found.offers}

    @pytest.mark.parametrize("degree", ["washburn-aa-ece", "washburn-bed"])
    def test_no_step_is_said_to_complete_a_degree_whose_list_is_open_or_missing(
        self, washburn: Recommendation, degree: str
    ) -> None:
        name = next(ways.name for ways in washburn.routes if ways.id == degree)
        closing = [
            reason.text for step in washburn.steps for reason in step.reasons if reason.kind == "closes" and name in reason.text
        ]
        assert closing == []

    @pytest.mark.parametrize("degree", ["washburn-aa-ece", "washburn-bed"])
    def test_neither_degree_is_called_ready(self, washburn: Recommendation, degree: str) -> None:
        assert step_of(washburn, degree).ready != "yes"

    def test_the_associate_degree_is_not_near_nor_claimable(self, desk: Desk) -> None:
        shown = desk.ask(GOAL, desk.learner(*TWO, place="US-KS"))
        assert "washburn-aa-ece" not in {claim.to_id for claim in shown.claims}
        assert all(near.proof == "listed parts only" for near in shown.near if near.credential.id == "washburn-aa-ece")

    def test_the_number_of_steps_is_said_to_rest_on_the_listed_parts(self, washburn: Recommendation) -> None:
        proofs = {ways.id: ways.proof for ways in washburn.routes}
        assert proofs == {"washburn-aa-ece": "listed parts only", "washburn-bed": "requirements not in this catalog"}

    def test_most_not_all_associate_courses_go_on_to_the_bachelor_s(self, desk: Desk) -> None:
        found = desk.worth("washburn-aa-ece", desk.learner(place="US-KS")).degree
        (line,) = found.lines
        assert line.answer == "yes"
        assert "most, not all" in " ".join(line.conditions)
        assert line.basis == "ag-108"

    def test_the_associate_degree_is_a_step_on_the_way_to_the_bachelor_s(self, desk: Desk) -> None:
        shown = desk.ask("", desk.learner("cda", place="US-KS"), "washburn-bed")
        assert "washburn-aa-ece" in mentioned(shown)

    def test_washburn_is_asked_for_the_whole_list(self, washburn: Recommendation) -> None:
        about = {ask.about for ask in washburn.ask if "Washburn" in ask.whom}
        assert {"washburn-aa-ece", "washburn-bed"} <= about


class TestHudsonValley:
    def test_five_courses_make_the_microcredential_and_move_into_the_associate_degree(self, desk: Desk) -> None:
        five = [f"hvcc-ec-{part}" for part in ("cd", "hsn", "oag", "hsc", "fa")]
        shown = desk.ask("", desk.learner(*five, place="US-NY"), "hvcc-ec-aas")
        assert "hvcc-ec-mc" in {claim.to_id for claim in shown.claims}
        found = desk.worth("hvcc-ec-mc", desk.learner(place="US-NY")).degree
        assert any("Early Childhood A.A.S." in line.what for line in found.lines)
