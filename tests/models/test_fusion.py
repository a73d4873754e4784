"""Joining hit lists: worked examples and laws."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.fusion import fuse_ranks, fuse_scores

if TYPE_CHECKING:
    from models.base import Hits


def hits(*pairs: tuple[str, float]) -> Hits:
    return [one for one, _ in pairs], np.array([score for _, score in pairs], dtype=float)


WORDS = hits(("a", 10.0), ("b", 4.0), ("c", 1.0))
MEANING = hits(("c", 0.9), ("a", 0.8))


def test_rank_fusion_by_hand() -> None:
    ids, scores = fuse_ranks([WORDS, MEANING], 10)
    assert ids == ["a", "c", "b"]
    np.testing.assert_allclose(scores, [1 / 61 + 1 / 62, 1 / 63 + 1 / 61, 1 / 62])


def test_score_fusion_by_hand() -> None:
    ids, scores = fuse_scores([WORDS, MEANING], 10, weights=[1, 2])
    # Words: mean 5, deviation sqrt(14). Meaning: +1 and -1; "b" is left out and gets the lowest, -1.
    expected = {"a": 5 / 14**0.5 - 2, "b": -1 / 14**0.5 - 2, "c": -4 / 14**0.5 + 2}
    assert ids == ["c", "a", "b"]
    np.testing.assert_allclose(scores, [expected[one] for one in ids])


@pytest.mark.parametrize("fuse", [fuse_ranks, fuse_scores])
def test_laws_of_both(fuse: Callable[..., Hits]) -> None:
    assert fuse([], 5)[0] == []
    assert fuse([hits(), hits()], 5)[0] == []
    assert fuse([WORDS], 2)[0] == ["a", "b"]
    assert fuse([WORDS, MEANING], 99)[0] == fuse([MEANING, WORDS], 99)[0]
    assert fuse([WORDS, MEANING], 3, weights=[1, 0])[0] == ["a", "b", "c"]
    assert fuse([hits(("z", 1.0)), hits(("y", 1.0))], 2)[0] == ["y", "z"]
    with pytest.raises(ValueError, match="expected 2 numbers"):
        fuse([WORDS, MEANING], 3, weights=[1])
    with pytest.raises(ValueError, match="not negative"):
        fuse([WORDS, MEANING], 3, weights=[1, -1])


@given(scale=st.floats(0.001, 1000), shift=st.floats(-1000, 1000))
def test_scale_and_shift_of_a_list_do_not_change_score_fusion(scale: float, shift: float) -> None:
    moved = (WORDS[0], np.asarray(WORDS[1]) * scale + shift)
    ids, scores = fuse_scores([moved, MEANING], 3)
    plain_ids, plain_scores = fuse_scores([WORDS, MEANING], 3)
    assert ids == plain_ids
    np.testing.assert_allclose(scores, plain_scores, atol=1e-6)


def test_a_list_without_preference_adds_nothing() -> None:
    flat = hits(("c", 0.1), ("b", 0.1), ("a", 0.1))
    assert fuse_scores([WORDS, flat], 3)[0] == ["a", "b", "c"]


def test_the_smoothing_of_rank_fusion_is_positive() -> None:
    with pytest.raises(ValueError, match="expected a positive number"):
        fuse_ranks([WORDS], 1, smoothing=0)
