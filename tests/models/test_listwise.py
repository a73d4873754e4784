"""The ranker that learns from whole lists, the logistic curve beside it, and sparse texts."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from models.base import NotFittedError
from models.listwise import ListwiseRanker, softmax
from models.logistic import LogisticModel
from models.metrics import calibration_band, equal_mass_calibration_error
from models.sparse_text import SparseText


def planted(seed: int = 0, lists: int = 200) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lists of six rows in which the right one has the largest first feature; the second is noise on another scale."""
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(lists * 6, 2)) * [1, 1000]
    right = np.zeros(lists * 6)
    right[np.arange(lists) * 6 + rows[:, 0].reshape(lists, 6).argmax(axis=1)] = 1
    return rows, right, np.repeat(np.arange(lists), 6)


def test_it_finds_the_feature_that_was_planted() -> None:
    rows, right, lists = planted()
    ranker = ListwiseRanker(penalty=1.0).fit(rows, right, lists)
    assert ranker.weights_[0] > 10 * abs(ranker.weights_[1])
    other, wanted, _ = planted(seed=1)
    found = ranker.score(other).reshape(-1, 6).argmax(axis=1)
    assert (found == wanted.reshape(-1, 6).argmax(axis=1)).mean() > 0.95


def test_what_is_the_same_for_a_whole_list_teaches_nothing() -> None:
    rows, right, lists = planted()
    constant = np.hstack([rows, np.repeat(np.random.default_rng(2).normal(size=200), 6).reshape(-1, 1)])
    assert ListwiseRanker().fit(constant, right, lists).weights_[2] == pytest.approx(0, abs=1e-6)


def test_lists_without_a_right_row_change_nothing() -> None:
    rows, right, lists = planted()
    more = ListwiseRanker().fit(
        np.vstack([rows, rows[:6]]), np.concatenate([right, np.zeros(6)]), np.concatenate([lists, np.full(6, 200)])
    )
    less = ListwiseRanker().fit(rows, right, lists)
    assert more.weights_ / np.abs(more.weights_[0]) == pytest.approx(less.weights_ / np.abs(less.weights_[0]), abs=0.01)


def test_it_survives_being_stored_as_arrays() -> None:
    rows, right, lists = planted()
    ranker = ListwiseRanker().fit(rows, right, lists)
    again = ListwiseRanker.from_arrays(ranker.arrays())
    assert (again.score(rows) == ranker.score(rows)).all()


def test_torn_lists_wrong_shapes_and_no_right_row_are_refused() -> None:
    rows, right, lists = planted()
    with pytest.raises(ValueError, match="together"):
        ListwiseRanker().fit(rows, right, lists[::-1])
    with pytest.raises(ValueError, match="right row"):
        ListwiseRanker().fit(rows, np.zeros(len(rows)), lists)
    with pytest.raises(ValueError, match="shapes"):
        ListwiseRanker().fit(rows, right[:-1], lists)
    with pytest.raises(NotFittedError):
        ListwiseRanker().score(rows)


def test_softmax_sums_to_one_and_does_not_overflow() -> None:
    assert softmax([1e9, 1e9 - 1, 0.0]).sum() == pytest.approx(1)


def test_the_curve_is_right_about_cases_drawn_from_a_curve() -> None:
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(4000, 2))
    chance = 1 / (1 + np.exp(-(1.5 * rows[:, 0] - 0.5)))
    happened = (generator.random(4000) < chance).astype(float)
    model = LogisticModel(strength=10).fit(rows, happened)
    assert np.abs(model.predict(rows) - chance).max() < 0.1
    assert (LogisticModel.from_arrays(model.arrays()).predict(rows) == model.predict(rows)).all()
    assert (model.predict(rows, prior_shift=-1.0) < model.predict(rows)).all()
    with pytest.raises(NotFittedError):
        LogisticModel().predict(rows)


def test_a_perfect_model_lies_in_its_band_and_an_overconfident_one_above_it() -> None:
    generator = np.random.default_rng(4)
    chance = generator.random(800)
    happened = (generator.random(800) < chance).astype(float)
    low, high = calibration_band(chance, seed=0)
    assert 0 < low < equal_mass_calibration_error(chance, happened) < high
    bold = np.clip(chance * 2 - 0.5, 0, 1)
    assert equal_mass_calibration_error(bold, happened) > calibration_band(bold, seed=0)[1]


def test_sparse_text_is_what_scikit_learn_computes() -> None:
    texts = ["auto brake systems", "brake repair and brake tuning", "general psychology", ""]
    ours = SparseText(str.split).fit(texts).transform(texts).toarray()
    theirs = TfidfVectorizer(tokenizer=str.split, token_pattern=None, sublinear_tf=True).fit_transform(texts).toarray()
    assert (ours @ ours.T) == pytest.approx(theirs @ theirs.T, abs=1e-6)


def test_words_never_seen_make_a_text_less_like_the_others() -> None:
    model = SparseText(str.split).fit(["brake systems", "psychology"])
    known, strange = model.transform(["brake", "brake zeta eta theta"]).toarray()
    assert 0 < strange.sum() < known.sum()
    assert model.weight("zeta") > model.weight("brake")
    with pytest.raises(NotFittedError):
        SparseText(str.split).transform(["a"])
