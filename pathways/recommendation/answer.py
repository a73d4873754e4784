"""The question and the answer of a recommendation, as values.

Everything a face prints comes from here: the command line, the API and the pages render the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from pathways.articulation.value import ValueHere
from pathways.credential import Credential, Source
from pathways.graph.routes import Comparison, Route
from pathways.record import LearnerRecord
from pathways.requirements.verdicts import Offer

Action = Literal["earn", "claim", "renew", "post"]
Proof = Literal["proven", "bounds", "listed parts only", "requirements not in this catalog", "unreachable"]
ReasonKind = Literal[
    "goal", "closes", "target", "part_of", "unlocks", "ready", "renewal", "pay", "degree", "limits", "recognition", "evidence",
    "novelty", "claim", "renew",
]  # fmt: skip
WarningKind = Literal[
    "approval first", "no outcome study", "another place", "over budget", "over time", "price unknown", "time unknown", "list open",
    "retired soon", "offer window", "expires", "status unknown", "inferred", "conflict", "not transcripted", "copy of a page",
]  # fmt: skip
AUTHORITY_WARNING = "Don't enroll or pay until HR or the registrar approves in writing."


@dataclass(frozen=True, slots=True)
class Question:
    """What the learner asks.

    Parameters
    ----------
    goal : str
        In the learner's own words; may be empty only where ``targets`` is not.
    targets : tuple of str
        Catalog ids, or ``renewal:US-TN``.
    excluded : tuple of str
        Ids the learner does not want to see.
    k : int
        Steps to show, 1 to 50.
    on : date
        The day the question is asked; passed in, never read from a clock here.
    """

    goal: str
    record: LearnerRecord
    on: date
    targets: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    k: int = 5

    @property
    def weeks(self) -> float | None:
        """Weeks from the day of the question to the learner's deadline; None without one, never negative."""
        deadline = self.record.limits.deadline
        return None if deadline is None else max((deadline - self.on).days, 0) / 7


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with its source, or a computed one (``source`` None) that rests on the catalog as a whole."""

    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is shown: a kind, a sentence, the facts behind it."""

    kind: ReasonKind
    text: str
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Warn:
    """What to know before acting. A warning never blocks."""

    kind: WarningKind
    text: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something still needed before a step may start: a catalog id or a condition in words; unknown ones must be confirmed."""

    text: str
    id: str | None
    truth: Literal["unmet", "unknown"]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class TargetEffect:
    """What a step does for one target: steps left before and after it, and how far that is proven."""

    id: str
    name: str
    remaining_before: int | None
    remaining_after: int | None
    proof: Proof
    unit: str = "steps"


@dataclass(frozen=True, slots=True)
class Score:
    """The parts of the fit, each between 0 and 1, in the order of the documented weight table."""

    parts: tuple[tuple[str, float], ...]
    fit: int


@dataclass(frozen=True, slots=True)
class Step:
    """One ranked next step."""

    rank: int
    action: Action
    credential: Credential
    score: Score
    ready: Literal["yes", "no", "unknown"]
    missing: tuple[Missing, ...]
    targets: tuple[TargetEffect, ...]
    value: ValueHere
    reasons: tuple[Reason, ...]
    warnings: tuple[Warn, ...]
    also: tuple[str, ...] = ()
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """A credential the learner is close to without having asked for it."""

    credential: Credential
    remaining: int
    missing: tuple[str, ...]
    proof: Proof


@dataclass(frozen=True, slots=True)
class TargetRoutes:
    """Ways to one target, ordered, with what may be said of them."""

    id: str
    name: str
    remaining: int | None
    proof: Proof
    routes: tuple[Route, ...]
    comparison: Comparison | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """Something that leads nowhere the learner may think it does."""

    id: str
    text: str
    kind: Literal["closed", "no license", "not counted", "no route", "spare"]
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question to put in writing, and to whom."""

    whom: str
    question: str
    about: str
    source: Source | None = None


@dataclass(frozen=True, slots=True)
class RenewalAnswer:
    """A renewal target's state in words and numbers, ready to show."""

    id: str
    load: str
    done: str
    remaining: str
    ways: tuple[Fact, ...]
    notes: tuple[Fact, ...]
    is_done: bool = False


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A whole answer. ``steps`` may be empty: then ``message`` says why."""

    question: Question
    data_version: str
    model: str
    steps: tuple[Step, ...]
    near: tuple[Near, ...]
    routes: tuple[TargetRoutes, ...]
    dead_ends: tuple[DeadEnd, ...]
    ask: tuple[Ask, ...]
    renewals: tuple[RenewalAnswer, ...]
    claims: tuple[Offer, ...]
    message: str = ""
    notes: tuple[Fact, ...] = ()


def usd(value: Decimal) -> str:
    """Money as people write it: ``$50``, ``$49.50``, ``$1,900``."""
    return f"${value:,.0f}" if value == value.to_integral_value() else f"${value:,.2f}"
