"""Proofs inside a credential (W3C Data Integrity): which suite, which bytes were signed, and whether the signature is good.

Suites: eddsa-rdfc-2022, eddsa-jcs-2022, ecdsa-rdfc-2019 and ecdsa-jcs-2019 (P-256 and P-384), and the older Ed25519Signature2020.
Not here: chains (``previousProof``) and selective disclosure (ecdsa-sd-2023, bbs-2023), which are named as unsupported.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import rfc8785

from pathways.badges.canonical import CanonicalError
from pathways.badges.canonical_pool import Canonize
from pathways.badges.keys import PublicKey, decode_base58


@dataclass(frozen=True, slots=True)
class Suite:
    """How a document is made into bytes, and which kinds of key sign them."""

    form: Literal["rdfc", "jcs"]
    kinds: frozenset[str]


_EDWARDS = frozenset({"Ed25519"})
_NIST = frozenset({"P-256", "P-384"})
SUITES: dict[tuple[str, str | None], Suite] = {
    ("DataIntegrityProof", "eddsa-rdfc-2022"): Suite("rdfc", _EDWARDS),
    ("DataIntegrityProof", "eddsa-jcs-2022"): Suite("jcs", _EDWARDS),
    ("DataIntegrityProof", "ecdsa-rdfc-2019"): Suite("rdfc", _NIST),
    ("DataIntegrityProof", "ecdsa-jcs-2019"): Suite("jcs", _NIST),
    ("Ed25519Signature2020", None): Suite("rdfc", _EDWARDS),
}


def suite_of(proof: Mapping[str, Any]) -> Suite | None:
    """The suite of a proof, or None where this program has it not."""
    kind, name = proof.get("type"), proof.get("cryptosuite")
    if not isinstance(kind, str) or not isinstance(name, str | None):
        return None
    return SUITES.get((kind, name))


def proofs_of(document: Mapping[str, Any]) -> list[Any]:
    """The proofs of a document: none, one, or a set."""
    found = document.get("proof")
    if found is None:
        return []
    return list(found) if isinstance(found, list) else [found]


def parts_of(document: Mapping[str, Any], proof: Mapping[str, Any], suite: Suite) -> tuple[dict[str, Any], dict[str, Any]]:
    """The two documents that are signed: the proof without its value, and the credential without its proofs.

    Raises
    ------
    CanonicalError
        ``proof_context`` where a JCS proof names contexts that the credential does not start with.
    """
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    configuration = {key: value for key, value in proof.items() if key != "proofValue"}
    if suite.form == "rdfc":
        return configuration | {"@context": document.get("@context", [])}, unsecured
    if "@context" in configuration:
        named, whole = _as_list(configuration["@context"]), _as_list(document.get("@context"))
        if whole[: len(named)] != named:
            raise CanonicalError("proof_context", "The proof names contexts that the credential does not begin with.")
        unsecured["@context"] = configuration["@context"]
    return configuration, unsecured


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def canonical_parts(parts: tuple[dict[str, Any], dict[str, Any]], suite: Suite, canonize: Canonize) -> tuple[bytes, bytes]:
    """Canonical bytes of both parts, in the suite's form.

    Raises
    ------
    CanonicalError
        If a part has no canonical form.
    """
    if suite.form == "rdfc":
        configuration, unsecured = canonize(parts)
        return configuration.encode(), unsecured.encode()
    try:
        return rfc8785.dumps(parts[0]), rfc8785.dumps(parts[1])
    except (rfc8785.CanonicalizationError, RecursionError) as error:
        raise CanonicalError("json_form", "A number or text of the credential has no canonical form (RFC 8785).") from error


def signed_bytes(parts: tuple[bytes, bytes], key: PublicKey) -> bytes:
    """What the key signed: the hash of the proof's options, then the hash of the document (SHA-384 for P-384, else SHA-256)."""
    digest = hashlib.sha384 if key.kind == "P-384" else hashlib.sha256
    return digest(parts[0]).digest() + digest(parts[1]).digest()


def is_signed(document: Mapping[str, Any], proof: Mapping[str, Any], key: PublicKey, canonize: Canonize) -> bool:
    """Whether a proof of a known suite is a good signature of the document with this key.

    Parameters
    ----------
    document : mapping
        The credential with its proofs.
    proof : mapping
        One of them, of a suite that :func:`suite_of` knows.
    key : PublicKey
        The key of its verification method.
    canonize : Canonize
        How JSON-LD is canonicalized.

    Returns
    -------
    bool

    Raises
    ------
    CanonicalError
        If there is no canonical form, or the proof value is none.
    BadKeyError
        If the proof value is not base58.
    """
    suite = suite_of(proof)
    assert suite is not None
    if key.kind not in suite.kinds:
        return False
    signature = decode_base58(proof.get("proofValue", ""))
    parts = canonical_parts(parts_of(document, proof, suite), suite, canonize)
    return key.verifies(signature, signed_bytes(parts, key))
