"""``/docs`` without any outside request: the Swagger UI files come from an installed package, the starter script is our own."""

from __future__ import annotations

from importlib import resources

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.pages.shown import render

router = APIRouter(include_in_schema=False)
FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


@router.get("/docs")
async def docs(request: Request) -> Response:
    """The API documentation."""
    return render(request, "docs.html", {})


@router.get("/docs/{name}")
def docs_file(name: str) -> Response:
    """One file of Swagger UI."""
    if name not in FILES:
        raise HTTPException(404)
    content = resources.files("fastapi_swagger.resources").joinpath(name).read_bytes()
    return Response(content, media_type=FILES[name], headers={"Cache-Control": "public, max-age=86400"})
