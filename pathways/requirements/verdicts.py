"""What an audit says: truth for each node, what counts where, what is spare, what could be claimed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import IntEnum
from fractions import Fraction
from typing import Literal, Protocol

from pathways.credential import Credential, Select, Source
from pathways.places import ANYWHERE, Place
from pathways.requirements.rules import Node, NoneOf
from pathways.units import CreditValue


class Truth(IntEnum):
    """Kleene truth, ordered: the minimum is AND, the maximum is OR."""

    UNMET = 0
    UNKNOWN = 1
    MET = 2


class Facts(Protocol):
    """What an audit may ask of a catalog."""

    def item(self, credential_id: str) -> Credential | None:
        """One credential, or None."""

    def select(self, selection: Select) -> tuple[str, ...]:
        """Ids a selection means."""

    def generics_of(self, credential_id: str) -> tuple[str, ...]:
        """Generic ids that stand for an item."""


@dataclass(frozen=True, slots=True)
class Offer:
    """Something the learner may claim now: by an agreement, or because its own list is complete.

    Parameters
    ----------
    to_id : str or None
        Catalog id of what may be claimed; None where an agreement names it only in words (``to_text``).
    name : str or None
        Which one, where ``to_id`` is generic and can be claimed once per differently named item.
    uses : tuple of int
        Indices into ``record.achievements`` of what it rests on (all needed).
    agreement_id : str or None
        None when the awarder's own list is complete.
    via : tuple of str
        Ids that must be claimed first (a chain of offers), nearest last.
    place : Place
        Of the institution that posts it.
    """

    to_id: str | None
    to_text: str
    institution: str
    uses: tuple[int, ...]
    agreement_id: str | None
    conditions: str
    source: Source
    name: str | None = None
    credits: CreditValue | None = None
    maximum: bool = False
    fee_usd: Decimal | None = None
    fee_per: Literal["item", "credit"] | None = None
    approval_first: bool = False
    via: tuple[str, ...] = ()
    place: Place = ANYWHERE


@dataclass(frozen=True, slots=True)
class Use:
    """One achievement counting at one node; ``credits`` is how much of it counts there, in the node's unit."""

    achievement: int
    credits: Fraction | None = None


SpareReason = Literal[
    "over the minimum", "over a cap", "counted in another group", "expired", "too old", "grade too low", "grade not stated",
    "date not stated", "other unit", "other level", "credits not stated", "not granted yet", "same item twice", "level not stated",
    "area not stated",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Spare:
    """One achievement, or part of it, that a node could not use, and why."""

    achievement: int
    reason: SpareReason
    credits: Fraction | None = None


@dataclass(frozen=True, slots=True)
class AuditNode:
    """The verdict on one node of the tree.

    Parameters
    ----------
    have, need : Fraction
        Progress in ``unit``: items for lists and counts, credits for credit rules, one for a single condition.
    notes : tuple of str
        Plain sentences: why it is unknown, what disagrees, who must confirm.
    claims : tuple of Offer
        What could be claimed now and would count here. A claim never makes a node met.
    """

    rule: Node
    truth: Truth
    have: Fraction
    need: Fraction
    unit: str
    children: tuple[AuditNode, ...] = ()
    uses: tuple[Use, ...] = ()
    spare: tuple[Spare, ...] = ()
    claims: tuple[Offer, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def in_progress(self) -> bool:
        """Whether something already counts, here or further down, although the node is not met; what must not be held does not."""
        stack = [self]
        while stack and self.truth is not Truth.MET:
            node = stack.pop()
            if node.have > 0 or node.claims:
                return True
            stack.extend(() if isinstance(node.rule, NoneOf) else node.children)
        return False


@dataclass(frozen=True, slots=True)
class Pin:
    """The learner's or advisor's word where an achievement counts: a named group of a ``groups`` rule."""

    achievement: int
    group: str


@dataclass(frozen=True, slots=True)
class Expiring:
    """An achievement that now counts and will stop counting on a day (its own expiry, or the end of a window)."""

    achievement: int
    last_day: date
    why: str


@dataclass(frozen=True, slots=True)
class Audit:
    """A tree against a record. ``refused_pins`` says why each pin that could not be honored was not."""

    root: AuditNode
    expiring: tuple[Expiring, ...] = ()
    refused_pins: tuple[tuple[Pin, str], ...] = ()

    @property
    def truth(self) -> Truth:
        """The verdict on the whole tree."""
        return self.root.truth
