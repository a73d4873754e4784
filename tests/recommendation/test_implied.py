"""A held whole says its parts are done; a whole with a choice in it does not say which."""

from __future__ import annotations

from pathways.recommendation.implied import with_parts
from pathways.requirements.parse import parse
from tests.builders import catalog, credential, earned, record, row

WORLD = catalog(
    credential("u1"), credential("u2"), credential("volume", type="stack"), credential("course", type="stack"),
    credential("choice", type="stack"),
    rows=(
        row("volume", parse("all(u1, u2)")),
        row("course", parse("volume")),
        row("choice", parse("any(u1, u2)")),
    ),
)  # fmt: skip


def ids(*held: str) -> list[str]:
    return [item.id for item in with_parts(record(*held), WORLD).achievements]


def test_the_units_of_a_held_volume_are_done_and_so_on_downward() -> None:
    assert ids("course") == ["course", "volume", "u1", "u2"]


def test_a_choice_says_nothing_about_either_part() -> None:
    assert ids("choice") == ["choice"]


def test_what_is_listed_already_is_not_added_again() -> None:
    assert ids("u2", "volume") == ["u2", "volume", "u1"]


def test_something_only_applied_for_implies_nothing() -> None:
    assert [item.id for item in with_parts(record(earned("volume", stage="applied")), WORLD).achievements] == ["volume"]
