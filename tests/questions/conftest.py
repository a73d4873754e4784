"""One world for all questions: the bundled catalog, the real encoder, a fixed day."""

from __future__ import annotations

from pathlib import Path

import pytest

from api.settings import Settings
from api.world import World, load_world
from pathways.catalog.entities import Catalog
from tests.questions.asking import ON, Desk


@pytest.fixture(scope="session")
def world(warm_home: Path) -> World:
    return load_world(Settings(home=warm_home, today=ON))


@pytest.fixture(scope="session")
def desk(world: World) -> Desk:
    return Desk(world.engine)


@pytest.fixture(scope="session")
def bundled(world: World) -> Catalog:
    return world.catalog
