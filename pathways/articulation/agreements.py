"""Agreements: what one institution says something earned elsewhere counts for, and when.

An agreement binds the institution that made it, nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from pathways.credential import Source
from pathways.places import Place
from pathways.units import CreditValue

AgreementKind = Literal["posts_credit", "applies_inside", "meets_exam", "recommends", "renewal", "pay", "prepares_for"]
#: Kinds that can close a requirement once posted. The others inform.
CLOSING_KINDS: frozenset[AgreementKind] = frozenset({"posts_credit", "applies_inside", "meets_exam"})
Mode = Literal["alternative", "contributes"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """A dated rule that something earned (all of ``from_ids``) counts for something at one institution.

    Parameters
    ----------
    id : str
        Stable id, ``ag-001`` ...
    to_id : str or None
        Catalog id of what it counts toward, where there is one; else ``to_text`` says it in words.
    credits : CreditValue or None
        What is posted or applied; ``maximum`` says the amount is an upper limit.
    mode : {"alternative", "contributes"} or None
        Whether it is a route of its own to ``to_id`` or one part of it. None for kinds that close nothing.
    effective_from, effective_until : date or None
        Window in which the agreement (or, for accepted training, the training) counts; inclusive.
    fee_usd, fee_per : Decimal or None, str or None
        Price of having it posted, per ``item`` or per ``credit``.
    approval_first : bool
        Whether the source asks for approval, a sign-off or registration before the item counts.
    """

    id: str
    from_ids: tuple[str, ...]
    institution: str
    to_text: str
    kind: AgreementKind
    conditions: str
    source: Source
    to_id: str | None = None
    credits: CreditValue | None = None
    maximum: bool = False
    mode: Mode | None = None
    min_grade: str | None = None
    effective_from: date | None = None
    effective_until: date | None = None
    fee_usd: Decimal | None = None
    fee_per: Literal["item", "credit"] | None = None
    approval_first: bool = False
    place: Place = field(default_factory=Place)
