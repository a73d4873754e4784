"""Is it alive, and is it ready?"""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from api.answering import world_of

router = APIRouter(tags=["health"])


class HealthOut(BaseModel):
    """The process answers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "ok"}]})

    status: str


class ReadyOut(BaseModel):
    """The data is loaded."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "ready", "data_version": "0123456789ab"}]})

    status: str
    data_version: str


@router.get("/healthz", operation_id="healthz", summary="Is the process alive?", response_model=HealthOut)
async def healthz() -> HealthOut:
    """Answers as soon as the process does."""
    return HealthOut(status="ok")


@router.get(
    "/readyz",
    operation_id="readyz",
    summary="Is the data loaded?",
    response_model=ReadyOut,
    responses={503: {"description": "Still loading"}},
)
async def readyz(request: Request) -> ReadyOut:
    """503 while the catalog and the model load, or when they could not be loaded."""
    return ReadyOut(status="ready", data_version=world_of(request).catalog.version)
