"""Plans as the command line and the API answer them: made, changed, set beside others, and asked "what if".

Functions from a world, the store of plans and a request to a response. Every plan is checked against its problem by code that
shares nothing with the solver; one that breaks a rule is a fault of ours and is never shown.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from api.errors import InputError, InputProblem
from api.plan_bodies import Made, plan_body, radar_bodies
from api.plan_changes import Hears, changed, checked, made_again, moves, places, solved, stays, supposed
from api.plan_compared import comparison
from api.plan_questions import Asked, plan_question
from api.plan_schemas import AlternativeOut, AlternativesIn, AlternativesOut, PlanChangeIn, PlanIn, PlanOut, WhatIfIn, WhatIfOut
from api.questions import at_place
from api.store.errors import StalePlanError
from api.store.plans import Kept, PlanStore
from api.world import World
from pathways.planning.problem import Infeasible, Plan, Undecided
from pathways.planning.verify import violations

if TYPE_CHECKING:
    from pathways.planning.replan import Replanned

NAMED = {"fastest", "cheapest", "lightest load"}
"""Alternatives that have a name of their own; one that is the plan itself is left out."""


def make(world: World, asked: PlanIn, *, hears: Hears | None = None) -> PlanOut:
    """The best plan, or why there is none; it is not kept.

    Parameters
    ----------
    hears : callable, optional
        Told of each better plan and bound.

    Raises
    ------
    InputError
        If a part of the request cannot be read, or contradicts another; it names every such part.
    """
    world = at_place(world, asked)
    question = plan_question(asked, world.catalog, world.today)
    return _body(world, _made(world, question, solved(question.problem, asked.seconds, hears)))


def make_kept(world: World, store: PlanStore, asked: PlanIn, *, hears: Hears | None = None) -> PlanOut:
    """As :func:`make`, and kept under a new id.

    Raises
    ------
    InputError, StoreError
    """
    return _keep(store, make(world, asked, hears=hears))


def get(world: World, store: PlanStore, plan_id: str) -> PlanOut:
    """The last version of a plan, as it was answered.

    Raises
    ------
    UnknownPlanError, StoreError
    """
    return read(store.get(plan_id))


def read(kept: Kept) -> PlanOut:
    """A version of a plan as a body."""
    return PlanOut.model_validate_json(kept.body)


def tag_of(plan_id: str, version: int) -> str:
    """Entity tag of one version.

    Examples
    --------
    >>> tag_of("7F3K9QHD", 2)
    '"7F3K9QHD-2"'
    """
    return f'"{plan_id}-{version}"'


def change(world: World, store: PlanStore, plan_id: str, tags: Sequence[str], wanted: PlanChangeIn) -> PlanOut:
    """The next version of a plan: planned again, with as little moved as possible.

    Parameters
    ----------
    tags : sequence of str
        Entity tags the caller has; ``*`` stands for any.

    Raises
    ------
    UnknownPlanError, StalePlanError, StoreError, InputError
    """
    kept = store.get(plan_id)
    if not {"*", tag_of(kept.id, kept.version)} & set(tags):
        raise StalePlanError(kept.id, ", ".join(tags)[:100], kept.version)
    before = read(kept)
    asked = changed(before.asked, wanted)
    world = at_place(world, asked)
    question = plan_question(asked, world.catalog, world.today)
    found = made_again(question.problem, before, question.body.seconds)
    made = _changed(world, question, before, found, found.result)
    after = _body(world, made, plan_id=kept.id, version=kept.version + 1)
    store.follow(kept, after.model_dump_json())
    return after


def alternatives(world: World, store: PlanStore, plan_id: str, wanted: AlternativesIn) -> AlternativesOut:
    """Other plans of the same question, each kept under an id of its own.

    Raises
    ------
    UnknownPlanError, StoreError
    InputError
        If there is no plan to differ from.
    """
    return other_plans(world, get(world, store, plan_id), wanted, keep=lambda body: _keep(store, body))


def other_plans(
    world: World, before: PlanOut, wanted: AlternativesIn, *, keep: Callable[[PlanOut], PlanOut] = lambda body: body
) -> AlternativesOut:
    """Other plans of the question a plan answers.

    Raises
    ------
    InputError
        If there is no plan to differ from.
    """
    from pathways.planning.alternatives import alternatives as others

    world = at_place(world, before.asked)
    question = plan_question(before.asked, world.catalog, world.today)
    first = _plan_of(question, before)
    if not isinstance(first, Plan):
        raise InputError((InputProblem("/plan", "There is no plan, so there are no others. See its reason for what to change."),))
    found = others(question.problem, first, count=wanted.count, differ_in=wanted.differ_in, seconds=wanted.seconds)
    rows: list[AlternativeOut] = []
    count = 0
    for plan in found:
        body = _body(world, _made(world, question, checked(question.problem, plan)))
        if _is_news(plan, first, before, body):
            is_named = plan.proof.method.split(",")[0] in NAMED  # what is not proven says so after a comma
            count += not is_named
            rows.append(AlternativeOut(label=plan.proof.method if is_named else f"other {count}", plan=keep(body)))
    return AlternativesOut(
        plan=before,
        alternatives=rows,
        comparison=comparison([before, *(row.plan for row in rows)], ["this plan", *(row.label for row in rows)]),
        text=_found_words(rows, wanted),
    )


def what_if(world: World, store: PlanStore, asked: WhatIfIn) -> WhatIfOut:
    """The same plan with one thing changed: both plans, what moves and why. Nothing is kept.

    The old places are kept where that costs nothing; where a plan made afresh is better, that one is shown.

    Raises
    ------
    UnknownPlanError, StoreError, InputError
    """
    before = get(world, store, asked.plan)
    supposition, words = supposed(before.asked, asked.change)
    world = at_place(world, supposition)
    question = plan_question(supposition, world.catalog, world.today)
    found = made_again(question.problem, before, question.body.seconds)
    made = _changed(world, question, before, found, _best(found))
    after = _body(world, made, version=before.version)
    return WhatIfOut(
        change=words,
        before=before,
        after=after,
        moved=list(made.moved),
        comparison=comparison([before, after], ["as it is", "what if"]),
        text=f"If {words}: {made.changed}",
    )


def _best(found: Replanned) -> Plan | Infeasible | Undecided:
    """The plan that keeps most, unless a fresh one reaches more."""
    if isinstance(found.result, Plan) and isinstance(found.fresh, Plan) and found.result.proof.values > found.fresh.proof.values:
        return found.fresh
    return found.result


def _changed(world: World, question: Asked, before: PlanOut, found: Replanned, result: Plan | Infeasible | Undecided) -> Made:
    """A changed plan with what moved, in full only where there is a plan."""
    if not isinstance(result, Plan):
        return _made(world, question, result)
    moved = moves(before, question.problem, result, found.why)
    words = stays(before, moved)
    fresh = found.fresh
    if isinstance(fresh, Plan) and fresh.terms_used < result.terms_used:
        words += f" Planned afresh it would end in {question.problem.terms[fresh.terms_used - 1].name}."
    proven_for = None if result is fresh else found.problem
    return replace(_made(world, question, result), moved=moved, changed=words, proven_for=proven_for)


def _made(world: World, question: Asked, result: Plan | Infeasible | Undecided) -> Made:
    warned = radar_bodies(question, result, world.catalog, world.today) if isinstance(result, Plan) else ()
    return Made(question, result, warned)


def _body(world: World, made: Made, *, plan_id: str | None = None, version: int = 1) -> PlanOut:
    return plan_body(made, world.catalog, world.today.isoformat(), plan_id=plan_id, version=version)


def _keep(store: PlanStore, body: PlanOut) -> PlanOut:
    kept = store.add(lambda plan_id: body.model_copy(update={"id": plan_id}).model_dump_json())
    return body.model_copy(update={"id": kept.id})


def _plan_of(question: Asked, body: PlanOut) -> Plan | Infeasible | Undecided:
    """The plan of a body as the solver made it; solved again where the catalog no longer fits it."""
    from pathways.planning.solver import plan_from

    problem = question.problem
    index = {term.name: number for number, term in enumerate(problem.terms)}
    old = places(body)
    if body.proof is not None and old.keys() <= problem.items.keys() and set(old.values()) <= index.keys():
        plan = plan_from(problem, {name: index[term] for name, term in old.items()}, body.proof.method)
        if not violations(problem, plan):
            bounds = tuple(
                value if row.proven else min(value, Fraction(str(row.bound)))
                for value, row in zip(plan.proof.values, body.proof.objectives, strict=True)
            )
            return replace(plan, proof=replace(plan.proof, bounds=bounds, status=body.proof.status))
    return solved(problem, question.body.seconds)


def _is_news(plan: Plan, first: Plan, before: PlanOut, body: PlanOut) -> bool:
    """Whether a plan is what its name says when set beside the first: as cheap is not cheaper."""
    match plan.proof.method.split(",")[0]:
        case "cheapest":
            return plan.usd < first.usd
        case "fastest":
            return plan.terms_used < first.terms_used
        case "lightest load":
            assert before.totals is not None
            assert body.totals is not None
            return body.totals.most_load < before.totals.most_load
        case _:
            return True


def _found_words(rows: Sequence[AlternativeOut], wanted: AlternativesIn) -> str:
    named = [row.label for row in rows if row.label.split(",")[0] in NAMED]
    more = len(rows) - len(named)
    found = f"{more} of {wanted.count} more that each do without {wanted.differ_in} items of every other plan"
    return f"Found: {', '.join([*named, found])}." + ("" if more == wanted.count else " No further plan was found.")
