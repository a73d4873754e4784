"""Public keys as badges write them (Multikey, JWK, PEM), and the three kinds of signature made with them.

Knows nothing of whose a key is; that is :mod:`pathways.badges.issuer`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import base58
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from pathways.errors import PathwaysError

KeyKind = Literal["Ed25519", "P-256", "P-384", "RSA"]
Native = ed25519.Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey

#: Base58 is quadratic; the longest key or signature here has 96 bytes.
MAX_MULTIBASE = 200
MIN_RSA_BITS, MAX_RSA_BITS = 2048, 8192
_BASE64URL = re.compile(r"[A-Za-z0-9_-]*\Z")
_CURVES: dict[str, tuple[KeyKind, ec.EllipticCurve, int]] = {
    "P-256": ("P-256", ec.SECP256R1(), 32),
    "P-384": ("P-384", ec.SECP384R1(), 48),
}


@dataclass
class BadKeyError(PathwaysError):
    """A public key that is none, or that is too weak."""

    found: str
    expected: str

    def __str__(self) -> str:
        """Say what was found and what was expected."""
        return f"{self.found} is not {self.expected}."


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key; two are equal when they are the same key, however they were written."""

    kind: KeyKind
    fingerprint: str
    native: Native = field(compare=False, repr=False)

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether ``signature`` over ``data`` was made with this key.

        Ed25519; ECDSA as raw r and s, with SHA-256 on P-256 and SHA-384 on P-384; RSA as PKCS #1 v1.5 with SHA-256 (RS256).
        """
        try:
            match self.native:
                case ed25519.Ed25519PublicKey():
                    self.native.verify(signature, data)
                case rsa.RSAPublicKey():
                    self.native.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
                case _:
                    half = _CURVES[self.kind][2]
                    if len(signature) != 2 * half:
                        return False
                    pair = (int.from_bytes(signature[:half]), int.from_bytes(signature[half:]))
                    digest = hashes.SHA384() if self.kind == "P-384" else hashes.SHA256()
                    self.native.verify(encode_dss_signature(*pair), data, ec.ECDSA(digest))
        except InvalidSignature:
            return False
        return True


def _made(kind: KeyKind, native: Native) -> PublicKey:
    der = native.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(kind, hashlib.sha256(der).hexdigest(), native)


def from_multibase(text: str) -> PublicKey:
    """Read a Multikey such as ``z6Mk...``: base58btc, two bytes of kind, then the raw key.

    Raises
    ------
    BadKeyError
        If it is no Ed25519, P-256 or P-384 key.
    """
    content = decode_base58(text)
    prefix, raw = content[:2], content[2:]
    try:
        if prefix == b"\xed\x01":
            return _made("Ed25519", ed25519.Ed25519PublicKey.from_public_bytes(raw))
        if prefix == b"\x80\x24":
            return _made("P-256", ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw))
        if prefix == b"\x81\x24":
            return _made("P-384", ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP384R1(), raw))
    except ValueError as error:
        raise BadKeyError(text[:60], "a point of its curve") from error
    raise BadKeyError(text[:60], "an Ed25519, P-256 or P-384 key")


def decode_base58(text: str) -> bytes:
    """Bytes of a multibase value; only ``z`` (base58btc) is used in badges."""
    if not (isinstance(text, str) and text.startswith("z") and len(text) <= MAX_MULTIBASE):
        raise BadKeyError(str(text)[:60], "base58 that starts with z")
    try:
        return base58.b58decode(text[1:])
    except ValueError as error:
        raise BadKeyError(text[:60], "base58") from error


def from_jwk(jwk: Mapping[str, Any]) -> PublicKey:
    """Read a JSON Web Key: OKP Ed25519, EC P-256 or P-384, or RSA of 2048 to 8192 bits.

    Raises
    ------
    BadKeyError
        If it is none of these, or too weak.
    """
    try:
        match jwk.get("kty"), jwk.get("crv"):
            case "OKP", "Ed25519":
                return _made("Ed25519", ed25519.Ed25519PublicKey.from_public_bytes(decode_base64url(jwk["x"])))
            case "EC", ("P-256" | "P-384") as name:
                kind, curve, _ = _CURVES[name]
                x, y = (int.from_bytes(decode_base64url(jwk[part])) for part in ("x", "y"))
                return _made(kind, ec.EllipticCurvePublicNumbers(x, y, curve).public_key())
            case "RSA", _:
                n, e = (int.from_bytes(decode_base64url(jwk[part])) for part in ("n", "e"))
                return _rsa(rsa.RSAPublicNumbers(e, n).public_key())
    except (KeyError, ValueError) as error:
        raise BadKeyError("The key in the token", "a whole JSON Web Key") from error
    raise BadKeyError(f"{jwk.get('kty')} {jwk.get('crv')}"[:40], "a key of kind Ed25519, P-256, P-384 or RSA")


def _rsa(native: rsa.RSAPublicKey) -> PublicKey:
    if not MIN_RSA_BITS <= native.key_size <= MAX_RSA_BITS:
        raise BadKeyError("The RSA key", f"one of {MIN_RSA_BITS} to {MAX_RSA_BITS} bits (it has {native.key_size})")
    return _made("RSA", native)


def decode_base64url(text: object) -> bytes:
    """Bytes of unpadded base64url, or ValueError; nothing outside its alphabet is skipped over."""
    if not isinstance(text, str) or _BASE64URL.match(text) is None:
        message = "not base64url"
        raise ValueError(message)
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_")
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def from_pem(text: str) -> PublicKey:
    """Read a PEM public key: RSA, as Open Badges 2.0 uses, or P-256, P-384 or Ed25519.

    Raises
    ------
    BadKeyError
        If it is none of these.
    """
    try:
        native = serialization.load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadKeyError("The PEM text", "a public key") from error
    match native:
        case rsa.RSAPublicKey():
            return _rsa(native)
        case ed25519.Ed25519PublicKey():
            return _made("Ed25519", native)
        case ec.EllipticCurvePublicKey(curve=ec.SECP256R1()):
            return _made("P-256", native)
        case ec.EllipticCurvePublicKey(curve=ec.SECP384R1()):
            return _made("P-384", native)
        case _:
            raise BadKeyError("The PEM key", "RSA, P-256, P-384 or Ed25519")


def parse_key(text: str) -> PublicKey:
    """Read a key as an administrator pins it: Multikey (``z6Mk...``), JWK as JSON, or PEM.

    Raises
    ------
    BadKeyError
        If it is none of these.

    Examples
    --------
    >>> parse_key("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQXJPt2swbTQ2i").kind
    'Ed25519'
    """
    given = text.strip()
    if given.startswith("-----BEGIN"):
        return from_pem(given)
    if given.startswith("{"):
        try:
            jwk = json.loads(given)
        except ValueError as error:
            raise BadKeyError("The text", "a JSON Web Key") from error
        return from_jwk(jwk)
    return from_multibase(given)
