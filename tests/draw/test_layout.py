"""Steps stand in their columns without touching, arrows cross seldom and never run behind a card."""

from __future__ import annotations

import random
from itertools import combinations, pairwise, permutations, product

import pytest
from hypothesis import given, settings

from pathways.draw.layout import CARD, Layout, Piece, crossings, layout
from pathways.draw.order import best_order, count_crossings, slots_of
from pathways.draw.picture import Arrow, Column, Node, Picture
from tests.draw.pictures import layered, odd_picture, pictures, reading_plan

LARGE = [reading_plan(), odd_picture(), layered(1, 40, 8, 60), layered(2, 60, 9, 90)]


def points(piece: Piece, count: int = 24) -> list[tuple[float, float]]:
    """Points along a curve, by its own formula."""
    found = []
    for step in range(count + 1):
        t = step / count
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        x, y = (sum(w * p[axis] for w, p in zip(weights, piece, strict=True)) for axis in (0, 1))
        found.append((x, y))
    return found


def segments_of(picture: Picture, order: dict[str, int]) -> set[tuple[int, tuple[str, str]]]:
    """Joins between neighboring columns, worked out from the picture alone; passing places are named by the end of the arrow."""
    column = {node.id: node.column for node in picture.nodes}
    found = set()
    for arrow in picture.arrows:
        low, high = sorted((column[arrow.start], column[arrow.end]))
        first, last = (arrow.start, arrow.end) if column[arrow.start] == low else (arrow.end, arrow.start)
        names = [first, *(f"{arrow.end}/{arrow.kind}/{at}" for at in range(low + 1, high)), last]
        if low != high:
            found |= {(low + step, pair) for step, pair in enumerate(pairwise(names))}
    assert all(name in order for _, pair in found for name in pair)
    return found


def crossings_by_pairs(picture: Picture, order: dict[str, int]) -> int:
    """Every pair of joins looked at."""
    found = segments_of(picture, order)
    return sum(
        (order[a] - order[c]) * (order[b] - order[d]) < 0
        for (here, (a, b)), (there, (c, d)) in combinations(sorted(found), 2)
        if here == there
    )


def names_in_order(picture: Picture, columns: tuple[tuple[int, ...], ...]) -> dict[str, int]:
    """Position of each step and passing place in its column."""
    slots = slots_of(picture)
    names = {index: node.id for index, node in enumerate(picture.nodes)}
    column = {slot: index for index, members in enumerate(slots.columns) for slot in members}
    for arrow, chain in zip(picture.arrows, slots.chains, strict=True):
        names |= {slot: f"{arrow.end}/{arrow.kind}/{column[slot]}" for slot in chain[1:-1]}
    return {names[slot]: position for members in columns for position, slot in enumerate(members)}


@given(pictures(most=10))
@settings(max_examples=60, deadline=None)
def test_crossings_are_those_counted_pair_by_pair_and_never_more_than_in_the_given_order(picture: Picture) -> None:
    placed = layout(picture)
    assert crossings(placed) == crossings_by_pairs(picture, names_in_order(picture, placed.order))
    slots = slots_of(picture)
    given_order = crossings_by_pairs(picture, names_in_order(picture, slots.columns))
    assert count_crossings(slots, slots.columns) == given_order
    assert crossings(placed) <= given_order


@pytest.mark.parametrize("seed", range(20))
def test_a_tiny_picture_that_can_be_drawn_without_crossings_is(seed: int) -> None:
    picture = planted(seed, most=3)
    slots = slots_of(picture)
    every_order = product(*(permutations(column) for column in slots.columns))
    assert min(count_crossings(slots, order) for order in every_order) == 0, "the planted order has no crossing"
    assert crossings(layout(picture)) == 0


@pytest.mark.parametrize("seed", range(40))
def test_so_is_one_with_up_to_four_steps_a_term(seed: int) -> None:
    assert crossings(layout(planted(seed, most=4))) == 0


@pytest.mark.parametrize("seed", range(15))
def test_a_tiny_picture_has_the_fewest_crossings_of_all_orders(seed: int) -> None:
    dense = layered(seed, 9, 3, 11)
    column = {node.id: node.column for node in dense.nodes}
    arrows = tuple(arrow for arrow in dense.arrows if column[arrow.end] - column[arrow.start] == 1)
    picture = Picture("Dense", dense.columns, dense.nodes, arrows)
    slots = slots_of(picture)
    every_order = product(*(permutations(members) for members in slots.columns))
    assert crossings(layout(picture)) == min(count_crossings(slots, order) for order in every_order)


def planted(seed: int, most: int) -> Picture:
    """Four columns of a few steps whose hidden order has no crossing, listed in a shuffled order."""
    choose = random.Random(seed)
    hidden = [[f"{column}{row}" for row in range(choose.randint(2, most))] for column in range(4)]
    arrows = []
    for before, after in pairwise(hidden):
        low = 0
        for name in before:
            high = choose.randint(low, len(after) - 1)
            arrows += [Arrow(name, after[row]) for row in range(low, high + 1)]
            low = high
    names = [name for column in hidden for name in column]
    choose.shuffle(names)
    nodes = tuple(Node(name, f"Step {name}", int(name[0]), "planned") for name in names)
    return Picture("Planted", tuple(Column(f"Term {i}") for i in range(4)), nodes, tuple(arrows))


def check_geometry(picture: Picture, placed: Layout) -> None:
    """No card touches another or leaves the sheet; arrows stay outside all cards and end at their own."""
    assert {card.node.id for card in placed.cards} == {node.id for node in picture.nodes}
    for card in placed.cards:
        band = placed.bands[card.node.column]
        assert (card.x, card.width) == (band.x, band.width)
        assert 0 <= card.x <= card.x + card.width <= placed.width
        assert placed.band_top <= card.y <= card.y + card.height <= placed.band_bottom <= placed.height
    for a, b in combinations(placed.cards, 2):
        apart = a.x + a.width <= b.x or b.x + b.width <= a.x or a.y + a.height + 8 <= b.y or b.y + b.height + 8 <= a.y
        assert apart, (a.node.id, b.node.id)
    boxes = {card.node.id: card for card in placed.cards}
    for route in placed.routes:
        assert route.pieces[0][0][0] in edges(boxes[route.arrow.start].x)
        assert route.pieces[-1][3][0] in edges(boxes[route.arrow.end].x)
        for earlier, later in pairwise(route.pieces):
            assert earlier[3] == later[0], "an arrow has no gaps"
        for piece in route.pieces:
            for x, y in points(piece):
                assert 0 <= x <= placed.width
                assert not any(
                    c.x < x < c.x + c.width and c.y - 4 < y < c.y + c.height + 4 for c in placed.cards
                ), (route.arrow, x, y)  # fmt: skip


def edges(x: int) -> tuple[int, int]:
    """Left and right side of a card."""
    return x, x + CARD


@given(pictures())
@settings(max_examples=60, deadline=None)
def test_cards_do_not_touch_and_no_arrow_runs_behind_a_card(picture: Picture) -> None:
    check_geometry(picture, layout(picture))


@pytest.mark.parametrize("picture", LARGE, ids=["plan", "odd", "40 steps", "60 steps"])
def test_larger_pictures_keep_cards_and_arrows_apart(picture: Picture) -> None:
    check_geometry(picture, layout(picture))


def test_lines_meet_their_own_card_between_its_upper_and_lower_edge() -> None:
    placed = layout(layered(3, 40, 6, 80))
    boxes = {card.node.id: card for card in placed.cards}
    for route in placed.routes:
        for name, point in ((route.arrow.start, route.pieces[0][0]), (route.arrow.end, route.pieces[-1][3])):
            assert boxes[name].y < point[1] < boxes[name].y + boxes[name].height


def test_the_same_picture_is_always_laid_out_the_same() -> None:
    for picture in LARGE:
        assert layout(picture) == layout(picture)


def test_a_plan_that_crosses_seven_times_as_listed_is_drawn_without_crossings() -> None:
    nodes = tuple(Node(f"{c}{r}", f"{c}{r}", c, "planned") for c in range(2) for r in range(5))
    arrows = tuple(Arrow(f"0{r}", f"1{(r * 2 + 3) % 5}") for r in range(5))
    picture = Picture("p", (Column("a"), Column("b")), nodes, arrows)
    slots = slots_of(picture)
    assert count_crossings(slots, slots.columns) > 0
    assert count_crossings(slots, best_order(slots)) == 0


@pytest.mark.parametrize("steps", [0, 1])
def test_pictures_with_nothing_to_arrange_are_laid_out(steps: int) -> None:
    nodes = tuple(Node("a", "A", 0, "next") for _ in range(steps))
    assert len(layout(Picture("p", (Column("Fall"),), nodes)).cards) == steps
    assert layout(Picture("", (), ())).cards == ()
