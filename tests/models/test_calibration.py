"""Probabilities mean what they say, never reverse an order, and sets hold the right answer as often as promised."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import Calibrator, NotFittedError
from models.calibration import ConformalSets, IsotonicCalibrator, PlattCalibrator
from models.metrics import brier_score, expected_calibration_error

CALIBRATORS: list[type[IsotonicCalibrator | PlattCalibrator]] = [IsotonicCalibrator, PlattCalibrator]
FloatArray = np.ndarray[tuple[int], np.dtype[np.float64]]


def overconfident(n: int, seed: int) -> tuple[FloatArray, FloatArray]:
    """Scores that look like probabilities, and outcomes that follow a flatter truth."""
    generator = np.random.default_rng(seed)
    scores = generator.random(n)
    return scores, (generator.random(n) < 0.3 + 0.3 * scores).astype(np.float64)


@pytest.fixture(params=CALIBRATORS, ids=lambda kind: kind.__name__)
def calibrator(request: pytest.FixtureRequest) -> Calibrator:
    made: Calibrator = request.param()
    return made


def test_calibration_repairs_overconfident_scores(calibrator: Calibrator) -> None:
    assert isinstance(calibrator, Calibrator)
    assert calibrator.fit(*overconfident(4_000, 0)) is calibrator
    scores, outcomes = overconfident(4_000, 1)
    repaired = calibrator.predict(scores)
    assert expected_calibration_error(repaired, outcomes) < 0.04 < expected_calibration_error(scores, outcomes)
    assert brier_score(repaired, outcomes) < brier_score(scores, outcomes)


@settings(deadline=None, max_examples=40)
@given(
    rows=st.lists(st.tuples(st.floats(-100, 100), st.booleans()), min_size=1, max_size=30),
    asked=st.lists(st.floats(-1e6, 1e6), min_size=1),
)
def test_a_higher_score_never_gets_a_lower_probability(rows: list[tuple[float, bool]], asked: list[float]) -> None:
    scores, outcomes = [score for score, _ in rows], [int(outcome) for _, outcome in rows]
    for kind in CALIBRATORS:
        probabilities = kind().fit(scores, outcomes).predict(np.sort(asked))
        assert (np.diff(probabilities) >= -1e-12).all()
        assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_platt_gives_no_certainty_on_a_handful_of_cases() -> None:
    probabilities = PlattCalibrator().fit([0, 0, 1, 1], [0, 0, 1, 1]).predict([0, 1])
    np.testing.assert_allclose(probabilities, [0.25, 0.75], atol=0.01)


def test_isotonic_joins_its_knots_by_straight_lines() -> None:
    calibrator = IsotonicCalibrator().fit([0, 1, 2, 3], [0, 1, 0, 1])
    np.testing.assert_allclose(calibrator.predict([-9, 0, 0.5, 1, 2, 2.5, 9]), [0, 0, 0.25, 0.5, 0.5, 0.75, 1])


def test_wrong_input_is_refused(calibrator: Calibrator) -> None:
    with pytest.raises(NotFittedError):
        calibrator.predict([0.5])
    with pytest.raises(ValueError, match="not empty"):
        calibrator.fit([], [])
    with pytest.raises(ValueError, match="expected 0 or 1 only"):
        calibrator.fit([0.5, 0.6], [0, 2])
    with pytest.raises(ValueError, match="not finite"):
        calibrator.fit([0.5, float("nan")], [0, 1])


@pytest.mark.parametrize("error_rate", [0.05, 0.1, 0.3])
def test_sets_hold_the_right_answer_as_often_as_promised(error_rate: float) -> None:
    generator = np.random.default_rng(0)
    held = []
    for _ in range(400):
        probabilities = generator.dirichlet(np.ones(5), size=101)
        right = np.array([generator.choice(5, p=row) for row in probabilities])
        given_to_right = probabilities[np.arange(101), right]
        sets = ConformalSets(error_rate).fit(given_to_right[:100]).predict(probabilities[100])
        held.append(bool(sets[right[100]]))
    # The promise is at least 1 - error_rate, and with 100 cases at most 1/101 more; 400 draws leave some noise.
    assert np.mean(held) == pytest.approx(1 - error_rate + 0.005, abs=0.045)


def test_sets_by_hand() -> None:
    sets = ConformalSets(0.25).fit([0.9, 0.2, 0.5, 0.7])
    # (4 + 1) x 0.25 = 1.25: the lowest of the four may be missed.
    assert sets.threshold_ == 0.2
    np.testing.assert_array_equal(sets.predict([[0.1, 0.2, 0.7]]), [[False, True, True]])
    assert not sets.predict([0.1, 0.1]).any()


def test_too_few_cases_promise_by_including_everything() -> None:
    assert ConformalSets(0.1).fit([0.9] * 8).predict([0.0, 1.0]).all()
    assert ConformalSets(0.1).fit([]).predict([0.0]).all()


def test_sets_refuse_wrong_settings_and_numbers() -> None:
    with pytest.raises(ValueError, match="error_rate: found 1"):
        ConformalSets(1).fit([0.5])
    with pytest.raises(ValueError, match="finite"):
        ConformalSets().fit([float("nan")])
    with pytest.raises(NotFittedError):
        ConformalSets().predict([0.5])


def test_the_modules_import_no_scikit_learn() -> None:
    code = "import models.calibration, models.rankers, models.interactions, sys; assert 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
