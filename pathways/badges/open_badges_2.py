"""Open Badges 2.0: assertions, badge classes and issuers, into a :class:`~pathways.badges.entities.Badge`.

An assertion usually only points at its badge class, which points at its issuer: :func:`complete` follows the two addresses where
there is a way to fetch. The recipient is never kept. Leaves out checking the copy at the assertion's own address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pathways.badges.allow import Found, address, is_url, listed, look, moment, name, objects, words
from pathways.badges.entities import Badge, Fetch, Reading
from pathways.badges.errors import FetchError
from pathways.badges.open_badges_3 import alignments_of, criteria_of, issuer_of, tags_of
from pathways.badges.read_structure import first_of, types_of
from pathways.text_files import StrictJsonError, strict_json

#: What the 2.0 vocabulary calls the things a file may hold.
KINDS = frozenset({"Assertion", "BadgeClass", "Issuer", "Profile"})
MAX_DEPTH = 100


def is_open_badge_2(document: Mapping[str, Any]) -> bool:
    """Whether a document speaks the 2.0 vocabulary: by type, by context, or by the fields only it has."""
    if "credentialSubject" in document:
        return False
    contexts = [item for item in listed(document.get("@context")) if isinstance(item, str)]
    return bool(
        KINDS & set(types_of(document))
        or any("openbadges" in item for item in contexts)
        or {"badge", "recipient"} <= document.keys()
        or {"criteria", "issuer"} <= document.keys()
    )


def check(document: Mapping[str, Any], found: Found) -> None:
    """Note what an assertion, badge class or issuer lacks."""
    kinds = set(types_of(document))
    if "uid" in document and "verify" in document:
        found.wrong(
            "open_badges_1", "This is an Open Badges 1 assertion, which is not read. Ask the issuer for a 2.0 or 3.0 badge."
        )
    elif not kinds or any(not kind.strip() for kind in kinds):
        found.wrong("type", "The document has no type. Expected Assertion.")
    elif "Assertion" in kinds:
        _check_assertion(document, found)
    elif kinds & KINDS:
        found.remark("not_an_award", "This describes a badge or an issuer. It is not an award to anybody.")
    else:
        found.wrong("type", "The document's type is none of Assertion, BadgeClass, Issuer and Profile.")


def badge_of(document: Mapping[str, Any], found: Found, issuer: Any = None) -> Badge:
    """What is kept of an assertion, or of a badge class alone.

    Parameters
    ----------
    document : mapping
        The assertion; its ``badge`` may be an address, or the badge class itself.
    found : Found
        Receives problems.
    issuer : mapping or None
        The issuer's profile, where it was fetched.
    """
    is_class = "BadgeClass" in types_of(document)
    given = document if is_class else document.get("badge")
    badge = given if isinstance(given, Mapping) else {}
    look(badge.get("name"), "badge's name", found)
    return Badge(
        achievement_id=address(given),
        name=name(badge.get("name")),
        description=words(badge.get("description")),
        criteria=criteria_of(badge.get("criteria")),
        **issuer_of(issuer if issuer is not None else badge.get("issuer"), found),
        alignments=alignments_of(badge.get("alignment")),
        tags=tags_of(badge.get("tags")),
        language=name(badge.get("@language")),
        version=name(badge.get("version")),
        issued_on=None if is_class else moment(document.get("issuedOn"), "issuedOn", found),
        expires_on=None if is_class else moment(document.get("expires"), "expires", found),
        credential_id=None if is_class else address(document.get("id")),
    )


def complete(reading: Reading, fetch: Fetch) -> Reading:
    """Fetch the badge class and the issuer that an assertion points at, and keep what a pathway needs of them.

    What cannot be fetched or read stays as it was: whether that matters is the verifier's to say.
    """
    if not reading.format.startswith("ob2") or reading.document is None or reading.badge is None:
        return reading
    document = dict(reading.document)
    given = document.get("badge")
    if is_url(given):
        document["badge"] = {**_fetched(given, fetch), "id": given}
    badge_class = document["badge"] if isinstance(document.get("badge"), Mapping) else {}
    issuer = badge_class.get("issuer")
    profile = {**_fetched(issuer, fetch), "id": issuer} if is_url(issuer) else issuer
    return replace(reading, badge=badge_of(document, Found(), profile))


def _fetched(url: str, fetch: Fetch) -> Mapping[str, Any]:
    try:
        read = strict_json(fetch(url).content, max_depth=MAX_DEPTH, max_number=100)
    except (FetchError, StrictJsonError):
        return {}
    return read if isinstance(read, Mapping) else {}


def _check_assertion(document: Mapping[str, Any], found: Found) -> None:
    for field, what in (("recipient", "no recipient"), ("badge", "no badge"), ("verification", "no way to verify it")):
        if not isinstance(document.get(field), Mapping | str) or not document[field]:
            found.wrong(f"{field}_missing", f"The assertion names {what}: {field} is missing.")
    if first_of(document, ("issuedOn",)) is None:
        found.wrong("issued_on_missing", "The assertion does not say when it was issued: issuedOn is missing.")
    if not is_url(document.get("id")):
        found.wrong("id", "The assertion's id is not one address.")
    if len(objects(document.get("recipient"))) > 1:
        found.wrong("several_subjects", "The assertion names several recipients. Expected one.")
