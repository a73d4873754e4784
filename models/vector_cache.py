"""Vectors kept on disk by (encoder fingerprint, sha256 of the text), so that a catalog is encoded once.

One file for each fingerprint: a header, then records of one size (key, vector, checksum) that are only ever appended. A record
counts when its checksum is right, so a file that was cut short, scribbled on or half-written loses just the records it
hurt: those texts are encoded again and the file is put in order. The checksum guards against accidents, not against forgery,
and covers the fingerprint too, so records of another encoder never pass for one's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from models.base import FingerprintError, Progress, TextEncoder

if TYPE_CHECKING:
    import numpy.typing as npt

    from models.base import Float32Array

FORMAT_VERSION: Final = 1
_HEADER_BYTES: Final = 512
_KEY_BYTES: Final = 32
_TEXTS_PER_SAVE: Final = 256
"""Fewest texts encoded between two saves. A long run saves twenty times, because each save reads the file again."""

Warn = Callable[[str], None]


@dataclass(frozen=True)
class _Records:
    """The sound records of one file, and whether there is nothing else in it."""

    rows: dict[bytes, int]
    vectors: Float32Array
    tidy: bool


def text_key(text: str) -> bytes:
    """Sha256 of a text: what its vector is kept under."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


class VectorCache:
    """A folder of encoded texts. Safe for several processes and threads at once.

    Parameters
    ----------
    folder : Path
        Created when first written.
    warn : callable, optional
        Told in one sentence when a file was damaged or cannot be written. The answer is right all the same.
    """

    def __init__(self, folder: Path | str, warn: Warn | None = None) -> None:
        self.folder = Path(folder)
        self._warn: Warn = warn if warn is not None else _silent

    def encode(self, encoder: TextEncoder, texts: Sequence[str], progress: Progress | None = None) -> Float32Array:
        """Vectors of `texts`, encoding only those not kept yet.

        Parameters
        ----------
        encoder : TextEncoder
        texts : sequence of str
            May repeat.
        progress : callable, optional
            Called with the number of missing texts encoded and their number in all; not called when none is missing.

        Returns
        -------
        float32 array, shape (n, dim)
            In the order of `texts`.

        Raises
        ------
        FingerprintError
            If the file of this encoder holds vectors of another.
        """
        keys = [text_key(text) for text in texts]
        kept = self._read(encoder.fingerprint, encoder.dim)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept.rows}
        fresh = self._encode_missing(encoder, missing, progress)
        out = np.empty((len(keys), encoder.dim), dtype=np.float32)
        for row, key in enumerate(keys):
            out[row] = kept.vectors[kept.rows[key]] if key in kept.rows else fresh[key]
        return out

    def get(self, fingerprint: str, dim: int, texts: Sequence[str]) -> tuple[Float32Array, list[int]]:
        """Vectors already kept, and the positions of the texts that are not.

        Returns
        -------
        vectors : float32 array, shape (n, dim)
            Zero where missing.
        missing : list of int
        """
        kept = self._read(fingerprint, dim)
        found = [kept.rows.get(text_key(text), -1) for text in texts]
        out = np.zeros((len(found), dim), dtype=np.float32)
        for row, source in enumerate(found):
            if source >= 0:
                out[row] = kept.vectors[source]
        return out, [row for row, source in enumerate(found) if source < 0]

    def put(self, fingerprint: str, texts: Sequence[str], vectors: npt.ArrayLike) -> None:
        """Keep vectors. When this returns, they are on disk.

        Parameters
        ----------
        fingerprint : str
            Of the encoder that made them.
        texts : sequence of str
        vectors : array, shape (n, dim)

        Raises
        ------
        FingerprintError
            If the file of this fingerprint holds vectors of another encoder, or of another length.
        OSError
            If the folder cannot be written.
        ValueError
            If the shapes disagree.
        """
        matrix = np.ascontiguousarray(vectors, dtype=np.float32)
        if matrix.ndim != 2 or len(matrix) != len(texts):
            msg = f"vectors: found shape {matrix.shape}, expected ({len(texts)}, dim), one row for each text"
            raise ValueError(msg)
        self._append(fingerprint, [text_key(text) for text in texts], matrix)

    def path(self, fingerprint: str) -> Path:
        """File that keeps the vectors of one encoder."""
        return self.folder / f"{hashlib.sha256(fingerprint.encode()).hexdigest()[:32]}.vectors"

    def _encode_missing(
        self, encoder: TextEncoder, missing: dict[bytes, str], progress: Progress | None
    ) -> dict[bytes, Float32Array]:
        keys = list(missing)
        fresh: dict[bytes, Float32Array] = {}
        step = max(_TEXTS_PER_SAVE, len(keys) // 20)
        for start in range(0, len(keys), step):
            part = keys[start : start + step]
            vectors = encoder.encode([missing[key] for key in part], _shifted(progress, start, len(keys)))
            fresh.update(zip(part, vectors, strict=True))
            self._try_append(encoder.fingerprint, part, vectors)
        return fresh

    def _try_append(self, fingerprint: str, keys: Sequence[bytes], vectors: Float32Array) -> None:
        try:
            self._append(fingerprint, keys, vectors)
        except OSError as error:
            self._warn(f"{self.folder}: vectors could not be kept ({error.strerror or error}); they are used this once.")

    def _read(self, fingerprint: str, dim: int) -> _Records:
        path = self.path(fingerprint)
        records = _parse(path, self._content(path), fingerprint, dim)
        if records.tidy:
            return records
        # Perhaps only half of what another process is writing right now: look again when nobody writes.
        with suppress(OSError), _locked(path.with_suffix(".lock")):
            records = _parse(path, self._content(path), fingerprint, dim)
        if not records.tidy:
            self._warn(f"{path}: damaged; {len(records.rows)} vectors are sound, the others are encoded again.")
            self._try_append(fingerprint, [], np.empty((0, dim), dtype=np.float32))
        return records

    def _content(self, path: Path) -> bytes:
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            self._warn(f"{path}: cannot be read ({error.strerror or error}); its texts are encoded again.")
            return b""

    def _append(self, fingerprint: str, keys: Sequence[bytes], vectors: Float32Array) -> None:
        path = self.path(fingerprint)
        dim = vectors.shape[1]
        self.folder.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_suffix(".lock")):
            # Read again under the lock: another process may have added or repaired meanwhile.
            content = path.read_bytes() if path.exists() else b""
            kept = _parse(path, content, fingerprint, dim)
            new = {key: row for row, key in enumerate(keys) if key not in kept.rows}
            block = _pack(list(new), vectors[list(new.values())], fingerprint)
            if content and kept.tidy:
                with path.open("ab") as file:
                    _flush(file, block)
                return
            sound = _pack(list(kept.rows), kept.vectors[list(kept.rows.values())], fingerprint)
            _replace(path, _header(fingerprint, dim) + sound + block)


def _silent(message: str) -> None:
    """Say nothing: the caller did not ask to be told."""


def _shifted(progress: Progress | None, start: int, total: int) -> Progress | None:
    if progress is None:
        return None
    return lambda done, _: progress(start + done, total)


def _record_type(dim: int) -> np.dtype[Any]:
    return np.dtype([("key", np.uint8, _KEY_BYTES), ("vector", "<f4", dim), ("checksum", "<u4")])


def _header(fingerprint: str, dim: int) -> bytes:
    """One line of JSON, then its own checksum, so that a damaged header is never taken for another encoder's."""
    facts = {"format": "pathways-vectors", "version": FORMAT_VERSION, "fingerprint": fingerprint, "dim": dim}
    encoded = json.dumps(facts, sort_keys=True).encode()
    if len(encoded) > _HEADER_BYTES - 9:
        msg = f"fingerprint: found {len(fingerprint)} characters, expected fewer than 300"
        raise ValueError(msg)
    encoded = encoded.ljust(_HEADER_BYTES - 9)
    return encoded + f"{zlib.crc32(encoded):08x}\n".encode()


def _checksums(raw: bytes, count: int, size: int, fingerprint: str) -> npt.NDArray[np.uint32]:
    """CRC of each record without its last four bytes, seeded with the fingerprint."""
    seed = zlib.crc32(fingerprint.encode())
    view = memoryview(raw)
    sums = [zlib.crc32(view[start : start + size - 4], seed) for start in range(0, count * size, size)]
    return np.array(sums, dtype=np.uint32)


def _pack(keys: Sequence[bytes], vectors: Float32Array, fingerprint: str) -> bytes:
    kind = _record_type(vectors.shape[1])
    records = np.zeros(len(keys), dtype=kind)
    if keys:
        records["key"] = np.frombuffer(b"".join(keys), dtype=np.uint8).reshape(-1, _KEY_BYTES)
        records["vector"] = vectors
        records["checksum"] = _checksums(records.tobytes(), len(keys), kind.itemsize, fingerprint)
    return records.tobytes()


def _parse(path: Path, content: bytes, fingerprint: str, dim: int) -> _Records:
    """Every sound record of a file, whatever state the file is in."""
    kind = _record_type(dim)
    expected = _header(fingerprint, dim)
    header_sound = content[:_HEADER_BYTES] == expected
    if content and not header_sound:
        _refuse_other_encoder(path, content[:_HEADER_BYTES], fingerprint, dim)
    body = content[_HEADER_BYTES:]
    count = len(body) // kind.itemsize
    records = np.frombuffer(body, dtype=kind, count=count)
    sound = np.flatnonzero(_checksums(body, count, kind.itemsize, fingerprint) == records["checksum"])
    keys = records["key"].tobytes()
    rows = {keys[row * _KEY_BYTES : (row + 1) * _KEY_BYTES]: row for row in sound.tolist()}
    tidy = not content or (header_sound and len(sound) == count and len(body) == count * kind.itemsize)
    return _Records(rows, records["vector"], tidy)


def _refuse_other_encoder(path: Path, header: bytes, fingerprint: str, dim: int) -> None:
    """Raise if the header is sound but names another encoder; a header that is not sound is damage, not a mix-up."""
    encoded = header[: _HEADER_BYTES - 9]
    if header[_HEADER_BYTES - 9 :] != f"{zlib.crc32(encoded):08x}\n".encode():
        return
    facts = json.loads(encoded)
    found = (facts["fingerprint"], facts["dim"], facts["version"])
    if found != (fingerprint, dim, FORMAT_VERSION):
        named = [f"vectors of {who!r}, {n} long, format {v}" for who, n, v in (found, (fingerprint, dim, FORMAT_VERSION))]
        raise FingerprintError(str(path), named[0], named[1], "Delete the file; its texts will be encoded again.")


def _flush(file: IO[bytes], block: bytes) -> None:
    file.write(block)
    file.flush()
    os.fsync(file.fileno())


def _replace(path: Path, content: bytes) -> None:
    # One name is enough: only the holder of the lock writes here, and a leftover of a killed writer is overwritten.
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        _flush(file, content)
    part.replace(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold an exclusive lock that the system releases even when the process is killed."""
    with path.open("a+b") as file:
        _lock(file.fileno())
        yield  # closing the file releases the lock


def _lock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
