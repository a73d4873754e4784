"""How many credits one item supplies to a credit rule, as far as its catalog row says."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from pathways.credential import Credential
from pathways.requirements.rules import CreditsFrom
from pathways.units import LEVELS, convert, converts


def credits_toward(item: Credential, rule: CreditsFrom, unit: str) -> Fraction | None:
    """Credits one item supplies to a rule; zero where its level or unit does not count, None where no page says."""
    if rule.level is not None:
        level = item.level or (item.credits.level if item.credits else None)
        if level is not None and LEVELS.index(level) < LEVELS.index(rule.level):
            return Fraction(0)
        if level is None:
            return None
    if item.credits is None:
        return None
    return convert(item.credits.amount, item.credits.unit, unit) if converts(item.credits.unit, unit) else Fraction(0)


def shared_unit(items: Sequence[Credential]) -> str:
    """The unit a rule without one means: semester credit if any item has it."""
    units = {item.credits.unit for item in items if item.credits is not None}
    return "semester" if not units or "semester" in units else min(units)
