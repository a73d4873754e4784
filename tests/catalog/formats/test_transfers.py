"""The mapping of transfer value profiles to agreements."""

from __future__ import annotations

from typing import Any

from pathways.catalog.formats.imported import Imported
from tests.catalog.formats.graphs import (
    codes,
    credit_value,
    ctid,
    profile,
    read,
    resource,
    uri,
)


def _transfer(**terms: Any) -> Imported:
    given = {"transferValueFrom": [uri(2)], "transferValueFor": [uri(3)], "transferValue": [credit_value(3)], **terms}
    courses = [resource(number, "Course", creditValue=[credit_value(4)]) for number in (2, 3, 4)]
    return read(resource(30, "TransferValueProfile", **given), *courses)


def test_a_transfer_value_is_a_dated_agreement() -> None:
    """From what, to what, how much, from when until when, by whom."""
    (one,) = _transfer(startDate="2024-01-01", endDate="2025-06-30T00:00:00Z", ownedBy={"@id": "https://example.org/o"}).agreements
    assert (one.from_ids, one.to_id, str(one.credits)) == ((ctid(2),), ctid(3), "3 semester credits")
    assert (str(one.effective_from), str(one.effective_until)) == ("2024-01-01", "2025-06-30")
    assert (one.institution, one.mode, one.kind) == ("https://example.org/o", "contributes", "posts_credit")


def test_a_transfer_value_that_is_not_active_gives_nothing() -> None:
    """Only an active profile counts."""
    imported = _transfer(lifeCycleStatusType={"ceterms:targetNode": "lifeCycle:Ceased"})
    assert not imported.agreements
    assert "inactive-agreement" in codes(imported)
    assert _transfer(lifeCycleStatusType={"ceterms:targetNode": "lifeCycle:Active"}).agreements


def test_several_things_are_all_needed_for_a_transfer_until_reviewed() -> None:
    """All listed sources are needed, each target has its own agreement, and conditions stay in words."""
    imported = _transfer(
        transferValueFrom=[uri(2), uri(4)], transferValueFor=[uri(3), uri(4)], requires=[profile(condition="Grade B"),
        profile()],
        transferValue=[credit_value(6), credit_value(9, "QuarterHour")],
    )  # fmt: skip
    assert [(one.from_ids, one.id, one.mode) for one in imported.agreements] == [
        ((ctid(2), ctid(4)), f"{ctid(30)}-1", "alternative"), ((ctid(2), ctid(4)), f"{ctid(30)}-2", "alternative"),
    ]  # fmt: skip
    assert imported.agreements[0].conditions == 'manual("Grade B")'
    assert {"several-from", "only-first-kept", "empty-condition"} <= codes(imported)


def test_a_transfer_value_may_name_no_target_or_nothing_at_all() -> None:
    """Without a target the words say what it is for; from nothing it gives nothing."""
    (one,) = _transfer(transferValueFor=[], transferValue=[]).agreements
    assert (one.to_id, one.to_text, one.mode, one.credits) == (None, "Thing 30", None, None)
    nothing = _transfer(transferValueFrom=[])
    assert not nothing.agreements
    assert "nothing-given" in codes(nothing)
    (other_unit,) = _transfer(transferValue=[credit_value(3, "ClockHour")]).agreements
    assert other_unit.mode == "alternative"
