"""The signature of a compact token: which algorithm, which key the header names, and whether the signature is good.

RS256, ES256, ES384 and EdDSA. ``none`` and the shared-secret algorithms are refused, for a public key is no secret; so is every way
in which a header asks to fetch its own key, and every extension it calls critical. What the claims say is
:mod:`pathways.badges.jwt_form`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pathways.badges.did import json_object
from pathways.badges.entities import BadgeProblem
from pathways.badges.errors import FetchError
from pathways.badges.issuer import FoundKey, Trust, find_key
from pathways.badges.keys import BadKeyError, PublicKey, decode_base64url, from_jwk

#: Algorithm to the kind of key it takes.
ALGORITHMS = {"RS256": "RSA", "ES256": "P-256", "ES384": "P-384", "EdDSA": "Ed25519", "Ed25519": "Ed25519"}
_REFUSED = ("jku", "x5u")


def header_problem(header: Mapping[str, Any]) -> BadgeProblem | None:
    """What in a header makes the token invalid whatever its signature; None where nothing does."""
    algorithm = header.get("alg")
    if not isinstance(algorithm, str) or algorithm.lower() == "none" or algorithm.startswith("HS"):
        return BadgeProblem(
            "algorithm", f"The token's algorithm is {str(algorithm)[:20]!r}, which proves nothing about who signed it."
        )
    if "crit" in header or header.get("b64", True) is not True:
        return BadgeProblem("critical_header", "The token's header demands an extension that this program does not know.")
    for name in _REFUSED:
        if name in header:
            return BadgeProblem("remote_key", f"The token's header says where to fetch its own key ({name}), which is refused.")
    return None


def header_key(header: Mapping[str, Any], trust: Trust) -> FoundKey | None:
    """The key a header names by ``kid`` or brings along as ``jwk``; None where it names none.

    A key brought along checks the signature and proves nothing about the issuer. Where both stand, they must be the same key.
    """
    kid, jwk = header.get("kid"), header.get("jwk")
    brought: PublicKey | None = None
    if jwk is not None:
        try:
            brought = from_jwk(jwk if isinstance(jwk, Mapping) else {})
        except BadKeyError as error:
            return FoundKey("", problem=BadgeProblem("key", f"The token's key cannot be used: {error}"), final=True)
    if kid is None:
        return None if brought is None else FoundKey("", brought)
    named = _named(kid, trust)
    if brought is None or named.final:
        return named
    if named.key is None:
        return replace(named, key=brought, problem=None)
    if named.key != brought:
        return FoundKey(
            named.name, problem=BadgeProblem("key_id", "The token's header names one key and brings another."), final=True
        )
    return named


def _named(kid: Any, trust: Trust) -> FoundKey:
    if not isinstance(kid, str) or not kid.startswith(("did:", "https://", "http://", "urn:")):
        problem = BadgeProblem("key_id", f"The token's key id is {str(kid)[:60]!r}. Expected a DID or an address.")
        return FoundKey("", problem=problem, final=True)
    if "#" in kid or kid.startswith("did:"):
        return find_key(kid, trust)
    return FoundKey("", *_fetched(kid, trust))


def _fetched(address: str, trust: Trust) -> tuple[PublicKey | None, bool, BadgeProblem | None]:
    """A JSON Web Key at an address of its own: good for the signature, and no proof of the issuer."""
    if trust.fetch is None:
        return None, False, BadgeProblem("no_key", f"The key is at {address[:200]}, and fetching is off.", blocking=False)
    try:
        return from_jwk(json_object(trust.fetch(address).content, address)), False, None
    except (FetchError, BadKeyError) as error:
        return None, False, BadgeProblem("no_key", f"The key could not be had: {error}", blocking=False)


def is_signed(token: str, algorithm: str, key: PublicKey) -> bool:
    """Whether the signature of a compact token is good.

    Parameters
    ----------
    token : str
        Of three parts.
    algorithm : str
        One of :data:`ALGORITHMS`; a key of another kind than it takes is never good.
    key : PublicKey
        The key to check with.
    """
    if ALGORITHMS[algorithm] != key.kind:
        return False
    signed, _, signature = token.rpartition(".")
    try:
        return key.verifies(decode_base64url(signature), signed.encode("ascii"))
    except ValueError:
        return False
