"""Contrast computed from the stylesheet itself: 4.5 for text, 3 for controls, in light and in dark."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STYLE = (Path(__file__).parents[2] / "api" / "static" / "style.css").read_text(encoding="utf-8")
TEXT = [
    ("ink", "bg"), ("ink", "panel"), ("ink-2", "bg"), ("ink-2", "panel"), ("link", "bg"), ("link", "panel"), ("on-link", "link"),
    ("ok", "ok-bg"), ("next", "next-bg"), ("target", "target-bg"), ("bad", "bad-bg"), ("bad", "panel"), ("ink", "next-bg"),
]  # fmt: skip
CONTROLS = [("edge", "panel"), ("edge", "bg"), ("focus", "bg"), ("focus", "panel")]


def tokens(scheme: str) -> dict[str, str]:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, flags=re.DOTALL)
    light = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[0]))
    return light if scheme == "light" else light | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", blocks[1]))


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_contrast_of_black_on_white() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_controls_can_be_told_apart(scheme: str) -> None:
    colors = tokens(scheme)
    for front, back in TEXT:
        assert contrast(colors[front], colors[back]) >= 4.5, (front, back)
    for front, back in CONTROLS:
        assert contrast(colors[front], colors[back]) >= 3, (front, back)
