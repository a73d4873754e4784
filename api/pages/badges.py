"""``/badges``: badge files in, what was read of each, which credential it is, and why a broken one does not count.

Files are read, judged and dropped; what was found is kept for this browser and never served as a file.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated

from fastapi import APIRouter, Depends
from starlette.requests import Request
from starlette.responses import Response

from api import badge_service
from api.answering import compute, world_of
from api.badge_schemas import BadgesOut
from api.identity.asker import Asker
from api.identity.gate import asker
from api.pages.forms import go_to, posted
from api.pages.kept import MOST_BADGES, NONE, Kept, KeptBadge, badge_of, change, forget, kept_by, with_badges
from api.pages.language import language_of, speak
from api.pages.language import translate as _
from api.pages.language import translate_count as ngettext
from api.pages.shown import render
from api.settings import Settings
from api.world import World
from pathways.badges.read import MAX_PICTURE

router = APIRouter(include_in_schema=False)
Who = Annotated[Asker, Depends(asker)]
#: More parts than this are no upload of a person; up to there the page says how many files are too many.
MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class BadgesPage:
    """What ``badges.html`` shows. ``names`` are those of the credentials mentioned."""

    kept: Kept
    names: dict[str, str]
    errors: list[str] = field(default_factory=list)
    most: int = badge_service.MAX_FILES


@router.get("/badges")
async def badges(request: Request, who: Who) -> Response:
    """The upload, and what is kept."""
    return await _page(request, who)


@router.post("/badges")
async def upload(request: Request, who: Who) -> Response:
    """Read files; the same file again changes nothing."""
    sent = await posted(request, max_files=MOST_PARTS)
    speak(language_of(request))
    files = sent.files("files")
    if not files:
        return await _page(request, who, [_("Choose one or more badge files first.")], 422)
    if len(files) > badge_service.MAX_FILES:
        text = _("There are %(found)s files. Send at most %(most)s at once.")
        return await _page(request, who, [text % {"found": f"{len(files):,}", "most": badge_service.MAX_FILES}], 422)
    contents = [((one.name or "file")[:200], one.content[: MAX_PICTURE + 1]) for one in files]
    settings: Settings = request.app.state.identity.settings
    found: BadgesOut = await compute(request, badge_service.read_badges, contents, None, settings)
    read = [badge_of(one) for one in found.badges]
    before = await kept_by(request, who)
    if len(with_badges(before, read).badges) > MOST_BADGES:
        text = _("At most %(most)s badges are kept here. Remove some first.")
        return await _page(request, who, [text % {"most": MOST_BADGES}], 422)
    await change(request, who, lambda kept: with_badges(kept, read))
    return go_to(request, "/badges#read")


@router.post("/badges/forget")
async def forget_all(request: Request, who: Who) -> Response:
    """Forget everything kept for this browser."""
    await posted(request)
    await forget(request, who)
    return go_to(request, "/badges")


@router.post("/badges/{key}")
async def act(request: Request, who: Who, key: str) -> Response:
    """Say which credential a badge is, or remove it."""
    sent = await posted(request)
    speak(language_of(request))
    found = next((badge for badge in (await kept_by(request, who)).badges if badge.key == key), None)
    if found is None:
        return await _page(request, who, [_("That badge is no longer kept here: it was removed in another window.")], 409)
    chosen = sent.text("chosen")
    if sent.text("do") == "confirm" and chosen not in {NONE, *(one for one, _score in found.candidates)}:
        return await _page(request, who, [_("Choose one of the credentials, or “none of these”.")], 422)

    def work(kept: Kept) -> Kept:
        if sent.text("do") == "remove":
            return replace(kept, badges=[badge for badge in kept.badges if badge.key != key])
        return replace(kept, badges=[replace(badge, chosen=chosen) if badge.key == key else badge for badge in kept.badges])

    await change(request, who, work)
    return go_to(request, "/badges#read" if sent.text("do") == "remove" else f"/badges#badge-{key}")


def said(kept: Kept) -> str:
    """What is kept, in one line."""
    read = ngettext("%(num)s badge read", "%(num)s badges read", kept.counting) % {"num": kept.counting}
    if not kept.to_check:
        return read
    look = ngettext("%(num)s needs a look", "%(num)s need a look", kept.to_check) % {"num": kept.to_check}
    return f"{read}, {look}"


async def _page(request: Request, who: Asker, errors: list[str] | None = None, status: int = 200) -> Response:
    kept = await kept_by(request, who)
    page = BadgesPage(kept, _names(world_of(request), kept.badges), errors or [])
    return render(request, "badges.html", {"page": page, "here": "next", "said": said}, status)


def _names(world: World, badges: list[KeptBadge]) -> dict[str, str]:
    ids = {key for badge in badges for key in (badge.credential, badge.chosen, *(one for one, _score in badge.candidates))}
    return {key: world.catalog.credentials[key].name for key in ids if key in world.catalog.credentials}
