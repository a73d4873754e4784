"""Credit rules as constraints: each id counts once, and every cap that lists it binds, however caps lie to each other.

Credit may be split, in whole steps of the finest fraction the rule uses, as in an audit: a course of 4 credits under a cap of 3
supplies 3. Ids under the same caps are alike, so the model knows only how much each such lot supplies together.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ortools.sat.python import cp_model

from pathways.planning.errors import ProblemError
from pathways.requirements.rules import AtMostCredits, CreditsFrom, Held, Node

Literal = Any  # a CP-SAT literal: a variable or its negation
Ids = frozenset[str]


@dataclass(frozen=True, slots=True)
class CreditRule:
    """A credit rule in whole numbers: ids with their weight, caps that can bind (largest amount, and ids), the step of a split."""

    weights: Mapping[str, int]
    caps: tuple[tuple[int, Ids], ...]
    step: int

    def lots(self) -> dict[tuple[int, ...], list[str]]:
        """Ids by the places of the caps they fall under, in the order of the rule."""
        found: dict[tuple[int, ...], list[str]] = {}
        for name in self.weights:
            found.setdefault(tuple(place for place, (_, ids) in enumerate(self.caps) if name in ids), []).append(name)
        return found


def read(rule: CreditsFrom, loads: Mapping[str, int], scale: int) -> CreditRule:
    """A credit rule over scaled loads.

    Raises
    ------
    ProblemError
        If it lists anything but ids and caps of ids.
    """
    lists: list[tuple[int, list[str]]] = []
    named: dict[str, None] = {}
    for child in rule.children:
        ids = _ids(child.children) if isinstance(child, AtMostCredits) else _ids([child])
        named |= dict.fromkeys(ids)
        if isinstance(child, AtMostCredits):
            lists.append((math.floor(child.max_credits * scale), ids))
    weights = {name: loads[name] for name in named if loads.get(name)}
    caps = {
        (most, frozenset(ids) & frozenset(weights)): None
        for most, ids in lists
        if sum(weights.get(name, 0) for name in set(ids)) > most
    }
    amounts = [Fraction(number, scale) for number in (*weights.values(), *(most for most, _ in lists))]
    fine = math.lcm(1, *(amount.denominator for amount in (rule.min_credits, *amounts)))
    return CreditRule(weights, tuple(caps), max(scale // fine, 1))


def _ids(nodes: Iterable[Node]) -> list[str]:
    found: list[str] = []
    for node in nodes:
        if not isinstance(node, Held):
            raise ProblemError(
                "a requirement", f"a {type(node).__name__} in a credit rule", "items alone: selections are expanded before planning"
            )
        found.append(node.id)
    return found


def reachable_sum(rule: CreditRule, model: cp_model.CpModel, literal: Callable[[str], Literal]) -> Any:
    """Credits a rule may count, for a row that asks for enough of them: the solver takes as much as the caps leave."""
    parts: dict[tuple[int, ...], Any] = {}
    total: Any = 0
    for under, names in rule.lots().items():
        supplied = _weigh(rule, names, literal)
        if not under:
            total += supplied
            continue
        most = min(sum(rule.weights[name] for name in names), *(rule.caps[place][0] for place in under))
        parts[under] = rule.step * model.new_int_var(0, most // rule.step, "")
        model.add(parts[under] <= supplied)
        total += parts[under]
    for place, (most, _) in enumerate(rule.caps):
        model.add(sum(part for under, part in parts.items() if place in under) <= most)
    return total


def exact_sum(rule: CreditRule, model: cp_model.CpModel, literal: Callable[[str], Literal]) -> Any:
    """Credits a rule counts, for a row that asks for no more than so many. Caps lie inside one another or apart.

    Raises
    ------
    ProblemError
        If caps overlap: the most that such caps leave cannot be bounded from above in one model.
    """
    if not is_nested(ids for _, ids in rule.caps):
        raise ProblemError("a requirement", "a credit rule with overlapping caps that must not be met", "caps that do not overlap")
    open_parts: list[tuple[Ids, Any]] = []
    for most, ids in sorted(rule.caps, key=lambda cap: (len(cap[1]), -cap[0], sorted(cap[1]))):
        inner = [one for one in open_parts if one[0] <= ids]
        rest = [name for name in rule.weights if name in ids and not any(name in held for held, _ in inner)]
        part = model.new_int_var(0, most, "")
        model.add_min_equality(part, [sum(part for _, part in inner) + _weigh(rule, rest, literal), most])
        open_parts = [one for one in open_parts if one not in inner] + [(ids, part)]
    free = [name for name in rule.weights if not any(name in ids for ids, _ in open_parts)]
    return _weigh(rule, free, literal) + sum(part for _, part in open_parts)


def is_nested(lists: Iterable[Ids]) -> bool:
    """Whether any two lists lie apart or one inside the other."""
    every = list(lists)
    return all(not (one & other) or one <= other or other <= one for place, one in enumerate(every) for other in every[:place])


def _weigh(rule: CreditRule, names: Iterable[str], literal: Callable[[str], Literal]) -> Any:
    listed = list(names)
    return cp_model.LinearExpr.weighted_sum([literal(name) for name in listed], [rule.weights[name] for name in listed])
