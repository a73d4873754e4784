"""A catalog as CTDL: credentials with what must come before, pathways with what completes them, agreements, organizations.

Only today's terms. Policies, outcome findings and topics have no place in CTDL and are not written.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog, RequirementRow
from pathways.catalog.formats.addresses import address, identity, text
from pathways.catalog.formats.build import STAND_IN
from pathways.catalog.formats.classes import CLASS_OF, COMPONENT_OF
from pathways.catalog.formats.conditions_out import ConditionWriter
from pathways.catalog.formats.exact import sealed
from pathways.catalog.formats.nodes_out import credential_node, organization_address, organization_node, stand_in_node
from pathways.catalog.formats.own_terms import row_terms
from pathways.catalog.formats.profiles_out import write_profile
from pathways.catalog.formats.transfers_out import CONNECTIONS, agreement_nodes, connection, graph, own_node, transfers
from pathways.requirements.rules import AllOf, Held

__all__ = ["to_ctdl"]

_PROFILE_TERMS = (("prerequisite", "ceterms:entryCondition"), ("corequisite", "ceterms:corequisite"))


def to_ctdl(catalog: Catalog, *, ids: Collection[str] | None = None) -> dict[str, Any]:
    """Write a catalog as a CTDL graph.

    Parameters
    ----------
    catalog : Catalog
        The catalog.
    ids : collection of str or None
        Credentials to write, with their rows and the agreements to or from them; None for all. What they name besides is named, not
        described.

    Returns
    -------
    dict
        JSON-LD, the same each time: what is read back from it and written again is the same again.
    """
    return graph(list(_Writer(catalog, ids).nodes()), "catalog")


class _Writer:
    def __init__(self, catalog: Catalog, ids: Collection[str] | None) -> None:
        self._catalog = catalog
        wanted = catalog.credentials if ids is None else {one: None for one in catalog.credentials if one in set(ids)}
        items = [catalog.credentials[one] for one in wanted]
        self._items = [item for item in items if item.source.note != STAND_IN]
        self._described = {item.id for item in self._items}
        self._named: set[str] = {item.id for item in items} - self._described
        self._agreements = [item for item in catalog.agreements if ids is None or self._touches(item)]

    def _touches(self, item: Agreement) -> bool:
        return not self._described.isdisjoint(item.from_ids) or item.to_id in self._described

    def nodes(self) -> Iterator[dict[str, Any]]:
        """All resources, credentials first."""
        for item in self._items:
            yield {**credential_node(item), **self._profiles(item.id), **self._connections(item.id)}
        for item in self._items:
            rows = self._rows(item.id, "component"), self._rows(item.id, "precedes")
            if any(rows):
                yield from self._pathway(item.id, *rows)
        yield from agreement_nodes(filter(transfers, self._agreements), self._reference)
        yield from (own_node(item) for item in self._agreements if not transfers(item) and not self._connects(item))
        owners = [*(item.issuer for item in self._items), *(item.institution for item in self._agreements if transfers(item))]
        yield from (organization_node(one) for one in dict.fromkeys(owners) if one and one != organization_address(one))
        # Last: only now is everything known that was named on the way.
        yield from (stand_in_node(one, self._catalog.item(one)) for one in sorted(self._named))

    def _rows(self, credential_id: str, kind: str) -> list[RequirementRow]:
        return [row for row in self._catalog.rows_by_credential.get(credential_id, ()) if row.kind == kind]

    def _reference(self, credential_id: str) -> str:
        if credential_id not in self._described:
            self._named.add(credential_id)
        return address("credential", credential_id)

    def _profiles(self, credential_id: str) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for kind, term in _PROFILE_TERMS:
            rows = self._rows(credential_id, kind)
            if rows:
                found[term] = [sealed(write_profile(row.rule, self._catalog, self._reference), row_terms(row)) for row in rows]
        return found

    def _connects(self, item: Agreement) -> bool:
        return item.kind in CONNECTIONS and item.to_id in self._described

    def _connections(self, credential_id: str) -> dict[str, Any]:
        found: dict[str, list[dict[str, Any]]] = {}
        for item in self._agreements:
            if item.to_id == credential_id and self._connects(item):
                found.setdefault(CONNECTIONS[item.kind], []).append(connection(item, self._reference))
        return dict(sorted(found.items()))

    def _pathway(
        self, credential_id: str, rows: Iterable[RequirementRow], before: list[RequirementRow]
    ) -> Iterator[dict[str, Any]]:
        parts: dict[str, None] = {}

        def part(one: str) -> str:
            self._reference(one)
            parts[one] = None
            return address("component", f"{credential_id} {one}")

        writer = ConditionWriter(self._catalog, part)
        conditions = [sealed(writer.write(row.rule), row_terms(row)) for row in rows]
        earlier = list(dict.fromkeys(part(one) for row in before for one in _plain_ids(row)))
        destination = self._component(credential_id, credential_id)
        if conditions:
            destination["ceterms:hasCondition"] = conditions
        if before:
            order = {**destination, "ceterms:precededBy": earlier} if earlier else destination
            destination = sealed(order, {"rows": [row_terms(row) for row in before]})
        others = [self._component(credential_id, one) for one in parts if one != credential_id]
        yield self._whole(credential_id, [destination, *others])
        yield from (destination, *others)

    def _whole(self, credential_id: str, components: list[dict[str, Any]]) -> dict[str, Any]:
        item = self._catalog.credentials[credential_id]
        owner = {"ceterms:ownedBy": [organization_address(item.issuer)]} if item.issuer else {}
        addresses = [one["@id"] for one in components]
        return {
            "@type": "ceterms:Pathway", **identity("pathway", _inner(credential_id)), "ceterms:name": text(item.name), **owner,
            "ceterms:hasDestinationComponent": addresses[:1], "ceterms:hasPart": addresses,
        }  # fmt: skip

    def _component(self, pathway: str, credential_id: str) -> dict[str, Any]:
        item = self._catalog.item(credential_id)
        kind = COMPONENT_OF.get(item.type, "ceterms:CredentialComponent") if item else "ceterms:CredentialComponent"
        found = {
            "@type": kind, **identity("component", f"{pathway} {credential_id}"),
            "ceterms:name": text(item.name if item else credential_id),
            "ceterms:isPartOf": [address("pathway", _inner(pathway))], "ceterms:proxyFor": address("credential", credential_id),
        }  # fmt: skip
        if item is not None and credential_id in self._described:
            found["ceterms:credentialType"] = CLASS_OF[item.type]
        return found


def _inner(credential_id: str) -> str:
    """Name a pathway is known by: never a CTID itself, which is the credential's."""
    return f"of {credential_id}"


def _plain_ids(row: RequirementRow) -> tuple[str, ...]:
    """Ids a row of usual order names, where it is a plain list."""
    items = row.rule.children if isinstance(row.rule, AllOf) else (row.rule,)
    return tuple(item.id for item in items if isinstance(item, Held))
