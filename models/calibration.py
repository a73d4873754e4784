"""Scores to probabilities, and sets of answers that hold the right one as often as promised.

Fitting uses scikit-learn, imported where used; predicting uses numpy alone, so serving a fitted calibrator is cheap. What was
learned is a few numbers in arrays, ready for `models.store`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Self

import numpy as np
import numpy.typing as npt

from models.base import NotFittedError

if TYPE_CHECKING:
    from models.base import BoolArray, Float64Array


class IsotonicCalibrator:
    """The best never-falling step function, joined by straight lines. Wants several hundred outcomes.

    Attributes
    ----------
    scores_, probabilities_ : float arrays, shape (n_knots,)
        Probability at each knot; straight lines between, flat outside.
    """

    scores_: Float64Array
    probabilities_: Float64Array

    def fit(self, scores: npt.ArrayLike, outcomes: npt.ArrayLike) -> Self:
        """Learn from scores and what happened.

        Parameters
        ----------
        scores : array, shape (n,)
        outcomes : array, shape (n,)
            0 or 1.

        Returns
        -------
        IsotonicCalibrator
            Itself.

        Raises
        ------
        ValueError
            If the shapes differ, an outcome is neither 0 nor 1, or a number is not finite.
        """
        from sklearn.isotonic import IsotonicRegression

        found, happened = _checked(scores, outcomes)
        fitted = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip").fit(found, happened)
        self.scores_ = np.asarray(fitted.X_thresholds_, dtype=np.float64)
        self.probabilities_ = np.asarray(fitted.y_thresholds_, dtype=np.float64)
        return self

    def predict(self, scores: npt.ArrayLike) -> Float64Array:
        """Probability for each score."""
        if not hasattr(self, "scores_"):
            raise NotFittedError(type(self).__name__)
        return np.interp(np.asarray(scores, dtype=np.float64), self.scores_, self.probabilities_)


class PlattCalibrator:
    """A logistic curve through the scores, with Platt's softened targets. Good from a few dozen outcomes on.

    A curve that would fall is replaced by the flat one: a higher score never means a lower probability.

    Attributes
    ----------
    slope_, intercept_ : float
        Probability is ``1 / (1 + exp(-(slope * score + intercept)))``.

    References
    ----------
    Platt, "Probabilistic outputs for support vector machines", 1999.
    """

    slope_: float
    intercept_: float

    def fit(self, scores: npt.ArrayLike, outcomes: npt.ArrayLike) -> Self:
        """Learn from scores and what happened; see `IsotonicCalibrator.fit`."""
        found, happened = _checked(scores, outcomes)
        n_yes, n_no = int(happened.sum()), int((1 - happened).sum())
        # Platt's targets: with few outcomes no score may earn a certainty of 0 or 1.
        high, low = (n_yes + 1) / (n_yes + 2), 1 / (n_no + 2)
        targets = np.where(happened == 1, high, low)
        center, spread = float(found.mean()), float(found.std()) or 1.0
        slope, intercept = _logistic((found - center) / spread, targets)
        if slope < 0:
            mean = float(targets.mean())
            slope, intercept = 0.0, math.log(mean / (1 - mean))
        self.slope_ = slope / spread
        self.intercept_ = intercept - slope * center / spread
        return self

    def predict(self, scores: npt.ArrayLike) -> Float64Array:
        """Probability for each score."""
        if not hasattr(self, "slope_"):
            raise NotFittedError(type(self).__name__)
        logits = self.slope_ * np.asarray(scores, dtype=np.float64) + self.intercept_
        # Beyond 700 the exponential overflows; the probability is 0 or 1 long before.
        probabilities: Float64Array = 1 / (1 + np.exp(-np.clip(logits, -700, 700)))
        return probabilities


class ConformalSets:
    """Sets of answers that contain the right one with a promised frequency, whatever the scores are worth.

    Holds on average over cases drawn like those of `fit` (split conformal prediction). An empty set means that no answer is
    likely enough: abstain.

    Parameters
    ----------
    error_rate : float
        Share of cases in which the right answer may be missing; strictly between 0 and 1.

    Attributes
    ----------
    threshold_ : float
        Least probability an answer needs to be in the set; minus infinity when there were too few cases to promise anything less.

    References
    ----------
    Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World", 2005.
    """

    threshold_: float

    def __init__(self, error_rate: float = 0.1) -> None:
        self.error_rate = error_rate

    def fit(self, right_probabilities: npt.ArrayLike) -> Self:
        """Learn from the probability given to the right answer, on cases used for nothing else.

        Parameters
        ----------
        right_probabilities : array, shape (n,)

        Returns
        -------
        ConformalSets
            Itself.

        Raises
        ------
        ValueError
            If the error rate is out of range, or a number is not finite.
        """
        if not 0 < self.error_rate < 1:
            msg = f"error_rate: found {self.error_rate}, expected a number between 0 and 1"
            raise ValueError(msg)
        given = np.sort(np.asarray(right_probabilities, dtype=np.float64))
        if given.ndim != 1 or not np.isfinite(given).all():
            raise ValueError("right_probabilities: expected a list of finite numbers")
        # The rank that makes the promise exact for a new case: the new one counts among the n + 1.
        rank = math.floor((len(given) + 1) * self.error_rate)
        self.threshold_ = float(given[rank - 1]) if rank >= 1 else -math.inf
        return self

    def predict(self, probabilities: npt.ArrayLike) -> BoolArray:
        """Which answers are in the set.

        Parameters
        ----------
        probabilities : array, shape (n_cases, n_answers) or (n_answers,)

        Returns
        -------
        bool array, same shape
        """
        if not hasattr(self, "threshold_"):
            raise NotFittedError(type(self).__name__)
        return np.asarray(np.asarray(probabilities, dtype=np.float64) >= self.threshold_)


def _logistic(scores: Float64Array, targets: Float64Array) -> tuple[float, float]:
    """Slope and intercept of the logistic curve with the least cross-entropy to targets between 0 and 1."""
    from sklearn.linear_model import LogisticRegression

    # A soft target is a case that happened with that weight and did not with the rest.
    doubled = np.concatenate([scores, scores]).reshape(-1, 1)
    labels = np.repeat([1, 0], len(scores))
    weights = np.concatenate([targets, 1 - targets])
    fitted = LogisticRegression(C=1e6, tol=1e-8, max_iter=1_000).fit(doubled, labels, sample_weight=weights)
    return float(fitted.coef_[0, 0]), float(fitted.intercept_[0])


def _checked(scores: npt.ArrayLike, outcomes: npt.ArrayLike) -> tuple[Float64Array, Float64Array]:
    found, happened = np.asarray(scores, dtype=np.float64), np.asarray(outcomes, dtype=np.float64)
    if found.ndim != 1 or found.shape != happened.shape or found.size == 0:
        msg = f"found shapes {found.shape} and {happened.shape}, expected two lists of one length, not empty"
        raise ValueError(msg)
    if not np.isfinite(found).all():
        raise ValueError("scores: found a number that is not finite")
    if not np.isin(happened, (0, 1)).all():
        raise ValueError("outcomes: expected 0 or 1 only")
    return found, happened
