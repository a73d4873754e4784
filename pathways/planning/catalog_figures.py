"""Loads, prices, hours and dates of catalog items as a plan needs them.

Credits become semester credits; other units weigh nothing and are named in a note. A composed credential's own totals are never
added to those of its parts: each counts only where no part states its own. Courses an open list leaves to the learner are parts
with credits. A program larger than the load of a term is spread over several.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Select
from pathways.planning.problem import PlanItem, PlanTerm
from pathways.requirements.conditions import add_months
from pathways.requirements.rules import AllOf, Held, walk
from pathways.units import CreditValue, convert, converts

#: Types that carry credits by their nature. A badge need not.
_CREDITED = frozenset({"course", "program", "certificate", "degree"})


def semester_credits(value: CreditValue | None) -> Fraction | None:
    """Credits as semester credits; None where unknown or in a unit that does not convert by definition."""
    if value is None or not converts(value.unit, "semester"):
        return None
    return convert(value.amount, value.unit, "semester")


def figures_of(item: Credential, catalog: Catalog) -> tuple[Fraction, Fraction | None, Decimal | None]:
    """Load, hours and price an item adds to a plan that also has its parts."""
    load = semester_credits(item.credits) or Fraction(0)
    parts = _parts_below(item.id, catalog)
    is_open = any(isinstance(node, Select) and node.open for node in walk(catalog.composed_of(item.id)))
    if is_open or any(semester_credits(part.credits) is not None for part in parts):
        load = Fraction(0)
    if not parts:
        return load, item.hours, item.cost_usd
    return (
        load,
        Fraction(0) if item.hours is None or any(part.hours is not None for part in parts) else item.hours,
        Decimal(0) if item.cost_usd is None or any(part.cost_usd is not None for part in parts) else item.cost_usd,
    )


def lacks_credits(item: Credential, catalog: Catalog) -> bool:
    """Whether an item carries credits by its nature and nobody published how many; a whole has those of its parts."""
    return item.type in _CREDITED and item.credits is None and not catalog.parts.get(item.id)


def _parts_below(credential_id: str, catalog: Catalog) -> list[Credential]:
    """Every catalog item below a composed credential, at any depth."""
    seen = {credential_id}
    queue = [credential_id]
    while queue:
        for part in sorted(catalog.parts.get(queue.pop(), ())):
            if part not in seen and catalog.item(part) is not None:
                seen.add(part)
                queue.append(part)
    return [catalog.credentials[part] for part in sorted(seen - {credential_id})]


def fee_of(agreement: Agreement) -> Decimal | None:
    """Price of having an agreement posted once."""
    if agreement.fee_usd is None or agreement.fee_per != "credit":
        return agreement.fee_usd
    if agreement.credits is None:
        return None
    amount = agreement.credits.amount
    return agreement.fee_usd * amount.numerator / amount.denominator


def terms_within(terms: Sequence[PlanTerm], first: date | None, last: date | None) -> frozenset[int] | None:
    """Terms that lie whole between two days, both included; None where neither day is known."""
    if first is None and last is None:
        return None
    return frozenset(
        number for number, term in enumerate(terms) if (first is None or first <= term.start) and (last is None or term.end <= last)
    )


def terms_offered(item: Credential, terms: Sequence[PlanTerm]) -> frozenset[int] | None:
    """Terms an item can be earned in: none where it is retired and no page says until when."""
    ends = [day for day in (item.retired_on, item.offer_until) if day is not None]
    if item.status == "retired" and not ends:
        return frozenset()
    return terms_within(terms, item.offer_from, min(ends, default=None))


def terms_valid(months: int | None, terms: Sequence[PlanTerm]) -> int | None:
    """For how many terms after its own an item counts, whichever term that is; None where the horizon ends sooner."""
    if months is None:
        return None
    counts = []
    for number, term in enumerate(terms):
        until = add_months(term.end, months)
        later = [other for other in range(number, len(terms)) if terms[other].end <= until]
        if later[-1] < len(terms) - 1:
            counts.append(later[-1] - number)
    return min(counts, default=None)


def stretches(load: Fraction, load_max: Fraction) -> int:
    """In how many terms a load has to be carried; 1 where no term carries any."""
    return max(1, math.ceil(load / load_max)) if load_max > 0 else 1


def spread(items: Mapping[str, PlanItem], whole: Collection[str], load_max: Fraction) -> dict[str, PlanItem]:
    """Items with a load above that of a term as equal stretches in different terms, the item itself last.

    Parameters
    ----------
    items : mapping of str to PlanItem
    whole : collection of str
        Ids that are not divided: courses and what is held.
    load_max : Fraction
        Most load of a term.

    Returns
    -------
    dict of str to PlanItem
        With further items ``id~part1`` ... before each divided one. The price stands at the item itself; hours are divided.
    """
    found = dict(items)
    for name, item in items.items():
        count = 1 if name in whole else stretches(item.load, load_max)
        if count < 2:
            continue
        hours = None if item.hours is None else item.hours / count
        stretch = replace(item, load=item.load / count, hours=hours)
        before = item.requires
        for number in range(1, count):
            part = f"{name}~part{number}"
            found[part] = replace(
                stretch, id=part, name=f"{item.name} ({number} of {count})", usd=Decimal(0), requires=before,
                corequisites=AllOf(()), valid_terms=None,
            )  # fmt: skip
            before = AllOf((item.requires, Held(part)))
        found[name] = replace(stretch, requires=before)
    return found
