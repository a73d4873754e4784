"""Credit, money and time amounts, and the only conversions between units.

Amounts are exact fractions. Semester and quarter credit convert by definition (one quarter credit is two thirds of a semester
credit); every other conversion needs a sourced policy row and lives in :mod:`pathways.articulation.policies`.
Nothing here adds amounts of different units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pathways.errors import UnitError

Level = Literal["professional-development", "undergraduate", "graduate"]
LEVELS: tuple[Level, ...] = ("professional-development", "undergraduate", "graduate")

DegreeLevel = Literal["associate", "bachelor", "master", "specialist", "doctorate"]
#: Lowest first: a requirement for one level is met by it or any later one.
DEGREE_LEVELS: tuple[DegreeLevel, ...] = ("associate", "bachelor", "master", "specialist", "doctorate")

#: Letter grades, lowest first.
GRADES = ("F", "D-", "D", "D+", "C-", "C", "C+", "B-", "B", "B+", "A-", "A", "A+")

#: Largest amount a catalog or record may state; above it the number is a typing error, not a credit.
MAX_AMOUNT = 100_000

#: Units an amount may be stated in, each by its singular name. Only the first two convert by definition.
UNITS = frozenset(
    {
        "semester", "quarter", "credit", "CEU", "CEU hour", "PDP", "PLU", "SCECH", "USBE credit", "Act 48 hour", "CPE hour",
        "CTLE hour", "hour", "contact hour", "clock hour", "professional development hour", "salary advancement hour",
        "recertification point", "renewal point", "in-service point", "activity point", "recertification credit",
        "renewal credit", "board credit", "professional-development credit", "competency unit", "course unit", "extension unit",
    }
)  # fmt: skip

_TO_SEMESTER = {"semester": Fraction(1), "quarter": Fraction(2, 3)}
_NUMBER = re.compile(r"\s*(\d{1,9}(?:\.\d{1,9})?|\d{1,9}/[1-9]\d{0,8})\s*")


def amount(value: str | int | float | Fraction, *, allow_zero: bool = True) -> Fraction:
    """Read an exact, non-negative amount.

    Parameters
    ----------
    value : str, int, float or Fraction
        ``"0.5"``, ``"1/3"``, ``12``. A float is read by its shortest decimal form, so ``0.1`` is one tenth.
    allow_zero : bool
        Whether zero is an amount here.

    Returns
    -------
    Fraction
        Between 0 and :data:`MAX_AMOUNT`.

    Raises
    ------
    UnitError
        If it is not a number, negative, or larger than any real amount.

    Examples
    --------
    >>> amount("0.1") + amount("0.2") == amount("0.3")
    True
    """
    if isinstance(value, Fraction):
        number = value
    else:
        match = _NUMBER.fullmatch(str(value))
        if match is None:
            message = f'"{value}" is not an amount. Expected a plain number such as 3, 0.5 or 1/3, not negative.'
            raise UnitError(message)
        number = Fraction(match.group(1))
    if number < 0 or number > MAX_AMOUNT or (number == 0 and not allow_zero):
        message = f"{show(number)} is out of range. Expected an amount between 0 and {MAX_AMOUNT:,}."
        raise UnitError(message)
    return number


def show(number: Fraction | int) -> str:
    """Render an exact amount in the fewest characters: ``3``, ``0.5``, ``2/3``.

    Examples
    --------
    >>> show(Fraction(5, 2)), show(Fraction(2, 3))
    ('2.5', '2/3')
    """
    fraction = Fraction(number)
    if fraction.denominator == 1:
        return str(fraction.numerator)
    denominator = fraction.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1 or fraction.denominator > 10**6:
        return f"{fraction.numerator}/{fraction.denominator}"
    digits = 0
    while fraction * 10**digits % 1:
        digits += 1
    return f"{float(fraction):.{digits}f}"


@dataclass(frozen=True, slots=True)
class CreditValue:
    """So much of one unit, at one level.

    Parameters
    ----------
    amount : Fraction
        Not negative.
    unit : str
        ``semester``, ``quarter``, or a unit only a policy converts: ``CEU``, ``PDP``, ``USBE credit``, ``Act 48 hour`` ...
    level : str or None
        One of :data:`LEVELS`; ``None`` where no page says.
    """

    amount: Fraction
    unit: str
    level: Level | None = None

    def __str__(self) -> str:
        """Render as ``3 graduate semester credits``."""
        level = f"{self.level} " if self.level and self.level != "professional-development" else ""
        return f"{show(self.amount)} {level}{unit_words(self.unit, self.amount)}"


def unit_words(unit: str, count: Fraction | int) -> str:
    """Name of a unit in the number that fits: ``1 semester credit``, ``2 semester credits``, ``6 PDP``."""
    words = f"{unit} credit" if unit in _TO_SEMESTER else unit
    if count == 1 or words.isupper() or words.endswith("s"):
        return words
    return words + "s"


def unit_named(words: str) -> str | None:
    """Read a unit as people write it: any case, singular or plural, ``semester credits`` or ``semester hours`` for ``semester``.

    Returns
    -------
    str or None
        One of :data:`UNITS`; None where the words name no known unit.

    Examples
    --------
    >>> unit_named("PDPs"), unit_named("Semester hours"), unit_named("badges")
    ('PDP', 'semester', None)
    """
    plain = " ".join(words.split()).casefold().removesuffix("s")
    for base in _TO_SEMESTER:
        if plain in (base, f"{base} credit", f"{base} hour", f"{base} unit", f"{base} credit hour"):
            return base
    return next((unit for unit in UNITS if unit.casefold() == plain), None)


def converts(unit: str, to: str) -> bool:
    """Whether two units convert by definition."""
    return unit == to or (unit in _TO_SEMESTER and to in _TO_SEMESTER)


def convert(number: Fraction, unit: str, to: str) -> Fraction:
    """Convert between semester and quarter credit, exactly.

    Raises
    ------
    UnitError
        For any other pair of different units: those need a sourced rule.

    Examples
    --------
    >>> convert(Fraction(30), "quarter", "semester")
    Fraction(20, 1)
    """
    if unit == to:
        return number
    if not converts(unit, to):
        message = f"{unit_words(unit, 2)} and {unit_words(to, 2)} are different units; only a sourced rule converts them."
        raise UnitError(message)
    return number * _TO_SEMESTER[unit] / _TO_SEMESTER[to]


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum of which part is known: ``known`` of the unit, and how many items have no published figure."""

    known: Fraction
    unknown_items: int
    items: int

    def plus(self, value: Fraction | None) -> Amount:
        """Add one item, known or not."""
        if value is None:
            return Amount(self.known, self.unknown_items + 1, self.items + 1)
        return Amount(self.known + value, self.unknown_items, self.items + 1)


NOTHING = Amount(Fraction(0), 0, 0)
