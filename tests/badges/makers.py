"""Short makers of badges and of the files they come in; what is signed is signed with keys made here."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import zlib
from functools import cache
from typing import Any

import base58
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

V2 = "https://www.w3.org/ns/credentials/v2"
OB3 = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR2 = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
ISSUER = "https://issuer.example/profile"


def badge(**changes: Any) -> dict[str, Any]:
    """An Open Badges 3.0 credential; ``achievement`` and ``subject`` change its inner objects."""
    achievement: dict[str, Any] = {
        "id": "https://issuer.example/achievements/1", "type": ["Achievement"], "name": "Reading Coach",
        "description": "Coaches teachers of reading.", "criteria": {"narrative": "Coach for a year."},
    } | changes.pop("achievement", {})  # fmt: skip
    subject = {"id": "did:example:learner", "type": ["AchievementSubject"], "achievement": achievement} | changes.pop("subject", {})
    document: dict[str, Any] = {
        "@context": [V2, OB3], "id": "https://issuer.example/credentials/1",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "issuer": {"id": ISSUER, "type": ["Profile"], "name": "Issuer"}, "validFrom": "2025-03-01T00:00:00Z",
        "credentialSubject": subject,
    }  # fmt: skip
    return {key: value for key, value in (document | changes).items() if value is not ...}


def record_of(*members: Any, **changes: Any) -> dict[str, Any]:
    """A learner record (CLR 2.0) that holds credentials or tokens."""
    subject = {"id": "did:example:learner", "type": ["ClrSubject"], "verifiableCredential": list(members)} | changes.pop(
        "subject", {}
    )
    document = badge(type=["VerifiableCredential", "ClrCredential"], credentialSubject=subject, id="https://issuer.example/clr/1")
    return document | {"@context": [V2, CLR2, OB3]} | changes


def assertion(**changes: Any) -> dict[str, Any]:
    """An Open Badges 2.0 assertion that holds its badge class."""
    document: dict[str, Any] = {
        "@context": "https://w3id.org/openbadges/v2", "type": "Assertion", "id": "https://issuer.example/a/1",
        "recipient": {"type": "email", "hashed": True, "salt": "s", "identity": "sha256$00"}, "issuedOn": "2020-01-01T00:00:00Z",
        "verification": {"type": "hosted"},
        "badge": {
            "type": "BadgeClass", "id": "https://issuer.example/b/1", "name": "Robotics", "description": "Builds robots.",
            "criteria": {"narrative": "Build one."}, "tags": ["robots", "robots"],
            "issuer": {"type": "Issuer", "id": "https://issuer.example/i", "name": "Club", "email": "club@issuer.example"},
        },
    }  # fmt: skip
    return {key: value for key, value in (document | changes).items() if value is not ...}


def encoded(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


@cache
def key() -> Ed25519PrivateKey:
    """A key that protects nothing."""
    return Ed25519PrivateKey.from_private_bytes(b"pathways test key, protects none")


def did() -> str:
    raw = key().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return "did:key:z" + base58.b58encode(b"\xed\x01" + raw).decode()


def signed(document: dict[str, Any]) -> dict[str, Any]:
    """The document issued by :func:`did`, with an eddsa-jcs-2022 proof."""
    whole = document | {"issuer": {**document["issuer"], "id": did()}}
    proof = {
        "type": "DataIntegrityProof", "cryptosuite": "eddsa-jcs-2022", "created": "2025-03-01T00:00:00Z",
        "proofPurpose": "assertionMethod",
        "verificationMethod": f"{did()}#{did().removeprefix('did:key:')}", "@context": whole["@context"],
    }  # fmt: skip
    data = b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, whole))
    return whole | {"proof": proof | {"proofValue": "z" + base58.b58encode(key().sign(data)).decode()}}


def token(claims: Any, header: dict[str, Any] | None = None, signature: bytes = b"none") -> str:
    """A compact token; the signature is whatever is given."""
    parts = (json.dumps(header or {"alg": "EdDSA", "typ": "JWT"}).encode(), encoded(claims), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def header(width: int = 1, height: int = 1) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))


def text_chunk(text: bytes, keyword: bytes = b"openbadgecredential", *, flags: bytes = b"\0\0") -> bytes:
    return chunk(b"iTXt", keyword + b"\0" + flags + b"\0\0" + text)


def png(*chunks: bytes, first: bytes | None = None) -> bytes:
    """A picture of one gray pixel with chunks baked in."""
    pixel = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + (header() if first is None else first) + b"".join(chunks) + pixel + chunk(b"IEND", b"")


def baked(document: Any) -> bytes:
    """A picture with a credential baked in."""
    return png(text_chunk(document.encode() if isinstance(document, str) else encoded(document)))


def svg(inside: str, *, before: str = "") -> bytes:
    """A picture with elements inside, and what stands before it."""
    spaces = (
        'xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" xmlns:ob2="http://openbadges.org"'
    )
    return f"{before}<svg {spaces}>{inside}<rect width='1' height='1'/></svg>".encode()


def in_svg(document: Any) -> str:
    return f"<openbadges:credential><![CDATA[{json.dumps(document)}]]></openbadges:credential>"
