"""A slice of the fuzzing in every run; ``python -m tests.badges.fuzz --count 100000`` is the whole."""

from __future__ import annotations

from tests.badges.fuzz import run


def test_damaged_files_never_crash_a_reader() -> None:
    told: list[str] = []
    failures, seen = run(2_000, 7, tell=told.append)
    assert failures == 0, "\n".join(told)
    # The damage must leave something to read, or nothing behind the first look was tested.
    assert len(seen) >= 7
    assert seen["unknown"] < 1_800
