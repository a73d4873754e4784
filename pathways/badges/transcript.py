"""A transcript to a learner's record: a table of courses (CSV, as pasted from a student portal) or PESC College Transcript XML.

Kept of each course: code, title, credits, grade, level, when and where. Never read: the student's name, birth date, number and
address. Courses that were not passed or are not finished are told, not counted. Leaves out whether the transcript is official.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from pathways.badges.pesc import PescCourse, read_pesc
from pathways.badges.resolve import Index, same_issuer
from pathways.errors import DataError, DataProblem
from pathways.fields import MAX_ENTRIES, Fields, Spot
from pathways.record import EarnedCredential, LearnerRecord
from pathways.text_files import read_table, read_text, shown
from pathways.units import GRADES, CreditValue, Level

#: Headings that student portals write, by what they mean here.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("course", "code", "course code", "course id", "course number", "number"),
    "title": ("title", "course title", "name", "course name", "description"),
    "credits": ("credits", "credit", "credit hours", "hours", "units", "credits earned", "earned"),
    "unit": ("unit", "credit unit", "credit type"),
    "grade": ("grade", "final grade", "mark"),
    "level": ("level", "course level"),
    "completed": ("completed", "completed on", "date", "end date", "completion date"),
    "term": ("term", "semester", "session"),
    "institution": ("institution", "college", "school", "university"),
    "subject": ("subject", "department", "area"),
}
#: Marks that say a course was passed. Any other (W, I, IP, NC, and E, which fails at some schools) leaves it out.
EARNED = frozenset({*GRADES, "P", "S", "CR", "PASS", "T", "TR"}) - {"F"}
_LEVELS: Mapping[str, Level] = {
    "graduate": "graduate", "grad": "graduate", "g": "graduate", "masters": "graduate", "doctoral": "graduate",
    "undergraduate": "undergraduate", "ug": "undergraduate", "u": "undergraduate", "lowerdivision": "undergraduate",
    "upperdivision": "undergraduate", "professional-development": "professional-development",
}  # fmt: skip
_TERM_ENDS = {"winter": (3, 31), "spring": (5, 31), "summer": (8, 31), "fall": (12, 31), "autumn": (12, 31)}
_NO_UNIT = "The transcript does not say the unit of some credits; they were read as semester hours."
_SEASON = "winter|spring|summer|fall|autumn"
_TERM = re.compile(rf"({_SEASON})\D{{0,5}}(\d{{4}})|(\d{{4}})\D{{0,5}}({_SEASON})", re.IGNORECASE)
#: What a transcript means that names no unit; a note says so.
UNSTATED = "semester"
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Transcript:
    """The record of a transcript, and what to tell of courses that do not count."""

    record: LearnerRecord
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Course:
    """One line of a transcript, read."""

    code: str | None
    title: str
    credits: CreditValue | None
    has_unit: bool
    grade: str | None
    level: Level | None
    completed: date | None
    institution: str | None
    subject: str | None


def is_transcript(data: bytes) -> bool:
    """Whether a file reads as a transcript: XML, or a table whose header names courses and has no column of ids."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return True
    header = [_plain(cell) for cell in start.split(b"\n")[0].decode("utf-8", "replace").split(",")]
    known = {word for words in HEADINGS.values() for word in words}
    return "id" not in header and len(known.intersection(header)) >= 2


def read_transcript(data: bytes, *, name: str, index: Index) -> Transcript:
    """Read a transcript.

    Parameters
    ----------
    data : bytes
        CSV with a header, or PESC XML.
    name : str
        What problems call it.
    index : Index
        Of the catalog: a course it has, by id or by name and institution, counts as that course; others as the learner's own.

    Returns
    -------
    Transcript

    Raises
    ------
    DataError
        With every problem: row (for XML the number of the course), column, and what to write.
    """
    problems: list[DataProblem] = []
    file = Path(name).name
    if data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        pesc = read_pesc(data, file=file)
        courses = [(row, _course(_pesc_cells(found), file, row, problems)) for row, found in enumerate(pesc.courses, 1)]
        degrees = pesc.degrees or None
    else:
        courses, degrees = _table(data, file, problems), None
    if problems:
        raise DataError(tuple(problems))
    notes = [_NO_UNIT] if any(not course.has_unit for _, course in courses) else []
    achievements = [earned for row, course in courses if (earned := _earned(course, row, index, notes)) is not None]
    return Transcript(LearnerRecord(achievements=tuple(achievements), degrees=degrees), tuple(notes))


def _table(data: bytes, file: str, problems: list[DataProblem]) -> list[tuple[int, Course]]:
    text = read_text(Path(file), problems, data=data)
    if text is None:
        return []
    first, _, rest = text.partition("\n")
    header = ",".join(_meaning(cell) for cell in first.rstrip("\r").split(","))
    lines = read_table(file, f"{header}\n{rest}", tuple(HEADINGS), problems, required=("title",))
    if len(lines) > MAX_ENTRIES:
        problems.append(DataProblem(file, lines[MAX_ENTRIES].row, "title", f"{len(lines):,} courses", f"at most {MAX_ENTRIES:,}"))
        return []
    return [(line.row, _course(line.cells, file, line.row, problems)) for line in lines]


def _meaning(cell: str) -> str:
    plain = _plain(cell)
    return next((meaning for meaning, words in HEADINGS.items() if plain in words), plain)


def _plain(cell: str) -> str:
    return " ".join(cell.strip().strip('"').replace("_", " ").split()).casefold()


def _pesc_cells(course: PescCourse) -> dict[str, str]:
    return {
        "code": f"{course.subject} {course.number}".strip(), "title": course.title, "credits": course.credits, "unit": course.unit,
        "grade": course.grade, "level": course.level, "completed": course.completed, "term": course.term,
        "institution": course.school, "subject": "",
    }  # fmt: skip


def _course(cells: Mapping[str, str], file: str, row: int, problems: list[DataProblem]) -> Course:
    fields = Fields(cells, Spot(file, row, ""), problems)
    level = _LEVELS.get(cells.get("level", "").replace(" ", "").casefold())
    number, unit = fields.number("credits"), fields.unit("unit")
    return Course(
        code=fields.text("code"),
        title=fields.must("title"),
        credits=None if number is None else CreditValue(number, unit or UNSTATED, level),
        has_unit=number is None or unit is not None,
        grade=(cells.get("grade") or "").upper() or None,
        level=level,
        completed=fields.day("completed") or _term_end(cells.get("term", "")),
        institution=fields.text("institution"),
        subject=fields.text("subject"),
    )


def _term_end(text: str) -> date | None:
    """About when a term ends; "Fall 2025" and "2025 Fall" say no day, so its last month does."""
    match = _TERM.search(text)
    if match is None:
        return None
    season, year = (match.group(1) or match.group(4)).casefold(), int(match.group(2) or match.group(3))
    return date(year, *_TERM_ENDS[season]) if year else None


def _earned(course: Course, row: int, index: Index, notes: list[str]) -> EarnedCredential | None:
    what = f"row {row}: {shown(course.title)}"
    if course.grade is not None and course.grade not in EARNED:
        notes.append(f"{what} has the grade {shown(course.grade)}, so it does not count.")
        return None
    if course.grade is None and (course.credits is None or course.credits.amount == 0):
        notes.append(f"{what} has no grade and no credits, so it does not count.")
        return None
    found = _cataloged(course, index)
    return EarnedCredential(
        id=found or _own_id(course),
        name=None if found else course.title,
        earned_on=course.completed,
        grade=course.grade if course.grade in GRADES else None,
        credits=course.credits,
        level=course.level,
        transcripted=True,
        type=None if found else "course",
        subject=None if found else course.subject,
        issuer=None if found else course.institution,
    )


def _cataloged(course: Course, index: Index) -> str | None:
    if course.code is not None and course.code in index.credentials:
        return course.code
    same = [item for item in index.by_name(course.title) if same_issuer(course.institution, index.credentials[item].issuer)]
    return same[0] if len(same) == 1 else None


def _own_id(course: Course) -> str:
    """Readable and stable: the institution and the code, or the title where there is no code."""
    parts = (_SLUG.sub("-", part.casefold()).strip("-")[:60] for part in (course.institution or "", course.code or course.title))
    return "own:" + ("-".join(part for part in parts if part) or "course")
