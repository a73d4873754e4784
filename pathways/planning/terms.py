"""Terms by name: ``Fall 2026..Summer 2028`` to dated terms in calendar order.

Dates are the usual ones of a US semester year, not those of one school: spring January 15 to May 15, summer June 1 to August 10,
fall August 20 to December 15.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise

from pathways.errors import QuestionError
from pathways.planning.problem import PlanTerm, Season

#: First and last day (month, day) of each season, in calendar order.
DAYS: dict[Season, tuple[tuple[int, int], tuple[int, int]]] = {
    "spring": ((1, 15), (5, 15)),
    "summer": ((6, 1), (8, 10)),
    "fall": ((8, 20), (12, 15)),
}
_WORDS: dict[str, Season] = {"spring": "spring", "summer": "summer", "fall": "fall", "autumn": "fall"}
_FIRST_YEAR, _LAST_YEAR = 1990, 2100
#: A longer horizon is a slip of the pen, not a plan.
MOST_TERMS = 60
_EXAMPLE = 'Write a season and a year, such as "Fall 2026", or a range, such as "Fall 2026..Summer 2028".'


def term_named(text: str) -> PlanTerm:
    """One term by its name.

    Raises
    ------
    QuestionError
        If it is no season and year.

    Examples
    --------
    >>> term_named("fall 2026").start
    datetime.date(2026, 8, 20)
    """
    match = re.fullmatch(r"\s*([^\W\d_]+)\s+(\d{4})\s*", text)
    season = _WORDS.get(match.group(1).casefold()) if match else None
    if match is None or season is None:
        message = f'"{text.strip()}" is not a term. {_EXAMPLE} Seasons: spring, summer, fall.'
        raise QuestionError(message)
    year = int(match.group(2))
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        message = f'"{text.strip()}" is outside {_FIRST_YEAR} to {_LAST_YEAR}.'
        raise QuestionError(message)
    return _term(season, year)


def parse_terms(text: str, *, seasons: Collection[Season] = tuple(DAYS)) -> tuple[PlanTerm, ...]:
    """A range of terms, or terms one by one.

    Parameters
    ----------
    text : str
        ``"Fall 2026..Summer 2028"`` (both ends included), ``"Fall 2026, Spring 2027"``, or a mix.
    seasons : collection of str
        Seasons a range contains; terms named one by one are always taken.

    Returns
    -------
    tuple of PlanTerm
        In calendar order, without gaps filled.

    Raises
    ------
    QuestionError
        For an unknown name, a reversed or empty range, a term named twice, terms out of order, or more than :data:`MOST_TERMS`.
    """
    found: list[PlanTerm] = []
    for part in text.split(","):
        found.extend(_range(part, seasons) if ".." in part else [term_named(part)])
    for one, other in pairwise(found):
        if other == one or other in found[: found.index(one)]:
            message = f"{other.name} is named twice."
            raise QuestionError(message)
        if other.start <= one.end:
            message = f"{other.name} comes before {one.name}: name terms in calendar order."
            raise QuestionError(message)
    return tuple(found)


def last_term_by(terms: Sequence[PlanTerm], deadline: date) -> int:
    """Index of the last term that has ended by a day.

    Raises
    ------
    QuestionError
        If none has: the deadline lies before the end of the first term.
    """
    done = [number for number, term in enumerate(terms) if term.end <= deadline]
    if not done:
        first = terms[0]
        message = (
            f"The deadline {deadline.isoformat()} is before the end of the first term, {first.name} ({first.end.isoformat()})."
        )
        raise QuestionError(message)
    return done[-1]


def _term(season: Season, year: int) -> PlanTerm:
    (first_month, first_day), (last_month, last_day) = DAYS[season]
    return PlanTerm(f"{season.title()} {year}", season, date(year, first_month, first_day), date(year, last_month, last_day))


def _range(text: str, seasons: Collection[Season]) -> list[PlanTerm]:
    ends = text.split("..")
    if len(ends) != 2 or not all(end.strip() for end in ends):
        message = f'"{text.strip()}" is not a range of terms. {_EXAMPLE}'
        raise QuestionError(message)
    first, last = map(term_named, ends)
    if last.start < first.start:
        message = f'"{text.strip()}" runs backward: {last.name} is before {first.name}.'
        raise QuestionError(message)
    between = [_term(season, year) for year in range(first.start.year, last.start.year + 1) for season in DAYS if season in seasons]
    found = [term for term in between if first.start <= term.start <= last.start]
    if not found:
        message = f'"{text.strip()}" has no {" or ".join(sorted(seasons))} term in it.'
        raise QuestionError(message)
    if len(found) > MOST_TERMS:
        message = f'"{text.strip()}" has {len(found)} terms; a plan has at most {MOST_TERMS}.'
        raise QuestionError(message)
    return found
