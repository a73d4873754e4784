"""A target of a catalog, a learner's record and limits as a planning problem.

The walk below the target is :mod:`.catalog_cone`, the rules :mod:`.catalog_trees`. Parts of a composed credential may be finished
in the term the whole is claimed; prerequisites come in earlier terms; conditions such as a license may be confirmed in the term.
What is read as closed, weighed by assumption or left out is said in ``Problem.remarks``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from pathways.catalog.entities import Catalog
from pathways.errors import QuestionError, UnknownIdError, nearest_ids
from pathways.places import elsewhere
from pathways.planning.catalog_cone import Cone, Version, base_id
from pathways.planning.catalog_trees import all_of, over_items, split_conditions
from pathways.planning.fillers import with_fillers
from pathways.planning.problem import USUAL_ORDER, Objective, PlanTerm, Problem
from pathways.planning.terms import last_term_by
from pathways.record import LearnerRecord
from pathways.requirements.rules import Held, Requirement

#: Types only an authority or school grants: without rows in the catalog their requirements are unknown, not none.
_GRANTED = frozenset({"endorsement", "degree", "license", "certification", "program"})

#: Types that take longer than a term, as a rule.
_LONG = frozenset({"degree", "program", "certificate"})


def problem_for(  # noqa: PLR0913 - a plan has this many limits, each by name
    target_id: str,
    record: LearnerRecord,
    catalog: Catalog,
    *,
    terms: Sequence[PlanTerm],
    load_max: Fraction,
    load_min: Fraction = Fraction(0),
    hours_per_week: Fraction | None = None,
    budget: Decimal | None = None,
    deadline: date | None = None,
    pins: Sequence[tuple[str, str | int]] = (),
    excluded: Collection[str] = (),
    required: Collection[str] = (),
    objective: tuple[Objective, ...] = USUAL_ORDER,
    fill: bool = False,
    on: date,
) -> Problem:
    """What has to be planned for one learner to reach one target.

    Parameters
    ----------
    target_id : str
        Catalog id.
    record, catalog : LearnerRecord, Catalog
    terms : sequence of PlanTerm
        The horizon, in calendar order.
    load_max, load_min : Fraction
        Semester credits of a term in use.
    hours_per_week, budget, deadline : Fraction, Decimal, date, optional
        Taken from the record's limits where not given.
    pins : sequence of (id, term)
        Item id and the term it must stand in, by name or index.
    excluded, required : collection of str
        Item or catalog ids; an excluded catalog id takes its areas, copies and repeats with it.
    objective : tuple of str
    fill : bool
        Whether other courses of the learner's choice may fill terms up to the least load.
    on : date
        Day on which the record is read.

    Returns
    -------
    Problem

    Raises
    ------
    UnknownIdError
        For an id that neither this catalog nor the problem has.
    QuestionError
        For no terms, a load minimum above the maximum, a deadline in the past, or a pin to a term outside the horizon.
    """
    limits = record.limits
    last = deadline or limits.deadline
    _check_limits(terms, load_min, load_max, last, on)
    named = [base_id(name) for name in (*required, *(name for name, _ in pins))]
    also = [name for name in named if catalog.item(name) is not None]
    cone = Cone(catalog, record, terms, load_max, on, excluded=excluded)
    goal = _walk(target_id, cone, also)
    if cone.is_shared():
        planned = {base_id(name) for name in cone.items}
        cone = Cone(catalog, record, terms, load_max, on, planned=planned, excluded=excluded)
        goal = _walk(target_id, cone, also)
    items = cone.finished()
    problem = Problem(
        goal=goal,
        items=items,
        terms=tuple(terms),
        name=catalog.credentials[target_id].name,
        held=frozenset(cone.held),
        held_until={name: until for name, until in cone.held.items() if until is not None},
        load_min=load_min,
        load_max=load_max,
        hours_per_week=hours_per_week if hours_per_week is not None else limits.hours_per_week,
        budget=budget if budget is not None else limits.budget_usd,
        deadline=None if last is None else last_term_by(terms, last),
        pins={_known(name, items, catalog): _term_index(name, term, terms) for name, term in pins},
        excluded=frozenset(name for wish in excluded for name in _versions(wish, items, catalog)),
        required=frozenset(_known(name, items, catalog) for name in required),
        objective=objective,
        goal_sources=(catalog.credentials[target_id].source,),
        remarks=cone.remarks,
    )
    return with_fillers(problem) if fill else problem


def _check_limits(terms: Sequence[PlanTerm], load_min: Fraction, load_max: Fraction, last: date | None, on: date) -> None:
    if not terms:
        message = "A plan needs at least one term."
        raise QuestionError(message)
    if load_min > load_max:
        message = f"The least load of a term ({load_min}) is above the most ({load_max})."
        raise QuestionError(message)
    if last is not None and last < on:
        message = f"The deadline {last.isoformat()} is in the past."
        raise QuestionError(message)


def _walk(target_id: str, cone: Cone, also: Sequence[str]) -> Requirement:
    """The goal; every item below it ends up in the cone, with its rules."""
    if cone.catalog.item(target_id) is None:
        raise UnknownIdError(target_id, "credential", nearest_ids(target_id, cone.catalog.credentials))
    goal = over_items(Held(target_id), cone)
    for name in also:
        over_items(Held(name), cone)
    while cone.queue:
        _fill(cone.queue.pop(0), cone)
    return goal


def _fill(version: Version, cone: Cone) -> None:
    """Give one item its rules."""
    catalog, item = cone.catalog, cone.catalog.credentials[version.id]
    rows = [row for row in catalog.rows_by_credential.get(version.id, ()) if row.kind != "precedes"]
    cone.owner = version.item_id
    away = elsewhere(item.place, cone.record.place)
    if away:
        many = (
            away.replace("Belongs to", "{count} items belong to")
            .replace("Its issuer is", "Their issuers are")
            .replace("accepts it", "accepts them")
        )
        cone.remark(f"{{names}}: {away[0].lower()}{away[1:].rstrip('.')}", f"{many.rstrip('.')}: {{names}}")
    cone.know_conditions(row.rule for row in rows)
    if item.type in _GRANTED and not catalog.has_requirements(version.id):
        cone.remark(
            "what {names} requires is not in this catalog",
            "what {count} items require is not in this catalog: {names}",
        )
    if item.type in _LONG and item.credits is None and item.hours is None and not catalog.parts.get(version.id):
        cone.remark(
            "how long {names} takes is not published: it stands in one term and may need more",
            "how long {count} items take is not published; each stands in one term and may need more: {names}",
        )
    before, now = split_conditions(over_items(catalog.requires(version.id), cone))
    parts = [over_items(row.rule, cone) for row in rows if row.kind in {"component", "corequisite"}]
    cone.items[version.item_id] = replace(
        cone.items[version.item_id],
        requires=before,
        corequisites=all_of(now, *parts),
        sources=(item.source, *(row.source for row in rows)),
    )


def _known(name: str, items: Collection[str], catalog: Catalog) -> str:
    if name not in items:
        raise UnknownIdError(name, "item", nearest_ids(name, {*items, *catalog.credentials}))
    return name


def _versions(name: str, items: Collection[str], catalog: Catalog) -> list[str]:
    """An id and every version of it; one that is in the catalog but not below the target is excluded as it is."""
    if name not in items and catalog.item(name) is None:
        _known(name, items, catalog)
    return [item for item in items if item == name or (base_id(item) == name and not item.startswith("condition:"))]


def _term_index(name: str, term: str | int, terms: Sequence[PlanTerm]) -> int:
    names = [one.name for one in terms]
    if isinstance(term, str):
        term = names.index(term) if term in names else -1
    if not 0 <= term < len(terms):
        message = f"{name} is pinned to a term outside the horizon ({names[0]} to {names[-1]})."
        raise QuestionError(message)
    return term
