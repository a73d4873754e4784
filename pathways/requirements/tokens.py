"""Words, strings and signs of a requirement text, each with its column.

Says nothing about what may follow what: that is :mod:`.parse` and :mod:`.forms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

TokenKind = Literal["word", "string", "sign", "end"]

# A colon belongs to an id only when the id goes on after it, so that `core: all(a)` names a group and `own:math-101` is one id.
_WORD = re.compile(r"\d+/\d+(?![\w.:-])|[A-Za-z0-9_](?:[A-Za-z0-9_.-]|:(?=[A-Za-z0-9_]))*\+?", re.ASCII)
_SIGN = re.compile(r">=|[(),=:]")
_SPACE = re.compile(r"\s+")
_PLAIN_ID = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]|:(?=[A-Za-z0-9_]))*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Token:
    """One word, string or sign. ``text`` of a string is what stands between its quotes, unescaped; columns count from 1."""

    kind: TokenKind
    text: str
    column: int

    def __str__(self) -> str:
        """Quote it as an error message does."""
        return "the end of the text" if self.kind == "end" else f'"{self.text[:60]}"'


class MisreadError(Exception):
    """What was expected and found at a column; :func:`.parse.parse` adds the whole text and raises it as a syntax error."""

    def __init__(self, column: int, expected: str, found: str) -> None:
        super().__init__(expected)
        self.column = column
        self.expected = expected
        self.found = found


def is_plain_id(text: str) -> bool:
    """Whether a text is one id that needs no quotes."""
    return _PLAIN_ID.fullmatch(text) is not None


def quoted(text: str) -> str:
    r"""Write a string so that it reads back the same: quotes and backslashes get a backslash.

    Examples
    --------
    >>> print(quoted('so-called "best" practice'))
    "so-called \"best\" practice"
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def tokens(text: str) -> Iterator[Token]:
    """Split a requirement text.

    Yields
    ------
    Token
        In order, closed by one of kind ``end``.

    Raises
    ------
    MisreadError
        At a character that begins nothing, or a string without its closing quote.
    """
    position = 0
    while position < len(text):
        if space := _SPACE.match(text, position):
            position = space.end()
        elif text[position] == '"':
            content, end = _string(text, position)
            yield Token("string", content, position + 1)
            position = end
        elif found := _WORD.match(text, position):
            yield Token("word", found.group(), position + 1)
            position = found.end()
        elif found := _SIGN.match(text, position):
            yield Token("sign", found.group(), position + 1)
            position = found.end()
        else:
            raise MisreadError(position + 1, "an id, a form such as all(...), or a sign", repr(text[position]))
    yield Token("end", "", len(text) + 1)


def _string(text: str, start: int) -> tuple[str, int]:
    """Content of the string that opens at ``start``, and where it ends. A quote is doubled or has a backslash."""
    parts: list[str] = []
    position = start + 1
    while position < len(text):
        pair = text[position : position + 2]
        if pair in {'""', '\\"', "\\\\"}:
            parts.append(pair[1])
            position += 2
        elif text[position] == '"':
            return "".join(parts), position + 1
        else:
            parts.append(text[position])
            position += 1
    raise MisreadError(
        start + 1, 'a closing quote for the string that opens here (write a quote inside it as "")', "the end of the text"
    )
