"""Conditions as items of the graph: their words, and which one makes another true.

A master's degree also meets "a bachelor's degree"; five years also meet three. Only what follows from the values themselves
counts here: other wordings of the same thing are for a person to compare.
"""

from __future__ import annotations

from dataclasses import fields

from pathways.requirements.rules import Admitted, Approved, Condition, Degree, Employed, Exam, Experience, License, Manual, Member
from pathways.units import DEGREE_LEVELS


def implies(one: Condition, other: Condition) -> bool:
    """Whether whoever meets ``one`` meets ``other``.

    Examples
    --------
    >>> implies(Degree("master"), Degree("bachelor"))
    True
    >>> implies(Degree("bachelor"), Degree("master"))
    False
    """
    if one == other:
        return True
    match one, other:
        case Degree(), Degree():
            higher = DEGREE_LEVELS.index(one.level) >= DEGREE_LEVELS.index(other.level)
            return higher and other.field in (None, one.field)
        case Exam(), Exam():
            return one.name == other.name and _reaches(one.min_score, other.min_score)
        case Experience(), Experience():
            same = one.role == other.role and one.within == other.within
            return same and _reaches(one.years, other.years) and _reaches(one.hours, other.hours)
        case License(), License():
            pairs = ((one.kind, other.kind), (one.grades, other.grades), (one.subjects, other.subjects))
            return one.place == other.place and all(wanted in (None, has) for has, wanted in pairs)
        case Employed(), Employed():
            return one.role == other.role and other.place in (None, one.place)
        case Approved(), Approved():
            return one.by == other.by and other.before is None
        case _:
            return False


def _reaches(has: object, wanted: object) -> bool:
    return wanted is None or (has is not None and bool(has >= wanted))  # type: ignore[operator]


def name_of(condition: Condition) -> str:
    """Short words for a condition, for step lists.

    Examples
    --------
    >>> name_of(Degree("master", "education"))
    'degree: master, education'
    >>> name_of(Manual("yearly evaluation"))
    'yearly evaluation'
    """
    match condition:
        case Manual(text):
            return text
        case Member(organization):
            return f"member of {organization}"
        case Admitted(program):
            return f"admitted to {program}"
        case _:
            values = [(field.name, getattr(condition, field.name)) for field in fields(condition)]
            parts = [_part(name, value) for name, value in values if value is not None]
            return f"{type(condition).__name__.lower()}: {', '.join(parts)}"


def _part(name: str, value: object) -> str:
    if name in {"years", "hours"}:
        return f"{value} {name}"
    return str(value) if not hasattr(value, "months") else f"within {value.months} months of {value.anchor}"  # type: ignore[attr-defined]
