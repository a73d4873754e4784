"""The best hits, in one order everywhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
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
