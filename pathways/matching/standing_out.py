"""What moves scores after the ranker: precedents of the very same credential, and one place for each title.

Leaves out the ranker itself, which never saw a credential beside its own precedent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from pathways.matching.courses import Group
from pathways.matching.precedents import InForce

if TYPE_CHECKING:
    from models.base import Float64Array, IntArray

#: Added to the score of a course that a credential of this very title earned elsewhere, and taken off one that was refused to it:
#: odds of twenty to one. Checked by holding out colleges: see the model card.
VERY_SAME: Final = 3.0


@dataclass(frozen=True)
class VerySame:
    """Groups of a list that were given credit for, and refused, to credentials of one title."""

    given: IntArray
    rejected: IntArray

    @classmethod
    def of(cls, title: str, known: InForce | None) -> VerySame:
        """Look a title up; nothing where there are no precedents."""
        if known is None:
            nothing = np.empty(0, dtype=np.int64)
            return cls(nothing, nothing)
        find = known.precedents.of_the_same
        return cls(find(title, known.active), find(title, known.active, rejected=True))

    def bonus(self, pool: IntArray) -> Float64Array:
        """What to add to the scores of a pool; where both were decided, the refusal counts."""
        refused = np.isin(pool, self.rejected)
        return VERY_SAME * ((np.isin(pool, self.given) & ~refused).astype(np.float64) - refused)


def one_each(groups: Sequence[Group], pool: IntArray, scores: Float64Array) -> IntArray:
    """Places in a pool of the best group of each title, so that one course offered in many places does not fill the list.

    Parameters
    ----------
    groups : sequence of Group
        Of the whole list.
    pool : int array
        Groups that were scored.
    scores : float array
        Their scores.

    Returns
    -------
    int array
        Growing.
    """
    best: dict[str, int] = {}
    for place in np.lexsort((pool, -scores)).tolist():
        best.setdefault(groups[int(pool[place])].title, place)
    return np.array(sorted(best.values()), dtype=np.int64)
