"""Short makers of domain values for tests: one line per credential, agreement or record."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pathways.articulation.agreements import Agreement
from pathways.articulation.policies import Policy
from pathways.catalog.entities import Catalog, RequirementKind, RequirementRow
from pathways.credential import Credential, Source
from pathways.places import Place
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.rules import Requirement
from pathways.units import CreditValue

TODAY = date(2026, 11, 21)
SOURCE = Source("https://example.org/page", "stated", "2026-11-21")


def credential(id: str, **changes: Any) -> Credential:  # noqa: A002
    """A badge unless told otherwise; unknown hours and cost."""
    fields: dict[str, Any] = {
        "id": id, "name": id.replace("-", " ").title(), "type": "badge", "issuer": "Issuer", "subject": "subject",
        "audience": "teachers", "description": "", "competencies": (), "source": SOURCE, "status": "active", "place": Place("US"),
    }  # fmt: skip
    fields.update(changes)
    return Credential(**fields)


def course(id: str, credits: int | str = 3, unit: str = "semester", **changes: Any) -> Credential:  # noqa: A002
    """A course with credits."""
    return credential(id, type="course", credits=CreditValue(Fraction(credits), unit, changes.pop("level", None)), **changes)


def row(credential_id: str, rule: Requirement, kind: RequirementKind = "component") -> RequirementRow:
    """One requirement row."""
    return RequirementRow(credential_id, kind, rule, SOURCE)


def catalog(
    *items: Credential,
    rows: tuple[RequirementRow, ...] = (),
    agreements: tuple[Agreement, ...] = (),
    policies: tuple[Policy, ...] = (),
) -> Catalog:
    """A small catalog."""
    return Catalog({item.id: item for item in items}, rows, agreements, policies, (), "test")


def agreement(from_ids: str, to_id: str, **changes: Any) -> Agreement:
    """``agreement("a;b", "c")``: a and b together post c, as a route of its own."""
    fields: dict[str, Any] = {
        "id": f"ag-{from_ids}-{to_id}", "from_ids": tuple(from_ids.split(";")), "institution": "Institution", "to_text": to_id,
        "to_id": to_id, "kind": "posts_credit", "mode": "alternative", "conditions": "", "source": SOURCE,
    }  # fmt: skip
    fields.update(changes)
    return Agreement(**fields)


def earned(id: str, **changes: Any) -> EarnedCredential:  # noqa: A002
    """One achievement."""
    return EarnedCredential(id, **changes)


def record(*items: str | EarnedCredential, **changes: Any) -> LearnerRecord:
    """A record; plain ids become self-reported achievements."""
    held = tuple(item if isinstance(item, EarnedCredential) else EarnedCredential(item) for item in items)
    return LearnerRecord(achievements=held, **changes)


def dollars(value: str) -> Decimal:
    """Money."""
    return Decimal(value)
