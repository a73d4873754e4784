"""Evaluators at once over HTTP, each with a key: see :mod:`tests.review.crowd`, which runs 20 of them on 100 matches."""

from __future__ import annotations

from pathlib import Path

from tests.review.crowd import crowd


def test_a_crowd_makes_one_decision_each_and_every_attempt_is_on_record(tmp_path: Path, warm_home: Path) -> None:
    came = crowd(tmp_path / "data", warm_home, people=6, matches=5)
    assert came.statuses == {200: 5, 412: 25}
