"""A credential, and the source of a fact: what every layer above speaks of.

Blank is unknown, never zero. Every row keeps where its facts were read and how surely.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pathways.places import Place
from pathways.units import CreditValue, Level

Confidence = Literal["stated", "inferred", "unknown"]
Status = Literal["active", "retired", "unknown"]
CredentialType = Literal[
    "badge", "micro-credential", "stack", "course", "certificate", "program", "certification", "endorsement", "license", "degree",
    "checkpoint",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read, how surely, and the date the page itself shows (``text_date``) or the day it was read.

    ``note`` is a warning about the address itself: a copy, an archive, a secondary table.
    """

    url: str
    confidence: Confidence
    date: str
    file: str = ""
    row: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Select:
    """All catalog items whose columns equal these values.

    ``open`` says that items outside this catalog count too (a learner's own courses of that subject), so the set may be empty here.
    """

    issuer: str | None = None
    subject: str | None = None
    type: str | None = None
    open: bool = False


@dataclass(frozen=True, slots=True)
class Credential:
    """Anything that can be earned.

    ``hours``, ``cost_usd`` and ``credits`` of a composed credential are totals, never added to its parts'. ``generic`` marks an id
    standing for any one of an issuer's items: ``stands_for`` selects the cataloged ones among them (None: uncataloged ones only).
    ``place`` is where the issuer's rule binds (nation or state).
    """

    id: str
    name: str
    type: CredentialType
    issuer: str
    subject: str
    audience: str
    description: str
    competencies: tuple[str, ...]
    source: Source
    status: Status
    place: Place
    hours: Fraction | None = None
    cost_usd: Decimal | None = None
    credits: CreditValue | None = None
    validity_months: int | None = None
    assessment: str | None = None
    level: Level | None = None
    transcripted: bool | None = None
    offer_from: date | None = None
    offer_until: date | None = None
    retired_on: date | None = None
    generic: bool = False
    stands_for: Select | None = None

    @property
    def text(self) -> str:
        """What the encoder reads: name, subject, audience, description and competencies."""
        return f"{self.name}. {self.subject}. {self.description} {'; '.join(self.competencies)}. For {self.audience}."


def matches(selection: Select, item: Credential) -> bool:
    """Whether one catalog item belongs to a selection (columns compared exactly)."""
    wanted = ((selection.issuer, item.issuer), (selection.subject, item.subject), (selection.type, item.type))
    return all(value is None or value == actual for value, actual in wanted)
