"""The fit: a transparent weighted sum of parts between 0 and 1, and the one table of weights.

Fit is the match to a goal and to targets, not a chance of acceptance. No part knows who sells what: there is no issuer in it.
Weights can be learned from histories by a ranker over the same parts; these are the ones used with no history at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pathways.recommendation.columns import Columns
from pathways.record import Limits

if TYPE_CHECKING:
    from models.base import BoolArray, Float32Array, Float64Array, IntArray

#: Part -> weight. A part that cannot apply (no goal, no target, no limit stated) is left out and the others keep their proportions.
WEIGHTS: dict[str, float] = {
    "goal": 0.64,  # match with the goal in words
    "target": 0.20,  # share of what remains toward the nearest target that this step closes
    "ready": 0.03,  # can be started now
    "value here": 0.03,  # counts for renewal, pay or a degree in this place
    "unlocks": 0.02,  # how many credentials it is a part of or counts toward
    "limits": 0.05,  # price and hours against what the learner can spend
    "recognition": 0.01,  # transcripted, or in an agreement that posts credit
    "novelty": 0.02,  # unlike what is held already
}
#: Goal scores at or below the first are 0, at or above the second 1.
GOAL_FLOOR, GOAL_CEILING = 0.25, 0.95
#: Target part of a step on a route that takes more steps than the shortest: worth showing, since prices may favor it.
ON_ANOTHER_ROUTE = 0.3
#: Target part of what can be claimed now, on the way to a target and beside it: nothing is left to earn, only to ask for.
CLAIM_NOW, CLAIM_BESIDE = 0.9, 0.5
#: Target part of an item that the conversion rules of a renewal target name.
COUNTS_FOR_RENEWAL = 0.6
#: Added where no listed route to a target does without the item.
NEEDED_ALWAYS = 0.1
#: Prices, hours and readiness nobody published count half: neither a reason for nor against.
UNKNOWN = 0.5


@dataclass(frozen=True)
class Parts:
    """Parts of the fit for m candidates.

    Parameters
    ----------
    names : tuple of str
        Keys of :data:`WEIGHTS` that apply to this question.
    values : float array, shape (m, len(names))
        Each between 0 and 1.
    """

    names: tuple[str, ...]
    values: Float64Array

    def fit(self) -> Float64Array:
        """Weighted mean of the parts, between 0 and 1, shape (m,)."""
        weights = np.array([WEIGHTS[name] for name in self.names])
        total: Float64Array = self.values @ (weights / weights.sum())
        return total

    def row(self, index: int) -> tuple[tuple[str, float], ...]:
        """Named parts of one candidate, in the order of the weight table."""
        return tuple(zip(self.names, (round(float(value), 3) for value in self.values[index]), strict=True))


def goal_part(scores: Float32Array) -> Float64Array:
    """Goal match as a share of the range between an unrelated and a near-literal match."""
    return np.clip((scores.astype(np.float64) - GOAL_FLOOR) / (GOAL_CEILING - GOAL_FLOOR), 0, 1)


def target_part(before: Float64Array, after: Float64Array) -> Float64Array:
    """Best relative drop over targets.

    Parameters
    ----------
    before : float array, shape (t,)
        Steps left toward each target; NaN where unknown.
    after : float array, shape (t, m)
        The same after each candidate.

    Returns
    -------
    float array, shape (m,)
        1 where a candidate completes a target; at least one half of the way to 1 for the first step of any plan, so that a step of
        a long plan is not drowned by the length of the plan.
    """
    if not len(before):
        return np.zeros(after.shape[1] if after.ndim == 2 else 0)
    drop = np.clip(before[:, None] - after, 0, None)
    share = np.where(drop > 0, 0.5 + 0.5 * drop / np.maximum(before[:, None], 1), 0.0)
    best: Float64Array = np.nan_to_num(share).max(axis=0)
    return best


def limits_part(columns: Columns, rows: IntArray, limits: Limits, weeks: float | None) -> Float64Array:
    """Price and hours against the budget and the hours available until the deadline; unknown figures count half.

    Parameters
    ----------
    weeks : float or None
        Weeks from the day of the question to the deadline.
    """
    found = []
    if limits.budget_usd is not None:
        found.append(_within(columns.cost_usd[rows], float(limits.budget_usd)))
    if limits.hours_per_week is not None and weeks is not None:
        found.append(_within(columns.hours[rows], float(limits.hours_per_week) * weeks))
    return np.asarray(np.mean(found, axis=0) if found else np.full(len(rows), UNKNOWN), dtype=np.float64)


def unlocks_part(columns: Columns, rows: IntArray) -> Float64Array:
    """Stacks it is a listed part of plus agreements it counts in, on a log scale that ends at 7."""
    uses = columns.parent_starts[rows + 1] - columns.parent_starts[rows] + columns.agreements[rows]
    return np.asarray(np.minimum(np.log2(1 + uses) / 3, 1), dtype=np.float64)


def recognition_part(columns: Columns, rows: IntArray) -> Float64Array:
    """One half for standing on a transcript, one half for counting in any agreement."""
    return np.asarray(columns.transcripted[rows] * 0.5 + (columns.agreements[rows] > 0) * 0.5, dtype=np.float64)


def ready_part(ready: BoolArray, known: BoolArray) -> Float64Array:
    """1 when it can start now, 0 when something is missing, one half when the catalog does not say."""
    return np.where(known, ready.astype(np.float64), UNKNOWN)


def novelty_part(matrix: Float32Array, rows: IntArray, held: IntArray) -> Float64Array:
    """One minus the closest match with anything held; 1 with nothing held."""
    if not len(held):
        return np.ones(len(rows))
    closest = (matrix[rows] @ matrix[held].T).max(axis=1)
    return np.asarray(np.clip(1 - closest.astype(np.float64), 0, 1), dtype=np.float64)


def _within(values: Float32Array, limit: float) -> Float64Array:
    fits = np.where(values <= limit, 1.0, 0.0)
    return np.asarray(np.where(np.isnan(values), UNKNOWN, fits), dtype=np.float64)
