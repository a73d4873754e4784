"""Catalog rows as bodies: credentials with all their facts, agreements, policies and findings."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from api.audit_schemas import AgreementOut, CredentialOut, PolicyOut, RowOut, SummaryOut, TargetOut
from api.bodies import credits_body, fact, facts, item, number_or_none
from api.schemas import FactOut
from pathways.articulation.agreements import Agreement
from pathways.articulation.ledger import row_words
from pathways.articulation.policies import Policy
from pathways.catalog.entities import Catalog, Finding, RequirementRow
from pathways.credential import Credential, Select, matches
from pathways.requirements.describe import describe
from pathways.requirements.render import render
from pathways.requirements.rules import held_ids

NO_STUDY = "no outcome study found"
NOT_IN_CATALOG = "requirements not in this catalog"


def name_of(catalog: Catalog, credential_id: str) -> str:
    """Name of a credential, or its id where the catalog does not define it."""
    found = catalog.item(credential_id)
    return found.name if found is not None else credential_id


def summary(credential: Credential) -> SummaryOut:
    """A credential in a list."""
    return SummaryOut(
        **item(credential).model_dump(),
        subject=credential.subject,
        place=str(credential.place),
        status=credential.status,
        hours=number_or_none(credential.hours),
        cost_usd=number_or_none(credential.cost_usd),
        credits=credits_body(credential.credits),
    )


def credential_body(credential: Credential, catalog: Catalog) -> CredentialOut:
    """One credential with everything the catalog knows of it."""
    rows = catalog.rows_by_credential.get(credential.id, ())
    return CredentialOut(
        **item(credential).model_dump(),
        subject=credential.subject,
        audience=credential.audience,
        description=credential.description,
        competencies=list(credential.competencies),
        status=credential.status,
        place=str(credential.place),
        hours=number_or_none(credential.hours),
        cost_usd=number_or_none(credential.cost_usd),
        credits=credits_body(credential.credits),
        validity_months=credential.validity_months,
        assessment=credential.assessment,
        level=credential.level,
        transcripted=credential.transcripted,
        offer_from=day(credential.offer_from),
        offer_until=day(credential.offer_until),
        retired_on=day(credential.retired_on),
        generic=credential.generic,
        has_requirements=catalog.has_requirements(credential.id),
        requirements=[_row(row, catalog) for row in rows],
        part_of=[item(parent) for parent in _parents(credential, catalog)],
        agreements_in=[agreement_body(row) for row in catalog.agreements_to.get(credential.id, ())],
        agreements_out=[agreement_body(row) for row in catalog.agreements_from.get(credential.id, ())],
        policies=[_policy(row) for row in catalog.policies if _names(row, credential)],
        evidence=evidence(row for row in catalog.findings if row.credential_id == credential.id),
        facts=[fact(credential.source, credential.name)],
        data_version=catalog.version,
    )


def target_body(credential: Credential, catalog: Catalog) -> TargetOut:
    """A credential as something to work toward, with what completes it in words."""
    known = catalog.has_requirements(credential.id)
    words = describe(catalog.composed_of(credential.id), lambda key: name_of(catalog, key)) if known else NOT_IN_CATALOG
    return TargetOut(
        **item(credential).model_dump(),
        place=str(credential.place),
        requirements_known=known,
        text=words,
        facts=[fact(credential.source)],
    )


def agreement_body(row: Agreement) -> AgreementOut:
    """One agreement."""
    return AgreementOut(
        id=row.id,
        from_ids=list(row.from_ids),
        to_id=row.to_id,
        to=row.to_text,
        institution=row.institution,
        kind=row.kind,
        mode=row.mode,
        credits=credits_body(row.credits),
        maximum=row.maximum,
        fee_usd=number_or_none(row.fee_usd),
        fee_per=row.fee_per,
        approval_first=row.approval_first,
        effective_from=day(row.effective_from),
        effective_until=day(row.effective_until),
        conditions=row.conditions,
        facts=facts(row.source),
    )


def evidence(findings: Iterable[Finding]) -> list[FactOut]:
    """What studies found, direction and population included; says so where there is none that shows an effect."""
    rows = list(findings)
    listed = [fact(row.source, _finding_words(row)) for row in rows]
    if any(row.shows_effect for row in rows):
        return listed
    return [FactOut(text=NO_STUDY, source_url=None, confidence="computed", date=""), *listed]


def day(value: date | None) -> str | None:
    """A date as ISO text; unknown stays unknown."""
    return None if value is None else value.isoformat()


def _finding_words(row: Finding) -> str:
    who = ", ".join(part for part in (row.study_type, row.population, row.year) if part)
    effect = row.direction if row.shows_effect else "reach, not effect"
    return f"{row.finding}: {row.value} [{effect}; {who}]"


def _row(row: RequirementRow, catalog: Catalog) -> RowOut:
    words = describe(row.rule, lambda key: name_of(catalog, key))
    return RowOut(kind=row.kind, rule=render(row.rule), text=words, facts=facts(row.source))


def _policy(row: Policy) -> PolicyOut:
    return PolicyOut(
        id=row.id, place=str(row.place), kind=row.kind, text=row_words(row), standing=row.standing, facts=facts(row.source)
    )


def _names(row: Policy, credential: Credential) -> bool:
    if isinstance(row.applies_to, Select):
        return matches(row.applies_to, credential)
    return credential.id in row.applies_to


def _parents(credential: Credential, catalog: Catalog) -> list[Credential]:
    keys = {credential.id, *catalog.generics_of(credential.id)}
    found = dict.fromkeys(row.credential_id for row in catalog.requirements if not keys.isdisjoint(held_ids(row.rule)))
    return [parent for parent in map(catalog.item, found) if parent is not None]
