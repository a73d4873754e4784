"""Rich skill descriptors of the Open Skills Network, as competencies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pathways.catalog.formats.imported import Alignment, Competency, Imported
from pathways.catalog.formats.node import Node, types_of
from pathways.catalog.formats.reading import Reading
from pathways.catalog.formats.terms import context_problem

#: About the descriptor, not about the skill.
_ABOUT = ("uuid", "id", "creator", "creationDate", "updateDate", "publishDate", "archiveDate", "type", "author", "authors")


def is_rsd(value: Mapping[str, Any]) -> bool:
    """Whether an object is a rich skill descriptor, or a collection of them."""
    return "RichSkillDescriptor" in types_of(value) or "skillStatement" in value or isinstance(value.get("skills"), list)


def read_rsd(pieces: Iterable[tuple[str, Any]], reading: Reading) -> Imported:
    """Read rich skill descriptors, single, in a list, or in a collection.

    Parameters
    ----------
    pieces : iterable of (str, value)
        Objects with their places.
    reading : Reading
        Receives warnings and problems.

    Returns
    -------
    Imported
        Competencies only.
    """
    found: dict[str, Competency] = {}
    for place, value in pieces:
        if not isinstance(value, dict) or not is_rsd(value):
            reading.reject(
                "not-a-descriptor", place, "expected a rich skill descriptor, an object with skillName and skillStatement"
            )
            continue
        wrong = context_problem(value.get("@context"))
        if wrong is not None:
            reading.reject("context", f"{place}['@context']", f"{wrong}; expected the context of RSD")
        node = Node(value, place, reading)
        framework = node.text("name") if "skills" in value else ""
        skills = (
            [Node(one, at, reading) for at, one in node.values("skills") if isinstance(one, dict)] if "skills" in value else [node]
        )
        if "skills" in value:
            node.ignore(*_ABOUT, "description", "status")
            node.close()
        for one in skills:
            skill = _skill(one, framework)
            found[skill.id] = skill
    return Imported("rsd", (), (), (), tuple(found.values()), reading.warnings())


def _skill(node: Node, framework: str) -> Competency:
    statement = node.text("skillStatement")
    name = node.text("skillName") or statement
    if not name:
        node.reading.reject("not-a-descriptor", node.place, "expected a skillName or a skillStatement")
    collections = framework or next((inner.text("name") for inner in _objects(node, "collections")), "")
    alignments = [
        Alignment("related", inner.ref or inner.text("skillName"), inner.text("skillName"))
        for inner in _objects(node, "alignments")
    ]
    alignments += [
        Alignment("standard", inner.ref or inner.text("skillName"), inner.text("skillName"))
        for inner in _objects(node, "standards")
    ]
    codes = [code for inner in _objects(node, "occupations") for code in inner.texts("code")]
    status = node.text("status")
    if status.lower() not in ("", "published"):
        node.reading.warn("not-current", node.place, f"a skill that is {status}", about=f"skills that are {status}")
    node.ignore(*_ABOUT)
    node.close()
    return Competency(
        node.ref or node.text("uuid") or node.place, name, statement, collections, tuple(dict.fromkeys(codes)), tuple(alignments)
    )


def _objects(node: Node, term: str) -> Iterator[Node]:
    """Objects of one term; a plain text is read as an object with that name."""
    for place, value in node.values(term):
        if isinstance(value, dict):
            yield Node(value, place, node.reading)
        elif isinstance(value, str) and value.strip():
            yield Node({"name": value, "skillName": value, "code": value}, place, node.reading)
