"""What is to be planned, and what comes out: terms, items, rules and limits in; a plan or a reason out. No solver in here.

A problem is made of items and requirement trees over item ids; where it came from (a catalog, a degree sheet) is another module's
business. Amounts nobody published stay None: a limit counts what is known, and a result says how many figures it left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pathways.credential import Source
from pathways.requirements.rules import NOTHING_REQUIRED, Requirement

Season = Literal["spring", "summer", "fall", "winter"]
Objective = Literal["terms", "cost", "hours", "balance"]
#: What a plan makes small, one after the other.
USUAL_ORDER: tuple[Objective, ...] = ("terms", "cost", "hours")
#: Why an item takes a place: earned by study, asked for by an agreement, or a condition to be met (a license, an exam).
ItemKind = Literal["earn", "claim", "condition"]
FactKind = Literal[
    "goal", "prerequisite", "corequisite", "offered", "load", "minimum load", "budget", "deadline", "hours", "cap", "pin",
    "excluded",
    "expiry", "closed", "groups", "no route",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlanTerm:
    """One term of the horizon, in calendar order; ``name`` such as ``Fall 2026``."""

    name: str
    season: Season
    start: date
    end: date

    @property
    def weeks(self) -> Fraction:
        """Length in weeks."""
        return Fraction((self.end - self.start).days + 1, 7)


@dataclass(frozen=True, slots=True)
class PlanItem:
    """Something that can be placed in a term, once.

    Parameters
    ----------
    load : Fraction
        What it weighs against the load of a term (credits, as a rule). Zero for conditions and most claims.
    hours, usd : Fraction or None, Decimal or None
        None where nobody published them.
    offered : frozenset of int or None
        Terms it is given in; None means any.
    requires : Requirement
        Over item ids; must hold by the end of an earlier term.
    corequisites : Requirement
        Must hold by the end of the same term.
    valid_terms : int or None
        For how many terms after its own it counts; None means it does not lapse within the horizon.
    is_unweighed : bool
        Whether it carries credits that nobody published: ``load`` is then zero for want of a figure.
    group : str or None
        Cap group it belongs to (articulated credit, say).
    sources : tuple of Source
        Where its facts were read.
    """

    id: str
    name: str
    kind: ItemKind = "earn"
    load: Fraction = Fraction(0)
    hours: Fraction | None = None
    usd: Decimal | None = None
    offered: frozenset[int] | None = None
    requires: Requirement = NOTHING_REQUIRED
    corequisites: Requirement = NOTHING_REQUIRED
    valid_terms: int | None = None
    group: str | None = None
    sources: tuple[Source, ...] = ()
    is_unweighed: bool = False

    @property
    def is_unpriced(self) -> bool:
        """Whether a price is missing. A condition is confirmed, not bought: it has a price only where a page names a fee."""
        return self.usd is None and self.kind != "condition"

    @property
    def is_untimed(self) -> bool:
        """Whether hours are missing; a condition has some only where a page names them."""
        return self.hours is None and self.kind != "condition"


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so much credit (load) of one group of items in the whole plan."""

    group: str
    most: Fraction
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """Something left out or assumed about some items (``about``: id and name of each).

    ``one`` and ``many`` are its words for one item and for more; ``{names}`` and ``{count}`` stand for the items.
    """

    one: str
    many: str
    about: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Everything a plan has to respect.

    Parameters
    ----------
    goal : Requirement
        Over item ids; must hold at the end of the last term (and, with lapsing items, hold then).
    items : mapping of str to PlanItem
    terms : tuple of PlanTerm
        The horizon. ``deadline`` is the index of the last term that may be used (None: all of them).
    held : frozenset of str
        Ids done before the first term; they count everywhere and take no place. ``held_until`` says after which term index a held
        id stops counting (missing: never within the horizon).
    load_min, load_max : Fraction
        For every term that is used at all; ``load_of_term`` overrides the maximum of single terms.
    hours_per_week : Fraction or None
        Against the known hours of a term's items and the weeks of the term.
    budget : Decimal or None
        Against the known prices of the whole plan.
    pins : mapping of str to int
        Item to the term it must stand in.
    excluded, required : frozenset of str
        Items that must not, and must, be used.
    optional : frozenset of str
        Items that may be used though nothing needs them, to fill a term up to its least load.
    notes : tuple of str
        What the problem leaves out or assumes as a whole, for the reader of a plan.
    remarks : tuple of Remark
        The same of single items: a plan tells those of its own.
    """

    goal: Requirement
    items: Mapping[str, PlanItem]
    terms: tuple[PlanTerm, ...]
    name: str = "the goal"
    held: frozenset[str] = frozenset()
    held_until: Mapping[str, int] = field(default_factory=dict)
    load_min: Fraction = Fraction(0)
    load_max: Fraction = Fraction(9)
    load_of_term: Mapping[int, Fraction] = field(default_factory=dict)
    hours_per_week: Fraction | None = None
    budget: Decimal | None = None
    deadline: int | None = None
    pins: Mapping[str, int] = field(default_factory=dict)
    excluded: frozenset[str] = frozenset()
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    caps: tuple[Cap, ...] = ()
    objective: tuple[Objective, ...] = USUAL_ORDER
    goal_sources: tuple[Source, ...] = ()
    load_unit: str = "semester"
    notes: tuple[str, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """One item in one term (index into ``problem.terms``)."""

    item: str
    term: int


@dataclass(frozen=True, slots=True)
class Proof:
    """How far a plan is proven best, in the objective order.

    ``status`` is ``optimal`` or ``feasible``; ``bounds`` has a proven lower bound for each, ``values`` what the plan reaches.
    ``unpriced`` and ``untimed`` count items of the plan whose figure nobody published, conditions aside: the proof is over the
    known ones.
    """

    status: Literal["optimal", "feasible"]
    objective: tuple[Objective, ...]
    values: tuple[Fraction, ...]
    bounds: tuple[Fraction, ...]
    unpriced: int = 0
    untimed: int = 0
    method: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A schedule that respects the whole problem. ``placed`` is ordered by term, then by item id."""

    placed: tuple[Placed, ...]
    terms_used: int
    usd: Decimal
    hours: Fraction
    load: Fraction
    proof: Proof


@dataclass(frozen=True, slots=True)
class PlanFact:
    """One fact a reason rests on: its kind, which item, group or term it is about, what it says, and where it was read."""

    kind: FactKind
    about: str
    text: str
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One change that was solved again and makes a plan possible: that plan, and how much is given up (in its own unit)."""

    text: str
    kind: FactKind
    cost: Fraction
    plan: Plan
    problem: Problem


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No plan, and why. Dropping any one fact (or the whole set) is what the reason claims: the set alone is impossible.

    ``minimal`` is False where the time limit ended the search for a smaller set; ``text`` tells it from the goal downward.
    """

    facts: tuple[PlanFact, ...]
    minimal: bool
    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Undecided:
    """The time limit ended the search with neither a plan nor a proof that there is none."""

    text: str
    seconds: float


Result = Plan | Infeasible | Undecided


@dataclass(frozen=True, slots=True)
class PlanProgress:
    """Stage of the search, and for the objective now being worked on the best value so far and the proven bound."""

    stage: str
    incumbent: Fraction | None
    bound: Fraction | None
