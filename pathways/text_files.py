"""Text files people write: bytes to text, CSV to lines that know their row number, JSON to values.

Strict: what cannot be read is a problem with its place, never a guess. Knows nothing of what the columns mean.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from pathways.errors import DataProblem, nearest_ids

JsonFault = Literal["not_utf8", "not_json", "too_deep", "repeated_field", "number", "surrogate"]

#: Largest file that is read at all.
MAX_BYTES = 64 * 1024 * 1024

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: the row it starts in (the header is row 1) and its cells by column, without outer spaces."""

    row: int
    cells: dict[str, str]


def has_control_characters(text: str) -> bool:
    """Whether a text holds characters that are not seen when printed: controls, line breaks, direction marks, lone surrogates."""
    return _CONTROL.search(text) is not None


def shown(text: str) -> str:
    r"""Quote what was found for a message: at most 60 characters, invisible ones escaped.

    Examples
    --------
    >>> print(shown("a" + chr(7)))
    "a\x07"
    """
    if not text:
        return "nothing"
    short = text if len(text) <= 60 else f"{text[:57]}..."
    return '"' + _CONTROL.sub(lambda match: repr(match.group())[1:-1], short) + '"'


def did_you_mean(wrong: str, known: Collection[str], *, count: int = 3) -> str:
    """Suggest the nearest known values, as a sentence; empty where none comes near."""
    near = nearest_ids(wrong, known, count=count)
    return f"Did you mean {' or '.join(shown(item) for item in near)}?" if near else ""


class Nearest:
    """Suggestions of near spellings among known values; silent after the first fifty, since each costs a scan of all of them.

    Parameters
    ----------
    known : collection of str
        The values there are.
    """

    def __init__(self, known: Collection[str]) -> None:
        self._known = known
        self._found: dict[str, str] = {}

    def __call__(self, wrong: str) -> str:
        """Suggest, as a sentence; the same text for the same value."""
        if wrong not in self._found and len(self._found) < 50:
            self._found[wrong] = did_you_mean(wrong, self._known)
        return self._found.get(wrong, "")


def read_text(path: Path, problems: list[DataProblem], *, data: bytes | None = None) -> str | None:
    """Read a UTF-8 file, with or without a byte order mark.

    Parameters
    ----------
    path : Path
        Named in problems by its last part.
    problems : list of DataProblem
        Receives what went wrong.
    data : bytes or None
        The content, where the caller has read it already.

    Returns
    -------
    str or None
        None where the file is missing, too large, empty or not UTF-8.
    """
    try:
        content = _first_bytes(path) if data is None else data
        if len(content) > MAX_BYTES:
            _whole_file(problems, path, "a longer file", f"at most {MAX_BYTES:,} bytes")
            return None
        text = content.decode("utf-8-sig")
    except OSError as error:
        _whole_file(problems, path, error.strerror or "no readable file", "a readable file")
        return None
    except UnicodeDecodeError as error:
        found = f"a byte that is not UTF-8 at position {error.start}"
        _whole_file(problems, path, found, "text encoded as UTF-8", 'Save the file again as "CSV UTF-8" or plain UTF-8.')
        return None
    if not text.strip():
        _whole_file(problems, path, "an empty file", "at least one line")
        return None
    return text


def _first_bytes(path: Path) -> bytes:
    """As much of a file as is ever read, and one byte more: a device or a pipe has no size to ask for, and may never end."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def _whole_file(problems: list[DataProblem], path: Path, found: str, expected: str, suggestion: str = "") -> None:
    problems.append(DataProblem(path.name, 1, "file", found, expected, suggestion))


def read_table(
    file: str, text: str, columns: Sequence[str], problems: list[DataProblem], *, required: Collection[str] | None = None
) -> tuple[Line, ...]:
    """Read a CSV text with a header.

    Parameters
    ----------
    file, text : str
        Name for messages, and the content.
    columns : sequence of str
        The columns that may stand in the header, in any order.
    problems : list of DataProblem
        Receives every problem: unknown, missing or repeated columns, ragged rows, broken quotes, control characters.
    required : collection of str or None
        Columns that must be there, all of them if None; cells of the others are blank where they are missing.

    Returns
    -------
    tuple of Line
        Lines with the right number of cells; none where the header is wrong.
    """
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[Line] = []
    row = 1
    try:
        header = [cell.strip() for cell in next(filter(None, reader), [])]
        if not _header_is_right(file, header, columns, problems, required=columns if required is None else required):
            return ()
        blank = dict.fromkeys(columns, "")
        row = reader.line_num + 1
        for cells in reader:
            if cells and _cells_are_right(file, row, header, cells, problems):
                lines.append(Line(row, blank | dict(zip(header, map(str.strip, cells), strict=True))))
            row = reader.line_num + 1
    except csv.Error as error:
        problems.append(DataProblem(file, row, "file", f"a line that is not CSV ({error})", "cells in commas, quotes in pairs"))
    return tuple(lines)


def _header_is_right(
    file: str, header: Sequence[str], columns: Sequence[str], problems: list[DataProblem], *, required: Collection[str]
) -> bool:
    before = len(problems)
    for name in dict.fromkeys(header):
        if name not in columns:
            expected = f"one of the columns {', '.join(columns)}"
            problems.append(DataProblem(file, 1, name[:60], shown(name), expected, did_you_mean(name, columns)))
        elif header.count(name) > 1:
            problems.append(DataProblem(file, 1, name, f"the column {header.count(name)} times", "each column once"))
    problems += (
        DataProblem(file, 1, name, "no such column", f'a column "{name}" in the header')
        for name in columns
        if name in required and name not in header
    )
    return len(problems) == before


def _cells_are_right(file: str, row: int, header: Sequence[str], cells: Sequence[str], problems: list[DataProblem]) -> bool:
    if len(cells) != len(header):
        expected = f"{len(header)} cells, as in the header"
        suggestion = "Put quotes around a cell that contains a comma." if len(cells) > len(header) else ""
        problems.append(DataProblem(file, row, header[-1], f"{len(cells)} cells", expected, suggestion))
        return False
    if not has_control_characters("".join(cells)):
        return True
    problems += (
        DataProblem(file, row, name, shown(cell), "text on one line without control characters")
        for name, cell in zip(header, cells, strict=True)
        if has_control_characters(cell)
    )
    return False


def read_json(file: str, text: str, problems: list[DataProblem]) -> object:
    """Read a JSON text; repeated fields, NaN, numbers of thousands of digits and nesting without end are problems.

    Parameters
    ----------
    file, text : str
        Name for messages, and the content.
    problems : list of DataProblem
        Receives what went wrong.

    Returns
    -------
    object
        The value; None where it did not read.
    """
    repeated: list[str] = []

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        read = dict(found)
        if len(read) < len(found):
            repeated.extend(name for name, count in Counter(name for name, _ in found).items() if count > 1)
        return read

    def constant(word: str) -> Any:
        raise ValueError(word)

    try:
        value: object = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as error:
        problems.append(DataProblem(file, error.lineno, "file", f"{error.msg} at column {error.colno}", "JSON"))
    except RecursionError:
        problems.append(DataProblem(file, 1, "file", "too many lists or objects inside one another", "a few levels"))
    except ValueError as error:
        problems.append(DataProblem(file, 1, "file", f"a number that is none or far too long ({str(error)[:60]})", "plain numbers"))
    else:
        problems += (DataProblem(file, 1, name[:60], "the field twice in one object", "each field once") for name in repeated)
        return value
    return None


class StrictJsonError(json.JSONDecodeError):
    """JSON that could be read in two ways, or not at all; ``code`` is a word for programs."""

    def __init__(self, code: JsonFault, message: str, text: str = "", position: int = 0) -> None:
        super().__init__(message, text, position)
        self.code = code


def strict_json(content: bytes, *, max_depth: int | None = None, max_number: int | None = None) -> Any:
    """Read JSON bytes that must mean one thing: UTF-8, each field once, numbers that are numbers, whole characters.

    Parameters
    ----------
    content : bytes
        With or without a byte order mark.
    max_depth : int or None
        Lists and objects inside one another. Where it is given, half characters (lone surrogates) are refused too.
    max_number : int or None
        Characters of one number.

    Returns
    -------
    object

    Raises
    ------
    StrictJsonError
        With the first fault.

    Examples
    --------
    >>> strict_json(b'{"goal": "reading", "k": 2}', max_depth=3)
    {'goal': 'reading', 'k': 2}
    """
    try:
        text = content.decode("utf-8-sig")
        whole, decimal = (None, None) if max_number is None else (_whole(max_number), _decimal(max_number))
        value = json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_number, parse_int=whole, parse_float=decimal)
    except StrictJsonError:
        raise
    except json.JSONDecodeError as error:
        raise StrictJsonError("not_json", error.msg, error.doc, error.pos) from None
    except UnicodeDecodeError as error:
        raise StrictJsonError("not_utf8", "not UTF-8") from error
    except RecursionError as error:
        raise StrictJsonError("too_deep", "nested too deep") from error
    except ValueError as error:  # Python reads no whole number of more than 4,300 digits
        raise StrictJsonError("number", "a number far too long") from error
    if max_depth is not None:
        _check_depth(value, max_depth)
    return value


def _check_depth(value: Any, most: int) -> None:
    """Walk without recursion, level by level, and look at every text on the way."""
    level: list[Any] = [value]
    depth = 0
    while level:
        below: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                below += item
                below += item.values()
            elif isinstance(item, list):
                below += item
            elif isinstance(item, str) and _SURROGATE.search(item):
                raise StrictJsonError("surrogate", "half a character (a lone surrogate)")
        depth += any(isinstance(item, dict | list) for item in level)
        if depth > most:
            message = f"lists and objects nested more than {most} deep"
            raise StrictJsonError("too_deep", message)
        level = below


def _once_each(found: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(found)
    if len(read) < len(found):
        name = next(name for name, count in Counter(name for name, _ in found).items() if count > 1)
        message = f'the field "{name[:60]}" stands twice'
        raise StrictJsonError("repeated_field", message)
    return read


def _no_number(word: str) -> NoReturn:
    message = f"{word} is not a number JSON knows"
    raise StrictJsonError("number", message)


def _whole(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if len(text) > most:
            raise ValueError(text[:most])
        return int(text)

    return read


def _decimal(most: int) -> Callable[[str], float]:
    def read(text: str) -> float:
        value = float(text) if len(text) <= most else math.inf
        if math.isinf(value):
            raise ValueError(text[:most])
        return value

    return read
