"""Agreements as transfer value profiles and transfer agreements, and as connections where they transfer nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from pathways.articulation.agreements import CLOSING_KINDS, Agreement
from pathways.catalog.formats.addresses import address, identity, text
from pathways.catalog.formats.exact import sealed
from pathways.catalog.formats.nodes_out import organization_address, organization_node, quantity
from pathways.catalog.formats.own_terms import agreement_terms
from pathways.catalog.formats.terms import CONTEXT, OWN_AGREEMENT, OWN_NAMESPACE, OWN_PREFIX

#: Kinds that CTDL states as a connection of the target.
CONNECTIONS = {"recommends": "ceterms:recommends", "prepares_for": "ceterms:preparationFrom", "renewal": "ceterms:renewal"}


def transfers(item: Agreement) -> bool:
    """Whether an agreement gives something elsewhere: credit, a part of a credential, an exam."""
    return item.kind in CLOSING_KINDS


def transfer_node(item: Agreement, reference: Callable[[str], str]) -> dict[str, Any]:
    """Write an agreement as a transfer value profile."""
    node: dict[str, Any] = {
        "@type": "ceterms:TransferValueProfile", **identity("agreement", item.id),
        "ceterms:name": text(item.to_text or f"{item.institution}: {item.kind.replace('_', ' ')}"),
    }  # fmt: skip
    if item.conditions:
        node["ceterms:description"] = text(item.conditions)
        node["ceterms:requires"] = [{"@type": "ceterms:ConditionProfile", "ceterms:condition": text(item.conditions)}]
    if item.source.url:
        node["ceterms:subjectWebpage"] = item.source.url
    if item.institution:
        node["ceterms:ownedBy"] = [organization_address(item.institution)]
    active = {"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNode": "lifeCycle:Active"}
    node["ceterms:lifeCycleStatusType"] = active
    if item.effective_from:
        node["ceterms:startDate"] = item.effective_from.isoformat()
    if item.effective_until:
        node["ceterms:endDate"] = item.effective_until.isoformat()
    if item.credits is not None:
        node["ceterms:transferValue"] = [_worth(item)]
    node["ceterms:transferValueFrom"] = [reference(one) for one in item.from_ids]
    if item.to_id is not None:
        node["ceterms:transferValueFor"] = [reference(item.to_id)]
    return sealed(node, agreement_terms(item))


def _worth(item: Agreement) -> dict[str, Any]:
    assert item.credits is not None
    found = quantity(item.credits)
    if item.maximum:
        found["schema:maxValue"] = found.pop("schema:value")
    return found


def connection(item: Agreement, reference: Callable[[str], str]) -> dict[str, Any]:
    """Write an agreement that transfers nothing as a condition profile of its target."""
    node: dict[str, Any] = {
        "@type": "ceterms:ConditionProfile",
        "ceterms:targetCredential": [reference(one) for one in item.from_ids],
    }
    if item.conditions:
        node["ceterms:condition"] = text(item.conditions)
    return sealed(node, agreement_terms(item))


def own_node(item: Agreement) -> dict[str, Any]:
    """Write an agreement that CTDL has no term for, in this project's own."""
    return sealed({"@type": OWN_AGREEMENT, "@id": address("agreement", item.id)}, agreement_terms(item))


def agreement_nodes(items: Iterable[Agreement], reference: Callable[[str], str]) -> list[dict[str, Any]]:
    """Transfer value profiles of some agreements, and one transfer agreement for each institution that made them."""
    nodes: list[dict[str, Any]] = []
    parts: dict[str, list[str]] = {}
    for item in items:
        node = transfer_node(item, reference)
        nodes.append(node)
        parts.setdefault(item.institution, []).append(node["@id"])
    for institution, inside in parts.items():
        owner = {"ceterms:ownedBy": [organization_address(institution)]} if institution else {}
        whole = {"@type": "ceterms:TransferAgreement", **identity("transfer agreement", institution), **owner}
        nodes.append({**whole, "ceterms:name": text(f"Transfer agreements: {institution}"), "ceterms:hasPart": inside})
    return nodes


def transfer_values(agreements: Iterable[Agreement]) -> dict[str, Any]:
    """Write agreements alone, as a graph of transfer value profiles and transfer agreements.

    Parameters
    ----------
    agreements : iterable of Agreement
        Those that transfer nothing are left out.

    Returns
    -------
    dict
        JSON-LD; credentials and courses are named by their addresses and not described.
    """
    chosen = [item for item in agreements if transfers(item)]
    owners = dict.fromkeys(item.institution for item in chosen)
    organizations = [organization_node(one) for one in owners if one and not one.startswith(("http://", "https://"))]
    return graph([*agreement_nodes(chosen, lambda one: address("credential", one)), *organizations], "transfer values")


def graph(nodes: list[dict[str, Any]], name: str) -> dict[str, Any]:
    """Wrap resources as the registry does."""
    context = [CONTEXT, {OWN_PREFIX: OWN_NAMESPACE}]
    return {"@context": context, "@id": address("graph", name), "@graph": nodes}
