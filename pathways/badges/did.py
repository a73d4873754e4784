"""Decentralized identifiers of issuers: ``did:key``, which is a key, and ``did:web``, a document on the issuer's own site.

Nothing else is resolved; ``did:web`` only through the fetcher that is passed in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote

from pathways.badges.entities import Fetch
from pathways.badges.errors import NotThereError
from pathways.badges.keys import BadKeyError, PublicKey, from_jwk, from_multibase

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?\Z")
_STEP = re.compile(r"[A-Za-z0-9._~-]+\Z")


def key_of_did_key(did: str) -> PublicKey:
    """Read the key that a ``did:key`` is.

    Raises
    ------
    BadKeyError
        If it is none that can be used.
    """
    return from_multibase(did.removeprefix("did:key:"))


def did_web_address(did: str) -> str | None:
    """Where the document of a ``did:web`` is, or None for one that names no plain host and path (ports are refused with them).

    Examples
    --------
    >>> did_web_address("did:web:college.example:badges:2026")
    'https://college.example/badges/2026/did.json'
    >>> did_web_address("did:web:college.example")
    'https://college.example/.well-known/did.json'
    """
    host, *steps = (unquote(part) for part in did.removeprefix("did:web:").split(":"))
    if not _HOST.match(host) or not all(_STEP.match(step) and step not in {".", ".."} for step in steps):
        return None
    return f"https://{host}/{'/'.join(steps) or '.well-known'}/did.json"


def assertion_keys(did: str, fetch: Fetch) -> dict[str, PublicKey]:
    """Keys that the document of a ``did:web`` lists for making assertions.

    Parameters
    ----------
    did : str
        The identifier.
    fetch : Fetch
        How to get an address.

    Returns
    -------
    dict of str to PublicKey
        By the full id of each method; keys of kinds that are not used here are left out.

    Raises
    ------
    FetchError
        If the document cannot be had now.
    NotThereError
        If there is none, or what is there is not the document of ``did``.
    """
    address = did_web_address(did)
    if address is None:
        raise NotThereError(did, "it names no plain host and path")
    document = json_object(fetch(address).content, address)
    if document.get("id") != did:
        raise NotThereError(address, f"it is not the document of {did[:200]}")
    methods = {name: method for method in _listed(document.get("verificationMethod")) if (name := _full(did, method.get("id")))}
    keys = {}
    for entry in _entries(document.get("assertionMethod")):
        method = methods.get(_full(did, entry) or "") if isinstance(entry, str) else entry
        name = _full(did, method.get("id")) if isinstance(method, Mapping) else None
        key = _key(method) if isinstance(method, Mapping) else None
        if name is not None and key is not None:
            keys[name] = key
    return keys


def json_object(content: bytes, address: str) -> dict[str, Any]:
    """A JSON object from what an address answered, or :class:`~pathways.badges.errors.NotThereError`."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NotThereError(address, "the answer is not JSON") from error
    if not isinstance(found, dict):
        raise NotThereError(address, "the answer is not a JSON object")
    return found


def _entries(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in _entries(value) if isinstance(item, Mapping)]


def _full(did: str, name: Any) -> str | None:
    """The whole id of a method of this document; None for one of somebody else's."""
    if not isinstance(name, str):
        return None
    full = did + name if name.startswith("#") else name
    return full if full.startswith(did + "#") else None


def _key(method: Mapping[str, Any]) -> PublicKey | None:
    try:
        if isinstance(method.get("publicKeyJwk"), Mapping):
            return from_jwk(method["publicKeyJwk"])
        return from_multibase(method.get("publicKeyMultibase", ""))
    except BadKeyError:
        return None
