"""Credentials signed with keys of our own: what an issuer does, for tests of what a verifier must find out."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import base58
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from pathways.badges.canonical import canonical_form, check_limits, check_terms
from pathways.badges.keys import PublicKey, from_multibase
from pathways.badges.proofs import canonical_parts, parts_of, signed_bytes, suite_of

CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"]
_PREFIX = {"secp256r1": b"\x80\x24", "secp384r1": b"\x81\x24"}


def in_process(documents: Sequence[Mapping[str, Any]], *, is_signed: bool = True) -> list[str]:
    """Canonical forms made here, so that tests of everything else need no worker."""
    for document in documents:
        check_limits(document, is_signed=is_signed)
        if not is_signed:
            check_terms(document)
    return [canonical_form(document) for document in documents] if is_signed else []


@dataclass(frozen=True)
class Signer:
    """A private key with the names its public key goes by."""

    private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey
    multikey: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "multikey", _multikey(self.private))

    @property
    def did(self) -> str:
        """The ``did:key``."""
        return f"did:key:{self.multikey}"

    @property
    def method(self) -> str:
        """Its verification method."""
        return f"{self.did}#{self.multikey}"

    @property
    def public(self) -> PublicKey:
        """As the product reads it."""
        return from_multibase(self.multikey)

    def sign(self, data: bytes) -> bytes:
        """Raw signature: Ed25519, or r and s."""
        if isinstance(self.private, ed25519.Ed25519PrivateKey):
            return self.private.sign(data)
        size = self.private.key_size // 8
        r, s = decode_dss_signature(self.private.sign(data, ec.ECDSA(hashes.SHA384() if size == 48 else hashes.SHA256())))
        return r.to_bytes(size) + s.to_bytes(size)

    def proof(self, document: Mapping[str, Any], suite: str = "eddsa-rdfc-2022", **more: Any) -> dict[str, Any]:
        """A proof of the document as it stands without its proofs."""
        kind = {"type": suite} if suite == "Ed25519Signature2020" else {"type": "DataIntegrityProof", "cryptosuite": suite}
        purpose = {"verificationMethod": self.method, "proofPurpose": "assertionMethod"}
        proof: dict[str, Any] = {**kind, "created": "2026-01-01T00:00:00Z", **purpose, **more}
        known = suite_of(proof)
        assert known is not None
        parts = canonical_parts(parts_of(document, proof, known), known, in_process)
        return proof | {"proofValue": "z" + base58.b58encode(self.sign(signed_bytes(parts, self.public))).decode()}

    def signed(self, document: Mapping[str, Any], suite: str = "eddsa-jcs-2022", **more: Any) -> dict[str, Any]:
        """The document with one proof."""
        return {**document, "proof": self.proof(document, suite, **more)}

    def token(self, claims: Mapping[str, Any], **header: Any) -> str:
        """A compact token."""
        algorithm = {"z6": "EdDSA", "zD": "ES256", "z8": "ES384"}[self.multikey[:2]]
        return self.raw_token({"alg": algorithm, "kid": self.method} | header, claims)

    def raw_token(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
        """A compact token with exactly this header."""
        start = f"{b64(json.dumps({name: value for name, value in header.items() if value is not None}))}.{b64(json.dumps(claims))}"
        return f"{start}.{b64(self.sign(start.encode()))}"


def _multikey(private: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> str:
    if isinstance(private, ed25519.Ed25519PrivateKey):
        content = b"\xed\x01" + private.public_key().public_bytes_raw()
    else:
        form = serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
        content = _PREFIX[private.curve.name] + private.public_key().public_bytes(*form)
    return "z" + base58.b58encode(content).decode()


def b64(content: str | bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(content.encode() if isinstance(content, str) else content).decode().rstrip("=")


ISSUER = Signer(ed25519.Ed25519PrivateKey.from_private_bytes(b"\x01" * 32))
OTHER = Signer(ed25519.Ed25519PrivateKey.from_private_bytes(b"\x02" * 32))
P256 = Signer(ec.derive_private_key(3, ec.SECP256R1()))
P384 = Signer(ec.derive_private_key(4, ec.SECP384R1()))


def rsa_key(bits: int = 2048) -> rsa.RSAPrivateKey:
    """A fresh RSA key."""
    return rsa.generate_private_key(65537, bits)


def rsa_jwk(key: rsa.RSAPrivateKey) -> dict[str, str]:
    """Its public part as a JSON Web Key."""
    numbers = key.public_key().public_numbers()
    n, e = (b64(value.to_bytes((value.bit_length() + 7) // 8)) for value in (numbers.n, numbers.e))
    return {"kty": "RSA", "n": n, "e": e}


def pem(key: Any) -> str:
    """A public key as PEM."""
    text: bytes = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return text.decode()


def rsa_token(key: rsa.RSAPrivateKey, claims: Mapping[str, Any], **header: Any) -> str:
    """A compact token signed with RS256."""
    start = f"{b64(json.dumps({'alg': 'RS256'} | header))}.{b64(json.dumps(claims))}"
    return f"{start}.{b64(key.sign(start.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def badge(issuer: str = ISSUER.did, /, **more: Any) -> dict[str, Any]:
    """An unsigned Open Badges 3.0 credential."""
    achievement = {"id": "https://issuer.example/a/1", "type": ["Achievement"], "name": "Coaching", "description": "Coaching",
                   "criteria": {"narrative": "Coach for a year."}}  # fmt: skip
    return {
        "@context": CONTEXTS,
        "id": "https://issuer.example/c/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": issuer, "type": ["Profile"], "name": "Issuer"},
        "validFrom": "2025-03-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:learner", "type": ["AchievementSubject"], "achievement": achievement},
        **more,
    }


def bits(*set_: int, size: int = 131_072) -> str:
    """A list of bits as it stands in a status list."""
    content = bytearray(size // 8)
    for index in set_:
        content[index // 8] |= 0x80 >> index % 8
    return "u" + b64(gzip.compress(bytes(content), mtime=0))


def status_list(encoded: str, *, issuer: Signer = ISSUER, purpose: Any = "revocation", **more: Any) -> dict[str, Any]:
    """A signed status list."""
    subject = {
        "id": "https://issuer.example/s/1#list",
        "type": "BitstringStatusList",
        "statusPurpose": purpose,
        "encodedList": encoded,
    }
    document = {
        "@context": CONTEXTS[:1],
        "id": "https://issuer.example/s/1",
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": issuer.did,
        "validFrom": "2025-03-01T00:00:00Z",
        "credentialSubject": subject,
        **more,
    }
    return issuer.signed(document)


def entry(index: Any = "7", purpose: Any = "revocation", **more: Any) -> dict[str, Any]:
    """A badge's place in that list."""
    place = {"statusListIndex": index, "statusListCredential": "https://issuer.example/s/1"}
    return {"type": "BitstringStatusListEntry", "statusPurpose": purpose, **place, **more}
