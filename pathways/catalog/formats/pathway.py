"""Pathways themselves: the parts they name must come with them."""

from __future__ import annotations

from pathways.catalog.formats.build import Build
from pathways.catalog.formats.node import Node


def pathway(node: Node, build: Build) -> None:
    """Read one pathway: its requirements stand at its parts, so what is left is that the parts are there."""
    destinations = node.refs("hasDestinationComponent")
    for place, address in (*destinations, *node.refs("hasPart"), *node.refs("hasChild")):
        if build.index.get(address) is None:
            text = f'the part "{address[:100]}" is not in this file; a pathway comes with its parts'
            build.reading.reject("dangling-target", place, text)
    if not destinations and node.type == "Pathway":
        text = "a pathway that names no destination; only the conditions of its parts are read"
        build.reading.warn("no-destination", node.place, text, about=text)
    node.ignore("name", "description", "ownedBy", "offeredBy", "subjectWebpage", "inLanguage", "hasPathway", "dateModified")
    node.close()
