"""A planning problem and its result as a body: terms with items, totals, what is proven, why there is none.

Every amount stands beside the count of items whose figure nobody published. Only verified plans come in here
(:mod:`api.plan_service` checks each one).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from api.bodies import fact, item_of, number, number_or_none, sum_body
from api.plan_questions import Asked
from api.plan_schemas import (
    HeldOut,
    MoveOut,
    NoPlanOut,
    PlanFactOut,
    PlanItemOut,
    PlanOut,
    PlanProofOut,
    PlanRemedyOut,
    PlanTermOut,
    PlanTotalsOut,
    ProvenOut,
    RadarOut,
    ReasonLineOut,
)
from api.schemas import FactOut, SumOut
from api.value_bodies import place_words
from pathways.catalog.entities import Catalog
from pathways.credential import Source
from pathways.planning.problem import Change, Infeasible, Objective, Plan, PlanItem, Problem, Proof, Undecided
from pathways.planning.remarks import told
from pathways.planning.telling import ReasonLine, reason_lines
from pathways.requirements.rules import Held, Node, NoneOf, Requirement, children_of
from pathways.units import NOTHING, Amount, show

Result = Plan | Infeasible | Undecided
_KINDS = ("earn", "condition", "claim")
_LEAST: Mapping[Objective, str] = {
    "terms": "fewest terms",
    "cost": "lowest known cost",
    "hours": "fewest known hours",
    "balance": "most even load",
}


@dataclass(frozen=True, slots=True)
class Made:
    """An answer before it is a body: the question as read, the result, the warnings of its radar, what the last change did.

    ``proven_for`` is the problem the proof speaks of where that is not the question's own: one with more pins.
    """

    asked: Asked
    result: Result
    radar: tuple[RadarOut, ...] = ()
    moved: tuple[MoveOut, ...] = ()
    changed: str = ""
    proven_for: Problem | None = None


def plan_body(made: Made, catalog: Catalog, day: str, *, plan_id: str | None = None, version: int = 1) -> PlanOut:
    """One answer, plan or not."""
    problem, result = made.asked.problem, made.result
    last = len(problem.terms) - 1 if problem.deadline is None else problem.deadline
    plan = result if isinstance(result, Plan) else None
    return PlanOut(
        id=plan_id,
        version=version,
        outcome="plan" if plan else "infeasible" if isinstance(result, Infeasible) else "undecided",
        target=item_of(catalog, made.asked.body.target),
        asked=made.asked.body,
        horizon=[term.name for term in problem.terms],
        last_term=problem.terms[last].name,
        place=place_words(made.asked.record.place),
        held=_held(problem, plan) if plan else [],
        terms=_terms(problem, plan) if plan else [],
        totals=_totals(problem, plan) if plan else None,
        proof=proof_body(made.proven_for or problem, plan.proof, catalog.version, to_confirm(problem, plan)) if plan else None,
        reason=None if plan else _reason(problem, result),
        radar=list(made.radar),
        moved=list(made.moved),
        changed=made.changed,
        notes=[*problem.notes, *told(problem.remarks, _shown(plan, result))],
        date=day,
        data_version=catalog.version,
    )


def mentioned(tree: Requirement) -> tuple[str, ...]:
    """Ids a tree asks for, first mention first; what it forbids is not among them."""
    found: dict[str, None] = {}
    stack: list[Node] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, Held):
            found[node.id] = None
        elif not isinstance(node, NoneOf):
            stack.extend(reversed(children_of(node)))
    return tuple(found)


def to_confirm(problem: Problem, plan: Plan) -> int:
    """How many conditions of a plan somebody has to confirm."""
    return sum(problem.items[one.item].kind == "condition" for one in plan.placed)


def proof_body(problem: Problem, proof: Proof, data_version: str, conditions: int) -> PlanProofOut:
    """What is proven, in full: over what, how many figures are missing, how many confirmations it rests on."""
    rows = [
        _proven(name, value, bound, proof) for name, value, bound in zip(proof.objective, proof.values, proof.bounds, strict=True)
    ]
    over = f"all routes to {problem.name} in this catalog, version {data_version}, within {_limits(problem)}"
    best = "Proven best" if proof.status == "optimal" else "Not proven best: the search ended first"
    text = f"{best}, among {over}: {'; then '.join(row.text for row in rows)}."
    if conditions:
        text += f" Subject to {conditions} {'confirmation' if conditions == 1 else 'confirmations'}."
    return PlanProofOut(
        status=proof.status,
        objectives=rows,
        over=over,
        unpriced=proof.unpriced,
        untimed=proof.untimed,
        to_confirm=conditions,
        method=proof.method,
        text=text,
    )


def cost_body(items: Iterable[PlanItem]) -> SumOut:
    """Price of some items; a condition without a fee is no item that has a price."""
    return sum_body(amount_of(item.usd for item in items if item.usd is not None or item.is_unpriced), "USD")


def hours_body(items: Iterable[PlanItem]) -> SumOut:
    """Hours of some items, conditions aside that name none."""
    return sum_body(amount_of(item.hours for item in items if item.hours is not None or item.is_untimed), "hours")


def amount_of(values: Iterable[Fraction | Decimal | None]) -> Amount:
    """A sum that counts what is not published."""
    total = NOTHING
    for value in values:
        total = total.plus(None if value is None else Fraction(value))
    return total


def _proven(name: Objective, value: Fraction, bound: Fraction, proof: Proof) -> ProvenOut:
    missing = {"cost": proof.unpriced, "hours": proof.untimed}.get(name, 0)
    if missing and not value:
        noun = "price" if name == "cost" else "length"
        lacking = f"1 {noun} is" if missing == 1 else f"{missing} {noun}s are"
        text = f"{name} not comparable: {lacking} not published, the rest comes to {_amount(name, value)}"
        return ProvenOut(objective=name, value=number(value), bound=number(bound), proven=value == bound, text=text)
    unknown = f" ({missing} without a published figure, left out)" if missing else ""
    amount, least = _amount(name, value), _amount(name, bound)
    words = (
        f"{_LEAST[name]}, {amount}" if value == bound else f"{amount}, within {_amount(name, value - bound)} of the bound {least}"
    )
    return ProvenOut(objective=name, value=number(value), bound=number(bound), proven=value == bound, text=words + unknown)


def _amount(name: Objective, value: Fraction) -> str:
    match name:
        case "terms":
            return f"{show(value)} {'term' if value == 1 else 'terms'}"
        case "cost":
            return f"${number(value):,}"
        case "hours":
            return f"{show(value)} hours"
        case "balance":
            return f"{show(value)} between the heaviest and the lightest term"


def _limits(problem: Problem) -> str:
    last = len(problem.terms) - 1 if problem.deadline is None else problem.deadline
    parts = [
        problem.terms[0].name if last == 0 else f"{problem.terms[0].name} to {problem.terms[last].name}",
        f"{show(problem.load_min)} to {show(problem.load_max)} credits a term",
    ]
    if problem.budget is not None:
        parts.append(f"${number(problem.budget):,}")
    if problem.hours_per_week is not None:
        parts.append(f"{show(problem.hours_per_week)} hours a week")
    if problem.pins:
        kept = "1 item kept in its term" if len(problem.pins) == 1 else f"{len(problem.pins)} items kept in their terms"
        parts.append(kept)
    return ", ".join(parts)


def _terms(problem: Problem, plan: Plan) -> list[PlanTermOut]:
    """Every term up to the last that is used."""
    at = {one.item: one.term for one in plan.placed}
    lists: dict[int, list[PlanItem]] = {}
    for one in plan.placed:
        lists.setdefault(one.term, []).append(problem.items[one.item])
    leads = _leads(problem, at)
    found = []
    for index in range(plan.terms_used):
        term, items = problem.terms[index], _in_order(problem, lists.get(index, []), at)
        found.append(
            PlanTermOut(
                name=term.name,
                start=term.start.isoformat(),
                end=term.end.isoformat(),
                load=number(sum((item.load for item in items), Fraction(0))),
                load_unknown=sum(item.is_unweighed for item in items),
                cost_usd=cost_body(items),
                hours=hours_body(items),
                items=[_item(problem, item, at, leads) for item in items],
            )
        )
    return found


def _in_order(problem: Problem, items: Sequence[PlanItem], at: Mapping[str, int]) -> list[PlanItem]:
    """Items of one term so that parts come before the whole, and things to earn before claims and confirmations."""
    parts = {item.id: [name for name in _needs(problem, item, at)[1] if at.get(name) == at[item.id]] for item in items}
    depth = dict.fromkeys(parts, 0)
    for _ in parts:
        deeper = {name: max((depth[part] + 1 for part in below), default=0) for name, below in parts.items()}
        if deeper == depth:
            break
        depth = deeper
    return sorted(items, key=lambda item: (depth[item.id], _KINDS.index(item.kind), _counted(item.id)))


def _counted(name: str) -> tuple[str, int, str]:
    """An id to sort by: copy 2 of a generic id before copy 10."""
    before, _, number = name.partition("#")
    return (before, int(number), name) if number.isdecimal() else (name, 1, name)


def _item(problem: Problem, item: PlanItem, at: Mapping[str, int], leads: Mapping[str, list[str]]) -> PlanItemOut:
    needs, alongside = _needs(problem, item, at)
    return PlanItemOut(
        id=item.id,
        name=item.name,
        kind=item.kind,
        load=number(item.load),
        load_known=not item.is_unweighed,
        usd=number_or_none(item.usd),
        hours=number_or_none(item.hours),
        pinned=item.id in problem.pins,
        needs=needs,
        alongside=alongside,
        leads_to=leads.get(item.id, []),
        facts=sources(item.sources),
    )


def _needs(problem: Problem, item: PlanItem, at: Mapping[str, int]) -> tuple[list[str], list[str]]:
    """Ids an item rests on: those of earlier terms or held, and those of its own term too."""
    term = at[item.id]
    needs = [name for name in mentioned(item.requires) if name in problem.held or at.get(name, term) < term]
    same = [
        name
        for name in mentioned(item.corequisites)
        if name not in needs and name != item.id and (name in problem.held or at.get(name, term + 1) <= term)
    ]
    return needs, same


def _leads(problem: Problem, at: Mapping[str, int]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in at:
        needs, alongside = _needs(problem, problem.items[name], at)
        for before in (*needs, *alongside):
            found.setdefault(before, []).append(name)
    return found


def _held(problem: Problem, plan: Plan) -> list[HeldOut]:
    """What is held and something in the plan, or the goal itself, builds on."""
    at = {one.item: one.term for one in plan.placed}
    leads = _leads(problem, at)
    named = {*leads, *mentioned(problem.goal)}
    return [
        HeldOut(id=name, name=problem.items[name].name if name in problem.items else name, leads_to=leads.get(name, []))
        for name in sorted(problem.held & named)
    ]


def _totals(problem: Problem, plan: Plan) -> PlanTotalsOut:
    items = [problem.items[one.item] for one in plan.placed]
    loads: dict[int, Fraction] = {}
    for one in plan.placed:
        loads[one.term] = loads.get(one.term, Fraction(0)) + problem.items[one.item].load
    return PlanTotalsOut(
        terms=plan.terms_used,
        ends=problem.terms[plan.terms_used - 1].name if plan.terms_used else None,
        items=len(items),
        load=number(plan.load),
        load_unknown=sum(item.is_unweighed for item in items),
        load_unit=problem.load_unit,
        most_load=number(max(loads.values(), default=Fraction(0))),
        cost_usd=cost_body(items),
        hours=hours_body(items),
    )


def _shown(plan: Plan | None, result: Result) -> frozenset[str]:
    """Items a reader sees: those of the plan, or of the reason why there is none."""
    if plan is not None:
        return frozenset(one.item for one in plan.placed)
    return frozenset(entry.about for entry in result.facts) if isinstance(result, Infeasible) else frozenset()


def _reason(problem: Problem, result: Result) -> NoPlanOut:
    if isinstance(result, Undecided):
        return NoPlanOut(text=f"{result.text} It took {result.seconds:g} seconds; allow more, or ask for less.")
    assert isinstance(result, Infeasible)
    listed = [
        PlanFactOut(kind=entry.kind, about=entry.about, text=entry.text, facts=sources(entry.sources)) for entry in result.facts
    ]
    lines = reason_lines(problem, result.facts)
    return NoPlanOut(
        text=_shortened(result, lines),
        minimal=result.minimal,
        facts=listed,
        lines=[
            ReasonLineOut(kind=line.kind, about=list(line.about), text=line.text, facts=sources(line.sources)) for line in lines
        ],
        changes=[_remedy(change) for change in result.changes],
    )


def _shortened(result: Infeasible, lines: Sequence[ReasonLine]) -> str:
    """The whole reason with what says alike told together: each fact in its text stands as ``(n) fact.``."""

    def numbered(texts: Iterable[str]) -> str:
        return " ".join(f"({number}) {text}." for number, text in enumerate(texts, 1))

    # The deadline stands in the headline alone.
    every = numbered(entry.text for entry in result.facts if entry.kind != "deadline")
    return result.text.replace(every, numbered(line.text for line in lines)) if every else result.text


def _remedy(change: Change) -> PlanRemedyOut:
    plan, problem = change.plan, change.problem
    return PlanRemedyOut(
        kind=change.kind,
        text=change.text,
        gives_up=number(change.cost),
        terms=plan.terms_used,
        ends=problem.terms[plan.terms_used - 1].name if plan.terms_used else None,
        cost_usd=cost_body([problem.items[one.item] for one in plan.placed]),
    )


def sources(found: Sequence[Source]) -> list[FactOut]:
    """Facts of some sources, each page once."""
    return list({source.url: fact(source) for source in found}.values())


def radar_bodies(asked: Asked, plan: Plan, catalog: Catalog, on: date) -> tuple[RadarOut, ...]:
    """Days to watch, earliest first."""
    from pathways.planning.radar import radar

    return tuple(
        RadarOut(
            kind=entry.kind,
            day=entry.day.isoformat(),
            about=entry.about,
            endangers=list(entry.endangers),
            late=entry.is_late,
            text=entry.text,
            facts=sources(entry.sources),
        )
        for entry in radar(asked.problem, plan, asked.record, catalog, on)
    )
