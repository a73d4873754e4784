"""What a learner has: achievements, licenses, degrees, exams, experience, goals and limits.

One schema for the command line, record files, the API and export. It has no field for a name, an address or a birth date, and
``learner`` is a pseudonym. Reading files is :mod:`pathways.record_files`.

``None`` for a list of licenses, degrees and so on means "not stated", which is not the same as "none": a condition on something
not stated is unknown, on something stated and absent it is unmet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pathways.places import ANYWHERE, Place
from pathways.units import CreditValue, DegreeLevel, Level

Stage = Literal["earned", "eligible", "applied", "posted"]
Verification = Literal["verified", "unverified", "self-reported"]


@dataclass(frozen=True, slots=True)
class EarnedCredential:
    """One achievement of the learner.

    Parameters
    ----------
    id : str
        Catalog id; a generic id when the item itself is not in the catalog; ``own:...`` for a course of the learner's own that
        only ``select`` can match (then ``type``, ``subject`` and ``issuer`` say what it is).
    name : str or None
        Which item, under a generic id. Two achievements with the same id and different names are different items.
    area : str or None
        Which area's version of a shared item (a National Board certificate area).
    description : str or None
        What an ``own:...`` item is about, so that it counts as a skill when goals are matched.
    stage : str
        ``earned`` is done; ``applied`` or ``eligible`` is claimed but not granted; ``posted`` stands on a transcript or license.
    """

    id: str
    name: str | None = None
    area: str | None = None
    earned_on: date | None = None
    expires_on: date | None = None
    grade: str | None = None
    credits: CreditValue | None = None
    level: Level | None = None
    transcripted: bool | None = None
    verification: Verification = "self-reported"
    stage: Stage = "earned"
    type: str | None = None
    subject: str | None = None
    issuer: str | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class LicenseHeld:
    """A license or certificate to work, in the learner's words or the authority's."""

    place: str
    kind: str
    grades: str | None = None
    subjects: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class DegreeHeld:
    """A finished degree."""

    level: DegreeLevel
    field: str | None = None
    institution: str | None = None
    completed_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExamTaken:
    """An exam that was passed, or taken with a score."""

    name: str
    score: Fraction | None = None
    taken_on: date | None = None


@dataclass(frozen=True, slots=True)
class ExperienceDone:
    """Years or hours in a role, up to a date (``None`` means still going on)."""

    role: str
    years: Fraction | None = None
    hours: Fraction | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class EmploymentNow:
    """A present role and where."""

    role: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """Somebody's written approval."""

    by: str
    given_on: date | None = None


@dataclass(frozen=True, slots=True)
class Attestation:
    """A named person confirms what a manual condition asks; ``by`` is an office or role, not a private name."""

    text: str
    by: str
    attested_on: date | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What the learner can spend: hours a week, dollars in all, and a last day."""

    hours_per_week: Fraction | None = None
    budget_usd: Decimal | None = None
    deadline: date | None = None


@dataclass(frozen=True, slots=True)
class LearnerRecord:
    """Everything a recommendation, audit or plan may know of a person.

    ``events`` are dates of the person's own path by anchor name (``start``, ``application`` ...).
    """

    learner: str = "local"
    achievements: tuple[EarnedCredential, ...] = ()
    licenses: tuple[LicenseHeld, ...] | None = None
    degrees: tuple[DegreeHeld, ...] | None = None
    exams: tuple[ExamTaken, ...] | None = None
    experience: tuple[ExperienceDone, ...] | None = None
    employment: tuple[EmploymentNow, ...] | None = None
    memberships: tuple[str, ...] | None = None
    approvals: tuple[ApprovalGiven, ...] | None = None
    admissions: tuple[str, ...] | None = None
    attestations: tuple[Attestation, ...] = ()
    progress: tuple[CreditValue, ...] = ()
    place: Place = ANYWHERE
    limits: Limits = field(default_factory=Limits)
    events: tuple[tuple[str, date], ...] = ()


def ids_held(record: LearnerRecord, on: date) -> tuple[str, ...]:
    """Ids on the record that are done or posted and not expired on a day, each once, in record order.

    Examples
    --------
    >>> lapsed = EarnedCredential("cda", expires_on=date(2020, 1, 1))
    >>> ids_held(LearnerRecord(achievements=(lapsed, EarnedCredential("letrs-u1"))), date(2026, 1, 1))
    ('letrs-u1',)
    """
    done = (item for item in record.achievements if item.stage in {"earned", "posted"})
    return tuple(dict.fromkeys(item.id for item in done if item.expires_on is None or item.expires_on >= on))


#: Fields that describe a person's own circumstances; never logged. A test lists them against the schema.
PERSONAL_FIELDS = frozenset(
    {
        "learner", "achievements", "licenses", "degrees", "exams", "experience", "employment", "memberships", "approvals",
        "admissions", "attestations", "progress", "place", "limits", "events",
    }
)  # fmt: skip
