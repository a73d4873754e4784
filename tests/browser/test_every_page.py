"""Every page, in a real browser: axe finds nothing, light, dark and at 320 px, and no page is wider than its window."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.browser.accessible import sideways, violations
from tests.browser.conftest import NARROW, Opened

ASKED = "/next?goal=become+a+reading+specialist&have=letrs-u1+letrs-u2&place=US-OH&targets=oh-reading-endorsement"
PAGES = [
    "/", "/next", ASKED, "/next?goal=reading&budget_usd=lots", "/next?targets=renewal:US-TN&place=US-TN&progress=48+PDP",
    "/badges", "/credentials", "/credentials?q=letrs", "/credentials/letrs-u1", "/credentials/letrs-v1", "/targets",
    "/targets/oh-reading-endorsement?have=letrs-u1&place=US-OH", "/help", "/accessibility", "/problems/invalid-request", "/nothing",
    "/plans", "/caseload", "/review", "/review/table", "/about/model", "/next?goal=leer&lang=es",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_everyone(opened: Opened, shots: Path, path: str) -> None:
    page = opened(path)
    name = re.sub(r"\W+", "-", path.split("&", maxsplit=1)[0]).strip("-") or "home"
    for look in ("light", "dark", "narrow"):
        if look == "dark":
            page.emulate_media(color_scheme="dark")
        elif look == "narrow":
            page.set_viewport_size(NARROW)
        page.screenshot(path=shots / f"{name}-{look}.png", full_page=True)
        assert violations(page) == [], look
        assert sideways(page) <= 0, look
