"""Nodes under construction: atoms, thresholds, and the versions of an item (areas, copies under a generic id)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from pathways.catalog.entities import Catalog
from pathways.credential import Select
from pathways.graph.flags import Flag
from pathways.requirements.rules import AtMostCredits, Condition, CreditsFrom, Held, Share

#: Copies made under one generic id at most. More different items than this no list asks for.
MAX_COPIES = 120


@dataclass(frozen=True, slots=True)
class Ref:
    """A node under construction: an atom by number, or a gate."""

    gate: bool
    number: int


@dataclass(frozen=True, slots=True)
class Option:
    """One way to earn a credential: its own rules (no agreement id), or an agreement."""

    node: int
    agreement_id: str | None = None


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What courses outside the catalog may fill.

    ``nodes`` are filled one by matching item each where ``credits`` is None; else ``gate`` holds once so many credits match.
    """

    selections: tuple[Select, ...]
    nodes: tuple[int, ...]
    gate: int = -1
    credits: Fraction | None = None
    unit: str = "semester"


@dataclass(frozen=True, slots=True)
class Exotic:
    """A rule that thresholds cannot hold, for the exact solver.

    Parameters
    ----------
    parts : tuple of int
        ``none``: the node that must not hold. ``groups``: one node for each group. Empty for credit caps.
    names, shares
        Of ``groups``.
    free : tuple of (int, int)
        Credits: node and scaled credits of each item outside every cap.
    caps : tuple of (int, tuple of (int, int))
        Credits: each cap, with node and scaled credits of the items under it. Caps may share items.
    need : int
        Credits: scaled minimum.
    """

    parts: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    free: tuple[tuple[int, int], ...] = ()
    caps: tuple[tuple[int, tuple[tuple[int, int], ...]], ...] = ()
    need: int = 0
    forbids: bool = False


@dataclass
class Expansion:
    """Nodes and gates as plain lists, while they are being made."""

    names: list[str] = field(default_factory=list)
    below: list[Ref | None] = field(default_factory=list)
    earnable: list[bool] = field(default_factory=list)
    atom_flags: list[int] = field(default_factory=list)
    gates: list[tuple[int, tuple[tuple[Ref, int], ...], int]] = field(default_factory=list)
    area_nodes: dict[tuple[str, str], int] = field(default_factory=dict)
    copy_nodes: dict[str, list[int]] = field(default_factory=dict)
    condition_nodes: dict[Condition, int] = field(default_factory=dict)
    open_items: list[tuple[tuple[Select, ...], tuple[int, ...], Ref | None, Fraction | None, str]] = field(default_factory=list)
    options: dict[int, list[tuple[Ref, str | None]]] = field(default_factory=dict)
    rules: dict[int, CreditsFrom] = field(default_factory=dict)
    exotic: dict[int, tuple[Exotic, tuple[Ref, ...]]] = field(default_factory=dict)
    at_least_as: dict[int, int] = field(default_factory=dict)


class GateBuilder:
    """Makes nodes; equal thresholds are one node.

    Parameters
    ----------
    catalog : Catalog
    on : date
        The day the graph is for.
    """

    def __init__(self, catalog: Catalog, on: date) -> None:
        self.catalog, self.on, self.out = catalog, on, Expansion()
        self._index: dict[str, int] = {}
        self._gate_of: dict[tuple[object, ...], Ref] = {}
        self._members: dict[str, list[str]] = {}
        for item in catalog.credentials:
            for generic in catalog.generics_of(item):
                self._members.setdefault(generic, []).append(item)
        self._areas: dict[str, list[int]] = {}

    def _atom(self, name: str, *, earnable: bool = True, flags: int = 0) -> int:
        self.out.names.append(name)
        self.out.below.append(None)
        self.out.earnable.append(earnable)
        self.out.atom_flags.append(flags)
        return len(self.out.names) - 1

    def _gate(self, need: int, children: Iterable[tuple[Ref, int]], flags: int = 0) -> Ref:
        """A threshold; equal ones are one node, and a single child without flags is the child itself."""
        weights: dict[Ref, int] = {}
        for ref, weight in children:
            weights[ref] = weights.get(ref, 0) + weight
        useful = tuple((ref, min(weight, need)) for ref, weight in weights.items() if weight > 0)
        if not flags and len(useful) == 1 and useful[0][1] >= need > 0:
            return useful[0][0]
        key = (max(need, 0), frozenset(useful), flags)
        if key not in self._gate_of:
            self._gate_of[key] = Ref(True, len(self.out.gates))
            self.out.gates.append((max(need, 0), useful if need > 0 else (), flags))
        return self._gate_of[key]

    def _is_always(self, ref: Ref) -> bool:
        return ref.gate and self.out.gates[ref.number][0] == 0 and not self.out.gates[ref.number][2]

    def _all(self, children: Sequence[Ref], flags: int = 0) -> Ref:
        distinct = [ref for ref in dict.fromkeys(children) if not self._is_always(ref)]
        return self._gate(len(distinct), [(ref, 1) for ref in distinct], flags)

    def _any(self, children: Sequence[Ref], flags: int = 0) -> Ref:
        distinct = list(dict.fromkeys(children))
        always = next((ref for ref in distinct if self._is_always(ref)), None)
        if always is not None and not flags:
            return always
        return self._gate(1, [(ref, 1) for ref in distinct], flags)

    def _exotic(self, rule: Exotic, parts: tuple[Ref, ...], *, needed: Sequence[Ref]) -> Ref:
        """A gate of its own, so that the exact solver can find the rule again."""
        ref = Ref(True, len(self.out.gates))
        distinct = tuple((child, 1) for child in dict.fromkeys(needed) if not self._is_always(child))
        self.out.gates.append((len(distinct), distinct, int(Flag.EXACT_NEEDED)))
        self.out.exotic[ref.number] = (rule, parts)
        return ref

    def _held(self, rule: Held) -> Ref:
        """One credential; any area's version, and any item that a generic id stands for, is that credential too."""
        if rule.area is not None and (rule.id, rule.area) in self.out.area_nodes:
            return Ref(False, self.out.area_nodes[rule.id, rule.area])
        return self._any([Ref(False, number) for number in self._versions(rule.id)])

    def _versions(self, item: str) -> list[int]:
        if item not in self._index:
            return []
        members = [self._index[member] for member in self._members.get(item, ())]
        return [self._index[item], *self._areas.get(item, ()), *members]

    def _copies(self, item: str, count: int) -> list[int]:
        """The first ``count`` items under a generic id, made as needed."""
        numbers = self.out.copy_nodes[item]
        while len(numbers) < min(count, MAX_COPIES):
            name = f"{item}#{len(numbers) + 1}"
            numbers.append(self._atom(name, earnable=self.out.earnable[numbers[0]]))
        return numbers[:count]

    def _listed(self, children: Iterable[object]) -> tuple[list[str], list[Select]]:
        """Ids of children, selections expanded, first mention first; and the selections."""
        ids: dict[str, None] = {}
        selections: list[Select] = []
        for child in children:
            match child:
                case Held():
                    ids.setdefault(child.id)
                case Select():
                    selections.append(child)
                    ids.update(dict.fromkeys(self.catalog.select(child)))
                case AtMostCredits():
                    inner, more = self._listed(child.children)
                    ids.update(dict.fromkeys(inner))
                    selections += more
        return list(ids), selections
