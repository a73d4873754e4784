"""What would close the rest of a renewal: for each sourced conversion of the place, how many are needed and what is spare."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from pathways.articulation.agreements import Agreement
from pathways.articulation.conversion import HOUR_UNITS, binds_here, names_item, same_unit, unit_key
from pathways.articulation.ledger import row_words
from pathways.articulation.policies import Policy
from pathways.articulation.renewal_load import RenewalProgress
from pathways.credential import Source
from pathways.requirements.verdicts import Facts
from pathways.units import CreditValue, show, unit_words

_PER = re.compile(r"\b(?:per|for one) ([^,;(]+)")
#: Nouns that take the plural in a row's own words; the first one found does.
_NOUN = re.compile(r"micro-?credential|credential|credit|hour|badge|unit")


@dataclass(frozen=True, slots=True)
class RenewalWay:
    """One way to close what remains, all by the same kind of item.

    Parameters
    ----------
    count : int
        How many are needed.
    each : CreditValue
        What one is worth, in the unit of the load.
    surplus : CreditValue
        What they supply beyond what remains.
    thing : str
        What one is, in the words of the row, in the number that fits ``count``.
    items : tuple of str
        Candidates that the row names, in the order given.
    approved_only : bool
        Whether the row speaks of approved items only.
    """

    count: int
    each: CreditValue
    surplus: CreditValue
    thing: str
    items: tuple[str, ...]
    approved_only: bool
    sources: tuple[Source, ...]
    basis: str
    notes: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """``2 graduate or semester credits (10 PDP each; 8 spare)``."""
        spare = f"; {show(self.surplus.amount)} spare" if self.surplus.amount else ""
        return f"{self.count} {self.thing} ({self.each} each{spare})"


def ways(
    done: RenewalProgress,
    policies: Sequence[Policy],
    agreements: Sequence[Agreement],
    *,
    facts: Facts,
    candidates: Iterable[str] = (),
) -> tuple[RenewalWay, ...]:
    """Each current rule of the place that could close the rest by itself.

    Parameters
    ----------
    done : RenewalProgress
        Where the learner stands.
    policies, agreements : sequences
        All rows; those of the place that end in the unit of the load are used.
    facts : Facts
        Names of the items agreements start from.
    candidates : iterable of str
        Ids among which the items of a rule are listed.

    Returns
    -------
    tuple of RenewalWay
        In row order; empty where nothing remains or no rule converts. A superseded or unverified row is a note, never a way.
    """
    if done.remaining.amount == 0:
        return ()
    pool = tuple(candidates)
    place = done.load.target.place
    rows = [
        row for row in policies
        if row.kind in {"renewal_conversion", "unit_conversion"} and row.factor and row.to_unit
        and same_unit(row.to_unit, done.unit) and binds_here(row.place, place)
    ]  # fmt: skip
    caps = [row for row in policies if row.kind == "renewal_load" and row.cap is not None and binds_here(row.place, place)]
    found = [
        _by_policy(done, row, rows, caps=caps, pool=pool, facts=facts)
        for row in rows
        if row.computable and row.standing == "current"
    ]
    for agreement in agreements:
        if agreement.kind != "renewal" or not binds_here(agreement.place, place) or len(agreement.from_ids) != 1:
            continue
        ended = agreement.effective_until is not None and agreement.effective_until < done.on
        if agreement.credits is None or not same_unit(agreement.credits.unit, done.unit) or not agreement.credits.amount or ended:
            continue
        found = _with_agreement(done, found, agreement, rows, facts)
    return tuple(found)


def _sized(done: RenewalProgress, each: Fraction) -> tuple[int, CreditValue, CreditValue]:
    count = math.ceil(done.remaining.amount / each)
    return count, replace(done.remaining, amount=each), replace(done.remaining, amount=count * each - done.remaining.amount)


def _by_policy(
    done: RenewalProgress, row: Policy, rows: list[Policy], *, caps: list[Policy], pool: tuple[str, ...], facts: Facts
) -> RenewalWay:
    count, each, surplus = _sized(done, row.factor or Fraction(1))
    items = tuple(key for key in pool if names_item(row, key, facts)) if row.applies_to != () else ()
    others = [
        other for other in rows if other is not row and other.from_unit == row.from_unit and other.applies_to == row.applies_to
    ]
    notes = tuple(f"Also read, {_standing(other)}: {row_words(other)}." for other in others if _standing(other))
    if row.cap is not None and row.cap < count * (1 if row.cap_unit == "item" else each.amount):
        notes = (*notes, f"A cap applies: {row_words(row)}.")
    unit = row.from_unit or "item"
    notes += tuple(f"A cap applies: {row_words(cap)}." for cap in caps if cap.cap_unit and same_unit(cap.cap_unit, unit))
    approved = "approved" in row.rule.casefold().split()
    return RenewalWay(count, each, surplus, thing(row, count), items, approved, (row.source,), row.id, notes)


def _standing(row: Policy) -> str:
    if row.standing != "current":
        return row.standing
    return "" if row.computable else "for another outcome"


def _with_agreement(
    done: RenewalProgress, found: list[RenewalWay], agreement: Agreement, rows: list[Policy], facts: Facts
) -> list[RenewalWay]:
    """Add an agreement as a way of its own, or as a further source of the row that says the same."""
    assert agreement.credits is not None
    start = agreement.from_ids[0]
    by_id = {row.id: row for row in rows}
    for index, way in enumerate(found):
        row = by_id.get(way.basis)
        if row is not None and way.each.amount == agreement.credits.amount and row.applies_to and names_item(row, start, facts):
            conditions = (agreement.conditions,) if agreement.conditions and way.notes.count(agreement.conditions) == 0 else ()
            sources = tuple(dict.fromkeys((*way.sources, agreement.source)))
            return [*found[:index], replace(way, sources=sources, notes=(*way.notes, *conditions)), *found[index + 1 :]]
    count, each, surplus = _sized(done, agreement.credits.amount)
    item = facts.item(start)
    name = item.name if item else start
    # A cataloged item can be earned once; only a generic id stands for as many as are needed.
    if count > 1 and not (item is not None and item.generic):
        return found
    notes = (agreement.conditions,) if agreement.conditions else ()
    approved = agreement.approval_first
    return [*found, RenewalWay(count, each, surplus, f"of: {name}", (start,), approved, (agreement.source,), agreement.id, notes)]


def thing(row: Policy, count: int) -> str:
    """What one unit of a row is, in the row's own words where they are of use, else by its unit.

    The words after "per" or "for one" are used unless they name the target unit (hours *per renewal credit* are read from the
    other side).
    """
    unit = row.from_unit or "item"
    match = _PER.search(row.rule)
    words = match.group(1).strip() if match else ""
    if not words or (row.to_unit and unit_key(row.to_unit) in words.casefold()):
        words = ""
    if unit_key(unit) in HOUR_UNITS:
        hours = _plural(words, count) if words.startswith("hour") else unit_words("hour of training", 1).replace("hour", "hours")
        return f"{hours}, for example {count} one-hour sessions" if count > 1 else hours
    if words:
        return _plural(words, count)
    return unit_words(unit, count)


def _plural(words: str, count: int) -> str:
    match = _NOUN.search(words)
    if count == 1 or match is None:
        return words
    return f"{words[: match.end()]}s{words[match.end() :]}"
