"""Shared by the tests of this folder: the encoders, loaded once."""

from __future__ import annotations

import pytest

from models.base import TextEncoder
from models.encoders import OnnxEncoder, SentenceTransformersEncoder


@pytest.fixture(scope="session")
def onnx_encoder() -> OnnxEncoder:
    return OnnxEncoder()


@pytest.fixture(scope="session")
def torch_encoder() -> SentenceTransformersEncoder:
    pytest.importorskip("sentence_transformers", reason="extra sentence-transformers is not installed")
    return SentenceTransformersEncoder(device="cpu")


@pytest.fixture(
    params=["onnx_encoder", pytest.param("torch_encoder", marks=pytest.mark.sentence_transformers)],
    ids=["onnx", "sentence-transformers"],
)
def encoder(request: pytest.FixtureRequest) -> TextEncoder:
    chosen: TextEncoder = request.getfixturevalue(request.param)
    return chosen
