"""Short makers for planning problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pathways.planning.problem import PlanItem, Problem
from pathways.planning.relaxed import cone
from pathways.requirements.parse import parse
from tests.planning.worlds import some_terms


def item(name: str, load: int = 3, needs: str = "", **more: Any) -> PlanItem:
    """One item; ``needs`` is the text of its prerequisites, ``usd`` and ``hours`` plain numbers."""
    figures = {"usd": Decimal, "hours": Fraction}
    changed = {key: figures[key](value) if key in figures and value is not None else value for key, value in more.items()}
    made = PlanItem(name, name.upper(), load=Fraction(load), **changed)
    return replace(made, requires=parse(needs)) if needs else made


def asked(goal: str, *items: PlanItem, terms: int = 3, **limits: Any) -> Problem:
    """A problem over items; ``goal`` is a requirement text."""
    listed: Mapping[str, PlanItem] = {one.id: one for one in items}
    return Problem(parse(goal), listed, some_terms(terms), **limits)


def within_cone(problem: Problem) -> Problem:
    """Without the items that the goal cannot use: a plan never places them, so no filler for a term is made of them."""
    used = {*cone(problem), *problem.held}
    return replace(problem, items={name: one for name, one in problem.items.items() if name in used})
