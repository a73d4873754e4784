"""Public keys are read as badges write them; a damaged, weak or strange one is refused in words."""

from __future__ import annotations

import json
from typing import Any

import base58
import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519

from pathways.badges.keys import BadKeyError, decode_base64url, from_jwk, from_multibase, from_pem, parse_key
from tests.badges.signing import ISSUER, OTHER, P256, P384, b64, pem, rsa_jwk, rsa_key

RSA = rsa_key()


def ec_jwk(key: ec.EllipticCurvePublicKey, curve: str) -> dict[str, str]:
    numbers, size = key.public_numbers(), (key.key_size + 7) // 8
    return {"kty": "EC", "crv": curve, "x": b64(numbers.x.to_bytes(size)), "y": b64(numbers.y.to_bytes(size))}


def forms(signer: Any) -> list[str]:
    public = signer.private.public_key()
    if isinstance(public, ed25519.Ed25519PublicKey):
        jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(public.public_bytes_raw())}
    else:
        jwk = ec_jwk(public, {"secp256r1": "P-256", "secp384r1": "P-384"}[public.curve.name])
    return [signer.multikey, json.dumps(jwk), pem(public)]


@pytest.mark.parametrize("signer", [ISSUER, P256, P384], ids=["Ed25519", "P-256", "P-384"])
def test_a_key_is_the_same_key_in_every_form(signer: Any) -> None:
    read = [parse_key(text) for text in forms(signer)]
    assert len(set(read)) == 1
    assert read[0] != OTHER.public
    assert all(key.verifies(signer.sign(b"badge"), b"badge") and not key.verifies(signer.sign(b"badge"), b"other") for key in read)


def test_an_rsa_key_is_the_same_as_jwk_and_pem() -> None:
    assert from_jwk(rsa_jwk(RSA)) == from_pem(pem(RSA.public_key()))


@pytest.mark.parametrize(
    "text",
    [
        "", "z", "zz0OIl", "u" + ISSUER.multikey, "z" + "1" * 300, "z" + base58.b58encode(b"\x12\x34" + bytes(32)).decode(),
        "z" + base58.b58encode(b"\x80\x24" + bytes(33)).decode(), "z" + base58.b58encode(b"\xed\x01" + bytes(31)).decode(),
        "{", '{"kty": "oct", "k": "AAAA"}', '{"kty": "OKP", "crv": "Ed25519"}', '{"kty": "OKP", "crv": "X25519", "x": "AA"}',
        '{"kty": "EC", "crv": "P-256", "x": "AQ", "y": "AQ"}', '{"kty": "EC", "crv": "secp256k1", "x": "AQ", "y": "AQ"}',
        '{"kty": "OKP", "crv": "Ed25519", "x": "not base64!"}', '{"kty": "OKP", "crv": "Ed25519", "x": 5}',
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    ],
)  # fmt: skip
def test_what_is_no_key_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadKeyError) as caught:
        parse_key(text)
    assert " is not " in str(caught.value)


def test_weak_and_strange_keys_are_refused() -> None:
    with pytest.raises(BadKeyError, match="2048 to 8192 bits"):
        from_jwk(rsa_jwk(rsa_key(1024)))
    for key in (dsa.generate_private_key(2048), ec.generate_private_key(ec.SECP521R1())):
        with pytest.raises(BadKeyError, match="RSA, P-256, P-384 or Ed25519"):
            from_pem(pem(key.public_key()))


def test_a_value_that_is_no_text_is_no_key() -> None:
    with pytest.raises(BadKeyError):
        from_multibase(None)  # type: ignore[arg-type]


@pytest.mark.parametrize("signature", [b"", bytes(64), bytes(63), bytes(96), b"\xff" * 64])
def test_zero_short_and_long_signatures_are_not_good(signature: bytes) -> None:
    assert not any(signer.public.verifies(signature, b"badge") for signer in (ISSUER, P256, P384))


@pytest.mark.parametrize("text", ["a", "a=", "a b", "\u00e9", "+/+/", None, 5])
def test_only_base64url_is_decoded(text: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode_base64url(text)
