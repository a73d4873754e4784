"""Deadline radar: days on which something a plan rests on ends, each with what it endangers and where that was read.

A plan is right on the day it is made; these are the dates that can still undo it when a term slips. Nothing here changes a plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from pathways.catalog.entities import Catalog, RequirementRow
from pathways.credential import Source
from pathways.planning.catalog_cone import base_id
from pathways.planning.problem import Placed, Plan, Problem
from pathways.record import LearnerRecord
from pathways.requirements.audit import audit
from pathways.requirements.conditions import add_months, anchor_day
from pathways.requirements.rules import Approved, Held, held_ids, walk

WarningKind = Literal["license", "expiry", "offer ends", "teach-out", "agreement ends", "window", "approval"]


@dataclass(frozen=True, slots=True)
class DeadlineWarning:
    """One date to watch.

    Parameters
    ----------
    day : date
        Last day on which it still counts, is offered, or can be done.
    about : str
        Item, achievement or license it is about.
    endangers : tuple of str
        Item ids of the plan that rest on it.
    is_late : bool
        Whether the day lies before the plan needs it: the plan as it stands cannot rely on it.
    """

    kind: WarningKind
    day: date
    about: str
    endangers: tuple[str, ...]
    text: str
    is_late: bool
    sources: tuple[Source, ...] = ()


def radar(problem: Problem, plan: Plan, record: LearnerRecord, catalog: Catalog, on: date) -> tuple[DeadlineWarning, ...]:
    """Dates that endanger a plan, earliest first.

    Parameters
    ----------
    problem, plan : Problem, Plan
        As :func:`.from_catalog.problem_for` made it, and a plan of it.
    record, catalog : LearnerRecord, Catalog
    on : date
        Dates before this day are named only where something still rests on them.

    Returns
    -------
    tuple of DeadlineWarning
        Empty for an empty plan.
    """
    if not plan.placed:
        return ()
    watch = _Watch(problem, plan, record, catalog, on)
    found = [*watch.licenses(), *watch.achievements(), *watch.offers(), *watch.agreements(), *watch.windows(), *watch.approvals()]
    return tuple(sorted(dict.fromkeys(found), key=lambda one: (one.day, one.kind, one.about, one.endangers)))


class _Watch:
    """What every check looks at: the plan, and the catalog rows of its items."""

    def __init__(self, problem: Problem, plan: Plan, record: LearnerRecord, catalog: Catalog, on: date) -> None:
        self._problem, self._plan, self._record, self._catalog, self._on = problem, plan, record, catalog, on
        self._completion = problem.terms[plan.placed[-1].term].end
        self._placed = {one.item: one for one in plan.placed}

    def _rows(self) -> Iterator[tuple[Placed, RequirementRow]]:
        for one in self._plan.placed:
            for row in self._catalog.rows_by_credential.get(base_id(one.item), ()):
                if row.kind != "precedes":
                    yield one, row

    def _start(self, one: Placed) -> date:
        return self._problem.terms[one.term].start

    def _end(self, one: Placed) -> date:
        return self._problem.terms[one.term].end

    def _needing(self, name: str) -> tuple[str, ...]:
        """Items of the plan whose rules name an id."""
        items = self._problem.items
        return tuple(
            one.item
            for one in self._plan.placed
            if name in held_ids(items[one.item].requires) or name in held_ids(items[one.item].corequisites)
        )

    def licenses(self) -> Iterator[DeadlineWarning]:
        for held in self._record.licenses or ():
            if held.expires_on is not None and held.expires_on <= self._completion:
                resting = tuple(
                    one.item
                    for one in self._plan.placed
                    if self._start(one) <= self._completion and self._end(one) > held.expires_on
                )
                what = f"the {held.kind} license of {held.place}"
                text = f"{what} ends on {_day(held.expires_on)}, before the plan does ({_day(self._completion)}): renew it in time"
                yield DeadlineWarning("license", held.expires_on, what, resting, text, is_late=True)

    def achievements(self) -> Iterator[DeadlineWarning]:
        """Achievements that count now and stop counting, by their own expiry or by a window."""
        for one, row in self._rows():
            for end in audit(row.rule, self._record, self._catalog, (), on=self._on).expiring:
                if end.last_day > self._completion:
                    continue
                about = self._record.achievements[end.achievement].id
                text = f"{about} counts until {_day(end.last_day)} ({end.why}); {one.item} is planned by {_day(self._end(one))}"
                late = end.last_day < self._end(one)
                yield DeadlineWarning("expiry", end.last_day, about, (one.item,), text, late, (row.source,))

    def offers(self) -> Iterator[DeadlineWarning]:
        for one in self._plan.placed:
            item = self._catalog.item(base_id(one.item))
            if item is None:
                continue
            for day, kind, words in (
                (item.offer_until, "offer ends", "is offered"),
                (item.retired_on, "teach-out", "can be finished"),
            ):
                if day is not None:
                    text = f"{item.name} {words} until {_day(day)}; it is planned for {self._problem.terms[one.term].name}"
                    endangers = (one.item, *self._needing(one.item))
                    late = day < self._end(one)
                    yield DeadlineWarning(
                        "teach-out" if kind == "teach-out" else "offer ends", day, one.item, endangers, text, late, (item.source,)
                    )

    def agreements(self) -> Iterator[DeadlineWarning]:
        """Agreements a claim of the plan rests on, and those by which a planned item counts toward another."""
        claimed = {name.removeprefix("claim:").split("#", 1)[0]: name for name in self._placed if name.startswith("claim:")}
        planned = {base_id(name): name for name in self._placed}
        for agreement in self._catalog.agreements:
            day = agreement.effective_until
            direct = claimed.get(agreement.id)
            inside = planned.get(agreement.to_id or "") if all(part in planned for part in agreement.from_ids) else None
            name = direct or inside
            if day is None or name is None or day < self._on:
                continue
            text = f"the agreement of {agreement.institution} ({agreement.id}) ends on {_day(day)}; {name} rests on it"
            yield DeadlineWarning(
                "agreement ends",
                day,
                agreement.id,
                (name, *self._needing(name)),
                text,
                day < self._end(self._placed[name]),
                (agreement.source,),
            )

    def windows(self) -> Iterator[DeadlineWarning]:
        """Planned items that count only so long before an event: by when the event must come."""
        for one, row in self._rows():
            for node in walk(row.rule):
                first = next(
                    (placed for name, placed in self._placed.items() if isinstance(node, Held) and base_id(name) == node.id), None
                )
                if not isinstance(node, Held) or node.within is None or first is None:
                    continue
                day = add_months(self._end(first), node.within.months)
                event, is_stated = anchor_day(self._record, node.within.anchor, self._completion)
                late = (is_stated or node.within.anchor == "completion") and event > day
                text = (
                    f"{first.item} counts for {one.item} only up to {node.within.months} months before {node.within.anchor}: "
                    f"{node.within.anchor} must come by {_day(day)}"
                )
                if late or day <= self._problem.terms[-1].end:
                    yield DeadlineWarning("window", day, first.item, (one.item,), text, late, (row.source,))

    def approvals(self) -> Iterator[DeadlineWarning]:
        """Approvals that have to come before an event; without a stated day, before the item's own term."""
        for one, row in self._rows():
            for node in walk(row.rule):
                if isinstance(node, Approved) and node.before is not None:
                    day, is_stated = anchor_day(self._record, node.before, self._start(one))
                    given = [each.given_on for each in self._record.approvals or () if each.by == node.by and each.given_on]
                    if not any(done <= day for done in given):
                        when = f"{node.before} ({_day(day)})" if is_stated else f"{node.before}, at the latest {_day(day)}"
                        text = f"{one.item} needs the approval of {node.by} before {when}"
                        yield DeadlineWarning("approval", day, node.by, (one.item,), text, day < self._on, (row.source,))


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
