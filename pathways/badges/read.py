"""A badge file to readings: Open Badges 2.0 and 3.0 and learner records, as JSON, arrays, tokens and baked pictures.

Never raises for what a file holds: what cannot be read is a reading with problems, so that one broken file of a hundred is named
and the rest count. Nothing here looks at a signature, a clock or the network.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from pathways.badges import clr, open_badges_2, open_badges_3
from pathways.badges.allow import MAX_LISTED, Found
from pathways.badges.entities import Badge, BadgeProblem, Carrier, Format, Reading
from pathways.badges.errors import BadgeFileError
from pathways.badges.jwt_form import MAX_DEPTH, MAX_NUMBER, credential_of, parse_token
from pathways.badges.png import SIGNATURE, baked_in_png
from pathways.badges.read_structure import CLR_TYPES, check_badge, check_credential, is_badge, types_of
from pathways.badges.svg import baked_in_svg
from pathways.text_files import StrictJsonError, strict_json

#: Longest credential that is read and verified, whatever it came in.
MAX_DOCUMENT = 256 * 1024
#: Longest array of credentials, longest picture, and longest drawing (its text goes through a parser).
MAX_ARRAY = 1024 * 1024
MAX_PICTURE = 8 * 1024 * 1024
MAX_DRAWING = 4 * 1024 * 1024
#: Learner records inside learner records.
MAX_INSIDE = 2


def read(data: bytes, *, name: str) -> tuple[Reading, ...]:
    """Read one file.

    Parameters
    ----------
    data : bytes
        The file.
    name : str
        What problems call it.

    Returns
    -------
    tuple of Reading
        One, or as many as an array has members. What could not be read has ``document`` None and problems that say why.

    Examples
    --------
    >>> [reading] = read(b"Dear registrar", name="letter.txt")
    >>> reading.format, [problem.code for problem in reading.problems]
    ('unknown', ['unknown_form'])
    """
    digest = _digest(data)
    try:
        if data.startswith(SIGNATURE):
            _bounded(data, MAX_PICTURE)
            return (_one(baked_in_png(data, most=MAX_DOCUMENT), "png"),)
        text = data.strip().removeprefix(b"\xef\xbb\xbf").lstrip()
        if text.startswith(b"<"):
            _bounded(data, MAX_DRAWING)
            return (_one(baked_in_svg(text, most=MAX_DOCUMENT), "svg"),)
        if text.startswith(b"["):
            _bounded(data, MAX_ARRAY)
            return _array(_parsed(text), digest)
        _bounded(data, MAX_DOCUMENT)
        return (_one(text, "json", digest=digest),)
    except BadgeFileError as error:
        return (_failed(digest, "json", error, name),)


def _one(text: bytes, carrier: Carrier, *, digest: str | None = None) -> Reading:
    """A credential from its own text, which is JSON or a compact token."""
    digest = digest or _digest(text)
    text = text.strip()
    if text.startswith(b"{"):
        return _from_document(_parsed(text), carrier, digest)
    if text.count(b".") >= 2 and text.isascii() and len(text.split()) == 1:
        return _from_token(text.decode("ascii"), "jwt" if carrier == "json" else carrier, digest)
    if not text:
        raise BadgeFileError("empty", "There is nothing in it. Expected a badge.")
    expected = "a JSON object or array, a compact token (three parts with dots), a baked PNG, or a baked SVG"
    raise BadgeFileError("unknown_form", f"This is none of the forms a badge comes in. Expected {expected}.")


def _array(values: list[Any], digest: str) -> tuple[Reading, ...]:
    if not values:
        raise BadgeFileError("empty", "The array is empty. Expected at least one badge.")
    if len(values) > MAX_LISTED:
        raise BadgeFileError("too_many", f"The array holds {len(values):,} entries. Expected at most {MAX_LISTED}.")
    return tuple(_member(value, "json-array member", f"{digest}:{number}") for number, value in enumerate(values))


def _member(value: Any, carrier: Carrier, place: str, inside: int = 0) -> Reading:
    """A credential inside another file: an object or a token; ``place`` stands for one that has no bytes of its own."""
    text = value.encode("utf-8") if isinstance(value, str) else _canonical(value)
    digest = _digest(text)
    try:
        _bounded(text, MAX_DOCUMENT)
        if isinstance(value, Mapping):
            return _from_document(value, carrier, digest, inside)
        if isinstance(value, str):
            return _from_token(value.strip(), carrier, digest, inside)
        raise BadgeFileError("member", "An entry is neither a credential nor a token.")
    except BadgeFileError as error:
        return _failed(_digest(place.encode()), carrier, error, "an entry")


def _from_token(text: str, carrier: Carrier, digest: str, inside: int = 0) -> Reading:
    token = parse_token(text)
    found = Found()
    document = credential_of(token, found)
    return _reading(document, carrier, digest, found, inside=inside, token=text, claims=token.claims)


def _from_document(document: Mapping[str, Any], carrier: Carrier, digest: str, inside: int = 0) -> Reading:
    return _reading(document, carrier, digest, Found(), inside=inside)


def _reading(
    document: Mapping[str, Any],
    carrier: Carrier,
    digest: str,
    found: Found,
    *,
    inside: int,
    token: str | None = None,
    claims: Mapping[str, Any] | None = None,
) -> Reading:
    kind, badge, inner = _parts(document, found, inside, is_token=token is not None)
    return Reading(kind, carrier, digest, document, token, badge, inner, found.all(), claims)


def _parts(
    document: Mapping[str, Any], found: Found, inside: int, *, is_token: bool
) -> tuple[Format, Badge | None, tuple[Reading, ...]]:
    """What a document is, what is kept of it, and the credentials inside it."""
    if open_badges_2.is_open_badge_2(document):
        open_badges_2.check(document, found)
        return "ob2-signed" if is_token else "ob2-hosted", open_badges_2.badge_of(document, found), ()
    if "credentialSubject" not in document and "VerifiableCredential" not in types_of(document):
        found.wrong("unknown_document", "This is neither an Open Badge nor a verifiable credential: it has no credentialSubject.")
        return "unknown", None, ()
    check_credential(document, found)
    if CLR_TYPES & set(types_of(document)):
        check_badge(document, found)
        return "clr2-jwt" if is_token else "clr2-json", clr.badge_of(document, found), _inside(document, found, inside)
    if is_badge(document):
        check_badge(document, found)
        return "ob3-jwt" if is_token else "ob3-json", open_badges_3.badge_of(document, found), ()
    found.remark("not_a_badge", "This is a verifiable credential, but not a badge: it counts toward nothing.")
    return "vc-jwt" if is_token else "vc-json", None, ()


def _inside(document: Mapping[str, Any], found: Found, inside: int) -> tuple[Reading, ...]:
    if inside >= MAX_INSIDE:
        found.wrong("too_deep", "Learner records stand inside one another too deep.")
        return ()
    place = _digest(_canonical(document))
    members = enumerate(clr.members(document, found))
    return tuple(
        _member(item, "jwt" if isinstance(item, str) else "json", f"{place}:{number}", inside + 1) for number, item in members
    )


def _parsed(text: bytes) -> Any:
    try:
        return strict_json(text, max_depth=MAX_DEPTH, max_number=MAX_NUMBER)
    except StrictJsonError as error:
        where = f" at line {error.lineno}, column {error.colno}" if error.code == "not_json" else ""
        raise BadgeFileError(error.code, f"It is not JSON that can be read: {error.msg}{where}.") from None


def _bounded(data: bytes, most: int) -> None:
    if len(data) > most:
        raise BadgeFileError("too_large", f"It is {len(data):,} bytes long. At most {most:,} are read.")


def _failed(digest: str, carrier: Carrier, error: BadgeFileError, name: str) -> Reading:
    return Reading(
        "unknown", carrier, digest, problems=(BadgeProblem(error.code, f"{name.rpartition('/')[2][:200]}: {error.text}"),)
    )


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode("utf-8", "surrogatepass")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
