"""What a badge is worth: the signature, whose key it is, dates, status and recipient, each told apart; then the worst.

Every badge here is signed with keys of our own, and every attack is made on a badge that was good before it.
"""

from __future__ import annotations

import json
import resource
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.badges.entities import Fetch, Fetched, Verdict
from pathways.badges.errors import FetchError, NotThereError
from pathways.badges.read import read
from pathways.badges.verify import shared_cache, verify
from pathways.badges.verify_signature import SignatureCache
from tests.badges.signing import ISSUER, OTHER, P256, P384, Signer, b64, badge, bits, entry, in_process, pem, status_list

NOW = datetime(2026, 11, 21, tzinfo=UTC)
WEB = "did:web:issuer.example"


def served(answers: Mapping[str, Any]) -> Fetch:
    """Answers from memory: an object as JSON, text as it is, an error raised; nothing else is there."""

    def fetch(url: str) -> Fetched:
        found = answers.get(url, NotThereError(url, "nothing there"))
        if isinstance(found, FetchError):
            raise found
        return Fetched(found.encode() if isinstance(found, str) else json.dumps(found).encode(), "application/json", url)

    return fetch


def judged(document: Any, *, answers: Mapping[str, Any] | None = None, now: datetime = NOW, **more: Any) -> Verdict:
    content = document if isinstance(document, str) else json.dumps(document)
    [reading] = read(content.encode(), name="badge")
    fetch = None if answers is None else served(answers)
    return verify(reading, now=now, fetch=fetch, canonize=in_process, cache=SignatureCache(), **more)


def codes(verdict: Verdict, *, blocking: bool = True) -> set[str]:
    return {problem.code for problem in verdict.problems if problem.blocking is blocking}


def did_document(signer: Signer = ISSUER, did: str = WEB, **more: Any) -> dict[str, Any]:
    method = {"id": f"{did}#key-1", "type": "Multikey", "controller": did, "publicKeyMultibase": signer.multikey}
    return {"id": did, "verificationMethod": [method], "assertionMethod": [f"{did}#key-1"], **more}


DOCUMENT = "https://issuer.example/.well-known/did.json"
BY_WEB = {"verificationMethod": f"{WEB}#key-1"}
SUITES = [
    (ISSUER, "eddsa-rdfc-2022"),
    (ISSUER, "eddsa-jcs-2022"),
    (P256, "ecdsa-rdfc-2019"),
    (P384, "ecdsa-rdfc-2019"),
    (P256, "ecdsa-jcs-2019"),
    (P384, "ecdsa-jcs-2019"),
]


# --- signatures -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("signer", "suite"), SUITES)
def test_a_badge_signed_with_its_issuers_key_is_valid_and_the_issuer_verified(signer: Signer, suite: str) -> None:
    found = judged(signer.signed(badge(signer.did), suite))
    assert found == Verdict("valid", "valid", "verified", "none", "current")


def test_the_older_ed25519_signature_needs_its_context() -> None:
    document = badge()
    document["@context"] = [*document["@context"], "https://w3id.org/security/suites/ed25519-2020/v1"]
    assert judged(ISSUER.signed(document, "Ed25519Signature2020")).verdict == "valid"


@pytest.mark.parametrize(("signer", "suite"), SUITES)
def test_a_badge_changed_after_it_was_signed_is_invalid(signer: Signer, suite: str) -> None:
    document = signer.signed(badge(signer.did), suite)
    document["credentialSubject"]["achievement"]["name"] = "Coaching, with honors"
    found = judged(document)
    assert (found.verdict, found.signature, codes(found)) == ("invalid", "invalid", {"signature"})


@pytest.mark.parametrize(("signer", "suite"), SUITES)
def test_a_property_added_to_a_signed_badge_is_never_valid(signer: Signer, suite: str) -> None:
    found = judged({**signer.signed(badge(signer.did), suite), "unsignedBonusCredits": 120})
    assert found.verdict == "invalid"


def test_a_context_written_into_a_signed_badge_makes_it_invalid_and_an_unknown_one_unsupported() -> None:
    document = ISSUER.signed(badge(), "eddsa-rdfc-2022")
    inline = judged({**document, "@context": [*document["@context"], {"@vocab": "https://example.org/"}]})
    assert (inline.verdict, codes(inline)) == ("invalid", {"inline_context"})
    unknown = judged({**document, "@context": [*document["@context"], "https://unknown.example/context"]})
    assert (unknown.verdict, unknown.signature, codes(unknown, blocking=False)) == (
        "unsupported",
        "unsupported",
        {"unknown_context"},
    )


PATHS = st.sampled_from(["id", "name", "validFrom", "issuer", "credentialSubject", "type", "proof"])


@given(path=PATHS, text=st.text(min_size=1, max_size=20))
def test_no_change_of_a_signed_badge_leaves_it_valid(path: str, text: str) -> None:
    document = ISSUER.signed(badge(name="Coaching"))
    changed = {**document, path: text}
    assert document[path] == text or judged(changed).verdict != "valid"


@given(value=st.text(max_size=90) | st.integers() | st.none() | st.lists(st.text(max_size=5), max_size=2))
def test_no_made_up_proof_value_is_valid(value: Any) -> None:
    document = ISSUER.signed(badge())
    document["proof"]["proofValue"] = value
    assert judged(document).verdict == "invalid"


def test_a_jcs_proof_may_name_the_contexts_it_was_made_with_if_the_badge_begins_with_them() -> None:
    document = badge()
    assert judged(ISSUER.signed(document, **{"@context": document["@context"]})).verdict == "valid"
    strange = ISSUER.signed(document)
    strange["proof"]["@context"] = ["https://www.w3.org/2018/credentials/v1"]
    assert codes(judged(strange)) == {"proof_context"}


@pytest.mark.parametrize("number", [2**60, -(2**60)])
def test_a_number_without_canonical_form_is_refused(number: int) -> None:
    document = ISSUER.signed(badge())
    document["credentialSubject"]["creditsEarned"] = number
    assert codes(judged(document)) == {"json_form"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"proofPurpose": "authentication"}, "proof"),
        ({"verificationMethod": 5}, "proof"),
        ({"proofValue": "u" + "A" * 86}, "proof"),
        ({"verificationMethod": f"did:key:{ISSUER.multikey}#{OTHER.multikey}"}, "key_id"),
        ({"verificationMethod": "did:key:z6Mkbroken"}, "key_id"),
        ({"expires": "2026-01-01T00:00:00Z"}, "proof_expired"),
        ({"expires": "soon"}, "proof_expired"),
    ],
)
def test_a_proof_that_is_none_says_what_is_wrong(change: dict[str, Any], code: str) -> None:
    document = ISSUER.signed(badge())
    document["proof"] |= change
    found = judged(document)
    assert found.verdict == "invalid"
    assert code in codes(found)


def test_a_key_of_the_wrong_kind_for_the_suite_is_no_signature() -> None:
    document = ISSUER.signed(badge())
    document["proof"] |= {"cryptosuite": "ecdsa-jcs-2019"}
    assert codes(judged(document)) == {"signature"}


@pytest.mark.parametrize(
    "kind", [{"cryptosuite": "ecdsa-sd-2023"}, {"cryptosuite": "bbs-2023"}, {"type": "RsaSignature2018"}, {"cryptosuite": 5}]
)
def test_a_suite_this_program_does_not_know_is_unsupported_and_never_valid(kind: dict[str, Any]) -> None:
    document = ISSUER.signed(badge())
    document["proof"] |= kind
    found = judged(document)
    assert (found.verdict, found.signature) == ("unsupported", "unsupported")
    assert codes(found, blocking=False) == {"unsupported_suite"}


def test_a_proof_type_that_is_no_text_is_invalid() -> None:
    document = ISSUER.signed(badge())
    document["proof"] |= {"type": ["DataIntegrityProof"]}
    assert judged(document).verdict in {"invalid", "unsupported"}


def test_a_badge_without_proof_is_unverified_and_a_broken_one_invalid() -> None:
    assert judged(badge()) == Verdict("unverified", "none", "unverified", "none", "current", judged(badge()).problems)
    assert codes(judged(badge()), blocking=False) == {"no_proof"}
    assert judged(badge(type=["VerifiableCredential", "OpenBadgeCredential", "Unmapped"])).verdict == "invalid"
    assert judged(badge(proof=[])).verdict == "unverified"


def test_a_proof_that_names_no_key_leaves_the_badge_unverified() -> None:
    document = ISSUER.signed(badge())
    del document["proof"]["verificationMethod"]
    assert (judged(document).verdict, judged(document).signature) == ("unverified", "unverified")


def test_a_thing_that_is_no_badge_is_invalid_with_its_reasons() -> None:
    found = judged("[1, 2]".replace("[1, 2]", '{"a": 1}'))
    assert (found.verdict, found.dates) == ("invalid", "unknown")
    assert codes(found) == {"unknown_document"}


# --- several proofs ---------------------------------------------------------------------------------------------------------


def proofs(*found: dict[str, Any], **more: Any) -> dict[str, Any]:
    return badge(**more) | {"proof": list(found)}


def test_in_a_set_the_issuers_proof_and_a_witness_make_the_issuer_verified() -> None:
    found = judged(proofs(OTHER.proof(badge(), "eddsa-jcs-2022"), ISSUER.proof(badge(), "eddsa-jcs-2022")))
    assert (found.verdict, found.issuer) == ("valid", "verified")
    assert codes(found, blocking=False) == {"key_not_issuers"}


def test_one_bad_proof_in_a_set_spoils_it() -> None:
    bad = OTHER.proof(badge(name="Another"), "eddsa-jcs-2022")
    assert judged(proofs(ISSUER.proof(badge(), "eddsa-jcs-2022"), bad)).verdict == "invalid"


def test_beside_a_good_proof_one_of_an_unknown_kind_is_named_and_does_no_harm() -> None:
    found = judged(proofs(ISSUER.proof(badge(), "eddsa-jcs-2022"), {"type": "SomeProof"}))
    assert (found.verdict, codes(found, blocking=False)) == ("valid", {"unsupported_suite"})


def test_beside_a_good_proof_one_without_a_key_to_be_had_is_named() -> None:
    keyless = ISSUER.proof(badge(), "eddsa-jcs-2022") | {"verificationMethod": "https://issuer.example/keys#1"}
    found = judged(proofs(ISSUER.proof(badge(), "eddsa-jcs-2022"), keyless))
    assert (found.verdict, codes(found, blocking=False)) == ("valid", {"no_key"})
    assert judged(proofs(keyless, {"type": "SomeProof"})).verdict == "unverified"


def test_proofs_of_strangers_only_make_a_badge_invalid() -> None:
    found = judged(proofs(OTHER.proof(badge(), "eddsa-jcs-2022"), P256.proof(badge(), "ecdsa-jcs-2019")))
    assert (found.verdict, found.signature, found.issuer) == ("invalid", "valid", "unverified")


def test_a_chain_of_proofs_is_unsupported() -> None:
    first = ISSUER.proof(badge(), "eddsa-jcs-2022", id="urn:uuid:1")
    found = judged(proofs(first, ISSUER.proof(badge(), "eddsa-jcs-2022", previousProof="urn:uuid:1")))
    assert found.verdict == "unsupported"


def test_a_dozen_proofs_are_too_many_and_a_proof_must_be_an_object() -> None:
    assert "too_many_proofs" in codes(judged(proofs(*[ISSUER.proof(badge(), "eddsa-jcs-2022")] * 11)))
    assert "proof" in codes(judged(badge(proof=["proof"])))


# --- whose key ---------------------------------------------------------------------------------------------------------------


def test_a_good_signature_by_a_stranger_is_invalid_for_the_key_claims_anothers_name() -> None:
    found = judged(OTHER.signed(badge()))
    assert (found.verdict, found.signature, found.issuer, codes(found)) == ("invalid", "valid", "unverified", {"key_not_issuers"})


@pytest.mark.parametrize("issuer", ["https://college.example/issuer", "urn:uuid:6f2e33e5-7a29-4155-840a-59483ba10164"])
def test_an_issuer_that_no_key_can_be_bound_to_is_unverified(issuer: str) -> None:
    found = judged(ISSUER.signed(badge(issuer)))
    assert (found.verdict, found.issuer, codes(found, blocking=False)) == ("valid", "unverified", {"issuer_unproven"})


def test_a_key_after_the_hash_of_the_issuers_address_proves_the_signature_only() -> None:
    issuer = "https://college.example/issuer"
    own = ISSUER.signed(badge(issuer), verificationMethod=f"{issuer}#{ISSUER.multikey}")
    assert (judged(own).verdict, judged(own).issuer) == ("valid", "unverified")
    anothers = ISSUER.signed(badge(issuer), verificationMethod=f"https://forger.example/issuer#{ISSUER.multikey}")
    assert codes(judged(anothers)) == {"key_not_issuers"}


def test_a_key_that_cannot_be_had_leaves_the_badge_unverified() -> None:
    document = ISSUER.signed(badge("https://college.example/issuer"), verificationMethod="https://college.example/issuer#key-1")
    found = judged(document)
    assert (found.verdict, found.signature, codes(found, blocking=False)) == ("unverified", "unverified", {"no_key"})


def test_a_damaged_did_key_as_issuer_owns_no_key() -> None:
    assert codes(judged(ISSUER.signed(badge("did:key:z6Mkbroken")))) == {"key_not_issuers"}


def test_the_document_of_a_did_web_verifies_its_issuer() -> None:
    document = ISSUER.signed(badge(WEB), **BY_WEB)
    assert judged(document, answers={DOCUMENT: did_document()}).issuer == "verified"
    embedded = {
        "assertionMethod": [{"id": "#key-1", "publicKeyMultibase": ISSUER.multikey}, "#key-2", 5, {"id": 5}, "https://a.example#1"]
    }
    assert judged(document, answers={DOCUMENT: {"id": WEB, **embedded}}).issuer == "verified"
    jwk = {"kty": "OKP", "crv": "Ed25519", "x": b64(base58.b58decode(ISSUER.multikey[1:])[2:])}
    by_jwk = {"verificationMethod": {"id": f"{WEB}#key-1", "publicKeyJwk": jwk}, "assertionMethod": "#key-1"}
    assert judged(document, answers={DOCUMENT: {"id": WEB, **by_jwk}}).issuer == "verified"


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (did_document(OTHER), "signature"),
        (did_document(assertionMethod=[]), "key_not_listed"),
        (did_document(did="did:web:forger.example"), "did_not_found"),
        ("no JSON", "did_not_found"),
        ("[]", "did_not_found"),
        (did_document(verificationMethod=[{"id": f"{WEB}#key-1", "publicKeyMultibase": "z6Mkbroken"}]), "key_not_listed"),
        (NotThereError(DOCUMENT, "404"), "did_not_found"),
    ],
)
def test_a_did_web_that_does_not_list_the_key_makes_the_badge_invalid(answer: Any, code: str) -> None:
    found = judged(ISSUER.signed(badge(WEB), **BY_WEB), answers={DOCUMENT: answer})
    assert (found.verdict, codes(found)) == ("invalid", {code})


@pytest.mark.parametrize("did", ["did:web:127.0.0.1%3A8000", "did:web:issuer.example:..:secret", "did:web:", "did:web:a_b.example"])
def test_a_did_web_that_names_no_plain_host_and_path_is_not_asked(did: str) -> None:
    assert codes(judged(ISSUER.signed(badge(did), verificationMethod=f"{did}#key-1"), answers={})) == {"did_not_found"}


def test_a_did_web_that_cannot_be_asked_now_leaves_the_issuer_unverified() -> None:
    spelled = ISSUER.signed(badge(WEB), verificationMethod=f"{WEB}#{ISSUER.multikey}")
    for answers in (None, {DOCUMENT: FetchError(DOCUMENT, "timeout")}):
        assert (judged(spelled, answers=answers).verdict, judged(spelled, answers=answers).issuer) == ("valid", "unverified")
        assert judged(ISSUER.signed(badge(WEB), **BY_WEB), answers=answers).verdict == "unverified"


@pytest.mark.parametrize("form", [ISSUER.multikey, pem(ISSUER.private.public_key())])
def test_a_key_that_an_administrator_pinned_verifies_the_issuer_and_others_do_not(form: str) -> None:
    issuer = "https://college.example/issuer"
    pins = {issuer: [OTHER.multikey, form]}
    assert judged(ISSUER.signed(badge(issuer)), pinned_keys=pins).issuer == "verified"
    keyless = ISSUER.signed(badge(issuer), verificationMethod=f"{issuer}#key-1")
    assert (judged(keyless, pinned_keys=pins).verdict, judged(keyless, pinned_keys=pins).issuer) == ("valid", "verified")
    assert judged(P256.signed(badge(issuer), "ecdsa-jcs-2019"), pinned_keys=pins).verdict == "invalid"
    own = P256.signed(badge(issuer), "ecdsa-jcs-2019", verificationMethod=f"{issuer}#{P256.multikey}")
    assert codes(judged(own, pinned_keys=pins)) == {"key_not_issuers"}
    none_fits = P256.signed(badge(issuer), "ecdsa-jcs-2019", verificationMethod=f"{issuer}#key-1")
    assert judged(none_fits, pinned_keys=pins).verdict == "unverified"


# --- dates -------------------------------------------------------------------------------------------------------------------


END = datetime(2028, 2, 29, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "dates"),
    [(END, "current"), (END + timedelta(microseconds=1), "expired"), (END - timedelta(days=1), "current")],
)
@pytest.mark.parametrize(
    "text", ["2028-02-29T23:59:59Z", "2028-02-29T18:59:59-05:00", "2028-03-01T05:29:59+05:30", "2028-02-29T23:59:59"]
)
def test_a_badge_is_valid_through_the_instant_of_its_end_whatever_the_zone(moment: datetime, dates: str, text: str) -> None:
    found = judged(ISSUER.signed(badge(validUntil=text)), now=moment)
    assert found.dates == dates
    assert found.verdict == ("valid" if dates == "current" else "invalid")
    assert codes(found) == (set() if dates == "current" else {"expired"})


def test_a_badge_is_valid_from_the_instant_of_its_start() -> None:
    document = ISSUER.signed(badge(validFrom="2026-11-21T00:00:00Z", validUntil="2026-11-21T00:00:00Z"))
    assert judged(document).verdict == "valid"
    early = judged(document, now=NOW - timedelta(microseconds=1))
    assert (early.dates, codes(early)) == ("not_yet_valid", {"not_yet_valid"})


def test_the_older_names_of_dates_count_too() -> None:
    document = badge(expirationDate="2026-01-01T00:00:00Z")
    assert judged(ISSUER.signed(document)).dates == "expired"


def test_a_date_that_cannot_be_read_makes_the_badge_invalid() -> None:
    found = judged(ISSUER.signed(badge(validUntil="next year")))
    assert (found.verdict, found.dates, codes(found)) == ("invalid", "unknown", {"date_unreadable"})


@pytest.mark.parametrize(
    ("claims", "dates"),
    [
        ({"exp": 1_780_000_000}, "expired"),
        ({"exp": 1_795_219_200}, "current"),
        ({"nbf": 1_800_000_000.5}, "not_yet_valid"),
        ({"nbf": True}, "unknown"),
        ({"exp": "later"}, "unknown"),
        ({"exp": 10**20}, "unknown"),
    ],
)
def test_the_times_of_a_token_narrow_those_of_the_badge(claims: dict[str, Any], dates: str) -> None:
    assert judged(ISSUER.token({**badge(), **claims})).dates == dates


# --- status ------------------------------------------------------------------------------------------------------------------


LIST = "https://issuer.example/s/1"


def with_status(*entries: Any) -> dict[str, Any]:
    return ISSUER.signed(badge(credentialStatus=list(entries) if len(entries) != 1 else entries[0]))


@pytest.mark.parametrize(
    ("index", "set_", "status"),
    [("7", (7,), "revoked"), (7, (7,), "revoked"), ("7", (6, 8), "good"), ("131071", (131_071,), "revoked")],
)
def test_a_status_list_tells_whether_a_badge_was_revoked(index: Any, set_: tuple[int, ...], status: str) -> None:
    found = judged(with_status(entry(index)), answers={LIST: status_list(bits(*set_))})
    assert (found.status, found.verdict) == (status, "valid" if status == "good" else "invalid")
    assert codes(found) == (set() if status == "good" else {"revoked"})


def test_a_suspended_badge_does_not_count_and_says_so() -> None:
    found = judged(
        with_status(entry(purpose="suspension")), answers={LIST: status_list(bits(7), purpose=["revocation", "suspension"])}
    )
    assert (found.verdict, found.status, codes(found)) == ("invalid", "suspended", {"suspended"})


def test_of_several_entries_the_worst_counts_and_messages_block_nothing() -> None:
    answers = {LIST: status_list(bits(7))}
    assert judged(with_status(entry("8"), entry("7")), answers=answers).status == "revoked"
    assert judged(with_status(entry("8"), entry("7", purpose="message")), answers=answers).status == "good"
    assert judged(with_status(entry(purpose="refresh")), answers=answers).status == "none"


def test_lists_of_2021_and_lists_as_tokens_are_read_too() -> None:
    old = status_list(bits(7).removeprefix("u"), type=["VerifiableCredential", "StatusList2021Credential"])
    assert judged(with_status(entry(type="StatusList2021Entry")), answers={LIST: old}).status == "revoked"
    claims = {name: value for name, value in status_list(bits(7)).items() if name != "proof"}
    assert judged(with_status(entry()), answers={LIST: ISSUER.token(claims)}).status == "revoked"


TAMPERED = status_list(bits(6)) | {"validFrom": "2024-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (FetchError(LIST, "timeout"), "status_unreachable"),
        (NotThereError(LIST, "404"), "status_unreachable"),
        (TAMPERED, "status_list_untrusted"),
        ({"no": "list"}, "status_list_untrusted"),
        ("no JSON", "status_list_untrusted"),
        (status_list(bits(6), validUntil="2026-01-01T00:00:00Z"), "status_list_untrusted"),
        (OTHER.signed(status_list(bits(6))), "status_list_untrusted"),
        (status_list(bits(6), issuer=OTHER), "status_list_foreign"),
        (status_list(bits(6, size=100_000)), "status_list_short"),
        (status_list(bits(6), purpose="suspension"), "status_list_wrong"),
        (status_list(bits(6), type=["VerifiableCredential", "Other"]), "status_list_wrong"),
        (status_list("u"), "status_list_unreadable"),
        (status_list("u" + b64(b"no gzip")), "status_list_unreadable"),
        (status_list(bits(6)[:60]), "status_list_unreadable"),
        (status_list("not base64!"), "status_list_unreadable"),
        (status_list(5), "status_list_unreadable"),  # type: ignore[arg-type]
    ],
)
def test_a_list_that_cannot_be_trusted_leaves_the_status_unknown_and_the_badge_not_good(answer: Any, code: str) -> None:
    found = judged(with_status(entry()), answers={LIST: answer})
    assert (found.verdict, found.status, found.signature) == ("status_unknown", "unknown", "valid")
    assert codes(found, blocking=False) == {code}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (entry(type="RevocationList2020Status"), "status_kind"),
        (entry(type=5), "part_type"),
        (entry("999999999"), "status_list_unreadable"),
        (entry("-1"), "status_unreadable"),
        (entry(-1), "status_unreadable"),
        (entry(True), "status_unreadable"),
        (entry("7", purpose=5), "status_unreadable"),
        (entry("7", statusSize=2), "status_unreadable"),
        (entry(statusListCredential="list"), "status_unreadable"),
        ("a text", "status_unreadable"),
    ],
)
def test_an_entry_that_cannot_be_read_leaves_the_status_unknown(given: Any, code: str) -> None:
    found = judged(with_status(given), answers={LIST: status_list(bits(6))})
    assert found.status == "unknown"
    assert found.verdict in {"status_unknown", "invalid"}
    assert code in codes(found) | codes(found, blocking=False)


@pytest.mark.parametrize(("megabytes", "code"), [(100, "status_list_unreadable"), (200, "status_list_untrusted")])
def test_a_list_that_unpacks_to_hundreds_of_megabytes_is_given_up_early(megabytes: int, code: str) -> None:
    packed = zlib.compressobj(9, wbits=31)
    bomb = b"".join([*(packed.compress(bytes(1 << 20)) for _ in range(megabytes)), packed.flush()])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = judged(with_status(entry()), answers={LIST: status_list("u" + b64(bomb))})
    assert (found.status, codes(found, blocking=False)) == ("unknown", {code})
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_without_a_network_the_status_is_unknown_and_says_so() -> None:
    found = judged(with_status(entry()))
    assert (found.verdict, codes(found, blocking=False)) == ("status_unknown", {"status_not_asked"})


def test_a_badge_whose_signature_is_bad_sends_nobody_anywhere() -> None:
    document = with_status(entry()) | {"name": "Changed"}
    asked: list[str] = []

    def fetch(url: str) -> Fetched:
        asked.append(url)
        return Fetched(b"{}")

    [reading] = read(json.dumps(document).encode(), name="badge")
    assert verify(reading, now=NOW, fetch=fetch, canonize=in_process).verdict == "invalid"
    assert asked == []


SIMPLE = {"id": "https://issuer.example/revoked", "type": "1EdTechRevocationList"}


@pytest.mark.parametrize(
    ("listed", "status"),
    [
        ({"revokedCredential": [{"id": "https://issuer.example/c/1", "revoked": True}]}, "revoked"),
        ({"revokedCredentials": ["https://issuer.example/c/1"]}, "revoked"),
        ({"revokedCredential": [{"id": "https://issuer.example/c/1", "revoked": False}, "https://issuer.example/c/2"]}, "good"),
        ({"revokedCredential": []}, "good"),
        ({"revokedCredential": 5}, "unknown"),
        ({}, "unknown"),
        ({"revokedCredential": [], "issuer": OTHER.did}, "unknown"),
    ],
)
def test_the_plain_list_of_1edtech_is_read(listed: dict[str, Any], status: str) -> None:
    answers = {SIMPLE["id"]: {"issuer": ISSUER.did, **listed}}
    assert judged(with_status(SIMPLE), answers=answers).status == status


# --- recipient, cache, tokens ------------------------------------------------------------------------------------------------


def test_what_is_remembered_is_only_that_a_signature_is_good() -> None:
    cache = SignatureCache(size=1)
    calls: list[int] = []

    def counting(documents: Any, *, is_signed: bool = True) -> list[str]:
        calls.append(len(documents))
        return in_process(documents, is_signed=is_signed)

    [reading] = read(json.dumps(ISSUER.signed(badge(validUntil="2027-01-01T00:00:00Z"), "eddsa-rdfc-2022")).encode(), name="a")
    [another] = read(json.dumps(ISSUER.signed(badge(), "eddsa-rdfc-2022")).encode(), name="b")
    for now, word in ((NOW, "valid"), (datetime(2028, 1, 1, tzinfo=UTC), "invalid"), (NOW, "valid")):
        assert verify(reading, now=now, canonize=counting, cache=cache).verdict == word
    assert len(calls) == 1
    pins = {ISSUER.did: [OTHER.multikey]}
    assert verify(reading, now=NOW, canonize=counting, cache=cache, pinned_keys=pins).issuer == "verified"
    assert verify(another, now=NOW, canonize=counting, cache=cache).verdict == "valid"
    assert verify(reading, now=NOW, canonize=counting, cache=cache).verdict == "valid"
    assert len(calls) == 3, "the oldest is forgotten when the memory is full"


def test_the_usual_memory_is_one_for_the_process() -> None:
    assert shared_cache() is shared_cache()
