"""Requests to questions: ids checked against the catalog, amounts and places read, every problem with its pointer.

All problems of a request are collected before it is refused, so that nobody corrects one field at a time.
"""

from __future__ import annotations

import calendar
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from api.errors import MAX_SHOWN, InputError, InputProblem
from api.schemas import MAX_HELD, AuditIn, LearnerIn, RecommendationIn
from pathways.articulation.renewal_load import PREFIX, parse_renewal_target
from pathways.catalog.entities import Catalog
from pathways.errors import DataError, PathwaysError, UnitError, UnknownIdError, nearest_ids
from pathways.places import Place, parse_place
from pathways.recommendation.answer import Question
from pathways.recommendation.implied import with_parts
from pathways.record import EarnedCredential, LearnerRecord, LicenseHeld, Limits
from pathways.record_files import parse_have, parse_progress, record_from_json
from pathways.requirements.verdicts import Pin
from pathways.units import CreditValue

if TYPE_CHECKING:
    from api.world import World

T = TypeVar("T")


class Problems:
    """What is wrong with one request, collected."""

    def __init__(self) -> None:
        self.found: list[InputProblem] = []

    def add(self, pointer: str, detail: str) -> None:
        """Note one problem."""
        self.found.append(InputProblem(pointer, detail))

    def tried(self, pointer: str, read: Callable[[], T], otherwise: T) -> T:
        """Read one part; a part that cannot be read is noted and stands as ``otherwise``."""
        try:
            return read()
        except DataError as error:
            for problem in error.problems:
                self.add(pointer, str(problem))
        except PathwaysError as error:
            self.add(pointer, str(error))
        return otherwise

    def known(self, pointer: str, credential_id: str, catalog: Catalog) -> bool:
        """Whether an id is in the catalog; an unknown one is noted with the nearest ids.

        Only as many are compared as will be shown: the comparison costs milliseconds, and a request may hold ten thousand.
        """
        if credential_id in catalog.credentials:
            return True
        near = nearest_ids(credential_id, catalog.credentials) if len(self.found) < MAX_SHOWN else ()
        self.add(pointer, str(UnknownIdError(credential_id[:100], "credential", near)))
        return False

    def stop(self) -> None:
        """Refuse the request if anything was wrong.

        Raises
        ------
        InputError
            With every problem.
        """
        if self.found:
            raise InputError(tuple(self.found))


def question_of(asked: RecommendationIn, catalog: Catalog, on: date) -> Question:
    """A recommendation request as the question of the domain.

    Raises
    ------
    InputError
        If there is neither goal nor target, an id is unknown, or a part cannot be read; it names every such part.
    """
    problems = Problems()
    goal = plain(asked.goal)
    if not asked.targets and not any(mark.isalnum() for mark in goal):
        problems.add("/goal", "Type a goal in words, or name a target.")
    for number, target in enumerate(asked.targets):
        check_target(f"/targets/{number}", target, catalog, problems)
    for number, credential_id in enumerate(asked.exclude):
        problems.known(f"/exclude/{number}", credential_id, catalog)
    record = record_of(asked, catalog, problems)
    limits = _limits(asked, record.limits, on, problems)
    problems.stop()
    return Question(
        goal=goal,
        record=replace(record, limits=limits),
        on=on,
        targets=tuple(dict.fromkeys(asked.targets)),
        excluded=tuple(asked.exclude),
        k=asked.k,
    )


def audit_question(asked: AuditIn, catalog: Catalog) -> tuple[LearnerRecord, tuple[Pin, ...]]:
    """The record and pins of an audit request.

    Raises
    ------
    InputError
        If the target or another id is unknown, or a part cannot be read; it names every such part.
    """
    problems = Problems()
    check_target("/target", asked.target, catalog, problems)
    record = record_of(asked, catalog, problems)
    held = [item.id for item in record.achievements]
    pins = []
    for number, pin in enumerate(asked.pins):
        if pin.id in held:
            pins.append(Pin(held.index(pin.id), pin.group))
        else:
            problems.add(f"/pins/{number}/id", f'"{plain(pin.id)}" is not on the record, so it cannot be pinned.')
    problems.stop()
    return record, tuple(pins)


def at_place(world: World, asked: LearnerIn) -> World:
    """The world with the local rules that bind where the learner of a request works.

    A place that cannot be read is none here: reading the request names it.
    """

    def place() -> Place:
        problems = Problems()
        recorded = Place()
        if asked.record is not None:
            given = asked.record
            recorded = problems.tried("/record", lambda: record_from_json(given, world.catalog.credentials), LearnerRecord()).place
        return _place(asked, recorded, problems)

    return world.here(place)


def check_target(pointer: str, target: str, catalog: Catalog, problems: Problems) -> None:
    """Note a target that is neither a credential nor the renewal of a state."""
    if not target.startswith(PREFIX):
        problems.known(pointer, target, catalog)
    else:
        problems.tried(pointer, lambda: parse_renewal_target(target), None)


def record_of(asked: LearnerIn, catalog: Catalog, problems: Problems) -> LearnerRecord:
    """The record a request describes: its record part, with the ids, progress, place and license of its own fields added."""
    record = LearnerRecord()
    if asked.record is not None:
        given = asked.record
        record = problems.tried("/record", lambda: record_from_json(given, catalog.credentials), record)
    held = (*record.achievements, *_held(asked.have, catalog, problems))
    if len(held) > MAX_HELD:
        problems.add("/have", f"More than {MAX_HELD:,} items are held. Expected at most that many.")
    place = _place(asked, record.place, problems)
    progress = [
        value
        for number, text in enumerate(asked.progress)
        if (value := problems.tried(f"/progress/{number}", partial(_progress, text), None)) is not None
    ]
    stated = replace(
        record,
        achievements=held[:MAX_HELD],
        progress=(*record.progress, *progress),
        place=place,
        licenses=_licenses(asked, record, place),
    )
    return with_parts(stated, catalog)


@contextmanager
def about_progress() -> Iterator[None]:
    """Reported progress in a unit that the place's load does not use is found only when it is added up: name its field."""
    try:
        yield
    except UnitError as error:
        raise InputError((InputProblem("/progress", str(error)),)) from error


def plain(text: str) -> str:
    r"""Text without control characters, marks of direction and half characters, on one line.

    Examples
    --------
    >>> plain("teach\x07  reading\n")
    'teach reading'
    """
    kept = ("" if unicodedata.category(mark) in {"Cc", "Cf", "Cs"} and not mark.isspace() else mark for mark in text)
    return " ".join("".join(kept).split())


def _held(have: Sequence[str], catalog: Catalog, problems: Problems) -> Iterable[EarnedCredential]:
    """What is held, one entry after the other, and nothing once there is more than may be held: ``id*10000`` may stand there
    ten thousand times.
    """
    count = 0
    for number, text in enumerate(have):
        if count > MAX_HELD:
            return
        if len(problems.found) >= MAX_SHOWN and text.partition("*")[0] not in catalog.credentials:
            # Finding the nearest ids costs milliseconds, and a request may hold ten thousand wrong ones that nobody is shown.
            problems.add(f"/have/{number}", "Not read.")
        else:
            nothing: tuple[EarnedCredential, ...] = ()
            found = problems.tried(f"/have/{number}", partial(parse_have, text, catalog.credentials), nothing)
            count += len(found)
            yield from found


def _progress(text: str) -> CreditValue | None:
    return parse_progress(text)


def _place(asked: LearnerIn, recorded: Place, problems: Problems) -> Place:
    place = recorded
    if asked.place is not None:
        text = asked.place
        place = problems.tried("/place", lambda: parse_place(text), recorded)
    return place if asked.district is None else replace(place, district=plain(asked.district))


def _licenses(asked: LearnerIn, record: LearnerRecord, place: Place) -> tuple[LicenseHeld, ...] | None:
    if asked.license is None:
        return record.licenses
    return (*(record.licenses or ()), LicenseHeld(place.state or place.nation or "", plain(asked.license)))


def _limits(asked: RecommendationIn, recorded: Limits, on: date, problems: Problems) -> Limits:
    deadline = recorded.deadline
    if asked.by is not None:
        year, month = int(asked.by[:4]), int(asked.by[5:])
        deadline = date(year, month, calendar.monthrange(year, month)[1]) if year else None
        if deadline is None or deadline < on:
            problems.add("/by", f"{asked.by} is over. Expected a month from {on:%Y-%m} on.")
    return Limits(
        hours_per_week=recorded.hours_per_week if asked.hours_per_week is None else Fraction(str(asked.hours_per_week)),
        budget_usd=recorded.budget_usd if asked.budget_usd is None else Decimal(str(asked.budget_usd)),
        deadline=deadline,
    )
