"""Where everything stands: columns side by side, cards in them, arrows between them that never run behind a card.

Only the order inside a column and the heights are computed (:mod:`pathways.draw.order`); nothing moves to another column.
Pixels throughout, origin at the top left.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from pathways.draw.order import Order, Slots, best_order, count_crossings, slots_of
from pathways.draw.picture import Arrow, Node, Picture
from pathways.draw.text import wrap

CARD = 220
PADDING = 12
MARGIN = 24
TITLE_SIZE, NAME_SIZE, LABEL_SIZE, SMALL_SIZE = 20, 15, 14, 12
TITLE_LINE, NAME_LINE, LABEL_LINE, SMALL_LINE = 26, 20, 19, 17
#: Height of the line with mark and status word.
STATUS_LINE = 22
LABEL_LINES, DETAIL_LINES = 6, 4
#: Free space between two cards, a card and a passing arrow, two passing arrows.
GAPS = (20, 16, 12)
#: How far the head of an arrow stands before its curve ends, and how far a curve starts from its card.
HEAD, TAIL = 12, 4
PORT_STEP = 12
#: Heights are pulled to the middle by so much at each pass; without it long chains climb and the picture grows tall.
PULL = 0.9
#: A passing line that would bend by at most so many pixels runs straight on.
BEND = 10

Point = tuple[float, float]
#: A cubic curve: start, two handles, end.
Piece = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Card:
    """One step: its lines and its rectangle."""

    node: Node
    label: tuple[str, ...]
    detail: tuple[str, ...]
    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Band:
    """One column: heading lines and the strip it fills."""

    name: tuple[str, ...]
    subtitle: tuple[str, ...]
    x: int
    width: int


@dataclass(frozen=True, slots=True)
class Route:
    """One arrow as a chain of curves, start first."""

    arrow: Arrow
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture with a place for everything. Cards are in reading order: by column, then from the top."""

    width: int
    height: int
    title: tuple[str, ...]
    bands: tuple[Band, ...]
    band_top: int
    band_bottom: int
    cards: tuple[Card, ...]
    routes: tuple[Route, ...]
    slots: Slots
    order: Order


def crossings(layout: Layout) -> int:
    """How often lines cross between columns."""
    return count_crossings(layout.slots, layout.order)


def layout(picture: Picture) -> Layout:
    """Lay out a picture. The same picture always gives the same layout.

    Parameters
    ----------
    picture : Picture
        Any size; above :data:`pathways.draw.picture.MOST_STEPS` steps nobody can read the drawing.

    Returns
    -------
    Layout
        No two cards overlap, and no arrow touches a card other than at its ends.
    """
    slots = slots_of(picture)
    order = best_order(slots) if picture.columns else ()
    faces = [(wrap(n.label, CARD - 2 * PADDING, LABEL_SIZE, bold=True, most=LABEL_LINES), _detail(n)) for n in picture.nodes]
    heights = [_height(*face) for face in faces] + [0] * (slots.count - len(faces))
    gutter = _gutter(order, slots)
    bands = _bands(picture, gutter)
    width = max(2 * (MARGIN + PADDING) + len(order) * (CARD + gutter) - gutter + _right_room(picture, gutter), 480)
    title = wrap(picture.title, width - 2 * MARGIN, TITLE_SIZE, bold=True, most=3)
    band_top = MARGIN + (len(title) * TITLE_LINE + 8 if title != ("",) else 0)
    heading = max((len(band.name) * NAME_LINE + len(band.subtitle) * SMALL_LINE for band in bands), default=SMALL_LINE)
    centers = _centers(slots, order, heights, band_top + heading + 2 * PADDING)
    bottom = max((math.ceil(centers[slot] + heights[slot] / 2) for slot in range(slots.count)), default=band_top + heading)
    column_x = {slot: band.x for column, band in zip(order, bands, strict=True) for slot in column}
    cards = {
        i: Card(node, *faces[i], column_x[i], centers[i] - heights[i] // 2, CARD, heights[i])
        for i, node in enumerate(picture.nodes)
    }
    return Layout(
        width=width,
        height=bottom + PADDING + MARGIN,
        title=title,
        bands=bands,
        band_top=band_top,
        band_bottom=bottom + PADDING,
        cards=tuple(cards[slot] for column in order for slot in column if slot in cards),
        routes=_routes(picture, slots, _Places(centers, heights, column_x, gutter)),
        slots=slots,
        order=order,
    )


@dataclass(frozen=True, slots=True)
class _Places:
    """Where the slots are: middle and height of each, left side of its column, space between columns."""

    centers: Sequence[int]
    heights: Sequence[int]
    column_x: Mapping[int, int]
    gutter: int


def _bands(picture: Picture, gutter: int) -> tuple[Band, ...]:
    """The columns from left to right."""
    return tuple(
        Band(
            wrap(column.name, CARD, NAME_SIZE, bold=True, most=3),
            wrap(column.subtitle, CARD, SMALL_SIZE, most=2) if column.subtitle else (),
            MARGIN + PADDING + index * (CARD + gutter),
            CARD,
        )
        for index, column in enumerate(picture.columns)
    )


def _detail(node: Node) -> tuple[str, ...]:
    """Detail lines, wrapped, a few at most."""
    lines = [line for text in node.detail for line in wrap(text, CARD - 2 * PADDING, SMALL_SIZE) if line]
    if len(lines) > DETAIL_LINES:
        lines = [*lines[: DETAIL_LINES - 1], *wrap(" ".join(lines[DETAIL_LINES - 1 :]), CARD - 2 * PADDING, SMALL_SIZE, most=1)]
    return tuple(lines)


def _height(label: Sequence[str], detail: Sequence[str]) -> int:
    """Height of a card, even, so that its center is a whole pixel."""
    height = 2 * PADDING + STATUS_LINE + len(label) * LABEL_LINE + len(detail) * SMALL_LINE - 2
    return height + height % 2


def _gutter(order: Order, slots: Slots) -> int:
    """Space between columns: more where many lines pass."""
    joins = max((sum(len(slots.right[slot]) for slot in column) for column in order), default=0)
    return min(56 + 2 * max(joins - 6, 0), 112)


def _right_room(picture: Picture, gutter: int) -> int:
    """Space beside the last column for arrows that turn back into it."""
    column = {node.id: node.column for node in picture.nodes}
    last = len(picture.columns) - 1
    turns = any(column[arrow.start] == column[arrow.end] == last for arrow in picture.arrows)
    return gutter - PADDING if turns else 0


def _centers(slots: Slots, order: Order, heights: Sequence[int], top: int) -> list[int]:
    """Height of the middle of each slot: near its neighbors, in order, with the gaps kept, nothing above the top."""
    centers = [0.0] * slots.count
    apart = [[0, *(_apart(heights[a], heights[b]) for a, b in pairwise(column))][: len(column)] for column in order]
    for column, gaps in zip(order, apart, strict=True):
        offsets = _running(gaps)
        shift = offsets[-1] / 2 if offsets else 0
        for slot, offset in zip(column, offsets, strict=True):
            centers[slot] = offset - shift
    forward = list(range(len(order)))
    for indices, sides in ((forward, "l"), (forward[::-1], "r"), (forward, "lr"), (forward[::-1], "lr"), (forward, "lr")):
        for index in indices:
            column = order[index]
            wanted = [PULL * _wanted(slots, slot, centers, sides) for slot in column]
            # A passing line that bends is uglier than a card a little off, so straight lines weigh more.
            weights = [1.0 if heights[slot] else 4.0 for slot in column]
            for slot, center in zip(column, _spread(wanted, weights, apart[index]), strict=True):
                centers[slot] = center
    floored = _even(slots, order, heights, [math.floor(center) for center in centers])
    highest = min((floored[slot] - heights[slot] // 2 for column in order for slot in column), default=0)
    return [center - highest + top for center in floored]


def _even(slots: Slots, order: Order, heights: Sequence[int], centers: list[int]) -> list[int]:
    """The same heights, but a line that passes several columns keeps its height where the room allows it."""
    centers = list(centers)
    for column in order[1:]:
        for position, slot in enumerate(column):
            before = [other for other in slots.left[slot] if not heights[other]]
            if heights[slot] or not before or abs(centers[before[0]] - centers[slot]) > BEND:
                continue
            above, below = column[:position][-1:], column[position + 1 :][:1]
            level = centers[before[0]]
            fits_above = all(level - centers[other] >= _apart(heights[other], 0) for other in above)
            if fits_above and all(centers[other] - level >= _apart(0, heights[other]) for other in below):
                centers[slot] = level
    return centers


def _apart(upper: int, lower: int) -> int:
    """Distance of two centers, one above the other."""
    gap = GAPS[(upper == 0) + (lower == 0)]
    return (upper + lower) // 2 + gap


def _running(gaps: Sequence[int]) -> list[int]:
    """Running sums."""
    total, sums = 0, []
    for gap in gaps:
        total += gap
        sums.append(total)
    return sums


def _wanted(slots: Slots, slot: int, centers: Sequence[float], sides: str) -> float:
    """Mean height of the neighbors on these sides; its own height where there are none."""
    near = [*(slots.left[slot] if "l" in sides else ()), *(slots.right[slot] if "r" in sides else ())]
    return sum(centers[other] for other in near) / len(near) if near else centers[slot]


def _spread(wanted: Sequence[float], weights: Sequence[float], gaps: Sequence[int]) -> list[float]:
    """The heights nearest to the wanted ones (least squares) that keep the order and the gaps: pool adjacent violators."""
    offsets = _running(gaps)
    pools: list[tuple[float, float, int]] = []
    for want, weight, offset in zip(wanted, weights, offsets, strict=True):
        mean, total, count = want - offset, weight, 1
        while pools and pools[-1][0] > mean:
            before, heavy, many = pools.pop()
            mean = (before * heavy + mean * total) / (heavy + total)
            total, count = total + heavy, count + many
        pools.append((mean, total, count))
    means = [mean for mean, _, count in pools for _ in range(count)]
    return [mean + offset for mean, offset in zip(means, offsets, strict=True)]


def _routes(picture: Picture, slots: Slots, places: _Places) -> tuple[Route, ...]:
    """All arrows as curves in the space between columns and straight lines past them."""
    ports = _ports(picture, slots, places.centers, places.heights)
    column_x, centers = places.column_x, places.centers
    routes = []
    for arrow, chain in zip(picture.arrows, slots.chains, strict=True):
        start, end = chain[0], chain[-1]
        if picture.nodes[start].column == picture.nodes[end].column:
            routes.append(
                Route(arrow, (_turn(column_x[start] + CARD, ports[start, "r", end], ports[end, "r", start], places.gutter),))
            )
            continue
        pieces: list[Piece] = []
        forward = picture.nodes[start].column < picture.nodes[end].column
        out, into = ("r", "l") if forward else ("l", "r")
        for before, after in pairwise(chain):
            begin = (column_x[before] + (CARD if forward else 0), ports.get((before, out, after), centers[before]))
            stop = (column_x[after] + (0 if forward else CARD), ports.get((after, into, before), centers[after]))
            pieces += _across(begin, stop, 1 if forward else -1)
            if after != end:
                pieces.append(_straight(stop, (stop[0] + (CARD if forward else -CARD), stop[1])))
        routes.append(Route(arrow, tuple(pieces)))
    return tuple(routes)


def _ports(picture: Picture, slots: Slots, centers: Sequence[int], heights: Sequence[int]) -> dict[tuple[int, str, int], float]:
    """Where lines meet a card: by card, side and neighbor. Lines stand in the order of their other ends, so they do not cross."""
    turns: dict[int, set[int]] = {}
    for chain in slots.chains:
        if picture.nodes[chain[0]].column == picture.nodes[chain[-1]].column:
            turns.setdefault(chain[0], set()).add(chain[-1])
            turns.setdefault(chain[-1], set()).add(chain[0])
    ports: dict[tuple[int, str, int], float] = {}
    for slot in range(len(picture.nodes)):
        beside: dict[str, list[tuple[int, float, int]]] = {"l": [(0, centers[other], other) for other in slots.left[slot]]}
        beside["r"] = [(0, centers[other], other) for other in slots.right[slot]]
        # The line to the farthest card above or below turns around all others.
        beside["r"] += [(-1 if centers[o] < centers[slot] else 1, -centers[o], o) for o in turns.get(slot, ())]
        for side, others in beside.items():
            step = min(PORT_STEP, (heights[slot] - 2 * PADDING) / max(len(others) - 1, 1))
            for position, (_, _, other) in enumerate(sorted(others)):
                ports[slot, side, other] = centers[slot] + (position - (len(others) - 1) / 2) * step
    return ports


def _across(begin: Point, stop: Point, way: int) -> list[Piece]:
    """From one column to the next: out, over and in. All curves of a gutter have the same shape, so order is kept on the way."""
    first, last = (begin[0] + way * TAIL, begin[1]), (stop[0] - way * HEAD, stop[1])
    middle = (first[0] + last[0]) / 2
    curve = (first, (middle, first[1]), (middle, last[1]), last)
    return [_straight(begin, first), curve, _straight(last, stop)]


def _straight(begin: Point, stop: Point) -> Piece:
    """A straight line in the form of a curve."""
    return (begin, begin, stop, stop)


def _turn(x: float, begin: float, stop: float, gutter: int) -> Piece:
    """Out of a column and back into it."""
    reach = x + min(gutter - 8, 20 + abs(stop - begin) / 8)
    return ((x, begin), (reach, begin), (reach, stop), (x, stop))
