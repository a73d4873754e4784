"""One world of the bundled catalog for the tests of badges that need one, as of a fixed day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from api.settings import Settings
from api.world import World, load_world


@pytest.fixture(scope="session")
def settings(warm_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=warm_home, today=date(2026, 11, 21), data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def world(settings: Settings) -> World:
    return load_world(settings)
