"""A problem that contradicts itself is refused with a message that says where and what."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from pathways.planning.errors import ProblemError
from pathways.planning.problem import Problem
from pathways.planning.solver import plan
from pathways.requirements.rules import AtLeast, CreditsFrom, Held
from tests.planning.makers import asked, item
from tests.planning.worlds import some_terms

_FALL, _SPRING, _SUMMER = some_terms(3)
_A, _B = item("a"), item("b", needs="held(a)")


def _two(**limits: object) -> Problem:
    return replace(asked("held(b)", _A, _B), **limits)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (_two(terms=()), "terms: found no term at all"),
        (_two(terms=(_SPRING, _FALL)), "calendar order"),
        (_two(terms=(_FALL, replace(_SPRING, start=_FALL.end))), "do not overlap"),
        (_two(load_min=Fraction(10)), "minimum of 10 above the maximum of 9"),
        (_two(load_max=Fraction(0)), "load maximum: found 0"),
        (_two(deadline=-1), "deadline: found a day before the first term ends"),
        (_two(pins={"a": 7}), "pin of a: found term number 7"),
        (_two(pins={"c": 0}), "pin of c: found no such item"),
        (_two(pins={"a": 0}, excluded=frozenset({"a"})), "pin of a: found an item that is excluded too"),
        (_two(pins={"a": 1, "b": 1}), "pinned no earlier (a)"),
        (asked("held(a)", item("a", offered=frozenset({1})), pins={"a": 0}), "Fall 2026, in which it is not offered"),
        (asked("held(a)", item("a", needs="held(a)")), "prerequisites of a: found the item itself"),
        (asked("held(a)", item("a", -1)), "load of a: found -1"),
        (replace(_two(), goal=AtLeast(3, (Held("a"), Held("b")))), "found 3 of 2"),
        (replace(_two(), goal=CreditsFrom(Fraction(0), (Held("a"),))), "found 0 credits"),
        (_two(required=frozenset({"ghost"})), "required item ghost: found no such item"),
    ],
)
def test_each_contradiction_has_its_message(problem: Problem, says: str) -> None:
    with pytest.raises(ProblemError) as raised:
        plan(problem)
    assert says in str(raised.value)
