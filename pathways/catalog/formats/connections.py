"""Connections between things that can be earned: required, recommended, preparing, giving advanced standing, renewing."""

from __future__ import annotations

from typing import Any

from pathways.articulation.agreements import Agreement, AgreementKind, Mode
from pathways.catalog.entities import RequirementKind
from pathways.catalog.formats.build import TARGETS_OWNER, Build
from pathways.catalog.formats.classes import STARTED
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.transfers import own_agreement
from pathways.catalog.formats.values import quantities
from pathways.requirements.rules import Held
from pathways.units import CreditValue

#: Term, kind of agreement, and whether the thing that has the term is what is counted (not what it counts for).
_CONNECTIONS: tuple[tuple[str, AgreementKind, bool], ...] = (
    ("recommends", "recommends", False), ("isRecommendedFor", "recommends", True), ("preparationFrom", "prepares_for", False),
    ("isPreparationFor", "prepares_for", True), ("advancedStandingFrom", "applies_inside", False),
    ("isAdvancedStandingFor", "applies_inside", True), ("renewal", "renewal", False),
)  # fmt: skip
_TARGETS = ("targetCredential", "targetAssessment", "targetLearningOpportunity")


def connect(node: Node, found: str, build: Build) -> None:
    """Read the connections of one thing.

    Parameters
    ----------
    node : Node
        The thing.
    found : str
        Its id.
    build : Build
        Receives agreements, and rows of what the thing is required for.
    """
    for place, value in node.values("isRequiredFor"):
        for target, target_place, _ in _targets(value, place, build):
            entry = build.index.get(target)
            kind = entry.type if entry else ""
            rule = build.held(target, target_place)
            if isinstance(rule, Held):
                row_kind: RequirementKind = "prerequisite" if kind in STARTED else "component"
                build.add_row(rule.id, row_kind, Held(found), node, source=build.source(""))
    for term, agreement_kind, outward in _CONNECTIONS:
        for place, value in node.values(term):
            if not _own(value, place, build):
                _connection(value, place, build, found=found, kind=agreement_kind, outward=outward)


def _own(value: Any, place: str, build: Build) -> bool:
    return isinstance(value, dict) and own_agreement(Node(value, place, build.reading), build)


def _connection(value: Any, place: str, build: Build, *, found: str, kind: AgreementKind, outward: bool) -> None:
    targets = _targets(value, place, build)
    for target, target_place, (conditions, worth) in targets:
        rule = build.held(target, target_place)
        if not isinstance(rule, Held) or rule.id == found:
            continue
        source, to_id = (found, rule.id) if outward else (rule.id, found)
        mode: Mode | None = "contributes" if kind == "applies_inside" else None
        build.agreements.append(
            Agreement(
                f"{source}:{kind}:{to_id}"[:100], (source,), TARGETS_OWNER, "", kind, conditions, build.source(""),
                to_id=to_id, credits=worth, mode=mode,
            )
        )  # fmt: skip
    if not targets:
        text = "a connection without a credential, course or assessment; nothing to connect"
        build.reading.warn("not-machine-checkable", place, text, about=text)


def _targets(value: Any, place: str, build: Build) -> list[tuple[str, str, tuple[str, CreditValue | None]]]:
    """Addresses a connection names, with the words and the credit it states."""
    if isinstance(value, str) or (isinstance(value, dict) and set(value) == {"@id"}):
        address = value if isinstance(value, str) else str(value["@id"])
        entry = build.index.get(address)
        if entry is None or entry.kept is None:
            return [(address, place, ("", None))]
        build.used.add(entry.place)
        value, place = entry.kept, entry.place
    if not isinstance(value, dict):
        return []
    node = Node(value, place, build.reading)
    refs = [one for term in _TARGETS for one in node.refs(term)]
    words = "; ".join(dict.fromkeys([*node.texts("condition"), *node.texts("description")]))
    amounts = quantities(node, "creditValue")
    node.ignore("name", "assertedBy", "audienceType", "creditUnitType", "creditUnitTypeDescription", "creditUnitValue")
    node.close()
    return [(address, at, (words, amounts[0].value if amounts else None)) for at, address in refs]
