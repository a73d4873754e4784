"""Pathways: conditions on their parts, as requirements of what the parts stand for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pathways.catalog.formats.build import Build
from pathways.catalog.formats.limits import joined, limit, limited, listed
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.steps import Steps
from pathways.catalog.formats.terms import concept
from pathways.requirements.rules import Held, NoneOf, Requirement


def condition(node: Node, build: Build, trail: tuple[str, ...] = ()) -> Steps:
    """Read one condition of a pathway's part.

    Parameters
    ----------
    node : Node
        The condition.
    build : Build
        Receives stand-ins, warnings and problems.
    trail : tuple of str
        Places of the conditions and gathering parts around it.

    Returns
    -------
    Steps
        ``requiredNumber`` of its parts under its constraints, and its inner conditions, joined by its operator.
    """
    if node.place in trail:
        build.reading.reject("cycle", node.place, "a condition inside itself; expected conditions that end")
        return None
    around = (*trail, node.place)
    items: list[Requirement] = []
    for place, value in node.values("targetComponent"):
        rule = yield target(value, place, build, around)
        if rule is not None:
            items.append(rule)
    operator = next((concept(one) for one in node.concepts("logicalOperator")), "And")
    different = _different(items, node)
    count = _count(node, "requiredNumber", len(different))
    limits = [limit(one) for one in _inner(node, "hasConstraint", build)]
    needed = 1 if operator == "Or" and limits else _count(node, "requiredConstraints", len(limits))
    parts = limited(different, count, limits, needed, build=build)
    for inner in _inner(node, "hasCondition", build):
        rule = yield condition(inner, build, around)
        if rule is not None:
            parts.append(rule)
    return _joined_by(operator, parts, node, build)


def _inner(node: Node, term: str, build: Build) -> Iterator[Node]:
    for place, value in node.values(term):
        inner = build.node(value, place)
        if inner is not None:
            yield inner


def _joined_by(operator: str, parts: list[Requirement], node: Node, build: Build) -> Requirement | None:
    prose = node.text("description") or node.text("name")
    node.ignore("name")
    node.close()
    if operator not in ("And", "Or", "Not"):
        return build.manual(prose or f"conditions joined by {operator[:40]}", node.place)
    if not parts:
        if prose:
            parts = [build.manual(prose, node.place)]
        else:
            build.reading.warn("empty-condition", node.place, "a condition that asks nothing", about="conditions that ask nothing")
            return None
    if operator == "And":
        return joined(parts)
    either = listed(list(dict.fromkeys(parts)), 1)
    return either if operator == "Or" else NoneOf(either)


def _different(items: list[Requirement], node: Node) -> list[Requirement]:
    """Listed parts, each item once; conditions that ask the same stay, since each of them counts."""
    first = {one: number for number, one in reversed(list(enumerate(items)))}
    different = [one for number, one in enumerate(items) if not isinstance(one, Held) or first[one] == number]
    if len(different) < len(items):
        text = f"the same part is listed twice; {len(different)} different ones are read"
        node.reading.warn("listed-twice", node.place, text, about="parts listed twice")
    return different


def _count(node: Node, term: str, most: int) -> int | None:
    """How many are needed; None for all, and where no number can be read."""
    if not node.has(term):
        return None
    number = node.number(term)
    if number is None or number.denominator != 1 or number == 0:
        found = next((str(value)[:40] for _, value in node.values(term)), "")
        node.reading.reject("not-a-count", node.place, f'{term}: expected a whole number from 1, found "{found}"')
        return None
    if number > most:
        node.reading.reject("more-than-listed", node.place, f"{term}: {number} of {most} listed; expected at most {most}")
        return None
    return int(number)


def target(value: Any, place: str, build: Build, trail: tuple[str, ...]) -> Steps:
    """Read one listed part: an item, or what a gathering part asks for."""
    address = value if isinstance(value, str) else value.get("@id", "") if isinstance(value, dict) else ""
    found = build.container(address) if address else None
    if isinstance(value, dict) and found is None and "hasCondition" in {key.rpartition(":")[2] for key in value}:
        return (yield gathered(Node(value, place, build.reading), build, trail))
    if found is not None and found.kept is not None:
        return (yield gathered(Node(found.kept, found.place, build.reading), build, trail))
    if address and build.index.get(address) is None:
        text = f'the part "{address[:100]}" is not in this file; a pathway comes with its parts'
        build.reading.reject("dangling-target", place, text)
        return None
    return build.held(value, place)


def gathered(node: Node, build: Build, trail: tuple[str, ...]) -> Steps:
    """Read what a part that only gathers others asks for."""
    if node.place in trail:
        build.reading.reject("cycle", node.place, "a part that gathers itself; expected parts that end")
        return None
    parts: list[Requirement] = []
    for inner in _inner(node, "hasCondition", build):
        rule = yield condition(inner, build, (*trail, node.place))
        if rule is not None:
            parts.append(rule)
    node.ignore("name", "description", "isPartOf", "subjectWebpage", "isChildOf")
    node.close()
    return joined(parts)
