"""Joining several lists of hits into one, by rank or by standardized score.

Equal-weight rank fusion of words and meaning was measured to hurt goal search; measure before using it on a new question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.hits import tie_ranks, top_k

if TYPE_CHECKING:
    from models.base import Hits


def fuse_ranks(hit_lists: Sequence[Hits], k: int, *, weights: Sequence[float] | None = None, smoothing: float = 60.0) -> Hits:
    """Reciprocal rank fusion: each list gives an id ``weight / (smoothing + rank)``, ranks from 1.

    Parameters
    ----------
    hit_lists : sequence of (ids, scores)
        Each best first. Scores are not looked at, so lists of different scales may be joined.
    k : int
        Hits wanted.
    weights : sequence of float, optional
        One for each list, 1 by default. Not negative.
    smoothing : float
        How little the very first ranks stand out. Positive.

    Returns
    -------
    ids : list of str
        Best first, ties by id.
    scores : float64 array

    Raises
    ------
    ValueError
        If the number of weights is wrong, or a weight or the smoothing is out of range.

    References
    ----------
    Cormack, Clarke and Buettcher, "Reciprocal rank fusion outperforms Condorcet", SIGIR 2009.

    Examples
    --------
    >>> fuse_ranks([(["a", "b"], [9, 1]), (["b", "c"], [3, 2])], 2)[0]
    ['b', 'a']
    """
    if smoothing <= 0:
        msg = f"smoothing: found {smoothing}, expected a positive number"
        raise ValueError(msg)
    total: dict[str, float] = {}
    for weight, (ids, _) in zip(_checked_weights(weights, len(hit_lists)), hit_lists, strict=True):
        for rank, one in enumerate(ids, start=1):
            total[one] = total.get(one, 0.0) + weight / (smoothing + rank)
    return _best(total, k)


def fuse_scores(hit_lists: Sequence[Hits], k: int, *, weights: Sequence[float] | None = None) -> Hits:
    """Weighted sum of scores after each list is brought to mean 0 and deviation 1.

    An id that a list leaves out gets that list's lowest standardized score. A list whose scores are all equal adds nothing.

    Parameters
    ----------
    hit_lists : sequence of (ids, scores)
    k : int
        Hits wanted.
    weights : sequence of float, optional
        One for each list, 1 by default. Not negative.

    Returns
    -------
    ids : list of str
        Best first, ties by id.
    scores : float64 array

    Raises
    ------
    ValueError
        If the number of weights is wrong or one is negative.

    Examples
    --------
    >>> fuse_scores([(["a", "b"], [9, 1]), (["b", "a"], [5, 1])], 2, weights=[1, 2])[0]
    ['b', 'a']
    """
    standardized = [dict(zip(ids, _standardize(scores), strict=True)) for ids, scores in hit_lists]
    total = dict.fromkeys((one for found in standardized for one in found), 0.0)
    for weight, found in zip(_checked_weights(weights, len(hit_lists)), standardized, strict=True):
        lowest = min(found.values(), default=0.0)
        for one in total:
            total[one] += weight * found.get(one, lowest)
    return _best(total, k)


def _standardize(scores: Sequence[float] | np.ndarray) -> list[float]:
    values = np.asarray(scores, dtype=np.float64)
    if values.size == 0:
        return []
    deviation = float(values.std())
    # Equal scores carry no preference; what rounding leaves of their deviation must not be blown up to one.
    if deviation <= 1e-12 * max(1.0, float(np.abs(values).max())):
        return [0.0] * values.size
    result: list[float] = ((values - values.mean()) / deviation).tolist()
    return result


def _checked_weights(weights: Sequence[float] | None, n_lists: int) -> list[float]:
    chosen = [1.0] * n_lists if weights is None else [float(weight) for weight in weights]
    if len(chosen) != n_lists or any(not weight >= 0 for weight in chosen):
        msg = f"weights: found {chosen}, expected {n_lists} numbers that are not negative, one for each list"
        raise ValueError(msg)
    return chosen


def _best(total: dict[str, float], k: int) -> Hits:
    ids = list(total)
    scores = np.array([total[one] for one in ids], dtype=np.float64)
    best = top_k(scores, tie_ranks(ids), k)
    return [ids[row] for row in best], scores[best]
