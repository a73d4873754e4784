"""An evaluator's process that dies at any moment leaves nothing by half and loses nothing that was acknowledged.

``python -m tests.review.kill --count 200`` does the same for longer.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, update

from api.identity.tables import audit_log
from api.review.tables import courses, decisions, matches
from api.store.overlay_tables import overlay_agreements
from tests.review.conftest import postgres
from tests.review.killing import acknowledged_in, desk_at, on_server, review_some, reviews_are_whole
from tests.store.killing import kill_rounds

__all__ = ["postgres"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_evaluators_leave_nothing_by_half(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if kind == "postgresql":
        on_server(tmp_path, request.getfixturevalue("postgres"))
    found = kill_rounds(review_some, reviews_are_whole, count=4, seed=5, folder=tmp_path)
    assert found.killed
    assert found.kept >= acknowledged_in(tmp_path) > 0


class Told:
    """Takes what a worker says, where nobody waits to kill it."""

    def send(self, said: str) -> None:
        self.said = said


LOSSES = {
    "a decision": delete(decisions).where(decisions.c.number == 1),
    "a state": update(matches).values(state="skipped"),
    "an agreement": delete(overlay_agreements),
    "a row of the log": delete(audit_log).where(audit_log.c.action == "match.decided"),
    "a course": delete(courses).where(courses.c.id == "EDU-1"),
}


@pytest.mark.parametrize("what", LOSSES)
def test_the_look_afterwards_notices_each_thing_that_is_missing(tmp_path: Path, what: str) -> None:
    folder = tmp_path / "store0"
    folder.mkdir()
    review_some(folder, 3, Told())  # type: ignore[arg-type]
    assert reviews_are_whole(folder, {}) > 0
    with desk_at(folder) as desk, desk.database.begin() as connection:
        assert connection.execute(LOSSES[what]).rowcount
    with pytest.raises(AssertionError):
        reviews_are_whole(folder, {})
