"""Questions that cannot be answered as asked: a clear error with what to do, never a crash, nothing lost."""

from __future__ import annotations

import time

import pytest

from pathways.errors import PathwaysError, QuestionError, UnitError, UnknownIdError
from pathways.record import EarnedCredential
from tests.questions.asking import Desk, ids


@pytest.mark.parametrize(("typed", "meant"), [("oh-reading-endorsment", "oh-reading-endorsement"), ("ga-cs-edn", "ga-cs-end")])
def test_an_unknown_target_names_the_nearest(desk: Desk, typed: str, meant: str) -> None:
    with pytest.raises(UnknownIdError) as caught:
        desk.ask("", None, typed)
    assert meant in str(caught.value)


def test_an_unknown_held_id_names_the_nearest(desk: Desk) -> None:
    with pytest.raises(UnknownIdError) as caught:
        desk.learner("letrs-u9")
    assert "letrs-u" in str(caught.value)


@pytest.mark.parametrize("goal", ["", "   ", "?!…", "\n\t"])
def test_a_goal_without_words_is_refused(desk: Desk, goal: str) -> None:
    with pytest.raises(QuestionError):
        desk.ask(goal)


def test_a_goal_of_a_hundred_thousand_characters_is_read(desk: Desk) -> None:
    assert desk.ask(("become a reading specialist " * 4000)[:100_000]).message is not None


def test_a_longer_one_is_refused_with_both_numbers(desk: Desk) -> None:
    with pytest.raises(QuestionError, match=r"100,001.*100,000"):
        desk.ask("a" * 100_001)


@pytest.mark.parametrize(
    "goal", ["read\x00ing specialist", "reading \x1b[31mspecialist", "\u202ereading specialist", "reading\u200bspecialist"]
)
def test_control_characters_do_no_harm(desk: Desk, goal: str) -> None:
    try:
        shown = desk.ask(goal)
    except PathwaysError:
        return
    assert shown.data_version


@pytest.mark.parametrize("k", [0, -1, 51])
def test_a_number_of_steps_out_of_range_is_refused(desk: Desk, k: int) -> None:
    with pytest.raises(QuestionError, match="50"):
        desk.ask("reading", k=k)


def test_ten_thousand_held_items_are_answered(desk: Desk) -> None:
    held = [EarnedCredential("nea-mc-generic", f"badge {number}") for number in range(10_000)]
    began = time.perf_counter()
    shown = desk.ask("use my badges for graduate credit", desk.learner(*held, place="US-OR"), "augie-med")
    assert shown.steps
    assert len([claim for claim in shown.claims if claim.to_id == "augie-nea-credit"]) == 10_000
    assert time.perf_counter() - began < 30


def test_the_whole_catalog_held_leaves_nothing_to_earn(desk: Desk) -> None:
    everything = [EarnedCredential(item) for item in desk.engine.catalog.credentials]
    shown = desk.ask("become a reading specialist", desk.learner(*everything, place="US-OH"), k=50)
    generic = {item.id for item in desk.engine.catalog.credentials.values() if item.generic}
    assert set(ids(shown)) <= generic


@pytest.mark.parametrize("target", ["renewal:", "renewal:Atlantis", "renewal:US-ZZ"])
def test_a_renewal_of_no_place_is_refused(desk: Desk, target: str) -> None:
    with pytest.raises(QuestionError):
        desk.ask("", None, target)


@pytest.mark.parametrize("progress", ["-3 PDP", "48", "48 bananas", "1e9 PDP", "PDP 48", "999999999 PDP"])
def test_a_sum_that_is_no_amount_of_a_known_unit_is_refused(desk: Desk, progress: str) -> None:
    with pytest.raises(UnitError):
        desk.learner(progress=progress)
