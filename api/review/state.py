"""What a decision does to a match: a pure state machine, so that undo can be proven to lead back.

A match is open, skipped, approved or rejected. Deciding needs an open or skipped one; to decide otherwise afterwards one undoes, or
dissents. A dissent changes nothing until a third person settles it. Leaves out storing and who may do what.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal, get_args

from api.review.errors import DecisionError

State = Literal["open", "skipped", "approved", "rejected"]
Kind = Literal["approve", "approve_changed", "reject", "skip", "undo", "dissent", "uphold", "overturn", "reopen"]
ReasonCode = Literal[
    "outcomes_covered", "precedent", "faculty_review", "content_gap", "level", "hours", "assessment", "evidence_missing",
    "wrong_course", "not_transferable", "mistake", "text_changed", "other",
]  # fmt: skip
REASON_CODES: tuple[ReasonCode, ...] = get_args(ReasonCode)
#: Kinds whose reason must be said in words too.
IN_WORDS: frozenset[Kind] = frozenset({"approve_changed", "reject", "dissent", "uphold", "overturn"})
_AFTER: dict[Kind, State] = {"approve": "approved", "approve_changed": "approved", "reject": "rejected", "skip": "skipped"}
SHORTEST_REASON = 3


@dataclass(frozen=True, slots=True)
class Changes:
    """What is approved otherwise than proposed; None leaves a thing as it is."""

    credits: Decimal | None = None
    min_grade: str | None = None
    expires_on: date | None = None
    conditions: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is changed."""
        return self == Changes()


@dataclass(frozen=True, slots=True)
class Decision:
    """One row: what was decided, why, on what that rested, and what the match was before.

    Parameters
    ----------
    number : int
        From 1 on, in the order decisions were made.
    settles : int or None
        Number of the dissent that this row settles.
    seen_probability, seen_model : float or None, str
        What the person saw.
    before_state, before_current : str, int
        What undo leads back to.
    """

    number: int
    match_version: int
    kind: Kind
    reason_code: ReasonCode
    reason: str
    person_id: str
    at: str
    changes: Changes = field(default_factory=Changes)
    settles: int | None = None
    seen_probability: float | None = None
    seen_model: str = ""
    before_state: State = "open"
    before_current: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a match stands: its state, the number of the decision that made it so (0: none), and dissents nobody settled."""

    state: State = "open"
    current: int = 0
    disputed: tuple[int, ...] = ()
    count: int = 0


def after(standing: Standing, wanted: Decision, history: tuple[Decision, ...]) -> tuple[Standing, Decision]:
    """The standing after a decision, and the decision with its number and what it followed.

    Parameters
    ----------
    standing : Standing
    wanted : Decision
        Its number and ``before_*`` are set here.
    history : tuple of Decision
        All decisions so far, in order.

    Raises
    ------
    DecisionError
        If it is not possible in this standing, or lacks its reason.
    """
    _check_reason(wanted)
    row = replace(wanted, number=standing.count + 1, before_state=standing.state, before_current=standing.current)
    following = replace(standing, count=row.number)
    match wanted.kind:
        case "approve" | "approve_changed" | "reject" | "skip":
            _check_open(standing)
            if (wanted.kind == "approve_changed") == wanted.changes.is_empty:
                what = "Name at least one change." if wanted.changes.is_empty else "Changes need “approve with changes”."
                raise DecisionError("changes", what)
            following = replace(following, state=_AFTER[wanted.kind], current=row.number)
        case "undo":
            if not standing.current:
                raise DecisionError("kind", "Nothing was decided, so there is nothing to undo.")
            undone = history[standing.current - 1]
            # Dissents about the undone decision are moot with it.
            left = tuple(number for number in standing.disputed if number < undone.number)
            following = replace(following, state=undone.before_state, current=undone.before_current, disputed=left)
        case "dissent":
            by = _decider(standing, history)
            if by == wanted.person_id:
                raise DecisionError("kind", "You made this decision yourself: undo it instead.")
            following = replace(following, disputed=(*standing.disputed, row.number))
        case "uphold" | "overturn":
            following = _settled(standing, row, history, following)
        case "reopen":
            following = Standing(count=row.number)
    return following, row


def replayed(history: Iterable[Decision]) -> Standing:
    """Where a match stands after these decisions, in order."""
    standing = Standing()
    past: tuple[Decision, ...] = ()
    for one in history:
        standing, _ = after(standing, one, past)
        past = (*past, one)
    return standing


def _check_reason(wanted: Decision) -> None:
    if wanted.reason_code not in REASON_CODES:
        raise DecisionError("reason_code", f"Choose a reason code: {', '.join(REASON_CODES)}.")
    if wanted.kind in IN_WORDS and len(wanted.reason.strip()) < SHORTEST_REASON:
        raise DecisionError("reason", "Say why, in words that a colleague will understand in a year.")


def _check_open(standing: Standing) -> None:
    if standing.state in {"approved", "rejected"}:
        raise DecisionError("kind", f"This match is {standing.state} already. Undo that decision, or add a dissent.")


def _decider(standing: Standing, history: tuple[Decision, ...]) -> str:
    if standing.state not in {"approved", "rejected"}:
        raise DecisionError("kind", "Nothing was decided yet, so there is nothing to disagree with.")
    return history[standing.current - 1].person_id


def _settled(standing: Standing, row: Decision, history: tuple[Decision, ...], following: Standing) -> Standing:
    """A third person ends a dispute; the decision stays, or becomes its opposite."""
    if row.settles not in standing.disputed:
        raise DecisionError("settles", "Name the dissent that is settled: one that is still open.")
    assert row.settles is not None
    if row.person_id in {_decider(standing, history), history[row.settles - 1].person_id}:
        raise DecisionError("kind", "A dispute is settled by somebody who neither decided nor dissented.")
    left = tuple(number for number in standing.disputed if number != row.settles)
    if row.kind == "uphold":
        return replace(following, disputed=left)
    return replace(following, disputed=left, current=row.number, state="rejected" if standing.state == "approved" else "approved")
