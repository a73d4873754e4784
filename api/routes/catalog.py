"""Credentials and targets of the catalog."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from api import service
from api.answering import NOT_FOUND, PROBLEMS, compute, json_answer, tagged, world_of
from api.audit_schemas import CredentialFilter, CredentialOut, CredentialPageOut, TargetFilter, TargetPageOut
from api.catalog_export import as_ctdl
from api.overlay_schemas import ExportFilter

router = APIRouter(prefix="/v1", tags=["catalog"])


@router.get(
    "/credentials",
    operation_id="list_credentials",
    summary="List credentials",
    response_model=CredentialPageOut,
    responses=PROBLEMS,
)
async def list_credentials(request: Request, wanted: Annotated[CredentialFilter, Query()]) -> Response:
    """Credentials in catalog order, filtered. `Link: rel="next"` and `next_cursor` lead to the next page."""
    return _linked(request, await compute(request, service.credentials, wanted))


@router.get(
    "/credentials/{id}",
    operation_id="get_credential",
    summary="Show one credential",
    response_model=CredentialOut,
    responses=PROBLEMS | NOT_FOUND,
)
async def get_credential(
    request: Request, credential_id: Annotated[str, Path(alias="id", max_length=200, examples=["letrs-u1"])]
) -> Response:
    """Everything the catalog knows of one credential, each fact with its source and date."""
    return await json_answer(request, service.credential, credential_id)


@router.get(
    "/targets",
    operation_id="list_targets",
    summary="List targets",
    response_model=TargetPageOut,
    responses=PROBLEMS,
)
async def list_targets(request: Request, wanted: Annotated[TargetFilter, Query()]) -> Response:
    """What one can work toward: credentials whose own requirement is known, and renewal loads by state."""
    return _linked(request, await compute(request, service.targets, wanted))


@router.get(
    "/catalog.jsonld",
    operation_id="get_catalog_ctdl",
    summary="The catalog in use as CTDL",
    response_class=Response,
    responses=PROBLEMS | NOT_FOUND | {200: {"content": {"application/ld+json": {}}, "description": "A CTDL graph."}},
)
async def get_catalog_ctdl(request: Request, wanted: Annotated[ExportFilter, Query()]) -> Response:
    """Credentials, their requirements as pathways, and agreements as transfer value profiles; what lies on the catalog included."""
    ids = tuple(dict.fromkeys(wanted.id))
    text, version = await compute(request, lambda world: (as_ctdl(world.catalog, ids), world.catalog.version))
    return tagged(request, Response(text, media_type="application/ld+json"), version)


def _linked(request: Request, page: CredentialPageOut | TargetPageOut) -> Response:
    response = Response(page.model_dump_json(), media_type="application/json")
    if page.next_cursor is not None:
        query = urlencode({**request.query_params, "cursor": page.next_cursor})
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    return tagged(request, response, world_of(request).catalog.version)
