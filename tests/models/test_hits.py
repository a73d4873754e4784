"""The best hits, in one order everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.hits import tie_ranks, top_k

SCORED = st.lists(st.tuples(st.text(max_size=3), st.sampled_from([-1.0, 0.0, 0.5, 0.5, 2.0])), unique_by=lambda pair: pair[0])


@given(scored=SCORED, k=st.integers(0, 12))
def test_the_best_come_first_and_ties_go_by_id(scored: list[tuple[str, float]], k: int) -> None:
    ids = [one for one, _ in scored]
    scores = np.array([score for _, score in scored], dtype=float)
    chosen = top_k(scores, tie_ranks(ids), k)
    expected = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:k]
    assert [(ids[row], scores[row]) for row in chosen] == expected


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(ValueError, match="found 'a' twice"):
        tie_ranks(["a", "b", "a"])


def test_a_negative_number_of_hits_is_refused() -> None:
    with pytest.raises(ValueError, match="found -1, expected 0 or more"):
        top_k(np.array([1.0]), tie_ranks(["a"]), -1)


@settings(deadline=None)
@given(n=st.integers(1, 3_000), k=st.integers(1, 40), levels=st.sampled_from([1, 3, 50, 10**6]), seed=st.integers(0, 99))
def test_long_lists_give_what_a_full_sort_gives(n: int, k: int, levels: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    scores = (generator.integers(0, levels, n) / levels).astype(np.float32)
    ranks = generator.permutation(n)
    np.testing.assert_array_equal(top_k(scores, ranks, k), np.lexsort((ranks, -scores))[:k])
