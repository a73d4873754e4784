"""Outcome evidence that bears on a credential: about itself, about a whole it is a part of, or about its approach.

What was found for a whole or an approach is said to be about that, never about the part.
"""

from __future__ import annotations

from dataclasses import replace

from pathways.catalog.entities import Catalog, Finding

TOPIC = "topic:"


def findings_about(catalog: Catalog, credential_id: str) -> tuple[Finding, ...]:
    """All findings on one credential, counts of users included, in file order."""
    return tuple(finding for finding in catalog.findings if finding.credential_id == credential_id)


def effects_on(catalog: Catalog, credential_id: str) -> tuple[Finding, ...]:
    """Studies of effect that bear on a credential.

    Parameters
    ----------
    catalog : Catalog
    credential_id : str
        An id of the catalog.

    Returns
    -------
    tuple of Finding
        Those on the credential itself first; the text of the others says what they were about. Null results are among them.
    """
    item = catalog.credentials[credential_id]
    own = [finding for finding in findings_about(catalog, credential_id) if finding.shows_effect]
    wholes = [whole for whole in catalog.named_by.get(credential_id, ()) if credential_id in catalog.parts.get(whole, ())]
    about_wholes = [
        replace(finding, finding=f"{finding.finding} (found for {catalog.credentials[whole].name}, of which this is a part)")
        for whole in wholes
        for finding in findings_about(catalog, whole)
        if finding.shows_effect
    ]
    topics = [topic.name for topic in catalog.topics if topic.covers(item)]
    about_topics = [
        replace(finding, finding=f"{finding.finding} (found for {name.replace('-', ' ')} in general, not for this item)")
        for name in topics
        for finding in findings_about(catalog, f"{TOPIC}{name}")
        if finding.shows_effect
    ]
    return (*own, *about_wholes, *about_topics)
