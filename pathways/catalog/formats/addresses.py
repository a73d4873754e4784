"""Addresses of what is written: the registry's where an id is a CTID, else one made from the id, the same each time."""

from __future__ import annotations

import re
import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "urn:pathways:ctdl")
_CTID = re.compile(r"ce-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def ctid(kind: str, name: str) -> str:
    """CTID of a thing: its id where that is one, else made from kind and name.

    Examples
    --------
    >>> ctid("credential", "ce-0c6eda0e-0000-4000-8000-000000000220")
    'ce-0c6eda0e-0000-4000-8000-000000000220'
    """
    return name if _CTID.fullmatch(name) else f"ce-{uuid.uuid5(_NAMESPACE, f'{kind} {name}')}"


def address(kind: str, name: str) -> str:
    """Address of a thing; never a web address that nobody serves."""
    if _CTID.fullmatch(name):
        return f"https://credentialengineregistry.org/resources/{name}"
    return f"urn:uuid:{ctid(kind, name).removeprefix('ce-')}"


def identity(kind: str, name: str) -> dict[str, str]:
    """Address and CTID, as members of an object."""
    return {"@id": address(kind, name), "ceterms:ctid": ctid(kind, name)}


def text(words: str) -> dict[str, str]:
    """A text as CTDL writes it."""
    return {"en-US": words}
