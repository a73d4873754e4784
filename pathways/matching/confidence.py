"""From the scores of one list to probabilities: how likely each of the first candidates, and none at all, was recorded.

A softmax over the list is only a first guess; a small logistic curve over it and a few plain similarities, learned on badges that
the ranker had not seen, makes it a share that can be checked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.listwise import softmax
from models.logistic import LogisticModel
from models.metrics import risk_coverage

if TYPE_CHECKING:
    import numpy.typing as npt

    from models.base import BoolArray, Float64Array, IntArray

#: Candidates of a list that get a probability.
TOP: Final = 10

#: Share of badges for which a list holds no match, assumed when "none fits" is told; half of the training cases were such.
NONE_SHARE: Final = 0.2

#: Shares of wrong answers at which a threshold is kept.
RISKS: Final = (0.05, 0.1, 0.2)

_PLAIN: Final = ("meaning_spelled", "words_spelled", "same_title", "meaning_text", "words_text", "characters_title")
_BY_PRECEDENT: Final = ("near_by_title_issuer", "closest_same_by_words", "closest_same_by_text", "elective_share")


@dataclass(frozen=True)
class Scored:
    """Candidates of one badge, best first, and what the probabilities of the first ones are computed from."""

    groups: IntArray
    scores: Float64Array
    rows: Float64Array

    @classmethod
    def of(cls, pool: IntArray, features: Float64Array, columns: Sequence[str], scores: Float64Array) -> Scored:
        """Order candidates by score, ties by their place in the list."""
        order = np.lexsort((pool, -scores))
        shares = softmax(scores)[order]
        following = np.append(shares[1:], 0.0)
        names = [name for name in (*_PLAIN, *_BY_PRECEDENT) if name in columns]
        picked = features[order[:TOP]][:, [columns.index(name) for name in names]]
        first = np.arange(len(order)) == 0
        shape = np.stack([_logit(shares), shares - following, first], axis=1)[:TOP]
        return cls(pool[order], scores[order], np.hstack([shape, picked]))


@dataclass(frozen=True)
class Confidence:
    """Fitted curves, and the cases they were fitted on as plain numbers.

    Attributes
    ----------
    pairs, nothing : LogisticModel
        For one candidate, and for "no course of this list".
    stated, happened : float arrays, shape (n_cases,)
        Probability of the first candidate on cases held out, growing, and whether it was recorded.
    """

    pairs: LogisticModel
    nothing: LogisticModel
    stated: Float64Array
    happened: Float64Array

    def probabilities(self, scored: Scored) -> Float64Array:
        """Probability of each of the first `TOP` candidates; never rising down the list."""
        found: Float64Array = np.minimum.accumulate(self.pairs.predict(scored.rows))
        return found

    def none_fits(self, scored: Scored) -> float:
        """Probability that no course of the list is a match; never more than what the first candidate leaves."""
        shift = log(NONE_SHARE / (1 - NONE_SHARE))
        left = 1 - float(self.probabilities(scored)[0])
        return min(float(self.nothing.predict(scored.rows[:1], prior_shift=shift)[0]), left)

    def threshold(self, risk: float) -> float:
        """Least probability of the first candidate at which no more than a share `risk` of answers was wrong; above 1 if none."""
        curve = risk_coverage(self.stated, self.happened)
        allowed = np.flatnonzero(curve.risk <= risk)
        if not allowed.size:
            return 1.1
        return float(np.sort(self.stated)[::-1][allowed[-1]])

    def range_of(self, probability: float) -> tuple[tuple[float, float], int]:
        """Where the recorded share of such cases may lie (95 %), and how many cases that rests on."""
        near = np.abs(self.stated - probability) <= 0.1
        n = int(near.sum())
        low, high = wilson(float(self.happened[near].sum()), n)
        return (min(low, probability), max(high, probability)), n

    def arrays(self, prefix: str) -> dict[str, npt.NDArray[Any]]:
        """Everything as arrays under a prefix."""
        parts = {"pairs": self.pairs.arrays(), "nothing": self.nothing.arrays()}
        found = {f"{prefix}.{part}.{name}": array for part, arrays in parts.items() for name, array in arrays.items()}
        return found | {f"{prefix}.stated": self.stated, f"{prefix}.happened": self.happened}

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]], prefix: str) -> Confidence:
        """Undo `arrays`."""
        curves = [LogisticModel.from_arrays(under(arrays, f"{prefix}.{part}")) for part in ("pairs", "nothing")]
        return cls(curves[0], curves[1], arrays[f"{prefix}.stated"], arrays[f"{prefix}.happened"])


def fit_curves(
    cases: Sequence[Scored], right: Sequence[BoolArray], emptied: Sequence[Scored]
) -> tuple[LogisticModel, LogisticModel]:
    """Fit both curves.

    Parameters
    ----------
    cases : sequence of Scored
        Lists that hold a recorded course.
    right : sequence of bool arrays
        For each case, which of its rows are recorded.
    emptied : sequence of Scored
        The same lists without their recorded courses.
    """
    rows = np.vstack([case.rows[:5] for case in cases])
    labels = np.concatenate([found[:5] for found in right])
    firsts = np.vstack([case.rows[:1] for case in (*cases, *emptied)])
    nothing = np.concatenate([np.zeros(len(cases)), np.ones(len(emptied))])
    return LogisticModel().fit(rows, labels), LogisticModel().fit(firsts, nothing)


def wilson(successes: float, n: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share; everything where nothing was seen.

    References
    ----------
    Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    if n == 0:
        return 0.0, 1.0
    share = successes / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def under(arrays: dict[str, npt.NDArray[Any]], prefix: str) -> dict[str, npt.NDArray[Any]]:
    """The arrays whose names begin with a prefix and a dot, without it."""
    return {name[len(prefix) + 1 :]: array for name, array in arrays.items() if name.startswith(f"{prefix}.")}


def _logit(shares: Float64Array) -> Float64Array:
    bounded = np.clip(shares, 1e-6, 1 - 1e-6)
    logits: Float64Array = np.log(bounded / (1 - bounded))
    return logits
