"""Numbered series: when credential 281 of an issuer led to course 243 of a college, credential 289 may lead to course 251.

Only what precedents of the same series, institution and subject show is used; no series is assumed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import exp

from pathways.matching.proposal import BadgeText
from pathways.matching.text import Code, codes_in

_OFF = 3.0
"""Course numbers off the expected one at which the closeness falls to a third."""
_APART = 15.0
"""Credential numbers between which an offset is trusted a third as much."""

Place = tuple[str, str]
"""Institution and subject of a course."""


@dataclass(frozen=True, slots=True)
class Step:
    """Credential number, course number, and which credential said so."""

    number: int
    course: int
    credential: int


@dataclass(frozen=True)
class Series:
    """All numbered precedents: series name (the letters before the number) -> place -> steps."""

    steps: dict[str, dict[Place, tuple[Step, ...]]]

    @classmethod
    def learn(cls, courses: Sequence[Sequence[tuple[str, Code]]], credentials: Sequence[BadgeText]) -> Series:
        """Collect steps from the course codes each credential led to."""
        found: dict[str, dict[Place, list[Step]]] = defaultdict(lambda: defaultdict(list))
        for place, (codes, badge) in enumerate(zip(courses, credentials, strict=True)):
            for own in codes_in(badge.title):
                for institution, code in dict.fromkeys(codes):
                    found[own.subject][institution, code.subject].append(Step(own.number, code.number, place))
        return cls({name: {where: tuple(steps) for where, steps in places.items()} for name, places in found.items()})

    def places(self, title: str, active: Sequence[bool]) -> list[Place]:
        """Where the series that a title names led to courses."""
        return list(self._ladders(title, active))

    def expected(
        self, title: str, active: Sequence[bool], codes: Iterable[Sequence[tuple[str, Code]]]
    ) -> list[tuple[float, float]]:
        """How well each course fits the series that a title names.

        Parameters
        ----------
        title : str
            Of the badge.
        active : sequence of bool
            Which credentials count.
        codes : iterable
            Institution and code of each offering, one sequence a course.

        Returns
        -------
        list of (float, float)
            By the nearest steps' offset, and by lying between its neighbors in the series; 0 to 1 each.
        """
        ladders = self._ladders(title, active)
        return [_best(offered, ladders) if ladders else (0.0, 0.0) for offered in codes]

    def _ladders(self, title: str, active: Sequence[bool]) -> dict[Place, list[tuple[int, list[Step]]]]:
        ladders: dict[Place, list[tuple[int, list[Step]]]] = defaultdict(list)
        for own in codes_in(title):
            for where, steps in self.steps.get(own.subject, {}).items():
                counted = [step for step in steps if active[step.credential]]
                if len({step.credential for step in counted}) > 1:
                    ladders[where].append((own.number, counted))
        return ladders


def _best(offered: Sequence[tuple[str, Code]], ladders: dict[Place, list[tuple[int, list[Step]]]]) -> tuple[float, float]:
    by_offset = between = 0.0
    for institution, code in offered:
        for number, steps in ladders.get((institution, code.subject), ()):
            by_offset = max(by_offset, *(_offset(number, code.number, step) for step in steps))
            between = max(between, 0.1, _between(number, code.number, steps))
    return by_offset, between


def _offset(number: int, course: int, step: Step) -> float:
    off = abs((course - step.course) - (number - step.number))
    return exp(-off / _OFF - abs(number - step.number) / _APART)


def _between(number: int, course: int, steps: Sequence[Step]) -> float:
    below = max(((step.number, step.course) for step in steps if step.number <= number), default=None)
    above = min(((step.number, step.course) for step in steps if step.number >= number), default=None)
    if below is None or above is None:
        return 0.0
    low, high = sorted((below[1], above[1]))
    off = max(low - course, course - high, 0)
    return exp(-off / _OFF) / (1 + (high - low) / 10)
