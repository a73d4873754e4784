"""A plan as a file: SVG, PNG, Mermaid, DOT, CSV, JSON or HTML.

Drawn from the body of the plan alone, so a plan of last year, or one from a file, looks as it did, whatever the catalog says now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from api.errors import InputError, InputProblem
from api.plan_schemas import PlanItemOut, PlanOut, PlanTermOut
from pathways.draw import export
from pathways.draw.page import html
from pathways.draw.picture import Picture
from pathways.draw.plans import picture_of_plan
from pathways.draw.svg import svg
from pathways.planning.problem import Placed, Plan, PlanItem, PlanTerm, Problem, Proof, Season
from pathways.planning.terms import term_named
from pathways.requirements.rules import AllOf, Held, Requirement, children_of

Form = Literal["svg", "png", "mmd", "dot", "csv", "json", "html"]
MEDIA: Mapping[Form, str] = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "mmd": "text/vnd.mermaid; charset=utf-8",
    "dot": "text/vnd.graphviz; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
}


def drawn(plan: PlanOut, form: Form) -> bytes:
    """A plan in one form.

    Raises
    ------
    InputError
        If there is no plan to draw.
    MissingExtraError
        For a PNG where the optional package is not installed.
    """
    if form == "json":
        return plan.model_dump_json(indent=2).encode()
    picture = picture_of(plan)
    if form == "png":
        return export.png(svg(picture))
    writers: dict[Form, Callable[[Picture], str]] = {
        "svg": svg, "mmd": export.mermaid, "dot": export.dot, "csv": export.csv, "html": html,
    }  # fmt: skip
    return writers[form](picture).encode()


def picture_of(plan: PlanOut) -> Picture:
    """The picture of a plan.

    Raises
    ------
    InputError
        If there is no plan.
    """
    if plan.outcome != "plan":
        raise InputError((InputProblem("", "There is no plan to draw: the answer is a reason, which is text."),))
    whole = _whole(plan)
    shown = [(number, item) for number, term in enumerate(plan.terms) for item in term.items if item is not whole]
    items = {item.id: _item(item) for _, item in shown}
    held = {entry.id: entry.name for entry in plan.held}
    named = {before for item in items.values() for tree in (item.requires, item.corequisites) for before in _ids(tree)}
    ends = [key for key in (*items, *held) if key == plan.target.id] or [key for key in items if key not in named]
    if whole is not None:
        ends = [*whole.needs, *whole.alongside]
    problem = Problem(
        goal=AllOf(tuple(map(Held, ends))),
        items=items,
        terms=tuple(_term(term) for term in plan.terms),
        name=plan.target.name,
        held=frozenset(held),
        load_unit=plan.totals.load_unit if plan.totals is not None else "semester",
    )
    at = {item.id: number for number, item in shown}
    called = f"Plan {plan.id}" if plan.id else "Plan"
    return picture_of_plan(
        problem,
        _placements(plan, at),
        title=f"{called}: {plan.target.name}",
        names=held,
        footer=f"{plan.date}, catalog {plan.data_version}",
    )


def _whole(plan: PlanOut) -> PlanItemOut | None:
    """The target itself where it adds nothing to its parts in its last term: the goal column shows it, so it is drawn once."""
    for term in plan.terms:
        for item in term.items:
            adds = item.load or not item.load_known or item.usd != 0 or item.hours or item.kind != "earn"
            if item.id == plan.target.id and item.alongside and not adds and len(term.items) > 1:
                return item
    return None


def _placements(plan: PlanOut, at: Mapping[str, int]) -> Plan:
    """The placements of a body; a picture needs no proof."""
    placed = tuple(Placed(key, number) for key, number in sorted(at.items(), key=lambda pair: (pair[1], pair[0])))
    zero = Fraction(0)
    return Plan(placed, len(plan.terms), Decimal(0), zero, zero, Proof("feasible", (), (), ()))


def _ids(tree: Requirement) -> list[str]:
    return [child.id for child in children_of(tree) if isinstance(child, Held)]


def _item(item: PlanItemOut) -> PlanItem:
    return PlanItem(
        item.id,
        item.name,
        kind=item.kind,
        load=Fraction(str(item.load)),
        is_unweighed=not item.load_known,
        hours=None if item.hours is None else Fraction(str(item.hours)),
        usd=None if item.usd is None else Decimal(str(item.usd)),
        requires=AllOf(tuple(map(Held, item.needs))),
        corequisites=AllOf(tuple(map(Held, item.alongside))),
    )


def _term(term: PlanTermOut) -> PlanTerm:
    return PlanTerm(term.name, _season(term.name), date.fromisoformat(term.start), date.fromisoformat(term.end))


def _season(name: str) -> Season:
    return term_named(name).season
