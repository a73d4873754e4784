"""Text into lines that fit a width, without a font: widths are estimated from a table that leans to the wide side.

The widths are those of DejaVu Sans, the widest font of the stack, so text that fits here fits in the others.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

FONTS = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Arial, sans-serif'
#: Width in parts of the font size.
_WIDTHS = {
    **dict.fromkeys("ijl'|", 0.34),
    **dict.fromkeys("I.,:; f!()[]/\\", 0.40),
    **dict.fromkeys('rt-"°', 0.46),
    **dict.fromkeys("csxyzvkJ?*_`", 0.60),
    **dict.fromkeys("OQGDHN&+=<>~^#", 0.86),
    **dict.fromkeys("mwMW@%¼½¾—…", 1.0),
}
_CAPITAL = 0.74
_OTHER = 0.645
#: A bold face is wider by so much.
BOLD = 1.13
_RUN = re.compile(r"[^\-/\u2013\u2014]*(?:[\-/\u2013\u2014]+|$)")


@lru_cache(maxsize=4096)
def _part(character: str) -> float:
    """Width of one character in parts of the font size."""
    if character in _WIDTHS:
        return _WIDTHS[character]
    if _joins(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF" or unicodedata.category(character) in ("So", "Co", "Cn"):
        return 1.3
    return _CAPITAL if character.isupper() else _OTHER if ord(character) < 0x250 else 0.95


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before it (accents, joiners, variation selectors)."""
    return unicodedata.category(character) in ("Mn", "Me", "Cf") or 0x1F3FB <= ord(character) <= 0x1F3FF


def width(text: str, size: float, *, bold: bool = False) -> float:
    """Estimated width of one line in pixels, rather too large than too small."""
    return sum(map(_part, text)) * size * (BOLD if bold else 1.0)


def plain(text: str) -> str:
    """One line without control characters: line breaks and runs of spaces become one space.

    Characters that XML cannot carry and marks that turn the direction of the text around them are dropped.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs", "Cn"))
    return " ".join("".join(c for c in kept if unicodedata.bidirectional(c) not in _TURNS).split())


_TURNS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


def is_right_to_left(text: str) -> bool:
    """Whether the first letter that has a direction runs right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("R", "AL"):
            return True
        if direction == "L":
            return False
    return False


def wrap(text: str, limit: float, size: float, *, bold: bool = False, most: int | None = None) -> tuple[str, ...]:
    """Lines no wider than a limit.

    Parameters
    ----------
    text : str
        Any text; see :func:`plain` for what is dropped.
    limit, size : float
        Width and font size in pixels.
    most : int, optional
        At most so many lines; the last one then ends in an ellipsis.

    Returns
    -------
    tuple of str
        At least one line. Words wider than the limit are broken, after a hyphen or slash where there is one.
    """
    lines = [""]
    for word in plain(text).split(" "):
        glue = " " if lines[-1] else ""
        for piece in _pieces(word, limit, size, bold=bold):
            longer = lines[-1] + glue + piece
            if not lines[-1] or width(longer, size, bold=bold) <= limit:
                lines[-1] = longer
            else:
                lines.append(piece)
            glue = ""
    if most is not None and len(lines) > most:
        lines = [*lines[: most - 1], _cut(lines[most - 1], limit, size, bold=bold)]
    return tuple(lines)


def _pieces(word: str, limit: float, size: float, *, bold: bool) -> list[str]:
    """A word whole where it fits, else cut after hyphens and slashes, else anywhere but before a joining character."""
    if width(word, size, bold=bold) <= limit:
        return [word]
    pieces = []
    for run in (found for found in _RUN.findall(word) if found):
        current = ""
        for character in run:
            if current and not _joins(character) and width(current + character, size, bold=bold) > limit:
                pieces.append(current)
                current = ""
            current += character
        pieces.append(current)
    return pieces


def _cut(line: str, limit: float, size: float, *, bold: bool) -> str:
    """A line with an ellipsis at its end, shortened until that fits."""
    kept = line
    while kept and width(kept + "…", size, bold=bold) > limit:
        kept = kept[:-1]
    return kept.rstrip() + "…"
