"""Requirement trees as constraints: what makes a tree true, or keeps it false, once a guard literal holds.

Nothing is reified both ways: a tree that has to hold is written downward as implications from its guard, one that must not hold
by the dual rules. So a list of 5,000 items is one linear constraint.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from pathways.planning.credit_caps import exact_sum, reachable_sum, read
from pathways.planning.errors import ProblemError
from pathways.requirements.rules import (
    AllOf,
    AnyOf,
    AtLeast,
    Conflict,
    CreditsFrom,
    Groups,
    Held,
    Node,
    NoneOf,
    OpenAll,
    OpenAny,
    Share,
    children_of,
    walk,
)  # fmt: skip

Literal = Any  # a CP-SAT literal: a variable or its negation
QUARTERS_PER_SEMESTER = Fraction(3, 2)


@dataclass(eq=False)
class Leaves:
    """What an id is worth at one place of a model: its literal, and the place ``none`` reads (itself, but for groups)."""

    literal: Callable[[str], Literal]
    whole: Leaves | None = None
    #: A time-free reading cannot say what was done when, so there ``none`` forbids nothing.
    reads_none: bool = True
    made: dict[tuple[int, bool], Literal] = field(default_factory=dict)


class Trees:
    """Writes trees into one model.

    Parameters
    ----------
    model : CpModel
    loads : mapping of str to int
        Scaled weights in credit rules; an id without one weighs nothing.
    scale : int
        What they were multiplied by.
    apart : literal, optional
        While it holds, groups keep their items apart (None: always).
    """

    def __init__(self, model: cp_model.CpModel, loads: dict[str, int], scale: int, apart: Literal | None = None) -> None:
        self._model, self._loads, self._scale, self._apart = model, loads, scale, apart
        self._kept: list[object] = []

    def require(self, node: Node, leaves: Leaves, guard: Literal) -> None:
        """While the guard holds, the tree holds."""
        match node:
            case Held():
                self._model.add_implication(guard, leaves.literal(node.id))
            case AllOf() | OpenAll() | Conflict():
                for child in children_of(node):
                    self.require(child, leaves, guard)
            case AnyOf() | OpenAny():
                self._some(node.children, 1, leaves, guard, truth=True)
            case AtLeast():
                self._some(tuple(dict.fromkeys(node.children)), node.n, leaves, guard, truth=True)
            case CreditsFrom():
                credits_ = reachable_sum(read(node, self._loads, self._scale), self._model, leaves.literal)
                self._model.add(credits_ >= math.ceil(node.min_credits * self._scale) * guard)
            case NoneOf():
                if leaves.reads_none:
                    self.forbid(node.child, leaves.whole or leaves, guard)
            case Groups():
                for child, own in zip(node.children, self._dealt(node, leaves), strict=True):
                    self.require(child, own, guard)
            case _:
                raise _unreadable(node)

    def forbid(self, node: Node, leaves: Leaves, guard: Literal) -> None:
        """While the guard holds, the tree does not."""
        match node:
            case Held():
                self._model.add_implication(guard, leaves.literal(node.id).negated())
            case AllOf() | OpenAll() | Conflict():
                self._some(children_of(node), 1, leaves, guard, truth=False)
            case AnyOf() | OpenAny():
                for child in node.children:
                    self.forbid(child, leaves, guard)
            case AtLeast():
                children = tuple(dict.fromkeys(node.children))
                self._some(children, len(children) - node.n + 1, leaves, guard, truth=False)
            case CreditsFrom():
                below = math.ceil(node.min_credits * self._scale) - 1
                credits_ = exact_sum(read(node, self._loads, self._scale), self._model, leaves.literal)
                self._model.add(credits_ <= below).only_enforce_if(guard)
            case NoneOf():
                if leaves.reads_none:
                    self.require(node.child, leaves.whole or leaves, guard)
            case _:
                raise _unreadable(node, "groups that must not be met" if isinstance(node, Groups) else None)

    def _some(self, nodes: Sequence[Node], count: int, leaves: Leaves, guard: Literal, *, truth: bool) -> None:
        """While the guard holds, so many of these are true (or false)."""
        literals = [self._literal(node, leaves, truth=truth) for node in nodes]
        if count == 1:
            self._model.add_bool_or([guard.negated(), *literals])
        elif count > 1:
            self._model.add(sum(literals) >= count * guard)

    def _literal(self, node: Node, leaves: Leaves, *, truth: bool) -> Literal:
        """A literal that is only true where the node is true (or false)."""
        if isinstance(node, Held):
            literal = leaves.literal(node.id)
            return literal if truth else literal.negated()
        key = (id(node), truth)
        if key not in leaves.made:
            leaves.made[key] = bit = self._model.new_bool_var("")
            self._kept.append(node)
            (self.require if truth else self.forbid)(node, leaves, bit)
        return leaves.made[key]

    def _dealt(self, rule: Groups, leaves: Leaves) -> list[Leaves]:
        """Leaves for each child of a groups rule: an id counts in one child, or in those of one share within its amount."""
        wants = [_wanted(child) for child in rule.children]
        own: list[dict[str, Literal]] = [{} for _ in wants]
        spent: list[list[tuple[int, Literal]]] = [[] for _ in rule.shares]
        for name in dict.fromkeys(name for wish in wants for name in wish):
            groups = [group for group, wish in enumerate(wants) if name in wish]
            if len(groups) == 1:
                own[groups[0]][name] = leaves.literal(name)
                continue
            for group in groups:
                own[group][name] = bit = self._model.new_bool_var("")
                self._model.add_implication(bit, leaves.literal(name))
            self._deal(name, [(rule.names[group], own[group][name]) for group in groups], rule.shares, spent)
        for share, parts in zip(rule.shares, spent, strict=True):
            self._guarded(sum(size * bit for size, bit in parts) <= math.floor(share.amount * self._scale * 2))
        whole = leaves.whole or leaves
        return [Leaves(one.__getitem__, whole, leaves.reads_none) for one in own]

    def _deal(
        self, name: str, row: list[tuple[str, Literal]], shares: Sequence[Share], spent: list[list[tuple[int, Literal]]]
    ) -> None:
        more: Any = 0
        uses: list[Literal] = []
        for number, share in enumerate(shares):
            size, to = self._share_size(share, name), [bit for group, bit in row if group in share.names]
            if size is None or len(to) < 2:
                continue
            uses.append(bit := self._model.new_bool_var(""))
            spent[number].append((size, bit))
            more += (len(to) - 1) * bit
            for group, counted in row:
                if group not in share.names:
                    self._guarded(counted + bit <= 1)
        if len(uses) > 1:
            self._model.add_at_most_one(uses)
        self._guarded(sum(bit for _, bit in row) <= 1 + more)

    def _share_size(self, share: Share, name: str) -> int | None:
        """What an id takes of a share, in half scaled units (so that quarters stay whole); None where not known in its unit."""
        if share.unit == "item":
            return 2 * self._scale
        if name not in self._loads:
            return None
        factor = {"semester": Fraction(1), "credit": Fraction(1), "quarter": QUARTERS_PER_SEMESTER}.get(share.unit)
        return None if factor is None else int(self._loads[name] * 2 * factor)

    def _guarded(self, row: Any) -> None:
        if isinstance(row, bool):
            return
        constraint = self._model.add(row)
        if self._apart is not None:
            constraint.only_enforce_if(self._apart)


def _wanted(node: Node) -> dict[str, None]:
    """Ids a tree would take for itself, in order: all it names, but for what stands under ``none``."""
    found: dict[str, None] = {}
    stack: list[Node] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, Held):
            found[current.id] = None
        elif not isinstance(current, NoneOf):
            stack.extend(reversed(children_of(current)))
    return found


def _unreadable(node: Node, what: str | None = None) -> ProblemError:
    found = what or f"a {type(node).__name__}"
    return ProblemError("a requirement", found, "items alone: conditions are items, selections are expanded before planning")


def ids_of(node: Node) -> frozenset[str]:
    """Every id a tree names."""
    return frozenset(one.id for one in walk(node) if isinstance(one, Held))
