"""Groups: which achievement counts in which child, so that nothing counts twice beyond what a share allows.

Most rules need no choice, or only a matching; the exact solver is loaded when a real choice is left. Pins are the person's word
and come before the optimum of their own group, but never make the whole rule worse.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pathways.requirements.evidence import Evidence
from pathways.requirements.pieces import Piece, demands, piece_of, share_out, wanted
from pathways.requirements.rules import Groups, Held, Node, walk
from pathways.requirements.verdicts import Pin, Truth

if TYPE_CHECKING:
    from pathways.requirements.group_model import GroupModel


@dataclass
class PinBook:
    """Pins of one audit, and what became of each. A pin is refused in the end only where no rule could honor it."""

    pins: tuple[Pin, ...]
    honored: set[Pin] = field(default_factory=set)
    reasons: dict[Pin, str] = field(default_factory=dict)

    def refuse(self, pin: Pin, reason: str) -> None:
        """Keep the first reason."""
        self.reasons.setdefault(pin, reason)

    def refused(self) -> tuple[tuple[Pin, str], ...]:
        """Pins nobody honored, in the order given."""
        missing = 'no groups rule here has a group named "{}"'
        return tuple((pin, self.reasons.get(pin, missing.format(pin.group))) for pin in self.pins if pin not in self.honored)


@dataclass(frozen=True, slots=True)
class Allocation:
    """What each child of a groups rule may not count, and the truth of the rule where the children alone do not tell."""

    barred: tuple[frozenset[int], ...]
    truth: Truth | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Outcome:
    owners: dict[Piece, tuple[int, ...]]
    met: tuple[bool, ...]
    possible: tuple[bool, ...]
    truth: Truth
    proven: bool = True

    @property
    def worth(self) -> tuple[int, int, int]:
        return int(self.truth), sum(self.met), sum(self.possible)


class _Sharing:
    """One groups rule with one record: solve it with any pins."""

    def __init__(self, rule: Groups, evidence: Evidence, truth_of: Callable[[Node], Truth]) -> None:
        self.rule, self.evidence, self._truth_of = rule, evidence, truth_of
        self.wants = [wanted(child, evidence) for child in rule.children]
        places = sorted({place for wish in self.wants for place in wish})
        self.pieces: dict[Piece, int] = {}
        for place in places:
            self.pieces.setdefault(piece_of(evidence, place), place)
        self.wishes = [frozenset(piece_of(evidence, place) for place in wish) for wish in self.wants]
        self._demands = [demands(child, evidence) for child in rule.children]
        self._model: GroupModel | None = None

    @property
    def is_contended(self) -> bool:
        """Whether two children want the same piece."""
        return sum(map(len, self.wishes)) > len(self.pieces)

    def solve(self, pins: dict[Piece, tuple[int, ...]]) -> _Outcome | None:
        """The best way with these pins; None where they cannot all be."""
        return self._match(pins) or self._solve(pins)

    def _match(self, pins: dict[Piece, tuple[int, ...]]) -> _Outcome | None:
        """Meet every child by matching alone, where that works."""
        simple = [mine for mine in self._demands if mine is not None]
        if len(simple) < len(self._demands) or any(len(groups) > 1 for groups in pins.values()):
            return None
        allowed = [
            frozenset(piece for piece in wish if pins.get(piece, (number,)) == (number,)) for number, wish in enumerate(self.wishes)
        ]
        taken = share_out(simple, allowed)
        if taken is None:
            return None
        owners = {piece: tuple(number for number, mine in enumerate(taken) if piece in mine) for piece in self.pieces}
        everything = (True,) * len(simple)
        return _Outcome(owners | pins, everything, everything, Truth.MET)

    def _solve(self, pins: dict[Piece, tuple[int, ...]]) -> _Outcome | None:
        from pathways.requirements.group_model import GroupModel

        if self._model is None:
            self._model = GroupModel(self.rule, self.evidence, self.pieces, self._truth_of)
        found = self._model.solve(pins)
        if found is None:
            return None
        # Unmet only by proof: a rule that might be met another way is unknown.
        truth = Truth.MET if all(found.met) else Truth.UNMET if found.reach is False else Truth.UNKNOWN
        return _Outcome(found.owners, found.met, found.possible, truth, found.proven)


def allocate(rule: Groups, evidence: Evidence, book: PinBook, truth_of: Callable[[Node], Truth]) -> Allocation:
    """Choose which child of a groups rule each achievement counts for.

    Parameters
    ----------
    rule : Groups
        The rule.
    evidence : Evidence
        The record, less what counts in another group of a rule around this one.
    book : PinBook
        The person's pins; what becomes of each is written there.
    truth_of : callable
        Truth of a node that takes no achievements.

    Returns
    -------
    Allocation
        Most children met, then most not unmet, then progress in child order; few and early achievements break ties. An
        achievement no child needs stays with the first child that lists it.
    """
    sharing = _Sharing(rule, evidence, truth_of)
    asked = _asked(sharing, book)
    if not sharing.is_contended:
        book.honored.update(pin for pin, _, _ in asked)
        return Allocation((frozenset(),) * len(rule.children))
    best = sharing.solve({})
    assert best is not None, "without pins some way always exists: every child may take nothing"
    best = _with_pins(sharing, best, asked, book)
    return Allocation(tuple(_barred(sharing, best, number) for number in range(len(rule.children))), best.truth, _notes(best))


def _notes(best: _Outcome) -> tuple[str, ...]:
    if not best.proven:
        return ("the best way to share achievements out was not proven within the time allowed",)
    if best.truth is Truth.UNKNOWN and not all(best.possible):
        return ("another way to share achievements out could still meet every group",)
    return ()


def _asked(sharing: _Sharing, book: PinBook) -> list[tuple[Pin, Piece, int]]:
    """Pins that speak of this rule and can count where they say; the others are refused with the reason."""
    rule, evidence = sharing.rule, sharing.evidence
    found: list[tuple[Pin, Piece, int]] = []
    for pin in book.pins:
        group = _child_named(rule, pin.group)
        if group is None:
            continue
        if not 0 <= pin.achievement < len(evidence.record.achievements):
            book.refuse(pin, f"the record has no achievement number {pin.achievement}")
        elif pin.achievement not in sharing.wants[group]:
            book.refuse(pin, _why_not(rule.children[group], pin, evidence))
        else:
            found.append((pin, piece_of(evidence, pin.achievement), group))
    return found


def _child_named(rule: Groups, name: str) -> int | None:
    """Child of that name, or one that has a group of that name inside."""
    if name in rule.names:
        return rule.names.index(name)
    for number, child in enumerate(rule.children):
        if any(isinstance(node, Groups) and name in node.names for node in walk(child)):
            return number
    return None


def _why_not(child: Node, pin: Pin, evidence: Evidence) -> str:
    """Why an achievement cannot count in a group at all."""
    for node in walk(child):
        if isinstance(node, Held) and pin.achievement in evidence.answering(node):
            standing = evidence.standing(pin.achievement, node)
            if standing.truth is Truth.UNMET:
                return standing.note or f"{evidence.label(pin.achievement)}: {standing.reason}"
    own = evidence.standing(pin.achievement)
    if own.truth is Truth.UNMET:
        return own.note or f"{evidence.label(pin.achievement)}: {own.reason}"
    return f'nothing in "{pin.group}" counts {evidence.label(pin.achievement)}'


def _with_pins(sharing: _Sharing, best: _Outcome, asked: Sequence[tuple[Pin, Piece, int]], book: PinBook) -> _Outcome:
    """Honor pins one by one, each unless the rule would be worse for it."""
    names = sharing.rule.names
    kept: dict[Piece, tuple[int, ...]] = {}
    for pin, piece, group in asked:
        trial = {**kept, piece: tuple(dict.fromkeys((*kept.get(piece, ()), group)))}
        outcome = sharing.solve(trial)
        if outcome is None:
            beside = " and ".join(f'"{names[other]}"' for other in kept.get(piece, ()))
            taken = f"it is pinned to {beside}, and no share lets it count in both"
            book.refuse(pin, taken if beside else "other pins use up the share")
        elif outcome.worth < best.worth:
            lost = [name for name, old, new in zip(names, best.met, outcome.met, strict=True) if old and not new]
            lost = lost or [name for name, old, new in zip(names, best.possible, outcome.possible, strict=True) if old and not new]
            broken = " and ".join(f'"{name}"' for name in lost) or "the rule as a whole"
            book.refuse(pin, f'counting it in "{pin.group}" would leave {broken} unmet')
        else:
            kept, best = trial, outcome
            book.honored.add(pin)
    return best


def _barred(sharing: _Sharing, best: _Outcome, group: int) -> frozenset[int]:
    """Achievements that count in other groups than this one."""
    barred: set[int] = set()
    for wish in sharing.wants:
        for place in wish:
            piece = piece_of(sharing.evidence, place)
            owners = best.owners[piece] or (next(number for number, mine in enumerate(sharing.wishes) if piece in mine),)
            if group not in owners:
                barred.add(place)
    return frozenset(barred)
