"""Whose key it is: the key behind a verification method, and whether it is the issuer's.

A key inside a credential proves nothing about who issued it. An issuer is verified in three ways only: its id is a ``did:key`` and
that is the key; its id is a ``did:web`` whose document, fetched, lists the method under ``assertionMethod``; or an administrator
pinned the key for that id. A key that stands under another name than the issuer's is a forgery, not a gap.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pathways.badges.did import assertion_keys, key_of_did_key
from pathways.badges.entities import BadgeProblem, Fetch
from pathways.badges.errors import FetchError, NotThereError
from pathways.badges.keys import BadKeyError, PublicKey, from_multibase, parse_key

Binding = Literal["verified", "unverified", "foreign"]


@dataclass(frozen=True, slots=True)
class Trust:
    """What a key may be looked up with.

    Parameters
    ----------
    fetch : Fetch or None
        For ``did:web``; None where there is no network.
    pinned : mapping of str to collection of str
        Issuer id to keys an administrator pinned for it (Multikey, JWK or PEM).
    """

    fetch: Fetch | None = None
    pinned: Mapping[str, Collection[str]] = field(default_factory=dict)

    def pins(self, issuer: str) -> frozenset[PublicKey]:
        """Keys pinned for an issuer."""
        return frozenset(parse_key(text) for text in self.pinned.get(issuer, ()))


@dataclass(frozen=True, slots=True)
class FoundKey:
    """The key of a verification method.

    ``name`` is what it stands under: the DID, or the address before the ``#``; empty for a key that a token brings along unnamed.
    ``listed`` means that the document of that DID was read and lists it. Without a key, ``problem`` says why; ``final`` then means
    that the name itself is wrong, so that it is no use to try again.
    """

    name: str
    key: PublicKey | None = None
    listed: bool = False
    problem: BadgeProblem | None = None
    final: bool = False


def find_key(method: str, trust: Trust) -> FoundKey:
    """Look up the key of a verification method.

    Parameters
    ----------
    method : str
        An id such as ``did:key:z6Mk...#z6Mk...``, ``did:web:college.example#key-1`` or ``https://college.example/issuer#z6Mk...``.
    trust : Trust
        How a ``did:web`` is resolved. Where it cannot be (no network), a key spelled out after the ``#`` still checks the
        signature.

    Returns
    -------
    FoundKey
    """
    name, _, fragment = method.partition("#")
    if name.startswith("did:key:"):
        if fragment and fragment != name.removeprefix("did:key:"):
            return _wrong(name, "key_id", f"{method[:200]} names another key than the one it is.")
        try:
            return FoundKey(name, key_of_did_key(name))
        except BadKeyError as error:
            return _wrong(name, "key_id", f"{method[:200]} cannot be used: {error}")
    if name.startswith("did:web:") and trust.fetch is not None:
        try:
            return _resolved(method, name, trust.fetch)
        except NotThereError as error:
            return _wrong(name, "did_not_found", f"The issuer's identifier does not lead to its keys: {error}")
        except FetchError:
            return _spelled(method, name, fragment)
    return _spelled(method, name, fragment)


def _resolved(method: str, name: str, fetch: Fetch) -> FoundKey:
    keys = assertion_keys(name, fetch)
    if method not in keys:
        return _wrong(name, "key_not_listed", f"{name[:200]} does not list the key {method[:200]} for making assertions.")
    return FoundKey(name, keys[method], listed=True)


def _spelled(method: str, name: str, fragment: str) -> FoundKey:
    try:
        return FoundKey(name, from_multibase(fragment))
    except BadKeyError:
        text = f"The key {method[:200]} is not in the badge, and this program could not get it."
        return FoundKey(name, problem=BadgeProblem("no_key", text, blocking=False))


def _wrong(name: str, code: str, text: str) -> FoundKey:
    return FoundKey(name, problem=BadgeProblem(code, text), final=True)


def bind(issuer: str, found: FoundKey, trust: Trust) -> Binding:
    """Say whether a key, with which a signature was good, is the issuer's.

    Parameters
    ----------
    issuer : str
        The id of the issuer in the credential.
    found : FoundKey
        With a key.
    trust : Trust
        For the pinned keys.

    Returns
    -------
    str
        ``verified``; ``unverified`` where nothing tells; ``foreign`` where the key stands under another name than the issuer's,
        or is not one of those pinned for it.
    """
    pins = trust.pins(issuer)
    if found.key in pins:
        return "verified"
    if not issuer:
        return "unverified"
    if issuer.startswith("did:key:"):
        return "verified" if _is_key(issuer, found.key) else "foreign"
    if found.name == issuer:
        return "verified" if found.listed else ("foreign" if pins else "unverified")
    if pins or (found.name and (issuer.startswith("did:") or not found.name.startswith("did:"))):
        return "foreign"
    return _carried(issuer, found, trust)


def _is_key(did: str, key: PublicKey | None) -> bool:
    try:
        return key_of_did_key(did) == key
    except BadKeyError:
        return False


def _carried(issuer: str, found: FoundKey, trust: Trust) -> Binding:
    """A key that came without a name, or under a DID while the issuer has a plain address: the issuer's document may tell."""
    if not issuer.startswith("did:web:") or trust.fetch is None:
        return "unverified"
    try:
        return "verified" if found.key in assertion_keys(issuer, trust.fetch).values() else "foreign"
    except NotThereError:
        return "foreign"
    except FetchError:
        return "unverified"
