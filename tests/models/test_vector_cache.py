"""Texts are encoded once, damage costs only what it hurt, and vectors of different encoders never mix."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.base import FingerprintError, Progress
from models.encoders import OnnxEncoder
from models.store import VectorCache

DIM = 8
TEXTS = [f"text number {n}" for n in range(40)]


class LetterEncoder:
    """A small encoder whose vectors follow from the text alone, and which remembers what it was asked."""

    def __init__(self, fingerprint: str = "letters-1", dim: int = DIM) -> None:
        self.fingerprint = fingerprint
        self.dim = dim
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> npt.NDArray[np.float32]:
        self.asked.extend(texts)
        rows = [np.frombuffer(hashlib.sha512(text.encode()).digest()[: self.dim], dtype=np.uint8) for text in texts]
        out = np.array(rows, dtype=np.float32).reshape(len(texts), self.dim) + 1
        if progress is not None:
            progress(len(texts), len(texts))
        unit: npt.NDArray[np.float32] = out / np.linalg.norm(out, axis=1, keepdims=True)
        return unit


def filled(folder: Path, texts: Sequence[str] = TEXTS) -> tuple[VectorCache, list[str], Path]:
    """A cache that holds `texts`, the list its warnings go to, and its file."""
    warnings: list[str] = []
    cache = VectorCache(folder, warnings.append)
    encoder = LetterEncoder()
    cache.encode(encoder, texts)
    return cache, warnings, cache.path(encoder.fingerprint)


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    cache, warnings, _ = filled(tmp_path)
    encoder = LetterEncoder()
    again = VectorCache(tmp_path).encode(encoder, [*TEXTS[::-1], "new", "new"])
    assert encoder.asked == ["new"]
    np.testing.assert_array_equal(again, LetterEncoder().encode([*TEXTS[::-1], "new", "new"]))
    assert cache.encode(LetterEncoder(), []).shape == (0, DIM)
    assert warnings == []


def test_progress_counts_only_what_is_missing(tmp_path: Path) -> None:
    cache, _, _ = filled(tmp_path)
    seen: list[tuple[int, int]] = []
    cache.encode(LetterEncoder(), TEXTS, lambda done, total: seen.append((done, total)))
    assert seen == []
    cache.encode(LetterEncoder(), [*TEXTS, "a", "b"], lambda done, total: seen.append((done, total)))
    assert seen[-1] == (2, 2)


def test_a_killed_first_run_keeps_what_it_had_saved(tmp_path: Path) -> None:
    class Killed(LetterEncoder):
        def encode(self, texts: Sequence[str], progress: Progress | None = None) -> npt.NDArray[np.float32]:
            if self.asked:
                raise KeyboardInterrupt
            return super().encode(texts, progress)

    many = [f"{n}" for n in range(600)]
    with pytest.raises(KeyboardInterrupt):
        VectorCache(tmp_path).encode(Killed(), many)
    encoder = LetterEncoder()
    VectorCache(tmp_path).encode(encoder, many)
    assert encoder.asked == many[256:]


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_file_cut_anywhere_loses_only_what_was_cut_off(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    cache, warnings, path = filled(tmp_path_factory.mktemp("cut"))
    content = path.read_bytes()
    record = 32 + 4 * DIM + 4
    end = data.draw(st.integers(512, len(content) - 1))
    path.write_bytes(content[:end])
    encoder = LetterEncoder()
    vectors = cache.encode(encoder, TEXTS)
    np.testing.assert_array_equal(vectors, LetterEncoder().encode(TEXTS))
    assert encoder.asked == TEXTS[(end - 512) // record :]
    assert len(warnings) == (0 if (end - 512) % record == 0 else 1)
    assert len(path.read_bytes()) == len(content)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_changed_byte_costs_at_most_one_text(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    cache, warnings, path = filled(tmp_path_factory.mktemp("spoiled"))
    content = bytearray(path.read_bytes())
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(content)
    encoder = LetterEncoder()
    np.testing.assert_array_equal(cache.encode(encoder, TEXTS), LetterEncoder().encode(TEXTS))
    assert len(encoder.asked) == (0 if place < 512 else 1)
    assert len(warnings) == 1
    assert "damaged" in warnings[0]
    after = LetterEncoder()
    cache.encode(after, TEXTS)
    assert after.asked == []
    assert len(warnings) == 1


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"{}", b"garbage" * 1000, b"\0" * 5000])
def test_a_file_of_garbage_is_replaced(tmp_path: Path, content: bytes) -> None:
    cache, warnings, path = filled(tmp_path)
    path.write_bytes(content)
    encoder = LetterEncoder()
    np.testing.assert_array_equal(cache.encode(encoder, TEXTS), LetterEncoder().encode(TEXTS))
    assert encoder.asked == TEXTS
    assert len(warnings) == (1 if content else 0)
    assert VectorCache(tmp_path).get("letters-1", DIM, TEXTS)[1] == []


def test_damage_is_repaired_even_when_nobody_asks_for_the_damaged_text(tmp_path: Path) -> None:
    cache, warnings, path = filled(tmp_path)
    path.write_bytes(path.read_bytes()[:-1])
    cache.encode(LetterEncoder(), TEXTS[:3])
    cache.encode(LetterEncoder(), TEXTS[:3])
    assert len(warnings) == 1


def test_a_file_that_belongs_to_another_encoder_is_refused(tmp_path: Path) -> None:
    cache, _, path = filled(tmp_path)
    path.rename(cache.path("letters-2"))
    with pytest.raises(FingerprintError, match=r"found vectors of 'letters-1'.*expected vectors of 'letters-2'.*Delete the file"):
        cache.encode(LetterEncoder("letters-2"), TEXTS)


def test_vectors_of_another_length_under_the_same_fingerprint_are_refused(tmp_path: Path) -> None:
    cache, _, _ = filled(tmp_path)
    with pytest.raises(FingerprintError, match=r"8 long.*expected.*4 long"):
        cache.put("letters-1", ["x"], np.ones((1, 4)))


def test_two_encoders_share_a_folder_without_mixing(tmp_path: Path) -> None:
    cache, _, _ = filled(tmp_path)
    other = LetterEncoder("letters-2", dim=4)
    assert cache.encode(other, TEXTS).shape == (len(TEXTS), 4)
    assert other.asked == TEXTS
    assert cache.get("letters-1", DIM, TEXTS)[1] == []


def test_records_of_another_encoder_pasted_into_the_file_do_not_count(tmp_path: Path) -> None:
    cache, warnings, path = filled(tmp_path)
    cache.encode(LetterEncoder("letters-2"), ["foreign"])
    foreign = cache.path("letters-2").read_bytes()[512:]
    path.write_bytes(path.read_bytes() + foreign)
    assert cache.get("letters-1", DIM, ["foreign"])[1] == [0]
    assert len(warnings) == 1


def test_get_names_what_is_missing(tmp_path: Path) -> None:
    cache, _, _ = filled(tmp_path)
    vectors, missing = cache.get("letters-1", DIM, ["unseen", TEXTS[3]])
    assert missing == [0]
    assert not vectors[0].any()
    np.testing.assert_array_equal(vectors[1:], LetterEncoder().encode([TEXTS[3]]))


def test_a_folder_that_cannot_be_written_costs_a_warning_not_the_answer(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way", encoding="utf-8")
    warnings: list[str] = []
    vectors = VectorCache(blocker / "cache", warnings.append).encode(LetterEncoder(), TEXTS)
    np.testing.assert_array_equal(vectors, LetterEncoder().encode(TEXTS))
    assert any("could not be kept" in warning for warning in warnings)


def test_put_wants_one_row_for_each_text(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"expected \(2, dim\)"):
        VectorCache(tmp_path).put("letters-1", ["a", "b"], np.ones((3, DIM)))


def _write_share(folder: str, share: int) -> None:
    for n in range(20):
        text = f"{share}-{n}"
        VectorCache(folder).put("letters-1", [text], LetterEncoder().encode([text]))


def test_writers_at_the_same_time_lose_nothing(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write_share, args=(str(tmp_path), share)) for share in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    texts = [f"{share}-{n}" for share in range(3) for n in range(20)]
    warnings: list[str] = []
    vectors, missing = VectorCache(tmp_path, warnings.append).get("letters-1", DIM, texts)
    assert missing == []
    assert warnings == []
    np.testing.assert_array_equal(vectors, LetterEncoder().encode(texts))


def _write_until_killed(folder: str, acknowledged: str) -> None:
    with Path(acknowledged).open("a", encoding="utf-8", buffering=1) as log:
        for n in range(100_000):
            VectorCache(folder).put("letters-1", [f"{n}"], LetterEncoder().encode([f"{n}"]))
            log.write(f"{n}\n")


def test_a_killed_writer_loses_nothing_it_had_acknowledged(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    log = tmp_path / "acknowledged.txt"
    for _ in range(3):
        worker = context.Process(target=_write_until_killed, args=(str(tmp_path / "cache"), str(log)))
        worker.start()
        worker.join(1.5)
        worker.kill()
        worker.join()
    acknowledged = sorted(set(log.read_text(encoding="utf-8").split()))
    assert acknowledged
    vectors, missing = VectorCache(tmp_path / "cache").get("letters-1", DIM, acknowledged)
    assert missing == []
    np.testing.assert_array_equal(vectors, LetterEncoder().encode(acknowledged))


def test_the_real_encoder_gets_its_own_vectors_back(tmp_path: Path, onnx_encoder: OnnxEncoder) -> None:
    texts = ["become a literacy coach", "", "\ud800"]
    first = VectorCache(tmp_path).encode(onnx_encoder, texts)
    np.testing.assert_array_equal(VectorCache(tmp_path).encode(onnx_encoder, texts), first)
    np.testing.assert_array_equal(first, onnx_encoder.encode(texts))
