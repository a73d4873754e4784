"""Hours, dollars and credits of a list of steps, with what is unknown kept apart.

A composed credential's own figures are totals: they stand for its parts or are left out, and are never added to them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from pathways.articulation.agreements import Agreement
from pathways.catalog.entities import Catalog
from pathways.credential import Credential, Select
from pathways.requirements.rules import Held, OpenAll, walk
from pathways.units import NOTHING, Amount


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do.

    Parameters
    ----------
    node : int
        Node of the compiled graph.
    id : str or None
        Catalog id; None for a condition or a course outside the catalog.
    name : str
    kind : str
        ``item`` is earned, ``claim`` is granted by an agreement for what is then held, ``condition`` is shown to an authority.
    agreement_id : str or None
        For claims.
    area : str or None
        Which area's version of the item.
    """

    node: int
    id: str | None
    name: str
    kind: str
    agreement_id: str | None = None
    area: str | None = None


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over steps, and the nodes whose figure nobody publishes."""

    amount: Amount
    unknown: frozenset[int]


Figure = Callable[[Credential], Fraction | None]


def hours_of(item: Credential) -> Fraction | None:
    """Published hours."""
    return item.hours


def dollars_of(item: Credential) -> Fraction | None:
    """Published list price."""
    return None if item.cost_usd is None else Fraction(item.cost_usd)


def total(
    steps: Sequence[Step], catalog: Catalog, held: frozenset[str], figure: Figure, claims: Mapping[str, Fraction | None]
) -> Total:
    """Add up one figure over steps.

    Parameters
    ----------
    steps : sequence of Step
    catalog : Catalog
    held : frozenset of str
        Ids already held.
    figure : callable
        Published figure of a credential, or None.
    claims : mapping
        Figure of each agreement id (its fee; no hours).

    Returns
    -------
    Total
        Each step counts once. A composed credential with parts among the steps counts as its parts where all of them are known,
        as its own total where that is known and no part is held or left unlisted; one whose parts are all held, or counted for
        another credential already, adds nothing.
    """
    counted: set[int] = set()

    def add(step: Step) -> Total:
        if step.node in counted:
            return Total(NOTHING, frozenset())
        counted.add(step.node)
        if step.kind == "claim":
            return _one(step.node, claims.get(step.agreement_id or ""))
        item = catalog.item(step.id) if step.id else None
        if item is None:
            return _one(step.node, None)
        parts = part_ids(catalog, item.id)
        named = [part for part in steps if part.id in parts] if parts else []  # in the order of the steps: a set has none
        inside = [part for part in named if part.node not in counted]
        if not inside:
            return Total(NOTHING, frozenset()) if named or parts & held else _one(step.node, figure(item))
        own = figure(item)
        if own is not None and not parts & held and _is_open(catalog, item.id):
            return _cover(inside, own, counted)
        below = _sum([add(part) for part in inside])
        if below.unknown and own is not None and not parts & held:
            return Total(Amount(own, 0, below.amount.items), frozenset())
        return below

    outer = {name for step in steps if step.id for name in part_ids(catalog, step.id)}
    roots = [step for step in steps if step.id not in outer]
    return _sum([add(step) for step in (*roots, *steps)])


def _cover(inside: Sequence[Step], own: Fraction, counted: set[int]) -> Total:
    counted.update(part.node for part in inside)
    return Total(Amount(own, 0, len(inside)), frozenset())


def _one(node: int, value: Fraction | None) -> Total:
    return Total(NOTHING.plus(value), frozenset([node]) if value is None else frozenset())


def _sum(totals: Sequence[Total]) -> Total:
    amounts = [part.amount for part in totals]
    known = sum((amount.known for amount in amounts), Fraction(0))
    joined = Amount(known, sum(amount.unknown_items for amount in amounts), sum(amount.items for amount in amounts))
    return Total(joined, frozenset(node for part in totals for node in part.unknown))


def part_ids(catalog: Catalog, credential_id: str) -> frozenset[str]:
    """Ids that a credential's own list names, selections expanded."""
    if not catalog.has_requirements(credential_id):
        return frozenset()
    nodes = list(walk(catalog.composed_of(credential_id)))
    named = {node.id for node in nodes if isinstance(node, Held)}
    return frozenset(named.union(*(catalog.select(node) for node in nodes if isinstance(node, Select))))


def _is_open(catalog: Catalog, credential_id: str) -> bool:
    return any(isinstance(node, OpenAll) for node in walk(catalog.composed_of(credential_id)))


def fee_of(agreement: Agreement) -> Fraction | None:
    """Published fee of claiming, where the number of credits it is charged on is known."""
    if agreement.fee_usd is None:
        return None
    fee = Fraction(agreement.fee_usd)
    if agreement.fee_per != "credit":
        return fee
    return None if agreement.credits is None or agreement.maximum else fee * agreement.credits.amount


def credits_by_unit(steps: Sequence[Step], catalog: Catalog) -> tuple[tuple[tuple[str, Fraction], ...], int]:
    """Published credits by unit, parts before totals, and how many items publish none.

    Units are never added together.
    """
    sums: dict[str, Fraction] = {}
    unknown = 0
    named = {step.id for step in steps}
    for step in steps:
        item = catalog.item(step.id) if step.id and step.kind == "item" else None
        if item is None or part_ids(catalog, item.id) & named:
            continue
        if item.credits is None:
            unknown += 1
        else:
            sums[item.credits.unit] = sums.get(item.credits.unit, Fraction(0)) + item.credits.amount
    return tuple(sorted(sums.items())), unknown
