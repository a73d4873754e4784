"""A plan request as a planning problem: ids, terms, load, limits and pins read, every problem with its pointer."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from api.errors import InputError, InputProblem
from api.plan_schemas import PlanIn
from api.questions import Problems, check_target, plain, record_of
from pathways.articulation.renewal_load import PREFIX
from pathways.catalog.entities import Catalog
from pathways.errors import QuestionError, UnitError, UnknownIdError
from pathways.planning.errors import ProblemError
from pathways.planning.problem import PlanTerm, Problem
from pathways.planning.terms import DAYS, last_term_by, parse_terms, term_named
from pathways.planning.verify_trees import holds
from pathways.record import LearnerRecord

USUAL_YEARS = 3
"""Length of the horizon where no terms are named."""
MOST_LOAD = 1000
_AMOUNT = r"\d{1,4}(?:\.\d{1,3})?"
_LOAD = re.compile(rf"\s*(?:(?P<least>{_AMOUNT})\s*\.\.\s*)?(?P<most>{_AMOUNT})\s*")
_LOAD_WORDS = "Expected credits a term: the most, as in 9, or least and most, as in 3..9."
#: Where a contradiction found in the whole problem stands in the request.
_POINTERS = {
    "terms": "/terms",
    "term": "/terms",
    "deadline": "/by",
    "load": "/load",
    "budget": "/budget_usd",
    "hours": "/hours_per_week",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as read: itself with its terms named, the learner's record, and the problem."""

    body: PlanIn
    record: LearnerRecord
    problem: Problem


@dataclass(frozen=True, slots=True)
class _Limits:
    """What bounds a plan; None where nothing does."""

    load: tuple[Fraction, Fraction]
    pins: Mapping[str, str]
    budget: Decimal | None
    hours: Fraction | None
    deadline: date | None


def plan_question(asked: PlanIn, catalog: Catalog, on: date) -> Asked:
    """Read a request.

    Raises
    ------
    InputError
        If an id, term, load, limit or pin cannot be read or contradicts another; it names every such part.
    """
    problems = Problems()
    _check_ids(asked, catalog, problems)
    record = record_of(asked, catalog, problems)
    horizon = asked.terms if asked.terms is not None else usual_terms(on)
    nothing: tuple[PlanTerm, ...] = ()
    terms = problems.tried("/terms", lambda: parse_terms(horizon), nothing)
    limits = _limits(asked, record, on, terms, problems)
    if terms:
        _check_times(terms, limits, on, problems)
    problems.stop()
    body = asked if asked.terms is not None else asked.model_copy(update={"terms": horizon})
    problem = _problem(body, record, catalog, on=on, terms=terms, limits=limits)
    _refuse_what_is_done(problem)
    return Asked(body, record, problem)


def usual_terms(on: date) -> str:
    """Three years of terms from the next one that has not begun.

    Examples
    --------
    >>> usual_terms(date(2026, 11, 21))
    'Spring 2027..Fall 2029'
    """
    names = [f"{season.title()} {year}" for year in range(on.year, on.year + USUAL_YEARS + 2) for season in DAYS]
    ahead = [name for name in names if term_named(name).start > on]
    return f"{ahead[0]}..{ahead[USUAL_YEARS * len(DAYS) - 1]}"


def parse_load(text: str) -> tuple[Fraction, Fraction]:
    """Least and most credits of a term.

    Raises
    ------
    QuestionError
        If it is no such range, the least is above the most, or the most is nothing.

    Examples
    --------
    >>> parse_load("3..9"), parse_load("4.5")
    ((Fraction(3, 1), Fraction(9, 1)), (Fraction(0, 1), Fraction(9, 2)))
    """
    found = _LOAD.fullmatch(text)
    if found is None:
        message = f'"{plain(text)}" is not a load. {_LOAD_WORDS}'
        raise QuestionError(message)
    least, most = Fraction(found["least"] or 0), Fraction(found["most"])
    if least > most:
        message = f"The least load, {found['least']}, is above the most, {found['most']}. {_LOAD_WORDS}"
        raise QuestionError(message)
    if not 0 < most <= MOST_LOAD:
        message = f"The most load a term is {found['most']}. Expected more than 0, at most {MOST_LOAD}."
        raise QuestionError(message)
    return least, most


def problem_with(error: ProblemError) -> InputError:
    """A contradiction of a problem as one of the request."""
    first, _, rest = error.where.partition(" of ")
    pointer = f"/pins/{rest}" if first == "pin" else _POINTERS.get(error.where.split(" ")[0], "/target")
    return InputError((InputProblem(pointer, str(error)),))


def _refuse_what_is_done(problem: Problem) -> None:
    """A target that is held needs no plan."""
    loads = {name: item.load for name, item in problem.items.items()}
    if holds(problem.goal, problem.held - problem.held_until.keys(), loads):
        detail = f"{problem.name} is held already, so there is nothing to plan. Choose another target."
        raise InputError((InputProblem("/target", detail),))


def _problem(
    body: PlanIn, record: LearnerRecord, catalog: Catalog, *, on: date, terms: tuple[PlanTerm, ...], limits: _Limits
) -> Problem:
    from pathways.planning.from_catalog import problem_for

    try:
        return problem_for(
            body.target,
            record,
            catalog,
            terms=terms,
            load_min=limits.load[0],
            load_max=limits.load[1],
            hours_per_week=limits.hours,
            budget=limits.budget,
            deadline=limits.deadline,
            pins=tuple(limits.pins.items()),
            excluded=tuple(body.exclude),
            required=tuple(body.require),
            objective=tuple(body.objective),
            fill=body.fill,
            on=on,
        )
    except ProblemError as error:
        raise problem_with(error) from error
    except UnknownIdError as error:
        raise InputError((InputProblem(_pointer_of(error.id, body), str(error)),)) from error
    except (QuestionError, UnitError) as error:
        raise InputError((InputProblem("/target", str(error)),)) from error


def _pointer_of(name: str, body: PlanIn) -> str:
    """Where a request names an id."""
    for field in ("exclude", "require"):
        if name in getattr(body, field):
            return f"/{field}/{getattr(body, field).index(name)}"
    return f"/pins/{name}" if name in body.pins else "/target"


def _check_ids(asked: PlanIn, catalog: Catalog, problems: Problems) -> None:
    if asked.target.startswith(PREFIX):
        problems.add("/target", "A renewal is a number of points, not a list of steps: ask pathways next --target instead.")
    else:
        check_target("/target", asked.target, catalog, problems)
    for name in sorted(set(asked.exclude) & set(asked.require)):
        problems.add("/require", f'"{plain(name)}" is to be used and to be left out. Choose one.')
    for name in sorted(set(asked.exclude) & set(asked.pins)):
        problems.add(f"/pins/{name}", f'"{plain(name)}" is pinned and to be left out. Choose one.')


def _limits(asked: PlanIn, record: LearnerRecord, on: date, terms: tuple[PlanTerm, ...], problems: Problems) -> _Limits:
    deadline = record.limits.deadline
    if asked.by is not None:
        year, month = int(asked.by[:4]), int(asked.by[5:])
        deadline = date(year, month, calendar.monthrange(year, month)[1]) if year else None
        if deadline is None or deadline < on:
            problems.add("/by", f"{asked.by} is over. Expected a month from {on:%Y-%m} on.")
            deadline = None
    return _Limits(
        load=problems.tried("/load", lambda: parse_load(asked.load), (Fraction(0), Fraction(MOST_LOAD))),
        pins=_pins(asked.pins, terms, problems),
        budget=record.limits.budget_usd if asked.budget_usd is None else _dollars(asked.budget_usd),
        hours=record.limits.hours_per_week if asked.hours_per_week is None else Fraction(str(asked.hours_per_week)),
        deadline=deadline,
    )


def _dollars(value: float) -> Decimal:
    """Dollars as written: whole ones without a decimal point."""
    return Decimal(int(value)) if value == int(value) else Decimal(str(value))


def _check_times(terms: tuple[PlanTerm, ...], limits: _Limits, on: date, problems: Problems) -> None:
    if terms[-1].end < on:
        problems.add("/terms", f"{terms[-1].name} is over. Expected terms that are still to come.")
    elif terms[0].end < on:
        problems.add("/terms", f"{terms[0].name} is over. Start with a term that is not.")
    if limits.deadline is not None:
        last = limits.deadline
        problems.tried("/by", lambda: last_term_by(terms, last), 0)


def _pins(pins: Mapping[str, str], terms: tuple[PlanTerm, ...], problems: Problems) -> dict[str, str]:
    """Pins with the terms' own names; a term outside the horizon is noted."""
    names = {term.name for term in terms}
    read: dict[str, str] = {}
    for item, text in pins.items():
        term = problems.tried(f"/pins/{item}", lambda text=text: term_named(text), None)  # type: ignore[misc]
        if term is None or not terms:
            continue
        if term.name not in names:
            problems.add(f"/pins/{item}", f"{term.name} is outside the plan, which runs from {terms[0].name} to {terms[-1].name}.")
        read[item] = term.name
    return read
