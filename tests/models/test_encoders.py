"""The bundled encoder: which weights it accepts, what it imports, what its files say."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from models.base import MissingExtraError, WrongWeightsError
from models.encoders import BUNDLED_WEIGHTS, OnnxEncoder, SentenceTransformersEncoder, read_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the bundled weights that a test may spoil."""
    return Path(shutil.copytree(BUNDLED_WEIGHTS, tmp_path / "weights"))


def test_changed_weights_are_refused_by_name_with_both_checksums(folder: Path) -> None:
    weights = folder / "model.onnx"
    content = bytearray(weights.read_bytes())
    content[1_000_000] ^= 1
    weights.write_bytes(content)
    with pytest.raises(WrongWeightsError) as caught:
        OnnxEncoder(folder)
    error = caught.value
    assert error.where == str(weights)
    assert hashlib.sha256(content).hexdigest() in error.found
    assert read_manifest(folder).files["model.onnx"] in error.expected
    assert "python -m models.export" in error.remedy


def test_a_tokenizer_of_another_model_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    with pytest.raises(WrongWeightsError, match=r"tokenizer\.json: found sha256"):
        OnnxEncoder(folder)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(WrongWeightsError, match="No such file") as caught:
        OnnxEncoder(folder)
    assert caught.value.where == str(folder / name)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"model": "m", "dim": 384, "max_length": 256, "files": {}}', "\xff\xfe"])
def test_a_manifest_that_says_too_little_is_refused(folder: Path, text: str) -> None:
    (folder / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(WrongWeightsError, match=r"manifest\.json: found .*, expected JSON with model"):
        OnnxEncoder(folder)


def test_the_error_survives_the_way_back_from_a_worker_process() -> None:
    error = WrongWeightsError("model.onnx", "this", "that", "Do something.")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == "model.onnx: found this, expected that. Do something."


def test_equal_files_have_equal_fingerprints_wherever_they_lie(folder: Path, onnx_encoder: OnnxEncoder) -> None:
    assert OnnxEncoder(folder).fingerprint == onnx_encoder.fingerprint


def test_a_shorter_reading_length_is_another_fingerprint(folder: Path, onnx_encoder: OnnxEncoder) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps({**manifest, "max_length": 64}), encoding="utf-8")
    assert OnnxEncoder(folder).fingerprint != onnx_encoder.fingerprint


def test_the_module_imports_nothing_heavy() -> None:
    code = "import models.encoders, sys; print([m for m in ('numpy', 'onnxruntime', 'tokenizers', 'torch') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_first_vector_needs_no_torch_and_writes_nothing_to_the_terminal() -> None:
    code = "from models.encoders import OnnxEncoder; OnnxEncoder().encode(['x']); import sys; assert 'torch' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_the_weights_name_their_source_and_license_and_no_machine() -> None:
    manifest = json.loads((BUNDLED_WEIGHTS / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["source"]["model.safetensors"].startswith("53aa51172d142c89")
    assert manifest["license"] == "Apache-2.0"
    notice = (BUNDLED_WEIGHTS / "NOTICE").read_text(encoding="utf-8")
    assert "sentence-transformers/all-MiniLM-L6-v2" in notice
    assert "8-bit integers" in notice
    weights = (BUNDLED_WEIGHTS / "model.onnx").read_bytes()
    assert len(weights) < 24_000_000
    for trace in (b"site-packages", b"/home/", b"/tmp/", b".py"):
        assert trace not in weights


def test_without_the_extra_the_message_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.encoders.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'pathways\[sentence-transformers\]'"):
        SentenceTransformersEncoder()


def test_threads_may_share_an_encoder(onnx_encoder: OnnxEncoder) -> None:
    texts = [f"goal number {n}" for n in range(40)]
    expected = np.concatenate([onnx_encoder.encode([text]) for text in texts])
    with ThreadPoolExecutor(4) as pool:
        found = np.concatenate(list(pool.map(lambda text: onnx_encoder.encode([text]), texts)))
    np.testing.assert_array_equal(found, expected)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_worker_goes_on_encoding_without_a_word() -> None:
    code = """
import os
from models.encoders import OnnxEncoder
encoder = OnnxEncoder()
encoder.encode(["before"] * 3)
child = os.fork()
if child == 0:
    encoder.encode(["after"])
    os._exit(7)
print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert (done.stdout, done.stderr) == ("7\n", "")
