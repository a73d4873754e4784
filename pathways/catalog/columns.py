"""Readers of single cells: text to id, amount, date, choice, place, credit, selection, rule.

A reader that cannot read adds a problem and returns a stand-in, so one run reports every problem; the load then fails as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar, get_args

from pathways.credential import Confidence, Select, Source
from pathways.errors import DataProblem, RequirementSyntaxError, UnitError
from pathways.places import STATES, Place
from pathways.requirements.parse import parse
from pathways.requirements.rules import NOTHING_REQUIRED, AtLeast, Requirement
from pathways.text_files import Line, did_you_mean, shown
from pathways.units import UNITS, CreditValue, Level, amount

CONFIDENCES: tuple[Confidence, ...] = get_args(Confidence)

_ID = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]|:(?=[A-Za-z0-9_]))*", re.ASCII)
_URL = re.compile(r"https?://([^\s/?#:]+)\S*")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHOWN_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?|-20\d\d)?")
_MONEY = re.compile(r"\d{1,6}(?:\.\d{1,2})?")

C = TypeVar("C", bound=str)


class Cells:
    """One line of one table, read cell by cell.

    Parameters
    ----------
    file : str
        Name of the table, for problems.
    line : Line
        The line.
    problems : list of DataProblem
        Receives what does not read.
    notes : sequence of (str, str)
        Warnings by host: the ending of a host name, and what to say of addresses there.
    """

    def __init__(self, file: str, line: Line, problems: list[DataProblem], notes: Sequence[tuple[str, str]] = ()) -> None:
        self.file = file
        self.row = line.row
        self._cells = line.cells
        self._problems = problems
        self._notes = notes

    def wrong(self, column: str, expected: str, suggestion: str = "", *, found: str | None = None) -> None:
        """Add a problem of one column; what was found is the cell itself unless told otherwise."""
        what = shown(self._cells[column]) if found is None else found
        self._problems.append(DataProblem(self.file, self.row, column, what, expected, suggestion))

    def blank(self, column: str) -> bool:
        """Whether a cell is empty: unknown, never zero."""
        return not self._cells[column]

    def text(self, column: str) -> str:
        """A text that must be there."""
        if self.blank(column):
            self.wrong(column, "some text")
        return self._cells[column]

    def optional(self, column: str) -> str | None:
        """A text that may be blank."""
        return self._cells[column] or None

    def id(self, column: str = "id") -> str:
        """An id: letters, digits, ``.``, ``_``, ``-`` and an inner ``:``."""
        value = self._cells[column]
        if _ID.fullmatch(value) is None or len(value) > 100:
            self.wrong(column, "an id of letters, digits, dots, dashes and underscores, at most 100 characters")
        return value

    def ids(self, column: str) -> tuple[str, ...]:
        """Ids parted by semicolons; none where the cell is blank."""
        return tuple(part.strip() for part in self._cells[column].split(";")) if self._cells[column] else ()

    def choice(self, column: str, allowed: Sequence[C]) -> C:
        """One of a few words."""
        value = self._cells[column]
        for word in allowed:
            if word == value:
                return word
        self.wrong(column, f"one of {', '.join(allowed)}", did_you_mean(value, allowed, count=1))
        return allowed[0]

    def optional_choice(self, column: str, allowed: Sequence[C]) -> C | None:
        """One of a few words, or blank."""
        return None if self.blank(column) else self.choice(column, allowed)

    def flag(self, column: str) -> bool:
        """``yes`` or blank."""
        if self._cells[column] not in ("", "yes"):
            self.wrong(column, '"yes" or a blank cell')
        return self._cells[column] == "yes"

    def yes_no(self, column: str) -> bool | None:
        """``yes``, ``no``, or blank for unknown."""
        value = self.optional_choice(column, ("yes", "no"))
        return None if value is None else value == "yes"

    def number(self, column: str) -> Fraction | None:
        """An exact amount that is not negative, or blank."""
        if self.blank(column):
            return None
        try:
            return amount(self._cells[column])
        except UnitError:
            self.wrong(column, "a number between 0 and 100,000, such as 3, 0.5 or 1/3")
            return None

    def whole(self, column: str) -> int | None:
        """A whole number from 1, or blank."""
        number = self.number(column)
        if number is None:
            return None
        if number.denominator != 1 or number == 0:
            self.wrong(column, "a whole number from 1")
            return None
        return number.numerator

    def dollars(self, column: str) -> Decimal | None:
        """US dollars with at most two decimals, or blank for unknown."""
        if self.blank(column):
            return None
        if _MONEY.fullmatch(self._cells[column]) is None:
            self.wrong(column, "US dollars as a plain number, such as 75 or 62.50", "Leave it blank where the price is unknown.")
            return None
        return Decimal(self._cells[column])

    def day(self, column: str) -> date | None:
        """A day in ISO form, or blank."""
        value = self._cells[column]
        if not value:
            return None
        try:
            if _DAY.fullmatch(value):
                return date.fromisoformat(value)
        except ValueError:
            pass
        self.wrong(column, "a day that exists, as YYYY-MM-DD")
        return None

    def days(self, first: str, last: str) -> tuple[date | None, date | None]:
        """First and last day of a window, in order."""
        start, end = self.day(first), self.day(last)
        if start and end and end < start:
            self.wrong(last, f"a day not before {first}, {start}")
        return start, end

    def unit(self, column: str, allowed: Collection[str] = UNITS) -> str | None:
        """A known unit by its singular name, or blank."""
        value = self._cells[column]
        if value and value not in allowed:
            self.wrong(column, "a known unit", did_you_mean(value, allowed) or f"Known: {', '.join(sorted(allowed))}.")
        return value or None

    def credits(self, amount_column: str, unit_column: str, level: Level | None) -> CreditValue | None:
        """So much of one unit, at a level; None where no amount is given."""
        number, unit = self.number(amount_column), self.unit(unit_column)
        if self.blank(amount_column) and unit is not None:
            self.wrong(amount_column, f"an amount for the unit {shown(unit)}, or no unit")
        if number is None:
            return None
        if unit is None:
            self.wrong(unit_column, f"the unit of {self._cells[amount_column]}, such as semester or CEU")
            return None
        return CreditValue(number, unit, level)

    def place(self, *, institution: bool = False) -> Place:
        """Where a row binds, from its columns nation, state, district and, where the table has it, institution."""
        nation, state = self.optional("nation"), self.optional("state")
        if nation is not None and not (len(nation) == 2 and nation.isascii() and nation.isupper()):
            self.wrong("nation", "a two-letter nation such as US, or blank for anywhere")
        if state is not None and nation == "US" and state not in STATES:
            self.wrong("state", "a US state such as US-OH", did_you_mean(state, STATES, count=1))
        elif state is not None and (nation is None or not state.startswith(f"{nation}-")):
            self.wrong("state", f"a subdivision of the nation {shown(nation or '')}, such as US-OH with US")
        return Place(nation, state, self.optional("district"), self.optional("institution") if institution else None)

    def source(self, *, dated: bool = False) -> Source:
        """Address, confidence and date of a fact, with a warning where the address is a copy."""
        url = self._cells["source_url"]
        match = _URL.fullmatch(url)
        if match is None:
            self.wrong("source_url", "a web address that starts with http:// or https://")
        read_on = self.day("read_on")
        if self.blank("read_on"):
            self.wrong("read_on", "the day the page was read, as YYYY-MM-DD")
        date_shown = self._cells["text_date"] if dated else ""
        if date_shown and _SHOWN_DATE.fullmatch(date_shown) is None:
            self.wrong("text_date", "a year, a month or a day such as 2025, 2025-06 or 2025-06-01, or two years 2024-2025")
        confidence = self.choice("confidence", CONFIDENCES)
        note = self._note(match.group(1).casefold().rstrip(".")) if match else ""
        return Source(url, confidence, date_shown or str(read_on), self.file, self.row, note)

    def _note(self, host: str) -> str:
        return next((note for ending, note in self._notes if host == ending or host.endswith(f".{ending}")), "")

    def rule(self, column: str) -> Requirement:
        """A requirement text."""
        if self.blank(column):
            self.wrong(column, "a requirement such as all(a, b)")
            return NOTHING_REQUIRED
        try:
            return parse(self._cells[column])
        except RequirementSyntaxError as error:
            self.wrong(column, f"{error.expected} at column {error.column}", found=error.found)
            return NOTHING_REQUIRED

    def selection(self, column: str) -> Select | None:
        """One ``select(...)``, or blank."""
        text = self._cells[column]
        if not text:
            return None
        before = "at_least(1, "
        try:
            tree = parse(f"{before}{text})")
        except RequirementSyntaxError as error:
            self.wrong(column, f"{error.expected} at column {error.column - len(before)}", found=error.found)
            return None
        if isinstance(tree, AtLeast) and len(tree.children) == 1 and isinstance(tree.children[0], Select):
            return tree.children[0]
        self.wrong(column, 'one selection such as select(issuer="...", type=badge)')
        return None

    def items(self, column: str) -> tuple[str, ...] | Select:
        """Ids parted by semicolons, or one ``select(...)``."""
        if self._cells[column].startswith("select("):
            return self.selection(column) or ()
        return self.ids(column)
