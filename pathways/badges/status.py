"""Whether a badge was taken back: revoked, or suspended for a while.

A status that cannot be checked is its own answer, ``unknown``, and never good. A bit that is set in a list with a good signature
is believed whoever signed the list, since the badge's own signature names that list; a bit that is not set is believed only of a
list by the same issuer that is long enough. Either way the list must be in its time. Leaves out fetching and signatures, which
are passed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from pathways.badges.allow import is_url, objects
from pathways.badges.did import json_object
from pathways.badges.entities import BadgeProblem, Fetch
from pathways.badges.errors import FetchError
from pathways.badges.read_structure import types_of
from pathways.badges.status_bits import MIN_BITS, StatusListError, read_bit

StatusWord = Literal["none", "good", "revoked", "suspended", "unknown"]
#: Worst first: the answer for a badge with several entries.
_WORST: tuple[StatusWord, ...] = ("revoked", "suspended", "unknown", "good", "none")
_BLOCKING: dict[str, StatusWord] = {"revocation": "revoked", "suspension": "suspended"}
_LISTS = {"BitstringStatusListEntry": "BitstringStatusListCredential", "StatusList2021Entry": "StatusList2021Credential"}


@dataclass(frozen=True, slots=True)
class Status:
    """What a list said, and why in words where it matters."""

    word: StatusWord
    problem: BadgeProblem | None = None


class OpenList(Protocol):
    """Gives the credential in what a status list's address answered, or a sentence why it is not to be trusted."""

    def __call__(self, content: bytes, address: str) -> Mapping[str, Any] | str:
        """Read and verify the list."""
        ...


def check_status(document: Mapping[str, Any], fetch: Fetch | None, open_list: OpenList) -> tuple[Status, ...]:
    """Ask every status list that a credential names.

    Parameters
    ----------
    document : mapping
        The credential.
    fetch : Fetch or None
        How to get a list; None where there is no network, so that every status is unknown.
    open_list : OpenList
        Reads a list and checks its signature and dates.

    Returns
    -------
    tuple of Status
        One for each entry; empty where there is none.
    """
    given = document.get("credentialStatus")
    entries = objects(given)
    if given is not None and not entries:
        return (_unknown("status_unreadable", "The badge's status cannot be read."),)
    issuer = _id(document.get("issuer"))
    return tuple(_entry(entry, _id(document), issuer, fetch, open_list) for entry in entries)


def worst(found: tuple[Status, ...]) -> StatusWord:
    """The answer that counts: revoked before suspended before unknown before good."""
    return min((status.word for status in found), key=_WORST.index, default="none")


def _id(value: Any) -> Any:
    return value.get("id") if isinstance(value, Mapping) else value


def _unknown(code: str, text: str) -> Status:
    return Status("unknown", BadgeProblem(code, text, blocking=False))


def _taken_back(word: StatusWord) -> Status:
    text = "revoked" if word == "revoked" else "suspended for a while"
    return Status(word, BadgeProblem(word, f"The issuer's list says that this badge is {text}."))


def _entry(entry: Mapping[str, Any], badge: Any, issuer: Any, fetch: Fetch | None, open_list: OpenList) -> Status:
    kinds = types_of(entry)
    is_simple = "1EdTechRevocationList" in kinds
    wanted = next((of for kind, of in _LISTS.items() if kind in kinds), None)
    if wanted is None and not is_simple:
        return _unknown("status_kind", f"The badge's status is of the kind {', '.join(kinds)[:80]}, which this program cannot ask.")
    purpose = entry.get("statusPurpose", "revocation")
    if not isinstance(purpose, str):
        return _unknown("status_unreadable", "The purpose of the badge's status cannot be read.")
    if wanted is not None and purpose not in _BLOCKING:
        return Status("none")
    address = entry.get("id" if is_simple else "statusListCredential")
    if not is_url(address):
        return _unknown("status_unreadable", "The badge's status names no list.")
    if fetch is None:
        return _unknown("status_not_asked", f"Whether the badge was taken back was not asked ({address[:200]}): fetching is off.")
    try:
        content = fetch(address).content
        if is_simple:
            return _simple(json_object(content, address), badge, issuer)
    except FetchError as error:
        return _unknown("status_unreachable", f"The issuer's list of badges taken back could not be asked: {error}")
    found = open_list(content, address)
    if isinstance(found, str):
        return _unknown("status_list_untrusted", f"The issuer's list of badges taken back is not to be trusted: {found}")
    return _bit(entry, purpose, found, wanted or "", issuer)


def _simple(found: Mapping[str, Any], badge: Any, issuer: Any) -> Status:
    """1EdTech's plain list of revoked ids; it is not signed, so the address that the badge's signature covers must do."""
    listed = next((found[name] for name in ("revokedCredential", "revokedCredentials") if name in found), None)
    if not isinstance(listed, list) or _id(found.get("issuer")) != issuer:
        return _unknown("status_list_untrusted", "The list of badges taken back is not the issuer's, or holds no list.")
    for item in listed:
        if _id(item) == badge and (isinstance(item, str) or item.get("revoked", True) is not False):
            return _taken_back("revoked")
    return Status("good")


def _bit(entry: Mapping[str, Any], purpose: Any, found: Mapping[str, Any], wanted: str, issuer: Any) -> Status:
    subject = next(iter(objects(found.get("credentialSubject"))), {})
    purposes = subject.get("statusPurpose", "revocation")
    index = _index(entry.get("statusListIndex"))
    if wanted not in types_of(found) or purpose not in (purposes if isinstance(purposes, list) else [purposes]):
        return _unknown("status_list_wrong", f"The list that the badge names is not one for {str(purpose)[:40]}.")
    if index is None or entry.get("statusSize", 1) != 1:
        return _unknown("status_unreadable", "The badge's place in the list of badges taken back cannot be read.")
    try:
        bit = read_bit(subject.get("encodedList"), index)
    except StatusListError as error:
        return _unknown("status_list_unreadable", str(error))
    if bit.is_set:
        return _taken_back(_BLOCKING[purpose])
    if bit.of < MIN_BITS:
        return _unknown("status_list_short", f"The list of badges taken back has {bit.of:,} places, under {MIN_BITS:,}.")
    if _id(found.get("issuer")) != issuer:
        return _unknown("status_list_foreign", "The list of badges taken back is by another issuer than the badge.")
    return Status("good")


def _index(value: Any) -> int | None:
    """A place in a list: a whole number, written as text (the Recommendation) or as a number (published samples)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
