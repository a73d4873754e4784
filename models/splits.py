"""Dividing data so that a test says something about learners, dates or items not seen in training.

All return positions, are seeded, and never put one group on both sides.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from models.base import IntArray


def split_by_group(groups: Sequence[Hashable], *, test_share: float, seed: int) -> tuple[IntArray, IntArray]:
    """Whole groups to one side or the other: learners, items, or anything that would leak if divided.

    Parameters
    ----------
    groups : sequence, length n
        The learner or item each row belongs to.
    test_share : float
        Share of groups, not rows, that goes to the test side; strictly between 0 and 1. Each side gets at least one.
    seed : int
        Same seed and same set of groups, same split, whatever the row order.

    Returns
    -------
    train, test : int arrays
        Positions in growing order.

    Raises
    ------
    ValueError
        If the share is out of range or there are fewer than two groups.

    Examples
    --------
    >>> train, test = split_by_group(["ann", "ben", "ann", "cy"], test_share=0.3, seed=0)
    >>> len(train) + len(test)
    4
    """
    if not 0 < test_share < 1:
        msg = f"test_share: found {test_share}, expected a number between 0 and 1"
        raise ValueError(msg)
    names = _shuffled(groups, seed)
    if len(names) < 2:
        msg = f"groups: found {len(names)} different, expected at least 2"
        raise ValueError(msg)
    n_test = min(max(round(test_share * len(names)), 1), len(names) - 1)
    tested = set(names[:n_test])
    is_test = np.array([group in tested for group in groups])
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)


def folds_by_group(groups: Sequence[Hashable], *, n_folds: int, seed: int) -> list[tuple[IntArray, IntArray]]:
    """Cross-validation in which every group is tested once and never trained on meanwhile.

    Parameters
    ----------
    groups : sequence, length n
    n_folds : int
        From 2 to the number of groups.
    seed : int

    Returns
    -------
    list of (train, test)

    Raises
    ------
    ValueError
        If there are fewer groups than folds, or fewer than two folds.
    """
    names = _shuffled(groups, seed)
    if not 2 <= n_folds <= len(names):
        msg = f"n_folds: found {n_folds}, expected 2 to {len(names)} (the number of groups)"
        raise ValueError(msg)
    fold_of = {name: place % n_folds for place, name in enumerate(names)}
    folds = np.array([fold_of[group] for group in groups])
    return [(np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)) for fold in range(n_folds)]


def split_by_time(times: npt.ArrayLike, *, test_from: object) -> tuple[IntArray, IntArray]:
    """Train on what happened before a moment, test on what happened at or after it.

    Parameters
    ----------
    times : array, shape (n,)
        Anything that can be ordered: numbers, dates as ISO text, numpy dates.
    test_from : same kind
        First moment of the test side.

    Returns
    -------
    train, test : int arrays

    Examples
    --------
    >>> split_by_time(["2024-01-05", "2025-02-01"], test_from="2025-01-01")
    (array([0]), array([1]))
    """
    later = np.asarray(times) >= np.asarray(test_from)
    return np.flatnonzero(~later), np.flatnonzero(later)


def leave_last_out(histories: Sequence[Sequence[str]], *, at_least: int) -> tuple[list[list[str]], list[tuple[list[str], str]]]:
    """Hide the last new item of everyone with enough different items.

    Repeats are dropped first: an item counts when it is earned for the first time.

    Parameters
    ----------
    histories : sequence of sequences of str
        Items in the order earned, one list a person.
    at_least : int
        Different items a person needs to be tested; 2 or more.

    Returns
    -------
    train : list of lists
        One for each person, without the hidden items.
    tests : list of (history, hidden item)
        One for each person tested.

    Examples
    --------
    >>> leave_last_out([["a", "b", "a", "c"], ["a"]], at_least=3)
    ([['a', 'b'], ['a']], [(['a', 'b'], 'c')])
    """
    if at_least < 2:
        msg = f"at_least: found {at_least}, expected 2 or more: one item to know and one to hide"
        raise ValueError(msg)
    distinct = [list(dict.fromkeys(history)) for history in histories]
    train = [items[:-1] if len(items) >= at_least else items for items in distinct]
    return train, [(items[:-1], items[-1]) for items in distinct if len(items) >= at_least]


def _shuffled(groups: Sequence[Hashable], seed: int) -> list[Hashable]:
    # Sorted by text first, so that the order of the rows cannot change the split.
    names = sorted(set(groups), key=repr)
    return [names[place] for place in np.random.default_rng(seed).permutation(len(names))]
