"""CASE 1.0 and 1.1 packages, as competencies with their parents and alignments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pathways.catalog.formats.imported import Alignment, Competency, Imported
from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.reading import Reading

#: Associations and the alignment each is; others keep their own word.
_KINDS = {"exactMatchOf": "exact", "isPeerOf": "major", "isPartOf": "narrow", "isRelatedTo": "related", "exemplar": "exemplar"}
_PACKAGE = ("CFDocument", "CFItems", "CFAssociations")
_CODES = ("humanCodingScheme", "listEnumeration", "abbreviatedStatement")


def is_case(value: Mapping[str, Any]) -> bool:
    """Whether an object is a CASE package, or several in one."""
    return any(isinstance(value.get(key), dict | list) for key in (*_PACKAGE, "CFPackages"))


def read_case(pieces: Iterable[tuple[str, Any]], reading: Reading) -> Imported:
    """Read CASE packages.

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
        for package_place, package in _packages(value, place, reading):
            found.update({one.id: one for one in _package(package, package_place, reading)})
    return Imported("case", (), (), (), tuple(found.values()), reading.warnings())


def _packages(value: Any, place: str, reading: Reading) -> Iterator[tuple[str, dict[str, Any]]]:
    if not isinstance(value, dict):
        reading.reject("not-an-object", place, "expected a CFPackage, an object in braces")
    elif "CFPackages" in value:
        inner = value["CFPackages"]
        for number, one in enumerate(inner if isinstance(inner, list) else [inner]):
            yield from _packages(one, member(member(place, "CFPackages"), number), reading)
    else:
        yield place, value


def _package(package: dict[str, Any], place: str, reading: Reading) -> Iterator[Competency]:
    whole = Node(package, place, reading)
    document = next(_objects(whole, "CFDocument"), None)
    framework = document.text("title") if document else ""
    if document:
        document.ignore(
            "identifier", "sourcedId", "uri", "lastChangeDateTime", "CFPackageURI", "creator", "caseVersion", "language"
        )
        document.close()
    items = {_id(item): item for item in _objects(whole, "CFItems") if _id(item)}
    parents: dict[str, list[str]] = {}
    alignments: dict[str, list[Alignment]] = {}
    for link in _objects(whole, "CFAssociations"):
        _association(link, items, parents, alignments)
    whole.ignore("CFDefinitions")
    whole.close()
    if not items and document is None:
        reading.reject("not-a-package", place, "expected a CFPackage with CFDocument and CFItems")
    for key, item in items.items():
        yield _competency(key, item, framework, parents.get(key, []), alignments.get(key, []))


def _objects(node: Node, term: str) -> Iterator[Node]:
    for place, value in node.values(term):
        if isinstance(value, dict):
            yield Node(value, place, node.reading)
        else:
            node.reading.reject("not-an-object", place, f"expected an object in braces; found {type(value).__name__}")


def _id(node: Node) -> str:
    """Identifier of an item: 1.0 and 1.1 say ``identifier``, some files the older ``sourcedId``."""
    return next((one for term in ("identifier", "sourcedId", "uri") for one in node.texts(term)), "")


def _association(
    link: Node, items: Mapping[str, Node], parents: dict[str, list[str]], alignments: dict[str, list[Alignment]]
) -> None:
    kind = link.text("associationType")
    ends = [next(_objects(link, term), None) for term in ("originNodeURI", "destinationNodeURI")]
    link.ignore("identifier", "sourcedId", "uri", "lastChangeDateTime", "sequenceNumber", "CFDocumentURI")
    if ends[0] is None or ends[1] is None or not _id(ends[0]) or not _id(ends[1]):
        link.reading.reject(
            "dangling-target", link.place, "an association needs an origin and a destination, each with an identifier"
        )
        return
    origin, destination = _id(ends[0]), _id(ends[1])
    name, target = ends[1].text("title"), ends[1].text("targetType")
    for end in (ends[0], ends[1]):
        end.ignore("title", "uri", "targetType")
        end.close()
    link.close()
    if origin not in items:
        text = f'{kind}: the origin "{origin[:60]}" is not in this package'
        link.reading.warn("target-elsewhere", link.place, text, about="origins that are not in this package")
    elif kind == "isChildOf":
        if destination in items:
            parents.setdefault(origin, []).append(destination)
    else:
        word = _KINDS.get(kind, kind)
        alignments.setdefault(origin, []).append(Alignment(word, destination, f"{name} ({target})" if target else name))


def _competency(key: str, item: Node, framework: str, parents: list[str], alignments: list[Alignment]) -> Competency:
    statement = item.text("fullStatement")
    item.ignore(
        "uri", "lastChangeDateTime", "CFDocumentURI", "CFItemAssociationURI", "language", "CFItemTypeURI", "identifier", "sourcedId"
    )
    name = item.text("abbreviatedStatement") or item.text("humanCodingScheme") or statement
    codes = tuple(dict.fromkeys(code for term in _CODES for code in item.texts(term) if term != "abbreviatedStatement"))
    item.ignore("CFItemType")
    item.close()
    if not statement:
        item.reading.reject("not-a-competency", item.place, "expected a fullStatement")
    return Competency(key, name, statement, framework, codes, tuple(alignments), tuple(dict.fromkeys(parents)))
