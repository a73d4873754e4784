"""How much credit counts inside one target, and what is spare over the receiving institution's cap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pathways.articulation.acceptance import Offers, Part, Refusal
from pathways.articulation.agreements import Agreement
from pathways.articulation.policies import Policy
from pathways.credential import Source
from pathways.record import LearnerRecord
from pathways.units import CreditValue, Level, convert, converts, show

#: Spare items a sentence names before it only counts them.
_NAMED = 5


@dataclass(frozen=True, slots=True)
class InsideCount:
    """How much credit counts inside one target, and what is over the cap.

    Parameters
    ----------
    applied, spare : CreditValue or None
        What would count once claimed and approved, and what would not. None where no amount is known.
    posted : Fraction
        The part of ``applied`` that rests on the record alone, with nothing left to claim.
    cap : CreditValue or None
        The most that counts; None where no source states one.
    source : Source or None
        Where the cap was read, else where the agreement was.
    unknown_items : int
        Postings with no published amount, or in a unit no definition converts.
    spare_items : tuple of str
        Names of the items that add nothing any more.
    sentence : str
        The same in words.
    """

    applied: CreditValue | None
    spare: CreditValue | None
    cap: CreditValue | None
    source: Source | None
    posted: Fraction = Fraction(0)
    unknown_items: int = 0
    spare_items: tuple[str, ...] = ()
    sentence: str = ""


def count_inside(
    record: LearnerRecord, found: Offers, target_id: str, agreements: Sequence[Agreement], policies: Sequence[Policy]
) -> InsideCount:
    """Credit that counts inside a target by contributing agreements, up to the receiving institution's cap.

    Parameters
    ----------
    record : LearnerRecord
        Not changed; the achievements that ``found`` refers to.
    found : Offers
        Result of :func:`offers` for the same record.
    target_id : str
        The degree, certificate or endorsement that receives the credit.
    agreements : sequence of Agreement
        Names the institution whose caps may apply.
    policies : sequence of Policy
        ``transfer_cap`` rows that name the target in ``applies_to`` limit the sum.

    Returns
    -------
    InsideCount
        Items posted already count first, then in the order of the record.
    """
    rows = [row for row in found.refused if row.reason == "contributes" and row.to_id == target_id and row.parts]
    parts = sorted(((row, part) for row in rows for part in row.parts), key=lambda pair: (bool(pair[1].via), pair[1].uses))
    caps = _caps(target_id, rows, agreements, policies)
    first = next((part.credits for _, part in parts if part.credits), None)
    if first is None:
        source = rows[0].source if rows else None
        words = "counts inside it, but no source states an amount" if rows else "no agreement lets anything held count inside it"
        return InsideCount(None, None, None, source, unknown_items=len(parts), sentence=f"{target_id}: {words}.")
    unit = replace(first, level=_level(parts, first.unit))
    usable = [(value, source) for value, source in caps if converts(value.unit, unit.unit)]
    cap, source = min(usable, key=lambda pair: convert(pair[0].amount, pair[0].unit, unit.unit), default=(None, None))
    limit = convert(cap.amount, cap.unit, unit.unit) if cap else None
    total = _fill(parts, unit.unit, limit)
    applied = replace(unit, amount=total.applied)
    spare = replace(unit, amount=total.spare)
    stated = replace(unit, amount=limit) if limit is not None else None
    words = _inside_words(applied, spare, stated, total.spare_items)
    source = source or (rows[0].source if rows else None)
    return InsideCount(applied, spare, stated, source, total.posted, total.unknown, total.spare_items, words)


@dataclass(frozen=True, slots=True)
class _Fill:
    applied: Fraction
    spare: Fraction
    posted: Fraction
    unknown: int
    spare_items: tuple[str, ...]


def _fill(parts: list[tuple[Refusal, Part]], unit: str, limit: Fraction | None) -> _Fill:
    """Let parts count in order until the cap of their own agreement or of the target is reached."""
    applied = spare = posted = Fraction(0)
    unknown = 0
    idle: list[str] = []
    counted: dict[str | None, Fraction] = {}
    for row, part in parts:
        if part.credits is None or not converts(part.credits.unit, unit):
            unknown += 1
            continue
        amount = convert(part.credits.amount, part.credits.unit, unit)
        room = [] if limit is None else [limit - applied]
        if row.maximum is not None and converts(row.maximum.unit, unit):
            own = convert(row.maximum.amount, row.maximum.unit, unit)
            room.append(own - counted.get(row.agreement_id, Fraction(0)))
        used = max(Fraction(0), min(amount, *room)) if room else amount
        applied += used
        spare += amount - used
        posted += Fraction(0) if part.via else used
        counted[row.agreement_id] = counted.get(row.agreement_id, Fraction(0)) + used
        if used == 0 and amount > 0:
            idle.append(part.label)
    return _Fill(applied, spare, posted, unknown, tuple(idle))


def _level(parts: list[tuple[Refusal, Part]], unit: str) -> Level | None:
    """The level the agreements name, else the one all parts share."""
    named = {row.maximum.level for row, _ in parts if row.maximum is not None} or {
        part.credits.level for _, part in parts if part.credits is not None and converts(part.credits.unit, unit)
    }
    return named.pop() if len(named) == 1 else None


def _caps(
    target_id: str, rows: list[Refusal], agreements: Sequence[Agreement], policies: Sequence[Policy]
) -> list[tuple[CreditValue, Source]]:
    """Caps on the whole target: rows that name it, and the one agreement's own limit where only one contributes."""
    institutions = {item.institution.casefold() for item in agreements if item.to_id == target_id}
    found = [
        (CreditValue(policy.cap, policy.cap_unit), policy.source)
        for policy in policies
        if policy.kind == "transfer_cap" and policy.cap is not None and policy.cap_unit is not None
        and isinstance(policy.applies_to, tuple) and target_id in policy.applies_to
        and (policy.place.institution or "").casefold() in institutions
    ]  # fmt: skip
    own = [(row.maximum, row.source) for row in rows if row.maximum is not None]
    return found + (own if len(rows) == 1 else [])


def _inside_words(applied: CreditValue, spare: CreditValue, cap: CreditValue | None, idle: tuple[str, ...]) -> str:
    if cap is None:
        return f"{applied} would count; no source states a cap."
    text = f"{applied} would count of at most {show(cap.amount)}"
    if spare.amount == 0:
        return f"{text}."
    more = f" and {len(idle) - _NAMED} more" if len(idle) > _NAMED else ""
    names = f" ({', '.join(idle[:_NAMED])}{more})" if idle else ""
    return f"{text}; {spare} spare there{names}."
