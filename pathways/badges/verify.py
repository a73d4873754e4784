"""Whether a badge is what it says it is: signature, issuer, dates, status and recipient, each answered by itself, and one verdict.

The verdict is the worst that is true, in this order: ``invalid``, ``unsupported``, ``status_unknown``, ``unverified``, ``valid``.
A good signature whose issuer cannot be bound is ``valid`` with the issuer ``unverified``; a key that stands under another's name
makes a badge ``invalid``. Credentials inside a learner record are verified each by itself, by the caller.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from functools import cache as once
from typing import Any

from pathways.badges import verify_ob2
from pathways.badges.allow import objects, parse_moment
from pathways.badges.canonical_pool import Canonize, canonize
from pathways.badges.dates import check_dates
from pathways.badges.entities import BadgeProblem, Fetch, Reading, Verdict, VerdictWord
from pathways.badges.issuer import Trust
from pathways.badges.read import read
from pathways.badges.recipient import check_recipient
from pathways.badges.status import StatusWord, check_status, worst
from pathways.badges.verify_signature import Checking, Signature, SignatureCache, check_signature


@once
def shared_cache() -> SignatureCache:
    """What this process knows of signatures it checked."""
    return SignatureCache()


def verify(
    reading: Reading,
    *,
    now: datetime,
    fetch: Fetch | None = None,
    pinned_keys: Mapping[str, Collection[str]] | None = None,
    recipient: str | None = None,
    canonize: Canonize = canonize,
    cache: SignatureCache | None = None,
) -> Verdict:
    """Verify one credential.

    Parameters
    ----------
    reading : Reading
        What :func:`pathways.badges.read.read` gave.
    now : datetime
        The instant to judge dates at, with a time zone.
    fetch : Fetch or None
        For ``did:web`` documents, hosted badges and status lists. None: nothing is fetched, and what depends on it says so.
    pinned_keys : mapping of str to collection of str, optional
        Issuer id to keys an administrator trusts for it: Multikey (``z6Mk...``), JWK as JSON, or PEM.
    recipient : str or None
        E-mail address or DID of the person who brings the badge; None leaves the recipient unchecked.
    canonize : Canonize
        How JSON-LD is canonicalized; by default in worker processes.
    cache : SignatureCache or None
        What is known of signatures already; by default one for the process. Dates, status and keys are never remembered.

    Returns
    -------
    Verdict

    Examples
    --------
    >>> from datetime import UTC
    >>> [reading] = read(b'{"no": "badge"}', name="note.json")
    >>> verify(reading, now=datetime(2026, 11, 21, tzinfo=UTC)).verdict
    'invalid'
    """
    if reading.document is None or reading.format == "unknown":
        return Verdict("invalid", "none", "unverified", "none", "unknown", reading.problems)
    trust = Trust(fetch, pinned_keys or {})
    checking = Checking(trust, canonize, cache or shared_cache())
    document = reading.document
    if reading.format.startswith("ob2"):
        signature, status, status_problems = verify_ob2.check(reading, checking)
    else:
        signature = check_signature(reading, checking)
        status, status_problems = _status(reading, signature, checking, now)
    dates = check_dates(document, now, reading.claims)
    problems = [*reading.problems, *signature.problems, *status_problems, *_expired_proofs(document, now)]
    if dates.problem is not None and dates.problem.code not in {problem.code for problem in problems}:
        problems.append(dates.problem)
    if recipient is not None and (stranger := check_recipient(document, recipient)) is not None:
        problems.append(stranger)
    verdict = _worst(signature, status, problems)
    return Verdict(verdict, signature.word, signature.issuer, status, dates.word, tuple(dict.fromkeys(problems)))


def _worst(signature: Signature, status: StatusWord, problems: list[BadgeProblem]) -> VerdictWord:
    """The worst that is true. Problems of a status that cannot be told, or a suite not known here, are not the badge's fault."""
    if signature.word == "invalid" or any(problem.blocking for problem in problems):
        return "invalid"
    if signature.word == "unsupported":
        return "unsupported"
    if status == "unknown":
        return "status_unknown"
    return "valid" if signature.word == "valid" else "unverified"


def _status(
    reading: Reading, signature: Signature, checking: Checking, now: datetime
) -> tuple[StatusWord, tuple[BadgeProblem, ...]]:
    """Ask the status lists; a badge whose signature is bad or unreadable sends nobody anywhere."""
    assert reading.document is not None
    fetch = checking.trust.fetch if signature.word not in {"invalid", "unsupported"} else None
    found = check_status(reading.document, fetch, lambda content, address: _open_list(content, address, checking, now))
    return worst(found), tuple(item.problem for item in found if item.problem is not None)


def _open_list(content: bytes, address: str, checking: Checking, now: datetime) -> Mapping[str, Any] | str:
    """A status list as a credential of its own: whole, signed, and in its time."""
    reading = read(content, name=address)[0]
    if reading.document is None or any(problem.blocking for problem in reading.problems):
        return "it is not a whole credential."
    signature = check_signature(reading, checking)
    if signature.word != "valid" or any(problem.blocking for problem in signature.problems):
        return "its signature is not good."
    if check_dates(reading.document, now, reading.claims).problem is not None:
        return "it is not in its time."
    return reading.document


def _expired_proofs(document: Mapping[str, Any], now: datetime) -> Iterator[BadgeProblem]:
    """Proofs that say until when they hold."""
    for proof in objects(document.get("proof")):
        ends = proof.get("expires")
        end = parse_moment(ends)
        if ends is not None and (end is None or now > end):
            yield BadgeProblem("proof_expired", "The proof of the badge no longer holds: its time is over.")
