"""Compact tokens (JWS, JWT): the parts, read as strictly as a file, and the credential in the claims.

Two shapes carry a credential: the claim ``vc`` (data model 1.1) and the claims themselves (2.0). What the token says beside the
credential must agree with it, or somebody's signature would vouch for another's badge. Leaves out every signature.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pathways.badges.allow import Found
from pathways.badges.errors import BadgeFileError
from pathways.text_files import StrictJsonError, strict_json

MAX_DEPTH = 100
MAX_NUMBER = 100
_PART = re.compile(r"[A-Za-z0-9_-]+")
#: Claims of the token itself; the rest of the claims is the credential, where it has no claim ``vc``.
REGISTERED = frozenset({"iss", "sub", "aud", "exp", "nbf", "iat", "jti", "vc", "cnf"})


@dataclass(frozen=True, slots=True)
class Token:
    """The parts of a compact token; nothing of it is proven."""

    header: Mapping[str, Any] = field(repr=False)
    claims: Mapping[str, Any] = field(repr=False)


def parse_token(text: str) -> Token:
    """Take a compact token apart.

    Raises
    ------
    BadgeFileError
        If it has not three parts of base64url, or header and claims are not strict JSON objects.
    """
    parts = text.split(".")
    if len(parts) != 3:
        message = f"The token has {len(parts)} parts. Expected three: header, claims and signature."
        raise BadgeFileError("token_parts", message)
    if parts[2] and _PART.fullmatch(parts[2]) is None:
        raise BadgeFileError("token_encoding", "The token's signature is not base64url text.")
    return Token(_object(parts[0], "header"), _object(parts[1], "claims"))


def credential_of(token: Token, found: Found) -> Mapping[str, Any]:
    """The credential in the claims, with what the claims say in its place; contradictions are noted as problems.

    Parameters
    ----------
    token : Token
    found : Found
        Receives ``two_credentials`` and ``iss_mismatch``, ``sub_mismatch``, ``jti_mismatch``.
    """
    outside = {key: value for key, value in token.claims.items() if key not in REGISTERED}
    inside = token.claims.get("vc")
    if "vc" in token.claims and not isinstance(inside, Mapping):
        found.wrong("vc_claim", "The token's claim vc is not an object.")
        inside = None
    if inside is not None and "credentialSubject" in outside and dict(inside) != outside:
        found.wrong("two_credentials", "The token holds two credentials that differ, one in the claim vc and one beside it.")
    document = dict(outside if inside is None else _filled(inside, token.claims))
    _check_binding(document, token.claims, found)
    return document


def _object(part: str, what: str) -> Mapping[str, Any]:
    try:
        if _PART.fullmatch(part) is None:
            raise ValueError(what)
        content = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        value = strict_json(content, max_depth=MAX_DEPTH, max_number=MAX_NUMBER)
    except StrictJsonError as error:
        text = f"The token's {what} cannot be read: {error.msg}."
        raise BadgeFileError(error.code, text) from None
    except (ValueError, binascii.Error):
        text = f"The token's {what} is not base64url text."
        raise BadgeFileError("token_encoding", text) from None
    if not isinstance(value, Mapping):
        text = f"The token's {what} is not an object."
        raise BadgeFileError("token_shape", text)
    return value


def _filled(inside: Mapping[str, Any], claims: Mapping[str, Any]) -> dict[str, Any]:
    """Data model 1.1 lets the claims stand for fields of the credential: put them back where it has none."""
    document = dict(inside)
    for claim, name in (("iss", "issuer"), ("jti", "id")):
        if claim in claims:
            document.setdefault(name, claims[claim])
    for claim, name, newer in (("nbf", "issuanceDate", "validFrom"), ("exp", "expirationDate", "validUntil")):
        time = _time(claims.get(claim))
        if time is not None and newer not in document:
            document.setdefault(name, time)
    return document


def _time(seconds: Any) -> str | None:
    try:
        if isinstance(seconds, int | float) and not isinstance(seconds, bool):
            return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError, OSError):
        pass
    return None


def _check_binding(document: Mapping[str, Any], claims: Mapping[str, Any], found: Found) -> None:
    subject = document.get("credentialSubject")
    subject = subject[0] if isinstance(subject, list) and len(subject) == 1 else subject
    pairs = (
        ("iss", _id(document.get("issuer")), "the credential's issuer"),
        ("sub", _id(subject), "the credential's subject"),
        ("jti", document.get("id"), "the credential's id"),
    )
    for claim, stated, what in pairs:
        if claim in claims and claims[claim] != stated and not (claim == "sub" and stated is None):
            found.wrong(f"{claim}_mismatch", f"The token's {claim} is not {what}.")


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value
