"""Several numbers to one probability: a logistic curve over standardized features, fitted once and served by numpy alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt

from models.base import NotFittedError

if TYPE_CHECKING:
    from models.base import Float64Array


class LogisticModel:
    """Logistic regression with an L2 penalty on standardized features.

    Parameters
    ----------
    strength : float
        Inverse of the penalty; smaller keeps weights closer to zero.

    Attributes
    ----------
    weights_, center_, spread_ : float arrays, shape (n_features,)
    intercept_ : float
    """

    weights_: Float64Array
    center_: Float64Array
    spread_: Float64Array
    intercept_: float

    def __init__(self, strength: float = 0.3) -> None:
        self.strength = strength

    def fit(self, features: npt.ArrayLike, outcomes: npt.ArrayLike) -> Self:
        """Learn from rows of finite numbers and what happened (0 or 1; both must occur)."""
        from sklearn.linear_model import LogisticRegression

        rows = np.asarray(features, np.float64)
        self.center_ = rows.mean(axis=0)
        spread = rows.std(axis=0)
        self.spread_ = np.where(spread > 1e-9, spread, 1.0)
        fitted = LogisticRegression(C=self.strength, max_iter=1_000).fit(self._scaled(rows), np.asarray(outcomes))
        self.weights_ = np.asarray(fitted.coef_[0], np.float64)
        self.intercept_ = float(fitted.intercept_[0])
        return self

    def predict(self, features: npt.ArrayLike, *, prior_shift: float = 0.0) -> Float64Array:
        """Probability for each row.

        Parameters
        ----------
        features : array, shape (n, n_features)
        prior_shift : float
            Added to the log-odds: for a share of yes that differs from that of training.
        """
        if not hasattr(self, "weights_"):
            raise NotFittedError(type(self).__name__)
        logits = self._scaled(np.asarray(features, np.float64)) @ self.weights_ + self.intercept_ + prior_shift
        probabilities: Float64Array = 1 / (1 + np.exp(-np.clip(logits, -700, 700)))
        return probabilities

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What was learned, ready for `models.store`."""
        if not hasattr(self, "weights_"):
            raise NotFittedError(type(self).__name__)
        intercept = np.array([self.intercept_])
        return {"weights": self.weights_, "center": self.center_, "spread": self.spread_, "intercept": intercept}

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> Self:
        """Undo `arrays`."""
        model = cls()
        model.weights_, model.center_, model.spread_ = arrays["weights"], arrays["center"], arrays["spread"]
        model.intercept_ = float(arrays["intercept"][0])
        return model

    def _scaled(self, rows: Float64Array) -> Float64Array:
        return np.clip((rows - self.center_) / self.spread_, -8.0, 8.0)
