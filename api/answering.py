"""From a route to an answer: the loaded world, a bounded thread pool, JSON, ETags, and problems in JSON or HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.edge import LOG
from api.errors import KINDS, InputError, InputProblem, Kind, ProblemOut, from_validation, kind_of, kind_of_status, shown
from api.identity.errors import SignInError
from api.identity.sign_in import has_provider, sign_in_address
from api.pages.shown import render
from api.store.errors import StoreError
from api.world import World
from pathways.errors import PathwaysError

T = TypeVar("T")
RETRY_SECONDS = "5"
#: Statuses every operation may answer with; the OpenAPI document gives each the problem shape.
PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: {"description": "Not signed in, on a server that asks for it"},
    403: {"description": "Signed in, without the role it takes"},
    422: {"description": "Malformed request"},
    429: {"description": "Too many requests of this key or person; `Retry-After` says when to go on"},
    500: {"description": "Unexpected error"},
    503: {"description": "Still loading"},
}
NOT_FOUND: dict[int | str, dict[str, Any]] = {404: {"description": "Unknown id; the nearest are named"}}
TOO_LARGE: dict[int | str, dict[str, Any]] = {413: {"description": "Body too long"}}


@dataclass
class Loading:
    """The world while it loads: not there yet, there, or failed with a reason."""

    world: World | None = None
    failed: str | None = None


class NotReadyError(Exception):
    """The world is still loading, or could not be loaded."""


def world_of(request: Request) -> World:
    """The world of now, with what was put on the catalog since it was loaded.

    Raises
    ------
    NotReadyError
        While it loads.
    """
    loading: Loading = request.app.state.loading
    if loading.world is None:
        raise NotReadyError(loading.failed or KINDS["not-ready"].help)
    return loading.world.current()


async def compute(request: Request, work: Callable[..., T], *args: object) -> T:
    """Run ``work(world, *args)`` in the pool; the event loop stays free for health checks while answers are computed."""
    limiter: CapacityLimiter = request.app.state.limiter
    # A world that changed is made anew in the pool too.
    return await to_thread.run_sync(lambda: work(world_of(request), *args), limiter=limiter)


async def json_answer(request: Request, work: Callable[..., BaseModel], *args: object) -> Response:
    """Run and serialize; a GET carries a strong ETag and answers 304 where the caller has the same bytes."""

    def run(world: World) -> tuple[bytes, str]:
        body = work(world, *args).model_dump_json().encode()
        return body, world.catalog.version

    body, version = await compute(request, run)
    return tagged(request, Response(body, media_type="application/json"), version)


def tagged(request: Request, response: Response, version: str) -> Response:
    """Put an ETag on the answer to a GET: data version and body. ``If-None-Match`` with the same tag gets 304."""
    if request.method != "GET":
        return response
    tag = hashlib.sha256(version.encode() + b"\0" + bytes(response.body)).hexdigest()[:32]
    response.headers["ETag"] = f'"{tag}"'
    response.headers["Cache-Control"] = "no-cache"
    wanted = [part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")]
    match = next((part for part in wanted if part in {"*", f'"{tag}"', f'"{tag}-gzip"'}), None)
    if match is None:
        return response
    own = match if match != "*" else f'"{tag}"'
    return Response(status_code=304, headers={"ETag": own, "Cache-Control": "no-cache", "Vary": "Accept-Encoding"})


def wants_html(request: Request) -> bool:
    """Whether a person's browser asks: pages show errors as pages, the API always as problems."""
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


def problem(
    request: Request, kind: Kind, detail: str, problems: Sequence[InputProblem] = (), *, headers: Mapping[str, str] | None = None
) -> Response:
    """One error in the one shape, as a page where a browser asks for one."""
    body = ProblemOut(
        type=f"/problems/{kind.slug}",
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=request.url.path[:200],
        request_id=request.state.request_id,
        errors=shown(problems),
    )
    if wants_html(request):
        context = {"problem": body, "help": kind.help}
        page = render(request, "problem.html", context, kind.status)
        page.headers.update(headers or {})
        return page
    content = body.model_dump(exclude_defaults=not problems)
    return JSONResponse(content, kind.status, dict(headers or {}), media_type="application/problem+json")


async def refuse(request: Request, status: int, detail: str) -> Response:
    """A problem by its status; what the outermost layer calls."""
    return problem(request, kind_of_status(status), detail)


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses: unknown address, wrong method, a body that is no JSON."""
    assert isinstance(error, HTTPException)
    if error.status_code == 400:
        is_form = request.headers.get("content-type", "").startswith("multipart/")
        detail = f"The body is not {'a form with files' if is_form else 'JSON'}."
        if is_form and str(error.detail).startswith("Too many"):
            detail = f"{str(error.detail).rstrip('.')}. Send the rest in another request."
        return problem(request, KINDS["invalid-request"], detail, [InputProblem("", detail)])
    kind = kind_of_status(error.status_code)
    detail = kind.help if kind.slug == "not-found" else str(error.detail)
    return problem(request, kind, detail, headers=error.headers)


async def on_invalid(request: Request, error: Exception) -> Response:
    """What a schema refuses."""
    assert isinstance(error, RequestValidationError)
    problems = from_validation(error.errors(), _fields(request))
    detail = f"{problems[0].pointer or 'the body'}: {problems[0].detail}"
    return problem(request, KINDS["invalid-request"], detail, problems)


async def on_domain_error(request: Request, error: Exception) -> Response:
    """What the domain refuses, with a pointer where the request's part is known."""
    assert isinstance(error, PathwaysError)
    kind = kind_of(error)
    if isinstance(error, StoreError):
        # The log of whoever runs the server names the file and what the database said; a caller need not know either.
        LOG.error("the store cannot be used: %s", error)
        return problem(request, kind, kind.help, headers={"Retry-After": RETRY_SECONDS})
    if kind.slug == "internal":
        raise error
    if isinstance(error, InputError):
        return problem(request, kind, error.problems[0].detail, error.problems)
    if isinstance(error, SignInError) and request.method == "GET" and wants_html(request) and has_provider(request):
        return RedirectResponse(sign_in_address(request), 303)
    return problem(request, kind, str(error), headers=getattr(error, "headers", None))


async def on_not_ready(request: Request, error: Exception) -> Response:
    """Too early."""
    return problem(request, KINDS["not-ready"], str(error), headers={"Retry-After": RETRY_SECONDS})


def _fields(request: Request) -> list[str]:
    """Names that the body or query of the route may use."""
    route = request.scope.get("route")
    names: list[str] = []
    for group in ("body_params", "query_params"):
        for parameter in getattr(getattr(route, "dependant", None), group, ()):
            model = parameter.field_info.annotation
            names += list(getattr(model, "model_fields", {})) or [parameter.alias]
    return names
