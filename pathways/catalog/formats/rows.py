"""Requirement rows of things that can be earned: from condition profiles, and from conditions on parts of a pathway."""

from __future__ import annotations

from typing import Any

from pathways.catalog.entities import RequirementKind
from pathways.catalog.formats.build import Build
from pathways.catalog.formats.classes import STARTED, STARTED_COMPONENTS
from pathways.catalog.formats.components import condition
from pathways.catalog.formats.exact import unsealed
from pathways.catalog.formats.index import Entry
from pathways.catalog.formats.json_stream import member
from pathways.catalog.formats.node import Node
from pathways.catalog.formats.own_terms import OwnTermsError, rule_of
from pathways.catalog.formats.profiles import audiences, profile
from pathways.catalog.formats.steps import run
from pathways.catalog.formats.terms import OWN_PREFIX
from pathways.requirements.rules import Held


def rows(node: Node, kind: str, found: str, build: Build) -> None:
    """Requirement rows of a credential, course or program: one for each condition profile, its own or of a shared manifest."""
    requires: RequirementKind = "prerequisite" if kind in STARTED else "component"
    kinds: tuple[tuple[str, RequirementKind], ...] = (
        ("requires", requires), ("entryCondition", "prerequisite"), ("corequisite", "corequisite"),
        ("coPrerequisite", "prerequisite"),
    )  # fmt: skip
    build.subject = found
    shared = [one for place, value in node.values("commonConditions") if (one := build.node(value, place)) is not None]
    for holder in (node, *shared):
        for term, row_kind in kinds:
            profiles = [one for place, value in holder.values(term) if (one := build.node(value, place)) is not None]
            named = {audiences(one) for one in profiles} - {frozenset()}
            if len(named) > 1:
                text = f"{term}: profiles for different audiences, read as all of them needed; check whether they are alternatives"
                build.reading.warn("different-audiences", member(holder.place, f"ceterms:{term}"), text)
            for one in profiles:
                _row(one, row_kind, found, build)
    for manifest in shared:
        manifest.ignore("name", "description", "subjectWebpage", "conditionManifestOf", "ownedBy", "inLanguage")
        manifest.close()


def _row(node: Node, kind: RequirementKind, found: str, build: Build) -> None:
    own = unsealed(node)
    if own is None:
        rule = run(profile(node, build))
        if rule is not None:
            page = next((ref for _, ref in node.refs("subjectWebpage")), "")
            build.add_row(found, kind, rule, node, source=build.source(page if page.startswith("http") else ""))
        return
    own_row(own, node, found, build)


def own_row(own: dict[str, Any], node: Node, found: str, build: Build) -> None:
    """Keep a row exactly as it was written from a catalog."""
    try:
        rule, kind, row_id, source = rule_of(own, build)
    except OwnTermsError as error:
        build.reading.reject("own-terms", member(node.place, f"{OWN_PREFIX}:exact"), str(error))
        return
    build.add_row(found, kind, rule, node, row_id=row_id, source=source)


def component_rows(node: Node, entry: Entry, found: str, build: Build) -> None:
    """Requirement rows of a part of a pathway: conditions of what it stands for, or before it where it is itself a step."""
    first = entry.type in STARTED_COMPONENTS and not build.index.is_destination(node)
    kind: RequirementKind = "prerequisite" if first else "component"
    for place, value in node.values("hasCondition"):
        inner = build.node(value, place)
        if inner is None:
            continue
        own = unsealed(inner)
        if own is not None:
            own_row(own, inner, found, build)
            continue
        rule = run(condition(inner, build))
        if rule is not None:
            build.add_row(found, kind, rule, inner, source=build.source(""))
    own = unsealed(node)
    if own is None:
        _order_rows(node, found, build)
        return
    node.ignore("prerequisite", "precededBy", "precedes")
    for one in own.get("rows", []):
        own_row(one if isinstance(one, dict) else {}, node, found, build)


def _order_rows(node: Node, found: str, build: Build) -> None:
    """What must come before a part, and what usually does."""
    source = build.source("")
    for place, value in node.values("prerequisite"):
        rule = build.held(value, place)
        if rule is not None:
            build.add_row(found, "prerequisite", rule, node, source=source)
    for place, value in node.values("precededBy"):
        rule = build.held(value, place)
        if isinstance(rule, Held):
            build.add_row(found, "precedes", rule, node, source=source)
    for place, value in node.values("precedes"):
        rule = build.held(value, place)
        if isinstance(rule, Held):
            build.add_row(rule.id, "precedes", Held(found), node, source=source)
