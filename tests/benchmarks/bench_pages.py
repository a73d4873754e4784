"""Pages on a slow machine and a slow line: time to first paint and bytes of own assets, at 4x slower CPU and 1.6 Mbit/s.

Each page is opened in a fresh profile of a real Chromium, so nothing is cached in the browser. The answer of the server is part of
the time; each page is asked for once before, as any page but the first of a day is.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

CPU_SLOWER = 4
BITS_PER_SECOND = 1_600_000
LATENCY_MS = 150
MOST_SECONDS = 1.5
MOST_BYTES = 60_000
TRIES = 5
TODAY = date(2026, 11, 21)
ASKED = "/next?goal=become+a+reading+specialist&have=letrs-u1+letrs-u2&place=US-OH&targets=oh-reading-endorsement"
PAGES = (
    "/", "/next", ASKED, "/badges", "/credentials", "/credentials/letrs-u1", "/targets",
    "/targets/oh-reading-endorsement?have=letrs-u1&place=US-OH", "/plans", "PLAN", "/caseload", "/review", "/review/table",
    "/about/model", "/help", "/accessibility",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opening:
    """One page opened once: seconds to first contentful paint, and bytes that came over the line."""

    seconds: float
    size: int


def run() -> list[dict[str, Any]]:
    """Measure every page: the median time of five openings, and the most bytes."""
    rows: list[dict[str, Any]] = []
    with _browser_and_server() as (browser, address):
        for path in PAGES:
            where = address + (_plan(browser, address) if path == "PLAN" else path)
            _open(browser, where, slow=False)
            found = [_open(browser, where, slow=True) for _ in range(TRIES)]
            name = "/plans/{id}" if path == "PLAN" else path.partition("&")[0]
            paint, size = median(one.seconds for one in found), max(one.size for one in found)
            worst = max(one.seconds for one in found)
            note = f"{CPU_SLOWER}x slower CPU, {BITS_PER_SECOND / 1e6:g} Mbit/s, {LATENCY_MS} ms; median; worst {worst:.2f} s"
            rows.append(_row(f"first paint of {name}", round(paint, 2), "s", MOST_SECONDS, note))
            rows.append(_row(f"bytes of {name}", size, "bytes", MOST_BYTES, "page, styles, script and icon, compressed"))
    return rows


def _row(name: str, figure: float, unit: str, most: float, note: str) -> dict[str, Any]:
    return {"name": name, "figure": figure, "unit": unit, "asked": f"< {most:g}", "holds": figure < most, "note": note}


@contextmanager
def _browser_and_server() -> Iterator[tuple[Any, str]]:
    """A server with the bundled catalog on loopback, and a Chromium."""
    from playwright.sync_api import sync_playwright

    from api.settings import Settings
    from api.world import load_world
    from tests.browser.conftest import CHROMIUM, served

    assert CHROMIUM is not None, "install Chromium: apt-get install chromium"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", data=Path(folder) / "data", today=TODAY)
        world = load_world(settings)
        with served(settings, world) as address, sync_playwright() as playing:
            arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
            browser = playing.chromium.launch(executable_path=CHROMIUM, args=arguments)
            yield browser, address
            browser.close()


def _plan(browser: Any, address: str) -> str:
    """Make a plan; the address of its board."""
    page = browser.new_page()
    page.goto(f"{address}/plans")
    page.get_by_label("Work toward").fill("nb-certification")
    page.get_by_role("button", name="Make the plan").click()
    page.wait_for_url("**/plans/*", timeout=60_000)
    found = str(page.url).removeprefix(address)
    page.close()
    return found


def _open(browser: Any, where: str, *, slow: bool) -> Opening:
    """Open one page in a fresh profile."""
    context = browser.new_context()
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    if slow:
        speed = BITS_PER_SECOND / 8
        limits = {"offline": False, "latency": LATENCY_MS, "downloadThroughput": speed, "uploadThroughput": speed}
        line.send("Network.emulateNetworkConditions", limits)
        line.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    page.goto(where, wait_until="load", timeout=60_000)
    paint = page.evaluate(
        """() => new Promise((done) => new PerformanceObserver((list) => {
            const found = list.getEntriesByName('first-contentful-paint')[0]; if (found) done(found.startTime); })
            .observe({ type: 'paint', buffered: true }))"""
    )
    context.close()
    return Opening(float(paint) / 1000, int(sum(sizes)))
