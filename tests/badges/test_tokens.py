"""A signed token is taken at its word only for what its signature proves; every way to talk a verifier into a key is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.badges.signing import ISSUER, OTHER, P256, P384, Signer, b64, badge, rsa_jwk, rsa_key, rsa_token
from tests.badges.test_verify import DOCUMENT, WEB, codes, did_document, judged

RSA = rsa_key()
COLLEGE = "https://college.example/issuer"
CLAIMS = badge() | {"iss": ISSUER.did, "jti": "https://issuer.example/c/1", "sub": "did:example:learner", "nbf": 1_740_787_200}


def claims(issuer: str) -> dict[str, Any]:
    return badge(issuer) | {"iss": issuer}


def jwk_of(signer: Signer) -> dict[str, str]:
    import base58

    return {"kty": "OKP", "crv": "Ed25519", "x": b64(base58.b58decode(signer.multikey[1:])[2:])}


@pytest.mark.parametrize("signer", [ISSUER, P256, P384], ids=["EdDSA", "ES256", "ES384"])
def test_a_token_signed_with_its_issuers_key_is_valid_in_both_shapes(signer: Signer) -> None:
    plain = claims(signer.did)
    for token in (signer.token(plain), signer.token({"vc": badge(signer.did), "iss": signer.did}), signer.token(plain, kid=None)):
        assert (judged(token).verdict, judged(token).issuer) == ("valid", "verified")


def test_a_key_that_a_token_brings_along_proves_the_signature_and_no_issuer() -> None:
    found = judged(rsa_token(RSA, claims(COLLEGE), jwk=rsa_jwk(RSA)))
    assert (found.verdict, found.signature, found.issuer) == ("valid", "valid", "unverified")
    pinned = judged(rsa_token(RSA, claims(COLLEGE), jwk=rsa_jwk(RSA)), pinned_keys={COLLEGE: [json.dumps(rsa_jwk(RSA))]})
    assert (pinned.verdict, pinned.issuer) == ("valid", "verified")


def test_a_token_without_any_key_is_unverified_unless_one_is_pinned() -> None:
    token = rsa_token(RSA, claims(COLLEGE))
    assert (judged(token).verdict, codes(judged(token), blocking=False)) == ("unverified", {"no_key"})
    assert judged(token, pinned_keys={COLLEGE: [json.dumps(rsa_jwk(RSA))]}).verdict == "valid"


def with_signature(token: str, signature: str) -> str:
    return f"{token.rpartition('.')[0]}.{signature}"


def hs256() -> str:
    import hashlib
    import hmac

    start = f"{b64(json.dumps({'alg': 'HS256', 'kid': ISSUER.method}))}.{b64(json.dumps(CLAIMS))}"
    return f"{start}.{b64(hmac.new(ISSUER.multikey.encode(), start.encode(), hashlib.sha256).digest())}"


GOOD = ISSUER.token(CLAIMS)
#: Thirteen kinds of forged token, and what is said of each.
FORGED = {
    "no algorithm at all": (with_signature(ISSUER.raw_token({"alg": "none"}, CLAIMS), ""), "algorithm"),
    "NoNe in another spelling": (ISSUER.raw_token({"alg": "NoNe", "kid": ISSUER.method}, CLAIMS), "algorithm"),
    "a shared secret made of the public key": (hs256(), "algorithm"),
    "jku: fetch my key here": (ISSUER.token(CLAIMS, jku="https://forger.example/keys"), "remote_key"),
    "x5u: fetch my certificate here": (ISSUER.token(CLAIMS, x5u="https://forger.example/chain"), "remote_key"),
    "jwk that is not the issuer's": (OTHER.token(CLAIMS, kid=None, jwk=jwk_of(OTHER)), "key_not_issuers"),
    "jwk beside another kid": (OTHER.token(CLAIMS, kid=ISSUER.method, jwk=jwk_of(OTHER)), "key_id"),
    "kid that is a path": (ISSUER.token(CLAIMS, kid="../../etc/passwd"), "key_id"),
    "kid that is a number": (ISSUER.token(CLAIMS, kid=5), "key_id"),
    "an unknown critical extension": (ISSUER.token(CLAIMS, crit=["exp"]), "critical_header"),
    "claims that are not encoded": (ISSUER.token(CLAIMS, b64=False), "critical_header"),
    "an all-zero ECDSA signature": (with_signature(P256.token(claims(P256.did)), b64(bytes(64))), "signature"),
    "four parts": (GOOD + ".AAAA", "token_parts"),
}


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_token_is_invalid(kind: str) -> None:
    token, code = FORGED[kind]
    found = judged(token, answers={})
    assert (found.verdict, code in codes(found)) == ("invalid", True), found


def test_thirteen_kinds_are_thirteen() -> None:
    assert len(FORGED) == 13
    assert judged(GOOD).verdict == "valid"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        (GOOD[:-4] + "AAAA", "signature"),
        (with_signature(GOOD, "A"), "signature"),
        (with_signature(GOOD, ""), "signature"),
        (ISSUER.token(CLAIMS, alg="ES256"), "signature"),
        (ISSUER.token(CLAIMS, alg=None), "algorithm"),
        (ISSUER.token(CLAIMS, kid=OTHER.method), "signature"),
        (OTHER.token(CLAIMS), "key_not_issuers"),
        (ISSUER.token(CLAIMS, kid=f"{ISSUER.did}#{OTHER.multikey}", jwk=jwk_of(ISSUER)), "key_id"),
        (ISSUER.token(CLAIMS, kid=None, jwk="none"), "key"),
        (ISSUER.token(CLAIMS, kid=None, jwk={"kty": "oct"}), "key"),
        (ISSUER.token(CLAIMS | {"iss": OTHER.did}), "iss_mismatch"),
        (ISSUER.token(CLAIMS | {"sub": "did:example:b"}), "sub_mismatch"),
        (ISSUER.token(CLAIMS | {"vc": badge(name="Another")}), "two_credentials"),
    ],
)
def test_a_token_whose_parts_do_not_fit_is_invalid(token: str, code: str) -> None:
    assert judged(token).verdict == "invalid"
    assert code in codes(judged(token))


@pytest.mark.parametrize("algorithm", ["PS256", "RS512", "ES256K"])
def test_an_algorithm_this_program_does_not_know_is_unsupported(algorithm: str) -> None:
    assert judged(ISSUER.token(CLAIMS, alg=algorithm)).verdict == "unsupported"


def test_a_kid_and_the_same_key_brought_along_agree() -> None:
    assert judged(ISSUER.token(CLAIMS, jwk=jwk_of(ISSUER))).issuer == "verified"


def test_a_key_brought_along_is_the_issuers_if_its_document_lists_it() -> None:
    token = ISSUER.token(claims(WEB), kid=None, jwk=jwk_of(ISSUER))
    assert judged(token, answers={DOCUMENT: did_document()}).issuer == "verified"
    assert codes(judged(token, answers={DOCUMENT: did_document(OTHER)})) == {"key_not_issuers"}
    assert codes(judged(token, answers={})) == {"key_not_issuers"}
    assert judged(token).verdict == "valid"
    from pathways.badges.errors import FetchError

    assert judged(token, answers={DOCUMENT: FetchError(DOCUMENT, "timeout")}).issuer == "unverified"
    by_name = ISSUER.token(claims(WEB), kid=f"{WEB}#key-1", jwk=jwk_of(ISSUER))
    assert (judged(by_name).verdict, judged(by_name).issuer) == ("valid", "unverified")
    assert judged(by_name, answers={DOCUMENT: did_document()}).issuer == "verified"


def test_a_kid_that_is_an_address_is_asked_for_its_key_and_proves_no_issuer() -> None:
    key = "https://college.example/keys/1"
    token = ISSUER.token(claims(COLLEGE), kid=key)
    assert (judged(token).verdict, codes(judged(token), blocking=False)) == ("unverified", {"no_key"})
    assert (judged(token, answers={key: jwk_of(ISSUER)}).verdict, judged(token, answers={key: jwk_of(ISSUER)}).issuer) == (
        "valid",
        "unverified",
    )
    assert judged(token, answers={key: jwk_of(OTHER)}).verdict == "invalid"
    assert judged(token, answers={key: {"kty": "oct"}}).verdict == "unverified"
    assert judged(token, answers={}).verdict == "unverified"
