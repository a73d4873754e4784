"""What an approval puts on the catalog: the right course, once, still there when another approval of the same course is undone."""

from __future__ import annotations

import pytest

from api import review_service
from api.review.agreements import course_id
from api.review_schemas import DecisionIn, MatchesIn, MatchFilter
from api.review_service import Desk
from pathways.matching.proposal import CourseText
from tests.builders import catalog, credential
from tests.review.conftest import Open
from tests.review.makers import evaluator
from tests.review.test_service import APPROVE, by_hand, decide, verdict

UNDO = DecisionIn(kind="undo", reason_code="mistake")


def course(key: str, institution: str = "Ohio State") -> CourseText:
    return CourseText(key, institution, "Teaching Reading")


def test_undoing_one_of_two_approvals_of_a_course_leaves_the_other_and_the_catalog_whole(open_desk: Open, desk: Desk) -> None:
    first = decide(open_desk(evaluator("bob")), by_hand(desk, ("badge-a",), ("EDU-102",)), APPROVE)
    known = [one.id for one in review_service.queue(desk, MatchFilter()).items]
    later = open_desk(evaluator("bob"))  # its world has the course already, by the first approval
    review_service.make_matches(desk, MatchesIn(badges=["badge-b"], courses=["EDU-102"]), lambda *_: ())
    second = next(one for one in review_service.queue(desk, MatchFilter()).items if one.id not in known)
    decide(later, second, APPROVE)
    decide(later, first, UNDO)
    now = desk.world.current().catalog
    assert "ohio-state-edu-102" in now.credentials
    assert [one.from_ids for one in now.agreements] == [("badge-b",)]
    assert verdict(desk, "badge-b") == ""


@pytest.mark.parametrize("other", ["EDU.101", "EDU 101", "EDU-101é", "101"])
def test_two_courses_never_share_an_id_however_they_are_written(other: str) -> None:
    assert course_id(course("EDU-101"), catalog()) == "ohio-state-edu-101"
    assert course_id(course(other), catalog()) not in {"ohio-state-edu-101", course_id(course(f"{other}+"), catalog())}


def test_ids_in_another_script_are_told_apart() -> None:
    assert course_id(course("数学-101", "東京大学"), catalog()) != course_id(course("物理-101", "東京大学"), catalog())


def test_a_course_named_like_something_of_somebody_else_does_not_become_it() -> None:
    known = catalog(
        credential("teaching-license", type="license", issuer="Ohio State"),
        credential("their-course", type="course", issuer="Kent State"),
        credential("our-course", type="course", issuer="Ohio State"),
    )
    assert course_id(course("teaching-license"), known) == "ohio-state-teaching-license"
    assert course_id(course("their-course"), known) == "ohio-state-their-course"
    assert course_id(course("our-course"), known) == "our-course"
