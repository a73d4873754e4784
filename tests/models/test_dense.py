"""Exact search agrees with the plain definition of cosine, whatever the types, and never mixes encoders."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.base import FingerprintError, NotFittedError, StoredFileError
from models.dense import DenseRetriever, ExactSearch
from models.encoders import OnnxEncoder
from models.store import save_arrays


def unit_rows(n: int, dim: int, seed: int) -> npt.NDArray[np.float32]:
    rows = np.random.default_rng(seed).standard_normal((n, dim))
    unit: npt.NDArray[np.float32] = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return unit


def ids_for(n: int) -> list[str]:
    return [f"id-{row:05d}" for row in range(n)]


@given(n=st.integers(1, 40), k=st.integers(0, 50), seed=st.integers(0, 99))
def test_the_nearest_are_those_with_the_largest_cosine(n: int, k: int, seed: int) -> None:
    matrix, query = unit_rows(n, 6, seed), unit_rows(1, 6, seed + 1)[0]
    ids, scores = ExactSearch().fit(ids_for(n), matrix).retrieve(query, k)
    cosines = [sum(float(a) * float(b) for a, b in zip(row, query, strict=True)) for row in matrix]
    order = sorted(range(n), key=lambda row: -cosines[row])[:k]
    np.testing.assert_allclose(scores, [cosines[row] for row in order], atol=1e-6)
    assert ids == [ids_for(n)[row] for row in order]


def test_a_float64_query_is_cast_and_the_matrix_is_not_copied() -> None:
    matrix = unit_rows(50, 8, 0)
    search = ExactSearch().fit(ids_for(50), matrix)
    assert search.matrix_ is matrix
    scores = search.scores(matrix[3].astype(np.float64))
    assert scores.dtype == np.float32
    np.testing.assert_array_equal(scores, search.scores(matrix[3]))


def test_a_float64_or_transposed_matrix_becomes_float32_rows() -> None:
    matrix = unit_rows(8, 8, 0)
    search = ExactSearch().fit(ids_for(8), np.asfortranarray(matrix.astype(np.float64)))
    assert search.matrix_.dtype == np.float32
    assert search.matrix_.flags.c_contiguous
    np.testing.assert_array_equal(search.matrix_, matrix)


def test_a_batch_gives_exactly_the_numbers_of_single_queries() -> None:
    matrix, queries = unit_rows(3_000, 16, 1), unit_rows(5, 16, 2)
    search = ExactSearch().fit(ids_for(3_000), matrix)
    for query, (ids, scores) in zip(queries, search.retrieve_batch(queries, 7), strict=True):
        alone = search.retrieve(query, 7)
        assert ids == alone[0]
        np.testing.assert_array_equal(scores, alone[1])
    assert search.scores(np.empty((0, 16))).shape == (0, 3_000)


def test_equal_vectors_tie_exactly_wherever_they_lie() -> None:
    matrix = np.repeat(unit_rows(1, 384, 3), 1_001, axis=0)
    scores = ExactSearch().fit(ids_for(1_001), matrix).scores(unit_rows(1, 384, 4)[0])
    assert len(set(scores.tolist())) == 1


def test_planted_neighbors_are_found() -> None:
    centers = unit_rows(20, 32, 5)
    noise = np.random.default_rng(6).standard_normal((200, 32)) * 0.02
    rows = np.repeat(centers, 10, axis=0) + noise
    search = ExactSearch().fit(ids_for(200), rows / np.linalg.norm(rows, axis=1, keepdims=True))
    for center in range(20):
        ids, _ = search.retrieve(centers[center], 10)
        assert {int(one.removeprefix("id-")) // 10 for one in ids} == {center}


def test_shapes_that_disagree_are_refused() -> None:
    search = ExactSearch().fit(ids_for(3), unit_rows(3, 4, 0))
    with pytest.raises(ValueError, match=r"query: found shape \(5,\), expected \(4,\)"):
        search.scores(np.ones(5))
    with pytest.raises(ValueError, match=r"vectors: found shape \(3, 4\), expected \(2, dim\)"):
        ExactSearch().fit(ids_for(2), unit_rows(3, 4, 0))
    with pytest.raises(ValueError, match="not finite"):
        ExactSearch().fit(["a"], [[float("nan"), 1.0]])
    with pytest.raises(NotFittedError):
        ExactSearch().scores(np.ones(4))


def test_a_saved_index_answers_alike_from_mapped_memory(tmp_path: Path) -> None:
    matrix, query = unit_rows(100, 8, 0), unit_rows(1, 8, 1)[0]
    search = ExactSearch().fit(ids_for(100), matrix, fingerprint="letters-1")
    search.save(tmp_path / "index")
    loaded = ExactSearch.load(tmp_path / "index", fingerprint="letters-1")
    assert not loaded.matrix_.flags.owndata
    assert not loaded.matrix_.flags.writeable
    before, after = search.retrieve(query, 9), loaded.retrieve(query, 9)
    assert before[0] == after[0]
    np.testing.assert_array_equal(before[1], after[1])


def test_an_index_of_another_encoder_or_kind_is_refused(tmp_path: Path) -> None:
    ExactSearch().fit(["a"], [[1.0]], fingerprint="letters-1").save(tmp_path / "index")
    with pytest.raises(FingerprintError, match=r"'letters-1'.*expected vectors of 'letters-2'"):
        ExactSearch.load(tmp_path / "index", fingerprint="letters-2")
    save_arrays(tmp_path / "other", {}, kind="something else")
    with pytest.raises(StoredFileError, match="kind"):
        ExactSearch.load(tmp_path / "other")


def test_vectors_of_another_encoder_cannot_enter_a_retriever(onnx_encoder: OnnxEncoder) -> None:
    with pytest.raises(FingerprintError, match="found vectors of 'letters-1'"):
        DenseRetriever(onnx_encoder).fit_vectors(["a"], np.ones((1, 384)), fingerprint="letters-1")
