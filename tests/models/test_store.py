"""Arrays come back from disk as they went, and a file that is not what it should be is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from models.base import StoredFileError
from models.store import load_arrays, save_arrays, texts_from_array, texts_to_array, writing

NUMBERS = st.sampled_from([np.float32, np.float64, np.int8, np.int64, np.uint8, np.bool_]).flatmap(
    lambda kind: arrays(kind, array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)


@given(saved=st.dictionaries(st.text(max_size=5), NUMBERS, max_size=4), seed=st.none() | st.integers(0, 99))
def test_what_is_saved_comes_back(tmp_path_factory: pytest.TempPathFactory, saved: dict[str, np.ndarray], seed: int | None) -> None:
    path = tmp_path_factory.mktemp("store") / "model.arrays"
    checksum = save_arrays(path, saved, kind="test", header={"k1": 1.2, "name": "é"}, seed=seed)
    stored = load_arrays(path, kind="test")
    assert stored.header == {"k1": 1.2, "name": "é"}
    assert (stored.seed, stored.checksum) == (seed, checksum)
    assert stored.arrays.keys() == saved.keys()
    for name, array in saved.items():
        assert stored.arrays[name].dtype == array.dtype
        np.testing.assert_array_equal(stored.arrays[name], array)


def test_loaded_arrays_are_mapped_and_cannot_be_changed(tmp_path: Path) -> None:
    save_arrays(tmp_path / "m", {"a": np.arange(10)}, kind="test")
    array = load_arrays(tmp_path / "m", kind="test").arrays["a"]
    assert isinstance(array, np.memmap)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1


def test_equal_content_gives_equal_bytes(tmp_path: Path) -> None:
    a, b = np.arange(5), np.eye(2, dtype=np.float32)
    save_arrays(tmp_path / "one", {"a": a, "b": b}, kind="test", header={"x": 1, "y": 2})
    save_arrays(tmp_path / "two", {"b": b, "a": a}, kind="test", header={"y": 2, "x": 1})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_objects_are_never_stored(tmp_path: Path) -> None:
    for array in (np.array([{}], dtype=object), np.array(["text"])):
        with pytest.raises(ValueError, match="expected numbers or booleans"):
            save_arrays(tmp_path / "m", {"a": array}, kind="test")
    assert list(tmp_path.iterdir()) == []


def test_a_changed_number_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "m"
    save_arrays(path, {"a": np.arange(100)}, kind="test")
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoredFileError, match="other bytes than were written"):
        load_arrays(path, kind="test")


@pytest.mark.parametrize("keep", [0, 4, 12, 40, 300, 900])
def test_a_file_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "m"
    save_arrays(path, {"a": np.arange(100)}, kind="test")
    assert path.stat().st_size > keep
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(StoredFileError, match="Delete the file and fit the model again"):
        load_arrays(path, kind="test")


def test_another_kind_a_newer_format_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "m"
    save_arrays(path, {"a": np.arange(3)}, kind="search")
    with pytest.raises(StoredFileError, match="found kind 'search', expected kind 'ranker'"):
        load_arrays(path, kind="ranker")
    path.write_bytes(path.read_bytes().replace(b'"version": 1', b'"version": 2'))
    with pytest.raises(StoredFileError, match="found format 2, expected format 1"):
        load_arrays(path, kind="search")
    with pytest.raises(StoredFileError, match="FileNotFoundError"):
        load_arrays(tmp_path / "absent", kind="search")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "m"
    path.write_bytes(b"old")

    def write_and_fail() -> None:
        with writing(path) as file:
            file.write(b"new")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        write_and_fail()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@given(st.lists(st.text(st.characters(exclude_categories=[]), max_size=6)))
def test_texts_come_back_from_arrays(texts: list[str]) -> None:
    assert texts_from_array("ids", texts_to_array("ids", texts)) == texts
