"""One world of the bundled catalog and one application for all tests of this folder, as of a fixed day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.world import World, load_world

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="session")
def settings(warm_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=warm_home, today=TODAY, data=tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="session")
def world(settings: Settings) -> World:
    return load_world(settings)


@pytest.fixture(scope="session")
def app(settings: Settings, world: World) -> FastAPI:
    return create_app(settings, world)


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened
