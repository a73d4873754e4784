"""XML read as a stream within bounds: no document type, no entities, no tree, and no more different names than people use.

A parser remembers every name it meets, and holds all attributes of one element at once; both are bounded here, before they cost
memory. Leaves out what elements mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Protocol

from defusedxml.ElementTree import DefusedXMLParser

MAX_NAMES = 2_000
#: In one element, counted by their equals signs; text between two elements may hold as many.
MAX_ATTRIBUTES = 5_000
_PIECE = re.compile(rb"[^<]+")


class Target(Protocol):
    """Receives what a parser finds."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, tag: str) -> None:
        """It ends."""

    def data(self, text: str) -> None:
        """Text, perhaps a part of it."""

    def close(self) -> None:
        """The document ended."""


class Names:
    """The different names a document uses."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def saw(self, tag: str, attributes: Iterable[str]) -> None:
        """Note the names of one element.

        Raises
        ------
        ValueError
            Beyond :data:`MAX_NAMES`.
        """
        self._seen.add(tag)
        self._seen.update(attributes)
        if len(self._seen) > MAX_NAMES:
            message = f"more than {MAX_NAMES:,} different names"
            raise ValueError(message)


def stream(data: bytes, target: Target) -> None:
    """Feed a document to a target.

    Raises
    ------
    DefusedXmlException
        If it declares a document type or entities.
    ParseError, ValueError, LookupError
        If it is not XML, in an encoding nobody knows, or has too many attributes in one element.
    """
    if any(piece.group().count(b"=") > MAX_ATTRIBUTES for piece in _PIECE.finditer(data)):
        message = f"more than {MAX_ATTRIBUTES:,} attributes in one element"
        raise ValueError(message)
    parser = DefusedXMLParser(target=target, forbid_dtd=True)
    parser.feed(data)
    parser.close()
