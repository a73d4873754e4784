"""A caseload file: one question a line, its columns checked first, every bad line named without losing the good ones.

``have`` holds ids with ``;`` between them. A learner is a pseudonym of the advisor's own; names do not belong in the file.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pathways.errors import DataError, DataProblem
from pathways.text_files import has_control_characters, shown

COLUMNS = ("learner", "goal", "have", "place", "target")
NEEDED = ("learner",)
MOST_ROWS = 20_000
MOST_CELL = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the file (the header is 1), what it says, and what is wrong with its form, if anything."""

    number: int
    given: Mapping[str, str]
    problem: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Caseload:
    """A file that was read.

    Parameters
    ----------
    lines : tuple of Line
    used, ignored : tuple of str
        Columns of the file that are understood, and those that are not.
    key : str
        The same for the same content, whatever the file is called.
    """

    lines: tuple[Line, ...]
    used: tuple[str, ...]
    ignored: tuple[str, ...]
    key: str


def read_caseload(text: str, file: str) -> Caseload:
    """Read a caseload.

    Raises
    ------
    DataError
        If the whole file cannot be used: no header, no ``learner`` column, neither goals nor targets, no rows, too many.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    try:
        header = [cell.strip().lower() for cell in next(filter(None, reader), [])]
        _check_header(header, file)
        number = reader.line_num + 1
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append(_line(number, header, cells))
            number = reader.line_num + 1
    except csv.Error as error:
        found = f"a line that is not CSV ({error})"
        raise DataError((DataProblem(file, reader.line_num, "file", found, "cells in commas, quotes in pairs"),)) from error
    if not lines:
        raise DataError((DataProblem(file, 1, "file", "no rows", "a header and at least one row"),))
    if len(lines) > MOST_ROWS:
        raise DataError((DataProblem(file, MOST_ROWS, "file", f"{len(lines):,} rows", f"at most {MOST_ROWS:,} in one file"),))
    used = tuple(name for name in COLUMNS if name in header)
    ignored = tuple(name for name in header if name not in COLUMNS)
    return Caseload(_told_apart(lines), used, ignored, hashlib.sha256(text.encode()).hexdigest()[:32])


def _check_header(header: Sequence[str], file: str) -> None:
    problems = [
        DataProblem(file, 1, name, "no such column", f"a header with {', '.join(COLUMNS)}") for name in NEEDED if name not in header
    ]
    if not {"goal", "target"} & set(header):
        problems.append(DataProblem(file, 1, "goal", "neither goals nor targets", 'a column "goal", "target" or both'))
    problems += (DataProblem(file, 1, name, "the column twice", "each column once") for name in COLUMNS if header.count(name) > 1)
    if problems:
        raise DataError(tuple(problems))


def _line(number: int, header: Sequence[str], cells: Sequence[str]) -> Line:
    given = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name in COLUMNS}
    if len(cells) != len(header):
        return Line(
            number, given, f"{len(cells)} cells, the header has {len(header)}. Put quotes around a cell with a comma.", "learner"
        )
    for name, cell in given.items():
        if has_control_characters(cell) or len(cell) > MOST_CELL:
            return Line(number, given, f"found {shown(cell)}: expected at most {MOST_CELL:,} characters of plain text.", name)
    if not given["learner"]:
        return Line(number, given, "no learner: give each row a pseudonym of your own.", "learner")
    if not given.get("goal") and not given.get("target"):
        return Line(number, given, "neither a goal nor a target.", "goal")
    return Line(number, given)


def _told_apart(lines: Sequence[Line]) -> tuple[Line, ...]:
    """A learner who stands in two rows is answered in the first and named in the other."""
    first: dict[str, int] = {}
    found = []
    for line in lines:
        name = line.given.get("learner", "")
        if not line.problem and name in first:
            found.append(Line(line.number, line.given, f"{shown(name)} stands in row {first[name]} already.", "learner"))
            continue
        first.setdefault(name, line.number)
        found.append(line)
    return tuple(found)
