"""PESC College Transcript XML, read as a stream: courses and awards, and nothing of the student.

Elements are known by their local names, which versions 1.3 to 1.8 of the message share: ``CollegeTranscript / Student /
AcademicRecord / AcademicSession / Course`` with ``CourseTitle``, ``CourseSubjectAbbreviation``, ``CourseNumber``,
``CourseCreditValue`` or ``CourseCreditEarned``, ``CourseCreditUnits``, ``CourseCreditLevel`` and ``CourseAcademicGrade``.
``Person`` is skipped whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException

from pathways.badges.markup import Names, stream
from pathways.errors import DataError, DataProblem
from pathways.record import DegreeHeld
from pathways.units import DegreeLevel, unit_named

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 60
MAX_COURSES = 2_000
MAX_TEXT = 1_000
#: What is never read, with all that is inside.
SKIPPED = frozenset({"Person", "TransmissionData", "NoteMessage", "Immunization", "Health", "UserDefinedExtensions"})
_DEGREES: tuple[tuple[str, DegreeLevel], ...] = (
    ("associate", "associate"), ("bachelor", "bachelor"), ("baccalaureate", "bachelor"), ("master", "master"),
    ("specialist", "specialist"), ("doctor", "doctorate"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PescCourse:
    """A course as texts; empty where the file does not say."""

    subject: str = ""
    number: str = ""
    title: str = ""
    credits: str = ""
    unit: str = ""
    level: str = ""
    grade: str = ""
    completed: str = ""
    term: str = ""
    school: str = ""


@dataclass(frozen=True, slots=True)
class PescTranscript:
    """What is read of a file."""

    courses: tuple[PescCourse, ...]
    degrees: tuple[DegreeHeld, ...]


def read_pesc(data: bytes, *, file: str) -> PescTranscript:
    """Read a transcript.

    Raises
    ------
    DataError
        If it is not XML, declares a document type, is too long or nested too deep, is no college transcript, or has no course.
    """
    target = _Target()
    try:
        if len(data) > MAX_BYTES:
            raise _RefusedError("a longer file", f"at most {MAX_BYTES:,} bytes")
        stream(data.lstrip(), target)
        if target.root != "CollegeTranscript":
            raise _RefusedError("another kind of XML", "a PESC CollegeTranscript")
        if not target.courses:
            raise _RefusedError("no course", "at least one Course with a CourseTitle")
    except _RefusedError as error:
        found, expected = error.args
        raise DataError((DataProblem(file, 1, "file", found, expected),)) from None
    except DefusedXmlException:
        raise DataError((DataProblem(file, 1, "file", "a document type or entities", "plain XML without them"),)) from None
    except (ParseError, ValueError, LookupError) as error:
        raise DataError((DataProblem(file, 1, "file", f"no XML ({str(error)[:80]})", "a PESC CollegeTranscript"),)) from None
    return PescTranscript(tuple(target.courses), tuple(target.degrees))


class _RefusedError(Exception):
    """Found and expected."""


class _Target:
    """Receives the parser's events; keeps texts of the elements it knows."""

    def __init__(self) -> None:
        self.root = ""
        self._names = Names()
        self.courses: list[PescCourse] = []
        self.degrees: list[DegreeHeld] = []
        self._path: list[str] = []
        self._skipping = 0
        self._text: list[str] = []
        self._school = ""
        self._term = ""
        self._course: dict[str, str] = {}
        self._award: dict[str, str] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._names.saw(tag, attributes)
        name = tag.rpartition("}")[2]
        self.root = self.root or name
        if len(self._path) >= MAX_DEPTH:
            raise _RefusedError("elements nested without end", f"at most {MAX_DEPTH} inside one another")
        self._path.append(name)
        self._skipping += name in SKIPPED
        self._text = []
        if name == "Course":
            self._course = {}
        elif name == "AcademicAward":
            self._award = {}
        elif name == "AcademicSession":
            self._term = ""

    def data(self, text: str) -> None:
        if not self._skipping and sum(map(len, self._text)) < MAX_TEXT:
            self._text.append(text[:MAX_TEXT])

    def end(self, tag: str) -> None:
        name = self._path.pop()
        if name in SKIPPED:
            self._skipping -= 1
        elif not self._skipping:
            self._ended(name, " ".join("".join(self._text).split()))
        self._text = []

    def close(self) -> None:
        """Nothing is left to do."""

    def _ended(self, name: str, text: str) -> None:
        inside = self._path[-1] if self._path else ""
        if name == "Course":
            self._end_course()
        elif name == "AcademicAward":
            self._end_award()
        elif inside == "Course":
            self._course[name] = text
        elif inside == "AcademicAward":
            self._award[name] = text
        elif name == "OrganizationName" and "School" in self._path and "Course" not in self._path:
            self._school = text
        elif name in {"SessionName", "SessionDesignator"} and not (name == "SessionDesignator" and self._term):
            self._term = text

    def _end_course(self) -> None:
        found = self._course
        if len(self.courses) >= MAX_COURSES:
            raise _RefusedError("more courses", f"at most {MAX_COURSES:,}")
        self.courses.append(
            PescCourse(
                subject=found.get("CourseSubjectAbbreviation", ""),
                number=found.get("CourseNumber", ""),
                title=found.get("CourseTitle", ""),
                credits=found.get("CourseCreditEarned") or found.get("CourseCreditValue", ""),
                unit=_unit(found.get("CourseCreditUnits", "")),
                level=found.get("CourseCreditLevel", ""),
                grade=found.get("CourseAcademicGrade", ""),
                completed=found.get("CourseEndDate", ""),
                term=self._term,
                school=self._school,
            )
        )

    def _end_award(self) -> None:
        title = self._award.get("AcademicAwardTitle", "")
        level = next((level for word, level in _DEGREES if word in title.casefold()), None)
        if level is not None:
            self.degrees.append(
                DegreeHeld(level, title[:200], self._school or None, _day(self._award.get("AcademicAwardDate", "")))
            )


def _unit(text: str) -> str:
    """PESC says Semester, Quarter, ClockHours and so on, as one word each; what says no unit is left blank."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return "" if unit_named(spaced) is None else spaced


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
