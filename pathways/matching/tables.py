"""Badges and courses from CSV files, and a match as one line of JSON.

Other columns are left alone, and what cannot be seen (control characters) becomes a space: such files come out of many systems.
A cell that begins like a formula is text here and stays text. Ids must be there and distinct, so that answers can be told apart.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, TypeVar

from pathways.errors import DataError, DataProblem
from pathways.matching.proposal import BadgeText, CourseText, MatchResult
from pathways.text_files import did_you_mean, read_text, shown

BADGE_COLUMNS: Final = ("id", "title", "issuer", "description", "outcomes", "hours", "level", "kind", "subject", "code")
COURSE_COLUMNS: Final = ("id", "institution", "title", "description", "credits", "outcomes", "level", "code")

#: Rows of one file.
MOST_ROWS: Final = 200_000
_LONGEST: Final = 20_000
"""Characters of one cell that are kept; the encoder reads about 1,200."""

_UNSEEN: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")
_AMOUNT: Final = re.compile(r"\d{1,6}(?:\.\d{1,6})?")

RowT = TypeVar("RowT", BadgeText, CourseText)


def read_badges(path: Path) -> tuple[BadgeText, ...]:
    """Badges of a CSV with the columns id and title, and where known the others of `BADGE_COLUMNS`.

    Raises
    ------
    DataError
        Naming every problem: not UTF-8, a missing column, a ragged row, an id missing or twice, hours that are no number.
    """

    def badge(cells: dict[str, str], hours: float | None) -> BadgeText:
        plain = {name: cells[name] for name in BADGE_COLUMNS if name not in {"outcomes", "hours"}}
        return BadgeText(**plain, outcomes=_listed(cells["outcomes"]), hours=hours)

    return _read(path, BADGE_COLUMNS, "hours", badge)


def read_courses(path: Path) -> tuple[CourseText, ...]:
    """Courses of a CSV with the columns id and title, and where known the others of `COURSE_COLUMNS`; see `read_badges`.

    A row with neither title nor description is left out: there is nothing to compare.
    """

    def course(cells: dict[str, str], amount: float | None) -> CourseText:
        plain = {name: cells[name] for name in COURSE_COLUMNS if name not in {"outcomes", "credits"}}
        return CourseText(**plain, outcomes=_listed(cells["outcomes"]), credits=amount)

    return tuple(found for found in _read(path, COURSE_COLUMNS, "credits", course) if found.title or found.description)


def line(result: MatchResult) -> str:
    """A match as one line of JSON: badge, candidates with their probabilities, none_fits, abstained, and why."""
    return json.dumps(
        {
            "badge": result.badge_id,
            "candidates": [{"course": one.course_id, "probability": _rounded(one.probability)} for one in result.proposals],
            "none_fits": _rounded(result.none_fits),
            "abstained": result.abstained,
            "reason": result.reason,
            "elective_only": _rounded(result.elective_only),
            "precedents": result.precedents_used,
        },
        ensure_ascii=False,
    )


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _read(
    path: Path, columns: Sequence[str], amount: str, make: Callable[[dict[str, str], float | None], RowT]
) -> tuple[RowT, ...]:
    problems: list[DataProblem] = []
    found: dict[str, RowT] = {}
    text = read_text(path, problems)
    for row, cells in _rows(path.name, text or "", columns, problems):
        number = cells[amount]
        if not cells["id"].strip():
            problems.append(DataProblem(path.name, row, "id", "nothing", "an id"))
        elif _UNSEEN.search(cells["id"]):
            problems.append(DataProblem(path.name, row, "id", shown(cells["id"]), "an id of characters that can be seen"))
        elif cells["id"] in found:
            problems.append(DataProblem(path.name, row, "id", f"{shown(cells['id'])} for the second time", "each id once"))
        elif number and not _AMOUNT.fullmatch(number):
            problems.append(DataProblem(path.name, row, amount, shown(number), "a number such as 3 or 1.5, or nothing"))
        else:
            found[cells["id"]] = make(cells, float(number) if number else None)
    if not found and not problems:
        problems.append(DataProblem(path.name, 1, "file", "no row", "a header and at least one row"))
    if len(found) > MOST_ROWS:
        problems.append(DataProblem(path.name, MOST_ROWS, "file", f"{len(found):,} rows", f"at most {MOST_ROWS:,}"))
    if problems:
        raise DataError(tuple(problems))
    return tuple(found.values())


def _rows(file: str, text: str, columns: Sequence[str], problems: list[DataProblem]) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [name.strip().casefold() for name in next(reader, [])]
        missing = [name for name in ("id", "title") if name not in header]
        if text and missing:
            problems += (
                DataProblem(file, 1, name, "no such column", f'a column "{name}" in the header', did_you_mean(name, header))
                for name in missing
            )
            return
        before = reader.line_num
        for cells in reader:
            row, before = before + 1, reader.line_num
            if cells and len(cells) != len(header):
                problems.append(DataProblem(file, row, header[-1], f"{len(cells)} cells", f"{len(header)} cells, as in the header"))
            elif cells:
                given = dict(zip(header, cells, strict=True))
                # An id is an answer's only link back to the file, so that it stays as it is, to the last space.
                yield row, {name: _clean(given.get(name, "")) if name != "id" else given["id"] for name in columns}
    except csv.Error as error:
        problems.append(
            DataProblem(file, reader.line_num, "file", f"a line that is not CSV ({error})", "cells in commas, quotes in pairs")
        )


def _clean(cell: str) -> str:
    return _UNSEEN.sub(" ", cell[:_LONGEST]).strip()


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[;|]", cell) if part.strip())
