"""The recorded matches a matcher learns from, read from a folder given by the caller; nothing of them ships.

``ca-cpl-credit``: credentials that California community colleges gave credit for. ``rpi-transfer``: courses of other institutions
that one institution took for its own, or for elective credit. Columns that leak the answer (discipline and top_code of credentials,
which are taken from the courses themselves) are not read.
"""

from __future__ import annotations

import csv
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pathways.matching.precedents import PrecedentRow
from pathways.matching.proposal import BadgeText, CourseText

CPL: Final = "ca-cpl-credit"
RPI: Final = "rpi-transfer"

_CPL_KINDS: Final = {
    "Industry Certification": "industry-certification", "Standardized Assessment": "standardized-exam",
    "Credit By Exam": "credit-by-exam", "Military": "military-training", "Portfolio": "portfolio", "": "prior-learning",
}  # fmt: skip


@dataclass(frozen=True)
class Dataset:
    """Badges, courses, and which was recorded with which.

    Attributes
    ----------
    name, checksum : str
        Folder name, and sha256 over the files read.
    badges : tuple of BadgeText
    courses : tuple of CourseText
        The candidate list.
    recorded : dict of str to frozenset of str
        Badge id to the titles (ca-cpl-credit) or ids (rpi-transfer) of its courses.
    precedents : tuple of PrecedentRow
        The recorded matches as rows; the credential of each has the id of its badge.
    groups : tuple of str
        What must not be divided between training and measuring, one for each badge: itself, or its institution.
    elective : tuple of bool
        Whether each badge earned elective credit only; such badges have nothing recorded.
    """

    name: str
    checksum: str
    badges: tuple[BadgeText, ...]
    courses: tuple[CourseText, ...]
    recorded: dict[str, frozenset[str]]
    precedents: tuple[PrecedentRow, ...]
    groups: tuple[str, ...]
    elective: tuple[bool, ...]


def load_cpl(folder: Path) -> Dataset:
    """Read credentials, articulations and local courses.

    Parameters
    ----------
    folder : Path
        Holds credentials.csv, articulations.csv and local_courses.csv.

    Returns
    -------
    Dataset
        Courses are all local courses; equal titles are one candidate.
    """
    articulations = _rows(folder / "articulations.csv")
    titles: dict[str, set[str]] = {}
    for row in articulations:
        titles.setdefault(row["credential_id"], set()).add(row["local_title"].strip())
    badges = {
        row["credential_id"]: BadgeText(
            row["credential_id"], row["title"], row["issuing_agency"] or row["training_agency"],
            kind=_CPL_KINDS.get(row["cpl_type"], "prior-learning"),
        )
        for row in _rows(folder / "credentials.csv")
        if row["credential_id"] in titles
    }  # fmt: skip
    courses = tuple(
        CourseText(f"cpl-{place}", row["college"], row["local_title"], code=f"{row['local_subject']} {row['local_number']}")
        for place, row in enumerate(_rows(folder / "local_courses.csv"))
    )
    precedents = tuple(
        PrecedentRow(
            badges[row["credential_id"]], row["local_title"].strip(), row["college"], CPL,
            f"{row['local_subject']} {row['local_number']}",
        )
        for row in articulations
    )  # fmt: skip
    names = ("credentials.csv", "articulations.csv", "local_courses.csv")
    return Dataset(
        CPL, _checksum(folder, names), tuple(badges.values()), courses,
        {badge: frozenset(found) for badge, found in titles.items()},
        precedents, tuple(badges), (False,) * len(badges),
    )  # fmt: skip


def load_rpi(folder: Path) -> Dataset:
    """Read single-to-single rules: 476 to a specific course, the rest to elective credit.

    Parameters
    ----------
    folder : Path
        Holds transfer_rules.jsonl and receiving_courses.csv.

    Returns
    -------
    Dataset
        Courses are the receiving courses that are not electives.
    """
    rules = [json.loads(line) for line in (folder / "transfer_rules.jsonl").read_text("utf-8").splitlines() if line.strip()]
    receiving = [row for row in _rows(folder / "receiving_courses.csv") if "lective" not in row["title"] and row["code"] != "XXXX"]
    courses = tuple(
        CourseText(row["code"], "Rensselaer Polytechnic Institute", row["title"], row["description"], code=row["code"])
        for row in receiving
    )
    single = [
        rule
        for rule in rules
        if len(rule["sending"]) == 1 == len(rule["receiving"]) and rule["kind"] in {"specific", "elective_only"}
    ]
    badges = tuple(_sending(place, rule) for place, rule in enumerate(single))
    matched = {
        badge.id: rule["receiving"][0]["code"] for badge, rule in zip(badges, single, strict=True) if rule["kind"] == "specific"
    }
    precedents = tuple(
        PrecedentRow(
            badge, rule["receiving"][0]["title"], "Rensselaer Polytechnic Institute", RPI, rule["receiving"][0]["code"],
            elective=badge.id not in matched,
        )
        for badge, rule in zip(badges, single, strict=True)
    )  # fmt: skip
    return Dataset(
        RPI, _checksum(folder, ("transfer_rules.jsonl", "receiving_courses.csv")), badges, courses,
        {badge: frozenset({code}) for badge, code in matched.items()},
        precedents, tuple(rule["institution"] for rule in single), tuple(rule["kind"] == "elective_only" for rule in single),
    )  # fmt: skip


def _sending(place: int, rule: dict[str, list[dict[str, str]]]) -> BadgeText:
    course = rule["sending"][0]
    return BadgeText(
        f"rpi-{place}", course["title"], str(rule["institution"]), course["description"],
        kind="course", subject=course["department"], code=course["code"],
    )  # fmt: skip


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _checksum(folder: Path, names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in names:
        digest.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return digest.hexdigest()
