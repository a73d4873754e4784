"""What reading a badge file gives, what checking it gives, and how the outside is reached: the words of this subpackage.

A :class:`Badge` is an allow-list. It has no field for a name, an e-mail, an address, a birth date or any other fact of a person,
so what is not listed here is gone once a file has been read. The document stays in a :class:`Reading` only as long as it takes
to verify it; nothing stores one. Leaves out reading (:mod:`pathways.badges.read`) and checking (``pathways.badges.verify``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, Protocol

#: What a file holds. ``ob2-*``: Open Badges 2.0, an assertion as JSON or as a JWS. As JSON or as a compact JWT: ``ob3-*``, an Open
#: Badges 3.0 credential (an achievement or an endorsement); ``clr2-*``, a Comprehensive Learner Record 2.0; ``vc-*``, a verifiable
#: credential that is no badge, such as a status list. ``unknown``: none of these (the problems say why).
Format = Literal["ob2-hosted", "ob2-signed", "ob3-json", "ob3-jwt", "clr2-json", "clr2-jwt", "vc-json", "vc-jwt", "unknown"]

#: What the credential came in: a file of JSON, one member of a JSON array, a compact token, or the picture it was baked into.
Carrier = Literal["json", "json-array member", "jwt", "png", "svg"]

#: The precedence of verdicts, worst first; ``unverified`` means there is no proof, or no key to be had.
VerdictWord = Literal["invalid", "unsupported", "status_unknown", "unverified", "valid"]


@dataclass(frozen=True, slots=True)
class BadgeProblem:
    """One thing wrong with a badge file: a stable code for programs, and a sentence that says what was found and what to do.

    ``blocking`` is False for a remark (an old context, a member that was left out): it is shown and changes no verdict.
    """

    code: str
    text: str
    blocking: bool = True


@dataclass(frozen=True, slots=True)
class Alignment:
    """What an achievement is aligned to, by the issuer's own word (OB3 ``alignment``; ``target_type`` is open)."""

    target_url: str | None = None
    target_name: str | None = None
    target_code: str | None = None
    framework: str | None = None
    target_type: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """One result of an achievement; ``allowed_values`` are ordered low to high, as OB3 says. Times and places are left out."""

    type: str | None = None
    name: str | None = None
    value: str | None = None
    achieved_level: str | None = None
    status: str | None = None
    required_value: str | None = None
    allowed_values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Association:
    """How two achievements of a learner record relate (CLR ``association``); unknown types read as ``isRelatedTo``."""

    type: str
    source_id: str
    target_id: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What a pathway needs of a badge, and nothing of the person who holds it.

    ``credential_id`` names the award, ``achievement_id`` what was awarded. ``issued_on`` and ``expires_on`` are ``validFrom`` and
    ``validUntil`` (or their older names) as UTC times. Credits are exact and in the issuer's own, unstated unit.
    """

    achievement_id: str | None = None
    name: str | None = None
    description: str | None = None
    criteria: str | None = None
    achievement_type: str | None = None
    issuer_id: str | None = None
    issuer_name: str | None = None
    alignments: tuple[Alignment, ...] = ()
    tags: tuple[str, ...] = ()
    credits_available: Fraction | None = None
    credits_earned: Fraction | None = None
    human_code: str | None = None
    field_of_study: str | None = None
    language: str | None = None
    version: str | None = None
    results: tuple[Result, ...] = ()
    issued_on: datetime | None = None
    expires_on: datetime | None = None
    credential_id: str | None = None
    associations: tuple[Association, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """One credential found in a file.

    Parameters
    ----------
    format, carrier : str
        What it is and what it came in.
    sha256 : str
        Of the bytes of the credential itself: the whole file; for a baked one the text in the picture; for a member of an array or
        of a learner record its own text, written canonically. A verdict may be cached by it.
    document : mapping or None
        The whole credential as parsed; for a JWT the credential of its claims (either shape). For verification only, never stored.
        None where nothing could be read: then ``problems`` says why. A reading with a document and problems is still worth showing,
        but any blocking problem makes its verdict ``invalid``.
    token : str or None
        The compact JWS or JWT as it came.
    badge : Badge or None
        What is kept.
    inner : tuple of Reading
        Credentials inside a learner record, each to be verified separately.
    problems : tuple of BadgeProblem
        What is wrong in form or structure.
    claims : mapping or None
        The payload of a token, read as strictly as a document: ``nbf`` and ``exp`` stand here.
    """

    format: Format
    carrier: Carrier
    sha256: str
    document: Mapping[str, Any] | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    badge: Badge | None = None
    inner: tuple[Reading, ...] = ()
    problems: tuple[BadgeProblem, ...] = ()
    claims: Mapping[str, Any] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What checking a reading gave: the signature and the issuer are two answers, never merged.

    ``signature``: ``valid`` | ``invalid`` | ``unsupported`` | ``none`` (no proof) | ``unverified`` (no key to be had).
    ``status``: ``none`` (the badge names no list) | ``good`` | ``revoked`` | ``suspended`` | ``unknown``.
    ``dates``: ``current`` | ``expired`` | ``not_yet_valid`` | ``unknown``.
    """

    verdict: VerdictWord
    signature: str
    issuer: Literal["verified", "unverified"]
    status: str
    dates: str
    problems: tuple[BadgeProblem, ...] = ()


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer from an address: at most a megabyte, with the address it came from at last."""

    content: bytes = field(repr=False)
    content_type: str = ""
    final_url: str = ""


class Fetch(Protocol):
    """Gets an address, or raises :class:`~pathways.badges.errors.FetchError`. Where one is asked for, None means: no network."""

    def __call__(self, url: str) -> Fetched:
        """Get ``url``."""
        ...
