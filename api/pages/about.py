"""``/about/model``: the model card of matching with its calibration plot and table, and the versions of the data in use."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from api.pages.shown import render
from pathways.matching.card import LIMITS, SYSTEMS, reliability_picture

router = APIRouter(include_in_schema=False)
CARD = "model-card-match.json"


@dataclass(frozen=True, slots=True)
class ModelPage:
    """What ``about_model.html`` shows."""

    card: dict[str, Any]
    picture: Markup
    systems: tuple[str, ...]
    limits: tuple[str, ...]


@router.get("/about/model")
async def about_model(request: Request) -> Response:
    """How good the matcher is, on badges held out, and what it must not be used for."""
    card = read_card()
    picture = Markup(reliability_picture(card))  # noqa: S704 - our own drawing of numbers
    return render(request, "about_model.html", {"page": ModelPage(card, picture, SYSTEMS, LIMITS), "here": "about"})


@cache
def read_card() -> dict[str, Any]:
    """The card as ``pathways models report`` wrote it: beside this module in an installed wheel, in ``docs/`` of a checkout."""
    installed = Path(__file__).parent / CARD
    path = installed if installed.is_file() else Path(__file__).parents[2] / "docs" / CARD
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
