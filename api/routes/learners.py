"""Learners' records and what a learner may demand: see, correct, take along, know who saw, erase."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Header, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api import learner_service
from api.answering import NOT_FOUND, PROBLEMS, TOO_LARGE, compute, problem
from api.errors import KINDS
from api.idempotency import ONCE, IdempotencyKey, once
from api.identity.gate import AskerNow, identity_of
from api.identity.learners import Learners
from api.learner_schemas import (
    DisclosuresOut,
    ErasedOut,
    LearnerExportOut,
    LearnerQuery,
    LearnerRecordIn,
    LearnerRecordOut,
    LearnersOut,
    LearnersQuery,
)

T = TypeVar("T")
router = APIRouter(prefix="/v1", tags=["learners"])
LearnerId = Annotated[str, Path(alias="id", max_length=200, examples=["l-7f3k9qhd7f3k9qhd7f3k"])]
_STALE: dict[int | str, dict[str, Any]] = {
    412: {"description": "Somebody changed the record meanwhile"},
    428: {"description": "If-Match is missing"},
}


@router.post(
    "/learners",
    operation_id="add_learner",
    summary="Keep a learner's record",
    status_code=201,
    response_model=LearnerRecordOut,
    responses=PROBLEMS | TOO_LARGE | ONCE,
)
async def add_learner(request: Request, who: AskerNow, given: LearnerRecordIn, key: IdempotencyKey = None) -> Response:
    """Under a new id, which is a pseudonym. A learner keeps their own; advisors and administrators keep those of others."""

    async def work() -> Response:
        body = await _do(request, learner_service.add, who, given)
        answer = _versioned(body)
        answer.status_code = 201
        answer.headers["Location"] = f"/v1/learners/{body.id}"
        return answer

    return await once(request, "add_learner", work, key)


@router.get(
    "/learners", operation_id="list_learners", summary="List records one may see", response_model=LearnersOut, responses=PROBLEMS
)
async def list_learners(request: Request, who: AskerNow, wanted: Annotated[LearnersQuery, Query()]) -> Response:
    """Ids only, of the own institution; a learner sees their own."""
    return _private((await _do(request, learner_service.listed, who, wanted)).model_dump_json())


@router.get(
    "/learners/{id}",
    operation_id="get_learner",
    summary="Show a learner's record",
    response_model=LearnerRecordOut,
    responses=PROBLEMS | NOT_FOUND,
)
async def get_learner(request: Request, who: AskerNow, learner_id: LearnerId, wanted: Annotated[LearnerQuery, Query()]) -> Response:
    """Every view is written to the audit log; one by somebody else is a disclosure that the learner can read."""
    return _versioned(await _do(request, learner_service.get, who, learner_id, wanted))


@router.put(
    "/learners/{id}",
    operation_id="change_learner",
    summary="Correct a learner's record",
    response_model=LearnerRecordOut,
    responses=PROBLEMS | NOT_FOUND | TOO_LARGE | _STALE,
)
async def change_learner(
    request: Request,
    who: AskerNow,
    learner_id: LearnerId,
    given: LearnerRecordIn,
    if_match: Annotated[str | None, Header(description="The `ETag` of the version this change is for.")] = None,
) -> Response:
    """The whole record is put in place of the former one."""
    if if_match is None:
        kind = KINDS["precondition-required"]
        return problem(request, kind, kind.help)
    tags = [part.strip().replace('-gzip"', '"') for part in if_match.split(",") if part.strip()]
    return _versioned(await _do(request, partial(learner_service.change, tags=tags), who, learner_id, given))


@router.get(
    "/learners/{id}/export",
    operation_id="export_learner",
    summary="Take everything along",
    response_model=LearnerExportOut,
    responses=PROBLEMS | NOT_FOUND,
)
async def export_learner(
    request: Request, who: AskerNow, learner_id: LearnerId, wanted: Annotated[LearnerQuery, Query()]
) -> Response:
    """The record, consents, plans with their reasons, answers kept, and who saw what."""
    body = await _do(request, learner_service.export, who, learner_id, wanted)
    return _file(body.model_dump_json(), "application/json", f"{learner_id}.json")


@router.get(
    "/learners/{id}/export.csv",
    operation_id="export_learner_csv",
    summary="Take everything along as a table",
    response_class=Response,
    responses=PROBLEMS | NOT_FOUND | {200: {"description": "The table", "content": {"text/csv": {}}}},
)
async def export_learner_csv(
    request: Request, who: AskerNow, learner_id: LearnerId, wanted: Annotated[LearnerQuery, Query()]
) -> Response:
    """The same, one row for each value."""
    body = await _do(request, learner_service.export, who, learner_id, wanted)
    return _file(learner_service.as_csv(body), "text/csv; charset=utf-8", f"{learner_id}.csv")


@router.get(
    "/learners/{id}/disclosures",
    operation_id="list_disclosures",
    summary="See who saw a record",
    response_model=DisclosuresOut,
    responses=PROBLEMS | NOT_FOUND,
)
async def list_disclosures(request: Request, who: AskerNow, learner_id: LearnerId) -> Response:
    """Who, with which role, when, what and why."""
    return _private((await _do(request, learner_service.disclosures, who, learner_id)).model_dump_json())


@router.delete(
    "/learners/{id}",
    operation_id="erase_learner",
    summary="Erase a learner",
    response_model=ErasedOut,
    responses=PROBLEMS | NOT_FOUND,
)
async def erase_learner(request: Request, who: AskerNow, learner_id: LearnerId) -> Response:
    """Removes the record, everything that names the learner, and the key to their pseudonym in the audit log."""
    settings = identity_of(request).settings
    body = await _do(request, learner_service.erase, who, learner_id, settings.data or settings.home)
    return _private(body.model_dump_json())


async def _do(request: Request, work: Callable[..., T], who: AskerNow, *args: object) -> T:
    identity = identity_of(request)
    return await compute(request, work, Learners(identity.database, identity.log), who, *args)


def _versioned(body: LearnerRecordOut) -> Response:
    answer = _private(body.model_dump_json())
    answer.headers["ETag"] = learner_service.tag_of(body)
    return answer


def _private(content: str, media_type: str = "application/json") -> Response:
    """No cache on the way keeps what is said of a person."""
    return Response(content, media_type=media_type, headers={"Cache-Control": "no-store"})


def _file(content: str, media_type: str, name: str) -> Response:
    answer = _private(content, media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="learner-{name}"'
    return answer
