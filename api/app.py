"""``create_app(settings)``: all wiring, nothing else."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

from anyio import CapacityLimiter
from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.templating import Jinja2Templates
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.staticfiles import StaticFiles

from api import answering, openapi
from api.deprecation import DEPRECATED, Deprecation
from api.edge import LOG, Edge
from api.identity.gate import Identity, asker
from api.jobs.runner import Runner
from api.pages import about, browse, caseload, docs, next_page, words
from api.pages import badges as badge_pages
from api.pages import plans as plan_pages
from api.pages import review as review_pages
from api.pages.shown import environment
from api.routes import audits, badges, catalog, health, jobs, learners, matches, plans, recommendations, sign_in
from api.secret_key import key_of
from api.settings import Settings
from api.store.database import database_of
from api.store.plans import PlanStore
from api.world import World, load_world
from pathways.errors import PathwaysError

HERE = Path(__file__).parent


def create_app(
    settings: Settings,
    world: World | None = None,
    *,
    load: Callable[[Settings], World] = load_world,
    deprecated: Mapping[str, Deprecation] = DEPRECATED,
) -> FastAPI:
    """The application.

    Parameters
    ----------
    settings : Settings
    world : World, optional
        Already loaded; otherwise it is loaded in the background while ``/healthz`` answers and ``/readyz`` says 503.
    load : callable
        How to load it.
    deprecated : mapping of str to Deprecation
        Operation ids whose answers carry ``Deprecation`` and ``Sunset``.

    Returns
    -------
    FastAPI
    """
    loading = answering.Loading(world)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        if loading.world is None:
            threading.Thread(target=_load, args=(loading, load, settings), daemon=True).start()
        app.state.runner.resume()
        yield
        app.state.runner.close()

    app = FastAPI(title="Pathways", version=openapi.VERSION, lifespan=lifespan, docs_url=None, redoc_url=None, **openapi.ABOUT)
    app.state.loading = loading
    app.state.database = database_of(settings)
    app.state.plans = PlanStore(app.state.database)
    app.state.secret_key = cache(lambda: key_of(settings))
    app.state.identity = Identity(settings, app.state.database, app.state.secret_key)
    app.state.runner = Runner(settings, app.state.database)
    app.state.limiter = CapacityLimiter(settings.workers)
    app.state.templates = Jinja2Templates(env=environment(HERE / "templates"))
    for module in (recommendations, audits, plans, catalog, badges, learners, jobs, matches):
        app.include_router(module.router, dependencies=[Depends(asker)])
    for module in (browse, badge_pages, caseload, next_page, plan_pages, review_pages):
        app.include_router(module.router, dependencies=[Depends(asker)])
    for module in (health, sign_in, words, about, docs):  # open to everyone: nothing of an institution is in them
        app.include_router(module.router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    _handle_errors(app)
    app.add_middleware(GZipMiddleware, minimum_size=1000)
    app.add_middleware(Edge, max_body_bytes=settings.max_body_bytes, refuse=answering.refuse, deprecated=deprecated)
    app.openapi = lambda: openapi.document(app)  # type: ignore[method-assign]
    return app


def _handle_errors(app: FastAPI) -> None:
    handlers: dict[type[Exception], Any] = {
        HTTPException: answering.on_http_error,
        RequestValidationError: answering.on_invalid,
        PathwaysError: answering.on_domain_error,
        answering.NotReadyError: answering.on_not_ready,
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _load(loading: answering.Loading, load: Callable[[Settings], World], settings: Settings) -> None:
    """Load and warm up; a failure is kept for ``/readyz`` instead of ending the process, so that it can be read."""
    try:
        world = load(settings)
        world.engine  # noqa: B018 - built now, so that the first question does not wait for it
        loading.world = world
    except Exception as error:
        loading.failed = f"The data could not be loaded: {error}"[:2000]
        LOG.error("could not load: %s", error)
