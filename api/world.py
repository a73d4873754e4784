"""Catalog, encoder, vectors and engine: loaded once, read-only afterwards, with what an institution put on the catalog.

A world is one state of all that: a question is answered from one world from its beginning to its end. :meth:`World.current` gives
the world of now, a new one where an import, a local rule or an agreement came in since. Parts that take long to import are
imported inside the functions that need them, so that a command that only reads the catalog starts fast. Leaves out every
question: those are asked through :mod:`api.service`.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import TYPE_CHECKING

from api.settings import Settings

if TYPE_CHECKING:
    from api.store.database import Database
    from api.store.overlay_watch import Mark
    from models.base import TextEncoder
    from pathways.catalog.entities import Catalog
    from pathways.catalog.overlay import Overlay
    from pathways.places import Place
    from pathways.recommendation.engine import Engine

Progress = Callable[[int, int], None]
"""Called with the number of texts encoded and the number in all, only where vectors are not cached yet."""
Warn = Callable[[str], None]
"""Told in one sentence when a cache was damaged or cannot be written; the answer is right all the same."""
Build = Callable[["Catalog", date], "Engine"]
MOST_PLACES = 8
"""Catalogs of different places kept at once: each place with local rules of its own has one."""


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
        Read-only, with what lies on it.
    clock : callable
        The present day; fixed where ``PATHWAYS_TODAY`` is set.
    """

    catalog: Catalog
    clock: Callable[[], date]
    _engines: _Engines = field(repr=False)
    _layers: _Layers | None = field(default=None, repr=False)
    state: _State | None = field(default=None, repr=False)

    @property
    def engine(self) -> Engine:
        """The recommender, built on first use: audits and catalog pages answer without it."""
        return self._engines.of(self.today)

    @property
    def today(self) -> date:
        """The day a question is asked."""
        return self.clock()

    def current(self) -> World:
        """The world of now: this one where nothing changed.

        Raises
        ------
        DataError
            If what lies on the catalog does not fit it any more.
        """
        return self if self._layers is None else self._layers.now()

    def here(self, place: Callable[[], Place]) -> World:
        """The world as it is for learners of one place, with the local rules that bind there.

        Parameters
        ----------
        place : callable
            Asked only where any local rule belongs to a place.
        """
        return self if self._layers is None else self._layers.here(self, place)


@dataclass(frozen=True, slots=True)
class _State:
    """What lies on the catalog, as read under one mark for one day."""

    mark: Mark
    overlay: Overlay
    day: date


class _Layers:
    """Worlds made of one catalog and the states of what lies on it; each is made once, by the question that needs it first."""

    def __init__(self, catalog: Catalog, clock: Callable[[], date], build: Build, database: Database) -> None:
        from api.store.overlay_watch import OverlayWatch

        self._catalog = catalog
        self._clock = clock
        self._build = build
        self._database = database
        self._watch = OverlayWatch(database)
        self._lock = Lock()
        self._world = self._around(catalog, None)
        self._places: dict[tuple[str, tuple[str, ...]], World] = {}

    def now(self) -> World:
        """The world of the present state; where the store does not answer, the last one that was read."""
        mark = self._watch.mark()
        with self._lock:
            if not self._is_present(self._world, mark):
                self._load(mark)
            return self._world

    def here(self, world: World, place: Callable[[], Place]) -> World:
        """The world of one place."""
        from pathways.catalog.overlay import apply, placed

        state = world.state
        if state is None or not placed(state.overlay):
            return world
        where = place()
        binding = tuple(rule.id for rule in state.overlay.rules if rule.place.institution is None and rule.holds(state.day, where))
        if not binding:
            return world
        key = (world.catalog.version, binding)
        with self._lock:
            if key not in self._places:
                if len(self._places) >= MOST_PLACES:
                    self._places.pop(next(iter(self._places)))
                self._places[key] = self._around(apply(self._catalog, state.overlay, on=state.day, here=where), state)
            return self._places[key]

    def _is_present(self, world: World, mark: Mark) -> bool:
        if world.state is None:
            return mark[1] == 0
        from pathways.catalog.overlay import dated

        return mark == world.state.mark and (world.state.day == self._clock() or not dated(world.state.overlay))

    def _load(self, mark: Mark) -> None:
        """Read the overlay and put it on the catalog; a world somebody still answers from stays as it is."""
        from api.store.overlays import OverlayStore
        from pathways.catalog.overlay import apply

        # What is read may be newer than the mark: then it is read once more at the next question, and nothing changes.
        _, overlay = OverlayStore(self._database).load()
        state = _State(mark, overlay, self._clock())
        catalog = apply(self._catalog, overlay, on=state.day)
        if catalog.version == self._world.catalog.version:
            # Nothing that shows: the engine stays.
            self._world = replace(self._world, state=state)
            return
        self._world = self._around(catalog, state)
        self._places.clear()
        if gc.get_freeze_count():
            # The engine of before can go.
            gc.unfreeze()
            gc.collect()

    def _around(self, catalog: Catalog, state: _State | None) -> World:
        return World(catalog, self._clock, _Engines(lambda day: self._build(catalog, day)), self, state)


def load_world(settings: Settings, *, progress: Progress | None = None, warn: Warn | None = None) -> World:
    """Load the catalog and what lies on it; the encoder and the graph follow when a question first needs them.

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
        If a catalog file is wrong, or what lies on the catalog does not fit it; it names every problem.
    """
    from pathways.catalog.load import load

    return world_of(load(settings.catalog), settings, progress=progress, warn=warn)


def world_of(catalog: Catalog, settings: Settings, *, progress: Progress | None = None, warn: Warn | None = None) -> World:
    """A world around a catalog that is already in memory."""
    from api.store.database import database_of

    return _Layers(catalog, today_of(settings), _builder(settings, progress, warn), database_of(settings)).now()


def today_of(settings: Settings) -> Callable[[], date]:
    """The present day, or the fixed one of a run that can be repeated."""
    today = settings.today
    return _now if today is None else lambda: today


def _builder(settings: Settings, progress: Progress | None, warn: Warn | None) -> Build:
    loaded: list[TextEncoder] = []

    def build(catalog: Catalog, day: date) -> Engine:
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
