"""Five of the eight PBS and KQED items: they stay valid, the certificate is closed, and since when."""

from __future__ import annotations

from fractions import Fraction

import pytest

from pathways.recommendation.answer import Recommendation
from pathways.requirements.verdicts import Truth
from tests.questions.asking import Desk, ids

SEVEN = (
    "kqed-mc-eval-info", "kqed-mc-analyze", "kqed-mc-code", "kqed-mc-tools", "kqed-mc-making-av", "kqed-mc-making-img",
    "kqed-mc-assess",
)  # fmt: skip
FIVE = SEVEN[:5]
CERTIFICATE = "pbs-kqed-cert"
PAGE = "https://teach.kqed.org/p/certification"
GOAL = "finish my PBS media literacy certification"


@pytest.fixture(scope="module", params=["goal", "target", "both"])
def answer(desk: Desk, request: pytest.FixtureRequest) -> Recommendation:
    goal = "" if request.param == "target" else GOAL
    targets = () if request.param == "goal" else (CERTIFICATE,)
    return desk.ask(goal, desk.learner(*FIVE, place="US-CA"), *targets)


def test_the_certificate_is_a_dead_end_closed_on_1_june_2025(answer: Recommendation) -> None:
    (end,) = [end for end in answer.dead_ends if end.id == CERTIFICATE and end.kind == "closed"]
    assert "2025-06-01" in end.text
    assert end.source is not None
    assert end.source.url == PAGE


def test_the_five_are_said_to_stay_valid(answer: Recommendation) -> None:
    (end,) = [end for end in answer.dead_ends if end.id == CERTIFICATE and end.kind == "closed"]
    assert "valid" in end.text
    assert "5" in end.text.replace("2025", "")


def test_the_certificate_comes_first_among_the_dead_ends(answer: Recommendation) -> None:
    assert answer.dead_ends[0].id == CERTIFICATE


def test_nothing_closed_is_recommended_near_or_claimable(answer: Recommendation) -> None:
    closed = {CERTIFICATE, *SEVEN, "kqed-mc-impl-early", "kqed-mc-impl-upper"}
    assert closed.isdisjoint(ids(answer))
    assert closed.isdisjoint(near.credential.id for near in answer.near)
    assert closed.isdisjoint(claim.to_id for claim in answer.claims)


def test_asked_for_by_id_there_is_no_route(desk: Desk) -> None:
    (ways,) = desk.ask("", desk.learner(*FIVE), CERTIFICATE).routes
    assert (ways.proof, ways.remaining, ways.routes) == ("unreachable", None, ())


def test_asked_for_by_id_the_message_does_not_tell_the_teacher_to_name_a_target(desk: Desk) -> None:
    by_id = desk.ask("", desk.learner(*FIVE), CERTIFICATE).message
    nothing_fits = desk.ask("learn to weld underwater").message
    assert by_id
    assert by_id != nothing_fits


def test_the_five_still_count_in_the_audit(desk: Desk) -> None:
    found = desk.audit(CERTIFICATE, desk.learner(*FIVE)).composed_of
    assert found is not None
    assert found.truth is Truth.UNMET
    assert [(node.have, node.need) for node in found.root.children] == [(Fraction(5), Fraction(7)), (Fraction(0), Fraction(1))]
    assert found.root.in_progress


def test_even_all_eight_cannot_be_turned_in_any_more(desk: Desk) -> None:
    found = desk.audit(CERTIFICATE, desk.learner(*SEVEN, "kqed-mc-impl-early"))
    assert CERTIFICATE not in {offer.to_id for offer in found.offers}
    assert {refusal.reason for refusal in found.refused} == {"closed"}


def test_a_certificate_earned_in_time_is_still_held(desk: Desk) -> None:
    assert desk.audit(CERTIFICATE, desk.learner(CERTIFICATE)).truth is Truth.MET
