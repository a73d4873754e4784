"""So that ten near-copies never fill a list: greedy choice by fit, each near-copy of a chosen item held back."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from models.base import Float32Array, Float64Array, IntArray

#: Cosine above which two credentials begin to look like copies, and how much a perfect copy is held back (in fit, 0 to 1).
COPY_FROM, HELD_BACK = 0.80, 0.10
#: Most of a list that may be parts of one stack (two at least); further ones are named as variants.
FAMILY_SHARE = 0.4
#: Cosine above which the second is named as a variant of the first rather than on its own, once this many stand in the list.
VARIANT, VARIANTS_SHOWN = 0.90, 2


def diversify(
    fit: Float64Array, vectors: Float32Array, k: int, *, families: IntArray | None = None
) -> tuple[IntArray, list[IntArray]]:
    """Choose k of m candidates.

    Parameters
    ----------
    fit : float array, shape (m,)
        Already in the order ties are to be broken.
    vectors : float32 array, shape (m, dim)
        Not necessarily unit rows.
    k : int
        How many to choose.
    families : int array, shape (m,), optional
        Number of the stack each candidate is a part of; -1 for none.

    Returns
    -------
    chosen : int array, shape (min(k, m),)
        Best fit first.
    variants : list of int array
        For each chosen one, the candidates left out as variants of it, best first.
    """
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    alive = np.ones(len(fit), dtype=np.bool_)
    closest = np.zeros(len(fit))
    copies = np.zeros(len(fit), dtype=np.int64)
    chosen: list[int] = []
    variants: list[IntArray] = []
    most_of_one = max(2, math.ceil(FAMILY_SHARE * k))
    while len(chosen) < k and alive.any():
        adjusted = np.where(alive, fit - HELD_BACK * np.clip((closest - COPY_FROM) / (1 - COPY_FROM), 0, 1), -np.inf)
        best = int(adjusted.argmax())
        alive[best] = False
        cosine = unit @ unit[best]
        copies += cosine >= VARIANT
        left_out = (cosine >= VARIANT) & (copies >= VARIANTS_SHOWN)
        if families is not None and families[best] >= 0:
            mates = families == families[best]
            shown = int(mates[[*chosen, best]].sum())
            left_out |= mates & (shown >= most_of_one)
        dropped = np.flatnonzero(alive & left_out)
        alive[dropped] = False
        chosen.append(best)
        variants.append(dropped)
        closest = np.maximum(closest, cosine)
    order = sorted(range(len(chosen)), key=lambda at: -fit[chosen[at]])
    return np.array([chosen[at] for at in order], dtype=np.int64), [variants[at] for at in order]
