"""A recommendation as a body: the contract of ``pathways next --json`` and ``POST /v1/recommendations``."""

from __future__ import annotations

from collections.abc import Sequence

from api.audit_bodies import ask_body
from api.bodies import claim, claims, credits_body, fact, facts, item, item_of, number_or_none, sum_body
from api.schemas import (
    CreditsOut,
    DeadEndOut,
    EffectOut,
    FactOut,
    MissingOut,
    NearOut,
    ReasonOut,
    RecommendationOut,
    RenewalOut,
    RouteOut,
    RouteStepOut,
    ScorePartOut,
    StepOut,
    TargetRoutesOut,
    WarningOut,
)
from api.value_bodies import place_words, value_body
from pathways.catalog.entities import Catalog
from pathways.graph.figures import Step as RouteStep
from pathways.graph.routes import Route
from pathways.recommendation.answer import Fact, Near, Recommendation, RenewalAnswer, Step, TargetRoutes
from pathways.units import CreditValue

_AS_REPORTED = " (as you reported it)"
#: What a route's count leaves out or assumes, in words.
_FLAG_WORDS = {
    "unlisted_requirements": "Something on the way has requirements that are not in this catalog.",
    "open_all": "Counts the listed parts; the full list is not published.",
    "open_any": "Another way, not listed here, may exist.",
    "conflict": "Two pages of one authority disagree; what both ask is counted.",
    "exact_needed": "A cap, an exclusion or a group limits what counts; check with an audit.",
    "credits_unknown": "Some items have no published credits, so the number of items is a guess.",
    "open_selection": "Courses outside this catalog count too.",
}


def recommendation_body(answer: Recommendation, catalog: Catalog) -> RecommendationOut:
    """A whole answer."""
    question = answer.question
    day = question.on.isoformat()
    return RecommendationOut(
        goal=question.goal,
        place=place_words(question.record.place),
        data_version=answer.data_version,
        model=answer.model,
        date=day,
        steps=[_step(step, answer, catalog, day) for step in answer.steps],
        near=[_near(near) for near in answer.near],
        routes=[_target_routes(target) for target in answer.routes],
        dead_ends=[DeadEndOut(id=end.id, text=end.text, kind=end.kind, facts=facts(end.source)) for end in answer.dead_ends],
        ask=[ask_body(ask) for ask in answer.ask],
        renewals=[_renewal(renewal, day) for renewal in answer.renewals],
        claims=claims(answer.claims, question.record, catalog),
        message=answer.message,
        notes=_facts(answer.notes, day),
    )


def _step(step: Step, answer: Recommendation, catalog: Catalog, day: str) -> StepOut:
    record = answer.question.record
    credential = step.credential
    return StepOut(
        rank=step.rank,
        action=step.action,
        credential=item(credential),
        fit=step.score.fit,
        score=[ScorePartOut(name=name, value=round(value, 6)) for name, value in step.score.parts],
        ready=step.ready,
        missing=[MissingOut(text=part.text, id=part.id, truth=part.truth, facts=facts(part.source)) for part in step.missing],
        targets=[
            EffectOut(
                id=effect.id,
                name=effect.name,
                remaining_before=effect.remaining_before,
                remaining_after=effect.remaining_after,
                unit=effect.unit,
                proof=effect.proof,
            )
            for effect in step.targets
        ],
        value_here=value_body(step.value, record.place),
        warnings=[WarningOut(kind=warn.kind, text=warn.text, facts=facts(warn.source)) for warn in step.warnings],
        reasons=[ReasonOut(kind=reason.kind, text=reason.text, facts=_facts(reason.facts, day)) for reason in step.reasons],
        hours=number_or_none(credential.hours),
        cost_usd=number_or_none(credential.cost_usd),
        credits=credits_body(credential.credits),
        claim=None if step.offer is None else claim(step.offer, record, catalog),
        also=list(step.also),
        also_items=[item_of(catalog, credential_id) for credential_id in step.also],
        description=credential.description,
        facts=[fact(credential.source)],
    )


def _near(near: Near) -> NearOut:
    return NearOut(credential=item(near.credential), remaining=near.remaining, missing=list(near.missing), proof=near.proof)


def _target_routes(target: TargetRoutes) -> TargetRoutesOut:
    comparison = target.comparison
    return TargetRoutesOut(
        id=target.id,
        name=target.name,
        remaining=target.remaining,
        proof=target.proof,
        routes=[_route(route) for route in target.routes],
        cheapest=comparison.cheapest if comparison else None,
        fastest=comparison.fastest if comparison else None,
        fewest_steps=comparison.fewest_steps if comparison else None,
        comparison=comparison.note if comparison else "",
        note=target.note,
    )


def _route(route: Route) -> RouteOut:
    return RouteOut(
        steps=[_route_step(step) for step in route.steps],
        hours=sum_body(route.hours, "hours"),
        cost_usd=sum_body(route.usd, "USD"),
        credits=_credits(route),
        credits_unknown=route.credits_unknown,
        uses_degree=route.uses_degree,
        proven=route.proven,
        notes=[_FLAG_WORDS[flag] for flag in route.flags],
    )


def _route_step(step: RouteStep) -> RouteStepOut:
    return RouteStepOut.model_validate({"id": step.id, "name": step.name, "kind": step.kind, "agreement_id": step.agreement_id})


def _credits(route: Route) -> list[CreditsOut]:
    found = (credits_body(CreditValue(amount, unit)) for unit, amount in route.credits)
    return [value for value in found if value is not None]


def _renewal(renewal: RenewalAnswer, day: str) -> RenewalOut:
    return RenewalOut(
        id=renewal.id,
        load=renewal.load,
        done=renewal.done,
        remaining=renewal.remaining,
        ways=_facts(renewal.ways, day),
        notes=[fact(note.source, _without_repeat(note.text), day=day) for note in renewal.notes],
    )


def _without_repeat(note: str) -> str:
    """A sum the learner reported is its own name, so ``48 PDP: 48 PDP (as you reported it)`` says it once."""
    label, _, rest = note.removesuffix(_AS_REPORTED).partition(": ")
    if not note.endswith(_AS_REPORTED):
        return note
    return f"Reported: {label}" if rest == label else f"Reported: {label}, counted as {rest}"


def _facts(given: Sequence[Fact], day: str) -> list[FactOut]:
    return [fact(entry.source, entry.text, day=day) for entry in given]
