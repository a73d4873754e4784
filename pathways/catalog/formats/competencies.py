"""Competencies and frameworks of CTDL-ASN."""

from __future__ import annotations

from pathways.catalog.formats.build import Build
from pathways.catalog.formats.imported import Alignment, Competency
from pathways.catalog.formats.node import Node

_ALIGNMENTS = ("exact", "major", "broad", "narrow", "minor", "prerequisite")
_CODES = ("codedNotation", "altCodedNotation", "listID", "statementNotation")


def competency(node: Node, build: Build) -> None:
    """Read one competency."""
    address = node.ref or "".join(str(node.raw.get(key, "")) for key in ("ceterms:ctid", "ctid"))
    frameworks = [build.index.name_of(ref) or ref for _, ref in node.refs("isPartOf")]
    statement = node.text("competencyText") or node.text("description")
    alignments = tuple(Alignment(kind, ref) for kind in _ALIGNMENTS for _, ref in node.refs(f"{kind}Alignment"))
    node.ignore("inLanguage", "hasChild", "isTopChildOf", "dateModified", "dateCreated", "description", "ctid")
    build.competencies[address or node.place] = Competency(
        address or node.place,
        node.text("competencyLabel") or node.text("name") or statement,
        statement,
        frameworks[0] if frameworks else "",
        tuple(dict.fromkeys(code for term in _CODES for code in node.texts(term))),
        alignments,
        tuple(ref for _, ref in node.refs("isChildOf")),
    )
    node.close()


def framework(node: Node) -> None:
    """Read one framework: its name is kept with each of its competencies, its members name it."""
    node.ignore(
        "name", "description", "hasChild", "hasTopChild", "inLanguage", "dateCreated", "dateModified", "creator", "publisher"
    )
    node.close()
