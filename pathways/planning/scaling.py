"""Amounts as whole numbers for a solver, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from pathways.planning.errors import ProblemError
from pathways.planning.problem import PlanItem, Problem
from pathways.requirements.rules import AtMostCredits, CreditsFrom, Groups, walk

#: A sum of whole amounts has to stay far below 2**63.
LARGEST = 2**40


@dataclass(frozen=True, slots=True)
class Scaled:
    """Whole amounts of items, and what they were multiplied by. Unknown amounts are 0 here and counted elsewhere."""

    load: dict[str, int]
    usd: dict[str, int]
    hours: dict[str, int]
    load_scale: int
    usd_scale: int
    hours_scale: int


def scaled(problem: Problem, ids: Iterable[str]) -> Scaled:
    """Amounts of items in whole numbers.

    Raises
    ------
    ProblemError
        If they are so fine or so large that exact sums would not fit.
    """
    ids = list(ids)
    items = [problem.items[name] for name in ids]
    load_scale = _scale([item.load for item in items] + _credit_numbers(problem, items), "credits")
    usd_scale = _scale([Fraction(usd) for usd in {item.usd or Decimal(0) for item in items}], "prices")
    hours_scale = _scale([item.hours or Fraction(0) for item in items], "hours")
    return Scaled(
        {item.id: _whole(item.load, load_scale) for item in problem.items.values() if load_scale % item.load.denominator == 0},
        {name: _whole(item.usd, usd_scale) for name, item in zip(ids, items, strict=True)},
        {name: _whole(item.hours, hours_scale) for name, item in zip(ids, items, strict=True)},
        load_scale,
        usd_scale,
        hours_scale,
    )


def _whole(amount: Fraction | Decimal | None, scale: int) -> int:
    """An amount times a multiple of its denominator; without building a fraction, because there are thousands."""
    if not amount:
        return 0
    over, under = amount.as_integer_ratio()
    return over * (scale // under)


def _credit_numbers(problem: Problem, items: Sequence[PlanItem]) -> list[Fraction]:
    """Every number weighed against loads, and the loads of held ids, which weigh in credit rules."""
    found = [problem.items[name].load for name in sorted(problem.held) if name in problem.items]
    trees = [problem.goal, *(tree for item in items for tree in (item.requires, item.corequisites))]
    for node in (node for tree in trees for node in walk(tree)):
        match node:
            case CreditsFrom():
                found.append(node.min_credits)
            case AtMostCredits():
                found.append(node.max_credits)
            case Groups():
                found += [share.amount for share in node.shares]
    return found + [cap.most for cap in problem.caps]


def _scale(amounts: Iterable[Fraction], what: str) -> int:
    numbers = list(dict.fromkeys(amounts))
    scale = math.lcm(1, *(number.denominator for number in numbers))
    if any(abs(number) * scale > LARGEST for number in numbers):
        raise ProblemError(what, "amounts too large or too fine to add exactly", "amounts below a million with few decimals")
    return scale


def as_usd(amount: int, scale: int) -> Decimal:
    """A whole amount of money back in dollars."""
    return Decimal(amount) / Decimal(scale)
