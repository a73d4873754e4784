"""``/next``: the question as a form, the answer below it. The address holds the whole question, so it can be kept and sent."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.answering import compute
from api.errors import InputError
from api.pages.shown import Form, amounts, by_field, form_of, refused, render, stated
from api.schemas import RecommendationIn, RecommendationOut
from api.world import World
from pathways.places import STATES

router = APIRouter(include_in_schema=False)
TEXTS = ("goal", "place", "district", "license", "budget_usd", "hours_per_week", "by", "k")
LISTS = ("have", "targets")
#: Amounts separated by commas.
PROGRESS = "progress"
FIELDS = (*TEXTS, *LISTS, PROGRESS)
LABELS = {
    "goal": "Your goal",
    "place": "State",
    "district": "District",
    "license": "License you hold",
    "budget_usd": "Budget",
    "hours_per_week": "Hours a week",
    "by": "By",
    "have": "Your badges",
    "targets": "Work toward",
    "progress": "Earned toward renewal",
    "exclude": "Hidden steps",
    "k": "Steps to show",
}


@dataclass(frozen=True, slots=True)
class NextPage:
    """What ``next.html`` shows."""

    form: Form
    errors: dict[str, str]
    labels: dict[str, str]
    states: list[tuple[str, str]]
    excluded: list[str]
    hide: dict[str, str]
    show_again: str
    answer: RecommendationOut | None


@router.get("/next")
async def next_page(request: Request) -> Response:
    """The form, and the answer where something was asked."""
    form = form_of(request, FIELDS)
    excluded = request.query_params.getlist("exclude")
    errors: dict[str, str] = {}
    answer = None
    if any(name in request.query_params for name in FIELDS):
        try:
            answer = await compute(request, _ask, form, excluded)
        except ValidationError as error:
            errors = refused(error)
        except InputError as error:
            errors = by_field(error.problems)
    page = NextPage(
        form=form,
        errors=errors,
        labels=LABELS,
        states=sorted(STATES.items(), key=lambda pair: pair[1]),
        excluded=excluded,
        hide=_hide_links(form, excluded, answer),
        show_again=_address(form, []),
        answer=answer,
    )
    return render(request, "next.html", {"page": page, "here": "next"}, 422 if errors else 200)


def _ask(world: World, form: Form, excluded: list[str]) -> RecommendationOut:
    fields = stated(form, lists=LISTS, texts=TEXTS)
    return service.next_steps(world, RecommendationIn(**fields, progress=amounts(form[PROGRESS]), exclude=excluded))


def _hide_links(form: Form, excluded: list[str], answer: RecommendationOut | None) -> dict[str, str]:
    shown = [step.credential.id for step in answer.steps] if answer is not None else []
    return {key: _address(form, [*excluded, key]) for key in shown}


def _address(form: Form, excluded: list[str]) -> str:
    query = [(name, value) for name, value in form.items() if value] + [("exclude", key) for key in excluded]
    return f"/next?{urlencode(query)}#results"
