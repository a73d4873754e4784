"""Whether a verifiable credential has the parts it must have, whatever its signature says.

A signature that verifies says nothing of this: a credential without an issuer verifies too. Follows the VC Data Model 2.0 (1.1 is
accepted with a remark) and Open Badges 3.0. Leaves out contexts beyond their order, and all that needs a key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pathways.badges.allow import Found, is_url, listed, moment, objects

V2 = "https://www.w3.org/ns/credentials/v2"
V1 = "https://www.w3.org/2018/credentials/v1"
BADGE_TYPES = frozenset({"OpenBadgeCredential", "AchievementCredential"})
OB3_TYPES = BADGE_TYPES | {"EndorsementCredential"}
CLR_TYPES = frozenset({"ClrCredential"})
#: The subject's type that Open Badges 3.0 and CLR 2.0 ask for.
SUBJECT_TYPES = {"EndorsementCredential": "EndorsementSubject", "ClrCredential": "ClrSubject"}
_PARTS = ("proof", "credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence")
#: Parts whose ``id`` must be one address where it stands. Evidence may stand in an article that has no address.
_ADDRESSED = ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse")
_OB3_CONTEXTS = ("purl.imsglobal.org/spec/ob/v3p0/", "openbadges-specification/context")


def types_of(value: Any) -> tuple[str, ...]:
    """The types an object states, as texts."""
    return tuple(item for item in listed(value.get("type")) if isinstance(item, str)) if isinstance(value, Mapping) else ()


def is_badge(document: Mapping[str, Any]) -> bool:
    """Whether a credential says that it is an Open Badge: by type, by context, or by its subject."""
    contexts = [item for item in listed(document.get("@context")) if isinstance(item, str)]
    subjects = {kind for subject in objects(document.get("credentialSubject")) for kind in types_of(subject)}
    return bool(
        OB3_TYPES & set(types_of(document))
        or "AchievementSubject" in subjects
        or any(part in item for item in contexts for part in _OB3_CONTEXTS)
    )


def check_credential(document: Mapping[str, Any], found: Found) -> None:
    """Note what a verifiable credential of any kind lacks."""
    _context(document.get("@context"), found)
    stated = document.get("type")
    if "VerifiableCredential" not in types_of(document) or any(not isinstance(item, str) for item in listed(stated)):
        found.wrong("type", "The credential's type does not name VerifiableCredential.")
    if document.get("id") is not None and not is_url(document["id"]):
        found.wrong("id", "The credential's id is not one address.")
    _issuer(document.get("issuer"), found)
    _subjects(document.get("credentialSubject"), found)
    _parts(document, found)
    _dates(document, found)
    for field in ("name", "description"):
        _language(document.get(field), field, found)


def check_badge(document: Mapping[str, Any], found: Found) -> None:
    """Note what an Open Badge 3.0 or CLR 2.0 credential lacks beyond :func:`check_credential`."""
    kinds = set(types_of(document))
    if not kinds & (OB3_TYPES | CLR_TYPES):
        expected = "OpenBadgeCredential, AchievementCredential, EndorsementCredential or ClrCredential"
        found.wrong("type", f"The credential's type is none of {expected}.")
        return
    subjects = objects(document.get("credentialSubject"))
    wanted = next((subject for kind, subject in SUBJECT_TYPES.items() if kind in kinds), "AchievementSubject")
    for subject in subjects:
        if wanted not in types_of(subject):
            found.wrong("subject_type", f"The credential's subject is not of type {wanted}.")
    if len(subjects) > 1:
        found.wrong("several_subjects", f"The credential speaks of {len(subjects)} holders. Expected one.")
    if kinds & BADGE_TYPES and subjects:
        _achievement(subjects[0].get("achievement"), found)


def _context(value: Any, found: Found) -> None:
    contexts = listed(value)
    if not contexts or contexts[0] not in (V2, V1):
        found.wrong("context", f"The credential's first context is not {V2} (or, older, {V1}).")
    elif contexts[0] == V1:
        found.remark("old_context", "The credential follows an older version of the data model (1.1).")
    if any(not isinstance(item, str | Mapping) for item in contexts):
        found.wrong("context", "A context of the credential is neither an address nor an object.")


def _issuer(value: Any, found: Found) -> None:
    issuer = value.get("id") if isinstance(value, Mapping) else value
    if value is None:
        found.wrong("issuer_missing", "The credential names no issuer.")
    elif not is_url(issuer):
        found.wrong("issuer", "The issuer's id is not an address.")
    if isinstance(value, Mapping):
        _language(value.get("name"), "issuer's name", found)


def _subjects(value: Any, found: Found) -> None:
    subjects = listed(value)
    if not subjects or any(not isinstance(item, Mapping) or not item for item in subjects):
        found.wrong("subject_missing", "The credential has no subject: it says nothing of anybody.")
    for subject in objects(value):
        if subject.get("id") is not None and not is_url(subject["id"]):
            found.wrong("subject", "The id of the credential's subject is not one address.")


def _parts(document: Mapping[str, Any], found: Found) -> None:
    for field in _PARTS:
        for part in listed(document.get(field)):
            kinds = listed(part.get("type")) if isinstance(part, Mapping) else []
            if not kinds or any(not isinstance(kind, str) or not kind for kind in kinds):
                found.wrong("part_type", f"A part of the credential has no type: {field}.")
            elif field in _ADDRESSED and part.get("id") is not None and not is_url(part["id"]):
                found.wrong("part_id", f"The id of a part of the credential is not one address: {field}.")


def _dates(document: Mapping[str, Any], found: Found) -> None:
    start = moment(first_of(document, ("validFrom", "issuanceDate")), "The start of validity", found)
    end = moment(first_of(document, ("validUntil", "expirationDate")), "The end of validity", found)
    if start is not None and end is not None and end < start:
        found.wrong("dates", "The credential ends before it starts.")


def first_of(document: Mapping[str, Any], fields: Sequence[str]) -> Any:
    """The first of several fields that is stated."""
    return next((document[field] for field in fields if document.get(field) is not None), None)


def _language(value: Any, where: str, found: Found) -> None:
    for item in objects(value):
        if not item.keys() <= {"@value", "@language", "@direction"} or not isinstance(item.get("@value"), str):
            found.wrong("language_value", f"The {where} is an object with other fields than @value, @language and @direction.")


def _achievement(value: Any, found: Found) -> None:
    """The standard asks for an achievement; published samples leave it out, so that alone does not undo a signature."""
    achievements = objects(value)
    if not achievements:
        found.remark("no_achievement", "The badge names no achievement, so it can satisfy nothing.")
    for achievement in achievements:
        if not is_url(achievement.get("id")):
            found.wrong("achievement_id", "The achievement's id is not an address.")
        if not isinstance(achievement.get("name"), str) or not achievement["name"].strip():
            found.wrong("achievement_name", "The achievement has no name.")
        if "Achievement" not in types_of(achievement):
            found.wrong("achievement_type", "The achievement is not of type Achievement.")
    if len(achievements) > 1:
        found.wrong("several_achievements", f"The badge names {len(achievements)} achievements. Expected one.")
