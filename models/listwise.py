"""A linear ranker that learns from whole lists: which of the candidates of a query was right, not each row by itself.

The weighted sum can be read, is a few dozen numbers on disk, and its softmax over a list is a first guess at a probability.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from models.base import NotFittedError

if TYPE_CHECKING:
    from models.base import Float64Array, IntArray

_CLIP = 8.0
"""Standard deviations beyond which a feature says no more: one odd value must not outvote all others."""


class ListwiseRanker:
    """Conditional logit: maximizes the chance that a softmax over each list falls on one of its right rows.

    Parameters
    ----------
    penalty : float
        L2 penalty on the standardized weights.

    Attributes
    ----------
    weights_, center_, spread_ : float arrays, shape (n_features,)
        One weight for each feature, per standard deviation.

    References
    ----------
    McFadden, "Conditional logit analysis of qualitative choice behavior", 1974; Cao et al., "Learning to rank: from pairwise
    approach to listwise approach", ICML 2007.
    """

    weights_: Float64Array
    center_: Float64Array
    spread_: Float64Array

    def __init__(self, penalty: float = 10.0) -> None:
        self.penalty = penalty

    def fit(self, features: npt.ArrayLike, relevant: npt.ArrayLike, queries: npt.ArrayLike) -> Self:
        """Learn from rows, whether each was right, and which list each belongs to.

        Parameters
        ----------
        features : array, shape (n, n_features)
        relevant : array, shape (n,)
            0 or 1. Lists without a 1 teach nothing.
        queries : array, shape (n,)
            Number of the list, not falling: rows of one list stand together.

        Returns
        -------
        ListwiseRanker
            Itself.

        Raises
        ------
        ValueError
            If shapes disagree, a list is torn apart, or no list has a right row.
        """
        rows, right, lists = np.asarray(features, np.float64), np.asarray(relevant, np.float64), np.asarray(queries)
        if rows.ndim != 2 or right.shape != (len(rows),) or lists.shape != (len(rows),) or not np.isfinite(rows).all():
            msg = f"found shapes {rows.shape}, {right.shape}, {lists.shape}, expected finite (n, n_features), (n,), (n,)"
            raise ValueError(msg)
        if (np.diff(lists) < 0).any() or not right.any():
            raise ValueError("queries: expected rows of one list together, and at least one right row")
        self.center_ = rows.mean(axis=0)
        spread = rows.std(axis=0)
        self.spread_ = np.where(spread > 1e-9, spread, 1.0)
        self.weights_ = _fit(self._scaled(rows), right, lists.astype(np.int64), self.penalty)
        return self

    def score(self, features: npt.ArrayLike) -> Float64Array:
        """One number a row; only differences within a list mean anything."""
        if not hasattr(self, "weights_"):
            raise NotFittedError(type(self).__name__)
        scores: Float64Array = self._scaled(np.asarray(features, np.float64)) @ self.weights_
        return scores

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What was learned, ready for `models.store`."""
        if not hasattr(self, "weights_"):
            raise NotFittedError(type(self).__name__)
        return {"weights": self.weights_, "center": self.center_, "spread": self.spread_}

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Undo `arrays`."""
        ranker = cls()
        ranker.weights_, ranker.center_, ranker.spread_ = arrays["weights"], arrays["center"], arrays["spread"]
        return ranker

    def _scaled(self, rows: Float64Array) -> Float64Array:
        return np.clip((rows - self.center_) / self.spread_, -_CLIP, _CLIP)


def softmax(scores: npt.ArrayLike) -> Float64Array:
    """Shares that sum to 1.

    Examples
    --------
    >>> softmax([0.0, 0.0])
    array([0.5, 0.5])
    """
    values = np.asarray(scores, np.float64)
    powers = np.exp(values - values.max())
    shares: Float64Array = powers / powers.sum()
    return shares


def _fit(rows: Float64Array, right: Float64Array, lists: IntArray, penalty: float) -> Float64Array:
    from scipy.optimize import minimize

    starts = np.concatenate(([0], np.flatnonzero(np.diff(lists)) + 1))
    lengths = np.diff(np.concatenate((starts, [len(lists)])))
    teaches = np.repeat(np.maximum.reduceat(right, starts) > 0, lengths)

    def loss(weights: Float64Array) -> tuple[float, Float64Array]:
        scores = rows @ weights
        powers = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), lengths))
        share = powers / np.repeat(np.add.reduceat(powers, starts), lengths)
        hit = np.add.reduceat(share * right, starts)
        among_right = np.divide(share * right, np.repeat(hit, lengths), out=np.zeros_like(share), where=np.repeat(hit, lengths) > 0)
        gradient = rows.T @ np.where(teaches, share - among_right, 0.0)
        missed = -float(np.log(hit[hit > 0]).sum())
        return missed + 0.5 * penalty * float(weights @ weights), gradient + penalty * weights

    found = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return np.asarray(found.x, dtype=np.float64)
