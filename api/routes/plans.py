"""In which terms, and what is the best one can do? Plans are kept, changed by version, drawn, and asked "what if"."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api import plan_board, plan_list, plan_service
from api.answering import NOT_FOUND, PROBLEMS, TOO_LARGE, compute, json_answer, problem, tagged, world_of
from api.audit_schemas import PageIn
from api.errors import KINDS
from api.idempotency import ONCE, IdempotencyKey, once
from api.identity.plan_watch import plans_of
from api.plan_list_schemas import PlanPageOut
from api.plan_pictures import MEDIA, Form, drawn
from api.plan_schemas import AlternativesIn, AlternativesOut, ArrangeIn, PlanChangeIn, PlanIn, PlanOut, WhatIfIn, WhatIfOut
from api.store.plans import PlanStore
from api.world import World
from pathways.draw.export import MissingExtraError

router = APIRouter(prefix="/v1", tags=["plans"])
PlanId = Annotated[str, Path(alias="id", max_length=200, examples=["7F3K9QHD"])]
_STALE: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody changed the plan meanwhile"},
    428: {"description": "If-Match is missing"},
}
_IfMatch = Annotated[str | None, Header(description="The `ETag` of the version to delete, or `*`.")]
_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file", "content": {media.partition(";")[0]: {} for media in MEDIA.values()}},
    501: {"description": "This server draws no PNG: an optional package is not installed"},
}


@router.post(
    "/plans",
    operation_id="make_plan",
    summary="Plan a target term by term",
    status_code=201,
    response_model=PlanOut,
    responses=PROBLEMS | TOO_LARGE | ONCE,
)
async def make_plan(request: Request, asked: PlanIn, key: IdempotencyKey = None) -> Response:
    """The best plan within terms, load, budget and deadline, with what is proven of it; or the reason why there is none.

    A sound question without a plan is answered too: `outcome` is `infeasible`, `reason` says what clashes and what would help.
    """

    async def work() -> Response:
        body = await compute(request, plan_service.make_kept, _store(request), asked)
        answer = _versioned(body)
        answer.status_code = 201
        answer.headers["Location"] = f"/v1/plans/{body.id}"
        return answer

    return await once(request, "make_plan", work, key)


@router.get(
    "/plans/{id}.{form}",
    operation_id="draw_plan",
    summary="Get a plan as a file",
    response_class=Response,
    responses=PROBLEMS | NOT_FOUND | _FILES,
)
async def draw_plan(request: Request, plan_id: PlanId, form: Form) -> Response:
    """SVG, PNG, Mermaid, DOT, CSV, JSON or HTML: terms are the columns."""
    try:
        content = await compute(request, _file, _store(request), plan_id, form)
    except MissingExtraError as error:
        return problem(request, KINDS["not-offered"], str(error))
    answer = Response(content, media_type=MEDIA[form])
    answer.headers["Content-Disposition"] = f'inline; filename="plan-{plan_id.upper()}.{form}"'
    return tagged(request, answer, world_of(request).catalog.version)


@router.get(
    "/plans/{id}",
    operation_id="get_plan",
    summary="Show one plan",
    response_model=PlanOut,
    responses=PROBLEMS | NOT_FOUND,
)
async def get_plan(request: Request, plan_id: PlanId) -> Response:
    """The last version, as it was answered. Its `ETag` is what a change must send in `If-Match`."""
    body = await compute(request, plan_service.get, _store(request), plan_id)
    answer = _versioned(body)
    own = answer.headers["ETag"]
    same = {own: own, "*": own, own.removesuffix('"') + '-gzip"': own.removesuffix('"') + '-gzip"'}
    wanted = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    match = next((same[part] for part in wanted if part in same), None)
    if match is not None:
        return Response(status_code=304, headers={"ETag": match, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"})
    return answer


@router.get(
    "/plans",
    operation_id="list_plans",
    summary="List kept plans",
    response_model=PlanPageOut,
    responses=PROBLEMS,
)
async def list_plans(request: Request, wanted: Annotated[PageIn, Query()]) -> Response:
    """Those made last first. `Link: rel="next"` and `next_cursor` lead to the next page."""
    page = await compute(request, plan_list.listed, _store(request), wanted)
    answer = Response(page.model_dump_json(), media_type="application/json")
    if page.next_cursor is not None:
        query = urlencode({**request.query_params, "cursor": page.next_cursor})
        answer.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return tagged(request, answer, world_of(request).catalog.version)


@router.delete(
    "/plans/{id}",
    operation_id="delete_plan",
    summary="Delete a plan",
    status_code=204,
    response_class=Response,
    responses=PROBLEMS | NOT_FOUND | _STALE,
)
async def delete_plan(request: Request, plan_id: PlanId, if_match: _IfMatch = None) -> Response:
    """The plan and all its versions are gone; plans found as its alternatives stay."""
    if if_match is None:
        kind = KINDS["precondition-required"]
        return problem(request, kind, kind.help)
    await compute(request, plan_list.delete, _store(request), plan_id, _tags(if_match))
    return Response(status_code=204)


@router.patch(
    "/plans/{id}",
    operation_id="change_plan",
    summary="Change a plan and plan again",
    response_model=PlanOut,
    responses=PROBLEMS | NOT_FOUND | TOO_LARGE | _STALE,
)
async def change_plan(
    request: Request,
    plan_id: PlanId,
    wanted: PlanChangeIn,
    if_match: Annotated[str | None, Header(description="The `ETag` of the version this change is for.")] = None,
) -> Response:
    """Keeps what is done and pinned, and moves as little as possible; `moved` says what and why."""
    if if_match is None:
        kind = KINDS["precondition-required"]
        return problem(request, kind, kind.help)
    body = await compute(request, plan_service.change, _store(request), plan_id, _tags(if_match), wanted)
    return _versioned(body)


@router.post(
    "/plans/{id}/arrangements",
    operation_id="arrange_plan",
    summary="Arrange a plan by hand",
    response_model=PlanOut,
    responses=PROBLEMS | NOT_FOUND | TOO_LARGE | _STALE,
)
async def arrange_plan(
    request: Request,
    plan_id: PlanId,
    wanted: ArrangeIn,
    if_match: Annotated[str | None, Header(description="The `ETag` of the version this is done to.")] = None,
) -> Response:
    """Move or pin a step, accept a warning, undo, or take over another plan. What it breaks is in `warnings`, never refused."""
    if if_match is None:
        kind = KINDS["precondition-required"]
        return problem(request, kind, kind.help)
    return _versioned(await compute(request, plan_board.arrange, _store(request), plan_id, _tags(if_match), wanted))


@router.post(
    "/plans/{id}/alternatives",
    operation_id="find_alternatives",
    summary="Find other plans of the same question",
    response_model=AlternativesOut,
    responses=PROBLEMS | NOT_FOUND | TOO_LARGE | ONCE,
)
async def find_alternatives(request: Request, plan_id: PlanId, wanted: AlternativesIn, key: IdempotencyKey = None) -> Response:
    """Fastest, cheapest, lightest, and more that differ in at least so many items; each is kept under its own id."""

    async def work() -> Response:
        return await json_answer(request, plan_service.alternatives, _store(request), plan_id, wanted)

    return await once(request, "find_alternatives", work, key)


@router.post(
    "/whatifs",
    operation_id="what_if",
    summary="Change one thing and see what moves",
    response_model=WhatIfOut,
    responses=PROBLEMS | NOT_FOUND | TOO_LARGE,
)
async def what_if(request: Request, asked: WhatIfIn) -> Response:
    """The plan as it is and as it would be, what moves and why. Nothing is kept."""
    return await json_answer(request, plan_service.what_if, _store(request), asked)


def _file(world: World, store: PlanStore, plan_id: str, form: Form) -> bytes:
    return drawn(plan_service.get(world, store, plan_id), form)


def _store(request: Request) -> PlanStore:
    return plans_of(request)


def _versioned(body: PlanOut) -> Response:
    """A plan with the tag of its version."""
    answer = Response(body.model_dump_json(), media_type="application/json")
    answer.headers["ETag"] = plan_service.tag_of(body.id or "", body.version)
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _tags(header: str) -> list[str]:
    """Tags of a change, those of compressed answers as those of plain ones; a weak one names no version and fits none."""
    return [part.strip().replace('-gzip"', '"') for part in header.split(",") if part.strip()]
