"""Learned rankers over a feature matrix: a linear one and boosted trees.

Fitting uses scikit-learn, imported where used; scoring uses numpy alone, from arrays that `models.store` keeps, so a server neither
waits for that import nor unpickles anything. A missing feature (NaN) is unknown, not zero: it is filled with the median
and flagged in a column of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import numpy.typing as npt

from models.base import NotFittedError
from models.store import load_arrays, save_arrays

if TYPE_CHECKING:
    from models.base import BoolArray, Float64Array

_LEAF: Final = -1


@dataclass(frozen=True)
class _Filler:
    """Fills unknown features with the training median and says where it did.

    Attributes
    ----------
    medians : float array, shape (n_features,)
        0 where a feature was never known.
    flagged : bool array, shape (n_features,)
        Features that were unknown at least once in training; each gets a column that says so.
    """

    medians: Float64Array
    flagged: BoolArray

    @classmethod
    def learn(cls, features: Float64Array) -> Self:
        unknown = np.isnan(features)
        known_columns = [column[~missing] for column, missing in zip(features.T, unknown.T, strict=True)]
        medians = [float(np.median(known)) if known.size else 0.0 for known in known_columns]
        return cls(np.array(medians), np.asarray(unknown.any(axis=0)))

    def fill(self, features: npt.ArrayLike) -> Float64Array:
        rows = _as_matrix(features)
        if rows.shape[1] != len(self.medians):
            msg = f"features: found {rows.shape[1]} columns, expected {len(self.medians)}"
            raise ValueError(msg)
        unknown = np.isnan(rows)
        return np.hstack([np.where(unknown, self.medians, rows), unknown[:, self.flagged]])


class LinearRanker:
    """Logistic regression on standardized features: a weighted sum that can be read.

    Parameters
    ----------
    strength : float
        Inverse of the L2 penalty; smaller keeps weights closer to zero.

    Attributes
    ----------
    weights_ : float array
        One for each feature, then one for each feature that may be unknown, per standard deviation.
    """

    weights_: Float64Array

    def __init__(self, strength: float = 1.0) -> None:
        self.strength = strength

    def fit(self, features: npt.ArrayLike, relevant: npt.ArrayLike) -> Self:
        """Learn from rows and whether each was relevant.

        Parameters
        ----------
        features : array, shape (n, n_features)
            NaN where unknown.
        relevant : array, shape (n,)
            0 or 1; both must occur.

        Returns
        -------
        LinearRanker
            Itself.

        Raises
        ------
        ValueError
            If shapes disagree or only one of 0 and 1 occurs.
        """
        from sklearn.linear_model import LogisticRegression

        rows, labels = _training(features, relevant)
        self._filler = _Filler.learn(rows)
        filled = self._filler.fill(rows)
        spread = filled.std(axis=0)
        self._center, self._spread = filled.mean(axis=0), np.where(spread > 0, spread, 1.0)
        fitted = LogisticRegression(C=self.strength, max_iter=1_000).fit((filled - self._center) / self._spread, labels)
        self.weights_ = np.asarray(fitted.coef_[0], dtype=np.float64)
        self._intercept = float(fitted.intercept_[0])
        return self

    def score(self, features: npt.ArrayLike) -> Float64Array:
        """Log-odds of relevance for each row."""
        if not hasattr(self, "weights_"):
            raise NotFittedError(type(self).__name__)
        scores: Float64Array = (self._filler.fill(features) - self._center) / self._spread @ self.weights_ + self._intercept
        return scores

    def save(self, path: Path) -> None:
        """Write what was learned to one file."""
        if not hasattr(self, "weights_"):
            raise NotFittedError(type(self).__name__)
        arrays = {
            "medians": self._filler.medians, "flagged": self._filler.flagged, "weights": self.weights_,
            "center": self._center, "spread": self._spread, "intercept": np.array([self._intercept]),
        }  # fmt: skip
        save_arrays(path, arrays, kind=type(self).__name__, header={"strength": self.strength})

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        stored = load_arrays(path, kind=cls.__name__)
        model, arrays = cls(**stored.header), stored.arrays
        model._filler = _Filler(arrays["medians"], arrays["flagged"])
        model.weights_, model._intercept = arrays["weights"], float(arrays["intercept"][0])
        model._center, model._spread = arrays["center"], arrays["spread"]
        return model


class BoostedRanker:
    """Gradient boosted trees, for features that matter only together.

    Parameters
    ----------
    n_trees, depth : int
    learning_rate : float
        How far each tree moves the score.
    seed : int
        Same seed and data, same trees.

    Attributes
    ----------
    trees_ : dict of str to array
        Nodes of all trees in one list: feature, threshold, left, right, value; and the root of each tree.
    """

    trees_: dict[str, npt.NDArray[Any]]

    def __init__(self, n_trees: int = 150, depth: int = 3, learning_rate: float = 0.1, seed: int = 0) -> None:
        self.n_trees = n_trees
        self.depth = depth
        self.learning_rate = learning_rate
        self.seed = seed

    def fit(self, features: npt.ArrayLike, relevant: npt.ArrayLike) -> Self:
        """Learn from rows and whether each was relevant; see `LinearRanker.fit`."""
        from sklearn.ensemble import GradientBoostingClassifier

        rows, labels = _training(features, relevant)
        self._filler = _Filler.learn(rows)
        fitted = GradientBoostingClassifier(
            n_estimators=self.n_trees,
            max_depth=self.depth,
            learning_rate=self.learning_rate,
            subsample=0.8,
            random_state=self.seed,
        ).fit(self._filler.fill(rows), labels)
        share = float(labels.mean())
        # The trees start from the log-odds of the training share, scikit-learn's default first guess.
        self._start = float(np.log(share / (1 - share)))
        self.trees_ = _flatten([tree.tree_ for tree in fitted.estimators_[:, 0]], self.learning_rate)
        return self

    def score(self, features: npt.ArrayLike) -> Float64Array:
        """Log-odds of relevance for each row."""
        if not hasattr(self, "trees_"):
            raise NotFittedError(type(self).__name__)
        # The trees were grown on float32 features; comparing wider numbers could fall on the other side of a threshold.
        rows = self._filler.fill(features).astype(np.float32)
        trees = self.trees_
        scores = np.full(len(rows), self._start)
        everyone = np.arange(len(rows))
        for root in trees["roots"]:
            node = np.full(len(rows), root)
            for _ in range(self.depth):
                feature = trees["feature"][node]
                goes_left = rows[everyone, np.maximum(feature, 0)] <= trees["threshold"][node]
                child = np.where(goes_left, trees["left"][node], trees["right"][node])
                node = np.where(feature == _LEAF, node, child)
            scores += trees["value"][node]
        return scores

    def save(self, path: Path) -> None:
        """Write what was learned to one file."""
        if not hasattr(self, "trees_"):
            raise NotFittedError(type(self).__name__)
        arrays = {
            "medians": self._filler.medians, "flagged": self._filler.flagged,
            "start": np.array([self._start]), **self.trees_,
        }  # fmt: skip
        header = {"n_trees": self.n_trees, "depth": self.depth, "learning_rate": self.learning_rate, "seed": self.seed}
        save_arrays(path, arrays, kind=type(self).__name__, header=header, seed=self.seed)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read what `save` wrote."""
        stored = load_arrays(path, kind=cls.__name__)
        model, arrays = cls(**stored.header), dict(stored.arrays)
        model._filler = _Filler(arrays.pop("medians"), arrays.pop("flagged"))
        model._start = float(arrays.pop("start")[0])
        model.trees_ = arrays
        return model


def _flatten(trees: list[Any], learning_rate: float) -> dict[str, npt.NDArray[Any]]:
    """All nodes in one list, children numbered within it."""
    roots = np.concatenate(([0], np.cumsum([tree.node_count for tree in trees])[:-1])).astype(np.int64)
    is_leaf = np.concatenate([tree.children_left < 0 for tree in trees])
    return {
        "roots": roots,
        "feature": np.where(is_leaf, _LEAF, np.concatenate([tree.feature for tree in trees])),
        "threshold": np.concatenate([tree.threshold for tree in trees]),
        "left": np.concatenate([tree.children_left + root for tree, root in zip(trees, roots, strict=True)]),
        "right": np.concatenate([tree.children_right + root for tree, root in zip(trees, roots, strict=True)]),
        "value": learning_rate * np.concatenate([tree.value[:, 0, 0] for tree in trees]),
    }


def _as_matrix(features: npt.ArrayLike) -> Float64Array:
    rows = np.asarray(features, dtype=np.float64)
    if rows.ndim != 2 or np.isinf(rows).any():
        msg = f"features: found shape {rows.shape}, expected rows and columns of finite numbers (NaN where unknown)"
        raise ValueError(msg)
    return rows


def _training(features: npt.ArrayLike, relevant: npt.ArrayLike) -> tuple[Float64Array, Float64Array]:
    rows, labels = _as_matrix(features), np.asarray(relevant, dtype=np.float64)
    if labels.shape != (len(rows),):
        msg = f"relevant: found shape {labels.shape}, expected ({len(rows)},), one for each row"
        raise ValueError(msg)
    if set(np.unique(labels)) != {0.0, 1.0}:
        raise ValueError("relevant: expected 0 and 1, each at least once")
    return rows, labels
