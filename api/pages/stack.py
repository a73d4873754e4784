"""How far a record is from its targets, as a bar; and ways to a target, side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from api.audit_schemas import AuditOut, NodeOut
from api.schemas import RouteOut, TargetRoutesOut
from pathways.units import unit_words

WIDTH = 1000
"""Units of the drawing across the bar."""


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar: its status, where it begins and how wide it is."""

    status: str
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Stack:
    """How far a record is from one target. ``unit`` is ``step`` or a unit of credit; ``amount`` is told where credits count."""

    id: str
    name: str
    earned: float
    next: float
    left: float
    unit: str
    amount: str
    proof: str

    @property
    def total(self) -> float:
        """Everything, earned or not."""
        return self.earned + self.next + self.left

    @property
    def parts(self) -> list[Part]:
        """The stretches of the bar, empty ones left out."""
        found: list[Part] = []
        at = 0
        for status, value in (("earned", self.earned), ("next", self.next), ("left", self.left)):
            wide = round(WIDTH * value / self.total) if self.total else 0
            if wide:
                found.append(Part(status, at, wide))
            at += wide
        return found


@dataclass(frozen=True, slots=True)
class Side:
    """One way to a target as a column: what it is called, and the route."""

    labels: tuple[str, ...]
    route: RouteOut


def stack_of(audit: AuditOut, routes: TargetRoutesOut | None) -> Stack | None:
    """The bar of one target; None where the catalog does not know how much is left.

    Steps that count are those the audit put somewhere; what is left comes from the shortest route.
    """
    root = audit.composed_of.root if audit.composed_of is not None else None
    if audit.target.type == "renewal":
        return None if root is None else _by_amount(audit, root)
    if routes is None or routes.remaining is None:
        return None if root is None or root.need <= 1 else _by_amount(audit, root)
    trees = [tree.root for tree in (audit.requires, audit.composed_of) if tree is not None]
    earned = len({use.id for node in chain.from_iterable(map(_nodes, trees)) for use in node.uses})
    now = min(1, routes.remaining)
    counts = root is not None and root.need > 1 and root.unit not in {"item", ""}
    amount = f"{_shown(root.have)} of {_shown(root.need)} {unit_words(root.unit, 2)}" if root is not None and counts else ""
    return Stack(audit.target.id, audit.target.name, earned, now, routes.remaining - now, "step", amount, routes.proof)


def sides(target: TargetRoutesOut) -> list[Side]:
    """Cheapest, fastest and the way by a degree, each route once, in this order; others after them."""
    marks: Mapping[str, int | None] = {"cheapest": target.cheapest, "fastest": target.fastest, "fewest steps": target.fewest_steps}
    found = []
    for number, route in enumerate(target.routes):
        labels = [label for label, at in marks.items() if at == number] + (["by way of a degree"] if route.uses_degree else [])
        found.append(Side(tuple(labels), route))
    return found


def _by_amount(audit: AuditOut, root: NodeOut) -> Stack:
    have = min(float(root.have), float(root.need))
    left = float(root.need) - have
    return Stack(audit.target.id, audit.target.name, have, 0, left, root.unit, "", "")


def _nodes(node: NodeOut) -> Iterator[NodeOut]:
    yield node
    for child in node.children:
        yield from _nodes(child)


def _shown(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
