"""An institution's own decisions on a kind of credential end the silence about that kind, and about no other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api import review_service
from api.match_service import OwnDecisions, match_all
from api.review.matches import NewMatch
from api.review_schemas import BulkIn, DecisionIn, MatchesIn, MatchFilter
from api.review_service import Desk
from pathways.catalog.entities import Catalog
from pathways.matching.kinds import DECISIONS_NEEDED
from pathways.matching.proposal import BadgeText, MatchResult
from tests.matching.worlds import COURSES, certificate, matcher
from tests.review.conftest import Open
from tests.review.makers import evaluator

COUNTED = BulkIn(kind="reject", reason_code="content_gap", reason="as planted")


def decide_on(desk: Desk, badges: tuple[str, ...], number: int) -> None:
    """Plant matches of these badges and decide them all."""
    desk.matches.add([NewMatch(badges, (f"C-{place}",), {}, None, {}, "model") for place in range(number)])
    done = review_service.decide_all(desk, COUNTED.model_copy(update={"expected": number}))
    assert done.decided == number


def of_kinds(desk: Desk) -> Desk:
    """badge-a as a micro-credential, badge-b as an endorsement."""
    old: Catalog = desk.world.catalog
    kinds = {"badge-a": "micro-credential", "badge-b": "endorsement"}
    changed = {key: replace(old.credentials[key], type=kind) for key, kind in kinds.items()}  # type: ignore[arg-type]
    return replace(desk, world=replace(desk.world, catalog=replace(old, credentials={**old.credentials, **changed})))


def test_decisions_that_stand_are_counted_by_kind(desk: Desk) -> None:
    at = of_kinds(desk)
    decide_on(at, ("badge-a",), 3)
    decide_on(at, ("badge-a", "badge-b"), 1)
    at.matches.add([NewMatch(("badge-b",), ("C-9",), {}, None, {}, "model")])
    assert review_service.own_decisions(at) == {"micro-credential": 4, "endorsement": 1}


def test_a_match_that_is_undone_or_skipped_is_not_counted(open_desk: Open, desk: Desk) -> None:
    at = of_kinds(desk)
    decide_on(at, ("badge-a",), 1)
    (one,) = review_service.queue(at, MatchFilter()).items
    review_service.decide(at, one.id, [one.tag], DecisionIn(kind="undo", reason_code="mistake"))
    review_service.decide(at, one.id, ["*"], DecisionIn(kind="skip", reason_code="other"))
    assert review_service.own_decisions(at) == {}


def test_what_others_decided_does_not_count(open_desk: Open, desk: Desk) -> None:
    from api.store.tables import institutions

    with desk.database.begin() as connection:
        connection.execute(institutions.insert().values(id="other", name="Other", made_at="2026-11-21"))
    decide_on(of_kinds(desk), ("badge-a",), 2)
    assert review_service.own_decisions(of_kinds(open_desk(evaluator("eve", institution="other")))) == {}


def test_the_proposer_is_told_of_them(desk: Desk) -> None:
    at, told = of_kinds(desk), list[dict[str, int]]()
    decide_on(at, ("badge-a",), 2)

    def proposing(badges: object, courses: object, k: int, own: OwnDecisions) -> list[MatchResult]:
        told.append(dict(own.counts))
        assert own.precedents == ()
        return [MatchResult("badge-a", (), None, None, True, "none_fits", "", "match 1", (), 0)]

    review_service.make_matches(at, MatchesIn(badges=["badge-a"]), proposing)
    assert told == [{"micro-credential": 2}]


@pytest.mark.parametrize(("own", "told"), [(DECISIONS_NEEDED - 1, False), (DECISIONS_NEEDED, True)])
def test_silence_about_educator_badges_ends_with_enough_of_them(own: int, told: bool) -> None:
    badges = [
        BadgeText("educator", "Introduction to Networks for educators", kind="micro-credential"),
        certificate("Introduction to Networks"),
        BadgeText("other", "Introduction to Networks endorsement", kind="endorsement"),
    ]
    found = match_all(matcher(COURSES), badges, {"micro-credential": own}, k=3)
    assert [one.badge_id for one in found] == [one.id for one in badges]
    stated = [all(one.probability is not None for one in result.proposals) for result in found]
    assert stated == [told, True, False]
    assert (found[0].reason == "kind_not_in_training") is not told
