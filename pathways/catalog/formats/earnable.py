"""Credentials, courses, programs, assessments and parts of pathways, as credentials with their requirements."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from pathways.catalog.formats.build import STAND_IN, Build
from pathways.catalog.formats.classes import COMPONENTS, EARNABLE, PATHWAYS
from pathways.catalog.formats.connections import connect
from pathways.catalog.formats.exact import STAND_IN_TERM, STRUCTURE, unsealed
from pathways.catalog.formats.index import Entry
from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.links import competency_names, read_links
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.own_terms import OwnTermsError, credential_of
from pathways.catalog.formats.rows import component_rows, rows
from pathways.catalog.formats.terms import OWN_PREFIX, concept
from pathways.catalog.formats.values import day, hours, level_of, months, quantities
from pathways.credential import Credential, CredentialType, Status
from pathways.places import ANYWHERE
from pathways.units import CreditValue

_GONE = frozenset({"Ceased", "Deprecated", "Superseded", "Suspended", "TeachOut", "Revoked"})
#: Said of a thing, and of no use to a pathway or repeated elsewhere in the file.
_REPEATED = ("inLanguage", "codedNotation", "isPartOf", "subjectWebpage", "dateModified", "isChildOf", "isDestinationComponentOf")


def earnable(node: Node, entry: Entry, build: Build) -> None:
    """Read one thing that can be earned: the credential, its rows, connections and links."""
    found = build.meant(entry, node.place)
    own = None if entry.type in COMPONENTS else unsealed(node, STRUCTURE)
    described = _from_own(own, found, node, build) or _credential(node, entry, found, build)
    read_links(node, found, build)
    if node.raw.get(STAND_IN_TERM) is True:
        node.close()
        only_named = replace(described.source, confidence="unknown", note=STAND_IN)
        build.elsewhere.setdefault(found, replace(described, source=only_named, status="unknown"))
        return
    if entry.proxy and build.index.get(entry.proxy) is None:
        build.elsewhere[found] = described
    elif not entry.proxy:
        build.credentials[found] = described
    if entry.type in COMPONENTS:
        component_rows(node, entry, found, build)
    else:
        rows(node, entry.type, found, build)
    connect(node, found, build)
    node.close()


def _from_own(own: dict[str, Any] | None, found: str, node: Node, build: Build) -> Credential | None:
    if own is None:
        return None
    node.ignore(*(term for term in node.terms if term not in STRUCTURE))
    try:
        return credential_of(own, found, build)
    except OwnTermsError as error:
        build.reading.reject("own-terms", member(node.place, f"{OWN_PREFIX}:exact"), str(error))
        return None


def _credential(node: Node, entry: Entry, found: str, build: Build) -> Credential:
    status = _status(node)
    page = next((ref for _, ref in node.refs("subjectWebpage")), "") or node.ref
    amounts = quantities(node, "creditValue") or quantities(node, "pointValue")
    if len(amounts) > 1:
        build.reading.warn("only-first-kept", member(node.place, "creditValue"), "several credit values; the first is kept")
    level = level_of(node.concepts("audienceLevelType"))
    worth = amounts[0].value if amounts else None
    if worth is not None and worth.level is None:
        worth = CreditValue(worth.amount, worth.unit, level)
    shown = next((text[:10] for text in node.texts("dateModified") if text), "")
    effective, expires = day(node, "dateEffective"), day(node, "expirationDate")
    node.ignore(*_REPEATED, "componentDesignation", "componentCategory")
    issuer = build.organizations(node) or _pathway_owner(node, build)
    return Credential(
        found, node.text("name") or entry.name or found, _type(node, entry), issuer,
        "; ".join(node.concepts("subject")), "; ".join(node.concepts("audienceType")), node.text("description"),
        competency_names(node, build), build.source(page if page.startswith("http") else "", shown), status, ANYWHERE,
        hours=hours(node), cost_usd=_cost(node), credits=worth, validity_months=months(node, "renewalFrequency"), level=level,
        offer_from=effective, offer_until=expires if expires and (effective is None or effective <= expires) else None,
    )  # fmt: skip


def _pathway_owner(node: Node, build: Build) -> str:
    """Owner of the pathway a part belongs to: parts rarely name their own."""
    for _, address in node.refs("isPartOf"):
        entry = build.index.get(address)
        if entry is not None and entry.type in PATHWAYS and entry.kept is not None:
            return build.organizations(Node(entry.kept, entry.place, build.reading))
    return ""


def _type(node: Node, entry: Entry) -> CredentialType:
    for address in node.concepts("credentialType"):
        if concept(address) in EARNABLE:
            return EARNABLE[concept(address)]
    return EARNABLE.get(entry.type) or COMPONENTS[entry.type]


def _status(node: Node) -> Status:
    names = [concept(one) for term in ("credentialStatusType", "lifeCycleStatusType") for one in node.concepts(term)]
    if any(name in _GONE for name in names):
        return "retired"
    return "active" if "Active" in names else "unknown"


def _cost(node: Node) -> Decimal | None:
    """Price in US dollars where the file states exactly one; several are a choice, not a sum."""
    prices = []
    for place, value in node.values("estimatedCost"):
        if not isinstance(value, dict):
            continue
        inner = Node(value, place, node.reading)
        price = inner.number("price")
        dollars = {one.upper() for one in inner.texts("currency")} <= {"USD", "US DOLLAR"}
        if price is not None and dollars:
            prices.append(price)
    if len(prices) == 1 and prices[0] * 100 == int(prices[0] * 100):
        return Decimal(int(prices[0] * 100)) / 100
    if node.has("estimatedCost"):
        text = "costs are not read: not exactly one price in US dollars"
        node.reading.warn("unread-property", member(node.place, "ceterms:estimatedCost"), text, about=text)
    return None
