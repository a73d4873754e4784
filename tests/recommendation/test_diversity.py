"""Ten near-copies never fill a list."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pathways.recommendation.diversity import diversify


def _copies(count: int, *, noise: float) -> np.ndarray:
    base = np.zeros((count, 20), dtype=np.float32)
    base[:, 0] = 1
    base[np.arange(count), 1 + np.arange(count) % 19] += noise
    return base


def test_ten_near_copies_leave_room_for_a_different_item() -> None:
    vectors = np.vstack([_copies(10, noise=0.1), np.eye(20, dtype=np.float32)[[15, 16]]])
    fit = np.concatenate([np.linspace(0.9, 0.85, 10), [0.6, 0.55]])
    chosen, variants = diversify(fit, vectors, 4)
    assert set(chosen.tolist()) >= {10, 11}
    assert sum(index < 10 for index in chosen) == 2
    assert sum(len(left) for left in variants) == 8


def test_with_room_enough_everything_different_is_shown_in_order_of_fit() -> None:
    chosen, variants = diversify(np.array([0.2, 0.9, 0.5]), np.eye(3, dtype=np.float32), 10)
    assert chosen.tolist() == [1, 2, 0]
    assert all(len(left) == 0 for left in variants)


@given(st.integers(0, 12), st.integers(1, 15), st.randoms(use_true_random=False))
def test_a_list_never_repeats_an_item_and_never_exceeds_what_is_asked(count: int, k: int, random: object) -> None:
    generator = np.random.default_rng(random.randrange(2**32))  # type: ignore[attr-defined]
    vectors = generator.normal(size=(count, 4)).astype(np.float32)
    chosen, variants = diversify(generator.random(count), vectors, k)
    shown = chosen.tolist()
    left = [index for group in variants for index in group.tolist()]
    assert len(shown) == len(set(shown)) <= k
    assert not set(shown) & set(left)
    assert len(left) == len(set(left))
    if count:
        assert shown, "something is always shown when there is a candidate"
