"""Picking the best hits in one fixed order: score from high to low, ties by id.

Everything that returns hits goes through `top_k`, so the same scores give the same list everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from models.base import IntArray

_COLUMN: Final = 64
"""Scores whose largest stands for all of them in the first pass of `top_k`."""


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

    Costs about one pass over the scores and a sort of the winners, not a full sort.

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
    chosen = np.arange(n, dtype=np.int64) if k >= n else _contenders(values, k)
    order = np.lexsort((ranks[chosen], -values[chosen]))
    return chosen[order[:k]]


def _contenders(values: npt.NDArray[Any], k: int) -> IntArray:
    """Positions of all scores at or above the k-th best, for k below n. Few more than k, unless many tie.

    All who tie with the last place must be in: they compete for it by id, where a partition would pick at random.
    """
    n_columns = len(values) // _COLUMN
    if n_columns > 4 * k:
        # k columns hold a score as good as the k-th best column maximum, so the k-th best score is no lower than that.
        maxima = values[: n_columns * _COLUMN].reshape(_COLUMN, n_columns).max(axis=0)
        chosen = np.flatnonzero(values >= _kth_best(maxima, k))
    else:
        chosen = np.arange(len(values), dtype=np.int64)
    kept = values[chosen]
    return chosen[kept >= _kth_best(kept, k)]


def _kth_best(values: npt.NDArray[Any], k: int) -> float:
    place = len(values) - k
    return float(np.partition(values, place)[place])
