"""The fit is a documented weighted mean of parts between 0 and 1."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pathways.recommendation.columns import columns_of
from pathways.recommendation.scoring import UNKNOWN, WEIGHTS, Parts, goal_part, limits_part, novelty_part, target_part, unlocks_part
from pathways.record import Limits
from pathways.requirements.parse import parse
from tests.builders import agreement, catalog, credential, row

SHARES = st.floats(0, 1, allow_nan=False)


def test_the_weights_add_up_to_one() -> None:
    assert sum(WEIGHTS.values()) == pytest.approx(1)


def test_no_part_of_the_fit_knows_who_sells_an_item() -> None:
    """Two items that differ only in their issuer get the same columns, so they can never score differently."""
    one = columns_of(catalog(credential("a", issuer="Seller")))
    other = columns_of(catalog(credential("a", issuer="Somebody else")))
    for name, value in vars(one).items():
        assert np.array_equal(value, getattr(other, name), equal_nan=name in {"hours", "cost_usd"}), name


@given(arrays(np.float64, (4, 3), elements=SHARES))
def test_a_fit_lies_between_its_lowest_and_highest_part(values: np.ndarray) -> None:
    fit = Parts(("goal", "ready", "novelty"), values).fit()
    assert (fit >= values.min(axis=1) - 1e-9).all()
    assert (fit <= values.max(axis=1) + 1e-9).all()


@given(arrays(np.float64, (2, 3), elements=SHARES), st.integers(0, 2))
def test_raising_one_part_never_lowers_the_fit(values: np.ndarray, part: int) -> None:
    higher = values.copy()
    higher[0, part] = 1.0
    names = ("goal", "target", "ready")
    assert Parts(names, higher).fit()[0] >= Parts(names, values).fit()[0] - 1e-12


def test_goal_match_is_clipped_at_both_ends() -> None:
    assert goal_part(np.array([-1, 0.25, 0.6, 0.95, 3], dtype=np.float32)).round(6).tolist() == [0, 0, 0.5, 1, 1]


def test_completing_a_target_counts_full_and_the_first_step_of_a_long_plan_more_than_half() -> None:
    part = target_part(np.array([10.0]), np.array([[0.0, 9.0, 10.0, 12.0]]))
    assert part.tolist() == [1.0, 0.55, 0.0, 0.0]


def test_the_best_target_decides_and_an_unreachable_one_counts_nothing() -> None:
    part = target_part(np.array([np.nan, 2.0]), np.array([[np.nan, np.nan], [2.0, 1.0]]))
    assert part.tolist() == [0.0, 0.75]


def test_an_unknown_price_is_neither_a_reason_for_nor_against() -> None:
    columns = columns_of(
        catalog(credential("free", cost_usd=Decimal(0)), credential("dear", cost_usd=Decimal(900)), credential("blank"))
    )
    part = limits_part(columns, np.arange(3), Limits(budget_usd=Decimal(100)), None)
    assert part.tolist() == [1.0, 0.0, UNKNOWN]


def test_hours_are_held_against_the_weeks_that_are_left() -> None:
    columns = columns_of(catalog(credential("short", hours=Fraction(10)), credential("long", hours=Fraction(100))))
    part = limits_part(columns, np.arange(2), Limits(hours_per_week=Fraction(2)), 10.0)
    assert part.tolist() == [1.0, 0.0]


def test_an_item_in_more_stacks_and_agreements_unlocks_more() -> None:
    world = catalog(
        credential("a"), credential("b"), credential("s", type="stack"), credential("t", type="stack"),
        credential("c", type="course"),
        rows=(row("s", parse("all(a, b)")), row("t", parse("any(a, b)"))),
        agreements=(agreement("a", "c"),),
    )  # fmt: skip
    part = unlocks_part(columns_of(world), np.arange(5))
    assert part[0] > part[1] > part[4] == 0


def test_a_copy_of_what_is_held_is_no_novelty() -> None:
    matrix = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.float32)
    assert novelty_part(matrix, np.array([1, 2]), np.array([0])).tolist() == [0.0, 1.0]
    assert novelty_part(matrix, np.array([1, 2]), np.array([], dtype=np.int64)).tolist() == [1.0, 1.0]
