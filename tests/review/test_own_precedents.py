"""What an institution decided is a precedent for its next matches; what it undid, left open, or another decided is none."""

from __future__ import annotations

from api import review_service
from api.kept_models import in_use, keep_precedents, model_file, precedents_file
from api.own_precedents import own_precedents
from api.review.matches import NewMatch
from api.review_schemas import DecisionIn, MatchFilter
from api.review_service import Desk
from api.settings import Settings
from pathways.matching.model import SHIPPED
from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import BadgeText


def decided(desk: Desk, badges: tuple[str, ...], courses: tuple[str, ...], kind: str) -> str:
    desk.matches.add([NewMatch(badges, courses, {}, None, {}, "model")])
    (one,) = review_service.queue(desk, MatchFilter(state="open")).items
    said = DecisionIn.model_validate({"kind": kind, "reason_code": "outcomes_covered", "reason": "as the outcomes say"})
    review_service.decide(desk, one.id, [one.tag], said)
    return one.id


def test_approvals_and_refusals_are_precedents_that_name_decision_match_and_day(desk: Desk) -> None:
    first = decided(desk, ("badge-a",), ("EDU-101",), "approve")
    second = decided(desk, ("badge-a",), ("EDU-102",), "reject")
    rows = {row.course_title: row for row in own_precedents(desk)}
    assert {title: row.rejected for title, row in rows.items()} == {"Teaching Reading": False, "Assessment": True}
    assert rows["Teaching Reading"].source.startswith(f"decision 1 on match {first}, 20")
    assert rows["Assessment"].source.startswith(f"decision 1 on match {second}, 20")
    assert all(row.own for row in rows.values())


def test_what_is_undone_skipped_or_of_several_badges_is_no_precedent(desk: Desk) -> None:
    one = decided(desk, ("badge-a",), ("EDU-101",), "approve")
    review_service.decide(desk, one, ["*"], DecisionIn(kind="undo", reason_code="mistake"))
    review_service.decide(desk, one, ["*"], DecisionIn(kind="skip", reason_code="other"))
    decided(desk, ("badge-a", "badge-b"), ("EDU-102",), "approve")
    assert own_precedents(desk) == ()


def test_named_precedents_go_before_kept_ones_and_a_damaged_file_is_a_note(settings: Settings) -> None:
    assert in_use(settings).precedents == ()
    rows = (PrecedentRow(BadgeText("a", "CompTIA A+"), "Hardware", "Hill", "made up"),)
    keep_precedents(settings, rows, [])
    assert in_use(settings).precedents == rows
    precedents_file(settings).write_text("{}")
    found = in_use(settings)
    assert found.precedents == ()
    assert "texts alone" in found.notes[0]


def test_a_model_trained_here_goes_before_the_shipped_one_and_says_so(settings: Settings) -> None:
    shipped = in_use(settings).model.name
    kept = model_file(settings)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(SHIPPED.read_bytes())
    assert in_use(settings).model.name == f"{shipped} (trained on this machine)"
    kept.write_bytes(b"of another version")
    found = in_use(settings)
    assert found.model.name == shipped
    assert "the shipped one answers" in found.notes[0]
