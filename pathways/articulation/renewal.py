"""Renewal as a target: what of a load is done, what does not count and why.

Every amount stays in the unit of the load; only a sourced row of the place converts into it. What the load is stands in
:mod:`pathways.articulation.renewal_load`; what would close the rest in :mod:`pathways.articulation.renewal_ways`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from pathways.articulation.acceptance import Piece, doubt_of
from pathways.articulation.agreements import Agreement
from pathways.articulation.conversion import amount_in, binds_here, conversions, names_item, same_unit, unit_key
from pathways.articulation.ledger import row_words
from pathways.articulation.policies import Policy
from pathways.articulation.renewal_load import (
    Counted,
    LoadOption,
    LoadPart,
    RenewalLoad,
    RenewalProgress,
    RenewalTarget,
    Uncounted,
    load_for,
    parse_renewal_target,
)
from pathways.articulation.renewal_ways import RenewalWay, ways
from pathways.errors import UnitError
from pathways.places import Place
from pathways.record import EarnedCredential, LearnerRecord
from pathways.requirements.verdicts import Facts
from pathways.units import CreditValue, show, unit_words

__all__ = [
    "Counted",
    "RenewalLoad",
    "RenewalProgress",
    "RenewalTarget",
    "RenewalWay",
    "Uncounted",
    "load_for",
    "parse_renewal_target",
    "progress",
    "ways",
]

#: Names of ``record.events`` that bound the cycle.
CYCLE_START, CYCLE_END = "cycle start", "cycle end"
#: One-word amounts a person writes for the place's own unit: "48 points", "20 hours".
_LOOSE = frozenset({"point", "hour"})


def progress(
    load: RenewalLoad,
    record: LearnerRecord,
    facts: Facts,
    agreements: Sequence[Agreement],
    policies: Sequence[Policy],
    *,
    on: date,
) -> RenewalProgress:
    """What of a load is done by reported sums and by held items.

    Parameters
    ----------
    load : RenewalLoad
        From :func:`load_for`; where the place states it in several units, the one that takes most of ``record.progress`` is used.
    record : LearnerRecord
        ``progress`` holds sums; ``achievements`` are added to them, so a sum should leave out what is listed.
        Events ``cycle start`` and ``cycle end`` bound what counts.
    facts, agreements, policies
        The catalog; only rows of the place convert.
    on : date
        The day of the question.

    Returns
    -------
    RenewalProgress
        More progress never raises what remains.

    Raises
    ------
    UnitError
        If a sum is in a unit that neither is, nor converts into, a unit of this load.
    """
    rows = [row for row in policies if row.kind in {"renewal_conversion", "unit_conversion"}]
    chosen = _chosen(load, record, rows)
    counted: list[Counted] = []
    uncounted: list[Uncounted] = []
    for value in record.progress:
        entry = _sum_counted(chosen, value, rows)
        if isinstance(entry, Counted):
            counted.append(entry)
        else:
            uncounted.append(entry)
    seen: set[tuple[str, str | None]] = set()
    for index, item in enumerate(record.achievements):
        outcome = _item_counted(_World(chosen, record, facts, agreements, policies, on), index, item, seen)
        seen.add((item.id, item.name))
        if isinstance(outcome, Counted):
            counted.append(outcome)
        else:
            uncounted.append(outcome)
    capped, effects = _capped(counted, policies)
    done = sum((entry.amount.amount for entry in capped), Fraction(0))
    need = chosen.option.load
    return RenewalProgress(
        chosen, replace(need, amount=done), replace(need, amount=max(Fraction(0), need.amount - done)),
        replace(need, amount=max(Fraction(0), done - need.amount)), tuple(capped), tuple(uncounted),
        (*effects, *_unproven(chosen, done)), on,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _World:
    load: RenewalLoad
    record: LearnerRecord
    facts: Facts
    agreements: Sequence[Agreement]
    policies: Sequence[Policy]
    on: date

    @property
    def place(self) -> Place:
        return self.load.target.place


def _chosen(load: RenewalLoad, record: LearnerRecord, rows: list[Policy]) -> RenewalLoad:
    """The load in the stated unit that takes most of the reported sums; a sum no unit takes is an error."""
    options = (load.option, *load.alternatives)
    place = load.target.place

    def taken(option: LoadOption) -> int:
        return sum(_in_unit(value, option.load.unit, rows, place) is not None for value in record.progress)

    for value in record.progress:
        if all(_in_unit(value, option.load.unit, rows, place) is None for option in options):
            units = " or ".join(dict.fromkeys(option.load.unit for option in options))
            message = (
                f"{value} cannot count toward {load.target}: its load is {load}, and no rule of the place converts "
                f"{unit_words(value.unit, 2)}. Give the amount in {units}."
            )
            raise UnitError(message)
    best = max(options, key=taken)
    if best is load.option:
        return load
    return replace(load, option=best, alternatives=tuple(option for option in options if option is not best))


def _in_unit(value: CreditValue, unit: str, rows: list[Policy], place: Place) -> tuple[Fraction, Policy | None] | None:
    """An amount in the unit of a load, with the row that converted it; None where nothing converts it."""
    if same_unit(value.unit, unit):
        return value.amount, None
    direct = amount_in(value, unit_key(unit), set())
    if direct is not None:
        return direct, None
    usable = [
        row for row in rows
        if row.computable and row.standing == "current" and row.factor is not None and row.applies_to == ()
        and row.from_unit and row.to_unit and same_unit(row.to_unit, unit) and binds_here(row.place, place)
    ]  # fmt: skip
    exact = {unit_key(row.from_unit) for row in usable if row.from_unit}
    for row in usable:
        amount = amount_in(value, unit_key(row.from_unit or ""), exact)
        if amount is not None and row.factor is not None:
            return amount * row.factor, row
    own = unit_key(value.unit)
    return (value.amount, None) if own in _LOOSE and unit_key(unit).split()[-1] == own else None


def _sum_counted(load: RenewalLoad, value: CreditValue, rows: list[Policy]) -> Counted | Uncounted:
    found = _in_unit(value, load.unit, rows, load.target.place)
    if found is None:
        sentence = f"{value}: this count is in {load.unit}, and no rule of the place converts it."
        return Uncounted(str(value), "other unit", sentence)
    amount, row = found
    how = f"by {row_words(row)}" if row else "as you reported it"
    sources = (row.source,) if row else ()
    return Counted(str(value), CreditValue(amount, load.unit), None, sources, how, row.id if row else None)


def _item_counted(world: _World, index: int, item: EarnedCredential, seen: set[tuple[str, str | None]]) -> Counted | Uncounted:
    """One achievement against the load: an agreement of the place first, then a row on the item, its credits, its hours."""
    known = world.facts.item(item.id)
    label = item.name or (known.name if known else item.id)
    obstacle = _obstacle(world, item, label, seen)
    if obstacle is not None:
        return replace(obstacle, achievement=index)
    refused: str | None = None
    unstated = False
    for agreement in _renewal_agreements(world, item.id):
        doubt = doubt_of(Piece(item.id, item.name, index, item), agreement, world.on)
        if doubt is not None:
            refused = doubt.sentence
        elif agreement.credits is None or len(agreement.from_ids) > 1:
            unstated = True
        elif same_unit(agreement.credits.unit, world.load.unit):
            amount = replace(agreement.credits, unit=world.load.unit)
            return Counted(label, amount, index, (agreement.source,), agreement.institution)
    by_row = _by_rows(world, index, item, label)
    if by_row is not None:
        return by_row
    if refused:
        return Uncounted(label, "refused", refused, index)
    if unstated:
        return Uncounted(label, "amount not stated", f"{label} counts, but its source states no amount for one item.", index)
    return Uncounted(label, "no rule found", f"{label}: no rule of the place gives it an amount in {world.load.unit}.", index)


def _renewal_agreements(world: _World, credential_id: str) -> list[Agreement]:
    keys = {credential_id, *world.facts.generics_of(credential_id)}
    return [
        row for row in world.agreements
        if row.kind == "renewal" and not keys.isdisjoint(row.from_ids) and binds_here(row.place, world.place)
    ]  # fmt: skip


def _by_rows(world: _World, index: int, item: EarnedCredential, label: str) -> Counted | None:
    whole = [row for row in world.policies if row.category == "meets the whole load" and binds_here(row.place, world.place)]
    for row in whole:
        live = item.expires_on is None or item.expires_on >= world.on
        if live and names_item(row, item.id, world.facts):
            return Counted(label, world.load.option.load, index, (row.source,), row.rule, row.id)
    found = conversions(item.id, world.facts, world.policies, place=world.place, credits=item.credits)
    fitting = [each for each in found if each.policy.standing == "current" and same_unit(each.value.unit, world.load.unit)]
    order = ("item", "credits", "hours")
    for each in sorted(fitting, key=lambda each: order.index(each.basis)):
        row = each.policy
        return Counted(label, replace(each.value, unit=world.load.unit), index, (row.source,), row_words(row), row.id)
    return None


def _obstacle(world: _World, item: EarnedCredential, label: str, seen: set[tuple[str, str | None]]) -> Uncounted | None:
    """What keeps an achievement out before any rule is asked."""
    if item.stage in {"eligible", "applied"}:
        return Uncounted(label, "not granted yet", f"{label} is {item.stage}, not granted yet.")
    if (item.id, item.name) in seen:
        return Uncounted(label, "same item twice", f"{label} is listed twice and counts once.")
    events = dict(world.record.events)
    start, end = events.get(CYCLE_START), events.get(CYCLE_END)
    if start is None and end is None:
        return None
    if item.earned_on is None:
        return Uncounted(label, "date not stated", f"{label} has no date, so it cannot be placed in the cycle.")
    if (start and item.earned_on < start) or (end and item.earned_on > end):
        return Uncounted(label, "outside the cycle", f"{label} dates from {item.earned_on.isoformat()}, outside the cycle.")
    return None


def _capped(counted: list[Counted], policies: Sequence[Policy]) -> tuple[list[Counted], list[str]]:
    """Let each row supply no more than its own cap; what is cut is said."""
    caps = {row.id: row for row in policies if row.cap is not None and row.kind in {"renewal_conversion", "unit_conversion"}}
    used: dict[str, Fraction] = {}
    kept: list[Counted] = []
    effects: list[str] = []
    for entry in counted:
        row = caps.get(entry.policy_id or "")
        if row is None or row.cap is None:
            kept.append(entry)
            continue
        items = row.cap_unit == "item"
        before = used.get(row.id, Fraction(0))
        room = max(Fraction(0), row.cap - before)
        amount = entry.amount.amount
        allowed = (amount if room >= 1 else Fraction(0)) if items else min(amount, room)
        used[row.id] = before + (1 if items else allowed)
        kept.append(replace(entry, amount=replace(entry.amount, amount=allowed)))
        if allowed < amount:
            effects.append(f"{entry.label}: {show(amount - allowed)} over the cap ({row_words(row)}).")
    return kept, effects


def _unproven(load: RenewalLoad, done: Fraction) -> list[str]:
    """Shares of the load that the record cannot prove, other loads of the place, and what happens to a surplus."""
    lines: list[str] = []
    others = {option.audience for option in load.alternatives} - {load.option.audience, None}
    if others and load.target.audience is None and load.option.audience:
        lines.append(f"This is the load for {load.option.audience}; others apply to {', '.join(sorted(map(str, others)))}.")
    for part in load.parts:
        if part.audience in others or (part.amount is not None and _said_in_another_unit(load, part)):
            continue
        who = f" ({part.audience})" if part.audience and part.audience != load.option.audience else ""
        bound = "at least" if part.minimum else "at most"
        what = f"Of it {bound} {part.amount} in {part.category}" if part.amount is not None else part.rule
        lines.append(f"{what}{who}: check yours, the record does not say.")
    if done > load.option.load.amount:
        carries = {True: "carries over", False: "does not carry over", None: "may or may not carry over: no rule found"}
        lines.append(f"The surplus {carries[load.carry_over]}.")
    return lines


def _said_in_another_unit(load: RenewalLoad, part: LoadPart) -> bool:
    """Whether a share is also stated in the unit in use, so that this one would repeat it."""
    if part.amount is None or same_unit(part.amount.unit, load.unit):
        return False
    twins = [other for other in load.parts if other.category == part.category and other.audience == part.audience]
    return any(other.amount is not None and same_unit(other.amount.unit, load.unit) for other in twins)
