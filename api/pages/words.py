"""Pages that explain: help, and each kind of problem."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.errors import KINDS
from api.pages.shown import render

router = APIRouter(include_in_schema=False)


@router.get("/help")
async def help_page(request: Request) -> Response:
    """What the words mean."""
    return render(request, "help.html", {"here": "help"})


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """How far the pages meet WCAG, criterion by criterion."""
    return render(request, "accessibility.html", {"here": "help"})


@router.get("/problems/{slug}")
async def about_problem(request: Request, slug: str) -> Response:
    """What a kind of problem means; its address is the ``type`` of such an answer."""
    if slug not in KINDS:
        raise HTTPException(404)
    return render(request, "about_problem.html", {"kind": KINDS[slug], "here": "help"})
