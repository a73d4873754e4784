"""Amounts of a CTDL file: credit values with their unit and level, days, durations."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from pathways.catalog.formats.node import Node
from pathways.catalog.formats.terms import concept
from pathways.units import UNITS, CreditValue, Level, show, unit_named

#: Units of the field by the name of their concept. The others are named by its words: only a sourced rule converts them.
UNIT_OF = {
    "SemesterHour": "semester", "SemesterHours": "semester", "QuarterHour": "quarter", "QuarterHours": "quarter",
    "ClockHour": "clock hour", "ClockHours": "clock hour", "ContactHour": "contact hour", "ContactHours": "contact hour",
    "DegreeCredit": "credit", "ContinuingEducationUnit": "CEU", "ContinuingEducationUnits": "CEU",
}  # fmt: skip
CONCEPT_OF = {
    "semester": "creditUnit:SemesterHour", "quarter": "creditUnit:QuarterHour", "clock hour": "creditUnit:ClockHour",
    "contact hour": "creditUnit:ContactHour", "credit": "creditUnit:DegreeCredit", "CEU": "creditUnit:ContinuingEducationUnit",
}  # fmt: skip

_GRADUATE = re.compile("Graduate(?!Level2)|Master|Doctor", re.IGNORECASE)
_UNDERGRADUATE = re.compile("Undergraduate|Bachelor|Associate|LowerDivision|UpperDivision", re.IGNORECASE)
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:T.*)?")
_HOURS = re.compile(r"PT(\d{1,6})H(?:0M)?(?:0S)?")
_YEARS_MONTHS = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much credit; ``maximum`` marks an upper limit without a lower one."""

    value: CreditValue
    maximum: bool = False


def concept_of(unit: str) -> str:
    """Concept of a unit, or its own name where CTDL has none."""
    return CONCEPT_OF.get(unit, unit)


def written(number: Fraction) -> int | float | str:
    """An exact amount as JSON: a number where that is exact, else a text such as 1/3."""
    if number.denominator == 1:
        return number.numerator
    return float(show(number)) if "/" not in show(number) else show(number)


def level_of(addresses: tuple[str, ...]) -> Level | None:
    """Level of study by its concepts; None where they name several or none that is known."""
    found: set[Level] = set()
    for address in addresses:
        name = concept(address)
        if _UNDERGRADUATE.search(name):
            found.add("undergraduate")
        elif _GRADUATE.search(name):
            found.add("graduate")
        elif "Professional" in name:
            found.add("professional-development")
    return found.pop() if len(found) == 1 else None


def quantities(node: Node, term: str) -> tuple[Quantity, ...]:
    """Credit amounts of one term, and of the older ``creditUnitValue`` beside ``creditValue``."""
    found = []
    for place, value in node.values(term):
        if isinstance(value, dict):
            inner = Node(value, place, node.reading)
            quantity = _quantity(inner)
            inner.ignore("subject")
            inner.close()
            found.append(quantity)
        else:
            node.reading.warn("not-an-amount", place, f"{term}: an amount needs a value and a unit", about=term)
    if term == "creditValue":
        number = node.number("creditUnitValue")
        unit = _unit(node)
        if number is not None:
            found.append(Quantity(CreditValue(number, unit or "credit", level_of(node.concepts("creditLevelType")))))
    return tuple(one for one in found if one is not None)


def _quantity(inner: Node) -> Quantity | None:
    exactly, least, most = inner.number("value"), inner.number("minValue"), inner.number("maxValue")
    level = level_of(inner.concepts("creditLevelType"))
    unit = _unit(inner)
    number = next((one for one in (exactly, least, most) if one is not None), None)
    if number is None:
        if not inner.has("value", "minValue", "maxValue"):
            words = inner.text("description") or inner.text("name")
            text = f"a credit value without an amount{f': {words}' if words else ''}"
            inner.reading.warn("not-an-amount", inner.place, text, about="credit value")
        return None
    inner.ignore("description", "name")
    if unit is None:
        inner.reading.warn("unit-unknown", inner.place, "an amount without a unit; read as credits", about="amount without a unit")
    return Quantity(CreditValue(number, unit or "credit", level), exactly is None and least is None)


def _unit(node: Node) -> str | None:
    """Unit of an amount: a plain word of a description says more than the concept "degree credit"."""
    words = node.text("creditUnitTypeDescription")
    named = unit_named(words) if words else None
    addresses = [*node.texts("unitText"), *node.concepts("creditUnitType"), *node.concepts("unitCode")]
    units = [unit_of(address) for address in addresses]
    unit = next((one for one in units if one), None)
    if unit is None or unit == "credit":
        unit = named or unit
    if unit is not None and unit not in UNITS:
        text = f'the unit "{unit[:60]}" has no conversion here'
        node.reading.warn("unit-unknown", node.place, text, about=text)
    return unit


def unit_of(address: str) -> str:
    """Unit a concept or a word names."""
    name = concept(address)
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()
    return UNIT_OF.get(name) or unit_named(address) or unit_named(spaced) or spaced[:60]


def day(node: Node, term: str) -> date | None:
    """A day, with or without a time of day; None where there is none or it does not exist."""
    for place, value in node.values(term):
        match = _DAY.fullmatch(value) if isinstance(value, str) else None
        try:
            if match:
                return date(*(int(part) for part in match.groups()))
        except ValueError:
            pass
        node.reading.warn("not-a-day", place, f"{term}: {str(value)[:40]} is not a day such as 2025-06-30", about=term)
    return None


def hours(node: Node) -> Fraction | None:
    """Exact duration in hours, where it is given so; weeks and years of study are no hours."""
    for place, value in node.values("estimatedDuration"):
        if isinstance(value, dict) and isinstance(value.get("ceterms:exactDuration"), str):
            match = _HOURS.fullmatch(value["ceterms:exactDuration"])
            if match and int(match.group(1)) <= 100_000:
                return Fraction(int(match.group(1)))
        node.reading.warn("unread-property", place, "a duration that is not a number of hours is not read", about="duration")
    return None


def months(node: Node, term: str) -> int | None:
    """A duration in whole months, or None."""
    for place, value in node.values(term):
        match = _YEARS_MONTHS.fullmatch(value) if isinstance(value, str) else None
        count = 12 * int(match.group(1) or 0) + int(match.group(2) or 0) if match else 0
        if 0 < count <= 1200:
            return count
        node.reading.warn("unread-property", place, f"{term}: not a number of years and months", about=term)
    return None
