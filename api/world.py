"""Catalog, encoder, vectors and engine: loaded once, read-only afterwards.

Parts that take long to import are imported inside the functions that need them, so that a command that only reads the
catalog starts fast. Leaves out every question: those are asked through :mod:`api.service`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from models.base import TextEncoder
    from pathways.catalog.entities import Catalog
    from pathways.recommendation.engine import Engine

Progress = Callable[[int, int], None]
"""Called with the number of texts encoded and the number in all, only where vectors are not cached yet."""
Warn = Callable[[str], None]
"""Told in one sentence when a cache was damaged or cannot be written; the answer is right all the same."""


class _Engines:
    """The engine of the present day, built by the first question that needs it and shared by all threads.

    Offers and retirements depend on the day, so a server that runs over midnight compiles again; vectors stay as they are.
    """

    def __init__(self, build: Callable[[date], Engine]) -> None:
        self._build = build
        self._lock = Lock()
        self._engine: Engine | None = None

    def of(self, day: date) -> Engine:
        with self._lock:
            if self._engine is None or self._engine.on != day:
                self._engine = self._build(day)
                # What is loaded never changes: garbage collection need not walk it again for every question.
                gc.freeze()
            return self._engine


@dataclass(frozen=True)
class World:
    """Everything an answer is computed from.

    Parameters
    ----------
    catalog : Catalog
        Read-only.
    clock : callable
        The present day; fixed where ``PATHWAYS_TODAY`` is set.
    """

    catalog: Catalog
    clock: Callable[[], date]
    _engines: _Engines = field(repr=False)

    @property
    def engine(self) -> Engine:
        """The recommender, built on first use: audits and catalog pages answer without it."""
        return self._engines.of(self.today)

    @property
    def today(self) -> date:
        """The day a question is asked."""
        return self.clock()


def load_world(settings: Settings, *, progress: Progress | None = None, warn: Warn | None = None) -> World:
    """Load the catalog; the encoder and the graph follow when a question first needs them.

    Parameters
    ----------
    settings : Settings
    progress : callable, optional
        Told how far the first embedding of the catalog is.
    warn : callable, optional
        Told in one sentence what was repaired.

    Returns
    -------
    World

    Raises
    ------
    DataError
        If a catalog file is wrong; it names every problem.
    """
    from pathways.catalog.load import load

    return world_of(load(settings.catalog), settings, progress=progress, warn=warn)


def world_of(catalog: Catalog, settings: Settings, *, progress: Progress | None = None, warn: Warn | None = None) -> World:
    """A world around a catalog that is already in memory."""
    today = settings.today
    clock = (lambda: today) if today is not None else _now
    return World(catalog, clock, _Engines(_builder(catalog, settings, progress, warn)))


def _builder(catalog: Catalog, settings: Settings, progress: Progress | None, warn: Warn | None) -> Callable[[date], Engine]:
    loaded: list[TextEncoder] = []

    def build(day: date) -> Engine:
        from models.encoders import BUNDLED_WEIGHTS, OnnxEncoder
        from models.vector_cache import VectorCache
        from pathways.recommendation.engine import build_engine

        if not loaded:
            loaded.append(OnnxEncoder(settings.weights if settings.weights is not None else BUNDLED_WEIGHTS))
        cache = VectorCache(settings.home / "vectors", warn)
        return build_engine(catalog, loaded[0], lambda texts: cache.encode(loaded[0], texts, progress), on=day)

    return build


def _now() -> date:
    return datetime.now(UTC).astimezone().date()
