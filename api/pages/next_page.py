"""``/next``: the question as a form, the answer below it.

The address holds the whole question, so it can be kept and sent. Badges that were read and steps that are not wanted stay with the
browser (:mod:`api.pages.kept`) and never get into the address.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends
from markupsafe import Markup
from pydantic import ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.answering import compute
from api.audit_schemas import OneLetterOut
from api.errors import InputError
from api.identity.asker import Asker
from api.identity.gate import asker
from api.letters import letters
from api.pages.badges import said
from api.pages.forms import go_to, posted
from api.pages.kept import MOST_HIDDEN, MOST_REASON, HiddenStep, Kept, change, kept_by, record_of
from api.pages.route_picture import picture_of_route
from api.pages.shown import Form, amounts, by_field, form_of, refused, render, stated
from api.pages.stack import Side, Stack, sides, stack_of
from api.schemas import AuditIn, RecommendationIn, RecommendationOut, StepOut, TargetRoutesOut
from api.world import World
from pathways.draw import export
from pathways.draw.picture import MOST_STEPS, Column, Picture
from pathways.draw.svg import svg
from pathways.draw.words import Step, by_column
from pathways.places import STATES

router = APIRouter(include_in_schema=False)
Who = Annotated[Asker, Depends(asker)]
TEXTS = ("goal", "place", "district", "license", "budget_usd", "hours_per_week", "by", "k")
LISTS = ("have", "targets")
#: Amounts separated by commas.
PROGRESS = "progress"
FIELDS = (*TEXTS, *LISTS, PROGRESS)
SORTS: dict[str, Callable[[StepOut], tuple[float, ...]]] = {
    "fit": lambda step: (step.rank,),
    "left": lambda step: (min((_known(effect.remaining_after) for effect in step.targets), default=_known(None)), step.rank),
    "price": lambda step: (_known(step.cost_usd), step.rank),
    "hours": lambda step: (_known(step.hours), step.rank),
}
#: Targets whose bar is drawn; a bar takes an audit each.
MOST_BARS = 3
PictureForm = Literal["svg", "png", "mmd"]
MEDIA = {"svg": "image/svg+xml", "png": "image/png", "mmd": "text/vnd.mermaid; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Way:
    """One target: how far it is, ways to it side by side, and the best of them as a picture and in words."""

    target: TargetRoutesOut
    sides: list[Side]
    picture: Markup | None
    words: list[tuple[Column, tuple[Step, ...]]]
    files: dict[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer made ready for the page."""

    answer: RecommendationOut
    steps: list[StepOut]
    stacks: list[Stack]
    ways: list[Way]
    letters: list[OneLetterOut]
    hidden: list[tuple[HiddenStep, str]]


@dataclass(frozen=True, slots=True)
class NextPage:
    """What ``next.html`` shows. ``query`` is the question as an address has it; ``targets`` may be worked toward."""

    form: Form
    errors: dict[str, str]
    states: list[tuple[str, str]]
    sort: str
    sorts: list[str]
    query: list[tuple[str, str]]
    kept: Kept
    said: str
    shown: Shown | None
    most_reason: int = MOST_REASON


@router.get("/next")
async def next_page(request: Request, who: Who) -> Response:
    """The form, and the answer where something was asked."""
    form = form_of(request, FIELDS)
    kept = await kept_by(request, who)
    sort = request.query_params.get("sort", "fit")
    sort = sort if sort in SORTS else "fit"
    errors: dict[str, str] = {}
    shown = None
    if any(name in request.query_params for name in FIELDS):
        try:
            shown = await compute(request, _answered, form, request.query_params.getlist("exclude"), kept, sort)
        except ValidationError as error:
            errors = refused(error)
        except InputError as error:
            errors = by_field(error.problems)
    page = NextPage(
        form=form,
        errors=errors,
        states=sorted(STATES.items(), key=lambda pair: pair[1]),
        sort=sort,
        sorts=list(SORTS),
        query=_query(request, form),
        kept=kept,
        said=said(kept),
        shown=shown,
    )
    return render(request, "next.html", {"page": page, "here": "next"}, 422 if errors else 200)


@router.get("/next/pathway.{kind}")
async def pathway(request: Request, who: Who, kind: PictureForm) -> Response:
    """The best way to one target as a file."""
    form = form_of(request, FIELDS)
    kept = await kept_by(request, who)
    try:
        body = await compute(request, _drawn, form, kept, request.query_params.get("toward", ""), kind)
    except ValidationError as error:
        raise HTTPException(422, next(iter(refused(error).values()))) from error
    name = f'attachment; filename="pathway.{kind}"'
    return Response(body, media_type=MEDIA[kind], headers={"Content-Disposition": name})


@router.post("/next/steps")
async def hide(request: Request, who: Who) -> Response:
    """Hide a step, with a reason if there is one, or bring one or all back; the question stays as it was."""
    sent = await posted(request)
    step, back = sent.text("id"), _back(sent.text("back"))
    if sent.text("do") == "hide":
        await compute(request, service.credential, step)
        reason = " ".join(sent.text("reason").split())[:MOST_REASON]

        def work(kept: Kept) -> Kept:
            rest = [one for one in kept.hidden if one.id != step]
            return replace(kept, hidden=[*rest, HiddenStep(step, reason)][-MOST_HIDDEN:])

    else:

        def work(kept: Kept) -> Kept:
            return replace(kept, hidden=[one for one in kept.hidden if step and one.id != step])

    await change(request, who, work)
    return go_to(request, back)


def _answered(world: World, form: Form, excluded: list[str], kept: Kept, sort: str) -> Shown:
    answer = _ask(world, form, excluded, kept)
    names = world.catalog.credentials
    hidden = [(one, names[one.id].name) for one in kept.hidden if one.id in names]
    subject = "Questions about my next steps"
    return Shown(
        answer=answer,
        steps=sorted(answer.steps, key=SORTS[sort]),
        stacks=_stacks(world, form, kept, answer),
        ways=[_way(world, form, kept, target, answer) for target in answer.routes],
        letters=letters(answer.ask, about=_about(answer), subject=subject, date=answer.date),
        hidden=hidden,
    )


def _ask(world: World, form: Form, excluded: list[str], kept: Kept) -> RecommendationOut:
    fields = stated(form, lists=LISTS, texts=TEXTS)
    hidden = [one.id for one in kept.hidden if one.id in world.catalog.credentials]
    asked = RecommendationIn(
        **fields,
        progress=amounts(form[PROGRESS]),
        exclude=list(dict.fromkeys([*excluded, *hidden])),
        record=record_of(kept, world, fields.get("have", [])),
    )
    return service.next_steps(world, asked)


def _stacks(world: World, form: Form, kept: Kept, answer: RecommendationOut) -> list[Stack]:
    fields = stated(form, lists=("have",), texts=("place", "district", "license"))
    routes = {target.id: target for target in answer.routes}
    record = record_of(kept, world, fields.get("have", []))
    found = []
    for target in form["targets"].replace(",", " ").split()[:MOST_BARS]:
        asked = AuditIn(target=target, progress=amounts(form[PROGRESS]), record=record, **fields)
        found.append(stack_of(service.audit(world, asked), routes.get(target)))
    return [stack for stack in found if stack is not None]


def _way(world: World, form: Form, kept: Kept, target: TargetRoutesOut, answer: RecommendationOut) -> Way:
    picture = _picture(world, form, kept, target, answer)
    drawn = picture is not None and len(picture.nodes) <= MOST_STEPS
    query = urlencode([(name, value) for name, value in form.items() if value] + [("toward", target.id)])
    return Way(
        target=target,
        sides=sides(target),
        picture=Markup(svg(picture)) if picture is not None and drawn else None,  # noqa: S704 - our own drawing, which escapes every text
        words=list(by_column(picture)) if picture is not None else [],
        files={kind: f"/next/pathway.{kind}?{query}" for kind in MEDIA} if picture is not None else {},
    )


def _picture(world: World, form: Form, kept: Kept, target: TargetRoutesOut, answer: RecommendationOut) -> Picture | None:
    if not target.routes:
        return None
    best = target.routes[target.fewest_steps or 0]
    have = [text.partition("*")[0] for text in form["have"].replace(",", " ").split()]
    held = [*have, *(str(one["id"]) for one in kept.achievements(world.catalog.credentials.keys(), have))]
    return picture_of_route(target, best, held, world.catalog, footer=f"{answer.date}, catalog {answer.data_version}")


def _drawn(world: World, form: Form, kept: Kept, toward: str, kind: PictureForm) -> bytes:
    answer = _ask(world, form, [], kept)
    target = next((one for one in answer.routes if one.id == toward), None)
    picture = None if target is None else _picture(world, form, kept, target, answer)
    if picture is None:
        raise HTTPException(404, "There is no route to draw: name one of the targets of the question.")
    if kind == "mmd":
        return export.mermaid(picture).encode()
    return export.png(svg(picture)) if kind == "png" else svg(picture).encode()


def _about(answer: RecommendationOut) -> str:
    """What a letter is about, without the goal: a person's own words do not go to an office unasked."""
    names = [target.name for target in answer.routes] or [step.credential.name for step in answer.steps[:3]]
    return "; ".join(names) or "professional development"


def _query(request: Request, form: Form) -> list[tuple[str, str]]:
    """The question as fields of an address."""
    excluded = [("exclude", key) for key in request.query_params.getlist("exclude")]
    return [(name, value) for name, value in form.items() if value] + excluded


def _back(query: str) -> str:
    """Where a form leads back to: this page and no other, whatever was sent."""
    return f"/next?{query.replace('#', '')}#results" if query else "/next"


def _known(value: float | None) -> float:
    """Unknown amounts come last in every order."""
    return float("inf") if value is None else float(value)
