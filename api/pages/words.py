"""Pages that explain: help, and each kind of problem."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.errors import KINDS
from api.pages.conformance import CRITERIA, Criterion
from api.pages.shown import render

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class AccessibilityPage:
    """What ``accessibility.html`` shows; ``counts`` are criteria by verdict."""

    criteria: tuple[Criterion, ...]
    counts: dict[str, int]


@router.get("/help")
async def help_page(request: Request) -> Response:
    """What the words mean."""
    return render(request, "help.html", {"here": "help"})


@router.get("/accessibility")
async def accessibility(request: Request) -> Response:
    """How far the pages meet WCAG, criterion by criterion."""
    page = AccessibilityPage(CRITERIA, dict(Counter(one.verdict for one in CRITERIA)))
    return render(request, "accessibility.html", {"page": page, "here": "help"})


@router.get("/problems/{slug}")
async def about_problem(request: Request, slug: str) -> Response:
    """What a kind of problem means; its address is the ``type`` of such an answer."""
    if slug not in KINDS:
        raise HTTPException(404)
    return render(request, "about_problem.html", {"kind": KINDS[slug], "here": "help"})
