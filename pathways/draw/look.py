"""Colors, borders and marks. Status is never color alone: fill, border, a drawn mark and a word say the same.

Every look is a set of SVG attributes by class, so a picture needs no style element and pages that forbid inline style can hold it.
A page that follows the reader's light or dark setting overrides the attributes by class with :func:`stylesheet`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, get_args

from pathways.draw.picture import Status

Theme = Literal["light", "dark", "print"]
THEMES: tuple[Theme, ...] = get_args(Theme)
Attributes = Mapping[str, str]

#: Drawn in a box of 16 by 16. Symbols of a font turn into empty boxes where the font lacks them, so marks are lines.
MARKS: Mapping[Status, str] = MappingProxyType(
    {
        "earned": "M2 8.5 L6.5 13 L14 3.5",
        "next": "M2 8 H14 M9 3 L14 8 L9 13",
        "planned": "M8 2.5 a5.5 5.5 0 1 0 0.01 0 Z",
        "target": "M8 2 V14 M2 8 H14",
        "blocked": "M8 2 V9.5 M8 13.5 V13.6",
    }
)
#: Border of a card: width in pixels, dashes.
BORDERS: Mapping[Status, tuple[str, str]] = MappingProxyType(
    {"earned": ("1.5", ""), "next": ("3", ""), "planned": ("1.5", "7 4"), "target": ("3", ""), "blocked": ("2.5", "2 4")}
)


@dataclass(frozen=True, slots=True)
class Palette:
    """Tokens of one theme. ``faces`` has ink and fill by status."""

    paper: str
    band: str
    band_edge: str
    ink: str
    ink_2: str
    edge: str
    link: str
    faces: Mapping[Status, tuple[str, str]]


PALETTES: Mapping[Theme, Palette] = MappingProxyType(
    {
        "light": Palette(
            paper="#ffffff", band="#f6f7f9", band_edge="#c3ccd6", ink="#16202c", ink_2="#46566b", edge="#5b6b7f", link="#1d4ed8",
            faces={
                "earned": ("#1b6e3c", "#e3f4ea"), "next": ("#8a5a00", "#fff3d6"), "planned": ("#46566b", "#ffffff"),
                "target": ("#2743a6", "#e8ecfb"), "blocked": ("#a1260d", "#fdeae6"),
            },
        ),
        "dark": Palette(
            paper="#10161d", band="#1a232d", band_edge="#4a5a6b", ink="#eef2f6", ink_2="#b4c1cf", edge="#8fa1b4", link="#8fb4ff",
            faces={
                "earned": ("#7fd6a0", "#12331f"), "next": ("#f4c565", "#3a2c07"), "planned": ("#b4c1cf", "#10161d"),
                "target": ("#a9b9ff", "#1c2650"), "blocked": ("#ff9d8a", "#3d1710"),
            },
        ),
        "print": Palette(
            paper="#ffffff", band="#ffffff", band_edge="#8a8a8a", ink="#000000", ink_2="#000000", edge="#000000", link="#000000",
            faces={
                "earned": ("#000000", "#ffffff"), "next": ("#000000", "#ffffff"), "planned": ("#000000", "#ffffff"),
                "target": ("#000000", "#ffffff"), "blocked": ("#000000", "#ffffff"),
            },
        ),
    }
)  # fmt: skip


def look(theme: Theme) -> dict[str, dict[str, str]]:
    """SVG attributes by class of one theme.

    Raises
    ------
    ValueError
        If there is no such theme.
    """
    if theme not in PALETTES:
        text = f"there is no theme {theme!r}; expected one of {', '.join(THEMES)}"
        raise ValueError(text)
    palette = PALETTES[theme]
    line = {"fill": "none", "stroke": palette.edge}
    found = {
        "pw-paper": {"fill": palette.paper},
        "pw-band": {"fill": palette.band, "stroke": palette.band_edge},
        "pw-title": {"fill": palette.ink},
        "pw-name": {"fill": palette.ink},
        "pw-subtitle": {"fill": palette.ink_2},
        "pw-label": {"fill": palette.ink},
        "pw-link": {"fill": palette.link},
        "pw-detail": {"fill": palette.ink_2},
        "pw-footer": {"fill": palette.ink_2},
        "pw-hit": {"fill": "none", "pointer-events": "all"},
        "pw-line pw-needs": {**line, "stroke-width": "1.75"},
        "pw-line pw-with": {**line, "stroke-width": "1.75", "stroke-dasharray": "6 4"},
        "pw-line pw-counts": {**line, "stroke-width": "1"},
        "pw-head": {"fill": palette.edge},
    }
    for status, (ink, fill) in palette.faces.items():
        thick, dashes = BORDERS[status]
        border = {"fill": fill, "stroke": ink, "stroke-width": thick}
        if dashes:
            border |= {"stroke-dasharray": dashes, "stroke-linecap": "round" if status == "blocked" else "butt"}
        found[f"pw-face pw-{status}"] = border
        found[f"pw-mark pw-{status}"] = {"fill": "none", "stroke": ink, "stroke-width": "2.5", "stroke-linecap": "round"}
        found[f"pw-word pw-{status}"] = {"fill": ink}
    return found


def stylesheet(theme: Theme) -> str:
    """The look of a theme as CSS, for a page that switches between themes: put it inside a media query there."""
    rules = []
    for name, attributes in look(theme).items():
        body = ";".join(f"{key}:{value}" for key, value in attributes.items())
        rules.append(f".pw-picture .{name.replace(' ', '.')}{{{body}}}")
    return "\n".join(rules) + "\n"
