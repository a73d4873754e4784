"""First look at a file: what every address in it means, so that the second look can follow references in any direction."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pathways.catalog.formats.classes import (
    COMPETENCIES,
    COMPONENTS,
    CONDITIONS,
    CONTAINERS,
    EARNABLE,
    FRAMEWORKS,
    ORGANIZATIONS,
    PATHWAYS,
)
from pathways.catalog.formats.exact import ID
from pathways.catalog.formats.node import Node, types_of
from pathways.catalog.formats.reading import Reading
from pathways.catalog.formats.values import quantities
from pathways.units import CreditValue

_CTID = re.compile(r"ce-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_OWN_ID = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]|:(?=[A-Za-z0-9_])){0,99}", re.ASCII)
_NAMED = ORGANIZATIONS | COMPETENCIES | FRAMEWORKS


@dataclass(slots=True)
class Entry:
    """What the first look keeps of one object."""

    id: str
    type: str
    name: str
    place: str
    proxy: str = ""
    credits: CreditValue | None = None
    kept: Mapping[str, Any] | None = None

    @property
    def is_earnable(self) -> bool:
        """Whether it is a credential, course, program, assessment or a part of a pathway that stands for one."""
        return self.type in EARNABLE or self.type in COMPONENTS


class Index:
    """Objects of a file by their addresses."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}
        self._destinations: set[str] = set()
        self._credits: dict[str, CreditValue] = {}

    def add(self, raw: Mapping[str, Any], place: str) -> bool:
        """Take in one object; False where another of the same address came before."""
        node = Node(raw, place, Reading(""))
        keys = [key for key in (key_of(node.ref), key_of(_ctid(node))) if key]
        if any(key in self._entries for key in keys):
            return False
        kind = types_of(raw)[0]
        entry = Entry(self._id(node), kind, "", place)
        if entry.is_earnable or kind in _NAMED:
            entry.name = node.text("name") or node.text("competencyText") or node.text("competencyLabel")
        if entry.is_earnable:
            entry.proxy = next((ref for _, ref in node.refs("proxyFor")), "") if kind in COMPONENTS and ID not in raw else ""
            entry.credits = next((one.value for one in quantities(node, "creditValue")), None)
        if entry.credits is not None and not entry.proxy:
            self._credits[entry.id] = entry.credits
        if kind in CONDITIONS or kind in CONTAINERS or kind in PATHWAYS:
            entry.kept = raw
            self._destinations.update(key_of(ref) for _, ref in node.refs("hasDestinationComponent"))
        for key in keys or [place]:
            self._entries[key] = entry
        return True

    @staticmethod
    def _id(node: Node) -> str:
        own = node.raw.get(ID)
        if isinstance(own, str) and _OWN_ID.fullmatch(own):
            return own
        ctid = _ctid(node)
        if ctid:
            return id_of_address(ctid)
        if node.ref and not node.ref.startswith("_:"):
            return id_of_address(node.ref)
        described = "\n".join((node.type, node.text("name"), *node.texts("subjectWebpage"), node.text("description"), node.ref))
        return f"blank-{hashlib.sha256(described.encode()).hexdigest()[:16]}"

    def get(self, address: str) -> Entry | None:
        """What an address means in this file; None where the file does not describe it."""
        return self._entries.get(key_of(address))

    def at(self, raw: Mapping[str, Any], place: str) -> Entry | None:
        """Look up the entry of an object by its own address or place."""
        node = Node(raw, place, Reading(""))
        return self._entries.get(key_of(node.ref)) or self._entries.get(key_of(_ctid(node))) or self._entries.get(place)

    def conditions(self) -> Iterator[Entry]:
        """Conditions and gathering parts, each once, in the order of the file."""
        seen: set[str] = set()
        for entry in self._entries.values():
            if entry.type in CONDITIONS | CONTAINERS and entry.place not in seen:
                seen.add(entry.place)
                yield entry

    def is_destination(self, node: Node) -> bool:
        """Whether a pathway names a part as what it leads to."""
        keys = {key_of(node.ref), key_of(_ctid(node))}
        return bool(keys & self._destinations) or node.has("isDestinationComponentOf")

    def id_of(self, entry: Entry) -> str:
        """Id of what an entry stands for: the proxied thing's, where it is a proxy."""
        if not entry.proxy:
            return entry.id
        meant = self.get(entry.proxy)
        return id_of_address(entry.proxy) if meant is None else meant.id

    def credits_of(self, credential_id: str) -> CreditValue | None:
        """Credits the file states for one id."""
        return self._credits.get(credential_id)

    def name_of(self, address: str) -> str:
        """Name of an organization or framework; empty where the file does not give it."""
        entry = self.get(address)
        return entry.name if entry else ""


def _ctid(node: Node) -> str:
    found = node.raw.get("ceterms:ctid", node.raw.get("ctid"))
    return found if isinstance(found, str) else ""


def key_of(address: str) -> str:
    """One key for all spellings of an address: registry addresses by their CTID, others without their scheme."""
    found = _CTID.search(address)
    if found:
        return found.group().lower()
    return re.sub(r"^https?://", "", address.strip()).rstrip("/")


def id_of_address(address: str) -> str:
    """An id this catalog can hold: the CTID where there is one, else the address's own letters and a short hash.

    Examples
    --------
    >>> id_of_address("https://credentialengineregistry.org/resources/ce-0C6EDA0E-0000-4000-8000-000000000220")
    'ce-0c6eda0e-0000-4000-8000-000000000220'
    """
    found = _CTID.search(address)
    if found:
        return found.group().lower()
    key = key_of(address)
    if _OWN_ID.fullmatch(key):
        return key
    slug = re.sub(r"[^A-Za-z0-9]+", "-", key.rpartition("/")[2]).strip("-")[:60] or "item"
    return f"{slug}-{hashlib.sha256(key.encode()).hexdigest()[:8]}"
