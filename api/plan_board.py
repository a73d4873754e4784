"""Plans arranged by hand: a step moved, pinned, a warning accepted, a change undone, another plan taken over.

Nothing is solved here and nothing blocks: what an arrangement breaks is listed as warnings, found by the same checks that every
solved plan passes (:mod:`pathways.planning.verify`). Each arrangement is a version of its own that names the one it follows, so
undo leads back step by step to exactly what was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from api.errors import InputError, InputProblem
from api.plan_bodies import Made, mentioned, plan_body
from api.plan_changes import places
from api.plan_questions import Asked, plan_question
from api.plan_schemas import AcceptIn, ArrangeIn, MoveIn, MoveOut, PinIn, PlanOut, PlanWarningOut
from api.plan_service import read, tag_of
from api.store.errors import StalePlanError
from api.store.plans import PlanStore
from api.world import World
from pathways.planning.problem import Plan, Problem
from pathways.planning.verify import Violation, violations

BY_HAND = "Arranged by hand, so nothing is proven of it. Plan again to get the best plan that keeps what is pinned."
#: What only concerns the form of a plan, or was the person's own wish.
_FORMAL = {"totals", "order", "pin"}


def arrange(world: World, store: PlanStore, plan_id: str, tags: Sequence[str], wanted: ArrangeIn) -> PlanOut:
    """The next version of a plan, with one thing done by hand.

    Parameters
    ----------
    tags : sequence of str
        Entity tags the caller has; ``*`` stands for any.

    Raises
    ------
    UnknownPlanError, StalePlanError, StoreError
    InputError
        If there is no plan, no such step or term, or nothing to undo.
    """
    kept = store.get(plan_id)
    if not {"*", tag_of(kept.id, kept.version)} & set(tags):
        raise StalePlanError(kept.id, ", ".join(tags)[:100], kept.version)
    before = read(kept)
    after = _arranged(world, store, before, wanted)
    after = after.model_copy(update={"id": kept.id, "version": kept.version + 1})
    store.follow(kept, after.model_dump_json())
    return after


def _arranged(world: World, store: PlanStore, before: PlanOut, wanted: ArrangeIn) -> PlanOut:
    if wanted.undo:
        return _undone(store, before)
    if before.outcome != "plan":
        raise _refused("", "There is no plan to arrange. See its reason for what to change.")
    if wanted.use is not None:
        return _taken_over(store, before, wanted.use)
    if wanted.move is not None:
        return _moved(world, before, wanted.move)
    if wanted.pin is not None:
        return _pinned(before, wanted.pin)
    assert wanted.accept is not None
    return _accepted(before, wanted.accept)


def _undone(store: PlanStore, before: PlanOut) -> PlanOut:
    back = before.follows if before.follows is not None else before.version - 1
    if back < 1:
        raise _refused("/undo", "Nothing was changed yet, so there is nothing to undo.")
    assert before.id is not None
    former = read(store.get(before.id, back))
    return former.model_copy(update={"follows": former.follows if former.follows is not None else back - 1})


def _taken_over(store: PlanStore, before: PlanOut, other_id: str) -> PlanOut:
    other = read(store.get(other_id))
    if other.target.id != before.target.id or other.outcome != "plan":
        raise _refused("/use", f"Plan {other_id} is no plan for {before.target.name}.")
    return other.model_copy(update={"follows": before.version, "changed": f"Took over plan {other.id}."})


def _moved(world: World, before: PlanOut, wanted: MoveIn) -> PlanOut:
    """The same steps with one in another term, and what that breaks."""
    question = plan_question(before.asked.model_copy(update={"pins": {}}), world.catalog, world.today)
    index = {term.name: number for number, term in enumerate(question.problem.terms)}
    at = places(before)
    if wanted.item not in at:
        raise _refused("/move/item", f'"{wanted.item}" is not a step of this plan. Its steps: {", ".join(sorted(at))}.')
    if wanted.term not in index:
        raise _refused("/move/term", f'"{wanted.term}" is not a term of this plan. Choose from: {", ".join(index)}.')
    name = _names(before)[wanted.item]
    if at[wanted.item] == wanted.term:
        raise _refused("/move/term", f"{name} stands in {wanted.term} already.")
    came_from, at[wanted.item] = at[wanted.item], wanted.term
    after = _by_hand(world, question, before, {key: index[term] for key, term in at.items()})
    move = MoveOut(id=wanted.item, name=name, from_term=came_from, to_term=wanted.term, why="moved by hand")
    said = f"Moved {name} from {came_from} to {wanted.term}."
    return after.model_copy(update={"moved": [move], "changed": said, "follows": before.version})


def _by_hand(world: World, question: Asked, before: PlanOut, at: dict[str, int]) -> PlanOut:
    from pathways.planning.solver import plan_from

    unknown = sorted(at.keys() - question.problem.items.keys())
    if unknown:
        raise _refused("", f"The catalog no longer has {', '.join(unknown)}. Plan again first.")
    plan = plan_from(question.problem, at, "arranged by hand")
    body = plan_body(Made(question, plan), world.catalog, world.today.isoformat())
    assert body.proof is not None
    # With its pins again: they are for the next time the plan is made.
    terms = [
        term.model_copy(update={"items": [one.model_copy(update={"pinned": one.id in before.asked.pins}) for one in term.items]})
        for term in body.terms
    ]
    accepted = {(one.about, one.rule): one.accepted for one in before.warnings}
    return body.model_copy(
        update={
            "asked": before.asked,
            "terms": terms,
            "proof": body.proof.model_copy(update={"objectives": [], "text": BY_HAND}),
            "by_hand": True,
            "warnings": [
                one.model_copy(update={"accepted": accepted.get((one.about, one.rule), "")})
                for one in _warnings(question.problem, plan)
            ],
            "notes": before.notes,
        }
    )


def _warnings(problem: Problem, plan: Plan) -> list[PlanWarningOut]:
    at = {one.item: one.term for one in plan.placed}
    return [
        PlanWarningOut(
            about=found.item,
            term=None if found.term is None else problem.terms[found.term].name,
            rule=found.rule,
            text=_warning_words(problem, found, at),
        )
        for found in violations(problem, plan)
        if found.rule not in _FORMAL
    ]


def _warning_words(problem: Problem, found: Violation, at: Mapping[str, int]) -> str:
    """One broken rule as a person would say it."""
    item = problem.items.get(found.item)
    if item is not None and found.rule == "prerequisite" and found.term is not None:
        late = _late(mentioned(item.requires), problem, at, found.term - 1)
        if late:
            return f"Needs {late} in an earlier term."
    if item is not None and found.rule == "corequisite" and found.term is not None:
        late = _late(mentioned(item.corequisites), problem, at, found.term)
        if late:
            return f"Needs {late} in the same term or an earlier one."
    name = item.name if item is not None else problem.name
    text = found.text.replace(f"{found.item} ", f"{name} ", 1) if found.item else found.text
    return f"{text[:1].upper()}{text[1:]}."


def _late(names: Iterable[str], problem: Problem, at: Mapping[str, int], until: int) -> str:
    """Names of what stands later than it is needed."""
    return ", ".join(problem.items[name].name for name in names if name in problem.items and at.get(name, -1) > until)


def _pinned(before: PlanOut, wanted: PinIn) -> PlanOut:
    at, name = places(before), _names(before).get(wanted.item, wanted.item)
    if wanted.item not in at:
        raise _refused("/pin/item", f'"{wanted.item}" is not a step of this plan.')
    pins = {key: term for key, term in before.asked.pins.items() if key != wanted.item}
    if wanted.keep:
        pins[wanted.item] = at[wanted.item]
    terms = [
        term.model_copy(update={"items": [one.model_copy(update={"pinned": one.id in pins}) for one in term.items]})
        for term in before.terms
    ]
    said = f"{name} stays in {at[wanted.item]} when the plan is made again." if wanted.keep else f"{name} may move again."
    return before.model_copy(
        update={
            "asked": before.asked.model_copy(update={"pins": pins}),
            "terms": terms,
            "moved": [],
            "changed": said,
            "follows": before.version,
        }
    )


def _accepted(before: PlanOut, wanted: AcceptIn) -> PlanOut:
    met = [one for one in before.warnings if (one.about, one.rule) == (wanted.about, wanted.rule)]
    if not met:
        raise _refused("/accept", "There is no such warning on this plan.")
    warnings = [one.model_copy(update={"accepted": wanted.reason}) if one in met else one for one in before.warnings]
    said = f"Advisor accepts, pending the registrar: {met[0].text} Reason: {wanted.reason}"
    return before.model_copy(update={"warnings": warnings, "moved": [], "changed": said, "follows": before.version})


def _names(plan: PlanOut) -> dict[str, str]:
    return {item.id: item.name for term in plan.terms for item in term.items}


def _refused(pointer: str, detail: str) -> InputError:
    return InputError((InputProblem(pointer, detail),))
