"""What a change does to a plan: the new question, the plan made again, what moved and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from api.plan_questions import problem_with
from api.plan_schemas import MoveOut, OneChangeIn, PlanChangeIn, PlanIn, PlanOut
from pathways.planning.errors import ProblemError
from pathways.planning.problem import Infeasible, Plan, PlanProgress, Problem, Undecided
from pathways.planning.verify import violations

if TYPE_CHECKING:
    from pathways.planning.replan import Replanned

Hears = Callable[[PlanProgress], None]


class BrokenPlanError(RuntimeError):
    """The solver answered with a plan that breaks a rule: a fault of this program, and nothing to show."""


def checked(problem: Problem, result: Plan | Infeasible | Undecided) -> Plan | Infeasible | Undecided:
    """The result itself, if every plan in it keeps every rule.

    Raises
    ------
    BrokenPlanError
        If one does not.
    """
    pairs = [(problem, result)] if isinstance(result, Plan) else []
    if isinstance(result, Infeasible):
        pairs = [(change.problem, change.plan) for change in result.changes]
    for asked, plan in pairs:
        broken = violations(asked, plan)
        if broken:
            message = f"a plan for {asked.name} breaks {len(broken)} rules, the first: {broken[0].text}"
            raise BrokenPlanError(message)
    return result


def solved(problem: Problem, seconds: float, hears: Hears | None = None) -> Plan | Infeasible | Undecided:
    """Solve a problem; a contradiction in it is told as one of the request.

    Raises
    ------
    InputError, BrokenPlanError
    """
    from pathways.planning.solver import plan

    try:
        return checked(problem, plan(problem, seconds=seconds, progress=hears))
    except ProblemError as error:
        raise problem_with(error) from error


def made_again(problem: Problem, before: PlanOut, seconds: float, hears: Hears | None = None) -> Replanned:
    """Plan again, keeping what can be kept of a plan.

    Raises
    ------
    InputError, BrokenPlanError
    """
    from pathways.planning.replan import replan

    try:
        found = replan(problem, places(before), seconds=seconds, progress=hears)
    except ProblemError as error:
        raise problem_with(error) from error
    checked(problem, found.fresh)
    checked(found.problem, found.result)
    return found


def places(plan: PlanOut) -> dict[str, str]:
    """Item id to the name of its term."""
    return {item.id: term.name for term in plan.terms for item in term.items}


def changed(asked: PlanIn, change: PlanChangeIn) -> PlanIn:
    """A question with some of its fields changed; ``null`` puts one back to what it is without being asked."""
    fields = asked.model_dump()
    for name in change.model_fields_set:
        value = getattr(change, name)
        if value is None:
            fields.pop(name)
        else:
            fields[name] = value
    return PlanIn.model_validate(fields)


def supposed(asked: PlanIn, change: OneChangeIn) -> tuple[PlanIn, str]:
    """A question with one thing changed, and that change in words."""
    new: dict[str, Any] = {}
    match change:
        case OneChangeIn(add=str(name)):
            new, words = {"have": [*asked.have, name]}, f"{name} is held"
        case OneChangeIn(drop=str(name)):
            pins = {item: term for item, term in asked.pins.items() if item != name}
            rest = [item for item in asked.require if item != name]
            new, words = {"exclude": [*asked.exclude, name], "pins": pins, "require": rest}, f"{name} is not used"
        case OneChangeIn(require=str(name)):
            new, words = {"require": [*asked.require, name]}, f"{name} is used"
        case OneChangeIn(pin=dict(pin)):
            (name, term), *_ = pin.items()
            new, words = {"pins": {**asked.pins, name: term}}, f"{name} stands in {term}"
        case _:
            (field, value), *_ = change.model_dump(exclude_none=True).items()
            new, words = {field: value}, f"{_FIELD_WORDS[field]} is {value}"
    return PlanIn.model_validate({**asked.model_dump(), **new}), words


_FIELD_WORDS = {
    "by": "the last month",
    "terms": "the range of terms",
    "load": "the load of a term",
    "budget_usd": "the budget",
    "hours_per_week": "the time a week",
    "place": "the place",
}


def moves(before: PlanOut, problem: Problem, plan: Plan, why: Mapping[str, str]) -> tuple[MoveOut, ...]:
    """Every item that stands elsewhere than before, or is new, or is gone, each with the reason; in the order of terms."""
    old = places(before)
    names = {item.id: item.name for term in before.terms for item in term.items}
    new = {one.item: problem.terms[one.term].name for one in plan.placed}
    found = []
    for name in [*old, *(name for name in new if name not in old)]:
        if old.get(name) == new.get(name):
            continue
        found.append(
            MoveOut(
                id=name,
                name=names.get(name) or problem.items[name].name,
                from_term=old.get(name),
                to_term=new.get(name),
                why=_why(name, old, new, problem, why),
            )
        )
    return tuple(found)


def _why(name: str, old: Mapping[str, str], new: Mapping[str, str], problem: Problem, why: Mapping[str, str]) -> str:
    if name in problem.held:
        return "it is done"
    if name in problem.pins:
        return "it is pinned there"
    if name in why:
        return why[name]
    if name not in new:
        return "the plan does without it"
    return "the plan needs it now" if name not in old else "there it fits the plan better"


def stays(before: PlanOut, moved: tuple[MoveOut, ...]) -> str:
    """How much stayed, in a sentence."""
    total = len(places(before))
    gone = sum(move.to_term is None for move in moved)
    new = sum(move.from_term is None for move in moved)
    elsewhere = len(moved) - gone - new
    parts = [f"{elsewhere} moved", f"{new} new", f"{gone} gone"]
    return f"{total - elsewhere - gone} of {total} items stay in their term; {', '.join(parts)}."
