"""Every measure against numbers worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.metrics import (
    brier_score,
    coverage,
    diversity,
    expected_calibration_error,
    hit_at_k,
    ndcg_at_k,
    paired_bootstrap,
    recall_at_k,
    reciprocal_rank,
    risk_coverage,
)

RANKED = ["x", "a", "y", "b"]


def test_ndcg_with_relevant_at_two_and_four() -> None:
    gained = 1 / math.log2(3) + 1 / math.log2(5)
    best = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at_k(RANKED, {"a", "b", "c"}, 4) == pytest.approx(gained / best)
    assert ndcg_at_k(RANKED, {"a", "b", "c"}, 1) == 0
    assert ndcg_at_k(RANKED, set(), 4) == 0


def test_ndcg_with_graded_gains() -> None:
    gains = {"a": 3.0, "b": 1.0}
    expected = (3 / math.log2(3) + 1 / math.log2(5)) / (3 + 1 / math.log2(3))
    assert ndcg_at_k(RANKED, gains, 10) == pytest.approx(expected)
    assert ndcg_at_k(["a", "b"], gains, 10) == 1


def test_recall_hit_and_reciprocal_rank() -> None:
    relevant = {"a", "b", "c"}
    assert recall_at_k(RANKED, relevant, 2) == pytest.approx(1 / 3)
    assert recall_at_k(RANKED, relevant, 4) == pytest.approx(2 / 3)
    assert recall_at_k(RANKED, set(), 4) == 0
    assert [hit_at_k(RANKED, relevant, k) for k in (0, 1, 2, 9)] == [0, 0, 1, 1]
    assert reciprocal_rank(RANKED, relevant) == 0.5
    assert reciprocal_rank(RANKED, {"z"}) == 0
    assert hit_at_k(RANKED, {"x": 0.0}, 4) == 0


def test_coverage_counts_catalog_items_once() -> None:
    assert coverage([["a", "b"], ["b", "elsewhere"]], {"a", "b", "c", "d"}) == 0.5
    assert coverage([], set()) == 0


def test_diversity_of_equal_and_opposite_items() -> None:
    assert diversity([[1, 0], [1, 0]]) == 0
    assert diversity([[1, 0], [0, 1]]) == 1
    assert diversity([[1, 0], [-1, 0]]) == 2
    assert diversity([[1, 0]]) == 0


def test_brier_score() -> None:
    assert brier_score([0.8, 0.3, 0.5], [1, 0, 1]) == pytest.approx((0.04 + 0.09 + 0.25) / 3)


def test_expected_calibration_error() -> None:
    # Two bins: 0.2 and 0.4 against one of two; 0.9 and 1.0 against both.
    found = expected_calibration_error([0.2, 0.4, 0.9, 1.0], [0, 1, 1, 1], n_bins=2)
    assert found == pytest.approx(0.5 * abs(0.3 - 0.5) + 0.5 * abs(0.95 - 1))


def test_risk_coverage_by_hand() -> None:
    curve = risk_coverage([0.9, 0.2, 0.7, 0.5], [1, 0, 0, 1])
    np.testing.assert_allclose(curve.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curve.risk, [0, 1 / 2, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_ties_in_confidence_never_flatter() -> None:
    np.testing.assert_allclose(risk_coverage([0.5, 0.5], [1, 0]).risk, [1, 0.5])


def test_bootstrap_of_a_constant_difference_is_that_difference() -> None:
    interval = paired_bootstrap([3, 4, 5], [1, 2, 3], seed=0, n_samples=50)
    assert (interval.mean, interval.low, interval.high) == (2, 2, 2)


def test_bootstrap_is_seeded_and_about_as_wide_as_theory_says() -> None:
    generator = np.random.default_rng(1)
    first, second = generator.normal(0.3, 1, 400), generator.normal(0, 1, 400)
    interval = paired_bootstrap(first, second, seed=2)
    assert interval == paired_bootstrap(first, second, seed=2)
    assert interval != paired_bootstrap(first, second, seed=3)
    expected_width = 2 * 1.96 * (first - second).std() / 400**0.5
    assert interval.high - interval.low == pytest.approx(expected_width, rel=0.1)
    assert interval.low < interval.mean < interval.high


def test_lists_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        brier_score([0.5], [1, 0])
    with pytest.raises(ValueError, match="not empty"):
        paired_bootstrap([], [], seed=0)


@given(ranked=st.permutations("abcdef"), relevant=st.sets(st.sampled_from("abcdef"), min_size=1), k=st.integers(1, 8))
def test_measures_stay_between_zero_and_one_and_perfect_order_gets_one(ranked: list[str], relevant: set[str], k: int) -> None:
    for value in (ndcg_at_k(ranked, relevant, k), recall_at_k(ranked, relevant, k), reciprocal_rank(ranked, relevant)):
        assert 0 <= value <= 1 + 1e-12
    perfect = sorted(ranked, key=lambda one: one not in relevant)
    assert ndcg_at_k(perfect, relevant, k) == pytest.approx(1)
