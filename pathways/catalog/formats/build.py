"""What is being gathered from one CTDL file, and how its references become ids.

A reference to something the file does not describe gives a stand-in: the thing may well be in the catalog, or come with another
file. A blank node or a part of a pathway cannot be anywhere else, so a reference to a missing one is a problem.
"""

from __future__ import annotations

from typing import Any

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import RequirementKind, RequirementRow
from pathways.catalog.formats.classes import COMPETENCIES, COMPONENTS, CONTAINERS, EARNABLE
from pathways.catalog.formats.imported import Competency, Link
from pathways.catalog.formats.index import Entry, Index, id_of_address
from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.reading import Reading
from pathways.credential import Credential, Source
from pathways.places import ANYWHERE
from pathways.requirements.rules import Held, Manual, Requirement

#: Stands for the owner of what a connection leads to, until that is read.
TARGETS_OWNER = "owner of the target"
#: Marks a stand-in, in the note of its source.
STAND_IN = "named in the file, not described there"


class Build:
    """Results of the second look at a file.

    Parameters
    ----------
    index : Index
        The first look.
    reading : Reading
        Receives warnings and problems.

    Attributes
    ----------
    elsewhere : dict
        Stand-ins by id.
    row_places : list of str
        Place of each row in the file.
    subject : str
        Id of the thing whose rows are being read.
    used : set of str
        Places of conditions that something referred to.
    """

    def __init__(self, index: Index, reading: Reading) -> None:
        self.index = index
        self.reading = reading
        self.credentials: dict[str, Credential] = {}
        self.rows: list[RequirementRow] = []
        self.agreements: list[Agreement] = []
        self.competencies: dict[str, Competency] = {}
        self.links: list[Link] = []
        self.elsewhere: dict[str, Credential] = {}
        self.row_places: list[str] = []
        self.subject = ""
        self.used: set[str] = set()
        self._row_ids: set[str] = set()

    def source(self, url: str, date: str = "", row: int = 0) -> Source:
        """Where a fact was read: the page the file names, stated by the file."""
        return Source(url, "stated", date, self.reading.file, row)

    def add_row(
        self, credential_id: str, kind: RequirementKind, rule: Requirement, node: Node, *, row_id: str = "", source: Source
    ) -> None:
        """Keep one requirement row; its id is its own or the credential's with a number."""
        base = row_id or f"{credential_id}:{kind}"
        name, number = base, 1
        while name in self._row_ids or (number == 1 and not row_id):
            name, number = f"{base}-{number}", number + 1
        self._row_ids.add(name)
        self.row_places.append(node.place)
        self.rows.append(RequirementRow(credential_id, kind, rule, source, name))

    def node(self, value: Any, place: str) -> Node | None:
        """An object as it stands, or the condition a reference means; None where there is none."""
        address = value if isinstance(value, str) else value["@id"] if isinstance(value, dict) and set(value) == {"@id"} else None
        if address is None:
            if isinstance(value, dict):
                return Node(value, place, self.reading)
            self._no_node(place)
            return None
        entry = self.index.get(address)
        if entry is not None and entry.kept is not None:
            self.used.add(entry.place)
            return Node(entry.kept, entry.place, self.reading)
        if entry is None and not address.startswith("_:"):
            text = f'the condition "{address[:100]}" is not in this file'
            self.reading.warn("condition-elsewhere", place, text, about="conditions that are not in this file")
            return None
        self._no_node(place, f'"{address[:100]}" is not a condition of this file')
        return None

    def _no_node(self, place: str, text: str = "not an object") -> None:
        self.reading.reject("dangling-target", place, f"{text}; expected a condition, as an object or the address of one")

    def held(self, value: Any, place: str) -> Requirement | None:
        """A requirement to hold what a value names: an address, an object with one, or a description without one."""
        if isinstance(value, dict) and not isinstance(value.get("@id"), str):
            inner = Node(value, place, self.reading)
            name = inner.text("name") or inner.text("targetNodeName") or inner.text("competencyText")
            address = next((one for _, one in inner.values("targetNode") if isinstance(one, str)), "")
            if not address or self.index.get(address) is None:
                return self._named_only(name or address, place)
            value = address
        address = value if isinstance(value, str) else value["@id"] if isinstance(value, dict) else ""
        if not address:
            self.reading.warn("not-a-reference", place, "neither an address nor an object", about="targets")
            return None
        return self._held(address, value if isinstance(value, dict) else {}, place)

    def _held(self, address: str, raw: dict[str, Any], place: str) -> Requirement | None:
        entry = self.index.get(address)
        if entry is None:
            if address.startswith("_:"):
                self.reading.reject("dangling-target", place, f'"{address[:100]}" is not in this file, and cannot be anywhere else')
            return Held(self.stand_in(address, Node(raw, place, self.reading), place))
        if entry.is_earnable:
            return Held(self.meant(entry, place))
        if entry.type in COMPETENCIES:
            self.links.append(Link("requires", self.subject, address, name=entry.name))
            return self.manual(f'shows the competency "{entry.name}"', place)
        return self._named_only(entry.name or address, place)

    def _named_only(self, name: str, place: str) -> Requirement | None:
        return self.manual(name, place) if name else None

    def meant(self, entry: Entry, place: str) -> str:
        """Id of the thing an entry stands for; a proxied thing the file does not describe gets a stand-in with the proxy's name."""
        found = self.index.id_of(entry)
        if entry.proxy and self.index.get(entry.proxy) is None:
            self._stand_in(found, entry, entry.proxy, place)
        return found

    def stand_in(self, address: str, described: Node, place: str) -> str:
        """Id of a thing that the file only names."""
        name = described.text("name") or described.text("targetNodeName")
        kind = described.type if described.type in EARNABLE or described.type in COMPONENTS else "Credential"
        entry = Entry(id_of_address(address), kind, name, place)
        self._stand_in(entry.id, entry, address, place)
        return entry.id

    def _stand_in(self, found: str, entry: Entry, address: str, place: str) -> None:
        if found in self.elsewhere:
            return
        text = f'"{(entry.name or address)[:100]}" is named here and not described in this file'
        self.reading.warn("target-elsewhere", place, text, about="things named and not described in this file")
        url = address if address.startswith(("http://", "https://")) else ""
        self.elsewhere[found] = Credential(
            found, entry.name or address[:200], EARNABLE.get(entry.type) or COMPONENTS[entry.type], "", "", "", "", (),
            Source(url, "unknown", "", self.reading.file, 0, STAND_IN), "unknown", ANYWHERE, credits=entry.credits,
        )  # fmt: skip

    def container(self, address: str) -> Entry | None:
        """A part that only gathers others under a condition; None for any other."""
        entry = self.index.get(address)
        if entry is None or entry.type not in CONTAINERS:
            return None
        self.used.add(entry.place)
        return entry

    def manual(self, text: str, place: str) -> Manual:
        """A condition only a person can confirm, and a warning that says so."""
        self.reading.warn(
            "not-machine-checkable", place, f"a person must confirm: {text[:200]}", about="conditions a person must confirm"
        )
        return Manual(text)

    def organizations(self, node: Node) -> str:
        """Names of the owner, or of who offers it; an address where the file gives no name."""
        for term in ("ownedBy", "offeredBy", "publisher", "creator"):
            found = [self._organization(value, place) for place, value in node.values(term)]
            names = [one for one in found if one]
            if names:
                node.ignore("ownedBy", "offeredBy")
                if len(set(names)) > 1:
                    self.reading.warn(
                        "only-first-kept", member(node.place, term), f"{term}: {len(names)} organizations, the first kept"
                    )
                return names[0]
        return ""

    def _organization(self, value: Any, place: str) -> str:
        if isinstance(value, dict) and not (set(value) <= {"@id"}):
            inner = Node(value, place, self.reading)
            name = inner.text("name")
            if name:
                return name
            value = inner.ref
        address = value if isinstance(value, str) else value.get("@id", "") if isinstance(value, dict) else ""
        return self.index.name_of(address) or address
