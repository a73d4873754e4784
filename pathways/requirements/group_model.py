"""Which achievement counts in which group, solved exactly.

Only ``groups`` rules whose children want the same achievement come here. Each node of a child gets two literals, *met* and
*possible* (Kleene truth as a pair), each allowed only where the pieces given to its group bear it out; the solver then raises
them. Truth grows with the pieces a group holds, since ``none`` reads the whole record and takes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, assert_never

from ortools.sat.python import cp_model

from pathways.credential import Select
from pathways.requirements.counting import counts
from pathways.requirements.credit import Supply, caps_of, rule_unit, scale_of, stated_credits, supplies
from pathways.requirements.evidence import Evidence, Standing
from pathways.requirements.fold import fold
from pathways.requirements.pieces import Piece, piece_of, wanted
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    AtMostCredits,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Share,
)  # fmt: skip
from pathways.requirements.verdicts import Truth
from pathways.units import convert, converts

Literal = Any  # a CP-SAT literal or a Python bool
Owned = dict[Piece, Literal]


#: Work the solver may do on one goal, in its own deterministic seconds: the same answer on a slow machine as on a fast one.
WORK_LIMIT = 2.0


@dataclass(frozen=True, slots=True)
class Bits:
    """One node in the model: surely met, possibly met, progress toward it, and the most that progress can be."""

    met: Literal
    possible: Literal
    progress: Any
    most: int


@dataclass(frozen=True, slots=True)
class Solution:
    """The best way found to share the pieces out.

    ``reach`` says whether some way leaves no child unmet, though it may meet fewer; None where that is not proven. ``proven`` is
    False where the solver stopped at its limit before the best was certain.
    """

    owners: dict[Piece, tuple[int, ...]]
    met: tuple[bool, ...]
    possible: tuple[bool, ...]
    reach: bool | None
    proven: bool


class GroupModel:
    """A ``groups`` rule as a model.

    Parameters
    ----------
    rule : Groups
        The rule.
    evidence : Evidence
        The record.
    pieces : dict
        Every piece that counts anywhere in the rule, in record order, with a place in the record for it.
    truth_of : callable
        Truth of a node that takes no pieces (a condition, or what stands under ``none``).
    """

    def __init__(self, rule: Groups, evidence: Evidence, pieces: dict[Piece, int], truth_of: Callable[[Node], Truth]) -> None:
        self._evidence = evidence
        self._pieces = pieces
        self._truth_of = truth_of
        self._model = cp_model.CpModel()
        self._owned, self._bits = self._groups(rule, dict.fromkeys(pieces, True))

    def solve(self, pins: dict[Piece, tuple[int, ...]]) -> Solution | None:
        """The lexicographic best with pinned pieces in their groups; None where the pins cannot all be so.

        Most children met, then most not unmet, then progress in child order, then few and early pieces in early groups.
        """
        model, solver = self._pinned(pins), _solver()
        best: tuple[dict[Piece, tuple[int, ...]], tuple[bool, ...], tuple[bool, ...]] | None = None
        proven = True
        for goal, most in self._goals():
            if best is not None and solver.value(goal) == most:
                model.add(goal >= most)
                continue
            model.maximize(goal)
            status = solver.solve(model)
            proven = proven and status == cp_model.OPTIMAL
            if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
                break
            best = self._read(solver)
            model.add(goal >= solver.value(goal))
            self._hint(model, solver)
        if best is None:
            return (
                None if pins else Solution(dict.fromkeys(self._pieces, ()), *((False,) * len(self._bits),) * 2, None, proven=False)
            )
        return Solution(*best, all(best[2]) or self._reach(pins), proven)

    def _goals(self) -> list[tuple[Any, int | None]]:
        """What is raised in turn, and the most it can be (None: not known)."""
        count = len(self._bits)
        goals: list[tuple[Any, int | None]] = [
            (_sum([bits.met for bits in self._bits]), count),
            (_sum([bits.possible for bits in self._bits]), count),
        ]
        goals += [(bits.progress, bits.most) for bits in self._bits]
        return [(goal, most) for goal, most in goals if not isinstance(goal, int)] + [(-self._cost(), None)]

    def _read(self, solver: cp_model.CpSolver) -> tuple[dict[Piece, tuple[int, ...]], tuple[bool, ...], tuple[bool, ...]]:
        owners = {
            piece: tuple(group for group, owned in enumerate(self._owned) if _value(solver, owned.get(piece, False)))
            for piece in self._pieces
        }
        met = tuple(_value(solver, bits.met) for bits in self._bits)
        return owners, met, tuple(_value(solver, bits.possible) for bits in self._bits)

    def _hint(self, model: cp_model.CpModel, solver: cp_model.CpSolver) -> None:
        """Start the next goal from what is already reached."""
        model.clear_hints()  # type: ignore[no-untyped-call]
        for owned in self._owned:
            for literal in owned.values():
                model.add_hint(literal, solver.value(literal))

    def _pinned(self, pins: dict[Piece, tuple[int, ...]]) -> cp_model.CpModel:
        model = self._model.clone()
        for piece, groups in pins.items():
            for group in groups:
                model.add(self._owned[group][piece] == 1)
        return model

    def _reach(self, pins: dict[Piece, tuple[int, ...]]) -> bool | None:
        """Whether some way makes every child possible, though it may meet fewer."""
        if any(bits.possible is False for bits in self._bits):
            return False
        model = self._pinned(pins)
        for bits in self._bits:
            if bits.possible is not True:
                model.add(bits.possible == 1)
        status = _solver().solve(model)
        return {cp_model.INFEASIBLE: False, cp_model.OPTIMAL: True, cp_model.FEASIBLE: True}.get(status)

    def _cost(self) -> Any:
        """Fewest pieces taken; among those early ones of the record, in early groups."""
        width, count = len(self._owned) + 1, len(self._pieces)
        rank = {piece: place for place, piece in enumerate(self._pieces)}
        return _sum(
            [
                ((count + rank[piece]) * width + group) * literal
                for group, owned in enumerate(self._owned)
                for piece, literal in owned.items()
            ]
        )

    def _groups(self, rule: Groups, mine: Owned) -> tuple[list[Owned], list[Bits]]:
        """Literals for which piece counts in which child: one child at most, or those of one share within its amount."""
        wants = [{piece_of(self._evidence, place) for place in wanted(child, self._evidence)} for child in rule.children]
        split: list[Owned] = [{piece: self._bit() for piece in mine if piece in wish} for wish in wants]
        spent: list[list[tuple[Fraction, Literal]]] = [[] for _ in rule.shares]
        for piece, owner in mine.items():
            row = [(name, owned[piece]) for name, owned in zip(rule.names, split, strict=True) if piece in owned]
            if owner is not True:
                for _, literal in row:
                    self._model.add_implication(literal, owner)
            extra: list[Any] = []
            for number, share in enumerate(rule.shares):
                size = _shared_size(share, self._pieces[piece], self._evidence)
                if size is not None and size <= share.amount and len(row) > 1:
                    uses = self._bit()
                    spent[number].append((size, uses))
                    extra.append((len(share.names) - 1, uses))
                    for name, literal in row:
                        if name not in share.names:
                            self._model.add_implication(uses, literal.negated())
            self._model.add_at_most_one(uses for _, uses in extra)
            self._model.add(_sum([literal for _, literal in row]) <= 1 + _sum([more * uses for more, uses in extra]))
        for share, parts in zip(rule.shares, spent, strict=True):
            scale = scale_of(share.amount, *(size for size, _ in parts))
            if parts:
                total = _sum([math.ceil(size * scale) * uses for size, uses in parts])
                self._model.add(total <= math.floor(share.amount * scale))
        return split, [self._tree(child, owned) for child, owned in zip(rule.children, split, strict=True)]

    def _tree(self, node: Node, mine: Owned) -> Bits:
        def combine(current: Node, children: tuple[Bits, ...]) -> Bits:
            return self._node(current, children, mine)

        return fold(node, combine, inside=lambda current: not isinstance(current, NoneOf | Groups | CreditsFrom))

    def _node(self, node: Node, children: tuple[Bits, ...], mine: Owned) -> Bits:
        met, possible = [bits.met for bits in children], [bits.possible for bits in children]
        match node:
            case Held():
                places = self._evidence.answering(node)
                return self._single([self._evidence.standing(place, node) for place in places], mine)
            case AllOf() | AnyOf() | OpenAll() | OpenAny() | Conflict():
                return self._list(node, met, possible)
            case AtLeast():
                return self._at_least(node, children, mine)
            case CreditsFrom():
                return self._credits(node, mine)
            case Groups():
                inner = self._groups(node, mine)[1]
                met = [bits.met for bits in inner]
                return Bits(*self._pair(met, [bits.possible for bits in inner], len(inner)), _sum(met), len(inner))
            case Select() | AtMostCredits():
                return Bits(False, False, 0, 0)
            case _:
                truth = self._truth_of(node)
                return Bits(truth is Truth.MET, truth is not Truth.UNMET, int(truth is Truth.MET), 1)

    def _list(
        self, node: AllOf | AnyOf | OpenAll | OpenAny | Conflict, met: Sequence[Literal], possible: Sequence[Literal]
    ) -> Bits:
        progress, most = _sum(met), len(met)
        match node:
            case AllOf():
                return Bits(*self._pair(met, possible, len(met)), progress, most)
            case AnyOf():
                return Bits(*self._pair(met, possible, 1), progress, most)
            case OpenAll():
                return Bits(False, self._enough(possible, len(possible)), progress, most)
            case OpenAny():
                return Bits(self._enough(met, 1), True, progress, most)
            case Conflict():
                return Bits(self._enough(met, 2), self._enough(possible, 1), progress, most)
            case _:
                assert_never(node)

    def _pair(self, met: Sequence[Literal], possible: Sequence[Literal], need: int) -> tuple[Literal, Literal]:
        """Met and possible by the same count; one literal where nothing is unknown."""
        sure = self._enough(met, need)
        is_same = all(one is other for one, other in zip(met, possible, strict=True))
        return sure, sure if is_same else self._enough(possible, need)

    def _single(self, standings: Sequence[Standing], mine: Owned) -> Bits:
        met = self._literals(standings, Truth.MET, mine)
        could = self._literals(standings, Truth.UNKNOWN, mine)
        sure = self._enough(met, 1)
        return Bits(sure, sure if len(could) == len(met) else self._enough(could, 1), _sum([sure]), 1)

    def _literals(self, standings: Sequence[Standing], least: Truth, mine: Owned) -> list[Literal]:
        good = [one.achievement for one in standings if one.truth >= least]
        return [mine.get(piece, False) for piece in dict.fromkeys(piece_of(self._evidence, place) for place in good)]

    def _at_least(self, node: AtLeast, children: tuple[Bits, ...], mine: Owned) -> Bits:
        forms = [bits for child, bits in zip(node.children, children, strict=True) if not isinstance(child, Held | Select)]
        parts = [*(self._single(one.standings, mine) for one in counts(node, self._evidence)), *forms]
        met = [bits.met for bits in parts]
        progress = self._model.new_int_var(0, node.n, "")
        self._model.add(progress <= _sum(met))
        return Bits(*self._pair(met, [bits.possible for bits in parts], node.n), progress, node.n)

    def _enough(self, literals: Sequence[Literal], need: int) -> Literal:
        """A literal that needs so many others."""
        open_ones = [literal for literal in literals if not isinstance(literal, bool)]
        need -= sum(literal is True for literal in literals)
        if need <= 0 or need > len(open_ones):
            return need <= 0
        if len(open_ones) == 1:
            return open_ones[0]
        bit = self._bit()
        self._model.add(_sum(open_ones) >= need).only_enforce_if(bit)
        return bit

    def _credits(self, node: CreditsFrom, mine: Owned) -> Bits:
        found = supplies(node, self._evidence, rule_unit(node, self._evidence))
        caps = [cap.max_credits for cap in caps_of(node)]
        met, progress, most = self._credit_sum(found, caps, node.min_credits, Truth.MET, mine)
        possible = met
        if any(one.standing.truth is Truth.UNKNOWN for one in found):
            possible, _, _ = self._credit_sum(found, caps, node.min_credits, Truth.UNKNOWN, mine)
        return Bits(met, possible, progress, most)

    def _credit_sum(
        self, found: Sequence[Supply], caps: Sequence[Fraction], need: Fraction, least: Truth, mine: Owned
    ) -> tuple[Literal, Any, int]:
        """Whether supplies of at least this standing reach the need under the caps, and how much of it they reach."""
        usable = [one for one in found if one.standing.truth >= least and not (one.credits is None and least is Truth.MET)]
        amounts = [need if one.credits is None else one.credits for one in usable]
        scale = scale_of(need, *caps, *amounts)
        same: dict[Hashable, list[Any]] = {}
        under: list[list[Any]] = [[] for _ in caps]
        parts: list[Any] = []
        for one, number in zip(usable, amounts, strict=True):
            top = math.floor(number * scale)
            part, used = self._model.new_int_var(0, top, ""), self._bit()
            self._model.add(part <= top * used)
            self._model.add(used <= _sum([mine.get(self._piece(one), False)]))
            same.setdefault(one.key, []).append(used)
            parts.append(part)
            for cap in one.caps:
                under[cap].append(part)
        for flags in same.values():
            self._model.add_at_most_one(flags)
        for limit, members in zip(caps, under, strict=True):
            if members:
                self._model.add(_sum(members) <= math.floor(limit * scale))
        if not parts:
            return False, 0, 0
        goal, bit = math.ceil(need * scale), self._bit()
        progress = self._model.new_int_var(0, goal, "")
        self._model.add(progress <= _sum(parts))
        self._model.add(progress >= goal).only_enforce_if(bit)
        return bit, progress, goal

    def _piece(self, one: Supply) -> Piece:
        return piece_of(self._evidence, one.standing.achievement)

    def _bit(self) -> Any:
        return self._model.new_bool_var("")


def _sum(terms: Sequence[Any]) -> Any:
    """A sum in which Python truth values are numbers."""
    return sum(int(term) if isinstance(term, bool) else term for term in terms)


def _value(solver: cp_model.CpSolver, bit: Literal) -> bool:
    return bit if isinstance(bit, bool) else bool(solver.value(bit))


def _solver() -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.linearization_level = 2
    solver.parameters.max_deterministic_time = WORK_LIMIT
    return solver


def _shared_size(share: Share, place: int, evidence: Evidence) -> Fraction | None:
    """What an achievement uses of a share; None where its credit is not stated in a unit that converts."""
    if share.unit == "item":
        return Fraction(1)
    value = stated_credits(evidence, place)
    return convert(value.amount, value.unit, share.unit) if value is not None and converts(value.unit, share.unit) else None
