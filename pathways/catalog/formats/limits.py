"""Constraints of a pathway's conditions: limits on the parts they list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pathways.catalog.formats.build import Build
from pathways.catalog.formats.node import Node, exact
from pathways.catalog.formats.terms import concept, local
from pathways.catalog.formats.values import unit_of
from pathways.requirements.rules import AllOf, AnyOf, AtLeast, CreditsFrom, Held, Requirement
from pathways.units import GRADES

_GRADE = re.compile(r"(?:^|[^A-Za-z0-9])([A-DF][+-]?|\d{1,3}(?:\.\d{1,3})?)$")
_WORDS = {"EQ": "equal to", "GT": "more than", "GTEQ": "at least", "LT": "less than", "LTEQ": "at most"}


@dataclass(frozen=True, slots=True)
class Limit:
    """One constraint.

    ``sum``: the listed parts together supply ``amount``; ``each``: every counted part does; ``grade``: every counted part has
    ``grade``; ``text``: something only a person can confirm.
    """

    kind: Literal["sum", "each", "grade", "text"]
    place: str
    text: str
    amount: Fraction = Fraction(0)
    unit: str | None = None
    grade: str = ""


def limit(node: Node) -> Limit:
    """Read one constraint; what is no amount of credit and no grade is text."""
    left = [local(one) for one in node.texts("leftSource")]
    actions = [concept(one) for one in node.concepts("leftAction")]
    comparator = next((concept(one) for one in node.concepts("comparator")), "")
    right, unit = _right(node)
    other = [concept(one) for one in node.concepts("rightAction")]
    name, description = node.text("name"), node.text("description")
    words = " ".join(
        one for one in (*actions, *(concept(one) for one in left), _WORDS.get(comparator, comparator), *right, unit or "") if one
    )
    node.close()
    text = description or name or words or "an empty constraint"
    said = Limit("text", node.place, text)
    if len(left) != 1 or len(right) != 1 or any(one not in ("AnyOf", "AllOf", "OneOf") for one in other):
        return said
    number = exact(right[0])
    if left[0] in ("creditValue", "pointValue") and number and comparator in ("GTEQ", "EQ") and actions in (["Sum"], []):
        return Limit("sum" if actions else "each", node.place, text, number, unit)
    if "grade" in concept(left[0]).casefold() and not actions:
        grade = _grade(right[0], comparator)
        return Limit("grade", node.place, text, grade=grade) if grade else said
    return said


def _right(node: Node) -> tuple[list[str], str | None]:
    """What is compared with: numbers and names as text; the unit of an amount that states one."""
    found: list[str] = []
    unit = None
    for place, value in node.values("rightSource"):
        inner = Node(value, place, node.reading) if isinstance(value, dict) else None
        if inner is not None and inner.has("value", "minValue"):
            found += [*inner.texts("value"), *inner.texts("minValue")]
            unit = next((unit_of(one) for one in inner.texts("unitText")), None)
            inner.close()
        else:
            found += Node({"rightSource": value}, place, node.reading).texts("rightSource")
    return found, unit


def _grade(text: str, comparator: str) -> str:
    match = _GRADE.search(text)
    if match is None or comparator not in ("GT", "GTEQ"):
        return ""
    grade = match.group(1)
    if comparator == "GTEQ":
        return grade
    above = GRADES[GRADES.index(grade) + 1 :] if grade in GRADES else ()
    return above[0] if above else ""


def listed(items: list[Requirement], count: int | None) -> Requirement:
    """So many of the listed: all where no number is given, one of them for 1."""
    if len(items) == 1 and count in (None, 1):
        return items[0]
    if count is None or count == len(items):
        return AllOf(tuple(items))
    return AnyOf(tuple(items)) if count == 1 else AtLeast(count, tuple(items))


def joined(parts: list[Requirement]) -> Requirement | None:
    """All of several parts, each once; None where there is none."""
    different = list(dict.fromkeys(parts))
    return listed(different, None) if different else None


def limited(
    items: list[Requirement], count: int | None, limits: list[Limit], needed: int | None, build: Build
) -> list[Requirement]:
    """The listed parts under their limits.

    Parameters
    ----------
    items : list of Requirement
        The listed parts.
    count : int or None
        How many of them are needed; None for all, or, where a sum is asked for, for as many as supply it.
    limits : list of Limit
        The constraints.
    needed : int or None
        How many constraints must hold; None for all.
    build : Build
        Receives warnings.

    Returns
    -------
    list of Requirement
        All of them are needed.
    """
    if needed is not None and 0 < needed < len(limits):
        own = [listed(items, count)] if items and count is not None else []
        return [*own, listed([_alone(one, items, count, build) for one in limits], needed)]
    grades = [one for one in limits if one.kind == "grade"]
    each = [one for one in limits if one.kind == "each"]
    sums = [one for one in limits if one.kind == "sum"]
    graded = _graded(items, grades[0]) if grades and _plain(items) else items
    texts = [one for one in limits if one.kind == "text" or one in grades[1:] or (graded is items and one in grades)]
    texts += [one for one in each[1:] if one not in texts]
    found: list[Requirement] = [_sum(one, graded, build) for one in sums]
    if items and (count is not None or not sums):
        counted = [_sum(each[0], [item], build) for item in graded] if each else graded
        found.append(listed(counted, count))
    return [*found, *(build.manual(one.text, one.place) for one in texts)]


def _plain(items: list[Requirement]) -> bool:
    return bool(items) and all(isinstance(item, Held) for item in items)


def _graded(items: list[Requirement], of: Limit) -> list[Requirement]:
    return [Held(item.id, min_grade=of.grade) for item in items if isinstance(item, Held)]


def _sum(of: Limit, items: list[Requirement], build: Build) -> Requirement:
    """So many credits from the listed parts; for a person to confirm where a part is not a single item."""
    suppliers = tuple(item for item in items if isinstance(item, Held))
    if not suppliers or len(suppliers) < len(items):
        return build.manual(of.text, of.place)
    return CreditsFrom(of.amount, suppliers, of.unit)


def _alone(of: Limit, items: list[Requirement], count: int | None, build: Build) -> Requirement:
    """One limit as a requirement of its own."""
    match of.kind:
        case "sum":
            return _sum(of, items, build)
        case "each" if items:
            return listed([_sum(of, [item], build) for item in items], count)
        case "grade" if _plain(items):
            return listed(_graded(items, of), count)
        case _:
            return build.manual(of.text, of.place)
