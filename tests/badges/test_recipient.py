"""A badge counts for the person it was given to, however the issuer wrote who that is."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from pathways.badges.recipient import check_recipient
from tests.badges.signing import ISSUER, badge
from tests.badges.test_verify import codes, judged

EMAIL = "learner-a@school.example"


def hashed(text: str, salt: str = "", algorithm: str = "sha256") -> str:
    return f"{algorithm}${hashlib.new(algorithm, (text + salt).encode()).hexdigest()}"


def identified(**identifier: Any) -> dict[str, Any]:
    return {"credentialSubject": {"identifier": [{"type": "IdentityObject", "identityType": "emailAddress", **identifier}]}}


@pytest.mark.parametrize(
    "document",
    [
        identified(hashed=True, identityHash=hashed(EMAIL, "deadsea"), salt="deadsea"),
        identified(hashed=True, identityHash=hashed(EMAIL)),
        identified(hashed=True, identityHash=hashed(EMAIL).upper().replace("SHA256", "sha256")),
        identified(hashed=False, identityHash=EMAIL),
        identified(hashed=False, identityHash="Learner-A@School.Example"),
        {"credentialSubject": {"id": f"mailto:{EMAIL}"}},
        {"recipient": {"type": "email", "hashed": True, "identity": hashed(EMAIL, "s", "md5"), "salt": "s"}},
        {"recipient": {"type": "email", "hashed": False, "identity": EMAIL}},
        {"credentialSubject": [{"id": "mailto:other@school.example"}, {"id": f"mailto:{EMAIL}"}]},
    ],
)
def test_the_person_it_was_given_to_is_known_in_every_writing(document: dict[str, Any]) -> None:
    assert check_recipient(document, EMAIL) is None
    assert check_recipient(document, EMAIL.upper()) is None or "hash" in str(document).lower()
    stranger = check_recipient(document, "learner-b@school.example")
    assert stranger is not None
    assert stranger.code == "recipient_mismatch"
    assert EMAIL not in stranger.text


def test_a_did_is_compared_as_it_is() -> None:
    document = {"credentialSubject": {"id": "did:example:learner"}}
    assert check_recipient(document, "did:example:learner") is None
    stranger = check_recipient(document, "did:example:other")
    assert stranger is not None
    assert stranger.blocking


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"credentialSubject": {"id": "did:example:learner"}},
        {"recipient": {"identity": 5}},
        {"credentialSubject": {"id": "urn:uuid:1"}},
    ],
)
def test_a_badge_that_names_nobody_comparable_says_so_and_stays_as_it_is(document: dict[str, Any]) -> None:
    unknown = check_recipient(document, EMAIL)
    assert unknown is not None
    assert (unknown.code, unknown.blocking) == ("recipient_unknown", False)


def test_a_badge_of_somebody_else_is_invalid_and_without_a_recipient_nothing_is_asked() -> None:
    document = ISSUER.signed({**badge(), "credentialSubject": {**badge()["credentialSubject"], "id": f"mailto:{EMAIL}"}})
    assert judged(document).verdict == "valid"
    assert judged(document, recipient=EMAIL).verdict == "valid"
    found = judged(document, recipient="learner-b@school.example")
    assert (found.verdict, codes(found)) == ("invalid", {"recipient_mismatch"})
