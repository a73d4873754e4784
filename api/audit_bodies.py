"""An audit as a body: the requirement tree with its verdicts, what counts where, what is spare and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from api.audit_schemas import (
    AuditOut,
    CountedOut,
    ExpiringOut,
    NodeOut,
    RefusedOut,
    RefusedPinOut,
    SpareOut,
    TreeOut,
)
from api.bodies import claims, fact, item, label, number
from api.catalog_bodies import NOT_IN_CATALOG, evidence, name_of
from api.held_bodies import held_body
from api.schemas import AskOut, FactOut, Truth
from api.value_bodies import place_words, value_body
from pathways.catalog.entities import Catalog, RequirementKind, RequirementRow
from pathways.credential import Source
from pathways.recommendation.answer import Ask
from pathways.recommendation.audits import TargetAudit
from pathways.record import LearnerRecord
from pathways.requirements import verdicts
from pathways.requirements.describe import describe
from pathways.requirements.render import render
from pathways.requirements.rules import Groups, Manual
from pathways.requirements.verdicts import Audit, AuditNode

_TRUTH: dict[verdicts.Truth, Truth] = {
    verdicts.Truth.MET: "met",
    verdicts.Truth.UNMET: "unmet",
    verdicts.Truth.UNKNOWN: "unknown",
}


@dataclass(frozen=True, slots=True)
class _Case:
    record: LearnerRecord
    catalog: Catalog


def audit_body(target: TargetAudit, record: LearnerRecord, catalog: Catalog, asks: Sequence[Ask], day: str) -> AuditOut:
    """One target against one record."""
    case = _Case(record, catalog)
    return AuditOut(
        target=item(target.credential),
        verdict=_TRUTH[target.truth],
        summary=_summary(target),
        requires=_tree(target.requires, case, _rows(target, "prerequisite")),
        composed_of=_tree(target.composed_of, case, _rows(target, "component")) if target.has_requirements else None,
        offers=claims(target.offers, record, catalog),
        refused=_refused(target, catalog),
        value_here=value_body(target.value, record.place),
        evidence=evidence(target.findings),
        ask=[ask_body(ask) for ask in asks],
        sources=_sources(target, catalog),
        place=place_words(record.place),
        date=day,
        data_version=catalog.version,
        holds=held_body(record, catalog),
        facts=[fact(target.credential.source, target.credential.name)],
    )


def ask_body(ask: Ask) -> AskOut:
    """One question to put in writing."""
    return AskOut(whom=ask.whom, question=ask.question, about=ask.about, facts=[fact(ask.source)] if ask.source is not None else [])


def _summary(target: TargetAudit) -> str:
    if target.held:
        return "Held: it stands on the record."
    parts = []
    if target.credential.status == "retired":
        since = f" since {target.credential.retired_on.isoformat()}" if target.credential.retired_on else ""
        parts.append(f"Closed{since}: it can no longer be earned. Parts already earned stay valid.")
    if target.requires is not None:
        parts.append(f"Before you may start: {_TRUTH[target.requires.truth]}.")
    if not target.has_requirements or target.composed_of is None:
        parts.append(f"What completes it: {NOT_IN_CATALOG}.")
    else:
        parts.append(f"What completes it: {_TRUTH[target.composed_of.truth]}.")
    return " ".join(parts)


def _rows(target: TargetAudit, kind: RequirementKind) -> list[RequirementRow]:
    return [row for row in target.rows if row.kind == kind]


def _tree(audit: Audit | None, case: _Case, rows: Sequence[RequirementRow]) -> TreeOut | None:
    if audit is None:
        return None
    return TreeOut(
        truth=_TRUTH[audit.truth],
        root=_with_pages(_node(audit.root, case), audit.root, rows),
        expiring=[
            ExpiringOut(
                id=case.record.achievements[entry.achievement].id,
                name=label(case.record, case.catalog, entry.achievement),
                last_day=entry.last_day.isoformat(),
                why=entry.why,
            )
            for entry in audit.expiring
        ],
        refused_pins=[
            RefusedPinOut(id=case.record.achievements[pin.achievement].id, group=pin.group, why=why)
            for pin, why in audit.refused_pins
        ],
    )


def _with_pages(body: NodeOut, node: AuditNode, rows: Sequence[RequirementRow]) -> NodeOut:
    """The tree with the page of each row on the node that stands for the row: the root, or a child of it where rows are joined."""

    def read_on(top: AuditNode) -> list[FactOut]:
        found = (fact(row.source, f"{row.kind} of {row.credential_id}") for row in rows if row.rule == top.rule)
        return list(dict.fromkeys(found))

    pairs = zip(body.children, node.children, strict=True)
    children = [child.model_copy(update={"facts": read_on(below)}) if len(rows) > 1 else child for child, below in pairs]
    return body.model_copy(update={"facts": read_on(node), "children": children})


def _node(node: AuditNode, case: _Case) -> NodeOut:
    """One node, its children inside. Trees come from the catalog, whose loader bounds their depth."""
    return NodeOut(
        rule=render(node.rule),
        text=describe(node.rule, lambda key: name_of(case.catalog, key)),
        truth=_TRUTH[node.truth],
        in_progress=node.in_progress,
        have=number(node.have),
        need=number(node.need),
        unit=node.unit,
        uses=[
            CountedOut(
                id=case.record.achievements[use.achievement].id,
                name=label(case.record, case.catalog, use.achievement),
                credits=None if use.credits is None else number(use.credits),
            )
            for use in node.uses
        ],
        spare=[
            SpareOut(
                id=case.record.achievements[spare.achievement].id,
                name=label(case.record, case.catalog, spare.achievement),
                credits=None if spare.credits is None else number(spare.credits),
                reason=spare.reason,
            )
            for spare in node.spare
        ],
        claims=claims(node.claims, case.record, case.catalog),
        # "Confirmed by a person" says already that a person must confirm it.
        notes=[] if isinstance(node.rule, Manual) and node.truth is verdicts.Truth.UNKNOWN else list(node.notes),
        children=_children(node, case),
    )


def _children(node: AuditNode, case: _Case) -> list[NodeOut]:
    """Children of a node; those of named groups begin with their name, which a pin refers to."""
    found = [_node(child, case) for child in node.children]
    if not isinstance(node.rule, Groups):
        return found
    named = zip(node.rule.names, found, strict=True)
    return [child if name.isdigit() else child.model_copy(update={"text": f"{name}, {child.text}"}) for name, child in named]


def _refused(target: TargetAudit, catalog: Catalog) -> list[RefusedOut]:
    known = {row.id: row for row in catalog.agreements}
    return [
        RefusedOut(
            agreement_id=entry.agreement_id,
            to_id=entry.to_id,
            to=entry.to_text,
            reason=entry.reason,
            text=entry.sentence,
            facts=[fact(known[entry.agreement_id].source)] if entry.agreement_id in known else [],
        )
        for entry in target.refused
    ]


def _sources(target: TargetAudit, catalog: Catalog) -> list[FactOut]:
    """Every page the audit rests on, each once, in the order of the report."""
    found: dict[str, FactOut] = {}
    for text, source in _rests_on(target, catalog):
        found.setdefault(source.url, fact(source, text))
    return list(found.values())


def _rests_on(target: TargetAudit, catalog: Catalog) -> Iterator[tuple[str, Source]]:
    yield target.credential.name, target.credential.source
    for row in (*_rows(target, "prerequisite"), *_rows(target, "component")):
        yield f"{row.kind} of {target.credential.name}", row.source
    for offer in target.offers:
        yield f"agreement of {offer.institution}", offer.source
    for name in ("renewal", "pay", "degree"):
        for source in getattr(target.value, name).sources:
            yield f"counts for {name}", source
    for finding in target.findings:
        yield "outcome evidence", finding.source
