"""Strict JSON as a stream: one element at a time of a long list, so that a file far larger than memory's share is read.

Strict: one document, no key twice in one object, no numbers or letters that JSON does not have. Nothing here knows a format.
"""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

#: Deepest nesting of objects and lists that is read. The deepest published pathway has fewer than fifty.
MAX_NESTED = 2_000
#: Bytes read at a time.
CHUNK = 64 * 1024

_ESCAPE = re.compile(rb"\\(?:u([0-9a-fA-F]{4})|[^u])")
_MARK = b"\xef\xbb\xbf"
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NotJsonError(Exception):
    """A text that is not one strict JSON document."""

    def __init__(self, code: str, place: str, text: str) -> None:
        super().__init__(text)
        self.code, self.place, self.text = code, place, text


def member(place: str, key: str | int) -> str:
    """Add one step to a JSON path.

    Examples
    --------
    >>> member(member("$", "@graph"), 0)
    "$['@graph'][0]"
    """
    if isinstance(key, int):
        return f"{place}[{key}]"
    short = key if len(key) <= 80 else f"{key[:77]}..."
    escaped = short.replace("\\", "\\\\").replace("'", "\\'")
    return f"{place}.{key}" if _PLAIN_KEY.fullmatch(short) else f"{place}['{escaped}']"


class CountedFile:
    """A file that tells how far it was read, and refuses what a JSON reader would alter without a word.

    Parameters
    ----------
    file : binary file
        Read from where it stands.
    progress : callable or None
        Called with the number of bytes read since the last call.
    """

    def __init__(self, file: IO[bytes], progress: Callable[[int], None] | None = None) -> None:
        self._file = file
        self._progress = progress
        self._carry = b""
        self._high = False
        self._first = True

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes."""
        chunk = self._file.read(size)
        if self._first and chunk:
            self._first = False
            if chunk.startswith(_MARK):
                chunk = chunk[len(_MARK) :] or self._file.read(size)
        self._check_surrogates(chunk)
        if self._progress is not None and chunk:
            self._progress(len(chunk))
        return chunk

    def _check_surrogates(self, chunk: bytes) -> None:
        r"""Refuse half of a two-part character (``\ud800`` alone): the parser would put a question mark in its place."""
        data = self._carry + chunk
        if chunk and b"\\" not in data:
            return
        end = 0
        for found in _ESCAPE.finditer(data):
            code = int(found.group(1), 16) if found.group(1) else 0
            is_low, follows = 0xDC00 <= code < 0xE000, self._high and found.start() == end
            if is_low != follows and (is_low or self._high):
                raise _lone()
            self._high, end = 0xD800 <= code < 0xDC00, found.end()
            if self._high and found.end() < len(data) and data[found.end()] != 0x5C:
                raise _lone()
        tail = data.rfind(b"\\", max(end, len(data) - 6))
        self._carry = data[tail:] if tail >= 0 else b""
        if self._high and (end != len(data) - len(self._carry)):
            raise _lone()


def _lone() -> NotJsonError:
    return NotJsonError("not-text", "$", r"half of a two-part character, such as \ud800 alone; save the file again as UTF-8")


class _Builder:
    """One JSON value from parser events, without recursion."""

    def __init__(self, place: str) -> None:
        self.value: Any = None
        self._place = place
        self._stack: list[dict[str, Any] | list[Any]] = []
        self._keys: list[str] = []

    def feed(self, event: str, value: Any) -> bool:
        """Take one event; True when the value is whole."""
        match event:
            case "map_key":
                top = self._stack[-1]
                if value in top:
                    raise twice(self._here(), value)
                self._keys[-1] = value
            case "start_map" | "start_array":
                found: dict[str, Any] | list[Any] = {} if event == "start_map" else []
                self._add(found)
                self._stack.append(found)
                self._keys.append("")
                if len(self._stack) > MAX_NESTED:
                    raise too_deep()
            case "end_map" | "end_array":
                self._stack.pop()
                self._keys.pop()
                return not self._stack
            case _:
                self._add(value)
                return not self._stack
        return False

    def _add(self, value: Any) -> None:
        if not self._stack:
            self.value = value
            return
        top = self._stack[-1]
        if isinstance(top, list):
            top.append(value)
        else:
            top[self._keys[-1]] = value

    def _here(self) -> str:
        place = self._place
        for depth, key in enumerate(self._keys[:-1]):
            above = self._stack[depth]
            place = member(place, len(above) - 1 if isinstance(above, list) else key)
        return place


def twice(place: str, key: str) -> NotJsonError:
    """Say that an object has one key two times."""
    return NotJsonError("duplicate-key", member(place, key), f'the key "{key[:80]}" stands twice in one object; keep one of them')


def too_deep() -> NotJsonError:
    """Say that objects and lists stand too deep inside one another."""
    return NotJsonError("nested-too-deep", "$", f"more than {MAX_NESTED:,} objects and lists inside one another")


@contextmanager
def _said_plainly() -> Iterator[None]:
    """Turn what the parser says into one error; its numbers of 5,000 digits fail inside the interpreter (SystemError)."""
    import ijson

    try:
        yield
    except (ijson.JSONError, ValueError, SystemError) as error:
        detail = error.args[0] if error.args else ""
        words = detail.decode("utf-8", "replace") if isinstance(detail, bytes) else str(detail)
        reason = " ".join(words.split("\n")[0].split()) or "no reason given"
        check = "check for trailing commas, comments, a second document, an encoding other than UTF-8"
        text = f"not one JSON document ({reason[:120]}); {check}"
        raise NotJsonError("not-json", "$", text) from None


def stream(file: IO[bytes] | CountedFile, spread: frozenset[str] = frozenset({"@graph"})) -> Iterator[tuple[str, Any]]:
    """Values of a JSON document, piece by piece.

    Parameters
    ----------
    file : binary file
        Read once, in order.
    spread : frozenset of str
        Members of a top-level object whose list elements are given one by one.

    Yields
    ------
    place : str
        JSON path of the value.
    value : Any
        Elements of a top-level list; elements of the spread members; last, at ``$``, a top-level object without those elements (the
        members are there, empty), or a top-level value that is neither object nor list. Numbers with a point are ``Decimal``.

    Raises
    ------
    NotJsonError
        Where the text is not one strict JSON document.
    """
    import ijson

    with _said_plainly():
        events = ijson.basic_parse(file, buf_size=CHUNK)
        event, value = next(events)
        if event == "start_array":
            yield from _elements(events, "$")
        elif event == "start_map":
            yield from _members(events, spread)
        else:
            yield "$", value
        deque(events, maxlen=0)  # the parser looks for a second document


def _elements(events: Iterator[tuple[str, Any]], place: str) -> Iterator[tuple[str, Any]]:
    """Elements of a list whose start was read, up to and with its end."""
    for number, (event, value) in enumerate(events):
        if event == "end_array":
            return
        here = member(place, number)
        yield here, _whole(events, event, value, here)


def _members(events: Iterator[tuple[str, Any]], spread: frozenset[str]) -> Iterator[tuple[str, Any]]:
    rest: dict[str, Any] = {}
    while (start := next(events))[0] != "end_map":
        key = start[1]
        if key in rest:
            raise twice("$", key)
        event, value = next(events)
        place = member("$", key)
        if key in spread and event == "start_array":
            rest[key] = []
            yield from _elements(events, place)
        else:
            rest[key] = _whole(events, event, value, place)
    yield "$", rest


def _whole(events: Iterator[tuple[str, Any]], event: str, value: Any, place: str) -> Any:
    builder = _Builder(place)
    while not builder.feed(event, value):
        event, value = next(events)
    return builder.value


def from_bytes(data: bytes) -> Iterator[tuple[str, Any]]:
    """Stream a document that is in memory."""
    return stream(CountedFile(io.BytesIO(data)))
