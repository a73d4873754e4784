"""How things that can be earned belong to competencies, to their parts, and to what they stand for."""

from __future__ import annotations

from typing import Any

from pathways.catalog.formats.build import Build
from pathways.catalog.formats.imported import Link, LinkKind
from pathways.catalog.formats.node import Node
from pathways.requirements.rules import Held


def competency_names(node: Node, build: Build) -> tuple[str, ...]:
    """Names of what a thing teaches or assesses."""
    names: list[str] = []
    for term in ("teaches", "assesses"):
        for place, value in node.values(term):
            names.append(_competency_name(value, place, build))
    return tuple(dict.fromkeys(one for one in names if one))


def _competency_name(value: Any, place: str, build: Build) -> str:
    if isinstance(value, dict) and not set(value) <= {"@id"}:
        inner = Node(value, place, build.reading)
        return inner.text("targetNodeName") or inner.text("competencyText") or inner.text("name")
    address = value if isinstance(value, str) else value.get("@id", "") if isinstance(value, dict) else ""
    return build.index.name_of(address)


def read_links(node: Node, found: str, build: Build) -> None:
    """Keep the links of one thing.

    Parameters
    ----------
    node : Node
        The thing.
    found : str
        Its id.
    build : Build
        Receives the links.
    """
    for place, value in node.values("hasPart"):
        address = value if isinstance(value, str) else value.get("@id", "") if isinstance(value, dict) else ""
        part = build.index.get(address)
        if part is not None and part.is_earnable:
            build.links.append(Link("part_of", build.index.id_of(part), found))
        elif address:
            build.reading.warn(
                "target-elsewhere", place, f'the part "{address[:100]}" is not in this file', about="parts elsewhere"
            )
    for _, address in node.refs("proxyFor"):
        build.links.append(Link("same_as", found, address))
    kinds: tuple[LinkKind, ...] = ("teaches", "assesses")
    for kind in kinds:
        for place, value in node.values(kind):
            inner = Node(value if isinstance(value, dict) else {"@id": value}, place, build.reading)
            address = next((ref for _, ref in inner.refs("targetNode")), "") or inner.ref
            framework = inner.text("frameworkName") or next(iter(inner.concepts("framework")), "")
            weight = next(iter(inner.texts("weight")), "")
            name = _competency_name(value, place, build)
            inner.ignore(
                "targetNodeName",
                "name",
                "targetNodeDescription",
                "codedNotation",
                "alignmentType",
                "alignmentDate",
                "competencyText",
            )
            inner.close()
            build.links.append(
                Link("teaches" if kind == "teaches" else "assesses", found, address or name, framework, name, weight)
            )
    for place, value in node.values("hasChild"):
        rule = build.held(value, place)
        if isinstance(rule, Held):
            build.links.append(Link("part_of", rule.id, found))
