"""A file in one of the field's formats: which one it is, and what it holds.

All or nothing: a file with one problem is rejected with every problem named.
"""

from __future__ import annotations

import io
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

from pathways.catalog.formats.case_in import is_case, read_case
from pathways.catalog.formats.classes import (
    COMPETENCIES,
    COMPONENTS,
    CONDITIONS,
    CONTAINERS,
    EARNABLE,
    FRAMEWORKS,
    PATHWAYS,
    TRANSFERS,
)
from pathways.catalog.formats.ctdl_in import Pieces, read_ctdl
from pathways.catalog.formats.imported import Format, Imported, ImportProblem, ImportRejectedError
from pathways.catalog.formats.json_stream import MAX_NESTED, CountedFile, NotJsonError, member, stream, too_deep
from pathways.catalog.formats.node import types_of
from pathways.catalog.formats.reading import Reading
from pathways.catalog.formats.rsd_in import is_rsd, read_rsd

#: Called with bytes read so far and bytes to read in all (a CTDL file is read twice).
Progress = Callable[[int, int], None]

_CTDL = frozenset().union(EARNABLE, COMPONENTS, CONTAINERS, CONDITIONS, COMPETENCIES, FRAMEWORKS, PATHWAYS, TRANSFERS)


def read_file(path: Path, *, progress: Progress | None = None) -> Imported:
    """Read a CTDL, CTDL-ASN, CASE or RSD file, of any size.

    Parameters
    ----------
    path : Path
        The file; named in messages by its last part.
    progress : callable or None
        Called with the bytes read so far and the bytes to read in all.

    Returns
    -------
    Imported
        What the file holds, with a warning for everything that was not taken over.

    Raises
    ------
    ImportRejectedError
        With every problem, where the file cannot be taken over; nothing of it is.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError as error:
        raise _rejected(path.name, "not-readable", "$", error.strerror or "the file cannot be read") from None
    done = 0

    def count(number: int) -> None:
        nonlocal done
        done += number
        if progress is not None:
            progress(min(done, 2 * size), 2 * size)

    def pieces() -> Iterator[tuple[str, Any]]:
        with path.open("rb") as file:
            yield from stream(CountedFile(file, count))

    found = _read(pieces, path.name)
    if progress is not None:
        progress(2 * size, 2 * size)
    return found


def read_json(data: object, *, name: str = "data") -> Imported:
    """Read what a JSON reader gave, or JSON text as bytes.

    Parameters
    ----------
    data : bytes, dict or list
        A whole document. Bytes are read strictly; duplicate keys of an object are gone by the time it is one.
    name : str
        What messages call it.

    Returns
    -------
    Imported
        As for :func:`read_file`.

    Raises
    ------
    ImportRejectedError
        As for :func:`read_file`.
    """
    if isinstance(data, bytes):
        whole = data
        return _read(lambda: stream(CountedFile(io.BytesIO(whole))), name)
    if _depth(data) > MAX_NESTED:
        error = too_deep()
        raise _rejected(name, error.code, error.place, error.text)
    return _read(lambda: _pieces_of(data), name)


def _depth(data: object) -> int:
    depth, level = 0, [data]
    while level and depth <= MAX_NESTED:
        inner: list[object] = []
        for value in level:
            inner += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        depth, level = depth + 1, inner
    return depth


def _pieces_of(data: object) -> Iterator[tuple[str, Any]]:
    if isinstance(data, list):
        yield from ((member("$", number), value) for number, value in enumerate(data))
    else:
        yield "$", data


def _read(pieces: Pieces, name: str) -> Imported:
    reading = Reading(name)
    try:
        found = _of_format(pieces, reading)
    except NotJsonError as error:
        raise _rejected(name, error.code, error.place, error.text) from None
    if reading.problems:
        raise ImportRejectedError(name, tuple(reading.problems))
    return found


def _rejected(name: str, code: str, place: str, text: str) -> ImportRejectedError:
    return ImportRejectedError(name, (ImportProblem(code, place, text),))


def _of_format(pieces: Pieces, reading: Reading) -> Imported:
    found = pieces()
    first = next(found, None)
    if first is None:
        raise NotJsonError("nothing-in-it", "$", "an empty list; expected at least one resource")
    match _format(*first):
        case "case":
            return read_case(chain([first], found), reading)
        case "rsd":
            return read_rsd(chain([first], found), reading)
        case "ctdl":
            return read_ctdl(pieces, reading)
        case _:
            deque(found, maxlen=0)  # what is no JSON at all should be told so
            text = "neither CTDL, CTDL-ASN, CASE nor RSD; expected a graph, a CFPackage or a rich skill descriptor"
            raise NotJsonError("unknown-format", first[0], text)


def _format(place: str, value: Any) -> Format | None:
    if place.startswith("$['@graph']"):
        return "ctdl"
    if not isinstance(value, dict):
        return None
    if is_case(value):
        return "case"
    if is_rsd(value):
        return "rsd"
    wrapped = any(key in value for key in ("@graph", "decoded_resource"))
    return "ctdl" if wrapped or _CTDL.intersection(types_of(value)) else None
