"""Plans on a board: terms are columns, every step moves by a select and a button, nothing blocks, undo leads back.

Each form carries the version it was made for. A stale one gets a page that shows both states instead of overwriting anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter
from markupsafe import Markup
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api import plan_board, plan_service
from api.answering import compute
from api.errors import InputError
from api.identity.plan_watch import plans_of
from api.pages.forms import Posted, go_to, posted
from api.pages.shown import Form, by_field, form_of, refused, render, stated
from api.plan_compared import comparison
from api.plan_pictures import picture_of
from api.plan_schemas import AlternativesIn, ArrangeIn, ComparisonOut, PlanChangeIn, PlanIn, PlanOut, PlanWarningOut
from api.store.errors import StalePlanError, UnknownPlanError
from api.store.plans import PlanStore
from api.world import World
from pathways.draw.svg import svg

router = APIRouter(include_in_schema=False)
TEXTS = ("target", "place", "terms", "load", "budget_usd", "hours_per_week", "by", "have")
LABELS = {
    "target": "Work toward",
    "have": "Held already",
    "place": "Place",
    "terms": "Terms",
    "load": "Credits a term",
    "budget_usd": "Budget",
    "hours_per_week": "Hours a week",
    "by": "By",
}
#: Above so many steps a board is easier to read than a picture.
MOST_DRAWN = 60
FILES = ("svg", "png", "mmd", "dot", "csv", "json", "html")


@dataclass(frozen=True, slots=True)
class NewPlanPage:
    """What ``plans.html`` shows."""

    form: Form
    errors: dict[str, str]
    labels: dict[str, str]


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What ``plan.html`` shows."""

    plan: PlanOut
    tag: str
    columns: list[str]
    warnings: dict[str, list[PlanWarningOut]]
    names: dict[str, str]
    picture: Markup | None
    files: tuple[str, ...]
    error: str
    focus: str


@dataclass(frozen=True, slots=True)
class ComparePage:
    """What ``plan_compare.html`` shows."""

    plan: PlanOut
    tag: str
    others: list[PlanOut]
    heads: list[str]
    table: ComparisonOut | None


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """What ``plan_conflict.html`` shows."""

    plan: PlanOut
    wish: str
    changed: str


@router.get("/plans")
async def plans_page(request: Request) -> Response:
    """A form that makes a plan."""
    page = NewPlanPage({**form_of(request, TEXTS), "load": request.query_params.get("load", "0..9")}, {}, LABELS)
    return render(request, "plans.html", {"page": page, "here": "plans"})


@router.post("/plans")
async def make(request: Request) -> Response:
    """Make one and show it."""
    sent = await posted(request)
    form = {name: sent.text(name) for name in TEXTS}
    errors: dict[str, str] = {}
    try:
        asked = PlanIn(**stated(form, lists=("have",), texts=[name for name in TEXTS if name != "have"]))
        made = await compute(request, plan_service.make_kept, store_of(request), asked)
        return go_to(request, _address(made.id or ""))
    except ValidationError as error:
        errors = refused(error)
    except InputError as error:
        errors = by_field(error.problems)
    return render(request, "plans.html", {"page": NewPlanPage(form, errors, LABELS), "here": "plans"}, 422)


@router.get("/plans/{plan_id}")
async def board(request: Request, plan_id: str) -> Response:
    """One plan, term by term, or the reason why there is none."""
    plan = await compute(request, plan_service.get, store_of(request), plan_id)
    return _board(request, plan, focus=request.query_params.get("focus", ""))


@router.post("/plans/{plan_id}")
async def arrange(request: Request, plan_id: str) -> Response:
    """One thing done to a plan."""
    sent = await posted(request)
    tags = [plan_service.tag_of(plan_id.upper(), int(sent.text("version")))] if sent.text("version").isdigit() else []
    step = sent.text("item")
    try:
        plan = await compute(request, _done, store_of(request), plan_id, tags, sent)
    except StalePlanError:
        return await _conflict(request, plan_id, sent)
    except (InputError, ValidationError) as error:
        detail = error.problems[0].detail if isinstance(error, InputError) else next(iter(refused(error).values()))
        now = await compute(request, plan_service.get, store_of(request), plan_id)
        return _board(request, now, error=detail, focus=step, status=422)
    return go_to(request, f"{_address(plan.id or plan_id)}?{urlencode({'focus': step or sent.text('do')})}")


@router.post("/plans/{plan_id}/alternatives")
async def find_alternatives(request: Request, plan_id: str) -> Response:
    """Look for other plans, then show them beside this one."""
    await posted(request)
    found = await compute(request, plan_service.alternatives, store_of(request), plan_id, AlternativesIn(count=1))
    query = [("with", f"{row.plan.id}:{row.label}") for row in found.alternatives]
    return go_to(request, f"{_address(plan_id)}/compare?{urlencode(query)}")


@router.get("/plans/{plan_id}/compare")
async def compare(request: Request, plan_id: str) -> Response:
    """Plans side by side."""
    wanted = [text.partition(":") for text in request.query_params.getlist("with")[:5]]
    page = await compute(request, _compared, store_of(request), plan_id, [(key, label) for key, _, label in wanted])
    return render(request, "plan_compare.html", {"page": page, "here": "plans"})


def store_of(request: Request) -> PlanStore:
    """Where plans are kept."""
    return plans_of(request)


def _done(world: World, store: PlanStore, plan_id: str, tags: list[str], sent: Posted) -> PlanOut:
    wanted: dict[str, Any]
    match sent.text("do"):
        case "move":
            wanted = {"move": {"item": sent.text("item"), "term": sent.text("term")}}
        case "pin" | "unpin" as act:
            wanted = {"pin": {"item": sent.text("item"), "keep": act == "pin"}}
        case "accept":
            wanted = {"accept": {"about": sent.text("item"), "rule": sent.text("rule"), "reason": sent.text("reason")}}
        case "use":
            wanted = {"use": sent.text("other")}
        case "again":
            now = plan_service.get(world, store, plan_id)
            return plan_service.change(world, store, plan_id, tags, PlanChangeIn(pins=now.asked.pins))
        case _:
            wanted = {"undo": True}
    return plan_board.arrange(world, store, plan_id, tags, ArrangeIn.model_validate(wanted))


def _board(request: Request, plan: PlanOut, *, error: str = "", focus: str = "", status: int = 200) -> Response:
    warnings: dict[str, list[PlanWarningOut]] = {}
    for one in plan.warnings:
        warnings.setdefault(one.about, []).append(one)
    steps = sum(len(term.items) for term in plan.terms)
    drawn = plan.outcome == "plan" and 0 < steps <= MOST_DRAWN
    names = {item.id: item.name for term in plan.terms for item in term.items} | {one.id: one.name for one in plan.held}
    page = BoardPage(
        plan=plan,
        tag=plan_service.tag_of(plan.id or "", plan.version),
        columns=plan.horizon,
        warnings=warnings,
        names=names,
        picture=Markup(svg(picture_of(plan))) if drawn else None,  # noqa: S704 - our own drawing, which escapes every text
        files=FILES,
        error=error,
        focus=focus,
    )
    return render(request, "plan.html", {"page": page, "here": "plans"}, status)


async def _conflict(request: Request, plan_id: str, sent: Posted) -> Response:
    now = await compute(request, plan_service.get, store_of(request), plan_id)
    names = {item.id: item.name for term in now.terms for item in term.items}
    item = names.get(sent.text("item"), sent.text("item"))
    wishes = {
        "move": f"{item} → {sent.text('term')}",
        "accept": f"{item}: {sent.text('reason')}",
        "undo": "undo the last change",
        "again": "plan again",
        "use": f"use plan {sent.text('other')}",
    }
    page = ConflictPage(now, wishes.get(sent.text("do"), item), now.changed)
    return render(request, "plan_conflict.html", {"page": page, "here": "plans"}, 409)


def _compared(world: World, store: PlanStore, plan_id: str, wanted: list[tuple[str, str]]) -> ComparePage:
    plan = plan_service.get(world, store, plan_id)
    others: list[PlanOut] = []
    labels: list[str] = []
    for key, label in wanted:
        try:
            others.append(plan_service.get(world, store, key))
            labels.append(label[:40] or key)
        except UnknownPlanError:
            continue
    heads = ["this plan", *labels]
    table = comparison([plan, *others], heads) if others else None
    return ComparePage(plan, plan_service.tag_of(plan.id or "", plan.version), others, labels, table)


def _address(plan_id: str, **query: Any) -> str:
    return f"/plans/{quote(plan_id, safe='')}" + (f"?{urlencode(query)}" if query else "")
