"""Credentials, courses, programs, assessments and organizations as CTDL resources."""

from __future__ import annotations

from typing import Any

from pathways.catalog.formats.addresses import address, identity, text
from pathways.catalog.formats.classes import CLASS_OF
from pathways.catalog.formats.exact import ID, STAND_IN_TERM, STRUCTURE, sealed
from pathways.catalog.formats.own_terms import credential_terms
from pathways.catalog.formats.values import concept_of, written
from pathways.credential import Credential
from pathways.units import CreditValue

_STATUS = {"active": "credentialStat:Active", "retired": "credentialStat:Deprecated"}
_LEVEL = {"undergraduate": "audLevel:UndergraduateLevel", "graduate": "audLevel:GraduateLevel"}


def credential_node(item: Credential) -> dict[str, Any]:
    """Write one credential, with what CTDL has no term for beside it."""
    node: dict[str, Any] = {"@type": CLASS_OF[item.type], **identity("credential", item.id), "ceterms:name": text(item.name)}
    if item.description:
        node["ceterms:description"] = text(item.description)
    if item.source.url:
        node["ceterms:subjectWebpage"] = item.source.url
    if item.issuer:
        node["ceterms:ownedBy"] = [organization_address(item.issuer)]
    if item.status in _STATUS:
        node["ceterms:credentialStatusType"] = _alignment(_STATUS[item.status])
    if item.level in _LEVEL:
        node["ceterms:audienceLevelType"] = [_alignment(_LEVEL[item.level])]
    if item.subject:
        node["ceterms:subject"] = [{"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNodeName": text(item.subject)}]
    if item.credits is not None:
        node["ceterms:creditValue"] = [quantity(item.credits)]
    if item.competencies:
        node["ceterms:teaches"] = [
            {"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNodeName": text(one)} for one in item.competencies
        ]
    if item.cost_usd is not None:
        node["ceterms:estimatedCost"] = [
            {"@type": "ceterms:CostProfile", "ceterms:currency": "USD", "ceterms:price": float(item.cost_usd)}
        ]
    node[ID] = item.id
    return sealed(node, credential_terms(item), STRUCTURE)


def stand_in_node(credential_id: str, item: Credential | None) -> dict[str, Any]:
    """Write a thing that is named and not described here."""
    kind = CLASS_OF[item.type] if item else "ceterms:Certificate"
    name = text(item.name if item else credential_id)
    return {"@type": kind, **identity("credential", credential_id), "ceterms:name": name, ID: credential_id, STAND_IN_TERM: True}


def organization_address(name: str) -> str:
    """Address of an organization: its own, where the catalog knows nothing but that."""
    return name if name.startswith(("http://", "https://")) else address("organization", name)


def organization_node(name: str) -> dict[str, Any]:
    """Write an organization by its name."""
    return {"@type": "ceterms:CredentialOrganization", **identity("organization", name), "ceterms:name": text(name)}


def quantity(value: CreditValue) -> dict[str, Any]:
    """Write an amount of credit."""
    found: dict[str, Any] = {
        "@type": "schema:QuantitativeValue", "schema:value": written(value.amount), "schema:unitText": concept_of(value.unit),
    }  # fmt: skip
    if value.level in _LEVEL:
        found["ceterms:creditLevelType"] = [_alignment(_LEVEL[value.level])]
    return found


def _alignment(target: str) -> dict[str, Any]:
    return {"@type": "ceterms:CredentialAlignmentObject", "ceterms:targetNode": target}
