"""Picking the best hits in one fixed order: score from high to low, ties by id.

Everything that returns hits goes through `top_k`, so the same scores give the same list everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from models.base import IntArray


def tie_ranks(ids: Sequence[str]) -> IntArray:
    """Position of each id in sorted order: what breaks ties between equal scores.

    Parameters
    ----------
    ids : sequence of str
        Distinct ids.

    Returns
    -------
    int array, shape (n,)

    Raises
    ------
    ValueError
        If an id appears twice.

    Examples
    --------
    >>> tie_ranks(["b", "a", "c"])
    array([1, 0, 2])
    """
    order = sorted(range(len(ids)), key=ids.__getitem__)
    for before, after in pairwise(order):
        if ids[before] == ids[after]:
            msg = f"ids: found {ids[before]!r} twice, expected distinct ids. Remove the copy or rename it."
            raise ValueError(msg)
    ranks = np.empty(len(ids), dtype=np.int64)
    ranks[order] = np.arange(len(ids))
    return ranks


def top_k(scores: npt.ArrayLike, ranks: IntArray, k: int) -> IntArray:
    """Positions of the `k` best scores, best first, ties by rank.

    Costs one partition over all scores and a sort of the winners, not a full sort.

    Parameters
    ----------
    scores : float array, shape (n,)
        Higher is better. No NaN.
    ranks : int array, shape (n,)
        From `tie_ranks`.
    k : int
        Not negative; more than `n` returns all.

    Returns
    -------
    int array, shape (min(k, n),)

    Raises
    ------
    ValueError
        If `k` is negative.

    Examples
    --------
    >>> top_k([0.5, 0.9, 0.5], tie_ranks(["c", "b", "a"]), 2)
    array([1, 2])
    """
    values = np.asarray(scores)
    if k < 0:
        msg = f"k: found {k}, expected 0 or more."
        raise ValueError(msg)
    n = values.shape[0]
    if k == 0 or n == 0:
        return np.empty(0, dtype=np.int64)
    if k >= n:
        chosen = np.arange(n, dtype=np.int64)
    else:
        kth_best = np.partition(values, n - k)[n - k]
        # All who tie with the last place compete for it by id; argpartition alone would pick among them at random.
        chosen = np.flatnonzero(values >= kth_best)
    order = np.lexsort((ranks[chosen], -values[chosen]))
    return chosen[order[:k]]
