"""Is it alive, and is it ready?"""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict
from starlette.requests import Request

from api.answering import compute
from api.store.database import Database
from api.world import World

router = APIRouter(tags=["health"])
EXAMPLE: JsonDict = {"status": "ready", "data_version": "0123456789ab", "store": "ready"}


class HealthOut(BaseModel):
    """The process answers."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"status": "ok"}]})

    status: str


class ReadyOut(BaseModel):
    """The data is loaded."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [EXAMPLE]})

    status: str
    data_version: str
    store: Literal["ready", "unavailable"] = Field(
        description="Whether plans, records and decisions can be read; questions are answered without."
    )


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
    database: Database = request.app.state.database

    def look(world: World) -> ReadyOut:
        return ReadyOut(status="ready", data_version=world.catalog.version, store="ready" if database.answers() else "unavailable")

    return await compute(request, look)
