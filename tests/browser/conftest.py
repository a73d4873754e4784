"""A real server on loopback and a real Chromium: what a person sees, with and without scripts, and nothing from outside.

Where no Chromium is installed these tests are skipped by name; continuous integration fails instead.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, Route, ViewportSize, sync_playwright

from api.app import create_app
from api.settings import Settings
from api.world import World, load_world

TODAY = date(2026, 11, 21)
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
WIDE: ViewportSize = {"width": 1280, "height": 900}
NARROW: ViewportSize = {"width": 320, "height": 720}
Opened = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name what is skipped where there is no browser."""
    here = Path(__file__).parent
    for item in items:
        if CHROMIUM is None and not os.environ.get("CI") and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason="no Chromium is installed (apt-get install chromium)"))


@pytest.fixture(scope="session")
def shots(pytestconfig: pytest.Config) -> Path:
    """Where screenshots are kept: ``.artifacts/pages``, for a person to look at."""
    folder = pytestconfig.rootpath / ".artifacts" / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def settings(warm_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=warm_home, today=TODAY, data=tmp_path_factory.mktemp("browser"))


@pytest.fixture(scope="session")
def world(settings: Settings) -> World:
    return load_world(settings)


@contextmanager
def served(settings: Settings, world: World | None = None) -> Iterator[str]:
    """A server on a free port of loopback, stopped at the end; its address."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings, world), host="127.0.0.1", port=0, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def address(settings: Settings, world: World) -> Iterator[str]:
    with served(settings, world) as found:
        yield found


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for each file of tests: while it is open it holds the event loop, which other tests of the process need."""
    assert CHROMIUM is not None, "install Chromium: apt-get install chromium"
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium: Browser, address: str) -> Iterator[Opened]:
    """Opens a page of the product in a fresh browser profile; at the end nothing may have left the host or failed in a script."""
    outside: list[str] = []
    faults: list[str] = []
    host = urlsplit(address).netloc

    def guard(route: Route) -> None:
        if urlsplit(route.request.url).netloc not in {host, ""}:
            outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    contexts = []

    def open_page(
        path: str, *, scripts: bool = True, size: ViewportSize = WIDE, dark: bool = False, language: str = "en-US"
    ) -> Page:
        context = chromium.new_context(
            base_url=address,
            java_script_enabled=scripts,
            viewport=size,
            color_scheme="dark" if dark else "light",
            locale=language,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.route("**/*", guard)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.append(line.text) if "Content Security Policy" in line.text else None)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert outside == []
    assert faults == []
