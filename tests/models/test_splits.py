"""No learner, item or later date leaks from one side of a split to the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.splits import folds_by_group, leave_last_out, split_by_group, split_by_time

GROUPS = st.lists(st.sampled_from("abcdefgh"), min_size=2, max_size=40).filter(lambda found: len(set(found)) > 1)


@given(groups=GROUPS, share=st.floats(0.05, 0.95), seed=st.integers(0, 9))
def test_a_group_is_on_one_side_only(groups: list[str], share: float, seed: int) -> None:
    train, test = split_by_group(groups, test_share=share, seed=seed)
    assert sorted([*train, *test]) == list(range(len(groups)))
    trained, tested = {groups[row] for row in train}, {groups[row] for row in test}
    assert trained
    assert tested
    assert not trained & tested


@given(groups=GROUPS, seed=st.integers(0, 9))
def test_row_order_does_not_change_who_is_tested(groups: list[str], seed: int) -> None:
    def tested(rows: list[str]) -> set[str]:
        return {rows[row] for row in split_by_group(rows, test_share=0.3, seed=seed)[1]}

    assert tested(groups) == tested(groups[::-1])


def test_the_seed_decides() -> None:
    groups = [f"learner {n}" for n in range(100)]
    first = split_by_group(groups, test_share=0.2, seed=1)[1]
    assert len(first) == 20
    np.testing.assert_array_equal(first, split_by_group(groups, test_share=0.2, seed=1)[1])
    assert first.tolist() != split_by_group(groups, test_share=0.2, seed=2)[1].tolist()


@given(groups=GROUPS, seed=st.integers(0, 9))
def test_every_row_is_tested_in_exactly_one_fold(groups: list[str], seed: int) -> None:
    folds = folds_by_group(groups, n_folds=2, seed=seed)
    assert sorted(row for _, test in folds for row in test) == list(range(len(groups)))
    for train, test in folds:
        assert not {groups[row] for row in train} & {groups[row] for row in test}


def test_time_splits_at_the_moment_given() -> None:
    train, test = split_by_time(["2024-12-31", "2025-01-01", "2023-06-01"], test_from="2025-01-01")
    assert (train.tolist(), test.tolist()) == ([0, 2], [1])


def test_the_last_new_item_is_hidden_and_repeats_do_not_count() -> None:
    train, tests = leave_last_out([["a", "b", "b", "c", "a"], ["a", "a"], []], at_least=3)
    assert train == [["a", "b"], ["a"], []]
    assert tests == [(["a", "b"], "c")]


def test_splits_that_cannot_be_made_are_refused() -> None:
    with pytest.raises(ValueError, match="expected a number between 0 and 1"):
        split_by_group(["a", "b"], test_share=1, seed=0)
    with pytest.raises(ValueError, match="found 1 different, expected at least 2"):
        split_by_group(["a", "a"], test_share=0.5, seed=0)
    with pytest.raises(ValueError, match="expected 2 to 2"):
        folds_by_group(["a", "b"], n_folds=3, seed=0)
    with pytest.raises(ValueError, match="2 or more"):
        leave_last_out([["a"]], at_least=1)
