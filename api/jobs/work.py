"""What a process of the pool does: load the world once, answer rows of a caseload. The same function a single question uses."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from api import service
from api.errors import InputError, from_validation
from api.schemas import RecommendationIn, RecommendationOut
from api.settings import Settings
from api.world import World, load_world
from pathways.errors import PathwaysError

SHOWN = 3
NEAR = 3
_DEADLINES = {"retired soon", "offer window", "expires"}
_world: World | None = None

Done = tuple[int, str | None, str | None]
"""Number of a row, its result and its problem as JSON; one of them is None."""


def begin(settings: Settings) -> None:
    """Load the world of this process, before its first row."""
    global _world  # noqa: PLW0603 - a process of the pool has one world
    _world = load_world(settings)


def answer_rows(rows: Sequence[tuple[int, str]]) -> list[Done]:
    """Answer some rows, each by itself: one that cannot be answered harms no other.

    Parameters
    ----------
    rows : sequence of (int, str)
        Number and what the row says, as JSON.
    """
    assert _world is not None
    world = _world.current()
    return [(number, *_answered(world, json.loads(given))) for number, given in rows]


def _answered(world: World, given: Mapping[str, str]) -> tuple[str | None, str | None]:
    try:
        return json.dumps(summary(service.next_steps(world, question(given)))), None
    except ValidationError as error:
        problems = from_validation(error.errors(include_url=False), ())
        return None, _problem(problems[0].pointer, problems[0].detail)
    except InputError as error:
        return None, _problem(error.problems[0].pointer, error.problems[0].detail)
    except PathwaysError as error:
        return None, _problem("", str(error))


def question(given: Mapping[str, str]) -> RecommendationIn:
    """A row as the question it asks."""
    have = [part.strip() for part in given.get("have", "").split(";") if part.strip()]
    target = given.get("target", "")
    return RecommendationIn(
        goal=given.get("goal", ""), have=have, place=given.get("place") or None, targets=[target] if target else [], k=SHOWN
    )


def summary(answer: RecommendationOut) -> dict[str, Any]:
    """What a caseload keeps of an answer: enough to see whom to look at first; the whole answer is one click away."""
    routes = [{"id": one.id, "name": one.name, "remaining": one.remaining, "proof": one.proof} for one in answer.routes]
    near = [
        {"id": one.credential.id, "name": one.credential.name, "remaining": one.remaining, "missing": one.missing[:5]}
        for one in answer.near[:NEAR]
    ]
    steps = [
        {"id": one.credential.id, "name": one.credential.name, "action": one.action, "fit": one.fit, "ready": one.ready}
        for one in answer.steps
    ]
    dates = [warning.text for step in answer.steps for warning in step.warnings if warning.kind in _DEADLINES]
    touched = {one.id for one in answer.routes} | {one.credential.id for one in answer.steps}
    touched |= {one.credential.id for one in answer.near[:NEAR]}
    return {
        "steps": steps,
        "targets": routes,
        "near": near,
        "dates": list(dict.fromkeys(dates))[:5],
        "dead_ends": [one.text for one in answer.dead_ends[:3]],
        "message": answer.message,
        "touched": sorted(touched),
        "data_version": answer.data_version,
    }


def _problem(pointer: str, detail: str) -> str:
    """What is wrong with a row, by the column that people see."""
    column = {"targets": "target"}.get(pointer.strip("/").partition("/")[0], pointer.strip("/").partition("/")[0])
    return json.dumps({"column": column or "goal", "detail": detail})
