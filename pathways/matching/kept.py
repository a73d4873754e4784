"""Precedents kept on one machine as lines of JSON behind a header line: which data they come from, with checksums. Never pickle.

What is kept are the rows somebody trained from; they do not ship. Leaves out where the file lies (:mod:`api.kept_models`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from models.store import writing
from pathways.errors import PathwaysError
from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import BadgeText

KIND: Final = "pathways-precedents"
VERSION: Final = 1


@dataclass
class KeptError(PathwaysError):
    """A file of kept precedents that cannot be used."""

    path: str
    found: str

    def __str__(self) -> str:
        """Name the file, what it holds, and how to get on."""
        return (
            f"{self.path}: found {self.found}, expected precedents of version {VERSION}. "
            "Delete the file, or keep them again: pathways models train match --data FOLDER"
        )


def save(rows: Sequence[PrecedentRow], data: Sequence[Mapping[str, Any]], path: Path) -> str:
    """Write precedents to one file, whole or not at all.

    Parameters
    ----------
    rows : sequence of PrecedentRow
    data : sequence of mapping
        Name and sha256 of each data set they come from.
    path : Path

    Returns
    -------
    str
        Checksum of the rows.
    """
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows).encode()
    checksum = hashlib.sha256(lines).hexdigest()
    head = {"kind": KIND, "version": VERSION, "rows": len(rows), "data": list(data), "sha256": checksum}
    with writing(path) as file:
        file.write(json.dumps(head, ensure_ascii=False).encode() + b"\n" + lines)
    return checksum


def load(path: Path) -> tuple[PrecedentRow, ...]:
    """Read what `save` wrote.

    Raises
    ------
    KeptError
        If it is damaged, or of another kind or version.
    """
    head, _, lines = path.read_bytes().partition(b"\n")
    try:
        facts = json.loads(head)
        if not isinstance(facts, dict) or facts.get("kind") != KIND:
            raise KeptError(str(path), "another kind of file")
        if facts.get("version") != VERSION:
            raise KeptError(str(path), f"version {facts.get('version')}"[:60])
        if hashlib.sha256(lines).hexdigest() != facts.get("sha256"):
            raise KeptError(str(path), "rows that are not those it was written with")
        return tuple(_row(json.loads(line)) for line in lines.splitlines())
    except (ValueError, KeyError, TypeError) as error:
        raise KeptError(str(path), "a damaged file") from error


def _row(fields: dict[str, Any]) -> PrecedentRow:
    credential = fields.pop("credential")
    outcomes = tuple(credential.pop("outcomes"))
    return PrecedentRow(BadgeText(**credential, outcomes=outcomes), **fields)
