"""Open Badges 2.0: the copy at the badge's own address counts, or a signature with a key its issuer publishes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pathways.badges.errors import FetchError, NotThereError
from tests.badges.signing import b64, pem, rsa_key, rsa_token
from tests.badges.test_verify import codes, judged

RSA, FOREIGN = rsa_key(), rsa_key()
SITE = "https://college.example"
ISSUER, CLASS, HERE, KEY, REVOKED = (f"{SITE}/{name}" for name in ("issuer", "class", "a/1", "key", "revoked"))
CONTEXT = "https://w3id.org/openbadges/v2"


def assertion(kind: str = "hosted", /, **changes: Any) -> dict[str, Any]:
    found = {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": HERE,
        "badge": CLASS,
        "issuedOn": "2025-03-01T00:00:00Z",
        "recipient": {"type": "email", "hashed": False, "identity": "learner-a@school.example"},
        "verification": {"type": kind} | ({"creator": KEY} if kind == "signed" else {}),
    }
    return {name: value for name, value in (found | changes).items() if value is not ...}


def badge_class(**changes: Any) -> dict[str, Any]:
    about = {"id": CLASS, "name": "Coaching", "description": "Coaching", "criteria": f"{SITE}/criteria", "issuer": ISSUER}
    return {"@context": CONTEXT, "type": "BadgeClass", **about, **changes}


def profile(**changes: Any) -> dict[str, Any]:
    return {"@context": CONTEXT, "type": "Issuer", "id": ISSUER, "name": "College", "url": SITE, "publicKey": KEY, **changes}


def key(owner: str = ISSUER, private: Any = RSA) -> dict[str, Any]:
    return {"@context": CONTEXT, "type": "CryptographicKey", "id": KEY, "owner": owner, "publicKeyPem": pem(private.public_key())}


def site(document: Any = None, **changes: Any) -> dict[str, Any]:
    """Everything the college serves."""
    usual = {ISSUER: profile(), CLASS: badge_class(), KEY: key(), HERE: document or assertion()}
    return usual | {f"{SITE}/{name.replace('__', '/')}": value for name, value in changes.items()}


# --- hosted ------------------------------------------------------------------------------------------------------------------


def test_a_hosted_badge_is_valid_where_its_own_address_serves_the_same_copy() -> None:
    found = judged(assertion(), answers=site())
    assert (found.verdict, found.issuer, found.problems) == ("valid", "verified", ())


def test_a_hosted_badge_that_was_changed_is_invalid() -> None:
    found = judged(assertion(issuedOn="2026-01-01T00:00:00Z"), answers=site())
    assert (found.verdict, codes(found)) == ("invalid", {"hosted_differs"})


@pytest.mark.parametrize("answers", [None, {}, site(a__1=FetchError(HERE, "timeout")), site(a__1="no JSON"), site(a__1="[]")])
def test_a_hosted_badge_whose_copy_cannot_be_had_is_unverified(answers: Any) -> None:
    found = judged(assertion(), answers=answers)
    assert (found.verdict, found.signature) == ("unverified", "unverified")
    assert "not_checked" in codes(found, blocking=False)


def test_a_badge_without_a_web_address_of_its_own_has_no_copy() -> None:
    found = judged(assertion(id="urn:uuid:1"), answers=site())
    assert found.verdict == "unverified"


def test_plain_http_is_asked_for_as_https() -> None:
    http = assertion(id=HERE.replace("https", "http"), badge=CLASS.replace("https", "http"))
    assert judged(http, answers=site(http)).issuer == "verified"


def test_the_badge_class_and_the_issuer_may_stand_in_the_badge() -> None:
    document = assertion(badge=badge_class(issuer=profile()))
    assert judged(document, answers=site(document)).issuer == "verified"


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        ({"allowedOrigins": "other.example"}, "invalid"),
        ({"allowedOrigins": ["other.example", "college.example"]}, "valid"),
        ({"startsWith": f"{SITE}/b/"}, "invalid"),
        ({"startsWith": [f"{SITE}/b/", f"{SITE}/a/"]}, "valid"),
        ("anything", "valid"),
    ],
)
def test_the_issuers_profile_says_where_its_badges_may_be_hosted(rules: Any, word: str) -> None:
    found = judged(assertion(), answers=site(issuer=profile(verification=rules)))
    assert found.verdict == word
    assert codes(found) == (set() if word == "valid" else {"origin_not_issuers"})


def test_a_badge_on_a_strangers_site_in_a_colleges_name_is_invalid() -> None:
    forged = assertion(id="https://forger.example/a/1")
    found = judged(forged, answers=site() | {"https://forger.example/a/1": forged})
    assert codes(found) == {"origin_not_issuers"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"class": badge_class(type="Other")}, "badge_class"),
        ({"class": badge_class(issuer=5)}, "issuer_missing"),
        ({"issuer": profile(type="Criteria")}, "issuer"),
    ],
)
def test_a_badge_that_leads_to_no_class_or_issuer_is_invalid(changes: dict[str, Any], code: str) -> None:
    assert codes(judged(assertion(), answers=site(**changes))) == {code}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"class": NotThereError(CLASS, "404")}, "issuer_unreachable"),
        ({"issuer": FetchError(ISSUER, "timeout")}, "issuer_unreachable"),
        ({"class": badge_class(issuer="urn:uuid:1")}, "issuer_not_address"),
        ({"issuer": profile(id="urn:uuid:1")}, "issuer_not_address"),
    ],
)
def test_an_issuer_that_cannot_be_asked_stays_unverified(changes: dict[str, Any], code: str) -> None:
    found = judged(assertion(), answers=site(**changes))
    assert (found.verdict, found.issuer, codes(found, blocking=False)) == ("valid", "unverified", {code})


def test_a_badge_whose_class_is_no_address_leads_nowhere() -> None:
    document = assertion(badge="class 1")
    assert codes(judged(document, answers=site(document)), blocking=False) == {"issuer_unreachable"}


def test_a_description_is_checked_like_an_award_and_counts_for_nothing() -> None:
    assert judged(badge_class(), answers=site()).issuer == "verified"
    assert judged(profile(), answers=site()).issuer == "verified"
    elsewhere = badge_class(id="https://library.example/class")
    found = judged(elsewhere, answers=site() | {"https://library.example/class": elsewhere})
    assert (found.verdict, found.issuer) == ("valid", "unverified")
    assert "not_an_award" in codes(found, blocking=False)


@pytest.mark.parametrize("context", ["https://w3id.org/openbadges/invalid", ["https://schema.org/"], ...])
def test_another_context_is_no_open_badge(context: Any) -> None:
    assert "context" in codes(judged(assertion(**{"@context": context}), answers=site()))


@pytest.mark.parametrize(
    "extension", ["text", {"type": ["Extension"]}, {"@context": "https://ext.example/c", "type": ["extensions:Other"]}]
)
def test_an_extension_must_say_what_it_is(extension: Any) -> None:
    document = assertion(**{"extensions:other": extension})
    assert codes(judged(document, answers=site(document))) == {"extension"}
    stated: dict[str, Any] = {"@context": "https://ext.example/c", "type": ["Extension", "extensions:Other"]}
    whole = assertion(**{"extensions:other": stated})
    assert judged(whole, answers=site(whole)).verdict == "valid"


def test_a_badge_that_says_itself_that_it_is_revoked_is() -> None:
    document = assertion(revoked=True)
    found = judged(document, answers=site(document))
    assert (found.verdict, found.status, codes(found)) == ("invalid", "revoked", {"revoked"})


def test_an_expired_badge_is_invalid_and_one_that_ends_with_a_day_lasts_through_it() -> None:
    for text, word in (("2026-11-20", "invalid"), ("2026-11-21", "valid"), ("2026-11-20T23:59:59Z", "invalid")):
        document = assertion(expires=text)
        assert judged(document, answers=site(document)).verdict == word


# --- signed ------------------------------------------------------------------------------------------------------------------


def signed(private: Any = RSA, header: Any = None, **changes: Any) -> str:
    return rsa_token(private, assertion("signed", **changes), **(header or {}))


def test_a_signed_badge_is_valid_with_a_key_its_issuer_publishes() -> None:
    found = judged(signed(), answers=site())
    assert (found.verdict, found.signature, found.issuer, found.status) == ("valid", "valid", "verified", "none")
    inside = site(issuer=profile(publicKey=[{"id": KEY, "owner": ISSUER}]))
    assert judged(signed(), answers=inside).issuer == "verified"


@pytest.mark.parametrize("public", [KEY, [KEY], key(), [key()]])
def test_without_a_creator_the_issuers_own_key_is_meant(public: Any) -> None:
    answers = site(issuer=profile(publicKey=public))
    assert judged(signed(verification={"type": "signed"}), answers=answers).issuer == "verified"
    assert judged(signed(verification="signed"), answers=answers).issuer == "verified"


@pytest.mark.parametrize(
    ("token", "changes", "code"),
    [
        (signed(FOREIGN), {}, "signature"),
        (signed(), {"key": key(owner="https://forger.example/issuer")}, "key_not_issuers"),
        (signed(), {"issuer": profile(publicKey=f"{SITE}/key-2")}, "key_not_issuers"),
        (signed(header={"alg": "none"}), {}, "algorithm"),
        (signed(header={"jku": KEY}), {}, "remote_key"),
    ],
)
def test_a_signature_that_is_not_the_issuers_makes_the_badge_invalid(token: str, changes: dict[str, Any], code: str) -> None:
    found = judged(token, answers=site(**changes))
    assert (found.verdict, codes(found)) == ("invalid", {code})


def test_an_unknown_algorithm_is_unsupported() -> None:
    assert judged(signed(header={"alg": "PS256"}), answers=site()).verdict == "unsupported"


@pytest.mark.parametrize(
    "changes", [{"key": NotThereError(KEY, "404")}, {"key": key() | {"publicKeyPem": "none"}}, {"key": {"id": KEY}}]
)
def test_a_key_that_cannot_be_had_leaves_a_signed_badge_unverified(changes: dict[str, Any]) -> None:
    assert judged(signed(), answers=site(**changes)).verdict == "unverified"
    assert judged(signed()).verdict == "unverified"


def test_an_issuer_that_cannot_be_asked_leaves_a_good_signature_unbound_unless_its_key_is_pinned() -> None:
    answers = site(issuer=FetchError(ISSUER, "timeout"))
    assert (judged(signed(), answers=answers).verdict, judged(signed(), answers=answers).issuer) == ("valid", "unverified")
    assert judged(signed(), answers=site(), pinned_keys={ISSUER: [pem(RSA.public_key())]}).issuer == "verified"


@pytest.mark.parametrize(
    ("listed", "status"),
    [
        ([HERE], "revoked"),
        ([{"id": HERE, "revocationReason": "error"}], "revoked"),
        ([{"uid": "u1"}], "revoked"),
        ([], "good"),
        ([f"{SITE}/a/2", {"id": f"{SITE}/a/3"}], "good"),
        ([f"{SITE}/a/{n}" for n in range(2, 900)] + [HERE], "revoked"),
        ("none", "unknown"),
    ],
)
def test_the_issuers_list_of_revoked_badges_is_asked(listed: Any, status: str) -> None:
    answers = site(issuer=profile(revocationList=REVOKED), revoked={"type": "RevocationList", "revokedAssertions": listed})
    found = judged(signed(uid="u1"), answers=answers)
    assert found.status == status
    assert found.verdict == {"revoked": "invalid", "good": "valid", "unknown": "status_unknown"}[status]


def test_a_list_that_cannot_be_asked_leaves_the_status_unknown() -> None:
    found = judged(signed(), answers=site(issuer=profile(revocationList=REVOKED)))
    assert (found.verdict, codes(found, blocking=False)) == ("status_unknown", {"status_unreachable"})


def test_a_tampered_token_is_invalid() -> None:
    head, _, signature = signed().split(".")
    forged = ".".join([head, b64(json.dumps(assertion("signed", issuedOn="2026-01-01T00:00:00Z"))), signature])
    assert codes(judged(forged, answers=site())) == {"signature"}
