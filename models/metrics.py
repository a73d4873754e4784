"""How good a ranking, a recommendation or a probability is, and how sure one can be that one system beats another.

Rankings are lists of ids, best first; relevance is a set of ids or a gain for each id. Everything is computed for one
query; average over queries outside, and compare two systems with `paired_bootstrap`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from models.base import Float64Array

Relevant = AbstractSet[str] | Mapping[str, float]


def ndcg_at_k(ranked: Sequence[str], relevant: Relevant, k: int) -> float:
    """Normalized discounted cumulative gain with linear gains and a log2 discount.

    Parameters
    ----------
    ranked : sequence of str
        Ids, best first.
    relevant : set of str, or mapping of str to float
        Relevant ids, or a gain for each; a set means gain 1.
    k : int
        Ranks looked at.

    Returns
    -------
    float
        Between 0 and 1; 0 when nothing is relevant.

    References
    ----------
    Jarvelin and Kekalainen, "Cumulated gain-based evaluation of IR techniques", 2002.

    Examples
    --------
    >>> round(ndcg_at_k(["x", "a"], {"a"}, 10), 4)
    0.6309
    """
    gains = relevant if isinstance(relevant, Mapping) else dict.fromkeys(relevant, 1.0)
    gained = _discounted([gains.get(one, 0.0) for one in ranked[:k]])
    best = _discounted(sorted(gains.values(), reverse=True)[:k])
    return gained / best if best > 0 else 0.0


def recall_at_k(ranked: Sequence[str], relevant: Relevant, k: int) -> float:
    """Share of the relevant ids among the first `k`; 0 when nothing is relevant.

    Examples
    --------
    >>> recall_at_k(["a", "x", "b"], {"a", "b", "c", "d"}, 3)
    0.5
    """
    wanted = _wanted(relevant)
    return len(wanted.intersection(ranked[:k])) / len(wanted) if wanted else 0.0


def hit_at_k(ranked: Sequence[str], relevant: Relevant, k: int) -> float:
    """1 when any relevant id is among the first `k`, else 0.

    Examples
    --------
    >>> hit_at_k(["x", "a"], {"a"}, 1), hit_at_k(["x", "a"], {"a"}, 2)
    (0.0, 1.0)
    """
    return float(not _wanted(relevant).isdisjoint(ranked[:k]))


def reciprocal_rank(ranked: Sequence[str], relevant: Relevant) -> float:
    """One over the rank of the first relevant id, 0 when there is none. Its mean over queries is MRR.

    Examples
    --------
    >>> reciprocal_rank(["x", "a"], {"a"})
    0.5
    """
    wanted = _wanted(relevant)
    return next((1 / rank for rank, one in enumerate(ranked, start=1) if one in wanted), 0.0)


def coverage(rankings: Sequence[Sequence[str]], catalog: AbstractSet[str]) -> float:
    """Share of the catalog that stands in at least one of the rankings.

    Examples
    --------
    >>> coverage([["a"], ["a", "b"]], {"a", "b", "c", "d"})
    0.5
    """
    shown = {one for ranked in rankings for one in ranked}
    return len(shown & catalog) / len(catalog) if catalog else 0.0


def diversity(vectors: npt.ArrayLike) -> float:
    """Mean of ``1 - cosine`` over all pairs of one list; 0 for fewer than two items.

    Parameters
    ----------
    vectors : array, shape (n, dim)
        Unit rows of the items shown.

    Examples
    --------
    >>> diversity([[1, 0], [0, 1]])
    1.0
    """
    matrix = np.asarray(vectors, dtype=np.float64)
    n = len(matrix)
    if n < 2:
        return 0.0
    cosines = matrix @ matrix.T
    return float(1 - (cosines.sum() - np.trace(cosines)) / (n * (n - 1)))


def brier_score(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike) -> float:
    """Mean squared difference between probability and outcome (0 or 1); lower is better.

    Examples
    --------
    >>> brier_score([0.5, 1.0], [1, 1])
    0.125
    """
    stated, happened = _paired(probabilities, outcomes)
    return float(((stated - happened) ** 2).mean())


def expected_calibration_error(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, n_bins: int = 10) -> float:
    """Mean gap between stated and observed frequency over equal-width bins, weighted by how many fall in each.

    Parameters
    ----------
    probabilities : array, shape (n,)
        Between 0 and 1.
    outcomes : array, shape (n,)
        0 or 1.
    n_bins : int
        Bins of equal width; a probability on a border belongs to the upper one.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> expected_calibration_error([0.9, 0.9, 0.1, 0.1], [1, 0, 0, 0], n_bins=2)
    0.25
    """
    stated, happened = _paired(probabilities, outcomes)
    bins = np.minimum((stated * n_bins).astype(np.int64), n_bins - 1)
    gaps = np.bincount(bins, weights=stated - happened, minlength=n_bins)
    return float(np.abs(gaps).sum() / len(stated))


def equal_mass_calibration_error(probabilities: npt.ArrayLike, outcomes: npt.ArrayLike, n_bins: int = 10) -> float:
    """Mean gap between stated and observed frequency over bins that hold equally many cases.

    Parameters
    ----------
    probabilities : array, shape (n,)
        Between 0 and 1.
    outcomes : array, shape (n,)
        0 or 1.
    n_bins : int
        Bins; sizes differ by one at most.

    Returns
    -------
    float
        Between 0 and 1.

    Examples
    --------
    >>> equal_mass_calibration_error([0.9, 0.9, 0.1, 0.1], [1, 0, 0, 0], n_bins=2)
    0.25
    """
    stated, happened = _paired(probabilities, outcomes)
    bins = np.array_split(np.argsort(stated, kind="stable"), n_bins)
    gaps = [abs(float((stated[rows] - happened[rows]).sum())) for rows in bins if len(rows)]
    return sum(gaps) / len(stated)


def calibration_band(
    probabilities: npt.ArrayLike, *, seed: int, n_bins: int = 10, n_samples: int = 1_000, level: float = 0.95
) -> tuple[float, float]:
    """Range of `equal_mass_calibration_error` when the probabilities are exactly right: no model of this size is at 0.

    Parameters
    ----------
    probabilities : array, shape (n,)
    seed : int
        Same seed, same band.
    n_bins, n_samples : int
    level : float
        Share of simulated errors inside the band.

    Returns
    -------
    low, high : float
    """
    stated = np.asarray(probabilities, dtype=np.float64)
    generator = np.random.default_rng(seed)
    drawn = [
        equal_mass_calibration_error(stated, (generator.random(len(stated)) < stated).astype(np.float64), n_bins)
        for _ in range(n_samples)
    ]
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


@dataclass(frozen=True)
class RiskCoverage:
    """What happens when only the surest answers are given.

    Attributes
    ----------
    coverage : float array, shape (n,)
        Share of questions answered, growing from 1/n to 1.
    risk : float array, shape (n,)
        Share of wrong answers among those.
    area : float
        Mean risk over all coverages; lower is better.
    """

    coverage: Float64Array
    risk: Float64Array
    area: float


def risk_coverage(confidences: npt.ArrayLike, correct: npt.ArrayLike) -> RiskCoverage:
    """Risk at each coverage when answers are given in order of confidence.

    Parameters
    ----------
    confidences : array, shape (n,)
    correct : array, shape (n,)
        1 where the answer was right. Among equal confidences the wrong answers come first, so a tie never flatters.

    Returns
    -------
    RiskCoverage

    Examples
    --------
    >>> risk_coverage([0.9, 0.5], [1, 0]).risk
    array([0. , 0.5])
    """
    sure, right = _paired(confidences, correct)
    order = np.lexsort((right, -sure))
    answered = np.arange(1, len(right) + 1)
    risk = np.cumsum(1 - right[order]) / answered
    return RiskCoverage(answered / len(right), risk, float(risk.mean()))


@dataclass(frozen=True)
class Interval:
    """A mean difference and its bootstrap interval."""

    mean: float
    low: float
    high: float


def paired_bootstrap(
    first: npt.ArrayLike, second: npt.ArrayLike, *, seed: int, n_samples: int = 2_000, level: float = 0.95
) -> Interval:
    """Mean of ``first - second`` over queries, with a percentile bootstrap interval over the same queries.

    Parameters
    ----------
    first, second : array, shape (n_queries,)
        A figure for each query, in the same order.
    seed : int
        Same seed, same interval.
    n_samples : int
        Resamples.
    level : float
        Share of resampled means inside the interval.

    Returns
    -------
    Interval
    """
    one, other = _paired(first, second)
    differences = one - other
    generator = np.random.default_rng(seed)
    # One resample at a time: a table of all of them would take n_samples x n_queries of memory.
    means = [float(generator.choice(differences, len(differences)).mean()) for _ in range(n_samples)]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(differences.mean()), float(low), float(high))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _wanted(relevant: Relevant) -> set[str]:
    if isinstance(relevant, Mapping):
        return {one for one, gain in relevant.items() if gain > 0}
    return set(relevant)


def _paired(first: npt.ArrayLike, second: npt.ArrayLike) -> tuple[Float64Array, Float64Array]:
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape or one.size == 0:
        msg = f"found shapes {one.shape} and {other.shape}, expected two lists of one length, not empty"
        raise ValueError(msg)
    return one, other
