"""Sourced conversions: what one item, credit or hour is worth in the unit of a place.

Only a policy row of the place converts; semester and quarter credit also convert by definition. Amounts of different units are
never added, and a row that is unverified or superseded converts nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pathways.articulation.policies import Policy, PolicyKind
from pathways.credential import Credential, matches
from pathways.places import Place, binds
from pathways.requirements.verdicts import Facts
from pathways.units import CreditValue, convert, converts

Basis = Literal["item", "credits", "hours"]

#: Names of one hour of training as policies write them. They say what is converted *from*; hours of a load stay their own unit.
HOUR_UNITS = frozenset({"hour", "contact hour", "clock hour", "training hour", "professional development hour", "learning hour"})
#: What one "item" of a row that names no items can be: rows of that form speak of micro-credentials.
ITEM_TYPES = frozenset({"badge", "micro-credential"})


@dataclass(frozen=True, slots=True)
class Conversion:
    """What something is worth by one policy row; ``basis`` says which of its figures was converted."""

    value: CreditValue
    policy: Policy
    basis: Basis


def unit_key(unit: str) -> str:
    """A unit's name without case, plural and the word "credit" of semester and quarter credit.

    Examples
    --------
    >>> unit_key("Act 48 hours"), unit_key("PDP"), unit_key("semester credits")
    ('act 48 hour', 'pdp', 'semester')
    """
    words = unit.casefold().split()
    if words and words[0] in {"semester", "quarter"}:
        return words[0]
    last = words[-1][:-1] if words and len(words[-1]) > 3 and words[-1].endswith("s") else "".join(words[-1:])
    return " ".join([*words[:-1], last])


def same_unit(one: str, other: str) -> bool:
    """Whether two names mean one unit."""
    return unit_key(one) == unit_key(other)


def binds_here(rule: Place, here: Place) -> bool:
    """Whether a rule of a state or district binds a person here.

    A rule without a state (or, abroad, without a nation) is no rule of the place: it never answers for one.
    """
    named = rule.state is not None or rule.district is not None or (rule.nation is not None and rule.nation != "US")
    return named and binds(rule, here)


def names_item(policy: Policy, credential_id: str, facts: Facts) -> bool:
    """Whether a row names this item, a generic id standing for it, or a selection it belongs to."""
    if not isinstance(policy.applies_to, tuple):
        item = facts.item(credential_id)
        return item is not None and matches(policy.applies_to, item)
    return any(key in policy.applies_to for key in (credential_id, *facts.generics_of(credential_id)))


def covers_item(policy: Policy, item: Credential | None, credential_id: str, facts: Facts) -> bool:
    """Whether a row may be read for this item: it names it, or it names none and the item is of a fitting kind."""
    if policy.applies_to != ():
        return names_item(policy, credential_id, facts)
    return policy.from_unit != "item" or (item is not None and item.type in ITEM_TYPES)


def conversions(
    credential_id: str,
    facts: Facts,
    policies: Sequence[Policy],
    *,
    place: Place,
    credits: CreditValue | None = None,  # noqa: A002
    kinds: Iterable[PolicyKind] = ("renewal_conversion", "unit_conversion"),
) -> tuple[Conversion, ...]:
    """Everything an item is worth by the rows of a place, each in its own unit.

    Parameters
    ----------
    credential_id : str
        Catalog id, or an ``own:`` id (then only ``credits`` can be converted).
    facts : Facts
        The catalog.
    policies : sequence of Policy
        All rows; those of other places, or that cannot be computed, are passed over.
    place : Place
        Where the person works.
    credits : CreditValue, optional
        Credits of the learner's own record; otherwise the catalog's.
    kinds : iterable of str
        Which kinds of rows convert.

    Returns
    -------
    tuple of Conversion
        In row order. Superseded and unverified rows are included: the caller says so beside them.
    """
    item = facts.item(credential_id)
    own = credits or (item.credits if item else None)
    hours = item.hours if item else None
    wanted = frozenset(kinds)
    rows = [row for row in policies if row.kind in wanted and row.factor is not None and binds_here(row.place, place)]
    exact = {unit_key(row.from_unit) for row in rows if row.from_unit}
    found: list[Conversion] = []
    for row in rows:
        if not row.computable or not covers_item(row, item, credential_id, facts):
            continue
        converted = _by_row(row, own, hours, exact)
        if converted is not None:
            found.append(converted)
    # A row on the item itself is more specific than rows on hours or credits: 6 points a badge, not 1 for each of its hours.
    special = {unit_key(each.value.unit) for each in found if each.basis == "item" and each.policy.standing == "current"}
    return tuple(each for each in found if each.basis == "item" or unit_key(each.value.unit) not in special)


def _by_row(row: Policy, own: CreditValue | None, hours: Fraction | None, exact: set[str]) -> Conversion | None:
    if row.factor is None or row.from_unit is None or row.to_unit is None:
        return None
    start = unit_key(row.from_unit)
    if start == "item":
        return Conversion(CreditValue(row.factor, row.to_unit), row, "item")
    if own is not None:
        amount = amount_in(own, start, exact)
        if amount is not None:
            return Conversion(CreditValue(amount * row.factor, row.to_unit), row, "credits")
    if start in HOUR_UNITS and hours is not None:
        return Conversion(CreditValue(hours * row.factor, row.to_unit), row, "hours")
    return None


def amount_in(value: CreditValue, unit: str, exact: set[str]) -> Fraction | None:
    """An amount in the unit a row converts from; None where it is another unit.

    Semester and quarter credit stand in for each other by definition, unless the place has a row for the unit itself
    (``exact``): South Carolina's 13 for a quarter credit is not two thirds of its 20 for a semester credit.
    """
    own = unit_key(value.unit)
    if own == unit:
        return value.amount
    if converts(own, unit) and own not in exact:
        return convert(value.amount, own, unit)
    return None
