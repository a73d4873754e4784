"""What is this badge worth here? Matches for evaluators, decisions by people, and the articulation table that comes of them."""

from __future__ import annotations

import json
from typing import Annotated, Any

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Path, Query, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from api import review_service
from api.answering import NOT_FOUND, PROBLEMS, TOO_LARGE, json_answer, problem, world_of
from api.errors import KINDS
from api.idempotency import ONCE, IdempotencyKey, once
from api.identity.asker import Asker
from api.identity.gate import identity_of, needs
from api.match_service import proposer
from api.review_schemas import (
    ArticulationFilter,
    ArticulationsOut,
    BulkIn,
    BulkOut,
    CoursesImportedOut,
    DecisionIn,
    MatchesIn,
    MatchesMadeOut,
    MatchFilter,
    MatchOut,
    MatchPageOut,
    NothingIn,
)
from api.review_service import Desk
from api.world import World

router = APIRouter(prefix="/v1", tags=["review"])
Evaluator = Annotated[Asker, Depends(needs("evaluator", "administrator", what="see and decide matches"))]
NoQuery = Annotated[NothingIn, Query()]
MatchId = Annotated[str, Path(alias="id", max_length=200, examples=["7F3K9QHD"])]
_STALE: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody decided meanwhile"},
    428: {"description": "If-Match is missing"},
}
_ALLOWED: dict[int | str, dict[str, Any]] = {401: {"description": "Not signed in"}, 403: {"description": "Not an evaluator"}}
ANSWERS = PROBLEMS | _ALLOWED


def desk_of(request: Request, who: Asker, world: World | None = None) -> Desk:
    """The desk of whoever asks."""
    identity = identity_of(request)
    return Desk(world or world_of(request), identity.database, who, identity.log)


@router.get("/matches", operation_id="list_matches", summary="List the queue", response_model=MatchPageOut, responses=ANSWERS)
async def list_matches(request: Request, wanted: Annotated[MatchFilter, Query()], who: Evaluator) -> Response:
    """Matches of the institution, surest first unless asked otherwise, with how many there are in each state."""
    return await json_answer(request, lambda world: review_service.queue(desk_of(request, who, world), wanted))


@router.post(
    "/matches",
    operation_id="make_matches",
    summary="Put matches on the queue",
    response_model=MatchesMadeOut,
    responses=ANSWERS | TOO_LARGE | ONCE,
)
async def make_matches(request: Request, asked: MatchesIn, who: Evaluator, _: NoQuery, key: IdempotencyKey = None) -> Response:
    """Proposed among the institution's courses, or one match made by hand of several badges and courses."""
    propose = proposer(request.app.state.identity.settings)

    async def work() -> Response:
        return await json_answer(request, lambda world: review_service.make_matches(desk_of(request, who, world), asked, propose))

    return await once(request, "make_matches", work, key)


@router.post(
    "/matches:decide",
    operation_id="decide_matches",
    summary="Decide every open match that fits",
    response_model=BulkOut,
    responses=ANSWERS | TOO_LARGE,
)
async def decide_matches(request: Request, asked: BulkIn, who: Evaluator, _: NoQuery) -> Response:
    """Without `expected` it only counts them and the errors to expect; with it, it decides exactly as many or none."""
    return await json_answer(request, lambda world: review_service.decide_all(desk_of(request, who, world), asked))


@router.get(
    "/matches/{id}", operation_id="get_match", summary="Show one match", response_model=MatchOut, responses=ANSWERS | NOT_FOUND
)
async def get_match(request: Request, match_id: MatchId, who: Evaluator, _: NoQuery) -> Response:
    """Badge beside course, the evidence, every decision. Its `ETag` is what a decision must send in `If-Match`."""
    found = await to_thread.run_sync(lambda: review_service.match(desk_of(request, who), match_id))
    return _tagged(found)


@router.post(
    "/matches/{id}/decisions",
    operation_id="decide_match",
    summary="Decide one match",
    response_model=MatchOut,
    responses=ANSWERS | NOT_FOUND | TOO_LARGE | _STALE,
)
async def decide_match(
    request: Request,
    match_id: MatchId,
    asked: DecisionIn,
    who: Evaluator,
    _: NoQuery,
    if_match: Annotated[str | None, Header(description="The `ETag` of the match this decision is for.")] = None,
) -> Response:
    """Approve, approve with changes, reject, skip, undo, dissent, or settle a dissent. Decisions are only ever added."""
    if if_match is None:
        kind = KINDS["precondition-required"]
        return problem(request, kind, kind.help)
    tags = [part.strip().replace('-gzip"', '"') for part in if_match.split(",") if part.strip()]
    return _tagged(await to_thread.run_sync(lambda: review_service.decide(desk_of(request, who), match_id, tags, asked)))


@router.get(
    "/articulations",
    operation_id="list_articulations",
    summary="List what is approved",
    response_model=ArticulationsOut,
    responses=ANSWERS,
)
async def list_articulations(request: Request, who: Evaluator, wanted: Annotated[ArticulationFilter, Query()]) -> Response:
    """The articulation table: each approved row with its reason, person, date and use; `unused=true` for credit nobody uses."""
    return await json_answer(
        request, lambda world: review_service.articulations(desk_of(request, who, world), unused=wanted.unused)
    )


@router.get(
    "/articulations.csv",
    operation_id="articulations_csv",
    summary="Get what is approved as CSV",
    response_class=Response,
    responses=ANSWERS,
)
async def articulations_csv(request: Request, who: Evaluator, _: NoQuery) -> Response:
    """Approved rows only; cells that a spreadsheet would run are defused."""
    text = await to_thread.run_sync(lambda: review_service.articulations_csv(desk_of(request, who)))
    return Response(
        text, media_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="articulations.csv"'}
    )


@router.get(
    "/articulations.jsonld",
    operation_id="articulations_ctdl",
    summary="Get what is approved as CTDL",
    response_class=Response,
    responses=ANSWERS,
)
async def articulations_ctdl(request: Request, who: Evaluator, _: NoQuery) -> Response:
    """Approved rows only, as CTDL transfer value profiles and transfer agreements."""
    found = await to_thread.run_sync(lambda: review_service.articulations_ctdl(desk_of(request, who)))
    return Response(json.dumps(found, ensure_ascii=False, indent=1), media_type="application/ld+json")


@router.post(
    "/courses",
    operation_id="import_courses",
    summary="Import an institution's courses",
    response_model=CoursesImportedOut,
    responses=ANSWERS | TOO_LARGE | ONCE,
)
async def import_courses(request: Request, file: UploadFile, who: Evaluator, _: NoQuery, key: IdempotencyKey = None) -> Response:
    """A CSV in place of the courses kept before, all of it or nothing; matches whose course changed are open again."""
    content = await file.read()
    name = file.filename or "courses.csv"

    async def work() -> Response:
        return await json_answer(request, lambda world: review_service.import_file(desk_of(request, who, world), content, name))

    return await once(request, "import_courses", work, key, content)


def _tagged(found: MatchOut) -> Response:
    answer = Response(found.model_dump_json(), media_type="application/json")
    answer.headers["ETag"] = found.tag
    answer.headers["Cache-Control"] = "no-cache"
    return answer
