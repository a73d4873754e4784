"""One ranked candidate made into a step: what is missing, what it does, what it is worth, what to know and whom to ask."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pathways.articulation.value import ValueHere
from pathways.credential import Credential
from pathways.graph.expand import GRANTED_TYPES
from pathways.recommendation.answer import Action, Ask, Missing, Question, Score, Step
from pathways.recommendation.asks import audit_questions, claim_questions, value_questions
from pathways.recommendation.audits import audit_target
from pathways.recommendation.candidates import cone_ids
from pathways.recommendation.columns import GRANTED_ON_COMPLETION
from pathways.recommendation.missing import missing_of
from pathways.recommendation.reasons import StepCase, reasons, warnings
from pathways.recommendation.targets import TargetState, effects
from pathways.record import ids_held
from pathways.requirements.audit import audit
from pathways.requirements.verdicts import Offer, Truth

if TYPE_CHECKING:
    from models.base import Float64Array
    from pathways.recommendation.engine import Engine

MOST_QUESTIONS = 24


@dataclass(frozen=True)
class StepInput:
    """A ranked candidate. ``after`` has shape (targets,)."""

    rank: int
    row: int
    action: Action
    offer: Offer | None
    parts: tuple[tuple[str, float], ...]
    fit: int
    after: Float64Array
    value: ValueHere
    variants: tuple[int, ...]
    goal_share: float | None


def make_step(given: StepInput, question: Question, engine: Engine, states: tuple[TargetState, ...]) -> Step:
    """Explain one candidate.

    Returns
    -------
    Step
    """
    item = engine.catalog.credentials[engine.ids[given.row]]
    record = question.record
    missing, ready = _readiness(item, question, engine)
    if given.offer is not None:
        missing, ready = (), "yes"
    case = StepCase(
        item=item,
        action=given.action,
        catalog=engine.catalog,
        value=given.value,
        targets=effects(states, given.after),
        held=frozenset(ids_held(record, engine.on)),
        place=record.place,
        limits=record.limits,
        weeks=question.weeks,
        goal_share=given.goal_share,
        on=engine.on,
        offer=given.offer,
        other_routes=_other_routes(item.id, given, engine, states),
    )
    return Step(
        rank=given.rank,
        action=given.action,
        credential=item,
        score=Score(given.parts, given.fit),
        ready=ready,
        missing=missing,
        targets=case.targets,
        value=given.value,
        reasons=reasons(case),
        warnings=warnings(case),
        also=tuple(engine.ids[row] for row in given.variants),
        offer=given.offer,
    )


def _other_routes(item_id: str, given: StepInput, engine: Engine, states: tuple[TargetState, ...]) -> tuple[str, ...]:
    """Targets asked for that the item leads to only on a longer route."""
    shown = {effect.id for effect in effects(states, given.after)}
    asked = [state for state in states if state.asked and state.id not in shown and state.id != item_id]
    return tuple(state.name for state in asked if item_id in cone_ids(engine.catalog, state.id))


def _readiness(item: Credential, question: Question, engine: Engine) -> tuple[tuple[Missing, ...], Literal["yes", "no", "unknown"]]:
    """What is missing before the item may be started (or, where it is granted on completion, issued)."""
    catalog, record = engine.catalog, question.record
    rows = catalog.rows_by_credential.get(item.id, ())
    granted = item.type in GRANTED_ON_COMPLETION or item.id in question.targets
    kinds = {"prerequisite", "component"} if granted else {"prerequisite"}
    found: list[Missing] = []
    truth = Truth.MET
    for row in rows:
        if row.kind in kinds:
            verdict = audit(row.rule, record, catalog, (), on=engine.on)
            truth = min(truth, verdict.truth)
            found.extend(missing_of(verdict, engine.name_of, row.source))
    listed = catalog.has_requirements(item.id) if item.type in GRANTED_TYPES else bool(rows)
    if not listed:
        truth = min(truth, Truth.UNKNOWN)
        found.append(Missing("Requirements not in this catalog: ask the issuer.", None, "unknown", item.source))
    words: dict[Truth, Literal["yes", "no", "unknown"]] = {Truth.MET: "yes", Truth.UNMET: "no", Truth.UNKNOWN: "unknown"}
    return tuple(dict.fromkeys(found)), words[truth]


def step_questions(
    steps: Iterable[Step], question: Question, engine: Engine, asked: tuple[str, ...], offers: tuple[Offer, ...]
) -> tuple[Ask, ...]:
    """Whom to ask what: the targets asked for, then claims, then what the first step counts for; each question once."""
    found: list[Ask] = []
    for target in asked:
        found.extend(audit_questions(audit_target(target, question.record, engine.catalog, engine.on), engine.name_of))
    found.extend(claim_questions(offers))
    first = next((step for step in steps if step.ready != "no"), None)
    if first is not None:
        found.extend(value_questions(first.credential, first.value, question.record.place))
    return tuple({(ask.whom, ask.question): ask for ask in found}.values())[:MOST_QUESTIONS]
