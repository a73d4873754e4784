"""A decision rests on what was read: where a badge or course reads otherwise now, people decide anew. What has expired is over."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from api import plan_service, review_service
from api.errors import InputError
from api.identity.audit_log import exported
from api.overlay_schemas import RuleIn
from api.overlay_shelf import Shelf
from api.plan_schemas import PlanIn
from api.review.errors import StaleMatchError
from api.review.fresh import refresh_all
from api.review_schemas import ChangesIn, DecisionIn, MatchFilter
from api.review_service import Desk
from api.rule_service import add_rule, remove_rule
from api.store.overlays import OverlayStore
from api.store.plans import PlanStore
from tests.builders import TODAY
from tests.review.conftest import COURSES, Open
from tests.review.makers import evaluator
from tests.review.test_agreements import UNDO
from tests.review.test_service import APPROVE, by_hand, decide, verdict


def rewritten(desk: Desk, text: str = "Something else by now") -> Desk:
    """The desk under a catalog in which badge-a reads otherwise."""
    old = desk.world.current().catalog
    changed = {**old.credentials, "badge-a": replace(old.credentials["badge-a"], description=text)}
    return replace(desk, world=replace(desk.world, catalog=replace(old, credentials=changed, version=f"{text} {old.version}")))


def expiring(last: date) -> DecisionIn:
    changes = ChangesIn(expires_on=last.isoformat())
    return DecisionIn(kind="approve_changed", reason_code="faculty_review", reason="for this year", changes=changes)


def test_looking_at_the_queue_opens_what_rests_on_a_changed_badge(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk)
    decide(open_desk(evaluator("bob")), match, APPROVE)
    (now,) = review_service.queue(rewritten(desk), MatchFilter()).items
    assert (now.state, now.version) == ("open", match.version + 1)
    assert verdict(desk, "badge-a") == ""
    assert any('"matches.reopened"' in line and '"system"' not in line for line in exported(desk.database))
    again = review_service.queue(rewritten(desk), MatchFilter()).items
    assert again == [now]


def test_a_decision_for_the_old_text_is_stale(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk)
    with pytest.raises(StaleMatchError):
        decide(rewritten(open_desk(evaluator("bob"))), match, APPROVE)
    assert review_service.match(rewritten(desk), match.id).state == "open"


def test_an_answer_that_began_under_the_older_catalog_changes_nothing_back(open_desk: Open, desk: Desk) -> None:
    by_hand(desk)
    later = rewritten(desk)
    (now,) = review_service.queue(later, MatchFilter()).items
    assert review_service.queue(desk, MatchFilter()).items[0].version == now.version


def test_whoever_changes_the_catalog_opens_the_matches_of_every_institution(desk: Desk) -> None:
    match = by_hand(desk)
    assert refresh_all(desk.world, desk.database, desk.log) == []
    assert refresh_all(rewritten(desk).world, desk.database, desk.log) == [match.id]
    assert '"system"' in list(exported(desk.database))[-1]
    assert desk.log.verify(desk.database).fault is None


def test_an_approval_counts_through_its_last_day_and_no_longer(open_desk: Open, desk: Desk) -> None:
    bob = open_desk(evaluator("bob"))
    decide(bob, by_hand(desk), expiring(TODAY))
    assert "Ohio State Edu 101" in verdict(desk, "badge-a")
    assert [one.expired for one in review_service.articulations(desk).items] == [False]
    later = replace(desk, world=replace(desk.world.current(), clock=lambda: TODAY + timedelta(days=1), _layers=None))
    assert [one.expired for one in review_service.articulations(later).items] == [True]
    assert ",True," in review_service.articulations_csv(later)


def test_an_expired_approval_counts_in_no_audit_and_no_plan(open_desk: Open, desk: Desk) -> None:
    decide(open_desk(evaluator("bob")), by_hand(desk), expiring(TODAY - timedelta(days=1)))
    assert verdict(desk, "badge-a") == ""
    store = PlanStore(desk.database)
    plan = plan_service.make_kept(desk.world.current(), store, PlanIn(target="degree", have=["badge-a"]))
    assert not [item for term in plan.terms for item in term.items if item.kind == "claim"]
    assert review_service.articulations(desk).items[0].expired


def test_a_course_that_a_local_rule_names_stays_on_the_catalog_until_the_rule_is_dropped(open_desk: Open, desk: Desk) -> None:
    match = by_hand(desk, ("badge-a",), ("EDU-102",))
    approved = decide(open_desk(evaluator("bob")), match, APPROVE)
    shelf = Shelf(open_desk().world.catalog, OverlayStore(desk.database), TODAY)
    added = add_rule(
        replace(shelf, catalog=desk.world.catalog),
        RuleIn(credential="degree", rule="all(ohio-state-edu-102, thesis)", institution="Ohio State", source="the dean, by word"),
    )
    with pytest.raises(InputError, match=added.rule.id):
        decide(desk, approved, UNDO)
    with pytest.raises(InputError, match=added.rule.id):
        review_service.import_courses(desk, COURSES.replace("Reading assessment", "Another text"), "courses.csv")
    assert refresh_all(rewritten(desk).world, desk.database, desk.log) == []
    assert desk.world.current().catalog.credentials["ohio-state-edu-102"].type == "course"
    remove_rule(shelf, added.rule.id)
    assert decide(desk, approved, UNDO).state == "open"
    assert "ohio-state-edu-102" not in desk.world.current().catalog.credentials
