"""Fitted models on disk: arrays behind a JSON header, in one file that can be mapped into memory. Never pickle.

Layout: 8 bytes of magic, 8 bytes of header length, the header, then each array at a multiple of 64 bytes. The header
holds format version, kind, seed, a sha256 over the arrays, and what the caller adds. Files are replaced whole by an atomic
rename, so a reader sees the old file or the new one. `VectorCache` (in `models.vector_cache`) is named here too.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from models.base import StoredFileError
from models.vector_cache import VectorCache

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["Stored", "VectorCache", "load_arrays", "save_arrays", "texts_from_array", "texts_to_array", "writing"]

FORMAT_VERSION: Final = 1
_MAGIC: Final = b"PWARRAY1"
_ALIGNMENT: Final = 64
_PLAIN_KINDS: Final = frozenset("biuf")
_REMEDY: Final = "Delete the file and fit the model again."


@dataclass(frozen=True)
class Stored:
    """What a file held.

    Attributes
    ----------
    arrays : dict of str to array
        Read-only, mapped from the file.
    header : dict
        What the writer added.
    seed : int or None
        Seed the model was fitted with.
    checksum : str
        Sha256 over names, types, shapes and bytes of the arrays.
    """

    arrays: dict[str, npt.NDArray[Any]]
    header: dict[str, Any]
    seed: int | None
    checksum: str


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """Open a temporary file beside `path` that takes its place, whole and on disk, when the block ends well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def save_arrays(
    path: Path,
    arrays: Mapping[str, npt.NDArray[Any]],
    *,
    kind: str,
    header: Mapping[str, Any] | None = None,
    seed: int | None = None,
) -> str:
    """Write arrays and a header to one file.

    Parameters
    ----------
    path : Path
        Replaced whole where it exists.
    arrays : mapping of str to array
        Numbers and booleans only.
    kind : str
        What the file is, checked on loading.
    header : mapping, optional
        Anything JSON can hold.
    seed : int, optional
        Seed the model was fitted with.

    Returns
    -------
    str
        Checksum of the arrays.

    Raises
    ------
    ValueError
        If an array holds something other than numbers or booleans.
    """
    plain = {name: np.ascontiguousarray(array) for name, array in sorted(arrays.items())}
    for name, array in plain.items():
        if array.dtype.kind not in _PLAIN_KINDS:
            msg = f"arrays[{name!r}]: found type {array.dtype}, expected numbers or booleans"
            raise ValueError(msg)
    places: list[dict[str, Any]] = []
    offset = 0
    for name, array in plain.items():
        places.append({"name": name, "dtype": array.dtype.str, "shape": array.shape, "offset": offset})
        offset += -(-array.nbytes // _ALIGNMENT) * _ALIGNMENT
    checksum = _checksum(plain)
    facts = {"version": FORMAT_VERSION, "kind": kind, "seed": seed, "checksum": checksum, "arrays": places}
    encoded = json.dumps({**facts, "header": dict(header or {})}, sort_keys=True).encode()
    encoded += b" " * (-(16 + len(encoded)) % _ALIGNMENT)
    with writing(path) as file:
        file.write(_MAGIC + len(encoded).to_bytes(8, "little") + encoded)
        for array in plain.values():
            file.write(array.tobytes())
            file.write(b"\0" * (-array.nbytes % _ALIGNMENT))
    return checksum


def load_arrays(path: Path, *, kind: str, verify: bool = True) -> Stored:
    """Read what `save_arrays` wrote.

    Parameters
    ----------
    path : Path
    kind : str
        What the file must be.
    verify : bool
        Whether to read everything once and compare the checksum. Without it, pages are read only when used.

    Returns
    -------
    Stored

    Raises
    ------
    StoredFileError
        If the file is missing, damaged, from a newer format, or of another kind.
    """
    try:
        facts, start = _read_header(path)
        if facts["version"] != FORMAT_VERSION:
            raise StoredFileError(str(path), f"format {facts['version']}", f"format {FORMAT_VERSION}", _REMEDY)
        if facts["kind"] != kind:
            raise StoredFileError(str(path), f"kind {facts['kind']!r}", f"kind {kind!r}", "Give the right file.")
        arrays = {place["name"]: _map(path, place, start) for place in facts["arrays"]}
        stored = Stored(arrays, facts["header"], facts["seed"], facts["checksum"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        found = f"{type(error).__name__}: {error}"
        raise StoredFileError(str(path), found, "a complete file of arrays", _REMEDY) from error
    if verify and _checksum(arrays) != stored.checksum:
        raise StoredFileError(str(path), "other bytes than were written", f"checksum {stored.checksum}", _REMEDY)
    return stored


def texts_to_array(name: str, texts: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """Hold a list of texts in two arrays, ready for `save_arrays`.

    Examples
    --------
    >>> texts_to_array("ids", ["a", "bc"])["ids.ends"]
    array([1, 3])
    """
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    ends = np.cumsum([len(part) for part in encoded], dtype=np.int64)
    return {f"{name}.bytes": np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{name}.ends": ends}


def texts_from_array(name: str, arrays: Mapping[str, npt.NDArray[Any]]) -> list[str]:
    """Undo `texts_to_array`.

    Examples
    --------
    >>> texts_from_array("ids", texts_to_array("ids", ["a", "bc"]))
    ['a', 'bc']
    """
    joined = arrays[f"{name}.bytes"].tobytes()
    ends = [0, *arrays[f"{name}.ends"].tolist()]
    return [joined[a:b].decode("utf-8", "surrogatepass") for a, b in pairwise(ends)]


def _read_header(path: Path) -> tuple[dict[str, Any], int]:
    with path.open("rb") as file:
        if file.read(8) != _MAGIC:
            raise ValueError("the first bytes are not those of this format")
        length = int.from_bytes(file.read(8), "little")
        if length > path.stat().st_size:
            raise ValueError("the header is cut short")
        facts: dict[str, Any] = json.loads(file.read(length))
    return facts, 16 + length


def _map(path: Path, place: dict[str, Any], start: int) -> npt.NDArray[Any]:
    dtype = np.dtype(place["dtype"])
    shape = tuple(place["shape"])
    if dtype.kind not in _PLAIN_KINDS:
        msg = f"array {place['name']!r} has type {dtype}"
        raise ValueError(msg)
    if 0 in shape:  # an empty range cannot be mapped
        return np.empty(shape, dtype=dtype)
    return np.memmap(path, dtype=dtype, mode="r", offset=start + place["offset"], shape=shape)


def _checksum(arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    digest = hashlib.sha256()
    for name, array in sorted(arrays.items()):
        digest.update(json.dumps([name, array.dtype.str, array.shape]).encode())
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
    return digest.hexdigest()
