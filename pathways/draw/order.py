"""The order of steps inside fixed columns, so that arrows cross seldom: barycenter sweeps that keep the best order seen.

An arrow that skips a column gets a slot in it, so that it passes between cards. Arrows to the same step share those slots: they
join into one line, which says nothing wrong (all of them end there) and keeps the picture small. Arrows inside one column take no
part in the order.

Sugiyama, Tagawa and Toda (1981) is the source of the barycenter sweeps.
"""

from __future__ import annotations

import random
from bisect import bisect_right, insort
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

from pathways.draw.picture import Picture

Order = tuple[tuple[int, ...], ...]
#: A sweep that brought nothing so many times in a row ends the search.
PATIENCE = 4
ROUNDS = 24
#: Swapping neighbors is tried up to so many slots, all orders up to so many slots in each column.
SWAP_SLOTS = 160
ALL_ORDERS = 4
#: Between so many slots (fewer are settled by then, more take too long) so many shuffled starts are tried too.
MORE_STARTS = (16, 60, 10)


@dataclass(frozen=True, slots=True)
class Slots:
    """The columns as slots: steps first (numbered as in the picture), then the places where arrows pass.

    Parameters
    ----------
    columns : tuple of tuple of int
        Slots of each column in the order of the picture, passing places last.
    left, right : tuple of tuple of int
        For each slot, the slots it is joined to in the column before and after.
    chains : tuple of tuple of int
        For each arrow, the slots it runs through, start first. Two slots of one column for an arrow inside a column.
    """

    columns: Order
    left: tuple[tuple[int, ...], ...]
    right: tuple[tuple[int, ...], ...]
    chains: tuple[tuple[int, ...], ...]

    @property
    def count(self) -> int:
        """Number of slots."""
        return len(self.left)


def slots_of(picture: Picture) -> Slots:
    """The slots of a picture in its own order."""
    number = {node.id: position for position, node in enumerate(picture.nodes)}
    columns: list[list[int]] = [[] for _ in picture.columns]
    for position, node in enumerate(picture.nodes):
        columns[node.column].append(position)
    passing: dict[tuple[str, str, int], int] = {}
    chains = []
    for arrow in picture.arrows:
        here, there = (picture.nodes[number[end]].column for end in (arrow.start, arrow.end))
        step = 1 if here < there else -1
        chain = [number[arrow.start]]
        for column in range(here + step, there, step) if here != there else ():
            key = (arrow.end, arrow.kind, column)
            if key not in passing:
                passing[key] = len(number) + len(passing)
                columns[column].append(passing[key])
            chain.append(passing[key])
        chains.append((*chain, number[arrow.end]))
    left, right = _joined(picture, chains, len(number) + len(passing))
    return Slots(tuple(map(tuple, columns)), left, right, tuple(chains))


def _joined(
    picture: Picture, chains: Iterable[tuple[int, ...]], count: int
) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    """Neighbors of each slot on both sides, each once."""
    left: list[dict[int, None]] = [{} for _ in range(count)]
    right: list[dict[int, None]] = [{} for _ in range(count)]
    for arrow_chain in chains:
        start, end = picture.nodes[arrow_chain[0]].column, picture.nodes[arrow_chain[-1]].column
        if start == end:
            continue
        for before, after in pairwise(arrow_chain if start < end else arrow_chain[::-1]):
            right[before][after] = None
            left[after][before] = None
    return tuple(tuple(side) for side in left), tuple(tuple(side) for side in right)


def count_crossings(slots: Slots, order: Order) -> int:
    """How often joins between neighboring columns cross in this order. Joins with a common end do not cross."""
    return sum(_between(slots, before, after) for before, after in pairwise(order))


def _between(slots: Slots, before: Sequence[int], after: Sequence[int]) -> int:
    """Crossings between two neighboring columns: inversions of the right ends, read from the top of the left column."""
    place = {slot: position for position, slot in enumerate(after)}
    seen: list[int] = []
    total = 0
    for slot in before:
        ends = [place[other] for other in slots.right[slot]]
        total += sum(len(seen) - bisect_right(seen, end) for end in ends)
        for end in ends:
            insort(seen, end)
    return total


def best_order(slots: Slots) -> Order:
    """The order with the fewest crossings that was found; never worse than the order of the picture, and always the same."""
    best, fewest = slots.columns, count_crossings(slots, slots.columns)
    for start, right_first in _starts(slots):
        if fewest == 0:
            return best
        order, crossings = _sweep(slots, start, right_first=right_first)
        if slots.count <= SWAP_SLOTS and crossings:
            order, crossings = _swap(slots, order, crossings)
        if crossings < fewest:
            best, fewest = order, crossings
    if fewest and max(map(len, slots.columns)) <= ALL_ORDERS:
        return _all_orders(slots)
    return best


def _starts(slots: Slots) -> Iterator[tuple[Order, bool]]:
    """Orders to start sweeps from, and whether the first sweep runs to the left: as listed, turned over, and a few shuffled."""
    yield slots.columns, False
    yield slots.columns, True
    yield tuple(column[::-1] for column in slots.columns), False
    if MORE_STARTS[0] <= slots.count <= MORE_STARTS[1] and max(map(len, slots.columns)) > ALL_ORDERS:
        shuffle = random.Random(0).shuffle  # noqa: S311 - the same few orders each time, no secret
        for turn in range(MORE_STARTS[2]):
            columns = [list(column) for column in slots.columns]
            for column in columns:
                shuffle(column)
            yield tuple(map(tuple, columns)), turn % 2 == 1


def _sweep(slots: Slots, start: Order, *, right_first: bool) -> tuple[Order, int]:
    """Barycenter sweeps to and fro; the best order on the way."""
    place = [0.0] * slots.count
    current = list(start)
    for column in current:
        _put(place, column)
    best, fewest = start, count_crossings(slots, start)
    idle = 0
    for turn in range(ROUNDS):
        if fewest == 0 or idle == PATIENCE:
            break
        forward = (turn % 2 == 0) != right_first
        neighbors = slots.left if forward else slots.right
        for index in range(len(current)) if forward else range(len(current) - 1, -1, -1):
            current[index] = _sorted_column(current[index], neighbors, place)
            _put(place, current[index])
        crossings = count_crossings(slots, tuple(current))
        idle = 0 if crossings < fewest else idle + 1
        if crossings < fewest:
            best, fewest = tuple(current), crossings
    return best, fewest


def _put(place: list[float], column: Sequence[int]) -> None:
    """Positions between 0 and 1, so that columns of different length compare."""
    for position, slot in enumerate(column):
        place[slot] = (position + 0.5) / len(column)


def _sorted_column(column: Sequence[int], neighbors: Sequence[Sequence[int]], place: list[float]) -> tuple[int, ...]:
    """A column by the mean position of its neighbors; a slot without any stays where it is. Ties keep their order."""
    key = {
        slot: sum([place[other] for other in neighbors[slot]]) / len(neighbors[slot]) if neighbors[slot] else place[slot]
        for slot in column
    }
    return tuple(sorted(column, key=key.__getitem__))


def _swap(slots: Slots, order: Order, crossings: int) -> tuple[Order, int]:
    """Swap neighbors inside columns as long as that saves crossings."""
    columns = [list(column) for column in order]
    place = [0] * slots.count
    for column in columns:
        for position, slot in enumerate(column):
            place[slot] = position
    saved = True
    while saved and crossings:
        saved = False
        for column in columns:
            for position in range(len(column) - 1):
                gain = _gain(slots, place, column[position], column[position + 1])
                if gain > 0:
                    upper, lower = column[position], column[position + 1]
                    column[position], column[position + 1] = lower, upper
                    place[upper], place[lower] = position + 1, position
                    crossings -= gain
                    saved = True
    return tuple(map(tuple, columns)), crossings


def _gain(slots: Slots, place: Sequence[int], upper: int, lower: int) -> int:
    """Crossings saved by swapping two slots that stand one above the other."""
    gain = 0
    for side in (slots.left, slots.right):
        for a in side[upper]:
            for b in side[lower]:
                gain += (place[a] > place[b]) - (place[a] < place[b])
    return gain


def _all_orders(slots: Slots) -> Order:
    """The best of all orders of small columns, column by column: the cost so far depends only on the last column's order."""
    costs: dict[tuple[int, ...], int] = dict.fromkeys(permutations(slots.columns[0]), 0)
    ways: list[dict[tuple[int, ...], tuple[int, ...]]] = []
    for column in slots.columns[1:]:
        reached: dict[tuple[int, ...], int] = {}
        way: dict[tuple[int, ...], tuple[int, ...]] = {}
        for order in permutations(column):
            total, before = min((cost + _between(slots, previous, order), previous) for previous, cost in costs.items())
            reached[order], way[order] = total, before
        costs = reached
        ways.append(way)
    last = min(costs, key=lambda order: (costs[order], order))
    found = [last]
    for way in reversed(ways):
        found.append(way[found[-1]])
    return tuple(reversed(found))
