"""How far is a record from a target, and what must be asked in writing first?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.answering import PROBLEMS, TOO_LARGE, json_answer
from api.audit_schemas import AuditOut, LetterOut
from api.schemas import AuditIn
from api.strict_json import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["audits"])


@router.post(
    "/audits",
    operation_id="audit",
    summary="Audit a record against one target",
    response_model=AuditOut,
    responses=PROBLEMS | TOO_LARGE,
)
async def audit(request: Request, asked: AuditIn) -> Response:
    """Truth of each node of the requirement, which item counts where, what is spare and why, and what can be claimed."""
    return await json_answer(request, service.audit, asked)


@router.post(
    "/letters",
    operation_id="letter",
    summary="Write the questions to ask before enrolling or paying",
    response_model=LetterOut,
    responses=PROBLEMS | TOO_LARGE,
)
async def letter(request: Request, asked: AuditIn) -> Response:
    """One letter for each office that must confirm something about the target."""
    return await json_answer(request, service.letter, asked)
