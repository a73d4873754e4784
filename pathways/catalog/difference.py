"""What differs between two catalogs, in words a person who keeps them would use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Literal

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog, RequirementKind
from pathways.credential import Credential
from pathways.requirements.render import render
from pathways.units import show

Thing = Literal["credential", "requirement", "agreement"]
#: Where a fact was read is no part of the fact.
_NOT_COMPARED = frozenset({"source", "id"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    ``thing`` says what differs, ``id`` which one (of a requirement: the credential), ``part`` which of its fields or kinds of row;
    ``before`` and ``after`` are words, empty where there was or is nothing.
    """

    thing: Thing
    id: str
    part: str
    before: str
    after: str

    @property
    def how(self) -> Literal["added", "changed", "removed"]:
        """What happened to it; a field that was blank before is a change of its credential."""
        if self.before and self.after:
            return "changed"
        return "added" if self.after else "removed"


def difference(before: Catalog, after: Catalog) -> tuple[Change, ...]:
    """All that differs, credentials first, then requirements, then agreements; each by id.

    Policies, findings and topics are not compared: nothing that lies on a catalog changes them.
    """
    return (
        *_items("credential", before.credentials, after.credentials),
        *_requirements(before, after),
        *_items("agreement", {item.id: item for item in before.agreements}, {item.id: item for item in after.agreements}),
    )


def counts(changes: tuple[Change, ...]) -> dict[str, int]:
    """Number of credentials, requirements and agreements added, changed and removed, each thing once."""
    found: dict[str, set[str]] = {}
    for change in changes:
        found.setdefault(f"{change.thing}s_{change.how}", set()).add(change.id)
    return {name: len(ids) for name, ids in sorted(found.items())}


def requirement_texts(catalog: Catalog, credential_id: str) -> dict[RequirementKind, str]:
    """The requirement of each kind of one credential in the requirement language; rows joined by AND."""
    rows: dict[RequirementKind, list[str]] = {}
    for row in catalog.rows_by_credential.get(credential_id, ()):
        rows.setdefault(row.kind, []).append(render(row.rule))
    return {kind: texts[0] if len(texts) == 1 else f"all({', '.join(texts)})" for kind, texts in rows.items()}


def _items(
    thing: Thing,
    before: Mapping[str, Credential] | Mapping[str, Agreement],
    after: Mapping[str, Credential] | Mapping[str, Agreement],
) -> Iterator[Change]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield Change(thing, key, "", _name(old), _name(new))
        elif old is not new:
            yield from _fields(thing, key, old, new)


def _fields(thing: Thing, key: str, old: Credential | Agreement, new: Credential | Agreement) -> Iterator[Change]:
    for entry in fields(old):
        was, is_now = getattr(old, entry.name), getattr(new, entry.name)
        if entry.name not in _NOT_COMPARED and was != is_now:
            yield Change(thing, key, entry.name, _words(was), _words(is_now))


def _requirements(before: Catalog, after: Catalog) -> Iterator[Change]:
    for key in sorted(before.rows_by_credential.keys() | after.rows_by_credential.keys()):
        if before.rows_by_credential.get(key) is after.rows_by_credential.get(key):
            continue
        old, new = requirement_texts(before, key), requirement_texts(after, key)
        for kind in sorted(old.keys() | new.keys()):
            if old.get(kind) != new.get(kind):
                yield Change("requirement", key, kind, old.get(kind, ""), new.get(kind, ""))


def _name(item: Credential | Agreement | None) -> str:
    if item is None:
        return ""
    return item.name if isinstance(item, Credential) else f"{', '.join(item.from_ids)} -> {item.to_id or item.to_text}"


def _words(value: object) -> str:
    if value is None or value in ((), ""):
        return "nothing"
    if isinstance(value, tuple):
        return "; ".join(map(str, value))
    return show(value) if isinstance(value, Fraction) else str(value)
