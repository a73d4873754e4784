"""Learned rankers find planted structure, treat unknown as unknown, and come back from disk unchanged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import GradientBoostingClassifier

from models.base import NotFittedError, Ranker, StoredFileError
from models.rankers import BoostedRanker, LinearRanker

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def weighted(n: int, seed: int) -> tuple[Floats, Floats]:
    """Relevance follows twice the first feature minus the second; the third is noise."""
    rows = np.random.default_rng(seed).standard_normal((n, 3))
    return rows, (2 * rows[:, 0] - rows[:, 1] > 0).astype(np.float64)


def checkerboard(n: int, seed: int) -> tuple[Floats, Floats]:
    """Relevance is whether two features lie on the same side of zero: neither says anything alone."""
    rows = np.random.default_rng(seed).standard_normal((n, 2))
    return rows, (rows[:, 0] * rows[:, 1] > 0).astype(np.float64)


def auc(scores: Floats, relevant: Floats) -> float:
    """Chance that a relevant row scores above one that is not."""
    return float(np.mean(scores[relevant == 1][:, None] > scores[relevant == 0][None, :]))


@pytest.fixture(params=[LinearRanker, BoostedRanker], ids=lambda kind: kind.__name__)
def kind(request: pytest.FixtureRequest) -> type[LinearRanker] | type[BoostedRanker]:
    chosen: type[LinearRanker] | type[BoostedRanker] = request.param
    return chosen


def test_a_weighted_sum_is_found(kind: type[LinearRanker] | type[BoostedRanker]) -> None:
    ranker = kind()
    assert isinstance(ranker, Ranker)
    assert ranker.fit(*weighted(600, 0)) is ranker
    rows, relevant = weighted(300, 1)
    assert ranker.score(rows).shape == (300,)
    assert auc(ranker.score(rows), relevant) > 0.95


def test_only_trees_see_a_checkerboard() -> None:
    rows, relevant = checkerboard(300, 1)
    assert auc(BoostedRanker().fit(*checkerboard(800, 0)).score(rows), relevant) > 0.95
    assert auc(LinearRanker().fit(*checkerboard(800, 0)).score(rows), relevant) < 0.65


def test_linear_weights_can_be_read() -> None:
    weights = LinearRanker().fit(*weighted(600, 0)).weights_
    assert weights[0] > 0 > weights[1]
    assert abs(weights[2]) < 0.2 * abs(weights[1])


def test_unknown_is_not_zero(kind: type[LinearRanker] | type[BoostedRanker]) -> None:
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((600, 2))
    unknown = generator.random(600) < 0.5
    rows[unknown, 0] = np.nan
    ranker = kind().fit(rows, unknown.astype(float))
    asked = np.array([[np.nan, 0.1], [0.0, 0.1]])
    unknown_score, zero_score = ranker.score(asked)
    assert unknown_score > zero_score + 1


def test_a_feature_never_known_does_no_harm(kind: type[LinearRanker] | type[BoostedRanker]) -> None:
    rows, relevant = weighted(200, 0)
    rows[:, 2] = np.nan
    assert np.isfinite(kind().fit(rows, relevant).score(rows)).all()


def test_a_saved_ranker_scores_alike(kind: type[LinearRanker] | type[BoostedRanker], tmp_path: Path) -> None:
    rows, relevant = weighted(200, 0)
    rows[::7, 1] = np.nan
    ranker = kind().fit(rows, relevant)
    ranker.save(tmp_path / "ranker")
    np.testing.assert_array_equal(kind.load(tmp_path / "ranker").score(rows), ranker.score(rows))
    other = BoostedRanker if kind is LinearRanker else LinearRanker
    with pytest.raises(StoredFileError, match="expected kind"):
        other.load(tmp_path / "ranker")


def test_trees_in_arrays_score_as_scikit_learn_does() -> None:
    rows, relevant = checkerboard(400, 0)
    ranker = BoostedRanker(n_trees=40, seed=3).fit(rows, relevant)
    reference = GradientBoostingClassifier(n_estimators=40, max_depth=3, subsample=0.8, random_state=3).fit(rows, relevant)
    asked = checkerboard(200, 1)[0]
    np.testing.assert_allclose(ranker.score(asked), reference.decision_function(asked), atol=1e-10)


def test_the_seed_decides() -> None:
    rows, relevant = checkerboard(300, 0)
    first = BoostedRanker(seed=1, n_trees=20).fit(rows, relevant).score(rows)
    np.testing.assert_array_equal(first, BoostedRanker(seed=1, n_trees=20).fit(rows, relevant).score(rows))
    assert (first != BoostedRanker(seed=2, n_trees=20).fit(rows, relevant).score(rows)).any()


def test_wrong_input_is_refused(kind: type[LinearRanker] | type[BoostedRanker]) -> None:
    with pytest.raises(NotFittedError):
        kind().score([[1.0]])
    with pytest.raises(ValueError, match="0 and 1, each at least once"):
        kind().fit([[1.0], [2.0]], [1, 1])
    with pytest.raises(ValueError, match="one for each row"):
        kind().fit([[1.0], [2.0]], [1])
    with pytest.raises(ValueError, match="finite"):
        kind().fit([[float("inf")], [2.0]], [0, 1])
    ranker = kind().fit(*weighted(50, 0))
    with pytest.raises(ValueError, match="found 2 columns, expected 3"):
        ranker.score([[1.0, 2.0]])
    assert ranker.score(np.empty((0, 3))).shape == (0,)
