"""Degree-size planning problems from a seed: eight groups without double counting, capped articulated credit, chains, offers.

Normal degrees give most courses twice a year at a load of 12 to 18; tight ones give most once a year or every other year at 9 to
15. Prices and hours differ from course to course, so that the best plan is one of few. Nothing in here solves anything.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from pathways.planning.problem import Cap, PlanItem, PlanTerm, Problem
from pathways.planning.terms import parse_terms
from pathways.requirements.rules import NOTHING_REQUIRED, AllOf, AnyOf, AtLeast, CreditsFrom, Groups, Held, Requirement

SEED = 20261121
Kind = Literal["normal", "tight"]
#: Courses of one subject, over four levels.
SUBJECT = 25
#: Badges an agreement turns into credit, and how much of that credit counts.
BADGES, ARTICULATED = 14, Fraction(30)
GROUPS = ("core", "major electives", "mathematics", "science", "writing", "humanities", "society", "free electives")


@dataclass(frozen=True, slots=True)
class Size:
    """Courses and badges on offer, and terms of the horizon."""

    candidates: int
    terms: int


def semesters(count: int) -> tuple[PlanTerm, ...]:
    """Fall and spring terms from Fall 2026."""
    return parse_terms("Fall 2026..Fall 2036", seasons=["fall", "spring"])[:count]


def degree(size: Size, seed: int, kind: Kind = "normal") -> Problem:
    """A degree of about 45 courses; equal for equal arguments."""
    made = _Degree(size, random.Random(f"{SEED} {size.candidates} {size.terms} {seed} {kind}"), kind)
    least, most = (12, 18) if kind == "normal" else (9, 15)
    return Problem(
        made.goal(),
        made.items,
        semesters(size.terms),
        f"degree of {size.candidates} candidates, seed {seed}, {kind}",
        load_min=Fraction(least),
        load_max=Fraction(most),
        caps=(Cap("articulated", ARTICULATED),),
    )


class _Degree:
    def __init__(self, size: Size, chance: random.Random, kind: Kind) -> None:
        self._size, self._chance, self._kind = size, chance, kind
        self.items: dict[str, PlanItem] = {}
        self._courses: list[list[str]] = []
        for subject in range((size.candidates - BADGES) // SUBJECT):
            self._courses.append([self._course(subject, number) for number in range(SUBJECT)])
        for subject, names in enumerate(self._courses):
            for number, name in enumerate(names):
                self._needs(subject, number, name)
        self._badges = [self._badge(number) for number in range(BADGES)]

    def _course(self, subject: int, number: int) -> str:
        chance, name = self._chance, f"s{subject:02}-{_level(number)}{number:02}"
        load = chance.choice((3, 3, 3, 4))
        self.items[name] = PlanItem(
            name,
            name.upper(),
            load=Fraction(load),
            hours=Fraction(load * 45 + chance.randrange(-20, 21)),
            usd=Decimal(load * (300 + chance.randrange(0, 41) * 5) + chance.randrange(0, 60)),
            offered=self._offers(),
        )
        return name

    def _offers(self) -> frozenset[int] | None:
        often = (0.55, 0.9, 1.0) if self._kind == "normal" else (0.3, 0.75, 1.0)
        way = self._chance.random()
        if way < often[0]:
            return None
        every = 2 if way < often[1] or self._kind == "normal" else 4
        return frozenset(range(self._chance.randrange(every), self._size.terms, every))

    def _badge(self, number: int) -> str:
        name = f"badge-{number:02}"
        usd, hours = Decimal(40 + self._chance.randrange(60)), Fraction(10 + self._chance.randrange(20))
        self.items[name] = PlanItem(name, name.upper(), "claim", Fraction(3), hours, usd, group="articulated")
        return name

    def _needs(self, subject: int, number: int, name: str) -> None:
        """Prerequisites one level below: one course, either of two, two of three; now and then a course beside it."""
        chance, level = self._chance, _level(number)
        below = [one for place, one in enumerate(self._courses[subject]) if _level(place) == level - 1]
        needs: Requirement = NOTHING_REQUIRED
        if below and chance.random() < 0.7:
            some = [Held(one) for one in chance.sample(below, 3)]
            whole = AllOf((some[0], AnyOf((some[1], some[2]))))
            needs = chance.choice((some[0], AnyOf((some[0], some[1])), AtLeast(2, tuple(some)), whole))
        beside: Requirement = NOTHING_REQUIRED
        if number and _level(number - 1) == level and chance.random() < 0.12:
            beside = Held(self._courses[subject][number - 1])
        self.items[name] = replace(self.items[name], requires=needs, corequisites=beside)

    def goal(self) -> Groups:
        """Eight groups over lists that overlap, badges in four of them."""
        low = [self._in(subject, {1, 2}) for subject in range(len(self._courses))]
        last = len(self._courses) - 1
        core = tuple(Held(name) for name in self._some([*self._in(0, {1, 2, 3}), *self._in(min(1, last), {1, 2})], 12))
        wide = self._some([name for names in self._courses for name in names], min(150 + self._size.candidates // 10, 350))
        lists = (
            (6, [*self._in(0, {3, 4}), *self._in(1, {3, 4})], 2),
            (3, self._courses[2], 0),
            (12, [*self._courses[3], *low[4]], 3),
            (3, [*low[5], *low[4 % last]], 2),
            (5, [*low[5], *low[6], *low[last], *self._some(wide, 10)], 4),
            (5, [*low[6], *low[7 % (last + 1)], *low[last], *self._some(wide, 10)], 0),
            (15, [*wide, *low[6]], 5),
        )
        return Groups((AllOf(core), *(self._group(*one) for one in lists)), GROUPS)

    def _group(self, asked: int, courses: Sequence[str], badges: int) -> Requirement:
        """So many of a list, or so many credits where that is twelve or more."""
        chosen = tuple(Held(name) for name in dict.fromkeys([*courses, *self._some(self._badges, badges)]))
        return CreditsFrom(Fraction(asked), chosen) if asked >= 12 else AtLeast(asked, chosen)

    def _in(self, subject: int, levels: set[int]) -> list[str]:
        return [name for number, name in enumerate(self._courses[subject]) if _level(number) in levels]

    def _some(self, names: Sequence[str], count: int) -> list[str]:
        names = list(dict.fromkeys(names))
        return self._chance.sample(names, min(count, len(names)))


def _level(number: int) -> int:
    """Seven, seven, six and five courses of the levels one to four."""
    return 1 + sum(number >= start for start in (7, 14, 20))


def impossible(kind: str, problem: Problem, least_usd: Decimal, least_load: Fraction) -> Problem:
    """The problem with one limit that no plan can respect.

    Parameters
    ----------
    kind : str
        ``never offered``, ``horizon``, ``budget``, ``load`` or ``cap``.
    problem : Problem
        One with a plan.
    least_usd, least_load : Decimal, Fraction
        The least any of its plans costs and weighs.
    """
    match kind:
        case "never offered":
            core = problem.goal.children[0] if isinstance(problem.goal, Groups) else problem.goal
            name = min(one.id for one in core.children if isinstance(one, Held))  # type: ignore[union-attr]
            item = replace(problem.items[name], offered=frozenset())
            return replace(problem, items={**problem.items, name: item})
        case "horizon":
            return replace(problem, deadline=-int(-least_load // problem.load_max) - 2)
        case "budget":
            return replace(problem, budget=least_usd - 1)
        case "load":
            most = Fraction(-int(-least_load // len(problem.terms)) - 1)
            return replace(problem, load_min=Fraction(0), load_max=most)
        case "cap":
            goal = AllOf((problem.goal, AtLeast(11, tuple(Held(f"badge-{number:02}") for number in range(BADGES)))))
            return replace(problem, goal=goal)
        case _:
            raise ValueError(kind)
