"""Fields of one object, read one by one: text, choice, number, day, unit, list. Every problem is collected with its place.

For values that people or programs send: a JSON object, or one line of a CSV. A reader that cannot read adds a problem and
returns a stand-in, so one run names them all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, NamedTuple, TypeVar

from pathways.errors import DataProblem, UnitError
from pathways.text_files import did_you_mean, has_control_characters, shown
from pathways.units import UNITS, CreditValue, Level, amount, unit_named

#: Longest text and longest list that are read.
MAX_TEXT = 500
MAX_ENTRIES = 10_000

_YES_NO: tuple[Literal["yes", "no"], ...] = ("yes", "no")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONEY = re.compile(r"\d{1,9}(?:\.\d{1,2})?")

T = TypeVar("T")
C = TypeVar("C", bound=str)


class Spot(NamedTuple):
    """Where an object stands.

    ``row`` is the row of a CSV, or the number of the entry in its JSON list (1 outside lists); ``prefix`` precedes field names.
    """

    file: str
    row: int
    prefix: str


class Fields:
    """Fields of one object or one line.

    Parameters
    ----------
    values : mapping
        The object.
    at : Spot
        Where it stands.
    problems : list of DataProblem
        Receives what does not read.
    """

    def __init__(self, values: Mapping[str, Any], at: Spot, problems: list[DataProblem]) -> None:
        self._values = values
        self.at = at
        self.problems = problems

    def wrong(self, name: str, expected: str, suggestion: str = "") -> None:
        """Add a problem of one field; what was found is its value."""
        found = self._values.get(name)
        text = shown(found) if isinstance(found, str) else shown(str(found))
        self.problems.append(DataProblem(self.at.file, self.at.row, f"{self.at.prefix}{name}", text, expected, suggestion))

    def only(self, names: Sequence[str]) -> None:
        """Add a problem for each field beyond the named ones."""
        for name in self._values:
            if name not in names:
                place = f"{self.at.prefix}{name[:60]}"
                expected = f"one of the fields {', '.join(names)}"
                self.problems.append(
                    DataProblem(self.at.file, self.at.row, place, shown(name), expected, did_you_mean(name, names, count=1))
                )

    def value(self, name: str) -> Any:
        """The value as it stands; None where it is missing, null or blank."""
        found = self._values.get(name)
        return None if found == "" else found

    def text(self, name: str) -> str | None:
        """A text on one line, or None."""
        found = self.value(name)
        if found is None or (isinstance(found, str) and _is_plain(found)):
            return found
        self.wrong(name, f"text on one line, at most {MAX_TEXT} characters")
        return None

    def must(self, name: str) -> str:
        """A text that must be there."""
        found = self.text(name)
        if found is None and self.value(name) is None:
            self.wrong(name, "some text")
        return found or ""

    def choice(self, name: str, allowed: Sequence[C]) -> C | None:
        """One of a few words, or None."""
        found = self.value(name)
        if found is None:
            return None
        for word in allowed:
            if word == found:
                return word
        self.wrong(name, f"one of {', '.join(allowed)}", did_you_mean(str(found), allowed, count=1))
        return None

    def yes_no(self, name: str) -> bool | None:
        """True, false, ``yes``, ``no``, or None."""
        found = self.value(name)
        if isinstance(found, bool):
            return found
        word = self.choice(name, _YES_NO)
        return None if word is None else word == "yes"

    def number(self, name: str) -> Fraction | None:
        """An exact amount that is not negative, or None."""
        found = self.value(name)
        if found is None:
            return None
        try:
            if isinstance(found, str | int | float) and not isinstance(found, bool):
                return amount(found)
        except UnitError:
            pass
        self.wrong(name, "a number between 0 and 100,000, such as 3, 0.5 or 1/3")
        return None

    def dollars(self, name: str) -> Decimal | None:
        """US dollars, or None."""
        found = self.value(name)
        if found is None:
            return None
        if not isinstance(found, bool) and _MONEY.fullmatch(str(found)):
            return Decimal(str(found))
        self.wrong(name, "US dollars as a plain number, such as 900 or 62.50")
        return None

    def day(self, name: str) -> date | None:
        """A day in ISO form, or None."""
        found = self.value(name)
        if found is None:
            return None
        try:
            if isinstance(found, str) and _DAY.fullmatch(found):
                return date.fromisoformat(found)
        except ValueError:
            pass
        self.wrong(name, "a day that exists, as YYYY-MM-DD")
        return None

    def unit(self, name: str) -> str | None:
        """A unit of credit as people write it, or None."""
        found = self.text(name)
        unit = unit_named(found) if found else None
        if found and unit is None:
            self.wrong(name, "a unit of credit", did_you_mean(found, UNITS) or f"Known: {', '.join(sorted(UNITS))}.")
        return unit

    def credits(self, amount_name: str, unit_name: str, level: Level | None) -> CreditValue | None:
        """So much of one unit, at a level; None where none is given."""
        number, unit = self.number(amount_name), self.unit(unit_name)
        for given, other in ((amount_name, unit_name), (unit_name, amount_name)):
            if self.value(given) is not None and self.value(other) is None:
                self.wrong(other, f"{amount_name} and {unit_name} together, such as 3 and semester")
        return None if number is None or unit is None else CreditValue(number, unit, level)

    def object(self, name: str) -> Fields:
        """An object inside this one; empty where it is missing."""
        found = self.value(name)
        if found is not None and not isinstance(found, dict):
            self.wrong(name, "an object, in braces")
        at = self.at._replace(prefix=f"{self.at.prefix}{name}.")
        return Fields(found if isinstance(found, dict) else {}, at, self.problems)

    def objects(self, name: str, build: Callable[[Fields], T], fields: Sequence[str]) -> tuple[T, ...] | None:
        """Objects of one kind; None where the list is missing."""
        found = self._listed(name)
        built = []
        for number, entry in enumerate(found or [], 1):
            at = Spot(self.at.file, number, f"{name}[{number - 1}].")
            if not isinstance(entry, dict):
                expected = f"an object with the fields {', '.join(fields)}"
                self.problems.append(DataProblem(at.file, number, at.prefix[:-1], shown(str(entry)), expected))
                continue
            reader = Fields(entry, at, self.problems)
            reader.only(fields)
            built.append(build(reader))
        return None if found is None else tuple(built)

    def words(self, name: str) -> tuple[str, ...] | None:
        """A list of texts; None where it is missing."""
        found = self._listed(name)
        for number, entry in enumerate(found or [], 1):
            if not isinstance(entry, str) or not entry or not _is_plain(entry):
                place = f"{name}[{number - 1}]"
                self.problems.append(DataProblem(self.at.file, number, place, shown(str(entry)), "text on one line"))
        return None if found is None else tuple(str(entry) for entry in found)

    def _listed(self, name: str) -> list[Any] | None:
        found = self.value(name)
        if found is None or (isinstance(found, list) and len(found) <= MAX_ENTRIES):
            return found
        self.wrong(name, f"a list of at most {MAX_ENTRIES:,} entries, in square brackets")
        return []


def _is_plain(text: str) -> bool:
    return len(text) <= MAX_TEXT and bool(text.strip()) and not has_control_characters(text)
