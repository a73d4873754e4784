"""CTDL and CTDL-ASN graphs: two looks at a file, the first to know what each address means, the second to read.

Nothing is kept of a file between the looks but addresses, names and shared conditions, so a registry's whole export can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from pathways.catalog.check import MAX_NESTED
from pathways.catalog.cycles import cycles
from pathways.catalog.formats.build import TARGETS_OWNER, Build
from pathways.catalog.formats.classes import (
    COMPETENCIES,
    CONDITIONS,
    CONTAINERS,
    FRAMEWORKS,
    ORGANIZATIONS,
    PATHWAYS,
    TRANSFERS,
)
from pathways.catalog.formats.competencies import competency, framework
from pathways.catalog.formats.earnable import earnable
from pathways.catalog.formats.imported import Imported
from pathways.catalog.formats.index import Index
from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.node import Node, types_of
from pathways.catalog.formats.pathway import pathway
from pathways.catalog.formats.reading import Reading
from pathways.catalog.formats.terms import OWN_AGREEMENT, context_problem
from pathways.catalog.formats.transfers import own_agreement, transfer
from pathways.requirements.rules import Node as RuleNode
from pathways.requirements.rules import children_of

#: Pieces of a file, each with its place; called once for each look.
Pieces: TypeAlias = Callable[[], Iterator[tuple[str, Any]]]

_ENVELOPE = ("decoded_resource", "resource")
_ABOUT_THE_FILE = frozenset({"@context", "@id", "@graph", "@type", *_ENVELOPE})


def read_ctdl(pieces: Pieces, reading: Reading) -> Imported:
    """Read a CTDL or CTDL-ASN file.

    Parameters
    ----------
    pieces : callable
        Gives the file's pieces from the start, each time it is called.
    reading : Reading
        Receives warnings and problems; with a problem the result is not to be used.

    Returns
    -------
    Imported
        Whatever could be read.
    """
    index, silent = Index(), Reading(reading.file)
    for place, raw in _objects(pieces(), reading):
        index.add(raw, place)
    build = Build(index, reading)
    for place, raw in _objects(pieces(), silent):
        _object(Node(raw, place, reading), build)
    return _finished(build)


def _objects(pieces: Iterator[tuple[str, Any]], reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    """Resources of a file, whatever they are wrapped in: a graph, a list of graphs, the registry's envelopes."""
    stack: list[tuple[str, Any]] = []
    for piece in pieces:
        stack.append(piece)
        while stack:
            place, value = stack.pop()
            if not isinstance(value, dict):
                reading.reject("not-an-object", place, f"expected a resource, an object in braces; found {type(value).__name__}")
                continue
            wrong = context_problem(value.get("@context"))
            if wrong is not None:
                reading.reject("context", member(place, "@context"), f"{wrong}; expected the context of CTDL")
            inner = _inside(value, place)
            if inner is None:
                yield place, value
                continue
            for key in value:
                if key not in _ABOUT_THE_FILE and not key.startswith(("envelope", "node_", "last_", "purge")):
                    reading.warn("unread-property", member(place, key), f"{key[:80]} is not read", about=f"wrapping {key[:80]}")
            stack.extend(reversed(inner))


def _inside(value: dict[str, Any], place: str) -> list[tuple[str, Any]] | None:
    """What a wrapping holds; None where the object is a resource itself."""
    if "@graph" in value:
        graph, at = value["@graph"], member(place, "@graph")
        return [(member(at, number), one) for number, one in enumerate(graph)] if isinstance(graph, list) else [(at, graph)]
    for key in _ENVELOPE:
        if key in value and types_of(value) == ("",):
            return [(member(place, key), value[key])]
    return None


def _object(node: Node, build: Build) -> None:
    """Read one resource by its class."""
    entry = build.index.at(node.raw, node.place)
    kind = node.type
    if entry is None or entry.place != node.place:
        text = f"{kind or 'a resource'} with an address that came before; the first is read"
        build.reading.warn("same-resource-twice", node.place, text, about=text)
    elif entry.is_earnable:
        earnable(node, entry, build)
    elif kind == "TransferValueProfile":
        transfer(node, entry, build)
    elif kind in COMPETENCIES:
        competency(node, build)
    elif kind in FRAMEWORKS:
        framework(node)
    elif kind in PATHWAYS:
        pathway(node, build)
    elif kind == OWN_AGREEMENT:
        own_agreement(node, build)
    elif kind in TRANSFERS:
        node.ignore("name", "description", "ownedBy", "hasPart", "intermediaryFor", "subjectWebpage", "inLanguage")
        node.close()
    elif kind in ORGANIZATIONS:
        node.ignore("name", "description", "subjectWebpage")
        node.close()
    elif kind in CONDITIONS or kind in CONTAINERS:
        pass  # read where something refers to it
    else:
        text = f"{kind or 'an object without a class'} is not read"
        build.reading.warn("unread-class", node.place, text, about=text)


def _finished(build: Build) -> Imported:
    elsewhere = {key: item for key, item in build.elsewhere.items() if key not in build.credentials}
    credentials = {**build.credentials, **elsewhere}
    agreements = tuple(
        replace(item, institution=credentials[str(item.to_id)].issuer) if item.institution == TARGETS_OWNER else item
        for item in build.agreements
    )
    _check_rules(build)
    for entry in build.index.conditions():
        if entry.place not in build.used:
            text = f"{entry.type} that nothing refers to is not read"
            build.reading.warn("unread-class", entry.place, text, about=text)
    found = Imported(
        "ctdl", tuple(credentials.values()), tuple(build.rows), agreements, tuple(build.competencies.values()), (),
        tuple(dict.fromkeys(build.links)), frozenset(elsewhere),
    )  # fmt: skip
    if not build.reading.problems:
        for ring, row in cycles(found.as_catalog()):
            shortened = ring if len(ring) <= 12 else (*ring[:6], "...", *ring[-5:])
            place = build.row_places[build.rows.index(row)]
            build.reading.reject("cycle", place, f"requirements that lead back to themselves: {' -> '.join(shortened)}")
    return replace(found, warnings=build.reading.warnings())


def _check_rules(build: Build) -> None:
    for place, row in zip(build.row_places, build.rows, strict=True):
        depth, level = 0, [row.rule]
        inner: list[RuleNode] = list(level)
        while inner:
            depth, inner = depth + 1, [child for one in inner for child in children_of(one)]
        if depth > MAX_NESTED:
            text = f"{depth} conditions inside one another; expected at most {MAX_NESTED}"
            build.reading.reject("nested-too-deep", place, text)
