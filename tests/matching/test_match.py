"""What an evaluator is told about a badge and a list of courses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pathways.matching.proposal import BadgeText, CourseText, MatchResult
from pathways.matching.propose import ENOUGH, Asked
from tests.matching.worlds import COURSES, UNRELATED, certificate, matcher, precedent


def one(badge: BadgeText, courses: tuple[CourseText, ...] = COURSES, *, k: int = 5, own_decisions: int = 0) -> MatchResult:
    return next(iter(matcher(courses).match([badge], Asked(k=k, own_decisions=own_decisions))))


@pytest.mark.parametrize(
    ("title", "issuer", "course"),
    [
        ("ASE A5 — Brakes", "National Institute for Automotive Service Excellence (ASE)", "Automotive Brake Systems"),
        ("CompTIA Security+", "CompTIA", "Network Security Fundamentals"),
        ("AWS D1.1 SMAW Qualified Welder", "American Welding Society (AWS)", "Shielded Metal Arc Welding"),
        ("NREMT EMT", "", "Emergency Medical Technician"),
        ("AP Psychology", "College Board", "General Psychology"),
        ("Spanish 2", "", "Elementary Spanish II"),
    ],
)
def test_a_certification_gets_the_course_colleges_give_for_it(title: str, issuer: str, course: str) -> None:
    first = one(certificate(title, issuer)).proposals[0]
    assert {found.id: found.title for found in COURSES}[first.course_id] == course


def test_probabilities_never_rise_down_the_list_and_stay_inside_their_range() -> None:
    proposals = one(certificate("CompTIA Network+", "CompTIA"), k=10).proposals
    shares = [found.probability for found in proposals if found.probability is not None]
    assert shares == sorted(shares, reverse=True)
    assert len(shares) == 10
    for found in proposals:
        assert found.probability_range is not None
        assert found.probability is not None
        assert 0 <= found.probability_range[0] <= found.probability <= found.probability_range[1] <= 1


def test_none_fits_is_likelier_once_the_right_course_is_taken_off_the_list() -> None:
    badge = certificate("General Psychology", kind="credit-by-exam")
    full = one(badge)
    without = one(badge, tuple(course for course in COURSES if course.title != "General Psychology"))
    assert full.none_fits is not None
    assert without.none_fits is not None
    assert full.none_fits < 0.1 < without.none_fits


def test_a_right_course_planted_among_unrelated_ones_is_found_and_its_absence_leads_to_no_answer() -> None:
    badge = certificate("AP Psychology", "College Board", "standardized-exam")
    planted = one(badge, (*UNRELATED, CourseText("right", "Far College", "General Psychology")))
    alone = one(badge, UNRELATED)
    assert planted.proposals[0].course_id == "right"
    assert alone.abstained
    assert planted.none_fits is not None
    assert alone.none_fits is not None
    assert planted.none_fits < alone.none_fits


def test_an_educator_badge_gets_no_probability_until_the_institution_has_fifty_decisions() -> None:
    badge = BadgeText("b", "Trauma-Informed Educator", "Digital Promise", kind="micro-credential")
    unknown = one(badge)
    assert unknown.abstained
    assert unknown.reason == "kind_not_in_training"
    assert [found.probability for found in unknown.proposals] == [None] * len(unknown.proposals)
    assert unknown.none_fits is None
    assert one(badge, own_decisions=49).reason == "kind_not_in_training"
    assert one(badge, own_decisions=50).proposals[0].probability is not None


def test_without_precedents_it_works_and_says_so() -> None:
    result = one(certificate("ASE A5 — Brakes"))
    assert result.precedents_used == 0
    assert result.proposals[0].evidence.precedents == ()
    assert set(result.trained_on) == {"ca-cpl-credit", "rpi-transfer"}


def test_a_precedent_lifts_a_course_whose_words_differ_and_is_shown_with_its_source() -> None:
    rows = [precedent(f"Zetacorp Gearhead {level}", "Food Safety and Sanitation", issuer="Zetacorp") for level in ("I", "II", "IV")]
    others = [precedent(f"Certificate {place}", f"Course {place}") for place in range(ENOUGH)]
    badge = certificate("Zetacorp Gearhead III", "Zetacorp")
    result = next(iter(matcher(COURSES, [*rows, *others]).match([badge])))
    assert result.precedents_used == 3 + ENOUGH
    assert result.precedents == f"{3 + ENOUGH} precedents of made up"
    first = result.proposals[0]
    assert first.course_id == "c11"
    assert {row.source for row in first.evidence.precedents} == {"made up"}
    assert {row.institution for row in first.evidence.precedents} == {"Other College"}


def test_what_colleges_gave_for_this_very_credential_comes_first() -> None:
    rows = [precedent("Zetacorp Gearhead", "Real Estate Principles"), precedent("CompTIA Network+", "Introduction to Networks")]
    first = next(iter(matcher(COURSES, rows).match([certificate("Zetacorp Gearhead", "Zetacorp")]))).proposals[0]
    assert first.course_id == "c13"
    assert first.evidence.precedents[0].credential_title == "Zetacorp Gearhead"


def test_a_course_refused_to_this_very_credential_is_not_first_and_the_refusal_is_shown() -> None:
    badge = certificate("CompTIA Network+", "CompTIA")
    first = one(badge).proposals[0].course_id
    title = {course.id: course.title for course in COURSES}[first]
    refused = replace(precedent(badge.title, title), rejected=True, own=True, source="decision 1 on match AB, 2026-11-20")
    result = next(iter(matcher(COURSES).with_own([refused]).match([badge], Asked(k=10))))
    assert result.proposals[0].course_id != first
    assert result.precedents == "1 decision of your own"
    again = next(iter(matcher([course for course in COURSES if course.id == first]).with_own([refused]).match([badge])))
    (shown,) = again.proposals[0].evidence.precedents
    assert shown.rejected
    assert shown.source == refused.source


def test_an_approval_of_the_institution_s_own_brings_the_course_first() -> None:
    approved = replace(precedent("Zetacorp Gearhead", "Real Estate Principles"), own=True)
    first = next(iter(matcher(COURSES).with_own([approved]).match([certificate("Zetacorp Gearhead")]))).proposals[0]
    assert first.course_id == "c13"
    assert first.evidence.precedents[0].institution == "Other College"


def test_a_few_precedents_of_other_credentials_leave_the_answer_as_the_texts_give_it() -> None:
    badge = certificate("ASE A5 — Brakes")
    few = next(iter(matcher(COURSES).with_own([precedent("CompTIA A+", "General Psychology")]).match([badge])))
    assert [found.probability for found in few.proposals] == [found.probability for found in one(badge).proposals]


def test_ten_courses_come_back_for_any_badge_and_each_title_once() -> None:
    colleges = [
        replace(course, id=f"{course.id}-{place}", institution=f"College {place}", description=f"At college {place}.")
        for course in COURSES
        for place in range(3)
    ]
    badges = [certificate("CompTIA Network+"), certificate("xqzzv"), certificate("先进的焊接技术证书"), BadgeText("b", "Teacher")]
    titles = {course.id: course.title for course in colleges}
    for result in matcher(colleges).match(badges, Asked(k=10)):
        listed = [titles[found.course_id] for found in result.proposals]
        assert len(listed) == len(set(listed)) == 10
        for found in result.proposals:
            assert {titles[other] for other in found.same_text} == {titles[found.course_id]}
            assert len(found.same_text) == 2


def test_the_same_text_at_two_colleges_is_one_proposal_that_names_both() -> None:
    twice = (*COURSES, replace(COURSES[0], id="again", institution="Dale College"))
    first = one(certificate("ASE A5 — Brakes"), twice).proposals[0]
    assert (first.course_id, first.same_text) == ("c0", ("again",))


def test_the_order_of_the_courses_changes_nothing() -> None:
    badge = certificate("CompTIA A+", "CompTIA")
    there, back = one(badge), one(badge, tuple(reversed(COURSES)))
    assert [found.course_id for found in there.proposals] == [found.course_id for found in back.proposals]
    shares = [[found.probability or 0.0 for found in result.proposals] for result in (there, back)]
    assert shares[0] == pytest.approx(shares[1], abs=1e-6)


def test_many_badges_against_one_course_and_none_against_none() -> None:
    badges = [certificate("ASE A5 — Brakes"), certificate("Ballet"), certificate("")]
    results = list(matcher(COURSES[:1]).match(badges))
    assert [result.badge_id for result in results] == [badge.id for badge in badges]
    chances = [result.proposals[0].probability for result in results[:2] if result.proposals]
    assert chances == sorted(chances, key=lambda share: -(share or 0))
    assert results[2].reason == "no_text"
    assert next(iter(matcher(()).match(badges[:1]))).reason == "no_courses"


def test_outcomes_are_assigned_once_each_and_what_is_not_covered_is_named() -> None:
    course = CourseText("c", "Hill College", "Lesson Design", outcomes=("Write a lesson plan", "Play the violin"), credits=3.0)
    badge = certificate("Lesson Design", outcomes=("Plan a lesson",), hours=40.0)
    found = one(badge, (course,)).proposals[0].evidence
    assert [(pair.badge_outcome, pair.course_outcome) for pair in found.outcome_pairs] == [("Plan a lesson", "Write a lesson plan")]
    assert found.not_covered == ("Play the violin",)
    assert (found.hours, found.hours_expected) == (40.0, 135.0)
    assert found.unstated == ("level", "description")


def test_another_language_is_named_and_gets_no_probability() -> None:
    spanish = "El curso es para los estudiantes que trabajan en las escuelas con una"
    courses = (CourseText("es", "Colegio", "Primeros auxilios", spanish),)
    assert any("not to be in English" in note for note in one(certificate("First Aid"), courses).notes)
    badge = certificate("先进的焊接技术证书")
    assert one(badge).reason == "kind_not_in_training"


def test_courses_without_a_description_are_counted() -> None:
    assert f"{len(COURSES)} of {len(COURSES)} courses have no description" in one(certificate("Brakes")).notes[0]


def test_two_runs_say_the_same() -> None:
    badge = certificate("CompTIA A+", "CompTIA")
    assert one(badge) == one(badge)
