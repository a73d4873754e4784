"""What every text encoder promises, held against both: the bundled one and sentence-transformers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models.base import TextEncoder
from models.dense import DenseRetriever
from models.encoders import MAX_CHARACTERS, OnnxEncoder, SentenceTransformersEncoder, installed_minilm_folder

DATA = Path(__file__).parent / "data"
TEXTS: list[str] = json.loads((DATA / "reference_texts.json").read_text(encoding="utf-8"))
VECTORS = np.load(DATA / "reference_vectors.npy")
"""Made by all-MiniLM-L6-v2 in float32 on torch, through sentence-transformers 6.2.0."""


def test_it_keeps_the_protocol(encoder: TextEncoder) -> None:
    assert isinstance(encoder, TextEncoder)
    assert encoder.dim == 384
    assert encoder.fingerprint


def test_vectors_agree_with_the_original_model(encoder: TextEncoder) -> None:
    cosines = (encoder.encode(TEXTS) * VECTORS).sum(axis=1)
    assert cosines.min() > 0.995
    assert cosines.mean() > 0.999


def test_rows_are_float32_of_unit_length_in_the_order_given(encoder: TextEncoder) -> None:
    vectors = encoder.encode(TEXTS)
    assert vectors.dtype == np.float32
    assert vectors.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(encoder.encode(TEXTS[::-1])[::-1], vectors, atol=1e-5)


def test_a_text_gets_the_same_vector_alone_or_among_others(encoder: TextEncoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_allclose(alone, together, atol=1e-5)


def test_no_texts_give_no_rows(encoder: TextEncoder) -> None:
    assert encoder.encode([]).shape == (0, 384)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00\x01\x1b[2J\x7f", "\u202eright to left", "\ud800", "🏫" * 50, "word " * 20_000, "a" * 100_000],
    ids=["empty", "blank", "control", "override", "half-a-pair", "emoji", "long", "one-long-word"],
)
def test_any_text_gets_a_unit_vector(encoder: TextEncoder, text: str) -> None:
    (vector,) = encoder.encode([text])
    assert np.isfinite(vector).all()
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_only_the_start_of_a_very_long_text_is_read(encoder: TextEncoder) -> None:
    start = "school " * 1_000
    short, long = encoder.encode([start[:MAX_CHARACTERS], start + "tax law " * 10_000])
    np.testing.assert_allclose(short, long, atol=1e-6)


def test_a_single_string_is_refused_instead_of_read_letter_by_letter(encoder: TextEncoder) -> None:
    with pytest.raises(TypeError, match="expected a list of strings"):
        encoder.encode("literacy")


def test_what_is_not_text_is_refused_by_position(encoder: TextEncoder) -> None:
    with pytest.raises(TypeError, match=r"texts\[1\]: found NoneType"):
        encoder.encode(["literacy", None])  # type: ignore[list-item]


def test_progress_counts_up_to_the_number_of_texts(encoder: TextEncoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode(TEXTS, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(TEXTS), len(TEXTS))
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})


def test_meaning_counts_more_than_shared_words(encoder: TextEncoder) -> None:
    texts = ["Reading specialist endorsement", "Coach license for high school football", "Welding certificate"]
    ids, _ = DenseRetriever(encoder).fit(["reading", "football", "welding"], texts).retrieve("help children learn to decode", 3)
    assert ids[0] == "reading"


@pytest.mark.sentence_transformers
def test_both_encoders_give_the_same_vectors(onnx_encoder: OnnxEncoder, torch_encoder: SentenceTransformersEncoder) -> None:
    texts = [*TEXTS, *(text.upper() for text in TEXTS), "word " * 20_000]
    cosines = (onnx_encoder.encode(texts) * torch_encoder.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.995
    assert onnx_encoder.fingerprint != torch_encoder.fingerprint


@pytest.mark.sentence_transformers
def test_the_fingerprint_follows_the_weights_not_the_folder(torch_encoder: SentenceTransformersEncoder) -> None:
    by_folder = SentenceTransformersEncoder(installed_minilm_folder(), device="cpu")
    assert by_folder.fingerprint == torch_encoder.fingerprint
