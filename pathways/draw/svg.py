"""A picture as SVG: valid XML without script, style element or outside reference; a screen reader reads it as a list of steps."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pathways.draw.layout import (
    LABEL_LINE,
    LABEL_SIZE,
    MARGIN,
    NAME_LINE,
    NAME_SIZE,
    PADDING,
    SMALL_LINE,
    SMALL_SIZE,
    STATUS_LINE,
    TITLE_LINE,
    TITLE_SIZE,
    Band,
    Card,
    Layout,
    Piece,
    Route,
    layout,
)
from pathways.draw.look import MARKS, Theme, look
from pathways.draw.marks import element, number, quoted, safe_address
from pathways.draw.picture import (
    ARROW_KINDS,
    STATUS_WORDS,
    ArrowKind,
    Column,
    Picture,
    neighborhood,
    steps_in_words,
    table_needed,
)
from pathways.draw.text import FONTS, is_right_to_left, plain, width, wrap

#: What the lines of a picture mean, for its legend.
KIND_WORDS: dict[ArrowKind, str] = {
    "needs": "needed before",
    "with": "needed before or at the same time",
    "counts": "counts toward",
}
_SAMPLE = 36
#: Font size, distance of lines and weight by class.
_TYPE: dict[str, tuple[int, int, str | None]] = {
    "pw-title": (TITLE_SIZE, TITLE_LINE, "600"),
    "pw-name": (NAME_SIZE, NAME_LINE, "600"),
    "pw-subtitle": (SMALL_SIZE, SMALL_LINE, None),
    "pw-label": (LABEL_SIZE, LABEL_LINE, "600"),
    "pw-link": (LABEL_SIZE, LABEL_LINE, "600"),
    "pw-detail": (SMALL_SIZE, SMALL_LINE, None),
    "pw-footer": (SMALL_SIZE, SMALL_LINE, None),
}


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes elements in one theme."""

    attributes: dict[str, dict[str, str]]
    prefix: str

    def draw(self, name: str, content: str | None = None, /, *, class_: str, **attributes: str | float | None) -> str:
        """An element with its class and the look of that class."""
        return element(name, content, class_=class_, **self.attributes.get(class_, {}), **attributes)

    def lines(self, lines: Sequence[str], x: float, y: float, *, class_: str, room: float) -> str:
        """Lines of text, the first with its baseline at ``y``; text that runs right to left stands at the right of its room."""
        turned = is_right_to_left(" ".join(lines))
        size, step, weight = _TYPE[class_]
        spans = (
            element(
                "tspan",
                f"\u2067{quoted(line)}\u2069" if turned else quoted(line),
                x=x + room if turned else x,
                y=y + index * step,
                text_decoration="underline" if class_ == "pw-link" else None,
            )
            for index, line in enumerate(lines)
        )
        # The space between lines keeps words apart in the name a screen reader speaks. Not every renderer knows `direction`, so the
        # lines carry their direction themselves.
        anchor = "end" if turned else None
        return self.draw("text", " ".join(spans), class_=class_, font_size=size, font_weight=weight, text_anchor=anchor)


def svg(picture: Picture, *, theme: Theme = "light", around: str | None = None, heading: bool = True) -> str:
    """Draw a picture.

    Parameters
    ----------
    picture : Picture
        Above 60 steps (:func:`pathways.draw.picture.table_needed`) only the neighborhood of one step is drawn.
    theme : {"light", "dark", "print"}
        Light and print stand on white.
    around : str, optional
        The step whose neighborhood is drawn; given for a small picture, it draws only that neighborhood too.
    heading : bool
        Whether to draw the title; without it the page must show it.

    Returns
    -------
    str
        One ``svg`` element.

    Raises
    ------
    PictureError
        If ``around`` is no step.
    ValueError
        If there is no such theme.
    """
    shown = neighborhood(picture, around) if around is not None or table_needed(picture) else picture
    pen = _Pen(look(theme), "pw-" + hashlib.sha256(repr((picture, around)).encode("utf-8", "replace")).hexdigest()[:8])
    place = layout(shown if heading else replace(shown, title=""))
    foot, foot_height = _foot(pen, shown, place)
    height = place.height + foot_height
    parts = [
        element("title", quoted(picture.title) or "Pathway", id=f"{pen.prefix}-title"),
        element("desc", quoted(_described(shown)), id=f"{pen.prefix}-desc"),
        pen.draw("rect", class_="pw-paper", width=place.width, height=height),
        element("g", _headings(pen, place), aria_hidden="true"),
        element("g", _arrows(pen, place.routes), class_="pw-arrows", aria_hidden="true"),
        *(_card(pen, card, shown.columns[card.node.column]) for card in place.cards),
        element("g", foot, aria_hidden="true") if foot else "",
    ]
    return element(
        "svg",
        "\n".join(["", *filter(None, parts), ""]),
        xmlns="http://www.w3.org/2000/svg",
        class_="pw-picture",
        role="list",
        aria_labelledby=f"{pen.prefix}-title",
        aria_describedby=f"{pen.prefix}-desc",
        width=place.width,
        height=height,
        viewBox=f"0 0 {place.width} {height}",
        font_family=FONTS,
    )


def _described(picture: Picture) -> str:
    """What the picture shows, in a sentence or two."""
    if not picture.nodes:
        return "No steps to show."
    names = ", ".join(column.name for column in picture.columns)
    text = f"{steps_in_words(len(picture.nodes))} by term: {names}. Arrows run from what is needed to what needs it."
    return f"{text} {picture.footer}".strip()


def _headings(pen: _Pen, place: Layout) -> str:
    """Title, the strips of the columns and their names."""
    parts = []
    if place.title != ("",):
        room = place.width - 2 * MARGIN
        y = MARGIN + TITLE_SIZE
        parts.append(pen.lines(place.title, MARGIN, y, class_="pw-title", room=room))
    if not place.cards:
        y = place.band_top + TITLE_LINE
        parts.append(pen.lines(["No steps to show."], MARGIN, y, class_="pw-footer", room=0))
        return "".join(parts)
    parts += [_band(pen, band, place) for band in place.bands]
    return "\n".join(parts)


def _band(pen: _Pen, band: Band, place: Layout) -> str:
    """One column: strip, name, subtitle."""
    strip = pen.draw(
        "rect",
        class_="pw-band",
        x=band.x - PADDING,
        y=place.band_top,
        width=band.width + 2 * PADDING,
        height=place.band_bottom - place.band_top,
        rx=8,
    )
    y = place.band_top + PADDING + NAME_SIZE
    name = pen.lines(band.name, band.x, y, class_="pw-name", room=band.width)
    y += (len(band.name) - 1) * NAME_LINE + SMALL_LINE + 2
    small = pen.lines(band.subtitle, band.x, y, class_="pw-subtitle", room=band.width)
    return strip + name + (small if band.subtitle else "")


def _arrows(pen: _Pen, routes: Iterable[Route]) -> str:
    """Every stretch of line once, so that dashes of arrows that join do not fill each other; a head at each end."""
    drawn: set[tuple[str, frozenset[tuple[float, float]]]] = set()
    heads: dict[tuple[float, float, int], None] = {}
    parts = []
    for route in routes:
        fresh = []
        for piece in route.pieces:
            key = (route.arrow.kind, frozenset((piece[0], piece[3])))
            if key not in drawn:
                drawn.add(key)
                fresh.append(piece)
        if fresh:
            parts.append(pen.draw("path", class_=f"pw-line pw-{route.arrow.kind}", d=_path(fresh)))
        _, handle, _, tip = route.pieces[-1]
        heads[(*tip, 1 if handle[0] < tip[0] else -1)] = None
    parts += [pen.draw("path", class_="pw-head", d=_head(x, y, way)) for x, y, way in heads]
    return "\n".join(parts)


def _path(pieces: Iterable[Piece]) -> str:
    """Path data; a straight piece is written as a line."""
    data, at = [], None
    for start, first, second, end in pieces:
        if at != start:
            data.append(f"M{_point(start)}")
        straight = first == start and second == end
        data.append(f"L{_point(end)}" if straight else f"C{_point(first)} {_point(second)} {_point(end)}")
        at = end
    return " ".join(data)


def _point(point: tuple[float, float]) -> str:
    return f"{number(point[0])},{number(point[1])}"


def _head(x: float, y: float, way: int) -> str:
    """A triangle with its tip at a point; ``way`` is 1 where it points right, -1 where it points left."""
    back = x - way * 9
    return f"M{_point((x, y))} L{_point((back, y - 4.5))} L{_point((back, y + 4.5))} Z"


def _card(pen: _Pen, card: Card, column: Column) -> str:
    """One step as an item of the list: border, mark, status word, label (a link where there is an address), details."""
    status, x, y = card.node.status, card.x + PADDING, card.y + PADDING
    room = card.width - 2 * PADDING
    href = safe_address(card.node.href)
    label = pen.lines(card.label, x, y + STATUS_LINE + LABEL_SIZE, class_="pw-link" if href else "pw-label", room=room)
    under = y + STATUS_LINE + len(card.label) * LABEL_LINE + SMALL_SIZE
    mark = pen.draw("path", class_=f"pw-mark pw-{status}", d=MARKS[status], transform=f"translate({x} {y})", aria_hidden="true")
    box: dict[str, float] = {"x": card.x, "y": card.y, "width": card.width, "height": card.height, "rx": 8}
    # The whole card is the target of its link; the details above it let the pointer through.
    detail = pen.lines(card.detail, x, under, class_="pw-detail", room=room) if card.detail else ""
    parts = (
        element("title", quoted(card.node.label)) if any(line.endswith("…") for line in card.label) else "",
        element("desc", quoted(column.name)),
        pen.draw("rect", class_=f"pw-face pw-{status}", **box),
        mark + _word(pen, card, x + 24, y + 13),
        element("a", pen.draw("rect", class_="pw-hit", **box) + label, href=href) if href else label,
        element("g", detail, pointer_events="none") if href and detail else detail,
    )
    return element("g", " ".join(filter(None, parts)), class_=f"pw-step pw-{status}", role="listitem")


def _word(pen: _Pen, card: Card, x: float, y: float) -> str:
    """The status in a word beside its mark."""
    status = card.node.status
    return pen.draw("text", STATUS_WORDS[status], class_=f"pw-word pw-{status}", x=x, y=y, font_size=SMALL_SIZE, font_weight="700")


def _foot(pen: _Pen, picture: Picture, place: Layout) -> tuple[str, int]:
    """What the kinds of lines mean, where there are several, and the footer; and the height both take."""
    parts, y = [], place.height - MARGIN + 2 * SMALL_SIZE
    kinds = [kind for kind in ARROW_KINDS if any(arrow.kind == kind for arrow in picture.arrows)]
    x = float(MARGIN)
    for kind in kinds if len(kinds) > 1 else ():
        words = KIND_WORDS[kind]
        need = _SAMPLE + 8 + width(words, SMALL_SIZE) + 24
        if x > MARGIN and x + need > place.width - MARGIN:
            x, y = float(MARGIN), y + SMALL_LINE
        parts.append(pen.draw("path", class_=f"pw-line pw-{kind}", d=f"M{_point((x, y - 4))} L{_point((x + _SAMPLE - 8, y - 4))}"))
        parts.append(pen.draw("path", class_="pw-head", d=_head(x + _SAMPLE, y - 4, 1)))
        parts.append(pen.draw("text", words, class_="pw-footer", x=x + _SAMPLE + 8, y=y, font_size=SMALL_SIZE))
        x += need
    if parts:
        y += SMALL_LINE
    if plain(picture.footer):
        room = place.width - 2 * MARGIN
        lines = wrap(picture.footer, room, SMALL_SIZE, most=4)
        parts.append(pen.lines(lines, MARGIN, y, class_="pw-footer", room=room))
        y += len(lines) * SMALL_LINE
    return "".join(parts), (y - (place.height - MARGIN) - SMALL_SIZE if parts else 0)
