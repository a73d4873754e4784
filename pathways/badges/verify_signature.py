"""The signature of one credential, and whose it is: two answers, from the bytes and the keys alone.

Status, dates and recipient are :mod:`pathways.badges.verify`. What is remembered between calls is only that a key's signature over
certain bytes is good or not, which never changes; whose key it is is asked each time.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pathways.badges import jws, proofs
from pathways.badges.canonical import CanonicalError
from pathways.badges.canonical_pool import Canonize
from pathways.badges.entities import BadgeProblem, Reading
from pathways.badges.issuer import FoundKey, Trust, bind, find_key
from pathways.badges.jwt_form import parse_token
from pathways.badges.keys import BadKeyError, PublicKey

SignatureWord = Literal["valid", "invalid", "unsupported", "none", "unverified"]
#: More proofs than this in one credential are not looked at.
MAX_PROOFS = 10


class SignatureCache:
    """Whether a key's signature over certain bytes is good, for the last few thousand asked; safe to share between threads."""

    def __init__(self, size: int = 10_000) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[str, int, str], bool] = OrderedDict()

    def get(self, place: tuple[str, int, str], check: Callable[[], bool]) -> bool:
        """What is known of (sha256 of the bytes, number of the proof, fingerprint of the key), or find out."""
        with self._lock:
            if place in self._known:
                self._known.move_to_end(place)
                return self._known[place]
        found = check()
        with self._lock:
            self._known[place] = found
            if len(self._known) > self._size:
                self._known.popitem(last=False)
        return found


@dataclass(frozen=True, slots=True)
class Checking:
    """What a check needs beside the credential."""

    trust: Trust
    canonize: Canonize
    cache: SignatureCache


@dataclass(frozen=True, slots=True)
class Signature:
    """Both answers, and what to say about them."""

    word: SignatureWord
    issuer: Literal["verified", "unverified"] = "unverified"
    problems: tuple[BadgeProblem, ...] = field(default=())


def check_signature(reading: Reading, checking: Checking) -> Signature:
    """Check the signature of a verifiable credential.

    Parameters
    ----------
    reading : Reading
        With a document; a token's signature is looked at where there is one, else the proofs in the document.
    checking : Checking
        Keys, canonicalization and memory.

    Returns
    -------
    Signature
    """
    assert reading.document is not None
    issuer = issuer_of(reading.document)
    if reading.token is not None:
        return _one(_check_token(reading, issuer, checking))
    given = proofs.proofs_of(reading.document)
    if not given:
        return _unsigned(reading.document, checking.canonize)
    if len(given) > MAX_PROOFS:
        problem = BadgeProblem("too_many_proofs", f"The badge has {len(given)} proofs. Expected at most {MAX_PROOFS}.")
        return Signature("invalid", problems=(problem,))
    return _set(tuple(_check_proof(reading, number, proof, issuer, checking) for number, proof in enumerate(given)))


def _unsigned(document: Mapping[str, Any], canonize: Canonize) -> Signature:
    problem = BadgeProblem("no_proof", "The badge is not signed.", blocking=False)
    try:
        canonize([document], is_signed=False)
    except CanonicalError as error:
        wrong = BadgeProblem(error.code, error.text, blocking=error.code != "unknown_context")
        return Signature("none", problems=(problem, wrong))
    return Signature("none", problems=(problem,))


def issuer_of(document: Mapping[str, Any]) -> str:
    """The issuer's id, or an empty text where there is none."""
    issuer = document.get("issuer")
    found = issuer.get("id") if isinstance(issuer, Mapping) else issuer
    return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """Of one proof or token. ``is_chained``: the proof depends on another one, so that nothing can be said without it."""

    word: SignatureWord
    binding: Literal["verified", "unverified", "foreign"] = "unverified"
    problem: BadgeProblem | None = None
    is_chained: bool = False


def _one(outcome: _Outcome) -> Signature:
    problems = () if outcome.problem is None else (outcome.problem,)
    return Signature(outcome.word, "verified" if outcome.binding == "verified" else "unverified", problems)


def _set(outcomes: tuple[_Outcome, ...]) -> Signature:
    """Several proofs: no bad one of a known kind, and a good one, the issuer's if any is; the others are named."""
    if len(outcomes) == 1:
        return _one(outcomes[0])
    chosen = min(outcomes, key=_importance)
    signature = _one(chosen)
    others = [item.problem for item in outcomes if item is not chosen and item.problem is not None]
    remarks = tuple(BadgeProblem(item.code, item.text, blocking=False) for item in others)
    return Signature(signature.word, signature.issuer, signature.problems + remarks)


def _importance(outcome: _Outcome) -> int:
    """Which proof of a set decides: a bad one, a chain, the issuer's, anybody's, one of a wrong name, last what is not known."""
    if outcome.word == "invalid":
        return 0
    if outcome.is_chained:
        return 1
    if outcome.word == "valid":
        return {"verified": 2, "unverified": 3, "foreign": 4}[outcome.binding]
    return 5 if outcome.word == "unverified" else 6


def _check_proof(reading: Reading, number: int, proof: Any, issuer: str, checking: Checking) -> _Outcome:
    assert reading.document is not None
    document = reading.document
    if not isinstance(proof, Mapping):
        return _bad("proof", "A proof of the badge is not an object.")
    suite = proofs.suite_of(proof)
    if "previousProof" in proof:
        return _Outcome("unsupported", problem=_unsupported("a chain of proofs"), is_chained=True)
    if suite is None:
        return _Outcome("unsupported", problem=_unsupported(str(proof.get("cryptosuite") or proof.get("type"))[:60]))
    method = proof.get("verificationMethod")
    if method is None:
        return _Outcome(
            "unverified", problem=BadgeProblem("no_key", "The proof names no key (verificationMethod).", blocking=False)
        )
    if proof.get("proofPurpose") != "assertionMethod" or not isinstance(method, str):
        return _bad("proof", "The proof was not made to assert anything (proofPurpose), or its key is not named by an address.")
    found = find_key(method, checking.trust)

    def is_good(key: PublicKey) -> bool:
        place = (reading.sha256, number, key.fingerprint)
        return checking.cache.get(place, lambda: proofs.is_signed(document, proof, key, checking.canonize))

    try:
        return _judge(found, issuer, checking.trust, is_good)
    except CanonicalError as error:
        if error.code == "unknown_context":
            return _Outcome("unsupported", problem=BadgeProblem(error.code, error.text, blocking=False))
        return _bad(error.code, error.text)
    except BadKeyError as error:
        return _bad("proof", f"The proof's value cannot be read: {error}")


def _check_token(reading: Reading, issuer: str, checking: Checking) -> _Outcome:
    assert reading.token is not None
    token, header = reading.token, parse_token(reading.token).header
    wrong = jws.header_problem(header)
    if wrong is not None:
        return _Outcome("invalid", problem=wrong)
    algorithm = header["alg"]
    if algorithm not in jws.ALGORITHMS:
        return _Outcome("unsupported", problem=_unsupported(algorithm[:60]))
    found = jws.header_key(header, checking.trust) or _issuers_own(issuer, checking.trust)

    def is_good(key: PublicKey) -> bool:
        return checking.cache.get((reading.sha256, 0, key.fingerprint), lambda: jws.is_signed(token, algorithm, key))

    return _judge(found, issuer, checking.trust, is_good)


def _issuers_own(issuer: str, trust: Trust) -> FoundKey:
    if issuer.startswith("did:key:"):
        return find_key(issuer, trust)
    return FoundKey("", problem=BadgeProblem("no_key", "The token names no key, so it must come from the issuer.", blocking=False))


def _judge(found: FoundKey, issuer: str, trust: Trust, is_good: Callable[[PublicKey], bool]) -> _Outcome:
    if found.key is None:
        for pin in trust.pins(issuer) if not found.final else ():
            if is_good(pin):
                return _Outcome("valid", "verified")
        return _Outcome("unverified", "foreign" if found.final else "unverified", found.problem)
    if not is_good(found.key):
        return _bad("signature", "The signature is not good: the badge was changed after it was signed, or another key signed it.")
    binding = bind(issuer, found, trust)
    if binding == "foreign":
        text = f"The signature is good, but the key is not one of the issuer's ({issuer[:200]}): anybody could have made it."
        return _Outcome("valid", binding, BadgeProblem("key_not_issuers", text))
    return _Outcome("valid", binding, _unproven(issuer) if binding == "unverified" else None)


def _unproven(issuer: str) -> BadgeProblem:
    text = f"The signature is good; whether the key is that of {issuer[:200]} is not proven."
    return BadgeProblem("issuer_unproven", text, blocking=False)


def _unsupported(name: str) -> BadgeProblem:
    return BadgeProblem("unsupported_suite", f"The badge is signed in a way this program cannot check: {name}.", blocking=False)


def _bad(code: str, text: str) -> _Outcome:
    return _Outcome("invalid", problem=BadgeProblem(code, text))
