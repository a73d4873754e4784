"""What CTDL has no term for, in this project's own properties beside the CTDL ones.

Each such object names the digest of the CTDL part it was written with. Where somebody changed that part, the CTDL part is read and
the object is passed over, with a warning: nothing hidden overrules what stands in the open.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.node import Node, exact
from pathways.catalog.formats.terms import OWN_PREFIX, local
from pathways.units import show

#: The property, and the member of it that holds the digest.
EXACT, DIGEST = f"{OWN_PREFIX}:exact", "of"
#: Terms of a thing that can be earned which say more than its own record: they are sealed one by one.
STRUCTURE = frozenset(
    {
        "requires", "entryCondition", "corequisite", "coPrerequisite", "commonConditions", "recommends", "renewal", "isRequiredFor",
        "isRecommendedFor", "isPreparationFor", "preparationFrom", "isAdvancedStandingFor", "advancedStandingFrom", "hasPart",
    }
)  # fmt: skip
NOTHING: frozenset[str] = frozenset()
#: Own id of a credential in the catalog it was written from.
ID = f"{OWN_PREFIX}:id"
#: Marks a thing that the file names and does not describe.
STAND_IN_TERM = f"{OWN_PREFIX}:standIn"


def digest(raw: Mapping[str, Any], without: frozenset[str] = NOTHING) -> str:
    """Fingerprint of the CTDL part of an object, but for some terms; spellings of terms and of numbers do not matter."""
    covered = {key: value for key, value in raw.items() if local(key) not in without}
    text = json.dumps(_plain(covered), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _plain(value: Any) -> Any:
    match value:
        case dict():
            found = {local(key): _plain(one) for key, one in value.items() if not key.startswith(f"{OWN_PREFIX}:")}
            return found["@id"] if set(found) == {"@id"} else found
        case list():
            return _plain(value[0]) if len(value) == 1 else [_plain(one) for one in value]
        case bool():
            return value
        case int() | Decimal() | float():
            number = exact(value)
            return str(value) if number is None else show(number)
        case _:
            return value


def sealed(raw: dict[str, Any], content: Mapping[str, Any], without: frozenset[str] = NOTHING) -> dict[str, Any]:
    """Add the own property to an object, after its CTDL part is whole."""
    said = {key: value for key, value in content.items() if value not in (None, "", [], {}, False)}
    return {**raw, EXACT: {DIGEST: digest(raw, without), **said}}


def unsealed(node: Node, without: frozenset[str] = NOTHING) -> dict[str, Any] | None:
    """Content of the own property; None where there is none or the CTDL part was changed since."""
    found = node.raw.get(EXACT)
    if found is None:
        return None
    if isinstance(found, dict) and found.get(DIGEST) == digest(node.raw, without):
        return {key: value for key, value in found.items() if key != DIGEST}
    text = f"{EXACT} does not belong to the terms beside it, which somebody changed; the CTDL terms are read"
    node.reading.warn("changed-outside", member(node.place, EXACT), text, about=EXACT)
    return None
