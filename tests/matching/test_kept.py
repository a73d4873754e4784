"""Precedents kept on one machine come back as they were, or are refused with the way to get on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pathways.matching.kept import KeptError, load, save
from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import BadgeText

ROWS = (
    PrecedentRow(
        BadgeText("a", "CompTIA A+", "CompTIA", outcomes=("Hardware",), hours=40.0), "Hardware", "Hill", "made up", "CIS 1"
    ),
    PrecedentRow(BadgeText("b", "先进的 “welder”"), "Welding\u2028I", "Dale", "made up", elective=True),
)
DATA = [{"name": "made up", "sha256": "0" * 64}]


def test_what_is_kept_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "models" / "precedents.jsonl"
    save(ROWS, DATA, path)
    assert load(path) == ROWS
    head = json.loads(path.read_bytes().partition(b"\n")[0])
    assert (head["rows"], head["data"]) == (2, DATA)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b'"version": 1', b'"version": 2', "version 2"),
        (b"pathways-precedents", b"something", "another kind"),
        (b"CompTIA A+", b"CompTIA B+", "not those"),
        (b"{", b"", "damaged"),
    ],
)
def test_a_file_that_was_changed_is_refused(tmp_path: Path, old: bytes, new: bytes, said: str) -> None:
    path = tmp_path / "precedents.jsonl"
    save(ROWS, DATA, path)
    path.write_bytes(path.read_bytes().replace(old, new, 1))
    with pytest.raises(KeptError, match=said):
        load(path)
