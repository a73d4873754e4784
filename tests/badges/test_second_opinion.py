"""A second verifier, written by others, looks at the same samples: it agrees, or why not is one of a few reasons named.

It knows fewer kinds of badge than we do (one proof, no Ed25519Signature2020, a token's credential under ``vc`` only) and binds
every signature to its issuer or refuses. Credentials under ``did:web`` are not shown to it: it would look for them on the network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import openvc
import pytest

from pathways.badges.contexts import context, pinned
from pathways.badges.entities import Reading, Verdict
from pathways.badges.proofs import proofs_of
from pathways.badges.read import read
from pathways.badges.verify import verify
from tests.badges.samples import NOW, SAMPLES, answering, needs_samples
from tests.badges.signing import ISSUER, OTHER, P256, P384, badge, in_process
from tests.badges.verdicts import rows

POLICY = openvc.VerificationPolicy(require_status=False, require_not_revoked=False, require_not_expired=False, now=NOW)
CONTEXTS = {address: context(address) for address in pinned()}
#: What it says, by the kind of its error and a part of its words, and what we must have said of the same credential.
NAMED: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("SignatureInvalid", "", {"signature": "invalid"}),
    ("IssuerBindingError", "", {"issuer": "unverified"}),
    ("KeyResolutionError", "offline", {"issuer": "unverified"}),
    ("KeyResolutionError", "not in the DID document", {"issuer": "unverified"}),
    ("KeyResolutionFailed", "https URL", {"issuer": "unverified"}),
    ("ProofMalformed", "not in compacted form", {}),  # its own, stricter wish for how a signed document is spelled
    ("UnknownCredentialFormat", "cryptosuite", {}),  # Ed25519Signature2020
    ("UnknownCredentialFormat", "no `proof`", {"signature": "none"}),
    ("ClaimsInvalid", "no embedded `vc`", {}),
)


def opinion(document: Any) -> str:
    """Empty where it accepts, else the kind of its error and its words."""
    try:
        openvc.verify_credential(document, policy=POLICY, extra_contexts=CONTEXTS)
    except openvc.OpenvcError as error:
        return f"{type(error).__name__}: {error}"
    return ""


def single_proofs() -> Iterator[tuple[str, Reading, Any]]:
    """Every credential of the samples with each of its proofs alone, and what the other verifier is shown."""
    for row in rows():
        if row.command != "read" or row.suite in {"ob2", "made/ob2"}:
            continue
        [reading] = read((SAMPLES / row.suite / row.file).read_bytes(), name=row.file)
        name = f"{row.suite}/{row.file}"
        if reading.document is None or "did:web" in str(reading.document.get("issuer")):
            continue
        if reading.token is not None:
            yield name, reading, reading.token
            continue
        bare = {key: value for key, value in reading.document.items() if key != "proof"}
        shown = [bare | {"proof": proof} for proof in proofs_of(reading.document) if "previousProof" not in proof] or [bare]
        for number, document in enumerate(shown):
            yield f"{name}#{number}", replace(reading, document=document, sha256=f"{reading.sha256}#{number}"), document


def ours(reading: Reading) -> Verdict:
    return verify(reading, now=NOW, fetch=answering(), canonize=in_process)


@needs_samples
def test_the_other_verifier_agrees_on_every_sample_or_for_a_named_reason() -> None:
    reasons: Counter[str] = Counter()
    for name, reading, shown in single_proofs():
        verdict, said = ours(reading), opinion(shown)
        if not said:
            assert (verdict.signature, verdict.issuer) == ("valid", "verified"), name
            reasons["agrees"] += 1
            continue
        named = [expected for kind, words, expected in NAMED if said.startswith(kind) and words in said]
        assert named, f"{name}: {said}"
        assert all(
            getattr(verdict, field) == value or verdict.verdict in {"invalid", "unsupported"} for field, value in named[0].items()
        ), name
        reasons[said.partition(":")[0]] += 1
    assert reasons["agrees"] >= 28
    assert reasons.total() >= 90


@pytest.mark.parametrize(
    ("signer", "suite"),
    [
        (ISSUER, "eddsa-rdfc-2022"),
        (ISSUER, "eddsa-jcs-2022"),
        (P256, "ecdsa-rdfc-2019"),
        (P384, "ecdsa-rdfc-2019"),
        (P256, "ecdsa-jcs-2019"),
        (P384, "ecdsa-jcs-2019"),
    ],
)
def test_both_verifiers_take_what_we_sign_and_refuse_it_changed(signer: Any, suite: str) -> None:
    named = {"@context": badge()["@context"]} if "jcs" in suite else {}
    document = signer.signed(badge(signer.did), suite, **named)
    assert opinion(document) == ""
    assert opinion(document | {"validFrom": "2025-03-02T00:00:00Z"}).startswith("SignatureInvalid")
    assert opinion(OTHER.signed(badge())) != ""


@pytest.mark.parametrize("signer", [ISSUER, P256, P384])
def test_both_verifiers_take_our_tokens(signer: Any) -> None:
    claims = {"vc": badge(signer.did), "iss": signer.did, "nbf": 1_740_787_200, "jti": badge()["id"], "sub": "did:example:learner"}
    said = opinion(signer.token(claims))
    assert said == "" or (signer is P384 and "ES384" in said)
