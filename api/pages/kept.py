"""What the pages keep for a browser without sign-in: badges that were read, and steps that are not wanted, each with a reason.

Of a badge only the fields named here are kept: what the reader found, never the file. Everything goes after thirty days, or at once
where the person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Any

from anyio import to_thread
from starlette.requests import Request

from api.badge_schemas import BadgeOut
from api.identity.asker import Asker
from api.pages.session import COOKIE, session_id
from api.store.page_sessions import PageSessions
from api.world import World

MOST_BADGES = 200
MOST_HIDDEN = 200
MOST_REASON = 300
NONE = "none"
"""What a person answers where no candidate is the badge they hold."""


@dataclass(frozen=True, slots=True)
class KeptBadge:
    """What was read of one badge. ``chosen`` is the candidate a person picked, or ``none``."""

    key: str
    file: str
    name: str
    verdict: str
    counts: bool
    why_not: str
    problems: list[str]
    method: str
    credential: str
    candidates: list[tuple[str, float]]
    entry: dict[str, Any] | None
    chosen: str = ""

    @property
    def asks(self) -> bool:
        """Whether a person has yet to say which credential it is."""
        return self.counts and self.method == "ask" and not self.chosen

    @property
    def needs_a_look(self) -> bool:
        """Whether it does not count, or asks."""
        return not self.counts or self.asks

    def achievement(self) -> dict[str, Any] | None:
        """Its entry for a learner record, under the id the person chose."""
        if self.entry is None:
            return None
        picked = self.chosen if self.chosen not in {"", NONE} else ""
        if not picked:
            return self.entry
        # What a person says a badge is was checked by nobody, however genuine the badge.
        own = {"name", "type", "subject", "issuer", "description"}
        return {key: value for key, value in self.entry.items() if key not in own} | {"id": picked, "verification": "unverified"}


@dataclass(frozen=True, slots=True)
class HiddenStep:
    """A step that is not wanted, and why."""

    id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Kept:
    """Everything kept for one browser."""

    badges: list[KeptBadge] = field(default_factory=list)
    hidden: list[HiddenStep] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to forget."""
        return not self.badges and not self.hidden

    @property
    def to_check(self) -> int:
        """Badges that need a look."""
        return sum(badge.needs_a_look for badge in self.badges)

    @property
    def counting(self) -> int:
        """Badges that count."""
        return sum(badge.counts for badge in self.badges)

    def achievements(self, known: Collection[str], stated: Collection[str] = ()) -> list[dict[str, Any]]:
        """Entries for a record: each id once, none that is stated elsewhere, and none that left the catalog meanwhile."""
        found: dict[str, dict[str, Any]] = {}
        for badge in self.badges:
            entry = badge.achievement()
            if entry is not None and (entry["id"] in known or entry["id"].startswith("own:")) and entry["id"] not in stated:
                found.setdefault(entry["id"], entry)
        return list(found.values())


def badge_of(body: BadgeOut) -> KeptBadge:
    """The fields of a badge that are kept."""
    return KeptBadge(
        key=sha256(body.model_dump_json().encode()).hexdigest()[:16],
        file=body.file[-100:],
        name=body.achievement or "",
        verdict=body.verdict,
        counts=body.counts,
        why_not=body.why_not,
        problems=[problem.text for problem in body.problems],
        method=body.method,
        credential=body.credential.id if body.credential is not None else "",
        candidates=[(one.credential.id, one.score) for one in body.candidates],
        entry=body.entry,
    )


async def kept_by(request: Request, who: Asker) -> Kept:
    """What is kept for a browser; nothing is looked up where it came without a session."""
    if COOKIE not in request.cookies:
        return Kept()
    return _read(await to_thread.run_sync(_store(request, who).get, session_id(request)))


async def change(request: Request, who: Asker, work: Callable[[Kept], Kept]) -> Kept:
    """Change what is kept for a browser."""
    changed = partial(_store(request, who).change, session_id(request), lambda body: _written(work(_read(body))))
    return _read(await to_thread.run_sync(changed))


async def forget(request: Request, who: Asker) -> None:
    """Remove everything that is kept for a browser."""
    await to_thread.run_sync(_store(request, who).forget, session_id(request))


def record_of(kept: Kept, world: World, have: list[str]) -> dict[str, object] | None:
    """The badges of a browser as a learner record, without those that the form names too."""
    achievements = kept.achievements(world.catalog.credentials.keys(), {text.partition("*")[0] for text in have})
    return {"achievements": achievements} if achievements else None


def with_badges(kept: Kept, read: list[KeptBadge]) -> Kept:
    """What is kept with more badges: a file that was sent twice counts once, and keeps what was chosen for it."""
    known = {badge.key for badge in kept.badges}
    return replace(
        kept, badges=[*kept.badges, *(badge for badge in {one.key: one for one in read}.values() if badge.key not in known)]
    )


def _store(request: Request, who: Asker) -> PageSessions:
    return PageSessions(request.app.state.database, who.institution_id)


def _read(body: dict[str, Any]) -> Kept:
    badges = [
        KeptBadge(**{**row, "candidates": [(key, score) for key, score in row["candidates"]]}) for row in body.get("badges", [])
    ]
    return Kept(badges, [HiddenStep(**row) for row in body.get("hidden", [])])


def _written(kept: Kept) -> dict[str, Any]:
    return {} if kept.is_empty else asdict(kept)
