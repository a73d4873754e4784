"""One item against one agreement: what is offered, what is refused and why.

Values and the checks on a single item only; walking all agreements and chains is :mod:`pathways.articulation.transfer`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from pathways.articulation.agreements import Agreement
from pathways.credential import Source
from pathways.record import EarnedCredential
from pathways.requirements.verdicts import Offer
from pathways.units import GRADES, CreditValue

RefusalReason = Literal[
    "window not open", "window ended", "training date not stated", "grade too low", "grade not stated", "item expired",
    "item not granted yet", "item missing", "contributes", "recommends", "prepares", "already held", "already applied for",
    "closed",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """Something an agreement may start from: an achievement of the record, or a claim an earlier offer would make.

    ``achievement`` indexes ``record.achievements``; it is None for a claim, and ``claim`` is then the offer (None where the
    awarder's own list is complete but nothing else is known).
    """

    id: str
    name: str | None
    achievement: int | None = None
    held: EarnedCredential | None = None
    claim: Offer | None = None
    credits: CreditValue | None = None
    title: str = ""

    @property
    def label(self) -> str:
        """What tells this item from its siblings under one generic id."""
        return self.name or self.id

    @property
    def words(self) -> str:
        """What a sentence calls it."""
        return self.name or self.title or self.id

    @property
    def uses(self) -> tuple[int, ...]:
        """Indices of the achievements it rests on."""
        if self.achievement is not None:
            return (self.achievement,)
        return self.claim.uses if self.claim else ()

    @property
    def via(self) -> tuple[str, ...]:
        """Ids to be claimed before this piece can be used, itself last where it is a claim."""
        if self.achievement is not None:
            return ()
        return (*(self.claim.via if self.claim else ()), self.id)


@dataclass(frozen=True, slots=True)
class Part:
    """What one posting of a contributing agreement would supply inside its target; ``credits`` None where no page says."""

    label: str
    uses: tuple[int, ...]
    via: tuple[str, ...]
    credits: CreditValue | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an agreement does not complete something for this learner now.

    Parameters
    ----------
    unknown : bool
        The record does not say enough to decide; otherwise the answer is no as things stand.
    missing : tuple of str
        Ids still needed, where ``reason`` is ``item missing``.
    parts : tuple of Part
        What counts inside the target, where ``reason`` is ``contributes``.
    sentence : str
        The same in words, with the date, grade or item concerned.
    """

    agreement_id: str | None
    reason: RefusalReason
    sentence: str
    to_id: str | None
    to_text: str
    institution: str
    source: Source
    unknown: bool = False
    uses: tuple[int, ...] = ()
    via: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    maximum: CreditValue | None = None


@dataclass(frozen=True, slots=True)
class Offers:
    """All that could be claimed on a day, and every near miss with its reason."""

    accepted: tuple[Offer, ...]
    refused: tuple[Refusal, ...]
    on: date


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why one piece does not serve an agreement."""

    reason: RefusalReason
    sentence: str
    unknown: bool = False


def doubt_of(piece: Piece, agreement: Agreement, on: date) -> Doubt | None:
    """Why a piece does not serve an agreement on a day; None where it does.

    A claim has no date or grade of its own yet, so it is judged as of ``on``.
    """
    item = piece.held
    if item is not None:
        if item.stage in {"eligible", "applied"}:
            return Doubt("item not granted yet", f"{piece.words} is {item.stage}, not granted yet.")
        if item.expires_on is not None and item.expires_on < on:
            return Doubt("item expired", f"{piece.words} expired on {item.expires_on.isoformat()}.")
    return _outside_window(piece, agreement, on) or _below_grade(piece, agreement)


def _outside_window(piece: Piece, agreement: Agreement, on: date) -> Doubt | None:
    label = piece.words
    earned_on = piece.held.earned_on if piece.held else None
    start, end = agreement.effective_from, agreement.effective_until
    if piece.held is not None and earned_on is None and end is not None and on > end:
        text = f"{label} was accepted until {end.isoformat()}; the date of your training is not recorded."
        return Doubt("training date not stated", text, unknown=True)
    day = earned_on or on
    what = f"{label} dates from {day.isoformat()}" if earned_on else f"{label} would date from {day.isoformat()} or later"
    if start is not None and day < start:
        return Doubt("window not open", f"{what}; {agreement.institution} accepts it from {start.isoformat()}.")
    if end is not None and day > end:
        return Doubt("window ended", f"{what}; {agreement.institution} accepted it until {end.isoformat()}.")
    return None


def _below_grade(piece: Piece, agreement: Agreement) -> Doubt | None:
    least = agreement.min_grade
    if least is None or least not in GRADES:
        return None
    grade = piece.held.grade if piece.held else None
    if grade is None:
        return Doubt("grade not stated", f"{piece.words} needs grade {least} or better; no grade is recorded.", unknown=True)
    if grade not in GRADES:
        text = f'{piece.words} needs grade {least} or better; "{grade}" does not compare with a letter grade.'
        return Doubt("grade not stated", text, unknown=True)
    if GRADES.index(grade) < GRADES.index(least):
        return Doubt("grade too low", f"{piece.words} has grade {grade}; {agreement.institution} asks {least} or better.")
    return None
