"""An institution's courses: read from a CSV, every bad row named, kept all or not at all.

A course whose text changed reopens the matches that rest on it. Leaves out matching.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select

from api.review.tables import courses as table
from api.store.database import Database
from api.store.overlays import now
from pathways.errors import DataError, DataProblem
from pathways.matching.proposal import CourseText
from pathways.text_files import read_table, shown

COLUMNS = ("id", "title", "description", "credits", "outcomes", "level", "institution")
NEEDED = ("id", "title")
MOST_CREDITS = Decimal(100)
MOST_ROWS = 200_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import of courses did."""

    total: int
    added: int
    changed: int
    removed: int
    changed_ids: tuple[str, ...]


def read_courses(text: str, file: str, institution: str, *, own_only: bool = False) -> tuple[CourseText, ...]:
    """Courses of a CSV with a header: ``id,title`` and, where known, ``description,credits,outcomes,level,institution``.

    Parameters
    ----------
    institution : str
        Name of the institution where a row names none.
    own_only : bool
        Whether rows that name another institution are refused: nobody decides what somebody else's course is given for.

    Raises
    ------
    DataError
        Naming every bad row: no id or title, an id twice, credits that are no number from 0 to 100.
    """
    problems: list[DataProblem] = []
    found: dict[str, CourseText] = {}
    for line in read_table(file, text, COLUMNS, problems, required=NEEDED):
        entry = _course(line.cells, line.row, file, institution, problems)
        if entry is None:
            continue
        if entry.id.casefold() in found:
            problems.append(DataProblem(file, line.row, "id", f"{shown(entry.id)} for the second time", "each course once"))
        if own_only and entry.institution.casefold() != institution.casefold():
            expected = f"{institution}, or nothing: an institution speaks for its own courses"
            problems.append(DataProblem(file, line.row, "institution", shown(entry.institution), expected))
        found[entry.id.casefold()] = entry
    if len(found) > MOST_ROWS:
        problems.append(DataProblem(file, MOST_ROWS, "file", f"{len(found):,} courses", f"at most {MOST_ROWS:,} in one file"))
    if not found and not problems:
        problems.append(DataProblem(file, 1, "file", "no course", "a header and at least one row"))
    if problems:
        raise DataError(tuple(problems))
    return tuple(found.values())


def _course(row: Mapping[str, str], number: int, file: str, institution: str, problems: list[DataProblem]) -> CourseText | None:
    missing = [name for name in NEEDED if not row.get(name, "").strip()]
    if missing:
        problems.extend(DataProblem(file, number, name, "nothing", "a text") for name in missing)
        return None
    text = row.get("credits", "").strip()
    try:
        amount = Decimal(text) if text else None
        if amount is not None and not 0 <= amount <= MOST_CREDITS:
            raise InvalidOperation
    except InvalidOperation:
        problems.append(DataProblem(file, number, "credits", shown(text), f"a number from 0 to {MOST_CREDITS}, or nothing"))
        return None
    outcomes = tuple(part.strip() for part in row.get("outcomes", "").split(";") if part.strip())
    return CourseText(
        row["id"].strip(),
        row.get("institution", "").strip() or institution,
        row["title"].strip(),
        row.get("description", "").strip(),
        outcomes,
        None if amount is None else float(amount),
        row.get("level", "").strip(),
    )


def text_sha256(course: CourseText) -> str:
    """What tells that a course's text changed: its id and who imported it left out."""
    parts = [course.institution, course.title, course.description, list(course.outcomes), course.credits, course.level]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CourseStore:
    """Courses of one institution."""

    database: Database
    institution: str

    def keep(self, connection: Connection, found: Sequence[CourseText]) -> Imported:
        """Put these in place of all kept before, within a write transaction."""
        old = {row.id: row.text_sha256 for row in connection.execute(select(table.c.id, table.c.text_sha256).where(self._mine()))}
        new = {course.id: text_sha256(course) for course in found}
        changed = tuple(sorted(key for key in old if new.get(key) != old[key]))
        connection.execute(delete(table).where(self._mine()))
        at = now()
        rows = [self._row(course, at) for course in found]
        if connection.dialect.name == "sqlite":
            connection.execute(insert(table), rows)
        else:
            for start in range(0, len(rows), CHUNK):
                # One statement for many rows: a server is asked a hundred times, not fifty thousand.
                connection.execute(insert(table).values(rows[start : start + CHUNK]))
        removed = len(old.keys() - new.keys())
        return Imported(len(new), len(new.keys() - old.keys()), len(changed) - removed, removed, changed)

    def all(self) -> tuple[CourseText, ...]:
        """All courses, by id."""
        with self.database.read() as connection:
            rows = connection.execute(select(table).where(self._mine()).order_by(table.c.id)).all()
        return tuple(map(_read, rows))

    def some(self, ids: Iterable[str]) -> dict[str, CourseText]:
        """The courses of these ids that there are."""
        with self.database.read() as connection:
            rows = connection.execute(select(table).where(self._mine() & table.c.id.in_(list(ids)))).all()
        return {row.id: _read(row) for row in rows}

    def count(self) -> int:
        """How many there are."""
        with self.database.read() as connection:
            return int(connection.execute(select(func.count()).select_from(table).where(self._mine())).scalar_one())

    def _mine(self) -> Any:
        return table.c.institution_id == self.institution

    def _row(self, course: CourseText, at: str) -> dict[str, Any]:
        return {
            "institution_id": self.institution,
            "id": course.id,
            "institution": course.institution,
            "title": course.title,
            "description": course.description,
            "outcomes": json.dumps(list(course.outcomes)),
            "credits": None if course.credits is None else str(course.credits),
            "level": course.level,
            "text_sha256": text_sha256(course),
            "imported_at": at,
        }


def _read(row: Any) -> CourseText:
    return CourseText(
        row.id,
        row.institution,
        row.title,
        row.description,
        tuple(json.loads(row.outcomes)),
        None if row.credits is None else float(row.credits),
        row.level,
    )
