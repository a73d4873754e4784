"""What should I earn next?"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.answering import PROBLEMS, TOO_LARGE, json_answer
from api.schemas import RecommendationIn, RecommendationOut
from api.strict_json import StrictRoute

router = APIRouter(route_class=StrictRoute, prefix="/v1", tags=["recommendations"])


@router.post(
    "/recommendations",
    operation_id="recommend",
    summary="Rank the next credentials to earn",
    response_model=RecommendationOut,
    responses=PROBLEMS | TOO_LARGE,
)
async def recommend(request: Request, asked: RecommendationIn) -> Response:
    """Ranked next steps toward a goal or targets, each with reasons, sources, what is missing and what it counts for here.

    A sound question that nothing in the catalog answers is 200 with empty `steps` and a `message`.
    """
    return await json_answer(request, service.next_steps, asked)
