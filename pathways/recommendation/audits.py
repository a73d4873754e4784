"""One target against one record: its requirements audited, what can be claimed now, what it is worth here, what studies found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from pathways.articulation.agreements import Agreement
from pathways.articulation.transfer import InsideCount, Offers, Refusal, count_inside, offers
from pathways.articulation.value import ValueHere, value_here
from pathways.catalog.entities import Catalog, Finding, RequirementRow
from pathways.catalog.evidence import effects_on, findings_about
from pathways.credential import Credential, Source
from pathways.errors import UnknownIdError, nearest_ids
from pathways.record import LearnerRecord, ids_held
from pathways.requirements.audit import audit
from pathways.requirements.rules import AllOf, Held, Node, Requirement, held_ids, walk
from pathways.requirements.verdicts import Audit, Offer, Pin, Truth


@dataclass(frozen=True, slots=True)
class TargetAudit:
    """Where a record stands on one credential.

    Parameters
    ----------
    requires, composed_of : Audit or None
        What must be so before it may start, and what completes it; None where the catalog has no such row.
    has_requirements : bool
        False means "requirements not in this catalog": then nobody is called ready or done.
    held : bool
        Whether the credential itself is on the record, earned or posted.
    offers, refused
        What can be claimed now and counts toward it, and near misses with their reason.
    inside : InsideCount or None
        How much credit counts inside it by agreements that contribute, up to the cap; None where nothing held does.
    rows : tuple of RequirementRow
        What the two audits were made from.
    """

    credential: Credential
    requires: Audit | None
    composed_of: Audit | None
    has_requirements: bool
    held: bool
    offers: tuple[Offer, ...]
    refused: tuple[Refusal, ...]
    value: ValueHere
    findings: tuple[Finding, ...]
    agreements_in: tuple[Agreement, ...]
    agreements_out: tuple[Agreement, ...]
    inside: InsideCount | None = None
    rows: tuple[RequirementRow, ...] = ()

    def source_of(self, rule: Node) -> Source:
        """Where a part of the requirements was read; the page of the credential itself where no row holds it."""
        found = (row.source for row in self.rows if any(node == rule for node in walk(row.rule)))
        return next(found, self.credential.source)

    @property
    def truth(self) -> Truth:
        """Whether everything asked is there. Unknown where the catalog has no list."""
        if self.held:
            return Truth.MET
        known = [part.truth for part in (self.requires, self.composed_of) if part is not None]
        if not self.has_requirements:
            known.append(Truth.UNKNOWN)
        return min(known, default=Truth.UNKNOWN)


def get(catalog: Catalog, credential_id: str) -> Credential:
    """One credential of the catalog.

    Raises
    ------
    UnknownIdError
        With the nearest ids.
    """
    item = catalog.item(credential_id)
    if item is None:
        raise UnknownIdError(credential_id, "credential", nearest_ids(credential_id, catalog.credentials))
    return item


def claims(record: LearnerRecord, catalog: Catalog, on: date) -> Offers:
    """Everything the record makes claimable, chains included: by agreement, or because an awarder's own list is complete."""
    held = {item.id for item in record.achievements}
    lists = [
        (credential_id, audit(rule, record, catalog, (), on=on).truth)
        for credential_id in _touched(record, catalog)
        if not _lacks_a_part(rule := catalog.composed_of(credential_id), held)
    ]
    complete = [credential_id for credential_id, truth in lists if truth is Truth.MET]
    return offers(record, catalog, _within_reach([*_held_keys(record, catalog), *complete], catalog), on=on, lists=lists)


def audit_target(
    target_id: str,
    record: LearnerRecord,
    catalog: Catalog,
    on: date,
    pins: Sequence[Pin] = (),
) -> TargetAudit:
    """Audit a record against one credential.

    Parameters
    ----------
    target_id : str
        A catalog id.
    record : LearnerRecord
    catalog : Catalog
    on : date
        The day of the audit.
    pins : sequence of Pin
        The learner's word where an achievement counts.

    Returns
    -------
    TargetAudit

    Raises
    ------
    UnknownIdError
        If the catalog has no such credential.
    """
    item = get(catalog, target_id)
    open_claims = claims(record, catalog, on)
    kinds = {row.kind for row in catalog.rows_by_credential.get(target_id, ())}
    rules = {"prerequisite": catalog.requires(target_id), "component": catalog.composed_of(target_id)}
    audits = {
        kind: audit(rule, record, catalog, open_claims.accepted, on=on, pins=tuple(pins)) if kind in kinds else None
        for kind, rule in rules.items()
    }
    relevant = _related(rules.values(), target_id)
    return TargetAudit(
        credential=item,
        requires=audits["prerequisite"],
        composed_of=audits["component"],
        has_requirements=catalog.has_requirements(target_id),
        held=holds(record, target_id, on),
        offers=tuple(offer for offer in open_claims.accepted if offer.to_id in relevant),
        refused=tuple(refusal for refusal in open_claims.refused if refusal.to_id in relevant),
        value=value_here(item, record, catalog, catalog.agreements, catalog.policies, place=record.place, on=on),
        findings=_all_findings(catalog, target_id),
        agreements_in=catalog.agreements_to.get(target_id, ()),
        agreements_out=catalog.agreements_from.get(target_id, ()),
        rows=catalog.rows_by_credential.get(target_id, ()),
        inside=inside_counts(record, catalog, open_claims).get(target_id),
    )


def _all_findings(catalog: Catalog, credential_id: str) -> tuple[Finding, ...]:
    effects = effects_on(catalog, credential_id)
    return (*effects, *(finding for finding in findings_about(catalog, credential_id) if not finding.shows_effect))


def inside_counts(record: LearnerRecord, catalog: Catalog, open_claims: Offers) -> dict[str, InsideCount]:
    """Credit that counts inside each target some contributing agreement names for something held or claimable."""
    targets = dict.fromkeys(row.to_id for row in open_claims.refused if row.reason == "contributes" and row.to_id is not None)
    return {target: count_inside(record, open_claims, target, catalog.agreements, catalog.policies) for target in targets}


def holds(record: LearnerRecord, credential_id: str, on: date) -> bool:
    """Whether an id is on the record, done or posted, and not expired."""
    return credential_id in ids_held(record, on)


def _touched(record: LearnerRecord, catalog: Catalog) -> list[str]:
    """Composed credentials that name something on the record: only those can have become complete."""
    named = dict.fromkeys(parent for item in _held_keys(record, catalog) for parent in catalog.named_by.get(item, ()))
    return [credential_id for credential_id in named if credential_id in catalog.parts]


def _lacks_a_part(rule: Requirement, held: set[str]) -> bool:
    """Whether a plain list names something that is not on the record: then no audit is needed to say it is not complete."""
    plain = isinstance(rule, AllOf) and all(isinstance(child, Held) for child in rule.children)
    return plain and not held.issuperset(held_ids(rule))


def _held_keys(record: LearnerRecord, catalog: Catalog) -> list[str]:
    """Ids on the record and the generic ids that stand for them, in record order."""
    held = dict.fromkeys(item.id for item in record.achievements)
    return [*held, *(generic for item in held for generic in catalog.generics_of(item))]


def _within_reach(keys: Iterable[str], catalog: Catalog) -> list[Agreement]:
    """Agreements that start from some ids, or from what those agreements lead to, in catalog order."""
    found: dict[str, Agreement] = {}
    queue = list(keys)
    seen = set(queue)
    while queue:
        for agreement in catalog.agreements_from.get(queue.pop(), ()):
            found[agreement.id] = agreement
            further = [agreement.to_id, *catalog.generics_of(agreement.to_id)] if agreement.to_id is not None else []
            queue.extend(key for key in further if key not in seen)
            seen.update(further)
    return [found[key] for key in sorted(found)]


def _related(rules: Iterable[Requirement], target_id: str) -> set[str]:
    found = {target_id}
    for rule in rules:
        found.update(held_ids(rule))
    return found
