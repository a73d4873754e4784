"""Short makers of CTDL graphs for tests, and what strips this project's own properties."""

from __future__ import annotations

import json
from typing import Any

from pathways.catalog.entities import Catalog
from pathways.catalog.formats.ctdl_out import to_ctdl
from pathways.catalog.formats.imported import Imported, ImportRejectedError
from pathways.catalog.formats.read import read_json
from pathways.catalog.formats.terms import OWN_PREFIX
from pathways.requirements.render import render

CONTEXT = "https://credreg.net/ctdl/schema/context/json"


def uri(number: int) -> str:
    """Address of the resource with this number."""
    return f"https://credentialengineregistry.org/resources/{ctid(number)}"


def ctid(number: int) -> str:
    """CTID of the resource with this number."""
    return f"ce-00000000-0000-4000-8000-{number:012d}"


def resource(number: int, kind: str = "Certificate", **terms: Any) -> dict[str, Any]:
    """One resource; terms without prefix are of ceterms."""
    named = {"ceterms:name": {"en-US": f"Thing {number}"}}
    given = {f"ceterms:{key}": value for key, value in terms.items()}
    return {"@type": f"ceterms:{kind}", "@id": uri(number), "ceterms:ctid": ctid(number), **named, **given}


def profile(*targets: int, **terms: Any) -> dict[str, Any]:
    """A condition profile over credentials."""
    listed = {"ceterms:targetCredential": [uri(one) for one in targets]} if targets else {}
    return {"@type": "ceterms:ConditionProfile", **listed, **{f"ceterms:{key}": value for key, value in terms.items()}}


def condition(*parts: int, **terms: Any) -> dict[str, Any]:
    """A condition of a pathway's part over other parts."""
    listed = {"ceterms:targetComponent": [uri(one) for one in parts]} if parts else {}
    return {"@type": "ceterms:ComponentCondition", **listed, **{f"ceterms:{key}": value for key, value in terms.items()}}


def graph(*nodes: dict[str, Any]) -> dict[str, Any]:
    """A registry graph."""
    return {"@context": CONTEXT, "@graph": list(nodes)}


def read(*nodes: dict[str, Any]) -> Imported:
    """Read a graph of these resources, the way a file is read."""
    return read_json(json.dumps(graph(*nodes)).encode())


def read_required(
    condition_of_first: dict[str, Any], *others: dict[str, Any], count: int = 6, kind: str = "CourseComponent"
) -> str:
    """Text of the requirement a pathway's destination (1) gets from one condition, with parts 2, 3 ... beside it."""
    parts = [resource(number, kind) for number in range(2, count + 1)]
    pathway = resource(99, "Pathway", hasDestinationComponent=[uri(1)])
    first = resource(1, "CredentialComponent", hasCondition=[condition_of_first])
    return only_rule(read(pathway, first, *parts, *others))


def only_rule(imported: Imported) -> str:
    """Text of the only requirement of a file, with short ids."""
    (row,) = imported.requirements
    return short(render(row.rule))


def short(text: str) -> str:
    """A text with the CTIDs of :func:`ctid` as numbers."""
    for number in range(1, 100):
        text = text.replace(ctid(number), f"c{number}")
    return text


def codes(imported: Imported) -> set[str]:
    """Codes of the warnings."""
    return {one.code for one in imported.warnings}


def rejected(*nodes: dict[str, Any]) -> ImportRejectedError:
    """Read a graph that must be rejected."""
    try:
        read(*nodes)
    except ImportRejectedError as error:
        return error
    raise AssertionError("the graph was taken over")


def as_bytes(catalog: Catalog) -> bytes:
    """A catalog as a CTDL file."""
    return json.dumps(to_ctdl(catalog), ensure_ascii=False).encode("utf-8")


def without_own(value: Any) -> Any:
    """Take this project's own properties out: what any other program would read."""
    if isinstance(value, dict):
        return {key: without_own(one) for key, one in value.items() if not key.startswith(f"{OWN_PREFIX}:")}
    return [without_own(one) for one in value] if isinstance(value, list) else value


def credit_value(value: Any, unit: str = "SemesterHour", terms: dict[str, Any] | None = None) -> dict[str, Any]:
    """An amount of credit."""
    return {"@type": "schema:QuantitativeValue", "schema:value": value, "schema:unitText": f"creditUnit:{unit}", **(terms or {})}


THINGS = [resource(number) for number in (2, 3, 4)]
