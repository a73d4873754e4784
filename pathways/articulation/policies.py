"""Policies: the structured rules of a place or institution on renewal, conversion, transfer, fees, pay and approval.

A row that cannot be structured is shown, never computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pathways.credential import Select, Source
from pathways.places import Place

PolicyKind = Literal[
    "renewal_load", "renewal_conversion", "unit_conversion", "transfer_cap", "residency", "recency", "fee", "lane",
    "approval", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """One rule of a place or institution. ``computable`` rows are used in arithmetic; the others are shown as they stand.

    Parameters
    ----------
    factor : Fraction or None
        ``to_unit`` per one ``from_unit`` (``from_unit`` ``"item"`` means one item of ``applies_to``).
    load, load_unit, period_months : amount to reach, its unit, and the cycle it is due in.
    cap, cap_unit : the most that counts.
    category : str or None
        A named share of a load (``literacy``, ``equity``) or of its holders' kind (``grades K-5 teachers``), as ``audience``.
    applies_to : tuple of str or Select
        Catalog ids the row speaks of, or a selection of them; empty means any.
    carry_over : bool or None
        Whether what exceeds a load carries to the next cycle, where the source says.
    standing : {"current", "superseded", "unverified"}
        ``unverified`` rows come from secondary tables or disagree with another row: shown with a warning, never decisive.
    """

    id: str
    place: Place
    rule: str
    kind: PolicyKind
    value: str
    unit: str
    source: Source
    from_unit: str | None = None
    to_unit: str | None = None
    factor: Fraction | None = None
    load: Fraction | None = None
    load_unit: str | None = None
    period_months: int | None = None
    cap: Fraction | None = None
    cap_unit: str | None = None
    category: str | None = None
    audience: str | None = None
    applies_to: tuple[str, ...] | Select = ()
    carry_over: bool | None = None
    standing: Literal["current", "superseded", "unverified"] = "current"
    computable: bool = False
