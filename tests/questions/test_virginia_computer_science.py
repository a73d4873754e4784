"""Adding computer science to a Virginia license: a license with an endorsement, then 18 hours over areas or the test."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.record import Attestation, DegreeHeld, EarnedCredential, LearnerRecord, LicenseHeld
from pathways.requirements.rules import Degree, License
from pathways.requirements.verdicts import Truth
from pathways.units import CreditValue
from tests.questions.asking import Desk, credit_rule, mentioned, rule_of_kind, sentences, step_of, urls

TARGET = "va-cs-addon"
GOAL = "add computer science to my Virginia license"
CODE = "https://law.lis.virginia.gov/admincode/title8/agency20/chapter23/section300"
LICENSE = LicenseHeld("US-VA", "teaching, with an endorsement in a teaching area")
READY: dict[str, Any] = {"licenses": (LICENSE,), "degrees": (DegreeHeld("bachelor"),)}
TWO_LANGUAGES = Attestation("programming in at least two distinct languages", "registrar")
AREAS = {
    "discrete": ("discrete mathematics", 3),
    "structures": ("data structures and algorithms", 3),
    "foundations": ("foundations of computer science", 3),
    "python": ("programming", 3),
    "java": ("programming", 3),
    "calculus": ("mathematics", 3),
}


def courses(*names: str) -> list[EarnedCredential]:
    """The teacher's own college courses, from anywhere."""
    return [
        EarnedCredential(
            f"own:{name}",
            type="course",
            subject=AREAS[name][0],
            credits=CreditValue(Fraction(AREAS[name][1]), "semester", "undergraduate"),
        )
        for name in names
    ]


@pytest.fixture(scope="module")
def answer(desk: Desk) -> Recommendation:
    return desk.ask(GOAL, desk.learner(place="US-VA"), TARGET)


class TestBefore:
    def test_license_with_endorsement_and_bachelor_s_degree_come_first(self, desk: Desk) -> None:
        found = desk.audit(TARGET, desk.learner(place="US-VA")).requires
        license_rule, degree = rule_of_kind(found, License).rule, rule_of_kind(found, Degree).rule
        assert isinstance(license_rule, License)
        assert license_rule.place == "US-VA"
        assert "endorsement in a teaching area" in (license_rule.kind or "")
        assert degree == Degree("bachelor")

    def test_not_stated_is_unknown_not_missing(self, desk: Desk) -> None:
        found = desk.audit(TARGET, desk.learner(place="US-VA")).requires
        assert found is not None
        assert found.truth is Truth.UNKNOWN

    def test_stated_and_matching_is_met(self, desk: Desk) -> None:
        found = desk.audit(TARGET, desk.learner(place="US-VA", **READY)).requires
        assert found is not None
        assert found.truth is Truth.MET

    @pytest.mark.parametrize("held", [(), (LicenseHeld("US-MD", LICENSE.kind),)])
    def test_no_license_or_another_state_s_is_not_enough(self, desk: Desk, held: tuple[LicenseHeld, ...]) -> None:
        record = desk.learner(place="US-VA", licenses=held, degrees=(DegreeHeld("bachelor"),))
        found = desk.audit(TARGET, record).requires
        assert found is not None
        assert found.truth is Truth.UNMET


class TestTheTestRoute:
    def test_the_test_alone_meets_the_content(self, desk: Desk) -> None:
        assert desk.audit(TARGET, desk.learner("praxis-5652", place="US-VA", **READY)).truth is Truth.MET

    def test_without_the_license_the_test_is_not_enough(self, desk: Desk) -> None:
        record = desk.learner("praxis-5652", place="US-VA", licenses=(), degrees=(DegreeHeld("bachelor"),))
        assert desk.audit(TARGET, record).truth is Truth.UNMET

    def test_it_is_a_step_with_the_passing_score_to_check(self, answer: Recommendation) -> None:
        step = step_of(answer, "praxis-5652")
        assert TARGET in {effect.id for effect in step.targets}
        assert any("142" in text for text in (*sentences(answer), step.credential.description))

    def test_training_for_the_test_never_counts_itself(self, desk: Desk) -> None:
        found = desk.worth("codeva-praxis", desk.learner(place="US-VA")).degree
        assert not found.answer.startswith("yes")
        assert "never counts" in found.note
        assert desk.audit(TARGET, desk.learner("codeva-praxis", place="US-VA", **READY)).truth is Truth.UNMET


class TestTheHours:
    def audit_of(self, desk: Desk, record: LearnerRecord) -> Truth:
        return desk.audit(TARGET, record).truth

    def test_eighteen_hours_over_the_areas_in_two_languages_are_enough(self, desk: Desk) -> None:
        record = desk.learner(*courses(*AREAS), place="US-VA", attestations=(TWO_LANGUAGES,), **READY)
        assert credit_rule(desk.audit(TARGET, record).composed_of, 18).have == 18
        assert self.audit_of(desk, record) is Truth.MET

    def test_two_languages_are_for_a_person_to_confirm(self, desk: Desk) -> None:
        assert self.audit_of(desk, desk.learner(*courses(*AREAS), place="US-VA", **READY)) is Truth.UNKNOWN

    @pytest.mark.parametrize("left_out", sorted(AREAS))
    def test_fifteen_hours_are_not_enough(self, desk: Desk, left_out: str) -> None:
        names = [name for name in AREAS if name != left_out]
        record = desk.learner(*courses(*names), place="US-VA", attestations=(TWO_LANGUAGES,), **READY)
        assert self.audit_of(desk, record) is Truth.UNMET

    def test_eighteen_hours_without_discrete_mathematics_are_not_enough(self, desk: Desk) -> None:
        extra = EarnedCredential("own:algebra", type="course", subject="mathematics", credits=CreditValue(Fraction(3), "semester"))
        names = [name for name in AREAS if name != "discrete"]
        record = desk.learner(*courses(*names), extra, place="US-VA", attestations=(TWO_LANGUAGES,), **READY)
        assert credit_rule(desk.audit(TARGET, record).composed_of, 18).have == 18
        assert self.audit_of(desk, record) is Truth.UNMET

    def test_programming_needs_six_hours(self, desk: Desk) -> None:
        node = credit_rule(desk.audit(TARGET, desk.learner(*courses("python"), place="US-VA", **READY)).composed_of, 6)
        assert (node.have, node.truth) == (Fraction(3), Truth.UNMET)


class TestTheAnswer:
    def test_both_routes_are_side_by_side(self, answer: Recommendation) -> None:
        (ways,) = answer.routes
        assert ways.id == TARGET
        tested = ["praxis-5652" in {step.id for step in route.steps} for route in ways.routes]
        assert True in tested
        assert False in tested

    def test_the_hours_are_said(self, answer: Recommendation) -> None:
        text = " ".join(sentences(answer))
        assert "18 semester credits" in text
        assert "6 semester credits" in text

    def test_without_a_target_named_the_add_on_comes_up(self, desk: Desk) -> None:
        assert TARGET in mentioned(desk.ask(GOAL, desk.learner(place="US-VA")))

    def test_the_initial_endorsement_is_never_called_ready(self, answer: Recommendation) -> None:
        assert step_of(answer, "va-cs-full").ready == "unknown"

    def test_the_board_is_asked_and_its_regulation_is_cited(self, answer: Recommendation) -> None:
        assert {ask.whom for ask in answer.ask if ask.about == TARGET} == {"Virginia Board of Education"}
        assert CODE in urls(answer)
