"""Comprehensive Learner Record 2.0: the outer credential, the ones inside it, and how their achievements relate.

The outer signature vouches for the collection only, so each credential inside is taken out here to be verified by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pathways.badges.allow import MAX_LISTED, Found, address, listed, objects
from pathways.badges.entities import Association, Badge
from pathways.badges.open_badges_3 import dates_of, issuer_of

ASSOCIATIONS = frozenset(
    {"isParentOf", "isChildOf", "isPartOf", "isPeerOf", "isRelatedTo", "precedes", "replacedBy", "exactMatchOf"}
)
_ENVELOPE = ("data:application/vc+jwt,", "data:application/vc-ld+jwt,")


def badge_of(document: Mapping[str, Any], found: Found) -> Badge:
    """What is kept of the outer credential: issuer, dates and associations. Its name is often the learner's, so it is not kept."""
    subject = next(iter(objects(document.get("credentialSubject"))), {})
    return Badge(
        **issuer_of(document.get("issuer"), found),
        **dates_of(document, found),
        credential_id=address(document.get("id")),
        associations=_associations(subject.get("association")),
    )


def members(document: Mapping[str, Any], found: Found) -> Iterator[Mapping[str, Any] | str]:
    """The credentials inside, as objects or as tokens, in order; what is neither is noted."""
    subject = next(iter(objects(document.get("credentialSubject"))), {})
    given = subject.get("verifiableCredential")
    if not listed(given):
        found.wrong("empty_record", "The learner record holds no credentials.")
    if isinstance(given, list) and len(given) > MAX_LISTED:
        found.wrong("too_many", f"The learner record holds {len(given):,} credentials, more than the {MAX_LISTED} that are read.")
    for item in listed(given):
        member = _unwrapped(item)
        if member is None:
            found.wrong("member", "A member of the learner record is neither a credential nor a token.")
        else:
            yield member


def _unwrapped(item: Any) -> Mapping[str, Any] | str | None:
    """An enveloped credential is an object whose address is the token itself."""
    if isinstance(item, str):
        return item
    if not isinstance(item, Mapping):
        return None
    envelope = item.get("id")
    if isinstance(envelope, str) and envelope.startswith(_ENVELOPE):
        return envelope.partition(",")[2]
    return item


def _associations(value: Any) -> tuple[Association, ...]:
    read = ((item.get("associationType"), address(item.get("sourceId")), address(item.get("targetId"))) for item in objects(value))
    return tuple(
        Association(kind if kind in ASSOCIATIONS else "isRelatedTo", source, target)
        for kind, source, target in read
        if isinstance(kind, str) and source and target
    )
