"""At the evaluator's desk: nothing is decided twice, every attempt is on record, an approval counts at once, undone it is gone."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from api import plan_service, review_service, service
from api.errors import InputError
from api.identity.audit_log import exported
from api.identity.errors import UnknownHereError
from api.plan_schemas import PlanIn
from api.review.errors import StaleMatchError, UnknownMatchError
from api.review_schemas import BulkIn, ChangesIn, DecisionIn, MatchesIn, MatchFilter, MatchOut
from api.review_service import Desk
from api.schemas import AuditIn
from api.store.plans import PlanStore
from pathways.errors import DataError
from pathways.matching.proposal import BadgeText, CourseText, Evidence, MatchResult, Proposal
from tests.review.conftest import COURSES, Open
from tests.review.makers import evaluator

APPROVE = DecisionIn(kind="approve", reason_code="outcomes_covered")
REJECT = DecisionIn(kind="reject", reason_code="content_gap", reason="No assessment of fluency")


def by_hand(desk: Desk, badges: tuple[str, ...] = ("badge-a",), courses: tuple[str, ...] = ("EDU-101",)) -> MatchOut:
    wanted = MatchesIn(badges=list(badges), courses=list(courses))
    review_service.make_matches(desk, wanted, lambda *_: ())
    found = review_service.queue(desk, MatchFilter()).items
    return next(one for one in found if tuple(course.id for course in one.courses) == courses)


def decide(desk: Desk, match: MatchOut, wanted: DecisionIn) -> MatchOut:
    return review_service.decide(desk, match.id, [match.tag], wanted)


def verdict(desk: Desk, *have: str) -> str:
    world = desk.world.current()
    answer = service.audit(world, AuditIn(target="degree", have=list(have)))
    return " ".join(claim.to for claim in answer.offers)


def test_an_approval_is_an_agreement_for_the_next_question_and_in_the_next_plan(open_desk: Open, desk: Desk) -> None:
    assert verdict(desk, "badge-a") == ""
    other = evaluator("bob")
    match = by_hand(desk)
    approved = decide(open_desk(other), match, APPROVE)
    assert (approved.state, approved.decided and approved.decided.person) == ("approved", "bob")
    assert "Ohio State Edu 101" in verdict(desk, "badge-a")
    store = PlanStore(desk.database)
    plan = plan_service.make_kept(desk.world.current(), store, PlanIn(target="degree", have=["badge-a"]))
    claims = [item for term in plan.terms for item in term.items if item.kind == "claim"]
    assert [item.id for item in claims] == [f"claim:match-{match.id.lower()}-1"]
    assert claims[0].facts[0].source_url is not None
    assert claims[0].facts[0].source_url.startswith("local: decision 1 on match")
    assert review_service.articulations(desk).items[0].used == 1
    assert review_service.articulations(desk, unused=True).items == []


def test_undo_takes_the_agreement_away_and_restores_the_match(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk)
    approved = decide(open_desk(evaluator("bob")), match, APPROVE)
    undone = decide(desk, approved, DecisionIn(kind="undo", reason_code="mistake"))
    assert verdict(desk, "badge-a") == ""
    same = {"version", "state", "badges", "courses", "probability", "proposal", "decided"}
    assert undone.model_dump(include=same) == match.model_dump(include=same)
    assert [one.kind for one in undone.history] == ["approve", "undo"]


def test_approving_with_changes_binds_the_agreement_to_them(open_desk: Open, desk: Desk) -> None:
    changes = ChangesIn(credits=2, expires_on="2028-06-30", min_grade="B", conditions="with the portfolio")
    wanted = DecisionIn(kind="approve_changed", reason_code="hours", reason="45 hours are two credits here", changes=changes)
    decide(open_desk(evaluator("bob")), by_hand(desk), wanted)
    row = review_service.articulations(desk).items[0]
    assert (row.credits, row.expires_on, row.min_grade, row.conditions) == (2, "2028-06-30", "B", "with the portfolio")
    agreement = next(one for one in desk.world.current().catalog.agreements if one.id == row.agreement)
    assert agreement.credits is not None
    assert (int(agreement.credits.amount), str(agreement.effective_until), agreement.min_grade) == (2, "2028-06-30", "B")


def test_several_badges_together_count_as_one_course_and_one_badge_as_several(open_desk: Open, desk: Desk) -> None:
    bob = open_desk(evaluator("bob"))
    decide(bob, by_hand(desk, ("badge-a", "badge-b")), APPROVE)
    assert verdict(desk, "badge-a") == ""
    assert "Ohio State Edu 101" in verdict(desk, "badge-a", "badge-b")
    decide(bob, by_hand(desk, ("badge-b",), ("EDU-102", "EDU-103")), APPROVE)
    assert len(review_service.articulations(desk).items) == 3


@pytest.mark.parametrize("reason", ["", "  ", "no"])
def test_a_rejection_without_a_reason_is_refused_and_the_attempt_is_on_record(desk: Desk, reason: str) -> None:
    match = by_hand(desk)
    with pytest.raises(InputError) as refused:
        decide(desk, match, DecisionIn(kind="reject", reason_code="content_gap", reason=reason))
    assert refused.value.problems[0].pointer == "/reason"
    assert review_service.match(desk, match.id).state == "open"
    assert '"match.refused"' in list(exported(desk.database))[-1]


def test_who_proposed_a_match_does_not_approve_it(desk: Desk) -> None:
    with pytest.raises(InputError, match="Somebody else has to approve"):
        decide(desk, by_hand(desk), APPROVE)


def test_a_stale_decision_is_refused_and_changes_nothing(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk)
    decide(open_desk(evaluator("bob")), match, REJECT)
    with pytest.raises(StaleMatchError):
        decide(open_desk(evaluator("cem")), match, APPROVE)
    assert review_service.match(desk, match.id).state == "rejected"


def test_another_institution_sees_nothing(open_desk: Open, desk: Desk) -> None:
    from api.store.tables import institutions

    match = by_hand(desk)
    with desk.database.begin() as connection:
        connection.execute(institutions.insert().values(id="other", name="Other", made_at="2026-11-21"))
    stranger = open_desk(evaluator("eve", institution="other"))
    page = review_service.queue(stranger, MatchFilter())
    assert (page.items, page.counts) == ([], {})
    with pytest.raises(UnknownMatchError):
        review_service.match(stranger, match.id)
    with pytest.raises(UnknownMatchError):
        decide(stranger, match, APPROVE)
    assert review_service.articulations(stranger).items == []


def test_twenty_evaluators_at_once_make_one_decision_each_match_and_every_attempt_is_on_record(open_desk: Open, desk: Desk) -> None:
    review_service.make_matches(desk, MatchesIn(badges=["badge-a", "badge-b"]), some_proposals)
    matches = review_service.queue(desk, MatchFilter()).items
    assert len(matches) == 6
    desks = [open_desk(evaluator(f"person-{number}")) for number in range(20)]

    def attempt(number: int) -> str:
        try:
            decide(desks[number % 20], matches[number // 20], (APPROVE, REJECT)[number % 2])
        except StaleMatchError:
            return "stale"
        return "decided"

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(attempt, range(120)))
    assert results.count("decided") == 6
    for match in matches:
        now = review_service.match(desk, match.id)
        assert (len(now.history), now.state in {"approved", "rejected"}) == (1, True)
    said = list(exported(desk.database))
    assert sum('"match.decided"' in line for line in said) == 6
    assert sum('"match.refused"' in line for line in said) == 114
    assert desk.log.verify(desk.database).fault is None


def some_proposals(badges: Sequence[BadgeText], courses: Sequence[CourseText], *_: object) -> list[MatchResult]:
    """Every course for every badge, as a trained matcher would hand them on; what it says of them is not under test here."""
    return [
        MatchResult(badge.id, _each(badge, courses), 0.1, None, False, "", "", "match 1", ("ca-cpl-credit",), 0) for badge in badges
    ]


def _each(badge: BadgeText, courses: Sequence[CourseText]) -> tuple[Proposal, ...]:
    return tuple(
        Proposal(badge.id, course.id, 1.0, 0.9 - 0.1 * index, (0.5, 0.95), 50, Evidence()) for index, course in enumerate(courses)
    )


def test_a_bulk_decision_shows_the_errors_to_expect_and_decides_exactly_what_was_shown(desk: Desk) -> None:
    review_service.make_matches(desk, MatchesIn(badges=["badge-a"]), some_proposals)
    wanted = BulkIn(kind="approve", reason_code="precedent", least=0.75)
    counted = review_service.decide_all(desk, wanted)
    assert (counted.matches, counted.decided, counted.expected_errors) == (2, 0, 0.3)
    with pytest.raises(InputError, match="Look again"):
        review_service.decide_all(desk, wanted.model_copy(update={"expected": 3}))
    done = review_service.decide_all(desk, wanted.model_copy(update={"expected": 2}))
    assert (done.decided, review_service.queue(desk, MatchFilter()).counts) == (2, {"approved": 2, "open": 1})


def test_a_course_whose_text_changed_opens_its_match_again_and_withdraws_the_agreement(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk)
    decide(open_desk(evaluator("bob")), match, APPROVE)
    done = review_service.import_courses(desk, COURSES.replace("How children learn to read", "A history of reading"), "courses.csv")
    assert (done.changed, done.reopened) == (1, [match.id])
    now = review_service.match(desk, match.id)
    assert (now.state, now.version, now.history[-1].kind, now.history[-1].person) == ("open", 2, "reopen", "system")
    assert verdict(desk, "badge-a") == ""
    again = decide(open_desk(evaluator("bob")), now, APPROVE)
    assert again.state == "approved"


def test_the_same_courses_again_open_nothing(open_desk: Open, desk: Desk) -> None:
    decide(open_desk(evaluator("bob")), by_hand(desk), APPROVE)
    done = review_service.import_courses(desk, COURSES, "courses.csv")
    assert (done.added, done.changed, done.removed, done.reopened) == (0, 0, 0, [])
    assert "Ohio State Edu 101" in verdict(desk, "badge-a")


def test_a_badge_whose_text_changed_opens_its_match_again(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk)
    decide(open_desk(evaluator("bob")), match, APPROVE)
    old = desk.world.catalog
    changed = {**old.credentials, "badge-a": replace(old.credentials["badge-a"], description="Something else by now")}
    later = replace(desk, world=replace(desk.world, catalog=replace(old, credentials=changed)))
    assert review_service.refresh(desk) == []
    assert review_service.refresh(later) == [match.id]


def test_the_articulation_table_holds_only_approved_rows_with_reason_person_and_date(open_desk: Open, desk: Desk) -> None:
    bob = open_desk(evaluator("bob"))
    decide(bob, by_hand(desk), APPROVE)
    decide(bob, by_hand(desk, ("badge-b",), ("EDU-102",)), REJECT)
    rows = list(csv.DictReader(io.StringIO(review_service.articulations_csv(desk))))
    assert [(row["badges"], row["course"], row["person"], row["reason_code"]) for row in rows] == [
        ("badge-a", "EDU-101", "bob", "outcomes_covered")
    ]
    assert rows[0]["at"][:2] == "20"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,title\n", "no course"),
        ("id,title\nA,One\nA,Two\n", "second time"),
        ("id,title,credits\nA,One,many\n", "many"),
        ("id,title,credits\nA,One,-3\n", "-3"),
        ("id,title\n,One\n", "nothing"),
        ("code,title\nA,One\n", "code"),
        ("id,title\nA\n", "1 cells"),
    ],
)
def test_a_wrong_file_of_courses_is_refused_whole_and_names_the_row(desk: Desk, text: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        review_service.import_courses(desk, text, "courses.csv")
    assert desk.courses.count() == 3


def test_a_formula_in_a_course_is_text_and_defused_on_the_way_out(open_desk: Open, desk: Desk) -> None:
    review_service.import_courses(desk, "id,title,institution\nX-1,=1+1,Ohio State\n", "courses.csv")
    decide(open_desk(evaluator("bob")), by_hand(desk, ("badge-a",), ("X-1",)), APPROVE)
    assert review_service.articulations(desk).items[0].title == "=1+1"
    assert "'=1+1" in review_service.articulations_csv(desk)


def test_many_courses_are_taken_in_at_once(desk: Desk) -> None:
    text = "id,title\n" + "".join(f"C-{number},Course {number}\n" for number in range(20_000))
    assert review_service.import_courses(desk, text, "courses.csv").total == 20_000


def test_courses_of_an_institution_that_is_not_there_are_refused_by_its_name(open_desk: Open) -> None:
    with pytest.raises(UnknownHereError, match="nowhere"):
        review_service.import_courses(open_desk(evaluator("eve", institution="nowhere")), COURSES, "courses.csv")
