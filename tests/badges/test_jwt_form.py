"""Compact tokens: both shapes of a credential in the claims, and a token that contradicts its credential refused."""

from __future__ import annotations

from typing import Any

import pytest

from pathways.badges.allow import Found
from pathways.badges.errors import BadgeFileError
from pathways.badges.jwt_form import credential_of, parse_token
from pathways.badges.read import read
from tests.badges.makers import ISSUER, badge, token


def codes(claims: dict[str, Any]) -> list[str]:
    found = Found()
    credential_of(parse_token(token(claims)), found)
    return [problem.code for problem in found.all()]


def test_both_shapes_give_the_same_credential() -> None:
    extra = {"iss": ISSUER, "nbf": 1, "jti": badge()["id"], "sub": "did:example:learner", "aud": "you", "iat": 2}
    inside = credential_of(parse_token(token({"vc": badge(), **extra})), Found())
    assert inside == credential_of(parse_token(token({**badge(), **extra})), Found()) == badge()


def test_claims_fill_in_what_the_older_shape_may_leave_out() -> None:
    claims = {"iss": ISSUER, "jti": "urn:uuid:1", "nbf": 1_700_000_000, "exp": 1_800_000_000.5}
    document = credential_of(parse_token(token({"vc": {"type": "VerifiableCredential"}, **claims})), Found())
    assert document == {
        "type": "VerifiableCredential", "issuer": ISSUER, "id": "urn:uuid:1", "issuanceDate": "2023-11-14T22:13:20Z",
        "expirationDate": "2027-01-15T08:00:00.500000Z",
    }  # fmt: skip


@pytest.mark.parametrize("time", ["soon", True, 1e300, -1e18, None])
def test_a_time_that_is_none_fills_in_nothing(time: Any) -> None:
    document = credential_of(parse_token(token({"vc": badge(validFrom=...), "nbf": time})), Found())
    assert "issuanceDate" not in document


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"vc": badge(), **badge()}, []),
        ({"vc": badge(), **badge(id="urn:uuid:2")}, ["two_credentials"]),
        ({"vc": "text"}, ["vc_claim"]),
        ({"vc": None, **badge()}, ["vc_claim"]),
        ({"vc": badge(), "iss": "https://other.example"}, ["iss_mismatch"]),
        ({"vc": badge(issuer="https://a.example"), "iss": "https://b.example"}, ["iss_mismatch"]),
        ({**badge(), "sub": "did:example:another"}, ["sub_mismatch"]),
        ({**badge(credentialSubject=[badge()["credentialSubject"]]), "sub": "did:example:another"}, ["sub_mismatch"]),
        ({**badge(subject={"id": None}), "sub": "did:example:another"}, []),
        ({**badge(), "jti": "urn:uuid:2"}, ["jti_mismatch"]),
        ({**badge(), "iss": 1, "jti": None, "sub": []}, ["iss_mismatch", "sub_mismatch", "jti_mismatch"]),
    ],
)
def test_a_token_that_contradicts_its_credential_says_how(claims: dict[str, Any], expected: list[str]) -> None:
    assert codes(claims) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a.b", "token_parts"),
        ("a.b.c.d", "token_parts"),
        (token(badge()) + ".x", "token_parts"),
        (token(badge()) + "=", "token_encoding"),
        ("e30.e30!.x", "token_encoding"),
        ("e30.e.x", "token_encoding"),
        ("e30..x", "token_encoding"),
        ("W10.e30.x", "token_shape"),
        ("e30.MQ.x", "token_shape"),
        ("e30.e30x.x", "not_json"),
        ("e30.eyJhIjoxLCJhIjoyfQ.x", "repeated_field"),
    ],
)
def test_a_token_that_is_none_is_refused(text: str, code: str) -> None:
    with pytest.raises(BadgeFileError) as caught:
        parse_token(text)
    assert caught.value.code == code


def test_an_unsigned_token_is_still_taken_apart() -> None:
    """Whether its algorithm is one to trust is the verifier's question: it must see the header."""
    assert parse_token(token(badge(), {"alg": "none"}, b"")).header == {"alg": "none"}
    [reading] = read(token(badge(), {"alg": "none"}, b"").encode(), name="badge.jwt")
    assert (reading.format, reading.claims) == ("ob3-jwt", badge())
