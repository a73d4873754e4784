"""Whether a badge was given to the person who brings it, without keeping who that is.

Issuers write an identity plainly or as a salted hash; what is compared is passed in and goes no further.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from pathways.badges.allow import objects
from pathways.badges.entities import BadgeProblem

#: Prefix of a hashed identity to its algorithm. MD5 is what some Open Badges 2.0 issuers still use.
_HASHES = {"sha256": hashlib.sha256, "md5": lambda content: hashlib.md5(content, usedforsecurity=False)}


def check_recipient(document: Mapping[str, Any], recipient: str) -> BadgeProblem | None:
    """Compare the holder that a badge names with the one expected.

    Parameters
    ----------
    document : mapping
        A credential or an assertion.
    recipient : str
        An e-mail address or a DID.

    Returns
    -------
    BadgeProblem or None
        None where they match. ``recipient_mismatch`` where the badge names somebody else; ``recipient_unknown``, which changes no
        verdict, where it names nobody in a way that can be compared.
    """
    named = [*_identities(document, is_did=recipient.startswith("did:"))]
    if any(_matches(identity, salt, recipient) for identity, salt in named):
        return None
    if named:
        return BadgeProblem("recipient_mismatch", "The badge was given to somebody else: its recipient is not the one expected.")
    text = "The badge does not name its recipient in a way that can be compared."
    return BadgeProblem("recipient_unknown", text, blocking=False)


def _identities(document: Mapping[str, Any], *, is_did: bool) -> Iterator[tuple[str, str]]:
    """Every identity of the kind asked for that the badge states, with its salt."""
    for subject in objects(document.get("credentialSubject")):
        name = subject.get("id")
        if isinstance(name, str) and name.startswith("did:" if is_did else "mailto:"):
            yield name.removeprefix("mailto:"), ""
        for entry in objects(subject.get("identifier")):
            yield from _identity(entry.get("identityHash"), entry)
    for entry in objects(document.get("recipient")):
        yield from _identity(entry.get("identity"), entry)


def _identity(value: Any, entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    salt = entry.get("salt")
    if isinstance(value, str):
        yield value, salt if isinstance(salt, str) else ""


def _matches(identity: str, salt: str, recipient: str) -> bool:
    """Case does not tell people apart in an e-mail address, but a hash was made of one spelling: both are tried."""
    spellings = {recipient.strip(), recipient.strip().lower()}
    algorithm, dollar, digest = identity.partition("$")
    if dollar and algorithm in _HASHES:
        return any(_HASHES[algorithm]((text + salt).encode()).hexdigest() == digest.lower() for text in spellings)
    return identity.strip().lower() in {text.lower() for text in spellings}
