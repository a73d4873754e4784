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
from typing import Any

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


@dataclass(frozen=True, slots=True)
class Bits:
    """One node in the model: surely met, possibly met, and progress toward it (0 to 1 times a whole number)."""

    met: Literal
    possible: Literal
    progress: Any


@dataclass(frozen=True, slots=True)
class Solution:
    """The best way found to share the pieces out.

    ``proven`` is False where the solver stopped at its limit; then nothing is called unmet for good.
    """

    owners: dict[Piece, tuple[int, ...]]
    met: tuple[bool, ...]
    possible: tuple[bool, ...]
    all_possible: bool
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
        self._proven = True
        self._owned, self._bits = self._groups(rule, dict.fromkeys(pieces, True))

    def solve(self, pins: dict[Piece, tuple[int, ...]]) -> Solution | None:
        """The lexicographic best with pinned pieces in their groups; None where the pins cannot all be so.

        Most children met, then most not unmet, then progress in child order, then few and early pieces in early groups.
        """
        model, solver = self._pinned(pins), _solver()
        if self._run(solver, model) not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
            return None
        met, possible = [bits.met for bits in self._bits], [bits.possible for bits in self._bits]
        for goal in (_sum(met), _sum(possible), *(bits.progress for bits in self._bits)):
            if not isinstance(goal, int):
                model.maximize(goal)
                self._run(solver, model)
                model.add(goal >= round(solver.objective_value))
        model.minimize(self._cost())
        self._run(solver, model)
        met_now = tuple(_value(solver, bit) for bit in met)
        possible_now = tuple(_value(solver, bit) for bit in possible)
        owners: dict[Piece, tuple[int, ...]] = {
            piece: tuple(group for group, owned in enumerate(self._owned) if _value(solver, owned.get(piece, False)))
            for piece in self._pieces
        }
        return Solution(owners, met_now, possible_now, all(possible_now) or self._can_all(pins), self._proven)

    def _pinned(self, pins: dict[Piece, tuple[int, ...]]) -> cp_model.CpModel:
        model = self._model.clone()
        for piece, groups in pins.items():
            for group in groups:
                model.add(self._owned[group][piece] == 1)
        return model

    def _can_all(self, pins: dict[Piece, tuple[int, ...]]) -> bool:
        """Whether some way makes every child possible, though it may meet fewer."""
        if any(bits.possible is False for bits in self._bits):
            return False
        model = self._pinned(pins)
        for bits in self._bits:
            if bits.possible is not True:
                model.add(bits.possible == 1)
        return bool(self._run(_solver(), model) != cp_model.INFEASIBLE)

    def _run(self, solver: cp_model.CpSolver, model: cp_model.CpModel) -> Any:
        status = solver.solve(model)
        self._proven = self._proven and status in {cp_model.OPTIMAL, cp_model.INFEASIBLE}
        return status

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
                _, inner = self._groups(node, mine)
                met = [bits.met for bits in inner]
                return Bits(self._all(met), self._all([bits.possible for bits in inner]), _sum(met))
            case Select() | AtMostCredits():
                return Bits(False, False, 0)
            case _:
                truth = self._truth_of(node)
                return Bits(truth is Truth.MET, truth is not Truth.UNMET, int(truth is Truth.MET))

    def _list(
        self, node: AllOf | AnyOf | OpenAll | OpenAny | Conflict, met: Sequence[Literal], possible: Sequence[Literal]
    ) -> Bits:
        progress = _sum(met)
        match node:
            case AllOf():
                return Bits(self._all(met), self._all(possible), progress)
            case AnyOf():
                return Bits(self._any(met), self._any(possible), progress)
            case OpenAll():
                return Bits(False, self._all(possible), progress)
            case OpenAny():
                return Bits(self._any(met), True, progress)
            case Conflict():
                return Bits(self._all(met), self._any(possible), progress)

    def _single(self, standings: Sequence[Standing], mine: Owned) -> Bits:
        met = self._any(self._literals(standings, Truth.MET, mine))
        return Bits(met, self._any(self._literals(standings, Truth.UNKNOWN, mine)), _sum([met]))

    def _literals(self, standings: Sequence[Standing], least: Truth, mine: Owned) -> list[Literal]:
        good = [one.achievement for one in standings if one.truth >= least]
        return [mine.get(piece, False) for piece in dict.fromkeys(piece_of(self._evidence, place) for place in good)]

    def _at_least(self, node: AtLeast, children: tuple[Bits, ...], mine: Owned) -> Bits:
        forms = [bits for child, bits in zip(node.children, children, strict=True) if not isinstance(child, Held | Select)]
        found = [self._single(one.standings, mine) for one in counts(node, self._evidence)]
        met = [bits.met for bits in (*found, *forms)]
        progress = self._model.new_int_var(0, node.n, "")
        self._model.add(progress <= _sum(met))
        return Bits(self._enough(met, node.n), self._enough([bits.possible for bits in (*found, *forms)], node.n), progress)

    def _enough(self, literals: Sequence[Literal], need: int) -> Literal:
        if sum(literal is not False for literal in literals) < need:
            return False
        if sum(literal is True for literal in literals) >= need:
            return True
        bit = self._bit()
        self._model.add(_sum(literals) >= need).only_enforce_if(bit)
        return bit

    def _credits(self, node: CreditsFrom, mine: Owned) -> Bits:
        found = supplies(node, self._evidence, rule_unit(node, self._evidence))
        caps = [cap.max_credits for cap in caps_of(node)]
        met, progress = self._credit_sum(found, caps, node.min_credits, Truth.MET, mine)
        possible, _ = self._credit_sum(found, caps, node.min_credits, Truth.UNKNOWN, mine)
        return Bits(met, possible, progress)

    def _credit_sum(
        self, found: Sequence[Supply], caps: Sequence[Fraction], need: Fraction, least: Truth, mine: Owned
    ) -> tuple[Literal, Any]:
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
            return False, 0
        goal, bit = math.ceil(need * scale), self._bit()
        progress = self._model.new_int_var(0, goal, "")
        self._model.add(progress <= _sum(parts))
        self._model.add(progress >= goal).only_enforce_if(bit)
        return bit, progress

    def _piece(self, one: Supply) -> Piece:
        return piece_of(self._evidence, one.standing.achievement)

    def _bit(self) -> Any:
        return self._model.new_bool_var("")

    def _any(self, literals: Sequence[Literal]) -> Literal:
        return self._enough(literals, 1)

    def _all(self, literals: Sequence[Literal]) -> Literal:
        return self._enough(literals, len(literals))


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
    solver.parameters.max_deterministic_time = 20
    return solver


def _shared_size(share: Share, place: int, evidence: Evidence) -> Fraction | None:
    """What an achievement uses of a share; None where its credit is not stated in a unit that converts."""
    if share.unit == "item":
        return Fraction(1)
    value = stated_credits(evidence, place)
    return convert(value.amount, value.unit, share.unit) if value is not None and converts(value.unit, share.unit) else None
